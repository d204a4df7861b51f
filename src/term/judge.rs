//! Judges how the English renders each term: per occurrence, counted, best verdicts first.
//!
//! `Grand Prix van Hongarije` → `Hungarian Grand Prix` is derived, not missing; `the First and
//! Second World War` shares its head; only a miss or a forbidden form is wrong in itself.

use super::capitals::{
    before_name, in_capitals, in_title_case, lower_title, may_be_word, shouts, title,
};
use super::concept::{Case, Concept, Policy};
use super::forms::{self, capital, is_abbreviation};
use super::glossary::Glossary;
use super::guards::{
    has_strange_neighbour, in_other_name, is_coordinated, is_part_of_longer_name, stands_in_dutch,
};
use super::link_votes;
use super::needle::Target;
use crate::bitext::{Hit, Span, Unit, Verdict};
use crate::language::Language;
use crate::language::folding::{first_word, is_whole};
use crate::language::sentence_start::{Start, start};

/// A form of an entry that stands in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FormOccurrence {
    /// Where, in bytes of the target; a possessive is outside.
    pub span: Span,
    /// Its kind.
    pub kind: Verdict,
    /// Whether it is the Dutch itself.
    pub residue: bool,
}

/// The required form as it has to stand at this place.
pub(super) fn wanted(entry: &Concept, hit: &Hit, text: &str, span: Span) -> String {
    let found = span.of(text);
    if shouts(hit, text, span) {
        return hit.required.to_uppercase();
    }
    let base = match entry.case {
        Case::TitleBeforeName if before_name(text, span.end) => title(&hit.required),
        Case::TitleBeforeName => lower_title(&hit.required),
        _ => hit.required.clone(),
    };
    if found.starts_with(char::is_uppercase) && in_title_case(text, span) {
        return title(&base);
    }
    match start(text, span.start) {
        Start::Yes => capital(&base),
        Start::Maybe if found.starts_with(char::is_uppercase) => capital(&base),
        _ => base,
    }
}

/// Whether the required form stands right at this place.
fn is_exact(entry: &Concept, hit: &Hit, source: &str, text: &str, span: Span) -> bool {
    let fold = |text: &str| text.replace('’', "'");
    let found = fold(span.of(text));
    let right = fold(&wanted(entry, hit, text, span));
    if found == right {
        return true;
    }
    let capitals = !found.contains(char::is_lowercase);
    match entry.case {
        // A dateline follows its source; a text in capitals needs no small letters.
        Case::FollowSource if hit.capitals => false,
        Case::TitleBeforeName if before_name(text, span.end) => false,
        _ => {
            found == fold(&hit.required) && entry.case != Case::TitleBeforeName
                || capitals && (hit.capitals || in_capitals(text, span))
                || [capital(&right), title(&right)].contains(&found)
                    && in_longer_name(entry, hit, source, text, span)
        }
    }
}

/// Whether capitals belong to a longer name or to a headline in title case: `the Royal Navy`, `the
/// President’s Cup`, `Talks on Cease-Fire Resume in Cairo`.
fn in_longer_name(entry: &Concept, hit: &Hit, source: &str, text: &str, span: Span) -> bool {
    let after = &text[span.end..];
    let owned = after.strip_prefix("'s ").or(after.strip_prefix("’s "));
    let owns_name = owned.is_some_and(|rest| first_word(rest).starts_with(char::is_uppercase));
    span.of(text).starts_with(char::is_uppercase)
        && (owns_name
            || in_title_case(text, span)
            || stands_in_dutch(source, text, span)
            || has_strange_neighbour(entry, hit, source, text, span))
}

