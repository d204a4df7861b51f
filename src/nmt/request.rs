//! What a translator is asked, and what it answers.

use super::constraints::ConstraintOutcome;
use super::links::AttentionLink;
use std::ops::Range;

/// One text to translate: a sentence, or a longer piece, which is then cut at clauses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NmtRequest {
    /// The source text.
    pub text: String,
    /// Target ids to begin with.
    pub prefix: Vec<u32>,
    /// Target ids that are the whole answer: gives their probabilities and their alignment. The text is not cut.
    pub force: Option<Vec<u32>>,
    /// Terms whose forms must appear.
    pub terms: Vec<TermConstraint>,
    /// Forms that must not appear as words of their own, letter by letter.
    pub ban: Vec<String>,
    /// How many alternatives are wanted beside the answer; 0 for none.
    pub nbest: usize,
    /// Width of the search; up to 1 is greedy.
    pub beam: usize,
}

impl NmtRequest {
    /// A plain text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// A term of the source and what it may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermConstraint {
    /// Its bytes in the text.
    pub source: Range<usize>,
    /// The allowed forms; of several the likeliest is taken.
    pub forms: Vec<String>,
}

/// A translation and what the decoder knows about it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NmtAnswer {
    /// The target text.
    pub target: String,
    /// Target ids, with the final 0 where the model ended by itself.
    pub tokens: Vec<u32>,
    /// Natural-log probability of every token. With a shortlist the sum is over its candidates.
    pub logprobs: Vec<f32>,
    /// Logit of the best candidate minus that of the second best, for every token; small means unsure.
    pub margins: Vec<f32>,
    /// For every token one number per source token; sums to 1.
    pub alignment: Vec<Vec<f32>>,
    /// What the model would have chosen at every step.
    pub best: Vec<u32>,
    /// Source ids, EOS included.
    pub source_tokens: Vec<u32>,
    /// Bytes of every source token in the text.
    pub source_spans: Vec<Range<usize>>,
    /// Bytes of every target token in the target.
    pub target_spans: Vec<Range<usize>>,
    /// Which source word became which target word.
    pub links: Vec<AttentionLink>,
    /// Alternatives that keep terms and bans, best first.
    pub nbest: Vec<NmtAlternative>,
    /// How each term of the request was kept; none if it was not.
    pub constraints: Vec<Option<ConstraintOutcome>>,
    /// Into how many parts the text was cut; 1 if it was not.
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

/// How the work is done. No choice here changes an answer, but for the shortlist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NmtOptions {
    /// How many batches are worked on at once.
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
