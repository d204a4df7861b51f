//! Reads the glossary's own files: TSV without quoting and CSV per RFC 4180, a header row, `#` comments.

use super::Error;
use super::glossary::{Article, Case, Concept, Policy, Status, When};
use crate::bitext::Place;

/// The columns that mean something.
pub const COLUMNS: [&str; 19] = [
    "id",
    "nl",
    "nl_forms",
    "en",
    "en_accept",
    "en_family",
    "forbidden",
    "policy",
    "case",
    "article",
    "when",
    "repair",
    "pos",
    "domain",
    "status",
    "note",
    "url",
    "owner",
    "updated",
];

/// A cell with where it stands in the file.
struct Cell {
    text: String,
    at: usize,
}

/// What is needed to point at something.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn broken(
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
}

/// Reads the entries of a file. The name's extension tells CSV from TSV.
pub fn read(name: &str, text: &str) -> Result<Vec<Concept>, Error> {
    let source = Source { name, text };
    let is_csv = name.to_ascii_lowercase().ends_with(".csv");
    let skip = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut header: Option<Vec<String>> = None;
    let mut entries = Vec::new();
    let mut at = skip;
    while at < text.len() {
        let (cells, end) = if is_csv {
            csv_record(text, at, &source)?
        } else {
            tsv_record(text, at)
        };
        let line = text[at..end].trim();
        let (start, blank) = (at, line.is_empty() || line.starts_with('#'));
        at = end;
        if blank {
            continue;
        }
        match &header {
            None => header = Some(columns(&cells, &source)?),
            Some(header) => entries.push(entry(header, &cells, start, entries.len(), &source)?),
        }
    }
    if header.is_none() {
        return Err(source.broken(
            "the file has no header row",
            0,
            1,
            "begin it with a line that names the columns, at least `nl` and `en`",
        ));
    }
    Ok(entries)
}

fn tsv_record(text: &str, at: usize) -> (Vec<Cell>, usize) {
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i + 1);
    let line = text[at..end].trim_end_matches(['\n', '\r']);
    let mut start = at;
    let cells = line
        .split('\t')
        .map(|cell| {
            let own = Cell {
                text: cell.to_owned(),
                at: start,
            };
            start += cell.len() + 1;
            own
        })
        .collect();
    (cells, end)
}

fn csv_record(text: &str, at: usize, source: &Source<'_>) -> Result<(Vec<Cell>, usize), Error> {
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |i| from + i + 1);
    let first = &text[at..line_end(at)];
    if first.starts_with('#') {
        return Ok((Vec::new(), line_end(at)));
    }
    // Dutch Excel parts cells by semicolons: the header tells.
    let head = text
        .lines()
        .find(|l| !l.starts_with('#'))
        .unwrap_or_default();
    let separator = if head.matches(';').count() > head.matches(',').count() {
        ';'
    } else {
        ','
    };
    let mut cells = Vec::new();
    let mut start = at;
    loop {
        let rest = &text[start..];
        let (cell, length) = if let Some(quoted) = rest.strip_prefix('"') {
            let mut cell = String::new();
            let mut chars = quoted.char_indices().peekable();
            let end = loop {
                match chars.next() {
                    Some((_, '"')) if chars.peek().is_some_and(|&(_, c)| c == '"') => {
                        chars.next();
                        cell.push('"');
                    }
                    Some((i, '"')) => break i + 2,
                    Some((_, c)) => cell.push(c),
                    None => {
                        return Err(source.broken(
                            "a quoted cell is never closed",
                            start,
                            1,
                            "close it with `\"`",
                        ));
                    }
                }
            };
            (cell, end)
        } else {
            let end = rest.find([separator, '\n']).unwrap_or(rest.len());
            (rest[..end].trim_end_matches('\r').to_owned(), end)
        };
        cells.push(Cell {
            text: cell,
            at: start,
        });
        start += length;
        let rest = &text[start..];
        if let Some(rest) = rest.strip_prefix(separator) {
            start = text.len() - rest.len();
        } else {
            return Ok((cells, line_end(start)));
        }
    }
}

