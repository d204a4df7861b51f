//! From a request to its answer: dialect, key, faults, words, and what the faults leave of the
//! answer.

use super::call::{BodyKind, Call};
use super::control;
use super::deepl;
use super::dialect::{self, ServiceDialect};
use super::faults::{self, Fault};
use super::fields;
use super::journal::{Recorded, body_without_keys, is_secret, without_keys};
use super::reply::Reply;
use super::service::{FaultOutcome, Refusal, Route, RouteMatch, Service, Spoken, Task, Utterance};
use super::spoil::spoil;
use super::store::MockStore;
use super::tape::Outgoing;
use super::{azure, google, libretranslate, ollama, openai};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, Response, Uri};
use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Bodies above this are refused before they are read to their end.
const LARGEST_BODY: usize = 16 << 20;
/// Most bytes of a request for a translation: DeepL's limit, and Google v2's.
const DEEPL_BODY: usize = 128 << 10;
const GOOGLE_BODY: usize = 100 << 10;

/// The service of a dialect.
fn service(dialect: ServiceDialect) -> &'static Service {
    match dialect {
        ServiceDialect::DeepL => &deepl::SERVICE,
        ServiceDialect::Google => &google::BASIC,
        ServiceDialect::GoogleV3 => &google::ADVANCED,
        ServiceDialect::Azure => &azure::V3,
        ServiceDialect::Azure2026 => &azure::V2026,
        ServiceDialect::LibreTranslate => &libretranslate::SERVICE,
        ServiceDialect::OpenAi => &openai::SERVICE,
        ServiceDialect::Ollama => &ollama::SERVICE,
    }
}

/// Answers a request.
pub async fn answer(store: &MockStore, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let (method, uri, headers) = (head.method, head.uri, head.headers);
    let found = dialect::of_path(uri.path(), uri.query().unwrap_or_default());
    let Ok(raw) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        let reply = match &found {
            Some((dialect, _)) => (service(*dialect).refuse)(Refusal::TooLarge),
            None => Reply::empty(413),
        };
        return build(reply, &[], Arc::default());
    };
    let asks_outside = store.options.live.is_some()
        || (store.options.wire.as_ref()).is_some_and(|wire| wire.forward.is_some());
    if asks_outside && is_foreign(&headers, store.options.host) {
        let what = "a mock that asks real services answers this machine's own programs alone";
        let reply = Reply::json(403, &serde_json::json!({"error": what}));
        return build(reply, &[], Arc::default());
    }
    if control::is_control(uri.path()) {
        let call = Call::read(&method, &uri, &headers, &raw).await;
        return build(control::answer(store, &call), &[], Arc::default());
    }
    let Some((dialect, path)) = found else {
        store.note(noted(None, &method, &uri, &headers, &raw));
        let what = format!(
            "{} is not a path of any service that the mock speaks for",
            uri.path()
        );
        let reply = Reply::json(404, &serde_json::json!({"error": what}));
        return build(reply, &[], Arc::default());
    };
    let mut call = Call::read(&method, &uri, &headers, &raw).await;
    call.path = path;
    call.session = session(&headers);
    let request = Recorded {
        session: call.session.clone(),
        ..noted(Some(dialect), &method, &uri, &headers, &raw)
    };
    let written = Arc::clone(&request.written);
    let (reply, struck) = attend(store, service(dialect), call, request, &raw).await;
    if !reply.is_streamed() {
        // A client that hangs up drops this future, and the model writes no further.
        let pace = pace(&struck);
        for _ in 0..reply.tokens {
            if !pace.is_zero() {
                tokio::time::sleep(pace).await;
            }
            written.fetch_add(1, Ordering::Relaxed);
        }
    }
    build(reply, &struck, written)
}

/// Whether a web page sends a request, or a name of the page's own leads here: the user's keys are
/// not for it.
fn is_foreign(headers: &HeaderMap, own: IpAddr) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or_default();
    let port = host
        .rsplit_once(':')
        .filter(|(_, port)| port.parse::<u16>().is_ok());
    let name = port.map_or(host, |(name, _)| name);
    let address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    let is_ours = match address {
        Ok(address) => address.is_loopback() || address == own,
        Err(_) => name == "localhost",
    };
    !is_ours || headers.contains_key("origin")
}

/// The time that a token takes.
fn pace(struck: &[Fault]) -> Duration {
    let own = struck.iter().find(|fault| fault.name == "pace");
    own.map_or(Duration::ZERO, |fault| millis(fault, 40.0))
}

