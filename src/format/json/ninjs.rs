//! Which strings of an item of ninjs are texts.
//!
//! Source: IPTC, *ninjs* 1.3, 2.1 and 3.1. Names of subjects, places and persons are values of a
//! vocabulary and stay; so do identifiers, rights and addresses.

use super::super::field_part::{FieldNotation, guessed};
use super::fields::JsonField;
use super::scan::{JsonPath, JsonScalar, JsonStep};
use crate::bitext::Role;

/// Whether a file is an item of ninjs: by the standard that it names, else by its members.
pub(super) fn is_ninjs(scalars: &[JsonScalar]) -> bool {
    let root = |name: &str| {
        scalars
            .iter()
            .find(|scalar| match scalar.path.0.as_slice() {
                [JsonStep::Key(key), ..] => key == name,
                _ => false,
            })
    };
    let names_it = root("standard")
        .or_else(|| root("$standard"))
        .is_some_and(|scalar| {
            let all = scalars
                .iter()
                .filter(|other| other.path.0.first() == scalar.path.0.first());
            all.filter_map(|other| other.text.as_deref())
                .any(|text| text.to_ascii_lowercase().contains("ninjs"))
        });
    let has_text = [
        "headline",
        "headlines",
        "bodies",
        "body_text",
        "body_html",
        "body_xhtml",
    ]
    .iter()
    .any(|name| root(name).is_some());
    names_it || (root("uri").is_some() && has_text)
}

/// The field that a string of an item is.
pub(super) fn field(scalar: &JsonScalar, all: &[JsonScalar]) -> Option<JsonField> {
    let text = scalar.text.as_deref()?;
    let (own, depth) = item(&scalar.path.0);
    let is_associated = depth > 0;
    let role = |role: Role| Some(if is_associated { Role::Caption } else { role });
    let plain = |role| {
        Some(JsonField {
            notation: FieldNotation::Plain,
            role,
        })
    };
    match own {
        [JsonStep::Key(key)] => {
            let notation = if key.ends_with("html") {
                FieldNotation::Html
            } else {
                FieldNotation::Plain
            };
            match key.as_str() {
                "headline" | "title" => plain(role(Role::Headline)),
                "byline" | "by" if !is_associated => plain(Some(Role::Byline)),
                key if key.starts_with("description_") => Some(JsonField {
                    notation,
                    role: role(Role::Meta),
                }),
                // The body in another language of markup is not a text of HTML or lines.
                "body_nitf" => None,
                key if key.starts_with("body_") => Some(JsonField {
                    notation,
                    role: is_associated.then_some(Role::Caption),
                }),
                _ => None,
            }
        }
        [
            JsonStep::Key(list),
            JsonStep::Index(_),
            JsonStep::Key(value),
        ] if value == "value" => match list.as_str() {
            "headlines" => plain(role(Role::Headline)),
            "descriptions" => Some(JsonField {
                notation: notation(&scalar.path, text, all)?,
                role: role(Role::Meta),
            }),
            "bodies" => Some(JsonField {
                notation: notation(&scalar.path, text, all)?,
                role: is_associated.then_some(Role::Caption),
            }),
            _ => None,
        },
        _ => None,
    }
}

/// The path inside the innermost item, and how many items are around that.
pub(super) fn item(path: &[JsonStep]) -> (&[JsonStep], usize) {
    let (mut own, mut depth) = (path, 0);
    while let [JsonStep::Key(key), _, rest @ ..] = own
        && key == "associations"
        && !rest.is_empty()
    {
        (own, depth) = (rest, depth + 1);
    }
    (own, depth)
}

/// How the value of a body is written: by its content type; none for one that is neither text nor
/// HTML.
fn notation(path: &JsonPath, text: &str, all: &[JsonScalar]) -> Option<FieldNotation> {
    let beside = &path.0[..path.0.len() - 1];
    let kind = ["contenttype", "contentType"].iter().find_map(|name| {
        let mut own = beside.to_vec();
        own.push(JsonStep::Key((*name).to_owned()));
        let own = JsonPath(own);
        all.iter().find(|other| other.path == own)?.text.as_deref()
    });
    match kind.map(|kind| kind.split(';').next().unwrap_or(kind).trim()) {
        Some("text/html" | "application/xhtml+xml") => Some(FieldNotation::Html),
        Some("text/markdown") => Some(FieldNotation::Markdown),
        Some("text/plain") => Some(FieldNotation::Plain),
        Some(_) => None,
        None => Some(guessed(text)),
    }
}
