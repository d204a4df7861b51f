//! Where a sentence ends inside one paragraph.
//!
//! A full stop ends a Dutch sentence less often than it seems: initials, abbreviations and ordinals carry one too. Candidates are the
//! runs of `.` `!` `?` `…` with the closers behind them; the words on both sides decide, in the order of [`Sentences::decide`].
//!
//! `Drs. J. de Wit sprak om 10.30 uur. "Dat klopt", zei hij.` → `Drs. J. de Wit sprak om 10.30 uur.` · `"Dat klopt", zei hij.`

use super::data::{Class, Language};
use crate::bitext::Span;

/// A place where a sentence might end, and why it does or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Byte behind the terminator and its closers.
    pub at: usize,
    /// Whether the sentence ends there.
    pub cut: bool,
    /// Name of the rule that decided.
    pub rule: &'static str,
}

/// How far the words on both sides are looked at, in bytes: enough for two words, so that the work per candidate is constant.
const WINDOW: usize = 96;

/// The rules at work on a paragraph.
pub(super) struct Sentences<'a> {
    pub language: &'a Language,
    /// Whether sentences inside a quotation are cut.
    pub split_quotes: bool,
}

/// Zero-width characters are transparent.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

pub(super) fn is_gap(c: char) -> bool {
    c.is_whitespace() || is_zero_width(c)
}

fn is_opener(c: char) -> bool {
    matches!(
        c,
        '“' | '‘'
            | '„'
            | '‚'
            | '"'
            | '\''
            | '('
            | '['
            | '{'
            | '«'
            | '‹'
            | '–'
            | '—'
            | '-'
            | '*'
            | '_'
            | '¿'
            | '¡'
            | '›'
            | '»'
            | '”'
            | '’'
            | '`'
    )
}

fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '"' | '\'' | '»' | '›' | ')' | ']' | '}' | '“' | '‘' | '*' | '_'
    )
}

/// The part of `text` that begins at `at`, at most a window long, cut on a character boundary.
fn window(text: &str, at: usize) -> &str {
    let mut end = (at + WINDOW).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[at..end]
}

/// The window before `at`.
fn before(text: &str, at: usize) -> &str {
    let mut start = at.saturating_sub(WINDOW);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..at]
}

/// Quotation marks that are open, by the mark that closes them.
#[derive(Default)]
struct Quotes {
    double: bool,
    single: bool,
    straight: bool,
    commas: bool,
    guillemets: bool,
}

impl Quotes {
    fn any(&self) -> bool {
        self.double || self.single || self.straight || self.commas || self.guillemets
    }

    /// Takes note of a mark; `left` and `right` are its neighbours.
    fn see(&mut self, c: char, left: Option<char>, right: Option<char>) {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '“' => self.double = !self.double || left.is_none_or(char::is_whitespace),
            '„' => self.double = true,
            '”' => {
                self.double = false;
                self.commas = false;
            }
            '"' => self.straight = !self.straight,
            '‘' => self.single = true,
            '’' if !(letter(left) && letter(right)) => self.single = false,
            '«' => self.guillemets = true,
            '»' => self.guillemets = false,
            _ => {}
        }
    }
}

/// What stands before a terminator and after its gap.
struct Around<'t> {
    /// The token before, without openers.
    previous: &'t str,
    /// The word before that one.
    earlier: &'t str,
    /// Whether the token is the first of its segment.
    first: bool,
    /// What follows the gap, as it stands.
    next: &'t str,
    /// What follows, openers skipped.
    bare: &'t str,
    /// Whether openers were skipped.
    opened: bool,
}

impl Around<'_> {
    fn starts_lower(&self) -> bool {
        self.bare.chars().next().is_some_and(char::is_lowercase)
    }

    fn starts_upper(&self) -> bool {
        self.bare.chars().next().is_some_and(char::is_uppercase)
    }

    fn starts_digit(&self) -> bool {
        self.bare.chars().next().is_some_and(|c| c.is_ascii_digit())
    }

    /// The first word of what follows.
    fn word(&self) -> &str {
        word(self.bare)
    }

    fn is_quoted(&self) -> bool {
        self.next
            .starts_with(['“', '‘', '„', '‚', '"', '\'', '(', '[', '«'])
            || self.next.starts_with(",,")
    }
}

/// The letters that a text begins with, inner apostrophes and hyphens included.
fn word(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|&(at, c)| !(c.is_alphanumeric() || (at > 0 && matches!(c, '\'' | '’' | '-'))))
        .map_or(text.len(), |(at, _)| at);
    text[..end].trim_end_matches(['\'', '’', '-'])
}

