//! DeepL's glossaries: v2 with one pair of languages that never changes, and v3 with several that
//! may.

use super::errors::{bad, detailed, error};
use super::fields::{dictionary, entries, is_uuid, stamp, uuid};
use crate::mock::answers::bare;
use crate::mock::call::Call;
use crate::mock::languages::{LANGUAGES, of_code};
use crate::mock::reply::Reply;
use crate::mock::service::HandlerResult;
use crate::mock::store::MockStore;
use serde_json::{Value, json};

/// The largest glossary, in bytes.
const LARGEST: usize = 10 << 20;

/// The longest phrase and name, in bytes.
const LONGEST: usize = 1_024;

/// A glossary as v3 shows it: the entries are counted.
fn described(glossary: &Value) -> Value {
    let list = glossary["dictionaries"].as_array().into_iter().flatten();
    let dictionaries: Vec<Value> = list.map(counted).collect();
    json!({"glossary_id": glossary["glossary_id"], "name": glossary["name"],
        "dictionaries": dictionaries, "creation_time": glossary["creation_time"]})
}

fn counted(dictionary: &Value) -> Value {
    let count = dictionary["entries"].as_array().map_or(0, Vec::len);
    json!({"source_lang": dictionary["source_lang"], "target_lang": dictionary["target_lang"],
        "entry_count": count})
}

/// A glossary as v2 shows it; none if it has not exactly one dictionary.
fn described_v2(glossary: &Value) -> Option<Value> {
    let [dictionary] = glossary["dictionaries"].as_array()?.as_slice() else {
        return None;
    };
    let counted = counted(dictionary);
    Some(
        json!({"glossary_id": glossary["glossary_id"], "name": glossary["name"], "ready": true,
        "source_lang": counted["source_lang"], "target_lang": counted["target_lang"],
        "creation_time": glossary["creation_time"], "entry_count": counted["entry_count"]}),
    )
}

/// A language of a glossary: bare, and one that there is.
fn language(value: &Value) -> Result<String, Reply> {
    let code = value.as_str().unwrap_or_default();
    match of_code(code) {
        Some(tongue) if bare(code).len() == code.len() => Ok(tongue.code.to_owned()),
        _ => Err(bad("Unsupported glossary source and target language pair")),
    }
}

/// Reads the entries of a dictionary, as pairs.
///
/// Errors: DeepL's refusal, with the place of the wrong entry.
fn read_entries(text: &str, format: &str) -> Result<Vec<Value>, Reply> {
    let wrong = |detail: String| detailed(400, "Invalid glossary entries provided", &detail);
    if text.len() > LARGEST {
        return Err(error(413, "The glossary is too large."));
    }
    let separator = match format {
        "tsv" => b'\t',
        "csv" => b',',
        _ => return Err(error(415, "Unsupported entries format")),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .quoting(separator == b',')
        .from_reader(text.as_bytes());
    let mut pairs: Vec<Value> = Vec::new();
    let mut first_places = std::collections::HashMap::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|what| wrong(what.to_string()))?;
        let place = record.position().map_or(0, csv::Position::byte);
        let (Some(source), Some(target)) = (record.get(0), record.get(1)) else {
            return Err(wrong(format!(
                "Missing separator in the entry with the index {index} (starting at position {place})"
            )));
        };
        for phrase in [source, target] {
            let is_wrong = phrase.is_empty()
                || phrase.len() > LONGEST
                || phrase.trim() != phrase
                || phrase.chars().any(char::is_control);
            if is_wrong {
                return Err(wrong(format!(
                    "Invalid phrase in the entry with the index {index} (starting at position {place})"
                )));
            }
        }
        if let Some((first, at)) = first_places.insert(source.to_owned(), (index, place)) {
            return Err(wrong(format!(
                "Key with the index {index} (starting at position {place}) duplicates key with the index {first} (starting at position {at})"
            )));
        }
        pairs.push(json!([source, target]));
    }
    if pairs.is_empty() {
        return Err(wrong("The glossary has no entries".into()));
    }
    Ok(pairs)
}

/// Reads a dictionary.
fn read_dictionary(value: &Value) -> Result<Value, Reply> {
    let (source, target) = (
        language(&value["source_lang"])?,
        language(&value["target_lang"])?,
    );
    if source == target {
        return Err(bad("Unsupported glossary source and target language pair"));
    }
    let Some(text) = value["entries"].as_str() else {
        return Err(bad("Missing or invalid argument: entries"));
    };
    let format = value["entries_format"].as_str().unwrap_or_default();
    let entries = read_entries(text, format)?;
    Ok(json!({"source_lang": source, "target_lang": target, "entries": entries}))
}

/// Reads the name of a glossary.
fn read_name(value: &Value) -> Result<String, Reply> {
    match value.as_str() {
        Some(name) if !name.is_empty() && name.len() <= LONGEST => Ok(name.to_owned()),
        _ => Err(bad("Missing or invalid argument: name")),
    }
}

