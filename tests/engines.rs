//! The contract of every engine of the table: order, batches, limits, errors, waits, redaction. The clock is one that only counts.

use crate::targets::{self, Canned, Counting, over_the_network};
use overzet::bitext::{LangPair, State, Text, Unit};
use overzet::engine::{
    BatchRun, BoxFuture, CancelToken, Clock, Draft, ENGINES, Engine, Error, HttpClient,
    HttpOptions, Item, Limits, Request, RunStats, translate_units,
};
use overzet::mock::{self, Fault, Server, faults};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A key that nothing may show.
pub const KEY: &str = "sleutel-die-niemand-mag-zien";

/// Engines that send nothing; all others have to be in the mock.
const WITHIN: &[&str] = &["replay", "local"];

/// An engine with its network and the clock of that.
pub struct Bench {
    engine: Box<dyn Engine>,
    net: HttpClient,
    clock: Arc<Counting>,
}

impl Bench {
    fn new(name: &str, address: &str) -> Self {
        Self::with(
            name,
            address,
            HttpOptions {
                timeout: Duration::from_secs(20),
                ..HttpOptions::default()
            },
        )
    }

    pub fn with(name: &str, address: &str, options: HttpOptions) -> Self {
        let entry = ENGINES.iter().find(|entry| entry.name == name).unwrap();
        let settings = targets::settings(name, address, KEY);
        let clock = Arc::new(Counting::default());
        let net = HttpClient::new(Arc::clone(&clock) as Arc<dyn Clock>, options).unwrap();
        Self {
            engine: entry.build(&settings, &net).unwrap(),
            net,
            clock,
        }
    }

    /// Fills units whose texts these are.
    pub fn fill(
        &self,
        texts: &[String],
        runtime: &tokio::runtime::Runtime,
    ) -> (Vec<Unit>, RunStats) {
        let mut units: Vec<Unit> = texts.iter().map(|text| Unit::new(text.as_str())).collect();
        let run = BatchRun {
            engine: &*self.engine,
            net: Some(&self.net),
            pair: &LangPair::default(),
            terms: &|_| Vec::new(),
            own_glossary: true,
            key: &|unit| unit.source.fingerprint(),
            keep: &|_, _| ControlFlow::Continue(None),
            stop: &CancelToken::default(),
            progress: &|_| {},
            max_characters: None,
            is_shuffled: None,
        };
        let filled = runtime.block_on(translate_units(&mut units, &run));
        (units, filled)
    }

    /// One request for one text.
    fn ask(&self, runtime: &tokio::runtime::Runtime) -> Result<Vec<overzet::engine::Draft>, Error> {
        let item = Item {
            id: 4,
            text: Text::from("Er zijn 12 huizen."),
            terms: Vec::new(),
        };
        let request = Request {
            pair: &LangPair::default(),
            items: &[&item],
            before: "",
            after: "",
            own_glossary: true,
        };
        runtime.block_on(self.engine.translate(&request))
    }
}

/// A runtime with a thread for the mock.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// A mock with these faults.
pub fn mock(runtime: &tokio::runtime::Runtime, specs: &[&str], seed: u64) -> Server {
    let faults: Vec<Fault> = specs
        .iter()
        .map(|spec| faults::parse(spec).unwrap())
        .collect();
    let options = mock::Options {
        faults,
        seed,
        ..mock::Options::default()
    };
    runtime.block_on(mock::start(options)).unwrap()
}

pub fn numbered(count: usize) -> Vec<String> {
    (0..count)
        .map(|i| format!("Er zijn {} huizen in wijk {}.", 1_000 + i, 5_000 + i))
        .collect()
}

#[test]
fn every_row_of_the_table_is_under_contract() {
    for entry in ENGINES {
        let known = over_the_network().contains(&entry.name) || WITHIN.contains(&entry.name);
        assert!(known, "{} has no contract test", entry.name);
    }
}

