//! A request as the handlers see it, and their answer.

use super::problem::Problem;
use serde_json::Value;

/// What somebody may do; each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeskRole {
    /// Reads.
    Reader,
    /// Writes units.
    Translator,
    /// Approves, uploads, publishes.
    Editor,
    /// Everything.
    Admin,
}

impl DeskRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Translator, Self::Editor, Self::Admin];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Translator => "translator",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// The role of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The name, as histories show it.
    pub name: String,
    /// What they may do.
    pub role: DeskRole,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPart {
    /// Its field.
    pub field: String,
    /// The name of its file, if it is one.
    pub file: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct DeskRequest {
    /// The parts of the path in braces, in order.
    pub path: Vec<String>,
    /// The query.
    pub query: Vec<(String, String)>,
    /// The body, an object; null without one.
    pub body: Value,
    /// The parts of a form.
    pub parts: Vec<FormPart>,
    /// The header `If-Match`.
    pub if_match: Option<String>,
    /// Who asks.
    pub who: Who,
}

impl DeskRequest {
    /// The number of the article that the path names.
    pub fn article(&self) -> Result<i64, Problem> {
        let id = self.path.first().map_or("", String::as_str);
        id.parse()
            .map_err(|_| Problem::new(404, format!("there is no article `{id}`")))
    }

    /// The unit that the path names.
    pub fn unit(&self) -> &str {
        self.path.get(1).map_or("", String::as_str)
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A text of the body, if it is there.
    ///
    /// Errors: 400 where it is something else.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::new(400, format!("`{name}` is not a text"))),
        }
    }

    /// A text of the body that must be there.
    ///
    /// Errors: 400 where it is not.
    pub fn needed(&self, name: &str) -> Result<&str, Problem> {
        self.text(name)?
            .ok_or_else(|| Problem::new(400, format!("`{name}` is missing")))
    }

    /// A switch of the body.
    ///
    /// Errors: 400 where it is something else.
    pub fn switch(&self, name: &str) -> Result<bool, Problem> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(on)) => Ok(*on),
            Some(_) => Err(Problem::new(400, format!("`{name}` is not true or false"))),
        }
    }

    /// A number of the body that counts bytes.
    ///
    /// Errors: 400 where it is missing or something else.
    pub fn number(&self, name: &str) -> Result<usize, Problem> {
        let number = self.body.get(name).and_then(Value::as_u64);
        let number = number.and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| Problem::new(400, format!("`{name}` is not a number")))
    }

    /// A list of texts of the body; empty if it is not there.
    ///
    /// Errors: 400 where it is something else.
    pub fn list(&self, name: &str) -> Result<Vec<String>, Problem> {
        let wrong = || Problem::new(400, format!("`{name}` is not a list of texts"));
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect(),
            Some(_) => Err(wrong()),
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum DeskReply {
    /// JSON, with the etag of the unit that it speaks of.
    Json {
        /// The status.
        status: u16,
        /// The body.
        body: String,
        /// The header `ETag`.
        etag: Option<String>,
    },
    /// A file to keep.
    File {
        /// Its name.
        name: String,
        /// Its media type.
        kind: &'static str,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Nothing: 204.
    Empty,
}

impl DeskReply {
    /// JSON with status 200.
    pub fn json(body: &Value) -> Self {
        Self::with_status(200, body)
    }

    /// JSON with another status.
    pub fn with_status(status: u16, body: &Value) -> Self {
        Self::Json {
            status,
            body: body.to_string(),
            etag: None,
        }
    }
}

/// What a handler gives.
pub type Answered = Result<DeskReply, Problem>;
