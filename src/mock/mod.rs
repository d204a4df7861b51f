//! A server that speaks the dialect of every engine on one loopback port, and injects their faults.
//!
//! It shares no code with the clients: if both took their structs from one place, they could agree on a wrong wire format and every test would be
//! green. It never opens a connection itself.

mod answers;
pub mod faults;
mod models;
mod services;

pub use answers::Answers;
pub use faults::Fault;
pub use services::Dialect;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Response, Uri};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// How the mock behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Where the words come from.
    pub answers: Answers,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Every answer comes this long after its request.
    pub latency: Duration,
    /// Whether an engine's own glossary is applied to the words.
    pub applies_terms: bool,
    /// Decides what happens at a rate.
    pub seed: u64,
    /// Characters after which the quota is used up.
    pub quota: u64,
    /// Who is asked for what the cassette lacks.
    pub live: Option<Live>,
}

/// What a real engine makes of texts, one for one; an error is told to the client.
pub type Asker = dyn Fn(Vec<String>) -> Pin<Box<dyn Future<Output = Result<Vec<String>, String>> + Send>>
    + Send
    + Sync;

/// Somebody outside who can be asked; the mock itself opens no connection.
#[derive(Clone)]
pub struct Live(pub Arc<Asker>);

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Live")
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            answers: Answers::Gloss,
            faults: Vec::new(),
            latency: Duration::ZERO,
            applies_terms: true,
            seed: 1,
            quota: 1_250_000,
            live: None,
        }
    }
}

/// A request that arrived. Keys are not kept.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Whose dialect.
    pub dialect: Option<Dialect>,
    /// GET, POST.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The body.
    pub body: String,
    /// How many texts were to be translated.
    pub texts: usize,
}

/// What an answer is made of.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![(
                "content-type".into(),
                "application/json; charset=utf-8".into(),
            )],
            body: body.to_string().into_bytes(),
        }
    }

    fn html(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), "text/html".into())],
            body: body.as_bytes().to_vec(),
        }
    }

    fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    fn with(mut self, name: &str, value: String) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }
}

/// A question that was understood.
#[derive(Debug, Clone)]
pub struct Asked {
    texts: Vec<String>,
    terms: Vec<(String, String)>,
    ids: Vec<u64>,
    single: bool,
    lines: bool,
    escapes: bool,
    glossary: bool,
    /// One term of an English text is to be changed.
    edit: bool,
}

impl Asked {
    fn new(texts: Vec<String>, terms: Vec<(String, String)>) -> Self {
        Self {
            texts,
            terms,
            ids: Vec::new(),
            single: false,
            lines: false,
            escapes: false,
            glossary: false,
            edit: false,
        }
    }
}

/// A named glossary: its entries as source and target.
type Named = (String, Vec<(String, String)>);

/// DeepL's glossaries, by id.
#[derive(Debug, Default)]
pub struct Terms {
    glossaries: Mutex<BTreeMap<String, Named>>,
}

impl Terms {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Named>> {
        self.glossaries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn glossary(&self, id: &str) -> Option<Vec<(String, String)>> {
        self.lock().get(id).map(|(_, pairs)| pairs.clone())
    }

    /// `POST /v3/glossaries`
    fn create(&self, body: &Value) -> Reply {
        let bad = |message: &str| services::error(Dialect::DeepL, 400, message, "");
        let Some(name) = body["name"].as_str() else {
            return bad("Missing or invalid argument: name");
        };
        let dictionary = &body["dictionaries"][0];
        if dictionary["source_lang"] != "nl" || dictionary["target_lang"] != "en" {
            return bad("Unsupported glossary source and target language pair");
        }
        let mut pairs: Vec<(String, String)> = Vec::new();
        for line in dictionary["entries"].as_str().unwrap_or_default().lines() {
            let Some((source, target)) = line.split_once('\t') else {
                return bad("Invalid glossary entries provided");
            };
            if source.is_empty()
                || target.is_empty()
                || pairs.iter().any(|(s, _)| s == source)
                || source.trim() != source
            {
                return bad("Invalid glossary entries provided");
            }
            pairs.push((source.to_owned(), target.to_owned()));
        }
        let mut glossaries = self.lock();
        let id = format!("00000000-0000-4000-8000-{:012}", glossaries.len() + 1);
        let answer = described(&id, name, pairs.len());
        glossaries.insert(id, (name.to_owned(), pairs));
        Reply::json(201, &answer)
    }

