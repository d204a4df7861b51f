//! What services do in the world: they resolve entities, lose tags, refuse glossaries and texts; and what `engines test` says of them.

use crate::engines::{KEY, mock, runtime};
use crate::stage::{Ran, Stage};
use crate::targets;
use overzet::bitext::{Code, CodeKind, LangPair, Span, State, Unit};
use overzet::engine::{
    BatchRun, CancelToken, Clock, ENGINES, Engine, HttpClient, HttpOptions, RunStats, Term,
    translate_units,
};
use overzet::mock::{Recorded, Server};
use serde_json::Value;
use std::ops::ControlFlow;
use std::sync::Arc;

/// An engine that speaks to a mock, with its network.
fn engine(name: &str, server: &Server) -> (Box<dyn Engine>, HttpClient) {
    let clock = Arc::new(targets::Counting::default()) as Arc<dyn Clock>;
    let net = HttpClient::new(clock, HttpOptions::default()).unwrap();
    let entry = ENGINES.iter().find(|entry| entry.name == name).unwrap();
    let settings = targets::settings(name, &server.address(), KEY);
    (entry.build(&settings, &net).unwrap(), net)
}

/// Translates units whose terms are those of `terms` that their text has.
fn translate(
    units: &mut [Unit],
    (engine, net): &(Box<dyn Engine>, HttpClient),
    terms: &[(&str, &str)],
    own_glossary: bool,
) -> RunStats {
    let terms_of = |unit: &Unit| {
        let has = |(source, target): &(&str, &str)| {
            let start = unit.source.plain.find(source)?;
            Some(Term {
                source: (*source).to_owned(),
                target: (*target).to_owned(),
                forms: vec![(*target).to_owned()],
                bans: Vec::new(),
                span: Span::new(start, start + source.len()),
                is_name: true,
                note: String::new(),
            })
        };
        terms.iter().filter_map(has).collect()
    };
    let run = BatchRun {
        engine: &**engine,
        net: Some(net),
        pair: &LangPair::default(),
        terms: &terms_of,
        own_glossary,
        key: &|unit| unit.source.fingerprint(),
        keep: &|_, _| ControlFlow::Continue(None),
        stop: &CancelToken::default(),
        progress: &|_| {},
        max_characters: None,
        is_shuffled: None,
    };
    runtime().block_on(translate_units(units, &run))
}

/// A text whose middle word stands in a pair of codes.
fn coded(before: &str, inside: &str, behind: &str) -> Unit {
    let plain = format!("{before}{inside}{behind}");
    let close = before.len() + inside.len();
    let mut unit = Unit::new(plain.as_str());
    unit.source.codes = [
        Code::new(before.len(), 1, CodeKind::Open, "<b>"),
        Code::new(close, 1, CodeKind::Close, "</b>"),
    ]
    .into_iter()
    .collect();
    unit
}

#[test]
fn entities_that_a_server_resolves_stay_the_text_that_they_were() {
    let runtime = runtime();
    let server = mock(&runtime, &[], 1);
    let libre = engine("libretranslate", &server);
    let mut units = [
        coded("De tag <minister> is ", "niet", " toegestaan."),
        coded("Schrijf &lt; en ", "niet", " <."),
        Unit::new("De firma Jansen &amp; Zonen."),
        Unit::new("De firma R&D < Zonen."),
    ];
    let stats = translate(&mut units, &libre, &[], true);
    assert_eq!((stats.texts, stats.fatal), (4, None));
    for (unit, kept) in units.iter().zip(["<minister>", "&lt;", "&amp;", "R&D < "]) {
        assert!(unit.target.plain.contains(kept), "{}", unit.target.plain);
        assert!(unit.target.plain.is_ascii());
        assert_eq!(unit.target.code_set(), unit.source.code_set());
    }
    assert!(!units[2].target.plain.contains("&amp;amp;"));
    // The texts without codes did not travel as HTML.
    let formats = server.requests().into_iter().map(|request| {
        let body: Value = serde_json::from_str(&request.body).unwrap();
        (body["format"].as_str().unwrap().to_owned(), request.texts)
    });
    let mut formats: Vec<_> = formats.collect();
    formats.sort_unstable();
    assert_eq!(formats, [("html".to_owned(), 2), ("text".to_owned(), 2)]);
    runtime.block_on(server.stop());
}

