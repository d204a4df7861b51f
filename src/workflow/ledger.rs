//! The ledger of written files: whether a file stands as overzet wrote it, by a digest of its
//! bytes.

use super::Error;
use crate::memory::Store;
use std::path::Path;

/// The state of a file that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputState {
    /// Never written by overzet.
    Unknown,
    /// As it was written.
    Ours,
    /// Changed since.
    Edited,
}

/// Digests of written files, kept in the memory file.
#[derive(Debug, Clone, Copy)]
pub struct Ledger<'a> {
    store: &'a Store,
    /// Whether the files hold a person's work.
    edits: bool,
}

impl<'a> Ledger<'a> {
    /// The ledger of files that a translation writes.
    pub fn new(store: &'a Store) -> Self {
        let edits = false;
        Self { store, edits }
    }

    /// The ledger of files that hold a person's work: they are recorded apart, so that a
    /// translation finds them edited, and a review may write them again.
    pub fn with_edits(store: &'a Store) -> Self {
        let edits = true;
        Self { store, edits }
    }

    /// The state of a file whose bytes have this digest.
    ///
    /// Errors: [`Error::Memory`].
    pub fn state(&self, path: &Path, digest: &[u8; 32]) -> Result<OutputState, Error> {
        match self.recorded(&name(path), digest)? {
            OutputState::Edited if self.edits => self.recorded(&edited_name(path), digest),
            state => Ok(state),
        }
    }

    /// Records that a file was written with this digest.
    ///
    /// Errors: [`Error::Memory`].
    pub fn record(&self, path: &Path, digest: &[u8; 32]) -> Result<(), Error> {
        Ok(self.store.record_output(&self.name_of(path), digest)?)
    }

    /// Records that a file is about to be written with this digest: it is ours with the old bytes
    /// and with the new ones, whenever the run ends.
    ///
    /// Errors: [`Error::Memory`].
    pub fn announce(&self, path: &Path, digest: &[u8; 32]) -> Result<(), Error> {
        let name = announced_name(&self.name_of(path));
        Ok(self.store.record_output(&name, digest)?)
    }

    fn name_of(&self, path: &Path) -> String {
        if self.edits {
            edited_name(path)
        } else {
            name(path)
        }
    }

    fn recorded(&self, name: &str, digest: &[u8; 32]) -> Result<OutputState, Error> {
        let written = self.store.output_digest(name)?;
        let announced = self.store.output_digest(&announced_name(name))?;
        Ok(match (written, announced) {
            (Some(known), _) | (_, Some(known)) if known == digest => OutputState::Ours,
            (None, _) => OutputState::Unknown,
            (Some(_), _) => OutputState::Edited,
        })
    }
}

/// The name under which a file is recorded: its absolute path.
fn name(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.display().to_string()
}

/// The name under which a file is recorded that holds a person's work.
fn edited_name(path: &Path) -> String {
    format!("review {}", name(path))
}

/// The name under which the bytes are recorded that a file is about to have.
fn announced_name(name: &str) -> String {
    format!("next {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_output_is_noticed_and_a_review_may_write_its_own_again() {
        let store = Store::in_memory().unwrap();
        let (path, ledger) = (Path::new("a"), Ledger::new(&store));
        let state = |ledger: &Ledger<'_>, byte| ledger.state(path, &[byte; 32]).unwrap();
        assert_eq!(state(&ledger, 1), OutputState::Unknown);
        ledger.record(path, &[1; 32]).unwrap();
        assert_eq!(state(&ledger, 1), OutputState::Ours);
        assert_eq!(state(&ledger, 2), OutputState::Edited);
        let review = Ledger::with_edits(&store);
        review.record(path, &[2; 32]).unwrap();
        assert_eq!(state(&review, 2), OutputState::Ours);
        assert_eq!(state(&ledger, 2), OutputState::Edited);
    }

    #[test]
    fn a_run_that_was_killed_around_the_renaming_finds_its_own_file() {
        let store = Store::in_memory().unwrap();
        let (path, ledger) = (Path::new("a"), Ledger::new(&store));
        ledger.announce(path, &[1; 32]).unwrap();
        let state = |byte| ledger.state(path, &[byte; 32]).unwrap();
        assert_eq!(
            (state(1), state(2)),
            (OutputState::Ours, OutputState::Unknown)
        );
        ledger.record(path, &[1; 32]).unwrap();
        ledger.announce(path, &[2; 32]).unwrap();
        for (byte, wanted) in [
            (1, OutputState::Ours),
            (2, OutputState::Ours),
            (3, OutputState::Edited),
        ] {
            assert_eq!(state(byte), wanted);
        }
    }
}
