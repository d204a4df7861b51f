//! Documents into their editions: engines, glossary and memory are set up once, then each document
//! goes through the line to its files.

use super::budget::{Bounds, PricedPlan};
use super::bundle::{self, OutputPlaces};
use super::files::{self, Outputs};
use super::ledger::Ledger;
use super::local_model::{self, LocalOptions};
use super::report::{self, Provenance};
use super::{
    Error, Host, HostProgress, NoticeLevel, Outcome, Setup, check, glossary, pairs, review_carry,
    segment,
};
use crate::bitext::{Edition, LangPair, Severity, State, Unit, Verdict};
use crate::check::CheckContext;
use crate::engine::{
    self, CancelToken, Engine, EngineSettings, Entry, HttpClient, RunStats, Transport,
};
use crate::format;
use crate::memory::Store;
use crate::pipeline::{
    self, DocumentInput, FallbackEngines, FallbackStats, Furniture, Resources, Sending, Translation,
};
use crate::segment::Splitter;
use crate::term::Glossary;
use std::path::{Path, PathBuf};

/// How documents are translated. What is left open is as the settings have it.
#[derive(Debug, Clone, Default)]
pub struct TranslateRequest {
    /// Source language.
    pub from: Option<String>,
    /// Target language.
    pub to: Option<String>,
    /// Name of the engine; where nothing names one, the first that has its key.
    pub engine: Option<String>,
    /// Engine that is asked where the first one's terms cannot be repaired.
    pub second_engine: Option<String>,
    /// Language model that may change single terms.
    pub post_editor: Option<String>,
    /// What concerns the engine in the process alone.
    pub local: LocalOptions,
    /// Glossary files and folders.
    pub glossary: Vec<PathBuf>,
    /// Subject field, which selects glossary entries with `when` `domain=…`.
    pub domain: Option<String>,
    /// Format of the documents, where their names do not tell.
    pub format: Option<String>,
    /// Paths of the fields of JSON that are texts; without any, those of the settings.
    pub fields: Vec<String>,
    /// Columns of tables that are texts; without any, those of the settings.
    pub columns: Vec<String>,
    /// What becomes of page furniture.
    pub furniture: Option<Furniture>,
    /// Whether `.xlf` pairs are XLIFF 2.1 instead of 1.2.
    pub xliff2: Option<bool>,
    /// Whether a violated glossary is a finding that counts.
    pub strict: bool,
    /// From which severity on findings count; none do if not given.
    pub fail_on: Option<Severity>,
    /// The bounds of what is sent.
    pub bounds: Bounds,
    /// Whether files are written over that a person may have edited.
    pub force: bool,
}

/// An engine with its row.
type ChosenEngine = (&'static Entry, Box<dyn Engine>);

/// What is set up once for all documents.
pub struct TranslateRun<'a> {
    request: &'a TranslateRequest,
    setup: &'a Setup,
    host: &'a dyn Host,
    pair: LangPair,
    engine: Option<ChosenEngine>,
    second: Option<ChosenEngine>,
    post_editor: Option<ChosenEngine>,
    net: HttpClient,
    splitter: Splitter,
    glossary: Glossary,
    memory: Store,
    silenced: Vec<String>,
}

/// What came of a document.
pub enum DocumentResult {
    /// A dry run: what would be sent.
    Planned(PricedPlan),
    /// Somebody asked to stop; the drafts are kept.
    Interrupted {
        /// Units that have their target.
        done: usize,
        /// All units.
        total: usize,
    },
    /// The files are written.
    Written(Box<WrittenDocument>),
}

/// A document whose files are written.
pub struct WrittenDocument {
    /// How it went.
    pub outcome: Outcome,
    /// The edition.
    pub edition: Edition,
    /// The bytes of the edition where no file was named for it.
    pub bytes: Option<Vec<u8>>,
    /// What was sent. [`RunStats::fatal`] is the failure that left some units untranslated.
    pub stats: RunStats,
    /// Whether the engine sends texts over the network.
    pub sends: bool,
}

