//! Unpacks a file and hashes it on the way; a small file that unpacks to a huge one stops at the
//! promised size.

use super::digest::hex;
use super::error::Error;
use super::manifest::Compression;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// Unpacks `from` into `to` (synced to disk). Returns size in bytes and SHA-256 of the result;
/// stops with an error beyond `most` bytes.
///
/// Errors: [`Error::Wrong`] for bytes that cannot be unpacked or are too many, [`Error::Disk`].
pub fn unpack(from: &Path, how: Compression, to: &Path, most: u64) -> Result<(u64, String), Error> {
    let packed = File::open(from).map_err(|e| Error::disk(from, &e))?;
    let packed = std::io::BufReader::new(packed);
    match how {
        Compression::Gzip => copy(from, flate2::bufread::MultiGzDecoder::new(packed), to, most),
        Compression::Zstd => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(packed)
                .map_err(|error| wrong(from, error.to_string()))?;
            copy(from, decoder, to, most)
        }
    }
}

/// Copies the bytes of a reader into `to`; as [`unpack`].
pub fn copy(
    from: &Path,
    mut reader: impl Read,
    to: &Path,
    most: u64,
) -> Result<(u64, String), Error> {
    let disk = |error: std::io::Error| Error::disk(to, &error);
    let mut out = File::create(to).map_err(disk)?;
    let (mut hasher, mut total, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = reader
            .read(&mut buffer)
            .map_err(|error| wrong(from, format!("it cannot be unpacked ({error})")))?;
        if read == 0 {
            break;
        }
        total += read as u64;
        if total > most {
            return Err(wrong(from, format!("it unpacks to more than {most} bytes")));
        }
        hasher.update(&buffer[..read]);
        out.write_all(&buffer[..read]).map_err(disk)?;
    }
    out.sync_all().map_err(disk)?;
    Ok((total, hex(&hasher.finalize())))
}

fn wrong(from: &Path, what: String) -> Error {
    let file = from.file_name().unwrap_or_default();
    Error::Wrong {
        file: file.to_string_lossy().into_owned(),
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_stops_at_the_promised_size() {
        let folder = tempfile::tempdir().unwrap();
        let packed = folder.path().join("bomb.gz");
        let mut encoder = flate2::write::GzEncoder::new(
            File::create(&packed).unwrap(),
            flate2::Compression::best(),
        );
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
        encoder.finish().unwrap();
        let to = folder.path().join("out");
        let error = unpack(&packed, Compression::Gzip, &to, 1000).unwrap_err();
        assert!(
            error.to_string().contains("more than 1000 bytes"),
            "{error}"
        );
        assert!(std::fs::metadata(&to).unwrap().len() <= 1000);
        let (bytes, _) = unpack(&packed, Compression::Gzip, &to, 1 << 20).unwrap();
        assert_eq!(bytes, 1 << 20);
    }

    #[test]
    fn bytes_that_are_not_packed_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let packed = folder.path().join("x.gz");
        std::fs::write(&packed, b"no gzip").unwrap();
        for how in [Compression::Gzip, Compression::Zstd] {
            assert!(unpack(&packed, how, &folder.path().join("out"), 1000).is_err());
        }
    }
}
