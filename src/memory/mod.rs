//! Earlier translations: one SQLite file that is journal, cache and translation memory in one.
//!
//! Every draft is kept the moment it arrives, under the key of its request
//! ([`DraftScope::request_key`]): engine and its options, language pair, source text, and the
//! digest of the glossary entries that the engine was given. Position is not a part of it: after an
//! edit only the changed sentence is sent again, a second run sends nothing, and a run that was
//! killed is resumed. A draft is kept as it was *before* enforcement: a corrected glossary is
//! applied without sending anything.
//!
//! Pairs that a person wrote or approved stand beside the drafts: they are reused for the same text
//! whatever the engine, and shown for a similar text.

mod fuzzy;
mod pairs;
mod store;

pub use fuzzy::MemoryIndex;
pub use pairs::{MemoryCounts, MemoryPair, Prune};
pub use store::{CachedDraft, DraftScope, RequestKey, Store};

/// Why the memory file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file or its folder cannot be opened or created.
    #[error("the memory file {path} cannot be opened")]
    Open {
        /// The file.
        path: String,
        /// The error of the system.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is of another kind, or of a later version.
    #[error("{path} is not a memory file that this version can use: {reason}")]
    Foreign {
        /// The file.
        path: String,
        /// The kind of file that it is instead.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("the memory file failed")]
    Database(#[from] rusqlite::Error),
}
