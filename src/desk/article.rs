//! An article that is open: its units as they are, judged by the glossary in force, and how a
//! change of them is kept.

use super::problem::Problem;
use super::store::{ArticleChange, ArticleRow, RevisionRow, UnitRow};
use crate::bitext::{FindingStatus, LangPair, Origin, Severity, State, Unit};
use crate::check::FindingCache;
use crate::format;
use crate::workflow::pairs;
use crate::workflow::unit_edit::{self, EditContext, open_findings};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What the desk knows of a unit beside its pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitKeeping {
    /// How often it was changed.
    pub revision: u64,
    /// What restores it, as JSON.
    pub undo: Option<String>,
}

/// An article that is open.
pub struct DeskArticle {
    /// Its row.
    pub row: ArticleRow,
    /// Its units in order.
    pub units: Vec<Unit>,
    /// What the desk knows of each.
    pub keeping: Vec<UnitKeeping>,
    /// What the checks say of each by itself.
    pub cache: FindingCache,
    /// How many remarks each unit has.
    pub comments: HashMap<String, usize>,
    /// The number of the glossary that judged it.
    pub glossary: u64,
}

/// A step that is about to be kept.
#[derive(Debug, Clone, Copy)]
pub struct EditStep<'a> {
    /// What was done.
    pub action: &'a str,
    /// Who did it.
    pub by: &'a str,
    /// When.
    pub at: i64,
}

impl DeskArticle {
    /// Reads an article as it is kept.
    ///
    /// Errors: a line that cannot be read.
    pub fn new(row: ArticleRow, rows: Vec<UnitRow>, pair: &LangPair) -> Result<Self, Problem> {
        let lines: Vec<&str> = rows.iter().map(|row| row.line.as_str()).collect();
        let lines = lines.join("\n");
        let mut units = format::read_pairs(lines.as_bytes(), "units.jsonl", None, pair)?.units;
        for unit in &mut units {
            unit.base = None;
        }
        let keeping = rows.into_iter().map(|row| UnitKeeping {
            revision: row.revision,
            undo: row.undo,
        });
        Ok(Self {
            row,
            units,
            keeping: keeping.collect(),
            cache: FindingCache::default(),
            comments: HashMap::new(),
            glossary: 0,
        })
    }

    /// Judges all units by a glossary.
    pub fn judge(&mut self, with: &EditContext<'_>, glossary: u64) {
        pairs::judge_again(&mut self.units, with.glossary);
        self.cache.clear();
        unit_edit::check_again(&mut self.units, &mut self.cache, with);
        self.glossary = glossary;
    }

    /// The place of a unit.
    ///
    /// Errors: 404.
    pub fn place(&self, id: &str) -> Result<usize, Problem> {
        let place = self.units.iter().position(|unit| unit.id == id);
        place.ok_or_else(|| Problem::new(404, format!("there is no unit `{id}`")))
    }

    /// The etag of a unit: its revision, a digest of what people made of it, and one of its
    /// findings.
    pub fn etag(&self, index: usize) -> String {
        let unit = &self.units[index];
        let mut findings = blake3::Hasher::new();
        for key in unit.finding_keys(&open_findings(unit).collect::<Vec<_>>()) {
            findings.update(format!("{key:?}").as_bytes());
        }
        format!(
            "\"{}-{}.{}\"",
            self.keeping[index].revision,
            &unit.base_digest()[..12],
            &findings.finalize().to_hex()[..8]
        )
    }

    /// Checks that a write names the unit as it is. One that approves must name its findings, too.
    ///
    /// Errors: 428 without an etag; 412 with the unit as it is and the text that was sent.
    pub fn check_etag(
        &self,
        index: usize,
        if_match: Option<&str>,
        approves: bool,
        yours: Option<&str>,
    ) -> Result<(), Problem> {
        let Some(named) = if_match.filter(|named| *named != "*") else {
            let detail = "a write on a unit needs its etag in the header If-Match";
            return Err(Problem::new(428, detail));
        };
        let now = self.etag(index);
        let text = |etag: &str| etag.rsplit_once('.').map(|(text, _)| text.to_owned());
        let is_same = if approves {
            named == now
        } else {
            named == now || text(named).is_some() && text(named) == text(&now)
        };
        if is_same {
            return Ok(());
        }
        let detail = format!("{} was changed in the meantime", self.units[index].id);
        let problem = Problem::new(412, detail).with("unit", self.unit_json(index));
        Err(match yours {
            Some(text) => problem.with("yours", json!(text)),
            None => problem,
        })
    }

    /// A unit as the desk answers it.
    pub fn unit_json(&self, index: usize) -> Value {
        let unit = &self.units[index];
        let mut own: Map<String, Value> = serde_json::from_str(&line_of(unit)).unwrap_or_default();
        own.shift_remove("schema");
        own.insert("revision".into(), json!(self.keeping[index].revision));
        own.insert("etag".into(), json!(self.etag(index)));
        own.insert(
            "restorable".into(),
            json!(self.keeping[index].undo.is_some()),
        );
        let comments = self.comments.get(&unit.id).copied().unwrap_or(0);
        own.insert("comments".into(), json!(comments));
        Value::Object(own)
    }