#[test]
fn order_holds_in_one_and_in_many_batches() {
    let runtime = runtime();
    for name in over_the_network() {
        let server = mock(&runtime, &[], 1);
        let bench = Bench::new(name, &server.address());
        let limits = bench.engine.limits();
        for count in [1, 5, (2 * limits.texts + 1).min(300)] {
            server.forget();
            let texts = numbered(count);
            let (units, filled) = bench.fill(&texts, &runtime);
            assert_eq!(filled.texts, count, "{name}: {:?}", filled.fatal);
            for (index, unit) in units.iter().enumerate() {
                assert!(
                    unit.target.plain.contains(&(1_000 + index).to_string()),
                    "{name}: {}",
                    unit.target.plain
                );
            }
            let most = server.requests().iter().map(|request| request.texts).max();
            assert!(most <= Some(limits.texts), "{name}: {most:?}");
        }
        runtime.block_on(server.stop());
    }
}

#[test]
fn a_limit_that_is_passed_by_one_costs_a_second_request() {
    let runtime = runtime();
    for name in over_the_network() {
        let server = mock(&runtime, &[], 1);
        let bench = Bench::new(name, &server.address());
        let limits = bench.engine.limits();
        let requests = |texts: &[String]| {
            server.forget();
            let (units, _) = bench.fill(texts, &runtime);
            assert!(
                units.iter().all(|unit| unit.state == State::Translated),
                "{name}"
            );
            let list: Vec<_> = server
                .requests()
                .into_iter()
                .filter(|r| r.texts > 0)
                .collect();
            assert!(
                list.iter()
                    .all(|request| request.body.len() <= limits.bytes + 4_000),
                "{name}: a body over the limit"
            );
            list.len()
        };
        // The first request to a model on this machine is small.
        let small = usize::from(bench.engine.starts_small());
        if limits.texts < 2_000 {
            assert_eq!(
                requests(&numbered_short(limits.texts + 1)),
                2 + small,
                "{name}: texts"
            );
            assert_eq!(
                requests(&numbered_short(limits.texts)),
                1 + small,
                "{name}: texts"
            );
        }
        let half = limits.characters / 2;
        let text = |first: char, count: usize| -> String {
            std::iter::once(first)
                .chain(std::iter::repeat_n('a', count - 1))
                .collect()
        };
        if limits.characters < limits.bytes {
            assert_eq!(
                requests(&[text('b', half), text('c', limits.characters - half)]),
                1,
                "{name}: characters"
            );
            assert_eq!(
                requests(&[text('b', half), text('c', limits.characters - half + 1)]),
                2,
                "{name}: characters"
            );
        }
        // Every quotation mark is two bytes on the wire.
        let quoted = format!("a{}", "\"".repeat(limits.bytes / 4));
        if quoted.len() * 2 < limits.characters {
            assert_eq!(
                requests(&[quoted.clone(), format!("b{quoted}")]),
                2,
                "{name}: bytes"
            );
        }
        runtime.block_on(server.stop());
    }
}

fn numbered_short(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("n{i}")).collect()
}

/// What an answer has to become.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Auth,
    Quota,
    Limited,
    Pair,
    Large,
    Network,
    Protocol,
    Address,
    Rejected,
    Refused,
    Mismatch,
    Setting,
}

fn kind(error: &Error) -> Kind {
    match error {
        Error::Auth { .. } => Kind::Auth,
        Error::Quota { .. } => Kind::Quota,
        Error::RateLimited { .. } => Kind::Limited,
        Error::UnsupportedPair { .. } => Kind::Pair,
        Error::TooLarge { .. } => Kind::Large,
        Error::Network { .. } => Kind::Network,
        Error::Protocol { .. } => Kind::Protocol,
        Error::Address { .. } => Kind::Address,
        Error::Rejected { .. } => Kind::Rejected,
        Error::Refused { .. } => Kind::Refused,
        Error::Mismatch { .. } => Kind::Mismatch,
        _ => Kind::Setting,
    }
}

