//! A format of aligned pairs, and the pairs of a file.

use super::error::Error;
use crate::bitext::Unit;
use serde_json::{Map, Value};
use std::io::{self, Write};

/// Pairs that were read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// The units, in file order.
    pub units: Vec<Unit>,
    /// For every unit the line of the file, from 1; 0 where the format has no lines.
    pub lines: Vec<usize>,
    /// For every unit the fields that overzet does not know, as they stood.
    pub extra: Vec<Map<String, Value>>,
}

impl Pairs {
    pub(super) fn push(&mut self, unit: Unit, line: usize, extra: Map<String, Value>) {
        self.units.push(unit);
        self.lines.push(line);
        self.extra.push(extra);
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

/// Reads a confidence; nothing where it is no probability.
pub(super) fn confidence(text: &str) -> Option<f32> {
    text.parse()
        .ok()
        .filter(|value| (0.0..=1.0).contains(value))
}

/// A format of pairs.
pub trait PairFormat: Sync {
    /// Its name, which is the extension of its files.
    fn name(&self) -> &'static str;
    /// Reads a file; `name` is for messages.
    fn read(&self, bytes: &[u8], name: &str) -> Result<Pairs, Error>;
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
}
