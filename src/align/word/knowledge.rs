//! What is known before anything is learned: which word may become which.
//!
//! `huis` and `house` stand in the lexicon; `1.300` and `1,300` are one number; `Koersk` and `Kursk` one name; `organisatie` and
//! `organisation` look alike; `martelarenbijl` ends in a word that becomes `axe`.

use super::compounds::parts;
use super::corpus::Corpus;
use crate::align::lexicon::Lexicon;
use crate::align::numbers;
use crate::align::similar::{folded, likeness};
use crate::align::tokens::{Tongue, english_stem};
use crate::bitext::LangPair;
use std::collections::HashMap;

/// The languages and what is known of their words.
#[derive(Debug)]
pub struct Knowledge<'a> {
    lexicon: &'a Lexicon,
    source: Tongue,
    target: Tongue,
}

/// Likeness from which two words count as cognates.
const COGNATE: f32 = 0.62;

impl<'a> Knowledge<'a> {
    /// What a lexicon knows about a pair of languages.
    pub fn new(lexicon: &'a Lexicon, pair: &LangPair) -> Self {
        Self { lexicon, source: Tongue::of(&pair.source.base()), target: Tongue::of(&pair.target.base()) }
    }

    /// Whether Dutch becomes English.
    pub(super) fn is_dutch(&self) -> bool {
        self.source == Tongue::Dutch && self.target == Tongue::English
    }

    /// The lexicon.
    pub(super) fn lexicon(&self) -> &Lexicon {
        self.lexicon
    }

    /// Credit 0..=1 of each entry of the corpus's table of forms.
    pub(super) fn credits(&self, corpus: &Corpus) -> Vec<f32> {
        let target = Side::of(&corpus.target.forms, self.target);
        let mut credits = vec![0.0_f32; corpus.full.len()];
        for (s, form) in corpus.source.forms.iter().enumerate() {
            let range = corpus.full.starts[s] as usize..corpus.full.starts[s + 1] as usize;
            let row = &corpus.full.right[range.clone()];
            let out = &mut credits[range];
            let mut give = |t: u32, credit: f32| {
                if let Ok(at) = row.binary_search(&t) {
                    out[at] = out[at].max(credit);
                }
            };
            let known = self.renderings(form);
            for (word, credit) in &known {
                target.give(word, *credit, &mut give);
            }
            if !known.is_empty() && !known.iter().any(|k| k.1 > 0.9) {
                // weakly known only
            }
            if self.source == Tongue::Dutch {
                let weight = if known.is_empty() { par!("CWU", 0.7) } else { par!("CWK", 0.5) };
                for part in parts(form, self.lexicon) {
                    for rendering in self.lexicon.get(part) {
                        for (word, share) in shares(rendering.text) {
                            target.give(word, weight * share * rendering.credit, &mut give);
                        }
                    }
                }
            }
            // same form, same value
            let is_word = form.chars().any(char::is_alphanumeric);
            if let Some(&t) = target.ids.get(form.as_str()) {
                let is_false_friend = is_word && !known.is_empty() && !form.starts_with(|c: char| c.is_ascii_digit());
                if !is_false_friend {
                    give(t, 1.0);
                } else if form.chars().count() > 3 {
                    give(t, par!("FF", 0.3));
                }
            }
            for value in values(form, self.source) {
                for &t in target.values.get(&value).into_iter().flatten() {
                    give(t, 1.0);
                }
            }
            // hyphenated: Oost-Duitse, and names that look alike
            let letters = form.chars().count();
            if letters >= 4 && form.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'') {
                let mine = folded(form);
                let factor = if known.is_empty() { 1.0 } else { par!("COGK", 0.5) };
                for (at, &t) in row.iter().enumerate() {
                    let other = &target.folds[t as usize];
                    if other.len() < 4 || out[at] >= 1.0 {
                        continue;
                    }
                    let alike = likeness(&mine, other);
                    if alike >= COGNATE {
                        out[at] = out[at].max(factor * alike);
                    }
                }
            }
        }
        credits
    }

    fn renderings<'b>(&'b self, form: &'b str) -> Vec<(&'b str, f32)> {
        let mut found = Vec::new();
        let mut add = |word: &str, factor: f32| {
            for rendering in self.lexicon.get(word) {
                for (part, share) in shares(rendering.text) {
                    found.push((part, factor * share * rendering.credit));
                }
            }
        };
        add(form, 1.0);
        found
    }
}

/// The words of a rendering, each with its share of the credit: all of it for one word, the content words most of it for several.
fn shares(text: &str) -> Vec<(&str, f32)> {
    if !text.contains(' ') {
        return vec![(text, 1.0)];
    }
    text.split(' ').map(|word| (word, if word.len() <= 3 { par!("SHF", 0.35) } else { par!("SHC", 0.8) })).collect()
}

/// The values that a form names.
fn values(form: &str, tongue: Tongue) -> Vec<String> {
    if form.starts_with(|c: char| c.is_ascii_digit()) {
        return numbers::value(form).into_iter().collect();
    }
    if tongue == Tongue::Other {
        return Vec::new();
    }
    numbers::words(form, tongue).map(|(values, _)| values).unwrap_or_default()
}

/// The target side, by what it is looked up by.
struct Side<'a> {
    ids: HashMap<&'a str, u32>,
    stems: HashMap<&'a str, Vec<u32>>,
    values: HashMap<String, Vec<u32>>,
    folds: Vec<Vec<u8>>,
}

impl<'a> Side<'a> {
    fn of(forms: &'a [String], tongue: Tongue) -> Self {
        let mut side = Self { ids: HashMap::new(), stems: HashMap::new(), values: HashMap::new(), folds: Vec::new() };
        for (t, form) in forms.iter().enumerate() {
            let t = t as u32;
            side.ids.insert(form, t);
            if tongue == Tongue::English {
                side.stems.entry(english_stem(form)).or_default().push(t);
            }
            for value in values(form, tongue) {
                side.values.entry(value).or_default().push(t);
            }
            side.folds.push(if form.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'') { folded(form) } else { Vec::new() });
        }
        side
    }

    fn give(&self, word: &str, credit: f32, give: &mut impl FnMut(u32, f32)) {
        if let Some(&t) = self.ids.get(word) {
            give(t, credit);
        }
        for &t in self.stems.get(english_stem(word)).into_iter().flatten() {
            give(t, credit * par!("STEM", 0.8));
        }
    }
}
