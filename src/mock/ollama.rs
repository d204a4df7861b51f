//! Ollama's own interface: chat, generate, embeddings, models; streamed as lines unless told
//! otherwise.

use super::call::Call;
use super::chat::{AnswerForm, Prompt, Said, embedding, tokens};
use super::dialect::ServiceDialect;
use super::reply::Reply;
use super::service::{
    FaultOutcome, HandlerResult, Refusal, Route, Service, Spoken, Task, open, words,
};
use super::store::MockStore;
use serde_json::{Value, json};

/// Ollama's routes and refusals. It knows no keys, unless the options name some.
pub static SERVICE: Service = Service {
    dialect: ServiceDialect::Ollama,
    routes: ROUTES,
    key: |call| call.authorization("Bearer").map(str::to_owned),
    key_is_optional: true,
    refuse,
};

static ROUTES: &[Route] = &[
    words("POST", "/api/chat", chat),
    words("POST", "/api/generate", generate),
    open("GET", "/api/tags", tags),
    open("GET", "/api/ps", ps),
    open("POST", "/api/show", show),
    open("POST", "/api/pull", pull),
    open("POST", "/api/embed", embed),
    open("POST", "/api/embeddings", embeddings),
    open("GET", "/api/version", |_, _| {
        Ok(Reply::json(200, &json!({"version": "0.13.0"})).into())
    }),
];

/// The time of every answer.
const TIME: &str = "2026-01-01T00:00:00Z";

fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"error": message}))
}

fn refuse(why: Refusal) -> Reply {
    match why {
        Refusal::RateLimited => error(429, "too many requests"),
        Refusal::Quota => error(403, "Too many request limits violations"),
        Refusal::NoKey | Refusal::BadKey => error(401, "unauthorized"),
        Refusal::Unavailable => error(
            503,
            "server busy, please try again. maximum pending requests exceeded",
        ),
        Refusal::NoPath(_) => Reply::text(404, "404 page not found"),
        Refusal::NoMethod => Reply::text(405, "405 method not allowed"),
        Refusal::MediaType => error(415, "unsupported media type"),
        Refusal::Malformed(what) => error(400, what),
        Refusal::TooLarge => error(413, "http: request body too large"),
        Refusal::Invalid(what) => error(400, what),
        Refusal::Upstream(what) => error(502, what),
    }
}

/// The model of a request.
fn model_of(call: &Call, store: &MockStore) -> Result<String, Reply> {
    let name = call.body["model"]
        .as_str()
        .or_else(|| call.body["name"].as_str());
    match name.filter(|name| !name.is_empty()) {
        None => Err(error(400, "model is required")),
        Some(name) if store.has_model(name) => Ok(name.to_owned()),
        Some(name) => Err(error(404, &format!("model '{name}' not found"))),
    }
}

/// The form that `format` asks for.
fn form(call: &Call) -> Result<AnswerForm, Reply> {
    match &call.body["format"] {
        Value::Null => Ok(AnswerForm::Free),
        Value::String(word) if word.is_empty() => Ok(AnswerForm::Free),
        Value::String(word) if word == "json" => Ok(AnswerForm::Object),
        own if own.is_object() => Ok(AnswerForm::Schema(own.clone())),
        _ => Err(error(
            400,
            "invalid format: expected \"json\" or a JSON schema",
        )),
    }
}

/// The largest number of tokens that the options allow.
fn most(call: &Call) -> Option<usize> {
    call.body["options"]["num_predict"]
        .as_u64()
        .map(|n| n as usize)
}

/// The last line of an answer.
fn ended(model: &str, said: &Said, prompt_tokens: usize) -> Value {
    let count = said.tokens().len();
    json!({"model": model, "created_at": TIME, "done": true, "done_reason": if said.finish == "length" { "length" } else { "stop" },
        "total_duration": 1_000_000 * count, "load_duration": 0, "prompt_eval_count": prompt_tokens,
        "prompt_eval_duration": 0, "eval_count": count, "eval_duration": 1_000_000 * count})
}

/// The answer, streamed or whole; `with` puts a piece of text where the interface has it.
fn answer(
    model: &str,
    said: &Said,
    prompt_tokens: usize,
    streams: bool,
    with: fn(&mut Value, &str),
) -> Reply {
    let mut last = ended(model, said, prompt_tokens);
    if !streams {
        with(&mut last, &said.content);
        let mut reply = Reply::json(200, &last);
        reply.tokens = said.tokens().len();
        return reply;
    }
    let mut lines: Vec<Value> = said
        .tokens()
        .into_iter()
        .map(|token| {
            let mut line = json!({"model": model, "created_at": TIME, "done": false});
            with(&mut line, token);
            line
        })
        .collect();
    with(&mut last, "");
    lines.push(last);
    let parts = lines.iter().map(|line| format!("{line}\n").into_bytes());
    Reply::streamed("application/x-ndjson", parts.collect())
}

