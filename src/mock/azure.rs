//! Azure Translator: 3.0, and 2026-06-06 with its other shape.

use super::call::Call;
use super::dialect::ServiceDialect;
use super::languages::{LANGUAGES, of_code};
use super::reply::Reply;
use super::service::{
    FaultOutcome, HandlerResult, Refusal, Route, Service, Spoken, Task, Utterance, open, route,
    words,
};
use super::store::MockStore;
use serde_json::{Map, Value, json};

/// 3.0.
pub static V3: Service = Service {
    dialect: ServiceDialect::Azure,
    routes: ROUTES,
    key,
    key_is_optional: false,
    refuse: |why| refusal(why, false),
};

/// 2026-06-06: detection, sentence lengths and the dictionary are gone.
pub static V2026: Service = Service {
    dialect: ServiceDialect::Azure2026,
    routes: &[
        words("POST", "/translate", translate_2026),
        route("POST", "/transliterate", transliterate),
        open("GET", "/languages", languages),
    ],
    key,
    key_is_optional: false,
    refuse: |why| refusal(why, true),
};

static ROUTES: &[Route] = &[
    words("POST", "/translate", translate),
    route("POST", "/detect", detect),
    route("POST", "/breaksentence", break_sentence),
    route("POST", "/dictionary/lookup", lookup),
    route("POST", "/dictionary/examples", examples),
    route("POST", "/transliterate", transliterate),
    open("GET", "/languages", languages),
    route("POST", "/sts/v1.0/issueToken", issue_token),
    route("POST", "/sts/v1.0/issuetoken", issue_token),
];

/// The token that `issueToken` gives.
const TOKEN: &str = "mock-token";

/// The key: in a header or the query, or a token.
fn key(call: &Call) -> Option<String> {
    let places = [
        call.header("ocp-apim-subscription-key"),
        call.asked("Subscription-Key"),
        call.authorization("Bearer"),
    ];
    let found = places.into_iter().flatten().find(|key| !key.is_empty());
    found.map(str::to_owned)
}

/// An error of 3.0, whose code is a number.
fn error(code: u32, message: &str) -> Reply {
    Reply::json(
        (code / 1_000) as u16,
        &json!({"error": {"code": code, "message": message}}),
    )
}

/// The refusal of a version that neither of the two is.
pub fn unknown_version() -> Reply {
    error(
        400_021,
        "The API version parameter is missing or not valid.",
    )
}

fn refusal(why: Refusal, is_2026: bool) -> Reply {
    let (code, message) = match why {
        Refusal::RateLimited => (
            429_000,
            "The server rejected the request because the client has exceeded request limits.",
        ),
        Refusal::Quota => (
            403_001,
            "The operation is not allowed because the subscription has exceeded its free quota.",
        ),
        Refusal::NoKey | Refusal::BadKey => (
            401_000,
            "The request is not authorized because credentials are missing or invalid.",
        ),
        Refusal::Unavailable => (503_000, "Service is temporarily unavailable. Please retry."),
        Refusal::NoPath(_) => (404_000, "Resource not found"),
        Refusal::NoMethod => (
            405_000,
            "The requested method is not supported for the resource.",
        ),
        Refusal::MediaType => (415_000, "The Content-Type header is missing or invalid."),
        Refusal::Malformed(_) => (400_074, "The body of the request is not valid JSON."),
        Refusal::TooLarge => (400_077, "The maximum request size has been exceeded."),
        Refusal::Invalid(what) => (400_000, what),
        Refusal::Upstream(what) => (502_000, what),
    };
    if is_2026 {
        error_2026(code, message)
    } else {
        error(code, message)
    }
}

/// An error of 2026-06-06, whose code is a text.
fn error_2026(code: u32, message: &str) -> Reply {
    Reply::json(
        (code / 1_000) as u16,
        &json!({"error": {"code": code.to_string(), "message": message}}),
    )
}

/// The texts of a body: a list of objects with `Text`.
fn texts(call: &Call, most: usize) -> Result<Vec<String>, Reply> {
    let list = call.body.as_array().cloned().unwrap_or_default();
    let texts: Option<Vec<String>> = list
        .iter()
        .map(|own| {
            let text = own["Text"].as_str().or_else(|| own["text"].as_str());
            text.map(str::to_owned)
        })
        .collect();
    let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
        return Err(error(400_074, "The body of the request is not valid JSON."));
    };
    if texts.len() > most {
        return Err(error(
            400_072,
            "The maximum number of array elements has been exceeded.",
        ));
    }
    Ok(texts)
}

