//! Responses: the interface that follows chat completions.

use super::chat::{form, number, task};
use super::errors::bad;
use super::models::model_of;
use crate::mock::call::Call;
use crate::mock::chat::{Prompt, Said, message_text, tokens};
use crate::mock::reply::Reply;
use crate::mock::service::{FaultOutcome, HandlerResult};
use crate::mock::store::MockStore;
use serde_json::{Value, json};

/// Reads the input: a text, or a list of messages.
fn prompt(call: &Call) -> Option<Prompt> {
    let instructions = call.body["instructions"].as_str().unwrap_or_default();
    match &call.body["input"] {
        Value::String(text) => {
            let count = tokens(text).len() + tokens(instructions).len();
            Prompt::of(instructions, text, count)
        }
        Value::Array(items) => {
            let mut messages = vec![json!({"role": "system", "content": instructions})];
            messages.extend(items.iter().map(
                |item| json!({"role": item["role"], "content": message_text(&item["content"])}),
            ));
            if instructions.is_empty() {
                messages.remove(0);
            }
            Prompt::read(&messages)
        }
        _ => None,
    }
}

/// `POST /v1/responses`
pub fn create(call: &Call, store: &MockStore) -> HandlerResult {
    let model = model_of(call, store)?;
    let Some(prompt) = prompt(call) else {
        return Err(bad("Missing required parameter: 'input'.", Some("input")));
    };
    let form = form(&call.body["text"]["format"])?;
    let most = number(call, "max_output_tokens")?;
    let streams = call.body["stream"] == json!(true);
    let format = match &call.body["text"]["format"] {
        Value::Null => json!({"type": "text"}),
        own => own.clone(),
    };
    let instructions = call.body["instructions"].clone();
    Ok(FaultOutcome::Words(task(
        prompt,
        form,
        most,
        move |said, prompt_tokens| {
            let count = said.tokens().len();
            let is_whole = said.finish == "stop";
            let part = match &said.refusal {
                Some(words) => json!({"type": "refusal", "refusal": words}),
                None => {
                    json!({"type": "output_text", "text": said.content, "annotations": [], "logprobs": []})
                }
            };
            let status = if is_whole { "completed" } else { "incomplete" };
            let message = json!({"id": "msg_mock", "type": "message", "status": status,
            "role": "assistant", "content": [part]});
            let reason = if said.finish == "length" {
                "max_output_tokens"
            } else {
                said.finish
            };
            let whole = json!({"id": "resp_mock", "object": "response", "created_at": 1_767_225_600,
            "status": status, "error": null,
            "incomplete_details": if is_whole { Value::Null } else { json!({"reason": reason}) },
            "instructions": instructions, "max_output_tokens": most, "model": model,
            "output": [message], "parallel_tool_calls": true, "previous_response_id": null,
            "store": false, "temperature": 1.0, "top_p": 1.0, "text": {"format": format},
            "tool_choice": "auto", "tools": [], "truncation": "disabled", "metadata": {},
            "usage": {"input_tokens": prompt_tokens, "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": count, "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": prompt_tokens + count}});
            if streams {
                return streamed(&said, &whole);
            }
            let mut reply = Reply::json(200, &whole);
            reply.tokens = count;
            reply
        },
    )))
}

/// The response as events, token by token.
fn streamed(said: &Said, whole: &Value) -> Reply {
    let mut begun = whole.clone();
    begun["status"] = json!("in_progress");
    begun["output"] = json!([]);
    begun["usage"] = Value::Null;
    let message = &whole["output"][0];
    let part = &message["content"][0];
    let mut opened = message.clone();
    opened["status"] = json!("in_progress");
    opened["content"] = json!([]);
    let (kind, field) = if said.refusal.is_some() {
        ("response.refusal", "refusal")
    } else {
        ("response.output_text", "text")
    };
    let mut empty = part.clone();
    empty[field] = json!("");
    let at = |mut own: Value| {
        own["item_id"] = json!("msg_mock");
        own["output_index"] = json!(0);
        own["content_index"] = json!(0);
        own
    };
    let mut list = vec![
        json!({"type": "response.created", "response": begun}),
        json!({"type": "response.in_progress", "response": begun}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": opened}),
        at(json!({"type": "response.content_part.added", "part": empty})),
    ];
    for token in said.tokens() {
        list.push(at(
            json!({"type": format!("{kind}.delta"), "delta": token, "logprobs": []}),
        ));
    }
    list.push(at(
        json!({"type": format!("{kind}.done"), field: said.content, "logprobs": []}),
    ));
    list.push(at(
        json!({"type": "response.content_part.done", "part": part}),
    ));
    list.push(json!({"type": "response.output_item.done", "output_index": 0, "item": message}));
    let last = format!(
        "response.{}",
        whole["status"].as_str().unwrap_or("completed")
    );
    list.push(json!({"type": last, "response": whole}));
    let parts = list
        .into_iter()
        .enumerate()
        .map(|(number, mut own)| {
            own["sequence_number"] = json!(number);
            let kind = own["type"].as_str().unwrap_or_default().to_owned();
            format!("event: {kind}\ndata: {own}\n\n").into_bytes()
        })
        .collect();
    Reply::streamed("text/event-stream; charset=utf-8", parts)
}
