//! When two quantities are equal, when they count the same thing, and when one is the other in
//! another unit.
//!
//! `de helft` = `50 percent`; 18 months = a year and a half; 160 km/h ≈ 100 mph.

use crate::language::quantity::units::{MEASURES, fahrenheit};
use crate::language::quantity::{MeasureUnit, Quantity, QuantityKind};

/// Room between a share and whole per cents, in per cent: half a per cent of rounding, `17 percent`
/// for one in six.
const ROUNDED: f64 = 0.5 + 1e-6;

/// Room between two shares, so that `0.33` is a third and `0.3` is not.
const SHARE: f64 = 0.005;

/// Room between two spans of time, as a share: a month of 30 days is 1.4 per cent shorter than a
/// twelfth of a year.
const TIME: f64 = 0.015;

/// Room of a conversion, as a share: both numbers are rounded to two digits or more.
const CONVERTED: f64 = 0.03;

/// Room of a conversion of temperatures, in degrees of the target: both sides are rounded to whole
/// degrees, and a degree Celsius is 1.8 of Fahrenheit.
const DEGREES: f64 = 1.5;

pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Whether two quantities say the same value, whatever they count.
pub(super) fn agree(a: &Quantity, b: &Quantity) -> bool {
    let readings = |q: &Quantity| [Some((q.kind, q.value)), q.also];
    readings(a)
        .into_iter()
        .flatten()
        .any(|x| readings(b).into_iter().flatten().any(|y| equal(x, a, y, b)))
}

fn equal(
    (kind, x): (QuantityKind, f64),
    a: &Quantity,
    (other, y): (QuantityKind, f64),
    b: &Quantity,
) -> bool {
    let countable = |kind| {
        matches!(
            kind,
            QuantityKind::Cardinal | QuantityKind::Ordinal | QuantityKind::Year
        )
    };
    let percent = |q: &Quantity| q.unit == Some(MeasureUnit::Percent);
    match (kind, other) {
        (QuantityKind::Share, QuantityKind::Share) => (x - y).abs() < SHARE,
        (QuantityKind::Share, QuantityKind::Cardinal) => {
            percent(b) && (x * 100.0 - y).abs() <= ROUNDED || same(x, y)
        }
        (QuantityKind::Cardinal, QuantityKind::Share) => {
            percent(a) && (y * 100.0 - x).abs() <= ROUNDED || same(x, y)
        }
        // The century of a decade is often left out.
        (QuantityKind::Decade, QuantityKind::Decade) => {
            same(x % 100.0, y % 100.0) && (x == y || x >= 1900.0 && y >= 1900.0)
        }
        // `de 14e eeuw` are the 1300s.
        (QuantityKind::Ordinal, QuantityKind::Decade) if y % 100.0 == 0.0 => {
            same((x - 1.0) * 100.0, y)
        }
        (QuantityKind::Decade, QuantityKind::Ordinal) if x % 100.0 == 0.0 => {
            same(x, (y - 1.0) * 100.0)
        }
        (QuantityKind::Decade, _) if countable(other) => same(x, y) || same(x % 100.0, y),
        (_, QuantityKind::Decade) if countable(kind) => same(x, y) || same(x, y % 100.0),
        (QuantityKind::Year, QuantityKind::Year) => same(x, y),
        _ if countable(kind) && countable(other) => same(x, y) || same(cents(a, x), cents(b, y)),
        _ => kind == other && same(x, y),
    }
}

/// An amount of money in whole coins: 50 cents are half a euro.
fn cents(quantity: &Quantity, value: f64) -> f64 {
    match quantity.currency_code() {
        Some("cent" | "pence") => value / 100.0,
        _ => value,
    }
}

