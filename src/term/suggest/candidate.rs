//! A term that the glossary may lack, and where it stands in the pairs.

use crate::bitext::Span;
use crate::term::concept::{Concept, Policy, Status};

/// Renderings of a candidate that are looked for.
pub(super) const RENDERINGS: usize = 4;

/// What kind of thing a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CandidateKind {
    /// A run of words with capitals.
    Name,
    /// Two capitals or more: NAVO, MI6.
    Acronym,
    /// Words joined by a hyphen.
    Compound,
    /// Ordinary words that recur together.
    Phrase,
}

impl CandidateKind {
    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Acronym => "acronym",
            Self::Compound => "compound",
            Self::Phrase => "phrase",
        }
    }

    /// How much a candidate of this kind is worth, against a name.
    pub(super) const fn worth(self) -> f64 {
        match self {
            Self::Name | Self::Compound => 1.0,
            Self::Acronym => 0.9,
            Self::Phrase => 0.3,
        }
    }
}

/// How much is looked for.
#[derive(Debug, Clone, Copy)]
pub struct SuggestOptions {
    /// Times that a name has to occur; phrases one time more.
    pub least: usize,
    /// Candidates to be given, at most.
    pub most: usize,
}

impl Default for SuggestOptions {
    fn default() -> Self {
        Self {
            least: 2,
            most: 200,
        }
    }
}

/// English that the pairs give a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateRendering {
    /// The words.
    pub text: String,
    /// In how many occurrences.
    pub count: usize,
}

/// Something that the glossary may lack.
#[derive(Debug, Clone, PartialEq)]
pub struct TermCandidate {
    /// The Dutch.
    pub nl: String,
    /// What kind of thing it is.
    pub kind: CandidateKind,
    /// How often it occurs.
    pub count: usize,
    /// Its English, the most frequent first; empty where the pairs show none.
    pub english: Vec<CandidateRendering>,
    /// How sure the English is, 0..=1.
    pub confidence: f64,
    /// Usefulness; only the order matters.
    pub score: f64,
    /// The units in which it occurs, by position.
    pub units: Vec<usize>,
}

impl TermCandidate {
    /// The entry that the candidate would be; none where the pairs show no English.
    pub fn entry(&self) -> Option<Concept> {
        let first = self.english.first()?;
        let others: Vec<&CandidateRendering> = self.english.iter().skip(1).collect();
        let shown: Vec<String> = others
            .iter()
            .map(|other| format!("{} {}×", other.text, other.count))
            .collect();
        let mut note = format!("{}× in the pairs", self.count);
        if !shown.is_empty() {
            note.push_str(&format!("; also {}", shown.join(", ")));
        }
        let name = matches!(self.kind, CandidateKind::Name | CandidateKind::Acronym);
        Some(Concept {
            numbered: true,
            nl: self.nl.clone(),
            en: first.text.clone(),
            en_accept: if name {
                Vec::new()
            } else {
                others.iter().map(|other| other.text.clone()).collect()
            },
            policy: match self.kind {
                _ if first.text == self.nl => Policy::Keep,
                CandidateKind::Name | CandidateKind::Acronym => Policy::Exact,
                CandidateKind::Compound | CandidateKind::Phrase => Policy::Variant,
            },
            repair: true,
            pos: if name { "PROPN" } else { "" }.into(),
            status: Status::Proposed,
            note,
            ..Concept::default()
        })
    }
}

/// Where a candidate stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct CandidatePlace {
    /// Position of its unit.
    pub unit: usize,
    /// In bytes of the unit's source.
    pub span: Span,
}
