//! The integer products, once per kind of CPU; all give the same integers, so every CPU gives the
//! same text.
//!
//! Activations are `u = q + 127` (unsigned), weights signed bytes; every kernel computes Σ u·w in
//! 32 bits, exactly. VNNI instructions do that directly. AVX2's `vpmaddubsw` would saturate at 16
//! bits on (u8 up to 254) × i8; with |q| ≤ 127 on one side and sign(w, q) on the other a sum of two
//! products is at most 2·127² = 32,258 and cannot; adding 127·Σw afterwards gives the same integer.
//!
//! Weights are packed once, at load; see [`PackedWeights`].

#![expect(
    unsafe_code,
    reason = "vector instructions; this is the only module of the crate that needs them"
)]

#[cfg(target_arch = "aarch64")]
mod arm;
mod level;
mod packed;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use level::KernelLevel;
use packed::{BLOCK_COLUMNS, finish};
pub use packed::{Epilogue, PackedWeights, sum};

/// The same bytes, read as signed ones.
pub(super) fn as_signed(bytes: &[u8]) -> &[i8] {
    // SAFETY: u8 and i8 have the same size and alignment, and every bit pattern is valid for both.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len()) }
}

/// Quantises rows: `u = clamp(round_half_even(x · alpha), −127, 127) + 127`.
///
/// Shapes: `x` is `[rows][inner]`, the result `[rows][depth]`, in the memory of `out`; the columns
/// from `inner` on are undefined and meet weights of 0.
pub fn quantise<'o>(
    level: KernelLevel,
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

/// Rounds half to even by adding 1.5·2²³: the low bits of the sum are then the integer.
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
/// Shapes: `u` is `[rows][depth]`, `y` `[rows][columns]`. Panics if they do not fit, which would be
/// a defect of this crate.
pub fn multiply(
    level: KernelLevel,
    u: &[u8],
    packed: &PackedWeights,
    epilogue: &Epilogue<'_>,
    y: &mut [f32],
) {
    let rows = u.len() / packed.depth.max(1);
    assert_eq!(u.len(), rows * packed.depth, "rows are whole");
    assert_eq!(y.len(), rows * packed.columns, "the result has room");
    assert!(epilogue.unscale.len() >= packed.columns && epilogue.bias.len() >= packed.columns);
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level says that the CPU has the features; the shapes were checked above.
        KernelLevel::Avx512Vnni => unsafe { x86::multiply512(u, packed, epilogue, y) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        KernelLevel::AvxVnni => unsafe { x86::multiply_avxvnni(u, packed, epilogue, y) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        KernelLevel::Avx2 => unsafe { x86::multiply_avx2(u, packed, epilogue, y) },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: as above.
        KernelLevel::NeonDot => unsafe { arm::multiply_dot(u, packed, epilogue, y) },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: as above.
        KernelLevel::Neon => unsafe { arm::multiply_neon(u, packed, epilogue, y) },
        _ => scalar(u, packed, epilogue, y),
    }
}

/// The reference: one multiplication at a time.
fn scalar(u: &[u8], packed: &PackedWeights, epilogue: &Epilogue<'_>, y: &mut [f32]) {
    let per_block = packed.depth / 4;
    for (row, out) in u
        .chunks_exact(packed.depth)
        .zip(y.chunks_exact_mut(packed.columns))
    {
        for (block, out) in out.chunks_mut(BLOCK_COLUMNS).enumerate() {
            let mut sums = [0_i32; BLOCK_COLUMNS];
            let groups = &packed.groups[block * per_block..(block + 1) * per_block];
            for (group, four) in groups.iter().zip(row.chunks_exact(4)) {
                for (sum, weights) in sums.iter_mut().zip(group.0.chunks_exact(4)) {
                    for (&u, &weight) in four.iter().zip(weights) {
                        *sum += i32::from(u) * i32::from(weight);
                    }
                }
            }
            finish(&sums, block * BLOCK_COLUMNS, epilogue, out);
        }
    }
}
