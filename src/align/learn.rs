//! A lexicon learned from the text at hand: IBM model 1 in both directions over pairs that are
//! already sure.
//!
//! Source: P. Brown et al., "The mathematics of statistical machine translation" (1993), model 1. A
//! pair of words is kept with √(p(t|s)·p(s|t)), so that a word is credited only where the two
//! agree.

use super::evidence::SoftLexicon;
use super::text_evidence::TextEvidence;
use std::collections::HashMap;

/// Pairs of sentences to learn from at most; a bound on time.
const MOST: usize = 8_000;
/// Rounds of expectation and maximisation.
const ROUNDS: usize = 5;
/// Below this a pair of words is noise.
const LEAST: f32 = 0.1;
/// Target words per source word at most.
const WIDEST: usize = 8;
/// Letters of a word's beginning.
const LETTERS: usize = 5;
/// Credit of a beginning, next to that of a word.
const BEGINNING: f32 = 0.9;
/// Longest sentences to learn from, in types.
const LONGEST: usize = 120;

/// Learns from sentence pairs (source index, target index): once from the words as they are, once
/// from their beginnings, which all forms of a word share.
pub(crate) fn learn(
    source: &TextEvidence,
    target: &TextEvidence,
    pairs: &[(usize, usize)],
) -> SoftLexicon {
    let (here, there) = (SharedBeginnings::new(source), SharedBeginnings::new(target));
    let step = pairs.len().div_ceil(MOST).max(1);
    let mut words: TypePairs = Vec::new();
    let mut beginnings: TypePairs = Vec::new();
    for &(s, t) in pairs.iter().step_by(step) {
        let (bag, other) = (&source.bags[s], &target.bags[t]);
        if (1..=LONGEST).contains(&bag.len()) && (1..=LONGEST).contains(&other.len()) {
            let ids = |bag: &[(u32, f32)]| bag.iter().map(|&(id, _)| id).collect::<Vec<u32>>();
            words.push((ids(bag), ids(other)));
            beginnings.push((here.of(bag), there.of(other)));
        }
    }
    let mut soft: SoftLexicon = vec![Vec::new(); source.forms.len()];
    for (a, b, credit) in model(&words, source.forms.len(), target.forms.len()) {
        soft[a as usize].push((b, credit));
    }
    for (a, b, credit) in model(&beginnings, here.members.len(), there.members.len()) {
        for &s in &here.members[a as usize] {
            for &t in &there.members[b as usize] {
                soft[s as usize].push((t, BEGINNING * credit));
            }
        }
    }
    for list in &mut soft {
        list.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        let mut seen = Vec::new();
        list.retain(|(id, _)| {
            let is_new = !seen.contains(id);
            seen.push(*id);
            is_new
        });
        list.truncate(WIDEST);
    }
    soft
}

/// Pairs of sets of types, each ascending.
type TypePairs = Vec<(Vec<u32>, Vec<u32>)>;

/// Types by their first letters.
struct SharedBeginnings {
    /// Per type the number of its beginning.
    number: Vec<u32>,
    /// Per beginning its types.
    members: Vec<Vec<u32>>,
}

impl SharedBeginnings {
    fn new(side: &TextEvidence) -> Self {
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut found = Self {
            number: Vec::new(),
            members: Vec::new(),
        };
        for (id, form) in side.forms.iter().enumerate() {
            let end = form
                .char_indices()
                .nth(LETTERS)
                .map_or(form.len(), |(at, _)| at);
            let next = found.members.len() as u32;
            let number = *numbers.entry(&form[..end]).or_insert(next);
            if number == next {
                found.members.push(Vec::new());
            }
            found.members[number as usize].push(id as u32);
            found.number.push(number);
        }
        found
    }

    fn of(&self, bag: &[(u32, f32)]) -> Vec<u32> {
        let mut numbers: Vec<u32> = bag
            .iter()
            .map(|&(id, _)| self.number[id as usize])
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// Couples of types with √(p(t|s)·p(s|t)), noise left out.
fn model(pairs: &TypePairs, sources: usize, targets: usize) -> Vec<(u32, u32, f32)> {
    // Every couple that shares a sentence pair; those that meet once in a large text are left out.
    let mut seen: Vec<(u32, u32)> = Vec::new();
    for (here, there) in pairs {
        for &a in here {
            seen.extend(there.iter().map(|&b| (a, b)));
        }
    }
    seen.sort_unstable();
    let least = if pairs.len() > 2_000 { 2 } else { 1 };
    let couples: Vec<(u32, u32)> = seen
        .chunk_by(|a, b| a == b)
        .filter(|same| same.len() >= least)
        .map(|same| same[0])
        .collect();
    drop(seen);
    let starts = starts(&couples, sources);
    let forth = train(pairs, &couples, &starts, sources, false);
    let back = train(pairs, &couples, &starts, targets, true);
    couples
        .iter()
        .zip(forth.iter().zip(&back))
        .map(|(&(a, b), (forth, back))| (a, b, (forth * back).sqrt()))
        .filter(|(_, _, credit)| *credit >= LEAST)
        .collect()
}

/// Where the couples of each source type begin.
fn starts(couples: &[(u32, u32)], types: usize) -> Vec<usize> {
    let mut starts = vec![0; types + 1];
    for &(a, _) in couples {
        starts[a as usize + 1] += 1;
    }
    for at in 0..types {
        starts[at + 1] += starts[at];
    }
    starts
}

/// Model 1: p(target | source) per couple, or p(source | target) if `back`; `given` is the number
/// of types that is conditioned on.
fn train(
    pairs: &TypePairs,
    couples: &[(u32, u32)],
    starts: &[usize],
    given: usize,
    back: bool,
) -> Vec<f32> {
    let mut probabilities = vec![1.0_f32; couples.len()];
    let mut counts = vec![0.0_f32; couples.len()];
    // Per pair of sentences: a table of the couples' numbers, row by source type.
    let mut table: Vec<u32> = Vec::new();
    for _ in 0..ROUNDS {
        counts.fill(0.0);
        for (rows, columns) in pairs {
            table.clear();
            for &a in rows {
                let range = &couples[starts[a as usize]..starts[a as usize + 1]];
                let mut from = 0;
                for &b in columns {
                    from += range[from..].partition_point(|&(_, other)| other < b);
                    let hit = range.get(from).is_some_and(|&(_, other)| other == b);
                    table.push(if hit {
                        (starts[a as usize] + from) as u32
                    } else {
                        u32::MAX
                    });
                }
            }
            let width = columns.len();
            let (outer, inner) = if back {
                (rows.len(), width)
            } else {
                (width, rows.len())
            };
            for o in 0..outer {
                let cell = |i: usize| {
                    if back {
                        table[o * width + i]
                    } else {
                        table[i * width + o]
                    }
                };
                let cells = (0..inner).map(cell).filter(|&couple| couple != u32::MAX);
                // A constant stands for the word that comes from nothing.
                let total = 0.02
                    + cells
                        .clone()
                        .map(|couple| probabilities[couple as usize])
                        .sum::<f32>();
                for couple in cells {
                    counts[couple as usize] += probabilities[couple as usize] / total;
                }
            }
        }
        let mut sums = vec![0.0_f32; given];
        let key = |couple: (u32, u32)| if back { couple.1 } else { couple.0 } as usize;
        for (index, &couple) in couples.iter().enumerate() {
            sums[key(couple)] += counts[index];
        }
        // Half a count is held back per word: what was seen once proves little.
        for (index, &couple) in couples.iter().enumerate() {
            probabilities[index] = counts[index] / (sums[key(couple)] + 0.5);
        }
    }
    probabilities
}
