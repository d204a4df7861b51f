//! Reads numbers in digits and words, with scale, unit, currency and sign.
//!
//! `anderhalf miljoen euro` is 1 500 000 EUR, `two-thirds` a share of 0.667, `34-jarige` 34 years,
//! `5 graden onder nul` −5 °C.

use super::number_words::{After, Composed, Meaning, dutch};
use super::numeral;
use super::units::{SYMBOLS, measure};
use super::value::{MeasureUnit, Quantity, QuantityKind, QuantityReader};
use crate::language::text_view::WordShape;

/// A number before its unit is known.
struct Amount {
    kind: QuantityKind,
    value: f64,
    /// Behind its last word.
    next: usize,
    digits: bool,
    scale: f64,
    also: Option<(QuantityKind, f64)>,
    unit: Option<MeasureUnit>,
    foreign: bool,
    loose: bool,
    /// `$30m`: a suffix that is a scale beside a currency and a unit elsewhere.
    suffix: Option<f64>,
}

impl Amount {
    fn new(kind: QuantityKind, value: f64, next: usize) -> Self {
        Self {
            kind,
            value,
            next,
            digits: false,
            scale: 1.0,
            also: None,
            unit: None,
            foreign: false,
            loose: false,
            suffix: None,
        }
    }

    fn loose(mut self) -> Self {
        self.loose = true;
        self
    }
}

