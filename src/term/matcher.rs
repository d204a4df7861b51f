//! Finds terms in Dutch: every form of every entry in one pass, longest first, on word borders, with exact offsets.

use super::context::{Before, mentions};
use super::fold::{Folded, is_word};
use super::forms::{self, Form};
use super::glossary::{Case, Concept, Glossary, Policy, Status, When};
use crate::bitext::{Hit, Span, Unit};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use std::collections::HashMap;

/// The compiled forms.
#[derive(Debug)]
pub struct Matcher {
    automaton: Option<AhoCorasick>,
    /// For every pattern its form and the entries that have it.
    patterns: Vec<(Form, Vec<usize>)>,
}

/// A form found in a text, before the entry is chosen.
struct Found<'a> {
    /// In the folded text.
    span: Span,
    form: &'a Form,
    entries: &'a [usize],
}

/// Words before a hyphen that do not make another name of what follows: pro-Kremlin.
const PREFIXES: &[&str] = &[
    "pro", "anti", "ex", "oud", "non", "niet", "post", "pre", "mede", "half", "semi", "pan",
    "trans", "inter",
];

impl Matcher {
    /// Compiles the forms of all entries that are in force.
    pub fn new(entries: &[Concept]) -> Self {
        let mut by_text: HashMap<String, usize> = HashMap::new();
        let mut patterns: Vec<(Form, Vec<usize>)> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            if entry.status == Status::Deprecated {
                continue;
            }
            for form in forms::of(entry) {
                match by_text.get(&form.text) {
                    Some(&at) => patterns[at].1.push(index),
                    None => {
                        by_text.insert(form.text.clone(), patterns.len());
                        patterns.push((form, vec![index]));
                    }
                }
            }
        }
        let automaton = (!patterns.is_empty())
            .then(|| {
                AhoCorasickBuilder::new()
                    .match_kind(MatchKind::Standard)
                    .build(patterns.iter().map(|(form, _)| form.text.as_str()))
                    .ok()
            })
            .flatten();
        Self {
            automaton,
            patterns,
        }
    }

    /// The longest forms that do not overlap, from the left.
    fn find<'a>(&'a self, folded: &str) -> Vec<Found<'a>> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let mut all: Vec<Found<'a>> = automaton
            .find_overlapping_iter(folded)
            .map(|found| {
                let (form, entries) = &self.patterns[found.pattern().as_usize()];
                Found {
                    span: Span::new(found.start(), found.end()),
                    form,
                    entries,
                }
            })
            .filter(|found| stands_alone(folded, found.span))
            .collect();
        all.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
        let mut end = 0;
        all.retain(|found| {
            let free = found.span.start >= end;
            if free {
                end = found.span.end;
            }
            free
        });
        all
    }
}

/// Whether a form stands on word borders; a hyphen on its left makes another name of it (Oost-Oekraïne), one on its right a compound (MI6-chef).
fn stands_alone(text: &str, span: Span) -> bool {
    let right = text[span.end..].chars().next();
    if right.is_some_and(is_word) {
        return false;
    }
    let left = &text[..span.start];
    match left.chars().next_back() {
        Some(c) if is_word(c) => false,
        Some('-') => {
            let before = &left[..left.len() - 1];
            let word: String = {
                let start = before
                    .char_indices()
                    .rev()
                    .find(|&(_, c)| !is_word(c))
                    .map_or(0, |(at, c)| at + c.len_utf8());
                before[start..].to_lowercase()
            };
            word.is_empty() || PREFIXES.contains(&word.as_str())
        }
        _ => true,
    }
}

