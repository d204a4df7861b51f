//! A unit that two people changed, as an error names it.

use std::path::PathBuf;

/// A unit that two people changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditConflict {
    /// The file with the second change.
    pub path: PathBuf,
    /// Id of the unit in the article.
    pub unit: String,
    /// Its Dutch.
    pub source: String,
    /// The text that stands there.
    pub present: String,
    /// The text of the file.
    pub edited: String,
}

impl std::fmt::Display for EditConflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: “{}”\n    now:  “{}”\n    edit: “{}” ({})",
            self.unit,
            self.source,
            self.present,
            self.edited,
            self.path.display()
        )
    }
}
