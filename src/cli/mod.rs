//! The command line: one file per subcommand, one place that words errors, one that prints.

pub mod failure;
pub mod print;
