//! Translations of the source as evidence for `align`: from a file, from pairs at hand, from the memory, from an engine that the user names.
//!
//! What the memory has costs nothing and is taken without being asked for. What is sent goes to the named engine alone, and is kept as `translate` keeps it:
//! a second run sends nothing, and `translate` with this engine finds its drafts there.

use super::align::Desk;
use super::align_inputs::Sentences;
use super::failure::{Exit, Failure};
use super::sending::{self, Bounds, plan_text};
use super::{World, local, output, print, progress, segment};
use crate::bitext::{LangPair, Unit};
use crate::engine::{self, Transport};
use crate::format;
use crate::memory::{MemoryIndex, Store};
use crate::pipeline::{self, FallbackEngines, Furniture, Resources, Sending};
use crate::segment::Splitter;
use std::path::{Path, PathBuf};

/// Arguments of `align` that are about translations.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct TranslationArgs {
    /// A machine translation of the text, one line per source segment
    #[arg(long, value_name = "FILE", conflicts_with = "engine")]
    pub mt: Option<PathBuf>,
    /// Engine that translates what the memory does not have, as evidence; the texts are sent there, and kept
    #[arg(long, value_name = "NAME", conflicts_with = "no_memory")]
    pub engine: Option<String>,
    /// Do not look into the memory for translations
    #[arg(long)]
    pub no_memory: bool,
    /// What bounds what is sent
    #[command(flatten)]
    pub bounds: Bounds,
}

/// What came of looking for translations.
pub enum Wanted {
    /// One entry per source segment, empty where there is none; nothing where there is none at all.
    Given(Option<Vec<String>>),
    /// The run ends here: after a dry run, or because somebody stopped it.
    End(Exit),
}

/// Translations of the segments, wherever the user wants them from, and says how many there are.
///
/// Errors: a file with another number of lines; a memory that cannot be used; what engines and bounds say.
pub async fn of(desk: &Desk<'_>, here: &[Unit]) -> Result<Wanted, Failure> {
    let args = &desk.args.translations;
    if let Some(path) = &args.mt {
        return Ok(Wanted::Given(Some(lines(path, here.len())?)));
    }
    let mut texts = vec![String::new(); here.len()];
    let mut told = Vec::new();
    for Sentences { name, pairs } in &desk.sentences {
        match alike(here, &mut texts, pairs) {
            0 => desk.say(&format!(
                "{name}: none of its {} pairs is like a segment",
                pairs.len()
            )),
            found => told.push(format!("{found} from {name}")),
        }
    }
    let path = desk.world.memory();
    if !args.no_memory && (args.engine.is_some() || path.exists()) {
        match Store::open(&path) {
            // Nobody asked for it.
            Err(error) if args.engine.is_none() => {
                desk.say(&format!(
                    "warning: no translations from the memory: {error}"
                ));
            }
            store => {
                let store = store?;
                let found = remembered(here, &mut texts, &store, &desk.pair)?;
                told.push(format!("{found} from the memory"));
                if let Some(name) = &args.engine {
                    let before = count(&texts);
                    if let Some(exit) = ask(desk, name, &store, here, &mut texts).await? {
                        return Ok(Wanted::End(exit));
                    }
                    told.push(format!("{} from {name}", count(&texts) - before));
                }
            }
        }
    }
    if told.is_empty() {
        return Ok(Wanted::Given(None));
    }
    let found = count(&texts);
    let line = format!(
        "translations: {found} of {} segments; {}",
        here.iter().filter(|unit| said(unit)).count(),
        told.join(", ")
    );
    if found == 0 && args.engine.is_some() {
        desk.say(&format!("warning: {line}: they contributed nothing"));
    } else {
        desk.say(&line);
    }
    Ok(Wanted::Given((found > 0).then_some(texts)))
}

/// From how many per cent on the translation of a like sentence is one of this sentence, for the purpose.
const ALIKE: u8 = 75;

/// Takes over the targets of pairs whose source is like a segment that has none; says how many.
fn alike(here: &[Unit], texts: &mut [String], pairs: &[(String, String)]) -> usize {
    let mut open = here
        .iter()
        .zip(texts)
        .filter(|(unit, text)| said(unit) && text.is_empty())
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

/// Takes over what the memory has: drafts of the very same text, and what people made of it or of one like it.
fn remembered(
    here: &[Unit],
    texts: &mut [String],
    store: &Store,
    pair: &LangPair,
) -> Result<usize, Failure> {
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

/// Lets the engine translate what has no translation; page furniture is not worth a request.
async fn ask(
    desk: &Desk<'_>,
    name: &str,
    store: &Store,
    here: &[Unit],
    texts: &mut [String],
) -> Result<Option<Exit>, Failure> {
    let world = desk.world;
    let net = world.net()?;
    let entry = engine::by_name(name)?;
    let engine = entry.build(&local::settings(world, &desk.pair, None), &net)?;
    let with = Resources {
        pair: desk.pair.clone(),
        splitter: &Splitter::new(&desk.pair.source, &segment::options(&world.settings)?)?,
        glossary: &desk.glossary,
        memory: store,
        furniture: Furniture::Keep,
        silenced: &[],
        checks: &[],
    };
    let bar = progress::bar(world);
    let sending = Sending {
        engine: engine.as_ref(),
        net: entry.uses_net().then_some(&net as &dyn Transport),
        fallback: FallbackEngines::default(),
        stop: &sending::listen(),
        progress: &|progress| bar.set(progress),
        now: &World::now,
    };
    let bounds = &desk.args.translations.bounds;
    if bounds.dry_run {
        let plan = pipeline::plan_engine_translations(here, texts, &with, &sending)?;
        print::out(plan_text(&plan, (0, 0), engine.name(), entry.price).as_bytes())?;
        return Ok(Some(Exit::Done));
    }
    let limits = bounds.limits(world, Some(entry));
    let asked = pipeline::engine_translations(here, texts, &with, &sending, &limits).await;
    bar.finish();
    match asked {
        Err(pipeline::Error::Interrupted { .. }) => {
            desk.say("interrupted; what was translated is kept: the same command goes on");
            Ok(Some(Exit::Interrupted))
        }
        asked => {
            asked?;
            Ok(None)
        }
    }
}

fn said(unit: &Unit) -> bool {
    !unit.source.plain.trim().is_empty()
}

fn count(texts: &[String]) -> usize {
    texts.iter().filter(|text| !text.is_empty()).count()
}

/// The lines of a file; there have to be `wanted` of them.
fn lines(path: &Path, wanted: usize) -> Result<Vec<String>, Failure> {
    let (text, ..) = format::decode(&output::read(path)?)?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.len() != wanted {
        return Err(Failure::usage(format!(
            "{} has {} lines, the source has {wanted} segments",
            path.display(),
            lines.len()
        ))
        .hint("one line per source segment is wanted; `overzet segment FILE` shows the segments"));
    }
    Ok(lines)
}
