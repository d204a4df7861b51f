//! What people do with overzet: translate, align, review, check, look after models. The command
//! line draws it, a server can serve it.
//!
//! No arguments are parsed here, nothing is printed and no environment is read: [`Setup`] holds the
//! settings, and a [`Host`] takes notices and progress, gives the time, and says when to stop.

pub mod align;
pub mod assembly;
pub mod budget;
pub mod bundle;
pub mod check;
mod edit_conflict;
pub mod files;
pub mod glossary;
pub mod init;
pub mod ledger;
pub mod local_model;
pub mod models;
pub mod pairs;
pub mod report;
pub mod review;
pub mod review_carry;
pub mod review_match;
pub mod review_merge;
pub mod segment;
mod setup;
pub mod translate;
pub mod unit_edit;

pub use edit_conflict::EditConflict;
pub use setup::Setup;

use crate::bitext::Place;
use crate::engine::CancelToken;
use crate::{config, engine, format, memory, pipeline, term};
use std::path::{Path, PathBuf};

/// The end of a run without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything is done.
    Done,
    /// Done, with findings of at least the severity that the caller set.
    Findings,
    /// Some units are untranslated; the outputs are written and mark them.
    Partial,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeLevel {
    /// Details of the setup: which engine, which file.
    Detail,
    /// How it went.
    Info,
    /// An input or option had no effect, or not the intended one.
    Warning,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HostProgress<'a> {
    /// Texts that have their draft or their finding, of all that are sent.
    Texts {
        /// How many are through.
        done: u64,
        /// How many there are.
        total: u64,
        /// Tokens that a model writes in a second.
        tokens_per_second: Option<f32>,
        /// Seconds until a model is done.
        seconds_left: Option<u64>,
    },
    /// Bytes of a file that is fetched.
    Bytes {
        /// Name of the file.
        file: &'a str,
        /// Bytes that are here.
        done: u64,
        /// Bytes of the file.
        total: u64,
    },
    /// Nothing is under way any more.
    Finished,
}

impl From<engine::Progress> for HostProgress<'static> {
    fn from(progress: engine::Progress) -> Self {
        Self::Texts {
            done: progress.done as u64,
            total: progress.total as u64,
            tokens_per_second: progress.tokens_per_second,
            seconds_left: progress.seconds_left,
        }
    }
}

/// Who runs a workflow: a terminal, a server, a worker.
pub trait Host: Sync {
    /// Takes a line for the person, without a newline.
    fn notify(&self, level: NoticeLevel, line: &str);
    /// Takes the progress of the run.
    fn progress(&self, progress: HostProgress<'_>);
    /// Seconds since 1970-01-01 UTC.
    fn now(&self) -> i64;
    /// The token that is set when the run shall stop after what is in flight.
    fn cancelled(&self) -> CancelToken;
}

/// The role of a file that is read; it decides the exit code of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A document, pairs, or an answer.
    Document,
    /// A lexicon, rules, certificates.
    Configuration,
}

