//! What files hold that know phrases and nothing else: one English phrase per Dutch one.
//!
//! `Kiev`, also `Kiëv` → `Kyiv` becomes two phrases; of two rows that differ by `when`, the one
//! without a condition stands.

use super::format::Contents;
use super::native::{self, ColumnSeparator, is_csv};
use crate::bitext::Place;
use crate::term::concept::{Concept, Policy, Status};
use crate::term::error::Error;
use std::collections::HashSet;

/// A phrase and its translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Dutch.
    pub source: String,
    /// English.
    pub target: String,
    /// For people.
    pub note: String,
    /// Part of speech.
    pub pos: String,
}

/// The phrases of the entries, each Dutch one once: trimmed, without tabs and control characters.
/// What is proposed, deprecated or to be dropped is left out.
pub fn of(entries: &[Concept]) -> Vec<Phrase> {
    let clean = |text: &str| -> String {
        let text: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut seen = HashSet::new();
    let mut phrases = Vec::new();
    // Rows without a condition are for every text; they come before conditional ones.
    for conditions in [false, true] {
        for entry in entries.iter().filter(|e| e.when.is_empty() != conditions) {
            if entry.policy == Policy::Drop || entry.status != Status::Approved {
                continue;
            }
            for form in std::iter::once(&entry.nl).chain(&entry.nl_forms) {
                let source = clean(form);
                let kept = entry.policy == Policy::Keep && *form != entry.nl;
                let target = if kept {
                    source.clone()
                } else {
                    clean(&entry.en)
                };
                if source.is_empty() || target.is_empty() || !seen.insert(source.clone()) {
                    continue;
                }
                phrases.push(Phrase {
                    source,
                    target,
                    note: clean(&entry.note),
                    pos: clean(&entry.pos),
                });
            }
        }
    }
    phrases
}

/// How the cells of an engine's file are parted: by tabs unless its name says CSV; then by commas,
/// or as the text shows.
pub fn separator(name: &str, text: Option<&str>) -> ColumnSeparator {
    let by = match text {
        Some(text) if is_csv(name) => ColumnSeparator::of_csv(text),
        None if is_csv(name) => ColumnSeparator::COMMA,
        _ => ColumnSeparator::TAB,
    };
    by.without_comments()
}

/// The phrases as rows of two cells.
pub fn write(phrases: &[Phrase], by: ColumnSeparator) -> Vec<u8> {
    let mut out = String::new();
    for phrase in phrases {
        out.push_str(&by.row([phrase.source.as_str(), phrase.target.as_str()]));
        out.push('\n');
    }
    out.into_bytes()
}

/// Reads rows of two cells; of more, the third is handed to `rest`, where the format has one.
///
/// Errors: [`Error::Broken`] at a row that has no second cell.
pub fn read(
    text: &str,
    name: &str,
    by: ColumnSeparator,
    mut rest: impl FnMut(&mut Concept, &str),
) -> Result<Contents, Error> {
    let sheet = native::sheet(name, text, by)?;
    let mut contents = Contents::with_columns(&["nl", "en"]);
    for record in &sheet.records {
        let cell = |index: usize| record.cells.get(index).map_or("", |c| c.text.trim());
        if cell(0).is_empty() || cell(1).is_empty() {
            return Err(sheet.broken(
                "this row has no two phrases",
                record.span.start,
                record.span.len(),
                "Dutch first, then English",
            ));
        }
        let mut entry = entry(cell(0), cell(1), sheet.place(record));
        rest(&mut entry, cell(2));
        contents.push(entry);
    }
    Ok(contents)
}

/// An entry that is known by its two forms alone.
pub fn entry(nl: &str, en: &str, place: Place) -> Concept {
    Concept {
        nl: nl.to_owned(),
        en: en.to_owned(),
        repair: true,
        numbered: true,
        place,
        ..Concept::default()
    }
}
