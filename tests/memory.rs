//! The translation memory and the way back from the review page: what a person wrote is kept,
//! reused, shown, and never written over.

use crate::stage::Stage;
use overzet::mock;
use serde_json::{Value, json};

const ARTICLE: &str =
    "De brug is dicht\n\nDe brug bij Nijmegen is dicht. Het kabinet is gevallen.\n";

/// A desk with a replayed engine, an article and its edition.
fn desk() -> Stage {
    let stage = Stage::new();
    stage.write("artikel.nl.txt", ARTICLE);
    stage.write(
        "tape.tsv",
        "De brug is dicht\tThe bridge is closed\nDe brug bij Nijmegen is dicht.\tThe bridge near Nijmegen is closed.\nHet kabinet is gevallen.\tThe cupboard fell.\n",
    );
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    stage
        .run(&["translate", "artikel.nl.txt", "-o", "uit/"])
        .exits(0);
    stage
}

/// What the page downloads after an edit: the line of a unit with other words, state and origin.
fn edited(stage: &Stage, id: &str, target: &str) -> String {
    let lines: Vec<String> = stage
        .pairs("uit/artikel.nl-en.jsonl")
        .into_iter()
        .map(|mut pair| {
            if pair["id"] == id {
                pair["draft"] = pair["target"].take();
                pair["target"] = target.into();
                pair["origin"] = "human".into();
                pair["state"] = "approved".into();
            }
            pair.to_string()
        })
        .collect();
    lines.join("\n")
}

#[test]
fn an_edit_of_the_page_reaches_every_file_and_the_memory() {
    let stage = desk();
    stage.write(
        "Downloads/artikel.nl-en.jsonl",
        edited(&stage, "b2.s2", "The cabinet has fallen."),
    );
    let args = ["review", "uit/", "--edits", "Downloads/artikel.nl-en.jsonl"];
    let ran = stage.run(&args);
    assert!(
        ran.exits(0)
            .stderr
            .contains("1 of 3 pairs changed, 1 approved; 1 kept"),
        "{}",
        ran.stderr
    );
    for name in [
        "artikel.en.txt",
        "artikel.nl-en.jsonl",
        "artikel.nl-en.tmx",
        "artikel.nl-en.xlf",
        "artikel.review.html",
    ] {
        let text = stage.read(&format!("uit/{name}"));
        assert!(text.contains("The cabinet has fallen."), "{name}");
    }
    assert_eq!(
        stage.read("uit/artikel.en.txt"),
        "The bridge is closed\n\nThe bridge near Nijmegen is closed. The cabinet has fallen.\n"
    );
    let report: Value = serde_json::from_str(&stage.read("uit/artikel.report.json")).unwrap();
    assert_eq!(report["units"]["approved"], 1);
    assert_eq!(report["provenance"]["engine"], "replay");
    let pair = &stage.pairs("uit/artikel.nl-en.jsonl")[2];
    assert_eq!(
        (&pair["state"], &pair["origin"]),
        (&json!("approved"), &json!("human"))
    );
    let (start, end) = (
        pair["target_span"][0].as_u64().unwrap(),
        pair["target_span"][1].as_u64().unwrap(),
    );
    assert_eq!(
        &stage.read("uit/artikel.en.txt")[start as usize..end as usize],
        "The cabinet has fallen."
    );
    // The same edits again change nothing.
    let before = stage.files();
    assert!(
        stage
            .run(&args)
            .exits(0)
            .stderr
            .contains("0 of 3 pairs changed")
    );
    assert_eq!(before, stage.files());
    // A new translation keeps what a person wrote, and writes over no file that was changed since.
    let again = ["translate", "artikel.nl.txt", "-o", "uit/"];
    stage.run(&again).exits(0);
    assert_eq!(before, stage.files());
    let own = stage.read("uit/artikel.en.txt");
    stage.write("uit/artikel.en.txt", "by hand");
    let ran = stage.run(&again);
    assert!(ran.exits(3).stderr.contains("--force"), "{}", ran.stderr);
    stage.write("uit/artikel.en.txt", own);
    // Another article with the same sentence takes it from the memory, and the engine is not asked
    // for it.
    stage.write("ander.nl.txt", "Het kabinet is gevallen.\n");
    stage
        .run(&["translate", "ander.nl.txt", "-o", "uit2/", "--frozen"])
        .exits(0);
    let pair = &stage.pairs("uit2/ander.nl-en.jsonl")[0];
    assert_eq!(
        (&pair["target"], &pair["origin"], &pair["state"]),
        (
            &json!("The cabinet has fallen."),
            &json!("memory:100"),
            &json!("translated")
        )
    );
}

