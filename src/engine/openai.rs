//! Chat completions in OpenAI's form: OpenAI, llama.cpp, vLLM, LM Studio, OpenRouter.
//!
//! Structured output with a fallback ladder: json_schema → json_object → numbered lines → one
//! segment per request, plain text. The rung that worked is remembered and recorded with each
//! draft; only a server that refuses the form of the answer is asked on a lower one.
//!
//! The answer is streamed: a segment is kept when it is complete, silence times out and length does
//! not.

use super::http::{HttpResponse, StreamLine, by_status, is_loopback};
use super::inline_codec::{self, CodeSyntax};
use super::model_answer::{AnswerLayout, ModelAnswer};
use super::probe::probe_by_greeting;
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Limits,
    Request, StreamSink, TermEdit, prompt,
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

/// Words of a 400 that concerns the content of the prompt.
const FILTERED: &[&str] = &[
    "content_filter",
    "content management policy",
    "content_policy",
];
/// Words of a 400 that concerns the length of the prompt.
const CONTEXT: &[&str] = &[
    "context_length",
    "context length",
    "context size",
    "context window",
    "context_size",
];
/// Words of a 400 that concerns the model's name.
const UNKNOWN_MODEL: &[&str] = &[
    "model_not_found",
    "invalid model",
    "unknown model",
    "not a valid model",
];
/// Words of a 400 that concerns the form of the answer.
const FORM: &[&str] = &[
    "response_format",
    "json_schema",
    "json_object",
    "schema",
    "grammar",
    "structured",
];

/// The ladder's rungs.
const RUNGS: [&str; 4] = ["json_schema", "json_object", "numbered lines", "plain text"];

struct OpenAi {
    net: HttpClient,
    base: String,
    key: String,
    variable: String,
    model: String,
    /// Whether the server is on this machine.
    is_nearby: bool,
    rung: AtomicUsize,
    /// Newer models want `max_completion_tokens` and no temperature; a 400 that names the field
    /// switches once.
    newer: AtomicBool,
    /// Whether the server refuses to stream.
    is_whole: AtomicBool,
    /// Whether lower rungs were tried in vain after a 400 that does not say what it is about.
    tried_lower: AtomicBool,
}

