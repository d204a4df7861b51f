//! Why a document could not be translated.

use crate::{engine, format, memory};

/// Why a document could not be translated. The drafts that arrived before are kept in the memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The document cannot be read.
    #[error(transparent)]
    Format(#[from] format::Error),
    /// The memory cannot be used.
    #[error(transparent)]
    Memory(#[from] memory::Error),
    /// The engine cannot go on.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// Some units need an engine, and none is configured.
    #[error("no engine is configured")]
    NoEngine,
    /// The run is frozen, and texts would be sent.
    #[error("{texts} segments would be sent to {engine}")]
    WouldSend {
        /// How many.
        texts: usize,
        /// Name of the engine.
        engine: String,
    },
    /// The run is frozen, and the fallback would send texts.
    #[error("{texts} segments would be sent to repair their terms")]
    WouldRetry {
        /// How many.
        texts: usize,
    },
    /// The plan passes the cap.
    #[error("{characters} characters would be sent, the cap allows {most}")]
    OverCap {
        /// Characters of the plan.
        characters: u64,
        /// Characters that are allowed.
        most: u64,
    },
    /// The account has too little left.
    #[error("{characters} characters would be sent, the account has {left} left")]
    OverAccount {
        /// Characters of the plan.
        characters: u64,
        /// Characters that are left.
        left: u64,
    },
    /// Somebody asked to stop.
    #[error("interrupted; {done} of {total} segments are kept")]
    Interrupted {
        /// Units that have their target.
        done: usize,
        /// All units.
        total: usize,
    },
}