impl<'a> TranslateRun<'a> {
    /// Chooses the engines, and opens glossary and memory.
    ///
    /// Errors: an engine that is unknown or not set up; [`Error::NotAnEditor`]; those of the files.
    pub fn open(
        request: &'a TranslateRequest,
        setup: &'a Setup,
        host: &'a dyn Host,
    ) -> Result<Self, Error> {
        let net = setup.net()?;
        let pair = pair(request, setup);
        let (entry, settings) = engine_of(request, setup, &pair)?;
        let engine = match entry {
            Some(entry) => Some((entry, entry.build(&settings, &net)?)),
            None => None,
        };
        let second = request.second_engine.as_deref();
        let second = fallback_engine(second, "second_engine", setup, &net)?;
        let post_editor = request.post_editor.as_deref();
        let post_editor = fallback_engine(post_editor, "post_editor", setup, &net)?;
        if let Some((entry, _)) = post_editor
            .as_ref()
            .filter(|(_, engine)| !engine.post_edits())
        {
            let engine = entry.name.to_owned();
            return Err(Error::NotAnEditor { engine });
        }
        let run = Self {
            splitter: segment::splitter(&pair.source, &setup.settings)?,
            glossary: match &request.domain {
                Some(domain) => glossary::load(&request.glossary, setup)?.in_domain(domain),
                None => glossary::load(&request.glossary, setup)?,
            },
            memory: Store::open(&setup.memory())?,
            silenced: setup.settings.silenced(),
            request,
            setup,
            host,
            pair,
            engine,
            second,
            post_editor,
            net,
        };
        run.report_setup();
        Ok(run)
    }

    /// Takes a document through the line to its files.
    ///
    /// Errors: [`Error::Exists`] before anything is sent; those of [`pipeline::translate`]; those
    /// of writing.
    pub async fn document(
        &self,
        name: &str,
        bytes: Vec<u8>,
        places: &OutputPlaces,
    ) -> Result<DocumentResult, Error> {
        let ledger = Ledger::new(&self.memory);
        let outputs = Outputs::new(Some(ledger), self.request.force).like(Path::new(name));
        places.all().try_for_each(|path| outputs.check(path))?;
        let input = DocumentInput {
            format: self.request.format.as_deref(),
            ..DocumentInput::named(bytes, name)
        };
        let stop = self.host.cancelled();
        let progress = |progress: engine::Progress| self.host.progress(progress.into());
        let now = || self.host.now();
        let sending = self.sending(&stop, &progress, &now);
        let entry = self.engine.as_ref().map(|(entry, _)| *entry);
        let (with, limits) = (self.resources(), self.request.bounds.limits(entry));
        if self.request.bounds.dry_run {
            let plan = pipeline::plan(input, &with, sending.as_ref(), &limits).await?;
            return Ok(DocumentResult::Planned(PricedPlan {
                engine: sending.map(|sending| sending.engine.name().to_owned()),
                price: entry.and_then(|entry| entry.price),
                plan: plan.engine,
                fallback_texts: plan.fallback_texts,
                fallback_characters: plan.fallback_characters,
            }));
        }
        let translated = pipeline::translate(input, &with, sending.as_ref(), &limits).await;
        self.host.progress(HostProgress::Finished);
        match translated {
            Err(pipeline::Error::Interrupted { done, total }) => {
                Ok(DocumentResult::Interrupted { done, total })
            }
            translated => {
                let mut translated = translated?;
                let earlier = review_carry::earlier_units(places, name, &self.pair);
                self.carry_over(&mut translated.edition, earlier);
                self.write(translated, name, places, &outputs)
            }
        }
    }

    /// Takes a document through the line and writes nothing: its edition, in which `earlier` units
    /// keep what people made of them, and its report.
    ///
    /// Errors: those of [`pipeline::translate`].
    pub async fn unwritten(
        &self,
        input: DocumentInput<'_>,
        earlier: Vec<Unit>,
    ) -> Result<(Translation, String), Error> {
        let name = files::base(Path::new(input.name.unwrap_or_default()));
        let stop = self.host.cancelled();
        let progress = |progress: engine::Progress| self.host.progress(progress.into());
        let now = || self.host.now();
        let sending = self.sending(&stop, &progress, &now);
        let entry = self.engine.as_ref().map(|(entry, _)| *entry);
        let (with, limits) = (self.resources(), self.request.bounds.limits(entry));
        let mut translated = pipeline::translate(input, &with, sending.as_ref(), &limits).await?;
        self.carry_over(&mut translated.edition, earlier);
        // Where its targets stand is a part of the report.
        format::edition(&mut translated.edition)?;
        let provenance = self.provenance(&translated.edition);
        let report = report::report(&translated.edition, &name, &provenance);
        Ok((translated, report))
    }

    /// Takes one unit through the stations from the engine on: its draft, with its terms enforced
    /// and its findings. What the memory or a person has for it is passed over.
    ///
    /// Errors: those of [`pipeline::translate_unit`].
    pub async fn one(&self, unit: &Unit) -> Result<Unit, Error> {
        let stop = self.host.cancelled();
        let (progress, now) = (|_| {}, || self.host.now());
        let sending = self.sending(&stop, &progress, &now);
        let sending = sending.ok_or(pipeline::Error::NoEngine)?;
        let entry = self.engine.as_ref().map(|(entry, _)| *entry);
        let (with, limits) = (self.resources(), self.request.bounds.limits(entry));
        Ok(pipeline::translate_unit(unit, &with, &sending, &limits).await?)
    }

