//! Floating-point arithmetic, written once for every CPU: a fixed number of lanes, a fixed tree of
//! sums, explicit multiplication and addition.
//!
//! The compiler may use wider registers but not another order of operations, so all CPUs give the
//! same bits.

#![expect(
    clippy::inline_always,
    reason = "these loops must become part of the caller, which is compiled for the CPU's vectors"
)]

/// Partial sums of a sum.
pub const LANES: usize = 16;

/// Adds the lanes by a fixed tree.
#[inline(always)]
fn fold(lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    let mut lanes = lanes;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// Σ a·b of two rows of equal length.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (i, (&x, &y)) in a_chunks
        .remainder()
        .iter()
        .zip(b_chunks.remainder())
        .enumerate()
    {
        lanes[i] = x * y;
    }
    for (x, y) in a_chunks.zip(b_chunks) {
        for i in 0..LANES {
            lanes[i] += x[i] * y[i];
        }
    }
    fold(lanes)
}

/// Σ a.
#[inline(always)]
pub fn sum(a: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let chunks = a.chunks_exact(LANES);
    for (i, &x) in chunks.remainder().iter().enumerate() {
        lanes[i] = x;
    }
    for x in chunks {
        for i in 0..LANES {
            lanes[i] += x[i];
        }
    }
    fold(lanes)
}

/// eˣ within 2 units in the last place; 0 below −87.
///
/// Source: argument reduction by ln 2 in two parts and the minimax polynomial of degree 6 of
/// Cephes' `expf` (S. Moshier).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0;
    let clamped = x.clamp(-87.0, 88.0);
    let shifted = clamped * std::f32::consts::LOG2_E + MAGIC;
    let n = shifted - MAGIC;
    let r = clamped - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_2e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let e = p * (r * r) + r + 1.0;
    // The low bits of the shifted number are n itself.
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    if x < -87.0 { 0.0 } else { e * power }
}

/// The maximum of a row; −∞ for an empty one.
#[inline(always)]
pub fn highest(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let chunks = row.chunks_exact(LANES);
    for (i, &x) in chunks.remainder().iter().enumerate() {
        lanes[i] = x;
    }
    for x in chunks {
        for i in 0..LANES {
            lanes[i] = if x[i] > lanes[i] { x[i] } else { lanes[i] };
        }
    }
    let mut most = f32::NEG_INFINITY;
    for lane in lanes {
        most = if lane > most { lane } else { most };
    }
    most
}

/// Σ e^(a − most).
#[inline(always)]
pub fn sum_of_exp(a: &[f32], most: f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let chunks = a.chunks_exact(LANES);
    for (i, &x) in chunks.remainder().iter().enumerate() {
        lanes[i] = exp(x - most);
    }
    for x in chunks {
        for i in 0..LANES {
            lanes[i] += exp(x[i] - most);
        }
    }
    fold(lanes)
}

/// Softmax in place, of one row without padding.
#[inline(always)]
pub fn softmax(row: &mut [f32]) {
    let most = highest(row);
    let mut chunks = row.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for value in chunk {
            *value = exp(*value - most);
        }
    }
    for value in chunks.into_remainder() {
        *value = exp(*value - most);
    }
    let inverse = 1.0 / sum(row);
    for value in row.iter_mut() {
        *value *= inverse;
    }
}

/// Natural logarithm of a positive number, in f64 and without the platform's library: ln(m·2ⁿ) =
/// n·ln 2 + 2·artanh((m−1)/(m+1)).
pub fn ln(x: f32) -> f64 {
    if !(x > 0.0 && x < f32::INFINITY) {
        return if x == 0.0 {
            f64::NEG_INFINITY
        } else {
            f64::NAN
        };
    }
    let x = f64::from(x);
    let mut power = i32::try_from(x.to_bits() >> 52).unwrap_or(0) - 1023;
    let mut mantissa = f64::from_bits((x.to_bits() & ((1 << 52) - 1)) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        power += 1;
    }
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let (square, mut term, mut series) = (z * z, z, 0.0);
    for k in 0..14 {
        series += term / f64::from(2 * k + 1);
        term *= square;
    }
    f64::from(power) * std::f64::consts::LN_2 + 2.0 * series
}

