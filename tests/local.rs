//! The engine in the process through the whole line: every law of the contract holds, whatever the model says.
//!
//! On a clean clone the model has random weights, written by the tests; with `OVERZET_DATA` it is a small trained one.

use crate::stage::{Ran, Stage, data};
use crate::toy_model;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Where a model of the pair is installed in a stage's home.
const HOME: &str = ".local/share/overzet/models/nl-en/tiny-1.0";

/// Writes a model of random weights, with the manifest that makes it an installed one.
fn install(stage: &Stage, folder: &str) -> PathBuf {
    let files = [
        (
            "model",
            "model.bin",
            toy_model::model(toy_model::SMALL, 7, toy_model::Storage::Int8, ""),
        ),
        ("vocab", "vocab.spm", toy_model::vocab(toy_model::SMALL)),
        ("lex", "lex.bin", toy_model::shortlist(toy_model::SMALL, 7)),
    ];
    let mut rows = Vec::new();
    for (role, name, bytes) in &files {
        stage.write(&format!("{folder}/{name}"), bytes);
        rows.push(
            json!({"role": role, "file": name, "bytes": bytes.len(), "sha256": "0".repeat(64)}),
        );
    }
    let manifest = json!({
        "schema": 1, "name": "nl-en-tiny", "source": "nl", "target": "en", "architecture": "tiny", "version": "1.0",
        "license": "none", "files": rows,
    });
    stage.write(&format!("{folder}/manifest.json"), manifest.to_string());
    stage.path(folder)
}

const ARTICLE: &str = "OORLOG IN DE HAVEN\n\nDoor Anna Bakker\n\n„De haven van Koersk is dicht.” Een schip ligt daar, zei hij. Koersk zweeg.\n\n* * *\n\nEen huis.\n";
/// Every sentence has a term, so that a model of random weights has something to say to each.
const GLOSSARY: &str = "nl\ten\tforbidden\nKoersk\tKursk\tKoursk\nhaven\tport\t\nschip\tship\t\nhuis\thouse\t\nAnna Bakker\tAnna Bakker\t\n";

fn spans<'v>(unit: &'v Value, name: &str) -> Vec<&'v Value> {
    unit[name].as_array().into_iter().flatten().collect()
}

fn codes(unit: &Value, side: &str) -> Vec<String> {
    let codes = unit["codes"][side].as_array().into_iter().flatten();
    let mut codes: Vec<String> = codes
        .map(|code| format!("{} {}", code["id"], code["kind"]))
        .collect();
    codes.sort();
    codes
}

/// What has to hold for every unit, whatever the model made of it.
fn laws(units: &[Value], source: &str) {
    let mut from = 0;
    for unit in units {
        let (plain, target) = (
            unit["source"].as_str().unwrap(),
            unit["target"].as_str().unwrap(),
        );
        let id = unit["id"].as_str().unwrap();
        let span: Vec<usize> = spans(unit, "source_span")
            .iter()
            .map(|n| n.as_u64().unwrap() as usize)
            .collect();
        assert!(
            span[0] >= from,
            "{id}: units are in order and do not overlap"
        );
        let between = &source[from..span[0]];
        assert!(
            !between.contains("aven"),
            "{id}: text between units is lost: {between:?}"
        );
        from = span[1];
        if unit["state"] == "untranslated" {
            // A model of random weights may have nothing to say; then a finding says so.
            assert!(
                spans(unit, "findings")
                    .iter()
                    .any(|f| f["check"] == "engine"),
                "{id}"
            );
            continue;
        }
        assert_eq!(
            codes(unit, "source"),
            codes(unit, "target"),
            "{id}: {target}"
        );
        let fits = |text: &str, span: &Value| {
            let at = |i: usize| span[i].as_u64().unwrap() as usize;
            text.get(at(0)..at(1)).is_some()
        };
        for thing in ["terms", "findings", "doubts"]
            .iter()
            .flat_map(|name| spans(unit, name))
        {
            assert!(
                thing["source"].is_null() || fits(plain, &thing["source"]),
                "{id}: {thing}"
            );
            assert!(
                thing["target"].is_null() || fits(target, &thing["target"]),
                "{id}: {thing}"
            );
        }
        let count = |text: &str| overzet::bitext::words(text).len() as u64;
        for link in spans(unit, "links") {
            let inside = link[0].as_u64().unwrap() < count(plain)
                && link[1].as_u64().unwrap() < count(target);
            assert!(inside, "{id}: {link}");
        }
        for term in spans(unit, "terms") {
            let wrong = ["miss", "forbidden"]
                .iter()
                .any(|verdict| term["verdict"] == *verdict);
            let told = spans(unit, "findings")
                .iter()
                .any(|f| f["check"] == "terms");
            // Furniture that stays Dutch is declared, not judged.
            let kept = unit["origin"] == "copied";
            assert!(
                !wrong || told || kept,
                "{id}: {term} is wrong and no finding says so"
            );
        }
        if unit["origin"] == "engine:local" {
            let score = unit["score"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&score), "{id}");
        }
    }
}

