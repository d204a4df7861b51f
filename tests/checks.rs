//! The checks on pairs of our own: a probe of right and wrong pairs, and every digit of right pairs changed in turn.

use overzet::bitext::{Finding, LangPair, Severity, Unit};
use overzet::check::{self, CheckContext};
use overzet::term::Glossary;

fn findings(source: &str, target: &str) -> Vec<Finding> {
    let (glossary, pair) = (Glossary::default(), LangPair::default());
    let with = CheckContext::new(&glossary, &pair);
    let unit = Unit::translated(source, target);
    check::unit(&unit, &with)
}

fn told(findings: &[Finding]) -> String {
    let one = |f: &Finding| format!("{} {}: {}", f.severity.name(), f.check, f.message);
    findings.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A line of the probe: what is expected, Dutch, English.
fn probe() -> Vec<[&'static str; 3]> {
    include_str!("fixtures/checks/probe.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            <[&str; 3]>::try_from(cells).unwrap()
        })
        .collect()
}

#[test]
fn the_probe_is_caught_and_right_pairs_are_left_alone() {
    let (mut bad, mut good) = (0, 0);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for [expected, source, target] in probe() {
        let found = findings(source, target);
        if expected == "ok" {
            good += 1;
            if !found.is_empty() {
                wrong.push((
                    found.iter().any(|f| f.severity == Severity::Error),
                    format!("{source} | {target} | {}", told(&found)),
                ));
            }
            continue;
        }
        bad += 1;
        let (checks, severity) = expected.split_once(':').unwrap();
        let loud = |f: &&Finding| severity == "W" || f.severity == Severity::Error;
        if !found
            .iter()
            .filter(loud)
            .any(|f| checks.split(',').any(|name| name == f.check))
        {
            missed.push(format!(
                "{expected}: {source} | {target} | {}",
                told(&found)
            ));
        }
    }
    assert!(bad > 100 && good > 100);
    let errors = wrong.iter().filter(|(error, _)| *error).count();
    let told: Vec<&str> = wrong.iter().map(|(_, text)| text.as_str()).collect();
    assert!(missed.len() * 100 <= bad * 3, "{}", missed.join("\n"));
    assert!(
        errors == 0 && wrong.len() * 100 <= good * 3,
        "{}",
        told.join("\n")
    );
}

/// Right pairs with numbers of every kind.
const NUMBERS: &[(&str, &str)] = &[
    (
        "Er liepen 2.345 mensen mee, 17 meer dan in 1998.",
        "A total of 2,345 people took part, 17 more than in 1998.",
    ),
    (
        "De rente steeg van 3,25 naar 4,75 procent.",
        "The rate rose from 3.25 to 4.75 percent.",
    ),
    (
        "Op 14 maart 2021 om 16.35 uur vertrok de trein.",
        "The train left at 16:35 on March 14, 2021.",
    ),
    (
        "Het huis kost € 425.000 en is 86 m² groot.",
        "The house costs €425,000 and measures 86 m².",
    ),
    (
        "Verhulst won met 6-4 en 7-5 in 94 minuten.",
        "Verhulst won 6–4, 7–5 in 94 minutes.",
    ),
    (
        "Het werd -13 graden in Westdorp.",
        "It was -13 degrees in Westdorp.",
    ),
    (
        "De 38-jarige schipper voer 45 km/u.",
        "The 38-year-old skipper was doing 45 km/h.",
    ),
    (
        "In de 19e eeuw woonden er 1.250 mensen.",
        "In the 19th century 1,250 people lived there.",
    ),
    (
        "Het bedrijf leende 3,6 miljard euro tegen 2,4 procent.",
        "The company borrowed €3.6 billion at 2.4 percent.",
    ),
    (
        "De motie kreeg 76 van de 150 stemmen.",
        "The motion got 76 of the 150 votes.",
    ),
];

/// How many findings of the four checks there are.
fn counted(source: &str, target: &str) -> usize {
    findings(source, target)
        .iter()
        .filter(|f| ["numbers", "dates", "times", "money"].contains(&&*f.check))
        .count()
}

#[test]
fn one_changed_digit_is_exactly_one_finding() {
    let mut wrong = Vec::new();
    for (source, target) in NUMBERS {
        assert_eq!(counted(source, target), 0, "{source} | {target}");
        for (at, digit) in target.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            // The 2 of m² and the like is no digit here; a leading digit does not become zero.
            for step in [1, 3, 7] {
                let value = digit.to_digit(10).unwrap();
                let other = char::from_digit((value + step) % 10, 10).unwrap();
                if other == '0'
                    && !target[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
                {
                    continue;
                }
                let changed = format!("{}{other}{}", &target[..at], &target[at + 1..]);
                let count = counted(source, &changed);
                if count != 1 {
                    wrong.push(format!(
                        "{count}: {source} | {changed} | {}",
                        told(&findings(source, &changed))
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn swapped_and_dropped_digits_scales_and_separators_are_found() {
    let mut wrong = Vec::new();
    let mut changes = Vec::new();
    for (source, target) in NUMBERS {
        let bytes = target.as_bytes();
        for at in 0..bytes.len() - 1 {
            let (a, b) = (bytes[at], bytes[at + 1]);
            if a.is_ascii_digit() && b.is_ascii_digit() {
                if a != b && b != b'0' {
                    let swapped = [&bytes[..at], &[b, a], &bytes[at + 2..]].concat();
                    changes.push((source, String::from_utf8(swapped).unwrap()));
                }
                if b != a {
                    let dropped = [&bytes[..at], &bytes[at + 1..]].concat();
                    changes.push((source, String::from_utf8(dropped).unwrap()));
                }
            }
        }
        for (from, to) in [
            ("billion", "million"),
            ("billion", "trillion"),
            ("3.25", "32.5"),
            ("4.75", "475"),
            ("2,345", "2.345"),
            ("3.6", "36"),
            ("2.4", "0.24"),
            ("1,250", "1.25"),
        ] {
            if target.contains(from) {
                changes.push((source, target.replacen(from, to, 1)));
            }
        }
    }
    assert!(changes.len() > 50, "{}", changes.len());
    for (source, changed) in changes {
        if counted(source, &changed) == 0 {
            wrong.push(format!("{source} | {changed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
