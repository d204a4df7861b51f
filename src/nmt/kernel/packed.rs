//! Packed weights in the order in which the kernels read them, and the last step of every product.
//!
//! The columns form blocks of 16, the rows of a block groups of 4; a group has 64 bytes, 4 for each
//! column.

/// Columns of a block.
pub(super) const BLOCK_COLUMNS: usize = 16;

/// Four rows of sixteen columns.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct WeightGroup(pub [i8; 64]);

/// A weight matrix in the order in which the kernels read it.
#[derive(Debug, Clone, Default)]
pub struct PackedWeights {
    pub(super) groups: Vec<WeightGroup>,
    /// Σw of every column; 0 for the columns that fill the last block.
    pub(super) sums: Vec<i32>,
    /// Inner dimension, padded to a multiple of 4.
    pub(super) depth: usize,
    /// Columns of the matrix, without those that fill the last block.
    pub(super) columns: usize,
}

impl PackedWeights {
    /// Packs columns of `inner` weights each.
    pub fn new(inner: usize, columns: &[&[i8]]) -> Self {
        let sums = columns.iter().map(|column| sum(column)).collect();
        let mut packed = Self {
            sums,
            ..Self::default()
        };
        packed.fill(inner, columns);
        packed
    }

    /// Packs other columns into the same memory; `sums` yields Σw of every column.
    pub fn refill(&mut self, inner: usize, columns: &[&[i8]], sums: impl Iterator<Item = i32>) {
        self.sums.clear();
        self.sums.extend(sums);
        self.fill(inner, columns);
    }

    fn fill(&mut self, inner: usize, columns: &[&[i8]]) {
        let per_block = inner.div_ceil(4);
        let blocks = columns.len().div_ceil(BLOCK_COLUMNS);
        self.sums.resize(blocks * BLOCK_COLUMNS, 0);
        self.depth = per_block * 4;
        self.columns = columns.len();
        self.groups.resize(blocks * per_block, WeightGroup([0; 64]));
        let groups = self.groups.chunks_exact_mut(per_block.max(1));
        for (columns, groups) in columns.chunks(BLOCK_COLUMNS).zip(groups) {
            let mut fours: [&[[i8; 4]]; BLOCK_COLUMNS] = [&[]; BLOCK_COLUMNS];
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
            if !inner.is_multiple_of(4) && columns.len() < BLOCK_COLUMNS {
                groups[inner / 4].0[columns.len() * 4..].fill(0);
            }
        }
    }

    /// Inner dimension, padded to a multiple of 4.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Number of columns.
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

/// The last step of a product: `y = f32(sum) · unscale + bias`, then the activation.
#[derive(Debug, Clone, Copy)]
pub struct Epilogue<'a> {
    /// Factor of every column: `[columns]`.
    pub unscale: &'a [f32],
    /// Summand of every column: `[columns]`.
    pub bias: &'a [f32],
    /// Whether negative results become 0.
    pub relu: bool,
}

/// Finishes the sums of a block. The order of operations is that of Marian's definition.
#[inline]
pub(super) fn finish(
    sums: &[i32; BLOCK_COLUMNS],
    start: usize,
    epilogue: &Epilogue<'_>,
    out: &mut [f32],
) {
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
