//! One layer of settings: a file of TOML, a `.env`, the environment, or the flags; every value
//! knows where it came from.

use super::keys::{self, SettingKind};
use crate::bitext::Place;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingOrigin {
    /// Compiled in.
    Default,
    /// A line of `overzet.toml`.
    File(PathBuf, usize),
    /// `.env`.
    DotEnv(PathBuf),
    /// The environment.
    Environment,
    /// A flag.
    Flag,
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::DotEnv(path) => write!(f, "{}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// What a setting was given.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingValue {
    /// Text, or one of several words.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// A number.
    Number(f64),
    /// Yes or no.
    Switch(bool),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(items) => write!(f, "{items:?}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(yes) => write!(f, "{yes}"),
        }
    }
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: SettingOrigin,
}

/// What a layer says, by dotted name.
pub type Layer = BTreeMap<String, Sourced<SettingValue>>;

/// Why a layer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is not TOML, or a value is not what the setting holds.
    #[error("{what}")]
    File {
        /// What is wrong.
        what: String,
        /// Where.
        place: Place,
        /// What to say beside the caret.
        label: String,
    },
    /// A variable of the environment or of `.env` has an unusable value. The value is not repeated:
    /// it may be a secret.
    #[error("{variable} ({origin}): {what}")]
    Variable {
        /// Its name.
        variable: String,
        /// Where it was set.
        origin: String,
        /// What is wrong.
        what: String,
    },
    /// A line of `.env` cannot be read. It is not repeated: it may hold a key.
    #[error("{path}:{line}: the quotes of {variable} do not close")]
    DotEnvLine {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The variable that it sets.
        variable: String,
    },
    /// A file of settings could be somebody else's, and it would decide where text and keys go.
    #[error("{path} is not read: {reason}")]
    Foreign {
        /// The file.
        path: String,
        /// Its folder.
        folder: String,
        /// Why it is not taken for the person's own.
        reason: &'static str,
    },
    /// A file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
}

/// The text of a settings file.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| Error::Unreadable {
        path: path.display().to_string(),
        reason: error.to_string(),
    })
}

/// Reads a layer from TOML text; `path` is for messages and origins (`None` for what is compiled
/// in).
///
/// Errors: [`Error::File`] with the place of the first thing that is wrong.
pub fn from_toml(text: &str, path: Option<&Path>) -> Result<Layer, Error> {
    let file = path.map_or_else(|| "defaults.toml".to_owned(), |p| p.display().to_string());
    let error = |what: String, span: std::ops::Range<usize>, label: String| Error::File {
        what,
        place: Place::at(&file, text, span.start, span.len()),
        label,
    };
    let table = toml::de::DeTable::parse(text).map_err(|e| {
        error(
            e.message().to_owned(),
            e.span().unwrap_or_default(),
            String::new(),
        )
    })?;
    let mut layer = Layer::new();
    let mut open = vec![(String::new(), table.into_inner())];
    while let Some((prefix, table)) = open.pop() {
        for (name, value) in table {
            let span = name.span();
            let dotted = keys::current(&format!("{prefix}{}", name.get_ref())).to_owned();
            let at = value.span();
            let inner = value.into_inner();
            let Some(key) = keys::find(&dotted) else {
                if let toml::de::DeValue::Table(table) = inner
                    && keys::KEYS
                        .iter()
                        .any(|k| k.name.starts_with(&format!("{dotted}.")))
                {
                    open.push((format!("{dotted}."), table));
                    continue;
                }
                let label = keys::nearest(&dotted, keys::KEYS.iter().map(|k| k.name))
                    .map_or_else(String::new, |near| format!("did you mean `{near}`?"));
                return Err(error(format!("unknown setting `{dotted}`"), span, label));
            };
            let value = convert(inner, key.kind)
                .map_err(|label| error(format!("`{dotted}` cannot be used"), at.clone(), label))?;
            let origin = path.map_or(SettingOrigin::Default, |path| {
                SettingOrigin::File(
                    path.to_owned(),
                    text[..span.start].matches('\n').count() + 1,
                )
            });
            layer.insert(dotted, Sourced { value, origin });
        }
    }
    Ok(layer)
}

