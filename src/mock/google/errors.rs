//! Google's refusals.

use crate::mock::languages::of_code;
use crate::mock::reply::Reply;
use crate::mock::service::Refusal;
use serde_json::json;

/// An error: a status of HTTP, a message, the status as a word, and the reason.
pub fn error(status: u16, message: &str, word: &str, reason: &str) -> Reply {
    let domain = if reason.ends_with("Exceeded") {
        "usageLimits"
    } else {
        "global"
    };
    Reply::json(
        status,
        &json!({"error": {"code": status, "message": message, "status": word,
            "errors": [{"message": message, "domain": domain, "reason": reason}],
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason,
                "domain": "googleapis.com"}]}}),
    )
}

/// A wrong field.
pub fn bad(message: &str) -> Reply {
    error(400, message, "INVALID_ARGUMENT", "invalid")
}

/// Something that does not exist.
pub fn missing(message: &str) -> Reply {
    error(404, message, "NOT_FOUND", "notFound")
}

/// A language of a request.
///
/// Errors: the field and its value.
pub fn language(code: &str, field: &str) -> Result<&'static str, Reply> {
    of_code(code).map(|tongue| tongue.code).ok_or_else(|| {
        bad(&format!(
            "Invalid value at '{field}': the language {code} is not supported."
        ))
    })
}

/// Every refusal.
pub fn refuse(why: Refusal) -> Reply {
    match why {
        Refusal::RateLimited => error(
            429,
            "Resource has been exhausted (e.g. check quota).",
            "RESOURCE_EXHAUSTED",
            "rateLimitExceeded",
        ),
        Refusal::Quota => error(
            403,
            "Daily Limit Exceeded",
            "PERMISSION_DENIED",
            "dailyLimitExceeded",
        ),
        Refusal::NoKey => error(
            403,
            "The request is missing a valid API key.",
            "PERMISSION_DENIED",
            "forbidden",
        ),
        Refusal::BadKey => error(
            400,
            "API key not valid. Please pass a valid API key.",
            "INVALID_ARGUMENT",
            "API_KEY_INVALID",
        ),
        Refusal::Unavailable => error(
            503,
            "The service is currently unavailable.",
            "UNAVAILABLE",
            "backendError",
        ),
        Refusal::NoPath(path) => Reply::html(
            404,
            &format!(
                "<!DOCTYPE html>\n<title>Error 404 (Not RouteMatch)!!1</title>\n<p>The requested URL <code>{}</code> was not found on this server.",
                path.replace('<', "&lt;")
            ),
        ),
        Refusal::NoMethod => Reply::html(
            405,
            "<!DOCTYPE html>\n<title>Error 405 (Method Not Allowed)!!1</title>",
        ),
        Refusal::MediaType => bad("Invalid Content-Type."),
        Refusal::Malformed(what) => bad(&format!("Invalid JSON payload received. {what}")),
        Refusal::TooLarge => error(
            413,
            "Request payload size exceeds the limit.",
            "INVALID_ARGUMENT",
            "uploadTooLarge",
        ),
        Refusal::Invalid(what) => bad(what),
        Refusal::Upstream(what) => error(502, what, "UNAVAILABLE", "backendError"),
    }
}

/// A text as HTML, as the service answers unless it was asked for plain text.
pub fn escaped(text: &str) -> String {
    if text.contains('<') {
        return text.to_owned();
    }
    text.replace('&', "&amp;")
        .replace('\'', "&#39;")
        .replace('"', "&quot;")
        .replace('>', "&gt;")
}
