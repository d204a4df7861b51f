//! The looks of runs: which differences readers see, and how a look is written in the edition.

use super::super::xml_splice::XmlTokens;
use crate::bitext::Lang;

/// Properties of a run that say nothing about how Latin text looks.
const QUIET: &[&str] = &[
    "w:lang",
    "w:noProof",
    "w:bCs",
    "w:iCs",
    "w:szCs",
    "w:rPrChange",
    "w:ins",
    "w:del",
    "w:moveFrom",
    "w:moveTo",
    "w:webHidden",
];

/// The looks of a paragraph.
#[derive(Debug, Default)]
pub(super) struct DocxLooks {
    looks: Vec<DocxLook>,
}

/// A look: what tells it from others, and its bytes.
#[derive(Debug)]
struct DocxLook {
    key: String,
    raw: String,
    label: &'static str,
}

impl DocxLooks {
    /// The number of the look of a run with these properties.
    pub(super) fn add(&mut self, xml: &XmlTokens<'_>, properties: Option<usize>) -> usize {
        let mut parts: Vec<&str> = Vec::new();
        let mut raw = String::new();
        let mut label = "style";
        if let Some(properties) = properties {
            for child in xml.children(properties).filter(|&at| xml.is_element(at)) {
                let bytes = xml.whole(child).of(xml.source());
                let name = xml.name(child);
                if !QUIET.contains(&name) {
                    parts.push(bytes);
                    label = match name {
                        "w:b" => "b",
                        "w:i" => "i",
                        "w:u" => "u",
                        _ => label,
                    };
                }
                // The paragraph is written as if changes were accepted.
                if !matches!(
                    name,
                    "w:rPrChange" | "w:ins" | "w:del" | "w:moveFrom" | "w:moveTo"
                ) {
                    raw.push_str(bytes);
                }
            }
        }
        parts.sort_unstable();
        let key = parts.concat();
        if let Some(known) = self.looks.iter().position(|look| look.key == key) {
            return known;
        }
        if !raw.is_empty() {
            raw = format!("<w:rPr>{raw}</w:rPr>");
        }
        self.looks.push(DocxLook { key, raw, label });
        self.looks.len() - 1
    }

    /// The properties of a look as a run has them.
    pub(super) fn raw(&self, look: usize) -> &str {
        self.looks.get(look).map_or("", |look| &look.raw)
    }

    /// What a person calls it.
    pub(super) fn label(&self, look: usize) -> &'static str {
        self.looks.get(look).map_or("style", |look| look.label)
    }
}

/// Whether a property is there and not switched off.
pub(super) fn is_on(xml: &XmlTokens<'_>, properties: usize, name: &str) -> bool {
    xml.child(properties, name).is_some_and(|at| {
        !matches!(
            xml.value(at, "w:val").as_deref(),
            Some("0" | "false" | "off")
        )
    })
}

/// The name of a language as an office program writes it: with a country, for without one its
/// dictionary is not found. `old` is what stands there; two capitals are a country alone.
pub(crate) fn office_tag(target: &Lang, old: &str) -> String {
    let (base, country) = match target.tag().split_once(['-', '_']) {
        Some((base, country)) => (base.to_lowercase(), country.to_uppercase()),
        None if target.base() == "en" => ("en".to_owned(), "US".to_owned()),
        None => return target.written_like(old),
    };
    if old.len() == 2 && old.chars().all(|c| c.is_ascii_uppercase()) {
        country
    } else if old.contains(['-', '_']) {
        format!("{base}-{country}")
    } else {
        base
    }
}

/// Properties of a run with the language of the edition in the place of that of the file.
pub(super) fn in_language(raw: &str, lang: &Lang, target: Option<&Lang>) -> String {
    let Some(target) = target else {
        return raw.to_owned();
    };
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find("<w:lang ") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        out.push_str(&rest[..at]);
        match super::super::splice::attribute_value(tag, "w:val") {
            Some(value) if lang.is_base_of(value.of(tag)) => {
                out.push_str(&tag[..value.start]);
                out.push_str(&office_tag(target, value.of(tag)));
                out.push_str(&tag[value.end..]);
            }
            _ => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
