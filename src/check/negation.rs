//! Negations that were lost or added.
//!
//! `geen verdachten` → `suspects` says the opposite; `slaagde er niet in` → `failed`, `pas om tien
//! uur` → `not until`, `niet ongewoon` → `common` are right.

use super::contract::{Check, CheckedPair};
use super::coverage::{self, Cover, clauses};
use super::example::{Example, bad, good};
use super::quotes::{marked, quotations};
use crate::bitext::{Finding, Span};
use crate::language::Language;
use crate::language::opposites::{PoleWeight, poles};
use crate::language::quantity::is_number;
use crate::language::quantity::number_words::is_day_or_month;
use crate::language::text_view::{TextView, WordShape};
use crate::language::{word_knowledge, word_lists};
use std::sync::LazyLock;

/// Negation.
pub struct NegationCheck;

/// In words: a longer sentence has room to say no in another way.
const LONG: usize = 18;

/// How a language says no.
struct NegationWords {
    /// Words that negate.
    strong: &'static [&'static str],
    /// Phrases in which one of them does not.
    neutral: &'static [&'static str],
    /// Words and phrases that may carry a negation.
    weak: &'static [&'static str],
    /// Beginnings of words that may.
    stems: &'static [&'static str],
    /// What negates the word behind it.
    prefix: &'static str,
    /// Whether that is a word of the language.
    known: fn(&str) -> bool,
}

static DUTCH: LazyLock<NegationWords> = LazyLock::new(|| NegationWords {
    strong: word_lists::get("negation.dutch"),
    neutral: word_lists::get("negation.dutch.neutral"),
    weak: word_lists::get("negation.dutch.weak"),
    stems: word_lists::get("negation.dutch.stems"),
    prefix: "on",
    known: word_knowledge::is_dutch,
});

static ENGLISH: LazyLock<NegationWords> = LazyLock::new(|| NegationWords {
    strong: word_lists::get("negation.english"),
    neutral: word_lists::get("negation.english.neutral"),
    weak: word_lists::get("negation.english.weak"),
    stems: word_lists::get("negation.english.stems"),
    prefix: "un",
    known: word_knowledge::is_english,
});

impl NegationWords {
    /// Whether a word of a side negates, whatever its phrase.
    fn negates(&self, side: &TextView<'_>) -> bool {
        (0..side.len()).any(|at| self.is_negator(side, at))
    }

    /// Whether a word negates. One in an option or an address does not: `--geen-cache`.
    fn is_negator(&self, side: &TextView<'_>, at: usize) -> bool {
        let word = side.word(at);
        (self.strong.contains(&word) || is_contracted(word))
            && side.words[at].shape != WordShape::Literal
    }

    /// Whether a side says no in a roundabout way: by a word, a prefix, a beginning. A verb that
    /// renders one of the other side, by the `covers`, says no more than that one does: `stopt
    /// niet` is not `stops`.
    fn says_no(&self, side: &TextView<'_>, covers: &[Cover]) -> bool {
        let mut phrases = self.weak.iter().filter(|word| word.contains(' '));
        phrases.any(|phrase| side.lower.contains(phrase))
            || (0..side.len()).any(|at| self.may_negate(side, at, covers))
    }

    /// Whether a word may say no without being a negator.
    fn may_negate(&self, side: &TextView<'_>, at: usize, covers: &[Cover]) -> bool {
        let word = side.word(at);
        let bare = word.strip_prefix(self.prefix);
        let endings = ["loos", "loze", "less"];
        bare.is_some_and(|bare| bare.len() >= 4 && (self.known)(bare))
            || self.weak.contains(&word) && !is_preposition(side, at)
            || endings.iter().any(|end| word.ends_with(end))
            || covers[at] != Cover::Found && self.stems.iter().any(|stem| begins(side, at, stem))
    }

