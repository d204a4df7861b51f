//! Lines that belong to the page and not to the article, known by their wording: `Advertentie`, `Lees ook: …`, `Reporting by …`.
//!
//! Furniture is seldom translated, so leaving it unpaired is cheap, and it pairs with furniture only.

/// Dutch lines, shared with the readers of documents.
const DUTCH: &str = include_str!("../../data/format/furniture.nl.txt");
/// English lines.
const ENGLISH: &str = include_str!("../../data/align/furniture.en.txt");

/// Whether a line is page furniture. Only Dutch (`nl`) and English (`en`) are known; a line of another language never is.
pub fn is_furniture(text: &str, base: &str) -> bool {
    let list = match base {
        "nl" => DUTCH,
        "en" => ENGLISH,
        _ => return false,
    };
    let line = text.trim().replace('’', "'").to_lowercase();
    let bare = line.trim_end_matches([':', '.', '…', ' ']);
    !bare.is_empty()
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
}
