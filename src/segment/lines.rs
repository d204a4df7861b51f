//! Lines and paragraphs, before any full stop is looked at.
//!
//! A blank line always parts. A single line end parts unless the text is visibly wrapped there, so
//! that headline, byline, caption and list items stay apart:
//!
//! `Storm op komst⏎Door Anna Bos⏎⏎De kustwacht zocht de hele dag naar een⏎boot die in de storm was
//! verdwenen.` → three runs: headline, byline, and a paragraph of two lines.

use super::marks::{is_closer, is_gap, is_terminator, is_zero_width, skip_gap};
use super::options::Newlines;
use crate::bitext::Span;
use memchr::{memchr2, memmem};

/// Narrower text is a stack of lines, not a wrapped paragraph; in characters.
const NARROWEST: usize = 40;
/// Wider text is not wrapped: nobody sets lines of this length. In characters.
const WIDEST: usize = 160;

/// A line of visible text.
#[derive(Debug, Clone, Copy)]
struct TextLine {
    /// Without the gap around it; empty for a blank line.
    span: Span,
    /// Where the next line begins.
    next: usize,
    /// Whether it ends in U+2029, which parts whatever the policy.
    hard: bool,
}

/// Walks the lines of a text. Ends are LF, CRLF, CR, U+2028 and U+2029.
struct LineScanner<'t> {
    text: &'t str,
    at: usize,
    /// Whether U+2028 or U+2029 occur at all; they hardly ever do.
    separators: bool,
}

impl<'t> LineScanner<'t> {
    fn new(text: &'t str) -> Self {
        let has = |c: &str| memmem::find(text.as_bytes(), c.as_bytes()).is_some();
        Self {
            text,
            at: 0,
            separators: has("\u{2028}") || has("\u{2029}"),
        }
    }
}

impl Iterator for LineScanner<'_> {
    type Item = TextLine;

    fn next(&mut self) -> Option<TextLine> {
        if self.at >= self.text.len() {
            return None;
        }
        let rest = &self.text[self.at..];
        let mut end = memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        if self.separators {
            end = rest[..end].find(['\u{2028}', '\u{2029}']).unwrap_or(end);
        }
        let length = match rest.as_bytes().get(end) {
            None => 0,
            Some(b'\r') if rest.as_bytes().get(end + 1) == Some(&b'\n') => 2,
            Some(0xE2) => 3,
            Some(_) => 1,
        };
        let span = trimmed(self.text, Span::new(self.at, self.at + end));
        let hard = rest[end..].starts_with('\u{2029}');
        self.at += end + length;
        Some(TextLine {
            span,
            next: self.at,
            hard,
        })
    }
}

/// The span without the gap at both ends; empty if nothing is left.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let rest = skip_gap(span.of(text));
    let start = span.end - rest.len();
    Span::new(start, start + rest.trim_end_matches(is_gap).len())
}

/// Hands out the runs of a text that belong together, each without the gap around it and without a
/// list marker before it.
///
/// `markers`: whether list markers at the start of a line are gap.
pub(super) fn runs(text: &str, newlines: Newlines, markers: bool, each: &mut impl FnMut(Span)) {
    let mut give = |span: Span| {
        let skip = if markers { marker(span.of(text)) } else { 0 };
        each(Span::new(span.start + skip, span.end));
    };
    let wrapped = match newlines {
        Newlines::Hard => false,
        Newlines::Soft => true,
        Newlines::Auto => has_blank_inside(text),
    };
    if !wrapped {
        for line in LineScanner::new(text).filter(|line| !line.span.is_empty()) {
            give(line.span);
        }
        return;
    }
    let mut paragraph: Vec<TextLine> = Vec::new();
    for line in LineScanner::new(text) {
        let blank = line.span.is_empty();
        if !blank {
            paragraph.push(line);
        }
        if blank || line.hard || line.next >= text.len() {
            part(text, &paragraph, newlines, &mut give);
            paragraph.clear();
        }
    }
}

/// Whether a blank line stands between two lines of text: without one, every line is a paragraph,
/// which is how newsrooms paste.
fn has_blank_inside(text: &str) -> bool {
    let mut gap = false;
    let mut begun = false;
    for line in LineScanner::new(text) {
        if line.span.is_empty() {
            gap = begun;
        } else if gap {
            return true;
        } else {
            begun = true;
        }
    }
    false
}

