//! Azure Translator: 3.0 with its dynamic dictionary and word alignment, and 2026-06-06.

use super::http::{HttpResponse, by_status};
use super::inline_codec::{self, CodeSyntax};
use super::probe::probe_by_greeting;
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Item,
    Limits, Price, Request, positional,
};
use crate::bitext::{Link, words};
use serde_json::{Value, json};

const NAME: &str = "azure";
const NAME_2026: &str = "azure-2026";
const HOST: &str = "https://api.cognitive.microsofttranslator.com";
const PRICE: Option<Price> = Some(Price {
    euro_per_million: 9.3,
    as_of: "2026-11",
});
const KEYS: &[EngineKey] = &[
    EngineKey {
        name: "AZURE_TRANSLATOR_KEY",
        help: "Azure Translator key",
        secret: true,
    },
    EngineKey {
        name: "AZURE_TRANSLATOR_REGION",
        help: "region of the resource, where it is a regional one",
        secret: false,
    },
    EngineKey {
        name: "AZURE_TRANSLATOR_ENDPOINT",
        help: "another address: a custom resource, the EU host, a mock",
        secret: false,
    },
];

/// The row of version 3.0.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "Azure Translator 3.0; names by dynamic dictionary, word links",
    keys: KEYS,
    sends_text_out: true,
    carries_codes: true,
    own_glossary: true,
    price: PRICE,
    build: Build::Http(|settings, net| Ok(Box::new(Azure::new(settings, net, false)?))),
};

/// The row of version 2026-06-06.
pub static ENTRY_2026: Entry = Entry {
    name: NAME_2026,
    summary: "Azure Translator 2026-06-06",
    keys: KEYS,
    sends_text_out: true,
    carries_codes: true,
    own_glossary: false,
    price: PRICE,
    build: Build::Http(|settings, net| Ok(Box::new(Azure::new(settings, net, true)?))),
};

struct Azure {
    net: HttpClient,
    base: String,
    key: String,
    region: Option<String>,
    variable: String,
    is_2026: bool,
}

impl Azure {
    fn new(settings: &EngineSettings, net: &HttpClient, is_2026: bool) -> Result<Self, Error> {
        Ok(Self {
            net: net.clone(),
            base: settings.base_before("AZURE_TRANSLATOR_ENDPOINT", HOST, &["/translate"])?,
            key: settings.require("AZURE_TRANSLATOR_KEY")?.to_owned(),
            region: settings.get("AZURE_TRANSLATOR_REGION").map(str::to_owned),
            variable: settings.named("AZURE_TRANSLATOR_KEY"),
            is_2026,
        })
    }

    fn engine(&self) -> &'static str {
        if self.is_2026 { NAME_2026 } else { NAME }
    }

    /// Six-digit codes, a number in 3.0 and a string in 2026: HTTP status and three more digits.
    fn map_error(&self, answer: &HttpResponse) -> Option<Error> {
        if (200..300).contains(&answer.status) {
            return None;
        }
        let body: Value =
            serde_json::from_str(answer.body.trim_start_matches('\u{feff}')).unwrap_or_default();
        let error = &body["error"];
        let code = error["code"]
            .as_u64()
            .or_else(|| error["code"].as_str().and_then(|c| c.parse().ok()))
            .unwrap_or(0);
        let what = format!(
            "{} {}",
            error["code"],
            error["message"].as_str().unwrap_or_default()
        );
        let engine = self.engine();
        Some(match code {
            400_003 | 400_019 | 400_023 | 400_035 | 400_036 => {
                Error::UnsupportedPair { engine, what }
            }
            400_050 | 400_072 | 400_077 => Error::TooLarge { what },
            403_001 => Error::Quota {
                what: format!("{engine}: {what}"),
            },
            408_000..=408_999 => Error::Network { engine, what },
            429_000..=429_999 => Error::RateLimited {
                engine,
                what,
                after: None,
            },
            _ => {
                return by_status(
                    engine,
                    &self.variable,
                    answer,
                    if code == 0 { "" } else { &what },
                );
            }
        })
    }

    async fn post(&self, path: &str, body: &Value) -> Result<(Value, Option<u64>), Error> {
        let build = || {
            let mut request = self
                .net
                .client()
                .post(format!("{}{path}", self.base))
                .header("Ocp-Apim-Subscription-Key", &self.key)
                .json(body);
            if let Some(region) = &self.region {
                request = request.header("Ocp-Apim-Subscription-Region", region);
            }
            request
        };
        let answer = self
            .net
            .send(self.engine(), &build, &|answer| self.map_error(answer))
            .await?;
        let billed = answer
            .header("x-metered-usage")
            .and_then(|v| v.parse().ok());
        Ok((answer.json(self.engine())?, billed))
    }
}

