//! ODT (OpenDocument 1.3): the text of the document, of its notes, headers and footers, and its
//! properties.

mod inline;
mod styles;
#[cfg(test)]
mod tests;
mod walk;
mod write;

use super::container::{Container, is_zip, refused, rewrite};
use super::contract::{ContainerFormat, Format, FoundPart, ReadOptions, Reading, RenderPlace};
use super::docx::walk::KeptText;
use super::docx::{office_tag, properties, xml_text};
use super::error::Error;
use super::xml_splice::XmlTokens;
use crate::bitext::{Block, Lang, Notation, OffsetMap, Text};
use styles::OdtStyles;

/// The beginning of the type of a text document.
const KIND: &str = "application/vnd.oasis.opendocument.text";

/// OpenDocument texts.
pub struct Odt;

impl Format for Odt {
    fn name(&self) -> &'static str {
        "odt"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["odt", "ott"]
    }

    fn find(&self, _source: &str, _lang: &Lang) -> Reading {
        Reading::default()
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        xml_text(block.notation, text, out)
    }

    fn render_at(
        &self,
        place: RenderPlace<'_>,
        block: &Block,
        text: &Text,
        out: &mut String,
    ) -> OffsetMap {
        if block.notation == Notation::Text
            && let Some(map) = write::paragraph(place, block, text, out)
        {
            return map;
        }
        self.render(block, text, out)
    }

    fn language(&self, target: &Lang, old: &str) -> String {
        office_tag(target, old)
    }

    fn container(&self) -> Option<&dyn ContainerFormat> {
        Some(self)
    }
}

impl ContainerFormat for Odt {
    fn is_own(&self, bytes: &[u8]) -> bool {
        is_zip(bytes)
            && Container::open(bytes).is_ok_and(|mut container| {
                let kind = container.bytes("mimetype");
                kind.is_ok_and(|kind| kind.starts_with(KIND.as_bytes()))
            })
    }

    fn open(&self, bytes: &[u8], lang: &Lang, _: &ReadOptions) -> Result<Vec<FoundPart>, Error> {
        let mut container = Container::open(bytes)?;
        if container.named("META-INF/documentsignatures.xml").is_some() {
            return Err(refused(
                "the file is signed: its edition would carry a signature that is false",
                "save a copy without the signature, then translate that copy",
            ));
        }
        if container.named("META-INF/manifest.xml").is_some() {
            let (manifest, _) = container.text("META-INF/manifest.xml")?;
            if manifest.contains("encryption-data") {
                return Err(refused(
                    "the file is protected with a password",
                    "save it without a password, then translate that file",
                ));
            }
        }
        let is_text = container
            .bytes("mimetype")
            .is_ok_and(|kind| kind.starts_with(KIND.as_bytes()));
        if !is_text || container.named("content.xml").is_none() {
            return Err(refused(
                "the file is not what its extension says: it is no OpenDocument text",
                "give it its own extension, or save it as ODT in LibreOffice",
            ));
        }
        let mut kept = KeptText::default();
        if container
            .names()
            .iter()
            .any(|name| name.starts_with("Basic/"))
        {
            kept.count("macro library", "Basic");
        }
        let mut styles = OdtStyles::default();
        let mut parts = Vec::new();
        for name in ["styles.xml", "content.xml", "meta.xml"] {
            if container.named(name).is_none() {
                continue;
            }
            let (source, encoding) = container.text(name)?;
            let xml = XmlTokens::read(&source, name)?;
            let reading = if name == "meta.xml" {
                properties(&xml, lang)
            } else {
                styles.add(&xml);
                walk::read(&xml, lang, &styles, &mut kept)
            };
            drop(xml);
            parts.push(FoundPart {
                name: name.to_owned(),
                source,
                encoding,
                reading,
            });
        }
        // The text comes before the headers.
        parts.sort_by_key(|part| part.name != "content.xml");
        if let Some(first) = parts.first_mut() {
            first.reading.notices.extend(kept.notices());
        }
        Ok(parts)
    }

    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
        rewrite(original, parts)
    }
}
