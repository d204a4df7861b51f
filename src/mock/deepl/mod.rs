//! DeepL: texts, documents, glossaries v2 and v3, languages, usage, write, style rules.

mod documents;
mod errors;
mod fields;
mod glossaries;
mod strict;
mod style;

pub use strict::check as strict;

use super::answers::bare;
use super::call::Call;
use super::dialect::ServiceDialect;
use super::languages::{LANGUAGES, of_code};
use super::reply::Reply;
use super::service::{
    FaultOutcome, Refusal, Route, Service, Spoken, Task, Utterance, route, words,
};
use super::store::MockStore;
use errors::{bad, refuse};
use serde_json::{Value, json};

/// DeepL's routes, key and refusals.
pub static SERVICE: Service = Service {
    dialect: ServiceDialect::DeepL,
    routes: ROUTES,
    key,
    key_is_optional: false,
    refuse,
};

static ROUTES: &[Route] = &[
    words("POST", "/v2/translate", translate),
    words("GET", "/v2/translate", translate),
    words("POST", "/v2/document", documents::upload),
    route("POST", "/v2/document/{}", documents::status),
    route("GET", "/v2/document/{}", documents::status),
    route("POST", "/v2/document/{}/result", documents::download),
    route("GET", "/v2/document/{}/result", documents::download),
    words("POST", "/v2/write/rephrase", rephrase),
    words("POST", "/v2/write/correct", rephrase),
    route("GET", "/v2/usage", usage),
    route("POST", "/v2/usage", usage),
    route("GET", "/v2/languages", languages),
    route("POST", "/v2/languages", languages),
    route("GET", "/v2/glossary-language-pairs", glossaries::pairs),
    route("POST", "/v2/glossaries", glossaries::create_v2),
    route("GET", "/v2/glossaries", glossaries::list_v2),
    route("GET", "/v2/glossaries/{}", glossaries::get_v2),
    route("DELETE", "/v2/glossaries/{}", glossaries::delete),
    route(
        "GET",
        "/v2/glossaries/{}/entries",
        glossaries::get_entries_v2,
    ),
    route("POST", "/v3/glossaries", glossaries::create),
    route("GET", "/v3/glossaries", glossaries::list),
    route("GET", "/v3/glossaries/{}", glossaries::get),
    route("PATCH", "/v3/glossaries/{}", glossaries::patch),
    route("DELETE", "/v3/glossaries/{}", glossaries::delete),
    route("GET", "/v3/glossaries/{}/entries", glossaries::get_entries),
    route(
        "PUT",
        "/v3/glossaries/{}/dictionaries",
        glossaries::put_dictionary,
    ),
    route(
        "DELETE",
        "/v3/glossaries/{}/dictionaries",
        glossaries::delete_dictionary,
    ),
    route("GET", "/v3/languages", languages_v3),
    route("GET", "/v3/languages/resources", resources),
    route("GET", "/v3/translation_memories", style::memories),
    route("GET", "/v3/style_rules", style::list),
    route("POST", "/v3/style_rules", style::create),
    route("GET", "/v3/style_rules/{}", style::get),
    route("PATCH", "/v3/style_rules/{}", style::patch),
    route("DELETE", "/v3/style_rules/{}", style::delete),
    route(
        "PUT",
        "/v3/style_rules/{}/configured_rules",
        style::configure,
    ),
    route(
        "POST",
        "/v3/style_rules/{}/custom_instructions",
        style::create_instruction,
    ),
    route(
        "GET",
        "/v3/style_rules/{}/custom_instructions/{}",
        style::get_instruction,
    ),
    route(
        "PUT",
        "/v3/style_rules/{}/custom_instructions/{}",
        style::put_instruction,
    ),
    route(
        "DELETE",
        "/v3/style_rules/{}/custom_instructions/{}",
        style::delete_instruction,
    ),
];

/// The key: in the header, or in `auth_key` as old clients send it.
fn key(call: &Call) -> Option<String> {
    match call.header("authorization") {
        Some(_) => call.authorization("DeepL-Auth-Key").map(str::to_owned),
        None => call.text("auth_key"),
    }
}

/// Texts per request that are taken.
const MOST_TEXTS: usize = 50;

