//! overzet's own files: TSV without quoting and CSV per RFC 4180, a header row, `#` comments.
//!
//! Excel in Dutch parts cells by semicolons and may write Windows-1252 or UTF-16: both are read. A
//! file that is changed keeps its comments, its columns, the order of its rows, and every byte of
//! the rows that did not change.

use super::format::{Contents, GlossaryFormat};
use super::table::{GlossaryCell, GlossaryRecord, GlossarySheet};
use super::text;
use crate::bitext::Span;
use crate::term::columns;
use crate::term::concept::Concept;
use crate::term::error::Error;
use std::borrow::Cow;

/// Tab-separated.
pub struct TsvGlossary;

/// Separated by commas or semicolons.
pub struct CsvGlossary;

impl GlossaryFormat for TsvGlossary {
    fn name(&self) -> &'static str {
        "tsv"
    }
    fn about(&self) -> &'static str {
        "overzet's own table, tab-separated"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["tsv"]
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let text = text::decode(bytes, name)?;
        sheet(name, &text, ColumnSeparator::TAB)?.entries()
    }
    fn write(&self, entries: &[Concept], _name: &str) -> Result<Vec<u8>, Error> {
        Ok(table(entries, ColumnSeparator::TAB))
    }
}

impl GlossaryFormat for CsvGlossary {
    fn name(&self) -> &'static str {
        "csv"
    }
    fn about(&self) -> &'static str {
        "overzet's own table, comma-separated (`;` is read too)"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["csv"]
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let text = text::decode(bytes, name)?;
        sheet(name, &text, ColumnSeparator::of_csv(&text))?.entries()
    }
    fn write(&self, entries: &[Concept], _name: &str) -> Result<Vec<u8>, Error> {
        Ok(table(entries, ColumnSeparator::COMMA))
    }
}

/// What parts the cells, and whether cells may be quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSeparator {
    mark: char,
    quotes: bool,
    comments: bool,
}

impl ColumnSeparator {
    /// Tabs, no quoting.
    pub const TAB: Self = Self {
        mark: '\t',
        quotes: false,
        comments: true,
    };
    /// Commas, with quoting.
    pub const COMMA: Self = Self {
        mark: ',',
        quotes: true,
        comments: true,
    };

    /// The same, in a format to which `#` is a character like any other.
    pub const fn without_comments(mut self) -> Self {
        self.comments = false;
        self
    }

    /// The separator of this CSV: by `sep=;`, else by the first line that is not a comment.
    pub fn of_csv(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim_end);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
        let head = first.unwrap_or_default();
        let mut mark = said(head).unwrap_or(',');
        if said(head).is_none() {
            for other in [';', '\t'] {
                if head.matches(other).count() > head.matches(mark).count() {
                    mark = other;
                }
            }
        }
        Self {
            mark,
            ..Self::COMMA
        }
    }

    /// A cell as it is written. A tab-separated cell cannot hold a tab or the
    /// end of a line: they become spaces.
    fn cell(self, text: &str, first: bool) -> String {
        if self.quotes {
            let special = text.contains([self.mark, '"', '\n', '\r'])
                || first && (self.comments && text.starts_with('#') || text.starts_with("sep="))
                || text.trim() != text;
            if special {
                return format!("\"{}\"", text.replace('"', "\"\""));
            }
            return text.to_owned();
        }
        let text = text.replace(['\t', '\n', '\r'], " ");
        // Spaces at the edge of a cell mean nothing; a line that begins with # would be a comment.
        if first && self.comments && text.starts_with('#') {
            format!(" {text}")
        } else {
            text
        }
    }

    /// A row as it is written, without the end of its line.
    pub fn row<'a>(self, cells: impl IntoIterator<Item = &'a str>) -> String {
        let mut row = String::new();
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                row.push(self.mark);
            }
            row.push_str(&self.cell(cell, index == 0));
        }
        row
    }
}

/// The separator that Excel's first line `sep=;` names.
fn said(line: &str) -> Option<char> {
    let mut chars = line.strip_prefix("sep=")?.chars();
    let mark = chars.next()?;
    (chars.next().is_none() && !mark.is_alphanumeric() && mark != '"').then_some(mark)
}

