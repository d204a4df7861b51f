//! Persons whose first name or whose small words before the surname changed.
//!
//! `Joris van der Kooij` → `Joris van de Kooij`, `Daan Wijnberg` → `Sven Wijnberg`.

use super::contract::CheckedPair;
use crate::bitext::{Finding, Span};
use crate::language::edit_distance::within;
use crate::language::exonyms::EXONYMS;
use crate::language::spelling::folded;
use crate::language::text_view::{TextView, WordShape};
use crate::language::{countries, word_knowledge, word_lists};

/// A surname with what stands before it.
struct Person<'v> {
    /// Index of the first name.
    first: Option<usize>,
    /// Small words between the two, in lower case.
    particles: Vec<&'v str>,
    /// Index of the first of the small words, or of the surname.
    start: usize,
    surname: usize,
}

fn is_named(side: &TextView<'_>, at: usize) -> bool {
    let word = &side.words[at];
    word.capital && !word.upper && word.shape == WordShape::Letters && side.raw(at).len() >= 3
}

/// The name that ends at a word.
fn person<'v>(side: &'v TextView<'_>, surname: usize) -> Person<'v> {
    // `van 't Hof`
    let spaced = |at: usize| at > 0 && matches!(side.gap(at - 1), " " | " '" | " ’" | " ‘");
    let mut start = surname;
    while spaced(start) && word_lists::is("particle", side.word(start - 1)) {
        start -= 1;
    }
    let first = (spaced(start) && is_named(side, start - 1)).then(|| start - 1);
    Person {
        first,
        particles: (start..surname).map(|at| side.word(at)).collect(),
        start,
        surname,
    }
}

fn bare<'t>(side: &TextView<'t>, at: usize) -> &'t str {
    let raw = side.raw(at);
    raw.strip_suffix("'s")
        .or_else(|| raw.strip_suffix("’s"))
        .unwrap_or(raw)
}

/// Whether a word may be a first name: not a word of a dictionary at the start of a sentence, not
/// an adjective, not a place that English spells in another way.
fn is_first_name(side: &TextView<'_>, at: usize) -> bool {
    let lower = side.word(at);
    let common = side.words[at].opens
        && (word_knowledge::is_dutch(lower) || word_knowledge::parts(lower).is_some());
    // `Amsterdamse`, `Utrechtse`; not `Louise`.
    let adjective = lower.ends_with("sche") || lower.ends_with("se") && lower.len() >= 8;
    !common && !adjective && countries::code(side.raw(at)).is_none() && !EXONYMS.contains_key(lower)
}

/// Whether a name in lower case is spelled as Dutch writes Slavic and Arabic ones: English has a
/// spelling of its own for it.
pub(super) fn is_transliterated(name: &str) -> bool {
    let signs = ["oe", "sj", "tsj", "zj", "ja", "je"];
    signs.iter().any(|sign| name.contains(sign)) || name.ends_with("ej") || name.ends_with("aj")
}

/// Whether a first name is the English spelling of another: `Joeri`, `Yuri`; `Sergej`, `Sergei`.
fn is_same_name(dutch: &str, english: &str) -> bool {
    let (own, other) = (folded(dutch), folded(english));
    let text = |form: &[u8]| String::from_utf8_lossy(form).into_owned();
    let start = |form: &[u8]| form.first().map(|c| if *c == b'y' { b'j' } else { *c });
    own == other
        || is_transliterated(dutch)
            && start(&own) == start(&other)
            && within(&text(&own), &text(&other), 2).is_some()
}

