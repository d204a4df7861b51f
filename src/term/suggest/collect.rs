//! The Dutch side of suggestions: runs of capitals, abbreviations, hyphen compounds, and ordinary
//! words that recur together.
//!
//! `De Amerikaanse CIA-directeur William Burns` → `CIA-directeur` and `William Burns`; `De` and
//! `Amerikaanse` are none.

use super::candidate::{CandidateKind, CandidatePlace};
use crate::bitext::{Span, Unit};
use crate::language::Language;
use crate::language::countries;
use crate::language::function_words::is_common_word;
use crate::term::Concept;
use crate::term::candidate_tokens::CandidateTokens;
use crate::term::forms::{self, is_abbreviation};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, HashSet};

/// Candidates with where they stand.
pub type CandidatePlaces = BTreeMap<(String, CandidateKind), Vec<CandidatePlace>>;

/// Everything in the Dutch that may be a name or a term, with where it stands.
pub fn collect(units: &[Unit], source: &[CandidateTokens]) -> CandidatePlaces {
    let mut small: HashSet<String> = HashSet::new();
    let mut inside: HashSet<&str> = HashSet::new();
    for (unit, tokens) in units.iter().zip(source) {
        let text = &unit.source.plain;
        for (index, span) in tokens.spans.iter().enumerate() {
            let word = span.of(text);
            if word.starts_with(char::is_lowercase) {
                small.insert(word.to_owned());
            } else if !tokens.starts(text, index) {
                inside.insert(word);
            }
        }
    }
    let mut found = CandidatePlaces::new();
    for (at, (unit, tokens)) in units.iter().zip(source).enumerate() {
        let text = &unit.source.plain;
        if shouts(text) {
            continue;
        }
        let mut add = |span: Span, kind: CandidateKind| {
            let covered = unit.hits.iter().any(|hit| hit.source.contains(span));
            if !covered {
                let key = (span.of(text).replace('\u{a0}', " "), kind);
                found
                    .entry(key)
                    .or_default()
                    .push(CandidatePlace { unit: at, span });
            }
        };
        let word = |index: usize| tokens.spans[index].of(text);
        let is_name = |index: usize| {
            let word = word(index);
            let first = tokens.starts(text, index);
            let low = word.to_lowercase();
            word.starts_with(char::is_uppercase)
                && (!first
                    || is_abbreviation(word)
                    || !(small.contains(&low) || is_common_word(&low, Language::Dutch)))
        };
        let mut index = 0;
        while index < tokens.spans.len() {
            let token = word(index);
            if is_name(index) {
                let mut last = index;
                while let Some(next) = tokens.run(text, last, &is_name) {
                    last = next;
                }
                let mut first = index;
                // `Amerikaanse CIA` is an adjective and a name.
                while first < last && countries::is_adjective(word(first)) {
                    first += 1;
                }
                let span = Span::new(tokens.spans[first].start, tokens.spans[last].end);
                let alone = first == last;
                // A single word at the start of a sentence is a name only if it is one elsewhere.
                let sure = !alone
                    || !tokens.starts(text, first)
                    || is_abbreviation(token)
                    || inside.contains(word(first))
                    || owners(word(first)).any(|owner| inside.contains(owner));
                if sure
                    && span.len() > 1
                    && !(alone && is_common_word(&token.to_lowercase(), Language::Dutch))
                {
                    let kind = if alone && is_abbreviation(span.of(text)) {
                        CandidateKind::Acronym
                    } else if alone && compound(span.of(text)) {
                        CandidateKind::Compound
                    } else {
                        CandidateKind::Name
                    };
                    add(span, kind);
                }
                index = last + 1;
                continue;
            }
            if token.contains('-')
                && token.contains(|c: char| c.is_uppercase() || c.is_numeric())
                && token.starts_with(char::is_alphabetic)
            {
                add(tokens.spans[index], CandidateKind::Compound);
            }
            index += 1;
        }
        for span in phrases(text, tokens) {
            add(span, CandidateKind::Phrase);
        }
    }
    found
}

