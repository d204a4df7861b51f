//! Guards of the repairs; each comes from a corruption that was seen.
//!
//! `International Olympic Committee` is not a place for `Olympics`, `the Olympic Games are` not one
//! for a singular; `Austria` is not a torn `Australia`.

use super::concept::{Article, Case, Concept};
use super::forms::is_abbreviation;
use crate::bitext::{Hit, Span};
use crate::language::Language;
use crate::language::articles::takes_the;
use crate::language::edit_distance::similarity;
use crate::language::folding::{first_word, last_word};
use crate::language::function_words::{is_common_word, is_function_word};
use crate::language::quantity::number_words::is_day_or_month;
use crate::language::sentence_start::{Start, start};
use crate::language::word_knowledge::is_english;
use crate::language::{countries, word_lists};

/// A capitalised word beside a form, with where it stands.
fn neighbours(text: &str, span: Span) -> [Option<(&str, Span)>; 2] {
    let is_name = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_alphabetic)
    };
    let left = &text[..span.start];
    let bare = left.strip_suffix([' ', '-', '\u{a0}']);
    let previous = bare
        .map(last_word)
        .filter(|word| is_name(word))
        .and_then(|word| {
            let end = bare?.len();
            Some((word, Span::new(end - word.len(), end)))
        });
    let right = &text[span.end..];
    let next = right
        .strip_prefix([' ', '-', '\u{a0}'])
        .map(|rest| rest.strip_prefix("of ").unwrap_or(rest))
        .and_then(|rest| {
            let word = first_word(rest);
            let at = text.len() - rest.len();
            is_name(word).then_some((word, Span::new(at, at + word.len())))
        });
    [previous, next]
}

/// Guard: the form with a neighbour is a name that the Dutch has word for word somewhere else (`US
/// Airways`), or one of a known kind.
pub fn in_other_name(source: &str, hit: &Hit, text: &str, span: Span) -> bool {
    let [previous, next] = neighbours(text, span);
    let stands = |whole: Span| {
        let name = whole.of(text);
        source.match_indices(name).any(|(at, _)| {
            let place = Span::new(at, at + name.len());
            !place.overlaps(hit.source) && crate::language::folding::is_whole(source, place)
        })
    };
    let brand = next.is_some_and(|(word, place)| {
        text[span.end..place.start].len() == 1
            && is_abbreviation(span.of(text))
            && word_lists::is("brand", word)
    });
    brand
        || next.is_some_and(|(_, place)| stands(Span::new(span.start, place.end)))
        || previous.is_some_and(|(_, place)| {
            start(text, place.start) != Start::Yes && stands(Span::new(place.start, span.end))
        })
}

/// Guard: the form is part of a longer capitalised name (International Olympic Committee).
pub fn is_part_of_longer_name(
    entry: &Concept,
    hit: &Hit,
    source: &str,
    text: &str,
    span: Span,
) -> bool {
    let found = span.of(text);
    let exempt = !found.starts_with(char::is_uppercase)
        || found.contains(' ')
        || is_abbreviation(found)
        || entry.case == Case::TitleBeforeName;
    !exempt && has_strange_neighbour(entry, hit, source, text, span)
}

/// Whether a capitalised word beside the form makes a longer name of it: no word of the entry, no
/// title, no country, and no name that the Dutch has there too.
pub fn has_strange_neighbour(
    entry: &Concept,
    hit: &Hit,
    source: &str,
    text: &str,
    span: Span,
) -> bool {
    let own = |word: &str| {
        let lower = word.to_lowercase();
        std::iter::once(&hit.required)
            .chain(&entry.en_accept)
            .chain(&entry.en_family)
            .any(|form| {
                form.to_lowercase()
                    .split([' ', '-'])
                    .any(|part| part == lower)
            })
    };
    let is_harmless = |word: &str| {
        own(word)
            || word_lists::is("title", word)
            || is_day_or_month(&word.to_lowercase())
            || is_country(word)
            || is_beside(word, hit, source)
    };
    let [previous, next] = neighbours(text, span);
    next.is_some_and(|(word, _)| !is_harmless(word))
        || previous.is_some_and(|(word, place)| {
            start(text, place.start) != Start::Yes && !is_harmless(word)
        })
}

