//! Google Cloud Translation: v2 Basic with a key, v3 Advanced with a token and its glossary.
//!
//! The default format is HTML on both: plain texts always say `text`, coded ones use HTML and are
//! decoded once.

use super::http::{HttpResponse, by_status};
use super::inline_codec::{self, CodeSyntax};
use super::probe::probe_by_greeting;
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, Entry, Error, HttpClient, Item, Limits, Price,
    Request, positional,
};
use serde_json::{Value, json};

const NAME: &str = "google";
const NAME_V3: &str = "google-v3";
const HOST: &str = "https://translation.googleapis.com";
/// Ends of addresses that are part of ours.
const ENDS: &[&str] = &[
    "/language/translate/v2",
    "/language/translate",
    "/v3",
    "/v2",
];
const PRICE: Option<Price> = Some(Price {
    euro_per_million: 18.5,
    as_of: "2026-11",
});
const SERVER: EngineKey = EngineKey {
    name: "GOOGLE_SERVER_URL",
    help: "another address than Google's own, such as a mock",
    secret: false,
};

/// Google v2's row.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "Google Cloud Translation v2 Basic, with an API key",
    keys: &[
        EngineKey {
            name: "GOOGLE_API_KEY",
            help: "Google Cloud API key (v2 Basic)",
            secret: true,
        },
        SERVER,
    ],
    sends_text_out: true,
    carries_codes: true,
    own_glossary: false,
    price: PRICE,
    build: Build::Http(|settings, net| {
        Ok(Box::new(Google {
            net: net.clone(),
            base: settings.base_before("GOOGLE_SERVER_URL", HOST, ENDS)?,
            secret: settings.require("GOOGLE_API_KEY")?.to_owned(),
            variable: settings.named("GOOGLE_API_KEY"),
            project: None,
            glossary: None,
        }))
    }),
};

/// Google v3's row.
pub static ENTRY_V3: Entry = Entry {
    name: NAME_V3,
    summary: "Google Cloud Translation v3 Advanced, with a token; own glossary",
    keys: &[
        EngineKey {
            name: "GOOGLE_ACCESS_TOKEN",
            help: "token of `gcloud auth print-access-token` (v3 Advanced)",
            secret: true,
        },
        EngineKey {
            name: "GOOGLE_CLOUD_PROJECT",
            help: "project of the token",
            secret: false,
        },
        EngineKey {
            name: "GOOGLE_CLOUD_LOCATION",
            help: "region; a glossary needs one (default us-central1)",
            secret: false,
        },
        EngineKey {
            name: "GOOGLE_GLOSSARY",
            help: "name of a glossary that was uploaded to the project",
            secret: false,
        },
        SERVER,
    ],
    sends_text_out: true,
    carries_codes: true,
    own_glossary: true,
    price: PRICE,
    build: Build::Http(|settings, net| {
        let project = settings.require("GOOGLE_CLOUD_PROJECT")?;
        let location = settings
            .get("GOOGLE_CLOUD_LOCATION")
            .unwrap_or("us-central1");
        Ok(Box::new(Google {
            net: net.clone(),
            base: settings.base_before("GOOGLE_SERVER_URL", HOST, ENDS)?,
            secret: settings.require("GOOGLE_ACCESS_TOKEN")?.to_owned(),
            variable: settings.named("GOOGLE_ACCESS_TOKEN"),
            project: Some((project.to_owned(), location.to_owned())),
            glossary: settings.get("GOOGLE_GLOSSARY").map(str::to_owned),
        }))
    }),
};

struct Google {
    net: HttpClient,
    base: String,
    secret: String,
    variable: String,
    /// Project and location; none for v2.
    project: Option<(String, String)>,
    glossary: Option<String>,
}

