//! Settings, lowest to highest: built-in defaults < `overzet.toml` of the project < `.env` <
//! environment < flags.
//!
//! This is the only module that reads the environment. There is no settings file of the user, only
//! of the project: same article, same result on every desk. Keys come from the environment or
//! `.env` alone and show as `***`.

mod dotenv;
pub mod keys;
mod layers;
mod trust;

pub use keys::Variable;
pub use layers::{Error, Layer, SettingOrigin, SettingValue, Sourced};
pub use trust::TRUST;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A variable that is set.
#[derive(Clone, PartialEq, Eq)]
pub struct SetVariable {
    /// What it holds.
    pub text: String,
    /// Whether it must never show.
    pub secret: bool,
    /// Where it was set.
    pub origin: SettingOrigin,
}

impl std::fmt::Debug for SetVariable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = if self.secret { "***" } else { &self.text };
        write!(f, "{text} ({})", self.origin)
    }
}

/// What the process was given from outside, captured once.
#[derive(Clone, Default)]
pub struct Environment {
    /// Variables.
    pub variables: BTreeMap<String, String>,
    /// The working directory.
    pub folder: PathBuf,
}

impl Environment {
    /// Reads the variables and the working directory of the process. Variables that are not Unicode
    /// are left out.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn capture() -> Self {
        Self {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            folder: std::env::current_dir().unwrap_or_default(),
        }
    }
}

impl Environment {
    /// The folder for data of the user that belong to no project: `$XDG_DATA_HOME/overzet` (XDG
    /// Base Directory Specification), by default `~/.local/share/overzet`; on Windows
    /// `%LOCALAPPDATA%\\overzet`. Without a home it is `.overzet` in the working directory.
    fn data(&self) -> PathBuf {
        let set = |name: &str| {
            let path = PathBuf::from(self.variables.get(name)?);
            path.is_absolute().then_some(path)
        };
        let base = set("XDG_DATA_HOME")
            .or_else(|| set("LOCALAPPDATA"))
            .or_else(|| Some(set("HOME")?.join(".local/share")));
        match base {
            Some(base) => base.join("overzet"),
            None => self.folder.join(".overzet"),
        }
    }
}

/// Every setting with its origin, and the variables of the engines.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    values: Layer,
    variables: BTreeMap<&'static str, SetVariable>,
    /// The `overzet.toml` that was found.
    pub file: Option<PathBuf>,
    /// The `.env` that was found.
    pub dotenv: Option<PathBuf>,
    /// The folder for data of the user that belong to no project.
    pub data: PathBuf,
}

impl Settings {
    /// Puts the layers together. `flags` are what the command line says, by dotted name; `known`
    /// are the variables of the engines.
    ///
    /// Errors: a file that cannot be read or used, with its place; a variable with an unusable
    /// value.
    pub fn load(
        environment: &Environment,
        flags: Layer,
        known: &[Variable],
    ) -> Result<Self, Error> {
        let mut settings = Self {
            values: layers::from_toml(include_str!("defaults.toml"), None)?,
            data: environment.data(),
            ..Self::default()
        };
        let trusted = environment.variables.get(TRUST).map_or("", String::as_str);
        let find = |name: &str| trust::find(&environment.folder, name, trusted);
        if let Some(path) = find("overzet.toml")? {
            let text = layers::read(&path)?;
            let mut layer = layers::from_toml(&text, Some(&path))?;
            resolve(&mut layer, path.parent().unwrap_or(Path::new("")));
            settings.values.append(&mut layer);
            settings.file = Some(path);
        }
        if let Some(path) = find(".env")? {
            let pairs = dotenv::read(&path, known)?;
            settings.take_variables(&pairs, &SettingOrigin::DotEnv(path.clone()), known)?;
            settings.dotenv = Some(path);
        }
        settings.take_variables(&environment.variables, &SettingOrigin::Environment, known)?;
        settings.values.extend(flags);
        Ok(settings)
    }

