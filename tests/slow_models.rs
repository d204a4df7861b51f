//! Language models that take their time: streamed answers, time-outs by silence, texts that are kept as they arrive.

use crate::engines::{KEY, mock, runtime};
use crate::stage::Stage;
use crate::targets;
use overzet::bitext::{LangPair, State, Unit};
use overzet::engine::{
    BatchRun, CancelToken, Clock, ENGINES, EngineSettings, EngineValue, HttpClient, HttpOptions,
    Progress, RunStats, translate_units,
};
use overzet::mock::{Server, faults};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A clock that runs, and whose waits are over at once.
struct Running(Instant);

impl Clock for Running {
    fn now(&self) -> i64 {
        self.elapsed().as_secs() as i64
    }
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
    fn sleep<'a>(&'a self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(std::future::ready(()))
    }
    fn random(&self) -> f64 {
        0.5
    }
}

/// Language models, whose answers are streamed.
const MODELS: [&str; 2] = ["openai", "ollama"];

/// Seventeen sentences; the eighth is about Koersk.
fn article() -> Vec<String> {
    let sentence = |i: usize| {
        let place = if i == 7 { "Koersk" } else { "de stad" };
        format!(
            "De minister zei dat er {} huizen in {place} zijn en dat er niets mis is.",
            1_000 + i
        )
    };
    (0..17).map(sentence).collect()
}

/// Translates the article: units, figures, and the progress that was reported.
fn translated(
    name: &str,
    settings: &EngineSettings,
    timeout: Duration,
    runtime: &tokio::runtime::Runtime,
) -> (Vec<Unit>, RunStats, Vec<Progress>) {
    let options = HttpOptions {
        timeout,
        ..HttpOptions::default()
    };
    let clock = Arc::new(Running(Instant::now())) as Arc<dyn Clock>;
    let net = HttpClient::new(clock, options).unwrap();
    let entry = ENGINES.iter().find(|entry| entry.name == name).unwrap();
    let engine = entry.build(settings, &net).unwrap();
    let mut units: Vec<Unit> = article()
        .iter()
        .map(|text| Unit::new(text.as_str()))
        .collect();
    let progress = Mutex::new(Vec::new());
    let run = BatchRun {
        engine: &*engine,
        net: Some(&net),
        pair: &LangPair::default(),
        terms: &|_| Vec::new(),
        own_glossary: true,
        key: &|unit| unit.source.fingerprint(),
        keep: &|units, _| {
            assert_eq!(units.len(), 1, "a text is kept when it is complete");
            ControlFlow::Continue(None)
        },
        stop: &CancelToken::default(),
        progress: &|now| progress.lock().unwrap().push(now),
        max_characters: None,
        is_shuffled: None,
    };
    let stats = runtime.block_on(translate_units(&mut units, &run));
    (units, stats, progress.into_inner().unwrap())
}

/// What came of a run against a model that takes its time: units, figures, tokens and requests.
fn slow_run(name: &str, specs: &[&str], timeout: Duration) -> (Vec<Unit>, RunStats, usize, usize) {
    let runtime = runtime();
    let server = mock(&runtime, specs, 1);
    let settings = targets::settings(name, &server.address(), KEY);
    let (units, stats, progress) = translated(name, &settings, timeout, &runtime);
    let requests = server.requests();
    let tokens = requests.iter().map(overzet::mock::Recorded::tokens).sum();
    runtime.block_on(server.stop());
    // Progress comes text by text, with the pace of the model.
    let steps: BTreeSet<usize> = progress.iter().map(|p| p.done).collect();
    assert_eq!(steps.len(), 18, "{name} {specs:?}: {steps:?}");
    if specs.iter().any(|spec| spec.starts_with("pace")) {
        let last = progress.last().unwrap();
        assert!(last.tokens_per_second.is_some_and(|pace| pace > 0.0));
        assert_eq!(last.seconds_left, Some(0));
    }
    (units, stats, tokens, requests.len())
}

