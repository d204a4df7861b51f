//! What dialects add to Markdown and the parser does not know: it is covered with filler of the
//! same length in a copy, so that places hold.

use crate::bitext::Span;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A byte that is neither white space nor punctuation to the parser.
const FILLER: u8 = 1;

/// What a covered stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CoverKind {
    /// A code in the sentence.
    Code,
    /// A border between two texts.
    Border,
}

/// A copy of a file in which what the parser would not understand is covered.
#[derive(Debug, Default)]
pub(super) struct Covered {
    /// The copy; as long as the file.
    pub text: String,
    /// What is covered with filler, ascending.
    pub covers: Vec<(Span, CoverKind)>,
    /// Line ends that part texts, ascending: the places of their first byte.
    pub borders: Vec<usize>,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is constant")
}

/// Lines that are markup as a whole; what stands before them is the prefix of quotations and items.
static WHOLE_LINES: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^[ \t>]*(",
        r":{3,}.*",                      // containers
        r"|\{:.*\}|\{[#.][^{}]*\}",      // attributes of kramdown and pandoc
        r"|\{\{[<%].*[>%]\}\}|\{%.*%\}", // shortcodes
        r"|\[TOC\]|\[\[_?TOC_?\]\]|\[\[toc\]\]|\{\{\s*toc\s*\}\}",
        r#"|import\s+[\w{*'"].*['"];?|export\s+(default|const|let|function|class|\{).*"#, // MDX
        r"|\{/\*.*\*/\}",
        r"|%%.*%%|\$\$",
        r")[ \t]*$"
    ))
});
/// Marks at the beginning of a line before text of its own line.
static LINE_MARKS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[ \t>]*(\*\[[^\]]+\]:|(!!!|\?\?\?\+?)[ \t]+[\w-]+|>[ \t]*\[![\w-]+\][+-]?|\[![\w-]+\][+-]?)",
    )
});
/// Codes inside a sentence.
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|<%[^\n]*?%>|\{/\*[^\n]*?\*/\}|\{[#.:][^{}\n]*\}|\{[A-Za-z_$][\w$.()\[\]]*\}|\^\[|\{\w+\}`|%%[^\n]*?%%",
    )
});
/// The row below the head of a table.
static TABLE_RULE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$"));

/// A line of the file: where it begins, where its text ends, where the next one begins.
#[derive(Debug, Clone, Copy)]
struct SourceLine {
    start: usize,
    end: usize,
}

fn lines(source: &str) -> Vec<SourceLine> {
    let mut lines = Vec::new();
    let mut start = 0;
    let bytes = source.as_bytes();
    while start < bytes.len() {
        let end =
            memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |at| start + at);
        lines.push(SourceLine { start, end });
        let pair = bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) == Some(&b'\n');
        start = end + 1 + usize::from(pair);
    }
    lines
}

/// Covers what the parser does not know in a file whose front matter ends at `from`. `tables` says
/// where the parser finds tables.
pub(super) fn cover(
    source: &str,
    from: usize,
    tables: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> Covered {
    let mut bytes = source.as_bytes().to_vec();
    blank(&mut bytes, Span::new(0, from));
    // A carriage return alone ends a line; the parser knows that not everywhere.
    for at in memchr::memchr_iter(b'\r', source.as_bytes()) {
        if source.as_bytes().get(at + 1) != Some(&b'\n') {
            bytes[at] = b'\n';
        }
    }
    let mut covered = Covered::default();
    let mut known: Option<Vec<Range<usize>>> = None;
    let lines = lines(source);
    let mut fence: Option<(u8, usize)> = None;
    for (index, line) in lines.iter().enumerate() {
        if line.start < from {
            continue;
        }
        let text = &source[line.start..line.end];
        if in_fence(text, &mut fence) {
            continue;
        }
        if let Some(found) = WHOLE_LINES.captures(text).and_then(|found| found.get(1)) {
            let span = Span::new(line.start + found.start(), line.start + found.end());
            blank(&mut bytes, span);
            continue;
        }
        if TABLE_RULE.is_match(text) && is_late(source, &lines, index) {
            let known = known.get_or_insert_with(|| tables(source));
            if !known.iter().any(|table| table.contains(&line.start)) {
                late_table(source, &lines, index, &mut covered);
            }
        }
        if let Some(found) = LINE_MARKS.captures(text).and_then(|found| found.get(1)) {
            let mark = found.as_str().trim_start_matches(['>', ' ', '\t']);
            let start = line.start + found.end() - mark.len();
            if !is_alert(mark, &source[line.start + found.end()..line.end]) {
                let span = Span::new(start, line.start + found.end());
                covered.covers.push((span, CoverKind::Border));
                covered.borders.push(line.end);
                if line.start > from {
                    covered.borders.push(lines[index - 1].end);
                }
            }
        }
        inline(text, line.start, &mut covered);
    }
    covered.covers.sort_unstable_by_key(|(span, _)| span.start);
    let mut end = 0;
    covered.covers.retain(|(span, _)| {
        let fits = span.start >= end;
        if fits {
            end = span.end;
        }
        fits
    });
    for (span, _) in &covered.covers {
        bytes[span.start..span.end].fill(FILLER);
    }
    covered.borders.sort_unstable();
    covered.text = String::from_utf8(bytes).unwrap_or_else(|_| source.to_owned());
    covered
}

/// Covers codes inside a line; what stands in a code span is left.
fn inline(text: &str, start: usize, covered: &mut Covered) {
    if !text.contains(['{', '^', '%']) {
        return;
    }
    let spans = code_spans(text);
    for found in INLINE.find_iter(text) {
        let span = Span::new(found.start(), found.end());
        if spans.iter().any(|code| code.overlaps(span)) {
            continue;
        }
        covered.covers.push((span.shifted(start), CoverKind::Code));
        if found.as_str() == "^["
            && let Some(length) = note_end(&text[found.end()..])
        {
            let end = start + found.end() + length;
            covered
                .covers
                .push((Span::new(end, end + 1), CoverKind::Code));
        }
    }
}

/// Where the inline note ends whose text begins here.
fn note_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The code spans of a line.
fn code_spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'`' {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|b| **b == b'`').count();
        match open {
            Some((start, own)) if own == length => {
                spans.push(Span::new(start, at + length));
                open = None;
            }
            Some(_) => {}
            None => open = Some((at, length)),
        }
        at += length;
    }
    spans
}

