//! `overzet init`: a folder for a desk.

use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use crate::workflow::init;
use std::path::{Path, PathBuf};

/// Arguments of `init`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The folder; it may be new
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Also copy the house glossary: agencies, persons, places, institutions, security
    #[arg(long)]
    pub house: bool,
}

/// Writes the files of a desk, and names the next commands.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let written = init::run(&args.folder, args.house)?;
    let mut list = String::new();
    for path in &written {
        list.push_str(&format!("{}\n", path.display()));
    }
    print::out(list.as_bytes())?;
    if args.folder != Path::new(".") {
        session.say(&format!("next: `cd {}`", args.folder.display()));
    }
    session.say(
        "next: copy .env.example to .env and fill in a key, or `overzet models pull nl-en`\n\
         then: `overzet translate ARTICLE.txt -o edition/`; `overzet doctor` checks the setup",
    );
    Ok(Exit::Done)
}
