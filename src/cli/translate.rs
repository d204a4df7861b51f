//! `overzet translate`: a Dutch article in, its English edition out, with pairs, review page and
//! report.

use super::bounds::{self, BoundsArgs};
use super::check::FailOn;
use super::failure::{Exit, Failure};
use super::session::Session;
use super::style::StyleArgs;
use super::summary::{causes, summary, untranslated};
use super::{batch, offer, print};
use crate::pipeline::Furniture;
use crate::workflow::bundle::{self, OutputPlaces};
use crate::workflow::translate::{self, DocumentResult, TranslateRequest, TranslateRun};
use crate::workflow::{Host, NoticeLevel, Outcome, files, local_model};
use std::path::{Path, PathBuf};

/// Arguments of `translate`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Documents: .txt .md .html .docx .odt .epub .srt .vtt .xlf .sdlxliff .mqxliff .po .json
    /// .csv .xml; `-` or a pipe is stdin
    pub files: Vec<PathBuf>,
    /// Output file, or folder (with a trailing /) for edition, pairs, review page and report
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Output file for pairs, format by extension: .jsonl .tsv .csv .tmx .xlf .html; may be
    /// repeated
    #[arg(long)]
    pub pairs: Vec<PathBuf>,
    /// Engine; `overzet engines` lists them
    #[arg(long)]
    pub engine: Option<String>,
    /// Fallback engine for sentences whose terms cannot be repaired
    #[arg(long, value_name = "NAME")]
    pub second_engine: Option<String>,
    /// Language model that post-edits single terms: openai or ollama
    #[arg(long, value_name = "NAME", alias = "editor")]
    pub post_editor: Option<String>,
    /// Glossary file or folder; may be repeated
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Subject field, for glossary entries with `when` `domain=…`
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
    /// House style
    #[command(flatten)]
    pub style: StyleArgs,
    /// Source language
    #[arg(long)]
    pub from: Option<String>,
    /// Target language: en (American), en-US or en-GB
    #[arg(long)]
    pub to: Option<String>,
    /// Format of the document; see docs/formats.md
    #[arg(long)]
    pub format: Option<String>,
    /// Fields of JSON that are texts: paths such as `body[type=text].value:html`, with commas
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    pub fields: Vec<String>,
    /// Columns of CSV and TSV that are texts, by the names in the header, with commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Exit 1 if the glossary is violated
    #[arg(long)]
    pub strict: bool,
    /// Exit 1 if a finding has at least this severity
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
    /// What bounds what is sent
    #[command(flatten)]
    pub bounds: BoundsArgs,
    /// Output file for the report
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Overwrite files even if they may have been edited
    #[arg(long)]
    pub force: bool,
    /// How to handle page furniture
    #[arg(long, value_enum)]
    pub furniture: Option<FurnitureArg>,
    /// XLIFF version of .xlf pairs
    #[arg(long, value_parser = ["1.2", "2.1"])]
    pub xliff: Option<String>,
    /// What concerns the engine in the process alone
    #[command(flatten)]
    pub local: batch::Args,
}

/// See [`Furniture`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FurnitureArg {
    /// It stays in Dutch
    Keep,
    /// It is left out
    Drop,
    /// It is translated like the rest
    Translate,
}

impl Args {
    fn request(&self, session: &Session) -> TranslateRequest {
        TranslateRequest {
            from: self.from.clone(),
            to: self.to.clone(),
            engine: self.engine.clone(),
            second_engine: self.second_engine.clone(),
            post_editor: self.post_editor.clone(),
            local: self.local.local_options(),
            glossary: self.glossary.clone(),
            domain: self.domain.clone(),
            format: self.format.clone(),
            fields: self.fields.clone(),
            columns: self.columns.clone(),
            furniture: self.furniture.map(|furniture| match furniture {
                FurnitureArg::Keep => Furniture::Keep,
                FurnitureArg::Drop => Furniture::Drop,
                FurnitureArg::Translate => Furniture::Translate,
            }),
            xliff2: self.xliff.as_deref().map(|version| version == "2.1"),
            strict: self.strict,
            fail_on: self.fail_on.and_then(FailOn::severity),
            bounds: self.bounds.bounds(&session.setup),
            force: self.force,
        }
    }

