//! The line as code: bytes in, an edition out.
//!
//! ```text
//! bytes → read → split → find → reuse → recall → fill → climb → enforce → words → check → edition
//! ```

pub mod ladder;

use crate::align::{self, Alignment, Given, Lexicon, word};
use crate::bitext::{Document, Edition, Finding, Lang, LangPair, Origin, Role, State, Unit};
use crate::engine::{self, Engine, Filled, Job, Net, Progress, Stop, Term};
use crate::memory::{self, Scope, Store};
use crate::segment::{self, Splitter};
use crate::term::{self, Glossary};
use crate::{check, format};
use std::ops::ControlFlow;

/// What becomes of page furniture such as "Aanbevolen video's".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Furniture {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is left out of the edition.
    Drop,
    /// It is translated like the rest.
    Translate,
}

/// What the line works with.
pub struct Resources<'a> {
    /// From which language to which.
    pub pair: LangPair,
    /// Cuts the source.
    pub splitter: &'a Splitter,
    /// The desk's terms.
    pub glossary: &'a Glossary,
    /// What was translated before.
    pub memory: &'a Store,
    /// What becomes of page furniture.
    pub furniture: Furniture,
    /// Names of checks that are silenced.
    pub silenced: &'a [String],
}

/// An engine with what its run needs.
pub struct Sending<'a> {
    /// The engine.
    pub engine: &'a dyn Engine,
    /// The network that it uses, if it uses one.
    pub net: Option<&'a Net>,
    /// Asks to stop.
    pub stop: &'a Stop,
    /// Told how far it is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Characters that may be sent at most.
    pub max_characters: Option<u64>,
    /// Seconds since 1970-01-01 UTC.
    pub now: &'a (dyn Fn() -> i64 + Sync),
}

/// Reads a document, cuts it, finds its terms, and settles what no engine needs to see.
///
/// Errors: [`format::Error`] for a document that cannot be read.
pub fn prepare(
    bytes: &[u8],
    name: Option<&str>,
    format: Option<&str>,
    with: &Resources<'_>,
) -> Result<Edition, format::Error> {
    let document = format::read(bytes, name, format, &Lang::new(with.pair.source.tag()))?;
    let mut units = segment::split(&document, with.splitter);
    settle(&mut units, &document, with.furniture);
    term::find(&mut units, with.glossary);
    Ok(Edition { document, units })
}

/// Copies what has no words, and keeps or drops furniture.
fn settle(units: &mut [Unit], document: &Document, furniture: Furniture) {
    debug_assert!(
        units
            .iter()
            .all(|u| u.block as usize <= document.blocks.len())
    );
    for unit in units {
        let wordless = !unit.source.plain.chars().any(char::is_alphanumeric);
        let kept = unit.role == Role::Furniture && furniture == Furniture::Keep;
        if wordless || kept {
            unit.target = unit.source.clone();
            unit.origin = Origin::Copied;
            unit.state = State::Translated;
        }
        if unit.role == Role::Furniture && furniture != Furniture::Translate {
            let what = if kept { "kept in Dutch" } else { "left out" };
            let message = format!("page furniture, {what}");
            unit.findings.push(Finding::warning("furniture", message));
            unit.state = State::Translated;
        }
    }
}

/// The memory's keys for an engine.
pub fn scope(engine: &dyn Engine, pair: &LangPair) -> Scope {
    Scope {
        engine: engine.name().to_owned(),
        options: engine.options(),
        pair: pair.clone(),
    }
}

/// The digest of the terms that an engine is given for a unit; empty for one that takes none.
fn digest(engine: &dyn Engine, glossary: &Glossary, unit: &Unit) -> String {
    if engine.takes_terms() {
        glossary.digest_of(unit)
    } else {
        String::new()
    }
}

/// From how many per cent on a match of the memory is shown.
pub const LEAST: u8 = 70;

/// Gives units what a person made of the very same text, and shows the others what is like them.
///
/// Errors: as the memory's.
pub fn reuse(edition: &mut Edition, with: &Resources<'_>) -> Result<usize, memory::Error> {
    with.memory.reuse(&mut edition.units, &with.pair, LEAST)
}

