//! Errors of listing, pulling, verifying and removing models.

use std::path::Path;

/// What can go wrong with models.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The manifest cannot be used.
    #[error("{file} is no manifest of models: {what}")]
    Manifest {
        /// Which manifest.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// There is no such model.
    #[error("there is no model `{name}`; there are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The file system says no.
    #[error("{path}: {what}")]
    Disk {
        /// Which path.
        path: String,
        /// What the system says.
        what: String,
    },
    /// Another process is installing this model.
    #[error("another pull of this model is under way (it holds {path})")]
    Locked {
        /// The lock.
        path: String,
    },
    /// A file is not the one that the manifest names.
    #[error("{file} is not the file that the manifest names: {what}")]
    Wrong {
        /// Which file.
        file: String,
        /// Both sizes or both hashes.
        what: String,
    },
    /// The file cannot be had.
    #[error("{file} cannot be fetched: {what}")]
    Network {
        /// Which file.
        file: String,
        /// What every address said.
        what: String,
    },
    /// The folder of `--from-dir` lacks a file.
    #[error("{folder} holds neither {file} nor its packed form")]
    Absent {
        /// The folder.
        folder: String,
        /// The file.
        file: String,
    },
    /// A person asked to stop; what was fetched is kept.
    #[error("interrupted; what was fetched is kept, and the same command goes on from there")]
    Interrupted,
}

impl Error {
    pub(super) fn disk(path: &Path, error: &std::io::Error) -> Self {
        Self::Disk {
            path: path.display().to_string(),
            what: error.to_string(),
        }
    }
}
