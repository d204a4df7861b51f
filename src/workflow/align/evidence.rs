//! Translations of the source as evidence for the aligner: from a file, from pairs at hand, from
//! the memory, from an engine that the user names.
//!
//! What the memory has costs nothing and is taken without being asked for. What is sent goes to the
//! named engine alone, and is kept as a translation keeps it: a second run sends nothing, and a
//! translation with this engine finds its drafts there.

use super::inputs::Sentences;
use crate::bitext::{LangPair, Unit};
use crate::engine::{self, Transport};
use crate::format;
use crate::memory::{MemoryIndex, Store};
use crate::pipeline::{self, Resources, Sending};
use crate::term::Glossary;
use crate::workflow::budget::{Bounds, PricedPlan};
use crate::workflow::local_model::{self, LocalOptions};
use crate::workflow::{Error, Host, HostProgress, NoticeLevel, Setup, files, segment};
use std::path::{Path, PathBuf};

/// Where translations may come from.
#[derive(Debug, Clone, Default)]
pub struct EvidenceSources {
    /// A machine translation of the text, one line per source segment.
    pub file: Option<PathBuf>,
    /// Engine that translates what the memory does not have.
    pub engine: Option<String>,
    /// Whether the memory is left out.
    pub no_memory: bool,
    /// The bounds of what is sent.
    pub bounds: Bounds,
}

/// What came of looking for translations.
pub enum EvidenceResult {
    /// One entry per source segment, empty where there is none; nothing where there is none at all.
    Found(Option<Vec<String>>),
    /// A dry run: what would be sent.
    Planned(PricedPlan),
    /// Somebody asked to stop; what was translated is kept.
    Interrupted,
}

/// What translations are looked for with.
pub struct EvidenceSearch<'a> {
    /// The surroundings.
    pub setup: &'a Setup,
    /// Who runs it.
    pub host: &'a dyn Host,
    /// From which language to which.
    pub pair: &'a LangPair,
    /// The desk's terms.
    pub glossary: &'a Glossary,
    /// Pairs at hand.
    pub sentences: &'a [Sentences],
    /// Where translations may come from.
    pub sources: &'a EvidenceSources,
}

