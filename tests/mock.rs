//! The mock as other people's clients see it: refusals, sessions, faults, streams, the control interface, recorded traffic.

use crate::stage::{Stage, data};
use overzet::mock::{Answers, Background, Options, faults};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What came back.
pub struct Told {
    pub status: u16,
    body: Vec<u8>,
    /// Whether the body came to its end as it was promised.
    is_whole: bool,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one request over a connection of its own, and reads to the end of the answer.
pub fn send(address: &str, head: &str, headers: &[(&str, &str)], body: &[u8]) -> Told {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let fields: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let fields = fields.concat();
    let length = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A server that has read enough may hang up on the rest.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    parsed(&bytes)
}

fn parsed(bytes: &[u8]) -> Told {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut rest = &bytes[end + 4..];
    if !head.contains("transfer-encoding: chunked") {
        return Told {
            status,
            body: rest.to_vec(),
            is_whole: true,
        };
    }
    let (mut body, mut is_whole) = (Vec::new(), false);
    while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..line]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            is_whole = true;
            break;
        }
        let end = (line + 2 + size).min(rest.len());
        body.extend_from_slice(&rest[line + 2..end]);
        rest = &rest[(end + 2).min(rest.len())..];
    }
    Told {
        status,
        body,
        is_whole,
    }
}