/// Whether a line stands in a fenced code block, or is one of its fences.
fn in_fence(text: &str, fence: &mut Option<(u8, usize)>) -> bool {
    let trimmed = text.trim_start_matches([' ', '\t', '>']);
    let mark = trimmed.bytes().next().unwrap_or(b' ');
    let length = trimmed.bytes().take_while(|b| *b == mark).count();
    match *fence {
        Some((open, least)) => {
            if mark == open && length >= least && trimmed[length..].trim().is_empty() {
                *fence = None;
            }
            true
        }
        None if matches!(mark, b'`' | b'~')
            && length >= 3
            && !(mark == b'`' && trimmed[length..].contains('`')) =>
        {
            *fence = Some((mark, length));
            true
        }
        None => false,
    }
}

/// Whether a mark is an alert of GitHub, which the parser knows.
fn is_alert(mark: &str, rest: &str) -> bool {
    rest.trim().is_empty()
        && [
            "[!note]",
            "[!tip]",
            "[!important]",
            "[!warning]",
            "[!caution]",
        ]
        .iter()
        .any(|own| mark.eq_ignore_ascii_case(own))
}

/// Whether the rule of a table and its head stand right behind a line of text.
fn is_late(source: &str, lines: &[SourceLine], rule: usize) -> bool {
    let text = |index: usize| &source[lines[index].start..lines[index].end];
    let blank = |index: usize| text(index).trim_matches([' ', '\t', '>']).is_empty();
    rule >= 2
        && !blank(rule - 2)
        && !blank(rule - 1)
        && text(rule - 1).contains('|')
        && !text(rule - 2).contains('|')
}

/// A table right behind a line of text: the parser takes its rows for lines of the paragraph, so
/// its borders are covered one by one.
fn late_table(source: &str, lines: &[SourceLine], rule: usize, covered: &mut Covered) {
    let text = |index: usize| &source[lines[index].start..lines[index].end];
    let blank = |index: usize| text(index).trim_matches([' ', '\t', '>']).is_empty();
    covered.borders.push(lines[rule - 2].end);
    let line = lines[rule];
    let start =
        line.start + text(rule).len() - text(rule).trim_start_matches([' ', '\t', '>']).len();
    covered
        .covers
        .push((Span::new(start, line.end), CoverKind::Border));
    for (index, line) in lines.iter().enumerate().skip(rule - 1) {
        if blank(index) {
            break;
        }
        covered.borders.push(line.end);
        if index == rule {
            continue;
        }
        for (at, _) in text(index).match_indices('|') {
            if !text(index)[..at].ends_with('\\') {
                let place = line.start + at;
                covered
                    .covers
                    .push((Span::new(place, place + 1), CoverKind::Border));
            }
        }
    }
}

/// Makes blanks of everything but line ends.
fn blank(bytes: &mut [u8], span: Span) {
    for byte in &mut bytes[span.start..span.end] {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}
