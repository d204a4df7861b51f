//! XLIFF 2.x: the block is its `unit`, ours is its `segment`.
//!
//! Source: OASIS, XLIFF Version 2.1 (2018). Codes are `ph`, `sc` and `ec` with their markup in
//! `originalData`.

use super::inline::{InlineDialect, RawSegment, inline, unify};
use super::pair_contract::{About, LeftOut};
use super::splice::{self, Splices, with_attribute};
use super::target_state::{self, TargetState, xliff2_names};
use super::xliff_notes::{
    BASE, NAMESPACE, PairDirection, ReadNotes, UniqueIds, direction, is_protected, notes,
};
use super::xml::{Element, escape};
use crate::bitext::{Code, CodeKind, LangPair, Span, State, Text, Unit};
use std::collections::HashMap;
use std::fmt::Write;
use std::io;

/// Writes units; those of one block stand in one `unit`.
pub(super) fn write(to: &mut dyn io::Write, units: &[Unit], about: &About) -> io::Result<()> {
    let mut out = String::new();
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"2.1\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" srcLang=\"{}\" trgLang=\"{}\" xmlns:overzet=\"{NAMESPACE}\">\n  <file id=\"f1\" original=\"{}\">\n",
        escape(&about.source_lang),
        escape(&about.target_lang),
        escape(&about.original)
    );
    let mut ids = UniqueIds::default();
    for (index, unit) in units.iter().enumerate() {
        let id = ids.take(&token(&unit.id, index), index);
        write_unit(unit, &id, about, &mut out);
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

fn write_unit(unit: &Unit, id: &str, about: &About, out: &mut String) {
    let target = unit.target.whole_pairs(&unit.source);
    let name = if id == unit.id {
        String::new()
    } else {
        format!(" name=\"{}\"", escape(&unit.id))
    };
    let base = unit.text_digest();
    let _ = writeln!(out, "    <unit id=\"{id}\"{name} {BASE}=\"{base}\">");
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
    let mut data = CodeData::of(&unit.source, &target);
    data.write(out);
    let (state, sub) = xliff2_names(unit.state);
    let sub = sub.map_or_else(String::new, |sub| format!(" subState=\"{sub}\""));
    let _ = write!(
        out,
        "      <segment id=\"s1\" state=\"{state}\"{sub}>\n        <source xml:lang=\"{}\" xml:space=\"preserve\">",
        escape(&about.source_lang)
    );
    segment(&unit.source, &mut data, out);
    out.push_str("</source>\n");
    if unit.state != State::Untranslated {
        let _ = write!(
            out,
            "        <target xml:lang=\"{}\" xml:space=\"preserve\">",
            escape(&about.target_lang)
        );
        segment(&target, &mut data, out);
        out.push_str("</target>\n");
    }
    out.push_str("      </segment>\n    </unit>\n");
}

/// The markup of a unit's codes, each with a name, and the ids of codes that come again.
struct CodeData<'t> {
    markup: Vec<&'t str>,
    /// A code's id and its further occurrence on a side, with the id that this one gets.
    further: Vec<(u32, u32)>,
    largest_id: u32,
}

impl<'t> CodeData<'t> {
    fn of(source: &'t Text, target: &'t Text) -> Self {
        let mut data = Self {
            markup: Vec::new(),
            further: Vec::new(),
            largest_id: 0,
        };
        for code in source.codes.iter().chain(&target.codes) {
            if !data.markup.contains(&code.data.as_str()) {
                data.markup.push(&code.data);
            }
            data.largest_id = data.largest_id.max(code.id);
        }
        data
    }

    /// The id of the `nth` occurrence of a code on a side, from 0. An id stands once on a side; one
    /// that a further occurrence gets is no other code's on either side, and the same on both.
    fn id(&mut self, id: u32, nth: usize) -> u32 {
        let Some(further) = nth.checked_sub(1) else {
            return id;
        };
        let mut own = self.further.iter().filter(|(of, _)| *of == id);
        if let Some((_, own)) = own.nth(further) {
            return *own;
        }
        self.largest_id += 1;
        self.further.push((id, self.largest_id));
        self.largest_id
    }

    fn name(&self, code: &Code) -> String {
        let at = self.markup.iter().position(|data| *data == code.data);
        format!("d{}", at.unwrap_or(0) + 1)
    }