/// The terms of a unit as an engine takes them.
fn terms(glossary: &Glossary, unit: &Unit) -> Vec<Term> {
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

/// Counts what the checks find in a unit beside its terms: a repair that adds a finding is undone.
fn guard<'a>(with: &'a Resources<'a>) -> impl Fn(&Unit) -> usize + 'a {
    |unit| {
        let context = check::CheckContext {
            glossary: with.glossary,
            pair: &with.pair,
            silenced: with.silenced,
        };
        check::unit(unit, &context)
            .iter()
            .filter(|f| f.check != "terms")
            .count()
    }
}

/// Gives units the drafts that are kept for them.
///
/// Errors: as the memory's.
pub fn recall(
    units: &mut [Unit],
    engine: &dyn Engine,
    with: &Resources<'_>,
) -> Result<usize, memory::Error> {
    let scope = scope(engine, &with.pair);
    with.memory
        .recall(units, &scope, &|unit| digest(engine, with.glossary, unit))
}

/// Asks the engine for what is missing, and keeps each draft the moment it arrives.
pub async fn fill(units: &mut [Unit], with: &Resources<'_>, sending: &Sending<'_>) -> Filled {
    let scope = scope(sending.engine, &with.pair);
    let keep = |units: &[&Unit], context: &str| {
        let now = (sending.now)();
        let kept = with.memory.keep(
            &scope,
            units,
            &|unit| digest(sending.engine, with.glossary, unit),
            context,
            now,
        );
        match kept {
            Ok(first) => ControlFlow::Continue(first.then_some(now)),
            Err(error) => ControlFlow::Break(error.to_string()),
        }
    };
    let terms = |unit: &Unit| terms(with.glossary, unit);
    let job = Job {
        engine: sending.engine,
        net: sending.net,
        pair: &with.pair,
        terms: &terms,
        keep: &keep,
        stop: sending.stop,
        progress: sending.progress,
        max_characters: sending.max_characters,
    };
    let filled = engine::fill(units, &job).await;
    // Recorded when each draft arrived: the report of a second run says the same.
    if let Err(error) = with.memory.stamp(units, &scope, &|unit| {
        digest(sending.engine, with.glossary, unit)
    }) {
        return Filled {
            fatal: Some(engine::Error::NotKept {
                what: error.to_string(),
            }),
            ..filled
        };
    }
    filled
}

/// Aligns two texts that exist already, judges terms without repairing any, and checks the pairs.
///
/// Shape: `source` and `target` are cut texts, each as the sources of its units; what comes back has one unit per bead.
pub fn align(
    source: &[Unit],
    target: &[Unit],
    given: &Given<'_>,
    with: &check::CheckContext<'_>,
) -> (Vec<Unit>, Alignment) {
    let here = align::segments(source, &given.pair.source);
    let there = align::segments(target, &given.pair.target);
    let alignment = align::sentences(&here, &there, given);
    let mut units = align::units(&alignment.beads, source, target, given.pair);
    term::find(&mut units, with.glossary);
    term::judge(&mut units, with.glossary);
    check::run(&mut units, with);
    (units, alignment)
}

/// Judges and repairs terms, checks everything, and marks what a person must look at.
pub fn finish(edition: &mut Edition, with: &Resources<'_>) {
    let context = check::CheckContext {
        glossary: with.glossary,
        pair: &with.pair,
        silenced: with.silenced,
    };
    let guard = guard(with);
    // Before enforcement, so that a term is credited to the words that it became; a repair moves its unit's links along.
    if edition.units.len() <= LINKED {
        words(&mut edition.units, &with.pair);
    }
    // What a person wrote is judged, never rewritten; furniture that stays in Dutch on purpose breaks no rule of the glossary.
    check::parts(&mut edition.units, |units| {
        for unit in units {
            let (is_theirs, is_exempt) = (by_person(unit), check::is_exempt(unit));
            let unit = std::slice::from_mut(unit);
            if is_theirs {
                term::judge(unit, with.glossary);
            } else if !is_exempt {
                term::enforce(unit, with.glossary, &guard);
            }
        }
    });
    word::settle(&mut edition.units);
    check::run(&mut edition.units, &context);
    for unit in &mut edition.units {
        let wrong = unit
            .findings
            .iter()
            .any(|f| f.severity == crate::bitext::Severity::Error || f.check == "confidence");
        if wrong && unit.state == State::Translated {
            unit.state = State::NeedsReview;
        }
    }
}

/// Segments up to which a document's words are linked: an article or a book has fewer, and of a corpus nobody opens the page. Learning links takes
/// longer than all the rest of the line; `align --words` does it for pairs of any number.
pub const LINKED: usize = 5_000;

/// Links the words of units whose engine did not, or whose target is no longer what it linked.
pub fn words(units: &mut [Unit], pair: &LangPair) {
    let lexicon = Lexicon::built_in(pair);
    let mut aligner = word::Aligner::new(word::Knowledge::new(&lexicon, pair));
    word::link(units, &mut aligner, word::Which::Missing);
}

/// Whether a person made the target, here or for the same text before.
fn by_person(unit: &Unit) -> bool {
    matches!(unit.origin, Origin::Human | Origin::Memory(_))
}
