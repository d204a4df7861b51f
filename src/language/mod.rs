//! Knowledge of Dutch and English, each piece once: words, numbers, spellings, sentence starts.
//!
//! Every list is data in `data/language/`; the other modules ask here and keep none of their own.

pub(crate) mod addresses;
pub(crate) mod articles;
pub(crate) mod compounds;
pub(crate) mod countries;
pub(crate) mod edit_distance;
pub(crate) mod exonyms;
pub(crate) mod folding;
pub(crate) mod function_words;
pub(crate) mod furniture;
pub mod lexicon;
pub(crate) mod lines;
pub(crate) mod literals;
pub(crate) mod marks;
pub(crate) mod opposites;
pub(crate) mod phrases;
pub(crate) mod quantity;
pub(crate) mod sentence_start;
pub(crate) mod spelling;
pub(crate) mod stems;
pub mod text_view;
pub(crate) mod word_knowledge;
pub(crate) mod word_lists;

/// A language, as far as anything is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Dutch.
    Dutch,
    /// English.
    English,
    /// Any other.
    Other,
}

impl Language {
    /// The language of a tag's base: `nl`, `en`.
    pub fn of(base: &str) -> Self {
        match base {
            "nl" => Self::Dutch,
            "en" => Self::English,
            _ => Self::Other,
        }
    }
}
