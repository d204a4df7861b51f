//! Which country is in force: `minister van Buitenlandse Zaken` is Secretary of State, Foreign Secretary or foreign minister.
//!
//! The nearest demonym, country or capital to the left in the segment decides; else the last one of the preceding two blocks.

use crate::bitext::{Span, Unit};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Country codes and the Dutch words that name them. Own work; sources: ISO 3166-1 for the codes, the Dutch Language Union's list of place names
/// for the forms.
const COUNTRIES: &str = include_str!("../../data/term/countries.tsv");

/// Longest word or pair of words of the table.
fn table() -> &'static HashMap<&'static str, &'static str> {
    static TABLE: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    TABLE.get_or_init(|| {
        COUNTRIES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(code, words)| words.split('|').map(move |word| (word.trim(), code)))
            .collect()
    })
}

/// The countries that a text mentions, with where the mention ends.
pub fn mentions(text: &str) -> Vec<(usize, &'static str)> {
    let words = crate::bitext::words(text);
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let own = word.of(text);
        if !own.starts_with(char::is_uppercase) {
            continue;
        }
        let pair = words
            .get(index + 1)
            .map(|next| Span::new(word.start, next.end).of(text));
        if let Some(code) = pair.and_then(|pair| table().get(pair)) {
            found.push((words[index + 1].end, *code));
        } else if let Some(code) = table().get(own) {
            found.push((word.end, *code));
        }
    }
    found
}

/// The last country of the blocks that went before.
#[derive(Debug, Default)]
pub struct Before {
    last: Option<(u32, &'static str)>,
    /// Blocks seen; units without blocks count one by one.
    block: u32,
    number: Option<u32>,
}

impl Before {
    /// Takes note that a unit begins, and gives the country in force before its first word.
    pub fn enter(&mut self, unit: &Unit) -> Option<&'static str> {
        if unit.block == 0 || self.number != Some(unit.block) {
            self.block += 1;
            self.number = Some(unit.block);
        }
        self.last
            .filter(|(block, _)| self.block - block <= 2)
            .map(|(_, code)| code)
    }

    /// Takes note of the countries that the unit mentioned.
    pub fn leave(&mut self, mentions: &[(usize, &'static str)]) {
        if let Some((_, code)) = mentions.last() {
            self.last = Some((self.block, code));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demonyms_countries_and_capitals_are_mentions() {
        let codes: Vec<&str> = mentions(
            "De Amerikaanse minister sprak in Londen met de Verenigde Staten en Noorse collega's.",
        )
        .into_iter()
        .map(|(_, code)| code)
        .collect();
        assert_eq!(codes, ["US", "GB", "US", "NO"]);
    }
}
