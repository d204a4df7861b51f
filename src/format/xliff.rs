//! XLIFF 1.2: the common denominator of Trados, memoQ, OmegaT, Weblate and Phrase.
//!
//! Source: OASIS, XLIFF Version 1.2 (2008). Terms and findings stand as notes; codes as
//! `bpt`/`ept`/`it`/`ph`.

use super::error::Error;
use super::pair_contract::{About, PairFormat, Pairs, confidence};
use super::xml::{self, Element, escape, inline, read_inline};
use crate::bitext::{CodeKind, Origin, Place, Role, Span, State, Text, Unit, Verdict};
use serde_json::{Map, Value};
use std::fmt::Write;
use std::io;

/// XLIFF, 1.2 unless told otherwise.
pub struct Xliff;

impl PairFormat for Xliff {
    fn name(&self) -> &'static str {
        "xlf"
    }

    fn read(&self, bytes: &[u8], name: &str) -> Result<Pairs, Error> {
        from_root(&xml::read(bytes, name)?, name)
    }

    fn write(
        &self,
        to: &mut dyn io::Write,
        units: &[Unit],
        _: &[Map<String, Value>],
        about: &About,
    ) -> io::Result<()> {
        let mut out = String::new();
        let _ = write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n  <file original=\"{}\" source-language=\"{}\" target-language=\"{}\" datatype=\"plaintext\">\n    <header>\n      <tool tool-id=\"overzet\" tool-name=\"overzet\" tool-version=\"{}\"/>\n    </header>\n    <body>\n",
            escape(&about.original),
            escape(&about.source_lang),
            escape(&about.target_lang),
            env!("CARGO_PKG_VERSION")
        );
        for unit in units {
            write_unit(unit, &mut out);
            to.write_all(out.as_bytes())?;
            out.clear();
        }
        out.push_str("    </body>\n  </file>\n</xliff>\n");
        to.write_all(out.as_bytes())
    }
}

/// The state of the target in XLIFF 1.2's words.
fn state(unit: &Unit) -> &'static str {
    match unit.state {
        State::Translated => "translated",
        State::NeedsReview => "needs-review-translation",
        State::Untranslated => "needs-translation",
        State::Approved => "final",
    }
}

/// What the notes of a unit say: its role, its origin, how sure its alignment is, its terms and its
/// findings. Translators see them, so links are left out.
pub(super) fn notes(unit: &Unit) -> Vec<(&'static str, String)> {
    let mut notes = vec![
        ("role", unit.role.name().to_owned()),
        ("origin", unit.origin.to_string()),
    ];
    if let Some(confidence) = unit.confidence {
        notes.push(("confidence", confidence.to_string()));
    }
    for hit in &unit.hits {
        let verdict = hit.verdict.map_or("not judged", Verdict::name);
        let repair = hit
            .repair
            .as_ref()
            .map_or_else(String::new, |rule| format!(", repaired by {rule}"));
        notes.push((
            "term",
            format!("{} → {}: {verdict}{repair}", hit.term, hit.required),
        ));
    }
    for finding in &unit.findings {
        notes.push((
            "finding",
            format!(
                "{} {}: {}",
                finding.severity.name(),
                finding.check,
                finding.message
            ),
        ));
    }
    notes
}

fn write_unit(unit: &Unit, out: &mut String) {
    let approved = if unit.state == State::Approved {
        " approved=\"yes\""
    } else {
        ""
    };
    let _ = write!(
        out,
        "      <trans-unit id=\"{}\"{approved}>\n        <source>",
        escape(&unit.id)
    );
    segment(&unit.source, out);
    let _ = write!(out, "</source>\n        <target state=\"{}\">", state(unit));
    segment(&unit.target, out);
    out.push_str("</target>\n");
    for found in &unit.matches {
        let _ = writeln!(
            out,
            "        <alt-trans match-quality=\"{}%\" origin=\"memory\"><source>{}</source><target>{}</target></alt-trans>",
            found.percent,
            escape(&found.source),
            escape(&found.target)
        );
    }
    for (from, note) in notes(unit) {
        let _ = writeln!(
            out,
            "        <note from=\"{from}\">{}</note>",
            escape(&note)
        );
    }
    out.push_str("      </trans-unit>\n");
}