/// The session that a request names.
fn session(headers: &HeaderMap) -> String {
    ["x-overzet-session", "mock-server-session"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// A request as the journal keeps it.
fn noted(
    dialect: Option<ServiceDialect>,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    raw: &Bytes,
) -> Recorded {
    let path = uri
        .path_and_query()
        .map_or("/", axum::http::uri::PathAndQuery::as_str);
    let kept = headers
        .iter()
        .filter(|(name, _)| !is_secret(name.as_str()))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
    Recorded {
        dialect,
        method: method.to_string(),
        path: without_keys(path),
        headers: kept.collect(),
        body: body_without_keys(&String::from_utf8_lossy(raw)),
        texts: 0,
        session: String::new(),
        status: 0,
        faults: Vec::new(),
        written: Arc::default(),
    }
}

/// The faults of a request's own headers, those of the vendor's mock included.
///
/// Errors: a fault that does not exist.
fn own_faults(call: &Call, words: bool) -> Result<Vec<Fault>, String> {
    let mut own = match call.header("x-overzet-fault") {
        Some(specs) => faults::parse_all(specs)?,
        None => Vec::new(),
    };
    let count = |name: &str| call.header(name).and_then(|n| n.parse::<u64>().ok());
    let mut alias = |name: &str, n: u64| {
        own.extend(faults::parse(&format!("{name},first={n}")));
    };
    if let Some(n) = count("mock-server-session-no-response-count") {
        alias("hang", n);
    }
    if let Some(n) = count("mock-server-session-429-count").filter(|_| words) {
        alias("429", n);
    }
    if let Some(n) = count("mock-server-session-5xx-count").filter(|_| words) {
        match count("mock-server-session-5xx-status") {
            Some(502) => alias("502", n),
            Some(503) => alias("503", n),
            Some(529) => alias("529", n),
            _ => alias("500", n),
        }
    }
    Ok(own)
}

/// Answers a request of a service, and says which faults struck.
async fn attend(
    store: &MockStore,
    service: &Service,
    mut call: Call,
    mut request: Recorded,
    raw: &Bytes,
) -> (Reply, Vec<Fault>) {
    let route = match service.find(&call.method, &call.path) {
        RouteMatch::Route(route, captures) => {
            call.captures = captures;
            Ok(route)
        }
        RouteMatch::OtherMethod => Err((service.refuse)(Refusal::NoMethod)),
        RouteMatch::Nothing => Err((service.refuse)(Refusal::NoPath(&call.path))),
    };
    let path = request.path.clone();
    let admitted = route.and_then(|route| {
        admit(store, service, route, &mut call, raw.len())?;
        Ok(route)
    });
    let is_taped = store.options.wire.is_some();
    let outcome = match &admitted {
        Ok(route) if route.words && !is_taped => Some((route.handler)(&call, store)),
        _ => None,
    };
    let texts: Vec<&str> = match &outcome {
        Some(Ok(FaultOutcome::Words(task))) => {
            task.utterances.iter().map(|u| u.text.as_str()).collect()
        }
        _ => Vec::new(),
    };
    request.texts = texts.len();
    let is_words = admitted.as_ref().is_ok_and(|route| route.words);
    let own = match own_faults(&call, is_words) {
        Ok(own) => own,
        Err(what) => return ((service.refuse)(Refusal::Invalid(&what)), Vec::new()),
    };
    let struck = store.struck(&call.session, &call.path, &texts, own);
    request.faults = struck.iter().map(|fault| fault.name).collect();
    let number = store.note(request);
    let reply = match transport(&struck, service).await {
        Some(reply) => reply,
        None => match (admitted, outcome) {
            (Err(refused), _) => refused,
            (Ok(_), _) if is_taped => replay(store, service, outgoing(&call, &path, raw)).await,
            (Ok(_), Some(outcome)) => finish(store, service, &call, outcome, &struck).await,
            (Ok(route), None) => {
                finish(
                    store,
                    service,
                    &call,
                    (route.handler)(&call, store),
                    &struck,
                )
                .await
            }
        },
    };
    store.answered(number, reply.status);
    (reply, struck)
}

/// A request as it is passed on.
fn outgoing(call: &Call, path: &str, raw: &Bytes) -> Outgoing {
    let dropped = ["host", "content-length", "connection", "accept-encoding"];
    let kept = call.headers.iter().filter(|(name, _)| {
        !dropped.contains(&name.as_str()) && !name.as_str().starts_with("x-overzet-")
    });
    let secret = call.query.iter().filter(|(name, _)| is_secret(name));
    let mut path = path.to_owned();
    for (name, value) in secret {
        let joint = if path.contains('?') { '&' } else { '?' };
        let field = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, value)
            .finish();
        path.push(joint);
        path.push_str(&field);
    }
    Outgoing {
        method: call.method.clone(),
        path,
        headers: kept
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect(),
        body: raw.to_vec(),
    }
}

/// The recorded answer to a request, or else that of the real service, which is recorded.
async fn replay(store: &MockStore, service: &Service, request: Outgoing) -> Reply {
    let refused = |what: &str| (service.refuse)(Refusal::Upstream(what));
    let Some(wire) = &store.options.wire else {
        return refused("nothing is recorded");
    };
    let known = store.tape().find(&request, wire.forward.is_none());
    let forward = match (known, &wire.forward) {
        (Some(reply), _) => return reply,
        (None, Some(forward)) => forward,
        (None, None) => {
            return refused("the recorded traffic has no answer to this request");
        }
    };
    match forward(request.clone()).await {
        Ok(told) => match store.tape().record(&wire.path, &request, told) {
            Ok(reply) => reply,
            Err(error) => refused(&format!(
                "{} cannot be written: {error}",
                wire.path.display()
            )),
        },
        Err(what) => refused(&what),
    }
}

/// Whether a body says what it is, and is of a kind that services read.
fn has_media_type(call: &Call) -> bool {
    call.header("content-type").is_some() && call.kind != BodyKind::Other
}

/// Checks the key and the body of a request before its route sees it.
fn admit(
    store: &MockStore,
    service: &Service,
    route: &Route,
    call: &mut Call,
    size: usize,
) -> Result<(), Reply> {
    let refuse = |why: Refusal| Err((service.refuse)(why));
    use ServiceDialect::{Azure, Azure2026, DeepL, Google, OpenAi};
    match service.dialect {
        DeepL if route.words && call.kind != BodyKind::Multipart && size > DEEPL_BODY => {
            return refuse(Refusal::TooLarge);
        }
        Google if route.words && size > GOOGLE_BODY => {
            return refuse(Refusal::Invalid("Text too long"));
        }
        Azure
            if call
                .asked("api-version")
                .is_some_and(|version| version != "3.0") =>
        {
            return Err(azure::unknown_version());
        }
        DeepL | Azure | Azure2026 | OpenAi if size > 0 && !has_media_type(call) => {
            return refuse(Refusal::MediaType);
        }
        _ => {}
    }
    if let Some(what) = &call.malformed {
        return refuse(Refusal::Malformed(what));
    }
    let key = (service.key)(call);
    if route.needs_key {
        match key {
            Some(key) => match store.owner(service.dialect, &key) {
                Ok(owner) => call.account = owner,
                Err(()) => return refuse(Refusal::BadKey),
            },
            None if service.key_is_optional && store.options.keys.is_empty() => {
                service.dialect.name().clone_into(&mut call.account);
            }
            None => return refuse(Refusal::NoKey),
        }
    }
    if let Some(description) = &store.options.strict
        && service.dialect == ServiceDialect::DeepL
    {
        deepl::strict(description, call)?;
    }
    let is_strict = store.options.is_strict;
    if let Some(what) = fields::complaint(service.dialect, route.path, call, is_strict) {
        return refuse(Refusal::Invalid(&what));
    }
    Ok(())
}

/// Gets the words that an outcome wants, and makes the answer.
async fn finish(
    store: &MockStore,
    service: &Service,
    call: &Call,
    outcome: Result<FaultOutcome, Reply>,
    struck: &[Fault],
) -> Reply {
    let task = match outcome {
        Ok(FaultOutcome::Words(task)) => task,
        Ok(FaultOutcome::Done(reply)) | Err(reply) => return reply,
    };
    if let Some(refused) = model_refusal(service, call, &task, struck) {
        return refused;
    }
    if let Err(what) = record(store, &task.utterances).await {
        return (service.refuse)(Refusal::Upstream(&what));
    }
    translate(store, service, call, task, struck)
}

/// The refusal of a model's server that depends on the request: the form of the answer, or a
/// context that is too small.
fn model_refusal(service: &Service, call: &Call, task: &Task, struck: &[Fault]) -> Option<Reply> {
    let of = |name: &str| struck.iter().find(|fault| fault.name == name);
    let is_openai = service.dialect == ServiceDialect::OpenAi;
    if of("format-400").is_some() && is_openai && !call.body["response_format"].is_null() {
        return Some((service.refuse)(Refusal::Invalid(
            "response_format is not supported by this server",
        )));
    }
    let most = of("context")?.value.unwrap_or(4_096.0) as usize;
    (task.prompt_tokens > most).then(|| {
        if is_openai {
            openai::context_exceeded(most)
        } else {
            let what = "the prompt is longer than the context of the model";
            (service.refuse)(Refusal::Invalid(what))
        }
    })
}

/// Faults that answer in place of the service.
async fn transport(struck: &[Fault], service: &Service) -> Option<Reply> {
    for fault in struck {
        let limited = || (service.refuse)(Refusal::RateLimited);
        let number = |default: f64| format!("{}", fault.value.unwrap_or(default));
        return Some(match fault.name {
            "429" => limited(),
            "429-seconds" => limited().with("retry-after", number(1.0)),
            "429-date" => limited().with("retry-after", "Thu, 01 Jan 1970 00:00:02 GMT"),
            "429-ms" => limited().with("retry-after-ms", number(100.0)),
            "quota" => (service.refuse)(Refusal::Quota),
            "400" => (service.refuse)(Refusal::Invalid("the request cannot be processed")),
            "401" => {
                let mut reply = (service.refuse)(Refusal::BadKey);
                reply.status = 401;
                reply
            }
            "403" => Reply::empty(403),
            "413" => Reply::html(
                413,
                "<html><body><h1>413 Request Entity Too Large</h1></body></html>",
            ),
            "500" => Reply::empty(500),
            "502" => Reply::html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
            "503" => (service.refuse)(Refusal::Unavailable),
            "529" => Reply::empty(529),
            "filtered-400" => match service.dialect {
                ServiceDialect::OpenAi => openai::filtered(),
                _ => (service.refuse)(Refusal::Invalid("the content filter refuses this text")),
            },
            "hang" => {
                tokio::time::sleep(Duration::from_secs(3_600)).await;
                Reply::empty(504)
            }
            "slow" => {
                tokio::time::sleep(millis(fault, 500.0)).await;
                continue;
            }
            _ => continue,
        });
    }
    None
}

/// The time that a fault names.
fn millis(fault: &Fault, default: f64) -> Duration {
    Duration::from_millis(fault.value.unwrap_or(default) as u64)
}

/// Asks outside for the words that the cassette lacks, and keeps them.
async fn record(store: &MockStore, utterances: &[Utterance]) -> Result<(), String> {
    let Some(live) = &store.options.live else {
        return Ok(());
    };
    let texts = utterances.iter().map(|u| u.text.as_str());
    let missing = store.answers().missing(texts);
    if missing.is_empty() {
        return Ok(());
    }
    let answers = (live.0)(missing.clone()).await?;
    if answers.len() != missing.len() {
        return Err("the engine did not answer every text".into());
    }
    store.answers().learn(missing.into_iter().zip(answers));
    Ok(())
}

/// Translates the texts of a task, and lets the faults at them.
fn translate(
    store: &MockStore,
    service: &Service,
    call: &Call,
    task: Task,
    struck: &[Fault],
) -> Reply {
    let sent = task.characters();
    let billed = store.account(call, |account| {
        let has_room = account.has_room(sent);
        if has_room {
            account.characters += sent;
        }
        has_room
    });
    if !billed {
        return (service.refuse)(Refusal::Quota);
    }
    let applied: &[_] = if store.options.applies_terms {
        &task.terms
    } else {
        &[]
    };
    let (mut texts, mut sources) = (Vec::new(), Vec::new());
    for utterance in &task.utterances {
        let answers = store.answers();
        let text = &utterance.text;
        let source = match &utterance.source {
            Some(source) => (source.clone(), 1.0),
            None => answers.language(text),
        };
        let pair = (source.0.as_str(), utterance.target.as_str());
        // An editor that has nothing on tape leaves the sentence as it is.
        let given = if task.is_edit {
            answers.recorded(text, pair).or_else(|| Some(text.clone()))
        } else {
            answers.answer(text, pair, applied)
        };
        let Some(answer) = given else {
            let shown: String = text.chars().take(60).collect();
            let what = format!("the cassette has no answer to: {shown}");
            return (service.refuse)(Refusal::Invalid(&what));
        };
        texts.push(answer);
        sources.push(source);
    }
    let asked: Vec<String> = task.utterances.iter().map(|u| u.text.clone()).collect();
    for fault in struck {
        spoil(fault, &mut texts, &asked, &task.terms);
    }
    let spoken = Spoken {
        texts,
        asked: &task.utterances,
        sources,
        faults: struck,
    };
    let reply = (task.finish)(store, &spoken);
    if spoken.has("no-text") && !service.dialect.is_model() {
        return lacking_text(reply);
    }
    reply
}

/// The answer with the first text taken out, its place left empty.
fn lacking_text(reply: Reply) -> Reply {
    let Ok(mut value) = serde_json::from_slice::<Value>(&reply.body()) else {
        return reply;
    };
    take_text(&mut value);
    Reply {
        parts: vec![value.to_string().into_bytes()],
        ..reply
    }
}

fn take_text(value: &mut Value) -> bool {
    match value {
        Value::Object(object) => {
            let own = ["text", "translatedText"]
                .into_iter()
                .find(|name| object.get(*name).is_some_and(Value::is_string));
            match own {
                Some(name) => object.remove(name).is_some(),
                None => object.values_mut().any(take_text),
            }
        }
        Value::Array(list) if list.first().is_some_and(Value::is_string) => {
            list[0] = Value::Null;
            true
        }
        Value::Array(list) => list.iter_mut().any(take_text),
        _ => false,
    }
}

/// How a body ends.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Whole,
    Cut,
    /// After so many parts nothing comes any more; without a number, after half of them.
    Never(Option<usize>),
}

