//! DeepL, v2 translate with v3 glossaries.
//!
//! Texts of one request share no context, so the neighbours go along in `context`, which is free.
//! Our segmenter has cut already: `split_sentences` is always 0. Source: DeepL's OpenAPI
//! description 3.11.0.

use super::http::{HttpResponse, by_status};
use super::inline_codec::{self, CodeSyntax};
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Item,
    Limits, Price, Request, Term, json_size, positional,
};
use crate::bitext::LangPair;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const NAME: &str = "deepl";

/// DeepL's row.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "DeepL API, Free or Pro; own glossary",
    keys: &[
        EngineKey {
            name: "DEEPL_AUTH_KEY",
            help: "DeepL key; one that ends in :fx belongs to the free plan",
            secret: true,
        },
        EngineKey {
            name: "DEEPL_SERVER_URL",
            help: "another address than DeepL's own, such as a mock",
            secret: false,
        },
    ],
    sends_text_out: true,
    carries_codes: true,
    own_glossary: true,
    price: Some(Price {
        euro_per_million: 20.0,
        as_of: "2026-11",
    }),
    build: Build::Http(|settings, net| Ok(Box::new(DeepL::new(settings, net)?))),
};

struct DeepL {
    net: HttpClient,
    base: String,
    key: String,
    variable: String,
    glossary: OnceLock<String>,
}

impl DeepL {
    fn new(settings: &EngineSettings, net: &HttpClient) -> Result<Self, Error> {
        let key = settings.require("DEEPL_AUTH_KEY")?.to_owned();
        let host = if key.ends_with(":fx") {
            "https://api-free.deepl.com"
        } else {
            "https://api.deepl.com"
        };
        Ok(Self {
            net: net.clone(),
            base: settings.base("DEEPL_SERVER_URL", host)?,
            key,
            variable: settings.named("DEEPL_AUTH_KEY"),
            glossary: OnceLock::new(),
        })
    }

    fn map_error(&self, answer: &HttpResponse) -> Option<Error> {
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let said = body["message"].as_str().unwrap_or_default();
        let detail = body["detail"].as_str().unwrap_or_default();
        let what = format!("{said} {detail}").trim().to_owned();
        match answer.status {
            400 if said.contains("target_lang") || said.contains("source_lang' not") => {
                Some(Error::UnsupportedPair { engine: NAME, what })
            }
            403 => Some(Error::Auth {
                engine: NAME,
                variable: self.variable.clone(),
                what: format!(
                    "HTTP 403 {what}; a key that ends in :fx needs the free host, any other the Pro host (DEEPL_SERVER_URL)"
                ),
            }),
            _ => by_status(NAME, &self.variable, answer, &what),
        }
    }