/// Keeps a new glossary.
fn keep(call: &Call, store: &MockStore, name: &str, dictionaries: Vec<Value>) -> Value {
    store.account(call, |account| {
        let number = account.number();
        let id = uuid(number);
        let glossary = json!({"glossary_id": id, "name": name, "dictionaries": dictionaries,
            "creation_time": stamp(number)});
        account.shelf("glossary").insert(id, glossary.clone());
        glossary
    })
}

/// Changes the glossary that the path names.
///
/// Errors: DeepL's refusal, also that of the change.
fn with_glossary<T>(
    call: &Call,
    store: &MockStore,
    change: impl FnOnce(&mut Value) -> Result<T, Reply>,
) -> Result<T, Reply> {
    let id = call.capture(0);
    if !is_uuid(id) {
        return Err(bad("Invalid or missing glossary id"));
    }
    store.account(call, |account| {
        match account.shelf("glossary").get_mut(id) {
            Some(glossary) => change(glossary),
            None => Err(error(404, "Glossary not found")),
        }
    })
}

/// `POST /v3/glossaries`
pub fn create(call: &Call, store: &MockStore) -> HandlerResult {
    let name = read_name(&call.body["name"])?;
    let list = call.body["dictionaries"].as_array();
    let mut dictionaries: Vec<Value> = Vec::new();
    for value in list.into_iter().flatten() {
        let own = read_dictionary(value)?;
        let pair = |other: &Value| {
            other["source_lang"] == own["source_lang"] && other["target_lang"] == own["target_lang"]
        };
        if dictionaries.iter().any(pair) {
            return Err(bad("Duplicate dictionary for a language pair"));
        }
        dictionaries.push(own);
    }
    if dictionaries.is_empty() {
        return Err(bad("Missing or invalid argument: dictionaries"));
    }
    let glossary = keep(call, store, &name, dictionaries);
    Ok(Reply::json(201, &described(&glossary)).into())
}

/// `GET /v3/glossaries`
pub fn list(call: &Call, store: &MockStore) -> HandlerResult {
    let list: Vec<Value> = store.account(call, |account| {
        account.shelf("glossary").values().map(described).collect()
    });
    Ok(Reply::json(200, &json!({"glossaries": list})).into())
}

/// `GET /v3/glossaries/{id}`
pub fn get(call: &Call, store: &MockStore) -> HandlerResult {
    let shown = with_glossary(call, store, |glossary| Ok(described(glossary)))?;
    Ok(Reply::json(200, &shown).into())
}

/// `DELETE /v3/glossaries/{id}`, and v2.
pub fn delete(call: &Call, store: &MockStore) -> HandlerResult {
    with_glossary(call, store, |_| Ok(()))?;
    store.account(call, |account| {
        account.shelf("glossary").remove(call.capture(0));
    });
    Ok(Reply::empty(204).into())
}

/// The list of dictionaries of a glossary.
fn dictionaries(glossary: &mut Value) -> &mut Vec<Value> {
    if !glossary["dictionaries"].is_array() {
        glossary["dictionaries"] = json!([]);
    }
    glossary["dictionaries"]
        .as_array_mut()
        .expect("made a list above")
}

/// Puts a dictionary into a glossary, in place of the one of its pair.
fn put(glossary: &mut Value, own: Value) {
    let list = dictionaries(glossary);
    let place = list.iter().position(|other| {
        other["source_lang"] == own["source_lang"] && other["target_lang"] == own["target_lang"]
    });
    match place {
        Some(place) => list[place] = own,
        None => list.push(own),
    }
}

/// `PATCH /v3/glossaries/{id}`: another name, and the entries of at most one dictionary added.
pub fn patch(call: &Call, store: &MockStore) -> HandlerResult {
    let name = match &call.body["name"] {
        Value::Null => None,
        name => Some(read_name(name)?),
    };
    let list = call.body["dictionaries"].as_array();
    let mut new = match list.map(Vec::as_slice).unwrap_or_default() {
        [] => None,
        [one] => Some(read_dictionary(one)?),
        _ => return Err(bad("Only one dictionary can be changed at a time")),
    };
    if name.is_none() && new.is_none() {
        return Err(bad("Missing or invalid argument: name or dictionaries"));
    }
    let shown = with_glossary(call, store, |glossary| {
        if let Some(name) = &name {
            glossary["name"] = json!(name);
        }
        if let Some(new) = new.take() {
            let code = |name: &str| new[name].as_str().unwrap_or_default();
            let mut merged = dictionary(glossary, code("source_lang"), code("target_lang"))
                .map(entries)
                .unwrap_or_default();
            for (source, target) in entries(&new) {
                match merged.iter_mut().find(|(known, _)| *known == source) {
                    Some(known) => known.1 = target,
                    None => merged.push((source, target)),
                }
            }
            let mut own = new.clone();
            own["entries"] = json!(merged);
            put(glossary, own);
        }
        Ok(described(glossary))
    })?;
    Ok(Reply::json(200, &shown).into())
}

