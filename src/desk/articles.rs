//! Articles: they come, are listed, get a new version of their Dutch, and go.

use super::article::EditStep;
use super::problem::Problem;
use super::request::{Answered, DeskReply, DeskRequest, FormPart};
use super::state::{Desk, locked};
use super::store::ArticleRow;
use super::translating;
use crate::engine;
use crate::format;
use crate::workflow::{files, segment};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Handle;

/// Longest name of a file, in bytes.
const LONGEST_NAME: usize = 200;

/// The one file of a form.
fn file(call: &DeskRequest) -> Result<(String, Vec<u8>), Problem> {
    let is_file = |part: &&FormPart| part.field == "file";
    let part = call.parts.iter().find(is_file);
    let part = part.ok_or_else(|| Problem::new(400, "the form has no field `file`"))?;
    // A browser may send a path; its folders are nobody's business here.
    let name = part.file.as_deref().unwrap_or_default().replace('\\', "/");
    let name = files::base(Path::new(&name));
    let is_odd = name.is_empty()
        || name.len() > LONGEST_NAME
        || name.starts_with('.')
        || name.chars().any(|c| c.is_control() || c == '/');
    if is_odd {
        return Err(Problem::new(400, "the file has no usable name"));
    }
    Ok((name, part.bytes.clone()))
}

fn field<'c>(call: &'c DeskRequest, name: &str) -> Result<Option<&'c str>, Problem> {
    let part = call.parts.iter().find(|part| part.field == name);
    let Some(part) = part else { return Ok(None) };
    let text = std::str::from_utf8(&part.bytes);
    let text = text.map_err(|_| Problem::new(400, format!("`{name}` is not UTF-8")))?;
    Ok(Some(text.trim()).filter(|text| !text.is_empty()))
}

/// Checks that an engine exists.
fn check_engine(name: Option<&str>) -> Result<(), Problem> {
    match name.map(engine::by_name) {
        Some(Err(error)) => Err(Problem::new(400, error.to_string())),
        _ => Ok(()),
    }
}

/// `POST /api/articles`
pub fn create(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let (name, bytes) = file(call)?;
    if call.parts.iter().any(|part| part.field == "target") {
        let detail = "two texts cannot be aligned at the desk yet; `overzet align` does it";
        return Err(Problem::new(501, detail));
    }
    if field(call, "glossary")?.is_some() {
        let detail = "an article has the glossary of the desk; others cannot be chosen yet";
        return Err(Problem::new(501, detail));
    }
    let engine = field(call, "engine")?;
    check_engine(engine)?;
    format::read_with(
        &bytes,
        Some(&name),
        None,
        &desk.pair.source,
        &[],
        &segment::reading(&desk.setup.settings),
    )?;
    let now = desk.now();
    let mut row = ArticleRow {
        id: 0,
        name,
        state: "translating".into(),
        problem: None,
        options: json!({"engine": engine}).to_string(),
        summary: "{}".into(),
        fields: "{}".into(),
        report: String::new(),
        created: now,
        updated: now,
    };
    row.id = desk.store.add_article(&row, &bytes)?;
    let body = desk.article_json(&row);
    desk.events.tell("article", &body);
    translating::start(desk, row.id);
    Ok(DeskReply::with_status(201, &body))
}

/// `GET /api/articles`
pub fn list(desk: &Arc<Desk>, _: &DeskRequest) -> Answered {
    let rows = desk.store.articles()?;
    let articles: Vec<Value> = rows.iter().map(|row| desk.article_json(row)).collect();
    Ok(DeskReply::json(&json!({"articles": articles})))
}

/// `GET /api/articles/{id}`
pub fn show(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    desk.with_article(call.article()?, |article| {
        if !article.units.is_empty() {
            article.count();
        }
        Ok(DeskReply::json(&desk.article_json(&article.row)))
    })
}

/// `DELETE /api/articles/{id}`
pub fn delete(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let id = call.article()?;
    if let Some(stop) = locked(&desk.running).get(&id) {
        stop.set();
    }
    if !desk.store.delete_article(id)? {
        return Err(Problem::new(404, format!("there is no article {id}")));
    }
    desk.close_article(id);
    let data = json!({"id": id.to_string(), "deleted": true});
    desk.events.tell("article", &data);
    Ok(DeskReply::Empty)
}

/// `POST /api/articles/{id}/retry`
pub fn retry(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let engine = call.text("engine")?;
    check_engine(engine)?;
    let body = translating::retry(desk, call.article()?, engine)?;
    Ok(DeskReply::json(&body))
}

/// `PUT /api/articles/{id}/source`
pub fn put_source(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let (_, bytes) = file(call)?;
    let (id, runtime) = (call.article()?, Handle::current());
    let changes = translating::replace_source(desk, id, bytes, &call.who.name, &runtime)?;
    let removed: Vec<Value> = changes
        .removed
        .iter()
        .map(
            |unit| json!({"id": unit.id, "source": unit.source.plain, "target": unit.target.plain}),
        )
        .collect();
    Ok(DeskReply::json(&json!({
        "kept": changes.kept,
        "changed": changes.changed,
        "added": changes.added,
        "removed": removed,
    })))
}

/// `GET /api/articles/{id}/source`
pub fn source(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let id = call.article()?;
    let gone = || Problem::new(404, format!("there is no article {id}"));
    let (row, _) = desk.store.article(id)?.ok_or_else(gone)?;
    let bytes = desk.store.source(id)?.ok_or_else(gone)?;
    Ok(DeskReply::File {
        name: row.name,
        kind: "application/octet-stream",
        bytes,
    })
}

/// Most fields of an article, and the longest of them in bytes.
const FIELDS: (usize, usize) = (64, 16 << 10);

/// `PUT /api/articles/{id}/fields`
pub fn put_fields(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let Value::Object(new) = &call.body else {
        return Err(Problem::new(400, "the body is not an object"));
    };
    let is_name = |name: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        (1..=40).contains(&name.len()) && name.chars().all(is_plain)
    };
    for (name, value) in new {
        if !is_name(name) {
            return Err(Problem::new(
                400,
                format!("`{name}` is not a name of a field"),
            ));
        }
        match value {
            Value::Null => {}
            Value::String(text) if text.len() <= FIELDS.1 => {}
            Value::String(_) => {
                return Err(Problem::new(413, format!("`{name}` is too long")));
            }
            _ => return Err(Problem::new(400, format!("`{name}` is not a text"))),
        }
    }
    desk.with_article(call.article()?, |article| {
        let mut fields: Map<String, Value> =
            serde_json::from_str(&article.row.fields).unwrap_or_default();
        for (name, value) in new {
            if value.is_null() {
                fields.shift_remove(name);
            } else {
                fields.insert(name.clone(), value.clone());
            }
        }
        if fields.len() > FIELDS.0 {
            return Err(Problem::new(413, "the article has too many fields"));
        }
        article.row.fields = Value::Object(fields).to_string();
        let step = EditStep {
            action: "fields",
            by: &call.who.name,
            at: desk.now(),
        };
        let change = article.change(&[], step);
        desk.keep(&change)?;
        Ok(DeskReply::json(&desk.article_json(&article.row)))
    })
}
