//! JSON schemas: whether a value fits one, and a value that does.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

/// Below this depth only what a schema requires is filled in, so that schemas that contain
/// themselves come to an end.
const DEEP: usize = 5;

/// A value that fits a schema; `text` is put wherever any text will do.
pub fn fill(schema: &Value, text: &str) -> Value {
    fill_in(schema, schema, text, 0)
}

/// The schema that a reference names; the schema itself if it is not one.
fn resolved<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..16 {
        let Some(found) = schema["$ref"]
            .as_str()
            .and_then(|path| root.pointer(path.strip_prefix('#')?))
        else {
            break;
        };
        schema = found;
    }
    schema
}

/// The type that a schema names, or that its other words speak of.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ if schema["properties"].is_object() => "object",
        _ if schema["items"].is_object() => "array",
        _ => "string",
    }
}

fn fill_in(schema: &Value, root: &Value, text: &str, depth: usize) -> Value {
    let schema = resolved(schema, root);
    if depth > 64 {
        return Value::Null;
    }
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|list| list.first()) {
        return first.clone();
    }
    for name in ["anyOf", "oneOf"] {
        let Some(list) = schema[name].as_array() else {
            continue;
        };
        // The simplest of several, once it is deep.
        let mut choices = list
            .iter()
            .filter(|one| kind(resolved(one, root)) != "null");
        let chosen = if depth > DEEP {
            list.iter()
                .find(|one| kind(resolved(one, root)) == "null")
                .or_else(|| choices.next())
        } else {
            choices.next()
        };
        if let Some(chosen) = chosen.or(list.first()) {
            return fill_in(chosen, root, text, depth + 1);
        }
    }
    if let Some(list) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for one in list {
            match fill_in(one, root, text, depth + 1) {
                Value::Object(part) => whole.extend(part),
                other => return other,
            }
        }
        if let Value::Object(own) = fill_object(schema, root, text, depth) {
            whole.extend(own);
        }
        return Value::Object(whole);
    }
    match kind(schema) {
        "object" => fill_object(schema, root, text, depth),
        "array" => fill_array(schema, root, text, depth),
        "integer" => json!(number(schema).ceil() as i64),
        "number" => json!(number(schema)),
        "boolean" => json!(true),
        "null" => Value::Null,
        _ => json!(string(schema, text)),
    }
}

fn fill_object(schema: &Value, root: &Value, text: &str, depth: usize) -> Value {
    let mut object = Map::new();
    let required = |name: &str| {
        let list = schema["required"].as_array().into_iter().flatten();
        list.into_iter().any(|own| own == name)
    };
    for (name, own) in schema["properties"].as_object().into_iter().flatten() {
        if depth <= DEEP || required(name) {
            object.insert(name.clone(), fill_in(own, root, text, depth + 1));
        }
    }
    Value::Object(object)
}

