//! The file way of the desk: what editors download, CAT tools send back and translations write anew
//! is merged, and nothing is lost in silence. The letters and numbers in the names of the tests are
//! those of the plan for the desk.

use crate::stage::{Ran, Stage};
use serde_json::{Value, json};

const ARTICLE: &str = "Drukte in Koersk\n\nIn Koersk staan 1.300 mensen op de brug. De brug is 12 meter hoog en 12 meter breed.\n\nDe burgemeester zwijgt. Het kabinet is gevallen. De krant komt later.\n";
const TAPE: &str = "Drukte in Koersk\tBusy in Kursk\nIn Koersk staan 1.300 mensen op de brug.\tIn Kursk 1,300 people stand on the bridge.\nDe brug is 12 meter hoog en 12 meter breed.\tThe bridge is 13 metres high and 13 metres wide.\nDe burgemeester zwijgt.\tThe mayor is silent.\nHet kabinet is gevallen.\tThe cupboard fell.\nDe krant komt later.\tThe paper comes later.\n";
const PAIRS: &str = "uit/artikel.nl-en.jsonl";

/// An article and its edition, made by a replayed engine under a glossary of two entries.
fn desk() -> Stage {
    let stage = Stage::new();
    stage.write("artikel.nl.txt", ARTICLE);
    stage.write("tape.tsv", TAPE);
    stage.write(
        "glossaries/desk.tsv",
        "nl\ten\nAngola\tAngola\nKoersk\tKursk\n",
    );
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    translate(&stage).exits(0);
    stage
}

fn translate(stage: &Stage) -> Ran {
    stage.run(&["translate", "artikel.nl.txt", "-o", "uit/"])
}

/// A download of the page in which lines were changed, as the page changes them.
fn download(stage: &Stage, name: &str, change: impl Fn(&mut Value)) {
    let lines: Vec<String> = stage
        .pairs(PAIRS)
        .into_iter()
        .map(|mut pair| {
            change(&mut pair);
            pair.to_string() + "\n"
        })
        .collect();
    stage.write(name, lines.concat());
}

/// Writes another text into a line, as the page does.
fn write(pair: &mut Value, target: &str) {
    if pair.get("draft").is_none() {
        pair["draft"] = pair["target"].take();
    }
    pair["target"] = target.into();
    pair["origin"] = "human".into();
    pair["state"] = "needs-review".into();
}

fn edit<'a>(id: &'a str, target: &'a str) -> impl Fn(&mut Value) + 'a {
    move |pair| {
        if pair["id"] == id {
            write(pair, target);
        }
    }
}

fn approve(id: &str) -> impl Fn(&mut Value) + '_ {
    move |pair| {
        if pair["id"] == id {
            pair["state"] = "approved".into();
        }
    }
}

fn merge(stage: &Stage, files: &[&str]) -> Ran {
    let mut args = vec!["review", "uit/"];
    for file in files {
        args.extend(["--edits", file]);
    }
    stage.run(&args)
}

fn unit(stage: &Stage, id: &str) -> Value {
    let pairs = stage.pairs(PAIRS);
    let found = pairs.into_iter().find(|pair| pair["id"] == id);
    found.unwrap_or_else(|| panic!("no unit {id}"))
}

#[test]
fn d1_two_downloads_of_one_page_both_stand() {
    let stage = desk();
    for pair in stage.pairs(PAIRS) {
        assert_eq!(pair["base"].as_str().map(str::len), Some(64), "{pair}");
    }
    download(&stage, "a.jsonl", |pair| {
        edit("b3.s2", "The cabinet has fallen.")(pair);
        approve("b3.s2")(pair);
    });
    download(&stage, "b.jsonl", edit("b3.s3", "The paper is late."));
    merge(&stage, &["a.jsonl"]).exits(0);
    let ran = merge(&stage, &["b.jsonl"]);
    assert!(ran.exits(0).stderr.contains("1 of 6 pairs changed"));
    let edition = stage.read("uit/artikel.en.txt");
    assert!(
        edition.contains("The cabinet has fallen. The paper is late."),
        "{edition}"
    );
    assert_eq!(unit(&stage, "b3.s2")["state"], "approved");
}

