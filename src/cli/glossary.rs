//! `overzet glossary`: lint the files, and enforce them on pairs that exist already.

use super::failure::{Exit, Failure};
use super::output::{self, Outputs};
use super::{World, print};
use crate::bitext::{Severity, State, Verdict};
use crate::format::{self, About, Pairs};
use crate::term::{self, Glossary};
use clap::Subcommand;
use std::fmt::Write;
use std::path::PathBuf;

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
    Lint {
        /// Files or folders; without any, those of the settings
        paths: Vec<PathBuf>,
    },
    /// Judge and repair the terms of existing pairs
    Enforce(Enforce),
}

/// Arguments of `glossary enforce`.
#[derive(Debug, Clone, clap::Args)]
pub struct Enforce {
    /// Pairs: .tsv, .jsonl, .csv, .tmx, .xlf; `-` with --format
    pub pairs: PathBuf,
    /// Glossary file or folder; may be given several times
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Where the pairs go; without it to stdout, as JSON Lines
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Format of the pairs, where the name does not tell
    #[arg(long)]
    pub format: Option<String>,
    /// End with exit code 1 if a miss or a forbidden form remains
    #[arg(long)]
    pub strict: bool,
    /// Write over a file that may have been edited
    #[arg(long)]
    pub force: bool,
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

/// Loads the glossary: the paths given, or those of the settings.
pub fn load(given: &[PathBuf], world: &World) -> Result<Glossary, Failure> {
    let paths = if given.is_empty() {
        world.settings.glossaries()
    } else {
        given.to_vec()
    };
    Ok(Glossary::load(&paths)?)
}

/// Reads a file of pairs.
pub fn pairs(path: &std::path::Path, kind: Option<&str>) -> Result<Pairs, Failure> {
    let bytes = output::read(path)?;
    let name = path.display().to_string();
    let kind = kind.or((name == "-").then_some("jsonl"));
    Ok(format::read_pairs(&bytes, &name, kind)?)
}

/// Does what was asked.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    match &args.action {
        Action::Lint { paths } => lint(paths, world),
        Action::Enforce(args) => enforce(args, world),
    }
}

fn lint(paths: &[PathBuf], world: &World) -> Result<Exit, Failure> {
    let glossary = load(paths, world)?;
    let problems = glossary.lint();
    let mut text = String::new();
    for problem in &problems {
        let _ = write!(
            text,
            "{}: {}: {}\n  fix: {}\n",
            problem.place,
            problem.severity.name(),
            problem.message,
            problem.fix
        );
    }
    print::out(text.as_bytes())?;
    let errors = problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .count();
    world.say(&format!(
        "{} entries, {errors} errors, {} warnings",
        glossary.entries().len(),
        problems.len() - errors
    ));
    Ok(if errors > 0 {
        Exit::Findings
    } else {
        Exit::Done
    })
}

fn enforce(args: &Enforce, world: &World) -> Result<Exit, Failure> {
    let glossary = load(&args.glossary, world)?;
    let mut pairs = pairs(&args.pairs, args.format.as_deref())?;
    if glossary.is_empty() {
        return Err(Failure::usage("there is no glossary to enforce")
            .hint("`--glossary FILE` names one; `glossaries/README.md` describes the columns"));
    }
    // What a former run recorded stays with its hit, so that enforcing twice changes nothing.
    let recorded: Vec<_> = pairs.units.iter().map(|u| u.hits.clone()).collect();
    term::find(&mut pairs.units, &glossary);
    for (unit, old) in pairs.units.iter_mut().zip(recorded) {
        for hit in &mut unit.hits {
            if let Some(old) = old.iter().find(|old| old.source == hit.source) {
                hit.repair.clone_from(&old.repair);
                hit.before.clone_from(&old.before);
            }
        }
    }
    let drafts: Vec<_> = pairs.units.iter().map(|u| u.target.clone()).collect();
    term::enforce(&mut pairs.units, &glossary, &|_| 0);
    let mut open = 0;
    for ((unit, line), draft) in pairs.units.iter_mut().zip(&pairs.lines).zip(drafts) {
        if unit.target != draft && unit.draft.is_none() {
            unit.draft = Some(draft);
        }
        unit.findings.retain(|f| f.check != "terms");
        if unit.state != State::Untranslated {
            unit.findings.extend(term::violations(unit, &glossary));
        }
        let violated = unit
            .hits
            .iter()
            .any(|hit| hit.verdict.is_some_and(Verdict::is_violation));
        open += usize::from(violated);
        if violated && unit.state == State::Translated {
            unit.state = State::NeedsReview;
        }
        let _ = line;
    }
    if args.pairs.extension().is_some_and(|e| e == "tsv") || args.format.as_deref() == Some("tsv") {
        for (extra, line) in pairs.extra.iter_mut().zip(&pairs.lines) {
            extra.insert("line".into(), (*line).into());
        }
    }
    let about = About {
        source_lang: "nl".into(),
        target_lang: "en".into(),
        original: args.pairs.display().to_string(),
        ..About::default()
    };
    match &args.output {
        Some(path) => {
            let kind = path.display().to_string();
            let bytes = format::write_pairs(&kind, &pairs.units, &pairs.extra, &about)?;
            Outputs::new(None, true).write(path, &bytes)?;
        }
        None => print::out(&format::write_pairs(
            "jsonl",
            &pairs.units,
            &pairs.extra,
            &about,
        )?)?,
    }
    world.say(&format!(
        "{} pairs, {} terms found, {} repaired, {open} pairs violate the glossary",
        pairs.units.len(),
        pairs.units.iter().map(|u| u.hits.len()).sum::<usize>(),
        pairs
            .units
            .iter()
            .flat_map(|u| &u.hits)
            .filter(|h| h.repair.is_some())
            .count(),
    ));
    Ok(if args.strict && open > 0 {
        Exit::Findings
    } else {
        Exit::Done
    })
}
