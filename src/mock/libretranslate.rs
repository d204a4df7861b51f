//! LibreTranslate, with the quirks of the server: it unescapes, trims, and copies capitals and the
//! last mark.

use super::call::Call;
use super::dialect::ServiceDialect;
use super::languages::{LANGUAGES, of_code};
use super::reply::Reply;
use super::service::{
    FaultOutcome, Refusal, Route, Service, Spoken, Task, Utterance, open, route, words,
};
use super::store::MockStore;
use serde_json::{Value, json};

/// LibreTranslate's routes, key and refusals.
pub static SERVICE: Service = Service {
    dialect: ServiceDialect::LibreTranslate,
    routes: ROUTES,
    key: |call| call.text("api_key").filter(|key| !key.is_empty()),
    key_is_optional: true,
    refuse,
};

static ROUTES: &[Route] = &[
    words("POST", "/translate", translate),
    words("POST", "/translate_file", translate_file),
    open("GET", "/download_file/{}", download_file),
    open("GET", "/languages", languages),
    route("POST", "/detect", detect),
    route("POST", "/suggest", suggest),
    open("GET", "/health", |_, _| {
        Ok(Reply::json(200, &json!({"status": "ok"})).into())
    }),
    open("GET", "/frontend/settings", settings),
];

fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"error": message}))
}

fn refuse(why: Refusal) -> Reply {
    match why {
        Refusal::RateLimited => error(429, "Slowdown: 30 per 1 minute"),
        Refusal::Quota => error(403, "Too many request limits violations"),
        Refusal::NoKey => error(400, "Please contact the server operator to get an API key"),
        Refusal::BadKey => error(403, "Invalid API key"),
        Refusal::Unavailable => error(503, "Service unavailable"),
        Refusal::NoPath(_) => {
            Reply::html(404, "<!doctype html>\n<title>404 Not RouteMatch</title>")
        }
        Refusal::NoMethod => Reply::html(
            405,
            "<!doctype html>\n<title>405 Method Not Allowed</title>",
        ),
        Refusal::MediaType | Refusal::Malformed(_) => error(400, "Invalid JSON format"),
        Refusal::TooLarge => Reply::html(
            413,
            "<!doctype html>\n<title>413 Request Entity Too Large</title>",
        ),
        Refusal::Invalid(what) => error(400, what),
        Refusal::Upstream(what) => error(500, what),
    }
}

/// The pair of languages of a request; no source stands for `auto`.
fn pair(call: &Call) -> Result<(Option<String>, String), Reply> {
    let mut codes = Vec::new();
    for name in ["source", "target"] {
        let Some(code) = call.text(name) else {
            return Err(error(
                400,
                &format!("Invalid request: missing {name} parameter"),
            ));
        };
        match of_code(&code) {
            _ if code == "auto" && name == "source" => codes.push(None),
            Some(tongue) => codes.push(Some(tongue.code.to_owned())),
            None => return Err(error(400, &format!("{code} is not supported"))),
        }
    }
    let target = codes.pop().flatten().unwrap_or_default();
    Ok((codes.pop().flatten(), target))
}

/// `POST /translate`
fn translate(call: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let texts = match call.texts("q") {
        Some(texts) => texts,
        None if call.body["q"].is_null() => {
            return Err(error(400, "Invalid request: missing q parameter"));
        }
        None => return Err(error(400, "Invalid request: q is not a text")),
    };
    let (source, target) = pair(call)?;
    let format = call.text("format").unwrap_or_else(|| "text".into());
    if !["text", "html"].contains(&format.as_str()) {
        return Err(error(400, &format!("{format} format is not supported")));
    }
    let is_single = !call.body["q"].is_array();
    let alternatives: usize = match call.text("alternatives").map(|n| n.parse()) {
        None => 0,
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            return Err(error(400, "Invalid request: alternatives is not a number"));
        }
    };
    let is_html = format == "html";
    let is_guessed = source.is_none();
    let utterances = texts
        .into_iter()
        .map(|text| Utterance {
            text,
            source: source.clone(),
            target: target.clone(),
        })
        .collect();
    let finish = move |_: &MockStore, spoken: &Spoken| {
        let texts: Vec<String> = spoken
            .texts
            .iter()
            .enumerate()
            .map(|(index, text)| match spoken.asked.get(index) {
                Some(asked) if !is_html => improved(&asked.text, text),
                _ => unescaped(text),
            })
            .collect();
        // The same words in lower case are the nearest thing to another wording.
        let count = if is_html { 0 } else { alternatives };
        let others = |text: &String| vec![text.to_lowercase(); count];
        let mut body = json!({});
        if is_single {
            body["translatedText"] = json!(texts.first());
        } else {
            body["translatedText"] = json!(texts);
        }
        if alternatives > 0 {
            body["alternatives"] = if is_single {
                json!(texts.first().map(others))
            } else {
                json!(texts.iter().map(others).collect::<Vec<_>>())
            };
        }
        if is_guessed {
            let (code, confidence) = spoken.sources.first().cloned().unwrap_or_default();
            let one = json!({"confidence": (confidence * 100.0).round(), "language": code});
            body["detectedLanguage"] = if is_single {
                one
            } else {
                json!(vec![one; spoken.asked.len()])
            };
        }
        Reply::json(200, &body)
    };
    Ok(FaultOutcome::Words(Task::new(utterances, finish)))
}

