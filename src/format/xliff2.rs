//! XLIFF 2.1: the block is its `unit`, ours is its `segment`.
//!
//! Source: OASIS, XLIFF Version 2.1 (2018). Codes are `ph`, `sc` and `ec` with their markup in
//! `originalData`.

use super::pair_contract::{About, Pairs, confidence};
use super::xliff::notes;
use super::xml::{Element, escape, inline, read_inline};
use crate::bitext::{Code, CodeKind, Origin, Role, Span, State, Text, Unit};
use serde_json::Map;
use std::fmt::Write;
use std::io;

/// Writes units; those of one block stand in one `unit`.
pub(super) fn write(to: &mut dyn io::Write, units: &[Unit], about: &About) -> io::Result<()> {
    let mut out = String::new();
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"2.1\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" srcLang=\"{}\" trgLang=\"{}\">\n  <file id=\"f1\" original=\"{}\">\n",
        escape(&about.source_lang),
        escape(&about.target_lang),
        escape(&about.original)
    );
    for (index, unit) in units.iter().enumerate() {
        write_unit(unit, index, about, &mut out);
        to.write_all(out.as_bytes())?;
        out.clear();
    }
    out.push_str("  </file>\n</xliff>\n");
    to.write_all(out.as_bytes())
}

/// An id that XML accepts as NMTOKEN.
fn token(id: &str, index: usize) -> String {
    let fits = !id.is_empty()
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    if fits {
        id.to_owned()
    } else {
        format!("u{}", index + 1)
    }
}

fn write_unit(unit: &Unit, index: usize, about: &About, out: &mut String) {
    let id = token(&unit.id, index);
    let name = if id == unit.id {
        String::new()
    } else {
        format!(" name=\"{}\"", escape(&unit.id))
    };
    let _ = writeln!(out, "    <unit id=\"{id}\"{name}>");
    if !unit.matches.is_empty() {
        out.push_str("      <mtc:matches xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\">\n");
        for found in &unit.matches {
            let _ = writeln!(
                out,
                "        <mtc:match ref=\"#s1\" type=\"tm\" matchQuality=\"{}\"><source>{}</source><target>{}</target></mtc:match>",
                found.percent,
                escape(&found.source),
                escape(&found.target)
            );
        }
        out.push_str("      </mtc:matches>\n");
    }
    out.push_str("      <notes>\n");
    for (category, note) in notes(unit) {
        let _ = writeln!(
            out,
            "        <note category=\"{category}\">{}</note>",
            escape(&note)
        );
    }
    out.push_str("      </notes>\n");
    let mut codes: Vec<&Code> = unit.source.codes.iter().chain(&unit.target.codes).collect();
    codes.sort_by_key(|code| (code.id, code.kind));
    codes.dedup_by_key(|code| (code.id, code.kind));
    if !codes.is_empty() {
        out.push_str("      <originalData>\n");
        for code in codes {
            let _ = writeln!(
                out,
                "        <data id=\"{}\">{}</data>",
                data_id(code),
                escape(&code.data)
            );
        }
        out.push_str("      </originalData>\n");
    }
    let (state, sub) = match unit.state {
        State::Untranslated => ("initial", ""),
        State::Translated => ("translated", ""),
        State::NeedsReview => ("translated", " subState=\"overzet:needs-review\""),
        State::Approved => ("final", ""),
    };
    let _ = write!(
        out,
        "      <segment id=\"s1\" state=\"{state}\"{sub}>\n        <source xml:lang=\"{}\" xml:space=\"preserve\">",
        escape(&about.source_lang)
    );
    segment(&unit.source, out);
    out.push_str("</source>\n");
    if unit.state != State::Untranslated {
        let _ = write!(
            out,
            "        <target xml:lang=\"{}\" xml:space=\"preserve\">",
            escape(&about.target_lang)
        );
        segment(&unit.target, out);
        out.push_str("</target>\n");
    }
    out.push_str("      </segment>\n    </unit>\n");
}

