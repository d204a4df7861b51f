//! Links in units: what the engine said is kept, what it did not say is found out, and glossary
//! hits are known beforehand.
//!
//! A unit whose target was repaired has other words than the ones that the engine linked; it is
//! linked anew.

use super::{Aligner, LinkInput, LinkedPair};
use crate::bitext::{Link, Origin, Span, Unit, Verdict, words};

/// Which units get new links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkScope {
    /// Those whose links are not the engine's, or no longer hold.
    Missing,
    /// All that have two sides.
    All,
}

/// Gives units their links; units without two sides, and those that were copied, get none. Gives
/// the sure links of every unit, of which a unit keeps only that they are links.
///
/// Shape: the answer has one entry per unit; it is empty for a unit that kept its engine's links.
pub fn link(units: &mut [Unit], aligner: &mut Aligner<'_>, which: LinkScope) -> Vec<Vec<Link>> {
    let mut sure = vec![Vec::new(); units.len()];
    let (numbers, pairs): (Vec<usize>, Vec<LinkInput>) = (units.iter().enumerate())
        .filter(|(_, unit)| unit.origin != Origin::Copied)
        .map(|(number, unit)| (number, pair(unit)))
        .filter(|(_, pair)| !pair.source.is_empty() && !pair.target.is_empty())
        .unzip();
    let holds = |unit: &Unit, pair: &LinkInput| {
        let is_inside = |link: &Link| {
            (link.source as usize) < pair.source.len() && (link.target as usize) < pair.target.len()
        };
        let is_draft = unit
            .draft
            .as_ref()
            .is_none_or(|draft| draft.plain == unit.target.plain);
        which == LinkScope::Missing
            && !unit.links.is_empty()
            && is_draft
            && unit.links.iter().all(is_inside)
    };
    let is_done = numbers
        .iter()
        .zip(&pairs)
        .all(|(&number, pair)| holds(&units[number], pair));
    let found = if is_done {
        vec![LinkedPair::default(); pairs.len()]
    } else {
        aligner.align(&pairs)
    };
    for ((number, pair), linked) in numbers.into_iter().zip(&pairs).zip(found) {
        let unit = &mut units[number];
        if holds(unit, pair) {
            unit.links.extend_from_slice(&pair.certain);
            unit.links.sort_unstable();
            unit.links.dedup();
        } else {
            unit.links = linked.links.into();
            sure[number] = linked.sure;
        }
    }
    sure
}

/// Adds to units that have links those that their glossary hits make certain, such as those of a
/// term that was repaired after linking.
pub fn link_repaired(units: &mut [Unit]) {
    for unit in units.iter_mut().filter(|unit| !unit.links.is_empty()) {
        let certain = certain(unit, &words(&unit.source.plain), &words(&unit.target.plain));
        unit.links.extend(certain);
        unit.links.sort_unstable();
        unit.links.dedup();
    }
}

/// A unit as words, with the links that its hits make certain.
fn pair(unit: &Unit) -> LinkInput {
    let (source, target) = (words(&unit.source.plain), words(&unit.target.plain));
    let of =
        |text: &str, spans: &[Span]| spans.iter().map(|span| span.of(text).to_owned()).collect();
    LinkInput {
        source: of(&unit.source.plain, &source),
        target: of(&unit.target.plain, &target),
        certain: certain(unit, &source, &target),
    }
}

/// The links of the words of hits that stand in the target: one to one where both sides have as
/// many, else each with each.
fn certain(unit: &Unit, source: &[Span], target: &[Span]) -> Vec<Link> {
    let mut certain = Vec::new();
    for hit in &unit.hits {
        let is_there = hit.verdict.is_some_and(|verdict| verdict != Verdict::Miss);
        if let Some(place) = hit.target.filter(|_| is_there) {
            let (left, right) = (within(source, hit.source), within(target, place));
            let is_diagonal = left.len() == right.len();
            for (i, &source) in left.iter().enumerate() {
                for (j, &target) in right.iter().enumerate() {
                    if !is_diagonal || i == j {
                        certain.push(Link { source, target });
                    }
                }
            }
        }
    }
    certain
}

/// The indexes of the words that share a byte with a span.
fn within(words: &[Span], span: Span) -> Vec<u32> {
    (words.iter().enumerate())
        .filter(|(_, word)| word.overlaps(span))
        .map(|(index, _)| index as u32)
        .collect()
}
