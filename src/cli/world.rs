//! What a subcommand finds around it: settings, the clock, and whether a person is looking.

use super::args::{Cli, Global};
use super::failure::Failure;
use super::print;
use crate::config::{self, Environment, Layer, Settings};
use std::path::PathBuf;

/// The surroundings of a run.
#[derive(Debug, Clone)]
pub struct World {
    /// Options of every subcommand.
    pub global: Global,
    /// Settings of files, environment and flags.
    pub settings: Settings,
    /// The working directory.
    pub folder: PathBuf,
}

impl World {
    /// Loads the settings of the working directory and the environment.
    pub fn load(cli: &Cli) -> Result<Self, Failure> {
        Self::with_flags(&cli.global, Layer::new())
    }

    /// The same, with what the command line says on top.
    pub fn with_flags(global: &Global, flags: Layer) -> Result<Self, Failure> {
        let environment = Environment::capture();
        let settings = Settings::load(&environment, flags, &[])?;
        Ok(Self {
            global: global.clone(),
            settings,
            folder: environment.folder,
        })
    }

    /// Tells the person something, unless told to be quiet.
    pub fn say(&self, line: &str) {
        if !self.global.quiet {
            print::err(line);
        }
    }

    /// Whether progress bars make sense.
    pub fn shows_progress(&self) -> bool {
        !self.global.quiet && !self.global.no_progress && print::stderr_is_terminal()
    }

    /// Seconds since 1970-01-01 UTC.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the clock; the library is handed the answer"
    )]
    pub fn now() -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs() as i64)
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        let text = error.to_string();
        match error {
            config::Error::File { place, label, .. } => Self::usage(text).at(place, label),
            config::Error::Variable { .. } => {
                Self::usage(text).hint("`overzet config show --origin` lists every setting")
            }
            config::Error::Unreadable { .. } => Self::usage(text),
        }
    }
}
