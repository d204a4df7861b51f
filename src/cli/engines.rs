//! `overzet engines`: what there is, and whether it answers.

use super::failure::{Exit, Failure};
use super::{World, local, print};
use crate::engine::{self, ENGINES};
use clap::Subcommand;

/// Arguments of `engines`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to do; without it, `list`
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// What `engines` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// List the engines
    List,
    /// Ask a service whether it answers; no text of yours is sent
    Test {
        /// Name of the engine
        name: String,
    },
}

/// Lists or asks.
pub async fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    match &args.action {
        None | Some(Action::List) => print::out(list(world).as_bytes())?,
        Some(Action::Test { name }) => {
            let entry = engine::by_name(name)?;
            let engine =
                entry.build(&local::settings(world, &world.pair(), None), &world.net()?)?;
            let answer = engine.probe().await?;
            print::out(format!("{name}: {answer}\n").as_bytes())?;
        }
    }
    Ok(Exit::Done)
}

fn list(world: &World) -> String {
    let settings = local::settings(world, &world.pair(), None);
    let mut text = String::new();
    for entry in ENGINES {
        let ready = entry
            .keys
            .first()
            .is_some_and(|key| settings.get(key.name).is_some());
        let mark = if ready { "ready" } else { "-" };
        text.push_str(&format!("{:<15} {mark:<6} {}\n", entry.name, entry.summary));
        let place = if entry.sends_text_out {
            "text leaves this machine"
        } else if !entry.uses_net() {
            "text stays on this machine"
        } else {
            "text goes only where you point it"
        };
        let terms = if entry.own_glossary {
            "glossary given along"
        } else {
            "glossary enforced afterwards"
        };
        let price = entry.price.map_or_else(String::new, |p| {
            format!(
                "; € {} per million characters ({})",
                p.euro_per_million, p.as_of
            )
        });
        text.push_str(&format!("{:<22} {place}; {terms}{price}\n", ""));
        let keys: Vec<&str> = entry.keys.iter().map(|k| k.name).collect();
        text.push_str(&format!("{:<22} {}\n", "", keys.join(" ")));
    }
    text
}

/// The text of `.env.example`, made from the table.
pub fn env_example() -> String {
    let mut text = String::from(
        "# Keys and addresses of the engines. Copy this file to .env and fill in what you use; .env is never committed.\n# The environment wins over this file. OVERZET_ENGINE chooses where several are set.\n\nOVERZET_ENGINE=\n",
    );
    let mut seen: Vec<&str> = Vec::new();
    for entry in ENGINES {
        let new: Vec<_> = entry
            .keys
            .iter()
            .filter(|key| !seen.contains(&key.name))
            .collect();
        if new.is_empty() {
            continue;
        }
        text.push_str(&format!("\n# {}: {}\n", entry.name, entry.summary));
        for key in new {
            seen.push(key.name);
            text.push_str(&format!("# {}\n{}=\n", key.help, key.name));
        }
    }
    text
}
