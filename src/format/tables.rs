//! Pairs as tables: TSV without any quoting, and CSV per RFC 4180 with formula cells defused.

use super::decode::decode;
use super::error::Error;
use super::pair_contract::{About, PairFormat, PairRow, all_bytes, confidence};
use crate::bitext::{LangPair, Link, Notice, Origin, Place, Role, Span, State, Unit};
use serde_json::{Map, Value};
use std::io;

/// `source<TAB>target` per line, no header, no quoting and no escapes.
pub struct Tsv;

/// A header and one row per unit; opens in a spreadsheet.
pub struct Csv;

/// A unit of which only the two texts are known.
fn unit(source: &str, target: &str, id: String) -> Unit {
    Unit {
        id,
        source: source.into(),
        target: target.into(),
        within: Span::new(0, source.len()),
        state: if target.trim().is_empty() {
            State::Untranslated
        } else {
            State::Translated
        },
        ..Unit::default()
    }
}

impl PairFormat for Tsv {
    fn name(&self) -> &'static str {
        "tsv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["tab"]
    }

    fn keeps_codes(&self) -> bool {
        false
    }

    fn read_each(
        &self,
        input: &mut dyn io::Read,
        name: &str,
        _: &LangPair,
        visit: &mut dyn FnMut(PairRow),
    ) -> Result<Vec<Notice>, Error> {
        let (text, _, notices) = decode(&all_bytes(input)?)?;
        let mut at = 0;
        for (index, raw) in text.split_inclusive('\n').enumerate() {
            let line = raw.trim_end_matches(['\n', '\r']);
            if !line.is_empty() {
                let mut cells = line.split('\t');
                let source = cells.next().unwrap_or_default();
                let Some(target) = cells.next() else {
                    return Err(Error::Broken {
                        what: "this line has no tab: `source<TAB>target` is wanted".into(),
                        place: Box::new(Place::at(name, &text, at, line.len())),
                    });
                };
                let id = format!("l{}", index + 1);
                visit(PairRow {
                    line: index + 1,
                    ..unit(source, target, id).into()
                });
            }
            at += raw.len();
        }
        Ok(notices)
    }

    fn write(
        &self,
        out: &mut dyn io::Write,
        units: &[Unit],
        _: &[Map<String, Value>],
        _: &About,
    ) -> io::Result<()> {
        // The format has no escapes: a tab or line end inside a text becomes a space.
        let flat = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        for unit in units {
            writeln!(
                out,
                "{}\t{}",
                flat(&unit.source.plain),
                flat(&unit.target.plain)
            )?;
        }
        Ok(())
    }
}

const HEADER: [&str; 12] = [
    "id",
    "role",
    "source",
    "target",
    "state",
    "origin",
    "findings",
    "confidence",
    "links",
    "joined",
    "joined_to",
    "moved",
];

/// Columns of pairs that nobody aligned.
const UNALIGNED: usize = 7;

/// Columns of pairs of which none is joined or moved.
const UNRELATED: usize = 9;

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// What [`defused`] did, undone.
fn fused(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']))
        .unwrap_or(text)
}