#[test]
fn d1_a_unit_that_two_people_changed_is_named_and_nothing_is_written() {
    let stage = desk();
    download(&stage, "a.jsonl", edit("b3.s2", "The cabinet has fallen."));
    download(&stage, "b.jsonl", |pair| {
        edit("b3.s2", "The government has fallen.")(pair);
        edit("b3.s3", "The paper is late.")(pair);
    });
    download(&stage, "c.jsonl", approve("b3.s2"));
    let before = stage.files();
    let stats = stage.run(&["tm", "stats"]).stdout;
    let ran = merge(&stage, &["a.jsonl", "b.jsonl"]);
    for part in [
        "b3.s2",
        "Het kabinet is gevallen.",
        "The cabinet has fallen.",
        "The government has fallen.",
    ] {
        assert!(ran.exits(3).stderr.contains(part), "{}", ran.stderr);
    }
    assert_eq!(stage.files(), before);
    assert_eq!(stage.run(&["tm", "stats"]).stdout, stats);
    merge(&stage, &["a.jsonl"]).exits(0);
    // An approval of a text that somebody changed since is a conflict, too.
    for file in ["b.jsonl", "c.jsonl"] {
        let before = stage.files();
        let ran = merge(&stage, &[file]);
        assert!(ran.exits(3).stderr.contains("b3.s2"), "{}", ran.stderr);
        assert_eq!(stage.files(), before);
    }
    // The same change twice is none.
    download(&stage, "d.jsonl", |pair| {
        edit("b3.s2", "The cabinet has fallen.")(pair);
    });
    merge(&stage, &["d.jsonl", "a.jsonl"]).exits(0);
}

#[test]
fn d1_a_line_without_a_base_takes_nothing_over_where_it_says_what_stood_there() {
    let stage = desk();
    let without_base = |pair: &mut Value| {
        pair.as_object_mut().unwrap().remove("base");
    };
    download(&stage, "old.jsonl", |pair| {
        edit("b3.s3", "The paper is late.")(pair);
        without_base(pair);
    });
    download(&stage, "a.jsonl", edit("b3.s2", "The cabinet has fallen."));
    merge(&stage, &["a.jsonl"]).exits(0);
    merge(&stage, &["old.jsonl"]).exits(0);
    let edition = stage.read("uit/artikel.en.txt");
    assert!(
        edition.contains("The cabinet has fallen. The paper is late."),
        "{edition}"
    );
}

#[test]
fn d2_a_merge_leaves_the_terms_of_other_units_as_they_were() {
    let stage = desk();
    let terms = |stage: &Stage| -> Vec<Value> {
        let pairs = stage.pairs(PAIRS).into_iter();
        pairs
            .filter(|pair| pair["id"] != "b3.s2")
            .map(|pair| json!([pair["terms"], pair["findings"]]))
            .collect()
    };
    let before = terms(&stage);
    download(&stage, "a.jsonl", edit("b3.s2", "The cabinet has fallen."));
    merge(&stage, &["a.jsonl"]).exits(0);
    assert_eq!(terms(&stage), before);
    assert_eq!(unit(&stage, "b1.s1")["terms"][0]["verdict"], "exact");
}

