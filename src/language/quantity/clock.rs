//! Reads times of the clock.
//!
//! `half acht` is 7:30, `vijf voor half acht` 7:25, `15u30` 15:30, `3 p.m.` 15:00; `24.00` is
//! midnight.

use super::number_words::{After, Composed, Meaning, dutch};
use super::value::{Quantity, QuantityKind, QuantityReader};
use crate::language::text_view::WordShape;
use crate::language::word_lists;

/// In minutes.
const HALF_DAY: f64 = 720.0;

/// Which half of the day is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
    Am,
    Pm,
}

/// The time that begins at a word.
pub(super) fn read(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let (hour, minute, next, is_24) = if reader.dutch() {
        dutch_time(reader, at)
    } else {
        english_time(reader, at)
    }?;
    let (part, next) = part(reader, at, next);
    let mut value = hour * 60.0 + minute;
    let mut open = !is_24 && hour <= 12.0;
    if let Some(part) = part.filter(|_| hour <= 12.0) {
        open = false;
        let twelve = hour == 12.0;
        value = match part {
            Part::Am | Part::Morning if twelve => value - HALF_DAY,
            Part::Pm | Part::Afternoon if !twelve => value + HALF_DAY,
            Part::Evening if !twelve => value + HALF_DAY,
            Part::Evening | Part::Night if twelve => value - HALF_DAY,
            Part::Night if hour >= 8.0 => value + HALF_DAY,
            _ => value,
        };
    }
    let mut quantity = Quantity::new(
        QuantityKind::Time,
        value.rem_euclid(1440.0),
        reader.side,
        at,
        next,
    );
    quantity.open = open;
    quantity.digits = matches!(
        reader.side.words[at].shape,
        WordShape::Digits | WordShape::Mixed
    );
    Some(quantity)
}

/// `15.30`, `15:30`: hour and minute of digits with a separator.
fn pair(text: &str) -> Option<(f64, f64)> {
    let (hour, minute) = text.split_once([':', '.', 'u', 'h'])?;
    let right = (1..=2).contains(&hour.len()) && minute.len() == 2;
    let (hour, minute): (f64, f64) = (hour.parse().ok()?, minute.parse().ok()?);
    (right && hour <= 24.0 && minute < 60.0).then_some((hour, minute))
}

/// An hour of the English clock on the 24-hour one; none if it is not an hour.
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

/// An hour in digits or words, 1 to `most`.
fn hour(reader: &QuantityReader<'_, '_>, at: usize, most: f64) -> Option<f64> {
    let word = reader.side.word(at);
    let value = match reader.table.meaning.get(word) {
        Some(Meaning::Number(value)) => Some(*value),
        _ if word.len() <= 2 && reader.side.words.get(at)?.shape == WordShape::Digits => {
            word.parse().ok()
        }
        _ if reader.dutch() => match dutch(word) {
            Some(Composed::Cardinal(value)) => Some(value),
            _ => None,
        },
        _ => None,
    };
    value.filter(|value| value.fract() == 0.0 && (0.0..=most).contains(value))
}

type ClockReading = (f64, f64, usize, bool);

