//! `overzet glossary import`: compares a file with the glossary, and takes what is new and changed.
//!
//! Without `--merge` nothing is written. What contradicts the glossary is never taken, unless
//! `--theirs` says so.

use super::formats::formats;
use crate::cli::failure::{Exit, Failure};
use crate::cli::print;
use crate::cli::session::Session;
use crate::term::Glossary;
use crate::term::files::{self, Contents};
use crate::term::merge::{ChangeKind, EntryChange};
use crate::workflow::{files::read, glossary as workflow};
use std::path::PathBuf;

/// Arguments of `glossary import`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = formats())]
pub struct Args {
    /// The file to read
    pub file: PathBuf,
    /// Its format, if the extension is missing
    #[arg(long)]
    pub format: Option<String>,
    /// Glossary file or folder to compare with, and where new entries go; without it, the glossary
    /// of the settings
    #[arg(long)]
    pub into: Option<PathBuf>,
    /// Write the new and changed entries into the glossary
    #[arg(long)]
    pub merge: bool,
    /// Prefer the file where it contradicts the glossary
    #[arg(long, requires = "merge")]
    pub theirs: bool,
}

/// Reports the changes, and makes them under `--merge`. Exit code 1 if contradictions are left.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let into = workflow::import_target(args.into.as_deref(), &session.setup)?;
    let glossary = if into.exists() {
        workflow::load(std::slice::from_ref(&into), &session.setup)?
    } else {
        Glossary::default()
    };
    let name = args.file.display().to_string();
    let bytes = read(&args.file)?;
    let contents = files::read(&bytes, &name, args.format.as_deref())?;
    let changes = glossary.compare(&contents);
    let mut text = String::new();
    for change in &changes {
        describe(change, &contents, &glossary, &mut text);
    }
    print::text(&text)?;
    for (what, times) in &contents.dropped {
        session.say(&format!("  not taken: {what} ({times}×)"));
    }
    let count = |kind: ChangeKind| changes.iter().filter(|change| change.kind == kind).count();
    let conflicts = count(ChangeKind::Conflicting);
    session.say(&format!(
        "{} entries: {} new, {} changed, {conflicts} conflicting, {} the same",
        changes.len(),
        count(ChangeKind::New),
        count(ChangeKind::Changed),
        count(ChangeKind::Same),
    ));
    if args.merge {
        let written = workflow::take_changes(&into, &glossary, &contents, &changes, args.theirs)?;
        for path in &written {
            session.say(&format!("written: {}", path.display()));
        }
        if written.is_empty() {
            session.say("nothing to write");
        }
    } else if count(ChangeKind::New) + count(ChangeKind::Changed) > 0 {
        session.say("nothing was written; `--merge` takes the new and changed entries");
    }
    let is_left = |change: &EntryChange| {
        change.kind == ChangeKind::Conflicting && !change.is_taken(args.theirs)
    };
    let left = changes.iter().any(is_left);
    if left && !args.theirs {
        session.say("conflicts are left unchanged; `--merge --theirs` prefers the file");
    } else if left {
        session.say("conflicts of the file with itself, or with a form of another entry, are left");
    }
    Ok(if left { Exit::Findings } else { Exit::Done })
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
