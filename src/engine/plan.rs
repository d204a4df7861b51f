//! The plan of a run: what would be sent, counted before anything is sent.

use super::fill::{batches, collect, item};
use super::pace::FIRST_TEXTS;
use super::transport::Transport;
use super::{Engine, Term};
use crate::bitext::{State, Unit};

/// The answer of `--dry-run`: what [`super::translate_units`] sends if nothing fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// Units of the document.
    pub segments: usize,
    /// Units that have their target already, from memory or by copy.
    pub ready: usize,
    /// Units whose text another unit sends.
    pub repeats: usize,
    /// Texts that are sent.
    pub texts: usize,
    /// Characters (code points) of these texts.
    pub characters: u64,
    /// Requests.
    pub requests: usize,
}

/// Counts what [`super::translate_units`] sends for these units; `terms` and `key` are those of
/// [`super::BatchRun`].
pub fn plan(
    units: &[Unit],
    engine: &dyn Engine,
    net: Option<&dyn Transport>,
    terms: &dyn Fn(&Unit) -> Vec<Term>,
    key: &dyn Fn(&Unit) -> [u8; 32],
) -> Plan {
    let texts = collect(units, key);
    let first = || texts.iter().map(|text| &units[text.first]);
    let items = first().enumerate().map(|(at, unit)| {
        let terms = engine.takes_terms().then(|| terms(unit));
        item(at, unit, terms.unwrap_or_default())
    });
    let is_ready = |unit: &&Unit| unit.state != State::Untranslated;
    Plan {
        segments: units.len(),
        ready: units.iter().filter(is_ready).count(),
        repeats: texts.iter().map(|text| text.units().count() - 1).sum(),
        texts: texts.len(),
        characters: first()
            .map(|unit| unit.source.plain.chars().count() as u64)
            .sum(),
        requests: requests(&batches(engine, net, items), engine.starts_small()),
    }
}

/// Requests for these batches. The first one is small where the pace of the engine is unknown; a
/// pace that turns out to be slow makes more of them.
fn requests(batches: &[Vec<usize>], starts_small: bool) -> usize {
    let is_cut = |first: &Vec<usize>| starts_small && first.len() > FIRST_TEXTS;
    batches.len() + usize::from(batches.first().is_some_and(is_cut))
}
