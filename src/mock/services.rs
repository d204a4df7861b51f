//! The dialects of the translation services: what a request must look like, and how its answer and its errors look.

use super::{Asked, Fault, Reply, Terms};
use serde_json::{Value, json};

/// A dialect of the mock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// DeepL v2 and its glossaries v3.
    DeepL,
    /// Google v2.
    Google,
    /// Google v3.
    GoogleV3,
    /// Azure 3.0.
    Azure,
    /// Azure 2026-06-06.
    Azure2026,
    /// LibreTranslate.
    LibreTranslate,
    /// Chat completions.
    OpenAi,
    /// Ollama's own interface.
    Ollama,
}

/// The dialect of a path; a prefix such as `/azure` tells colliding paths apart.
pub fn dialect(path: &str, query: &str) -> Option<(Dialect, String)> {
    for (prefix, dialect) in [
        ("/deepl", Dialect::DeepL),
        ("/google", Dialect::Google),
        ("/azure", Dialect::Azure),
        ("/libretranslate", Dialect::LibreTranslate),
        ("/openai", Dialect::OpenAi),
        ("/ollama", Dialect::Ollama),
    ] {
        if let Some(rest) = path.strip_prefix(prefix)
            && rest.starts_with('/')
        {
            let (found, _) = self::dialect(rest, query).unwrap_or((dialect, String::new()));
            let found = if dialect == Dialect::Azure && query.contains("2026-06-06") {
                Dialect::Azure2026
            } else if dialect == Dialect::Azure {
                Dialect::Azure
            } else {
                found
            };
            return Some((found, rest.to_owned()));
        }
    }
    let found = if path.starts_with("/v2/")
        || path.starts_with("/v3/glossaries")
        || path.starts_with("/v3/languages")
    {
        Dialect::DeepL
    } else if path.starts_with("/language/translate/v2") {
        Dialect::Google
    } else if path.starts_with("/v3/projects/") {
        Dialect::GoogleV3
    } else if query.contains("api-version=2026-06-06") {
        Dialect::Azure2026
    } else if query.contains("api-version=3.0") {
        Dialect::Azure
    } else if path.starts_with("/v1/") {
        Dialect::OpenAi
    } else if path.starts_with("/api/") {
        Dialect::Ollama
    } else if [
        "/translate",
        "/languages",
        "/detect",
        "/health",
        "/frontend/settings",
    ]
    .contains(&path)
    {
        Dialect::LibreTranslate
    } else {
        return None;
    };
    Some((found, path.to_owned()))
}

/// An error in the dialect's own form.
pub fn error(dialect: Dialect, status: u16, message: &str, code: &str) -> Reply {
    let body = match dialect {
        Dialect::DeepL => json!({"message": message}),
        Dialect::Google | Dialect::GoogleV3 => {
            json!({"error": {"code": status, "message": message, "status": code,
            "errors": [{"message": message, "domain": "usageLimits", "reason": code}], "details": [{"reason": code}]}})
        }
        Dialect::Azure => {
            json!({"error": {"code": code.parse::<u64>().unwrap_or(u64::from(status) * 1000), "message": message}})
        }
        Dialect::Azure2026 => json!({"error": {"code": code, "message": message}}),
        Dialect::LibreTranslate | Dialect::Ollama => json!({"error": message}),
        Dialect::OpenAi => {
            json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": code}})
        }
    };
    Reply::json(status, &body)
}

/// The error that says that a quota is used up.
pub fn quota(dialect: Dialect) -> Reply {
    match dialect {
        Dialect::DeepL => error(
            dialect,
            456,
            "Quota for this billing period has been exceeded.",
            "",
        ),
        Dialect::Google | Dialect::GoogleV3 => {
            error(dialect, 403, "Daily Limit Exceeded", "dailyLimitExceeded")
        }
        Dialect::Azure | Dialect::Azure2026 => error(
            dialect,
            403,
            "The operation is not allowed because the subscription has exceeded its free quota.",
            "403001",
        ),
        Dialect::OpenAi => error(
            dialect,
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
        ),
        Dialect::LibreTranslate | Dialect::Ollama => {
            error(dialect, 403, "Too many request limits violations", "")
        }
    }
}

