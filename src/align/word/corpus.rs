//! The pairs as numbers: forms, their prefixes, and every pair of them that meets in a sentence.
//!
//! `De bijl` and `The axe`: forms `de`, `bijl` and `the`, `axe`; the cells `de`–`the`, `de`–`axe`, `bijl`–`the`, `bijl`–`axe`.

use super::Pair;
use std::collections::HashMap;

/// Letters of a form that carry its meaning: what follows is mostly inflection. Source: eflomal's best setting for Dutch.
const PREFIX: usize = 5;

/// The forms of one language, numbered in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    pub forms: Vec<String>,
    /// How often each form stands in the corpus.
    pub counts: Vec<u32>,
    /// The number of each form's prefix.
    pub prefix: Vec<u32>,
    /// How many prefixes there are.
    pub prefixes: usize,
    /// p(form | prefix).
    pub share: Vec<f32>,
}

impl Vocabulary {
    fn of<'a>(sentences: impl Iterator<Item = &'a [String]>) -> (Self, Vec<Vec<u32>>) {
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut heads: HashMap<String, u32> = HashMap::new();
        let mut vocabulary = Self::default();
        let numbered = sentences
            .map(|words| {
                words
                    .iter()
                    .map(|word| {
                        let form = normal(word);
                        let next = vocabulary.forms.len() as u32;
                        let id = *known.entry(form).or_insert_with_key(|form| {
                            vocabulary.forms.push(form.clone());
                            vocabulary.counts.push(0);
                            let head: String = form.chars().take(PREFIX).collect();
                            let number = heads.len() as u32;
                            vocabulary.prefix.push(*heads.entry(head).or_insert(number));
                            next
                        });
                        vocabulary.counts[id as usize] += 1;
                        id
                    })
                    .collect()
            })
            .collect();
        vocabulary.prefixes = heads.len();
        let mut totals = vec![0_u32; heads.len()];
        for (&head, &count) in vocabulary.prefix.iter().zip(&vocabulary.counts) {
            totals[head as usize] += count;
        }
        vocabulary.share = (vocabulary.prefix.iter().zip(&vocabulary.counts))
            .map(|(&head, &count)| count as f32 / totals[head as usize] as f32)
            .collect();
        (vocabulary, numbered)
    }
}

/// A word as it counts: lower case, one kind of quotation mark, one kind of dash.
pub(super) fn normal(word: &str) -> String {
    match word {
        "“" | "”" | "„" | "''" | "``" | "«" | "»" | "‟" => "\"".into(),
        "‘" | "’" | "‚" | "`" => "'".into(),
        "–" | "—" | "--" => "-".into(),
        _ => word.replace('’', "'").to_lowercase(),
    }
}

/// Pairs of numbers that meet, by row: for each left number its right ones, ascending.
#[derive(Debug)]
pub(super) struct Table {
    pub starts: Vec<u32>,
    pub right: Vec<u32>,
    /// The left number of each entry.
    pub left: Vec<u32>,
}

impl Table {
    fn of(mut pairs: Vec<u64>, rows: usize) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0_u32; rows + 1];
        for &pair in &pairs {
            starts[(pair >> 32) as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        Self {
            starts,
            left: pairs.iter().map(|&pair| (pair >> 32) as u32).collect(),
            right: pairs.iter().map(|&pair| pair as u32).collect(),
        }
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.right.len()
    }

    /// Where the pair stands.
    pub fn find(&self, left: u32, right: u32) -> Option<u32> {
        let start = self.starts[left as usize] as usize;
        let end = self.starts[left as usize + 1] as usize;
        let at = self.right[start..end].binary_search(&right).ok()?;
        Some((start + at) as u32)
    }
}

/// One pair of sentences.
#[derive(Debug)]
pub(super) struct Sentence {
    pub source: Vec<u32>,
    pub target: Vec<u32>,
    /// Entry of the table of forms, by source word, then target word.
    pub full: Vec<u32>,
    /// Entry of the table of prefixes, in the same shape.
    pub heads: Vec<u32>,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Corpus {
    pub source: Vocabulary,
    pub target: Vocabulary,
    pub full: Table,
    pub heads: Table,
    pub sentences: Vec<Sentence>,
}

impl Corpus {
    /// Numbers the pairs.
    pub fn of(pairs: &[Pair]) -> Self {
        let (source, left) = Vocabulary::of(pairs.iter().map(|pair| pair.source.as_slice()));
        let (target, right) = Vocabulary::of(pairs.iter().map(|pair| pair.target.as_slice()));
        let cells = || {
            left.iter().zip(&right).flat_map(|(l, r)| {
                l.iter().flat_map(move |&s| r.iter().map(move |&t| (s, t)))
            })
        };
        let full = Table::of(
            cells().map(|(s, t)| u64::from(s) << 32 | u64::from(t)).collect(),
            source.forms.len(),
        );
        let head = |(s, t): (u32, u32)| (source.prefix[s as usize], target.prefix[t as usize]);
        let heads = Table::of(
            (0..full.len())
                .map(|at| head((full.left[at], full.right[at])))
                .map(|(s, t)| u64::from(s) << 32 | u64::from(t))
                .collect(),
            source.prefixes,
        );
        let of_full: Vec<u32> = (0..full.len())
            .map(|at| {
                let (s, t) = head((full.left[at], full.right[at]));
                heads.find(s, t).expect("every pair of forms has its pair of prefixes")
            })
            .collect();
        let sentences = (left.into_iter().zip(right))
            .map(|(source, target)| {
                let entries: Vec<u32> = source
                    .iter()
                    .flat_map(|&s| target.iter().map(move |&t| (s, t)))
                    .map(|(s, t)| full.find(s, t).expect("every pair that meets is in the table"))
                    .collect();
                Sentence {
                    heads: entries.iter().map(|&at| of_full[at as usize]).collect(),
                    full: entries,
                    source,
                    target,
                }
            })
            .collect();
        Self { source, target, full, heads, sentences }
    }
}
