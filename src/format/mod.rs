//! Bytes to documents and back, and pairs to bytes and back.
//!
//! A document format finds the text in a file and leaves everything else where it is: [`write()`] copies every byte that is not a changed
//! block. A new format is one file and one row in [`FORMATS`]; a new pair format one file and one row in [`PAIRS`].

mod decode;
mod edition;
mod entities;
mod html;
mod jsonl;
mod markdown;
mod pairs;
mod plain;
mod roles;
mod tables;
mod tmx;
mod xliff;
mod xliff2;
pub mod xml;

pub use decode::decode;
pub use edition::{edition, texts};
pub use pairs::{
    About, PAIRS, PairFormat, Pairs, pair_format, read_pairs, write_pairs, write_pairs_to,
};

use crate::bitext::{
    Block, Document, Encoding, Lang, Notation, Notice, OffsetMap, Piece, Place, Skeleton, Span,
    Text,
};

/// Why a file cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No format goes by this name or extension.
    #[error("`{name}` is no format that can be read here; known are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The bytes are not text: a PDF, a zip, an image.
    #[error("{what}")]
    NotText {
        /// What they look like.
        what: String,
    },
    /// The file is not what its format asks for.
    #[error("{what}")]
    Broken {
        /// What is wrong.
        what: String,
        /// Where.
        place: Box<Place>,
    },
}

/// A run of text that a format found in a file.
#[derive(Debug, Clone)]
pub struct Found {
    /// The bytes of the file that it covers.
    pub span: Span,
    /// What it is in the article.
    pub role: crate::bitext::Role,
    /// Its text.
    pub text: Text,
    /// Where the text's bytes stand in the file.
    pub map: OffsetMap,
    /// How it is written where it stands.
    pub notation: Notation,
    /// Texts inside its codes.
    pub nested: Vec<Found>,
}

/// A document format.
pub trait Format: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;
    /// Extensions of its files, without the dot.
    fn extensions(&self) -> &'static [&'static str];
    /// Finds the text. The spans ascend and do not overlap.
    fn find(&self, source: &str) -> Vec<Found>;
    /// Writes a block's changed text in the format's notation, and says where its bytes went: offsets from the start of what is written.
    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap;
}

/// The document formats.
pub static FORMATS: &[&dyn Format] = &[&plain::Plain, &markdown::Markdown, &html::Html];

/// The format of a name on the command line.
///
/// Errors: [`Error::Unknown`].
pub fn by_name(name: &str) -> Result<&'static dyn Format, Error> {
    FORMATS
        .iter()
        .copied()
        .find(|format| format.name() == name)
        .ok_or_else(|| Error::Unknown {
            name: name.to_owned(),
            known: FORMATS
                .iter()
                .map(|f| f.name())
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// The format of a file: by its extension, else by its content (HTML begins with a tag), else plain text.
pub fn detect(name: Option<&str>, text: &str) -> &'static dyn Format {
    let extension = name
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, extension)| extension.to_ascii_lowercase());
    if let Some(extension) = extension
        && let Some(format) = FORMATS
            .iter()
            .copied()
            .find(|f| f.extensions().contains(&extension.as_str()))
    {
        return format;
    }
    let start: String = text
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>()
        .to_ascii_lowercase();
    if ["<!doctype html", "<html", "<body", "<head"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        &html::Html
    } else {
        &plain::Plain
    }
}

/// Reads a document. `name` is the file's name, `format` a name that the user gave.
///
/// Errors: [`Error::Unknown`] for a format that is not there; [`Error::NotText`] for bytes that are no text. An empty file is a document without blocks.
///
/// ```
/// use overzet::bitext::Lang;
/// use overzet::format;
///
/// let html = "<h1>Stilte</h1>\n<p>Lees <b>alles</b> &amp; meer.</p>";
/// let document = format::read(html.as_bytes(), Some("a.html"), None, &Lang::new("nl"))?;
/// assert_eq!(document.blocks[1].text.plain, "Lees alles & meer.");
/// // Unchanged texts are written as the same bytes.
/// let texts: Vec<_> = document.blocks.iter().map(|block| block.text.clone()).collect();
/// assert_eq!(format::write(&document, &texts)?.text, html);
/// # Ok::<(), format::Error>(())
/// ```
pub fn read(
    bytes: &[u8],
    name: Option<&str>,
    format: Option<&str>,
    lang: &Lang,
) -> Result<Document, Error> {
    let (source, encoding, notices) = decode(bytes)?;
    let format = match format {
        Some(format) => by_name(format)?,
        None => detect(name, &source),
    };
    Ok(document(format, source, encoding, notices, lang))
}

