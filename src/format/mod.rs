//! Bytes to documents and back, and pairs to bytes and back.
//!
//! A document format finds the text in a file and leaves everything else where it is: [`write()`]
//! copies every byte that is not a changed block. A new format is one file and one row in
//! [`FORMATS`]; a new pair format one file and one row in [`PAIRS`].

mod assemble;
#[cfg(feature = "office")]
mod container;
mod contract;
mod csv_document;
mod decode;
#[cfg(feature = "office")]
mod docx;
mod edition;
mod entities;
#[cfg(feature = "office")]
mod epub;
mod error;
mod field_part;
mod html;
mod inline;
mod json;
mod json_text;
mod jsonl;
mod markdown;
#[cfg(feature = "office")]
mod news;
#[cfg(feature = "office")]
mod odt;
mod pair_contract;
#[cfg(test)]
mod pair_tests;
mod pairs;
mod plain;
mod po;
mod roles;
mod splice;
mod subtitle;
mod tables;
mod target_state;
mod tmx;
mod xliff;
mod xliff1;
mod xliff2;
mod xliff_document;
mod xliff_notes;
pub mod xml;
mod xml_input;
#[cfg(feature = "office")]
mod xml_splice;

pub use assemble::{Written, write, write_with};
pub use contract::{
    BilingualFormat, ContainerFormat, Filling, Format, Found, FoundPart, ReadOptions, Reading,
    RenderPlace,
};
pub use decode::decode;
pub use edition::{edition, edition_with, texts};
pub use error::Error;
pub use pair_contract::{About, PairFormat, PairRow, Pairs};
pub use pairs::{
    PAIRS, lost_codes, pair_format, read_each_pair, read_pairs, rewrite_pairs, write_pairs,
    write_pairs_to,
};

use crate::bitext::{Block, Document, DocumentPart, Inlay, Lang, LangPair, Notice, Piece, Span};

/// The document formats.
pub static FORMATS: &[&dyn Format] = &[
    &plain::Plain,
    &markdown::Markdown,
    &html::Html,
    #[cfg(feature = "office")]
    &docx::Docx,
    #[cfg(feature = "office")]
    &odt::Odt,
    #[cfg(feature = "office")]
    &epub::Epub,
    &subtitle::SubtitleDialect::Srt,
    &subtitle::SubtitleDialect::Vtt,
    &xliff_document::XliffDocument,
    &po::Po,
    &json::Json,
    &csv_document::CsvDocument,
    #[cfg(feature = "office")]
    &news::NewsFormat::Nitf,
    #[cfg(feature = "office")]
    &news::NewsFormat::NewsMl,
    #[cfg(feature = "office")]
    &news::NewsFormat::Wxr,
];

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
    let mut document = Document {
        format: "",
        lang: lang.clone(),
        target: None,
        blocks: Vec::new(),
        container: None,
        parts: Vec::with_capacity(1),
        notices: Vec::new(),
    };
    let chosen = match format {
        Some(format) => Some(by_name(format, own)?),
        None => of_container(name, bytes, own),
    };
    if let Some(format) = chosen
        && let Some(container) = format.container()
    {
        document.format = format.name();
        let parts = container
            .open(bytes, lang, options)
            .map_err(|error| error.inside(name.unwrap_or_default()))?;
        for FoundPart {
            name,
            source,
            encoding,
            reading,
        } in parts
        {
            let part = DocumentPart {
                name,
                source,
                encoding,
                ..DocumentPart::default()
            };
            add_part(part, reading, &mut document);
        }
        document.container = Some(bytes.into());
        return Ok(document);
    }
    let (source, encoding, notices) = decode(bytes).map_err(|error| match (error, name) {
        (Error::NotText { what }, Some(name)) => Error::NotText {
            what: format!("{name}: {what}"),
        },
        (error, _) => error,
    })?;
    document.notices = notices;
    let format = chosen.unwrap_or_else(|| detect(name, &source, own));
    document.format = format.name();
    let reading = match format.bilingual() {
        Some(bilingual) => bilingual
            .open(&source, &pair_of(lang, options.target.as_ref()))
            .map_err(|error| error.in_file(name.unwrap_or_default()))?,
        None => format.find_with(&source, lang, options),
    };
    let part = DocumentPart {
        source,
        encoding,
        ..DocumentPart::default()
    };
    add_part(part, reading, &mut document);
    Ok(document)
}

/// The two languages of a file that holds both.
fn pair_of(lang: &Lang, target: Option<&Lang>) -> LangPair {
    LangPair {
        source: lang.clone(),
        target: target.cloned().unwrap_or(LangPair::default().target),
    }
}