/// Every form of the entry in the target, from the left, without overlaps; longer forms first.
pub(super) fn occurrences(
    entry: &Concept,
    hit: &Hit,
    target: &Target<'_>,
    source: &str,
    glossary: &Glossary,
) -> Vec<FormOccurrence> {
    let mut all: Vec<FormOccurrence> = Vec::new();
    let mut add = |places: Vec<Span>, kind: Verdict, residue: bool| {
        all.extend(places.into_iter().map(|span| FormOccurrence {
            span,
            kind,
            residue,
        }));
    };
    let surface = hit.source.of(source);
    add(target.places(&hit.required), Verdict::Exact, false);
    if hit.required.to_lowercase() != entry.en.to_lowercase() {
        // A surname of a kept name; the bare name of a lake; a country where its people were meant.
        let kind = match entry.policy {
            Policy::Keep => Verdict::Exact,
            _ if forms::article(entry, &hit.required) == entry.article => Verdict::Derived,
            _ => Verdict::Variant,
        };
        add(target.places(&entry.en), kind, false);
    }
    // `US` is `U.S.` without its points.
    let bare: String = hit.required.split('.').collect();
    if bare != hit.required && is_abbreviation(&bare) {
        add(target.places(&bare), Verdict::Variant, false);
    }
    for form in &entry.en_accept {
        add(target.places(form), Verdict::Variant, false);
    }
    for form in &entry.en_family {
        let shared = form.contains(" and ") || form.contains(" or ");
        let kind = if shared {
            Verdict::Coordinated
        } else {
            Verdict::Derived
        };
        add(target.places(form), kind, false);
    }
    if entry.policy != Policy::Keep {
        for needle in glossary.residues(hit.index) {
            add(target.find(needle), Verdict::Forbidden, true);
        }
        let bare = surface.trim_end_matches("'s").trim_end_matches("’s");
        let bare = bare.trim_end_matches(['\'', '’']);
        add(target.places(bare), Verdict::Forbidden, true);
    }
    for form in &entry.forbidden {
        add(target.places(form), Verdict::Forbidden, false);
    }
    let mut kept = longest(all);
    for occurrence in &mut kept {
        if occurrence.kind == Verdict::Exact
            && !is_exact(entry, hit, source, target.text, occurrence.span)
        {
            let found = occurrence.span.of(target.text);
            let never = entry.forbidden.iter().any(|form| form == found);
            occurrence.kind = if never {
                Verdict::Forbidden
            } else {
                Verdict::Variant
            };
        }
    }
    for occurrence in &mut kept {
        let swappable = matches!(occurrence.kind, Verdict::Variant | Verdict::Forbidden);
        if swappable && !occurrence.residue && is_coordinated(target.text, occurrence.span) {
            occurrence.kind = Verdict::Coordinated;
        }
    }
    // `US` is a pronoun in `TELL US MORE`, and money in `US$5`.
    let is_word = |o: &FormOccurrence| {
        may_be_word(target.text, o.span, Language::English)
            || target.text[o.span.end..].starts_with(['$', '€', '£'])
    };
    kept.retain(|o| o.kind != Verdict::Forbidden || !is_word(o));
    for occurrence in &mut kept {
        let variant = occurrence.kind == Verdict::Variant && entry.policy != Policy::Keep;
        if variant && is_word(occurrence) {
            occurrence.kind = Verdict::Derived;
        }
    }
    kept.sort_by_key(|o| o.span.start);
    kept
}

/// The longest form at a place wins; of equal ones the better verdict.
fn longest(mut all: Vec<FormOccurrence>) -> Vec<FormOccurrence> {
    all.sort_by_key(|o| (std::cmp::Reverse(o.span.len()), o.kind, o.span.start));
    let mut kept: Vec<FormOccurrence> = Vec::new();
    for occurrence in all {
        if kept
            .iter()
            .all(|other| !other.span.overlaps(occurrence.span))
        {
            kept.push(occurrence);
        }
    }
    kept
}

/// Judges every hit of the units; changes no text.
pub fn judge(units: &mut [Unit], glossary: &Glossary) {
    for unit in units {
        judge_unit(unit, glossary);
    }
}

/// Judges the hits of one unit. The k-th hit of an entry needs the k-th English form; the best
/// verdicts are given first.
pub(super) fn judge_unit(unit: &mut Unit, glossary: &Glossary) {
    if unit.hits.is_empty() {
        return;
    }
    let text = std::mem::take(&mut unit.target.plain);
    let target = Target::new(&text);
    let mut order: Vec<usize> = unit.hits.iter().map(|hit| hit.index).collect();
    order.sort_unstable();
    order.dedup();
    for index in order {
        let Some(entry) = glossary.entry(index) else {
            continue;
        };
        let positions: Vec<usize> = (0..unit.hits.len())
            .filter(|&i| unit.hits[i].index == index)
            .collect();
        let verdicts = if entry.policy == Policy::Drop {
            dropped(unit, entry, &positions, &target)
        } else {
            let found = of_entry(unit, entry, &positions, &target, glossary);
            assigned(unit, entry, &positions, found, &target)
        };
        for (&position, (verdict, span)) in positions.iter().zip(verdicts) {
            unit.hits[position].verdict = Some(verdict);
            unit.hits[position].target = span;
        }
    }
    unit.target.plain = text;
}

