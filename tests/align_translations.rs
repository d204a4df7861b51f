//! Translations as evidence of `overzet align`: from the memory, from an engine that is named, once each, and said.

use crate::align::ARTICLE;
use crate::stage::Stage;
use overzet::mock::{self, Answers, Options};

/// Aligns the two files of [`stage`].
const ALIGN: [&str; 7] = [
    "align",
    "a.nl.txt",
    "a.en.txt",
    "--presegmented",
    "-o",
    "p.jsonl",
    "--force",
];

/// The article in two files, one segment per line; a sentence of the edition is missing.
pub fn stage() -> Stage {
    let stage = Stage::new();
    let lines = |texts: Vec<&str>| texts.join("\n") + "\n";
    stage.write(
        "a.nl.txt",
        lines(ARTICLE.iter().map(|pair| pair.0).collect()),
    );
    let edition = ARTICLE.iter().map(|pair| pair.1);
    stage.write(
        "a.en.txt",
        lines(edition.filter(|en| !en.contains("One calf")).collect()),
    );
    stage
}

fn numbers(value: &serde_json::Value) -> Vec<u64> {
    serde_json::from_value(value.clone()).unwrap()
}

/// A file of recorded pairs for the engine `replay`: the article's own English, in other words here and there.
fn recorded() -> String {
    let lines: Vec<String> = ARTICLE
        .iter()
        .map(|(nl, en)| format!("{nl}\t{}", en.replace("said", "says")))
        .collect();
    lines.join("\n")
}

#[test]
fn translations_come_from_the_engine_that_is_named_and_then_from_the_memory() {
    let stage = stage().with("OVERZET_REPLAY", "drafts.tsv");
    stage.write("drafts.tsv", recorded());
    let args = [
        "align",
        "a.nl.txt",
        "a.en.txt",
        "--presegmented",
        "--from",
        "nl",
    ];
    let run = |more: &[&str]| stage.run(&[&args[..], &["-o", "p.jsonl", "--force"], more].concat());
    // Nothing was translated before: there is no memory, and none is made.
    let ran = run(&[]);
    assert!(
        !ran.exits(0).stderr.contains("translations"),
        "{}",
        ran.stderr
    );
    assert!(!stage.path(".overzet").exists());
    let frozen = run(&["--engine", "replay", "--frozen"]);
    assert!(
        frozen
            .exits(8)
            .stderr
            .contains("30 segments would be sent to replay"),
        "{}",
        frozen.stderr
    );
    let dry = stage.run(&[&args[..], &["--engine", "replay", "--dry-run"]].concat());
    assert!(
        dry.exits(0).stdout.contains("to send     30 texts"),
        "{}",
        dry.stdout
    );
    let ran = run(&["--engine", "replay"]);
    assert!(
        ran.exits(0)
            .stderr
            .contains("translations: 30 of 30 segments; 0 from the memory, 30 from replay"),
        "{}",
        ran.stderr
    );
    let first = stage.read("p.jsonl");
    assert_eq!(stage.pairs("p.jsonl")[7]["state"], "untranslated");
    // A second run needs no engine, and writes the same bytes; nor does one that names the engine and may send nothing.
    for (more, told) in [
        (&[][..], "30 of 30 segments; 30 from the memory"),
        (
            &["--engine", "replay", "--frozen"],
            "30 from the memory, 0 from replay",
        ),
    ] {
        let ran = run(more);
        assert!(ran.exits(0).stderr.contains(told), "{}", ran.stderr);
        assert_eq!(stage.read("p.jsonl"), first);
    }
    assert!(
        !run(&["--no-memory"])
            .exits(0)
            .stderr
            .contains("translations")
    );
    // One sentence is new: it costs one text, and without an engine it stands for itself.
    let article = stage.read("a.nl.txt").replace("43 koeien", "44 koeien");
    stage.write("a.nl.txt", article);
    let ran = run(&[]);
    assert!(
        ran.exits(0)
            .stderr
            .contains("28 of 30 segments; 28 from the memory"),
        "{}",
        ran.stderr
    );
    let beads = |name: &str| -> Vec<(Vec<u64>, Vec<u64>)> {
        let pairs = stage.pairs(name);
        pairs
            .iter()
            .map(|p| {
                (
                    numbers(&p["source_segments"]),
                    numbers(&p["target_segments"]),
                )
            })
            .collect()
    };
    let with = beads("p.jsonl");
    stage.write("q.jsonl", first);
    assert_eq!(with, beads("q.jsonl"));
}

