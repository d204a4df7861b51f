//! The shape of the house: import rules, file sizes, opening sentences, and that nothing generated is stale.

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
        "workflow",
        &[
            "bitext", "language", "format", "segment", "term", "memory", "engine", "align",
            "check", "review", "config", "pipeline",
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

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under a folder, in order.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
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
