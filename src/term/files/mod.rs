//! Glossary files of every kind: the table of formats, how one is chosen, and what a file could not
//! hold.
//!
//! A new format is one file and one row in [`FILES`]. Every format says what it read and what it
//! had to leave; what a written file lost is found by reading it back, so that the report cannot be
//! wrong.

mod amazon;
mod deepl;
mod format;
mod google;
pub(super) mod native;
mod omegat;
mod phrases;
mod table;
mod tbx;
mod text;
mod tmx;
#[cfg(feature = "xlsx")]
pub(super) mod xlsx;

pub use format::{Contents, GlossaryFormat};

use super::columns;
use super::concept::Concept;
use super::entry_index::{ConceptIndex, Difference};
use super::error::Error;

/// The formats.
pub static FILES: &[&dyn GlossaryFormat] = &[
    &native::TsvGlossary,
    &native::CsvGlossary,
    #[cfg(feature = "xlsx")]
    &xlsx::XlsxGlossary,
    &tbx::TbxGlossary,
    &tbx::MartifGlossary,
    &deepl::DeepLGlossary,
    &google::GoogleOneWay,
    &google::GoogleTermSet,
    &amazon::AmazonGlossary,
    &tmx::TmxGlossary,
    &omegat::OmegaTGlossary,
];

