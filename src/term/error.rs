//! Reasons why a glossary cannot be used.

use crate::bitext::Place;

/// Why a glossary cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No format of glossary files goes by this name or extension.
    #[error("`{name}` is not a format of glossary files; known are {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// No table has this house style.
    #[error("there is no house style `{name}` beside the glossary; there {known}")]
    NoStyle {
        /// The name asked for.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// A file or folder cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// The system's message.
        reason: String,
    },
    /// A file breaks the format of a glossary.
    #[error("{what}")]
    Broken {
        /// The fault.
        what: String,
        /// Its place.
        place: Box<Place>,
        /// The text to write instead.
        fix: String,
    },
}