impl OpenAi {
    fn new(settings: &EngineSettings, net: &HttpClient) -> Result<Self, Error> {
        let default = "https://api.openai.com/v1";
        let base = settings.base_before("OPENAI_BASE_URL", default, &["/chat/completions"])?;
        Ok(Self {
            net: net.clone(),
            is_nearby: reqwest::Url::parse(&base).is_ok_and(|url| is_loopback(&url)),
            base: if has_version(&base) {
                base
            } else {
                format!("{base}/v1")
            },
            key: settings.require("OPENAI_API_KEY")?.to_owned(),
            variable: settings.named("OPENAI_API_KEY"),
            model: settings
                .get("OPENAI_MODEL")
                .unwrap_or("gpt-4.1-mini")
                .to_owned(),
            rung: AtomicUsize::new(0),
            newer: AtomicBool::new(false),
            is_whole: AtomicBool::new(false),
            tried_lower: AtomicBool::new(false),
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
        let about = format!("{what} {code} {}", error["type"]).to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| about.contains(word));
        Some(match answer.status {
            429 if has(&["insufficient_quota", "credit_balance_exhausted"]) => Error::Quota {
                what: format!("{NAME}: {what}"),
            },
            400 if has(FILTERED) => Error::Refused { what },
            400 | 413 if has(CONTEXT) => Error::TooLarge { what },
            400 if has(UNKNOWN_MODEL) => self.wrong_setting(400, &what),
            404 => self.wrong_setting(404, &what),
            _ => return by_status(NAME, &self.variable, answer, &what),
        })
    }

    fn wrong_setting(&self, status: u16, what: &str) -> Error {
        Error::Configuration {
            what: format!("{NAME}: HTTP {status} {what}"),
            hint: format!(
                "OPENAI_MODEL names the model (`{}` now), OPENAI_BASE_URL the server ({})",
                self.model, self.base
            ),
        }
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

    /// Sends a body, and reads the answer as it is written.
    async fn send(&self, mut body: Value, answer: &mut ModelAnswer<'_>) -> Result<(), Error> {
        answer.begin();
        if !self.is_whole.load(Ordering::Relaxed) {
            body["stream"] = true.into();
        }
        let build = || {
            self.net
                .client()
                .post(format!("{}/chat/completions", self.base))
                .bearer_auth(&self.key)
                .json(&body)
        };
        let mut end = ChatEnd::default();
        let mut take = |line: &str| self.take(line, answer, &mut end);
        let patience = self.net.patience(self.is_nearby);
        let map_error = |answer: &HttpResponse| self.map_error(answer);
        let whole = (self.net).stream(NAME, &build, &map_error, patience, &mut take);
        if let Some(whole) = whole.await? {
            let value = whole.json(NAME)?;
            end.is_seen = true;
            let choice = &value["choices"][0];
            end.take(choice, &choice["message"], answer)?;
        }
        end.check(answer)
    }

    /// Reads a line of a stream.
    fn take(
        &self,
        line: &str,
        answer: &mut ModelAnswer<'_>,
        end: &mut ChatEnd,
    ) -> Result<StreamLine, Error> {
        let Some(data) = line.strip_prefix("data:").map(str::trim) else {
            return Ok(StreamLine::Idle);
        };
        if data == "[DONE]" {
            end.is_seen = true;
            return Ok(StreamLine::End);
        }
        let value: Value = serde_json::from_str(data).map_err(|_| answer.broken_line(NAME))?;
        if !value["error"].is_null() {
            let inside = HttpResponse {
                status: value["error"]["code"].as_u64().unwrap_or(500) as u16,
                headers: Vec::new(),
                body: value.to_string(),
            };
            return Err(self.map_error(&inside).unwrap_or(Error::Network {
                engine: NAME,
                what: "an error without words".into(),
            }));
        }
        let choice = &value["choices"][0];
        end.take(choice, &choice["delta"], answer)
    }

    /// One request on one rung.
    async fn ask(
        &self,
        request: &Request<'_>,
        rung: usize,
        sink: &StreamSink<'_>,
    ) -> Result<Vec<Draft>, Error> {
        let layout = match rung {
            2 => AnswerLayout::Lines,
            3 => AnswerLayout::Whole,
            _ => AnswerLayout::Json,
        };
        let mut answer = ModelAnswer::new(request, sink, layout, RUNGS[rung]);
        self.send(self.body(request, rung), &mut answer).await?;
        if rung < 3 {
            return prompt::read(answer.content(), request, RUNGS[rung]);
        }
        let item = request.items.first();
        let draft = item
            .and_then(|item| prompt::draft(item.id, answer.content().trim(), request, RUNGS[rung]));
        Ok(draft.into_iter().collect())
    }

    /// The same request on lower rungs, after a 400 that does not say what it is about. The rung
    /// that works is remembered; where none does, the form was not the reason.
    async fn ask_lower(
        &self,
        request: &Request<'_>,
        rung: usize,
        sink: &StreamSink<'_>,
        first: Error,
    ) -> Result<Vec<Draft>, Error> {
        let lowest = if request.items.len() > 1 { 2 } else { 3 };
        for lower in rung + 1..=lowest {
            match self.ask(request, lower, sink).await {
                Err(Error::Rejected { .. }) => {}
                Ok(drafts) => {
                    self.rung.fetch_max(lower, Ordering::Relaxed);
                    return Ok(drafts);
                }
                other => return other,
            }
        }
        self.tried_lower.store(true, Ordering::Relaxed);
        Err(first)
    }
}

/// Whether an address ends in a version, as `/v1`, or in the folder that Google's has behind it.
fn has_version(base: &str) -> bool {
    let last = base.rsplit('/').next().unwrap_or_default();
    let number = last.strip_prefix('v').unwrap_or_default();
    number.starts_with(|c: char| c.is_ascii_digit()) || last == "openai"
}

/// The end of an answer, as far as it was seen.
#[derive(Default)]
struct ChatEnd {
    is_seen: bool,
    reason: Option<String>,
    refusal: String,
}

impl ChatEnd {
    /// Takes a choice and its words: those of a message, or of a part of one.
    fn take(
        &mut self,
        choice: &Value,
        words: &Value,
        answer: &mut ModelAnswer<'_>,
    ) -> Result<StreamLine, Error> {
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.reason = Some(reason.to_owned());
        }
        if let Some(refusal) = words["refusal"].as_str() {
            self.refusal.push_str(refusal);
        }
        let thought = ["reasoning_content", "reasoning"]
            .iter()
            .any(|name| words[*name].as_str().is_some_and(|text| !text.is_empty()));
        match words["content"].as_str().filter(|text| !text.is_empty()) {
            Some(text) => answer.push(text)?,
            None if thought => answer.aside(),
            None => return Ok(StreamLine::Idle),
        }
        Ok(StreamLine::Content)
    }

    /// Looked at before the answer is read: what was cut off or refused is none.
    fn check(self, answer: &ModelAnswer<'_>) -> Result<(), Error> {
        match self.reason.as_deref() {
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
            None if !self.is_seen && !answer.content().is_empty() => {
                return Err(Error::Interrupted {
                    engine: NAME,
                    what: "its answer ended early".into(),
                    is_silence: false,
                });
            }
            None if !self.is_seen => {
                return Err(Error::Protocol {
                    engine: NAME,
                    what: "its answer has no events".into(),
                });
            }
            _ => {}
        }
        if self.refusal.is_empty() {
            return Ok(());
        }
        Err(Error::Refused {
            what: self.refusal.chars().take(120).collect(),
        })
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
        self.translate_streamed(request, &|_| {})
    }

    fn translate_streamed<'a>(
        &'a self,
        request: &'a Request<'a>,
        sink: &'a StreamSink<'a>,
    ) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            loop {
                let rung = self.rung.load(Ordering::Relaxed);
                if rung == 3 && request.items.len() > 1 {
                    return Err(Error::Mismatch {
                        what: "this server takes one segment per request".into(),
                    });
                }
                match self.ask(request, rung, sink).await {
                    Err(Error::Rejected { engine, what }) => {
                        let lower = what.to_lowercase();
                        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
                        let switch = |flag: &AtomicBool| !flag.swap(true, Ordering::Relaxed);
                        let is_field = has(&["max_tokens", "temperature", "seed"]);
                        if is_field && switch(&self.newer)
                            || has(&["stream"]) && switch(&self.is_whole)
                        {
                            continue;
                        }
                        let error = Error::Rejected { engine, what };
                        if rung == 3 {
                            return Err(error);
                        } else if has(FORM) {
                            self.rung.fetch_max(rung + 1, Ordering::Relaxed);
                        } else if self.tried_lower.load(Ordering::Relaxed) {
                            return Err(error);
                        } else {
                            return self.ask_lower(request, rung, sink, error).await;
                        }
                    }
                    // A single segment that cannot be read as JSON is asked for as plain text, for
                    // this time only.
                    Err(Error::Mismatch { .. }) if request.items.len() == 1 && rung < 3 => {
                        return self.ask(request, 3, sink).await;
                    }
                    other => return other,
                }
            }
        })
    }

    fn starts_small(&self) -> bool {
        self.is_nearby
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
            let mut answer = ModelAnswer::plain(&|_| {});
            self.send(body, &mut answer).await?;
            Ok(prompt::read_edit(answer.content(), change))
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(probe_by_greeting(self))
    }
}