    /// How many words of a side may say no, in whatever way.
    fn signs(&self, side: &TextView<'_>, covers: &[Cover]) -> usize {
        let phrases = self.weak.iter().filter(|word| word.contains(' '));
        let phrases = phrases
            .filter(|phrase| side.lower.contains(**phrase))
            .count();
        let is_sign = |at: &usize| {
            let word = side.word(*at);
            // A word that renders one of the other side says what that one says.
            let is_new = || word == "without" || covers[*at] != Cover::Found;
            self.is_negator(side, *at) || self.may_negate(side, *at, covers) && is_new()
        };
        phrases + (0..side.len()).filter(is_sign).count()
    }

    /// The words that negate and stand in no phrase that makes something else of them.
    fn negators<'s>(&'s self, side: &'s TextView<'_>) -> impl Iterator<Item = usize> + 's {
        (0..side.len()).filter(|&at| {
            if !self.is_negator(side, at) {
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
            let cancels = side
                .word(at + 1)
                .strip_prefix(self.prefix)
                .is_some_and(|rest| {
                    rest.len() >= 4
                        && (word_knowledge::is_dutch(rest) || word_knowledge::is_english(rest))
                });
            let is_neutral = || self.neutral.iter().any(|phrase| around.contains(phrase));
            !cancels && !is_less_than(side, at) && !is_neutral()
        })
    }
}

/// Whether a Dutch particle has its noun behind it: `over de inzet` says no more than `about`, `het
/// is over` says that it has ended.
fn is_preposition(side: &TextView<'_>, at: usize) -> bool {
    matches!(side.word(at), "over" | "uit") && at + 1 < side.len() && side.joined(at)
}

/// Whether a word begins so: `fail`; or so with a particle not far behind: `keep… out`.
fn begins(side: &TextView<'_>, at: usize, stem: &str) -> bool {
    let (stem, particle) = stem.split_once("… ").unwrap_or((stem, ""));
    side.word(at).starts_with(stem)
        && (particle.is_empty() || (at + 1..at + 7).any(|i| side.word(i) == particle))
}

/// `don't`, `wasn’t`
fn is_contracted(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t")
}

/// `nog geen half uur` is less than half an hour; `nog geen verdachte` is none.
fn is_less_than(side: &TextView<'_>, at: usize) -> bool {
    let next = side.word(at + 1);
    let counted = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || is_number(word)
            || word_lists::get("negation.dutch.measures").contains(&word)
    };
    at > 0 && side.word(at) == "geen" && side.word(at - 1) == "nog" && counted(next)
}

/// Whether the negated words stand on the other side. If it does not, the sentence was put in
/// another way, in which a negation may have gone: `niet meer open` stays closed, `niemand had
/// bezwaar` is unanimous.
///
/// At least half of the next four words with a meaning in the clause do, or else the last one
/// before the negator; where no list knows any, it counts as standing. Days and measures are the
/// same however the rest is put.
fn is_kept(side: &TextView<'_>, at: usize, covers: &[Cover]) -> bool {
    let clause = clauses(side, word_lists::get("clause.opening"))
        .into_iter()
        .find(|clause| clause.contains(&at));
    let clause = clause.unwrap_or(0..side.len());
    let beside = |word: &str| {
        ["negation.beside", "negation.dutch.measures"]
            .iter()
            .any(|list| word_lists::is(list, word))
            || is_day_or_month(word)
    };
    let known = |i: &usize| covers[*i] != Cover::Silent && !beside(side.word(*i));
    let mut negated: Vec<usize> = (at + 1..clause.end).filter(known).take(4).collect();
    if negated.is_empty() {
        negated.extend((clause.start..at).rev().find(known));
    }
    let found = negated.iter().filter(|&&i| covers[i] == Cover::Found);
    found.count() * 2 >= negated.len()
}

/// An error where the sentence is short and its words are kept, else a warning.
fn weighed(message: String, source: &TextView<'_>, kept: bool) -> Finding {
    if source.len() <= LONG && kept {
        Finding::error("negation", message)
    } else {
        Finding::warning("negation", message)
    }
}

