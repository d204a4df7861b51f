//! Words that say the opposite of one another: more and less, rise and fall, older and younger.
//!
//! `meer dan` and `minder dan` are the poles of one row; `more than` says the first of them.

use super::Language;
use super::phrases::PhraseTable;
use super::quantity::units::rows;
use super::text_view::TextView;
use std::sync::LazyLock;

/// Rows: name; Dutch, English, English perhaps; the same of the other pole.
const TABLE: &str = include_str!("../../data/language/opposites.tsv");

/// How sure it is that a word says its pole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PoleWeight {
    Sure,
    /// It may say it: enough to hold that the pole is not missing.
    Possible,
}

/// A word that says one pole of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PoleWord {
    pub row: usize,
    /// 0 or 1.
    pub pole: usize,
    pub weight: PoleWeight,
    /// Words `at..next` of the text.
    pub at: usize,
    pub next: usize,
}

type Pole = (usize, usize, PoleWeight);

fn table(cells: &[(usize, usize, PoleWeight)]) -> PhraseTable<Pole> {
    let mut found = Vec::new();
    for (row, line) in rows(TABLE).enumerate() {
        for &(cell, pole, weight) in cells {
            let words = line.get(cell).copied().unwrap_or_default().split('|');
            found.extend(
                words
                    .filter(|w| !w.is_empty() && !w.contains('…'))
                    .map(|word| (word, (row, pole, weight))),
            );
        }
    }
    PhraseTable::new(found.into_iter())
}

static DUTCH: LazyLock<PhraseTable<Pole>> =
    LazyLock::new(|| table(&[(1, 0, PoleWeight::Sure), (4, 1, PoleWeight::Sure)]));

static ENGLISH: LazyLock<PhraseTable<Pole>> = LazyLock::new(|| {
    table(&[
        (2, 0, PoleWeight::Sure),
        (3, 0, PoleWeight::Possible),
        (5, 1, PoleWeight::Sure),
        (6, 1, PoleWeight::Possible),
    ])
});

/// The words of a text that say a pole of any row, from left to right.
pub(crate) fn poles(view: &TextView<'_>, language: Language) -> Vec<PoleWord> {
    let table = if language == Language::Dutch {
        &DUTCH
    } else {
        &ENGLISH
    };
    let mut found: Vec<PoleWord> = apart(view, language);
    let hits = table.find(view).into_iter().map(|hit| {
        let (row, pole, weight) = *hit.meaning;
        PoleWord {
            row,
            pole,
            weight,
            at: hit.at,
            next: hit.next,
        }
    });
    found.extend(hits);
    found.sort_unstable_by_key(|word| (word.at, word.row));
    found
}

/// Dutch verbs whose particle stands apart, `nam … toe`: the verb, the particle, the pole.
static APART: LazyLock<Vec<(&str, &str, Pole)>> = LazyLock::new(|| {
    let mut found = Vec::new();
    for (row, line) in rows(TABLE).enumerate() {
        for (cell, pole) in [(1, 0), (4, 1)] {
            let words = line.get(cell).copied().unwrap_or_default().split('|');
            let two = words.filter_map(|word| word.split_once(" … "));
            found.extend(two.map(|(verb, part)| (verb, part, (row, pole, PoleWeight::Sure))));
        }
    }
    found
});

/// The verbs of a Dutch text whose particle ends a clause behind them.
fn apart(view: &TextView<'_>, language: Language) -> Vec<PoleWord> {
    let mut found = Vec::new();
    if language != Language::Dutch {
        return found;
    }
    for at in 0..view.len() {
        let verbs = APART.iter().filter(|(verb, ..)| *verb == view.word(at));
        for (_, part, (row, pole, weight)) in verbs {
            let ends = |&i: &usize| view.word(i) == *part && !view.joined(i);
            if let Some(last) = (at + 1..(at + 12).min(view.len())).find(ends) {
                found.push(PoleWord {
                    row: *row,
                    pole: *pole,
                    weight: *weight,
                    at,
                    next: last + 1,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_two_poles_of_both_languages() {
        for cells in rows(TABLE) {
            assert_eq!(cells.len(), 7, "{cells:?}");
            assert!(cells.iter().all(|cell| !cell.is_empty()), "{cells:?}");
            let words = |cell: usize| cells[cell].split('|').collect::<Vec<_>>();
            for (own, other) in [(1, 4), (2, 5)] {
                let both = words(own)
                    .into_iter()
                    .filter(|word| words(other).contains(word));
                assert_eq!(both.count(), 0, "{cells:?}");
            }
        }
    }

    #[test]
    fn poles_are_found_in_both_languages() {
        let found = |text, language| {
            let view = TextView::new(text);
            let all = poles(&view, language).into_iter();
            all.filter(|word| word.weight == PoleWeight::Sure)
                .map(|w| (w.row, w.pole))
                .collect::<Vec<_>>()
        };
        // `meer dan` is a pole of `nearly`, too.
        assert!(found("Meer dan tien.", Language::Dutch).contains(&(0, 0)));
        assert_eq!(found("Fewer than ten.", Language::English), [(0, 1)]);
    }
}
