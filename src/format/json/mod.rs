//! JSON: fields by a list of paths, and items of ninjs, which need none. Every field is a part of
//! its own, read as text, HTML or Markdown; the rest of the file keeps its bytes.

mod fields;
mod ninjs;
mod scan;
#[cfg(test)]
mod tests;

use super::contract::{ContainerFormat, Format, FoundPart, ReadOptions, Reading};
use super::decode::{decode, encode};
use super::error::Error;
use super::field_part::{FieldNotation, field_part, guessed, render_field};
use super::json_text::write_json_string;
use super::splice::Splices;
use super::{html, plain};
use crate::bitext::{Block, Lang, Notice, OffsetMap, Span, Text};
use fields::FieldPattern;
use scan::{JsonPath, JsonScalar, JsonStep};
use std::collections::{HashMap, HashSet};

/// How many paths a message names.
const EXAMPLES: usize = 12;

/// Files of a content management system, and news items of IPTC's ninjs.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn find(&self, _source: &str, _lang: &Lang) -> Reading {
        Reading::default()
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        render_field(block, text, out)
    }

    fn container(&self) -> Option<&dyn ContainerFormat> {
        Some(self)
    }
}

impl ContainerFormat for Json {
    fn is_own(&self, _bytes: &[u8]) -> bool {
        false
    }

    fn open(
        &self,
        bytes: &[u8],
        lang: &Lang,
        options: &ReadOptions,
    ) -> Result<Vec<FoundPart>, Error> {
        let (source, _, mut notices) = decode(bytes)?;
        let scalars = scan::scan(&source)?;
        let patterns: Vec<FieldPattern> = options
            .fields
            .iter()
            .map(|path| FieldPattern::read(path))
            .collect::<Result<_, _>>()?;
        let is_ninjs = patterns.is_empty() && ninjs::is_ninjs(&scalars);
        if patterns.is_empty() && !is_ninjs {
            return Err(no_fields(&scalars));
        }
        let broken = scalars.iter().filter(|scalar| {
            !scalar.span.is_empty() && scalar.text.as_ref().is_some_and(String::is_empty)
        });
        let broken = broken.count();
        if broken > 0 {
            let what = if broken == 1 {
                "string stays"
            } else {
                "strings stay"
            };
            let message = format!("{broken} {what} as it is: an escape is half of a character");
            notices.push(Notice {
                message,
                span: None,
            });
        }
        let foreign = foreign_items(&scalars, lang, is_ninjs, &mut notices);
        let mut parts = Vec::new();
        for scalar in &scalars {
            let Some(text) = &scalar.text else { continue };
            if is_language(&scalar.path, is_ninjs) {
                parts.extend(language(scalar, text, lang));
                continue;
            }
            let field = if is_ninjs {
                ninjs::field(scalar, &scalars)
            } else {
                patterns
                    .iter()
                    .find_map(|pattern| pattern.field(scalar, &scalars))
            };
            let is_foreign = foreign
                .iter()
                .any(|item| scalar.path.0.starts_with(&item.0));
            if let Some(field) = field.filter(|_| !is_foreign) {
                let name = scalar.path.to_string();
                let field = (field.notation, field.role);
                parts.push(field_part(name, text, field, lang, options));
            }
        }
        if is_ninjs {
            let message =
                "`uri` and `version` stay; a translation is an item of its own".to_owned();
            notices.push(Notice {
                message,
                span: None,
            });
        } else if parts.is_empty() {
            let message = format!("no string stands at {}", options.fields.join(", "));
            notices.push(Notice {
                message,
                span: None,
            });
        }
        if parts.is_empty() {
            parts.push(FoundPart::default());
        }
        if let Some(first) = parts.first_mut() {
            first.reading.notices.splice(0..0, notices);
        }
        Ok(parts)
    }

    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
        let (source, encoding, _) = decode(original)?;
        let scalars = scan::scan(&source)?;
        let new: HashMap<&str, &[u8]> = parts.iter().map(|(name, text)| (*name, &**text)).collect();
        let is_ascii = source.is_ascii() && source.contains("\\u");
        let escapes_slashes = source.contains("\\/");
        let mut splices = Splices::default();
        let mut counted = HashSet::new();
        for scalar in &scalars {
            let Some(text) = new.get(&*scalar.path.to_string()) else {
                continue;
            };
            let text = String::from_utf8_lossy(text);
            let mut written = String::with_capacity(text.len() + 16);
            write_json_string(&text, is_ascii, escapes_slashes, &mut written);
            splices.replace(scalar.span, written);
            for (place, count) in counts(scalar, &text, &scalars) {
                // A body that stands twice is counted once.
                if counted.insert(place.start) {
                    splices.replace(place, count.to_string());
                }
            }
        }
        Ok(encode(&splices.apply(&source), encoding, false).0)
    }
}