fn skip_openers(text: &str) -> &str {
    let mut rest = text;
    loop {
        let trimmed = rest
            .trim_start_matches(is_opener)
            .trim_start_matches(",,")
            .trim_start_matches(is_gap);
        if trimmed.len() == rest.len() {
            return rest;
        }
        rest = trimmed;
    }
}

impl Sentences<'_> {
    /// Cuts a paragraph that begins at `base` of the whole text. `each` is told of every candidate.
    pub fn cut(
        &self,
        text: &str,
        base: usize,
        out: &mut Vec<Span>,
        each: &mut dyn FnMut(Candidate),
    ) {
        let bytes = text.as_bytes();
        let mut start = text.len() - text.trim_start_matches(is_gap).len();
        let mut quotes = Quotes::default();
        let mut bracket: Option<usize> = None;
        let mut at = 0;
        while let Some(step) = bytes[at..]
            .iter()
            .position(|&b| INTERESTING[usize::from(b)])
        {
            at += step;
            let Some(c) = text[at..].chars().next() else {
                break;
            };
            if !matches!(c, '.' | '!' | '?' | '…') {
                match c {
                    '(' | '[' => bracket = bracket.or(Some(at)),
                    ')' | ']' => bracket = None,
                    ',' if bytes.get(at + 1) == Some(&b',') && !text[..at].ends_with(',') => {
                        quotes.commas = true;
                    }
                    '\'' if bytes.get(at + 1) == Some(&b'\'') => {
                        quotes.commas = false;
                        at += 1;
                    }
                    _ => {
                        let left = text[..at].chars().next_back();
                        let right = text[at + c.len_utf8()..].chars().next();
                        quotes.see(c, left, right);
                    }
                }
                at += c.len_utf8().min(bytes.len() - at);
                continue;
            }
            let term = at;
            let run = terminators(text, at);
            let mut end = run;
            // Closers and reference marks behind the terminators belong to the sentence.
            let was_open = quotes.any();
            let in_bracket = bracket;
            loop {
                let rest = &text[end..];
                let Some(c) = rest.chars().next() else { break };
                if rest.starts_with("''") {
                    quotes.commas = false;
                    end += 2;
                } else if is_closer(c) && !Self::opens_here(rest, c) {
                    if matches!(c, ')' | ']') {
                        bracket = None;
                    }
                    let left = text[..end].chars().next_back();
                    quotes.see(c, left, rest[c.len_utf8()..].chars().next());
                    if c == '’' || c == '“' || c == '‘' {
                        quotes.single = false;
                        quotes.double = quotes.double && c != '“';
                    }
                    end += c.len_utf8();
                } else if let Some(length) = reference(rest) {
                    end += length;
                } else {
                    break;
                }
            }
            at = end;
            let gap = text[end..].len() - text[end..].trim_start_matches(is_gap).len();
            let mut next_start = end + gap;
            if next_start >= text.len() {
                break;
            }
            let spaced = text[end..next_start].contains(char::is_whitespace);
            if !spaced {
                if self.is_missing_space(text, term, run, end, start) {
                    each(Candidate {
                        at: base + end,
                        cut: true,
                        rule: "missing-space",
                    });
                    out.push(Span::new(base + start, base + end));
                    start = end;
                }
                continue;
            }
            if was_open && let Some(moved) = detached_closer(text, next_start) {
                // Tokenised news puts a space before the closing mark; it belongs to the sentence that it closes.
                quotes = Quotes::default();
                at = moved;
                end = moved;
                next_start =
                    moved + (text[moved..].len() - text[moved..].trim_start_matches(is_gap).len());
                if next_start >= text.len() {
                    break;
                }
            }
            let (cut, rule) = if !self.split_quotes && quotes.any() {
                (false, "quotation-kept")
            } else {
                self.decide(text, start, term, run, end, next_start, in_bracket)
            };
            each(Candidate {
                at: base + end,
                cut,
                rule,
            });
            if cut {
                out.push(Span::new(base + start, base + end));
                start = next_start;
                at = at.max(end);
            }
        }
        let end = text.trim_end_matches(is_gap).len();
        if end > start {
            out.push(Span::new(base + start, base + end));
        }
    }

    /// Whether a mark behind a terminator opens what follows: a letter stands directly behind it.
    fn opens_here(rest: &str, c: char) -> bool {
        let next = rest[c.len_utf8()..].chars().next();
        matches!(c, '“' | '‘' | '"' | '\'' | '*' | '_') && next.is_some_and(char::is_alphanumeric)
    }

    /// `einde.Daarna`: a lower-case word, a full stop, and a starter without a space.
    fn is_missing_space(
        &self,
        text: &str,
        term: usize,
        run: usize,
        end: usize,
        start: usize,
    ) -> bool {
        let token = before(text, term).rsplit(is_gap).next().unwrap_or_default();
        let next = word(window(text, end));
        run == term + 1
            && term > start
            && (end == run || text[run..end].ends_with(['”', '"']))
            && token.chars().count() > 1
            && token.chars().all(char::is_lowercase)
            && next.chars().next().is_some_and(char::is_uppercase)
            && next.chars().skip(1).all(char::is_lowercase)
            && next.chars().count() > 1
            && self.language.is_starter(next)
            && !matches!(
                text[end + next.len()..].chars().next(),
                Some('.' | '/' | '@')
            )
            && self.language.class(token).is_none()
    }

    /// The decision, in the order of the rules.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call site; the positions of one candidate"
    )]
    fn decide(
        &self,
        text: &str,
        start: usize,
        term: usize,
        run: usize,
        end: usize,
        next_start: usize,
        bracket: Option<usize>,
    ) -> (bool, &'static str) {
        let left = before(text, term);
        let token = left.rsplit(|c: char| is_gap(c)).next().unwrap_or_default();
        let previous = token.trim_start_matches(|c| is_opener(c) || c == ',');
        let earlier = left[..left.len() - token.len()]
            .trim_end_matches(is_gap)
            .rsplit(is_gap)
            .next()
            .unwrap_or_default();
        let next = window(text, next_start);
        let bare = skip_openers(next);
        let around = Around {
            previous,
            earlier,
            first: term - token.len() <= start,
            next,
            bare,
            opened: bare.len() < next.len(),
        };
        let marks = &text[term..run];
        let ellipsis = marks.contains('…') || marks.matches('.').count() > 2;
        let loud = marks.contains(['!', '?']);
        if around.bare.is_empty() {
            return (true, "only-marks-follow");
        }
        if let Some(decided) = self.lower_case(&around, ellipsis || loud, &text[run..end]) {
            return decided;
        }
        if loud {
            return self.loud(text, term, run, end, &around, bracket);
        }
        if ellipsis {
            let bracketed =
                text[..term].ends_with(['(', '[']) && text[run..end].starts_with([')', ']']);
            if bracketed && !self.language.is_starter(around.word()) {
                return (false, "ellipsis-in-brackets");
            }
            return (true, "ellipsis");
        }
        // A bracket that opened inside the sentence closes before the full stop's effect: `(hij lachte.) Toen`.
        self.full_stop(&around, &text[run..end])
    }

    /// What follows begins in lower case: hardly ever the start of a sentence.
    fn lower_case(
        &self,
        around: &Around<'_>,
        strong: bool,
        closers: &str,
    ) -> Option<(bool, &'static str)> {
        if let Some(rest) = around
            .next
            .trim_start_matches(['“', '"', '„', '('])
            .strip_prefix(['\'', '’', '‘', '`'])
        {
            let clitic = self.language.clitics.iter().any(|clitic| {
                rest.strip_prefix(clitic.as_str()).is_some_and(|rest| {
                    let spaced = rest.strip_prefix([' ', '\u{a0}', '-']);
                    spaced.is_some_and(|rest| rest.starts_with(char::is_uppercase))
                })
            });
            if clitic {
                return Some((true, "clitic-start"));
            }
        }
        if !around.starts_lower() {
            return None;
        }
        let word = around.word();
        let mut letters = word.chars();
        let brand = matches!(letters.next(), Some('i' | 'e' | 'x'))
            && letters.next().is_some_and(char::is_uppercase);
        if brand || self.language.brands.iter().any(|b| b == word) {
            return Some((true, "brand-start"));
        }
        // `raak. ...en toen`
        if !strong
            && closers.is_empty()
            && (around.next.starts_with("...") || around.next.starts_with('…'))
        {
            return Some((true, "ellipsis-start"));
        }
        Some((false, "lower-case"))
    }

    fn loud(
        &self,
        text: &str,
        term: usize,
        run: usize,
        end: usize,
        around: &Around<'_>,
        bracket: Option<usize>,
    ) -> (bool, &'static str) {
        let marked = &before(text, run);
        if run == end
            && self
                .language
                .marks
                .iter()
                .any(|name| ends_with_word(marked, name))
        {
            return if self.language.is_starter(around.word()) {
                (true, "name-with-mark-then-starter")
            } else {
                (false, "name-with-mark")
            };
        }
        if let Some(open) = bracket
            && text[run..end].contains([')', ']'])
        {
            let inside = text[open + 1..term].trim();
            let sentence =
                inside.chars().next().is_some_and(char::is_uppercase) && inside.contains(' ');
            let own = text[..open]
                .trim_end()
                .ends_with(['.', '!', '?', '”', '’', '"'])
                || text[..open].trim().is_empty();
            if !(sentence && own) {
                return (false, "mark-in-brackets");
            }
        }
        let quoted = text[run..end].contains(['”', '"', '’', '\'', '“', '»']);
        if quoted && self.reports(around) {
            return (false, "reporting-clause");
        }
        // A title in quotes goes on: `‘Wie is de mol?’ trekt` is lower case and was decided before.
        (true, "mark")
    }

    /// English: one to three capitalised words and a reporting verb behind `?”` or `!”`.
    fn reports(&self, around: &Around<'_>) -> bool {
        if self.language.verbs.is_empty() || around.opened {
            return false;
        }
        let pronouns = [
            "He", "She", "They", "We", "It", "You", "I", "The", "This", "That",
        ];
        let mut words = around.bare.split_whitespace();
        for index in 0..4 {
            let Some(word) = words.next() else {
                return false;
            };
            let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
            if index > 0 && self.language.verbs.contains(plain.to_lowercase().as_str()) {
                return true;
            }
            if !plain.starts_with(char::is_uppercase)
                || pronouns.contains(&plain)
                || word.ends_with(['.', ',', ';']) && index > 2
            {
                return false;
            }
        }
        false
    }

    fn full_stop(&self, around: &Around<'_>, closers: &str) -> (bool, &'static str) {
        let starter = around.starts_upper() && self.language.is_starter(around.word());
        let previous = around.previous;
        if previous.is_empty() {
            return (true, "nothing-before");
        }
        // Enumerators open a segment: `1. Eerste`, `a. Eerste`.
        let short_number = previous.len() <= 3 && previous.bytes().all(|b| b.is_ascii_digit());
        let letter = previous.chars().count() == 1 && previous.chars().all(char::is_alphabetic);
        if around.first
            && (short_number || (letter && previous.chars().all(char::is_lowercase)))
            && closers.is_empty()
        {
            return (false, "enumerator");
        }
        if (short_number || (letter && previous.chars().all(char::is_lowercase)))
            && around.earlier.ends_with([':', ';'])
            && !around.starts_lower()
        {
            return (false, "enumerator-in-text");
        }
        if let Some(class) = self.class_of(previous) {
            if class == Class::Word {
                return (true, "ordinary-word");
            }
            return self.abbreviation(class, around, starter, closers);
        }
        if self.is_initials(previous) {
            return self.initials(around, starter, closers);
        }
        let dotted = previous.contains('.')
            && previous
                .split('.')
                .all(|p| p.chars().count() <= 2 && p.chars().all(char::is_alphabetic));
        if dotted && previous.chars().count() > 1 {
            return (starter || around.is_quoted(), "dotted-letters");
        }
        let lower = previous.to_lowercase();
        let suffix = self
            .language
            .suffixes
            .iter()
            .any(|s| lower.len() > s.len() + 2 && lower.ends_with(s.as_str()));
        let vowels = lower.chars().rev().take(3).any(|c| "aeiouy".contains(c));
        if suffix && !vowels {
            let number = around.starts_digit();
            return (!(number || (around.starts_upper() && !starter)), "suffix");
        }
        (true, "full-stop")
    }

    /// The class of a token, or of its part behind the last hyphen or slash, or of its last part if all parts are known.
    fn class_of(&self, token: &str) -> Option<Class> {
        let find = |token: &str| self.language.class(token);
        find(token)
            .or_else(|| {
                token
                    .rsplit_once(['-', '/'])
                    .and_then(|(_, last)| find(last))
            })
            .or_else(|| {
                let parts: Vec<&str> = token.split('.').collect();
                let known = parts.len() > 1
                    && parts
                        .iter()
                        .all(|p| p.chars().count() > 1 && find(p).is_some());
                if known {
                    parts.last().and_then(|p| find(p))
                } else {
                    None
                }
            })
    }

    fn abbreviation(
        &self,
        class: Class,
        around: &Around<'_>,
        starter: bool,
        closers: &str,
    ) -> (bool, &'static str) {
        match class {
            // Behind a closing bracket or quote the abbreviation itself is over: `(o.a.) De`.
            Class::Never if !closers.is_empty() && starter => (true, "closed-abbreviation"),
            Class::Never => (false, "never-final"),
            Class::BeforeNumber => {
                let roman = {
                    let word = around.word();
                    !word.is_empty() && word.chars().all(|c| "IVXLCDM".contains(c))
                };
                let number = around.starts_digit() || roman;
                (!number && (starter || around.is_quoted()), "before-number")
            }
            Class::MaybeFinal => (starter || around.is_quoted(), "maybe-final"),
            Class::Month => {
                let after_number = around
                    .earlier
                    .ends_with(|c: char| c.is_ascii_digit() || c == '.');
                if around.starts_digit() {
                    (false, "month")
                } else if after_number {
                    (starter, "month")
                } else {
                    (starter || !around.starts_upper(), "month")
                }
            }
            Class::Initial => self.initials(around, starter, closers),
            Class::Word => (true, "ordinary-word"),
        }
    }

    /// One capital, or several with points between them: `J`, `J.P`, `A.B.C`.
    fn is_initials(&self, token: &str) -> bool {
        let mut parts = token.split(['.', '-']);
        !token.is_empty()
            && parts.all(|part| {
                let mut letters = part.chars();
                let single =
                    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
                single || self.language.class(part) == Some(Class::Initial)
            })
    }

    fn initials(&self, around: &Around<'_>, starter: bool, closers: &str) -> (bool, &'static str) {
        let single = around.previous.chars().count() == 1;
        if single
            && self.language.titled.contains(
                around
                    .earlier
                    .to_lowercase()
                    .trim_matches(|c: char| !c.is_alphanumeric()),
            )
        {
            return (true, "letter-of-a-title");
        }
        if !closers.is_empty() && around.starts_upper() && starter {
            return (true, "initial-then-starter");
        }
        // Another initial follows: `J. P. de Wit`.
        let word = around.word();
        if word.chars().count() == 1
            && around.starts_upper()
            && around.bare[word.len()..].starts_with('.')
        {
            return (false, "initials");
        }
        if starter {
            let particle = self
                .language
                .particles
                .contains(word.to_lowercase().as_str());
            let rest = around.bare[word.len()..].trim_start_matches(is_gap);
            if particle && rest.starts_with(char::is_uppercase) {
                // `J. De Smet` is a name, `Ridouan T. De officier` is not.
                return (false, "initial-and-particle");
            }
            return (true, "initial-then-starter");
        }
        if around.is_quoted() && !around.next.starts_with('(') {
            return (true, "initial-then-quotation");
        }
        (false, "initial")
    }
}

