//! `overzet glossary`: lint the files, enforce them on pairs, take them to other tools and back.

mod enforce;
mod export;
mod import;
mod lint;
mod review;
mod suggest;

use super::failure::{Exit, Failure};
use super::{World, output, tm};
use crate::bitext::Unit;
use crate::config::Origin;
use crate::format::{self, Pairs};
use crate::memory::Store;
use crate::term::files::FILES;
use crate::term::{self, Glossary};
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// Arguments of `glossary`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub action: Action,
}

/// What `glossary` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// List every problem of the glossary, with its place and the fix
    Lint(lint::Args),
    /// Judge and repair the terms of existing pairs
    Enforce(enforce::Args),
    /// Compare a file with the glossary, and take what is new and changed
    Import(import::Args),
    /// Write the glossary as a file for a spreadsheet, a CAT tool or an engine
    Export(export::Args),
    /// Show every occurrence with its verdict, conflicts, unused entries and candidates
    Review(review::Args),
    /// List names and terms that recur and that the glossary lacks
    Suggest(suggest::Args),
}

/// Does what was asked.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    match &args.action {
        Action::Lint(args) => lint::run(args, world),
        Action::Enforce(args) => enforce::run(args, world),
        Action::Import(args) => import::run(args, world),
        Action::Export(args) => export::run(args, world),
        Action::Review(args) => review::run(args, world),
        Action::Suggest(args) => suggest::run(args, world),
    }
}

impl From<term::Error> for Failure {
    fn from(error: term::Error) -> Self {
        let text = error.to_string();
        match error {
            term::Error::Broken { place, fix, .. } => {
                let hint = format!("`overzet glossary lint {}` checks the file", place.file);
                Self::usage(text).at(*place, fix).hint(hint)
            }
            term::Error::Unreadable { .. } => {
                Self::usage(text).hint("`--glossary PATH` names a file or folder")
            }
            term::Error::NoStyle { .. } => {
                Self::usage(text).hint("`--style NAME` or the setting `style` chooses one")
            }
            term::Error::Unknown { .. } => {
                Self::usage(text).hint("name the format with `--format NAME`")
            }
        }
    }
}

impl From<format::Error> for Failure {
    fn from(error: format::Error) -> Self {
        let text = error.to_string();
        match error {
            format::Error::Broken { place, .. } => Self::input(text).at(*place, ""),
            format::Error::NotText { .. } => Self::input(text),
            format::Error::Unknown { .. } => {
                Self::input(text).hint("name the format with `--format NAME`")
            }
        }
    }
}

/// The files and folders of the glossary: the paths given, or those of the settings.
fn paths(given: &[PathBuf], world: &World) -> Vec<PathBuf> {
    if given.is_empty() {
        world.settings.glossaries()
    } else {
        given.to_vec()
    }
}

/// Loads the glossary in the house style of the settings: the paths given, or those of the settings.
pub fn load(given: &[PathBuf], world: &World) -> Result<Glossary, Failure> {
    let glossary = Glossary::load_in_style(&paths(given, world), style(given, world))?;
    Ok(glossary.in_domain(world.settings.text("domain").unwrap_or_default()))
}

/// The house style. One of the settings is meant for the glossary of the settings: other paths that lack it are taken as they are.
fn style<'w>(given: &[PathBuf], world: &'w World) -> Option<&'w str> {
    let name = world.settings.text("style")?;
    let told = world
        .settings
        .values()
        .get("style")
        .is_some_and(|style| style.origin == Origin::Flag);
    let lacks = !given.is_empty() && !told && !Glossary::has_style(given, name);
    (!lacks).then_some(name)
}

/// Reads a file of pairs.
pub fn pairs(path: &Path, kind: Option<&str>) -> Result<Pairs, Failure> {
    let bytes = output::read(path)?;
    let name = path.display().to_string();
    let kind = kind.or((name == "-").then_some("jsonl"));
    Ok(format::read_pairs(&bytes, &name, kind)?)
}

/// Reads pairs: those of a file, or all of a memory.
pub fn pairs_of(path: &Path, kind: Option<&str>, world: &World) -> Result<Pairs, Failure> {
    if !Store::is_at(path) {
        return pairs(path, kind);
    }
    let units = tm::units(&Store::open(path)?, &world.pair())?;
    Ok(Pairs {
        lines: vec![0; units.len()],
        extra: vec![serde_json::Map::new(); units.len()],
        units,
    })
}

/// Finds the terms of units. What a former run recorded of a repair stays with its hit, so that enforcing twice changes nothing.
fn find_again(units: &mut [Unit], glossary: &Glossary) {
    let recorded: Vec<_> = units.iter().map(|unit| unit.hits.clone()).collect();
    term::find(units, glossary);
    for (unit, old) in units.iter_mut().zip(recorded) {
        for hit in &mut unit.hits {
            if let Some(old) = old.iter().find(|old| old.source == hit.source) {
                hit.repair.clone_from(&old.repair);
                hit.before.clone_from(&old.before);
            }
        }
    }
}

/// The formats of glossary files as a paragraph of help.
fn formats() -> String {
    let mut text = String::from("Formats:\n");
    for format in FILES {
        text.push_str(&format!("  {:<11}{}\n", format.name(), format.about()));
    }
    text.push_str("Without --format the extension tells: ");
    let told: Vec<String> = FILES
        .iter()
        .flat_map(|format| format.extensions())
        .map(|extension| format!(".{extension}"))
        .collect();
    text.push_str(&told.join(" "));
    text
}
