//! LibreTranslate, and LTEngine, which speaks the same.
//!
//! The server unescapes every output, forces a source's final mark and the case of its first
//! letter: a fragment that starts in lower case comes back so. Its batch limit is not told; 400
//! names the text limit for both.

use super::http::{HttpResponse, by_status};
use super::inline_codec::{self, CodeSyntax};
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Limits,
    Request, positional,
};
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
            base: settings.base("LIBRETRANSLATE_URL", "")?,
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
            let coded = request.items.iter().any(|item| !item.text.codes.is_empty());
            let texts: Vec<String> = request
                .items
                .iter()
                .map(|item| {
                    if coded {
                        inline_codec::write(&item.text, CodeSyntax::Html)
                    } else {
                        item.text.plain.clone()
                    }
                })
                .collect();
            let mut body = json!({
                "q": texts,
                "source": request.pair.source.base(),
                "target": request.pair.target.base(),
                "format": if coded { "html" } else { "text" },
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
            let by_id = positional(request.items, answers)?;
            Ok(by_id
                .into_iter()
                .zip(request.items)
                .filter_map(|((id, answer), item)| {
                    let text = answer.as_str()?;
                    let text = if coded {
                        inline_codec::read(text, &item.text, CodeSyntax::Html)
                    } else {
                        text.into()
                    };
                    Some(Draft::new(id, text))
                })
                .collect())
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let build = || self.net.client().get(format!("{}/languages", self.base));
            let answer = self
                .net
                .send(NAME, &build, &|answer| self.map_error(answer))
                .await?
                .json(NAME)?;
            let dutch = answer
                .as_array()
                .into_iter()
                .flatten()
                .find(|l| l["code"] == "nl");
            Ok(match dutch {
                Some(_) => "Dutch is there".to_owned(),
                None => "the server answers, but has no Dutch".to_owned(),
            })
        })
    }
}
