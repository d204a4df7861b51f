//! The requests that arrived, without their keys, and questions about them.

use super::dialect::ServiceDialect;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A request that arrived. Keys are not kept.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Whose dialect.
    pub dialect: Option<ServiceDialect>,
    /// GET, POST.
    pub method: String,
    /// Path and query, without the fields that hold keys.
    pub path: String,
    /// The headers, without those that hold keys.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// How many texts were to be translated.
    pub texts: usize,
    /// The session; empty is the common one.
    pub session: String,
    /// The status that was answered; 0 while there is no answer.
    pub status: u16,
    /// The faults that struck.
    pub faults: Vec<&'static str>,
    /// See [`Recorded::tokens`].
    pub(super) written: Arc<AtomicUsize>,
}

/// Headers, query fields and body fields that hold keys.
const SECRET: &[&str] = &[
    "authorization",
    "x-goog-api-key",
    "ocp-apim-subscription-key",
    "api-key",
    "cookie",
    "key",
    "api_key",
    "auth_key",
    "access_token",
    "subscription-key",
];

/// Whether a header or a field of this name holds a key.
pub fn is_secret(name: &str) -> bool {
    SECRET
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Path and query without the fields that hold keys.
pub fn without_keys(path_and_query: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else {
        return path_and_query.to_owned();
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|field| !is_secret(field.split('=').next().unwrap_or_default()))
        .collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

/// A body without the fields that hold keys, if it is JSON or a form; else as it is.
pub fn body_without_keys(body: &str) -> String {
    if !SECRET.iter().any(|secret| body.contains(secret)) {
        return body.to_owned();
    }
    match serde_json::from_str::<Value>(body) {
        Ok(Value::Object(mut object)) => {
            object.retain(|name, _| !is_secret(name));
            Value::Object(object).to_string()
        }
        Ok(_) => body.to_owned(),
        Err(_) if body.contains(['\n', '{']) => body.to_owned(),
        Err(_) => without_keys(&format!("?{body}"))
            .trim_start_matches('?')
            .to_owned(),
    }
}

impl Recorded {
    /// Tokens that a model wrote for it so far; no further ones follow once the client hung up.
    pub fn tokens(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }

    /// Bytes that it takes, about.
    pub fn size(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.len() + value.len() + 48)
            .sum();
        size_of::<Self>() + self.path.len() + self.body.len() + headers
    }

    /// The request as the control interface shows it.
    pub fn shown(&self) -> Value {
        let body = serde_json::from_str(&self.body).unwrap_or_else(|_| json!(self.body));
        let headers: serde_json::Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        json!({"dialect": self.dialect.map(ServiceDialect::name), "method": self.method,
            "path": self.path, "headers": headers, "body": body, "texts": self.texts,
            "session": self.session, "status": self.status, "faults": self.faults,
            "tokens": self.tokens()})
    }

    /// Whether it fits a filter: an object with any of `dialect`, `method`, `path` (its beginning),
    /// `status`, `session`, `header` (an object of names and values), and `body`. A text as `body`
    /// must occur in it; an object must be part of it.
    ///
    /// Errors: a name that is none of these.
    pub fn fits(&self, filter: &Value) -> Result<bool, String> {
        let shown = self.shown();
        let Some(filter) = filter.as_object() else {
            return Err("a filter is an object".into());
        };
        for (name, wanted) in filter {
            let fits = match name.as_str() {
                "dialect" | "session" => shown[name] == *wanted,
                "method" => wanted
                    .as_str()
                    .is_some_and(|method| method.eq_ignore_ascii_case(&self.method)),
                "status" => {
                    *wanted == json!(self.status) || *wanted == json!(self.status.to_string())
                }
                "path" => wanted
                    .as_str()
                    .is_some_and(|path| self.path.starts_with(path)),
                "body" => match wanted {
                    Value::String(part) => self.body.contains(part.as_str()),
                    part => is_part(part, &shown["body"]),
                },
                "header" => is_part(wanted, &shown["headers"]),
                _ => return Err(format!("`{name}` is not a field of a filter")),
            };
            if !fits {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether every field of `part` is in `whole`; lists must be equal.
fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part
            .iter()
            .all(|(name, value)| whole.get(name).is_some_and(|other| is_part(value, other))),
        _ => part == whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_out_of_paths_and_bodies() {
        assert_eq!(without_keys("/a?key=s&q=b&Key=t"), "/a?q=b");
        assert_eq!(without_keys("/a?key=s"), "/a");
        assert_eq!(
            body_without_keys(r#"{"q":"a","api_key":"secret"}"#),
            r#"{"q":"a"}"#
        );
        assert_eq!(body_without_keys("auth_key=secret&text=a"), "text=a");
    }

    #[test]
    fn filters_look_at_every_field() {
        let request = Recorded {
            dialect: Some(ServiceDialect::DeepL),
            method: "POST".into(),
            path: "/v2/translate".into(),
            headers: vec![("user-agent".into(), "client/1".into())],
            body: r#"{"text":["Ja"],"target_lang":"EN-GB"}"#.into(),
            texts: 1,
            session: String::new(),
            status: 200,
            faults: Vec::new(),
            written: Arc::default(),
        };
        for (filter, fits) in [
            (json!({}), true),
            (json!({"dialect": "deepl", "method": "post"}), true),
            (json!({"path": "/v2/", "status": 200}), true),
            (json!({"body": {"target_lang": "EN-GB"}}), true),
            (json!({"body": {"target_lang": "DE"}}), false),
            (json!({"body": "EN-GB"}), true),
            (json!({"header": {"user-agent": "client/1"}}), true),
            (json!({"status": 429}), false),
        ] {
            assert_eq!(request.fits(&filter), Ok(fits), "{filter}");
        }
        assert!(request.fits(&json!({"pfad": "/"})).is_err());
    }
}
