//! Where a word's counterpart stands: most often next to that of the word before.
//!
//! The words of one side are emitted one by one by the words of the other; from one emitter to the
//! next there is a jump, whose width has a distribution that is learned. A word without counterpart
//! is emitted by NULL, which remembers where the last jump ended. Source: S. Vogel, H. Ney, C.
//! Tillmann, "HMM-based word alignment in statistical translation" (1996); NULL as in F. J. Och, H.
//! Ney, "A systematic comparison of various statistical alignment models" (2003).
//!
//! `De bijl is oud` emits `The axe is old`: four jumps of width 1.

/// Jumps beyond this width share one bucket each way.
const WIDEST: usize = 12;
/// How many buckets there are.
pub(super) const BUCKETS: usize = 2 * WIDEST + 1;
/// How many jumps the distribution that is assumed beforehand is worth.
const ASSUMED: f32 = 200.0;
/// How many widths an outermost bucket stands for.
const OUTER: f32 = 8.0;
/// Below this share of a word's mass a state is passed over.
const NEGLIGIBLE: f32 = 1e-12;
/// Keeps divisions finite.
const TINY: f32 = 1e-30;

/// The distribution of jump widths.
#[derive(Debug, Clone)]
pub(super) struct Jumps {
    weights: [f32; BUCKETS],
}

impl Default for Jumps {
    /// One step on is likeliest, far back least.
    fn default() -> Self {
        let mut weights = [0.0; BUCKETS];
        for (at, weight) in weights.iter_mut().enumerate() {
            let width = at as f32 - WIDEST as f32 - 1.0;
            *weight = (-0.5 * width.abs()).exp() + 0.01;
        }
        Self { weights }
    }
}

impl Jumps {
    fn bucket(width: isize) -> usize {
        let widest = WIDEST as isize;
        (width.clamp(-widest, widest) + widest) as usize
    }

    /// The distribution that these counts, bucket by bucket, make likeliest, with a little of every
    /// width.
    pub fn learned(counts: &[f32; BUCKETS]) -> Self {
        let assumed = Self::default().weights;
        let sum: f32 = assumed.iter().sum();
        let total: f32 = counts.iter().sum::<f32>() + ASSUMED;
        let mut weights = [0.0; BUCKETS];
        for (at, weight) in weights.iter_mut().enumerate() {
            let share = (counts[at] + ASSUMED * assumed[at] / sum) / total;
            let members = if at == 0 || at == BUCKETS - 1 {
                OUTER
            } else {
                1.0
            };
            *weight = share / members + 1e-4;
        }
        Self { weights }
    }

    /// The weight of every width from `-n` to `n`, at `n + width`.
    fn unrolled(&self, n: usize) -> Vec<f32> {
        let n = n as isize;
        (-n..=n)
            .map(|width| self.weights[Self::bucket(width)])
            .collect()
    }
}

/// What one direction says of one sentence.
#[derive(Debug)]
pub(super) struct Posteriors {
    /// p(emitter i | word j), at `j * I + i`.
    pub cells: Vec<f32>,
    /// p(NULL | word j).
    pub null: Vec<f32>,
}

/// Forward and backward through one sentence. Cost: words × emitters² additions, in rows that lie
/// side by side.
///
/// Shape: `emission` has `words × emitters` cells, row by row, `null` one cell per word; neither
/// side is empty. `counts` takes the expected jumps.
pub(super) fn posteriors(
    emission: &[f32],
    null: &[f32],
    emitters: usize,
    jumps: &Jumps,
    p_null: f32,
    counts: Option<&mut [f32; BUCKETS]>,
) -> Posteriors {
    let chain = Chain::new(emission, null, emitters, jumps, p_null);
    let forward = chain.forward();
    let (result, widths) = chain.backward(forward, counts.is_some());
    if let Some(counts) = counts {
        for (at, count) in widths.iter().enumerate() {
            counts[Jumps::bucket(at as isize - emitters as isize)] += count;
        }
    }
    result
}

