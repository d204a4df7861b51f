//! Units of measure and currencies: their names, and how much of a base a unit is.
//!
//! `km` and `kilometer` are one row of `units.tsv`, 1000 metres; `€` and `euro` one row of
//! `currencies.tsv`.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Rows: id, dimension, factor to the dimension's base, Dutch words, English words.
pub(super) const UNITS: &str = include_str!("../../../data/language/units.tsv");
/// Rows: code, symbols, Dutch words, English words.
pub(super) const CURRENCIES: &str = include_str!("../../../data/language/currencies.tsv");

/// A row of `units.tsv`.
#[derive(Debug)]
pub(crate) struct Measure {
    pub id: &'static str,
    pub dimension: &'static str,
    pub factor: f64,
}

/// The units, in the order of their file.
pub(crate) static MEASURES: LazyLock<Vec<Measure>> = LazyLock::new(|| {
    rows(UNITS)
        .map(|cells| Measure {
            id: cells[0],
            dimension: cells[1],
            factor: cells[2].parse().unwrap_or(1.0),
        })
        .collect()
});

/// Currency codes, in the order of their file.
pub(crate) static CODES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| rows(CURRENCIES).map(|cells| cells[0]).collect());

/// Currency symbols, longest first, with the index of their code.
pub(crate) static SYMBOLS: LazyLock<Vec<(&'static str, usize)>> = LazyLock::new(|| {
    let mut all: Vec<(&str, usize)> = rows(CURRENCIES)
        .enumerate()
        .flat_map(|(index, cells)| cells[1].split('|').map(move |symbol| (symbol, index)))
        .filter(|(symbol, _)| !symbol.is_empty())
        .collect();
    all.sort_by_key(|(symbol, _)| std::cmp::Reverse(symbol.len()));
    all
});

/// The cells of a table's rows, without comments.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// The position of a unit by its id.
pub(crate) fn measure(id: &str) -> usize {
    MEASURES
        .iter()
        .position(|measure| measure.id == id)
        .unwrap_or(0)
}

/// Single words of both languages that name a unit, with its position: `meter`, `metres`, `mph`.
static NAMES: LazyLock<FxHashMap<&'static str, usize>> = LazyLock::new(|| {
    let mut names = FxHashMap::default();
    for (index, cells) in rows(UNITS).enumerate() {
        for name in cells[3..].iter().flat_map(|cell| cell.split('|')) {
            if !name.is_empty() && !name.contains([' ', '/']) {
                names.entry(name).or_insert(index);
            }
        }
    }
    names
});

/// The position of the unit that a word of either language names, in lower case.
pub(crate) fn named(word: &str) -> Option<usize> {
    NAMES.get(word).copied()
}

/// Degrees Celsius in degrees Fahrenheit.
pub(crate) fn fahrenheit(celsius: f64) -> f64 {
    celsius * 1.8 + 32.0
}

#[cfg(test)]
mod tests {
    use super::super::number_words::of;
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_row_of_the_tables_is_read() {
        assert!(
            MEASURES
                .iter()
                .all(|m| m.factor > 0.0 && !m.dimension.is_empty())
        );
        for language in [Language::Dutch, Language::English] {
            assert!(of(language).meaning.len() > 40 && of(language).after.len() > 100);
        }
        assert_eq!(CODES[SYMBOLS.iter().find(|s| s.0 == "$").unwrap().1], "USD");
    }
}