impl Google {
    fn engine(&self) -> &'static str {
        if self.project.is_some() {
            NAME_V3
        } else {
            NAME
        }
    }

    /// Quota is a 403 with a reason here, and a bad key a 400.
    fn map_error(&self, answer: &HttpResponse) -> Option<Error> {
        if (200..300).contains(&answer.status) {
            return None;
        }
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let error = &body["error"];
        let what = error["message"].as_str().unwrap_or_default().to_owned();
        let reasons = format!(
            "{} {} {}",
            error["errors"], error["details"], error["status"]
        );
        let engine = self.engine();
        let auth = |what: String| Error::Auth {
            engine,
            variable: self.variable.clone(),
            what,
        };
        Some(match answer.status {
            400 if reasons.contains("API_KEY_INVALID") || what.contains("API key") => auth(what),
            400 if what.contains("Too many text segments")
                || what.contains("too long")
                || what.contains("too large") =>
            {
                Error::TooLarge { what }
            }
            403 if reasons.contains("userRateLimitExceeded")
                || reasons.contains("rateLimitExceeded")
                || what.contains("User Rate Limit") =>
            {
                Error::RateLimited {
                    engine,
                    what,
                    after: None,
                }
            }
            403 if reasons.contains("dailyLimitExceeded") || what.contains("Daily Limit") => {
                Error::Quota {
                    what: format!("{engine}: {what}"),
                }
            }
            _ => return by_status(engine, &self.variable, answer, &what),
        })
    }

    async fn post(&self, body: &Value) -> Result<Value, Error> {
        let build = || match &self.project {
            None => self
                .net
                .client()
                .post(format!("{}/language/translate/v2", self.base))
                .header("X-goog-api-key", &self.secret)
                .json(body),
            Some((project, location)) => self
                .net
                .client()
                .post(format!(
                    "{}/v3/projects/{project}/locations/{location}:translateText",
                    self.base
                ))
                .bearer_auth(&self.secret)
                .header("x-goog-user-project", project)
                .json(body),
        };
        self.net
            .send(self.engine(), &build, &|answer| self.map_error(answer))
            .await?
            .json(self.engine())
    }
}

impl Engine for Google {
    fn name(&self) -> &str {
        self.engine()
    }

    fn limits(&self) -> Limits {
        if self.project.is_some() {
            Limits {
                texts: 1024,
                bytes: 200 * 1024,
                characters: 5_000,
                concurrency: 8,
            }
        } else {
            Limits {
                texts: 128,
                bytes: 100 * 1000,
                characters: 5_000,
                concurrency: 8,
            }
        }
    }

    fn options(&self) -> String {
        self.glossary
            .as_ref()
            .map_or_else(String::new, |g| format!("glossary={g}"))
    }

    fn size(&self, item: &Item) -> usize {
        super::json_size(&item.text.plain) + 40 * item.text.codes.len()
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            let (coded, texts) = inline_codec::write_all(request.items, CodeSyntax::Html);
            let (source, target) = (request.pair.source.base(), request.pair.target.base());
            let answers: Vec<Value> = if let Some((project, location)) = &self.project {
                let mut body = json!({
                    "contents": texts,
                    "mimeType": if coded { "text/html" } else { "text/plain" },
                    "sourceLanguageCode": source,
                    "targetLanguageCode": target,
                });
                let glossary = self.glossary.as_ref().filter(|_| request.own_glossary);
                if let Some(glossary) = glossary {
                    body["glossaryConfig"] = json!({
                        "glossary": format!("projects/{project}/locations/{location}/glossaries/{glossary}"),
                        "ignoreCase": false,
                    });
                }
                let answer = self.post(&body).await?;
                // With a glossary both versions come back, and the one with it is the one that is
                // meant.
                let list = if glossary.is_some() {
                    &answer["glossaryTranslations"]
                } else {
                    &answer["translations"]
                };
                list.as_array().cloned().unwrap_or_default()
            } else {
                let body = json!({
                    "q": texts,
                    "source": source,
                    "target": target,
                    "format": if coded { "html" } else { "text" },
                    "model": "nmt",
                });
                let answer = self.post(&body).await?;
                answer["data"]["translations"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default()
            };
            let by_id = positional(request.items, answers)?;
            Ok(by_id
                .into_iter()
                .zip(request.items)
                .filter_map(|((id, answer), item)| {
                    let text = answer["translatedText"].as_str()?;
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
        Box::pin(probe_by_greeting(self))
    }
}