impl Check for NegationCheck {
    fn name(&self) -> &'static str {
        "negation"
    }

    fn summary(&self) -> &'static str {
        "a negation was lost or added"
    }

    fn reason(&self) -> &'static str {
        "English says no with failed, refused, without, until and un-, too. Where one side \
         negates and the other has nothing of the kind, the sentence says the opposite; where the \
         Dutch has several negations, the English has as many words that may say no."
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
                bad(
                    "“Het dak is niet veilig”, zei hij, die niets mocht zeggen.",
                    "“The roof is safe,” said the man, who was not allowed to say anything.",
                ),
                bad(
                    "Hij wil niet zeggen waarom hij het niet deed.",
                    "He will not say why he did it.",
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

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (&pair.source, &pair.target);
        let findings = compare(source, target);
        if !findings.is_empty() {
            return findings;
        }
        let quoted = if marked(source.text) && marked(target.text) {
            quoted(source.text, target.text)
        } else {
            Vec::new()
        };
        if quoted.is_empty() {
            return fewer(source, target).into_iter().collect();
        }
        quoted
    }
}

/// How many times the length of a text its quotations are read together: they may stand in one
/// another, and marks without end would be read as often as there are marks.
const MOST_READINGS: usize = 8;

/// Compares the words within the marks: a negation outside of them is not an answer there.
fn quoted(source: &str, target: &str) -> Vec<Finding> {
    let (own, theirs) = (quotations(source).0, quotations(target).0);
    let length = |spans: &[Span]| {
        spans
            .iter()
            .map(|span| span.end - span.start)
            .sum::<usize>()
    };
    if own.len() != theirs.len()
        || length(&own) > MOST_READINGS * source.len()
        || length(&theirs) > MOST_READINGS * target.len()
    {
        return Vec::new();
    }
    let within = |(&left, &right): (&Span, &Span)| {
        let found = compare(
            &TextView::new(left.of(source)),
            &TextView::new(right.of(target)),
        );
        let by = |span: Span, start: usize| Span::new(span.start + start, span.end + start);
        found.into_iter().map(move |mut finding| {
            finding.source = finding.source.map(|span| by(span, left.start));
            finding.target = finding.target.map(|span| by(span, right.start));
            finding
        })
    };
    own.iter().zip(&theirs).flat_map(within).collect()
}

