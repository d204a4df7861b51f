//! Reads the quantities of a text as values: numbers in digits and words, with scale, unit and
//! currency; times; dates.
//!
//! `1.300` is 1300 in Dutch and 1.3 in English; `half acht` is 7:30; `2 miljard` is 2·10⁹; `jaren
//! negentig` are the 1990s.

mod calendar;
pub(crate) mod clock;
mod number;
pub(crate) mod number_words;
pub(crate) mod numeral;
pub(crate) mod units;
mod value;

pub(crate) use value::{MeasureUnit, Quantity, QuantityKind};

use super::Language;
use super::text_view::TextView;
use value::QuantityReader;

/// Every quantity of a side, from left to right.
pub(crate) fn read(side: &TextView<'_>, language: Language) -> Vec<Quantity> {
    let reader = QuantityReader {
        side,
        language,
        table: number_words::of(language),
    };
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while at < side.len() {
        let one = clock::read(&reader, at)
            .or_else(|| calendar::read(&reader, at))
            .or_else(|| number::read(&reader, at));
        match one {
            Some(quantity) => {
                at = quantity.next.max(at + 1);
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    number::share_scale(&reader, &mut found);
    found
}

/// Whether a Dutch word is a number word.
pub(crate) fn is_number(word: &str) -> bool {
    number_words::dutch(word).is_some()
}
