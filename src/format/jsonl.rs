//! Pairs as JSON Lines: one object per unit with everything that is known about it. The contract's
//! own format.

use super::decode::decode;
use super::error::Error;
use super::pair_contract::{About, PairFormat, PairRow, all_bytes};
use crate::bitext::{
    Code, Doubt, Finding, FindingStatus, Hit, LangPair, Link, Match, Notice, Origin, Place, Role,
    Span, State, Text, Unit,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io;
use thin_vec::ThinVec;

/// JSON Lines.
pub struct Jsonl;

/// The version of the format: fields may be added to it, none changes its meaning.
const SCHEMA: u32 = 1;

/// The inline codes of both sides.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Codes {
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    source: ThinVec<Code>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    target: ThinVec<Code>,
}

/// A unit as it stands in the file. Fields may be added; none changes its meaning.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<u32>,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    block: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    source: String,
    #[serde(default)]
    target: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_span: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target_span: Option<Span>,
    #[serde(default)]
    state: Option<State>,
    #[serde(default)]
    origin: Option<Origin>,
    #[serde(default)]
    score: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    draft: Option<String>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    matches: ThinVec<Match>,
    #[serde(default)]
    terms: ThinVec<Hit>,
    #[serde(default)]
    links: ThinVec<Link>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    doubts: ThinVec<Doubt>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    alternatives: ThinVec<String>,
    #[serde(default)]
    findings: ThinVec<Finding>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    ok: ThinVec<String>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    joined: ThinVec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    joined_to: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_segments: Option<ThinVec<u32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target_segments: Option<ThinVec<u32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    codes: Option<Codes>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    notes: ThinVec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Box<str>>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl PairFormat for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["ndjson"]
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
        let mut lines_of: HashMap<String, usize> = HashMap::new();
        for (number, line) in text.split_inclusive('\n').enumerate() {
            if !line.trim().is_empty() {
                let broken = |what: String, column: usize, width: usize| {
                    let column = at + column.saturating_sub(1).min(line.len());
                    let place = Box::new(Place::at(name, &text, column, width));
                    Error::Broken { what, place }
                };
                let row: Row = serde_json::from_str(line.trim_end()).map_err(|error| {
                    broken(format!("this line is no pair: {error}"), error.column(), 1)
                })?;
                if let Some(schema) = row.schema.filter(|schema| *schema != SCHEMA) {
                    let what = format!(
                        "these pairs have schema {schema}; this version of overzet reads schema {SCHEMA}"
                    );
                    return Err(broken(what, 1, line.trim_end().len()));
                }
                let (unit, extra) = unit(row);
                if !unit.id.is_empty()
                    && let Some(first) = lines_of.insert(unit.id.clone(), number + 1)
                {
                    let what = format!("the id `{}` stands in line {first}, too", unit.id);
                    return Err(broken(what, 1, line.trim_end().len()));
                }
                visit(PairRow {
                    unit,
                    line: number + 1,
                    extra,
                });
            }
            at += line.len();
        }
        Ok(notices)
    }

    fn write(
        &self,
        out: &mut dyn io::Write,
        units: &[Unit],
        extra: &[Map<String, Value>],
        _: &About,
    ) -> io::Result<()> {
        for (index, unit) in units.iter().enumerate() {
            let mut row = row(unit, extra.get(index).cloned().unwrap_or_default());
            row.schema = (index == 0).then_some(SCHEMA);
            serde_json::to_writer(&mut *out, &row)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// A spoiled span must not make a later slice panic: what does not lie on characters of its text is
/// left out.
fn fits(span: Span, text: &str) -> bool {
    text.get(span.start..span.end).is_some()
}

fn coded(plain: String, codes: ThinVec<Code>) -> Text {
    let mut codes: ThinVec<Code> = codes
        .into_iter()
        .filter(|code| plain.is_char_boundary(code.at))
        .collect();
    codes.sort_by_key(|code| code.at);
    Text { plain, codes }
}

fn unit(row: Row) -> (Unit, Map<String, Value>) {
    let codes = row.codes.unwrap_or_default();
    let source = coded(row.source, codes.source);
    let target = coded(row.target.unwrap_or_default(), codes.target);
    let mut hits = row.terms;
    hits.retain(|hit| fits(hit.source, &source.plain));
    for hit in &mut hits {
        hit.target = hit.target.filter(|&span| fits(span, &target.plain));
    }
    let mut findings = row.findings;
    // An approval of a file that has no statuses accepted what it shows.
    if row.state == Some(State::Approved)
        && findings.iter().all(|f| f.status == FindingStatus::Open)
        && row.base.is_none()
    {
        for finding in &mut findings {
            finding.status = FindingStatus::Accepted;
        }
    }
    for finding in &mut findings {
        finding.source = finding.source.filter(|&span| fits(span, &source.plain));
        finding.target = finding.target.filter(|&span| fits(span, &target.plain));
    }
    let (dismissed, findings) = findings
        .into_iter()
        .partition::<Vec<_>, _>(|finding| finding.status == FindingStatus::Dismissed);
    let mut doubts = row.doubts;
    for doubt in &mut doubts {
        doubt.source = doubt.source.filter(|&span| fits(span, &source.plain));
        doubt.target = doubt.target.filter(|&span| fits(span, &target.plain));
    }
    let state = row.state.unwrap_or(if target.plain.is_empty() {
        State::Untranslated
    } else {
        State::Translated
    });
    let unit = Unit {
        id: match row.id {
            Some(Value::String(id)) => id,
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        },
        block: row.block.unwrap_or(0),
        role: row.role.unwrap_or_default(),
        within: Span::new(0, source.plain.len()),
        source,
        target,
        source_span: row.source_span,
        target_span: row.target_span,
        state,
        origin: row.origin.unwrap_or_default(),
        score: row.score,
        draft: row.draft.map(|draft| Box::new(Text::from(draft))),
        matches: row.matches,
        hits,
        links: row.links,
        doubts,
        alternatives: row.alternatives,
        findings: findings.into(),
        dismissed: dismissed.into(),
        ok: row.ok,
        joined: row.joined,
        joined_to: row.joined_to,
        moved: row.moved,
        base: row.base,
        source_segments: row.source_segments.unwrap_or_default(),
        target_segments: row.target_segments.unwrap_or_default(),
        confidence: row.confidence,
        notes: row.notes,
        billed: None,
        made: None,
    };
    (unit, row.extra)
}

fn row(unit: &Unit, extra: Map<String, Value>) -> Row {
    let codes = Codes {
        source: unit.source.codes.clone(),
        target: unit.target.codes.clone(),
    };
    // What has no partner says so with an empty list.
    let is_aligned = !unit.source_segments.is_empty() || !unit.target_segments.is_empty();
    let draft = unit
        .draft
        .as_ref()
        .filter(|draft| draft.plain != unit.target.plain);
    let dismissed = unit.dismissed.iter();
    // What is silenced for the project is not a person's word about this unit.
    let dismissed = dismissed.filter(|finding| finding.status == FindingStatus::Dismissed);
    let findings = unit.findings.iter().chain(dismissed);
    let base = unit
        .base
        .clone()
        .unwrap_or_else(|| unit.base_digest().into());
    Row {
        schema: None,
        id: Some(Value::String(unit.id.clone())),
        block: (unit.block > 0).then_some(unit.block),
        role: (unit.block > 0 || unit.role != Role::default()).then_some(unit.role),
        source: unit.source.plain.clone(),
        target: Some(unit.target.plain.clone()),
        source_span: unit.source_span,
        target_span: unit.target_span,
        state: Some(unit.state),
        origin: Some(unit.origin.clone()),
        score: unit.score,
        draft: draft.map(|draft| draft.plain.clone()),
        matches: unit.matches.clone(),
        terms: unit.hits.clone(),
        links: unit.links.clone(),
        doubts: unit.doubts.clone(),
        alternatives: unit.alternatives.clone(),
        findings: findings.cloned().collect(),
        ok: unit.ok.clone(),
        joined: unit.joined.clone(),
        joined_to: unit.joined_to.clone(),
        moved: unit.moved.clone(),
        base: Some(base),
        source_segments: is_aligned.then(|| unit.source_segments.clone()),
        target_segments: is_aligned.then(|| unit.target_segments.clone()),
        confidence: unit.confidence,
        codes: (!codes.source.is_empty() || !codes.target.is_empty()).then_some(codes),
        notes: unit.notes.clone(),
        extra,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Pairs, read_pairs};

    fn read(bytes: &[u8]) -> Result<Pairs, Error> {
        read_pairs(bytes, "p.jsonl", None, &LangPair::default())
    }

    #[test]
    fn unknown_fields_pass_through_and_hostile_spans_do_not() {
        let line = r#"{"id":7,"source":"Kiev","target":"Kyiv","desk":"buitenland","terms":[{"term":"Kiev","required":"Kyiv","source":[0,99],"verdict":null}],"findings":[{"check":"x","severity":"error","message":"m","target":[3,400]}]}"#;
        let pairs = read(line.as_bytes()).unwrap();
        assert_eq!(pairs.units[0].id, "7");
        assert!(pairs.units[0].hits.is_empty());
        assert_eq!(pairs.units[0].findings[0].target, None);
        let mut again = Vec::new();
        Jsonl
            .write(&mut again, &pairs.units, &pairs.extra, &About::default())
            .unwrap();
        assert!(
            String::from_utf8(again)
                .unwrap()
                .contains("\"desk\":\"buitenland\"")
        );
    }

    #[test]
    fn a_broken_line_is_named() {
        let Err(Error::Broken { place, .. }) = read(b"{\"source\":\"a\"}\n{oops\n") else {
            panic!("a broken line passed");
        };
        assert_eq!((place.line, place.column), (2, 2));
    }
}
