//! House styles as data: the tables of a glossary, and the rows that count where two have the same
//! Dutch.
//!
//! `style-ap.tsv` and `profiles/style-bbc.tsv` lie beside the glossary; the setting `style = "bbc"`
//! takes the second one in place of the first. A new style is a new table. A file beside it,
//! `style-ap.toml`, has the notation of dates and quotations.

use super::Error;
use super::concept::Concept;
use crate::bitext::Place;
use serde::Deserialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A house's spelling, dates and quotation marks; a key that its file leaves out is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Style {
    /// American or British words.
    pub spelling: Option<SpellingStyle>,
    /// Day and month.
    pub dates: Option<DateOrder>,
    /// The marks of quotations.
    pub quotes: Option<QuotationStyle>,
    /// Those in headlines and headings, where they are others.
    pub headline_quotes: Option<QuotationStyle>,
}

/// A way of spelling English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SpellingStyle {
    /// `color`
    American,
    /// `colour`
    British,
}

/// An order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DateOrder {
    /// `April 10`
    MonthDay,
    /// `10 April`
    DayMonth,
}

/// Marks around a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum QuotationStyle {
    /// `“…”`
    Double,
    /// `‘…’`
    Single,
}

impl Style {
    /// Reads the text of a file.
    ///
    /// Errors: [`Error::Broken`] with the place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            Error::Broken {
                what: error.message().to_owned(),
                place: Box::new(Place::at(name, text, span.start, span.len())),
                fix: "spelling, dates, quotes, headline-quotes are what a style may say".into(),
            }
        })
    }

    /// The rules of the files beside the tables of a style, a later one in place of an earlier.
    ///
    /// Errors: those of [`Style::parse`]; [`Error::Unreadable`].
    pub fn beside(tables: &[PathBuf]) -> Result<Self, Error> {
        let files = tables.iter().map(|table| table.with_extension("toml"));
        let Some(file) = files.rev().find(|file| file.is_file()) else {
            return Ok(Self::default());
        };
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| Error::Unreadable {
            path: name.clone(),
            reason: error.to_string(),
        })?;
        Self::parse(&name, &text)
    }
}

/// Subfolder for tables that are not loaded by themselves.
const PROFILES: &str = "profiles";

/// The files that make a glossary.
#[derive(Debug, Default)]
pub struct StylePlan {
    /// Tables, in order.
    pub tables: Vec<PathBuf>,
    /// Tables of the chosen style, whose rows stand in place of others.
    pub profiles: Vec<PathBuf>,
}

/// The style that a table holds, by its name: `style-ap.tsv` → `ap`.
fn style_of(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()?.strip_prefix("style-")
}

/// Finds the files of the paths in a style.
///
/// Errors: [`Error::Unreadable`] for a folder that cannot be listed, [`Error::NoStyle`].
pub fn plan(paths: &[PathBuf], style: Option<&str>) -> Result<StylePlan, Error> {
    let mut plan = StylePlan::default();
    let mut known = Vec::new();
    for path in paths {
        if !path.is_dir() {
            plan.tables.push(path.clone());
            continue;
        }
        let own = tables(path)?;
        let Some(style) = style else {
            plan.tables.extend(own);
            continue;
        };
        let inner = path.join(PROFILES);
        let further = if inner.is_dir() {
            tables(&inner)?
        } else {
            Vec::new()
        };
        let (styles, plain): (Vec<_>, Vec<_>) =
            own.into_iter().partition(|file| style_of(file).is_some());
        plan.tables.extend(plain);
        for file in styles.into_iter().chain(further) {
            if style_of(&file) == Some(style) {
                plan.profiles.push(file);
            } else if let Some(name) = style_of(&file) {
                known.push(name.to_owned());
            }
        }
    }
    match style {
        Some(name) if name != "none" && plan.profiles.is_empty() => Err(Error::NoStyle {
            name: name.to_owned(),
            known: if known.is_empty() {
                "are none: a style is a table `style-NAME.tsv` in the glossary folder".into()
            } else {
                known.push("none".into());
                format!("are {}", known.join(", "))
            },
        }),
        _ => Ok(plan),
    }
}

/// The tables of a folder, in the order of their names.
fn tables(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let listing = std::fs::read_dir(folder).map_err(|error| Error::Unreadable {
        path: folder.display().to_string(),
        reason: error.to_string(),
    })?;
    let is_table = |file: &PathBuf| {
        file.is_file() && file.extension().is_some_and(|e| e == "tsv" || e == "csv")
    };
    let mut files: Vec<PathBuf> = listing
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(is_table)
        .collect();
    files.sort();
    Ok(files)
}

/// Puts the rows of a style in place of those for the same Dutch under the same condition.
pub fn replace(entries: &mut Vec<Concept>, own: Vec<Concept>) {
    let theirs: HashSet<(&str, &str)> = own
        .iter()
        .map(|entry| (entry.nl.as_str(), entry.when_text.as_str()))
        .collect();
    entries.retain(|entry| !theirs.contains(&(entry.nl.as_str(), entry.when_text.as_str())));
    drop(theirs);
    entries.extend(own);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Glossary;

    #[test]
    fn the_chosen_style_stands_in_place_of_the_house_form() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("a.tsv", "nl\ten\nKiev\tKyiv\nVS\tUnited States\n");
        write("style-ap.tsv", "nl\ten\nVS\tU.S.\n");
        write("profiles/style-bbc.tsv", "nl\ten\nVS\tUS\n");
        let paths = [folder.path().to_owned()];
        let english = |style: Option<&str>| -> Vec<String> {
            let glossary = Glossary::load_in_style(&paths, style).unwrap();
            glossary.entries().iter().map(|e| e.en.clone()).collect()
        };
        write("profiles/style-bbc.toml", "dates = \"day-month\"");
        let dates = |style| {
            Glossary::load_in_style(&paths, style)
                .unwrap()
                .style()
                .dates
        };
        assert_eq!(dates(Some("bbc")), Some(DateOrder::DayMonth));
        assert_eq!((dates(Some("ap")), dates(None)), (None, None));
        assert!(matches!(
            Style::parse("s.toml", "dates = \"iso\""),
            Err(Error::Broken { place, .. }) if place.column == 9
        ));
        assert_eq!(english(None), ["Kyiv", "United States", "U.S."]);
        assert_eq!(english(Some("ap")), ["Kyiv", "U.S."]);
        assert_eq!(english(Some("bbc")), ["Kyiv", "US"]);
        assert_eq!(english(Some("none")), ["Kyiv", "United States"]);
        let Err(Error::NoStyle { known, .. }) = Glossary::load_in_style(&paths, Some("ft")) else {
            panic!("it was loaded");
        };
        assert_eq!(known, "are ap, bbc, none");
    }
}
