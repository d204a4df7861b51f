//! The English side of suggestions: which run of words stands where a Dutch candidate stands and
//! nowhere else, or is spelled like it.
//!
//! `Voronezh` stands in the units of `Voronesj` and sounds like it; `Musashi` stands beside
//! `Allen`, but answers `Musashi` in the same Dutch.

use super::candidate::{CandidateKind, CandidateRendering, RENDERINGS};
use super::collect::CandidatePlaces;
use crate::bitext::{Span, Unit};
use crate::language::Language;
use crate::language::folding as fold;
use crate::language::function_words::is_common_word;
use crate::language::spelling::similarity;
use crate::language::word_lists;
use crate::term::candidate_tokens::CandidateTokens;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A run of English words in a unit.
#[derive(Debug, Clone, Copy)]
struct WordRun {
    key: u64,
    span: Span,
    words: usize,
    /// Whether all its words have capitals, but for particles.
    name: bool,
}

/// The runs of English words of all units, and in how many units each stands.
pub struct EnglishSide<'u> {
    units: &'u [Unit],
    grams: Vec<Vec<WordRun>>,
    spread: FxHashMap<u64, usize>,
    translated: usize,
    /// For a run of words the candidate that is spelled like it, with how alike they are.
    claimed: FxHashMap<u64, f64>,
}

impl<'u> EnglishSide<'u> {
    /// Cuts the English of all units.
    pub fn new(units: &'u [Unit], target: &[CandidateTokens]) -> Self {
        const LONGEST: usize = 5;
        let mut spread: FxHashMap<u64, usize> = FxHashMap::default();
        let mut all = Vec::with_capacity(units.len());
        for (unit, tokens) in units.iter().zip(target) {
            let text = &unit.target.plain;
            // A capital inside a sentence makes a name of a function word: New Zealand.
            let edge = |index: usize| {
                let word = tokens.spans[index].of(text);
                !is_common_word(&word.to_lowercase(), Language::English)
                    || word.starts_with(char::is_uppercase) && !tokens.starts(text, index)
            };
            let mut grams: Vec<WordRun> = Vec::new();
            for first in (0..tokens.spans.len()).filter(|&index| edge(index)) {
                for last in first..tokens.spans.len().min(first + LONGEST) {
                    if last > first && !tokens.joined(text, last - 1) {
                        break;
                    }
                    if !edge(last) {
                        continue;
                    }
                    let whole = Span::new(tokens.spans[first].start, tokens.spans[last].end);
                    let bare = whole.of(text);
                    let bare = bare
                        .strip_suffix("'s")
                        .or_else(|| bare.strip_suffix("’s"))
                        .unwrap_or(bare);
                    let span = Span::new(whole.start, whole.start + bare.len());
                    let (words, name) = (last + 1 - first, is_name(bare));
                    let key = key(bare);
                    grams.push(WordRun {
                        key,
                        span,
                        words,
                        name,
                    });
                }
            }
            grams.sort_by_key(|gram| (gram.key, gram.span.start));
            grams.dedup_by_key(|gram| gram.key);
            for gram in &grams {
                *spread.entry(gram.key).or_default() += 1;
            }
            all.push(grams);
        }
        Self {
            units,
            grams: all,
            spread,
            translated: units.iter().filter(|u| !u.target.plain.is_empty()).count(),
            claimed: FxHashMap::default(),
        }
    }

    /// Lets every name take the English that is spelled like it, so that its neighbours in the
    /// sentence do not.
    pub fn claim(&mut self, found: &CandidatePlaces) {
        for ((nl, kind), places) in found {
            if *kind == CandidateKind::Phrase {
                continue;
            }
            for place in places {
                let text = &self.units[place.unit].target.plain;
                for gram in self.grams[place.unit].iter().filter(|gram| gram.name) {
                    let alike = similarity(nl, gram.span.of(text));
                    if alike >= ALIKE {
                        let best = self.claimed.entry(gram.key).or_default();
                        *best = best.max(alike);
                    }
                }
            }
        }
    }

    /// Whether a run of English words answers something else in its unit: the same word in the
    /// Dutch, a name that is spelled like it, or a term of the glossary.
    fn is_taken(&self, unit: usize, gram: &WordRun, alike: f64) -> bool {
        let own = &self.units[unit];
        let text = gram.span.of(&own.target.plain);
        let by_name = self
            .claimed
            .get(&gram.key)
            .is_some_and(|&best| best > alike + 0.1);
        let by_term = || {
            own.hits
                .iter()
                .any(|hit| hit.required.eq_ignore_ascii_case(text))
        };
        let by_itself = || {
            gram.name
                && alike < ALIKE
                && own.source.plain.match_indices(text).any(|(at, _)| {
                    fold::is_whole(&own.source.plain, Span::new(at, at + text.len()))
                })
        };
        by_name || by_term() || by_itself()
    }
}