/// A surname behind its small words that is almost the other one: `de Ruyter`, `de Ruiter`.
fn altered_surname(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> Option<usize> {
    let own = person(source, at);
    let first = own.first.filter(|_| !own.particles.is_empty())?;
    let name = bare(source, at).to_lowercase();
    (1..target.len()).find(|&j| {
        let other = person(target, j);
        let word = bare(target, j).to_lowercase();
        is_named(target, j)
            && other.particles == own.particles
            && other
                .first
                .is_some_and(|g| target.raw(g) == source.raw(first))
            && word != name
            && !is_transliterated(&name)
            && within(&name, &word, 2).is_some()
    })
}

/// The words of the persons whose names changed before their surname.
pub(super) fn changed(pair: &CheckedPair<'_>) -> Vec<Finding> {
    let (source, target) = (&pair.source, &pair.target);
    let mut findings = Vec::new();
    for at in 1..source.len() {
        if !is_named(source, at) || source.gap(at - 1) != " " {
            continue;
        }
        let name = bare(source, at);
        let other = altered_surname(source, at, target);
        if let Some(j) = other.or_else(|| other_surname(source, at, target)) {
            let start = |side: &TextView<'_>, at: usize| side.words[at].span.start;
            let from = Span::new(start(source, at), start(source, at) + name.len());
            let to = Span::new(start(target, j), start(target, j) + bare(target, j).len());
            findings.push(became(pair, from, to));
            continue;
        }
        let mut places = (0..target.len()).filter(|&j| bare(target, j) == name);
        let (Some(j), None) = (places.next(), places.next()) else {
            continue;
        };
        let (own, other) = (person(source, at), person(target, j));
        let Some(first) = own.first.filter(|&first| is_first_name(source, first)) else {
            continue;
        };
        let span = |side: &TextView<'_>, person: &Person<'_>, from: usize| {
            let end = side.words[person.surname].span.start + name.len();
            Span::new(side.words[from].span.start, end)
        };
        let same_first = other
            .first
            .is_some_and(|g| target.raw(g) == source.raw(first));
        if own.particles != other.particles {
            let both = !own.particles.is_empty() && !other.particles.is_empty();
            if both || same_first {
                let (from, to) = (
                    span(source, &own, own.start),
                    span(target, &other, other.start),
                );
                findings.push(became(pair, from, to));
            }
            continue;
        }
        let Some(given) = other.first.filter(|_| !same_first) else {
            continue;
        };
        let (dutch, english) = (source.word(first), target.word(given));
        let stands =
            |side: &TextView<'_>, word: &str| (0..side.len()).any(|i| side.word(i) == word);
        if !stands(target, dutch)
            && !stands(source, english)
            && !word_knowledge::is_english(english)
            && !is_same_name(dutch, english)
        {
            let (from, to) = (span(source, &own, first), span(target, &other, given));
            findings.push(became(pair, from, to));
        }
    }
    findings
}

/// The surname that stands in the target behind a first name that was kept: `Marijke Hoekema` →
/// `Marijke Hoekstra`. The Dutch has no other person of that first name, and neither surname is on
/// the other side.
fn other_surname(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> Option<usize> {
    let own = person(source, at);
    let first = own.first.filter(|_| own.particles.is_empty())?;
    let given = source.raw(first);
    let is_name = |word: &str| {
        given.chars().count() >= 4
            && !word_knowledge::is_dutch(word)
            && !word_knowledge::is_english(word)
            && !EXONYMS.contains_key(word)
            && countries::code(given).is_none()
    };
    let once = |side: &TextView<'_>| (0..side.len()).filter(|&i| side.raw(i) == given).count() == 1;
    if !is_name(source.word(first)) || !once(source) || !once(target) {
        return None;
    }
    let j = (1..target.len()).find(|&j| target.raw(j - 1) == given)?;
    let (old, new) = (bare(source, at), bare(target, j));
    let stands = |side: &TextView<'_>, word: &str| {
        let word = folded(&word.to_lowercase());
        (0..side.len()).any(|i| folded(&bare(side, i).to_lowercase()) == word)
    };
    let is_other = is_named(target, j)
        && target.gap(j - 1) == " "
        && !EXONYMS.contains_key(source.word(at))
        && !word_knowledge::is_english(target.word(j))
        && !stands(target, old)
        && !stands(source, new)
        // A name that is almost the same is looked at with all others.
        && within(&old.to_lowercase(), &new.to_lowercase(), 2).is_none();
    is_other.then_some(j)
}

fn became(pair: &CheckedPair<'_>, from: Span, to: Span) -> Finding {
    let (name, other) = (from.of(pair.source.text), to.of(pair.target.text));
    Finding::error("names", format!("“{name}” became “{other}”"))
        .at_source(from)
        .at_target(to)
        .suggest(name)
}
