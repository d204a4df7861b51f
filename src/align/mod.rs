//! Aligns two texts that exist already, sentence by sentence.
//!
//! Evidence (equal words, numbers, names, cognates, lexicons, translations) becomes a soft lexicon
//! of the two texts; a dynamic program finds the beads; what it is sure of teaches it more words,
//! and it looks again. Neither a neural model nor a network is needed. Every bead carries the
//! probability that it is exactly right.
//!
//! `Zij won.` · `Hij verloor.` next to `She won and he lost.` → one bead 2:1

pub(crate) mod beads;
#[cfg(test)]
mod calibration_tests;
mod chain;
mod confidence;
mod crossing;
mod evidence;
mod input_warning;
mod learn;
pub mod lexicon;
mod lone_gap;
mod quantities;
pub(crate) mod score;
pub(crate) mod sentence;
mod shuffled;
mod text_evidence;
mod tokens;
mod units;
mod vectors;
pub mod word;

pub use crate::language::furniture::is_furniture;
pub use crossing::Crossing;
pub use input_warning::InputWarning;
pub use lexicon::{Lexicon, LexiconEntry, LexiconSource};
pub use sentence::{in_parallel, sentences};
pub use shuffled::is_shuffled;
pub use units::{mark_moved, segments, units};
pub use vectors::Vectors;

use crate::bitext::{Bead, LangPair};

/// A sentence of one of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a> {
    /// What it says; an empty line is empty, stays alone, and parts paragraphs.
    pub text: &'a str,
    /// Whether a paragraph begins with it.
    pub opens: bool,
    /// Whether it is page furniture.
    pub furniture: bool,
}

impl<'a> Segment<'a> {
    /// The sentences of a text that is one paragraph; `furniture` says of each whether it is page
    /// furniture.
    pub fn listed(texts: &'a [String], furniture: &[bool]) -> Vec<Self> {
        texts
            .iter()
            .zip(furniture)
            .map(|(text, &furniture)| Self {
                text,
                opens: false,
                furniture,
            })
            .collect()
    }
}

/// What is known beside the two texts.
#[derive(Debug, Clone, Copy)]
pub struct AlignOptions<'a> {
    /// From which language to which.
    pub pair: &'a LangPair,
    /// Lexicons of all origins.
    pub lexicon: &'a Lexicon,
    /// Translations of the source sentences into the target language; one entry per sentence, an
    /// empty one where there is none.
    pub translations: Option<&'a [String]>,
    /// A vector of every sentence, if there are some; one row per sentence.
    pub vectors: Option<Vectors<'a>>,
    /// Node (source sentence, target sentence) before which the texts are cut, as a person said;
    /// ascending.
    pub anchors: &'a [(usize, usize)],
    /// Beads that a person has approved; ascending, and never changed.
    pub fixed: &'a [Bead],
    /// Sentences of a bead at most, both sides together; 2 to 8.
    pub max_bead: usize,
    /// Whether only 1:1 and null beads are allowed.
    pub one_to_one: bool,
    /// Threads that may be used; the answer is the same for any number.
    pub threads: usize,
}

/// The largest bead, both sides together, where the user says nothing.
pub const MAX_BEAD: usize = 6;

impl<'a> AlignOptions<'a> {
    /// A pair of languages and lexicons, and nothing else.
    pub fn new(pair: &'a LangPair, lexicon: &'a Lexicon) -> Self {
        Self {
            pair,
            lexicon,
            translations: None,
            vectors: None,
            anchors: &[],
            fixed: &[],
            max_bead: MAX_BEAD,
            one_to_one: false,
            threads: 1,
        }
    }
}

/// Two texts aligned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alignment {
    /// The beads, in order; they are monotone and cover both sides.
    pub beads: Vec<Bead>,
    /// Per source of the lexicon the number of different source words for which it knew a word that
    /// stands in the target text.
    pub matched: Vec<usize>,
    /// What the texts look like, where they do not look like a text and its translation.
    pub input_warnings: Vec<InputWarning>,
    /// Passages without a partner that look like each other: they were moved.
    pub crossings: Vec<Crossing>,
}
