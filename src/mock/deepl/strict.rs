//! DeepL's requests against the vendor's OpenAPI description.

use super::errors::{bad, error};
use crate::mock::call::{BodyKind, Call};
use crate::mock::reply::Reply;
use crate::mock::schema::SchemaCheck;
use serde_json::Value;

/// Checks path, query and body of a request. Forms have only texts: their fields are checked by
/// name.
///
/// Errors: the first difference, as the vendor's mock tells it.
pub fn check(description: &Value, call: &Call) -> Result<(), Reply> {
    let paths = description["paths"].as_object().into_iter().flatten();
    let Some((_, operations)) = paths
        .into_iter()
        .find(|(path, _)| is_path(path, &call.path))
    else {
        return Err(error(404, "The description has no such path"));
    };
    let operation = &operations[call.method.to_ascii_lowercase()];
    if operation.is_null() {
        return Err(error(405, "The description has no such method"));
    }
    let known = |name: &str| {
        let lists = [&operation["parameters"], &operations["parameters"]];
        lists
            .iter()
            .filter_map(|list| list.as_array())
            .flatten()
            .map(|own| match own["$ref"].as_str() {
                Some(path) => description
                    .pointer(path.trim_start_matches('#'))
                    .unwrap_or(own),
                None => own,
            })
            .any(|own| own["name"] == name)
    };
    if let Some((name, _)) = call.query.iter().find(|(name, _)| !known(name)) {
        return Err(bad(&format!("request/query/{name} is not a known field")));
    }
    let content = &operation["requestBody"]["content"];
    let (kind, is_form) = match call.kind {
        BodyKind::Absent => return Ok(()),
        BodyKind::Json => ("application/json", false),
        BodyKind::Form => ("application/x-www-form-urlencoded", true),
        BodyKind::Multipart => ("multipart/form-data", true),
        BodyKind::Other => return Err(error(415, "Unsupported media type")),
    };
    let schema = &content[kind]["schema"];
    if schema.is_null() {
        return Err(error(415, "Unsupported media type"));
    }
    let check = SchemaCheck {
        root: description,
        is_closed: true,
    };
    if is_form {
        let own = match schema["$ref"].as_str() {
            Some(path) => description
                .pointer(path.trim_start_matches('#'))
                .unwrap_or(schema),
            None => schema,
        };
        let fields = call.body.as_object().into_iter().flatten();
        for (name, _) in fields {
            if own["properties"][name].is_null() {
                return Err(bad(&format!("request/body/{name} is not a known field")));
            }
        }
        return Ok(());
    }
    match check.first_error(&call.body, schema, "") {
        Some(what) => Err(bad(&what)),
        None => Ok(()),
    }
}

/// Whether a path fits a template such as `/v3/glossaries/{glossary_id}`.
fn is_path(template: &str, path: &str) -> bool {
    let (wanted, own): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    wanted.len() == own.len()
        && wanted
            .iter()
            .zip(&own)
            .all(|(wanted, own)| wanted.starts_with('{') || wanted == own)
}