/// Whether the Dutch has the form and the capitalised word before it alike: `Mr Evil President`.
pub fn stands_in_dutch(source: &str, text: &str, span: Span) -> bool {
    let [previous, _] = neighbours(text, span);
    previous.is_some_and(|(_, place)| source.contains(Span::new(place.start, span.end).of(text)))
}

/// Whether a word is the English name or adjective of a country.
fn is_country(word: &str) -> bool {
    countries::all()
        .iter()
        .any(|country| country.adjective == word || country.english == word)
}

/// Whether the Dutch has this word, or one much like it, directly beside the hit: `Nikita
/// Chroesjtsjov`.
fn is_beside(word: &str, hit: &Hit, source: &str) -> bool {
    let left = source[..hit.source.start].split_whitespace().rev().take(2);
    let right = source[hit.source.end..].split_whitespace().take(2);
    left.chain(right)
        .map(|other| other.trim_matches(|c: char| !c.is_alphanumeric()))
        .any(|other| similarity(other, word) >= 0.6)
}

/// Guard: the form shares its head with a word before it: `the First and Second World War`.
pub fn is_coordinated(text: &str, span: Span) -> bool {
    let is_modifier = |word: &str| {
        word_lists::is_any_case("direction", word)
            || (!word.is_empty() && word.chars().all(|c| "IVX".contains(c)))
    };
    let left = text[..span.start].trim_end();
    let left = left.strip_suffix(" the").unwrap_or(left);
    let before = [" and", " or", " &"]
        .iter()
        .find_map(|and| left.strip_suffix(and));
    is_modifier(first_word(span.of(text)))
        && before.is_some_and(|before| is_modifier(last_word(before)))
}

/// Guard: the Dutch is an English word too, and may be that word: `the fleet protects marine life`,
/// `the bridge IS open`.
pub fn is_english_word(entry: &Concept, found: &str) -> bool {
    let lower = found.to_lowercase();
    is_common_word(&lower, Language::English) || !entry.is_name() && is_english(&lower)
}

/// Guard: singular and plural are not swapped for each other; a verb might disagree.
pub fn agrees_in_number(entry: &Concept, required: &str, found: &str) -> bool {
    let single = entry.is_name() && !required.contains(' ') && !found.contains(' ');
    if single && entry.pos != "NOUN" || is_abbreviation(required) || is_abbreviation(found) {
        return true;
    }
    let plural = |form: &str| {
        let last = form.rsplit(' ').next().unwrap_or_default().to_lowercase();
        last.len() > 3
            && last.ends_with('s')
            && !["ss", "us", "is"].iter().any(|end| last.ends_with(end))
            && !word_lists::is("singular", &last)
    };
    plural(found) == plural(required)
}

/// Guard: the two forms take different articles, and the entry leaves the article open.
pub fn articles_clash(article: Article, required: &str, found: &str) -> bool {
    article == Article::Keep
        && matches!(
            (takes_the(found), takes_the(required)),
            (Some(one), Some(other)) if one != other
        )
}

/// Guard of the fuzzy rule: the span means something else than the term. Another country, another
/// side, another number.
pub fn is_other_thing(entry: &Concept, hit: &Hit, found: &str) -> bool {
    let country = countries::all().iter().find(|country| {
        [country.english, country.adjective, country.english_people].contains(&found)
    });
    if country.is_some_and(|country| {
        !country.names.contains(&entry.nl.as_str()) && country.english != entry.en
    }) {
        return true;
    }
    let marks = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| {
                word_lists::is_any_case("direction", word)
                    || word.chars().any(|c| c.is_ascii_digit())
                    || (!word.is_empty() && word.chars().all(|c| "IVX".contains(c)))
            })
            .map(|word| word.to_lowercase().trim_end_matches("ern").to_owned())
            .collect()
    };
    marks(found) != marks(&hit.required)
}

/// Guard of the fuzzy rule: in names of as many words, no word may be wholly different.
pub fn is_torn(found: &str, required: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (found.split(' ').collect(), required.split(' ').collect());
    a.len() == b.len() && a.len() > 1 && a.iter().zip(&b).any(|(a, b)| similarity(a, b) < 0.5)
}

