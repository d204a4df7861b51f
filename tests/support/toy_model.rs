//! Writes a small model with random weights, its vocabulary and its shortlist, in the formats that
//! the engine reads.
//!
//! Unit tests, integration tests and benchmarks include this file by its path: they build what they
//! need, so that the project distributes no trained model.

use std::collections::BTreeSet;

/// The dimensions of a model.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
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
    /// Pieces of the vocabulary; at least those that every toy model has.
    pub pieces: usize,
    /// Bias of EOS: −1000 lets every sentence run to its limit.
    pub end: f32,
    /// Candidates of every sentence, and candidates that every source piece adds.
    pub candidates: [usize; 2],
}

/// Small enough for tests without optimisation.
pub const SMALL: Sizes = Sizes {
    dim: 32,
    ffn: 40,
    heads: 4,
    encoder: 2,
    decoder: 2,
    pieces: 0,
    end: 0.5,
    candidates: [6, 4],
};

const WORDS: [&str; 24] = [
    "▁de", "▁het", "▁een", "▁in", "▁van", "▁the", "▁a", "▁of", "▁Kur", "sk", "▁had", "dock", "s",
    "en", "er", "▁", ",", ".", "▁MI", "6", "a", "e", "n", "k",
];

/// A generator of random numbers (xorshift), fixed by its seed.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.next(10_000) as f32 / 10_000.0
    }
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn field(number: u64, bytes: &[u8], out: &mut Vec<u8>) {
    varint(number << 3 | 2, out);
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// The pieces: EOS, unknown, all bytes, a user-defined symbol, words and single letters, and then
/// syllables up to the wanted number.
fn pieces(sizes: Sizes) -> Vec<(String, f32, u64)> {
    let mut pieces = vec![("</s>".to_owned(), 0.0, 3), ("<unk>".to_owned(), 0.0, 2)];
    pieces.extend((0..256).map(|byte| (format!("<0x{byte:02X}>"), 0.0, 6)));
    pieces.push(("__x__".to_owned(), 0.0, 4));
    pieces.extend(
        WORDS
            .iter()
            .enumerate()
            .map(|(i, word)| ((*word).to_owned(), -2.0 - i as f32 / 7.0, 1)),
    );
    let letters = ('b'..='z')
        .filter(|c| !"aenks".contains(*c))
        .chain(['H', 'K', 'é']);
    pieces.extend(letters.map(|c| (c.to_string(), -9.0, 1)));
    let mut known: BTreeSet<String> = pieces.iter().map(|(name, ..)| name.clone()).collect();
    let mut number = 0;
    while pieces.len() < sizes.pieces {
        let (mut name, mut rest) = (String::new(), number / 2);
        if number % 2 == 0 {
            name.push('▁');
        }
        loop {
            name.push(char::from(b"tnrdlkgmvsbphzwj"[rest % 16]));
            name.push(char::from(b"eaoiu"[rest / 16 % 5]));
            rest /= 80;
            if rest == 0 {
                break;
            }
        }
        number += 1;
        if known.insert(name.clone()) {
            pieces.push((name, -3.0 - number as f32 / 4000.0, 1));
        }
    }
    pieces
}

/// A vocabulary whose normaliser turns a tab into a space.
pub fn vocab(sizes: Sizes) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, score, kind) in pieces(sizes) {
        let mut piece = Vec::new();
        field(1, name.as_bytes(), &mut piece);
        varint(2 << 3 | 5, &mut piece);
        piece.extend_from_slice(&score.to_le_bytes());
        varint(3 << 3, &mut piece);
        varint(kind, &mut piece);
        field(1, &piece, &mut out);
    }
    let mut trainer = Vec::new();
    for (number, value) in [(3, 1), (35, 1)] {
        varint(number << 3, &mut trainer);
        varint(value, &mut trainer);
    }
    field(2, &trainer, &mut out);
    // The root's children begin at unit 16; 16 ^ 9 = 25 is the tab, 25 ^ 1 = 24 its value 0.
    let mut trie = [0_u32; 32];
    trie[0] = 16 << 10;
    trie[25] = 1 << 10 | 1 << 8 | 9;
    trie[24] = 1 << 31;
    let mut map = (4 * trie.len() as u32).to_le_bytes().to_vec();
    map.extend(trie.iter().flat_map(|unit| unit.to_le_bytes()));
    map.extend_from_slice(b" \0");
    let mut normalizer = Vec::new();
    field(2, &map, &mut normalizer);
    field(3, &normalizer, &mut out);
    out
}

/// Name, type, shape, bytes.
type Item = (String, u64, Vec<u32>, Vec<u8>);