fn convert(value: toml::de::DeValue<'_>, kind: SettingKind) -> Result<SettingValue, String> {
    use toml::de::DeValue;
    match (value, kind) {
        (DeValue::String(text), SettingKind::Text | SettingKind::Choice(_)) => {
            choose(text.into_owned(), kind)
        }
        (DeValue::Array(items), SettingKind::List) => items
            .into_iter()
            .map(|item| match item.into_inner() {
                DeValue::String(text) => Ok(text.into_owned()),
                _ => Err("expected a list of strings".to_owned()),
            })
            .collect::<Result<_, _>>()
            .map(SettingValue::List),
        (DeValue::Boolean(yes), SettingKind::Switch) => Ok(SettingValue::Switch(yes)),
        (DeValue::Integer(number), SettingKind::Count | SettingKind::Amount) => {
            parse(&number.to_string(), kind)
        }
        (DeValue::Float(number), SettingKind::Amount) => parse(&number.to_string(), kind),
        (_, kind) => Err(wanted(kind)),
    }
}

/// Reads a value from the text of a variable.
pub fn parse(text: &str, kind: SettingKind) -> Result<SettingValue, String> {
    match kind {
        SettingKind::Text | SettingKind::Choice(_) => choose(text.to_owned(), kind),
        SettingKind::List => Ok(SettingValue::List(
            text.split(':')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
        )),
        SettingKind::Switch => match text {
            "1" | "true" | "yes" | "on" => Ok(SettingValue::Switch(true)),
            "0" | "false" | "no" | "off" | "" => Ok(SettingValue::Switch(false)),
            _ => Err(wanted(kind)),
        },
        SettingKind::Count => text
            .parse::<u64>()
            .map(|number| SettingValue::Number(number as f64))
            .map_err(|_| wanted(kind)),
        SettingKind::Amount => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite() && *number >= 0.0)
            .map(SettingValue::Number)
            .ok_or_else(|| wanted(kind)),
    }
}

fn choose(text: String, kind: SettingKind) -> Result<SettingValue, String> {
    match kind {
        SettingKind::Choice(words) if !words.contains(&text.as_str()) => Err(wanted(kind)),
        _ => Ok(SettingValue::Text(text)),
    }
}

fn wanted(kind: SettingKind) -> String {
    match kind {
        SettingKind::Text => "expected a string".into(),
        SettingKind::Choice(words) => format!("expected one of {}", words.join(", ")),
        SettingKind::List => "expected a list of strings".into(),
        SettingKind::Count => "expected a whole number, 0 or more".into(),
        SettingKind::Amount => "expected a number, 0 or more".into(),
        SettingKind::Switch => "expected true or false".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_a_valid_layer() {
        let layer = from_toml(include_str!("defaults.toml"), None).unwrap();
        assert_eq!(layer["from"].value, SettingValue::Text("nl".into()));
        assert_eq!(layer["segment.quotes"].origin, SettingOrigin::Default);
    }

    #[test]
    fn a_misspelt_setting_is_an_error_with_its_place() {
        let text = "from = \"nl\"\n[segment]\nnewline = \"auto\"\n";
        let Err(Error::File { what, place, label }) =
            from_toml(text, Some(Path::new("overzet.toml")))
        else {
            panic!("an unknown key passed");
        };
        assert!(what.contains("segment.newline"));
        assert_eq!((place.line, place.column), (3, 1));
        assert!(label.contains("segment.newlines"));
    }

    #[test]
    fn a_value_of_the_wrong_kind_says_what_is_wanted() {
        for (text, wanted) in [
            ("furniture = \"burn\"", "keep, drop, translate"),
            ("max_chars = -1", "whole number"),
            ("glossary = \"x\"", "list"),
            ("strict = 1", "true or false"),
        ] {
            let error = from_toml(text, Some(Path::new("overzet.toml"))).unwrap_err();
            let Error::File { label, .. } = &error else {
                panic!("{error}");
            };
            assert!(label.contains(wanted), "{text}: {label}");
        }
    }

    #[test]
    fn broken_toml_points_at_the_line() {
        let Err(Error::File { place, .. }) =
            from_toml("from = \"nl\"\nto = [\n", Some(Path::new("overzet.toml")))
        else {
            panic!("broken TOML passed");
        };
        assert!(place.line >= 2);
    }
}