impl PairFormat for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn keeps_codes(&self) -> bool {
        false
    }

    fn read_each(
        &self,
        input: &mut dyn io::Read,
        name: &str,
        _: &LangPair,
        visit: &mut dyn FnMut(PairRow),
    ) -> Result<Vec<Notice>, Error> {
        let (text, _, notices) = decode(&all_bytes(input)?)?;
        let first = text.lines().next().unwrap_or_default();
        // Dutch Excel parts cells by semicolons.
        let delimiter = if first.matches(';').count() > first.matches(',').count() {
            b';'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let broken = |what: String, at: usize| Error::Broken {
            what,
            place: Box::new(Place::at(name, &text, at, 1)),
        };
        let headers = reader
            .headers()
            .map_err(|error| broken(error.to_string(), 0))?
            .clone();
        let column = |wanted: &[&str]| headers.iter().position(|h| wanted.contains(&h.trim()));
        let (Some(source), Some(target)) = (column(&["source", "nl"]), column(&["target", "en"]))
        else {
            return Err(broken(
                "the first line must name the columns `source` and `target`".into(),
                0,
            ));
        };
        let (id, role) = (column(&["id"]), column(&["role"]));
        let (state, origin) = (column(&["state"]), column(&["origin"]));
        let (sure, links) = (column(&["confidence"]), column(&["links"]));
        let joined = column(&["joined"]);
        let (joined_to, moved) = (column(&["joined_to"]), column(&["moved"]));
        for record in reader.records() {
            let record = record.map_err(|error| {
                let at = error.position().map_or(0, |p| p.byte() as usize);
                broken(error.to_string(), at)
            })?;
            let line = record.position().map_or(0, |p| p.line() as usize);
            let cell = |column: usize| fused(record.get(column).unwrap_or_default());
            let named = id.map_or_else(String::new, |column| cell(column).to_owned());
            let named = if named.is_empty() {
                format!("l{line}")
            } else {
                named
            };
            let mut unit = unit(cell(source), cell(target), named);
            if let Some(found) =
                role.and_then(|c| Role::ALL.into_iter().find(|r| r.name() == cell(c)))
            {
                unit.role = found;
            }
            if let Some(found) =
                state.and_then(|c| serde_json::from_value(Value::String(cell(c).to_owned())).ok())
            {
                unit.state = found;
            }
            if let Some(found) = origin.and_then(|c| cell(c).parse::<Origin>().ok()) {
                unit.origin = found;
            }
            unit.confidence = sure.and_then(|c| confidence(cell(c)));
            unit.links = links
                .and_then(|c| Link::from_pharaoh(cell(c)))
                .unwrap_or_default()
                .into();
            let ids = joined.map_or("", cell).split_whitespace();
            unit.joined = ids.map(str::to_owned).collect();
            let related = |c: Option<usize>| c.map(cell).filter(|id| !id.is_empty());
            unit.joined_to = related(joined_to).map(Into::into);
            unit.moved = related(moved).map(Into::into);
            visit(PairRow {
                line,
                ..unit.into()
            });
        }
        Ok(notices)
    }

    fn write(
        &self,
        out: &mut dyn io::Write,
        units: &[Unit],
        _: &[Map<String, Value>],
        _: &About,
    ) -> io::Result<()> {
        let is_aligned = units.iter().any(|unit| unit.confidence.is_some());
        let is_related = |unit: &Unit| {
            !unit.joined.is_empty() || unit.joined_to.is_some() || unit.moved.is_some()
        };
        let columns = if units.iter().any(is_related) {
            HEADER.len()
        } else if is_aligned {
            UNRELATED
        } else {
            UNALIGNED
        };
        // The mark makes Excel read the file as UTF-8.
        out.write_all(b"\xef\xbb\xbf")?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        writer.write_record(&HEADER[..columns])?;
        for unit in units {
            let findings: Vec<String> = unit
                .findings
                .iter()
                .map(|f| format!("{} {}: {}", f.severity.name(), f.check, f.message))
                .collect();
            let cells = [
                defused(&unit.id),
                unit.role.name().to_owned(),
                defused(&unit.source.plain),
                defused(&unit.target.plain),
                unit.state.name().to_owned(),
                unit.origin.to_string(),
                defused(&findings.join(" | ")),
                unit.confidence.map_or_else(String::new, |c| c.to_string()),
                Link::pharaoh(&unit.links),
                defused(&unit.joined.join(" ")),
                defused(unit.joined_to.as_deref().unwrap_or_default()),
                defused(unit.moved.as_deref().unwrap_or_default()),
            ];
            writer.write_record(&cells[..columns])?;
        }
        writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Pairs, read_pairs};

    fn read(kind: &str, bytes: &[u8]) -> Result<Pairs, Error> {
        read_pairs(bytes, "p", Some(kind), &LangPair::default())
    }

    #[test]
    fn a_formula_is_defused_and_comes_back() {
        let units = [unit("=1+1", "-2 graden; \"koud\",\nzei", "a".into())];
        let bytes = crate::format::write_pairs("csv", &units, &[], &About::default()).unwrap();
        assert!(String::from_utf8(bytes.clone()).unwrap().contains("'=1+1"));
        let back = read("csv", &bytes).unwrap();
        assert_eq!(back.units[0].source, units[0].source);
        assert_eq!(back.units[0].target, units[0].target);
    }

    #[test]
    fn a_quote_is_an_ordinary_character_in_tsv() {
        let pairs = read("tsv", "\"Ja\tYes\n\nNee\tNo\textra\n".as_bytes()).unwrap();
        assert_eq!(pairs.units[0].source.plain, "\"Ja");
        assert_eq!(pairs.lines, [1, 3]);
        assert!(read("tsv", b"geen tab").is_err());
    }
}
