//! Explains every problem of a glossary, with its place and the fix.

use super::fold::Folded;
use super::forms;
use super::glossary::Concept;
use crate::bitext::{Place, Severity};
use std::collections::HashMap;

/// Something that is wrong with a glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// An error makes results wrong; a warning may be meant.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
    /// The row.
    pub place: Place,
}

/// Longest phrase that DeepL's glossaries take, in UTF-8 bytes.
const LONGEST: usize = 1024;

/// Generated forms that are ordinary Dutch words.
const COMMON: &[&str] = &[
    "chili", "polen", "finse", "franse", "bond", "kamer", "staten", "raad", "hof", "partij",
    "unie", "pers", "macht", "front", "slag", "zeven", "eens", "mens", "maas", "arm", "arms",
    "mark", "marks",
];

/// Finds the problems of all entries, in file order.
pub fn lint(entries: &[Concept]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |severity, entry: &Concept, message: String, fix: &str| {
        problems.push(Problem {
            severity,
            message,
            fix: fix.to_owned(),
            place: entry.place.clone(),
        });
    };
    let mut ids: HashMap<&str, &Concept> = HashMap::new();
    let mut claimed: HashMap<String, &Concept> = HashMap::new();
    let english: HashMap<String, &Concept> =
        entries.iter().map(|e| (e.en.to_lowercase(), e)).collect();
    for entry in entries {
        let numbered = entry.id.chars().all(|c| c.is_ascii_digit());
        if !numbered && let Some(other) = ids.insert(&entry.id, entry) {
            let message = format!("the id `{}` stands in {} too", entry.id, other.place);
            add(Severity::Error, entry, message, "give every row its own id");
        }
        if entry.forbidden.iter().any(|form| form == &entry.en) {
            let message = format!("`{}` is required and forbidden at once", entry.en);
            add(
                Severity::Error,
                entry,
                message,
                "remove it from `forbidden`",
            );
        }
        if let Some(form) = entry
            .en_accept
            .iter()
            .find(|form| entry.forbidden.contains(form))
        {
            let message = format!("`{form}` is accepted and forbidden at once");
            add(
                Severity::Error,
                entry,
                message,
                "remove it from one of the two columns",
            );
        }
        for form in [&entry.nl, &entry.en] {
            if form.len() > LONGEST {
                let message = format!("a form has {} bytes; DeepL takes {LONGEST}", form.len());
                add(Severity::Warning, entry, message, "shorten it");
            }
        }
        for form in forms::of(entry) {
            let key = format!("{}\u{1}{}", form.text, entry.when_text);
            if let Some(other) = claimed.get(&key)
                && other.id != entry.id
                && !form.capitals
            {
                let message = format!(
                    "the form `{}` belongs to `{}` in {} too",
                    form.text, other.nl, other.place
                );
                let fix = if other.en == entry.en {
                    "remove one of the two rows"
                } else {
                    "tell the two apart by `when`, or veto the form with `!` in `nl_forms`"
                };
                add(Severity::Error, entry, message, fix);
            } else {
                claimed.entry(key).or_insert(entry);
            }
            if COMMON.contains(&form.text.as_str())
                && form.text != Folded::new(&entry.nl, false).text
            {
                let message = format!(
                    "the generated form `{}` is an ordinary Dutch word",
                    form.text
                );
                add(
                    Severity::Warning,
                    entry,
                    message,
                    "veto it with `!` in `nl_forms`",
                );
            }
        }
        // A → B and B → A would swap for ever.
        if let Some(other) = english.get(&entry.nl.to_lowercase())
            && other.nl.to_lowercase() == entry.en.to_lowercase()
            && other.id != entry.id
        {
            let message = format!(
                "`{}` → `{}` and {} turn in a circle",
                entry.nl, entry.en, other.place
            );
            add(
                Severity::Error,
                entry,
                message,
                "remove one of the two rows",
            );
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use crate::term::Glossary;

    #[test]
    fn contradictions_are_found_with_their_rows() {
        let text = "id\tnl\ten\tforbidden\nA\tKoersk\tKursk\tKursk\nB\tKoersk\tCourse\t\nB\tchili\tchilli\t\n";
        let problems = Glossary::parse("g.tsv", text).unwrap().lint();
        let lines: Vec<usize> = problems.iter().map(|p| p.place.line).collect();
        assert!(
            lines.contains(&2) && lines.contains(&3) && lines.contains(&4),
            "{problems:?}"
        );
        assert!(
            Glossary::parse("g.tsv", "nl\ten\nGent\tGhent\n")
                .unwrap()
                .lint()
                .is_empty()
        );
    }
}
