//! Which country is in force: `minister van Buitenlandse Zaken` is Secretary of State, Foreign
//! Secretary or foreign minister.
//!
//! The words directly behind the term decide (`van Noorwegen`, `David Lammy`); else the nearest
//! demonym, country, capital or person to the left in the segment; else the last one of the
//! preceding two blocks.

use crate::bitext::{Span, Unit};
use crate::language::countries;
use crate::language::folding::Folded;
use std::borrow::Cow;

/// A country named in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountryMention {
    /// Where, in bytes.
    pub span: Span,
    /// Its code.
    pub code: &'static str,
}

/// The countries that a text mentions, from the left.
pub fn mentions(text: &str) -> Vec<CountryMention> {
    let words = crate::bitext::words(text);
    let mut found: Vec<CountryMention> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if !word.of(text).starts_with(char::is_uppercase)
            || found.last().is_some_and(|last| last.span.overlaps(*word))
        {
            continue;
        }
        let longest = (index..words.len().min(index + 4)).rev().find_map(|last| {
            let span = Span::new(word.start, words[last].end);
            code(span.of(text)).map(|code| CountryMention { span, code })
        });
        found.extend(longest);
    }
    found
}

/// The code of a word as it stands: its genitive and its capitals are looked through.
fn code(word: &str) -> Option<&'static str> {
    let is_plain = word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'.' | b'-' | b'\''));
    let folded = if is_plain && !word.contains("  ") {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(Folded::new(word, false).text)
    };
    let bare = folded.strip_suffix("'s").unwrap_or(&folded);
    countries::code(bare)
        .or_else(|| bare.strip_suffix('s').and_then(countries::code))
        .or_else(|| {
            let capitals = bare.chars().count() > 3 && !bare.contains(char::is_lowercase);
            capitals
                .then(|| countries::code(&super::forms::capitalised(&bare.to_lowercase())))
                .flatten()
        })
}

/// The country in force for a term at `span`.
pub fn in_force(
    text: &str,
    span: Span,
    mentions: &[CountryMention],
    inherited: Option<&'static str>,
) -> Option<&'static str> {
    let behind = mentions.iter().find(|mention| {
        mention.span.start >= span.end
            && ["", "van", "uit"].contains(&text[span.end..mention.span.start].trim())
    });
    let left = mentions
        .iter()
        .filter(|mention| mention.span.end <= span.start)
        .max_by_key(|mention| mention.span.end);
    behind.or(left).map(|mention| mention.code).or(inherited)
}

/// The last country of the blocks that went before.
#[derive(Debug, Default)]
pub struct CountryContext {
    last: Option<(u32, &'static str)>,
    /// Blocks seen; units without blocks count one by one.
    block: u32,
    number: Option<u32>,
}

impl CountryContext {
    /// Enters a unit; returns the country in force before its first word.
    pub fn enter(&mut self, unit: &Unit) -> Option<&'static str> {
        if unit.block == 0 || self.number != Some(unit.block) {
            self.block += 1;
            self.number = Some(unit.block);
        }
        self.last
            .filter(|(block, _)| self.block - block <= 2)
            .map(|(_, code)| code)
    }

    /// Leaves a unit that mentions these countries.
    pub fn leave(&mut self, mentions: &[CountryMention]) {
        if let Some(last) = mentions.iter().max_by_key(|mention| mention.span.end) {
            self.last = Some((self.block, last.code));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demonyms_countries_and_capitals_are_mentions() {
        let text = "De Amerikaanse minister sprak in LONDEN met de Verenigde Staten, Noord-Koreaanse en Noorse collega's over Oekraïnes grens.";
        let codes: Vec<&str> = mentions(text).iter().map(|mention| mention.code).collect();
        assert_eq!(codes, ["US", "GB", "US", "KP", "NO", "UA"]);
    }

    #[test]
    fn what_stands_directly_behind_decides() {
        let text = "De Amerikaanse president belde de minister van Noorwegen.";
        let at = text.find("minister").unwrap();
        let span = Span::new(at, at + "minister".len());
        assert_eq!(in_force(text, span, &mentions(text), None), Some("NO"));
        let text = "De Amerikaanse minister sprak in Noorwegen.";
        let at = text.find("minister").unwrap();
        let span = Span::new(at, at + "minister".len());
        assert_eq!(in_force(text, span, &mentions(text), None), Some("US"));
    }
}
