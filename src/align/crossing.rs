//! Passages that were moved: sentences without a partner on both sides that look like each other.
//!
//! Beads are monotone, so a paragraph that the English edition puts elsewhere is unpaired twice. It is told, not paired.

use super::score::Scorer;
use crate::bitext::Bead;
use std::ops::Range;

/// A source passage that looks like a target passage elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    /// Source sentences, numbers of the text, half-open.
    pub source: Range<usize>,
    /// Target sentences, numbers of the text, half-open.
    pub target: Range<usize>,
}

/// Coverage from which two sentences look like each other.
const ALIKE: f32 = 0.45;
/// Pairs of sentences without a partner that are compared at most.
const MOST: usize = 60_000;

/// Looks for moved passages among the null beads. `at` maps live sentences to the texts' numbers.
pub(crate) fn find(beads: &[Bead], scorer: &Scorer<'_>, at: (&[usize], &[usize])) -> Vec<Crossing> {
    let lone = |pick: fn(&Bead) -> (&Range<usize>, &Range<usize>)| -> Vec<usize> {
        beads
            .iter()
            .map(pick)
            .filter(|(_, other)| other.is_empty())
            .flat_map(|(own, _)| own.clone())
            .collect()
    };
    let sources = lone(|bead| (&bead.source, &bead.target));
    let targets = lone(|bead| (&bead.target, &bead.source));
    if sources.len() * targets.len() > MOST {
        return Vec::new();
    }
    let mut bench = scorer.bench();
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for &i in &sources {
        for &j in &targets {
            if scorer.weight_of(i, j) {
                let coverage = scorer.coverage(&mut bench, i..i + 1, j..j + 1);
                if coverage >= ALIKE {
                    pairs.push((coverage, i, j));
                }
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (_, i, j) in pairs {
        if taken.iter().all(|&(s, t)| s != i && t != j) {
            taken.push((i, j));
        }
    }
    taken.sort_unstable();
    let mut found: Vec<Crossing> = Vec::new();
    for (i, j) in taken {
        let (i, j) = (at.0[i], at.1[j]);
        match found.last_mut() {
            Some(last) if last.source.end == i && last.target.end == j => {
                last.source.end = i + 1;
                last.target.end = j + 1;
            }
            _ => found.push(Crossing {
                source: i..i + 1,
                target: j..j + 1,
            }),
        }
    }
    found
}
