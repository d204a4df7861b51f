//! Splits a text that is longer than the model can read: at the end of a clause near the limit,
//! otherwise between words, otherwise between characters.
//!
//! "…, zei hij, terwijl …" is split after a comma, and inside a term only if no other place exists.
//! Nothing is dropped: the translated parts are joined with the white space of the source.

use super::vocab::{PieceToken, Vocab};
use std::ops::Range;

/// Source pieces that a model of this family was trained to read, EOS not counted.
pub const MAX_SOURCE_PIECES: usize = 127;

/// The parts of a tokenised text: ranges of `tokens`, none longer than [`MAX_SOURCE_PIECES`]; one
/// range for a text that fits. `terms` are byte ranges of `text`.
pub fn clause_parts(
    text: &str,
    tokens: &[PieceToken],
    vocab: &Vocab,
    terms: &[Range<usize>],
) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    while tokens.len() - start > MAX_SOURCE_PIECES {
        let end = start + MAX_SOURCE_PIECES;
        let torn = |at: usize| {
            let (before, behind) = (tokens[at - 1].span.end, tokens[at].span.start);
            let inside = |term: &Range<usize>| term.start < before && behind < term.end;
            terms.iter().any(inside)
        };
        let opens = |&at: &usize| vocab.opens_word(tokens[at].id) && !torn(at);
        let clause = |at: &usize| opens(at) && ends_clause(text, &tokens[at - 1]);
        // A clause may end anywhere in the second half; without one the part is as long as
        // possible.
        let cut = (start + MAX_SOURCE_PIECES / 2..=end)
            .rev()
            .find(clause)
            .or_else(|| (start + MAX_SOURCE_PIECES / 2..=end).rev().find(opens))
            .or_else(|| {
                (start + 1..=end)
                    .rev()
                    .find(|&at| !splits_character(tokens, at))
            })
            .unwrap_or(end);
        parts.push(start..cut);
        start = cut;
    }
    parts.push(start..tokens.len());
    parts
}

/// Whether a split before token `at` would separate the bytes of one character.
fn splits_character(tokens: &[PieceToken], at: usize) -> bool {
    tokens[at - 1].span.is_empty() && tokens[at].span.start == tokens[at - 1].span.start
}

fn ends_clause(text: &str, token: &PieceToken) -> bool {
    let piece = text.get(token.span.clone()).unwrap_or_default();
    piece
        .trim_end()
        .ends_with([',', ';', ':', '.', '!', '?', '…', '–', '—', ')', '”', '"'])
}
