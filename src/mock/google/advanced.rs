//! Google v3: projects and locations, tokens, glossaries made by long-running operations.

use super::errors::{bad, error, escaped, language, missing, refuse};
use crate::mock::call::Call;
use crate::mock::dialect::ServiceDialect;
use crate::mock::languages::LANGUAGES;
use crate::mock::reply::Reply;
use crate::mock::service::{
    FaultOutcome, HandlerResult, Refusal, Route, Service, Spoken, Task, Utterance, route, words,
};
use crate::mock::store::MockStore;
use base64::Engine as _;
use serde_json::{Value, json};

/// The routes, key and refusals of v3.
pub static SERVICE: Service = Service {
    dialect: ServiceDialect::GoogleV3,
    routes: ROUTES,
    key: |call| {
        call.authorization("Bearer")
            .or_else(|| call.asked("access_token"))
            .map(str::to_owned)
    },
    key_is_optional: false,
    refuse: |why| match why {
        Refusal::NoKey | Refusal::BadKey => error(
            401,
            "Request had invalid authentication credentials.",
            "UNAUTHENTICATED",
            "UNAUTHENTICATED",
        ),
        other => refuse(other),
    },
};

static ROUTES: &[Route] = &[
    words(
        "POST",
        "/v3/projects/{}/locations/{}:translateText",
        translate,
    ),
    words("POST", "/v3/projects/{}:translateText", translate),
    words(
        "POST",
        "/v3/projects/{}/locations/{}:translateDocument",
        translate_document,
    ),
    route(
        "POST",
        "/v3/projects/{}/locations/{}:detectLanguage",
        detect,
    ),
    route("POST", "/v3/projects/{}:detectLanguage", detect),
    route(
        "GET",
        "/v3/projects/{}/locations/{}/supportedLanguages",
        languages,
    ),
    route("GET", "/v3/projects/{}/supportedLanguages", languages),
    route(
        "POST",
        "/v3/projects/{}/locations/{}/glossaries",
        create_glossary,
    ),
    route(
        "GET",
        "/v3/projects/{}/locations/{}/glossaries",
        list_glossaries,
    ),
    route(
        "GET",
        "/v3/projects/{}/locations/{}/glossaries/{}",
        get_glossary,
    ),
    route(
        "DELETE",
        "/v3/projects/{}/locations/{}/glossaries/{}",
        delete_glossary,
    ),
    route(
        "GET",
        "/v3/projects/{}/locations/{}/operations/{}",
        get_operation,
    ),
    route(
        "GET",
        "/v3/projects/{}/locations/{}/operations",
        list_operations,
    ),
    route(
        "POST",
        "/v3/projects/{}/locations/{}/operations/{}:wait",
        get_operation,
    ),
    route(
        "POST",
        "/v3/projects/{}/locations/{}/operations/{}:cancel",
        cancel_operation,
    ),
    route(
        "DELETE",
        "/v3/projects/{}/locations/{}/operations/{}",
        delete_operation,
    ),
];

/// The pair of languages of a request; the source may be absent.
fn pair(call: &Call) -> Result<(Option<String>, String), Reply> {
    let text = |snake: &str, camel: &str| call.text(camel).or_else(|| call.text(snake));
    let Some(target) = text("target_language_code", "targetLanguageCode") else {
        return Err(bad("Target language is required."));
    };
    let target = language(&target, "target_language_code")?.to_owned();
    let source = text("source_language_code", "sourceLanguageCode").filter(|code| !code.is_empty());
    let source = match source {
        Some(code) => Some(language(&code, "source_language_code")?.to_owned()),
        None => None,
    };
    Ok((source, target))
}

/// Whether a name is one of the general models or may be that of a custom one.
fn is_model(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        ["projects", _, "locations", _, "models", "general", model] => {
            ["nmt", "base", "translation-llm"].contains(model)
        }
        ["projects", _, "locations", _, "models", model] => !model.is_empty(),
        _ => false,
    }
}