#[test]
fn an_engine_that_knows_nothing_is_named() {
    let stage = stage().with("OVERZET_REPLAY", "drafts.tsv");
    stage.write("drafts.tsv", "Iets anders.\tSomething else.\n");
    let args = [
        "align",
        "a.nl.txt",
        "a.en.txt",
        "--presegmented",
        "-o",
        "p.jsonl",
        "--force",
        "--engine",
    ];
    let ran = stage.run(&[&args[..], &["replay"]].concat());
    assert!(
        ran.exits(0).stderr.contains("warning: translations: 0 of 30 segments; 0 from the memory, 0 from replay: they contributed nothing"),
        "{}",
        ran.stderr
    );
    assert_eq!(stage.pairs("p.jsonl").len(), 30);
    assert!(
        stage
            .run(&[&args[..], &["deeper"]].concat())
            .exits(2)
            .stderr
            .contains("unknown engine `deeper`; available: ")
    );
}

#[test]
fn a_service_is_sent_each_sentence_once_and_within_the_bounds() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let tape: Vec<String> = ARTICLE
        .iter()
        .map(|(nl, en)| {
            serde_json::json!({"source": nl, "target": en.replace("said", "says")}).to_string()
        })
        .collect();
    let options = Options {
        answers: Answers::cassette(&tape.join("\n"), false).unwrap(),
        ..Options::default()
    };
    let server = runtime.block_on(mock::start(options)).unwrap();
    let stage = stage()
        .with("DEEPL_AUTH_KEY", "k")
        .with("DEEPL_SERVER_URL", &server.address());
    // The boilerplate is not worth a request, nor is a second time.
    stage.write(
        "a.nl.txt",
        format!("{}Advertentie\n{}\n", stage.read("a.nl.txt"), ARTICLE[3].0),
    );
    let run = |more: &[&str]| stage.run(&[&ALIGN[..], more].concat());
    let sent = || {
        server
            .requests()
            .iter()
            .map(|request| request.texts)
            .sum::<usize>()
    };
    // An engine that is only configured is not asked.
    run(&[]).exits(0);
    let told = run(&["--engine", "deepl", "--offline"]);
    assert!(
        told.exits(0)
            .stderr
            .contains("warning: translations: 0 of 32"),
        "{}",
        told.stderr
    );
    run(&["--engine", "deepl", "--max-chars", "100"]).exits(5);
    run(&["--engine", "deepl", "--frozen"]).exits(8);
    run(&["--engine", "deepl", "--dry-run"]).exits(0);
    assert_eq!(sent(), 0);
    let ran = run(&["--engine", "deepl"]);
    assert!(
        ran.exits(0)
            .stderr
            .contains("31 of 32 segments; 0 from the memory, 31 from deepl"),
        "{}",
        ran.stderr
    );
    assert_eq!(sent(), 30);
    // What was paid for serves `translate` too.
    server.forget();
    let first = stage.read("p.jsonl");
    run(&["--engine", "deepl"]).exits(0);
    assert_eq!(stage.read("p.jsonl"), first);
    stage.write("b.nl.txt", format!("{}\n", ARTICLE[5].0));
    stage
        .run(&["translate", "b.nl.txt", "--engine", "deepl", "--frozen"])
        .exits(0);
    assert_eq!(sent(), 0);
    runtime.block_on(server.stop());
}

