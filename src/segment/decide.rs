//! Decides whether a sentence ends at a candidate, from two words on either side.
//!
//! A full stop ends a Dutch sentence less often than it seems: titles, initials, abbreviations,
//! ordinals and enumerators carry one too. Most of them are decided by the class of the token
//! before; those that may end a sentence (`N.V.`, `mln.`, an initial) by whether the next word is a
//! *starter*, a function word that hardly ever begins a name. The rules are asked in the order of
//! [`super::RULES`].
//!
//! `Drs. J. de Wit sprak om 10.30 uur. "Dat klopt", zei hij.` → `Drs. J. de Wit sprak om 10.30
//! uur.` · `"Dat klopt", zei hij.`

use super::data::{AbbreviationClass, LanguageTables};
use super::rules::Rule;
use crate::language::marks::{
    first_word, is_apostrophe, is_gap, is_opener, is_quote, is_roman, last_token, skip_gap,
    skip_openers, window,
};

/// What stands around a run of terminators; offsets are bytes of `text`, which ends where the
/// paragraph does.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoundaryContext<'t> {
    pub text: &'t str,
    /// Where the present segment begins.
    pub start: usize,
    /// Where the terminators begin and end.
    pub at: usize,
    pub run_end: usize,
    /// Behind the closing marks.
    pub end: usize,
    /// Where the next visible text begins.
    pub next: usize,
    /// Where the outermost bracket opened that closes behind the terminators.
    pub bracket: Option<usize>,
}

/// A verdict: whether to cut, and by which rule.
type CutDecision = (bool, Rule);

/// The text after the gap, looked at from all sides.
struct TextAfter<'t> {
    /// As it stands.
    raw: &'t str,
    /// Without openers.
    bare: &'t str,
    /// Its first word.
    word: &'t str,
    first: char,
    starter: bool,
    /// An apostrophe, its letter and a capital: `’s Avonds`, `'t Was`.
    clitic: bool,
}

impl<'t> TextAfter<'t> {
    fn new(
        around: &BoundaryContext<'t>,
        tables: &LanguageTables,
        scratch: &mut String,
    ) -> Option<Self> {
        let raw = window(&around.text[around.next..]);
        let bare = skip_openers(raw);
        let word = first_word(bare);
        let clitic = is_clitic_start(raw, tables, scratch);
        Some(Self {
            raw,
            bare,
            word,
            first: bare.chars().next()?,
            starter: clitic || tables.is_starter(word, scratch),
            clitic,
        })
    }

    fn is_number(&self) -> bool {
        self.first.is_ascii_digit()
    }

    fn is_quoted(&self) -> bool {
        self.raw.starts_with(is_quote) || self.raw.starts_with(",,")
    }

    /// Whether the next sentence is as good as certain to begin here.
    fn begins(&self) -> bool {
        self.starter || (self.is_quoted() && !self.is_nickname())
    }

    /// One word in quotation marks: `J. “Hans” de Wit`.
    fn is_nickname(&self) -> bool {
        !self.word.is_empty() && self.bare[self.word.len()..].starts_with(is_quote)
    }

    /// What stands behind the first word.
    fn behind(&self) -> &'t str {
        skip_gap(&self.bare[self.word.len()..])
    }

    fn is_initial(&self) -> bool {
        self.word.chars().count() == 1
            && self.first.is_uppercase()
            && self.bare[self.word.len()..].starts_with('.')
    }
}

/// `’s Avonds`, `'t Was`, `'s-Gravenhage`, also behind opening marks.
fn is_clitic_start(raw: &str, tables: &LanguageTables, scratch: &mut String) -> bool {
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        if is_apostrophe(c) {
            let letters = first_word(behind);
            let after = &behind[letters.len()..];
            let spaced = after.strip_prefix(|c| is_gap(c) || c == '-');
            if spaced.is_some_and(|rest| rest.starts_with(char::is_uppercase))
                && !letters.is_empty()
                && tables.is_clitic(letters, scratch)
            {
                return true;
            }
        }
        if !is_opener(c) {
            return false;
        }
        rest = skip_gap(behind);
    }
    false
}

/// The token before the terminators.
struct TextBefore<'t> {
    /// Without openers.
    token: &'t str,
    /// The token before that.
    earlier: &'t str,
    /// Whether it is the first of its segment.
    first: bool,
    /// Whether `earlier` is the first of the segment.
    second: bool,
}

