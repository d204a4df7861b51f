//! The table of engines, and how one is chosen.

use super::entry::Entry;
#[cfg(feature = "local")]
use super::local;
use super::{EngineSettings, Error, replay};
#[cfg(feature = "http")]
use super::{azure, deepl, google, libretranslate, ollama, openai};

/// The engines.
pub static ENGINES: &[&Entry] = &[
    #[cfg(feature = "http")]
    &deepl::ENTRY,
    #[cfg(feature = "http")]
    &google::ENTRY,
    #[cfg(feature = "http")]
    &google::ENTRY_V3,
    #[cfg(feature = "http")]
    &azure::ENTRY,
    #[cfg(feature = "http")]
    &azure::ENTRY_2026,
    #[cfg(feature = "http")]
    &libretranslate::ENTRY,
    #[cfg(feature = "http")]
    &openai::ENTRY,
    #[cfg(feature = "http")]
    &ollama::ENTRY,
    &replay::ENTRY,
    #[cfg(feature = "local")]
    &local::ENTRY,
];

/// The engine of a name.
///
/// Errors: [`Error::Configuration`] that lists the names.
pub fn by_name(name: &str) -> Result<&'static Entry, Error> {
    ENGINES
        .iter()
        .copied()
        .find(|e| e.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = ENGINES.iter().map(|e| e.name).collect();
            Error::Configuration {
                what: format!("unknown engine `{name}`; available: {}", names.join(", ")),
                hint: "`overzet engines` describes them".into(),
            }
        })
}

/// The engine that the settings point to without naming it: the first whose first variable is set.
pub fn by_settings(settings: &EngineSettings) -> Option<&'static Entry> {
    ENGINES.iter().copied().find(|entry| {
        entry
            .keys
            .first()
            .is_some_and(|key| settings.get(key.name).is_some())
    })
}
