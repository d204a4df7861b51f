//! Why text cannot be cut.

use crate::bitext::Place;

/// Why a splitter cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of language data or of SRX rules is wrong.
    #[error("{what}")]
    Data {
        /// What is wrong.
        what: String,
        /// Where.
        place: Box<Place>,
    },
}