fn document(
    format: &'static dyn Format,
    source: String,
    encoding: Encoding,
    notices: Vec<Notice>,
    lang: &Lang,
) -> Document {
    let mut blocks = Vec::new();
    let mut pieces = Vec::new();
    let mut at = 0;
    for found in format.find(&source) {
        if found.span.start > at {
            pieces.push(Piece::Raw(Span::new(at, found.span.start)));
        }
        at = found.span.end;
        pieces.push(Piece::Block(blocks.len(), found.span));
        blocks.push(Block {
            number: blocks.len() as u32 + 1,
            role: found.role,
            text: found.text,
            map: found.map,
            notation: found.notation,
        });
    }
    if at < source.len() {
        pieces.push(Piece::Raw(Span::new(at, source.len())));
    }
    Document {
        format: format.name(),
        lang: lang.clone(),
        encoding,
        blocks,
        skeleton: Skeleton { source, pieces },
        notices,
    }
}

/// A document written back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its text before encoding; offsets count in it.
    pub text: String,
    /// For every block, where the bytes of its text went.
    pub maps: Vec<OffsetMap>,
}

/// Writes a document with these texts in place of its blocks'. A block whose text is unchanged keeps its bytes.
///
/// Shape: `texts` has one entry per block. Errors: none for a document that [`read`] made.
pub fn write(document: &Document, texts: &[Text]) -> Result<Written, Error> {
    let format = by_name(document.format)?;
    let source = &document.skeleton.source;
    let mut out = String::with_capacity(source.len() + source.len() / 8);
    let mut maps = vec![OffsetMap::default(); document.blocks.len()];
    for piece in &document.skeleton.pieces {
        match *piece {
            Piece::Raw(span) => out.push_str(span.of(source)),
            Piece::Block(index, span) => {
                let (block, text) = (&document.blocks[index], &texts[index]);
                let base = out.len();
                if *text == block.text {
                    out.push_str(span.of(source));
                    maps[index] = block.map.moved(span.start, base);
                } else {
                    maps[index] = format.render(block, text, &mut out).moved(0, base);
                }
            }
        }
    }
    Ok(Written { text: out, maps })
}

/// Encodes text as the document was encoded. What Windows-1252 lacks becomes a numeric reference in HTML; elsewhere the whole file becomes
/// UTF-8, and the second answer says so.
pub fn encode(document: &Document, text: &str) -> (Vec<u8>, Option<Notice>) {
    decode::encode(text, document.encoding, document.format == "html")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(bytes: &[u8], name: &str) {
        let document = read(bytes, Some(name), None, &Lang::new("nl")).unwrap();
        let texts: Vec<Text> = document.blocks.iter().map(|b| b.text.clone()).collect();
        let written = write(&document, &texts).unwrap();
        assert_eq!(encode(&document, &written.text).0, bytes, "{name}");
        let mut at = 0;
        for piece in &document.skeleton.pieces {
            let (Piece::Raw(span) | Piece::Block(_, span)) = *piece;
            assert_eq!(span.start, at, "the pieces cover the file");
            at = span.end;
        }
        assert_eq!(at, document.skeleton.source.len());
    }

    #[test]
    fn writing_what_was_read_gives_the_same_bytes() {
        for name in ["a.txt", "a.md", "a.html"] {
            for text in [
                "",
                "\n\n",
                "Kop\r\n\r\nDoor Jan\r\n\r\nEerste alinea. Tweede zin.\r\n",
                "\u{feff}# Kop\n\n- een\n- *twee* `drie`\n\n> citaat\n> gaat door\n\n| a | b |\n|---|---|\n| c | d |\n",
                "<!doctype html><p>Een &amp; <b>twee</b>\n drie</p><script>x<y</script><p>",
                "caf\u{e9} \u{a0}… \\* [link](x \"y\") ![alt](z)",
                "<p>kapot <b>vet</p> <i",
                "&#x;&bogus;&#99999999;<",
            ] {
                round(text.as_bytes(), name);
            }
            round(b"caf\xe9 \x93ja\x94\r\n", name);
            round(b"\xff\xfeK\0o\0p\0\n\0", name);
        }
    }
}
