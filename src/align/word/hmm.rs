//! Where a word's counterpart stands: next to that of the word before, most often.
//!
//! The words of one side are emitted one by one by the words of the other; from one emitter to the next there is a jump, whose width has a
//! distribution that is learned. A word without counterpart is emitted by NULL, which remembers where the last jump ended.
//! Source: S. Vogel, H. Ney, C. Tillmann, "HMM-based word alignment in statistical translation" (1996); NULL as in F. J. Och, H. Ney (2003).

/// Jumps beyond this width share one bucket each way.
const WIDEST: usize = 12;

/// The distribution of jump widths.
#[derive(Debug, Clone)]
pub(super) struct Jumps {
    weights: [f32; 2 * WIDEST + 1],
}

impl Default for Jumps {
    /// One step on is likeliest, far back least.
    fn default() -> Self {
        let mut weights = [0.0; 2 * WIDEST + 1];
        for (at, weight) in weights.iter_mut().enumerate() {
            let width = at as f32 - WIDEST as f32 - 1.0;
            *weight = (-0.5 * width.abs()).exp() + 0.01;
        }
        Self { weights }
    }
}

impl Jumps {
    fn bucket(width: isize) -> usize {
        (width.clamp(-(WIDEST as isize), WIDEST as isize) + WIDEST as isize) as usize
    }

    /// The distribution that these counts, bucket by bucket, make likeliest, with a little of every width.
    pub fn learned(counts: &[f32]) -> Self {
        let total: f32 = counts.iter().sum::<f32>().max(1e-9);
        let before = Self::default();
        let sum: f32 = before.weights.iter().sum();
        let mut weights = [0.0; 2 * WIDEST + 1];
        for (at, weight) in weights.iter_mut().enumerate() {
            let share = (counts[at] + 200.0 * before.weights[at] / sum) / (total + 200.0);
            // the outermost buckets stand for every wider jump
            let members = if at == 0 || at == 2 * WIDEST { 8.0 } else { 1.0 };
            *weight = share / members + 1e-4;
        }
        Self { weights }
    }

    /// Weights for every width from `-n` to `n`, at `n + width`.
    fn unrolled(&self, n: usize) -> Vec<f32> {
        (0..=2 * n)
            .map(|at| self.weights[Self::bucket(at as isize - n as isize)])
            .collect()
    }
}

/// How many buckets the counts have.
pub(super) const BUCKETS: usize = 2 * WIDEST + 1;

/// What one direction says of one sentence.
#[derive(Debug, Default)]
pub(super) struct Posteriors {
    /// p(emitter i | word j), at `j * I + i`.
    pub cells: Vec<f32>,
    /// p(NULL | word j).
    pub null: Vec<f32>,
}

/// Forward and backward through one sentence.
///
/// Shape: `emission` has `words × emitters` cells, row by row; `null` one per word. `jump_counts` takes the expected jumps.
pub(super) fn posteriors(
    emission: &[f32],
    null: &[f32],
    emitters: usize,
    jumps: &Jumps,
    p_null: f32,
    jump_counts: Option<&mut [f32; BUCKETS]>,
) -> Posteriors {
    let words = null.len();
    let slots = emitters + 1;
    let weights = jumps.unrolled(emitters);
    // slot 0 is "before the first", slot m the emitter m - 1; the jump from slot m to emitter i has width i - m + 1
    let row = |slot: usize| &weights[emitters + 1 - slot..2 * emitters + 1 - slot];
    let scale: Vec<f32> = (0..slots)
        .map(|slot| (1.0 - p_null) / row(slot).iter().sum::<f32>().max(1e-30))
        .collect();
    let mut real = vec![0.0_f32; words * emitters];
    let mut empty = vec![0.0_f32; words * slots];
    let mut total = vec![0.0_f32; slots];
    total[0] = 1.0;
    // the states before each word, kept for the jump counts
    let mut befores = vec![0.0_f32; words * slots];
    for word in 0..words {
        befores[word * slots..][..slots].copy_from_slice(&total);
        let now = &mut real[word * emitters..][..emitters];
        for slot in 0..slots {
            let mass = total[slot] * scale[slot];
            if mass > 1e-12 {
                for (cell, weight) in now.iter_mut().zip(row(slot)) {
                    *cell += mass * weight;
                }
            }
        }
        let mut sum = 0.0;
        for (cell, e) in now.iter_mut().zip(&emission[word * emitters..]) {
            *cell *= e;
            sum += *cell;
        }
        let e_null = null[word] * p_null;
        let nothing = &mut empty[word * slots..][..slots];
        for (cell, before) in nothing.iter_mut().zip(&total) {
            *cell = before * e_null;
            sum += *cell;
        }
        let factor = 1.0 / sum.max(1e-30);
        for cell in now.iter_mut().chain(nothing.iter_mut()) {
            *cell *= factor;
        }
        total.copy_from_slice(nothing);
        for (slot, cell) in total[1..].iter_mut().zip(now.iter()) {
            *slot += cell;
        }
    }
    let mut result = Posteriors {
        cells: vec![0.0; words * emitters],
        null: vec![0.0; words],
    };
    let mut after = vec![1.0_f32; slots];
    let mut counted = [0.0_f32; BUCKETS];
    let counts_wanted = jump_counts.is_some();
    let mut ahead = vec![0.0_f32; emitters];
    for word in (0..words).rev() {
        let now = &real[word * emitters..][..emitters];
        let nothing = &empty[word * slots..][..slots];
        let cells = &mut result.cells[word * emitters..][..emitters];
        let mut sum = 0.0;
        for ((cell, a), b) in cells.iter_mut().zip(now).zip(&after[1..]) {
            *cell = a * b;
            sum += *cell;
        }
        let mut empty_sum = 0.0;
        for (a, b) in nothing.iter().zip(&after) {
            empty_sum += a * b;
        }
        let factor = 1.0 / (sum + empty_sum).max(1e-30);
        for cell in cells.iter_mut() {
            *cell *= factor;
        }
        result.null[word] = empty_sum * factor;
        // one word back
        let e_null = null[word] * p_null;
        let mut largest = 0.0_f32;
        for ((cell, e), b) in ahead.iter_mut().zip(&emission[word * emitters..]).zip(&after[1..]) {
            *cell = e * b;
        }
        for slot in 0..slots {
            let mut sum = 0.0;
            for (weight, cell) in row(slot).iter().zip(&ahead) {
                sum += weight * cell;
            }
            let value = sum * scale[slot] + e_null * after[slot];
            largest = largest.max(value);
            after[slot] = value;
        }
        if counts_wanted {
            let before = &befores[word * slots..][..slots];
            let all: f32 = before.iter().zip(&after).map(|(a, b)| a * b).sum();
            let norm = 1.0 / all.max(1e-30);
            for slot in 0..slots {
                let mass = before[slot] * scale[slot] * norm;
                if mass > 1e-9 {
                    for (i, (weight, cell)) in row(slot).iter().zip(&ahead).enumerate() {
                        counted[Jumps::bucket(i as isize - slot as isize + 1)] += mass * weight * cell;
                    }
                }
            }
        }
        let factor = 1.0 / largest.max(1e-30);
        for cell in &mut after {
            *cell *= factor;
        }
    }
    if let Some(counts) = jump_counts {
        for (sum, count) in counts.iter_mut().zip(counted) {
            *sum += count;
        }
    }
    result
}