/// The pair of languages in the query.
fn pair(call: &Call) -> Result<(String, String), Reply> {
    let code = |name: &str| language(&json!(call.asked(name).unwrap_or_default()));
    Ok((code("source_lang")?, code("target_lang")?))
}

/// The entries of a dictionary as tab-separated lines.
fn tsv(dictionary: &Value) -> String {
    let lines: Vec<String> = entries(dictionary)
        .iter()
        .map(|(source, target)| format!("{source}\t{target}"))
        .collect();
    lines.join("\n")
}

/// `GET /v3/glossaries/{id}/entries`
pub fn get_entries(call: &Call, store: &MockStore) -> HandlerResult {
    let (source, target) = pair(call)?;
    let shown = with_glossary(call, store, |glossary| {
        match dictionary(glossary, &source, &target) {
            Some(own) => Ok(
                json!({"dictionaries": [{"source_lang": source, "target_lang": target,
                "entries": tsv(own), "entries_format": "tsv"}]}),
            ),
            None => Err(error(404, "Dictionary not found")),
        }
    })?;
    Ok(Reply::json(200, &shown).into())
}

/// `PUT /v3/glossaries/{id}/dictionaries`
pub fn put_dictionary(call: &Call, store: &MockStore) -> HandlerResult {
    let own = read_dictionary(&call.body)?;
    let shown = counted(&own);
    with_glossary(call, store, |glossary| {
        put(glossary, own);
        Ok(())
    })?;
    Ok(Reply::json(200, &shown).into())
}

/// `DELETE /v3/glossaries/{id}/dictionaries`
pub fn delete_dictionary(call: &Call, store: &MockStore) -> HandlerResult {
    let (source, target) = pair(call)?;
    with_glossary(call, store, |glossary| {
        let list = dictionaries(glossary);
        let before = list.len();
        list.retain(|own| own["source_lang"] != source || own["target_lang"] != target);
        if list.len() == before {
            return Err(error(404, "Dictionary not found"));
        }
        Ok(())
    })?;
    Ok(Reply::empty(204).into())
}

/// `POST /v2/glossaries`
pub fn create_v2(call: &Call, store: &MockStore) -> HandlerResult {
    let field = |name: &str| json!(call.text(name));
    let name = read_name(&field("name"))?;
    let own = read_dictionary(&json!({"source_lang": field("source_lang"),
        "target_lang": field("target_lang"), "entries": field("entries"),
        "entries_format": field("entries_format")}))?;
    let glossary = keep(call, store, &name, vec![own]);
    Ok(Reply::json(201, &json!(described_v2(&glossary))).into())
}

/// `GET /v2/glossaries`: those with one pair of languages.
pub fn list_v2(call: &Call, store: &MockStore) -> HandlerResult {
    let list: Vec<Value> = store.account(call, |account| {
        let glossaries = account.shelf("glossary").values();
        glossaries.filter_map(described_v2).collect()
    });
    Ok(Reply::json(200, &json!({"glossaries": list})).into())
}

/// `GET /v2/glossaries/{id}`
pub fn get_v2(call: &Call, store: &MockStore) -> HandlerResult {
    let shown = with_glossary(call, store, |glossary| {
        described_v2(glossary).ok_or_else(|| error(404, "Glossary not found"))
    })?;
    Ok(Reply::json(200, &shown).into())
}

/// `GET /v2/glossaries/{id}/entries`
pub fn get_entries_v2(call: &Call, store: &MockStore) -> HandlerResult {
    let accepted = call.header("accept").unwrap_or("*/*");
    if !["text/tab-separated-values", "*/*"]
        .iter()
        .any(|kind| accepted.contains(kind))
    {
        return Err(error(415, "Unsupported entries format"));
    }
    let text = with_glossary(call, store, |glossary| match described_v2(glossary) {
        Some(_) => Ok(tsv(&glossary["dictionaries"][0])),
        None => Err(error(404, "Glossary not found")),
    })?;
    Ok(Reply::typed(
        200,
        "text/tab-separated-values; charset=utf-8",
        text.into_bytes(),
    )
    .into())
}

/// `GET /v2/glossary-language-pairs`
pub fn pairs(_: &Call, _: &MockStore) -> HandlerResult {
    let codes = || LANGUAGES.iter().map(|tongue| tongue.code);
    let list: Vec<Value> = codes()
        .flat_map(|source| codes().map(move |target| (source, target)))
        .filter(|(source, target)| source != target)
        .map(|(source, target)| json!({"source_lang": source, "target_lang": target}))
        .collect();
    Ok(Reply::json(200, &json!({"supported_languages": list})).into())
}
