//! What a run of plain text is in an article: headline, byline, furniture, caption, or running text.

use crate::bitext::Role;

/// Lines that are parts of a page and not of the article; `*` at the end means: begins so.
const FURNITURE: &str = include_str!("../../data/format/furniture.nl.txt");

/// Whether a line is page furniture such as "Aanbevolen video's".
pub fn is_furniture(text: &str) -> bool {
    let folded = fold(text);
    if folded.is_empty() || folded.chars().count() > 160 {
        return false;
    }
    FURNITURE
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .any(|line| match line.strip_suffix('*') {
            Some(start) => folded.starts_with(start),
            None => {
                folded
                    .trim_end_matches([':', '.', '…', '»', '>', '›'])
                    .trim_end()
                    == line
            }
        })
}

/// Lower case, plain apostrophes, single spaces.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase).map(|c| match c {
            '’' | '‘' | 'ʼ' => '\'',
            c => c,
        }));
    }
    folded
}

/// Whether a short line near the top names who wrote the article: `Door Jan de Vries`, `Van onze correspondent`, `Jan De Vries`.
pub fn is_byline(text: &str) -> bool {
    let text = text.trim();
    if text.chars().count() > 80 || text.ends_with(['.', '!', '?', ':', ';']) {
        return false;
    }
    let folded = fold(text);
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
    const PARTICLES: &[&str] = &[
        "van", "de", "den", "der", "het", "ten", "ter", "te", "en", "in", "'t", "op", "el", "al",
        "da", "di", "le", "la",
    ];
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
            letters && (capital || PARTICLES.contains(&word.trim_end_matches(',')))
        })
        && words
            .iter()
            .any(|w| w.chars().filter(|c| c.is_lowercase()).count() > 1)
}

/// Whether a line is the text of a picture: `Foto: …`, `Beeld …`.
pub fn is_caption(text: &str) -> bool {
    let folded = fold(text);
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
    if is_furniture(text) {
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
    fn furniture_is_known_in_either_apostrophe() {
        for line in [
            "Aanbevolen video’s",
            "Aanbevolen video's",
            "LEES OOK:",
            "Lees ook: Storm op komst",
            "© 2026 De Krant",
        ] {
            assert!(is_furniture(line), "{line}");
        }
        assert!(!is_furniture("De minister las ook de brief."));
        assert!(!is_furniture("Advertenties op televisie worden duurder"));
    }

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
