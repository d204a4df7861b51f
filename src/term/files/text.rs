//! The text of a file, whatever Excel or another program wrote it in: UTF-8 with and without a
//! mark, UTF-16 with one, Windows-1252; and the tree of an XML file.

use crate::bitext::Place;
use crate::format::{self, xml::Element};
use crate::term::error::Error;

/// Decodes a file.
///
/// Errors: [`Error::Unreadable`] for bytes that are not text.
pub fn decode(bytes: &[u8], name: &str) -> Result<String, Error> {
    match format::decode(bytes) {
        Ok((text, _, _)) => Ok(text),
        Err(error) => Err(refused(error, name)),
    }
}

/// The root of an XML file.
///
/// Errors: [`Error::Broken`] with the place; [`Error::Unreadable`] for bytes that are not text.
pub fn xml(bytes: &[u8], name: &str) -> Result<Element, Error> {
    format::xml::read(bytes, name).map_err(|error| refused(error, name))
}

/// The language of an XML element without its region, in lower case.
pub fn language(element: &Element) -> String {
    let tag = element
        .attribute("xml:lang")
        .or_else(|| element.attribute("lang"));
    let tag = tag.unwrap_or_default().to_ascii_lowercase();
    tag.split(['-', '_']).next().unwrap_or_default().to_owned()
}

fn refused(error: format::Error, name: &str) -> Error {
    let what = error.to_string();
    match error {
        format::Error::Broken { place, .. } => Error::Broken {
            what,
            place,
            fix: "mend the file, or export it anew from the program that wrote it".into(),
        },
        _ => Error::Unreadable {
            path: name.to_owned(),
            reason: what,
        },
    }
}

/// Where the lines of a text begin, to tell the place of many bytes.
pub struct RecordLines<'t> {
    name: &'t str,
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> RecordLines<'t> {
    /// Looks at the text once.
    pub fn new(name: &'t str, text: &'t str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
        Self {
            name,
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The place of a byte: its line and column.
    pub fn place(&self, at: usize) -> Place {
        let index = self.starts.partition_point(|&start| start <= at).max(1) - 1;
        let start = self.starts[index];
        let end = self.starts.get(index + 1).copied();
        let line = self.text.get(start..end.unwrap_or(self.text.len()));
        let line = line.unwrap_or_default().trim_end_matches(['\n', '\r']);
        let before = line.get(..at.saturating_sub(start)).unwrap_or(line);
        Place {
            file: self.name.to_owned(),
            line: index + 1,
            column: before.chars().count() + 1,
            width: 1,
            text: line.to_owned(),
        }
    }
}