/// `POST /v2/translate`
fn translate(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let Some(texts) = call.texts("text").filter(|texts| !texts.is_empty()) else {
        let own = &call.body["text"];
        return Err(bad(if own.is_null() || own.is_array() {
            "Bad request. Reason: Parameter 'text' not specified."
        } else {
            "request/body/text must be array"
        }));
    };
    let wording = fields::wording(call, store)?;
    if texts.len() > MOST_TEXTS {
        return Err(refuse(Refusal::TooLarge));
    }
    check_choices(call, &texts)?;
    style::check(call, store)?;
    let is_told_model = call.text("model_type");
    let is_told_bill = call.flag("show_billed_characters");
    let version = call.text("tag_handling").map(|_| {
        call.text("tag_handling_version")
            .unwrap_or_else(|| "v1".to_owned())
    });
    let mut task = Task::new(
        utterances(texts, wording.source.as_deref(), &wording.target),
        move |_, spoken| {
            let list: Vec<Value> = spoken
                .texts
                .iter()
                .enumerate()
                .map(|(index, text)| {
                    let source = spoken.source(index).to_ascii_uppercase();
                    let mut one = json!({"detected_source_language": source, "text": text});
                    if is_told_bill {
                        one["billed_characters"] = json!(spoken.characters(index));
                    }
                    if let Some(model) = &is_told_model {
                        one["model_type_used"] =
                            json!(model.strip_prefix("prefer_").unwrap_or(model));
                    }
                    if let Some(version) = &version {
                        one["tag_handling_version"] = json!(version);
                    }
                    one
                })
                .collect();
            Reply::json(200, &json!({"translations": list})).with("x-trace-id", "mock")
        },
    );
    task.terms = wording.terms;
    Ok(FaultOutcome::Words(task))
}

fn utterances(texts: Vec<String>, source: Option<&str>, target: &str) -> Vec<Utterance> {
    let of = |text| Utterance {
        text,
        source: source.map(str::to_owned),
        target: target.to_owned(),
    };
    texts.into_iter().map(of).collect()
}

/// Checks the fields of a request for texts that have few values.
fn check_choices(call: &Call, texts: &[String]) -> Result<(), Reply> {
    for (name, values) in [
        ("split_sentences", &["0", "1", "nonewlines"][..]),
        ("tag_handling", &["xml", "html"]),
        ("tag_handling_version", &["v1", "v2"]),
        (
            "model_type",
            &[
                "quality_optimized",
                "prefer_quality_optimized",
                "latency_optimized",
            ],
        ),
    ] {
        fields::one_of(call, name, values)?;
    }
    if call.text("tag_handling").as_deref() == Some("xml") && !texts.iter().all(|t| is_xml(t)) {
        return Err(bad("Tag handling parsing failed, please check input."));
    }
    let instructions = call.texts("custom_instructions").unwrap_or_default();
    if instructions.len() > 10 || instructions.iter().any(|one| one.chars().count() > 300) {
        return Err(bad(
            "At most 10 custom instructions of at most 300 characters are supported.",
        ));
    }
    if let Some(threshold) = call.text("translation_memory_threshold")
        && threshold.parse::<u8>().map_or(true, |number| number > 100)
    {
        return Err(bad(
            "Value for 'translation_memory_threshold' not supported.",
        ));
    }
    Ok(())
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
            if open.pop() != Some(name.trim().to_owned()) {
                return false;
            }
        } else if !tag.ends_with('/') && !tag.starts_with(['!', '?']) {
            open.push(tag.split_whitespace().next().unwrap_or_default().to_owned());
        }
        rest = &tail[end + 1..];
    }
    open.is_empty()
}

/// `GET /v2/usage`
fn usage(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let shown = store.account(call, |account| {
        let mut shown = json!({});
        if account.character_limit > 0 {
            shown["character_count"] = json!(account.characters);
            shown["character_limit"] = json!(account.character_limit);
        }
        for (kind, limit) in [
            ("document", account.document_limit),
            ("team_document", account.team_document_limit),
        ] {
            if limit > 0 {
                shown[format!("{kind}_count")] = json!(account.documents);
                shown[format!("{kind}_limit")] = json!(limit);
            }
        }
        shown
    });
    Ok(Reply::json(200, &shown).into())
}

/// Languages that may only be written out with their region.
fn regional(tongue: &super::languages::LanguageRow) -> Vec<(String, String)> {
    let region = |(code, name): &(&str, &str)| {
        let code = format!("{}-{code}", tongue.code).to_ascii_uppercase();
        (code, format!("{} ({name})", tongue.name))
    };
    if tongue.regions.is_empty() {
        vec![(tongue.code.to_ascii_uppercase(), tongue.name.to_owned())]
    } else {
        tongue.regions.iter().map(region).collect()
    }
}

/// `GET /v2/languages`
fn languages(call: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let list: Vec<Value> = match call.text("type").as_deref() {
        None | Some("source") => LANGUAGES
            .iter()
            .map(
                |tongue| json!({"language": tongue.code.to_ascii_uppercase(), "name": tongue.name}),
            )
            .collect(),
        Some("target") => LANGUAGES
            .iter()
            .flat_map(|tongue| {
                regional(tongue).into_iter().map(|(code, name)| {
                    json!({"language": code, "name": name, "supports_formality": tongue.formality})
                })
            })
            .collect(),
        Some(_) => return Err(bad("Value for 'type' not supported.")),
    };
    Ok(Reply::json(200, &json!(list)).into())
}