/// The format of a file that is a container, by its extension, else by its content.
fn of_container<'a>(
    name: Option<&str>,
    bytes: &[u8],
    own: &'a [&'a dyn Format],
) -> Option<&'a dyn Format> {
    let extension = name.and_then(|name| name.rsplit_once('.'));
    let extension = extension.map(|(_, extension)| extension.to_ascii_lowercase());
    let by_extension = || {
        every(own).filter(|format| {
            let extension = extension.as_deref();
            extension.is_some_and(|extension| format.extensions().contains(&extension))
        })
    };
    let is_own = |format: &&dyn Format| format.container().is_some_and(|own| own.is_own(bytes));
    // Several formats may share an extension: the root of a file of XML tells them apart.
    match by_extension()
        .find(is_own)
        .or_else(|| by_extension().next())
    {
        Some(format) if format.container().is_some() => Some(format),
        _ => every(own).find(|format| format.container().is_some_and(|own| own.is_own(bytes))),
    }
}

/// Appends a part, its blocks and its notices to the document.
fn add_part(mut part: DocumentPart, mut reading: Reading, document: &mut Document) {
    let blocks = &mut document.blocks;
    let mut places = Vec::with_capacity(reading.found.len());
    for found in reading.found {
        add_place(found, blocks, &mut places);
    }
    places.sort_unstable_by_key(|&(_, span)| span);
    let mut pieces = Vec::with_capacity(2 * places.len() + 1);
    let mut at = 0;
    for (index, span) in places {
        if span.start > at {
            pieces.push(Piece::Raw(Span::new(at, span.start)));
        }
        at = span.end;
        pieces.push(Piece::Block(index, span));
    }
    if at < part.source.len() {
        pieces.push(Piece::Raw(Span::new(at, part.source.len())));
    }
    document.notices.append(&mut reading.notices);
    reading.languages.sort_unstable();
    reading.languages.dedup();
    part.languages = reading.languages;
    part.pieces = pieces;
    document.parts.push(part);
}

/// Makes blocks of a text, and notes all places where it stands.
fn add_place(found: Found, blocks: &mut Vec<Block>, places: &mut Vec<(usize, Span)>) {
    let index = blocks.len();
    places.push((index, found.span));
    places.extend(found.copies.iter().map(|&span| (index, span)));
    add(found, blocks);
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
            add_place(text, blocks, &mut inside);
        }
        inside.sort_unstable_by_key(|&(_, span)| span);
        blocks[index].inlays.push(Inlay {
            code,
            span,
            blocks: inside,
        });
    }
}

/// Encodes the text of the parts, as [`write()`] gives it, in the encoding of the document. A
/// character that Windows-1252 lacks becomes a numeric reference in HTML; elsewhere the whole file
/// becomes UTF-8, and the second answer says so. Of a container only the parts that changed are
/// written anew.
///
/// Errors: [`Error::Refused`] for a container that cannot be written again.
pub fn encode(document: &Document, parts: &[String]) -> Result<(Vec<u8>, Option<Notice>), Error> {
    encode_with(document, parts, &[])
}

/// The same for a document that was read with formats of the caller.
///
/// Errors: as [`encode`]; [`Error::Unknown`] if the format of a container is not among them and not
/// in the table.
pub fn encode_with(
    document: &Document,
    parts: &[String],
    own: &[&dyn Format],
) -> Result<(Vec<u8>, Option<Notice>), Error> {
    let Some(original) = &document.container else {
        let text = parts.first().map_or("", String::as_str);
        let references = document.format == "html";
        let (bytes, notice) = decode::encode(text, document.encoding(), references);
        let judged = || {
            let source = &document.parts.first()?.source;
            by_name(document.format, own).ok()?.judge(source, text)
        };
        return Ok((bytes, notice.or_else(judged)));
    };
    let changed: Vec<(&str, Vec<u8>)> = document
        .parts
        .iter()
        .zip(parts)
        .filter(|(part, text)| part.source != **text)
        .map(|(part, text)| (&*part.name, decode::encode(text, part.encoding, true).0))
        .collect();
    let format = by_name(document.format, own)?;
    match format.container() {
        Some(container) if !changed.is_empty() => Ok((container.close(original, &changed)?, None)),
        _ => Ok((original.to_vec(), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Text;

    fn round(bytes: &[u8], name: &str) {
        let document = read(bytes, Some(name), None, &Lang::new("nl")).unwrap();
        let texts: Vec<Text> = document.blocks.iter().map(|b| b.text.clone()).collect();
        let written = write(&document, &texts).unwrap();
        assert_eq!(
            encode(&document, &written.parts).unwrap().0,
            bytes,
            "{name}"
        );
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
