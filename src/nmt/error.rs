//! Errors of loading a neural model: which file, at which byte, and the reason.

/// Errors of loading. Translating itself cannot fail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// The file or folder.
        file: String,
        /// The message of the operating system, or the missing part.
        reason: String,
    },
    /// The bytes do not follow the format.
    #[error("{file} is broken at byte {offset}: {reason}")]
    Broken {
        /// The file.
        file: String,
        /// Bytes from the start of the file.
        offset: usize,
        /// The violated rule.
        reason: String,
    },
    /// The file is well-formed, but the engine does not run this kind of model.
    #[error("{file} holds {what}, which this engine does not run")]
    Unsupported {
        /// The file.
        file: String,
        /// The unsupported part: the key of a setting with its value, or the type of a matrix.
        what: String,
    },
}
