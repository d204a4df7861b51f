//! Ollama's own interface: the schema goes into `format`, the answer is streamed as lines, and the
//! context is made large enough for the request.

use super::http::{HttpResponse, StreamLine, by_status};
use super::model_answer::{AnswerLayout, ModelAnswer};
use super::probe::probe_by_greeting;
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Limits,
    Request, StreamSink, TermEdit, prompt,
};
use crate::bitext::Text;
use serde_json::{Value, json};

const NAME: &str = "ollama";

/// Ollama's row.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "a language model served by Ollama, on this machine or another",
    keys: &[
        EngineKey {
            name: "OLLAMA_HOST",
            help: "address of the server, such as http://127.0.0.1:11434",
            secret: false,
        },
        EngineKey {
            name: "OLLAMA_MODEL",
            help: "name of the language model (default llama3.1)",
            secret: false,
        },
    ],
    sends_text_out: false,
    carries_codes: true,
    own_glossary: true,
    price: None,
    build: Build::Http(|settings, net| Ok(Box::new(Ollama::new(settings, net)?))),
};

struct Ollama {
    net: HttpClient,
    base: String,
    model: String,
}

impl Ollama {
    fn new(settings: &EngineSettings, net: &HttpClient) -> Result<Self, Error> {
        settings.require("OLLAMA_HOST")?;
        Ok(Self {
            net: net.clone(),
            base: settings.base_before("OLLAMA_HOST", "", &["/api/chat", "/api", "/v1"])?,
            model: settings
                .get("OLLAMA_MODEL")
                .unwrap_or("llama3.1")
                .to_owned(),
        })
    }
}

impl Ollama {
    /// Sends one question, and reads the answer as it is written.
    async fn chat(
        &self,
        system: &str,
        user: &str,
        format: Value,
        answer: &mut ModelAnswer<'_>,
    ) -> Result<(), Error> {
        // The default context is small and cuts the input silently; three characters a token is on
        // the safe side.
        let tokens = (system.len() + 2 * user.len()) / 3 + 1024;
        let body = json!({
            "model": self.model,
            "stream": true,
            "format": format,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "options": {"temperature": 0, "seed": 1, "num_ctx": tokens.next_power_of_two().max(4096), "num_predict": user.len() / 2 + 512},
        });
        let build = || {
            self.net
                .client()
                .post(format!("{}/api/chat", self.base))
                .json(&body)
        };
        answer.begin();
        let mut reason = None;
        let mut take = |line: &str| take(line, answer, &mut reason);
        // Ollama runs on the user's own machines and loads a model when it is first asked.
        let patience = self.net.patience(true);
        let whole = self
            .net
            .stream(NAME, &build, &map_error, patience, &mut take);
        if let Some(whole) = whole.await? {
            take(&whole.json(NAME)?.to_string())?;
        }
        match reason.as_deref() {
            Some("length") => Err(Error::Mismatch {
                what: "the answer was cut off".into(),
            }),
            Some(_) => Ok(()),
            None if answer.content().is_empty() => Err(Error::Protocol {
                engine: NAME,
                what: "its answer has no lines".into(),
            }),
            None => Err(Error::Interrupted {
                engine: NAME,
                what: "its answer ended early".into(),
                is_silence: false,
            }),
        }
    }
}

/// Reads a line of a stream; `reason` is why the answer ended.
fn take(
    line: &str,
    answer: &mut ModelAnswer<'_>,
    reason: &mut Option<String>,
) -> Result<StreamLine, Error> {
    if line.is_empty() {
        return Ok(StreamLine::Idle);
    }
    let value: Value = serde_json::from_str(line).map_err(|_| answer.broken_line(NAME))?;
    if let Some(what) = value["error"].as_str() {
        return Err(Error::Network {
            engine: NAME,
            what: what.to_owned(),
        });
    }
    let message = &value["message"];
    let text = message["content"].as_str().unwrap_or_default();
    let thought = message["thinking"].as_str().unwrap_or_default();
    if !text.is_empty() {
        answer.push(text)?;
    } else if !thought.is_empty() {
        answer.aside();
    }
    if value["done"] == json!(true) {
        let own = value["done_reason"].as_str().unwrap_or("stop");
        *reason = Some(own.to_owned());
        return Ok(StreamLine::End);
    }
    Ok(if text.is_empty() && thought.is_empty() {
        StreamLine::Idle
    } else {
        StreamLine::Content
    })
}

/// Errors are a string here, and may come under HTTP 200.
fn map_error(answer: &HttpResponse) -> Option<Error> {
    let body: Value =
        serde_json::from_str(answer.body.lines().last().unwrap_or_default()).unwrap_or_default();
    let what = body["error"].as_str().unwrap_or_default();
    match answer.status {
        200..=299 if !what.is_empty() => Some(Error::Network {
            engine: NAME,
            what: what.to_owned(),
        }),
        404 => Some(Error::Configuration {
            what: format!("{NAME}: {what}"),
            hint: "`ollama pull NAME` fetches a model; OLLAMA_MODEL names it".into(),
        }),
        _ => by_status(NAME, "OLLAMA_HOST", answer, what),
    }
}

impl Engine for Ollama {
    fn name(&self) -> &str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 10,
            bytes: 50_000,
            characters: 3_000,
            concurrency: 1,
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
            let mut answer = ModelAnswer::new(request, sink, AnswerLayout::Json, "schema");
            let (system, user) = (prompt::system(request), prompt::user(request));
            self.chat(&system, &user, prompt::schema(), &mut answer)
                .await?;
            prompt::read(answer.content(), request, "schema")
        })
    }

    fn starts_small(&self) -> bool {
        true
    }

    fn post_edits(&self) -> bool {
        true
    }

    fn post_edit<'a>(&'a self, change: &'a TermEdit<'a>) -> BoxFuture<'a, Option<Text>> {
        Box::pin(async move {
            let (system, user) = (prompt::edit_system(change), prompt::edit_user(change));
            let mut answer = ModelAnswer::plain(&|_| {});
            self.chat(&system, &user, json!("json"), &mut answer)
                .await?;
            Ok(prompt::read_edit(answer.content(), change))
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(probe_by_greeting(self))
    }
}
