//! Excel workbooks: the first sheet holds the columns of overzet.
//!
//! Every cell is text, so that no spreadsheet turns `mei-16` into a date or `1.300` into 1,3; the
//! header stays in view, and columns that take one of a few words offer them.

use super::format::{Contents, GlossaryFormat};
use super::native::{self, ColumnSeparator};
use crate::term::columns;
use crate::term::concept::Concept;
use crate::term::error::Error;
use calamine::{DataRef, Reader, Xlsx as Workbook};
use rust_xlsxwriter as excel;
use std::io::{self, Cursor, Read};

/// Excel workbooks.
pub struct XlsxGlossary;

/// Columns that a row may have; a hostile sheet could have sixteen thousand in every one of its
/// million rows.
const WIDEST: u32 = 1_000;

/// Bytes that a workbook may unpack to, and its sheet hold as text, at most; a few bytes of zip can
/// hold any number.
const LARGEST: usize = 1 << 28;

/// The sheet of candidates in the workbook of a review, and its column that takes them.
pub const CANDIDATES: &str = "candidates";
pub const TAKE: &str = "take";

impl GlossaryFormat for XlsxGlossary {
    fn name(&self) -> &'static str {
        "xlsx"
    }
    fn about(&self) -> &'static str {
        "Excel workbook, first sheet, the columns of overzet"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["xlsx"]
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let unreadable = |reason| Error::Unreadable {
            path: name.to_owned(),
            reason,
        };
        bounded(bytes, LARGEST as u64).map_err(unreadable)?;
        let table = |text: &str| {
            native::sheet(name, text, ColumnSeparator::TAB.without_comments())?.entries()
        };
        let mut contents = table(
            &read_sheet(bytes, None)
                .map_err(unreadable)?
                .unwrap_or_default(),
        )?;
        let further = read_sheet(bytes, Some(CANDIDATES)).map_err(unreadable)?;
        if let Some(further) = further.filter(|text| !text.trim().is_empty()) {
            let candidates = table(&further)?;
            let taken = |entry: &Concept| columns::get(entry, TAKE).eq_ignore_ascii_case("yes");
            for mut entry in candidates.entries.into_iter().filter(taken) {
                entry.other.retain(|(name, _)| name != TAKE);
                contents.push(entry);
            }
        }
        Ok(contents)
    }
    fn write(&self, entries: &[Concept], name: &str) -> Result<Vec<u8>, Error> {
        let mut columns = columns::used(entries);
        for wanted in ["policy", "status"] {
            if !columns.iter().any(|column| column == wanted) {
                columns.push(wanted.to_owned());
            }
        }
        write(entries, &columns, name)
    }
}

/// A workbook with these columns, in this order.
///
/// Errors: [`Error::Unreadable`] where Excel has a limit that the entries pass.
pub fn write(entries: &[Concept], columns: &[String], name: &str) -> Result<Vec<u8>, Error> {
    sheet(entries, columns).map_err(|error| Error::Unreadable {
        path: name.to_owned(),
        reason: error.to_string(),
    })
}

/// Refuses a workbook that unpacks to more than so many bytes. They are counted: the sizes in
/// an archive's own table may be false.
fn bounded(bytes: &[u8], most: u64) -> Result<(), String> {
    let wrong = |error: &dyn std::error::Error| format!("it is not an Excel workbook: {error}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| wrong(&e))?;
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|e| wrong(&e))?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|e| wrong(&e))?;
        left = left.checked_sub(size).ok_or_else(|| {
            format!(
                "it unpacks to more than {} MB, too large for a glossary",
                most >> 20
            )
        })?;
    }
    Ok(())
}

/// The first sheet, or the one of this name, as tab-separated lines, a line for a row; none if
/// there is none of the name. Cells are read one after the other: what two far corners span is
/// never made.
fn read_sheet(bytes: &[u8], name: Option<&str>) -> Result<Option<String>, String> {
    let wrong = |error: calamine::XlsxError| format!("it is not an Excel workbook: {error}");
    let mut book: Workbook<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(wrong)?;
    let names = book.sheet_names();
    let own = match name {
        None => Some(names.first().ok_or("the workbook has no sheet")?),
        Some(name) => names.iter().skip(1).find(|own| *own == name),
    };
    let Some(own) = own else {
        return Ok(None);
    };
    let mut reader = book.worksheet_cells_reader(own).map_err(wrong)?;
    let mut text = String::new();
    let (mut line, mut at) = (0, 0);
    while let Some(found) = reader.next_cell().map_err(wrong)? {
        let (row, column) = found.get_position();
        let said = cell(found.get_value(), row, column)?;
        if said.is_empty() {
            continue;
        }
        if column >= WIDEST || text.len() + said.len() > LARGEST {
            return Err("its first sheet is too large for a glossary".into());
        }
        if row < line || row == line && column < at {
            return Err("the cells of its first sheet are not in order".into());
        }
        // Lines are numbered as the spreadsheet numbers its rows.
        while line < row {
            text.push('\n');
            (line, at) = (line + 1, 0);
        }
        while at < column {
            text.push('\t');
            at += 1;
        }
        text.push_str(&said);
    }
    Ok(Some(text))
}

