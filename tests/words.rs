//! Word links through the binary: batch, pairs, Pharaoh, priors, and what an article's pairs carry.

use crate::stage::Stage;
use serde_json::{Value, json};

const PAIRS: &str =
    "De bijl is oud.\tThe axe is old.\nZij is te moe om te lezen.\tShe is too tired to read.\n";

#[test]
fn a_batch_answers_line_by_line_whatever_the_threads() {
    let stage = Stage::new();
    let input = concat!(
        r#"{"id":"a","source":"De bijl is oud .","target":"The axe is old .","source_tokens":["De","bijl","is","oud","."],"target_tokens":["The","axe","is","old","."]}"#,
        "\n\n",
        r#"{"id":7,"source":"Iets","target":""}"#,
        "\n",
    );
    let one = stage.run_with(
        &["align", "--words", "--batch", "--threads", "1"],
        input.as_bytes(),
    );
    one.exits(0);
    let lines: Vec<Value> = one
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let links = json!([[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]);
    assert_eq!(lines[0], json!({"id": "a", "links": links, "sure": links}));
    assert_eq!(lines[1], json!({"id": 7, "links": [], "sure": []}));
    let many = stage.run_with(
        &["align", "--words", "--batch", "--threads", "5"],
        input.as_bytes(),
    );
    assert_eq!(one.stdout, many.stdout);
    let broken = stage.run_with(&["align", "--words", "--batch"], b"{\"id\":1}\n");
    broken.exits(3);
    assert!(broken.stderr.contains("line 1"), "{}", broken.stderr);
}

#[test]
fn pairs_of_any_format_get_links_and_keep_their_sentences() {
    let stage = Stage::new();
    stage.write("p.tsv", PAIRS);
    stage
        .run(&["align", "--words", "p.tsv", "-o", "p.tmx"])
        .exits(0);
    stage
        .run(&["align", "--words", "p.tmx", "-o", "p.jsonl"])
        .exits(0);
    let pairs = stage.pairs("p.jsonl");
    assert_eq!(pairs.len(), 2);
    assert_eq!(pairs[0]["links"], json!([[0, 0], [1, 1], [2, 2], [3, 3]]));
    assert_eq!(pairs[1]["target"], "She is too tired to read.");
    let pharaoh = stage.run(&["align", "--words", "p.tsv", "--format", "pharaoh"]);
    pharaoh.exits(0);
    assert_eq!(pharaoh.stdout.lines().next(), Some("0-0 1-1 2-2 3-3"));
    assert_eq!(pharaoh.stdout.lines().count(), 2);
}

#[test]
fn priors_are_read_when_named_and_written_when_asked() {
    let stage = Stage::new();
    stage.write("p.tsv", PAIRS);
    let missing = stage.run(&["align", "--words", "p.tsv", "--priors", "desk.tsv"]);
    missing.exits(3);
    stage
        .run(&[
            "align",
            "--words",
            "p.tsv",
            "--priors",
            "desk.tsv",
            "--save-priors",
        ])
        .exits(0);
    let first = stage.read("desk.tsv");
    assert!(
        first.starts_with("nl\ten\tcount\n") && first.contains("\nbijl\taxe\t"),
        "{first}"
    );
    stage
        .run(&["align", "--words", "p.tsv", "--priors", "desk.tsv"])
        .exits(0);
    assert_eq!(stage.read("desk.tsv"), first);
    stage.write("broken.tsv", "nl\ten\tcount\nbijl\taxe\tmany\n");
    let broken = stage.run(&["align", "--words", "p.tsv", "--priors", "broken.tsv"]);
    broken.exits(3);
    assert!(broken.stderr.contains("broken.tsv:2"), "{}", broken.stderr);
}

#[test]
fn an_article_has_links_and_every_term_is_linked() {
    let stage = Stage::new();
    stage.run(&["demo"]).exits(0);
    let pairs = stage.pairs("edition/article.nl-en.jsonl");
    let (mut linked, mut terms) = (0, 0);
    for pair in &pairs {
        let links = pair["links"].as_array().unwrap();
        linked += usize::from(!links.is_empty());
        let side = |key: &str| overzet::bitext::words(pair[key].as_str().unwrap());
        let (source, target) = (side("source"), side("target"));
        for term in pair["terms"].as_array().unwrap() {
            let span = |key: &str| -> Option<overzet::bitext::Span> {
                serde_json::from_value(term[key].clone()).ok()
            };
            let (Some(here), Some(there)) = (span("source"), span("target")) else {
                continue;
            };
            terms += 1;
            assert!(
                links.iter().any(|link| {
                    let at = |side: usize| link[side].as_u64().unwrap() as usize;
                    source[at(0)].overlaps(here) && target[at(1)].overlaps(there)
                }),
                "{term} in {pair}"
            );
        }
    }
    assert!(linked >= 40 && terms >= 60, "{linked} {terms}");
}
