//! The line for one document: every station in its order.

use super::drafts::{load_cached_drafts, plan_units, send};
use super::error::Error;
use super::resources::{DocumentInput, Furniture, Resources, SendLimits, Sending};
use super::term_fallback::{self, FallbackStats, retry_terms};
use crate::align::{Lexicon, word};
use crate::bitext::{Edition, Finding, LangPair, Notice, Origin, Role, Severity, State, Unit};
use crate::engine::{self, RunStats};
use crate::term::Glossary;
use crate::{check, format, segment, term};

/// Similarity, in per cent, from which a match of the memory is shown.
pub const MIN_MATCH_PERCENT: u8 = 70;

/// A translated document.
#[derive(Debug)]
#[non_exhaustive]
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
#[non_exhaustive]
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
    let is_done = |unit: &&Unit| unit.state != State::Untranslated;
    let done = edition.units.iter().filter(is_done).count();
    let total = edition.units.len();
    if stats.stopped {
        return Err(Error::Interrupted { done, total });
    }
    if let Some(error) = &stats.fatal {
        use engine::Error::{Address, Network, NotKept, RateLimited, Rejected};
        // What arrived is paid for: it stands in the edition, though it could not be kept.
        let leaves_edition = matches!(
            error,
            Network { .. } | RateLimited { .. } | Address { .. } | Rejected { .. } | NotKept { .. }
        );
        if done == 0 || !leaves_edition {
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
    let (name, lang) = (input.name, &with.pair.source);
    let mut reading = with.reading.clone();
    reading.target = Some(with.pair.target.clone());
    let mut document = format::read_with(
        &input.bytes,
        name,
        input.format,
        lang,
        with.formats,
        &reading,
    )?;
    document.target = Some(with.pair.target.clone());
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
    let stats = retry_terms(units, with, sending, most).await;
    if limits.frozen && stats.waiting > 0 {
        let texts = stats.waiting;
        return Err(Error::WouldRetry { texts });
    }
    Ok(stats)
}

/// Judges and repairs terms, checks everything, and marks what a person must look at.
fn finish(units: &mut [Unit], with: &Resources<'_>) {
    // Before enforcement, so that a term is credited to the words that it became; a repair moves
    // its unit's links along.
    if units.len() <= MAX_LINKED_UNITS {
        link_words(units, &with.pair);
    }
    enforce(units, with);
    word::link_repaired(units);
    check::run(units, &with.check_context());
    for unit in units {
        let is_wrong = |finding: &Finding| {
            finding.severity == Severity::Error || finding.check == "confidence"
        };
        if unit.state == State::Translated && unit.findings.iter().any(is_wrong) {
            unit.state = State::NeedsReview;
        }
    }
}

/// Judges and repairs terms. Targets of a person are judged, never rewritten; furniture that stays
/// in Dutch on purpose breaks no rule of the glossary.
fn enforce(units: &mut [Unit], with: &Resources<'_>) {
    let guard = term_fallback::guard(with);
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

/// Segments of the longest document whose words are linked: an article or a book has fewer, and
/// nobody opens the page of a corpus. Learning links takes longer than all the rest of the line;
/// `align --words` does it for any number of pairs.
pub const MAX_LINKED_UNITS: usize = 5_000;

/// Links the words of units whose engine did not, or whose target is no longer what it linked.
pub fn link_words(units: &mut [Unit], pair: &LangPair) {
    let lexicon = Lexicon::built_in(pair);
    let mut aligner = word::Aligner::new(word::WordKnowledge::new(&lexicon, pair));
    word::link(units, &mut aligner, word::LinkScope::Missing);
}

/// A new draft of one unit, by the stations from its terms on. What a person wrote is passed over.
///
/// Errors: those of [`translate`].
pub async fn translate_unit(
    unit: &Unit,
    with: &Resources<'_>,
    sending: &Sending<'_>,
    limits: &SendLimits,
) -> Result<Unit, Error> {
    let mut units = [Unit {
        id: unit.id.clone(),
        block: unit.block,
        role: unit.role,
        ..Unit::new(unit.source.clone())
    }];
    term::find(&mut units, with.glossary);
    load_cached_drafts(&mut units, sending.engine, with)?;
    let stats = send(&mut units, with, sending, limits).await?;
    if let Some(error) = stats.fatal {
        return Err(error.into());
    }
    finish(&mut units, with);
    let [unit] = units;
    Ok(unit)
}

/// The stations behind the engine for the text of a person, whose terms have been found: words are
/// linked where they are not, terms are judged, nothing is rewritten. The checks come after it.
pub fn judge_edited(unit: &mut Unit, glossary: &Glossary, pair: &LangPair) {
    let one = std::slice::from_mut(unit);
    if one.iter().all(|unit| unit.links.is_empty()) {
        link_words(one, pair);
    }
    term::judge(one, glossary);
}

/// Whether a person made the target, here or for the same text before.
fn by_person(unit: &Unit) -> bool {
    matches!(unit.origin, Origin::Human | Origin::Memory(_))
}
