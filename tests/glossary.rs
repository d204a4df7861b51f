//! The glossary between files: out to other tools and back, compared and merged, and what a person reads on the way.

use crate::stage::{Stage, data, root, toolkit};
use std::path::Path;
use std::process::Command;

/// A glossary with everything in it that a format can lose. Our own writing.
const GLOSSARY: &str = "# The desk's own.\nid\tnl\tnl_forms\ten\ten_accept\ten_family\tforbidden\tpolicy\twhen\tpos\tdomain\tnote\turl\towner\tupdated\tdesk\n\
N1\tKoersk\tKursk-stad|!Koersks\tKursk\tKoursk\t\tKoersk\texact\t\tPROPN\tplace\tsince 2024 & \"so\"\thttps://example.org/a?b=c\tdesk\t2026-02-03\tBuitenland\n\
\n# Titles.\nM1\tminister\t\tSecretary\t\t\t\texact\tcountry=US\t\t\t\t\t\t\t\n\
M2\tminister\t\tminister\t\t\t\t\t\t\t\t\t\t\t\t\n\
\tMI6\t\tMI6\t\t\tSIS\tkeep\t\tPROPN\t\t\t\t\t\t\n";

/// A folder with the glossary in it.
fn desk() -> Stage {
    let stage = Stage::new();
    stage.write("glossaries/desk.tsv", GLOSSARY);
    stage
}

#[test]
fn what_goes_out_comes_back_the_same() {
    let stage = desk();
    for (file, kind) in [
        ("a.tsv", "tsv"),
        ("a.csv", "csv"),
        ("a.xlsx", "xlsx"),
        ("a.tbx", "tbx"),
        ("b.tbx", "tbx2"),
        ("d.tsv", "deepl"),
        ("d.csv", "deepl"),
        ("g.csv", "google"),
        ("s.csv", "google-set"),
        ("am.csv", "amazon"),
        ("a.tmx", "tmx"),
        ("a.txt", "omegat"),
    ] {
        let out = stage.run(&["glossary", "export", file, "--format", kind]);
        out.exits(0);
        let whole = ["tsv", "csv", "xlsx"].contains(&kind);
        assert_eq!(
            !out.stderr.contains("not held"),
            whole,
            "{file}: {}",
            out.stderr
        );
        let back = stage.run(&["glossary", "import", file, "--format", kind, "--merge"]);
        back.exits(0);
        assert_eq!(back.stdout, "", "{file}");
        assert!(
            back.stderr.contains("0 new, 0 changed, 0 conflicting"),
            "{}",
            back.stderr
        );
        assert_eq!(stage.read("glossaries/desk.tsv"), GLOSSARY, "{file}");
    }
    let again = stage.run(&["glossary", "export", "a.csv"]);
    again.exits(0);
    stage.write("a.csv", "nl,en\n");
    stage.run(&["glossary", "export", "a.csv"]).exits(3);
    let unknown = stage.run(&["glossary", "export", "a.docx"]);
    assert!(unknown.exits(2).stderr.contains("omegat"));
}

#[test]
fn an_import_reports_first_and_merges_when_told() {
    let stage = desk();
    let csv = "nl;en;note;id\r\nKoersk;Kursk;\"oblast; city\";N1\r\nMinsk;Minsk;;\r\nMI6;SIS;;\r\n";
    stage.write("in.csv", csv);
    let report = stage.run(&["glossary", "import", "in.csv"]);
    report.exits(1);
    for line in [
        "changed     Koersk → Kursk  (glossaries/desk.tsv:3:1)",
        "note: `since 2024 & \"so\"` becomes `oblast; city`",
        "new         Minsk → Minsk",
        "conflicting MI6 → SIS",
    ] {
        assert!(report.stdout.contains(line), "{line}\n{}", report.stdout);
    }
    assert_eq!(stage.read("glossaries/desk.tsv"), GLOSSARY);
    let into = [
        "glossary",
        "import",
        "in.csv",
        "--into",
        "glossaries/desk.tsv",
        "--merge",
    ];
    stage.run(&into).exits(1);
    let merged = GLOSSARY.replace("since 2024 & \"so\"", "oblast; city");
    let merged = merged + "\tMinsk\t\tMinsk\t\t\t\texact\t\t\t\t\t\t\t\t\n";
    assert_eq!(stage.read("glossaries/desk.tsv"), merged);
    // A second time there is nothing to do; with --theirs the file is right.
    let again = stage.run(&into);
    assert!(
        again.stderr.contains("nothing to write"),
        "{}",
        again.stderr
    );
    stage.run(&[&into[..], &["--theirs"]].concat()).exits(0);
    assert!(stage.read("glossaries/desk.tsv").contains("\tMI6\t\tSIS\t"));
    // Into a folder: new entries land in a file of their own; into a workbook: it is written anew.
    stage.write("more.csv", "nl,en\nGrodno,Grodno\n");
    stage
        .run(&["glossary", "import", "more.csv", "--merge"])
        .exits(0);
    assert!(
        stage
            .read("glossaries/imported.tsv")
            .contains("\tGrodno\tGrodno")
    );
    stage.run(&["glossary", "export", "desk.xlsx"]).exits(0);
    stage.write("x.csv", "nl,en,note\nGrodno,Grodno,city\nBrest,Brest,\n");
    let into = ["glossary", "import", "x.csv", "--into", "desk.xlsx"];
    stage.run(&[&into[..], &["--merge"]].concat()).exits(0);
    let settled = stage.run(&into);
    assert!(
        settled.exits(0).stderr.contains("2 the same"),
        "{}",
        settled.stderr
    );
    let refused = stage.run(&[
        "glossary", "import", "x.csv", "--into", "new.tbx", "--merge",
    ]);
    assert!(refused.exits(2).stderr.contains("tsv, csv, xlsx"));
}

