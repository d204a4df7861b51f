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

/// Digests of written files, kept in the memory file. A translation and a review write the same
/// files, and each may write over the other's: the work of people is carried over.
#[derive(Debug, Clone, Copy)]
pub struct Ledger<'a> {
    store: &'a Store,
}

impl<'a> Ledger<'a> {
    /// The ledger of a memory.
    pub fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// The state of a file whose bytes have this digest.
    ///
    /// Errors: [`Error::Memory`].
    pub fn state(&self, path: &Path, digest: &[u8; 32]) -> Result<OutputState, Error> {
        let name = name(path);
        Ok(
            match (
                self.recorded(&name, digest)?,
                self.recorded(&reviewed_name(&name), digest)?,
            ) {
                (OutputState::Ours, _) | (_, OutputState::Ours) => OutputState::Ours,
                (OutputState::Unknown, state) | (state, _) => state,
            },
        )
    }

    /// Records that a file was written with this digest.
    ///
    /// Errors: [`Error::Memory`].
    pub fn record(&self, path: &Path, digest: &[u8; 32]) -> Result<(), Error> {
        Ok(self.store.record_output(&name(path), digest)?)
    }

    /// Records that a file is about to be written with this digest: it is ours with the old bytes
    /// and with the new ones, whenever the run ends.
    ///
    /// Errors: [`Error::Memory`].
    pub fn announce(&self, path: &Path, digest: &[u8; 32]) -> Result<(), Error> {
        let name = announced_name(&name(path));
        Ok(self.store.record_output(&name, digest)?)
    }

    fn recorded(self, name: &str, digest: &[u8; 32]) -> Result<OutputState, Error> {
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

/// The name under which a review of version 0.1 recorded a file.
fn reviewed_name(name: &str) -> String {
    format!("review {name}")
}

/// The name under which the bytes are recorded that a file is about to have.
fn announced_name(name: &str) -> String {
    format!("next {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_output_is_noticed_and_an_earlier_review_is_known() {
        let store = Store::in_memory().unwrap();
        let (path, ledger) = (Path::new("a"), Ledger::new(&store));
        let state = |byte| ledger.state(path, &[byte; 32]).unwrap();
        assert_eq!(state(1), OutputState::Unknown);
        ledger.record(path, &[1; 32]).unwrap();
        assert_eq!(state(1), OutputState::Ours);
        assert_eq!(state(2), OutputState::Edited);
        let reviewed = reviewed_name(&name(path));
        store.record_output(&reviewed, &[2; 32]).unwrap();
        assert_eq!(state(2), OutputState::Ours);
        assert_eq!(state(3), OutputState::Edited);
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
