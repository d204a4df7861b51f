//! Lines of `.env`: `NAME=value`, nothing expanded, and the lines of other tools passed over.
//!
//! `dotenvy` reads a value in quotes. What stands without quotes is taken as it is: a key with `$`,
//! `"` or `\` in it is the key that the service gave.

use super::keys::{self, Variable};
use super::layers::{self, Error};
use std::collections::BTreeMap;
use std::path::Path;

/// The lines that set a name which somebody here reads. The process environment is not touched.
///
/// Errors: [`Error::Unreadable`] for a file that is not UTF-8; [`Error::DotEnvLine`] for a value
/// whose quotes do not close. No message repeats a value: it may be a secret.
pub(super) fn read(path: &Path, known: &[Variable]) -> Result<BTreeMap<String, String>, Error> {
    let text = layers::read(path)?;
    let mut found = BTreeMap::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let Some((name, value)) = setting(line) else {
            continue;
        };
        if !is_known(name, known) {
            continue;
        }
        let value = unquoted(value).ok_or_else(|| Error::DotEnvLine {
            path: path.display().to_string(),
            line: index + 1,
            variable: name.to_owned(),
        })?;
        found.insert(name.to_owned(), value);
    }
    Ok(found)
}

/// Name and value of a line that sets something.
fn setting(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end();
    (!name.starts_with('#')).then_some((name, value.trim_start()))
}

/// Whether an engine or a setting reads a variable of this name.
fn is_known(name: &str, known: &[Variable]) -> bool {
    let of_settings = keys::KEYS.iter().filter_map(|key| key.variable);
    let of_old_ones = keys::RENAMED.iter().map(|old| old.old_variable);
    let mut names = of_settings.chain(of_old_ones);
    known.iter().any(|own| own.name == name) || names.any(|own| own == name)
}

/// A value without its quotes and without the comment behind it.
fn unquoted(value: &str) -> Option<String> {
    if !value.starts_with(['"', '\'']) {
        let end = value.find(" #").unwrap_or(value.len());
        return Some(value[..end].trim_end().to_owned());
    }
    // In double quotes `dotenvy` would put the value of a variable for `$NAME`.
    let literal = if value.starts_with('"') {
        value.replace("\\$", "$").replace('$', "\\$")
    } else {
        value.to_owned()
    };
    let line = format!("VALUE={literal}");
    let mut lines = dotenvy::from_read_iter(line.as_bytes());
    lines.next()?.ok().map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        let known = [Variable {
            name: "KEY",
            secret: true,
        }];
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            super::read(&path, &known).map(|found| found.get("KEY").cloned().unwrap_or_default())
        };
        for (text, value) in [
            ("KEY=ab$cd", "ab$cd"),
            ("KEY=\"ab$cd\"", "ab$cd"),
            ("KEY=\"ab\\$cd\"", "ab$cd"),
            ("KEY='ab$cd'", "ab$cd"),
            ("KEY=$(id)", "$(id)"),
            ("KEY=${HOME}", "${HOME}"),
            ("KEY=ab\"cd\"ef", "ab\"cd\"ef"),
            ("KEY=a\\b", "a\\b"),
            ("KEY = spaced # comment", "spaced"),
            ("KEY=a#b", "a#b"),
            ("export KEY='a # b'", "a # b"),
            ("\u{feff}KEY=first", "first"),
            ("OTHER=it's\nANY LINE\nKEY=mine\r\n", "mine"),
            ("# KEY=none", ""),
        ] {
            assert_eq!(read(text).as_deref(), Ok(value), "{text}");
        }
        let error = read("A=1\nKEY=\"secret").unwrap_err().to_string();
        assert!(error.contains(":2") && !error.contains("secret"), "{error}");
    }
}
