//! XML in and out, shared by TMX, XLIFF and TBX: a small tree, whole or element by element, and text that every XML reader accepts.

use super::error::Error;
use super::xml_input::XmlInput;
use crate::bitext::{Place, Span};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::Read;

/// Deeper nesting than any interchange file has; a guard against hostile ones.
const DEEPEST: usize = 128;

/// An element with its content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name without prefix.
    pub name: String,
    /// Its attributes; names with their prefix.
    pub attributes: Vec<(String, String)>,
    /// Text and elements in order.
    pub children: Vec<Child>,
    /// Where it begins, in bytes of the decoded file without its mark.
    pub offset: usize,
    /// Where its content stands; behind the tag for one without an end tag.
    pub inner: Span,
    /// Where it ends.
    pub end: usize,
    /// Whether it is a tag without an end tag: `<x/>`.
    pub is_empty_tag: bool,
    /// Whether its end tag was read.
    is_closed: bool,
}

/// Content of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Child {
    /// Text, entities resolved.
    Text(String),
    /// An element.
    Element(Element),
}

impl Element {
    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// The child elements of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first child element of this name.
    pub fn first(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// All text inside, at any depth.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for child in &self.children {
            match child {
                Child::Text(own) => text.push_str(own),
                Child::Element(element) => text.push_str(&element.text()),
            }
        }
        text
    }

    /// Every element of this name at any depth, in order.
    pub fn descendants<'a>(&'a self, name: &str) -> Vec<&'a Self> {
        let mut found = Vec::new();
        for element in self.elements() {
            if element.name == name {
                found.push(element);
            }
            found.extend(element.descendants(name));
        }
        found
    }
}

/// Reads a document and gives its root.
///
/// Entities of a DTD are not expanded: a reference to one is an error. Errors: [`Error::Broken`]
/// with the place; [`Error::NotText`].
pub fn read(bytes: &[u8], file: &str) -> Result<Element, Error> {
    super::decode::refuse_binary(bytes)?;
    let mut found = None;
    visit(&mut &*bytes, file, |_| true, &mut |_, root| {
        found.get_or_insert(root);
    })?;
    found.ok_or_else(|| broken("this is no XML: it has no element".into(), file, None))
}

/// Reads a document element by element: every outermost element that `is_wanted` is given to
/// `visit` with those around it, which have their attributes and no content, and is forgotten then.
/// So memory does not grow with the file.
///
/// Gives the root without content. Errors: as [`read`]; elements before the place of the error
/// have been visited.
pub(super) fn visit(
    input: &mut dyn Read,
    file: &str,
    is_wanted: impl Fn(&str) -> bool,
    visit: &mut dyn FnMut(&[Element], Element),
) -> Result<Element, Error> {
    let input = XmlInput::new(input).map_err(|error| broken(error.to_string(), file, None))?;
    visit_input(input, file, is_wanted, visit)
}

/// As [`visit`] for a text that is decoded, whatever its declaration says. Offsets count in it.
pub(super) fn visit_text(
    text: &str,
    file: &str,
    is_wanted: impl Fn(&str) -> bool,
    visit: &mut dyn FnMut(&[Element], Element),
) -> Result<Element, Error> {
    let mut bytes = text.as_bytes();
    visit_input(XmlInput::decoded(&mut bytes), file, is_wanted, visit)
}

fn visit_input(
    input: XmlInput<'_>,
    file: &str,
    is_wanted: impl Fn(&str) -> bool,
    visit: &mut dyn FnMut(&[Element], Element),
) -> Result<Element, Error> {
    let mut reader = Reader::from_reader(input);
    let mut buffer = Vec::new();
    let mut tree = XmlTree {
        open: Vec::new(),
        wanted: None,
        root: None,
        is_wanted,
        visit,
    };
    loop {
        buffer.clear();
        let at = reader.buffer_position() as usize;
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(broken(error.to_string(), file, Some(reader.get_ref()))),
        };
        let is_end = matches!(event, Event::Eof);
        if let Err(what) = tree.event(event, at) {
            return Err(broken(what, file, Some(reader.get_ref())));
        }
        let position = reader.buffer_position() as usize;
        tree.passed(position);
        if is_end {
            break;
        }
    }
    if let Some(element) = tree.open.last() {
        let what = format!("`<{}>` is never closed", element.name);
        return Err(broken(what, file, Some(reader.get_ref())));
    }
    tree.root
        .ok_or_else(|| broken("this is no XML: it has no element".into(), file, None))
}

/// An error at the line that the input has come to.
fn broken(what: String, file: &str, input: Option<&XmlInput<'_>>) -> Error {
    let (line, column, text) = input.map_or((1, 1, String::new()), XmlInput::line);
    Error::Broken {
        what,
        place: Box::new(Place {
            file: file.to_owned(),
            line,
            column,
            width: 1,
            text,
        }),
    }
}

