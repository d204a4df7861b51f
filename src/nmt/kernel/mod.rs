//! The integer products, once per kind of CPU: all give the same integers, so the same text comes out everywhere.
//!
//! Activations travel as `u = q + 127` (unsigned), weights as signed bytes; what every kernel computes is Σ u·w in 32 bits, exactly. VNNI
//! instructions do that directly. AVX2's `vpmaddubsw` would saturate at 16 bits on (u8 up to 254) × i8; with |q| ≤ 127 on one side and
//! sign(w, q) on the other a pair sum is at most 2·127² = 32,258, so it cannot; adding 127·Σw afterwards gives the same integer.
//!
//! Weights are packed once, at load: blocks of 16 columns, inside a block groups of 4 rows; a group is 64 bytes, 4 for each column.

#![expect(
    unsafe_code,
    reason = "vector instructions; this is the only module of the crate that needs them"
)]

#[cfg(target_arch = "aarch64")]
mod arm;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

/// A kind of CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// Any CPU.
    Scalar,
    /// AArch64, which always has NEON.
    Neon,
    /// AArch64 with the dot product of NEON.
    NeonDot,
    /// x86-64 with AVX2.
    Avx2,
    /// x86-64 with AVX2 and AVX-VNNI.
    AvxVnni,
    /// x86-64 with AVX-512 and its VNNI.
    Avx512Vnni,
}

impl Level {
    /// All that this CPU can do, slowest first.
    pub fn available() -> Vec<Self> {
        #[cfg_attr(
            not(any(target_arch = "x86_64", target_arch = "aarch64")),
            expect(unused_mut, reason = "other CPUs have the scalar level only")
        )]
        let mut levels = vec![Self::Scalar];
        #[cfg(target_arch = "aarch64")]
        {
            levels.push(Self::Neon);
            if std::arch::is_aarch64_feature_detected!("dotprod") {
                levels.push(Self::NeonDot);
            }
        }
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2");
            if avx2 {
                levels.push(Self::Avx2);
            }
            if avx2 && is_x86_feature_detected!("avxvnni") {
                levels.push(Self::AvxVnni);
            }
            if avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vnni")
            {
                levels.push(Self::Avx512Vnni);
            }
        }
        levels
    }

    /// Its name in settings and benchmarks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Neon => "neon",
            Self::NeonDot => "neon-dot",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avx-vnni",
            Self::Avx512Vnni => "avx512-vnni",
        }
    }

    /// The fastest that this CPU can do.
    pub fn best() -> Self {
        Self::available().pop().unwrap_or(Self::Scalar)
    }

    /// Runs `work` compiled for this level, where the compiler inlines it. Float results are the same on every level: the work's own order of
    /// operations decides them, and nothing is contracted.
    #[inline]
    pub fn run<R>(self, work: impl FnOnce() -> R) -> R {
        #[cfg(target_arch = "x86_64")]
        match self {
            // SAFETY: a level above Scalar is only handed out by `available`, which asked the CPU for its features.
            Self::Avx512Vnni => return unsafe { x86::with_avx512(work) },
            // SAFETY: as above.
            Self::Avx2 | Self::AvxVnni => return unsafe { x86::with_avx2(work) },
            Self::Scalar | Self::Neon | Self::NeonDot => {}
        }
        work()
    }
}

/// The same bytes, read as signed ones.
pub(super) fn as_signed(bytes: &[u8]) -> &[i8] {
    // SAFETY: u8 and i8 have the same size and alignment, and every bit pattern is valid for both.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len()) }
}

/// Columns of a block.
const COLUMNS: usize = 16;

/// Four rows of sixteen columns.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Group([i8; 64]);

/// Weights in the order in which the kernels read them.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    groups: Vec<Group>,
    /// Σw of every column.
    sums: Vec<i32>,
    /// Inner dimension, padded to a multiple of 4.
    depth: usize,
    /// Columns that mean something.
    columns: usize,
}

impl Packed {
    /// Packs columns. Shapes: each column has `inner` weights.
    pub fn new(inner: usize, columns: &[&[i8]]) -> Self {
        let sums = columns.iter().map(|column| sum(column)).collect();
        let mut packed = Self {
            sums,
            ..Self::default()
        };
        packed.fill(inner, columns);
        packed
    }

    /// The same into memory that is there already; `sums` has Σw of every column.
    pub fn refill(&mut self, inner: usize, columns: &[&[i8]], sums: impl Iterator<Item = i32>) {
        self.sums.clear();
        self.sums.extend(sums);
        self.fill(inner, columns);
    }

    fn fill(&mut self, inner: usize, columns: &[&[i8]]) {
        let per_block = inner.div_ceil(4);
        let blocks = columns.len().div_ceil(COLUMNS);
        self.sums.resize(blocks * COLUMNS, 0);
        self.depth = per_block * 4;
        self.columns = columns.len();
        self.groups.resize(blocks * per_block, Group([0; 64]));
        let groups = self.groups.chunks_exact_mut(per_block.max(1));
        for (columns, groups) in columns.chunks(COLUMNS).zip(groups) {
            let mut fours: [&[[i8; 4]]; COLUMNS] = [&[]; COLUMNS];
            for (lane, (fours, column)) in fours.iter_mut().zip(columns).enumerate() {
                let (whole, rest) = column.as_chunks();
                *fours = whole;
                if let Some(last) = groups.last_mut().filter(|_| !rest.is_empty()) {
                    let place = &mut last.0[lane * 4..lane * 4 + 4];
                    place.fill(0);
                    place[..rest.len()].copy_from_slice(rest);
                }
            }
            for (k, group) in groups[..inner / 4].iter_mut().enumerate() {
                let (places, _) = group.0.as_chunks_mut::<4>();
                for (place, fours) in places.iter_mut().zip(&fours) {
                    *place = fours.get(k).copied().unwrap_or_default();
                }
            }
            if !inner.is_multiple_of(4) && columns.len() < COLUMNS {
                groups[inner / 4].0[columns.len() * 4..].fill(0);
            }
        }
    }

