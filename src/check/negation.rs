//! Negations that were lost or added.
//!
//! `geen verdachten` → `suspects` says the opposite; `slaagde er niet in` → `failed`, `pas om tien uur` → `not until`, `niet ongewoon` → `common` are right.

use super::side::Side;
use super::{Check, Example, Pair, bad, good, lexicon, lists};
use crate::bitext::Finding;

/// Negation.
pub struct Negation;

/// In words: a longer sentence has room to say no in another way.
const LONG: usize = 18;

/// Whether a side says no in any way: by a word, a beginning, or a prefix that negates a known word.
fn says_no(
    side: &Side<'_>,
    words: &[&str],
    stems: &[&str],
    prefix: &str,
    known: fn(&str) -> bool,
) -> bool {
    (0..side.len()).any(|at| {
        let word = side.word(at);
        let prefixed = word
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= 4 && known(rest));
        words.contains(&word)
            || prefixed
            || contracted(word)
            || word.ends_with("loos")
            || word.ends_with("loze")
            || word.ends_with("less")
            || stems.iter().any(|stem| word.starts_with(stem))
    })
}

/// `don't`, `wasn’t`
fn contracted(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t")
}

/// The first word that negates and stands in no phrase that makes something else of it.
fn negator(side: &Side<'_>, words: &[&str], neutral: &[&str]) -> Option<usize> {
    (0..side.len()).find(|&at| {
        let word = side.word(at);
        if !(words.contains(&word) || words.contains(&"not") && contracted(word)) {
            return false;
        }
        let first = at.saturating_sub(2);
        let last = (at + 3).min(side.len() - 1);
        let end = side
            .words
            .get(last + 1)
            .map_or(side.text.len(), |next| next.span.start);
        let around = &side.lower[side.words[first].span.start..end];
        // `niet ongewoon`, `not uncommon`: two that cancel.
        let prefix = if words.contains(&"niet") { "on" } else { "un" };
        let cancels = side.word(at + 1).strip_prefix(prefix).is_some_and(|rest| {
            rest.len() >= 4 && (lexicon::is_dutch(rest) || lexicon::is_english(rest))
        });
        !cancels && !neutral.iter().any(|phrase| around.contains(phrase))
    })
}

/// An error in a short sentence, a warning in a long one.
fn weighed(message: String, source: &Side<'_>) -> Finding {
    if source.len() > LONG {
        Finding::warning("negation", message)
    } else {
        Finding::error("negation", message)
    }
}

impl Check for Negation {
    fn name(&self) -> &'static str {
        "negation"
    }

    fn summary(&self) -> &'static str {
        "a negation was lost or added"
    }

    fn reason(&self) -> &'static str {
        "Presence is compared, not number: English says no with failed, refused, without, until and un-. Where one side negates and the other has nothing of the kind, the sentence says the opposite."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De politie heeft geen verdachten aangehouden.",
                    "Police have arrested suspects.",
                ),
                bad(
                    "De school gaat maandag open.",
                    "The school will not open on Monday.",
                ),
                good(
                    "Ze kwam pas om tien uur aan.",
                    "She did not arrive until 10 o'clock.",
                ),
                good(
                    "De raad slaagde er niet in een besluit te nemen.",
                    "The council failed to reach a decision.",
                ),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, target) = (&pair.source, &pair.target);
        if source.len() < 3 || target.len() < 3 || source.text.trim_end().ends_with('?') {
            return Vec::new();
        }
        let mut findings = Vec::new();
        let english = |word: &str| lexicon::is_english(word);
        if let Some(at) = negator(
            source,
            lists::get("negation.dutch"),
            lists::get("negation.dutch.neutral"),
        ) && !says_no(
            target,
            lists::get("negation.english"),
            &[],
            "\u{0}",
            english,
        ) && !says_no(
            target,
            lists::get("negation.english.weak"),
            lists::get("negation.english.stems"),
            "un",
            english,
        ) && !is_possible(source, target)
        {
            let message = format!(
                "“{}” has no counterpart: the negation is lost",
                source.raw(at)
            );
            findings.push(weighed(message, source).at_source(source.words[at].span));
        }
        if let Some(at) = negator(
            target,
            lists::get("negation.english"),
            lists::get("negation.english.neutral"),
        ) && !says_no(
            source,
            lists::get("negation.dutch"),
            &[],
            "\u{0}",
            lexicon::is_dutch,
        ) && !says_no(
            source,
            lists::get("negation.dutch.weak"),
            lists::get("negation.dutch.stems"),
            "on",
            lexicon::is_dutch,
        ) {
            let message = format!(
                "“{}” has no counterpart in the Dutch: a negation was added",
                target.raw(at)
            );
            findings.push(weighed(message, source).at_target(target.words[at].span));
        }
        findings
    }
}

/// `sluit niet uit` may be `is possible`.
fn is_possible(source: &Side<'_>, target: &Side<'_>) -> bool {
    let excludes = source.has(&["sluit", "sluiten", "sloot", "sloten", "uitgesloten"])
        && source.has(&["uit", "uitgesloten", "uitsluiten"]);
    excludes
        && target.has(&[
            "possible",
            "possibly",
            "may",
            "might",
            "could",
            "open",
            "possibility",
        ])
}
