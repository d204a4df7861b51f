//! Bytes to documents and back, and pairs to bytes and back.
//!
//! A document format finds the text in a file and leaves everything else where it is: [`write()`]
//! copies every byte that is not a changed block. A new format is one file and one row in
//! [`FORMATS`]; a new pair format one file and one row in [`PAIRS`].

mod assemble;
mod contract;
mod decode;
mod edition;
mod entities;
mod error;
mod html;
mod inline;
mod json_text;
mod jsonl;
mod markdown;
mod pair_contract;
#[cfg(test)]
mod pair_tests;
mod pairs;
mod plain;
mod roles;
mod splice;
mod tables;
mod target_state;
mod tmx;
mod xliff;
mod xliff1;
mod xliff2;
mod xliff_notes;
pub mod xml;
mod xml_input;

pub use assemble::{Written, write, write_with};
pub use contract::{Format, Found, ReadOptions, Reading};
pub use decode::decode;
pub use edition::{edition, edition_with, texts};
pub use error::Error;
pub use pair_contract::{About, PairFormat, PairRow, Pairs};
pub use pairs::{
    PAIRS, lost_codes, pair_format, read_each_pair, read_pairs, rewrite_pairs, write_pairs,
    write_pairs_to,
};

use crate::bitext::{Block, Document, DocumentPart, Inlay, Lang, Notice, Piece, Span};

/// The document formats.
pub static FORMATS: &[&dyn Format] = &[&plain::Plain, &markdown::Markdown, &html::Html];

/// The formats of the caller, then those of the table.
fn every<'a>(own: &'a [&'a dyn Format]) -> impl Iterator<Item = &'a dyn Format> {
    let table = FORMATS.iter().map(|format| *format as &'a dyn Format);
    own.iter().copied().chain(table)
}

/// The format of a name on the command line, one of the caller before one of the table.
///
/// Errors: [`Error::Unknown`].
pub fn by_name<'a>(name: &str, own: &'a [&'a dyn Format]) -> Result<&'a dyn Format, Error> {
    every(own)
        .find(|format| format.name() == name)
        .ok_or_else(|| {
            let known: Vec<&str> = every(own).map(Format::name).collect();
            Error::Unknown {
                name: name.to_owned(),
                known: known.join(", "),
            }
        })
}

/// The format of a file: by its extension, else by its content (HTML begins with a tag), else plain
/// text.
pub fn detect<'a>(name: Option<&str>, text: &str, own: &'a [&'a dyn Format]) -> &'a dyn Format {
    let extension = name
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, extension)| extension.to_ascii_lowercase());
    if let Some(extension) = extension
        && let Some(format) = every(own).find(|f| f.extensions().contains(&extension.as_str()))
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
/// Errors: [`Error::Unknown`] for a format that is not there; [`Error::NotText`] for bytes that are
/// no text. An empty file is a document without blocks.
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
/// assert_eq!(format::write(&document, &texts)?.parts, [html]);
/// # Ok::<(), format::Error>(())
/// ```
pub fn read(
    bytes: &[u8],
    name: Option<&str>,
    format: Option<&str>,
    lang: &Lang,
) -> Result<Document, Error> {
    read_with(bytes, name, format, lang, &[], &ReadOptions::default())
}

/// The same with formats of the caller before those of the table, as the settings have it.
///
/// Errors: as [`read`].
pub fn read_with(
    bytes: &[u8],
    name: Option<&str>,
    format: Option<&str>,
    lang: &Lang,
    own: &[&dyn Format],
    options: &ReadOptions,
) -> Result<Document, Error> {
    let (source, encoding, notices) = decode(bytes).map_err(|error| match (error, name) {
        (Error::NotText { what }, Some(name)) => Error::NotText {
            what: format!("{name}: {what}"),
        },
        (error, _) => error,
    })?;
    let format = match format {
        Some(format) => by_name(format, own)?,
        None => detect(name, &source, own),
    };
    let mut document = Document {
        format: format.name(),
        lang: lang.clone(),
        target: None,
        blocks: Vec::new(),
        parts: Vec::with_capacity(1),
        notices,
    };
    let part = DocumentPart {
        source,
        encoding,
        ..DocumentPart::default()
    };
    add_part(format, part, options, &mut document);
    Ok(document)
}

/// Finds the text of a part and appends the part, its blocks and its notices to the document.
fn add_part(
    format: &dyn Format,
    mut part: DocumentPart,
    options: &ReadOptions,
    document: &mut Document,
) {
    let source = &part.source;
    let mut reading = format.find_with(source, &document.lang, options);
    let blocks = &mut document.blocks;
    let mut pieces = Vec::new();
    let mut at = 0;
    for found in reading.found {
        if found.span.start > at {
            pieces.push(Piece::Raw(Span::new(at, found.span.start)));
        }
        at = found.span.end;
        pieces.push(Piece::Block(blocks.len(), found.span));
        add(found, blocks);
    }
    if at < source.len() {
        pieces.push(Piece::Raw(Span::new(at, source.len())));
    }
    document.notices.append(&mut reading.notices);
    reading.languages.sort_unstable();
    reading.languages.dedup();
    part.languages = reading.languages;
    part.pieces = pieces;
    document.parts.push(part);
}

/// Makes blocks of a text and of the texts inside its codes, which stand behind it; the depth is
/// what the format allows.
fn add(found: Found, blocks: &mut Vec<Block>) {
    let index = blocks.len();
    blocks.push(Block {
        number: index as u32 + 1,
        role: found.role,
        text: found.text,
        map: found.map,
        notation: found.notation,
        inlays: Vec::new(),
    });
    for (code, span, nested) in found.inlays {
        let mut inside = Vec::with_capacity(nested.len());
        for text in nested {
            inside.push((blocks.len(), text.span));
            add(text, blocks);
        }
        blocks[index].inlays.push(Inlay {
            code,
            span,
            blocks: inside,
        });
    }
}

/// Encodes the text of the parts, as [`write()`] gives it, in the encoding of the document. A
/// character that Windows-1252 lacks becomes a numeric reference in HTML; elsewhere the whole file
/// becomes UTF-8, and the second answer says so.
pub fn encode(document: &Document, parts: &[String]) -> (Vec<u8>, Option<Notice>) {
    let text = parts.first().map_or("", String::as_str);
    decode::encode(text, document.encoding(), document.format == "html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Text;

    fn round(bytes: &[u8], name: &str) {
        let document = read(bytes, Some(name), None, &Lang::new("nl")).unwrap();
        let texts: Vec<Text> = document.blocks.iter().map(|b| b.text.clone()).collect();
        let written = write(&document, &texts).unwrap();
        assert_eq!(encode(&document, &written.parts).0, bytes, "{name}");
        let mut at = 0;
        for piece in &document.parts[0].pieces {
            let (Piece::Raw(span) | Piece::Block(_, span)) = *piece;
            assert_eq!(span.start, at, "the pieces cover the file");
            at = span.end;
        }
        assert_eq!(at, document.parts[0].source.len());
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
