//! Google: v2 with keys, v3 with projects, glossaries and their operations.

mod advanced;
mod basic;
mod errors;

pub use advanced::SERVICE as ADVANCED;
pub use basic::SERVICE as BASIC;