#[test]
fn d3_a_demo_keeps_its_memory_to_itself() {
    let stage = Stage::new();
    stage.run(&["demo", "-o", "uit"]).exits(0);
    stage.write("artikel.nl.txt", ARTICLE);
    stage.write("tape.tsv", TAPE);
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    translate(&stage).exits(0);
    download(&stage, "artikel.nl-en (1).jsonl", |pair| {
        edit("b3.s2", "The cabinet has fallen.")(pair);
    });
    // The download says which of the articles is meant.
    let ran = merge(&stage, &["artikel.nl-en (1).jsonl"]);
    assert!(ran.exits(0).stderr.contains("1 kept"), "{}", ran.stderr);
    let found = stage.run(&["tm", "search", "Het kabinet is gevallen."]);
    assert!(found.stdout.contains("The cabinet has fallen."));
    stage
        .run(&["translate", "artikel.nl.txt", "-o", "uit/", "--force"])
        .exits(0);
    assert!(
        stage
            .read("uit/artikel.en.txt")
            .contains("The cabinet has fallen.")
    );
    // The demo's own article is reviewed with the demo's memory.
    let demo = stage.read("uit/article.nl-en.jsonl");
    let line = demo.lines().nth(2).unwrap();
    let mut pair: Value = serde_json::from_str(line).unwrap();
    write(&mut pair, "Edited in the demo.");
    stage.write("article.nl-en.jsonl", pair.to_string());
    merge(&stage, &["article.nl-en.jsonl"]).exits(0);
    let stats = stage.run(&["tm", "stats"]).stdout;
    assert!(stats.contains("pairs    1"), "{stats}");
}

#[test]
fn d4_texts_that_come_back_from_a_cat_tool_are_learnt_and_stand() {
    for kind in ["xlf", "tmx"] {
        let stage = desk();
        let own = stage.read(&format!("uit/artikel.nl-en.{kind}"));
        let back = own.replace("The cupboard fell.", "The cabinet has fallen.");
        assert_ne!(own, back);
        stage.write(&format!("terug.{kind}"), &back);
        let ran = merge(&stage, &[&format!("terug.{kind}")]);
        assert!(
            ran.exits(0)
                .stderr
                .contains("1 of 6 pairs changed, 0 approved; 1 kept"),
            "{}",
            ran.stderr
        );
        let own = unit(&stage, "b3.s2");
        assert_eq!(
            [&own["origin"], &own["draft"]],
            ["human", "The cupboard fell."]
        );
        for force in ["--quiet", "--force"] {
            stage
                .run(&["translate", "artikel.nl.txt", "-o", "uit/", force])
                .exits(0);
            let edition = stage.read("uit/artikel.en.txt");
            assert!(edition.contains("The cabinet has fallen."), "{edition}");
        }
        // What the tool sends next is made of what was written here.
        let own = stage.read(&format!("uit/artikel.nl-en.{kind}"));
        stage.write(
            &format!("terug.{kind}"),
            own.replace("The cabinet has fallen.", "The cabinet fell."),
        );
        merge(&stage, &[&format!("terug.{kind}")]).exits(0);
        assert_eq!(unit(&stage, "b3.s2")["target"], "The cabinet fell.");
    }
}

#[test]
fn d4_an_import_learns_what_was_changed_and_nothing_else() {
    for kind in ["xlf", "tmx"] {
        let stage = desk();
        let own = stage.read(&format!("uit/artikel.nl-en.{kind}"));
        let back = own.replace("The cupboard fell.", "The cabinet has fallen.");
        stage.write(&format!("terug.{kind}"), &back);
        let ran = stage.run(&["tm", "import", &format!("terug.{kind}")]);
        assert!(
            ran.exits(0).stderr.contains("1 pairs, 1 new"),
            "{}",
            ran.stderr
        );
        translate(&stage).exits(0);
        let edition = stage.read("uit/artikel.en.txt");
        assert!(edition.contains("The cabinet has fallen."), "{edition}");
    }
}

#[test]
fn d7_a_merge_prints_the_findings_of_its_texts_and_honours_fail_on() {
    let stage = desk();
    download(&stage, "a.jsonl", |pair| {
        edit("b2.s1", "In Kursk 1,400 people stand on the bridge.")(pair);
        approve("b2.s1")(pair);
    });
    let ran = stage.run(&["review", "uit/", "--edits", "a.jsonl", "--fail-on", "error"]);
    assert!(
        ran.exits(1).stderr.contains("b2.s1: error numbers: "),
        "{}",
        ran.stderr
    );
    // It is written, and an approval accepts only what was shown.
    let own = unit(&stage, "b2.s1");
    assert_eq!(own["state"], "approved");
    assert_eq!(own["findings"][0]["status"], "open");
    // Approving what is shown accepts it.
    download(&stage, "b.jsonl", approve("b2.s2"));
    let ran = stage.run(&[
        "review",
        "uit/",
        "--edits",
        "b.jsonl",
        "--fail-on",
        "warning",
    ]);
    ran.exits(0);
    let own = unit(&stage, "b2.s2");
    assert!(!own["findings"].as_array().unwrap().is_empty());
    for finding in own["findings"].as_array().unwrap() {
        assert_eq!(finding["status"], "accepted");
    }
}