/// A language of the query; none if it is not there.
fn language(call: &Call, name: &str, code: u32) -> Result<Option<&'static str>, Reply> {
    match call.asked(name).filter(|value| !value.is_empty()) {
        None => Ok(None),
        Some(value) => match of_code(value) {
            Some(tongue) => Ok(Some(tongue.code)),
            None => {
                let what = if name == "from" { "source" } else { "target" };
                Err(error(code, &format!("The {what} language is not valid.")))
            }
        },
    }
}

/// The target languages: `to`, several times or with commas.
fn targets(call: &Call) -> Result<Vec<String>, Reply> {
    let all = call.asked_all("to");
    let codes: Vec<&str> = all
        .iter()
        .flat_map(|list| list.split(','))
        .filter(|code| !code.is_empty())
        .collect();
    if codes.is_empty() || codes.iter().any(|code| of_code(code).is_none()) {
        return Err(error(400_036, "The target language is not valid."));
    }
    Ok(codes.into_iter().map(str::to_owned).collect())
}

/// `POST /translate` of 3.0
fn translate(call: &Call, _: &MockStore) -> HandlerResult {
    let texts = texts(call, 1_000)?;
    let targets = targets(call)?;
    let from = language(call, "from", 400_035)?;
    let kind = call
        .asked("textType")
        .unwrap_or("plain")
        .to_ascii_lowercase();
    if !["plain", "html"].contains(&kind.as_str()) {
        return Err(error(400_000, "The text type is not valid."));
    }
    let characters: usize = texts.iter().map(|t| t.chars().count()).sum();
    if characters * targets.len() > 50_000 {
        return Err(error(
            400_077,
            "The maximum request size has been exceeded.",
        ));
    }
    let wants = |name: &str| {
        call.asked(name)
            .is_some_and(|v| v.eq_ignore_ascii_case("true"))
    };
    let (wants_words, wants_sentences) =
        (wants("includeAlignment"), wants("includeSentenceLength"));
    let terms = texts.iter().flat_map(|text| dictionary(text)).collect();
    let plain: Vec<String> = texts.iter().map(|text| without_dictionary(text)).collect();
    let utterances = targets
        .iter()
        .flat_map(|to| {
            plain.iter().map(move |text| Utterance {
                text: text.clone(),
                source: from.map(str::to_owned),
                target: super::answers::bare(to),
            })
        })
        .collect();
    let count = plain.len();
    let finish = move |_: &MockStore, spoken: &Spoken| {
        let mut list: Vec<Value> = Vec::new();
        for (index, text) in spoken.texts.iter().enumerate() {
            let (column, row) = (index / count, index % count);
            // One text too many has no target of its own.
            let to = targets.get(column).or(targets.last());
            let mut own = json!({"text": text, "to": to});
            let source = plain.get(row).map_or("", String::as_str);
            if wants_words
                && kind == "plain"
                && let Some(proj) = aligned(source, text)
            {
                own["alignment"] = json!({"proj": proj});
            }
            if wants_sentences {
                own["sentLen"] = json!({"srcSentLen": sentence_lengths(source),
                    "transSentLen": sentence_lengths(text)});
            }
            if index < list.len() || column == 0 || row >= list.len() {
                let mut item = json!({"translations": [own]});
                if from.is_none() {
                    let (code, score) = spoken.sources.get(row).cloned().unwrap_or_default();
                    item["detectedLanguage"] = json!({"language": code, "score": score});
                }
                list.push(item);
            } else if let Some(own_list) = list[row]["translations"].as_array_mut() {
                own_list.push(own);
            }
        }
        let metered: usize = (0..spoken.asked.len())
            .map(|index| spoken.characters(index))
            .sum();
        Reply::json(200, &Value::Array(list))
            .with("x-requestid", "mock")
            .with("x-mt-system", "Team")
            .with("x-metered-usage", metered.to_string())
    };
    let mut task = Task::new(utterances, finish);
    task.terms = terms;
    Ok(FaultOutcome::Words(task))
}