/// Hands out a paragraph: whole, or in parts where a line end parts.
fn part(text: &str, lines: &[TextLine], newlines: Newlines, give: &mut impl FnMut(Span)) {
    let [first, .., last] = lines else {
        if let [only] = lines {
            give(only.span);
        }
        return;
    };
    if newlines == Newlines::Soft {
        give(Span::new(first.span.start, last.span.end));
        return;
    }
    let width = |span: Span| span.of(text).chars().filter(|&c| !is_zero_width(c)).count();
    let widths: Vec<usize> = lines.iter().map(|line| width(line.span)).collect();
    let longest = widths.iter().copied().max().unwrap_or(0);
    let prose = (NARROWEST..=WIDEST).contains(&longest);
    let ends = ends_sentence(last.span.of(text));
    let mut open = first.span;
    for (index, pair) in lines.windows(2).enumerate() {
        let next = pair[1].span.of(text);
        if prose && goes_on(pair[0].span.of(text), widths[index], next, longest, ends) {
            open.end = pair[1].span.end;
        } else {
            give(open);
            open = pair[1].span;
        }
    }
    give(open);
}

/// Whether the next line goes on: the first does not end a sentence, the second is no item, and its
/// first word would not have fitted.
///
/// A stack of headline and byline has no full stop at all; prose in capitals does not occur. So a
/// line that begins with a capital goes on only if the paragraph ends like a sentence.
fn goes_on(line: &str, width: usize, next: &str, longest: usize, ends: bool) -> bool {
    let word = next.split(is_gap).next().unwrap_or_default();
    !ends_sentence(line)
        && marker(next) == 0
        && !next.starts_with(['-', '–', '—', '*', '•'])
        && width + 1 + word.chars().count() > longest
        && (ends || next.starts_with(char::is_lowercase))
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(|c| is_closer(c) || is_gap(c))
        .ends_with(is_terminator)
}

/// Length of a list marker with the gap behind it: a bullet, `1.`, `1)`, `a)`, `b.`; it lies in the
/// gap before its segment.
///
/// A capital and a full stop are an initial (`A. de Wit`), four digits a year.
pub(super) fn marker(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let bytes = text.as_bytes();
    let length = match text.chars().next() {
        Some(c @ ('-' | '*' | '+' | '•' | '‣' | '▪' | '–' | '—' | '·')) => c.len_utf8(),
        Some('0'..='9') if digits <= 3 && matches!(bytes.get(digits), Some(b'.' | b')')) => {
            digits + 1
        }
        Some('a'..='z') if matches!(bytes.get(1), Some(b'.' | b')')) => 2,
        Some('A'..='Z') if bytes.get(1) == Some(&b')') => 2,
        _ => return 0,
    };
    let rest = &text[length..];
    let visible = skip_gap(rest);
    if visible.is_empty() || !rest.starts_with(is_gap) {
        0
    } else {
        text.len() - visible.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, newlines: Newlines) -> Vec<&str> {
        let mut out = Vec::new();
        runs(text, newlines, true, &mut |span| out.push(span.of(text)));
        out
    }

    #[test]
    fn without_a_blank_line_every_line_is_a_paragraph() {
        let text = "Kop zonder punt\r\nDoor Anna Bos\rEen zin.\u{2028}Nog een.\n";
        assert_eq!(cut(text, Newlines::Auto).len(), 4);
        assert_eq!(cut(text, Newlines::Hard).len(), 4);
        assert_eq!(cut(text, Newlines::Soft).len(), 1);
        assert_eq!(cut("Een\u{2029}Twee", Newlines::Soft), ["Een", "Twee"]);
    }

    #[test]
    fn a_wrapped_paragraph_stays_whole_and_a_stack_of_lines_does_not() {
        let wrapped = "De kustwacht heeft de hele dag gezocht naar een boot die in de\nstorm was verdwenen. De bemanning werd later in veiligheid\nBrabant gezien.\n\nKlaar.";
        assert_eq!(cut(wrapped, Newlines::Auto).len(), 2);
        let stack = "Kabinet valt na een lange nacht overleg over het asielplan\nDoor onze politieke redactie in Den Haag\n\nHet kabinet is gevallen.";
        assert_eq!(cut(stack, Newlines::Auto).len(), 3);
        assert_eq!(
            cut("\n \u{200b}\nEnige zin.\n\n", Newlines::Auto),
            ["Enige zin."]
        );
    }

    #[test]
    fn list_markers_lie_in_the_gap() {
        let text = "Eisen:\n\n- loon\n• rust\n1. tijd\na) geld\nA. de Wit\n2023. Een jaar\n-\n";
        assert_eq!(
            cut(text, Newlines::Auto),
            [
                "Eisen:",
                "loon",
                "rust",
                "tijd",
                "geld",
                "A. de Wit",
                "2023. Een jaar",
                "-"
            ]
        );
        assert_eq!(marker("- \u{200b}"), 0);
    }
}
