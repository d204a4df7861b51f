//! Why a request is not done: a problem document by RFC 9457.

use super::store::StoreError;
use crate::{format, memory, term, workflow};
use serde_json::{Map, Value, json};

/// A problem: a status, a sentence, and fields of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The status of HTTP.
    pub status: u16,
    /// What is wrong, in this case.
    pub detail: String,
    /// Further fields.
    pub fields: Map<String, Value>,
}

/// Statuses of problems, with the title of each.
const TITLES: &[(u16, &str)] = &[
    (400, "Bad request"),
    (401, "Not logged in"),
    (403, "Not allowed"),
    (404, "Not found"),
    (405, "Method not allowed"),
    (409, "Conflict"),
    (412, "Changed in the meantime"),
    (413, "Too large"),
    (415, "Unsupported type"),
    (421, "Wrong host"),
    (422, "Cannot be done"),
    (428, "If-Match is missing"),
    (429, "Too many wrong keys"),
    (500, "Internal error"),
    (501, "Not built yet"),
    (502, "The engine failed"),
    (503, "Shutting down"),
    (507, "Cannot be saved"),
];

impl Problem {
    /// A problem without further fields.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            fields: Map::new(),
        }
    }

    /// The same with a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.fields.insert(name.to_owned(), value);
        self
    }

    /// The document.
    pub fn body(&self) -> Value {
        let title = TITLES.iter().find(|(status, _)| *status == self.status);
        let mut body = json!({
            "type": "about:blank",
            "title": title.map_or("Problem", |(_, title)| title),
            "status": self.status,
            "detail": self.detail,
        });
        if let Value::Object(map) = &mut body {
            map.extend(self.fields.clone());
        }
        body
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::new(507, format!("nothing is saved; {error}"))
    }
}

impl From<memory::Error> for Problem {
    fn from(error: memory::Error) -> Self {
        Self::new(507, format!("the memory: {error}"))
    }
}

impl From<format::Error> for Problem {
    fn from(error: format::Error) -> Self {
        Self::new(422, error.to_string())
    }
}

impl From<term::Error> for Problem {
    fn from(error: term::Error) -> Self {
        Self::new(422, error.to_string())
    }
}

impl From<workflow::Error> for Problem {
    fn from(error: workflow::Error) -> Self {
        use workflow::Error;
        let status = match &error {
            Error::Exists { .. } | Error::LinkInTheWay { .. } => 409,
            Error::Engine(_) => 502,
            Error::Memory(_) | Error::Unwritable { .. } => 507,
            _ => 422,
        };
        Self::new(status, error.to_string())
    }
}