pub fn post(address: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Told {
    let mut all = vec![("Content-Type", "application/json")];
    all.extend(headers);
    let body = body.to_string();
    send(address, &format!("POST {path}"), &all, body.as_bytes())
}

fn get(address: &str, path: &str, headers: &[(&str, &str)]) -> Told {
    send(address, &format!("GET {path}"), headers, b"")
}

const DEEPL: (&str, &str) = ("Authorization", "DeepL-Auth-Key k");
const BEARER: (&str, &str) = ("Authorization", "Bearer k");
const AZURE: (&str, &str) = ("Ocp-Apim-Subscription-Key", "k");

/// A dialect: its name, a request for a translation with its key, and where an error's message is.
struct Spoken {
    name: &'static str,
    path: &'static str,
    key: Option<(&'static str, &'static str)>,
    body: Value,
    message: &'static str,
}

fn dialects() -> Vec<Spoken> {
    let of = |name, path, key, body, message| Spoken {
        name,
        path,
        key,
        body,
        message,
    };
    let messages = json!([{"role": "user", "content": "De stad"}]);
    let chat = json!({"model": "m", "messages": messages, "stream": false});
    vec![
        of(
            "deepl",
            "/v2/translate",
            Some(DEEPL),
            json!({"text": ["De stad"], "target_lang": "EN-GB"}),
            "/message",
        ),
        of(
            "google",
            "/language/translate/v2",
            Some(("X-goog-api-key", "k")),
            json!({"q": "De stad", "target": "en"}),
            "/error/message",
        ),
        of(
            "google-v3",
            "/v3/projects/p/locations/global:translateText",
            Some(BEARER),
            json!({"contents": ["De stad"], "targetLanguageCode": "en"}),
            "/error/message",
        ),
        of(
            "azure",
            "/translate?api-version=3.0&to=en",
            Some(AZURE),
            json!([{"Text": "De stad"}]),
            "/error/message",
        ),
        of(
            "azure-2026",
            "/translate?api-version=2026-06-06",
            Some(AZURE),
            json!({"inputs": [{"text": "De stad", "targets": [{"language": "en"}]}]}),
            "/error/message",
        ),
        of(
            "libretranslate",
            "/translate",
            None,
            json!({"q": "De stad", "source": "nl", "target": "en"}),
            "/error",
        ),
        of(
            "openai",
            "/v1/chat/completions",
            Some(BEARER),
            chat.clone(),
            "/error/message",
        ),
        of("ollama", "/api/chat", None, chat, "/error"),
    ]
}

fn ask(mock: &Background, spoken: &Spoken, more: &[(&str, &str)]) -> Told {
    let headers: Vec<_> = spoken.key.into_iter().chain(more.iter().copied()).collect();
    post(&mock.address(), spoken.path, &headers, &spoken.body)
}

#[test]
fn bad_input_is_refused_in_the_services_own_words() {
    let mock = Background::start(Options::default()).unwrap();
    let address = mock.address();
    for spoken in dialects() {
        let name = spoken.name;
        let told = ask(&mock, &spoken, &[]);
        assert_eq!(told.status, 200, "{name}: {}", told.text());
        assert!(told.text().contains("The city"), "{name}: {}", told.text());
        let keys: Vec<_> = spoken.key.into_iter().collect();
        let (path, query) = spoken.path.split_once('?').unwrap_or((spoken.path, ""));
        let refused = |what: &str, told: Told| {
            assert!(
                (400..500).contains(&told.status),
                "{name}, {what}: {}",
                told.status
            );
            told
        };
        let unknown = format!("/{}/nothing/here?{query}", name.split('-').next().unwrap());
        refused(
            "path",
            send(&address, &format!("POST {unknown}"), &keys, b"{}"),
        );
        let method = format!("DELETE {path}?{query}");
        let told = refused("method", send(&address, &method, &keys, b""));
        assert_eq!(told.status, 405, "{name}");
        let mut headers = keys.clone();
        headers.push(("Content-Type", "application/json"));
        let head = format!("POST {}", spoken.path);
        for body in [
            &b"{\"q\":"[..],
            b"[[[[",
            b"\xff\xfe",
            b"null",
            b"{}",
            b"[]",
            b"3",
            b"\"a\"",
        ] {
            let told = refused("body", send(&address, &head, &headers, body));
            if told
                .json()
                .pointer(spoken.message)
                .is_none_or(|m| !m.is_string())
            {
                panic!("{name}: {}", told.text());
            }
        }
        let large = vec![b' '; (16 << 20) + 1];
        refused("size", send(&address, &head, &headers, &large));
        if spoken.key.is_some() {
            refused("key", post(&address, spoken.path, &[], &spoken.body));
        }
    }
    let told = get(&address, "/nowhere", &[]);
    assert_eq!(told.status, 404);
}

#[test]
fn a_key_is_read_wherever_the_service_reads_it() {
    let mock = Background::start(Options::default()).unwrap();
    let address = mock.address();
    let google = json!({"q": "De stad", "target": "en"});
    for (path, headers) in [
        ("/language/translate/v2?key=k", &[][..]),
        ("/language/translate/v2", &[BEARER][..]),
        ("/language/translate/v2", &[("X-goog-api-key", "k")][..]),
    ] {
        assert_eq!(post(&address, path, headers, &google).status, 200, "{path}");
    }
    let path = "/language/translate/v2?q=De+stad&target=EN&key=k";
    assert!(get(&address, path, &[]).text().contains("The city"));
    let form = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-HTTP-Method-Override", "GET"),
    ];
    let body = b"q=De+stad&target=en&key=k";
    let told = send(&address, "POST /language/translate/v2", &form, body);
    assert!(told.text().contains("The city"), "{}", told.text());
    let told = send(
        &address,
        "POST /v2/translate",
        &form[..1],
        b"auth_key=k&text=De+stad&target_lang=en-us",
    );
    assert!(told.text().contains("The city"), "{}", told.text());
    // No key is in the journal.
    let journal = get(&address, "/__overzet/requests", &[]).text();
    assert!(
        !journal.contains("=k") && !journal.contains("Bearer"),
        "{journal}"
    );
    // With a list of keys, no other one is taken.
    let mock = Background::start(Options {
        keys: vec!["good".into()],
        ..Options::default()
    })
    .unwrap();
    let libre = json!({"q": "De stad", "source": "nl", "target": "en"});
    let mut with_key = libre.clone();
    with_key["api_key"] = json!("good");
    assert_eq!(post(&mock.address(), "/translate", &[], &libre).status, 400);
    assert_eq!(
        post(&mock.address(), "/translate", &[], &with_key).status,
        200
    );
    assert_eq!(
        post(&mock.address(), "/v2/usage", &[DEEPL], &json!({})).status,
        403
    );
}