/// The number that begins at a word.
pub(super) fn read(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Quantity> {
    let word = reader.side.words.get(at)?;
    let mut amount = match word.shape {
        WordShape::Digits | WordShape::Mixed => digits(reader, at)?,
        // `½` is not a letter.
        WordShape::Letters
            if reader
                .side
                .raw(at)
                .starts_with(|c: char| !c.is_alphabetic()) =>
        {
            let part = numeral::read(reader.side.raw(at), reader.language)?;
            Amount::new(QuantityKind::Share, part.value, at + 1)
        }
        WordShape::Letters if reader.dutch() => dutch_words(reader, at)?,
        WordShape::Letters => english_words(reader, at)?,
        WordShape::Literal => return None,
    };
    add_half(reader, &mut amount);
    take_scale(reader, &mut amount);
    let mut quantity = Quantity::new(amount.kind, amount.value, reader.side, at, amount.next);
    quantity.digits = amount.digits;
    quantity.scale = amount.scale;
    quantity.also = amount.also;
    quantity.foreign = amount.foreign;
    quantity.loose = amount.loose;
    quantity.unit = amount.unit;
    if quantity.kind == QuantityKind::Cardinal || quantity.kind == QuantityKind::Share {
        take_currency(reader, &mut quantity);
        if let Some(factor) = amount.suffix
            && (quantity.currency.is_some() || quantity.unit.is_none())
        {
            quantity.value *= factor;
            quantity.scale = factor;
            quantity.unit = None;
        } else if quantity.unit.is_none() {
            take_after(reader, &mut quantity);
        }
        take_sign(reader, &mut quantity);
        take_idiom(reader, &mut quantity);
    }
    // `op drie na`, `some 40`
    let apart =
        reader.dutch() && reader.back(at, 1) == "op" && reader.side.word(quantity.next) == "na";
    quantity.loose |= apart || is_few(reader, at);
    Some(quantity)
}

/// Digits, alone or with a suffix.
fn digits(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Amount> {
    let side = reader.side;
    let raw = side.raw(at);
    let before = side.text[..side.words[at].span.start].chars().next_back();
    // Part of a name (F-16, Covid-19, B.1.1.7) or of something technical.
    let hyphenated = before == Some('-')
        && at > 0
        && side.gap(at - 1) == "-"
        && side.words[at - 1].shape == WordShape::Letters
        && side.words[at - 1].capital;
    if hyphenated || matches!(before, Some('_' | '@' | '#' | '+')) {
        return None;
    }
    let split = raw
        .char_indices()
        .find(|(_, c)| c.is_alphabetic() || matches!(c, '\'' | '’' | '²' | '³'))
        .map_or(raw.len(), |(at, _)| at);
    let (number, suffix) = raw.split_at(split);
    if number.is_empty() || number.contains(':') {
        return None;
    }
    let mut text = number.to_owned();
    let mut next = at + 1;
    // A space between groups of three is part of the number (ISO 80000-1): `10 000`.
    let plain = number.len() <= 3 && !number.contains(['.', ',']) && !number.starts_with('0');
    while suffix.is_empty()
        && plain
        && matches!(side.gap(next - 1), " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
        && side.raw(next).len() == 3
        && side.raw(next).bytes().all(|b| b.is_ascii_digit())
    {
        text.push_str(side.raw(next));
        next += 1;
    }
    let read = numeral::read(&text, reader.language)?;
    let mut amount = Amount::new(QuantityKind::Cardinal, read.value, next);
    amount.digits = true;
    amount.foreign = read.foreign;
    amount.also = read.also.map(|value| (QuantityKind::Cardinal, value));
    if !suffix.is_empty() {
        take_suffix(reader, &mut amount, &suffix.to_lowercase())?;
    }
    if suffix.is_empty() && next == at + 1 {
        take_fraction(reader, &mut amount);
    }
    // `3/4` is a share; `15.00` and `1930` may be times.
    if suffix.is_empty()
        && amount.next == at + 1
        && side.gap(at) == "/"
        && side.raw(at + 1).bytes().all(|b| b.is_ascii_digit())
    {
        let below: f64 = side.raw(at + 1).parse().unwrap_or(0.0);
        let own = !(before == Some('/') || side.gap(at + 1).starts_with('/'));
        if own && amount.value > 0.0 && amount.value < below && below <= 10.0 {
            amount.kind = QuantityKind::Share;
            amount.value /= below;
            amount.next = at + 2;
        }
    }
    Some(amount)
}

/// `2 1/2`, `2-1/2`, `2 ½`: a whole number and a proper fraction.
fn take_fraction(reader: &QuantityReader<'_, '_>, amount: &mut Amount) {
    let (side, next) = (reader.side, amount.next);
    if amount.value.fract() != 0.0
        || !matches!(side.gap(next - 1), " " | "-" | "\u{a0}" | "\u{202f}")
    {
        return;
    }
    let single = |at: usize| {
        let value: f64 = side.raw(at).parse().ok()?;
        (value.fract() == 0.0 && (1.0..=16.0).contains(&value)).then_some(value)
    };
    let (part, words) = if side.gap(next) == "/" {
        match single(next).zip(single(next + 1)) {
            Some((above, below)) if above < below => (above / below, 2),
            _ => return,
        }
    } else {
        let raw = side.raw(next);
        match numeral::read(raw, reader.language) {
            Some(part) if raw.chars().all(|c| !c.is_ascii() && !c.is_alphabetic()) => {
                (part.value, 1)
            }
            _ => return,
        }
    };
    amount.value += part;
    amount.also = None;
    amount.next = next + words;
}

/// What the letters glued to digits say; none where they make a name of them.
fn take_suffix(reader: &QuantityReader<'_, '_>, amount: &mut Amount, suffix: &str) -> Option<()> {
    let ordinals: &[&str] = if reader.dutch() {
        &["e", "ste", "de"]
    } else {
        &["st", "nd", "rd", "th"]
    };
    if ordinals.contains(&suffix) {
        amount.kind = QuantityKind::Ordinal;
        return Some(());
    }
    if ["x", "\'s", "’s", "-er"].contains(&suffix) {
        return Some(());
    }
    if let Some(Meaning::Scale(factor)) = reader.table.meaning.get(suffix) {
        amount.value *= factor;
        amount.scale = *factor;
        return Some(());
    }
    if let Some(&After::Unit(mut index)) = reader.table.after.get(suffix) {
        // `160km/h`
        let rate = format!("{suffix}/{}", reader.side.word(amount.next));
        if reader.side.gap(amount.next - 1) == "/"
            && let Some(After::Unit(per)) = reader.table.after.get(rate.as_str())
        {
            index = *per;
        }
        amount.unit = Some(MeasureUnit::Measure(index));
        if suffix == "m" {
            amount.suffix = Some(1e6);
            return Some(());
        }
        return Some(());
    }
    None
}

/// The value of a Dutch number word, with what may follow it.
fn dutch_words(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Amount> {
    let side = reader.side;
    let word = side.word(at);
    let after = |at: usize| {
        reader
            .table
            .meaning
            .get(side.word(at))
            .copied()
            .filter(|_| side.joined(at - 1))
    };
    if let Some(meaning) = reader.table.meaning.get(word) {
        return match *meaning {
            Meaning::Number(value) => Some(Amount::new(QuantityKind::Cardinal, value, at + 1)),
            Meaning::Multiple(value) => {
                Some(Amount::new(QuantityKind::Cardinal, value, at + 1).loose())
            }
            Meaning::Scale(value) if is_few(reader, at) => {
                Some(Amount::new(QuantityKind::Class, value.log10(), at + 1))
            }
            Meaning::Scale(value) => {
                let mut amount = Amount::new(QuantityKind::Cardinal, value, at + 1);
                amount.scale = value;
                amount.loose = !["een", "één"].contains(&reader.back(at, 1));
                Some(amount)
            }
            Meaning::Class(power) => Some(class(reader, power, at)),
            Meaning::Fraction(value) => match after(at + 1) {
                Some(Meaning::Scale(factor)) => {
                    let mut amount = Amount::new(QuantityKind::Cardinal, value * factor, at + 2);
                    amount.scale = factor;
                    Some(amount)
                }
                _ => Some(Amount::new(QuantityKind::Share, value, at + 1).loose()),
            },
            _ => None,
        };
    }
    match dutch(word)? {
        Composed::Cardinal(value) => {
            let part = match dutch(side.word(at + 1)).filter(|_| side.joined(at)) {
                Some(Composed::Ordinal(below)) if below > 2.0 && value < below => Some(below),
                _ => None,
            };
            if let Some(below) = part {
                return Some(Amount::new(QuantityKind::Share, value / below, at + 2));
            }
            let scaled = matches!(after(at + 1), Some(Meaning::Scale(_)));
            let halved = side
                .phrase(at + 1, 3)
                .is_some_and(|p| p.starts_with("en een hal"))
                || side.word(at + 1) == "en"
                    && side.word(at + 2) == "een"
                    && side.word(at + 3).starts_with("hal");
            if value <= 1.0 && !scaled && !halved {
                return None;
            }
            if is_few(reader, at) && (value == 100.0 || value == 1000.0) {
                return Some(Amount::new(QuantityKind::Class, value.log10(), at + 1));
            }
            Some(Amount::new(QuantityKind::Cardinal, value, at + 1))
        }
        Composed::Ordinal(value) => {
            let mut amount = Amount::new(QuantityKind::Ordinal, value, at + 1);
            if value > 1.0 && ["een", "één"].contains(&reader.back(at, 1)) {
                amount.also = Some((QuantityKind::Share, 1.0 / value));
            }
            amount.loose = value <= 3.0;
            Some(amount)
        }
        Composed::Lasting(value, unit) => {
            let mut amount = Amount::new(QuantityKind::Cardinal, value, at + 1);
            amount.unit = Some(MeasureUnit::Measure(measure(unit)));
            Some(amount)
        }
        Composed::Decade => None,
    }
}

/// `tientallen miljoenen`, `tens of thousands`: the powers add up.
fn class(reader: &QuantityReader<'_, '_>, power: f64, at: usize) -> Amount {
    let side = reader.side;
    let next = at + 1 + usize::from(side.word(at + 1) == "of");
    match reader.table.meaning.get(side.word(next)) {
        Some(Meaning::Class(more)) if *more > 1.0 => {
            Amount::new(QuantityKind::Class, power + more, next + 1)
        }
        Some(Meaning::Scale(factor)) if next == at + 1 => {
            Amount::new(QuantityKind::Class, power + factor.log10(), next + 1)
        }
        _ => Amount::new(QuantityKind::Class, power, at + 1),
    }
}

/// Whether `several`, `enkele` or the like stands before: no exact value.
fn is_few(reader: &QuantityReader<'_, '_>, at: usize) -> bool {
    const FEW: [&str; 20] = [
        "enkele",
        "paar",
        "verscheidene",
        "ettelijke",
        "vele",
        "meerdere",
        "several",
        "few",
        "many",
        "some",
        "couple",
        "zoveel",
        "vier-",
        "diverse",
        "numerous",
        "various",
        "talloze",
        "countless",
        "multiple",
        "heel",
    ];
    FEW.contains(&reader.back(at, 1))
        || (reader.back(at, 1) == "of" && reader.back(at, 2) == "couple")
}

/// The value of an English number phrase.
fn english_words(reader: &QuantityReader<'_, '_>, at: usize) -> Option<Amount> {
    let side = reader.side;
    let meaning = |at: usize| reader.table.meaning.get(side.word(at)).copied();
    let one = |at: usize| ["a", "an", "one"].contains(&side.word(at));
    match meaning(at)? {
        Meaning::Number(value) | Meaning::Multiple(value) => {
            if side.joined(at) {
                match meaning(at + 1) {
                    Some(Meaning::Part(below)) => {
                        return Some(Amount::new(QuantityKind::Share, value / below, at + 2));
                    }
                    Some(Meaning::Ordinal(below)) if value == 1.0 && below > 2.0 => {
                        return Some(Amount::new(QuantityKind::Share, 1.0 / below, at + 2));
                    }
                    Some(Meaning::Fraction(part)) if value == 1.0 => {
                        return Some(Amount::new(QuantityKind::Share, part, at + 2).loose());
                    }
                    _ => {}
                }
            }
            let (value, next, kind) = cardinal(reader, at)?;
            if value <= 1.0 && next == at + 1 && side.word(at + 1) != "and" {
                return None;
            }
            let mut amount = Amount::new(kind, value, next);
            amount.loose = matches!(meaning(at), Some(Meaning::Multiple(_)));
            Some(amount)
        }
        Meaning::Hundred | Meaning::Scale(_) => {
            let (value, next, _) = cardinal(reader, at)?;
            if is_few(reader, at) {
                return Some(Amount::new(QuantityKind::Class, value.log10(), next));
            }
            let mut amount = Amount::new(QuantityKind::Cardinal, value, next);
            amount.loose = !(at > 0 && one(at - 1));
            Some(amount)
        }
        Meaning::Ordinal(value) => {
            let mut amount = Amount::new(QuantityKind::Ordinal, value, at + 1);
            if value > 1.0 && at > 0 && one(at - 1) {
                amount.also = Some((QuantityKind::Share, 1.0 / value));
            }
            amount.loose = value <= 3.0;
            Some(amount)
        }
        Meaning::Part(below) => Some(Amount::new(QuantityKind::Share, 1.0 / below, at + 1).loose()),
        Meaning::Class(power) => Some(class(reader, power, at)),
        Meaning::Fraction(part) => {
            // `a year and a half`
            if side.word(at) == "half"
                && reader.back(at, 1) == "a"
                && reader.back(at, 2) == "and"
                && at >= 4
                && (one(at - 4) || side.word(at - 4) == "another")
                && let Some(After::Unit(unit)) = reader.table.after.get(reader.back(at, 3))
            {
                let mut amount = Amount::new(QuantityKind::Cardinal, 1.0 + part, at + 1);
                amount.unit = Some(MeasureUnit::Measure(*unit));
                return Some(amount);
            }
            let mut next = at + 1;
            while ["a", "of", "an"].contains(&side.word(next)) && next < at + 3 {
                next += 1;
            }
            match meaning(next) {
                Some(Meaning::Scale(factor)) => {
                    let mut amount = Amount::new(QuantityKind::Cardinal, part * factor, next + 1);
                    amount.scale = factor;
                    Some(amount)
                }
                _ => Some(Amount::new(QuantityKind::Share, part, at + 1).loose()),
            }
        }
        _ => None,
    }
}

/// `twenty-one`, `two hundred and five`, `two hundred thousand`, `twenty-first`: value, what comes
/// next, kind.
fn cardinal(reader: &QuantityReader<'_, '_>, at: usize) -> Option<(f64, usize, QuantityKind)> {
    let side = reader.side;
    let meaning = |at: usize| reader.table.meaning.get(side.word(at)).copied();
    let (mut total, mut group, mut next) = (0.0, 0.0, at);
    let mut small = false;
    while next < side.len() {
        let joined = next == at || side.joined(next - 1);
        match meaning(next).filter(|_| joined) {
            Some(Meaning::Number(value) | Meaning::Multiple(value)) if value < 100.0 => {
                let fits = group % 100.0 == 0.0 && (!small || next == at)
                    || (20.0..100.0).contains(&(group % 100.0))
                        && group % 10.0 == 0.0
                        && value < 10.0
                        && value > 0.0
                        && side.gap(next - 1) == "-";
                if !fits {
                    break;
                }
                group += value;
                small = true;
            }
            Some(Meaning::Ordinal(value)) if next > at => {
                let tens =
                    (20.0..100.0).contains(&(group % 100.0)) && group % 10.0 == 0.0 && value < 10.0;
                if tens && side.gap(next - 1) == "-" || group >= 100.0 && group % 100.0 == 0.0 {
                    return Some((total + group + value, next + 1, QuantityKind::Ordinal));
                }
                break;
            }
            Some(Meaning::Hundred) if group < 100.0 => {
                group = if group == 0.0 { 100.0 } else { group * 100.0 };
                small = false;
            }
            // A scale behind digits is taken there; behind words it closes a group.
            Some(Meaning::Scale(factor)) if total == 0.0 || factor < total => {
                total += if group == 0.0 { factor } else { group * factor };
                group = 0.0;
                small = false;
            }
            _ => {
                // `two hundred and five`
                let more = matches!(meaning(next + 1), Some(Meaning::Number(v)) if v < 100.0);
                let rounded =
                    (group >= 100.0 && group % 100.0 == 0.0) || (total > 0.0 && group == 0.0);
                if side.word(next) == "and"
                    && rounded
                    && more
                    && joined
                    && group >= 100.0
                    && side.word(next + 1) != "one"
                {
                    next += 1;
                    continue;
                }
                break;
            }
        }
        next += 1;
    }
    // `and` at the end belongs to what follows.
    while next > at && side.word(next - 1) == "and" {
        next -= 1;
    }
    (next > at).then_some((total + group, next, QuantityKind::Cardinal))
}

/// `two and a half`, `twee en een half`, `2 1/2`.
fn add_half(reader: &QuantityReader<'_, '_>, amount: &mut Amount) {
    let side = reader.side;
    if amount.kind != QuantityKind::Cardinal || amount.next == 0 || !side.joined(amount.next - 1) {
        return;
    }
    let word = |step: usize| side.word(amount.next + step);
    let (and, article) = if reader.dutch() {
        ("en", "een")
    } else {
        ("and", "a")
    };
    let half = |word: &str| word == "half" || word == "halve";
    if word(0) == and && word(1) == article && half(word(2)) {
        amount.value += 0.5;
        amount.next += 3;
    } else if reader.dutch() && word(0) == "en" && half(word(1)) {
        amount.value += 0.5;
        amount.next += 2;
    } else if !reader.dutch() && word(1) == "and" && word(2) == "a" && half(word(3)) {
        // `two years and a half`
        if let Some(After::Unit(unit)) = reader.table.after.get(word(0)) {
            amount.value += 0.5;
            amount.unit = Some(MeasureUnit::Measure(*unit));
            amount.next += 4;
        }
    }
}

/// `miljoen`, `bn` behind a number.
fn take_scale(reader: &QuantityReader<'_, '_>, amount: &mut Amount) {
    let side = reader.side;
    if !matches!(amount.kind, QuantityKind::Cardinal | QuantityKind::Share) {
        return;
    }
    if ["dozen", "dozijn"].contains(&side.word(amount.next)) && side.joined(amount.next - 1) {
        amount.value *= 12.0;
        amount.kind = QuantityKind::Cardinal;
        amount.next += 1;
    }
    while let Some(Meaning::Scale(factor)) = reader.table.meaning.get(side.word(amount.next))
        && side.joined(amount.next - 1)
        && amount.unit.is_none()
        && side.word(amount.next) != "k"
    {
        amount.value *= factor;
        amount.scale *= factor;
        amount.also = amount.also.map(|(kind, value)| (kind, value * factor));
        amount.next += 1;
    }
    if side.word(amount.next) == "hundred" && amount.digits && side.joined(amount.next - 1) {
        amount.value *= 100.0;
        amount.next += 1;
    }
}

/// A currency's symbol before or behind.
fn take_currency(reader: &QuantityReader<'_, '_>, quantity: &mut Quantity) {
    let text = reader.side.text;
    let before =
        text[..quantity.span.start].trim_end_matches([' ', '\u{a0}', '\u{202f}', '-', '−']);
    let after = text[quantity.span.end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let symbol = SYMBOLS
        .iter()
        .find(|(symbol, _)| before.ends_with(symbol))
        .or_else(|| {
            SYMBOLS
                .iter()
                .find(|(symbol, _)| after.starts_with(symbol) && symbol.chars().count() == 1)
        })
        // `€ 5 to € 7`: the second sign belongs to the second number.
        .filter(|(symbol, _)| {
            before.ends_with(symbol)
                || !after[symbol.len()..]
                    .trim_start()
                    .starts_with(|c: char| c.is_ascii_digit())
        });
    if let Some((_, index)) = symbol {
        quantity.currency = Some(*index);
    }
    // ISO codes stand before, too: `EUR 5`.
    if quantity.currency.is_none()
        && let Some(After::Currency(index)) = reader.table.after.get(reader.back(quantity.word, 1))
        && reader.back(quantity.word, 1).len() == 3
        && quantity.word > 0
        && reader.side.words[quantity.word - 1].upper
    {
        quantity.currency = Some(*index);
    }
}

/// Unit, currency or per cent behind the number; the longest phrase wins.
fn take_after(reader: &QuantityReader<'_, '_>, quantity: &mut Quantity) {
    let side = reader.side;
    let gap = side.gap(quantity.next - 1);
    let tail = gap.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    if tail.starts_with('%') {
        let point = side.word(quantity.next).starts_with("punt")
            || side.word(quantity.next).starts_with("point");
        quantity.unit = Some(if point {
            MeasureUnit::Point
        } else {
            MeasureUnit::Percent
        });
        return;
    }
    if tail.starts_with('‰') {
        quantity.unit = Some(MeasureUnit::Percent);
        quantity.also = Some((QuantityKind::Cardinal, quantity.value));
        quantity.value *= 0.1;
        return;
    }
    if tail.starts_with('°') {
        let id = match side.word(quantity.next) {
            "f" => "fahrenheit",
            "c" => "celsius",
            _ => "degree",
        };
        quantity.unit = Some(MeasureUnit::Measure(measure(id)));
        return;
    }
    if !side.joined(quantity.next - 1) {
        return;
    }
    let found = (1..=3).rev().find_map(|count| {
        let phrase = side.phrase(quantity.next, count)?;
        let spaced: String = phrase.replace(['\u{a0}', '\u{202f}'], " ");
        reader.table.after.get(spaced.as_str()).copied()
    });
    match found {
        Some(After::Percent(share)) => {
            quantity.unit = Some(MeasureUnit::Percent);
            if share < 1.0 {
                quantity.also = Some((QuantityKind::Cardinal, quantity.value));
                quantity.value *= share;
            }
        }
        Some(After::Point) => quantity.unit = Some(MeasureUnit::Point),
        Some(After::Unit(index)) => quantity.unit = Some(MeasureUnit::Measure(index)),
        Some(After::Currency(index)) => quantity.currency = quantity.currency.or(Some(index)),
        None => {}
    }
}

/// `4,5 ton` may be 450 000 euros; `1 meter 80` is 1.80 meters; a quarter-century is 25 years.
fn take_idiom(reader: &QuantityReader<'_, '_>, quantity: &mut Quantity) {
    let side = reader.side;
    let next = quantity.next;
    let unit = side.word(next);
    if reader.dutch() && ["ton", "tonnen"].contains(&unit) {
        quantity.also = Some((QuantityKind::Cardinal, quantity.value * 1e5));
    }
    let tail = side.word(next + 1);
    if ["meter", "m"].contains(&unit)
        && quantity.digits
        && tail.len() == 2
        && side.joined(next)
        && !reader.table.after.contains_key(side.word(next + 2))
        && let Ok(more) = tail.parse::<f64>()
    {
        quantity.value += more / 100.0;
        quantity.next = next + 2;
    }
    let century = ["century", "eeuw"];
    let of_a = side.word(next) == "of"
        && side.word(next + 1) == "a"
        && century.contains(&side.word(next + 2));
    let half_a = side.word(next) == "a" && century.contains(&side.word(next + 1));
    if quantity.kind == QuantityKind::Share
        && (century.contains(&unit) && side.joined(next - 1) || of_a || half_a)
    {
        quantity.also = Some((QuantityKind::Cardinal, quantity.value * 100.0));
    }
}

/// A minus before, or `below zero` behind.
fn take_sign(reader: &QuantityReader<'_, '_>, quantity: &mut Quantity) {
    let side = reader.side;
    let before = &side.text[..quantity.span.start];
    let mut back = before.chars().rev();
    // `-5`, `€ -5`; not `3-5`, and not the dash of an enumeration.
    let dash = quantity.digits
        && matches!(back.next(), Some('-' | '−' | '–'))
        && back.next().is_none_or(|c| c.is_whitespace() || c == '(');
    let word = reader.back(quantity.word, 1);
    let said = ["min", "minus", "negative"].contains(&word) && reader.spaced(quantity.word - 1);
    let mut below = false;
    for step in 0..5 {
        let at = quantity.next + step;
        if at >= side.len() || !side.joined(at - 1) {
            break;
        }
        let two = (side.word(at), side.word(at + 1));
        below |= matches!(
            two,
            ("below", "zero" | "freezing") | ("onder", "nul") | ("under", "zero")
        ) || two.0 == "vorst";
        below |= two == ("onder", "het") && side.word(at + 2) == "vriespunt";
    }
    if (dash || said || below) && quantity.value > 0.0 {
        quantity.value = -quantity.value;
    }
}

/// `1,5 tot 2 miljoen`: the scale behind the second number may be meant for the first one too.
pub(super) fn share_scale(reader: &QuantityReader<'_, '_>, found: &mut [Quantity]) {
    for index in 1..found.len() {
        let (left, right) = found.split_at_mut(index);
        let (Some(a), b) = (left.last_mut(), &right[0]) else {
            continue;
        };
        let between = reader.side.text[a.span.end..b.span.start].trim();
        let joined = [
            "-", "–", "tot", "naar", "à", "en", "of", "to", "and", "or", "a",
        ]
        .contains(&between);
        let bare = a.kind == QuantityKind::Cardinal
            && b.kind == QuantityKind::Cardinal
            && a.scale == 1.0
            && b.scale > 1.0;
        if joined && bare && a.also.is_none() && a.value < 1000.0 {
            a.also = Some((QuantityKind::Cardinal, a.value * b.scale));
        }
        if joined && a.kind == b.kind && a.unit.is_none() && a.currency.is_none() {
            a.unit = b.unit;
        }
    }
}