fn floats(name: String, values: impl Iterator<Item = f32>) -> Item {
    let bytes: Vec<u8> = values.flat_map(f32::to_le_bytes).collect();
    (name, 0x0404, vec![1, bytes.len() as u32 / 4], bytes)
}

/// The storage of the matrices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// int8 with alphas, one vocabulary.
    Int8,
    /// Floats of the same values, with a vocabulary for each language.
    Float,
}

fn matrix(
    name: &str,
    [rows, columns]: [usize; 2],
    storage: Storage,
    random: &mut Random,
    items: &mut Vec<Item>,
) {
    let bytes: Vec<i8> = (0..rows * columns)
        .map(|_| (random.next(255) as i32 - 127) as i8)
        .collect();
    let scale = 127.0 * (rows.min(64) as f32).sqrt() / 3.0;
    let shape = vec![rows as u32, columns as u32];
    if storage == Storage::Float {
        // int8 matrices are stored transposed, except the embedding; floats are not.
        let at = |r: usize, c: usize| {
            if name.contains("Wemb") {
                r * columns + c
            } else {
                c * rows + r
            }
        };
        let cells = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c)));
        let values = cells.flat_map(|(r, c)| (f32::from(bytes[at(r, c)]) / scale).to_le_bytes());
        items.push((name.to_owned(), 0x0404, shape, values.collect()));
        return;
    }
    let mut stored: Vec<u8> = bytes.iter().map(|&b| b as u8).collect();
    stored.extend_from_slice(&scale.to_le_bytes());
    items.push((name.to_owned(), 0x4101, shape, stored));
    items.push(floats(
        format!("{name}_QuantMultA"),
        std::iter::once(127.0 / 4.0),
    ));
}

/// The settings that Marian writes into a model of this family.
const SETTINGS: &str = "\
bert-train-type-embeddings: true
bert-type-vocab-size: 2
dec-cell: ssru
dec-cell-base-depth: 2
dec-cell-high-depth: 1
dim-rnn: 1024
enc-cell: gru
enc-cell-depth: 1
enc-type: bidirectional
factors-combine: sum
factors-dim-emb: 0
input-types:
  []
layer-normalization: false
lemma-dependency: \"\"
lemma-dim-emb: 0
output-omit-bias: false
right-left: false
skip: false
tied-embeddings: false
tied-embeddings-all: true
tied-embeddings-src: false
transformer-aan-activation: swish
transformer-aan-depth: 2
transformer-aan-nogate: false
transformer-decoder-autoreg: rnn
transformer-depth-scaling: false
transformer-dim-aan: 2048
transformer-ffn-activation: relu
transformer-ffn-depth: 2
transformer-guided-alignment-layer: last
transformer-no-projection: false
transformer-pool: false
transformer-postprocess: dan
transformer-postprocess-emb: d
transformer-postprocess-top: \"\"
transformer-preprocess: \"\"
transformer-tied-layers:
  []
transformer-train-position-embeddings: false
transformer-train-positions: false
type: transformer
ulr: false
ulr-dim-emb: 0
ulr-trainable-transformation: false
version: v1.10.25
";

/// A model with random weights; `settings` are appended to its own.
pub fn model(sizes: Sizes, seed: u64, storage: Storage, settings: &str) -> Vec<u8> {
    let Sizes {
        dim,
        ffn,
        heads,
        encoder,
        decoder,
        ..
    } = sizes;
    let random = &mut Random(seed);
    let size = pieces(sizes).len();
    let yaml = format!(
        "{SETTINGS}dim-emb: {dim}\ntransformer-dim-ffn: {ffn}\ntransformer-heads: {heads}\n\
         enc-depth: {encoder}\ndec-depth: {decoder}\n\
         dim-vocabs:\n  - {size}\n  - {size}\n{settings}\0"
    );
    let mut items: Vec<Item> = vec![(
        "special:model.yml".into(),
        0x0101,
        vec![yaml.len() as u32],
        yaml.into_bytes(),
    )];
    items.push(floats(
        "none_QuantMultA".into(),
        std::iter::once(127.0 / 4.0),
    ));
    matrix("Wemb", [size, dim], storage, random, &mut items);
    if storage == Storage::Float {
        // The same embedding under the names of models with two vocabularies.
        let (_, kind, shape, bytes) = items.pop().expect("the embedding was just written");
        for name in ["encoder_Wemb", "decoder_Wemb"] {
            items.push((name.to_owned(), kind, shape.clone(), bytes.clone()));
        }
    }
    let bias: Vec<f32> = (0..size)
        .map(|id| match id {
            0 => sizes.end,
            // The tests need words, not bytes.
            2..258 => -6.0,
            _ => random.between(-1.0, 1.0),
        })
        .collect();
    items.push(floats("decoder_ff_logit_out_b".into(), bias.into_iter()));
    let mut block = |prefix: String, matrices: &[(&str, &str, usize, usize)], norm: &str| {
        for &(w, b, rows, columns) in matrices {
            matrix(
                &format!("{prefix}_{w}"),
                [rows, columns],
                storage,
                random,
                &mut items,
            );
            if !b.is_empty() {
                let values: Vec<f32> = (0..columns).map(|_| random.between(-0.2, 0.2)).collect();
                items.push(floats(format!("{prefix}_{b}"), values.into_iter()));
            }
        }
        let values: Vec<f32> = (0..2 * dim).map(|_| random.between(0.8, 1.2)).collect();
        items.push(floats(
            format!("{prefix}_{norm}_ln_scale"),
            values[..dim].iter().copied(),
        ));
        items.push(floats(
            format!("{prefix}_{norm}_ln_bias"),
            values[dim..].iter().map(|v| v - 1.0),
        ));
    };
    let square = |w, b| (w, b, dim, dim);
    let attention = [
        square("Wq", "bq"),
        square("Wk", "bk"),
        square("Wv", "bv"),
        square("Wo", "bo"),
    ];
    let feed = [("W1", "b1", dim, ffn), ("W2", "b2", ffn, dim)];
    for i in 1..=encoder {
        block(format!("encoder_l{i}_self"), &attention, "Wo");
        block(format!("encoder_l{i}_ffn"), &feed, "ffn");
    }
    for i in 1..=decoder {
        block(
            format!("decoder_l{i}_rnn"),
            &[square("W", ""), square("Wf", "bf")],
            "ffn",
        );
        block(format!("decoder_l{i}_context"), &attention, "Wo");
        block(format!("decoder_l{i}_ffn"), &feed, "ffn");
    }
    write(&items)
}

