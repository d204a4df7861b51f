//! Zip containers: the limits under which they are read, and how they are written with some parts
//! changed.
//!
//! A part is unpacked up to [`MOST_PART`] bytes and all parts of a file up to [`MOST_ALL`], however
//! small the file says that they are; one of more than [`SMALL`] bytes may not be more than
//! [`MOST_RATIO`] times as large as its packed bytes. Names that lead out of the container, and two
//! entries of one name, are refused: two readers would see two files.

use super::decode::decode;
use super::error::Error;
use crate::bitext::Encoding;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The most bytes of one part.
const MOST_PART: u64 = 64 << 20;
/// The most bytes of all parts that are unpacked.
const MOST_ALL: u64 = 256 << 20;
/// The most entries.
const MOST_ENTRIES: usize = 10_000;
/// How many times larger a part may be than its packed bytes.
const MOST_RATIO: u64 = 200;
/// Parts up to this many bytes may be packed as tightly as they like.
const SMALL: u64 = 1 << 20;

/// The first bytes of an old Office file, in which Office also keeps encrypted new ones.
const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// A container that is being read.
pub(super) struct Container<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    names: Vec<String>,
    unpacked: u64,
}

/// An error that says what a person can do.
pub(super) fn refused(what: impl Into<String>, advice: impl Into<String>) -> Error {
    Error::Refused {
        what: what.into(),
        advice: advice.into(),
    }
}

/// An error about a container that is not whole.
fn damaged(what: &dyn std::fmt::Display) -> Error {
    refused(
        format!("the file is damaged: {what}"),
        "open it in the program that wrote it and save it anew",
    )
}

/// Whether bytes begin like a zip file.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

impl<'b> Container<'b> {
    /// Opens a file and judges its entries.
    ///
    /// Errors: [`Error::Refused`] for a file that is no zip file, damaged, encrypted or hostile.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Error> {
        if bytes.starts_with(OLD_OFFICE) {
            let name: Vec<u8> = "EncryptedPackage"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
            return Err(if memchr::memmem::find(bytes, &name).is_some() {
                refused(
                    "the file is protected with a password",
                    "save it without a password, then translate that file",
                )
            } else {
                refused(
                    "this is an old Office file",
                    "save it as DOCX in Word or LibreOffice, then translate that file",
                )
            });
        }
        if !is_zip(bytes) {
            return Err(refused(
                "the file is not what its extension says: it is no zip file",
                "name the format with `--format NAME`, or give the file its own extension",
            ));
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if archive.len() > MOST_ENTRIES {
            return Err(refused(
                format!(
                    "the file has {} entries, more than {MOST_ENTRIES}",
                    archive.len()
                ),
                "such a file is no document; look at it with an archive program",
            ));
        }
        let mut names = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let entry = archive
                .by_index_raw(index)
                .map_err(|error| damaged(&error))?;
            if entry.encrypted() {
                return Err(refused(
                    "the file is protected with a password",
                    "save it without a password, then translate that file",
                ));
            }
            let name = entry.name().map_err(|error| damaged(&error))?.into_owned();
            let leads_out = name.split('/').any(|step| step == "..");
            if name.is_empty() || leads_out || name.starts_with('/') || name.contains(['\\', '\0'])
            {
                return Err(refused(
                    format!(
                        "the file has an entry with the name `{}`",
                        name.escape_debug()
                    ),
                    "such names are made to write outside of a folder; do not open the file",
                ));
            }
            names.push(name);
        }
        let mut sorted: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        sorted.sort_unstable();
        let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
        if archive.has_duplicate_names() || twice.is_some() {
            return Err(refused(
                "the file has two entries of one name",
                "two programs would read two texts; save it anew in the program that wrote it",
            ));
        }
        Ok(Self {
            archive,
            names,
            unpacked: 0,
        })
    }

    /// The names of its entries in order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of an entry as the container has it: names of parts do not know case (OPC).
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        let own = self.names.iter().find(|own| *own == name);
        own.or_else(|| self.names.iter().find(|own| own.eq_ignore_ascii_case(name)))
            .map(String::as_str)
    }

    /// The bytes of an entry.
    ///
    /// Errors: [`Error::Refused`] for one that is not there, damaged or too large.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        let index = self.archive.index_for_name(name);
        let index = index.ok_or_else(|| damaged(&format!("`{name}` is not there")))?;
        let entry = self
            .archive
            .by_index(index)
            .map_err(|error| damaged(&format!("`{name}`: {error}")))?;
        let most = MOST_PART.min(MOST_ALL.saturating_sub(self.unpacked));
        let most = most.min(SMALL.max(entry.compressed_size().saturating_mul(MOST_RATIO)));
        let mut bytes = Vec::new();
        entry
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(&format!("`{name}`: {error}")))?;
        if bytes.len() as u64 > most {
            return Err(refused(
                format!("`{name}` unpacks to more than {} MiB", most >> 20),
                "a document does not; such files are made to fill a machine's memory",
            ));
        }
        self.unpacked += bytes.len() as u64;
        Ok(bytes)
    }

    /// The text of an entry.
    ///
    /// Errors: as [`Container::bytes`]; [`Error::NotText`].
    pub(super) fn text(&mut self, name: &str) -> Result<(String, Encoding), Error> {
        let bytes = self.bytes(name)?;
        let (text, encoding, _) =
            decode(&bytes).map_err(|error| damaged(&format!("`{name}`: {error}")))?;
        Ok((text, encoding))
    }
}

/// A container with other bytes for some parts: the other entries keep their packed bytes, order,
/// method and time; a changed one keeps its method and time.
///
/// Errors: [`Error::Refused`] for a container that cannot be read again.
pub(super) fn rewrite(original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let mut archive = ZipArchive::new(Cursor::new(original)).map_err(|error| damaged(&error))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(original.len())));
    writer
        .set_raw_comment(archive.comment().into())
        .map_err(|error| damaged(&error))?;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_raw(index)
            .map_err(|error| damaged(&error))?;
        let name = entry.name().map_err(|error| damaged(&error))?.into_owned();
        let Some((_, bytes)) = parts.iter().find(|(own, _)| *own == name) else {
            writer
                .raw_copy_file(entry)
                .map_err(|error| damaged(&error))?;
            continue;
        };
        let mut options = SimpleFileOptions::default().compression_method(entry.compression());
        if let Some(time) = entry.last_modified() {
            options = options.last_modified_time(time);
        }
        drop(entry);
        writer
            .start_file(name, options)
            .map_err(|error| damaged(&error))?;
        writer.write_all(bytes).map_err(|error| damaged(&error))?;
    }
    let written = writer.finish().map_err(|error| damaged(&error))?;
    Ok(written.into_inner())
}
