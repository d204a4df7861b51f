//! Services that do what no service should: they repeat keys, point elsewhere, mix up texts, send more than a memory holds; and a memory that cannot be written.

use crate::engines::{Bench, KEY, mock, numbered, runtime};
use crate::stage::{Ran, Stage};
use crate::targets::{Canned, over_the_network};
use overzet::bitext::State;
use overzet::engine::HttpOptions;
use serde_json::{Value, json};

/// A stage whose engine is LibreTranslate or OpenAI at an address, with a key.
fn stage(engine: &str, address: &str, key: &str) -> Stage {
    let (name, url) = match engine {
        "openai" => ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
        "deepl" => ("DEEPL_AUTH_KEY", "DEEPL_SERVER_URL"),
        _ => ("LIBRETRANSLATE_API_KEY", "LIBRETRANSLATE_URL"),
    };
    let stage = Stage::new().with(name, key).with(url, address);
    stage.write("overzet.toml", "[http]\nretries = 1\n");
    stage
}

/// Everything that a run left: what it printed and every file of its folder.
fn traces(stage: &Stage, ran: &Ran) -> String {
    let mut all = format!("{}{}", ran.stdout, ran.stderr);
    let mut folders = vec![stage.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                all.push_str(&String::from_utf8_lossy(
                    &std::fs::read(entry.path()).unwrap(),
                ));
            }
        }
    }
    all
}

#[test]
fn a_key_that_a_service_repeats_shows_nowhere() {
    // As it is, as JSON writes it, as an address writes it.
    let odd = "geheim/\"die & niemand+ziet";
    for (key, in_url) in [(KEY, KEY), (odd, "geheim%2F%22die+%26+niemand%2Bziet")] {
        let quoted = Value::from(key).to_string();
        let bare = quoted.trim_matches('"');
        let event = json!({"choices": [{"delta": {"content": format!("The key {key}.")}, "finish_reason": "stop"}]});
        for (engine, status, headers, body) in [
            ("", 403, "", format!("{{\"error\": {quoted}}}")),
            ("", 400, "", format!("<html>{key} and {in_url}</html>")),
            (
                "",
                200,
                "",
                format!("{{\"translatedText\": [\"The key {bare}.\"]}}"),
            ),
            (
                "",
                200,
                "",
                format!("no JSON: {key} {}", bare.replace('/', "\\/")),
            ),
            (
                "openai",
                400,
                "",
                format!("{{\"error\": {{\"message\": {quoted}}}}}"),
            ),
            (
                "openai",
                200,
                "content-type: text/event-stream\r\n",
                format!("data: {event}\n\ndata: [DONE]\n\n"),
            ),
        ] {
            let server = Canned::new(status, headers, body.as_bytes());
            let stage = stage(engine, &server.address, key);
            stage.write("a.txt", "De sleutel.");
            let ran = stage.run(&["translate", "a.txt", "-o", "uit/", "-v"]);
            let traces = traces(&stage, &ran);
            for form in [key, bare, in_url, &bare.replace('/', "\\/")] {
                assert!(!traces.contains(form), "{status} {form}: {traces}");
            }
            let is_shown = !body.starts_with("no JSON");
            assert_eq!(
                traces.contains("***"),
                is_shown,
                "{status} {body}: {traces}"
            );
        }
    }
}

#[test]
fn a_service_that_will_never_answer_is_not_asked_for_every_segment() {
    let article = numbered(300).join("\n\n");
    for (status, headers) in [
        (301, "location: http://127.0.0.1:9/elsewhere\r\n"),
        (308, "location: http://127.0.0.1:9/elsewhere\r\n"),
        (400, ""),
        (404, ""),
        (405, ""),
        (422, ""),
        (501, ""),
    ] {
        let server = Canned::new(status, headers, b"{\"error\": \"out of order\"}");
        let stage = stage("", &server.address, KEY);
        stage.write("a.txt", &article);
        let ran = stage.run(&["translate", "a.txt", "-o", "b.txt"]);
        let told = &ran.exits(6).stderr;
        assert!(
            told.contains(&format!("HTTP {status}: out of order")),
            "{told}"
        );
        assert!(!stage.path("b.txt").exists());
        // What flies at the same time is asked for too, and three texts alone after a 400.
        let most = if matches!(status, 400 | 422) { 9 } else { 3 };
        let asked = *server.asked.lock().unwrap();
        assert!(asked <= most, "{status}: asked {asked} times");
    }
}

#[test]
fn a_text_that_a_service_does_not_take_costs_that_text() {
    let runtime = runtime();
    for (place, text) in [(0, "first"), (7, "within"), (16, "last")] {
        let server = mock(&runtime, &["400,has=Koersk"], 1);
        let bench = Bench::with("deepl", &server.address(), HttpOptions::default());
        let mut texts = numbered(17);
        texts[place].push_str(" Koersk.");
        let (units, stats) = bench.fill(&texts, &runtime);
        assert_eq!((stats.fatal, stats.failed), (None, 1), "{text}");
        let open = units
            .iter()
            .position(|unit| unit.state == State::Untranslated);
        assert_eq!(open, Some(place), "{text}");
        assert!(
            server.requests().len() <= 16,
            "{text}: {}",
            server.requests().len()
        );
        runtime.block_on(server.stop());
    }
}

