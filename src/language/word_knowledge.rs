//! What the project's lexicon says about single words: whether they are Dutch, English or both, and
//! what they may become.
//!
//! `dienstregeling` is Dutch and becomes `timetable`; `water` is both; `woningnood` is Dutch
//! because its parts are.

use super::compounds::halves;
use super::lexicon;
use super::stems::{dutch_stems, english_bases};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

static ENGLISH: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    lexicon::lines()
        .flat_map(|(_, renderings)| renderings.split(|c: char| !c.is_alphabetic()))
        .filter(|word| word.len() > 1)
        .collect()
});

/// The renderings of a Dutch form in lower case, an ending aside.
pub(crate) fn renderings(word: &str) -> Option<impl Iterator<Item = &'static str>> {
    let found = lexicon::renderings(word).or_else(|| {
        dutch_stems(word)
            .iter()
            .filter(|stem| stem.len() >= 4)
            .find_map(|stem| lexicon::renderings(stem))
    });
    found.map(|text| text.split('|'))
}

/// The most common rendering of a Dutch form as it stands in the lexicon.
pub(crate) fn first(word: &str) -> Option<&'static str> {
    lexicon::renderings(word).and_then(|text| text.split('|').next())
}

/// Whether the lexicon has the Dutch form as it stands.
pub(crate) fn is_dutch(word: &str) -> bool {
    lexicon::renderings(word).is_some()
}

/// Whether a word is an English one, an ending aside.
pub(crate) fn is_english(word: &str) -> bool {
    let known = |word: &str| ENGLISH.contains(word);
    known(word) || english_bases(word).any(|base| known(&base))
}

/// The two Dutch words that a compound is made of, of four letters at least: `woning` and `nood`.
/// With shorter ones too many words that are not compounds would be.
pub(crate) fn parts(word: &str) -> Option<(&str, &str)> {
    halves(word, 4, &is_dutch)
}

/// Whether two English words are forms of one: `close` and `closing`, `school` and `schools`.
pub(crate) fn alike(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    common >= 5
        || (common >= 3 && common == short && long - short <= 3)
        || (common >= 4 && common + 1 >= short && long - common <= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_language() {
        assert!(is_dutch("dienstregeling") && !is_english("dienstregeling"));
        assert!(is_english("closing") && is_english("governments"));
        assert_eq!(parts("woningnood"), Some(("woning", "nood")));
        assert_eq!(first("wethouder"), Some("alderman"));
        assert!(renderings("vuurwerk").unwrap().any(|r| r == "fireworks"));
        assert!(
            alike("close", "closing")
                && alike("school", "schools")
                && !alike("minister", "ministry of")
                || alike("minister", "ministers")
        );
    }
}
