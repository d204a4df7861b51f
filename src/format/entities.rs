//! Character references of HTML: the named ones of the standard with and without semicolon, and
//! numeric ones.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Characters by name, with `&` and, where the name has one, `;`.
static CHARACTERS: LazyLock<FxHashMap<&[u8], &str>> = LazyLock::new(|| {
    let rows = entities::ENTITIES.iter();
    rows.map(|row| (row.entity.as_bytes(), row.characters))
        .collect()
});

/// The longest name of a reference with `&` and `;`, in bytes.
const LONGEST_NAME: usize = 33;
/// The longest name of a reference without `;`, with `&`, in bytes.
const LONGEST_BARE_NAME: usize = 7;

/// What stands where a text holds `&`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference {
    /// A reference of this length in bytes, and its characters.
    Text(usize, String),
    /// A reference of this length in bytes that has no place in plain text: an unknown name, a
    /// control character.
    Opaque(usize),
}

/// The reference that `rest` begins with; none where its `&` is a character like any other.
///
/// HTML Standard, *Character reference state*. In an attribute a name without semicolon before `=`,
/// a letter or a digit is text; in XML every reference has its semicolon.
pub(super) fn reference(rest: &str, attribute: bool, xml: bool) -> Option<Reference> {
    let body = rest.strip_prefix('&')?;
    if let Some(digits) = body.strip_prefix('#') {
        return numeric(digits);
    }
    let bytes = rest.as_bytes();
    let name = bytes[1..]
        .iter()
        .take(LONGEST_NAME)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let closed = bytes.get(1 + name) == Some(&b';');
    if closed && let Some(text) = lookup(&bytes[..name + 2]) {
        return Some(known(name + 2, text));
    }
    if !xml && let Some((length, text)) = bare(&bytes[..=name]) {
        let next = bytes.get(length);
        let is_text = attribute && next.is_some_and(|&b| b == b'=' || b.is_ascii_alphanumeric());
        return (!is_text).then(|| known(length, text));
    }
    // A name that a document type may declare, or a slip: it is kept as it is, for escaping it
    // again would show it to readers.
    (closed && name >= 2 && bytes[1].is_ascii_alphabetic()).then_some(Reference::Opaque(name + 2))
}

/// Whether a reference that has no place in plain text is a control character, such as a line end.
pub(super) fn is_control(reference: &str) -> bool {
    reference.starts_with("&#") || matches!(reference, "&Tab;" | "&NewLine;")
}

/// A reference of the table.
fn known(length: usize, text: &str) -> Reference {
    if text.chars().any(char::is_control) {
        return Reference::Opaque(length);
    }
    Reference::Text(length, text.to_owned())
}

fn lookup(name: &[u8]) -> Option<&'static str> {
    CHARACTERS.get(name).copied()
}

/// The longest beginning of a name that is a reference without semicolon.
fn bare(name: &[u8]) -> Option<(usize, &'static str)> {
    (3..=name.len().min(LONGEST_BARE_NAME))
        .rev()
        .find_map(|length| Some((length, lookup(&name[..length])?)))
}

/// `#8364;`, `#x20AC`: `rest` begins behind the `#`.
fn numeric(rest: &str) -> Option<Reference> {
    let hex = rest.starts_with(['x', 'X']);
    let digits = &rest[usize::from(hex)..];
    let base = if hex { 16 } else { 10 };
    let count = digits
        .bytes()
        .take_while(|&b| char::from(b).is_digit(base))
        .count();
    if count == 0 {
        return None;
    }
    let closed = digits.as_bytes().get(count) == Some(&b';');
    let length = 2 + usize::from(hex) + count + usize::from(closed);
    // What overflows is beyond Unicode, like every other number that is not a character.
    let value = u32::from_str_radix(&digits[..count], base).unwrap_or(u32::MAX);
    let c = match value {
        0 => '\u{fffd}',
        // Old pages mean Windows-1252.
        0x80..=0x9f => windows_1252(value as u8),
        _ => char::from_u32(value).unwrap_or('\u{fffd}'),
    };
    if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
        return Some(Reference::Opaque(length));
    }
    Some(Reference::Text(length, c.to_string()))
}

fn windows_1252(byte: u8) -> char {
    let bytes = [byte];
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars().next().unwrap_or('\u{fffd}')
}

/// The text of `source` with its references decoded.
pub(super) fn decoded(source: &str, attribute: bool, xml: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'&', &source.as_bytes()[at..]) {
        out.push_str(&source[at..at + found]);
        at += found;
        match reference(&source[at..], attribute, xml) {
            Some(Reference::Text(length, text)) => {
                out.push_str(&text);
                at += length;
            }
            Some(Reference::Opaque(length)) => {
                out.push_str(&source[at..at + length]);
                at += length;
            }
            None => {
                out.push('&');
                at += 1;
            }
        }
    }
    out.push_str(&source[at..]);
    out
}

/// Writes a character as text of HTML. The no-break space is numeric: XHTML knows no other name for
/// it.
pub(super) fn escape(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\u{a0}' => out.push_str("&#160;"),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_names_are_those_of_the_table() {
        let longest = |closed: bool| {
            let names = CHARACTERS
                .keys()
                .filter(|name| name.ends_with(b";") == closed);
            names.map(|name| name.len()).max()
        };
        assert_eq!(longest(true), Some(LONGEST_NAME));
        assert_eq!(longest(false), Some(LONGEST_BARE_NAME));
    }

    fn text(rest: &str) -> Option<Reference> {
        reference(rest, false, false)
    }

    #[test]
    fn every_name_of_the_standard_is_known() {
        assert_eq!(entities::ENTITIES.len(), 2231);
        for name in entities::ENTITIES.iter().map(|row| row.entity) {
            let found = text(name).unwrap();
            let (Reference::Text(length, _) | Reference::Opaque(length)) = found;
            assert_eq!(length, name.len(), "{name}");
        }
        let is = |rest, length, chars: &str| {
            assert_eq!(text(rest), Some(Reference::Text(length, chars.into())));
        };
        is("&cacute;", 8, "ć");
        is("&fjlig;", 7, "fj");
        is("&egraveme", 7, "è");
        is("&notit;", 4, "¬");
        is("&notin;", 7, "∉");
        is("&amp", 4, "&");
    }

    #[test]
    fn numbers_mean_what_browsers_show() {
        let is = |rest, length, chars: &str| {
            assert_eq!(text(rest), Some(Reference::Text(length, chars.into())));
        };
        is("&#146;", 6, "’");
        is("&#x80;", 6, "€");
        is("&#8364x", 6, "€");
        is("&#0;", 4, "\u{fffd}");
        is("&#xd800;", 8, "\u{fffd}");
        is("&#99999999999999999999;", 23, "\u{fffd}");
        assert_eq!(text("&#10;"), Some(Reference::Opaque(5)));
        assert_eq!(text("&#;"), None);
        assert_eq!(text("&#x;"), None);
    }

    #[test]
    fn what_is_not_known_is_kept_or_text() {
        assert_eq!(text("&firma;"), Some(Reference::Opaque(7)));
        assert_eq!(text("&T nu"), None);
        assert_eq!(text("& nu"), None);
        assert_eq!(reference("&copy=1", true, false), None);
        assert_eq!(reference("&copyx", true, false), None);
        assert_eq!(
            reference("&copy 1", true, false),
            Some(Reference::Text(5, "©".into()))
        );
        assert_eq!(reference("&copy 1", false, true), None);
        assert_eq!(decoded("a&amp;b &eacute;&x;", false, false), "a&b é&x;");
    }
}
