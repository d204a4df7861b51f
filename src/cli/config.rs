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

/// An address without the name and password that somebody put into it.
fn without_password(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + 3);
    let end = text[start..].find('/').map_or(text.len(), |at| start + at);
    match text[start..end].rfind('@') {
        Some(at) => format!("{}***{}", &text[..start], &text[start + at..]),
        None => text.to_owned(),
    }
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
        let value = if set.secret {
            "***".to_owned()
        } else {
            without_password(&set.text)
        };
        line(name, &value, &set.origin);
    }
    print::text(&text)?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_in_an_address_does_not_show() {
        for (text, shown) in [
            ("https://ik:geheim@host/pad@x", "https://***@host/pad@x"),
            ("ik:geheim@host:5000", "***@host:5000"),
            ("http://host/pad@x", "http://host/pad@x"),
            ("model", "model"),
        ] {
            assert_eq!(without_password(text), shown);
        }
    }
}
