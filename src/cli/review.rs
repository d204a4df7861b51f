//! `overzet review`: the page of pairs written again, and an editor's work merged into the edition.
//!
//! `overzet review edition/ --edits ~/Downloads/artikel.nl-en.jsonl` takes what was corrected and
//! approved on the page.

use super::check::FailOn;
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
    /// Exit 1 if a merged text has a finding with at least this severity
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
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
        fail_on: args.fail_on.and_then(FailOn::severity),
        force: args.force,
    };
    let reviewed = review::run(&request, &session.setup, session)?;
    let page = reviewed.page.display();
    let Some(merged) = reviewed.merged else {
        print::out(format!("review     {page}\n").as_bytes())?;
        return Ok(Exit::Done);
    };
    let mut lines = format!(
        "edition    {}\npairs      {}\n",
        merged.edition.display(),
        merged.pairs.display()
    );
    for path in &merged.files {
        let kind = match path.extension() {
            Some(extension) if extension == "json" => "report",
            _ => "pairs",
        };
        lines.push_str(&format!("{kind:<10} {}\n", path.display()));
    }
    print::out(format!("{lines}review     {page}\n").as_bytes())?;
    for edit in &merged.left {
        session.say(&format!(
            "not taken over, its Dutch is not in the article any more: {} “{}”: “{}” ({})",
            edit.unit,
            edit.source,
            edit.target,
            edit.path.display()
        ));
    }
    session.say(&format!(
        "{} of {} pairs changed, {} approved; {} kept in the memory",
        merged.changed, merged.total, merged.approved, merged.learnt
    ));
    Ok(merged.outcome.into())
}