#[test]
fn edits_of_another_article_are_refused_whole() {
    let stage = desk();
    let before = stage.files();
    stage.write("edits.jsonl", "{\"id\":\"b2.s2\",\"source\":\"Iets anders.\",\"target\":\"Else.\",\"state\":\"approved\"}\n");
    let ran = stage.run(&["review", "uit/", "--edits", "edits.jsonl"]);
    assert!(ran.exits(3).stderr.contains("b2.s2"));
    std::fs::remove_file(stage.path("edits.jsonl")).unwrap();
    assert_eq!(before, stage.files());
    stage.write("artikel.nl.txt", "Een andere tekst.\n");
    stage.write(
        "edits.jsonl",
        edited(&stage, "b2.s2", "The cabinet has fallen."),
    );
    let ran = stage.run(&["review", "uit/", "--edits", "edits.jsonl"]);
    assert!(ran.exits(3).stderr.contains("--source"), "{}", ran.stderr);
}

#[test]
fn a_page_is_written_from_pairs_alone() {
    let stage = Stage::new();
    stage.write("paren.tsv", "Het regent.\tIt is raining.\n");
    stage.run(&["review", "paren.tsv"]).exits(0);
    assert!(stage.read("paren.review.html").contains("It is raining."));
    stage.write("paren.review.html", "by hand");
    assert!(
        stage
            .run(&["review", "paren.tsv"])
            .exits(3)
            .stderr
            .contains("--force")
    );
    stage.run(&["review", "paren.tsv", "--force"]).exits(0);
    stage.run(&["review", "."]).exits(3);
}

