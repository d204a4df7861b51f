//! Where a title stands before a name: what decides about capitals.

use crate::bitext::Hit;
use crate::language::folding::first_word;
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

/// Whether the hit stands in capitals that are not its own, and the English does too.
pub fn shouts(hit: &Hit, found: &str) -> bool {
    hit.capitals && !found.contains(char::is_lowercase) && found.contains(char::is_alphabetic)
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
}
