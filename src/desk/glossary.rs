//! The glossary at the desk: looked up, added to, and its wrong terms repaired.

use super::problem::Problem;
use super::request::{Answered, DeskReply, DeskRequest};
use super::state::Desk;
use super::units::limit;
use crate::bitext::Severity;
use crate::term::Glossary;
use crate::term::files::{self as term_files, GlossaryUpdate};
use crate::workflow::files::{self, Outputs};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `GET /api/glossary`
pub fn list(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let limit = limit(call, 50, 500)?;
    let wanted = call.query("q").unwrap_or_default().to_lowercase();
    let own = desk.glossary();
    let fits = |text: &String| text.to_lowercase().contains(&wanted);
    let entries = own
        .glossary
        .entries()
        .iter()
        .filter(|entry| fits(&entry.nl) || fits(&entry.en) || entry.nl_forms.iter().any(fits));
    let entries: Vec<Value> = entries
        .take(limit)
        .map(|entry| {
            json!({
                "id": entry.id, "nl": entry.nl, "en": entry.en, "accept": entry.en_accept,
                "forbidden": entry.forbidden, "note": entry.note,
                "file": files::base(std::path::Path::new(&entry.place.file)),
            })
        })
        .collect();
    Ok(DeskReply::json(&json!({"entries": entries})))
}

/// The columns of the table of the desk.
const COLUMNS: &str = "nl\ten\ten_accept\tforbidden\tnote\n";

/// `POST /api/glossary`
pub fn add(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let cell = |name: &str, text: &str| {
        let text = text.trim();
        if text.len() > 1_000 || text.chars().any(char::is_control) || text.contains('|') {
            return Err(Problem::new(
                400,
                format!("`{name}` is not a term on one line"),
            ));
        }
        Ok(text.to_owned())
    };
    let needed = |name: &str| {
        let text = cell(name, call.needed(name)?)?;
        if text.is_empty() {
            Err(Problem::new(400, format!("`{name}` is empty")))
        } else {
            Ok(text)
        }
    };
    let list = |name: &str| -> Result<String, Problem> {
        let items = call.list(name)?;
        let items = items.iter().map(|item| cell(name, item));
        Ok(items.collect::<Result<Vec<_>, _>>()?.join("|"))
    };
    let (nl, en) = (needed("nl")?, needed("en")?);
    let note = cell("note", call.text("note")?.unwrap_or_default())?;
    let row = format!(
        "{COLUMNS}{nl}\t{en}\t{}\t{}\t{note}\n",
        list("accept")?,
        list("forbidden")?
    );
    let new = term_files::read(row.as_bytes(), "desk.tsv", None)?;
    let path = desk.desk_terms();
    let old = if path.exists() {
        Some(files::read(&path)?)
    } else {
        None
    };
    let mut update = GlossaryUpdate::default();
    update.new.extend(new.entries);
    let start = old.clone().unwrap_or_else(|| COLUMNS.as_bytes().to_vec());
    let bytes = term_files::update(Some(&start), &path.display().to_string(), &update)?;
    // The whole glossary with the new row is examined before anything is written.
    let with_row = String::from_utf8_lossy(&bytes);
    let (before, after) = (problems(desk, None)?, problems(desk, Some(&with_row))?);
    let new: Vec<&Value> = after
        .iter()
        .filter(|problem| !before.contains(problem))
        .collect();
    let is_conflict = |problem: &&&Value| problem["severity"] == Severity::Error.name();
    if new.iter().any(|problem| is_conflict(&problem)) {
        let detail = "the term contradicts the glossary; nothing is written";
        return Err(Problem::new(409, detail).with("lint", json!(new)));
    }
    Outputs::new(None, true).write(&path, &bytes)?;
    desk.load_glossary()?;
    let mut changed = Map::new();
    if let Some(id) = call.text("article")? {
        let number = id
            .parse()
            .map_err(|_| Problem::new(404, format!("there is no article {id}")))?;
        let units = desk.with_article(number, |article| {
            let has = |unit: &&crate::bitext::Unit| unit.hits.iter().any(|hit| hit.term == nl);
            let ids = article.units.iter().filter(has).map(|unit| unit.id.clone());
            let ids: Vec<String> = ids.collect();
            for id in &ids {
                desk.tell_unit(article, article.place(id)?, &call.who.name);
            }
            article.count();
            desk.events
                .tell("article", &desk.article_json(&article.row));
            Ok(ids)
        })?;
        changed.insert(id.to_owned(), json!(units));
    }
    Ok(DeskReply::with_status(
        201,
        &json!({"lint": new, "changed": changed}),
    ))
}

/// The problems of the glossary in force, with another text in the place of the desk's table.
fn problems(desk: &Desk, table: Option<&str>) -> Result<Vec<Value>, Problem> {
    let own = desk.glossary();
    let terms = desk.desk_terms().display().to_string();
    let mut entries = own.glossary.entries().to_vec();
    if let Some(table) = table {
        let base = files::base(&desk.desk_terms());
        entries.retain(|entry| {
            entry.place.file != terms
                && files::base(std::path::Path::new(&entry.place.file)) != base
        });
        entries.extend(
            Glossary::parse("desk.tsv", table)?
                .entries()
                .iter()
                .cloned(),
        );
    }
    let found = crate::term::lint_entries(&entries);
    Ok(found
        .iter()
        .map(|problem| {
            json!({
                "severity": problem.severity.name(),
                "message": problem.message,
                "fix": problem.fix,
            })
        })
        .collect())
}

/// `POST /api/articles/{id}/glossary-fix`
pub fn fix(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let term = call.needed("term")?;
    desk.with_article(call.article()?, |article| {
        let mut texts = super::bulk::NewTexts::new();
        for (index, unit) in article.units.iter().enumerate() {
            // The suggestions of the check of terms, for this term.
            let has_term = unit.hits.iter().any(|hit| {
                hit.term == term
                    && hit
                        .verdict
                        .is_some_and(crate::bitext::Verdict::is_violation)
            });
            if !has_term || unit.is_absent() {
                continue;
            }
            let mut text = unit.target.clone();
            let spans = unit
                .hits
                .iter()
                .filter(|hit| hit.term == term)
                .map(|hit| hit.source);
            let spans: Vec<_> = spans.collect();
            let mut repairs: Vec<_> = unit
                .findings
                .iter()
                .filter(|finding| finding.check == "terms")
                .filter(|finding| finding.source.is_none_or(|span| spans.contains(&span)))
                .filter_map(|finding| Some((finding.target?, finding.suggestion.clone()?)))
                .collect();
            repairs.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
            let mut end = usize::MAX;
            for (span, suggestion) in repairs {
                if span.end <= end && span.fits(&text.plain) {
                    text.replace(span, &suggestion);
                    end = span.start;
                }
            }
            if text != unit.target {
                texts.push((index, text));
            }
        }
        super::bulk::preview_or_take(desk, article, texts, call, "term repaired")
    })
}
