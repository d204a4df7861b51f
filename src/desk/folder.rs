//! The desk's own files in its folder: the key, the lock with the address, both for its owner alone.

use super::secret::random_key;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The folder of a desk while it is served. The lock ends with the process.
#[derive(Debug)]
pub struct DeskFolder {
    /// The key that lets in.
    pub key: String,
    lock: File,
}

/// Why a folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process serves it.
    #[error("the desk of {} is served already, at {address}", folder.display())]
    Served {
        /// The folder.
        folder: PathBuf,
        /// Where.
        address: String,
    },
    /// A file of it cannot be used.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
}

/// The folder of the desk's own files.
fn own_folder(folder: &Path) -> PathBuf {
    folder.join(".overzet")
}

/// Options that make a file which its owner alone reads and writes.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Writes a file that its owner alone can read: beside its place, then renamed.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|own| !own.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut part = tempfile::Builder::new()
        .prefix(".users.")
        .tempfile_in(folder)?;
    part.write_all(bytes)?;
    part.as_file().sync_all()?;
    part.persist(path)?;
    Ok(())
}

impl DeskFolder {
    /// Takes the folder, and makes its key where it has none.
    ///
    /// Errors: [`FolderError`].
    pub fn take(folder: &Path) -> Result<Self, FolderError> {
        let own = own_folder(folder);
        let failed = |path: &Path, source| FolderError::File {
            path: path.display().to_string(),
            source,
        };
        std::fs::create_dir_all(&own).map_err(|error| failed(&own, error))?;
        let path = own.join("serve.lock");
        let lock = private()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut lock = lock.map_err(|error| failed(&path, error))?;
        if lock.try_lock().is_err() {
            let mut address = String::new();
            let _ = lock.read_to_string(&mut address);
            return Err(FolderError::Served {
                folder: folder.to_owned(),
                address: address.trim().to_owned(),
            });
        }
        let path = own.join("desk.key");
        let key = key(&path).map_err(|error| failed(&path, error))?;
        Ok(Self { key, lock })
    }

    /// Notes where the desk is served, for whoever wants to serve it again.
    ///
    /// Errors: what the system says.
    pub fn note_address(&mut self, address: &str) -> io::Result<()> {
        self.lock.set_len(0)?;
        self.lock.rewind()?;
        writeln!(self.lock, "{address}")
    }
}

/// The key of a file, which is made where it is not there. One that others can read is theirs, too:
/// it is replaced.
fn key(path: &Path) -> io::Result<String> {
    if let Ok(mut file) = File::open(path) {
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let is_long = text.trim().len() >= 32;
        if is_long && is_private(&file)? {
            return Ok(text.trim().to_owned());
        }
        std::fs::remove_file(path)?;
    }
    let key = random_key()?;
    let mut file = private().write(true).create_new(true).open(path)?;
    writeln!(file, "{key}")?;
    file.sync_all()?;
    Ok(key)
}

#[cfg(unix)]
fn is_private(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() % 0o100 == 0)
}

#[cfg(not(unix))]
fn is_private(_: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_served_once_and_keeps_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = DeskFolder::take(folder.path()).unwrap();
        first.note_address("http://127.0.0.1:7878/").unwrap();
        let Err(FolderError::Served { address, .. }) = DeskFolder::take(folder.path()) else {
            panic!("served twice");
        };
        assert_eq!(address, "http://127.0.0.1:7878/");
        let key = first.key.clone();
        drop(first);
        assert_eq!(DeskFolder::take(folder.path()).unwrap().key, key);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_could_read_is_replaced() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let key = DeskFolder::take(folder.path()).unwrap().key;
        let path = folder.path().join(".overzet/desk.key");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_ne!(DeskFolder::take(folder.path()).unwrap().key, key);
        assert_eq!(mode(&path), 0o600);
    }
}
