//! Faults around the line: files in the way, signals, proxies. The kind each time is one of
//! `docs/security.md` or of the contract of outputs: nothing lost, nothing sent elsewhere.

use crate::stage::Stage;
use std::net::TcpListener;

/// The line of settings that every run here has: the copy of the text as its draft.
const ARTICLE: &str = "Het regent in Gent.\n";

#[test]
fn two_documents_never_write_one_file() {
    let stage = Stage::new();
    for name in [
        "maandag/artikel.txt",
        "dinsdag/artikel.txt",
        "artikel.txt",
        "artikel.md",
    ] {
        stage.write(name, ARTICLE);
    }
    for pair in [
        ["maandag/artikel.txt", "dinsdag/artikel.txt"],
        ["artikel.txt", "artikel.md"],
    ] {
        let ran = stage.run(&["translate", pair[0], pair[1], "-o", "uit/", "--offline"]);
        ran.exits(2);
        assert!(
            ran.stderr.contains("artikel.nl-en.jsonl") || ran.stderr.contains("artikel.en.txt"),
            "{}",
            ran.stderr
        );
        assert!(
            pair.iter().all(|name| ran.stderr.contains(name)),
            "{}",
            ran.stderr
        );
        assert!(!stage.path("uit").exists(), "nothing was written");
    }
    let args = ["translate", "artikel.txt", "--offline", "--force"];
    let one = ["-o", "x.tsv", "--pairs", "x.tsv"];
    stage.run(&[&args[..], &one].concat()).exits(2);
    // The only copy of the text is not the place for its edition.
    let over = stage.run(&[&args[..], &["-o", "./artikel.txt"]].concat());
    over.exits(2);
    assert_eq!(stage.read("artikel.txt"), ARTICLE);
    // A name that says no format is noticed before anything is sent.
    let odd = stage.run(&[&args[..], &["--pairs", "o.xyz"]].concat());
    assert!(odd.exits(3).stderr.contains("o.xyz"), "{}", odd.stderr);
}

#[test]
fn the_demo_and_enforced_pairs_spare_the_files_of_others() {
    let stage = Stage::new();
    stage.write("edition/article.nl.txt", "Mijn eigen artikel.");
    let ran = stage.run(&["demo"]);
    assert!(
        ran.exits(3).stderr.contains("article.nl.txt"),
        "{}",
        ran.stderr
    );
    assert_eq!(stage.read("edition/article.nl.txt"), "Mijn eigen artikel.");
    stage.write("g.tsv", "nl\ten\nKoersk\tKursk\n");
    stage.write("p.tsv", "nl\ten\nIn Koersk.\tIn Koersk.\n");
    stage.write("uit.tsv", "nl\ten\nIets.\tSomething that somebody wrote.\n");
    let args = [
        "glossary",
        "enforce",
        "p.tsv",
        "--glossary",
        "g.tsv",
        "-o",
        "uit.tsv",
    ];
    let ran = stage.run(&args);
    assert!(ran.exits(3).stderr.contains("--force"), "{}", ran.stderr);
    assert!(stage.read("uit.tsv").contains("somebody"));
    stage.run(&[&args[..], &["--force"]].concat()).exits(0);
    assert!(stage.read("uit.tsv").contains("In Kursk."));
}

/// Loopback is reached without a proxy; a recording proxy sees nothing of it.
#[test]
fn a_proxy_is_not_asked_for_loopback() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    for proxy_address in [address.as_str(), "http://127.0.0.1:9"] {
        let mut stage = Stage::new();
        for name in [
            "http_proxy",
            "HTTP_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            stage = stage.with(name, proxy_address);
        }
        stage.run(&["demo"]).exits(0);
        assert!(stage.read("edition/article.en.txt").len() > 1000);
    }
    let asked = proxy.accept();
    assert!(asked.is_err(), "the proxy was asked: {asked:?}");
}
