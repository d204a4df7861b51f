//! A SentencePiece unigram vocabulary: text to piece ids with byte offsets, and back.
//!
//! Source of format and procedure: Kudo and Richardson 2018 (SentencePiece) and its `ModelProto`;
//! pieces, scores, normaliser and options are all in the file. `▁` (U+2581) represents a space.

use super::error::Error;
use super::normalizer::{Normalizer, character_length};
use super::reader::ByteReader;
use std::ops::Range;

/// The id that ends a sentence.
pub const EOS: u32 = 0;
/// The id of characters that the vocabulary cannot write.
pub const UNK: u32 = 1;
/// The space mark.
const SPACE_MARK: &str = "\u{2581}";

/// The type of a piece, as `ModelProto` numbers them from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PieceKind {
    Normal,
    Unknown,
    Control,
    UserDefined,
    Unused,
    Byte,
}

/// A piece of an encoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceToken {
    /// The piece's id.
    pub id: u32,
    /// Bytes of the text. If several byte pieces write one character, the last one has its bytes
    /// and the others an empty range.
    pub span: Range<usize>,
}

/// A vocabulary.
#[derive(Debug)]
pub struct Vocab {
    /// The bytes of all pieces, concatenated.
    names: Vec<u8>,
    /// End of every piece in `names`.
    ends: Vec<u32>,
    scores: Vec<f32>,
    kinds: Vec<PieceKind>,
    /// Ids of the pieces that text can be cut into, sorted by their bytes.
    sorted: Vec<u32>,
    /// Range in `sorted` for every first byte.
    first: Vec<Range<u32>>,
    /// Ids of the byte pieces; empty without byte fallback.
    bytes: Vec<u32>,
    lowest: f32,
    highest: f32,
    normalizer: Normalizer,
}

/// A field of a protobuf message.
enum ProtobufField<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Reads the fields of a protobuf message. `base` is the offset of the message in the file.
///
/// Errors: [`Error::Broken`] for unknown wire types and lengths beyond the end.
fn fields<'a>(
    file: &str,
    bytes: &'a [u8],
    base: usize,
    mut each: impl FnMut(u64, ProtobufField<'a>, usize) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut at = 0;
    let broken = |at: usize, reason: &str| Error::Broken {
        file: file.to_owned(),
        offset: base + at,
        reason: reason.to_owned(),
    };
    let varint = |at: &mut usize| -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *bytes.get(*at)?;
            *at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    };
    while at < bytes.len() {
        let start = at;
        let key = varint(&mut at).ok_or_else(|| broken(start, "a field has a broken number"))?;
        let field = match key & 7 {
            0 => ProtobufField::Number(
                varint(&mut at).ok_or_else(|| broken(start, "a number is broken"))?,
            ),
            wire @ (1 | 2 | 5) => {
                let length = match wire {
                    1 => 8,
                    5 => 4,
                    _ => varint(&mut at)
                        .and_then(|n| usize::try_from(n).ok())
                        .ok_or_else(|| broken(start, "a length is broken"))?,
                };
                let end = at.checked_add(length).filter(|&end| end <= bytes.len());
                let end = end.ok_or_else(|| broken(start, "a field runs past the end"))?;
                let taken = &bytes[at..end];
                at = end;
                ProtobufField::Bytes(taken)
            }
            _ => {
                return Err(broken(
                    start,
                    "not a SentencePiece vocabulary: unknown field type",
                ));
            }
        };
        each(key >> 3, field, base + at)?;
    }
    Ok(())
}

