//! What an engine is told: variables by name, with where each was set. Secrets do not show.

use super::Error;
use std::collections::BTreeMap;
use std::fmt;

/// The origin of variables of the environment; it is the person's own, whatever a folder says.
#[cfg(feature = "http")]
pub const ENVIRONMENT: &str = "environment";
/// How the names of variables end that hold an address.
#[cfg(feature = "http")]
const ADDRESSES: [&str; 3] = ["_URL", "_ENDPOINT", "_HOST"];

/// A variable's value.
#[derive(Clone, PartialEq, Eq)]
pub struct EngineValue {
    /// What it holds.
    pub text: String,
    /// Whether it must never show.
    pub secret: bool,
    /// Where it was set.
    pub origin: String,
}

impl fmt::Debug for EngineValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.secret { "***" } else { &self.text })
    }
}

/// All variables that are set.
///
/// ```
/// use overzet::engine::{self, EngineSettings, EngineValue};
///
/// let mut settings = EngineSettings::default();
/// settings.set(
///     "DEEPL_AUTH_KEY",
///     EngineValue { text: "a-key".into(), secret: true, origin: "the vault".into() },
/// );
/// // A secret never shows, and the first variable of an engine chooses it.
/// assert!(!format!("{settings:?}").contains("a-key"));
/// # #[cfg(feature = "http")]
/// assert_eq!(engine::by_settings(&settings).map(|engine| engine.name), Some("deepl"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct EngineSettings {
    values: BTreeMap<String, EngineValue>,
}

impl EngineSettings {
    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: EngineValue) {
        self.values.insert(name.to_owned(), value);
    }

    /// A variable's text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| value.text.as_str())
    }

    /// Every secret.
    #[cfg(feature = "http")]
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = self.values.values().filter(|value| value.secret);
        secret.map(|value| value.text.as_str())
    }

    /// A variable's text.
    ///
    /// Errors: [`Error::Configuration`] that names it.
    pub fn require(&self, name: &str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::Configuration {
            what: format!("{name} is not set"),
            hint: format!("put `{name}=…` into .env or the environment; .env.example describes it"),
        })
    }

    /// The variable with where it was set, for messages about keys.
    pub fn named(&self, name: &str) -> String {
        match self.values.get(name) {
            Some(value) => format!("{name} ({})", value.origin),
            None => name.to_owned(),
        }
    }

    /// Checks that keys go where the person who set them sends them: an address from another file
    /// than the key's cannot redirect it, and no key crosses a network in clear text, unless
    /// `in_clear` allows that. Addresses of this machine are free. `keys` are the names of the
    /// engine's variables, each with whether it is secret.
    ///
    /// Errors: [`Error::Configuration`] that names key and address and how to allow it.
    #[cfg(feature = "http")]
    pub(super) fn check_destination(
        &self,
        keys: &[(&str, bool)],
        in_clear: bool,
    ) -> Result<(), Error> {
        let set = |secret: bool| {
            keys.iter()
                .filter(move |key| key.1 == secret)
                .filter_map(|key| Some((key.0, self.values.get(key.0)?)))
        };
        for (address_name, address) in set(false) {
            let Some(url) = ADDRESSES
                .iter()
                .any(|end| address_name.ends_with(end))
                .then(|| self.base(address_name, "").ok())
                .flatten()
                .and_then(|base| reqwest::Url::parse(&base).ok())
            else {
                continue;
            };
            if super::http::is_loopback(&url) {
                continue;
            }
            for (key_name, key) in set(true) {
                let host = url.host_str().unwrap_or_default();
                if address.origin != key.origin && address.origin != ENVIRONMENT {
                    return Err(Error::Configuration {
                        what: format!(
                            "{} would be sent to {host}, which {} names",
                            self.named(key_name),
                            self.named(address_name)
                        ),
                        hint: format!("set {key_name} and {address_name} in one place"),
                    });
                }
                if url.scheme() == "http" && !in_clear {
                    return Err(Error::Configuration {
                        what: format!("{key_name} would be sent to {host} in clear text"),
                        hint: "use an https address; OVERZET_HTTP_KEYS_IN_CLEAR=1 allows it".into(),
                    });
                }
            }
        }
        Ok(())
    }

    /// The same as [`EngineSettings::base`], without the end that people copy along from an example,
    /// such as `/v2`.
    ///
    /// Errors: those of [`EngineSettings::base`].
    #[cfg(feature = "http")]
    pub fn base_before(&self, name: &str, default: &str, ends: &[&str]) -> Result<String, Error> {
        let base = self.base(name, default)?;
        let short = ends.iter().find_map(|end| base.strip_suffix(end));
        Ok(short.unwrap_or(&base).trim_end_matches('/').to_owned())
    }

    /// A base address without its final slash.
    ///
    /// Errors: [`Error::Configuration`] if it is not an http address, or holds a name and a password.
    #[cfg(feature = "http")]
    pub fn base(&self, name: &str, default: &str) -> Result<String, Error> {
        let text = self.get(name).unwrap_or(default);
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let wrong = |why: &str| Error::Configuration {
            what: format!("{} is not a usable address: {why}", self.named(name)),
            hint: "write it as http://HOST:PORT or https://HOST".into(),
        };
        let url = reqwest::Url::parse(&with_scheme).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("only http and https are supported"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(wrong("do not put credentials in the URL"));
        }
        Ok(with_scheme.trim_end_matches('/').to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show() {
        let mut settings = EngineSettings::default();
        settings.set(
            "DEEPL_AUTH_KEY",
            EngineValue {
                text: "sleutel".into(),
                secret: true,
                origin: ".env".into(),
            },
        );
        assert!(!format!("{settings:?}").contains("sleutel"));
        assert_eq!(settings.named("DEEPL_AUTH_KEY"), "DEEPL_AUTH_KEY (.env)");
        assert!(settings.require("OTHER").is_err());
    }

    #[cfg(feature = "http")]
    #[test]
    fn an_address_carries_no_key() {
        let mut settings = EngineSettings::default();
        for (text, good) in [
            ("localhost:5000/", true),
            ("https://a.b", true),
            ("ftp://a", false),
            ("http://k:v@a", false),
            ("http://a/?key=x", false),
        ] {
            settings.set(
                "X",
                EngineValue {
                    text: text.into(),
                    secret: false,
                    origin: "env".into(),
                },
            );
            assert_eq!(settings.base("X", "").is_ok(), good, "{text}");
        }
    }
}