/// Bytes at which the scan stops: terminators, quotation marks, brackets; the first bytes of their UTF-8 forms.
static INTERESTING: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b".!?\"'()[],";
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table[0xE2] = true;
    table[0xC2] = true;
    table
};

/// Where the run of terminators that begins at `at` ends; spaced full stops (`. . .`) are one run.
fn terminators(text: &str, at: usize) -> usize {
    let mut end = at;
    loop {
        let rest = &text[end..];
        match rest.chars().next() {
            Some(c @ ('.' | '!' | '?' | '…')) => end += c.len_utf8(),
            Some(' ' | '\u{a0}') => {
                let spaced = rest.trim_start_matches([' ', '\u{a0}']);
                let gap = rest.len() - spaced.len();
                if gap == 1 + rest.len() - rest.trim_start_matches(' ').len() - 1
                    && spaced.starts_with('.')
                    && text[at..end].ends_with('.')
                    && !spaced.starts_with("...")
                    && spaced[1..].starts_with([' ', '.'])
                    && gap == 1
                {
                    end += gap;
                } else {
                    return end;
                }
            }
            _ => return end,
        }
    }
}

/// Length of a reference mark: superscript digits or `[3]`.
fn reference(text: &str) -> Option<usize> {
    let superscript: usize = text
        .chars()
        .take_while(|c| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹'))
        .map(char::len_utf8)
        .sum();
    if superscript > 0 {
        return Some(superscript);
    }
    let rest = text.strip_prefix('[')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    ((1..=3).contains(&digits) && rest[digits..].starts_with(']')).then_some(digits + 2)
}

/// Where a closing mark that stands alone between spaces ends.
fn detached_closer(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    for closer in ["''", "\"", "”", "»", "’", "'"] {
        if let Some(after) = rest.strip_prefix(closer)
            && (after.is_empty() || after.starts_with(is_gap))
        {
            return Some(at + closer.len());
        }
    }
    None
}

fn ends_with_word(text: &str, name: &str) -> bool {
    text.strip_suffix(name)
        .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}
