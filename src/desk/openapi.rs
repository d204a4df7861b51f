//! The description of the interface as OpenAPI 3.1, and its page of documentation: both are made
//! from the table of routes.

use super::routes::{DeskRoute, Field, Handling, ROUTES, Taken};
use serde_json::{Map, Value, json};

/// The schema of a field's type.
fn schema(kind: &str) -> Value {
    match kind {
        "string" | "integer" | "boolean" => json!({"type": kind}),
        "file" => json!({"type": "string", "format": "binary"}),
        "strings" => json!({"type": "array", "items": {"type": "string"}}),
        "span" => json!({
            "type": "array", "items": {"type": "integer", "minimum": 0},
            "minItems": 2, "maxItems": 2,
        }),
        "codes" => json!({"type": "array", "items": {
            "type": "object", "required": ["at", "id", "kind"],
            "properties": {
                "at": {"type": "integer", "minimum": 0}, "id": {"type": "integer", "minimum": 0},
                "kind": {"enum": ["open", "close", "empty"]},
            },
        }}),
        words => json!({"enum": words.split('|').collect::<Vec<_>>()}),
    }
}

fn object(fields: &[Field], is_open: bool) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut own = schema(field.kind);
            if is_open {
                own = json!({"anyOf": [own, {"type": "null"}]});
            }
            (field.name.to_owned(), own)
        })
        .collect();
    let needed: Vec<&str> = fields
        .iter()
        .filter(|f| f.is_needed)
        .map(|f| f.name)
        .collect();
    let mut object = json!({"type": "object", "properties": properties});
    if !needed.is_empty() {
        object["required"] = json!(needed);
    }
    object
}

fn parameters(route: &DeskRoute) -> Vec<Value> {
    let mut all = Vec::new();
    for part in route.path.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        all.push(json!({
            "name": name, "in": "path", "required": true, "schema": {"type": "string"},
        }));
    }
    for field in route.query {
        let mut own = schema(field.kind);
        if field.name == "limit" {
            own = json!({"type": "integer", "minimum": 1, "maximum": 500});
        }
        all.push(json!({
            "name": field.name, "in": "query", "required": field.is_needed, "schema": own,
        }));
    }
    if route.is_locked {
        all.push(json!({
            "name": "If-Match", "in": "header", "required": true, "schema": {"type": "string"},
            "description": "the etag of the unit, quotation marks included",
        }));
    }
    all
}

fn operation(route: &DeskRoute) -> Value {
    let (status, gives) = route.gives;
    let mut answer = json!({"description": route.summary});
    if !gives.is_empty() {
        let is_schema = !gives.contains('/');
        answer["content"] = if is_schema {
            json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{gives}")}}})
        } else {
            let kind = if gives == "application/octet-stream" {
                "*/*"
            } else {
                gives
            };
            json!({kind: {}})
        };
    }
    let mut operation = json!({
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": {
            status.to_string(): answer,
            "4XX": {"$ref": "#/components/responses/Problem"},
            "5XX": {"$ref": "#/components/responses/Problem"},
        },
    });
    match route.takes {
        Taken::Nothing => {}
        Taken::Json(fields, is_open) => {
            let is_needed = fields.iter().any(|field| field.is_needed);
            operation["requestBody"] = json!({
                "required": is_needed,
                "content": {"application/json": {"schema": object(fields, is_open)}},
            });
        }
        Taken::Form(fields) => {
            operation["requestBody"] = json!({
                "required": true,
                "content": {"multipart/form-data": {"schema": object(fields, false)}},
            });
        }
    }
    if matches!(route.handling, Handling::Health | Handling::LogIn) {
        operation["security"] = json!([]);
    }
    operation
}

