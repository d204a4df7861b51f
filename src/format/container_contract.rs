//! Formats whose files are containers, and the place where a changed text is written.

use super::contract::Reading;
use super::error::Error;
use crate::bitext::{Encoding, Lang};

/// A text file inside a container, with what a format found in it.
#[derive(Debug, Clone, Default)]
pub struct FoundPart {
    /// Its name inside the container.
    pub name: String,
    /// Its bytes, decoded, without the byte-order mark.
    pub source: String,
    /// How its bytes are encoded.
    pub encoding: Encoding,
    /// What was found in it.
    pub reading: Reading,
}

/// A format whose files hold several text files.
pub trait ContainerFormat: Sync {
    /// Opens a file and gives the parts that hold text or name its language, in the order in which
    /// they are read.
    ///
    /// Errors: [`Error::Refused`] for a file that must not or cannot be taken as it is;
    /// [`Error::Broken`] for a damaged one.
    fn open(&self, bytes: &[u8], lang: &Lang) -> Result<Vec<FoundPart>, Error>;

    /// Whether a file is one of its own, whatever its name.
    fn is_own(&self, bytes: &[u8]) -> bool;

    /// The container with these bytes for some of its parts; everything else stays as it is.
    ///
    /// Errors: [`Error::Refused`].
    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error>;
}

/// Where a changed text is written.
#[derive(Debug, Clone, Copy)]
pub struct RenderPlace<'p> {
    /// The bytes that stand there in the file.
    pub source: &'p str,
    /// The language of the file.
    pub lang: &'p Lang,
    /// The language of the edition, where that is known.
    pub target: Option<&'p Lang>,
}
