//! `overzet mock`: a server that speaks every engine's dialect, for trying and testing without a network.

use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use crate::bitext::LangPair;
use crate::engine::{self, Engine, Item, Request};
use crate::mock::{self, Answers, Live, Options, faults};
use crate::workflow::files;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
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
    /// Ask this engine for what the cassette lacks, and write its answers there
    #[arg(
        long,
        value_name = "ENGINE",
        requires = "cassette",
        conflicts_with = "gloss"
    )]
    pub record: Option<String>,
    /// Characters after which the quota is used up
    #[arg(long, default_value = "1250000")]
    pub quota: u64,
    /// What goes wrong: `NAME[=VALUE][,first=N|every=N|after=N|rate=P]`; may be given several times
    #[arg(long)]
    pub fault: Vec<String>,
    /// Every answer comes so many milliseconds after its request
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
pub async fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    if args.list_faults {
        let list: Vec<String> = faults::FAULTS
            .iter()
            .map(|(name, what)| format!("{name:<14} {what}\n"))
            .collect();
        print::out(list.concat().as_bytes())?;
        return Ok(Exit::Done);
    }
    let answers = match &args.cassette {
        // A cassette that is to be recorded need not be there yet.
        Some(path) if args.record.is_some() && !path.exists() => {
            Answers::cassette("", false).map_err(Failure::input)?
        }
        Some(path) => {
            let text = String::from_utf8_lossy(&files::read(path)?).into_owned();
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
        quota: args.quota,
        live: match (&args.record, &args.cassette) {
            (Some(engine), Some(cassette)) => Some(recorder(engine, cassette, session)?),
            _ => None,
        },
    };
    let server = mock::start(options).await.map_err(|error| {
        Failure::input(format!("port {} cannot be had", args.port))
            .caused_by(&error)
            .hint("`--port 0` takes a free one")
    })?;
    print::out(variables(&server.address()).as_bytes())?;
    session.say("serving until Ctrl-C");
    let _ = tokio::signal::ctrl_c().await;
    server.stop().await;
    Ok(Exit::Done)
}

/// Asks an engine, and appends what it answers to the cassette.
fn recorder(engine: &str, cassette: &Path, session: &Session) -> Result<Live, Failure> {
    let net = session.setup.net()?;
    let engine: Arc<dyn Engine> =
        Arc::from(engine::by_name(engine)?.build(&session.setup.engine_settings(), &net)?);
    let cassette: Arc<Path> = Arc::from(cassette);
    Ok(Live(Arc::new(move |texts: Vec<String>| {
        let (engine, cassette) = (Arc::clone(&engine), Arc::clone(&cassette));
        Box::pin(async move {
            let answers = ask(&*engine, &texts)
                .await
                .map_err(|error| error.to_string())?;
            let lines: Vec<String> = texts
                .iter()
                .zip(&answers)
                .map(|(source, target)| {
                    format!(
                        "{}\n",
                        serde_json::json!({"source": source, "target": target})
                    )
                })
                .collect();
            std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(&*cassette)
                .and_then(|mut file| file.write_all(lines.concat().as_bytes()))
                .map_err(|error| format!("{} cannot be written: {error}", cassette.display()))?;
            Ok(answers)
        })
    })))
}

/// What an engine makes of texts, one for one.
async fn ask(engine: &dyn Engine, texts: &[String]) -> Result<Vec<String>, engine::Error> {
    let pair = LangPair::default();
    let items: Vec<Item> = texts
        .iter()
        .enumerate()
        .map(|(id, text)| Item {
            id: id as u32,
            text: text.as_str().into(),
            terms: Vec::new(),
        })
        .collect();
    let mut answers = vec![String::new(); texts.len()];
    for part in items.chunks(engine.limits().texts.max(1)) {
        let part: Vec<&Item> = part.iter().collect();
        let request = Request {
            pair: &pair,
            items: &part,
            before: "",
            after: "",
        };
        for draft in engine.translate(&request).await? {
            answers[draft.id as usize] = draft.text.plain;
        }
    }
    Ok(answers)
}

/// What to set so that each engine talks to the mock.
fn variables(address: &str) -> String {
    format!(
        "# deepl\nDEEPL_AUTH_KEY=mock\nDEEPL_SERVER_URL={address}\n# google, google-v3\nGOOGLE_API_KEY=mock\nGOOGLE_ACCESS_TOKEN=mock\nGOOGLE_CLOUD_PROJECT=mock\nGOOGLE_SERVER_URL={address}\n# azure, azure-2026\nAZURE_TRANSLATOR_KEY=mock\nAZURE_TRANSLATOR_ENDPOINT={address}\n# libretranslate\nLIBRETRANSLATE_URL={address}\n# openai\nOPENAI_API_KEY=mock\nOPENAI_BASE_URL={address}/v1\n# ollama\nOLLAMA_HOST={address}\n"
    )
}