/// Finds the terms of the glossary in every unit and fills its hits. Units are in document order: the country in force runs through them.
pub fn find(units: &mut [Unit], glossary: &Glossary) {
    if glossary.is_empty() {
        for unit in units {
            unit.hits.clear();
        }
        return;
    }
    let matcher = glossary.matcher();
    let mut before = Before::default();
    for unit in units {
        let folded = Folded::new(&unit.source.plain, false);
        let inherited = before.enter(unit);
        let found = matcher.find(&folded.text);
        let countries = mentions(&unit.source.plain);
        let mut hits = Vec::with_capacity(found.len());
        for found in found {
            let source = folded.origin(found.span);
            let country = countries
                .iter()
                .rfind(|(end, _)| *end <= source.start)
                .map(|(_, code)| *code)
                .or(inherited);
            let Some(index) = choose(found.entries, glossary, unit, source, country) else {
                continue;
            };
            let entry = &glossary.entries()[index];
            hits.push(Hit {
                term: entry.nl.clone(),
                required: required(entry, source.of(&unit.source.plain), found.form),
                source,
                target: None,
                verdict: None,
                repair: None,
                before: None,
                entry: entry.id.clone(),
                capitals: found.form.capitals && entry.nl != source.of(&unit.source.plain),
                index,
            });
        }
        unit.hits = hits;
        before.leave(&countries);
    }
}

/// What the English has to be for this occurrence.
fn required(entry: &Concept, surface: &str, form: &Form) -> String {
    let base = if entry.policy == Policy::Keep && form.genitive {
        entry.en.clone()
    } else if entry.policy == Policy::Keep
        && !form.capitals
        && entry.nl_forms.iter().any(|listed| listed == surface)
    {
        // A kept name stays as the source writes it: `Clarke` for James Clarke.
        surface.to_owned()
    } else {
        entry.en.clone()
    };
    if entry.case == Case::FollowSource && form.capitals {
        base.to_uppercase()
    } else {
        base
    }
}

/// The entry that is meant: one whose conditions hold beats one without, more conditions beat fewer, the first row wins a tie.
fn choose(
    entries: &[usize],
    glossary: &Glossary,
    unit: &Unit,
    span: Span,
    country: Option<&str>,
) -> Option<usize> {
    entries
        .iter()
        .copied()
        .filter(|&index| {
            glossary.entries()[index]
                .when
                .iter()
                .all(|when| holds(when, unit, span, country))
        })
        .max_by_key(|&index| {
            (
                glossary.entries()[index].when.len(),
                std::cmp::Reverse(index),
            )
        })
}

fn holds(when: &When, unit: &Unit, span: Span, country: Option<&str>) -> bool {
    let near = |words: &[String], text: &str, from_end: bool| {
        let spans = crate::bitext::words(text);
        let three: Vec<&Span> = if from_end {
            spans.iter().rev().take(3).collect()
        } else {
            spans.iter().take(3).collect()
        };
        three
            .iter()
            .any(|span| words.contains(&span.of(text).to_lowercase()))
    };
    match when {
        When::Country(codes) => {
            country.is_some_and(|country| codes.iter().any(|code| code == country))
        }
        When::Left(words) => near(words, &unit.source.plain[..span.start], true),
        When::Right(words) => near(words, &unit.source.plain[span.end..], false),
        When::Role(role) => unit.role.name() == role,
        When::Domain(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(glossary: &str, source: &str) -> Vec<String> {
        let glossary = Glossary::parse("g.tsv", glossary).unwrap();
        let mut units = [Unit {
            source: source.into(),
            ..Unit::default()
        }];
        find(&mut units, &glossary);
        let text = &units[0].source.plain;
        units[0]
            .hits
            .iter()
            .map(|hit| hit.source.of(text).to_owned())
            .collect()
    }

    const G: &str = "nl\ten\nKoersk\tKursk\nOekraïne\tUkraine\nEuropa\tEurope\nEuropa League\tEuropa League\nMI6\tMI6\npremier\tprime minister\nBurns\tBurns\nKremlin\tKremlin\n";

    #[test]
    fn forms_are_found_on_word_borders() {
        assert_eq!(
            hits(G, "Koersks MI6-chef in Oekraine"),
            ["Koersks", "MI6", "Oekraine"]
        );
        assert_eq!(hits(G, "Oost-Oekraïne, Koerskse"), Vec::<String>::new());
        assert_eq!(hits(G, "pro-Kremlin-boodschappen"), ["Kremlin"]);
        assert_eq!(hits(G, "de Europa League"), ["Europa League"]);
        assert_eq!(hits(G, "Premier Burns’ plan"), ["Premier", "Burns’"]);
    }
}
