//! Puts the targets of units back into their document.

use super::contract::Format;
use super::error::Error;
use super::write_with;
use crate::bitext::{Document, Edition, Origin, Span, State, Text, Unit};

/// What stands in the edition for a unit.
///
/// A unit without a target shows its Dutch in a mark that nobody can miss; one that was left out on
/// purpose shows nothing.
fn shown(unit: &Unit) -> Text {
    if unit.state == State::Untranslated {
        let mut text = Text::from("[untranslated: ");
        text.push(&unit.source);
        text.push(&Text::from("]"));
        return text;
    }
    unit.target.whole_pairs(&unit.source).into_owned()
}

/// The texts of the edition's blocks, and for every unit its block's index with its range there.
pub fn texts(document: &Document, units: &[Unit]) -> (Vec<Text>, Vec<Option<(usize, Span)>>) {
    let mut places = vec![None; units.len()];
    let mut texts = Vec::with_capacity(document.blocks.len());
    let mut next = 0;
    for (index, block) in document.blocks.iter().enumerate() {
        let start = next;
        while units.get(next).is_some_and(|u| u.block == block.number) {
            next += 1;
        }
        let own = &units[start..next];
        if own
            .iter()
            .all(|u| u.origin == Origin::Copied && u.target == u.source)
        {
            for (offset, unit) in own.iter().enumerate() {
                places[start + offset] = Some((index, unit.within));
            }
            texts.push(block.text.clone());
            continue;
        }
        let segments: Vec<Span> = own.iter().map(|u| u.within).collect();
        let length = |unit: &Unit| unit.target.plain.len().max(unit.source.plain.len());
        let mut text = Text::default();
        text.plain
            .reserve_exact(own.iter().map(|unit| length(unit) + 1).sum());
        for (position, piece) in block.text.cut(&segments).iter().enumerate() {
            if position % 2 == 0 {
                // A gap beside a unit that was left out goes with it.
                let dropped = position > 0 && own[position / 2 - 1].target.is_empty();
                if !(dropped && own[position / 2 - 1].state != State::Untranslated) {
                    text.push(piece);
                }
                continue;
            }
            let unit = &own[position / 2];
            let at = text.plain.len();
            text.push(&shown(unit));
            places[start + position / 2] = Some((index, Span::new(at, text.plain.len())));
        }
        texts.push(text);
    }
    (texts, places)
}

/// Writes the English document, part by part, and notes in every unit where its target stands.
///
/// Units must be in document order. Errors: as [`super::write()`].
pub fn edition(edition: &mut Edition) -> Result<Vec<String>, Error> {
    edition_with(edition, &[])
}

/// The same for a document that was read with formats of the caller.
///
/// Errors: as [`write_with`].
pub fn edition_with(edition: &mut Edition, own: &[&dyn Format]) -> Result<Vec<String>, Error> {
    let (texts, places) = texts(&edition.document, &edition.units);
    let written = write_with(&edition.document, &texts, own)?;
    for (unit, place) in edition.units.iter_mut().zip(places) {
        unit.target_span = place.map(|(block, span)| written.maps[block].span(span));
    }
    Ok(written.parts)
}
