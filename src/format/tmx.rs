//! Translation Memory eXchange 1.4b: what every CAT tool reads.
//!
//! Inline codes are `bpt`/`ept` where both halves stand in the segment, `it` where one does, `ph`
//! where there is only one. Source: LISA OSCAR, TMX 1.4b Specification (2005).

use super::error::Error;
use super::inline::{InlineDialect, RawSegment, inline, unify};
use super::pair_contract::{About, LeftOut, PairFormat, PairRow, confidence};
use super::splice::{self, RewriteQueue, Splices};
use super::xml::{self, Element, escape};
use crate::bitext::{
    Code, CodeKind, Lang, LangPair, Link, Notice, Origin, Place, Span, State, Text, Unit,
};
use serde_json::{Map, Value};
use std::fmt::Write;
use std::io;

/// TMX 1.4b.
pub struct Tmx;

impl PairFormat for Tmx {
    fn name(&self) -> &'static str {
        "tmx"
    }

    fn read_each(
        &self,
        input: &mut dyn io::Read,
        name: &str,
        pair: &LangPair,
        visit: &mut dyn FnMut(PairRow),
    ) -> Result<Vec<Notice>, Error> {
        let mut left = LeftOut::default();
        let mut index = 0;
        let root = xml::visit(input, name, |element| element == "tu", &mut |_, tu| {
            index += 1;
            match TmxPair::of(&tu, pair) {
                Some(found) => visit(found.unit(&tu, index).into()),
                None => {
                    let own: Vec<&str> = tu.all("tuv").map(language).collect();
                    left.other_languages(&own);
                }
            }
        })?;
        if root.name != "tmx" {
            return Err(Error::Broken {
                what: format!("not a TMX file: its root is `{}`", root.name),
                place: Box::new(Place {
                    file: name.to_owned(),
                    line: 1,
                    column: 1,
                    width: 1,
                    text: String::new(),
                }),
            });
        }
        Ok(left.notices(pair))
    }

    fn rewrite(
        &self,
        original: &str,
        name: &str,
        pair: &LangPair,
        units: &[Unit],
    ) -> Result<Option<String>, Error> {
        let mut splices = Splices::default();
        let mut queue = RewriteQueue::new(units);
        let mut index = 0;
        xml::visit_text(original, name, |element| element == "tu", &mut |_, tu| {
            index += 1;
            if let Some(found) = TmxPair::of(&tu, pair) {
                let old = found.unit(&tu, index);
                if let Some(new) = queue.next(&old) {
                    found.rewrite(original, &tu, &old, new, &mut splices);
                }
            }
        })?;
        Ok(queue.fits().then(|| splices.apply(original)))
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
        for (index, unit) in units.iter().enumerate() {
            // A moved sentence is written where its source stands.
            let moved = unit.moved.as_deref();
            let mate = moved.and_then(|id| units.iter().find(|other| other.id == id));
            let mate = mate.filter(|_| unit.target.plain.is_empty());
            let there = mate.map_or(&unit.target, |mate| &mate.target);
            if there.plain.is_empty() || (moved.is_some() && unit.source.plain.is_empty()) {
                continue;
            }
            let mut own = unit.source.clone();
            for other in joined_to(unit, &units[index + 1..]) {
                own.push(&Text::from(" "));
                own.push(&other.source);
            }
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
                ("x-base", Some(unit.text_digest())),
                ("x-moved", unit.moved.as_ref().map(ToString::to_string)),
                (
                    "x-joined",
                    (!unit.joined.is_empty()).then(|| unit.joined.join(" ")),
                ),
                ("x-links", (!links.is_empty()).then_some(links)),
            ];
            for (name, value) in props.into_iter().filter_map(|(n, v)| Some((n, v?))) {
                let _ = writeln!(out, "      <prop type=\"{name}\">{}</prop>", escape(&value));
            }
            let whole = there.whole_pairs(&own);
            for (lang, text) in [(&source, &own), (&target, whole.as_ref())] {
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

/// The units whose text stands in the target of this one; `after` are those that follow it.
fn joined_to<'u>(unit: &'u Unit, after: &'u [Unit]) -> impl Iterator<Item = &'u Unit> {
    let is_joined = |other: &&Unit| other.joined_to.as_deref() == Some(unit.id.as_str());
    after.iter().take_while(is_joined)
}

fn segment(text: &Text, out: &mut String) {
    inline(text, out, write_code);
}

fn write_code(code: &Code, is_paired: bool, out: &mut String) {
    let (id, data) = (code.id, escape(&code.data));
    let label = match code.label.as_str() {
        "" => String::new(),
        "br" => " type=\"lb\"".to_owned(),
        label => format!(" type=\"{}\"", escape(label)),
    };
    let _ = match (code.kind, is_paired) {
        (CodeKind::Empty, _) => write!(out, "<ph x=\"{id}\"{label}>{data}</ph>"),
        (CodeKind::Open, true) => {
            write!(out, "<bpt i=\"{id}\" x=\"{id}\"{label}>{data}</bpt>")
        }
        (CodeKind::Close, true) => write!(out, "<ept i=\"{id}\">{data}</ept>"),
        (CodeKind::Open, false) => {
            write!(out, "<it pos=\"begin\" x=\"{id}\"{label}>{data}</it>")
        }
        (CodeKind::Close, false) => {
            write!(out, "<it pos=\"end\" x=\"{id}\"{label}>{data}</it>")
        }
    };
}

/// The language of a variant; older versions of TMX call the attribute `lang`.
fn language(tuv: &Element) -> &str {
    tuv.attribute("xml:lang")
        .or_else(|| tuv.attribute("lang"))
        .unwrap_or_default()
}

/// The variants of a unit in the two languages.
struct TmxPair<'t> {
    source: &'t Element,
    target: &'t Element,
}

impl<'t> TmxPair<'t> {
    /// The pair of a unit, whichever of its languages the header calls the source.
    fn of(tu: &'t Element, pair: &LangPair) -> Option<Self> {
        let best = |wanted: &Lang| {
            tu.all("tuv")
                .filter_map(|tuv| Some((wanted.likeness(language(tuv))?, tuv)))
                .reduce(|best, other| if other.0 > best.0 { other } else { best })
                .map(|(_, tuv)| tuv)
        };
        Some(Self {
            source: best(&pair.source)?,
            target: best(&pair.target)?,
        })
    }

    fn unit(&self, tu: &Element, index: usize) -> Unit {
        let raw = |tuv: &Element| {
            tuv.first("seg").map_or_else(RawSegment::default, |seg| {
                RawSegment::read(seg, InlineDialect::Tmx, &|_| None)
            })
        };
        let (source, target) = unify(raw(self.source), raw(self.target));
        let prop = |name: &str| {
            tu.all("prop")
                .find(|prop| prop.attribute("type") == Some(name))
                .map(Element::text)
        };
        let state = prop("x-state")
            .and_then(|state| serde_json::from_value(Value::String(state)).ok())
            .unwrap_or(if target.plain.trim().is_empty() {
                State::Untranslated
            } else {
                State::Translated
            });
        let origin = prop("x-origin").and_then(|origin| origin.parse().ok());
        Unit {
            id: tu
                .attribute("tuid")
                .map_or_else(|| format!("u{index}"), str::to_owned),
            within: Span::new(0, source.plain.len()),
            source,
            target,
            state,
            origin: origin.unwrap_or_else(|| self.origin(tu)),
            confidence: prop("x-confidence").and_then(|text| confidence(&text)),
            base: prop("x-base").map(Into::into),
            moved: prop("x-moved").map(Into::into),
            joined: prop("x-joined")
                .iter()
                .flat_map(|ids| ids.split_whitespace())
                .map(str::to_owned)
                .collect(),
            links: prop("x-links")
                .and_then(|links| Link::from_pharaoh(&links))
                .unwrap_or_default()
                .into(),
            ..Unit::default()
        }
    }

    /// Memories of the web name a machine as the author: `MT!`.
    fn origin(&self, tu: &Element) -> Origin {
        let author = [self.target, tu].into_iter().find_map(|element| {
            element
                .attribute("changeid")
                .or_else(|| element.attribute("creationid"))
        });
        match author {
            Some("MT" | "MT!") => Origin::Engine("mt".into()),
            _ => Origin::None,
        }
    }

    /// Writes what became of the unit over what it was.
    fn rewrite(&self, text: &str, tu: &Element, old: &Unit, new: &Unit, splices: &mut Splices) {
        let prop = |name: &str| {
            tu.all("prop")
                .find(|prop| prop.attribute("type") == Some(name))
        };
        if old.state != new.state
            && let Some(prop) = prop("x-state")
        {
            splices.replace(prop.inner, new.state.name().to_owned());
        }
        if let Some(prop) = prop("x-base")
            && old.base.as_deref() != Some(&new.text_digest())
        {
            splices.replace(prop.inner, new.text_digest());
        }
        let (Some(seg), Some(from)) = (self.target.first("seg"), self.source.first("seg")) else {
            return;
        };
        if old.target == new.target {
            return;
        }
        let target = new.target.whole_pairs(&new.source);
        let source = (from.inner.of(text), &old.source);
        let raw = seg.inner.of(text);
        let written = splice::segment(
            raw,
            &old.target,
            &target,
            source,
            InlineDialect::Tmx,
            write_code,
        );
        let written = written.unwrap_or_else(|| {
            let mut out = String::new();
            segment(&target, &mut out);
            out
        });
        if seg.is_empty_tag {
            let span = Span::new(seg.offset, seg.end);
            splices.replace(span, format!("<seg>{written}</seg>"));
        } else {
            splices.replace(seg.inner, written);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Pairs, read_pairs};

    fn read(bytes: &[u8]) -> Result<Pairs, Error> {
        read_pairs(bytes, "m.tmx", None, &LangPair::default())
    }

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
        let back = read(&bytes).unwrap();
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
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        let deep = "<a>".repeat(10_000);
        assert!(read(deep.as_bytes()).is_err());
    }
}
