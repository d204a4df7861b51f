//! The English word lists that the guards of repair ask about; the lists are data.

use super::countries;
use rustc_hash::FxHashMap;
use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, OnceLock};

/// Name, colon, words; own work.
const LISTS: &str = include_str!("../../data/language/english.txt");

/// Whether a word is in the list of this name, as written there.
pub fn is(list: &str, word: &str) -> bool {
    static WORDS: OnceLock<HashMap<&'static str, HashSet<&'static str>>> = OnceLock::new();
    WORDS
        .get_or_init(|| {
            LISTS
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once(':'))
                .map(|(name, words)| (name, words.split_whitespace().collect()))
                .collect()
        })
        .get(list)
        .is_some_and(|words| words.contains(word))
}

/// The same, whatever the word's capitals.
pub fn is_any_case(list: &str, word: &str) -> bool {
    is(list, &word.to_lowercase())
}

/// Function words by language; own work.
const WORDS: &str = include_str!("../../data/language/function.txt");

/// The lists of function words, and the adjectives of countries.
#[derive(Debug)]
pub struct Lists {
    words: HashMap<&'static str, HashSet<&'static str>>,
    adjectives: HashSet<&'static str>,
}

impl Lists {
    /// The lists, read once.
    pub fn get() -> &'static Self {
        static LISTS: OnceLock<Lists> = OnceLock::new();
        LISTS.get_or_init(|| Self {
            words: WORDS
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once(':'))
                .map(|(name, words)| (name, words.split_whitespace().collect()))
                .collect(),
            adjectives: countries::all()
                .iter()
                .flat_map(|country| country.adjectives.iter().copied())
                .collect(),
        })
    }

    /// Whether a word, in small letters, is in the list of this name.
    pub fn is(&self, list: &str, word: &str) -> bool {
        self.words
            .get(list)
            .is_some_and(|words| words.contains(word))
    }

    /// Whether a word is the adjective of a country.
    pub fn is_adjective(&self, word: &str) -> bool {
        self.adjectives.contains(word)
    }
}

static NAMED: LazyLock<FxHashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    include_str!("../../data/language/words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, entries)| (name, entries.split(',').collect()))
        .collect()
});

/// The entries of a list, in the order of the file. A name that is not there is a slip of the code: the list is empty, and a test says so.
pub(crate) fn get(name: &str) -> &'static [&'static str] {
    NAMED.get(name).map_or(&[], Vec::as_slice)
}

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
        || is("function", word)
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
    super::countries::all()
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

    #[test]
    fn every_list_that_the_code_names_is_there() {
        let code = [
            include_str!("../check/negation.rs"),
            include_str!("../check/coverage.rs"),
            include_str!("../check/quantity/compare.rs"),
        ]
        .concat();
        let named: Vec<&str> = code
            .split("word_lists::get(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(named.len() >= 10);
        assert!(named.iter().all(|name| !get(name).is_empty()), "{named:?}");
    }
}