fn translate(stage: &Stage, file: &str, out: &str, more: &[&str]) -> Ran {
    let mut args = vec!["translate", file, "-o", out];
    args.extend(more);
    stage.run(&args)
}

#[test]
fn an_installed_model_is_taken_and_a_second_run_loads_nothing() {
    let stage = Stage::new();
    let model = install(&stage, HOME);
    stage.write("artikel.txt", ARTICLE);
    stage.write("names.tsv", GLOSSARY);
    let first = translate(
        &stage,
        "artikel.txt",
        "out/",
        &["--offline", "--glossary", "names.tsv"],
    );
    first.exits(0);
    assert!(first.stderr.contains("nothing sent"), "{}", first.stderr);
    let units = stage.pairs("out/artikel.nl-en.jsonl");
    laws(&units, ARTICLE);
    assert!(
        units
            .iter()
            .all(|unit| unit["origin"] == "engine:local" || unit["origin"] == "copied")
    );
    let targets = || units.iter().map(|unit| unit["target"].as_str().unwrap());
    assert_eq!(
        targets().filter(|target| target.contains("Kursk")).count(),
        2
    );
    assert!(targets().all(|target| !target.contains("Koersk") && !target.contains("Koursk")));
    let headline = units[0]["target"].as_str().unwrap();
    assert!(!headline.contains(char::is_lowercase), "{headline}");
    let quoted = units
        .iter()
        .find(|unit| unit["source"].as_str().unwrap().starts_with('„'))
        .unwrap();
    assert!(
        quoted["target"].as_str().unwrap().starts_with('“'),
        "{quoted}"
    );
    // Weights that nobody can read any more, of the same size: whoever loads them fails.
    let weights = model.join("model.bin");
    let size = std::fs::metadata(&weights).unwrap().len() as usize;
    std::fs::write(&weights, vec![0; size]).unwrap();
    let before = stage.read("out/artikel.nl-en.jsonl");
    let second = translate(
        &stage,
        "artikel.txt",
        "out/",
        &["--frozen", "--glossary", "names.tsv"],
    );
    second.exits(0);
    assert_eq!(stage.read("out/artikel.nl-en.jsonl"), before);
    stage.write("artikel.txt", format!("{ARTICLE}\nEen boot.\n"));
    let third = translate(&stage, "artikel.txt", "out/", &["--glossary", "names.tsv"]);
    third.exits(3);
    assert!(third.stderr.contains("model.bin"), "{}", third.stderr);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let stage = Stage::new();
    install(&stage, "model");
    let sentence = |n| format!("De haven van huis {n} is dicht, zei een man van de boot.");
    let text = (0..60).map(sentence).collect::<Vec<_>>().join("\n\n");
    stage.write("artikel.txt", &text);
    stage.write("names.tsv", GLOSSARY);
    let mut outputs = Vec::new();
    for threads in ["1", "3"] {
        std::fs::remove_dir_all(stage.path(".overzet")).ok();
        let out = format!("out{threads}/");
        translate(
            &stage,
            "artikel.txt",
            &out,
            &[
                "--model",
                "model",
                "--threads",
                threads,
                "--glossary",
                "names.tsv",
            ],
        )
        .exits(0);
        outputs.push(stage.read(&format!("{out}artikel.nl-en.jsonl")));
    }
    assert_eq!(outputs[0], outputs[1]);
    laws(&stage.pairs("out1/artikel.nl-en.jsonl"), &text);
}

