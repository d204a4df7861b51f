//! A quantity of a text, and the reader that finds it.

use super::number_words::Table;
use super::units::{CODES, MEASURES};
use crate::bitext::Span;
use crate::language::Language;
use crate::language::text_view::TextView;

/// What a quantity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum QuantityKind {
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
pub(crate) enum MeasureUnit {
    /// A row of the units' table.
    Measure(usize),
    Percent,
    /// Percentage points, which are a unit of their own.
    Point,
}

impl MeasureUnit {
    /// Its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Measure(index) => MEASURES[index].id,
            Self::Percent => "per cent",
            Self::Point => "percentage points",
        }
    }
}

/// A value in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantity {
    pub kind: QuantityKind,
    pub value: f64,
    pub span: Span,
    /// Index of its first word.
    pub word: usize,
    /// Index behind its last word.
    pub next: usize,
    /// Whether it is written in digits.
    pub digits: bool,
    pub unit: Option<MeasureUnit>,
    /// Position in the currencies' table.
    pub currency: Option<usize>,
    /// What a scale word multiplied it by.
    pub scale: f64,
    /// Another reading that is as good.
    pub also: Option<(QuantityKind, f64)>,
    /// For a time: whether morning or evening is left open.
    pub open: bool,
    /// Written in the other language's notation.
    pub foreign: bool,
    /// Said in passing: twice, both, half; missing on one side it says nothing.
    pub loose: bool,
}

impl Quantity {
    /// A bare value over words `word..next` of a side.
    pub(crate) fn new(
        kind: QuantityKind,
        value: f64,
        side: &TextView<'_>,
        word: usize,
        next: usize,
    ) -> Self {
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

    pub(crate) fn currency_code(&self) -> Option<&'static str> {
        self.currency.map(|index| CODES[index])
    }
}

/// A side with its language.
pub(super) struct QuantityReader<'s, 't> {
    pub side: &'s TextView<'t>,
    pub language: Language,
    pub table: &'static Table,
}

impl QuantityReader<'_, '_> {
    pub(crate) fn dutch(&self) -> bool {
        self.language == Language::Dutch
    }

    /// A word in lower case, counted back from `at`; empty past the start.
    pub(crate) fn back(&self, at: usize, steps: usize) -> &str {
        at.checked_sub(steps)
            .map_or("", |index| self.side.word(index))
    }

    /// What follows a word, in lower case.
    pub(crate) fn rest(&self, at: usize) -> &str {
        self.side
            .words
            .get(at)
            .map_or("", |word| &self.side.lower[word.span.end..])
    }

    /// Whether nothing but blank space stands between a word and the next.
    pub(crate) fn spaced(&self, at: usize) -> bool {
        let gap = self.side.gap(at);
        !gap.is_empty() && gap.chars().all(char::is_whitespace)
    }
}
