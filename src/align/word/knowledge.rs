//! What is known before anything is learned: which word may become which.
//!
//! `huis` and `house` stand in the lexicon; `1.300` and `1,300` are one number; `Koersk` and
//! `Kursk` one name; `organisatie` and `organisation` look alike; `martelarenbijl` ends in a word
//! that becomes `axe`.

use super::corpus::{WordCorpus, WordForms};
use crate::align::lexicon::Lexicon;
use crate::bitext::LangPair;
use crate::language::Language;
use crate::language::compounds::parts;
use crate::language::quantity::{number_words, numeral};
use crate::language::spelling::{folded, likeness};
use crate::language::stems::english_stem;
use std::collections::HashMap;

/// Likeness from which two words count as cognates.
const COGNATE: f32 = 0.62;
/// What likeness counts where the lexicon has other words.
const COGNATE_OF_KNOWN: f32 = 0.5;
/// What the same form counts where the lexicon has other words: `die`, `of` and `was` are false
/// friends as often as not.
const SAME_OF_KNOWN: f32 = 0.3;
/// What another inflection of a rendering counts.
const INFLECTED: f32 = 0.8;
/// What the parts of a compound count, by whether the compound itself is in the lexicon.
const PART: (f32, f32) = (0.7, 0.5);
/// What the long and the short words of a rendering of several words count: `in front of`.
const SHARES: (f32, f32) = (0.8, 0.35);

/// The languages, and what is known of their words.
#[derive(Debug, Clone, Copy)]
pub struct WordKnowledge<'a> {
    /// Which words become which.
    pub(super) lexicon: &'a Lexicon,
    source: Language,
    target: Language,
}

impl<'a> WordKnowledge<'a> {
    /// What a lexicon knows about a pair of languages. Knowledge of Dutch and English is used where
    /// the pair has them.
    pub fn new(lexicon: &'a Lexicon, pair: &LangPair) -> Self {
        Self {
            lexicon,
            source: Language::of(&pair.source.base()),
            target: Language::of(&pair.target.base()),
        }
    }

    /// Whether Dutch becomes English.
    pub(super) fn is_dutch_to_english(&self) -> bool {
        self.source == Language::Dutch && self.target == Language::English
    }

    /// Links of the phrases that the lexicon has, where source and target have them once each: a
    /// glossary's terms of several words.
    pub(super) fn phrases(&self, forms: &WordForms) -> Vec<(usize, usize)> {
        let mut links = Vec::new();
        if !self.lexicon.has_phrases() {
            return links;
        }
        for first in &forms.source {
            for phrase in self.lexicon.phrases(first) {
                // a phrase of little words is everywhere
                let words: Vec<&str> = phrase.split(' ').collect();
                if words.iter().all(|word| word.len() <= 3) {
                    continue;
                }
                let Some(here) = once(&forms.source, &words) else {
                    continue;
                };
                let places = self
                    .lexicon
                    .get(phrase)
                    .into_iter()
                    .filter_map(|rendering| {
                        let words: Vec<&str> = rendering.text.split(' ').collect();
                        Some((once(&forms.target, &words)?, words.len()))
                    });
                // the longest rendering that stands there
                if let Some((there, count)) = places.max_by_key(|&(_, count)| count) {
                    for (i, s) in (here..here + words.len()).enumerate() {
                        for (j, t) in (there..there + count).enumerate() {
                            if i == j || words.len() != count {
                                links.push((s, t));
                            }
                        }
                    }
                }
            }
        }
        links
    }

