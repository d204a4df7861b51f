//! Writing files: beside the target and renamed, and never over something that a person may have
//! edited.

use super::ledger::{Ledger, OutputState};
use super::{Error, Purpose};
use std::fs::Permissions;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

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
    /// Those of new files; without any, the system's own.
    permissions: Option<Permissions>,
    /// Whether what is written is recorded.
    records: bool,
}

impl<'a> Outputs<'a> {
    /// Without a ledger, every file that exists counts as edited; with `force`, none does.
    pub fn new(ledger: Option<Ledger<'a>>, force: bool) -> Self {
        Self {
            ledger,
            force,
            permissions: None,
            records: true,
        }
    }

    /// The same for a memory that cannot be written: files are written without a record, so that
    /// the next run takes them for other people's.
    #[must_use]
    pub fn without_records(&self) -> Self {
        Self {
            ledger: self.ledger,
            force: self.force,
            permissions: self.permissions.clone(),
            records: false,
        }
    }

    /// The same; new files may be read and written by those who may read and write `input`.
    #[must_use]
    pub fn like(mut self, input: &Path) -> Self {
        self.permissions = std::fs::metadata(input).ok().map(|m| m.permissions());
        self
    }

    /// Checks, before anything is sent or written, that a file may be written over: it does not
    /// exist, or it stands as overzet wrote it.
    ///
    /// Errors: [`Error::Exists`]; [`Error::LinkInTheWay`], with `force` too; [`Error::Memory`]
    /// where the memory cannot say.
    pub fn check(&self, path: &Path) -> Result<(), Error> {
        if path == Path::new("-") {
            return Ok(());
        }
        if is_link_to_file(path) {
            let path = path.to_owned();
            return Err(Error::LinkInTheWay { path });
        }
        if self.force {
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
        if path.exists() && (!path.is_file() || is_stream(path)) {
            self.check(path)?;
            return std::fs::OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut file| write(&mut file))
                .map_err(failed);
        }
        let part = self.part_beside(path).map_err(failed)?;
        let (part, digest) = fill(part, write).map_err(failed)?;
        let is_new = std::fs::read(path).map_or(true, |old| blake3::hash(&old) != digest);
        if is_new {
            self.check(path)?;
            // Announced first: a run that is killed after the renaming finds its own file.
            if let Some(ledger) = self.ledger.filter(|_| self.records) {
                ledger.announce(path, digest.as_bytes())?;
            }
            replace(part, path).map_err(failed)?;
        }
        match self.ledger.filter(|_| self.records) {
            Some(ledger) => ledger.record(path, digest.as_bytes()),
            None => Ok(()),
        }
    }

    /// A new file in the folder of `path`, under a name that nobody can foresee; it is gone unless
    /// it takes the place of `path`.
    fn part_beside(&self, path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
        let folder = folder_of(path);
        std::fs::create_dir_all(folder)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let prefix = format!(".{name}.");
        remove_left_parts(folder, &prefix);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(PART);
        #[cfg(unix)]
        {
            let old = std::fs::metadata(path).ok().map(|m| m.permissions());
            let permissions = old.or_else(|| self.permissions.clone());
            builder.permissions(file_permissions(permissions.as_ref()));
        }
        let part = builder.tempfile_in(folder)?;
        // The lock ends with the process: it says that somebody is still writing.
        let _ = part.as_file().try_lock();
        Ok(part)
    }
}

/// The end of the names of files that are being written.
const PART: &str = ".part";

/// Removes the files that runs left which were killed while they wrote.
fn remove_left_parts(folder: &Path, prefix: &str) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_part = name
            .to_str()
            .is_some_and(|name| name.starts_with(prefix) && name.ends_with(PART));
        let is_left = || {
            let file = std::fs::File::open(entry.path());
            file.is_ok_and(|file| file.try_lock().is_ok())
        };
        if is_part && entry.file_type().is_ok_and(|t| t.is_file()) && is_left() {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The folder of a file.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Whether a path is a symbolic link to a file or to nothing: writing would put a file in the place
/// of the link, or write where the person did not say.
fn is_link_to_file(path: &Path) -> bool {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink());
    is_link && std::fs::metadata(path).map_or(true, |m| m.is_file()) && !is_stream(path)
}

/// Whether a path names an open stream of the process, such as `/dev/stdout`.
fn is_stream(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

/// What a new file may be: read and written as `wanted` says, never run.
#[cfg(unix)]
fn file_permissions(wanted: Option<&Permissions>) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    // The system takes from these what the umask forbids.
    let mode = wanted.map_or(0o666, PermissionsExt::mode);
    Permissions::from_mode(mode & 0o666 | 0o600)
}

/// Writes the bytes, syncs them, and gives their digest.
fn fill(
    part: tempfile::NamedTempFile,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<(tempfile::NamedTempFile, blake3::Hash)> {
    let mut out = BufWriter::new(Digesting {
        file: part,
        hasher: blake3::Hasher::new(),
    });
    write(&mut out)?;
    let Digesting { file, hasher } = out
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    Ok((file, hasher.finalize()))
}

/// Puts a whole file in the place of `path`, and syncs the folder that names it.
fn replace(part: tempfile::NamedTempFile, path: &Path) -> std::io::Result<()> {
    part.persist(path).map_err(|error| error.error)?;
    // Some file systems cannot sync folders; the file itself is on disk.
    let _ = std::fs::File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    Ok(())
}

/// A file, and the digest of what was written to it.
struct Digesting {
    file: tempfile::NamedTempFile,
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
    fn a_run_that_was_killed_leaves_nothing_for_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let outputs = Outputs::new(None, true);
        let (left, others) = (".a.txt.x1y2z3.part", ".b.txt.x1y2z3.part");
        for name in [left, others] {
            std::fs::write(folder.path().join(name), "half").unwrap();
        }
        let busy = outputs.part_beside(&path).unwrap();
        outputs.write(&path, b"whole").unwrap();
        assert!(!folder.path().join(left).exists(), "nobody writes it");
        assert!(folder.path().join(others).exists(), "another output's");
        assert!(busy.path().exists(), "another run is writing it");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_replaced_and_outputs_are_as_private_as_the_input() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("secret.txt"), "x").unwrap();
        std::fs::set_permissions(at("secret.txt"), Permissions::from_mode(0o600)).unwrap();
        symlink(at("secret.txt"), at("link")).unwrap();
        let outputs = Outputs::new(None, true).like(&at("secret.txt"));
        for result in [outputs.check(&at("link")), outputs.write(&at("link"), b"y")] {
            assert!(matches!(result, Err(Error::LinkInTheWay { .. })));
        }
        assert_eq!(std::fs::read(at("secret.txt")).unwrap(), b"x");
        outputs.write(&at("secret.en.txt"), b"y").unwrap();
        let mode = |name: &str| std::fs::metadata(at(name)).unwrap().permissions().mode();
        assert_eq!(mode("secret.en.txt") & 0o777, 0o600);
        // A new file without an input has what the umask leaves; an old one keeps its own.
        std::fs::set_permissions(at("secret.en.txt"), Permissions::from_mode(0o640)).unwrap();
        Outputs::new(None, true)
            .write(&at("secret.en.txt"), b"z")
            .unwrap();
        assert_eq!(mode("secret.en.txt") & 0o777, 0o640);
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
