//! A document format, and the texts that it finds in a file.

use super::error::Error;
use crate::bitext::{
    Block, Encoding, Lang, LangPair, Notation, Notice, OffsetMap, Role, Span, Text,
};
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
    /// Other places with the very same text, which becomes the same there: what stands twice for
    /// old readers and new ones. They stand where `span` does, among the texts of the file or in
    /// the same code.
    pub copies: Vec<Span>,
}

/// What a format found in a file.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The texts in the order in which they are read. Their spans do not overlap.
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
    /// The paths of the fields of JSON that are texts, such as `body[type=text].value:html`.
    pub fields: Vec<String>,
    /// The columns of a table that are texts, by the names in its header.
    pub columns: Vec<String>,
    /// The language of the edition, for files that hold both; English if not given.
    pub target: Option<Lang>,
}

impl ReadOptions {
    /// These, with another meaning of a single line end.
    #[must_use]
    pub const fn with_newlines(mut self, newlines: Newlines) -> Self {
        self.newlines = newlines;
        self
    }
}

/// A text file inside a container, with what a format found in it.
#[derive(Debug, Clone, Default)]
pub struct FoundPart {
    /// Its name inside the container.
    pub name: String,
    /// Its bytes, decoded, without the byte-order mark.
    pub source: String,
    /// How its bytes are encoded.
    pub encoding: Encoding,
    /// What was found in it.
    pub reading: Reading,
}

/// A format whose files hold several text files.
pub trait ContainerFormat: Sync {
    /// Opens a file and gives the parts that hold text or name its language, in the order in which
    /// they are read.
    ///
    /// Errors: [`Error::Refused`] for a file that must not or cannot be taken as it is;
    /// [`Error::Broken`] for a damaged one.
    fn open(
        &self,
        bytes: &[u8],
        lang: &Lang,
        options: &ReadOptions,
    ) -> Result<Vec<FoundPart>, Error>;

    /// Whether a file is one of its own, whatever its name.
    fn is_own(&self, bytes: &[u8]) -> bool;

    /// The container with these bytes for some of its parts; everything else stays as it is.
    ///
    /// Errors: [`Error::Refused`].
    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error>;
}

/// The translation of a text that a file lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filling {
    /// The translation, with the codes of its source.
    pub text: Text,
    /// Whether a machine made it; a memory has the work of people.
    pub by_machine: bool,
    /// Whether a person should look at it before it is used.
    pub needs_review: bool,
}

/// A format whose files hold the translations beside the texts.
pub trait BilingualFormat: Sync {
    /// Finds the texts that lack a translation. Their spans are those of the source.
    ///
    /// Errors: [`Error::Broken`] with the place.
    fn open(&self, source: &str, pair: &LangPair) -> Result<Reading, Error>;

    /// The file with translations in the places where they belong, and every other byte as it is.
    ///
    /// Shape: `fillings` has one entry for each text that `open` finds in the same file; none where
    /// the place stays empty. Errors: as [`BilingualFormat::open`].
    fn fill(
        &self,
        source: &str,
        pair: &LangPair,
        fillings: &[Option<Filling>],
    ) -> Result<String, Error>;
}

/// Where a changed text is written.
#[derive(Debug, Clone, Copy)]
pub struct RenderPlace<'p> {
    /// The bytes that stand there in the file.
    pub source: &'p str,
    /// The language of the file.
    pub lang: &'p Lang,
    /// The language of the edition, where that is known.
    pub target: Option<&'p Lang>,
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
    /// The same for a format that must see what stands there now.
    fn render_at(
        &self,
        _place: RenderPlace<'_>,
        block: &Block,
        text: &Text,
        out: &mut String,
    ) -> OffsetMap {
        self.render(block, text, out)
    }
    /// The name of the edition's language in the place of `old`, the name that stands there.
    fn language(&self, target: &Lang, old: &str) -> String {
        target.written_like(old)
    }
    /// What a person should know of an edition beside the file that it was made of.
    fn judge(&self, _source: &str, _written: &str) -> Option<Notice> {
        None
    }
    /// How its files are opened and closed, where they are containers; such files are not given to
    /// `find`.
    fn container(&self) -> Option<&dyn ContainerFormat> {
        None
    }
    /// How translations are written, where the files hold them beside the texts; such files are not
    /// given to `find`.
    fn bilingual(&self) -> Option<&dyn BilingualFormat> {
        None
    }
}
