//! The student network: a transformer encoder and a recurrent (SSRU) decoder, as Marian trains them
//! for Firefox.
//!
//! Encoder layer: x ← LN(Wo·attention + bo + x); x ← LN(W2·relu(W1·x + b1) + b2 + x). Decoder
//! layer: the SSRU, cross-attention and feed-forward, each with its norm. Sources: Kim et al. 2019
//! (SSRU), Vaswani et al. 2017 (transformer), Marian's layouts.

use super::embedding::EmbeddingTable;
use super::error::Error;
use super::float::{self, AttentionHead};
use super::kernel::KernelLevel;
use super::linear::{LinearLayer, apply_all, grow_buffer};
use super::weights::ModelWeights;
use std::ops::Range;

/// Scale and bias of a layer normalisation.
#[derive(Debug)]
struct LayerNorm {
    scale: Vec<f32>,
    bias: Vec<f32>,
}

impl LayerNorm {
    fn load(weights: &ModelWeights<'_>, prefix: &str, dim: usize) -> Result<Self, Error> {
        Ok(Self {
            scale: weights.vector(&format!("{prefix}_ln_scale"), dim)?,
            bias: weights.vector(&format!("{prefix}_ln_bias"), dim)?,
        })
    }

    /// `x ← LN(x + residual)`, row by row.
    fn apply(&self, level: KernelLevel, x: &mut [f32], residual: &[f32]) {
        let dim = self.scale.len();
        level.run(
            #[inline(always)]
            || {
                for (x, residual) in x.chunks_exact_mut(dim).zip(residual.chunks_exact(dim)) {
                    float::add_and_normalise(x, residual, &self.scale, &self.bias);
                }
            },
        );
    }
}

/// W2·relu(W1·x + b1) + b2, with its norm.
#[derive(Debug)]
struct FeedForward {
    first: LinearLayer,
    second: LinearLayer,
    norm: LayerNorm,
}

impl FeedForward {
    fn load(
        weights: &ModelWeights<'_>,
        prefix: &str,
        dim: usize,
        inner: usize,
    ) -> Result<Self, Error> {
        let name = |part: &str| format!("{prefix}_ffn_{part}");
        Ok(Self {
            first: LinearLayer::single(weights, name("W1"), name("b1"), dim, inner)?,
            second: LinearLayer::single(weights, name("W2"), name("b2"), inner, dim)?,
            norm: LayerNorm::load(weights, &name("ffn"), dim)?,
        })
    }

    /// Applies the block in chunks of rows, which keeps the wide middle in the cache and its memory
    /// small.
    fn apply(&self, level: KernelLevel, x: &mut [f32], buffers: &mut NetworkBuffers) {
        let dim = self.norm.scale.len();
        for x in x.chunks_mut(FEED_FORWARD_ROWS * dim) {
            let wide = grow_buffer(&mut buffers.wide, x.len() / dim * self.first.columns());
            let out = grow_buffer(&mut buffers.out, x.len());
            self.first
                .apply(level, x, true, &mut buffers.quantised, wide);
            self.second
                .apply(level, wide, false, &mut buffers.quantised, out);
            self.norm.apply(level, out, x);
            x.copy_from_slice(out);
        }
    }
}

/// Rows of a feed-forward block that are computed together.
const FEED_FORWARD_ROWS: usize = 64;

#[derive(Debug)]
struct EncoderLayer {
    qkv: Vec<LinearLayer>,
    out: LinearLayer,
    norm: LayerNorm,
    feed: FeedForward,
}

#[derive(Debug)]
struct DecoderLayer {
    /// W and Wf of the SSRU, side by side.
    cell: Vec<LinearLayer>,
    cell_norm: LayerNorm,
    query: LinearLayer,
    /// Matrices of the keys and values of cross-attention, side by side.
    key_value: Vec<LinearLayer>,
    out: LinearLayer,
    norm: LayerNorm,
    feed: FeedForward,
}

/// Working memory that all layers and steps share.
#[derive(Debug, Default)]
pub struct NetworkBuffers {
    /// Quantised activations.
    pub quantised: Vec<u8>,
    wide: Vec<f32>,
    out: Vec<f32>,
    mixed: Vec<f32>,
    keys: Vec<f32>,
    scores: Vec<f32>,
}