/// Whether the request carries a key as the dialect wants it; the error if not.
pub fn key(dialect: Dialect, header: &dyn Fn(&str) -> Option<String>) -> Result<(), Reply> {
    let bearer =
        || header("authorization").is_some_and(|v| v.starts_with("Bearer ") && v.len() > 7);
    match dialect {
        Dialect::DeepL
            if !header("authorization")
                .is_some_and(|v| v.starts_with("DeepL-Auth-Key ") && v.len() > 15) =>
        {
            Err(Reply::empty(403))
        }
        Dialect::Google if header("x-goog-api-key").is_none_or(|v| v.is_empty()) => Err(error(
            dialect,
            400,
            "API key not valid. Please pass a valid API key.",
            "API_KEY_INVALID",
        )),
        Dialect::GoogleV3 if !bearer() => Err(error(
            dialect,
            401,
            "Request had invalid authentication credentials.",
            "UNAUTHENTICATED",
        )),
        Dialect::Azure | Dialect::Azure2026
            if header("ocp-apim-subscription-key").is_none_or(|v| v.is_empty()) =>
        {
            Err(Reply::empty(401))
        }
        Dialect::OpenAi if !bearer() => Err(error(
            dialect,
            401,
            "Incorrect API key provided",
            "invalid_api_key",
        )),
        _ => Ok(()),
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|v| v.as_str().map(str::to_owned))
        .collect()
}

