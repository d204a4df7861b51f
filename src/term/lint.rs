//! Explains every problem of a glossary, with its place and the fix.
//!
//! A glossary is reviewed like code, so its contradictions are errors of the file and not surprises of a run: the same Dutch twice, a form required and
//! forbidden at once, two contexts that can both hold.

use super::countries;
use super::forms::{self, Kind};
use super::glossary::{Concept, Policy, When};
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
    /// The cell, or the row.
    pub place: Place,
}

/// Longest phrase that DeepL's glossaries take, in UTF-8 bytes.
const LONGEST: usize = 1024;

/// Entries with one form that are compared with each other; more are a mistake that the first ones already show.
const COMPARED: usize = 16;

/// Genitives of names that are ordinary Dutch words.
const COMMON: [&str; 30] = [
    "arms", "barst", "bergs", "bonds", "daags", "dans", "eens", "els", "franks", "hals", "huis",
    "jans", "koks", "koos", "lens", "links", "maas", "mans", "marks", "mens", "ons", "parks",
    "pers", "ruis", "stems", "steens", "vals", "wels", "wijs", "zons",
];

/// Finds the problems of all entries, in file order.
pub fn lint(entries: &[Concept]) -> Vec<Problem> {
    let mut problems = Problems::default();
    for entry in entries {
        alone(entry, &mut problems);
    }
    ids(entries, &mut problems);
    claims(entries, &mut problems);
    circles(entries, &mut problems);
    let mut problems = problems.0;
    problems.sort_by(|a, b| {
        (&a.place.file, a.place.line, a.place.column).cmp(&(
            &b.place.file,
            b.place.line,
            b.place.column,
        ))
    });
    problems
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(
        &mut self,
        severity: Severity,
        entry: &Concept,
        value: &str,
        message: String,
        fix: impl Into<String>,
    ) {
        self.0.push(Problem {
            severity,
            message,
            fix: fix.into(),
            place: cell(entry, value),
        });
    }

    fn error(&mut self, entry: &Concept, value: &str, message: String, fix: impl Into<String>) {
        self.add(Severity::Error, entry, value, message, fix);
    }

    fn warn(&mut self, entry: &Concept, value: &str, message: String, fix: impl Into<String>) {
        self.add(Severity::Warning, entry, value, message, fix);
    }
}

/// Where a value stands in the row: the last cell, or part of a cell, that is exactly this; else the row.
fn cell(entry: &Concept, value: &str) -> Place {
    let place = &entry.place;
    let mut at = 0;
    let mut found = None;
    for part in place.text.split_inclusive(['\t', '|', ',', ';']) {
        let bare = part.trim_end_matches(['\t', '|', ',', ';']);
        if !value.is_empty() && bare.trim().trim_matches('"') == value {
            found = Some((at, bare.chars().count()));
        }
        at += part.chars().count();
    }
    found.map_or_else(
        || place.clone(),
        |(column, width)| Place {
            column: column + 1,
            width: width.max(1),
            ..place.clone()
        },
    )
}

/// What is wrong with an entry by itself.
fn alone(entry: &Concept, problems: &mut Problems) {
    if entry.forbidden.contains(&entry.en) {
        problems.error(
            entry,
            &entry.en,
            format!("`{}` is required and forbidden at once", entry.en),
            "remove it from `forbidden`",
        );
    }
    for list in [&entry.en_accept, &entry.en_family] {
        for form in list.iter().filter(|form| entry.forbidden.contains(form)) {
            problems.error(
                entry,
                form,
                format!("`{form}` passes and is forbidden at once"),
                "remove it from one of the two columns",
            );
        }
    }
    if entry.en_accept.contains(&entry.en) {
        problems.warn(
            entry,
            &entry.en,
            format!("`{}` is required anyway", entry.en),
            "remove it from `en_accept`",
        );
    }
    if entry.policy == Policy::Keep && entry.en != entry.nl && !entry.nl_forms.contains(&entry.en) {
        problems.warn(
            entry,
            &entry.en,
            format!(
                "`{}` is to be kept, but `{}` is asked for",
                entry.nl, entry.en
            ),
            "write `exact` for `policy`, or the same word for `nl` and `en`",
        );
    }
    if entry.en.starts_with("the ")
        || entry.en.starts_with("The ") && entry.article != super::Article::Keep
    {
        problems.warn(
            entry,
            &entry.en,
            format!("`{}` begins with its article", entry.en),
            "leave the article out of `en` and write `the` for `article`",
        );
    }
    let all = [&entry.nl, &entry.en]
        .into_iter()
        .chain(&entry.nl_forms)
        .chain(&entry.en_accept);
    for form in all {
        if form.len() > LONGEST {
            problems.warn(
                entry,
                form,
                format!("a form has {} bytes; DeepL takes {LONGEST}", form.len()),
                "shorten it",
            );
        }
        if form.contains(|c: char| c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c)) {
            problems.warn(
                entry,
                form,
                format!(
                    "`{}` holds a character that cannot be seen",
                    form.escape_debug()
                ),
                "write it anew",
            );
        }
        if form.contains("  ") {
            problems.warn(
                entry,
                form,
                format!("`{form}` holds two spaces in a row"),
                "write one",
            );
        }
    }
    if entry.place.file.to_ascii_lowercase().ends_with(".tsv") {
        for value in entry
            .place
            .text
            .split('\t')
            .filter(|cell| !cell.trim().is_empty() && cell.trim() != *cell)
        {
            problems.warn(
                entry,
                value.trim(),
                format!("`{value}` has a space at its edge"),
                "remove it",
            );
        }
    }
    for when in &entry.when {
        let When::Country(codes) = when else {
            continue;
        };
        let known = |code: &String| countries::all().iter().any(|country| country.code == code);
        for code in codes.iter().filter(|code| !known(code)) {
            problems.error(
                entry,
                &entry.when_text,
                format!("`{code}` is no country that overzet knows"),
                "use the code of ISO 3166-1, such as US, GB, NL",
            );
        }
    }
}

