//! Finds the places in a run of text where a sentence might end, and asks the rules about each.
//!
//! A candidate is a run of `.` `!` `?` `…` with the closing marks and reference marks behind it,
//! and white space or a starter after that: in `Zie nr. 5 op nu.nl. “Echt waar?” vroeg ze.` there
//! are three, behind `nr.`, `nl.` and `waar?”`. One pass over the bytes keeps the state of
//! quotation marks and brackets, so that the work per candidate is constant.

use super::data::LanguageTables;
use super::decide::{BoundaryContext, decide};
use super::rules::Rule;
use crate::bitext::Span;
use crate::language::marks::{
    WINDOW, first_word, is_apostrophe, is_closer, is_gap, is_quote, is_terminator, last_token,
    skip_gap, window,
};

/// A place where a sentence might end, and why it does or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutCandidate {
    /// Byte behind the terminator and its closing marks.
    pub at: usize,
    /// Byte at which the next visible text begins.
    pub next: usize,
    /// Whether the sentence ends there.
    pub cut: bool,
    /// The rule that decided.
    pub rule: Rule,
}

/// Which quotations are open, by the family of their marks.
#[derive(Debug, Clone, Copy, Default)]
struct OpenMark {
    /// “ ” „ “ ,, '' « »
    double: bool,
    /// ‘ ’ ‚ ‘ ‹ ›
    single: bool,
    /// " "
    straight: bool,
    /// ' '
    tick: bool,
}

/// The state of one pass.
struct SentenceScanner<'t> {
    /// The text up to the end of the run; offsets are those of the whole text.
    text: &'t str,
    run: Span,
    /// Where the present segment begins.
    start: usize,
    open: OpenMark,
    /// Where the outermost open bracket stands, and how many are open.
    bracket: usize,
    depth: usize,
}

/// Scans a run of `text` and hands out every candidate in order.
///
/// `keep`: a quotation is never cut.
pub(super) fn scan(
    text: &str,
    run: Span,
    tables: &LanguageTables,
    keep: bool,
    each: &mut impl FnMut(CutCandidate),
) {
    let mut scan = SentenceScanner {
        text: &text[..run.end],
        run,
        start: run.start,
        open: OpenMark::default(),
        bracket: 0,
        depth: 0,
    };
    let mut scratch = String::with_capacity(WINDOW);
    let bytes = scan.text.as_bytes();
    let mut at = run.start;
    loop {
        while at < bytes.len() && KIND[usize::from(bytes[at])] == 0 {
            at += 1;
        }
        if at >= bytes.len() {
            return;
        }
        if KIND[usize::from(bytes[at])] == 1 {
            at = scan.mark(at);
            continue;
        }
        let Some(c) = char_at(scan.text, at) else {
            return;
        };
        if !is_terminator(c) {
            at = if is_quote(c) {
                scan.mark(at)
            } else {
                at + c.len_utf8()
            };
            continue;
        }
        let (end, candidate) = scan.candidate(at, tables, keep, &mut scratch);
        at = end;
        if let Some(candidate) = candidate {
            each(candidate);
        }
    }
}

/// What the scan does at a byte: 0 passes on, 1 is a mark in ASCII, 2 may begin a terminator or a
/// quotation mark.
static KIND: [u8; 256] = {
    let mut table = [0; 256];
    let marks = b"\"'()[],";
    let mut i = 0;
    while i < marks.len() {
        table[marks[i] as usize] = 1;
        i += 1;
    }
    table[b'.' as usize] = 2;
    table[b'!' as usize] = 2;
    table[b'?' as usize] = 2;
    // The first bytes of « » and of all marks in General Punctuation.
    table[0xC2] = 2;
    table[0xE2] = 2;
    table
};

