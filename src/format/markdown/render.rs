//! Text of Markdown: what would be read as markup where it stands is escaped, and nothing else.

use crate::bitext::{Code, CodeKind, Notation, OffsetMap, Role, Span, Text};
use regex::Regex;
use std::sync::LazyLock;

/// Addresses that stand in a text as they are: a backslash in them would be a part of them.
static ADDRESSES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(https?://|www\.)[^\s<>\[\]()`|]*[^\s<>\[\]()`|.,:;!?'*_~\\]|[\w.+-]+@[\w-]+\.[\w.-]*\w",
    )
    .expect("the pattern is constant")
});

/// A place of new text, as far as markup depends on it.
struct WritePlace {
    /// Whether a line begins here.
    line_start: bool,
    previous: char,
    role: Role,
}

/// Writes running text.
pub(super) fn text(role: Role, text: &Text, out: &mut String) -> OffsetMap {
    let base = out.len();
    let mut map = OffsetMap::default();
    let plain = text.plain.as_str();
    let codes = placed(text);
    let mut codes = codes.iter().peekable();
    let mut place = WritePlace {
        line_start: true,
        previous: ' ',
        role,
    };
    let addresses: Vec<Span> = ADDRESSES
        .find_iter(plain)
        .map(|found| Span::new(found.start(), found.end()))
        .collect();
    let mut address = 0;
    for (at, c) in plain.char_indices() {
        let mut breaks = false;
        while let Some(code) = codes.next_if(|code| code.at <= at) {
            out.push_str(&code.data);
            breaks = code.label == "br";
            place.line_start = breaks || (place.line_start && code.data.is_empty());
            if !code.data.is_empty() && !breaks {
                place.previous = if code.data.ends_with(char::is_whitespace) {
                    ' '
                } else {
                    '.'
                };
            }
        }
        map.point(at, out.len() - base);
        if breaks && c == ' ' {
            // The space that a line break is for whoever reads words.
            continue;
        }
        let c = if matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}') {
            ' '
        } else {
            c
        };
        if place.line_start && c == ' ' {
            continue;
        }
        while addresses.get(address).is_some_and(|span| span.end <= at) {
            address += 1;
        }
        let in_address = addresses.get(address).is_some_and(|span| span.start <= at);
        let rest = &plain[at + plain[at..].chars().next().map_or(1, char::len_utf8)..];
        let escape = if in_address {
            c == '|' && role == Role::Cell || c == '$'
        } else {
            needs_escape(c, rest, &place)
        };
        if c == '{' && matches!(role, Role::Heading | Role::Headline) {
            // Attributes of a heading are looked for in its raw text, escapes or not.
            out.push_str("&#123;");
        } else {
            if escape {
                out.push('\\');
            }
            out.push(c);
        }
        // `1` may be the beginning of the number of a list.
        place.line_start = false;
        place.previous = c;
        if place_of_number(plain, at, &text.codes) {
            // The mark behind a number at the beginning of a line.
            place.previous = NUMBER;
        }
    }
    map.finish(plain.len(), out.len() - base);
    for code in codes {
        out.push_str(&code.data);
    }
    map
}

/// Stands for the last digit of a number that begins a line.
const NUMBER: char = '\u{1}';

/// Whether the character at `at` is the last digit of a number at the beginning of the text or of a
/// line.
fn place_of_number(plain: &str, at: usize, codes: &[Code]) -> bool {
    if !plain.as_bytes()[at].is_ascii_digit() || !plain[at + 1..].starts_with(['.', ')']) {
        return false;
    }
    let digits = plain[..=at]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .count();
    let start = at + 1 - digits;
    let before = plain[..start].trim_end_matches(' ');
    let breaks = codes
        .iter()
        .any(|code| code.label == "br" && code.at <= start && code.at >= before.len());
    digits <= 9 && (before.is_empty() || breaks)
}