/// The chain of one sentence. Slot 0 is "before the first", slot m emitter m - 1; the jump from
/// slot m to emitter i has width i - m + 1.
struct Chain<'a> {
    /// p(word | emitter), at `word * emitters + emitter`.
    emission: &'a [f32],
    /// p(word | no emitter), per word.
    null: &'a [f32],
    emitters: usize,
    p_null: f32,
    /// Weights of the jumps by width, unrolled.
    weights: Vec<f32>,
    /// Per slot the factor that makes the jumps from it sum to `1 - p_null`.
    scale: Vec<f32>,
}

/// The forward pass: mass per word, scaled to one.
struct ForwardPass {
    /// Mass that ends at an emitter, at `word * emitters + emitter`.
    real: Vec<f32>,
    /// Mass of words without an emitter, at `word * slots + slot`.
    empty: Vec<f32>,
    /// Before each word the slot where the last jump ended, at `word * slots + slot`.
    before: Vec<f32>,
}

impl<'a> Chain<'a> {
    fn new(
        emission: &'a [f32],
        null: &'a [f32],
        emitters: usize,
        jumps: &Jumps,
        p_null: f32,
    ) -> Self {
        let mut chain = Self {
            emission,
            null,
            emitters,
            p_null,
            weights: jumps.unrolled(emitters),
            scale: Vec::new(),
        };
        chain.scale = (0..=emitters)
            .map(|slot| (1.0 - p_null) / chain.row(slot).iter().sum::<f32>().max(TINY))
            .collect();
        chain
    }

    /// The position in `weights` of the jump from a slot to the first emitter.
    const fn offset(&self, slot: usize) -> usize {
        self.emitters + 1 - slot
    }

    /// The weights of the jumps from a slot to every emitter.
    fn row(&self, slot: usize) -> &[f32] {
        &self.weights[self.offset(slot)..][..self.emitters]
    }

    fn forward(&self) -> ForwardPass {
        let (words, emitters, slots) = (self.null.len(), self.emitters, self.emitters + 1);
        let mut real = vec![0.0_f32; words * emitters];
        let mut empty = vec![0.0_f32; words * slots];
        let mut before = vec![0.0_f32; (words + 1) * slots];
        before[0] = 1.0;
        for word in 0..words {
            let (done, next) = before.split_at_mut((word + 1) * slots);
            let last = &done[word * slots..];
            let now = &mut real[word * emitters..][..emitters];
            for (slot, mass) in last[..slots].iter().enumerate() {
                let mass = mass * self.scale[slot];
                if mass > NEGLIGIBLE {
                    for (cell, weight) in now.iter_mut().zip(self.row(slot)) {
                        *cell += mass * weight;
                    }
                }
            }
            for (cell, e) in now.iter_mut().zip(&self.emission[word * emitters..]) {
                *cell *= e;
            }
            let nothing = &mut empty[word * slots..][..slots];
            for (cell, mass) in nothing.iter_mut().zip(last) {
                *cell = mass * self.null[word] * self.p_null;
            }
            let sum: f32 = now.iter().sum::<f32>() + nothing.iter().sum::<f32>();
            let factor = 1.0 / sum.max(TINY);
            for cell in now.iter_mut().chain(nothing.iter_mut()) {
                *cell *= factor;
            }
            next[..slots].copy_from_slice(nothing);
            for (slot, cell) in next[1..slots].iter_mut().zip(now.iter()) {
                *slot += *cell;
            }
        }
        ForwardPass {
            real,
            empty,
            before,
        }
    }