    /// Takes the known variables from a map; an empty one counts as not set.
    fn take_variables(
        &mut self,
        from: &BTreeMap<String, String>,
        origin: &SettingOrigin,
        known: &[Variable],
    ) -> Result<(), Error> {
        for key in keys::KEYS {
            let renamed = keys::RENAMED.iter().filter(|old| old.name == key.name);
            let names = key.variable.into_iter();
            let set = names
                .chain(renamed.map(|old| old.old_variable))
                .find_map(|name| Some((name, from.get(name).filter(|text| !text.is_empty())?)));
            let Some((name, text)) = set else { continue };
            let value = layers::parse(text, key.kind).map_err(|what| Error::Variable {
                variable: name.to_owned(),
                origin: origin.to_string(),
                what,
            })?;
            let origin = origin.clone();
            self.values
                .insert(key.name.to_owned(), Sourced { value, origin });
        }
        for variable in known {
            if let Some(text) = from.get(variable.name).filter(|text| !text.is_empty()) {
                if let Some(odd) = text.chars().find(|c| cannot_be_sent(*c)) {
                    return Err(Error::Variable {
                        variable: variable.name.to_owned(),
                        origin: origin.to_string(),
                        what: format!(
                            "it has the character U+{:04X}, which cannot be sent",
                            odd as u32
                        ),
                    });
                }
                self.variables.insert(
                    variable.name,
                    SetVariable {
                        text: text.clone(),
                        secret: variable.secret,
                        origin: origin.clone(),
                    },
                );
            }
        }
        Ok(())
    }

    /// All settings, by dotted name.
    pub fn values(&self) -> &Layer {
        &self.values
    }

    /// The variables of engines that are set.
    pub fn variables(&self) -> &BTreeMap<&'static str, SetVariable> {
        &self.variables
    }

    /// A text, if the setting has one.
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.values.get(name)?.value {
            SettingValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A list; empty if the setting has none.
    pub fn list(&self, name: &str) -> &[String] {
        match self.values.get(name).map(|sourced| &sourced.value) {
            Some(SettingValue::List(items)) => items,
            _ => &[],
        }
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        matches!(
            self.values.get(name).map(|sourced| &sourced.value),
            Some(SettingValue::Switch(true))
        )
    }

    /// A number, if the setting has one.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.values.get(name)?.value {
            SettingValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The glossary files and folders. The default folder counts only where it exists.
    pub fn glossaries(&self) -> Vec<PathBuf> {
        let by_default = !self.names_glossary();
        self.list("glossary")
            .iter()
            .map(PathBuf::from)
            .filter(|path| !by_default || path.exists())
            .collect()
    }

    /// Whether somebody named a glossary: in a file, the environment or a flag.
    pub fn names_glossary(&self) -> bool {
        self.values
            .get("glossary")
            .is_some_and(|sourced| sourced.origin != SettingOrigin::Default)
    }

    /// The checks that are silenced: those for which a reason is given.
    pub fn silenced(&self) -> Vec<String> {
        self.values
            .iter()
            .filter(|(_, sourced)| matches!(sourced.value, SettingValue::Text(_)))
            .filter_map(|(name, _)| name.strip_prefix("check.silence.").map(str::to_owned))
            .collect()
    }
}

/// Whether a character can stand in no key and no address: a header would break, or the service
/// would see another key than the person sees.
fn cannot_be_sent(c: char) -> bool {
    c.is_control() || (c.is_whitespace() && c != ' ')
}

