//! SentencePiece's normaliser: replacement rules, which the vocabulary file holds as a trie, and
//! the treatment of spaces.

use super::error::Error;
use super::reader::ByteReader;

/// Rules and options.
#[derive(Debug)]
pub struct Normalizer {
    /// A double-array trie (units of darts-clone).
    trie: Vec<u32>,
    /// NUL-terminated replacements.
    replacements: Vec<u8>,
    /// Symbols that are copied unchanged, longest first.
    symbols: Vec<Vec<u8>>,
    /// Whether a space is put before the text.
    pub add_dummy_prefix: bool,
    /// Whether spaces at both ends are removed and runs of them become one.
    pub remove_extra_spaces: bool,
    /// Whether spaces are written as `▁`.
    pub escape_spaces: bool,
}

impl Default for Normalizer {
    fn default() -> Self {
        Self {
            trie: Vec::new(),
            replacements: Vec::new(),
            symbols: Vec::new(),
            add_dummy_prefix: true,
            remove_extra_spaces: true,
            escape_spaces: true,
        }
    }
}

/// The space mark `▁` in UTF-8.
const SPACE_MARK_BYTES: &[u8] = "\u{2581}".as_bytes();

impl Normalizer {
    /// Reads the compiled character map: `u32` size of the trie in bytes, the trie, the
    /// replacements. `base` is its offset in the file, for messages.
    pub fn read(&mut self, file: &str, map: &[u8], base: usize) -> Result<(), Error> {
        if map.is_empty() {
            return Ok(());
        }
        let mut reader = ByteReader::new(file, map);
        let broken = |reason: String| Error::Broken {
            file: file.to_owned(),
            offset: base,
            reason,
        };
        let size = reader
            .u32("the size of the character map")
            .map_err(|_| broken("the character map is cut off".into()))?
            as usize;
        let trie = reader
            .take(size, "the character map")
            .map_err(|_| broken(format!("the character map claims {size} bytes")))?;
        self.trie = trie
            .chunks_exact(4)
            .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        let left = reader.left();
        self.replacements = reader.take(left, "the replacements")?.to_vec();
        Ok(())
    }

    /// Sets the symbols that are copied unchanged.
    pub fn set_symbols(&mut self, mut symbols: Vec<Vec<u8>>) {
        symbols.retain(|symbol| !symbol.is_empty());
        symbols.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.symbols = symbols;
    }

    /// The replacement at the start of `text`, and the number of bytes that it replaces.
    fn rule<'t>(&'t self, text: &'t [u8]) -> (&'t [u8], usize) {
        if let Some(symbol) = self.symbols.iter().find(|s| text.starts_with(s)) {
            return (&text[..symbol.len()], symbol.len());
        }
        if let Some((length, value)) = self.longest(text)
            && let Some(rest) = self.replacements.get(value..)
        {
            let end = rest.iter().position(|&b| b == 0).unwrap_or(rest.len());
            return (&rest[..end], length);
        }
        let length = character_length(text[0]).min(text.len());
        (&text[..length], length)
    }

    /// The longest key of the trie at the start of `text`: its length and value.
    fn longest(&self, text: &[u8]) -> Option<(usize, usize)> {
        let offset = |unit: u32| (unit >> 10) << ((unit & 0x200) >> 6);
        let mut found = None;
        let mut at = offset(*self.trie.first()?) as usize;
        for (index, &byte) in text.iter().enumerate() {
            at ^= usize::from(byte);
            let Some(&unit) = self.trie.get(at) else {
                break;
            };
            if unit & 0x8000_00FF != u32::from(byte) {
                break;
            }
            at ^= offset(unit) as usize;
            if unit >> 8 & 1 == 1
                && let Some(&leaf) = self.trie.get(at)
            {
                found = Some((index + 1, (leaf & 0x7FFF_FFFF) as usize));
            }
        }
        found
    }

    /// The normalised bytes, and the offset in `text` of each of them and of the end.
    pub fn normalize(&self, text: &str) -> (Vec<u8>, Vec<usize>) {
        let bytes = text.as_bytes();
        let mut normal = Vec::with_capacity(bytes.len() + 8);
        let mut origin = Vec::with_capacity(bytes.len() + 9);
        let mut consumed = 0;
        if self.remove_extra_spaces {
            while consumed < bytes.len() {
                let (result, length) = self.rule(&bytes[consumed..]);
                if !result.iter().all(|&b| b == b' ') {
                    break;
                }
                consumed += length;
            }
        }
        if consumed == bytes.len() {
            return (normal, vec![consumed]);
        }
        let space: &[u8] = if self.escape_spaces {
            SPACE_MARK_BYTES
        } else {
            b" "
        };
        let mut write = |bytes: &[u8], from: usize| {
            normal.extend_from_slice(bytes);
            origin.extend(std::iter::repeat_n(from, bytes.len()));
        };
        if self.add_dummy_prefix {
            write(space, consumed);
        }
        let mut after_space = self.remove_extra_spaces;
        while consumed < bytes.len() {
            let (mut result, length) = self.rule(&bytes[consumed..]);
            while after_space && result.first() == Some(&b' ') {
                result = &result[1..];
            }
            for &byte in result {
                write(
                    if byte == b' ' {
                        space
                    } else {
                        std::slice::from_ref(&byte)
                    },
                    consumed,
                );
            }
            if let Some(&last) = result.last() {
                after_space = self.remove_extra_spaces && last == b' ';
            }
            consumed += length;
        }
        if self.remove_extra_spaces {
            while normal.ends_with(space) {
                normal.truncate(normal.len() - space.len());
                consumed = origin[normal.len()];
                origin.truncate(normal.len());
            }
        }
        origin.push(consumed);
        (normal, origin)
    }
}

/// Length in bytes of a UTF-8 character by its first byte; 1 for a byte that begins no character.
pub(super) fn character_length(byte: u8) -> usize {
    match byte {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        _ => 1,
    }
}
