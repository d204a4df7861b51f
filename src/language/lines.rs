//! Lines and paragraphs, before any full stop is looked at.
//!
//! A blank line always parts. A single line end parts unless the text is visibly wrapped there, so
//! that headline, byline, caption and list items stay apart:
//!
//! `Storm op komst⏎Door Anna Bos⏎⏎De kustwacht zocht de hele dag naar een⏎boot die in de storm was
//! verdwenen.` → three runs: headline, byline, and a paragraph of two lines.

use super::marks::{is_closer, is_gap, is_terminator, is_zero_width, skip_gap};
use crate::bitext::Span;
use memchr::{memchr2, memmem};

/// Narrower text is a stack of lines, not a wrapped paragraph; in characters.
const NARROWEST: usize = 40;
/// Wider text is not wrapped: nobody sets lines of this length. In characters.
const WIDEST: usize = 160;

/// What a single line end means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Newlines {
    /// The end of a segment, unless the text is visibly wrapped.
    #[default]
    Auto,
    /// Always the end of a segment.
    Hard,
    /// White space.
    Soft,
}

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
pub(crate) fn trimmed(text: &str, span: Span) -> Span {
    let rest = skip_gap(span.of(text));
    let start = span.end - rest.len();
    Span::new(start, start + rest.trim_end_matches(is_gap).len())
}

/// A run of a text that belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineRun {
    /// Without the gap around it and without a list marker before it.
    pub span: Span,
    /// Length of the list marker with the gap behind it; 0 where there is none.
    pub marker: usize,
    /// Whether it is a row of a table: it holds tabs, and so does the line before or behind it.
    pub row: bool,
}

/// Hands out the runs of a text that belong together.
///
/// `markers`: whether list markers at the start of a line are gap.
pub(crate) fn runs(text: &str, newlines: Newlines, markers: bool, each: &mut impl FnMut(LineRun)) {
    let newlines = match newlines {
        Newlines::Auto if !has_blank_inside(text) => LinePolicy::Pasted,
        Newlines::Auto => LinePolicy::Wrapped,
        Newlines::Hard => LinePolicy::Hard,
        Newlines::Soft => LinePolicy::Soft,
    };
    let mut paragraph: Vec<Span> = Vec::new();
    for line in LineScanner::new(text) {
        let blank = line.span.is_empty();
        if !blank {
            paragraph.push(line.span);
        }
        if blank || line.hard || line.next >= text.len() {
            part(text, &paragraph, newlines, &mut |span, row| {
                let marker = if markers { marker(span.of(text)) } else { 0 };
                each(LineRun {
                    span: Span::new(span.start + marker, span.end),
                    marker,
                    row,
                });
            });
            paragraph.clear();
        }
    }
}

/// What a single line end means in a text that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinePolicy {
    /// It always parts.
    Hard,
    /// It never parts.
    Soft,
    /// It parts unless the paragraph is visibly wrapped there.
    Wrapped,
    /// The same in a text without blank lines, where every line may be a paragraph, which is how
    /// newsrooms paste: one line at least must run on in lower case.
    Pasted,
}

/// Whether a blank line stands between two lines of text.
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

/// Hands out a paragraph: whole, or in parts where a line end parts; and whether a part is a row.
fn part(text: &str, lines: &[Span], policy: LinePolicy, give: &mut impl FnMut(Span, bool)) {
    let [first, .., last] = lines else {
        if let [only] = lines {
            give(*only, false);
        }
        return;
    };
    if policy == LinePolicy::Soft {
        give(Span::new(first.start, last.end), false);
        return;
    }
    let tabbed: Vec<bool> = lines.iter().map(|line| has_tab(line.of(text))).collect();
    let is_row = |index: usize| {
        tabbed[index] && (index > 0 && tabbed[index - 1] || tabbed.get(index + 1) == Some(&true))
    };
    let wrapping = match policy {
        LinePolicy::Hard => None,
        _ => LineWrapping::of(text, lines, policy),
    };
    let mut open = *first;
    for index in 1..lines.len() {
        let joined = !(tabbed[index - 1] && tabbed[index])
            && wrapping
                .as_ref()
                .is_some_and(|wrapping| wrapping.goes_on(index));
        if joined {
            open.end = lines[index].end;
        } else {
            give(open, is_row(index - 1));
            open = lines[index];
        }
    }
    give(open, is_row(lines.len() - 1));
}

/// Whether a tab stands inside a line, the one behind a list marker not counted.
fn has_tab(line: &str) -> bool {
    line[marker(line)..].contains('\t')
}