    fn write(&self, out: &mut String) {
        if self.markup.is_empty() {
            return;
        }
        out.push_str("      <originalData>\n");
        for (index, data) in self.markup.iter().enumerate() {
            let _ = writeln!(
                out,
                "        <data id=\"d{}\">{}</data>",
                index + 1,
                escape(data)
            );
        }
        out.push_str("      </originalData>\n");
    }
}

fn segment(text: &Text, data: &mut CodeData<'_>, out: &mut String) {
    let mut seen: HashMap<u32, usize> = HashMap::new();
    inline(text, out, |code, is_paired, out| {
        let id = if is_paired && code.kind == CodeKind::Close {
            code.id
        } else {
            let nth = seen.entry(code.id).or_default();
            *nth += 1;
            data.id(code.id, *nth - 1)
        };
        write_code(code, id, &data.name(code), is_paired, out);
    });
}

fn write_code(code: &Code, id: u32, data: &str, is_paired: bool, out: &mut String) {
    let kind = code_type(&code.label);
    let isolated = if is_paired { "" } else { " isolated=\"yes\"" };
    let _ = match (code.kind, is_paired) {
        (CodeKind::Empty, _) => write!(out, "<ph id=\"{id}\"{kind} dataRef=\"{data}\"/>"),
        (CodeKind::Open, _) => {
            write!(out, "<sc id=\"{id}\"{kind} dataRef=\"{data}\"{isolated}/>")
        }
        (CodeKind::Close, true) => write!(out, "<ec startRef=\"{id}\" dataRef=\"{data}\"/>"),
        (CodeKind::Close, false) => {
            write!(
                out,
                "<ec id=\"{id}\"{kind} dataRef=\"{data}\" isolated=\"yes\"/>"
            )
        }
    };
}

/// The attributes `type` and `subType` for what a person calls a code.
fn code_type(label: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    match label {
        "br" => " type=\"fmt\" subType=\"xlf:lb\"".to_owned(),
        "fmt" | "ui" | "quote" | "link" | "image" | "other" => format!(" type=\"{label}\""),
        label if !label.is_empty() && label.chars().all(fits) => {
            format!(" type=\"other\" subType=\"overzet:{label}\"")
        }
        _ => String::new(),
    }
}

/// A segment of a unit, where it stands.
pub(super) struct Xliff2Segment<'t> {
    /// The pair.
    pub unit: Unit,
    /// The text of the target, also where it is not a translation.
    was: Text,
    segment: &'t Element,
    source: &'t Element,
    direction: PairDirection,
}

/// Reads the segments of a `unit`; `around` are the elements that hold it.
pub(super) fn segments<'t>(
    element: &'t Element,
    around: &[Element],
    pair: &LangPair,
    left: &mut LeftOut,
) -> Vec<Xliff2Segment<'t>> {
    let inherited = std::iter::once(element).chain(around.iter().rev());
    if is_protected(inherited.map(|own| own.attribute("translate"))) {
        left.protected += 1;
        return Vec::new();
    }
    let root = around.first();
    let language = |name| root.and_then(|root| root.attribute(name));
    let (own, other) = (language("srcLang"), language("trgLang"));
    let Some(direction) = direction(pair, own, other) else {
        left.other_languages(&[own.unwrap_or("?"), other.unwrap_or("?")]);
        return Vec::new();
    };
    let stored: HashMap<&str, String> = element
        .first("originalData")
        .into_iter()
        .flat_map(|data| data.all("data"))
        .filter_map(|data| Some((data.attribute("id")?, data.text())))
        .collect();
    let all: Vec<&Element> = element.all("segment").collect();
    all.iter()
        .enumerate()
        .filter_map(|(index, segment)| {
            let mut found = Xliff2Segment {
                unit: Unit::default(),
                was: Text::default(),
                segment,
                source: segment.first("source")?,
                direction,
            };
            found.read(element, &stored, (all.len() > 1).then_some(index));
            Some(found)
        })
        .collect()
}

