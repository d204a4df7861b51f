//! The bounds of what is sent, the same for every workflow that asks an engine: look first, send nothing, fail rather than send, a cap.

use super::{Error, Host, HostProgress};
use crate::bitext::Unit;
use crate::config::Settings;
use crate::engine::{self, Engine, Entry, Filled, Net, Plan};
use crate::pipeline::{self, Resources, Sending};

/// Bounds of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bounds {
    /// Whether only a plan is made.
    pub dry_run: bool,
    /// Whether nothing may be sent.
    pub offline: bool,
    /// Whether it is an error if something would be sent.
    pub frozen: bool,
    /// Characters that may be sent at most.
    pub max_characters: Option<u64>,
    /// Euro that the run may cost at most, by the dated list price.
    pub max_euro: Option<f64>,
}

impl Bounds {
    /// These bounds, and those of the settings where these are silent.
    #[must_use]
    pub fn or(self, settings: &Settings) -> Self {
        let characters = settings.number("max_chars").map(|n| n as u64);
        Self {
            offline: self.offline || settings.is_on("offline"),
            frozen: self.frozen || settings.is_on("frozen"),
            max_characters: self.max_characters.or(characters),
            max_euro: self.max_euro.or_else(|| settings.number("max_cost")),
            ..self
        }
    }

    /// Whether anything may be sent at all.
    pub fn allow_sending(&self) -> bool {
        !self.offline && !self.frozen && !self.dry_run
    }

    /// Characters that a run with this engine may send at most, by count or by price.
    pub fn cap(&self, entry: Option<&Entry>) -> Option<u64> {
        let price = entry.and_then(|entry| entry.price);
        let priced = self
            .max_euro
            .zip(price)
            .map(|(euro, price)| (euro / price.euro_per_million * 1e6) as u64);
        match (self.max_characters, priced) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

/// An engine with the bounds of its run.
pub struct BoundedEngine<'a> {
    /// Who runs it.
    pub host: &'a dyn Host,
    /// The bounds.
    pub bounds: &'a Bounds,
    /// The engine's row.
    pub entry: Option<&'static Entry>,
    /// The engine.
    pub engine: &'a dyn Engine,
    /// The network, used if the engine's row says so.
    pub net: &'a Net,
}

/// What came of asking.
pub enum Sent {
    /// A dry run: what would be sent.
    Planned(Plan),
    /// What was sent.
    Filled(Filled),
}

impl BoundedEngine<'_> {
    /// Guards and sends.
    ///
    /// Errors: [`Error::WouldSend`], [`Error::OverCap`], [`Error::OverQuota`] before anything is sent.
    pub async fn fill(&self, units: &mut [Unit], with: &Resources<'_>) -> Result<Sent, Error> {
        let sends = self.entry.is_some_and(|entry| entry.uses_net);
        let net = sends.then_some(self.net);
        let price = self.entry.and_then(|entry| entry.price);
        let plan = engine::plan(units, self.engine, net, price);
        if self.bounds.dry_run {
            return Ok(Sent::Planned(plan));
        }
        if plan.texts == 0 || sends && self.bounds.offline {
            return Ok(Sent::Filled(Filled::default()));
        }
        if self.bounds.frozen {
            return Err(Error::WouldSend {
                segments: plan.texts,
                to: format!("to {}", self.engine.name()),
            });
        }
        let characters = plan.characters;
        let cap = self.bounds.cap(self.entry).filter(|_| sends);
        if let Some(cap) = cap.filter(|cap| characters > *cap) {
            return Err(Error::OverCap { characters, cap });
        }
        let left = self.engine.remaining().await?;
        if let Some(left) = left.filter(|left| *left < characters) {
            return Err(Error::OverQuota { characters, left });
        }
        let total = plan.texts as u64;
        let sending = Sending {
            engine: self.engine,
            net,
            stop: &self.host.cancelled(),
            progress: &|progress| {
                let done = progress.done as u64;
                self.host.progress(HostProgress::Texts { done, total });
            },
            max_characters: cap,
            now: &|| self.host.now(),
        };
        let filled = pipeline::fill(units, with, &sending).await;
        self.host.progress(HostProgress::Finished);
        Ok(Sent::Filled(filled))
    }
}
