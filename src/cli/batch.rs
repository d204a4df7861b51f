//! The evaluation wire of the local engine: one JSON object per line in, one per line out, in
//! order.
//!
//! `{"id":"1","text":"Hij woont in Koersk.","terms":[{"source":[13,19],"target":"Kursk"}]}` gives
//! `{"id":"1","target":"He lives in Kursk."}`. One text per object: no segmentation, glossary,
//! memory or checks.

use super::failure::{Exit, Failure};
use super::json_lines;
use super::print::{self, WriteError};
use crate::nmt::{KernelLevel, NmtAnswer, NmtModel, NmtOptions, NmtRequest, TermConstraint};
use crate::workflow::local_model::LocalOptions;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::BufRead;
use std::path::PathBuf;

/// What concerns the engine in the process alone.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Engine local")]
#[group(skip)]
pub struct Args {
    /// Folder of the model
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,
    /// Number of worker threads; default: number of cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Whether to use the lexical shortlist of the model
    #[arg(long, value_enum)]
    pub shortlist: Option<ShortlistArg>,
    /// JSON Lines in and out, one `{"id","text"}` per line: no documents, glossary, memory or
    /// checks
    #[arg(long, conflicts_with_all = ["files", "output", "pairs", "report", "dry_run"])]
    pub batch: bool,
    /// With --batch: also token ids, probabilities and the alignment
    #[arg(long, requires = "batch")]
    pub explain: bool,
    /// Source tokens in a batch; 1 for one text at a time
    #[arg(long, value_name = "N", default_value_t = NmtOptions::default().batch_words)]
    pub batch_words: usize,
}

/// A choice of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ShortlistArg {
    /// Use it.
    On,
    /// The whole vocabulary at every step.
    Off,
}

impl Args {
    /// The settings of the engine in the process that are given here.
    pub fn local_options(&self) -> LocalOptions {
        LocalOptions {
            model: self.model.clone(),
            threads: self.threads,
            shortlist: self
                .shortlist
                .map(|shortlist| shortlist == ShortlistArg::On),
        }
    }

    /// How the translator is to work.
    pub fn options(&self) -> NmtOptions {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        NmtOptions {
            threads: self.threads.map_or_else(cores, usize::from),
            batch_words: self.batch_words,
            shortlist: self.shortlist != Some(ShortlistArg::Off),
        }
    }

    /// Loads the model; `kernel` names the kind of CPU whose instructions are used, the best one if
    /// it is none.
    ///
    /// Errors: exit 2 without a model or with a kernel that this CPU does not have; exit 3 for a
    /// model that cannot be used, with file, offset and reason.
    pub fn translator(&self, kernel: Option<&str>) -> Result<NmtModel, Failure> {
        let Some(folder) = &self.model else {
            return Err(Failure::usage("the engine `local` needs a model").hint(
                "`--model DIR` names a folder with model*.bin, vocab*.spm and, if there is one, \
                lex*.bin",
            ));
        };
        let level = kernel.map(level).transpose()?;
        let translator = NmtModel::load(folder).map_err(|error| {
            Failure::input("the model of the local engine cannot be used").caused_by(&error)
        })?;
        Ok(match level {
            Some(level) => translator.at_level(level),
            None => translator,
        })
    }
}

/// The kernels of this name.
fn level(name: &str) -> Result<KernelLevel, Failure> {
    let levels = KernelLevel::available();
    let found = levels.iter().find(|level| level.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = levels.iter().map(|level| level.name()).collect();
        Failure::usage(format!("this CPU has no kernels called `{name}`"))
            .hint(format!("it has {}", names.join(", ")))
    })
}

/// A line of the input.
#[derive(Debug, Deserialize)]
struct BatchItem {
    id: Value,
    text: String,
    #[serde(default)]
    force: Option<Vec<u32>>,
    #[serde(default)]
    prefix: Vec<u32>,
    #[serde(default)]
    terms: Vec<AskedTerm>,
    #[serde(default)]
    ban: Vec<String>,
    #[serde(default)]
    nbest: usize,
    #[serde(default)]
    beam: usize,
}

