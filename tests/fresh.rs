//! Generated files are what their tables say. `make docs` rewrites them.

use crate::stage::root;
use overzet::check::CHECKS;
use overzet::config::keys::{KEYS, SettingKind};
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

/// The same for a part of a file: what stands between the two comments with this name.
fn fresh_part(name: &str, part: &str, wanted: &str) {
    let page = std::fs::read_to_string(root().join(name)).unwrap();
    let (begin, end) = (
        format!("<!-- {part}: begin -->\n"),
        format!("<!-- {part}: end -->"),
    );
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    fresh(name, &format!("{before}{begin}{wanted}{end}{after}"));
}

/// Text in lines of at most 100 characters; code between backticks stays on one line.
pub fn wrapped(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(open) if open.matches('`').count() % 2 == 1 => {
                open.push(' ');
                open.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    let mut lines = vec![String::new()];
    for word in &words {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= 100 {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.clone());
        }
    }
    lines.join("\n")
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
fn fresh_table_of_routes() {
    fresh_part(
        "docs/http-api.md",
        "routes",
        &overzet::desk::openapi::table(),
    );
}

#[test]
fn fresh_page_of_checks() {
    let mut page = String::from("# The checks\n\n");
    page.push_str(&wrapped(
        "Generated from the table `CHECKS`; the examples are tests. A check is silenced for a project in `overzet.toml`, with its reason: `check.silence.NAME = \"reason\"`; for one unit by `\"ok\":[\"NAME\"]` in its pair.",
    ));
    page.push('\n');
    for check in CHECKS {
        page.push_str(&format!(
            "\n## `{}`\n{}.\n\n{}\n",
            check.name(),
            capital(check.summary()),
            wrapped(check.reason())
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

/// The exit codes as the help has them, options as code.
#[test]
fn fresh_exit_codes() {
    let help = overzet::cli::command()
        .get_after_help()
        .unwrap()
        .to_string();
    let mut table = String::from("\n| code | meaning |\n|---|---|\n");
    for line in help.lines() {
        let Some((code, meaning)) = line.trim_start().split_once("  ") else {
            continue;
        };
        if code.parse::<u8>().is_ok() {
            let words = meaning.split(' ').map(|word| match word.strip_suffix(',') {
                Some(option) if option.starts_with("--") => format!("`{option}`,"),
                None if word.starts_with("--") => format!("`{word}`"),
                _ => word.to_owned(),
            });
            let meaning = words.collect::<Vec<_>>().join(" ");
            table.push_str(&format!("| {code} | {meaning} |\n"));
        }
    }
    table.push('\n');
    assert_eq!(table.lines().count(), 14, "{table}");
    for page in ["README.md", "docs/exit-codes.md"] {
        fresh_part(page, "exit codes", &table);
    }
}

#[test]
fn fresh_table_of_engines() {
    let mut table = String::from(
        "\n| engine | asks | variables | text | glossary along | list price |\n|---|---|---|---|---|---|\n",
    );
    for entry in ENGINES {
        let names = entry.keys.iter().map(|key| format!("`{}`", key.name));
        let text = match (entry.sends_text_out, entry.uses_net()) {
            (true, _) => "leaves this machine",
            (false, true) => "goes only where you point it",
            (false, false) => "stays on this machine",
        };
        let along = if entry.own_glossary { "yes" } else { "no" };
        let price = entry.price.map_or_else(
            || "–".to_owned(),
            |p| {
                format!(
                    "€ {} per million characters ({})",
                    p.euro_per_million, p.as_of
                )
            },
        );
        let names = names.collect::<Vec<_>>().join(" ");
        let (name, summary) = (entry.name, entry.summary);
        table.push_str(&format!(
            "| `{name}` | {summary} | {names} | {text} | {along} | {price} |\n"
        ));
    }
    table.push('\n');
    fresh_part("docs/engines.md", "engines", &table);
}

#[test]
fn fresh_table_of_settings() {
    let defaults = std::fs::read_to_string(root().join("src/config/defaults.toml")).unwrap();
    let defaults: toml::Table = toml::from_str(&defaults).unwrap();
    let default = |name: &str| {
        let (table, key) = match name.split_once('.') {
            Some((table, key)) => (defaults.get(table)?.as_table()?, key),
            None => (&defaults, name),
        };
        Some(format!(
            "`{}`",
            serde_json::to_string(table.get(key)?).unwrap()
        ))
    };
    let mut table = String::from("\n| setting | values | default | meaning |\n|---|---|---|---|\n");
    for key in KEYS {
        let values = match key.kind {
            SettingKind::Text => "text".to_owned(),
            SettingKind::List => "list of texts".to_owned(),
            SettingKind::Count => "whole number".to_owned(),
            SettingKind::Amount => "number".to_owned(),
            SettingKind::Switch => "`true`, `false`".to_owned(),
            SettingKind::Choice(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                words.join(", ")
            }
        };
        let variable = key
            .variable
            .map_or_else(String::new, |name| format!("; environment: `{name}`"));
        let default = default(key.name).unwrap_or_else(|| "–".to_owned());
        let (name, help) = (key.name, key.help);
        table.push_str(&format!(
            "| `{name}` | {values} | {default} | {help}{variable} |\n"
        ));
    }
    table.push('\n');
    fresh_part("docs/settings.md", "settings", &table);
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
            .replace('<', "&lt;")
            .replace("](", "&#93;(");
        let unseen = |c: char| c.is_control() || "\u{ad}\u{200b}\u{200d}\u{feff}".contains(c);
        let one = |c: char| {
            if unseen(c) {
                format!("`{}`", c.escape_default())
            } else {
                c.to_string()
            }
        };
        shown.chars().map(one).collect()
    }
}
