//! `report.json`: what was done, counted, with its provenance. It speaks of the edition, not of the
//! run: a second run over the same input writes the same bytes.

use crate::bitext::{
    Document, Edition, Finding, FindingStatus, Origin, Piece, Severity, Span, State, Unit, Verdict,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Where the edition comes from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Provenance {
    /// Name of the engine; none where nothing was translated.
    pub engine: Option<String>,
    /// Model and options of the engine.
    pub options: Option<String>,
    /// Digest of the glossary's content.
    pub glossary: String,
    /// How many entries the glossary has.
    pub glossary_entries: usize,
    /// Version of overzet.
    pub version: &'static str,
    /// When the first draft arrived, RFC 3339, UTC.
    pub first_draft: Option<String>,
    /// When the last draft arrived, RFC 3339, UTC.
    pub last_draft: Option<String>,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    schema: u32,
    source: ReportSource<'a>,
    provenance: &'a Provenance,
    units: BTreeMap<&'static str, usize>,
    blocks: BTreeMap<&'static str, usize>,
    characters: Characters,
    terms: ReportTerms<'a>,
    findings: Findings<'a>,
    coverage: Coverage,
}

#[derive(Debug, Serialize)]
struct ReportSource<'a> {
    name: &'a str,
    format: &'static str,
    encoding: crate::bitext::Encoding,
    language: &'a str,
    digest: String,
    notices: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Characters {
    source: usize,
    target: usize,
    billed: u64,
}

#[derive(Debug, Serialize)]
struct ReportTerms<'a> {
    found: usize,
    verdicts: BTreeMap<&'static str, usize>,
    repairs: Vec<Repair<'a>>,
}

#[derive(Debug, Serialize)]
struct Repair<'a> {
    unit: &'a str,
    term: &'a str,
    rule: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Findings<'a> {
    errors: usize,
    warnings: usize,
    by_check: BTreeMap<&'a str, usize>,
    /// Of those by check: in units that a person approved all the same.
    accepted: BTreeMap<&'a str, usize>,
    /// Not among those by check: silenced for the project or for a unit.
    dismissed: BTreeMap<&'a str, usize>,
    list: Vec<Located<'a>>,
}

#[derive(Debug, Serialize)]
struct Located<'a> {
    unit: &'a str,
    #[serde(flatten)]
    finding: &'a Finding,
}

/// Every byte of the (decoded) source is in one pair or in declared non-text.
#[derive(Debug, Serialize)]
pub struct Coverage {
    /// Length of the (decoded) source.
    pub bytes: usize,
    /// Bytes that stand in exactly one unit.
    pub in_units: usize,
    /// Byte ranges that are not text.
    pub non_text: Vec<Span>,
}

/// The report as JSON text with a final newline. `name` is the source's name.
pub fn report(edition: &Edition, name: &str, provenance: &Provenance) -> String {
    let document = &edition.document;
    let units = &edition.units;
    let count = |state: State| units.iter().filter(|u| u.state == state).count();
    let mut blocks = BTreeMap::new();
    for block in &document.blocks {
        *blocks.entry(block.role.name()).or_insert(0) += 1;
    }
    let report = Report {
        schema: 1,
        source: ReportSource {
            name,
            format: document.format,
            encoding: document.encoding(),
            language: document.lang.tag(),
            digest: document.digest(),
            notices: document
                .notices
                .iter()
                .map(|n| n.message.as_str())
                .collect(),
        },
        provenance,
        units: BTreeMap::from([
            ("total", units.len()),
            ("translated", count(State::Translated)),
            ("needs-review", count(State::NeedsReview)),
            ("untranslated", count(State::Untranslated)),
            ("approved", count(State::Approved)),
            ("omitted", count(State::Omitted)),
            (
                "copied",
                units.iter().filter(|u| u.origin == Origin::Copied).count(),
            ),
        ]),
        blocks,
        characters: Characters {
            source: units.iter().map(|u| u.source.plain.chars().count()).sum(),
            target: units.iter().map(|u| u.target.plain.chars().count()).sum(),
            billed: billed(units),
        },
        terms: terms(units),
        findings: findings(units),
        coverage: coverage(document, units),
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_else(|_| "{}".into());
    text.push('\n');
    text
}

/// Characters billed for the units; a text that occurs several times was billed once.
fn billed(units: &[Unit]) -> u64 {
    let mut seen = BTreeMap::new();
    for unit in units {
        seen.entry(&unit.source.plain)
            .or_insert(unit.billed.unwrap_or(0));
    }
    seen.values().sum()
}

fn terms(units: &[Unit]) -> ReportTerms<'_> {
    let mut verdicts = BTreeMap::new();
    let mut repairs = Vec::new();
    let mut found = 0;
    for unit in units {
        for hit in &unit.hits {
            found += 1;
            *verdicts
                .entry(hit.verdict.map_or("not judged", Verdict::name))
                .or_insert(0) += 1;
            if let Some(rule) = &hit.repair {
                repairs.push(Repair {
                    unit: &unit.id,
                    term: &hit.term,
                    rule,
                    before: hit.before.as_deref(),
                    after: hit
                        .target
                        .and_then(|span| unit.target.plain.get(span.start..span.end)),
                });
            }
        }
    }
    ReportTerms {
        found,
        verdicts,
        repairs,
    }
}

