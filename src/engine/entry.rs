//! A row of the table of engines: name, variables, price, and how the engine is built.

#[cfg(feature = "http")]
use super::http::HttpClient;
use super::interface::Engine;
use super::{EngineSettings, Error};

/// A list price. Prices change: `as_of` says when it was looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Euro per million characters.
    pub euro_per_million: f64,
    /// When it was looked up, `YYYY-MM`.
    pub as_of: &'static str,
}

/// A variable that an engine understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineKey {
    /// Its name in the environment.
    pub name: &'static str,
    /// One line for `.env.example`.
    pub help: &'static str,
    /// Whether it must never show.
    pub secret: bool,
}

/// A row of the table of engines.
pub struct Entry {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line for the listing.
    pub summary: &'static str,
    /// The variables that it understands; the first one makes it the engine of choice.
    pub keys: &'static [EngineKey],
    /// Whether text leaves the machine: the embargo question.
    pub sends_text_out: bool,
    /// Whether inline codes travel with the text.
    pub carries_codes: bool,
    /// Whether it has a glossary of its own.
    pub own_glossary: bool,
    /// Its list price, if it has one.
    pub price: Option<Price>,
    /// Builds it from the settings.
    pub build: Build,
}

type Built = Result<Box<dyn Engine>, Error>;

/// How an engine is built from the settings.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Build {
    /// It asks nobody outside of this process.
    Alone(fn(&EngineSettings) -> Built),
    /// It asks over a network, if only over that of this machine.
    #[cfg(feature = "http")]
    Http(fn(&EngineSettings, &HttpClient) -> Built),
}

impl Entry {
    /// Builds the engine.
    ///
    /// Errors: [`Error::Configuration`] for a setting that is missing or wrong, and for a key that
    /// would go where its owner did not send it.
    #[cfg(feature = "http")]
    pub fn build(
        &self,
        settings: &EngineSettings,
        net: &HttpClient,
    ) -> Result<Box<dyn Engine>, Error> {
        match self.build {
            Build::Alone(build) => build(settings),
            Build::Http(build) => {
                let keys: Vec<_> = self.keys.iter().map(|key| (key.name, key.secret)).collect();
                settings.check_destination(&keys, net.options.keys_in_clear)?;
                build(settings, &net.masking(settings.secrets()))
            }
        }
    }

    /// Builds the engine without HTTP.
    ///
    /// Errors: [`Error::Configuration`] for a setting that is missing or wrong, and for an engine
    /// that needs HTTP.
    pub fn build_alone(&self, settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
        match self.build {
            Build::Alone(build) => build(settings),
            #[cfg(feature = "http")]
            Build::Http(_) => Err(Error::Configuration {
                what: format!("the engine `{}` needs an HTTP client", self.name),
                hint: "build it with one".into(),
            }),
        }
    }

    /// Whether it asks over a network, if only over that of this machine: attempts, rates and the
    /// order of answers are in question then.
    pub const fn uses_net(&self) -> bool {
        !matches!(self.build, Build::Alone(_))
    }
}
