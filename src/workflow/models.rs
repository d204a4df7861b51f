//! The models of the local engine: found in a manifest, fetched, named. Nothing is ever fetched in
//! the middle of a translation.

use super::files;
use super::{Error, Host, HostProgress, NoticeLevel, Setup};
use crate::engine::models::{
    self, InstalledModel, Manifest, ModelManifest, ModelPull, ModelSource,
};
use std::path::{Path, PathBuf};

/// Which model is wanted, and where it comes from.
#[derive(Debug, Clone, Default)]
pub struct ModelRequest {
    /// Language pair or name: `nl-en`, `nl-en-base-memory`.
    pub name: String,
    /// Architecture, where the name leaves it open.
    pub architecture: Option<String>,
    /// Folder that the files are taken from.
    pub from_folder: Option<PathBuf>,
    /// Address of a mirror.
    pub mirror: Option<String>,
    /// File or address of a manifest; without one, the built-in one.
    pub manifest: Option<String>,
    /// Whether nothing may be fetched.
    pub offline: bool,
}

/// Fetches and installs a model; `before` is called with it before the first byte. Dropping the
/// future interrupts, and what was fetched stays for the next pull.
///
/// Errors: [`Error::FetchForbidden`]; those of the manifest, the network and the disk.
pub async fn pull(
    request: &ModelRequest,
    setup: &Setup,
    host: &dyn Host,
    before: impl FnOnce(&ModelManifest),
) -> Result<InstalledModel, Error> {
    let offline = request.offline || setup.settings.is_on("offline");
    let net = setup.net()?;
    let manifest = manifest(request.manifest.as_deref(), setup, offline).await?;
    let model = manifest.find(&request.name, request.architecture.as_deref())?;
    let source = match &request.from_folder {
        Some(folder) => ModelSource::Folder(folder),
        None if offline => return Err(Error::FetchForbidden { manifest: false }),
        None => ModelSource::Network {
            net: &net,
            mirror: request.mirror.as_deref(),
        },
    };
    before(model);
    let root = setup.models();
    host.notify(
        NoticeLevel::Detail,
        &format!("models stand in {}", root.display()),
    );
    let job = ModelPull {
        model,
        root: &root,
        source,
        progress: &|stage| {
            host.progress(HostProgress::Bytes {
                file: stage.file,
                done: stage.done,
                total: stage.total,
            });
        },
    };
    Ok(models::pull(&job).await?)
}

/// The manifest at a path or an address; without either, the built-in one.
///
/// Errors: [`Error::FetchForbidden`] for an address where nothing may be fetched; a manifest that
/// cannot be had or used.
pub async fn manifest(from: Option<&str>, setup: &Setup, offline: bool) -> Result<Manifest, Error> {
    match from {
        None => Ok(Manifest::pinned()?),
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
            if offline {
                return Err(Error::FetchForbidden { manifest: true });
            }
            Ok(models::manifest_at(&setup.net()?, url).await?)
        }
        Some(path) => {
            let bytes = files::read(Path::new(path))?;
            Ok(Manifest::read(path, &bytes)?)
        }
    }
}

/// The installed model of this name.
///
/// Errors: [`Error::NoModel`].
pub fn named(name: &str, setup: &Setup) -> Result<InstalledModel, Error> {
    let all = models::installed(&setup.models());
    let installed = all.iter().map(|one| one.model.name.clone()).collect();
    all.into_iter()
        .find(|one| one.model.name == name)
        .ok_or_else(|| Error::NoModel {
            name: name.to_owned(),
            installed,
        })
}

/// The installed model for a pair of languages, such as `nl-en`.
///
/// Errors: [`Error::NoModelFor`].
pub fn for_pair(pair: &str, setup: &Setup) -> Result<InstalledModel, Error> {
    let all = models::installed(&setup.models());
    all.into_iter()
        .find(|one| one.model.pair() == pair)
        .ok_or_else(|| Error::NoModelFor {
            pair: pair.to_owned(),
        })
}
