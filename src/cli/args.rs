//! The words of the command line, as given. Parsing opens no file; building what they mean is the
//! subcommands' work.

use super::exit::Exit;
use super::session::Global;
use clap::{Parser, Subcommand};

/// Dutch in, a publishable English edition out.
#[derive(Debug, Parser)]
#[command(
    name = "overzet",
    version,
    long_version = super::version::long(),
    about = "Dutch in, a publishable English edition out: glossary proved, pairs aligned",
    after_help = exit_codes(),
    max_term_width = 100
)]
pub struct Cli {
    /// What holds for every subcommand.
    #[command(flatten)]
    pub global: Global,
    /// House style, before the subcommand; of use where that takes one.
    #[arg(long, hide = true, value_name = "NAME")]
    pub style: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// The house style that was asked for.
    pub fn style(&self) -> Option<&str> {
        let own = match self.command.as_ref()? {
            Command::Translate(args) => &args.style,
            Command::Align(args) => &args.style,
            Command::Check(args) => &args.style,
            Command::Review(args) => &args.style,
            Command::Glossary(args) => &args.style,
            _ => return self.style.as_deref(),
        };
        own.style.as_deref().or(self.style.as_deref())
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Translate documents into their English edition
    Translate(Box<super::translate::Args>),
    /// Align a text with an existing translation
    Align(Box<super::align::Args>),
    /// Split text into sentences
    Segment(super::segment::Args),
    /// Check the glossary, or enforce it on existing pairs
    Glossary(super::glossary::Args),
    /// Check existing pairs
    Check(super::check::Args),
    /// Write the review page of pairs, and merge an editor's work into an edition
    Review(super::review::Args),
    /// Serve the desk: articles are translated, edited and approved in the browser
    Serve(super::serve::Args),
    /// Search and maintain the translation memory
    Tm(super::tm::Args),
    /// List the engines, or test the connection to one
    Engines(super::engines::Args),
    /// Download, list, verify and remove models of the local engine
    Models(super::models::Args),
    /// Serve every engine's API on a loopback port, for tests
    Mock(super::mock::Args),
    /// Translate the sample article, offline
    Demo(super::demo::Args),
    /// Make a folder with settings, a glossary and a list of keys
    Init(super::init::Args),
    /// Show the effective settings and their origins
    Config(super::config::Args),
    /// Check the setup and report missing parts
    Doctor,
    /// Print shell completions
    #[command(hide = true)]
    Completions(CompletionsArgs),
    /// Print the man page
    #[command(hide = true)]
    Man,
}

/// Arguments of `completions`.
#[derive(Debug, Clone, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// The exit codes as a paragraph of help.
fn exit_codes() -> String {
    use std::fmt::Write;
    let mut text = String::from("Exit codes:\n");
    for (exit, meaning) in Exit::TABLE {
        let _ = writeln!(text, "  {:>3}  {meaning}", exit.code());
    }
    text.push_str(
        "\nFirst time here? `overzet demo` needs no key and no network.\n\
         Further: `overzet completions SHELL`, `overzet man`.",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_lists_every_exit_code_and_fits_80_columns() {
        let help = Cli::command().term_width(80).render_help().to_string();
        for (exit, meaning) in Exit::TABLE {
            assert!(
                help.contains(&format!("{:>3}  {meaning}", exit.code())),
                "{meaning}"
            );
        }
    }
}
