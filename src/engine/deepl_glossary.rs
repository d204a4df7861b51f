//! DeepL's glossary of a run: one of ours, whose entries are replaced, or one that the user names.
//!
//! The Free plan keeps one glossary and the Pro plan a thousand, so a run makes none where there is
//! one of ours already. What DeepL refuses costs the glossary and not the run: terms are verified
//! afterwards in any case. Source: DeepL's OpenAPI description 3.11.0.

use super::{BoxFuture, Error, Request, Term};
use crate::bitext::LangPair;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Names of our glossaries begin so; the digest of the entries follows.
const OURS: &str = "overzet-";

/// What the glossary asks DeepL.
pub(super) trait DeepLCall: Sync {
    /// Sends a request and gives the body of the answer, null if there is none.
    fn call<'a>(
        &'a self,
        method: Method,
        path: &'a str,
        body: Option<&'a Value>,
    ) -> BoxFuture<'a, Value>;
}

/// The glossary of an engine.
pub(super) struct RunGlossary {
    /// Name or id of the one that the user names.
    named: Option<String>,
    state: Mutex<GlossaryState>,
}

#[derive(Default)]
struct GlossaryState {
    /// The id of the user's own.
    named: Option<String>,
    ours: Option<OwnGlossary>,
    notices: Vec<String>,
}

/// One of ours as DeepL has it now.
struct OwnGlossary {
    id: String,
    pair: LangPair,
    rows: BTreeMap<String, String>,
}

impl OwnGlossary {
    fn has<'a>(&self, pair: &LangPair, mut rows: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
        self.pair == *pair
            && rows.all(|(source, target)| self.rows.get(source).is_some_and(|own| own == target))
    }
}

impl RunGlossary {
    /// `named` is the name or the id of a glossary that is there already.
    pub(super) fn new(named: Option<&str>) -> Self {
        Self {
            named: named.map(str::to_owned),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, GlossaryState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// See [`super::Engine::take_notices`].
    pub(super) fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut self.state().notices)
    }

    /// The id of the glossary that goes along with a request: one that has its terms.
    pub(super) fn of(&self, request: &Request<'_>) -> Option<String> {
        let state = self.state();
        if !request.own_glossary {
            return None;
        }
        if let Some(id) = &state.named {
            return Some(id.clone());
        }
        let terms = || request.items.iter().flat_map(|item| rows(&item.terms));
        let ours = state.ours.as_ref()?;
        (terms().next().is_some() && ours.has(request.pair, terms())).then(|| ours.id.clone())
    }

    /// Sees to it that DeepL has the terms of a run.
    ///
    /// Errors: [`Error::Configuration`] for a glossary that the user names and that is not there;
    /// those of the network.
    pub(super) async fn prepare(
        &self,
        deepl: &dyn DeepLCall,
        pair: &LangPair,
        terms: &[Term],
    ) -> Result<(), Error> {
        if let Some(name) = &self.named {
            if self.state().named.is_none() {
                let id = find_named(deepl, name, pair).await?;
                self.state().named = Some(id);
            }
            return Ok(());
        }
        let mut wanted: BTreeMap<String, String> = BTreeMap::new();
        for (source, target) in rows(terms) {
            wanted.insert(source.to_owned(), target.to_owned());
        }
        if wanted.is_empty() {
            return Ok(());
        }
        if let Some(ours) = self.state().ours.as_ref().filter(|ours| ours.pair == *pair) {
            let pairs = || wanted.iter().map(|(s, t)| (s.as_str(), t.as_str()));
            if ours.has(pair, pairs()) {
                return Ok(());
            }
            // The terms of an earlier document stay, so that each has all of them.
            for (source, target) in &ours.rows {
                wanted
                    .entry(source.clone())
                    .or_insert_with(|| target.clone());
            }
        }
        match replace(deepl, pair, &wanted).await {
            Ok(id) => {
                self.state().ours = Some(OwnGlossary {
                    id,
                    pair: pair.clone(),
                    rows: wanted,
                });
                Ok(())
            }
            Err(error @ (Error::Network { .. } | Error::RateLimited { .. })) => Err(error),
            Err(error) => {
                let mut state = self.state();
                state.ours = None;
                state.notices.push(format!(
                    "DeepL refuses the glossary, so that texts go without it and terms are repaired \
                     afterwards: {error}"
                ));
                Ok(())
            }
        }
    }
}

