//! Real readers of our files and of our requests: validators with the schemas under `OVERZET_DATA`. Absent ones are named and skipped.

use crate::stage::{Stage, data, root, toolkit};
use overzet::mock::{self, Options};
use std::path::Path;
use std::process::Command;

/// Runs a validator; none if it says (exit 3) that a tool is missing.
fn validated(script: &Path, file: &Path) -> Option<Result<(), String>> {
    let output = Command::new("bash").arg(script).arg(file).output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    match output.status.code() {
        Some(0) => Some(Ok(())),
        Some(3) => None,
        _ => Some(Err(said)),
    }
}

#[test]
fn pairs_are_valid_tmx_and_xliff() {
    let Some(data) = data("pairs_are_valid_tmx_and_xliff") else {
        return;
    };
    let script = data.join("schemas/validate.sh");
    let stage = Stage::new();
    stage.write(
        "pagina.html",
        "<h1>Kop &amp; <b>staart</b></h1><p>Lees <a href=\"x\">alles <i>nu</i></a>.<br>Een <code>x</code> \u{b}teken.</p><p>Tweede <b>alinea. Zin</b> twee.</p>",
    );
    // A pair that is like one of the page is shown as a match.
    stage.write("m.tsv", "Tweede alinea!\tSecond paragraph & more!\n");
    stage.run(&["tm", "import", "m.tsv"]).exits(0);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(mock::start(Options::default())).unwrap();
    let stage = stage.with("LIBRETRANSLATE_URL", &server.address());
    let args = [
        "translate",
        "pagina.html",
        "-o",
        "p.en.html",
        "--pairs",
        "p.tmx",
        "--pairs",
        "p.xlf",
        "--report",
        "p.json",
    ];
    stage.run(&args).exits(0);
    stage
        .run(&[
            "translate",
            "pagina.html",
            "-o",
            "p.en.html",
            "--pairs",
            "p2.xlf",
            "--xliff",
            "2.1",
        ])
        .exits(0);
    runtime.block_on(server.stop());
    assert!(
        stage.read("p.xlf").contains("<alt-trans") && stage.read("p2.xlf").contains("<mtc:match ")
    );
    for name in ["p.tmx", "p.xlf", "p2.xlf"] {
        match validated(&script, &stage.path(name)) {
            Some(result) => {
                result.unwrap_or_else(|said| panic!("{name}: {said}\n{}", stage.read(name)));
            }
            None => eprintln!("skipped: {name} needs xmllint and jing"),
        }
    }
}

#[test]
fn requests_to_deepl_fit_its_description() {
    let Some(data) = data("requests_to_deepl_fit_its_description") else {
        return;
    };
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: requests_to_deepl_fit_its_description needs python3");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(mock::start(Options::default())).unwrap();
    let stage = Stage::new()
        .with("DEEPL_AUTH_KEY", "k")
        .with("DEEPL_SERVER_URL", &server.address());
    stage.write(
        "a.md",
        "# Kop\n\nIn **Koersk** is het `stil`. En nu?\n\n- [meer](x)\n",
    );
    let glossary = root().join("glossaries").display().to_string();
    stage
        .run(&["translate", "a.md", "--glossary", &glossary])
        .exits(0);
    let mut seen = 0;
    for request in server.requests().iter().filter(|r| r.method == "POST") {
        let body = stage.write("body.json", &request.body);
        let output = Command::new("python3")
            .arg(data.join("wire/check_request.py"))
            .args(["POST", &request.path])
            .arg(&body)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{}: {said}\n{}",
            request.path,
            request.body
        );
        seen += 1;
    }
    assert!(seen >= 2, "a glossary and a translation were sent");
    runtime.block_on(server.stop());
}

/// The seed article as a bundle: its reference replayed. None where the data or a tool is absent, which is then said.
fn seed_bundle(test: &str, tool: &Path) -> Option<Stage> {
    let data = data(test)?;
    if !tool.exists() {
        eprintln!("skipped: {test} needs {}", tool.display());
        return None;
    }
    let table = std::fs::read_to_string(data.join("seed/reference.tsv")).unwrap();
    let tape: Vec<String> = table
        .lines()
        .skip(1)
        .map(|line| line.split_once('\t').unwrap().1.to_owned())
        .collect();
    let stage = Stage::new();
    stage.write("tape.tsv", tape.join("\n"));
    let article = std::fs::read(data.join("seed/article.nl.txt")).unwrap();
    stage.write("artikel.nl.txt", article);
    let stage = stage.with("OVERZET_REPLAY", "tape.tsv");
    stage
        .run(&[
            "translate",
            "artikel.nl.txt",
            "-o",
            "uit/",
            "--furniture",
            "translate",
        ])
        .exits(0);
    Some(stage)
}

const OMEGAT: &str = "/usr/share/omegat/OmegaT.jar";

