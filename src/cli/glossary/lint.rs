//! `overzet glossary lint`: every problem of the files, with its place and the fix.

use super::load;
use crate::bitext::Severity;
use crate::cli::failure::{Exit, Failure};
use crate::cli::{World, print};
use std::fmt::Write;
use std::path::PathBuf;

/// Arguments of `glossary lint`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Files or folders; without any, those of the settings
    pub paths: Vec<PathBuf>,
}

/// Prints the problems; errors among them end with exit code 1.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    let glossary = load(&args.paths, world)?;
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
