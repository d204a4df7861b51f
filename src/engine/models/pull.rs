//! A model from elsewhere to its place: fetched, checked packed, unpacked, checked again, and only then put where it is found.
//!
//! Everything happens in `ROOT/.pull/NAME/` under a lock of the system, which ends with the process that holds it. The finished folder is moved to
//! `ROOT/nl-en/tiny-1.0/` in one step: whenever the process is killed, the model is there whole or not at all, and the next pull goes on.

use super::fetch::{self, Source, Stage};
use super::unpack;
use super::{COMPLETE, Compression, Error, File, Installed, Model, Packed, verify};
use std::fs;
use std::path::{Path, PathBuf};

/// What is to be pulled.
pub struct Job<'a> {
    /// The model.
    pub model: &'a Model,
    /// The folder under which models stand.
    pub root: &'a Path,
    /// Where its files come from.
    pub source: Source<'a>,
    /// Told how far a download is.
    pub progress: &'a (dyn Fn(Stage<'_>) + Sync),
}

/// Installs a model. One that is there already and whole is left as it is. Dropping the future interrupts; what was fetched stays for the next pull.
///
/// Errors: [`Error`]; whatever happens, an installed model stays as it was until the new one is complete.
pub async fn pull(job: &Job<'_>) -> Result<Installed, Error> {
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
    // What a killed pull unpacked is unpacked again from the packed files: cheap, and nothing has to be believed.
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
        path: COMPLETE.into(),
        what: error.to_string(),
    })?;
    write(&fresh.join(COMPLETE), &manifest)?;
    sync(&fresh)?;
    move_in(&fresh, &folder, &stage.join("old"))?;
    discard(&packed)?;
    Ok(Installed {
        model: complete,
        folder,
    })
}

/// The model in its place, if it is whole and the one that is wanted.
fn whole(folder: &Path, wanted: &Model) -> Option<Installed> {
    let bytes = fs::read(folder.join(COMPLETE)).ok()?;
    let model: Model = serde_json::from_slice(&bytes).ok()?;
    model.validate().ok()?;
    let same = wanted.files.iter().all(|file| {
        let own = model.files.iter().find(|own| own.file == file.file);
        own.is_some_and(|own| file.sha256.is_none() || own.sha256 == file.sha256)
    });
    let there = Installed {
        model,
        folder: folder.to_owned(),
    };
    (same && verify(&there).is_empty()).then_some(there)
}

/// Brings one file into the fresh folder; answers its size and hash.
#[cfg_attr(
    not(feature = "http"),
    allow(clippy::unused_async, reason = "only the network is waited for")
)]
async fn obtain(
    job: &Job<'_>,
    file: &File,
    packed_folder: &Path,
    fresh: &Path,
) -> Result<(u64, String), Error> {
    let to = fresh.join(&file.file);
    let most = file.bytes.unwrap_or(super::manifest::LARGEST);
    match job.source {
        Source::Folder(folder) => from_folder(folder, file, &to, most),
        #[cfg(feature = "http")]
        Source::Network { net, mirror } => {
            let (here, how) = download(job, net, mirror, file, packed_folder).await?;
            unpack::unpack(&here, how, &to, most)
        }
    }
}

/// The packed form of a file, downloaded if it is not there yet.
#[cfg(feature = "http")]
async fn download(
    job: &Job<'_>,
    net: &crate::engine::HttpClient,
    mirror: Option<&str>,
    file: &File,
    folder: &Path,
) -> Result<(PathBuf, Compression), Error> {
    let packed = file.packed.as_ref().ok_or_else(|| Error::Network {
        file: file.file.clone(),
        what: "the manifest names no address for it".into(),
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
    let known = here.exists() && fetch::check(packed, &here)?.is_ok();
    if !known {
        let part = folder.join(format!("{}.part", packed.file));
        fetch::fetch(net, &urls, packed, &part, job.progress).await?;
        fs::rename(&part, &here).map_err(|e| Error::disk(&here, &e))?;
    }
    Ok((here, packed.compression))
}

/// Takes a file from a folder: as it is if it lies there unpacked, else unpacked.
fn from_folder(folder: &Path, file: &File, to: &Path, most: u64) -> Result<(u64, String), Error> {
    let plain = folder.join(&file.file);
    if plain.exists() {
        if file.sha256.is_none() {
            // Only the packed form is pinned; an unpacked file cannot be proved.
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
    let packed: &Packed = file.packed.as_ref().ok_or_else(absent)?;
    let path = folder.join(&packed.file);
    if !path.exists() {
        return Err(absent());
    }
    fetch::check(packed, &path)?.map_err(|what| Error::Wrong {
        file: packed.file.clone(),
        what,
    })?;
    let how: Compression = packed.compression;
    unpack::unpack(&path, how, to, most)
}

/// Puts a finished folder in its place; one that stands there makes way in the same moment.
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

/// The licence and origin of a model, in words, beside it.
fn licence(model: &Model) -> String {
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

/// Holds a lock until the answer is dropped or the process ends.
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