/// The rows of the vendors' tables of errors: engine, status, body, what it is. What is retried is asked six times.
const ERRORS: &[(&str, u16, &str, Kind)] = &[
    (
        "deepl",
        400,
        r#"{"message":"Value for 'target_lang' not supported."}"#,
        Kind::Pair,
    ),
    (
        "deepl",
        400,
        r#"{"message":"Tag handling parsing failed, please check input."}"#,
        Kind::Rejected,
    ),
    (
        "deepl",
        401,
        r#"{"message":"Authorization missing"}"#,
        Kind::Auth,
    ),
    ("deepl", 403, "", Kind::Auth),
    ("deepl", 404, "", Kind::Address),
    ("deepl", 301, "", Kind::Address),
    ("google", 405, "", Kind::Address),
    ("libretranslate", 501, "", Kind::Address),
    ("deepl", 413, "<html><h1>413</h1></html>", Kind::Large),
    ("deepl", 414, "", Kind::Large),
    (
        "deepl",
        415,
        r#"{"message":"Unsupported entries format"}"#,
        Kind::Rejected,
    ),
    ("deepl", 429, "", Kind::Limited),
    (
        "deepl",
        456,
        r#"{"message":"Quota for this billing period has been exceeded."}"#,
        Kind::Quota,
    ),
    ("deepl", 500, "", Kind::Network),
    ("deepl", 503, "", Kind::Network),
    ("deepl", 504, "<html>", Kind::Network),
    ("deepl", 529, "", Kind::Network),
    ("deepl", 302, "", Kind::Address),
    (
        "google",
        400,
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
        Kind::Auth,
    ),
    (
        "google",
        400,
        r#"{"error":{"code":400,"message":"Too many text segments","status":"INVALID_ARGUMENT"}}"#,
        Kind::Large,
    ),
    (
        "google",
        400,
        r#"{"error":{"code":400,"message":"Text too long","status":"INVALID_ARGUMENT"}}"#,
        Kind::Large,
    ),
    (
        "google",
        403,
        r#"{"error":{"code":403,"message":"Daily Limit Exceeded","errors":[{"reason":"dailyLimitExceeded"}]}}"#,
        Kind::Quota,
    ),
    (
        "google",
        403,
        r#"{"error":{"code":403,"message":"User Rate Limit Exceeded","errors":[{"reason":"userRateLimitExceeded"}]}}"#,
        Kind::Limited,
    ),
    (
        "google",
        403,
        r#"{"error":{"code":403,"message":"Forbidden"}}"#,
        Kind::Auth,
    ),
    (
        "google",
        429,
        r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}"#,
        Kind::Limited,
    ),
    ("google", 503, "", Kind::Network),
    (
        "google-v3",
        401,
        r#"{"error":{"code":401,"message":"invalid credentials","status":"UNAUTHENTICATED"}}"#,
        Kind::Auth,
    ),
    (
        "google-v3",
        429,
        r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[]}}"#,
        Kind::Limited,
    ),
    (
        "azure",
        400,
        r#"{"error":{"code":400036,"message":"The target language is not valid."}}"#,
        Kind::Pair,
    ),
    (
        "azure",
        400,
        r#"{"error":{"code":400019,"message":"language"}}"#,
        Kind::Pair,
    ),
    (
        "azure",
        400,
        r#"{"error":{"code":400050,"message":"The text is too long."}}"#,
        Kind::Large,
    ),
    (
        "azure",
        400,
        r#"{"error":{"code":400072,"message":"elements"}}"#,
        Kind::Large,
    ),
    (
        "azure",
        400,
        r#"{"error":{"code":400077,"message":"request size"}}"#,
        Kind::Large,
    ),
    (
        "azure",
        400,
        r#"{"error":{"code":400074,"message":"JSON"}}"#,
        Kind::Rejected,
    ),
    ("azure", 401, "", Kind::Auth),
    (
        "azure",
        401,
        r#"{"error":{"code":401015,"message":"credentials"}}"#,
        Kind::Auth,
    ),
    (
        "azure",
        403,
        r#"{"error":{"code":403000,"message":"not allowed"}}"#,
        Kind::Auth,
    ),
    (
        "azure",
        403,
        r#"{"error":{"code":403001,"message":"free quota"}}"#,
        Kind::Quota,
    ),
    (
        "azure",
        408,
        r#"{"error":{"code":408001,"message":"being prepared"}}"#,
        Kind::Network,
    ),
    (
        "azure",
        415,
        r#"{"error":{"code":415000,"message":"content type"}}"#,
        Kind::Rejected,
    ),
    (
        "azure",
        429,
        r#"{"error":{"code":429001,"message":"limits"}}"#,
        Kind::Limited,
    ),
    (
        "azure",
        500,
        "\u{feff}{\"error\":{\"code\":500000,\"message\":\"internal\"}}",
        Kind::Network,
    ),
    (
        "azure-2026",
        403,
        r#"{"error":{"code":"403001","message":"free quota"}}"#,
        Kind::Quota,
    ),
    (
        "azure-2026",
        429,
        r#"{"error":{"code":"429000","message":"limits"}}"#,
        Kind::Limited,
    ),
    (
        "libretranslate",
        400,
        r#"{"error":"Invalid request: request (12) exceeds text limit (5)"}"#,
        Kind::Large,
    ),
    (
        "libretranslate",
        400,
        r#"{"error":"nl is not supported"}"#,
        Kind::Pair,
    ),
    (
        "libretranslate",
        400,
        r#"{"error":"Visit http://x to get an API key"}"#,
        Kind::Auth,
    ),
    (
        "libretranslate",
        400,
        r#"{"error":"Please contact the server operator to get an API key"}"#,
        Kind::Auth,
    ),
    (
        "libretranslate",
        403,
        r#"{"error":"Invalid API key"}"#,
        Kind::Auth,
    ),
    (
        "libretranslate",
        429,
        r#"{"error":"Slowdown: 30 per 1 minute"}"#,
        Kind::Limited,
    ),
    (
        "libretranslate",
        500,
        r#"{"error":"Cannot translate text"}"#,
        Kind::Network,
    ),
    (
        "openai",
        401,
        r#"{"error":{"message":"Incorrect API key","code":"invalid_api_key"}}"#,
        Kind::Auth,
    ),
    (
        "openai",
        403,
        r#"{"error":{"message":"region"}}"#,
        Kind::Auth,
    ),
    (
        "openai",
        404,
        r#"{"error":{"message":"no such model"}}"#,
        Kind::Setting,
    ),
    (
        "openai",
        400,
        r#"{"error":{"message":"too long","code":"context_length_exceeded"}}"#,
        Kind::Large,
    ),
    (
        "openai",
        429,
        r#"{"error":{"message":"rate","code":"rate_limit_exceeded"}}"#,
        Kind::Limited,
    ),
    (
        "openai",
        429,
        r#"{"error":{"message":"billing","code":"insufficient_quota"}}"#,
        Kind::Quota,
    ),
    (
        "openai",
        503,
        r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
        Kind::Network,
    ),
    (
        "openai",
        200,
        r#"{"choices":[{"message":{"content":null,"refusal":"no"},"finish_reason":"stop"}]}"#,
        Kind::Refused,
    ),
    (
        "openai",
        200,
        r#"{"choices":[{"message":{"content":""},"finish_reason":"content_filter"}]}"#,
        Kind::Refused,
    ),
    (
        "ollama",
        404,
        r#"{"error":"model 'x' not found"}"#,
        Kind::Setting,
    ),
    ("ollama", 400, r#"{"error":"bad"}"#, Kind::Rejected),
    ("ollama", 502, r#"{"error":"upstream"}"#, Kind::Network),
    (
        "ollama",
        200,
        r#"{"message":{"content":"{\"transl"},"done":true,"done_reason":"length"}"#,
        Kind::Mismatch,
    ),
];

#[test]
fn errors_are_understood_retried_where_that_helps_and_show_no_key() {
    let runtime = runtime();
    for (name, status, body, wanted) in ERRORS {
        let server = Canned::new(*status, "", body.as_bytes());
        let bench = Bench::new(name, &server.address);
        let error = bench.ask(&runtime).expect_err("an error is no draft");
        assert_eq!(kind(&error), *wanted, "{name} {status} {body}: {error}");
        let asked = *server.asked.lock().unwrap();
        let tries = if error.is_retryable() { 6 } else { 1 };
        assert_eq!(asked, tries, "{name} {status} {body}");
        let shown = format!(
            "{error} {error:?} {:?}",
            overzet::cli::failure::Failure::from(error.clone())
        );
        assert!(!shown.contains(KEY), "{name}: {shown}");
    }
}

#[test]
fn waits_follow_the_schedule_and_what_the_service_asks_for() {
    let runtime = runtime();
    let seconds = |headers: &str, status: u16| -> Vec<f64> {
        let server = Canned::new(status, headers, b"");
        let bench = Bench::new("deepl", &server.address);
        let _ = bench.ask(&runtime);
        let waits = bench.clock.waits.lock().unwrap();
        waits
            .iter()
            .map(|wait| (wait.as_secs_f64() * 1e4).round() / 1e4)
            .collect()
    };
    // Without jitter (the random number is in the middle): 1, then 1.6 times as long each time.
    assert_eq!(seconds("", 500), [1.0, 1.6, 2.56, 4.096, 6.5536]);
    assert_eq!(
        seconds("retry-after: 5\r\n", 429),
        [5.0, 5.0, 5.0, 5.0, 6.5536]
    );
    assert_eq!(
        seconds("retry-after-ms: 1700\r\n", 429),
        [1.7, 1.7, 2.56, 4.096, 6.5536]
    );
    assert_eq!(
        seconds("retry-after: Sun, 06 Nov 1994 08:49:40 GMT\r\n", 429),
        [3.0, 3.0, 3.0, 4.096, 6.5536]
    );
    assert_eq!(seconds("retry-after: 100000\r\n", 503), [120.0; 5]);
    assert_eq!(
        seconds("retry-after: never\r\n", 429),
        [1.0, 1.6, 2.56, 4.096, 6.5536]
    );
    assert_eq!(seconds("", 400), [0.0; 0]);
}

#[test]
fn characters_a_minute_are_paced_and_what_flies_is_not_left_alone() {
    let runtime = runtime();
    let server = mock(&runtime, &[], 1);
    let options = HttpOptions {
        max_texts: Some(2),
        characters_per_minute: Some(130),
        ..HttpOptions::default()
    };
    let bench = Bench::with("azure", &server.address(), options);
    // Five requests of two texts with 33 characters each: one fits into a minute, the second would pass the limit by two.
    let (units, filled) = bench.fill(&numbered(10), &runtime);
    assert_eq!((units.len(), filled.texts, filled.requests), (10, 10, 5));
    let waits = bench.clock.waits.lock().unwrap();
    assert_eq!(*waits, vec![Duration::from_secs(60); 4]);
    runtime.block_on(server.stop());
}

/// Answers each text with itself after a few turns of the runtime, and counts what is in flight.
struct Echoing(AtomicUsize);

impl Engine for Echoing {
    fn name(&self) -> &'static str {
        "echoing"
    }
    fn limits(&self) -> Limits {
        Limits {
            texts: 1,
            bytes: 1_000,
            characters: 1_000,
            concurrency: 4,
        }
    }
    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            self.0.fetch_add(1, Ordering::Relaxed);
            for _ in 0..40 {
                tokio::task::yield_now().await;
            }
            self.0.fetch_sub(1, Ordering::Relaxed);
            let draft = |item: &&Item| Draft::new(item.id, item.text.clone());
            Ok(request.items.iter().map(draft).collect())
        })
    }
}

