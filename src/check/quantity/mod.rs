//! Compares the quantities of both sides: numbers, dates, times, units and money, by value.

mod checks;
pub(super) mod compare;
mod equality;
mod set;
mod unmatched;

pub use checks::QuantityCheck;
