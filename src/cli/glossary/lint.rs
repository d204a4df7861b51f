//! `overzet glossary lint`: every problem of the files, with its place and the fix.

use crate::bitext::Severity;
use crate::cli::failure::{Exit, Failure};
use crate::cli::print;
use crate::cli::session::Session;
use crate::term::{self, Glossary};
use crate::workflow::glossary::{paths, style};
use std::fmt::Write;
use std::path::PathBuf;

/// Arguments of `glossary lint`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Files or folders; default: those of the settings
    pub paths: Vec<PathBuf>,
}

/// Prints the problems; errors among them end with exit code 1.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let style = style(&args.paths, &session.setup);
    let examined = Glossary::examine(&paths(&args.paths, &session.setup), style);
    let (glossary, problems) = examined.map_err(|error| {
        let is_broken = matches!(error, term::Error::Broken { .. });
        let mut failure = Failure::from(error);
        if is_broken {
            // The hint names this very command.
            failure.hints.clear();
        }
        failure
    })?;
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
    print::text(&text)?;
    let errors = problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .count();
    session.say(&format!(
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