/// The format of a name that the user gave, else of the file's extension.
///
/// Errors: [`Error::Unknown`] with all that there are.
pub fn format(name: &str, kind: Option<&str>) -> Result<&'static dyn GlossaryFormat, Error> {
    let extension = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    let fits = |format: &&&dyn GlossaryFormat| match kind {
        Some(kind) => format.name() == kind,
        None => format.extensions().contains(&extension.as_str()),
    };
    FILES
        .iter()
        .find(fits)
        .copied()
        .ok_or_else(|| Error::Unknown {
            name: kind.unwrap_or(name).to_owned(),
            known: FILES
                .iter()
                .map(|format| format.name())
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// Reads a glossary file. The format is `kind` if given, else that of the name's extension.
///
/// Errors: [`Error::Unknown`], [`Error::Broken`] with the first thing that is wrong,
/// [`Error::Unreadable`].
pub fn read(bytes: &[u8], name: &str, kind: Option<&str>) -> Result<Contents, Error> {
    let mut contents = format(name, kind)?.read(bytes, name)?;
    if contents.broken.is_empty() {
        Ok(contents)
    } else {
        Err(contents.broken.swap_remove(0))
    }
}

/// A glossary as the bytes of a file, with the list of its losses.
#[derive(Debug, Clone, Default)]
pub struct WrittenGlossary {
    /// The file.
    pub bytes: Vec<u8>,
    /// Entries that are not in the file at all, as people read them.
    pub absent: Vec<String>,
    /// Columns that the file does not hold, in their order, with the entries of which it is true.
    pub lost: Vec<(String, Vec<String>)>,
}

/// Writes a glossary, reads it back, and lists its losses.
///
/// Errors: [`Error::Unknown`]; those of the format.
pub fn write(
    entries: &[Concept],
    name: &str,
    kind: Option<&str>,
) -> Result<WrittenGlossary, Error> {
    let format = format(name, kind)?;
    let mut written = WrittenGlossary {
        bytes: format.write(entries, name)?,
        ..WrittenGlossary::default()
    };
    let back = format.read(&written.bytes, name)?;
    let known = ConceptIndex::new(&back.entries);
    let who = |entry: &Concept| format!("{} → {}", entry.nl, entry.en);
    let found: Vec<(&Concept, &Concept)> = entries
        .iter()
        .filter_map(|entry| Some((entry, &back.entries[known.find(entry)?])))
        .collect();
    written.absent = entries
        .iter()
        .filter(|entry| known.find(entry).is_none())
        .map(who)
        .collect();
    for column in columns::used(entries)
        .iter()
        .filter(|column| *column != "id")
    {
        let holds = |entry: &Concept, own: &Concept| {
            if back.columns.contains(column) {
                columns::get(own, column) == columns::get(entry, column)
            } else {
                columns::is_default(entry, column) || column == "nl_forms" && spread(entry, &known)
            }
        };
        let lost = found.iter().filter(|(entry, own)| !holds(entry, own));
        let lost: Vec<String> = lost.map(|(entry, _)| who(entry)).collect();
        if !lost.is_empty() {
            written.lost.push((column.clone(), lost));
        }
    }
    Ok(written)
}

/// What changes in a glossary file.
#[derive(Debug, Clone, Default)]
pub struct GlossaryUpdate {
    edits: Vec<native::CellEdit>,
    /// Entries to be added at the end.
    pub new: Vec<Concept>,
}

impl GlossaryUpdate {
    /// Changes an entry of the file.
    pub fn edit(&mut self, entry: &Concept, differences: &[Difference]) {
        let edits = differences.iter().map(|difference| native::CellEdit {
            line: entry.place.line,
            column: difference.column.clone(),
            text: difference.after.clone(),
        });
        self.edits.extend(edits);
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.new.is_empty()
    }
}

/// A glossary file with an update made: `old` are its bytes, none where it is yet to be. TSV and
/// CSV keep every byte that need not change; a workbook is written anew with its columns and the
/// order of its rows.
///
/// Errors: [`Error::Unknown`] for a format in which no glossary is kept; those of reading it.
pub fn update(old: Option<&[u8]>, name: &str, update: &GlossaryUpdate) -> Result<Vec<u8>, Error> {
    let format = format(name, None)?;
    match (format.name(), old) {
        ("tsv" | "csv", Some(old)) => native::rewrite(old, name, &update.edits, &update.new),
        ("tsv" | "csv" | "xlsx", None) => format.write(&update.new, name),
        #[cfg(feature = "xlsx")]
        ("xlsx", Some(old)) => {
            let mut contents = read(old, name, None)?;
            for edit in &update.edits {
                let mut rows = contents.entries.iter_mut();
                if let Some(entry) = rows.find(|entry| entry.place.line == edit.line) {
                    // The value was read from a file of this very table.
                    let _ = columns::set(entry, &edit.column, &edit.text);
                }
            }
            contents.entries.extend(update.new.iter().cloned());
            for column in columns::used(&contents.entries) {
                if !contents.columns.contains(&column) {
                    contents.columns.push(column);
                }
            }
            xlsx::write(&contents.entries, &contents.columns, name)
        }
        _ => Err(Error::Unknown {
            name: name.to_owned(),
            known: "tsv, csv, xlsx: a glossary is kept in one of these".into(),
        }),
    }
}

/// Whether every further form of an entry became an entry of its own.
fn spread(entry: &Concept, known: &ConceptIndex<'_>) -> bool {
    entry.vetoed.is_empty()
        && entry
            .nl_forms
            .iter()
            .all(|form| known.with_form(form).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(pairs: &[(&str, &str)]) -> Concept {
        let mut entry = Concept {
            repair: true,
            ..Concept::default()
        };
        for (column, text) in pairs {
            columns::set(&mut entry, column, text).unwrap();
        }
        entry.numbered = entry.id.is_empty();
        entry
    }

    fn glossary() -> Vec<Concept> {
        let minister =
            |id, en, when| entry(&[("id", id), ("nl", "minister"), ("en", en), ("when", when)]);
        vec![
            entry(&[
                ("id", "N1"),
                ("nl", "Kiev"),
                ("nl_forms", "Kiëv|!Kievs"),
                ("en", "Kyiv"),
                ("en_accept", "Kyïv"),
                ("forbidden", "Kiev"),
                ("pos", "PROPN"),
                ("domain", "place"),
                ("note", "A & B <c> \"d\", e"),
                ("url", "https://example.org/kyiv"),
                ("owner", "desk"),
                ("updated", "2026-02-03"),
                ("desk", "Buitenland"),
            ]),
            minister("M1", "Secretary", "country=US"),
            minister("M2", "minister", ""),
            entry(&[("nl", "#MeToo"), ("en", "#MeToo"), ("policy", "keep")]),
            entry(&[("nl", "oud"), ("en", "old"), ("status", "deprecated")]),
        ]
    }

    #[test]
    fn what_every_format_loses_is_told() {
        let glossary = glossary();
        for format in FILES {
            let name = format!("g.{}", format.extensions().first().unwrap_or(&"csv"));
            let written = write(&glossary, &name, Some(format.name())).unwrap();
            let lost: Vec<&str> = written.lost.iter().map(|(what, _)| what.as_str()).collect();
            let whole = ["tsv", "csv", "xlsx"].contains(&format.name());
            let tbx = format.name().starts_with("tbx");
            assert_eq!(lost.is_empty(), whole, "{}: {lost:?}", format.name());
            assert_eq!(written.absent.is_empty(), whole || tbx, "{}", format.name());
            if tbx {
                let columns = ["nl_forms", "when", "policy", "status", "desk"];
                for what in &lost {
                    assert!(columns.iter().any(|c| what.contains(c)), "{what}");
                }
            }
        }
    }

    #[test]
    fn a_second_round_changes_nothing() {
        for format in FILES {
            let name = format!("g.{}", format.extensions().first().unwrap_or(&"tsv"));
            let first = format.write(&glossary(), &name).unwrap();
            let back = format.read(&first, &name).unwrap();
            assert!(back.dropped.is_empty(), "{}", format.name());
            let second = format.write(&back.entries, &name).unwrap();
            assert_eq!(first, second, "{}", format.name());
        }
    }

    #[test]
    fn an_unknown_format_names_the_known_ones() {
        let Err(Error::Unknown { known, .. }) = read(b"", "g.docx", None) else {
            panic!("it was read");
        };
        assert!(known.contains("omegat") && known.contains("tbx2"));
    }
}