impl<'t> TextBefore<'t> {
    fn new(around: &BoundaryContext<'t>) -> Self {
        let before = &around.text[around.start..around.at];
        let raw = last_token(before);
        let rest = before[..before.len() - raw.len()].trim_end_matches(is_gap);
        let earlier = last_token(rest);
        Self {
            token: raw.trim_start_matches(is_opener),
            earlier,
            first: rest.is_empty(),
            second: rest.len() == earlier.len(),
        }
    }
}

/// Decides a candidate.
pub(super) fn decide(
    around: &BoundaryContext<'_>,
    tables: &LanguageTables,
    scratch: &mut String,
) -> CutDecision {
    let marks = &around.text[around.at..around.run_end];
    let Some(next) = TextAfter::new(around, tables, scratch) else {
        return (false, Rule::OnlyMarksFollow);
    };
    let before = &around.text[around.start..around.at];
    if before.len() < 32 && !before.contains(char::is_alphanumeric) {
        return (false, Rule::NothingBefore);
    }
    if matches!(
        next.first,
        ',' | ';' | ':' | ')' | ']' | '}' | '&' | '/' | '!' | '?'
    ) {
        return (false, Rule::PunctuationFollows);
    }
    let loud = marks.contains(['!', '?']);
    let ellipsis = !loud && (marks.contains('…') || marks.len() > 1);
    if next.first.is_lowercase() && !is_address(next.bare) && !is_item(next.bare) {
        return lower_case(around, &next, loud || ellipsis, tables, scratch);
    }
    if loud {
        self::loud(around, &next, tables)
    } else if ellipsis {
        let closers = &around.text[around.run_end..around.end];
        if before.ends_with(['(', '[']) && closers.starts_with([')', ']']) {
            (next.starter, Rule::EllipsisInBrackets)
        } else {
            (!next.first.is_lowercase(), Rule::Ellipsis)
        }
    } else {
        full_stop(around, &next, tables, scratch)
    }
}

/// Lower case begins no sentence, but for clitics, names such as iPhone, and people who write
/// without capitals.
fn lower_case(
    around: &BoundaryContext<'_>,
    next: &TextAfter<'_>,
    strong: bool,
    tables: &LanguageTables,
    scratch: &mut String,
) -> CutDecision {
    let begins = next.clitic || tables.is_brand(next.word);
    if begins && strong {
        return (true, Rule::Brand);
    }
    let writer = !begins && writes_lower(around, next, tables, scratch);
    if !begins && !writer {
        return (false, Rule::LowerCase);
    }
    match full_stop(around, next, tables, scratch) {
        (true, Rule::FullStop) if writer => (true, Rule::LowerCaseWriter),
        (true, Rule::FullStop) => (true, Rule::Brand),
        _ if writer && strong => (true, Rule::LowerCaseWriter),
        _ if writer => (false, Rule::LowerCase),
        other => other,
    }
}

/// Whether the sentence that ends here begins in lower case itself, and the next one begins as
/// people who write so begin it: with anything behind `!` and `?`, with a starter without its
/// capital behind a full stop.
fn writes_lower(
    around: &BoundaryContext<'_>,
    next: &TextAfter<'_>,
    tables: &LanguageTables,
    scratch: &mut String,
) -> bool {
    let segment = window(&around.text[around.start..]);
    let marks = &around.text[around.at..around.run_end];
    segment.starts_with(char::is_lowercase)
        && around.end == around.run_end
        && !tables.is_brand(first_word(segment))
        && !tables.is_name(around.text, around.at + 1)
        && (marks.contains(['!', '?']) || (marks == "." && tables.opens(next.word, scratch)))
}

/// The letter of an item: `b) `
fn is_item(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    chars.next() == Some(')') && chars.next().is_some_and(is_gap)
}

/// The address of a page: `https://…`, `www.…`
fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.")
}

/// `!` and `?`.
fn loud(
    around: &BoundaryContext<'_>,
    next: &TextAfter<'_>,
    tables: &LanguageTables,
) -> CutDecision {
    if tables.is_name(around.text, around.at + 1) {
        return (next.starter, Rule::NameWithMark);
    }
    if let Some(bracket) = around.bracket
        && around.text[around.start..bracket.max(around.start)].contains(char::is_alphanumeric)
    {
        let inside = &around.text[bracket + 1..around.at];
        if inside.len() < 4 || inside.starts_with(char::is_lowercase) {
            return (false, Rule::Bracket);
        }
    }
    if !tables.has_no_reports()
        && around.text[around.run_end..around.end].contains(is_quote)
        && (!next.starter || next.word == "I")
        && is_report(next.bare, tables)
    {
        return (false, Rule::Report);
    }
    (true, Rule::Mark)
}

