//! Translation Memory eXchange 1.4b: what every CAT tool reads.
//!
//! Inline codes are `bpt`/`ept` where both halves stand in the segment, `it` where one does, `ph`
//! where there is only one. Source: LISA OSCAR, TMX 1.4b Specification (2005).

use super::error::Error;
use super::pair_contract::{About, PairFormat, Pairs, confidence};
use super::xml::{self, Element, escape, inline, read_inline};
use crate::bitext::{CodeKind, Link, Place, Span, State, Text, Unit};
use serde_json::{Map, Value};
use std::fmt::Write;
use std::io;

/// TMX 1.4b.
pub struct Tmx;

impl PairFormat for Tmx {
    fn name(&self) -> &'static str {
        "tmx"
    }

    fn read(&self, bytes: &[u8], name: &str) -> Result<Pairs, Error> {
        let root = xml::read(bytes, name)?;
        let broken = |what: &str| Error::Broken {
            what: what.to_owned(),
            place: Box::new(Place {
                file: name.to_owned(),
                line: 1,
                column: 1,
                width: 1,
                text: String::new(),
            }),
        };
        if root.name != "tmx" {
            return Err(broken(&format!(
                "this is no TMX: its root is `{}`",
                root.name
            )));
        }
        let body = root
            .first("body")
            .ok_or_else(|| broken("this TMX has no body"))?;
        let language = root
            .first("header")
            .and_then(|h| h.attribute("srclang"))
            .unwrap_or("nl")
            .to_ascii_lowercase();
        let mut pairs = Pairs::default();
        for (index, tu) in body.all("tu").enumerate() {
            pairs.push(unit(tu, &language, index), 0, Map::new());
        }
        Ok(pairs)
    }

    fn write(
        &self,
        to: &mut dyn io::Write,
        units: &[Unit],
        _: &[Map<String, Value>],
        about: &About,
    ) -> io::Result<()> {
        let (source, target) = (escape(&about.source_lang), escape(&about.target_lang));
        let mut out = String::new();
        let _ = write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n  <header creationtool=\"overzet\" creationtoolversion=\"{}\" segtype=\"sentence\" o-tmf=\"overzet\" adminlang=\"en\" srclang=\"{source}\" datatype=\"plaintext\"/>\n  <body>\n",
            env!("CARGO_PKG_VERSION")
        );
        // A memory holds what was translated; what has no target is no pair.
        for unit in units.iter().filter(|u| !u.target.plain.is_empty()) {
            let _ = write!(out, "    <tu tuid=\"{}\"", escape(&unit.id));
            if let Some(created) = &about.created {
                let _ = write!(out, " creationdate=\"{}\"", escape(created));
            }
            out.push_str(">\n");
            for finding in &unit.findings {
                let _ = writeln!(
                    out,
                    "      <note>{} {}: {}</note>",
                    finding.severity.name(),
                    escape(&finding.check),
                    escape(&finding.message)
                );
            }
            let links = Link::pharaoh(&unit.links);
            let props = [
                ("x-state", Some(unit.state.name().to_owned())),
                ("x-origin", Some(unit.origin.to_string())),
                ("x-role", Some(unit.role.name().to_owned())),
                ("x-confidence", unit.confidence.map(|c| c.to_string())),
                ("x-links", (!links.is_empty()).then_some(links)),
            ];
            for (name, value) in props.into_iter().filter_map(|(n, v)| Some((n, v?))) {
                let _ = writeln!(out, "      <prop type=\"{name}\">{}</prop>", escape(&value));
            }
            for (lang, text) in [(&source, &unit.source), (&target, &unit.target)] {
                let _ = write!(out, "      <tuv xml:lang=\"{lang}\"><seg>");
                segment(text, &mut out);
                out.push_str("</seg></tuv>\n");
            }
            out.push_str("    </tu>\n");
            to.write_all(out.as_bytes())?;
            out.clear();
        }
        out.push_str("  </body>\n</tmx>\n");
        to.write_all(out.as_bytes())
    }
}

fn segment(text: &Text, out: &mut String) {
    inline(text, out, |code, paired, out| {
        let (id, data) = (code.id, escape(&code.data));
        let label = escape(&code.label);
        let _ = match (code.kind, paired) {
            (CodeKind::Empty, _) => {
                write!(out, "<ph x=\"{id}\" type=\"{label}\">{data}</ph>")
            }
            (CodeKind::Open, true) => {
                write!(
                    out,
                    "<bpt i=\"{id}\" x=\"{id}\" type=\"{label}\">{data}</bpt>"
                )
            }
            (CodeKind::Close, true) => write!(out, "<ept i=\"{id}\">{data}</ept>"),
            (CodeKind::Open, false) => {
                write!(
                    out,
                    "<it pos=\"begin\" x=\"{id}\" type=\"{label}\">{data}</it>"
                )
            }
            (CodeKind::Close, false) => {
                write!(
                    out,
                    "<it pos=\"end\" x=\"{id}\" type=\"{label}\">{data}</it>"
                )
            }
        };
    });
}

