//! The offer to fetch a model where no engine is set up, to a person at a terminal.

use super::failure::Failure;
use super::session::Session;
use super::{models, print};
use crate::bitext::LangPair;
use crate::engine::models::Manifest;
use crate::workflow::models::ModelRequest;
use std::path::{Path, PathBuf};

/// Where no engine and no model is set up, asks a person at a terminal whether a model is to be
/// fetched, with its size and licence, and fetches it. Nothing is asked, and nothing fetched, where
/// nobody can answer or the settings forbid the network. Answers whether a model was installed.
///
/// Errors: those of the pull.
pub async fn offer(files: &[PathBuf], session: &Session, pair: &LangPair) -> Result<bool, Failure> {
    let reads_stdin = files.iter().any(|file| file == Path::new("-"));
    let forbidden = ["offline", "frozen"]
        .iter()
        .any(|key| session.setup.settings.is_on(key));
    let name = format!("{}-{}", pair.source.base(), pair.target.base());
    let manifest = Manifest::pinned()?;
    let Ok(model) = manifest.find(&name, None) else {
        return Ok(false);
    };
    if !session.can_ask() || reads_stdin || forbidden {
        return Ok(false);
    }
    print::err(&format!(
        "No engine is set up. A model can translate on this machine; no text leaves it.\n  \
         {:<12} {} to fetch, licence {}\n  {:<12} {}\n  {:<12} {}\n  `overzet models rm {}` \
         removes it again",
        model.name,
        models::megabytes(model.packed_bytes()),
        model.license,
        "from",
        model.origin,
        "into",
        session.setup.models().display(),
        model.name,
    ));
    if !print::ask("Fetch it now? [y/N] ") {
        return Ok(false);
    }
    let request = ModelRequest {
        name: model.name.clone(),
        ..ModelRequest::default()
    };
    models::pull(&request, session).await?;
    Ok(true)
}
