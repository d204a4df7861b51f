//! The options that bound what is sent, and the plan of a dry run in words.

use super::failure::Failure;
use super::print;
use crate::workflow::Setup;
use crate::workflow::budget::{Bounds, PricedPlan};

/// Options that bound what is sent.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BoundsArgs {
    /// Show the volume and price of the run without sending anything
    #[arg(long)]
    pub dry_run: bool,
    /// Send nothing; texts that are not in the memory stay untranslated
    #[arg(long)]
    pub offline: bool,
    /// Exit 8 if anything would be sent
    #[arg(long)]
    pub frozen: bool,
    /// Maximum number of characters to send
    #[arg(long)]
    pub max_chars: Option<u64>,
    /// Maximum cost of the run in euros, by the dated list price
    #[arg(long, allow_negative_numbers = true, value_parser = euros)]
    pub max_cost: Option<f64>,
}

impl BoundsArgs {
    /// The bounds of the options, and those of the settings where these are silent.
    pub fn bounds(&self, setup: &Setup) -> Bounds {
        let own = Bounds {
            dry_run: self.dry_run,
            offline: self.offline,
            frozen: self.frozen,
            max_characters: self.max_chars,
            max_euro: self.max_cost,
        };
        own.or(&setup.settings)
    }
}

/// An amount of money that can be a cap.
fn euros(text: &str) -> Result<f64, &'static str> {
    let amount = text.parse().ok().filter(|amount: &f64| *amount >= 0.0);
    amount.ok_or("expected a number, 0 or more")
}

/// Prints what the engine would be sent, and what the fallback may add.
///
/// Errors: as [`print::out`].
pub fn print_plan(priced: &PricedPlan) -> Result<(), Failure> {
    let plan = &priced.plan;
    let mut text = format!(
        "engine      {}\nsegments    {}\nready       {} (memory, copies)\nrepeats     {}\n\
         to send     {} texts in {} requests\ncharacters  {}\n",
        priced.engine.as_deref().unwrap_or("none"),
        plan.segments,
        plan.ready,
        plan.repeats,
        plan.texts,
        plan.requests,
        plan.characters
    );
    if priced.fallback_texts > 0 {
        text.push_str(&format!(
            "fallback    at most {} texts more, {} characters, for terms that rules cannot \
             repair\n",
            priced.fallback_texts, priced.fallback_characters
        ));
    }
    match priced.price {
        Some(price) => text.push_str(&format!(
            "price       € {:.4} by the list price of {}\n",
            price.euro_per_million * plan.characters as f64 / 1e6,
            price.as_of
        )),
        None => text.push_str("price       none is known for this engine\n"),
    }
    print::out(text.as_bytes())
}
