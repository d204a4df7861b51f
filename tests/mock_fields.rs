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