/// Why a workflow could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// See [`config::Error`].
    #[error(transparent)]
    Config(#[from] config::Error),
    /// See [`engine::Error`].
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// See [`format::Error`].
    #[error(transparent)]
    Format(#[from] format::Error),
    /// See [`memory::Error`].
    #[error(transparent)]
    Memory(#[from] memory::Error),
    /// See [`engine::models::Error`].
    #[error(transparent)]
    Models(#[from] engine::models::Error),
    /// See [`pipeline::Error`].
    #[error(transparent)]
    Pipeline(#[from] pipeline::Error),
    /// See [`crate::segment::Error`].
    #[error(transparent)]
    Segment(#[from] crate::segment::Error),
    /// See [`term::Error`].
    #[error(transparent)]
    Term(#[from] term::Error),
    /// A file cannot be read.
    #[error("{} cannot be read", shown(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it is read for.
        purpose: Purpose,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file cannot be written; an old one is untouched.
    #[error("{} cannot be written", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file that is to be written exists, and a person may have edited it.
    #[error("{} exists and {}", path.display(), match edited {
        true => "it was changed since overzet wrote it",
        false => "overzet did not write it",
    })]
    Exists {
        /// The file.
        path: PathBuf,
        /// Whether overzet wrote it, and somebody changed it since.
        edited: bool,
    },
    /// A desk is made where one of its files exists.
    #[error("{} exists", path.display())]
    DeskExists {
        /// The file.
        path: PathBuf,
    },
    /// A file that is to be written is a symbolic link.
    #[error("{} is a symbolic link", path.display())]
    LinkInTheWay {
        /// The link.
        path: PathBuf,
    },
    /// Two outputs of a run would be one file.
    #[error(
        "{} would be written twice: for {} and for {}",
        path.display(), documents.0, documents.1
    )]
    SameOutput {
        /// The file.
        path: PathBuf,
        /// The documents.
        documents: (String, String),
    },
    /// An output of a run would be written over an input.
    #[error("{} would be overwritten: it is a document of this run", path.display())]
    OutputIsInput {
        /// The file.
        path: PathBuf,
    },
    /// Pairs that were given as a lexicon are wrong.
    #[error(transparent)]
    Lexicon(format::Error),
    /// A lexicon or a file of anchors is wrong.
    #[error("{what}")]
    Broken {
        /// What is wrong.
        what: String,
        /// Where.
        place: Box<Place>,
    },
    /// A file of priors is wrong.
    #[error("{what}")]
    Priors {
        /// What is wrong.
        what: String,
        /// Where.
        place: Box<Place>,
    },
    /// A text was given that is to be aligned, and no translation of it.
    #[error("no translation of {} was given", path.display())]
    NoTarget {
        /// The text.
        path: PathBuf,
    },
    /// A file has not one line per segment.
    #[error("{} has {lines} lines, the source has {segments} segments", path.display())]
    LineCount {
        /// The file.
        path: PathBuf,
        /// Its lines.
        lines: usize,
        /// Segments of the source.
        segments: usize,
    },
    /// A file of vectors has not one row per segment.
    #[error(
        "{} has {bytes} bytes, which is not a whole number of float32 rows for {segments} segments",
        path.display()
    )]
    VectorRows {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: usize,
        /// Segments of the text.
        segments: usize,
    },
    /// Two files of vectors come from different models.
    #[error(
        "the rows of {} have {} numbers, those of {} have {}",
        source_path.display(), lengths.0, target_path.display(), lengths.1
    )]
    VectorLengths {
        /// The vectors of the source.
        source_path: PathBuf,
        /// The vectors of the target.
        target_path: PathBuf,
        /// Numbers in a row of either.
        lengths: (usize, usize),
    },
    /// Sentence embeddings would be asked for, and nothing may be sent.
    #[error("{segments} segments would be sent to {address}")]
    EmbeddingForbidden {
        /// Segments of both texts.
        segments: usize,
        /// The server.
        address: String,
    },
    /// An engine cannot edit single terms.
    #[error("`{engine}` cannot edit single terms")]
    NotAnEditor {
        /// Its name.
        engine: String,
    },
    /// A folder holds no pairs.
    #[error("{} holds no pairs", folder.display())]
    NoPairs {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder holds the pairs of several articles.
    #[error("{} holds the pairs of several articles", folder.display())]
    SeveralArticles {
        /// The folder.
        folder: PathBuf,
        /// The first of them.
        first: PathBuf,
    },
    /// There are edits, and no report beside the pairs.
    #[error(
        "{} was not found: edits can only be merged into a folder written by \
         `translate -o FOLDER/`",
        path.display()
    )]
    NoReport {
        /// Where the report should be.
        path: PathBuf,
    },
    /// Edits belong to another article, or to another state of it.
    #[error("{}: the edition has no unit {unit} with this source text", path.display())]
    OtherEdition {
        /// The edits.
        path: PathBuf,
        /// Id of the first unit that differs.
        unit: String,
    },
    /// Two people changed the same units.
    #[error("{}", conflicts_line(conflicts))]
    Conflicts {
        /// The units.
        conflicts: Vec<EditConflict>,
    },
    /// A text is not the one that an edition was made of.
    #[error("{} is not the source of this edition", path.display())]
    OtherText {
        /// The text.
        path: PathBuf,
    },
    /// The article of an edition is not found.
    #[error("the article `{name}` was not found beside the edition")]
    NoArticle {
        /// Its name.
        name: String,
    },
    /// A unit does not stand where its pair says.
    #[error("{}: the source text of {unit} is not in its block", path.display())]
    OutOfPlace {
        /// The article.
        path: PathBuf,
        /// Id of the unit.
        unit: String,
    },
    /// Entries are to be imported, and the settings name no glossary.
    #[error("there is no glossary to import into")]
    NoImportTarget,
    /// Entries are imported, and there are several glossaries.
    #[error("the settings name several glossaries")]
    SeveralGlossaries {
        /// Their paths.
        paths: Vec<PathBuf>,
    },
    /// A check of this name does not exist.
    #[error("unknown check `{name}`")]
    UnknownCheck {
        /// The name.
        name: String,
    },
    /// There are no rules for a language.
    #[error("there are no rules for `{lang}`")]
    NoRules {
        /// Its tag.
        lang: String,
    },
    /// Something would be fetched, and nothing may be.
    #[error("a {} cannot be downloaded with --offline", match manifest {
        true => "manifest",
        false => "model",
    })]
    FetchForbidden {
        /// Whether it is a manifest.
        manifest: bool,
    },
    /// No model of this name is installed.
    #[error("no model `{name}` is installed")]
    NoModel {
        /// The name.
        name: String,
        /// Names of those that are.
        installed: Vec<String>,
    },
    /// No model for a pair of languages is installed.
    #[error("no model for {pair} is installed")]
    NoModelFor {
        /// The pair, such as `nl-en`.
        pair: String,
    },
}

/// The units that two people changed, with both texts.
fn conflicts_line(conflicts: &[EditConflict]) -> String {
    let units: Vec<String> = conflicts.iter().map(|c| format!("\n  {c}")).collect();
    let count = match conflicts.len() {
        1 => "one unit was".to_owned(),
        count => format!("{count} units were"),
    };
    format!(
        "{count} changed twice; nothing is written{}",
        units.concat()
    )
}

/// A path as people read it.
fn shown(path: &Path) -> String {
    if path == Path::new("-") {
        "stdin".to_owned()
    } else {
        path.display().to_string()
    }
}
