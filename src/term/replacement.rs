//! A replacement that covers the words beside its span which it brings along itself.
//!
//! `1.300` in `1.300 square kilometers` becomes `1,300 square kilometers`: the span grows over the
//! words that follow, or they stood there twice.

use crate::bitext::{Finding, Span};

/// A word beside a span: its bounds, without the marks around it.
struct Beside {
    word: String,
    start: usize,
    end: usize,
    /// Whether a mark that parts two phrases stands between it and the span.
    parted: bool,
}

/// A word as it is compared: `U.S.` and `US` are one, and so are `1.300` and `1,300`.
fn folded(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '.' | ','))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a text, between spaces and hyphens, each with its bounds.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}');
    let start = text.as_ptr() as usize;
    text.split(is_gap)
        .filter(|piece| !piece.is_empty())
        .map(move |piece| (piece.as_ptr() as usize - start, piece))
}

/// The word of a piece without the marks around it; the points of an abbreviation stay.
fn bare(at: usize, piece: &str) -> Beside {
    let is_mark = |c: char| !c.is_alphanumeric();
    let left = piece.trim_start_matches(is_mark);
    let whole = left.trim_end_matches(is_mark);
    let abbreviation = whole.contains('.') && left[whole.len()..].starts_with('.');
    let word = &left[..whole.len() + usize::from(abbreviation)];
    let start = at + piece.len() - left.len();
    Beside {
        word: folded(word),
        start,
        end: start + word.len(),
        parted: word.len() < piece.len(),
    }
}

/// The span and the text of a replacement in which no word stands twice: where the new text begins
/// or ends with the words that stand before or behind the span, the span takes them in.
///
/// `US` + `Secretary of State` → `U.S. Secretary of State` replaces `US Secretary of State`.
pub(super) fn widened(text: &str, span: Span, with: &str) -> (Span, String) {
    let new: Vec<String> = pieces(with).map(|(_, piece)| folded(piece)).collect();
    let old: Vec<String> = pieces(span.of(text))
        .map(|(_, piece)| folded(piece))
        .collect();
    let most = new.len();
    let (mut start, mut end) = (span.start, span.end);
    let after: Vec<Beside> = pieces(&text[span.end..])
        .take(most)
        .map(|(at, piece)| bare(span.end + at, piece))
        .collect();
    let joined = |from: usize, to: usize| {
        text[from..to]
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}'))
    };
    for count in (1..=most.min(after.len())).rev() {
        let tail = &new[most - count..];
        let there = &after[..count];
        let same = tail.iter().zip(there).all(|(a, b)| *a == b.word);
        let parted = there[..count - 1].iter().any(|word| word.parted);
        if same && !parted && !old.ends_with(tail) && joined(span.end, there[0].start) {
            end = there[count - 1].end;
            break;
        }
    }
    let mut before: Vec<Beside> = pieces(&text[..span.start])
        .map(|(at, piece)| bare(at, piece))
        .collect();
    let taken = usize::from(end > span.end);
    let before = before.split_off(before.len().saturating_sub(most.saturating_sub(taken)));
    for count in (1..=before.len()).rev() {
        let head = &new[..count];
        let there = &before[before.len() - count..];
        let same = head.iter().zip(there).all(|(a, b)| *a == b.word);
        let parted = there[1..].iter().any(|word| word.parted);
        let beside = joined(there[count - 1].end, span.start);
        if same && !parted && beside && !old.starts_with(head) {
            start = there[0].start;
            break;
        }
    }
    let opens = start < span.start && text[start..].starts_with(char::is_uppercase);
    let with = if opens {
        super::forms::capital(with)
    } else {
        with.to_owned()
    };
    (Span::new(start, end), with)
}

/// The finding with a span that covers the same words as its suggestion.
pub(crate) fn fitted(mut finding: Finding, text: &str) -> Finding {
    if let (Some(span), Some(with)) = (finding.target, &finding.suggestion)
        && text
            .get(span.start..span.end)
            .is_some_and(|old| !old.is_empty())
    {
        let (span, with) = widened(text, span, with);
        finding.target = Some(span);
        finding.suggestion = Some(with);
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_come_along_are_replaced() {
        for (text, found, with, wanted) in [
            (
                "About 1.300 square kilometers of land.",
                "1.300",
                "1,300 square kilometers",
                "About 1,300 square kilometers of land.",
            ),
            (
                "Then US Secretary of State Blinken spoke.",
                "Secretary of State",
                "U.S. Secretary of State",
                "Then U.S. Secretary of State Blinken spoke.",
            ),
            (
                "The 2,5-year-long war.",
                "2,5",
                "2 1/2-year",
                "The 2 1/2-year-long war.",
            ),
            (
                "The Witte Huis was silent.",
                "Witte Huis",
                "the White House",
                "The White House was silent.",
            ),
            (
                "In Koersk Kursk it snows.",
                "Koersk",
                "Kursk",
                "In Kursk it snows.",
            ),
            (
                "It is in the US. US ships left.",
                "US ships",
                "U.S. ships",
                "It is in the US. U.S. ships left.",
            ),
            (
                "In Koersk, Kursk it snows.",
                "Koersk",
                "Kursk",
                "In Kursk, Kursk it snows.",
            ),
            ("He had had it.", "had", "had", "He had had it."),
        ] {
            let at = text.find(found).expect("it stands there");
            let (span, with) = widened(text, Span::new(at, at + found.len()), with);
            let mut new = text.to_owned();
            new.replace_range(span.start..span.end, &with);
            assert_eq!(new, wanted);
        }
    }
}
