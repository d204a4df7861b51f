//! A table of cells as entries: the header names the columns, every row is an entry, errors point
//! at their cell.
//!
//! `nl⇥en` and `Koersk⇥Kursk` → the entry Koersk → Kursk, with the line that it stands in.

use super::format::Contents;
use crate::bitext::{Place, Span};
use crate::term::columns::{self, COLUMNS};
use crate::term::concept::Concept;
use crate::term::error::Error;
use std::borrow::Cow;

/// A cell with where it stands in the text of its file.
#[derive(Debug, Clone)]
pub struct GlossaryCell<'a> {
    /// Its text.
    pub text: Cow<'a, str>,
    /// Its first byte in the file.
    pub at: usize,
}

/// A row of cells.
#[derive(Debug, Clone)]
pub struct GlossaryRecord<'a> {
    /// The cells.
    pub cells: Vec<GlossaryCell<'a>>,
    /// Line of its first byte, from 1.
    pub line: usize,
    /// Its bytes, the end of the line included.
    pub span: Span,
}

/// A file as rows; blank rows and comments are left out.
#[derive(Debug)]
pub struct GlossarySheet<'a> {
    /// Name of the file, for messages.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Its rows; the first is the header, where the format has one.
    pub records: Vec<GlossaryRecord<'a>>,
}

impl GlossarySheet<'_> {
    /// An error that points at a stretch of the file.
    pub fn broken(
        &self,
        what: impl Into<String>,
        at: usize,
        len: usize,
        fix: impl Into<String>,
    ) -> Error {
        Error::Broken {
            what: what.into(),
            place: Box::new(Place::at(self.name, self.text, at, len.max(1))),
            fix: fix.into(),
        }
    }

    /// The place of a row.
    pub fn place(&self, record: &GlossaryRecord<'_>) -> Place {
        let text = &self.text[record.span.start..record.span.end];
        let line = text.lines().next().unwrap_or_default();
        Place {
            file: self.name.to_owned(),
            line: record.line,
            column: 1,
            width: line.chars().count().max(1),
            text: line.to_owned(),
        }
    }

    /// The entries of a table whose first row names the columns of overzet. A row that is wrong is
    /// listed in `broken` and left out.
    ///
    /// Errors: [`Error::Broken`] for a header that is wrong.
    pub fn entries(&self) -> Result<Contents, Error> {
        let Some((head, rows)) = self.records.split_first() else {
            return Err(self.broken(
                "the file has no header row",
                0,
                1,
                "begin it with a line that names the columns, at least `nl` and `en`",
            ));
        };
        let columns = self.columns(&head.cells)?;
        let mut entries = Vec::with_capacity(rows.len());
        let mut broken = Vec::new();
        for (number, record) in rows.iter().enumerate() {
            match self.entry(&columns, record, number) {
                Ok(entry) => entries.push(entry),
                Err(error) => broken.push(error),
            }
        }
        Ok(Contents {
            entries,
            broken,
            columns: columns.into_iter().filter(|c| !c.is_empty()).collect(),
            vetoes: true,
            dropped: Vec::new(),
        })
    }

    fn columns(&self, cells: &[GlossaryCell<'_>]) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = Vec::new();
        for cell in cells {
            let name = cell.text.trim().to_owned();
            if names.contains(&name) && !name.is_empty() {
                return Err(self.broken(
                    format!("the column `{name}` stands twice"),
                    cell.at,
                    cell.text.len(),
                    "remove one",
                ));
            }
            if !COLUMNS.contains(&name.as_str())
                && let Some(near) = COLUMNS.into_iter().find(|known| is_near(&name, known))
            {
                return Err(self.broken(
                    format!("unknown column `{name}`"),
                    cell.at,
                    cell.text.len(),
                    format!("did you mean `{near}`?"),
                ));
            }
            names.push(name);
        }
        for needed in ["nl", "en"] {
            if !names.iter().any(|name| name == needed) {
                let at = cells.first().map_or(0, |cell| cell.at);
                return Err(self.broken(
                    format!("the header has no column `{needed}`"),
                    at,
                    1,
                    "the first line that is not a comment names the columns, at least `nl` and `en`",
                ));
            }
        }
        Ok(names)
    }

    fn entry(
        &self,
        header: &[String],
        record: &GlossaryRecord<'_>,
        number: usize,
    ) -> Result<Concept, Error> {
        let cells = &record.cells;
        let beyond = cells.iter().skip(header.len());
        if let Some(extra) = beyond.into_iter().find(|c| !c.text.trim().is_empty()) {
            return Err(self.broken(
                format!(
                    "this row has {} cells, the header {}",
                    cells.len(),
                    header.len()
                ),
                extra.at,
                extra.text.len(),
                "remove the cell, or name its column in the header",
            ));
        }
        let mut concept = Concept {
            repair: true,
            place: self.place(record),
            ..Concept::default()
        };
        for (column, cell) in header.iter().zip(cells).filter(|(c, _)| !c.is_empty()) {
            columns::set(&mut concept, column, &cell.text).map_err(|choices| {
                self.broken(
                    format!("`{}` is not a value of {column}", cell.text.trim()),
                    cell.at,
                    cell.text.len(),
                    format!("one of {choices}"),
                )
            })?;
        }
        for (name, value) in [("nl", &concept.nl), ("en", &concept.en)] {
            if value.is_empty() {
                return Err(self.broken(
                    format!("this row has no `{name}`"),
                    record.span.start,
                    concept.place.text.len(),
                    "every row needs its Dutch and its English form",
                ));
            }
        }
        if concept.id.is_empty() {
            concept.id = (number + 1).to_string();
            concept.numbered = true;
        }
        Ok(concept)
    }
}

