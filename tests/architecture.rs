//! The shape of the house: import rules, file sizes, opening sentences, and that nothing generated
//! is stale.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Module, and what it may import of ours. `cli` may import everything.
const IMPORTS: &[(&str, &[&str])] = &[
    ("bitext", &[]),
    ("nmt", &[]),
    ("mock", &[]),
    ("language", &["bitext"]),
    ("format", &["bitext", "language"]),
    ("segment", &["bitext", "language"]),
    ("memory", &["bitext", "language"]),
    ("align", &["bitext", "language"]),
    ("review", &["bitext"]),
    ("term", &["bitext", "format", "language"]),
    ("check", &["bitext", "language", "term"]),
    ("engine", &["bitext", "nmt"]),
    ("config", &["bitext", "language"]),
    (
        "pipeline",
        &[
            "bitext", "format", "segment", "term", "memory", "engine", "align", "check",
        ],
    ),
    (
        "translator",
        &[
            "bitext", "format", "segment", "term", "memory", "engine", "check", "pipeline",
        ],
    ),
    (
        "workflow",
        &[
            "bitext", "language", "format", "segment", "term", "memory", "engine", "align",
            "check", "review", "config", "pipeline",
        ],
    ),
    (
        "desk",
        &[
            "bitext", "format", "term", "memory", "engine", "check", "pipeline", "workflow",
        ],
    ),
];

/// Files and folders of a module that alone may import something.
const ONLY_IN: &[(&str, &str, &[&str])] = &[
    ("term", "format", &["tbx.rs", "text.rs", "tmx.rs"]),
    ("engine", "nmt", &["local"]),
];

/// The most lines that a file of `src/cli` may have: each subcommand builds inputs, calls `workflow`,
/// draws.
const CLI_LINES: usize = 300;

