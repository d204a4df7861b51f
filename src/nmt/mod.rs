//! Neural translation in the process: Marian student models of Firefox Translations, on the CPU, in pure Rust.
//!
//! Knows numbers and strings; no HTTP, no command line, nothing else of this crate. A [`Translator`] holds a model; "Hij woont in Koersk." goes
//! in, "He lives in Kursk." comes out, with the probability of every piece, the source word that it came from, and the glossary kept.

mod cut;
mod decode;
mod embedding;
mod error;
mod float;
mod guard;
pub mod kernel;
mod linear;
mod links;
mod network;
mod normalizer;
mod reader;
mod request;
mod settings;
mod shortlist;
mod translator;
mod vocab;
mod weights;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use guard::Kept;
pub use kernel::Level;
pub use links::Link;
pub use request::{Alternative, Answer, Options, Request, Term};
pub use translator::{File, Files, Translator};
pub use vocab::{Token, Vocab};
