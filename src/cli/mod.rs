//! The command line: one file per subcommand, one place that words errors, one that prints.

pub mod align;
mod align_batch;
mod align_inputs;
mod align_translations;
pub mod align_words;
pub mod args;
pub mod batch;
pub mod bundle;
pub mod check;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod engines;
pub mod failure;
pub mod glossary;
mod local;
pub mod manual;
pub mod mock;
pub mod models;
pub mod output;
pub mod print;
pub mod progress;
pub mod report;
pub mod review;
pub mod segment;
mod sending;
pub mod tm;
pub mod translate;
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
        Command::Translate(args) => {
            let world = World::load(cli)?;
            block_on(translate::run(args, &world))
        }
        Command::Align(args) => {
            let world = World::load(cli)?;
            block_on(align::run(args, &world))
        }
        Command::Segment(args) => segment::run(args, &World::load(cli)?),
        Command::Glossary(args) => glossary::run(args, &World::load(cli)?),
        Command::Review(args) => review::run(args, &World::load(cli)?),
        Command::Tm(args) => tm::run(args, &World::load(cli)?),
        Command::Check(args) => check::run(args, &World::load(cli)?),
        Command::Engines(args) => {
            let world = World::load(cli)?;
            block_on(engines::run(args, &world))
        }
        Command::Models(args) => {
            let world = World::load(cli)?;
            block_on(models::run(args, &world))
        }
        Command::Mock(args) => {
            let world = World::load(cli)?;
            block_on(mock::run(args, &world))
        }
        Command::Demo(args) => {
            let world = World::load(cli)?;
            block_on(demo::run(args, &world))
        }
        Command::Config(args) => config::run(args, &World::load(cli)?),
        Command::Doctor => {
            let world = World::load(cli)?;
            block_on(doctor::run(&world))
        }
        Command::Completions(args) => manual::completions(args),
        Command::Man => manual::man(),
    }
}

/// Runs a future to its end.
fn block_on(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::input("the runtime cannot start").caused_by(&error))?;
    runtime.block_on(work)
}
