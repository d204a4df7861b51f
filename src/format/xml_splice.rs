//! XML as tokens with their bytes, for formats that change text and leave every other byte.

use super::error::Error;
use super::splice::attribute_value;
use super::xml::{is_allowed, normalise, resolve, unescape};
use crate::bitext::{CodeKind, Place, Span, Text};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashMap;

/// The deepest nesting.
const DEEPEST: usize = 256;
/// The most tokens of a part.
const MOST_TOKENS: usize = 5_000_000;
/// The most attributes of a tag.
const MOST_ATTRIBUTES: usize = 1_000;
/// How far a mark may move to the border of a word, in bytes.
const NEAR: usize = 100;
/// How much of a line an error shows on each side of its place, in bytes.
const WINDOW: usize = 60;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum XmlTokenKind {
    /// A start tag.
    Start,
    /// An end tag.
    End,
    /// A tag without an end tag.
    Empty,
    /// Characters.
    Text,
    /// A reference.
    Reference,
    /// Characters that need no escapes.
    CData,
    /// A comment, a declaration, a processing instruction.
    Other,
}

/// A token: its bytes, and the length of its name.
#[derive(Debug, Clone, Copy)]
struct XmlToken {
    kind: XmlTokenKind,
    span: Span,
    name: usize,
    /// The index of the end tag of a start tag; else its own.
    end: usize,
}

/// A file of XML, or a piece of one, as tokens.
#[derive(Debug)]
pub(super) struct XmlTokens<'s> {
    source: &'s str,
    tokens: Vec<XmlToken>,
}

/// An error at a byte of a part, with a window of its line.
pub(super) fn broken(what: impl Into<String>, part: &str, source: &str, at: usize) -> Error {
    let mut place = Place::at(part, source, at, 1);
    if place.text.len() > 2 * WINDOW {
        let column: usize = place.column - 1;
        let at = place.text.char_indices().nth(column);
        let at = at.map_or(place.text.len(), |(at, _)| at);
        let from = place.text.floor_char_boundary(at.saturating_sub(WINDOW));
        let to = place
            .text
            .floor_char_boundary((at + WINDOW).min(place.text.len()));
        place.column = place.text[from..at].chars().count() + 1;
        let window = place.text[from..to].to_owned();
        place.text = window;
    }
    Error::Broken {
        what: what.into(),
        place: Box::new(place),
    }
}

impl<'s> XmlTokens<'s> {
    /// Cuts a part into tokens.
    ///
    /// Errors: [`Error::Broken`] for what is no XML, for a document type that declares something,
    /// and for nesting that no document has.
    pub(super) fn read(source: &'s str, part: &str) -> Result<Self, Error> {
        let mut reader = Reader::from_str(source);
        let mut tokens: Vec<XmlToken> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        loop {
            let at = reader.buffer_position() as usize;
            let fault = |what: String| broken(what, part, source, at);
            let event = reader
                .read_event()
                .map_err(|error| fault(error.to_string()))?;
            let span = Span::new(at, reader.buffer_position() as usize);
            let index = tokens.len();
            let mut name = 0;
            let kind = match event {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => {
                    name = tag.name().as_ref().len();
                    let mut count = 0;
                    for attribute in tag.attributes().with_checks(false) {
                        attribute.map_err(|error| fault(error.to_string()))?;
                        count += 1;
                    }
                    if count > MOST_ATTRIBUTES {
                        return Err(fault("a tag has too many attributes".into()));
                    }
                    if span.of(source).ends_with("/>") {
                        XmlTokenKind::Empty
                    } else {
                        if open.len() >= DEEPEST {
                            return Err(fault("elements are nested too deep".into()));
                        }
                        open.push(index);
                        XmlTokenKind::Start
                    }
                }
                Event::End(tag) => {
                    name = tag.name().as_ref().len();
                    if let Some(start) = open.pop() {
                        tokens[start].end = index;
                    }
                    XmlTokenKind::End
                }
                Event::Text(_) => XmlTokenKind::Text,
                Event::CData(_) => XmlTokenKind::CData,
                Event::GeneralRef(reference) => {
                    let name: &str = &reference;
                    if resolve(name).is_none() {
                        return Err(fault(format!("unknown entity `&{name};`")));
                    }
                    XmlTokenKind::Reference
                }
                Event::DocType(declaration) => {
                    if declaration.contains('[') {
                        return Err(fault("a document type may declare nothing here".into()));
                    }
                    XmlTokenKind::Other
                }
                _ => XmlTokenKind::Other,
            };
            if index >= MOST_TOKENS {
                return Err(fault("the part has too many elements".into()));
            }
            tokens.push(XmlToken {
                kind,
                span,
                name,
                end: index,
            });
        }
        if let Some(&start) = open.last() {
            let at = tokens[start].span.start;
            return Err(broken("an element is never closed", part, source, at));
        }
        Ok(Self { source, tokens })
    }

