//! The kernels of AArch64: NEON, with and without its dot product.

#![expect(
    clippy::needless_range_loop,
    reason = "plain loops become registers in every build profile, iterators only if inlined"
)]

use super::packed::{BLOCK_COLUMNS, Epilogue, PackedWeights, finish};
use std::arch::aarch64::*;

/// A kernel of 128-bit vectors: a block is four vectors of four columns; the rows of a tile share
/// the weights that were read.
macro_rules! kernel128 {
    ($multiply:ident, $tile:ident, $features:literal, $step:ident) => {
        /// SAFETY: the CPU has the features; shapes as `multiply` checked them.
        #[target_feature(enable = $features)]
        pub unsafe fn $multiply(
            u: &[u8],
            packed: &PackedWeights,
            epilogue: &Epilogue<'_>,
            y: &mut [f32],
        ) {
            let rows = u.len() / packed.depth;
            for block in 0..packed.columns.div_ceil(BLOCK_COLUMNS) {
                let mut row = 0;
                while row < rows {
                    row += match rows - row {
                        4.. => $tile::<4>(u, row, packed, block, epilogue, y),
                        2.. => $tile::<2>(u, row, packed, block, epilogue, y),
                        _ => $tile::<1>(u, row, packed, block, epilogue, y),
                    };
                }
            }
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn $tile<const R: usize>(
            u: &[u8],
            row: usize,
            packed: &PackedWeights,
            block: usize,
            epilogue: &Epilogue<'_>,
            y: &mut [f32],
        ) -> usize {
            let (depth, per_block) = (packed.depth, packed.depth / 4);
            let rows = &u[row * depth..(row + R) * depth];
            let groups = &packed.groups[block * per_block..(block + 1) * per_block];
            let mut sums = [[vdupq_n_s32(0); 4]; R];
            let shift = vdupq_n_u8(127);
            for (k, group) in groups.iter().enumerate() {
                let first = group.0.as_ptr();
                let mut weights = [vdupq_n_s8(0); 4];
                for v in 0..4 {
                    // SAFETY: a group has 64 bytes, four times sixteen.
                    weights[v] = unsafe { vld1q_s8(first.add(16 * v)) };
                }
                for r in 0..R {
                    let at = r * depth + 4 * k;
                    let four =
                        u32::from_le_bytes([rows[at], rows[at + 1], rows[at + 2], rows[at + 3]]);
                    let four = vreinterpretq_u8_u32(vdupq_n_u32(four));
                    let q = vreinterpretq_s8_u8(vsubq_u8(four, shift));
                    for v in 0..4 {
                        sums[r][v] = $step(sums[r][v], weights[v], q);
                    }
                }
            }
            let start = block * BLOCK_COLUMNS;
            let width = BLOCK_COLUMNS.min(packed.columns - start);
            for (r, sums) in sums.iter().enumerate() {
                let mut out = [0_i32; BLOCK_COLUMNS];
                for (v, sum) in sums.iter().enumerate() {
                    // SAFETY: `out` has room for four vectors of four numbers.
                    unsafe { vst1q_s32(out.as_mut_ptr().add(4 * v), *sum) };
                }
                for (value, sum) in out.iter_mut().zip(&packed.sums[start..]) {
                    *value += 127 * sum;
                }
                let at = (row + r) * packed.columns + start;
                finish(&out, start, epilogue, &mut y[at..at + width]);
            }
            R
        }
    };
}

kernel128!(multiply_neon, tile_neon, "neon", step_neon);
kernel128!(multiply_dot, tile_dot, "neon,dotprod", step_dot);

/// With |q| ≤ 127 and |w| ≤ 127 a sum of two products fits into 16 bits, so pairs are added there
/// and widened afterwards.
#[inline]
#[target_feature(enable = "neon")]
fn step_neon(sum: int32x4_t, weight: int8x16_t, q: int8x16_t) -> int32x4_t {
    let low = vmull_s8(vget_low_s8(weight), vget_low_s8(q));
    let high = vmull_high_s8(weight, q);
    vpadalq_s16(sum, vpaddq_s16(low, high))
}

/// The dot product as assembly, because its intrinsic is not stable yet.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn step_dot(mut sum: int32x4_t, weight: int8x16_t, q: int8x16_t) -> int32x4_t {
    // SAFETY: the function has the feature; the instruction reads and writes these registers only.
    unsafe {
        std::arch::asm!(
            "sdot {sum:v}.4s, {weight:v}.16b, {q:v}.16b",
            sum = inout(vreg) sum,
            weight = in(vreg) weight,
            q = in(vreg) q,
            options(pure, nomem, nostack, preserves_flags)
        );
    }
    sum
}