/// Whether a program of that name is there.
fn has(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v \"$1\"", "sh", program])
        .output()
        .is_ok_and(|output| output.status.success())
}

#[test]
fn other_tools_open_what_is_written() {
    let test = "other_tools_open_what_is_written";
    let stage = Stage::new();
    let glossary = root().join("glossaries").display().to_string();
    for (file, kind) in [
        ("a.tbx", "tbx"),
        ("b.tbx", "tbx2"),
        ("a.tmx", "tmx"),
        ("a.xlsx", "xlsx"),
    ] {
        let args = [
            "glossary",
            "export",
            file,
            "--format",
            kind,
            "--glossary",
            &glossary,
        ];
        stage.run(&args).exits(0);
    }
    if let Some(data) = data(test) {
        for file in ["a.tbx", "b.tbx", "a.tmx"] {
            let script = data.join("schemas/validate.sh");
            let output = Command::new("bash")
                .arg(script)
                .arg(stage.path(file))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            match output.status.code() {
                Some(3) => eprintln!("skipped: {file} needs xmllint and jing"),
                code => assert_eq!(code, Some(0), "{file}: {said}"),
            }
        }
    }
    // Translate Toolkit reads version 2.
    let script = "import sys\nfrom translate.storage import tbx\nunits = tbx.tbxfile.parsefile(sys.argv[1]).units\nassert len(units) > 700 and all(u.source and u.target for u in units)\nassert any(u.source == 'Koersk' and u.target == 'Kursk' for u in units)";
    match toolkit() {
        Some(python) => {
            let output = Command::new(python)
                .args(["-c", script])
                .arg(stage.path("b.tbx"))
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        None => eprintln!("skipped: {test} needs translate-toolkit for the TBX"),
    }
    if !has("soffice") {
        eprintln!("skipped: {test} needs soffice for the workbook");
        return;
    }
    // LibreOffice reads the workbook and writes its own; overzet finds the same glossary in it.
    let out = stage.path("lo");
    let done = Command::new("soffice")
        .env("HOME", stage.path("."))
        .args(["--headless", "--convert-to", "xlsx", "--outdir"])
        .arg(&out)
        .arg(stage.path("a.xlsx"))
        .output()
        .unwrap();
    assert!(Path::new(&out).join("a.xlsx").is_file(), "{done:?}");
    let back = stage.run(&["glossary", "import", "lo/a.xlsx", "--into", &glossary]);
    assert!(
        back.exits(0)
            .stderr
            .contains("0 new, 0 changed, 0 conflicting"),
        "{}",
        back.stderr
    );
}

/// Pairs in which a term is missed and a name recurs that the glossary lacks. Our own writing.
const PAIRS: &str = "In Koersk viel een raket.\tA missile fell in Course.\nKoersks burgemeester zag Voronesj.\tKursk's mayor saw Voronezh.\nIn Voronesj bleef het stil.\tIn Voronezh it stayed quiet.\nNiemand sprak over het weer.\tNobody spoke of the weather.\n";

#[test]
fn what_is_suggested_can_be_imported() {
    let stage = desk();
    stage.write("p.tsv", PAIRS);
    let shown = stage.run(&["glossary", "suggest", "p.tsv"]);
    assert!(
        shown
            .exits(0)
            .stdout
            .contains("2× name     Voronesj → Voronezh"),
        "{}",
        shown.stdout
    );
    assert!(!shown.stdout.contains("Koersk"));
    let lines = stage.run(&["glossary", "suggest", "p.tsv", "--format", "jsonl"]);
    let first: serde_json::Value =
        serde_json::from_str(lines.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(first["english"][0]["text"], "Voronezh");
    stage
        .run(&["glossary", "suggest", "p.tsv", "-o", "s.tsv"])
        .exits(0);
    stage
        .run(&["glossary", "import", "s.tsv", "--merge"])
        .exits(0);
    assert!(
        stage
            .read("glossaries/imported.tsv")
            .contains("Voronesj\tVoronezh")
    );
    let again = stage.run(&["glossary", "suggest", "p.tsv"]);
    assert!(!again.exits(0).stdout.contains("Voronesj"));
}

#[test]
fn a_memory_is_as_good_as_a_file_of_pairs() {
    let stage = desk();
    stage.write("p.tsv", PAIRS);
    stage.run(&["tm", "import", "p.tsv"]).exits(0);
    let memory = ".overzet/memory.sqlite";
    let shown = stage.run(&["glossary", "review", memory]);
    assert!(
        shown
            .exits(0)
            .stdout
            .starts_with("×    1× Koersk → Kursk\n")
    );
    let found = stage.run(&["glossary", "suggest", memory]);
    assert!(found.exits(0).stdout.contains("Voronesj → Voronezh"));
    let enforced = stage.run(&["glossary", "enforce", memory, "--strict"]);
    assert!(enforced.exits(1).stdout.contains("\"id\":\"m4\""));
    stage
        .run(&["check", memory, "--glossary", "glossaries"])
        .exits(1);
    stage.write("other.sqlite", "SQLite format 3\0");
    stage.run(&["glossary", "review", "other.sqlite"]).exits(3);
}

#[test]
fn a_review_is_a_page_a_workbook_a_table_and_a_summary() {
    let stage = desk();
    stage.write("p.tsv", PAIRS);
    stage.write(
        "artikel.txt",
        "Koersk\n\nIn Koersk bleef het stil. De minister zweeg.\n",
    );
    let shown = stage.run(&["glossary", "review", "p.tsv"]);
    let text = &shown.exits(0).stdout;
    assert!(text.starts_with("×    1× Koersk → Kursk\n"), "{text}");
    assert!(
        text.contains("1× miss        —") && text.contains("Voronesj → Voronezh  (candidate)"),
        "{text}"
    );
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let all = [
        "glossary",
        "review",
        "p.tsv",
        "artikel.txt",
        "-o",
        "r.html",
        "-o",
        "r.xlsx",
        "-o",
        "r.tsv",
    ];
    let said = stage.run(&all);
    assert!(
        said.exits(0).stderr.contains("4 occurrences, 1 violations"),
        "{}",
        said.stderr
    );
    let rows = stage.read("r.tsv");
    assert!(rows.contains("N1\tKoersk\tKursk\tmiss\tKoersk\t\tp\tIn Koersk viel een raket.\tA missile fell in Course.\n"), "{rows}");
    assert!(
        rows.contains("N1\tKoersk\tKursk\t\tKoersk\t\t\tIn Koersk bleef het stil.\t\n"),
        "{rows}"
    );
    assert!(stage.read("r.html").contains("r.decisions.tsv"));
    // The workbook says what the glossary says, until someone changes it.
    let back = stage.run(&["glossary", "import", "r.xlsx"]);
    assert!(
        back.exits(0)
            .stderr
            .contains("0 new, 0 changed, 0 conflicting"),
        "{}",
        back.stderr
    );
    // The same bytes are no change; what a person edited is not written over.
    stage.run(&all).exits(0);
    stage.write("r.tsv", "edited");
    stage.run(&all).exits(3);
    stage.run(&[&all[..], &["--force"]].concat()).exits(0);
    stage
        .run(&["glossary", "review", "p.tsv", "-o", "r.docx"])
        .exits(2);
    stage.run(&["glossary", "review", "none.tsv"]).exits(3);
}

#[test]
fn candidates_of_a_workbook_come_in_when_they_are_taken() {
    let stage = desk();
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (column, text) in (0u16..).zip(["nl", "en"]) {
        page.write_string(0, column, text).unwrap();
    }
    let page = book.add_worksheet().set_name("candidates").unwrap();
    let rows = [
        ["take", "nl", "en"],
        ["yes", "Minsk", "Minsk"],
        ["no", "Brest", "Brest"],
    ];
    for (row, cells) in (0u32..).zip(rows) {
        for (column, text) in (0u16..).zip(cells) {
            page.write_string(row, column, text).unwrap();
        }
    }
    stage.write("r.xlsx", book.save_to_buffer().unwrap());
    let said = stage.run(&["glossary", "import", "r.xlsx"]);
    assert_eq!(said.exits(0).stdout, "new         Minsk → Minsk\n");
}

#[test]
fn a_house_style_is_a_table() {
    let stage = desk();
    stage.write("glossaries/style-ap.tsv", "nl\ten\nVS\tU.S.\n");
    stage.write(
        "glossaries/profiles/style-bbc.tsv",
        "nl\ten\tforbidden\nVS\tUS\tU.S.\n",
    );
    stage.write("p.tsv", "De VS zwijgen.\tThe U.S. is silent.\n");
    let check = |args: &[&str]| {
        let all = [&["glossary", "enforce", "p.tsv"], args].concat();
        let ran = stage.run(&all);
        let pair: serde_json::Value = serde_json::from_str(ran.exits(0).stdout.trim()).unwrap();
        pair["target"].as_str().unwrap().to_owned()
    };
    assert_eq!(check(&[]), "The U.S. is silent.");
    assert_eq!(check(&["--style", "bbc"]), "The US is silent.");
    stage.write("overzet.toml", "style = \"bbc\"\n");
    assert_eq!(check(&[]), "The US is silent.");
    assert_eq!(check(&["--style", "none"]), "The U.S. is silent.");
    // What is no word stands beside the table, and holds where the style is chosen.
    stage.write(
        "glossaries/profiles/style-bbc.toml",
        "dates = \"day-month\"\n",
    );
    stage.write("d.tsv", "Dat was op 3 mei.\tThat was on May 3.\n");
    let dates = stage.run(&["check", "d.tsv"]);
    assert!(
        dates
            .exits(0)
            .stdout
            .contains("house-style: the house style is “3 May”"),
        "{}",
        dates.stdout
    );
    let free = stage.run(&["check", "d.tsv", "--style", "none"]);
    assert!(free.exits(0).stdout.contains("nothing found"));
    stage.write("glossaries/profiles/style-bbc.toml", "dates = \"day\"\n");
    let broken = stage.run(&["check", "d.tsv"]);
    assert!(
        broken.exits(2).stderr.contains("style-bbc.toml:1:9"),
        "{}",
        broken.stderr
    );
    stage.write("glossaries/profiles/style-bbc.toml", "");
    let wrong = stage.run(&["glossary", "lint", "--style", "ft"]);
    assert!(
        wrong.exits(2).stderr.contains("there are ap, bbc, none"),
        "{}",
        wrong.stderr
    );
    // Lint tells every row that is wrong, and does not stop at the first.
    stage.write("glossaries/bad.tsv", "nl\ten\tpolicy\na\tb\tx\nc\td\ty\n");
    let all = stage.run(&["glossary", "lint"]);
    assert!(all.exits(1).stdout.contains("bad.tsv:2:5") && all.stdout.contains("bad.tsv:3:5"));
}

#[test]
fn furniture_that_stays_in_dutch_breaks_no_rule() {
    let stage = Stage::new().with("OVERZET_REPLAY", "tape.tsv");
    stage.write("g.tsv", "nl\ten\nAanbevolen video’s\tRecommended videos\n");
    stage.write("tape.tsv", "Het regent hier.\tIt is raining here.\n");
    stage.write("a.txt", "Het regent hier.\n\nAanbevolen video’s\n");
    let args = ["translate", "a.txt", "-o", "a.en.txt", "--strict"];
    let more = ["--pairs", "p.jsonl", "--glossary", "g.tsv"];
    stage.run(&[&args[..], &more].concat()).exits(0);
    let pairs = stage.pairs("p.jsonl");
    assert_eq!(pairs[1]["role"], "furniture");
    assert_eq!(pairs[1]["terms"][0]["required"], "Recommended videos");
    assert!(pairs[1]["terms"][0]["verdict"].is_null(), "{}", pairs[1]);
}

#[test]
fn an_entry_of_a_subject_field_is_chosen_by_flag_and_setting() {
    let stage = Stage::new().with("OVERZET_REPLAY", "tape.tsv");
    stage.write("a.txt", "De bank is dicht.\n");
    stage.write("tape.tsv", "De bank is dicht.\tThe seat is closed.\n");
    stage.write(
        "g.tsv",
        "nl\ten\tpolicy\twhen\nbank\tcouch\texact\tdomain=meubels\nbank\tbank\texact\t\n",
    );
    let required = |more: &[&str]| {
        let args = [
            "translate",
            "a.txt",
            "--glossary",
            "g.tsv",
            "--pairs",
            "a.jsonl",
            "--force",
        ];
        stage.run(&[&args[..], more].concat()).exits(0);
        stage.pairs("a.jsonl")[0]["terms"][0]["required"].clone()
    };
    assert_eq!(required(&[]), "bank");
    assert_eq!(required(&["--domain", "meubels"]), "couch");
    assert_eq!(required(&["--domain", "geld"]), "bank");
    stage.write("overzet.toml", "domain = \"meubels\"\n");
    assert_eq!(required(&[]), "couch");
    assert_eq!(required(&["--domain", "geld"]), "bank");
}
