//! Whole articles through the binary and the mock: nothing lost, terms right or flagged, a second run that sends nothing.

use crate::stage::{Ran, Stage, data, root};
use overzet::mock::{self, Answers, Options, Server, faults};
use serde_json::Value;
use std::collections::BTreeSet;

/// An engine with the variables that point it at a mock.
const DIALECTS: &[(&str, &[(&str, &str)])] = &[
    (
        "deepl",
        &[
            ("DEEPL_AUTH_KEY", "sleutel-die-niemand-mag-zien"),
            ("DEEPL_SERVER_URL", "{}"),
        ],
    ),
    (
        "google",
        &[
            ("GOOGLE_API_KEY", "sleutel-die-niemand-mag-zien"),
            ("GOOGLE_SERVER_URL", "{}"),
        ],
    ),
    (
        "google-v3",
        &[
            ("GOOGLE_ACCESS_TOKEN", "sleutel-die-niemand-mag-zien"),
            ("GOOGLE_CLOUD_PROJECT", "p"),
            ("GOOGLE_SERVER_URL", "{}"),
        ],
    ),
    (
        "azure",
        &[
            ("AZURE_TRANSLATOR_KEY", "sleutel-die-niemand-mag-zien"),
            ("AZURE_TRANSLATOR_ENDPOINT", "{}"),
        ],
    ),
    (
        "azure-2026",
        &[
            ("AZURE_TRANSLATOR_KEY", "sleutel-die-niemand-mag-zien"),
            ("AZURE_TRANSLATOR_ENDPOINT", "{}"),
        ],
    ),
    ("libretranslate", &[("LIBRETRANSLATE_URL", "{}")]),
    (
        "openai",
        &[
            ("OPENAI_API_KEY", "sleutel-die-niemand-mag-zien"),
            ("OPENAI_BASE_URL", "{}/v1"),
        ],
    ),
    ("ollama", &[("OLLAMA_HOST", "{}")]),
];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

fn stage(engine: &str, server: &Server) -> Stage {
    let (_, variables) = DIALECTS.iter().find(|(name, _)| *name == engine).unwrap();
    variables.iter().fold(Stage::new(), |stage, (name, value)| {
        stage.with(name, &value.replace("{}", &server.address()))
    })
}

/// What engines do to a good draft.
fn spoiled(text: &str) -> String {
    [
        ("Kyiv", "Kiev"),
        ("Kursk", "Koersk"),
        ("cease-fire", "ceasefire"),
        ("U.S.", "US"),
        ("MI6", "MI-6"),
        ("Putin", "Poetin"),
        ("eastern Ukraine", "Eastern Ukraine"),
        ("Biden administration", "Biden government"),
        ("Tehran", "Teheran"),
        ("missiles", "rockets"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (good, bad)| text.replace(good, bad))
}

/// The reference of the seed article as a cassette, spoiled.
fn cassette(folder: &std::path::Path) -> Answers {
    let table = std::fs::read_to_string(folder.join("seed/reference.tsv")).unwrap();
    let lines: Vec<String> = table
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            serde_json::json!({"source": cells[1], "target": spoiled(cells[2])}).to_string()
        })
        .collect();
    Answers::cassette(&lines.join("\n"), false).unwrap()
}