/// The dimensions of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkShape {
    /// Width of a row.
    pub dim: usize,
    /// Width inside the feed-forward blocks.
    pub ffn: usize,
    /// Attention heads.
    pub heads: usize,
    /// Encoder layers.
    pub encoder: usize,
    /// Decoder layers.
    pub decoder: usize,
}

/// ln 10,000: the longest wave of the positional signal.
const LN_10_000: f32 = 9.210_340_5;

/// Positions whose signal is computed at load; later ones are computed at every use.
const PRECOMPUTED_POSITIONS: usize = 260;

/// The weights of a model, ready for use.
#[derive(Debug)]
pub struct StudentNetwork {
    /// The dimensions.
    pub shape: NetworkShape,
    /// The embedding of source ids.
    pub source: EmbeddingTable,
    /// The embedding of target ids, if it differs from that of the source.
    target: Option<EmbeddingTable>,
    encoder: Vec<EncoderLayer>,
    decoder: Vec<DecoderLayer>,
    frequencies: Vec<f32>,
    positions: Vec<f32>,
}

/// A batch of source sentences as cross-attention needs it.
#[derive(Debug)]
pub struct EncodedBatch {
    shape: NetworkShape,
    /// Tokens of every sentence, with EOS.
    lengths: Vec<usize>,
    /// Offset of every sentence in a layer.
    starts: Vec<usize>,
    /// Keys and values of every decoder layer in the order in which a step reads them: per sentence
    /// and head the packed keys `[blocks][width][LANES]`, then the values `[tokens][width]`.
    layers: Vec<Vec<f32>>,
}

/// The input of one hypothesis to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepInput {
    /// Index of its sentence in the [`EncodedBatch`].
    pub sentence: usize,
    /// Number of its ids so far.
    pub position: usize,
    /// The last id; `None` before the first step.
    pub previous: Option<u32>,
}

/// The recurrent state: for every layer one row per hypothesis, `[hypotheses][dim]`.
#[derive(Debug, Clone)]
pub struct DecoderState {
    cells: Vec<Vec<f32>>,
    dim: usize,
}

impl DecoderState {
    /// The state before the first step.
    pub fn new(network: &StudentNetwork, hypotheses: usize) -> Self {
        Self {
            cells: vec![vec![0.0; hypotheses * network.shape.dim]; network.shape.decoder],
            dim: network.shape.dim,
        }
    }

    /// Copies the row of a hypothesis from every layer: `[layers][dim]`.
    pub fn row(&self, row: usize) -> Vec<f32> {
        let range = row * self.dim..(row + 1) * self.dim;
        let rows = self.cells.iter().flat_map(|cell| &cell[range.clone()]);
        rows.copied().collect()
    }

    /// Writes back a row that [`DecoderState::row`] copied.
    pub fn restore(&mut self, row: usize, saved: &[f32]) {
        let range = row * self.dim..(row + 1) * self.dim;
        for (cell, saved) in self.cells.iter_mut().zip(saved.chunks_exact(self.dim)) {
            cell[range.clone()].copy_from_slice(saved);
        }
    }

    /// Keeps these rows, in this order; a row may occur several times.
    pub fn select(&mut self, rows: &[usize]) {
        for cell in &mut self.cells {
            let mut kept = Vec::with_capacity(rows.len() * self.dim);
            for &row in rows {
                kept.extend_from_slice(&cell[row * self.dim..(row + 1) * self.dim]);
            }
            *cell = kept;
        }
    }
}

