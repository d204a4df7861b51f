//! OmegaT's glossaries: Dutch, tab, English, tab, comment; `#` comments; UTF-8, or the system's
//! encoding in old `.tab` files.

use super::format::{Contents, GlossaryFormat};
use super::native::ColumnSeparator;
use super::{phrases, text};
use crate::term::concept::Concept;
use crate::term::error::Error;

/// OmegaT's glossaries.
pub struct OmegaTGlossary;

impl GlossaryFormat for OmegaTGlossary {
    fn name(&self) -> &'static str {
        "omegat"
    }
    fn about(&self) -> &'static str {
        "OmegaT glossary: Dutch, English, comment, tab-separated"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "utf8", "tab"]
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let text = text::decode(bytes, name)?;
        let mut contents = phrases::read(&text, name, ColumnSeparator::TAB, |entry, comment| {
            comment.clone_into(&mut entry.note);
        })?;
        contents.columns.push("note".into());
        Ok(contents)
    }
    fn write(&self, entries: &[Concept], _name: &str) -> Result<Vec<u8>, Error> {
        let mut out = String::from("# Glossary in tab-separated format -*- coding: utf-8 -*-\n");
        for phrase in phrases::of(entries) {
            // A line that begins with # would be a comment.
            if phrase.source.starts_with('#') {
                continue;
            }
            let cells = [&phrase.source, &phrase.target, &phrase.note];
            let row = ColumnSeparator::TAB.row(cells.map(String::as_str));
            out.push_str(row.trim_end_matches('\t'));
            out.push('\n');
        }
        Ok(out.into_bytes())
    }
}
