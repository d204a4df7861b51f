//! The line as one function: the bytes of a document in, an edition out.
//!
//! [`translate`] is the drawing of `ARCHITECTURE.md` as code, and a test holds the two together.
//! [`plan`] is the same line up to the point where something would be sent.

mod aligning;
mod term_fallback;

pub use aligning::{
    AlignEvidence, AlignInput, AlignResources, AlignSide, AlignedTexts, SentenceVectors, align,
    engine_translations, plan_engine_translations, remembered_translations,
};
pub use term_fallback::{FallbackEngines, FallbackStats, window};

use crate::align::{Lexicon, word};
use crate::bitext::{Edition, Finding, LangPair, Notice, Origin, Role, Severity, State, Unit};
use crate::engine::{self, BatchRun, CancelToken, Engine, Progress, RunStats, Term, Transport};
use crate::memory::{self, DraftScope, Store};
use crate::segment::{self, Splitter};
use crate::term::{self, Glossary};
use crate::{check, format};
use std::borrow::Cow;
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

/// A document as it comes in.
#[derive(Debug, Clone)]
pub struct DocumentInput<'a> {
    /// The bytes of the file. Owned bytes are given back to the system as soon as they are read.
    pub bytes: Cow<'a, [u8]>,
    /// The name of the file, whose ending chooses the format.
    pub name: Option<&'a str>,
    /// The name of the format, a row of [`format::FORMATS`], where the user chose it.
    pub format: Option<&'a str>,
}

impl<'a> DocumentInput<'a> {
    /// A document of this name.
    pub fn named(bytes: impl Into<Cow<'a, [u8]>>, name: &'a str) -> Self {
        Self {
            bytes: bytes.into(),
            name: Some(name),
            format: None,
        }
    }
}

/// What the line works with.
#[derive(Clone)]
pub struct Resources<'a> {
    /// From which language to which.
    pub pair: LangPair,
    /// Cuts the source.
    pub splitter: &'a Splitter,
    /// The desk's terms.
    pub glossary: &'a Glossary,
    /// Earlier translations.
    pub memory: &'a Store,
    /// What becomes of page furniture.
    pub furniture: Furniture,
    /// Names of checks that are silenced.
    pub silenced: &'a [String],
}

impl<'a> Resources<'a> {
    /// These, with page furniture kept in Dutch and no check silenced.
    pub fn new(
        pair: LangPair,
        splitter: &'a Splitter,
        glossary: &'a Glossary,
        memory: &'a Store,
    ) -> Self {
        Self {
            pair,
            splitter,
            glossary,
            memory,
            furniture: Furniture::default(),
            silenced: &[],
        }
    }
}

/// The engines of a run with what they need.
pub struct Sending<'a> {
    /// The engine that translates.
    pub engine: &'a dyn Engine,
    /// The network that it uses; none for an engine that sends nothing.
    pub net: Option<&'a dyn Transport>,
    /// Engines that are asked where its terms cannot be repaired.
    pub fallback: FallbackEngines<'a>,
    /// Asks to stop.
    pub stop: &'a CancelToken,
    /// Called after every answer of the engine that translates.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Seconds since 1970-01-01 UTC.
    pub now: &'a (dyn Fn() -> i64 + Sync),
}

impl<'a> Sending<'a> {
    /// An engine alone: no fallback, progress not reported, drafts dated 1970-01-01.
    pub fn new(
        engine: &'a dyn Engine,
        net: Option<&'a dyn Transport>,
        stop: &'a CancelToken,
    ) -> Self {
        Self {
            engine,
            net,
            fallback: FallbackEngines::default(),
            stop,
            progress: &|_| {},
            now: &|| 0,
        }
    }
}

/// The bounds of a run: what may be sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SendLimits {
    /// Nothing is sent over the network; texts without a cached draft stay untranslated.
    pub offline: bool,
    /// A text that would be sent is an error.
    pub frozen: bool,
    /// Characters that may be sent over the network at most, every attempt counted.
    pub max_characters: Option<u64>,
}