/// How the lines of a paragraph are wrapped.
struct LineWrapping<'t> {
    text: &'t str,
    lines: &'t [Span],
    /// In characters that are seen.
    widths: Vec<usize>,
    longest: usize,
    /// Whether the paragraph ends like a sentence, or announces something. Prose in capitals does
    /// not occur: in a stack of headline and byline, which has no full stop at all, a line that
    /// begins with a capital does not go on.
    ends: bool,
    /// Whether some line breaks off and the next runs on in lower case: proof that lines end where
    /// the margin was, so that one which ends a sentence may go on, too.
    flows: bool,
    /// Whether dashes at the start of a line open or close an aside.
    asides: bool,
    /// The numbers with which lines begin, ascending.
    numbers: Vec<u32>,
}

impl<'t> LineWrapping<'t> {
    /// None for a paragraph that is not prose at a margin.
    fn of(text: &'t str, lines: &'t [Span], policy: LinePolicy) -> Option<Self> {
        let width = |line: &Span| line.of(text).chars().filter(|&c| !is_zero_width(c)).count();
        let widths: Vec<usize> = lines.iter().map(width).collect();
        let longest = widths.iter().copied().max().unwrap_or(0);
        let last = lines.last()?.of(text);
        let mut wrapping = Self {
            text,
            lines,
            widths,
            longest,
            ends: ends_sentence(last) || last.ends_with(':'),
            flows: false,
            asides: false,
            numbers: Vec::new(),
        };
        if !(NARROWEST..=WIDEST).contains(&longest) {
            return None;
        }
        wrapping.flows = (1..lines.len()).any(|index| {
            wrapping.breaks_off(index)
                && wrapping.line(index).starts_with(char::is_lowercase)
                && marker(wrapping.line(index)) == 0
        });
        if policy == LinePolicy::Pasted && !wrapping.flows {
            return None;
        }
        wrapping.asides = wrapping.has_asides();
        let numbers = lines.iter().filter_map(|line| number(line.of(text)));
        wrapping.numbers = numbers.collect();
        wrapping.numbers.sort_unstable();
        Some(wrapping)
    }

    fn line(&self, index: usize) -> &'t str {
        self.lines[index].of(self.text)
    }

    /// Whether the first word of the line would not have fitted behind the line before.
    fn is_full(&self, index: usize) -> bool {
        // A no-break space holds a word to the next.
        let parts = |c: char| is_gap(c) && !matches!(c, '\u{a0}' | '\u{202f}');
        let word = self.line(index).split(parts).next().unwrap_or_default();
        self.widths[index - 1] + 1 + word.chars().count() > self.longest
    }

    /// Whether the line before breaks off at the margin, in the middle of a sentence.
    fn breaks_off(&self, index: usize) -> bool {
        let before = self.line(index - 1);
        self.is_full(index) && !ends_sentence(before) && !before.ends_with([':', ';'])
    }

    /// Whether the line belongs to the line before.
    fn goes_on(&self, index: usize) -> bool {
        let line = self.line(index);
        if line.starts_with(is_dash) {
            return self.asides;
        }
        let is_item = match number(line) {
            Some(number) => self.is_counted(number) || !self.breaks_off(index),
            None => marker(line) > 0 || line.starts_with(['*', '•']),
        };
        let is_prose = self.ends || line.starts_with(char::is_lowercase);
        !is_item
            && is_prose
            && self.is_full(index)
            && (self.flows || !ends_sentence(self.line(index - 1)))
    }

    /// Whether the number before or behind this one begins a line, too: a list, and not a sentence
    /// that ends in a number at the start of a line.
    fn is_counted(&self, own: u32) -> bool {
        let has = |other: u32| self.numbers.binary_search(&other).is_ok();
        own <= 1 || has(own - 1) || has(own + 1)
    }

    /// Whether every dash at the start of a line stands behind a line that breaks off, as in `… in
    /// de raad aan⏎– tegen de zin van velen – en …`. Items stand behind a colon, the end of a
    /// sentence or a line with room.
    fn has_asides(&self) -> bool {
        let is_begun = |&index: &usize| self.line(index).starts_with(is_dash);
        let mut begun = (0..self.lines.len()).filter(is_begun).peekable();
        begun.peek().is_some()
            && begun.all(|index| index > 0 && (self.ends || self.flows) && self.breaks_off(index))
    }
}

/// A dash, or the hyphen that is typed for it.
const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—')
}

/// The number of a numbered item: `12. ` or `12) `.
fn number(line: &str) -> Option<u32> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    (marker(line) > 0).then(|| line[..digits].parse().ok())?
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(|c| is_closer(c) || is_gap(c))
        .ends_with(is_terminator)
}

