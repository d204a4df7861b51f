//! How sure a bead is: the probability that it is exactly right, from what speaks for and against
//! it.
//!
//! The shares of the dynamic program are honest in their order, not in their height: real editions
//! hold surprises that no path of it knows. Four signs and a constant make a probability of them,
//! by logistic regression over the development sets; `calibration_tests.rs` fits and judges
//! them. None of
//! the signs knows a language.

use super::beads::ScoredBead;
use super::evidence::SoftLexicon;
use super::score::Scorer;
use super::text_evidence::TextEvidence;
use super::tokens::TokenKind;

/// The kind of evidence that carries an alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConfidenceMode {
    /// Equal words, numbers, cognates, lengths, and what is learned.
    Alone,
    /// A lexicon that knows the words of the text.
    Lexicon,
    /// A translation of the source.
    Translation,
}

impl ConfidenceMode {
    /// Whether the lexicon carries: it knows a fifth of the words.
    pub fn of(source: &TextEvidence, soft: &SoftLexicon, matched: &[usize]) -> Self {
        let words = source
            .kinds
            .iter()
            .filter(|kind| matches!(kind, TokenKind::Word))
            .count();
        let matched = matched.iter().copied().max().unwrap_or(0);
        debug_assert_eq!(soft.len(), source.forms.len());
        if matched * 5 >= words && matched > 0 {
            Self::Lexicon
        } else {
            Self::Alone
        }
    }

    /// Coverage of a right pair, before anything was seen; measured on the development sets.
    pub fn strength(self) -> f32 {
        match self {
            Self::Alone => 0.2,
            Self::Lexicon => 0.68,
            Self::Translation => 0.6,
        }
    }
}

/// What speaks for a bead, in this order: the log-odds of its share of all paths; the strength of
/// the document's evidence; what its words would gain by joining a neighbour, in sentences of mean
/// weight (two sentences that exchange a clause gain much); how unsure its neighbourhood is, as a
/// logarithm.
pub(crate) type Features = [f32; 4];

/// Weights of the signs, and the constant.
const WEIGHTS: (Features, f32) = ([0.44, 3.08, -6.03, -0.67], -1.05);
/// By how much, in log-odds, confidence stays below what was fitted: texts that nobody has looked
/// at are harder than those that weights were chosen on.
const CAUTION: f32 = 0.3;
/// Beads on each side that are the neighbourhood.
const NEAR: usize = 4;

/// The probability that a bead with these signs is exactly right; certainty is a person's to give.
pub(crate) fn of(signs: &Features) -> f32 {
    weighed(signs, &WEIGHTS).min(0.999)
}

/// The same with other weights.
pub(super) fn weighed(signs: &Features, weights: &(Features, f32)) -> f32 {
    let sum: f32 = signs
        .iter()
        .zip(&weights.0)
        .map(|(sign, weight)| sign * weight)
        .sum();
    1.0 / (1.0 + (CAUTION - weights.1 - sum).exp())
}

/// The signs of every bead of a document.
pub(crate) fn signs(found: &[ScoredBead], scorer: &Scorer<'_>, strength: f32) -> Vec<Features> {
    let mut scratch = scorer.scratch();
    let words = |bead: &ScoredBead| bead.coverage * scorer.extent(&bead.source, &bead.target);
    let gains: Vec<f32> = found
        .windows(2)
        .map(|pair| {
            let (a, b) = (&pair[0], &pair[1]);
            let source = a.source.start..b.source.end;
            let target = a.target.start..b.target.end;
            if a.fixed.or(b.fixed).is_some() || !scorer.may_join(&source, &target) {
                return 0.0;
            }
            let both = ScoredBead {
                coverage: scorer.coverage(&mut scratch, source.clone(), target.clone()),
                source,
                target,
                ..a.clone()
            };
            words(&both) - words(a) - words(b)
        })
        .collect();
    (0..found.len())
        .map(|at| {
            let share = found[at].posterior.clamp(0.002_5, 0.999_9);
            let gain = gains[at.saturating_sub(1)..gains.len().min(at + 1)]
                .iter()
                .copied()
                .fold(0.0, f32::max);
            let near = &found[at.saturating_sub(NEAR)..found.len().min(at + NEAR + 1)];
            let unsure =
                near.iter().map(|bead| 1.0 - bead.posterior).sum::<f32>() / near.len() as f32;
            [
                (share / (1.0 - share)).ln(),
                strength,
                gain.min(1.0),
                (unsure + 0.01).ln(),
            ]
        })
        .collect()
}
