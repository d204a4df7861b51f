//! A document format, and the texts that it finds in a file.

use crate::bitext::{Block, Lang, Notation, Notice, OffsetMap, Role, Span, Text};
use crate::language::lines::Newlines;

/// A run of text that a format found in a file.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The bytes of the file that it covers.
    pub span: Span,
    /// What it is in the article.
    pub role: Role,
    /// Its text.
    pub text: Text,
    /// Where the text's bytes stand in the file.
    pub map: OffsetMap,
    /// How it is written where it stands.
    pub notation: Notation,
    /// Codes that hold texts or names of languages: the code's index, the bytes of the file that it
    /// covers, and the texts.
    pub inlays: Vec<(usize, Span, Vec<Found>)>,
}

/// What a format found in a file.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The texts. Their spans ascend and do not overlap.
    pub found: Vec<Found>,
    /// The bytes that name the language of the file, ascending.
    pub languages: Vec<Span>,
    /// What stays as it is, and whatever else a person should know.
    pub notices: Vec<Notice>,
}

/// What the settings say about reading documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ReadOptions {
    /// What a single line end of a plain text means.
    pub newlines: Newlines,
    /// The keys of front matter whose values are translated, at any depth; empty for the usual ones.
    pub front_matter: Vec<String>,
}

impl ReadOptions {
    /// These, with another meaning of a single line end.
    #[must_use]
    pub const fn with_newlines(mut self, newlines: Newlines) -> Self {
        self.newlines = newlines;
        self
    }
}

/// A document format.
pub trait Format: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;
    /// Extensions of its files, without the dot.
    fn extensions(&self) -> &'static [&'static str];
    /// Finds the text of a file in this language.
    fn find(&self, source: &str, lang: &Lang) -> Reading;
    /// The same as the settings have it; a format that knows none of them reads as ever.
    fn find_with(&self, source: &str, lang: &Lang, _options: &ReadOptions) -> Reading {
        self.find(source, lang)
    }
    /// Writes a block's changed text in the format's notation, and says where its bytes went:
    /// offsets from the start of what is written.
    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap;
}
