//! `overzet align`: a text and its translation, both at hand, into pairs.

mod batch;
mod summary;
mod words;

use self::words::{LinkFormat, WordArgs};
use super::bounds::{self, BoundsArgs};
use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use super::style::StyleArgs;
use crate::align;
use crate::bitext::LangPair;
use crate::format::{self, About};
use crate::pipeline::AlignedTexts;
use crate::review;
use crate::workflow::align::evidence::EvidenceSources;
use crate::workflow::align::inputs::{self, EmbeddingServer};
use crate::workflow::align::{AlignRequest, AlignResult, AlignRun};
use crate::workflow::files::{self, Outputs};
use std::path::PathBuf;

/// Arguments of `align`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The text: .txt, .md, .html, or the source side of pairs (.jsonl .tsv .csv .tmx .xlf)
    pub source: Option<PathBuf>,
    /// Its translation, in any of these formats; omit it to realign both sides of a file of pairs
    pub target: Option<PathBuf>,
    /// Output file, format by extension: .jsonl .tsv .csv .tmx .xlf .html; default: JSON Lines on
    /// stdout
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Further output files; may be repeated
    #[arg(long, value_name = "PATH")]
    pub pairs: Vec<PathBuf>,
    /// Both files have one segment per line; empty lines separate paragraphs
    #[arg(long)]
    pub presegmented: bool,
    /// Language of the text
    #[arg(long)]
    pub from: Option<String>,
    /// Language of the translation
    #[arg(long)]
    pub to: Option<String>,
    /// Lexicon: TSV `source<TAB>target`, hunalign .dic, or pairs such as .tmx; may be repeated
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,
    /// Glossary file or folder, used as a lexicon and by the checks; may be repeated
    #[arg(long, value_name = "PATH")]
    pub glossary: Vec<PathBuf>,
    /// House style
    #[command(flatten)]
    pub style: StyleArgs,
    /// Translations of the text as evidence
    #[command(flatten)]
    pub translations: TranslationArgs,
    /// Sentence embeddings: two files of float32, one row per segment of the text and of its
    /// translation
    #[arg(long, value_names = ["SOURCE.f32", "TARGET.f32"], num_args = 2)]
    pub vectors: Vec<PathBuf>,
    /// Server for sentence embeddings (OpenAI-compatible API); the texts are sent to it
    #[arg(long, value_name = "URL", conflicts_with = "vectors")]
    pub embeddings: Option<String>,
    /// Model name for the embeddings server
    #[arg(
        long,
        value_name = "NAME",
        default_value = "default",
        requires = "embeddings"
    )]
    pub embeddings_model: String,
    /// Anchor points, TSV `source line<TAB>target line` counted from 0
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,
    /// Maximum number of segments in a pair, both sides together
    #[arg(long, default_value_t = align::MAX_BEAD, value_parser = max_bead)]
    pub max_bead: usize,
    /// Allow one-to-one pairs only
    #[arg(long)]
    pub one_to_one: bool,
    /// Earlier pairs; approved ones are kept, the rest is aligned again
    #[arg(long, value_name = "PAIRS")]
    pub keep_manual: Option<PathBuf>,
    /// Batch mode: JSON Lines `{"id","src","tgt"}` in, `{"id","beads"}` out
    #[arg(long, conflicts_with_all = [
        "source", "output", "pairs", "presegmented", "mt", "engine", "anchors", "keep_manual",
        "vectors", "embeddings",
    ])]
    pub batch: bool,
    /// What is asked about words
    #[command(flatten)]
    pub words: WordArgs,
    /// Threads; the output is the same for any number
    #[arg(long)]
    pub threads: Option<usize>,
    /// Overwrite files even if they may have been edited
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `align` that are about translations.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct TranslationArgs {
    /// A machine translation of the text, one line per source segment
    #[arg(long, value_name = "FILE", conflicts_with = "engine")]
    pub mt: Option<PathBuf>,
    /// Engine that translates segments missing from the memory, as evidence; drafts are stored
    #[arg(long, value_name = "NAME", conflicts_with = "no_memory")]
    pub engine: Option<String>,
    /// Do not use translations from the memory
    #[arg(long)]
    pub no_memory: bool,
    /// What bounds what is sent
    #[command(flatten)]
    pub bounds: BoundsArgs,
}

