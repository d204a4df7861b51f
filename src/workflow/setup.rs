//! The settings of a run as the workflows need them: engines' variables, memory file, languages,
//! network.

use super::files;
use super::{Error, Purpose};
use crate::bitext::{Lang, LangPair};
use crate::config::{self, Environment, Layer, Settings, Variable};
use crate::engine::{self, Clock, ENGINES, HttpClient, HttpOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The surroundings of a run.
#[derive(Clone)]
pub struct Setup {
    /// Settings of files, environment and caller.
    pub settings: Settings,
    /// The clock by which retries wait and drafts are dated.
    clock: Arc<dyn Clock>,
    /// Variables of engines that stand above all settings: those of the demo.
    overrides: Vec<(&'static str, String)>,
    memory: Option<PathBuf>,
}

impl Setup {
    /// Puts the layers of settings together; `flags` are the caller's and stand on top.
    ///
    /// Errors: [`Error::Config`].
    pub fn new(
        environment: &Environment,
        flags: Layer,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let keys = ENGINES.iter().flat_map(|entry| entry.keys);
        let known: Vec<Variable> = keys
            .map(|key| Variable {
                name: key.name,
                secret: key.secret,
            })
            .collect();
        Ok(Self {
            settings: Settings::load(environment, flags, &known)?,
            clock,
            overrides: Vec::new(),
            memory: None,
        })
    }

    /// Seconds since 1970-01-01 UTC.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The variables of the engines.
    pub fn engine_settings(&self) -> engine::EngineSettings {
        let mut settings = engine::EngineSettings::default();
        let mut set = |name: &str, text: String, secret: bool, origin: String| {
            settings.set(
                name,
                engine::EngineValue {
                    text,
                    secret,
                    origin,
                },
            );
        };
        for (name, own) in self.settings.variables() {
            set(name, own.text.clone(), own.secret, own.origin.to_string());
        }
        for (name, text) in &self.overrides {
            let demo = "the demo".to_owned();
            set(name, text.clone(), name.ends_with("_KEY"), demo);
        }
        for (name, sourced) in self.settings.values() {
            if name.starts_with("local.") || name.starts_with("deepl.") {
                let text = match &sourced.value {
                    config::SettingValue::Text(text) => text.clone(),
                    other => other.to_string(),
                };
                set(name, text, false, sourced.origin.to_string());
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
            let set = self.settings.text("memory");
            PathBuf::from(set.unwrap_or(".overzet/memory.sqlite"))
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
        self.pair_with(None, None)
    }

    /// The language pair of the settings, where the caller does not name other languages.
    pub fn pair_with(&self, source: Option<&str>, target: Option<&str>) -> LangPair {
        let lang = |own: Option<&str>, key: &str| {
            Lang::new(own.or_else(|| self.settings.text(key)).unwrap_or_default())
        };
        LangPair {
            source: lang(source, "from"),
            target: lang(target, "to"),
        }
    }

    /// The network with the settings' policy.
    ///
    /// Errors: [`Error::Unreadable`] for certificates; [`Error::Engine`] for ones that cannot be
    /// used.
    pub fn net(&self) -> Result<HttpClient, Error> {
        let number = |name: &str| self.settings.number(name);
        let certificates = self.settings.text("http.ca_file").map(Path::new);
        let read = |path| files::read_for(Purpose::Configuration, path);
        let options = HttpOptions {
            retries: number("http.retries").unwrap_or(5.0) as u32,
            timeout: Duration::from_secs(number("http.timeout").unwrap_or(60.0) as u64),
            ca: certificates.map(read).transpose()?,
            max_texts: number("http.max_texts").map(|n| n as usize),
            concurrency: number("http.concurrency").map(|n| n as usize),
            characters_per_minute: number("http.chars_per_minute").map(|n| n as u64),
            keys_in_clear: self.settings.is_on("http.keys_in_clear"),
        };
        Ok(HttpClient::new(Arc::clone(&self.clock), options)?)
    }
}
