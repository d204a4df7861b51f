//! What bounds what is sent, the same for every subcommand that asks an engine: look first, send nothing, fail rather than send, a cap.

use super::failure::{Exit, Failure};
use super::{print, session::Session};
use crate::bitext::Unit;
use crate::engine::{self, Engine, Entry, Filled, Net, Plan, Stop};
use crate::pipeline::{self, Resources, Sending};
use crate::workflow::{Host, HostProgress};

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
    pub fn offline(&self, world: &Session) -> bool {
        self.offline || world.setup.settings.is_on("offline")
    }

    /// Whether sending is a failure, by the flag or the setting.
    pub fn frozen(&self, world: &Session) -> bool {
        self.frozen || world.setup.settings.is_on("frozen")
    }
}

/// An engine with what bounds its run.
pub struct Sender<'a> {
    /// The surroundings.
    pub world: &'a Session,
    /// The user's bounds.
    pub bounds: &'a Bounds,
    /// The engine's row.
    pub entry: Option<&'static Entry>,
    /// The engine.
    pub engine: &'a dyn Engine,
    /// The network, used if the engine's row says so.
    pub net: &'a Net,
    /// Asks to stop.
    pub stop: &'a Stop,
}

impl Sender<'_> {
    /// Characters that this run may send at most, by count or by price.
    pub fn cap(&self) -> Option<u64> {
        let number = |key: &str| self.world.setup.settings.number(key);
        let cap = self
            .bounds
            .max_chars
            .or_else(|| number("max_chars").map(|n| n as u64));
        let priced = self
            .bounds
            .max_cost
            .or_else(|| number("max_cost"))
            .zip(self.entry.and_then(|e| e.price))
            .map(|(cost, price)| (cost / price.euro_per_million * 1e6) as u64);
        match (cap, priced) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Guards and sends; in a dry run it says what would be sent, and gives nothing.
    ///
    /// Errors: what the bounds forbid; an account that has too little left.
    pub async fn fill(
        &self,
        units: &mut [Unit],
        with: &Resources<'_>,
    ) -> Result<Option<Filled>, Failure> {
        let sends = self.entry.is_some_and(|e| e.uses_net);
        let net = sends.then_some(self.net);
        let price = self.entry.and_then(|e| e.price);
        let plan = engine::plan(units, self.engine, net, price);
        if self.bounds.dry_run {
            print::out(told(&plan, self.engine.name()).as_bytes())?;
            return Ok(None);
        }
        if plan.texts == 0 || sends && self.bounds.offline(self.world) {
            return Ok(Some(Filled::default()));
        }
        if self.bounds.frozen(self.world) {
            return Err(Failure::new(
                Exit::WouldSend,
                format!(
                    "{} segments would be sent to {}",
                    plan.texts,
                    self.engine.name()
                ),
            )
            .hint("run once without --frozen, and keep the memory file"));
        }
        let most = self.cap();
        if let Some(most) = most.filter(|most| sends && plan.characters > *most) {
            return Err(Failure::new(
                Exit::Quota,
                format!(
                    "{} characters would be sent, the cap allows {most}",
                    plan.characters
                ),
            )
            .hint("raise --max-chars or --max-cost, or look with --dry-run"));
        }
        if let Some(left) = self
            .engine
            .remaining()
            .await?
            .filter(|left| *left < plan.characters)
        {
            return Err(Failure::new(
                Exit::Quota,
                format!(
                    "{} characters would be sent, the account has {left} left",
                    plan.characters
                ),
            ));
        }
        let told = |progress: engine::Progress| {
            self.world.progress(HostProgress::Texts {
                done: progress.done as u64,
                total: plan.texts as u64,
            });
        };
        let sending = Sending {
            engine: self.engine,
            net,
            stop: self.stop,
            progress: &told,
            max_characters: most.filter(|_| sends),
            now: &|| self.world.now(),
        };
        let filled = pipeline::fill(units, with, &sending).await;
        self.world.progress(HostProgress::Finished);
        Ok(Some(filled))
    }
}

/// The plan in words.
fn told(plan: &Plan, engine: &str) -> String {
    let mut text = format!(
        "engine      {engine}\nsegments    {}\nready       {} (memory, copies)\nrepeats     {}\nto send     {} texts in {} requests\ncharacters  {}\n",
        plan.segments, plan.ready, plan.repeats, plan.texts, plan.requests, plan.characters
    );
    match (plan.euro, plan.price_as_of) {
        (Some(euro), Some(as_of)) => text.push_str(&format!(
            "price       € {euro:.4} by the list price of {as_of}\n"
        )),
        _ => text.push_str("price       none is known for this engine\n"),
    }
    text
}

/// The first Ctrl-C asks to stop, a second one ends at once.
pub fn listen() -> Stop {
    let stop = Stop::default();
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
