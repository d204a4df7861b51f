//! Who is at the desk, and in which unit.

use super::limits::{LARGEST_UPLOAD, LONGEST_TEXT};
use super::request::{Answered, DeskReply, DeskRequest};
use super::state::Desk;
use crate::engine::ENGINES;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /api/session`
pub fn show(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let settings = desk.setup.engine_settings();
    let engines: Vec<Value> = ENGINES
        .iter()
        .map(|entry| {
            let first = entry.keys.first();
            let is_ready = first.is_some_and(|key| settings.get(key.name).is_some());
            json!({
                "name": entry.name,
                "summary": entry.summary,
                "ready": is_ready,
                "sends_text_out": entry.sends_text_out,
                "euro_per_million": entry.price.map(|price| price.euro_per_million),
            })
        })
        .collect();
    Ok(DeskReply::json(&json!({
        "name": call.who.name,
        "role": call.who.role.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "from": desk.pair.source.tag(),
        "to": desk.pair.target.tag(),
        "engine": desk.setup.settings.text("engine"),
        "engines": engines,
        "limits": {"upload": LARGEST_UPLOAD, "text": LONGEST_TEXT},
    })))
}

/// `POST /api/presence`
pub fn presence(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let article = call.needed("article")?;
    let unit = call.text("unit")?;
    let data = json!({"article": article, "unit": unit, "name": call.who.name});
    desk.events.tell("presence", &data);
    Ok(DeskReply::Empty)
}