/// Whether all words have capitals, but for particles and figures inside.
fn is_name(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
        && text.split(' ').all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
                || ["of", "the"].contains(&word)
                || word_lists::is("particle", word)
        })
}

/// The same for the same words, whatever their capitals.
fn key(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    for c in text.chars().flat_map(char::to_lowercase) {
        hasher.write_u32(u32::from(if c == '’' { '\'' } else { c }));
    }
    hasher.finish()
}

/// Twice the logarithm of the likelihood ratio, for a table of two by two (Dunning 1993): `both` of
/// `x` and `y` among `all`.
fn likelihood(both: usize, x: usize, y: usize, all: usize) -> f64 {
    let cell = |count: usize| {
        let count = count as f64;
        if count > 0.0 { count * count.ln() } else { 0.0 }
    };
    let (a, b, c) = (both, x.saturating_sub(both), y.saturating_sub(both));
    let d = (all + both).saturating_sub(x + y);
    let rows = cell(a + b) + cell(c + d);
    let columns = cell(a + c) + cell(b + d);
    2.0 * (cell(a) + cell(b) + cell(c) + cell(d) + cell(a + b + c + d) - rows - columns)
}

/// Similarity from which two spellings are one name.
const ALIKE: f64 = 0.62;

/// Critical value of the log-likelihood ratio at p = 0.001.
const SURE: f64 = 10.83;

/// The English by the company that the Dutch keeps, and by its spelling.
pub fn by_company(
    nl: &str,
    kind: CandidateKind,
    own: &[usize],
    english: &EnglishSide<'_>,
) -> (Vec<CandidateRendering>, f64) {
    let mut left: Vec<usize> = own.to_vec();
    let mut renderings: Vec<CandidateRendering> = Vec::new();
    let mut confidence = 0.0;
    while !left.is_empty() && renderings.len() < RENDERINGS {
        let Some((best, sure)) = best(nl, kind, &left, renderings.is_empty(), english) else {
            break;
        };
        let has = |unit: &usize| english.grams[*unit].iter().find(|g| g.key == best);
        let mut spellings: BTreeMap<&str, usize> = BTreeMap::new();
        for (unit, gram) in left.iter().filter_map(|unit| Some((unit, has(unit)?))) {
            *spellings
                .entry(gram.span.of(&english.units[*unit].target.plain))
                .or_default() += 1;
        }
        let count: usize = spellings.values().sum();
        // Of several capitalisations the most frequent one; of equal ones the one with small
        // letters.
        let text = spellings
            .into_iter()
            .max_by_key(|&(text, count)| (count, text))
            .map_or("", |(text, _)| text);
        if renderings.is_empty() {
            confidence = sure * count as f64 / own.len() as f64;
        }
        renderings.push(CandidateRendering {
            text: text.to_owned(),
            count,
        });
        left.retain(|unit| has(unit).is_none());
    }
    (renderings, confidence)
}

/// The run of words that fits best in these units, with how sure it is.
fn best(
    nl: &str,
    kind: CandidateKind,
    own: &[usize],
    first: bool,
    english: &EnglishSide<'_>,
) -> Option<(u64, f64)> {
    let mut together: FxHashMap<u64, (usize, WordRun, usize)> = FxHashMap::default();
    for &unit in own {
        for gram in &english.grams[unit] {
            together.entry(gram.key).or_insert((0, *gram, unit)).0 += 1;
        }
    }
    let parts = nl.split([' ', '-']).count();
    let name = kind != CandidateKind::Phrase;
    let mut ranked: Vec<(f64, usize, u64, f64)> = together
        .into_iter()
        .filter_map(|(key, (both, gram, unit))| {
            let text = gram.span.of(&english.units[unit].target.plain);
            if gram.words > parts + 2 {
                return None;
            }
            let all = english.spread.get(&key).copied().unwrap_or(both);
            let company = both as f64 / ((own.len() * all) as f64).sqrt();
            let alike = if name { similarity(nl, text) } else { 0.0 };
            let strong = both > 1
                && likelihood(both, own.len(), all, english.translated) >= SURE
                && company >= 0.5;
            let shown = match kind {
                CandidateKind::Name | CandidateKind::Acronym => gram.name,
                CandidateKind::Compound => true,
                CandidateKind::Phrase => !gram.name || gram.words > 1,
            };
            if !shown
                || english.is_taken(unit, &gram, alike)
                || !(strong && (first || company >= 0.7) || alike >= ALIKE)
            {
                return None;
            }
            let sure = if name {
                (0.5 * company + 0.6 * alike).max(if strong { 0.9 * company } else { 0.0 })
            } else {
                company
            };
            Some((sure.min(1.0), gram.words, key, alike))
        })
        .collect();
    ranked.sort_by(|a, b| {
        let order = |x: f64| (x * 100.0).round() as i64;
        (order(b.0), order(b.3), b.1, b.2).cmp(&(order(a.0), order(a.3), a.1, a.2))
    });
    ranked.first().map(|&(sure, _, key, _)| (key, sure))
}
