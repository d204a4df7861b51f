//! CSV and TSV as documents: the cells of named columns are the texts. Delimiter, quoting, line ends
//! and every other cell keep their bytes.
//!
//! Source: RFC 4180; semicolons and tabs are read as well.

use super::contract::{ContainerFormat, Format, FoundPart, ReadOptions, Reading};
use super::decode::{decode, encode};
use super::error::Error;
use super::field_part::{field_part, guessed, render_field};
use super::splice::Splices;
use crate::bitext::{Block, Lang, Notice, OffsetMap, Place, Role, Span, Text};
use crate::language::lines::Newlines;
use std::collections::HashMap;

/// The most cells of a file.
const MOST_CELLS: usize = 5_000_000;

/// Tables of text.
pub struct CsvDocument;

/// A cell: its bytes, with its quotation marks, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CsvCell {
    span: Span,
    text: String,
    is_quoted: bool,
}

/// The rows of a table, and the mark between its cells.
#[derive(Debug)]
struct CsvTable {
    delimiter: char,
    rows: Vec<Vec<CsvCell>>,
}

impl Format for CsvDocument {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "tab"]
    }

    fn find(&self, _source: &str, _lang: &Lang) -> Reading {
        Reading::default()
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        render_field(block, text, out)
    }

    fn container(&self) -> Option<&dyn ContainerFormat> {
        Some(self)
    }
}

impl ContainerFormat for CsvDocument {
    fn is_own(&self, _bytes: &[u8]) -> bool {
        false
    }

    fn open(
        &self,
        bytes: &[u8],
        lang: &Lang,
        options: &ReadOptions,
    ) -> Result<Vec<FoundPart>, Error> {
        let (source, _, notices) = decode(bytes)?;
        let table = read(&source)?;
        let columns = columns(&table, &options.columns)?;
        let options = options.clone().with_newlines(Newlines::Soft);
        let mut parts = Vec::new();
        for (row, cells) in table.rows.iter().enumerate().skip(1) {
            for &column in &columns {
                let Some(cell) = cells.get(column) else {
                    continue;
                };
                if !cell.text.chars().any(char::is_alphabetic) {
                    continue;
                }
                let name = cell_name(row, column);
                let notation = guessed(&cell.text);
                parts.push(field_part(
                    name,
                    &cell.text,
                    (notation, Some(Role::Cell)),
                    lang,
                    &options,
                ));
            }
        }
        if parts.is_empty() {
            parts.push(FoundPart::default());
        }
        let uneven = table
            .rows
            .iter()
            .filter(|row| row.len() != table.rows[0].len());
        let mut notices = notices;
        let count = uneven.count();
        if count > 0 {
            let what = if count == 1 { "row has" } else { "rows have" };
            let message = format!("{count} {what} another number of cells than the header");
            notices.push(Notice {
                message,
                span: None,
            });
        }
        if let Some(first) = parts.first_mut() {
            first.reading.notices.splice(0..0, notices);
        }
        Ok(parts)
    }

    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
        let (source, encoding, _) = decode(original)?;
        let table = read(&source)?;
        let new: HashMap<&str, &[u8]> = parts.iter().map(|(name, text)| (*name, &**text)).collect();
        let mut splices = Splices::default();
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let Some(text) = new.get(&*cell_name(row, column)) else {
                    continue;
                };
                let text = String::from_utf8_lossy(text);
                let is_plain = !text.contains([table.delimiter, '"', '\n', '\r']);
                let written = if is_plain && !cell.is_quoted {
                    text.into_owned()
                } else {
                    format!("\"{}\"", text.replace('"', "\"\""))
                };
                splices.replace(cell.span, written);
            }
        }
        Ok(encode(&splices.apply(&source), encoding, false).0)
    }
}

fn cell_name(row: usize, column: usize) -> String {
    format!("r{}c{}", row + 1, column + 1)
}

/// The numbers of the columns, from 0.
///
/// Errors: [`Error::Refused`] without columns, and for one that the table does not have.
fn columns(table: &CsvTable, wanted: &[String]) -> Result<Vec<usize>, Error> {
    let header = &table.rows[0];
    let names: Vec<&str> = header.iter().map(|cell| cell.text.trim()).collect();
    let advice = format!(
        "name columns with `--columns`; the header has: {}",
        names.join(", ")
    );
    if wanted.is_empty() {
        return Err(Error::Refused {
            what: "which columns of this table are texts is not known".into(),
            advice,
        });
    }
    wanted
        .iter()
        .map(|name| {
            let is = |own: &&str| own.eq_ignore_ascii_case(name.trim());
            names.iter().position(is).ok_or_else(|| Error::Refused {
                what: format!("the table has no column `{}`", name.trim()),
                advice: advice.clone(),
            })
        })
        .collect()
}