#[test]
fn d10_one_finding_is_dismissed_and_the_other_stays() {
    let stage = desk();
    let numbers = |stage: &Stage| -> Vec<(String, u64)> {
        let own = unit(stage, "b2.s2");
        let findings = own["findings"].as_array().unwrap().iter();
        let numbers = findings.filter(|f| f["check"] == "units" || f["check"] == "numbers");
        let mut found: Vec<_> = numbers
            .map(|f| {
                let status = f["status"].as_str().unwrap().to_owned();
                (status, f["target"][0].as_u64().unwrap())
            })
            .collect();
        found.sort_by_key(|(_, at)| *at);
        found
    };
    let before = numbers(&stage);
    assert_eq!(before.len(), 2, "{before:?}");
    download(&stage, "a.jsonl", |pair| {
        if pair["id"] == "b2.s2" {
            let findings = pair["findings"].as_array_mut().unwrap();
            let first = findings.iter_mut().min_by_key(|f| f["target"][0].as_u64());
            first.unwrap()["status"] = "dismissed".into();
        }
    });
    merge(&stage, &["a.jsonl"]).exits(0);
    let wanted = [
        ("dismissed".to_owned(), before[0].1),
        ("open".to_owned(), before[1].1),
    ];
    assert_eq!(numbers(&stage), wanted);
    // D11: it survives the next translation.
    translate(&stage).exits(0);
    assert_eq!(numbers(&stage), wanted);
    let report: Value = serde_json::from_str(&stage.read("uit/artikel.report.json")).unwrap();
    let list = report["findings"]["list"].as_array().unwrap();
    let statuses = list.iter().map(|f| f["status"].as_str().unwrap());
    assert_eq!(statuses.filter(|s| *s == "dismissed").count(), 1);
}

#[test]
fn d11_a_new_translation_keeps_what_people_made_of_unchanged_units() {
    let stage = desk();
    download(&stage, "a.jsonl", |pair| {
        edit("b3.s2", "The cabinet has fallen.")(pair);
        approve("b3.s2")(pair);
        approve("b3.s1")(pair);
    });
    merge(&stage, &["a.jsonl"]).exits(0);
    // Nobody touched the files since the review: no `--force` is needed.
    translate(&stage).exits(0);
    let own = unit(&stage, "b3.s2");
    assert_eq!(
        [&own["state"], &own["origin"], &own["draft"]],
        ["approved", "human", "The cupboard fell."]
    );
    assert_eq!(unit(&stage, "b3.s1")["state"], "approved");
    // A changed sentence elsewhere changes nothing of that.
    stage.write(
        "artikel.nl.txt",
        ARTICLE.replace("De krant komt later.", "Nieuw.\n\nDe krant komt niet."),
    );
    let ran = stage.run(&["translate", "artikel.nl.txt", "-o", "uit/", "--offline"]);
    ran.exits(7);
    assert_eq!(unit(&stage, "b3.s2")["state"], "approved");
    // A file that somebody touched is not written over.
    stage.write("uit/artikel.en.txt", "by hand");
    translate(&stage).exits(3);
}

