//! `overzet config show`: the settings in force, and with `--origin` where each comes from. Secrets show as `***`.

use super::failure::{Exit, Failure};
use super::{World, print};
use clap::Subcommand;
use std::fmt::Write;

/// Arguments of `config`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub action: Action,
}

/// What `config` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// Print the settings in force
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
    },
}

/// Prints the settings.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    let Action::Show { origin } = args.action;
    let mut text = String::new();
    let mut line = |name: &str, value: &str, from: &dyn std::fmt::Display| {
        let shown = format!("{name} = {value}");
        if origin {
            let _ = writeln!(text, "{shown:<48} # {from}");
        } else {
            let _ = writeln!(text, "{shown}");
        }
    };
    for (name, sourced) in world.settings.values() {
        line(name, &sourced.value.to_string(), &sourced.origin);
    }
    for (name, set) in world.settings.variables() {
        let value = if set.secret { "***" } else { &set.text };
        line(name, value, &set.origin);
    }
    print::out(text.as_bytes())?;
    Ok(Exit::Done)
}
