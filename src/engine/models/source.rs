//! Where the files of a model come from, and how far a pull is.

use crate::engine::Net;
use std::path::Path;

/// Where the files of a model come from.
#[derive(Clone, Copy)]
pub enum ModelSource<'a> {
    /// The addresses of the manifest, or a mirror: `MIRROR/NAME-OF-THE-MODEL/FILE`.
    Network {
        /// The network.
        net: &'a Net,
        /// Address of the mirror.
        mirror: Option<&'a str>,
    },
    /// A folder with packed or unpacked files.
    Folder(&'a Path),
}

/// How far a pull is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullProgress<'a> {
    /// The file.
    pub file: &'a str,
    /// Bytes of it that are here.
    pub done: u64,
    /// Its size in bytes.
    pub total: u64,
}
