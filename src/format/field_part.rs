//! A field of a file, such as a string of JSON or a cell of a table, as a part of its own that is
//! text, HTML or Markdown.

use super::contract::{Format, FoundPart, ReadOptions};
use super::html::looks_like_html;
use super::{html, markdown, plain};
use crate::bitext::{Block, Encoding, Lang, Notation, OffsetMap, Role, Text};

/// How the text of a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldNotation {
    /// Lines and paragraphs.
    Plain,
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
}

/// HTML where a tag stands in the text.
pub(super) fn guessed(text: &str) -> FieldNotation {
    if looks_like_html(text) {
        FieldNotation::Html
    } else {
        FieldNotation::Plain
    }
}

/// Writes a text of a field in the notation of the field.
pub(super) fn render_field(block: &Block, text: &Text, out: &mut String) -> OffsetMap {
    match block.notation {
        Notation::Json => plain::Plain.render(block, text, out),
        Notation::Html => html::render(Notation::Text, text, false, out),
        notation @ (Notation::DoubleQuoted | Notation::SingleQuoted | Notation::Unquoted) => {
            html::render(notation, text, false, out)
        }
        _ => markdown::Markdown.render(block, text, out),
    }
}

/// A field as a part: its text, how it is written, and what it is in the article, where that is
/// known.
pub(super) fn field_part(
    name: String,
    text: &str,
    (notation, role): (FieldNotation, Option<Role>),
    lang: &Lang,
    options: &ReadOptions,
) -> FoundPart {
    let mut reading = match notation {
        FieldNotation::Plain => plain::Plain.find_with(text, lang, options),
        FieldNotation::Html => html::Html.find(text, lang),
        FieldNotation::Markdown => markdown::Markdown.find_with(text, lang, options),
    };
    for found in &mut reading.found {
        if found.notation == Notation::Text {
            found.notation = match notation {
                FieldNotation::Plain => Notation::Json,
                FieldNotation::Html => Notation::Html,
                FieldNotation::Markdown => Notation::Text,
            };
        }
        found.role = match (role, found.role) {
            (Some(role), _) => role,
            // A field is not an article: its first line is not a headline.
            (None, Role::Headline | Role::Byline | Role::Dateline)
                if notation == FieldNotation::Plain =>
            {
                Role::Paragraph
            }
            (None, role) => role,
        };
    }
    FoundPart {
        name,
        source: text.to_owned(),
        encoding: Encoding::Utf8,
        reading,
    }
}
