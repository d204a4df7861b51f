//! The translation memory and the way back from the review page: what a person wrote is kept, reused, shown, and never written over.

use crate::stage::Stage;
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
    // What a person wrote is not written over.
    let ran = stage.run(&["translate", "artikel.nl.txt", "-o", "uit/"]);
    assert!(ran.exits(3).stderr.contains("--force"), "{}", ran.stderr);
    // Another article with the same sentence takes it from the memory, and the engine is not asked for it.
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
