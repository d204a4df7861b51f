//! What a subcommand finds around it: settings, the clock, and whether a person is looking.

use super::args::{Cli, Global};
use super::failure::Failure;
use super::print;
use crate::bitext::{Lang, LangPair};
use crate::config::{self, Environment, Layer, Settings, Sourced, Variable};
use crate::engine::{self, Clock, ENGINES, HttpClient, HttpOptions};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The surroundings of a run.
#[derive(Debug, Clone)]
pub struct World {
    /// Options of every subcommand.
    pub global: Global,
    /// Settings of files, environment and flags.
    pub settings: Settings,
    /// The working directory.
    pub folder: PathBuf,
    /// Variables of engines that stand above all settings: those of the demo.
    overrides: Vec<(&'static str, String)>,
    memory: Option<PathBuf>,
}

impl World {
    /// Loads the settings of the working directory and the environment.
    pub fn load(cli: &Cli) -> Result<Self, Failure> {
        Self::with_flags(&cli.global, Layer::new())
    }

    /// The same, with what the command line says on top.
    pub fn with_flags(global: &Global, mut flags: Layer) -> Result<Self, Failure> {
        if let Some(style) = &global.style {
            let value = config::Value::Text(style.clone());
            let origin = config::Origin::Flag;
            flags.insert("style".into(), Sourced { value, origin });
        }
        let environment = Environment::capture();
        let known: Vec<Variable> = ENGINES
            .iter()
            .flat_map(|entry| entry.keys)
            .map(|key| Variable {
                name: key.name,
                secret: key.secret,
            })
            .collect();
        let settings = Settings::load(&environment, flags, &known)?;
        Ok(Self {
            global: global.clone(),
            settings,
            folder: environment.folder,
            overrides: Vec::new(),
            memory: None,
        })
    }

    /// What engines are told.
    pub fn engine_settings(&self) -> engine::EngineSettings {
        let mut settings = engine::EngineSettings::default();
        for (name, set) in self.settings.variables() {
            settings.set(
                name,
                engine::EngineValue {
                    text: set.text.clone(),
                    secret: set.secret,
                    origin: set.origin.to_string(),
                },
            );
        }
        for (name, text) in &self.overrides {
            let value = engine::EngineValue {
                text: text.clone(),
                secret: false,
                origin: "the demo".into(),
            };
            settings.set(name, value);
        }
        for (name, sourced) in self.settings.values() {
            if name.starts_with("local.") {
                let value = engine::EngineValue {
                    text: match &sourced.value {
                        config::Value::Text(text) => text.clone(),
                        other => other.to_string(),
                    },
                    secret: false,
                    origin: sourced.origin.to_string(),
                };
                settings.set(name, value);
            }
        }
        settings
    }

    /// Points DeepL at a mock and the memory at a file, whatever the settings say.
    pub fn point_at(&mut self, address: &str, memory: &Path) {
        self.overrides = vec![
            ("DEEPL_AUTH_KEY", "demo".to_owned()),
            ("DEEPL_SERVER_URL", address.to_owned()),
        ];
        self.memory = Some(memory.to_owned());
    }

    /// The memory file.
    pub fn memory(&self) -> PathBuf {
        self.memory.clone().unwrap_or_else(|| {
            PathBuf::from(
                self.settings
                    .text("memory")
                    .unwrap_or(".overzet/memory.sqlite"),
            )
        })
    }

    /// The folder under which models of the local engine stand.
    pub fn models(&self) -> PathBuf {
        match self.settings.text("models") {
            Some(path) => PathBuf::from(path),
            None => self.settings.data.join("models"),
        }
    }

    /// The language pair of the settings.
    pub fn pair(&self) -> LangPair {
        let lang = |key: &str| Lang::new(self.settings.text(key).unwrap_or_default());
        LangPair {
            source: lang("from"),
            target: lang("to"),
        }
    }

    /// The network with the settings' policy.
    ///
    /// Errors: certificates that cannot be read.
    pub fn net(&self) -> Result<HttpClient, Failure> {
        let number = |name: &str| self.settings.number(name);
        let ca = match self.settings.text("http.ca_file") {
            Some(path) => Some(std::fs::read(path).map_err(|error| {
                Failure::usage(format!("{path} cannot be read")).caused_by(&error)
            })?),
            None => None,
        };
        let options = HttpOptions {
            retries: number("http.retries").unwrap_or(5.0) as u32,
            timeout: Duration::from_secs(number("http.timeout").unwrap_or(60.0) as u64),
            ca,
            max_texts: number("http.max_texts").map(|n| n as usize),
            concurrency: number("http.concurrency").map(|n| n as usize),
            characters_per_minute: number("http.chars_per_minute").map(|n| n as u64),
        };
        Ok(HttpClient::new(Arc::new(WallClock), options)?)
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

/// The clock of the wall.
struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> i64 {
        World::now()
    }

    fn sleep<'a>(&'a self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(tokio::time::sleep(time))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the nanoseconds of the clock are random enough for a jitter"
    )]
    fn random(&self) -> f64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0.5, |since| {
                f64::from(since.subsec_nanos() % 1_000) / 1_000.0
            })
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
