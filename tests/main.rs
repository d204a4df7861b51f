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
mod align_page;
mod align_translations;
/// Who imports whom, sizes of files, freshness of generated files.
mod architecture;
/// Whole articles through the binary and the mock.
mod article;
/// The review page in headless Chromium.
mod browser;
/// The small cases of other tools' faults.
mod cases;
/// The checks on the tables of the suite, and every digit changed.
mod checks;
/// The command line as a person meets it.
mod cli;
/// Folder cases for every subcommand: help, messages, exit codes, outputs.
mod cmd;
/// One key for plan, run and memory.
mod content_key;
/// The work of editors between files.
mod desk_browser;
mod desk_files;
/// The work of editors on the page.
mod desk_page;
mod desk_server;
/// Links, paths, commands and examples of the documents.
mod documents;
/// What services do in the world.
mod engine_faults;
/// The contract of every engine of the table.
mod engines;
/// The examples, run.
mod examples;
/// Files of other tools.
mod exchange;
/// Files in the way, signals, proxies.
mod faults;
/// The laws of the formats as properties.
mod format_laws;
/// Generated files are what their tables say.
mod fresh;
/// The glossary between files and other tools.
mod glossary;
/// The glossary's review page in headless Chromium.
mod glossary_page;
/// Hostile bytes for every reader.
mod hostile;
mod hostile_services;
/// The house glossary over right English.
mod house_glossary;
/// Validators and descriptions of others.
mod interop;
/// The laws of the product as properties.
mod language;
mod laws;
/// The engine in the process, through the whole line.
mod local;
/// The translation memory, and the way back from the review page.
mod memory;
/// The mock as other clients see it.
mod mock;
mod mock_fields;
/// Models of the local engine, fetched from a server that misbehaves.
mod models;
/// Word, OpenDocument, EPUB and subtitles, with hostile bytes.
mod office;
/// Published examples of others.
mod published;
/// The page on segmentation, made from rules and word lists.
mod segmentation_page;
/// Circles, names and lengths in the source.
mod shape;
/// Language models that take their time.
mod slow_models;
/// What the end-to-end tests stand on.
#[allow(dead_code, reason = "not every question needs every tool")]
mod stage;
/// What an edition must share with its source.
mod structure;
/// Suggestions and repairs replace exactly what they replace.
mod suggestions;
/// What is done with hostile bytes, here and in the fuzz targets.
#[path = "../fuzz/src/targets.rs"]
#[allow(dead_code, reason = "not every question needs every tool")]
mod targets;
/// The fallback for terms against the mock.
mod term_fallback;
/// Small models with random weights.
#[allow(dead_code, missing_docs, reason = "unit tests and benchmarks share it")]
#[path = "support/toy_model.rs"]
mod toy_model;
/// The wire of the local engine.
mod wire;
/// Word links through the binary.
mod words;
/// What people do, without the command line.
mod workflow;
