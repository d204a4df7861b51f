//! The house glossary over right English: no row changes it, no row accuses it.

use crate::stage::{data, root};
use overzet::bitext::{Severity, Unit};
use overzet::term::{self, Case, Concept, Glossary, Policy, Status};
use std::path::{Path, PathBuf};

/// Our own right pairs, by the table whose rows they try.
const RIGHT: &str = include_str!("fixtures/terms/right.tsv");

fn glossary(style: Option<&str>) -> Glossary {
    Glossary::load_in_style(&[root().join("glossaries")], style).unwrap()
}

/// A pair after enforcement.
fn enforced(glossary: &Glossary, source: &str, target: &str) -> Unit {
    let mut units = [Unit::translated(source, target)];
    term::find(&mut units, glossary);
    term::enforce(&mut units, glossary, &|_| 0);
    let [unit] = units;
    unit
}

/// How a right pair is wronged: changed, or accused.
fn wronged(glossary: &Glossary, source: &str, target: &str) -> Option<String> {
    let unit = enforced(glossary, source, target);
    if unit.target.plain != target {
        return Some(format!("{source} | {target} → {}", unit.target.plain));
    }
    let findings = term::violations(&unit, glossary);
    let first = findings.first()?;
    Some(format!("{source} | {target}: {}", first.message))
}

#[test]
fn right_sentences_stay_as_they_are() {
    let (house, british) = (glossary(None), glossary(Some("bbc")));
    let (mut table, mut count) = ("", 0);
    let (mut tables, mut wrong) = (Vec::new(), Vec::new());
    for line in RIGHT.lines().skip(1) {
        if let Some(name) = line.strip_prefix("# ") {
            table = name;
            tables.push(name);
            continue;
        }
        let (source, target) = line.split_once('\t').unwrap();
        let style = if table.starts_with("profiles/") {
            &british
        } else {
            &house
        };
        count += 1;
        wrong.extend(wronged(style, source, target));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 250);
    for file in files(&root().join("glossaries")) {
        assert!(tables.iter().any(|name| file.ends_with(name)), "{file:?}");
    }
}

/// The tables of a folder and its subfolders.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "tsv") {
            found.push(path);
        }
    }
    found
}

/// The forms that an entry lets pass.
fn passing(entry: &Concept) -> Vec<&str> {
    let variants = entry
        .en_accept
        .iter()
        .filter(|_| entry.policy != Policy::Exact);
    let family = entry
        .en_family
        .iter()
        .filter(|_| entry.policy != Policy::Keep);
    let all = std::iter::once(&entry.en).chain(variants).chain(family);
    all.map(String::as_str).collect()
}

