//! `overzet translate`: a Dutch article in, its English edition out, with pairs, review page and report.

use super::check::FailOn;
use super::failure::{Exit, Failure};
use super::sending::{self, Bounds, Sender};
use super::{batch, offer, print, session::Session};
use crate::bitext::{Edition, Lang, LangPair, State, Verdict};
use crate::engine::{self, Engine, Entry, Filled, Net, Stop};
use crate::format;
use crate::memory::Store;
use crate::pipeline::ladder::Rungs;
use crate::pipeline::{self, Furniture, Resources, Sending};
use crate::segment::Splitter;
use crate::term::Glossary;
use crate::workflow::files::{self, Outputs};
use crate::workflow::report::{self, Provenance};
use crate::workflow::{Host, bundle, glossary, local_model, segment};
use std::path::{Path, PathBuf};

/// Arguments of `translate`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Documents: .txt, .md, .html; `-` or a pipe is stdin
    pub files: Vec<PathBuf>,
    /// Where the edition goes: a file, or a folder (with a final /) for edition, pairs, review page and report
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Where pairs go, in the format of the name: .jsonl .tsv .csv .tmx .xlf .html; may be given several times
    #[arg(long)]
    pub pairs: Vec<PathBuf>,
    /// Engine; `overzet engines` lists them
    #[arg(long)]
    pub engine: Option<String>,
    /// Engine that is asked where the first one's terms cannot be repaired
    #[arg(long, value_name = "NAME")]
    pub second_engine: Option<String>,
    /// Language model that may change single terms: openai or ollama
    #[arg(long, value_name = "NAME")]
    pub editor: Option<String>,
    /// Glossary file or folder; may be given several times
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Source language
    #[arg(long)]
    pub from: Option<String>,
    /// Target language: en (American), en-US or en-GB
    #[arg(long)]
    pub to: Option<String>,
    /// Format of the document: plain, markdown, html
    #[arg(long)]
    pub format: Option<String>,
    /// End with exit code 1 if the glossary is violated
    #[arg(long)]
    pub strict: bool,
    /// From which severity of findings on the exit code is 1
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
    /// What bounds what is sent
    #[command(flatten)]
    pub bounds: Bounds,
    /// Where the report goes
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Write over files that may have been edited
    #[arg(long)]
    pub force: bool,
    /// What becomes of page furniture: keep, drop or translate
    #[arg(long)]
    pub furniture: Option<String>,
    /// XLIFF version of .xlf pairs: 1.2 or 2.1
    #[arg(long)]
    pub xliff: Option<String>,
    /// What concerns the engine in the process alone
    #[command(flatten)]
    pub local: batch::Args,
}

/// Where the outputs of one document go.
struct Places {
    edition: Option<PathBuf>,
    pairs: Vec<PathBuf>,
    report: Option<PathBuf>,
}

/// What is set up once for all documents.
struct Desk<'a> {
    world: &'a Session,
    args: &'a Args,
    pair: LangPair,
    entry: Option<&'static Entry>,
    engine: Option<Box<dyn Engine>>,
    second: Option<Box<dyn Engine>>,
    editor: Option<Box<dyn Engine>>,
    net: Net,
    splitter: Splitter,
    glossary: Glossary,
    store: Store,
    furniture: Furniture,
    silenced: Vec<String>,
    stop: Stop,
}