/// Our segmentation rules as OmegaT 3 keeps them; later versions read the SRX itself, as `omegat/segmentation.srx`.
fn segmentation(stage: &Stage) -> String {
    let rules = stage.run(&["segment", "--lang", "nl", "--export-srx"]);
    let rule = regex::Regex::new(
        "<rule break=\"(yes|no)\"><beforebreak>(.*?)</beforebreak><afterbreak>(.*?)</afterbreak></rule>",
    )
    .unwrap();
    let mut beans = String::new();
    for found in rule.captures_iter(&rules.exits(0).stdout) {
        beans.push_str(&format!(
            "<void method=\"add\"><object class=\"org.omegat.core.segmentation.Rule\"><void property=\"beforebreak\"><string>{}</string></void><void property=\"afterbreak\"><string>{}</string></void><void property=\"breakRule\"><boolean>{}</boolean></void></object></void>\n",
            &found[2],
            &found[3],
            &found[1] == "yes"
        ));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<java version=\"1.7\" class=\"java.beans.XMLDecoder\"><object class=\"org.omegat.core.segmentation.SRX\"><void property=\"mappingRules\"><object class=\"java.util.ArrayList\"><void method=\"add\"><object class=\"org.omegat.core.segmentation.MapRule\"><void property=\"language\"><string>Dutch</string></void><void property=\"pattern\"><string>NL.*</string></void><void property=\"rules\"><object class=\"java.util.ArrayList\">\n{beans}</object></void></object></void></object></void><void property=\"version\"><string>0.2</string></void></object></java>\n"
    )
}

/// An OmegaT project with this source text, our memory and our rules of segmentation, translated on the console: (segments, segments that remain).
fn omegat(stage: &Stage, source: &[u8]) -> (u32, u32) {
    stage.write("om/source/artikel.txt", source);
    stage.write(
        "om/tm/auto/artikel.tmx",
        stage.read("uit/artikel.nl-en.tmx"),
    );
    for folder in ["target", "omegat", "glossary", "dictionary"] {
        std::fs::create_dir_all(stage.path(&format!("om/{folder}"))).unwrap();
    }
    stage.write(
        "om/omegat.project",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<omegat><project version=\"1.0\"><source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir><glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file><dictionary_dir>__DEFAULT__</dictionary_dir><source_lang>NL</source_lang><target_lang>EN</target_lang><sentence_seg>true</sentence_seg><support_default_translations>true</support_default_translations><remove_tags>false</remove_tags></project></omegat>\n",
    );
    stage.write("om/omegat/segmentation.conf", segmentation(stage));
    let output = Command::new("java")
        .arg("-Djava.awt.headless=true")
        .arg(format!("-Duser.home={}", stage.path("").display()))
        .args(["-jar", OMEGAT])
        .arg(stage.path("om"))
        .args(["--mode=console-translate", "--disable-project-locking"])
        .env("HOME", stage.path(""))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let statistics = stage.read("om/omegat/project_stats.txt");
    let count = |row: &str| -> u32 {
        let line = statistics
            .lines()
            .find(|line| line.starts_with(row))
            .unwrap();
        line.split_whitespace()
            .find_map(|word| word.parse().ok())
            .unwrap()
    };
    (count("Total:"), count("Remaining:"))
}

#[test]
fn omegat_fills_the_article_from_our_memory() {
    let Some(stage) = seed_bundle(
        "omegat_fills_the_article_from_our_memory",
        Path::new(OMEGAT),
    ) else {
        return;
    };
    let article = stage.read("artikel.nl.txt");
    assert_eq!(omegat(&stage, article.as_bytes()), (48, 0));
    let filled = stage.read("om/target/artikel.txt");
    assert_eq!(
        filled.lines().collect::<Vec<_>>(),
        stage.read("uit/artikel.en.txt").lines().collect::<Vec<_>>(),
        "the edition"
    );
    // What OmegaT made of it is a memory that we read.
    stage.run(&["tm", "import", "om/om-omegat.tmx"]).exits(0);
}

#[test]
fn translate_toolkit_reads_every_pair() {
    let Some(python) = toolkit() else {
        eprintln!("skipped: translate_toolkit_reads_every_pair needs translate-toolkit");
        return;
    };
    let Some(stage) = seed_bundle("translate_toolkit_reads_every_pair", python) else {
        return;
    };
    stage
        .run(&[
            "translate",
            "artikel.nl.txt",
            "-o",
            "a.en.txt",
            "--furniture",
            "translate",
            "--pairs",
            "twee.xlf",
            "--xliff",
            "2.1",
        ])
        .exits(0);
    let script = "import sys\nfrom translate.storage import tmx, xliff\nfor cls, path in ((tmx.tmxfile, 'uit/artikel.nl-en.tmx'), (xliff.xlifffile, 'uit/artikel.nl-en.xlf')):\n    units = [u for u in cls.parsefile(path).units if u.source]\n    assert len(units) == 48, (path, len(units))\n    assert all(u.target for u in units), path\ntry:\n    from translate.storage import xliff2\nexcept ImportError:\n    sys.exit()\nunits = [u for u in xliff2.Xliff2File.parsefile('twee.xlf').units if u.source]\nassert len(units) == 48 and all(u.target for u in units), len(units)\n";
    let output = Command::new(python)
        .args(["-c", script])
        .current_dir(stage.path(""))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