/// `…:translateText`
fn translate(call: &Call, store: &MockStore) -> HandlerResult {
    let Some(texts) = call.texts("contents").filter(|list| !list.is_empty()) else {
        return Err(bad("Contents must not be empty."));
    };
    if texts.len() > 1_024 || texts.iter().map(|t| t.chars().count()).sum::<usize>() > 30_720 {
        return Err(bad("Text is too long."));
    }
    let (source, target) = pair(call)?;
    let mime = call.text("mimeType").unwrap_or_else(|| "text/html".into());
    if !["text/html", "text/plain"].contains(&mime.as_str()) {
        return Err(bad("Invalid MIME type."));
    }
    let glossary = glossary_of(call, store, source.as_deref(), &target)?;
    if let Some(model) = call.text("model").filter(|model| !is_model(model)) {
        return Err(bad(&format!("Invalid model name: {model}")));
    }
    let is_guessed = source.is_none();
    let model = call.text("model").unwrap_or_else(|| {
        let (project, location) = (call.capture(0), call.captures.get(1));
        let location = location.map_or("global", String::as_str);
        format!("projects/{project}/locations/{location}/models/general/nmt")
    });
    let utterances = texts
        .into_iter()
        .map(|text| Utterance {
            text,
            source: source.clone(),
            target: target.clone(),
        })
        .collect();
    let config = call.body["glossaryConfig"].clone();
    let finish = move |_: &MockStore, spoken: &Spoken| {
        let listed = |config: Option<&Value>| -> Vec<Value> {
            let of = |(index, text): (usize, &String)| {
                let text = if mime == "text/html" {
                    escaped(text)
                } else {
                    text.clone()
                };
                let mut one = json!({"translatedText": text, "model": model});
                if is_guessed {
                    one["detectedLanguageCode"] = json!(spoken.source(index));
                }
                if let Some(config) = config {
                    one["glossaryConfig"] = config.clone();
                }
                one
            };
            spoken.texts.iter().enumerate().map(of).collect()
        };
        let mut body = json!({"translations": listed(None)});
        if config.is_object() {
            body["glossaryTranslations"] = json!(listed(Some(&config)));
        }
        Reply::json(200, &body)
    };
    let mut task = Task::new(utterances, finish);
    task.terms = glossary;
    Ok(FaultOutcome::Words(task))
}

/// `…:translateDocument`: plain text and HTML.
fn translate_document(call: &Call, store: &MockStore) -> HandlerResult {
    let (source, target) = pair(call)?;
    let input = &call.body["documentInputConfig"];
    let mime = input["mimeType"]
        .as_str()
        .unwrap_or("text/plain")
        .to_owned();
    if !["text/plain", "text/html"].contains(&mime.as_str()) {
        return Err(bad("Unsupported document MIME type."));
    }
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(input["content"].as_str().unwrap_or_default());
    let Some(text) = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return Err(bad(
            "Document content is required and must be base64 of UTF-8.",
        ));
    };
    let glossary = glossary_of(call, store, source.as_deref(), &target)?;
    let is_guessed = source.is_none();
    let utterances = text
        .split('\n')
        .map(|line| Utterance {
            text: line.to_owned(),
            source: source.clone(),
            target: target.clone(),
        })
        .collect();
    let finish = move |_: &MockStore, spoken: &Spoken| {
        let content = base64::engine::general_purpose::STANDARD.encode(spoken.texts.join("\n"));
        let mut translation = json!({"byteStreamOutputs": [content], "mimeType": mime});
        if is_guessed {
            translation["detectedLanguageCode"] = json!(spoken.source(0));
        }
        Reply::json(200, &json!({"documentTranslation": translation}))
    };
    let mut task = Task::new(utterances, finish);
    task.terms = glossary;
    Ok(FaultOutcome::Words(task))
}

/// `…:detectLanguage`
fn detect(call: &Call, store: &MockStore) -> HandlerResult {
    let Some(text) = call.text("content") else {
        return Err(bad("Content must not be empty."));
    };
    let (code, confidence) = store.answers().language(&text);
    let list = json!({"languages": [{"languageCode": code, "confidence": confidence}]});
    Ok(Reply::json(200, &list).into())
}

/// `…/supportedLanguages`: with names if a display language is named.
fn languages(call: &Call, _: &MockStore) -> HandlerResult {
    let is_named = match call.text("displayLanguageCode") {
        Some(code) if !code.is_empty() => {
            language(&code, "display_language_code")?;
            true
        }
        _ => false,
    };
    let list: Vec<Value> = LANGUAGES
        .iter()
        .map(|tongue| {
            let mut one =
                json!({"languageCode": tongue.code, "supportSource": true, "supportTarget": true});
            if is_named {
                one["displayName"] = json!(tongue.name);
            }
            one
        })
        .collect();
    Ok(Reply::json(200, &json!({"languages": list})).into())
}