fn ids(entries: &[Concept], problems: &mut Problems) {
    let mut seen: HashMap<&str, &Concept> = HashMap::new();
    for entry in entries {
        let numbered = entry.id.chars().all(|c| c.is_ascii_digit());
        if !numbered && let Some(other) = seen.insert(&entry.id, entry) {
            problems.error(
                entry,
                &entry.id,
                format!("the id `{}` stands in {} too", entry.id, other.place),
                "give every row its own id",
            );
        }
    }
}

/// Forms that belong to several entries, and generated forms that mean something else.
fn claims(entries: &[Concept], problems: &mut Problems) {
    let mut claimed: HashMap<String, Vec<(&Concept, Kind)>> = HashMap::new();
    for entry in entries {
        let mut told = false;
        for form in forms::of(entry) {
            if form.kind == Kind::Genitive && COMMON.contains(&form.text.to_lowercase().as_str()) {
                problems.warn(
                    entry,
                    &entry.nl,
                    format!("the genitive `{}` is an ordinary Dutch word", form.text),
                    format!("veto it: write `!{}` in `nl_forms`", form.text),
                );
            }
            let others = claimed.entry(form.text.clone()).or_default();
            let rival = others.iter().take(COMPARED).find(|(other, kind)| {
                (*kind == Kind::Listed) == (form.kind == Kind::Listed) && is_tie(entry, other)
            });
            if let Some((other, _)) = rival
                && !told
                && !matches!(form.kind, Kind::Upper | Kind::Capital)
            {
                told = true;
                let fix = if other.en == entry.en && other.when == entry.when {
                    "remove one of the two rows".to_owned()
                } else if entry.when.is_empty() {
                    "tell the two apart by `when`, or veto the form with `!` in `nl_forms`"
                        .to_owned()
                } else {
                    "both conditions can hold; add one to either row".to_owned()
                };
                let message = format!(
                    "the form `{}` belongs to `{}` → `{}` in {} too",
                    form.text, other.nl, other.en, other.place
                );
                problems.error(entry, &form.text, message, fix);
            }
            others.push((entry, form.kind));
        }
    }
}

/// Whether two entries can both be meant, and neither has more conditions.
fn is_tie(a: &Concept, b: &Concept) -> bool {
    let apart = |one: &When, other: &When| {
        let disjoint = |a: &[String], b: &[String]| a.iter().all(|word| !b.contains(word));
        match (one, other) {
            (When::Country(a), When::Country(b))
            | (When::Left(a), When::Left(b))
            | (When::Right(a), When::Right(b)) => disjoint(a, b),
            (When::Role(a), When::Role(b)) | (When::Domain(a), When::Domain(b)) => a != b,
            _ => false,
        }
    };
    a.when.len() == b.when.len()
        && !a
            .when
            .iter()
            .any(|one| b.when.iter().any(|other| apart(one, other)))
}

/// A → B and B → A would swap for ever.
fn circles(entries: &[Concept], problems: &mut Problems) {
    let english: HashMap<&str, &Concept> = entries.iter().map(|e| (e.en.as_str(), e)).collect();
    for entry in entries {
        if let Some(other) = english.get(entry.nl.as_str())
            && other.nl == entry.en
            && other.id != entry.id
        {
            problems.error(
                entry,
                &entry.en,
                format!(
                    "`{}` → `{}` and {} turn in a circle",
                    entry.nl, entry.en, other.place
                ),
                "remove one of the two rows",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::term::Glossary;

    fn found(text: &str) -> Vec<(usize, usize, String)> {
        Glossary::parse("g.tsv", text)
            .unwrap()
            .lint()
            .into_iter()
            .map(|p| (p.place.line, p.place.column, p.message))
            .collect()
    }

    #[test]
    fn contradictions_are_found_with_their_cells() {
        let text = "id\tnl\ten\tforbidden\nA\tKoersk\tKursk\tCourse|Kursk\nB\tKoersk\tCourse\t\nB\tchili\tchilli\t\n";
        let places: Vec<(usize, usize)> = found(text).into_iter().map(|f| (f.0, f.1)).collect();
        assert_eq!(places, [(2, 23), (3, 3), (4, 1)]);
    }

    #[test]
    fn contexts_must_tell_rows_apart() {
        let head = "nl\ten\twhen\n";
        let clean = "minister\tSecretary\tcountry=US\nminister\tForeign Secretary\tcountry=GB\nminister\tminister\t\n";
        assert!(found(&format!("{head}{clean}")).is_empty());
        let tie = "minister\tSecretary\tcountry=US|GB\nminister\tForeign Secretary\tcountry=GB\n";
        assert!(found(&format!("{head}{tie}"))[0].2.contains("belongs to"));
        let unknown = "minister\tSecretary\tcountry=USA\n";
        assert!(
            found(&format!("{head}{unknown}"))[0]
                .2
                .contains("no country")
        );
    }

    #[test]
    fn a_clean_glossary_has_no_problem() {
        assert!(found("nl\ten\nGent\tGhent\nBurn\tBurn\nBurns\tBurns\n").is_empty());
        assert_eq!(
            found("nl\ten\nMaa\tMaa\nGent \tGhent\nA\tB\nB\tA\n").len(),
            3
        );
    }
}
