//! One side of a unit as the checks read it: its words in lower case, and what stands between them.
//!
//! `De VS betaalden € 1.300,50.` has the words `de`, `vs`, `betaalden`, `1.300,50`; the euro sign
//! is in the gap before the last one.

use super::literals::Literal;
use super::sentence_start::may_start_behind;
use crate::bitext::Span;
use std::cell::OnceCell;

/// What a word is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordShape {
    /// Letters.
    Letters,
    /// Digits, with their separators.
    Digits,
    /// Both, such as `A320`, `21e` or `15u30`.
    Mixed,
    /// Part of a web or e-mail address, a handle, a hashtag, a placeholder, a path, markup or
    /// something else that is not a word.
    Literal,
}

/// A word of a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewWord {
    /// Where, in bytes.
    pub span: Span,
    /// What it is made of.
    pub shape: WordShape,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether it has at least two capitals and no small letter.
    pub upper: bool,
    /// Whether a sentence or a quotation may begin here, so that its capital says nothing.
    pub opens: bool,
}

/// A text cut into words.
#[derive(Debug, Clone)]
pub struct TextView<'t> {
    /// The text.
    pub text: &'t str,
    /// The text in lower case; every character keeps its bytes' places, one that would not stays as
    /// it is.
    pub lower: String,
    /// Its words from left to right.
    pub words: Vec<ViewWord>,
    /// Its addresses, whole.
    pub addresses: Vec<Span>,
    /// Its placeholders, paths, tags and the like.
    pub(crate) literals: Vec<Literal>,
    /// Its characters without blanks, counted when first asked for.
    length: OnceCell<usize>,
}

impl<'t> TextView<'t> {
    /// Cuts a text. Time is linear in its length.
    pub fn new(text: &'t str) -> Self {
        let lower = lower(text);
        let addresses = super::addresses::addresses(text);
        let literals = super::literals::literals(text);
        let mut fixed = addresses.clone();
        fixed.extend(literals.iter().map(|literal| literal.span));
        fixed.sort_unstable();
        let mut words: Vec<ViewWord> = Vec::with_capacity(text.len() / 6 + 1);
        let mut at = 0;
        let mut next = 0;
        while let Some(c) = text[at..].chars().next() {
            if !c.is_alphanumeric() {
                at += c.len_utf8();
                continue;
            }
            let end = word_end(text, at, c);
            while fixed.get(next).is_some_and(|span| span.end <= at) {
                next += 1;
            }
            let inside = fixed.get(next).is_some_and(|span| span.start <= at);
            let before = words.last().map_or(0, |word| word.span.end);
            words.push(word(
                text,
                Span::new(at, end),
                &text[before..at],
                words.is_empty(),
                inside,
            ));
            at = end;
        }
        Self {
            text,
            lower,
            words,
            addresses,
            literals,
            length: OnceCell::new(),
        }
    }

    /// Number of characters without blanks.
    pub fn length(&self) -> usize {
        *self
            .length
            .get_or_init(|| self.text.chars().filter(|c| !c.is_whitespace()).count())
    }

    /// Number of words.
    #[inline]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A word in lower case; empty past the end.
    #[inline]
    pub fn word(&self, index: usize) -> &str {
        self.words
            .get(index)
            .map_or("", |word| word.span.of(&self.lower))
    }