const MARKDOWN: &str = "# De *haven*\n\n**Een huis** van [de man](https://example.org/a_b) en `code` is dicht.\n\n> Een [*boot* van **de** haven](x) daar.\n\n- ***Alles*** is dicht\n- de boot  \n  van de man\n";
const HTML: &str = "<!DOCTYPE html>\n<html><body><h1>De <em>haven</em></h1>\n<p><b>Een <i>huis</i></b> van <a href=\"x?a=1&amp;b=2\">de man</a> is<br>dicht<sup>1</sup>.</p>\n<p>De boot <img src=\"a.png\"> van <strong>de haven.</strong></p></body></html>\n";

const MARKDOWN_MARKS: &[&str] = &[
    "# ",
    "> ",
    "- ",
    "](https://example.org/a_b)",
    "`code`",
    "](x)",
    "*",
    "  \n",
];
const HTML_MARKS: &[&str] = &[
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<em>",
    "</em>",
    "<a href=\"x?a=1&amp;b=2\">",
    "</a>",
    "<br>",
    "<sup>",
    "</sup>",
    "<img src=\"a.png\">",
    "<strong>",
    "</strong>",
];

/// Documents with markup through a model: the markup of the source stands in the edition, every piece as often.
fn markup(stage: &Stage, model: &str) {
    for (name, text, marks) in [
        ("a.md", MARKDOWN, MARKDOWN_MARKS),
        ("b.html", HTML, HTML_MARKS),
    ] {
        stage.write(name, text);
        let out = format!("{name}.out/");
        let ran = translate(stage, name, &out, &["--model", model]);
        assert!([0, 7].contains(&ran.code), "{}", ran.stderr);
        let stem = name.split('.').next().unwrap();
        laws(&stage.pairs(&format!("{out}{stem}.nl-en.jsonl")), text);
        let edition = stage.read(&format!("{out}{}", name.replace('.', ".en.")));
        for mark in marks {
            assert_eq!(
                edition.matches(mark).count(),
                text.matches(mark).count(),
                "{mark} in {edition}"
            );
        }
        if name.ends_with(".html") {
            let at = |mark: &str| edition.find(mark).unwrap();
            assert!(
                at("<b>") < at("<i>") && at("</i>") < at("</b>"),
                "{edition}"
            );
        }
    }
}

#[test]
fn markup_comes_out_whole() {
    let stage = Stage::new();
    install(&stage, "model");
    markup(&stage, "model");
}

#[test]
fn without_engine_and_model_nothing_is_fetched_and_the_ways_on_are_named() {
    let stage = Stage::new();
    stage.write("artikel.txt", ARTICLE);
    let ran = stage.run(&["translate", "artikel.txt"]);
    ran.exits(2);
    for way in ["overzet models pull nl-en", "DEEPL_AUTH_KEY", "OLLAMA_HOST"] {
        assert!(ran.stderr.contains(way), "{way}: {}", ran.stderr);
    }
    let named = stage.run(&["translate", "artikel.txt", "--engine", "local"]);
    named.exits(2);
    assert!(named.stderr.contains("models pull"), "{}", named.stderr);
    assert!(!stage.path(".local").exists());
}