#[test]
fn d16_one_changed_sentence_does_not_block_the_rest() {
    let stage = desk();
    download(&stage, "a.jsonl", |pair| {
        edit("b3.s2", "The cabinet has fallen.")(pair);
        edit("b3.s3", "The paper is late.")(pair);
    });
    stage.write(
        "artikel.nl.txt",
        ARTICLE
            .replace("De krant komt later.", "De krant komt niet.")
            .replace("In Koersk staan", "Vooraf.\n\nIn Koersk staan"),
    );
    stage.write(
        "tape.tsv",
        format!("{TAPE}De krant komt niet.\tThe paper does not come.\nVooraf.\tBeforehand.\n"),
    );
    translate(&stage).exits(0);
    let ran = merge(&stage, &["a.jsonl"]);
    for part in ["b3.s3", "De krant komt later.", "The paper is late."] {
        assert!(ran.exits(1).stderr.contains(part), "{}", ran.stderr);
    }
    let edition = stage.read("uit/artikel.en.txt");
    assert!(
        edition.contains("The cabinet has fallen. The paper does not come."),
        "{edition}"
    );
}

#[test]
fn d17_omitted_and_joined_units_reach_every_file_and_survive() {
    let stage = desk();
    download(&stage, "a.jsonl", |pair| match pair["id"].as_str() {
        Some("b3.s1") => {
            write(pair, "The mayor is silent and the cabinet has fallen.");
            pair["joined"] = json!(["b3.s2"]);
        }
        Some("b3.s2") => {
            pair["target"] = "".into();
            pair["joined_to"] = "b3.s1".into();
        }
        Some("b2.s2") => {
            pair["target"] = "".into();
            pair["state"] = "omitted".into();
        }
        _ => {}
    });
    merge(&stage, &["a.jsonl"]).exits(0);
    let wanted = "Busy in Kursk\n\nIn Kursk 1,300 people stand on the bridge.\n\nThe mayor is silent and the cabinet has fallen. The paper comes later.\n";
    let check = |stage: &Stage| {
        assert_eq!(stage.read("uit/artikel.en.txt"), wanted);
        assert_eq!(stage.pairs(PAIRS).len(), 6);
        let omitted = unit(stage, "b2.s2");
        assert_eq!([&omitted["state"], &omitted["target"]], ["omitted", ""]);
        assert_eq!(omitted["findings"], json!([]));
        assert_eq!(unit(stage, "b3.s1")["joined"], json!(["b3.s2"]));
        assert_eq!(unit(stage, "b3.s1")["findings"], json!([]));
        let second = unit(stage, "b3.s2");
        assert_eq!([&second["target"], &second["joined_to"]], ["", "b3.s1"]);
        assert_eq!(second["findings"], json!([]));
    };
    check(&stage);
    let tmx = stage.read("uit/artikel.nl-en.tmx");
    assert!(!tmx.contains("12 meter hoog"), "{tmx}");
    assert!(tmx.contains("<seg>De burgemeester zwijgt. Het kabinet is gevallen.</seg>"));
    assert!(
        !stage
            .read("uit/artikel.nl-en.xlf")
            .contains("translate=\"no\"")
    );
    // XLIFF and CSV bring them back.
    translate(&stage).exits(0);
    check(&stage);
    merge(&stage, &["uit/artikel.nl-en.xlf"]).exits(0);
    check(&stage);
    for kind in ["jsonl", "xlf"] {
        let again = stage.run(&[
            "review",
            &format!("uit/artikel.nl-en.{kind}"),
            "-o",
            "p.html",
        ]);
        again.exits(0);
        let page = stage.read("p.html");
        assert!(page.contains("\\\"joined_to\\\":\\\"b3.s1\\\""), "{kind}");
        assert!(page.contains("\\\"state\\\":\\\"omitted\\\""), "{kind}");
    }
    stage
        .run(&["translate", "artikel.nl.txt", "-o", "uit/", "--force"])
        .exits(0);
    check(&stage);
}

