//! The line as one function: the bytes of a document in, an edition out.
//!
//! [`translate`] is the drawing of `ARCHITECTURE.md` as code, and a test holds the two together.
//! [`plan`] is the same line up to the point where something would be sent; [`align()`] is the line
//! for two texts that exist already.

mod aligning;
mod drafts;
mod error;
mod resources;
mod term_fallback;
mod translating;

pub use aligning::{
    AlignEvidence, AlignInput, AlignResources, AlignSide, AlignedTexts, SentenceVectors, align,
    engine_translations, plan_engine_translations, remembered_translations,
};
pub use error::Error;
pub use resources::{DocumentInput, FallbackEngines, Furniture, Resources, SendLimits, Sending};
pub use term_fallback::FallbackStats;
pub use translating::{
    MAX_LINKED_UNITS, MIN_MATCH_PERCENT, Translation, TranslationPlan, judge_edited, link_words,
    plan, translate, translate_unit,
};
