//! EPUB 2 and 3: the chapters, the tables of contents, and what the package says about the book.

use super::container::{Container, is_zip, refused, rewrite};
use super::contract::{ContainerFormat, Format, Found, FoundPart, ReadOptions, Reading};
use super::docx::walk::{attribute, element_text};
use super::docx::{properties, resolve, xml_text};
use super::error::Error;
use super::html;
use super::xml_splice::{XmlTokens, broken};
use crate::bitext::{Block, Lang, Notation, Notice, OffsetMap, Role, Span, Text};

/// The type of a book.
const KIND: &[u8] = b"application/epub+zip";
/// The type of a table of contents of EPUB 2.
const NCX: &str = "application/x-dtbncx+xml";
/// Algorithms of `encryption.xml` that hide fonts only.
const FONT_HIDING: &[&str] = &[
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
];

/// Books.
pub struct Epub;

impl Format for Epub {
    fn name(&self) -> &'static str {
        "epub"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["epub"]
    }

    fn find(&self, _source: &str, _lang: &Lang) -> Reading {
        Reading::default()
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        if block.notation == Notation::Xml {
            xml_text(block.notation, text, out)
        } else {
            html::render(block.notation, text, false, out)
        }
    }

    fn container(&self) -> Option<&dyn ContainerFormat> {
        Some(self)
    }
}

fn not_a_book() -> Error {
    refused(
        "the file is not what its extension says: it is no EPUB",
        "give it its own extension, or export the book anew",
    )
}

/// An address inside the container without its escapes: `deel%201.xhtml`.
fn decoded(address: &str) -> String {
    let bytes = address.split('#').next().unwrap_or_default().as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl ContainerFormat for Epub {
    fn is_own(&self, bytes: &[u8]) -> bool {
        is_zip(bytes)
            && Container::open(bytes).is_ok_and(|mut container| {
                let kind = container.bytes("mimetype");
                kind.is_ok_and(|kind| kind.trim_ascii() == KIND)
            })
    }

    fn open(&self, bytes: &[u8], lang: &Lang, _: &ReadOptions) -> Result<Vec<FoundPart>, Error> {
        let mut container = Container::open(bytes)?;
        refuse_protected(&mut container)?;
        let name = "META-INF/container.xml";
        if container.named(name).is_none() {
            return Err(not_a_book());
        }
        let (source, _) = container.text(name)?;
        let xml = XmlTokens::read(&source, name)?;
        let mut book = EpubReader {
            container,
            lang,
            parts: Vec::new(),
        };
        for at in (0..xml.len()).filter(|&at| xml.name(at).ends_with("rootfile")) {
            if let Some(path) = xml.value(at, "full-path") {
                book.package(&path)?;
            }
        }
        if book.parts.is_empty() {
            return Err(not_a_book());
        }
        if let Some(first) = book.parts.first_mut() {
            first.reading.notices.push(Notice {
                message: "the identifier of the book stays; a translation is a book of its own"
                    .into(),
                span: None,
            });
        }
        Ok(book.parts)
    }

    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
        rewrite(original, parts)
    }
}

/// Refuses a book whose chapters are encrypted or signed; hidden fonts do no harm.
fn refuse_protected(container: &mut Container<'_>) -> Result<(), Error> {
    if container.named("META-INF/signatures.xml").is_some() {
        return Err(refused(
            "the file is signed: its edition would carry a signature that is false",
            "export a copy without the signature, then translate that copy",
        ));
    }
    let name = "META-INF/encryption.xml";
    if container.named(name).is_none() {
        return Ok(());
    }
    let (source, _) = container.text(name)?;
    let xml = XmlTokens::read(&source, name)?;
    let is_harmless = |at: usize| {
        xml.value(at, "Algorithm")
            .is_some_and(|own| FONT_HIDING.contains(&own.as_str()))
    };
    let mut methods = (0..xml.len()).filter(|&at| xml.name(at).ends_with("EncryptionMethod"));
    if methods.any(|at| !is_harmless(at)) {
        return Err(refused(
            "the book is protected against copying",
            "translate a copy without protection",
        ));
    }
    Ok(())
}