/// Translates the documents.
pub async fn run(args: &Args, world: &Session) -> Result<Exit, Failure> {
    if args.local.batch {
        if args.engine.as_deref().is_some_and(|name| name != "local") {
            return Err(Failure::usage("`--batch` is for the engine `local` alone"));
        }
        let mut flags = args.local.clone();
        flags.model = flags
            .model
            .or_else(|| local_model::model(&world.setup, &pair(args, world)));
        return batch::run(&flags, world.setup.settings.text("local.kernel"));
    }
    if args.files.is_empty() && print::stdin_is_terminal() {
        return Err(Failure::usage("there is nothing to translate")
            .hint("name a file: `overzet translate artikel.txt -o edition/`"));
    }
    let files = if args.files.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        args.files.clone()
    };
    if files.len() > 1 && args.output.as_deref().is_some_and(|o| !is_folder(o)) {
        return Err(Failure::usage("several documents do not fit into one file")
            .hint("`-o FOLDER/` writes each into the folder"));
    }
    let desk = Desk::open(args, world).await?;
    let mut worst = Exit::Done;
    for file in &files {
        let exit = desk.document(file).await?;
        // Interrupted ends the run; otherwise the graver code is told.
        if exit == Exit::Interrupted {
            return Ok(exit);
        }
        worst = match (worst, exit) {
            (Exit::Partial, _) | (_, Exit::Partial) => Exit::Partial,
            (worst, exit) => worst.max(exit),
        };
    }
    Ok(worst)
}

/// Whether a path means a folder: it ends with a slash or is one.
fn is_folder(path: &Path) -> bool {
    path.to_string_lossy().ends_with('/') || path.is_dir()
}

