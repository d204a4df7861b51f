//! Lines that belong to the page and not to the article, known by their wording: `Advertentie`,
//! `Lees ook: …`, `Reporting by …`.
//!
//! Furniture is seldom translated, so leaving it unpaired is cheap, and it pairs with furniture
//! only.

use super::folding::single_spaced;

/// Dutch lines, shared with the readers of documents.
const DUTCH: &str = include_str!("../../data/language/furniture.nl.txt");
/// English lines.
const ENGLISH: &str = include_str!("../../data/language/furniture.en.txt");

/// Longest line that may be furniture, in characters: a longer one is a paragraph that begins so.
const LONGEST: usize = 160;

/// Whether a line is page furniture. Only Dutch (`nl`) and English (`en`) are known; a line of
/// another language never is.
pub fn is_furniture(text: &str, base: &str) -> bool {
    let list = match base {
        "nl" => DUTCH,
        "en" => ENGLISH,
        _ => return false,
    };
    let line = single_spaced(text);
    let bare = line
        .trim_end_matches([':', '.', '…', '»', '>', '›'])
        .trim_end();
    !bare.is_empty()
        && line.chars().count() <= LONGEST
        && list
            .lines()
            .filter(|pattern| !pattern.starts_with('#') && !pattern.is_empty())
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => line.starts_with(start),
                None => bare == pattern,
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_known_by_its_wording() {
        assert!(is_furniture("Advertentie", "nl"));
        assert!(is_furniture("Lees ook: waarom de haven stilligt", "nl"));
        assert!(is_furniture("Reporting by Tom Hale", "en"));
        assert!(!is_furniture("Reporting is a craft, he said.", "en"));
        assert!(!is_furniture("Advertentie", "de"));
    }

    #[test]
    fn furniture_is_known_in_either_apostrophe() {
        for line in [
            "Aanbevolen video’s",
            "Aanbevolen video's",
            "LEES OOK:",
            "Lees ook: Storm op komst",
            "© 2026 De Krant",
        ] {
            assert!(is_furniture(line, "nl"), "{line}");
        }
        assert!(!is_furniture("De minister las ook de brief.", "nl"));
        assert!(!is_furniture(
            "Advertenties op televisie worden duurder",
            "nl"
        ));
    }
}
