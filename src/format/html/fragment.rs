//! HTML inside a file of another format: blocks of it, and single tags in a sentence.

use super::super::contract::{Found, Reading};
use super::tokens::{HtmlToken, HtmlTokens};
use super::{attributes, elements, walk};
use crate::bitext::{Notation, Span};

/// A tag in a sentence of another format.
#[derive(Debug, Clone)]
pub(crate) enum InlineTag {
    /// `<br>`, `<img>`: it stands alone, and may say something.
    Lone(String, Vec<Found>),
    /// It opens; whether what it holds stays as it is, and what it says.
    Open(String, bool, Vec<Found>),
    /// It closes.
    Close(String),
    /// A comment or something else.
    Other,
}

/// Reads the tag that stands at `span` of `source`, in a page in the language `lang`.
pub(crate) fn inline_tag(source: &str, span: Span, lang: &str) -> InlineTag {
    match HtmlTokens::new(span.of(source), false).next() {
        Some(HtmlToken::Start(tag)) => {
            let translate = attributes::translate(&tag);
            let foreign = attributes::language(&tag)
                .is_some_and(|own| !own.is_empty() && !own.eq_ignore_ascii_case(lang));
            let stays = translate == Some(false)
                || foreign
                || (translate.is_none()
                    && (elements::is_verbatim(&tag.name) || elements::is_island(&tag.name)));
            let mut spoken = Vec::new();
            if translate != Some(false) && !foreign {
                attributes::spoken(span.of(source), &tag, false, false, &mut spoken);
            }
            let spoken = moved(spoken, span.start);
            if tag.closes || elements::is_void(&tag.name) {
                InlineTag::Lone(tag.name, spoken)
            } else {
                InlineTag::Open(tag.name, stays, spoken)
            }
        }
        Some(HtmlToken::End(name, _)) => InlineTag::Close(name),
        _ => InlineTag::Other,
    }
}

/// Reads HTML that stands at `span` of `source`.
pub(crate) fn read_part(source: &str, span: Span, lang: &str) -> Reading {
    let mut reading = walk::read(span.of(source), lang, false);
    reading.found = moved(reading.found, span.start);
    for place in &mut reading.languages {
        *place = place.shifted(span.start);
    }
    reading
}

/// Texts moved right by `by` bytes, and marked as HTML.
fn moved(found: Vec<Found>, by: usize) -> Vec<Found> {
    found
        .into_iter()
        .map(|text| Found {
            span: text.span.shifted(by),
            map: text.map.moved(0, by),
            notation: match text.notation {
                Notation::Text => Notation::Html,
                own => own,
            },
            inlays: text
                .inlays
                .into_iter()
                .map(|(code, place, nested)| (code, place.shifted(by), moved(nested, by)))
                .collect(),
            ..text
        })
        .collect()
}
