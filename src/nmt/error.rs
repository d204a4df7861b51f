//! Why a file of a neural engine cannot be used: which file, at which byte, and what is wrong there.

/// Errors of loading. Translating itself cannot fail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// The file or folder.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// The bytes are not what the format asks for.
    #[error("{file} is broken at byte {offset}: {reason}")]
    Broken {
        /// The file.
        file: String,
        /// Where, in bytes from its start.
        offset: usize,
        /// What is wrong.
        reason: String,
    },
    /// The file is sound, but of a kind that this engine does not run.
    #[error("{file} holds {what}, which this engine does not run")]
    Unsupported {
        /// The file.
        file: String,
        /// What it holds: the key of the settings with its value, or the type of a matrix.
        what: String,
    },
}
