//! The line for two texts that exist already: bytes twice in, checked pairs out.

use super::drafts::{load_cached_drafts, plan_units, send};
use super::error::Error;
use super::resources::{DocumentInput, Resources, SendLimits, Sending};
use crate::align::{self, AlignOptions, Alignment, Vectors};
use crate::bitext::{Bead, Lang, LangPair, Notice, State, Unit};
use crate::engine::{Plan, RunStats};
use crate::format::{self, Format, ReadOptions};
use crate::memory::{self, Store};
use crate::segment::{self, Splitter};
use crate::{check, term};

/// Which of the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlignSide {
    /// The source.
    Source,
    /// The target.
    Target,
}

/// One of the two texts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AlignInput<'a> {
    /// A document that is read and cut.
    Document(DocumentInput<'a>),
    /// A text that is cut already: its segments are the sources of these units.
    Segments(Vec<Unit>),
}

/// What aligning works with.
#[derive(Clone, Copy)]
pub struct AlignResources<'a> {
    /// Languages, lexicons and options; the evidence in it is replaced.
    pub options: AlignOptions<'a>,
    /// Cuts the source.
    pub source_splitter: &'a Splitter,
    /// Cuts the target.
    pub target_splitter: &'a Splitter,
    /// Glossary, and the checks that are silenced.
    pub checks: check::CheckContext<'a>,
    /// Formats of the caller, which go before those of the table.
    pub formats: &'a [&'a dyn Format],
}

/// Sentence embeddings of both texts: one row for each segment, of `dimension` numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct SentenceVectors {
    /// Rows of the source, one after the other.
    pub source: Vec<f32>,
    /// Rows of the target.
    pub target: Vec<f32>,
    /// Numbers of a row.
    pub dimension: usize,
}

/// Evidence that depends on how the two texts are cut.
#[derive(Debug, Clone, Default)]
pub struct AlignEvidence {
    /// Translations of the source segments, one for each; empty where there is none.
    pub translations: Option<Vec<String>>,
    /// Sentence embeddings.
    pub vectors: Option<SentenceVectors>,
    /// Places (source segment, target segment) before which both texts are cut, ascending.
    pub anchors: Vec<(usize, usize)>,
    /// Beads that a person approved, ascending; they are kept.
    pub fixed: Vec<Bead>,
}

/// Two aligned texts.
#[derive(Debug)]
pub struct AlignedTexts {
    /// The segments of the source, as sources of their units.
    pub source: Vec<Unit>,
    /// The segments of the target, as sources of their units.
    pub target: Vec<Unit>,
    /// The pairs: one unit for each bead.
    pub units: Vec<Unit>,
    /// How the beads were found.
    pub alignment: Alignment,
}

/// Aligns two texts, judges terms without repairing any, and checks the pairs.
///
/// `notice` is called with what the readers of the documents want a person to know. `evidence` is
/// called with both texts once they are cut.
///
/// Errors: a document that cannot be read, as [`Error::Format`]; those of `evidence`.
pub async fn align<E: From<Error>>(
    source: AlignInput<'_>,
    target: AlignInput<'_>,
    with: &AlignResources<'_>,
    notice: impl Fn(AlignSide, &Notice),
    evidence: impl AsyncFnOnce(&[Unit], &[Unit]) -> Result<AlignEvidence, E>,
) -> Result<AlignedTexts, E> {
    let pair = with.options.pair;
    let (here, there) = (&pair.source, &pair.target);
    let source = cut(source, here, with.source_splitter, with.formats, |n| {
        notice(AlignSide::Source, n);
    })?;
    let target = cut(target, there, with.target_splitter, with.formats, |n| {
        notice(AlignSide::Target, n);
    })?;
    let evidence = evidence(&source, &target).await?;
    let given = AlignOptions {
        translations: evidence.translations.as_deref(),
        vectors: evidence.vectors.as_ref().map(|rows| Vectors {
            source: &rows.source,
            target: &rows.target,
            dimension: rows.dimension,
        }),
        anchors: &evidence.anchors,
        fixed: &evidence.fixed,
        ..with.options
    };
    let (here, there) = (
        align::segments(&source, here),
        align::segments(&target, there),
    );
    let alignment = align::sentences(&here, &there, &given);
    let mut units = align::units(&alignment.beads, &source, &target, pair);
    align::mark_moved(&mut units, &alignment.crossings);
    term::find(&mut units, with.checks.glossary);
    term::judge(&mut units, with.checks.glossary);
    check::run(&mut units, &with.checks);
    Ok(AlignedTexts {
        source,
        target,
        units,
        alignment,
    })
}

