//! How text is cut into sentences: the segmenter's options from the settings, and rules from files.

use super::files;
use super::{Error, Purpose};
use crate::bitext::Lang;
use crate::config::Settings;
use crate::format::ReadOptions;
use crate::segment::{Newlines, QuotationPolicy, SplitOptions, Splitter, srx};
use std::path::Path;

/// The segmenter's options as the settings have them.
///
/// Errors: [`Error::Unreadable`] for a file of language data.
pub fn options(settings: &Settings) -> Result<SplitOptions, Error> {
    let mut data = Vec::new();
    for path in settings.list("segment.data") {
        data.push((path.clone(), rules_file(Path::new(path))?));
    }
    Ok(SplitOptions {
        newlines: newlines(settings),
        quotes: match settings.text("segment.quotes") {
            Some("keep") => QuotationPolicy::Keep,
            _ => QuotationPolicy::Split,
        },
        data,
        ..SplitOptions::default()
    })
}

/// What a single line end means as the settings have it.
fn newlines(settings: &Settings) -> Newlines {
    match settings.text("segment.newlines") {
        Some("hard") => Newlines::Hard,
        Some("soft") => Newlines::Soft,
        _ => Newlines::Auto,
    }
}

/// How documents are read as the settings have it.
pub fn reading(settings: &Settings) -> ReadOptions {
    let mut options = ReadOptions::default().with_newlines(newlines(settings));
    settings
        .list("front_matter")
        .clone_into(&mut options.front_matter);
    settings.list("fields").clone_into(&mut options.fields);
    settings.list("columns").clone_into(&mut options.columns);
    options
}

/// The splitter of a language as the settings have it.
///
/// Errors: those of [`options`]; [`Error::Segment`] for data that cannot be used.
pub fn splitter(lang: &Lang, settings: &Settings) -> Result<Splitter, Error> {
    Ok(Splitter::new(lang, &options(settings)?)?)
}

/// The rules of an SRX file for the language code `code`. With `lenient`, patterns that cannot be
/// used are passed over.
///
/// Errors: [`Error::Unreadable`]; [`Error::Segment`] with the place of what cannot be used.
pub fn srx_rules(path: &Path, code: &str, lenient: bool) -> Result<srx::SrxRules, Error> {
    let text = rules_file(path)?;
    let name = path.display().to_string();
    Ok(srx::SrxRules::read(&name, &text, code, lenient)?)
}

/// The built-in rules as SRX 2.0.
///
/// Errors: [`Error::NoRules`] for a language without.
pub fn export_srx(lang: &Lang, options: &SplitOptions) -> Result<String, Error> {
    srx::export(lang, options)?.ok_or_else(|| Error::NoRules {
        lang: lang.to_string(),
    })
}

/// A file of rules or language data: UTF-8, with or without a byte-order mark.
fn rules_file(path: &Path) -> Result<String, Error> {
    let unreadable = |source| Error::Unreadable {
        path: path.to_owned(),
        purpose: Purpose::Configuration,
        source,
    };
    let bytes = files::read_for(Purpose::Configuration, path)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}