/// Sine and cosine in f64, without the platform's library: reduction to ±π/4 around a multiple of
/// π/2, then the Taylor series.
pub fn sine_and_cosine(x: f64) -> (f64, f64) {
    let quarter = (x / std::f64::consts::FRAC_PI_2).round();
    let r = x - quarter * std::f64::consts::FRAC_PI_2;
    let (mut sine, mut cosine, mut term) = (0.0, 0.0, 1.0);
    for k in 0..20 {
        match k % 4 {
            0 => cosine += term,
            1 => sine += term,
            2 => cosine -= term,
            _ => sine -= term,
        }
        term *= r / f64::from(k + 1);
    }
    match (quarter as i64).rem_euclid(4) {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

/// eˣ in f64 for −50 ≤ x ≤ 0, without the platform's library: (e^(x/64))⁶⁴ by its Taylor series and
/// six squarings.
pub fn exp_slow(x: f64) -> f64 {
    let r = x / 64.0;
    let (mut term, mut series) = (1.0, 0.0);
    for k in 0..24 {
        series += term;
        term *= r / f64::from(k + 1);
    }
    (0..6).fold(series, |power, _| power * power)
}

/// Logistic function 1/(1 + e⁻ˣ) in place.
#[inline(always)]
pub fn sigmoid(row: &mut [f32]) {
    for value in row.iter_mut() {
        *value = 1.0 / (1.0 + exp(-*value));
    }
}

/// Layer normalisation of `x + residual`, into `x`: (v − mean)/√(variance + 1e-9)·scale + bias,
/// with the biased variance (Ba et al. 2016). All four have the same length.
#[inline(always)]
pub fn add_and_normalise(x: &mut [f32], residual: &[f32], scale: &[f32], bias: &[f32]) {
    let count = x.len() as f32;
    for (value, &more) in x.iter_mut().zip(residual) {
        *value += more;
    }
    let mean = sum(x) / count;
    for value in x.iter_mut() {
        *value -= mean;
    }
    let deviation = (dot(x, x) / count + 1e-9).sqrt();
    for ((value, &scale), &bias) in x.iter_mut().zip(scale).zip(bias) {
        *value = *value / deviation * scale + bias;
    }
}

/// One attention head over one sentence.
#[derive(Debug, Clone, Copy)]
pub struct AttentionHead<'a> {
    /// Numbers of a query, a key and a value.
    pub width: usize,
    /// Keys as [`pack_keys`] writes them: `[blocks][width][LANES]`.
    pub keys: &'a [f32],
    /// Rows of the tokens, each beginning with this head's `width` numbers.
    pub values: &'a [f32],
    /// Numbers from one row of `values` to the next.
    pub step: usize,
    /// Number of tokens.
    pub count: usize,
}

impl AttentionHead<'_> {
    /// Scaled dot-product attention, softmax(q·kᵀ/√width)·v (Vaswani et al. 2017), of one query:
    /// the weights into `scores`, the weighted values into `out`.
    ///
    /// Shapes: `query` and `out` have `width` numbers, `scores` `[blocks · LANES]`, of which the
    /// first `count` are weights. Every sum adds its even terms in order, its odd terms in order,
    /// and then the two; so the padding does not change a result, and the CPU has two independent
    /// chains of additions. The sums of a block are plain arrays in local variables: the compiler
    /// keeps those in vector registers, but arrays of arrays in memory.
    #[inline(always)]
    pub fn attend(&self, query: &[f32], scores: &mut [f32], out: &mut [f32]) {
        let (width, count) = (self.width, self.count);
        let scale = 1.0 / (width as f32).sqrt();
        let (query, out) = (&query[..width], &mut out[..width]);
        let blocks = self.keys.chunks_exact(width * LANES);
        for (scores, keys) in scores.chunks_exact_mut(LANES).zip(blocks) {
            let (mut even, mut odd) = ([0.0_f32; LANES], [0.0_f32; LANES]);
            let (mut rows, mut pairs) = (keys.chunks_exact(2 * LANES), query.chunks_exact(2));
            for (rows, pair) in (&mut rows).zip(&mut pairs) {
                add_scaled(&mut even, pair[0], block(rows, 0));
                add_scaled(&mut odd, pair[1], block(rows, LANES));
            }
            if let [last] = pairs.remainder() {
                add_scaled(&mut even, *last, block(rows.remainder(), 0));
            }
            for i in 0..LANES {
                scores[i] = (even[i] + odd[i]) * scale;
            }
        }
        scores[count..].fill(f32::NEG_INFINITY);
        softmax(scores);
        let weights = &scores[..count];
        let mut at = 0;
        while at + LANES <= width {
            let (mut even, mut odd) = ([0.0_f32; LANES], [0.0_f32; LANES]);
            let mut token = 0;
            while token + 2 <= count {
                let start = token * self.step + at;
                add_scaled(&mut even, weights[token], block(self.values, start));
                let start = start + self.step;
                add_scaled(&mut odd, weights[token + 1], block(self.values, start));
                token += 2;
            }
            if token < count {
                let start = token * self.step + at;
                add_scaled(&mut even, weights[token], block(self.values, start));
            }
            for (out, (even, odd)) in out[at..at + LANES].iter_mut().zip(even.iter().zip(&odd)) {
                *out = even + odd;
            }
            at += LANES;
        }
        for (at, out) in out.iter_mut().enumerate().take(width).skip(at) {
            let mut sums = [0.0_f32; 2];
            for (token, weight) in weights.iter().enumerate() {
                sums[token % 2] += weight * self.values[token * self.step + at];
            }
            *out = sums[0] + sums[1];
        }
    }
}

