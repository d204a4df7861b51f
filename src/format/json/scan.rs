//! The strings of a JSON file with their paths and their bytes.
//!
//! Source: RFC 8259.

use super::super::error::Error;
use super::super::json_text::{json_string, string_end};
use crate::bitext::{Place, Span};
use std::collections::HashSet;
use std::fmt;

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum JsonStep {
    /// The member of an object.
    Key(String),
    /// The element of an array, from 0.
    Index(usize),
}

/// The way from the root to a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct JsonPath(pub Vec<JsonStep>);

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                JsonStep::Key(key) if position == 0 => f.write_str(key)?,
                JsonStep::Key(key) => write!(f, ".{key}")?,
                JsonStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A string or a number.
#[derive(Debug, Clone)]
pub(super) struct JsonScalar {
    /// Where it stands in the tree.
    pub path: JsonPath,
    /// Its bytes, those of a string without its quotation marks.
    pub span: Span,
    /// What a string says; none for a number.
    pub text: Option<String>,
}

/// An object or an array that is open.
enum JsonContainer {
    Object { keys: HashSet<String> },
    Array { next: usize },
}

/// Every string and number of a file, in the order of the file.
///
/// Errors: [`Error::Broken`] with the place, for what is not JSON and for an object with two members
/// of one name.
pub(super) fn scan(source: &str) -> Result<Vec<JsonScalar>, Error> {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(source) {
        let line = source
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1));
        let start: usize = line.map(str::len).sum();
        let what = error.to_string();
        let what = what
            .rsplit_once(" at line ")
            .map_or(&*what, |(what, _)| what);
        let at = start + error.column().saturating_sub(1);
        return Err(broken(&format!("not JSON: {what}"), source, at));
    }
    let bytes = source.as_bytes();
    let mut scalars = Vec::new();
    let mut open: Vec<JsonContainer> = Vec::new();
    let mut path = JsonPath::default();
    let mut at = 0;
    // What is read is JSON: only the order of its marks is left to follow.
    while at < bytes.len() {
        match bytes[at] {
            b'{' => {
                enter(&mut open, &mut path);
                open.push(JsonContainer::Object {
                    keys: HashSet::new(),
                });
            }
            b'[' => {
                enter(&mut open, &mut path);
                open.push(JsonContainer::Array { next: 0 });
            }
            b'}' | b']' => {
                open.pop();
                leave(&open, &mut path);
            }
            b'"' => {
                let end = string_end(bytes, at + 1, bytes.len()).unwrap_or(bytes.len());
                let span = Span::new(at + 1, end);
                let text = json_string(span.of(source)).unwrap_or_default();
                at = end + 1;
                let is_key = matches!(open.last(), Some(JsonContainer::Object { .. }))
                    && source[at..].trim_start().starts_with(':');
                match open.last_mut() {
                    Some(JsonContainer::Object { keys }) if is_key => {
                        if !keys.insert(text.clone()) {
                            let what = format!("an object has two members `{text}`");
                            return Err(broken(&what, source, span.start));
                        }
                        path.0.push(JsonStep::Key(text));
                    }
                    _ => add(&mut scalars, &mut open, &mut path, span, Some(text)),
                }
                continue;
            }
            c if c == b'-' || c.is_ascii_alphanumeric() => {
                let length = bytes[at..]
                    .iter()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'+' | b'.'));
                let span = Span::new(at, at + length.count());
                add(&mut scalars, &mut open, &mut path, span, None);
                at = span.end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(scalars)
}

/// Notes the place of a value in the array around it.
fn enter(open: &mut [JsonContainer], path: &mut JsonPath) {
    if let Some(JsonContainer::Array { next }) = open.last_mut() {
        path.0.push(JsonStep::Index(*next));
        *next += 1;
    }
}

/// Takes the last step back behind a value.
fn leave(open: &[JsonContainer], path: &mut JsonPath) {
    if !open.is_empty() {
        path.0.pop();
    }
}

fn add(
    scalars: &mut Vec<JsonScalar>,
    open: &mut [JsonContainer],
    path: &mut JsonPath,
    span: Span,
    text: Option<String>,
) {
    enter(open, path);
    scalars.push(JsonScalar {
        path: path.clone(),
        span,
        text,
    });
    leave(open, path);
}

pub(super) fn broken(what: &str, source: &str, at: usize) -> Error {
    Error::Broken {
        what: what.to_owned(),
        place: Box::new(Place::at("", source, at, 1)),
    }
}
