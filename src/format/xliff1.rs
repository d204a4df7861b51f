//! XLIFF 1.x: the common denominator of Trados, memoQ, OmegaT, Weblate and Phrase.
//!
//! Source: OASIS, XLIFF Version 1.2 (2008). Terms and findings stand as notes; codes as `bpt`/`ept`/`it`/`ph`.

use super::inline::{InlineDialect, RawSegment, inline, unify};
use super::pair_contract::{About, LeftOut};
use super::splice::{self, Splices, with_attribute};
use super::target_state::{self, TargetState, xliff1_name};
use super::xliff_notes::{
    EXTRADATA_BASE, PairDirection, ReadNotes, UniqueIds, direction, is_protected, notes,
};
use super::xml::{Element, escape};
use crate::bitext::{Code, CodeKind, LangPair, Origin, Span, State, Text, Unit};
use std::fmt::Write;
use std::io;

/// Writes units.
pub(super) fn write(to: &mut dyn io::Write, units: &[Unit], about: &About) -> io::Result<()> {
    let mut out = String::new();
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n  <file original=\"{}\" source-language=\"{}\" target-language=\"{}\" datatype=\"plaintext\">\n    <header>\n      <tool tool-id=\"overzet\" tool-name=\"overzet\" tool-version=\"{}\"/>\n    </header>\n    <body>\n",
        escape(&about.original),
        escape(&about.source_lang),
        escape(&about.target_lang),
        env!("CARGO_PKG_VERSION")
    );
    let mut ids = UniqueIds::default();
    for (index, unit) in units.iter().enumerate() {
        let id = ids.take(&unit.id, index);
        write_unit(unit, &id, &mut out);
        to.write_all(out.as_bytes())?;
        out.clear();
    }
    out.push_str("    </body>\n  </file>\n</xliff>\n");
    to.write_all(out.as_bytes())
}

fn write_unit(unit: &Unit, id: &str, out: &mut String) {
    let approved = if unit.state == State::Approved {
        " approved=\"yes\""
    } else {
        ""
    };
    let _ = write!(
        out,
        "      <trans-unit id=\"{}\"{approved} extradata=\"{EXTRADATA_BASE}{}\">\n        <source>",
        escape(id),
        unit.text_digest()
    );
    segment(&unit.source, out);
    let _ = write!(
        out,
        "</source>\n        <target state=\"{}\">",
        xliff1_name(unit.state)
    );
    let target = unit.target.whole_pairs(&unit.source);
    segment(&target, out);
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
    inline(text, out, write_code);
}

fn write_code(code: &Code, is_paired: bool, out: &mut String) {
    let (id, data) = (code.id, escape(&code.data));
    let kind = code_type(&code.label, code.kind);
    let _ = match (code.kind, is_paired) {
        (CodeKind::Empty, _) => write!(out, "<ph id=\"{id}\"{kind}>{data}</ph>"),
        (CodeKind::Open, true) => {
            write!(out, "<bpt id=\"{id}\" rid=\"{id}\"{kind}>{data}</bpt>")
        }
        (CodeKind::Close, true) => write!(out, "<ept id=\"{id}\" rid=\"{id}\">{data}</ept>"),
        (CodeKind::Open, false) => {
            write!(out, "<it id=\"{id}\" pos=\"open\"{kind}>{data}</it>")
        }
        (CodeKind::Close, false) => {
            write!(out, "<it id=\"{id}\" pos=\"close\"{kind}>{data}</it>")
        }
    };
}

/// The attribute `ctype`: a name of the standard for this kind of code, else one of our own.
fn code_type(label: &str, kind: CodeKind) -> String {
    let is_standard = match kind {
        CodeKind::Empty => matches!(label, "image" | "pb"),
        CodeKind::Open | CodeKind::Close => {
            matches!(label, "bold" | "italic" | "underlined" | "link")
        }
    };
    match label {
        "" => String::new(),
        "br" if kind == CodeKind::Empty => " ctype=\"lb\"".to_owned(),
        label if is_standard => format!(" ctype=\"{label}\""),
        label => {
            let own = label.split_whitespace().collect::<Vec<_>>().join("-");
            format!(" ctype=\"x-{}\"", escape(&own))
        }
    }
}

/// A segment of a unit, where it stands.
pub(super) struct Xliff1Segment<'t> {
    /// The pair.
    pub unit: Unit,
    /// The text of the target, also where it is not a translation.
    was: Text,
    source: &'t Element,
    target: Option<&'t Element>,
    /// The `sdl:seg` that has its state.
    sdl: Option<&'t Element>,
    /// The `mid` of a segment among several.
    mid: Option<&'t str>,
    direction: PairDirection,
}

