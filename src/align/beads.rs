//! The dynamic program: the best sequence of beads through a corridor, and how probable each bead
//! is.
//!
//! A node (i, j) says that i source and j target sentences are behind us. Forward and backward sums
//! over all paths give every bead its probability; the path that is taken has the highest sum of
//! them, which is what the number of exactly right beads rewards.

use super::score::{CoverageScratch, Scorer};
use std::ops::Range;

/// Part of the two texts, and the nodes that are looked at.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    /// Source sentences.
    pub source: Range<usize>,
    /// Target sentences.
    pub target: Range<usize>,
    /// Per node row (one more than source sentences) the lowest and highest node column, both
    /// included, absolute.
    ///
    /// Invariant: the first row begins at `target.start`, the last ends at `target.end`, both
    /// bounds ascend, and each row reaches at least to where the next begins.
    pub band: Vec<(usize, usize)>,
}

impl Region {
    /// The whole rectangle.
    pub fn full(source: Range<usize>, target: Range<usize>) -> Self {
        let band = vec![(target.start, target.end); source.len() + 1];
        Self {
            source,
            target,
            band,
        }
    }
}

/// A bead of the path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScoredBead {
    /// Source sentences.
    pub source: Range<usize>,
    /// Target sentences.
    pub target: Range<usize>,
    /// Share of the probability of all paths that goes through this bead, 0..=1.
    pub posterior: f32,
    /// Share of the words that the other side accounts for, 0..=1; 0 for null beads.
    pub coverage: f32,
    /// Number of the bead that a person has approved, if it is one.
    pub fixed: Option<usize>,
}

/// Which beads are tried.
#[derive(Debug, Clone)]
pub(crate) struct BeadKinds(Vec<(usize, usize)>);

impl BeadKinds {
    /// All beads with at most `max` sentences on both sides together; only 1:1 and null ones if
    /// `one_to_one`.
    pub fn new(max: usize, one_to_one: bool) -> Self {
        let mut kinds = vec![(1, 0), (0, 1), (1, 1)];
        if !one_to_one {
            // Smaller ones first.
            for both in 3..=max {
                kinds.extend((1..both).map(|m| (m, both - m)));
            }
        }
        Self(kinds)
    }
}

/// How far a bead may stay behind its parts and still be worth extending; at 0.2 nothing is gained
/// and much time is lost.
const SLACK: f32 = 0.05;
const NEVER: f32 = f32::NEG_INFINITY;
const NOWHERE: f64 = f64::NEG_INFINITY;

/// Coverages of the beads of a region by node and kind, NaN where none was asked for.
pub(crate) type KnownScores = Vec<f32>;

/// Finds the beads of a region. `known` is what an earlier look at the same region with the same
/// words left, or nothing.
pub(crate) fn path(
    region: &Region,
    scorer: &Scorer<'_>,
    kinds: &BeadKinds,
    scratch: &mut CoverageScratch,
    known: Option<&mut KnownScores>,
) -> Vec<ScoredBead> {
    let grid = BeadGrid::new(region, kinds);
    let scores = grid.scores(scorer, scratch, known);
    let scale = scorer.weights.temperature;
    let forward = grid.forward(&scores, scale);
    let backward = grid.backward(&scores, scale);
    let mut beads = grid.take(&scores, scale, &forward, &backward);
    for bead in &mut beads {
        if !bead.source.is_empty() && !bead.target.is_empty() {
            bead.coverage = scorer.coverage(scratch, bead.source.clone(), bead.target.clone());
        }
    }
    beads
}

/// A bead inside a larger one that lacks a sentence at its edge.
struct Edge {
    /// Its kind.
    kind: usize,
    /// How far its end lies before the larger one's.
    back: (usize, usize),
    lone: Lone,
}

/// Which sentence it lacks: the first or last of the source (0) or the target (1).
enum Lone {
    First(usize),
    Last(usize),
}

/// The score of every bead that was tried, by the node where it ends and its kind.
struct BeadScores {
    values: Vec<f32>,
    /// Per node a bit for every kind that was.
    tried: Vec<u64>,
    width: usize,
}

impl BeadScores {
    /// The kinds of beads that end at a node, with their scores.
    fn at(&self, node: usize) -> impl Iterator<Item = (usize, f32)> {
        let mut bits = self.tried[node];
        std::iter::from_fn(move || {
            (bits != 0).then(|| {
                let kind = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                (kind, self.values[node * self.width + kind])
            })
        })
    }

    /// The score of a bead, if it was tried.
    fn get(&self, node: usize, kind: usize) -> Option<f32> {
        (self.tried[node] >> kind & 1 == 1).then(|| self.values[node * self.width + kind])
    }
}

struct BeadGrid<'a> {
    region: &'a Region,
    kinds: &'a [(usize, usize)],
    /// Number of the first node of each row.
    offsets: Vec<usize>,
}

