//! Parts of a text that are not words of any language: placeholders, options, paths, code, markup
//! as text, telephone numbers and bank accounts.
//!
//! `Beste {naam}` has the placeholder `{naam}`: it is neither Dutch nor a name, and it stays.

use super::Language;
use super::function_words::is_function_word;
use crate::bitext::Span;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// What a literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiteralKind {
    /// Put in by a program: `{naam}`, `%1$s`, `${plaats}`, `{{ dag }}`, `%(aantal)d`.
    Placeholder,
    /// A tag of HTML or XML: `<b>`, `</a>`.
    Tag,
    /// The address of a Markdown link with its marks: `](a.md)`.
    LinkTarget,
    /// Between backticks.
    Code,
    /// `--brug`, `--uit=lijst`.
    CommandOption,
    /// `/etc/hosts`, `~/map`, `C:\map\lijst.txt`, `lijst.csv`.
    Path,
    /// `020 – 555 01 23`, `+31 20 555 0123`.
    Telephone,
    /// An IBAN.
    Account,
    /// `24/7`, which neither language counts.
    Idiom,
}

/// A literal of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Literal {
    pub kind: LiteralKind,
    pub span: Span,
}

/// Every kind by the name of its group, the first that fits at a place wins.
///
/// Sources: placeholders of Python (`str.format`, `%`), C and PHP (`printf`), Java and ICU
/// (`MessageFormat`), JavaScript, shell, Jinja and Handlebars; CommonMark 0.31 for code spans, tags
/// and link destinations; ISO 13616 for the shape of an IBAN; E.164 for telephone numbers, which
/// have at most 15 digits.
static LITERALS: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = [
        ("code", r"`[^`\n]+`"),
        ("link", r"\]\([^()\s]+\)"),
        (
            "placeholder",
            concat!(
                r"\{\{[^{}\n]*\}\}|",
                r"\$\{[^{}\n]+\}|",
                r"#\{[^{}\n]+\}|",
                r"%\{[^{}\n]+\}|",
                r"\{[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}|",
                r"\[\[[^\[\]\n]+\]\]|",
                r"%\([A-Za-z_]\w*\)[a-z]|",
                r"%(?:\d+\$)?[-+0]?\d*(?:\.\d+)?(?:hh|h|ll|l|z)?[sdiufFeEgGxXc@]|",
                r"%[A-Za-z_]\w*%|",
                r"\$[A-Za-z_]\w*|",
                r"<%[^%\n]*%>",
            ),
        ),
        ("tag", r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>"),
        ("option", r"--[A-Za-z][\w-]*(?:=[^\s,;)]+)?"),
        (
            "path",
            concat!(
                r"(?:~|\.{1,2})?/[\w.-]+(?:/[\w.-]+)+/?|",
                r"(?:~|\.{1,2})/[\w.-]+|",
                r"[A-Za-z]:\\[^\s<>|,;]+|",
                r"[A-Za-z0-9_-]*[A-Za-z0-9_]{2}\.[a-z][a-z0-9]{1,4}",
            ),
        ),
        ("idiom", r"24/7"),
        (
            "account",
            r"[A-Z]{2}\d{2}(?:[ \u{a0}]?[A-Z0-9]{4}){2,7}(?:[ \u{a0}]?[A-Z0-9]{1,3})?",
        ),
        (
            "telephone",
            r"(?:\+\d{1,3}|\(?0\d)[\d ()\u{a0}./–-]{5,18}\d",
        ),
    ];
    let all = kinds.map(|(name, pattern)| format!("(?P<{name}>{pattern})"));
    Regex::new(&all.join("|")).expect("the patterns are constant")
});

/// Whether a text has the beginning of a literal. Most texts have none and are not searched.
fn may_hold(text: &[u8]) -> bool {
    let at = |index: usize| text.get(index).copied().unwrap_or(b' ');
    let mut digits = 0;
    for (index, &byte) in text.iter().enumerate() {
        if byte.is_ascii_alphabetic() || byte == b' ' || !byte.is_ascii() {
            continue;
        }
        if byte.is_ascii_digit() {
            digits += 1;
            continue;
        }
        let (before, next) = (at(index.wrapping_sub(1)), at(index + 1));
        let starts = match byte {
            b'`' | b'{' | b'\\' => true,
            b'%' => next.is_ascii_alphanumeric() || b"({.+-%".contains(&next),
            b'$' => next.is_ascii_alphabetic() || next == b'{',
            b'[' => next == b'[',
            b']' => next == b'(',
            b'<' => next.is_ascii_alphabetic() || b"/%".contains(&next),
            b'-' => next == b'-',
            b'+' => next.is_ascii_digit(),
            b'/' => !before.is_ascii_alphabetic(),
            // `lijst.csv`, not `a.m.`
            b'.' => {
                let is_stem = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                let stem = is_stem(before) && is_stem(at(index.wrapping_sub(2)));
                stem && next.is_ascii_lowercase()
            }
            _ => false,
        };
        if starts {
            return true;
        }
    }
    digits >= 8
}

/// The literals of a text from left to right. They do not overlap.
pub(crate) fn literals(text: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    if !may_hold(text.as_bytes()) {
        return found;
    }
    let mut at = 0;
    while let Some(captures) = LITERALS.captures_at(text, at) {
        let whole = captures.get(0).map_or("", |m| m.as_str());
        let start = captures.get(0).map_or(at, |m| m.start());
        // A full stop behind a path ends the sentence.
        let span = Span::new(start, start + whole.trim_end_matches('.').len());
        match kind(text, &captures, span) {
            Some(kind) => {
                found.push(Literal { kind, span });
                at = span.end;
            }
            // Looked at again behind its first character.
            None => {
                let first = text[span.start..].chars().next().map_or(1, char::len_utf8);
                at = span.start + first;
            }
        }
    }
    found
}

