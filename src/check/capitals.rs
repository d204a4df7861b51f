//! Capitals that English must have, and those that it must not.
//!
//! `op woensdag` → `on wednesday`, `de Nederlandse export` → `dutch exports`, `in Groningen` → `in
//! groningen`; `de burgemeester` → `the MAYOR`.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use crate::language::exonyms::EXONYMS;
use crate::language::text_view::{TextView, WordShape};
use crate::language::{countries, word_knowledge, word_lists};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// Capitals.
pub struct CapitalsCheck;

/// In letters: a shorter text in capitals may be an abbreviation.
const LINE: usize = 12;

/// Words that English writes with a capital wherever they stand, in lower case: days, months,
/// countries, peoples, languages. Not those that are common words, too (`may`, `polish`).
static PROPER: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let countries = countries::all()
        .iter()
        .flat_map(|country| [country.english, country.adjective, country.english_people]);
    let days = word_lists::get("capitals.english").iter().copied();
    let exonyms = EXONYMS.values().map(String::as_str);
    let exonyms = exonyms.filter(|name| !word_knowledge::is_english(name));
    countries
        .chain(days)
        .chain(exonyms)
        .filter(|word| word.len() > 2 && word.chars().all(char::is_alphabetic))
        .map(str::to_lowercase)
        .filter(|word| !word_lists::is("capitals.english.common", word))
        .collect()
});

/// A word without its possessive.
fn bare(word: &str) -> &str {
    let stem = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
    stem.unwrap_or(word)
}

/// The share of capitals among the letters of a text, and how many letters it has.
fn capitals(text: &str) -> (f64, usize) {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    (upper as f64 / letters.max(1) as f64, letters)
}

/// `JOHAN` for `johan`, as far as the first letter goes.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Whether a word in small letters must have a capital: English always writes it so, or it is a name
/// that the Dutch has with one.
fn lacks_capital(source: &TextView<'_>, target: &TextView<'_>, at: usize) -> bool {
    let word = &target.words[at];
    if word.capital || word.shape != WordShape::Letters {
        return false;
    }
    let raw = bare(target.raw(at));
    if PROPER.contains(raw) {
        // `french fries`, `danish pastry`
        return !word_lists::is("capitals.english.food", target.word(at + 1));
    }
    // `de Rijn`, `the rhine`; `in maart`, `in march`.
    let is_exonym = |i: usize| {
        source.words[i].capital && EXONYMS.get(source.word(i)).is_some_and(|own| own == raw)
    };
    let is_month = is_month(source, target, at);
    if is_month || (0..source.len()).any(is_exonym) {
        return true;
    }
    let is_name = |i: usize| {
        let own = &source.words[i];
        own.capital && !own.opens && !own.upper && bare(source.raw(i)) == capitalised(raw)
    };
    raw.chars().count() >= 4
        && (0..source.len()).any(is_name)
        && (0..target.len()).all(|j| target.raw(j) != capitalised(raw))
        && !word_knowledge::is_english(raw)
}

/// Whether a word is a month that is a common word, too: behind a preposition, where the Dutch has
/// that month.
fn is_month(source: &TextView<'_>, target: &TextView<'_>, at: usize) -> bool {
    let months = [("may", "mei"), ("march", "maart"), ("august", "augustus")];
    let dutch = months
        .iter()
        .find(|(english, _)| *english == target.raw(at));
    let before = at.checked_sub(1).map_or("", |before| target.word(before));
    dutch.is_some_and(|(_, dutch)| source.has(&[dutch]))
        && word_lists::is("month.announced", before)
}

/// Whether a word in capitals is the rendering of a Dutch word in small letters.
fn is_shouted(source: &TextView<'_>, target: &TextView<'_>, at: usize) -> bool {
    let word = &target.words[at];
    let lower = target.word(at);
    word.upper
        && word.shape == WordShape::Letters
        && lower.len() >= 4
        && word_knowledge::is_english(lower)
        && source.words.iter().all(|own| !own.upper)
        && (0..source.len()).any(|i| {
            let own = source.word(i);
            own != lower
                && word_knowledge::renderings(own)
                    .into_iter()
                    .flatten()
                    .any(|rendering| rendering == lower)
        })
}

/// The first word of a text that begins with a small letter where the Dutch begins with a capital.
fn small_start(source: &TextView<'_>, target: &TextView<'_>) -> Option<usize> {
    let (own, first) = (source.words.first()?, target.words.first()?);
    let raw = target.raw(0);
    let begins = |side: &TextView<'_>, at: usize| {
        let before = &side.text[..at];
        !before.contains(['.', '…', ']', ')'])
    };
    // A line without a mark at its end is a title or a term: the style of the house decides.
    if !source
        .text
        .trim_end()
        .ends_with(['.', '!', '?', '”', '"', '…'])
    {
        return None;
    }
    let is_plain = first.shape == WordShape::Letters
        && raw.chars().all(|c| c.is_lowercase() || "'’-".contains(c))
        && raw != source.raw(0);
    let is_small = is_plain && !first.capital && own.capital && own.shape == WordShape::Letters;
    (is_small && begins(source, own.span.start) && begins(target, first.span.start)).then_some(0)
}

impl Check for CapitalsCheck {
    fn name(&self) -> &'static str {
        "capitals"
    }

    fn summary(&self) -> &'static str {
        "a capital is missing, or is not wanted"
    }

    fn reason(&self) -> &'static str {
        "English writes days, months, countries, peoples and languages with a capital, and keeps \
         those of names. A word or a line in capitals that the Dutch has in small letters is \
         shouted by the engine."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "Het museum is op maandag dicht.",
                    "The museum is closed on monday.",
                ),
                bad(
                    "De Zweedse export groeit.",
                    "The swedish exports are growing.",
                ),
                bad(
                    "De trein naar Harlingen vertrok.",
                    "The train to harlingen left.",
                ),
                bad(
                    "De raad stemt morgen over het plan.",
                    "THE COUNCIL VOTES ON THE PLAN TOMORROW.",
                ),
                good("De mars begint in mei.", "The march may begin in May."),
                good("Zij aten friet.", "They ate french fries."),
                good("WEG DICHT DOOR SNEEUW", "ROAD CLOSED BY SNOW"),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        if !pair.is_short() {
            return Vec::new();
        }
        let (source, target) = (&pair.source, &pair.target);
        let whole = Span::new(0, target.text.len());
        let (share, letters) = capitals(target.text);
        if letters >= LINE && share > 0.8 {
            let own = capitals(source.text);
            let message = "the text is in capitals, and the Dutch is not";
            let finding = Finding::error("capitals", message).at_target(whole);
            return if own.0 < 0.5 && own.1 >= LINE {
                vec![finding]
            } else {
                Vec::new()
            };
        }
        let mut findings = Vec::new();
        let start = small_start(source, target);
        for at in 0..target.len() {
            let (span, raw) = (target.words[at].span, target.raw(at));
            let is_word = target.raw(at).is_ascii() || source.text.contains(target.raw(at));
            let starts = start == Some(at) && is_word;
            let (message, with) = if lacks_capital(source, target, at) || starts {
                ("is written with a capital", capitalised(raw))
            } else if is_shouted(source, target, at) {
                ("is not written in capitals", target.word(at).to_owned())
            } else {
                continue;
            };
            findings.push(
                Finding::warning("capitals", format!("“{raw}” {message}"))
                    .at_target(span)
                    .suggest(with),
            );
        }
        findings
    }
}