/// The digest of the target as overzet wrote it.
fn base(element: &Element) -> Option<&str> {
    element.attribute("extradata")?.strip_prefix(EXTRADATA_BASE)
}

/// Reads the segments of a `trans-unit`; `around` are the elements that hold it.
pub(super) fn segments<'t>(
    element: &'t Element,
    around: &[Element],
    pair: &LangPair,
    left: &mut LeftOut,
) -> Vec<Xliff1Segment<'t>> {
    let inherited = std::iter::once(element).chain(around.iter().rev());
    if is_protected(inherited.map(|own| own.attribute("translate"))) {
        left.protected += 1;
        return Vec::new();
    }
    let Some(source) = element.first("source") else {
        return Vec::new();
    };
    let target = element.first("target");
    let file = around.iter().rev().find(|own| own.name == "file");
    let language = |side: Option<&'t Element>, name: &str| {
        side.and_then(|side| side.attribute("xml:lang"))
            .map(str::to_owned)
            .or_else(|| Some(file?.attribute(name)?.to_owned()))
    };
    let own = language(Some(source), "source-language");
    let other = language(target, "target-language");
    let Some(direction) = direction(pair, own.as_deref(), other.as_deref()) else {
        left.other_languages(&[
            own.as_deref().unwrap_or("?"),
            other.as_deref().unwrap_or("?"),
        ]);
        return Vec::new();
    };
    let notes = |from: &str| {
        element
            .all("note")
            .find(|note| note.attribute("from") == Some(from))
            .map(Element::text)
    };
    let mut found = Vec::new();
    for (mid, source, target) in marked(element, source, target) {
        let states = element.descendants("seg");
        let sdl = states
            .into_iter()
            .find(|seg| mid.is_some() && seg.attribute("id") == mid);
        found.push(Xliff1Segment {
            unit: Unit::default(),
            was: Text::default(),
            source,
            target,
            sdl,
            mid,
            direction,
        });
    }
    let count = found.len();
    for segment in &mut found {
        segment.read(element, ReadNotes::read(notes), count > 1);
    }
    found
}

/// The segments that `seg-source` marks, with the same of the target; else the whole.
fn marked<'t>(
    element: &'t Element,
    source: &'t Element,
    target: Option<&'t Element>,
) -> Vec<(Option<&'t str>, &'t Element, Option<&'t Element>)> {
    let marks = |side: &'t Element| -> Vec<(Option<&'t str>, &'t Element)> {
        side.descendants("mrk")
            .into_iter()
            .filter(|mark| mark.attribute("mtype") == Some("seg"))
            .map(|mark| (mark.attribute("mid"), mark))
            .collect()
    };
    let own = element.first("seg-source").map(marks).unwrap_or_default();
    let theirs = target.map(marks).unwrap_or_default();
    let is_whole =
        theirs.is_empty() && target.is_some_and(|target| !target.text().trim().is_empty());
    if own.is_empty() || (is_whole && own.len() > 1) {
        return vec![(None, source, target)];
    }
    if is_whole {
        return vec![(own[0].0, own[0].1, target)];
    }
    own.into_iter()
        .map(|(mid, source)| {
            let target = theirs.iter().find(|(own, _)| *own == mid);
            (mid, source, target.map(|(_, target)| *target))
        })
        .collect()
}

