//! `overzet translate`: a Dutch article in, its English edition out, with pairs, review page and
//! report.

use super::check::{self, FailOn};
use super::failure::{Exit, Failure};
use super::output::{self, Outputs};
use super::report::{self, Provenance};
use super::sending::{self, Bounds, plan_text};
use super::{World, batch, bundle, glossary, local, print, progress, segment};
use crate::bitext::{Edition, Lang, LangPair, State, Verdict};
use crate::engine::{self, CancelToken, Engine, Entry, HttpClient, RunStats, Transport};
use crate::format;
use crate::memory::Store;
use crate::pipeline::{
    self, DocumentInput, FallbackEngines, Furniture, Resources, SendLimits, Sending, Translation,
};
use crate::segment::Splitter;
use crate::term::Glossary;
use std::path::{Path, PathBuf};

/// Arguments of `translate`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Documents: .txt, .md, .html; `-` or a pipe is stdin
    pub files: Vec<PathBuf>,
    /// Where the edition goes: a file, or a folder (with a final /) for edition, pairs, review page
    /// and report
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Where pairs go, in the format of the name: .jsonl .tsv .csv .tmx .xlf .html; may be given
    /// several times
    #[arg(long)]
    pub pairs: Vec<PathBuf>,
    /// Engine; `overzet engines` lists them
    #[arg(long)]
    pub engine: Option<String>,
    /// Engine that is asked where the first one's terms cannot be repaired
    #[arg(long, value_name = "NAME")]
    pub second_engine: Option<String>,
    /// Language model that may change single terms: openai or ollama
    #[arg(long, value_name = "NAME", alias = "editor")]
    pub post_editor: Option<String>,
    /// Glossary file or folder; may be given several times
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Subject field, for glossary entries with `when` `domain=…`
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
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
    world: &'a World,
    args: &'a Args,
    pair: LangPair,
    engine: Option<Chosen>,
    second: Option<Chosen>,
    post_editor: Option<Chosen>,
    net: HttpClient,
    splitter: Splitter,
    glossary: Glossary,
    store: Store,
    furniture: Furniture,
    silenced: Vec<String>,
    stop: CancelToken,
}

/// Translates the documents.
pub async fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    if args.local.batch {
        if args.engine.as_deref().is_some_and(|name| name != "local") {
            return Err(Failure::usage("`--batch` is for the engine `local` alone"));
        }
        let mut flags = args.local.clone();
        flags.model = flags
            .model
            .or_else(|| local::model(world, &pair(args, world)));
        return batch::run(&flags, world.settings.text("local.kernel"));
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

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        use engine::Error;
        let text = error.to_string();
        match error {
            Error::Auth { .. } => Self::new(Exit::Auth, text).hint("check the key in .env or the environment; `overzet config show --origin` says where it was read"),
            Error::Quota { .. } => Self::new(Exit::Quota, text).hint("what was done is kept; the same command goes on later"),
            Error::RateLimited { .. } | Error::Network { .. } | Error::Protocol { .. } => {
                Self::new(Exit::Unavailable, text).hint("what was done is kept; `overzet engines test NAME` asks the service")
            }
            Error::UnsupportedPair { .. } => Self::usage(text),
            Error::Configuration { hint, .. } => Self::usage(text).hint(hint),
            Error::Model { .. } => Self::input(text).hint("`overzet models verify` compares installed models with their hashes"),
            Error::NotKept { .. } => Self::input(text).hint("look at the memory file: `overzet config show` names it"),
            Error::TooLarge { .. } | Error::Refused { .. } | Error::Mismatch { .. } => Self::new(Exit::Unavailable, text),
        }
    }
}

impl From<crate::memory::Error> for Failure {
    fn from(error: crate::memory::Error) -> Self {
        Self::input("the memory file cannot be used")
            .caused_by(&error)
            .hint("`memory = \"PATH\"` in overzet.toml names another")
    }
}