/// What a word would be the genitive of.
fn owners(word: &str) -> impl Iterator<Item = &str> {
    ["'s", "’s", "'", "’", "s"]
        .into_iter()
        .filter_map(|ending| word.strip_suffix(ending))
}

/// A text in capitals shows no names by them.
fn shouts(text: &str) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for c in text.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    upper > lower
}

/// Whether a hyphen joins a name or an abbreviation with an ordinary word: CIA-directeur, and not
/// Oost-Oekraïne.
fn compound(word: &str) -> bool {
    word.rsplit('-')
        .next()
        .is_some_and(|last| last.len() < word.len() && last.starts_with(char::is_lowercase))
}

/// Endings of declined adjectives, which are not terms by themselves.
const ADJECTIVES: [&str; 9] = [
    "ische", "lijke", "elijk", "eel", "ele", "iële", "aire", "euze", "bare",
];

/// Runs of one to four ordinary words that do not begin or end with a function word:
/// `inlichtingendienst`, `minister van Defensie`.
fn phrases(text: &str, tokens: &CandidateTokens) -> Vec<Span> {
    const LONG: usize = 9;
    let fits = |index: usize| {
        let word = tokens.spans[index].of(text);
        let low = word.to_lowercase();
        word.chars().count() > 3
            && !low.contains(|c: char| c.is_numeric())
            && !is_common_word(&low, Language::Dutch)
    };
    let mut found = Vec::new();
    for first in 0..tokens.spans.len() {
        let word = tokens.spans[first].of(text);
        if !fits(first) || word.starts_with(char::is_uppercase) {
            continue;
        }
        for last in first..tokens.spans.len().min(first + 4) {
            if last > first && !tokens.joined(text, last - 1) {
                break;
            }
            let span = Span::new(tokens.spans[first].start, tokens.spans[last].end);
            let alone = last == first;
            let long = !alone || span.of(text).chars().count() >= LONG;
            let adjective = alone && ADJECTIVES.iter().any(|end| word.ends_with(end));
            if fits(last) && long && !adjective {
                found.push(span);
            }
        }
    }
    found
}

/// `Kievs` belongs to `Kiev`, which is there more often: the way goes from the name outward, never
/// by cutting an -s off.
pub fn absorb_genitives(found: &mut CandidatePlaces) {
    let names: Vec<(String, CandidateKind)> = found
        .keys()
        .filter(|(_, kind)| *kind != CandidateKind::Phrase)
        .cloned()
        .collect();
    for key in names {
        let Some(own) = found.get(&key).map(Vec::len) else {
            continue;
        };
        let entry = Concept {
            nl: key.0.clone(),
            pos: "PROPN".into(),
            ..Concept::default()
        };
        for form in forms::of(&entry) {
            for apostrophe in ["'", "’"] {
                let other = (form.text.replace('\'', apostrophe), key.1);
                if other.0 == key.0 || found.get(&other).is_none_or(|places| places.len() > own) {
                    continue;
                }
                if let Some(places) = found.remove(&other) {
                    found.entry(key.clone()).or_default().extend(places);
                }
            }
        }
    }
}

/// A phrase that hardly ever stands without a longer one is part of that one.
pub fn drop_parts(found: &mut CandidatePlaces) {
    let phrases: Vec<(String, usize)> = found
        .iter()
        .filter(|((_, kind), _)| *kind == CandidateKind::Phrase)
        .map(|((text, _), places)| (text.clone(), places.len()))
        .collect();
    let mut inner: FxHashMap<&str, usize> = FxHashMap::default();
    for (text, count) in &phrases {
        let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let starts = std::iter::once(0).chain(spaces.iter().map(|at| at + 1));
        for start in starts {
            for &end in spaces.iter().chain(std::iter::once(&text.len())) {
                if end > start && end - start < text.len() {
                    let most = inner.entry(&text[start..end]).or_default();
                    *most = (*most).max(*count);
                }
            }
        }
    }
    found.retain(|(text, kind), places| {
        *kind != CandidateKind::Phrase
            || inner
                .get(text.as_str())
                .is_none_or(|&longer| longer * 5 < places.len() * 4)
    });
}