#[test]
fn a_tag_of_which_half_is_lost_goes_as_a_whole() {
    let runtime = runtime();
    for name in [
        "deepl",
        "google",
        "azure",
        "libretranslate",
        "openai",
        "ollama",
    ] {
        let server = mock(&runtime, &["tags-halved"], 1);
        let mut units = [coded("De minister is ", "niet", " in de stad.")];
        let stats = translate(&mut units, &engine(name, &server), &[], true);
        assert_eq!((stats.texts, stats.fatal), (1, None), "{name}");
        assert!(
            units[0].target.codes.is_empty(),
            "{name}: {:?}",
            units[0].target
        );
        assert_eq!(
            units[0].target.plain, "The minister is not in the city.",
            "{name}"
        );
        runtime.block_on(server.stop());
    }
    // The page stays well formed, and the loss is a finding.
    let server = mock(&runtime, &["tags-halved"], 1);
    let stage = stage("deepl", &server);
    stage.write(
        "a.html",
        "<p>De minister is <b>niet</b> in de stad.</p><p>Nog <i>een</i> zin.</p>",
    );
    stage.run(&["translate", "a.html", "-o", "uit/"]).exits(0);
    let page = stage.read("uit/a.en.html");
    assert!(!page.contains("<b>") && !page.contains("<i>") && page.contains("not in the city"));
    let pairs = stage.pairs("uit/a.nl-en.jsonl");
    assert!(
        pairs
            .iter()
            .all(|pair| pair["findings"].to_string().contains("codes")),
        "{pairs:?}"
    );
    runtime.block_on(server.stop());
}

/// A stage whose engine speaks to a mock.
fn stage(name: &str, server: &Server) -> Stage {
    let address = server.address();
    match name {
        "deepl" => Stage::new()
            .with("DEEPL_AUTH_KEY", "k")
            .with("DEEPL_SERVER_URL", &address),
        "openai" => Stage::new()
            .with("OPENAI_API_KEY", "k")
            .with("OPENAI_BASE_URL", &address),
        other => panic!("{other}"),
    }
}

/// Methods of the requests for glossaries.
fn glossary_calls(server: &Server) -> Vec<String> {
    let is_one = |request: &Recorded| request.path.starts_with("/v3/glossaries");
    let calls = server.requests().into_iter().filter(is_one);
    calls.map(|request| request.method).collect()
}

/// The glossaries of the requests for translations.
fn glossaries_sent(server: &Server) -> Vec<Option<String>> {
    let bodies = server
        .requests()
        .into_iter()
        .filter(|request| request.texts > 0);
    let id = |request: Recorded| {
        let body: Value = serde_json::from_str(&request.body).unwrap();
        body["glossary_id"].as_str().map(str::to_owned)
    };
    bodies.map(id).collect()
}

#[test]
fn deepl_has_one_glossary_of_ours_and_each_request_its_own_terms() {
    let runtime = runtime();
    let server = mock(&runtime, &[], 1);
    let moscow = [("Moskou", "Moscow")];
    let both = [("Moskou", "Moscow"), ("Koersk", "Kursk")];
    let texts = |list: &[&str]| list.iter().map(|text| Unit::new(*text)).collect::<Vec<_>>();
    {
        let deepl = engine("deepl", &server);
        translate(&mut texts(&["In Moskou."]), &deepl, &moscow, true);
        assert_eq!(glossary_calls(&server), ["GET", "POST"]);
        server.forget();
        // A second file of the process has further terms: the glossary is replaced in place.
        translate(&mut texts(&["In Koersk."]), &deepl, &both, true);
        assert_eq!(glossary_calls(&server), ["GET", "PATCH", "PUT", "PATCH"]);
        assert!(glossaries_sent(&server)[0].is_some());
        server.forget();
        // The terms of both files are there now, so nothing is asked.
        translate(&mut texts(&["In Moskou zelf."]), &deepl, &both, true);
        assert!(glossary_calls(&server).is_empty() && glossaries_sent(&server)[0].is_some());
        server.forget();
        // A text without terms, and the fallback without the engine's glossary, have none.
        translate(&mut texts(&["In de stad."]), &deepl, &both, true);
        translate(&mut texts(&["In Koersk nu."]), &deepl, &both, false);
        assert_eq!(glossaries_sent(&server), [None, None]);
        server.forget();
    }
    // Another process finds the glossary with these rows, or replaces the one of ours.
    translate(
        &mut texts(&["Naar Koersk."]),
        &engine("deepl", &server),
        &both[1..],
        true,
    );
    assert_eq!(glossary_calls(&server), ["GET", "PATCH", "PUT", "PATCH"]);
    server.forget();
    translate(
        &mut texts(&["Bij Koersk."]),
        &engine("deepl", &server),
        &both[1..],
        true,
    );
    assert_eq!(glossary_calls(&server), ["GET"]);
    assert!(glossaries_sent(&server)[0].is_some());
    runtime.block_on(server.stop());
}

