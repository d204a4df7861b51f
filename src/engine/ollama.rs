//! Ollama's own interface: the schema goes into `format`, streaming is off, and the context is made
//! large enough for the request.

use super::http::{HttpResponse, by_status};
use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, HttpClient, Limits,
    Request, TermEdit, prompt,
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
            base: settings.base("OLLAMA_HOST", "")?,
            model: settings
                .get("OLLAMA_MODEL")
                .unwrap_or("llama3.1")
                .to_owned(),
        })
    }
}

impl Ollama {
    /// Sends one question and gives the words of the answer.
    async fn chat(&self, system: &str, user: &str, format: Value) -> Result<String, Error> {
        // The default context is small and cuts the input silently; three characters a token is on
        // the safe side.
        let tokens = (system.len() + 2 * user.len()) / 3 + 1024;
        let body = json!({
            "model": self.model,
            "stream": false,
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
        let answer = self.net.send(NAME, &build, &map_error).await?.json(NAME)?;
        if answer["done_reason"] == "length" {
            return Err(Error::Mismatch {
                what: "the answer was cut off".into(),
            });
        }
        Ok(answer["message"]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }
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
        Box::pin(async move {
            let content = self
                .chat(
                    &prompt::system(request),
                    &prompt::user(request),
                    prompt::schema(),
                )
                .await?;
            prompt::read(&content, request, "schema")
        })
    }

    fn post_edits(&self) -> bool {
        true
    }

    fn post_edit<'a>(&'a self, change: &'a TermEdit<'a>) -> BoxFuture<'a, Option<Text>> {
        Box::pin(async move {
            let (system, user) = (prompt::edit_system(change), prompt::edit_user(change));
            let content = self.chat(&system, &user, json!("json")).await?;
            Ok(prompt::read_edit(&content, change))
        })
    }

    fn probe<'a>(&'a self) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let build = || self.net.client().get(format!("{}/api/tags", self.base));
            let answer = self.net.send(NAME, &build, &map_error).await?.json(NAME)?;
            let names: Vec<&str> = answer["models"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|m| m["name"].as_str())
                .take(5)
                .collect();
            Ok(format!("models: {}", names.join(", ")))
        })
    }
}