#[test]
fn the_listing_and_the_doctor_know_the_installed_model() {
    let stage = Stage::new();
    let row = |stage: &Stage| {
        let ran = stage.run(&["engines"]);
        ran.stdout
            .lines()
            .find(|line| line.starts_with("local "))
            .unwrap()
            .to_owned()
    };
    assert!(!row(&stage).contains("ready"));
    install(&stage, HOME);
    assert!(row(&stage).contains("ready"));
    let doctor = stage.run(&["doctor"]);
    assert!(
        doctor.stdout.contains("nl-en-tiny 1.0"),
        "{}",
        doctor.stdout
    );
    let test = stage.run(&["engines", "test", "local"]);
    test.exits(0);
    // A key that is set comes first; a model is taken where nothing else is configured.
    let keyed = Stage::new().with("LIBRETRANSLATE_URL", "http://127.0.0.1:9");
    install(&keyed, HOME);
    keyed.write("artikel.txt", ARTICLE);
    let dry = keyed.run(&["translate", "artikel.txt", "--dry-run"]);
    assert!(dry.stdout.contains("libretranslate"), "{}", dry.stdout);
}

#[test]
fn the_batch_takes_the_installed_model() {
    let stage = Stage::new();
    install(&stage, HOME);
    let ran = stage.run_with(
        &["translate", "--engine", "local", "--batch"],
        b"{\"id\":\"1\",\"text\":\"de haven\"}\n",
    );
    ran.exits(0);
    assert!(
        ran.stdout.starts_with("{\"id\":\"1\",\"target\":"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_changed_glossary_asks_again_for_its_sentences_alone() {
    let stage = Stage::new();
    install(&stage, "model");
    stage.write("artikel.txt", ARTICLE);
    let run = |glossary: &str, out: &str| {
        stage.write("names.tsv", glossary);
        translate(
            &stage,
            "artikel.txt",
            out,
            &["--model", "model", "--glossary", "names.tsv"],
        )
    };
    run(GLOSSARY, "a/").exits(0);
    let again = run(&GLOSSARY.replace("Kursk\t", "Kursk Oblast\t"), "b/");
    again.exits(0);
    assert!(
        again.stderr.contains("2 texts translated here"),
        "{}",
        again.stderr
    );
}

#[test]
fn the_seed_article_passes_with_the_toy() {
    let Some(data) = data("the_seed_article_passes_with_the_toy") else {
        return;
    };
    let stage = Stage::new();
    let path = |path: &Path| path.display().to_string();
    let toy = path(&data.join("nmt/toy"));
    let glossary = path(&data.join("terminology/glossary-seed.tsv"));
    let article = std::fs::read_to_string(data.join("seed/article.nl.txt")).unwrap();
    stage.write("article.nl.txt", &article);
    let more = ["--model", &toy, "--glossary", &glossary];
    translate(&stage, "article.nl.txt", "out/", &more).exits(0);
    let units = stage.pairs("out/article.nl-en.jsonl");
    laws(&units, &article);
    assert_eq!(units.len(), 48);
    let blocks = units.last().unwrap()["block"].as_u64();
    assert_eq!(blocks, Some(29));
    let terms: Vec<&Value> = units.iter().flat_map(|unit| spans(unit, "terms")).collect();
    let there = terms
        .iter()
        .filter(|term| {
            !["miss", "forbidden"]
                .iter()
                .any(|verdict| term["verdict"] == *verdict)
        })
        .count();
    // The decoder writes the forms; what it cannot know (shared heads, longer names around a term) is flagged.
    assert!(
        100 * there >= 97 * terms.len(),
        "{there} of {}",
        terms.len()
    );
    // Babble deserves its doubts, and other wordings are offered.
    assert!(units.iter().any(|unit| !spans(unit, "doubts").is_empty()));
    assert!(
        units
            .iter()
            .any(|unit| !spans(unit, "alternatives").is_empty())
    );
    let before = stage.files();
    let again = translate(&stage, "article.nl.txt", "out/", &more);
    again.exits(0);
    assert!(
        again.stderr.contains("0 texts translated here"),
        "{}",
        again.stderr
    );
    assert_eq!(stage.files(), before);
    markup(&stage, &toy);
}