/// Marks names for the dynamic dictionary; it is safe for names only.
fn with_dictionary(item: &Item) -> String {
    let mut out = String::new();
    let mut at = 0;
    for term in item.terms.iter().filter(|t| t.is_name) {
        let Some(before) = item.text.plain.get(at..term.span.start) else {
            continue;
        };
        let Some(surface) = item.text.plain.get(term.span.start..term.span.end) else {
            continue;
        };
        out.push_str(before);
        let escape = |text: &str| {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
        };
        out.push_str(&format!(
            "<mstrans:dictionary translation=\"{}\">{surface}</mstrans:dictionary>",
            escape(&term.target)
        ));
        at = term.span.end;
    }
    out.push_str(&item.text.plain[at..]);
    out
}

/// Reads `0:2-0:7 4:7-9:12`: inclusive character spans. A span off the text drops the whole
/// alignment.
fn links(proj: &str, source: &str, target: &str) -> Option<Vec<Link>> {
    let word_at = |text: &str, character: usize| -> Option<u32> {
        let byte = text.char_indices().nth(character)?.0;
        words(text)
            .iter()
            .position(|w| w.start <= byte && byte < w.end)
            .map(|i| i as u32)
    };
    let mut links = Vec::new();
    for pair in proj.split_whitespace() {
        let (left, right) = pair.split_once('-')?;
        let start = |span: &str| {
            span.split_once(':')
                .and_then(|(start, _)| start.parse::<usize>().ok())
        };
        let (left, right) = (start(left)?, start(right)?);
        if left >= source.chars().count() || right >= target.chars().count() {
            return None;
        }
        if let (Some(source), Some(target)) = (word_at(source, left), word_at(target, right)) {
            links.push(Link { source, target });
        }
    }
    links.sort_unstable();
    links.dedup();
    Some(links)
}

impl Engine for Azure {
    fn name(&self) -> &str {
        self.engine()
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 1000,
            bytes: 500_000,
            characters: 30_000,
            concurrency: 4,
        }
    }

    fn takes_terms(&self) -> bool {
        !self.is_2026
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            let coded = request.items.iter().any(|item| !item.text.codes.is_empty());
            let (from, to) = (request.pair.source.base(), request.pair.target.base());
            let text = |item: &Item| {
                if coded {
                    inline_codec::write(&item.text, CodeSyntax::Html)
                } else if self.is_2026 {
                    item.text.plain.clone()
                } else {
                    with_dictionary(item)
                }
            };
            let (answer, billed) = if self.is_2026 {
                let inputs: Vec<Value> = request
                    .items
                    .iter()
                    .map(|item| {
                        json!({"text": text(item), "language": from, "textType": if coded { "Html" } else { "Plain" },
                               "targets": [{"language": to, "deploymentName": "general"}]})
                    })
                    .collect();
                let (answer, billed) = self
                    .post(
                        "/translate?api-version=2026-06-06",
                        &json!({"inputs": inputs}),
                    )
                    .await?;
                (answer["value"].clone(), billed)
            } else {
                let body: Vec<Value> = request
                    .items
                    .iter()
                    .map(|item| json!({"Text": text(item)}))
                    .collect();
                let kind = if coded { "html" } else { "plain" };
                let path = format!(
                    "/translate?api-version=3.0&from={from}&to={to}&textType={kind}&includeAlignment={}",
                    !coded
                );
                self.post(&path, &Value::Array(body)).await?
            };
            let by_id = positional(
                request.items,
                answer.as_array().cloned().unwrap_or_default(),
            )?;
            let total: usize = request
                .items
                .iter()
                .map(|i| i.text.plain.chars().count())
                .sum();
            let mut drafts = Vec::with_capacity(by_id.len());
            for ((id, answer), item) in by_id.into_iter().zip(request.items) {
                let translation = &answer["translations"][0];
                let Some(raw) = translation["text"].as_str() else {
                    continue;
                };
                let text = if coded {
                    inline_codec::read(raw, &item.text, CodeSyntax::Html)
                } else {
                    raw.into()
                };
                let mut draft = Draft::new(id, text);
                draft.billed = translation["sourceCharacters"].as_u64().or_else(|| {
                    // One header for the whole request: each text has its share.
                    billed
                        .map(|b| b * item.text.plain.chars().count() as u64 / (total.max(1) as u64))
                });
                if let Some(proj) = translation["alignment"]["proj"].as_str() {
                    match links(
                        proj,
                        &text_sent(item, coded || self.is_2026),
                        &draft.text.plain,
                    ) {
                        Some(links) if item.terms.iter().all(|t| !t.is_name) => draft.links = links,
                        Some(_) => {}
                        None => draft.notes.push(
                            "the service's word alignment was off the text and is dropped".into(),
                        ),
                    }
                }
                drafts.push(draft);
            }
            Ok(drafts)
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(probe_by_greeting(self))
    }
}

/// The text that the alignment counts in.
fn text_sent(item: &Item, plain: bool) -> String {
    if plain {
        item.text.plain.clone()
    } else {
        with_dictionary(item)
    }
}