    fn list(&self) -> Reply {
        let list: Vec<Value> = self
            .lock()
            .iter()
            .map(|(id, (name, pairs))| described(id, name, pairs.len()))
            .collect();
        Reply::json(200, &json!({"glossaries": list}))
    }
}

fn described(id: &str, name: &str, count: usize) -> Value {
    json!({"glossary_id": id, "name": name, "dictionaries": [{"source_lang": "nl", "target_lang": "en", "entry_count": count}], "creation_time": "2026-01-01T00:00:00.000Z"})
}

/// What the server remembers.
struct State {
    options: Options,
    answers: Mutex<Answers>,
    faults: Mutex<Vec<Fault>>,
    recorded: Mutex<Vec<Recorded>>,
    terms: Terms,
    characters: Mutex<u64>,
}

/// A running mock. Dropping it ends it.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    done: Option<tokio::task::JoinHandle<()>>,
}

impl Server {
    /// Its address, such as `http://127.0.0.1:4711`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.state.recorded).clone()
    }

    /// Forgets the requests so far, so that faults count anew.
    pub fn forget(&self) {
        lock(&self.state.recorded).clear();
    }

    /// Sets what goes wrong from now on.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.state.faults) = faults;
    }

    /// Ends it and waits until it has ended.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(done) = self.done.take() {
            let _ = done.await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the mock on the loopback address.
///
/// Errors: what the system says if the port cannot be had.
pub async fn start(options: Options) -> std::io::Result<Server> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", options.port)).await?;
    let address = listener.local_addr()?;
    let state = Arc::new(State {
        answers: Mutex::new(options.answers.clone()),
        faults: Mutex::new(options.faults.clone()),
        options,
        recorded: Mutex::default(),
        terms: Terms::default(),
        characters: Mutex::new(0),
    });
    let shared = Arc::clone(&state);
    let app = axum::Router::new()
        .fallback(
            move |method: Method, uri: Uri, headers: HeaderMap, body: axum::body::Bytes| {
                let state = Arc::clone(&shared);
                async move {
                    // What the answer takes to be made is part of the latency.
                    let due = tokio::time::Instant::now() + state.options.latency;
                    let answer = answer(&state, &method, &uri, &headers, &body).await;
                    if !state.options.latency.is_zero() {
                        tokio::time::sleep_until(due).await;
                    }
                    answer
                }
            },
        )
        .layer(axum::extract::DefaultBodyLimit::max(16 << 20));
    let (stop, stopped) = oneshot::channel::<()>();
    let done = tokio::spawn(async move {
        let ended = async {
            let _ = stopped.await;
        };
        let _ = axum::serve(listener, app)
            .with_graceful_shutdown(ended)
            .await;
    });
    Ok(Server {
        address,
        state,
        stop: Some(stop),
        done: Some(done),
    })
}