/// The kind of a match; none where what stands around it makes something else of it.
fn kind(text: &str, captures: &Captures<'_>, span: Span) -> Option<LiteralKind> {
    let own = span.of(text);
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (opens, ends) = (!is_word(before), !is_word(after));
    let is = |name: &str| captures.name(name).is_some();
    let digits = || own.bytes().filter(u8::is_ascii_digit).count();
    if is("code") {
        Some(LiteralKind::Code)
    } else if is("link") {
        Some(LiteralKind::LinkTarget)
    } else if is("placeholder") {
        // `5%d` and `US$x` are not; `100% sure` has a space that no pattern has.
        let bare = own.starts_with(['%', '$']) && !own.ends_with(['}', '%']);
        (!bare || opens && ends && own.len() >= 2).then_some(LiteralKind::Placeholder)
    } else if is("tag") {
        Some(LiteralKind::Tag)
    } else if is("option") {
        (opens && before != Some('-')).then_some(LiteralKind::CommandOption)
    } else if is("path") {
        (opens && ends && is_path(own, before, after)).then_some(LiteralKind::Path)
    } else if is("idiom") {
        (opens && ends && after != Some('/')).then_some(LiteralKind::Idiom)
    } else if is("account") {
        (opens && ends && digits() >= 8).then_some(LiteralKind::Account)
    } else {
        // National numbers have ten digits in the Netherlands, nine or ten in Belgium.
        let right = if own.starts_with('+') {
            (9..=15).contains(&digits())
        } else {
            (9..=10).contains(&digits()) && !own.contains("  ")
        };
        let apart = before.is_none_or(|c| !"-./,".contains(c));
        (opens && ends && apart && right).then_some(LiteralKind::Telephone)
    }
}

/// Whether a match is a path: `en/of`, `12/04/2023` and `m/s` are not, nor are abbreviations and
/// addresses, which have a place of their own.
fn is_path(own: &str, before: Option<char>, after: Option<char>) -> bool {
    if own.contains('\\') || own.starts_with(['~', '.']) {
        return true;
    }
    if own.starts_with('/') {
        return before.is_none_or(|c| c.is_whitespace() || "“”\"‘’'(`=:>".contains(c))
            && own.contains(char::is_alphabetic);
    }
    // `lijst.csv`: a name with an ending, not a part of an address.
    let (stem, ending) = own.rsplit_once('.').unwrap_or((own, ""));
    let part = |c: Option<char>| c.is_some_and(|c| "@/:.-\\".contains(c));
    let joined = part(before) || after.is_some_and(|c| "@/\\".contains(c));
    // `nat.de sluis` lacks a space.
    let is_word = [Language::Dutch, Language::English];
    !joined
        && stem.chars().any(char::is_alphabetic)
        && !is_word
            .iter()
            .any(|language| is_function_word(ending, *language))
        && super::addresses::addresses(own).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(LiteralKind, &str)> {
        let found = literals(text);
        found.iter().map(|l| (l.kind, l.span.of(text))).collect()
    }

    #[test]
    fn placeholders_of_every_dialect_are_whole() {
        for text in [
            "{naam}",
            "{0}",
            "%s",
            "%1$s",
            "%.2f",
            "%d",
            "${plaats}",
            "{{ dag }}",
            "%(aantal)d",
            "%naam%",
            "$HOME",
            "#{naam}",
            "[[naam]]",
            "<%= naam %>",
            "%{naam}",
        ] {
            let around = format!("Er is {text} over.");
            assert_eq!(of(&around), [(LiteralKind::Placeholder, text)], "{text}");
        }
        for text in [
            "100% sure",
            "5%",
            "US$5",
            "$5 million",
            "a 50%-stake",
            "20%s",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn paths_options_numbers_and_markup_are_whole() {
        use LiteralKind::{Account, Code, CommandOption, Idiom, LinkTarget, Path, Tag, Telephone};
        for (text, wanted) in [
            ("Draai `a --uit x` nu", vec![(Code, "`a --uit x`")]),
            ("Lees [het](a.md).", vec![(LinkTarget, "](a.md)")]),
            ("De <b>kade</b>", vec![(Tag, "<b>"), (Tag, "</b>")]),
            ("gebruik --brug=2, of", vec![(CommandOption, "--brug=2")]),
            ("in /etc/hosts.", vec![(Path, "/etc/hosts")]),
            ("in C:\\map\\a.txt", vec![(Path, "C:\\map\\a.txt")]),
            ("open lijst.csv nu", vec![(Path, "lijst.csv")]),
            ("bel 020 – 555 01 23.", vec![(Telephone, "020 – 555 01 23")]),
            (
                "bel +31 (0)20 555 0123.",
                vec![(Telephone, "+31 (0)20 555 0123")],
            ),
            (
                "op NL91 ABNA 0417 1643 00 graag",
                vec![(Account, "NL91 ABNA 0417 1643 00")],
            ),
            ("24/7 open", vec![(Idiom, "24/7")]),
            ("en/of 12/04/2023, o.a. 10.000.000 of 0,25", vec![]),
            ("De kade is nat.de sluis, a.m. tot 22.45 uur", vec![]),
            ("Op 01-02-2023 om 09.30 uur", vec![]),
        ] {
            assert_eq!(of(text), wanted, "{text}");
        }
    }
}