impl StudentNetwork {
    /// Loads all weights.
    ///
    /// Errors: a matrix that is absent or has another shape.
    pub fn load(
        weights: &ModelWeights<'_>,
        shape: NetworkShape,
        source_vocabulary: usize,
        target_vocabulary: usize,
    ) -> Result<Self, Error> {
        let NetworkShape { dim, ffn, .. } = shape;
        let (source, target) = if weights.has("Wemb") {
            let shared = EmbeddingTable::load(weights, "Wemb", source_vocabulary, dim)?;
            (shared, None)
        } else {
            (
                EmbeddingTable::load(weights, "encoder_Wemb", source_vocabulary, dim)?,
                Some(EmbeddingTable::load(
                    weights,
                    "decoder_Wemb",
                    target_vocabulary,
                    dim,
                )?),
            )
        };
        let pair = |prefix: &str, w: &str, b: &str| {
            (
                format!("{prefix}_{w}"),
                if b.is_empty() {
                    String::new()
                } else {
                    format!("{prefix}_{b}")
                },
            )
        };
        let mut encoder = Vec::with_capacity(shape.encoder);
        for i in 1..=shape.encoder {
            let layer = format!("encoder_l{i}");
            let own = format!("{layer}_self");
            let names = [
                pair(&own, "Wq", "bq"),
                pair(&own, "Wk", "bk"),
                pair(&own, "Wv", "bv"),
            ];
            encoder.push(EncoderLayer {
                qkv: LinearLayer::load(weights, &names, dim, dim)?,
                out: LinearLayer::single(
                    weights,
                    format!("{own}_Wo"),
                    format!("{own}_bo"),
                    dim,
                    dim,
                )?,
                norm: LayerNorm::load(weights, &format!("{own}_Wo"), dim)?,
                feed: FeedForward::load(weights, &layer, dim, ffn)?,
            });
        }
        let mut decoder = Vec::with_capacity(shape.decoder);
        for i in 1..=shape.decoder {
            let layer = format!("decoder_l{i}");
            let (cell, context) = (format!("{layer}_rnn"), format!("{layer}_context"));
            let cells = [pair(&cell, "W", ""), pair(&cell, "Wf", "bf")];
            let key_value = [pair(&context, "Wk", "bk"), pair(&context, "Wv", "bv")];
            let single = |w: &str, b: &str| {
                LinearLayer::single(
                    weights,
                    format!("{context}_{w}"),
                    format!("{context}_{b}"),
                    dim,
                    dim,
                )
            };
            decoder.push(DecoderLayer {
                cell: LinearLayer::load(weights, &cells, dim, dim)?,
                cell_norm: LayerNorm::load(weights, &format!("{cell}_ffn"), dim)?,
                query: single("Wq", "bq")?,
                key_value: LinearLayer::load(weights, &key_value, dim, dim)?,
                out: single("Wo", "bo")?,
                norm: LayerNorm::load(weights, &format!("{context}_Wo"), dim)?,
                feed: FeedForward::load(weights, &layer, dim, ffn)?,
            });
        }
        let half = dim / 2;
        let step = LN_10_000 / (half as f32 - 1.0);
        let frequency = |i: usize| float::exp_slow(f64::from(i as f32 * -step)) as f32;
        let frequencies: Vec<f32> = (0..half).map(frequency).collect();
        let mut network = Self {
            shape,
            source,
            target,
            encoder,
            decoder,
            frequencies,
            positions: Vec::new(),
        };
        let mut positions = Vec::with_capacity(PRECOMPUTED_POSITIONS * dim);
        for position in 0..PRECOMPUTED_POSITIONS {
            network.signal(position, &mut positions);
        }
        network.positions = positions;
        Ok(network)
    }

    /// The embedding of target ids.
    pub fn target(&self) -> &EmbeddingTable {
        self.target.as_ref().unwrap_or(&self.source)
    }

    /// Whether both languages share one vocabulary.
    pub fn is_shared(&self) -> bool {
        self.target.is_none()
    }

    /// Appends the positional signal of a position, `[dim]`: sines, then cosines (Vaswani et al.
    /// 2017, not interleaved).
    fn signal(&self, position: usize, out: &mut Vec<f32>) {
        let start = out.len();
        let half = self.frequencies.len();
        out.resize(start + 2 * half, 0.0);
        for (index, frequency) in self.frequencies.iter().enumerate() {
            let angle = f64::from(position as f32 * frequency);
            let (sine, cosine) = float::sine_and_cosine(angle);
            out[start + index] = sine as f32;
            out[start + half + index] = cosine as f32;
        }
    }

    /// Appends an input row, `[dim]`: the embedding of an id (none before the first step) plus the
    /// positional signal.
    fn input(
        &self,
        embedding: &EmbeddingTable,
        id: Option<u32>,
        position: usize,
        out: &mut Vec<f32>,
    ) {
        let dim = self.shape.dim;
        let start = out.len();
        match self.positions.get(position * dim..(position + 1) * dim) {
            Some(row) => out.extend_from_slice(row),
            None => self.signal(position, out),
        }
        if let Some(id) = id {
            embedding.add_row(id, &mut out[start..]);
        }
    }

