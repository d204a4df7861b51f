//! Explains every problem of a glossary, with its place and the fix.
//!
//! A glossary is reviewed like code, so its contradictions are errors of the file and not surprises
//! of a run: the same Dutch twice, a form required and forbidden at once, two contexts that can
//! both hold.

use super::concept::{Case, Concept, Condition, Policy, Status};
use super::forms::{self, FormKind};
use super::{Article, Error};
use crate::bitext::{Place, Role, Severity};
use crate::language::countries;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Something that is wrong with a glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlossaryProblem {
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

/// Steps of a circle that are followed.
const LONGEST_WAY: usize = 8;

/// Entries with one form that are compared with each other; more are a mistake that the first ones
/// already show.
const COMPARED: usize = 16;

/// Ordinary words that a generated form may be; own work.
const ORDINARY: &str = include_str!("../../data/language/genitive_like.nl.txt");

/// Whether a form is an ordinary Dutch word too.
fn is_ordinary(form: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    WORDS
        .get_or_init(|| {
            let lines = ORDINARY.lines().filter(|line| !line.starts_with('#'));
            lines.flat_map(str::split_whitespace).collect()
        })
        .contains(form.to_lowercase().as_str())
}

/// Finds the problems of all entries, in file order.
pub fn lint(entries: &[Concept]) -> Vec<GlossaryProblem> {
    let mut problems = ProblemList::default();
    for entry in entries {
        alone(entry, &mut problems);
    }
    ids(entries, &mut problems);
    claims(entries, &mut problems);
    circles(entries, &mut problems);
    overlaps(entries, &mut problems);
    sorted(Vec::new(), problems.0)
}

/// Problems in the order of their places, those of rows that could not be read among them.
pub fn sorted(broken: Vec<Error>, mut problems: Vec<GlossaryProblem>) -> Vec<GlossaryProblem> {
    for error in broken {
        if let Error::Broken { what, place, fix } = error {
            problems.push(GlossaryProblem {
                severity: Severity::Error,
                message: what,
                fix,
                place: *place,
            });
        }
    }
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
struct ProblemList(Vec<GlossaryProblem>);

impl ProblemList {
    fn add(
        &mut self,
        severity: Severity,
        entry: &Concept,
        value: &str,
        message: String,
        fix: impl Into<String>,
    ) {
        self.0.push(GlossaryProblem {
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

/// Where a value stands in the row: the last cell, or part of a cell, that is exactly this; the
/// first one where Dutch and English are the same and no third has it; else the row.
fn cell(entry: &Concept, value: &str) -> Place {
    let place = &entry.place;
    let mut at = 0;
    let mut found = Vec::new();
    for part in place.text.split_inclusive(['\t', '|', ',', ';']) {
        let bare = part.trim_end_matches(['\t', '|', ',', ';']);
        if !value.is_empty() && bare.trim().trim_matches('"') == value {
            found.push((at, bare.chars().count()));
        }
        at += part.chars().count();
    }
    let twins = found.len() == 2 && entry.nl == entry.en;
    let own = if twins { found.first() } else { found.last() };
    own.map_or_else(
        || place.clone(),
        |&(column, width)| Place {
            column: column + 1,
            width: width.max(1),
            ..place.clone()
        },
    )
}

/// The problems of an entry by itself.
fn alone(entry: &Concept, problems: &mut ProblemList) {
    contradictions(entry, problems);
    vetoes(entry, problems);
    spellings(entry, problems);
    conditions(entry, problems);
}

/// Columns of an entry that contradict each other.
fn contradictions(entry: &Concept, problems: &mut ProblemList) {
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
        || entry.en.starts_with("The ") && entry.article != Article::Keep
    {
        problems.warn(
            entry,
            &entry.en,
            format!("`{}` begins with its article", entry.en),
            "leave the article out of `en` and write `the` for `article`",
        );
    }
    if entry.case == Case::Lower && entry.en.starts_with(char::is_uppercase) {
        problems.warn(
            entry,
            "lower",
            format!("`{}` begins with a capital, and `case` is lower", entry.en),
            "write `exact` for `case`, or a small letter",
        );
    }
}

/// Forms and cells that cannot be meant as they are spelt.
fn spellings(entry: &Concept, problems: &mut ProblemList) {
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
}

/// Conditions that name a role or a country that does not exist.
fn conditions(entry: &Concept, problems: &mut ProblemList) {
    for when in &entry.when {
        if let Condition::Role(role) = when
            && Role::ALL.iter().all(|known| known.name() != role)
        {
            let all: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
            problems.error(
                entry,
                &entry.when_text,
                format!("`{role}` is not a role of a block"),
                format!("one of {}", all.join(", ")),
            );
        }
        let Condition::Country(codes) = when else {
            continue;
        };
        let known = |code: &String| countries::all().iter().any(|country| country.code == code);
        for code in codes.iter().filter(|code| !known(code)) {
            problems.error(
                entry,
                &entry.when_text,
                format!("`{code}` is not a country that overzet knows"),
                "use the code of ISO 3166-1, such as US, GB, NL",
            );
        }
    }
}

/// A veto of a form that is not generated takes nothing away.
fn vetoes(entry: &Concept, problems: &mut ProblemList) {
    if entry.vetoed.is_empty() {
        return;
    }
    let open = Concept {
        vetoed: Vec::new(),
        ..entry.clone()
    };
    let generated = forms::of(&open);
    for veto in &entry.vetoed {
        let folded = crate::language::folding::Folded::new(veto, false).text;
        let kind = generated.iter().find(|form| form.text == folded);
        let (message, fix) = match kind.map(|form| form.kind) {
            None => (
                format!("`!{veto}` vetoes a form that is not generated"),
                "remove it; only generated forms can be vetoed",
            ),
            Some(FormKind::Listed) => (
                format!("`{veto}` is listed and vetoed at once"),
                "remove the form or the veto",
            ),
            Some(_) => continue,
        };
        problems.warn(entry, &format!("!{veto}"), message, fix);
    }
}

fn ids(entries: &[Concept], problems: &mut ProblemList) {
    let mut seen: HashMap<&str, &Concept> = HashMap::new();
    for entry in entries {
        if !entry.numbered
            && let Some(other) = seen.insert(&entry.id, entry)
        {
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
fn claims(entries: &[Concept], problems: &mut ProblemList) {
    let mut claimed: HashMap<String, Vec<(&Concept, FormKind)>> = HashMap::new();
    for entry in entries.iter().filter(|e| e.status != Status::Deprecated) {
        let mut told = false;
        for form in forms::of(entry) {
            let generated = !matches!(
                form.kind,
                FormKind::Listed | FormKind::Capital | FormKind::Upper
            );
            if generated && is_ordinary(&form.text) {
                problems.warn(
                    entry,
                    &entry.nl,
                    format!("the form `{}` is an ordinary Dutch word", form.text),
                    format!("veto it: write `!{}` in `nl_forms`", form.text),
                );
            }
            let others = claimed.entry(form.text.clone()).or_default();
            let rival = others.iter().take(COMPARED).find(|(other, kind)| {
                (*kind == FormKind::Listed) == (form.kind == FormKind::Listed)
                    && is_tie(entry, other)
            });
            if let Some((other, _)) = rival
                && !told
                && !matches!(form.kind, FormKind::Upper | FormKind::Capital)
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
    let apart = |one: &Condition, other: &Condition| {
        let disjoint = |a: &[String], b: &[String]| a.iter().all(|word| !b.contains(word));
        match (one, other) {
            (Condition::Country(a), Condition::Country(b))
            | (Condition::Left(a), Condition::Left(b))
            | (Condition::Right(a), Condition::Right(b)) => disjoint(a, b),
            (Condition::Role(a), Condition::Role(b))
            | (Condition::Domain(a), Condition::Domain(b)) => a != b,
            _ => false,
        }
    };
    a.when.len() == b.when.len()
        && !a
            .when
            .iter()
            .any(|one| b.when.iter().any(|other| apart(one, other)))
}

/// A → B and B → A would swap for ever; so would any longer way round.
fn circles(entries: &[Concept], problems: &mut ProblemList) {
    let live = || entries.iter().filter(|e| e.status != Status::Deprecated);
    let dutch: HashMap<&str, &Concept> = live().rev().map(|e| (e.nl.as_str(), e)).collect();
    for entry in live().filter(|entry| entry.nl != entry.en) {
        let mut way = vec![entry];
        while let Some(next) = way.last().and_then(|last| dutch.get(last.en.as_str())) {
            if std::ptr::eq(*next, entry) || way.len() > LONGEST_WAY || next.nl == next.en {
                break;
            }
            way.push(next);
        }
        let closes = way.last().is_some_and(|last| last.en == entry.nl);
        if way.len() > 1 && closes {
            let steps: Vec<String> = way[1..]
                .iter()
                .map(|step| format!("`{}` → `{}` in {}", step.nl, step.en, step.place))
                .collect();
            problems.error(
                entry,
                &entry.en,
                format!(
                    "`{}` → `{}` and {} turn in a circle",
                    entry.nl,
                    entry.en,
                    steps.join(", ")
                ),
                "remove one of the rows",
            );
        }
    }
}

/// A row that repeats another row's generated form.
fn overlaps(entries: &[Concept], problems: &mut ProblemList) {
    let listed: HashMap<&str, &Concept> = entries
        .iter()
        .filter(|e| e.when.is_empty() && e.status != Status::Deprecated)
        .map(|entry| (entry.nl.as_str(), entry))
        .collect();
    for entry in entries.iter().filter(|e| e.when.is_empty()) {
        for form in forms::of(entry) {
            let Some(other) = listed.get(form.text.as_str()) else {
                continue;
            };
            let same = match form.kind {
                FormKind::Genitive => other.en == format!("{}'s", entry.en) || other.en == entry.en,
                FormKind::Compound(_) | FormKind::Derivation => {
                    other.en == forms::english(entry, form.kind, &form.text)
                }
                FormKind::Listed | FormKind::Capital | FormKind::Upper | FormKind::Joined => false,
            };
            let alike = other.policy == entry.policy && other.forbidden.is_empty();
            if same && alike && !std::ptr::eq(*other, entry) {
                problems.warn(
                    other,
                    &other.nl,
                    format!(
                        "`{}` hides what `{}` in {} finds by itself",
                        other.nl, entry.nl, entry.place
                    ),
                    "remove this row",
                );
            }
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
                .contains("not a country")
        );
    }

    #[test]
    fn what_does_nothing_or_too_much_is_found() {
        let text = "nl\tnl_forms\ten\tcase\tstatus\twhen\nGent\t!Gentse\tGhent\t\t\t\nrol\t\tPart\tlower\t\t\nrol\t\trole\t\tdeprecated\t\nkop\t\thead\t\t\trole=kop\nKiev\t\tKyiv\t\t\t\nKievs\t\tKyiv's\t\t\t\nLink\t\tLink\t\t\t\n";
        let found = found(text);
        let said: Vec<(usize, usize)> = found.iter().map(|f| (f.0, f.1)).collect();
        assert_eq!(
            said,
            [(2, 6), (3, 11), (5, 13), (7, 1), (8, 1)],
            "{found:?}"
        );
    }

    #[test]
    fn every_broken_row_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g.tsv");
        std::fs::write(&path, "nl\ten\tpolicy\nA\tB\tx\nC\tC\t\nD\nC\tE\t\n").unwrap();
        let (glossary, problems) = Glossary::examine(&[path], None).unwrap();
        assert_eq!(glossary.entries().len(), 2);
        let lines: Vec<usize> = problems.iter().map(|p| p.place.line).collect();
        assert_eq!(lines, [2, 4, 5]);
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
