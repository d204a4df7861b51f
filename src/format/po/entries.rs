//! The entries of a PO file, by their bytes.
//!
//! Source: GNU gettext manual, *The Format of PO Files*.

use super::super::error::Error;
use crate::bitext::{Place, Span};

/// A string over one or several lines.
#[derive(Debug, Clone, Default)]
pub(super) struct PoString {
    /// From the first quotation mark to the last one.
    pub span: Span,
    /// What it says.
    pub value: String,
    /// Where the characters stand: the offset in `value`, and the byte of the file.
    pub places: Vec<(usize, usize)>,
    /// Whether a line ends inside the string where the text has no line end.
    pub is_wrapped: bool,
}

/// An entry.
#[derive(Debug, Clone, Default)]
pub(super) struct PoEntry {
    /// The line with the flags, if there is one, without its line end.
    pub flags: Option<Span>,
    /// Lines that have what the entry said before, each with its line end.
    pub previous: Vec<Span>,
    /// Where the first line with a keyword begins.
    pub start: usize,
    /// `msgid`.
    pub id: PoString,
    /// `msgid_plural`.
    pub plural: Option<PoString>,
    /// `msgstr`, or `msgstr[0]` and those that follow.
    pub translations: Vec<PoString>,
}

impl PoEntry {
    /// The flags of the entry.
    pub(super) fn flags<'s>(&self, source: &'s str) -> impl Iterator<Item = &'s str> {
        let line = self.flags.map_or("", |span| span.of(source));
        line.trim_start_matches(['#', ','])
            .split(',')
            .map(str::trim)
            .filter(|flag| !flag.is_empty())
    }

    pub(super) fn has_flag(&self, source: &str, flag: &str) -> bool {
        self.flags(source).any(|own| own == flag)
    }

    /// Whether it is the header: the entry of the empty text.
    pub(super) fn is_header(&self) -> bool {
        self.id.value.is_empty() && self.plural.is_none()
    }
}

/// Which string of an entry comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Keyword {
    Context,
    Id,
    Plural,
    Translation,
}

/// Reads a file.
///
/// Errors: [`Error::Broken`] with the place.
pub(super) fn read(source: &str) -> Result<Vec<PoEntry>, Error> {
    let mut entries = Vec::new();
    let mut entry = PoEntry::default();
    let mut last: Option<Keyword> = None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let trimmed = content.trim_start();
        let indent = start + content.len() - trimmed.len();
        let fault = |what: &str, at: usize| broken(what, source, at);
        if trimmed.is_empty() || trimmed.starts_with('#') {
            if last == Some(Keyword::Translation) {
                entries.push(std::mem::take(&mut entry));
                last = None;
            } else if last.is_some() && trimmed.starts_with('#') && !trimmed.starts_with("#~") {
                return Err(fault("an entry without `msgstr`", start));
            }
            if trimmed.starts_with("#,") {
                entry.flags = Some(Span::new(start, start + content.len()));
            } else if trimmed.starts_with("#|") {
                entry.previous.push(Span::new(start, at));
            }
            continue;
        }
        if trimmed.starts_with('"') {
            let Some(keyword) = last else {
                return Err(fault("a string that belongs to no keyword", indent));
            };
            if keyword == Keyword::Context {
                string(
                    source,
                    indent,
                    content.len() - (indent - start),
                    &mut PoString::default(),
                )?;
            } else if let Some(own) = current(&mut entry, keyword) {
                string(source, indent, content.len() - (indent - start), own)?;
            }
            continue;
        }
        let (keyword, rest) = keyword(trimmed).ok_or_else(|| {
            fault(
                "neither a comment, a keyword (`msgid`, `msgstr`, …) nor a string",
                indent,
            )
        })?;
        if last == Some(Keyword::Translation) && keyword != Keyword::Translation {
            entries.push(std::mem::take(&mut entry));
            last = None;
        }
        let order = |keyword: Option<Keyword>| keyword.map_or(0, |keyword| keyword as usize + 1);
        let is_again = keyword != Keyword::Translation && order(last) >= order(Some(keyword));
        if is_again || (keyword > Keyword::Id && order(last) < order(Some(Keyword::Id))) {
            return Err(fault("a keyword in the wrong place", indent));
        }
        if last.is_none() {
            entry.start = start;
        }
        last = Some(keyword);
        match keyword {
            Keyword::Context | Keyword::Id => {}
            Keyword::Plural => entry.plural = Some(PoString::default()),
            Keyword::Translation => entry.translations.push(PoString::default()),
        }
        let begin = start + content.len() - rest.len();
        let mut unread = PoString::default();
        let own = current(&mut entry, keyword).unwrap_or(&mut unread);
        string(source, begin, rest.len(), own)?;
    }
    match last {
        Some(Keyword::Translation) => entries.push(entry),
        Some(_) => return Err(broken("an entry without `msgstr`", source, source.len())),
        None => {}
    }
    Ok(entries)
}

