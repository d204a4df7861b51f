//! Text of Markdown: what would be read as markup where it stands is escaped, and nothing else.

use crate::bitext::{Code, CodeKind, Notation, OffsetMap, Role, Span, Text};
use regex::Regex;
use std::sync::LazyLock;

/// Addresses that stand in a text as they are: a backslash in them would be a part of them.
static ADDRESSES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(https?://|www\.)[^\s<>\[\]()`|\\]*[^\s<>\[\]()`|.,:;!?'*_~\\]|[\w.+-]+@[\w-]+\.[\w.-]*\w",
    )
    .expect("the pattern is constant")
});

/// Characters at the end of an address that do not belong to it.
const OUTSIDE: [char; 10] = ['.', ',', ':', ';', '!', '?', '\'', '*', '_', '~'];

/// The addresses in a text.
fn addresses(text: &Text) -> Vec<Span> {
    // Markup ends an address.
    let mut marks = text.codes.iter().map(|code| code.at).peekable();
    ADDRESSES
        .find_iter(&text.plain)
        .map(|found| {
            while marks.next_if(|at| *at <= found.start()).is_some() {}
            let end = marks.peek().map_or(found.end(), |at| found.end().min(*at));
            let own = text.plain[found.start()..end].trim_end_matches(OUTSIDE);
            Span::new(found.start(), found.start() + own.len())
        })
        .collect()
}

/// A place of new text, as far as markup depends on it.
struct WritePlace {
    /// Whether a line begins here.
    line_start: bool,
    previous: char,
    role: Role,
}

/// Writes running text. With `quotes`, a quotation mark at its beginning is escaped.
pub(super) fn text(role: Role, text: &Text, quotes: bool, out: &mut String) -> OffsetMap {
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
    let addresses = addresses(text);
    let mut address = 0;
    let mut flank = EmphasisFlank::default();
    for (at, c) in plain.char_indices() {
        let mut breaks = false;
        while let Some(code) = codes.next_if(|code| code.at <= at) {
            if is_emphasis(code) {
                let next = codes
                    .clone()
                    .take_while(|code| code.at <= at)
                    .find(|code| !is_emphasis(code) && !code.data.is_empty())
                    .map_or(Some(c), |code| code.data.chars().next());
                flank.mark(code, &place, next, out);
            }
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
        let end = at + plain[at..].chars().next().map_or(1, char::len_utf8);
        let rest = &plain[end..];
        // What will stand behind the character: markup, or the next one.
        let next = match codes.peek().filter(|code| code.at == end) {
            Some(code) => code.data.chars().next().or_else(|| rest.chars().next()),
            None => rest.chars().next(),
        };
        let escape = if in_address {
            c == '|' && role == Role::Cell || c == '$'
        } else {
            needs_escape(c, rest, next, &place)
                || (quotes && place.line_start && matches!(c, '"' | '\'' | '('))
        };
        if flank.hides(c) {
            out.push_str(&format!("&#{};", u32::from(c)));
        } else if c == '{' && matches!(role, Role::Heading | Role::Headline) {
            // Attributes of a heading are looked for in its raw text, escapes or not.
            out.push_str("&#123;");
        } else if c == '\\' && role == Role::Cell && matches!(next, None | Some('|')) {
            // A backslash before the border of a cell would take the border in, escaped or not.
            out.push_str("&#92;");
        } else if in_address && c == '&' && is_reference(rest) {
            out.push_str("&amp;");
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

fn is_emphasis(code: &Code) -> bool {
    matches!(code.label.as_str(), "em" | "strong" | "del") && code.data.starts_with(['*', '_', '~'])
}

/// Emphasis between a letter and a punctuation mark is not read as markup, `woord**«vet»**`: the
/// letter is written as a reference, which ends in a punctuation mark.
#[derive(Default)]
struct EmphasisFlank {
    /// The character before the marks that were written last, and how much was written then.
    before: Option<(char, usize)>,
    /// Whether a letter that follows becomes a reference.
    hides_next: bool,
}

impl EmphasisFlank {
    /// Called before the marks are written; `next` is the character behind them.
    fn mark(&mut self, code: &Code, place: &WritePlace, next: Option<char>, out: &mut String) {
        let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let before = match self.before {
            Some((before, end)) if end == out.len() => before,
            _ => out.chars().next_back().unwrap_or(' '),
        };
        let is_letter = place.previous.is_alphanumeric() && out.ends_with(place.previous);
        if code.kind == CodeKind::Open && is_letter && next.is_some_and(is_mark) {
            out.pop();
            out.push_str(&format!("&#{};", u32::from(place.previous)));
        }
        self.hides_next = code.kind != CodeKind::Open
            && is_mark(before)
            && next.is_some_and(char::is_alphanumeric);
        self.before = Some((before, out.len() + code.data.len()));
    }

    /// Whether the character that is written next becomes a reference.
    fn hides(&mut self, c: char) -> bool {
        std::mem::take(&mut self.hides_next) && c.is_alphanumeric()
    }
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
    let before = plain[..start].trim_end();
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
        let is_written = |code: &&Code| code.at == moved && !code.data.is_empty();
        let beside = match codes[index].kind {
            CodeKind::Open => match codes[..index].last().filter(is_written) {
                Some(code) => code.data.chars().next_back(),
                None => plain[..moved].chars().next_back(),
            },
            _ => match codes.get(index + 1).filter(is_written) {
                Some(code) => code.data.chars().next(),
                None => plain[moved..].chars().next(),
            },
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
///
/// `next` is the character that will stand behind it, `rest` the text there.
fn needs_escape(c: char, rest: &str, next: Option<char>, place: &WritePlace) -> bool {
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
        '!' => next == Some('[') || (place.line_start && rest.starts_with("!!")),
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
        if c == '|' {
            // It would end a cell.
            out.push_str("&#124;");
            continue;
        }
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