    /// The posteriors, and the expected jumps by width where they are `counted`.
    fn backward(&self, forward: ForwardPass, counted: bool) -> (Posteriors, Vec<f32>) {
        let (words, emitters, slots) = (self.null.len(), self.emitters, self.emitters + 1);
        let mut result = Posteriors {
            cells: forward.real,
            null: vec![0.0; words],
        };
        let mut after = vec![1.0_f32; slots];
        let mut ahead = vec![0.0_f32; emitters];
        let mut widths = vec![0.0_f32; if counted { self.weights.len() } else { 0 }];
        for word in (0..words).rev() {
            let cells = &mut result.cells[word * emitters..][..emitters];
            for (cell, b) in cells.iter_mut().zip(&after[1..]) {
                *cell *= b;
            }
            let nothing = dot(&forward.empty[word * slots..][..slots], &after);
            let factor = 1.0 / (cells.iter().sum::<f32>() + nothing).max(TINY);
            for cell in cells.iter_mut() {
                *cell *= factor;
            }
            result.null[word] = nothing * factor;
            // one word back
            let emission = &self.emission[word * emitters..];
            for ((cell, e), b) in ahead.iter_mut().zip(emission).zip(&after[1..]) {
                *cell = e * b;
            }
            for (slot, cell) in after.iter_mut().enumerate() {
                *cell = dot(self.row(slot), &ahead) * self.scale[slot]
                    + *cell * self.null[word] * self.p_null;
            }
            if counted {
                let last = &forward.before[word * slots..][..slots];
                self.count(last, &after, &ahead, &mut widths);
            }
            let largest = after.iter().fold(0.0_f32, |a, &b| a.max(b));
            let factor = 1.0 / largest.max(TINY);
            for cell in &mut after {
                *cell *= factor;
            }
        }
        (result, widths)
    }

    /// Adds the expected jumps onto one word to their widths.
    fn count(&self, last: &[f32], after: &[f32], ahead: &[f32], widths: &mut [f32]) {
        let norm = 1.0 / dot(last, after).max(TINY);
        for (slot, mass) in last.iter().enumerate() {
            let mass = mass * self.scale[slot] * norm;
            if mass > 1e-6 {
                let widths = &mut widths[self.offset(slot)..][..self.emitters];
                for ((count, weight), cell) in widths.iter_mut().zip(self.row(slot)).zip(ahead) {
                    *count += mass * weight * cell;
                }
            }
        }
    }
}

/// Each word by itself and every emitter alike, as in IBM model 1; arguments as for [`posteriors`].
pub(super) fn independent(
    emission: &[f32],
    null: &[f32],
    emitters: usize,
    p_null: f32,
) -> Posteriors {
    let mut result = Posteriors {
        cells: emission.to_vec(),
        null: Vec::with_capacity(null.len()),
    };
    let share = (1.0 - p_null) / emitters as f32;
    for (row, null) in result.cells.chunks_mut(emitters).zip(null) {
        let nothing = null * p_null;
        let factor = 1.0 / (row.iter().sum::<f32>() * share + nothing).max(TINY);
        for cell in row {
            *cell *= share * factor;
        }
        result.null.push(nothing * factor);
    }
    result
}

/// Sum of products in eight lanes, which a compiler can run side by side and which gives the same
/// bits everywhere.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (heads, tails) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = heads
        .remainder()
        .iter()
        .zip(tails.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in heads.zip(tails) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posteriors_of_a_word_sum_to_one_and_jumps_are_counted() {
        let emission = [0.9, 0.1, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9];
        let null = [0.01; 3];
        let mut counts = [0.0; BUCKETS];
        let found = posteriors(
            &emission,
            &null,
            3,
            &Jumps::default(),
            0.1,
            Some(&mut counts),
        );
        for word in 0..3 {
            let sum: f32 = found.cells[word * 3..][..3].iter().sum::<f32>() + found.null[word];
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
            assert!(found.cells[word * 3 + word] > 0.8);
        }
        let likeliest = (0..BUCKETS).max_by(|&a, &b| counts[a].total_cmp(&counts[b]));
        assert_eq!(likeliest, Some(WIDEST + 1));
    }

    #[test]
    fn order_decides_between_two_that_look_alike() {
        // the second and the fourth word are the same on both sides
        let emission = [
            0.9, 0.0, 0.0, 0.0, //
            0.0, 0.5, 0.0, 0.5, //
            0.0, 0.0, 0.9, 0.0, //
            0.0, 0.5, 0.0, 0.5,
        ];
        let found = posteriors(&emission, &[0.01; 4], 4, &Jumps::default(), 0.1, None);
        assert!(
            found.cells[4 + 1] > 0.7 && found.cells[12 + 3] > 0.7,
            "{found:?}"
        );
        let flat = independent(&emission, &[0.01; 4], 4, 0.1);
        assert!((flat.cells[4 + 1] - flat.cells[4 + 3]).abs() < 1e-6);
    }
}