impl<'a> BeadGrid<'a> {
    fn new(region: &'a Region, kinds: &'a BeadKinds) -> Self {
        let mut offsets = Vec::with_capacity(region.band.len() + 1);
        let mut at = 0;
        for (low, high) in &region.band {
            offsets.push(at);
            at += high - low + 1;
        }
        offsets.push(at);
        Self {
            region,
            kinds: &kinds.0,
            offsets,
        }
    }

    /// The number of a node, if it is looked at. `row` counts from the region's start, `column` is
    /// absolute.
    fn node(&self, row: usize, column: usize) -> Option<usize> {
        let (low, high) = self.region.band[row];
        (low..=high)
            .contains(&column)
            .then(|| self.offsets[row] + column - low)
    }

    /// Where a bead that ends at (row, column) begins.
    fn begin(&self, row: usize, column: usize, (m, n): (usize, usize)) -> Option<usize> {
        self.node(row.checked_sub(m)?, column.checked_sub(n)?)
    }

    /// Per node and kind the score of the bead that ends there.
    ///
    /// A larger bead is tried only where one that lacks a sentence at its edge is worth it: it
    /// comes close to what it would be without one of its own edges, that sentence left alone.
    fn scores(
        &self,
        scorer: &Scorer<'_>,
        scratch: &mut CoverageScratch,
        mut known: Option<&mut KnownScores>,
    ) -> BeadScores {
        let width = self.kinds.len();
        let nodes = self.offsets[self.region.band.len()];
        let mut scores = vec![NEVER; nodes * width];
        if let Some(known) = &mut known {
            known.resize(nodes * width, f32::NAN);
        }
        let mut tried = vec![0_u64; nodes];
        // A bit per kind; and what the nodes of a row have together.
        let mut worth = vec![0_u64; nodes];
        let mut rows = vec![0_u64; self.region.band.len()];
        let first = self.region.source.start;
        for (kind, &(m, n)) in self.kinds.iter().enumerate() {
            let edges = self.edges((m, n));
            let wanted = edges.iter().fold(0_u64, |bits, edge| bits | 1 << edge.kind);
            for (row, &(low, high)) in self.region.band.iter().enumerate().skip(m) {
                if kind > 2 && (rows[row] | rows[row - 1]) & wanted == 0 {
                    continue;
                }
                for column in low..=high {
                    let node = self.offsets[row] + column - low;
                    if self.begin(row, column, (m, n)).is_none() {
                        continue;
                    }
                    let (i, j) = (first + row, column);
                    let (source, target) = (i - m..i, j - n..j);
                    if m == 0 || n == 0 {
                        scores[node * width + kind] = scorer.null(&source, &target);
                        tried[node] |= 1 << kind;
                        continue;
                    }
                    let inner = |edge: &Edge| self.node(row - edge.back.0, column - edge.back.1);
                    let is_tried = kind == 2
                        || edges.iter().any(|edge| {
                            inner(edge).is_some_and(|node| worth[node] >> edge.kind & 1 == 1)
                        });
                    if !is_tried {
                        continue;
                    }
                    let place = known.as_mut().map(|known| &mut known[node * width + kind]);
                    let coverage = match place {
                        Some(known) if !known.is_nan() => *known,
                        place => {
                            let fresh = scorer.coverage(scratch, source.clone(), target.clone());
                            if let Some(known) = place {
                                *known = fresh;
                            }
                            fresh
                        }
                    };
                    let Some(score) = scorer.bead(coverage, &source, &target) else {
                        continue;
                    };
                    scores[node * width + kind] = score;
                    tried[node] |= 1 << kind;
                    let parts = edges
                        .iter()
                        .filter_map(|edge| {
                            let alone = match edge.lone {
                                Lone::First(0) => {
                                    scorer.null(&(source.start..source.start + 1), &(j..j))
                                }
                                Lone::First(_) => {
                                    scorer.null(&(i..i), &(target.start..target.start + 1))
                                }
                                Lone::Last(0) => {
                                    scorer.null(&(source.end - 1..source.end), &(j..j))
                                }
                                Lone::Last(_) => {
                                    scorer.null(&(i..i), &(target.end - 1..target.end))
                                }
                            };
                            inner(edge).map(|node| scores[node * width + edge.kind] + alone)
                        })
                        .fold(NEVER, f32::max);
                    let parts = if kind == 2 {
                        scorer.null(&source, &(j..j)) + scorer.null(&(i..i), &target)
                    } else {
                        parts
                    };
                    if score > parts - SLACK {
                        worth[node] |= 1 << kind;
                        rows[row] |= 1 << kind;
                    }
                }
            }
        }
        BeadScores {
            values: scores,
            tried,
            width,
        }
    }