/// Reads a request of a service. Errors are those of the service.
pub fn ask(dialect: Dialect, query: &str, body: &Value, terms: &Terms) -> Result<Asked, Reply> {
    let bad = |message: &str, code: &str| Err(error(dialect, 400, message, code));
    match dialect {
        Dialect::DeepL => {
            let Some(texts) = strings(&body["text"]) else {
                return bad("request/body/text must be array", "");
            };
            let target = body["target_lang"]
                .as_str()
                .unwrap_or_default()
                .to_ascii_uppercase();
            if !target.starts_with("EN") {
                return bad("Value for 'target_lang' not supported.", "");
            }
            if texts.len() > 50 {
                return Err(Reply::html(
                    413,
                    "<html><body><h1>413 Request Entity Too Large</h1></body></html>",
                ));
            }
            if body["tag_handling"] == "xml" && texts.iter().any(|t| !is_xml(t)) {
                return bad("Tag handling parsing failed, please check input.", "");
            }
            let mut pairs = Vec::new();
            if let Some(id) = body["glossary_id"].as_str() {
                if body["source_lang"].as_str().is_none() {
                    return bad(
                        "Use of a glossary requires the source_lang parameter to be specified",
                        "",
                    );
                }
                match terms.glossary(id) {
                    Some(own) => pairs = own,
                    None => return Err(Reply::empty(404)),
                }
            }
            Ok(Asked::new(texts, pairs))
        }
        Dialect::Google => {
            let texts = match &body["q"] {
                Value::String(one) => vec![one.clone()],
                list => match strings(list) {
                    Some(texts) => texts,
                    None => return bad("Required Text", "required"),
                },
            };
            if texts.len() > 128 {
                return bad("Too many text segments", "INVALID_ARGUMENT");
            }
            let mut asked = Asked::new(texts, Vec::new());
            // The default is HTML: what comes back is then escaped.
            asked.escapes = body["format"].as_str().unwrap_or("html") == "html";
            Ok(asked)
        }
        Dialect::GoogleV3 => {
            let Some(texts) = strings(&body["contents"]) else {
                return bad("Contents must not be empty.", "INVALID_ARGUMENT");
            };
            if texts.len() > 1024 || texts.iter().map(|t| t.chars().count()).sum::<usize>() > 30_720
            {
                return bad("Text is too long.", "INVALID_ARGUMENT");
            }
            let mut asked = Asked::new(texts, Vec::new());
            asked.escapes = body["mimeType"].as_str().unwrap_or("text/html") == "text/html";
            asked.glossary = body["glossaryConfig"].is_object();
            Ok(asked)
        }
        Dialect::Azure => {
            let list = body.as_array().cloned().unwrap_or_default();
            let texts: Option<Vec<String>> = list
                .iter()
                .map(|e| {
                    e["Text"]
                        .as_str()
                        .or_else(|| e["text"].as_str())
                        .map(str::to_owned)
                })
                .collect();
            let Some(texts) = texts.filter(|t| !t.is_empty()) else {
                return bad("The body of the request is not valid JSON.", "400074");
            };
            if !query.contains("to=") {
                return bad(
                    "One of the specified target languages is not valid.",
                    "400036",
                );
            }
            if texts.len() > 1000 {
                return bad(
                    "The maximum number of array elements has been exceeded.",
                    "400072",
                );
            }
            if texts.iter().map(|t| t.chars().count()).sum::<usize>() > 50_000 {
                return bad("The maximum request size has been exceeded.", "400077");
            }
            let pairs = texts.iter().flat_map(|t| dictionary(t)).collect();
            let plain = texts.iter().map(|t| without_dictionary(t)).collect();
            Ok(Asked::new(plain, pairs))
        }
        Dialect::Azure2026 => {
            let list = body["inputs"].as_array().cloned().unwrap_or_default();
            let texts: Option<Vec<String>> = list
                .iter()
                .map(|e| e["text"].as_str().map(str::to_owned))
                .collect();
            match texts.filter(|t| !t.is_empty()) {
                Some(texts) => Ok(Asked::new(texts, Vec::new())),
                None => bad("The inputs are missing.", "400005"),
            }
        }
        Dialect::LibreTranslate => {
            for field in ["q", "source", "target"] {
                if body[field].is_null() {
                    return bad(&format!("Invalid request: missing {field} parameter"), "");
                }
            }
            for side in ["source", "target"] {
                let code = body[side].as_str().unwrap_or_default();
                if !["nl", "en", "auto"].contains(&code) {
                    return bad(&format!("{code} is not supported"), "");
                }
            }
            let single = body["q"].is_string();
            let texts = if single {
                vec![body["q"].as_str().unwrap_or_default().to_owned()]
            } else {
                strings(&body["q"]).unwrap_or_default()
            };
            let mut asked = Asked::new(texts, Vec::new());
            asked.single = single;
            Ok(asked)
        }
        Dialect::OpenAi | Dialect::Ollama => super::models::ask(dialect, body),
    }
}

/// Whether a text is well-formed XML inside: `&` starts an entity, every tag closes.
fn is_xml(text: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let tail = &rest[at..];
        if tail.starts_with('&') {
            let Some(end) = tail.find(';').filter(|end| *end <= 8) else {
                return false;
            };
            rest = &tail[end + 1..];
            continue;
        }
        let Some(end) = tail.find('>') else {
            return false;
        };
        let tag = &tail[1..end];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name.to_owned()) {
                return false;
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or_default().to_owned());
        }
        rest = &tail[end + 1..];
    }
    open.is_empty()
}

/// The entries of Azure's dynamic dictionary in a text.
fn dictionary(text: &str) -> Vec<(String, String)> {
    text.split("<mstrans:dictionary translation=\"")
        .skip(1)
        .filter_map(|part| {
            let (target, rest) = part.split_once("\">")?;
            let (source, _) = rest.split_once("</mstrans:dictionary>")?;
            Some((
                source.to_owned(),
                target.replace("&quot;", "\"").replace("&amp;", "&"),
            ))
        })
        .collect()
}

