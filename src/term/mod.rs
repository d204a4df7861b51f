//! The glossary and its proof: terms found in the Dutch, judged in the English, repaired where that is safe, flagged where it is not.
//!
//! `Kievs tegenaanval` → hit on `Kiev`; `Kiev's counterattack` is forbidden; repaired to `Kyiv's counterattack`; verdict exact.

mod columns;
mod context;
mod credit;
pub mod files;
mod forms;
mod glossary;
mod guards;
mod judge;
mod lint;
mod matcher;
pub mod merge;
mod repair;
mod start;
mod style;
pub mod suggest;
pub mod survey;
mod tokens;
mod violations;

pub use columns::COLUMNS;
pub use glossary::{Article, Case, Concept, Glossary, Pair, Policy, Status};
pub use judge::judge;
pub use lint::Problem;
pub use matcher::find;
pub use repair::enforce;
pub use style::{DateOrder, Marks, Spelling, Style};
pub use violations::{inconsistencies, recorded, violations};

use crate::bitext::Place;

/// Why a glossary cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
