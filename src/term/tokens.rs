//! Words as terms are made of them: joined by hyphens, told apart from function words, compared as they sound.
//!
//! `CIA-directeur` is one word here; `Tsjernobyl` and `Chernobyl` are alike, since Dutch writes `tsj` where English writes `ch`.

use super::countries;
use crate::bitext::{Span, words};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Function words by language; own work.
const WORDS: &str = include_str!("../../data/term/function.txt");

/// The lists of function words, and the adjectives of countries.
#[derive(Debug)]
pub struct Lists {
    words: HashMap<&'static str, HashSet<&'static str>>,
    adjectives: HashSet<&'static str>,
}

impl Lists {
    /// The lists, read once.
    pub fn get() -> &'static Self {
        static LISTS: OnceLock<Lists> = OnceLock::new();
        LISTS.get_or_init(|| Self {
            words: WORDS
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once(':'))
                .map(|(name, words)| (name, words.split_whitespace().collect()))
                .collect(),
            adjectives: countries::all()
                .iter()
                .flat_map(|country| country.adjectives.iter().copied())
                .collect(),
        })
    }

    /// Whether a word, in small letters, is in the list of this name.
    pub fn is(&self, list: &str, word: &str) -> bool {
        self.words
            .get(list)
            .is_some_and(|words| words.contains(word))
    }

    /// Whether a word is the adjective of a country.
    pub fn is_adjective(&self, word: &str) -> bool {
        self.adjectives.contains(word)
    }
}

/// The words of a text; parts joined by hyphens are one word.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// Where they stand, in bytes.
    pub spans: Vec<Span>,
}

impl Tokens {
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
        let before = text[..self.spans[index].start].trim_end_matches(|c: char| {
            c.is_whitespace()
                || ['"', '\'', '“', '‘', '”', '’', '„', '«', '(', '-', '–', '—'].contains(&c)
        });
        before.is_empty() || before.ends_with(['.', '!', '?', ':', '…', ';'])
    }

    /// Whether nothing but a space stands between a word and the next one.
    pub fn joined(&self, text: &str, index: usize) -> bool {
        self.spans
            .get(index + 1)
            .is_some_and(|next| matches!(&text[self.spans[index].end..next.start], " " | "\u{a0}"))
    }

    /// The next word of a name that goes on at `index`: another part of a name, with particles before it (`Ursula von der Leyen`).
    pub fn run(
        &self,
        text: &str,
        index: usize,
        lists: &Lists,
        is_name: &impl Fn(usize) -> bool,
    ) -> Option<usize> {
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
            if !lists.is("particle", word) || matches!(word, "the" | "and" | "of") {
                return None;
            }
        }
        None
    }
}

/// How alike two spellings of a name are, 0..=1: twice what they share over what they have, in order, once both are written as they sound.
pub fn similarity(dutch: &str, english: &str) -> f64 {
    let (a, b) = (sound(dutch), sound(english));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * shared(&a, &b) as f64 / (a.len() + b.len()) as f64
}

/// Length of the longest common subsequence.
fn shared(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y {
                diagonal + 1
            } else {
                row[at].max(above)
            };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Dutch and English spellings of one sound, the longer first.
const SOUNDS: [(&str, &str); 20] = [
    ("tsj", "C"),
    ("sch", "S"),
    ("ch", "C"),
    ("sj", "S"),
    ("sh", "S"),
    ("zj", "Z"),
    ("zh", "Z"),
    ("kh", "C"),
    ("oe", "u"),
    ("ou", "u"),
    ("oo", "o"),
    ("ee", "e"),
    ("ie", "i"),
    ("ij", "i"),
    ("ae", "a"),
    ("aa", "a"),
    ("ks", "x"),
    ("j", "i"),
    ("y", "i"),
    ("c", "k"),
];

/// A name as it sounds: small letters without accents, marks and doubled letters.
fn sound(text: &str) -> Vec<char> {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = text
        .nfd()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let mut out: Vec<char> = Vec::new();
    let mut rest = plain.as_str();
    while let Some(first) = rest.chars().next() {
        let sound = SOUNDS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling));
        let (length, next) = match sound {
            Some((spelling, sound)) => (spelling.len(), sound.chars().next().unwrap_or(first)),
            None => (first.len_utf8(), first),
        };
        if out.last() != Some(&next) {
            out.push(next);
        }
        rest = &rest[length..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_are_alike() {
        for (dutch, english) in [
            ("Koersk", "Kursk"),
            ("Poetin", "Putin"),
            ("Tsjernobyl", "Chernobyl"),
            ("Irkoetsk", "Irkutsk"),
            ("Zelenskyj", "Zelenskyy"),
        ] {
            assert!(similarity(dutch, english) >= 0.8, "{dutch} {english}");
        }
        assert!(similarity("Koersk", "Moscow") < 0.6);
        assert!(similarity("", "x") < 0.1);
    }

    #[test]
    fn hyphens_join_words() {
        let text = "De CIA-directeur (Oost-Oekraïne) zei: “Ja.”";
        let tokens = Tokens::new(text);
        let found: Vec<&str> = tokens.spans.iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["De", "CIA-directeur", "Oost-Oekraïne", "zei", "Ja"]);
        let starts: Vec<bool> = (0..5).map(|index| tokens.starts(text, index)).collect();
        assert_eq!(starts, [true, false, false, false, true]);
    }
}