#[test]
fn usage_and_glossaries_belong_to_the_key() {
    let mock = Background::start(Options {
        quota: 10,
        ..Options::default()
    })
    .unwrap();
    let address = mock.address();
    let keys = ["a", "b"].map(|key| format!("DeepL-Auth-Key {key}"));
    let of = |key: usize| [("Authorization", keys[key].as_str())];
    let text = json!({"text": ["De stad"], "target_lang": "EN-GB"});
    assert_eq!(post(&address, "/v2/translate", &of(0), &text).status, 200);
    assert_eq!(post(&address, "/v2/translate", &of(0), &text).status, 456);
    assert_eq!(post(&address, "/v2/translate", &of(1), &text).status, 200);
    assert_eq!(
        get(&address, "/v2/usage", &of(0)).json()["character_count"],
        7
    );
    let glossary = json!({"name": "g", "dictionaries": [
        {"source_lang": "NL", "target_lang": "en", "entries": "stad\ttown", "entries_format": "tsv"}]});
    let told = post(&address, "/v3/glossaries", &of(0), &glossary);
    assert_eq!(told.status, 201, "{}", told.text());
    let id = told.json()["glossary_id"].as_str().unwrap().to_owned();
    let path = format!("/v3/glossaries/{id}");
    assert_eq!(get(&address, &path, &of(0)).status, 200);
    assert_eq!(get(&address, &path, &of(1)).status, 404);
    // The control interface gives the key room again.
    let usage = json!({"character_count": 0});
    assert_eq!(post(&address, "/__overzet/usage", &[], &usage).status, 200);
    let with = json!({"text": ["De stad"], "source_lang": "NL", "target_lang": "EN-GB", "glossary_id": id});
    let told = post(&address, "/v2/translate", &of(0), &with);
    assert!(told.text().contains("The town"), "{}", told.text());
    assert_eq!(
        post(&address, "/__overzet/reset", &[], &json!({})).status,
        200
    );
    assert_eq!(get(&address, &path, &of(0)).status, 404);
}

#[test]
fn duplicates_in_a_glossary_are_told_with_their_places() {
    let mock = Background::start(Options::default()).unwrap();
    let glossary = json!({"name": "g", "dictionaries": [{"source_lang": "nl", "target_lang": "en",
        "entries": "Koersk\tKursk\nKoersk\tKoersk", "entries_format": "tsv"}]});
    let told = post(&mock.address(), "/v3/glossaries", &[DEEPL], &glossary);
    assert_eq!(told.status, 400);
    assert_eq!(
        told.json(),
        json!({"message": "Invalid glossary entries provided", "detail": "Key with the index 1 (starting at position 13) duplicates key with the index 0 (starting at position 0)"})
    );
}

#[test]
fn faults_strike_any_endpoint_and_each_session_counts_its_own() {
    let mock = Background::start(Options::default()).unwrap();
    let address = mock.address();
    for spoken in dialects() {
        let told = ask(&mock, &spoken, &[("X-Overzet-Fault", "503")]);
        assert_eq!(told.status, 503, "{}", spoken.name);
        let told = ask(&mock, &spoken, &[("X-Overzet-Fault", "429; upper")]);
        assert_eq!(told.status, 429, "{}", spoken.name);
    }
    let usage = |headers: &[(&str, &str)]| {
        let all: Vec<_> = headers.iter().copied().chain([DEEPL]).collect();
        get(&address, "/v2/usage", &all).status
    };
    assert_eq!(usage(&[("X-Overzet-Fault", "502")]), 502);
    let slip = get(
        &address,
        "/v2/usage",
        &[DEEPL, ("X-Overzet-Fault", "reorder")],
    );
    assert_eq!(slip.status, 400);
    assert!(
        slip.text().contains("did you mean `reordered`"),
        "{}",
        slip.text()
    );
    for session in ["one", "two"] {
        let told: Vec<u16> = (0..3)
            .map(|_| {
                let name = ("X-Overzet-Session", session);
                usage(&[name, ("X-Overzet-Fault", "500,first=2")])
            })
            .collect();
        assert_eq!(told, [500, 500, 200], "{session}");
    }
    // The names of the vendor's mock.
    let vendor = [
        ("mock-server-session", "three"),
        ("mock-server-session-429-count", "1"),
    ];
    let text = json!({"text": ["De stad"], "target_lang": "EN-GB"});
    let told: Vec<u16> = (0..2)
        .map(|_| {
            let headers: Vec<_> = vendor.iter().copied().chain([DEEPL]).collect();
            post(&address, "/v2/translate", &headers, &text).status
        })
        .collect();
    assert_eq!(told, [429, 200]);
    let last = get(&address, "/__session__/last-request", &vendor[..1]).json();
    assert_eq!(last["body"], text);
}