/// `POST /translate` of 2026-06-06
fn translate_2026(call: &Call, _: &MockStore) -> HandlerResult {
    let inputs = call.body["inputs"].as_array().cloned().unwrap_or_default();
    if inputs.is_empty() {
        return Err(error_2026(400_005, "The inputs are missing."));
    }
    if inputs.len() > 1_000 {
        return Err(error_2026(
            400_072,
            "The maximum number of array elements has been exceeded.",
        ));
    }
    let (mut utterances, mut terms, mut shape) = (Vec::new(), Vec::new(), Vec::new());
    for input in &inputs {
        let Some(text) = input["text"].as_str() else {
            return Err(error_2026(400_005, "The input text is missing."));
        };
        let source = match input["language"].as_str() {
            None => None,
            Some(code) => match of_code(code) {
                Some(tongue) => Some(tongue.code.to_owned()),
                None => return Err(error_2026(400_035, "The source language is not valid.")),
            },
        };
        let targets = input["targets"].as_array().cloned().unwrap_or_default();
        if targets.is_empty() {
            return Err(error_2026(400_036, "The target language is not valid."));
        }
        terms.extend(dictionary(text));
        for target in &targets {
            let code = target["language"].as_str().unwrap_or_default();
            let Some(tongue) = of_code(code) else {
                return Err(error_2026(400_036, "The target language is not valid."));
            };
            utterances.push(Utterance {
                text: without_dictionary(text),
                source: source.clone(),
                target: tongue.code.to_owned(),
            });
        }
        let codes: Vec<Value> = targets
            .iter()
            .map(|target| target["language"].clone())
            .collect();
        shape.push((source.is_none(), codes));
    }
    let finish = move |_: &MockStore, spoken: &Spoken| {
        let mut list: Vec<Value> = Vec::new();
        let mut texts = spoken.texts.iter().enumerate().peekable();
        for (is_guessed, codes) in &shape {
            let mut own = Vec::new();
            let mut item = json!({});
            for code in codes {
                let Some((index, text)) = texts.next() else {
                    break;
                };
                if *is_guessed && own.is_empty() {
                    let (code, score) = spoken.sources.get(index).cloned().unwrap_or_default();
                    item["detectedLanguage"] = json!({"language": code, "score": score});
                }
                own.push(json!({"language": code, "text": text, "sourceCharacters": spoken.characters(index)}));
            }
            if !own.is_empty() {
                item["translations"] = json!(own);
                list.push(item);
            }
        }
        // One text too many.
        list.extend(
            texts.map(|(_, text)| json!({"translations": [{"language": "en", "text": text}]})),
        );
        Reply::json(200, &json!({"value": list})).with("x-requestid", "mock")
    };
    let mut task = Task::new(utterances, finish);
    task.terms = terms;
    Ok(FaultOutcome::Words(task))
}

/// `POST /detect`
fn detect(call: &Call, store: &MockStore) -> HandlerResult {
    let list: Vec<Value> = texts(call, 100)?
        .iter()
        .map(|text| {
            let (code, score) = store.answers().language(text);
            json!({"language": code, "score": score, "isTranslationSupported": true,
                "isTransliterationSupported": false})
        })
        .collect();
    Ok(Reply::json(200, &json!(list)).into())
}

/// The lengths of the sentences of a text, in characters, with the space behind each.
fn sentence_lengths(text: &str) -> Vec<usize> {
    let (mut lengths, mut length) = (Vec::new(), 0);
    let chars: Vec<char> = text.chars().collect();
    for (index, c) in chars.iter().enumerate() {
        length += 1;
        let is_last_space = c.is_whitespace()
            && index > 0
            && ".!?…".contains(chars[index - 1])
            && chars
                .get(index + 1)
                .is_some_and(|next| !next.is_lowercase());
        if is_last_space {
            lengths.push(length);
            length = 0;
        }
    }
    if length > 0 {
        lengths.push(length);
    }
    lengths
}

/// `POST /breaksentence`
fn break_sentence(call: &Call, store: &MockStore) -> HandlerResult {
    let known = match call.asked("language") {
        None => None,
        Some(code) => match of_code(code) {
            Some(tongue) => Some(tongue.code),
            None => return Err(error(400_035, "The source language is not valid.")),
        },
    };
    let list: Vec<Value> = texts(call, 100)?
        .iter()
        .map(|text| {
            let mut own = json!({"sentLen": sentence_lengths(text)});
            if known.is_none() {
                let (code, score) = store.answers().language(text);
                own["detectedLanguage"] = json!({"language": code, "score": score});
            }
            own
        })
        .collect();
    Ok(Reply::json(200, &json!(list)).into())
}

/// The pair of languages of the dictionary: one of them must be English.
fn dictionary_pair(call: &Call) -> Result<(&'static str, &'static str), Reply> {
    let (from, to) = (
        language(call, "from", 400_035)?,
        language(call, "to", 400_036)?,
    );
    match (from, to) {
        (None, _) => Err(error(400_035, "The source language is not valid.")),
        (_, None) => Err(error(400_036, "The target language is not valid.")),
        (Some(from), Some(to)) if (from == "en") != (to == "en") => Ok((from, to)),
        _ => Err(error(400_023, "One of the languages must be English.")),
    }
}

