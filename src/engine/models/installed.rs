//! The models on disk: list, identity, comparison with their hashes, removal.

use super::digest::{file_digest, hex};
use super::error::Error;
use super::manifest::{MANIFEST_NAME, ModelManifest};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A complete model on disk.
#[derive(Debug, Clone)]
pub struct InstalledModel {
    /// Its manifest, with the hash of every file.
    pub model: ModelManifest,
    /// Its folder.
    pub folder: PathBuf,
}

/// What is known of a model without loading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelIdentity {
    /// Name and version, for people.
    pub title: String,
    /// Source and target language, if a manifest has them.
    pub pair: Option<(String, String)>,
    /// A digest that differs between models: 16 hexadecimal digits.
    pub digest: String,
}

/// Reads a model's manifest; if it has none, or not that of the files, the files themselves are
/// hashed.
///
/// Errors: [`Error::Disk`] for a folder that cannot be read or contains no model.
pub fn identify(folder: &Path) -> Result<ModelIdentity, Error> {
    if let Some(one) = at(folder)
        && let Some(digest) = one.digest()
    {
        return Ok(ModelIdentity {
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
        let (bytes, sha256) = file_digest(path).map_err(|error| Error::disk(path, &error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        hasher.update(format!("{name} {bytes} {sha256}\n"));
    }
    if paths.is_empty() {
        return Err(Error::Disk {
            path: folder.display().to_string(),
            what: "the folder contains no model*.bin".into(),
        });
    }
    Ok(ModelIdentity {
        title: folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        pair: None,
        digest: hex(&hasher.finalize())[..16].to_owned(),
    })
}

impl InstalledModel {
    /// A digest of the hashes in the manifest; `None` if a file has another size than the manifest
    /// says.
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

/// The models under `root`, by language pair, best first: base-memory before tiny, newer before
/// older.
///
/// Folders without a readable manifest are left out; a root that does not exist has no models.
pub fn installed(root: &Path) -> Vec<InstalledModel> {
    let mut found: Vec<InstalledModel> = folders(root)
        .iter()
        .flat_map(|pair| folders(pair))
        .filter_map(|folder| at(&folder))
        .collect();
    found.sort_by(|a, b| {
        let key = |one: &InstalledModel| {
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

/// The model in a folder; `None` without a readable manifest.
pub fn at(folder: &Path) -> Option<InstalledModel> {
    let bytes = std::fs::read(folder.join(MANIFEST_NAME)).ok()?;
    let model: ModelManifest = serde_json::from_slice(&bytes).ok()?;
    model.validate().ok()?;
    Some(InstalledModel {
        model,
        folder: folder.to_owned(),
    })
}

/// The best installed model for a pair of languages.
pub fn choice(root: &Path, source: &str, target: &str) -> Option<InstalledModel> {
    let pair = format!("{source}-{target}");
    installed(root)
        .into_iter()
        .find(|one| one.model.pair() == pair)
}

/// Compares every file of a model with its manifest. Returns one message per difference.
pub fn verify(one: &InstalledModel) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in &one.model.files {
        let path = one.folder.join(&file.file);
        match file_digest(&path) {
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

/// Removes a model. The manifest is removed first, so that no incomplete model is left.
///
/// Errors: [`Error::Disk`].
pub fn remove(one: &InstalledModel) -> Result<(), Error> {
    let complete = one.folder.join(MANIFEST_NAME);
    std::fs::remove_file(&complete).map_err(|e| Error::disk(&complete, &e))?;
    std::fs::remove_dir_all(&one.folder).map_err(|e| Error::disk(&one.folder, &e))?;
    if let Some(pair) = one.folder.parent() {
        // The pair's folder is removed when it is empty; the system refuses otherwise.
        let _ = std::fs::remove_dir(pair);
    }
    Ok(())
}

/// The folders in a folder, in order, without hidden ones (a pull in progress).
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
