//! A format of aligned pairs, and the pairs of a file.

use super::error::Error;
use crate::bitext::{LangPair, Notice, Unit};
use serde_json::{Map, Value};
use std::io::{self, Read, Write};

/// Pairs that were read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// The units, in file order.
    pub units: Vec<Unit>,
    /// For every unit the line of the file, from 1; 0 where the format has no lines.
    pub lines: Vec<usize>,
    /// For every unit the fields that overzet does not know, as they stood.
    pub extra: Vec<Map<String, Value>>,
    /// What the reader left out.
    pub notices: Vec<Notice>,
}

/// A pair that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct PairRow {
    /// The pair.
    pub unit: Unit,
    /// The line of the file, from 1; 0 where the format has no lines.
    pub line: usize,
    /// The fields that overzet does not know, as they stood.
    pub extra: Map<String, Value>,
}

impl From<Unit> for PairRow {
    fn from(unit: Unit) -> Self {
        Self {
            unit,
            line: 0,
            extra: Map::new(),
        }
    }
}

/// What a file of pairs says of itself.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Source language, BCP 47.
    pub source_lang: String,
    /// Target language, BCP 47.
    pub target_lang: String,
    /// Name of the source document.
    pub original: String,
    /// When the drafts were made, as `YYYYMMDDThhmmssZ`, if known.
    pub created: Option<String>,
    /// XLIFF version for `.xlf`: 1.2, or 2.1 if set.
    pub xliff2: bool,
}

impl About {
    /// Pairs of a document in two languages.
    pub fn new(pair: &LangPair, original: impl Into<String>) -> Self {
        Self {
            source_lang: pair.source.tag().to_owned(),
            target_lang: pair.target.tag().to_owned(),
            original: original.into(),
            ..Self::default()
        }
    }
}

/// A format of pairs.
pub trait PairFormat: Sync {
    /// Its name, which is the extension of its files.
    fn name(&self) -> &'static str;

    /// Other extensions of its files.
    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    /// Reads a file pair by pair. `name` is for messages; a format that names its languages gives
    /// only the pairs of these two. Gives what it left out.
    ///
    /// Errors: [`Error::NotText`], [`Error::Broken`] with the place; pairs before it were visited.
    fn read_each(
        &self,
        input: &mut dyn Read,
        name: &str,
        pair: &LangPair,
        visit: &mut dyn FnMut(PairRow),
    ) -> Result<Vec<Notice>, Error>;

    /// Writes a file, unit by unit. `extra` has the unknown fields of every unit, or nothing.
    ///
    /// Errors: those of `out`.
    fn write(
        &self,
        out: &mut dyn Write,
        units: &[Unit],
        extra: &[Map<String, Value>],
        about: &About,
    ) -> io::Result<()>;

    /// Writes the targets and states of units into the file from which they were read: every byte
    /// of `original` that is neither stays. None for a format that keeps all that it reads in its
    /// units, and for units that are not those of the file.
    ///
    /// Errors: as [`PairFormat::read_each`].
    fn rewrite(
        &self,
        _original: &str,
        _name: &str,
        _pair: &LangPair,
        _units: &[Unit],
    ) -> Result<Option<String>, Error> {
        Ok(None)
    }

    /// Whether inline codes are kept.
    fn keeps_codes(&self) -> bool {
        true
    }
}

/// Reads the bytes of a file that is read as a whole.
///
/// Errors: [`Error::NotText`] with the reason.
pub(super) fn all_bytes(input: &mut dyn Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    input
        .read_to_end(&mut bytes)
        .map_err(|error| Error::NotText {
            what: error.to_string(),
        })?;
    Ok(bytes)
}

/// Reads a confidence; nothing where it is no probability.
pub(super) fn confidence(text: &str) -> Option<f32> {
    text.parse()
        .ok()
        .filter(|value| (0.0..=1.0).contains(value))
}

/// Counts what a reader leaves out.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    /// Units that do not have both languages, and the first example of theirs.
    pub languages: usize,
    /// The languages of the first of them.
    pub example: String,
    /// Units that nobody may translate.
    pub protected: usize,
}

impl LeftOut {
    /// Counts a unit in other languages.
    pub(super) fn other_languages(&mut self, own: &[&str]) {
        self.languages += 1;
        if self.example.is_empty() {
            self.example = own.join(", ");
        }
    }

    /// One line for every kind.
    pub(super) fn notices(self, pair: &LangPair) -> Vec<Notice> {
        let units = |count| if count == 1 { "unit" } else { "units" };
        let mut notices = Vec::new();
        if self.languages > 0 {
            let (count, example) = (self.languages, self.example);
            let (source, target) = (pair.source.tag(), pair.target.tag());
            notices.push(format!(
                "{count} {} left out: not a pair of {source} and {target} (the first: {example})",
                units(count)
            ));
        }
        if self.protected > 0 {
            let count = self.protected;
            notices.push(format!(
                "{count} {} left out: marked as not to be translated",
                units(count)
            ));
        }
        notices
            .into_iter()
            .map(|message| Notice {
                message,
                span: None,
            })
            .collect()
    }
}