#[test]
fn the_wire_is_full_while_an_answer_is_kept() {
    let engine = Echoing(AtomicUsize::new(0));
    let clock = Arc::new(Counting::default()) as Arc<dyn Clock>;
    let net = HttpClient::new(clock, HttpOptions::default()).unwrap();
    let mut units: Vec<Unit> = numbered(40)
        .iter()
        .map(|text| Unit::new(text.as_str()))
        .collect();
    let seen = Mutex::new(Vec::new());
    let run = BatchRun {
        engine: &engine,
        net: Some(&net),
        pair: &LangPair::default(),
        terms: &|_| Vec::new(),
        own_glossary: true,
        key: &|unit| unit.source.fingerprint(),
        keep: &|_, _| {
            seen.lock().unwrap().push(engine.0.load(Ordering::Relaxed));
            ControlFlow::Continue(None)
        },
        stop: &CancelToken::default(),
        progress: &|_| {},
        max_characters: None,
        is_shuffled: None,
    };
    let stats = runtime().block_on(translate_units(&mut units, &run));
    assert_eq!((stats.texts, stats.requests), (40, 40));
    let seen = seen.into_inner().unwrap();
    let full = seen[4..32].iter().filter(|count| **count == 4).count();
    assert!(full > 14 && seen.iter().all(|n| *n <= 4), "{seen:?}");
}

#[test]
fn nobody_there_is_told_without_the_key() {
    let runtime = runtime();
    for name in over_the_network() {
        let options = HttpOptions {
            retries: 1,
            ..HttpOptions::default()
        };
        let bench = Bench::with(name, "http://127.0.0.1:9", options);
        let error = bench.ask(&runtime).expect_err("nobody answers");
        assert_eq!(kind(&error), Kind::Network, "{name}");
        assert!(!format!("{error:?}").contains(KEY));
    }
}
