//! Compares the quantities of both sides: numbers, dates, times, units and money, by value.

mod alike;
mod compare;
mod leftover;
mod rows;

pub use rows::Quantities;

use crate::bitext::Finding;
use crate::language::text_view::TextView;

/// Compares all quantities of a pair.
pub(super) fn compare(source: &TextView<'_>, target: &TextView<'_>) -> Vec<Finding> {
    compare::run(source, target)
}