/// One to three capitalised words and a verb of saying: `Anna Bos asked`.
fn is_report(text: &str, tables: &LanguageTables) -> bool {
    let mut rest = text;
    for _ in 0..3 {
        let word = first_word(rest);
        if !word.starts_with(char::is_uppercase) {
            return false;
        }
        rest = skip_gap(rest[word.len()..].trim_start_matches(['.', ',']));
        if tables.reports(first_word(rest)) {
            return true;
        }
    }
    false
}

/// A full stop before something that is not in lower case.
fn full_stop(
    around: &BoundaryContext<'_>,
    next: &TextAfter<'_>,
    tables: &LanguageTables,
    scratch: &mut String,
) -> CutDecision {
    let previous = TextBefore::new(around);
    let token = previous.token;
    let digits = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
    if digits && tables.is_name(around.text, around.run_end) {
        return (false, Rule::NameWithMark);
    }
    if is_enumerator(&previous, next, digits) {
        return (false, Rule::Enumerator);
    }
    if token.contains("://") || token.contains('@') || token.starts_with("www.") {
        return (true, Rule::FullStop);
    }
    let shouted = next
        .word
        .chars()
        .take(3)
        .filter(|c| c.is_uppercase())
        .count()
        > 2;
    let class = class_of(token, shouted, tables, scratch);
    match class {
        Some(AbbreviationClass::Never) => (false, Rule::Never),
        Some(AbbreviationClass::Title) => title(next, tables, scratch),
        Some(AbbreviationClass::BeforeNumber) => {
            let number = next.is_number() || is_roman(next.word);
            (!number && next.begins(), Rule::BeforeNumber)
        }
        Some(AbbreviationClass::WordBeforeNumber) => {
            let number = next.is_number() || (is_roman(next.word) && !next.starter);
            (!number, Rule::BeforeNumber)
        }
        Some(AbbreviationClass::Month) => month(&previous, next, tables),
        Some(AbbreviationClass::MaybeFinal) => (next.begins(), Rule::MaybeFinal),
        Some(AbbreviationClass::Final) => (true, Rule::Final),
        Some(AbbreviationClass::Word) => (true, Rule::FullStop),
        Some(AbbreviationClass::Initial) => initial(&previous, next, tables, scratch),
        None if is_initials(token, tables, scratch) => initial(&previous, next, tables, scratch),
        None if tables.has_suffix(token) => (next.begins(), Rule::Suffix),
        None if has_points(token) => (next.begins(), Rule::Points),
        None => (true, Rule::FullStop),
    }
}

/// One to three digits, a letter or a Roman numeral, at the start of the segment or behind a colon
/// or a semicolon.
fn is_enumerator(previous: &TextBefore<'_>, next: &TextAfter<'_>, digits: bool) -> bool {
    let token = previous.token;
    let letter = token.len() == 1 && token.bytes().all(|b| b.is_ascii_alphabetic());
    let listed = previous.first || previous.earlier.ends_with([':', ';']);
    // `1. Jan de Boer, 2. Piet Bakker`: behind a comma only a number that is not part of a sum, and
    // only where no starter follows.
    let counted = digits
        && token.len() < 3
        && !next.begins()
        && previous
            .earlier
            .strip_suffix(',')
            .is_some_and(|word| word.ends_with(char::is_alphabetic));
    counted
        || listed
            && ((digits && token.len() < 4)
                || letter
                || (previous.first && token.len() > 1 && is_roman(token)))
}

/// The class of a token: as a whole, its last part behind a hyphen or a slash, or the last of
/// several glued together (`prof.dr`).
fn class_of(
    token: &str,
    shouted: bool,
    tables: &LanguageTables,
    scratch: &mut String,
) -> Option<AbbreviationClass> {
    if let Some(class) = tables.class(token, shouted, scratch) {
        return Some(class);
    }
    let part = token
        .rsplit(['-', '/', '(', '–'])
        .next()
        .unwrap_or_default();
    if part.len() < token.len()
        && !part.is_empty()
        && let Some(class) = tables.class(part, shouted, scratch)
    {
        // `oud-burg.` is an abbreviation; `plan-max.` hardly.
        return Some(class);
    }
    if !token.contains('.') {
        return None;
    }
    // `Secr.-gen.`, `plv.-dir.`: a rank of two abbreviations.
    if let Some((rank, _)) = token.split_once(".-")
        && tables.class(rank, shouted, scratch) == Some(AbbreviationClass::Title)
    {
        return Some(AbbreviationClass::Title);
    }
    let mut last = None;
    let mut word = false;
    for part in token.split('.') {
        let part = part.strip_prefix('-').unwrap_or(part);
        last = match tables.class(part, shouted, scratch) {
            Some(class) => {
                word = word || part.chars().nth(1).is_some();
                Some(class)
            }
            None if is_initials(part, tables, scratch) => Some(AbbreviationClass::Initial),
            None => return None,
        };
    }
    last.filter(|_| word)
}

