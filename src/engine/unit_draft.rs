//! Gives a unit its draft: the text without white space at its ends, and the codes of the unit,
//! whatever became of them on the way.

use super::Draft;
use crate::bitext::{Code, CodeKind, Origin, Span, State, Text, Unit};
use std::sync::Arc;
use thin_vec::ThinVec;

/// Gives a unit its draft, with the markup of the unit's own codes.
pub(super) fn take_draft(unit: &mut Unit, draft: &Draft, engine: &Arc<str>) {
    unit.target = draft.text.clone().with_markup_of(&unit.source);
    unit.links = draft.links.as_slice().into();
    unit.doubts = draft.doubts.as_slice().into();
    for doubt in &mut unit.doubts {
        doubt.source = doubt.source.filter(|span| span.fits(&unit.source.plain));
    }
    unit.alternatives = draft.alternatives.as_slice().into();
    // White space at the ends is the source's business.
    let plain = &unit.target.plain;
    let lead = Span::new(0, plain.len() - plain.trim_start().len());
    let tail = Span::new(plain.trim_end().len().max(lead.end), plain.len());
    for space in [tail, lead] {
        if !space.is_empty() {
            unit.rewrite(space, "");
        }
    }
    unit.state = State::Translated;
    unit.origin = Origin::Engine(Arc::clone(engine));
    unit.notes = draft.notes.as_slice().into();
    unit.score = draft.score;
    unit.billed = draft
        .billed
        .or_else(|| Some(unit.source.plain.chars().count() as u64));
    restore_codes(&mut unit.target, &unit.source);
    unit.draft = None;
}

/// Puts codes back that an engine lost, where their place is certain: those before everything and
/// those behind everything. Of the other pairs both halves stay or none: half a pair would break
/// the document. A half whose partner is in another segment stands at the edge where it changes
/// nothing of this one.
fn restore_codes(text: &mut Text, source: &Text) {
    if text.code_set() != source.code_set() {
        restore_at_edges(text, source);
    }
    let is_pair = |id: u32| {
        let has = |kind| source.codes.iter().any(|c| c.id == id && c.kind == kind);
        has(CodeKind::Open) && has(CodeKind::Close)
    };
    keep_whole_pairs(&mut text.codes, &is_pair);
    if is_nested(&source.codes) {
        while let Some(id) = crossing(&text.codes) {
            text.codes.retain(|code| code.id != id);
        }
    }
    for code in source.codes.iter().filter(|code| !is_pair(code.id)) {
        if has_code(text, code) {
            continue;
        }
        match code.kind {
            CodeKind::Open => text.codes.push(Code {
                at: text.plain.len(),
                ..code.clone()
            }),
            CodeKind::Close => text.codes.insert(
                0,
                Code {
                    at: 0,
                    ..code.clone()
                },
            ),
            CodeKind::Empty => {}
        }
    }
}

fn has_code(text: &Text, code: &Code) -> bool {
    (text.codes.iter()).any(|own| own.id == code.id && own.kind == code.kind)
}

fn restore_at_edges(text: &mut Text, source: &Text) {
    let mut left = ThinVec::new();
    let mut right = ThinVec::new();
    for code in source.codes.iter().filter(|code| !has_code(text, code)) {
        let mut code = code.clone();
        if code.at == 0 {
            left.push(code);
        } else if code.at == source.plain.len() {
            code.at = text.plain.len();
            right.push(code);
        }
    }
    left.append(&mut text.codes);
    left.append(&mut right);
    text.codes = left;
}

/// Keeps the first opening and the first closing behind it of each pair; of a pair without both,
/// nothing.
fn keep_whole_pairs(codes: &mut ThinVec<Code>, is_pair: &dyn Fn(u32) -> bool) {
    let ends = |id: u32| {
        let open = codes
            .iter()
            .position(|c| c.id == id && c.kind == CodeKind::Open)?;
        let close = codes[open..]
            .iter()
            .position(|c| c.id == id && c.kind == CodeKind::Close)?;
        Some((open, open + close))
    };
    let stays = |(at, code): (usize, &Code)| {
        code.kind == CodeKind::Empty
            || !is_pair(code.id)
            || ends(code.id).is_some_and(|(open, close)| at == open || at == close)
    };
    let kept: Vec<bool> = codes.iter().enumerate().map(stays).collect();
    let mut kept = kept.into_iter();
    codes.retain(|_| kept.next().unwrap_or(true));
}

/// Whether every pair closes before the one around it.
fn is_nested(codes: &[Code]) -> bool {
    crossing(codes).is_none()
}

/// The first pair that closes while one within it is open; halves without a partner do not count.
fn crossing(codes: &[Code]) -> Option<u32> {
    let mut open = Vec::new();
    for code in codes {
        let has = |kind| codes.iter().any(|c| c.id == code.id && c.kind == kind);
        match code.kind {
            CodeKind::Open if has(CodeKind::Close) => open.push(code.id),
            CodeKind::Close if has(CodeKind::Open) && open.pop() != Some(code.id) => {
                return Some(code.id);
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of which `<1` opens pair 1, `1>` closes it and `2/` stands alone.
    fn text(marked: &str) -> Text {
        let mut text = Text::default();
        for word in marked.split(' ') {
            let number = |word: &str| word.parse::<u32>().ok();
            let found = (word
                .strip_prefix('<')
                .and_then(number)
                .map(|id| (id, CodeKind::Open)))
            .or_else(|| Some((number(word.strip_suffix('>')?)?, CodeKind::Close)))
            .or_else(|| Some((number(word.strip_suffix('/')?)?, CodeKind::Empty)));
            match found {
                Some((id, kind)) => text.codes.push(Code::new(text.plain.len(), id, kind, "")),
                None => text.plain.push_str(word),
            }
        }
        text
    }

    #[test]
    fn of_a_pair_both_halves_come_back_or_none() {
        for (source, answer, wanted) in [
            // Lost within the text: the other half goes too.
            ("a <1 b 1> c", "a <1 b c", "a b c"),
            ("a <1 b 1> c", "a b 1> c", "a b c"),
            // Lost at an edge: its place is certain.
            ("<1 b 1> c", "b 1> c", "<1 b 1> c"),
            ("a <1 b 1>", "a <1 b", "a <1 b 1>"),
            // The wrong way round, doubled, crossing.
            ("a <1 b 1> c", "a 1> b <1 c", "a b c"),
            ("a <1 b 1> c", "a <1 b 1> c <1 1>", "a <1 b 1> c"),
            (
                "a <1 b <2 c 2> d 1> e",
                "a <1 b <2 c 1> d 2> e",
                "a b <2 c d 2> e",
            ),
            // The partner is in another segment.
            ("a <1 b", "a b", "a b <1"),
            ("a 1> b", "a b", "1> a b"),
            ("a 2/ b", "a b", "a b"),
        ] {
            let (source, mut answer) = (text(source), text(answer));
            restore_codes(&mut answer, &source);
            assert_eq!(answer, text(wanted), "{wanted}");
        }
    }
}
