//! From beads to translation units: what belongs together is joined, what has no partner stays
//! visible.
//!
//! Source 3 and 4 with target 5 → one unit `b2.s1`, `source_segments` `[3, 4]`, `target_segments`
//! `[5]`; a target sentence that has no source becomes a unit with an empty source that somebody
//! needs to look at.

use super::{Crossing, Segment, is_furniture};
use crate::bitext::{Bead, Lang, LangPair, Origin, Role, Span, State, Text, Unit};
use std::ops::Range;

/// The sentences of a text that was cut into units, for [`super::sentences`].
///
/// Shape: one segment per unit, of its source. What reads as furniture in `lang` is furniture,
/// whatever its role.
pub fn segments<'a>(units: &'a [Unit], lang: &Lang) -> Vec<Segment<'a>> {
    let base = lang.base();
    units
        .iter()
        .enumerate()
        .map(|(index, unit)| Segment {
            text: &unit.source.plain,
            opens: index > 0 && units[index - 1].block != unit.block,
            furniture: unit.role == Role::Furniture || is_furniture(&unit.source.plain, &base),
        })
        .collect()
}

/// One unit per bead. `source` and `target` are the cut texts, both as sources of their units. What
/// reads as furniture becomes furniture.
pub fn units(beads: &[Bead], source: &[Unit], target: &[Unit], pair: &LangPair) -> Vec<Unit> {
    let bases = (pair.source.base(), pair.target.base());
    beads
        .iter()
        .map(|bead| {
            let mut unit = unit(bead, source, target);
            let reads =
                |text: &Text, base: &str| text.is_empty() || is_furniture(&text.plain, base);
            if !(unit.source.is_empty() && unit.target.is_empty())
                && reads(&unit.source, &bases.0)
                && reads(&unit.target, &bases.1)
            {
                unit.role = Role::Furniture;
            }
            unit
        })
        .collect()
}

/// Lets the one-sided units of moved sentences name each other: the beads are monotone, so the two
/// sides of such a pair stand in different places.
pub fn mark_moved(units: &mut [Unit], crossings: &[Crossing]) {
    for crossing in crossings {
        for (i, j) in crossing.source.clone().zip(crossing.target.clone()) {
            let source = units.iter().position(|unit| {
                unit.target_segments.is_empty() && unit.source_segments == [i as u32]
            });
            let target = units.iter().position(|unit| {
                unit.source_segments.is_empty() && unit.target_segments == [j as u32]
            });
            if let (Some(source), Some(target)) = (source, target) {
                units[source].moved = Some(units[target].id.as_str().into());
                units[target].moved = Some(units[source].id.as_str().into());
                units[source].state = State::Translated;
                units[target].state = State::Translated;
            }
        }
    }
}

fn unit(bead: &Bead, source: &[Unit], target: &[Unit]) -> Unit {
    let (here, there) = (&source[bead.source.clone()], &target[bead.target.clone()]);
    let joined_source = joined(here);
    let has_target = there
        .iter()
        .any(|unit| !unit.source.plain.trim().is_empty());
    let has_source = here.iter().any(|unit| !unit.source.plain.trim().is_empty());
    let first = here.first().or(there.first()).cloned().unwrap_or_default();
    Unit {
        // Ids of the two texts must not meet.
        id: if here.is_empty() {
            format!("t.{}", first.id)
        } else {
            first.id
        },
        block: if here.is_empty() { 0 } else { first.block },
        role: first.role,
        within: match (here.first(), here.last()) {
            (Some(first), Some(last)) if first.block == last.block => {
                Span::new(first.within.start, last.within.end)
            }
            _ => Span::new(0, joined_source.plain.len()),
        },
        source: joined_source,
        target: joined(there),
        source_span: around(here),
        target_span: around(there),
        state: match (has_source, has_target) {
            (true, true) => State::Translated,
            (false, true) => State::NeedsReview,
            _ => State::Untranslated,
        },
        origin: Origin::Human,
        source_segments: numbers(&bead.source).into(),
        target_segments: numbers(&bead.target).into(),
        confidence: Some((bead.confidence * 1000.0).round() / 1000.0),
        ..Unit::default()
    }
}

fn numbers(range: &Range<usize>) -> Vec<u32> {
    range.clone().map(|number| number as u32).collect()
}

/// The texts with one space between them.
fn joined(units: &[Unit]) -> Text {
    let mut text = Text::default();
    for unit in units {
        if !text.plain.is_empty() && !unit.source.plain.is_empty() {
            text.push(&Text::from(" "));
        }
        text.push(&unit.source);
    }
    text
}

/// From where the first stands in its file to where the last ends.
fn around(units: &[Unit]) -> Option<Span> {
    let (first, last) = (units.first()?.source_span?, units.last()?.source_span?);
    Some(Span::new(first.start, last.end.max(first.start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(texts: &[&str]) -> Vec<Unit> {
        texts
            .iter()
            .enumerate()
            .map(|(index, text)| Unit {
                id: format!("b1.s{}", index + 1),
                block: 1,
                source: (*text).into(),
                ..Unit::default()
            })
            .collect()
    }

    #[test]
    fn beads_join_and_leave_nothing_out() {
        let (source, target) = (
            cut(&["Zij won.", "Hij verloor."]),
            cut(&["She won and he lost.", "Hear, hear."]),
        );
        let beads = [
            Bead {
                source: 0..2,
                target: 0..1,
                confidence: 0.98,
            },
            Bead {
                source: 2..2,
                target: 1..2,
                confidence: 0.9,
            },
        ];
        let units = units(&beads, &source, &target, &LangPair::default());
        assert_eq!(units[0].source.plain, "Zij won. Hij verloor.");
        assert_eq!(units[0].source_segments, [0, 1]);
        assert_eq!(
            (units[1].state, units[1].id.as_str()),
            (State::NeedsReview, "t.b1.s2")
        );
        assert!(units[1].source.is_empty());
    }
}