    /// The bytes.
    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn kind(&self, index: usize) -> XmlTokenKind {
        self.tokens[index].kind
    }

    /// The bytes of a token.
    pub(super) fn span(&self, index: usize) -> Span {
        self.tokens[index].span
    }

    /// The bytes of an element with its content, or of another token.
    pub(super) fn whole(&self, index: usize) -> Span {
        Span::new(self.span(index).start, self.span(self.end(index)).end)
    }

    /// The token behind which an element ends.
    pub(super) fn end(&self, index: usize) -> usize {
        self.tokens[index].end
    }

    /// The bytes of an element's content.
    pub(super) fn inner(&self, index: usize) -> Span {
        let end = self.end(index);
        Span::new(
            self.span(index).end,
            self.span(end).start.max(self.span(index).end),
        )
    }

    /// Whether a token begins an element.
    pub(super) fn is_element(&self, index: usize) -> bool {
        matches!(self.kind(index), XmlTokenKind::Start | XmlTokenKind::Empty)
    }

    /// The name of an element with its prefix; empty for other tokens.
    pub(super) fn name(&self, index: usize) -> &'s str {
        let token = self.tokens[index];
        let start = token.span.start + 1;
        match token.kind {
            XmlTokenKind::Start | XmlTokenKind::Empty => &self.source[start..start + token.name],
            _ => "",
        }
    }

    /// The tokens inside an element that stand in no other element there.
    pub(super) fn children(&self, index: usize) -> impl Iterator<Item = usize> {
        self.side_by_side(index + 1, self.end(index))
    }

    fn side_by_side(&self, first: usize, end: usize) -> impl Iterator<Item = usize> {
        let next = move |at: usize| (at < end).then_some(at);
        std::iter::successors(next(first), move |&at| next(self.end(at) + 1))
    }

    /// The outermost tokens.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        self.side_by_side(0, self.len())
    }

    /// The elements of a name inside an element, at any depth.
    pub(super) fn descendants<'a>(
        &'a self,
        index: usize,
        name: &'a str,
    ) -> impl Iterator<Item = usize> + 'a {
        (index + 1..self.end(index)).filter(move |&at| self.name(at) == name)
    }

    /// The first child of a name.
    pub(super) fn child(&self, index: usize, name: &str) -> Option<usize> {
        self.children(index).find(|&at| self.name(at) == name)
    }

    /// Where the value of an attribute stands, without its quotation marks.
    pub(super) fn value_span(&self, index: usize, name: &str) -> Option<Span> {
        if !self.is_element(index) {
            return None;
        }
        let span = self.span(index);
        Some(attribute_value(span.of(self.source), name)?.shifted(span.start))
    }

    /// The value of an attribute.
    pub(super) fn value(&self, index: usize, name: &str) -> Option<String> {
        unescape(self.value_span(index, name)?.of(self.source)).ok()
    }

    /// The characters for which a token stands; none for tags and comments.
    pub(super) fn characters(&self, index: usize) -> Option<String> {
        let raw = self.span(index).of(self.source);
        let mut text = String::new();
        match self.kind(index) {
            XmlTokenKind::Text => normalise(raw, &mut text),
            XmlTokenKind::CData => {
                let inner = raw.strip_prefix("<![CDATA[")?.strip_suffix("]]>")?;
                normalise(inner, &mut text);
            }
            XmlTokenKind::Reference => {
                text.push(resolve(raw.strip_prefix('&')?.strip_suffix(';')?)?);
            }
            _ => return None,
        }
        Some(text)
    }

    /// All characters inside an element.
    pub(super) fn text(&self, index: usize) -> String {
        (index..=self.end(index))
            .filter_map(|at| self.characters(at))
            .collect()
    }

    /// Where the first byte of a token's characters stands.
    pub(super) fn characters_start(&self, index: usize) -> usize {
        let marks = if self.kind(index) == XmlTokenKind::CData {
            "<![CDATA[".len()
        } else {
            0
        };
        self.span(index).start + marks
    }
}