/// The forms of an entry with several hits, best first; forms that belong to something else are
/// left out or come last.
fn of_entry(
    unit: &Unit,
    entry: &Concept,
    positions: &[usize],
    target: &Target<'_>,
    glossary: &Glossary,
) -> Vec<FormOccurrence> {
    let source = &unit.source.plain;
    let mut found: Vec<FormOccurrence> = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for &position in positions {
        let hit = &unit.hits[position];
        let key = (hit.required.as_str(), hit.source.of(source));
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        for occurrence in occurrences(entry, hit, target, source, glossary) {
            match found
                .iter_mut()
                .find(|other| other.span.overlaps(occurrence.span))
            {
                Some(other) if other.span == occurrence.span && occurrence.kind < other.kind => {
                    *other = occurrence;
                }
                Some(_) => {}
                None => found.push(occurrence),
            }
        }
    }
    let hit = &unit.hits[positions[0]];
    found.retain(|o| {
        o.kind != Verdict::Forbidden
            || !(in_other_name(source, hit, target.text, o.span)
                || stands_in_source(unit, positions, o.span.of(target.text))
                || explained(unit, entry, target, o.span, glossary))
    });
    // `the US Open in the United States`
    let spare = found.len() > positions.len();
    found.retain(|o| {
        !spare || o.kind != Verdict::Variant || !in_other_name(source, hit, target.text, o.span)
    });
    // Of equal verdicts the free-standing form answers first: `International Olympic Committee` is
    // another name, and `non-US` answers `niet-Amerikaans`.
    let joined = source[..hit.source.start].ends_with('-');
    let bound = |o: &FormOccurrence| {
        target.text[..o.span.start].ends_with('-') != joined
            || in_other_name(source, hit, target.text, o.span)
            || is_part_of_longer_name(entry, hit, source, target.text, o.span)
    };
    // With more forms than hits, the linked ones.
    let linked = if found.len() > positions.len() {
        link_votes::linked(unit, positions, target.text)
    } else {
        Vec::new()
    };
    let far = |o: &FormOccurrence| !linked.iter().any(|word| word.overlaps(o.span));
    found.sort_by_cached_key(|o| (o.kind, bound(o), far(o), o.span.start));
    found
}

/// Whether the Dutch has a form word for word outside of these hits: `MI6 (SIS)`.
fn stands_in_source(unit: &Unit, positions: &[usize], form: &str) -> bool {
    let source = &unit.source.plain;
    source.match_indices(form).any(|(at, _)| {
        let place = Span::new(at, at + form.len());
        let is_hit = |&position: &usize| unit.hits[position].source.overlaps(place);
        is_whole(source, place) && !positions.iter().any(is_hit)
    })
}

/// Whether another hit of the unit requires the form here.
fn explained(
    unit: &Unit,
    entry: &Concept,
    target: &Target<'_>,
    span: Span,
    glossary: &Glossary,
) -> bool {
    let others = unit.hits.iter().filter_map(|hit| {
        let other = glossary.entry(hit.index)?;
        (!std::ptr::eq(other, entry)).then_some((hit, other))
    });
    others.into_iter().any(|(hit, other)| {
        std::iter::once(&hit.required)
            .chain(&other.en_accept)
            .chain(&other.en_family)
            .flat_map(|form| target.places(form))
            .any(|place| place.contains(span))
    })
}

/// Gives the forms to the hits. A forbidden form that is left over is wrong too: it goes to the
/// last hit.
fn assigned(
    unit: &Unit,
    entry: &Concept,
    positions: &[usize],
    found: Vec<FormOccurrence>,
    target: &Target<'_>,
) -> Vec<(Verdict, Option<Span>)> {
    let mut verdicts: Vec<(Verdict, Option<Span>)> = positions
        .iter()
        .enumerate()
        .map(|(rank, &position)| match found.get(rank) {
            Some(occurrence) => (occurrence.kind, Some(occurrence.span)),
            None => match shared_head(entry, &unit.hits[position], &unit.source.plain, target) {
                Some(span) => (Verdict::Coordinated, Some(span)),
                None => (Verdict::Miss, None),
            },
        })
        .collect();
    let left = found.iter().skip(positions.len()).find(|o| {
        let own = o.span.of(target.text);
        // `the House of Representatives (Tweede Kamer)` explains the Dutch name.
        let is_gloss = target.text[..o.span.start].ends_with('(')
            && !entry.forbidden.iter().any(|form| form == own);
        let is_kept_name = entry.is_name() && own.starts_with(char::is_uppercase) && !is_gloss;
        o.kind == Verdict::Forbidden && (!o.residue || is_kept_name)
    });
    if let (Some(left), Some(last)) = (left, verdicts.last_mut()) {
        *last = (Verdict::Forbidden, Some(left.span));
    }
    verdicts
}

