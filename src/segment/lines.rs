//! Lines and paragraphs, before any full stop is looked at.
//!
//! A blank line always parts. A single line end parts unless the text is visibly wrapped there: headline, byline, caption and list
//! items stay apart.

use super::Newlines;
use super::rules::{is_gap, is_zero_width};
use crate::bitext::Span;

/// A line without its end.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
}

/// The lines of a text. Ends are LF, CRLF, CR, U+2028, and U+2029, which ends a paragraph.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at] {
            b'\n' => 1,
            b'\r' => 1 + usize::from(bytes.get(at + 1) == Some(&b'\n')),
            0xE2 if text[at..].starts_with(['\u{2028}', '\u{2029}']) => 3,
            _ => {
                at += 1;
                continue;
            }
        };
        lines.push(Line { start, end: at });
        if text[at..].starts_with('\u{2029}') {
            // A paragraph's end is a blank line.
            lines.push(Line { start: at, end: at });
        }
        at += length;
        start = at;
    }
    lines.push(Line {
        start,
        end: bytes.len(),
    });
    lines
}

/// Length of a bullet with the space behind it: it lies in the gap before its segment.
pub(super) fn bullet(text: &str) -> usize {
    let Some(c) = text.chars().next().filter(|c| "-*•–—▪◦‣·".contains(*c)) else {
        return 0;
    };
    let rest = &text[c.len_utf8()..];
    let gap = rest.len() - rest.trim_start_matches(is_gap).len();
    if gap == 0 || rest[gap..].is_empty() {
        0
    } else {
        c.len_utf8() + gap
    }
}

fn enumerator(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let stem = if digits > 0 {
        digits
    } else {
        usize::from(text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()))
    };
    (1..=3).contains(&stem)
        && text[stem..].starts_with(['.', ')'])
        && text[stem + 1..].starts_with(is_gap)
}

/// The paragraphs of a text, without the gaps around them.
pub(super) fn paragraphs(text: &str, newlines: Newlines) -> Vec<Span> {
    let lines = lines(text);
    let visible = |line: &Line| -> Span {
        let inside = &text[line.start..line.end];
        let start = line.start + (inside.len() - inside.trim_start_matches(is_gap).len());
        let end = line.start + inside.trim_end_matches(is_gap).len();
        Span::new(start, end.max(start))
    };
    let blank_inside = lines
        .iter()
        .skip_while(|line| visible(line).is_empty())
        .zip(
            lines
                .iter()
                .skip_while(|line| visible(line).is_empty())
                .skip(1),
        )
        .any(|(line, next)| visible(line).is_empty() && !visible(next).is_empty());
    let mut out: Vec<Span> = Vec::new();
    let mut group: Vec<Span> = Vec::new();
    for line in &lines {
        let span = visible(line);
        if span.is_empty() {
            flush(text, &group, newlines, blank_inside, &mut out);
            group.clear();
        } else {
            group.push(span);
        }
    }
    flush(text, &group, newlines, blank_inside, &mut out);
    out
}

fn flush(text: &str, group: &[Span], newlines: Newlines, blank_inside: bool, out: &mut Vec<Span>) {
    let width = |span: &Span| span.of(text).chars().filter(|&c| !is_zero_width(c)).count();
    let longest = group.iter().map(width).max().unwrap_or(0);
    let mut open: Option<Span> = None;
    for span in group {
        let soft = open.is_some_and(|before: Span| match newlines {
            Newlines::Hard => false,
            Newlines::Soft => true,
            Newlines::Auto => {
                let last = group
                    .iter()
                    .rfind(|line| line.end == before.end)
                    .map_or(0, width);
                blank_inside && is_wrapped(before.of(text), last, span.of(text), longest)
            }
        });
        match &mut open {
            Some(before) if soft => before.end = span.end,
            _ => {
                out.extend(open.take());
                open = Some(*span);
            }
        }
    }
    out.extend(open);
}

/// Narrower text is a stack of lines (headline, byline), not a wrapped paragraph; in characters.
const NARROWEST: usize = 40;

/// Whether the next line goes on: the first did not end a sentence, the second is no item, and its first word would not have fitted.
fn is_wrapped(before: &str, width: usize, next: &str, longest: usize) -> bool {
    let word = next
        .split(is_gap)
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    !before.ends_with(['.', '!', '?', '…', '”', '"', '’', ':', ';'])
        && bullet(next) == 0
        && !enumerator(next)
        && longest >= NARROWEST
        && width + 1 + word > longest
}
