//! A number in digits, as each language writes it.
//!
//! `1.300,50` is 1300.5 in Dutch and nothing in English; `0,8` in an English text is Dutch notation
//! left standing.

use crate::language::Language;

/// What digits say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Numeral {
    pub value: f64,
    /// What Dutch notation would say: `1.250` in an English text.
    pub also: Option<f64>,
    /// Written in the other language's notation; `value` is what that notation says.
    pub foreign: bool,
}

/// Reads digits with their separators; `½` and its kin count. None for anything but a single number:
/// `1.2.3`, `10:30`.
pub(crate) fn read(text: &str, language: Language) -> Option<Numeral> {
    let (text, part) = vulgar(text);
    if text.is_empty() {
        return part.map(plain);
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let part = part.unwrap_or(0.0);
    let (thousands, decimal) = match language {
        Language::Dutch => ('.', ','),
        Language::English | Language::Other => (',', '.'),
    };
    let own = parse(&text, thousands, decimal);
    let other = parse(&text, decimal, thousands);
    match (own, other) {
        (Some(value), Some(second)) if value != second && language == Language::English => {
            Some(Numeral {
                value: value + part,
                also: Some(second),
                foreign: false,
            })
        }
        (Some(value), _) => Some(plain(value + part)),
        // `2.5` in Dutch is a list number or an Anglicism: it is read as it looks.
        (None, Some(value)) => Some(Numeral {
            value,
            also: None,
            foreign: language == Language::English,
        }),
        (None, None) => None,
    }
}

fn plain(value: f64) -> Numeral {
    Numeral {
        value,
        also: None,
        foreign: false,
    }
}

/// Groups of three by `thousands`, a fraction behind `decimal`.
fn parse(text: &str, thousands: char, decimal: char) -> Option<f64> {
    let (whole, fraction) = text.split_once(decimal).unwrap_or((text, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = whole.split(thousands).collect();
    let right = match groups.as_slice() {
        [one] => one.bytes().all(|b| b.is_ascii_digit()),
        [first, rest @ ..] => {
            (1..=3).contains(&first.len())
                && *first != "0"
                && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    right
        .then(|| format!("{}.{fraction}0", groups.concat()).parse().ok())
        .flatten()
}

/// Letters behind digits that leave them a number: ordinals and units in one piece.
const TAILS: [&str; 17] = [
    "", "e", "de", "ste", "st", "nd", "rd", "th", "er", "ème", "km", "m", "kg", "cm", "mm", "h",
    "u",
];

/// The value of a word that begins with a digit, whatever its language, in plain notation; none for
/// what is not a number, such as `4x4` or `2a`.
///
/// A group of three digits behind a separator counts as thousands: a decimal fraction of exactly
/// three digits is rare, and both sides of a pair are then read in the same wrong way.
/// `28.000` → `28000`, `33,6` → `33.6`, `2de` → `2`.
pub(crate) fn canonical(word: &str) -> Option<String> {
    let end = word
        .find(|c: char| !(c.is_ascii_digit() || ".,'".contains(c)))
        .unwrap_or(word.len());
    let (digits, tail) = word.split_at(end);
    if !TAILS.contains(&tail.to_lowercase().as_str()) {
        return None;
    }
    let digits = digits.trim_end_matches(['.', ',']).replace('\'', "");
    let readings = [parse(&digits, '.', ','), parse(&digits, ',', '.')];
    let value = readings.into_iter().flatten().reduce(f64::max)?;
    Some(value.to_string())
}

/// A text without a vulgar fraction at its end, and its value.
fn vulgar(text: &str) -> (&str, Option<f64>) {
    let value = match text.chars().next_back() {
        Some('½') => 0.5,
        Some('¼') => 0.25,
        Some('¾') => 0.75,
        Some('⅓') => 1.0 / 3.0,
        Some('⅔') => 2.0 / 3.0,
        _ => return (text, None),
    };
    let cut = text.char_indices().next_back().map_or(0, |(at, _)| at);
    (&text[..cut], Some(value))
}

/// The same digits in English notation: `1.300,50` → `1,300.50`.
pub(crate) fn english(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '.' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ',',
            ',' => '.',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_notation_reads_its_own() {
        let dutch = |text| read(text, Language::Dutch).unwrap();
        assert_eq!(dutch("1.300,50").value, 1300.5);
        assert_eq!(dutch("12\u{a0}000").value, 12000.0);
        assert_eq!(dutch("2½").value, 2.5);
        assert_eq!((dutch("1,300").value, dutch("1,300").also), (1.3, None));
        assert_eq!(dutch("2.5").value, 2.5);
        let english = |text| read(text, Language::English).unwrap();
        assert_eq!(english("1,300.50").value, 1300.5);
        assert!(english("0,8").foreign && english("1.300,50").foreign);
        assert_eq!(
            (english("1.250").value, english("1.250").also),
            (1.25, Some(1250.0))
        );
        assert_eq!(read("1.2.3", Language::English), None);
    }

    #[test]
    fn values_are_written_in_one_way() {
        for (word, value) in [
            ("28.000", Some("28000")),
            ("28,000", Some("28000")),
            ("33,6", Some("33.6")),
            ("4.50", Some("4.5")),
            ("1.300,50", Some("1300.5")),
            ("1'300", Some("1300")),
            ("2de", Some("2")),
            ("007", Some("7")),
            ("100km", Some("100")),
            ("4x4", None),
            ("1.2.3", None),
        ] {
            assert_eq!(canonical(word).as_deref(), value, "{word}");
        }
    }
}