impl Vocab {
    /// Reads a `ModelProto`.
    ///
    /// Errors: [`Error::Broken`] with the offset; [`Error::Unsupported`] for model types other than
    /// unigram.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Error> {
        let mut vocab = Self {
            names: Vec::with_capacity(bytes.len() / 2),
            ends: Vec::new(),
            scores: Vec::new(),
            kinds: Vec::new(),
            sorted: Vec::new(),
            first: Vec::new(),
            bytes: Vec::new(),
            lowest: f32::MAX,
            highest: f32::MIN,
            normalizer: Normalizer::default(),
        };
        let mut fallback = false;
        fields(file, bytes, 0, |number, field, at| {
            match (number, field) {
                (1, ProtobufField::Bytes(piece)) => vocab.piece(file, piece, at - piece.len())?,
                (2, ProtobufField::Bytes(trainer)) => {
                    fields(file, trainer, at - trainer.len(), |number, field, _| {
                        match (number, field) {
                            (3, ProtobufField::Number(kind)) if kind != 1 => {
                                return Err(Error::Unsupported {
                                    file: file.to_owned(),
                                    what: format!("a vocabulary of type {kind} (not unigram)"),
                                });
                            }
                            (35, ProtobufField::Number(on)) => fallback = on != 0,
                            _ => {}
                        }
                        Ok(())
                    })?;
                }
                (3, ProtobufField::Bytes(normalizer)) => {
                    fields(
                        file,
                        normalizer,
                        at - normalizer.len(),
                        |number, field, at| {
                            let target = &mut vocab.normalizer;
                            match (number, field) {
                                (2, ProtobufField::Bytes(map)) => {
                                    target.read(file, map, at - map.len())?;
                                }
                                (3, ProtobufField::Number(on)) => target.add_dummy_prefix = on != 0,
                                (4, ProtobufField::Number(on)) => {
                                    target.remove_extra_spaces = on != 0;
                                }
                                (5, ProtobufField::Number(on)) => target.escape_spaces = on != 0,
                                _ => {}
                            }
                            Ok(())
                        },
                    )?;
                }
                _ => {}
            }
            Ok(())
        })?;
        vocab.finish(file, bytes, fallback)?;
        Ok(vocab)
    }

    fn piece(&mut self, file: &str, bytes: &[u8], base: usize) -> Result<(), Error> {
        let (mut score, mut kind) = (0.0, 1);
        let start = self.names.len();
        fields(file, bytes, base, |number, field, _| {
            match (number, field) {
                (1, ProtobufField::Bytes(name)) => self.names.extend_from_slice(name),
                (2, ProtobufField::Bytes(value)) => {
                    score = value.try_into().map_or(f32::NAN, f32::from_le_bytes);
                }
                (3, ProtobufField::Number(value)) => kind = value,
                _ => {}
            }
            Ok(())
        })?;
        let broken = |reason: &str| Error::Broken {
            file: file.to_owned(),
            offset: base,
            reason: reason.to_owned(),
        };
        if !score.is_finite() {
            return Err(broken("the score of a piece is not a number"));
        }
        if std::str::from_utf8(&self.names[start..]).is_err() {
            return Err(broken("a piece is not UTF-8"));
        }
        let kind = match kind {
            1 => PieceKind::Normal,
            2 => PieceKind::Unknown,
            3 => PieceKind::Control,
            4 => PieceKind::UserDefined,
            5 => PieceKind::Unused,
            6 => PieceKind::Byte,
            _ => return Err(broken("a piece has an unknown type")),
        };
        if kind == PieceKind::Normal {
            self.lowest = self.lowest.min(score);
            self.highest = self.highest.max(score);
        }
        let end = u32::try_from(self.names.len()).map_err(|_| broken("too many pieces"))?;
        self.ends.push(end);
        self.scores.push(score);
        self.kinds.push(kind);
        Ok(())
    }

    fn finish(&mut self, file: &str, bytes: &[u8], fallback: bool) -> Result<(), Error> {
        let reader = ByteReader::new(file, bytes);
        let kind = |id: u32| self.kinds.get(id as usize).copied();
        if kind(EOS) != Some(PieceKind::Control) || kind(UNK) != Some(PieceKind::Unknown) {
            return Err(reader.broken("piece 0 must end a sentence and piece 1 be the unknown one"));
        }
        let mut sorted: Vec<u32> = (0..self.kinds.len() as u32)
            .filter(|&id| {
                matches!(
                    self.kinds[id as usize],
                    PieceKind::Normal | PieceKind::UserDefined | PieceKind::Unused
                ) && !self.name(id).is_empty()
            })
            .collect();
        sorted.sort_unstable_by(|&a, &b| self.name(a).cmp(self.name(b)));
        self.first = (0..=255_u8)
            .map(|byte| {
                let start = sorted.partition_point(|&id| self.name(id)[0] < byte);
                let end = sorted.partition_point(|&id| self.name(id)[0] <= byte);
                start as u32..end as u32
            })
            .collect();
        let mut symbols: Vec<Vec<u8>> = Vec::new();
        for id in 0..self.kinds.len() as u32 {
            match self.kinds[id as usize] {
                PieceKind::UserDefined => symbols.push(self.name(id).to_vec()),
                PieceKind::Byte if fallback => self.bytes.push(id),
                _ => {}
            }
        }
        if fallback {
            let mut ordered = vec![u32::MAX; 256];
            for &id in &self.bytes {
                let byte = std::str::from_utf8(self.name(id))
                    .ok()
                    .and_then(|name| name.strip_prefix("<0x")?.strip_suffix('>'))
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                let byte = byte.ok_or_else(|| reader.broken("a byte piece is not `<0xNN>`"))?;
                ordered[usize::from(byte)] = id;
            }
            if ordered.contains(&u32::MAX) {
                return Err(reader.broken("byte fallback is on, but byte pieces are missing"));
            }
            self.bytes = ordered;
        }
        self.sorted = sorted;
        self.normalizer.set_symbols(symbols);
        Ok(())
    }

    fn name(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.names[start as usize..self.ends[id] as usize]
    }

    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the vocabulary has no pieces.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether a piece opens a word: it begins with the space mark.
    pub fn opens_word(&self, id: u32) -> bool {
        self.name(id).starts_with(SPACE_MARK.as_bytes())
    }

    /// Whether a piece continues a word: it begins with a letter, a digit or `_`, or is a byte.
    pub fn continues_word(&self, id: u32) -> bool {
        match self.kinds[id as usize] {
            PieceKind::Byte => true,
            PieceKind::Control | PieceKind::Unknown => false,
            _ => std::str::from_utf8(self.name(id))
                .ok()
                .and_then(|name| name.chars().next())
                .is_some_and(|c| c.is_alphanumeric() || c == '_'),
        }
    }

    /// Cuts a text into pieces, without EOS.
    pub fn encode(&self, text: &str) -> Vec<PieceToken> {
        let (normal, origin) = self.normalizer.normalize(text);
        self.cut(&normal, &origin)
    }

    /// Viterbi search over the normalised bytes, all in f32. `origin[i]` is the offset in the text
    /// of normalised byte i; its last entry is the end.
    fn cut(&self, text: &[u8], origin: &[usize]) -> Vec<PieceToken> {
        #[derive(Clone, Copy)]
        struct LatticeNode {
            id: u32,
            start: u32,
            score: f32,
        }
        const NONE: u32 = u32::MAX;
        let unknown = self.lowest - 10.0;
        let mut nodes = vec![
            LatticeNode {
                id: UNK,
                start: NONE,
                score: 0.0
            };
            text.len() + 1
        ];
        let mut start = 0;
        while start < text.len() {
            let step = character_length(text[start]).min(text.len() - start);
            let here = nodes[start].score;
            let mut single = false;
            let mut relax = |end: usize, id: u32, score: f32| {
                let node = &mut nodes[end];
                if node.start == NONE || score > node.score {
                    *node = LatticeNode {
                        id,
                        start: start as u32,
                        score,
                    };
                }
            };
            self.prefixes(&text[start..], |length, id| {
                let score = match self.kinds[id as usize] {
                    PieceKind::Unused => return,
                    PieceKind::UserDefined => length as f32 * self.highest - 0.1,
                    _ => self.scores[id as usize],
                };
                single |= length == step;
                relax(start + length, id, here + score);
            });
            if !single {
                relax(start + step, UNK, here + unknown);
            }
            start += step;
        }
        let mut path = Vec::new();
        let mut end = text.len();
        while end > 0 {
            let node = nodes[end];
            path.push((node.id, node.start as usize..end));
            end = node.start as usize;
        }
        path.reverse();
        self.tokens(text, origin, &path)
    }

    /// Turns a path into tokens: an unknown character becomes its bytes, or a run of unknown
    /// characters one unknown piece.
    fn tokens(
        &self,
        text: &[u8],
        origin: &[usize],
        path: &[(u32, Range<usize>)],
    ) -> Vec<PieceToken> {
        let mut tokens: Vec<PieceToken> = Vec::with_capacity(path.len());
        let mut after_unknown = false;
        for (id, range) in path {
            let span = origin[range.start]..origin[range.end];
            if *id == UNK && !self.bytes.is_empty() {
                let last = range.end - 1;
                for at in range.clone() {
                    let end = if at == last { span.end } else { span.start };
                    tokens.push(PieceToken {
                        id: self.bytes[usize::from(text[at])],
                        span: span.start..end,
                    });
                }
            } else if *id == UNK && after_unknown {
                if let Some(token) = tokens.last_mut() {
                    token.span.end = span.end;
                }
            } else {
                tokens.push(PieceToken { id: *id, span });
            }
            after_unknown = *id == UNK;
        }
        tokens
    }

    /// Calls `each` with length and id of every piece at the start of `text`, shortest first.
    fn prefixes(&self, text: &[u8], mut each: impl FnMut(usize, u32)) {
        let range = &self.first[usize::from(text[0])];
        let (mut low, mut high) = (range.start as usize, range.end as usize);
        let mut depth = 1;
        while low < high {
            // All entries in low..high share the first `depth` bytes; an entry of exactly this
            // length is the first of them.
            while low < high && self.name(self.sorted[low]).len() == depth {
                each(depth, self.sorted[low]);
                low += 1;
            }
            let Some(&byte) = text.get(depth) else { break };
            let slice = &self.sorted[low..high];
            let below = slice.partition_point(|&id| self.name(id)[depth] < byte);
            let above = slice.partition_point(|&id| self.name(id)[depth] <= byte);
            (low, high) = (low + below, low + above);
            depth += 1;
        }
    }

    /// Concatenates pieces: control pieces vanish, runs of byte pieces are decoded as UTF-8 (U+FFFD
    /// per bad byte), the space mark becomes a space, and one leading space is removed. Returns the
    /// text and the byte range of every piece in it.
    pub fn decode(&self, ids: &[u32]) -> (String, Vec<Range<usize>>) {
        let mut text = String::new();
        let mut spans = vec![0..0; ids.len()];
        let mut index = 0;
        while index < ids.len() {
            let id = ids[index];
            let start = text.len();
            match self.kinds.get(id as usize) {
                None | Some(PieceKind::Control) => {}
                Some(PieceKind::Unknown) => text.push_str(" \u{2047} "),
                Some(PieceKind::Byte) => {
                    let run = ids[index..]
                        .iter()
                        .take_while(|&&id| self.kinds.get(id as usize) == Some(&PieceKind::Byte))
                        .count();
                    self.decode_bytes(&ids[index..index + run], &mut text, &mut spans[index..]);
                    index += run;
                    continue;
                }
                Some(_) => {
                    let piece = std::str::from_utf8(self.name(id)).unwrap_or_default();
                    // One leading space is removed: that of the dummy prefix.
                    let piece = if text.is_empty() {
                        piece.strip_prefix(SPACE_MARK).unwrap_or(piece)
                    } else {
                        piece
                    };
                    for (index, part) in piece.split(SPACE_MARK).enumerate() {
                        if index > 0 {
                            text.push(' ');
                        }
                        text.push_str(part);
                    }
                }
            }
            spans[index] = start..text.len();
            index += 1;
        }
        (text, spans)
    }

    /// Decodes a run of byte pieces; the last byte of a character has its range.
    fn decode_bytes(&self, ids: &[u32], text: &mut String, spans: &mut [Range<usize>]) {
        let raw: Vec<u8> = ids
            .iter()
            .map(|&id| self.bytes.iter().position(|&b| b == id).unwrap_or(0) as u8)
            .collect();
        let mut at = 0;
        while at < raw.len() {
            let length = character_length(raw[at]).min(raw.len() - at);
            let start = text.len();
            let good = std::str::from_utf8(&raw[at..at + length]).ok();
            let (taken, character) = good.map_or((1, "\u{fffd}"), |c| (length, c));
            text.push_str(character);
            for span in &mut spans[at..at + taken] {
                *span = start..start;
            }
            spans[at + taken - 1] = start..text.len();
            at += taken;
        }
    }
}
