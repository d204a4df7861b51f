//! A request as the services read it: JSON, forms and multipart bodies become one value.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderMap, Method, Request, Uri, header};
use serde_json::{Map, Value, json};

/// A file of a multipart body.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The name of its field.
    pub field: String,
    /// The name that the client gave it.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// There is no body.
    Absent,
    /// JSON, or something without a content type that reads as JSON.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Anything else.
    Other,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    /// GET, POST, after `X-HTTP-Method-Override`.
    pub method: String,
    /// The path without the prefix of the dialect.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as one value: an object of fields, or what the JSON is. A field that a form names
    /// twice is a list.
    pub body: Value,
    /// How the body was written.
    pub kind: BodyKind,
    /// What is wrong with the body.
    pub malformed: Option<String>,
    /// The files of a multipart body.
    pub files: Vec<Upload>,
    /// The parts of the path that the route names in braces.
    pub captures: Vec<String>,
    /// An opaque name of the key's owner; empty where no key is needed.
    pub account: String,
    /// The session that the request belongs to; empty is the common one.
    pub session: String,
}

impl Call {
    /// Reads a request. What cannot be read is said in `malformed`, for the service to refuse.
    pub async fn read(method: &Method, uri: &Uri, headers: &HeaderMap, raw: &Bytes) -> Self {
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let mut call = Self {
            method: method.to_string(),
            path: uri.path().to_owned(),
            query,
            headers: headers.clone(),
            body: Value::Null,
            kind: BodyKind::Absent,
            malformed: None,
            files: Vec::new(),
            captures: Vec::new(),
            account: String::new(),
            session: String::new(),
        };
        if content_type.starts_with("multipart/form-data") {
            call.kind = BodyKind::Multipart;
            call.read_parts(raw).await;
        } else if raw.is_empty() {
            call.body = json!({});
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            call.kind = BodyKind::Form;
            call.body = fields(form_urlencoded::parse(raw).into_owned());
        } else if content_type.is_empty() || content_type.contains("json") {
            call.kind = BodyKind::Json;
            call.read_json(raw);
        } else {
            call.kind = BodyKind::Other;
        }
        if let Some(name) = call.header("x-http-method-override") {
            call.method = name.to_ascii_uppercase();
        }
        call
    }

    fn read_json(&mut self, raw: &[u8]) {
        let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
        match serde_json::from_slice(raw) {
            Ok(value) => self.body = value,
            Err(error) => self.malformed = Some(error.to_string()),
        }
    }

