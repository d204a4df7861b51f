//! Changes inside a file of another tool: only the bytes of targets and states are written anew.

use super::inline::{InlineDialect, InlineRole};
use super::xml::{escape, normalise, resolve};
use crate::bitext::{Code, Span, Text, Unit};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Replacements in a text, in any order; they do not overlap.
#[derive(Debug, Default)]
pub(super) struct Splices(Vec<(Span, String)>);

impl Splices {
    /// Replaces the bytes of a range.
    pub(super) fn replace(&mut self, span: Span, with: String) {
        self.0.push((span, with));
    }

    /// The text with everything replaced.
    pub(super) fn apply(mut self, text: &str) -> String {
        // Several insertions at one place keep their order.
        self.0.sort_by_key(|(span, _)| *span);
        let mut out = String::with_capacity(text.len() + 1024);
        let mut at = 0;
        for (span, with) in self.0 {
            out.push_str(&text[at..span.start]);
            out.push_str(&with);
            at = span.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

/// A start tag with an attribute set.
pub(super) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let mut out = tag.to_owned();
    let value = escape(value);
    if let Some(own) = attribute_value(tag, name) {
        out.replace_range(own.start..own.end, &value);
        return out;
    }
    let end = tag.trim_end_matches(['/', '>']).trim_end().len();
    out.insert_str(end, &format!(" {name}=\"{value}\""));
    out
}

/// Where the value of an attribute stands in a tag, without its quotation marks.
pub(super) fn attribute_value(tag: &str, name: &str) -> Option<Span> {
    let bytes = tag.as_bytes();
    let mut at = tag.find(|c: char| c.is_ascii_whitespace())?;
    loop {
        let rest = &tag[at..];
        let start = at + rest.len() - rest.trim_start().len();
        let equals = start + tag[start..].find('=')?;
        let key = tag[start..equals].trim_end();
        let behind = &tag[equals + 1..];
        let open = equals + 1 + behind.len() - behind.trim_start().len();
        let quote = char::from(*bytes.get(open)?);
        let end = open + 1 + tag[open + 1..].find(quote)?;
        if key == name {
            return Some(Span::new(open + 1, end));
        }
        at = end + 1;
    }
}

/// A part of a segment as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SegmentTokenKind {
    /// Text, a reference, a CDATA section.
    Text,
    /// A code, or the start or end tag of a pair.
    Code,
    /// An annotation, a comment, a processing instruction.
    Mark,
}

/// The bytes of a token and the text that it stands for.
#[derive(Debug)]
struct SegmentToken<'s> {
    kind: SegmentTokenKind,
    raw: &'s str,
    text: String,
}

/// Cuts the content of a segment; none where it cannot be read.
fn tokens(raw: &str, dialect: InlineDialect) -> Option<Vec<SegmentToken<'_>>> {
    let mut reader = Reader::from_str(raw);
    reader.config_mut().check_end_names = true;
    let mut tokens = Vec::new();
    // The depth inside of a code, whose content is its markup, and where it began.
    let (mut depth, mut from) = (0_usize, 0);
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event().ok()?;
        let end = reader.buffer_position() as usize;
        let token = |kind, from: usize, text| SegmentToken {
            kind,
            raw: &raw[from..end],
            text,
        };
        let role = |name: &str| match dialect.role(name) {
            InlineRole::Mark => SegmentTokenKind::Mark,
            InlineRole::Code | InlineRole::Pair => SegmentTokenKind::Code,
        };
        match event {
            Event::Eof => return (depth == 0).then_some(tokens),
            Event::Start(_) if depth > 0 => depth += 1,
            Event::End(_) if depth > 1 => depth -= 1,
            Event::End(_) if depth == 1 => {
                depth = 0;
                tokens.push(token(SegmentTokenKind::Code, from, String::new()));
            }
            _ if depth > 0 => {}
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                if dialect.role(&name) == InlineRole::Code {
                    (depth, from) = (1, at);
                } else {
                    tokens.push(token(role(&name), at, String::new()));
                }
            }
            Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                tokens.push(token(role(&name), at, String::new()));
            }
            Event::End(end) => {
                let name = end.local_name().as_ref().to_owned();
                tokens.push(token(role(&name), at, String::new()));
            }
            Event::Text(part) => {
                let mut text = String::new();
                normalise(&part, &mut text);
                tokens.push(token(SegmentTokenKind::Text, at, text));
            }
            Event::CData(part) => {
                let mut text = String::new();
                normalise(&part, &mut text);
                tokens.push(token(SegmentTokenKind::Text, at, text));
            }
            Event::GeneralRef(name) => {
                let c = resolve(&name)?;
                tokens.push(token(SegmentTokenKind::Text, at, c.to_string()));
            }
            _ => tokens.push(token(SegmentTokenKind::Mark, at, String::new())),
        }
    }
}

