//! Folder cases for the command line: `tests/cmd/*.trycmd` are transcripts, `*.toml` single runs with
//! stdin, stdout and stderr apart. `CONTRIBUTING.md` says how a case is added.
//!
//! The cases run in a process of their own, whose environment has nothing but a home folder, no
//! colours, and the addresses of four mocks that a case turns to by setting a key:
//!
//! | engine   | its mock                                                  |
//! |----------|-----------------------------------------------------------|
//! | `deepl`  | translates by `cmd/deepl.jsonl`; refuses keys `invalid…`   |
//! | `google` | has no quota left                                         |
//! | `azure`  | always leaves out the last text                           |
//! | `openai` | is overloaded: status 503                                 |

use crate::stage::{Stage, root};
use overzet::mock::{self, Answers, Options, Server, faults};
use std::process::Command;

/// Tells the process of the cases from the one that starts it.
const INSIDE: &str = "OVERZET_CASES";

/// The variables of the four mocks' addresses.
const MOCKS: [(&str, &str); 4] = [
    ("[DEEPL]", "DEEPL_SERVER_URL"),
    ("[GOOGLE]", "GOOGLE_SERVER_URL"),
    ("[AZURE]", "AZURE_TRANSLATOR_ENDPOINT"),
    ("[OPENAI]", "OPENAI_BASE_URL"),
];

/// What is wrong with each of them.
const FAULTS: [&[&str]; 4] = [&[], &["quota"], &["too-few"], &["503"]];

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the cases is what is set up here"
)]
fn every_command_says_and_does_as_in_its_case() {
    if std::env::var_os(INSIDE).is_some() {
        return cases();
    }
    let home = tempfile::tempdir().unwrap();
    // Settings are not looked for above this folder.
    std::fs::create_dir(home.path().join(".git")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let servers = FAULTS.map(|specs| runtime.block_on(serve(specs)));
    let addresses = servers.iter().map(Server::address);
    let variables = MOCKS.iter().map(|(_, variable)| *variable);
    let filters = std::env::args().filter(|arg| arg.starts_with("trycmd="));
    let mode = std::env::var_os("TRYCMD").map(|mode| ("TRYCMD", mode));
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("cmd::every_command_says_and_does_as_in_its_case")
        .args(filters)
        .env_clear()
        .env(INSIDE, "")
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .env("NO_COLOR", "1")
        .envs(variables.zip(addresses))
        .envs(mode)
        .output()
        .unwrap();
    let passed = [" ... ok ", " ... ignored", ": is good"];
    let told: String = String::from_utf8_lossy(&ran.stderr)
        .split_inclusive('\n')
        .filter(|line| passed.iter().all(|mark| !line.contains(mark)))
        .collect();
    assert!(
        ran.status.success(),
        "{told}`make cases` takes what is printed now into the cases"
    );
}

/// Runs the cases, in the environment that was made for them.
#[expect(clippy::disallowed_methods, reason = "the mocks' addresses")]
fn cases() {
    let cases = trycmd::TestCases::new();
    cases
        .register_bin(
            "overzet",
            std::path::Path::new(env!("CARGO_BIN_EXE_overzet")),
        )
        .default_bin_path(env!("CARGO_BIN_EXE_overzet"))
        .timeout(std::time::Duration::from_secs(60))
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml")
        .case("tests/cmd/help/*.trycmd");
    cases
        .insert_var("[VERSION]", env!("CARGO_PKG_VERSION"))
        .unwrap();
    for (name, variable) in MOCKS {
        let address = std::env::var(variable).unwrap();
        cases.insert_var(name, address).unwrap();
    }
    cases.run();
}

/// Starts a mock with faults that are the same for every request, so that cases may run at once.
async fn serve(specs: &[&str]) -> Server {
    let options = Options {
        answers: Answers::cassette(include_str!("cmd/deepl.jsonl"), true).unwrap(),
        faults: specs.iter().map(|s| faults::parse(s).unwrap()).collect(),
        ..Options::default()
    };
    mock::start(options).await.unwrap()
}

/// The subcommands that a help text lists.
fn listed(args: &[&str]) -> Vec<String> {
    let help = Stage::new().run(args).exits(0).stdout.clone();
    let list = help.split_once("Commands:\n").map_or("", |(_, list)| list);
    list.lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| Some(line.split_whitespace().next()?.to_owned()))
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn every_subcommand_has_a_case_for_its_help() {
    let case = |name: &str| {
        let path = root().join(format!("tests/cmd/help/{name}.trycmd"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let commands = listed(&["--help"]);
    assert!(commands.len() > 10, "{commands:?}");
    for command in &commands {
        let text = case(command);
        let actions = listed(&[command, "--help"]);
        let lines = actions.iter().map(|action| format!(" {action}"));
        for action in lines.chain([String::new()]) {
            let line = format!("$ overzet {command}{action} --help\n");
            assert!(text.contains(&line), "{line}");
        }
    }
}

#[test]
fn every_exit_code_but_that_of_a_signal_has_a_case() {
    let text = include_str!("cmd/exit-codes.trycmd");
    let help = Stage::new().run(&["--help"]).exits(0).stdout.clone();
    let codes = help.split_once("Exit codes:\n").unwrap().1;
    let codes = codes.lines().take_while(|line| !line.is_empty());
    for code in codes.map(|line| line.split_whitespace().next().unwrap()) {
        let found = match code {
            "0" => text.contains("\n0: "),
            "130" => text.contains(" 130 needs a signal"),
            code => text.contains(&format!("\n? {code}\n")),
        };
        assert!(found, "{code}");
    }
}
