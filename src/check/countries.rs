//! Countries and peoples that were exchanged for others.
//!
//! `België` → `Bulgaria`, `Zweedse` → `Swiss`; `Den Haag` → `the Netherlands` says the same.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use crate::language::countries::{CountryWord, in_dutch, in_english};
use crate::language::text_view::TextView;

/// Countries.
pub struct CountriesCheck;

fn span(side: &TextView<'_>, word: &CountryWord) -> Span {
    Span::new(
        side.words[word.at].span.start,
        side.words[word.next - 1].span.end,
    )
}

impl Check for CountriesCheck {
    fn name(&self) -> &'static str {
        "countries"
    }

    fn summary(&self) -> &'static str {
        "a country or a people became another one"
    }

    fn reason(&self) -> &'static str {
        "The Dutch names a country that the English does not, and the English one that the Dutch \
         does not. Names, adjectives and peoples of a country are one, and its capital and its \
         institutions may stand for it."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("België trekt geld uit.", "Bulgaria is setting aside money."),
                bad(
                    "Een Zweedse onderzoeker vond het wrak.",
                    "A Swiss researcher found the wreck.",
                ),
                good(
                    "Een Zweedse onderzoeker vond het wrak.",
                    "A researcher from Sweden found the wreck.",
                ),
                good(
                    "De Noord-Koreaanse leider reisde af.",
                    "The North Korean leader departed.",
                ),
                good(
                    "Het Witte Huis spreekt van een Deens plan.",
                    "The United States calls it a Danish plan.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (&pair.source, &pair.target);
        let own = in_dutch(source);
        if own.is_empty() {
            return Vec::new();
        }
        let theirs = in_english(target);
        let named = |words: &[CountryWord], code: &str| words.iter().any(|word| word.code == code);
        let lost: Vec<&CountryWord> = own
            .iter()
            .filter(|word| !word.is_seat && !named(&theirs, word.code))
            // One word may name several: `Congolese`, `Guinee`.
            .filter(|word| {
                own.iter()
                    .all(|other| other.at != word.at || !named(&theirs, other.code))
            })
            .filter(|word| !pair.is_term(span(source, word)))
            .collect();
        let new: Vec<&CountryWord> = theirs
            .iter()
            .filter(|word| !word.is_seat && !named(&own, word.code))
            .filter(|word| {
                theirs
                    .iter()
                    .all(|other| other.at != word.at || !named(&own, other.code))
            })
            // A name that both languages write alike: `Jordan`, `Georgia`.
            .filter(|word| (0..source.len()).all(|i| source.raw(i) != target.raw(word.at)))
            .collect();
        let (Some(&first), Some(&other)) = (lost.first(), new.first()) else {
            return Vec::new();
        };
        let (from, to) = (span(source, first), span(target, other));
        let (before, after) = (from.of(source.text), to.of(target.text));
        let message = format!("“{before}” became “{after}”");
        let finding = if lost.iter().all(|word| word.code == first.code) {
            Finding::error("countries", message)
        } else {
            Finding::warning("countries", message)
        };
        vec![finding.at_source(from).at_target(to)]
    }
}
