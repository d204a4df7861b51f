//! What words mean as quantities: the tables of both languages, and Dutch number words, which are
//! composed.
//!
//! `tweeëntwintig` is 22, `honderdtwintig` 120, `negentienhonderd` 1900, `achttiende` the ordinal
//! 18, `vijfjarige` five years.

use super::units::{CURRENCIES, UNITS, rows};
use crate::language::Language;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What a word says on its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    Number(f64),
    /// A number in passing: twice, both, a couple. Missing on one side it says nothing.
    Multiple(f64),
    Hundred,
    Ordinal(f64),
    Fraction(f64),
    /// The nth part, in the plural: `thirds`.
    Part(f64),
    Scale(f64),
    /// Tens, hundreds, thousands: the power of ten.
    Class(f64),
    Month(f64),
    /// An abbreviated month, which counts beside a number only: `Jan` is a name too.
    ShortMonth(f64),
    Weekday(f64),
    Decade(f64),
}

/// What follows a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum After {
    /// How many per cent one of them is: a tenth for per mille.
    Percent(f64),
    Point,
    Unit(usize),
    Currency(usize),
}

/// The tables of one language.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub meaning: FxHashMap<&'static str, Meaning>,
    pub after: FxHashMap<&'static str, After>,
}

const NL: &str = include_str!("../../../data/language/quantity.nl.tsv");
const EN: &str = include_str!("../../../data/language/quantity.en.tsv");
static DUTCH: LazyLock<Table> = LazyLock::new(|| table(NL, 0));
static ENGLISH: LazyLock<Table> = LazyLock::new(|| table(EN, 1));

/// The table of a language.
pub(crate) fn of(language: Language) -> &'static Table {
    match language {
        Language::Dutch => &DUTCH,
        Language::English | Language::Other => &ENGLISH,
    }
}

fn table(words: &'static str, column: usize) -> Table {
    let mut table = Table::default();
    for cells in rows(words) {
        let value: f64 = cells[1].parse().unwrap_or(0.0);
        for word in cells[2].split('|') {
            let meaning = match cells[0] {
                "percent" | "point" => {
                    let after = if cells[0] == "point" {
                        After::Point
                    } else {
                        After::Percent(value)
                    };
                    table.after.insert(word, after);
                    continue;
                }
                "month" => Meaning::Month(value),
                "shortmonth" => Meaning::ShortMonth(value),
                "weekday" => Meaning::Weekday(value),
                "scale" => Meaning::Scale(value),
                "class" => Meaning::Class(value),
                "ordinal" => Meaning::Ordinal(value),
                "decade" => Meaning::Decade(value),
                "part" => Meaning::Part(value),
                "fraction" => Meaning::Fraction(value),
                "hundred" => Meaning::Hundred,
                "multiple" => Meaning::Multiple(value),
                _ => Meaning::Number(value),
            };
            table.meaning.insert(word, meaning);
        }
    }
    for (index, cells) in rows(CURRENCIES).enumerate() {
        for word in cells[2 + column].split('|').filter(|word| !word.is_empty()) {
            table.after.insert(word, After::Currency(index));
        }
    }
    for (index, cells) in rows(UNITS).enumerate() {
        for word in cells[3 + column].split('|').filter(|word| !word.is_empty()) {
            table.after.entry(word).or_insert(After::Unit(index));
        }
    }
    table
}

/// A Dutch number word with what its end says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Composed {
    Cardinal(f64),
    Ordinal(f64),
    /// Years, days, months or hours: `vijfjarige`, `driedaagse`.
    Lasting(f64, &'static str),
    /// `tachtiger` in `tachtiger jaren`; `dertigers`.
    Decade,
}

const ONES: [(&str, f64); 20] = [
    ("een", 1.0),
    ("één", 1.0),
    ("twee", 2.0),
    ("drie", 3.0),
    ("vier", 4.0),
    ("vijf", 5.0),
    ("zes", 6.0),
    ("zeven", 7.0),
    ("acht", 8.0),
    ("negen", 9.0),
    ("tien", 10.0),
    ("elf", 11.0),
    ("twaalf", 12.0),
    ("dertien", 13.0),
    ("veertien", 14.0),
    ("vijftien", 15.0),
    ("zestien", 16.0),
    ("zeventien", 17.0),
    ("achttien", 18.0),
    ("negentien", 19.0),
];

