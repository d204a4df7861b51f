//! Requests to a model, and its answers.

use super::constraints::ConstraintOutcome;
use super::links::AttentionLink;
use std::ops::Range;

/// A text to translate: a sentence, or a longer text, which is then split at clauses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NmtRequest {
    /// The source text.
    pub text: String,
    /// Target ids that the translation must begin with.
    pub prefix: Vec<u32>,
    /// Target ids of the whole translation (forced decoding): the answer has their probabilities
    /// and their alignment. The text is not split.
    pub force: Option<Vec<u32>>,
    /// Terms whose forms must appear.
    pub terms: Vec<TermConstraint>,
    /// Forms that must not appear as words of their own, case-sensitive.
    pub ban: Vec<String>,
    /// Alternatives wanted in [`NmtAnswer::nbest`]; 0 for none.
    pub nbest: usize,
    /// Width of the beam search; 0 and 1 are greedy.
    pub beam: usize,
}

impl NmtRequest {
    /// A text without constraints.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// A source term and its allowed translations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermConstraint {
    /// Bytes of the term in the request's text.
    pub source: Range<usize>,
    /// The allowed forms; the decoder takes the likeliest.
    pub forms: Vec<String>,
}

/// A translation with the decoder's figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NmtAnswer {
    /// The target text.
    pub target: String,
    /// Target ids, with EOS (0) at the end if the model ended the sentence.
    pub tokens: Vec<u32>,
    /// Natural-log probability of every token, ≤ 0. With a shortlist the softmax covers its
    /// candidates only.
    pub logprobs: Vec<f32>,
    /// Logit of the best candidate minus that of the second best, per token, ≥ 0; small values mean
    /// that the model was unsure.
    pub margins: Vec<f32>,
    /// Attention weights, `[tokens][source tokens]`; every row sums to 1.
    pub alignment: Vec<Vec<f32>>,
    /// The id that the model preferred at every step.
    pub best: Vec<u32>,
    /// Source ids, with EOS.
    pub source_tokens: Vec<u32>,
    /// Bytes of every source token in the request's text.
    pub source_spans: Vec<Range<usize>>,
    /// Bytes of every target token in `target`.
    pub target_spans: Vec<Range<usize>>,
    /// Source words with the target words that they became.
    pub links: Vec<AttentionLink>,
    /// Translations that satisfy all terms and bans, best first.
    pub nbest: Vec<NmtAlternative>,
    /// How every term of the request was satisfied; `None` if it was not.
    pub constraints: Vec<Option<ConstraintOutcome>>,
    /// Number of parts that the text was split into; 1 if it was not split.
    pub parts: usize,
}

impl NmtAnswer {
    /// Mean log-probability of a token; 0 for an empty answer.
    pub fn score(&self) -> f32 {
        super::float::sum(&self.logprobs) / self.logprobs.len().max(1) as f32
    }
}

/// Another translation.
#[derive(Debug, Clone, PartialEq)]
pub struct NmtAlternative {
    /// The target text.
    pub target: String,
    /// Its ids.
    pub tokens: Vec<u32>,
    /// Mean log-probability of a token.
    pub score: f32,
}

/// How the work is done. Only the shortlist can change an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NmtOptions {
    /// Threads; each works on one batch at a time.
    pub threads: usize,
    /// Source tokens of a batch, padding counted; 1 means one text at a time.
    pub batch_words: usize,
    /// Whether the lexical shortlist is used, if the model has one.
    pub shortlist: bool,
}

impl Default for NmtOptions {
    fn default() -> Self {
        Self {
            threads: 1,
            batch_words: 1024,
            shortlist: true,
        }
    }
}
