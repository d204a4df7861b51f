//! DOCX (WordprocessingML, ECMA-376): the text of the document, of its notes, headers and footers,
//! and its properties. Changed paragraphs are written anew as runs of their looks; every other byte
//! stays.

mod inline;
mod looks;
mod plan;
mod styles;
#[cfg(test)]
pub(super) mod tests;
pub(super) mod walk;
mod write;

use super::container::{Container, is_zip, refused, rewrite};
use super::contract::{
    ContainerFormat, Format, Found, FoundPart, ReadOptions, Reading, RenderPlace,
};
use super::error::Error;
use super::xml_splice::{XmlTokens, push_escaped};
use crate::bitext::{Block, Lang, Notation, OffsetMap, Role, Text};
pub(super) use looks::office_tag;
use std::collections::BTreeMap;
use styles::DocxStyles;
pub(super) use styles::{StyleRole, by_name as style_role};
use walk::{DocxPart, KeptText};

/// Word documents.
pub struct Docx;

impl Format for Docx {
    fn name(&self) -> &'static str {
        "docx"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["docx", "docm", "dotx", "dotm"]
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

/// Writes plain text in an attribute or between two tags.
pub(super) fn xml_text(notation: Notation, text: &Text, out: &mut String) -> OffsetMap {
    let base = out.len();
    let quote = match notation {
        Notation::DoubleQuoted => Some('"'),
        Notation::SingleQuoted => Some('\''),
        _ => None,
    };
    let mut map = OffsetMap::default();
    for (at, c) in text.plain.char_indices() {
        map.point(at, out.len() - base);
        push_escaped(c, quote, out);
    }
    map.finish(text.plain.len(), out.len() - base);
    map
}

impl ContainerFormat for Docx {
    fn is_own(&self, bytes: &[u8]) -> bool {
        is_zip(bytes)
            && Container::open(bytes).is_ok_and(|mut container| {
                let text = container.text("[Content_Types].xml");
                text.is_ok_and(|(text, _)| text.contains("wordprocessingml"))
            })
    }

    fn open(&self, bytes: &[u8], lang: &Lang, _: &ReadOptions) -> Result<Vec<FoundPart>, Error> {
        let mut container = Container::open(bytes)?;
        if container
            .names()
            .iter()
            .any(|name| name.starts_with("_xmlsignatures/"))
        {
            return Err(refused(
                "the file is signed: its edition would carry a signature that is false",
                "save a copy without the signature, then translate that copy",
            ));
        }
        let root = relations(&mut container, "")?;
        let main = root
            .iter()
            .find(|relation| relation.is("officeDocument"))
            .ok_or_else(not_word)?;
        let main = container
            .named(&main.target)
            .ok_or_else(not_word)?
            .to_owned();
        let mut kept = KeptText::default();
        if container
            .names()
            .iter()
            .any(|name| name.ends_with("vbaProject.bin"))
        {
            kept.count("macro project", "vbaProject.bin");
        }
        let own = relations(&mut container, &main)?;
        let mut reader = DocxReader {
            container,
            lang,
            styles: DocxStyles::default(),
            kept,
            parts: Vec::new(),
        };
        for relation in own.iter().filter(|relation| relation.is("styles")) {
            reader.styles(&relation.target)?;
        }
        let targets = own
            .iter()
            .map(|relation| (relation.id.clone(), relation.target.clone()))
            .collect();
        reader.text(&main, DocxPart::Body, &targets)?;
        if !reader
            .parts
            .iter()
            .any(|part| part.source.contains("<w:document"))
        {
            return Err(not_word());
        }
        for (kind, part) in [
            ("footnotes", DocxPart::Notes),
            ("endnotes", DocxPart::Notes),
            ("header", DocxPart::Furniture),
            ("footer", DocxPart::Furniture),
        ] {
            for relation in own.iter().filter(|relation| relation.is(kind)) {
                reader.text(&relation.target, part, &BTreeMap::new())?;
            }
        }
        for relation in own
            .iter()
            .filter(|relation| relation.is("settings") || relation.is("numbering"))
        {
            reader.languages(&relation.target)?;
        }
        for relation in own.iter().filter(|relation| relation.is("comments")) {
            reader.comments(&relation.target)?;
        }
        for relation in root
            .iter()
            .filter(|relation| relation.is("core-properties"))
        {
            reader.properties(&relation.target)?;
        }
        Ok(reader.finish())
    }

    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
        rewrite(original, parts)
    }
}

fn not_word() -> Error {
    refused(
        "the file is not what its extension says: it is no Word document",
        "give it its own extension, or save it as DOCX in Word or LibreOffice",
    )
}