fn fill_array(schema: &Value, root: &Value, text: &str, depth: usize) -> Value {
    let number = |name: &str| schema[name].as_u64().map(|n| n as usize);
    let least = number("minItems").unwrap_or(0);
    let most = number("maxItems").unwrap_or(usize::MAX);
    let first = schema["prefixItems"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let wanted = if depth > DEEP { least } else { least.max(1) };
    let count = wanted.max(first.len().min(most)).min(most).min(1_000);
    (0..count)
        .map(|index| {
            let own = first.get(index).unwrap_or(&schema["items"]);
            fill_in(own, root, text, depth + 1)
        })
        .collect()
}

/// A number within the bounds of a schema.
fn number(schema: &Value) -> f64 {
    let bound = |name: &str| schema[name].as_f64();
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let low = match (bound("minimum"), bound("exclusiveMinimum")) {
        (Some(low), _) => low,
        (None, Some(low)) => low + step.unwrap_or(1.0),
        (None, None) => match (bound("maximum"), bound("exclusiveMaximum")) {
            (Some(high), _) => high.min(1.0),
            (None, Some(high)) => (high - step.unwrap_or(1.0)).min(1.0),
            (None, None) => 1.0,
        },
    };
    match step {
        Some(step) => (low / step).ceil() * step,
        None => low,
    }
}

/// A text within the bounds of a schema.
fn string(schema: &Value, text: &str) -> String {
    if let Some(pattern) = schema["pattern"].as_str()
        && let Ok(hir) = regex_syntax::parse(pattern)
    {
        let mut out = String::new();
        matching(&hir, &mut out);
        return out;
    }
    match schema["format"].as_str() {
        Some("date-time") => return "2026-01-01T00:00:00Z".into(),
        Some("date") => return "2026-01-01".into(),
        Some("time") => return "00:00:00Z".into(),
        Some("duration") => return "PT1S".into(),
        Some("email") => return "nobody@example.org".into(),
        Some("uri" | "url") => return "https://example.org/".into(),
        Some("hostname") => return "example.org".into(),
        Some("ipv4") => return "192.0.2.1".into(),
        Some("ipv6") => return "2001:db8::1".into(),
        Some("uuid") => return "00000000-0000-4000-8000-000000000000".into(),
        _ => {}
    }
    let number = |name: &str| schema[name].as_u64().map(|n| n as usize);
    let least = number("minLength").unwrap_or(0).min(10_000);
    let most = number("maxLength").unwrap_or(usize::MAX);
    let filler = std::iter::repeat_n('.', least.saturating_sub(text.chars().count()));
    text.chars().chain(filler).take(most).collect()
}

/// A short text that a pattern matches.
fn matching(hir: &Hir, out: &mut String) {
    match hir.kind() {
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let printable = class.iter().find_map(|range| {
                (range.start()..=range.end())
                    .take(256)
                    .find(|c| !c.is_control() && !c.is_whitespace())
            });
            let first = class
                .ranges()
                .first()
                .map(regex_syntax::hir::ClassUnicodeRange::start);
            out.extend(printable.or(first));
        }
        HirKind::Class(Class::Bytes(class)) => {
            out.extend(class.iter().next().map(|range| char::from(range.start())));
        }
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min.min(1_000) {
                matching(&repetition.sub, out);
            }
        }
        HirKind::Capture(capture) => matching(&capture.sub, out),
        HirKind::Concat(list) => list.iter().for_each(|one| matching(one, out)),
        HirKind::Alternation(list) => list.iter().take(1).for_each(|one| matching(one, out)),
        HirKind::Empty | HirKind::Look(_) => {}
    }
}

/// A check of values against the schemas of one document.
pub struct SchemaCheck<'a> {
    /// The document that references are looked up in.
    pub root: &'a Value,
    /// Whether a field that no schema names is wrong.
    pub is_closed: bool,
}

impl SchemaCheck<'_> {
    /// What does not fit: the place in the value, and a sentence. None if all fits.
    pub fn first_error(&self, value: &Value, schema: &Value, place: &str) -> Option<String> {
        let schema = resolved(schema, self.root);
        for (name, least) in [("anyOf", 1), ("oneOf", 1)] {
            if let Some(list) = schema[name].as_array() {
                let errors: Vec<String> = list
                    .iter()
                    .filter_map(|one| self.first_error(value, one, place))
                    .collect();
                if list.len() - errors.len() < least {
                    return errors.into_iter().next();
                }
            }
        }
        let parts = schema["allOf"].as_array().into_iter().flatten();
        // Each part names only some of the fields.
        let loose = SchemaCheck {
            root: self.root,
            is_closed: false,
        };
        for part in parts {
            let error = loose.first_error(value, part, place);
            if error.is_some() {
                return error;
            }
        }
        self.own_error(value, schema, place)
    }

    fn own_error(&self, value: &Value, schema: &Value, place: &str) -> Option<String> {
        let wrong = |what: String| Some(format!("request/body{place} {what}"));
        if value.is_null() && schema["nullable"] == json!(true) {
            return None;
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !kinds.is_empty() && !kinds.iter().any(|kind| is_kind(value, kind)) {
            return wrong(format!("must be {}", kinds.join(" or ")));
        }
        if let Some(list) = schema["enum"].as_array()
            && !list.contains(value)
        {
            return wrong("must be equal to one of the allowed values".into());
        }
        if let Some(only) = schema.get("const")
            && only != value
        {
            return wrong(format!("must be {only}"));
        }
        match value {
            Value::Object(object) => self.object_error(object, schema, place),
            Value::Array(list) => {
                let bound = |name: &str| schema[name].as_u64();
                if bound("minItems").is_some_and(|n| (list.len() as u64) < n) {
                    return wrong("has too few items".into());
                }
                if bound("maxItems").is_some_and(|n| (list.len() as u64) > n) {
                    return wrong("has too many items".into());
                }
                list.iter().enumerate().find_map(|(index, own)| {
                    self.first_error(own, &schema["items"], &format!("{place}/{index}"))
                })
            }
            Value::String(text) => {
                let length = text.chars().count() as u64;
                let is_out = schema["minLength"].as_u64().is_some_and(|n| length < n)
                    || schema["maxLength"].as_u64().is_some_and(|n| length > n);
                is_out.then(|| format!("request/body{place} has a wrong length"))
            }
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or(0.0);
                let is_out = schema["minimum"].as_f64().is_some_and(|n| number < n)
                    || schema["maximum"].as_f64().is_some_and(|n| number > n);
                is_out.then(|| format!("request/body{place} is out of its range"))
            }
            _ => None,
        }
    }

    fn object_error(
        &self,
        object: &Map<String, Value>,
        schema: &Value,
        place: &str,
    ) -> Option<String> {
        let required = schema["required"].as_array().into_iter().flatten();
        for name in required.into_iter().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                return Some(format!(
                    "request/body{place} must have required property '{name}'"
                ));
            }
        }
        let properties = schema["properties"].as_object();
        for (name, value) in object {
            let at = format!("{place}/{name}");
            match properties.and_then(|list| list.get(name)) {
                Some(own) => {
                    let error = self.first_error(value, own, &at);
                    if error.is_some() {
                        return error;
                    }
                }
                None if schema["additionalProperties"] == json!(false)
                    || (self.is_closed
                        && properties.is_some()
                        && schema["additionalProperties"].is_null()) =>
                {
                    return Some(format!("request/body{at} is not a known field"));
                }
                None if schema["additionalProperties"].is_object() => {
                    let error = self.first_error(value, &schema["additionalProperties"], &at);
                    if error.is_some() {
                        return error;
                    }
                }
                None => {}
            }
        }
        None
    }
}