/// Guard of the fuzzy rule: where a function word or a mark follows in the source, a lower-case
/// content word in the target means that a name was torn apart: `To trousers and Benghazi`.
pub fn follows_up(source: &str, target: &str) -> bool {
    let first = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphabetic())
            .collect()
    };
    let (source, target) = (first(source), first(target));
    let goes_on = !["", "en", "of"].contains(&source.as_str());
    let content = target.starts_with(char::is_lowercase)
        && !is_function_word(&target, Language::English)
        && !word_lists::is("verb", &target);
    goes_on || !content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(en: &str, source: &str, dutch: &str, text: &str, found: &str) -> bool {
        let at = source.find(dutch).unwrap();
        let hit = Hit {
            required: en.into(),
            source: Span::new(at, at + dutch.len()),
            ..Hit::default()
        };
        let entry = Concept {
            nl: dutch.into(),
            en: en.into(),
            ..Concept::default()
        };
        let at = text.find(found).unwrap();
        let span = Span::new(at, at + found.len());
        in_other_name(source, &hit, text, span)
            || is_part_of_longer_name(&entry, &hit, source, text, span)
    }

    #[test]
    fn longer_names_are_left_alone() {
        for (en, source, dutch, text, found, wanted) in [
            (
                "Olympics",
                "Het Internationaal Olympisch Comité over de Olympische Spelen.",
                "Olympische Spelen",
                "The International Olympic Committee.",
                "Olympic",
                true,
            ),
            (
                "U.S.",
                "US Airways vliegt in de VS.",
                "VS",
                "US Airways flies there.",
                "US",
                true,
            ),
            (
                "U.S.",
                "De VS zwijgen.",
                "VS",
                "The US President is silent.",
                "US",
                false,
            ),
            (
                "Khrushchev",
                "Nikita Chroesjtsjov kwam.",
                "Chroesjtsjov",
                "Nikita Krushchev came.",
                "Krushchev",
                false,
            ),
            (
                "Putin",
                "Poetin kwam.",
                "Poetin",
                "Aleksandr Poetin Street.",
                "Poetin",
                true,
            ),
            (
                "Putin",
                "Vladimir Poetin kwam.",
                "Poetin",
                "Vladimir Poetin came.",
                "Poetin",
                false,
            ),
        ] {
            assert_eq!(guarded(en, source, dutch, text, found), wanted, "{text}");
        }
    }

    #[test]
    fn fuzzy_does_not_take_one_thing_for_another() {
        let other = |nl: &str, en: &str, found: &str| {
            let entry = Concept {
                nl: nl.into(),
                en: en.into(),
                ..Concept::default()
            };
            let hit = Hit {
                required: en.into(),
                ..Hit::default()
            };
            is_other_thing(&entry, &hit, found)
        };
        assert!(other("Australië", "Australia", "Austria"));
        assert!(other("Noord-Korea", "North Korea", "South Korea"));
        assert!(other("Tweede Wereldoorlog", "World War II", "World War I"));
        assert!(!other("Oost-Thracië", "Eastern Thrace", "East Thacia"));
        assert!(!other("Irkoetsk", "Irkutsk", "Irkutk"));
        assert!(is_torn("Vladimir Kara", "Vladimir Putin"));
    }

    #[test]
    fn a_shared_head_is_seen() {
        let coordinated = |text: &str, found: &str| {
            let at = text.find(found).unwrap();
            is_coordinated(text, Span::new(at, at + found.len()))
        };
        assert!(coordinated(
            "the First and Second World War",
            "Second World War"
        ));
        assert!(!coordinated(
            "France and Second World War",
            "Second World War"
        ));
        assert!(!coordinated(
            "the First and United Kingdom",
            "United Kingdom"
        ));
    }

    #[test]
    fn articles_and_numbers_clash() {
        assert!(articles_clash(Article::Keep, "Britain", "United Kingdom"));
        assert!(!articles_clash(Article::None, "Britain", "United Kingdom"));
        assert!(!articles_clash(Article::Keep, "U.S.", "United States"));
        let entry = Concept::default();
        assert!(!agrees_in_number(
            &entry,
            "presidential election",
            "presidential elections"
        ));
        assert!(agrees_in_number(&entry, "the Netherlands", "Holland"));
        assert!(agrees_in_number(&entry, "missiles", "rockets"));
    }
}