impl Xliff2Segment<'_> {
    fn read(&mut self, element: &Element, stored: &HashMap<&str, String>, index: Option<usize>) {
        let raw = |side: Option<&Element>| {
            side.map_or_else(RawSegment::default, |side| {
                RawSegment::read(side, InlineDialect::Xliff2, &|name| {
                    stored.get(name).cloned()
                })
            })
        };
        let (source, target) = unify(raw(Some(self.source)), raw(self.segment.first("target")));
        let notes = ReadNotes::read(|category| {
            element
                .first("notes")?
                .all("note")
                .find(|note| note.attribute("category") == Some(category))
                .map(Element::text)
        });
        let attribute = |name| self.segment.attribute(name);
        let is_translated =
            attribute("state") == Some("translated") && attribute("subState").is_none();
        let TargetState { state, origin } =
            target_state::of_xliff2(attribute("state"), attribute("subState"), &source, &target)
                .kept_as_written(notes.origin.as_ref(), is_translated);
        let own = element
            .attribute("name")
            .or_else(|| element.attribute("id"))
            .unwrap_or_default();
        self.was.clone_from(&target);
        let (source, target) = match self.direction {
            PairDirection::Forward if state == State::Untranslated => (source, Text::default()),
            PairDirection::Forward => (source, target),
            PairDirection::Reversed => (target, source),
        };
        self.unit = Unit {
            id: index.map_or_else(|| own.to_owned(), |i| format!("{own}.s{}", i + 1)),
            role: notes.role,
            within: Span::new(0, source.plain.len()),
            source,
            target,
            state,
            origin: notes.origin.clone().or(origin).unwrap_or_default(),
            confidence: notes.confidence,
            base: element.attribute(BASE).map(Into::into),
            ..Unit::default()
        };
        notes.relate(&mut self.unit);
    }

    /// Whether the segment is a pair in the languages of the run, its source first.
    pub(super) fn is_forward(&self) -> bool {
        self.direction == PairDirection::Forward
    }

    /// Where the text of the source stands.
    pub(super) fn source_span(&self) -> Span {
        self.source.inner
    }

    /// Writes what became of the pair over what it was. Says whether that is possible: the source
    /// of a file is never written, and a code that stands nowhere in it has no markup there.
    pub(super) fn rewrite(
        &self,
        text: &str,
        element: &Element,
        new: &Unit,
        splices: &mut Splices,
    ) -> bool {
        let old = &self.unit;
        if old.target == new.target && old.state == new.state {
            return true;
        }
        if self.direction == PairDirection::Reversed {
            return false;
        }
        if element.attribute(BASE).is_some() && element.all("segment").count() == 1 {
            let tag = Span::new(element.offset, element.inner.start);
            splices.replace(tag, with_attribute(tag.of(text), BASE, &new.text_digest()));
        }
        if old.state != new.state && new.state != State::Untranslated {
            let tag = Span::new(self.segment.offset, self.segment.inner.start);
            let (state, sub) = xliff2_names(new.state);
            let mut own = with_attribute(tag.of(text), "state", state);
            if let Some(sub) = sub {
                own = with_attribute(&own, "subState", sub);
            } else if old.state == State::NeedsReview {
                own = own.replace(" subState=\"overzet:needs-review\"", "");
            }
            splices.replace(tag, own);
        }
        if old.target != new.target {
            self.rewrite_target(text, new, splices);
        }
        true
    }

    fn rewrite_target(&self, text: &str, new: &Unit, splices: &mut Splices) {
        let target = new.target.whole_pairs(&new.source);
        let source = (self.source.inner.of(text), &self.unit.source);
        let written = |raw: &str, was: &Text| {
            // The unit keeps no markup for a code of another file: it is left out.
            splice::segment(
                raw,
                was,
                &target,
                source,
                InlineDialect::Xliff2,
                |_, _, _| {},
            )
            .unwrap_or_else(|| escape(&target.plain))
        };
        match self.segment.first("target") {
            Some(own) if !own.is_empty_tag => {
                splices.replace(own.inner, written(own.inner.of(text), &self.was));
            }
            Some(own) => {
                let span = Span::new(own.offset, own.end);
                let start = span.of(text).trim_end_matches(['/', '>']).trim_end();
                let name = start.trim_start_matches('<');
                let name = name.split(char::is_whitespace).next().unwrap_or(name);
                splices.replace(span, format!("{start}>{}</{name}>", written("", &self.was)));
            }
            None => {
                let start = &text[self.source.offset + 1..self.source.inner.start];
                let end = start
                    .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
                    .unwrap_or(start.len());
                let name = start[..end].replace("source", "target");
                let at = Span::new(self.source.end, self.source.end);
                let content = written("", &Text::default());
                splices.replace(at, format!("<{name}>{content}</{name}>"));
            }
        }
    }
}
