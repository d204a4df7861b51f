//! The kernels of x86-64: AVX-512 with VNNI, AVX-VNNI, AVX2.
//!
//! A product consists of tiles of some rows by some blocks of columns: small enough that all sums
//! of a tile stay in registers, large enough that every weight that is read meets several rows, and
//! every row several blocks.

#![expect(
    clippy::needless_range_loop,
    reason = "plain loops become registers in every build profile, iterators only if inlined"
)]

use super::packed::{BLOCK_COLUMNS, Epilogue, PackedWeights, finish};
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

/// A product as the tiles need it.
#[derive(Clone, Copy)]
struct Product<'a> {
    u: &'a [u8],
    packed: &'a PackedWeights,
    epilogue: &'a Epilogue<'a>,
}

/// Walks the blocks of columns, and for each stretch of them all rows, in tiles of nearly the same
/// number of rows: thirteen rows are 7 + 6, not 8 + 4 + 1. `$tiles` are the existing (rows,
/// blocks), `$most` is the largest number of rows of a tile, and `$wide` gives the blocks of a tile
/// by its number of rows.
macro_rules! walk {
    ($product:ident, $y:ident, $tile:ident, most: $most:literal, wide: $wide:expr,
        tiles: $(($r:literal, $b:literal))*) => {{
        let rows = $product.u.len() / $product.packed.depth;
        let blocks = $product.packed.columns.div_ceil(BLOCK_COLUMNS);
        let tiles = rows.div_ceil($most);
        let (size, larger) = (rows / tiles.max(1), rows % tiles.max(1));
        let wide: usize = $wide(rows.div_ceil(tiles.max(1)));
        let mut block = 0;
        while block < blocks {
            let taken = if block + wide <= blocks { wide } else { 1 };
            let mut row = 0;
            for tile in 0..tiles {
                let size = size + usize::from(tile < larger);
                // SAFETY: the caller has the features; row + size ≤ rows and block + taken ≤
                // blocks.
                match (size, taken) {
                    $(($r, $b) => unsafe { $tile::<$r, $b>($product, row, block, $y) },)*
                    _ => unreachable!("there is no tile of {size} rows and {taken} blocks"),
                }
                row += size;
            }
            block += taken;
        }
    }};
}

/// SAFETY: the CPU has AVX-512 F, BW, VL, DQ and VNNI; shapes as `multiply` checked them.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,bmi2")]
pub unsafe fn multiply512(
    u: &[u8],
    packed: &PackedWeights,
    epilogue: &Epilogue<'_>,
    y: &mut [f32],
) {
    let product = Product {
        u,
        packed,
        epilogue,
    };
    walk!(product, y, tile512, most: 8, wide: |rows| if rows <= 4 { 4 } else { 2 },
        tiles: (1, 1) (2, 1) (3, 1) (4, 1) (5, 1) (6, 1) (7, 1) (8, 1)
            (4, 2) (5, 2) (6, 2) (7, 2) (8, 2) (1, 4) (2, 4) (3, 4) (4, 4));
}

