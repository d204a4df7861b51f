//! What a run of plain text is in an article: headline, byline, furniture, caption, or running
//! text.

use crate::bitext::Role;
use crate::language::folding::single_spaced;
use crate::language::furniture::is_furniture;
use crate::language::word_lists;

/// Whether a short line near the top names who wrote the article: `Door Jan de Vries`, `Van onze
/// correspondent`, `Jan De Vries`.
pub fn is_byline(text: &str) -> bool {
    let text = text.trim();
    if text.chars().count() > 80 || text.ends_with(['.', '!', '?', ':', ';']) {
        return false;
    }
    let folded = single_spaced(text);
    if [
        "door ",
        "door: ",
        "van onze ",
        "onze correspondent",
        "tekst: ",
        "tekst ",
    ]
    .iter()
    .any(|start| folded.starts_with(start))
    {
        return true;
    }
    // `Anna Bos en Piet in 't Veld`
    let is_small =
        |word: &str| ["en", "in", "'t", "op"].contains(&word) || word_lists::is("particle", word);
    let words: Vec<&str> = text.split_whitespace().collect();
    let names = words
        .iter()
        .filter(|w| w.chars().next().is_some_and(char::is_uppercase))
        .count();
    (2..=6).contains(&words.len())
        && names >= 2
        && words.iter().all(|word| {
            let letters = word
                .chars()
                .all(|c| c.is_alphabetic() || "-'’.,".contains(c));
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            letters && (capital || is_small(word.trim_end_matches(',')))
        })
        && words
            .iter()
            .any(|w| w.chars().filter(|c| c.is_lowercase()).count() > 1)
}

/// Whether a line is the text of a picture: `Foto: …`, `Beeld …`.
pub fn is_caption(text: &str) -> bool {
    let folded = single_spaced(text);
    [
        "foto: ",
        "foto ",
        "beeld: ",
        "illustratie: ",
        "archieffoto",
        "video: ",
        "grafiek: ",
    ]
    .iter()
    .any(|start| folded.starts_with(start))
        && text.chars().count() < 250
}

/// Whether a line stands alone as a place: `LONDEN –` or `AMSTERDAM, 3 mei`.
pub fn is_dateline(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['–', '-', '—']).trim_end();
    let place = text.split([',', '(']).next().unwrap_or_default().trim();
    let letters: Vec<char> = place.chars().filter(|c| c.is_alphabetic()).collect();
    text.chars().count() < 40
        && letters.len() >= 3
        && letters.iter().all(|c| c.is_uppercase())
        && place.split_whitespace().count() <= 3
}

/// Whether a first line is a headline: short, and no sentence with a full stop.
pub fn is_headline(text: &str) -> bool {
    let text = text.trim_end();
    text.chars().count() <= 200 && !text.ends_with(['.', ':', ';', ','])
}

/// The role of the block with this index among the blocks of a plain text.
pub fn of_plain(text: &str, index: usize, headline_seen: bool) -> Role {
    if is_furniture(text, "nl") {
        Role::Furniture
    } else if index == 0 && !headline_seen && is_headline(text) {
        Role::Headline
    } else if (1..=4).contains(&index) && is_byline(text) {
        Role::Byline
    } else if is_dateline(text) {
        Role::Dateline
    } else if is_caption(text) {
        Role::Caption
    } else {
        Role::Paragraph
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_names_and_no_sentences() {
        for line in [
            "Jan De Vries",
            "Door Sanne van den Berg",
            "Van onze correspondent",
            "Anna Bos en Piet de Wit",
        ] {
            assert!(is_byline(line), "{line}");
        }
        for line in [
            "De storm komt",
            "Koersk",
            "Het regent in Den Haag vandaag",
            "MI6 CIA",
        ] {
            assert!(!is_byline(line), "{line}");
        }
    }
}
