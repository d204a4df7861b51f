//! What attributes say to readers, and which name a language.

use super::super::contract::Found;
use super::super::entities::{self, Reference};
use super::run::says_something;
use super::tokens::{StartTag, TagAttribute};
use crate::bitext::{Notation, OffsetMap, Role, Span, Text};

/// Names of metadata that readers see in results of a search or in a shared link.
const SPOKEN_METADATA: &[&str] = &[
    "abstract",
    "apple-mobile-web-app-title",
    "article:section",
    "article:tag",
    "dc.description",
    "dc.subject",
    "dc.title",
    "dcterms.description",
    "dcterms.title",
    "description",
    "keywords",
    "news_keywords",
    "og:description",
    "og:image:alt",
    "og:title",
    "og:video:alt",
    "parsely-title",
    "sailthru.description",
    "sailthru.title",
    "title",
    "twitter:description",
    "twitter:image:alt",
    "twitter:title",
];
/// The same in microdata.
const SPOKEN_PROPERTIES: &[&str] = &[
    "abstract",
    "alternativeheadline",
    "articlesection",
    "caption",
    "description",
    "headline",
    "keywords",
];
/// Metadata that names a language.
const LANGUAGE_METADATA: &[&str] = &[
    "content-language",
    "dc.language",
    "dcterms.language",
    "inlanguage",
    "language",
    "og:locale",
];

/// Whether a value of an attribute is read by people.
fn is_spoken(tag: &StartTag, attribute: &TagAttribute) -> bool {
    let element = tag.name.as_str();
    match attribute.name.as_str() {
        "title"
        | "aria-label"
        | "aria-description"
        | "aria-placeholder"
        | "aria-roledescription"
        | "aria-valuetext"
        | "aria-braillelabel"
        | "aria-brailleroledescription" => true,
        "alt" => matches!(element, "img" | "area" | "input" | "image"),
        "placeholder" => matches!(element, "input" | "textarea"),
        "label" => matches!(element, "optgroup" | "option" | "track"),
        "abbr" => matches!(element, "th" | "td"),
        "summary" => element == "table",
        "standby" => element == "object",
        "prompt" => element == "isindex",
        "value" => {
            element == "input"
                && tag.value("type").is_some_and(|kind| {
                    ["button", "reset", "submit"]
                        .iter()
                        .any(|own| kind.trim().eq_ignore_ascii_case(own))
                })
        }
        "content" => element == "meta" && names(tag, SPOKEN_METADATA, SPOKEN_PROPERTIES),
        _ => false,
    }
}

/// Whether a `meta` is of one of these kinds.
fn names(tag: &StartTag, metadata: &[&str], properties: &[&str]) -> bool {
    let is = |attribute: &str, list: &[&str]| {
        tag.value(attribute)
            .is_some_and(|name| list.iter().any(|own| name.trim().eq_ignore_ascii_case(own)))
    };
    is("name", metadata)
        || is("property", metadata)
        || is("http-equiv", metadata)
        || is("itemprop", properties)
}

/// Adds what the attributes of a tag say to readers.
pub(super) fn spoken(
    source: &str,
    tag: &StartTag,
    xml: bool,
    furniture: bool,
    found: &mut Vec<Found>,
) {
    for attribute in &tag.attributes {
        if !is_spoken(tag, attribute) || !says_something(&attribute.value) {
            continue;
        }
        let role = match attribute.name.as_str() {
            "alt" => Role::Caption,
            _ if furniture => Role::Furniture,
            _ => Role::Meta,
        };
        let notation = match attribute.quote {
            Some(b'"') => Notation::DoubleQuoted,
            Some(_) => Notation::SingleQuoted,
            None => Notation::Unquoted,
        };
        found.push(value(source, attribute.span, role, notation, xml));
    }
}

/// The text of an attribute's value. White space at its ends stays outside.
fn value(source: &str, span: Span, role: Role, notation: Notation, xml: bool) -> Found {
    let raw = span.of(source);
    let start = span.start + raw.len() - raw.trim_start().len();
    let end = span.end - (raw.len() - raw.trim_end().len());
    let mut plain = String::with_capacity(end - start);
    let mut map = OffsetMap::default();
    let mut at = start;
    while at < end {
        let rest = &source[at..end];
        let c = rest.chars().next().unwrap_or(' ');
        let reference = (c == '&')
            .then(|| entities::reference(rest, true, xml))
            .flatten();
        map.point(plain.len(), at);
        match reference {
            Some(Reference::Text(length, text)) => {
                plain.push_str(&text);
                at += length;
            }
            // A line end in a tooltip, or a name that is not known: a space stands for the one, the
            // name for the other.
            Some(Reference::Opaque(length)) => {
                let control = entities::is_control(&rest[..length]);
                plain.push_str(if control { " " } else { &rest[..length] });
                at += length;
            }
            None if c.is_ascii_whitespace() => {
                let length = rest.len() - rest.trim_ascii_start().len();
                plain.push(' ');
                at += length;
            }
            None => {
                plain.push(c);
                at += c.len_utf8();
            }
        }
    }
    map.finish(plain.len(), end);
    Found {
        span: Span::new(start, end),
        role,
        text: Text::from(plain),
        map,
        notation,
        ..Found::default()
    }
}

/// Whether a language tag or a locale is of the language with this primary subtag.
pub(super) fn is_language(tag: &str, lang: &str) -> bool {
    tag.trim()
        .split(['-', '_'])
        .next()
        .is_some_and(|own| own.eq_ignore_ascii_case(lang))
}

/// Adds the places in a tag that name the language of the page.
pub(super) fn languages(source: &str, tag: &StartTag, lang: &str, places: &mut Vec<Span>) {
    for attribute in &tag.attributes {
        let is = match attribute.name.as_str() {
            "lang" | "xml:lang" => true,
            "content" => tag.name == "meta" && names(tag, LANGUAGE_METADATA, LANGUAGE_METADATA),
            _ => false,
        };
        if is && is_language(attribute.span.of(source), lang) {
            places.push(attribute.span);
        }
    }
}

/// The primary subtag of the language that a tag gives its content; none where it gives none.
pub(super) fn language(tag: &StartTag) -> Option<&str> {
    let value = tag.value("lang").or_else(|| tag.value("xml:lang"))?.trim();
    value.split(['-', '_']).next()
}

/// What the `translate` attribute and the class `notranslate` ask for.
pub(super) fn translate(tag: &StartTag) -> Option<bool> {
    match tag.value("translate").map(str::trim) {
        Some("") => Some(true),
        Some(value) if value.eq_ignore_ascii_case("yes") => Some(true),
        Some(value) if value.eq_ignore_ascii_case("no") => Some(false),
        _ => tag.has_token("class", "notranslate").then_some(false),
    }
}