/// The file of these items.
fn write(items: &[Item]) -> Vec<u8> {
    let mut out = Vec::new();
    let word =
        |value: usize, out: &mut Vec<u8>| out.extend_from_slice(&(value as u64).to_le_bytes());
    word(1, &mut out);
    word(items.len(), &mut out);
    for (name, kind, shape, bytes) in items {
        for value in [
            name.len() + 1,
            *kind as usize,
            shape.len(),
            bytes.len().next_multiple_of(256),
        ] {
            word(value, &mut out);
        }
    }
    for (name, ..) in items {
        out.extend_from_slice(name.as_bytes());
        out.push(0);
    }
    for (_, _, shape, _) in items {
        out.extend(shape.iter().flat_map(|d| d.to_le_bytes()));
    }
    let start = ((out.len() + 8) / 256 + 1) * 256;
    word(start - out.len() - 8, &mut out);
    out.resize(start, 0);
    for (.., bytes) in items {
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(256), 0);
    }
    out
}

/// A shortlist with random ids for every source id.
pub fn shortlist(sizes: Sizes, seed: u64) -> Vec<u8> {
    let (random, size) = (&mut Random(seed), pieces(sizes).len());
    let [first, best] = sizes.candidates;
    let (mut offsets, mut ids) = (vec![0_u64], Vec::new());
    for _ in 0..size {
        let mut own: Vec<u32> = (0..best)
            .map(|_| (2 + random.next(size - 2)) as u32)
            .collect();
        own.sort_unstable();
        own.dedup();
        ids.extend(own);
        offsets.push(ids.len() as u64);
    }
    let mut body: Vec<u8> = [
        first as u64,
        best as u64,
        offsets.len() as u64,
        ids.len() as u64,
    ]
    .iter()
    .chain(&offsets)
    .flat_map(|w| w.to_le_bytes())
    .collect();
    body.extend(ids.iter().flat_map(|id| id.to_le_bytes()));
    let mut out = 0xF11A_48D5_0134_17F5_u64.to_le_bytes().to_vec();
    let words = body
        .chunks_exact(8)
        .map(|w| u64::from_le_bytes(w.try_into().expect("eight bytes")));
    let sum = words.fold(0_u64, |sum, word| {
        sum ^ word
            .wrapping_add(0x9e37_79b9)
            .wrapping_add(sum << 6)
            .wrapping_add(sum >> 2)
    });
    out.extend_from_slice(&sum.to_le_bytes());
    out.extend(body);
    out
}

/// A random text of `words` words, some with characters that the vocabulary lacks.
pub fn text(random: &mut Random, words: usize) -> String {
    const PARTS: [&str; 12] = [
        "de",
        "haven",
        "van",
        "Kursk",
        "MI6",
        "één",
        "‘s",
        "12,",
        "haddock.",
        "naar\t",
        "😀",
        "ontwikkelingen;",
    ];
    let words: Vec<&str> = (0..words)
        .map(|_| PARTS[random.next(PARTS.len())])
        .collect();
    words.join(" ")
}
