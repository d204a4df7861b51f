//! The control interface: faults, journal, accounts and sessions of a running mock, under
//! `/__overzet/`.

use super::call::Call;
use super::faults;
use super::journal::Recorded;
use super::reply::Reply;
use super::store::MockStore;
use serde_json::{Value, json};

/// Whether a path belongs to the control interface or to that of the vendor's mock.
pub fn is_control(path: &str) -> bool {
    path.starts_with("/__overzet/") || path == "/__session__/last-request" || path == "/healthz"
}

/// Answers a request to the control interface.
pub fn answer(store: &MockStore, call: &Call) -> Reply {
    let told = match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/healthz") => return Reply::text(200, "ok"),
        ("GET", "/__session__/last-request") => last_request(store, call),
        ("GET", "/__overzet/faults") => Ok(faults_of(store, call)),
        ("PUT" | "POST", "/__overzet/faults") => set_faults(store, call),
        ("DELETE", "/__overzet/faults") => {
            store.set_faults(&session(call), Vec::new());
            Ok(faults_of(store, call))
        }
        ("GET", "/__overzet/requests") => requests(store, call),
        ("DELETE", "/__overzet/requests") => {
            store.forget(call.text("session").as_deref());
            Ok(json!({"requests": []}))
        }
        ("POST", "/__overzet/verify") => return verify(store, call),
        ("POST", "/__overzet/reset") => {
            store.reset();
            Ok(json!({}))
        }
        ("GET", "/__overzet/usage") => Ok(usage(store)),
        ("PUT" | "POST", "/__overzet/usage") => set_usage(store, call),
        (_, path) => {
            let known = ["faults", "requests", "verify", "reset", "usage"];
            return Reply::json(
                404,
                &json!({"error": format!("{} {path} is not known; there are {}", call.method, known.join(", "))}),
            );
        }
    };
    match told {
        Ok(value) => Reply::json(200, &value),
        Err(what) => Reply::json(400, &json!({"error": what})),
    }
}

/// The session that a request to the control interface speaks of.
fn session(call: &Call) -> String {
    call.text("session")
        .or_else(|| call.header("x-overzet-session").map(str::to_owned))
        .unwrap_or_default()
}

fn faults_of(store: &MockStore, call: &Call) -> Value {
    let list = store.faults_of(&session(call));
    let specs: Vec<String> = list.iter().map(faults::Fault::spec).collect();
    json!({"faults": specs})
}

fn set_faults(store: &MockStore, call: &Call) -> Result<Value, String> {
    if let Some(what) = &call.malformed {
        return Err(what.clone());
    }
    let specs = call
        .texts("faults")
        .ok_or("`faults` is a list of texts such as `429,first=2`")?;
    let parsed: Result<Vec<_>, String> = specs.iter().map(|spec| faults::parse(spec)).collect();
    store.set_faults(&session(call), parsed?);
    Ok(faults_of(store, call))
}

/// The requests that fit the fields of the query.
fn requests(store: &MockStore, call: &Call) -> Result<Value, String> {
    let filter: serde_json::Map<String, Value> = call
        .query
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    let list: Vec<Value> = fitting(store, &Value::Object(filter))?
        .iter()
        .map(Recorded::shown)
        .collect();
    Ok(json!({"requests": list}))
}

fn fitting(store: &MockStore, filter: &Value) -> Result<Vec<Recorded>, String> {
    let mut list = Vec::new();
    for request in store.requests() {
        if request.fits(filter)? {
            list.push(request);
        }
    }
    Ok(list)
}

/// Whether as many requests as wanted fit a filter: 200 if so, 409 with those that fit if not.
fn verify(store: &MockStore, call: &Call) -> Reply {
    let empty = json!({});
    let filter = match &call.body["match"] {
        Value::Null => &empty,
        filter => filter,
    };
    let list = match fitting(store, filter) {
        Ok(list) => list,
        Err(what) => return Reply::json(400, &json!({"error": what})),
    };
    let count = list.len() as u64;
    let number = |name: &str| call.body[name].as_u64();
    let is_met = match (number("count"), number("at_least"), number("at_most")) {
        (Some(exact), _, _) => count == exact,
        (None, None, None) => count > 0,
        (None, least, most) => least.is_none_or(|n| count >= n) && most.is_none_or(|n| count <= n),
    };
    if is_met {
        return Reply::json(200, &json!({"ok": true, "count": count}));
    }
    let shown: Vec<Value> = list.iter().map(Recorded::shown).collect();
    let all: Vec<String> = store
        .requests()
        .iter()
        .map(|request| format!("{} {}", request.method, request.path))
        .collect();
    Reply::json(
        409,
        &json!({"ok": false, "count": count, "requests": shown, "journal": all}),
    )
}

fn usage(store: &MockStore) -> Value {
    let list: serde_json::Map<String, Value> = store.accounts(|accounts| {
        let shown = accounts.iter().map(|(name, account)| {
            let value = json!({"character_count": account.characters,
                "character_limit": account.character_limit,
                "document_count": account.documents, "document_limit": account.document_limit});
            (name.clone(), value)
        });
        shown.collect()
    });
    json!({"accounts": list})
}

/// Sets what keys have used and may use; `account` picks one of them, else it is for all that are
/// known.
fn set_usage(store: &MockStore, call: &Call) -> Result<Value, String> {
    let wanted = call.text("account");
    let number = |name: &str| -> Result<Option<u64>, String> {
        call.text(name)
            .map(|text| {
                text.parse::<u64>()
                    .map_err(|_| format!("`{name}` is a whole number"))
            })
            .transpose()
    };
    let (count, limit) = (number("character_count")?, number("character_limit")?);
    store.accounts(|accounts| {
        for (_, account) in accounts
            .iter_mut()
            .filter(|(name, _)| wanted.as_ref().is_none_or(|wanted| wanted == *name))
        {
            account.characters = count.unwrap_or(account.characters);
            account.character_limit = limit.unwrap_or(account.character_limit);
        }
    });
    Ok(usage(store))
}

/// The last request of a session, in the form of the vendor's mock.
fn last_request(store: &MockStore, call: &Call) -> Result<Value, String> {
    let wanted = call.header("mock-server-session").unwrap_or_default();
    let request = store
        .requests()
        .into_iter()
        .rfind(|request| request.session == wanted)
        .ok_or("the session has no request")?;
    let mut shown = request.shown();
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let query: serde_json::Map<String, Value> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), json!(value)))
        .collect();
    shown["path"] = json!(path);
    shown["query"] = Value::Object(query);
    Ok(shown)
}
