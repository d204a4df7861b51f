//! Generated files are what their tables say. `make docs` rewrites them.

use crate::stage::root;
use overzet::check::CHECKS;
use overzet::engine::ENGINES;

/// Compares a file with what it has to be; under `OVERZET_GOLDEN=write` it is written instead.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever rewrites expectations says so in the environment"
)]
fn fresh(name: &str, wanted: &str) {
    let path = root().join(name);
    if std::env::var("OVERZET_GOLDEN").is_ok_and(|mode| mode == "write") {
        std::fs::write(&path, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{name} is stale: `make docs` rewrites it");
}

#[test]
fn fresh_env_example() {
    fresh(".env.example", &env_example());
}

/// The text of `.env.example`, made from the table of engines.
fn env_example() -> String {
    let mut text = String::from(
        "# Keys and addresses of the engines. Copy this file to .env and fill in what you use; .env is never committed.\n# The environment wins over this file. OVERZET_ENGINE chooses where several are set.\n\nOVERZET_ENGINE=\n",
    );
    let mut seen: Vec<&str> = Vec::new();
    for entry in ENGINES {
        let new: Vec<_> = entry
            .keys
            .iter()
            .filter(|key| !seen.contains(&key.name))
            .collect();
        if new.is_empty() {
            continue;
        }
        text.push_str(&format!("\n# {}: {}\n", entry.name, entry.summary));
        for key in new {
            seen.push(key.name);
            text.push_str(&format!("# {}\n{}=\n", key.help, key.name));
        }
    }
    text
}

#[test]
fn fresh_page_of_segmentation() {
    fresh("docs/segmentation.md", &crate::segmentation_page::page());
}

#[test]
fn fresh_page_of_checks() {
    let mut page = String::from(
        "# The checks\n\nGenerated from the table `CHECKS`; the examples are tests. A check is silenced for a project in `overzet.toml`, with its reason: `check.silence.NAME = \"reason\"`; for one unit by `\"ok\":[\"NAME\"]` in its pair.\n",
    );
    for check in CHECKS {
        page.push_str(&format!(
            "\n## `{}`\n{}.\n\n{}\n",
            check.name(),
            capital(check.summary()),
            check.reason()
        ));
        page.push_str("\n| | Dutch | English |\n|---|---|---|\n");
        for example in check.examples() {
            let mut mark = if example.fires {
                "fires".to_owned()
            } else {
                "is left alone".to_owned()
            };
            if let Some((nl, en)) = example.term {
                mark.push_str(&format!(", with {nl} → {en} in the glossary"));
            }
            if let Some(style) = example.style {
                mark.push_str(&format!(", in the style `{}`", style.replace('\n', "; ")));
            }
            match example.doubt {
                Some("") => mark.push_str(", where the engine was unsure of a word"),
                Some(why) => mark.push_str(&format!(", where the engine says: {why}")),
                None => {}
            }
            if example.as_text {
                mark.push_str(", as text");
            }
            let before = example.before.map_or_else(Default::default, |(nl, en)| {
                (cell(nl) + "<br>", cell(en) + "<br>")
            });
            page.push_str(&format!(
                "| {mark} | {}{} | {}{} |\n",
                before.0,
                cell(example.source),
                before.1,
                cell(example.target)
            ));
        }
    }
    fresh("docs/checks.md", &page);
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn cell(text: &str) -> String {
    if text.is_empty() {
        "(empty)".into()
    } else {
        let shown = text
            .replace('|', "\\|")
            .replace('&', "&amp;")
            .replace('<', "&lt;");
        let unseen = |c: char| c.is_control() || "\u{ad}\u{200b}\u{200d}\u{feff}".contains(c);
        let one = |c: char| match unseen(c) {
            true => format!("`{}`", c.escape_default()),
            false => c.to_string(),
        };
        shown.chars().map(one).collect()
    }
}
