//! A lexicon learned from the text at hand: IBM model 1 in both directions over pairs that are already sure.
//!
//! Source: P. Brown et al., "The mathematics of statistical machine translation" (1993), model 1. A pair of words is kept with √(p(t|s)·p(s|t)),
//! so that a word is credited only where the two agree.

use super::evidence::{Side, Soft};

/// Pairs of sentences to learn from at most; more change the lexicon little and cost time.
const MOST: usize = 12_000;
/// Rounds of expectation and maximisation.
const ROUNDS: usize = 5;
/// Below this a pair of words is noise.
const LEAST: f32 = 0.1;
/// Target words per source word at most.
const WIDEST: usize = 6;
/// Longest sentences to learn from, in types.
const LONGEST: usize = 120;

/// Learns from sentence pairs (source index, target index).
pub(crate) fn learn(source: &Side, target: &Side, pairs: &[(usize, usize)]) -> Soft {
    let mut soft: Soft = vec![Vec::new(); source.forms.len()];
    let step = pairs.len().div_ceil(MOST).max(1);
    let pairs: Vec<(usize, usize)> = pairs
        .iter()
        .step_by(step)
        .copied()
        .filter(|&(s, t)| {
            (1..=LONGEST).contains(&source.bags[s].len())
                && (1..=LONGEST).contains(&target.bags[t].len())
        })
        .collect();
    // Every pair of types that shares a sentence pair, sorted; those that meet once in a large text are left out.
    let mut seen: Vec<(u32, u32)> = Vec::new();
    for &(s, t) in &pairs {
        for &(a, _) in &source.bags[s] {
            for &(b, _) in &target.bags[t] {
                seen.push((a, b));
            }
        }
    }
    seen.sort_unstable();
    let least_meetings = if pairs.len() > 2_000 { 2 } else { 1 };
    let mut couples: Vec<(u32, u32)> = Vec::new();
    let mut at = 0;
    while at < seen.len() {
        let mut end = at;
        while end < seen.len() && seen[end] == seen[at] {
            end += 1;
        }
        if end - at >= least_meetings {
            couples.push(seen[at]);
        }
        at = end;
    }
    drop(seen);
    let starts = starts(&couples, source.forms.len());
    let forth = train(source, target, &pairs, &couples, &starts, false);
    let back = train(source, target, &pairs, &couples, &starts, true);
    for (index, &(a, b)) in couples.iter().enumerate() {
        let credit = (forth[index] * back[index]).sqrt();
        if credit >= LEAST {
            soft[a as usize].push((b, credit));
        }
    }
    for list in &mut soft {
        list.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        list.truncate(WIDEST);
    }
    soft
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

/// Model 1: p(target | source) per couple, or p(source | target) if `back`.
fn train(
    source: &Side,
    target: &Side,
    pairs: &[(usize, usize)],
    couples: &[(u32, u32)],
    starts: &[usize],
    back: bool,
) -> Vec<f32> {
    let mut probabilities = vec![1.0_f32; couples.len()];
    let given = if back {
        target.forms.len()
    } else {
        source.forms.len()
    };
    let mut counts = vec![0.0_f32; couples.len()];
    // Per pair of sentences: a table of the couples' numbers, row by source type.
    let mut table: Vec<u32> = Vec::new();
    for _ in 0..ROUNDS {
        counts.fill(0.0);
        for &(s, t) in pairs {
            let (rows, columns) = (&source.bags[s], &target.bags[t]);
            table.clear();
            for &(a, _) in rows {
                let range = &couples[starts[a as usize]..starts[a as usize + 1]];
                let mut from = 0;
                for &(b, _) in columns {
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
                // A constant stands for the word that comes from nothing.
                let mut total = 0.02_f32;
                for i in 0..inner {
                    if cell(i) != u32::MAX {
                        total += probabilities[cell(i) as usize];
                    }
                }
                for i in 0..inner {
                    if cell(i) != u32::MAX {
                        counts[cell(i) as usize] += probabilities[cell(i) as usize] / total;
                    }
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
