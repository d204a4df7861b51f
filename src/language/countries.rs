//! Countries: which words of the Dutch name one, and what English calls its people.
//!
//! `de Noorse minister` → NO, so that `minister van Buitenlandse Zaken` is a foreign minister and
//! not the Secretary of State.

use super::exonyms::EXONYMS;
use super::folding::Folded;
use super::phrases::PhraseTable;
use super::text_view::TextView;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// One row a country; own work.
const TABLE: &str = include_str!("../../data/language/countries.tsv");

/// A country.
#[derive(Debug)]
pub struct Country {
    /// Code of ISO 3166-1.
    pub code: &'static str,
    /// Dutch names.
    pub names: Vec<&'static str>,
    /// Dutch adjectives, undeclined and declined.
    pub adjectives: Vec<&'static str>,
    /// Dutch words for its people.
    pub people: Vec<&'static str>,
    /// Its capital and institutions, in Dutch.
    seats: Vec<&'static str>,
    /// English name.
    pub english: &'static str,
    /// English adjective.
    pub adjective: &'static str,
    /// English word for its people.
    pub english_people: &'static str,
    /// Further English words for country and people.
    further_english: Vec<&'static str>,
}

/// The countries, in the order of their codes.
pub fn all() -> &'static [Country] {
    static COUNTRIES: OnceLock<Vec<Country>> = OnceLock::new();
    COUNTRIES.get_or_init(|| {
        TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let mut cells = line.split('\t');
                let mut cell = || cells.next().unwrap_or_default();
                let list = |cell: &'static str| -> Vec<&'static str> {
                    cell.split('|').filter(|word| !word.is_empty()).collect()
                };
                Country {
                    code: cell(),
                    names: list(cell()),
                    adjectives: list(cell()),
                    people: list(cell()),
                    seats: list(cell()),
                    english: cell(),
                    adjective: cell(),
                    english_people: cell(),
                    further_english: list(cell()),
                }
            })
            .collect()
    })
}

/// The country of this Dutch name.
pub fn named(dutch: &str) -> Option<&'static Country> {
    all().iter().find(|country| country.names.contains(&dutch))
}

/// Whether a word, as it is written, is the Dutch adjective of a country.
pub fn is_adjective(word: &str) -> bool {
    static ADJECTIVES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let adjectives = || {
        all()
            .iter()
            .flat_map(|country| country.adjectives.iter().copied())
    };
    ADJECTIVES
        .get_or_init(|| adjectives().collect())
        .contains(word)
}

/// Every Dutch word or run of words that names a country, folded, with its code; and how many words
/// the longest has.
fn words() -> &'static HashMap<String, &'static str> {
    static WORDS: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = HashMap::new();
        for country in all() {
            let dutch = [
                &country.names,
                &country.adjectives,
                &country.people,
                &country.seats,
            ];
            for word in dutch.into_iter().flatten() {
                words
                    .entry(Folded::new(word, false).text)
                    .or_insert(country.code);
            }
        }
        words
    })
}

/// A word or a phrase of a text that names a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CountryWord {
    /// Code of ISO 3166-1.
    pub code: &'static str,
    /// Whether it is a capital or an institution, which may stand for the country.
    pub is_seat: bool,
    /// Words `at..next` of the text.
    pub at: usize,
    pub next: usize,
}

type Meant = (&'static str, bool);

/// The words of a text that a table has, with a capital each.
fn found(table: &PhraseTable<Meant>, view: &TextView<'_>) -> Vec<CountryWord> {
    let hits = table.find(view).into_iter();
    hits.filter(|hit| view.words[hit.at].capital)
        .map(|hit| CountryWord {
            code: hit.meaning.0,
            is_seat: hit.meaning.1,
            at: hit.at,
            next: hit.next,
        })
        .collect()
}

/// The words of a Dutch text that name a country, from left to right.
pub(crate) fn in_dutch(view: &TextView<'_>) -> Vec<CountryWord> {
    static WORDS: OnceLock<PhraseTable<Meant>> = OnceLock::new();
    let table = WORDS.get_or_init(|| {
        let mut words: Vec<(&str, Meant)> = Vec::new();
        for country in all() {
            let own = [&country.names, &country.adjectives, &country.people];
            words.extend(
                own.into_iter()
                    .flatten()
                    .map(|word| (*word, (country.code, false))),
            );
            words.extend(
                country
                    .seats
                    .iter()
                    .map(|word| (*word, (country.code, true))),
            );
        }
        PhraseTable::new(words.into_iter())
    });
    found(table, view)
}

/// The words of an English text that name a country, from left to right: its name, adjective and
/// people, the adjective's and people's other forms and the English of its seats.
pub(crate) fn in_english(view: &TextView<'_>) -> Vec<CountryWord> {
    static WORDS: OnceLock<PhraseTable<Meant>> = OnceLock::new();
    let table = WORDS.get_or_init(|| {
        let mut words: Vec<(&str, Meant)> = Vec::new();
        for country in all() {
            let own = [country.english, country.adjective, country.english_people];
            let single = country.english_people.strip_suffix('s');
            let own = own
                .into_iter()
                .chain(single)
                .chain(country.further_english.iter().copied());
            words.extend(own.map(|word| (word, (country.code, false))));
            for seat in &country.seats {
                let english = EXONYMS.get(&seat.to_lowercase()).map(String::as_str);
                words.push((english.unwrap_or(seat), (country.code, true)));
            }
        }
        words.sort_unstable();
        words.dedup();
        PhraseTable::new(words.into_iter())
    });
    found(table, view)
}

/// The code of a word or a run of words in a folded text.
pub fn code(folded: &str) -> Option<&'static str> {
    words().get(folded).copied()
}

/// The code that a person's entry names: `US`, `country=US`, or an English or Dutch country,
/// adjective or capital in its note.
pub fn in_note(note: &str) -> Option<&'static str> {
    let words: Vec<&str> = note
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '.'))
        .filter(|word| !word.is_empty())
        .collect();
    let of = |word: &str| {
        all()
            .iter()
            .find(|c| c.code == word || c.english == word || c.adjective == word)
            .map(|c| c.code)
            .or_else(|| code(&Folded::new(word, false).text))
            .or(match word {
                "U.S." | "USA" => Some("US"),
                "U.K." | "UK" => Some("GB"),
                _ => None,
            })
    };
    (0..words.len()).find_map(|at| {
        let pair = words
            .get(at + 1)
            .map(|next| format!("{} {next}", words[at]));
        pair.and_then(|pair| of(&pair)).or_else(|| of(words[at]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_whole() {
        assert!(all().len() > 100);
        for country in all() {
            assert_eq!(country.code.len(), 2);
            assert!(!country.names.is_empty() && !country.adjectives.is_empty());
            assert!(!country.english.is_empty() && !country.adjective.is_empty());
        }
    }

    #[test]
    fn a_note_names_a_country() {
        assert_eq!(in_note("U.S. Secretary of State"), Some("US"));
        assert_eq!(in_note("country=GB"), Some("GB"));
        assert_eq!(in_note("Noord-Koreaanse leider"), Some("KP"));
        assert_eq!(in_note("South Korean president"), Some("KR"));
        assert_eq!(in_note("spell with yy"), None);
    }
}