    /// The engines of the run with what they need.
    fn sending<'s>(
        &'s self,
        stop: &'s CancelToken,
        progress: &'s (dyn Fn(engine::Progress) + Sync),
        now: &'s (dyn Fn() -> i64 + Sync),
    ) -> Option<Sending<'s>> {
        let (engine, net) = self.with_network(self.engine.as_ref()?);
        Some(Sending {
            fallback: self.fallback_engines(),
            progress,
            now,
            ..Sending::new(engine, net, stop)
        })
    }

    /// Gives the edition what people made of its earlier units.
    fn carry_over(&self, edition: &mut Edition, earlier: Vec<Unit>) {
        if !review_carry::carry_over(&mut edition.units, earlier) {
            return;
        }
        pairs::judge_again(&mut edition.units, &self.glossary);
        let with = CheckContext::new(&self.glossary, &self.pair).silenced(&self.silenced);
        crate::check::run(&mut edition.units, &with);
    }

    fn resources(&self) -> Resources<'_> {
        let furniture = match self.setup.settings.text("furniture") {
            Some("drop") => Furniture::Drop,
            Some("translate") => Furniture::Translate,
            _ => Furniture::Keep,
        };
        let mut reading = segment::reading(&self.setup.settings);
        if !self.request.fields.is_empty() {
            reading.fields.clone_from(&self.request.fields);
        }
        if !self.request.columns.is_empty() {
            reading.columns.clone_from(&self.request.columns);
        }
        Resources {
            furniture: self.request.furniture.unwrap_or(furniture),
            silenced: &self.silenced,
            reading,
            ..Resources::new(
                self.pair.clone(),
                &self.splitter,
                &self.glossary,
                &self.memory,
            )
        }
    }

    fn fallback_engines(&self) -> FallbackEngines<'_> {
        FallbackEngines {
            post_editor: self.post_editor.as_ref().map(|e| self.with_network(e)),
            second: self.second.as_ref().map(|e| self.with_network(e)),
        }
    }

    fn with_network<'s>(
        &'s self,
        engine: &'s ChosenEngine,
    ) -> (&'s dyn Engine, Option<&'s dyn Transport>) {
        let net = engine.0.uses_net().then_some(&self.net as &dyn Transport);
        (engine.1.as_ref(), net)
    }

    /// Writes edition, pairs, review page and report.
    fn write(
        &self,
        translation: Translation,
        name: &str,
        places: &OutputPlaces,
        outputs: &Outputs<'_>,
    ) -> Result<DocumentResult, Error> {
        let Translation {
            mut edition,
            stats,
            fallback,
        } = translation;
        self.report_run(&edition, &fallback, name);
        // What could not be kept is paid for: it is written all the same.
        let is_unkept = matches!(stats.fatal, Some(engine::Error::NotKept { .. }));
        let unrecorded = is_unkept.then(|| outputs.without_records());
        let outputs = unrecorded.as_ref().unwrap_or(outputs);
        let text = format::edition(&mut edition)?;
        let (bytes, notice) = format::encode(&edition.document, &text)?;
        if let Some(notice) = notice {
            self.info(&format!("{name}: {}", notice.message));
        }
        let bytes = match &places.edition {
            Some(path) => {
                outputs.write(path, &bytes)?;
                None
            }
            None => Some(bytes),
        };
        let provenance = self.provenance(&edition);
        self.write_pairs(&edition, places, outputs, name, &provenance)?;
        if let Some(path) = &places.report {
            let report = report::report(&edition, &files::base(Path::new(name)), &provenance);
            outputs.write(path, report.as_bytes())?;
        }
        let sends = self
            .engine
            .as_ref()
            .is_none_or(|(entry, _)| entry.uses_net());
        Ok(DocumentResult::Written(Box::new(WrittenDocument {
            outcome: self.outcome(&edition),
            edition,
            bytes,
            stats,
            sends,
        })))
    }

    fn write_pairs(
        &self,
        edition: &Edition,
        places: &OutputPlaces,
        outputs: &Outputs<'_>,
        name: &str,
        provenance: &Provenance,
    ) -> Result<(), Error> {
        let set = self.setup.settings.text("xliff") == Some("2.1");
        let xliff2 = self.request.xliff2.unwrap_or(set);
        let about = bundle::about(&self.pair, name, provenance, xliff2);
        for path in &places.pairs {
            let kind = path.display().to_string();
            if kind.ends_with(".html") {
                let notices = edition.document.notices.iter();
                let notices: Vec<String> = notices.map(|n| n.message.clone()).collect();
                let page = bundle::page(&edition.units, &notices, &self.pair, provenance, name)?;
                outputs.write(path, &page)?;
                continue;
            }
            let format = format::pair_format(&kind)?;
            if let Some(lost) = format::lost_codes(format, &edition.units) {
                self.host.notify(NoticeLevel::Warning, &lost.message);
            }
            outputs.write_with(path, |out| {
                format::write_pairs_to(out, format, &edition.units, &[], &about)
            })?;
        }
        Ok(())
    }

    fn provenance(&self, edition: &Edition) -> Provenance {
        let made = || edition.units.iter().filter_map(|u| u.made);
        Provenance {
            engine: self.engine.as_ref().map(|(_, e)| e.name().to_owned()),
            options: self.engine.as_ref().map(|(_, e)| e.options()),
            glossary: self.glossary.digest(),
            glossary_entries: self.glossary.entries().len(),
            version: env!("CARGO_PKG_VERSION"),
            first_draft: made().min().map(report::rfc3339),
            last_draft: made().max().map(report::rfc3339),
        }
    }

    fn outcome(&self, edition: &Edition) -> Outcome {
        let units = &edition.units;
        if units.iter().any(|u| u.state == State::Untranslated) {
            return Outcome::Partial;
        }
        let is_violated = units
            .iter()
            .flat_map(|u| &u.hits)
            .any(|h| h.verdict.is_some_and(Verdict::is_violation));
        if is_violated && (self.request.strict || self.setup.settings.is_on("strict")) {
            return Outcome::Findings;
        }
        check::outcome(units, self.request.fail_on)
    }

    fn info(&self, line: &str) {
        self.host.notify(NoticeLevel::Info, line);
    }

    /// Notifies the host of what a run has to do with: engine, glossary, memory.
    fn report_setup(&self) {
        let detail = |line: String| self.host.notify(NoticeLevel::Detail, &line);
        if let Some((_, engine)) = &self.engine {
            detail(format!("engine {} ({})", engine.name(), engine.options()));
        }
        let entries = self.glossary.entries().len();
        detail(format!("glossary: {entries} entries"));
        detail(format!("memory {}", self.setup.memory().display()));
    }

    /// Notifies the host of what a person should know of a document.
    fn report_run(&self, edition: &Edition, fallback: &FallbackStats, name: &str) {
        for notice in &edition.document.notices {
            self.info(&format!("{name}: {}", notice.message));
        }
        // The edition stands without the fallback; terms that it could not repair are flagged.
        if let Some(error) = &fallback.run.fatal {
            self.info(&format!("the fallback for terms ended early: {error}"));
        }
        if fallback.improved > 0 {
            self.info(&format!(
                "{} segments improved by the fallback for terms",
                fallback.improved
            ));
        }
        if edition.units.len() > pipeline::MAX_LINKED_UNITS {
            self.info(&format!(
                "{name}: words are not linked in documents with more than {} segments; use \
                `overzet align --words`",
                pipeline::MAX_LINKED_UNITS
            ));
        }
    }
}

