//! OpenAI: chat completions, completions, responses, embeddings and models; streamed or whole.

mod chat;
mod errors;
mod models;
mod responses;

use super::call::Call;
use super::chat::{embedding, tokens};
use super::dialect::ServiceDialect;
use super::reply::Reply;
use super::service::{HandlerResult, Route, Service, route, words};
use super::store::MockStore;
use base64::Engine as _;
use errors::{bad, refuse};
pub use errors::{context_exceeded, filtered};
use models::model_of;
use serde_json::{Value, json};

/// OpenAI's routes, key and refusals.
pub static SERVICE: Service = Service {
    dialect: ServiceDialect::OpenAi,
    routes: ROUTES,
    key: |call| {
        call.authorization("Bearer")
            .or_else(|| call.header("api-key"))
            .map(str::to_owned)
    },
    key_is_optional: false,
    refuse,
};

static ROUTES: &[Route] = &[
    words("POST", "/v1/chat/completions", chat::chat),
    words("POST", "/v1/completions", chat::completions),
    words("POST", "/v1/responses", responses::create),
    route("POST", "/v1/embeddings", embeddings),
    route("GET", "/v1/models", models::list),
    route("GET", "/v1/models/{*}", models::get),
    words("POST", "/chat/completions", chat::chat),
    words("POST", "/completions", chat::completions),
    words("POST", "/responses", responses::create),
    route("POST", "/embeddings", embeddings),
    route("GET", "/models", models::list),
    route("GET", "/models/{*}", models::get),
];

/// `POST /v1/embeddings`
fn embeddings(call: &Call, store: &MockStore) -> HandlerResult {
    let model = model_of(call, store)?;
    let inputs: Vec<String> = match &call.body["input"] {
        Value::String(text) => vec![text.clone()],
        // Texts, tokens of one text, or tokens of several.
        Value::Array(list) if list.iter().all(Value::is_number) && !list.is_empty() => {
            vec![json!(list).to_string()]
        }
        Value::Array(list) if !list.is_empty() => list
            .iter()
            .map(|own| own.as_str().map_or_else(|| own.to_string(), str::to_owned))
            .collect(),
        _ => return Err(bad("'$.input' is invalid.", Some("input"))),
    };
    let dimensions = match &call.body["dimensions"] {
        Value::Null => 1_536,
        own => match own.as_u64() {
            Some(n) if (1..=3_072).contains(&n) => n as usize,
            _ => return Err(bad("Invalid value for 'dimensions'.", Some("dimensions"))),
        },
    };
    let is_base64 = match call.body["encoding_format"].as_str() {
        None | Some("float") => false,
        Some("base64") => true,
        Some(_) => {
            return Err(bad(
                "Invalid value for 'encoding_format'.",
                Some("encoding_format"),
            ));
        }
    };
    let of = |(index, text): (usize, &String)| {
        let vector = embedding(text, dimensions);
        let shown = if is_base64 {
            let bytes: Vec<u8> = vector.iter().flat_map(|x| x.to_le_bytes()).collect();
            json!(base64::engine::general_purpose::STANDARD.encode(bytes))
        } else {
            json!(vector)
        };
        json!({"object": "embedding", "index": index, "embedding": shown})
    };
    let data: Vec<Value> = inputs.iter().enumerate().map(of).collect();
    let count: usize = inputs.iter().map(|text| tokens(text).len()).sum();
    Ok(Reply::json(
        200,
        &json!({"object": "list", "data": data, "model": model,
            "usage": {"prompt_tokens": count, "total_tokens": count}}),
    )
    .into())
}
