//! Files of other tools through the binary: what comes back, what is valid, what is told.

use crate::stage::{Stage, data};
use overzet::bitext::LangPair;
use overzet::format::{self, About};
use std::process::Command;

const GLOSSARY: &str = "nl\ten\tpolicy\nKoersk\tKursk\texact\n";

/// A memory as a CAT tool exports it.
const MEMORY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<tmx version=\"1.4\"><header creationtool=\"x\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" srclang=\"nl-NL\" datatype=\"html\"><note>van ons</note></header><body>\r\n<tu tuid=\"1\" changedate=\"20240102T030405Z\"><prop type=\"x-klant\">krant</prop><note>Let op</note><tuv xml:lang=\"nl-NL\"><seg>De <bpt i=\"1\" x=\"7\" type=\"font face\">{f}</bpt>tram<ept i=\"1\">{/f}</ept> naar Koersk<ph type=\"lb\"/>is <ph>%s</ph> laat.</seg></tuv><tuv xml:lang=\"en-GB\"><seg>The <bpt i=\"1\" x=\"7\" type=\"font face\">{f}</bpt>tram<ept i=\"1\">{/f}</ept> to Koersk<ph type=\"lb\"/>is <ph>%s</ph> late.</seg></tuv></tu>\r\n<tu tuid=\"1\"><tuv xml:lang=\"nl\"><seg>In <ut>{\\b </ut><hi type=\"x\">Koersk</hi></seg></tuv><tuv xml:lang=\"en\"><seg>In <ut>{\\b </ut><hi type=\"x\">Koersk</hi></seg></tuv></tu>\r\n<tu><tuv xml:lang=\"de\"><seg>Ja</seg></tuv><tuv xml:lang=\"en\"><seg>Yes</seg></tuv></tu>\r\n</body></tmx>\r\n";

/// The same of an older generation.
const EXCHANGE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"a\" source-language=\"nl\" target-language=\"en\" datatype=\"html\"><body><group id=\"g\" resname=\"kop\"><trans-unit id=\"1\" resname=\"k\"><source>In <g id=\"a\" ctype=\"bold\">Koersk</g> <x id=\"b\" ctype=\"x-x-y\"/></source><target state=\"translated\">In <g id=\"a\" ctype=\"bold\">Koersk</g> <x id=\"b\" ctype=\"x-x-y\"/></target><note>Let op</note></trans-unit></group></body></file><file original=\"b\" source-language=\"nl\" target-language=\"en\" datatype=\"html\"><body><trans-unit id=\"1\"><source><bx id=\"1\"/>Ja<ex id=\"1\"/></source><target>Yes<bx id=\"1\"/></target></trans-unit></body></file></xliff>\n";

#[test]
fn enforce_keeps_all_that_another_tool_wrote() {
    let stage = Stage::new();
    stage.write("g.tsv", GLOSSARY);
    for (name, text) in [("m.tmx", MEMORY), ("m.xlf", EXCHANGE)] {
        stage.write(name, text);
        let out = format!("out.{name}");
        let args = [
            "glossary",
            "enforce",
            name,
            "--glossary",
            "g.tsv",
            "-o",
            &out,
        ];
        let run = stage.run(&args);
        run.exits(0);
        let (target, wanted) = match name {
            "m.tmx" => ("to Koersk", "to Kursk"),
            _ => (
                "<target state=\"translated\">In <g id=\"a\" ctype=\"bold\">Koersk",
                "<target state=\"translated\">In <g id=\"a\" ctype=\"bold\">Kursk",
            ),
        };
        let wanted = text.replace(target, wanted).replace(
            "en\"><seg>In <ut>{\\b </ut><hi type=\"x\">Koersk",
            "en\"><seg>In <ut>{\\b </ut><hi type=\"x\">Kursk",
        );
        assert_eq!(stage.read(&out), wanted);
        if name == "m.tmx" {
            assert!(run.stderr.contains("1 unit left out"), "{}", run.stderr);
        }
    }
}

#[test]
fn a_table_says_that_it_cannot_hold_codes() {
    let stage = Stage::new();
    stage.write("g.tsv", GLOSSARY);
    stage.write("m.tmx", MEMORY);
    let args = [
        "glossary",
        "enforce",
        "m.tmx",
        "--glossary",
        "g.tsv",
        "-o",
        "out.csv",
    ];
    let run = stage.run(&args);
    run.exits(0);
    assert!(
        run.stderr.contains("CSV cannot hold inline codes: 2 of 2"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_languages_of_a_run_choose_the_pairs() {
    let stage = Stage::new();
    stage.write("m.tmx", MEMORY);
    let args = ["tm", "import", "--from", "de", "--to", "en-GB", "m.tmx"];
    let run = stage.run(&args);
    run.exits(0);
    assert!(run.stderr.contains("1 pairs, 1 new"), "{}", run.stderr);
    let run = stage.run(&["tm", "--from", "de", "export"]);
    run.exits(0);
    assert!(
        run.stdout.contains("\"source\":\"Ja\",\"target\":\"Yes\""),
        "{}",
        run.stdout
    );
    assert!(!stage.run(&["tm", "export"]).exits(0).stdout.contains("Ja"));
}

#[test]
fn what_is_written_of_others_files_is_valid() {
    let Some(data) = data("what_is_written_of_others_files_is_valid") else {
        return;
    };
    let stage = Stage::new();
    let about = About {
        source_lang: "nl".into(),
        target_lang: "en".into(),
        original: "m".into(),
        ..About::default()
    };
    let mut names = Vec::new();
    for (name, text) in [("a.tmx", MEMORY), ("b.xlf", EXCHANGE)] {
        let pair = LangPair::default();
        let pairs = format::read_pairs(text.as_bytes(), name, None, &pair).unwrap();
        for (kind, xliff2) in [("tmx", false), ("xlf", false), ("xlf", true)] {
            let about = About {
                xliff2,
                ..about.clone()
            };
            let bytes = format::write_pairs(kind, &pairs.units, &[], &about).unwrap();
            let out = format!("{name}.{xliff2}.{kind}");
            stage.write(&out, &bytes);
            names.push(out);
        }
    }
    let mut command = Command::new("bash");
    command.arg(data.join("schemas/validate.sh"));
    let output = command
        .args(names.iter().map(|name| stage.path(name)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    match output.status.code() {
        Some(0) => {}
        Some(3) => eprintln!("skipped: the validator needs xmllint and jing"),
        _ => panic!("{said}{}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn a_review_keeps_the_notes_of_the_editors_tool() {
    let stage = Stage::new();
    stage.write("tape.tsv", "De tram is laat.\tThe tram is late.\n");
    stage.write("a.nl.txt", "De tram is laat.\n");
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    stage.run(&["translate", "a.nl.txt", "-o", "uit/"]).exits(0);
    let own = stage.read("uit/a.nl-en.xlf");
    let edited = own
        .replace(">The tram is late.<", ">The tram runs late.<")
        .replace(
            "</trans-unit>",
            "<note from=\"vertaler\">zo staat het er</note></trans-unit>",
        )
        .replace("state=\"translated\"", "state=\"final\"");
    assert_ne!(own, edited);
    stage.write("terug.xlf", &edited);
    stage
        .run(&["review", "uit", "--edits", "terug.xlf"])
        .exits(0);
    let back = stage.read("uit/a.nl-en.xlf");
    assert!(back.contains("zo staat het er"), "{back}");
    assert!(back.contains("The tram runs late."), "{back}");
    assert!(stage.read("uit/a.en.txt").contains("The tram runs late."));
}
