//! Which strings of a JSON file are texts: a list of paths.

use super::super::error::Error;
use super::super::field_part::{FieldNotation, guessed};
use super::scan::{JsonPath, JsonScalar, JsonStep};
use crate::bitext::Role;

/// A field: how it is written, and what its text is in the article, where the format knows that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JsonField {
    pub notation: FieldNotation,
    pub role: Option<Role>,
}

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum FieldStep {
    /// The member of this name.
    Key(String),
    /// Any member.
    AnyKey,
    /// The element with this number.
    Index(usize),
    /// Any element.
    AnyIndex,
    /// Any element whose member has this value.
    With(String, String),
}

/// A path as a person writes it: `artikel.tekst[type=alinea].inhoud:html`. Arrays that it does not
/// name are entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldPattern {
    steps: Vec<FieldStep>,
    notation: Option<FieldNotation>,
}

impl FieldPattern {
    /// Reads a path.
    ///
    /// Errors: [`Error::Refused`] with what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let fault = |what: &str| Error::Refused {
            what: format!("`{text}` is not a path of a field: {what}"),
            advice: "write paths as `body[type=text].value:html`, several of them with commas"
                .into(),
        };
        let (path, notation) = match text.rsplit_once(':') {
            Some((path, "html")) => (path, Some(FieldNotation::Html)),
            Some((path, "markdown")) => (path, Some(FieldNotation::Markdown)),
            Some((path, "text")) => (path, Some(FieldNotation::Plain)),
            Some(_) => return Err(fault("behind `:` stands html, markdown or text")),
            None => (text, None),
        };
        let mut steps = Vec::new();
        let mut rest = path.trim();
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (inner, behind) = inner
                    .split_once(']')
                    .ok_or_else(|| fault("`]` is missing"))?;
                steps.push(match (inner.trim(), inner.split_once('=')) {
                    ("" | "*", _) => FieldStep::AnyIndex,
                    (_, Some((key, value))) => {
                        FieldStep::With(key.trim().to_owned(), value.trim().to_owned())
                    }
                    (number, None) => FieldStep::Index(
                        number
                            .parse()
                            .map_err(|_| fault("`[…]` has a number, `*` or key=value"))?,
                    ),
                });
                rest = behind;
                continue;
            }
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, behind) = rest.split_at(end);
            steps.push(match key {
                "" => return Err(fault("a name is missing")),
                "*" => FieldStep::AnyKey,
                key => FieldStep::Key(key.to_owned()),
            });
            rest = behind;
        }
        if steps.is_empty() {
            return Err(fault("it is empty"));
        }
        Ok(Self { steps, notation })
    }

    /// The field that a string is by this pattern.
    pub(super) fn field(&self, scalar: &JsonScalar, all: &[JsonScalar]) -> Option<JsonField> {
        let text = scalar.text.as_deref()?;
        fits(&self.steps, &scalar.path.0, 0, all).then(|| JsonField {
            notation: self.notation.unwrap_or_else(|| guessed(text)),
            role: None,
        })
    }
}

/// Whether the rest of a path fits the rest of a pattern.
fn fits(pattern: &[FieldStep], path: &[JsonStep], at: usize, all: &[JsonScalar]) -> bool {
    let Some(step) = path.get(at) else {
        return pattern.is_empty();
    };
    let next = |pattern| fits(pattern, path, at + 1, all);
    match (pattern.split_first(), step) {
        (Some((FieldStep::Key(wanted), rest)), JsonStep::Key(key)) => wanted == key && next(rest),
        (Some((FieldStep::AnyKey, rest)), JsonStep::Key(_))
        | (Some((FieldStep::AnyIndex, rest)), JsonStep::Index(_)) => next(rest),
        (Some((FieldStep::Index(wanted), rest)), JsonStep::Index(index)) => {
            wanted == index && next(rest)
        }
        (Some((FieldStep::With(key, value), rest)), JsonStep::Index(_)) => {
            let mut own = path[..=at].to_vec();
            own.push(JsonStep::Key(key.clone()));
            let own = JsonPath(own);
            let is = all
                .iter()
                .any(|other| other.path == own && other.text.as_ref() == Some(value));
            is && next(rest)
        }
        // An array that the pattern does not name.
        (_, JsonStep::Index(_)) => next(pattern),
        _ => false,
    }
}
