//! The nouns that everybody shares: document, block, segment, unit, hit, link, finding. Imports
//! nothing of ours.
//!
//! One clash to remember: a [`Block`] is XLIFF's *unit*; a [`Unit`] is TMX's *tu*.

mod alignment;
mod document;
mod finding;
mod hit;
mod judgement;
mod lang;
mod place;
mod text;
mod unit;

pub use alignment::{Bead, Link, words};
pub use document::{Block, Document, DocumentPart, Encoding, Inlay, Notation, Notice, Piece, Role};
pub use finding::{Finding, FindingStatus, Severity};
pub use hit::{Hit, Verdict};
pub use judgement::FindingKey;
pub use lang::{Lang, LangPair};
pub use place::Place;
pub(crate) use text::feed;
pub use text::{Code, CodeKind, OffsetMap, Span, Text};
pub use unit::{Doubt, Edition, Match, Origin, State, Unit};
