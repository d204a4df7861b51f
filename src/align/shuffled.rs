//! Whether the translations of several texts stand beside each other's sources.
//!
//! A service that answers by position may mix up the texts of a request: `De brug is dicht.` beside
//! `The harvest was good.`, and the other way round. The words that the lexicon knows, the numbers
//! and the names of a text are looked for in its own translation and in the others'.

use crate::bitext::words;
use crate::language::stems::english_stem;
use crate::language::word_knowledge::{parts, renderings};
use crate::language::{Language, function_words::is_function_word};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Pieces of evidence from which a text says anything, and that another's translation has at least.
const LEAST_PIECES: usize = 2;
/// One of so many pieces is found in another's translation at least.
const FOREIGN_PART: usize = 5;

/// What may stand in a translation for one word of its source, as stems in lower case.
type EvidencePiece = Vec<String>;

/// Whether at least two texts have more of what they say in another's translation than in their
/// own, each in one of another such text. Sources are Dutch, translations English.
pub fn is_shuffled(pairs: &[(&str, &str)]) -> bool {
    let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, (_, target)) in pairs.iter().enumerate() {
        for stem in stems(target) {
            places.entry(stem).or_default().push(at);
        }
    }
    let elsewhere: Vec<Vec<usize>> = (pairs.iter().enumerate())
        .map(|(at, (source, _))| better_places(at, &pieces(source), pairs.len(), &places))
        .collect();
    let is_misplaced = |at: &usize| {
        elsewhere[*at]
            .iter()
            .any(|&other| !elsewhere[other].is_empty())
    };
    (0..pairs.len()).filter(is_misplaced).take(2).count() == 2
}

/// The translations that have more pieces of a source than its own, `at`, has.
fn better_places(
    at: usize,
    pieces: &[EvidencePiece],
    count: usize,
    places: &FxHashMap<String, Vec<usize>>,
) -> Vec<usize> {
    if pieces.len() < LEAST_PIECES {
        return Vec::new();
    }
    // Pieces found in each translation, and the last of them, so that each counts once.
    let mut found = vec![(0, usize::MAX); count];
    for (number, piece) in pieces.iter().enumerate() {
        for &place in piece.iter().filter_map(|stem| places.get(stem)).flatten() {
            if found[place].1 != number {
                found[place] = (found[place].0 + 1, number);
            }
        }
    }
    let least = LEAST_PIECES.max(found[at].0 + 1);
    let is_better =
        |place: &usize| found[*place].0 >= least && found[*place].0 * FOREIGN_PART >= pieces.len();
    (0..count).filter(is_better).collect()
}

/// What a source says, one piece for each word that has content.
fn pieces(source: &str) -> Vec<EvidencePiece> {
    let mut pieces = Vec::new();
    for span in words(source) {
        let word = span.of(source);
        let lower = word.to_lowercase();
        if is_function_word(&lower, Language::Dutch) {
            continue;
        }
        let mut piece = EvidencePiece::new();
        let mut known = false;
        for rendering in renderings(&lower).into_iter().flatten() {
            known = true;
            // The last word of a rendering carries it: `to the north`, `put off`.
            piece.extend(content(rendering));
        }
        if !known && let Some((first, second)) = parts(&lower) {
            for part in [first, second] {
                piece.extend(renderings(part).into_iter().flatten().flat_map(content));
            }
            known = true;
        }
        let is_name = word.chars().next().is_some_and(char::is_uppercase);
        let digits = digits(word);
        if !digits.is_empty() {
            piece.push(digits);
        } else if is_name && !known {
            piece.push(english_stem(&lower).to_owned());
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
    }
    pieces
}

/// The words of a rendering that have content, as stems.
fn content(rendering: &str) -> impl Iterator<Item = String> + '_ {
    let words = rendering.split(' ');
    words
        .filter(|word| !is_function_word(word, Language::English))
        .map(|word| english_stem(word).to_owned())
}

/// The stems of a translation, and its numbers, each once.
fn stems(target: &str) -> BTreeSet<String> {
    let of = |word: &str| match digits(word) {
        digits if digits.is_empty() => english_stem(&word.to_lowercase()).to_owned(),
        digits => digits,
    };
    let spans = words(target).into_iter();
    spans.map(|span| of(span.of(target))).collect()
}