fn dutch_time(reader: &QuantityReader<'_, '_>, at: usize) -> Option<ClockReading> {
    let side = reader.side;
    let word = side.word(at);
    let shape = side.words.get(at)?.shape;
    let is_hour_word = |at: usize| ["uur", "u", "h"].contains(&side.word(at));
    match shape {
        WordShape::Digits => {
            if let Some((hour, minute)) = pair(word) {
                let behind = is_hour_word(at + 1) && side.joined(at);
                let unit = reader.table.after.contains_key(side.word(at + 1)) && side.joined(at);
                let colon = word.contains(':') && !side.gap(at).starts_with(['-', '–']);
                let around = announces(reader, at) && !unit && !side.gap(at).starts_with('%');
                let zone = is_zone(side.word(at + 1)) || word.starts_with('0') && word.len() == 5;
                return (behind
                    || zone
                    || (around && (colon || word.len() >= 4))
                    || (colon && hour >= 13.0))
                    .then_some((hour, minute, at + 1 + usize::from(behind), true));
            }
            let full = hour(reader, at, 24.0)?;
            let timed = || announces(reader, at) || is_part_of_day(reader, at + 2);
            (is_hour_word(at + 1) && side.joined(at) && timed()).then_some((
                full,
                0.0,
                at + 2,
                full > 12.0 || full == 0.0,
            ))
        }
        // `15u30`, `9u`
        WordShape::Mixed => {
            if let Some((hour, minute)) = pair(word.trim_end_matches('u')) {
                return Some((hour, minute, at + 1, true));
            }
            let full: f64 = word.strip_suffix('u')?.parse().ok()?;
            (full <= 24.0 && announces(reader, at)).then_some((full, 0.0, at + 1, true))
        }
        WordShape::Letters => {
            match word {
                "middernacht" => return Some((24.0, 0.0, at + 1, true)),
                "middaguur" => return Some((12.0, 0.0, at + 1, true)),
                _ => {}
            }
            let earlier = |hour: f64| if hour == 1.0 { 12.0 } else { hour - 1.0 };
            if word == "half" {
                let full =
                    hour(reader, at + 1, 12.0).filter(|h| *h >= 1.0 && !counts(reader, at + 1))?;
                return Some((earlier(full), 30.0, at + 2, false));
            }
            let minutes = match word {
                "kwart" => 15.0,
                _ => hour(reader, at, 29.0).filter(|m| *m >= 1.0)?,
            };
            let mut next = at + 1 + usize::from(["minuten", "minuut"].contains(&side.word(at + 1)));
            let sign = match side.word(next) {
                "over" => 1.0,
                "voor" => -1.0,
                _ => {
                    let full = hour(reader, at, 12.0)?;
                    let timed = || announces(reader, at) || is_part_of_day(reader, at + 2);
                    return (side.word(at + 1) == "uur" && timed()).then_some((
                        full,
                        0.0,
                        at + 2,
                        false,
                    ));
                }
            };
            next += 1;
            let half = side.word(next) == "half";
            next += usize::from(half);
            let full = hour(reader, next, 12.0).filter(|h| *h >= 1.0 && !counts(reader, next))?;
            // `vijf over twee miljoen` and `tien voor één` are rare; a quarter, a five and a ten
            // are minutes.
            if !(half || [5.0, 10.0, 15.0, 20.0].contains(&minutes)) {
                return None;
            }
            let base = full * 60.0 - if half { 30.0 } else { 0.0 } + sign * minutes;
            let base = base.rem_euclid(HALF_DAY);
            let base = if base < 60.0 { base + HALF_DAY } else { base };
            Some(((base / 60.0).floor(), base % 60.0, next + 1, false))
        }
        WordShape::Literal => None,
    }
}

/// Whether a part of the day stands at a word: `'s middags`, which makes a time of `drie uur`.
fn is_part_of_day(reader: &QuantityReader<'_, '_>, at: usize) -> bool {
    let word = reader
        .side
        .word(at + usize::from(reader.side.word(at) == "s"));
    ["ochtends", "morgens", "middags", "avonds", "nachts"].contains(&word)
}

/// Whether the number at a word counts things: `half drie miljoen`, `twee euro`.
fn counts(reader: &QuantityReader<'_, '_>, at: usize) -> bool {
    let next = reader.side.word(at + 1);
    let after = reader.table.after.get(next);
    let unit = after.is_some_and(|after| !matches!(after, After::Unit(_)) || next != "uur");
    reader.side.joined(at)
        && (unit || matches!(reader.table.meaning.get(next), Some(Meaning::Scale(_))))
}

