//! The evaluation wire of the local engine: one JSON object per line in, one per line out, in order.
//!
//! `{"id":"1","text":"Hij woont in Koersk.","terms":[{"source":[13,19],"target":"Kursk"}]}` gives
//! `{"id":"1","target":"He lives in Kursk."}`. One text per object: no segmentation, glossary, memory or checks.

use super::failure::{Exit, Failure};
use super::print;
use crate::nmt::{Answer, Options as Work, Request, Term, Translator};
use serde::{Deserialize, Serialize};
use std::io::BufRead;
use std::path::PathBuf;

/// What the wire was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Folder of the model.
    pub model: PathBuf,
    /// How many batches are worked on at once.
    pub threads: usize,
    /// Source tokens of a batch; 1 is one text at a time.
    pub batch_words: usize,
    /// Whether the shortlist is used, where the model has one.
    pub shortlist: bool,
    /// Whether tokens, probabilities and alignment are written.
    pub explain: bool,
}

/// A line of the input.
#[derive(Debug, Deserialize)]
struct Asked {
    id: String,
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
    target: Forms,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Forms {
    One(String),
    Several(Vec<String>),
}

/// A line of the output.
#[derive(Debug, Serialize)]
struct Told<'a> {
    id: &'a str,
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

impl From<Asked> for Request {
    fn from(asked: Asked) -> Self {
        let term = |term: AskedTerm| Term {
            source: term.source[0]..term.source[1],
            forms: match term.target {
                Forms::One(form) => vec![form],
                Forms::Several(forms) => forms,
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

/// Reads all of stdin, translates, and writes the answers.
///
/// Errors: exit 3 for a model that cannot be used (with file, offset and reason) and for a line that is not such an object.
pub fn run(options: &Options) -> Result<Exit, Failure> {
    let translator = Translator::load(&options.model).map_err(|error| {
        Failure::input("the model of the local engine cannot be used").caused_by(&error)
    })?;
    let (mut ids, mut requests) = (Vec::new(), Vec::new());
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line =
            line.map_err(|error| Failure::input("stdin cannot be read").caused_by(&error))?;
        if line.trim().is_empty() {
            continue;
        }
        let mut asked: Asked = serde_json::from_str(&line).map_err(|error| {
            Failure::input(format!("line {} of stdin is not a request", number + 1))
                .caused_by(&error)
                .hint("a line looks like {\"id\":\"1\",\"text\":\"…\"}")
        })?;
        ids.push(std::mem::take(&mut asked.id));
        requests.push(Request::from(asked));
    }
    let work = Work {
        threads: options.threads,
        batch_words: options.batch_words,
        shortlist: options.shortlist,
    };
    let answers = translator.translate(&requests, &work);
    print::stream(|out| {
        for ((id, request), answer) in ids.iter().zip(&requests).zip(&answers) {
            let told = told(id, request, answer, options.explain);
            let line = serde_json::to_string(&told).map_err(std::io::Error::from)?;
            writeln!(out, "{line}")?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

fn told<'a>(id: &'a str, request: &Request, answer: &'a Answer, explain: bool) -> Told<'a> {
    let alternatives = answer.nbest.iter().map(|other| ToldAlternative {
        target: &other.target,
        tokens: &other.tokens,
        score: other.score,
    });
    Told {
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