#[test]
fn texts_without_numbers_or_names_that_changed_places_are_asked_for_again() {
    let runtime = runtime();
    let article = [
        "De burgemeester was gisteren in de school.",
        "Volgens de politie was de weg dicht.",
        "De regering wil vrede en geen oorlog.",
        "Het water was goed, zei een kind.",
        "De trein komt altijd om vijf uur.",
        "De rechter zegt niet waarom.",
        "Alle bedrijven moeten volgende maand open.",
    ]
    .join(" ");
    let edition = |faults: &[&str]| {
        let server = mock(&runtime, faults, 1);
        let stage = stage("deepl", &server.address(), "k");
        stage.write("a.txt", &article);
        let ran = stage.run(&["translate", "a.txt"]);
        runtime.block_on(server.stop());
        ran.exits(0).stdout.clone()
    };
    let right = edition(&[]);
    assert!(right.contains("government wil peace"), "{right}");
    assert_eq!(edition(&["reordered"]), right);
    assert_eq!(edition(&["reordered,first=1"]), right);
}

#[test]
fn an_answer_of_a_million_texts_is_not_read() {
    let texts = vec!["\"\""; 4_000_000].join(",");
    let server = Canned::new(
        200,
        "",
        format!("{{\"translatedText\": [{texts}]}}").as_bytes(),
    );
    let stage = stage("", &server.address, KEY);
    stage.write("a.txt", "De stad is stil.");
    let ran = stage.run(&["translate", "a.txt"]);
    assert!(
        ran.stderr.contains("its answer is larger than"),
        "{}",
        ran.stderr
    );
}

#[test]
fn answers_that_cannot_be_kept_stand_in_the_edition() {
    let runtime = runtime();
    let server = mock(&runtime, &[], 1);
    let stage = stage("deepl", &server.address(), "k");
    stage.write("a.txt", "De stad is groot.");
    stage.run(&["translate", "a.txt", "-o", "c.txt"]).exits(0);
    // From now on nothing can be written to the memory, as on a full disk.
    let memory = rusqlite::Connection::open(stage.path(".overzet/memory.sqlite")).unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let mut tables = memory.prepare(tables).unwrap();
    let names: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .flatten()
        .collect();
    for name in &names {
        for when in ["INSERT", "UPDATE"] {
            let full = format!(
                "CREATE TRIGGER full_{name}_{when} BEFORE {when} ON {name}
                 BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
            );
            memory.execute_batch(&full).unwrap();
        }
    }
    stage.write("a.txt", "De school is open.");
    let ran = stage.run(&["translate", "a.txt", "-o", "b.txt"]);
    assert!(
        ran.exits(3).stderr.contains("disk is full"),
        "{}",
        ran.stderr
    );
    assert!(stage.read("b.txt").contains("The school is open."));
    assert!(
        stage
            .run(&["translate", "a.txt"])
            .exits(3)
            .stdout
            .contains("The school is open.")
    );
    runtime.block_on(server.stop());
}

/// Faults that change what comes back for which text; those of words alone are the checks' business.
const STRUCTURE: &[&str] = &[
    "429-ms=1",
    "500",
    "502",
    "503",
    "529",
    "413",
    "cut",
    "truncated",
    "html-200",
    "empty-200",
    "bom",
    "error-200",
    "too-few",
    "too-many",
    "reordered",
    "duplicated",
    "empty-text",
    "escaped",
    "upper",
    "lower",
    "fenced",
    "thinking",
    "cut-off",
    "refusal",
    "ids-doubled",
    "no-text",
    "tags-halved",
    "filtered-400",
    "format-400",
    "context=300",
];

#[test]
fn no_fault_and_no_two_put_a_draft_where_it_does_not_belong() {
    let runtime = runtime();
    let texts = numbered(23);
    let mut roll = 0x9E37_79B9_u64;
    let mut next = |most: usize| {
        roll ^= roll << 13;
        roll ^= roll >> 7;
        roll ^= roll << 17;
        (roll % most as u64) as usize
    };
    let alone = STRUCTURE.iter().map(|fault| vec![(*fault).to_owned()]);
    let moments = [
        "first=1", "first=3", "every=2", "every=3", "rate=0.4", "after=1",
    ];
    let pairs: Vec<Vec<String>> = (0..60)
        .map(|_| {
            (0..2)
                .map(|_| {
                    format!(
                        "{},{}",
                        STRUCTURE[next(STRUCTURE.len())],
                        moments[next(moments.len())]
                    )
                })
                .collect()
        })
        .collect();
    for (round, specs) in alone.chain(pairs).enumerate() {
        for (turn, name) in over_the_network().into_iter().enumerate() {
            // Each fault alone meets every engine; each pair meets two.
            if specs.len() > 1 && turn % 4 != round % 4 {
                continue;
            }
            let list: Vec<&str> = specs.iter().map(String::as_str).collect();
            let server = mock(&runtime, &list, round as u64 + 1);
            let options = HttpOptions {
                retries: 2,
                max_texts: Some(6),
                ..HttpOptions::default()
            };
            let bench = Bench::with(name, &server.address(), options);
            let (units, filled) = bench.fill(&texts, &runtime);
            assert_eq!(units.len(), texts.len());
            for (index, unit) in units.iter().enumerate() {
                assert_eq!(unit.source.plain, texts[index]);
                let target = &unit.target.plain;
                match unit.state {
                    State::Untranslated => assert!(
                        target.is_empty() && (filled.fatal.is_some() || !unit.findings.is_empty()),
                        "{name} {specs:?}"
                    ),
                    _ => assert!(
                        target.contains(&(1_000 + index).to_string()),
                        "{name} {specs:?}: {target}"
                    ),
                }
            }
            runtime.block_on(server.stop());
        }
    }
}