#[test]
fn faults_are_set_at_run_time_and_the_journal_is_asked() {
    let mock = Background::start(Options::default()).unwrap();
    let address = mock.address();
    let control =
        |path: &str, body: Value| post(&address, &format!("/__overzet/{path}"), &[], &body);
    let told = control(
        "faults",
        json!({"faults": ["429,first=1", "503,on=/v2/usage"]}),
    );
    assert_eq!(
        told.json()["faults"],
        json!(["429,first=1", "503,on=/v2/usage"])
    );
    let wrong = control("faults", json!({"faults": ["slwo"]}));
    assert_eq!(wrong.status, 400);
    let own = control("faults", json!({"session": "s", "faults": ["upper"]}));
    assert_eq!(own.status, 200);
    let text = json!({"text": ["De stad"], "target_lang": "EN-GB"});
    let statuses: Vec<u16> = (0..2)
        .map(|_| post(&address, "/v2/translate", &[DEEPL], &text).status)
        .collect();
    assert_eq!(statuses, [429, 200]);
    assert_eq!(get(&address, "/v2/usage", &[DEEPL]).status, 503);
    let session = ("X-Overzet-Session", "s");
    post(&address, "/v2/translate", &[DEEPL, session], &text);
    let told = post(&address, "/v2/translate", &[DEEPL, session], &text);
    assert!(told.text().contains("THE CITY"), "{}", told.text());
    let matched = json!({"path": "/v2/translate", "session": "", "body": {"target_lang": "EN-GB"}});
    assert_eq!(
        control("verify", json!({"match": matched, "count": 2})).status,
        200
    );
    let told = control("verify", json!({"match": matched, "at_most": 1}));
    assert_eq!((told.status, &told.json()["count"]), (409, &json!(2)));
    assert_eq!(control("verify", json!({"match": {"pfad": 1}})).status, 400);
    let list = get(&address, "/__overzet/requests?status=429", &[]).json();
    assert_eq!(list["requests"].as_array().unwrap().len(), 2);
    assert_eq!(list["requests"][0]["faults"], json!(["429"]));
    assert_eq!(control("reset", json!({})).status, 200);
    let list = get(&address, "/__overzet/requests", &[]).json();
    assert_eq!(list["requests"], json!([]));
    assert_eq!(get(&address, "/__overzet/nothing", &[]).status, 404);
}

/// The texts of a stream: OpenAI's events or Ollama's lines.
fn streamed(body: &str) -> String {
    body.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.trim_start_matches("data: ")).ok())
        .filter_map(|value| {
            let openai = value.pointer("/choices/0/delta/content");
            let own = openai.or_else(|| value.pointer("/message/content"))?;
            Some(own.as_str()?.to_owned())
        })
        .collect()
}

#[test]
fn models_stream_and_their_streams_can_break() {
    let mock = Background::start(Options::default()).unwrap();
    let address = mock.address();
    let messages = json!([{"role": "user", "content": "De minister is in de grote stad."}]);
    let body = json!({"model": "m", "messages": messages, "stream": true});
    let whole = "The minister is in the big city.";
    for path in ["/v1/chat/completions", "/api/chat"] {
        let told = post(&address, path, &[BEARER], &body);
        assert_eq!(streamed(&told.text()), whole, "{path}");
        assert!(told.is_whole);
        let told = post(&address, path, &[BEARER, ("X-Overzet-Fault", "cut")], &body);
        let half = streamed(&told.text());
        assert!(
            !told.is_whole && whole.starts_with(&half) && half.len() < whole.len(),
            "{path}"
        );
        let told = post(
            &address,
            path,
            &[BEARER, ("X-Overzet-Fault", "error-200")],
            &body,
        );
        assert!(
            told.is_whole && told.text().contains("went wrong inside"),
            "{path}"
        );
        let started = Instant::now();
        let told = post(
            &address,
            path,
            &[BEARER, ("X-Overzet-Fault", "pace=20")],
            &body,
        );
        assert_eq!(streamed(&told.text()), whole, "{path}");
        assert!(started.elapsed() >= Duration::from_millis(7 * 20), "{path}");
        let mut limited = body.clone();
        limited["max_tokens"] = json!(40);
        limited["options"] = json!({"num_predict": 40});
        let told = post(
            &address,
            path,
            &[BEARER, ("X-Overzet-Fault", "endless")],
            &limited,
        );
        let text = streamed(&told.text());
        assert!(
            text.matches(whole).count() >= 3 && told.text().contains("\"length\""),
            "{text}"
        );
    }
    // A stream that stalls gives its first half and then nothing.
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(400)))
        .unwrap();
    let text = body.to_string();
    let head = format!(
        "POST /api/chat HTTP/1.1\r\nHost: m\r\nX-Overzet-Fault: stall\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).unwrap_err();
    let kind = error.kind();
    assert!(matches!(
        kind,
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
    ));
    let half = streamed(&parsed(&bytes).text());
    assert!(
        half.len() > 4 && half.len() < whole.len() && whole.starts_with(&half),
        "{half}"
    );
}

