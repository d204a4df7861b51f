//! The fallback for terms against the mock: engines that obey, ignore or mangle terms, invented
//! terms, every fault of the list, and each step of the fallback.

use crate::stage::Stage;
use overzet::mock::{self, Answers, Options, Server, faults};
use proptest::prelude::*;
use serde_json::{Value, json};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn start(
    runtime: &tokio::runtime::Runtime,
    answers: Answers,
    specs: &[String],
    seed: u64,
) -> Server {
    let options = Options {
        answers,
        faults: specs
            .iter()
            .map(|spec| faults::parse(spec).unwrap())
            .collect(),
        seed,
        ..Options::default()
    };
    runtime.block_on(mock::start(options)).unwrap()
}

/// The variables of an engine that point it at a mock.
fn variables(engine: &str, address: &str) -> Vec<(&'static str, String)> {
    match engine {
        "deepl" => vec![
            ("DEEPL_AUTH_KEY", "x".into()),
            ("DEEPL_SERVER_URL", address.into()),
        ],
        "openai" => vec![
            ("OPENAI_API_KEY", "x".into()),
            ("OPENAI_BASE_URL", format!("{address}/v1")),
        ],
        "ollama" => vec![("OLLAMA_HOST", address.into())],
        _ => vec![("LIBRETRANSLATE_URL", address.into())],
    }
}

fn stage(engines: &[(&str, &Server)]) -> Stage {
    let stage = engines
        .iter()
        .flat_map(|(engine, server)| variables(engine, &server.address()))
        .fold(Stage::new(), |stage, (name, value)| {
            stage.with(name, &value)
        });
    stage.write("overzet.toml", "[http]\nretries = 1\ntimeout = 2\n");
    stage
}

