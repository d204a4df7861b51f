//! The integer products, once per kind of CPU: all give the same integers, so the same text comes out everywhere.
//!
//! Activations travel as `u = q + 127` (unsigned), weights as signed bytes; what every kernel computes is Σ u·w in 32 bits, exactly. VNNI
//! instructions do that directly. AVX2's `vpmaddubsw` would saturate at 16 bits on (u8 up to 254) × i8; with |q| ≤ 127 on one side and
//! sign(w, q) on the other a pair sum is at most 2·127² = 32,258, so it cannot; adding 127·Σw afterwards gives the same integer.
//!
//! Weights are packed once, at load: blocks of 16 columns, inside a block groups of 4 rows; a group is 64 bytes, 4 for each column.

#![expect(
    unsafe_code,
    reason = "vector instructions; this is the only file of the crate that needs them"
)]

/// A kind of CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Any CPU.
    Scalar,
    /// AArch64, which always has NEON.
    Neon,
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
        levels.push(Self::Neon);
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
            Self::Scalar | Self::Neon => {}
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
    /// Packs columns that are given one by one. Shapes: each column has `inner` weights.
    pub fn new<'a>(inner: usize, columns: impl ExactSizeIterator<Item = &'a [i8]>) -> Self {
        let mut packed = Self::default();
        packed.refill(inner, columns);
        packed
    }

    /// The same into memory that is there already.
    pub fn refill<'a>(&mut self, inner: usize, columns: impl ExactSizeIterator<Item = &'a [i8]>) {
        let depth = inner.next_multiple_of(4);
        let count = columns.len();
        let blocks = count.div_ceil(COLUMNS);
        let per_block = depth / 4;
        self.groups.clear();
        self.groups.resize(blocks * per_block, Group([0; 64]));
        self.sums.clear();
        self.sums.resize(blocks * COLUMNS, 0);
        self.depth = depth;
        self.columns = count;
        for (index, column) in columns.enumerate() {
            let (block, lane) = (index / COLUMNS, index % COLUMNS);
            let groups = &mut self.groups[block * per_block..(block + 1) * per_block];
            let fours = column.chunks_exact(4);
            let mut rest = [0_i8; 4];
            rest[..fours.remainder().len()].copy_from_slice(fours.remainder());
            for (group, four) in groups
                .iter_mut()
                .zip(fours.chain(std::iter::once(&rest[..])))
            {
                let place: &mut [i8; 4] = (&mut group.0[lane * 4..lane * 4 + 4])
                    .try_into()
                    .expect("four bytes");
                place.copy_from_slice(four);
            }
            self.sums[index] = column.iter().map(|&w| i32::from(w)).sum();
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
/// Shapes: `x` is [rows][inner], `out` [rows][depth]; what is beyond `inner` meets weights of 0.
pub fn quantise(
    level: Level,
    x: &[f32],
    inner: usize,
    depth: usize,
    alpha: f32,
    out: &mut Vec<u8>,
) {
    out.clear();
    out.resize(x.len() / inner * depth, 127);
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
/// Shapes: `u` is [rows][depth], `y` [rows][columns]. Panics if they do not fit; that would be a mistake of this crate.
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
        Level::Neon => arm::multiply(u, packed, epilogue, y),
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

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! The kernels of x86-64.

    use super::{COLUMNS, Epilogue, Packed, finish};
    use std::arch::x86_64::*;

    /// SAFETY: the CPU has AVX-512 F, BW, VL, DQ.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,bmi2")]
    pub unsafe fn with_avx512<R>(work: impl FnOnce() -> R) -> R {
        work()
    }

    /// SAFETY: the CPU has AVX2 and BMI2.
    #[target_feature(enable = "avx2,bmi2")]
    pub unsafe fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
        work()
    }

    /// Walks column blocks, and for each of them all rows in tiles; a tile is (rows, blocks).
    macro_rules! walk {
        ($u:ident, $packed:ident, $epilogue:ident, $y:ident, $tile:ident, few: $few:literal, many: $many:literal) => {{
            let rows = $u.len() / $packed.depth;
            let blocks = $packed.columns.div_ceil(COLUMNS);
            let mut block = 0;
            while block < blocks {
                let left = blocks - block;
                // Few rows: the weights stream through, more blocks at once hide the latency. Many rows: the weights stay, more rows share them.
                let wide = if rows < 4 && left >= $few {
                    $few
                } else if left >= $many {
                    $many
                } else {
                    1
                };
                let mut row = 0;
                while row < rows {
                    // SAFETY: the caller has the features; row + tile ≤ rows and block + wide ≤ blocks.
                    row += unsafe {
                        match (wide, rows - row) {
                            ($many, 8..) => $tile::<8, $many>($u, row, $packed, block, $epilogue, $y),
                            ($many, 4..) => $tile::<4, $many>($u, row, $packed, block, $epilogue, $y),
                            ($many, _) => $tile::<1, $many>($u, row, $packed, block, $epilogue, $y),
                            (1, 8..) => $tile::<8, 1>($u, row, $packed, block, $epilogue, $y),
                            (1, 4..) => $tile::<4, 1>($u, row, $packed, block, $epilogue, $y),
                            (1, _) => $tile::<1, 1>($u, row, $packed, block, $epilogue, $y),
                            (_, 2..) => $tile::<2, $few>($u, row, $packed, block, $epilogue, $y),
                            _ => $tile::<1, $few>($u, row, $packed, block, $epilogue, $y),
                        }
                    };
                }
                block += wide;
            }
        }};
    }

    /// SAFETY: the CPU has AVX-512 F, BW, VL, DQ and VNNI; shapes as `multiply` checked them.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,bmi2")]
    pub unsafe fn multiply512(u: &[u8], packed: &Packed, epilogue: &Epilogue<'_>, y: &mut [f32]) {
        walk!(u, packed, epilogue, y, tile512, few: 4, many: 2);
    }

    /// SAFETY: as `multiply512`; rows `row..row + R` and blocks `block..block + B` exist.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,bmi2")]
    unsafe fn tile512<const R: usize, const B: usize>(
        u: &[u8],
        row: usize,
        packed: &Packed,
        block: usize,
        epilogue: &Epilogue<'_>,
        y: &mut [f32],
    ) -> usize {
        let (depth, per_block) = (packed.depth, packed.depth / 4);
        let mut sums = [[_mm512_setzero_si512(); B]; R];
        let rows = u[row * depth..(row + R) * depth].as_ptr();
        let groups = packed.groups[block * per_block..(block + B) * per_block].as_ptr();
        for k in 0..per_block {
            let mut weights = [_mm512_setzero_si512(); B];
            for (b, weight) in weights.iter_mut().enumerate() {
                // SAFETY: `groups` has B · per_block entries of 64 aligned bytes.
                *weight = unsafe { _mm512_load_si512(groups.add(b * per_block + k).cast()) };
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                // SAFETY: `rows` has R · depth bytes, and 4k + 4 ≤ depth; the read may be unaligned.
                let four = unsafe { rows.add(r * depth + 4 * k).cast::<i32>().read_unaligned() };
                let four = _mm512_set1_epi32(four);
                for (sum, weight) in sums.iter_mut().zip(&weights) {
                    *sum = _mm512_dpbusd_epi32(*sum, four, *weight);
                }
            }
        }
        for (b, start) in (block..block + B).map(|block| block * COLUMNS).enumerate() {
            let width = COLUMNS.min(packed.columns - start);
            let mask = (u16::MAX) >> (COLUMNS - width);
            let unscale = epilogue.unscale[start..start + width].as_ptr();
            let bias = epilogue.bias[start..start + width].as_ptr();
            // SAFETY: the mask lets only `width` numbers of either be read.
            let (unscale, bias) = unsafe {
                (
                    _mm512_maskz_loadu_ps(mask, unscale),
                    _mm512_maskz_loadu_ps(mask, bias),
                )
            };
            for (r, sums) in sums.iter().enumerate() {
                let mut value =
                    _mm512_add_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums[b]), unscale), bias);
                if epilogue.relu {
                    value = _mm512_max_ps(_mm512_setzero_ps(), value);
                }
                let at = (row + r) * packed.columns + start;
                let out = y[at..at + width].as_mut_ptr();
                // SAFETY: the mask lets only `width` numbers be written.
                unsafe { _mm512_mask_storeu_ps(out, mask, value) };
            }
        }
        R
    }

    /// A tile of 256-bit vectors: each block is two halves of eight columns. Four rows at a time fit the registers.
    macro_rules! tile256 {
        ($name:ident, $part:ident, $multiply:ident, $features:literal, $step:ident, $signed:literal) => {
            /// SAFETY: the CPU has the features; shapes as `multiply` checked them.
            #[target_feature(enable = $features)]
            pub unsafe fn $multiply(u: &[u8], packed: &Packed, epilogue: &Epilogue<'_>, y: &mut [f32]) {
                walk!(u, packed, epilogue, y, $name, few: 3, many: 2);
            }

            /// SAFETY: as above; rows `row..row + R` and blocks `block..block + B` exist.
            #[inline]
            #[target_feature(enable = $features)]
            unsafe fn $name<const R: usize, const B: usize>(
                u: &[u8],
                row: usize,
                packed: &Packed,
                block: usize,
                epilogue: &Epilogue<'_>,
                y: &mut [f32],
            ) -> usize {
                for block in block..block + B {
                    let mut done = 0;
                    while done < R {
                        // SAFETY: as for this function; done + part ≤ R.
                        done += unsafe {
                            match R - done {
                                4.. => $part::<4>(u, row + done, packed, block, epilogue, y),
                                2.. => $part::<2>(u, row + done, packed, block, epilogue, y),
                                _ => $part::<1>(u, row + done, packed, block, epilogue, y),
                            }
                        };
                    }
                }
                R
            }

            /// SAFETY: as above, for one block.
            #[inline]
            #[target_feature(enable = $features)]
            unsafe fn $part<const R: usize>(
                u: &[u8],
                row: usize,
                packed: &Packed,
                block: usize,
                epilogue: &Epilogue<'_>,
                y: &mut [f32],
            ) -> usize {
                let (depth, per_block) = (packed.depth, packed.depth / 4);
                let rows = u[row * depth..(row + R) * depth].as_ptr();
                let groups = &packed.groups[block * per_block..(block + 1) * per_block];
                let mut sums = [[_mm256_setzero_si256(); 2]; R];
                for (k, group) in groups.iter().enumerate() {
                    // SAFETY: a group has two halves of 32 aligned bytes.
                    let weights = unsafe {
                        let first = group.0.as_ptr();
                        [_mm256_load_si256(first.cast()), _mm256_load_si256(first.add(32).cast())]
                    };
                    for (r, sums) in sums.iter_mut().enumerate() {
                        // SAFETY: `rows` has R · depth bytes, and 4k + 4 ≤ depth; the read may be unaligned.
                        let four = unsafe { rows.add(r * depth + 4 * k).cast::<i32>().read_unaligned() };
                        $step(sums, _mm256_set1_epi32(four), &weights);
                    }
                }
                let start = block * COLUMNS;
                let width = COLUMNS.min(packed.columns - start);
                let shift: &[i32; COLUMNS] = packed.sums[start..][..COLUMNS].try_into().expect("sums are padded to whole blocks");
                for (r, sums) in sums.iter().enumerate() {
                    let mut out = [0_i32; COLUMNS];
                    for (h, half) in sums.iter().enumerate() {
                        // SAFETY: `out` has two halves of 32 bytes.
                        unsafe { _mm256_storeu_si256(out.as_mut_ptr().add(8 * h).cast(), *half) };
                    }
                    if $signed {
                        for (value, sum) in out.iter_mut().zip(shift) {
                            *value += 127 * sum;
                        }
                    }
                    let at = (row + r) * packed.columns + start;
                    finish(&out, start, epilogue, &mut y[at..at + width]);
                }
                R
            }
        };
    }

    tile256!(
        tile_avx2,
        part_avx2,
        multiply_avx2,
        "avx2,bmi2",
        step_avx2,
        true
    );
    tile256!(
        tile_avxvnni,
        part_avxvnni,
        multiply_avxvnni,
        "avx2,bmi2,avxvnni",
        step_avxvnni,
        false
    );

    #[inline]
    #[target_feature(enable = "avx2,bmi2")]
    fn step_avx2(sums: &mut [__m256i; 2], u: __m256i, weights: &[__m256i; 2]) {
        let q = _mm256_sub_epi8(u, _mm256_set1_epi8(127));
        let size = _mm256_abs_epi8(q);
        for (sum, &weight) in sums.iter_mut().zip(weights) {
            let pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(weight, q));
            *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi2,avxvnni")]
    fn step_avxvnni(sums: &mut [__m256i; 2], u: __m256i, weights: &[__m256i; 2]) {
        for (sum, &weight) in sums.iter_mut().zip(weights) {
            *sum = _mm256_dpbusd_avx_epi32(*sum, u, weight);
        }
    }
}

