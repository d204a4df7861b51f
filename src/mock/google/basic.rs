//! Google v2: JSON, forms or the query, with a key or a token.

use super::errors::{bad, error, escaped, language, refuse};
use crate::mock::call::Call;
use crate::mock::dialect::ServiceDialect;
use crate::mock::languages::LANGUAGES;
use crate::mock::reply::Reply;
use crate::mock::service::{
    FaultOutcome, Refusal, Route, Service, Spoken, Task, Utterance, route, words,
};
use crate::mock::store::MockStore;
use serde_json::{Value, json};

/// The routes, key and refusals of v2.
pub static SERVICE: Service = Service {
    dialect: ServiceDialect::Google,
    routes: ROUTES,
    key,
    key_is_optional: false,
    refuse: |why| match why {
        // Without a key the service has nothing to check.
        Refusal::NoKey => refuse(Refusal::BadKey),
        other => refuse(other),
    },
};

static ROUTES: &[Route] = &[
    words("POST", "/language/translate/v2", translate),
    words("GET", "/language/translate/v2", translate),
    route("POST", "/language/translate/v2/detect", detect),
    route("GET", "/language/translate/v2/detect", detect),
    route("GET", "/language/translate/v2/languages", languages),
    route("POST", "/language/translate/v2/languages", languages),
];

/// The key: in a header, in the query, or a token.
fn key(call: &Call) -> Option<String> {
    call.header("x-goog-api-key")
        .or_else(|| call.asked("key"))
        .or_else(|| call.authorization("Bearer"))
        .map(str::to_owned)
        .or_else(|| call.text("key"))
}

/// The texts of a request.
fn texts(call: &Call) -> Result<Vec<String>, Reply> {
    match call.texts("q") {
        Some(texts) if texts.len() > 128 => Err(bad("Too many text segments")),
        Some(texts) if !texts.is_empty() => Ok(texts),
        _ => Err(error(400, "Required Text", "INVALID_ARGUMENT", "required")),
    }
}

/// `/language/translate/v2`
fn translate(call: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let texts = texts(call)?;
    let Some(target) = call.text("target") else {
        return Err(error(
            400,
            "Required parameter: target",
            "INVALID_ARGUMENT",
            "required",
        ));
    };
    let target = language(&target, "target")?;
    let source = match call.text("source").filter(|code| !code.is_empty()) {
        Some(code) => Some(language(&code, "source")?.to_owned()),
        None => None,
    };
    if source.as_deref() == Some(target) {
        return Err(bad(&format!("Bad language pair: {target}|{target}")));
    }
    let format = call.text("format").unwrap_or_else(|| "html".into());
    if !["html", "text"].contains(&format.as_str()) {
        return Err(bad("Invalid value for format"));
    }
    let model = call.text("model").filter(|model| !model.is_empty());
    let is_guessed = source.is_none();
    let utterances = texts
        .into_iter()
        .map(|text| Utterance {
            text,
            source: source.clone(),
            target: target.to_owned(),
        })
        .collect();
    let finish = move |_: &MockStore, spoken: &Spoken| {
        let list: Vec<Value> = spoken
            .texts
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let text = if format == "html" {
                    escaped(text)
                } else {
                    text.clone()
                };
                let mut one = json!({"translatedText": text});
                if is_guessed {
                    one["detectedSourceLanguage"] = json!(spoken.source(index));
                }
                if let Some(model) = &model {
                    one["model"] = json!(model);
                }
                one
            })
            .collect();
        Reply::json(200, &json!({"data": {"translations": list}}))
    };
    Ok(FaultOutcome::Words(Task::new(utterances, finish)))
}

/// `/language/translate/v2/detect`
fn detect(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let list: Vec<Value> = texts(call)?
        .iter()
        .map(|text| {
            let (code, confidence) = store.answers().language(text);
            json!([{"language": code, "confidence": confidence, "isReliable": false}])
        })
        .collect();
    Ok(Reply::json(200, &json!({"data": {"detections": list}})).into())
}

/// `/language/translate/v2/languages`: with names if a target is named.
fn languages(call: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let is_named = match call.text("target") {
        Some(target) => {
            language(&target, "target")?;
            true
        }
        None => false,
    };
    let list: Vec<Value> = LANGUAGES
        .iter()
        .map(|tongue| {
            if is_named {
                json!({"language": tongue.code, "name": tongue.name})
            } else {
                json!({"language": tongue.code})
            }
        })
        .collect();
    Ok(Reply::json(200, &json!({"data": {"languages": list}})).into())
}
