//! Writing files: beside the target and renamed, and never over something that a person may have edited.

use super::failure::Failure;
use crate::memory::{OutputState, Store};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Reads a file, or stdin for `-`.
///
/// Errors: exit 3 with what the system says.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::input("stdin cannot be read").caused_by(&error))?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|error| {
        let failure =
            Failure::input(format!("{} cannot be read", path.display())).caused_by(&error);
        if path.is_dir() {
            failure.hint(format!("name the files: {}/*.txt", path.display()))
        } else {
            failure
        }
    })
}

/// The files that a command is about to write.
#[derive(Debug)]
pub struct Outputs<'a> {
    store: Option<&'a Store>,
    force: bool,
    /// Whether what is written holds a person's work.
    edits: bool,
}

impl<'a> Outputs<'a> {
    /// `store` remembers what was written; without one, every file that exists counts as edited.
    pub fn new(store: Option<&'a Store>, force: bool) -> Self {
        Self {
            store,
            force,
            edits: false,
        }
    }

    /// The same for files that hold a person's work: they are remembered apart, so that `translate` takes them for edited, and `review` may
    /// write them again.
    pub fn with_edits(store: &'a Store, force: bool) -> Self {
        Self {
            store: Some(store),
            force,
            edits: true,
        }
    }

    /// Checks, before anything is sent or written, that a file may be written over: it does not exist, or it stands as overzet
    /// wrote it.
    ///
    /// Errors: exit 3, naming the file and the ways on.
    pub fn check(&self, path: &Path) -> Result<(), Failure> {
        if self.force || path == Path::new("-") {
            return Ok(());
        }
        let Ok(bytes) = std::fs::read(path) else {
            return Ok(());
        };
        let known = match self.store {
            Some(store) => {
                let ask = |name: String| {
                    store
                        .output(&name, blake3::hash(&bytes).as_bytes())
                        .map_err(|error| Failure::input("the memory file failed").caused_by(&error))
                };
                match ask(key(path))? {
                    OutputState::Edited if self.edits => ask(edited_key(path))?,
                    known => known,
                }
            }
            None => OutputState::Unknown,
        };
        let why = match known {
            OutputState::Ours => return Ok(()),
            OutputState::Edited => "it was changed since overzet wrote it",
            OutputState::Unknown => "overzet did not write it",
        };
        Err(
            Failure::input(format!("{} exists and {why}", path.display()))
                .hint("`--force` writes over it; `-o OTHER` writes elsewhere"),
        )
    }

    /// Writes a file: a temporary one in the same folder, synced, then renamed. A file that has these bytes already is left as it is.
    ///
    /// Errors: exit 3 with what the system says; the old file is then untouched.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        self.write_with(path, |out| out.write_all(bytes))
    }

    /// The same for what is too large to be held in memory: `write` gives the bytes as it goes.
    ///
    /// Errors: as [`Outputs::write`]'s.
    pub fn write_with(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), Failure> {
        let failed = |error: std::io::Error| {
            Failure::input(format!("{} cannot be written", path.display())).caused_by(&error)
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
        let part = Part::beside(path).map_err(failed)?;
        let digest = part.fill(write).map_err(failed)?;
        let is_new = std::fs::read(path).map_or(true, |old| blake3::hash(&old) != digest);
        if is_new {
            self.check(path)?;
            part.replace(path).map_err(failed)?;
        }
        self.remember(path, digest.as_bytes())
    }

    fn remember(&self, path: &Path, digest: &[u8; 32]) -> Result<(), Failure> {
        match self.store {
            Some(store) => store
                .record_output(
                    &if self.edits {
                        edited_key(path)
                    } else {
                        key(path)
                    },
                    digest,
                )
                .map_err(|error| Failure::input("the memory file failed").caused_by(&error)),
            None => Ok(()),
        }
    }
}

/// The name under which a file is remembered: its absolute path.
fn key(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    absolute.display().to_string()
}

/// The name under which a file is remembered that holds a person's work.
fn edited_key(path: &Path) -> String {
    format!("review {}", key(path))
}

/// A file beside the one that is to be written; it is gone unless it took that one's place.
struct Part(PathBuf);

impl Part {
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

impl Drop for Part {
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

    #[test]
    fn what_a_person_edited_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/artikel.en.txt");
        let store = Store::in_memory().unwrap();
        let outputs = Outputs::new(Some(&store), false);
        outputs.write(&path, b"one").unwrap();
        outputs.write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        std::fs::write(&path, b"edited").unwrap();
        let failure = outputs.write(&path, b"three").unwrap_err();
        assert_eq!(failure.exit.code(), 3);
        assert!(failure.to_string().contains("--force"));
        assert_eq!(std::fs::read(&path).unwrap(), b"edited");
        Outputs::new(Some(&store), true)
            .write(&path, b"three")
            .unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"three");
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "no temporary file stays behind");
    }

    #[test]
    fn a_folder_in_the_way_is_an_error_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let failure = Outputs::new(None, true)
            .write(folder.path(), b"x")
            .unwrap_err();
        assert_eq!(failure.exit.code(), 3);
    }
}