/// A cell as text: whole numbers without a fraction, dates in ISO 8601.
fn cell(data: &DataRef<'_>, row: u32, column: u32) -> Result<String, String> {
    let text = match data {
        DataRef::Empty => String::new(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::DateTime(when) if when.is_datetime() => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(when) => when.as_f64().to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        DataRef::Error(error) => {
            let (row, column) = (row + 1, column + 1);
            return Err(format!(
                "row {row}, column {column} holds the error {error}"
            ));
        }
    };
    Ok(text.trim().replace(['\t', '\n', '\r'], " "))
}

fn sheet(entries: &[Concept], columns: &[String]) -> Result<Vec<u8>, excel::XlsxError> {
    let mut book = workbook()?;
    glossary(&mut book, "glossary", entries, columns)?;
    book.save_to_buffer()
}

/// A workbook without sheets. The same glossary gives the same bytes, at any time.
pub fn workbook() -> Result<excel::Workbook, excel::XlsxError> {
    let mut book = excel::Workbook::new();
    let birth = excel::ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&excel::DocProperties::new().set_creation_datetime(&birth));
    Ok(book)
}

/// Adds a sheet of text with a header that stays in view and filters.
pub fn table<'b>(
    book: &'b mut excel::Workbook,
    name: &str,
    header: &[&str],
    rows: &[Vec<String>],
) -> Result<&'b mut excel::Worksheet, excel::XlsxError> {
    let page = book.add_worksheet();
    page.set_name(name)?;
    page.set_freeze_panes(1, 0)?;
    let head = excel::Format::new()
        .set_bold()
        .set_background_color("E9E4D8")
        .set_border_bottom(excel::FormatBorder::Thin);
    let text = excel::Format::new().set_num_format("@");
    for (column, name) in (0u16..).zip(header) {
        page.set_column_format(column, &text)?;
        page.set_column_width(column, width(name))?;
        page.write_string_with_format(0, column, *name, &head)?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            // A cell holds 32,767 characters.
            let most = cell
                .char_indices()
                .nth(32_000)
                .map_or(cell.len(), |(at, _)| at);
            page.write_string_with_format(row, column, &cell[..most], &text)?;
        }
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
    page.autofilter(0, 0, last, (header.len().max(1) - 1) as u16)?;
    Ok(page)
}

/// Adds a sheet of entries; columns that take one of a few words offer them.
pub fn glossary(
    book: &mut excel::Workbook,
    name: &str,
    entries: &[Concept],
    columns: &[String],
) -> Result<(), excel::XlsxError> {
    let header: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| columns.iter().map(|c| columns::get(entry, c)).collect())
        .collect();
    let page = table(book, name, &header, &rows)?;
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
    for (column, name) in (0u16..).zip(columns) {
        let words = match name.as_str() {
            TAKE => vec!["no", "yes"],
            other => columns::choices(other),
        };
        if words.is_empty() {
            continue;
        }
        let offer = excel::DataValidation::new()
            .allow_list_strings(&words)?
            .set_error_title("overzet")?
            .set_error_message(format!("one of {}", words.join(", ")))?;
        // Rows that are still to come offer the words too.
        page.add_data_validation(1, column, last + 1_000, column, &offer)?;
    }
    Ok(())
}

/// Width of a column, in characters.
fn width(column: &str) -> f64 {
    match column {
        "nl" | "en" | "nl_forms" | "en_accept" | "en_family" | "forbidden" => 28.0,
        "note" | "url" => 40.0,
        "dutch" | "english" => 70.0,
        "form" | "rendered" | "found" => 24.0,
        "when" => 20.0,
        _ => 13.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_comes_back_and_is_always_the_same() {
        let mut entry = Concept {
            nl: "=1+1".into(),
            en: "mei-16".into(),
            repair: false,
            numbered: true,
            ..Concept::default()
        };
        for (column, text) in [
            ("nl_forms", "1.300|!x"),
            ("desk", "007"),
            ("policy", "keep"),
        ] {
            columns::set(&mut entry, column, text).unwrap();
        }
        let bytes = XlsxGlossary.write(&[entry.clone()], "g.xlsx").unwrap();
        assert_eq!(
            bytes,
            XlsxGlossary.write(&[entry.clone()], "g.xlsx").unwrap()
        );
        let back = XlsxGlossary.read(&bytes, "g.xlsx").unwrap();
        for column in columns::used(&[entry.clone()]) {
            assert_eq!(
                columns::get(&back.entries[0], &column),
                columns::get(&entry, &column),
                "{column}"
            );
        }
        assert_eq!(back.entries[0].place.line, 2);
        assert!(bounded(&bytes, 1 << 20).is_ok());
        let refused = bounded(&bytes, 2_000).unwrap_err();
        assert!(refused.contains("unpacks to more than"), "{refused}");
        assert!(XlsxGlossary.read(b"PK\x03\x04", "g.xlsx").is_err());
    }
}
