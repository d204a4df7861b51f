//! `overzet glossary export`: the glossary as a file for a spreadsheet, a CAT tool or an engine,
//! with a report of what that cannot hold.

use super::formats::formats;
use crate::cli::failure::{Exit, Failure};
use crate::cli::print;
use crate::cli::session::Session;
use crate::term::files::{self, WrittenGlossary};
use crate::workflow::files::Outputs;
use crate::workflow::glossary::load;
use std::path::{Path, PathBuf};

/// Arguments of `glossary export`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = formats())]
pub struct Args {
    /// The file to write; `-` is stdout, with --format
    pub file: PathBuf,
    /// Its format, if the extension is missing
    #[arg(long)]
    pub format: Option<String>,
    /// Glossary file or folder; default: those of the settings
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Overwrite an existing file
    #[arg(long)]
    pub force: bool,
}

/// Writes the file and says what it does not hold.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let glossary = load(&args.glossary, &session.setup)?;
    if glossary.is_empty() {
        return Err(Failure::usage("there is no glossary to export")
            .hint("`--glossary PATH` names a file or folder"));
    }
    let name = args.file.display().to_string();
    let written = files::write(glossary.entries(), &name, args.format.as_deref())?;
    if args.file == Path::new("-") {
        print::out(&written.bytes)?;
    } else {
        Outputs::new(None, args.force).write(&args.file, &written.bytes)?;
    }
    session.say(&format!("{} entries → {name}", glossary.entries().len()));
    for line in report(&written) {
        session.say(&line);
    }
    Ok(Exit::Done)
}

/// What the file does not hold, in lines of 80 columns.
fn report(written: &WrittenGlossary) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if !written.absent.is_empty() {
        let some: Vec<&str> = written.absent.iter().take(2).map(String::as_str).collect();
        let more = if written.absent.len() > 2 {
            ", …"
        } else {
            ""
        };
        lines.push(format!(
            "  left out: {} entries ({}{more})",
            written.absent.len(),
            some.join(", ")
        ));
    }
    let mut line = String::from("  not held:");
    for (index, (column, entries)) in written.lost.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let said = format!("{comma} {column} ({} entries)", entries.len());
        if line.len() + said.len() > 78 {
            lines.push(std::mem::replace(&mut line, "           ".into()) + comma);
            line.push_str(said.trim_start_matches(','));
        } else {
            line.push_str(&said);
        }
    }
    if !written.lost.is_empty() {
        lines.push(line);
    }
    lines
}
