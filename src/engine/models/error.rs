//! Errors of listing, pulling, verifying and removing models.

use std::path::Path;

/// Errors about models.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The manifest cannot be used.
    #[error("{file} is not a manifest of models: {what}")]
    Manifest {
        /// The manifest.
        file: String,
        /// The reason.
        what: String,
    },
    /// No model has this name.
    #[error("unknown model `{name}`; available: {known}")]
    Unknown {
        /// The requested name.
        name: String,
        /// The available names.
        known: String,
    },
    /// The file system reports an error.
    #[error("{path}: {what}")]
    Disk {
        /// The path.
        path: String,
        /// The message of the operating system.
        what: String,
    },
    /// Another process is installing this model.
    #[error("another process is pulling this model (it holds {path})")]
    Locked {
        /// The lock file.
        path: String,
    },
    /// A file is not the one that the manifest names.
    #[error("{file} is not the file that the manifest names: {what}")]
    Wrong {
        /// The file.
        file: String,
        /// Both sizes or both hashes.
        what: String,
    },
    /// The file cannot be fetched.
    #[error("{file} cannot be fetched: {what}")]
    Network {
        /// The file.
        file: String,
        /// The error of every address.
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
    /// The user interrupted the pull; the fetched bytes are kept.
    #[error("interrupted; progress is saved, rerun the same command to resume")]
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
