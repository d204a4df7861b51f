//! `overzet glossary`: lint the files, enforce them on pairs, take them to other tools and back.

mod enforce;
mod export;
mod formats;
mod import;
mod lint;
mod review;
mod suggest;

use super::failure::{Exit, Failure};
use super::session::Session;
use super::style::StyleArgs;
use clap::Subcommand;

/// Arguments of `glossary`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// House style
    #[command(flatten)]
    pub style: StyleArgs,
    /// What to do
    #[command(subcommand)]
    pub action: GlossaryAction,
}

/// What `glossary` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum GlossaryAction {
    /// List every problem of the glossary, with its place and the fix
    Lint(lint::Args),
    /// Judge and repair the terms of existing pairs
    Enforce(enforce::Args),
    /// Compare a file with the glossary, and merge new and changed entries
    Import(import::Args),
    /// Write the glossary as a file for a spreadsheet, a CAT tool or an engine
    Export(export::Args),
    /// Show every occurrence with its verdict, conflicts, unused entries and candidates
    Review(review::Args),
    /// Suggest recurring names and terms that are missing from the glossary
    Suggest(suggest::Args),
}

/// Does what was asked.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    match &args.action {
        GlossaryAction::Lint(args) => lint::run(args, session),
        GlossaryAction::Enforce(args) => enforce::run(args, session),
        GlossaryAction::Import(args) => import::run(args, session),
        GlossaryAction::Export(args) => export::run(args, session),
        GlossaryAction::Review(args) => review::run(args, session),
        GlossaryAction::Suggest(args) => suggest::run(args, session),
    }
}