struct EpubReader<'b, 'l> {
    container: Container<'b>,
    lang: &'l Lang,
    parts: Vec<FoundPart>,
}

impl EpubReader<'_, '_> {
    fn part(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<Reading, Error>,
    ) -> Result<(), Error> {
        let Some(name) = self.container.named(name).map(str::to_owned) else {
            return Ok(());
        };
        if self.parts.iter().any(|part| part.name == name) {
            return Ok(());
        }
        let (source, encoding) = self.container.text(&name)?;
        let reading = read(&source)?;
        self.parts.push(FoundPart {
            name,
            source,
            encoding,
            reading,
        });
        Ok(())
    }

    /// Reads a package and all that it lists.
    fn package(&mut self, path: &str) -> Result<(), Error> {
        let Some(path) = self.container.named(path).map(str::to_owned) else {
            return Err(not_a_book());
        };
        let lang = self.lang;
        let mut items: Vec<(usize, String, String, String)> = Vec::new();
        let mut spine: Vec<String> = Vec::new();
        self.part(&path, |source| {
            let xml = XmlTokens::read(source, &path)?;
            let mut reading = properties(&xml, lang);
            for at in 0..xml.len() {
                let value = |name| xml.value(at, name).unwrap_or_default();
                match xml.name(at).rsplit(':').next().unwrap_or_default() {
                    "package" => reading.languages.extend(language(&xml, at, lang)),
                    "item" => {
                        let kind = value("media-type");
                        let is_nav = value("properties").split(' ').any(|own| own == "nav");
                        // The tables of contents come first.
                        let rank = match kind.as_str() {
                            _ if is_nav => 0,
                            NCX => 1,
                            _ => 2,
                        };
                        items.push((rank, value("id"), value("href"), kind));
                    }
                    "itemref" => spine.push(value("idref")),
                    "reference" => {
                        reading
                            .found
                            .extend(attribute(&xml, at, "title", Role::Meta));
                    }
                    _ => {}
                }
            }
            Ok(reading)
        })?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let place = |id: &String| {
            spine
                .iter()
                .position(|own| own == id)
                .unwrap_or(spine.len())
        };
        items.sort_by_key(|(rank, id, ..)| (*rank, place(id)));
        for (_, _, href, kind) in &items {
            let name = resolve(folder, &decoded(href));
            match kind.as_str() {
                "application/xhtml+xml" => self.part(&name, |source| {
                    if let Some(at) = source.find("<!ENTITY") {
                        let what = "a document type may declare nothing here";
                        return Err(broken(what, &name, source, at));
                    }
                    Ok(html::find_xml(source, lang))
                })?,
                NCX => {
                    self.part(&name, |source| contents(source, &name, lang))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Where an element names its language.
fn language(xml: &XmlTokens<'_>, at: usize, lang: &Lang) -> Option<Span> {
    let span = xml.value_span(at, "xml:lang")?;
    lang.is_base_of(span.of(xml.source())).then_some(span)
}

/// A table of contents of EPUB 2.
fn contents(source: &str, name: &str, lang: &Lang) -> Result<Reading, Error> {
    let xml = XmlTokens::read(source, name)?;
    let mut reading = Reading::default();
    let mut author = 0;
    for at in (0..xml.len()).filter(|&at| xml.is_element(at)) {
        reading.languages.extend(language(&xml, at, lang));
        match xml.name(at).rsplit(':').next().unwrap_or_default() {
            "docAuthor" => author = xml.end(at),
            "text" if at >= author => {
                let found: Option<Found> = element_text(&xml, at, Role::Meta);
                reading.found.extend(found);
            }
            _ => {}
        }
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use super::super::docx::tests::zipped;
    use super::super::{encode, read, write};
    use super::*;

    fn book(more: &[(&str, &str)]) -> Vec<u8> {
        let mut entries = vec![
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                "<container><rootfiles><rootfile full-path=\"boek/p.opf\"/></rootfiles></container>",
            ),
            (
                "boek/p.opf",
                "<package xml:lang=\"nl\"><metadata><dc:title>Het boek</dc:title><dc:language>nl-NL</dc:language></metadata>\
              <manifest><item id=\"n\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/><item id=\"b\" href=\"deel%202.xhtml\" media-type=\"application/xhtml+xml\"/>\
              <item id=\"a\" href=\"../a.xhtml\" media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>",
            ),
            (
                "boek/toc.ncx",
                "<ncx><docAuthor><text>Een schrijver</text></docAuthor><navMap><navLabel><text>Deel een</text></navLabel></navMap></ncx>",
            ),
            (
                "boek/deel 2.xhtml",
                "<?xml version=\"1.0\"?><html xml:lang=\"nl\" lang=\"nl\"><body><p>Tweede &#233;cht <i>deel</i>.<br/>Slot.</p></body></html>",
            ),
            (
                "a.xhtml",
                "<?xml version=\"1.0\"?>\n<!DOCTYPE html><html><body><h1>Eerste deel</h1></body></html>",
            ),
        ];
        entries.extend_from_slice(more);
        zipped(&entries)
    }

    #[test]
    fn chapters_come_in_the_order_of_the_spine_and_names_are_decoded() {
        let mut document = read(&book(&[]), None, None, &Lang::new("nl")).unwrap();
        assert_eq!(document.format, "epub", "the content says so");
        let plains: Vec<&str> = document
            .blocks
            .iter()
            .map(|block| &*block.text.plain)
            .collect();
        assert_eq!(
            plains,
            [
                "Het boek",
                "Deel een",
                "Eerste deel",
                "Tweede écht deel. Slot."
            ]
        );
        document.target = Some(Lang::new("en"));
        let texts: Vec<Text> = document
            .blocks
            .iter()
            .map(|block| Text {
                plain: block.text.plain.to_uppercase(),
                codes: block.text.codes.clone(),
            })
            .collect();
        let written = write(&document, &texts).unwrap();
        let (bytes, _) = encode(&document, &written.parts).unwrap();
        let mut archive = Container::open(&bytes).unwrap();
        assert_eq!(archive.names()[0], "mimetype");
        let chapter = archive.text("boek/deel 2.xhtml").unwrap().0;
        assert!(chapter.contains("xml:lang=\"en\" lang=\"en\""), "{chapter}");
        assert!(
            chapter.contains("<p>TWEEDE ÉCHT <i>DEEL</i>.<br/>SLOT.</p>"),
            "{chapter}"
        );
        assert!(
            archive
                .text("boek/toc.ncx")
                .unwrap()
                .0
                .contains("<text>Een schrijver</text>")
        );
        let package = archive.text("boek/p.opf").unwrap().0;
        assert!(
            package.contains("<dc:language>en</dc:language>")
                || package.contains("<dc:language>en-"),
            "{package}"
        );
    }

    #[test]
    fn protected_books_are_refused_and_hidden_fonts_do_no_harm() {
        let with = |algorithm: &str| {
            let text = format!(
                "<encryption><enc:EncryptionMethod Algorithm=\"{algorithm}\"/></encryption>"
            );
            read(
                &book(&[("META-INF/encryption.xml", &text)]),
                None,
                Some("epub"),
                &Lang::new("nl"),
            )
        };
        assert!(with("http://www.idpf.org/2008/embedding").is_ok());
        assert!(matches!(
            with("http://www.w3.org/2001/04/xmlenc#aes128-cbc"),
            Err(Error::Refused { .. })
        ));
        let empty = zipped(&[("mimetype", "application/epub+zip")]);
        assert!(matches!(
            read(&empty, Some("a.epub"), None, &Lang::new("nl")),
            Err(Error::Refused { .. })
        ));
    }
}