/// The name of a code's markup.
fn data_id(code: &Code) -> String {
    let kind = match code.kind {
        CodeKind::Open => 'o',
        CodeKind::Close => 'c',
        CodeKind::Empty => 'e',
    };
    format!("d{}{kind}", code.id)
}

fn segment(text: &Text, out: &mut String) {
    inline(text, out, |code, paired, out| {
        let (id, data) = (code.id, data_id(code));
        let isolated = if paired { "" } else { " isolated=\"yes\"" };
        let _ = match (code.kind, paired) {
            (CodeKind::Empty, _) => write!(out, "<ph id=\"{id}\" dataRef=\"{data}\"/>"),
            (CodeKind::Open, _) => write!(out, "<sc id=\"{id}\" dataRef=\"{data}\"{isolated}/>"),
            (CodeKind::Close, true) => {
                write!(out, "<ec startRef=\"{id}\" dataRef=\"{data}\"/>")
            }
            (CodeKind::Close, false) => {
                write!(out, "<ec id=\"{id}\" dataRef=\"{data}\" isolated=\"yes\"/>")
            }
        };
    });
}

/// Reads the units of all files; each segment becomes one.
pub(super) fn from_root(root: &Element) -> Pairs {
    let mut pairs = Pairs::default();
    for element in root.descendants("unit") {
        let segments: Vec<&Element> = element.all("segment").collect();
        for (index, segment) in segments.iter().enumerate() {
            let unit = unit(element, segment, (segments.len() > 1).then_some(index));
            pairs.push(unit, 0, Map::new());
        }
    }
    pairs
}

fn unit(element: &Element, segment: &Element, index: Option<usize>) -> Unit {
    let text = |name: &str| {
        let mut text = Text::default();
        if let Some(side) = segment.first(name) {
            read_inline(side, &mut code, &mut text);
            let data = element.first("originalData");
            for code in &mut text.codes {
                let wanted = data_id(code);
                let stored = data.and_then(|data| {
                    data.all("data")
                        .find(|d| d.attribute("id") == Some(&wanted))
                });
                if let Some(stored) = stored {
                    code.data = stored.text();
                }
            }
        }
        text
    };
    let (source, target) = (text("source"), text("target"));
    let review = segment
        .attribute("subState")
        .is_some_and(|s| s.ends_with("needs-review"));
    let state = match segment.attribute("state").unwrap_or("initial") {
        _ if target.plain.is_empty() => State::Untranslated,
        "final" => State::Approved,
        _ if review => State::NeedsReview,
        _ => State::Translated,
    };
    let note = |category: &str| {
        element.first("notes").and_then(|notes| {
            notes
                .all("note")
                .find(|note| note.attribute("category") == Some(category))
                .map(Element::text)
        })
    };
    let own = element
        .attribute("name")
        .or_else(|| element.attribute("id"))
        .unwrap_or_default();
    Unit {
        id: index.map_or_else(|| own.to_owned(), |i| format!("{own}.s{}", i + 1)),
        role: note("role")
            .and_then(|role| Role::ALL.into_iter().find(|r| r.name() == role))
            .unwrap_or_default(),
        within: Span::new(0, source.plain.len()),
        source,
        target,
        state,
        origin: note("origin")
            .and_then(|origin| origin.parse::<Origin>().ok())
            .unwrap_or_default(),
        confidence: note("confidence").and_then(|text| confidence(&text)),
        ..Unit::default()
    }
}

fn code(element: &Element) -> Option<(u32, CodeKind)> {
    let number = |name: &str| element.attribute(name).and_then(|v| v.parse().ok());
    match element.name.as_str() {
        "ph" => Some((number("id").unwrap_or(0), CodeKind::Empty)),
        "sc" => Some((number("id").unwrap_or(0), CodeKind::Open)),
        "ec" => Some((
            number("startRef").or_else(|| number("id")).unwrap_or(0),
            CodeKind::Close,
        )),
        _ => None,
    }
}
