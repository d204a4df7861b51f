//! Word alignment from the decoder's attention: which stretch of the target came from which stretch
//! of the source.
//!
//! In "de inlichtingendienst" → "the intelligence service" the second Dutch word links to the last
//! two English ones.

use super::vocab::Vocab;
use std::ops::Range;

/// A source word and a target word that it was translated into.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionLink {
    /// Bytes of the source text.
    pub source: Range<usize>,
    /// Bytes of the target text.
    pub target: Range<usize>,
    /// Attention of the piece that decided, 0..=1.
    pub weight: f32,
}

/// The words of a token sequence: runs of tokens that begin where a piece opens a word. Returns
/// their token ranges and byte ranges.
fn words(vocab: &Vocab, ids: &[u32], spans: &[Range<usize>]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut words: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (at, (&id, span)) in ids.iter().zip(spans).enumerate() {
        if span.is_empty() && id == super::vocab::EOS {
            continue;
        }
        match words.last_mut() {
            Some((tokens, bytes)) if tokens.end == at && vocab.continues_word(id) => {
                tokens.end = at + 1;
                bytes.end = bytes.end.max(span.end);
            }
            _ => words.push((at..at + 1, span.clone())),
        }
    }
    words
}

/// One side of an alignment.
#[derive(Debug, Clone, Copy)]
pub struct TokenizedSide<'a> {
    /// The vocabulary of the ids.
    pub vocab: &'a Vocab,
    /// The text.
    pub text: &'a str,
    /// The ids of the text.
    pub ids: &'a [u32],
    /// Bytes of every id in the text.
    pub spans: &'a [Range<usize>],
}

/// Hard alignment: every target word takes the source word with the highest attention of any of its
/// pieces; EOS is left out on both sides. Shape of `alignment`: `[target ids][source ids]`.
pub fn links(
    source: TokenizedSide<'_>,
    target: TokenizedSide<'_>,
    alignment: &[Vec<f32>],
) -> Vec<AttentionLink> {
    let source_words = words(source.vocab, source.ids, source.spans);
    let mut found: Vec<AttentionLink> = Vec::new();
    for (tokens, bytes) in words(target.vocab, target.ids, target.spans) {
        let mut best: Option<(f32, usize)> = None;
        for row in alignment.get(tokens).unwrap_or_default() {
            for (token, &weight) in row.iter().enumerate() {
                if source.ids.get(token) != Some(&super::vocab::EOS)
                    && best.is_none_or(|(most, _)| weight > most)
                {
                    best = Some((weight, token));
                }
            }
        }
        let Some((weight, token)) = best else {
            continue;
        };
        let word = source_words
            .iter()
            .find(|(tokens, _)| tokens.contains(&token));
        let Some((_, from)) = word else { continue };
        let link = AttentionLink {
            source: trimmed(source.text, from),
            target: trimmed(target.text, &bytes),
            weight,
        };
        if !link.source.is_empty() && !link.target.is_empty() {
            found.push(link);
        }
    }
    found
}

/// A range without the white space at its ends.
fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}