    /// Encodes sentences, each a list of ids with EOS.
    pub fn encode(
        &self,
        level: KernelLevel,
        sentences: &[&[u32]],
        buffers: &mut NetworkBuffers,
    ) -> EncodedBatch {
        let dim = self.shape.dim;
        let mut ranges = Vec::with_capacity(sentences.len());
        let mut x = Vec::with_capacity(sentences.iter().map(|s| s.len()).sum::<usize>() * dim);
        for sentence in sentences {
            let start = x.len() / dim;
            for (position, &id) in sentence.iter().enumerate() {
                self.input(&self.source, Some(id), position, &mut x);
            }
            ranges.push(start..x.len() / dim);
        }
        let (rows, all) = (x.len() / dim, x.len());
        for layer in &self.encoder {
            let wide = grow_buffer(&mut buffers.wide, rows * 3 * dim);
            apply_all(&layer.qkv, level, &x, &mut buffers.quantised, wide);
            let mixed = grow_buffer(&mut buffers.mixed, all);
            for range in &ranges {
                let rows = &wide[range.start * 3 * dim..range.end * 3 * dim];
                let out = &mut mixed[range.start * dim..range.end * dim];
                let (keys, scores) = (&mut buffers.keys, &mut buffers.scores);
                level.run(
                    #[inline(always)]
                    || attend_self(self.shape, rows, out, keys, scores),
                );
            }
            let out = grow_buffer(&mut buffers.out, all);
            layer
                .out
                .apply(level, mixed, false, &mut buffers.quantised, out);
            layer.norm.apply(level, out, &x);
            x.copy_from_slice(out);
            layer.feed.apply(level, &mut x, buffers);
        }
        let width = dim / self.shape.heads;
        let mut starts = Vec::with_capacity(ranges.len());
        let mut numbers = 0;
        for range in &ranges {
            starts.push(numbers);
            numbers += self.shape.heads * head_numbers(width, range.len());
        }
        let mut layers = Vec::with_capacity(self.decoder.len());
        for layer in &self.decoder {
            let both = grow_buffer(&mut buffers.wide, rows * 2 * dim);
            apply_all(&layer.key_value, level, &x, &mut buffers.quantised, both);
            let mut heads = vec![0.0; numbers];
            for (range, &start) in ranges.iter().zip(&starts) {
                let rows = &both[range.start * 2 * dim..range.end * 2 * dim];
                let own = heads[start..].chunks_exact_mut(head_numbers(width, range.len()));
                for (at, own) in (0..dim).step_by(width).zip(own) {
                    let (keys, values) = own.split_at_mut(width * blocked(range.len()));
                    float::pack_keys(&rows[at..], 2 * dim, width, keys);
                    let rows = rows[dim + at..].chunks(2 * dim);
                    for (row, value) in rows.zip(values.chunks_exact_mut(width)) {
                        value.copy_from_slice(&row[..width]);
                    }
                }
            }
            layers.push(heads);
        }
        EncodedBatch {
            shape: self.shape,
            lengths: ranges.iter().map(Range::len).collect(),
            starts,
            layers,
        }
    }

    /// One step of the decoder for several hypotheses.
    ///
    /// Shapes: the result is `[hypotheses][dim]`; `attention[i]` has one number per source token:
    /// head 0 of the last layer, which sums to 1.
    pub fn step(
        &self,
        level: KernelLevel,
        rows: &[StepInput],
        memory: &EncodedBatch,
        state: &mut DecoderState,
        buffers: &mut NetworkBuffers,
        attention: &mut Vec<Vec<f32>>,
    ) -> Vec<f32> {
        let dim = self.shape.dim;
        let mut x = Vec::with_capacity(rows.len() * dim);
        for row in rows {
            self.input(self.target(), row.previous, row.position, &mut x);
        }
        attention.resize(rows.len(), Vec::new());
        let last = self.decoder.len() - 1;
        for (index, layer) in self.decoder.iter().enumerate() {
            let cells = &mut state.cells[index];
            let wide = grow_buffer(&mut buffers.wide, 2 * x.len());
            apply_all(&layer.cell, level, &x, &mut buffers.quantised, wide);
            let out = grow_buffer(&mut buffers.out, x.len());
            level.run(
                #[inline(always)]
                || recur(wide, cells, out, dim),
            );
            layer.cell_norm.apply(level, out, &x);
            x.copy_from_slice(out);

            let query = grow_buffer(&mut buffers.wide, x.len());
            layer
                .query
                .apply(level, &x, false, &mut buffers.quantised, query);
            let mixed = grow_buffer(&mut buffers.mixed, x.len());
            let scores = &mut buffers.scores;
            let wanted = (index == last).then_some(&mut *attention);
            level.run(
                #[inline(always)]
                || memory.attend(index, rows, query, mixed, scores, wanted),
            );
            layer
                .out
                .apply(level, mixed, false, &mut buffers.quantised, out);
            layer.norm.apply(level, out, &x);
            x.copy_from_slice(out);
            layer.feed.apply(level, &mut x, buffers);
        }
        x
    }
}

