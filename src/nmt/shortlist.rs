//! The lexical shortlist: for a sentence, the few hundred target pieces that may occur in its
//! translation.

use super::error::Error;
use super::reader::ByteReader;

/// The first word of the file.
const SHORTLIST_MAGIC: u64 = 0xF11A_48D5_0134_17F5;
/// The number of candidates is padded to a multiple of this.
const CANDIDATE_MULTIPLE: usize = 8;

/// A shortlist file.
#[derive(Debug)]
pub struct LexicalShortlist {
    /// The ids 0..first are candidates of every sentence.
    first: usize,
    /// Start of the list of every source id, and the end of the last. Shape: source vocabulary + 1.
    offsets: Vec<u32>,
    /// Target ids, sorted within each list.
    ids: Vec<u32>,
}

/// Checksum of the file after its second word: u64 words, mixed one into the next.
pub fn checksum(bytes: &[u8]) -> u64 {
    bytes.chunks_exact(8).fold(0_u64, |seed, word| {
        let word = u64::from_le_bytes(word.try_into().unwrap_or_default());
        seed ^ word
            .wrapping_add(0x9e37_79b9)
            .wrapping_add(seed << 6)
            .wrapping_add(seed >> 2)
    })
}

impl LexicalShortlist {
    /// Reads the file and checks its checksum, its offsets and its ids.
    ///
    /// Layout: u64 × 6 (magic, checksum, first, best, offsets, ids), u64 offsets, u32 ids.
    ///
    /// Errors: [`Error::Broken`] with the offset.
    pub fn read(
        file: &str,
        bytes: &[u8],
        source_vocabulary: usize,
        target_vocabulary: usize,
    ) -> Result<Self, Error> {
        let mut reader = ByteReader::new(file, bytes);
        if reader.u64("the magic number")? != SHORTLIST_MAGIC {
            return Err(reader.broken_at(0, "not a lexical shortlist: wrong magic number"));
        }
        let checksum = reader.u64("the checksum")?;
        let start = reader.offset();
        if self::checksum(&bytes[start..]) != checksum {
            return Err(reader.broken_at(8, "the checksum differs from that of the content"));
        }
        let first = reader.u64("first")? as usize;
        reader.u64("best")?;
        let offset_count = reader.count("the number of offsets")?;
        let id_count = reader.count("the number of ids")?;
        if offset_count != source_vocabulary + 1 {
            return Err(reader.broken_at(
                32,
                format!("{offset_count} offsets for a vocabulary of {source_vocabulary}"),
            ));
        }
        if first > target_vocabulary {
            return Err(reader.broken_at(16, format!("first is {first}, more than the vocabulary")));
        }
        let start = reader.offset();
        let taken = reader.take(offset_count * 8, "the offsets")?;
        let mut offsets: Vec<u32> = Vec::with_capacity(offset_count);
        for (index, bytes) in taken.chunks_exact(8).enumerate() {
            let offset = u64::from_le_bytes(bytes.try_into().unwrap_or_default());
            let low = offsets.last().copied().unwrap_or(0);
            match u32::try_from(offset) {
                Ok(offset) if offset >= low && offset as usize <= id_count => offsets.push(offset),
                _ => {
                    let reason = format!("offset {offset} is out of order");
                    return Err(reader.broken_at(start + index * 8, reason));
                }
            }
        }
        let start = reader.offset();
        let ids: Vec<u32> = reader
            .take(id_count * 4, "the ids")?
            .chunks_exact(4)
            .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        if let Some(index) = ids.iter().position(|&id| id as usize >= target_vocabulary) {
            let reason = format!("id {} is not in the vocabulary", ids[index]);
            return Err(reader.broken_at(start + index * 4, reason));
        }
        Ok(Self {
            first,
            offsets,
            ids,
        })
    }

    /// The candidates of a sentence, ascending: the first ids, the lists of the source ids, the
    /// source ids themselves where both languages share one vocabulary (which copies names),
    /// `further` ids, and padding from `first` upward to a multiple of 8.
    ///
    /// They are chosen per sentence, not per batch: a translation must not depend on its
    /// neighbours.
    pub fn candidates(
        &self,
        source: &[u32],
        shared: bool,
        further: &[u32],
        target_vocabulary: usize,
    ) -> Vec<u32> {
        let mut wanted: Vec<u32> = (0..self.first as u32).collect();
        for &id in source {
            if let Some(&[start, end]) = self.offsets.get(id as usize..id as usize + 2) {
                wanted.extend_from_slice(&self.ids[start as usize..end as usize]);
            }
            if shared {
                wanted.push(id);
            }
        }
        wanted.extend_from_slice(further);
        wanted.sort_unstable();
        wanted.dedup();
        let mut next = self.first as u32;
        let mut padding = Vec::new();
        while !(wanted.len() + padding.len()).is_multiple_of(CANDIDATE_MULTIPLE)
            && (next as usize) < target_vocabulary
        {
            if wanted.binary_search(&next).is_err() {
                padding.push(next);
            }
            next += 1;
        }
        wanted.extend(padding);
        wanted.sort_unstable();
        wanted
    }
}