/// The digits of a number with two of them at least, whatever parts its thousands.
fn digits(word: &str) -> String {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 2 {
        String::new()
    } else {
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: [(&str, &str); 6] = [
        (
            "De brug over het kanaal is dicht.",
            "The bridge across the canal is closed.",
        ),
        (
            "De oogst was dit jaar goed.",
            "The harvest was good this year.",
        ),
        (
            "Volgens de burgemeester komt er een school.",
            "There will be a school, the mayor says.",
        ),
        (
            "De politie zoekt getuigen van de brand.",
            "Police are looking for witnesses to the fire.",
        ),
        (
            "In Zwolle staan 1.300 huizen leeg.",
            "In Zwolle 1,300 homes are empty.",
        ),
        ("Ja, zegt ze.", "Yes, she says."),
    ];

    #[test]
    fn translations_that_changed_places_are_noticed() {
        assert!(!is_shuffled(&PAIRS));
        for (a, b) in [(0, 1), (1, 4), (2, 3), (0, 3)] {
            let mut pairs = PAIRS;
            (pairs[a].1, pairs[b].1) = (PAIRS[b].1, PAIRS[a].1);
            assert!(is_shuffled(&pairs), "{a} {b}");
            assert!(is_shuffled(&[pairs[a], pairs[b]]), "{a} {b} alone");
        }
        let mut turned = PAIRS;
        for (at, pair) in turned.iter_mut().enumerate() {
            pair.1 = PAIRS[(at + 1) % PAIRS.len()].1;
        }
        assert!(is_shuffled(&turned));
    }

    #[test]
    fn free_and_missing_translations_are_none_of_it() {
        let mut pairs = PAIRS;
        (pairs[0].1, pairs[1].1) = ("Closed until further notice.", "");
        assert!(!is_shuffled(&pairs));
        assert!(!is_shuffled(&[]));
        assert!(!is_shuffled(&[("", ""), ("", "")]));
    }

    /// The share of pairs whose exchange is noticed, and of batches that are noticed without one,
    /// on the development sets.
    #[test]
    #[allow(clippy::disallowed_methods)] // it is told where the sets are
    fn exchanges_are_noticed_in_the_development_sets() {
        let Some(data) = std::env::var_os("OVERZET_DATA") else {
            return;
        };
        let (mut exchanged, mut noticed, mut batches, mut alarms) = (0, 0, 0, 0);
        for set in ["flores", "ntrex"] {
            let path = std::path::Path::new(&data).join(format!("alignment/dev/{set}.jsonl"));
            let Ok(text) = std::fs::read_to_string(path) else {
                continue;
            };
            let mut rows: Vec<(String, String)> = Vec::new();
            for line in text.lines() {
                let document: serde_json::Value = serde_json::from_str(line).unwrap();
                for bead in document["gold"].as_array().unwrap() {
                    let one = |side: usize, name: &str| {
                        let [at] = bead[side].as_array()?.as_slice() else {
                            return None;
                        };
                        let text = document[name][at.as_u64()? as usize].as_str()?;
                        Some(text.to_owned())
                    };
                    rows.extend(one(0, "src").zip(one(1, "tgt")));
                }
            }
            for batch in rows.chunks(20).filter(|batch| batch.len() == 20) {
                let pairs: Vec<(&str, &str)> = batch
                    .iter()
                    .map(|(nl, en)| (nl.as_str(), en.as_str()))
                    .collect();
                batches += 1;
                alarms += u32::from(is_shuffled(&pairs));
                for at in (0..19).step_by(3) {
                    let mut pairs = pairs.clone();
                    (pairs[at].1, pairs[at + 1].1) = (pairs[at + 1].1, pairs[at].1);
                    exchanged += 1;
                    noticed += u32::from(is_shuffled(&pairs));
                }
            }
        }
        println!("{noticed} of {exchanged} exchanges, {alarms} of {batches} batches");
        assert!(noticed * 100 >= exchanged * 90, "{noticed} of {exchanged}");
        assert!(alarms * 100 <= batches, "{alarms} of {batches}");
        assert!(batches > 300, "{batches}");
    }
}
