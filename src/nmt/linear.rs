//! Products with weight matrices: int8 with fixed scales, and plain floats for older models.

use super::error::Error;
use super::float;
use super::kernel::{Epilogue, KernelLevel, PackedWeights, multiply, quantise};
use super::weights::ModelWeights;

/// y = x·W + b for rows x. Shape of W: `[inner][columns]`.
#[derive(Debug)]
pub struct LinearLayer {
    inner: usize,
    columns: usize,
    kind: LinearWeights,
}

#[derive(Debug)]
enum LinearWeights {
    /// int8, with one scale for all activations.
    Quantised {
        packed: PackedWeights,
        alpha: f32,
        unscale: Vec<f32>,
        bias: Vec<f32>,
    },
    /// Floats, column by column.
    Float { columns: Vec<f32>, bias: Vec<f32> },
}

/// Factor of a column: 1/(a·b).
///
/// Source: Marian's int8shiftAlphaAll; `a` is the scale of the activations, `b` the `quantMult` of
/// the weights. The order of the f32 operations is the reference's.
pub fn unscale(a: f32, b: f32) -> f32 {
    1.0 / (a * b)
}

/// The constant of a column: the bias, less the part that the shift of the activations by 127 added
/// to the sum.
pub fn prepared(sum: i32, a: f32, b: f32, bias: f32) -> f32 {
    sum as f32 * (-((127.0 / a) * (127.0 / b)) / 127.0) + bias
}

impl LinearLayer {
    /// Loads matrices with a common input, as one wide product where their activation scales are
    /// equal.
    ///
    /// `names` are (matrix, bias); an empty bias name means none. Every matrix must be
    /// `[inner][columns]`.
    ///
    /// Errors: a matrix that is absent or has another shape.
    pub fn load(
        weights: &ModelWeights<'_>,
        names: &[(String, String)],
        inner: usize,
        columns: usize,
    ) -> Result<Vec<Self>, Error> {
        let mut parts: Vec<Self> = Vec::new();
        let mut open: Vec<(f32, f32, &[i8], Vec<f32>)> = Vec::new();
        for (matrix, bias) in names {
            let bias = if bias.is_empty() {
                vec![0.0; columns]
            } else {
                weights.vector(bias, columns)?
            };
            if let Some((bytes, b, shape)) = weights.int8_matrix(matrix)? {
                if shape != [inner, columns] {
                    return Err(weights.wrong(matrix, &format!("[{inner}, {columns}]")));
                }
                let a = weights.scalar(&format!("{matrix}_QuantMultA"))?;
                if a <= 0.0 {
                    return Err(weights.wrong(&format!("{matrix}_QuantMultA"), "positive"));
                }
                if open.last().is_some_and(|(last, ..)| *last != a) {
                    parts.push(Self::quantised(std::mem::take(&mut open), inner, columns));
                }
                open.push((a, b, bytes, bias));
            } else {
                let (values, shape) = weights.matrix(matrix)?;
                if shape != [inner, columns] {
                    return Err(weights.wrong(matrix, &format!("[{inner}, {columns}]")));
                }
                let transposed = (0..columns)
                    .flat_map(|c| (0..inner).map(move |r| (r, c)))
                    .map(|(r, c)| values[r * columns + c])
                    .collect();
                parts.push(Self {
                    inner,
                    columns,
                    kind: LinearWeights::Float {
                        columns: transposed,
                        bias,
                    },
                });
            }
        }
        if !open.is_empty() {
            parts.push(Self::quantised(open, inner, columns));
        }
        Ok(parts)
    }

    /// Loads one matrix; as [`LinearLayer::load`].
    pub fn single(
        weights: &ModelWeights<'_>,
        matrix: String,
        bias: String,
        inner: usize,
        columns: usize,
    ) -> Result<Self, Error> {
        let mut parts = Self::load(weights, &[(matrix, bias)], inner, columns)?;
        Ok(parts.remove(0))
    }

    fn quantised(parts: Vec<(f32, f32, &[i8], Vec<f32>)>, inner: usize, columns: usize) -> Self {
        let alpha = parts[0].0;
        let slices: Vec<&[i8]> = parts
            .iter()
            .flat_map(|(_, _, bytes, _)| bytes.chunks_exact(inner))
            .collect();
        let packed = PackedWeights::new(inner, &slices);
        let mut scales = Vec::with_capacity(packed.columns());
        let mut bias = Vec::with_capacity(packed.columns());
        for (part, (a, b, _, own)) in parts.iter().enumerate() {
            for (column, &own) in own.iter().enumerate() {
                scales.push(unscale(*a, *b));
                bias.push(prepared(
                    packed.sums()[part * columns + column],
                    *a,
                    *b,
                    own,
                ));
            }
        }
        Self {
            inner,
            columns: packed.columns(),
            kind: LinearWeights::Quantised {
                packed,
                alpha,
                unscale: scales,
                bias,
            },
        }
    }

    /// Columns of the result.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Multiplies rows; `relu` sets negative results to 0. Shapes: `x` `[rows][inner]`, `y`
    /// `[rows][columns]`; `quantised` is working memory.
    pub fn apply(
        &self,
        level: KernelLevel,
        x: &[f32],
        relu: bool,
        quantised: &mut Vec<u8>,
        y: &mut [f32],
    ) {
        match &self.kind {
            LinearWeights::Quantised {
                packed,
                alpha,
                unscale,
                bias,
            } => {
                let bytes = quantised;
                let u = quantise(level, x, self.inner, packed.depth(), *alpha, bytes);
                let epilogue = Epilogue {
                    unscale,
                    bias,
                    relu,
                };
                multiply(level, u, packed, &epilogue, y);
            }
            LinearWeights::Float { columns, bias } => level.run(
                #[inline(always)]
                || {
                    for (row, out) in x
                        .chunks_exact(self.inner)
                        .zip(y.chunks_exact_mut(self.columns))
                    {
                        for ((value, column), &bias) in out
                            .iter_mut()
                            .zip(columns.chunks_exact(self.inner))
                            .zip(bias)
                        {
                            let result = float::dot(row, column) + bias;
                            *value = if relu && result < 0.0 { 0.0 } else { result };
                        }
                    }
                },
            ),
        }
    }
}

/// Multiplies rows by several matrices and puts the results side by side. Shape of `y`: `[rows][Σ
/// columns]`.
pub fn apply_all(
    parts: &[LinearLayer],
    level: KernelLevel,
    x: &[f32],
    quantised: &mut Vec<u8>,
    y: &mut [f32],
) {
    if let [only] = parts {
        only.apply(level, x, false, quantised, y);
        return;
    }
    let rows = x.len() / parts[0].inner;
    let total: usize = parts.iter().map(LinearLayer::columns).sum();
    let mut part = Vec::new();
    let mut start = 0;
    for linear in parts {
        let part = grow_buffer(&mut part, rows * linear.columns);
        linear.apply(level, x, false, quantised, part);
        for (row, values) in part.chunks_exact(linear.columns).enumerate() {
            let at = row * total + start;
            y[at..at + linear.columns].copy_from_slice(values);
        }
        start += linear.columns;
    }
}

/// The first `count` numbers of a reused buffer, which grows if it must; they hold old values.
pub fn grow_buffer(memory: &mut Vec<f32>, count: usize) -> &mut [f32] {
    if memory.len() < count {
        memory.resize(count, 0.0);
    }
    &mut memory[..count]
}