/// The place where a term of several words shares its last one with a neighbour (`North and South
/// Korea`), or its first ones (`World Wars I and II`). The Dutch has to join two things there too.
fn shared_head(entry: &Concept, hit: &Hit, source: &str, target: &Target<'_>) -> Option<Span> {
    let joins = |text: &str| {
        text.split(|c: char| !c.is_alphabetic())
            .any(|word| ["en", "of", "als"].contains(&word))
    };
    let near = |text: &str, from_end: bool| -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        let skip = if from_end {
            words.len().saturating_sub(2)
        } else {
            0
        };
        words
            .into_iter()
            .skip(skip)
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    };
    if !joins(&near(&source[..hit.source.start], true))
        && !joins(&near(&source[hit.source.end..], false))
    {
        return None;
    }
    std::iter::once(&hit.required)
        .chain(&entry.en_accept)
        .filter_map(|form| form.rsplit_once(' '))
        .find_map(|(first, last)| {
            let behind = |start: &str, word: &str, end: usize| {
                let mut at = end;
                let rest = &target.text[end..];
                rest.split([' ', '\u{a0}'])
                    .take(5)
                    .enumerate()
                    .find_map(|(index, part)| {
                        let span = Span::new(at, at + part.len());
                        at = span.end + 1;
                        let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
                        let same = bare.eq_ignore_ascii_case(word)
                            || bare.eq_ignore_ascii_case(&format!("{word}s"));
                        let joined = ["and", "or", "&"]
                            .iter()
                            .any(|and| rest[..span.start - end].split(' ').any(|w| w == *and));
                        (index > 1 && same && joined && !start.is_empty())
                            .then_some(span.start + bare.len())
                    })
            };
            let place = |start: &str, word: &str| {
                target.places(start).into_iter().find_map(|place| {
                    behind(start, word, place.end).map(|end| Span::new(place.start, end))
                })
            };
            place(first, last).or_else(|| place(&format!("{first}s"), last))
        })
}

/// A dropped term is right when nothing of it stands in the target.
fn dropped(
    unit: &Unit,
    entry: &Concept,
    positions: &[usize],
    target: &Target<'_>,
) -> Vec<(Verdict, Option<Span>)> {
    let source = &unit.source.plain;
    let trace = std::iter::once(entry.en.as_str())
        .chain(entry.en_accept.iter().map(String::as_str))
        .chain(positions.iter().map(|&at| unit.hits[at].source.of(source)))
        .find_map(|form| target.places(form).first().copied());
    let verdict = if trace.is_some() {
        Verdict::Forbidden
    } else {
        Verdict::Exact
    };
    vec![(verdict, trace); positions.len()]
}

/// Whether the English of a hit satisfies its entry. A kept name passes in its listed variants too,
/// letter by letter.
pub(super) fn is_satisfied(entry: &Concept, hit: &Hit, text: &str) -> bool {
    match hit.verdict {
        Some(Verdict::Exact) => true,
        Some(Verdict::Variant) => match entry.policy {
            Policy::Variant | Policy::Family => true,
            Policy::Keep => hit
                .target
                .is_some_and(|span| is_listed(entry, hit, text, span)),
            _ => false,
        },
        Some(Verdict::Derived | Verdict::Coordinated) => entry.policy != Policy::Keep,
        _ => false,
    }
}

/// Whether a listed variant of the entry stands right at this place.
fn is_listed(entry: &Concept, hit: &Hit, text: &str, span: Span) -> bool {
    let fold = |text: &str| text.replace('’', "'");
    let found = fold(span.of(text));
    entry.en_accept.iter().any(|form| {
        let own = Hit {
            required: form.clone(),
            ..hit.clone()
        };
        fold(form) == found || fold(&wanted(entry, &own, text, span)) == found
    })
}
