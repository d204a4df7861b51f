//! The neural engine in the process: no server, no key, and no text leaves the machine.
//!
//! [`crate::nmt`] takes and returns plain strings; this module turns a text with codes and terms
//! into such a request, and the answer into a draft. `„MI6 waarschuwt Oekraïne.”` is requested
//! without its quotation marks, with MI6 and Ukraine as terms that the decoder has to write. The
//! answer gets its quotation marks, its codes (by the word alignment), links, a score, the words
//! that the model was unsure of, and alternatives.

mod job;
#[cfg(test)]
mod tests;

use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, Item, Limits,
    Request, models,
};
use crate::bitext::Lang;
use crate::nmt::{self, KernelLevel, NmtModel, NmtOptions};
use job::LocalJob;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

const NAME: &str = "local";
/// Increased whenever the same model may give another draft: other constraints, other codes, other
/// doubts.
const DRAFT_VERSION: u32 = 1;

/// The engine's row in the table of engines.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "a neural model in this process; `overzet models pull nl-en` installs one",
    keys: &[EngineKey {
        name: "OVERZET_MODEL",
        help: "folder of a model for the engine `local`; default: the installed model",
        secret: false,
    }],
    sends_text_out: false,
    carries_codes: true,
    own_glossary: true,
    price: None,
    build: Build::Alone(|settings| Ok(Box::new(LocalEngine::new(settings)?))),
};

/// Characters of a request per thread: about five batches, so that the threads end at about the
/// same time, and less than a second of work, so that progress and interruption are quick.
const CHARACTERS_PER_THREAD: usize = 8_000;
/// The engine. The model is loaded before the first text is translated.
struct LocalEngine {
    folder: PathBuf,
    /// Name and version of the model, for people.
    title: String,
    /// Source and target language of the model, if its manifest has them.
    pair: Option<(String, String)>,
    digest: String,
    worker: Arc<LocalWorker>,
}

/// The part of the engine that moves to the computing thread.
struct LocalWorker {
    folder: PathBuf,
    level: Option<KernelLevel>,
    options: NmtOptions,
    alternatives: usize,
    model: OnceLock<Result<NmtModel, Error>>,
}

fn unusable(error: &dyn std::error::Error) -> Error {
    Error::Model {
        what: error.to_string(),
    }
}

impl LocalEngine {
    fn new(settings: &EngineSettings) -> Result<Self, Error> {
        let folder = PathBuf::from(settings.get("OVERZET_MODEL").ok_or_else(|| {
            Error::Configuration {
                what: "the engine `local` needs a model, and none is installed".into(),
                hint: "`overzet models pull nl-en` installs one; \
                       `--model DIR` or OVERZET_MODEL names a folder with one"
                    .into(),
            }
        })?);
        let wrong = |name: &str, what: &str| Error::Configuration {
            what: format!("{} is {what}", settings.named(name)),
            hint: "`overzet config show --origin` shows where it was set".into(),
        };
        let count = |name: &str| match settings.get(name) {
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| wrong(name, "not a whole number")),
            None => Ok(None),
        };
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let level = match settings.get("local.kernel") {
            Some(name) => Some(
                KernelLevel::available()
                    .into_iter()
                    .find(|l| l.name() == name)
                    .ok_or_else(|| wrong("local.kernel", "not a kernel of this CPU"))?,
            ),
            None => None,
        };
        let about = models::identify(&folder).map_err(|error| unusable(&error))?;
        Ok(Self {
            title: about.title,
            pair: about.pair,
            digest: about.digest,
            worker: Arc::new(LocalWorker {
                folder: folder.clone(),
                level,
                options: NmtOptions {
                    threads: count("local.threads")?
                        .filter(|&n| n > 0)
                        .unwrap_or_else(cores)
                        .min(256),
                    shortlist: settings.get("local.shortlist") != Some("off"),
                    ..NmtOptions::default()
                },
                alternatives: count("local.alternatives")?.unwrap_or(2).min(8),
                model: OnceLock::new(),
            }),
            folder,
        })
    }
}

