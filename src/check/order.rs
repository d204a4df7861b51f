//! Two names that changed places, so that the one does what the other did.
//!
//! `Tienstra versloeg Aarninkhof` → `Aarninkhof beat Tienstra`.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use crate::language::exonyms::EXONYMS;
use crate::language::text_view::{TextView, WordShape};
use crate::language::{word_knowledge, word_lists};
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Order of names.
pub struct OrderCheck;

/// English names of places and people.
static ENGLISH_NAMES: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| EXONYMS.values().map(String::as_str).collect());

/// A run of capitalised words and the form in which the two sides are compared.
struct NameRun {
    words: Range<usize>,
    key: String,
}

/// The names of a side: runs of words with a capital, without the word that opens a sentence if a
/// dictionary has it.
fn runs(side: &TextView<'_>, known: fn(&str) -> bool) -> Vec<NameRun> {
    let capital = |at: usize| {
        let word = &side.words[at];
        word.capital && word.shape == WordShape::Letters
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < side.len() {
        if !capital(at) {
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        while at < side.len() && capital(at) && side.joined(at - 1) {
            at += 1;
        }
        let first = side.word(start);
        let alone = at - start == 1
            && side.words[start].opens
            && known(first)
            && !EXONYMS.contains_key(first)
            && !ENGLISH_NAMES.contains(first);
        if !alone {
            let last = side.word(at - 1);
            let bare = last.strip_suffix("'s").or_else(|| last.strip_suffix("’s"));
            let last = bare.unwrap_or(last);
            let key = EXONYMS.get(last).map_or(last, String::as_str).to_owned();
            found.push(NameRun {
                words: start..at,
                key,
            });
        }
    }
    found
}

/// Whether the words between two names may be a verb with its object alone: no mark, and none of
/// the words that tie names in another way.
fn is_plain_verb(side: &TextView<'_>, between: Range<usize>, lists: [&str; 2]) -> bool {
    let clear =
        (between.start..=between.end).all(|at| side.joined(at - 1) && side.gap(at - 1) != "-");
    let possessive = |at: usize| side.word(at).ends_with("'s") || side.word(at).ends_with("’s");
    !between.is_empty()
        && between.len() <= 4
        && clear
        && !possessive(between.start - 1)
        && between
            .into_iter()
            .filter(|at| !matches!(side.word(*at), "is" | "are"))
            .all(|at| {
                !side.words[at].capital
                    && !lists.iter().any(|list| word_lists::is(list, side.word(at)))
                    && !possessive(at)
            })
}

/// Whether the verb between two names is the rendering of the verb between the same two in the
/// other language, both active: `levert … aan`, `is supplying … to`.
fn is_same_verb(
    source: &TextView<'_>,
    own: Range<usize>,
    target: &TextView<'_>,
    other: Range<usize>,
) -> bool {
    const FAR: usize = 8;
    let is_clause = |side: &TextView<'_>, words: &Range<usize>| {
        (1..=FAR).contains(&words.len())
            && (words.start..=words.end).all(|at| side.joined(at - 1) && side.gap(at - 1) != "-")
            && !side.words[words.clone()].iter().any(|word| word.capital)
    };
    // A passive, a second clause, a comparison: the order says something else there.
    let has = |side: &TextView<'_>, words: &Range<usize>, list: &str| {
        let is_tie = |word: &str| !matches!(word, "is" | "are") && word_lists::is(list, word);
        words.clone().any(|at| is_tie(side.word(at)))
    };
    if !is_clause(source, &own)
        || !is_clause(target, &other)
        || has(source, &own, "ties.dutch")
        || has(target, &other, "ties.english")
        || other
            .clone()
            .any(|at| matches!(target.word(at), "by" | "was" | "were" | "from"))
    {
        return false;
    }
    // The Dutch verb stands right behind its subject.
    let verb = source.word(own.start);
    let is_verb = verb.len() >= 3 && !word_lists::is("prepositions.dutch", verb);
    is_verb
        && word_knowledge::renderings(verb)
            .into_iter()
            .flatten()
            .any(|rendering| {
                other.clone().take(3).any(|at| {
                    word_knowledge::alike(target.word(at), rendering) && rendering.len() >= 3
                })
            })
}

impl Check for OrderCheck {
    fn name(&self) -> &'static str {
        "order"
    }

    fn summary(&self) -> &'static str {
        "two names changed places"
    }

    fn reason(&self) -> &'static str {
        "Where a verb alone stands between two names, the first one acts. A passive, a \
         preposition, a list or a possessive has its own order and is left alone."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "Marit Tiemersma versloeg Kim Aarnink in de finale.",
                    "Kim Aarnink beat Marit Tiemersma in the final.",
                ),
                good(
                    "Marit Tiemersma versloeg Kim Aarnink in de finale.",
                    "Kim Aarnink was beaten by Marit Tiemersma in the final.",
                ),
                good(
                    "Marit Tiemersma en Kim Aarnink stopten.",
                    "Kim Aarnink and Marit Tiemersma retired.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        if !pair.is_short() {
            return Vec::new();
        }
        let (source, target) = (&pair.source, &pair.target);
        let own = runs(source, word_knowledge::is_dutch);
        if own.len() < 2 {
            return Vec::new();
        }
        let theirs = runs(target, word_knowledge::is_english);
        let only = |all: &[NameRun], key: &str| {
            let mut places = all.iter().enumerate().filter(|(_, run)| run.key == key);
            let first = places.next().map(|(at, _)| at);
            first.filter(|_| places.next().is_none())
        };
        for two in own.windows(2) {
            let (a, b) = (&two[0], &two[1]);
            let single = |run: &NameRun| only(&own, &run.key).and(only(&theirs, &run.key));
            let (Some(x), Some(y)) = (single(a), single(b)) else {
                continue;
            };
            if y + 1 != x {
                continue;
            }
            let between = (
                a.words.end..b.words.start,
                theirs[y].words.end..theirs[x].words.start,
            );
            let are_verbs =
                is_plain_verb(
                    source,
                    between.0.clone(),
                    ["ties.dutch", "prepositions.dutch"],
                ) && is_plain_verb(target, between.1.clone(), ["ties.english", "preposition"]);
            // A name behind a preposition does not act: `met Wielinga won Boonstra`.
            let start = a.words.start;
            let acts = !(start.saturating_sub(1)..=start)
                .any(|at| word_lists::is("prepositions.dutch", source.word(at)));
            let exchanged = are_verbs || acts && is_same_verb(source, between.0, target, between.1);
            if !exchanged {
                continue;
            }
            let span = |side: &TextView<'_>, from: &NameRun, to: &NameRun| {
                let last = &side.words[to.words.end - 1];
                Span::new(side.words[from.words.start].span.start, last.span.end)
            };
            let from = span(source, a, b);
            let to = span(target, &theirs[y], &theirs[x]);
            let message = format!(
                "“{}” became “{}”: the names changed places",
                from.of(source.text),
                to.of(target.text)
            );
            return vec![
                Finding::warning("order", message)
                    .at_source(from)
                    .at_target(to),
            ];
        }
        Vec::new()
    }
}
