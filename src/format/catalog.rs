//! The document formats there are, and which one a file has.

use super::contract::{Error, Format};
use super::{html, markdown, plain};

/// The document formats.
pub static FORMATS: &[&dyn Format] = &[&plain::Plain, &markdown::Markdown, &html::Html];

/// The format of a name on the command line.
///
/// Errors: [`Error::Unknown`].
pub fn by_name(name: &str) -> Result<&'static dyn Format, Error> {
    FORMATS
        .iter()
        .copied()
        .find(|format| format.name() == name)
        .ok_or_else(|| Error::Unknown {
            name: name.to_owned(),
            known: FORMATS
                .iter()
                .map(|f| f.name())
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// The format of a file: by its extension, else by its content (HTML begins with a tag), else plain text.
pub fn detect(name: Option<&str>, text: &str) -> &'static dyn Format {
    let extension = name
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, extension)| extension.to_ascii_lowercase());
    if let Some(extension) = extension
        && let Some(format) = FORMATS
            .iter()
            .copied()
            .find(|f| f.extensions().contains(&extension.as_str()))
    {
        return format;
    }
    let start: String = text
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>()
        .to_ascii_lowercase();
    if ["<!doctype html", "<html", "<body", "<head"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        &html::Html
    } else {
        &plain::Plain
    }
}
