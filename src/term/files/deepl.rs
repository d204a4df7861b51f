//! DeepL's glossary files: two columns, no header, Dutch first; TSV or CSV by the name's extension.
//!
//! DeepL refuses a file with the same source twice, with tabs inside a phrase, with control
//! characters or spaces at the edges of a phrase.

use super::format::{Contents, GlossaryFormat};
use super::phrases::{self, separator};
use super::text;
use crate::term::concept::Concept;
use crate::term::error::Error;

/// DeepL's glossaries.
pub struct DeepLGlossary;

impl GlossaryFormat for DeepLGlossary {
    fn name(&self) -> &'static str {
        "deepl"
    }
    fn about(&self) -> &'static str {
        "DeepL glossary: two columns, no header, .tsv or .csv"
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let text = text::decode(bytes, name)?;
        phrases::read(&text, name, separator(name, Some(&text)), |_, _| {})
    }
    fn write(&self, entries: &[Concept], name: &str) -> Result<Vec<u8>, Error> {
        Ok(phrases::write(&phrases::of(entries), separator(name, None)))
    }
}