/// The response, after the faults in its shape.
///
/// `written` counts the tokens of a stream as they go out.
fn build(mut reply: Reply, struck: &[Fault], written: Arc<AtomicUsize>) -> Response<Body> {
    let mut ending = Ending::Whole;
    for fault in struck {
        match fault.name {
            "truncated" => {
                let mut body = reply.body();
                body.truncate(body.len() / 2);
                reply.parts = vec![body];
            }
            "bom" => reply.parts.insert(0, b"\xef\xbb\xbf".to_vec()),
            "html-200" => reply.parts = vec![b"<html><body>Welcome</body></html>".to_vec()],
            "empty-200" => reply.parts = vec![Vec::new()],
            "error-200" => {
                reply.status = 200;
                fail_inside(&mut reply);
            }
            "cut" => ending = Ending::Cut,
            "stall" => ending = Ending::Never(fault.value.map(|tokens| tokens as usize)),
            _ => {}
        }
    }
    if struck.iter().any(|fault| fault.name == "bom") {
        reply.parts = vec![reply.body()];
    }
    let mut builder = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    let body = if reply.is_streamed() || ending != Ending::Whole {
        in_parts(reply.parts, pace(struck), ending, written)
    } else {
        Body::from(reply.body())
    };
    builder.body(body).unwrap_or_default()
}