/// A relationship of a part with another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl Relation {
    /// Whether it is of this kind, in the transitional or the strict form.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// The relationships of a part inside the container, with whole names of the parts; those of the
/// container itself for an empty name.
fn relations(container: &mut Container<'_>, part: &str) -> Result<Vec<Relation>, Error> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let path = format!("{folder}/_rels/{name}.rels");
    let Some(path) = container
        .named(path.trim_start_matches('/'))
        .map(str::to_owned)
    else {
        return Ok(Vec::new());
    };
    let (source, _) = container.text(&path)?;
    let xml = XmlTokens::read(&source, &path)?;
    let mut relations = Vec::new();
    for at in (0..xml.len()).filter(|&at| xml.name(at) == "Relationship") {
        let value = |name| xml.value(at, name).unwrap_or_default();
        if value("TargetMode") == "External" {
            continue;
        }
        relations.push(Relation {
            id: value("Id"),
            kind: value("Type"),
            target: resolve(folder, &value("Target")),
        });
    }
    Ok(relations)
}

/// A name inside the container from a reference in a folder of it.
pub(super) fn resolve(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        steps.extend(folder.split('/').filter(|step| !step.is_empty()));
    }
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

struct DocxReader<'b, 'l> {
    container: Container<'b>,
    lang: &'l Lang,
    styles: DocxStyles,
    kept: KeptText,
    parts: Vec<FoundPart>,
}

impl DocxReader<'_, '_> {
    /// Reads a part, unless it is not there.
    fn part(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self, &XmlTokens<'_>) -> Reading,
    ) -> Result<(), Error> {
        let Some(name) = self.container.named(name).map(str::to_owned) else {
            return Ok(());
        };
        if self.parts.iter().any(|part| part.name == name) {
            return Ok(());
        }
        let (source, encoding) = self.container.text(&name)?;
        let xml = XmlTokens::read(&source, &name)?;
        let reading = read(self, &xml);
        drop(xml);
        self.parts.push(FoundPart {
            name,
            source,
            encoding,
            reading,
        });
        Ok(())
    }

    fn text(
        &mut self,
        name: &str,
        part: DocxPart,
        targets: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        self.part(name, |reader, xml| {
            walk::read(
                xml,
                reader.lang,
                part,
                &reader.styles,
                targets,
                &mut reader.kept,
            )
        })
    }

    fn styles(&mut self, name: &str) -> Result<(), Error> {
        self.part(name, |reader, xml| {
            reader.styles = DocxStyles::read(xml);
            Reading {
                languages: walk::languages(xml, reader.lang),
                ..Reading::default()
            }
        })
    }

    fn languages(&mut self, name: &str) -> Result<(), Error> {
        self.part(name, |reader, xml| Reading {
            languages: walk::languages(xml, reader.lang),
            ..Reading::default()
        })
    }

    /// Comments are talk about the Dutch text: they stay.
    fn comments(&mut self, name: &str) -> Result<(), Error> {
        let Some(name) = self.container.named(name).map(str::to_owned) else {
            return Ok(());
        };
        let (source, _) = self.container.text(&name)?;
        let xml = XmlTokens::read(&source, &name)?;
        for at in (0..xml.len()).filter(|&at| xml.name(at) == "w:comment") {
            self.kept.count("comments", &xml.text(at));
        }
        Ok(())
    }

    fn properties(&mut self, name: &str) -> Result<(), Error> {
        self.part(name, |reader, xml| properties(xml, reader.lang))
    }

    fn finish(mut self) -> Vec<FoundPart> {
        if let Some(first) = self
            .parts
            .iter_mut()
            .find(|part| !part.reading.found.is_empty())
        {
            first.reading.notices.extend(self.kept.notices());
        } else if let Some(first) = self.parts.first_mut() {
            first.reading.notices.extend(self.kept.notices());
        }
        self.parts
    }
}

/// What the properties of a document (Dublin Core) say about it.
pub(super) fn properties(xml: &XmlTokens<'_>, lang: &Lang) -> Reading {
    let mut reading = Reading::default();
    for at in 0..xml.len() {
        match xml.name(at) {
            "dc:title" | "dc:subject" | "dc:description" | "cp:keywords" | "meta:keyword" => {
                reading
                    .found
                    .extend(walk::element_text(xml, at, Role::Meta));
            }
            "dc:language" if lang.is_base_of(&xml.text(at)) => {
                reading.languages.push(xml.inner(at));
            }
            _ => {}
        }
    }
    // The title comes first, wherever a program puts it.
    let is_title = |found: &Found| !xml.source()[..found.span.start].ends_with("<dc:title>");
    reading.found.sort_by_key(is_title);
    reading
}
