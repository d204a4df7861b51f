//! The command line: one file per subcommand, one place that words errors, one that prints.

mod advice;
mod align;
mod args;
mod batch;
mod bounds;
mod check;
mod config;
mod demo;
mod doctor;
mod draw;
mod engines;
mod exit;
pub mod failure;
mod findings;
mod glossary;
mod init;
mod interrupt;
mod json_lines;
mod manual;
mod mock;
mod mock_recording;
mod models;
mod offer;
mod print;
mod progress;
mod review;
mod segment;
mod serve;
mod session;
mod style;
mod summary;
mod tm;
mod translate;
mod version;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use exit::Exit;
use failure::Failure;
use session::Session;
use std::process::ExitCode;

/// The command line as clap knows it, for whoever checks a command without running it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Parses the command line, runs the subcommand, prints what failed, and gives the exit code of the
/// contract.
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
        print::out(command().render_help().to_string().as_bytes())?;
        return Ok(Exit::Done);
    };
    let session = || Session::load(&cli.global, cli.style());
    match command {
        Command::Translate(args) => block_on(translate::run(args, &session()?)),
        Command::Align(args) => block_on(align::run(args, &session()?)),
        Command::Segment(args) => segment::run(args, &session()?),
        Command::Glossary(args) => glossary::run(args, &session()?),
        Command::Review(args) => review::run(args, &session()?),
        Command::Serve(args) => block_on(serve::run(args, &cli.global)),
        Command::Tm(args) => tm::run(args, &session()?),
        Command::Check(args) => check::run(args, &session()?),
        Command::Engines(args) => block_on(engines::run(args, &session()?)),
        Command::Models(args) => block_on(models::run(args, &session()?)),
        Command::Mock(args) => block_on(mock::run(args, &session()?)),
        Command::Demo(args) => block_on(demo::run(args, &session()?)),
        Command::Init(args) => init::run(args, &session()?),
        Command::Config(args) => config::run(args, &session()?),
        Command::Doctor => block_on(doctor::run(&session()?)),
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