#[test]
fn h1_markup_that_the_document_lacks_never_reaches_an_edition() {
    let evil = "<script>alert(1)</script>";
    let line = |id: &str, source: &str, target: &str, codes: Value| {
        json!({"id": id, "source": source, "target": target, "state": "approved", "origin": "human", "codes": codes}).to_string() + "\n"
    };
    let open = |at: u64, data: &str| json!({"at": at, "id": 1, "kind": "open", "data": data, "label": "b"});
    let close = |at: u64| json!({"at": at, "id": 1, "kind": "close", "data": "</b>", "label": "b"});
    let stage = Stage::new();
    stage.write(
        "a.html",
        "<p>Een zin hier.</p><p>Een <b>vette</b> zin hier.</p>",
    );
    stage.write(
        "tape.tsv",
        "Een zin hier.\tA sentence here.\nEen vette zin hier.\tA bold sentence here.\n",
    );
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    stage.run(&["translate", "a.html", "-o", "uit/"]).exits(0);
    stage.write(
        "edits.jsonl",
        line(
            "b1.s1",
            "Een zin hier.",
            "One sentence here.",
            json!({"target": [{"at": 0, "id": 9, "kind": "empty", "data": evil, "label": "x"}]}),
        ) + &line(
            "b2.s1",
            "Een vette zin hier.",
            "One bold sentence here.",
            json!({"source": [open(4, "<b>"), close(9)], "target": [open(4, evil), close(8)]}),
        ),
    );
    let ran = stage.run(&["review", "uit/", "--edits", "edits.jsonl"]);
    let edition = stage.read("uit/a.en.html");
    assert!(!edition.contains("script"), "{edition}");
    assert!(edition.contains("<p>One sentence here.</p>"), "{edition}");
    assert!(
        edition.contains("One <b>bold</b> sentence here."),
        "{edition}"
    );
    assert!(
        ran.stderr.contains("b1.s1: error codes: "),
        "{}",
        ran.stderr
    );
    // The same from a memory.
    let stage = Stage::new();
    stage.write("a.html", "<p>Nog een zin.</p>");
    stage.write("evil.tmx", format!("<?xml version=\"1.0\"?><tmx version=\"1.4\"><header srclang=\"nl\"/><body><tu><tuv xml:lang=\"nl\"><seg>Nog een zin.</seg></tuv><tuv xml:lang=\"en\"><seg><ph x=\"9\">{}</ph>Another sentence.</seg></tuv></tu></body></tmx>", evil.replace('<', "&lt;")));
    stage.run(&["tm", "import", "evil.tmx"]).exits(0);
    let ran = stage.run(&[
        "translate",
        "a.html",
        "--offline",
        "-o",
        "b.html",
        "--pairs",
        "b.jsonl",
    ]);
    ran.exits(0);
    assert_eq!(stage.read("b.html"), "<p>Another sentence.</p>");
    assert_eq!(stage.pairs("b.jsonl")[0]["findings"][0]["check"], "codes");
}

#[test]
fn h25_a_later_schema_and_double_ids_are_errors_with_their_place() {
    let stage = desk();
    let own = stage.read(PAIRS);
    stage.write(
        "later.jsonl",
        own.replacen("\"schema\":1", "\"schema\":99", 1),
    );
    let ran = merge(&stage, &["later.jsonl"]);
    assert!(ran.exits(3).stderr.contains("schema 99"), "{}", ran.stderr);
    stage.write("double.jsonl", own.replace("\"b3.s2\"", "\"b3.s1\""));
    let ran = merge(&stage, &["double.jsonl"]);
    assert!(ran.exits(3).stderr.contains("b3.s1"), "{}", ran.stderr);
    assert!(ran.stderr.contains("double.jsonl:5"), "{}", ran.stderr);
}

/// Two texts of six sentences, of which the English has moved the first to the end.
fn moved_texts() -> (String, String) {
    let dutch = [
        "De burgemeester van Zwolle opende gisteren het museum.",
        "Het regende de hele ochtend in de haven.",
        "Twaalf schepen lagen aan de kade.",
        "De minister sprak met de schippers.",
        "Een dokter verzorgde drie gewonden.",
        "De politie zoekt nog naar getuigen.",
    ];
    let english = [
        "The mayor of Zwolle opened the museum yesterday.",
        "It rained all morning in the harbour.",
        "Twelve ships lay at the quay.",
        "The minister spoke with the skippers.",
        "A doctor treated three wounded people.",
        "The police are still looking for witnesses.",
    ];
    let mut turned = english.to_vec();
    turned.rotate_left(1);
    (dutch.join("\n\n") + "\n", turned.join("\n\n") + "\n")
}

