//! JSON-LD: which strings of a script say something to readers, and which name a language. The strings are found where they stand;
//! nothing is written anew.

use super::super::{Found, Notation};
use super::run::says_something;
use crate::bitext::{OffsetMap, Role, Span, Text};

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

/// A string that was found: whose it is, under which key.
struct JsonString<'s> {
    owner: usize,
    key: &'s str,
    span: Span,
}

/// Adds the texts and the languages of the JSON in `span`. What is not JSON has none.
pub(super) fn read(source: &str, span: Span, found: &mut Vec<Found>, languages: &mut Vec<Span>) {
    let (strings, titled) = strings(source, span);
    for string in strings {
        let raw = string.span.of(source);
        match string.key {
            "inLanguage" => languages.push(string.span),
            key if SPOKEN.contains(&key) || (key == "name" && titled[string.owner]) => {
                if let Some(text) = text(source, string.span)
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

/// An object or an array that is open.
struct JsonLevel<'s> {
    /// Whose strings stand here.
    owner: usize,
    /// Under which key.
    key: &'s str,
    /// Whether it is an object.
    object: bool,
    /// Whether a key comes next.
    awaits_key: bool,
}

/// The strings that are values, each with its object, and for every object whether it is of a kind that has a title.
fn strings(source: &str, span: Span) -> (Vec<JsonString<'_>>, Vec<bool>) {
    let bytes = source.as_bytes();
    let mut strings = Vec::new();
    let mut titled = vec![false];
    let mut outer: Vec<JsonLevel<'_>> = Vec::new();
    let mut level = JsonLevel {
        owner: 0,
        key: "",
        object: false,
        awaits_key: false,
    };
    let mut at = span.start;
    while at < span.end {
        match bytes[at] {
            mark @ (b'{' | b'[') => {
                let object = mark == b'{';
                if object {
                    titled.push(false);
                }
                let inner = JsonLevel {
                    owner: if object {
                        titled.len() - 1
                    } else {
                        level.owner
                    },
                    key: level.key,
                    object,
                    awaits_key: object,
                };
                outer.push(std::mem::replace(&mut level, inner));
            }
            b'}' | b']' => level = outer.pop().unwrap_or(level),
            b',' => level.awaits_key = level.object,
            b':' => level.awaits_key = false,
            b'"' => {
                let Some(end) = string_end(bytes, at + 1, span.end) else {
                    break;
                };
                let inner = Span::new(at + 1, end);
                if level.awaits_key {
                    level.key = inner.of(source);
                } else if level.key == "@type" {
                    titled[level.owner] |= TITLED.contains(&inner.of(source));
                } else {
                    strings.push(JsonString {
                        owner: level.owner,
                        key: level.key,
                        span: inner,
                    });
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    (strings, titled)
}

/// Where the string ends whose content begins at `at`.
fn string_end(bytes: &[u8], mut at: usize, end: usize) -> Option<usize> {
    while at < end {
        match bytes[at] {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// The text of a string; none where its escapes are broken.
fn text(source: &str, span: Span) -> Option<Found> {
    let mut plain = String::with_capacity(span.len());
    let mut map = OffsetMap::default();
    let mut at = span.start;
    let mut ascii = false;
    while at < span.end {
        let rest = &source[at..span.end];
        map.point(plain.len(), at);
        let length = match rest.strip_prefix('\\') {
            Some(escape) if escape.starts_with('u') => {
                let (c, length) = unicode(rest)?;
                ascii |= !c.is_ascii();
                plain.push(if c.is_control() { ' ' } else { c });
                length
            }
            Some(escape) => {
                plain.push(match escape.chars().next()? {
                    c @ ('"' | '\\' | '/') => c,
                    'b' | 'f' | 'n' | 'r' | 't' => ' ',
                    _ => return None,
                });
                2
            }
            None => {
                let c = rest.chars().next()?;
                plain.push(if c.is_control() { ' ' } else { c });
                c.len_utf8()
            }
        };
        at += length;
    }
    map.finish(plain.len(), span.end);
    Some(Found {
        span,
        role: Role::Meta,
        text: Text::from(plain),
        map,
        notation: if ascii {
            Notation::JsonAscii
        } else {
            Notation::Json
        },
        nested: Vec::new(),
    })
}

/// `\u00e9`, or two of them for a character beyond the first plane; and their length.
fn unicode(rest: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(0)?;
    let units: Vec<u16> = std::iter::once(first)
        .chain((0xd800..0xdc00).contains(&first).then(|| unit(6)).flatten())
        .collect();
    let c = char::decode_utf16(units.iter().copied()).next()?.ok()?;
    Some((c, units.len() * 6))
}

/// Writes a character inside a string of JSON that stands in a script.
pub(super) fn escape(c: char, previous: char, ascii: bool, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        // `</script` and `<!--` would end the script or change its state.
        '/' if previous == '<' => out.push_str("\\/"),
        '!' if previous == '<' => out.push_str("\\u0021"),
        c if c.is_control() || (ascii && !c.is_ascii()) => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn what_is_written_ends_no_script() {
        let mut out = String::new();
        let mut previous = ' ';
        for c in "a\"b\\ </script> <!-- é".chars() {
            escape(c, previous, true, &mut out);
            previous = c;
        }
        assert_eq!(out, "a\\\"b\\\\ <\\/script> <\\u0021-- \\u00e9");
    }
}