    async fn get(&self, path: &str) -> Result<Value, Error> {
        let build = || {
            self.net
                .client()
                .get(format!("{}{path}", self.base))
                .header("Authorization", format!("DeepL-Auth-Key {}", self.key))
        };
        self.net
            .send(NAME, &build, &|answer| self.map_error(answer))
            .await?
            .json(NAME)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, Error> {
        let build = || {
            self.net
                .client()
                .post(format!("{}{path}", self.base))
                .header("Authorization", format!("DeepL-Auth-Key {}", self.key))
                .json(body)
        };
        self.net
            .send(NAME, &build, &|answer| self.map_error(answer))
            .await?
            .json(NAME)
    }

    /// Creates the run's glossary, or finds the one with the same content.
    async fn glossary(&self, pair: &LangPair, terms: &[Term]) -> Result<(), Error> {
        let rows: BTreeMap<&str, &str> = terms
            .iter()
            .filter(|t| fits(&t.source) && fits(&t.target))
            .map(|t| (t.source.as_str(), t.target.as_str()))
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let tsv: Vec<String> = rows.iter().map(|(s, t)| format!("{s}\t{t}")).collect();
        let tsv = tsv.join("\n");
        let name = format!("overzet-{}", &blake3::hash(tsv.as_bytes()).to_hex()[..12]);
        let listed = self.get("/v3/glossaries").await?;
        let known = listed["glossaries"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|g| g["name"] == name.as_str());
        let id = match known {
            Some(glossary) => glossary["glossary_id"].as_str().map(str::to_owned),
            None => {
                // Language codes of glossaries have no region.
                let body = json!({"name": name, "dictionaries": [{
                    "source_lang": pair.source.base(), "target_lang": pair.target.base(),
                    "entries": tsv, "entries_format": "tsv"}]});
                self.post("/v3/glossaries", &body).await?["glossary_id"]
                    .as_str()
                    .map(str::to_owned)
            }
        };
        let id = id.ok_or(Error::Protocol {
            engine: NAME,
            what: "a glossary without an id".into(),
        })?;
        let _ = self.glossary.set(id);
        Ok(())
    }
}

/// A phrase that DeepL's glossaries take.
fn fits(phrase: &str) -> bool {
    !phrase.is_empty()
        && phrase.len() <= 1024
        && phrase.trim() == phrase
        && !phrase.contains(char::is_control)
}

/// DeepL's codes: English needs its region as a target.
fn target(pair: &LangPair) -> String {
    let tag = pair.target.tag().to_ascii_uppercase();
    if tag == "EN" { "EN-US".into() } else { tag }
}

impl Engine for DeepL {
    fn name(&self) -> &str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 50,
            bytes: 120 * 1024,
            characters: 100_000,
            concurrency: 8,
        }
    }

    fn options(&self) -> String {
        "split_sentences=0 preserve_formatting".into()
    }

    fn takes_terms(&self) -> bool {
        true
    }

    fn size(&self, item: &Item) -> usize {
        // Markup mode escapes & < > before JSON does.
        let escapes = item.text.plain.matches(['&', '<', '>']).count() * 4;
        json_size(&item.text.plain) + escapes + 24 * item.text.codes.len()
    }

    fn prepare<'a>(&'a self, pair: &'a LangPair, terms: &'a [Term]) -> BoxFuture<'a, ()> {
        Box::pin(self.glossary(pair, terms))
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            let coded = request.items.iter().any(|item| !item.text.codes.is_empty());
            let texts: Vec<String> = request
                .items
                .iter()
                .map(|item| {
                    if coded {
                        inline_codec::write(&item.text, CodeSyntax::Xml)
                    } else {
                        item.text.plain.clone()
                    }
                })
                .collect();
            let mut body = json!({
                "text": texts,
                "source_lang": request.pair.source.base().to_ascii_uppercase(),
                "target_lang": target(request.pair),
                "split_sentences": "0",
                "preserve_formatting": true,
                "show_billed_characters": true,
            });
            let context = format!("{} {}", request.before, request.after);
            if !context.trim().is_empty() {
                body["context"] = context.trim().into();
            }
            if coded {
                body["tag_handling"] = "xml".into();
                body["tag_handling_version"] = "v2".into();
                body["outline_detection"] = false.into();
            }
            if let Some(id) = self.glossary.get() {
                body["glossary_id"] = id.as_str().into();
            }
            let answer = self.post("/v2/translate", &body).await?;
            let answers = answer["translations"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let by_id = positional(request.items, answers)?;
            let mut drafts = Vec::with_capacity(by_id.len());
            for ((id, answer), item) in by_id.into_iter().zip(request.items) {
                let Some(text) = answer["text"].as_str() else {
                    continue;
                };
                let text = if coded {
                    inline_codec::read(text, &item.text, CodeSyntax::Xml)
                } else {
                    text.into()
                };
                let mut draft = Draft::new(id, text);
                draft.billed = answer["billed_characters"].as_u64();
                drafts.push(draft);
            }
            Ok(drafts)
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let usage = self.get("/v2/usage").await?;
            Ok(format!(
                "{} of {} characters used",
                usage["character_count"], usage["character_limit"]
            ))
        })
    }

    fn remaining<'a>(&'a self) -> BoxFuture<'a, Option<u64>> {
        Box::pin(async move {
            let usage = self.get("/v2/usage").await?;
            let (used, limit) = (
                usage["character_count"].as_u64(),
                usage["character_limit"].as_u64(),
            );
            Ok(used
                .zip(limit)
                .map(|(used, limit)| limit.saturating_sub(used)))
        })
    }
}
