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
    /// What stands before, between and behind the translations.
    frame: Vec<String>,
    ending: String,
    characters: u64,
}

/// The lines of a text, and what stands around them.
fn lines(text: &str) -> (Vec<String>, Vec<String>) {
    let texts: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut frame = vec!["\n".to_owned(); texts.len() + 1];
    frame[0].clear();
    frame[texts.len()].clear();
    (texts, frame)
}

/// The `source` elements of an XLIFF file, and what stands around their translations: a `target`
/// behind each, in place of the one that may be there.
fn sources(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut texts, mut frame, mut open) = (Vec::new(), Vec::new(), String::new());
    let mut rest = text;
    while let Some(source) = element(rest, "source") {
        texts.push(rest[source.inner.clone()].to_owned());
        let head = &rest[..source.end];
        frame.push(format!("{open}{head}<target>"));
        "</target>".clone_into(&mut open);
        rest = &rest[source.end..];
        let next = element(rest, "target").filter(|own| rest[..own.start].trim().is_empty());
        rest = &rest[next.map_or(0, |target| target.end)..];
    }
    frame.push(format!("{open}{rest}"));
    (texts, frame)
}

/// Where an element and its content stand.
struct ElementPlace {
    start: usize,
    inner: std::ops::Range<usize>,
    end: usize,
}

/// The first element of this name that has content.
fn element(text: &str, name: &str) -> Option<ElementPlace> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find(&format!("<{name}"))?;
        let begin = start + text[start..].find('>')? + 1;
        let behind_name = text[start + 1 + name.len()..].chars().next();
        from = begin;
        let is_it = behind_name.is_some_and(|c| c == '>' || c.is_whitespace());
        if is_it && !text[..begin].ends_with("/>") {
            let close = format!("</{name}>");
            let length = text[begin..].find(&close)?;
            return Some(ElementPlace {
                start,
                inner: begin..begin + length,
                end: begin + length + close.len(),
            });
        }
    }
}

/// The frame with the translations in it; a translation that a fault took away is empty.
fn framed(frame: &[String], texts: &[String]) -> String {
    let mut document = String::new();
    for (index, piece) in frame.iter().enumerate() {
        document.push_str(piece);
        if index + 1 < frame.len() {
            document.push_str(texts.get(index).map_or("", String::as_str));
        }
    }
    document
}

/// Reads the file of an upload: its lines are translated one by one, the `source` elements of XLIFF
/// as a whole.
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
    let (texts, frame) = match ending(&name).as_str() {
        "xlf" | "xliff" => sources(text),
        _ => lines(text),
    };
    Ok(Intake {
        texts,
        frame,
        ending: out,
        characters: text.chars().count() as u64,
    })
}

/// `POST /v2/document`
pub fn upload(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let wording = fields::wording(call, store)?;
    let Intake {
        texts,
        frame,
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
            let document = json!({"id": id, "key": key, "text": framed(&frame, &spoken.texts),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_of_xliff_get_their_targets() {
        let file = "<file source-language=\"nl\"><unit><source>Ja.</source>\n<target state=\"new\">Ja.</target><note/></unit>\
            <unit><source xml:lang=\"nl\">Nee, <g id=\"1\">nee</g>.</source></unit><unit><source/></unit></file>";
        let (texts, frame) = sources(file);
        assert_eq!(texts, ["Ja.", "Nee, <g id=\"1\">nee</g>."]);
        let english = ["Yes.".to_owned(), "No, <g id=\"1\">no</g>.".to_owned()];
        assert_eq!(
            framed(&frame, &english),
            "<file source-language=\"nl\"><unit><source>Ja.</source><target>Yes.</target><note/></unit>\
            <unit><source xml:lang=\"nl\">Nee, <g id=\"1\">nee</g>.</source><target>No, <g id=\"1\">no</g>.</target></unit><unit><source/></unit></file>"
        );
        let text = "Ja.\nNee.\n";
        let (texts, frame) = lines(text);
        assert_eq!(framed(&frame, &texts), text);
        assert_eq!(framed(&frame, &texts[..1]), "Ja.\n\n");
    }
}