/// Every term of the pairs has its required form, or its unit has a finding about it.
fn held_or_flagged(units: &[Value]) -> Result<usize, String> {
    let mut exact = 0;
    for unit in units {
        let flagged = unit["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["check"] == "terms" && f["severity"] == "error");
        for term in unit["terms"].as_array().unwrap() {
            let stands = unit["target"]
                .as_str()
                .unwrap_or_default()
                .contains(term["required"].as_str().unwrap());
            match term["verdict"].as_str() {
                Some("exact") if stands => exact += 1,
                _ if flagged || unit["state"] == "untranslated" => {}
                other => return Err(format!("{other:?}: {unit}")),
            }
        }
    }
    Ok(exact)
}

/// Invented terms: a Dutch and an English word that mean nothing.
fn invented(words: &[(String, String)]) -> (String, String) {
    let mut glossary = "nl\ten\tpolicy\n".to_owned();
    let mut text = String::new();
    for (index, (dutch, english)) in words.iter().enumerate() {
        glossary.push_str(&format!("{dutch}\t{english}\texact\n"));
        text.push_str(&format!(
            "De minister was in {dutch} met {} mensen.\n\nVolgens de politie is {dutch} dicht.\n\n",
            index + 40
        ));
    }
    (glossary, text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn invented_terms_end_in_their_form_or_a_flag(
        seed in 0_u64..1000,
        syllables in proptest::collection::vec(("[bdfgklmn][aeiou]", "[lmnrst]", "[aeiou][bdgkmnprt]", "[aeio][fkmx]"), 3..5),
        engine in prop_oneof![Just("deepl"), Just("openai"), Just("libretranslate")],
        fault in prop_oneof![Just(""), Just("terms-ignored"), Just("terms-mangled"), Just("terms-leak"), Just("terms-invented"), Just("terms-lower")],
        rate in prop_oneof![Just("0"), Just("0.3"), Just("1")],
    ) {
        let words: Vec<(String, String)> = syllables
            .iter()
            .enumerate()
            .map(|(i, (a, b, c, d))| (format!("Q{a}{b}{c}{i}").replace(char::is_numeric, "oe"), format!("V{c}{b}{d}{}", ["ia", "or", "um", "es", "on"][i])))
            .collect();
        let mut names: Vec<&String> = words.iter().flat_map(|(a, b)| [a, b]).collect();
        names.sort();
        names.dedup();
        prop_assume!(names.len() == 2 * words.len());
        let (glossary, text) = invented(&words);
        let runtime = runtime();
        let specs: Vec<String> = if fault.is_empty() { Vec::new() } else { vec![format!("{fault},rate={rate}")] };
        let server = start(&runtime, Answers::Gloss, &specs, seed);
        let stage = stage(&[(engine, &server)]);
        stage.write("a.txt", &text);
        stage.write("g.tsv", &glossary);
        stage.run(&["translate", "a.txt", "-o", "out/", "--engine", engine, "--glossary", "g.tsv", "--fail-on", "never"]);
        let units = stage.pairs("out/a.nl-en.jsonl");
        let exact = held_or_flagged(&units);
        prop_assert!(exact.is_ok(), "{}", exact.unwrap_err());
        // An engine that obeys leaves nothing to flag.
        if fault.is_empty() || rate == "0" {
            prop_assert_eq!(exact.unwrap(), 2 * words.len(), "{} {:?}", engine, &units[0]);
        }
        runtime.block_on(server.stop());
    }
}

#[test]
fn every_fault_of_the_list_is_found_or_undone() {
    let runtime = runtime();
    let source = "# Nieuws\n\nDe minister was **in Koersk** met 45 mensen, en de politie was in de stad.\n\nDe Verenigde Naties en de VERENIGDE NATIES zijn in Koersk.\n\nDe vrouw van Jan & de man van Anna waren in de stad.\n";
    let glossary = "nl\ten\tpolicy\tcase\nKoersk\tKursk\texact\texact\nVerenigde Naties\tUnited Nations\texact\tfollow-source\n";
    let run = |fault: Option<&str>| {
        let specs: Vec<String> = fault.iter().map(|f| (*f).to_owned()).collect();
        let server = start(&runtime, Answers::Gloss, &specs, 1);
        let stage = stage(&[("deepl", &server)]);
        stage.write("a.md", source);
        stage.write("g.tsv", glossary);
        stage.run(&[
            "translate",
            "a.md",
            "-o",
            "out/",
            "--engine",
            "deepl",
            "--glossary",
            "g.tsv",
            "--fail-on",
            "never",
        ]);
        let units = stage.pairs("out/a.nl-en.jsonl");
        let edition = stage.read("out/a.en.md");
        runtime.block_on(server.stop());
        (units, edition)
    };
    let (clean, edition) = run(None);
    held_or_flagged(&clean).unwrap();
    for fault in [
        "tags-moved",
        "tags-emptied",
        "tags-lost",
        "tags-doubled",
        "doubled",
        "terms-mangled",
        "terms-invented",
        "escaped",
        "terms-capitals",
        "terms-halved",
        "terms-leak",
        "terms-lower",
        "article",
    ] {
        let (units, other) = run(Some(fault));
        held_or_flagged(&units).unwrap_or_else(|unit| panic!("{fault}: {unit}"));
        let found = |units: &[Value]| -> usize {
            units
                .iter()
                .map(|u| u["findings"].as_array().unwrap().len())
                .sum()
        };
        assert!(
            other == edition || found(&units) > found(&clean),
            "{fault} passed unseen:\n{other}"
        );
    }
}

const TERM: &str = "nl\ten\tpolicy\nZorbakije\tZorbania\texact\n";
const SENTENCE: &str = "Honderd mensen vluchtten gisteren uit Zorbakije.";

fn tape(pairs: &[(&str, &str)]) -> Answers {
    let lines: Vec<String> = pairs
        .iter()
        .map(|(source, target)| json!({"source": source, "target": target}).to_string())
        .collect();
    Answers::cassette(&lines.join("\n"), false).unwrap()
}

/// Runs twice; the second run must send nothing and write the same bytes.
fn twice(stage: &Stage, servers: &[&Server], more: &[&str]) -> Value {
    stage.write("a.txt", format!("{SENTENCE}\n"));
    stage.write("g.tsv", TERM);
    let args = [
        &[
            "translate",
            "a.txt",
            "-o",
            "out/",
            "--engine",
            "libretranslate",
            "--glossary",
            "g.tsv",
            "--fail-on",
            "never",
        ],
        more,
    ]
    .concat();
    stage.run(&args).exits(0);
    let before = stage.files();
    for server in servers {
        server.forget();
    }
    stage.run(&args).exits(0);
    assert!(
        servers
            .iter()
            .all(|server| server.requests().iter().all(|r| r.texts == 0))
    );
    assert_eq!(before, stage.files());
    stage.pairs("out/a.nl-en.jsonl").remove(0)
}

#[test]
fn an_editor_changes_one_term_and_is_recorded() {
    let runtime = runtime();
    let draft = "A hundred people fled the whole province yesterday.";
    let first = start(&runtime, tape(&[(SENTENCE, draft)]), &[], 1);
    for engine in ["openai", "ollama"] {
        let second = start(
            &runtime,
            tape(&[(draft, "A hundred people fled Zorbania yesterday.")]),
            &[],
            1,
        );
        let stage = stage(&[("libretranslate", &first), (engine, &second)]);
        let unit = twice(&stage, &[&first, &second], &["--post-editor", engine]);
        assert_eq!(unit["target"], "A hundred people fled Zorbania yesterday.");
        assert_eq!(unit["terms"][0]["repair"], "edit");
        assert_eq!(unit["terms"][0]["before"], "the whole province");
        assert_eq!(
            (&unit["draft"], &unit["origin"]),
            (&json!(draft), &json!("engine:libretranslate"))
        );
        runtime.block_on(second.stop());
    }
}

#[test]
fn an_editor_that_rewrites_is_refused_and_the_term_is_flagged() {
    let runtime = runtime();
    let draft = "A hundred people fled the whole province yesterday.";
    let first = start(&runtime, tape(&[(SENTENCE, draft)]), &[], 1);
    for rewritten in [
        "Yesterday, 100 people ran away from Zorbania, according to the police of the place.",
        "A hundred people fled Zorbania yesterday, and the weather in the mountains was terrible all day long.",
        "A hundred people fled Sorbania yesterday.",
    ] {
        let second = start(&runtime, tape(&[(draft, rewritten)]), &[], 1);
        let stage = stage(&[("libretranslate", &first), ("openai", &second)]);
        let unit = twice(&stage, &[&first, &second], &["--editor", "openai"]);
        assert_eq!(
            (&unit["target"], &unit["state"]),
            (&json!(draft), &json!("needs-review"))
        );
        assert_eq!(unit["terms"][0]["verdict"], "miss");
        let strict = [
            "translate",
            "a.txt",
            "--engine",
            "libretranslate",
            "--glossary",
            "g.tsv",
            "--strict",
            "--post-editor",
            "openai",
        ];
        stage.run(&strict).exits(1);
        runtime.block_on(second.stop());
    }
}

#[test]
fn a_second_engine_is_asked_last() {
    let runtime = runtime();
    let first = start(
        &runtime,
        tape(&[(
            SENTENCE,
            "A hundred people fled the whole province yesterday.",
        )]),
        &[],
        1,
    );
    let second = start(
        &runtime,
        tape(&[(SENTENCE, "A hundred people fled from Zorbania yesterday.")]),
        &[],
        1,
    );
    let stage = stage(&[("libretranslate", &first), ("deepl", &second)]);
    let unit = twice(&stage, &[&first, &second], &["--second-engine", "deepl"]);
    assert_eq!(
        (&unit["terms"][0]["verdict"], &unit["origin"]),
        (&json!("exact"), &json!("engine:deepl"))
    );
    assert_eq!(unit["notes"][0], "term fallback: a second engine");
}

#[test]
fn the_text_without_the_glossary_is_tried_when_the_glossary_does_harm() {
    let runtime = runtime();
    let server = start(
        &runtime,
        Answers::Gloss,
        &["terms-mangled,first=1".into()],
        1,
    );
    let stage = stage(&[("openai", &server)]);
    stage.write("a.txt", "De politie is in Koersk.\n");
    stage.write("g.tsv", "nl\ten\tpolicy\nKoersk\tKursk\texact\n");
    let args = [
        "translate",
        "a.txt",
        "-o",
        "out/",
        "--engine",
        "openai",
        "--glossary",
        "g.tsv",
    ];
    stage.run(&args).exits(0);
    let unit = stage.pairs("out/a.nl-en.jsonl").remove(0);
    assert_eq!(
        (&unit["target"], &unit["terms"][0]["verdict"]),
        (&json!("The police is in Kursk."), &json!("exact")),
        "{unit}"
    );
    assert!(
        unit["notes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|note| note == "term fallback: the text without the engine's glossary")
    );
}
