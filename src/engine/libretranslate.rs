//! LibreTranslate, and LTEngine, which speaks the same.
//!
//! The server resolves the entities of every output, forces a source's final mark and the case of
//! its first letter: a fragment that starts in lower case comes back so. It does not state its limit
//! of texts; a 400 names the limit of characters for both.

use super::http::{HttpResponse, by_status};
use super::inline_codec::{self, CodeSyntax};
use super::probe::probe_by_greeting;
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Item,
    Limits, Request, positional,
};
use crate::bitext::{LangPair, Text};
use serde_json::{Value, json};

const NAME: &str = "libretranslate";

/// LibreTranslate's row.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "a LibreTranslate or LTEngine server",
    keys: &[
        EngineKey {
            name: "LIBRETRANSLATE_URL",
            help: "address of the server, such as http://127.0.0.1:5000",
            secret: false,
        },
        EngineKey {
            name: "LIBRETRANSLATE_API_KEY",
            help: "its key, if it wants one",
            secret: true,
        },
    ],
    sends_text_out: true,
    carries_codes: true,
    own_glossary: false,
    price: None,
    build: Build::Http(|settings, net| Ok(Box::new(LibreTranslate::new(settings, net)?))),
};

struct LibreTranslate {
    net: HttpClient,
    base: String,
    key: Option<String>,
    variable: String,
}

impl LibreTranslate {
    fn new(settings: &EngineSettings, net: &HttpClient) -> Result<Self, Error> {
        settings.require("LIBRETRANSLATE_URL")?;
        Ok(Self {
            net: net.clone(),
            base: settings.base_before("LIBRETRANSLATE_URL", "", &["/translate"])?,
            key: settings.get("LIBRETRANSLATE_API_KEY").map(str::to_owned),
            variable: settings.named("LIBRETRANSLATE_API_KEY"),
        })
    }

    fn map_error(&self, answer: &HttpResponse) -> Option<Error> {
        if (200..300).contains(&answer.status) {
            return None;
        }
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let what = body["error"].as_str().unwrap_or_default().to_owned();
        Some(match answer.status {
            400 if what.contains("API key") => Error::Auth {
                engine: NAME,
                variable: self.variable.clone(),
                what,
            },
            400 if what.contains("exceeds text limit") => Error::TooLarge { what },
            400 if what.contains("is not supported") => {
                Error::UnsupportedPair { engine: NAME, what }
            }
            _ => return by_status(NAME, &self.variable, answer, &what),
        })
    }
}

impl LibreTranslate {
    /// Sends texts that all have codes, or none of which has.
    async fn ask(
        &self,
        pair: &LangPair,
        items: &[&Item],
        is_coded: bool,
    ) -> Result<Vec<Draft>, Error> {
        let texts: Vec<String> = items.iter().map(|item| wire_text(item, is_coded)).collect();
        let mut body = json!({
            "q": texts,
            "source": pair.source.base(),
            "target": pair.target.base(),
            "format": if is_coded { "html" } else { "text" },
        });
        if let Some(key) = &self.key {
            body["api_key"] = key.as_str().into();
        }
        let build = || {
            self.net
                .client()
                .post(format!("{}/translate", self.base))
                .json(&body)
        };
        let answer = self
            .net
            .send(NAME, &build, &|answer| self.map_error(answer))
            .await?
            .json(NAME)?;
        let answers = answer["translatedText"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let by_id = positional(items, answers)?;
        Ok(by_id
            .into_iter()
            .zip(items)
            .filter_map(|((id, answer), item)| {
                let text = answer.as_str()?;
                Some(Draft::new(id, read_answer(text, item, is_coded)))
            })
            .collect())
    }
}

/// Whether a text has entities of its own, which the server would resolve.
fn has_entities(item: &Item) -> bool {
    inline_codec::unescape(&item.text.plain) != item.text.plain
}

/// A text as it is sent. The server resolves entities in every answer, also in that of a plain
/// text: one that has its own is escaped once more.
fn wire_text(item: &Item, is_coded: bool) -> String {
    if is_coded {
        inline_codec::write(&item.text, CodeSyntax::Html)
    } else if has_entities(item) {
        item.text.plain.replace('&', "&amp;")
    } else {
        item.text.plain.clone()
    }
}

/// A text as it comes back. Where the source has no entities, resolving them twice does no harm;
/// where it has, an answer in which the escape of [`wire_text`] is left comes from a server that
/// does not resolve them.
fn read_answer(answer: &str, item: &Item, is_coded: bool) -> Text {
    let is_resolved = has_entities(item) && !answer.contains("&amp;amp;");
    match (is_coded, is_resolved) {
        (true, true) => inline_codec::read(answer, &item.text, CodeSyntax::UnescapedHtml),
        (true, false) => inline_codec::read(answer, &item.text, CodeSyntax::Html),
        (false, true) => answer.into(),
        (false, false) if has_entities(item) => inline_codec::unescape(answer).into(),
        (false, false) => answer.into(),
    }
}

impl Engine for LibreTranslate {
    fn name(&self) -> &str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 32,
            bytes: 200_000,
            characters: 10_000,
            concurrency: 2,
        }
    }

    fn options(&self) -> String {
        self.base.clone()
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            // A text with codes travels as HTML; its neighbours need not suffer that.
            let (coded, plain): (Vec<&Item>, Vec<&Item>) =
                (request.items.iter()).partition(|item| !item.text.codes.is_empty());
            let mut drafts = Vec::with_capacity(request.items.len());
            for (items, is_coded) in [(plain, false), (coded, true)] {
                if !items.is_empty() {
                    drafts.extend(self.ask(request.pair, &items, is_coded).await?);
                }
            }
            Ok(drafts)
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(probe_by_greeting(self))
    }
}
