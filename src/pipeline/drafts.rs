//! Drafts: those of the memory, and those that an engine is asked for.

use super::error::Error;
use super::resources::{Resources, SendLimits, Sending};
use crate::align::is_shuffled;
use crate::bitext::Unit;
use crate::engine::{self, BatchRun, Engine, Plan, RunStats, Term};
use crate::memory::{self, DraftScope, Store};
use crate::term::Glossary;
use std::ops::ControlFlow;

/// The drafts of one engine in the memory, by [`DraftScope::request_key`].
pub(super) struct DraftCache<'a> {
    memory: &'a Store,
    pub(super) scope: DraftScope,
    /// The digest of the terms that go along with a unit.
    digest: &'a (dyn Fn(&Unit) -> String + Sync),
}

impl<'a> DraftCache<'a> {
    pub(super) fn new(
        engine: &dyn Engine,
        with: &Resources<'a>,
        digest: &'a (dyn Fn(&Unit) -> String + Sync),
    ) -> Self {
        let scope = DraftScope {
            engine: engine.name().to_owned(),
            options: engine.options(),
            pair: with.pair.clone(),
        };
        Self {
            memory: with.memory,
            scope,
            digest,
        }
    }

    /// The key of the request that a unit is a part of.
    pub(super) fn key(&self, unit: &Unit) -> [u8; 32] {
        self.scope.request_key(&unit.source, &(self.digest)(unit))
    }

    pub(super) fn load(&self, units: &mut [Unit]) -> Result<usize, memory::Error> {
        self.memory
            .load_cached_drafts(units, &self.scope, &|unit| self.key(unit))
    }

    pub(super) fn keep(
        &self,
        units: &[&Unit],
        context: &str,
        now: i64,
    ) -> ControlFlow<String, Option<i64>> {
        let key = |unit: &Unit| self.key(unit);
        match self
            .memory
            .cache_drafts(&self.scope, units, &key, context, now)
        {
            Ok(first) => ControlFlow::Continue(first.then_some(now)),
            Err(error) => ControlFlow::Break(with_causes(&error)),
        }
    }

    pub(super) fn fill_provenance(&self, units: &mut [Unit]) -> Result<(), engine::Error> {
        let key = |unit: &Unit| self.key(unit);
        let filled = self.memory.fill_provenance(units, &key);
        filled.map_err(|error| engine::Error::NotKept {
            what: with_causes(&error),
        })
    }
}

/// An error with its causes, in one line.
fn with_causes(error: &memory::Error) -> String {
    let mut line = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        line.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    line
}

/// Gives units the drafts that are kept for them.
pub(super) fn load_cached_drafts(
    units: &mut [Unit],
    engine: &dyn Engine,
    with: &Resources<'_>,
) -> Result<(), memory::Error> {
    let digest = |unit: &Unit| digest(engine, with.glossary, unit);
    DraftCache::new(engine, with, &digest).load(units)?;
    Ok(())
}

/// The digest of the terms that an engine is given for a unit; empty for one that takes none.
pub(super) fn digest(engine: &dyn Engine, glossary: &Glossary, unit: &Unit) -> String {
    if engine.takes_terms() {
        glossary.digest_of(unit)
    } else {
        String::new()
    }
}

/// The terms of a unit as an engine takes them.
pub(super) fn terms(glossary: &Glossary, unit: &Unit) -> Vec<Term> {
    glossary
        .pairs(unit)
        .into_iter()
        .map(|pair| Term {
            source: pair.source,
            target: pair.target,
            forms: pair.forms,
            bans: pair.bans,
            span: pair.span,
            is_name: pair.is_name,
            note: pair.note,
        })
        .collect()
}

/// Sends what has no draft, within the limits, and keeps each draft the moment it arrives.
pub(super) async fn send(
    units: &mut [Unit],
    with: &Resources<'_>,
    sending: &Sending<'_>,
    limits: &SendLimits,
) -> Result<RunStats, Error> {
    let plan = plan_units(units, with, sending);
    let characters = plan.characters;
    let cap = limits.max_characters.filter(|_| sending.net.is_some());
    if plan.texts == 0 || limits.offline && sending.net.is_some() {
        return Ok(RunStats::default());
    }
    if limits.frozen {
        return Err(Error::WouldSend {
            texts: plan.texts,
            engine: sending.engine.name().to_owned(),
        });
    }
    if let Some(most) = cap.filter(|&most| characters > most) {
        return Err(Error::OverCap { characters, most });
    }
    with.memory.create()?;
    if let Some(left) = sending.engine.remaining().await?
        && left < characters
    {
        return Err(Error::OverAccount { characters, left });
    }
    let digest = |unit: &Unit| digest(sending.engine, with.glossary, unit);
    let cache = DraftCache::new(sending.engine, with, &digest);
    let is_dutch_to_english = with.pair.source.base() == "nl" && with.pair.target.base() == "en";
    let run = BatchRun {
        engine: sending.engine,
        net: sending.net,
        pair: &with.pair,
        terms: &|unit| terms(with.glossary, unit),
        own_glossary: true,
        key: &|unit| cache.key(unit),
        keep: &|units, context| cache.keep(units, context, (sending.now)()),
        stop: sending.stop,
        progress: sending.progress,
        max_characters: cap,
        is_shuffled: is_dutch_to_english.then_some(&is_shuffled),
    };
    let mut stats = engine::translate_units(units, &run).await;
    // Recorded when each draft arrived: the report of a second run says the same.
    if let Err(error) = cache.fill_provenance(units) {
        stats.fatal = Some(error);
    }
    Ok(stats)
}

/// What [`send`] would send.
pub(super) fn plan_units(units: &[Unit], with: &Resources<'_>, sending: &Sending<'_>) -> Plan {
    let digest = |unit: &Unit| digest(sending.engine, with.glossary, unit);
    let cache = DraftCache::new(sending.engine, with, &digest);
    let terms = |unit: &Unit| terms(with.glossary, unit);
    engine::plan(units, sending.engine, sending.net, &terms, &|unit| {
        cache.key(unit)
    })
}