    /// The beads that lack one sentence at an edge of this one.
    fn edges(&self, (m, n): (usize, usize)) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (less, side) in [((m.wrapping_sub(1), n), 0), ((m, n.wrapping_sub(1)), 1)] {
            let Some(kind) = self.kinds.iter().skip(2).position(|&kind| kind == less) else {
                continue;
            };
            let back = if side == 0 { (1, 0) } else { (0, 1) };
            edges.push(Edge {
                kind: kind + 2,
                back: (0, 0),
                lone: Lone::First(side),
            });
            edges.push(Edge {
                kind: kind + 2,
                back,
                lone: Lone::Last(side),
            });
        }
        edges
    }

    fn forward(&self, scores: &BeadScores, scale: f32) -> Vec<f64> {
        let mut sums = vec![NOWHERE; self.offsets[self.region.band.len()]];
        sums[0] = 0.0;
        let mut terms = Vec::with_capacity(self.kinds.len());
        for (row, &(low, high)) in self.region.band.iter().enumerate() {
            for column in low..=high {
                let node = self.offsets[row] + column - low;
                if node == 0 {
                    continue;
                }
                terms.clear();
                for (kind, score) in scores.at(node) {
                    if let Some(begin) = self.begin(row, column, self.kinds[kind])
                        && sums[begin] > NOWHERE
                    {
                        terms.push(sums[begin] + f64::from(score / scale));
                    }
                }
                sums[node] = sum(&terms);
            }
        }
        sums
    }

    fn backward(&self, scores: &BeadScores, scale: f32) -> Vec<f64> {
        let nodes = self.offsets[self.region.band.len()];
        let mut sums = vec![NOWHERE; nodes];
        sums[nodes - 1] = 0.0;
        let mut terms = Vec::with_capacity(self.kinds.len());
        for (row, &(low, high)) in self.region.band.iter().enumerate().rev() {
            for column in (low..=high).rev() {
                let node = self.offsets[row] + column - low;
                if node == nodes - 1 {
                    continue;
                }
                terms.clear();
                for (kind, &(m, n)) in self.kinds.iter().enumerate() {
                    if row + m < self.region.band.len()
                        && let Some(end) = self.node(row + m, column + n)
                        && let Some(score) = scores.get(end, kind)
                        && sums[end] > NOWHERE
                    {
                        terms.push(sums[end] + f64::from(score / scale));
                    }
                }
                sums[node] = sum(&terms);
            }
        }
        sums
    }

    /// The path with the most probable beads.
    fn take(
        &self,
        scores: &BeadScores,
        scale: f32,
        forward: &[f64],
        backward: &[f64],
    ) -> Vec<ScoredBead> {
        let nodes = forward.len();
        let whole = forward[nodes - 1];
        let posterior = |begin: usize, end: usize, kind: usize| {
            scores.get(end, kind).map_or(0.0, |score| {
                (forward[begin] + f64::from(score / scale) + backward[end] - whole)
                    .exp()
                    .min(1.0) as f32
            })
        };
        let mut best = vec![NEVER; nodes];
        let mut step = vec![u8::MAX; nodes];
        best[0] = 0.0;
        for (row, &(low, high)) in self.region.band.iter().enumerate() {
            for column in low..=high {
                let node = self.offsets[row] + column - low;
                for (kind, _) in scores.at(node) {
                    let (m, n) = self.kinds[kind];
                    if let Some(begin) = self.begin(row, column, (m, n)) {
                        // A null bead settles one sentence, a pair two and more.
                        let worth = if m == 0 || n == 0 { 0.5 } else { 1.0 };
                        let value = best[begin] + worth * posterior(begin, node, kind);
                        if value > best[node] {
                            best[node] = value;
                            step[node] = kind as u8;
                        }
                    }
                }
            }
        }
        let mut beads = Vec::new();
        let (mut row, mut column) = (self.region.source.len(), self.region.target.end);
        while (row, column) != (0, self.region.target.start) {
            let node = self
                .node(row, column)
                .expect("a path stays in its corridor");
            let kind = usize::from(step[node]);
            let (m, n) = self.kinds[kind];
            let begin = self
                .begin(row, column, (m, n))
                .expect("a path stays in its corridor");
            let i = self.region.source.start + row;
            beads.push(ScoredBead {
                source: i - m..i,
                target: column - n..column,
                posterior: posterior(begin, node, kind),
                coverage: 0.0,
                fixed: None,
            });
            (row, column) = (row - m, column - n);
        }
        beads.reverse();
        beads
    }
}

/// ln Σ exp, with the largest term taken out.
fn sum(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(NOWHERE, f64::max);
    if largest == NOWHERE {
        return NOWHERE;
    }
    largest
        + terms
            .iter()
            .map(|term| (term - largest).exp())
            .sum::<f64>()
            .ln()
}