/// Length of a list marker with the gap behind it: a bullet, `1.`, `1)`, `a)`, `b.`; it lies in the
/// gap before its segment.
///
/// A capital and a full stop are an initial (`A. de Wit`), four digits a year.
pub(crate) fn marker(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let bytes = text.as_bytes();
    let length = match text.chars().next() {
        Some(c @ ('-' | '*' | '+' | '•' | '‣' | '▪' | '◦' | '–' | '—' | '·')) => {
            c.len_utf8()
        }
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
        runs(text, newlines, true, &mut |run| out.push(run.span.of(text)));
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

    /// The parts of the second paragraph of a text.
    fn second(paragraph: &str) -> Vec<String> {
        let text = format!("Brug weer open\n\n{paragraph}\n");
        let parts = cut(&text, Newlines::Auto);
        parts[1..].iter().map(|&part| part.to_owned()).collect()
    }

    #[test]
    fn a_dash_that_opens_an_aside_is_not_a_bullet() {
        let aside = "De burgemeester kondigde de maatregel vrijdagavond in de raad aan\n– tegen de zin van de meeste partijen – en ging daarna meteen door\nnaar de volgende vergadering.";
        for dash in ["–", "-", "—"] {
            assert_eq!(second(&aside.replace('–', dash)).len(), 1, "{dash}");
        }
        for list in [
            "De bond stelt aan alle werkgevers in de hele sector deze drie eisen:\n– meer loon\n– minder werk",
            "De bond stelt aan alle werkgevers in de hele sector deze drie eisen\n– meer loon\n– minder werk.",
            "– meer loon voor iedereen die in de sector werkt en in de avond ook\n– minder werk.",
        ] {
            let parts = second(list);
            assert!(
                parts.iter().any(|part| part.starts_with("minder werk")),
                "{list}"
            );
        }
        let talk = "– Wat is er vannacht allemaal gebeurd op het plein in de binnenstad?\n– Niets bijzonders.";
        assert_eq!(second(talk).len(), 2);
    }

    #[test]
    fn a_number_at_the_start_of_a_wrapped_line_is_not_a_marker() {
        let text = "Op het plein stonden volgens de politie veel jongeren onder de\n18. Zij vertrokken pas toen de burgemeester hen daarom die dag\n3 keer had gevraagd, de laatste keer nog door een megafoon om\n12.30 uur.";
        assert_eq!(second(text).len(), 1, "{:?}", second(text));
        let list = "Het bestuur wil eerst weten wat alle omwonenden vinden van het plan\n1. meer bomen in alle straten van de wijk en op het grote plein ook\n2. minder auto’s.";
        assert_eq!(second(list).len(), 3, "{:?}", second(list));
    }

    #[test]
    fn a_wrapped_line_that_ends_in_an_abbreviation_goes_on() {
        let text = "De kustwacht heeft de hele dag gezocht naar een boot die in de\nstorm was verdwenen. Aan boord was volgens de kustwacht o.a.\nde bekende schrijver.";
        assert_eq!(second(text).len(), 1);
        let apart = "De bond gaat staken en het kabinet zoekt een uitweg uit de crisis.\nDat meldt de krant.";
        assert_eq!(second(apart).len(), 2);
    }

    #[test]
    fn a_text_without_blank_lines_is_wrapped_where_a_line_runs_on() {
        let text = "Brug weer open\nDe kustwacht heeft zondag de hele dag gezocht naar een zeilboot die\nin de storm was verdwenen, maar de bemanning bleek al lang veilig\naan wal te zijn.";
        assert_eq!(cut(text, Newlines::Auto).len(), 2);
        let stack = "Kabinet valt na een lange nacht overleg over het asielplan\nDoor onze politieke redactie\nHet kabinet viel.";
        assert_eq!(cut(stack, Newlines::Auto).len(), 3);
    }

    #[test]
    fn the_rows_of_a_table_stay_apart() {
        let table = "Maandag in het noorden van het land\t12 graden\t3 millimeter regen\nop dinsdag in het zuiden van het land\t9 graden\t20 millimeter regen.";
        assert_eq!(second(table).len(), 2);
        let mut rows = Vec::new();
        runs(table, Newlines::Auto, true, &mut |run| rows.push(run.row));
        assert_eq!(rows, [true, true]);
        runs("1.\teen\n2.\ttwee", Newlines::Auto, true, &mut |run| {
            assert!(!run.row && run.marker == 3);
        });
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
