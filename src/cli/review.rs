//! `overzet review`: the page of pairs written again, and an editor's work merged into the edition.
//!
//! `overzet review edition/ --edits ~/Downloads/artikel.nl-en.jsonl` takes what was corrected and
//! approved on the page.

use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use super::style::StyleArgs;
use crate::workflow::review::{self, ReviewRequest};
use std::path::PathBuf;

/// Arguments of `review`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// A folder that `translate -o FOLDER/` wrote, or a file of pairs
    pub path: PathBuf,
    /// Pairs that were downloaded from the page; may be repeated
    #[arg(long, value_name = "FILE")]
    pub edits: Vec<PathBuf>,
    /// The Dutch article, where it is not beside the edition
    #[arg(long, value_name = "FILE")]
    pub source: Option<PathBuf>,
    /// Output file for the page
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Glossary file or folder; may be repeated
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// House style
    #[command(flatten)]
    pub style: StyleArgs,
    /// Overwrite files even if they may have been edited
    #[arg(long)]
    pub force: bool,
}

/// Writes the page, and with edits the whole bundle.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let request = ReviewRequest {
        path: args.path.clone(),
        edits: args.edits.clone(),
        source: args.source.clone(),
        page: args.output.clone(),
        glossary: args.glossary.clone(),
        force: args.force,
    };
    let reviewed = review::run(&request, &session.setup, session)?;
    let page = reviewed.page.display();
    let Some(merged) = reviewed.merged else {
        print::out(format!("review     {page}\n").as_bytes())?;
        return Ok(Exit::Done);
    };
    print::out(
        format!(
            "edition    {}\npairs      {}\nreview     {page}\n",
            merged.edition.display(),
            merged.pairs.display(),
        )
        .as_bytes(),
    )?;
    session.say(&format!(
        "{} of {} pairs changed, {} approved; {} kept in the memory",
        merged.changed, merged.total, merged.approved, merged.learnt
    ));
    Ok(Exit::Done)
}