/// The rows of terms that DeepL's glossaries take.
fn rows(terms: &[Term]) -> impl Iterator<Item = (&str, &str)> {
    let fits = |phrase: &str| {
        !phrase.is_empty()
            && phrase.len() <= 1024
            && phrase.trim() == phrase
            && !phrase.contains(char::is_control)
    };
    terms
        .iter()
        .map(|term| (term.source.as_str(), term.target.as_str()))
        .filter(move |(source, target)| fits(source) && fits(target))
}

/// The glossaries of the account.
async fn list(deepl: &dyn DeepLCall) -> Result<Vec<Value>, Error> {
    let listed = deepl.call(Method::GET, "/v3/glossaries", None).await?;
    Ok(listed["glossaries"].as_array().cloned().unwrap_or_default())
}

fn id_of(glossary: &Value) -> Result<String, Error> {
    let id = glossary["glossary_id"].as_str();
    id.map(str::to_owned).ok_or(Error::Protocol {
        engine: "deepl",
        what: "a glossary without an id".into(),
    })
}

/// The id of a glossary that the user names, which must have the pair of languages.
async fn find_named(deepl: &dyn DeepLCall, name: &str, pair: &LangPair) -> Result<String, Error> {
    let all = list(deepl).await?;
    let is_it = |own: &&Value| own["name"] == name || own["glossary_id"] == name;
    let Some(found) = all.iter().find(is_it) else {
        let names: Vec<&str> = all.iter().filter_map(|own| own["name"].as_str()).collect();
        return Err(Error::Configuration {
            what: format!("DeepL has no glossary `{name}`"),
            hint: match names.as_slice() {
                [] => "the account has none; leave `deepl.glossary` out".into(),
                names => format!("the account has {}", names.join(", ")),
            },
        });
    };
    let is_code = |own: &Value, wanted: &str| {
        own.as_str()
            .is_some_and(|code| code.eq_ignore_ascii_case(wanted))
    };
    let mut dictionaries = found["dictionaries"].as_array().into_iter().flatten();
    let has_pair = dictionaries.any(|own| {
        is_code(&own["source_lang"], &pair.source.base())
            && is_code(&own["target_lang"], &pair.target.base())
    });
    if !has_pair {
        return Err(Error::Configuration {
            what: format!(
                "DeepL's glossary `{name}` has no dictionary from {} to {}",
                pair.source.base(),
                pair.target.base()
            ),
            hint: "add one, or name another glossary as `deepl.glossary`".into(),
        });
    }
    id_of(found)
}

/// Puts rows into a glossary of ours: the one that has them already, else the oldest of ours, whose
/// entries are replaced, else a new one. Gives its id.
async fn replace(
    deepl: &dyn DeepLCall,
    pair: &LangPair,
    rows: &BTreeMap<String, String>,
) -> Result<String, Error> {
    let lines: Vec<String> = rows.iter().map(|(s, t)| format!("{s}\t{t}")).collect();
    let tsv = lines.join("\n");
    // Language codes of glossaries have no region.
    let (source, target) = (pair.source.base(), pair.target.base());
    let digest = blake3::hash(format!("{source}\t{target}\n{tsv}").as_bytes()).to_hex();
    let name = format!("{OURS}{}", &digest[..12]);
    let all = list(deepl).await?;
    if let Some(same) = all.iter().find(|own| own["name"] == name.as_str()) {
        return id_of(same);
    }
    let dictionary = json!({"source_lang": source, "target_lang": target, "entries": tsv,
        "entries_format": "tsv"});
    let is_ours = |own: &&Value| own["name"].as_str().is_some_and(|n| n.starts_with(OURS));
    let made = |own: &&Value| own["creation_time"].as_str().unwrap_or_default().to_owned();
    let Some(oldest) = all.iter().filter(is_ours).min_by_key(made) else {
        let body = json!({"name": name, "dictionaries": [dictionary]});
        return id_of(
            &deepl
                .call(Method::POST, "/v3/glossaries", Some(&body))
                .await?,
        );
    };
    let id = id_of(oldest)?;
    let path = format!("/v3/glossaries/{id}");
    let entries = format!("{path}/dictionaries");
    // The name says what is in it: it changes before the entries do, and is right when they are.
    let between = json!({"name": format!("{OURS}changing")});
    deepl.call(Method::PATCH, &path, Some(&between)).await?;
    deepl.call(Method::PUT, &entries, Some(&dictionary)).await?;
    let name = json!({"name": name});
    deepl.call(Method::PATCH, &path, Some(&name)).await?;
    Ok(id)
}
