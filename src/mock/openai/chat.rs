//! Chat completions, and the older completions.

use super::errors::{bad, context_exceeded};
use super::models::model_of;
use crate::mock::call::Call;
use crate::mock::chat::{AnswerForm, Prompt, Said};
use crate::mock::reply::Reply;
use crate::mock::service::{FaultOutcome, HandlerResult, Spoken, Task};
use crate::mock::store::MockStore;
use serde_json::{Value, json};

/// The time of every answer: the first second of 2026.
const CREATED: u64 = 1_767_225_600;

/// The form that `response_format` asks for: OpenAI's, or the flat one of llama.cpp.
pub fn form(own: &Value) -> Result<AnswerForm, Reply> {
    match own["type"].as_str() {
        None if own.is_null() => Ok(AnswerForm::Free),
        Some("text") => Ok(AnswerForm::Free),
        Some("json_object") if own["schema"].is_object() => {
            Ok(AnswerForm::Schema(own["schema"].clone()))
        }
        Some("json_object") => Ok(AnswerForm::Object),
        Some("json_schema") => {
            let nested = match &own["json_schema"] {
                Value::Null => own,
                nested => nested,
            };
            let schema = &nested["schema"];
            if !schema.is_object() {
                return Err(bad(
                    "Missing required parameter: 'response_format.json_schema.schema'.",
                    Some("response_format"),
                ));
            }
            if nested["strict"] == json!(true)
                && let Some(what) = not_strict(schema, "")
            {
                let name = nested["name"].as_str().unwrap_or_default();
                let message = format!("Invalid schema for response_format '{name}': {what}");
                return Err(bad(&message, Some("response_format")));
            }
            Ok(AnswerForm::Schema(schema.clone()))
        }
        _ => Err(bad(
            "Invalid value for 'response_format.type'.",
            Some("response_format.type"),
        )),
    }
}

/// What strict mode does not allow in a schema: an object that is open, or with a property that is
/// not required.
fn not_strict(schema: &Value, place: &str) -> Option<String> {
    let context = || format!("In context=({place}),");
    if place.is_empty() && schema["type"] != "object" && schema["$ref"].is_null() {
        return Some("schema must be a JSON Schema of 'type: \"object\"'.".into());
    }
    if let Some(properties) = schema["properties"].as_object() {
        if schema["additionalProperties"] != json!(false) {
            return Some(format!(
                "{} 'additionalProperties' is required to be supplied and to be false.",
                context()
            ));
        }
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, own) in properties {
            if !required.contains(&json!(name)) {
                return Some(format!(
                    "{} 'required' is required to be supplied and to be an array including every key in properties. Missing '{name}'.",
                    context()
                ));
            }
            let found = not_strict(own, &format!("{place}'properties', '{name}', "));
            if found.is_some() {
                return found;
            }
        }
    }
    if schema["items"].is_object() {
        return not_strict(&schema["items"], &format!("{place}'items', "));
    }
    None
}

/// A whole number of a request, if it is there.
pub fn number(call: &Call, name: &str) -> Result<Option<usize>, Reply> {
    match &call.body[name] {
        Value::Null => Ok(None),
        own => own.as_u64().map(|n| Some(n as usize)).ok_or_else(|| {
            bad(
                &format!("Invalid type for '{name}': expected an integer."),
                Some(name),
            )
        }),
    }
}

/// What the answer of a request depends on.
#[derive(Clone)]
struct ChatOptions {
    model: String,
    choices: usize,
    streams: bool,
    tells_usage: bool,
    most: Option<usize>,
}

fn read(call: &Call, store: &MockStore) -> Result<ChatOptions, Reply> {
    let most = match number(call, "max_completion_tokens")? {
        None => number(call, "max_tokens")?,
        some => some,
    };
    let choices = number(call, "n")?.unwrap_or(1);
    if choices == 0 || choices > 128 {
        return Err(bad("Invalid value for 'n'.", Some("n")));
    }
    if let Some(temperature) = call.body["temperature"].as_f64()
        && !(0.0..=2.0).contains(&temperature)
    {
        return Err(bad(
            "Invalid 'temperature': must be between 0 and 2.",
            Some("temperature"),
        ));
    }
    Ok(ChatOptions {
        model: model_of(call, store)?,
        choices,
        streams: call.body["stream"] == json!(true),
        tells_usage: call.body["stream_options"]["include_usage"] == json!(true),
        most,
    })
}

fn usage(prompt: usize, completion: usize) -> Value {
    json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion})
}

/// Events of a stream: each value, and the mark of the end.
pub fn events(values: Vec<Value>) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = values
        .iter()
        .map(|value| format!("data: {value}\n\n").into_bytes())
        .collect();
    parts.push(b"data: [DONE]\n\n".to_vec());
    parts
}

/// A task whose answer is made of what a model says.
pub fn task(
    prompt: Prompt,
    form: AnswerForm,
    most: Option<usize>,
    answer: impl FnOnce(Said, usize) -> Reply + Send + 'static,
) -> Task {
    let (utterances, terms) = (prompt.utterances(), prompt.terms.clone());
    let (is_edit, tokens) = (prompt.is_edit(), prompt.tokens);
    let mut task = Task::new(utterances, move |_: &MockStore, spoken: &Spoken| {
        answer(prompt.said(spoken, &form, most), prompt.tokens)
    });
    task.terms = terms;
    task.is_edit = is_edit;
    task.prompt_tokens = tokens;
    task
}

