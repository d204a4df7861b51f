//! The project's Dutch–English lexicon, read once for everybody who asks: the aligner as evidence,
//! the checks for what a word may become.
//!
//! `huizen` → `houses|homes`. What counts as a match, an ending or a compound is for those to say
//! who ask.

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::LazyLock;

/// Dutch forms with their renderings, `nl⇥en|en|…`; described in `data/language/README.md`.
const LINES: &str = include_str!("../../data/language/nl-en.tsv");

/// Separable verbs: `infinitive⇥particle⇥finite forms|…⇥en|…`.
pub const SEPARABLE: &str = include_str!("../../data/language/separable.tsv");

// Read at the first question: a thousand look-ups cost more by searching the lines than by making
// this table.
static FORMS: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
    let count = memchr::memchr_iter(b'\n', LINES.as_bytes()).count();
    let mut forms = FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
    forms.extend(lines());
    forms
});

/// The renderings of a form in lower case as it stands, the most common first, `|` between them.
pub fn renderings(form: &str) -> Option<&'static str> {
    FORMS.get(form).copied()
}

/// Every form with its renderings, in the order of the file.
pub fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    LINES.lines().filter_map(|line| {
        let (form, rest) = line.split_at(memchr::memchr(b'\t', line.as_bytes())?);
        Some((form, &rest[1..]))
    })
}

/// How many pairs of a form and a rendering there are; counting them would cost an article a
/// fortieth of its time.
pub const ENTRIES: usize = 33_767;

/// A separable verb whose parts stand apart: `belde … op` → `phoned`, `called up`.
///
/// Shape: the English renderings, in the inflection of the infinitive. Both words lower case; none
/// where the two make no verb that is listed.
pub fn separable(
    finite: &str,
    particle: &str,
) -> Option<impl Iterator<Item = &'static str> + use<>> {
    // The lines ascend, and a form begins like its infinitive; those of `zijn` and the past of
    // `eten` are given up for speed.
    let letter = finite.chars().next()?;
    let begin = format!("{particle}{letter}");
    let lines = &SEPARABLE[first_line(SEPARABLE, &begin)..];
    lines
        .lines()
        .take_while(move |line| line.starts_with(&begin))
        .filter_map(|line| {
            let mut cells = line.split('\t').skip(1);
            Some((cells.next()?, cells.next()?, cells.next()?))
        })
        .find(|(known, forms, _)| *known == particle && forms.split('|').any(|form| form == finite))
        .map(|(_, _, english)| english.split('|'))
}

/// Where the first line begins that is not before `key`, in lines that ascend by bytes.
fn first_line(lines: &str, key: &str) -> usize {
    let bytes = lines.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = memchr::memrchr(b'\n', &bytes[low..middle]).map_or(low, |at| low + at + 1);
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at + 1);
        if &bytes[start..end] < key.as_bytes() {
            low = end;
        } else {
            high = start;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_stands_where_the_order_wants_it() {
        let mut before = "";
        for (form, english) in lines() {
            assert!(before < form, "{before} < {form}");
            before = form;
            assert_eq!(renderings(form), Some(english));
        }
        assert_eq!(
            lines().count(),
            LINES.lines().count(),
            "a tab on every line"
        );
        let entries = lines().map(|(_, english)| english.split('|').count());
        assert_eq!(entries.sum::<usize>(), ENTRIES);
        assert_eq!(renderings("xyzzyx"), None);
    }
}