/// Whether the words before announce a time: `om`, `tussen 15 en`, `van 9 tot`.
fn announces(reader: &QuantityReader<'_, '_>, at: usize) -> bool {
    let words = word_lists::get(if reader.dutch() {
        "time.announced.dutch"
    } else {
        "time.announced.english"
    });
    let soft = word_lists::get("time.softened");
    let before = reader.back(at, 1);
    if words.contains(&before) {
        return true;
    }
    if soft.contains(&before) {
        return words.contains(&reader.back(at, 2));
    }
    // `tussen 15.00 en 16.00 uur`
    let joint = ["en", "and", "tot", "to", "t/m"].contains(&before)
        || reader.side.gap_before(at).trim().starts_with(['-', '–']);
    let first = if reader.side.gap_before(at).contains(['-', '–']) {
        at.wrapping_sub(1)
    } else {
        at.wrapping_sub(2)
    };
    joint
        && reader
            .side
            .words
            .get(first)
            .is_some_and(|w| w.shape == WordShape::Digits)
        && ["tussen", "between", "van", "from", "om", "at"].contains(&reader.back(first, 1))
}

fn english_time(reader: &QuantityReader<'_, '_>, at: usize) -> Option<ClockReading> {
    let side = reader.side;
    let word = side.word(at);
    let shape = side.words.get(at)?.shape;
    match shape {
        WordShape::Digits => {
            let marked = half_of_day(reader.rest(at)).is_some();
            if let Some((hour, minute)) = pair(word) {
                let colon = word.contains(':');
                // `the 8:30 train`; not a part of `2:05:30` or of `3:16-18`.
                let right = marked
                    || is_zone(side.word(at + 1))
                    || colon && !side.gap(at).starts_with(['-', '–', ':']);
                let hours =
                    usize::from(["hours", "hrs"].contains(&side.word(at + 1)) && side.joined(at));
                return (right || !colon && (hours == 1 && hour >= 13.0)).then_some((
                    hour,
                    minute,
                    at + 1 + hours,
                    hour > 12.0 || word.starts_with('0'),
                ));
            }
            // `1930 hours`, `0230 UTC`
            let zone = is_zone(side.word(at + 1));
            if word.len() == 4 && (side.word(at + 1) == "hours" || zone) {
                let (hour, minute): (f64, f64) = (word[..2].parse().ok()?, word[2..].parse().ok()?);
                return (hour < 25.0 && minute < 60.0).then_some((
                    hour,
                    minute,
                    at + 1 + usize::from(!zone),
                    true,
                ));
            }
            let full = hour(reader, at, 24.0)?;
            let clock = is_oclock(side.word(at + 1));
            (marked || clock).then_some((full, 0.0, at + 1 + usize::from(clock), full > 12.0))
        }
        // `3pm`, `10:30am`
        WordShape::Mixed => {
            let digits = word
                .strip_suffix("pm")
                .or_else(|| word.strip_suffix("am"))?;
            let (hour, minute) = pair(digits).or_else(|| Some((digits.parse().ok()?, 0.0)))?;
            (hour <= 12.0).then_some((hour, minute, at + 1, false))
        }
        WordShape::Letters => {
            match word {
                "noon" | "midday" => return Some((12.0, 0.0, at + 1, true)),
                "midnight" => return Some((24.0, 0.0, at + 1, true)),
                _ => {}
            }
            let minutes = match word {
                "half" => 30.0,
                "quarter" => 15.0,
                _ => hour(reader, at, 29.0).filter(|m| *m >= 1.0)?,
            };
            let next = at + 1 + usize::from(side.word(at + 1) == "minutes");
            let sign = match side.word(next) {
                "past" | "after" => 1.0,
                "to" | "before" if word != "half" => -1.0,
                _ => {
                    let full = hour(reader, at, 12.0)?;
                    let clock = is_oclock(side.word(at + 1));
                    let marked = half_of_day(reader.rest(at)).is_some();
                    return (clock || marked).then_some((
                        full,
                        0.0,
                        at + 1 + usize::from(clock),
                        false,
                    ));
                }
            };
            // `half past midnight`
            if let Some(base) = match side.word(next + 1) {
                "midnight" => Some(1440.0),
                "noon" | "midday" => Some(HALF_DAY),
                _ => None,
            } {
                let base = (base + sign * minutes).rem_euclid(1440.0);
                return Some(((base / 60.0).floor(), base % 60.0, next + 2, true));
            }
            let full =
                hour(reader, next + 1, 12.0).filter(|h| *h >= 1.0 && !counts(reader, next + 1))?;
            // `five to ten people` counts people; `half` and `quarter` are minutes.
            let surely = ["half", "quarter"].contains(&word)
                || side.word(next) == "past"
                || half_of_day(reader.rest(next + 1)).is_some();
            if !surely {
                return None;
            }
            let base = (full * 60.0 + sign * minutes).rem_euclid(HALF_DAY);
            let base = if base < 60.0 { base + HALF_DAY } else { base };
            Some(((base / 60.0).floor(), base % 60.0, next + 2, false))
        }
        WordShape::Literal => None,
    }
}