/// Tokens of a sentence, rounded up to whole blocks of lanes.
fn blocked(count: usize) -> usize {
    count.next_multiple_of(float::LANES)
}

/// Numbers of one head for a sentence of `count` tokens: its packed keys, then its values.
fn head_numbers(width: usize, count: usize) -> usize {
    width * (blocked(count) + count)
}

/// Self-attention of one sentence. Shapes: `rows` `[n][q k v]`, `out`
/// `[n][dim]`.
#[expect(
    clippy::inline_always,
    reason = "compiled for the CPU's vectors as a part of `Level::run`"
)]
#[inline(always)]
fn attend_self(
    shape: NetworkShape,
    rows: &[f32],
    out: &mut [f32],
    keys: &mut Vec<f32>,
    scores: &mut Vec<f32>,
) {
    let (dim, width) = (shape.dim, shape.dim / shape.heads);
    let count = out.len() / dim;
    let keys = grow_buffer(keys, width * blocked(count));
    let scores = grow_buffer(scores, blocked(count));
    for at in (0..dim).step_by(width) {
        float::pack_keys(&rows[dim + at..], 3 * dim, width, keys);
        let head = AttentionHead {
            width,
            keys,
            values: &rows[2 * dim + at..],
            step: 3 * dim,
            count,
        };
        for (row, out) in rows.chunks_exact(3 * dim).zip(out.chunks_exact_mut(dim)) {
            head.attend(&row[at..], scores, &mut out[at..]);
        }
    }
}

impl EncodedBatch {
    /// Cross-attention of all rows of a step. Shapes: `queries` and `mixed` `[rows][dim]`.
    /// `attention` receives the weights of head 0.
    #[expect(
        clippy::inline_always,
        reason = "compiled for the CPU's vectors as a part of `Level::run`"
    )]
    #[inline(always)]
    fn attend(
        &self,
        layer: usize,
        rows: &[StepInput],
        queries: &[f32],
        mixed: &mut [f32],
        scores: &mut Vec<f32>,
        mut attention: Option<&mut Vec<Vec<f32>>>,
    ) {
        let (dim, width) = (self.shape.dim, self.shape.dim / self.shape.heads);
        for (index, row) in rows.iter().enumerate() {
            let count = self.lengths[row.sentence];
            let heads = &self.layers[layer][self.starts[row.sentence]..];
            let heads = heads.chunks_exact(head_numbers(width, count));
            let scores = grow_buffer(scores, blocked(count));
            for (at, head) in (0..dim).step_by(width).zip(heads) {
                let (keys, values) = head.split_at(width * blocked(count));
                let head = AttentionHead {
                    width,
                    keys,
                    values,
                    step: width,
                    count,
                };
                let at = index * dim + at;
                head.attend(&queries[at..], scores, &mut mixed[at..]);
                if at == index * dim
                    && let Some(attention) = &mut attention
                {
                    attention[index].clear();
                    attention[index].extend_from_slice(&scores[..count]);
                }
            }
        }
    }
}

/// The SSRU (Kim et al. 2019): f = σ(Wf·y + bf); c ← f⊙c + (1−f)⊙W·y; out = relu(c). Shapes: `wide`
/// `[rows][w f]`, `cells` and `out` `[rows][dim]`.
#[expect(
    clippy::inline_always,
    reason = "compiled for the CPU's vectors as a part of `Level::run`"
)]
#[inline(always)]
fn recur(wide: &mut [f32], cells: &mut [f32], out: &mut [f32], dim: usize) {
    for ((both, cell), out) in wide
        .chunks_exact_mut(2 * dim)
        .zip(cells.chunks_exact_mut(dim))
        .zip(out.chunks_exact_mut(dim))
    {
        let (input, forget) = both.split_at_mut(dim);
        float::sigmoid(forget);
        for i in 0..dim {
            let f = forget[i];
            cell[i] = f * cell[i] + (1.0 - f) * input[i];
            out[i] = if cell[i] > 0.0 { cell[i] } else { 0.0 };
        }
    }
}
