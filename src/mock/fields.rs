//! The fields that a request may have, and what may stand in them.
//!
//! Values of the wrong type are refused always, fields that do not exist where the service refuses
//! them (Google) or the mock is strict. What a field means is its handler's business.

use super::call::{BodyKind, Call};
use super::dialect::ServiceDialect;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;

const LINES: &str = include_str!("fields.txt");

/// The fields of a call, by name, with their types.
type CallFields = HashMap<&'static str, &'static str>;

/// Every call that is listed, by dialect, method and path.
static CALLS: LazyLock<HashMap<(&str, &str, &str), CallFields>> = LazyLock::new(|| {
    let lines = LINES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let call = |line: &'static str| {
        let mut words = line.split(' ');
        let key = (words.next()?, words.next()?, words.next()?);
        Some((
            key,
            words.filter_map(|field| field.split_once('=')).collect(),
        ))
    };
    lines.filter_map(call).collect()
});

/// What is wrong with a request, in the words of its service; none where nothing is, or where the
/// call is not listed. `is_strict` refuses unknown fields of every service.
pub fn complaint(
    dialect: ServiceDialect,
    path: &str,
    call: &Call,
    is_strict: bool,
) -> Option<String> {
    let versioned = format!("/v1{path}");
    // A GET has in its query what a POST has in its body; OpenAI's paths may lack their version.
    let fields = [
        (call.method.as_str(), path),
        ("POST", path),
        ("POST", versioned.as_str()),
    ]
    .into_iter()
    .find_map(|(method, path)| CALLS.get(&(dialect.name(), method, path)))?;
    let is_google = matches!(dialect, ServiceDialect::Google | ServiceDialect::GoogleV3);
    let reader = RequestFields {
        dialect,
        fields,
        is_form: call.kind != BodyKind::Json,
        is_closed: is_strict || is_google,
    };
    for (name, value) in &call.query {
        let name = format!("?{name}");
        let value = Value::from(value.as_str());
        if let Some(what) = reader.field(&name, &value, true) {
            return Some(what);
        }
    }
    match &call.body {
        Value::Array(list) => list.iter().find_map(|value| reader.object(".", value)),
        body => reader.object("", body),
    }
}

struct RequestFields<'a> {
    dialect: ServiceDialect,
    fields: &'a CallFields,
    is_form: bool,
    is_closed: bool,
}

impl RequestFields<'_> {
    /// The first thing that is wrong with an object whose fields are named after `prefix`.
    fn object(&self, prefix: &str, value: &Value) -> Option<String> {
        let mut fields = value.as_object()?.iter();
        fields.find_map(|(name, value)| self.field(&format!("{prefix}{name}"), value, self.is_form))
    }

    /// What is wrong with a field.
    fn field(&self, name: &str, value: &Value, is_text: bool) -> Option<String> {
        let Some(kind) = self.fields.get(name) else {
            // The fields of a query and of a form may be those of the body.
            let bare = name.trim_start_matches('?');
            let is_known = is_text && self.fields.contains_key(bare);
            return (self.is_closed && !is_known).then(|| self.unknown(name));
        };
        if value.is_null() {
            return None;
        }
        let (kind, limits) = kind.split_once(':').unwrap_or((kind, ""));
        if !fits(kind, limits, value, is_text) {
            return Some(self.wrong(name, kind, limits, value));
        }
        let below = format!("{name}.");
        if !self.fields.keys().any(|known| known.starts_with(&below)) {
            return None;
        }
        match value {
            Value::Array(list) => list.iter().find_map(|one| self.object(&below, one)),
            one => self.object(&below, one),
        }
    }

    fn unknown(&self, name: &str) -> String {
        let bare = name.trim_start_matches(['?', '.']);
        match self.dialect {
            ServiceDialect::Google | ServiceDialect::GoogleV3 if name.starts_with('?') => format!(
                "Invalid JSON payload received. Unknown name \"{bare}\": Cannot bind query \
                 parameter. Field '{bare}' could not be found in request message."
            ),
            ServiceDialect::Google | ServiceDialect::GoogleV3 => format!(
                "Invalid JSON payload received. Unknown name \"{bare}\": Cannot find field."
            ),
            ServiceDialect::OpenAi => format!("Unknown parameter: '{bare}'."),
            _ => format!("{bare} is not a known field"),
        }
    }

    fn wrong(&self, name: &str, kind: &str, limits: &str, value: &Value) -> String {
        let bare = name.trim_start_matches(['?', '.']);
        match self.dialect {
            ServiceDialect::DeepL => format!("Value for '{bare}' not supported."),
            ServiceDialect::Google | ServiceDialect::GoogleV3 => {
                format!("Invalid value at '{bare}': {value}")
            }
            ServiceDialect::OpenAi => {
                let (wanted, found) = (noun(kind), noun_of(value));
                if wanted == found || kind == "num" && found == "an integer" {
                    format!("Invalid value for '{bare}': it must be within {limits}.")
                } else {
                    format!(
                        "Invalid type for '{bare}': expected {wanted}, but got {found} instead."
                    )
                }
            }
            ServiceDialect::Ollama => format!(
                "json: cannot unmarshal {} into Go struct field .{bare} of type {}",
                noun_of(value).rsplit(' ').next().unwrap_or_default(),
                noun(kind).rsplit(' ').next().unwrap_or_default()
            ),
            _ => format!("The value of {bare} is not valid."),
        }
    }
}