/// An error under status 200: in place of the body, or in the middle of a stream.
fn fail_inside(reply: &mut Reply) {
    let what = "something went wrong inside";
    let line = format!("{{\"error\":\"{what}\"}}");
    if !reply.is_streamed() {
        reply.parts = vec![line.into_bytes()];
        return;
    }
    let is_events = reply
        .headers
        .iter()
        .any(|(_, value)| value.starts_with("text/event-stream"));
    reply.parts.truncate(reply.parts.len() / 2);
    reply.parts.push(if is_events {
        format!("data: {{\"error\":{{\"message\":\"{what}\",\"type\":\"server_error\"}}}}\n\n")
            .into_bytes()
    } else {
        format!("{line}\n").into_bytes()
    });
}

/// A body that goes out part by part, each after the time of a token.
fn in_parts(
    mut parts: Vec<Vec<u8>>,
    pace: Duration,
    ending: Ending,
    written: Arc<AtomicUsize>,
) -> Body {
    if ending != Ending::Whole {
        // A length is promised and half of it sent: the client sees a broken connection, or waits.
        if parts.len() == 1 {
            let half = parts[0].len() / 2;
            parts[0].truncate(half);
        } else {
            let kept = match ending {
                Ending::Never(Some(tokens)) => tokens,
                _ => parts.len() / 2,
            };
            parts.truncate(kept);
        }
    }
    let state = (parts.into_iter(), ending, written);
    Body::from_stream(futures_util::stream::unfold(
        state,
        move |(mut rest, ending, written)| async move {
            match rest.next() {
                Some(part) => {
                    if !pace.is_zero() {
                        tokio::time::sleep(pace).await;
                    }
                    written.fetch_add(1, Ordering::Relaxed);
                    Some((Ok(Bytes::from(part)), (rest, ending, written)))
                }
                None => match ending {
                    Ending::Whole => None,
                    Ending::Cut => {
                        // The half that was sent leaves before the connection breaks.
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        let broken = Err(std::io::Error::other("cut"));
                        Some((broken, (rest, Ending::Whole, written)))
                    }
                    Ending::Never(_) => std::future::pending().await,
                },
            }
        },
    ))
}