#[test]
fn a_refused_glossary_costs_the_glossary_and_not_the_run() {
    let runtime = runtime();
    for fault in ["quota", "403", "413"] {
        let server = mock(&runtime, &[&format!("{fault},on=/v3/glossaries")], 1);
        let stage = stage("deepl", &server);
        stage.write("g.tsv", "nl\ten\tstatus\nKoersk\tKursk\tapproved\n");
        stage.write("a.txt", "In Koersk is het stil.");
        let ran = stage.run(&["translate", "a.txt", "-o", "b.txt", "--glossary", "g.tsv"]);
        ran.exits(0);
        assert!(
            ran.stderr.contains("DeepL refuses the glossary"),
            "{}",
            ran.stderr
        );
        assert!(stage.read("b.txt").contains("Kursk"));
        runtime.block_on(server.stop());
    }
}

#[test]
fn a_glossary_that_the_user_names_goes_along_and_is_not_changed() {
    let runtime = runtime();
    let server = mock(&runtime, &[], 1);
    let run = |name: &str| -> Ran {
        let stage = stage("deepl", &server);
        stage.write("overzet.toml", format!("[deepl]\nglossary = \"{name}\"\n"));
        stage.write("a.txt", "De stad is groot.");
        stage.run(&["translate", "a.txt"])
    };
    let ran = run("Redactie");
    assert!(
        ran.exits(2)
            .stderr
            .contains("DeepL has no glossary `Redactie`"),
        "{}",
        ran.stderr
    );
    let body = serde_json::json!({"name": "Redactie", "dictionaries": [{"source_lang": "nl",
        "target_lang": "en", "entries": "stad\ttown", "entries_format": "tsv"}]});
    let client = engine("deepl", &server).1;
    let request = client
        .client()
        .post(format!("{}/v3/glossaries", server.address()))
        .header("Authorization", "DeepL-Auth-Key k")
        .json(&body);
    let made = runtime.block_on(async { request.send().await });
    assert!(made.unwrap().status().is_success());
    server.forget();
    assert!(run("Redactie").exits(0).stdout.contains("town"));
    assert_eq!(glossary_calls(&server), ["GET"]);
    runtime.block_on(server.stop());
}

#[test]
fn a_refusal_is_read_by_what_it_says() {
    let runtime = runtime();
    let sentence = |i: usize| {
        let place = if i == 7 { "Koersk" } else { "de stad" };
        Unit::new(format!("Er zijn {} huizen in {place}.", 1_000 + i).as_str())
    };
    let article = || (0..17).map(sentence).collect::<Vec<Unit>>();
    let translated = |units: &[Unit]| {
        let is_done = |unit: &&Unit| unit.state == State::Translated;
        units.iter().filter(is_done).count()
    };
    let formats = |server: &Server| {
        let requests = server.requests().into_iter();
        let has = |request: &Recorded| request.body.contains("json_schema");
        let (with, without): (Vec<_>, Vec<_>) = requests.partition(has);
        (with.len(), without.len())
    };
    // A content filter concerns the text: that one is flagged, the others stay on their rung.
    let server = mock(&runtime, &["filtered-400,has=Koersk"], 1);
    let mut units = article();
    let stats = translate(&mut units, &engine("openai", &server), &[], true);
    assert_eq!((stats.fatal, translated(&units)), (None, 16));
    assert!(
        units[7].findings[0]
            .message
            .contains("content management policy")
    );
    let (with, without) = formats(&server);
    assert!(with <= 11 && without == 0, "{with} and {without} requests");
    runtime.block_on(server.stop());
    // The form of the answer: the ladder is the answer, once and for all.
    let server = mock(&runtime, &["format-400"], 1);
    let mut units = article();
    let stats = translate(&mut units, &engine("openai", &server), &[], true);
    assert_eq!((stats.fatal, translated(&units)), (None, 17));
    assert_eq!(formats(&server).0, 1);
    runtime.block_on(server.stop());
    // A context that is too small: smaller requests.
    let server = mock(&runtime, &["context=420"], 1);
    let mut units = article();
    let stats = translate(&mut units, &engine("openai", &server), &[], true);
    assert_eq!((stats.fatal, translated(&units)), (None, 17));
    assert_eq!(formats(&server).1, 0);
    runtime.block_on(server.stop());
}

