//! Reasons why a glossary cannot be used.

use crate::bitext::Place;

/// Why a glossary cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No format of glossary files goes by this name or extension.
    #[error("`{name}` is no format of glossary files; known are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// There is no table of this house style.
    #[error("there is no house style `{name}` beside the glossary; there {known}")]
    NoStyle {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A file or folder cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A file is not what a glossary has to be.
    #[error("{what}")]
    Broken {
        /// What is wrong.
        what: String,
        /// Where.
        place: Box<Place>,
        /// What to write instead.
        fix: String,
    },
}
