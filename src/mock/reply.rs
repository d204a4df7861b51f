//! An answer of the mock: status, headers and a body in one piece or in parts.

use serde_json::Value;

/// An answer before the transport faults have touched it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body. More than one part means that the answer is streamed, part by part.
    pub parts: Vec<Vec<u8>>,
    /// Tokens that a model made for it; 0 for every other service.
    pub tokens: usize,
}

impl Reply {
    /// A JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::typed(
            status,
            "application/json; charset=utf-8",
            body.to_string().into_bytes(),
        )
    }

    /// A page of a proxy.
    pub fn html(status: u16, body: &str) -> Self {
        Self::typed(status, "text/html", body.as_bytes().to_vec())
    }

    /// A body of plain text.
    pub fn text(status: u16, body: &str) -> Self {
        Self::typed(
            status,
            "text/plain; charset=utf-8",
            body.as_bytes().to_vec(),
        )
    }

    /// A body with its content type.
    pub fn typed(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), content_type.into())],
            parts: vec![body],
            tokens: 0,
        }
    }

    /// A status without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            parts: vec![Vec::new()],
            tokens: 0,
        }
    }

    /// A body that is sent part by part.
    pub fn streamed(content_type: &str, parts: Vec<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type".into(), content_type.into())],
            parts,
            tokens: 0,
        }
    }

    /// The same with one header more.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Whether the body goes out part by part.
    pub fn is_streamed(&self) -> bool {
        self.parts.len() > 1
    }

    /// The whole body.
    pub fn body(&self) -> Vec<u8> {
        self.parts.concat()
    }
}