/// The [`LANES`] numbers of a row from `at` on.
#[inline(always)]
fn block(row: &[f32], at: usize) -> &[f32; LANES] {
    row[at..at + LANES]
        .try_into()
        .expect("a block is as long as it has lanes")
}

/// `lanes += factor · row`, lane by lane.
#[inline(always)]
fn add_scaled(lanes: &mut [f32; LANES], factor: f32, row: &[f32; LANES]) {
    for i in 0..LANES {
        lanes[i] += factor * row[i];
    }
}

/// Packs the keys of one head into blocks of [`LANES`] tokens, so that the same number of
/// neighbouring tokens is adjacent and a query reads them in order: from `[count][step]`, of which
/// the first `width` numbers of a row are the key, to `[blocks][width][LANES]`.
#[inline(always)]
pub fn pack_keys(rows: &[f32], step: usize, width: usize, out: &mut [f32]) {
    let blocks = out.chunks_exact_mut(width * LANES);
    for (rows, block) in rows.chunks(LANES * step).zip(blocks) {
        for (token, row) in rows.chunks(step).enumerate() {
            for (&value, lanes) in row[..width].iter().zip(block.chunks_exact_mut(LANES)) {
                lanes[token] = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_to_a_few_units() {
        for i in -870..880 {
            let x = i as f32 / 10.0;
            let (got, wanted) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((got - wanted).abs() <= wanted * 3e-7, "{x}: {got} {wanted}");
        }
        assert_eq!(exp(-1000.0), 0.0);
    }

    #[test]
    fn the_slow_functions_agree_with_the_library() {
        for i in 1..2000 {
            let x = f64::from(i) * 0.13;
            let (sine, cosine) = sine_and_cosine(x);
            assert!((sine - x.sin()).abs() < 1e-12 && (cosine - x.cos()).abs() < 1e-12);
            let small = -x / 30.0;
            assert!((exp_slow(small) / small.exp() - 1.0).abs() < 1e-13);
            assert!((ln(x as f32) - f64::from(x as f32).ln()).abs() < 1e-12);
        }
    }

    #[test]
    fn softmax_sums_to_one() {
        let mut row = vec![1.0, 2.0, 3.0, -50.0, 7.5];
        softmax(&mut row);
        assert!((sum(&row) - 1.0).abs() < 1e-6);
        assert!(row[4] > row[2]);
    }
}
