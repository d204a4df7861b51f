//! Amazon Translate's custom terminologies as CSV: a header of language codes, one source once. Its
//! TMX is `tmx.rs`.

use super::format::{Contents, GlossaryFormat};
use super::native::ColumnSeparator;
use super::{google, phrases, text};
use crate::term::concept::Concept;
use crate::term::error::Error;

/// Amazon's terminologies.
pub struct AmazonGlossary;

impl GlossaryFormat for AmazonGlossary {
    fn name(&self) -> &'static str {
        "amazon"
    }
    fn about(&self) -> &'static str {
        "Amazon custom terminology: CSV with the header nl,en"
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let text = text::decode(bytes, name)?;
        google::languages(
            &text,
            name,
            ColumnSeparator::of_csv(&text).without_comments(),
        )
    }
    fn write(&self, entries: &[Concept], _name: &str) -> Result<Vec<u8>, Error> {
        let rows = phrases::write(
            &phrases::of(entries),
            ColumnSeparator::COMMA.without_comments(),
        );
        Ok([b"nl,en\n", rows.as_slice()].concat())
    }
}