    /// Inner dimension, padded.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Σw of every column.
    pub fn sums(&self) -> &[i32] {
        &self.sums[..self.columns]
    }
}

/// Σw.
#[inline]
pub fn sum(weights: &[i8]) -> i32 {
    weights.iter().map(|&weight| i32::from(weight)).sum()
}

/// What becomes of a sum.
#[derive(Debug, Clone, Copy)]
pub struct Epilogue<'a> {
    /// Factor of every column.
    pub unscale: &'a [f32],
    /// Summand of every column.
    pub bias: &'a [f32],
    /// Whether negative results become 0.
    pub relu: bool,
}

/// Quantises rows: `u = clamp(round_half_even(x · alpha), −127, 127) + 127`.
///
/// Shapes: `x` is `[rows][inner]`, the answer `[rows][depth]`, in the memory of `out`; what is beyond `inner` meets weights of 0.
pub fn quantise<'o>(
    level: Level,
    x: &[f32],
    inner: usize,
    depth: usize,
    alpha: f32,
    out: &'o mut Vec<u8>,
) -> &'o [u8] {
    let count = x.len() / inner * depth;
    if out.len() < count {
        out.resize(count, 127);
    }
    let out = &mut out[..count];
    level.run(
        #[inline(always)]
        || {
            for (row, target) in x.chunks_exact(inner).zip(out.chunks_exact_mut(depth)) {
                for (&value, byte) in row.iter().zip(target) {
                    *byte = quantise_one(value * alpha);
                }
            }
        },
    );
    out
}

/// Rounds half to even by adding 1.5·2²³: the sum's low bits are then the integer.
#[inline(always)]
fn quantise_one(scaled: f32) -> u8 {
    const MAGIC: f32 = 12_582_912.0;
    let clamped = scaled.clamp(-127.0, 127.0);
    ((clamped + MAGIC)
        .to_bits()
        .wrapping_sub(MAGIC.to_bits())
        .wrapping_add(127)) as u8
}

/// Multiplies rows by packed weights and finishes every sum: `y = f32(Σ u·w) · unscale + bias`.
///
/// Shapes: `u` is `[rows][depth]`, `y` `[rows][columns]`. Panics if they do not fit; that would be a mistake of this crate.
pub fn multiply(level: Level, u: &[u8], packed: &Packed, epilogue: &Epilogue<'_>, y: &mut [f32]) {
    let rows = u.len() / packed.depth.max(1);
    assert_eq!(u.len(), rows * packed.depth, "rows are whole");
    assert_eq!(y.len(), rows * packed.columns, "the result has room");
    assert!(epilogue.unscale.len() >= packed.columns && epilogue.bias.len() >= packed.columns);
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level says that the CPU has the features; the shapes were checked above.
        Level::Avx512Vnni => unsafe { x86::multiply512(u, packed, epilogue, y) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Level::AvxVnni => unsafe { x86::multiply_avxvnni(u, packed, epilogue, y) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Level::Avx2 => unsafe { x86::multiply_avx2(u, packed, epilogue, y) },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: as above.
        Level::NeonDot => unsafe { arm::multiply_dot(u, packed, epilogue, y) },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: as above.
        Level::Neon => unsafe { arm::multiply_neon(u, packed, epilogue, y) },
        _ => scalar(u, packed, epilogue, y),
    }
}

/// The definition.
fn scalar(u: &[u8], packed: &Packed, epilogue: &Epilogue<'_>, y: &mut [f32]) {
    let per_block = packed.depth / 4;
    for (row, out) in u
        .chunks_exact(packed.depth)
        .zip(y.chunks_exact_mut(packed.columns))
    {
        for (block, out) in out.chunks_mut(COLUMNS).enumerate() {
            let mut sums = [0_i32; COLUMNS];
            let groups = &packed.groups[block * per_block..(block + 1) * per_block];
            for (group, four) in groups.iter().zip(row.chunks_exact(4)) {
                for (sum, weights) in sums.iter_mut().zip(group.0.chunks_exact(4)) {
                    for (&u, &weight) in four.iter().zip(weights) {
                        *sum += i32::from(u) * i32::from(weight);
                    }
                }
            }
            finish(&sums, block * COLUMNS, epilogue, out);
        }
    }
}

/// Finishes the sums of a block; the order of operations is that of the format's definition.
#[inline]
fn finish(sums: &[i32; COLUMNS], start: usize, epilogue: &Epilogue<'_>, out: &mut [f32]) {
    let unscale = &epilogue.unscale[start..start + out.len()];
    let bias = &epilogue.bias[start..start + out.len()];
    for (((out, &sum), &unscale), &bias) in out.iter_mut().zip(sums).zip(unscale).zip(bias) {
        let value = sum as f32 * unscale + bias;
        *out = if epilogue.relu && value < 0.0 {
            0.0
        } else {
            value
        };
    }
}
