//! Reasons why a file cannot be read or written.

use crate::bitext::Place;

/// Why a file cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No format goes by this name or extension.
    #[error("`{name}` is no format that can be read here; known are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The bytes are not text: a PDF, a zip, an image.
    #[error("{what}")]
    NotText {
        /// What they look like.
        what: String,
    },
    /// The file may not or cannot be taken as it is.
    #[error("{what}")]
    Refused {
        /// What is wrong with it.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The file is not what its format asks for.
    #[error("{what}")]
    Broken {
        /// What is wrong.
        what: String,
        /// Where.
        place: Box<Place>,
    },
}

impl Error {
    /// The same error in a file with this name.
    #[must_use]
    pub(super) fn in_file(mut self, name: &str) -> Self {
        if let Self::Broken { place, .. } = &mut self {
            name.clone_into(&mut place.file);
        }
        self
    }

    /// The same error in a container with this name, or in a part of it.
    #[must_use]
    pub(super) fn inside(mut self, container: &str) -> Self {
        if let Self::Broken { place, .. } = &mut self {
            place.file = match place.file.as_str() {
                "" => container.to_owned(),
                part => format!("{container}!/{part}"),
            };
        }
        self
    }
}
