//! overzet ferries Dutch text across into a publishable English edition, and proves pair by pair what it did.

pub mod align;
pub mod bitext;
pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod config;
pub mod engine;
pub mod format;
pub mod language;
pub mod memory;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "local")]
pub mod nmt;
pub mod pipeline;
pub mod review;
pub mod segment;
pub mod term;
#[cfg(feature = "cli")]
pub mod workflow;
