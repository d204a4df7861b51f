//! The text of a paragraph with its codes and marks. Reading and writing both start here: what is
//! written is read again from the bytes that stand there.

use super::super::xml_splice::{XmlTokenKind, XmlTokens};
use crate::bitext::{Code, CodeKind, OffsetMap, Span, Text};

/// Elements without width, which keep their place between words.
const ANCHORS: &[&str] = &[
    "text:bookmark",
    "text:bookmark-start",
    "text:bookmark-end",
    "text:reference-mark-start",
    "text:reference-mark-end",
    "text:change",
    "text:change-start",
    "text:change-end",
    "text:soft-page-break",
    "text:alphabetical-index-mark-start",
    "text:alphabetical-index-mark-end",
    "text:toc-mark-start",
    "text:toc-mark-end",
    "text:user-index-mark-start",
    "text:user-index-mark-end",
    "office:annotation",
    "office:annotation-end",
];

/// A thing in a paragraph.
#[derive(Debug, Clone)]
struct OdtItem {
    kind: OdtItemKind,
    span: Span,
    token: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OdtItemKind {
    Text,
    Lone(&'static str),
    Open { pair: usize, label: &'static str },
    Close { pair: usize },
    Anchor,
}

/// A mark that keeps its place.
#[derive(Debug, Clone)]
pub(super) struct OdtAnchor {
    pub at: usize,
    pub codes: usize,
    pub data: Span,
    /// Whether it is half of a pair that says nothing: it goes where its place is not sure.
    pub is_noise: bool,
}

/// A paragraph's text.
#[derive(Debug, Default)]
pub(super) struct OdtText {
    pub text: Text,
    pub map: OffsetMap,
    /// The bytes that are written anew where the text changes.
    pub span: Span,
    /// Codes that may hold text: code's index, token, bytes.
    pub holders: Vec<(usize, usize, Span)>,
    pub anchors: Vec<OdtAnchor>,
}

/// What is known about the spans of a paragraph.
pub(super) trait SpanKnowledge {
    /// Whether a span with this start tag, before which stand `at` bytes of text, begins a code.
    fn begins(&self, xml: &XmlTokens<'_>, token: usize, at: usize) -> bool;
    /// Whether what the span at `token` began goes on in the element behind it.
    fn goes_on(&self, xml: &XmlTokens<'_>, token: usize, next: Option<usize>, at: usize) -> bool;
}

/// Reads tokens that stand side by side; none where nobody reads anything.
pub(super) fn read(
    xml: &XmlTokens<'_>,
    level: impl Iterator<Item = usize>,
    knowledge: &dyn SpanKnowledge,
) -> Option<OdtText> {
    let mut items = Vec::new();
    let mut pairs = 0;
    for index in level {
        collect(xml, index, &mut items, &mut pairs);
    }
    freeze_edges(xml, &mut items);
    let items = inside(&items);
    let is_held = |item: &OdtItem| item.kind != OdtItemKind::Anchor;
    let first = items.iter().position(is_held)?;
    let last = items.iter().rposition(is_held)?;
    let items = &items[first..=last];
    let mut builder = OdtBuilder {
        xml,
        knowledge,
        out: OdtText::default(),
        next_id: 0,
        open: Vec::new(),
        after_space: true,
        wanted_space: false,
        start: None,
        end: items[items.len() - 1].span.end,
    };
    for item in items {
        builder.item(item);
    }
    builder.finish(items[0].span.start)
}

fn collect(xml: &XmlTokens<'_>, index: usize, items: &mut Vec<OdtItem>, pairs: &mut usize) {
    let mut push = |kind, span| {
        items.push(OdtItem {
            kind,
            span,
            token: index,
        });
    };
    match xml.kind(index) {
        XmlTokenKind::Text | XmlTokenKind::Reference | XmlTokenKind::CData => {
            push(OdtItemKind::Text, xml.span(index));
            return;
        }
        XmlTokenKind::Other | XmlTokenKind::End => {
            push(OdtItemKind::Anchor, xml.span(index));
            return;
        }
        XmlTokenKind::Start | XmlTokenKind::Empty => {}
    }
    let whole = xml.whole(index);
    let label = match xml.name(index) {
        "text:span" | "text:a" | "text:meta" if xml.kind(index) == XmlTokenKind::Start => {
            *pairs += 1;
            let pair = *pairs;
            let label = match xml.name(index) {
                "text:span" => "style",
                "text:a" => "a",
                _ => "meta",
            };
            push(OdtItemKind::Open { pair, label }, xml.span(index));
            for child in xml.children(index) {
                collect(xml, child, items, pairs);
            }
            items.push(OdtItem {
                kind: OdtItemKind::Close { pair },
                span: xml.span(xml.end(index)),
                token: index,
            });
            return;
        }
        "text:line-break" => "br",
        "text:tab" => "tab",
        "text:s" => "spaces",
        "text:note" => "footnote",
        "text:ruby" => "ruby",
        "draw:frame" | "draw:a" => "image",
        name if name.starts_with("draw:") => "image",
        name if ANCHORS.contains(&name) => {
            push(OdtItemKind::Anchor, whole);
            return;
        }
        name if xml.kind(index) == XmlTokenKind::Empty && name != "text:page-number" => {
            push(OdtItemKind::Anchor, whole);
            return;
        }
        _ => "field",
    };
    push(OdtItemKind::Lone(label), whole);
}

/// Whether an item is text or may hold some.
fn speaks(xml: &XmlTokens<'_>, item: &OdtItem) -> bool {
    match item.kind {
        OdtItemKind::Text => xml
            .characters(item.token)
            .is_some_and(|text| !text.trim().is_empty()),
        OdtItemKind::Lone(label) => !matches!(label, "br" | "tab" | "spaces"),
        _ => false,
    }
}

/// Breaks and blanks before the first word and behind the last one stay in their places.
fn freeze_edges(xml: &XmlTokens<'_>, items: &mut [OdtItem]) {
    let first = items.iter().position(|item| speaks(xml, item));
    let last = items.iter().rposition(|item| speaks(xml, item));
    let (first, last) = match (first, last) {
        (Some(first), Some(last)) => (first, last + 1),
        _ => (items.len(), items.len()),
    };
    let (before, rest) = items.split_at_mut(first);
    for item in before.iter_mut().chain(&mut rest[last - first..]) {
        if matches!(item.kind, OdtItemKind::Text | OdtItemKind::Lone(_)) {
            item.kind = OdtItemKind::Anchor;
        }
    }
}

/// The items inside the pairs that hold all that is read.
fn inside(mut items: &[OdtItem]) -> &[OdtItem] {
    let is_held = |item: &OdtItem| item.kind != OdtItemKind::Anchor;
    while let (Some(first), Some(last)) = (
        items.iter().position(is_held),
        items.iter().rposition(is_held),
    ) {
        let is_pair = matches!(
            (items[first].kind, items[last].kind),
            (OdtItemKind::Open { pair, .. }, OdtItemKind::Close { pair: end }) if pair == end
        );
        if !is_pair {
            break;
        }
        items = &items[first + 1..last];
    }
    items
}

/// A pair that is open.
struct OpenSpan {
    pair: usize,
    /// The number of its code; none for one that says nothing.
    id: Option<u32>,
}

struct OdtBuilder<'x, 's> {
    xml: &'x XmlTokens<'s>,
    knowledge: &'x dyn SpanKnowledge,
    out: OdtText,
    next_id: u32,
    open: Vec<OpenSpan>,
    after_space: bool,
    wanted_space: bool,
    /// Where the first character or code stands.
    start: Option<usize>,
    end: usize,
}

impl OdtBuilder<'_, '_> {
    fn item(&mut self, item: &OdtItem) {
        let at = self.out.text.plain.len();
        match item.kind {
            OdtItemKind::Text => self.text(item.token),
            OdtItemKind::Lone(label) => {
                self.next_id += 1;
                self.out
                    .holders
                    .push((self.out.text.codes.len(), item.token, item.span));
                self.code(self.next_id, CodeKind::Empty, item.span, label);
                self.after_space = false;
                self.wanted_space = matches!(label, "br" | "tab" | "spaces");
            }
            OdtItemKind::Open { pair, label } => {
                let is_code = label == "a" || self.knowledge.begins(self.xml, item.token, at);
                let carried = self.open.iter().any(|open| open.pair == usize::MAX);
                if is_code && !carried {
                    self.next_id += 1;
                    let id = self.next_id;
                    if label == "a" {
                        self.out
                            .holders
                            .push((self.out.text.codes.len(), item.token, item.span));
                    }
                    self.code(id, CodeKind::Open, item.span, label);
                    self.open.push(OpenSpan { pair, id: Some(id) });
                } else {
                    // What the neighbour began goes on.
                    let id = self
                        .open
                        .iter()
                        .position(|open| open.pair == usize::MAX)
                        .and_then(|index| self.open.remove(index).id);
                    self.open.push(OpenSpan { pair, id });
                    self.anchor(item.span, true);
                }
            }
            OdtItemKind::Close { pair } => {
                let Some(index) = self.open.iter().rposition(|open| open.pair == pair) else {
                    self.anchor(item.span, false);
                    return;
                };
                let open = self.open.remove(index);
                let end = self.xml.end(item.token);
                let next = (end + 1 < self.xml.len()).then_some(end + 1);
                match open.id {
                    Some(id) if !self.knowledge.goes_on(self.xml, item.token, next, at) => {
                        self.code(id, CodeKind::Close, item.span, "");
                    }
                    Some(id) => {
                        self.open.push(OpenSpan {
                            pair: usize::MAX,
                            id: Some(id),
                        });
                        self.anchor(item.span, true);
                    }
                    None => self.anchor(item.span, true),
                }
            }
            OdtItemKind::Anchor => self.anchor(item.span, false),
        }
    }

    fn anchor(&mut self, data: Span, is_noise: bool) {
        self.out.anchors.push(OdtAnchor {
            at: self.out.text.plain.len(),
            codes: self.out.text.codes.len(),
            data,
            is_noise,
        });
    }

    fn code(&mut self, id: u32, kind: CodeKind, span: Span, label: &str) {
        self.start.get_or_insert(span.start);
        self.end = span.end;
        let label = match kind {
            CodeKind::Close => {
                let mut codes = self.out.text.codes.iter().rev();
                codes
                    .find(|code| code.id == id)
                    .map_or(String::new(), |code| code.label.clone())
            }
            _ => label.to_owned(),
        };
        self.out.text.codes.push(Code {
            at: self.out.text.plain.len(),
            id,
            kind,
            data: span.of(self.xml.source()).to_owned(),
            label,
        });
    }

    /// Adds characters; white space is one blank, and none at the beginning (ODF 6.1.2).
    fn text(&mut self, token: usize) {
        let Some(characters) = self.xml.characters(token) else {
            return;
        };
        let start = self.xml.characters_start(token);
        let whole = self.xml.span(token);
        let is_raw = characters.len() <= whole.end - start
            && self.xml.kind(token) != XmlTokenKind::Reference;
        for (offset, c) in characters.char_indices() {
            let file = if is_raw { start + offset } else { start };
            let plain = &mut self.out.text.plain;
            if matches!(c, ' ' | '\n' | '\t' | '\r') {
                if self.after_space {
                    continue;
                }
                self.after_space = true;
                self.wanted_space = false;
                self.out.map.point(plain.len(), file);
                plain.push(' ');
                continue;
            }
            self.start.get_or_insert(file);
            if std::mem::take(&mut self.wanted_space)
                && !plain.is_empty()
                && !plain.ends_with(char::is_whitespace)
            {
                self.out.map.point(plain.len(), file.saturating_sub(1));
                plain.push(' ');
            }
            self.after_space = false;
            self.out.map.point(plain.len(), file);
            plain.push(c);
            self.end = if is_raw {
                file + c.len_utf8()
            } else {
                whole.end
            };
        }
    }

    fn finish(mut self, from: usize) -> Option<OdtText> {
        // A pair that never ends inside stands alone.
        for open in self.open.iter().filter_map(|open| open.id) {
            for code in &mut self.out.text.codes {
                if code.id == open {
                    code.kind = CodeKind::Empty;
                }
            }
        }
        let plain = &mut self.out.text.plain;
        let last_code = self.out.text.codes.last().map_or(0, |code| code.at);
        let end = plain.trim_end_matches(' ').len().max(last_code);
        plain.truncate(end);
        for anchor in &mut self.out.anchors {
            anchor.at = anchor.at.min(end);
        }
        self.out.map.finish(end, self.end.max(from));
        let first = self.start?.max(from);
        let start = self.out.anchors.first().map_or(first, |anchor| {
            if anchor.data.start < first {
                anchor.data.start.max(from)
            } else {
                first
            }
        });
        let last = self.out.anchors.last().map_or(0, |anchor| anchor.data.end);
        self.out.span = Span::new(start, self.end.max(last));
        self.out
            .text
            .plain
            .chars()
            .any(char::is_alphanumeric)
            .then_some(self.out)
    }
}