/// Cuts a file into rows.
///
/// Errors: [`Error::Broken`] for a quoted cell that is never closed.
pub fn sheet<'a>(
    name: &'a str,
    text: &'a str,
    by: ColumnSeparator,
) -> Result<GlossarySheet<'a>, Error> {
    let mut sheet = GlossarySheet {
        name,
        text,
        records: Vec::new(),
    };
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let end = line_end(text, at);
        let bare = text[at..end].trim_end_matches(['\n', '\r']);
        let comment = by.comments && bare.starts_with('#');
        if comment || bare.trim().is_empty() || by.quotes && said(bare).is_some() {
            at = end;
            line += 1;
            continue;
        }
        let (cells, end) = if by.quotes {
            quoted(&sheet, at, by.mark)?
        } else {
            (plain(bare, at, by.mark), end)
        };
        let lines = memchr::memchr_iter(b'\n', &text.as_bytes()[at..end]).count();
        if cells.iter().any(|cell| !cell.text.trim().is_empty()) {
            sheet.records.push(GlossaryRecord {
                cells,
                line,
                span: Span::new(at, end),
            });
        }
        at = end;
        line += lines;
    }
    Ok(sheet)
}

fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |i| from + i + 1)
}

fn plain(line: &str, mut at: usize, mark: char) -> Vec<GlossaryCell<'_>> {
    line.split(mark)
        .map(|cell| {
            let own = GlossaryCell {
                text: cell.into(),
                at,
            };
            at += cell.len() + mark.len_utf8();
            own
        })
        .collect()
}

fn quoted<'a>(
    sheet: &GlossarySheet<'a>,
    at: usize,
    mark: char,
) -> Result<(Vec<GlossaryCell<'a>>, usize), Error> {
    let text = sheet.text;
    let mut cells = Vec::new();
    let mut start = at;
    loop {
        let rest = &text[start..];
        let (cell, length) = if let Some(inside) = rest.strip_prefix('"') {
            let mut cell = String::new();
            let mut chars = inside.char_indices().peekable();
            let end = loop {
                match chars.next() {
                    Some((_, '"')) if chars.peek().is_some_and(|&(_, c)| c == '"') => {
                        chars.next();
                        cell.push('"');
                    }
                    Some((i, '"')) => break i + 2,
                    Some((_, c)) => cell.push(c),
                    None => {
                        let fix = "close it with `\"`";
                        return Err(sheet.broken("a quoted cell is never closed", start, 1, fix));
                    }
                }
            };
            (Cow::Owned(cell), end)
        } else {
            let end = rest.find([mark, '\n']).unwrap_or(rest.len());
            (rest[..end].trim_end_matches('\r').into(), end)
        };
        cells.push(GlossaryCell {
            text: cell,
            at: start,
        });
        start += length;
        match text[start..].strip_prefix(mark) {
            Some(rest) => start = text.len() - rest.len(),
            None => return Ok((cells, line_end(text, start))),
        }
    }
}

/// A new file.
fn table(entries: &[Concept], by: ColumnSeparator) -> Vec<u8> {
    let columns = columns::used(entries);
    let mut out = by.row(columns.iter().map(String::as_str));
    out.push('\n');
    for entry in entries {
        let cells: Vec<String> = columns.iter().map(|c| columns::get(entry, c)).collect();
        out.push_str(&by.row(cells.iter().map(String::as_str)));
        out.push('\n');
    }
    out.into_bytes()
}

/// A cell of a row that is there already, with its new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellEdit {
    /// Line of the row, from 1.
    pub line: usize,
    /// Name of the column.
    pub column: String,
    /// Its new value.
    pub text: String,
}

