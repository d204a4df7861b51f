//! Quantities that an edition converts: `17 meter` and `56 feet`, `160 km/u` and `100 mph`, `30 graden` and `86 degrees`.
//!
//! A conversion is rounded, so values meet within a few per cent. That is weak evidence, and only between different units.

use super::evidence::{Side, bare};
use super::tokens::Kind;

/// Names of a unit in Dutch and English, what it measures, and how much of its base it is.
type Unit = (&'static [&'static str], Measure, f64);

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    /// In kilometres; a speed per hour too, since both sides name the hour or neither does.
    Length,
    /// In square kilometres.
    Area,
    /// In kilograms.
    Mass,
    /// In litres.
    Volume,
    /// In degrees Fahrenheit; which of the two scales is meant, nobody says.
    Heat,
}

const UNITS: &[Unit] = &[
    (
        &["km", "kilometer", "kilometers", "kilometre", "kilometres"],
        Measure::Length,
        1.0,
    ),
    (&["mph", "mile", "miles", "mijl"], Measure::Length, 1.609),
    (
        &["m", "meter", "meters", "metre", "metres"],
        Measure::Length,
        1e-3,
    ),
    (&["ft", "foot", "feet", "voet"], Measure::Length, 3.048e-4),
    (&["yard", "yards"], Measure::Length, 9.144e-4),
    (
        &[
            "cm",
            "centimeter",
            "centimeters",
            "centimetre",
            "centimetres",
        ],
        Measure::Length,
        1e-5,
    ),
    (&["inch", "inches"], Measure::Length, 2.54e-5),
    (&["hectare", "hectares", "ha"], Measure::Area, 1e-2),
    (&["acre", "acres"], Measure::Area, 4.047e-3),
    (
        &["kg", "kilo", "kilos", "kilogram", "kilograms"],
        Measure::Mass,
        1.0,
    ),
    (&["lb", "lbs", "pound", "pounds"], Measure::Mass, 0.4536),
    (
        &["liter", "liters", "litre", "litres"],
        Measure::Volume,
        1.0,
    ),
    (&["gallon", "gallons"], Measure::Volume, 3.785),
    (&["graden"], Measure::Heat, 1.0),
    (&["degrees"], Measure::Heat, 2.0),
];

/// How far two values of one quantity may lie apart, as a share.
const ROUNDED: f64 = 0.04;

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Quantity {
    measure: Measure,
    /// In the base of what is measured.
    value: f64,
    /// Which unit; squares count as others.
    unit: usize,
    /// Type of the number.
    number: u32,
    /// Type of the unit.
    word: u32,
}

/// Pairs of types that a conversion links: the two numbers, and the two units.
pub(super) fn converted(source: &Side, target: &Side) -> Vec<(u32, u32)> {
    let (here, there) = (quantities(source), quantities(target));
    let mut links = Vec::new();
    for a in here {
        let from = there.partition_point(|b| {
            (b.measure, b.value) < (a.measure, a.value - ROUNDED * a.value.abs())
        });
        let near = there[from..]
            .iter()
            .take_while(|b| b.measure == a.measure && b.value <= a.value + ROUNDED * a.value.abs());
        for b in near.filter(|b| b.unit != a.unit) {
            links.extend([(a.number, b.number), (a.word, b.word)]);
        }
    }
    links.sort_unstable();
    links.dedup();
    links
}

/// The quantities of a text, each once, ascending.
fn quantities(side: &Side) -> Vec<Quantity> {
    let mut found = Vec::new();
    for order in &side.orders {
        for (at, &number) in order.iter().enumerate() {
            if side.kinds[number as usize] != Kind::Number {
                continue;
            }
            let form = |at: usize| order.get(at).map(|&id| bare(&side.forms[id as usize]));
            let is_square = matches!(form(at + 1), Some("vierkante" | "square"));
            let at = at + 1 + usize::from(is_square);
            let Some(unit) = form(at)
                .and_then(|name| UNITS.iter().position(|(names, ..)| names.contains(&name)))
            else {
                continue;
            };
            let Ok(value) = side.forms[number as usize].parse::<f64>() else {
                continue;
            };
            let (_, measure, factor) = UNITS[unit];
            let (measure, value) = match (measure, is_square) {
                (Measure::Length, true) => (Measure::Area, value * factor * factor),
                (Measure::Heat, _) if factor == 1.0 => (measure, value * 1.8 + 32.0),
                (Measure::Heat, _) => (measure, value),
                _ => (measure, value * factor),
            };
            found.push(Quantity {
                measure,
                value,
                unit: unit + usize::from(is_square) * UNITS.len(),
                number,
                word: order[at],
            });
        }
    }
    found.sort_by(|a, b| a.partial_cmp(b).expect("numbers of a text are finite"));
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn conversions_meet_and_neighbours_do_not() {
        let met = |dutch: &str, english: &str| {
            let source = Side::new([dutch].into_iter(), Language::Dutch);
            let target = Side::new([english].into_iter(), Language::English);
            !converted(&source, &target).is_empty()
        };
        for (dutch, english) in [
            ("Hij reed 160 km/u.", "He was doing 100 mph."),
            ("De toren is 17 meter hoog.", "The tower is 56 feet tall."),
            ("Het werd 30 graden.", "It reached 86 degrees."),
            (
                "Een gebied van 500 vierkante kilometer.",
                "An area of 193 square miles.",
            ),
            ("Er lag 40 hectare braak.", "Some 100 acres lay fallow."),
            ("Zeventig kilo rijst", "Some 154 pounds of rice"),
        ] {
            assert!(met(dutch, english), "{dutch} {english}");
        }
        for (dutch, english) in [
            ("Hij reed 160 km/u.", "He was doing 160 mph."),
            ("De toren is 17 meter hoog.", "The tower is 17 metres tall."),
            (
                "Een gebied van 500 vierkante kilometer.",
                "It is 193 miles away.",
            ),
            ("Na 160 dagen", "After 100 miles"),
        ] {
            assert!(!met(dutch, english), "{dutch} {english}");
        }
    }
}