/// The segments of a text; notices of its format go to `notice`.
fn cut(
    input: AlignInput<'_>,
    lang: &Lang,
    splitter: &Splitter,
    formats: &[&dyn Format],
    notice: impl Fn(&Notice),
) -> Result<Vec<Unit>, Error> {
    let input = match input {
        AlignInput::Segments(units) => return Ok(units),
        AlignInput::Document(input) => input,
    };
    let reading = ReadOptions::default().with_newlines(splitter.newlines());
    let (name, format) = (input.name, input.format);
    let document = format::read_with(&input.bytes, name, format, lang, formats, &reading)?;
    document.notices.iter().for_each(notice);
    Ok(segment::split(&document, splitter))
}

/// Segments that are still without a translation, as units that wait for an engine. Page furniture
/// is not worth a request.
fn untranslated(segments: &[Unit], texts: &[String], with: &Resources<'_>) -> Vec<Unit> {
    let base = with.pair.source.base();
    let mut units = segments.to_vec();
    for (unit, text) in units.iter_mut().zip(texts) {
        if !text.is_empty() || align::is_furniture(&unit.source.plain, &base) {
            unit.state = State::Translated;
        }
    }
    term::find(&mut units, with.glossary);
    units
}

/// Takes over the translations that the memory has for the very same texts, whatever the engine;
/// `texts` has one entry for each segment, empty where there is none yet.
///
/// Errors: [`memory::Error`].
pub fn remembered_translations(
    segments: &[Unit],
    texts: &mut [String],
    memory: &Store,
    pair: &LangPair,
) -> Result<(), memory::Error> {
    let sources = segments.iter().map(|unit| unit.source.plain.as_str());
    let known = memory.lookup_any(sources, pair)?;
    for (unit, text) in segments.iter().zip(texts) {
        let found = known.get(unit.source.plain.as_str());
        if let Some(found) = found.filter(|_| text.is_empty()) {
            text.clone_from(found);
        }
    }
    Ok(())
}

/// Lets an engine translate the segments that have no translation yet. Its drafts are kept as those
/// of [`super::translate`] are.
///
/// Errors: as those of [`super::translate`]; here every failure of the engine is one.
pub async fn engine_translations(
    segments: &[Unit],
    texts: &mut [String],
    with: &Resources<'_>,
    sending: &Sending<'_>,
    limits: &SendLimits,
) -> Result<RunStats, Error> {
    let mut units = untranslated(segments, texts, with);
    load_cached_drafts(&mut units, sending.engine, with)?;
    let stats = send(&mut units, with, sending, limits).await?;
    if stats.stopped {
        let done = units.iter().filter(|u| u.state != State::Untranslated);
        return Err(Error::Interrupted {
            done: done.count(),
            total: units.len(),
        });
    }
    if let Some(error) = stats.fatal {
        return Err(error.into());
    }
    for (unit, text) in units.into_iter().zip(texts) {
        if text.is_empty() {
            *text = unit.target.plain;
        }
    }
    Ok(stats)
}

/// Says what [`engine_translations`] would send.
///
/// Errors: [`Error::Memory`].
pub fn plan_engine_translations(
    segments: &[Unit],
    texts: &[String],
    with: &Resources<'_>,
    sending: &Sending<'_>,
) -> Result<Plan, Error> {
    let mut units = untranslated(segments, texts, with);
    load_cached_drafts(&mut units, sending.engine, with)?;
    Ok(plan_units(&units, with, sending))
}
