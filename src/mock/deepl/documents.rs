//! DeepL's documents: upload, a queue, download.

use super::errors::{bad, error, refuse};
use super::fields;
use crate::mock::call::Call;
use crate::mock::reply::Reply;
use crate::mock::service::{FaultOutcome, Refusal, Spoken, Task, Utterance};
use crate::mock::store::MockStore;
use serde_json::{Value, json};

/// Formats that are translated, with their content types. Others of the service are refused.
const FORMATS: &[(&str, &str)] = &[
    ("txt", "text/plain"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("srt", "application/x-subrip"),
    ("xlf", "application/xliff+xml"),
    ("xliff", "application/xliff+xml"),
];

/// The ending of a file name, in lower case.
fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase())
        .unwrap_or_default()
}

/// The content type of a format; none if it is not translated.
fn content_type(ending: &str) -> Option<&'static str> {
    FORMATS
        .iter()
        .find(|(known, _)| *known == ending)
        .map(|(_, content_type)| *content_type)
}

/// A document that was taken in.
struct Intake {
    texts: Vec<String>,
    ending: String,
    characters: u64,
}

/// Reads the file of an upload: its lines are translated one by one.
fn intake(call: &Call) -> Result<Intake, Reply> {
    let Some(file) = call.files.iter().find(|file| file.field == "file") else {
        return Err(bad("Bad request. Reason: Parameter 'file' not specified."));
    };
    let name = call.text("filename").unwrap_or_else(|| file.name.clone());
    if content_type(&ending(&name)).is_none() {
        return Err(bad(
            "Invalid file data. The file extension is not supported.",
        ));
    }
    let out = call
        .text("output_format")
        .map_or_else(|| ending(&name), |format| format.to_ascii_lowercase());
    if content_type(&out).is_none() {
        return Err(bad("Value for 'output_format' not supported."));
    }
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        return Err(bad("Invalid file data. The file is not UTF-8."));
    };
    Ok(Intake {
        texts: text.split('\n').map(str::to_owned).collect(),
        ending: out,
        characters: text.chars().count() as u64,
    })
}

/// `POST /v2/document`
pub fn upload(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let wording = fields::wording(call, store)?;
    let Intake {
        texts,
        ending,
        characters,
    } = intake(call)?;
    if wording.source.as_ref() == Some(&wording.target) {
        return Err(bad("Source and target language are equal."));
    }
    if !store.account(call, |account| account.has_room_for_document()) {
        return Err(refuse(Refusal::Quota));
    }
    // One language for the whole document.
    let source = wording.source.unwrap_or_else(|| {
        let longest = texts.iter().max_by_key(|text| text.len());
        store.answers().language(longest.map_or("", |text| text)).0
    });
    let is_failing = call
        .header("mock-server-session-doc-failure")
        .is_some_and(|count| count != "0");
    let failure = if source == wording.target {
        Some("Source and target language are equal.")
    } else if is_failing {
        Some("Translation error triggered")
    } else {
        None
    };
    let utterances = texts
        .into_iter()
        .map(|text| Utterance {
            text,
            source: Some(source.clone()),
            target: wording.target.clone(),
        })
        .collect();
    let owner = call.clone();
    let finish = move |store: &MockStore, spoken: &Spoken| {
        let (id, key) = store.account(&owner, |account| {
            account.documents += 1;
            let number = account.number();
            let (id, key) = (format!("{number:032X}"), format!("{number:064X}"));
            let document = json!({"id": id, "key": key, "text": spoken.texts.join("\n"),
                "ending": ending, "characters": characters, "failure": failure, "born": store.now()});
            account.shelf("document").insert(id.clone(), document);
            (id, key)
        });
        Reply::json(200, &json!({"document_id": id, "document_key": key}))
    };
    let mut task = Task::new(utterances, finish);
    task.terms = wording.terms;
    Ok(FaultOutcome::Words(task))
}

/// The document of a request, and its state.
///
/// Errors: there is none under its id and key.
fn find(call: &Call, store: &MockStore) -> Result<(Value, Value), Reply> {
    let key = json!(call.text("document_key"));
    let document = store.account(call, |account| {
        account.shelf("document").get(call.capture(0)).cloned()
    });
    let Some(document) = document.filter(|document| document["key"] == key) else {
        return Err(error(404, "Not found"));
    };
    let time = |name: &str| -> u64 {
        call.header(name)
            .and_then(|value| value.parse().ok())
            .unwrap_or(0)
    };
    let queued = time("mock-server-session-doc-queue-time");
    let done = queued + time("mock-server-session-doc-translate-time");
    let age = store.now() - document["born"].as_u64().unwrap_or(0);
    let mut state = json!({"document_id": document["id"], "status": "done"});
    if document["failure"].is_string() {
        state["status"] = json!("error");
        state["error_message"] = document["failure"].clone();
    } else if age < queued {
        state["status"] = json!("queued");
    } else if age < done {
        state["status"] = json!("translating");
        state["seconds_remaining"] = json!((done - age).div_ceil(1_000));
    } else {
        state["seconds_remaining"] = json!(0);
        state["billed_characters"] = document["characters"].clone();
    }
    Ok((document, state))
}

/// `POST /v2/document/{id}`
pub fn status(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let (_, state) = find(call, store)?;
    Ok(Reply::json(200, &state).into())
}

/// `POST /v2/document/{id}/result`: once; the document is gone afterwards.
pub fn download(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let (document, state) = find(call, store)?;
    if state["status"] != "done" {
        return Err(error(503, "Document translation is not done"));
    }
    store.account(call, |account| {
        account.shelf("document").remove(call.capture(0));
    });
    let kind = content_type(document["ending"].as_str().unwrap_or_default());
    let text = document["text"].as_str().unwrap_or_default();
    Ok(Reply::typed(
        200,
        kind.unwrap_or("application/octet-stream"),
        text.as_bytes().to_vec(),
    )
    .into())
}
