//! The bounds of what is sent, the same for every workflow that asks an engine; and what a run
//! would send.

use crate::config::Settings;
use crate::engine::{Entry, Plan, Price};
use crate::pipeline::SendLimits;

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

    /// The limits of a run with this engine; a cost is turned into characters by the engine's list
    /// price.
    pub fn limits(&self, entry: Option<&Entry>) -> SendLimits {
        let price = entry.and_then(|entry| entry.price);
        let priced = self
            .max_euro
            .zip(price)
            .map(|(euro, price)| (euro / price.euro_per_million * 1e6) as u64);
        SendLimits {
            offline: self.offline,
            frozen: self.frozen,
            max_characters: [self.max_characters, priced].into_iter().flatten().min(),
        }
    }
}

/// What a run would send, and its price.
#[derive(Debug, Clone)]
pub struct PricedPlan {
    /// Name of the engine; none where no engine would be asked.
    pub engine: Option<String>,
    /// List price of the engine.
    pub price: Option<Price>,
    /// What the engine is sent, if nothing fails.
    pub plan: Plan,
    /// Texts that the fallback for terms may add at most.
    pub fallback_texts: usize,
    /// Characters of these.
    pub fallback_characters: u64,
}
