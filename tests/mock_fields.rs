//! What no service takes: fields that do not exist, values of the wrong type or range, bodies of another kind, bodies that are too large.

use crate::mock::{post, send};
use crate::stage::Stage;
use overzet::mock::{Background, Options};
use serde_json::{Value, json};
use std::io::BufRead;

const DEEPL: (&str, &str) = ("authorization", "DeepL-Auth-Key k");
const BEARER: (&str, &str) = ("authorization", "Bearer k");
const GOOGLE: (&str, &str) = ("x-goog-api-key", "k");
const AZURE: (&str, &str) = ("ocp-apim-subscription-key", "k");
const V3: &str = "/v3/projects/p/locations/us-central1:translateText";

/// A call that is right: path, key, body.
type Right = (&'static str, (&'static str, &'static str), Value);

fn right(dialect: &str) -> Right {
    match dialect {
        "deepl" => (
            "/v2/translate",
            DEEPL,
            json!({"text": ["Ja"], "target_lang": "EN-GB"}),
        ),
        "google" => (
            "/language/translate/v2",
            GOOGLE,
            json!({"q": ["Ja"], "source": "nl", "target": "en", "format": "text"}),
        ),
        "google-v3" => (
            V3,
            BEARER,
            json!({"contents": ["Ja"], "sourceLanguageCode": "nl", "targetLanguageCode": "en"}),
        ),
        "azure-2026" => (
            "/translate?api-version=2026-06-06",
            AZURE,
            json!({"inputs": [{"text": "Ja", "targets": [{"language": "en"}]}]}),
        ),
        "libretranslate" => (
            "/translate",
            ("x-no", "k"),
            json!({"q": "Ja", "source": "nl", "target": "en"}),
        ),
        "openai" => (
            "/v1/chat/completions",
            BEARER,
            json!({"model": "mock", "messages": [{"role": "user", "content": "Ja"}]}),
        ),
        "ollama" => (
            "/api/chat",
            ("x-no", "k"),
            json!({"model": "mock", "stream": false,
                "messages": [{"role": "user", "content": "Ja"}]}),
        ),
        other => panic!("{other}"),
    }
}

/// A dialect, a field, a value that it cannot have, and a word of the refusal.
fn wrong() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("deepl", "text", json!("Ja"), "'text' not supported"),
        ("deepl", "text", json!([]), "'text' not specified"),
        (
            "deepl",
            "target_lang",
            json!(["EN"]),
            "'target_lang' not supported",
        ),
        (
            "deepl",
            "preserve_formatting",
            json!("maybe"),
            "'preserve_formatting'",
        ),
        (
            "deepl",
            "outline_detection",
            json!(5),
            "'outline_detection'",
        ),
        ("deepl", "ignore_tags", json!(5), "'ignore_tags'"),
        ("deepl", "context", json!(["a"]), "'context'"),
        (
            "deepl",
            "translation_memory_threshold",
            json!(101),
            "'translation_memory_threshold'",
        ),
        (
            "google",
            "target",
            json!(["en"]),
            "Invalid value at 'target'",
        ),
        ("google", "model", json!("foo"), "Invalid value at 'model'"),
        ("google", "source", json!("en"), "Bad language pair: en|en"),
        ("google", "q", json!("a".repeat(110_000)), "Text too long"),
        (
            "google",
            "foo",
            json!(1),
            "Unknown name \\\"foo\\\": Cannot find field",
        ),
        (
            "google-v3",
            "contents",
            json!("Ja"),
            "Invalid value at 'contents'",
        ),
        (
            "google-v3",
            "model",
            json!("foo"),
            "Invalid model name: foo",
        ),
        (
            "google-v3",
            "labels",
            json!("x"),
            "Invalid value at 'labels'",
        ),
        ("google-v3", "foo", json!(1), "Unknown name"),
        (
            "google-v3",
            "glossaryConfig",
            json!({"glossary": "none"}),
            "Glossary not found",
        ),
        (
            "google-v3",
            "glossaryConfig",
            json!({"glosary": "none"}),
            "Unknown name",
        ),
        (
            "azure-2026",
            "inputs",
            json!([{"text": "Ja", "textType": "Foo"}]),
            "inputs.textType",
        ),
        (
            "azure-2026",
            "inputs",
            json!([{"text": "Ja", "targets": [{"language": "en", "tone": "loud"}]}]),
            "inputs.targets.tone",
        ),
        (
            "azure-2026",
            "inputs",
            json!([{"text": "Ja", "targets": [{"language": "en",
                "referenceTextPairs": [{}, {}, {}, {}, {}, {}]}]}]),
            "referenceTextPairs",
        ),
        ("libretranslate", "target", json!(5), "target"),
        (
            "openai",
            "temperature",
            json!("x"),
            "Invalid type for 'temperature': expected a number",
        ),
        (
            "openai",
            "top_p",
            json!(7),
            "Invalid value for 'top_p': it must be within 0..1",
        ),
        ("openai", "max_tokens", json!(0), "'max_tokens'"),
        (
            "openai",
            "stream",
            json!("x"),
            "'stream': expected a boolean, but got a string",
        ),
        ("openai", "stop", json!(["a", "b", "c", "d", "e"]), "'stop'"),
        ("openai", "logit_bias", json!(5), "'logit_bias'"),
        (
            "openai",
            "stream_options",
            json!({"include_usage": true}),
            "only allowed when",
        ),
        (
            "openai",
            "response_format",
            json!({"type": "json_object"}),
            "the word 'json'",
        ),
        (
            "ollama",
            "stream",
            json!("x"),
            "cannot unmarshal string into Go struct field .stream",
        ),
        (
            "ollama",
            "options",
            json!({"temperature": "x"}),
            ".options.temperature of type number",
        ),
        ("ollama", "messages", json!("x"), ".messages"),
    ]
}