/// The folder of a request's project and location.
fn parent(call: &Call) -> String {
    format!("projects/{}/locations/{}", call.capture(0), call.capture(1))
}

/// The terms of the glossary that a request names. A glossary that this mock never made has none:
/// it stands for one that was made elsewhere.
fn glossary_of(
    call: &Call,
    store: &MockStore,
    source: Option<&str>,
    target: &str,
) -> Result<Vec<(String, String)>, Reply> {
    let Some(name) = call.body["glossaryConfig"]["glossary"].as_str() else {
        return Ok(Vec::new());
    };
    if call
        .captures
        .get(1)
        .is_none_or(|location| location == "global")
    {
        return Err(bad(
            "Glossaries need a regional location such as us-central1.",
        ));
    }
    let Some(source) = source else {
        return Err(bad("Source language is required with a glossary."));
    };
    let glossary = store.account(call, |account| account.shelf("glossary").get(name).cloned());
    let Some(glossary) = glossary else {
        return Err(missing(&format!("Glossary not found: {name}")));
    };
    let side = |name: &str| {
        glossary["languagePair"][name]
            .as_str()
            .map(crate::mock::answers::bare)
    };
    if side("sourceLanguageCode").is_some_and(|own| own != source)
        || side("targetLanguageCode").is_some_and(|own| own != target)
    {
        return Err(bad("The glossary is for another pair of languages."));
    }
    let list = glossary["entries"].as_array().into_iter().flatten();
    let entries = list
        .filter_map(|entry| Some((entry[0].as_str()?.to_owned(), entry[1].as_str()?.to_owned())));
    Ok(entries.collect())
}

/// A glossary as the service shows it.
fn shown(glossary: &Value) -> Value {
    let mut shown = glossary.clone();
    if let Some(object) = shown.as_object_mut() {
        object.shift_remove("entries");
    }
    shown
}

/// The entries of the file that a glossary names, if the options name a folder for storage.
fn read_entries(call: &Call, store: &MockStore) -> Result<Vec<Value>, Reply> {
    let uri = call.body["inputConfig"]["gcsSource"]["inputUri"].as_str();
    let Some(path) = uri.and_then(|uri| uri.strip_prefix("gs://")) else {
        return Err(bad("input_config.gcs_source.input_uri is required."));
    };
    let Some(folder) = &store.options.buckets else {
        return Ok(Vec::new());
    };
    let is_inside = std::path::Path::new(path)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    let text = if is_inside {
        std::fs::read_to_string(folder.join(path)).ok()
    } else {
        None
    };
    let Some(text) = text else {
        return Err(missing(&format!("gs://{path} was not found.")));
    };
    let is_tsv = std::path::Path::new(path)
        .extension()
        .is_some_and(|e| e == "tsv");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(if is_tsv { b'\t' } else { b',' })
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|record| match record {
            Ok(record) if record.len() >= 2 => Ok(json!([&record[0], &record[1]])),
            _ => Err(bad("The glossary file is not a table of two columns.")),
        })
        .collect()
}

/// Keeps an operation that is done, and shows it.
fn operation(call: &Call, store: &MockStore, word: &str, response: &Value) -> Value {
    store.account(call, |account| {
        let name = format!("{}/operations/{:08}", parent(call), account.number());
        let kind = "type.googleapis.com/google.cloud.translation.v3";
        let time = "2026-01-01T00:00:00Z";
        let own = json!({"name": name, "done": true,
            "metadata": {"@type": format!("{kind}.{word}GlossaryMetadata"), "name": response["name"],
                "state": "SUCCEEDED", "submitTime": time},
            "response": response});
        account.shelf("operation").insert(name, own.clone());
        own
    })
}

