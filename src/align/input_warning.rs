//! Warnings about two texts that do not look like a text and its translation.
//!
//! The alignment is made all the same, with low confidence; a line says what the inputs probably
//! are.

use super::Segment;
use super::beads::ScoredBead;
use super::text_evidence::TextEvidence;
use crate::bitext::LangPair;
use crate::language::Language;
use crate::language::function_words::is_function_word;
use std::collections::HashSet;

/// What is odd about two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputWarning {
    /// The source has no text.
    SourceEmpty,
    /// The target has no text.
    TargetEmpty,
    /// Source and target stand in each other's place.
    Swapped,
    /// Both are the same text.
    Same,
    /// Both are in the source's language.
    BothSource,
    /// Both are in the target's language.
    BothTarget,
    /// One is this many times longer than the other.
    Lopsided(u32),
    /// Hardly anything speaks for one being a translation of the other.
    Unrelated,
}

impl InputWarning {
    /// Whether no bead deserves to be believed because of it.
    pub fn is_grave(&self) -> bool {
        matches!(
            self,
            Self::Unrelated | Self::Swapped | Self::BothSource | Self::BothTarget
        )
    }
}

impl std::fmt::Display for InputWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SourceEmpty => f.write_str(
                "the source has no text: everything in the target is \
                unpaired",
            ),
            Self::TargetEmpty => f.write_str(
                "the target has no text: everything in the source is \
                unpaired",
            ),
            Self::Swapped => f.write_str(
                "source and target look swapped: give the source first, \
                or set --from and --to",
            ),
            Self::Same => f.write_str(
                "source and target are the same text: was one file given \
                twice?",
            ),
            Self::BothSource => f.write_str(
                "both texts look like the source language: is the \
                second file the translation?",
            ),
            Self::BothTarget => f.write_str(
                "both texts look like the target language: is the \
                first file the original?",
            ),
            Self::Lopsided(times) => write!(
                f,
                "one text is {times} times longer than the other: \
                much of it has no partner"
            ),
            Self::Unrelated => f.write_str(
                "the texts do not look like translations of each \
                other: hardly anything in them agrees",
            ),
        }
    }
}

// The thresholds were set by hand and checked on the development sets of sentence alignment. None
// of the 440 right pairs of texts has a warning; the 439 Dutch–English ones have the one that fits
// when source and target are swapped, and when both texts are English; of 435 pairs made of two
// different articles, 434 are called unrelated or lopsided.

/// Times that one text is longer than the other, and bytes of the longer one, from which the pair
/// is lopsided.
const LOPSIDED: (usize, usize) = (4, 400);
/// Product of probability and coverage from which a bead counts as paired.
const PAIRED: f32 = 0.12;
/// Share of the shorter text's weight below which too little is paired for a translation; and beads
/// from which a text is long enough to say so.
const UNRELATED: (f32, usize) = (0.3, 5);
/// Leaning of the function words towards one language from which a text is in it, 0..=1; and
/// function words from which a text is long enough to say so.
const LEANING: (f64, u32) = (0.4, 12);
/// Bytes of a line that two texts hardly share by chance.
const LONG_LINE: usize = 20;

/// Looks at the texts and at what was found.
pub(crate) fn input_warnings(
    source: &[Segment<'_>],
    target: &[Segment<'_>],
    pair: &LangPair,
    found: &[ScoredBead],
    side: &TextEvidence,
) -> Vec<InputWarning> {
    let size =
        |segments: &[Segment<'_>]| segments.iter().map(|s| s.text.trim().len()).sum::<usize>();
    let (here, there) = (size(source), size(target));
    match (here, there) {
        (0, 0) => return Vec::new(),
        (0, _) => return vec![InputWarning::SourceEmpty],
        (_, 0) => return vec![InputWarning::TargetEmpty],
        _ => {}
    }
    if is_same(source, target) {
        return vec![InputWarning::Same];
    }
    let mut input_warnings = Vec::new();
    input_warnings.extend(languages(source, target, pair));
    let times = here.max(there) / here.min(there);
    if times >= LOPSIDED.0 && here.max(there) > LOPSIDED.1 {
        input_warnings.push(InputWarning::Lopsided(times as u32));
    }
    // The weight of what is paired with some certainty, next to the shorter side's.
    let paired: f32 = found
        .iter()
        .filter(|bead| {
            !bead.target.is_empty()
                && (bead.posterior * bead.coverage > PAIRED || bead.fixed.is_some())
        })
        .flat_map(|bead| bead.source.clone())
        .map(|i| side.masses[i])
        .sum();
    let all: f32 = side.masses.iter().sum();
    let share = paired / all
        * if here > there {
            here as f32 / there as f32
        } else {
            1.0
        };
    if input_warnings.is_empty() && found.len() >= UNRELATED.1 && share < UNRELATED.0 {
        input_warnings.push(InputWarning::Unrelated);
    }
    input_warnings
}

/// Whether four fifths of the source's lines stand in the target as they are.
fn is_same(source: &[Segment<'_>], target: &[Segment<'_>]) -> bool {
    let lines: HashSet<&str> = target.iter().map(|s| s.text.trim()).collect();
    let long: Vec<&str> = source
        .iter()
        .map(|s| s.text.trim())
        .filter(|t| t.len() >= LONG_LINE)
        .collect();
    let same = long.iter().filter(|text| lines.contains(**text)).count();
    !long.is_empty()
        && same * 5 >= long.len() * 4
        && (long.len() >= 3 || source.len() == target.len())
}

/// What the function words say about Dutch and English.
fn languages(
    source: &[Segment<'_>],
    target: &[Segment<'_>],
    pair: &LangPair,
) -> Option<InputWarning> {
    let bases = (pair.source.base(), pair.target.base());
    let tongues = (Language::of(&bases.0), Language::of(&bases.1));
    if tongues.0 == Language::Other || tongues.1 == Language::Other || tongues.0 == tongues.1 {
        return None;
    }
    // How far a text looks like the target language rather than the source language, -1..=1.
    let leaning = |segments: &[Segment<'_>]| {
        let (mut own, mut other) = (0_u32, 0_u32);
        let words = segments
            .iter()
            .take(400)
            .flat_map(|s| s.text.split_whitespace());
        for word in words.take(4_000) {
            let word = word.to_lowercase();
            let (a, b) = (
                is_function_word(&word, tongues.0),
                is_function_word(&word, tongues.1),
            );
            own += u32::from(a && !b);
            other += u32::from(b && !a);
        }
        let sum = own + other;
        if sum < LEANING.1 {
            0.0
        } else {
            (f64::from(other) - f64::from(own)) / f64::from(sum)
        }
    };
    let (here, there) = (leaning(source), leaning(target));
    let (is_target, is_source) = (|lean| lean > LEANING.0, |lean| lean < -LEANING.0);
    if is_target(here) && is_source(there) {
        Some(InputWarning::Swapped)
    } else if is_target(here) && is_target(there) {
        Some(InputWarning::BothTarget)
    } else if is_source(here) && is_source(there) {
        Some(InputWarning::BothSource)
    } else {
        None
    }
}