/// Findings counted by their check.
fn by_check<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(&*finding.check).or_insert(0) += 1;
    }
    counts
}

/// Of every check, how many findings stand in units that a person approved: read, and not thought
/// worth a change.
pub fn accepted(units: &[Unit]) -> BTreeMap<&str, usize> {
    let approved = units.iter().filter(|unit| unit.state == State::Approved);
    by_check(approved.flat_map(|unit| &unit.findings))
}

/// Of every check, how many findings a person silenced.
pub fn dismissed(units: &[Unit]) -> BTreeMap<&str, usize> {
    by_check(units.iter().flat_map(|unit| &unit.dismissed))
}

fn findings(units: &[Unit]) -> Findings<'_> {
    let mut list = Vec::new();
    for unit in units {
        let by_person = |finding: &&Finding| finding.status == FindingStatus::Dismissed;
        let dismissed = unit.dismissed.iter().filter(by_person);
        for finding in unit.findings.iter().chain(dismissed) {
            list.push(Located {
                unit: &unit.id,
                finding,
            });
        }
    }
    let standing = || units.iter().flat_map(|unit| &unit.findings);
    let errors = standing()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    Findings {
        errors,
        warnings: standing().count() - errors,
        by_check: by_check(units.iter().flat_map(|unit| &unit.findings)),
        accepted: accepted(units),
        dismissed: dismissed(units),
        list,
    }
}

/// Which bytes of the source stand in units, and which are not text.
///
/// Inside a unit's range, markup counts to the unit: it travels with it as codes.
pub fn coverage(document: &Document, units: &[Unit]) -> Coverage {
    let bytes = document.parts.iter().map(|part| part.source.len()).sum();
    if document.container.is_some() {
        // Offsets count in their parts; a report of the whole has the sum alone.
        let pieces = document.parts.iter().flat_map(|part| &part.pieces);
        let in_units = pieces.map(|piece| match piece {
            Piece::Block(_, span) => span.len(),
            Piece::Raw(_) => 0,
        });
        return Coverage {
            bytes,
            in_units: in_units.sum(),
            non_text: Vec::new(),
        };
    }
    let mut spans: Vec<Span> = units.iter().filter_map(|u| u.source_span).collect();
    spans.sort_unstable();
    let mut non_text = Vec::new();
    let (mut at, mut in_units) = (0, 0);
    for span in spans {
        if span.start > at {
            non_text.push(Span::new(at, span.start));
        }
        in_units += span.end.saturating_sub(span.start.max(at));
        at = at.max(span.end);
    }
    if at < bytes {
        non_text.push(Span::new(at, bytes));
    }
    debug_assert!(
        document
            .parts
            .iter()
            .flat_map(|part| &part.pieces)
            .all(|piece| !matches!(piece, Piece::Raw(raw) if raw.end > bytes)),
        "the skeleton lies inside the file"
    );
    Coverage {
        bytes,
        in_units,
        non_text,
    }
}

/// A time as RFC 3339 in UTC; `seconds` count from 1970-01-01.
///
/// Source of the calendar arithmetic: H. Hinnant, "chrono-compatible low-level date algorithms",
/// `civil_from_days`.
pub fn rfc3339(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_calendar_has_them() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_521_599), "2026-11-24T11:59:59Z");
    }
}
