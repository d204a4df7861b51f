//! The wire of the local engine: JSON Lines in and out, on a small model with random weights; and on the reference outputs, where they are.

use crate::stage::{Ran, Stage, data};
use crate::toy_model::{self, SMALL, Storage};
use serde_json::{Value, json};
use std::process::Command;

/// A folder with a model in `m`.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.write("m/model.bin", toy_model::model(SMALL, 5, Storage::Int8, ""));
    stage.write("m/vocab.spm", toy_model::vocab(SMALL));
    stage.write("m/lex.bin", toy_model::shortlist(SMALL, 5));
    stage
}

fn batch(stage: &Stage, flags: &[&str], lines: &str) -> Ran {
    let mut args = vec!["translate", "--engine", "local", "--model", "m", "--batch"];
    args.extend(flags);
    stage.run_with(&args, lines.as_bytes())
}

fn answers(ran: &Ran) -> Vec<Value> {
    let lines = ran.stdout.lines();
    lines.map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn every_line_is_answered_in_order_under_its_own_id() {
    let lines = "{\"id\":\"tweede \\\"regel\\\"\",\"text\":\"de haven\"}\n\n{\"id\":\"\",\"text\":\"\"}\r\n{\"id\":7,\"text\":\"van Kursk\"}";
    let ran = batch(&stage(), &[], lines);
    let answers = answers(ran.exits(0));
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, [&json!("tweede \"regel\""), &json!(""), &json!(7)]);
    assert_eq!(answers[1]["target"], "");
    assert!(answers.iter().all(|answer| answer.get("tokens").is_none()));
    assert_eq!(ran.stderr, "");
}

#[test]
fn what_is_asked_of_the_decoder_is_answered() {
    let lines = concat!(
        "{\"id\":\"free\",\"text\":\"de haven van Kursk\",\"nbest\":3}\n",
        "{\"id\":\"term\",\"text\":\"de haven van Kursk\",\"terms\":[{\"source\":[13,18],\"target\":\"MI6\"}]}\n",
    );
    let told = answers(batch(&stage(), &["--explain"], lines).exits(0));
    let free = &told[0];
    let tokens = free["tokens"].as_array().unwrap();
    let (rows, columns) = (
        &free["alignment"],
        free["source_tokens"].as_array().unwrap(),
    );
    assert_eq!(rows.as_array().unwrap().len(), tokens.len());
    assert_eq!(rows[0].as_array().unwrap().len(), columns.len());
    assert_eq!(free["logprobs"].as_array().unwrap().len(), tokens.len());
    assert_eq!(free["margins"].as_array().unwrap().len(), tokens.len());
    assert!(free["nbest"].as_array().unwrap().len() > 1);
    assert!(told[1]["target"].as_str().unwrap().contains("MI6"));
    let forced = json!({"id": 1, "text": "de haven van Kursk", "force": tokens});
    let told = answers(batch(&stage(), &["--explain"], &forced.to_string()).exits(0));
    assert_eq!(
        (&told[0]["argmax"], &told[0]["logprobs"]),
        (&free["tokens"], &free["logprobs"])
    );
}

#[test]
fn flags_change_the_speed_and_not_the_text() {
    let lines: String = [
        "de haven",
        "een van de in het",
        "MI6, Kursk.",
        "\u{1f600} haddock",
    ]
    .iter()
    .map(|text| json!({"id": text, "text": text}).to_string() + "\n")
    .collect();
    let base = batch(&stage(), &["--explain"], &lines);
    base.exits(0);
    for flags in [
        ["--explain", "--threads", "1", "--batch-words", "1"],
        ["--explain", "--threads", "3", "--batch-words", "16"],
    ] {
        assert_eq!(batch(&stage(), &flags, &lines).exits(0).stdout, base.stdout);
    }
    let scalar = batch(
        &stage().with("OVERZET_KERNEL", "scalar"),
        &["--explain"],
        &lines,
    );
    assert_eq!(scalar.exits(0).stdout, base.stdout);
    let full = batch(&stage(), &["--explain", "--shortlist", "off"], &lines);
    assert_ne!(full.exits(0).stdout, base.stdout);
}

#[test]
fn bad_input_says_what_and_where() {
    let stage = stage();
    let ran = batch(
        &stage,
        &[],
        "{\"id\":\"1\",\"text\":\"de\"}\n{\"id\":\"2\"}\n",
    );
    assert!(ran.exits(3).stderr.contains("line 2"), "{}", ran.stderr);
    assert_eq!(
        ran.stdout.lines().count(),
        1,
        "what came before is answered"
    );
    let ran = batch(&stage, &["--batch-words", "viele"], "");
    ran.exits(2);
    let ran = stage.run(&["translate", "--engine", "deepl", "--batch"]);
    ran.exits(2);
    let ran = stage.run(&["translate", "--batch"]);
    assert!(ran.exits(2).stderr.contains("--model"), "{}", ran.stderr);
    let mut model = toy_model::model(SMALL, 5, Storage::Int8, "");
    model.truncate(5000);
    stage.write("m/model.bin", &model);
    let ran = batch(&stage, &[], "");
    for part in ["m/model.bin", "at byte", "more than the file"] {
        assert!(ran.exits(3).stderr.contains(part), "{}", ran.stderr);
    }
    std::fs::remove_file(stage.path("m/vocab.spm")).unwrap();
    let ran = batch(&stage, &[], "");
    assert!(ran.exits(3).stderr.contains("vocab*.spm"), "{}", ran.stderr);
}

/// A part of the references; `make quality` takes all of them.
#[test]
fn the_reference_outputs_are_met() {
    let Some(data) = data("the_reference_outputs_are_met") else {
        return;
    };
    let output = Command::new("python3")
        .arg(data.join("nmt/score_nmt.py"))
        .args(["--bin", env!("CARGO_BIN_EXE_overzet"), "--limit", "12"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("answers that change"), "{told}");
}