/// The string of an entry that belongs to a keyword; the context is not kept.
fn current(entry: &mut PoEntry, keyword: Keyword) -> Option<&mut PoString> {
    match keyword {
        Keyword::Context => None,
        Keyword::Id => Some(&mut entry.id),
        Keyword::Plural => entry.plural.as_mut(),
        Keyword::Translation => entry.translations.last_mut(),
    }
}

/// The keyword at the start of a line, and what follows it.
fn keyword(line: &str) -> Option<(Keyword, &str)> {
    let end = line.find(|c: char| !c.is_ascii_lowercase() && c != '_')?;
    let (name, rest) = line.split_at(end);
    let (keyword, rest) = match name {
        "msgctxt" => (Keyword::Context, rest),
        "msgid" => (Keyword::Id, rest),
        "msgid_plural" => (Keyword::Plural, rest),
        "msgstr" => {
            let number = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let is_number =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            match number {
                Some((number, rest)) if is_number(number) => (Keyword::Translation, rest),
                Some(_) => return None,
                None => (Keyword::Translation, rest),
            }
        }
        _ => return None,
    };
    Some((keyword, rest.trim_start()))
}

/// Appends a line of a string: `length` bytes from `begin` on.
fn string(source: &str, begin: usize, length: usize, to: &mut PoString) -> Result<(), Error> {
    let raw = source[begin..begin + length].trim_end();
    let end = begin + raw.len();
    let fault = |at: usize| broken("a string is not closed on its line", source, at);
    if raw.len() < 2 || !raw.starts_with('"') || !raw.ends_with('"') {
        return Err(fault(begin));
    }
    if to.places.is_empty() && to.span.is_empty() {
        to.span = Span::new(begin, end);
    } else {
        to.is_wrapped |= !to.value.is_empty() && !to.value.ends_with('\n');
        to.span.end = end;
    }
    let mut at = begin + 1;
    let last = end - 1;
    while at < last {
        let rest = &source[at..last];
        let Some(c) = rest.chars().next() else { break };
        to.places.push((to.value.len(), at));
        if c == '"' {
            return Err(broken("a quotation mark without `\\`", source, at));
        }
        if c != '\\' {
            to.value.push(c);
            at += c.len_utf8();
            continue;
        }
        // Numbers are bytes: `\303\251` is `é`.
        let (mut bytes, mut end) = (Vec::new(), at);
        while let Some((byte, length)) = source[end..last].strip_prefix('\\').and_then(numbered) {
            bytes.push(byte);
            end += 1 + length;
        }
        if !bytes.is_empty() {
            let text = String::from_utf8(bytes)
                .map_err(|_| broken("escapes that are not UTF-8", source, at))?;
            to.value.push_str(&text);
            at = end;
            continue;
        }
        let (c, length) = escape(&rest[1..]).ok_or_else(|| fault(at))?;
        to.value.push(c);
        at += 1 + length;
    }
    Ok(())
}

/// The byte of an octal or hexadecimal escape, and the length of what stands behind `\`.
fn numbered(rest: &str) -> Option<(u8, usize)> {
    let (digits, radix, mark) = match rest.strip_prefix('x') {
        Some(digits) => (digits, 16, 1),
        None => (rest, 8, 0),
    };
    let most = if radix == 16 { 2 } else { 3 };
    let length = digits
        .chars()
        .take(most)
        .take_while(|c| c.is_digit(radix))
        .count();
    let byte = u8::from_str_radix(digits.get(..length)?, radix).ok()?;
    Some((byte, mark + length))
}

/// The character of another escape, and the length of what stands behind `\`.
fn escape(rest: &str) -> Option<(char, usize)> {
    let first = rest.chars().next()?;
    Some(match first {
        'n' => ('\n', 1),
        't' => ('\t', 1),
        'r' => ('\r', 1),
        'a' => ('\u{7}', 1),
        'b' => ('\u{8}', 1),
        'f' => ('\u{c}', 1),
        'v' => ('\u{b}', 1),
        other => (other, other.len_utf8()),
    })
}

pub(super) fn broken(what: &str, source: &str, at: usize) -> Error {
    Error::Broken {
        what: what.to_owned(),
        place: Box::new(Place::at("", source, at, 1)),
    }
}