impl Xliff1Segment<'_> {
    fn read(&mut self, element: &Element, notes: ReadNotes, is_one_of_many: bool) {
        let raw = |side: Option<&Element>| {
            side.map_or_else(RawSegment::default, |side| {
                RawSegment::read(side, InlineDialect::Xliff1, &|_| None)
            })
        };
        let (source, target) = unify(raw(Some(self.source)), raw(self.target));
        let TargetState { state, origin } =
            self.state(element, notes.origin.as_ref(), &source, &target);
        let id = element.attribute("id").unwrap_or_default();
        let id = match self.mid {
            Some(mid) if is_one_of_many => format!("{id}.s{mid}"),
            _ => id.to_owned(),
        };
        self.was.clone_from(&target);
        let (source, target) = match self.direction {
            PairDirection::Forward if state == State::Untranslated => (source, Text::default()),
            PairDirection::Forward => (source, target),
            PairDirection::Reversed => (target, source),
        };
        self.unit = Unit {
            id,
            role: notes.role,
            within: Span::new(0, source.plain.len()),
            source,
            target,
            state,
            origin: notes.origin.clone().or(origin).unwrap_or_default(),
            confidence: notes.confidence,
            base: base(element).map(Into::into),
            ..Unit::default()
        };
        notes.relate(&mut self.unit);
    }

    fn state(
        &self,
        element: &Element,
        origin: Option<&Origin>,
        source: &Text,
        target: &Text,
    ) -> TargetState {
        if let Some(status) = element.attribute("mq:status") {
            return target_state::of_memoq(status, source, target);
        }
        if let Some(sdl) = self.sdl {
            let (level, origin) = (sdl.attribute("conf"), sdl.attribute("origin"));
            return target_state::of_sdl(level, origin, source, target);
        }
        let whole = element.first("target");
        let attribute = |name| whole.and_then(|whole| whole.attribute(name));
        target_state::of_xliff1(
            element.attribute("approved") == Some("yes"),
            attribute("state"),
            attribute("state-qualifier"),
            source,
            target,
        )
        .kept_as_written(origin, attribute("state") == Some("translated"))
    }

    /// Whether the segment is a pair in the languages of the run, its source first.
    pub(super) fn is_forward(&self) -> bool {
        self.direction == PairDirection::Forward
    }

    /// Whether a CAT tool keeps the segment from being changed.
    pub(super) fn is_locked(&self, element: &Element) -> bool {
        element
            .attribute("mq:locked")
            .is_some_and(|value| value != "false")
            || self.sdl.and_then(|seg| seg.attribute("locked")) == Some("true")
    }

    /// Where the text of the source stands.
    pub(super) fn source_span(&self) -> Span {
        self.source.inner
    }

    fn is_same_as(&self, new: &Unit) -> bool {
        self.unit.target == new.target && self.unit.state == new.state
    }

    /// Writes the state where it stands: in the start tag of the unit, or among the `states`, which
    /// are attributes of the target.
    fn rewrite_state(
        &self,
        text: &str,
        element: &Element,
        new: &Unit,
        (tag, states): (&mut String, &mut Vec<(&str, &str)>),
        splices: &mut Splices,
    ) {
        let is_new = self.unit.state == State::Untranslated;
        let by_machine = is_new && matches!(new.origin, Origin::Engine(_));
        // CAT tools have no state for a draft that nothing speaks against.
        let draft = match new.state {
            State::Translated if by_machine => State::NeedsReview,
            state => state,
        };
        let state = new.state;
        if let Some(sdl) = self.sdl {
            let span = Span::new(sdl.offset, sdl.inner.start);
            let mut own = with_attribute(span.of(text), "conf", target_state::sdl_name(draft));
            if by_machine {
                own = with_attribute(&own, "origin", "mt");
            }
            splices.replace(span, own);
        } else if element.attribute("mq:status").is_some() {
            let name = target_state::memoq_name(draft);
            *tag = with_attribute(tag, "mq:status", name);
        } else if self.mid.is_none() {
            states.push(("state", xliff1_name(state)));
            if by_machine {
                states.push(("state-qualifier", "mt-suggestion"));
            }
            let is_approved = state == State::Approved;
            if is_approved != (element.attribute("approved") == Some("yes")) {
                let value = if is_approved { "yes" } else { "no" };
                *tag = with_attribute(tag, "approved", value);
            }
        }
    }

    /// The target of a unit in the notation of the file; `raw` is what stands there and was read as
    /// `was`.
    fn written(&self, text: &str, raw: &str, was: &Text, new: &Unit) -> String {
        let target = new.target.whole_pairs(&new.source);
        let source = (self.source.inner.of(text), &self.unit.source);
        let dialect = InlineDialect::Xliff1;
        splice::segment(raw, was, &target, source, dialect, write_code).unwrap_or_else(|| {
            let mut out = String::new();
            segment(&target, &mut out);
            out
        })
    }

    /// The same where nothing stands.
    fn content(&self, text: &str, new: &Unit) -> String {
        self.written(text, "", &Text::default(), new)
    }

    /// The bytes of the segment in the source with its tags.
    fn mark_span(&self) -> Span {
        Span::new(self.source.offset, self.source.end)
    }

    fn rewrite_target(
        &self,
        text: &str,
        element: &Element,
        new: &Unit,
        states: &[(&str, &str)],
        splices: &mut Splices,
    ) {
        let written = |raw: &str, was: &Text| self.written(text, raw, was, new);
        let attributes = states.iter().fold(String::new(), |all, (name, value)| {
            all + " " + name + "=\"" + value + "\""
        });
        if let Some(own) = self.target {
            let tag = Span::new(own.offset, own.inner.start);
            let mut start = tag.of(text).to_owned();
            for (name, value) in states {
                start = with_attribute(&start, name, value);
            }
            if self.unit.target == new.target {
                splices.replace(tag, start);
            } else if own.is_empty_tag {
                let start = start.trim_end_matches(['/', '>']).trim_end();
                let name = name_of(start);
                splices.replace(tag, format!("{start}>{}</{name}>", written("", &self.was)));
            } else {
                let end = own.inner.end;
                let inner = written(own.inner.of(text), &self.was);
                splices.replace(Span::new(own.offset, end), format!("{start}{inner}"));
            }
            return;
        }
        let content = self.content(text, new);
        let whole = element.first("target");
        if let (Some(_), Some(whole)) = (self.mid, whole.filter(|whole| !whole.is_empty_tag)) {
            let mark = self.mark(&content);
            splices.replace(Span::new(whole.inner.end, whole.inner.end), mark);
        } else {
            write_whole_target(text, element, &attributes, &content, splices);
        }
    }

    /// The whole `mrk` of a segment in a target, with this content.
    fn mark(&self, content: &str) -> String {
        let mid = escape(self.mid.unwrap_or_default());
        format!("<mrk mtype=\"seg\" mid=\"{mid}\">{content}</mrk>")
    }
}

