//! Installs a model: fetched, checked in its packed form, unpacked, checked again, and then moved
//! into place.
//!
//! The work happens in `ROOT/.pull/NAME/` under a lock of the operating system, which ends with its
//! process. The finished folder is moved to `ROOT/nl-en/tiny-1.0/` in one step: a killed process
//! leaves the model either complete or absent, and the next pull resumes.

use super::error::Error;
#[cfg(feature = "http")]
use super::fetch;
use super::installed::{InstalledModel, verify};
#[cfg(feature = "http")]
use super::manifest::Compression;
use super::manifest::{MANIFEST_NAME, MAX_FILE_BYTES, ModelFile, ModelManifest};
use super::source::{ModelSource, PullProgress};
use super::unpack;
use std::fs;
use std::path::{Path, PathBuf};

/// A model to install.
pub struct ModelPull<'a> {
    /// The model.
    pub model: &'a ModelManifest,
    /// The folder that contains all models.
    pub root: &'a Path,
    /// Where the model's files come from.
    pub source: ModelSource<'a>,
    /// Called with the progress of a download.
    pub progress: &'a (dyn Fn(PullProgress<'_>) + Sync),
}

/// Installs a model; a complete one is left as it is. Dropping the future interrupts the pull, and
/// the next one resumes it.
///
/// Errors: [`Error`]; whatever happens, an installed model stays as it was until the new one is
/// complete.
pub async fn pull(job: &ModelPull<'_>) -> Result<InstalledModel, Error> {
    let model = job.model;
    let folder = job.root.join(model.pair()).join(model.folder());
    let stage = job
        .root
        .join(".pull")
        .join(format!("{}-{}", model.pair(), model.folder()));
    make(&stage)?;
    let _lock = lock(&stage.join("lock"))?;
    if let Some(there) = whole(&folder, model) {
        return Ok(there);
    }
    let (packed, fresh) = (stage.join("packed"), stage.join("model"));
    make(&packed)?;
    // Files that an interrupted pull unpacked are unpacked again from the packed ones, which costs
    // little and needs no check.
    discard(&fresh)?;
    make(&fresh)?;
    let mut complete = model.clone();
    for file in &mut complete.files {
        let (bytes, sha256) = obtain(job, file, &packed, &fresh).await?;
        file.fits(bytes, &sha256).map_err(|what| Error::Wrong {
            file: file.file.clone(),
            what,
        })?;
        (file.bytes, file.sha256) = (Some(bytes), Some(sha256));
    }
    write(&fresh.join("LICENSE.txt"), licence(&complete).as_bytes())?;
    let manifest = serde_json::to_vec_pretty(&complete).map_err(|error| Error::Disk {
        path: MANIFEST_NAME.into(),
        what: error.to_string(),
    })?;
    write(&fresh.join(MANIFEST_NAME), &manifest)?;
    sync(&fresh)?;
    move_in(&fresh, &folder, &stage.join("old"))?;
    discard(&packed)?;
    Ok(InstalledModel {
        model: complete,
        folder,
    })
}

/// The model in its place, if it is complete and the wanted one.
fn whole(folder: &Path, wanted: &ModelManifest) -> Option<InstalledModel> {
    let bytes = fs::read(folder.join(MANIFEST_NAME)).ok()?;
    let model: ModelManifest = serde_json::from_slice(&bytes).ok()?;
    model.validate().ok()?;
    let same = wanted.files.iter().all(|file| {
        let own = model.files.iter().find(|own| own.file == file.file);
        own.is_some_and(|own| file.sha256.is_none() || own.sha256 == file.sha256)
    });
    let there = InstalledModel {
        model,
        folder: folder.to_owned(),
    };
    (same && verify(&there).is_empty()).then_some(there)
}

/// Brings one file into the fresh folder. Returns its size and hash.
#[cfg_attr(
    not(feature = "http"),
    allow(clippy::unused_async, reason = "only the network is waited for")
)]
async fn obtain(
    job: &ModelPull<'_>,
    file: &ModelFile,
    packed_folder: &Path,
    fresh: &Path,
) -> Result<(u64, String), Error> {
    let to = fresh.join(&file.file);
    let most = file.bytes.unwrap_or(MAX_FILE_BYTES);
    match job.source {
        ModelSource::Folder(folder) => from_folder(folder, file, &to, most),
        #[cfg(feature = "http")]
        ModelSource::Network { net, mirror } => {
            let (here, how) = download(job, net, mirror, file, packed_folder).await?;
            unpack::unpack(&here, how, &to, most)
        }
    }
}

