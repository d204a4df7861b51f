//! Published examples of others, where a folder with them is named: CommonMark's and GFM's
//! (`spec.txt`, or JSON with a `markdown` each) and html5lib's inputs (`*.dat`).
//!
//! `OVERZET_EXAMPLES=FOLDER cargo test published`. An engine that echoes must give every example
//! back byte for byte, and one that marks every text may change texts and the listed attributes
//! alone. Nothing of the folder is kept here.

use crate::format_laws::broken_law;
use std::path::{Path, PathBuf};

/// The share of examples that may fail, in parts of a thousand.
const MOST_FAILURES: usize = 5;

/// Our own examples in the formats of the three collections.
const SPEC: &str = "Een voorbeeld:\n\n```````````````````````````````` example\n# De *kade*\n\n- →punt\n.\n<h1>De <em>kade</em></h1>\n````````````````````````````````\n\n```````````````````````````````` example table\n| a |\n|---|\n.\n<table></table>\n````````````````````````````````\n";
const TREES: &str = "#data\n<p>Een<b>kade\n#errors\n(1,3): expected-doctype-but-got-start-tag\n#document\n| <html>\n\n#data\n<td>twee\n#errors\n#document-fragment\ntr\n#document\n| <td>\n";

/// An example: where it stands, the name of a file with such content, the content.
type PublishedExample = (String, &'static str, String);

/// The examples of a `spec.txt`, in which `→` stands for a tab.
fn of_spec(name: &str, text: &str) -> Vec<PublishedExample> {
    let fence = "`".repeat(32);
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with(&format!("{fence} example")) {
            continue;
        }
        let source: Vec<&str> = lines.by_ref().take_while(|line| *line != ".").collect();
        lines.by_ref().find(|line| *line == fence);
        let source = source.iter().map(|line| format!("{line}\n"));
        let number = found.len() + 1;
        let source = source.collect::<String>().replace('→', "\t");
        found.push((format!("{name} {number}"), "a.md", source));
    }
    found
}

/// The inputs of a `.dat` file: the lines between `#data` and `#errors`.
fn of_trees(name: &str, text: &str) -> Vec<PublishedExample> {
    let mut found = Vec::new();
    for part in format!("\n{text}").split("\n#data\n").skip(1) {
        let end = part.find("\n#errors").unwrap_or(part.len());
        let number = found.len() + 1;
        found.push((format!("{name} {number}"), "a.html", part[..end].to_owned()));
    }
    found
}

/// The examples of a JSON list.
fn of_json(name: &str, text: &str) -> Vec<PublishedExample> {
    let rows: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let sources = rows.iter().enumerate();
    sources
        .filter_map(|(index, row)| {
            let source = row["markdown"].as_str()?.to_owned();
            Some((
                format!("{name} {} {}", index + 1, row["section"]),
                "a.md",
                source,
            ))
        })
        .collect()
}

fn examples(path: &Path) -> Vec<PublishedExample> {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("txt" | "md") => of_spec(&name, &text),
        Some("dat") => of_trees(&name, &text),
        Some("json") => of_json(&name, &text),
        _ => Vec::new(),
    }
}

#[test]
fn examples_are_found_in_the_formats_of_their_collections() {
    let found = of_spec("spec.txt", SPEC);
    assert_eq!(found[0].2, "# De *kade*\n\n- \tpunt\n");
    assert_eq!(found[1].2, "| a |\n|---|\n");
    let found = of_trees("a.dat", TREES);
    assert_eq!(found[0].2, "<p>Een<b>kade");
    assert_eq!(found[1].2, "<td>twee");
    let found = of_json(
        "a.json",
        "[{\"markdown\":\"a\\tb\\n\",\"html\":\"\",\"section\":\"Tabs\"}]",
    );
    assert_eq!(found[0].2, "a\tb\n");
    for (name, file, source) in [of_spec("s", SPEC), of_trees("t", TREES)].concat() {
        assert_eq!(broken_law(file, &source), None, "{name}");
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the folder is named in the environment"
)]
fn published_examples_keep_everything_but_their_words() {
    let Ok(folder) = std::env::var("OVERZET_EXAMPLES") else {
        eprintln!("skipped: published examples need OVERZET_EXAMPLES, a folder with them");
        return;
    };
    let mut open = vec![PathBuf::from(folder)];
    let (mut count, mut wrong) = (0, Vec::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
            continue;
        }
        for (name, file, source) in examples(&path) {
            count += 1;
            let broken = std::panic::catch_unwind(|| broken_law(file, &source));
            let broken = broken.unwrap_or_else(|_| Some("panics".to_owned()));
            wrong.extend(broken.map(|broken| format!("{name}: {broken}")));
        }
    }
    wrong.sort();
    eprintln!(
        "{count} examples, {} fail\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 0, "no examples in the folder");
    assert!(
        wrong.len() * 1_000 <= count * MOST_FAILURES,
        "too many fail"
    );
}
