//! Puts texts back between the bytes that are not text.

use super::by_name;
use super::contract::{Format, RenderPlace};
use super::error::Error;
use crate::bitext::{CodeKind, Document, DocumentPart, Inlay, OffsetMap, Piece, Span, Text};
use std::collections::HashMap;

/// A document written back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// For every part its text before encoding.
    pub parts: Vec<String>,
    /// For every block, where the bytes of its text went, as offsets in its part.
    pub maps: Vec<OffsetMap>,
}

/// Writes a document with these texts in place of its blocks'. A block whose text is unchanged
/// keeps its bytes; what the file says of its language becomes the document's target, where there
/// is one.
///
/// Shape: `texts` has one entry per block. Errors: none for a document that [`super::read`] made.
pub fn write(document: &Document, texts: &[Text]) -> Result<Written, Error> {
    write_with(document, texts, &[])
}

/// The same for a document that was read with formats of the caller.
///
/// Errors: [`Error::Unknown`] if the document's format is not among them and not in the table.
pub fn write_with(
    document: &Document,
    texts: &[Text],
    own: &[&dyn Format],
) -> Result<Written, Error> {
    let format = by_name(document.format, own)?;
    let mut maps = vec![OffsetMap::default(); document.blocks.len()];
    let mut parts = Vec::with_capacity(document.parts.len());
    for part in &document.parts {
        let mut assembly = Assembly {
            document,
            part,
            texts,
            format,
            maps,
        };
        let mut out = String::with_capacity(part.source.len() + part.source.len() / 8);
        for piece in &part.pieces {
            match *piece {
                Piece::Raw(span) => assembly.raw(span, &mut out),
                Piece::Block(index, span) => assembly.block(index, span, &mut out),
            }
        }
        parts.push(out);
        maps = assembly.maps;
    }
    Ok(Written { parts, maps })
}

/// A part of a document that is being written.
struct Assembly<'d> {
    document: &'d Document,
    part: &'d DocumentPart,
    texts: &'d [Text],
    format: &'d dyn Format,
    maps: Vec<OffsetMap>,
}

impl Assembly<'_> {
    /// Copies bytes of the file; names of its language become the target's.
    fn raw(&self, span: Span, out: &mut String) {
        let source = &self.part.source;
        let mut at = span.start;
        if let Some(target) = &self.document.target {
            let languages = &self.part.languages;
            let first = languages.partition_point(|place| place.start < span.start);
            for place in &languages[first..] {
                if place.end > span.end {
                    break;
                }
                out.push_str(&source[at..place.start]);
                out.push_str(&self.format.language(target, place.of(source)));
                at = place.end;
            }
        }
        out.push_str(&source[at..span.end]);
    }

    /// Copies bytes of the file, with the texts inside written anew.
    fn around(&mut self, span: Span, inside: &[(usize, Span)], out: &mut String) {
        let mut at = span.start;
        for &(index, place) in inside {
            self.raw(Span::new(at, place.start), out);
            self.block(index, place, out);
            at = place.end;
        }
        self.raw(Span::new(at, span.end), out);
    }

    fn block(&mut self, index: usize, span: Span, out: &mut String) {
        let document = self.document;
        let (block, text) = (&document.blocks[index], &self.texts[index]);
        let base = out.len();
        if *text != block.text {
            self.changed(index, span, out);
            return;
        }
        // Where codes grew or shrank, what follows them moved along.
        let mut moves = vec![(span.start, base)];
        let mut at = span.start;
        for inlay in &block.inlays {
            self.raw(Span::new(at, inlay.span.start), out);
            self.around(inlay.span, &inlay.blocks, out);
            at = inlay.span.end;
            moves.push((at, out.len()));
        }
        self.raw(Span::new(at, span.end), out);
        let mut next = 0;
        self.maps[index] = block.map.mapped(|file| {
            while moves.get(next + 1).is_some_and(|&(from, _)| from <= file) {
                next += 1;
            }
            let (from, to) = moves[next];
            (file + to).saturating_sub(from)
        });
    }

    /// Writes a block whose text is another, its codes with what they say in the other language.
    fn changed(&mut self, index: usize, span: Span, out: &mut String) {
        let document = self.document;
        let (block, text) = (&document.blocks[index], &self.texts[index]);
        let base = out.len();
        let place = RenderPlace {
            source: span.of(&self.part.source),
            lang: &document.lang,
            target: document.target.as_ref(),
        };
        if block.inlays.is_empty() {
            let map = self.format.render_at(place, block, text, out);
            self.maps[index] = map.moved(0, base);
            return;
        }
        let inlays: HashMap<(u32, CodeKind), &Inlay> = block
            .inlays
            .iter()
            .map(|inlay| {
                let own = &block.text.codes[inlay.code];
                ((own.id, own.kind), inlay)
            })
            .collect();
        let mut text = text.clone();
        let mut insides = Vec::new();
        for code in &mut text.codes {
            if let Some(&inlay) = inlays.get(&(code.id, code.kind)) {
                code.data.clear();
                self.around(inlay.span, &inlay.blocks, &mut code.data);
                insides.push((code.data.clone(), inlay));
            }
        }
        let map = self.format.render_at(place, block, &text, out);
        self.maps[index] = map.moved(0, base);
        // What is inside was placed in its code; the code's own place moves it along.
        let mut at = base;
        for (data, inlay) in insides {
            let Some(found) = out[at..].find(&data) else {
                continue;
            };
            for &(inner, _) in &inlay.blocks {
                self.move_along(inner, at + found);
            }
            at += found + data.len();
        }
    }

    /// Moves the place of a block, and of those inside it, right by `by` bytes.
    fn move_along(&mut self, index: usize, by: usize) {
        self.maps[index] = self.maps[index].moved(0, by);
        let document = self.document;
        for inlay in &document.blocks[index].inlays {
            for &(inner, _) in &inlay.blocks {
                self.move_along(inner, by);
            }
        }
    }
}