/// The codes of a text, those of emphasis beside words and not beside spaces: there they would not
/// be read as markup.
fn placed(text: &Text) -> Vec<Code> {
    let plain = text.plain.as_str();
    let mut codes: Vec<Code> = text.codes.to_vec();
    for index in 0..codes.len() {
        let code = &codes[index];
        if !matches!(code.label.as_str(), "em" | "strong" | "del") {
            continue;
        }
        let at = code.at;
        let moved = match code.kind {
            CodeKind::Open => {
                let rest = &plain[at..];
                let end = at + rest.len() - rest.trim_start_matches(' ').len();
                let next = codes.get(index + 1).map_or(usize::MAX, |next| next.at);
                end.min(next)
            }
            CodeKind::Close => {
                let start = plain[..at].trim_end_matches(' ').len();
                let before = index.checked_sub(1).map_or(0, |before| codes[before].at);
                start.max(before)
            }
            CodeKind::Empty => at,
        };
        codes[index].at = moved;
        let beside = match codes[index].kind {
            CodeKind::Open => plain[..moved].chars().next_back(),
            _ => plain[moved..].chars().next(),
        };
        // `_` is not read as markup inside a word.
        if beside.is_some_and(char::is_alphanumeric) {
            let id = codes[index].id;
            for code in codes.iter_mut().filter(|code| code.id == id) {
                code.data = code.data.replace('_', "*");
            }
        }
    }
    codes
}

/// Whether a character of new text would be read as markup where it stands.
fn needs_escape(c: char, rest: &str, place: &WritePlace) -> bool {
    let next = rest.chars().next();
    let previous = place.previous;
    let spaced = next.is_none_or(char::is_whitespace);
    match c {
        '\\' => next.is_none_or(|next| next.is_ascii_punctuation()) || next.is_none(),
        '`' | '[' | ']' | '$' => true,
        '*' => place.line_start || !(previous.is_whitespace() && spaced),
        '_' => {
            place.line_start
                || !(previous.is_alphanumeric() && next.is_some_and(char::is_alphanumeric))
        }
        '<' => next.is_some_and(|n| n.is_ascii_alphabetic() || matches!(n, '/' | '!' | '?')),
        '&' => is_reference(rest),
        '|' => true,
        '~' => {
            next == Some('~')
                || previous == '~'
                || place.line_start
                || !(previous.is_whitespace() && spaced)
        }
        '{' => true,
        '^' => next == Some('['),
        '#' => {
            place.line_start
                || (matches!(place.role, Role::Heading | Role::Headline)
                    && rest.trim_matches(['#', ' ']).is_empty())
        }
        '-' | '+' => place.line_start && (spaced || next == Some(c)),
        '=' => place.line_start,
        ':' => place.line_start,
        '>' => place.line_start,
        '!' => place.line_start && rest.starts_with("!!"),
        '?' => place.line_start && rest.starts_with("??"),
        '%' => next == Some('%') || previous == '%',
        '.' | ')' => previous == NUMBER && spaced,
        _ => false,
    }
}

/// Whether `&` before this text begins a reference.
fn is_reference(rest: &str) -> bool {
    rest.starts_with('#')
        || rest.split_once(';').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// Writes the title of a link.
pub(super) fn title(notation: Notation, text: &Text, out: &mut String) -> OffsetMap {
    let base = out.len();
    let mut map = OffsetMap::default();
    for (at, c) in text.plain.char_indices() {
        map.point(at, out.len() - base);
        let is_mark = match notation {
            Notation::TitleDouble => c == '"',
            Notation::TitleSingle => c == '\'',
            _ => matches!(c, '(' | ')'),
        };
        if is_mark || c == '\\' || (c == '&' && is_reference(&text.plain[at + 1..])) {
            out.push('\\');
        }
        out.push(if c == '\n' || c == '\r' { ' ' } else { c });
    }
    map.finish(text.plain.len(), out.len() - base);
    map
}
