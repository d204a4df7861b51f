//! Aligns two texts that exist already.
//!
//! The lexicon comes first: `huizen` → `houses`, `homes`.

pub mod lexicon;

pub use lexicon::{Lexicon, Rendering, Source};