impl LocalWorker {
    /// The model, loaded at the first call.
    fn model(&self) -> Result<&NmtModel, Error> {
        let loaded = self.model.get_or_init(|| {
            let model = NmtModel::load(&self.folder).map_err(|error| unusable(&error))?;
            Ok(match self.level {
                Some(level) => model.at_level(level),
                None => model,
            })
        });
        loaded.as_ref().map_err(Clone::clone)
    }

    /// Translates the items of a request.
    fn translate(&self, items: &[Item]) -> Result<Vec<Draft>, Error> {
        let model = self.model()?;
        let jobs: Vec<LocalJob<'_>> = items
            .iter()
            .map(|item| LocalJob::new(item, self.alternatives))
            .collect();
        let requests: Vec<nmt::NmtRequest> = jobs.iter().map(|job| job.request.clone()).collect();
        let mut answers = model.translate(&requests, &self.options);
        for (job, answer) in jobs.iter().zip(&mut answers) {
            job.make_printable(answer);
        }
        // Where a form was forced against the model, the model's own wording becomes an
        // alternative.
        let reluctant: Vec<usize> = (0..jobs.len())
            .filter(|&at| !jobs[at].written_reluctantly(&answers[at]).is_empty())
            .collect();
        let free: Vec<nmt::NmtRequest> = reluctant
            .iter()
            .map(|&at| nmt::NmtRequest {
                ban: requests[at].ban.clone(),
                ..nmt::NmtRequest::new(&requests[at].text)
            })
            .collect();
        let free = model.translate(&free, &self.options);
        let mut free: BTreeMap<usize, nmt::NmtAnswer> = reluctant.into_iter().zip(free).collect();
        let drafts = jobs.iter().zip(&answers).enumerate();
        Ok(drafts
            .filter_map(|(at, (job, answer))| job.draft(answer, free.remove(&at).as_ref()))
            .collect())
    }
}

impl Engine for LocalEngine {
    fn name(&self) -> &str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: usize::MAX,
            bytes: usize::MAX,
            characters: CHARACTERS_PER_THREAD * self.worker.options.threads,
            concurrency: 1,
        }
    }

    fn options(&self) -> String {
        let LocalWorker {
            options,
            alternatives,
            ..
        } = &*self.worker;
        let shortlist = if options.shortlist { "on" } else { "off" };
        format!(
            "{} {} shortlist={shortlist} alternatives={alternatives} version={DRAFT_VERSION}",
            self.title, self.digest
        )
    }

    fn takes_terms(&self) -> bool {
        true
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            if let Some((source, target)) = &self.pair {
                let fits = |lang: &Lang, own: &str| lang.base() == Lang::new(own).base();
                if !fits(&request.pair.source, source) || !fits(&request.pair.target, target) {
                    return Err(Error::UnsupportedPair {
                        engine: NAME,
                        what: format!(
                            "the model in {} goes from {source} to {target}",
                            self.folder.display()
                        ),
                    });
                }
            }
            let items: Vec<Item> = request.items.iter().map(|item| (*item).clone()).collect();
            let worker = Arc::clone(&self.worker);
            // A blocking thread: the runtime keeps serving signals, progress and the memory file.
            let done = tokio::task::spawn_blocking(move || worker.translate(&items)).await;
            done.unwrap_or_else(|error| Err(unusable(&error)))
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let worker = Arc::clone(&self.worker);
            let loaded =
                tokio::task::spawn_blocking(move || worker.model().map(NmtModel::has_shortlist))
                    .await;
            let shortlist = if loaded.unwrap_or_else(|error| Err(unusable(&error)))? {
                "with shortlist"
            } else {
                "without shortlist"
            };
            Ok(format!(
                "{} in {}, {shortlist}, {} threads",
                self.title,
                self.folder.display(),
                self.worker.options.threads
            ))
        })
    }
}