fn is_kind(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        _ => true,
    }
}

/// Whether a value fits a schema.
pub fn fits(value: &Value, schema: &Value) -> bool {
    let check = SchemaCheck {
        root: schema,
        is_closed: false,
    };
    check.first_error(value, schema, "").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_schema_fits_itself() {
        for schema in [
            json!({"type": "object", "required": ["a"], "additionalProperties": false, "properties": {
                "a": {"type": "array", "minItems": 2, "items": {"type": "integer", "minimum": 3}},
                "b": {"enum": ["x", "y"]},
                "c": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 2}]},
                "d": {"type": ["number", "null"], "exclusiveMaximum": 0, "maximum": 0}}}),
            json!({"$defs": {"node": {"type": "object", "required": ["name", "children"], "properties": {
                "name": {"type": "string", "minLength": 40},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}},
                "$ref": "#/$defs/node"}),
            json!({"type": "object", "allOf": [
                {"type": "object", "properties": {"a": {"const": 4}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "boolean"}}, "required": ["b"]}]}),
            json!({"type": "array", "items": {"type": "string", "format": "date"}}),
            json!(true),
        ] {
            let value = fill(&schema, "Yes.");
            assert!(fits(&value, &schema), "{schema}: {value}");
        }
    }

    #[test]
    fn patterns_are_matched() {
        for pattern in [
            "^[A-Z]{3}-\\d{4}$",
            "^(foo|bar)+x?$",
            "^.{2,}$",
            "\\w+@\\w+",
        ] {
            let value = fill(&json!({"type": "string", "pattern": pattern}), "Yes.");
            let regex = regex::Regex::new(pattern).unwrap();
            assert!(
                regex.is_match(value.as_str().unwrap()),
                "{pattern}: {value}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_place() {
        let schema = json!({"type": "object", "required": ["text"], "properties": {
            "text": {"type": "array", "items": {"type": "string"}}, "n": {"type": "integer"}}});
        let check = SchemaCheck {
            root: &schema,
            is_closed: true,
        };
        let error = |value: Value| check.first_error(&value, &schema, "");
        assert_eq!(error(json!({"text": ["a"], "n": 1})), None);
        for (value, place) in [
            (json!({}), "'text'"),
            (json!({"text": "a"}), "/text must be array"),
            (json!({"text": [1]}), "/text/0 must be string"),
            (json!({"text": [], "n": 1.5}), "/n must be integer"),
            (json!({"text": [], "txet": 1}), "/txet is not a known field"),
        ] {
            let told = error(value.clone()).unwrap_or_default();
            assert!(told.contains(place), "{value}: {told}");
        }
    }
}
