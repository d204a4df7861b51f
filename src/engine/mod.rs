//! Source texts to target texts: the engines, one file and one row of [`ENGINES`] each.
//!
//! An engine file holds the shape of the request, the shape of the answer and the mapping of
//! errors. Retries, rates and redaction are in `http`, batching, order and repeats in
//! [`translate_units`], inline codes in `inline_codec`.

#[cfg(feature = "http")]
mod azure;
mod cancel;
mod code_pairs;
#[cfg(feature = "local")]
mod decoration;
#[cfg(feature = "http")]
mod deepl;
#[cfg(feature = "http")]
mod deepl_glossary;
mod draft_checks;
#[cfg(feature = "http")]
mod embeddings;
mod entry;
mod error;
mod fill;
#[cfg(feature = "http")]
mod google;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "http")]
mod inline_codec;
mod interface;
#[cfg(feature = "http")]
mod libretranslate;
#[cfg(feature = "local")]
mod local;
#[cfg(feature = "http")]
mod model_answer;
#[cfg(feature = "local")]
pub mod models;
#[cfg(feature = "http")]
mod ollama;
#[cfg(feature = "http")]
mod openai;
mod pace;
mod plan;
#[cfg(feature = "http")]
mod probe;
#[cfg(feature = "http")]
mod prompt;
mod rate_limiter;
mod registry;
mod replay;
mod run_stats;
mod settings;
#[cfg(feature = "local")]
mod tag_placement;
mod transport;
mod unit_draft;

pub use cancel::CancelToken;
#[cfg(feature = "http")]
pub use embeddings::embed;
pub use entry::{Build, EngineKey, Entry, Price};
pub use error::Error;
pub use fill::{BatchRun, Keep, ShuffleTest, translate_units};
#[cfg(feature = "http")]
pub use http::{HttpClient, HttpOptions, HttpResponse};
pub use interface::{
    BoxFuture, Draft, EDIT_VERSION, Engine, Item, Limits, Request, StreamEvent, StreamSink, Term,
    TermEdit,
};
#[cfg(feature = "http")]
use interface::{json_size, positional};
pub use plan::{Plan, plan};
pub use registry::{ENGINES, by_name, by_settings};
pub use replay::Replay;
pub use run_stats::{Progress, RunStats};
pub use settings::{EngineSettings, EngineValue};
pub use transport::{Clock, Transport};
