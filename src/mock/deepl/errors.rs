//! DeepL's refusals.

use crate::mock::reply::Reply;
use crate::mock::service::Refusal;
use serde_json::json;

/// An error with a message.
pub fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"message": message})).with("x-trace-id", "mock")
}

/// A wrong field.
pub fn bad(message: &str) -> Reply {
    error(400, message)
}

/// A wrong field, with more about it.
pub fn detailed(status: u16, message: &str, detail: &str) -> Reply {
    let body = json!({"message": message, "detail": detail});
    Reply::json(status, &body).with("x-trace-id", "mock")
}

/// Every refusal.
pub fn refuse(why: Refusal) -> Reply {
    match why {
        Refusal::RateLimited => error(429, "Too many requests"),
        Refusal::Quota => error(456, "Quota for this billing period has been exceeded."),
        Refusal::NoKey | Refusal::BadKey => Reply::empty(403),
        Refusal::Unavailable => error(503, "Service unavailable"),
        Refusal::NoPath(_) => error(404, "Not found"),
        Refusal::NoMethod => error(405, "Method not allowed"),
        Refusal::MediaType => error(415, "Unsupported media type"),
        Refusal::Malformed(_) => bad("Bad request. Reason: the body could not be read."),
        Refusal::TooLarge => Reply::html(
            413,
            "<html><body><h1>413 Request Entity Too Large</h1></body></html>",
        ),
        Refusal::Invalid(what) => bad(what),
        Refusal::Upstream(what) => error(502, what),
    }
}