/// SAFETY: as `multiply512`; rows `row..row + R` and blocks `block..block + B` exist.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,bmi2")]
unsafe fn tile512<const R: usize, const B: usize>(
    product: Product<'_>,
    row: usize,
    block: usize,
    y: &mut [f32],
) {
    let Product {
        u,
        packed,
        epilogue,
    } = product;
    let (depth, per_block) = (packed.depth, packed.depth / 4);
    let mut sums = [[_mm512_setzero_si512(); B]; R];
    let rows = u[row * depth..(row + R) * depth].as_ptr();
    let groups = packed.groups[block * per_block..(block + B) * per_block].as_ptr();
    for k in 0..per_block {
        let mut weights = [_mm512_setzero_si512(); B];
        for b in 0..B {
            // SAFETY: `groups` has B · per_block entries of 64 aligned bytes.
            weights[b] = unsafe { _mm512_load_si512(groups.add(b * per_block + k).cast()) };
            // The same place in the next tile; a prefetch may name any address.
            _mm_prefetch::<_MM_HINT_T0>(groups.wrapping_add((B + b) * per_block + k).cast());
        }
        for r in 0..R {
            // SAFETY: `rows` has R · depth bytes, and 4k + 4 ≤ depth; the read may be unaligned.
            let four = unsafe { rows.add(r * depth + 4 * k).cast::<i32>().read_unaligned() };
            let four = _mm512_set1_epi32(four);
            for b in 0..B {
                sums[r][b] = _mm512_dpbusd_epi32(sums[r][b], four, weights[b]);
            }
        }
    }
    for (b, start) in (block..block + B)
        .map(|block| block * BLOCK_COLUMNS)
        .enumerate()
    {
        let width = BLOCK_COLUMNS.min(packed.columns - start);
        let mask = (u16::MAX) >> (BLOCK_COLUMNS - width);
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
}

/// A kernel of 256-bit vectors: each block is two halves of eight columns.
macro_rules! kernel256 {
    ($multiply:ident, $tile:ident, $features:literal, $step:ident, signed: $signed:literal,
        most: $most:literal, tiles: $($tiles:tt)*) => {
        /// SAFETY: the CPU has the features; shapes as `multiply` checked them.
        #[target_feature(enable = $features)]
        pub unsafe fn $multiply(
            u: &[u8],
            packed: &PackedWeights,
            epilogue: &Epilogue<'_>,
            y: &mut [f32],
        ) {
            let product = Product { u, packed, epilogue };
            walk!(product, y, $tile, most: $most,
                wide: |rows| match rows { 1 => 4, 2 => 2, _ => 1 }, tiles: $($tiles)*);
        }

        /// SAFETY: as above; rows `row..row + R` and blocks `block..block + B` exist.
        #[inline]
        #[target_feature(enable = $features)]
        unsafe fn $tile<const R: usize, const B: usize>(
            product: Product<'_>,
            row: usize,
            block: usize,
            y: &mut [f32],
        ) {
            let Product { u, packed, epilogue } = product;
            let (depth, per_block) = (packed.depth, packed.depth / 4);
            let rows = u[row * depth..(row + R) * depth].as_ptr();
            let groups = packed.groups[block * per_block..(block + B) * per_block].as_ptr();
            let mut sums = [[[_mm256_setzero_si256(); 2]; B]; R];
            for k in 0..per_block {
                let mut weights = [[_mm256_setzero_si256(); 2]; B];
                for b in 0..B {
                    let group = groups.wrapping_add(b * per_block + k).cast::<__m256i>();
                    // SAFETY: `groups` has B · per_block entries, each two halves of 32 aligned
                    // bytes.
                    weights[b] =
                        unsafe { [_mm256_load_si256(group), _mm256_load_si256(group.add(1))] };
                    // The same place in the next tile; a prefetch may name any address.
                    let ahead = groups.wrapping_add((B + b) * per_block + k);
                    _mm_prefetch::<_MM_HINT_T0>(ahead.cast());
                }
                for r in 0..R {
                    // SAFETY: `rows` has R · depth bytes, and 4k + 4 ≤ depth; the read may be
                    // unaligned.
                    let four =
                        unsafe { rows.add(r * depth + 4 * k).cast::<i32>().read_unaligned() };
                    let four = _mm256_set1_epi32(four);
                    for b in 0..B {
                        $step(&mut sums[r][b], four, &weights[b]);
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                for (b, sums) in sums.iter().enumerate() {
                    let start = (block + b) * BLOCK_COLUMNS;
                    let width = BLOCK_COLUMNS.min(packed.columns - start);
                    let mut out = [0_i32; BLOCK_COLUMNS];
                    for (h, half) in sums.iter().enumerate() {
                        // SAFETY: `out` has two halves of 32 bytes.
                        unsafe { _mm256_storeu_si256(out.as_mut_ptr().add(8 * h).cast(), *half) };
                    }
                    if $signed {
                        let sums = &packed.sums[start..start + BLOCK_COLUMNS];
                        for (value, sum) in out.iter_mut().zip(sums) {
                            *value += 127 * sum;
                        }
                    }
                    let at = (row + r) * packed.columns + start;
                    finish(&out, start, epilogue, &mut y[at..at + width]);
                }
            }
        }
    };
}

kernel256!(multiply_avx2, tile_avx2, "avx2,bmi2", step_avx2, signed: true, most: 4,
    tiles: (1, 1) (2, 1) (3, 1) (4, 1) (1, 4) (2, 2));
kernel256!(multiply_avxvnni, tile_avxvnni, "avx2,bmi2,avxvnni", step_avxvnni,
    signed: false, most: 6,
    tiles: (1, 1) (2, 1) (3, 1) (4, 1) (5, 1) (6, 1) (1, 4) (2, 2));

/// Σ |q|·(w with the sign of q) for four neighbours at a time; a pair is at most 2·127² and fits
/// into 16 bits.
#[inline]
#[target_feature(enable = "avx2,bmi2")]
fn step_avx2(sums: &mut [__m256i; 2], u: __m256i, weights: &[__m256i; 2]) {
    let q = _mm256_sub_epi8(u, _mm256_set1_epi8(127));
    let size = _mm256_abs_epi8(q);
    for half in 0..2 {
        let pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(weights[half], q));
        let fours = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
        sums[half] = _mm256_add_epi32(sums[half], fours);
    }
}

#[inline]
#[target_feature(enable = "avx2,bmi2,avxvnni")]
fn step_avxvnni(sums: &mut [__m256i; 2], u: __m256i, weights: &[__m256i; 2]) {
    for half in 0..2 {
        sums[half] = _mm256_dpbusd_avx_epi32(sums[half], u, weights[half]);
    }
}