#[test]
fn a_schema_of_any_kind_is_filled() {
    let mock = Background::start(Options::default()).unwrap();
    let schema = json!({"type": "object", "additionalProperties": false, "required": ["kind", "rows"], "properties": {
        "kind": {"enum": ["news", "opinion"]},
        "rows": {"type": "array", "minItems": 2, "items": {"type": "object", "additionalProperties": false,
            "required": ["en", "score"], "properties": {"en": {"type": "string"}, "score": {"type": "number", "minimum": 3}}}}}});
    let messages = json!([{"role": "user", "content": "De stad"}]);
    let row = json!({"en": "The city", "score": 3.0});
    let wanted = json!({"kind": "news", "rows": [row, row]});
    let format = json!({"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": schema}});
    let mut body = json!({"model": "m", "messages": messages, "response_format": format});
    let told = post(&mock.address(), "/v1/chat/completions", &[BEARER], &body).json();
    let content = told["choices"][0]["message"]["content"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(content).unwrap(), wanted);
    body = json!({"model": "m", "messages": messages, "stream": false, "format": schema});
    let told = post(&mock.address(), "/api/chat", &[], &body).json();
    let content = told["message"]["content"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(content).unwrap(), wanted);
}

/// A running `overzet mock`, which ends when it is dropped.
struct Process {
    child: std::process::Child,
    address: String,
}

