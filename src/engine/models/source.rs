//! Where the files of a model come from, and the progress of a pull.

#[cfg(feature = "http")]
use crate::engine::HttpClient;
use std::path::Path;

/// Where the files of a model come from.
#[derive(Clone, Copy)]
pub enum ModelSource<'a> {
    /// The addresses of the manifest, or a mirror: `MIRROR/NAME-OF-THE-MODEL/FILE`.
    #[cfg(feature = "http")]
    Network {
        /// The HTTP client.
        net: &'a HttpClient,
        /// Address of the mirror.
        mirror: Option<&'a str>,
    },
    /// A folder with packed or unpacked files.
    Folder(&'a Path),
}

/// The progress of a pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullProgress<'a> {
    /// The file that is being fetched.
    pub file: &'a str,
    /// Bytes of it on disk.
    pub done: u64,
    /// Its size in bytes.
    pub total: u64,
}