/// `POST /v1/chat/completions`
pub fn chat(call: &Call, store: &MockStore) -> HandlerResult {
    let asked = read(call, store)?;
    let Some(messages) = call.body["messages"].as_array() else {
        return Err(bad(
            "Missing required parameter: 'messages'.",
            Some("messages"),
        ));
    };
    let Some(prompt) = Prompt::read(messages) else {
        return Err(bad("there is no user message", Some("messages")));
    };
    let form = form(&call.body["response_format"])?;
    let has_json = || {
        call.body["messages"]
            .to_string()
            .to_lowercase()
            .contains("json")
    };
    if call.body["response_format"]["type"] == "json_object" && !has_json() {
        return Err(bad(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of \
             type 'json_object'.",
            Some("messages"),
        ));
    }
    if call.body["stream_options"].is_object() && call.body["stream"] != json!(true) {
        return Err(bad(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            Some("stream_options"),
        ));
    }
    let context = 128_000;
    if prompt.tokens > context {
        return Err(context_exceeded(context));
    }
    let most = asked.most;
    Ok(FaultOutcome::Words(task(
        prompt,
        form,
        most,
        move |said, prompt_tokens| {
            let count = said.tokens().len() * asked.choices;
            if asked.streams {
                return streamed_chat(&asked, &said, prompt_tokens);
            }
            let choice = |index: usize| {
                json!({"index": index, "finish_reason": said.finish, "logprobs": null,
                "message": {"role": "assistant", "content": said.content, "refusal": said.refusal}})
            };
            let choices: Vec<Value> = (0..asked.choices).map(choice).collect();
            let mut reply = Reply::json(
                200,
                &json!({"id": "chatcmpl-mock", "object": "chat.completion", "created": CREATED,
                "model": asked.model, "choices": choices, "usage": usage(prompt_tokens, count)}),
            );
            reply.tokens = count;
            reply.with("x-request-id", "req_mock")
        },
    )))
}

/// A chat completion token by token.
fn streamed_chat(asked: &ChatOptions, said: &Said, prompt_tokens: usize) -> Reply {
    let chunk = |choices: Value, usage: Option<Value>| {
        let mut own = json!({"id": "chatcmpl-mock", "object": "chat.completion.chunk",
            "created": CREATED, "model": asked.model, "choices": choices});
        if asked.tells_usage {
            own["usage"] = usage.unwrap_or(Value::Null);
        }
        own
    };
    let choice = |index: usize, delta: Value, finish: Option<&str>| json!([{"index": index, "delta": delta, "finish_reason": finish, "logprobs": null}]);
    let mut values = Vec::new();
    for index in 0..asked.choices {
        let first = json!({"role": "assistant", "content": "", "refusal": null});
        values.push(chunk(choice(index, first, None), None));
        let field = if said.refusal.is_some() {
            "refusal"
        } else {
            "content"
        };
        for token in said.tokens() {
            values.push(chunk(choice(index, json!({field: token}), None), None));
        }
        values.push(chunk(choice(index, json!({}), Some(said.finish)), None));
    }
    if asked.tells_usage {
        let count = said.tokens().len() * asked.choices;
        values.push(chunk(json!([]), Some(usage(prompt_tokens, count))));
    }
    Reply::streamed("text/event-stream; charset=utf-8", events(values))
}

/// `POST /v1/completions`
pub fn completions(call: &Call, store: &MockStore) -> HandlerResult {
    let asked = read(call, store)?;
    let Some(text) = call.text("prompt") else {
        return Err(bad("Missing required parameter: 'prompt'.", Some("prompt")));
    };
    let count = crate::mock::chat::tokens(&text).len();
    let Some(prompt) = Prompt::of(&text, &text, count) else {
        return Err(bad("Invalid value for 'prompt'.", Some("prompt")));
    };
    let most = asked.most;
    Ok(FaultOutcome::Words(task(
        prompt,
        AnswerForm::Free,
        most,
        move |said, prompt_tokens| {
            let count = said.tokens().len() * asked.choices;
            let body = |choices: Vec<Value>| {
                json!({"id": "cmpl-mock", "object": "text_completion", "created": CREATED,
                "model": asked.model, "choices": choices})
            };
            let choice = |index: usize, text: &str, finish: Option<&str>| json!({"index": index, "text": text, "finish_reason": finish, "logprobs": null});
            if asked.streams {
                let mut values = Vec::new();
                for index in 0..asked.choices {
                    let tokens = said.tokens().into_iter();
                    values.extend(tokens.map(|token| body(vec![choice(index, token, None)])));
                    values.push(body(vec![choice(index, "", Some(said.finish))]));
                }
                return Reply::streamed("text/event-stream; charset=utf-8", events(values));
            }
            let list =
                (0..asked.choices).map(|index| choice(index, &said.content, Some(said.finish)));
            let mut whole = body(list.collect());
            whole["usage"] = usage(prompt_tokens, count);
            let mut reply = Reply::json(200, &whole);
            reply.tokens = count;
            reply
        },
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_schemas_are_closed_and_complete() {
        let good = json!({"type": "object", "additionalProperties": false, "required": ["a"],
            "properties": {"a": {"type": "array", "items": {"type": "object", "additionalProperties": false,
                "required": ["b"], "properties": {"b": {"type": "string"}}}}}});
        assert_eq!(not_strict(&good, ""), None);
        let mut open = good.clone();
        open["properties"]["a"]["items"]["additionalProperties"] = json!(true);
        assert!(not_strict(&open, "").unwrap().contains("'items'"));
        let mut partial = good;
        partial["required"] = json!([]);
        assert!(not_strict(&partial, "").unwrap().contains("Missing 'a'"));
        assert!(not_strict(&json!({"type": "array"}), "").is_some());
    }
}
