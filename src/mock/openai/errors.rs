//! OpenAI's refusals.

use crate::mock::reply::Reply;
use crate::mock::service::Refusal;
use serde_json::json;

/// An error: message, type, the field, and the code that clients look at.
pub fn error(
    status: u16,
    message: &str,
    kind: &str,
    param: Option<&str>,
    code: Option<&str>,
) -> Reply {
    Reply::json(
        status,
        &json!({"error": {"message": message, "type": kind, "param": param, "code": code}}),
    )
    .with("x-request-id", "req_mock")
}

/// A wrong field.
pub fn bad(message: &str, param: Option<&str>) -> Reply {
    error(400, message, "invalid_request_error", param, None)
}

/// A prompt that is longer than the model's context.
pub fn context_exceeded(most: usize) -> Reply {
    error(
        400,
        &format!("This model's maximum context length is {most} tokens."),
        "invalid_request_error",
        Some("messages"),
        Some("context_length_exceeded"),
    )
}

/// A prompt that the content filter refuses, as Azure OpenAI words it.
pub fn filtered() -> Reply {
    error(
        400,
        "The response was filtered due to the prompt triggering the content management policy. \
         Please modify your prompt and retry.",
        "invalid_request_error",
        Some("prompt"),
        Some("content_filter"),
    )
}

/// Every refusal.
pub fn refuse(why: Refusal) -> Reply {
    let invalid = "invalid_request_error";
    match why {
        Refusal::RateLimited => error(
            429,
            "Rate limit reached for requests",
            "requests",
            None,
            Some("rate_limit_exceeded"),
        ),
        Refusal::Quota => error(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
            None,
            Some("insufficient_quota"),
        ),
        Refusal::NoKey => error(
            401,
            "You didn't provide an API key.",
            invalid,
            None,
            Some("invalid_api_key"),
        ),
        Refusal::BadKey => error(
            401,
            "Incorrect API key provided",
            invalid,
            None,
            Some("invalid_api_key"),
        ),
        Refusal::Unavailable => error(
            503,
            "The engine is currently overloaded, please try again later",
            "server_error",
            None,
            Some("service_unavailable"),
        ),
        Refusal::NoPath(path) => error(404, &format!("Invalid URL ({path})"), invalid, None, None),
        Refusal::NoMethod => error(
            405,
            "Not allowed to use this method on this endpoint.",
            invalid,
            None,
            Some("method_not_supported"),
        ),
        Refusal::MediaType | Refusal::Malformed(_) => {
            bad("We could not parse the JSON body of your request.", None)
        }
        Refusal::TooLarge => error(413, "The request is too large.", invalid, None, None),
        Refusal::Invalid(what) => bad(what, None),
        Refusal::Upstream(what) => error(502, what, "server_error", None, None),
    }
}