/// A task whose answer is what a model says.
fn task(
    call: &Call,
    store: &MockStore,
    prompt: Prompt,
    with: fn(&mut Value, &str),
) -> HandlerResult {
    let model = model_of(call, store)?;
    let (form, most) = (form(call)?, most(call));
    let streams = call.body["stream"] != json!(false);
    let (terms, is_edit) = (prompt.terms.clone(), prompt.is_edit());
    let finish = {
        let prompt = prompt.clone();
        move |_: &MockStore, spoken: &Spoken| {
            let said = prompt.said(spoken, &form, most);
            answer(&model, &said, prompt.tokens, streams, with)
        }
    };
    let mut task = Task::new(prompt.utterances(), finish);
    task.terms = terms;
    task.is_edit = is_edit;
    task.prompt_tokens = prompt.tokens;
    Ok(FaultOutcome::Words(task))
}

/// A model that is only to be loaded.
fn loaded(call: &Call, store: &MockStore, with: fn(&mut Value, &str)) -> HandlerResult {
    let mut own = json!({"model": model_of(call, store)?, "created_at": TIME, "done": true, "done_reason": "load"});
    with(&mut own, "");
    Ok(Reply::json(200, &own).into())
}

/// `POST /api/chat`
fn chat(call: &Call, store: &MockStore) -> HandlerResult {
    let with = |value: &mut Value, text: &str| {
        value["message"] = json!({"role": "assistant", "content": text});
    };
    let messages = call.body["messages"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if messages.is_empty() {
        return loaded(call, store, with);
    }
    model_of(call, store)?;
    match Prompt::read(&messages) {
        Some(prompt) => task(call, store, prompt, with),
        None => Err(error(400, "there is no user message")),
    }
}

/// `POST /api/generate`
fn generate(call: &Call, store: &MockStore) -> HandlerResult {
    let with = |value: &mut Value, text: &str| {
        value["response"] = json!(text);
    };
    let system = call.body["system"].as_str().unwrap_or_default();
    let user = call.body["prompt"].as_str().unwrap_or_default();
    match Prompt::of(system, user, tokens(system).len() + tokens(user).len()) {
        Some(prompt) => task(call, store, prompt, with),
        None => loaded(call, store, with),
    }
}

/// A model as lists show it.
fn described(name: &str) -> Value {
    let name = if name.contains(':') {
        name.to_owned()
    } else {
        format!("{name}:latest")
    };
    json!({"name": name, "model": name, "modified_at": TIME, "size": 1_000_000_000,
        "digest": "0".repeat(64), "details": details()})
}

fn details() -> Value {
    json!({"parent_model": "", "format": "gguf", "family": "mock", "families": ["mock"],
        "parameter_size": "1B", "quantization_level": "Q4_0"})
}

/// `GET /api/tags`
fn tags(_: &Call, store: &MockStore) -> HandlerResult {
    let list: Vec<Value> = store.models().iter().map(|name| described(name)).collect();
    Ok(Reply::json(200, &json!({"models": list})).into())
}

/// `GET /api/ps`
fn ps(_: &Call, store: &MockStore) -> HandlerResult {
    let list: Vec<Value> = store
        .models()
        .iter()
        .map(|name| {
            let mut own = described(name);
            own["expires_at"] = json!("2026-01-01T00:05:00Z");
            own["size_vram"] = json!(0);
            own["context_length"] = json!(4_096);
            own
        })
        .collect();
    Ok(Reply::json(200, &json!({"models": list})).into())
}

/// `POST /api/show`
fn show(call: &Call, store: &MockStore) -> HandlerResult {
    model_of(call, store)?;
    Ok(Reply::json(
        200,
        &json!({"modelfile": "FROM mock\n", "parameters": "", "template": "{{ .Prompt }}",
            "details": details(), "capabilities": ["completion"], "modified_at": TIME,
            "model_info": {"general.architecture": "mock", "mock.context_length": 4_096}}),
    )
    .into())
}

/// `POST /api/pull`: the model is there already.
fn pull(call: &Call, store: &MockStore) -> HandlerResult {
    model_of(call, store).map_err(|_| error(500, "pull model manifest: file does not exist"))?;
    if call.body["stream"] == json!(false) {
        return Ok(Reply::json(200, &json!({"status": "success"})).into());
    }
    let lines = ["pulling manifest", "success"];
    let parts = lines
        .iter()
        .map(|line| format!("{{\"status\":\"{line}\"}}\n").into_bytes());
    Ok(Reply::streamed("application/x-ndjson", parts.collect()).into())
}

/// `POST /api/embed`
fn embed(call: &Call, store: &MockStore) -> HandlerResult {
    let model = model_of(call, store)?;
    let Some(texts) = call.texts("input") else {
        return Err(error(400, "invalid input type"));
    };
    let dimensions = call.body["dimensions"]
        .as_u64()
        .unwrap_or(768)
        .clamp(1, 4_096) as usize;
    let list: Vec<Vec<f32>> = texts
        .iter()
        .map(|text| embedding(text, dimensions))
        .collect();
    let count: usize = texts.iter().map(|text| tokens(text).len()).sum();
    Ok(Reply::json(
        200,
        &json!({"model": model, "embeddings": list, "total_duration": 1_000_000, "load_duration": 0,
            "prompt_eval_count": count}),
    )
    .into())
}

/// `POST /api/embeddings`: the older one.
fn embeddings(call: &Call, store: &MockStore) -> HandlerResult {
    model_of(call, store)?;
    let text = call.text("prompt").unwrap_or_default();
    Ok(Reply::json(200, &json!({"embedding": embedding(&text, 768)})).into())
}
