//! The single integration binary: one module per question.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and one that is skipped says so"
)]

/// Who imports whom, sizes of files, freshness of generated files.
mod architecture;
/// Whole articles through the binary and the mock.
mod article;
/// The review page in headless Chromium.
mod browser;
/// The checks on a probe of our own, and every digit changed.
mod checks;
/// The command line as a person meets it.
mod cli;
/// Generated files are what their tables say.
mod fresh;
/// The glossary between files and other tools.
mod glossary;
/// The glossary's review page in headless Chromium.
mod glossary_page;
/// Hostile bytes for every reader.
mod hostile;
/// Validators and descriptions of others.
mod interop;
/// The translation memory, and the way back from the review page.
mod memory;
/// Models of the local engine, fetched from a server that misbehaves.
mod models;
/// The ladder of repair against the mock.
mod ladder;
/// What the end-to-end tests stand on.
#[allow(dead_code, reason = "not every question needs every tool")]
mod stage;
/// Word links through the binary.
mod words;
