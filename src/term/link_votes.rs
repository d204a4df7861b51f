//! Which English words a term became, by the word links of its unit.
//!
//! `De minister sprak, en later sprak ook zijn collega-minister` → `The minister spoke, and later
//! his fellow minister did`: the first `minister` is the one that the first hit is linked to. Links
//! only choose between forms that are equally good; they never make a form right or wrong.

use crate::bitext::{Span, Unit, words};

/// The words of the target that the words of these hits are linked to; none where the links are for
/// another target, such as the draft before a repair.
pub(super) fn linked(unit: &Unit, positions: &[usize], target: &str) -> Vec<Span> {
    let is_theirs = unit
        .draft
        .as_ref()
        .is_none_or(|draft| draft.plain == target);
    if unit.links.is_empty() || !is_theirs {
        return Vec::new();
    }
    let (here, there) = (words(&unit.source.plain), words(target));
    (unit.links.iter())
        .filter(|link| {
            here.get(link.source as usize).is_some_and(|word| {
                positions
                    .iter()
                    .any(|&at| unit.hits[at].source.overlaps(*word))
            })
        })
        .filter_map(|link| there.get(link.target as usize).copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::bitext::{Link, Text, Unit};
    use crate::term::{Glossary, find, judge};

    #[test]
    fn of_two_equal_forms_the_linked_one_answers() {
        let glossary =
            Glossary::parse("g.tsv", "nl\ten\nminister\tminister\n").expect("it is right");
        let mut unit = Unit {
            source: Text::from("Zijn collega zag hoe de minister vertrok."),
            target: Text::from("The minister saw how the minister left."),
            ..Unit::default()
        };
        let place = |unit: &Unit| {
            let mut units = [unit.clone()];
            find(&mut units, &glossary);
            judge(&mut units, &glossary);
            units[0].hits[0].target.map(|span| span.start)
        };
        assert_eq!(place(&unit), Some(4));
        unit.links = thin_vec::thin_vec![Link {
            source: 5,
            target: 5,
        }];
        assert_eq!(place(&unit), Some(25));
        // links of another target say nothing
        unit.draft = Some(Box::new(Text::from(
            "His colleague saw how the minister left.",
        )));
        assert_eq!(place(&unit), Some(4));
    }
}
