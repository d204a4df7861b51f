//! HTML by the standard: a tokenizer with byte spans finds the text and what attributes say to
//! readers; every other byte stays as it is.
//!
//! Broken HTML never fails. Elements that the standard displays as blocks part the text, all others
//! travel as codes.

mod attributes;
mod elements;
pub(super) mod fragment;
mod kinds;
mod ld;
mod left;
mod run;
mod stack;
mod tokens;
mod walk;

use super::contract::{Format, Reading};
use super::entities;
use super::json_text::escape_json;
use crate::bitext::{Block, Lang, Notation, OffsetMap, Text};

/// HTML.
pub struct Html;

/// Whether a file is XHTML: its first bytes are an XML declaration.
fn is_xml(source: &str) -> bool {
    source.trim_start().starts_with("<?xml")
}

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }

    fn find(&self, source: &str, lang: &Lang) -> Reading {
        walk::read(source, &lang.base(), is_xml(source))
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        render(block.notation, text, false, out)
    }
}

/// Whether a tag stands in a text.
pub(super) fn looks_like_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('/');
        rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
    })
}

/// Finds the text of a page that is XML, whatever it begins with.
#[cfg(feature = "office")]
pub(super) fn find_xml(source: &str, lang: &Lang) -> Reading {
    walk::read(source, &lang.base(), true)
}

/// Writes a text where HTML has it: between tags, in an attribute, in JSON-LD.
///
/// `bars`: whether `|` is written as a reference, because the tag may stand in a cell of Markdown.
pub(super) fn render(notation: Notation, text: &Text, bars: bool, out: &mut String) -> OffsetMap {
    let base = out.len();
    let mut map = OffsetMap::default();
    let mut codes = text.codes.iter().peekable();
    if notation == Notation::Unquoted {
        out.push('"');
    }
    let mut previous = ' ';
    for (at, c) in text.plain.char_indices() {
        let mut breaks = false;
        while let Some(code) = codes.next_if(|code| code.at <= at) {
            out.push_str(&code.data);
            breaks = code.label == "br";
        }
        map.point(at, out.len() - base);
        if breaks && c == ' ' {
            // The space that a line break is for whoever reads words.
            continue;
        }
        match (notation, c) {
            (Notation::Json | Notation::JsonAscii, c) => {
                escape_json(c, previous, notation == Notation::JsonAscii, out);
            }
            (Notation::DoubleQuoted | Notation::Unquoted, '"') => out.push_str("&quot;"),
            (Notation::SingleQuoted, '\'') => out.push_str("&#39;"),
            (_, '|') if bars => out.push_str("&#124;"),
            _ => entities::escape(c, out),
        }
        previous = c;
    }
    map.finish(text.plain.len(), out.len() - base);
    for code in codes {
        out.push_str(&code.data);
    }
    if notation == Notation::Unquoted {
        out.push('"');
    }
    map
}

#[cfg(test)]
mod tests;