/// Writes what became of the segments of a unit over what they were. Says whether that is possible:
/// the source of a file is never written.
///
/// Shape: `new` has an entry for each segment, none where it stays as it is.
pub(super) fn rewrite(
    text: &str,
    element: &Element,
    segments: &[Xliff1Segment<'_>],
    new: &[Option<&Unit>],
    splices: &mut Splices,
) -> bool {
    let changed = || {
        std::iter::zip(segments, new)
            .filter_map(|(segment, new)| Some((segment, (*new)?)))
            .filter(|(segment, new)| !segment.is_same_as(new))
    };
    if changed().any(|(segment, _)| !segment.is_forward()) {
        return false;
    }
    let span = Span::new(element.offset, element.inner.start);
    let mut tag = span.of(text).to_owned();
    // The segments of a target that is not there are written together.
    let is_absent = element
        .first("target")
        .is_none_or(|target| target.is_empty_tag);
    let together = is_absent && segments.iter().any(|segment| segment.mid.is_some());
    for (segment, new) in changed() {
        let mut states = Vec::new();
        if base(element).is_some() {
            let data = EXTRADATA_BASE.to_owned() + &new.text_digest();
            tag = with_attribute(&tag, "extradata", &data);
        }
        if segment.unit.state != new.state && new.state != State::Untranslated {
            segment.rewrite_state(text, element, new, (&mut tag, &mut states), splices);
        }
        if !together {
            segment.rewrite_target(text, element, new, &states, splices);
        }
    }
    if together && changed().next().is_some() {
        let mut content = String::new();
        let mut at = None;
        for (segment, new) in std::iter::zip(segments, new) {
            let place = segment.mark_span();
            // What stands between the segments of the source stands between those of the target.
            if let Some(at) = at {
                content.push_str(text.get(at..place.start).unwrap_or_default());
            }
            at = Some(place.end);
            let target = new.map(|new| segment.content(text, new));
            content.push_str(&segment.mark(&target.unwrap_or_default()));
        }
        write_whole_target(text, element, "", &content, splices);
    }
    if tag != span.of(text) {
        splices.replace(span, tag);
    }
    true
}

/// Writes the target of a unit that has none, or an empty one.
fn write_whole_target(
    text: &str,
    element: &Element,
    attributes: &str,
    content: &str,
    splices: &mut Splices,
) {
    if let Some(own) = element.first("target") {
        let tag = Span::new(own.offset, own.end);
        let start = tag.of(text).trim_end_matches(['/', '>']).trim_end();
        let name = name_of(start);
        splices.replace(tag, format!("{start}>{content}</{name}>"));
        return;
    }
    let Some(source) = element.first("seg-source").or(element.first("source")) else {
        return;
    };
    let tag = &text[source.offset..source.inner.start];
    let name = name_of(tag).replace("seg-source", "target");
    let name = name.replace("source", "target");
    let target = format!("<{name}{attributes}>{content}</{name}>");
    splices.replace(Span::new(source.end, source.end), target);
}

/// The name in a start tag, with its prefix.
fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches('<');
    let end = name
        .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        .unwrap_or(name.len());
    &name[..end]
}
