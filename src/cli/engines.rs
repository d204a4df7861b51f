//! `overzet engines`: what there is, and whether it answers.

use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use crate::engine::{self, ENGINES};
use crate::workflow::local_model::{self, LocalOptions};
use clap::Subcommand;

/// Arguments of `engines`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to do; without it, `list`
    #[command(subcommand)]
    pub action: Option<EnginesAction>,
}

/// What `engines` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum EnginesAction {
    /// List the engines
    List,
    /// Test the connection to a service; no document text is sent
    Test {
        /// Name of the engine
        name: String,
    },
}

/// Lists or asks.
pub async fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    match &args.action {
        None | Some(EnginesAction::List) => print::text(&list(session))?,
        Some(EnginesAction::Test { name }) => {
            let entry = engine::by_name(name)?;
            let engine = entry.build(&settings(session), &session.setup.net()?)?;
            let answer = engine.probe().await?;
            print::text(&format!("{name}: {answer}\n"))?;
        }
    }
    Ok(Exit::Done)
}

fn settings(session: &Session) -> engine::EngineSettings {
    let setup = &session.setup;
    local_model::settings(setup, &setup.pair(), &LocalOptions::default())
}

fn list(session: &Session) -> String {
    let settings = settings(session);
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
