//! JSON-LD: which strings of a script say something to readers, and which name a language. The
//! strings are found where they stand; nothing is written anew.

use super::super::contract::Found;
use super::super::json_text::{JsonString, json_strings, json_text};
use super::run::says_something;
use crate::bitext::Span;
use std::collections::BTreeSet;

/// Properties whose value is read by people.
const SPOKEN: &[&str] = &[
    "abstract",
    "alternativeHeadline",
    "articleBody",
    "articleSection",
    "caption",
    "description",
    "headline",
    "keywords",
];
/// Kinds of things whose `name` is a title, and not the name of a person or a firm.
const TITLED: &[&str] = &[
    "Article",
    "BlogPosting",
    "BreadcrumbList",
    "CollectionPage",
    "FAQPage",
    "ImageObject",
    "ItemList",
    "ItemPage",
    "ListItem",
    "NewsArticle",
    "Question",
    "VideoObject",
    "WebPage",
];

/// Adds the texts and the languages of the JSON in `span`. What is not JSON has none.
pub(super) fn read(source: &str, span: Span, found: &mut Vec<Found>, languages: &mut Vec<Span>) {
    let strings = json_strings(source, span);
    let mut titled = BTreeSet::new();
    for JsonString {
        owner, key, span, ..
    } in &strings
    {
        if *key == "@type" && TITLED.contains(&span.of(source)) {
            titled.insert(*owner);
        }
    }
    for string in strings {
        let raw = string.span.of(source);
        match string.key {
            "inLanguage" => languages.push(string.span),
            key if SPOKEN.contains(&key) || (key == "name" && titled.contains(&string.owner)) => {
                if let Some(text) = json_text(source, string.span)
                    && says_something(&text.text.plain)
                    && !raw.contains("://")
                {
                    found.push(text);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Notation;

    #[test]
    fn strings_are_found_by_their_keys() {
        let source = r#"{"@graph":[{"@type":"NewsArticle","headline":"Kop \u00e9\ud83d\ude00n \"x\"","name":"Titel","keywords":["een","twee"],"inLanguage":"nl","author":{"@type":"Person","name":"Anna Bos","description":"Schrijft."},"url":"https://a.example"},{"name":"Krant","@type":"Organization"}]}"#;
        let mut found = Vec::new();
        let mut languages = Vec::new();
        read(
            source,
            Span::new(0, source.len()),
            &mut found,
            &mut languages,
        );
        let texts: Vec<&str> = found.iter().map(|f| f.text.plain.as_str()).collect();
        assert_eq!(
            texts,
            ["Kop é😀n \"x\"", "Titel", "een", "twee", "Schrijft."]
        );
        assert_eq!(found[0].notation, Notation::JsonAscii);
        assert_eq!(found[1].notation, Notation::Json);
        assert_eq!(languages[0].of(source), "nl");
    }
}
