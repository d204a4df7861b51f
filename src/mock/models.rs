//! The dialects of language models: chat completions and Ollama.

use super::services::{Dialect, error};
use super::{Asked, Fault, Reply};
use serde_json::{Value, json};

/// Reads a chat request: our segments as JSON, numbered lines, or one plain text.
pub fn ask(dialect: Dialect, body: &Value) -> Result<Asked, Reply> {
    let bad = |message: &str| Err(error(dialect, 400, message, "invalid_request_error"));
    if body["model"].as_str().is_none_or(str::is_empty) {
        return bad("you must provide a model parameter");
    }
    let Some(messages) = body["messages"].as_array() else {
        return bad("messages is required");
    };
    let content = |role: &str| {
        messages
            .iter()
            .rfind(|m| m["role"] == role)
            .and_then(|m| m["content"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let (system, user) = (content("system"), content("user"));
    if user.is_empty() {
        return bad("there is no user message");
    }
    let pairs = system
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split_once(" → "))
        .map(|(s, t)| (s.to_owned(), t.to_owned()))
        .collect();
    if let Ok(value) = serde_json::from_str::<Value>(&user)
        && let Some(text) = value["edit"]["en"].as_str()
    {
        let mut asked = Asked::new(vec![text.to_owned()], pairs);
        asked.edit = true;
        return Ok(asked);
    }
    if let Ok(value) = serde_json::from_str::<Value>(&user)
        && let Some(segments) = value["segments"].as_array()
    {
        let mut asked = Asked::new(
            segments
                .iter()
                .filter_map(|s| s["nl"].as_str().map(str::to_owned))
                .collect(),
            pairs,
        );
        asked.ids = segments.iter().filter_map(|s| s["id"].as_u64()).collect();
        return Ok(asked);
    }
    let lines: Vec<(u64, String)> = user
        .lines()
        .filter_map(|line| {
            let (id, text) = line.strip_prefix("[[")?.split_once("]] ")?;
            Some((id.parse().ok()?, text.to_owned()))
        })
        .collect();
    if !lines.is_empty() {
        let mut asked = Asked::new(lines.iter().map(|(_, t)| t.clone()).collect(), pairs);
        asked.ids = lines.iter().map(|(id, _)| *id).collect();
        asked.lines = true;
        return Ok(asked);
    }
    let mut asked = Asked::new(
        vec![user.lines().last().unwrap_or_default().to_owned()],
        pairs,
    );
    asked.single = true;
    Ok(asked)
}

/// The answer of a language model.
pub fn reply(dialect: Dialect, asked: &Asked, texts: &[String], faults: &[Fault]) -> Reply {
    let is = |name: &str| faults.iter().any(|fault| fault.name == name);
    let id = |index: usize| {
        let index = if index == 1 && is("ids-doubled") {
            0
        } else {
            index
        };
        asked.ids.get(index).copied().unwrap_or(9_999)
    };
    let mut content = if asked.edit {
        json!({"en": texts.first()}).to_string()
    } else if asked.single {
        texts.first().cloned().unwrap_or_default()
    } else if asked.lines {
        texts
            .iter()
            .enumerate()
            .map(|(i, t)| format!("[[{}]] {t}\n", id(i)))
            .collect::<Vec<_>>()
            .concat()
    } else {
        let list: Vec<Value> = texts
            .iter()
            .enumerate()
            .map(|(i, t)| {
                if i == 0 && is("no-text") {
                    json!({"id": id(i)})
                } else {
                    json!({"id": id(i), "en": t})
                }
            })
            .collect();
        json!({"translations": list}).to_string()
    };
    if is("fenced") {
        content = format!("```json\n{content}\n```");
    }
    if is("thinking") {
        content = format!("<think>The user wants {{\"translations\":[]}}.</think>\n{content}");
    }
    let mut finish = "stop";
    if is("cut-off") {
        let half = content.chars().count() / 2;
        content = content.chars().take(half).collect();
        finish = "length";
    }
    let refusal = is("refusal").then_some("I cannot help with that.");
    if let Some(said) = refusal {
        said.clone_into(&mut content);
    }
    let body = if dialect == Dialect::OpenAi {
        json!({"id": "chatcmpl-mock", "object": "chat.completion", "created": 0, "model": "mock",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": content, "refusal": refusal}, "finish_reason": finish}],
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}})
    } else {
        json!({"model": "mock", "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", "content": content},
            "done": true, "done_reason": finish, "prompt_eval_count": 0, "eval_count": 0})
    };
    Reply::json(200, &body)
}
