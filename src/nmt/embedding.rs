//! The embedding of ids, which is also the output layer: kept as signed bytes, half of the memory of a model.

use super::Error;
use super::float;
use super::kernel::{Epilogue, Level, Packed, multiply, quantise};
use super::linear::{prepared, unscale};
use super::network::Buffers;
use super::weights::Weights;

/// Rows of ids.
#[derive(Debug)]
pub struct Embedding {
    dim: usize,
    rows: usize,
    /// √dim, by which a row is multiplied where it is input.
    root: f32,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Quantised {
        bytes: Vec<i8>,
        /// 1/quantMult.
        inverse: f32,
        /// Scale of the activations that meet the output layer.
        alpha: f32,
        /// 127/max|W|, which the output layer quantises with.
        requantised: f32,
    },
    Float(Vec<f32>),
}

/// The output layer for some candidates.
#[derive(Debug)]
pub struct Output {
    /// Ids of the candidates, ascending.
    pub ids: Vec<u32>,
    packed: Packed,
    rows: Vec<f32>,
    alpha: f32,
    unscale: Vec<f32>,
    bias: Vec<f32>,
}

impl Embedding {
    /// Loads a matrix [rows][dim].
    pub fn load(weights: &Weights<'_>, name: &str, rows: usize, dim: usize) -> Result<Self, Error> {
        let wanted = format!("[{rows}, {dim}]");
        let kind = if let Some((bytes, scale, shape)) = weights.bytes8(name)? {
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
            Kind::Quantised {
                bytes: bytes.to_vec(),
                inverse,
                alpha,
                requantised: 127.0 / (f32::from(most.max(1)) * inverse),
            }
        } else {
            let (values, shape) = weights.matrix(name)?;
            if shape != [rows, dim] {
                return Err(weights.wrong(name, &wanted));
            }
            Kind::Float(values)
        };
        Ok(Self {
            dim,
            rows,
            root: (dim as f32).sqrt(),
            kind,
        })
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Adds the row of an id, times √dim, to `out`.
    pub fn add_row(&self, id: u32, out: &mut [f32]) {
        let range = id as usize * self.dim..(id as usize + 1) * self.dim;
        match &self.kind {
            Kind::Quantised { bytes, inverse, .. } => {
                for (value, &byte) in out.iter_mut().zip(&bytes[range]) {
                    *value += f32::from(byte) * inverse * self.root;
                }
            }
            Kind::Float(values) => {
                for (value, &weight) in out.iter_mut().zip(&values[range]) {
                    *value += weight * self.root;
                }
            }
        }
    }

    /// The output layer for these candidates; `bias` has one number per id of the vocabulary.
    pub fn output(&self, ids: Vec<u32>, bias: &[f32]) -> Output {
        let mut output = Output {
            packed: Packed::default(),
            rows: Vec::new(),
            alpha: 1.0,
            unscale: Vec::new(),
            bias: Vec::with_capacity(ids.len()),
            ids,
        };
        let row = |id: &u32| *id as usize * self.dim..(*id as usize + 1) * self.dim;
        match &self.kind {
            Kind::Quantised {
                bytes,
                alpha,
                requantised,
                ..
            } => {
                let columns = output.ids.iter().map(|id| &bytes[row(id)]);
                output.packed = Packed::new(self.dim, columns);
                output.alpha = *alpha;
                output.unscale = vec![unscale(*alpha, *requantised); output.ids.len()];
                for (id, &sum) in output.ids.iter().zip(output.packed.sums()) {
                    let own = bias[*id as usize];
                    output.bias.push(prepared(sum, *alpha, *requantised, own));
                }
            }
            Kind::Float(values) => {
                for id in &output.ids {
                    output.rows.extend_from_slice(&values[row(id)]);
                    output.bias.push(bias[*id as usize]);
                }
            }
        }
        output
    }
}

impl Output {
    /// Logits of the candidates for rows. Shapes: `x` [rows][dim], `y` [rows][candidates], resized here.
    pub fn logits(
        &self,
        level: Level,
        x: &[f32],
        dim: usize,
        buffers: &mut Buffers,
        y: &mut Vec<f32>,
    ) {
        let rows = x.len() / dim;
        y.resize(rows * self.ids.len(), 0.0);
        if self.rows.is_empty() {
            let u = &mut buffers.scratch.quantised;
            quantise(level, x, dim, self.packed.depth(), self.alpha, u);
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
