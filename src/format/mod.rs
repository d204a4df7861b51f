//! Bytes to documents and back, and pairs to bytes and back.
//!
//! A document format finds the text in a file and leaves everything else where it is: [`write()`] copies every byte that is not a changed
//! block. A new format is one file and one row in [`FORMATS`]; a new pair format one file and one row in [`PAIRS`].

mod assemble;
mod catalog;
mod contract;
mod decode;
mod edition;
mod entities;
mod html;
mod json_text;
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

pub use assemble::{Written, write};
pub use catalog::{FORMATS, by_name, detect};
pub use contract::{Error, Format, Found, Reading};
pub use decode::decode;
pub use edition::{edition, texts};
pub use pairs::{
    About, PAIRS, PairFormat, Pairs, pair_format, read_pairs, write_pairs, write_pairs_to,
};

use crate::bitext::{Block, Document, Encoding, Inlay, Lang, Notice, Piece, Skeleton, Span};

/// Reads a document. `name` is the file's name, `format` a name that the user gave.
///
/// Errors: [`Error::Unknown`] for a format that is not there; [`Error::NotText`] for bytes that are no text. An empty file is a document without blocks.
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
    mut notices: Vec<Notice>,
    lang: &Lang,
) -> Document {
    let mut reading = format.find(&source, lang);
    let mut blocks = Vec::new();
    let mut pieces = Vec::new();
    let mut at = 0;
    for found in reading.found {
        if found.span.start > at {
            pieces.push(Piece::Raw(Span::new(at, found.span.start)));
        }
        at = found.span.end;
        pieces.push(Piece::Block(blocks.len(), found.span));
        add(found, &mut blocks);
    }
    if at < source.len() {
        pieces.push(Piece::Raw(Span::new(at, source.len())));
    }
    notices.append(&mut reading.notices);
    reading.languages.sort_unstable();
    reading.languages.dedup();
    Document {
        format: format.name(),
        lang: lang.clone(),
        target: None,
        languages: reading.languages,
        encoding,
        blocks,
        skeleton: Skeleton { source, pieces },
        notices,
    }
}

/// Makes blocks of a text and of the texts inside its codes, which stand behind it; the depth is what the format allows.
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

/// Encodes text as the document was encoded. What Windows-1252 lacks becomes a numeric reference in HTML; elsewhere the whole file becomes
/// UTF-8, and the second answer says so.
pub fn encode(document: &Document, text: &str) -> (Vec<u8>, Option<Notice>) {
    decode::encode(text, document.encoding, document.format == "html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Text;

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
