//! The engine in the process: its settings, and the installed model of a language pair.

use super::Setup;
use crate::bitext::LangPair;
use crate::engine::models;
use crate::engine::{EngineSettings, EngineValue};
use std::path::PathBuf;

/// The variable that names the model.
const MODEL: &str = "OVERZET_MODEL";

/// What a caller sets of the engine in the process, above the settings.
#[derive(Debug, Clone, Default)]
pub struct LocalOptions {
    /// Folder of the model.
    pub model: Option<PathBuf>,
    /// Batches that are worked on at once.
    pub threads: Option<u16>,
    /// Whether the lexical shortlist is used.
    pub shortlist: Option<bool>,
}

/// The settings of all engines, with the caller's of the local one, and with the installed model of
/// the pair where none is named.
pub fn settings(setup: &Setup, pair: &LangPair, options: &LocalOptions) -> EngineSettings {
    let mut settings = setup.engine_settings();
    let mut set = |name: &str, text: String, origin: &str| {
        let value = EngineValue {
            text,
            secret: false,
            origin: origin.to_owned(),
        };
        settings.set(name, value);
    };
    if let Some(threads) = options.threads {
        set("local.threads", threads.to_string(), "--threads");
    }
    if let Some(is_on) = options.shortlist {
        let text = if is_on { "on" } else { "off" };
        set("local.shortlist", text.to_owned(), "--shortlist");
    }
    if let Some(folder) = &options.model {
        set(MODEL, folder.display().to_string(), "--model");
    }
    if !is_set(&settings)
        && let Some(folder) = installed(setup, pair)
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

/// The folder of the model that a run between these languages takes, unless the caller names
/// another.
pub fn model(setup: &Setup, pair: &LangPair) -> Option<PathBuf> {
    let settings = settings(setup, pair, &LocalOptions::default());
    settings.get(MODEL).map(PathBuf::from)
}

fn installed(setup: &Setup, pair: &LangPair) -> Option<PathBuf> {
    let (source, target) = (pair.source.base(), pair.target.base());
    Some(models::choice(&setup.models(), &source, &target)?.folder)
}
