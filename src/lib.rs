//! overzet turns Dutch text into a publishable English edition and proves, pair by pair, what it
//! did.
//!
//! ```text
//! bytes → format::read → Document → segment::split → units → term::find → memory → engine
//!       → term::enforce → align::word → check::run → Edition → format::edition · pairs · review page
//! two existing texts: read ×2 → split ×2 → align::sentences → units → term::judge → check::run
//! ```
//!
//! [`Translator`] is the whole line. Any engine fits: a row of [`engine::ENGINES`], or an own one.
//!
//! ```
//! use overzet::Translator;
//! use overzet::engine::Replay;
//! use overzet::term::Glossary;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let drafts = "Er zijn 1.300 inwoners uit Koersk vertrokken.\t1.300 residents have left Koersk.";
//! let translator = Translator::builder()
//!     .engine(Box::new(Replay::parse("drafts", drafts)?))
//!     .glossary(Glossary::parse("desk.tsv", "nl\ten\nKoersk\tKursk\n")?)
//!     .build()?;
//! let text = "Er zijn 1.300 inwoners uit Koersk vertrokken.";
//! let edition = translator.translate(text).await?;
//! let unit = &edition.units[0];
//! // The glossary is enforced, and every repair is recorded.
//! assert_eq!(unit.target.plain, "1.300 residents have left Kursk.");
//! assert_eq!(unit.hits[0].required, "Kursk");
//! // The engine kept the Dutch notation of the number.
//! assert!(unit.findings.iter().any(|finding| finding.check == "numbers"));
//! # Ok(())
//! # }
//! ```
//!
//! Each stage works alone as well: [`segment::Splitter`] cuts, [`term::Glossary`] finds and
//! enforces terms, [`align::sentences`] aligns, [`check::unit`] checks a pair. Own engines, checks
//! and formats plug in from outside; `examples/` has one of each.
//!
//! # Features
//!
//! All are on by default. Without any, the library has the line, the checks, the memory and own
//! engines, and compiles in less than a third of the time.
//!
//! | feature | adds |
//! |---|---|
//! | `http` | engines behind HTTP: DeepL, Google, Azure, OpenAI, Ollama, LibreTranslate |
//! | `local` | the neural engine in the process ([`nmt`]) and its models on disk |
//! | `xlsx` | glossaries as Excel workbooks |
//! | `office` | documents that are zip files: Word, OpenDocument, EPUB |
//! | `mock` | [`mock`]: a server that speaks the dialect of every supported API, with faults |
//! | `workflow` | what people do with files and settings; not a part of the public interface |
//! | `desk` | the web server for editors; not a part of the public interface |
//! | `cli` | the binary; needs all others. Its modules are not a part of the public interface |
//!
//! # Asynchronous parts
//!
//! Only the stations that ask an engine are asynchronous. Engines behind HTTP and the local engine
//! need a running [tokio](https://docs.rs/tokio) runtime with its timer; the line itself, own
//! engines and [`engine::Replay`] run on any executor. Everything else is an ordinary function.

pub mod align;
pub mod bitext;
pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "workflow")]
#[doc(hidden)]
pub mod config;
#[cfg(feature = "desk")]
#[doc(hidden)]
pub mod desk;
pub mod engine;
pub mod format;
pub mod language;
pub mod memory;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "local")]
pub mod nmt;
pub mod pipeline;
pub mod review;
pub mod segment;
pub mod term;
mod translator;
#[cfg(feature = "workflow")]
#[doc(hidden)]
pub mod workflow;

pub use translator::{Translator, TranslatorBuilder, TranslatorError};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeExamples;
/// Those of the page on the library, too.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
pub struct LibraryPageExamples;
