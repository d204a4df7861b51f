//! `overzet align` as a person meets it: files in, pairs out, resources that are named when they do nothing or do not fit.

use crate::align::ARTICLE;
use crate::stage::Stage;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

/// The article in two files, one segment per line; a sentence of the edition is missing.
fn stage() -> Stage {
    let stage = Stage::new();
    let lines = |texts: Vec<&str>| texts.join("\n") + "\n";
    stage.write(
        "a.nl.txt",
        lines(ARTICLE.iter().map(|pair| pair.0).collect()),
    );
    stage.write(
        "a.en.txt",
        lines(
            ARTICLE
                .iter()
                .map(|pair| pair.1)
                .filter(|en| !en.contains("One calf"))
                .collect(),
        ),
    );
    stage
}

fn numbers(value: &serde_json::Value) -> Vec<u64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n.as_u64().unwrap())
        .collect()
}

#[test]
fn presegmented_lines_give_the_beads_of_the_batch() {
    let stage = stage();
    let ran = stage.run(&[
        "align",
        "a.nl.txt",
        "a.en.txt",
        "--presegmented",
        "--pairs",
        "p.jsonl",
    ]);
    ran.exits(0);
    assert!(ran.stdout.is_empty());
    assert!(ran.stderr.contains("lexicon built-in: "), "{}", ran.stderr);
    let pairs = stage.pairs("p.jsonl");
    assert_eq!(pairs.len(), 30);
    assert_eq!(pairs[7]["state"], "untranslated");
    assert_eq!(pairs[7]["target_segments"], serde_json::json!([]));
    assert!(pairs.iter().all(|pair| pair["origin"] == "human"));
    let list = |name: &str| {
        stage
            .read(name)
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let item = serde_json::json!({"id": "a", "src": list("a.nl.txt"), "tgt": list("a.en.txt")});
    let input = format!("{item}\n{item}\n");
    let ran = stage.run_with(&["align", "--batch"], input.as_bytes());
    let answers: Vec<serde_json::Value> = ran
        .exits(0)
        .stdout
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(answers[0], answers[1]);
    for (bead, pair) in answers[0]["beads"].as_array().unwrap().iter().zip(&pairs) {
        assert_eq!(numbers(&bead[0]), numbers(&pair["source_segments"]));
        assert_eq!(numbers(&bead[1]), numbers(&pair["target_segments"]));
        assert_eq!(bead[2], pair["confidence"]);
    }
    let one = stage.run_with(&["align", "--batch", "--threads", "1"], input.as_bytes());
    assert_eq!(one.stdout, ran.stdout);
}

#[test]
fn approved_pairs_are_kept_and_the_rest_is_aligned_again() {
    let stage = stage();
    stage
        .run(&[
            "align",
            "a.nl.txt",
            "a.en.txt",
            "--presegmented",
            "-o",
            "p.jsonl",
        ])
        .exits(0);
    // A person joins two pairs and approves.
    let mut pairs = stage.pairs("p.jsonl");
    let text = |n: usize, side: &str| pairs[n][side].as_str().unwrap().to_owned();
    let (nl, en) = (
        format!("{} {}", text(2, "source"), text(3, "source")),
        format!("{} {}", text(2, "target"), text(3, "target")),
    );
    pairs[2]["source"] = nl.clone().into();
    pairs[2]["target"] = en.into();
    pairs[2]["source_segments"] = serde_json::json!([2, 3]);
    pairs[2]["target_segments"] = serde_json::json!([2, 3]);
    pairs[2]["state"] = "approved".into();
    let edited: Vec<String> = pairs
        .iter()
        .enumerate()
        .filter(|(n, _)| *n != 3)
        .map(|(_, p)| p.to_string())
        .collect();
    stage.write("edited.jsonl", edited.join("\n"));
    // A line is put before everything: the numbers move, the text is found.
    let article = format!("Nieuwe eerste regel.\n{}", stage.read("a.nl.txt"));
    stage.write("a.nl.txt", article);
    let ran = stage.run(&[
        "align",
        "a.nl.txt",
        "a.en.txt",
        "--presegmented",
        "--keep-manual",
        "edited.jsonl",
        "-o",
        "q.jsonl",
    ]);
    assert!(
        ran.exits(0).stderr.contains("1 approved pairs, 1 kept"),
        "{}",
        ran.stderr
    );
    let pairs = stage.pairs("q.jsonl");
    let kept = pairs
        .iter()
        .find(|pair| pair["state"] == "approved")
        .unwrap();
    assert_eq!(kept["source"], nl);
    assert_eq!(numbers(&kept["source_segments"]), [3, 4]);
    assert_eq!(kept["confidence"], 1.0);
    let all: Vec<u64> = pairs
        .iter()
        .flat_map(|pair| numbers(&pair["source_segments"]))
        .collect();
    assert_eq!(all, (0..31).collect::<Vec<_>>());
    // What exists and was not made by this run is not written over.
    stage
        .run(&[
            "align",
            "a.nl.txt",
            "a.en.txt",
            "--presegmented",
            "-o",
            "edited.jsonl",
        ])
        .exits(3);
}

#[test]
fn documents_and_pairs_are_read_and_every_format_is_written() {
    let stage = Stage::new();
    let paragraphs = |side: fn(&(&'static str, &'static str)) -> &'static str| {
        ARTICLE[1..]
            .chunks(4)
            .map(|chunk| chunk.iter().map(side).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let html = paragraphs(|pair| pair.0).join("</p>\n<p>");
    stage.write(
        "a.html",
        format!("<!doctype html><h1>{}</h1>\n<p>{html}</p>\n", ARTICLE[0].0),
    );
    stage.write(
        "a.en.md",
        format!(
            "# {}\n\n{}\n\nRead more: floods\n",
            ARTICLE[0].1,
            paragraphs(|pair| pair.1).join("\n\n")
        ),
    );
    let outputs = [
        "--pairs", "p.tmx", "--pairs", "p.tsv", "--pairs", "p.xlf", "--pairs", "p.csv", "--pairs",
        "p.html",
    ];
    let ran = stage.run(
        &[
            &["align", "a.html", "a.en.md", "-o", "p.jsonl"][..],
            &outputs,
        ]
        .concat(),
    );
    ran.exits(0);
    let pairs = stage.pairs("p.jsonl");
    assert_eq!(pairs[0]["role"], "headline");
    let last = pairs.last().unwrap();
    assert_eq!(
        (&last["state"], &last["role"]),
        (&"needs-review".into(), &"furniture".into())
    );
    for (pair, (nl, en)) in pairs.iter().zip(ARTICLE) {
        assert_eq!(
            (
                pair["source"].as_str().unwrap(),
                pair["target"].as_str().unwrap()
            ),
            (*nl, *en)
        );
    }
    for name in ["p.tmx", "p.tsv", "p.xlf", "p.csv", "p.html"] {
        assert!(stage.read(name).contains("Read more: floods"), "{name}");
    }
    // Pairs in: both sides are aligned again.
    stage.run(&["align", "p.tmx", "-o", "q.jsonl"]).exits(0);
    assert_eq!(stage.pairs("q.jsonl").len(), pairs.len());
}

#[test]
fn check_tells_what_was_left_out_and_added() {
    let stage = stage();
    let more = stage
        .read("a.en.txt")
        .replace("Insurers", "Nobody had asked the ducks.\nInsurers");
    stage.write("a.en.txt", more);
    stage
        .run(&[
            "align",
            "a.nl.txt",
            "a.en.txt",
            "--presegmented",
            "-o",
            "p.jsonl",
        ])
        .exits(0);
    let ran = stage.run(&["check", "p.jsonl", "--only", "omission,addition"]);
    assert!(
        ran.exits(0)
            .stdout
            .contains("left out: no English belongs to it"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("Eén kalf overleefde de nacht niet."));
    assert!(ran.stdout.contains("added: no Dutch belongs to it"));
    assert!(ran.stdout.contains("Nobody had asked the ducks."));
    // Two sentences that both have no Dutch say nothing about each other.
    let more = format!("Analysis.\n{}", stage.read("a.en.txt"));
    stage.write("a.en.txt", more);
    let args = ["align", "a.nl.txt", "a.en.txt", "--presegmented"];
    stage
        .run(&[&args[..], &["-o", "q.jsonl", "--pairs", "q.html"]].concat())
        .exits(0);
    let ran = stage.run(&["check", "q.jsonl"]);
    assert!(!ran.stdout.contains("consistency"), "{}", ran.stdout);
    // The page is called after the first Dutch, though English comes before it.
    let title = format!("<title>{}", ARTICLE[0].0);
    assert!(stage.read("q.html").contains(&title));
}

#[test]
fn wrong_resources_are_named() {
    let stage = stage();
    let align = |more: &[&str]| {
        stage.run(
            &[
                &["align", "a.nl.txt", "a.en.txt", "--presegmented"][..],
                more,
            ]
            .concat(),
        )
    };
    stage.write("mt.txt", "one\ntwo\n");
    let ran = align(&["--mt", "mt.txt"]);
    assert!(
        ran.exits(2)
            .stderr
            .contains("mt.txt has 2 lines, the source has 30 segments"),
        "{}",
        ran.stderr
    );
    stage.write("l.tsv", "nl\ten\nxyzzy\tplugh\n");
    assert!(
        align(&["--lexicon", "l.tsv"])
            .exits(0)
            .stderr
            .contains("warning: lexicon l.tsv: 1 entries, 0 matched")
    );
    stage.write("l.dic", "cow @ koe\nbroken\n");
    assert!(
        align(&["--lexicon", "l.dic"])
            .exits(2)
            .stderr
            .contains("l.dic:2:1")
    );
    stage.write("a.tsv", "3\t3\n2\t4\n");
    assert!(
        align(&["--anchors", "a.tsv"])
            .exits(2)
            .stderr
            .contains("a.tsv:2:1")
    );
    stage.write("a.tsv", "0\t0\n5\t5\n");
    assert!(
        align(&["--anchors", "a.tsv", "--one-to-one"])
            .exits(0)
            .stderr
            .contains("2 cuts")
    );
    assert!(
        align(&["--max-bead", "9"])
            .exits(2)
            .stderr
            .contains("2 to 8")
    );
    assert!(
        stage
            .run(&["align", "a.nl.txt"])
            .exits(2)
            .stderr
            .contains("translation")
    );
    stage.run(&["align", "a.nl.txt", "nowhere.txt"]).exits(3);
    let ran = stage.run_with(
        &["align", "--batch"],
        b"{\"id\":1,\"src\":[\"a\"],\"tgt\":[],\"mt\":[]}\n",
    );
    assert!(ran.exits(2).stderr.contains("`mt` has 0 entries"));
    assert!(
        stage
            .run_with(&["align", "--batch"], b"{oops\n")
            .exits(3)
            .stderr
            .contains("line 1")
    );
}

/// A crude embedding: every word of the article's English has a place, and a Dutch sentence has that of its English.
fn row(text: &str) -> Vec<f32> {
    let english = ARTICLE
        .iter()
        .find(|(nl, _)| *nl == text)
        .map_or(text, |(_, en)| en);
    let mut row = vec![0.1_f32; 32];
    for word in english.split_whitespace() {
        let place = word
            .bytes()
            .fold(7_usize, |sum, byte| sum * 31 % 1009 + usize::from(byte))
            % 32;
        row[place] += 1.0;
    }
    row
}

#[test]
fn vectors_are_read_and_have_to_fit() {
    let stage = stage();
    let bytes = |name: &str| -> Vec<u8> {
        stage
            .read(name)
            .lines()
            .flat_map(row)
            .flat_map(f32::to_le_bytes)
            .collect()
    };
    stage.write("s.f32", bytes("a.nl.txt"));
    stage.write("t.f32", bytes("a.en.txt"));
    let args = [
        "align",
        "a.nl.txt",
        "a.en.txt",
        "--presegmented",
        "--from",
        "xx",
        "--to",
        "yy",
        "-o",
        "p.jsonl",
        "--vectors",
        "s.f32",
    ];
    stage.run(&[&args[..], &["t.f32"]].concat()).exits(0);
    let pairs = stage.pairs("p.jsonl");
    assert_eq!(pairs.len(), 30);
    assert_eq!(pairs[7]["state"], "untranslated");
    let ran = stage.run(&[&args[..], &["s.f32", "--force"]].concat());
    assert!(
        ran.exits(2)
            .stderr
            .contains("not a whole number of float32 rows for 29 segments"),
        "{}",
        ran.stderr
    );
}

#[test]
fn embeddings_are_asked_of_the_server_that_is_named() {
    let stage = stage();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    // Two sides of one batch each.
    let server = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for _ in 0..2 {
            let mut reader = BufReader::new(listener.accept().unwrap().0);
            let (mut length, mut first) = (0, String::new());
            reader.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let texts: Vec<&str> = body["input"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| t.as_str().unwrap())
                .collect();
            // In any order: the index tells.
            let data: Vec<serde_json::Value> = texts
                .iter()
                .enumerate()
                .rev()
                .map(|(index, text)| serde_json::json!({"index": index, "embedding": row(text)}))
                .collect();
            let answer = serde_json::json!({ "data": data }).to_string();
            write!(reader.get_mut(), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}", answer.len()).unwrap();
            asked.push((first.trim().to_owned(), texts.len(), body["model"].clone()));
        }
        asked
    });
    let args = [
        "align",
        "a.nl.txt",
        "a.en.txt",
        "--presegmented",
        "-o",
        "p.jsonl",
        "--embeddings",
        &address,
        "--embeddings-model",
        "tiny",
    ];
    let ran = stage.run(&args);
    assert!(
        ran.exits(0)
            .stderr
            .contains("59 segments sent to http://127.0.0.1"),
        "{}",
        ran.stderr
    );
    let asked = server.join().unwrap();
    assert_eq!(
        asked[0],
        ("POST /v1/embeddings HTTP/1.1".to_owned(), 30, "tiny".into())
    );
    assert_eq!(stage.pairs("p.jsonl").len(), 30);
    stage.write("overzet.toml", "frozen = true\n");
    stage.run(&[&args[..], &["--force"]].concat()).exits(8);
}

/// Aligns, lets a person change the pairs, and aligns again: the segments of each pair before, after,
/// and of those that are approved.
fn kept(change: impl Fn(&mut Vec<serde_json::Value>)) -> (Vec<String>, Vec<String>, Vec<String>) {
    let stage = stage();
    let texts = ["a.nl.txt", "a.en.txt", "--presegmented"];
    let align = |more: &[&str]| {
        let ran = stage.run(&[&["align"], &texts[..], more].concat());
        assert!(ran.exits(0).stderr.contains("segments"), "{}", ran.stderr);
    };
    let sides = |pairs: &[serde_json::Value]| -> Vec<String> {
        let side = |pair: &serde_json::Value| {
            format!("{} {}", pair["source_segments"], pair["target_segments"])
        };
        pairs.iter().map(side).collect()
    };
    align(&["-o", "p.jsonl"]);
    let mut pairs = stage.pairs("p.jsonl");
    let before = sides(&pairs);
    change(&mut pairs);
    let lines: Vec<String> = pairs.iter().map(|pair| pair.to_string() + "\n").collect();
    stage.write("edited.jsonl", lines.concat());
    align(&["--keep-manual", "edited.jsonl", "-o", "q.jsonl"]);
    let after = stage.pairs("q.jsonl");
    let approved: Vec<serde_json::Value> = after
        .iter()
        .filter(|pair| pair["state"] == "approved")
        .cloned()
        .collect();
    (before, sides(&after), sides(&approved))
}

/// Empties one side of a pair and approves the rest.
fn alone(pair: &mut serde_json::Value, side: &str) {
    pair[side] = "".into();
    pair[format!("{side}_segments")] = serde_json::json!([]);
    pair["state"] = "approved".into();
}

#[test]
fn an_approved_omission_or_addition_leaves_the_other_pairs_as_they_were() {
    for number in [0, 1, 5, 12, 20] {
        for (left, side) in [("source", "target"), ("target", "source")] {
            let (before, after, approved) = kept(|pairs| {
                let paired =
                    |pair: &serde_json::Value| pair["source"] != "" && pair["target"] != "";
                assert!(paired(&pairs[number]), "{}", pairs[number]);
                alone(&mut pairs[number], side);
            });
            assert_eq!(approved.len(), 1, "{number} {left}");
            let lost: Vec<&String> = before.iter().filter(|pair| !after.contains(pair)).collect();
            assert_eq!(lost, [&before[number]], "{number} {left}: {after:?}");
        }
    }
}

#[test]
fn an_approved_merge_leaves_the_other_pairs_as_they_were() {
    for number in [0, 5, 12] {
        let (before, after, approved) = kept(|pairs| {
            let second = pairs.remove(number + 1);
            let first = &mut pairs[number];
            for side in ["source", "target"] {
                let text = |pair: &serde_json::Value| pair[side].as_str().unwrap().to_owned();
                first[side] = format!("{} {}", text(first), text(&second)).trim().into();
                let key = format!("{side}_segments");
                let both = [numbers(&first[&key]), numbers(&second[&key])].concat();
                first[&key] = both.into();
            }
            first["state"] = "approved".into();
        });
        assert_eq!(approved.len(), 1, "{number}");
        let lost: Vec<&String> = before.iter().filter(|pair| !after.contains(pair)).collect();
        assert_eq!(lost, [&before[number], &before[number + 1]], "{after:?}");
    }
}