impl Process {
    fn start(stage: &Stage, args: &[&str]) -> Self {
        let all: Vec<&str> = ["mock", "--until-eof"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        let mut child = stage
            .command(&all)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.rsplit(' ').next().unwrap().trim().to_owned();
        Self { child, address }
    }

    /// Closes its input, and waits for the end.
    fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

#[test]
fn traffic_is_recorded_and_played_back_alone() {
    let stage = Stage::new();
    let real = Background::start(Options {
        faults: vec![faults::parse("429-seconds=2,first=1").unwrap()],
        ..Options::default()
    })
    .unwrap();
    let text = json!({"text": ["De stad"], "target_lang": "EN-GB"});
    let asked = |address: &str| -> Vec<(u16, String)> {
        let mut told = vec![get(address, "/v2/usage", &[DEEPL])];
        for _ in 0..2 {
            told.push(post(address, "/v2/translate", &[DEEPL], &text));
        }
        told.iter().map(|one| (one.status, one.text())).collect()
    };
    let upstream = real.address();
    let recorder = Process::start(&stage, &["--wire", "tape.jsonl", "--upstream", &upstream]);
    let first = asked(&recorder.address);
    assert_eq!(
        first.iter().map(|(status, _)| *status).collect::<Vec<_>>(),
        [200, 429, 200]
    );
    recorder.end();
    assert_eq!(real.requests().len(), 3);
    let tape = stage.read("tape.jsonl");
    assert!(
        !tape.contains("DeepL-Auth-Key") && tape.contains("retry-after"),
        "{tape}"
    );
    let alone = Process::start(&stage, &["--wire", "tape.jsonl"]);
    assert_eq!(asked(&alone.address), first);
    let other = json!({"text": ["Het land"], "target_lang": "EN-GB"});
    let told = post(&alone.address, "/v2/translate", &[DEEPL], &other);
    assert_eq!(told.status, 502, "{}", told.text());
    alone.end();
    stage.run(&["mock", "--wire", "gone.jsonl"]).exits(3);
}

#[test]
fn strict_mode_knows_the_vendors_description() {
    let Some(data) = data("strict_mode_knows_the_vendors_description") else {
        return;
    };
    let wire = data.join("wire");
    let description = std::fs::read(wire.join("deepl-openapi.json")).unwrap();
    let strict = std::sync::Arc::new(serde_json::from_slice(&description).unwrap());
    let mock = Background::start(Options {
        strict: Some(strict),
        ..Options::default()
    })
    .unwrap();
    let address = mock.address();
    let translate = |body: Value| post(&address, "/v2/translate", &[DEEPL], &body);
    let good = json!({"text": ["De stad"], "source_lang": "NL", "target_lang": "EN-GB", "split_sentences": "0",
        "tag_handling": "xml", "ignore_tags": ["x"], "show_billed_characters": true});
    let told = translate(good.clone());
    assert_eq!(told.status, 200, "{}", told.text());
    for (name, value, place) in [
        ("contxt", json!("a"), "/contxt"),
        ("text", json!("De stad"), "/text"),
        ("formality", json!("foo"), "/formality"),
    ] {
        let mut wrong = good.clone();
        wrong[name] = value;
        let told = translate(wrong);
        assert_eq!(told.status, 400, "{name}");
        assert!(told.text().contains(place), "{}", told.text());
    }
    // What the mock answers fits the description too.
    let glossary = json!({"name": "g", "dictionaries": [
        {"source_lang": "nl", "target_lang": "en", "entries": "a\tb", "entries_format": "tsv"}]});
    let made = post(&address, "/v3/glossaries", &[DEEPL], &glossary);
    assert_eq!(made.status, 201, "{}", made.text());
    let stage = Stage::new();
    for (status, method, path, told) in [
        ("200", "POST", "/v2/translate", translate(good)),
        ("201", "POST", "/v3/glossaries", made),
        (
            "200",
            "GET",
            "/v3/glossaries",
            get(&address, "/v3/glossaries", &[DEEPL]),
        ),
        (
            "200",
            "GET",
            "/v2/usage",
            get(&address, "/v2/usage", &[DEEPL]),
        ),
        (
            "200",
            "GET",
            "/v3/languages",
            get(&address, "/v3/languages?resource=glossary", &[DEEPL]),
        ),
        (
            "200",
            "GET",
            "/v3/style_rules",
            get(&address, "/v3/style_rules", &[DEEPL]),
        ),
        (
            "200",
            "GET",
            "/v3/translation_memories",
            get(&address, "/v3/translation_memories", &[DEEPL]),
        ),
    ] {
        let file = stage.write("answer.json", &told.body);
        let ran = Command::new("python3")
            .arg(wire.join("check_request.py"))
            .args(["--response", status, method, path])
            .arg(&file)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stdout).into_owned()
            + &String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{path}: {said}\n{}", told.text());
    }
}

#[test]
fn slow_and_broken_connections_do_not_stop_the_others() {
    let stage = Stage::new();
    let mock = Process::start(&stage, &["--fault", "hang,on=/v2/usage"]);
    let plain = mock.address.trim_start_matches("http://").to_owned();
    let mut open = Vec::new();
    for number in 0..1_000 {
        // A system that allows no more files has shown enough.
        let Ok(mut stream) = TcpStream::connect(&plain) else {
            break;
        };
        match number % 4 {
            0 => {}
            1 => stream.write_all(b"POST /v2/trans").unwrap(),
            2 => {
                stream
                    .write_all(
                        b"POST /translate HTTP/1.1\r\nHost: m\r\nContent-Length: 99\r\n\r\n{",
                    )
                    .unwrap();
                stream.shutdown(Shutdown::Write).unwrap();
            }
            _ => stream
                .write_all(
                    b"GET /v2/usage HTTP/1.1\r\nHost: m\r\nAuthorization: DeepL-Auth-Key k\r\n\r\n",
                )
                .unwrap(),
        }
        open.push(stream);
    }
    assert!(open.len() > 200, "{}", open.len());
    let text = json!({"text": ["De stad"], "target_lang": "EN-GB"});
    for _ in 0..20 {
        assert_eq!(
            post(&mock.address, "/v2/translate", &[DEEPL], &text).status,
            200
        );
    }
    // And with answers under way it ends all the same.
    mock.end();
}

#[test]
fn a_cassette_has_any_pair_of_languages() {
    let tape = "{\"source\":\"Guten Tag\",\"target\":\"Bonjour\",\"source_lang\":\"DE\",\"target_lang\":\"fr\"}";
    let mock = Background::start(Options {
        answers: Answers::cassette(tape, true).unwrap(),
        ..Options::default()
    })
    .unwrap();
    let body = json!({"text": ["Guten Tag", "De stad"], "target_lang": "FR"});
    let told = post(&mock.address(), "/v2/translate", &[DEEPL], &body).json();
    assert_eq!(
        told["translations"][0],
        json!({"detected_source_language": "DE", "text": "Bonjour"})
    );
    assert_eq!(
        told["translations"][1],
        json!({"detected_source_language": "NL", "text": "De stad"})
    );
}
