//! What was translated before: one SQLite file that is journal, cache and translation memory in one.
//!
//! Every draft is kept the moment it arrives, under a key made of its content: engine and its options, language pair, source text, and the
//! digest of the glossary entries that the engine was given. Position plays no part, so an edited sentence costs one sentence, a second
//! run sends nothing, and a run that was killed goes on where it stood. What is kept is the engine's draft *before* enforcement: a
//! corrected glossary is applied without sending anything.
//!
//! What a person wrote or approved stands beside the drafts, as pairs: they are reused for the same text whatever the engine, and shown for a
//! text that is like it.

mod fuzzy;
mod pairs;
mod store;

pub use fuzzy::MemoryIndex;
pub use pairs::{MemoryCounts, MemoryPair, Prune};
pub use store::{CachedDraft, DraftScope, RequestKey, Store};

/// Why the memory file could not serve.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file or its folder cannot be opened or created.
    #[error("the memory file {path} cannot be opened")]
    Open {
        /// The file.
        path: String,
        /// What the system says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is of another kind, or of a later version.
    #[error("{path} is not a memory file that this version can use: {reason}")]
    Foreign {
        /// The file.
        path: String,
        /// What was found.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("the memory file failed")]
    Database(#[from] rusqlite::Error),
}