#[cfg(target_arch = "aarch64")]
mod arm {
    //! The kernel of AArch64.

    use super::{COLUMNS, Epilogue, Packed, finish};
    use std::arch::aarch64::*;

    /// Rows in tiles of 4, which share the weights that were read.
    pub fn multiply(u: &[u8], packed: &Packed, epilogue: &Epilogue<'_>, y: &mut [f32]) {
        let rows = u.len() / packed.depth;
        for block in 0..packed.columns.div_ceil(COLUMNS) {
            let mut row = 0;
            while row < rows {
                row += if rows - row >= 4 {
                    tile::<4>(u, row, packed, block, epilogue, y)
                } else {
                    tile::<1>(u, row, packed, block, epilogue, y)
                };
            }
        }
    }

    /// With |q| ≤ 127 and |w| ≤ 127 a sum of two products fits 16 bits, so pairs are added there and widened afterwards.
    fn tile<const R: usize>(
        u: &[u8],
        row: usize,
        packed: &Packed,
        block: usize,
        epilogue: &Epilogue<'_>,
        y: &mut [f32],
    ) -> usize {
        let (depth, per_block) = (packed.depth, packed.depth / 4);
        let rows = &u[row * depth..(row + R) * depth];
        let groups = &packed.groups[block * per_block..(block + 1) * per_block];
        // SAFETY: every AArch64 CPU has NEON; a group has 64 bytes, of which four times 16 are read; `out` has room for four vectors.
        unsafe {
            let mut sums = [[vdupq_n_s32(0); 4]; R];
            let shift = vdupq_n_u8(127);
            for (k, group) in groups.iter().enumerate() {
                for (r, sums) in sums.iter_mut().enumerate() {
                    let at = r * depth + 4 * k;
                    let four =
                        u32::from_le_bytes([rows[at], rows[at + 1], rows[at + 2], rows[at + 3]]);
                    let four = vreinterpretq_u8_u32(vdupq_n_u32(four));
                    let q = vreinterpretq_s8_u8(vsubq_u8(four, shift));
                    for (v, sum) in sums.iter_mut().enumerate() {
                        let weight = vld1q_s8(group.0.as_ptr().add(16 * v));
                        let low = vmull_s8(vget_low_s8(weight), vget_low_s8(q));
                        let high = vmull_high_s8(weight, q);
                        *sum = vpadalq_s16(*sum, vpaddq_s16(low, high));
                    }
                }
            }
            let start = block * COLUMNS;
            let width = COLUMNS.min(packed.columns - start);
            for (r, sums) in sums.iter().enumerate() {
                let mut out = [0_i32; COLUMNS];
                for (v, sum) in sums.iter().enumerate() {
                    vst1q_s32(out.as_mut_ptr().add(4 * v), *sum);
                }
                for (value, sum) in out.iter_mut().zip(&packed.sums[start..]) {
                    *value += 127 * sum;
                }
                let at = (row + r) * packed.columns + start;
                finish(&out, start, epilogue, &mut y[at..at + width]);
            }
        }
        R
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(seed: &mut u64) -> u64 {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed
    }

    #[test]
    fn every_level_of_this_cpu_gives_the_same_bits() {
        let mut seed = 7;
        for (rows, inner, columns) in [
            (1, 4, 1),
            (1, 64, 160),
            (2, 30, 17),
            (3, 128, 40),
            (13, 256, 65),
            (8, 7, 32),
        ] {
            let weights: Vec<Vec<i8>> = (0..columns)
                .map(|_| {
                    (0..inner)
                        .map(|_| ((random(&mut seed) % 255) as i32 - 127) as i8)
                        .collect()
                })
                .collect();
            let packed = Packed::new(inner, weights.iter().map(Vec::as_slice));
            let x: Vec<f32> = (0..rows * inner)
                .map(|_| (random(&mut seed) % 2000) as f32 / 500.0 - 2.0)
                .collect();
            let unscale: Vec<f32> = (0..columns).map(|c| 0.001 * (c + 1) as f32).collect();
            let bias: Vec<f32> = (0..columns).map(|c| c as f32 - 3.0).collect();
            let epilogue = Epilogue {
                unscale: &unscale,
                bias: &bias,
                relu: rows % 2 == 0,
            };
            let results: Vec<Vec<u32>> = Level::available()
                .into_iter()
                .map(|level| {
                    let mut u = Vec::new();
                    quantise(level, &x, inner, packed.depth(), 63.5, &mut u);
                    let mut y = vec![0.0; rows * columns];
                    multiply(level, &u, &packed, &epilogue, &mut y);
                    y.into_iter().map(f32::to_bits).collect()
                })
                .collect();
            for result in &results[1..] {
                assert_eq!(result, &results[0]);
            }
        }
    }

    #[test]
    fn rounding_is_half_to_even_and_clamped() {
        for (x, q) in [
            (0.5, 0),
            (1.5, 2),
            (2.5, 2),
            (-0.5, 0),
            (-1.5, -2),
            (200.0, 127),
            (-200.0, -127),
        ] {
            assert_eq!(i32::from(quantise_one(x)) - 127, q, "{x}");
        }
    }
}
