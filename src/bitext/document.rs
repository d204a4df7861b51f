//! A file that was read: its blocks, and the bytes around them that are not text.

use super::{Lang, OffsetMap, Span, Text, feed};
use serde::{Deserialize, Serialize};

/// What a block is in the article.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Role {
    /// The title of the article.
    Headline,
    /// A heading inside the article.
    Heading,
    /// Who wrote it.
    Byline,
    /// Place (and date) on a line of its own, such as `LONDEN –`.
    Dateline,
    /// Running text.
    #[default]
    Paragraph,
    /// A block quotation.
    Quote,
    /// An item of a list.
    ListItem,
    /// Text under or over a picture, or its alternative text.
    Caption,
    /// A cell of a table.
    Cell,
    /// Parts of the page that are not the article: `Aanbevolen video's`, `Lees ook`, `Advertentie`.
    Furniture,
    /// A footnote or an endnote.
    Note,
    /// A line of subtitles.
    Cue,
    /// What is said about the article: descriptions, titles for search engines, tooltips.
    Meta,
}

impl Role {
    /// Every role, in the order of an article.
    pub const ALL: [Self; 13] = [
        Self::Headline,
        Self::Heading,
        Self::Byline,
        Self::Dateline,
        Self::Paragraph,
        Self::Quote,
        Self::ListItem,
        Self::Caption,
        Self::Cell,
        Self::Furniture,
        Self::Note,
        Self::Cue,
        Self::Meta,
    ];

    /// The name used in every file format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Heading => "heading",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Paragraph => "paragraph",
            Self::Quote => "quote",
            Self::ListItem => "list-item",
            Self::Caption => "caption",
            Self::Cell => "cell",
            Self::Furniture => "furniture",
            Self::Note => "note",
            Self::Cue => "cue",
            Self::Meta => "meta",
        }
    }
}

/// How a text is written where it stands, for formats that know several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Notation {
    /// As the format writes running text.
    #[default]
    Text,
    /// In an attribute between quotation marks.
    DoubleQuoted,
    /// In an attribute between apostrophes.
    SingleQuoted,
    /// In an attribute without either.
    Unquoted,
    /// In a string of JSON.
    Json,
    /// In a string of JSON that writes other letters than ASCII's as escapes.
    JsonAscii,
    /// As HTML writes running text, in a file of another format.
    Html,
    /// Running text of Markdown right behind the definition of a link, where a quotation mark would
    /// begin the title of that.
    BehindDefinition,
    /// In the title of a link of Markdown, between quotation marks.
    TitleDouble,
    /// The same between apostrophes.
    TitleSingle,
    /// The same between parentheses.
    TitleParentheses,
    /// A string of YAML without quotation marks.
    YamlPlain,
    /// The same in a list on one line.
    YamlFlow,
    /// A string of YAML between apostrophes.
    YamlSingle,
    /// Lines of a block of YAML.
    YamlBlock,
    /// A string of TOML between apostrophes.
    TomlLiteral,
    /// Plain text between two tags of XML.
    Xml,
}

/// A paragraph-level run of text. XLIFF calls it *unit*, Okapi *text unit*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Number in the document, from 1.
    pub number: u32,
    /// What it is in the article.
    pub role: Role,
    /// Its text.
    pub text: Text,
    /// Where the bytes of `text.plain` stand in the (decoded) file.
    pub map: OffsetMap,
    /// How it is written there.
    pub notation: Notation,
    /// Which of its codes hold texts of their own.
    pub inlays: Vec<Inlay>,
}

/// A code whose markup says something to readers: the `alt` of a picture in a sentence, the options
/// of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inlay {
    /// The code's index in the text's codes.
    pub code: usize,
    /// The bytes of the (decoded) file that the code covers.
    pub span: Span,
    /// The texts inside, as indices of the document's blocks with the bytes that they cover,
    /// ascending.
    pub blocks: Vec<(usize, Span)>,
}

/// A piece of a part between or around blocks, or a block's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Bytes of the (decoded) part that are not text.
    Raw(Span),
    /// The block with this index; the span is what it covers in the (decoded) part.
    Block(usize, Span),
}

/// A text file inside a document: the document itself, or an entry of a container such as DOCX.
/// It keeps the bytes that are not text, so that the document can be written back.
///
/// Invariant: the spans of the pieces are ascending and cover `source` without a gap; every block
/// of the part appears among the pieces or in an inlay of another block, once or, where the file
/// repeats its text, at several places. Every offset of a
/// block, of a piece and of a language counts in its own part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentPart {
    /// The name inside the container; empty for a document that is one file.
    pub name: String,
    /// The bytes, decoded to UTF-8, without the byte-order mark.
    pub source: String,
    /// How the bytes were encoded.
    pub encoding: Encoding,
    /// The pieces in order.
    pub pieces: Vec<Piece>,
    /// The bytes that name the language of the text, ascending.
    pub languages: Vec<Span>,
}

/// How the bytes of a file were encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8 without a mark.
    #[default]
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Bom,
    /// UTF-16, little endian, with a byte-order mark.
    Utf16Le,
    /// UTF-16, big endian, with a byte-order mark.
    Utf16Be,
    /// An older one, such as Windows-1252, which includes Latin-1's letters.
    Legacy(&'static encoding_rs::Encoding),
}

impl Serialize for Encoding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Utf8 => serializer.serialize_str("utf8"),
            Self::Utf8Bom => serializer.serialize_str("utf8-bom"),
            Self::Utf16Le => serializer.serialize_str("utf16-le"),
            Self::Utf16Be => serializer.serialize_str("utf16-be"),
            Self::Legacy(own) if *own == encoding_rs::WINDOWS_1252 => {
                serializer.serialize_str("windows1252")
            }
            Self::Legacy(own) => serializer.serialize_str(&own.name().to_ascii_lowercase()),
        }
    }
}

/// Something about a file that its reader wants a person to know, such as a guessed encoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// A sentence.
    pub message: String,
    /// Where in the (decoded) file, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// One file read: its blocks and its skeleton.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Name of the format that read it, a row of `FORMATS`.
    pub format: &'static str,
    /// Its language.
    pub lang: Lang,
    /// The language of its edition, where that is known: what the file says of its language becomes
    /// this.
    pub target: Option<Lang>,
    /// The paragraph-level runs, in order; those of one part stand together.
    pub blocks: Vec<Block>,
    /// The bytes of the container that holds the parts; none for a document that is one file.
    pub container: Option<std::sync::Arc<[u8]>>,
    /// The text files of which it consists, at least one; everything that is not text is there.
    pub parts: Vec<DocumentPart>,
    /// What the reader wants a person to know.
    pub notices: Vec<Notice>,
}

impl Document {
    /// How the bytes of the first part were encoded.
    pub fn encoding(&self) -> Encoding {
        self.parts
            .first()
            .map_or_else(Encoding::default, |part| part.encoding)
    }

    /// The digest of everything that was read: the container, or the decoded text of the parts with
    /// their names.
    pub fn digest(&self) -> String {
        if let Some(bytes) = &self.container {
            return blake3::hash(bytes).to_hex().to_string();
        }
        match self.parts.as_slice() {
            [part] if part.name.is_empty() => blake3::hash(part.source.as_bytes()),
            parts => {
                let mut hasher = blake3::Hasher::new();
                for part in parts {
                    feed(&mut hasher, part.name.as_bytes());
                    feed(&mut hasher, part.source.as_bytes());
                }
                hasher.finalize()
            }
        }
        .to_hex()
        .to_string()
    }
}