/// Whether two names differ by one or two letters, as misspelt ones do.
fn is_near(name: &str, known: &str) -> bool {
    if name.len() < 3 || known.len() < 4 || name.len().abs_diff(known.len()) > 2 {
        return false;
    }
    let same: usize = name
        .bytes()
        .zip(known.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let tail: usize = name
        .bytes()
        .rev()
        .zip(known.bytes().rev())
        .take_while(|(a, b)| a == b)
        .count();
    same + tail + 2 >= known.len().max(name.len()) && same > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::files;

    fn read(name: &str, text: &str) -> Result<Vec<Concept>, Error> {
        files::read(text.as_bytes(), name, None).map(|contents| contents.entries)
    }

    #[test]
    fn a_misspelt_column_points_at_itself() {
        let Err(Error::Broken { place, fix, .. }) =
            read("names.tsv", "nl\ten\tpolicie\nKoersk\tKursk\t\n")
        else {
            panic!("it passed");
        };
        assert_eq!((place.line, place.column), (1, 7));
        assert!(fix.contains("policy"));
        assert!(read("n.tsv", "nl\ten\tdesk\nKoersk\tKursk\tBuitenland\n").is_ok());
    }

    #[test]
    fn wrong_values_say_what_is_right() {
        for (text, line, column) in [
            ("nl\ten\tpolicy\nKoersk\tKursk\texakt\n", 2, 14),
            ("# c\nnl\ten\nKoersk\n", 3, 1),
            ("nl\ten\nKoersk\tKursk\textra\n", 2, 14),
            ("nl\ten\twhen\na\tb\tland=US\n", 2, 5),
        ] {
            let Err(Error::Broken { place, .. }) = read("n.tsv", text) else {
                panic!("{text}");
            };
            assert_eq!((place.line, place.column), (line, column), "{text}");
        }
    }

    #[test]
    fn rows_know_their_lines() {
        let text = "# c\nnl,en\n\na,\"b\nc\"\n,\n#x,y\nd,e\n";
        let entries = read("n.csv", text).unwrap();
        let lines: Vec<usize> = entries.iter().map(|entry| entry.place.line).collect();
        assert_eq!(lines, [4, 8], "rows of empty cells are blank");
    }
}