fn segment(text: &Text, out: &mut String) {
    inline(text, out, |code, paired, out| {
        let (id, data) = (code.id, escape(&code.data));
        let kind = format!("x-{}", escape(&code.label));
        let _ = match (code.kind, paired) {
            (CodeKind::Empty, _) => {
                write!(out, "<ph id=\"{id}\" ctype=\"{kind}\">{data}</ph>")
            }
            (CodeKind::Open, true) => {
                write!(
                    out,
                    "<bpt id=\"{id}\" rid=\"{id}\" ctype=\"{kind}\">{data}</bpt>"
                )
            }
            (CodeKind::Close, true) => write!(out, "<ept id=\"{id}\" rid=\"{id}\">{data}</ept>"),
            (CodeKind::Open, false) => {
                write!(
                    out,
                    "<it id=\"{id}\" pos=\"open\" ctype=\"{kind}\">{data}</it>"
                )
            }
            (CodeKind::Close, false) => {
                write!(
                    out,
                    "<it id=\"{id}\" pos=\"close\" ctype=\"{kind}\">{data}</it>"
                )
            }
        };
    });
}

/// Reads the units of all files of an XLIFF 1.x document.
pub(super) fn from_root(root: &Element, name: &str) -> Result<Pairs, Error> {
    if root.name != "xliff" {
        return Err(Error::Broken {
            what: format!("this is no XLIFF: its root is `{}`", root.name),
            place: Box::new(Place {
                file: name.to_owned(),
                line: 1,
                column: 1,
                width: 1,
                text: String::new(),
            }),
        });
    }
    let mut pairs = Pairs::default();
    for element in root.descendants("trans-unit") {
        let text = |name: &str| {
            let mut text = Text::default();
            if let Some(element) = element.first(name) {
                read_inline(element, &mut code, &mut text);
            }
            text
        };
        let (source, target) = (text("source"), text("target"));
        let state = match element.first("target").and_then(|t| t.attribute("state")) {
            _ if element.attribute("approved") == Some("yes") => State::Approved,
            _ if target.plain.trim().is_empty() => State::Untranslated,
            Some("final" | "signed-off") => State::Approved,
            Some(state) if state.starts_with("needs-") => State::NeedsReview,
            _ => State::Translated,
        };
        let note = |from: &str| {
            element
                .all("note")
                .find(|note| note.attribute("from") == Some(from))
                .map(Element::text)
        };
        let role = note("role")
            .and_then(|role| Role::ALL.into_iter().find(|r| r.name() == role))
            .unwrap_or_default();
        let unit = Unit {
            id: element.attribute("id").unwrap_or_default().to_owned(),
            role,
            within: Span::new(0, source.plain.len()),
            source,
            target,
            state,
            origin: note("origin")
                .and_then(|origin| origin.parse::<Origin>().ok())
                .unwrap_or_default(),
            confidence: note("confidence").and_then(|text| confidence(&text)),
            ..Unit::default()
        };
        pairs.push(unit, 0, Map::new());
    }
    Ok(pairs)
}

fn code(element: &Element) -> Option<(u32, CodeKind)> {
    let id = element
        .attribute("rid")
        .or_else(|| element.attribute("id"))
        .and_then(|id| id.parse().ok())
        .unwrap_or(0);
    match element.name.as_str() {
        "bpt" | "bx" => Some((id, CodeKind::Open)),
        "ept" | "ex" => Some((id, CodeKind::Close)),
        "ph" | "x" => Some((id, CodeKind::Empty)),
        "it" if element.attribute("pos") == Some("close") => Some((id, CodeKind::Close)),
        "it" => Some((id, CodeKind::Open)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_texts_come_back() {
        let unit = |id: &str, target: &str, state| Unit {
            id: id.into(),
            source: "Één > twee".into(),
            target: target.into(),
            state,
            within: Span::new(0, 12),
            ..Unit::default()
        };
        let units = [
            unit("a", "One & two", State::Translated),
            unit("b", "", State::Untranslated),
            unit("c", "One", State::NeedsReview),
            unit("d", "One", State::Approved),
        ];
        for xliff2 in [false, true] {
            let about = About {
                source_lang: "nl".into(),
                target_lang: "en".into(),
                original: "artikel.txt".into(),
                xliff2,
                ..About::default()
            };
            let bytes = super::super::write_pairs("xlf", &units, &[], &about).unwrap();
            let back = super::super::read_pairs(&bytes, "p.xlf", None).unwrap();
            for (before, after) in units.iter().zip(&back.units) {
                assert_eq!(before.id, after.id);
                assert_eq!(before.source, after.source);
                assert_eq!(before.target, after.target);
                assert_eq!(before.state, after.state, "{} {xliff2}", before.id);
            }
        }
    }
}
