//! Reads little-endian numbers and ranges from bytes that may be hostile: every step is checked,
//! and no claimed length causes an allocation.

use super::error::Error;

/// A cursor over the bytes of a named file.
#[derive(Debug, Clone, Copy)]
pub struct ByteReader<'a> {
    /// The file's name, for messages.
    pub file: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> ByteReader<'a> {
    /// A cursor at byte 0.
    pub fn new(file: &'a str, bytes: &'a [u8]) -> Self {
        Self { file, bytes, at: 0 }
    }

    /// The cursor's offset in bytes.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Bytes after the cursor.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// An error at the cursor.
    pub fn broken(&self, reason: impl Into<String>) -> Error {
        self.broken_at(self.at, reason)
    }

    /// An error at another offset.
    pub fn broken_at(&self, offset: usize, reason: impl Into<String>) -> Error {
        Error::Broken {
            file: self.file.to_owned(),
            offset,
            reason: reason.into(),
        }
    }

    /// The next `len` bytes.
    pub fn take(&mut self, len: usize, what: &str) -> Result<&'a [u8], Error> {
        let end = self
            .at
            .checked_add(len)
            .filter(|&end| end <= self.bytes.len());
        let Some(end) = end else {
            return Err(self.broken(format!(
                "{what} needs {len} bytes, {} are left",
                self.left()
            )));
        };
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// The next u64, as a count or a length: at most the size of the file.
    pub fn count(&mut self, what: &str) -> Result<usize, Error> {
        let at = self.at;
        let value = self.u64(what)?;
        usize::try_from(value)
            .ok()
            .filter(|&count| count <= self.bytes.len())
            .ok_or_else(|| self.broken_at(at, format!("{what} is {value}, more than the file")))
    }

    /// The next u64.
    pub fn u64(&mut self, what: &str) -> Result<u64, Error> {
        let bytes = self.take(8, what)?;
        Ok(u64::from_le_bytes(bytes.try_into().unwrap_or_default()))
    }

    /// The next u32.
    pub fn u32(&mut self, what: &str) -> Result<u32, Error> {
        let bytes = self.take(4, what)?;
        Ok(u32::from_le_bytes(bytes.try_into().unwrap_or_default()))
    }
}
