//! Glossary files of every kind: the table of formats, how one is chosen, and what a file could not hold.
//!
//! A new format is one file and one row in [`FILES`]. Every format says what it read and what it had to leave; what a written file lost is found by reading
//! it back, so that the report cannot be wrong.

mod amazon;
mod deepl;
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

use super::columns;
use super::{Concept, Error, merge};
#[cfg(feature = "xlsx")]
use super::{Glossary, survey::Survey};

/// What a glossary file says.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The entries, in file order.
    pub entries: Vec<Concept>,
    /// The columns that the file speaks of; of the others it says nothing.
    pub columns: Vec<String>,
    /// Rows that are wrong, each with its place.
    pub broken: Vec<Error>,
    /// Whether the file could have vetoed a form.
    pub vetoes: bool,
    /// What was in the file and has no place in an entry, with how often.
    pub dropped: Vec<(String, usize)>,
}

impl Contents {
    fn with_columns(columns: &[&str]) -> Self {
        Self {
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            ..Self::default()
        }
    }

    /// Adds an entry; one without an id is counted.
    fn push(&mut self, mut entry: Concept) {
        if entry.id.is_empty() || entry.numbered {
            entry.id = (self.entries.len() + 1).to_string();
            entry.numbered = true;
        }
        self.entries.push(entry);
    }

    fn drop(&mut self, what: String) {
        match self.dropped.iter_mut().find(|(own, _)| *own == what) {
            Some((_, count)) => *count += 1,
            None => self.dropped.push((what, 1)),
        }
    }
}

/// A format of glossary files.
pub trait Files: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;
    /// One line for people.
    fn about(&self) -> &'static str;
    /// Extensions that mean this format, without the dot.
    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }
    /// Reads a file; `name` is for messages, and its extension tells tabs from commas.
    ///
    /// Errors: [`Error::Broken`] with the place, [`Error::Unreadable`].
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error>;
    /// Writes a file; what the format cannot hold is left out.
    ///
    /// Errors: [`Error::Unreadable`] where the format has a limit that the entries pass.
    fn write(&self, entries: &[Concept], name: &str) -> Result<Vec<u8>, Error>;
}

/// The formats.
pub static FILES: &[&dyn Files] = &[
    &native::Tsv,
    &native::Csv,
    #[cfg(feature = "xlsx")]
    &xlsx::Xlsx,
    &tbx::Tbx,
    &tbx::Martif,
    &deepl::DeepL,
    &google::OneWay,
    &google::TermSet,
    &amazon::Amazon,
    &tmx::Tmx,
    &omegat::OmegaT,
];

/// The format of a name that the user gave, else of the file's extension.
///
/// Errors: [`Error::Unknown`] with all that there are.
pub fn format(name: &str, kind: Option<&str>) -> Result<&'static dyn Files, Error> {
    let extension = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    let fits = |format: &&&dyn Files| match kind {
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
/// Errors: [`Error::Unknown`], [`Error::Broken`] with the first thing that is wrong, [`Error::Unreadable`].
pub fn read(bytes: &[u8], name: &str, kind: Option<&str>) -> Result<Contents, Error> {
    let mut contents = format(name, kind)?.read(bytes, name)?;
    if contents.broken.is_empty() {
        Ok(contents)
    } else {
        Err(contents.broken.swap_remove(0))
    }
}

/// A glossary as the bytes of a file, with what they do not hold.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Entries that are not in the file at all, as people read them.
    pub absent: Vec<String>,
    /// Columns that the file does not hold, in their order, with the entries of which it is true.
    pub lost: Vec<(String, Vec<String>)>,
}

/// Writes a glossary, reads it back, and tells what is not there any more.
///
/// Errors: [`Error::Unknown`]; what the format refuses.
pub fn write(entries: &[Concept], name: &str, kind: Option<&str>) -> Result<Written, Error> {
    let format = format(name, kind)?;
    let mut written = Written {
        bytes: format.write(entries, name)?,
        ..Written::default()
    };
    let back = format.read(&written.bytes, name)?;
    let known = merge::Index::new(&back.entries);
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

/// A survey as a workbook: the glossary on the first sheet, as `glossary import` takes it back; then the candidates, with a column `take` in which a `yes`
/// makes them entries of the import; then every occurrence, and every form with how often it was found.
///
/// Errors: [`Error::Unreadable`] where Excel has a limit that the survey passes.
#[cfg(feature = "xlsx")]
pub fn review(glossary: &Glossary, survey: &Survey, name: &str) -> Result<Vec<u8>, Error> {
    xlsx::review(glossary.entries(), survey, name)
}

/// What changes in a glossary file.
#[derive(Debug, Clone, Default)]
pub struct Update {
    edits: Vec<native::Edit>,
    /// Entries to be added at the end.
    pub new: Vec<Concept>,
}

impl Update {
    /// Changes an entry of the file.
    pub fn edit(&mut self, entry: &Concept, differences: &[merge::Difference]) {
        let edits = differences.iter().map(|difference| native::Edit {
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

/// A glossary file with an update made: `old` are its bytes, none where it is yet to be. TSV and CSV keep every byte that need not change; a workbook is
/// written anew with its columns and the order of its rows.
///
/// Errors: [`Error::Unknown`] for a format in which no glossary is kept; those of reading it.
pub fn update(old: Option<&[u8]>, name: &str, update: &Update) -> Result<Vec<u8>, Error> {
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
fn spread(entry: &Concept, known: &merge::Index<'_>) -> bool {
    entry.vetoed.is_empty() && entry.nl_forms.iter().all(|form| known.has(form))
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