    /// Where the outputs of a document go.
    fn places(&self, file: &Path) -> OutputPlaces {
        let mut places = OutputPlaces {
            edition: None,
            pairs: self.pairs.clone(),
            report: self.report.clone(),
        };
        match &self.output {
            Some(folder) if is_folder(folder) => places.add_bundle(folder, file),
            Some(path) if path != Path::new("-") => places.edition = Some(path.clone()),
            _ => {}
        }
        places
    }
}

/// Whether a path means a folder: it ends with a slash or is one.
fn is_folder(path: &Path) -> bool {
    path.to_string_lossy().ends_with('/') || path.is_dir()
}

/// Translates the documents.
pub async fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let request = args.request(session);
    if args.local.batch {
        return run_batch(args, &request, session);
    }
    if args.files.is_empty() && print::stdin_is_terminal() {
        return Err(Failure::usage("nothing to translate")
            .hint("name a file: `overzet translate artikel.txt -o edition/`"));
    }
    let files = if args.files.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        args.files.clone()
    };
    if files.len() > 1 && args.output.as_deref().is_some_and(|o| !is_folder(o)) {
        return Err(
            Failure::usage("several documents cannot be written to one file")
                .hint("use `-o FOLDER/` to write each into the folder"),
        );
    }
    if request.bounds.allow_sending() && translate::lacks_model(&request, &session.setup)? {
        let pair = translate::pair(&request, &session.setup);
        offer::offer(&args.files, session, &pair).await?;
    }
    let documents: Vec<_> = files
        .into_iter()
        .map(|file| {
            let places = args.places(&file);
            (file, places)
        })
        .collect();
    bundle::check_places(&documents)?;
    let run = TranslateRun::open(&request, &session.setup, session)?;
    let mut worst = Exit::Done;
    for (file, places) in &documents {
        let name = file.display().to_string();
        let result = run.document(&name, files::read(file)?, places).await?;
        let is_offline = !request.bounds.allow_sending();
        let exit = report(result, &name, is_offline, session)?;
        // Interrupted ends the run; otherwise the graver code is returned.
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

/// The wire of the engine in the process.
fn run_batch(args: &Args, request: &TranslateRequest, session: &Session) -> Result<Exit, Failure> {
    if args.engine.as_deref().is_some_and(|name| name != "local") {
        return Err(Failure::usage("`--batch` is for the engine `local` alone"));
    }
    let setup = &session.setup;
    let mut flags = args.local.clone();
    flags.model = flags
        .model
        .or_else(|| local_model::model(setup, &translate::pair(request, setup)));
    batch::run(&flags, setup.settings.text("local.kernel"))
}

/// Prints what came of a document.
fn report(
    result: DocumentResult,
    name: &str,
    is_offline: bool,
    session: &Session,
) -> Result<Exit, Failure> {
    match result {
        DocumentResult::Planned(plan) => {
            bounds::print_plan(&plan)?;
            Ok(Exit::Done)
        }
        DocumentResult::Interrupted { done, total } => {
            session.say(&format!(
                "interrupted; {done} of {total} segments are saved; rerun the same command to \
                resume"
            ));
            Ok(Exit::Interrupted)
        }
        DocumentResult::Written(document) => {
            for notice in &document.stats.notices {
                session.notify(NoticeLevel::Warning, notice);
            }
            for cause in causes(&document) {
                session.notify(NoticeLevel::Warning, &cause);
            }
            if let Some(error) = document.stats.fatal.clone() {
                print::err(&Failure::from(error).to_string());
            }
            if let Some(bytes) = &document.bytes {
                print::out(bytes)?;
            }
            session.say(&summary(&document, name));
            if let Some(line) = untranslated(&document, is_offline) {
                session.say(&line);
            }
            // What was not kept is paid for again, though the edition has it.
            match (document.outcome, &document.stats.fatal) {
                (Outcome::Done | Outcome::Findings, Some(error)) => {
                    Ok(Failure::from(error.clone()).exit)
                }
                (outcome, _) => Ok(outcome.into()),
            }
        }
    }
}