fn without_dictionary(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("<mstrans:dictionary") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find("\">") else { break };
        rest = &rest[end + 2..];
        if let Some((inner, after)) = rest.split_once("</mstrans:dictionary>") {
            out.push_str(inner);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Azure's word alignment, as inclusive spans of characters; none where the words do not go one by one.
fn aligned(source: &str, target: &str) -> Option<String> {
    let spans = |text: &str| -> Vec<(usize, usize)> {
        let mut spans = Vec::new();
        let mut at = 0;
        for word in text.split(' ') {
            let length = word.chars().count();
            if length > 0 {
                spans.push((at, at + length - 1));
            }
            at += length + 1;
        }
        spans
    };
    let (source, target) = (spans(source), spans(target));
    (source.len() == target.len()).then(|| {
        let pairs = source.iter().zip(&target);
        let list: Vec<String> = pairs
            .map(|((a, b), (c, d))| format!("{a}:{b}-{c}:{d}"))
            .collect();
        list.join(" ")
    })
}

/// Takes the first text out of an answer, its place left empty.
fn without_text(value: &mut Value) -> bool {
    match value {
        Value::Object(object) => {
            let own = ["text", "translatedText"]
                .into_iter()
                .find(|name| object.get(*name).is_some_and(Value::is_string));
            match own {
                Some(name) => object.remove(name).is_some(),
                None => object.values_mut().any(without_text),
            }
        }
        Value::Array(list) if list.first().is_some_and(Value::is_string) => {
            list[0] = Value::Null;
            true
        }
        Value::Array(list) => list.iter_mut().any(without_text),
        _ => false,
    }
}

/// The answer of a service.
pub fn reply(dialect: Dialect, asked: &Asked, texts: &[String], faults: &[Fault]) -> Reply {
    let escape = |text: &String| {
        if asked.escapes && !text.contains('<') {
            text.replace('&', "&amp;")
                .replace('\'', "&#39;")
                .replace('"', "&quot;")
                .replace('>', "&gt;")
        } else {
            text.clone()
        }
    };
    let count = |index: usize| asked.texts.get(index).map_or(0, |t| t.chars().count());
    let mut body = match dialect {
        Dialect::DeepL => {
            let list: Vec<Value> = texts
                .iter()
                .enumerate()
                .map(|(i, t)| json!({"detected_source_language": "NL", "text": t, "billed_characters": count(i)}))
                .collect();
            json!({"translations": list})
        }
        Dialect::Google => {
            let list: Vec<Value> = texts
                .iter()
                .map(|t| json!({"translatedText": escape(t), "model": "nmt"}))
                .collect();
            json!({"data": {"translations": list}})
        }
        Dialect::GoogleV3 => {
            let list: Vec<Value> = texts
                .iter()
                .map(|t| json!({"translatedText": escape(t), "model": "general/nmt"}))
                .collect();
            if asked.glossary {
                json!({"translations": list.clone(), "glossaryTranslations": list})
            } else {
                json!({"translations": list})
            }
        }
        Dialect::Azure => Value::Array(
            texts
                .iter()
                .enumerate()
                .map(|(i, t)| {
                    let mut translation = json!({"text": t, "to": "en"});
                    if let Some(proj) = asked.texts.get(i).and_then(|source| aligned(source, t)) {
                        translation["alignment"] = json!({"proj": proj});
                    }
                    json!({"translations": [translation]})
                })
                .collect(),
        ),
        Dialect::Azure2026 => {
            let list: Vec<Value> = texts
                .iter()
                .enumerate()
                .map(|(i, t)| json!({"translations": [{"language": "en", "text": t, "sourceCharacters": count(i)}]}))
                .collect();
            json!({"value": list})
        }
        Dialect::LibreTranslate if asked.single => json!({"translatedText": texts.first()}),
        Dialect::LibreTranslate => json!({"translatedText": texts}),
        Dialect::OpenAi | Dialect::Ollama => {
            return super::models::reply(dialect, asked, texts, faults);
        }
    };
    if faults.iter().any(|fault| fault.name == "no-text") {
        without_text(&mut body);
    }
    let mut reply = Reply::json(200, &body);
    if dialect == Dialect::Azure {
        let total: usize = (0..asked.texts.len()).map(count).sum();
        reply
            .headers
            .push(("x-metered-usage".into(), total.to_string()));
    }
    reply
}
