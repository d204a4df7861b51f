//! The pairs as numbers: forms, their prefixes, and every pair of forms that meets in a pair of
//! sentences.
//!
//! `De bijl` and `The axe`: forms `de`, `bijl` and `the`, `axe`; entries `de`–`the`, `de`–`axe`,
//! `bijl`–`the`, `bijl`–`axe`.

use crate::language::folding::single_spaced;
use std::collections::HashMap;

/// Letters of a form that carry its meaning; what follows is mostly inflection. Source: eflomal's
/// best setting for Dutch.
const PREFIX: usize = 5;

/// A pair of sentences as forms, see [`normal`], and the links that are known beforehand.
#[derive(Debug, Default)]
pub(super) struct WordForms {
    pub source: Vec<String>,
    pub target: Vec<String>,
    pub certain: Vec<(usize, usize)>,
}

/// A word as it counts: lower case, one kind of quotation mark, one kind of dash.
pub(super) fn normal(word: &str) -> String {
    match word {
        "“" | "”" | "„" | "''" | "``" | "«" | "»" | "‟" => "\"".into(),
        "‘" | "’" | "‚" | "`" => "'".into(),
        "–" | "—" | "--" => "-".into(),
        _ => single_spaced(word),
    }
}

/// The forms of one language, numbered in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    pub forms: Vec<String>,
    /// How often each form stands in the corpus.
    pub counts: Vec<u32>,
    /// p(form | its prefix).
    pub share: Vec<f32>,
    /// The number of each form's prefix.
    prefix: Vec<u32>,
    prefixes: usize,
}

impl Vocabulary {
    fn of<'a>(sentences: impl Iterator<Item = &'a [String]>) -> (Self, Vec<Vec<u32>>) {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut heads: HashMap<&str, u32> = HashMap::new();
        let mut all = Self::default();
        let mut number = |form: &'a str| {
            let id = *known.entry(form).or_insert_with(|| {
                all.forms.push(form.to_owned());
                all.counts.push(0);
                let end = form
                    .char_indices()
                    .nth(PREFIX)
                    .map_or(form.len(), |(at, _)| at);
                let next = heads.len() as u32;
                all.prefix.push(*heads.entry(&form[..end]).or_insert(next));
                all.forms.len() as u32 - 1
            });
            all.counts[id as usize] += 1;
            id
        };
        let numbered = sentences
            .map(|forms| forms.iter().map(|form| number(form)).collect())
            .collect();
        let mut totals = vec![0_u32; heads.len()];
        for (&head, &count) in all.prefix.iter().zip(&all.counts) {
            totals[head as usize] += count;
        }
        all.prefixes = heads.len();
        all.share = (all.prefix.iter().zip(&all.counts))
            .map(|(&head, &count)| count as f32 / totals[head as usize] as f32)
            .collect();
        (all, numbered)
    }
}

/// Pairs of numbers that meet, row by row: for each left number its right ones, ascending.
#[derive(Debug)]
pub(super) struct CountTable {
    /// Where each left number's entries begin, and where the last one's end.
    starts: Vec<u32>,
    /// The left number of each entry.
    pub left: Vec<u32>,
    /// The right number of each entry.
    pub right: Vec<u32>,
    rights: usize,
}

impl CountTable {
    fn of(pairs: impl Iterator<Item = (u32, u32)>, lefts: usize, rights: usize) -> Self {
        let mut pairs: Vec<u64> = pairs
            .map(|(left, right)| u64::from(left) << 32 | u64::from(right))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0_u32; lefts + 1];
        for &pair in &pairs {
            starts[(pair >> 32) as usize + 1] += 1;
        }
        for row in 0..lefts {
            starts[row + 1] += starts[row];
        }
        Self {
            starts,
            left: pairs.iter().map(|&pair| (pair >> 32) as u32).collect(),
            right: pairs.iter().map(|&pair| pair as u32).collect(),
            rights,
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.right.len()
    }

    /// How many left numbers there are.
    pub fn lefts(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many right numbers there are.
    pub fn rights(&self) -> usize {
        self.rights
    }

    /// The entries of a left number.
    pub fn row(&self, left: usize) -> std::ops::Range<usize> {
        self.starts[left] as usize..self.starts[left + 1] as usize
    }

    /// The entry of a pair that meets.
    pub fn find(&self, left: u32, right: u32) -> Option<u32> {
        let row = self.row(left as usize);
        let at = self.right[row.clone()].binary_search(&right).ok()?;
        Some((row.start + at) as u32)
    }
}

/// One pair of sentences.
#[derive(Debug)]
pub(super) struct WordSentence {
    pub source: Vec<u32>,
    pub target: Vec<u32>,
    /// Entry of the table of forms, at `source word * targets + target word`.
    pub full: Vec<u32>,
    /// Links that are known beforehand.
    pub certain: Vec<(usize, usize)>,
}

/// All of it.
#[derive(Debug)]
pub(super) struct WordCorpus {
    pub source: Vocabulary,
    pub target: Vocabulary,
    /// Forms that meet.
    pub full: CountTable,
    /// Prefixes that meet.
    pub heads: CountTable,
    /// For each entry of `full` that of `heads`.
    pub head_of: Vec<u32>,
    pub sentences: Vec<WordSentence>,
}

impl WordCorpus {
    /// Numbers the pairs.
    pub fn of(pairs: &[WordForms]) -> Self {
        let (source, left) = Vocabulary::of(pairs.iter().map(|pair| pair.source.as_slice()));
        let (target, right) = Vocabulary::of(pairs.iter().map(|pair| pair.target.as_slice()));
        let meetings = (left.iter().zip(&right)).flat_map(|(left, right)| {
            left.iter()
                .flat_map(|&s| right.iter().map(move |&t| (s, t)))
        });
        let full = CountTable::of(meetings, source.forms.len(), target.forms.len());
        let heads_of = |at: usize| {
            (
                source.prefix[full.left[at] as usize],
                target.prefix[full.right[at] as usize],
            )
        };
        let heads = CountTable::of(
            (0..full.len()).map(heads_of),
            source.prefixes,
            target.prefixes,
        );
        let head_of = (0..full.len())
            .map(heads_of)
            .map(|(s, t)| {
                heads
                    .find(s, t)
                    .expect("where forms meet, their prefixes do")
            })
            .collect();
        let sentences = (left.into_iter().zip(right).zip(pairs))
            .map(|((source, target), pair)| WordSentence {
                full: (source.iter())
                    .flat_map(|&s| target.iter().map(move |&t| (s, t)))
                    .map(|(s, t)| full.find(s, t).expect("every pair that meets has an entry"))
                    .collect(),
                source,
                target,
                certain: pair.certain.clone(),
            })
            .collect();
        Self {
            source,
            target,
            full,
            heads,
            head_of,
            sentences,
        }
    }
}
