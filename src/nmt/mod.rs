//! Neural translation in the process: Marian student models of Firefox Translations, on the CPU, in pure Rust.
//!
//! Knows numbers and strings; no HTTP, no command line, nothing else of this crate. A [`NmtModel`] holds a model; "Hij woont in Koersk." goes
//! in, "He lives in Kursk." comes out, with the probability of every piece, the source word that it came from, and the glossary kept.

mod clause_split;
mod constraints;
mod decode;
mod embedding;
mod error;
mod float;
pub mod kernel;
mod linear;
mod links;
mod model;
mod network;
mod normalizer;
mod reader;
mod request;
mod settings;
mod shortlist;
mod vocab;
mod weights;

#[cfg(test)]
mod tests;
#[cfg(test)]
#[path = "../../tests/support/toy_model.rs"]
pub(crate) mod toy_model;

pub use constraints::ConstraintOutcome;
pub use error::Error;
pub use kernel::KernelLevel;
pub use links::AttentionLink;
pub use model::{ModelFiles, NamedBytes, NmtModel};
pub use request::{NmtAlternative, NmtAnswer, NmtOptions, NmtRequest, TermConstraint};
pub use vocab::{PieceToken, Vocab};
