//! OpenAI's models: the one that a request names, and the list.

use super::errors::{bad, error};
use crate::mock::call::Call;
use crate::mock::reply::Reply;
use crate::mock::service::HandlerResult;
use crate::mock::store::MockStore;
use serde_json::{Value, json};

/// The model of a request.
///
/// Errors: there is none, or not this one.
pub fn model_of(call: &Call, store: &MockStore) -> Result<String, Reply> {
    match call.body["model"].as_str().filter(|name| !name.is_empty()) {
        None => Err(bad("you must provide a model parameter", Some("model"))),
        Some(name) if store.has_model(name) => Ok(name.to_owned()),
        Some(name) => Err(unknown_model(name)),
    }
}

fn unknown_model(name: &str) -> Reply {
    error(
        404,
        &format!("The model `{name}` does not exist or you do not have access to it."),
        "invalid_request_error",
        None,
        Some("model_not_found"),
    )
}

fn described(name: &str) -> Value {
    json!({"id": name, "object": "model", "created": 1_767_225_600, "owned_by": "mock"})
}

/// `GET /v1/models`
pub fn list(_: &Call, store: &MockStore) -> HandlerResult {
    let list: Vec<Value> = store.models().iter().map(|name| described(name)).collect();
    Ok(Reply::json(200, &json!({"object": "list", "data": list})).into())
}

/// `GET /v1/models/{id}`
pub fn get(call: &Call, store: &MockStore) -> HandlerResult {
    let name = call.capture(0);
    if store.has_model(name) {
        Ok(Reply::json(200, &described(name)).into())
    } else {
        Err(unknown_model(name))
    }
}
