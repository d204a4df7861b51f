//! Google Cloud's glossary files: one-way (two columns, no header) and equivalent term sets (a
//! header of language codes).
//!
//! The columns `pos` and `description` of a term set are for people; Google does not look at them.

use super::format::{Contents, GlossaryFormat};
use super::native::{ColumnSeparator, sheet};
use super::phrases::{self, separator};
use super::text;
use crate::term::columns;
use crate::term::concept::Concept;
use crate::term::error::Error;

/// One-way glossaries.
pub struct GoogleOneWay;

/// Equivalent term sets.
pub struct GoogleTermSet;

impl GlossaryFormat for GoogleOneWay {
    fn name(&self) -> &'static str {
        "google"
    }
    fn about(&self) -> &'static str {
        "Google one-way glossary: two columns, no header, .csv or .tsv"
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let text = text::decode(bytes, name)?;
        phrases::read(&text, name, separator(name, Some(&text)), |_, _| {})
    }
    fn write(&self, entries: &[Concept], name: &str) -> Result<Vec<u8>, Error> {
        Ok(phrases::write(&phrases::of(entries), separator(name, None)))
    }
}

impl GlossaryFormat for GoogleTermSet {
    fn name(&self) -> &'static str {
        "google-set"
    }
    fn about(&self) -> &'static str {
        "Google equivalent term set: a header of language codes, .csv"
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let text = text::decode(bytes, name)?;
        languages(&text, name, separator(name, Some(&text)))
    }
    fn write(&self, entries: &[Concept], name: &str) -> Result<Vec<u8>, Error> {
        let by = separator(name, None);
        let mut out = by.row(["nl", "en", "pos", "description"]) + "\n";
        for phrase in phrases::of(entries) {
            let cells = [&phrase.source, &phrase.target, &phrase.pos, &phrase.note];
            out.push_str(&by.row(cells.map(String::as_str)));
            out.push('\n');
        }
        Ok(out.into_bytes())
    }
}

/// Reads a table whose header names languages: the first Dutch and the first English column are
/// taken, with `pos` and `description` or `note`.
///
/// Errors: [`Error::Broken`] for a header without the two languages, and for a row without one of
/// the two phrases.
pub fn languages(text: &str, name: &str, by: ColumnSeparator) -> Result<Contents, Error> {
    let sheet = sheet(name, text, by)?;
    let Some((head, rows)) = sheet.records.split_first() else {
        return Err(sheet.broken(
            "the file is empty",
            0,
            1,
            "begin it with a row of language codes: nl,en",
        ));
    };
    let column = |wanted: &str| {
        head.cells.iter().position(|cell| {
            let code = cell.text.trim().to_ascii_lowercase();
            code.split(['-', '_']).next() == Some(wanted)
        })
    };
    let (Some(nl), Some(en)) = (column("nl"), column("en")) else {
        return Err(sheet.broken(
            "the header names no Dutch and English column",
            head.span.start,
            1,
            "its cells are language codes: nl,en",
        ));
    };
    let (pos, note) = (column("pos"), column("description").or(column("note")));
    let mut contents = Contents::with_columns(&["nl", "en"]);
    contents.columns.extend(pos.map(|_| "pos".to_owned()));
    contents.columns.extend(note.map(|_| "note".to_owned()));
    for (index, cell) in head.cells.iter().enumerate() {
        if ![Some(nl), Some(en), pos, note].contains(&Some(index)) && !cell.text.trim().is_empty() {
            contents.drop(format!("column `{}`", cell.text.trim()));
        }
    }
    for record in rows {
        let cell = |index: usize| record.cells.get(index).map_or("", |c| c.text.trim());
        if cell(nl).is_empty() || cell(en).is_empty() {
            contents.drop(format!(
                "row without Dutch or English (line {})",
                record.line
            ));
            continue;
        }
        let mut entry = phrases::entry(cell(nl), cell(en), sheet.place(record));
        for (name, index) in [("pos", pos), ("note", note)] {
            if let Some(index) = index {
                // Free text is never refused.
                let _ = columns::set(&mut entry, name, cell(index));
            }
        }
        contents.push(entry);
    }
    Ok(contents)
}