const TENS: [(&str, f64); 8] = [
    ("twintig", 20.0),
    ("dertig", 30.0),
    ("veertig", 40.0),
    ("vijftig", 50.0),
    ("zestig", 60.0),
    ("zeventig", 70.0),
    ("tachtig", 80.0),
    ("negentig", 90.0),
];

/// Ordinals whose stem is not the cardinal.
const ORDINALS: [(&str, f64); 4] = [
    ("eerste", 1.0),
    ("tweede", 2.0),
    ("derde", 3.0),
    ("achtste", 8.0),
];

/// Reads a Dutch number word in lower case.
pub(crate) fn dutch(word: &str) -> Option<Composed> {
    if !may_be_number(word) {
        return None;
    }
    if word == "nul" {
        return Some(Composed::Cardinal(0.0));
    }
    if let Some((_, value)) = ORDINALS.iter().find(|(form, _)| *form == word) {
        return Some(Composed::Ordinal(*value));
    }
    let (value, rest, _) = thousands(word)?;
    match rest {
        "" => Some(Composed::Cardinal(value)),
        "de" | "ste" | "des" => Some(Composed::Ordinal(value)),
        "jarig" | "jarige" | "jarigen" => Some(Composed::Lasting(value, "year")),
        "daags" | "daagse" => Some(Composed::Lasting(value, "day")),
        "weeks" | "weekse" => Some(Composed::Lasting(value, "week")),
        "maands" | "maandse" => Some(Composed::Lasting(value, "month")),
        "uurs" => Some(Composed::Lasting(value, "hour")),
        "tal" | "maal" | "voudig" | "voudige" | "delig" | "delige" | "koppig" | "koppige"
        | "en" => Some(Composed::Cardinal(value)),
        "er" | "ers" if value >= 20.0 => Some(Composed::Decade),
        _ => compound_ordinal(word),
    }
}

/// `honderdeerste`: the stem of the last part is not the cardinal.
fn compound_ordinal(word: &str) -> Option<Composed> {
    for (form, value) in ORDINALS {
        if let Some(head) = word.strip_suffix(form)
            && let Some((hundreds, rest, _)) = thousands(head)
            && (rest.is_empty() || rest == "en")
            && hundreds >= 100.0
        {
            return Some(Composed::Ordinal(hundreds + value));
        }
    }
    None
}

/// A number at the start of a word: its value, what is left of the word, and what it multiplies and
/// adds, in order: `tweehonderdvijf` is 2, 100, 5.
fn thousands(word: &str) -> Option<(f64, &str, Vec<f64>)> {
    let mut parts = Vec::new();
    let (value, rest) = scaled(word, "duizend", 1000.0, hundreds, &mut parts)?;
    Some((value, rest, parts))
}

fn hundreds<'w>(word: &'w str, parts: &mut Vec<f64>) -> Option<(f64, &'w str)> {
    scaled(word, "honderd", 100.0, small, parts)
}

/// Reads a number at the start of a word: its value and the rest; parts are noted.
type NumberPart<'w> = fn(&'w str, &mut Vec<f64>) -> Option<(f64, &'w str)>;

/// A number of two levels: `below` before and behind the word of a scale, which may lack the
/// former.
fn scaled<'w>(
    word: &'w str,
    name: &str,
    scale: f64,
    below: NumberPart<'w>,
    parts: &mut Vec<f64>,
) -> Option<(f64, &'w str)> {
    let (value, rest) = if word.starts_with(name) {
        (1.0, word)
    } else {
        below(word, parts)?
    };
    let Some(rest) = rest.strip_prefix(name) else {
        return Some((value, rest));
    };
    parts.push(scale);
    let tail = rest.strip_prefix("en").unwrap_or(rest);
    match below(tail, parts) {
        Some((more, rest)) => Some((value * scale + more, rest)),
        None => Some((value * scale, rest)),
    }
}

/// 1 to 99 at the start of a word, and what is left of it.
fn small<'w>(word: &'w str, parts: &mut Vec<f64>) -> Option<(f64, &'w str)> {
    let (value, rest) = below_hundred(word)?;
    parts.push(value);
    Some((value, rest))
}

