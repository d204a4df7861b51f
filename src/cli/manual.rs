//! `overzet completions` and `overzet man`: both come from the same table of arguments as the help.

use super::args::{Cli, CompletionsArgs};
use super::failure::{Exit, Failure};
use super::print;
use clap::CommandFactory;

/// Prints the completions of a shell.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "overzet", &mut bytes);
    print::out(&bytes)?;
    Ok(Exit::Done)
}

/// Prints the man page.
pub fn man() -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut bytes)
        .map_err(|error| Failure::input("the man page cannot be written").caused_by(&error))?;
    print::out(&bytes)?;
    Ok(Exit::Done)
}
