//! `overzet glossary import`: compares a file with the glossary, and takes what is new and changed.
//!
//! Without `--merge` nothing is written. What contradicts the glossary is never taken, unless `--theirs` says so.

use super::load;
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::{self, Outputs};
use crate::cli::{World, print};
use crate::term::Glossary;
use crate::term::files::{self, Contents, GlossaryUpdate};
use crate::term::merge::{ChangeKind, EntryChange};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Arguments of `glossary import`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = super::formats())]
pub struct Args {
    /// The file to read
    pub file: PathBuf,
    /// Its format, where the name does not tell
    #[arg(long)]
    pub format: Option<String>,
    /// Glossary file or folder to compare with, and where new entries go; without it, the glossary of the settings
    #[arg(long)]
    pub into: Option<PathBuf>,
    /// Write the new and changed entries into the glossary
    #[arg(long)]
    pub merge: bool,
    /// Where the file contradicts the glossary, the file is right
    #[arg(long, requires = "merge")]
    pub theirs: bool,
}

/// The file of a folder in which new entries land.
const LANDING: &str = "imported.tsv";

/// Reports the changes, and makes them under `--merge`. Exit code 1 if contradictions are left.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    let into = target(args, world)?;
    let glossary = if into.exists() {
        load(std::slice::from_ref(&into), world)?
    } else {
        Glossary::default()
    };
    let name = args.file.display().to_string();
    let bytes = output::read(&args.file)?;
    let contents = files::read(&bytes, &name, args.format.as_deref())?;
    let changes = glossary.compare(&contents);
    let mut text = String::new();
    for change in &changes {
        describe(change, &contents, &glossary, &mut text);
    }
    print::out(text.as_bytes())?;
    for (what, times) in &contents.dropped {
        world.say(&format!("  not taken: {what} ({times}×)"));
    }
    let count = |kind: ChangeKind| changes.iter().filter(|change| change.kind == kind).count();
    let conflicts = count(ChangeKind::Conflicting);
    world.say(&format!(
        "{} entries: {} new, {} changed, {conflicts} conflicting, {} the same",
        changes.len(),
        count(ChangeKind::New),
        count(ChangeKind::Changed),
        count(ChangeKind::Same),
    ));
    if args.merge {
        let written = merge(args, &into, &glossary, &contents, &changes)?;
        for path in &written {
            world.say(&format!("written: {path}"));
        }
        if written.is_empty() {
            world.say("nothing to write");
        }
    } else if count(ChangeKind::New) + count(ChangeKind::Changed) > 0 {
        world.say("nothing was written; `--merge` takes the new and changed entries");
    }
    let is_left = |change: &EntryChange| {
        change.kind == ChangeKind::Conflicting && !change.is_taken(args.theirs)
    };
    let left = changes.iter().any(is_left);
    if left && !args.theirs {
        world.say("conflicts are left as they are; `--merge --theirs` takes the file's word");
    } else if left {
        world.say("conflicts of the file with itself, or with a form of another entry, are left");
    }
    Ok(if left { Exit::Findings } else { Exit::Done })
}

/// Where the entries go: `--into`, or the one path of the settings.
fn target(args: &Args, world: &World) -> Result<PathBuf, Failure> {
    if let Some(into) = &args.into {
        return Ok(into.clone());
    }
    match &world.settings.glossaries()[..] {
        [only] => Ok(only.clone()),
        [] => Err(Failure::usage("there is no glossary to import into")
            .hint("`--into glossaries/desk.tsv` names a file; it may be new")),
        several => {
            let names: Vec<String> = several.iter().map(|p| p.display().to_string()).collect();
            Err(Failure::usage("the settings name several glossaries")
                .hint(format!("`--into PATH` chooses one: {}", names.join(", "))))
        }
    }
}

fn describe(change: &EntryChange, contents: &Contents, glossary: &Glossary, text: &mut String) {
    if change.kind == ChangeKind::Same {
        return;
    }
    let entry = &contents.entries[change.incoming];
    text.push_str(&format!(
        "{:<12}{} → {}",
        change.kind.name(),
        entry.nl,
        entry.en
    ));
    if !change.reason.is_empty() {
        text.push_str(&format!("; {}", change.reason));
    }
    let existing = change.existing.and_then(|at| glossary.entry(at));
    if let Some(existing) = existing {
        text.push_str(&format!("  ({})", existing.place));
    }
    text.push('\n');
    for difference in &change.differences {
        let shown = |value: &str| match value {
            "" => "nothing".to_owned(),
            value => format!("`{value}`"),
        };
        text.push_str(&format!(
            "            {}: {} becomes {}\n",
            difference.column,
            shown(&difference.before),
            shown(&difference.after)
        ));
    }
}

/// Writes the files that change, each one whole or not at all.
fn merge(
    args: &Args,
    into: &Path,
    glossary: &Glossary,
    contents: &Contents,
    changes: &[EntryChange],
) -> Result<Vec<String>, Failure> {
    let landing = if into.is_dir() {
        into.join(LANDING)
    } else {
        into.to_owned()
    };
    let landing = landing.display().to_string();
    let mut updates: BTreeMap<String, GlossaryUpdate> = BTreeMap::new();
    for change in changes {
        if !change.is_taken(args.theirs) {
            continue;
        }
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
            Some(output::read(&path)?)
        } else {
            None
        };
        let bytes = files::update(old.as_deref(), name, update)?;
        if old.as_deref() != Some(&bytes) {
            ready.push((path, bytes));
        }
    }
    for (path, bytes) in &ready {
        Outputs::new(None, true).write(path, bytes)?;
    }
    Ok(ready
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect())
}