fn below_hundred(word: &str) -> Option<(f64, &str)> {
    if let Some((form, value)) = TENS.iter().find(|(form, _)| word.starts_with(form)) {
        return Some((*value, &word[form.len()..]));
    }
    let (form, value) = ONES
        .iter()
        .filter(|(form, _)| word.starts_with(form))
        .max_by_key(|(form, _)| form.len())?;
    let rest = &word[form.len()..];
    // Two spellings of the joint: ën behind an e, en elsewhere. A diaeresis that was left out is
    // read too.
    let tail = rest.strip_prefix("en").or_else(|| rest.strip_prefix("ën"));
    if *value < 10.0
        && let Some(tail) = tail
        && let Some((tens, more)) = TENS.iter().find(|(form, _)| tail.starts_with(form))
    {
        return Some((more + value, &tail[tens.len()..]));
    }
    Some((*value, rest))
}

/// Whether a Dutch word in lower case names a month.
pub(crate) fn is_dutch_month(word: &str) -> bool {
    matches!(DUTCH.meaning.get(word), Some(Meaning::Month(_)))
}

/// Whether a word of either language, in lower case, names a day of the week or a month.
pub(crate) fn is_day_or_month(word: &str) -> bool {
    let named = |meaning: &Meaning| matches!(meaning, Meaning::Month(_) | Meaning::Weekday(_));
    dutch_weekday(word).is_some()
        || [&DUTCH, &ENGLISH]
            .iter()
            .any(|table| table.meaning.get(word).is_some_and(named))
}

/// What may stand behind a number word in the same word without changing its value.
const TAILS: [&str; 11] = [
    "", "jarig", "jarige", "jarigen", "tal", "daags", "daagse", "voudig", "voudige", "maal",
    "koppig",
];

/// The values that a word in lower case names, in plain notation, and what is left of the word:
/// `vierentwintigjarige` → 24, `jarige`; `tweehonderd` → 2, 100, as English has two words.
///
/// `een` and `one` are left alone, since they are articles and pronouns more often than numbers.
pub(crate) fn spelled(word: &str, language: Language) -> Option<(Vec<String>, &str)> {
    if language == Language::Other {
        return None;
    }
    let single = match of(language).meaning.get(word) {
        Some(Meaning::Number(value) | Meaning::Scale(value)) => Some(*value),
        Some(Meaning::Hundred) => Some(100.0),
        Some(_) => return None,
        None => None,
    };
    if let Some(value) = single {
        return (value > 1.0).then(|| (vec![value.to_string()], ""));
    }
    if language != Language::Dutch || !may_be_number(word) {
        return None;
    }
    let (value, rest, parts) = thousands(word)?;
    (value > 1.0 && TAILS.contains(&rest))
        .then(|| (parts.iter().map(f64::to_string).collect(), rest))
}

/// Whether a Dutch number word may begin like this word.
fn may_be_number(word: &str) -> bool {
    word.len() >= 3
        && matches!(
            word.as_bytes()[0],
            b'e' | b't' | b'd' | b'v' | b'z' | b'a' | b'n' | b'h' | 0xc3
        )
}

/// The weekday that a Dutch word begins with: `dinsdagavond` is Tuesday.
pub(crate) fn dutch_weekday(word: &str) -> Option<f64> {
    const DAYS: [&str; 7] = [
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ];
    if !matches!(
        word.as_bytes().first(),
        Some(b'm' | b'd' | b'w' | b'v' | b'z')
    ) {
        return None;
    }
    let index = DAYS.iter().position(|day| word.starts_with(day))?;
    let rest = &word[DAYS[index].len()..];
    [
        "", "s", "se", "avond", "ochtend", "middag", "nacht", "morgen", "avonden",
    ]
    .contains(&rest)
    .then_some(index as f64 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dutch_number_words_are_composed() {
        for (word, value) in [
            ("een", 1.0),
            ("achtendertig", 38.0),
            ("tweeëntwintig", 22.0),
            ("tweeentwintig", 22.0),
            ("honderdtwintig", 120.0),
            ("negentienhonderd", 1900.0),
            ("tweehonderdvijftigduizend", 250_000.0),
            ("duizendeen", 1001.0),
            ("zeventien", 17.0),
            ("honderdeneen", 101.0),
        ] {
            assert_eq!(dutch(word), Some(Composed::Cardinal(value)), "{word}");
        }
        assert_eq!(dutch("eenentwintigste"), Some(Composed::Ordinal(21.0)));
        assert_eq!(dutch("honderdeerste"), Some(Composed::Ordinal(101.0)));
        assert_eq!(dutch("vijfjarige"), Some(Composed::Lasting(5.0, "year")));
        for word in [
            "eenheid", "vierkant", "achter", "twijfel", "drieluik", "zesling", "eend",
        ] {
            assert_eq!(dutch(word), None, "{word}");
        }
    }
}
