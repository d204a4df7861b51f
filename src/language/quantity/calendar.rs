//! Reads dates, months, weekdays, years, decades.
//!
//! `04-10-2023` is 4 October; `March 3rd`, `3 maart` and `3/3` are one day; `jaren '90`, `the
//! 1990s` and `the Nineties` one decade.

use super::number_words::{Composed, Meaning, dutch, dutch_weekday};
use super::value::{Quantity, QuantityKind, QuantityReader};
use crate::language::Language;
use crate::language::text_view::WordShape;
use crate::language::word_lists;

/// What stands at a word, if it belongs to the calendar.
pub(super) fn read(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    match reader.side.words.get(at)?.shape {
        WordShape::Digits | WordShape::Mixed => numeric(reader, at)
            .or_else(|| day_first(reader, at))
            .or_else(|| decade(reader, at))
            .or_else(|| year(reader, at)),
        WordShape::Letters if !may_be_named(reader, at) => None,
        WordShape::Letters => month_first(reader, at).or_else(|| named(reader, at)),
        WordShape::Literal => None,
    }
}

/// Whether a word may name a month, a weekday or a decade at all; most words do not.
fn may_be_named(reader: &QuantityReader<'_, '_>, at: usize) -> bool {
    let word = reader.side.word(at);
    reader.table.meaning.contains_key(word)
        || reader.dutch() && (word.contains("dag") || word.contains("tig"))
}

fn date(reader: &QuantityReader<'_, '_>, month: f64, day: f64, at: usize, next: usize) -> Quantity {
    let mut quantity = Quantity::new(
        QuantityKind::Date,
        month * 100.0 + day,
        reader.side,
        at,
        next,
    );
    quantity.digits = true;
    quantity
}

/// `04-10-2023`, `4/10/2023`, `2023-10-04`. A date of an English text in that form may be read
/// either way.
fn numeric(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let side = reader.side;
    let gap = side.gap(at);
    if let Some(date) = behind_year(reader, at) {
        return Some(date);
    }
    if !["-", "/", "–"].contains(&gap) || side.gap(at + 1) != gap {
        // `zaterdag 30-11`
        let is_announced = reader.dutch()
            && ["-", "/"].contains(&gap)
            && at > 0
            && dutch_weekday(side.word(at - 1)).is_some()
            && side.joined(at - 1);
        if is_announced {
            let (day, month) = (small(side.word(at), 31.0)?, small(side.word(at + 1), 12.0)?);
            return Some(date(reader, month, day, at, at + 2));
        }
        // `12.10.2023` is one word.
        let parts: Vec<&str> = side.word(at).split('.').collect();
        let [day, month, year] = parts.as_slice() else {
            return None;
        };
        let (day, month) = (small(day, 31.0)?, small(month, 12.0)?);
        return (year.len() == 4 && reader.dutch()).then(|| date(reader, month, day, at, at + 1));
    }
    let part = |step: usize| side.word(at + step);
    // `2023-10-04` (ISO 8601): the year is read on its own, as in the other forms.
    if part(0).len() == 4 && part(1).len() == 2 && part(2).len() == 2 {
        let year = year_at(reader, at)?;
        small(part(1), 12.0)?;
        small(part(2), 31.0)?;
        let mut quantity = Quantity::new(QuantityKind::Year, year, side, at, at + 1);
        quantity.digits = true;
        return Some(quantity);
    }
    if part(2).len() != 4 && !(part(2).len() == 2 && part(0).len() == 2 && part(1).len() == 2) {
        return None;
    }
    let (first, second) = (small(part(0), 31.0)?, small(part(1), 31.0)?);
    // The year is read on its own.
    let next = at + 2;
    match reader.language {
        Language::Dutch => (second <= 12.0).then(|| date(reader, second, first, at, next)),
        Language::English | Language::Other => {
            let american = first <= 12.0;
            let british = second <= 12.0;
            let (month, day) = if american {
                (first, second)
            } else {
                (second, first)
            };
            let mut quantity = date(reader, month, day, at, next);
            if american && british {
                quantity.also = Some((QuantityKind::Date, second * 100.0 + first));
            }
            (american || british).then_some(quantity)
        }
    }
}

/// Month and day of `2023-10-04`.
fn behind_year(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let side = reader.side;
    let gap = side.gap_before(at);
    let is_iso = at > 0
        && ["-", "/"].contains(&gap)
        && side.gap(at) == gap
        && year_at(reader, at - 1).is_some()
        && side.word(at).len() == 2
        && side.word(at + 1).len() == 2;
    let (month, day) = (
        small(side.word(at), 12.0).filter(|_| is_iso)?,
        small(side.word(at + 1), 31.0)?,
    );
    Some(date(reader, month, day, at, at + 2))
}

