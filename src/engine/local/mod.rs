//! The neural engine in the process: no server, no key, no text that leaves the machine.
//!
//! What [`crate::nmt`] gives and takes is plain strings; here a unit becomes such a request and its answer a draft. `„MI6 waarschuwt Oekraïne.”`
//! is asked for without its quotation marks, with MI6 and Ukraine as terms that the decoder has to write; what comes back gets its marks, its codes
//! (by the word alignment), links, a score, the words that the model was unsure of, and other wordings.

mod job;
#[cfg(test)]
mod tests;

use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, Item, Limits,
    Request, models,
};
use crate::bitext::Lang;
use crate::nmt::{self, Level, Options, Translator};
use job::Job;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

const NAME: &str = "local";
/// Raised whenever the same model may give another draft: other constraints, other codes, other doubts.
const VERSION: u32 = 1;

/// The engine's row.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "a neural model in this process; `overzet models pull nl-en` installs one",
    keys: &[EngineKey {
        name: "OVERZET_MODEL",
        help: "folder of a model for the engine `local`; without it, the installed one is taken",
        secret: false,
    }],
    sends_text_out: false,
    carries_codes: true,
    own_glossary: true,
    price: None,
    build: Build::Alone(|settings| Ok(Box::new(Local::new(settings)?))),
};

/// Characters of a request per thread: some five batches, so that the threads end at about the same time, and well under a second of work, so that
/// progress and interruption are felt.
const CHARACTERS: usize = 8_000;
/// The engine. The model is loaded when the first text is to be translated.
struct Local {
    folder: PathBuf,
    /// Name and version of the model, for people.
    title: String,
    /// Language pair of the model, where its manifest says so.
    pair: Option<(String, String)>,
    digest: String,
    work: Arc<Work>,
}

/// What goes to the thread that computes.
struct Work {
    folder: PathBuf,
    level: Option<Level>,
    options: Options,
    alternatives: usize,
    model: OnceLock<Result<Translator, Error>>,
}

fn unusable(error: &dyn std::error::Error) -> Error {
    Error::Model {
        what: error.to_string(),
    }
}

impl Local {
    fn new(settings: &EngineSettings) -> Result<Self, Error> {
        let folder = PathBuf::from(settings.get("OVERZET_MODEL").ok_or_else(|| {
            Error::Configuration {
                what: "the engine `local` needs a model, and none is installed".into(),
                hint: "`overzet models pull nl-en` installs one; `--model DIR` or OVERZET_MODEL names a folder with one".into(),
            }
        })?);
        let wrong = |name: &str, what: &str| Error::Configuration {
            what: format!("{} is {what}", settings.named(name)),
            hint: "`overzet config show --origin` says where it was set".into(),
        };
        let count = |name: &str| match settings.get(name) {
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| wrong(name, "no whole number")),
            None => Ok(None),
        };
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let level = match settings.get("local.kernel") {
            Some(name) => Some(
                Level::available()
                    .into_iter()
                    .find(|l| l.name() == name)
                    .ok_or_else(|| wrong("local.kernel", "not what this CPU has"))?,
            ),
            None => None,
        };
        let about = models::identify(&folder).map_err(|error| unusable(&error))?;
        Ok(Self {
            title: about.title,
            pair: about.pair,
            digest: about.digest,
            work: Arc::new(Work {
                folder: folder.clone(),
                level,
                options: Options {
                    threads: count("local.threads")?
                        .filter(|&n| n > 0)
                        .unwrap_or_else(cores)
                        .min(256),
                    shortlist: settings.get("local.shortlist") != Some("off"),
                    ..Options::default()
                },
                alternatives: count("local.alternatives")?.unwrap_or(2).min(8),
                model: OnceLock::new(),
            }),
            folder,
        })
    }
}

impl Work {
    /// The model, loaded when first asked for.
    fn model(&self) -> Result<&Translator, Error> {
        let loaded = self.model.get_or_init(|| {
            let model = Translator::load(&self.folder).map_err(|error| unusable(&error))?;
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
        let jobs: Vec<Job<'_>> = items
            .iter()
            .map(|item| Job::new(item, self.alternatives))
            .collect();
        let requests: Vec<nmt::Request> = jobs.iter().map(|job| job.request.clone()).collect();
        let mut answers = model.translate(&requests, &self.options);
        for (job, answer) in jobs.iter().zip(&mut answers) {
            job.tidied(answer);
        }
        // Where a form was written against the model's will, what it would have written is offered beside it.
        let unwilling: Vec<usize> = (0..jobs.len())
            .filter(|&at| !jobs[at].unwilling(&answers[at]).is_empty())
            .collect();
        let free: Vec<nmt::Request> = unwilling
            .iter()
            .map(|&at| nmt::Request {
                ban: requests[at].ban.clone(),
                ..nmt::Request::new(&requests[at].text)
            })
            .collect();
        let free = model.translate(&free, &self.options);
        let mut free: BTreeMap<usize, nmt::Answer> = unwilling.into_iter().zip(free).collect();
        let drafts = jobs.iter().zip(&answers).enumerate();
        Ok(drafts
            .filter_map(|(at, (job, answer))| job.draft(answer, free.remove(&at).as_ref()))
            .collect())
    }
}

impl Engine for Local {
    fn name(&self) -> &str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: usize::MAX,
            bytes: usize::MAX,
            characters: CHARACTERS * self.work.options.threads,
            concurrency: 1,
        }
    }

    fn options(&self) -> String {
        let Work {
            options,
            alternatives,
            ..
        } = &*self.work;
        let shortlist = if options.shortlist { "on" } else { "off" };
        format!(
            "{} {} shortlist={shortlist} alternatives={alternatives} version={VERSION}",
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
            let work = Arc::clone(&self.work);
            // Off the threads of the runtime: signals, progress and the memory file are served meanwhile.
            let done = tokio::task::spawn_blocking(move || work.translate(&items)).await;
            done.unwrap_or_else(|error| Err(unusable(&error)))
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let work = Arc::clone(&self.work);
            let loaded =
                tokio::task::spawn_blocking(move || work.model().map(Translator::has_shortlist))
                    .await;
            let shortlist = if loaded.unwrap_or_else(|error| Err(unusable(&error)))? {
                "with shortlist"
            } else {
                "no shortlist"
            };
            Ok(format!(
                "{} in {}, {shortlist}, {} threads",
                self.title,
                self.folder.display(),
                self.work.options.threads
            ))
        })
    }
}