/// The packed form of a file, downloaded if it is not in `folder` yet.
#[cfg(feature = "http")]
async fn download(
    job: &ModelPull<'_>,
    net: &crate::engine::HttpClient,
    mirror: Option<&str>,
    file: &ModelFile,
    folder: &Path,
) -> Result<(PathBuf, Compression), Error> {
    let packed = file.packed.as_ref().ok_or_else(|| Error::Network {
        file: file.file.clone(),
        what: "the manifest has no address for it".into(),
    })?;
    let urls = match mirror {
        Some(base) => vec![format!(
            "{}/{}/{}",
            base.trim_end_matches('/'),
            job.model.name,
            packed.file
        )],
        None => packed.urls.clone(),
    };
    let here = folder.join(&packed.file);
    let known = here.exists() && packed.check(&here)?.is_ok();
    if !known {
        let part = folder.join(format!("{}.part", packed.file));
        fetch::fetch(net, &urls, packed, &part, job.progress).await?;
        fs::rename(&part, &here).map_err(|e| Error::disk(&here, &e))?;
    }
    Ok((here, packed.compression))
}

/// Takes a file from a folder, unpacking it if it is packed.
fn from_folder(
    folder: &Path,
    file: &ModelFile,
    to: &Path,
    most: u64,
) -> Result<(u64, String), Error> {
    let plain = folder.join(&file.file);
    if plain.exists() {
        if file.sha256.is_none() {
            // Only the packed form is pinned; an unpacked file cannot be verified.
            return Err(Error::Wrong {
                file: file.file.clone(),
                what: "only its packed form has a known hash; put that into the folder".into(),
            });
        }
        let source = fs::File::open(&plain).map_err(|e| Error::disk(&plain, &e))?;
        return unpack::copy(&plain, source, to, most);
    }
    let absent = || Error::Absent {
        folder: folder.display().to_string(),
        file: file.file.clone(),
    };
    let packed = file.packed.as_ref().ok_or_else(absent)?;
    let path = folder.join(&packed.file);
    if !path.exists() {
        return Err(absent());
    }
    packed.check(&path)?.map_err(|what| Error::Wrong {
        file: packed.file.clone(),
        what,
    })?;
    unpack::unpack(&path, packed.compression, to, most)
}

/// Moves a finished folder into its place; an older one there is replaced in the same moment.
fn move_in(fresh: &Path, folder: &Path, old: &Path) -> Result<(), Error> {
    let pair = folder.parent().unwrap_or(folder);
    make(pair)?;
    discard(old)?;
    if folder.exists() {
        fs::rename(folder, old).map_err(|e| Error::disk(folder, &e))?;
    }
    fs::rename(fresh, folder).map_err(|e| Error::disk(folder, &e))?;
    sync(pair)?;
    discard(old)
}

/// The text of the licence file beside a model: licence and origin.
fn licence(model: &ModelManifest) -> String {
    let mut text = format!(
        "{} {}\nLicence of these files: {}\n",
        model.name, model.version, model.license
    );
    if !model.origin.is_empty() {
        text.push_str(&format!("Origin: {}\n", model.origin));
    }
    for packed in model.files.iter().filter_map(|file| file.packed.as_ref()) {
        for url in &packed.urls {
            text.push_str(&format!("{url}\n"));
        }
    }
    if model.license.starts_with("MPL-2.0") {
        text.push_str("The text of the Mozilla Public License 2.0: https://mozilla.org/MPL/2.0/\n");
    }
    text
}

fn make(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|e| Error::disk(folder, &e))
}

fn discard(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::disk(folder, &error))
        }
        _ => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    unpack::copy(path, bytes, path, u64::MAX).map(|_| ())
}

/// Makes the names in a folder durable, where the system can.
fn sync(folder: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        let open = fs::File::open(folder).and_then(|open| open.sync_all());
        open.map_err(|e| Error::disk(folder, &e))?;
    }
    Ok(())
}

/// Holds a lock until the returned file is dropped or the process ends.
fn lock(path: &PathBuf) -> Result<fs::File, Error> {
    let file = fs::File::create(path).map_err(|e| Error::disk(path, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::Locked {
            path: path.display().to_string(),
        }),
        Err(fs::TryLockError::Error(error)) => Err(Error::disk(path, &error)),
    }
}
