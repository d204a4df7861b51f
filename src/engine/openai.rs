//! Chat completions in OpenAI's form: OpenAI, llama.cpp, vLLM, LM Studio, OpenRouter.
//!
//! Structured output with a fallback ladder: json_schema → json_object → numbered lines → one
//! segment per request, plain text. The rung that worked is remembered and recorded with each
//! draft.

use super::http::{HttpResponse, by_status};
use super::inline_codec::{self, CodeSyntax};
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Limits,
    Request, TermEdit, prompt,
};
use crate::bitext::Text;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const NAME: &str = "openai";

/// The row of chat completions.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "chat completions: OpenAI, llama.cpp, vLLM, LM Studio, OpenRouter",
    keys: &[
        EngineKey {
            name: "OPENAI_API_KEY",
            help: "key; any word for a local server",
            secret: true,
        },
        EngineKey {
            name: "OPENAI_BASE_URL",
            help: "address up to and with /v1 (default https://api.openai.com/v1)",
            secret: false,
        },
        EngineKey {
            name: "OPENAI_MODEL",
            help: "name of the language model (default gpt-4.1-mini)",
            secret: false,
        },
    ],
    sends_text_out: true,
    carries_codes: true,
    own_glossary: true,
    price: None,
    build: Build::Http(|settings, net| Ok(Box::new(OpenAi::new(settings, net)?))),
};

/// The ladder's rungs.
const RUNGS: [&str; 4] = ["json_schema", "json_object", "numbered lines", "plain text"];

struct OpenAi {
    net: HttpClient,
    base: String,
    key: String,
    variable: String,
    model: String,
    rung: AtomicUsize,
    /// Newer models want `max_completion_tokens` and no temperature; a 400 that names the field
    /// switches once.
    newer: AtomicBool,
}

impl OpenAi {
    fn new(settings: &EngineSettings, net: &HttpClient) -> Result<Self, Error> {
        let base = settings.base("OPENAI_BASE_URL", "https://api.openai.com/v1")?;
        let base = if base.ends_with("/v1") {
            base
        } else {
            format!("{base}/v1")
        };
        Ok(Self {
            net: net.clone(),
            base,
            key: settings.require("OPENAI_API_KEY")?.to_owned(),
            variable: settings.named("OPENAI_API_KEY"),
            model: settings
                .get("OPENAI_MODEL")
                .unwrap_or("gpt-4.1-mini")
                .to_owned(),
            rung: AtomicUsize::new(0),
            newer: AtomicBool::new(false),
        })
    }

    fn map_error(&self, answer: &HttpResponse) -> Option<Error> {
        if (200..300).contains(&answer.status) {
            return None;
        }
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let error = &body["error"];
        let what = error["message"]
            .as_str()
            .or_else(|| error.as_str())
            .unwrap_or_default()
            .to_owned();
        let code = error["code"].as_str().unwrap_or_default();
        Some(match (answer.status, code) {
            (429, "insufficient_quota" | "credit_balance_exhausted") => Error::Quota {
                what: format!("{NAME}: {what}"),
            },
            (400, "context_length_exceeded") => Error::TooLarge { what },
            (404, _) => Error::Configuration {
                what: format!("{NAME}: HTTP 404 {what}"),
                hint: "look at OPENAI_BASE_URL and OPENAI_MODEL".into(),
            },
            _ => return by_status(NAME, &self.variable, answer, &what),
        })
    }

    fn body(&self, request: &Request<'_>, rung: usize) -> Value {
        let source: usize = request
            .items
            .iter()
            .map(|i| i.text.plain.chars().count())
            .sum();
        let user = match rung {
            2 => format!(
                "Translate each line; keep its [[number]] before it, answer with the lines only.\n{}",
                prompt::lines(request)
            ),
            3 => format!(
                "Translate this text and answer with the translation only:\n{}",
                request
                    .items
                    .first()
                    .map_or_else(String::new, |item| inline_codec::write(
                        &item.text,
                        CodeSyntax::Marks
                    ))
            ),
            _ => prompt::user(request),
        };
        let mut body = json!({
            "model": self.model,
            "messages": [{"role": "system", "content": prompt::system(request)}, {"role": "user", "content": user}],
        });
        let tokens = (source + 64 * request.items.len() + 256).max(1024);
        if self.newer.load(Ordering::Relaxed) {
            body["max_completion_tokens"] = tokens.into();
        } else {
            body["max_tokens"] = tokens.into();
            body["temperature"] = 0.into();
            body["seed"] = 1.into();
        }
        match rung {
            0 => {
                body["response_format"] = json!({"type": "json_schema",
                    "json_schema": {"name": "translations", "strict": true, "schema": prompt::schema()}});
            }
            1 => body["response_format"] = json!({"type": "json_object"}),
            _ => {}
        }
        body
    }