    /// A word as written; empty past the end.
    #[inline]
    pub fn raw(&self, index: usize) -> &'t str {
        self.words
            .get(index)
            .map_or("", |word| word.span.of(self.text))
    }

    /// What stands between a word and the next, or the end.
    #[inline]
    pub fn gap(&self, index: usize) -> &'t str {
        let Some(word) = self.words.get(index) else {
            return "";
        };
        let end = self
            .words
            .get(index + 1)
            .map_or(self.text.len(), |next| next.span.start);
        &self.text[word.span.end..end]
    }

    /// What stands before a word, back to the one before it.
    pub fn gap_before(&self, index: usize) -> &'t str {
        let start = index
            .checked_sub(1)
            .map_or(0, |before| self.words[before].span.end);
        self.words
            .get(index)
            .map_or("", |word| &self.text[start..word.span.start])
    }

    /// Whether only blank space, or nothing but a hyphen, parts a word from the next.
    pub fn joined(&self, index: usize) -> bool {
        matches!(
            self.gap(index),
            " " | "\u{a0}" | "\u{202f}" | "\u{2009}" | "-" | "‑" | "/"
        )
    }

    /// The lower-case text of `count` words from `index`, if blanks, hyphens or slashes join them.
    pub fn phrase(&self, index: usize, count: usize) -> Option<&str> {
        let last = self.words.get(index + count - 1)?;
        (index..index + count - 1)
            .all(|i| self.joined(i))
            .then(|| &self.lower[self.words[index].span.start..last.span.end])
    }

    /// Whether one of the words is among `list`.
    pub fn has(&self, list: &[&str]) -> bool {
        (0..self.len()).any(|index| list.contains(&self.word(index)))
    }
}

/// Lower case that keeps the bytes' places.
fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(|c| {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
                _ => c,
            }
        })
        .collect()
}

/// Where the word that starts with `first` at `at` ends.
fn word_end(text: &str, at: usize, first: char) -> usize {
    if first.is_uppercase()
        && let Some(end) = dotted(text, at)
    {
        return end;
    }
    let mut end = at;
    let mut previous = first;
    let mut rest = text[at..].chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let inner = match c {
            '\'' | '’' => previous.is_alphabetic() && next.is_alphabetic(),
            '.' | ',' | ':' => previous.is_ascii_digit() && next.is_ascii_digit(),
            '\u{ad}' | '\u{0300}'..='\u{036f}' => true,
            _ => c.is_alphanumeric(),
        };
        if !inner {
            break;
        }
        end += c.len_utf8();
        previous = c;
    }
    end
}

/// The end of capitals with dots, such as `U.S.` or `D.C.`, which are one word.
fn dotted(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    let mut count = 0;
    let mut rest = text[at..].chars();
    while let (Some(c), Some('.')) = (rest.next(), rest.next()) {
        if !c.is_uppercase() {
            break;
        }
        end += c.len_utf8() + 1;
        count += 1;
    }
    (count >= 2 && !text[end..].starts_with(char::is_alphanumeric)).then_some(end)
}

fn word(text: &str, span: Span, gap: &str, first: bool, literal: bool) -> ViewWord {
    let own = span.of(text);
    let (mut digits, mut letters, mut capitals, mut small) = (false, false, 0, false);
    for c in own.chars() {
        if c.is_ascii_digit() {
            digits = true;
        } else if c.is_alphabetic() {
            letters = true;
            if c.is_uppercase() {
                capitals += 1;
            } else if c.is_lowercase() {
                small = true;
            }
        }
    }
    let shape = match (literal, digits, letters) {
        (true, ..) => WordShape::Literal,
        (_, true, true) => WordShape::Mixed,
        (_, true, false) => WordShape::Digits,
        _ => WordShape::Letters,
    };
    ViewWord {
        span,
        shape,
        capital: own.starts_with(char::is_uppercase),
        upper: capitals >= 2 && !small,
        opens: first || may_start_behind(gap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let side = TextView::new(text);
        (0..side.len())
            .map(|i| side.words[i].span.of(text))
            .collect()
    }

    #[test]
    fn numbers_acronyms_and_contractions_are_one_word() {
        assert_eq!(
            words("De U.S. betaalde € 1.300,50."),
            ["De", "U.S.", "betaalde", "1.300,50"]
        );
        assert_eq!(
            words("don’t A320 15u30 3-1 km²"),
            ["don’t", "A320", "15u30", "3", "1", "km²"]
        );
        assert_eq!(words("Hij zei 3. 'Ja'"), ["Hij", "zei", "3", "Ja"]);
    }

    #[test]
    fn lower_case_keeps_every_offset() {
        let text = "İstanbul ŁÓDŹ ß";
        let side = TextView::new(text);
        assert_eq!(side.lower.len(), text.len());
        assert_eq!(side.word(1), "łódź");
    }
}
