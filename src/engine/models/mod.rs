//! Models of the local engine on disk: what can be had, what is installed, whether it is still what it was.
//!
//! A model stands whole in `ROOT/nl-en/tiny-1.0/`: its files, and `manifest.json` with origin, licence and hashes, written last. A folder without
//! that file is no model. [`pull()`] gets one; nothing here is ever fetched in the middle of a translation.

mod fetch;
mod manifest;
mod pull;
mod unpack;

pub use fetch::{Source, Stage};
pub use manifest::{Compression, File, Manifest, Model, Packed, Role};
pub use pull::{Job, pull};

#[cfg(feature = "http")]
use crate::engine::HttpClient;

use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Name of the file that makes a folder a model.
const COMPLETE: &str = "manifest.json";

/// What can go wrong with models.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The manifest cannot be used.
    #[error("{file} is no manifest of models: {what}")]
    Manifest {
        /// Which manifest.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// There is no such model.
    #[error("there is no model `{name}`; there are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The file system says no.
    #[error("{path}: {what}")]
    Disk {
        /// Which path.
        path: String,
        /// What the system says.
        what: String,
    },
    /// Another process is installing this model.
    #[error("another pull of this model is under way (it holds {path})")]
    Locked {
        /// The lock.
        path: String,
    },
    /// A file is not the one that the manifest names.
    #[error("{file} is not the file that the manifest names: {what}")]
    Wrong {
        /// Which file.
        file: String,
        /// Both sizes or both hashes.
        what: String,
    },
    /// The file cannot be had.
    #[error("{file} cannot be fetched: {what}")]
    Network {
        /// Which file.
        file: String,
        /// What every address said.
        what: String,
    },
    /// The folder of `--from-dir` lacks a file.
    #[error("{folder} holds neither {file} nor its packed form")]
    Absent {
        /// The folder.
        folder: String,
        /// The file.
        file: String,
    },
    /// A person asked to stop; what was fetched is kept.
    #[error("interrupted; what was fetched is kept, and the same command goes on from there")]
    Interrupted,
}

impl Error {
    fn disk(path: &Path, error: &std::io::Error) -> Self {
        Self::Disk {
            path: path.display().to_string(),
            what: error.to_string(),
        }
    }
}

/// A model that stands whole on disk.
#[derive(Debug, Clone)]
pub struct Installed {
    /// Its manifest, with the hash of every file.
    pub model: Model,
    /// Its folder.
    pub folder: PathBuf,
}

/// What can be said of a model without loading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Name and version, for people.
    pub title: String,
    /// Source and target language, where a manifest says so.
    pub pair: Option<(String, String)>,
    /// What tells it from other models.
    pub digest: String,
}

/// Reads a model's manifest; where there is none, or it is not that of the files, the files themselves are hashed.
///
/// Errors: [`Error::Disk`] for a folder that cannot be read or has no model in it.
pub fn identify(folder: &Path) -> Result<Identity, Error> {
    if let Some(one) = at(folder)
        && let Some(digest) = one.digest()
    {
        return Ok(Identity {
            title: format!("{} {}", one.model.name, one.model.version),
            pair: Some((one.model.source, one.model.target)),
            digest,
        });
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Error::disk(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "bin" || e == "spm"));
    paths.sort();
    let mut hasher = Sha256::new();
    for path in &paths {
        let (bytes, sha256) = digest_of(path).map_err(|error| Error::disk(path, &error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        hasher.update(format!("{name} {bytes} {sha256}\n"));
    }
    if paths.is_empty() {
        return Err(Error::Disk {
            path: folder.display().to_string(),
            what: "there is no model*.bin in it".into(),
        });
    }
    Ok(Identity {
        title: folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        pair: None,
        digest: hex(&hasher.finalize())[..16].to_owned(),
    })
}

impl Installed {
    /// What tells this model from others, from the hashes of its manifest; none if a file has not the size that the manifest names.
    fn digest(&self) -> Option<String> {
        let mut hasher = Sha256::new();
        for file in &self.model.files {
            let found = std::fs::metadata(self.folder.join(&file.file)).ok()?.len();
            if file.bytes.is_some_and(|bytes| bytes != found) {
                return None;
            }
            let packed = file.packed.as_ref().map(|packed| &packed.sha256);
            hasher.update(file.sha256.as_ref().or(packed)?.to_ascii_lowercase());
        }
        Some(hex(&hasher.finalize())[..16].to_owned())
    }
}

/// Fetches a manifest.
///
/// Errors: [`Error::Network`], [`Error::Manifest`].
#[cfg(feature = "http")]
pub async fn manifest_at(net: &HttpClient, url: &str) -> Result<Manifest, Error> {
    Manifest::read(url, &fetch::small(net, url).await?)
}

/// The models under `root`, by language pair, best first: base-memory before tiny, newer before older.
///
/// Folders without a readable manifest are left out; a root that does not exist has none.
pub fn installed(root: &Path) -> Vec<Installed> {
    let mut found: Vec<Installed> = folders(root)
        .iter()
        .flat_map(|pair| folders(pair))
        .filter_map(|folder| at(&folder))
        .collect();
    found.sort_by(|a, b| {
        let key = |one: &Installed| {
            (
                one.model.pair(),
                one.model.rank(),
                std::cmp::Reverse(one.model.version.clone()),
                one.model.name.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    found
}

/// The model that stands in a folder; none without a readable manifest.
pub fn at(folder: &Path) -> Option<Installed> {
    let bytes = std::fs::read(folder.join(COMPLETE)).ok()?;
    let model: Model = serde_json::from_slice(&bytes).ok()?;
    model.validate().ok()?;
    Some(Installed {
        model,
        folder: folder.to_owned(),
    })
}

/// The installed model that a translation between these languages takes: the best one.
pub fn choice(root: &Path, source: &str, target: &str) -> Option<Installed> {
    let pair = format!("{source}-{target}");
    installed(root)
        .into_iter()
        .find(|one| one.model.pair() == pair)
}

/// Compares every file of an installed model with its manifest; answers what differs, nothing if all is well.
pub fn verify(one: &Installed) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in &one.model.files {
        let path = one.folder.join(&file.file);
        match digest_of(&path) {
            Err(error) => wrong.push(format!("{}: {error}", path.display())),
            Ok((bytes, sha256)) => {
                if let Err(what) = file.fits(bytes, &sha256) {
                    wrong.push(format!("{}: {what}", path.display()));
                }
            }
        }
    }
    wrong
}

/// Removes an installed model. The manifest goes first, so that no half model is left behind.
///
/// Errors: [`Error::Disk`].
pub fn remove(one: &Installed) -> Result<(), Error> {
    let complete = one.folder.join(COMPLETE);
    std::fs::remove_file(&complete).map_err(|e| Error::disk(&complete, &e))?;
    std::fs::remove_dir_all(&one.folder).map_err(|e| Error::disk(&one.folder, &e))?;
    if let Some(pair) = one.folder.parent() {
        // The pair's folder goes when it is empty; the system refuses otherwise.
        let _ = std::fs::remove_dir(pair);
    }
    Ok(())
}

/// The folders in a folder, in order, hidden ones (a pull under way) left out.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// Size in bytes and SHA-256 of a file.
fn digest_of(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let (mut hasher, mut total, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((total, hex(&hasher.finalize())));
        }
        hasher.update(&buffer[..read]);
        total += read as u64;
    }
}

/// Bytes as lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
