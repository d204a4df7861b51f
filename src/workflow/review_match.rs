//! Which unit of a file is which unit of an article: by their Dutch and their place, since ids
//! shift when a paragraph is put in.

use crate::bitext::Unit;
use std::collections::BTreeMap;

/// Pairs of equal texts that are compared at most; more are taken in their order.
const MOST: usize = 250_000;

/// For each unit of `from` its place in `to`.
///
/// Shape: as long as `from`; no place is given twice. Units of one Dutch text are told apart by
/// their neighbours, then by their ids, then by their order.
pub fn match_units(from: &[Unit], to: &[Unit]) -> Vec<Option<usize>> {
    let mut by_text: BTreeMap<&str, [Vec<usize>; 2]> = BTreeMap::new();
    for (side, units) in [from, to].into_iter().enumerate() {
        for (index, unit) in units.iter().enumerate() {
            by_text.entry(&unit.source.plain).or_default()[side].push(index);
        }
    }
    let mut places = vec![None; from.len()];
    for [here, there] in by_text.values() {
        if here.len() == there.len() || here.len() * there.len() > MOST {
            for (&i, &j) in here.iter().zip(there) {
                places[i] = Some(j);
            }
            continue;
        }
        let mut options: Vec<_> = here
            .iter()
            .flat_map(|&i| there.iter().map(move |&j| (i, j)))
            .map(|(i, j)| {
                (
                    std::cmp::Reverse(likeness(from, i, to, j)),
                    i.abs_diff(j),
                    i,
                    j,
                )
            })
            .collect();
        options.sort_unstable();
        let mut taken = Vec::new();
        for (_, _, i, j) in options {
            if places[i].is_none() && !taken.contains(&j) {
                places[i] = Some(j);
                taken.push(j);
            }
        }
    }
    places
}

/// How much speaks for two units of one text being the same: their neighbours and their ids.
fn likeness(from: &[Unit], i: usize, to: &[Unit], j: usize) -> u8 {
    let text = |units: &[Unit], index: Option<usize>| {
        index
            .and_then(|index| units.get(index))
            .map(|unit| unit.source.plain.clone())
    };
    // The end of a list of a few lines says nothing about the article.
    let is_same = |a: Option<String>, b: Option<String>| a.is_some() && a == b;
    let before = is_same(text(from, i.checked_sub(1)), text(to, j.checked_sub(1)));
    let after = is_same(text(from, Some(i + 1)), text(to, Some(j + 1)));
    2 * u8::from(before) + 2 * u8::from(after) + u8::from(from[i].id == to[j].id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(texts: &[(&str, &str)]) -> Vec<Unit> {
        let unit = |&(id, source): &(&str, &str)| Unit {
            id: id.into(),
            ..Unit::new(source)
        };
        texts.iter().map(unit).collect()
    }

    #[test]
    fn units_are_found_when_ids_shift_and_a_sentence_goes() {
        let old = units(&[
            ("b1.s1", "Ja."),
            ("b2.s1", "Nee."),
            ("b3.s1", "Ja."),
            ("b4.s1", "Weg."),
        ]);
        let new = units(&[
            ("b1.s1", "Nieuw."),
            ("b2.s1", "Ja."),
            ("b3.s1", "Nee."),
            ("b4.s1", "Ja."),
        ]);
        assert_eq!(match_units(&old, &new), [Some(1), Some(2), Some(3), None]);
        // One of two equal sentences: that with the same neighbours.
        let fewer = units(&[("b1.s1", "Nee."), ("b2.s1", "Ja."), ("b3.s1", "Weg.")]);
        assert_eq!(match_units(&old, &fewer), [None, Some(0), Some(1), Some(2)]);
        // A line alone is found by its id.
        let alone = units(&[("b3.s1", "Ja.")]);
        assert_eq!(match_units(&alone, &old), [Some(2)]);
    }
}