#[test]
fn pairs_are_imported_searched_exported_and_pruned() {
    let stage = Stage::new();
    stage.write(
        "bureau.tsv",
        "De brug bij Zutphen is dicht.\tThe bridge near Zutphen is closed.\nHet regent.\tIt is raining.\n",
    );
    stage.write(
        "motor.jsonl",
        "{\"source\":\"Nee.\",\"target\":\"No.\",\"state\":\"translated\",\"origin\":\"engine:deepl\"}\n{\"source\":\"Ja.\",\"target\":\"Yes.\",\"state\":\"approved\",\"origin\":\"engine:deepl\"}\n",
    );
    let ran = stage.run(&["tm", "import", "bureau.tsv", "motor.jsonl"]);
    assert!(
        ran.exits(0).stderr.contains("bureau.tsv: 2 pairs, 2 new")
            && ran.stderr.contains("1 unapproved pairs skipped"),
        "{}",
        ran.stderr
    );
    let ran = stage.run(&["tm", "search", "De brug bij Nijmegen is dicht."]);
    assert!(
        ran.exits(0).stdout.contains(" 80 %") && ran.stdout.contains("near Zutphen"),
        "{}",
        ran.stdout
    );
    let ran = stage.run(&["tm", "search", "raining"]);
    assert!(ran.exits(0).stdout.contains("holds"), "{}", ran.stdout);
    stage.run(&["tm", "export", "uit.tmx"]).exits(0);
    stage.run(&["tm", "export", "uit.tmx"]).exits(0);
    assert_eq!(
        stage.run(&["tm", "export"]).exits(0).stdout.lines().count(),
        3
    );
    let stats = stage.run(&["tm", "stats"]);
    assert!(
        stats.exits(0).stdout.contains("pairs    3") && stats.stdout.contains("bureau.tsv"),
        "{}",
        stats.stdout
    );
    // A match that is not the same is shown, not taken.
    stage.write("a.txt", "De brug bij Nijmegen is dicht.\n");
    stage
        .run(&[
            "translate",
            "a.txt",
            "--offline",
            "-o",
            "a.en.txt",
            "--pairs",
            "a.jsonl",
            "--pairs",
            "a.xlf",
            "--pairs",
            "a.html",
        ])
        .exits(7);
    let pair = &stage.pairs("a.jsonl")[0];
    assert_eq!(pair["state"], "untranslated");
    assert_eq!(pair["matches"][0]["percent"], 80);
    assert!(
        stage
            .read("a.xlf")
            .contains("<alt-trans match-quality=\"80%\"")
    );
    stage.run(&["tm", "prune"]).exits(2);
    stage
        .run(&["tm", "prune", "--file", "bureau.tsv", "--dry-run"])
        .exits(0);
    stage.run(&["tm", "prune", "--file", "bureau.tsv"]).exits(0);
    assert!(
        stage
            .run(&["tm", "stats"])
            .exits(0)
            .stdout
            .contains("pairs    1")
    );
    let again = stage.run(&["tm", "import", "uit.tmx"]);
    assert!(
        again.exits(0).stderr.contains("3 pairs, 2 new"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_memory_file_is_made_by_what_is_kept_and_by_nothing_else() {
    let stage = Stage::new();
    stage.write("a.txt", "Het regent.\n");
    stage.run(&["translate", "a.txt"]).exits(2);
    stage.run(&["translate", "a.txt", "--offline"]).exits(7);
    stage.run(&["tm", "stats"]).exits(0);
    assert!(stage.run(&["doctor"]).stdout.contains("none yet at"));
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    stage.write("tape.tsv", "Het regent.\tIt is raining.\n");
    let plan = stage.run(&["translate", "a.txt", "--dry-run"]);
    assert!(
        plan.exits(0)
            .stdout
            .contains("to send     1 texts in 1 requests")
    );
    stage.run(&["translate", "a.txt", "--frozen"]).exits(8);
    assert!(!stage.path(".overzet").exists());
    stage.run(&["translate", "a.txt"]).exits(0);
    assert!(stage.path(".overzet/memory.sqlite").exists());
    stage.run(&["translate", "a.txt", "--frozen"]).exits(0);
}

#[test]
fn a_place_where_no_memory_can_be_is_noticed_before_anything_is_sent() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime
        .block_on(mock::start(mock::Options::default()))
        .unwrap();
    let stage = Stage::new()
        .with("LIBRETRANSLATE_URL", &server.address())
        .with("LIBRETRANSLATE_API_KEY", "k");
    stage.write("a.txt", "Het regent.\n");
    stage.write("plain", "a file where a folder is wanted");
    stage.write("overzet.toml", "memory = \"plain/memory.sqlite\"\n");
    let ran = stage.run(&["translate", "a.txt", "--engine", "libretranslate"]);
    assert!(ran.exits(3).stderr.contains("memory"), "{}", ran.stderr);
    assert_eq!(server.requests().iter().filter(|r| r.texts > 0).count(), 0);
    runtime.block_on(server.stop());
}

#[test]
fn a_changed_address_costs_nothing_and_every_link_keeps_its_own() {
    let stage = Stage::new();
    let article = |first: &str, second: &str| {
        format!("Lees [de kaart]({first}) goed.\n\nLees [de kaart]({second}) goed.\n")
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime
        .block_on(mock::start(mock::Options::default()))
        .unwrap();
    let stage = stage
        .with("DEEPL_AUTH_KEY", "k")
        .with("DEEPL_SERVER_URL", &server.address());
    let run = |first: &str, second: &str, flag: &str| {
        stage.write("a.md", article(first, second));
        let ran = stage.run(&["translate", "a.md", "--engine", "deepl", "--force", flag]);
        let edition = ran.exits(0).stdout.clone();
        let places = [first, second].map(|url| edition.find(&format!("]({url})")));
        assert!(places[0].is_some() && places[0] < places[1], "{edition}");
    };
    run("https://a.example", "https://b.example", "--quiet");
    let texts: usize = server.requests().iter().map(|r| r.texts).sum();
    assert_eq!(texts, 1);
    run("https://c.example", "https://d.example", "--frozen");
    runtime.block_on(server.stop());
}