/// Paths in a settings file are meant from the file's folder.
fn resolve(layer: &mut Layer, folder: &Path) {
    let absolute = |text: &mut String| *text = folder.join(&*text).display().to_string();
    for name in [
        "memory",
        "models",
        "glossary",
        "segment.data",
        "segment.srx",
        "segment.srx_add",
        "http.ca_file",
    ] {
        match layer.get_mut(name).map(|sourced| &mut sourced.value) {
            Some(SettingValue::Text(text)) => absolute(text),
            Some(SettingValue::List(items)) => items.iter_mut().for_each(absolute),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Variable] = &[
        Variable {
            name: "DEEPL_AUTH_KEY",
            secret: true,
        },
        Variable {
            name: "OLLAMA_HOST",
            secret: false,
        },
    ];

    #[test]
    fn old_names_of_settings_still_work() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("overzet.toml");
        std::fs::write(file, "editor = \"openai\"\n").unwrap();
        let mut environment = Environment {
            folder: folder.path().to_owned(),
            ..Environment::default()
        };
        let editor = |environment: &Environment| {
            let settings = Settings::load(environment, Layer::new(), KNOWN).unwrap();
            settings.text("post_editor").map(str::to_owned)
        };
        assert_eq!(editor(&environment).as_deref(), Some("openai"));
        let mut set = |name: &str, value: &str| {
            environment.variables.insert(name.into(), value.into());
            editor(&environment)
        };
        assert_eq!(set("OVERZET_EDITOR", "ollama").as_deref(), Some("ollama"));
        assert_eq!(set("OVERZET_POST_EDITOR", "x").as_deref(), Some("x"));
    }

    #[test]
    fn higher_layers_win_and_say_so() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(
            folder.path().join("overzet.toml"),
            "engine = \"google\"\nglossary = [\"desk\"]\nfurniture = \"drop\"\n",
        )
        .unwrap();
        std::fs::write(
            folder.path().join(".env"),
            "OVERZET_ENGINE=ollama\nDEEPL_AUTH_KEY=sleutel\nOTHER=x\n",
        )
        .unwrap();
        let environment = Environment {
            variables: [("OVERZET_ENGINE".to_owned(), "deepl".to_owned())].into(),
            folder: inner,
        };
        let flags = Layer::from([(
            "furniture".to_owned(),
            Sourced {
                value: SettingValue::Text("translate".into()),
                origin: SettingOrigin::Flag,
            },
        )]);
        let settings = Settings::load(&environment, flags, KNOWN).unwrap();
        assert_eq!(settings.text("engine"), Some("deepl"));
        assert_eq!(settings.text("furniture"), Some("translate"));
        assert_eq!(
            settings.values()["engine"].origin,
            SettingOrigin::Environment
        );
        assert_eq!(
            settings.glossaries(),
            [folder.path().join("desk")],
            "paths are meant from the settings file"
        );
        assert_eq!(settings.variables().len(), 1);
        assert!(!format!("{settings:?}").contains("sleutel"));
    }

    #[test]
    fn old_names_are_understood_and_the_new_one_wins() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("overzet.toml"), "editor = \"ollama\"\n").unwrap();
        let load = |variables: &[(&str, &str)]| {
            let environment = Environment {
                variables: variables
                    .iter()
                    .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                    .collect(),
                folder: folder.path().to_owned(),
            };
            let settings = Settings::load(&environment, Layer::new(), KNOWN).unwrap();
            settings.text("post_editor").map(str::to_owned)
        };
        assert_eq!(load(&[]).as_deref(), Some("ollama"));
        let old = ("OVERZET_EDITOR", "openai");
        assert_eq!(load(&[old]).as_deref(), Some("openai"));
        let new = ("OVERZET_POST_EDITOR", "ollama");
        assert_eq!(load(&[old, new]).as_deref(), Some("ollama"));
    }

    #[test]
    fn the_search_stops_at_the_root_of_the_checkout() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("repo/sub");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir(folder.path().join("repo/.git")).unwrap();
        std::fs::write(folder.path().join("overzet.toml"), "strict = true\n").unwrap();
        let environment = Environment {
            folder: inner,
            ..Environment::default()
        };
        let settings = Settings::load(&environment, Layer::new(), KNOWN).unwrap();
        assert!(!settings.is_on("strict"));
    }

    #[test]
    fn a_broken_dotenv_does_not_show_its_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), "DEEPL_AUTH_KEY=\"geheim\n").unwrap();
        let environment = Environment {
            folder: folder.path().to_owned(),
            ..Environment::default()
        };
        let error = Settings::load(&environment, Layer::new(), KNOWN).unwrap_err();
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
}