#[test]
fn values_that_a_field_cannot_have_are_refused_in_the_services_words() {
    let mock = Background::start(Options::default()).unwrap();
    for (dialect, field, value, word) in wrong() {
        let (path, key, mut body) = right(dialect);
        let told = post(&mock.address(), path, &[key], &body);
        assert_eq!(told.status, 200, "{dialect}: {}", told.text());
        body[field] = value;
        let told = post(&mock.address(), path, &[key], &body);
        let text = told.text();
        assert!(
            (400..500).contains(&told.status),
            "{dialect} {field}: {text}"
        );
        assert!(text.contains(word), "{dialect} {field}: {text}");
    }
    for (query, word) in [
        ("includeAlignment=foo", "includeAlignment"),
        ("profanityAction=Loud", "profanityAction"),
        ("allowFallback=5", "allowFallback"),
    ] {
        let path = format!("/translate?api-version=3.0&to=en&{query}");
        let told = post(&mock.address(), &path, &[AZURE], &json!([{"Text": "Ja"}]));
        assert_eq!(told.status, 400);
        assert!(told.text().contains(word), "{}", told.text());
    }
    let told = post(
        &mock.address(),
        "/translate?api-version=9.9&to=en",
        &[AZURE],
        &json!([{"Text": "Ja"}]),
    );
    assert!(told.text().contains("400021"), "{}", told.text());
}

#[test]
fn fields_that_do_not_exist_are_refused_by_a_strict_mock() {
    let lenient = Background::start(Options::default()).unwrap();
    let options = Options {
        is_strict: true,
        ..Options::default()
    };
    let strict = Background::start(options).unwrap();
    for dialect in [
        "deepl",
        "google",
        "google-v3",
        "azure-2026",
        "libretranslate",
        "openai",
        "ollama",
    ] {
        let (path, key, mut body) = right(dialect);
        let told = post(&strict.address(), path, &[key], &body);
        assert_eq!(told.status, 200, "{dialect}: {}", told.text());
        body["tekst"] = json!("Ja");
        let told = post(&strict.address(), path, &[key], &body);
        assert_eq!(told.status, 400, "{dialect}");
        assert!(told.text().contains("tekst"), "{dialect}: {}", told.text());
        let is_google = dialect.starts_with("google");
        let told = post(&lenient.address(), path, &[key], &body);
        assert_eq!(told.status, if is_google { 400 } else { 200 }, "{dialect}");
    }
    let path = "/translate?api-version=3.0&to=en&form=nl";
    let body = json!([{"Text": "Ja"}]);
    assert_eq!(post(&lenient.address(), path, &[AZURE], &body).status, 200);
    assert!(
        post(&strict.address(), path, &[AZURE], &body)
            .text()
            .contains("form is not")
    );
}