/// Whether a unit has a finding about its terms.
fn flagged(unit: &Value) -> bool {
    unit["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|f| f["check"] == "terms")
}

#[test]
fn the_seed_article_passes_in_every_dialect() {
    let Some(data) = data("the_seed_article_passes_in_every_dialect") else {
        return;
    };
    let runtime = runtime();
    let glossary = data
        .join("terminology/glossary-seed.tsv")
        .display()
        .to_string();
    let article = std::fs::read(data.join("seed/article.nl.txt")).unwrap();
    for (engine, _) in DIALECTS {
        let options = Options {
            answers: cassette(&data),
            applies_terms: false,
            ..Options::default()
        };
        let server = runtime.block_on(mock::start(options)).unwrap();
        let stage = stage(engine, &server);
        stage.write("article.nl.txt", &article);
        let args = [
            "translate",
            "article.nl.txt",
            "-o",
            "out/",
            "--engine",
            engine,
            "--glossary",
            &glossary,
            "--furniture",
            "translate",
        ];
        stage.run(&args).exits(0);
        let units = stage.pairs("out/article.nl-en.jsonl");
        assert_eq!(units.len(), 48, "{engine}");
        let blocks: BTreeSet<u64> = units.iter().map(|u| u["block"].as_u64().unwrap()).collect();
        assert_eq!(blocks.len(), 29, "{engine}");
        covered(&stage, &article, &units);
        let hits: usize = units
            .iter()
            .map(|u| u["terms"].as_array().unwrap().len())
            .sum();
        assert_eq!(hits, 201, "{engine}");
        for unit in &units {
            for term in unit["terms"].as_array().unwrap() {
                let verdict = term["verdict"].as_str().unwrap();
                let right = !["miss", "forbidden"].contains(&verdict);
                assert!(
                    right || flagged(unit),
                    "{engine}: {} is neither right nor flagged",
                    term["term"]
                );
            }
        }
        let edition = stage.read("out/article.en.txt");
        for (there, gone) in [
            ("Kyiv", "Kiev"),
            ("Kursk", "Koersk"),
            ("MI6", "MI-6"),
            ("cease-fire", "ceasefire"),
        ] {
            assert!(
                edition.contains(there) && !edition.contains(gone),
                "{engine}: {there}"
            );
        }
        assert!(
            edition.contains("1,300 square") && edition.contains("2.5-year"),
            "{engine}"
        );
        second_run_sends_nothing(&stage, &server, &args);
        one_changed_word_costs_one_segment(&stage, &server, &args, &article);
        nothing_leaks(&stage, &server);
        runtime.block_on(server.stop());
    }
}

/// Every byte of the source is in one pair or in declared non-text.
fn covered(stage: &Stage, article: &[u8], units: &[Value]) {
    let report: Value = serde_json::from_str(&stage.read("out/article.report.json")).unwrap();
    let span = |value: &Value| {
        (
            value[0].as_u64().unwrap() as usize,
            value[1].as_u64().unwrap() as usize,
        )
    };
    let mut spans: Vec<_> = units.iter().map(|u| span(&u["source_span"])).collect();
    spans.extend(
        report["coverage"]["non_text"]
            .as_array()
            .unwrap()
            .iter()
            .map(span),
    );
    spans.sort_unstable();
    let mut at = 0;
    for (start, end) in spans {
        assert_eq!(start, at, "a byte is in two places or in none");
        at = end;
    }
    assert_eq!(at, article.len());
    for unit in units {
        let (start, end) = span(&unit["source_span"]);
        assert_eq!(
            &article[start..end],
            unit["source"].as_str().unwrap().as_bytes()
        );
        let edition = stage.read("out/article.en.txt");
        let (start, end) = span(&unit["target_span"]);
        assert_eq!(&edition[start..end], unit["target"].as_str().unwrap());
    }
}

fn second_run_sends_nothing(stage: &Stage, server: &Server, args: &[&str]) {
    let before = stage.files();
    server.forget();
    stage.run(args).exits(0);
    assert_eq!(server.requests().iter().filter(|r| r.texts > 0).count(), 0);
    assert_eq!(before, stage.files(), "a second run writes the same bytes");
}

fn one_changed_word_costs_one_segment(
    stage: &Stage,
    server: &Server,
    args: &[&str],
    article: &[u8],
) {
    let text = String::from_utf8(article.to_vec()).unwrap();
    let changed = text.replacen(
        "Tot nu toe is er geen overeenkomst",
        "Tot heden is er geen overeenkomst",
        1,
    );
    assert_ne!(text, changed);
    stage.write("article.nl.txt", changed);
    server.forget();
    // The cassette has no such sentence: the unit stays open and says so.
    stage.run(args).exits(7);
    let texts: BTreeSet<usize> = server
        .requests()
        .iter()
        .filter(|r| r.texts > 0)
        .map(|r| r.texts)
        .collect();
    assert_eq!(texts, BTreeSet::from([1]));
    assert!(
        stage
            .read("out/article.en.txt")
            .contains("[untranslated: Tot heden")
    );
    stage.write("article.nl.txt", article);
}

/// No key in any file, in the memory, or on the wire's path.
fn nothing_leaks(stage: &Stage, server: &Server) {
    let memory = std::fs::read(stage.path(".overzet/memory.sqlite")).unwrap();
    let mut all = stage.files();
    all.push(("memory".into(), memory));
    for (name, bytes) in all {
        let found = String::from_utf8_lossy(&bytes).contains("sleutel-die-niemand");
        assert!(!found, "{name} holds the key");
    }
    for request in server.requests() {
        assert!(
            !request.path.contains("sleutel-die-niemand")
                && !request.body.contains("sleutel-die-niemand"),
            "{}",
            request.path
        );
    }
}

const SOURCE: &str = "Storm op komst\n\nDe trein van 10.30 uur naar Gent is vol. Er zijn 212 reizigers.\n\nIn Koersk is het stil. MI6 zwijgt.\n\nHet gaat om 45 huizen en 31 scholen.\n";

fn run_with_faults(
    engine: &str,
    specs: &[&str],
    runtime: &tokio::runtime::Runtime,
) -> (Ran, Vec<Value>) {
    let faults = specs
        .iter()
        .map(|spec| faults::parse(spec).unwrap())
        .collect();
    let options = Options {
        faults,
        ..Options::default()
    };
    let server = runtime.block_on(mock::start(options)).unwrap();
    let stage = stage(engine, &server);
    stage.write("a.txt", SOURCE);
    stage.write("overzet.toml", "[http]\nretries = 1\ntimeout = 1\n");
    stage.write(
        "g.tsv",
        "nl\ten\tpolicy\nKoersk\tKursk\texact\nMI6\tMI6\tkeep\n",
    );
    let ran = stage.run(&[
        "translate",
        "a.txt",
        "-o",
        "out/",
        "--engine",
        engine,
        "--glossary",
        "g.tsv",
    ]);
    let units = if stage.path("out/a.nl-en.jsonl").exists() {
        stage.pairs("out/a.nl-en.jsonl")
    } else {
        Vec::new()
    };
    nothing_leaks(&stage, &server);
    runtime.block_on(server.stop());
    (ran, units)
}

#[test]
fn no_fault_loses_moves_or_doubles_a_unit() {
    let runtime = runtime();
    let sources = [
        "Storm op komst",
        "De trein van 10.30 uur naar Gent is vol.",
        "Er zijn 212 reizigers.",
        "In Koersk is het stil.",
        "MI6 zwijgt.",
        "Het gaat om 45 huizen en 31 scholen.",
    ];
    for engine in ["deepl", "libretranslate", "openai"] {
        for (name, _) in faults::FAULTS.iter().filter(|(name, _)| *name != "hang") {
            let (ran, units) = run_with_faults(engine, &[name], &runtime);
            assert!(
                [0, 1, 4, 5, 6, 7].contains(&ran.code),
                "{engine} {name}: {}",
                ran.stderr
            );
            if !units.is_empty() {
                let found: Vec<&str> = units
                    .iter()
                    .map(|u| u["source"].as_str().unwrap())
                    .collect();
                assert_eq!(found, sources, "{engine} {name}");
            }
            for unit in &units {
                let empty = unit["target"].as_str().unwrap().is_empty();
                assert_eq!(empty, unit["state"] == "untranslated", "{engine} {name}");
                assert!(
                    !empty || !unit["findings"].as_array().unwrap().is_empty(),
                    "{engine} {name}: nothing says why"
                );
            }
        }
    }
}

#[test]
fn faults_end_in_their_exit_codes() {
    let runtime = runtime();
    for (specs, code) in [
        (&["429-ms=1,first=1"][..], 0),
        (&["503,first=1"], 0),
        (&["401"], 4),
        (&["403"], 4),
        (&["quota"], 5),
        (&["500"], 6),
        (&["cut"], 6),
        (&["empty-text"], 7),
        (&["too-few,first=3"], 0),
        (&["reordered,first=1"], 0),
        (&["bom"], 0),
    ] {
        let (ran, _) = run_with_faults("deepl", specs, &runtime);
        assert_eq!(ran.code, code, "{specs:?}: {}", ran.stderr);
    }
}

#[test]
fn guards_refuse_before_anything_is_sent() {
    let runtime = runtime();
    let server = runtime.block_on(mock::start(Options::default())).unwrap();
    let stage = stage("deepl", &server);
    stage.write("a.txt", SOURCE);
    stage.run(&["translate", "a.txt", "--frozen"]).exits(8);
    stage
        .run(&["translate", "a.txt", "--max-chars", "10"])
        .exits(5);
    stage
        .run(&["translate", "a.txt", "--max-cost", "0.0000001"])
        .exits(5);
    let plan = stage.run(&["translate", "a.txt", "--dry-run"]);
    assert!(plan.exits(0).stdout.contains("characters"));
    stage.run(&["translate", "a.txt", "--offline"]).exits(7);
    assert_eq!(server.requests().iter().filter(|r| r.texts > 0).count(), 0);
    Stage::new()
        .run_with(&["translate"], SOURCE.as_bytes())
        .exits(2);
    runtime.block_on(server.stop());
}

#[test]
fn a_used_up_quota_is_seen_before_the_run_and_in_it() {
    let runtime = runtime();
    for (engine, quota, sent) in [("deepl", 60, 0), ("azure", 60, 1)] {
        let options = Options {
            quota,
            ..Options::default()
        };
        let server = runtime.block_on(mock::start(options)).unwrap();
        let stage = stage(engine, &server);
        stage.write("a.txt", SOURCE);
        stage
            .run(&["translate", "a.txt", "--engine", engine])
            .exits(5);
        // DeepL says before the run how much is left; Azure only refuses.
        let texts = server.requests().iter().filter(|r| r.texts > 0).count();
        assert_eq!(texts, sent, "{engine}");
        runtime.block_on(server.stop());
    }
}

#[test]
fn the_mock_records_a_real_engine_and_replays_it_alone() {
    use std::io::{BufRead, BufReader};
    let runtime = runtime();
    // What stands for the real engine: another mock.
    let real = runtime.block_on(mock::start(Options::default())).unwrap();
    let serve = |stage: &Stage, args: &[&str]| {
        let mut child = stage
            .command(args)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("LIBRETRANSLATE_URL=").map(str::to_owned))
            .unwrap();
        (child, address)
    };
    let desk = Stage::new().with("LIBRETRANSLATE_URL", &real.address());
    let recording = [
        "mock",
        "-q",
        "--cassette",
        "band.jsonl",
        "--record",
        "libretranslate",
    ];
    let (mut child, address) = serve(&desk, &recording);
    let client = Stage::new()
        .with("DEEPL_AUTH_KEY", "k")
        .with("DEEPL_SERVER_URL", &address);
    client.write("a.txt", SOURCE);
    client
        .run(&["translate", "a.txt", "-o", "een.txt"])
        .exits(0);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(real.requests().iter().map(|r| r.texts).sum::<usize>(), 6);
    runtime.block_on(real.stop());
    assert_eq!(desk.read("band.jsonl").lines().count(), 6);
    // The engine is gone; the cassette answers.
    let (mut child, address) = serve(&desk, &["mock", "-q", "--cassette", "band.jsonl"]);
    let again = Stage::new()
        .with("DEEPL_AUTH_KEY", "k")
        .with("DEEPL_SERVER_URL", &address);
    again.write("a.txt", SOURCE);
    again.run(&["translate", "a.txt", "-o", "een.txt"]).exits(0);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(client.read("een.txt"), again.read("een.txt"));
}

