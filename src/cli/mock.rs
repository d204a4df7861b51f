//! `overzet mock`: a server that speaks every engine's dialect, for trying and testing without a network.

use super::failure::{Exit, Failure};
use super::{World, output, print};
use crate::mock::{self, Answers, Options, faults};
use std::path::PathBuf;
use std::time::Duration;

/// Arguments of `mock`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Port on the loopback address; 0 takes a free one
    #[arg(long, default_value = "0")]
    pub port: u16,
    /// Recorded pairs: JSON Lines with `source` and `target`
    #[arg(long)]
    pub cassette: Option<PathBuf>,
    /// Answer what the cassette lacks word by word
    #[arg(long, requires = "cassette")]
    pub gloss: bool,
    /// Answer with the question
    #[arg(long, conflicts_with = "cassette")]
    pub echo: bool,
    /// What goes wrong: `NAME[=VALUE][,first=N|every=N|after=N|rate=P]`; may be given several times
    #[arg(long)]
    pub fault: Vec<String>,
    /// Every answer waits so many milliseconds
    #[arg(long, default_value = "0")]
    pub latency: u64,
    /// Do not apply the glossary that an engine is given
    #[arg(long)]
    pub ignore_terms: bool,
    /// Decides what happens at a rate
    #[arg(long, default_value = "1")]
    pub seed: u64,
    /// List the faults
    #[arg(long)]
    pub list_faults: bool,
}

/// Serves until Ctrl-C.
pub async fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    if args.list_faults {
        let list: Vec<String> = faults::FAULTS
            .iter()
            .map(|(name, what)| format!("{name:<14} {what}\n"))
            .collect();
        print::out(list.concat().as_bytes())?;
        return Ok(Exit::Done);
    }
    let answers = match &args.cassette {
        Some(path) => {
            let text = String::from_utf8_lossy(&output::read(path)?).into_owned();
            Answers::cassette(&text, args.gloss)
                .map_err(|what| Failure::input(format!("{}: {what}", path.display())))?
        }
        None if args.echo => Answers::Echo,
        None => Answers::Gloss,
    };
    let faults: Result<Vec<_>, String> =
        args.fault.iter().map(|spec| faults::parse(spec)).collect();
    let options = Options {
        port: args.port,
        answers,
        faults: faults
            .map_err(|what| Failure::usage(what).hint("`overzet mock --list-faults` lists them"))?,
        latency: Duration::from_millis(args.latency),
        applies_terms: !args.ignore_terms,
        seed: args.seed,
    };
    let server = mock::start(options).await.map_err(|error| {
        Failure::input(format!("port {} cannot be had", args.port))
            .caused_by(&error)
            .hint("`--port 0` takes a free one")
    })?;
    print::out(variables(&server.address()).as_bytes())?;
    world.say("serving until Ctrl-C");
    let _ = tokio::signal::ctrl_c().await;
    server.stop().await;
    Ok(Exit::Done)
}

/// What to set so that each engine talks to the mock.
fn variables(address: &str) -> String {
    format!(
        "# deepl\nDEEPL_AUTH_KEY=mock\nDEEPL_SERVER_URL={address}\n# google, google-v3\nGOOGLE_API_KEY=mock\nGOOGLE_ACCESS_TOKEN=mock\nGOOGLE_CLOUD_PROJECT=mock\nGOOGLE_SERVER_URL={address}\n# azure, azure-2026\nAZURE_TRANSLATOR_KEY=mock\nAZURE_TRANSLATOR_ENDPOINT={address}\n# libretranslate\nLIBRETRANSLATE_URL={address}\n# openai\nOPENAI_API_KEY=mock\nOPENAI_BASE_URL={address}/v1\n# ollama\nOLLAMA_HOST={address}\n"
    )
}
