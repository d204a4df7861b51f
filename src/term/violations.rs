//! Findings of the glossary in judged pairs: per occurrence, and over a whole edition.
//!
//! `“Koersk” must be “Kursk”; it is missing` · `“Kursk” stands twice in a row` · `“Kiev” is “Kiev”
//! here and “Kyiv” elsewhere`.

use super::concept::{Article, Concept, Policy, Status};
use super::forms::is_abbreviation;
use super::glossary::Glossary;
use super::guards::{agrees_in_number, articles_clash};
use super::judge::{is_satisfied, wanted};
use super::needle::Target;
use super::repair;
use super::replacement::fitted;
use crate::bitext::{Finding, Hit, Severity, Span, Unit, Verdict};
use crate::language::edit_distance::similarity;
use std::collections::{BTreeMap, HashMap};

/// The glossary's findings in a judged unit: misses and forbidden forms are errors,
/// house-form variants warnings, proposed entries warnings at most; a term that stands
/// twice in a row, and a wire's placeholder that leaked, are errors.
pub fn violations(unit: &Unit, glossary: &Glossary) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hit in &unit.hits {
        let Some(entry) = glossary.entry_of(hit) else {
            continue;
        };
        if hit.verdict.is_some() && !is_satisfied(entry, hit, &unit.target.plain) {
            findings.push(finding(unit, hit, entry, glossary));
        }
        findings.extend(doubled(unit, hit));
    }
    findings.extend(leaked(unit));
    findings
}

/// The findings of a unit's own record, without a glossary: the misses and forbidden forms
/// of a former run, unless the required form stands there by now; and a term that was
/// right and is gone.
pub fn recorded(unit: &Unit) -> Vec<Finding> {
    let target = Target::new(&unit.target.plain);
    let wrong = |hit: &&Hit| {
        let stands = !target.places(&hit.required).is_empty();
        match hit.verdict {
            Some(Verdict::Miss | Verdict::Forbidden) => !hit.required.is_empty() && !stands,
            Some(Verdict::Exact) => !stands && hit.before.is_some(),
            _ => false,
        }
    };
    unit.hits
        .iter()
        .filter(wrong)
        .map(|hit| {
            let term = hit.source.of(&unit.source.plain);
            let message = format!("“{term}” must be “{}”, as was recorded", hit.required);
            let finding = Finding::error("terms", message).at_source(hit.source);
            match hit
                .target
                .filter(|_| hit.verdict == Some(Verdict::Forbidden))
            {
                Some(span) => fitted(
                    finding.at_target(span).suggest(&hit.required),
                    &unit.target.plain,
                ),
                None => finding,
            }
        })
        .collect()
}

fn finding(unit: &Unit, hit: &Hit, entry: &Concept, glossary: &Glossary) -> Finding {
    let surface = hit.source.of(&unit.source.plain);
    let found = hit.target.map(|span| span.of(&unit.target.plain));
    let required = &hit.required;
    let (severity, message) = match (hit.verdict, found) {
        (Some(Verdict::Forbidden), Some(found)) if entry.policy == Policy::Drop => (
            Severity::Warning,
            format!("“{surface}” is to be left out, but “{found}” stands in the English"),
        ),
        (Some(Verdict::Forbidden), Some(found)) => (
            Severity::Error,
            format!("“{surface}” must be “{required}”; “{found}” never passes"),
        ),
        (Some(Verdict::Variant | Verdict::Derived | Verdict::Coordinated), Some(found)) => (
            Severity::Warning,
            format!("house form of “{surface}” is “{required}”, found “{found}”"),
        ),
        _ => (
            Severity::Error,
            format!("“{surface}” must be “{required}”; it is missing"),
        ),
    };
    let severity = match entry.status {
        Status::Proposed => Severity::Warning,
        _ => severity,
    };
    let finding = Finding::new("terms", severity, message).at_source(hit.source);
    let Some(span) = hit.target else {
        return finding;
    };
    let swappable = matches!(hit.verdict, Some(Verdict::Variant | Verdict::Forbidden));
    let step = (swappable && entry.policy != Policy::Drop)
        .then(|| repair::swap(unit, entry, hit, span, &[], glossary))
        .flatten();
    match step {
        Some(step) => finding.at_target(step.span).suggest(step.text),
        None => finding.at_target(span),
    }
}

/// The term twice in a row for one hit: `Kursk Kursk`, `Kursk (Kursk)`.
fn doubled(unit: &Unit, hit: &Hit) -> Option<Finding> {
    let text = &unit.target.plain;
    let span = hit.target?;
    let found = span.of(text);
    let rest = &text[span.end..];
    let gap = rest.find(|c: char| !matches!(c, ' ' | '(' | '/' | '\u{a0}'))?;
    let again = rest[gap..].starts_with(found)
        && !crate::language::folding::is_word(
            rest[gap + found.len()..].chars().next().unwrap_or(' '),
        );
    let once = !unit.source.plain[hit.source.end..]
        .trim_start_matches([' ', '(', '/'])
        .starts_with(hit.source.of(&unit.source.plain));
    (gap > 0 && again && once && found.chars().count() > 1).then(|| {
        Finding::error("terms", format!("“{found}” stands twice in a row"))
            .at_source(hit.source)
            .at_target(Span::new(span.start, span.end + gap + found.len()))
    })
}

/// Marks by which glossaries travel on a wire and that no reader should see.
const WIRE: [&str; 6] = [
    "<mstrans",
    "</mstrans",
    "<keep",
    "</keep",
    "<term",
    "</term",
];