#[test]
fn causes_and_settings_that_are_wrong_are_shown() {
    let runtime = runtime();
    let server = mock(&runtime, &["filtered-400,has=stil"], 1);
    let stage = stage("openai", &server);
    stage.write(
        "a.txt",
        "Het is stil.\n\nDe stad is groot.\n\nWeer is het stil in de stad.",
    );
    let ran = stage.run(&["translate", "a.txt", "-o", "b.txt"]);
    let cause =
        "2 segments not translated: the service refuses this text: The response was filtered";
    assert!(ran.stderr.contains(cause), "{}", ran.stderr);
    server.set_faults(Vec::new());
    // An unknown model is a setting that is wrong: nothing is tried again.
    server.forget();
    let stage = self::stage("openai", &server).with("OPENAI_MODEL", "unknown-7b");
    stage.write("a.txt", "De stad is groot.");
    let ran = stage.run(&["translate", "a.txt"]);
    assert!(
        ran.exits(2).stderr.contains("OPENAI_MODEL"),
        "{}",
        ran.stderr
    );
    assert_eq!(server.requests().len(), 1);
    runtime.block_on(server.stop());
}

#[test]
fn engines_test_asks_for_a_translation() {
    let runtime = runtime();
    let server = mock(&runtime, &[], 1);
    let address = server.address();
    let base = |name: &str| match name {
        "libretranslate" => Stage::new().with("LIBRETRANSLATE_URL", &address),
        "openai" => Stage::new().with("OPENAI_BASE_URL", &address),
        "ollama" => Stage::new().with("OLLAMA_HOST", &address),
        "azure" | "azure-2026" => Stage::new().with("AZURE_TRANSLATOR_ENDPOINT", &address),
        "google" => Stage::new().with("GOOGLE_SERVER_URL", &address),
        "google-v3" => Stage::new()
            .with("GOOGLE_SERVER_URL", &address)
            .with("GOOGLE_CLOUD_PROJECT", "p"),
        _ => Stage::new().with("DEEPL_SERVER_URL", &address),
    };
    for (name, key) in [
        ("deepl", "DEEPL_AUTH_KEY"),
        ("google", "GOOGLE_API_KEY"),
        ("google-v3", "GOOGLE_ACCESS_TOKEN"),
        ("azure", "AZURE_TRANSLATOR_KEY"),
        ("azure-2026", "AZURE_TRANSLATOR_KEY"),
        ("libretranslate", "LIBRETRANSLATE_API_KEY"),
        ("openai", "OPENAI_API_KEY"),
    ] {
        let asked = ["engines", "test", name];
        base(name).with(key, "good").run(&asked).exits(0);
        base(name).with(key, "invalid").run(&asked).exits(4);
    }
    let ran = base("ollama").run(&["engines", "test", "ollama"]);
    assert!(ran.exits(0).stdout.contains("Goedendag."), "{}", ran.stdout);
    for (name, key, model) in [
        ("openai", "OPENAI_API_KEY", "OPENAI_MODEL"),
        ("ollama", "OLLAMA_X", "OLLAMA_MODEL"),
    ] {
        let stage = base(name).with(key, "good").with(model, "unknown-7b");
        let ran = stage.run(&["engines", "test", name]);
        assert!(ran.exits(2).stderr.contains(model), "{}", ran.stderr);
    }
    runtime.block_on(server.stop());
}

#[test]
fn an_address_is_taken_with_its_version_or_without() {
    let runtime = runtime();
    let server = mock(&runtime, &[], 1);
    let address = server.address();
    for (name, variable, ends) in [
        (
            "deepl",
            "DEEPL_SERVER_URL",
            &["", "/", "/v2", "/v2/", "/v2/translate"][..],
        ),
        (
            "openai",
            "OPENAI_BASE_URL",
            &["", "/v1", "/v1/", "/v1/chat/completions"],
        ),
        (
            "ollama",
            "OLLAMA_HOST",
            &["", "/", "/v1", "/api", "/api/chat"],
        ),
        (
            "libretranslate",
            "LIBRETRANSLATE_URL",
            &["", "/", "/translate"],
        ),
        (
            "azure",
            "AZURE_TRANSLATOR_ENDPOINT",
            &["", "/translate", "/translator/text/v3.0"],
        ),
        (
            "google",
            "GOOGLE_SERVER_URL",
            &["", "/language/translate/v2"],
        ),
    ] {
        for end in ends {
            let stage = Stage::new()
                .with(variable, &format!("{address}{end}"))
                .with("DEEPL_AUTH_KEY", "k")
                .with("OPENAI_API_KEY", "k")
                .with("AZURE_TRANSLATOR_KEY", "k")
                .with("GOOGLE_API_KEY", "k");
            let ran = stage.run(&["engines", "test", name]);
            assert_eq!(ran.code, 0, "{name} {end}: {}", ran.stderr);
        }
    }
    runtime.block_on(server.stop());
}