/// Schemas of answers: the fields that are always there.
fn schemas() -> Value {
    let list = |of: &str| json!({"type": "array", "items": {"$ref": format!("#/components/schemas/{of}")}});
    let any_list = || json!({"type": "array"});
    let of = |fields: &[(&str, Value)]| {
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let properties: Map<String, Value> = fields
            .iter()
            .map(|(name, own)| ((*name).to_owned(), own.clone()))
            .collect();
        json!({"type": "object", "required": names, "properties": properties})
    };
    let (text, number, yes) = (
        json!({"type": "string"}),
        json!({"type": "integer"}),
        json!({"type": "boolean"}),
    );
    let ids = json!({"type": "array", "items": {"type": "string"}});
    let maybe = json!({"type": ["string", "null"]});
    let unit = [
        ("id", text.clone()),
        ("source", text.clone()),
        ("target", text.clone()),
        (
            "state",
            json!({"enum": ["translated", "needs-review", "untranslated", "approved", "omitted"]}),
        ),
        ("origin", text.clone()),
        ("terms", any_list()),
        ("links", any_list()),
        ("findings", any_list()),
        ("revision", number.clone()),
        ("etag", text.clone()),
        ("restorable", yes.clone()),
        ("comments", number.clone()),
    ];
    let written: Vec<_> = unit
        .iter()
        .cloned()
        .chain([("neighbours", list("Unit"))])
        .collect();
    json!({
        "Problem": of(&[("type", text.clone()), ("title", text.clone()), ("status", number.clone()), ("detail", text.clone())]),
        "Article": of(&[
            ("id", text.clone()), ("name", text.clone()),
            ("state", json!({"enum": ["translating", "ready", "partial", "failed"]})),
            ("problem", maybe.clone()), ("units", number.clone()), ("approved", number.clone()), ("edited", number.clone()),
            ("progress", of(&[("done", number.clone()), ("total", number.clone())])),
            ("findings", of(&[("errors", number.clone()), ("warnings", number.clone())])),
            ("words", of(&[("source", number.clone()), ("target", number.clone())])),
            ("publishable", yes.clone()), ("gate", json!({"type": "object"})), ("fields", json!({"type": "object"})),
            ("glossary", json!({"type": "object"})), ("created", number.clone()), ("updated", number.clone()),
        ]),
        "Articles": of(&[("articles", list("Article"))]),
        "Unit": of(&unit),
        "Written": of(&written),
        "Units": of(&[("units", list("Unit"))]),
        "Judged": of(&[("findings", any_list()), ("terms", any_list()), ("links", any_list()), ("neighbours", any_list())]),
        "Drafts": list("Draft"),
        "Draft": of(&[("target", text.clone()), ("engine", text.clone()), ("characters", number.clone()), ("cost", json!({"type": ["number", "null"]}))]),
        "History": of(&[("revisions", any_list())]),
        "Comments": of(&[("comments", list("Comment"))]),
        "Comment": of(&[("id", number.clone()), ("at", number.clone()), ("by", text.clone()), ("text", text.clone())]),
        "Approved": of(&[("approved", ids.clone()), ("article", json!({"$ref": "#/components/schemas/Article"}))]),
        "Changes": of(&[("changes", any_list()), ("replaced", number.clone()), ("changed", ids.clone())]),
        "SourceChanges": of(&[("kept", ids.clone()), ("changed", ids.clone()), ("added", ids.clone()), ("removed", any_list())]),
        "Layout": of(&[("blocks", any_list())]),
        "Files": of(&[("paths", ids.clone())]),
        "Session": of(&[("name", text.clone()), ("role", text.clone()), ("version", text.clone()), ("engines", any_list()), ("limits", json!({"type": "object"}))]),
        "Matches": of(&[("matches", any_list()), ("concordance", any_list())]),
        "Entries": of(&[("entries", any_list())]),
        "Added": of(&[("lint", any_list()), ("changed", json!({"type": "object"}))]),
        "LoggedIn": of(&[("name", text.clone()), ("role", text.clone()), ("token", text)]),
    })
}

/// The description.
pub fn description() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let own = paths.entry(route.path).or_insert_with(|| json!({}));
        own[route.method.to_ascii_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "overzet: the desk", "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
        "security": [{"key": []}, {"cookie": []}],
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "overzet"},
            },
            "responses": {"Problem": {
                "description": "a problem by RFC 9457",
                "content": {"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                }},
            }},
            "schemas": schemas(),
        },
    })
}

/// The table of routes for the page of documentation, in Markdown.
pub fn table() -> String {
    let mut text = String::from("| route | body | answer | who |\n|---|---|---|---|\n");
    for route in ROUTES {
        let fields = |fields: &[Field]| {
            let one = |field: &Field| {
                let mark = if field.is_needed { "" } else { "?" };
                format!("`{}`{mark}", field.name)
            };
            fields.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let mut path = route.path.to_owned();
        if !route.query.is_empty() {
            let names: Vec<&str> = route.query.iter().map(|field| field.name).collect();
            path.push_str(&format!("?{}=", names.join("=&")));
        }
        let mut body = match route.takes {
            Taken::Nothing => String::new(),
            Taken::Json(own, false) => fields(own),
            Taken::Json(own, true) => format!("{} …", fields(own)).trim().to_owned(),
            Taken::Form(own) => format!("form: {}", fields(own)),
        };
        if route.is_locked {
            let parts = ["`If-Match`", body.as_str()];
            let parts = parts.into_iter().filter(|part| !part.is_empty());
            body = parts.collect::<Vec<_>>().join("; ");
        }
        let (status, gives) = route.gives;
        let answer = match (status, gives) {
            (status, "") => status.to_string(),
            (200, gives) => gives.to_owned(),
            (status, gives) => format!("{status} {gives}"),
        };
        let who = match route.handling {
            Handling::Health | Handling::LogIn => "all",
            _ => route.role.name(),
        };
        text.push_str(&format!(
            "| `{} {path}`: {} | {body} | {answer} | {who} |\n",
            route.method, route.summary
        ));
    }
    text
}
