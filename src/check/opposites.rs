//! Words that became their opposite, and ways that were turned round.
//!
//! `meer dan 100` → `fewer than 100`, `steeg` → `fell`, `ouder dan 16` → `younger than 16`.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use crate::language::function_words::is_function_word;
use crate::language::opposites::{PoleWeight, PoleWord, poles};
use crate::language::text_view::TextView;
use crate::language::word_knowledge::{alike, renderings};
use crate::language::{Language, word_lists};

/// Opposites.
pub struct OppositesCheck;

/// In words: a longer sentence has room to say a thing from its other side.
const LONG: usize = 25;

fn span(side: &TextView<'_>, word: &PoleWord) -> Span {
    Span::new(
        side.words[word.at].span.start,
        side.words[word.next - 1].span.end,
    )
}

/// Whether a comparison is made from its other end: `hij is ouder dan zijn broer`, `his brother is
/// younger`. The first words behind `dan` stand before the English one then.
fn is_swapped(pair: &CheckedPair<'_>, word: &PoleWord, other: &PoleWord) -> bool {
    let (source, target) = (&pair.source, &pair.target);
    let next = word.next + usize::from(source.word(word.next) == "dan");
    if source.word(next - 1) != "dan" {
        return false;
    }
    let before = |text: &str| text.len() >= 3 && (0..other.at).any(|j| alike(target.word(j), text));
    let rendered = |at: usize| {
        let own = source.word(at);
        before(own) || renderings(own).into_iter().flatten().any(before)
    };
    (next..next + 3).any(|at| !is_function_word(source.word(at), Language::Dutch) && rendered(at))
}

/// Whether a word negates.
fn is_negator(word: &str, list: &str) -> bool {
    word_lists::is(list, word) || word.ends_with("n't") || word.ends_with("n’t")
}

/// Whether a side negates: what is not less is more.
fn negates(side: &TextView<'_>, list: &str) -> bool {
    (0..side.len()).any(|at| is_negator(side.word(at), list))
}

/// Whether a word is negated by one of the two before it.
fn is_negated(side: &TextView<'_>, at: usize, list: &str) -> bool {
    (at.saturating_sub(2)..at).any(|at| is_negator(side.word(at), list))
}

impl Check for OppositesCheck {
    fn name(&self) -> &'static str {
        "opposites"
    }

    fn summary(&self) -> &'static str {
        "a word became its opposite"
    }

    fn reason(&self) -> &'static str {
        "More and fewer, at least and at most, rose and fell, older and younger, north and south: \
         the Dutch has one pole alone, and the English the other one alone. Where one side negates \
         and the other does not, or a sentence has both poles, nothing is said."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("Meer dan 100 mensen kwamen.", "Fewer than 100 people came."),
                bad(
                    "De prijs steeg met 11 procent.",
                    "The price fell 11 percent.",
                ),
                bad(
                    "Er passen hoogstens 80 mensen in.",
                    "It holds at least 80 people.",
                ),
                good(
                    "Niet minder dan 100 mensen kwamen.",
                    "At least 100 people came.",
                ),
                good(
                    "Meer dan de helft stemde voor.",
                    "Over half voted in favor.",
                ),
                good(
                    "De prijs daalde niet, maar steeg.",
                    "The price did not fall but rose.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let own = poles(&pair.source, Language::Dutch);
        if own.is_empty() || !pair.is_short() {
            return Vec::new();
        }
        let theirs = poles(&pair.target, Language::English);
        let mut findings = Vec::new();
        for (index, word) in own.iter().enumerate() {
            let once = own[..index].iter().all(|other| other.row != word.row);
            let alone = own
                .iter()
                .all(|other| other.row != word.row || other.pole == word.pole);
            let same = theirs
                .iter()
                .any(|other| (other.row, other.pole) == (word.row, word.pole));
            let turned = theirs.iter().find(|other| {
                other.row == word.row && other.pole != word.pole && other.weight == PoleWeight::Sure
            });
            let Some(other) = turned.filter(|_| once && alone && !same) else {
                continue;
            };
            let (dutch, english) = ("negation.dutch", "negation.english");
            if negates(&pair.source, dutch) != negates(&pair.target, english) {
                continue;
            }
            // `verboden` is `not allowed`, whatever else is negated.
            if is_negated(&pair.source, word.at, dutch)
                != is_negated(&pair.target, other.at, english)
            {
                continue;
            }
            if is_swapped(pair, word, other) {
                continue;
            }
            let (from, to) = (span(&pair.source, word), span(&pair.target, other));
            let (before, after) = (from.of(pair.source.text), to.of(pair.target.text));
            let message = format!("“{before}” became “{after}”, its opposite");
            let finding = if pair.source.len() <= LONG {
                Finding::error("opposites", message)
            } else {
                Finding::warning("opposites", message)
            };
            findings.push(finding.at_source(from).at_target(to));
        }
        findings
    }
}
