//! Knowledge of the two languages stands once: no second word list, no second reader of numbers, no list that nobody asks for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Words from which a list counts as one.
const SHORTEST: usize = 10;
/// Share in per cent of the shorter list that both have, from which a list in the code is a copy.
const COPIED: usize = 60;
/// Share in per cent of the words of both, from which two lists of the data are one: a word may
/// belong to several classes.
const SAME: usize = 50;

type NamedWords = (String, BTreeSet<String>);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The files under a folder that end so, by their paths from the root, in order.
fn files(folder: &str, end: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == end) {
                found.push(relative(&path));
            }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// The source of a file without its tests and comments.
fn code(path: &str) -> String {
    let text = read(path);
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The lists of `word_lists.txt` by name, and the text files that are one list each.
fn kept() -> Vec<NamedWords> {
    let words = |text: &str, at: char| text.split(at).map(str::to_owned).collect();
    let mut lists: Vec<NamedWords> = read("data/language/word_lists.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, entries)| (name.to_owned(), words(entries, ',')))
        .collect();
    for file in ["quantity.nl.tsv", "quantity.en.tsv"] {
        let text = read(&format!("data/language/{file}"));
        let cells = text.lines().filter_map(|line| line.split('\t').nth(2));
        let all = cells.flat_map(|cell| cell.split('|')).map(str::to_owned);
        lists.push((file.to_owned(), all.collect()));
    }
    lists
}

/// The words that the arrays of a source file quote, array by array; nested ones count as one.
fn arrays(code: &str) -> Vec<BTreeSet<String>> {
    let mut found = Vec::new();
    let (mut depth, mut words) = (0_usize, BTreeSet::new());
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '[' => depth += 1,
            ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    found.push(std::mem::take(&mut words));
                }
            }
            '\\' => rest = rest.get(1..).unwrap_or_default(),
            '\'' if rest.starts_with("\"'") => rest = &rest[2..],
            '"' => {
                let word = rest.split('"').next().unwrap_or_default();
                if depth > 0 && !word.is_empty() && word.chars().all(char::is_alphabetic) {
                    words.insert(word.to_owned());
                }
                rest = rest.get(word.len() + 1..).unwrap_or_default();
            }
            _ => {}
        }
    }
    found.retain(|words| words.len() >= SHORTEST);
    found
}

/// Whether two lists are the same knowledge twice; names of source files have a slash.
fn repeat(a: &NamedWords, b: &NamedWords) -> bool {
    let shorter = a.1.len().min(b.1.len());
    let common = a.1.intersection(&b.1).count();
    if a.0.contains('/') || b.0.contains('/') {
        shorter >= SHORTEST && common * 100 >= shorter * COPIED
    } else {
        common * 100 >= a.1.union(&b.1).count() * SAME
    }
}

#[test]
fn a_word_list_stands_once() {
    let mut lists = kept();
    let of_data = lists.len();
    for file in files("src", "rs") {
        // The mock shares nothing with what it answers; the desk has names of fields, not words.
        if file.starts_with("src/mock/") || file.starts_with("src/desk/") {
            continue;
        }
        lists.extend(
            arrays(&code(&file))
                .into_iter()
                .map(|words| (file.clone(), words)),
        );
    }
    assert!(of_data > 20 && lists.len() > of_data);
    let mut twice = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        for other in &lists[at + 1..] {
            if repeat(list, other) {
                let common: Vec<_> = list.1.intersection(&other.1).collect();
                twice.push(format!("{} and {}: {common:?}", list.0, other.0));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
    // The test sees a copy where there is one.
    let copy = "const AGAIN: [&str; 11] = [\"aan\", \"bij\", \"door\", \"in\", \"met\", \"naar\", \"om\", \"op\", \"over\", \"tegen\", \"tot\"];";
    let again = ("src/copy.rs".to_owned(), arrays(copy).remove(0));
    assert!(lists[..of_data].iter().any(|list| repeat(list, &again)));
}

/// The functions of a source file, each from its name to the next one's.
fn functions(code: &str) -> impl Iterator<Item = &str> {
    code.split("fn ").skip(1)
}

/// Whether a function makes a number of digits with separators of both kinds.
fn reads_numbers(function: &str) -> bool {
    let cuts = function.contains(".split(['.', ','");
    let takes_out = [
        "replace(',', \"\")",
        "replace('.', \"\")",
        "replace(',', \".\")",
    ];
    cuts || function.contains("thousands") && function.contains("parse")
        || takes_out.iter().any(|call| function.contains(call))
}

#[test]
fn digits_with_separators_are_read_in_one_place() {
    let found: BTreeSet<String> = files("src", "rs")
        .into_iter()
        .filter(|file| functions(&code(file)).any(reads_numbers))
        .collect();
    let wanted = ["src/language/quantity/numeral.rs"].map(str::to_owned);
    assert_eq!(found, BTreeSet::from(wanted));
}

#[test]
fn lists_that_are_named_exist_and_lists_that_exist_are_named() {
    let lists = kept();
    let code: Vec<String> = files("src", "rs").iter().map(|file| code(file)).collect();
    for call in ["get(\"", "is(\"", "is_any_case(\""] {
        for text in &code {
            for rest in text.split(&format!("word_lists::{call}")).skip(1) {
                let name = rest.split('"').next().unwrap_or_default();
                assert!(
                    lists.iter().any(|list| list.0 == name),
                    "{name} is not there"
                );
            }
        }
    }
    for (name, _) in lists.iter().filter(|list| !list.0.ends_with(".tsv")) {
        let quoted = format!("\"{name}\"");
        assert!(
            code.iter().any(|text| text.contains(&quoted)),
            "{name} has no user"
        );
    }
}