/// `POST …/glossaries`
fn create_glossary(call: &Call, store: &MockStore) -> HandlerResult {
    let name = call.body["name"].as_str().unwrap_or_default();
    if !name.starts_with(&format!("{}/glossaries/", parent(call))) {
        return Err(bad("Invalid glossary name."));
    }
    let pair = &call.body["languagePair"];
    if pair.is_object() {
        for side in ["sourceLanguageCode", "targetLanguageCode"] {
            language(pair[side].as_str().unwrap_or_default(), side)?;
        }
    } else if !call.body["languageCodesSet"].is_object() {
        return Err(bad("language_pair or language_codes_set is required."));
    }
    let entries = read_entries(call, store)?;
    let mut glossary = call.body.clone();
    glossary["entryCount"] = json!(entries.len());
    glossary["submitTime"] = json!("2026-01-01T00:00:00Z");
    glossary["endTime"] = json!("2026-01-01T00:00:00Z");
    let is_new = store.account(call, |account| {
        let shelf = account.shelf("glossary");
        let is_new = !shelf.contains_key(name);
        if is_new {
            let mut kept = glossary.clone();
            kept["entries"] = json!(entries);
            shelf.insert(name.to_owned(), kept);
        }
        is_new
    });
    if !is_new {
        return Err(error(
            409,
            "The glossary already exists.",
            "ALREADY_EXISTS",
            "alreadyExists",
        ));
    }
    glossary["@type"] = json!("type.googleapis.com/google.cloud.translation.v3.Glossary");
    Ok(Reply::json(200, &operation(call, store, "Create", &glossary)).into())
}

/// `GET …/glossaries`
fn list_glossaries(call: &Call, store: &MockStore) -> HandlerResult {
    let folder = format!("{}/glossaries/", parent(call));
    let list: Vec<Value> = store.account(call, |account| {
        let all = account.shelf("glossary").iter();
        all.filter(|(name, _)| name.starts_with(&folder))
            .map(|(_, glossary)| shown(glossary))
            .collect()
    });
    Ok(Reply::json(200, &json!({"glossaries": list})).into())
}

/// The name of the glossary or the operation that the path names.
fn name(call: &Call, kind: &str) -> String {
    format!("{}/{kind}/{}", parent(call), call.capture(2))
}

/// `GET …/glossaries/{id}`
fn get_glossary(call: &Call, store: &MockStore) -> HandlerResult {
    let name = name(call, "glossaries");
    match store.account(call, |account| {
        account.shelf("glossary").get(&name).map(shown)
    }) {
        Some(glossary) => Ok(Reply::json(200, &glossary).into()),
        None => Err(missing("Glossary not found.")),
    }
}

/// `DELETE …/glossaries/{id}`
fn delete_glossary(call: &Call, store: &MockStore) -> HandlerResult {
    let name = name(call, "glossaries");
    if store
        .account(call, |account| account.shelf("glossary").remove(&name))
        .is_none()
    {
        return Err(missing("Glossary not found."));
    }
    let response = json!({"@type": "type.googleapis.com/google.cloud.translation.v3.DeleteGlossaryResponse",
        "name": name, "submitTime": "2026-01-01T00:00:00Z", "endTime": "2026-01-01T00:00:00Z"});
    Ok(Reply::json(200, &operation(call, store, "Delete", &response)).into())
}

/// `GET …/operations/{id}`, and `:wait`.
fn get_operation(call: &Call, store: &MockStore) -> HandlerResult {
    let name = name(call, "operations");
    match store.account(call, |account| {
        account.shelf("operation").get(&name).cloned()
    }) {
        Some(operation) => Ok(Reply::json(200, &operation).into()),
        None => Err(missing("Operation not found.")),
    }
}

/// `GET …/operations`
fn list_operations(call: &Call, store: &MockStore) -> HandlerResult {
    let list: Vec<Value> = store.account(call, |account| {
        account.shelf("operation").values().cloned().collect()
    });
    Ok(Reply::json(200, &json!({"operations": list})).into())
}

/// `POST …/operations/{id}:cancel`: every operation is done already.
fn cancel_operation(call: &Call, store: &MockStore) -> HandlerResult {
    get_operation(call, store)?;
    Ok(Reply::json(200, &json!({})).into())
}

/// `DELETE …/operations/{id}`
fn delete_operation(call: &Call, store: &MockStore) -> HandlerResult {
    let name = name(call, "operations");
    match store.account(call, |account| account.shelf("operation").remove(&name)) {
        Some(_) => Ok(Reply::json(200, &json!({})).into()),
        None => Err(missing("Operation not found.")),
    }
}