fn leaked(unit: &Unit) -> Option<Finding> {
    if unit.hits.is_empty() {
        return None;
    }
    let text = &unit.target.plain;
    WIRE.iter().find_map(|mark| {
        let at = text.find(mark)?;
        let end = text[at..].find('>').map_or(text.len(), |end| at + end + 1);
        (!unit.source.plain.contains(mark)).then(|| {
            Finding::error("terms", "markup of the glossary leaked into the text")
                .at_target(Span::new(at, end))
        })
    })
}

/// Names and terms that one edition renders in several ways: an error where two spellings of a name
/// resemble each other, else a warning, at every rendering but the required one, or the most
/// frequent one where that does not occur.
///
/// Derivations and coordination are not counted: syntax asks for them. Forbidden forms are errors
/// already. An abbreviation beside its full form and a surname beside the whole name are good
/// style.
pub fn inconsistencies(units: &[Unit], glossary: &Glossary) -> Vec<(usize, Finding)> {
    let mut renderings: BTreeMap<usize, Vec<(usize, &Hit, String)>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        for hit in &unit.hits {
            let counted = matches!(hit.verdict, Some(Verdict::Exact | Verdict::Variant));
            if let (true, Some(span)) = (counted, hit.target) {
                let found = span.of(&unit.target.plain).replace('’', "'");
                let Some(entry) = glossary.position_of(hit) else {
                    continue;
                };
                renderings
                    .entry(entry)
                    .or_default()
                    .push((index, hit, found));
            }
        }
    }
    let mut findings = Vec::new();
    for (index, found) in renderings {
        let entry = glossary
            .entry(index)
            .filter(|e| matches!(e.policy, Policy::Variant | Policy::Exact));
        let Some(entry) = entry else { continue };
        // An edition may hold a term thousands of times: each rendering is counted once.
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (_, _, text) in &found {
            *counts.entry(text.to_lowercase()).or_default() += 1;
        }
        let required = entry.en.to_lowercase();
        if counts.len() == 1 && counts.contains_key(&required) {
            continue;
        }
        let usual = found.iter().max_by_key(|(at, _, text)| {
            let lower = text.to_lowercase();
            let count = counts.get(&lower).copied();
            (lower == required, count, std::cmp::Reverse(*at))
        });
        let Some((_, _, usual)) = usual else { continue };
        for (at, hit, other) in found.iter().filter(|(_, _, text)| !is_style(text, usual)) {
            let severity = if entry.is_name() && similarity(other, usual) >= 0.6 {
                Severity::Error
            } else {
                Severity::Warning
            };
            let message = format!("“{}” is “{other}” here and “{usual}” elsewhere", entry.nl);
            let mut finding = Finding::new("terms", severity, message).at_source(hit.source);
            finding.target = hit.target;
            if let Some(right) = other_rendering(entry, hit, &units[*at].target.plain, usual) {
                finding = fitted(finding.suggest(right), &units[*at].target.plain);
            }
            findings.push((*at, finding));
        }
    }
    findings
}

/// The usual rendering as it has to stand in place of another one; none where the words around it
/// would have to change.
fn other_rendering(entry: &Concept, hit: &Hit, text: &str, usual: &str) -> Option<String> {
    let span = hit.target?;
    let listed = std::iter::once(&hit.required).chain(&entry.en_accept);
    let form = listed.into_iter().find(|form| same(form, usual))?;
    let found = span.of(text);
    let fits = agrees_in_number(entry, form, found) && !articles_clash(Article::Keep, form, found);
    let hit = Hit {
        required: form.clone(),
        ..hit.clone()
    };
    fits.then(|| wanted(entry, &hit, text, span))
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Whether two renderings may stand in one edition: equal but for case, a short form, or a part of
/// the other.
fn is_style(a: &str, b: &str) -> bool {
    let part = |long: &str, short: &str| long.split(' ').any(|word| same(word, short));
    same(a, b) || is_abbreviation(a) || is_abbreviation(b) || part(a, b) || part(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::State;

    fn found(rows: &str, pairs: &[(&str, &str)]) -> Vec<(usize, Severity)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g.tsv");
        std::fs::write(&path, format!("nl\ten\ten_accept\tpolicy\n{rows}")).unwrap();
        let glossary = Glossary::load(&[path]).unwrap();
        let mut units: Vec<Unit> = pairs
            .iter()
            .map(|(source, target)| Unit {
                source: (*source).into(),
                target: (*target).into(),
                state: State::Translated,
                ..Unit::default()
            })
            .collect();
        crate::term::find(&mut units, &glossary);
        crate::term::judge(&mut units, &glossary);
        inconsistencies(&units, &glossary)
            .into_iter()
            .map(|(at, f)| (at, f.severity))
            .collect()
    }

    #[test]
    fn one_name_in_two_spellings_is_an_error() {
        let rows = "Zelensky\tZelenskyy\tZelensky\tvariant\nkabinet\tcabinet\tgovernment\tvariant\nVerenigde Naties\tUnited Nations\tU.N.\tvariant\n";
        let pairs = [
            ("Zelensky sprak.", "Zelenskyy spoke."),
            ("Zelensky zweeg.", "Zelensky was silent."),
            ("Het kabinet viel.", "The cabinet fell."),
            ("Het kabinet zweeg.", "The government was silent."),
            (
                "De Verenigde Naties zwegen.",
                "The United Nations was silent.",
            ),
            ("De Verenigde Naties spraken.", "The U.N. spoke."),
        ];
        assert_eq!(
            found(rows, &pairs),
            [(1, Severity::Error), (3, Severity::Warning)]
        );
    }
}