/// A number in 0..1 that depends on the seed and the request alone.
fn roll(seed: u64, count: u64, salt: u64) -> f64 {
    let mut x =
        seed ^ count.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 31;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^= x >> 29;
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

async fn answer(
    state: &State,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Response<Body> {
    let query = uri.query().unwrap_or_default();
    let found = services::dialect(uri.path(), query);
    let parsed: Value = serde_json::from_slice(body).unwrap_or_default();
    let asked = found
        .as_ref()
        .filter(|(_, path)| method == Method::POST && is_translation(path))
        .map(|(dialect, _)| {
            let header = |name: &str| {
                headers
                    .get(name)
                    .and_then(|v| v.to_str().ok())
                    .map(str::to_owned)
            };
            services::key(*dialect, &header)
                .and_then(|()| services::ask(*dialect, query, &parsed, &state.terms))
        });
    let texts = match &asked {
        Some(Ok(asked)) => asked.texts.len(),
        _ => 0,
    };
    let count = {
        let mut recorded = lock(&state.recorded);
        let count = recorded.iter().filter(|r| r.texts > 0).count() as u64;
        recorded.push(Recorded {
            dialect: found.as_ref().map(|(dialect, _)| *dialect),
            method: method.to_string(),
            path: uri
                .path_and_query()
                .map_or_else(String::new, |p| p.as_str().to_owned()),
            body: String::from_utf8_lossy(body).into_owned(),
            texts,
        });
        count
    };
    let Some((dialect, path)) = found else {
        return build(
            Reply::json(
                404,
                &json!({"error": format!("the mock knows no {}", uri.path())}),
            ),
            None,
        );
    };
    let mut faults: Vec<Fault> = lock(&state.faults).clone();
    let own = headers
        .get("x-overzet-fault")
        .and_then(|v| v.to_str().ok())
        .and_then(|spec| faults::parse(spec).ok());
    faults.extend(own);
    let struck: Vec<Fault> = if texts > 0 {
        faults
            .into_iter()
            .enumerate()
            .filter(|(salt, fault)| {
                fault.strikes(count, roll(state.options.seed, count, *salt as u64))
            })
            .map(|(_, fault)| fault)
            .collect()
    } else {
        Vec::new()
    };
    for fault in &struck {
        if let Some(reply) = transport(fault, dialect).await {
            return build(reply, None);
        }
    }
    let reply = match asked {
        Some(Ok(asked)) => match record(state, &asked).await {
            Ok(()) => translate(state, dialect, &asked, &struck),
            Err(what) => services::error(dialect, 502, &what, "upstream"),
        },
        Some(Err(reply)) => reply,
        None => other(state, dialect, method, &path, &parsed),
    };
    let shape = struck.iter().find(|f| {
        [
            "cut",
            "truncated",
            "bom",
            "html-200",
            "empty-200",
            "error-200",
        ]
        .contains(&f.name)
    });
    build(reply, shape.map(|f| f.name))
}

fn is_translation(path: &str) -> bool {
    [
        "/v2/translate",
        "/language/translate/v2",
        "/translate",
        "/v1/chat/completions",
        "/api/chat",
    ]
    .contains(&path)
        || path.ends_with(":translateText")
}

/// Faults that answer in place of the service.
async fn transport(fault: &Fault, dialect: Dialect) -> Option<Reply> {
    let limited = services::error(dialect, 429, "Too many requests", "rate_limit_exceeded");
    Some(match fault.name {
        "429" => limited,
        "429-seconds" => limited.with("retry-after", format!("{}", fault.value.unwrap_or(1.0))),
        "429-date" => limited.with("retry-after", "Thu, 01 Jan 1970 00:00:02 GMT".into()),
        "429-ms" => limited.with(
            "retry-after-ms",
            format!("{}", fault.value.unwrap_or(100.0)),
        ),
        "quota" => services::quota(dialect),
        "401" => services::error(dialect, 401, "the key is not valid", "invalid_api_key"),
        "403" => Reply::empty(403),
        "413" => Reply::html(
            413,
            "<html><body><h1>413 Request Entity Too Large</h1></body></html>",
        ),
        "500" => Reply::empty(500),
        "502" => Reply::html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
        "503" => services::error(dialect, 503, "Service unavailable", "503000"),
        "529" => Reply::empty(529),
        "hang" => {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            Reply::empty(504)
        }
        "slow" => {
            tokio::time::sleep(Duration::from_millis(fault.value.unwrap_or(500.0) as u64)).await;
            return None;
        }
        _ => return None,
    })
}

/// Asks outside for what the cassette lacks, and keeps it.
async fn record(state: &State, asked: &Asked) -> Result<(), String> {
    let Some(live) = &state.options.live else {
        return Ok(());
    };
    let missing = lock(&state.answers).missing(&asked.texts);
    if missing.is_empty() {
        return Ok(());
    }
    let answers = (live.0)(missing.clone()).await?;
    if answers.len() != missing.len() {
        return Err("the engine did not answer every text".into());
    }
    lock(&state.answers).learn(missing.into_iter().zip(answers));
    Ok(())
}

/// Translates the texts of a question.
fn translate(state: &State, dialect: Dialect, asked: &Asked, faults: &[Fault]) -> Reply {
    let sent: u64 = asked.texts.iter().map(|t| t.chars().count() as u64).sum();
    {
        let mut characters = lock(&state.characters);
        if *characters + sent > state.options.quota {
            return services::quota(dialect);
        }
        *characters += sent;
    }
    let answers = lock(&state.answers);
    let mut texts = Vec::with_capacity(asked.texts.len());
    for text in &asked.texts {
        // An editor that has nothing on tape leaves the sentence as it is.
        let given = if asked.edit {
            answers.recorded(text).or_else(|| Some(text.clone()))
        } else {
            answers.answer(text)
        };
        let Some(mut answer) = given else {
            let shown: String = text.chars().take(60).collect();
            return services::error(
                dialect,
                400,
                &format!("the cassette has no answer to: {shown}"),
                "not_recorded",
            );
        };
        if state.options.applies_terms {
            for (source, target) in &asked.terms {
                if text.contains(source.as_str()) {
                    answer = answer.replace(source.as_str(), target);
                }
            }
        }
        texts.push(answer);
    }
    for fault in faults {
        fault.spoil(&mut texts, &asked.texts, &asked.terms);
    }
    services::reply(dialect, asked, &texts, faults)
}

/// Everything that is no translation: usage, languages, glossaries, lists of models.
fn other(state: &State, dialect: Dialect, method: &Method, path: &str, body: &Value) -> Reply {
    let languages = json!([{"code": "nl", "name": "Dutch", "targets": ["en"]}, {"code": "en", "name": "English", "targets": ["nl"]}]);
    match (dialect, path) {
        (Dialect::DeepL, "/v2/usage") => Reply::json(
            200,
            &json!({"character_count": *lock(&state.characters), "character_limit": state.options.quota}),
        ),
        (Dialect::DeepL, "/v3/glossaries") if method == Method::POST => state.terms.create(body),
        (Dialect::DeepL, "/v3/glossaries") => state.terms.list(),
        (Dialect::DeepL, "/v3/languages") => Reply::json(
            200,
            &json!([{"lang": "nl", "name": "Dutch", "usable_as_source": true}]),
        ),
        (Dialect::Google, path) if path.ends_with("/languages") => Reply::json(
            200,
            &json!({"data": {"languages": [{"language": "nl", "name": "Dutch"}]}}),
        ),
        (Dialect::Azure | Dialect::Azure2026, "/languages") => {
            Reply::json(200, &json!({"translation": {"nl": {"name": "Dutch"}}}))
        }
        (Dialect::LibreTranslate, "/languages") => Reply::json(200, &languages),
        (Dialect::LibreTranslate, "/health") => Reply::json(200, &json!({"status": "ok"})),
        (Dialect::LibreTranslate, "/detect") => {
            Reply::json(200, &json!([{"confidence": 90.0, "language": "nl"}]))
        }
        (Dialect::LibreTranslate, "/frontend/settings") => {
            Reply::json(200, &json!({"charLimit": -1, "keyRequired": false}))
        }
        (Dialect::OpenAi, "/v1/models") => Reply::json(
            200,
            &json!({"object": "list", "data": [{"id": "mock", "object": "model"}]}),
        ),
        (Dialect::Ollama, "/api/tags") => Reply::json(200, &json!({"models": [{"name": "mock"}]})),
        _ => services::error(dialect, 404, "Not found", "not_found"),
    }
}

fn build(reply: Reply, shape: Option<&str>) -> Response<Body> {
    let mut bytes = reply.body;
    let mut status = reply.status;
    let mut builder = Response::builder();
    let mut cut = false;
    match shape {
        Some("truncated") => bytes.truncate(bytes.len() / 2),
        Some("bom") => bytes.splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
        Some("html-200") => bytes = b"<html><body>Welcome</body></html>".to_vec(),
        Some("empty-200") => bytes.clear(),
        Some("error-200") => {
            status = 200;
            bytes = br#"{"error":"something went wrong inside"}"#.to_vec();
        }
        Some("cut") => cut = true,
        _ => {}
    }
    builder = builder.status(status);
    for (name, value) in reply.headers {
        builder = builder.header(name, value);
    }
    let body = if cut {
        // A length is promised and half of it sent: the client sees a broken connection.
        bytes.truncate(bytes.len() / 2);
        let chunks = vec![
            Ok(axum::body::Bytes::from(bytes)),
            Err(std::io::Error::other("cut")),
        ];
        Body::from_stream(futures_util::stream::iter(chunks))
    } else {
        Body::from(bytes)
    };
    builder.body(body).unwrap_or_default()
}
