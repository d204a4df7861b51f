//! Passages that were moved: sentences without a partner on both sides that look like each other.
//!
//! Beads are monotone, so a paragraph that the English edition puts elsewhere is unpaired twice. It
//! is told, not paired.

use super::beads::ScoredBead;
use super::score::Scorer;
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

/// Share of the usual coverage of a right pair below which a pair is taken for want of something
/// better.
const MAKESHIFT: f32 = 0.4;

/// Looks for moved passages among the sentences without a partner, and among those that were paired
/// for want of one: where two sentences change places, each stands opposite the other. Such a pair
/// is parted. `strength` is the usual coverage of right pairs; `at` maps live sentences to the
/// texts' numbers.
pub(crate) fn find(
    found: &mut Vec<ScoredBead>,
    scorer: &Scorer<'_>,
    strength: f32,
    at: (&[usize], &[usize]),
) -> Vec<Crossing> {
    let is_makeshift = |bead: &ScoredBead| {
        (bead.source.len(), bead.target.len()) == (1, 1)
            && bead.fixed.is_none()
            && bead.coverage < MAKESHIFT * strength
    };
    let open = |pick: fn(&ScoredBead) -> (&Range<usize>, &Range<usize>)| -> Vec<usize> {
        found
            .iter()
            .filter(|bead| pick(bead).1.is_empty() || is_makeshift(bead))
            .flat_map(|bead| pick(bead).0.clone())
            .collect()
    };
    let sources = open(|bead| (&bead.source, &bead.target));
    let targets = open(|bead| (&bead.target, &bead.source));
    if sources.len() * targets.len() > MOST {
        return Vec::new();
    }
    let mut scratch = scorer.scratch();
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for &i in &sources {
        for &j in &targets {
            if scorer.weight_of(i, j) {
                let coverage = scorer.coverage(&mut scratch, i..i + 1, j..j + 1);
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
    let is_moved = |bead: &ScoredBead| {
        is_makeshift(bead)
            && taken
                .iter()
                .any(|&(i, j)| bead.source.start == i || bead.target.start == j)
    };
    *found = found
        .drain(..)
        .flat_map(|bead| {
            if !is_moved(&bead) {
                return vec![bead];
            }
            let (source, target) = (bead.source.clone(), bead.target.clone());
            let alone = ScoredBead {
                posterior: 1.0 - bead.posterior,
                coverage: 0.0,
                ..bead
            };
            let before = target.start..target.start;
            let after = source.end..source.end;
            vec![
                ScoredBead {
                    source,
                    target: before,
                    ..alone.clone()
                },
                ScoredBead {
                    source: after,
                    target,
                    ..alone
                },
            ]
        })
        .collect();
    let mut moved: Vec<Crossing> = Vec::new();
    for (i, j) in taken {
        let (i, j) = (at.0[i], at.1[j]);
        match moved.last_mut() {
            Some(last) if last.source.end == i && last.target.end == j => {
                last.source.end = i + 1;
                last.target.end = j + 1;
            }
            _ => moved.push(Crossing {
                source: i..i + 1,
                target: j..j + 1,
            }),
        }
    }
    moved
}