#[test]
fn sentences_of_a_translation_memory_are_evidence() {
    let stage = stage();
    let lines: Vec<String> = ARTICLE
        .iter()
        .map(|(nl, en)| format!("{}\t{en}", nl.replace("Kampen", "Zwolle")))
        .collect();
    stage.write("m.tsv", lines.join("\n"));
    stage.run(&["tm", "import", "m.tsv"]).exits(0);
    stage.run(&["tm", "export", "m.tmx"]).exits(0);
    let run = |more: &[&str]| stage.run(&[&ALIGN[..], more].concat());
    let ran = run(&["--lexicon", "m.tmx", "--no-memory"]);
    assert!(
        ran.exits(0)
            .stderr
            .contains("translations: 30 of 30 segments; 30 from m.tmx"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("lexicon m.tmx"), "{}", ran.stderr);
    assert_eq!(stage.pairs("p.jsonl")[7]["state"], "untranslated");
    let ran = run(&[]);
    assert!(
        ran.exits(0)
            .stderr
            .contains("30 of 30 segments; 30 from the memory"),
        "{}",
        ran.stderr
    );
    // In a language that nobody knows they are all the evidence that there is.
    let unknown = ["--from", "xx", "--to", "yy", "--no-memory"];
    run(&unknown).exits(0);
    let without = stage.pairs("p.jsonl");
    let renamed = stage
        .read("m.tmx")
        .replace("xml:lang=\"nl\"", "xml:lang=\"xx\"")
        .replace("xml:lang=\"en\"", "xml:lang=\"yy\"");
    stage.write("x.tmx", renamed);
    run(&[&unknown[..], &["--lexicon", "x.tmx"]].concat()).exits(0);
    let certainty = |pairs: &[serde_json::Value]| -> f64 {
        let sum: f64 = pairs
            .iter()
            .map(|pair| pair["confidence"].as_f64().unwrap())
            .sum();
        sum / pairs.len() as f64
    };
    let (with, without) = (certainty(&stage.pairs("p.jsonl")), certainty(&without));
    assert!(with > without, "{with} {without}");
    stage.write("n.jsonl", "{\"source\":\"Iets heel anders dat hier niet staat.\",\"target\":\"Quite another thing.\"}\n");
    let ran = run(&["--lexicon", "n.jsonl", "--no-memory"]);
    assert!(
        ran.exits(0)
            .stderr
            .contains("n.jsonl: none of its 1 pairs is like a segment"),
        "{}",
        ran.stderr
    );
    // A file that is no memory spoils nothing that nobody asked of it.
    let note = "no database, though long enough to have a header of one ".repeat(9);
    let lost = stage.write("note.txt", note);
    stage.write(
        "overzet.toml",
        format!("memory = {:?}\n", lost.display().to_string()),
    );
    let ran = run(&[]);
    assert!(
        ran.exits(0)
            .stderr
            .contains("warning: no translations from the memory"),
        "{}",
        ran.stderr
    );
    run(&["--engine", "replay"]).exits(3);
}

#[test]
fn an_edition_of_our_own_is_found_again() {
    let stage = Stage::new().with("OVERZET_REPLAY", "drafts.tsv");
    stage.write("drafts.tsv", recorded());
    let paragraphs: Vec<String> = ARTICLE[1..]
        .chunks(4)
        .map(|chunk| {
            chunk
                .iter()
                .map(|pair| pair.0)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    stage.write(
        "a.txt",
        format!("{}\n\n{}\n", ARTICLE[0].0, paragraphs.join("\n\n")),
    );
    stage
        .run(&["translate", "a.txt", "-o", "out/", "--engine", "replay"])
        .exits(0);
    let texts = |name: &str| -> Vec<(String, String)> {
        let text = |pair: &serde_json::Value, side: &str| pair[side].as_str().unwrap().to_owned();
        let pairs = stage.pairs(name);
        pairs
            .iter()
            .map(|p| (text(p, "source"), text(p, "target")))
            .collect()
    };
    for more in [&[][..], &["--no-memory"]] {
        let args = ["align", "a.txt", "out/a.en.txt", "-o", "p.jsonl", "--force"];
        stage.run(&[&args[..], more].concat()).exits(0);
        assert_eq!(texts("p.jsonl"), texts("out/a.nl-en.jsonl"));
        for pair in stage.pairs("p.jsonl") {
            assert!(pair["confidence"].as_f64().unwrap() >= 0.9, "{pair}");
        }
    }
}