/// Whether two currencies or units may stand for one another.
pub(super) fn counts_alike(a: &Quantity, b: &Quantity) -> bool {
    let crowns = ["SEK", "NOK", "DKK", "KR"];
    let dollars = ["USD", "CAD", "AUD", "HKD"];
    let money = match (a.currency_code(), b.currency_code()) {
        (Some(x), Some(y)) => {
            x == y
                || ["cent", "pence"].contains(&x)
                || ["cent", "pence"].contains(&y)
                || crowns.contains(&x) && crowns.contains(&y)
                || dollars.contains(&x) && dollars.contains(&y) && (x == "USD" || y == "USD")
        }
        _ => true,
    };
    let id = |q: &Quantity| match q.unit {
        Some(MeasureUnit::Measure(index)) => MEASURES[index].id,
        _ => "",
    };
    let units = match (a.unit, b.unit) {
        (Some(x), Some(y)) if x != y => {
            let degrees = ["celsius", "degree", "fahrenheit"];
            // `graden` without a letter is Celsius; `degrees` may be either.
            let degree = degrees.contains(&id(a))
                && degrees.contains(&id(b))
                && (id(a) == "degree" || id(b) == "degree");
            degree || same_span(a, b)
        }
        _ => true,
    };
    money && units && !crossed(a, b) && !crossed(b, a)
}

/// Whether the one counts something and the other is an amount of money: `5 procent`, `5 euros`. A
/// Dutch `ton` may be 100,000 euros, and a `pond` a pound of either kind.
fn crossed(a: &Quantity, b: &Quantity) -> bool {
    let either = |unit| match unit {
        MeasureUnit::Measure(index) => ["tonne", "pound"].contains(&MEASURES[index].id),
        MeasureUnit::Percent | MeasureUnit::Point => false,
    };
    let counted = a.unit.filter(|_| a.currency.is_none() && b.unit.is_none());
    b.currency.is_some() && counted.is_some_and(|unit| !either(unit))
}

/// Whether two spans of time, or two sizes in units of one system, are equal: 18 months and a year
/// and a half.
pub(super) fn same_span(a: &Quantity, b: &Quantity) -> bool {
    let (Some(MeasureUnit::Measure(x)), Some(MeasureUnit::Measure(y))) = (a.unit, b.unit) else {
        return false;
    };
    let (x, y) = (&MEASURES[x], &MEASURES[y]);
    let decimal = |factor: f64| {
        let power = factor.log10();
        (power - power.round()).abs() < 1e-6
    };
    let room = if x.dimension == "time" { TIME } else { 1e-6 };
    let near = |x: f64, y: f64| (x - y).abs() <= room * x.abs();
    x.id != y.id
        && x.dimension == y.dimension
        && x.dimension != "temperature"
        && (x.dimension == "time" || decimal(x.factor) && decimal(y.factor))
        && near(a.value * x.factor, b.value * y.factor)
}

/// Whether the second is the first in another unit, within 3 per cent or its own rounding.
pub(super) fn is_conversion(a: &Quantity, b: &Quantity) -> bool {
    let (Some(MeasureUnit::Measure(x)), Some(MeasureUnit::Measure(y))) = (a.unit, b.unit) else {
        return false;
    };
    let (x, y) = (&MEASURES[x], &MEASURES[y]);
    if x.id == y.id || x.dimension != y.dimension {
        return false;
    }
    if x.dimension == "temperature" {
        let near = |x: f64, y: f64| (x - y).abs() <= DEGREES;
        return match (x.id, y.id) {
            ("celsius", "fahrenheit" | "degree") => near(fahrenheit(a.value), b.value),
            ("fahrenheit", "celsius" | "degree") => near(fahrenheit(b.value), a.value),
            _ => false,
        };
    }
    let (from, to) = (a.value * x.factor, b.value * y.factor);
    // Half a step of the last digit that is written counts as rounding.
    let step = if b.value.fract() != 0.0 {
        0.05
    } else if b.value % 10.0 == 0.0 {
        5.0
    } else {
        0.5
    };
    (from - to).abs() <= (CONVERTED * from.abs()).max((step * y.factor).min(0.08 * from.abs()))
}