/// Files that may be longer than 800 lines, with the reason.
const LONG: &[(&str, &str)] = &[];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under a folder, in order.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The top-level module that a file of `src` belongs to.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    let first = inside.iter().next().unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The top-level modules that a file names by `crate::`, outside comments.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
        let mut rest = line;
        while let Some(at) = rest.find("crate::") {
            rest = &rest[at + "crate::".len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let inside = group.split('}').next().unwrap_or_default();
                for name in inside.split(',') {
                    found.insert(word(name.trim()));
                }
            } else {
                found.insert(word(rest));
            }
        }
    }
    found.remove("");
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let module = module_of(&file);
        if ["cli", "lib", "main"].contains(&module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = IMPORTS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{module} has no row in the table of imports"));
            continue;
        };
        let inside = file.strip_prefix(root().join("src").join(&module));
        let inside = inside.unwrap_or(&file).to_owned();
        for import in imports(&std::fs::read_to_string(&file).unwrap()) {
            if import == module {
                continue;
            }
            let reserved = ONLY_IN.iter().any(|(m, i, f)| {
                *m == module
                    && *i == import
                    && !f
                        .iter()
                        .any(|f| inside.starts_with(f) || inside.ends_with(f))
            });
            if reserved || !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_with_a_sentence_and_stays_short() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        let folder = root().join(folder);
        if !folder.exists() {
            continue;
        }
        for file in rust_files(&folder) {
            let text = std::fs::read_to_string(&file).unwrap();
            let name = file.strip_prefix(root()).unwrap().display().to_string();
            if !text.starts_with("//!") {
                wrong.push(format!("{name} does not open with `//!`"));
            }
            let lines = text.lines().count();
            if lines > CLI_LINES && name.starts_with("src/cli/") {
                wrong.push(format!("{name} has {lines} lines, {CLI_LINES} at most"));
            }
            if lines > 800 && !LONG.iter().any(|(long, _)| *long == name) {
                wrong.push(format!("{name} has {lines} lines"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_module_is_a_drawer_for_everything() {
    for file in rust_files(&root().join("src")) {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            ![
                "utils", "util", "common", "types", "helpers", "misc", "core"
            ]
            .contains(&stem.as_str()),
            "{}",
            file.display()
        );
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let listed = std::fs::read_to_string(root().join("tests/main.rs")).unwrap();
    for entry in std::fs::read_dir(root().join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "rs") && stem != "main" {
            assert!(
                listed.contains(&format!("mod {stem};")),
                "tests/{stem}.rs is not listed in tests/main.rs"
            );
        }
    }
}

/// The stations of a drawing in `ARCHITECTURE.md`, in order: module and function. What stands in
/// parentheses, before `from` or behind `until` is not a part of it.
fn drawn(from: &str, until: &str) -> Vec<(String, String)> {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, drawing) = page.split_once(from).unwrap();
    let (drawing, _) = drawing.split_once(until).unwrap();
    let aside = regex::Regex::new(r"\([^)]*\)").unwrap();
    let drawing = aside.replace_all(drawing, "");
    let station = regex::Regex::new(r"(\w+)::(\w+)(?:\s|$)").unwrap();
    station
        .captures_iter(&drawing)
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect()
}

/// The bodies of the functions of `src/pipeline`, by file and name.
fn pipeline_functions() -> Vec<(PathBuf, String, String)> {
    let head = regex::Regex::new(r"(?m)^ *(?:pub(?:\([a-z]+\))? )?(?:async )?fn (\w+)").unwrap();
    let mut functions = Vec::new();
    for file in rust_files(&root().join("src/pipeline")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let starts: Vec<_> = head.captures_iter(&text).collect();
        for (index, found) in starts.iter().enumerate() {
            let end = starts
                .get(index + 1)
                .map_or(text.len(), |next| next.get(0).unwrap().start());
            let body = text[found.get(0).unwrap().end()..end].to_owned();
            functions.push((file.clone(), found[1].to_owned(), body));
        }
    }
    functions
}

/// The stations that a function of the pipeline calls, in order, those of the functions that it
/// calls in their place. A station with a short name is known by its module.
fn called(name: &str, file: &Path, stations: &[(String, String)]) -> Vec<(String, String)> {
    let functions = pipeline_functions();
    let call = regex::Regex::new(r"(?:(\w+)::|\.)?\b(\w+)\(").unwrap();
    let mut seen = BTreeSet::new();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open = vec![(file.to_owned(), name.to_owned())];
    while let Some((file, name)) = open.pop() {
        if let Some(station) = stations.iter().find(|(m, f)| format!("{m}::{f}") == name) {
            if !found.contains(station) {
                found.push(station.clone());
            }
            continue;
        }
        let here = functions.iter().find(|(f, n, _)| *f == file && *n == name);
        let Some((file, _, body)) = here.or_else(|| functions.iter().find(|(_, n, _)| *n == name))
        else {
            continue;
        };
        if !seen.insert((file.clone(), name)) {
            continue;
        }
        let mut inside = Vec::new();
        for found in call.captures_iter(body) {
            let module = found.get(1).map_or("", |module| module.as_str());
            let is_it = |(m, f): &&(String, String)| {
                *f == found[2] && (*m == module || module.is_empty() && f.contains('_'))
            };
            match stations.iter().find(is_it) {
                Some((m, f)) => inside.push((file.clone(), format!("{m}::{f}"))),
                None if module.is_empty() => inside.push((file.clone(), found[2].to_owned())),
                None => {}
            }
        }
        open.extend(inside.into_iter().rev());
    }
    found
}

#[test]
fn the_drawing_of_the_line_is_its_code() {
    let file = root().join("src/pipeline/translating.rs");
    let line = drawn("```\nbytes", "→ Edition");
    assert!(line.len() > 9, "{line:?}");
    assert_eq!(called("translate", &file, &line), line);
    // A plan goes the same way up to the station that sends.
    let sends = line
        .iter()
        .position(|(_, f)| f == "translate_units")
        .unwrap();
    let planned = called("plan", &file, &line);
    assert_eq!(planned[..sends], line[..sends]);
    assert!(!planned.contains(&line[sends]));
    let two = drawn("two existing texts:", "→ format::write_pairs");
    assert!(two.len() > 6, "{two:?}");
    let file = root().join("src/pipeline/aligning.rs");
    assert_eq!(called("align", &file, &two), two);
}
