//! Cuts what is longer than the model can read: at the end of a clause near the limit, else between words, else where it must be.
//!
//! "…, zei hij, terwijl …" is cut behind a comma, and never inside a term if that can be helped. Nothing is dropped; the parts are joined with the white space that stood between them.

use super::vocab::{PieceToken, Vocab};
use std::ops::Range;

/// Source pieces that a model of this family was trained to read, EOS not counted.
pub const LIMIT: usize = 127;

/// The parts of a tokenised text: ranges of its tokens, none longer than [`LIMIT`]. One part for a text that fits. `terms` are bytes of the text.
pub fn parts(
    text: &str,
    tokens: &[PieceToken],
    vocab: &Vocab,
    terms: &[Range<usize>],
) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    while tokens.len() - start > LIMIT {
        let end = start + LIMIT;
        let torn = |at: usize| {
            let (before, behind) = (tokens[at - 1].span.end, tokens[at].span.start);
            let inside = |term: &Range<usize>| term.start < before && behind < term.end;
            terms.iter().any(inside)
        };
        let opens = |&at: &usize| vocab.opens_word(tokens[at].id) && !torn(at);
        let clause = |at: &usize| opens(at) && ends_clause(text, &tokens[at - 1]);
        // A clause may end anywhere in the second half; otherwise the part should be as long as possible.
        let cut = (start + LIMIT / 2..=end)
            .rev()
            .find(clause)
            .or_else(|| (start + LIMIT / 2..=end).rev().find(opens))
            .or_else(|| (start + 1..=end).rev().find(|&at| !inside(tokens, at)))
            .unwrap_or(end);
        parts.push(start..cut);
        start = cut;
    }
    parts.push(start..tokens.len());
    parts
}

/// Whether the bytes of one character would be torn apart.
fn inside(tokens: &[PieceToken], at: usize) -> bool {
    tokens[at - 1].span.is_empty() && tokens[at].span.start == tokens[at - 1].span.start
}

fn ends_clause(text: &str, token: &PieceToken) -> bool {
    let piece = text.get(token.span.clone()).unwrap_or_default();
    piece
        .trim_end()
        .ends_with([',', ';', ':', '.', '!', '?', '…', '–', '—', ')', '”', '"'])
}
