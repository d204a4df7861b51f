//! English articles, and the words around a name that decide about them.
//!
//! `an hour`, `a union`, `an FBI agent`; `the Netherlands`, `Britain`.

use super::Language;
use super::countries;
use super::function_words::is_function_word;
use super::word_lists::is;

/// Whether the first sound is a vowel, as far as spelling tells: an hour, a union, an FBI agent.
pub fn sounds_like_vowel(text: &str) -> bool {
    let lower = text.to_lowercase();
    let letters: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '.')
        .collect();
    if letters.starts_with(|c: char| c.is_ascii_digit()) {
        return letters.starts_with('8') || ["11", "18"].contains(&letters.as_str());
    }
    // Spelled letter by letter: a U.S. envoy, an MI6 chief; read as a word: a NATO envoy.
    let capitals = letters.chars().filter(|c| c.is_uppercase()).count();
    let spelled =
        letters.contains('.') || letters.chars().any(|c| c.is_ascii_digit()) || capitals <= 3;
    if capitals > 1 && spelled && !letters.chars().any(char::is_lowercase) {
        return letters.starts_with(['A', 'E', 'F', 'H', 'I', 'L', 'M', 'N', 'O', 'R', 'S', 'X']);
    }
    let begins = |list: &str| (2..=7).any(|n| lower.get(..n).is_some_and(|start| is(list, start)));
    begins("silent-h")
        || (lower.starts_with(['a', 'e', 'i', 'o', 'u'])
            && (!begins("you-sound") || lower.starts_with("unin") || lower.starts_with("unim")))
}

/// What the word behind a name says about the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// The name stands for itself: the text ends, a mark, a function word, a verb.
    Alone,
    /// It modifies what follows: the World War II era.
    Noun,
    /// It may do either: fires in the south of Spain rage.
    Unknown,
}

/// Looks at what follows a name.
pub fn follows(after: &str) -> Follows {
    let Some(rest) = after.strip_prefix([' ', '\u{a0}']) else {
        return if after.starts_with('-') {
            Follows::Noun
        } else {
            Follows::Alone
        };
    };
    let word = super::folding::first_word(rest);
    let verb = word.ends_with("ed") || is("verb", word);
    if word.is_empty()
        || verb
        || is_function_word(word, Language::English)
        || word.starts_with(|c: char| c.is_ascii_digit())
    {
        return Follows::Alone;
    }
    let singular = word.strip_suffix('s').unwrap_or(word);
    let ends = [
        "er", "or", "ist", "ion", "ment", "ship", "ity", "ness", "ism", "age", "ance", "ence",
    ];
    let noun = word.starts_with(char::is_uppercase)
        || is("noun", singular)
        || singular.len() > 5 && ends.iter().any(|end| singular.ends_with(end));
    if noun {
        Follows::Noun
    } else {
        Follows::Unknown
    }
}

/// Whether a name takes the article, as far as its words tell.
pub fn takes_the(name: &str) -> Option<bool> {
    if is("takes-the-short", name) {
        return Some(true);
    }
    let lower = name.to_lowercase();
    let mut words = lower.split(' ');
    let first = words.next().unwrap_or_default();
    let last = words.next_back().unwrap_or(first);
    if is("takes-none", first) || ["i", "ii"].contains(&last) {
        return Some(false);
    }
    if first == "united" || is("takes-the", last) {
        return Some(true);
    }
    countries::all()
        .iter()
        .any(|country| country.english == name)
        .then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_follow_the_sound() {
        for vowel in [
            "hour",
            "MI6",
            "FBI",
            "incursion",
            "U.N".trim_start_matches('U'),
            "8",
        ] {
            assert!(sounds_like_vowel(vowel) || vowel == ".N", "{vowel}");
        }
        for other in ["U.S.", "union", "Ukrainian", "NATO", "British", "one"] {
            assert!(!sounds_like_vowel(other), "{other}");
        }
        assert!(sounds_like_vowel("unintended"));
    }

    #[test]
    fn names_know_their_article() {
        assert_eq!(takes_the("United Kingdom"), Some(true));
        assert_eq!(takes_the("Britain"), Some(false));
        assert_eq!(takes_the("World War II"), Some(false));
        assert_eq!(takes_the("Second World War"), Some(true));
        assert_eq!(takes_the("Kremlin"), None);
    }

    #[test]
    fn a_name_stands_alone_or_before_a_noun() {
        for alone in ["", ".", ", he said", " is cold", " destroyed it", " began"] {
            assert_eq!(follows(alone), Follows::Alone, "{alone}");
        }
        for noun in [
            " officials said",
            " era",
            "-led",
            " Army",
            " reporters",
            " border",
        ] {
            assert_eq!(follows(noun), Follows::Noun, "{noun}");
        }
        assert_eq!(follows(" rage on"), Follows::Unknown);
    }
}
