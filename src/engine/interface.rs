//! The trait [`Engine`] with the types that it takes and gives; an own engine needs nothing else.

use super::Error;
use crate::bitext::{Doubt, LangPair, Link, Span, Text};
use std::future::Future;
use std::pin::Pin;

/// What an engine's asynchronous call gives back.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A term of a text, as an engine's own glossary takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The Dutch as it stands in the text.
    pub source: String,
    /// The English that is required.
    pub target: String,
    /// Every English form that may stand there, the required one first; none where the desk has not
    /// approved the term.
    pub forms: Vec<String>,
    /// English forms that may not stand in the text.
    pub bans: Vec<String>,
    /// Where the Dutch stands, in bytes of the text.
    pub span: Span,
    /// Whether it is a name, for which no article or inflection is in question.
    pub is_name: bool,
    /// What the desk says about it.
    pub note: String,
}

/// A text that is to be translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Number within the run; drafts answer by it.
    pub id: u32,
    /// The text with its codes.
    pub text: Text,
    /// Its terms.
    pub terms: Vec<Term>,
}

/// A request: texts that go out together.
#[derive(Debug)]
pub struct Request<'a> {
    /// From which language to which.
    pub pair: &'a LangPair,
    /// The texts, at least one.
    pub items: &'a [&'a Item],
    /// The sentences before the first text, for context only.
    pub before: &'a str,
    /// The sentences after the last text, for context only.
    pub after: &'a str,
    /// Whether a glossary that the engine keeps may be applied.
    pub own_glossary: bool,
}

/// A text that came back.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Draft {
    /// The item that it answers.
    pub id: u32,
    /// The English with its codes.
    pub text: Text,
    /// Word links, if the engine gives them.
    pub links: Vec<Link>,
    /// What the engine is unsure of.
    pub doubts: Vec<Doubt>,
    /// Other targets that it has to offer, the best first.
    pub alternatives: Vec<String>,
    /// Quality as the engine sees it, 0..=1.
    pub score: Option<f32>,
    /// Characters billed, if the engine says so.
    pub billed: Option<u64>,
    /// How it came about.
    pub notes: Vec<String>,
}

impl Draft {
    /// A draft of which only the text is known.
    pub fn new(id: u32, text: Text) -> Self {
        Self {
            id,
            text,
            links: Vec::new(),
            doubts: Vec::new(),
            alternatives: Vec::new(),
            score: None,
            billed: None,
            notes: Vec::new(),
        }
    }
}

/// A part of an answer that is still being written.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StreamEvent {
    /// The request sets out. From now on a run that shall stop does not wait for its end.
    Begun,
    /// A token of the model.
    Token,
    /// A text that is complete. It is part of the answer's end, too.
    Draft(Box<Draft>),
}

/// Takes the parts of an answer. It is called while the engine's future is polled.
pub type StreamSink<'a> = dyn Fn(StreamEvent) + Send + Sync + 'a;

/// A wish to change one term of a translation and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct TermEdit<'a> {
    /// The source text.
    pub source: &'a str,
    /// Its translation with its codes.
    pub target: &'a Text,
    /// The term as the source has it.
    pub term: &'a str,
    /// The form that must stand in the translation.
    pub required: &'a str,
}

/// Version of the instructions for edits; part of the memory's keys.
pub const EDIT_VERSION: &str = "1";

/// What fits into one request, and how many may be under way. All limits hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Texts per request.
    pub texts: usize,
    /// Bytes of the request's body.
    pub bytes: usize,
    /// Characters (code points) of all texts of a request.
    pub characters: usize,
    /// Requests in flight.
    pub concurrency: usize,
}

