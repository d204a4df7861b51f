//! Capitals: a title before a name, a line in capitals, a headline in title case.

use crate::bitext::{Hit, Span};
use crate::language::Language;
use crate::language::folding::first_word;
use crate::language::function_words::is_common_word;
use crate::language::quantity::number_words::is_day_or_month;
use crate::language::{countries, word_lists};

/// Whether a personal name stands directly behind a title.
pub fn before_name(text: &str, end: usize) -> bool {
    let Some(rest) = text[end..].strip_prefix([' ', '\u{a0}']) else {
        return false;
    };
    let mut rest = rest;
    let mut word = first_word(rest);
    while word_lists::is("particle", word) {
        rest = rest[word.len()..].trim_start_matches([' ', '-']);
        word = first_word(rest);
    }
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let initial = word.chars().count() == 1 && rest[word.len()..].starts_with('.');
    let written = letters.next().is_some_and(char::is_lowercase);
    capital && (written || initial) && !is_day_or_month(&word.to_lowercase())
}

/// `foreign secretary` → `Foreign Secretary`; small words stay small.
pub fn title(text: &str) -> String {
    map_words(text, |word| {
        if word_lists::is("small", word) {
            word.to_owned()
        } else {
            super::forms::capital(word)
        }
    })
}

/// A title that stands without a name: lower case, but for names of countries and abbreviations.
pub fn lower_title(text: &str) -> String {
    map_words(text, |word| {
        let proper = word.chars().filter(|c| c.is_uppercase()).count() > 1
            || countries::all().iter().any(|country| {
                country.adjective.split(' ').any(|part| part == word)
                    || country.english.split(' ').any(|part| part == word)
            });
        if proper || word_lists::is("name", word) {
            word.to_owned()
        } else {
            word.to_lowercase()
        }
    })
}

fn map_words(text: &str, change: impl Fn(&str) -> String) -> String {
    text.split(' ')
        .map(|word| word.split('-').map(&change).collect::<Vec<_>>().join("-"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the English stands in capitals that are not its own: the source's, or those of its line.
pub fn shouts(hit: &Hit, text: &str, span: Span) -> bool {
    let found = span.of(text);
    let is_upper = !found.contains(char::is_lowercase) && found.contains(char::is_alphabetic);
    is_upper && (hit.capitals || in_capitals(text, span))
}

/// The line around a span.
fn line(text: &str, span: Span) -> Span {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..]
        .find('\n')
        .map_or(text.len(), |at| span.end + at);
    Span::new(start, end)
}

/// Number of capitals that outweigh a small letter in their line: `DE iPHONE IS DUUR`.
const CAPITALS_TO_SMALL: usize = 8;

/// Whether the line around a span is written in capitals.
pub fn in_capitals(text: &str, span: Span) -> bool {
    let count = |is: fn(char) -> bool| line(text, span).of(text).chars().filter(|c| is(*c)).count();
    count(char::is_lowercase) * CAPITALS_TO_SMALL <= count(char::is_uppercase)
}

/// Whether an acronym stands in a line of capitals where it may be a word: `THE BRIDGE IS OPEN`.
pub fn may_be_word(text: &str, span: Span, language: Language) -> bool {
    let line = line(text, span);
    let alone = !text[line.start..span.start].contains(char::is_alphabetic)
        && !text[span.end..line.end].contains(char::is_alphabetic);
    if alone || !in_capitals(text, span) {
        return false;
    }
    let word = span.of(text).to_lowercase();
    let versus = language == Language::English && word == "vs";
    versus || is_common_word(&word, language)
}

/// Least number of words beside the first one by which a headline in title case is known.
const TITLE_WORDS: usize = 2;

/// Whether the line around a span is a headline in which each longer word has a capital: `Talks on
/// Cease-Fire Resume in Cairo`.
pub fn in_title_case(text: &str, span: Span) -> bool {
    let line = line(text, span);
    if line
        .of(text)
        .trim_end()
        .ends_with(['.', '!', '?', '”', '"'])
    {
        return false;
    }
    let others = crate::bitext::words(text)
        .into_iter()
        .filter(|word| word.start > line.start && word.end <= line.end && !word.overlaps(span));
    let (mut upper, mut lower) = (0, 0);
    for word in others.map(|word| word.of(text)) {
        if word.starts_with(char::is_uppercase) {
            upper += 1;
        } else if word.chars().filter(|c| c.is_alphabetic()).count() > 3 {
            lower += 1;
        }
    }
    lower == 0 && upper >= TITLE_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_before_names() {
        for (rest, wanted) in [
            (" Anna Holm", true),
            (" J. Holm", true),
            (" van der Berg", true),
            (" al-Sisi", true),
            (" said", false),
            (" Tuesday", false),
            ("’s Office", false),
            (" MPs", false),
        ] {
            assert_eq!(before_name(rest, 0), wanted, "{rest}");
        }
        assert_eq!(
            title("minister of foreign affairs"),
            "Minister of Foreign Affairs"
        );
        assert_eq!(title("governor-general"), "Governor-General");
        assert_eq!(
            lower_title("British Foreign Secretary"),
            "British foreign secretary"
        );
        assert_eq!(lower_title("CIA Director"), "CIA director");
    }
    #[test]
    fn a_line_has_its_case() {
        let at = |text: &str, found: &str| {
            let start = text.find(found).expect("it stands there");
            Span::new(start, start + found.len())
        };
        for (text, found, capitals, title) in [
            ("THE TRUCE HOLDS", "TRUCE", true, false),
            ("LONDON – The truce holds", "LONDON", false, false),
            ("Gaza\nTHE TRUCE", "TRUCE", true, false),
            ("THE iPHONE IS TOO DEAR", "IS", true, false),
            (
                "Talks on Cease-Fire Resume in Cairo",
                "Cease-Fire",
                false,
                true,
            ),
            ("Talks on Navy of France", "Navy", false, false),
            (
                "The Navy of France has sent two ships",
                "Navy",
                false,
                false,
            ),
        ] {
            let span = at(text, found);
            assert_eq!(in_capitals(text, span), capitals, "{text}");
            assert_eq!(in_title_case(text, span), title, "{text}");
        }
        let word = |text: &str, found: &str, language| may_be_word(text, at(text, found), language);
        assert!(word("DE BRUG IS OPEN", "IS", Language::Dutch));
        assert!(word("OM TWEE UUR", "OM", Language::Dutch));
        assert!(word("AJAX VS FEYENOORD", "VS", Language::English));
        assert!(word("TELL US MORE", "US", Language::English));
        assert!(!word("DE VS WINNEN", "VS", Language::Dutch));
        assert!(!word("Strijders van IS vluchten", "IS", Language::Dutch));
    }
}