    /// Sends a body and gives the words of the answer.
    async fn send(&self, body: &Value) -> Result<String, Error> {
        let build = || {
            self.net
                .client()
                .post(format!("{}/chat/completions", self.base))
                .bearer_auth(&self.key)
                .json(body)
        };
        let answer = self
            .net
            .send(NAME, &build, &|answer| self.map_error(answer))
            .await?
            .json(NAME)?;
        let choice = &answer["choices"][0];
        // Looked at before parsing: what was cut off or refused is no answer.
        match choice["finish_reason"].as_str() {
            Some("length") => {
                return Err(Error::Mismatch {
                    what: "the answer was cut off".into(),
                });
            }
            Some("content_filter") => {
                return Err(Error::Refused {
                    what: "content filter".into(),
                });
            }
            _ => {}
        }
        if let Some(refusal) = choice["message"]["refusal"].as_str() {
            return Err(Error::Refused {
                what: refusal.chars().take(120).collect(),
            });
        }
        Ok(choice["message"]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// One request on one rung.
    async fn ask(&self, request: &Request<'_>, rung: usize) -> Result<Vec<Draft>, Error> {
        let content = self.send(&self.body(request, rung)).await?;
        let content = content.as_str();
        if rung == 3 {
            let Some(item) = request.items.first() else {
                return Ok(Vec::new());
            };
            let mut draft = Draft::new(
                item.id,
                inline_codec::read(content.trim(), &item.text, CodeSyntax::Marks),
            );
            draft.notes.push(format!("answer read as {}", RUNGS[3]));
            return Ok(vec![draft]);
        }
        prompt::read(content, request, RUNGS[rung])
    }
}

impl Engine for OpenAi {
    fn name(&self) -> &str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 20,
            bytes: 100_000,
            characters: 6_000,
            concurrency: 4,
        }
    }

    fn options(&self) -> String {
        format!("{} {} prompt={}", self.base, self.model, prompt::VERSION)
    }

    fn takes_terms(&self) -> bool {
        true
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            loop {
                let rung = self.rung.load(Ordering::Relaxed);
                if rung == 3 && request.items.len() > 1 {
                    return Err(Error::Mismatch {
                        what: "this server takes one segment per request".into(),
                    });
                }
                match self.ask(request, rung).await {
                    Err(Error::Protocol { what, .. }) if what.starts_with("HTTP 400") => {
                        let lower = what.to_lowercase();
                        if !self.newer.load(Ordering::Relaxed)
                            && (lower.contains("max_tokens")
                                || lower.contains("temperature")
                                || lower.contains("seed"))
                        {
                            self.newer.store(true, Ordering::Relaxed);
                        } else if rung < 3 {
                            self.rung.fetch_max(rung + 1, Ordering::Relaxed);
                        } else {
                            return Err(Error::Protocol { engine: NAME, what });
                        }
                    }
                    // A single segment that cannot be read as JSON is asked for as plain text, for
                    // this time only.
                    Err(Error::Mismatch { .. }) if request.items.len() == 1 && rung < 3 => {
                        return self.ask(request, 3).await;
                    }
                    other => return other,
                }
            }
        })
    }

    fn post_edits(&self) -> bool {
        true
    }

    fn post_edit<'a>(&'a self, change: &'a TermEdit<'a>) -> BoxFuture<'a, Option<Text>> {
        Box::pin(async move {
            let mut body = json!({
                "model": self.model,
                "messages": [{"role": "system", "content": prompt::edit_system(change)}, {"role": "user", "content": prompt::edit_user(change)}],
            });
            if self.rung.load(Ordering::Relaxed) < 2 {
                body["response_format"] = json!({"type": "json_object"});
            }
            Ok(prompt::read_edit(&self.send(&body).await?, change))
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let build = || {
                self.net
                    .client()
                    .get(format!("{}/models", self.base))
                    .bearer_auth(&self.key)
            };
            let answer = self
                .net
                .send(NAME, &build, &|answer| self.map_error(answer))
                .await?
                .json(NAME)?;
            let names: Vec<&str> = answer["data"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|m| m["id"].as_str())
                .take(5)
                .collect();
            Ok(format!("models: {}", names.join(", ")))
        })
    }
}