/// A model that takes `pace` milliseconds for a token is asked for an article, with a time-out that
/// is shorter than the article takes.
fn a_slow_model_finishes(pace: u64, timeout: Duration) {
    let pace = format!("pace={pace}");
    for name in MODELS {
        let (_, stats, clean, _) = slow_run(name, &[], timeout);
        assert_eq!((stats.texts, stats.fatal), (17, None), "{name}");
        for specs in [
            &[&*pace][..],
            &[&*pace, "hang,first=1"],
            &[&*pace, "stall=40,first=2"],
            &[&*pace, "endless,has=Koersk"],
        ] {
            let began = Instant::now();
            let (units, stats, tokens, requests) = slow_run(name, specs, timeout);
            eprintln!(
                "{name} {specs:?}: {tokens} tokens, {clean} in a clean pass, {requests} requests, {:.1} s",
                began.elapsed().as_secs_f64()
            );
            assert_eq!(stats.fatal, None, "{name} {specs:?}");
            assert!(tokens <= 3 * clean, "{name} {specs:?}: {tokens} of {clean}");
            // A busy machine may be silent for a moment; not for seconds.
            let is_undisturbed = specs.len() == 1 && timeout >= Duration::from_secs(1);
            assert!(!is_undisturbed || 10 * tokens <= 11 * clean);
            let is_endless = specs.iter().any(|spec| spec.starts_with("endless"));
            for (index, unit) in units.iter().enumerate() {
                if is_endless && index == 7 {
                    assert_eq!(unit.state, State::Untranslated);
                    assert!(unit.findings[0].message.contains("repeats itself"));
                    continue;
                }
                let number = (1_000 + index).to_string();
                assert!(
                    unit.target.plain.contains(&number),
                    "{name} {specs:?} {index}"
                );
                assert!(unit.findings.is_empty());
            }
        }
    }
}

#[test]
fn a_slow_model_finishes_whatever_it_does_once() {
    a_slow_model_finishes(2, Duration::from_millis(400));
}

#[test]
#[ignore = "takes minutes: the same with the figures of a laptop"]
fn a_model_of_forty_milliseconds_a_token_finishes() {
    a_slow_model_finishes(40, Duration::from_secs(4));
}

#[test]
fn a_real_server_finishes_the_article() {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests find a real server through the environment"
    )]
    let Ok(address) = std::env::var("OVERZET_LLAMA_URL") else {
        eprintln!("skipped: a_real_server_finishes_the_article needs OVERZET_LLAMA_URL");
        return;
    };
    let mut settings = EngineSettings::default();
    for (name, text) in [
        ("OPENAI_API_KEY", "any"),
        ("OPENAI_BASE_URL", address.as_str()),
        ("OPENAI_MODEL", "default"),
    ] {
        let value = EngineValue {
            text: text.to_owned(),
            secret: false,
            origin: "the test".to_owned(),
        };
        settings.set(name, value);
    }
    let runtime = runtime();
    let (units, stats, progress) =
        translated("openai", &settings, Duration::from_secs(60), &runtime);
    assert_eq!(stats.fatal, None);
    let is_done = |unit: &&Unit| unit.state == State::Translated;
    let done = units.iter().filter(is_done).count();
    let pace = progress.last().and_then(|last| last.tokens_per_second);
    eprintln!(
        "{done} of 17 texts, {} requests, {pace:?} tokens a second",
        stats.requests
    );
    // A small model may fail at a sentence; none is lost without a finding.
    assert!(
        units
            .iter()
            .all(|unit| is_done(&unit) || !unit.findings.is_empty())
    );
    assert!(done >= 15);
}

/// The drafts in the memory of a stage.
fn kept(stage: &Stage) -> u32 {
    let path = stage.path(".overzet/memory.sqlite");
    let count = |path| -> rusqlite::Result<u32> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let memory = rusqlite::Connection::open_with_flags(path, flags)?;
        memory.query_row("SELECT count(*) FROM drafts", [], |row| row.get(0))
    };
    count(path).unwrap_or(0)
}

/// A run that the model leaves alone in the middle of its sixth text.
fn stalled(name: &str, server: &Server) -> (Stage, Child) {
    server.set_faults(vec![faults::parse("stall=70,after=1").unwrap()]);
    let address = server.address();
    let stage = match name {
        "openai" => Stage::new()
            .with("OPENAI_API_KEY", "k")
            .with("OPENAI_BASE_URL", &address),
        _ => Stage::new().with("OLLAMA_HOST", &address),
    };
    stage.write("a.txt", article().join("\n\n"));
    let child = stage.start(&["translate", "a.txt", "-o", "b.txt"]);
    while kept(&stage) < 5 {
        std::thread::yield_now();
    }
    (stage, child)
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_or_interrupted_loses_the_text_in_the_middle_alone() {
    let runtime = runtime();
    for (name, signal) in [("openai", "-KILL"), ("ollama", "-KILL"), ("openai", "-INT")] {
        let server = mock(&runtime, &[], 1);
        let (stage, mut child) = stalled(name, &server);
        let sent = std::process::Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let code = child.wait().unwrap().code();
        assert!(code.is_none_or(|code| code == 130), "{code:?}");
        server.forget();
        server.set_faults(Vec::new());
        stage.run(&["translate", "a.txt", "-o", "b.txt"]).exits(0);
        let sent: usize = server.requests().iter().map(|r| r.texts).sum();
        assert_eq!((sent, kept(&stage)), (12, 17), "{name} {signal}");
        runtime.block_on(server.stop());
    }
}
