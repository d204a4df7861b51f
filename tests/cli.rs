//! The command line where a case in `tests/cmd` cannot show it: several runs in relation, parallel
//! runs, files that must not be there.

use crate::stage::Stage;

#[test]
fn without_a_glossary_only_recorded_terms_are_checked() {
    let stage = Stage::new();
    stage.write(
        "glossaries/desk.tsv",
        "nl\ten\nKoersk\tKursk\nKharkiv\tKharkiv\n",
    );
    stage.write(
        "p.jsonl",
        "{\"id\":\"a\",\"source\":\"In Koersk.\",\"target\":\"In Koersk.\",\"terms\":[{\"term\":\"Koersk\",\"required\":\"Kursk\",\"source\":[3,9],\"target\":null,\"verdict\":\"miss\",\"repair\":null}]}\n\
         {\"id\":\"b\",\"source\":\"In Koersk.\",\"target\":\"In Kursk.\",\"terms\":[{\"term\":\"Koersk\",\"required\":\"Kursk\",\"source\":[3,9],\"target\":null,\"verdict\":\"miss\",\"repair\":null}]}\n\
         {\"id\":\"c\",\"source\":\"Koersk viel.\",\"target\":\"The town fell.\"}\n",
    );
    let terms = |ran: &crate::stage::Ran| ran.stdout.matches("\"check\":\"terms\"").count();
    // The folder `glossaries` belongs to `translate`; nobody asked to measure these pairs by it.
    let ran = stage.run(&["check", "p.jsonl", "--format", "jsonl"]);
    assert_eq!(terms(ran.exits(1)), 1, "{}", ran.stdout);
    assert!(
        ran.stderr
            .contains("no glossary given: checking the 2 terms"),
        "{}",
        ran.stderr
    );
    let ran = stage.run(&[
        "check",
        "p.jsonl",
        "--glossary",
        "glossaries",
        "--format",
        "jsonl",
    ]);
    assert_eq!(terms(ran.exits(1)), 2, "{}", ran.stdout);
    stage.write("overzet.toml", "glossary = [\"glossaries\"]\n");
    let ran = stage.run(&["check", "p.jsonl", "--format", "jsonl"]);
    assert_eq!(terms(ran.exits(1)), 2, "{}", ran.stdout);
}

#[test]
fn check_prints_findings_and_their_exit_code() {
    let stage = Stage::new();
    stage.write(
        "p.tsv",
        "Er zijn 212 huizen.\tThere are 221 houses.\nHet regent.\tIt is raining.\n",
    );
    let ran = stage.run(&["check", "p.tsv", "--format", "jsonl"]);
    assert_eq!(ran.exits(1).stdout.lines().count(), 1);
    assert!(
        ran.stdout
            .starts_with("{\"id\":\"l1\",\"line\":1,\"check\":\"numbers\",\"severity\":\"error\""),
        "{}",
        ran.stdout
    );
    stage
        .run(&["check", "p.tsv", "--fail-on", "never"])
        .exits(0);
    stage.run(&["check", "p.tsv", "--skip", "numbers"]).exits(0);
    stage.write("base.jsonl", &ran.stdout);
    stage
        .run(&["check", "p.tsv", "--baseline", "base.jsonl"])
        .exits(0);
    // Where a row stands does not matter, what it says does.
    let base = |rows: &str| {
        stage.write("q.tsv", rows);
        stage.run(&["check", "q.tsv", "--baseline", "base.jsonl"])
    };
    let moved = base("Het regent.\tIt is raining.\nEr zijn 212 huizen.\tThere are 221 houses.\n");
    assert!(moved.exits(0).stdout.contains("     1 dismissed numbers\n"));
    base("Er zijn 212 huizen.\tThere are 221 homes.\n").exits(1);
    stage.write(
        "a.jsonl",
        r#"{"source":"Er zijn 212 huizen.","target":"There are 221 houses.","state":"approved"}"#,
    );
    let approved = stage.run(&["check", "a.jsonl"]);
    assert!(
        approved
            .exits(1)
            .stdout
            .ends_with("     1 accepted  numbers\n")
    );
    let sarif = stage.run(&["check", "p.tsv", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&sarif.exits(1).stdout).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "numbers");
    let args = [
        "check",
        "p.tsv",
        "--format",
        "sarif",
        "--baseline",
        "base.jsonl",
    ];
    let log: serde_json::Value = serde_json::from_str(&stage.run(&args).exits(0).stdout).unwrap();
    let suppressed = &log["runs"][0]["results"][0]["suppressions"];
    assert_eq!(suppressed[0]["kind"], "external");
    let text = stage.run(&["check", "p.tsv"]);
    assert!(
        text.exits(1)
            .stdout
            .lines()
            .all(|line| line.chars().count() <= 80),
        "{}",
        text.stdout
    );
}

