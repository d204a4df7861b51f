//! Reads the quantities of both sides as values and compares them: numbers in digits and words, with scale, unit and currency; times; dates.
//!
//! `1.300` is 1300 in Dutch and 1.3 in English; `half acht` is 7:30; `2 miljard` is 2·10⁹; `jaren negentig` are the 1990s.

mod alike;
mod calendar;
mod clock;
mod compare;
mod leftover;
mod number;
mod numeral;
mod rows;
mod words;

pub use rows::Quantities;

use super::side::Side;
use crate::bitext::{Finding, Span};
use words::{CODES, MEASURES, Table, Tongue};

/// What a quantity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// So many.
    Cardinal,
    /// The so-manieth.
    Ordinal,
    /// A part of one: a half, two thirds.
    Share,
    /// Dozens, hundreds, thousands: the power of ten.
    Class,
    /// Minutes since midnight.
    Time,
    /// 100 · month + day.
    Date,
    /// 1 to 12.
    Month,
    /// 1 for Monday to 7.
    Weekday,
    /// The first year of a decade.
    Decade,
    /// A year by its context.
    Year,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// A row of the units' table.
    Measure(usize),
    Percent,
    /// Percentage points, which are a unit of their own.
    Point,
}

impl Unit {
    /// Its name for people.
    fn name(self) -> &'static str {
        match self {
            Self::Measure(index) => MEASURES[index].id,
            Self::Percent => "per cent",
            Self::Point => "percentage points",
        }
    }
}

/// A value in a text.
#[derive(Debug, Clone, PartialEq)]
struct Quantity {
    kind: Kind,
    value: f64,
    span: Span,
    /// Index of its first word.
    word: usize,
    /// Index behind its last word.
    next: usize,
    /// Whether it is written in digits.
    digits: bool,
    unit: Option<Unit>,
    /// Position in the currencies' table.
    currency: Option<usize>,
    /// What a scale word multiplied it by.
    scale: f64,
    /// Another reading that is as good.
    also: Option<(Kind, f64)>,
    /// For a time: whether morning or evening is left open.
    open: bool,
    /// Written in the other language's notation.
    foreign: bool,
    /// Said in passing: twice, both, half; missing on one side it says nothing.
    loose: bool,
}

impl Quantity {
    /// A bare value over words `word..next` of a side.
    fn new(kind: Kind, value: f64, side: &Side<'_>, word: usize, next: usize) -> Self {
        let span = Span::new(side.words[word].span.start, side.words[next - 1].span.end);
        Self {
            kind,
            value,
            span,
            word,
            next,
            digits: false,
            unit: None,
            currency: None,
            scale: 1.0,
            also: None,
            open: false,
            foreign: false,
            loose: false,
        }
    }

    fn currency_code(&self) -> Option<&'static str> {
        self.currency.map(|index| CODES[index])
    }
}

/// A side with its language.
struct Reader<'s, 't> {
    side: &'s Side<'t>,
    tongue: Tongue,
    table: &'static Table,
}

impl Reader<'_, '_> {
    fn dutch(&self) -> bool {
        self.tongue == Tongue::Dutch
    }

    /// A word in lower case, counted back from `at`; empty past the start.
    fn back(&self, at: usize, steps: usize) -> &str {
        at.checked_sub(steps)
            .map_or("", |index| self.side.word(index))
    }

    /// What follows a word, in lower case.
    fn rest(&self, at: usize) -> &str {
        self.side
            .words
            .get(at)
            .map_or("", |word| &self.side.lower[word.span.end..])
    }

    /// Whether nothing but blank space stands between a word and the next.
    fn spaced(&self, at: usize) -> bool {
        let gap = self.side.gap(at);
        !gap.is_empty() && gap.chars().all(char::is_whitespace)
    }
}

/// Every quantity of a side, from left to right.
fn read(side: &Side<'_>, tongue: Tongue) -> Vec<Quantity> {
    let reader = Reader {
        side,
        tongue,
        table: words::of(tongue),
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
pub(super) fn is_number(word: &str) -> bool {
    words::dutch(word).is_some()
}

/// Compares all quantities of a pair.
pub(super) fn compare(source: &Side<'_>, target: &Side<'_>) -> Vec<Finding> {
    compare::run(source, target)
}
