//! The memory at the desk: similar pairs and concordance; and drafts of engines for one unit.

use super::problem::Problem;
use super::request::{Answered, DeskReply, DeskRequest};
use super::state::Desk;
use super::units::limit;
use crate::memory::MemoryIndex;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Similarity in per cent from which a pair is a match.
const LEAST: u8 = 60;

/// `GET /api/memory`
pub fn memory(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let limit = limit(call, 10, 100)?;
    let text = call.query("q").unwrap_or_default().trim().to_owned();
    if text.is_empty() {
        return Err(Problem::new(400, "`q` is empty"));
    }
    let lang = call.query("lang").unwrap_or(desk.pair.source.tag());
    let is_dutch = lang == desk.pair.source.tag();
    if !is_dutch && lang != desk.pair.target.tag() {
        return Err(Problem::new(
            400,
            format!("`lang` is nl or en, not `{lang}`"),
        ));
    }
    let pairs = desk.memory.pairs(&desk.pair)?;
    let side = |pair: &crate::memory::MemoryPair| {
        let text = if is_dutch { &pair.source } else { &pair.target };
        text.plain.clone()
    };
    let sides: Vec<String> = pairs.iter().map(side).collect();
    let index = MemoryIndex::new(sides.iter().map(String::as_str));
    let matches: Vec<Value> = index
        .search(&text, LEAST, limit)
        .into_iter()
        .map(|(at, percent)| {
            let pair = &pairs[at];
            json!({
                "source": pair.source.plain, "target": pair.target.plain, "percent": percent,
                "file": pair.file, "made": pair.made,
            })
        })
        .collect();
    let wanted = text.to_lowercase();
    let concordance: Vec<Value> = pairs
        .iter()
        .zip(&sides)
        .filter(|(_, side)| side.to_lowercase().contains(&wanted))
        .take(limit)
        .map(|(pair, _)| {
            json!({"source": pair.source.plain, "target": pair.target.plain, "file": pair.file})
        })
        .collect();
    Ok(DeskReply::json(
        &json!({"matches": matches, "concordance": concordance}),
    ))
}

/// Most engines that one request asks.
const MOST_ENGINES: usize = 5;

/// `POST …/translate`
pub fn translate(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let unit = desk.with_article(call.article()?, |article| {
        Ok(article.units[article.place(call.unit())?].clone())
    })?;
    let named = call.list("engines").unwrap_or_default();
    let engines: Vec<Option<String>> = match (call.text("engine")?, named.is_empty()) {
        (Some(engine), _) => vec![Some(engine.to_owned())],
        (None, false) => named.into_iter().map(Some).take(MOST_ENGINES).collect(),
        (None, true) => vec![None],
    };
    let most = call.body.get("alternatives").and_then(Value::as_u64);
    let most = usize::try_from(most.unwrap_or(3)).unwrap_or(3);
    let mut drafts = Vec::new();
    for engine in engines {
        let asked = super::translating::ask_again(desk, &unit, engine, &Handle::current())?;
        let (draft, name, cost) = asked;
        let characters = unit.source.plain.chars().count();
        drafts.push(json!({
            "target": draft.target.plain,
            "codes": draft.target.codes,
            "engine": name,
            "characters": characters,
            "cost": cost.map(|euro| euro * characters as f64 / 1e6),
        }));
        for target in draft.alternatives.iter().take(most) {
            drafts.push(json!({
                "target": target, "engine": name, "characters": 0, "cost": 0.0,
            }));
        }
    }
    Ok(DeskReply::json(&json!(drafts)))
}
