//! Where sentences begin, and where a title stands before a name: what decides about capitals.

use super::fold::{first_word, last_word};
use super::{countries, words};
use crate::bitext::Hit;

/// Whether a sentence starts at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It does: the start of the text, behind `.!?`, behind an opening mark there.
    Yes,
    /// It may: behind a colon, an abbreviation, a dateline, inside an opening quotation. What stands there decides.
    Maybe,
    /// It does not.
    No,
}

const OPENING: [char; 11] = [
    ' ', '\t', '\n', '\r', '\u{a0}', '"', '“', '‘', '«', '(', '[',
];
const DASHES: [char; 5] = ['–', '—', '-', '•', '*'];

/// Whether a sentence starts at `at`.
pub fn start(text: &str, at: usize) -> Start {
    let left = &text[..at];
    let bare = left.trim_end_matches(|c| OPENING.contains(&c) || c == '\'' || c == '’');
    let undashed = bare.trim_end_matches(|c| OPENING.contains(&c) || DASHES.contains(&c));
    if undashed.is_empty() {
        return Start::Yes;
    }
    if undashed.len() < bare.len() {
        // `LONDON – Missiles hit`: a dateline opens the text.
        let dateline = undashed.len() < 40 && !undashed.contains(char::is_lowercase);
        return if dateline { Start::Maybe } else { Start::No };
    }
    // A word that is joined on starts nothing.
    if bare.len() == left.len() {
        return Start::No;
    }
    match bare.chars().next_back() {
        Some('!' | '?' | '…') => Start::Yes,
        Some('.') => {
            let word = last_word(&bare[..bare.len() - 1]);
            let initial = word.chars().count() == 1 && !word.starts_with(|c: char| c.is_numeric());
            if initial || words::is("abbreviation", word) {
                Start::Maybe
            } else {
                Start::Yes
            }
        }
        Some(':') => Start::Maybe,
        // Closing marks behind a full stop.
        Some('"' | '”' | ')' | '’' | '\'')
            if bare
                .trim_end_matches(['"', '”', ')', '’', '\''])
                .ends_with(['.', '!', '?']) =>
        {
            Start::Yes
        }
        _ if left.ends_with(['"', '“', '‘', '«']) => Start::Maybe,
        _ => Start::No,
    }
}

/// Whether a personal name stands directly behind a title.
pub fn before_name(text: &str, end: usize) -> bool {
    let Some(rest) = text[end..].strip_prefix([' ', '\u{a0}']) else {
        return false;
    };
    let mut rest = rest;
    let mut word = first_word(rest);
    while words::is("particle", word) {
        rest = rest[word.len()..].trim_start_matches([' ', '-']);
        word = first_word(rest);
    }
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let initial = word.chars().count() == 1 && rest[word.len()..].starts_with('.');
    let written = letters.next().is_some_and(char::is_lowercase);
    capital && (written || initial) && !words::is_any_case("weekday-month", word)
}

/// `foreign secretary` → `Foreign Secretary`; small words stay small.
pub fn title(text: &str) -> String {
    map_words(text, |word| {
        if words::is("small", word) {
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
        if proper || words::is("name", word) {
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

/// Whether the hit stands in capitals that are not its own, and the English does too.
pub fn shouts(hit: &Hit, found: &str) -> bool {
    hit.capitals && !found.contains(char::is_lowercase) && found.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_start_where_they_do() {
        for (text, wanted) in [
            ("", Start::Yes),
            ("“", Start::Yes),
            ("– ", Start::Yes),
            ("It ended. ", Start::Yes),
            ("“It ended.” ", Start::Yes),
            ("Really? ", Start::Yes),
            ("He said: ", Start::Maybe),
            ("He said, “", Start::Maybe),
            ("The U.S. ", Start::Maybe),
            ("Gov. ", Start::Maybe),
            ("LONDON – ", Start::Maybe),
            ("the ", Start::No),
            ("the “new” ", Start::No),
            ("war – ", Start::No),
            ("pro-", Start::No),
        ] {
            assert_eq!(start(text, text.len()), wanted, "{text}");
        }
    }

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
}
