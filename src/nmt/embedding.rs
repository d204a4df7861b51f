//! The embedding table, which is also the output layer: kept as signed bytes, half of a model's
//! memory.

use super::error::Error;
use super::float;
use super::kernel::{self, Epilogue, KernelLevel, PackedWeights, multiply, quantise};
use super::linear::{prepared, unscale};
use super::weights::ModelWeights;

/// One row of `dim` numbers per id.
#[derive(Debug)]
pub struct EmbeddingTable {
    dim: usize,
    rows: usize,
    /// √dim: the factor of a row that is input to the network.
    root: f32,
    kind: EmbeddingWeights,
}

#[derive(Debug)]
enum EmbeddingWeights {
    Quantised {
        bytes: Vec<i8>,
        /// Σw of every row.
        sums: Vec<i32>,
        /// 1/quantMult.
        inverse: f32,
        /// Scale of the activations that the output layer multiplies.
        alpha: f32,
        /// 127/max|W|: the scale with which the output layer quantises the weights again.
        requantised: f32,
    },
    Float(Vec<f32>),
}

/// The output layer restricted to some candidates.
#[derive(Debug, Default)]
pub struct OutputLayer {
    /// Ids of the candidates, ascending.
    pub ids: Vec<u32>,
    packed: PackedWeights,
    rows: Vec<f32>,
    alpha: f32,
    unscale: Vec<f32>,
    bias: Vec<f32>,
}

impl EmbeddingTable {
    /// Loads a matrix `[rows][dim]`.
    pub fn load(
        weights: &ModelWeights<'_>,
        name: &str,
        rows: usize,
        dim: usize,
    ) -> Result<Self, Error> {
        let wanted = format!("[{rows}, {dim}]");
        let kind = if let Some((bytes, scale, shape)) = weights.int8_matrix(name)? {
            if shape != [rows, dim] {
                return Err(weights.wrong(name, &wanted));
            }
            let own = format!("{name}_QuantMultA");
            let alpha = if weights.has("none_QuantMultA") {
                weights.scalar("none_QuantMultA")?
            } else if weights.has(&own) {
                weights.scalar(&own)?
            } else {
                return Err(weights.wrong(&own, "there"));
            };
            if alpha <= 0.0 {
                return Err(weights.wrong("none_QuantMultA", "positive"));
            }
            let most = bytes.iter().map(|b| b.unsigned_abs()).max().unwrap_or(0);
            let inverse = 1.0 / scale;
            let mut sums = Vec::with_capacity(rows);
            KernelLevel::best().run(
                #[inline(always)]
                || sums.extend(bytes.chunks_exact(dim).map(kernel::sum)),
            );
            EmbeddingWeights::Quantised {
                bytes: bytes.to_vec(),
                sums,
                inverse,
                alpha,
                requantised: 127.0 / (f32::from(most.max(1)) * inverse),
            }
        } else {
            let (values, shape) = weights.matrix(name)?;
            if shape != [rows, dim] {
                return Err(weights.wrong(name, &wanted));
            }
            EmbeddingWeights::Float(values)
        };
        Ok(Self {
            dim,
            rows,
            root: (dim as f32).sqrt(),
            kind,
        })
    }

    /// Number of ids.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Adds the row of an id, times √dim, to `out` (`[dim]`).
    pub fn add_row(&self, id: u32, out: &mut [f32]) {
        let range = id as usize * self.dim..(id as usize + 1) * self.dim;
        match &self.kind {
            EmbeddingWeights::Quantised { bytes, inverse, .. } => {
                for (value, &byte) in out.iter_mut().zip(&bytes[range]) {
                    *value += f32::from(byte) * inverse * self.root;
                }
            }
            EmbeddingWeights::Float(values) => {
                for (value, &weight) in out.iter_mut().zip(&values[range]) {
                    *value += weight * self.root;
                }
            }
        }
    }

    /// What the output layer adds to every logit: the bias, and for signed bytes the constant of
    /// the column. Shape: one number per id.
    pub fn prepared(&self, mut bias: Vec<f32>) -> Vec<f32> {
        if let EmbeddingWeights::Quantised {
            sums,
            alpha,
            requantised,
            ..
        } = &self.kind
        {
            for (bias, &sum) in bias.iter_mut().zip(sums) {
                *bias = prepared(sum, *alpha, *requantised, *bias);
            }
        }
        bias
    }

    /// Makes `output` the output layer for the candidates `ids`; `prepared` comes from
    /// [`EmbeddingTable::prepared`].
    pub fn output(&self, ids: Vec<u32>, prepared: &[f32], output: &mut OutputLayer) {
        output.ids = ids;
        let ids = &output.ids;
        output.bias.clear();
        output
            .bias
            .extend(ids.iter().map(|&id| prepared[id as usize]));
        output.rows.clear();
        let row = |id: &u32| *id as usize * self.dim..(*id as usize + 1) * self.dim;
        match &self.kind {
            EmbeddingWeights::Quantised {
                bytes,
                sums,
                alpha,
                requantised,
                ..
            } => {
                let columns: Vec<&[i8]> = ids.iter().map(|id| &bytes[row(id)]).collect();
                let sums = ids.iter().map(|&id| sums[id as usize]);
                output.packed.refill(self.dim, &columns, sums);
                output.alpha = *alpha;
                output.unscale.clear();
                output
                    .unscale
                    .resize(ids.len(), unscale(*alpha, *requantised));
            }
            EmbeddingWeights::Float(values) => {
                for id in ids {
                    output.rows.extend_from_slice(&values[row(id)]);
                }
            }
        }
    }
}

impl OutputLayer {
    /// Logits of the candidates. Shapes: `x` `[rows][dim]`, `y` `[rows][candidates]`; `quantised`
    /// is working memory.
    pub fn logits(
        &self,
        level: KernelLevel,
        x: &[f32],
        dim: usize,
        quantised: &mut Vec<u8>,
        y: &mut [f32],
    ) {
        if self.rows.is_empty() {
            let u = quantise(level, x, dim, self.packed.depth(), self.alpha, quantised);
            let epilogue = Epilogue {
                unscale: &self.unscale,
                bias: &self.bias,
                relu: false,
            };
            multiply(level, u, &self.packed, &epilogue, y);
            return;
        }
        for (row, out) in x.chunks_exact(dim).zip(y.chunks_exact_mut(self.ids.len())) {
            for ((value, weights), bias) in out
                .iter_mut()
                .zip(self.rows.chunks_exact(dim))
                .zip(&self.bias)
            {
                *value = float::dot(row, weights) + bias;
            }
        }
    }
}