impl EvidenceSearch<'_> {
    /// Translations of the segments, wherever the user wants them from; the host is notified how
    /// many there are.
    ///
    /// Errors: [`Error::LineCount`]; a memory that cannot be used; those of the engine and its
    /// bounds.
    pub async fn run(&self, here: &[Unit]) -> Result<EvidenceResult, Error> {
        let info = |line: &str| self.host.notify(NoticeLevel::Info, line);
        if let Some(path) = &self.sources.file {
            return Ok(EvidenceResult::Found(Some(lines(path, here.len())?)));
        }
        let engine = self.sources.engine.as_deref();
        let mut texts = vec![String::new(); here.len()];
        let mut counts = Vec::new();
        for Sentences { name, pairs } in self.sentences {
            match alike(here, &mut texts, pairs) {
                0 => info(&format!(
                    "{name}: none of its {} pairs is like a segment",
                    pairs.len()
                )),
                found => counts.push(format!("{found} from {name}")),
            }
        }
        let path = self.setup.memory();
        if !self.sources.no_memory && (engine.is_some() || path.exists()) {
            // A dry run makes no file.
            let opened = if self.sources.bounds.dry_run && !path.exists() {
                Store::in_memory()
            } else {
                Store::open(&path)
            };
            match opened {
                // Nobody asked for it.
                Err(error) if engine.is_none() => self.host.notify(
                    NoticeLevel::Warning,
                    &format!("no translations from the memory: {error}"),
                ),
                store => {
                    let store = store?;
                    let found = remembered(here, &mut texts, &store, self.pair)?;
                    counts.push(format!("{found} from the memory"));
                    if let Some(name) = engine {
                        let before = count(&texts);
                        if let Some(end) = self.ask(name, &store, here, &mut texts).await? {
                            return Ok(end);
                        }
                        counts.push(format!("{} from {name}", count(&texts) - before));
                    }
                }
            }
        }
        if counts.is_empty() {
            return Ok(EvidenceResult::Found(None));
        }
        let found = count(&texts);
        let line = format!(
            "translations: {found} of {} segments; {}",
            here.iter().filter(|unit| has_text(unit)).count(),
            counts.join(", ")
        );
        if found == 0 && engine.is_some() {
            let line = format!("{line}: they contributed nothing");
            self.host.notify(NoticeLevel::Warning, &line);
        } else {
            info(&line);
        }
        Ok(EvidenceResult::Found((found > 0).then_some(texts)))
    }

    /// Lets the engine translate what has no translation; page furniture is not worth a request.
    /// Gives what ends the run early.
    async fn ask(
        &self,
        name: &str,
        store: &Store,
        here: &[Unit],
        texts: &mut [String],
    ) -> Result<Option<EvidenceResult>, Error> {
        let net = self.setup.net()?;
        let entry = engine::by_name(name)?;
        let settings = local_model::settings(self.setup, self.pair, &LocalOptions::default());
        let engine = entry.build(&settings, &net)?;
        let stop = self.host.cancelled();
        let splitter = segment::splitter(&self.pair.source, &self.setup.settings)?;
        let with = Resources::new(self.pair.clone(), &splitter, self.glossary, store);
        let net = entry.uses_net().then_some(&net as &dyn Transport);
        let sending = Sending {
            progress: &|progress| self.host.progress(progress.into()),
            now: &|| self.host.now(),
            ..Sending::new(engine.as_ref(), net, &stop)
        };
        let bounds = &self.sources.bounds;
        if bounds.dry_run {
            return Ok(Some(EvidenceResult::Planned(PricedPlan {
                engine: Some(engine.name().to_owned()),
                price: entry.price,
                plan: pipeline::plan_engine_translations(here, texts, &with, &sending)?,
                fallback_texts: 0,
                fallback_characters: 0,
            })));
        }
        let limits = bounds.limits(Some(entry));
        let asked = pipeline::engine_translations(here, texts, &with, &sending, &limits).await;
        self.host.progress(HostProgress::Finished);
        match asked {
            Err(pipeline::Error::Interrupted { .. }) => Ok(Some(EvidenceResult::Interrupted)),
            asked => Ok(asked.map(|_| None)?),
        }
    }
}

/// From how many per cent on the translation of a like sentence is one of this sentence, for the
/// purpose.
const ALIKE: u8 = 75;

/// Takes over the targets of pairs whose source is like a segment that has none; says how many.
fn alike(here: &[Unit], texts: &mut [String], pairs: &[(String, String)]) -> usize {
    let mut open = here
        .iter()
        .zip(texts)
        .filter(|(unit, text)| has_text(unit) && text.is_empty())
        .peekable();
    if open.peek().is_none() {
        return 0;
    }
    let index = MemoryIndex::new(pairs.iter().map(|(source, _)| source.as_str()));
    open.filter_map(|(unit, text)| {
        let (at, _) = *index.search(unit.source.plain.trim(), ALIKE, 1).first()?;
        text.clone_from(&pairs[at].1);
        Some(())
    })
    .count()
}

/// Takes over what the memory has: drafts of the very same text, and what people made of it or of
/// one like it.
fn remembered(
    here: &[Unit],
    texts: &mut [String],
    store: &Store,
    pair: &LangPair,
) -> Result<usize, Error> {
    let before = count(texts);
    pipeline::remembered_translations(here, texts, store, pair)?;
    let pairs: Vec<(String, String)> = store
        .pairs(pair)?
        .into_iter()
        .map(|pair| (pair.source.plain, pair.target.plain))
        .collect();
    alike(here, texts, &pairs);
    Ok(count(texts) - before)
}

fn has_text(unit: &Unit) -> bool {
    !unit.source.plain.trim().is_empty()
}

fn count(texts: &[String]) -> usize {
    texts.iter().filter(|text| !text.is_empty()).count()
}

/// The lines of a file; there have to be `wanted` of them.
fn lines(path: &Path, wanted: usize) -> Result<Vec<String>, Error> {
    let (text, ..) = format::decode(&files::read(path)?)?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.len() != wanted {
        return Err(Error::LineCount {
            path: path.to_owned(),
            lines: lines.len(),
            segments: wanted,
        });
    }
    Ok(lines)
}
