//! Words as terms are made of them: joined by hyphens, told apart from function words, compared as
//! they sound.
//!
//! `CIA-directeur` is one word here; `Tsjernobyl` and `Chernobyl` are alike, since Dutch writes
//! `tsj` where English writes `ch`.

use crate::bitext::{Span, words};
use crate::language::sentence_start::{Start, start};
use crate::language::word_lists;

/// The words of a text; parts joined by hyphens are one word.
#[derive(Debug, Clone, Default)]
pub struct CandidateTokens {
    /// Where they stand, in bytes.
    pub spans: Vec<Span>,
}

impl CandidateTokens {
    /// Cuts a text.
    pub fn new(text: &str) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        for word in words(text) {
            match spans.last_mut() {
                Some(last)
                    if matches!(&text[last.end..word.start], "-" | "\u{2010}" | "\u{2011}") =>
                {
                    last.end = word.end;
                }
                _ => spans.push(word),
            }
        }
        Self { spans }
    }

    /// Whether a word begins a sentence, or a quotation at its start.
    pub fn starts(&self, text: &str, index: usize) -> bool {
        start(text, self.spans[index].start) != Start::No
    }

    /// Whether nothing but a space stands between a word and the next one.
    pub fn joined(&self, text: &str, index: usize) -> bool {
        self.spans
            .get(index + 1)
            .is_some_and(|next| matches!(&text[self.spans[index].end..next.start], " " | "\u{a0}"))
    }

    /// The next word of a name that goes on at `index`: another part of a name, with particles
    /// before it (`Ursula von der Leyen`).
    pub fn run(&self, text: &str, index: usize, is_name: &impl Fn(usize) -> bool) -> Option<usize> {
        let mut next = index;
        for _ in 0..3 {
            if !self.joined(text, next) {
                return None;
            }
            next += 1;
            if is_name(next) {
                return Some(next);
            }
            let word = self.spans[next].of(text);
            if !word_lists::is("particle", word) {
                return None;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_join_words() {
        let text = "De CIA-directeur (Oost-Oekraïne) zei: “Ja.”";
        let tokens = CandidateTokens::new(text);
        let found: Vec<&str> = tokens.spans.iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["De", "CIA-directeur", "Oost-Oekraïne", "zei", "Ja"]);
        let starts: Vec<bool> = (0..5).map(|index| tokens.starts(text, index)).collect();
        assert_eq!(starts, [true, false, false, false, true]);
    }
}