/// Each longer word with a capital, as titles and headlines have it.
fn title(text: &str) -> String {
    let part = |part: &str| match part {
        "of" | "for" | "the" | "and" | "to" | "in" | "on" => part.to_owned(),
        _ => capital(part),
    };
    let word = |word: &str| word.split('-').map(part).collect::<Vec<_>>().join("-");
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Right pairs for a form of an entry: in a sentence, owning something, at the start, in capitals,
/// in a headline.
fn pairs(entry: &Concept, form: &str) -> Vec<(String, String)> {
    let nl = &entry.nl;
    if entry.case == Case::TitleBeforeName {
        return vec![(
            format!("Zij sprak met {nl} Anna Holm."),
            format!("She spoke with {} Anna Holm.", title(form)),
        )];
    }
    let own = if form.ends_with('s') { "'" } else { "'s" };
    vec![
        (
            format!("Men sprak gisteren lang over {nl}."),
            format!("They spoke about {form} at length yesterday."),
        ),
        (
            format!("Men sprak gisteren lang over de rol van {nl}."),
            format!("They spoke about {form}{own} role at length yesterday."),
        ),
        (
            format!("{} was gisteren een onderwerp.", capital(nl)),
            format!("{} was a topic yesterday.", capital(form)),
        ),
        (
            format!("MEN SPRAK LANG OVER {}", nl.to_uppercase()),
            format!("THEY SPOKE ABOUT {} AT LENGTH", form.to_uppercase()),
        ),
        (
            format!("Leiders spreken lang over {nl}"),
            format!("Leaders Speak About {} at Length", title(form)),
        ),
    ]
}

#[test]
fn no_row_touches_the_forms_that_it_lets_pass() {
    for style in [None, Some("bbc")] {
        let glossary = glossary(style);
        let mut wrong = Vec::new();
        let mut count = 0;
        let rows = glossary.entries().iter().filter(|entry| {
            entry.when.is_empty()
                && entry.policy != Policy::Drop
                && entry.status == Status::Approved
        });
        for entry in rows {
            for form in passing(entry) {
                for (source, target) in pairs(entry, form) {
                    count += 1;
                    let told = wronged(&glossary, &source, &target);
                    wrong.extend(told.map(|told| format!("{}: {told}", entry.id)));
                }
            }
        }
        assert!(count > 5_000);
        assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn a_house_form_replaces_its_deviation_and_nothing_else() {
    for style in [None, Some("bbc")] {
        let glossary = glossary(style);
        let mut count = 0;
        let rows = glossary.entries().iter().filter(|entry| {
            entry.when.is_empty()
                && entry.policy == Policy::Exact
                && entry.case != Case::TitleBeforeName
        });
        for entry in rows {
            for form in &entry.en_accept {
                let source = format!("Men sprak gisteren lang over {}.", entry.nl);
                let with = |form: &str| format!("They spoke about {form} at length yesterday.");
                let unit = enforced(&glossary, &source, &with(form));
                let text = &unit.target.plain;
                let bare = with(&entry.en);
                let the = with(&format!("the {}", entry.en));
                assert!([bare, the].contains(text), "{}: {text}", entry.id);
                assert_eq!(term::violations(&unit, &glossary), [], "{text}");
                count += 1;
            }
        }
        assert!(count > 20);
    }
}

/// Changes of human references that the house style asks for: what stood there, what the house
/// writes, and why.
const HOUSE_STYLE: &[(&str, &str, &str)] = &[
    ("US", "U.S.", "points in abbreviations of two letters"),
    ("UK", "U.K.", "points in abbreviations of two letters"),
    ("UN", "U.N.", "points in abbreviations of two letters"),
    ("BCE", "B.C.", "the eras of the agency"),
    ("Second World War", "World War II", "names of wars"),
    (
        "Prime Minister",
        "prime minister",
        "a title has capitals before a name only",
    ),
    (
        "President",
        "president",
        "a title has capitals before a name only",
    ),
    (
        "Foreign Minister",
        "foreign minister",
        "a title has capitals before a name only",
    ),
    (
        "F.B.I",
        "FBI",
        "no points in abbreviations of three letters",
    ),
    ("counter-attack", "counterattack", "the agency's spelling"),
    ("Al-Qaeda", "al-Qaida", "the agency's spelling"),
    ("western", "Western", "the part of the world has a capital"),
    (
        "Foreign minister",
        "foreign minister",
        "a title has capitals before a name",
    ),
    (
        "foreign minister",
        "foreign minister",
        "a title has capitals before a name",
    ),
    ("Novemeber", "November", "a slip of the reference"),
    ("Krushchev", "Khrushchev", "a slip of the reference"),
    ("Europa Leaguge", "Europa League", "a slip of the reference"),
];

/// Right pairs of the development data: human references of FLORES and NTREX.
fn references(data: &Path) -> Vec<(String, String)> {
    let flores = data.join("terminology/pairs/flores-dev.reference.tsv");
    let text = std::fs::read_to_string(flores).unwrap();
    let mut pairs: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(source, target)| (source.to_owned(), target.to_owned()))
        .collect();
    let ntrex = std::fs::read_to_string(data.join("alignment/dev/ntrex.jsonl")).unwrap();
    for line in ntrex.lines() {
        let document: serde_json::Value = serde_json::from_str(line).unwrap();
        if !document["id"].as_str().unwrap().ends_with("-clean") {
            continue;
        }
        let side = |name: &str, at: &serde_json::Value| -> Option<String> {
            let [at] = at.as_array()?.as_slice() else {
                return None;
            };
            let at = usize::try_from(at.as_u64()?).ok()?;
            document[name][at].as_str().map(str::to_owned)
        };
        for bead in document["gold"].as_array().unwrap() {
            pairs.extend(side("src", &bead[0]).zip(side("tgt", &bead[1])));
        }
    }
    pairs
}

#[test]
fn human_references_change_by_house_style_alone() {
    let Some(data) = data("human_references_change_by_house_style_alone") else {
        return;
    };
    let glossary = glossary(None);
    let pairs = references(&data);
    assert!(pairs.len() > 1_900);
    let mut used = vec![false; HOUSE_STYLE.len()];
    for (source, target) in pairs {
        let unit = enforced(&glossary, &source, &target);
        for hit in unit.hits.iter().filter(|hit| hit.repair.is_some()) {
            let before = hit.before.as_deref().unwrap_or_default();
            let before = before.trim_end_matches('.');
            let place = HOUSE_STYLE
                .iter()
                .position(|row| before.ends_with(row.0) && hit.required == row.1);
            let at = place.unwrap_or_else(|| {
                panic!(
                    "{before} → {}: {target} → {}",
                    hit.required, unit.target.plain
                )
            });
            used[at] = true;
        }
    }
    // An exception that nothing needs any more goes.
    assert!(used.iter().all(|used| *used), "{used:?}");
}

#[test]
fn hits_that_were_read_back_keep_their_concept() {
    let glossary = Glossary::parse("g.tsv", "nl\ten\nAngola\tAngola\ndinsdag\tTuesday\n").unwrap();
    let unit = |day: &str| {
        let mut unit = enforced(
            &glossary,
            "Angola wacht tot dinsdag.",
            &format!("Angola waits until {day}."),
        );
        for hit in &mut unit.hits {
            let text = serde_json::to_string(hit).unwrap();
            *hit = serde_json::from_str(&text).unwrap();
        }
        unit
    };
    let units = [unit("Tuesday"), unit("Tuesday")];
    assert_eq!(term::inconsistencies(&units, &glossary), []);
    let findings = term::violations(&unit("noon"), &glossary);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Error);
    assert!(findings[0].message.contains("Tuesday"));
}