/// What the server does to every translation of a plain text, beside the entities that it resolves
/// in HTML as well: white space around it goes, the last mark and the capitals are those of the source.
fn improved(source: &str, text: &str) -> String {
    let source = source.trim();
    let mut text = unescaped(text).trim().to_owned();
    let mark = |text: &str| text.chars().next_back().filter(|c| ".,;!?".contains(*c));
    match (mark(source), mark(&text)) {
        (Some(wanted), None) if !text.is_empty() => text.push(wanted),
        (Some(wanted), Some(own)) if wanted != own => {
            text.pop();
            text.push(wanted);
        }
        (None, Some(_)) => {
            text.pop();
        }
        _ => {}
    }
    let has_letters = source.chars().any(char::is_alphabetic);
    if has_letters && source.to_lowercase() == source {
        return text.to_lowercase();
    }
    if has_letters && source.to_uppercase() == source {
        return text.to_uppercase();
    }
    if source.starts_with(char::is_lowercase) {
        let mut chars = text.chars();
        let first: String = chars
            .by_ref()
            .take(1)
            .flat_map(char::to_lowercase)
            .collect();
        return first + chars.as_str();
    }
    text
}

/// Resolves the entities of HTML that frequent texts have.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

/// `POST /translate_file`: text files; the answer names where the translation can be fetched.
fn translate_file(call: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let Some(file) = call.files.iter().find(|file| file.field == "file") else {
        return Err(error(400, "Invalid request: missing file parameter"));
    };
    let (source, target) = pair(call)?;
    if !file.name.ends_with(".txt") && !file.name.ends_with(".html") {
        return Err(error(400, "Invalid request: file format not supported"));
    }
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        return Err(error(400, "Invalid request: the file is not UTF-8"));
    };
    let utterances = text
        .split('\n')
        .map(|line| Utterance {
            text: line.to_owned(),
            source: source.clone(),
            target: target.clone(),
        })
        .collect();
    let owner = call.clone();
    let finish = move |store: &MockStore, spoken: &Spoken| {
        let name = store.account(
            &Call {
                account: String::new(),
                ..owner.clone()
            },
            |account| {
                let name = format!("{:08}.{target}.txt", account.number());
                account
                    .shelf("file")
                    .insert(name.clone(), json!(spoken.texts.join("\n")));
                name
            },
        );
        let host = owner.header("host").unwrap_or("localhost");
        let url = format!("http://{host}/download_file/{name}");
        Reply::json(200, &json!({"translatedFileUrl": url}))
    };
    Ok(FaultOutcome::Words(Task::new(utterances, finish)))
}

/// `GET /download_file/{name}`
fn download_file(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let file = store.account(call, |account| {
        account.shelf("file").get(call.capture(0)).cloned()
    });
    match file.as_ref().and_then(Value::as_str) {
        Some(text) => Ok(Reply::text(200, text).into()),
        None => Err(error(400, "Invalid filename")),
    }
}

/// `GET /languages`
fn languages(_: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let codes: Vec<&str> = LANGUAGES.iter().map(|tongue| tongue.code).collect();
    let list: Vec<Value> = LANGUAGES
        .iter()
        .map(|tongue| json!({"code": tongue.code, "name": tongue.name, "targets": codes}))
        .collect();
    Ok(Reply::json(200, &json!(list)).into())
}

/// `POST /detect`
fn detect(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let Some(text) = call.text("q") else {
        return Err(error(400, "Invalid request: missing q parameter"));
    };
    let (code, confidence) = store.answers().language(&text);
    let list = json!([{"confidence": (confidence * 100.0).round(), "language": code}]);
    Ok(Reply::json(200, &list).into())
}

/// `POST /suggest`
fn suggest(call: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    for name in ["q", "s", "source", "target"] {
        if call.text(name).is_none() {
            return Err(error(
                400,
                &format!("Invalid request: missing {name} parameter"),
            ));
        }
    }
    Ok(Reply::json(200, &json!({"success": true})).into())
}

/// `GET /frontend/settings`
fn settings(_: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let has_keys = !store.options.keys.is_empty();
    let side = |code: &str| json!({"code": code, "name": of_code(code).map(|tongue| tongue.name)});
    Ok(Reply::json(
        200,
        &json!({"charLimit": -1, "frontendTimeout": 500, "apiKeys": has_keys, "keyRequired": has_keys,
            "suggestions": true, "filesTranslation": true, "supportedFilesFormat": [".txt", ".html"],
            "language": {"source": side("nl"), "target": side("en")}}),
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_capitals_are_those_of_the_source() {
        for (source, text, wanted) in [
            ("Ja.", "Yes", "Yes."),
            ("Ja", "Yes.", "Yes"),
            ("Ja!", "Yes.", "Yes!"),
            (
                "volgens MI6 is het waar",
                "According to MI6",
                "according to MI6",
            ),
            ("VOLGENS", "According", "ACCORDING"),
            ("ja", "Yes", "yes"),
            (" Ja &amp; nee ", " Yes &amp; no", "Yes & no"),
            ("12", "12", "12"),
        ] {
            assert_eq!(improved(source, text), wanted, "{source}");
        }
    }
}
