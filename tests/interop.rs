//! Real readers of our files and of our requests: validators with the schemas under `OVERZET_DATA`. Absent ones are named and skipped.

use crate::stage::{Stage, data, root};
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
    stage.write("tape.jsonl", "{\"source\":\"x\",\"target\":\"y\"}\n");
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