/// 1 to `most` of at most two digits.
fn small(text: &str, most: f64) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    (text.len() <= 2 && (1.0..=most).contains(&value)).then_some(value)
}

/// The day that a word gives: `3`, `3rd`, `3e`.
fn day(reader: &QuantityReader<'_, '_>, at: usize) -> Option<f64> {
    let word = reader.side.words.get(at).map(|_| reader.side.word(at))?;
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
    let suffix = &word[digits.len()..];
    let ordinal: &[&str] = if reader.dutch() {
        &["", "e", "ste", "de"]
    } else {
        &["", "st", "nd", "rd", "th"]
    };
    ordinal
        .contains(&suffix)
        .then(|| small(digits, 31.0))
        .flatten()
}

/// The month that a word names. Abbreviations count beside a number only; `May` and `March` need a
/// capital and a reason.
fn month(reader: &QuantityReader<'_, '_>, at: usize, beside_number: bool) -> Option<f64> {
    let word = reader.side.word(at);
    let value = match reader.table.meaning.get(word)? {
        Meaning::Month(value) => *value,
        Meaning::ShortMonth(value) if beside_number => *value,
        _ => return None,
    };
    let own = reader.side.words[at];
    if reader.dutch() || beside_number {
        return (reader.dutch() || own.capital).then_some(value);
    }
    let before = reader.back(at, 1);
    let prepositions = word_lists::get("month.announced");
    let reason = !["may", "march"].contains(&word)
        || prepositions.contains(&before)
        || year_at(reader, at + 1).is_some();
    (own.capital && reason).then_some(value)
}

/// `3 maart`, `3 March`, `the 3rd of March`, `3e maart`.
fn day_first(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let day = day(reader, at)?;
    let side = reader.side;
    if !side.joined(at) {
        return None;
    }
    let next = at
        + 1
        + usize::from(
            ["of", "van"].contains(&side.word(at + 1))
                && !side.word(at).bytes().all(|b| b.is_ascii_digit()),
        );
    let month = month(reader, next, true)?;
    // `March 15–17 May` never is; `15 to 17 March` belongs to the second number, which the
    // comparison takes apart.
    Some(date(reader, month, day, at, next + 1))
}

/// `March 3`, `Nov. 5`, `March 3rd`; or the month alone.
fn month_first(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let side = reader.side;
    if !reader.dutch()
        && let Some(month) = month(reader, at, true)
        && let Some(day) = day(reader, at + 1)
        && matches!(side.gap(at), " " | ". " | "\u{a0}" | ".\u{a0}" | " the ")
    {
        return Some(date(reader, month, day, at, at + 2));
    }
    let beside_year = side.gap(at).trim_matches(['.', ' ', '\u{a0}']).is_empty()
        && year_at(reader, at + 1).is_some();
    let month = month(reader, at, beside_year)?;
    Some(Quantity::new(QuantityKind::Month, month, side, at, at + 1))
}

/// Weekdays and decades in words.
fn named(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let side = reader.side;
    let word = side.word(at);
    if let Some(Meaning::Weekday(value)) = reader.table.meaning.get(word) {
        return side.words[at]
            .capital
            .then(|| Quantity::new(QuantityKind::Weekday, *value, side, at, at + 1));
    }
    if let Some(Meaning::Decade(value)) = reader.table.meaning.get(word) {
        return Some(Quantity::new(
            QuantityKind::Decade,
            1900.0 + value,
            side,
            at,
            at + 1,
        ));
    }
    if !reader.dutch() {
        return None;
    }
    if let Some(value) = dutch_weekday(word) {
        return Some(Quantity::new(
            QuantityKind::Weekday,
            value,
            side,
            at,
            at + 1,
        ));
    }
    // `jaren negentig`, `negentiger jaren`
    let tens = |word: &str| -> Option<f64> {
        let tens = [
            "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
        ];
        tens.iter()
            .position(|form| *form == word)
            .map(|index| 1920.0 + 10.0 * index as f64)
    };
    if let Some(decade) = word
        .strip_suffix("er")
        .and_then(tens)
        .filter(|_| side.word(at + 1) == "jaren")
    {
        return Some(Quantity::new(
            QuantityKind::Decade,
            decade,
            side,
            at,
            at + 2,
        ));
    }
    // `een twintiger` is in his 20s.
    if let Some(age) = word.trim_end_matches('s').strip_suffix("er").and_then(tens) {
        return Some(Quantity::new(QuantityKind::Decade, age, side, at, at + 1));
    }
    let decade = tens(word).filter(|_| reader.back(at, 1) == "jaren")?;
    let mut quantity = Quantity::new(QuantityKind::Decade, decade, side, at, at + 1);
    of_century(reader, &mut quantity);
    Some(quantity)
}

