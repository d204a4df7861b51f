//! Writing files: beside the target and renamed, and never over something that a person may have
//! edited.

use super::ledger::{Ledger, OutputState};
use super::{Error, Purpose};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Reads a file, or stdin for `-`.
///
/// Errors: [`Error::Unreadable`].
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    read_for(Purpose::Document, path)
}

/// The same, for a purpose: that of the file decides what an error means.
///
/// Errors: [`Error::Unreadable`].
pub fn read_for(purpose: Purpose, path: &Path) -> Result<Vec<u8>, Error> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let stdin = std::io::stdin().lock().read_to_end(&mut bytes);
        stdin.map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|source| Error::Unreadable {
        path: path.to_owned(),
        purpose,
        source,
    })
}

/// Opens a file for reading.
///
/// Errors: [`Error::Unreadable`].
pub fn open(path: &Path) -> Result<std::fs::File, Error> {
    std::fs::File::open(path).map_err(|source| Error::Unreadable {
        path: path.to_owned(),
        purpose: Purpose::Document,
        source,
    })
}

/// A file's name without its folder.
pub fn base(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The extension of a file's name in lower case.
pub fn extension(path: &Path) -> String {
    let extension = path.extension().unwrap_or_default();
    extension.to_string_lossy().to_ascii_lowercase()
}

/// The files that a run is about to write.
#[derive(Debug)]
pub struct Outputs<'a> {
    ledger: Option<Ledger<'a>>,
    force: bool,
}

impl<'a> Outputs<'a> {
    /// Without a ledger, every file that exists counts as edited; with `force`, none does.
    pub fn new(ledger: Option<Ledger<'a>>, force: bool) -> Self {
        Self { ledger, force }
    }

    /// Checks, before anything is sent or written, that a file may be written over: it does not
    /// exist, or it stands as overzet wrote it.
    ///
    /// Errors: [`Error::Exists`]; [`Error::Memory`] where the memory cannot say.
    pub fn check(&self, path: &Path) -> Result<(), Error> {
        if self.force || path == Path::new("-") {
            return Ok(());
        }
        let Ok(bytes) = std::fs::read(path) else {
            return Ok(());
        };
        let state = match &self.ledger {
            Some(ledger) => ledger.state(path, blake3::hash(&bytes).as_bytes())?,
            None => OutputState::Unknown,
        };
        let edited = match state {
            OutputState::Ours => return Ok(()),
            OutputState::Edited => true,
            OutputState::Unknown => false,
        };
        Err(Error::Exists {
            path: path.to_owned(),
            edited,
        })
    }

    /// Writes a file: a temporary one in the same folder, synced, then renamed. A file that has
    /// these bytes already is left as it is.
    ///
    /// Errors: those of [`Outputs::check`]; [`Error::Unwritable`], the old file is then untouched.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        self.write_with(path, |out| out.write_all(bytes))
    }

    /// The same for what is too large to be held in memory: `write` gives the bytes as it goes.
    ///
    /// Errors: as [`Outputs::write`]'s.
    pub fn write_with(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        let failed = |source: std::io::Error| Error::Unwritable {
            path: path.to_owned(),
            source,
        };
        // A device or a pipe cannot be replaced by renaming.
        if path.exists() && !path.is_file() {
            self.check(path)?;
            return std::fs::OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut file| write(&mut file))
                .map_err(failed);
        }
        let part = PartFile::beside(path).map_err(failed)?;
        let digest = part.fill(write).map_err(failed)?;
        let is_new = std::fs::read(path).map_or(true, |old| blake3::hash(&old) != digest);
        if is_new {
            self.check(path)?;
            part.replace(path).map_err(failed)?;
        }
        match &self.ledger {
            Some(ledger) => ledger.record(path, digest.as_bytes()),
            None => Ok(()),
        }
    }
}

/// A file beside the one that is to be written; it is gone unless it took that one's place.
struct PartFile(PathBuf);

impl PartFile {
    fn beside(path: &Path) -> std::io::Result<Self> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self(path.with_file_name(format!(
            ".{name}.{}.part",
            std::process::id()
        ))))
    }

    /// Writes the bytes, syncs them, and gives their digest.
    fn fill(
        &self,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> std::io::Result<blake3::Hash> {
        let mut out = BufWriter::new(Digesting {
            file: std::fs::File::create(&self.0)?,
            hasher: blake3::Hasher::new(),
        });
        write(&mut out)?;
        let Digesting { file, hasher } = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(hasher.finalize())
    }

    fn replace(&self, path: &Path) -> std::io::Result<()> {
        if let Ok(old) = std::fs::metadata(path) {
            let _ = std::fs::set_permissions(&self.0, old.permissions());
        }
        std::fs::rename(&self.0, path)
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A file, and the digest of what was written to it.
struct Digesting {
    file: std::fs::File,
    hasher: blake3::Hasher,
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        Ok(count)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Store;

    #[test]
    fn what_a_person_edited_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/artikel.en.txt");
        let store = Store::in_memory().unwrap();
        let ledger = Some(Ledger::new(&store));
        let outputs = Outputs::new(ledger, false);
        outputs.write(&path, b"one").unwrap();
        outputs.write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        std::fs::write(&path, b"edited").unwrap();
        let error = outputs.write(&path, b"three").unwrap_err();
        assert!(matches!(error, Error::Exists { edited: true, .. }));
        assert_eq!(std::fs::read(&path).unwrap(), b"edited");
        Outputs::new(ledger, true).write(&path, b"three").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"three");
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "no temporary file stays behind");
    }

    #[test]
    fn a_folder_in_the_way_is_an_error_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let error = Outputs::new(None, true)
            .write(folder.path(), b"x")
            .unwrap_err();
        assert!(matches!(error, Error::Unwritable { .. }));
    }
}