/// The language pair of a run.
pub fn pair(request: &TranslateRequest, setup: &Setup) -> LangPair {
    setup.pair_with(request.from.as_deref(), request.to.as_deref())
}

/// Whether the engine in the process would translate, or none would, and it has no model: one that
/// is fetched now would be used.
///
/// Errors: an engine that is unknown.
pub fn lacks_model(request: &TranslateRequest, setup: &Setup) -> Result<bool, Error> {
    let (entry, settings) = engine_of(request, setup, &pair(request, setup))?;
    Ok(entry.is_none_or(|entry| entry.name == "local") && !local_model::is_set(&settings))
}

/// The row of the engine that translates, if one is named or set up, and the settings of all
/// engines.
fn engine_of(
    request: &TranslateRequest,
    setup: &Setup,
    pair: &LangPair,
) -> Result<(Option<&'static Entry>, EngineSettings), Error> {
    let named = request
        .engine
        .as_deref()
        .or_else(|| request.local.model.as_ref().map(|_| "local"))
        .or_else(|| setup.settings.text("engine"));
    let settings = local_model::settings(setup, pair, &request.local);
    let entry = match named {
        Some(name) => Some(engine::by_name(name)?),
        None => engine::by_settings(&settings),
    };
    Ok((entry, settings))
}

/// An engine of the fallback, if the request or a setting names one.
fn fallback_engine(
    named: Option<&str>,
    key: &str,
    setup: &Setup,
    net: &HttpClient,
) -> Result<Option<ChosenEngine>, Error> {
    let Some(name) = named.or_else(|| setup.settings.text(key)) else {
        return Ok(None);
    };
    let entry = engine::by_name(name)?;
    Ok(Some((entry, entry.build(&setup.engine_settings(), net)?)))
}