/// A type in words.
fn noun(kind: &str) -> &'static str {
    match kind {
        "text" | "one" => "a string",
        "texts" | "list" | "maps" | "tags" => "an array",
        "bool" => "a boolean",
        "int" => "an integer",
        "num" => "a number",
        _ => "an object",
    }
}

/// The type of a value in words.
fn noun_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "an integer",
        Value::Object(_) => "an object",
        Value::Null => "null",
    }
}

/// Whether a value is one of a type. In forms and queries everything is a text.
fn fits(kind: &str, limits: &str, value: &Value, is_text: bool) -> bool {
    let text = value.as_str().filter(|_| is_text);
    let is_within = |number: f64| {
        let Some((least, most)) = limits.split_once("..") else {
            return true;
        };
        let bound = |text: &str| text.parse::<f64>().ok();
        bound(least).is_none_or(|least| number >= least)
            && bound(most).is_none_or(|most| number <= most)
    };
    let is_short = |list: &Vec<Value>| limits.parse().map_or(true, |most| list.len() <= most);
    let has_texts = |list: &Vec<Value>| list.iter().all(Value::is_string);
    match (kind, value) {
        ("text", Value::String(_)) | ("map", Value::Object(_)) => true,
        // A form names a field once for each text, and may name one once only.
        ("texts" | "tags", Value::Array(list)) => has_texts(list) && is_short(list),
        // One text stands for a list of it, but where the service insists on a list.
        ("texts", Value::String(_)) => true,
        ("tags" | "list" | "maps" | "map", Value::String(_)) => is_text,
        ("list", Value::Array(_)) => true,
        ("maps", Value::Array(list)) => is_short(list) && list.iter().all(Value::is_object),
        ("bool", Value::Bool(_)) => true,
        ("bool", _) => text.is_some_and(|text| {
            let known = ["0", "1", "true", "false"];
            known.iter().any(|own| own.eq_ignore_ascii_case(text))
        }),
        ("int", _) => {
            let number = value.as_i64().or_else(|| text?.parse().ok());
            number.is_some_and(|number| is_within(number as f64))
        }
        ("num", _) => {
            let number = value.as_f64().or_else(|| text?.parse().ok());
            number.is_some_and(is_within)
        }
        ("one", Value::String(text)) => limits.split('|').any(|own| own == text),
        ("prompt", Value::String(_) | Value::Array(_)) => true,
        ("time", Value::String(_) | Value::Number(_)) => true,
        ("any", _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_call_with_types() {
        let count = LINES.lines().filter(|line| line.contains(" /")).count();
        assert_eq!(CALLS.len(), count);
        let kinds = [
            "text", "texts", "tags", "bool", "int", "num", "map", "maps", "list", "any", "one",
            "time", "prompt",
        ];
        for kind in CALLS.values().flat_map(HashMap::values) {
            let name = kind.split(':').next().unwrap();
            assert!(kinds.contains(&name), "{kind}");
        }
    }

    #[test]
    fn types_ranges_and_the_texts_of_forms() {
        use serde_json::json;
        for (kind, limits, value, is_text, wanted) in [
            ("text", "", json!("a"), false, true),
            ("text", "", json!(5), false, false),
            ("texts", "", json!(["a"]), false, true),
            ("texts", "", json!(["a", 5]), false, false),
            ("texts", "4", json!(["a", "b", "c", "d", "e"]), false, false),
            ("bool", "", json!(true), false, true),
            ("bool", "", json!("1"), false, false),
            ("bool", "", json!("1"), true, true),
            ("bool", "", json!("maybe"), true, false),
            ("int", "0..100", json!(101), false, false),
            ("int", "1..", json!(0), false, false),
            ("int", "", json!(1.5), false, false),
            ("num", "-2..2", json!(-2), false, true),
            ("num", "-2..2", json!("1"), false, false),
            ("one", "a|b", json!("b"), false, true),
            ("one", "a|b", json!("c"), false, false),
            ("maps", "1", json!([{}, {}]), false, false),
        ] {
            assert_eq!(
                fits(kind, limits, &value, is_text),
                wanted,
                "{kind} {value}"
            );
        }
    }
}