/// An engine with its row.
type Chosen = (&'static Entry, Box<dyn Engine>);

/// Chooses and builds the engine; where there is none, the model of the local one is offered to a person at a terminal.
async fn choose(
    args: &Args,
    world: &Session,
    pair: &LangPair,
    net: &Net,
) -> Result<Option<Chosen>, Failure> {
    let named = args
        .engine
        .as_deref()
        .or_else(|| args.local.model.as_ref().map(|_| "local"))
        .or_else(|| world.setup.settings.text("engine"));
    let named = named.map(engine::by_name).transpose()?;
    let mut settings = local_model::settings(&world.setup, pair, &args.local.local_options());
    let mut entry = named.or_else(|| engine::by_settings(&settings));
    let wants_model = entry.is_none_or(|e| e.name == "local") && !local_model::is_set(&settings);
    let sends = !args.bounds.offline && !args.bounds.frozen && !args.bounds.dry_run;
    if wants_model && sends && offer::offer(&args.files, world, pair).await? {
        settings = local_model::settings(&world.setup, pair, &args.local.local_options());
        entry = named.or_else(|| engine::by_settings(&settings));
    }
    match entry {
        Some(entry) => Ok(Some((entry, (entry.build)(&settings, net)?))),
        None => Ok(None),
    }
}

/// An engine of the upper rungs of the ladder, if a flag or a setting names one.
fn upper(
    flag: Option<&str>,
    key: &str,
    world: &Session,
    net: &Net,
) -> Result<Option<Box<dyn Engine>>, Failure> {
    let Some(name) = flag.or_else(|| world.setup.settings.text(key)) else {
        return Ok(None);
    };
    let engine = (engine::by_name(name)?.build)(&world.setup.engine_settings(), net)?;
    if key == "editor" && !engine.edits() {
        return Err(Failure::usage(format!("`{name}` cannot edit single terms"))
            .hint("openai or ollama can"));
    }
    Ok(Some(engine))
}

/// The language pair of the run.
fn pair(args: &Args, world: &Session) -> LangPair {
    let lang = |flag: &Option<String>, key: &str| {
        let text = flag.as_deref().or_else(|| world.setup.settings.text(key));
        Lang::new(text.unwrap_or_default())
    };
    LangPair {
        source: lang(&args.from, "from"),
        target: lang(&args.to, "to"),
    }
}

/// What to say when there is no engine.
fn no_engine() -> Failure {
    Failure::usage("no engine is configured, and no model is installed")
        .hint("install a model that runs on this machine: `overzet models pull nl-en` (`overzet models list` says how large it is)")
        .hint("or set a key: copy .env.example to .env and fill in one line, such as DEEPL_AUTH_KEY")
        .hint("or point at a server: LIBRETRANSLATE_URL, OLLAMA_HOST or OPENAI_BASE_URL")
        .hint("or try it without either: `overzet demo`, or `overzet mock` in a second window")
}

impl<'a> Desk<'a> {
    async fn open(args: &'a Args, world: &'a Session) -> Result<Self, Failure> {
        let net = world.setup.net()?;
        let pair = pair(args, world);
        let chosen = choose(args, world, &pair, &net).await?;
        let (entry, engine) =
            chosen.map_or((None, None), |(entry, engine)| (Some(entry), Some(engine)));
        let text = |flag: &Option<String>, key: &str| {
            flag.clone()
                .or_else(|| world.setup.settings.text(key).map(str::to_owned))
                .unwrap_or_default()
        };
        let furniture = match text(&args.furniture, "furniture").as_str() {
            "keep" => Furniture::Keep,
            "drop" => Furniture::Drop,
            "translate" => Furniture::Translate,
            other => {
                return Err(
                    Failure::usage(format!("`{other}` is no choice for furniture"))
                        .hint("one of keep, drop, translate"),
                );
            }
        };
        Ok(Self {
            world,
            args,
            splitter: Splitter::new(&pair.source, &segment::options(&world.setup.settings)?)?,
            pair,
            second: upper(args.second_engine.as_deref(), "second_engine", world, &net)?,
            editor: upper(args.editor.as_deref(), "editor", world, &net)?,
            entry,
            engine,
            net,
            glossary: glossary::load(&args.glossary, &world.setup)?,
            store: Store::open(&world.setup.memory())?,
            furniture,
            silenced: world.setup.settings.silenced(),
            stop: sending::listen(),
        })
    }

    fn resources(&self) -> Resources<'_> {
        Resources {
            pair: self.pair.clone(),
            splitter: &self.splitter,
            glossary: &self.glossary,
            memory: &self.store,
            furniture: self.furniture,
            silenced: &self.silenced,
        }
    }

    /// The engine with what bounds its run.
    fn sender<'s>(&'s self, engine: &'s dyn Engine) -> Sender<'s> {
        Sender {
            world: self.world,
            bounds: &self.args.bounds,
            entry: self.entry,
            engine,
            net: &self.net,
            stop: &self.stop,
        }
    }

    /// One document from its bytes to its files.
    async fn document(&self, file: &Path) -> Result<Exit, Failure> {
        let places = self.places(file);
        let outputs = Outputs::new(Some(&self.store), self.args.force);
        for path in places
            .edition
            .iter()
            .chain(&places.pairs)
            .chain(&places.report)
        {
            outputs.check(path)?;
        }
        let bytes = files::read(file)?;
        let with = self.resources();
        let name = file.display().to_string();
        let mut edition =
            pipeline::prepare(&bytes, Some(&name), self.args.format.as_deref(), &with)?;
        drop(bytes);
        for notice in &edition.document.notices {
            self.world.say(&format!("{name}: {}", notice.message));
        }
        pipeline::reuse(&mut edition, &with)?;
        let Some(engine) = self.engine.as_deref() else {
            let waits = edition.units.iter().any(|u| u.state == State::Untranslated);
            if waits && !self.args.bounds.offline(self.world) {
                return Err(no_engine());
            }
            return self.finish(edition, &Filled::default(), &places, &outputs, &name);
        };
        pipeline::recall(&mut edition.units, engine, &with)?;
        let sender = self.sender(engine);
        let Some(mut filled) = sender.fill(&mut edition.units, &with).await? else {
            return Ok(Exit::Done);
        };
        if !filled.stopped && filled.fatal.is_none() {
            self.climb(&mut edition, &sender, &mut filled).await?;
        }
        self.finish(edition, &filled, &places, &outputs, &name)
    }

    /// Climbs the ladder with the units whose terms are still wrong. Where nothing may be sent, what is kept from before is used.
    async fn climb(
        &self,
        edition: &mut Edition,
        sender: &Sender<'_>,
        filled: &mut Filled,
    ) -> Result<(), Failure> {
        let (offline, frozen) = (
            self.args.bounds.offline(self.world),
            self.args.bounds.frozen(self.world),
        );
        let sending = Sending {
            engine: sender.engine,
            net: Some(&self.net),
            stop: &self.stop,
            progress: &|_| {},
            max_characters: sender
                .cap()
                .map(|most| most.saturating_sub(filled.characters)),
            now: &|| self.world.now(),
        };
        let rungs = Rungs {
            editor: self.editor.as_deref(),
            second: self.second.as_deref(),
        };
        let sends = (!offline && !frozen).then_some(&sending);
        let climbed =
            pipeline::ladder::climb(edition, sender.engine, rungs, &self.resources(), sends).await;
        if frozen && climbed.waiting > 0 {
            return Err(Failure::new(
                Exit::WouldSend,
                format!(
                    "{} segments would be sent to mend their terms",
                    climbed.waiting
                ),
            )
            .hint("run once without --frozen, and keep the memory file"));
        }
        filled.requests += climbed.filled.requests;
        filled.characters += climbed.filled.characters;
        filled.texts += climbed.filled.texts;
        filled.stopped |= climbed.filled.stopped;
        // The edition stands without the upper rungs; what they could not mend is flagged.
        if let Some(error) = climbed.filled.fatal {
            self.world
                .say(&format!("the ladder of repair ended early: {error}"));
        }
        if climbed.mended > 0 {
            self.world.say(&format!(
                "{} segments mended by the ladder of repair",
                climbed.mended
            ));
        }
        Ok(())
    }

    /// Enforces, checks, writes, and says how it went.
    fn finish(
        &self,
        mut edition: Edition,
        filled: &Filled,
        places: &Places,
        outputs: &Outputs<'_>,
        name: &str,
    ) -> Result<Exit, Failure> {
        let untranslated = edition
            .units
            .iter()
            .filter(|u| u.state == State::Untranslated)
            .count();
        let any = filled.texts > 0 || untranslated < edition.units.len();
        if filled.stopped {
            let done = edition.units.len() - untranslated;
            self.world.say(&format!(
                "interrupted; {done} of {} segments are kept: the same command goes on",
                edition.units.len()
            ));
            return Ok(Exit::Interrupted);
        }
        if let Some(error) = &filled.fatal {
            let reached = matches!(
                error,
                engine::Error::Network { .. } | engine::Error::RateLimited { .. }
            );
            if !(reached && any) {
                return Err(error.clone().into());
            }
            print::err(&Failure::from(error.clone()).to_string());
        }
        let with = self.resources();
        pipeline::finish(&mut edition, &with);
        if edition.units.len() > pipeline::LINKED {
            self.world.say(&format!(
                "{name}: words are not linked in a document of over {} segments; `overzet align --words` does that",
                pipeline::LINKED
            ));
        }
        let text = format::edition(&mut edition)?;
        let (bytes, notice) = format::encode(&edition.document, &text);
        if let Some(notice) = notice {
            self.world.say(&format!("{name}: {}", notice.message));
        }
        match &places.edition {
            Some(path) => outputs.write(path, &bytes)?,
            None => print::out(&bytes)?,
        }
        let provenance = self.provenance(&edition);
        self.pairs(&edition, places, outputs, name, &provenance)?;
        if let Some(path) = &places.report {
            outputs.write(
                path,
                report::report(&edition, &files::base(Path::new(name)), &provenance).as_bytes(),
            )?;
        }
        let sends = self.entry.is_none_or(|e| e.uses_net);
        self.world.say(&summary(&edition, filled, name, sends));
        Ok(self.exit(&edition, untranslated))
    }

    fn pairs(
        &self,
        edition: &Edition,
        places: &Places,
        outputs: &Outputs<'_>,
        name: &str,
        provenance: &Provenance,
    ) -> Result<(), Failure> {
        let xliff = self
            .args
            .xliff
            .as_deref()
            .or_else(|| self.world.setup.settings.text("xliff"))
            .unwrap_or("1.2");
        if !["1.2", "2.1"].contains(&xliff) {
            return Err(Failure::usage(format!(
                "`{xliff}` is no XLIFF version that is written here"
            ))
            .hint("1.2 or 2.1"));
        }
        let about = bundle::about(&self.pair, name, provenance, xliff == "2.1");
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
            outputs.write_with(path, |out| {
                format::write_pairs_to(out, format, &edition.units, &[], &about)
            })?;
        }
        Ok(())
    }

    fn provenance(&self, edition: &Edition) -> Provenance {
        let made = || edition.units.iter().filter_map(|u| u.made);
        Provenance {
            engine: self.engine.as_ref().map(|e| e.name().to_owned()),
            options: self.engine.as_ref().map(|e| e.options()),
            glossary: self.glossary.digest(),
            glossary_entries: self.glossary.entries().len(),
            version: env!("CARGO_PKG_VERSION"),
            first_draft: made().min().map(report::rfc3339),
            last_draft: made().max().map(report::rfc3339),
        }
    }

    fn exit(&self, edition: &Edition, untranslated: usize) -> Exit {
        if untranslated > 0 {
            return Exit::Partial;
        }
        let violated = edition
            .units
            .iter()
            .flat_map(|u| &u.hits)
            .any(|h| h.verdict.is_some_and(Verdict::is_violation));
        if violated && (self.args.strict || self.world.setup.settings.is_on("strict")) {
            return Exit::Findings;
        }
        crate::workflow::check::outcome(
            &edition.units,
            self.args.fail_on.unwrap_or(FailOn::Never).severity(),
        )
        .into()
    }

    /// Where the outputs of a document go.
    fn places(&self, file: &Path) -> Places {
        let mut places = Places {
            edition: None,
            pairs: self.args.pairs.clone(),
            report: self.args.report.clone(),
        };
        match &self.args.output {
            Some(folder) if is_folder(folder) => {
                let stem = bundle::stem(&file.display().to_string());
                places.edition = Some(bundle::edition(folder, file));
                places.pairs.extend(bundle::pairs(folder, &stem));
                places
                    .report
                    .get_or_insert_with(|| bundle::report(folder, &stem));
            }
            Some(path) if path != Path::new("-") => places.edition = Some(path.clone()),
            _ => {}
        }
        places
    }
}

