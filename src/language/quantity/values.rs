//! Numbers by value, whatever their notation.
//!
//! A group of three digits behind a separator is thousands, in either language's notation: a decimal fraction of exactly three digits is
//! rare, and both sides are then read in the same wrong way. `28.000` → `28000`, `33,6` → `33.6`, `2de` → `2`.

use crate::language::Language;

/// The canonical value of a word that begins with a digit; none if it is no number, such as `4x4` or `2a`.
pub(crate) fn value(word: &str) -> Option<String> {
    let end = word
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',' || c == '\''))
        .unwrap_or(word.len());
    let (digits, rest) = word.split_at(end);
    let rest = rest.to_lowercase();
    if ![
        "", "e", "de", "ste", "st", "nd", "rd", "th", "er", "ème", "km", "m", "kg", "cm", "mm",
        "h", "u",
    ]
    .contains(&rest.as_str())
    {
        return None;
    }
    let digits = digits.trim_end_matches(['.', ',', '\'']);
    let groups: Vec<&str> = digits.split(['.', ',', '\'']).collect();
    let (last, before) = groups.split_last()?;
    let is_thousands = !before.is_empty()
        && before[0].len() <= 3
        && before[0] != "0"
        && groups[1..].iter().all(|group| group.len() == 3);
    let (whole, fraction) = if before.is_empty() {
        ((*last).to_owned(), "")
    } else if is_thousands {
        (groups.concat(), "")
    } else {
        (before.concat(), *last)
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    })
}

/// An hour of the English clock on the 24-hour one; none if it is no hour.
pub(crate) fn on_the_clock(hour: &str, after_noon: bool) -> Option<String> {
    let (whole, minutes) = hour
        .split_once('.')
        .map_or((hour, None), |(w, m)| (w, Some(m)));
    let number: u32 = whole.parse().ok().filter(|n| (1..=12).contains(n))?;
    let number = number % 12 + if after_noon { 12 } else { 0 };
    Some(minutes.map_or_else(
        || number.to_string(),
        |minutes| format!("{number}.{minutes}"),
    ))
}

const DUTCH: &[(&str, u32)] = &[
    ("twee", 2),
    ("drie", 3),
    ("vier", 4),
    ("vijf", 5),
    ("zes", 6),
    ("zeven", 7),
    ("acht", 8),
    ("negen", 9),
    ("tien", 10),
    ("elf", 11),
    ("twaalf", 12),
    ("dertien", 13),
    ("veertien", 14),
    ("vijftien", 15),
    ("zestien", 16),
    ("zeventien", 17),
    ("achttien", 18),
    ("negentien", 19),
    ("twintig", 20),
    ("dertig", 30),
    ("veertig", 40),
    ("vijftig", 50),
    ("zestig", 60),
    ("zeventig", 70),
    ("tachtig", 80),
    ("negentig", 90),
    ("honderd", 100),
    ("duizend", 1000),
];

const ENGLISH: &[(&str, u32)] = &[
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("thousand", 1000),
];

/// The values that a word names, and what is left of the word: `vierentwintigjarige` → 24, `jarige`; `tweehonderd` → 2, 100.
///
/// `een` and `one` are left alone, since they are articles and pronouns more often than numbers.
pub(crate) fn words(word: &str, language: Language) -> Option<(Vec<String>, &str)> {
    if language == Language::English {
        let value = exact(ENGLISH, word)?;
        return Some((vec![value.to_string()], ""));
    }
    let first = word.as_bytes().first()?;
    if !b"tdvzaneh".contains(first) {
        return None;
    }
    if let Some(value) = exact(DUTCH, word) {
        return Some((vec![value.to_string()], ""));
    }
    // eenentwintig, vierentwintig, tweeëntwintig
    for (unit, value) in DUTCH.iter().take(8).chain(&[("een", 1)]) {
        let Some(rest) = word.strip_prefix(unit) else {
            continue;
        };
        if let Some(tens) = rest.strip_prefix("en").or_else(|| rest.strip_prefix("ën")) {
            for (name, ten) in DUTCH.iter().filter(|(_, n)| (20..100).contains(n)) {
                if let Some(tail) = tens.strip_prefix(name)
                    && is_tail(tail)
                {
                    return Some((vec![(value + ten).to_string()], tail));
                }
            }
        }
        for (name, big) in [("honderd", 100_u32), ("duizend", 1000)] {
            if rest == name {
                return Some((vec![value.to_string(), big.to_string()], ""));
            }
        }
    }
    // zesjarige, twintigste
    for (name, value) in DUTCH {
        if let Some(tail) = word.strip_prefix(name)
            && !tail.is_empty()
            && is_tail(tail)
        {
            return Some((vec![value.to_string()], tail));
        }
    }
    None
}

fn exact(table: &[(&str, u32)], word: &str) -> Option<u32> {
    table
        .iter()
        .find(|(name, _)| *name == word)
        .map(|&(_, value)| value)
}

/// What may stand behind a number word in the same word.
fn is_tail(tail: &str) -> bool {
    matches!(
        tail,
        "" | "jarig"
            | "jarige"
            | "jarigen"
            | "tal"
            | "daags"
            | "daagse"
            | "voudig"
            | "voudige"
            | "maal"
            | "koppig"
            | "koppige"
    )
}
