//! DeepL's style rules and translation memories.

use super::errors::{bad, detailed, error};
use super::fields::{stamp, uuid};
use crate::mock::answers::bare;
use crate::mock::call::Call;
use crate::mock::reply::Reply;
use crate::mock::service::HandlerResult;
use crate::mock::store::MockStore;
use serde_json::{Value, json};

/// The style rule that every account has, under the id that the vendor's mock gives it.
const FIRST_STYLE: &str = "dca2e053-8ae5-45e6-a0d2-881156e7f4e4";

/// The translation memory that every account has, under the id of the vendor's description.
const MEMORY: &str = "a74d88fb-ed2a-4943-a664-a4512398b994";

/// Languages that style rules and instructions can be written for.
const STYLED: &[&str] = &["de", "en", "es", "fr", "it", "ja", "ko", "zh"];

/// Gives an account its first style rule.
fn stocked<T>(
    call: &Call,
    store: &MockStore,
    change: impl FnOnce(&mut crate::mock::store::Account) -> T,
) -> T {
    store.account(call, |account| {
        if account.shelf("style seen").is_empty() {
            account
                .shelf("style seen")
                .insert(String::new(), json!(true));
            let rule = json!({"style_id": FIRST_STYLE, "name": "Default Style Rule",
                "creation_time": stamp(0), "updated_time": stamp(0), "language": "en",
                "version": 1, "custom_instructions": [],
                "configured_rules": {"punctuation": {"apostrophe": "use_curly_apostrophes"}}});
            account.shelf("style").insert(FIRST_STYLE.to_owned(), rule);
        }
        change(account)
    })
}

/// A rule as lists show it; with everything if `detailed`.
fn described(rule: &Value, detailed: bool) -> Value {
    let mut shown = rule.clone();
    if let Some(object) = shown.as_object_mut().filter(|_| !detailed) {
        object.retain(|name, _| name != "configured_rules" && name != "custom_instructions");
    }
    shown
}

/// One page of a list, by the fields `page` and `page_size` of the query.
fn page(call: &Call, list: Vec<Value>, largest: usize) -> Result<Vec<Value>, Reply> {
    let number = |name: &str, default: usize| match call.asked(name) {
        None => Ok(default),
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| bad(&format!("Value for '{name}' not supported."))),
    };
    let (page, size) = (number("page", 0)?, number("page_size", 10)?);
    if size == 0 || size > largest {
        return Err(bad("Value for 'page_size' not supported."));
    }
    Ok(list
        .into_iter()
        .skip(page.saturating_mul(size))
        .take(size)
        .collect())
}

/// Changes the rule that the path names; its version goes up by one if it was changed.
fn with_rule<T>(
    call: &Call,
    store: &MockStore,
    change: impl FnOnce(&mut Value, u64) -> Result<T, Reply>,
) -> Result<T, Reply> {
    stocked(call, store, |account| {
        let number = account.number();
        match account.shelf("style").get_mut(call.capture(0)) {
            Some(rule) => change(rule, number),
            None => Err(error(404, "Style rule not found")),
        }
    })
}

fn touch(rule: &mut Value, number: u64) {
    rule["version"] = json!(rule["version"].as_u64().unwrap_or(1) + 1);
    rule["updated_time"] = json!(stamp(number));
}

/// `GET /v3/style_rules`
pub fn list(call: &Call, store: &MockStore) -> HandlerResult {
    let detailed = call.flag("detailed");
    let list: Vec<Value> = stocked(call, store, |account| {
        let rules = account.shelf("style").values();
        rules.map(|rule| described(rule, detailed)).collect()
    });
    let shown = page(call, list, 25)?;
    Ok(Reply::json(200, &json!({"style_rules": shown})).into())
}

fn read_name(value: &Value) -> Result<&str, Reply> {
    match value.as_str() {
        Some(name) if !name.is_empty() && name.len() <= 1_024 => Ok(name),
        _ => Err(bad("Missing or invalid argument: name")),
    }
}

/// Reads a custom instruction.
fn read_instruction(value: &Value, id: String) -> Result<Value, Reply> {
    let text = |name: &str| value[name].as_str().filter(|text| !text.is_empty());
    match (text("label"), text("prompt")) {
        (Some(label), Some(prompt)) if prompt.chars().count() <= 300 => {
            let mut own = json!({"id": id, "label": label, "prompt": prompt});
            if let Some(language) = text("source_language") {
                own["source_language"] = json!(language);
            }
            Ok(own)
        }
        (None, _) => Err(bad("Missing or invalid argument: label")),
        _ => Err(bad("Missing or invalid argument: prompt")),
    }
}

/// `POST /v3/style_rules`
pub fn create(call: &Call, store: &MockStore) -> HandlerResult {
    let name = read_name(&call.body["name"])?;
    let language = bare(call.body["language"].as_str().unwrap_or_default());
    if !STYLED.contains(&language.as_str()) {
        return Err(bad("Value for 'language' not supported."));
    }
    let given = call.body["custom_instructions"].as_array();
    let given = given.cloned().unwrap_or_default();
    if given.len() > 200 {
        return Err(bad("At most 200 custom instructions are supported."));
    }
    let configured = match &call.body["configured_rules"] {
        Value::Null => json!({}),
        rules if rules.is_object() => rules.clone(),
        _ => return Err(bad("Missing or invalid argument: configured_rules")),
    };
    let rule = stocked(call, store, |account| -> Result<Value, Reply> {
        let mut instructions = Vec::new();
        for one in &given {
            instructions.push(read_instruction(one, uuid(account.number()))?);
        }
        let number = account.number();
        let id = uuid(number);
        let rule = json!({"style_id": id, "name": name, "creation_time": stamp(number),
            "updated_time": stamp(number), "language": language, "version": 1,
            "configured_rules": configured, "custom_instructions": instructions});
        account.shelf("style").insert(id, rule.clone());
        Ok(rule)
    })?;
    Ok(Reply::json(201, &rule).into())
}

