//! The bounds of a run, the same for every subcommand that asks an engine: look first, send
//! nothing, fail rather than send, a cap.

use super::failure::{Exit, Failure};
use super::{World, print};
use crate::engine::{CancelToken, Entry, Plan, Price};
use crate::pipeline::{self, SendLimits};

/// Options that bound what is sent.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Bounds {
    /// Say what would be sent and what it would cost; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Send nothing; what is not in the memory stays untranslated
    #[arg(long)]
    pub offline: bool,
    /// End with exit code 8 if something would be sent
    #[arg(long)]
    pub frozen: bool,
    /// Characters that may be sent at most
    #[arg(long)]
    pub max_chars: Option<u64>,
    /// Euro that the run may cost at most, by the dated list price
    #[arg(long)]
    pub max_cost: Option<f64>,
}

impl Bounds {
    /// Whether nothing may be sent, by the flag or the setting.
    pub fn offline(&self, world: &World) -> bool {
        self.offline || world.settings.is_on("offline")
    }

    /// Whether sending is a failure, by the flag or the setting.
    pub fn frozen(&self, world: &World) -> bool {
        self.frozen || world.settings.is_on("frozen")
    }

    /// The limits of a run with this engine, by flags and settings; a cost is turned into
    /// characters by the engine's list price.
    pub fn limits(&self, world: &World, entry: Option<&Entry>) -> SendLimits {
        let number = |key: &str| world.settings.number(key);
        let count = self
            .max_chars
            .or_else(|| number("max_chars").map(|n| n as u64));
        let priced = self
            .max_cost
            .or_else(|| number("max_cost"))
            .zip(entry.and_then(|e| e.price))
            .map(|(cost, price)| (cost / price.euro_per_million * 1e6) as u64);
        SendLimits {
            offline: self.offline(world),
            frozen: self.frozen(world),
            max_characters: [count, priced].into_iter().flatten().min(),
        }
    }
}

/// A plan in words: what the engine is sent, and what the fallback may add (texts, characters).
pub fn plan_text(
    plan: &Plan,
    fallback: (usize, u64),
    engine: &str,
    price: Option<Price>,
) -> String {
    let Plan {
        segments,
        ready,
        repeats,
        texts,
        characters,
        requests,
    } = plan;
    let mut text = format!(
        "engine      {engine}\nsegments    {segments}\nready       {ready} (memory, copies)\nrepeats     {repeats}\nto send     {texts} texts in {requests} requests\ncharacters  {characters}\n",
    );
    if fallback.0 > 0 {
        text.push_str(&format!(
            "fallback    at most {} texts more, {} characters, for terms that rules cannot repair\n",
            fallback.0, fallback.1
        ));
    }
    match price {
        Some(price) => text.push_str(&format!(
            "price       € {:.4} by the list price of {}\n",
            price.euro_per_million * *characters as f64 / 1e6,
            price.as_of
        )),
        None => text.push_str("price       none is known for this engine\n"),
    }
    text
}

impl From<pipeline::Error> for Failure {
    fn from(error: pipeline::Error) -> Self {
        use pipeline::Error;
        let text = error.to_string();
        let frozen = "run once without --frozen, and keep the memory file";
        match error {
            Error::Format(error) => error.into(),
            Error::Memory(error) => error.into(),
            Error::Engine(error) => error.into(),
            Error::NoEngine => no_engine(),
            Error::WouldSend { .. } | Error::WouldRetry { .. } => {
                Self::new(Exit::WouldSend, text).hint(frozen)
            }
            Error::OverCap { .. } => Self::new(Exit::Quota, text)
                .hint("raise --max-chars or --max-cost, or look with --dry-run"),
            Error::OverAccount { .. } => Self::new(Exit::Quota, text),
            Error::Interrupted { .. } => Self::new(Exit::Interrupted, text),
        }
    }
}

/// What to say when there is no engine.
fn no_engine() -> Failure {
    Failure::usage("no engine is configured, and no model is installed")
        .hint("install a model that runs on this machine: `overzet models pull nl-en` (`overzet models list` says how large it is)")
        .hint("or set a key: copy .env.example to .env and fill in one line, such as DEEPL_AUTH_KEY")
        .hint("or point at a server: LIBRETRANSLATE_URL, OLLAMA_HOST or OPENAI_BASE_URL")
        .hint("or try it without either: `overzet demo`, or `overzet mock` in a second window")
}

/// The first Ctrl-C asks to stop, a second one ends at once.
pub fn listen() -> CancelToken {
    let stop = CancelToken::default();
    let asked = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.set();
            print::err(
                "stopping: what is in flight is finished and kept; Ctrl-C again ends at once",
            );
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            print::end(Exit::Interrupted);
        }
    });
    stop
}
