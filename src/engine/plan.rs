//! What a run would send, before anything is sent.

use super::fill::{batches, flat, waits};
use super::transport::Transport;
use super::{Engine, Item, Price};
use crate::bitext::{State, Text, Unit};
use std::collections::HashSet;

/// The answer of `--dry-run`.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Units of the document.
    pub segments: usize,
    /// Units that have their target already, from memory or by copy.
    pub ready: usize,
    /// Units whose text another unit sends.
    pub repeats: usize,
    /// Texts that would be sent.
    pub texts: usize,
    /// Characters that would be billed.
    pub characters: u64,
    /// Requests.
    pub requests: usize,
    /// Euro, by the dated list price.
    pub euro: Option<f64>,
    /// When the price was looked up.
    pub price_as_of: Option<&'static str>,
}

/// Counts what [`super::fill()`] would send for these units.
pub fn plan(
    units: &[Unit],
    engine: &dyn Engine,
    net: Option<&dyn Transport>,
    price: Option<Price>,
) -> Plan {
    let mut seen = HashSet::new();
    let mut texts: Vec<&Text> = Vec::new();
    let mut repeats = 0;
    for unit in units.iter().filter(|unit| waits(unit)) {
        if !seen.insert(&unit.source) {
            repeats += 1;
            continue;
        }
        texts.push(&unit.source);
    }
    let characters: u64 = texts.iter().map(|t| t.plain.chars().count() as u64).sum();
    let items = texts.iter().enumerate().map(|(at, text)| Item {
        id: at as u32,
        text: flat(text),
        terms: Vec::new(),
    });
    Plan {
        segments: units.len(),
        ready: units
            .iter()
            .filter(|u| u.state != State::Untranslated)
            .count(),
        repeats,
        texts: texts.len(),
        characters,
        requests: batches(engine, net, items).len(),
        euro: price.map(|p| p.euro_per_million * characters as f64 / 1e6),
        price_as_of: price.map(|p| p.as_of),
    }
}