/// A term of a line: a byte span of the text, and one form or several.
#[derive(Debug, Deserialize)]
struct AskedTerm {
    source: [usize; 2],
    target: TermForms,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum TermForms {
    One(String),
    Several(Vec<String>),
}

/// A line of the output.
#[derive(Debug, Serialize)]
struct WireAnswer<'a> {
    id: &'a Value,
    target: &'a str,
    #[serde(flatten)]
    explained: Option<Explained<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    argmax: Option<&'a [u32]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nbest: Vec<ToldAlternative<'a>>,
}

#[derive(Debug, Serialize)]
struct Explained<'a> {
    tokens: &'a [u32],
    logprobs: &'a [f32],
    margins: &'a [f32],
    alignment: &'a [Vec<f32>],
    source_tokens: &'a [u32],
}

#[derive(Debug, Serialize)]
struct ToldAlternative<'a> {
    target: &'a str,
    tokens: &'a [u32],
    score: f32,
}

impl From<BatchItem> for NmtRequest {
    fn from(asked: BatchItem) -> Self {
        let term = |term: AskedTerm| TermConstraint {
            source: term.source[0]..term.source[1],
            forms: match term.target {
                TermForms::One(form) => vec![form],
                TermForms::Several(forms) => forms,
            },
        };
        Self {
            text: asked.text,
            prefix: asked.prefix,
            force: asked.force,
            terms: asked.terms.into_iter().map(term).collect(),
            ban: asked.ban,
            nbest: asked.nbest,
            beam: asked.beam,
        }
    }
}

/// Bytes of input that are answered together: enough for full batches, little enough for the
/// memory.
const CHUNK: usize = 1 << 18;

/// Reads stdin, translates chunk by chunk, and writes the answers in the order of the lines.
///
/// Errors: those of [`Args::translator`], and exit 3 for a line that is not such an object; the
/// lines before it are answered.
pub fn run(args: &Args, kernel: Option<&str>) -> Result<Exit, Failure> {
    let (translator, options) = (args.translator(kernel)?, args.options());
    let mut lines = std::io::stdin().lock();
    let mut number = 0;
    print::stream(|out| {
        loop {
            let (mut ids, mut requests, mut bytes) = (Vec::new(), Vec::new(), 0);
            let (mut line, mut ended) = (String::new(), None);
            while bytes < CHUNK && ended.is_none() {
                line.clear();
                number += 1;
                match lines.read_line(&mut line) {
                    Ok(0) => ended = Some(Ok(())),
                    Ok(_) if line.trim().is_empty() => {}
                    Ok(read) => match serde_json::from_str::<BatchItem>(&line) {
                        Ok(mut asked) => {
                            bytes += read;
                            ids.push(asked.id.take());
                            requests.push(NmtRequest::from(asked));
                        }
                        Err(error) => ended = Some(Err(no_request(number, &error))),
                    },
                    Err(error) => {
                        let what = format!("line {number} of stdin cannot be read");
                        ended = Some(Err(Failure::input(what).caused_by(&error)));
                    }
                }
            }
            let answers = translator.translate(&requests, &options);
            for ((id, request), answer) in ids.iter().zip(&requests).zip(&answers) {
                let told = told(id, request, answer, args.explain);
                json_lines::write(out, &told)?;
            }
            match ended {
                None => out.flush()?,
                Some(end) => return end.map_err(WriteError::Failure),
            }
        }
    })?;
    Ok(Exit::Done)
}

fn no_request(number: usize, error: &serde_json::Error) -> Failure {
    Failure::input(format!("line {number} of stdin is not a request"))
        .caused_by(error)
        .hint("a line looks like {\"id\":\"1\",\"text\":\"…\"}")
}

fn told<'a>(
    id: &'a Value,
    request: &NmtRequest,
    answer: &'a NmtAnswer,
    explain: bool,
) -> WireAnswer<'a> {
    let alternatives = answer.nbest.iter().map(|other| ToldAlternative {
        target: &other.target,
        tokens: &other.tokens,
        score: other.score,
    });
    WireAnswer {
        id,
        target: &answer.target,
        explained: explain.then_some(Explained {
            tokens: &answer.tokens,
            logprobs: &answer.logprobs,
            margins: &answer.margins,
            alignment: &answer.alignment,
            source_tokens: &answer.source_tokens,
        }),
        argmax: request.force.is_some().then_some(&answer.best),
        nbest: alternatives.collect(),
    }
}