/// `GET /v3/style_rules/{id}`
pub fn get(call: &Call, store: &MockStore) -> HandlerResult {
    let rule = with_rule(call, store, |rule, _| Ok(rule.clone()))?;
    Ok(Reply::json(200, &rule).into())
}

/// `PATCH /v3/style_rules/{id}`
pub fn patch(call: &Call, store: &MockStore) -> HandlerResult {
    let name = read_name(&call.body["name"])?;
    let rule = with_rule(call, store, |rule, number| {
        rule["name"] = json!(name);
        touch(rule, number);
        Ok(rule.clone())
    })?;
    Ok(Reply::json(200, &rule).into())
}

/// `DELETE /v3/style_rules/{id}`
pub fn delete(call: &Call, store: &MockStore) -> HandlerResult {
    with_rule(call, store, |_, _| Ok(()))?;
    stocked(call, store, |account| {
        account.shelf("style").remove(call.capture(0));
    });
    Ok(Reply::empty(204).into())
}

/// `PUT /v3/style_rules/{id}/configured_rules`
pub fn configure(call: &Call, store: &MockStore) -> HandlerResult {
    if !call.body.is_object() {
        return Err(bad("Missing or invalid argument: configured_rules"));
    }
    let rule = with_rule(call, store, |rule, number| {
        rule["configured_rules"] = call.body.clone();
        touch(rule, number);
        Ok(rule.clone())
    })?;
    Ok(Reply::json(200, &rule).into())
}

/// The instructions of a rule.
fn instructions(rule: &mut Value) -> &mut Vec<Value> {
    if !rule["custom_instructions"].is_array() {
        rule["custom_instructions"] = json!([]);
    }
    rule["custom_instructions"]
        .as_array_mut()
        .expect("made a list above")
}

/// `POST /v3/style_rules/{id}/custom_instructions`
pub fn create_instruction(call: &Call, store: &MockStore) -> HandlerResult {
    let own = with_rule(call, store, |rule, number| {
        let own = read_instruction(&call.body, uuid(number))?;
        instructions(rule).push(own.clone());
        touch(rule, number);
        Ok(own)
    })?;
    Ok(Reply::json(201, &own).into())
}

/// Changes the instruction that the path names.
fn with_instruction<T>(
    call: &Call,
    store: &MockStore,
    change: impl FnOnce(&mut Vec<Value>, usize) -> Result<T, Reply>,
) -> Result<T, Reply> {
    with_rule(call, store, |rule, _| {
        let list = instructions(rule);
        match list.iter().position(|own| own["id"] == call.capture(1)) {
            Some(place) => change(list, place),
            None => Err(error(404, "Custom instruction not found")),
        }
    })
}

/// `GET /v3/style_rules/{id}/custom_instructions/{id}`
pub fn get_instruction(call: &Call, store: &MockStore) -> HandlerResult {
    let own = with_instruction(call, store, |list, place| Ok(list[place].clone()))?;
    Ok(Reply::json(200, &own).into())
}

/// `PUT /v3/style_rules/{id}/custom_instructions/{id}`
pub fn put_instruction(call: &Call, store: &MockStore) -> HandlerResult {
    let own = with_instruction(call, store, |list, place| {
        list[place] = read_instruction(&call.body, call.capture(1).to_owned())?;
        Ok(list[place].clone())
    })?;
    Ok(Reply::json(200, &own).into())
}

/// `DELETE /v3/style_rules/{id}/custom_instructions/{id}`
pub fn delete_instruction(call: &Call, store: &MockStore) -> HandlerResult {
    with_instruction(call, store, |list, place| {
        list.remove(place);
        Ok(())
    })?;
    Ok(Reply::empty(204).into())
}

/// `GET /v3/translation_memories`
pub fn memories(call: &Call, _: &MockStore) -> HandlerResult {
    let memory = json!({"translation_memory_id": MEMORY, "name": "Default Translation Memory",
        "source_language": "de", "target_languages": ["en"], "segment_count": 0});
    let shown = page(call, vec![memory], 25)?;
    Ok(Reply::json(
        200,
        &json!({"translation_memories": shown, "total_count": 1}),
    )
    .into())
}

/// Checks the style rule and the translation memory that a request for texts names.
///
/// Errors: one that does not exist, or a target language without style rules.
pub fn check(call: &Call, store: &MockStore) -> Result<(), Reply> {
    let target = bare(&call.text("target_lang").unwrap_or_default());
    let style = call.text("style_id");
    let has_instructions = call
        .texts("custom_instructions")
        .is_some_and(|list| !list.is_empty());
    if (style.is_some() || has_instructions) && !STYLED.contains(&target.as_str()) {
        return Err(bad("The target language does not support style rules."));
    }
    if let Some(id) = style {
        let language = stocked(call, store, |account| {
            account
                .shelf("style")
                .get(&id)
                .map(|rule| rule["language"].clone())
        });
        match language {
            None => return Err(detailed(404, "Style rule not found", "It does not exist.")),
            Some(language) if language != target.as_str() => {
                return Err(bad("The style rule is for another target language."));
            }
            Some(_) => {}
        }
    }
    match call.text("translation_memory_id") {
        Some(id) if id != MEMORY => Err(error(404, "Translation memory not found")),
        _ => Ok(()),
    }
}