fn is_zone(word: &str) -> bool {
    [
        "utc", "gmt", "cet", "cest", "bst", "edt", "est", "pst", "pdt",
    ]
    .contains(&word)
}

fn is_oclock(word: &str) -> bool {
    matches!(word, "o'clock" | "o’clock")
}

/// `a.m.` or `p.m.` at the start of what follows a number, and the words that it takes.
fn half_of_day(rest: &str) -> Option<(Part, usize)> {
    let rest = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let ends = |text: &str| !text.starts_with(char::is_alphanumeric);
    for (mark, part, words) in [
        ("a.m", Part::Am, 2),
        ("p.m", Part::Pm, 2),
        ("am", Part::Am, 1),
        ("pm", Part::Pm, 1),
    ] {
        if let Some(after) = rest.strip_prefix(mark)
            && ends(after)
        {
            return Some((part, words));
        }
    }
    None
}

/// Which half of the day the words around a time name, and where the time ends.
fn part(reader: &QuantityReader<'_, '_>, at: usize, next: usize) -> (Option<Part>, usize) {
    let side = reader.side;
    if !reader.dutch() {
        if side.word(at).ends_with("pm") {
            return (Some(Part::Pm), next);
        }
        if side.word(at).ends_with("am") {
            return (Some(Part::Am), next);
        }
        if let Some((part, words)) = half_of_day(reader.rest(next - 1)) {
            return (Some(part), next + words);
        }
    }
    let named = |word: &str| -> Option<Part> {
        let ends = |end: &str| {
            word == end
                || word.ends_with(end)
                    && (word.ends_with(&format!("dag{end}"))
                        || word.starts_with("van")
                        || word.starts_with("gister"))
        };
        if reader.dutch() {
            return match word {
                "ochtends" | "morgens" => Some(Part::Morning),
                "middags" => Some(Part::Afternoon),
                "avonds" => Some(Part::Evening),
                "nachts" => Some(Part::Night),
                _ if ends("ochtend") || ends("morgen") && word != "morgen" => Some(Part::Morning),
                _ if ends("middag") => Some(Part::Afternoon),
                _ if ends("avond") => Some(Part::Evening),
                _ if ends("nacht") => Some(Part::Night),
                _ => None,
            };
        }
        match word {
            "morning" => Some(Part::Morning),
            "afternoon" => Some(Part::Afternoon),
            "evening" | "tonight" => Some(Part::Evening),
            "night" | "overnight" => Some(Part::Night),
            _ => None,
        }
    };
    for step in 0..4 {
        if let Some(part) = named(side.word(next + step)) {
            return (Some(part), next);
        }
    }
    for step in 1..4 {
        if let Some(part) = named(reader.back(at, step)) {
            return (Some(part), next);
        }
    }
    (None, next)
}
