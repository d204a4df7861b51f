//! Sentence embeddings as further evidence: vectors that somebody else computed, compared by
//! cosine.
//!
//! A model for embeddings is not shipped. Whoever has one gives a vector per sentence, or an
//! address that answers with them; a group of sentences has the sum of its vectors. Cosines differ
//! by model, so they are put on the scale of coverage: unrelated sentences of this text are at 0,
//! the best partners of most sentences at [`TOP`].

use std::ops::Range;

/// What the best partner of most sentences counts; the coverage that a good lexicon finds.
const TOP: f32 = 0.75;
/// Share of the vectors in the evidence; the rest is left to words, numbers and names. A guess: no
/// real model was at hand to tune it with.
const SHARE: f32 = 0.6;
/// Sentences that the scale is taken from.
const SAMPLE: usize = 200;

/// One vector per sentence of both texts.
#[derive(Debug, Clone, Copy)]
pub struct Vectors<'a> {
    /// Row by row, one row per source sentence.
    pub source: &'a [f32],
    /// Row by row, one row per target sentence.
    pub target: &'a [f32],
    /// Length of a row.
    pub dimension: usize,
}

impl Vectors<'_> {
    /// Whether there is a row per sentence.
    pub fn fit(&self, sources: usize, targets: usize) -> bool {
        self.dimension > 0
            && self.source.len() == sources * self.dimension
            && self.target.len() == targets * self.dimension
    }
}

/// Vectors of unit length, and the scale of their cosines.
pub(crate) struct Likeness {
    rows: (Vec<f32>, Vec<f32>),
    dimension: usize,
    zero: f32,
    top: f32,
}

impl Likeness {
    /// Takes the rows of the live sentences, whose numbers `at` gives for both sides.
    pub fn new(vectors: &Vectors<'_>, at: (&[usize], &[usize])) -> Self {
        let dimension = vectors.dimension;
        let rows = |all: &[f32], at: &[usize]| -> Vec<f32> {
            at.iter()
                .flat_map(|&i| {
                    let row = &all[i * dimension..(i + 1) * dimension];
                    // A row that is not a vector is like no other.
                    let length = row.iter().map(|x| x * x).sum::<f32>().sqrt();
                    let by = if length.is_normal() {
                        1.0 / length
                    } else {
                        0.0
                    };
                    row.iter()
                        .map(move |x| if by == 0.0 { 0.0 } else { x * by })
                })
                .collect()
        };
        let mut found = Self {
            rows: (rows(vectors.source, at.0), rows(vectors.target, at.1)),
            dimension,
            zero: 0.0,
            top: 1.0,
        };
        found.scale(at.0.len(), at.1.len());
        found
    }

    /// The mean cosine of sentences that lie far apart, and the median of best partners.
    fn scale(&mut self, sources: usize, targets: usize) {
        if sources == 0 || targets == 0 {
            return;
        }
        let (mut sum, mut best) = (0.0_f64, Vec::new());
        let mut count = 0_u32;
        for i in (0..sources).step_by(sources / SAMPLE + 1) {
            let mut largest = f32::NEG_INFINITY;
            for j in (0..targets).step_by(targets / (4 * SAMPLE) + 1) {
                let cosine = self.cosine(i..i + 1, j..j + 1);
                largest = largest.max(cosine);
                sum += f64::from(cosine);
                count += 1;
            }
            best.push(largest);
        }
        best.sort_by(f32::total_cmp);
        self.zero = (sum / f64::from(count.max(1))) as f32;
        self.top = best[best.len() / 2].max(self.zero + 0.05);
    }

    fn cosine(&self, source: Range<usize>, target: Range<usize>) -> f32 {
        let d = self.dimension;
        let (mut product, mut here, mut there) = (0.0, 0.0, 0.0);
        for k in 0..d {
            let a: f32 = source.clone().map(|i| self.rows.0[i * d + k]).sum();
            let b: f32 = target.clone().map(|j| self.rows.1[j * d + k]).sum();
            product += a * b;
            here += a * a;
            there += b * b;
        }
        let lengths = (here * there).sqrt();
        if lengths > 0.0 {
            product / lengths
        } else {
            0.0
        }
    }

    /// The coverage of two groups, with what the vectors say mixed in.
    pub fn mixed(&self, coverage: f32, source: Range<usize>, target: Range<usize>) -> f32 {
        let scaled = TOP * (self.cosine(source, target) - self.zero) / (self.top - self.zero);
        SHARE * scaled.clamp(0.0, 1.0) + (1.0 - SHARE) * coverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partners_stand_high_and_strangers_low() {
        let vectors = Vectors {
            source: &[1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 3.0],
            target: &[0.9, 0.1, 0.0, 0.1, 0.9, 0.0, 0.0, 0.0, 0.5],
            dimension: 3,
        };
        assert!(vectors.fit(3, 3));
        assert!(!vectors.fit(3, 2));
        let likeness = Likeness::new(&vectors, (&[0, 1, 2], &[0, 1, 2]));
        let at = |i: usize, j: usize| likeness.mixed(0.0, i..i + 1, j..j + 1);
        assert!(at(0, 0) > 0.4 && at(1, 1) > 0.4 && at(2, 2) > 0.4);
        assert!(at(0, 2) < 0.05);
        assert!(likeness.mixed(0.0, 0..2, 0..2) > 0.4);
    }
}
