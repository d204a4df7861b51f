//! The glossary of a run, in its house style; and what is done with glossaries as files.

use super::files::{self, Outputs};
use super::{Error, Setup, pairs};
use crate::bitext::{Lang, Origin, State, Unit, Verdict};
use crate::config::SettingOrigin;
use crate::format;
use crate::segment::{self, Splitter};
use crate::term::files::{self as term_files, Contents, GlossaryUpdate};
use crate::term::merge::EntryChange;
use crate::term::survey::SurveySource;
use crate::term::{self, Glossary};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files and folders of the glossary: the paths given, or those of the settings.
pub fn paths(given: &[PathBuf], setup: &Setup) -> Vec<PathBuf> {
    if given.is_empty() {
        setup.settings.glossaries()
    } else {
        given.to_vec()
    }
}

/// Loads the glossary in the house style of the settings: the paths given, or those of the
/// settings.
///
/// Errors: [`Error::Term`].
pub fn load(given: &[PathBuf], setup: &Setup) -> Result<Glossary, Error> {
    let paths = paths(given, setup);
    let glossary = Glossary::load_in_style(&paths, style(given, setup))?;
    Ok(glossary.in_domain(setup.settings.text("domain").unwrap_or_default()))
}

/// The house style. One of the settings is meant for the glossary of the settings: other paths that
/// lack it are taken as they are.
pub fn style<'s>(given: &[PathBuf], setup: &'s Setup) -> Option<&'s str> {
    let name = setup.settings.text("style")?;
    let by_flag = setup
        .settings
        .values()
        .get("style")
        .is_some_and(|style| style.origin == SettingOrigin::Flag);
    let lacks = !given.is_empty() && !by_flag && !Glossary::has_style(given, name);
    (!lacks).then_some(name)
}

/// Judges and repairs the terms of pairs that exist already. Says how many pairs violate the
/// glossary after that.
pub fn enforce(units: &mut [Unit], glossary: &Glossary) -> usize {
    pairs::find_again(units, glossary);
    term::enforce(units, glossary, &|_| 0);
    let mut open = 0;
    for unit in units {
        unit.findings.retain(|f| f.check != "terms");
        if unit.state != State::Untranslated {
            unit.findings.extend(term::violations(unit, glossary));
        }
        let is_violated = unit
            .hits
            .iter()
            .any(|hit| hit.verdict.is_some_and(Verdict::is_violation));
        open += usize::from(is_violated);
        if is_violated && unit.state == State::Translated {
            unit.state = State::NeedsReview;
        }
    }
    open
}

/// The file of a folder in which new entries land.
const LANDING: &str = "imported.tsv";

/// Where imported entries go: a path, or the one glossary of the settings.
///
/// Errors: [`Error::NoImportTarget`], [`Error::SeveralGlossaries`].
pub fn import_target(into: Option<&Path>, setup: &Setup) -> Result<PathBuf, Error> {
    if let Some(into) = into {
        return Ok(into.to_owned());
    }
    let mut own = setup.settings.glossaries();
    match own.len() {
        1 => Ok(own.remove(0)),
        0 => Err(Error::NoImportTarget),
        _ => Err(Error::SeveralGlossaries { paths: own }),
    }
}

/// Takes changes into the glossary at `into`: the new and changed entries, and with `theirs` the
/// contradicting ones. Every file is written whole or not at all; the paths of those that were are
/// given back.
///
/// Errors: those of the files; nothing is written where one of them cannot be made.
pub fn take_changes(
    into: &Path,
    glossary: &Glossary,
    contents: &Contents,
    changes: &[EntryChange],
    theirs: bool,
) -> Result<Vec<PathBuf>, Error> {
    let landing = if into.is_dir() {
        into.join(LANDING)
    } else {
        into.to_owned()
    };
    let landing = landing.display().to_string();
    let mut updates: BTreeMap<String, GlossaryUpdate> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.is_taken(theirs)) {
        match change.existing.and_then(|at| glossary.entry(at)) {
            Some(existing) => updates
                .entry(existing.place.file.clone())
                .or_default()
                .edit(existing, &change.differences),
            None => updates
                .entry(landing.clone())
                .or_default()
                .new
                .push(contents.entries[change.incoming].clone()),
        }
    }
    // All are made before the first is written.
    let mut ready = Vec::new();
    for (name, update) in updates.iter().filter(|(_, update)| !update.is_empty()) {
        let path = PathBuf::from(name);
        let old = if path.exists() {
            Some(files::read(&path)?)
        } else {
            None
        };
        let bytes = term_files::update(old.as_deref(), name, update)?;
        if old.as_deref() != Some(&bytes) {
            ready.push((path, bytes));
        }
    }
    for (path, bytes) in &ready {
        Outputs::new(None, true).write(path, bytes)?;
    }
    Ok(ready.into_iter().map(|(path, _)| path).collect())
}

/// The units of a file that a survey of the glossary looks at, by their origin: the engine that a
/// pair names, else the file. A document is cut into sentences.
///
/// Errors: those of the file.
pub fn survey_sources(path: &Path, setup: &Setup) -> Result<Vec<SurveySource>, Error> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if ["txt", "md", "markdown", "html", "htm"].contains(&files::extension(path).as_str()) {
        let dutch = Lang::new("nl");
        let name = path.display().to_string();
        let document = format::read(&files::read(path)?, Some(&name), None, &dutch)?;
        let splitter = Splitter::new(&dutch, &segment::SplitOptions::default())?;
        return Ok(vec![SurveySource {
            name: stem.into_owned(),
            units: segment::split(&document, &splitter),
        }]);
    }
    let mut by_origin: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    for unit in pairs::read_or_recall(path, None, &setup.pair())?.units {
        let name = match &unit.origin {
            Origin::Engine(name) => name.to_string(),
            _ => stem.to_string(),
        };
        by_origin.entry(name).or_default().push(unit);
    }
    let sources = by_origin.into_iter();
    Ok(sources
        .map(|(name, units)| SurveySource { name, units })
        .collect())
}
