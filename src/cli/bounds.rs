//! The options that bound what is sent, and the plan of a dry run in words.

use super::failure::Failure;
use super::print;
use crate::engine::Plan;
use crate::workflow::Setup;
use crate::workflow::budget::Bounds;

/// Options that bound what is sent.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BoundsArgs {
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

/// Prints what would be sent to an engine.
///
/// Errors: as [`print::out`].
pub fn print_plan(plan: &Plan, engine: &str) -> Result<(), Failure> {
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
    print::out(text.as_bytes())
}