/// `POST /dictionary/lookup`
fn lookup(call: &Call, store: &MockStore) -> HandlerResult {
    let pair = dictionary_pair(call)?;
    let texts = texts(call, 10)?;
    let mut list = Vec::new();
    for text in &texts {
        let own = store.answers().answer(text, pair, &[]);
        let translations: Vec<Value> = own
            .filter(|found| !found.eq_ignore_ascii_case(text))
            .map(|found| {
                json!({"normalizedTarget": found.to_lowercase(), "displayTarget": found, "posTag": "OTHER",
                    "confidence": 1.0, "prefixWord": "", "backTranslations": [{"normalizedText": text.to_lowercase(),
                        "displayText": text, "numExamples": 1, "frequencyCount": 1}]})
            })
            .into_iter()
            .collect();
        list.push(
            json!({"normalizedSource": text.to_lowercase(), "displaySource": text,
            "translations": translations}),
        );
    }
    Ok(Reply::json(200, &json!(list)).into())
}

/// `POST /dictionary/examples`
fn examples(call: &Call, _: &MockStore) -> HandlerResult {
    dictionary_pair(call)?;
    let sources = texts(call, 10)?;
    let mut list = Vec::new();
    for (source, own) in sources
        .iter()
        .zip(call.body.as_array().into_iter().flatten())
    {
        let Some(target) = own["Translation"]
            .as_str()
            .or_else(|| own["translation"].as_str())
        else {
            return Err(error(400_005, "The translation is missing."));
        };
        list.push(json!({"normalizedSource": source.to_lowercase(), "normalizedTarget": target.to_lowercase(),
            "examples": [{"sourcePrefix": "", "sourceTerm": source, "sourceSuffix": ".",
                "targetPrefix": "", "targetTerm": target, "targetSuffix": "."}]}));
    }
    Ok(Reply::json(200, &json!(list)).into())
}

/// `POST /transliterate`: no pair of scripts is modelled, so each is refused as one that the
/// language does not have.
fn transliterate(call: &Call, _: &MockStore) -> HandlerResult {
    let is_2026 = call
        .asked("api-version")
        .is_some_and(|version| version.starts_with("2026"));
    let tell = if is_2026 { error_2026 } else { error };
    if call.asked("language").and_then(of_code).is_none() {
        return Err(tell(400_019, "The language is not valid."));
    }
    Err(tell(400_018, "The scripts are not valid for the language."))
}

/// `GET /languages`, with the parts that `scope` names.
fn languages(call: &Call, _: &MockStore) -> HandlerResult {
    let scope = call
        .asked("scope")
        .unwrap_or("translation,transliteration,dictionary");
    let mut body = Map::new();
    for name in scope
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let mut part = Map::new();
        for tongue in LANGUAGES {
            let dir = if ["ar", "he"].contains(&tongue.code) {
                "rtl"
            } else {
                "ltr"
            };
            let own = json!({"name": tongue.name, "nativeName": tongue.own, "dir": dir});
            match name {
                "translation" => {
                    part.insert(tongue.code.to_owned(), own);
                }
                "dictionary" if tongue.code != "en" => {
                    let mut own = own;
                    own["translations"] = json!([{"name": "English", "nativeName": "English",
                        "dir": "ltr", "code": "en"}]);
                    part.insert(tongue.code.to_owned(), own);
                }
                "dictionary" | "transliteration" | "models" => {}
                _ => return Err(error(400_002, "The scope is not valid.")),
            }
        }
        body.insert(name.to_owned(), Value::Object(part));
    }
    Ok(Reply::json(200, &Value::Object(body))
        .with("etag", "\"mock\"")
        .into())
}

/// `POST /sts/v1.0/issueToken`
fn issue_token(_: &Call, _: &MockStore) -> HandlerResult {
    Ok(Reply::typed(200, "application/jwt; charset=us-ascii", TOKEN.into()).into())
}

/// The entries of the dynamic dictionary in a text.
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

/// A text without the marks of the dynamic dictionary.
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

/// The word alignment, as inclusive spans of characters; none where the words do not go one by one.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_measured_with_the_space_behind_them() {
        assert_eq!(sentence_lengths("Een. Twee! drie"), [5, 10]);
        assert_eq!(sentence_lengths("Een"), [3]);
        assert_eq!(sentence_lengths(""), Vec::<usize>::new());
    }

    #[test]
    fn dictionary_marks_become_terms() {
        let text = "Van <mstrans:dictionary translation=\"M&amp;S\">MS</mstrans:dictionary> weg";
        assert_eq!(dictionary(text), [("MS".to_owned(), "M&S".to_owned())]);
        assert_eq!(without_dictionary(text), "Van MS weg");
    }
}
