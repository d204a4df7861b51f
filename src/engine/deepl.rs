//! DeepL, v2 translate with v3 glossaries.
//!
//! Texts of one request share no context, so the neighbours go along in `context`, which is free.
//! Our segmenter has cut already: `split_sentences` is always 0. Source: DeepL's OpenAPI
//! description 3.11.0.

use super::deepl_glossary::{DeepLCall, RunGlossary};
use super::http::{HttpResponse, by_status};
use super::inline_codec::{self, CodeSyntax};
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Item,
    Limits, Price, Request, Term, json_size, positional,
};
use crate::bitext::LangPair;
use reqwest::Method;
use serde_json::{Value, json};

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
    glossary: RunGlossary,
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
            base: settings.base_before(
                "DEEPL_SERVER_URL",
                host,
                &["/v2/translate", "/v2", "/v3"],
            )?,
            key,
            variable: settings.named("DEEPL_AUTH_KEY"),
            glossary: RunGlossary::new(settings.get("deepl.glossary")),
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
}

impl DeepLCall for DeepL {
    fn call<'a>(
        &'a self,
        method: Method,
        path: &'a str,
        body: Option<&'a Value>,
    ) -> BoxFuture<'a, Value> {
        Box::pin(async move {
            let build = || {
                let request = self
                    .net
                    .client()
                    .request(method.clone(), format!("{}{path}", self.base))
                    .header("Authorization", format!("DeepL-Auth-Key {}", self.key));
                match body {
                    Some(body) => request.json(body),
                    None => request,
                }
            };
            let map_error = |answer: &HttpResponse| self.map_error(answer);
            let answer = self.net.send(NAME, &build, &map_error).await?;
            if answer.status == 204 {
                return Ok(Value::Null);
            }
            answer.json(NAME)
        })
    }
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
        Box::pin(self.glossary.prepare(self, pair, terms))
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            let (coded, texts) = inline_codec::write_all(request.items, CodeSyntax::Xml);
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
            if let Some(id) = self.glossary.of(request) {
                body["glossary_id"] = id.into();
            }
            let answer = self
                .call(Method::POST, "/v2/translate", Some(&body))
                .await?;
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

    fn take_notices(&self) -> Vec<String> {
        self.glossary.take_notices()
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let usage = self.call(Method::GET, "/v2/usage", None).await?;
            Ok(format!(
                "{} of {} characters used",
                usage["character_count"], usage["character_limit"]
            ))
        })
    }

    fn remaining<'a>(&'a self) -> BoxFuture<'a, Option<u64>> {
        Box::pin(async move {
            let usage = self.call(Method::GET, "/v2/usage", None).await?;
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