/// A translated document.
#[derive(Debug)]
pub struct Translation {
    /// The edition; units that could not be translated are marked.
    pub edition: Edition,
    /// What was sent, the fallback included. [`RunStats::fatal`] is the failure of the network that
    /// left some units untranslated.
    pub stats: RunStats,
    /// The figures of the fallback alone.
    pub fallback: FallbackStats,
}

/// What a run would send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslationPlan {
    /// What the engine is sent, if nothing fails.
    pub engine: engine::Plan,
    /// Texts that the fallback may add at most.
    pub fallback_texts: usize,
    /// Characters of these.
    pub fallback_characters: u64,
    /// What the reader of the document wants a person to know.
    pub notices: Vec<Notice>,
}

/// Why a document could not be translated. The drafts that arrived before are kept in the memory.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The document cannot be read.
    #[error(transparent)]
    Format(#[from] format::Error),
    /// The memory cannot be used.
    #[error(transparent)]
    Memory(#[from] memory::Error),
    /// The engine cannot go on.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// Units wait, and there is no engine.
    #[error("no engine is configured")]
    NoEngine,
    /// The run is frozen, and texts would be sent.
    #[error("{texts} segments would be sent to {engine}")]
    WouldSend {
        /// How many.
        texts: usize,
        /// Name of the engine.
        engine: String,
    },
    /// The run is frozen, and the fallback would send texts.
    #[error("{texts} segments would be sent to repair their terms")]
    WouldRetry {
        /// How many.
        texts: usize,
    },
    /// The plan passes the cap.
    #[error("{characters} characters would be sent, the cap allows {most}")]
    OverCap {
        /// Characters of the plan.
        characters: u64,
        /// Characters that are allowed.
        most: u64,
    },
    /// The account has too little left.
    #[error("{characters} characters would be sent, the account has {left} left")]
    OverAccount {
        /// Characters of the plan.
        characters: u64,
        /// Characters that are left.
        left: u64,
    },
    /// Somebody asked to stop.
    #[error("interrupted; {done} of {total} segments are kept")]
    Interrupted {
        /// Units that have their target.
        done: usize,
        /// All units.
        total: usize,
    },
}

/// Takes a document through the line, from its bytes to the checked edition.
///
/// Without `sending` only the memory translates. The edition is written by [`format::edition`], its
/// pairs by [`format::write_pairs`].
///
/// Errors: [`Error`]. A network that fails on the way, after the first drafts, is not an error:
/// [`Translation::stats`] has it, and the units that are left are marked.
pub async fn translate(
    input: DocumentInput<'_>,
    with: &Resources<'_>,
    sending: Option<&Sending<'_>>,
    limits: &SendLimits,
) -> Result<Translation, Error> {
    let mut edition = prepare(input, with, sending, limits)?;
    let (mut stats, mut fallback) = (RunStats::default(), FallbackStats::default());
    if let Some(sending) = sending {
        stats = send(&mut edition.units, with, sending, limits).await?;
        if !stats.stopped && stats.fatal.is_none() {
            fallback = fall_back(&mut edition.units, with, sending, limits, &stats).await?;
        }
        stats.add(RunStats {
            fatal: None,
            ..fallback.run.clone()
        });
    }
    let waiting = count(&edition.units, |unit| unit.state == State::Untranslated);
    let (done, total) = (edition.units.len() - waiting, edition.units.len());
    if stats.stopped {
        return Err(Error::Interrupted { done, total });
    }
    if let Some(error) = &stats.fatal {
        use engine::Error::{Network, RateLimited};
        let is_out_of_reach = matches!(error, Network { .. } | RateLimited { .. });
        if done == 0 || !is_out_of_reach {
            return Err(error.clone().into());
        }
    }
    finish(&mut edition.units, with);
    Ok(Translation {
        edition,
        stats,
        fallback,
    })
}

/// Says what [`translate`] would send, by the same stations up to the first that sends.
///
/// Errors: [`Error::Format`], [`Error::Memory`], [`Error::NoEngine`].
pub async fn plan(
    input: DocumentInput<'_>,
    with: &Resources<'_>,
    sending: Option<&Sending<'_>>,
    limits: &SendLimits,
) -> Result<TranslationPlan, Error> {
    let mut edition = prepare(input, with, sending, limits)?;
    let mut plan = TranslationPlan {
        engine: engine::Plan::default(),
        fallback_texts: 0,
        fallback_characters: 0,
        notices: std::mem::take(&mut edition.document.notices),
    };
    if let Some(sending) = sending {
        plan.engine = plan_units(&edition.units, with, sending);
        (plan.fallback_texts, plan.fallback_characters) =
            term_fallback::at_most(&mut edition.units, with, sending).await;
    }
    Ok(plan)
}

/// Everything before the first station that sends: read, cut, copy, find terms, ask the memory.
fn prepare(
    input: DocumentInput<'_>,
    with: &Resources<'_>,
    sending: Option<&Sending<'_>>,
    limits: &SendLimits,
) -> Result<Edition, Error> {
    let document = format::read(&input.bytes, input.name, input.format, &with.pair.source)?;
    drop(input);
    let mut units = segment::split(&document, with.splitter);
    copy_untranslatable(&mut units, with.furniture);
    term::find(&mut units, with.glossary);
    with.memory
        .apply_exact_matches(&mut units, &with.pair, MIN_MATCH_PERCENT)?;
    match sending {
        Some(sending) => load_cached_drafts(&mut units, sending.engine, with)?,
        None if limits.offline => {}
        None if units.iter().any(|unit| unit.state == State::Untranslated) => {
            return Err(Error::NoEngine);
        }
        None => {}
    }
    Ok(Edition { document, units })
}

/// Judges and repairs terms, checks everything, and marks what a person must look at.
fn finish(units: &mut [Unit], with: &Resources<'_>) {
    // Before enforcement, so that a term is credited to the words that it became; a repair moves its
    // unit's links along.
    if units.len() <= MAX_LINKED_UNITS {
        link_words(units, &with.pair);
    }
    enforce(units, with);
    word::link_repaired(units);
    check::run(units, &check_context(with));
    for unit in units {
        let is_wrong = |finding: &Finding| {
            finding.severity == Severity::Error || finding.check == "confidence"
        };
        if unit.state == State::Translated && unit.findings.iter().any(is_wrong) {
            unit.state = State::NeedsReview;
        }
    }
}

/// Sends what has no draft, within the limits, and keeps each draft the moment it arrives.
async fn send(
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
    if let Some(left) = sending.engine.remaining().await?
        && left < characters
    {
        return Err(Error::OverAccount { characters, left });
    }
    let digest = |unit: &Unit| digest(sending.engine, with.glossary, unit);
    let cache = DraftCache::new(sending.engine, with, &digest);
    let run = BatchRun {
        engine: sending.engine,
        net: sending.net,
        pair: &with.pair,
        terms: &|unit| terms(with.glossary, unit),
        key: &|unit| cache.key(unit),
        keep: &|units, context| cache.keep(units, context, (sending.now)()),
        stop: sending.stop,
        progress: sending.progress,
        max_characters: cap,
    };
    let mut stats = engine::translate_units(units, &run).await;
    // Recorded when each draft arrived: the report of a second run says the same.
    if let Err(error) = cache.fill_provenance(units) {
        stats.fatal = Some(error);
    }
    Ok(stats)
}

/// Retries units whose terms are wrong. Where nothing may be sent, cached drafts are used.
async fn fall_back(
    units: &mut [Unit],
    with: &Resources<'_>,
    sending: &Sending<'_>,
    limits: &SendLimits,
    sent: &RunStats,
) -> Result<FallbackStats, Error> {
    let left = limits
        .max_characters
        .map_or(u64::MAX, |most| most.saturating_sub(sent.characters));
    let most = (!limits.offline && !limits.frozen).then_some(left);
    let stats = term_fallback::retry_terms(units, with, sending, most).await;
    if limits.frozen && stats.waiting > 0 {
        let texts = stats.waiting;
        return Err(Error::WouldRetry { texts });
    }
    Ok(stats)
}

/// What [`send`] would send.
fn plan_units(units: &[Unit], with: &Resources<'_>, sending: &Sending<'_>) -> engine::Plan {
    let digest = |unit: &Unit| digest(sending.engine, with.glossary, unit);
    let cache = DraftCache::new(sending.engine, with, &digest);
    let terms = |unit: &Unit| terms(with.glossary, unit);
    engine::plan(units, sending.engine, sending.net, &terms, &|unit| {
        cache.key(unit)
    })
}

fn count(units: &[Unit], is: impl Fn(&Unit) -> bool) -> usize {
    units.iter().filter(|unit| is(unit)).count()
}

/// Copies units without words, and keeps or drops furniture.
fn copy_untranslatable(units: &mut [Unit], furniture: Furniture) {
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

/// The drafts of one engine in the memory, by [`DraftScope::request_key`].
struct DraftCache<'a> {
    memory: &'a Store,
    scope: DraftScope,
    /// The digest of the terms that go along with a unit.
    digest: &'a (dyn Fn(&Unit) -> String + Sync),
}

impl<'a> DraftCache<'a> {
    fn new(
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
    fn key(&self, unit: &Unit) -> [u8; 32] {
        self.scope.request_key(&unit.source, &(self.digest)(unit))
    }

    fn load(&self, units: &mut [Unit]) -> Result<usize, memory::Error> {
        self.memory
            .load_cached_drafts(units, &self.scope, &|unit| self.key(unit))
    }

    fn keep(&self, units: &[&Unit], context: &str, now: i64) -> ControlFlow<String, Option<i64>> {
        let key = |unit: &Unit| self.key(unit);
        match self
            .memory
            .cache_drafts(&self.scope, units, &key, context, now)
        {
            Ok(first) => ControlFlow::Continue(first.then_some(now)),
            Err(error) => ControlFlow::Break(error.to_string()),
        }
    }

    fn fill_provenance(&self, units: &mut [Unit]) -> Result<(), engine::Error> {
        let key = |unit: &Unit| self.key(unit);
        let filled = self.memory.fill_provenance(units, &key);
        filled.map_err(|error| engine::Error::NotKept {
            what: error.to_string(),
        })
    }
}

/// Gives units the drafts that are kept for them.
fn load_cached_drafts(
    units: &mut [Unit],
    engine: &dyn Engine,
    with: &Resources<'_>,
) -> Result<(), memory::Error> {
    let digest = |unit: &Unit| digest(engine, with.glossary, unit);
    DraftCache::new(engine, with, &digest).load(units)?;
    Ok(())
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
pub const MIN_MATCH_PERCENT: u8 = 70;

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

fn check_context<'a>(with: &'a Resources<'_>) -> check::CheckContext<'a> {
    check::CheckContext {
        glossary: with.glossary,
        pair: &with.pair,
        silenced: with.silenced,
    }
}

/// Counts what the checks find in a unit beside its terms: a repair that adds a finding is undone.
fn guard<'a>(with: &'a Resources<'a>) -> impl Fn(&Unit) -> usize + 'a {
    |unit| {
        let findings = check::unit(unit, &check_context(with));
        findings.iter().filter(|f| f.check != "terms").count()
    }
}

/// Judges and repairs terms. Targets of a person are judged, never rewritten; furniture that stays in
/// Dutch on purpose breaks no rule of the glossary.
fn enforce(units: &mut [Unit], with: &Resources<'_>) {
    let guard = guard(with);
    check::parts(units, |units| {
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
}

/// Segments up to which a document's words are linked: an article or a book has fewer, and of a corpus nobody opens the page. Learning links takes
/// longer than all the rest of the line; `align --words` does it for pairs of any number.
pub const MAX_LINKED_UNITS: usize = 5_000;

/// Links the words of units whose engine did not, or whose target is no longer what it linked.
pub fn link_words(units: &mut [Unit], pair: &LangPair) {
    let lexicon = Lexicon::built_in(pair);
    let mut aligner = word::Aligner::new(word::WordKnowledge::new(&lexicon, pair));
    word::link(units, &mut aligner, word::LinkScope::Missing);
}

/// Whether a person made the target, here or for the same text before.
fn by_person(unit: &Unit) -> bool {
    matches!(unit.origin, Origin::Human | Origin::Memory(_))
}
