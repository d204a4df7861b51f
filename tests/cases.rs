//! The small cases of `OVERZET_DATA/cases`, run by their own scripts.

use crate::stage::data;
use std::collections::BTreeSet;
use std::process::Command;

/// Cases that do not pass yet. A case that begins to pass is taken out of the list.
const KNOWN: &[(&str, &[&str])] = &[
    ("public/handed.jsonl", &[]),
    ("public/right.jsonl", &[]),
    ("peers/handed.jsonl", &[]),
];

/// The ids of the cases that a script says do not pass; none where Python is not there.
fn failing(script: &std::path::Path, list: &str) -> Option<BTreeSet<String>> {
    let output = Command::new("python3")
        .arg(script)
        .arg(list)
        .env("OVERZET_BIN", env!("CARGO_BIN_EXE_overzet"))
        .output()
        .ok()?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        lines
            .lines()
            .any(|line| line.ends_with(" do not pass") || line.ends_with(" pass")),
        "{}: {}",
        script.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    let failed = lines.lines().filter_map(|line| line.strip_prefix("FAIL "));
    Some(
        failed
            .filter_map(|line| line.split_whitespace().next())
            .map(str::to_owned)
            .collect(),
    )
}

#[test]
fn the_handed_cases_pass() {
    let Some(data) = data("the_handed_cases_pass") else {
        return;
    };
    let mut wrong = Vec::new();
    for (list, known) in KNOWN {
        let (folder, name) = list.split_once('/').expect("a folder and a file");
        let script = data.join("cases").join(folder).join("run_cases.py");
        let Some(failed) = failing(&script, name) else {
            eprintln!("skipped: the_handed_cases_pass needs python3");
            return;
        };
        let known: BTreeSet<String> = known.iter().map(|&id| id.to_owned()).collect();
        for id in failed.difference(&known) {
            wrong.push(format!("{list} {id} fails"));
        }
        for id in known.difference(&failed) {
            wrong.push(format!("{list} {id} passes: take it out of the list"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
