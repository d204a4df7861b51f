//! Strings of JSON where they stand: values with their keys, texts with their escapes. Nothing is
//! written anew but the strings that changed.

use super::contract::Found;
use crate::bitext::{Notation, OffsetMap, Role, Span, Text};

/// A string that was found: whose it is, under which key.
pub(super) struct JsonString<'s> {
    /// The number of its object.
    pub owner: usize,
    /// How many objects and arrays are around it.
    pub depth: usize,
    /// Its key, or that of the array around it.
    pub key: &'s str,
    /// Where it stands, without its quotation marks.
    pub span: Span,
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

/// The strings that are values, in the order of the text; what is not JSON has few or none.
pub(super) fn json_strings(source: &str, span: Span) -> Vec<JsonString<'_>> {
    let bytes = source.as_bytes();
    let mut strings = Vec::new();
    let mut objects = 0;
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
                objects += usize::from(object);
                let inner = JsonLevel {
                    owner: if object { objects } else { level.owner },
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
                } else {
                    strings.push(JsonString {
                        owner: level.owner,
                        depth: outer.len(),
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
    strings
}

/// What the content of a string says; none where its escapes are broken.
pub(super) fn json_string(raw: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{raw}\"")).ok()
}

/// Writes the content of a string: `ascii` for a file that has other letters as escapes, `slashes`
/// for one that escapes slashes.
pub(super) fn write_json_string(text: &str, ascii: bool, slashes: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' if slashes => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => escape_json(c, ' ', ascii, out),
        }
    }
}

/// Where the string ends whose content begins at `at`.
pub(super) fn string_end(bytes: &[u8], mut at: usize, end: usize) -> Option<usize> {
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
pub(super) fn json_text(source: &str, span: Span) -> Option<Found> {
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
        ..Found::default()
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

/// Writes a character inside a string of JSON. In a script, what would end it is an escape too:
/// `previous` is the character before.
pub(super) fn escape_json(c: char, previous: char, ascii: bool, out: &mut String) {
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

/// Where the object ends that `source` begins with.
pub(super) fn json_end(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => at = string_end(bytes, at + 1, bytes.len())?,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_ends_no_script() {
        let mut out = String::new();
        let mut previous = ' ';
        for c in "a\"b\\ </script> <!-- é".chars() {
            escape_json(c, previous, true, &mut out);
            previous = c;
        }
        assert_eq!(out, "a\\\"b\\\\ <\\/script> <\\u0021-- \\u00e9");
    }
}
