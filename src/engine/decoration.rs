//! The decoration of a sentence, which an engine for bare text must not see: bullets, outer
//! quotation marks, headlines in capitals, line breaks.
//!
//! It is stripped before the translation and restored afterwards: `„Oorlog in Koersk.”` is
//! requested as `Oorlog in Koersk.` and comes out as `“War in Kursk.”`; `OORLOG IN OEKRAÏNE` is
//! requested as `Oorlog in Oekraïne` and comes out as `WAR IN UKRAINE`.

use super::Term;
use crate::bitext::{CodeKind, Span, Text};
use std::ops::Range;

/// A text without its decoration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrippedText {
    /// The text to translate.
    pub text: String,
    /// The text before the translation.
    lead: String,
    /// The text after the translation.
    tail: String,
    /// Whether the translation is to be in capitals.
    capitals: bool,
    /// Bytes of the source before `text`.
    start: usize,
    /// Offsets in `text` of spaces that replace line breaks, ascending.
    breaks: Vec<usize>,
}

/// Marks before an item of a list or a line of dialogue.
const BULLETS: [char; 9] = ['-', '–', '—', '•', '·', '*', '▪', '►', '>'];
const QUOTES: [char; 7] = ['"', '“', '”', '„', '‟', '«', '»'];

/// Strips the decoration of a text. The terms tell which of its words are names.
pub fn strip(text: &Text, terms: &[Term]) -> StrippedText {
    let (mut plain, mut breaks) = (String::new(), Vec::new());
    let mut from = 0;
    for code in text
        .codes
        .iter()
        .filter(|code| parts(text, code.at, code.kind))
    {
        plain.push_str(&text.plain[from..code.at]);
        breaks.push(plain.len());
        plain.push(' ');
        from = code.at;
    }
    plain.push_str(&text.plain[from..]);
    let inner = inside(&plain);
    let bare = StrippedText {
        text: plain[inner.clone()].to_owned(),
        lead: english(&plain[..inner.start]),
        tail: english(&plain[inner.end..]),
        capitals: is_all_caps(&plain[inner.clone()]),
        start: inner.start,
        breaks: breaks
            .into_iter()
            .filter(|at| inner.contains(at))
            .map(|at| at - inner.start)
            .collect(),
    };
    if bare.capitals {
        let names: Vec<(Span, &Term)> = terms
            .iter()
            .filter_map(|term| Some((bare.inner(term.span)?, term)))
            .collect();
        StrippedText {
            text: sentence_case(&bare.text, &names),
            ..bare
        }
    } else {
        bare
    }
}

/// Whether an empty code separates two words without a space, as `<br>` does.
fn parts(text: &Text, at: usize, kind: CodeKind) -> bool {
    let glued = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    kind == CodeKind::Empty
        && glued(text.plain[..at].chars().next_back())
        && text.plain[at..]
            .chars()
            .next()
            .is_some_and(char::is_alphanumeric)
        && text.codes.iter().any(|c| c.at == at && c.label == "br")
}

/// The range without bullets, outer quotation marks and the white space beside them.
fn inside(text: &str) -> Range<usize> {
    let mut range = text.len() - text.trim_start().len()..text.trim_end().len();
    if range.is_empty() {
        return 0..text.len();
    }
    let rest = text[range.clone()].trim_start_matches(BULLETS);
    let unmarked = rest.trim_start();
    if unmarked.len() < rest.len() && rest.len() < range.len() {
        range.start = range.end - unmarked.len();
    }
    let core = text[range.clone()].trim_matches(QUOTES);
    if core.contains(char::is_alphanumeric) && !core.contains(QUOTES) {
        let before =
            text[range.clone()].len() - text[range.clone()].trim_start_matches(QUOTES).len();
        range = range.start + before..range.start + before + core.len();
    }
    range
}

/// Dutch opening marks in their English form; other characters stay.
fn english(marks: &str) -> String {
    marks.replace(['„', '‟', '«'], "“").replace('»', "”")
}

/// Whether a text is in capitals for emphasis: no small letter, and a word that is too long for an
/// abbreviation.
fn is_all_caps(text: &str) -> bool {
    let vowel = |c: char| "AEIOUYÉËÏÖÜ".contains(c);
    let long =
        |word: &str| word.chars().filter(|c| c.is_uppercase()).count() >= 5 && word.contains(vowel);
    !text.contains(char::is_lowercase) && text.split(|c: char| !c.is_alphanumeric()).any(long)
}

/// The other case of a character, if it has as many bytes.
fn other(c: char, mut cased: impl Iterator<Item = char>) -> char {
    match (cased.next(), cased.next()) {
        (Some(only), None) if only.len_utf8() == c.len_utf8() => only,
        _ => c,
    }
}

fn lower(c: char) -> char {
    other(c, c.to_lowercase())
}