/// Anything that turns source texts into target texts.
///
/// ```
/// use overzet::Translator;
/// use overzet::engine::{BoxFuture, Draft, Engine, Limits, Request};
///
/// /// Turns Dutch into loud Dutch.
/// struct Loud;
///
/// impl Engine for Loud {
///     fn name(&self) -> &str {
///         "loud"
///     }
///     fn limits(&self) -> Limits {
///         Limits { texts: 50, bytes: 100_000, characters: 50_000, concurrency: 2 }
///     }
///     fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
///         let loud = |plain: &str| plain.to_uppercase().into();
///         let drafts = request.items.iter().map(|item| Draft::new(item.id, loud(&item.text.plain)));
///         let drafts: Vec<Draft> = drafts.collect();
///         Box::pin(async move { Ok(drafts) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let translator = Translator::builder().engine(Box::new(Loud)).build()?;
/// let edition = translator.translate("Het is stil.").await?;
/// assert_eq!(edition.units[0].target.plain, "HET IS STIL.");
/// # Ok(())
/// # }
/// ```
pub trait Engine: Send + Sync {
    /// Its name; part of the memory's keys.
    fn name(&self) -> &str;
    /// What fits into one request.
    fn limits(&self) -> Limits;
    /// Everything that changes its answers: model, options, version of the instructions. Part of
    /// the memory's keys; holds no secret.
    fn options(&self) -> String {
        String::new()
    }
    /// Whether it is given the terms of a text, so that they are part of the memory's keys.
    fn takes_terms(&self) -> bool {
        false
    }
    /// Bytes that a text takes in the body, with all escapes. The default is a JSON string with a
    /// comma.
    fn size(&self, item: &Item) -> usize {
        json_size(&item.text.plain) + 64 * item.text.codes.len()
    }
    /// Called once before the first request, with every term of the run; an engine may upload them.
    fn prepare<'a>(&'a self, pair: &'a LangPair, terms: &'a [Term]) -> BoxFuture<'a, ()> {
        let _ = (pair, terms);
        Box::pin(async { Ok(()) })
    }
    /// Translates the texts of a request. Drafts answer items by id; items may be missing, never
    /// made up.
    ///
    /// Errors: [`Error`]; [`Error::Mismatch`] where an answer cannot be told apart.
    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>>;
    /// The same as [`Engine::translate`], for an engine whose answer arrives bit by bit: each text
    /// goes to `sink` when it is complete, and is kept whatever becomes of the rest.
    ///
    /// Errors: those of [`Engine::translate`].
    fn translate_streamed<'a>(
        &'a self,
        request: &'a Request<'a>,
        sink: &'a StreamSink<'a>,
    ) -> BoxFuture<'a, Vec<Draft>> {
        let _ = sink;
        self.translate(request)
    }
    /// Whether nobody knows its pace beforehand, as that of a model on the user's own machine: the
    /// first request is small, the others are as large as its pace permits.
    fn starts_small(&self) -> bool {
        false
    }
    /// Takes what a person should know about the requests so far, such as a glossary that was
    /// refused; each line once.
    fn take_notices(&self) -> Vec<String> {
        Vec::new()
    }
    /// Whether it can change a single term of a translation.
    fn post_edits(&self) -> bool {
        false
    }
    /// Changes one term of a translation; none where it cannot. What it gives is not trusted: the
    /// caller compares it with what stood there.
    ///
    /// Errors: as those of [`Engine::translate`].
    fn post_edit<'a>(&'a self, change: &'a TermEdit<'a>) -> BoxFuture<'a, Option<Text>> {
        let _ = change;
        Box::pin(async { Ok(None) })
    }
    /// Asks the service whether it is there: a line for people. Sends no text of the user's.
    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async { Ok("nothing to ask".to_owned()) })
    }
    /// Characters that the account may still use, if the service tells.
    fn remaining<'a>(&'a self) -> BoxFuture<'a, Option<u64>> {
        Box::pin(async { Ok(None) })
    }
}

/// Bytes of a text as a JSON string with a comma.
pub(super) fn json_size(text: &str) -> usize {
    text.bytes()
        .map(|b| match b {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
            0..=0x1f => 6,
            _ => 1,
        })
        .sum::<usize>()
        + 3
}

/// Pairs the texts of a positional answer with the items of a request.
///
/// Errors: [`Error::Mismatch`] if their numbers differ: an answer is never mapped by position then.
#[cfg(feature = "http")]
pub(super) fn positional<T>(items: &[&Item], answers: Vec<T>) -> Result<Vec<(u32, T)>, Error> {
    if items.len() != answers.len() {
        return Err(Error::Mismatch {
            what: format!(
                "{} texts were sent, {} came back",
                items.len(),
                answers.len()
            ),
        });
    }
    Ok(items.iter().map(|item| item.id).zip(answers).collect())
}