fn max_bead(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 2..=8) => Ok(number),
        _ => Err("expected a number from 2 to 8".into()),
    }
}

impl Args {
    fn request(&self, session: &Session) -> AlignRequest {
        let translations = &self.translations;
        AlignRequest {
            from: self.from.clone(),
            to: self.to.clone(),
            presegmented: self.presegmented,
            lexicons: self.lexicon.clone(),
            glossary: self.glossary.clone(),
            evidence: EvidenceSources {
                file: translations.mt.clone(),
                engine: translations.engine.clone(),
                no_memory: translations.no_memory,
                bounds: translations.bounds.bounds(&session.setup),
            },
            vectors: self.vectors.clone(),
            embeddings: self.embeddings.clone().map(|address| EmbeddingServer {
                address,
                model: self.embeddings_model.clone(),
            }),
            anchors: self.anchors.clone(),
            max_bead: Some(self.max_bead),
            one_to_one: self.one_to_one,
            keep_manual: self.keep_manual.clone(),
            words: self.words.linking(),
            threads: self.threads,
        }
    }
}

/// Aligns what was given.
pub async fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let request = args.request(session);
    let align = AlignRun::open(&request, &session.setup, session)?;
    if args.batch {
        return if args.words.words {
            words::batch(&align, &request.words, args.words.format, session)
        } else {
            batch::run(&align, session)
        };
    }
    let Some(source) = &args.source else {
        return Err(Failure::usage("nothing to align").hint(
            "name both texts: `overzet align artikel.nl.txt article.en.txt -o pairs.jsonl`",
        ));
    };
    let outputs = Outputs::new(None, args.force);
    let places: Vec<&PathBuf> = args.output.iter().chain(&args.pairs).collect();
    for path in &places {
        outputs.check(path)?;
    }
    if args.words.words && args.target.is_none() && inputs::is_pairs(source) {
        return words::pairs(
            &align,
            source,
            args.words.format,
            &places,
            &outputs,
            session,
        );
    }
    let aligned = match align.texts(source, args.target.as_deref()).await? {
        AlignResult::Aligned(aligned) => aligned,
        AlignResult::Planned(plan) => {
            bounds::print_plan(&plan)?;
            return Ok(Exit::Done);
        }
        AlignResult::Interrupted => {
            session.say("interrupted; progress is saved; rerun the same command to resume");
            return Ok(Exit::Interrupted);
        }
    };
    summary::report(&aligned, session);
    let about = About::new(&align.pair, files::base(source));
    write(
        &aligned,
        &about,
        &align.pair,
        args.words.format,
        &places,
        &outputs,
    )?;
    Ok(Exit::Done)
}

fn write(
    aligned: &AlignedTexts,
    about: &About,
    pair: &LangPair,
    links: LinkFormat,
    places: &[&PathBuf],
    outputs: &Outputs<'_>,
) -> Result<(), Failure> {
    let units = &aligned.units;
    if places.is_empty() {
        let write = words::writer(links, "jsonl", units, &[], about)?;
        return print::stream(|out| Ok(write(out)?));
    }
    for path in places {
        let kind = path.display().to_string();
        if kind.ends_with(".html") {
            outputs.write(path, &page(aligned, about, pair)?)?;
        } else {
            let write = words::writer(links, &kind, units, &[], about)?;
            outputs.write_with(path, write)?;
        }
    }
    Ok(())
}

fn page(aligned: &AlignedTexts, about: &About, pair: &LangPair) -> Result<Vec<u8>, Failure> {
    let units = &aligned.units;
    let pairs = format::write_pairs("jsonl", units, &[], about)?;
    let stem = about
        .original
        .rsplit_once('.')
        .map_or(about.original.as_str(), |(stem, _)| stem);
    let about = review::PageInfo {
        title: units
            .iter()
            .map(|unit| &unit.source.plain)
            .find(|text| !text.trim().is_empty())
            .unwrap_or(&about.original)
            .clone(),
        source_name: about.original.clone(),
        pair: pair.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        notices: aligned
            .alignment
            .input_warnings
            .iter()
            .map(ToString::to_string)
            .collect(),
        pairs_name: format!("{stem}.pairs.jsonl"),
        ..review::PageInfo::default()
    };
    Ok(review::page(units, &String::from_utf8_lossy(&pairs), &about).into_bytes())
}