#[test]
fn what_a_person_edited_stays() {
    let runtime = runtime();
    let server = runtime.block_on(mock::start(Options::default())).unwrap();
    let stage = stage("deepl", &server);
    stage.write("a.txt", SOURCE);
    stage
        .run(&["translate", "a.txt", "-o", "a.en.txt"])
        .exits(0);
    stage.write("a.en.txt", "edited by hand");
    let ran = stage.run(&["translate", "a.txt", "-o", "a.en.txt"]);
    assert!(ran.exits(3).stderr.contains("--force"));
    assert_eq!(stage.read("a.en.txt"), "edited by hand");
    stage
        .run(&["translate", "a.txt", "-o", "a.en.txt", "--force"])
        .exits(0);
    runtime.block_on(server.stop());
}

#[test]
fn a_killed_run_goes_on_and_ends_in_the_same_bytes() {
    let runtime = runtime();
    let lines: Vec<String> = (0..2_000)
        .map(|i| format!("Dit is zin nummer {} van {}.", i * 7 + 12, i + 100))
        .collect();
    let text = lines.join("\n\n");
    let options = || Options {
        latency: std::time::Duration::from_millis(4),
        ..Options::default()
    };
    let args = ["translate", "a.txt", "-o", "out/", "--engine", "deepl"];
    let whole = {
        let server = runtime.block_on(mock::start(options())).unwrap();
        let stage = stage("deepl", &server);
        stage.write("a.txt", &text);
        stage.run(&args).exits(0);
        runtime.block_on(server.stop());
        stage.read("out/a.en.txt")
    };
    let server = runtime.block_on(mock::start(options())).unwrap();
    let stage = stage("deepl", &server);
    stage.write("a.txt", &text);
    stage.write("overzet.toml", "[http]\nmax_texts = 20\n");
    let mut killed = 0;
    for round in 0..50 {
        let seen = server.requests().len();
        let mut child = stage.start(&args);
        // Killed once it has sent so many requests, or when it is done: a moment that differs from round to round.
        let ended = loop {
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            if server.requests().len() > seen + round % 7 {
                break false;
            }
            std::thread::yield_now();
        };
        if ended {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    assert!(killed >= 5, "the run was over before it could be killed");
    stage.run(&args).exits(0);
    assert_eq!(stage.read("out/a.en.txt"), whole);
    // Billed twice at most is what was in flight when the process died: eight requests of twenty texts each time.
    let sent: usize = server.requests().iter().map(|r| r.texts).sum();
    assert!(
        sent <= 2_000 + killed * 8 * 20,
        "{sent} texts were sent, {killed} kills"
    );
    runtime.block_on(server.stop());
}

/// Sends the signal of Ctrl-C.
fn interrupt(child: &std::process::Child) {
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_done_and_a_second_one_ends_at_once() {
    let runtime = runtime();
    let lines: Vec<String> = (0..400)
        .map(|i| format!("Dit is zin nummer {}.", i + 100))
        .collect();
    let options = |fault: &str| Options {
        latency: std::time::Duration::from_millis(20),
        faults: vec![faults::parse(fault).unwrap()],
        ..Options::default()
    };
    let args = ["translate", "a.txt", "-o", "uit/", "--engine", "deepl"];
    let server = runtime
        .block_on(mock::start(options("slow=50,after=2")))
        .unwrap();
    let stage = stage("deepl", &server);
    stage.write("a.txt", lines.join("\n\n"));
    stage.write("overzet.toml", "[http]\nmax_texts = 5\nconcurrency = 1\n");
    let seen = |count: usize| {
        while server.requests().iter().filter(|r| r.texts > 0).count() < count {
            std::thread::yield_now();
        }
    };
    let mut child = stage.start(&args);
    seen(4);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!stage.path("uit/a.en.txt").exists());
    let sent: usize = server.requests().iter().map(|r| r.texts).sum();
    assert!(sent < 400, "the run was over before it was interrupted");
    // What was in flight is kept too: the same command goes on and sends the rest, nothing twice.
    server.set_faults(Vec::new());
    stage.run(&args).exits(0);
    assert_eq!(
        server.requests().iter().map(|r| r.texts).sum::<usize>(),
        400
    );
    // No answer ever comes: the first signal waits for it, the second does not.
    server.forget();
    server.set_faults(vec![faults::parse("hang").unwrap()]);
    stage.write("a.txt", "Iets heel anders.");
    let mut child = stage.start(&["translate", "a.txt", "--engine", "deepl"]);
    seen(1);
    interrupt(&child);
    // The second signal counts once the first one was taken: until the process has ended, it is sent again.
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        interrupt(&child);
        std::thread::yield_now();
    };
    assert_eq!(code, Some(130));
    runtime.block_on(server.stop());
}

#[test]
fn the_demo_repairs_or_flags_every_fault_of_its_cassette() {
    let stage = Stage::new();
    stage.run(&["demo"]).exits(0);
    let units = stage.pairs("edition/article.nl-en.jsonl");
    let tape = std::fs::read_to_string(root().join("src/cli/demo/cassette.jsonl")).unwrap();
    let mut open = Vec::new();
    for line in tape.lines() {
        let recorded: Value = serde_json::from_str(line).unwrap();
        let unit = units.iter().find(|u| u["source"] == recorded["source"]);
        let unit = unit.unwrap_or_else(|| panic!("the article has no {}", recorded["source"]));
        let repaired = unit["terms"]
            .as_array()
            .unwrap()
            .iter()
            .any(|t| !t["repair"].is_null());
        let found = !unit["findings"].as_array().unwrap().is_empty();
        if !recorded["fault"].is_null() && !repaired && !found {
            open.push(recorded["fault"].as_str().unwrap().to_owned());
        }
    }
    assert!(open.len() <= 2, "neither repaired nor flagged: {open:?}");
    let page = stage.read("edition/article.review.html");
    assert!(page.contains("Content-Security-Policy") && page.len() > 50_000);
    stage.run(&["demo"]).exits(0);
}