fn columns(cells: &[Cell], source: &Source<'_>) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = Vec::new();
    for cell in cells {
        let name = cell.text.trim().to_owned();
        if names.contains(&name) && !name.is_empty() {
            return Err(source.broken(
                format!("the column `{name}` stands twice"),
                cell.at,
                cell.text.chars().count(),
                "remove one",
            ));
        }
        if !COLUMNS.contains(&name.as_str())
            && let Some(near) = COLUMNS.into_iter().find(|known| is_near(&name, known))
        {
            return Err(source.broken(
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
            return Err(source.broken(
                format!("the header has no column `{needed}`"),
                at,
                1,
                "the first line that is no comment names the columns, at least `nl` and `en`",
            ));
        }
    }
    Ok(names)
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

fn list(text: &str) -> Vec<String> {
    text.split('|')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn entry(
    header: &[String],
    cells: &[Cell],
    start: usize,
    number: usize,
    source: &Source<'_>,
) -> Result<Concept, Error> {
    if cells.len() > header.len()
        && cells[header.len()..]
            .iter()
            .any(|c| !c.text.trim().is_empty())
    {
        let extra = &cells[header.len()];
        return Err(source.broken(
            format!(
                "this row has {} cells, the header {}",
                cells.len(),
                header.len()
            ),
            extra.at,
            extra.text.chars().count(),
            "remove the cell, or name its column in the header",
        ));
    }
    let line = source.text[start..].lines().next().unwrap_or_default();
    let mut concept = Concept {
        repair: true,
        place: Place::at(source.name, source.text, start, line.len()),
        ..Concept::default()
    };
    for (column, cell) in header.iter().zip(cells) {
        let text = cell.text.trim();
        let wrong = |choices: &str| {
            source.broken(
                format!("`{text}` is no {column}"),
                cell.at,
                cell.text.chars().count(),
                format!("one of {choices}"),
            )
        };
        match column.as_str() {
            "id" => text.clone_into(&mut concept.id),
            "nl" => text.clone_into(&mut concept.nl),
            "nl_forms" => {
                for form in list(text) {
                    match form.strip_prefix('!') {
                        Some(veto) => concept.vetoed.push(veto.to_owned()),
                        None => concept.nl_forms.push(form),
                    }
                }
            }
            "en" => text.clone_into(&mut concept.en),
            "en_accept" => concept.en_accept = list(text),
            "en_family" => concept.en_family = list(text),
            "forbidden" => concept.forbidden = list(text),
            "policy" => {
                concept.policy = match text {
                    "" | "exact" => Policy::Exact,
                    "variant" => Policy::Variant,
                    "family" => Policy::Family,
                    "keep" => Policy::Keep,
                    "drop" => Policy::Drop,
                    _ => return Err(wrong("exact, variant, family, keep, drop")),
                }
            }
            "case" => {
                concept.case = match text {
                    "" | "exact" => Case::Exact,
                    "lower" => Case::Lower,
                    "title-before-name" => Case::TitleBeforeName,
                    "follow-source" => Case::FollowSource,
                    _ => return Err(wrong("exact, lower, title-before-name, follow-source")),
                }
            }
            "article" => {
                concept.article = match text {
                    "" | "keep" => Article::Keep,
                    "none" => Article::None,
                    "the" => Article::The,
                    _ => return Err(wrong("none, the, keep")),
                }
            }
            "when" => {
                text.clone_into(&mut concept.when_text);
                concept.when = conditions(text).ok_or_else(|| {
                    wrong("country=…, left=…, right=…, role=…, domain=…, separated by spaces")
                })?;
            }
            "repair" => {
                concept.repair = match text {
                    "" | "yes" => true,
                    "no" => false,
                    _ => return Err(wrong("yes, no")),
                }
            }
            "pos" => text.clone_into(&mut concept.pos),
            "domain" => text.clone_into(&mut concept.domain),
            "status" => {
                concept.status = match text {
                    "" | "approved" => Status::Approved,
                    "proposed" => Status::Proposed,
                    "deprecated" => Status::Deprecated,
                    _ => return Err(wrong("approved, proposed, deprecated")),
                }
            }
            "note" => text.clone_into(&mut concept.note),
            _ => concept.other.push((column.clone(), text.to_owned())),
        }
    }
    for (name, value) in [("nl", &concept.nl), ("en", &concept.en)] {
        if value.is_empty() {
            return Err(source.broken(
                format!("this row has no `{name}`"),
                start,
                line.chars().count(),
                "every row needs its Dutch and its English form",
            ));
        }
    }
    if concept.id.is_empty() {
        concept.id = (number + 1).to_string();
    }
    Ok(concept)
}

/// Reads `country=US|GB left=… role=headline`.
fn conditions(text: &str) -> Option<Vec<When>> {
    text.split_whitespace()
        .map(|condition| {
            let (name, value) = condition.split_once('=')?;
            let values = || value.split('|').map(str::to_owned).collect::<Vec<_>>();
            (!value.is_empty()).then_some(())?;
            Some(match name {
                "country" => When::Country(values()),
                "left" => When::Left(values().iter().map(|v| v.to_lowercase()).collect()),
                "right" => When::Right(values().iter().map(|v| v.to_lowercase()).collect()),
                "role" => When::Role(value.to_owned()),
                "domain" => When::Domain(value.to_owned()),
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn csv_quotes_and_semicolons_are_read() {
        let entries = read(
            "g.csv",
            "nl;en;note\r\n\"a;b\";\"say \"\"x\"\"\";\r\nc;d;e\r\n",
        )
        .unwrap();
        assert_eq!(entries[0].nl, "a;b");
        assert_eq!(entries[0].en, "say \"x\"");
        assert_eq!(entries[1].note, "e");
        assert!(read("g.csv", "nl,en\n\"open,x\n").is_err());
    }
}
