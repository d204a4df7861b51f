//! A format of glossary files, and the contents of a file.

use crate::term::concept::Concept;
use crate::term::error::Error;

/// The contents of a glossary file.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The entries, in file order.
    pub entries: Vec<Concept>,
    /// The columns that the file has.
    pub columns: Vec<String>,
    /// Rows that are wrong, each with its place.
    pub broken: Vec<Error>,
    /// Whether the file could have vetoed a form.
    pub vetoes: bool,
    /// What was in the file and has no place in an entry, with how often.
    pub dropped: Vec<(String, usize)>,
}

impl Contents {
    pub(super) fn with_columns(columns: &[&str]) -> Self {
        Self {
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            ..Self::default()
        }
    }

    /// Adds an entry; one without an id is counted.
    pub(super) fn push(&mut self, mut entry: Concept) {
        if entry.id.is_empty() || entry.numbered {
            entry.id = (self.entries.len() + 1).to_string();
            entry.numbered = true;
        }
        self.entries.push(entry);
    }

    pub(super) fn drop(&mut self, what: String) {
        match self.dropped.iter_mut().find(|(own, _)| *own == what) {
            Some((_, count)) => *count += 1,
            None => self.dropped.push((what, 1)),
        }
    }
}

/// A format of glossary files.
pub trait GlossaryFormat: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;
    /// One line for people.
    fn about(&self) -> &'static str;
    /// Extensions that mean this format, without the dot.
    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }
    /// Reads a file; `name` is for messages, and its extension decides between tabs and commas.
    ///
    /// Errors: [`Error::Broken`] with the place, [`Error::Unreadable`].
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error>;
    /// Writes a file, without the columns that the format cannot hold.
    ///
    /// Errors: [`Error::Unreadable`] where the format has a limit that the entries pass.
    fn write(&self, entries: &[Concept], name: &str) -> Result<Vec<u8>, Error>;
}
