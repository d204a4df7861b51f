//! Which words of a side have a counterpart on the other, by the lexicon, by spelling and by value.
//!
//! `De brug blijft dicht` → `The bridge remains closed`: `brug`, `blijft` and `dicht` are covered.
//! A word that no list knows is not evidence.

use crate::language::function_words::is_function_word;
use crate::language::quantity::is_number;
use crate::language::text_view::{TextView, WordShape};
use crate::language::{Language, lexicon, word_knowledge, word_lists};
use std::ops::Range;

/// What is known about a word's counterpart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    /// It stands on the other side.
    Found,
    /// It is known, and nothing like it stands there.
    Lost,
    /// A function word, or one that no list knows.
    Silent,
}

/// For every word of the Dutch, what the English has for it.
pub(super) fn of_source(source: &TextView<'_>, target: &TextView<'_>) -> Vec<Cover> {
    let standing =
        |part: &str| (0..target.len()).any(|j| word_knowledge::alike(target.word(j), part));
    let mut covers: Vec<Cover> = (0..source.len())
        .map(|at| {
            let word = source.word(at);
            // Numbers are compared elsewhere, by value.
            if source.words[at].shape != WordShape::Letters
                || word.len() < 3
                || is_function_word(word, Language::Dutch)
                || is_number(word)
            {
                return Cover::Silent;
            }
            if standing(word) {
                return Cover::Found;
            }
            match becomes(word, &standing) {
                Some(true) => Cover::Found,
                Some(false) => Cover::Lost,
                None => Cover::Silent,
            }
        })
        .collect();
    for (particle, renderings) in separated(source) {
        covers[particle] = if is_rendered(renderings, &standing) == Some(true) {
            Cover::Found
        } else {
            Cover::Lost
        };
    }
    covers
}

/// Verbs whose particle stands apart, `gaat … niet op`: where it stands, and what the two together
/// become. It ends its clause or comes before a preposition; before other words it is one itself.
fn separated<'a>(
    source: &'a TextView<'_>,
) -> impl Iterator<Item = (usize, impl Iterator<Item = &'static str> + use<>)> + 'a {
    let prepositions = word_lists::get("prepositions.dutch");
    let clauses = clauses(source, word_lists::get("clause.opening")).into_iter();
    let particles = clauses.flat_map(move |Range { start, end }| {
        (start..end)
            .filter(move |at| at + 1 == end || prepositions.contains(&source.word(at + 1)))
            .map(move |at| (start, at))
    });
    particles.filter_map(|(start, at)| {
        let mut verbs = (start..at).rev();
        let found =
            verbs.find_map(|verb| lexicon::separable(source.word(verb), source.word(at)))?;
        Some((at, found))
    })
}

/// Whether a rendering of the word, or of one of its parts, stands there; none for a word without
/// renderings.
fn becomes(word: &str, standing: &dyn Fn(&str) -> bool) -> Option<bool> {
    let any = |word: &str| is_rendered(word_knowledge::renderings(word)?, standing);
    any(word).or_else(|| {
        let (head, tail) = word_knowledge::parts(word)?;
        Some(any(head) == Some(true) || any(tail) == Some(true))
    })
}

/// Whether one of the renderings stands there; none where a function word may be one, which leaves
/// no trace.
fn is_rendered(
    renderings: impl Iterator<Item = &'static str>,
    standing: &dyn Fn(&str) -> bool,
) -> Option<bool> {
    let mut optional = false;
    for rendering in renderings {
        let mut words = rendering
            .split(' ')
            .filter(|part| !is_function_word(part, Language::English))
            .peekable();
        optional |= words.peek().is_none();
        if words.any(standing) {
            return Some(true);
        }
    }
    (!optional).then_some(false)
}

/// For every word of the English, what the Dutch has for it.
pub(super) fn of_target(source: &TextView<'_>, target: &TextView<'_>) -> Vec<Cover> {
    let mut given: Vec<&str> = Vec::new();
    for at in 0..source.len() {
        let word = source.word(at);
        given.push(word);
        let mut take = |word: &str| {
            if let Some(all) = word_knowledge::renderings(word) {
                given.extend(all.flat_map(|rendering| rendering.split(' ')));
            }
        };
        take(word);
        if let Some((head, tail)) = word_knowledge::parts(word) {
            take(head);
            take(tail);
        }
    }
    for (_, renderings) in separated(source) {
        given.extend(renderings.flat_map(|rendering| rendering.split(' ')));
    }
    (0..target.len())
        .map(|at| {
            let word = target.word(at);
            if target.words[at].shape != WordShape::Letters
                || word.len() < 3
                || is_function_word(word, Language::English)
            {
                return Cover::Silent;
            }
            if given.iter().any(|other| word_knowledge::alike(other, word)) {
                Cover::Found
            } else if word_knowledge::is_english(word) {
                Cover::Lost
            } else {
                Cover::Silent
            }
        })
        .collect()
}

/// Runs of words without a break: where a comma, a full stop, a dash or a bracket stands, and
/// before words that open a clause.
pub(super) fn clauses(side: &TextView<'_>, opening: &[&str]) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for at in 1..side.len() {
        let gap = side.gap_before(at);
        let breaks = gap.contains([
            ',', '.', ';', ':', '!', '?', '–', '—', '(', ')', '“', '”', '"', '‘',
        ]);
        if breaks || opening.contains(&side.word(at)) {
            clauses.push(start..at);
            start = at;
        }
    }
    if start < side.len() {
        clauses.push(start..side.len());
    }
    clauses
}
