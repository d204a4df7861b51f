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
/// The command line as a person meets it.
mod cli;
/// Generated files are what their tables say.
mod fresh;
/// Hostile bytes for every reader.
mod hostile;
/// Validators and descriptions of others.
mod interop;
/// Small models with random weights.
#[allow(dead_code, missing_docs, reason = "the writer of the unit tests")]
#[path = "../src/nmt/sample.rs"]
mod sample;
/// What the end-to-end tests stand on.
#[allow(dead_code, reason = "not every question needs every tool")]
mod stage;
/// The wire of the local engine.
mod wire;
