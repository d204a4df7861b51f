//! Finds terms in Dutch: the longest form at every border of a word, from the left, with exact
//! offsets.
//!
//! Every form begins with a word of its own, so one look-up per word of the text gives the
//! lengths worth comparing: half a million forms cost no more than five, and nothing has to be
//! compiled.

use super::concept::{Concept, Condition, Status};
use super::forms::{self, FormKind};
use crate::bitext::Span;
use crate::language::folding::{first_word, is_word, last_word};
use rustc_hash::FxHashMap;

/// A meaning of a form.
#[derive(Debug, Clone, Copy)]
pub struct FormReading {
    pub entry: u32,
    pub kind: FormKind,
    /// The next reading of the same form.
    next: Option<u32>,
}

/// The forms of a glossary, ready for looking up.
#[derive(Debug, Default)]
pub struct Matcher {
    /// For the first word of any form, the lengths that such forms have, longest first.
    lengths: FxHashMap<Box<str>, Vec<u32>>,
    /// For every form its first reading.
    forms: FxHashMap<Box<str>, u32>,
    readings: Vec<FormReading>,
    /// The countries that entries of persons name.
    pub persons: FxHashMap<u32, &'static str>,
    /// Whether any entry asks which country is in force.
    pub asks_country: bool,
}

/// A form found in a text, before the entry is chosen.
pub struct FormMatch {
    /// In the folded text.
    pub span: Span,
    /// Its first reading.
    pub reading: u32,
}

/// Words before a hyphen that do not make another name of what follows: pro-Kremlin.
const PREFIXES: [&str; 14] = [
    "pro", "anti", "ex", "oud", "non", "niet", "post", "pre", "mede", "half", "semi", "pan",
    "trans", "inter",
];

impl Matcher {
    /// Takes the forms of all entries that are in force.
    pub fn new(entries: &[Concept]) -> Self {
        let mut matcher = Self {
            forms: FxHashMap::with_capacity_and_hasher(
                entries.len() * 4,
                rustc_hash::FxBuildHasher,
            ),
            ..Self::default()
        };
        for (index, entry) in entries.iter().enumerate() {
            if entry.status == Status::Deprecated {
                continue;
            }
            let index = index as u32;
            for form in forms::of(entry) {
                matcher.add(index, form.text, form.kind);
            }
            matcher.asks_country |= entry
                .when
                .iter()
                .any(|when| matches!(when, Condition::Country(_)));
            if let Some(code) = entry.country() {
                matcher.persons.insert(index, code);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for lengths in matcher.lengths.values_mut() {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            lengths.dedup();
        }
        matcher
    }

    fn add(&mut self, entry: u32, text: String, kind: FormKind) {
        let head = head(&text);
        let length = text.len() as u32;
        match self.lengths.get_mut(head) {
            Some(lengths) => {
                if !lengths.contains(&length) {
                    lengths.push(length);
                }
            }
            None => {
                self.lengths.insert(head.into(), vec![length]);
            }
        }
        let next = self.forms.get(text.as_str()).copied();
        self.forms
            .insert(text.into_boxed_str(), self.readings.len() as u32);
        self.readings.push(FormReading { entry, kind, next });
    }

    /// The longest forms within a range that do not overlap, from the left; the first one shorter
    /// than `below` bytes.
    pub fn find(&self, text: &str, within: Span, below: usize) -> Vec<FormMatch> {
        let mut found = Vec::new();
        let mut at = within.start;
        while at < within.end {
            let head = head(&text[at..]);
            let fits =
                |length: usize| at + length <= within.end && (at > within.start || length < below);
            let longest = self.lengths.get(head).and_then(|lengths| {
                lengths.iter().find_map(|&length| {
                    let span = Span::new(at, at + length as usize);
                    let form = text.get(span.start..span.end)?;
                    let reading = *self.forms.get(form)?;
                    (fits(form.len()) && stands_alone(text, span))
                        .then_some(FormMatch { span, reading })
                })
            });
            match longest {
                Some(own) => {
                    at = own.span.end;
                    found.push(own);
                }
                None => at += head.len(),
            }
        }
        found
    }

    /// The readings of a form.
    pub fn readings(&self, first: u32) -> impl Iterator<Item = FormReading> {
        let mut next = Some(first);
        std::iter::from_fn(move || {
            let reading = *self.readings.get(next? as usize)?;
            next = reading.next;
            Some(reading)
        })
    }
}

/// The first word of a text, or its first character where that is not a letter or digit.
fn head(text: &str) -> &str {
    let word = first_word(text);
    if word.is_empty() {
        &text[..text.chars().next().map_or(0, char::len_utf8)]
    } else {
        word
    }
}

/// Whether a form stands on word borders; a word and a hyphen on its left make another name of it
/// (Oost-Oekraïne), a hyphen on its right a compound (MI6-chef).
fn stands_alone(text: &str, span: Span) -> bool {
    if text[span.end..].starts_with(is_word) {
        return false;
    }
    let left = &text[..span.start];
    let Some(before) = left.strip_suffix('-') else {
        return !(left.ends_with(is_word) && text[span.start..].starts_with(is_word));
    };
    let word = last_word(before);
    word.is_empty()
        || PREFIXES.contains(&word.to_lowercase().as_str())
        || is_coordinated(before, word)
}

/// Whether the word shares its head with one before: `Noord- en Zuid-`.
fn is_coordinated(before: &str, word: &str) -> bool {
    let left = &before[..before.len() - word.len()];
    [" en ", " of "].iter().any(|and| {
        left.strip_suffix(and)
            .is_some_and(|left| left.ends_with('-'))
    })
}
