//! The fields that DeepL's requests share: languages, glossaries, and the choices of wording.

use super::errors::{bad, detailed};
use crate::mock::answers::bare;
use crate::mock::call::Call;
use crate::mock::languages::of_code;
use crate::mock::reply::Reply;
use crate::mock::store::MockStore;
use serde_json::Value;

/// What a request for a translation says about it.
pub struct Wording {
    /// The source language, if it is named.
    pub source: Option<String>,
    /// The target language.
    pub target: String,
    /// The terms of its glossaries, those of the first glossary first.
    pub terms: Vec<(String, String)>,
}

/// The source language that a request names.
///
/// Errors: it is not one.
pub fn source(call: &Call) -> Result<Option<String>, Reply> {
    match call.text("source_lang").filter(|code| !code.is_empty()) {
        None => Ok(None),
        Some(code) => match of_code(&code).filter(|tongue| bare(&code) == tongue.code) {
            Some(tongue) if !code.contains('-') => Ok(Some(tongue.code.to_owned())),
            _ => Err(bad("Value for 'source_lang' not supported.")),
        },
    }
}

/// Reads and checks the fields of a request for a translation.
///
/// Errors: DeepL's refusal of the first wrong one.
pub fn wording(call: &Call, store: &MockStore) -> Result<Wording, Reply> {
    let Some(code) = call.text("target_lang") else {
        return Err(bad(
            "Bad request. Reason: Parameter 'target_lang' not specified.",
        ));
    };
    let Some(tongue) = of_code(&code) else {
        return Err(bad("Value for 'target_lang' not supported."));
    };
    let source = source(call)?;
    one_of(call, "formality", FORMALITY)?;
    if let Some(formality) = call.text("formality")
        && ["more", "less"].contains(&formality.to_ascii_lowercase().as_str())
        && !tongue.formality
    {
        let what = format!(
            "Target language '{}' does not support formality.",
            code.to_ascii_uppercase()
        );
        return Err(bad(&what));
    }
    let terms = glossary_terms(call, store, source.as_deref(), tongue.code)?;
    Ok(Wording {
        source,
        target: tongue.code.to_owned(),
        terms,
    })
}

const FORMALITY: &[&str] = &["default", "more", "less", "prefer_more", "prefer_less"];

/// Checks that a field has one of the values that it may have.
///
/// Errors: DeepL's refusal.
pub fn one_of(call: &Call, name: &str, values: &[&str]) -> Result<(), Reply> {
    match call.text(name) {
        Some(value) if !values.contains(&value.to_ascii_lowercase().as_str()) => {
            Err(bad(&format!("Value for '{name}' not supported.")))
        }
        _ => Ok(()),
    }
}

/// The terms of the glossaries that a request names.
fn glossary_terms(
    call: &Call,
    store: &MockStore,
    source: Option<&str>,
    target: &str,
) -> Result<Vec<(String, String)>, Reply> {
    let one = call.text("glossary_id").filter(|id| !id.is_empty());
    // In forms they are one field with commas.
    let several: Vec<String> = call
        .texts("glossary_ids")
        .unwrap_or_default()
        .iter()
        .flat_map(|ids| ids.split(','))
        .map(str::to_owned)
        .collect();
    if one.is_some() && !several.is_empty() {
        return Err(bad(
            "Only one of 'glossary_id' and 'glossary_ids' can be specified.",
        ));
    }
    if several.len() > 5 {
        return Err(bad("At most 5 glossaries can be specified."));
    }
    let ids: Vec<String> = one.into_iter().chain(several).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let Some(source) = source else {
        return Err(bad(
            "Use of a glossary requires the source_lang parameter to be specified",
        ));
    };
    let mut terms: Vec<(String, String)> = Vec::new();
    for id in ids {
        let glossary = store.account(call, |account| account.shelf("glossary").get(&id).cloned());
        let Some(glossary) = glossary else {
            return Err(detailed(
                404,
                "Glossary not found",
                "The glossary does not exist.",
            ));
        };
        let Some(dictionary) = dictionary(&glossary, source, target) else {
            return Err(bad("The glossary has no dictionary for the language pair."));
        };
        for entry in entries(dictionary) {
            if !terms.iter().any(|(known, _)| *known == entry.0) {
                terms.push(entry);
            }
        }
    }
    Ok(terms)
}

/// The dictionary of a pair of languages in a glossary.
pub fn dictionary<'a>(glossary: &'a Value, source: &str, target: &str) -> Option<&'a Value> {
    glossary["dictionaries"]
        .as_array()?
        .iter()
        .find(|own| own["source_lang"] == source && own["target_lang"] == target)
}

/// The entries of a dictionary.
pub fn entries(dictionary: &Value) -> Vec<(String, String)> {
    let list = dictionary["entries"].as_array().into_iter().flatten();
    list.filter_map(|entry| Some((entry[0].as_str()?.to_owned(), entry[1].as_str()?.to_owned())))
        .collect()
}

/// A time for object number `number`: the numbers are seconds of one day, so that a later object is
/// younger.
pub fn stamp(number: u64) -> String {
    let (hours, minutes, seconds) = (number / 3_600 % 24, number / 60 % 60, number % 60);
    format!("2026-01-01T{hours:02}:{minutes:02}:{seconds:02}.000Z")
}

/// An id for object number `number`.
pub fn uuid(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// Whether a text has the form of an id.
pub fn is_uuid(id: &str) -> bool {
    let groups: Vec<&str> = id.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}
