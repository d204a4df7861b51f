//! Quantities that an edition converts: `17 meter` and `56 feet`, `160 km/u` and `100 mph`, `30
//! graden` and `86 degrees`.
//!
//! A conversion is rounded, so values meet within a few per cent. That is weak evidence, and only
//! between different units.

use super::text_evidence::{TextEvidence, bare};
use super::tokens::TokenKind;
use crate::language::quantity::units::{self, MEASURES, fahrenheit};

/// How far two values of one quantity may lie apart, as a share.
const ROUNDED: f64 = 0.04;

/// Quantities that editions convert; a speed is a length, since its hour stands in a word of its
/// own.
const CONVERTED: [&str; 5] = ["length", "area", "mass", "volume", "temperature"];

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Converted {
    /// What is measured.
    dimension: &'static str,
    /// In the base of the dimension; temperatures in degrees Fahrenheit.
    value: f64,
    /// Which unit; squares count as others.
    unit: usize,
    /// Type of the number.
    number: u32,
    /// Type of the unit.
    word: u32,
}

/// Pairs of types that a conversion links: the two numbers, and the two units.
pub(super) fn converted(source: &TextEvidence, target: &TextEvidence) -> Vec<(u32, u32)> {
    let (here, there) = (quantities(source), quantities(target));
    let mut links = Vec::new();
    for a in here {
        let from = there.partition_point(|b| {
            (b.dimension, b.value) < (a.dimension, a.value - ROUNDED * a.value.abs())
        });
        let near = there[from..].iter().take_while(|b| {
            b.dimension == a.dimension && b.value <= a.value + ROUNDED * a.value.abs()
        });
        for b in near.filter(|b| b.unit != a.unit) {
            links.extend([(a.number, b.number), (a.word, b.word)]);
        }
    }
    links.sort_unstable();
    links.dedup();
    links
}

/// The quantities of a text, each once, ascending.
fn quantities(side: &TextEvidence) -> Vec<Converted> {
    let mut found = Vec::new();
    for order in &side.orders {
        for (at, &number) in order.iter().enumerate() {
            if side.kinds[number as usize] != TokenKind::Number {
                continue;
            }
            let form = |at: usize| order.get(at).map(|&id| bare(&side.forms[id as usize]));
            let is_square = matches!(form(at + 1), Some("vierkante" | "square"));
            let at = at + 1 + usize::from(is_square);
            let Some(unit) = form(at).and_then(units::named) else {
                continue;
            };
            let Ok(value) = side.forms[number as usize].parse::<f64>() else {
                continue;
            };
            let measure = &MEASURES[unit];
            let (dimension, value) = match (measure.dimension, is_square) {
                ("length", true) => ("area", value * measure.factor * measure.factor),
                ("speed", false) => ("length", value * measure.factor * 1000.0),
                // Which of the two scales is meant by degrees, the English does not say.
                ("temperature", false) if measure.id == "celsius" => {
                    ("temperature", fahrenheit(value))
                }
                ("temperature", false) => ("temperature", value),
                (dimension, _) => (dimension, value * measure.factor),
            };
            if CONVERTED.contains(&dimension) {
                found.push(Converted {
                    dimension,
                    value,
                    unit: unit + usize::from(is_square) * MEASURES.len(),
                    number,
                    word: order[at],
                });
            }
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
            let source = TextEvidence::new([dutch].into_iter(), Language::Dutch);
            let target = TextEvidence::new([english].into_iter(), Language::English);
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