/// `1990s`, `'90s`, `jaren 90`, `jaren '90`, `jaren 1990`.
fn decade(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let side = reader.side;
    let word = side.word(at);
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let suffix = &word[digits.len()..];
    let english = !reader.dutch() && ["s", "'s", "’s"].contains(&suffix);
    let dutch = reader.dutch()
        && reader.back(at, 1) == "jaren"
        && ["", "'er", "er"].contains(&suffix)
        && side
            .gap_before(at)
            .chars()
            .all(|c| c.is_whitespace() || "'’‘".contains(c));
    if !(english || dutch) || !digits.ends_with('0') {
        return None;
    }
    let value: f64 = digits.parse().ok()?;
    let value = match digits.len() {
        2 => 1900.0 + value,
        4 if (1000.0..2100.0).contains(&value) => value,
        _ => return None,
    };
    let mut quantity = Quantity::new(QuantityKind::Decade, value, side, at, at + 1);
    quantity.digits = true;
    if reader.dutch() {
        of_century(reader, &mut quantity);
    }
    Some(quantity)
}

/// `jaren 30 van de 19e eeuw` are the 1830s.
fn of_century(reader: &QuantityReader<'_, '_>, quantity: &mut Quantity) {
    let side = reader.side;
    let at = quantity.next;
    if side.word(at) != "van" || side.word(at + 1) != "de" || side.word(at + 3) != "eeuw" {
        return;
    }
    let word = side.word(at + 2);
    let century = match dutch(word) {
        Some(Composed::Ordinal(value)) => Some(value),
        _ => word
            .trim_end_matches(|c: char| c.is_alphabetic())
            .parse()
            .ok(),
    };
    if let Some(century) = century.filter(|c| *c > 0.0) {
        quantity.value = (century - 1.0) * 100.0 + quantity.value % 100.0;
        quantity.next = at + 4;
        quantity.span.end = side.words[at + 3].span.end;
    }
}

/// A year in four bare digits.
fn year_at(reader: &QuantityReader<'_, '_>, at: usize) -> Option<f64> {
    let word = reader.side.words.get(at).map(|_| reader.side.word(at))?;
    let value: f64 = word.parse().ok()?;
    (word.len() == 4
        && word.bytes().all(|b| b.is_ascii_digit())
        && (1000.0..2100.0).contains(&value))
    .then_some(value)
}

/// A year by its context, `'90`, and the second half of `1995-96`.
fn year(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let side = reader.side;
    let word = side.word(at);
    let gap = side.gap_before(at);
    if word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit()) {
        let short: f64 = word.parse().ok()?;
        if matches!(gap, "-" | "–" | "/")
            && at > 0
            && let Some(first) = year_at(reader, at - 1)
            && first % 100.0 < short
        {
            let mut quantity = Quantity::new(
                QuantityKind::Year,
                (first / 100.0).floor() * 100.0 + short,
                side,
                at,
                at + 1,
            );
            quantity.digits = true;
            quantity.also = Some((QuantityKind::Cardinal, short));
            return Some(quantity);
        }
        // `'90`: opened by an apostrophe that closes nothing.
        let tick = gap.ends_with(['\'', '’', '‘'])
            && (gap.len() > gap.trim_end_matches(['\'', '’', '‘']).len())
            && !side.gap(at).starts_with(['\'', '’']);
        let full = if short < 30.0 {
            2000.0 + short
        } else {
            1900.0 + short
        };
        return tick.then(|| {
            let mut quantity = Quantity::new(QuantityKind::Year, full, side, at, at + 1);
            quantity.digits = true;
            quantity.also = Some((QuantityKind::Cardinal, short));
            quantity
        });
    }
    let value = year_at(reader, at)?;
    let before = word_lists::get("year.announced");
    let month = |at: usize| {
        matches!(
            reader.table.meaning.get(reader.back(at, 1)),
            Some(Meaning::Month(_) | Meaning::ShortMonth(_))
        )
    };
    let joined =
        matches!(gap, "-" | "–") && at > 0 && side.words[at - 1].shape == WordShape::Digits;
    let context = before.contains(&reader.back(at, 1))
        || month(at)
        || joined
        || day(reader, at.wrapping_sub(1)).is_some() && gap == ", ";
    // `in 1500 huizen`, `$1500`: what is counted stands behind.
    let counted = side.joined(at)
        && (reader.table.after.contains_key(side.word(at + 1))
            || matches!(
                reader.table.meaning.get(side.word(at + 1)),
                Some(Meaning::Scale(_))
            ));
    let marked = side
        .gap(at)
        .trim_start()
        .starts_with(['%', '°', '€', '$', '£'])
        || gap.trim_end().ends_with(['€', '$', '£']);
    (context && !counted && !marked).then(|| {
        let mut quantity = Quantity::new(QuantityKind::Year, value, side, at, at + 1);
        quantity.digits = true;
        quantity
    })
}
