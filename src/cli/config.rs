//! `overzet config show`: the settings in force, and with `--origin` where each comes from. Secrets
//! show as `***`.

use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use clap::Subcommand;
use std::fmt::Write;

/// Arguments of `config`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub action: ConfigAction,
}

/// What `config` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum ConfigAction {
    /// Print the effective settings
    Show {
        /// Print the origin of each value
        #[arg(long)]
        origin: bool,
    },
}

/// Prints the settings.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let ConfigAction::Show { origin } = args.action;
    let mut text = String::new();
    let mut line = |name: &str, value: &str, from: &dyn std::fmt::Display| {
        let shown = format!("{name} = {value}");
        if origin {
            let _ = writeln!(text, "{shown:<48} # {from}");
        } else {
            let _ = writeln!(text, "{shown}");
        }
    };
    for (name, sourced) in session.setup.settings.values() {
        line(name, &sourced.value.to_string(), &sourced.origin);
    }
    for (name, set) in session.setup.settings.variables() {
        let value = if set.secret { "***" } else { &set.text };
        line(name, value, &set.origin);
    }
    print::out(text.as_bytes())?;
    Ok(Exit::Done)
}
