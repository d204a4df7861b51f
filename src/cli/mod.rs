//! The command line: one file per subcommand, one place that words errors, one that prints.

pub mod args;
pub mod check;
pub mod config;
pub mod failure;
pub mod glossary;
pub mod manual;
pub mod output;
pub mod print;
pub mod report;
pub mod segment;
mod world;

pub use world::World;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use failure::{Exit, Failure};
use std::process::ExitCode;

/// Parses the command line, runs the subcommand, prints what failed, and gives the exit code of the contract.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let exit = match run(&cli) {
        Ok(exit) => exit,
        Err(failure) => {
            if !failure.error.is_empty() {
                print::err(&failure.to_string());
            }
            failure.exit
        }
    };
    ExitCode::from(exit.code())
}

/// What clap has to say: help and version go to stdout and are done, anything else is wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        print::err(&error.render().to_string());
        return ExitCode::from(Exit::Usage.code());
    }
    let text = if print::stdout_is_terminal() {
        error.render().ansi().to_string()
    } else {
        error.render().to_string()
    };
    match print::out(text.as_bytes()) {
        Ok(()) => ExitCode::from(Exit::Done.code()),
        Err(failure) => ExitCode::from(failure.exit.code()),
    }
}

fn run(cli: &Cli) -> Result<Exit, Failure> {
    let Some(command) = &cli.command else {
        print::out(Cli::command().render_help().to_string().as_bytes())?;
        return Ok(Exit::Done);
    };
    match command {
        Command::Segment(args) => segment::run(args, &World::load(cli)?),
        Command::Glossary(args) => glossary::run(args, &World::load(cli)?),
        Command::Check(args) => check::run(args, &World::load(cli)?),
        Command::Config(args) => config::run(args, &World::load(cli)?),
        Command::Completions(args) => manual::completions(args),
        Command::Man => manual::man(),
    }
}
