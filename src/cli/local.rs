//! What the engine in the process is told: flags, settings, the installed model; and the offer to fetch one.

use super::failure::Failure;
use super::{World, batch, models, print};
use crate::bitext::LangPair;
use crate::engine::models::{self as store, Manifest};
use crate::engine::{EngineSettings, EngineValue};
use std::path::{Path, PathBuf};

/// The variable that names the model.
const MODEL: &str = "OVERZET_MODEL";

/// The settings of all engines, with the flags of the local one, and with the installed model of the pair where none is named.
pub fn settings(world: &World, pair: &LangPair, flags: Option<&batch::Args>) -> EngineSettings {
    let mut settings = world.engine_settings();
    let mut set = |name: &str, text: String, origin: &str| {
        let value = EngineValue {
            text,
            secret: false,
            origin: origin.to_owned(),
        };
        settings.set(name, value);
    };
    if let Some(flags) = flags {
        if let Some(threads) = flags.threads {
            set("local.threads", threads.to_string(), "--threads");
        }
        if let Some(shortlist) = flags.shortlist {
            let is = if shortlist == batch::Shortlist::Off {
                "off"
            } else {
                "on"
            };
            set("local.shortlist", is.to_owned(), "--shortlist");
        }
    }
    if let Some(folder) = flags.and_then(|flags| flags.model.as_ref()) {
        set(MODEL, folder.display().to_string(), "--model");
    }
    if !is_set(&settings)
        && let Some(folder) = installed(world, pair)
    {
        let value = EngineValue {
            text: folder.display().to_string(),
            secret: false,
            origin: "the installed model".to_owned(),
        };
        settings.set(MODEL, value);
    }
    settings
}

/// Whether there is a model.
pub fn is_set(settings: &EngineSettings) -> bool {
    settings.get(MODEL).is_some()
}

/// The folder of the model that a run between these languages takes, unless a flag names another.
pub fn model(world: &World, pair: &LangPair) -> Option<PathBuf> {
    settings(world, pair, None).get(MODEL).map(PathBuf::from)
}

fn installed(world: &World, pair: &LangPair) -> Option<PathBuf> {
    let one = store::choice(&world.models(), &pair.source.base(), &pair.target.base())?;
    Some(one.folder)
}

/// Where no engine and no model is set up, asks a person at a terminal whether a model is to be fetched, with its size and licence, and fetches it.
/// Nothing is asked, and nothing fetched, where nobody can answer or the settings forbid the network. Answers whether a model was installed.
///
/// Errors: those of the pull.
pub async fn offer(files: &[PathBuf], world: &World, pair: &LangPair) -> Result<bool, Failure> {
    let asks = print::stdin_is_terminal() && print::stderr_is_terminal() && !world.global.quiet;
    let reads_stdin = files.iter().any(|file| file == Path::new("-"));
    let forbidden = ["offline", "frozen"]
        .iter()
        .any(|key| world.settings.is_on(key));
    let name = format!("{}-{}", pair.source.base(), pair.target.base());
    let manifest = Manifest::pinned()?;
    let Ok(model) = manifest.find(&name, None) else {
        return Ok(false);
    };
    if !asks || reads_stdin || forbidden {
        return Ok(false);
    }
    print::err(&format!(
        "No engine is set up. A model can translate on this machine; no text leaves it.\n  {:<12} {} to fetch, licence {}\n  {:<12} {}\n  {:<12} {}\n  `overzet models rm {}` removes it again",
        model.name,
        models::megabytes(model.packed_bytes()),
        model.license,
        "from",
        model.origin,
        "into",
        world.models().display(),
        model.name,
    ));
    if !print::ask("Fetch it now? [y/N] ") {
        return Ok(false);
    }
    let pull = models::Pull {
        name: model.name.clone(),
        ..models::Pull::default()
    };
    models::pull(&pull, world).await?;
    Ok(true)
}
