//! Puts the targets of units back into their document.

use super::contract::{BilingualFormat, Filling, Format};
use super::error::Error;
use super::{by_name, pair_of, write_with};
use crate::bitext::{Code, Document, Edition, Origin, Piece, Span, State, Text, Unit};

/// What stands in the edition for a unit.
///
/// A unit without a target shows its Dutch in a mark that nobody can miss; one that was left out on
/// purpose shows nothing.
///
/// Markup comes from the document alone: a code that the Dutch lacks is left out, whoever put it
/// into the target. `block` is the Dutch of the whole block: a joined unit holds codes of several.
fn shown(unit: &Unit, block: &Text) -> Text {
    if unit.state == State::Untranslated {
        let mut text = Text::from("[untranslated: ");
        text.push(&unit.source);
        text.push(&Text::from("]"));
        return text;
    }
    let mut text = unit.target.whole_pairs(&unit.source).into_owned();
    text.codes.retain(|code| {
        let own = |other: &Code| (other.id, other.kind) == (code.id, code.kind);
        block.codes.iter().any(own)
    });
    text.with_markup_of(block)
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
        let is_gone = |u: &Unit| u.target.is_empty() && u.state != State::Untranslated;
        // Units at the end of a block go with the gap before them, others with the gap after them.
        let kept = own.iter().rposition(|u| !is_gone(u)).map_or(0, |at| at + 1);
        for (position, piece) in block.text.cut(&segments).into_iter().enumerate() {
            if position % 2 == 0 {
                let gap = position / 2;
                let is_dropped =
                    gap < own.len() && (gap >= kept.max(1) || (gap > 0 && is_gone(&own[gap - 1])));
                let mut piece = piece;
                if is_dropped {
                    piece.replace(Span::new(0, piece.plain.len()), "");
                }
                text.push(&piece);
                continue;
            }
            let unit = &own[position / 2];
            let at = text.plain.len();
            text.push(&shown(unit, &block.text));
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
    if let Some(bilingual) = by_name(edition.document.format, own)?.bilingual() {
        return fill(bilingual, edition, texts);
    }
    let written = write_with(&edition.document, &texts, own)?;
    for (unit, place) in edition.units.iter_mut().zip(places) {
        unit.target_span = place.map(|(block, span)| written.maps[block].span(span));
    }
    Ok(written.parts)
}

/// Writes the translations into a file that holds both languages. A text of which a unit is not
/// translated stays without one.
fn fill(
    format: &dyn BilingualFormat,
    edition: &Edition,
    texts: Vec<Text>,
) -> Result<Vec<String>, Error> {
    let document = &edition.document;
    let mut units = edition.units.as_slice();
    let mut fillings = Vec::with_capacity(texts.len());
    for (block, text) in document.blocks.iter().zip(texts) {
        let own = units.iter().take_while(|unit| unit.block == block.number);
        let (own, rest) = units.split_at(own.count());
        units = rest;
        let is_whole = own.iter().all(|unit| unit.state != State::Untranslated);
        fillings.push((is_whole && !text.is_empty()).then(|| Filling {
            text,
            by_machine: own.iter().any(|u| matches!(u.origin, Origin::Engine(_))),
            needs_review: own.iter().any(|unit| unit.state == State::NeedsReview),
        }));
    }
    let pair = pair_of(&document.lang, document.target.as_ref());
    let mut fillings = fillings.as_slice();
    let mut written = Vec::with_capacity(document.parts.len());
    for part in &document.parts {
        let own = part.pieces.iter();
        let own = own.filter(|piece| matches!(piece, Piece::Block(..)));
        let (own, rest) = fillings.split_at(own.count());
        fillings = rest;
        written.push(format.fill(&part.source, &pair, own)?);
    }
    Ok(written)
}