/// The elements that are open while a document is read.
struct XmlTree<'v, W> {
    open: Vec<Element>,
    /// The index of the open element whose content is kept.
    wanted: Option<usize>,
    root: Option<Element>,
    is_wanted: W,
    visit: &'v mut dyn FnMut(&[Element], Element),
}

impl<W: Fn(&str) -> bool> XmlTree<'_, W> {
    /// Takes an event that begins at `at`.
    fn event(&mut self, event: Event<'_>, at: usize) -> Result<(), String> {
        match event {
            Event::Start(start) => {
                if self.open.len() >= DEEPEST {
                    return Err("elements are nested too deep".into());
                }
                let element = element(&start, at)?;
                if self.wanted.is_none() && (self.is_wanted)(&element.name) {
                    self.wanted = Some(self.open.len());
                }
                self.open.push(element);
            }
            Event::Empty(start) => {
                let mut element = element(&start, at)?;
                element.is_empty_tag = true;
                if self.wanted.is_none() && (self.is_wanted)(&element.name) {
                    self.wanted = Some(self.open.len());
                }
                self.open.push(element);
            }
            Event::End(_) => {
                if let Some(element) = self.open.last_mut() {
                    element.inner.end = at;
                    element.is_closed = true;
                }
            }
            Event::Text(part) => self.push(&part),
            Event::CData(part) => self.push(&part),
            Event::GeneralRef(reference) => {
                let name: &str = &reference;
                let resolved = resolve(name).ok_or_else(|| format!("unknown entity `&{name};`"))?;
                self.push(resolved.encode_utf8(&mut [0; 4]));
            }
            _ => {}
        }
        Ok(())
    }

    /// Says where the event ended: at the end of a start tag, or of an element.
    fn passed(&mut self, position: usize) {
        let Some(element) = self.open.last_mut() else {
            return;
        };
        if element.inner.start == 0 {
            element.inner = Span::new(position, position);
        }
        if !(element.is_closed || element.is_empty_tag) {
            return;
        }
        let Some(mut element) = self.open.pop() else {
            return;
        };
        element.end = position;
        match self.wanted {
            Some(index) if index == self.open.len() => {
                self.wanted = None;
                if self.open.is_empty() {
                    self.root.get_or_insert_with(|| Element {
                        children: Vec::new(),
                        ..element.clone()
                    });
                }
                (self.visit)(&self.open, element);
            }
            Some(_) => {
                if let Some(parent) = self.open.last_mut() {
                    parent.children.push(Child::Element(element));
                }
            }
            None if self.open.is_empty() => {
                self.root.get_or_insert(element);
            }
            None => {}
        }
    }

    fn push(&mut self, text: &str) {
        if self.wanted.is_none() {
            return;
        }
        if let Some(parent) = self.open.last_mut() {
            if !matches!(parent.children.last(), Some(Child::Text(_))) {
                parent.children.push(Child::Text(String::new()));
            }
            if let Some(Child::Text(last)) = parent.children.last_mut() {
                normalise(text, last);
            }
        }
    }
}

/// Appends text as XML 1.0 gives it to its readers: every line end is a line feed (section 2.11),
/// and a character that no XML file may hold is U+FFFD.
pub(super) fn normalise(raw: &str, out: &mut String) {
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            c if is_allowed(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
}

fn element(start: &BytesStart<'_>, offset: usize) -> Result<Element, String> {
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref().to_owned();
        attributes.push((key, unescape(&attribute.value)?));
    }
    Ok(Element {
        name,
        attributes,
        offset,
        ..Element::default()
    })
}

/// Resolves the five named and the numeric references; a number that no XML file may hold is U+FFFD.
pub(super) fn resolve(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    Some(match (name, number) {
        ("amp", _) => '&',
        ("lt", _) => '<',
        ("gt", _) => '>',
        ("quot", _) => '"',
        ("apos", _) => '\'',
        (_, Some(digits)) => {
            let value = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(value)
                .filter(|&c| is_allowed(c))
                .unwrap_or('\u{fffd}')
        }
        _ => return None,
    })
}

/// An attribute's value: references resolved, white space made spaces (XML 1.0, section 3.3.3).
pub(super) fn unescape(raw: &str) -> Result<String, String> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    loop {
        let at = rest.find('&').unwrap_or(rest.len());
        let before = text.len();
        normalise(&rest[..at], &mut text);
        if text[before..].contains(['\n', '\t']) {
            let spaced = text[before..].replace(['\n', '\t'], " ");
            text.replace_range(before.., &spaced);
        }
        if at == rest.len() {
            return Ok(text);
        }
        let end = rest[at..].find(';').ok_or("an `&` stands alone")?;
        let name = &rest[at + 1..at + end];
        text.push(resolve(name).ok_or_else(|| format!("unknown entity `&{name};`"))?);
        rest = &rest[at + end + 1..];
    }
}

/// Whether XML 1.0 allows a character (section 2.2).
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Text and attribute values, escaped; characters that XML 1.0 forbids become U+FFFD, so that
/// nothing vanishes unseen.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            c if is_allowed(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    out
}