/// A month: with a number before it or behind it, part of a date.
fn month(previous: &TextBefore<'_>, next: &TextAfter<'_>, tables: &LanguageTables) -> CutDecision {
    let name = previous.token.starts_with(char::is_uppercase);
    let after_number = previous
        .earlier
        .trim_end_matches(['.', 'e'])
        .ends_with(|c: char| c.is_ascii_digit());
    let cut = if after_number {
        next.begins()
    } else if next.is_number() {
        name && !tables.is_exact(previous.token)
    } else {
        next.begins() || (name && !tables.is_exact(previous.token))
    };
    (cut, Rule::Month)
}

/// A single capital, or several with full stops or hyphens between: `J`, `J.P`, `A.F.Th`.
fn is_initials(token: &str, tables: &LanguageTables, scratch: &mut String) -> bool {
    !token.is_empty()
        && token.split('.').all(|group| {
            group
                .strip_prefix('-')
                .unwrap_or(group)
                .split('-')
                .all(|part| {
                    let mut letters = part.chars();
                    let single =
                        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
                    single
                        || (!part.is_empty()
                            && tables.class(part, false, scratch)
                                == Some(AbbreviationClass::Initial))
                })
        })
}

/// Letters with full stops between, at least one of them alone: `s.v.p`, `i.pl.v`.
fn has_points(token: &str) -> bool {
    let mut single = token.chars().count() == 1 && token.chars().all(char::is_alphabetic);
    let points = token.contains('.');
    for part in token.split('.') {
        let length = part.chars().count();
        if length == 0 || length > 4 || !part.chars().all(char::is_alphabetic) {
            return false;
        }
        single = single || (points && length == 1);
    }
    single
}

/// A title: a name follows, unless the title is the last word (`Hij wordt nooit een prof. Maar zij
/// wel.`).
fn title(next: &TextAfter<'_>, tables: &LanguageTables, scratch: &mut String) -> CutDecision {
    let name = tables.is_particle(next.word, scratch) && is_surname(next, tables, scratch);
    (
        next.starter && !next.clitic && !next.is_initial() && !name,
        Rule::Title,
    )
}

fn initial(
    previous: &TextBefore<'_>,
    next: &TextAfter<'_>,
    tables: &LanguageTables,
    scratch: &mut String,
) -> CutDecision {
    let single = previous.token.chars().count() == 1;
    let earlier = previous
        .earlier
        .trim_matches(|c: char| !c.is_alphanumeric());
    if single
        && !next.is_initial()
        && !previous.earlier.ends_with('.')
        && tables.takes_letter(earlier, scratch)
    {
        return (true, Rule::LetterOfATitle);
    }
    if next.is_initial() || next.clitic || !next.begins() {
        return (false, Rule::Initial);
    }
    if !next.starter
        || !tables.is_particle(next.word, scratch)
        || !is_surname(next, tables, scratch)
    {
        return (true, Rule::Initial);
    }
    // `J. De Smet` is a Fleming, `Ridouan T. De Amsterdammer` a suspect: there the word before the
    // initial is a first name.
    let suspect = single
        && !previous.first
        && !previous.second
        && !previous.earlier.ends_with('.')
        && earlier.starts_with(char::is_uppercase)
        && earlier.chars().skip(1).all(char::is_lowercase)
        && next.word != "Van";
    (suspect, Rule::Initial)
}

/// Whether a particle continues as a surname: particles in lower case and then a capital, `De Smet`,
/// `Van den Berg`, `In ’t Veld`.
fn is_surname(next: &TextAfter<'_>, tables: &LanguageTables, scratch: &mut String) -> bool {
    let mut rest = next.behind();
    loop {
        let bare = rest.trim_start_matches(is_apostrophe);
        let word = first_word(bare);
        if word.starts_with(char::is_uppercase) {
            return true;
        }
        if !tables.is_particle(word, scratch) {
            return false;
        }
        rest = skip_gap(&bare[word.len()..]);
    }
}