    async fn read_parts(&mut self, raw: &Bytes) {
        let mut request = Request::new(Body::from(raw.clone()));
        *request.headers_mut() = self.headers.clone();
        let mut parts = match Multipart::from_request(request, &()).await {
            Ok(parts) => parts,
            Err(error) => {
                self.malformed = Some(error.body_text());
                return;
            }
        };
        let mut texts = Vec::new();
        loop {
            match parts.next_field().await {
                Ok(Some(part)) => {
                    let field = part.name().unwrap_or_default().to_owned();
                    let name = part.file_name().map(str::to_owned);
                    match (part.bytes().await, name) {
                        (Ok(bytes), Some(name)) => self.files.push(Upload { field, name, bytes }),
                        (Ok(bytes), None) => {
                            texts.push((field, String::from_utf8_lossy(&bytes).into_owned()));
                        }
                        (Err(error), _) => self.malformed = Some(error.body_text()),
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    self.malformed = Some(error.body_text());
                    break;
                }
            }
        }
        self.body = fields(texts.into_iter());
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What follows the scheme in `Authorization`; none if empty.
    pub fn authorization(&self, scheme: &str) -> Option<&str> {
        let value = self.header("authorization")?;
        let (head, rest) = value.split_once(' ')?;
        (head.eq_ignore_ascii_case(scheme) && !rest.trim().is_empty()).then(|| rest.trim())
    }

    /// A field of the query.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a field of the query.
    pub fn asked_all(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// A text of the body or, where it has none, of the query. The last of several counts.
    pub fn text(&self, name: &str) -> Option<String> {
        match &self.body[name] {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Array(list) => list.last()?.as_str().map(str::to_owned),
            _ => self.asked(name).map(str::to_owned),
        }
    }

    /// A list of texts of the body or the query; one text is a list of one. None if one of them is
    /// not a text.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        match &self.body[name] {
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(list) => list
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect(),
            Value::Null => {
                let list = self.asked_all(name);
                (!list.is_empty()).then(|| list.into_iter().map(str::to_owned).collect())
            }
            _ => None,
        }
    }

    /// A yes or no: JSON's own, or the words that forms use.
    pub fn flag(&self, name: &str) -> bool {
        match self.text(name) {
            Some(text) => ["1", "true", "True"].contains(&text.as_str()),
            None => false,
        }
    }

    /// Part number `index` of the path that the route leaves open.
    pub fn capture(&self, index: usize) -> &str {
        self.captures.get(index).map_or("", String::as_str)
    }
}

/// Fields as an object. A field named more than once, or with `[]` behind its name, is a list; one
/// such as `a[0].b` is the field `b` of the first object of the list `a`.
fn fields(pairs: impl Iterator<Item = (String, String)>) -> Value {
    let mut object = Map::new();
    for (name, value) in pairs {
        match indexed(&name) {
            Some((list, index, field)) => {
                let list = object.entry(list.to_owned()).or_insert_with(|| json!([]));
                if let Some(list) = list.as_array_mut() {
                    while list.len() <= index {
                        list.push(json!({}));
                    }
                    list[index][field] = Value::String(value);
                }
            }
            None => add_field(&mut object, &name, Value::String(value)),
        }
    }
    Value::Object(object)
}

/// The parts of a name such as `a[0].b`; indices above 99 are not taken.
fn indexed(name: &str) -> Option<(&str, usize, &str)> {
    let (list, rest) = name.split_once('[')?;
    let (index, field) = rest.split_once("].")?;
    let index = index.parse().ok().filter(|index| *index < 100)?;
    Some((list, index, field))
}

fn add_field(object: &mut Map<String, Value>, name: &str, value: Value) {
    let (name, is_list) = match name.strip_suffix("[]") {
        Some(bare) => (bare, true),
        None => (name, false),
    };
    match object.get_mut(name) {
        None => {
            let value = if is_list { json!([value]) } else { value };
            object.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = json!([first.take(), value]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &str) -> Call {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(Call::read(
            &Method::POST,
            &Uri::from_static("/v2/translate?to=en&to=de"),
            &headers,
            &Bytes::from(body.to_owned()),
        ))
    }

    #[test]
    fn json_forms_and_parts_become_one_value() {
        let multipart = "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nEen\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nTwee & drie\r\n--x--\r\n";
        for (kind, body) in [
            ("application/json", r#"{"text":["Een","Twee & drie"]}"#),
            (
                "application/x-www-form-urlencoded",
                "text=Een&text=Twee+%26+drie",
            ),
            ("multipart/form-data; boundary=x", multipart),
        ] {
            let call = read(kind, body);
            assert_eq!(call.malformed, None, "{kind}");
            assert_eq!(
                call.texts("text"),
                Some(vec!["Een".to_owned(), "Twee & drie".to_owned()]),
                "{kind}"
            );
            assert_eq!(call.asked_all("to"), ["en", "de"]);
        }
    }

    #[test]
    fn a_form_can_hold_a_list_of_objects() {
        let form = "d%5B0%5D.a=1&d%5B0%5D.b=2&d%5B1%5D.a=3&t%5B%5D=x";
        let call = read("application/x-www-form-urlencoded", form);
        assert_eq!(
            call.body,
            json!({"d": [{"a": "1", "b": "2"}, {"a": "3"}], "t": ["x"]})
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert!(read("application/json", "{\"text\":").malformed.is_some());
        assert!(read("multipart/form-data", "--x").malformed.is_some());
        let call = read("multipart/form-data; boundary=x", "--x\r\nContent-Disp");
        assert!(call.malformed.is_some());
    }
}