/// An engine with its row.
type Chosen = (&'static Entry, Box<dyn Engine>);

/// Chooses and builds the engine; where there is none, the model of the local one is offered to a
/// person at a terminal.
async fn choose(
    args: &Args,
    world: &World,
    pair: &LangPair,
    net: &HttpClient,
) -> Result<Option<Chosen>, Failure> {
    let named = args
        .engine
        .as_deref()
        .or_else(|| args.local.model.as_ref().map(|_| "local"))
        .or_else(|| world.settings.text("engine"));
    let named = named.map(engine::by_name).transpose()?;
    let mut settings = local::settings(world, pair, Some(&args.local));
    let mut entry = named.or_else(|| engine::by_settings(&settings));
    let wants_model = entry.is_none_or(|e| e.name == "local") && !local::is_set(&settings);
    let sends = !args.bounds.offline && !args.bounds.frozen && !args.bounds.dry_run;
    if wants_model && sends && local::offer(&args.files, world, pair).await? {
        settings = local::settings(world, pair, Some(&args.local));
        entry = named.or_else(|| engine::by_settings(&settings));
    }
    match entry {
        Some(entry) => Ok(Some((entry, entry.build(&settings, net)?))),
        None => Ok(None),
    }
}

/// An engine of the fallback, if a flag or a setting names one.
fn fallback_engine(
    flag: Option<&str>,
    key: &str,
    world: &World,
    net: &HttpClient,
) -> Result<Option<Chosen>, Failure> {
    let Some(name) = flag.or_else(|| world.settings.text(key)) else {
        return Ok(None);
    };
    let entry = engine::by_name(name)?;
    Ok(Some((entry, entry.build(&world.engine_settings(), net)?)))
}

/// The language pair of the run.
fn pair(args: &Args, world: &World) -> LangPair {
    let lang = |flag: &Option<String>, key: &str| {
        let text = flag.as_deref().or_else(|| world.settings.text(key));
        Lang::new(text.unwrap_or_default())
    };
    LangPair {
        source: lang(&args.from, "from"),
        target: lang(&args.to, "to"),
    }
}

impl<'a> Desk<'a> {
    async fn open(args: &'a Args, world: &'a World) -> Result<Self, Failure> {
        let net = world.net()?;
        let pair = pair(args, world);
        let engine = choose(args, world, &pair, &net).await?;
        let second = args.second_engine.as_deref();
        let second = fallback_engine(second, "second_engine", world, &net)?;
        let post_editor = args.post_editor.as_deref();
        let post_editor = fallback_engine(post_editor, "post_editor", world, &net)?;
        if let Some((entry, _)) = post_editor
            .as_ref()
            .filter(|(_, engine)| !engine.post_edits())
        {
            return Err(
                Failure::usage(format!("`{}` cannot edit single terms", entry.name))
                    .hint("openai or ollama can"),
            );
        }
        let text = |flag: &Option<String>, key: &str| {
            flag.clone()
                .or_else(|| world.settings.text(key).map(str::to_owned))
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
            splitter: Splitter::new(&pair.source, &segment::options(&world.settings)?)?,
            pair,
            engine,
            second,
            post_editor,
            net,
            glossary: match &args.domain {
                Some(domain) => glossary::load(&args.glossary, world)?.in_domain(domain),
                None => glossary::load(&args.glossary, world)?,
            },
            store: Store::open(&world.memory())?,
            furniture,
            silenced: world.settings.silenced(),
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
            checks: &[],
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
        let name = file.display().to_string();
        let input = DocumentInput {
            format: self.args.format.as_deref(),
            ..DocumentInput::named(output::read(file)?, &name)
        };
        let with = self.resources();
        let bar = progress::bar(self.world);
        let moved = |progress| bar.set(progress);
        let sending = self.sending(&moved);
        let entry = self.engine.as_ref().map(|(entry, _)| *entry);
        let limits = self.args.bounds.limits(self.world, entry);
        if self.args.bounds.dry_run {
            return self.plan(input, &with, sending.as_ref(), &limits).await;
        }
        let translated = pipeline::translate(input, &with, sending.as_ref(), &limits).await;
        bar.finish();
        match translated {
            Ok(translation) => self.finish(translation, &places, &outputs, &name),
            Err(pipeline::Error::Interrupted { done, total }) => {
                self.world.say(&format!(
                    "interrupted; {done} of {total} segments are kept: the same command goes on"
                ));
                Ok(Exit::Interrupted)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Prints what would be sent.
    async fn plan(
        &self,
        input: DocumentInput<'_>,
        with: &Resources<'_>,
        sending: Option<&Sending<'_>>,
        limits: &SendLimits,
    ) -> Result<Exit, Failure> {
        let plan = pipeline::plan(input, with, sending, limits).await?;
        let fallback = (plan.fallback_texts, plan.fallback_characters);
        let engine = sending.map_or("none", |sending| sending.engine.name());
        let price = self.engine.as_ref().and_then(|(entry, _)| entry.price);
        print::out(plan_text(&plan.engine, fallback, engine, price).as_bytes())?;
        Ok(Exit::Done)
    }

    /// The engines of the run.
    fn sending<'s>(
        &'s self,
        progress: &'s (dyn Fn(engine::Progress) + Sync),
    ) -> Option<Sending<'s>> {
        let with_net =
            |(entry, engine): &'s Chosen| -> (&'s dyn Engine, Option<&'s dyn Transport>) {
                (
                    engine.as_ref(),
                    entry.uses_net().then_some(&self.net as &dyn Transport),
                )
            };
        let (engine, net) = self.engine.as_ref().map(with_net)?;
        Some(Sending {
            engine,
            net,
            fallback: FallbackEngines {
                post_editor: self.post_editor.as_ref().map(with_net),
                second: self.second.as_ref().map(with_net),
            },
            stop: &self.stop,
            progress,
            now: &World::now,
        })
    }

    /// Writes the files, and says how it went.
    fn finish(
        &self,
        translation: Translation,
        places: &Places,
        outputs: &Outputs<'_>,
        name: &str,
    ) -> Result<Exit, Failure> {
        let Translation {
            mut edition,
            stats,
            fallback,
        } = translation;
        for notice in &edition.document.notices {
            self.world.say(&format!("{name}: {}", notice.message));
        }
        if let Some(error) = stats.fatal.clone() {
            print::err(&Failure::from(error).to_string());
        }
        // The edition stands without the fallback; terms that it could not repair are flagged.
        if let Some(error) = &fallback.run.fatal {
            self.world
                .say(&format!("the fallback for terms ended early: {error}"));
        }
        if fallback.improved > 0 {
            self.world.say(&format!(
                "{} segments improved by the fallback for terms",
                fallback.improved
            ));
        }
        if edition.units.len() > pipeline::MAX_LINKED_UNITS {
            self.world.say(&format!(
                "{name}: words are not linked in a document of over {} segments; `overzet align --words` does that",
                pipeline::MAX_LINKED_UNITS
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
                report::report(&edition, &bundle::base(name), &provenance).as_bytes(),
            )?;
        }
        let sends = self.engine.as_ref().is_none_or(|(e, _)| e.uses_net());
        self.world.say(&summary(&edition, &stats, name, sends));
        Ok(self.exit(&edition))
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
            .or_else(|| self.world.settings.text("xliff"))
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
            engine: self.engine.as_ref().map(|(_, e)| e.name().to_owned()),
            options: self.engine.as_ref().map(|(_, e)| e.options()),
            glossary: self.glossary.digest(),
            glossary_entries: self.glossary.entries().len(),
            version: env!("CARGO_PKG_VERSION"),
            first_draft: made().min().map(report::rfc3339),
            last_draft: made().max().map(report::rfc3339),
        }
    }

    fn exit(&self, edition: &Edition) -> Exit {
        if edition.units.iter().any(|u| u.state == State::Untranslated) {
            return Exit::Partial;
        }
        let violated = edition
            .units
            .iter()
            .flat_map(|u| &u.hits)
            .any(|h| h.verdict.is_some_and(Verdict::is_violation));
        if violated && (self.args.strict || self.world.settings.is_on("strict")) {
            return Exit::Findings;
        }
        check::exit(&edition.units, self.args.fail_on.unwrap_or(FailOn::Never))
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
fn summary(edition: &Edition, stats: &RunStats, name: &str, sends: bool) -> String {
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
        format!("{} texts sent in {} requests", stats.texts, stats.requests)
    } else {
        format!("{} texts translated here, nothing sent", stats.texts)
    };
    format!(
        "{name}: {} blocks, {} segments;{reused} {asked}; {} terms, {repaired} repaired, {wrong} wrong; {errors} errors, {warnings} warnings",
        edition.document.blocks.len(),
        units.len(),
        hits().count(),
    )
}