/// Writes the content of a segment anew: `raw` is what stands there and was read as `old`; `new`
/// is what shall be read. Where the codes are the same, only the bytes of changed words differ.
/// Else every code is written as it stands here or, failing that, in the `source` of the pair, by
/// `write` where it stands in neither.
pub(super) fn segment(
    raw: &str,
    old: &Text,
    new: &Text,
    source: (&str, &Text),
    dialect: InlineDialect,
    mut write: impl FnMut(&Code, bool, &mut String),
) -> Option<String> {
    let own = tokens(raw, dialect)?;
    let same_codes = old.codes.len() == new.codes.len()
        && own
            .iter()
            .filter(|t| t.kind == SegmentTokenKind::Code)
            .count()
            == old.codes.len()
        && old
            .codes
            .iter()
            .zip(&new.codes)
            .all(|(old, new)| (old.id, old.kind) == (new.id, new.kind));
    let mut out = String::with_capacity(raw.len() + new.plain.len());
    if same_codes {
        let mut own = own.as_slice();
        for (old, new) in stretches(old).into_iter().zip(stretches(new)) {
            let end = own
                .iter()
                .position(|token| token.kind == SegmentTokenKind::Code)
                .unwrap_or(own.len());
            stretch(&own[..end], old, new, &mut out);
            own = &own[end..];
            if let [code, rest @ ..] = own {
                out.push_str(code.raw);
                own = rest;
            }
        }
        return Some(out);
    }
    let theirs = tokens(source.0, dialect)?;
    let known = known_codes(&own, old)
        .into_iter()
        .chain(known_codes(&theirs, source.1))
        .collect::<Vec<_>>();
    super::inline::inline(new, &mut out, |code, is_paired, out| {
        match known
            .iter()
            .find(|(own, _)| (own.id, own.kind) == (code.id, code.kind))
        {
            Some((_, raw)) => out.push_str(raw),
            None => write(code, is_paired, out),
        }
    });
    Some(out)
}

/// The codes of a text with their bytes in the file.
fn known_codes<'s>(tokens: &[SegmentToken<'s>], text: &'s Text) -> Vec<(&'s Code, &'s str)> {
    let raws = tokens
        .iter()
        .filter(|token| token.kind == SegmentTokenKind::Code);
    text.codes.iter().zip(raws.map(|token| token.raw)).collect()
}

/// The plain text between the codes.
fn stretches(text: &Text) -> Vec<&str> {
    let mut at = 0;
    let mut parts = Vec::with_capacity(text.codes.len() + 1);
    for code in &text.codes {
        parts.push(&text.plain[at..code.at]);
        at = code.at;
    }
    parts.push(&text.plain[at..]);
    parts
}

/// Writes text between two codes: words that are the same keep their bytes.
fn stretch(tokens: &[SegmentToken<'_>], old: &str, new: &str, out: &mut String) {
    if old == new {
        for token in tokens {
            out.push_str(token.raw);
        }
        return;
    }
    let written: String = tokens.iter().map(|token| token.text.as_str()).collect();
    // The space that a break stands for is not in the file.
    let (old, new) = match old.strip_prefix(' ') {
        Some(rest) if rest == written => (rest, new.strip_prefix(' ').unwrap_or(new)),
        _ => (old, new),
    };
    let common = |pairs: &mut dyn Iterator<Item = (char, char)>| {
        pairs
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum::<usize>()
    };
    let start = common(&mut old.chars().zip(new.chars()));
    let end = common(&mut old[start..].chars().rev().zip(new[start..].chars().rev()));
    let (from, to) = (start, old.len() - end);
    let with = &new[start..new.len() - end];
    let mut at = 0;
    let mut is_written = false;
    for token in tokens {
        let (begin, stop) = (at, at + token.text.len());
        at = stop;
        if token.text.is_empty() {
            if begin >= from && !is_written && begin >= to {
                out.push_str(&escape(with));
                is_written = true;
            }
            out.push_str(token.raw);
            continue;
        }
        if stop <= from || begin >= to {
            if begin >= to && !is_written {
                out.push_str(&escape(with));
                is_written = true;
            }
            out.push_str(token.raw);
            continue;
        }
        let head = from.saturating_sub(begin).min(token.text.len());
        out.push_str(&escape(&token.text[..head]));
        if !is_written {
            out.push_str(&escape(with));
            is_written = true;
        }
        let tail = to.saturating_sub(begin).min(token.text.len());
        out.push_str(&escape(&token.text[tail.max(head)..]));
    }
    if !is_written {
        out.push_str(&escape(with));
    }
}

/// The units that shall stand in a file, beside those that do.
#[derive(Debug)]
pub(super) struct RewriteQueue<'u> {
    rest: std::slice::Iter<'u, Unit>,
    fits: bool,
}

impl<'u> RewriteQueue<'u> {
    pub(super) fn new(units: &'u [Unit]) -> Self {
        Self {
            rest: units.iter(),
            fits: true,
        }
    }

    /// What became of a unit of the file. A unit without a target may be missing there.
    pub(super) fn next(&mut self, old: &Unit) -> Option<&'u Unit> {
        let is_same = |new: &Unit| {
            new.id == old.id
                && new.source.plain == old.source.plain
                && new.source.code_set() == old.source.code_set()
        };
        let found = self.rest.find(|new| is_same(new) || !new.target.is_empty());
        let found = found.filter(|new| is_same(new));
        self.fits &= found.is_some();
        found
    }

    /// Says that a unit could not be written.
    pub(super) fn refuse(&mut self) {
        self.fits = false;
    }

    /// Whether every unit of the one is in the other.
    pub(super) fn fits(mut self) -> bool {
        self.fits && self.rest.all(|unit| unit.target.is_empty())
    }
}
