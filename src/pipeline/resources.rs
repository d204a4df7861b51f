//! What the line is given: a document, resources, engines and limits.

use crate::bitext::LangPair;
use crate::engine::{CancelToken, Engine, Progress, Transport};
use crate::memory::Store;
use crate::segment::Splitter;
use crate::term::Glossary;
use crate::{check, format};
use std::borrow::Cow;

/// What becomes of page furniture such as "Aanbevolen video's".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Furniture {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is left out of the edition.
    Drop,
    /// It is translated like the rest.
    Translate,
}

/// A document as it comes in.
#[derive(Debug, Clone)]
pub struct DocumentInput<'a> {
    /// The bytes of the file. Owned bytes are given back to the system as soon as they are read.
    pub bytes: Cow<'a, [u8]>,
    /// The name of the file, whose ending chooses the format.
    pub name: Option<&'a str>,
    /// The name of the format, a row of [`crate::format::FORMATS`], where the user chose it.
    pub format: Option<&'a str>,
}

impl<'a> DocumentInput<'a> {
    /// A document of this name.
    pub fn named(bytes: impl Into<Cow<'a, [u8]>>, name: &'a str) -> Self {
        Self {
            bytes: bytes.into(),
            name: Some(name),
            format: None,
        }
    }
}

/// What the line works with.
#[derive(Clone)]
pub struct Resources<'a> {
    /// From which language to which.
    pub pair: LangPair,
    /// Cuts the source.
    pub splitter: &'a Splitter,
    /// The desk's terms.
    pub glossary: &'a Glossary,
    /// Earlier translations.
    pub memory: &'a Store,
    /// What becomes of page furniture.
    pub furniture: Furniture,
    /// Names of checks that are silenced.
    pub silenced: &'a [String],
    /// Checks of the caller, run after those of the table.
    pub checks: &'a [&'a dyn check::Check],
    /// Document formats of the caller, before those of the table.
    pub formats: &'a [&'a dyn format::Format],
    /// How documents are read.
    pub reading: format::ReadOptions,
}

impl<'a> Resources<'a> {
    /// These, with page furniture kept in Dutch and no check silenced.
    pub fn new(
        pair: LangPair,
        splitter: &'a Splitter,
        glossary: &'a Glossary,
        memory: &'a Store,
    ) -> Self {
        Self {
            pair,
            splitter,
            glossary,
            memory,
            furniture: Furniture::default(),
            silenced: &[],
            checks: &[],
            formats: &[],
            reading: format::ReadOptions::default().with_newlines(splitter.newlines()),
        }
    }

    /// What the checks work with.
    pub(super) fn check_context(&self) -> check::CheckContext<'_> {
        check::CheckContext::new(self.glossary, &self.pair)
            .silenced(self.silenced)
            .with_checks(self.checks)
    }
}

/// Engines that are asked where the terms of a draft cannot be repaired by rule.
#[derive(Clone, Copy, Default)]
pub struct FallbackEngines<'a> {
    /// A language model that changes single terms, with the network that it uses.
    pub post_editor: Option<(&'a dyn Engine, Option<&'a dyn Transport>)>,
    /// Another engine that translates, with the network that it uses.
    pub second: Option<(&'a dyn Engine, Option<&'a dyn Transport>)>,
}

/// The engines of a run with what they need.
pub struct Sending<'a> {
    /// The engine that translates.
    pub engine: &'a dyn Engine,
    /// The network that it uses; none for an engine that sends nothing.
    pub net: Option<&'a dyn Transport>,
    /// Engines that are asked where its terms cannot be repaired.
    pub fallback: FallbackEngines<'a>,
    /// Asks to stop.
    pub stop: &'a CancelToken,
    /// Called after every answer of the engine that translates.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Seconds since 1970-01-01 UTC.
    pub now: &'a (dyn Fn() -> i64 + Sync),
}

impl<'a> Sending<'a> {
    /// An engine alone: no fallback, progress not reported, drafts dated 1970-01-01.
    pub fn new(
        engine: &'a dyn Engine,
        net: Option<&'a dyn Transport>,
        stop: &'a CancelToken,
    ) -> Self {
        Self {
            engine,
            net,
            fallback: FallbackEngines::default(),
            stop,
            progress: &|_| {},
            now: &|| 0,
        }
    }
}

/// The bounds of a run: what may be sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SendLimits {
    /// Nothing is sent over the network; texts without a cached draft stay untranslated.
    pub offline: bool,
    /// A text that would be sent is an error.
    pub frozen: bool,
    /// Characters that may be sent over the network at most, every attempt counted.
    pub max_characters: Option<u64>,
}