/// Compares two texts, whichever of them negates.
fn compare(source: &TextView<'_>, target: &TextView<'_>) -> Vec<Finding> {
    if source.len() < 3 || target.len() < 3 || source.text.trim_end().ends_with('?') {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let (dutch, english) = (&DUTCH, &ENGLISH);
    let covers = || {
        let own = coverage::of_source(source, target);
        (own, coverage::of_target(source, target))
    };
    if let Some(at) = dutch.negators(source).next()
        && needed(source, target) == 0
        && !english.negates(target)
        && !is_possible(source, target)
        && !is_superlative(source, at, target)
        && !is_turned(source, at, target)
    {
        let (own, theirs) = covers();
        if !english.says_no(target, &theirs) {
            let message = format!(
                "“{}” has no counterpart: the negation is lost",
                source.raw(at)
            );
            let kept = is_kept(source, at, &own);
            findings.push(weighed(message, source, kept).at_source(source.words[at].span));
        }
    }
    if let Some(at) = english.negators(target).next()
        && !dutch.negates(source)
        && !rules_nothing_out(source, target)
    {
        let (own, theirs) = covers();
        if !dutch.says_no(source, &own) {
            let message = format!(
                "“{}” has no counterpart in the Dutch: a negation was added",
                target.raw(at)
            );
            let kept = is_kept(target, at, &theirs);
            findings.push(weighed(message, source, kept).at_target(target.words[at].span));
        }
    }
    findings
}

/// Whether a word is negated whose opposite the English has: `nam niet af` is `increased`.
fn is_turned(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> bool {
    const NEAR: usize = 2;
    let theirs = poles(target, Language::English);
    poles(source, Language::Dutch)
        .iter()
        .filter(|own| (own.at.saturating_sub(NEAR)..own.next + NEAR).contains(&at))
        .any(|own| {
            theirs.iter().any(|other| {
                (other.row, other.weight) == (own.row, PoleWeight::Sure) && other.pole != own.pole
            })
        })
}

/// How many words of the English say what must be there, where the Dutch says what goes not without
/// it: `zonder kaartje niet naar binnen`, `you need a ticket`.
fn needed(source: &TextView<'_>, target: &TextView<'_>) -> usize {
    let needs = |at: &usize| word_lists::is("negation.needs", target.word(*at));
    let without = source.has(&["zonder"]);
    (0..target.len()).filter(|at| without && needs(at)).count()
}

/// One of several negations that is gone: the English has fewer words that may say no than the
/// Dutch has negators, `zonder` among them.
fn fewer(source: &TextView<'_>, target: &TextView<'_>) -> Option<Finding> {
    let mut own: Vec<usize> = DUTCH.negators(source).collect();
    own.extend((0..source.len()).filter(|&at| source.word(at) == "zonder"));
    own.sort_unstable();
    let last = *own.last().filter(|_| own.len() >= 2)?;
    let covers = coverage::of_target(source, target);
    // `no bread or milk`; `nooit te laat` is `always on time`.
    let more = ["or", "always"];
    let more = (0..target.len())
        .filter(|&at| more.contains(&target.word(at)))
        .count();
    // What is needed stands for both `zonder` and `niet`.
    let signs = ENGLISH.signs(target, &covers) + 2 * needed(source, target) + more;
    (signs < own.len()).then(|| {
        let message = format!(
            "{} negations, and {signs} in the English: one is lost",
            own.len()
        );
        Finding::warning("negation", message).at_source(source.words[last].span)
    })
}

/// `in jaren niet zo klein` may be the smallest in years.
fn is_superlative(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> bool {
    let compared = (at + 1..(at + 5).min(source.len())).any(|i| source.word(i) == "zo");
    let most = |word: &str| {
        ["most", "least", "best", "worst", "record"].contains(&word)
            || word.strip_suffix("est").is_some_and(|stem| {
                // nic-e, wet-t
                let single = &stem[..stem.len().saturating_sub(1)];
                let bases = [stem, &format!("{stem}e"), single];
                stem.is_ascii()
                    && bases
                        .iter()
                        .any(|base| base.len() >= 3 && word_knowledge::is_english(base))
            })
    };
    compared && (0..target.len()).any(|j| most(target.word(j)))
}

/// `sluit … uit`
fn excludes(source: &TextView<'_>) -> bool {
    source.has(&["uitsluiten", "uitgesloten"])
        || source.has(&["uit"]) && source.has(&["sluit", "sluiten", "sloot", "sloten"])
}

/// `not ruling out` where the Dutch excludes nothing either: `de deur op een kier`.
fn rules_nothing_out(source: &TextView<'_>, target: &TextView<'_>) -> bool {
    target.has(&["out"]) && target.has(&["rule", "rules", "ruled", "ruling"]) && !excludes(source)
}

/// `sluit niet uit` may be `is possible`.
fn is_possible(source: &TextView<'_>, target: &TextView<'_>) -> bool {
    excludes(source)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_in_quotations_are_read_a_few_times_and_no_more() {
        let nested = |depth: usize, open: &str, inner: &str| {
            format!("{}{inner}{}", open.repeat(depth), "”".repeat(depth))
        };
        let found = |depth: usize| {
            let source = nested(depth, "“De stad zegt: ", "hij wil de brug niet sluiten.");
            let target = nested(depth, "“The city says: ", "he wants to close the bridge.");
            quoted(&source, &target).len()
        };
        assert!(found(1) > 0);
        // Each of 2,000 would be compared with all that it holds.
        assert_eq!(found(2_000), 0);
    }
}