#[test]
fn two_runs_may_share_one_memory() {
    let stage = Stage::new();
    let lines: Vec<String> = (0..300)
        .map(|i| format!("Dit is zin {i} van veel."))
        .collect();
    let tape: Vec<String> = lines
        .iter()
        .map(|l| format!("{l}\tThis is it {}.", l.len()))
        .collect();
    stage.write("a.txt", lines.join("\n"));
    stage.write("tape.tsv", tape.join("\n"));
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    let mut children: Vec<_> = (0..4)
        .map(|i| stage.start(&["translate", "a.txt", "-o", &format!("out{i}.txt")]))
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    for i in 1..4 {
        assert_eq!(stage.read("out0.txt"), stage.read(&format!("out{i}.txt")));
    }
}

#[test]
fn a_batch_cuts_every_text_as_a_run_of_its_own_does() {
    let stage = Stage::new();
    let hard = include_str!("fixtures/segment/nl.txt");
    let mut texts: Vec<String> = hard
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.replace('|', " "))
        .step_by(12)
        .collect();
    // Quotations that stay open, line ends and a mark of its own must not reach the next text.
    texts.extend(
        [
            "„Hij kwam. En toen",
            "Kop zonder punt\n\n- een\n- twee",
            "\u{feff}Ja. Nee.",
            "",
            "(o.a.",
        ]
        .map(str::to_owned),
    );
    let spans = |value: &serde_json::Value| (value["start"].as_u64(), value["end"].as_u64());
    let lines: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(id, text)| {
            format!(
                "{}\n",
                serde_json::json!({"id": id.to_string(), "text": text})
            )
        })
        .collect();
    let batch = lines.concat();
    let ran = stage.run_with(
        &["segment", "--format", "jsonl", "--batch", "-"],
        batch.as_bytes(),
    );
    let answers: Vec<serde_json::Value> = ran
        .exits(0)
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), texts.len());
    for (text, answer) in texts.iter().zip(&answers) {
        let alone = stage.run_with(&["segment", "--format", "jsonl", "-"], text.as_bytes());
        let alone: Vec<_> = alone
            .exits(0)
            .stdout
            .lines()
            .map(|line| spans(&serde_json::from_str(line).unwrap()))
            .collect();
        let together: Vec<_> = answer["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(spans)
            .collect();
        assert_eq!(together, alone, "{text:?}");
    }
}

#[test]
fn looking_makes_no_memory_file() {
    let stage = Stage::new().with("DEEPL_AUTH_KEY", "test");
    stage.write("a.txt", "Het regent.");
    stage.write("b.txt", "It rains.");
    stage.run(&["translate", "a.txt", "--dry-run"]).exits(0);
    stage
        .run(&["align", "a.txt", "b.txt", "--engine", "deepl", "--dry-run"])
        .exits(0);
    let doctor = Stage::new().run(&["doctor"]);
    assert!(doctor.stdout.contains("none yet at"), "{}", doctor.stdout);
    assert!(!stage.path(".overzet").exists());
}

#[test]
fn verbose_names_the_settings_the_engine_and_the_memory() {
    let stage = Stage::new().with("DEEPL_AUTH_KEY", "test");
    stage.write("a.txt", "Het regent.");
    stage.write("overzet.toml", "memory = \"own.sqlite\"\n");
    let details = ["settings: ", "overzet.toml", "engine deepl (", "own.sqlite"];
    let ran = stage.run(&["translate", "a.txt", "--dry-run", "-v"]);
    for detail in details {
        assert!(
            ran.exits(0).stderr.contains(detail),
            "{detail}: {}",
            ran.stderr
        );
    }
    let ran = stage.run(&["translate", "a.txt", "--dry-run"]);
    assert_eq!(ran.exits(0).stderr, "");
}

#[test]
fn a_house_style_is_offered_where_a_glossary_is_loaded() {
    let stage = Stage::new();
    for command in ["translate", "align", "check", "review", "glossary"] {
        let help = stage.run(&[command, "--help"]);
        assert!(help.exits(0).stdout.contains("--style <NAME>"), "{command}");
    }
    for command in ["segment", "tm", "models", "mock", "engines"] {
        let help = stage.run(&[command, "--help"]);
        assert!(!help.exits(0).stdout.contains("--style"), "{command}");
    }
    // Before the subcommand it stays understood.
    stage.write("p.tsv", "Het regent.\tIt rains.\n");
    stage.write("g/style-desk.tsv", "nl\ten\n");
    let run = |args: &[&str]| stage.run(args);
    run(&["--style", "ft", "check", "p.tsv", "--glossary", "g"]).exits(2);
    run(&["--style", "none", "check", "p.tsv", "--glossary", "g"]).exits(0);
}
