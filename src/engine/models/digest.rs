//! SHA-256 of files.

use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

/// Size in bytes and SHA-256 of a file.
pub(super) fn file_digest(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let (mut hasher, mut total, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((total, hex(&hasher.finalize())));
        }
        hasher.update(&buffer[..read]);
        total += read as u64;
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