/// Changes a file that is there: the rows of the edits, and new rows at its end. Every other byte
/// stays; a file that was not UTF-8 becomes UTF-8 with a mark, which Excel reads.
///
/// Errors: those of reading the file.
pub fn rewrite(
    bytes: &[u8],
    name: &str,
    edits: &[CellEdit],
    new: &[Concept],
) -> Result<Vec<u8>, Error> {
    let text = text::decode(bytes, name)?;
    let by = if is_csv(name) {
        ColumnSeparator::of_csv(&text)
    } else {
        ColumnSeparator::TAB
    };
    let sheet = sheet(name, &text, by)?;
    let mut header = sheet.entries()?.columns;
    let head = &sheet.records[0];
    let wide = head.cells.len();
    // Cells of the header without a name hold nothing; they keep their place.
    let mut names: Vec<String> = head
        .cells
        .iter()
        .map(|c| c.text.trim().to_owned())
        .collect();
    let wanted = edits
        .iter()
        .filter(|e| !e.text.is_empty())
        .map(|e| &e.column);
    let used = columns::used(new);
    for column in wanted.chain(used.iter().filter(|c| *c != "id")) {
        if !header.contains(column) {
            header.push(column.clone());
            names.push(column.clone());
        }
    }
    let end_of_line = if text[head.span.start..head.span.end].ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut out = String::with_capacity(text.len() + 64 * new.len());
    let mut at = 0;
    for record in &sheet.records {
        let own: Vec<&CellEdit> = edits.iter().filter(|e| e.line == record.line).collect();
        let is_head = record.line == head.line && names.len() > wide;
        if own.is_empty() && !is_head {
            continue;
        }
        out.push_str(&text[at..record.span.start]);
        let raw = &text[record.span.start..record.span.end];
        at = record.span.end;
        let mut cells: Vec<String> = record.cells.iter().map(|c| c.text.to_string()).collect();
        if is_head {
            cells.clone_from(&names);
        }
        for edit in own {
            if let Some(index) = names.iter().position(|name| *name == edit.column) {
                if cells.len() <= index {
                    cells.resize(index + 1, String::new());
                }
                cells[index].clone_from(&edit.text);
            }
        }
        out.push_str(&by.row(cells.iter().map(String::as_str)));
        out.push_str(&raw[raw.trim_end_matches(['\n', '\r']).len()..]);
    }
    out.push_str(&text[at..]);
    if !new.is_empty() && !out.is_empty() && !out.ends_with('\n') {
        out.push_str(end_of_line);
    }
    for entry in new {
        let cells: Vec<String> = names.iter().map(|name| columns::get(entry, name)).collect();
        out.push_str(&by.row(cells.iter().map(String::as_str)));
        out.push_str(end_of_line);
    }
    let marked = !bytes.starts_with(text.as_bytes());
    Ok(if marked {
        [b"\xef\xbb\xbf", out.as_bytes()].concat()
    } else {
        out.into_bytes()
    })
}

/// Whether a file is CSV by its name.
pub fn is_csv(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".csv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::files;

    #[test]
    fn csv_quotes_and_semicolons_are_read() {
        let read = |bytes: &[u8]| files::read(bytes, "g.csv", None).map(|c| c.entries);
        let entries = read(b"nl;en;note\r\n\"a;b\";\"say \"\"x\"\"\";\r\nc;d;e\r\n").unwrap();
        assert_eq!(entries[0].nl, "a;b");
        assert_eq!(entries[0].en, "say \"x\"");
        assert_eq!(entries[1].note, "e");
        assert!(read(b"nl,en\n\"open,x\n").is_err());
        assert_eq!(read(b"sep=;\nnl;en\n1,5;1.5\n").unwrap()[0].nl, "1,5");
    }

    #[test]
    fn what_excel_writes_is_read() {
        let utf16: Vec<u8> = "\u{feff}nl\ten\r\nOekraïne\tUkraine\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [
            &utf16[..],
            b"nl;en\r\nOekra\xefne;Ukraine\r\n",
            "\u{feff}nl;en\r\nOekraïne;Ukraine\r\n".as_bytes(),
        ] {
            let entries = files::read(bytes, "g.csv", None).unwrap().entries;
            assert_eq!(entries[0].nl, "Oekraïne");
        }
    }

    #[test]
    fn a_rewrite_touches_only_what_it_must() {
        let old = "# desk\r\nen\tnl\tdesk\r\nKursk\tKoersk\tB\r\n\r\n# more\r\nKyiv\tKiev\tB";
        let edits = [
            CellEdit {
                line: 6,
                column: "en".into(),
                text: "Kyiv!".into(),
            },
            CellEdit {
                line: 6,
                column: "note".into(),
                text: "n".into(),
            },
        ];
        let new = Concept {
            nl: "Moskou".into(),
            en: "Moscow".into(),
            repair: true,
            numbered: true,
            ..Concept::default()
        };
        let out = rewrite(old.as_bytes(), "g.tsv", &edits, &[new]).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "# desk\r\nen\tnl\tdesk\tnote\r\nKursk\tKoersk\tB\r\n\r\n# more\r\nKyiv!\tKiev\tB\tn\r\nMoscow\tMoskou\t\t\r\n"
        );
    }
}