/// Reads a table.
///
/// Errors: [`Error::Broken`] with the place.
fn read(source: &str) -> Result<CsvTable, Error> {
    let first = source.lines().next().unwrap_or_default();
    let delimiter = ['\t', ';', ',', '|']
        .into_iter()
        .max_by_key(|mark| (first.matches(*mark).count(), *mark == ','))
        .unwrap_or(',');
    let mut rows = vec![Vec::new()];
    let (mut at, mut count) = (0, 0);
    loop {
        let (cell, end) = cell(source, at, delimiter)?;
        count += 1;
        if count > MOST_CELLS {
            return Err(broken("the table has too many cells", source, at));
        }
        if let Some(row) = rows.last_mut() {
            row.push(cell);
        }
        let rest = &source[end..];
        at = if rest.starts_with(delimiter) {
            end + delimiter.len_utf8()
        } else {
            let line_end = if rest.starts_with("\r\n") {
                2
            } else {
                rest.len().min(1)
            };
            if end + line_end >= source.len() {
                break;
            }
            rows.push(Vec::new());
            end + line_end
        };
    }
    Ok(CsvTable { delimiter, rows })
}

/// The cell that begins at `at`, and where it ends.
fn cell(source: &str, at: usize, delimiter: char) -> Result<(CsvCell, usize), Error> {
    let rest = &source[at..];
    if let Some(inner) = rest.strip_prefix('"') {
        let mut text = String::new();
        let mut from = 0;
        loop {
            let Some(mark) = inner[from..].find('"') else {
                return Err(broken("a quotation mark is not closed", source, at));
            };
            text.push_str(&inner[from..from + mark]);
            from += mark + 1;
            if !inner[from..].starts_with('"') {
                break;
            }
            text.push('"');
            from += 1;
        }
        let end = at + 1 + from;
        let next = source[end..].chars().next();
        if next.is_some_and(|c| c != delimiter && c != '\n' && c != '\r') {
            return Err(broken("text behind a closing quotation mark", source, end));
        }
        let span = Span::new(at, end);
        return Ok((
            CsvCell {
                span,
                text,
                is_quoted: true,
            },
            end,
        ));
    }
    let end = at + rest.find([delimiter, '\n', '\r']).unwrap_or(rest.len());
    let span = Span::new(at, end);
    Ok((
        CsvCell {
            span,
            text: span.of(source).to_owned(),
            is_quoted: false,
        },
        end,
    ))
}

fn broken(what: &str, source: &str, at: usize) -> Error {
    Error::Broken {
        what: what.to_owned(),
        place: Box::new(Place::at("", source, at, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{encode as encode_document, read_with, write};

    fn options(columns: &[&str]) -> ReadOptions {
        ReadOptions {
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            ..ReadOptions::default()
        }
    }

    /// The texts of a table, and the table with each in capitals.
    fn shout(file: &str, name: &str, columns: &[&str]) -> Result<(Vec<String>, String), Error> {
        let lang = Lang::new("nl");
        let bytes = file.as_bytes();
        let document = read_with(bytes, Some(name), None, &lang, &[], &options(columns))?;
        let texts: Vec<Text> = document
            .blocks
            .iter()
            .map(|block| block.text.clone())
            .collect();
        let same = write(&document, &texts)?;
        assert_eq!(encode_document(&document, &same.parts)?.0, bytes);
        let capitals: Vec<Text> = texts
            .iter()
            .map(|text| Text {
                plain: text.plain.to_uppercase(),
                ..text.clone()
            })
            .collect();
        let written = write(&document, &capitals)?;
        let written = encode_document(&document, &written.parts)?.0;
        let texts = texts.into_iter().map(|text| text.plain).collect();
        Ok((texts, String::from_utf8(written).unwrap()))
    }

    #[test]
    fn only_the_named_columns_change() {
        let file =
            "id;kop;tekst\r\na1;Dag;\"Een \"\"zin\"\"; en\r\nnog een.\"\r\nb2;;\r\nc3;12;x\r\n";
        let (texts, written) = shout(file, "a.csv", &["kop", "TEKST"]).unwrap();
        assert_eq!(texts, ["Dag", "Een \"zin\"; en nog een.", "x"]);
        let wanted = file
            .replace("Dag", "DAG")
            // Lines of a cell are those of running text.
            .replace(
                "Een \"\"zin\"\"; en\r\nnog een.",
                "EEN \"\"ZIN\"\"; EN NOG EEN.",
            )
            .replace(";x", ";X");
        assert_eq!(written, wanted);
        let tabs = "a\tb\nDag\tx, y\n";
        assert_eq!(shout(tabs, "a.tsv", &["b"]).unwrap().1, "a\tb\nDag\tX, Y\n");
        let html = "a,b\n1,<p>Een <b>zin</b>.</p>\n";
        let wanted = "a,b\n1,<p>EEN <b>ZIN</b>.</p>\n";
        assert_eq!(shout(html, "a.csv", &["b"]).unwrap().1, wanted);
    }

    #[test]
    fn without_columns_the_message_names_them() {
        for (columns, what) in [(&[][..], "not known"), (&["lead"][..], "no column `lead`")] {
            let Err(Error::Refused { what: own, advice }) =
                shout("kop,tekst\na,b\n", "a.csv", columns)
            else {
                panic!("{columns:?}");
            };
            assert!(
                own.contains(what) && advice.ends_with("kop, tekst"),
                "{own} {advice}"
            );
        }
    }

    #[test]
    fn a_broken_table_is_an_error_with_its_place() {
        for (file, line) in [("a,b\n1,\"x\n", 2), ("a,b\n\"x\"y,1\n", 2)] {
            let Err(Error::Broken { place, .. }) = shout(file, "a.csv", &["b"]) else {
                panic!("{file}");
            };
            assert_eq!((place.line, place.file.as_str()), (line, "a.csv"));
        }
    }
}
