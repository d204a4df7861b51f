//! Gives a unit its draft: the text without white space at its ends, and the codes of the unit,
//! whatever became of them on the way.

use super::Draft;
use super::code_pairs::{crossing, pairs};
use crate::bitext::{Code, CodeKind, Origin, Span, State, Text, Unit};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use thin_vec::ThinVec;

/// Gives a unit its draft, with the markup of the unit's own codes.
pub(super) fn take_draft(unit: &mut Unit, draft: &Draft, engine: &Arc<str>) {
    unit.target = draft.text.clone().with_markup_of(&unit.source);
    let left_out = leave_out_strays(&mut unit.target, &unit.source.plain);
    unit.links = draft.links.as_slice().into();
    unit.doubts = draft.doubts.as_slice().into();
    for doubt in &mut unit.doubts {
        doubt.source = doubt.source.filter(|span| span.fits(&unit.source.plain));
    }
    if left_out.is_some() {
        // They count words and bytes of what stood there.
        unit.links.clear();
        unit.doubts.iter_mut().for_each(|doubt| doubt.target = None);
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
    unit.notes.extend(left_out);
    unit.score = draft.score;
    unit.billed = draft
        .billed
        .or_else(|| Some(unit.source.plain.chars().count() as u64));
    restore_codes(&mut unit.target, &unit.source);
    unit.draft = None;
}

/// Whether a character is not a part of any text: a control, a mark that turns the direction of
/// writing, a tag, a mark of byte order, what Unicode never assigns.
fn is_stray(c: char) -> bool {
    let is_space = matches!(c, '\t' | '\n' | '\r');
    let is_format = matches!(c,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{e0000}'..='\u{e007f}');
    c.is_control() && !is_space || is_format || u32::from(c) & 0xfffe == 0xfffe
}

/// Takes characters out of an answer that no text has and that its source has not either; the
/// answer is a note that names them.
fn leave_out_strays(text: &mut Text, source: &str) -> Option<String> {
    let is_out = |c: char| is_stray(c) && !source.contains(c);
    if text.plain.is_ascii() && !text.plain.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return None;
    }
    let found: BTreeSet<char> = text.plain.chars().filter(|c| is_out(*c)).collect();
    if found.is_empty() {
        return None;
    }
    let mut kept = String::with_capacity(text.plain.len());
    let mut codes = text.codes.iter_mut().peekable();
    for (at, c) in text.plain.char_indices() {
        while let Some(code) = codes.next_if(|code| code.at <= at) {
            code.at = kept.len();
        }
        if !found.contains(&c) {
            kept.push(c);
        }
    }
    for code in codes {
        code.at = kept.len();
    }
    text.plain = kept;
    let names: Vec<String> = found
        .iter()
        .map(|c| format!("U+{:04X}", u32::from(*c)))
        .collect();
    Some(format!(
        "characters that no text has were left out: {}",
        names.join(" ")
    ))
}

/// Puts codes back that an engine lost, where their place is certain: those before everything and
/// those behind everything. Of the other pairs both halves stay or none: half a pair would break
/// the document. A half whose partner is in another segment stands at the edge where it changes
/// nothing of this one.
fn restore_codes(text: &mut Text, source: &Text) {
    if text.code_set() != source.code_set() {
        restore_at_edges(text, source);
    }
    let pairs = pairs(&source.codes);
    keep_whole_pairs(&mut text.codes, &pairs);
    if crossing(&source.codes).is_empty() {
        let crossing = crossing(&text.codes);
        text.codes.retain(|code| !crossing.contains(&code.id));
    }
    restore_halves(text, source, &pairs);
}

/// Puts lost halves whose partner is in another segment at the edge where they change nothing, but
/// not past a half that came back: the order of the source is the nesting.
fn restore_halves(text: &mut Text, source: &Text, pairs: &HashSet<u32>) {
    let has = ends_of(&text.codes);
    let mut behind: HashMap<Option<u32>, Vec<&Code>> = HashMap::new();
    let mut before: HashMap<Option<u32>, Vec<&Code>> = HashMap::new();
    let halves =
        |kind: CodeKind| move |code: &&Code| code.kind == kind && !pairs.contains(&code.id);
    let mut last = None;
    for code in source.codes.iter().filter(halves(CodeKind::Close)) {
        if has.contains(&(code.id, code.kind)) {
            last = Some(code.id);
        } else {
            behind.entry(last).or_default().push(code);
        }
    }
    let mut next = None;
    for code in source.codes.iter().rev().filter(halves(CodeKind::Open)) {
        if has.contains(&(code.id, code.kind)) {
            next = Some(code.id);
        } else {
            before.entry(next).or_default().push(code);
        }
    }
    if behind.is_empty() && before.is_empty() {
        return;
    }
    let mut codes = ThinVec::with_capacity(text.codes.len());
    let put = |codes: &mut ThinVec<Code>, code: &Code, at: usize| {
        codes.push(Code { at, ..code.clone() });
    };
    for code in behind.remove(&None).unwrap_or_default() {
        put(&mut codes, code, 0);
    }
    for code in std::mem::take(&mut text.codes) {
        let (at, id, kind) = (code.at, code.id, code.kind);
        if kind == CodeKind::Open {
            for lost in before.remove(&Some(id)).unwrap_or_default().iter().rev() {
                put(&mut codes, lost, at);
            }
        }
        codes.push(code);
        if kind == CodeKind::Close {
            for lost in behind.remove(&Some(id)).unwrap_or_default() {
                put(&mut codes, lost, at);
            }
        }
    }
    for code in before.remove(&None).unwrap_or_default().iter().rev() {
        put(&mut codes, code, text.plain.len());
    }
    text.codes = codes;
}

/// The ids with their kinds.
fn ends_of(codes: &[Code]) -> HashSet<(u32, CodeKind)> {
    codes.iter().map(|code| (code.id, code.kind)).collect()
}

fn restore_at_edges(text: &mut Text, source: &Text) {
    let mut left = ThinVec::new();
    let mut right = ThinVec::new();
    let has = ends_of(&text.codes);
    let is_lost = |code: &&Code| !has.contains(&(code.id, code.kind));
    for code in source.codes.iter().filter(is_lost) {
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
fn keep_whole_pairs(codes: &mut ThinVec<Code>, pairs: &HashSet<u32>) {
    let mut ends: HashMap<u32, (usize, Option<usize>)> = HashMap::new();
    for (at, code) in codes.iter().enumerate() {
        match code.kind {
            CodeKind::Open => {
                ends.entry(code.id).or_insert((at, None));
            }
            CodeKind::Close => {
                if let Some((_, close)) = ends.get_mut(&code.id) {
                    close.get_or_insert(at);
                }
            }
            CodeKind::Empty => {}
        }
    }
    let mut at = 0;
    codes.retain(|code| {
        let place = at;
        at += 1;
        code.kind == CodeKind::Empty
            || !pairs.contains(&code.id)
            || matches!(ends.get(&code.id), Some((open, Some(close))) if place == *open || place == *close)
    });
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
    fn characters_that_no_text_has_are_left_out_unless_the_source_has_them() {
        let engine: Arc<str> = "test".into();
        let mut unit = Unit::new("Het is 5 °C, zegt \u{200f}zij\u{200f}.");
        let strays = "It\u{0} \u{1b}[31mis\u{202e} 5 °C,\u{e0041} \u{feff}\u{fffe}\u{85}";
        let mut draft = Draft::new(
            0,
            format!("{strays}\u{200f}she\u{200f} says.").as_str().into(),
        );
        let at = draft.text.plain.find("she").unwrap();
        draft.text.codes.push(Code::new(at, 1, CodeKind::Empty, ""));
        unit.source
            .codes
            .push(Code::new(0, 1, CodeKind::Empty, "<br>"));
        take_draft(&mut unit, &draft, &engine);
        let plain = &unit.target.plain;
        assert_eq!(plain, "It [31mis 5 °C, \u{200f}she\u{200f} says.");
        assert!(plain[unit.target.codes[0].at..].starts_with("she"));
        let note = "characters that no text has were left out: \
                    U+0000 U+001B U+0085 U+202E U+FEFF U+FFFE U+E0041";
        assert_eq!(unit.notes.as_slice(), [note.to_owned()]);
        // Line breaks, joiners of emoji and soft hyphens are text.
        let draft = Draft::new(0, "a\nb 👩\u{200d}🚒 co\u{ad}op".into());
        take_draft(&mut unit, &draft, &engine);
        assert_eq!(unit.target.plain, "a\nb 👩\u{200d}🚒 co\u{ad}op");
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
            ("a 1> b 2> c", "a b c", "1> 2> a b c"),
            ("a 1> b 2> c", "a 1> b c", "a 1> 2> b c"),
            ("a <1 b <2 c", "a b c", "a b c <1 <2"),
            ("a <1 b <2 c", "a b <2 c", "a b <1 <2 c"),
        ] {
            let (source, mut answer) = (text(source), text(answer));
            restore_codes(&mut answer, &source);
            assert_eq!(answer, text(wanted), "{wanted}");
        }
    }

    #[test]
    fn the_work_grows_with_the_codes_and_not_with_their_square() {
        // A quadratic search of 60,000 codes takes minutes.
        let code = |at: usize, id: u32, kind| Code::new(at, id, kind, "");
        let source = Text {
            plain: "a".repeat(60_000),
            codes: (0..30_000)
                .map(|n| code(n as usize, n, CodeKind::Open))
                .chain((0..15_000).map(|n| code(30_000, n, CodeKind::Close)))
                .collect(),
        };
        let mut answer = Text::from("b");
        answer.codes = (0..30_000).map(|n| code(0, n, CodeKind::Close)).collect();
        let began = std::time::Instant::now();
        restore_codes(&mut answer, &source);
        restore_codes(&mut source.clone(), &source);
        assert!(began.elapsed() < std::time::Duration::from_secs(5));
    }
}