/// How it went, in one line.
fn summary(edition: &Edition, filled: &Filled, name: &str, sends: bool) -> String {
    let units = &edition.units;
    let errors = units
        .iter()
        .flat_map(|u| &u.findings)
        .filter(|f| f.severity == crate::bitext::Severity::Error)
        .count();
    let warnings = units.iter().map(|u| u.findings.len()).sum::<usize>() - errors;
    let hits = || units.iter().flat_map(|u| &u.hits);
    let repaired = hits().filter(|h| h.repair.is_some()).count();
    let wrong = hits()
        .filter(|h| h.verdict.is_some_and(Verdict::is_violation))
        .count();
    let reused = units
        .iter()
        .filter(|u| matches!(u.origin, crate::bitext::Origin::Memory(_)))
        .count();
    let reused = if reused > 0 {
        format!(" {reused} from the memory;")
    } else {
        String::new()
    };
    let asked = if sends {
        format!(
            "{} texts sent in {} requests",
            filled.texts, filled.requests
        )
    } else {
        format!("{} texts translated here, nothing sent", filled.texts)
    };
    format!(
        "{name}: {} blocks, {} segments;{reused} {asked}; {} terms, {repaired} repaired, {wrong} wrong; {errors} errors, {warnings} warnings",
        edition.document.blocks.len(),
        units.len(),
        hits().count(),
    )
}