#[test]
fn d18_moved_sentences_name_each_other_and_are_a_pair_of_the_memory() {
    let stage = Stage::new();
    let (dutch, english) = moved_texts();
    stage.write("a.nl.txt", dutch);
    stage.write("a.en.txt", english);
    let args = [
        "align", "a.nl.txt", "a.en.txt", "--pairs", "p.jsonl", "--pairs", "p.tmx", "--pairs",
        "p.xlf",
    ];
    stage.run(&args).exits(0);
    let pairs = stage.pairs("p.jsonl");
    let source = pairs.iter().find(|p| p["id"] == "b1.s1").unwrap();
    let target = pairs.iter().find(|p| p["id"] == source["moved"]).unwrap();
    assert_eq!(target["moved"], "b1.s1");
    assert_eq!([&source["target"], &target["source"]], ["", ""]);
    assert_eq!(
        [&source["findings"], &target["findings"]],
        [&json!([]), &json!([])]
    );
    assert_ne!(source["state"], "untranslated");
    let tmx = stage.read("p.tmx");
    let (_, unit) = tmx.split_once("tuid=\"b1.s1\"").unwrap();
    let (unit, _) = unit.split_once("</tu>").unwrap();
    assert!(
        unit.contains("The mayor of Zwolle opened the museum"),
        "{tmx}"
    );
    assert_eq!(tmx.matches("The mayor of Zwolle").count(), 1);
    stage.run(&["review", "p.xlf", "-o", "p.html"]).exits(0);
    assert!(stage.read("p.html").contains("\\\"moved\\\":\\\"b1.s1\\\""));
}

#[test]
fn d9_one_approved_omission_does_not_spoil_the_other_pairs() {
    let stage = Stage::new();
    let (dutch, english) = moved_texts();
    let english: String = english
        .lines()
        .take(10)
        .map(|l| l.to_owned() + "\n")
        .collect();
    stage.write("a.nl.txt", dutch);
    stage.write("a.en.txt", english);
    stage
        .run(&["align", "a.nl.txt", "a.en.txt", "--pairs", "p.jsonl"])
        .exits(0);
    // The second sentence was left out, says a person, and so does the last text.
    let lines: Vec<String> = stage
        .pairs("p.jsonl")
        .into_iter()
        .map(|mut pair| {
            if pair["source_segments"] == json!([3]) {
                pair["target"] = "".into();
                pair["target_segments"] = json!([]);
                pair["state"] = "approved".into();
            }
            pair.to_string() + "\n"
        })
        .collect();
    stage.write("kept.jsonl", lines.concat());
    stage
        .run(&[
            "align",
            "a.nl.txt",
            "a.en.txt",
            "--keep-manual",
            "kept.jsonl",
            "--pairs",
            "q.jsonl",
        ])
        .exits(0);
    let after = stage.pairs("q.jsonl");
    let pair = |segment: u64| {
        let own = after
            .iter()
            .find(|p| p["source_segments"] == json!([segment]));
        own.unwrap_or_else(|| panic!("segment {segment} is joined"))["target"].clone()
    };
    assert_eq!(pair(3), "");
    assert_eq!(pair(1), "It rained all morning in the harbour.");
    assert_eq!(pair(2), "Twelve ships lay at the quay.");
    assert_eq!(pair(4), "A doctor treated three wounded people.");
}

#[test]
fn d19_the_summary_says_why_units_are_untranslated() {
    let stage = desk();
    stage.write("artikel.nl.txt", "Het onweert.\n");
    let stage = stage.with("OVERZET_REPLAY", "");
    let ran = stage.run(&["translate", "artikel.nl.txt", "--offline"]);
    assert!(
        ran.exits(7).stderr.contains("1 untranslated: offline"),
        "{}",
        ran.stderr
    );
}