#[test]
fn bodies_of_another_kind_or_size_and_keys_in_another_place_are_refused() {
    let mock = Background::start(Options::default()).unwrap();
    let status = |dialect: &str, kind: &[(&str, &str)]| {
        let (path, key, body) = right(dialect);
        let headers: Vec<(&str, &str)> = kind.iter().copied().chain([key]).collect();
        let head = format!("POST {path}");
        send(
            &mock.address(),
            &head,
            &headers,
            body.to_string().as_bytes(),
        )
        .status
    };
    for kind in [&[][..], &[("content-type", "text/plain")]] {
        assert_eq!(status("deepl", kind), 415);
        assert_eq!(status("azure-2026", kind), 415);
        assert_eq!(status("openai", kind), 400);
    }
    let large = json!({"text": ["a".repeat(130 << 10)], "target_lang": "EN-GB"});
    assert_eq!(
        post(&mock.address(), "/v2/translate", &[DEEPL], &large).status,
        413
    );
    let (path, _, body) = right("google-v3");
    assert_eq!(post(&mock.address(), path, &[GOOGLE], &body).status, 401);
}

#[test]
fn clients_that_trust_its_certificate_speak_to_it_over_tls() {
    let stage = Stage::new();
    let file = stage.path("mock.pem");
    let mut child = stage
        .command(&["mock", "--until-eof", "--tls", file.to_str().unwrap()])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    let address = first.rsplit(' ').next().unwrap().trim();
    assert!(address.starts_with("https://127.0.0.1:"), "{first}");
    let told: Vec<String> = out.lines().map_while(Result::ok).take(22).collect();
    let line = format!("OVERZET_HTTP_CA_FILE={}", file.display());
    let told_of = |line: &String| told.contains(line);
    let stage = stage
        .with("DEEPL_AUTH_KEY", "k")
        .with("DEEPL_SERVER_URL", address);
    stage.write("a.txt", "De stad is groot.");
    stage.write("overzet.toml", "[http]\nretries = 0\n");
    // A connection that shakes no hands keeps nobody waiting.
    let _silent = std::net::TcpStream::connect(&address["https://".len()..]).unwrap();
    let ran = stage.run(&["translate", "a.txt"]);
    assert!(
        ran.exits(6).stderr.contains("certificate"),
        "{}",
        ran.stderr
    );
    let stage = stage.with("OVERZET_HTTP_CA_FILE", file.to_str().unwrap());
    let ran = stage.run(&["translate", "a.txt"]);
    assert_eq!(ran.exits(0).stdout.trim(), "The city is groot.");
    drop(child.stdin.take());
    child.wait().unwrap();
    assert!(told_of(&line), "{told:?}");
}

#[test]
fn a_mock_that_asks_real_services_answers_no_web_page_and_no_other_machine() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&asked);
    let live = overzet::mock::LiveEngine(std::sync::Arc::new(move |texts: Vec<String>| {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Box::pin(async move { Ok(texts) })
    }));
    let options = Options {
        live: Some(live),
        answers: overzet::mock::Answers::cassette("", false).unwrap(),
        ..Options::default()
    };
    let mock = Background::start(options).unwrap();
    let (path, key, body) = right("deepl");
    let own = mock.address().trim_start_matches("http://").to_owned();
    let ask = |headers: &[(&str, &str)]| {
        let lines: Vec<String> = headers
            .iter()
            .map(|(n, v)| format!("{n}: {v}\r\n"))
            .collect();
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/json\r\n{}: {}\r\n{}\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            key.0,
            key.1,
            lines.concat(),
            body.len()
        );
        let mut stream = std::net::TcpStream::connect(&own).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let mut first = String::new();
        std::io::BufReader::new(stream)
            .read_line(&mut first)
            .unwrap();
        first.split(' ').nth(1).unwrap().parse::<u16>().unwrap()
    };
    for headers in [
        &[("Host", "evil.example:80")][..],
        &[("Host", "127.0.0.1.evil.example")],
        &[("Host", own.as_str()), ("Origin", "https://evil.example")],
        &[("Host", "192.0.2.1")],
    ] {
        assert_eq!(ask(headers), 403, "{headers:?}");
    }
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 0);
    for host in [own.as_str(), "localhost", "localhost:80", "[::1]:80"] {
        assert_eq!(ask(&[("Host", host)]), 200, "{host}");
    }
    let asks = &[
        "mock",
        "--host",
        "0.0.0.0",
        "--cassette",
        "c.jsonl",
        "--record",
        "deepl",
    ];
    let ran = Stage::new().with("DEEPL_AUTH_KEY", "k").run(asks);
    assert!(ran.exits(2).stderr.contains("your keys"), "{}", ran.stderr);
}