/// A text in capitals in the case of a sentence: terms as their English is cased, words with a
/// digit and words without a vowel unchanged. No byte changes its place.
fn sentence_case(text: &str, names: &[(Span, &Term)]) -> String {
    let mut sentence_case = String::with_capacity(text.len());
    let mut first = true;
    for (start, word) in pieces(text) {
        let term = names
            .iter()
            .find(|(span, _)| span.start <= start && start < span.end);
        let abbreviation = word.contains(|c: char| c.is_ascii_digit())
            || !word.contains(|c: char| "AEIOUYÉËÏÖÜ".contains(c));
        let (keeps, capital) = match term {
            Some((_, term)) => (
                !term.target.contains(char::is_lowercase),
                term.target.starts_with(char::is_uppercase),
            ),
            None => (abbreviation, false),
        };
        for (index, c) in word.chars().enumerate() {
            let stays = keeps || index == 0 && (capital || first);
            sentence_case.push(if stays { c } else { lower(c) });
        }
        first &= !word.contains(char::is_alphanumeric);
    }
    sentence_case
}

/// Words and the text between them, with their offsets.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest
            .find(|c: char| c.is_alphanumeric() != is_word)
            .unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        let start = text.len() - rest.len();
        rest = tail;
        Some((start, piece))
    })
}

impl StrippedText {
    /// A range of the source in the stripped text; `None` if a part of it was stripped.
    pub fn inner(&self, span: Span) -> Option<Span> {
        // A range that begins at a break begins behind it; one that ends there ends before it.
        let there = |at: usize, reach: usize| {
            let at = at.checked_sub(self.start)?;
            Some(
                self.breaks
                    .iter()
                    .fold(at, |at, &space| at + usize::from(space < at + reach)),
            )
        };
        let span = Span::new(there(span.start, 1)?, there(span.end, 0)?);
        self.text.get(span.start..span.end).map(|_| span)
    }

    /// A range of the stripped text in the source.
    pub fn outer(&self, range: &Range<usize>) -> Span {
        let back =
            |at: usize| at + self.start - self.breaks.iter().filter(|&&space| space < at).count();
        Span::new(back(range.start), back(range.end))
    }

    /// Bytes of the restored target before the translation.
    pub fn lead(&self) -> usize {
        self.lead.len()
    }

    /// A translation with the decoration of the source. After the lead, every byte of it keeps its
    /// place.
    pub fn restore(&self, translation: &str) -> String {
        let mut text = self.lead.clone();
        if self.capitals {
            text.extend(translation.chars().map(|c| other(c, c.to_uppercase())));
        } else {
            text.push_str(translation);
        }
        text.push_str(&self.tail);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Code;

    fn bare(text: &str) -> StrippedText {
        strip(&text.into(), &[])
    }

    #[test]
    fn what_is_taken_off_is_put_on_again() {
        for (text, inner, out) in [
            ("„Het regent.”", "Het regent.", "“x”"),
            ("“Het regent", "Het regent", "“x"),
            ("Het regent.\"", "Het regent.", "x\""),
            ("– „Wat nu?”", "Wat nu?", "– “x”"),
            ("• Brood", "Brood", "• x"),
            ("“Ja”, zei hij.", "“Ja”, zei hij.", "x"),
            ("Hij zei: “Ja.”", "Hij zei: “Ja.”", "x"),
            ("-3 graden", "-3 graden", "x"),
            ("'s Avonds", "'s Avonds", "x"),
            ("…", "…", "x"),
        ] {
            let bare = bare(text);
            assert_eq!(bare.text, inner);
            assert_eq!(bare.restore("x"), out, "{text}");
        }
    }

    #[test]
    fn a_headline_in_capitals_is_asked_for_as_a_sentence() {
        let text = "OORLOG IN OEKRAÏNE: MI6 EN VS";
        let term = |word: &str, target: &str| {
            let start = text.find(word).unwrap();
            Term {
                source: word.into(),
                target: target.into(),
                forms: vec![target.into()],
                bans: Vec::new(),
                span: Span::new(start, start + word.len()),
                is_name: true,
                note: String::new(),
            }
        };
        let bare = strip(
            &text.into(),
            &[term("OEKRAÏNE", "Ukraine"), term("VS", "U.S.")],
        );
        assert_eq!(bare.text, "Oorlog in Oekraïne: MI6 en VS");
        assert_eq!(
            bare.restore("War in Ukraine: MI6 and U.S."),
            "WAR IN UKRAINE: MI6 AND U.S."
        );
        for text in ["NAVO", "MI6 EN CIA", "BBC", "Oorlog", "3.000"] {
            assert_eq!(super::tests::bare(text).restore("x"), "x", "{text}");
        }
    }

    #[test]
    fn offsets_go_there_and_back() {
        let mut text = Text::from("– „regel eenregel twee”");
        let at = text.plain.find("regel twee").unwrap();
        text.codes.push(Code {
            at,
            id: 1,
            kind: CodeKind::Empty,
            data: "<br>".into(),
            label: "br".into(),
        });
        let bare = strip(&text, &[]);
        assert_eq!(bare.text, "regel een regel twee");
        for word in ["regel een", "regel twee"] {
            let start = text.plain.find(word).unwrap();
            let span = Span::new(start, start + word.len());
            let inner = bare.inner(span).unwrap();
            assert_eq!(inner.of(&bare.text), word);
            assert_eq!(bare.outer(&(inner.start..inner.end)), span);
        }
        assert_eq!(bare.inner(Span::new(0, 1)), None);
    }
}