/// Reads a unit; the first other language is the target.
fn unit(tu: &Element, language: &str, index: usize) -> Unit {
    let lang = |tuv: &Element| {
        tuv.attribute("xml:lang")
            .or_else(|| tuv.attribute("lang"))
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let same = |tuv: &Element| {
        let own = lang(tuv);
        own == language || own.split('-').next() == language.split('-').next()
    };
    let text = |tuv: Option<&Element>| {
        let mut text = Text::default();
        if let Some(seg) = tuv.and_then(|tuv| tuv.first("seg")) {
            let mut next = 0;
            read_inline(seg, &mut |element| code(element, &mut next), &mut text);
        }
        text
    };
    let tuvs: Vec<&Element> = tu.all("tuv").collect();
    let source = tuvs
        .iter()
        .copied()
        .find(|tuv| same(tuv))
        .or(tuvs.first().copied());
    let target = tuvs
        .iter()
        .copied()
        .find(|tuv| source.is_some_and(|source| !std::ptr::eq(*tuv, source)) && !same(tuv));
    let (source, target) = (text(source), text(target));
    let prop = |name: &str| {
        tu.all("prop")
            .find(|prop| prop.attribute("type") == Some(name))
            .map(Element::text)
    };
    let state = prop("x-state")
        .and_then(|state| serde_json::from_value(Value::String(state)).ok())
        .unwrap_or(if target.plain.is_empty() {
            State::Untranslated
        } else {
            State::Translated
        });
    Unit {
        id: tu
            .attribute("tuid")
            .map_or_else(|| format!("u{}", index + 1), str::to_owned),
        within: Span::new(0, source.plain.len()),
        source,
        target,
        state,
        origin: prop("x-origin")
            .and_then(|origin| origin.parse().ok())
            .unwrap_or_default(),
        confidence: prop("x-confidence").and_then(|text| confidence(&text)),
        links: prop("x-links")
            .and_then(|links| Link::from_pharaoh(&links))
            .unwrap_or_default()
            .into(),
        ..Unit::default()
    }
}

fn code(element: &Element, next: &mut u32) -> Option<(u32, CodeKind)> {
    let number = |name: &str| element.attribute(name).and_then(|v| v.parse().ok());
    *next += 1;
    let own = *next;
    match element.name.as_str() {
        "bpt" => Some((
            number("x").or_else(|| number("i")).unwrap_or(own),
            CodeKind::Open,
        )),
        "ept" => Some((number("i").unwrap_or(own), CodeKind::Close)),
        "ph" => Some((number("x").unwrap_or(own), CodeKind::Empty)),
        "it" => {
            let kind = if element.attribute("pos") == Some("end") {
                CodeKind::Close
            } else {
                CodeKind::Open
            };
            Some((number("x").unwrap_or(own), kind))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Code;

    #[test]
    fn a_unit_with_codes_comes_back() {
        let code = |at, id, kind, data: &str| Code {
            at,
            id,
            kind,
            data: data.into(),
            label: "b".into(),
        };
        let text = |plain: &str| Text {
            plain: plain.into(),
            codes: thin_vec::thin_vec![
                code(0, 1, CodeKind::Open, "<b>"),
                code(2, 1, CodeKind::Close, "</b>"),
                code(3, 2, CodeKind::Empty, "<br>"),
            ],
        };
        let unit = Unit {
            id: "b1.s1".into(),
            source: text("Ja & nee"),
            target: text("Yes <no>"),
            state: State::Translated,
            within: Span::new(0, 8),
            ..Unit::default()
        };
        let about = About {
            source_lang: "nl".into(),
            target_lang: "en".into(),
            ..About::default()
        };
        let bytes =
            crate::format::write_pairs("tmx", std::slice::from_ref(&unit), &[], &about).unwrap();
        let back = Tmx.read(&bytes, "m.tmx").unwrap();
        assert_eq!(back.units[0].source.plain, unit.source.plain);
        assert_eq!(back.units[0].target.code_set(), unit.target.code_set());
        assert_eq!(back.units[0].target.codes[2].data, "<br>");
    }

    #[test]
    fn hostile_xml_is_an_error() {
        for text in [
            "",
            "<tmx>",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><tmx><body><tu>&a;</tu></body></tmx>",
            "<xliff/>",
        ] {
            assert!(Tmx.read(text.as_bytes(), "m.tmx").is_err(), "{text}");
        }
        let deep = "<a>".repeat(10_000);
        assert!(Tmx.read(deep.as_bytes(), "m.tmx").is_err());
    }
}