/// What `GET /v3/languages` can be asked for, with the features of each.
const RESOURCES: &[(&str, &[&str])] = &[
    (
        "translate_text",
        &["formality", "tag_handling", "glossary", "auto_detection"],
    ),
    (
        "translate_document",
        &["formality", "glossary", "auto_detection"],
    ),
    ("glossary", &[]),
    ("write", &[]),
    ("style_rules", &[]),
    ("translation_memory", &[]),
];

/// `GET /v3/languages`
fn languages_v3(call: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let resource = call.asked("resource").unwrap_or("translate_text");
    let Some((_, features)) = RESOURCES.iter().find(|(name, _)| *name == resource) else {
        return Err(bad("Value for 'resource' not supported."));
    };
    let has_regions = resource.starts_with("translate_") || resource == "write";
    let mut list = Vec::new();
    for tongue in LANGUAGES {
        let own: serde_json::Map<String, Value> = features
            .iter()
            .filter(|name| **name != "formality" || tongue.formality)
            .map(|name| ((*name).to_owned(), json!({"status": "stable"})))
            .collect();
        let mut push = |code: &str, name: &str, source: bool, target: bool| {
            list.push(
                json!({"lang": code, "name": name, "status": "stable", "features": own,
                "usable_as_source": source, "usable_as_target": target}),
            );
        };
        let is_split = has_regions && !tongue.regions.is_empty();
        push(tongue.code, tongue.name, true, !is_split);
        if is_split {
            for (code, name) in regional(tongue) {
                let region = code.split('-').next_back().unwrap_or_default();
                push(&format!("{}-{region}", tongue.code), &name, false, true);
            }
        }
    }
    Ok(Reply::json(200, &json!(list)).into())
}

/// `GET /v3/languages/resources`
fn resources(_: &Call, _: &MockStore) -> Result<FaultOutcome, Reply> {
    let list: Vec<Value> = RESOURCES
        .iter()
        .map(|(name, features)| {
            let features: Vec<Value> = features
                .iter()
                .map(
                    |name| json!({"name": name, "needs_target_support": *name != "auto_detection"}),
                )
                .collect();
            json!({"name": name, "features": features})
        })
        .collect();
    Ok(Reply::json(200, &json!(list)).into())
}

/// Languages that texts are rephrased in.
const WRITES: &[&str] = &["de", "en", "es", "fr", "it", "ja", "ko", "pt", "zh"];

/// `POST /v2/write/rephrase` and `correct`: a text that is English stays; one in another language
/// is refused.
fn rephrase(call: &Call, store: &MockStore) -> Result<FaultOutcome, Reply> {
    let Some(texts) = call.texts("text").filter(|texts| !texts.is_empty()) else {
        return Err(bad("Bad request. Reason: Parameter 'text' not specified."));
    };
    let target = call.text("target_lang");
    if let Some(code) = &target
        && of_code(code).is_none_or(|tongue| !WRITES.contains(&tongue.code))
    {
        return Err(bad("Value for 'target_lang' not supported."));
    }
    fields::one_of(
        call,
        "writing_style",
        &[
            "default",
            "simple",
            "business",
            "academic",
            "casual",
            "prefer_simple",
            "prefer_business",
            "prefer_academic",
            "prefer_casual",
        ],
    )?;
    fields::one_of(
        call,
        "tone",
        &[
            "default",
            "enthusiastic",
            "friendly",
            "confident",
            "diplomatic",
            "prefer_enthusiastic",
            "prefer_friendly",
            "prefer_confident",
            "prefer_diplomatic",
        ],
    )?;
    if call.text("writing_style").is_some() && call.text("tone").is_some() {
        return Err(bad(
            "Only one of 'writing_style' and 'tone' can be specified.",
        ));
    }
    let language = match &target {
        Some(code) => bare(code),
        None => store.answers().language(&texts[0]).0,
    };
    let shown = target.unwrap_or_else(|| language.clone());
    let mut task = Task::new(
        utterances(texts, Some(&language), &language),
        move |_: &MockStore, spoken: &Spoken| {
            let list: Vec<Value> = spoken
                .texts
                .iter()
                .map(|text| json!({"detected_source_language": language, "target_language": shown, "text": text}))
                .collect();
            Reply::json(200, &json!({"improvements": list}))
        },
    );
    task.is_edit = true;
    Ok(FaultOutcome::Words(task))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_told_from_what_only_looks_like_it() {
        for text in [
            "a",
            "a &amp; b",
            "<x id=\"1\"/>a",
            "<b>a <i>b</i></b>",
            "<!DOCTYPE html><p>a</p>",
        ] {
            assert!(is_xml(text), "{text}");
        }
        for text in ["a & b", "<b>a", "a</b>", "<b>a<i></b></i>", "a < b"] {
            assert!(!is_xml(text), "{text}");
        }
    }
}
