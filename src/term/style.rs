//! House styles as data: which tables a glossary is made of, and whose rows stand where two speak of the same Dutch.
//!
//! `style-ap.tsv` and `profiles/style-bbc.tsv` lie beside the glossary; the setting `style = "bbc"` takes the second one in place of the first. A new style is
//! a new table.

use super::Error;
use super::glossary::Concept;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Subfolder for tables that are not loaded by themselves.
const PROFILES: &str = "profiles";

/// The files that make a glossary.
#[derive(Debug, Default)]
pub struct Plan {
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
pub fn plan(paths: &[PathBuf], style: Option<&str>) -> Result<Plan, Error> {
    let mut plan = Plan::default();
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