/// Appends a character as XML has it between tags; `quote` is the quotation mark of an attribute.
pub(super) fn push_escaped(c: char, quote: Option<char>, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' if quote == Some('"') => out.push_str("&quot;"),
        '\'' if quote == Some('\'') => out.push_str("&#39;"),
        '\n' | '\r' | '\t' if quote.is_some() => out.push(' '),
        '\r' => out.push_str("&#13;"),
        c if is_allowed(c) => out.push(c),
        _ => out.push('\u{fffd}'),
    }
}

/// The indices of a text's codes by number and kind.
pub(super) fn codes_by_number(text: &Text) -> HashMap<(u32, CodeKind), usize> {
    let codes = text.codes.iter().enumerate();
    codes
        .map(|(index, code)| ((code.id, code.kind), index))
        .collect()
}

/// Whether two texts have the same codes in the same order.
pub(super) fn same_codes(one: &Text, other: &Text) -> bool {
    one.codes.len() == other.codes.len()
        && std::iter::zip(&one.codes, &other.codes)
            .all(|(one, other)| (one.id, one.kind) == (other.id, other.kind))
}

/// Where marks without width stand in another text: its offset, and the index of the code before
/// which they come. `anchors` are their offsets in the old text with the number of codes before
/// them, in order. Between two codes a mark keeps its share of the way, at the border of a word.
pub(super) fn anchor_places(
    old: &Text,
    anchors: impl Iterator<Item = (usize, usize)>,
    new: &Text,
) -> Vec<(usize, usize)> {
    let is_same = same_codes(old, new);
    let stretch = |text: &Text, index: usize| {
        let from = match index.checked_sub(1) {
            Some(before) => text.codes[before].at,
            None => 0,
        };
        let to = text
            .codes
            .get(index)
            .map_or(text.plain.len(), |code| code.at);
        (from, to)
    };
    let mut last = (0, 0);
    anchors
        .map(|(at, index)| {
            let place = if is_same {
                let (from, to) = (stretch(old, index), stretch(new, index));
                (near_word(&new.plain, from, to, at), index)
            } else {
                let all = |text: &Text| (0, text.plain.len());
                let place = near_word(&new.plain, all(old), all(new), at);
                let codes = new.codes.iter().take_while(|code| code.at < place);
                (place, codes.count())
            };
            last = last.max(place);
            last
        })
        .collect()
}

/// The border of a word at which something stands that stood at `at` of a stretch.
fn near_word(text: &str, from: (usize, usize), to: (usize, usize), at: usize) -> usize {
    let (length, new) = (from.1.saturating_sub(from.0), to.1.saturating_sub(to.0));
    if at <= from.0 || length == 0 {
        return to.0;
    }
    if at >= from.1 {
        return to.1;
    }
    let aim = to.0 + new * (at - from.0) / length;
    let near = aim.saturating_sub(NEAR).max(to.0)..=(aim + NEAR).min(to.1);
    near.filter(|&place| text.is_char_boundary(place))
        .filter(|&place| {
            let before = text[..place].chars().next_back();
            let after = text[place..].chars().next();
            place == to.0
                || place == to.1
                || before.is_some_and(char::is_alphanumeric)
                    != after.is_some_and(char::is_alphanumeric)
        })
        .min_by_key(|place| place.abs_diff(aim))
        .unwrap_or_else(|| text.floor_char_boundary(aim))
}