/// A file of which nobody said where its texts stand.
fn no_fields(scalars: &[JsonScalar]) -> Error {
    let mut paths: Vec<String> = Vec::new();
    for scalar in scalars {
        let is_text = scalar
            .text
            .as_deref()
            .is_some_and(|text| text.trim().contains(' '));
        let steps = scalar
            .path
            .0
            .iter()
            .filter(|step| matches!(step, JsonStep::Key(_)));
        let path = JsonPath(steps.cloned().collect()).to_string();
        if is_text && !path.is_empty() && !paths.contains(&path) {
            paths.push(path);
        }
    }
    let more = paths.len().saturating_sub(EXAMPLES);
    paths.truncate(EXAMPLES);
    let list = paths.join(",");
    Error::Refused {
        what: "which fields of this JSON file are texts is not known".into(),
        advice: match more {
            _ if list.is_empty() => "name them with `--fields PATH,…`".into(),
            0 => format!("name them with `--fields`; with several words are: {list}"),
            more => {
                format!("name them with `--fields`; with several words are: {list} and {more} more")
            }
        },
    }
}

/// Whether a string names the language of an item.
fn is_language(path: &JsonPath, is_ninjs: bool) -> bool {
    let (own, _) = ninjs::item(&path.0);
    let own = if is_ninjs { own } else { &path.0 };
    matches!(own, [JsonStep::Key(key)] if key == "language" || (!is_ninjs && key == "lang"))
}

/// The name of the language as a part without a text.
fn language(scalar: &JsonScalar, text: &str, lang: &Lang) -> Option<FoundPart> {
    lang.is_base_of(text).then(|| FoundPart {
        name: scalar.path.to_string(),
        source: text.to_owned(),
        reading: Reading {
            languages: vec![Span::new(0, text.len())],
            ..Reading::default()
        },
        ..FoundPart::default()
    })
}

/// Items inside the item that are in another language; a notice names them.
fn foreign_items(
    scalars: &[JsonScalar],
    lang: &Lang,
    is_ninjs: bool,
    notices: &mut Vec<Notice>,
) -> Vec<JsonPath> {
    let mut foreign = Vec::new();
    for scalar in scalars
        .iter()
        .filter(|own| is_language(&own.path, is_ninjs))
    {
        let text = scalar.text.as_deref().unwrap_or_default();
        if text.is_empty() || lang.is_base_of(text) {
            continue;
        }
        let item = JsonPath(scalar.path.0[..scalar.path.0.len() - 1].to_vec());
        let message = if item.0.is_empty() {
            format!("the file says that its language is `{text}`; it stays as it is")
        } else {
            format!("{item} stays as it is: its language is `{text}`")
        };
        notices.push(Notice {
            message,
            span: None,
        });
        foreign.push(item);
    }
    foreign
}

/// The numbers beside a body that count its characters and its words, with what they become.
fn counts(scalar: &JsonScalar, text: &str, all: &[JsonScalar]) -> Vec<(Span, usize)> {
    let Some((JsonStep::Key(key), beside)) = scalar.path.0.split_last() else {
        return Vec::new();
    };
    if key != "value" && !key.starts_with("body_") {
        return Vec::new();
    }
    let reading = match guessed(text) {
        FieldNotation::Html => html::Html.find(text, &Lang::new("en")),
        _ => plain::Plain.find(text, &Lang::new("en")),
    };
    let texts = || reading.found.iter().map(|found| found.text.plain.as_str());
    let characters: usize = texts().map(|text| text.chars().count()).sum();
    let words: usize = texts().map(|text| text.split_whitespace().count()).sum();
    let number = |names: [&str; 2], count| {
        let found = all.iter().find(|other| {
            let last = other.path.0.split_last();
            other.text.is_none()
                && last.is_some_and(|(last, around)| {
                    around == beside
                        && matches!(last, JsonStep::Key(key) if names.contains(&key.as_str()))
                })
        });
        found.map(|found| (found.span, count))
    };
    let characters = number(["charcount", "charCount"], characters);
    let words = number(["wordcount", "wordCount"], words);
    characters.into_iter().chain(words).collect()
}