    /// Credit, 0..=1, of each entry of the corpus's table of forms.
    pub(super) fn credits(&self, corpus: &WordCorpus) -> Vec<f32> {
        let target = WordSide::of(&corpus.target.forms, self.target);
        let mut credits = vec![0.0_f32; corpus.full.len()];
        for (s, form) in corpus.source.forms.iter().enumerate() {
            let row = corpus.full.row(s);
            let mut out = KnowledgeRow {
                words: &corpus.full.right[row.clone()],
                credits: &mut credits[row],
            };
            let renderings = self.lexicon.get(form);
            let is_known = !renderings.is_empty();
            for rendering in renderings {
                target.give(rendering.text, rendering.credit, &mut out);
            }
            if self.source == Language::Dutch {
                let weight = if is_known { PART.1 } else { PART.0 };
                for part in parts(form, &|word| self.lexicon.has(word)) {
                    for rendering in self.lexicon.get(part) {
                        target.give(rendering.text, weight * rendering.credit, &mut out);
                    }
                }
            }
            for value in values(form, self.source) {
                for &t in target.values.get(&value).into_iter().flatten() {
                    out.give(t, 1.0);
                }
            }
            if let Some(&t) = target.ids.get(form.as_str()) {
                let is_doubtful = is_known && form.chars().all(char::is_alphabetic);
                let is_short = form.chars().count() <= 3;
                match (is_doubtful, is_short) {
                    (false, _) => out.give(t, 1.0),
                    (true, false) => out.give(t, SAME_OF_KNOWN),
                    (true, true) => {}
                }
            }
            if is_name_like(form) {
                let mine = folded(form);
                let factor = if is_known { COGNATE_OF_KNOWN } else { 1.0 };
                for (at, &t) in out.words.iter().enumerate() {
                    let other = &target.folds[t as usize];
                    let (short, long) = (mine.len().min(other.len()), mine.len().max(other.len()));
                    // what cannot be alike enough is not compared
                    if (short as f32) < COGNATE * long as f32
                        || short < 4
                        || out.credits[at] >= factor
                    {
                        continue;
                    }
                    let alike = likeness(&mine, other);
                    if alike >= COGNATE {
                        out.credits[at] = out.credits[at].max(factor * alike);
                    }
                }
            }
        }
        credits
    }
}

/// Where a run of words stands, if it stands there once.
fn once(text: &[String], words: &[&str]) -> Option<usize> {
    let mut places = text
        .windows(words.len())
        .enumerate()
        .filter(|(_, window)| window.iter().eq(words));
    let (first, _) = places.next()?;
    places.next().is_none().then_some(first)
}

/// Whether a form is long enough to be compared letter by letter, and has letters only.
fn is_name_like(form: &str) -> bool {
    form.len() >= 4
        && form
            .chars()
            .all(|c| c.is_alphabetic() || c == '-' || c == '\'')
}

/// The values that a form names.
fn values(form: &str, tongue: Language) -> Vec<String> {
    if form.starts_with(|c: char| c.is_ascii_digit()) {
        return numeral::canonical(form).into_iter().collect();
    }
    number_words::spelled(form, tongue).map_or_else(Vec::new, |(values, _)| values)
}

/// The entries of one source form.
struct KnowledgeRow<'a> {
    words: &'a [u32],
    credits: &'a mut [f32],
}

impl KnowledgeRow<'_> {
    fn give(&mut self, target: u32, credit: f32) {
        if let Ok(at) = self.words.binary_search(&target) {
            self.credits[at] = self.credits[at].max(credit);
        }
    }
}

/// The target's forms, by what they are looked up by.
struct WordSide<'a> {
    ids: HashMap<&'a str, u32>,
    stems: HashMap<&'a str, Vec<u32>>,
    values: HashMap<String, Vec<u32>>,
    /// Folded spelling; empty where a form is not compared.
    folds: Vec<Vec<u8>>,
}

impl<'a> WordSide<'a> {
    fn of(forms: &'a [String], tongue: Language) -> Self {
        let mut side = Self {
            ids: HashMap::with_capacity(forms.len()),
            stems: HashMap::with_capacity(forms.len()),
            values: HashMap::new(),
            folds: Vec::with_capacity(forms.len()),
        };
        for (t, form) in forms.iter().enumerate() {
            let t = t as u32;
            side.ids.insert(form, t);
            if tongue == Language::English {
                side.stems.entry(english_stem(form)).or_default().push(t);
            }
            for value in values(form, tongue) {
                side.values.entry(value).or_default().push(t);
            }
            side.folds.push(if is_name_like(form) {
                folded(form)
            } else {
                Vec::new()
            });
        }
        side
    }

    /// Gives credit to a rendering of one word or several, and to its other inflections.
    fn give(&self, rendering: &str, credit: f32, out: &mut KnowledgeRow<'_>) {
        let is_phrase = rendering.contains(' ');
        for word in rendering.split(' ') {
            let share = match (is_phrase, word.len() > 3) {
                (false, _) => credit,
                (true, true) => credit * SHARES.0,
                (true, false) => credit * SHARES.1,
            };
            if let Some(&t) = self.ids.get(word) {
                out.give(t, share);
            }
            for &t in self.stems.get(english_stem(word)).into_iter().flatten() {
                out.give(t, share * INFLECTED);
            }
        }
    }
}