fn char_at(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

impl OpenMark {
    fn any(self) -> bool {
        self.double || self.single || self.straight || self.tick
    }
}

impl<'t> SentenceScanner<'t> {
    /// Looks at the terminators at `at`: the byte behind them and their closing marks, and the
    /// candidate, if it is one.
    fn candidate(
        &mut self,
        at: usize,
        tables: &LanguageTables,
        keep: bool,
        scratch: &mut String,
    ) -> (usize, Option<CutCandidate>) {
        let mut around = self.around(at);
        if around.next >= self.run.end {
            return (around.end, None);
        }
        if !self.text[around.end..around.next].contains(char::is_whitespace) {
            let cut = self.is_missing_space(&around, tables, scratch);
            let candidate = cut.then(|| self.decided(&around, (true, Rule::MissingSpace)));
            return (around.end, candidate);
        }
        if let Some(end) = self.detached_closer(around.next) {
            // Tokenised news puts a space before the closing mark; it belongs to the sentence that
            // it closes.
            around.end = end;
            around.next = self.run.end - skip_gap(&self.text[end..]).len();
            if around.next >= self.run.end {
                return (end, None);
            }
        }
        let verdict = if keep && self.open.any() {
            (false, Rule::QuotationKept)
        } else {
            decide(&around, tables, scratch)
        };
        (around.end, Some(self.decided(&around, verdict)))
    }

    fn decided(&mut self, around: &BoundaryContext<'_>, (cut, rule): (bool, Rule)) -> CutCandidate {
        if cut {
            self.start = around.next;
        }
        CutCandidate {
            at: around.end,
            next: around.next,
            cut,
            rule,
        }
    }

    /// Takes note of a quotation mark, a bracket or a comma at `at`; gives the byte behind it.
    fn mark(&mut self, at: usize) -> usize {
        let Some(c) = char_at(self.text, at) else {
            return at + 1;
        };
        let end = at + c.len_utf8();
        let before = self.text[self.run.start..at].chars().next_back();
        let after = char_at(self.text, end);
        let opens = before.is_none_or(|b| {
            is_gap(b) || (!b.is_alphanumeric() && !is_terminator(b) && !is_closer(b) && b != ',')
        }) && after.is_some_and(|a| !is_gap(a));
        match c {
            '(' | '[' => {
                if self.depth == 0 {
                    self.bracket = at;
                }
                self.depth += 1;
            }
            ')' | ']' => self.depth = self.depth.saturating_sub(1),
            ',' if after == Some(',') => {
                self.open.double = true;
                return end + 1;
            }
            '\'' if after == Some('\'') => {
                self.open.double = opens && !self.open.double;
                return end + 1;
            }
            '„' => self.open.double = true,
            '“' | '«' => self.open.double = opens || !self.open.double,
            '”' | '»' => self.open.double = opens && !self.open.double,
            '‚' | '‹' => self.open.single = true,
            '›' => self.open.single = false,
            '‘' => self.open.single = opens,
            '"' if opens => self.open.straight = true,
            '"' => self.open.straight = !self.open.straight && before.is_none_or(is_gap),
            '’' if !is_inside(before, after) => self.open.single = false,
            '\'' if opens && after.is_some_and(char::is_alphanumeric) => {
                self.open.tick = self.open.tick || !self.is_clitic_shaped(end);
            }
            '\'' if !is_inside(before, after) => self.open.tick = false,
            _ => {}
        }
        end
    }

    /// One letter and then a space or a hyphen: `'s morgens`, `'t`, `'s-Gravenhage`; or the digits
    /// of a year: `'98`.
    fn is_clitic_shaped(&self, at: usize) -> bool {
        let mut rest = self.text[at..].chars();
        let first = rest.next();
        first.is_some_and(|c| c.is_ascii_digit())
            || (first.is_some_and(char::is_alphabetic)
                && rest.next().is_none_or(|c| is_gap(c) || c == '-'))
    }

    /// What stands around the terminators at `at`. Closing marks are taken into the state.
    fn around(&mut self, at: usize) -> BoundaryContext<'t> {
        let run_end = self.terminators(at);
        let bracket = (self.depth > 0).then_some(self.bracket);
        let mut end = run_end;
        while let Some(c) = char_at(self.text, end) {
            let after = char_at(self.text, end + c.len_utf8());
            if is_closer(c) && !(is_quote(c) && after.is_some_and(char::is_alphanumeric)) {
                end = self.mark(end);
            } else if let Some(length) = reference(&self.text[end..]) {
                end += length;
            } else {
                break;
            }
        }
        BoundaryContext {
            text: self.text,
            start: self.start,
            at,
            run_end,
            end,
            next: self.run.end - skip_gap(&self.text[end..]).len(),
            bracket: bracket.filter(|_| self.text[run_end..end].contains([')', ']'])),
        }
    }

    /// Where the run of terminators ends; full stops with spaces between (`. . .`) are one run.
    fn terminators(&self, at: usize) -> usize {
        let mut end = at;
        loop {
            match char_at(self.text, end) {
                Some(c) if is_terminator(c) => end += c.len_utf8(),
                Some(c @ (' ' | '\u{a0}')) if self.text[..end].ends_with('.') => {
                    let behind = end + c.len_utf8();
                    let single = self.text[behind..].strip_prefix('.').is_some_and(|rest| {
                        rest.chars()
                            .next()
                            .is_none_or(|c| is_gap(c) || is_closer(c))
                    });
                    if !single || self.is_stop_and_omission(at, end) {
                        return end;
                    }
                    end = behind;
                }
                _ => return end,
            }
        }
    }

    /// `zin. . . . De volgende`: a full stop at a word, and three more that begin the next
    /// sentence.
    fn is_stop_and_omission(&self, at: usize, end: usize) -> bool {
        end == at + 1
            && self.text[self.start..at].ends_with(char::is_alphanumeric)
            && self.text[end..]
                .strip_prefix(" . . . ")
                .is_some_and(|rest| rest.starts_with(char::is_uppercase))
    }

    /// `einde.Daarna`: a word in lower case, one terminator, and a starter without a space. Looser
    /// rules break `Node.JS` and `Bol.Com`.
    fn is_missing_space(
        &self,
        around: &BoundaryContext<'_>,
        tables: &LanguageTables,
        scratch: &mut String,
    ) -> bool {
        if around.run_end != around.at + 1
            || around.end != around.run_end
            || around.next != around.end
        {
            return false;
        }
        let token = last_token(&self.text[self.start..around.at]);
        let rest = window(&self.text[around.end..]);
        let next = first_word(rest);
        token.chars().nth(1).is_some()
            && token.len() < WINDOW
            && token.chars().all(char::is_lowercase)
            && tables.class(token, false, scratch).is_none()
            && next
                .chars()
                .skip(1)
                .all(|c| c.is_lowercase() || is_apostrophe(c))
            && (next.chars().nth(1).is_some() || rest[next.len()..].starts_with(' '))
            && tables.is_starter(next, scratch)
            && rest[next.len()..]
                .chars()
                .next()
                .is_none_or(|c| is_gap(c) || c == ',')
    }

    /// Where a closing mark that stands alone between spaces ends, if its kind of quotation is
    /// open.
    fn detached_closer(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let (open, length) = match rest.chars().next()? {
            '\'' if rest.starts_with("''") => (&mut self.open.double, 2),
            c @ ('”' | '»' | '“') => (&mut self.open.double, c.len_utf8()),
            '"' => (&mut self.open.straight, 1),
            c @ '’' => (&mut self.open.single, c.len_utf8()),
            '\'' => (&mut self.open.tick, 1),
            _ => return None,
        };
        let alone = rest[length..].chars().next().is_none_or(is_gap);
        if !alone || !*open {
            return None;
        }
        *open = false;
        Some(at + length)
    }
}

/// Whether letters or digits stand on both sides: an apostrophe, as in `foto’s`.
fn is_inside(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

/// Length of a reference mark: superscript digits, `[3]`, `[1,2]`.
fn reference(text: &str) -> Option<usize> {
    let superscript: usize = text
        .chars()
        .take_while(|c| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹'))
        .map(char::len_utf8)
        .sum();
    if superscript > 0 {
        return Some(superscript);
    }
    let inside = window(text.strip_prefix('[')?);
    let length = inside.find(']')?;
    let digits = inside[..length]
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b',' | b'-'));
    (digits && (1..=7).contains(&length)).then_some(length + 2)
}
