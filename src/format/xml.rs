//! XML in and out, shared by TMX, XLIFF and TBX: a small tree, and text that every XML reader
//! accepts.

use super::error::Error;
use crate::bitext::{Code, CodeKind, Place, Text};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

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
    /// Where it begins, in bytes of the decoded file.
    pub offset: usize,
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
    let (text, _, _) = super::decode(bytes)?;
    let broken = |what: String, at: usize| Error::Broken {
        what,
        place: Box::new(Place::at(file, &text, at, 1)),
    };
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader
            .read_event()
            .map_err(|error| broken(error.to_string(), reader.error_position() as usize))?;
        match event {
            Event::Eof => break,
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(broken("elements are nested too deep".into(), at));
                }
                open.push(element(&start, at).map_err(|what| broken(what, at))?);
            }
            Event::Empty(start) => {
                let element = element(&start, at).map_err(|what| broken(what, at))?;
                close(element, &mut open, &mut root);
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    close(element, &mut open, &mut root);
                }
            }
            Event::Text(part) => push(&mut open, &part),
            Event::CData(part) => push(&mut open, &part),
            Event::GeneralRef(reference) => {
                let name: &str = &reference;
                let resolved = resolve(name)
                    .ok_or_else(|| broken(format!("unknown entity `&{name};`"), at))?;
                push(&mut open, &resolved);
            }
            _ => {}
        }
    }
    if let Some(element) = open.last() {
        return Err(broken(
            format!("`<{}>` is never closed", element.name),
            element.offset,
        ));
    }
    root.ok_or_else(|| broken("this is no XML: it has no element".into(), 0))
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(Child::Element(element)),
        None => {
            root.get_or_insert(element);
        }
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(parent) = open.last_mut() {
        if let Some(Child::Text(last)) = parent.children.last_mut() {
            last.push_str(text);
        } else {
            parent.children.push(Child::Text(text.to_owned()));
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
        children: Vec::new(),
        offset,
    })
}

/// Resolves the five named and the numeric references.
fn resolve(name: &str) -> Option<String> {
    let number = name.strip_prefix('#');
    let c = match (name, number) {
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
            char::from_u32(value)?
        }
        _ => return None,
    };
    Some(c.to_string())
}

fn unescape(raw: &str) -> Result<String, String> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        let end = rest[at..].find(';').ok_or("an `&` stands alone")?;
        let name = &rest[at + 1..at + end];
        text.push_str(&resolve(name).ok_or_else(|| format!("unknown entity `&{name};`"))?);
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    Ok(text)
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

/// Writes a text with its codes: plain parts escaped, every code by `write`, which is told whether
/// the code's partner is in the text too.
pub fn inline(text: &Text, out: &mut String, mut write: impl FnMut(&Code, bool, &mut String)) {
    let mut at = 0;
    for code in &text.codes {
        out.push_str(&escape(&text.plain[at..code.at]));
        at = code.at;
        let paired = text
            .codes
            .iter()
            .any(|other| other.id == code.id && other.kind != code.kind);
        write(code, paired && code.kind != CodeKind::Empty, out);
    }
    out.push_str(&escape(&text.plain[at..]));
}

/// Reads a text with codes: `code` says what an element is, or none if its content is plain text to
/// be read on.
pub fn read_inline(
    element: &Element,
    code: &mut dyn FnMut(&Element) -> Option<(u32, CodeKind)>,
    text: &mut Text,
) {
    for child in &element.children {
        match child {
            Child::Text(part) => text.plain.push_str(part),
            Child::Element(inner) => match code(inner) {
                Some((id, kind)) => text.codes.push(Code {
                    at: text.plain.len(),
                    id,
                    kind,
                    data: inner.text(),
                    label: inner
                        .attribute("type")
                        .or_else(|| inner.attribute("ctype"))
                        .unwrap_or_default()
                        .to_owned(),
                }),
                None => read_inline(inner, code, text),
            },
        }
    }
}
