//! The single integration binary: one module per question.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and one that is skipped says so"
)]

/// Two texts that exist already.
mod align;
/// The same, as a command.
mod align_command;
/// Who imports whom, sizes of files, freshness of generated files.
mod architecture;
/// Whole articles through the binary and the mock.
mod article;
/// The review page in headless Chromium.
mod browser;
/// The command line as a person meets it.
mod cli;
/// Generated files are what their tables say.
mod fresh;
/// Hostile bytes for every reader.
mod hostile;
/// Validators and descriptions of others.
mod interop;
/// What the end-to-end tests stand on.
#[allow(dead_code, reason = "not every question needs every tool")]
mod stage;
