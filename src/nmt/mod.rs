//! Neural translation in the process: Marian student models of Firefox Translations, on the CPU, in
//! pure Rust.
//!
//! The module works on numbers and strings; it uses no HTTP, no command line and no other module of
//! this crate. A [`NmtModel`] turns "Hij woont in Koersk." into "He lives in Kursk.", with the
//! probability of every piece, the source word that it came from, and the glossary enforced.

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