    /// Whether a unit is one that a filter asks for.
    ///
    /// Errors: 400 for a filter that is none.
    pub fn is_in(unit: &Unit, filter: &str) -> Result<bool, Problem> {
        let mut open = open_findings(unit);
        Ok(match filter {
            "all" => true,
            "open" => open.next().is_some(),
            "errors" => open.any(|f| f.severity == Severity::Error),
            "unapproved" => unit.state != State::Approved && !unit.is_absent(),
            "edited" => unit.origin == Origin::Human,
            "terms" => open.any(|f| f.check == "terms"),
            "clean" => {
                open.next().is_none() && unit.state != State::Untranslated && !unit.is_absent()
            }
            other => {
                let known = "all, open, errors, unapproved, edited, terms, clean";
                let detail = format!("unknown filter `{other}`; available: {known}");
                return Err(Problem::new(400, detail));
            }
        })
    }

    /// Counts the units into the row: what the list of articles shows.
    pub fn count(&mut self) {
        let units = &self.units;
        let count = |is: &dyn Fn(&Unit) -> bool| units.iter().filter(|u| is(u)).count();
        let findings = |severity| {
            let open = units.iter().flat_map(open_findings);
            open.filter(|f| f.severity == severity).count()
        };
        let words = |text: &dyn Fn(&Unit) -> &str| -> usize {
            units
                .iter()
                .map(|u| text(u).split_whitespace().count())
                .sum()
        };
        let untranslated = count(&|u| u.state == State::Untranslated);
        let errors = findings(Severity::Error);
        let unapproved = count(&|u| u.state != State::Approved && !u.is_absent());
        let accepted = units.iter().flat_map(|u| &u.findings);
        let accepted = accepted.filter(|f| f.status == FindingStatus::Accepted);
        self.row.summary = json!({
            "units": units.len(),
            "approved": count(&|u| u.state == State::Approved),
            "edited": count(&|u| u.origin == Origin::Human),
            "progress": {"done": units.len() - untranslated, "total": units.len()},
            "findings": {
                "errors": errors,
                "warnings": findings(Severity::Warning),
                "accepted": accepted.count(),
            },
            "words": {
                "source": words(&|u| &u.source.plain),
                "target": words(&|u| &u.target.plain),
            },
            "publishable": errors == 0 && untranslated == 0 && !units.is_empty(),
            "gate": {"errors": errors, "untranslated": untranslated, "unapproved": unapproved},
        })
        .to_string();
        if ["ready", "partial"].contains(&self.row.state.as_str()) {
            let state = if untranslated > 0 { "partial" } else { "ready" };
            state.clone_into(&mut self.row.state);
        }
    }

    /// What is kept after units at these places changed: their revisions are one higher.
    pub fn change(&mut self, changed: &[usize], step: EditStep<'_>) -> ArticleChange {
        for &index in changed {
            self.keeping[index].revision += 1;
        }
        self.count();
        self.row.updated = step.at;
        let rows = changed.iter().map(|&index| (index, self.unit_row(index)));
        let revisions = changed.iter().map(|&index| RevisionRow {
            unit: self.units[index].id.clone(),
            revision: self.keeping[index].revision,
            at: step.at,
            by: step.by.to_owned(),
            action: step.action.to_owned(),
            line: line_of(&self.units[index]),
        });
        ArticleChange {
            row: self.row.clone(),
            units: rows.collect(),
            revisions: revisions.collect(),
            ..ArticleChange::default()
        }
    }

    /// The same where units came, went or moved.
    pub fn whole_change(&mut self, changed: &[usize], step: EditStep<'_>) -> ArticleChange {
        let change = self.change(changed, step);
        let all = 0..self.units.len();
        ArticleChange {
            units: all.map(|index| (index, self.unit_row(index))).collect(),
            is_whole: true,
            ..change
        }
    }

    fn unit_row(&self, index: usize) -> UnitRow {
        UnitRow {
            id: self.units[index].id.clone(),
            line: line_of(&self.units[index]),
            revision: self.keeping[index].revision,
            undo: self.keeping[index].undo.clone(),
        }
    }
}

/// The line of a unit, without its end.
pub fn line_of(unit: &Unit) -> String {
    let about = format::About::default();
    let bytes = format::write_pairs("jsonl", std::slice::from_ref(unit), &[], &about);
    let line = bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim_end().to_owned());
    line.unwrap_or_default()
}

/// The unit of a line.
///
/// Errors: 500 for a line that cannot be read.
pub fn unit_of(line: &str, pair: &LangPair) -> Result<Unit, Problem> {
    let units = format::read_pairs(line.as_bytes(), "unit.jsonl", None, pair)?.units;
    let mut unit = units
        .into_iter()
        .next()
        .ok_or_else(|| Problem::new(500, "a unit that is kept cannot be read"))?;
    unit.base = None;
    Ok(unit)
}
