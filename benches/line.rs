//! The whole line without a network, the line through the mock, start-up, and the size of the
//! binary; each next to what it has to reach.
//!
//! Times of the line are processor time of all threads together, so that neither a busy machine nor
//! many cores spoil them; those through the mock and of the start-up are the best of several by the
//! clock.

use overzet::bitext::LangPair;
use overzet::engine::{BoxFuture, CancelToken, Draft, Engine, Item, Limits, Progress, Request};
use overzet::format::{self, About};
use overzet::memory::Store;
use overzet::mock;
use overzet::pipeline::{self, DocumentInput, Resources, SendLimits, Sending, Translation};
use overzet::segment::{SplitOptions, Splitter};
use overzet::term::Glossary;
use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Dutch sentences and their English, with places for a number.
const SENTENCES: [[&str; 2]; 5] = [
    [
        "De gemeenteraad van Deventer stemde op 12 mei in met de bouw van {} woningen langs de spoorlijn.",
        "The Deventer council approved on May 12 the construction of {} homes along the railway line.",
    ],
    [
        "Volgens wethouder De Boer kan de eerste van {} palen volgend jaar de grond in.",
        "According to Alderman De Boer, the first of {} piles can go into the ground next year.",
    ],
    [
        "“Wij hebben niets tegen {} huizen”, zegt buurtbewoner Henk Slot.",
        "“We have nothing against {} houses,” says local resident Henk Slot.",
    ],
    [
        "Het plan kost {} miljoen euro, waarvan het rijk een derde betaalt.",
        "The plan costs {} million euros, of which the state pays a third.",
    ],
    [
        "In Koersk ontbreken {} vaklieden en MI6 zwijgt daarover.",
        "In Koersk {} skilled workers are missing and MI-6 is silent about it.",
    ],
];

/// An article of so many segments, four to a paragraph.
fn article(segments: usize) -> String {
    let mut text = String::with_capacity(segments * 90);
    for number in 0..segments {
        let [dutch, _] = SENTENCES[number % SENTENCES.len()];
        text.push_str(&dutch.replace("{}", &(number + 10).to_string()));
        text.push_str(if number % 4 == 3 { "\n\n" } else { " " });
    }
    text
}

/// Answers at once, from the table above.
struct Instantly;

impl Instantly {
    fn answer(item: &Item) -> String {
        let text = item.text.plain.as_str();
        let found = SENTENCES.iter().find_map(|[dutch, english]| {
            let (before, behind) = dutch.split_once("{}")?;
            let number = text.strip_prefix(before)?.strip_suffix(behind)?;
            Some(english.replace("{}", number))
        });
        found.unwrap_or_default()
    }
}

impl Engine for Instantly {
    fn name(&self) -> &'static str {
        "instantly"
    }
    fn limits(&self) -> Limits {
        Limits {
            texts: 1_000,
            bytes: usize::MAX,
            characters: usize::MAX,
            concurrency: 1,
        }
    }
    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        let drafts = request
            .items
            .iter()
            .map(|item| Draft::new(item.id, Self::answer(item).into()))
            .collect();
        Box::pin(std::future::ready(Ok(drafts)))
    }
}

/// Processor time of all threads, in hundredths of a second, where the system tells it; else the
/// clock.
fn processor(since: Instant) -> Duration {
    let used = || {
        let text = std::fs::read_to_string("/proc/self/stat").ok()?;
        // Behind the name, which may have blanks: user and system time are the 12th and 13th.
        let fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
        let ticks: Option<Vec<u64>> = fields.take(2).map(|field| field.parse().ok()).collect();
        Some(Duration::from_millis(ticks?.iter().sum::<u64>() * 10))
    };
    used().unwrap_or_else(|| since.elapsed())
}

/// Most memory that this process has had, in megabytes; none where the system does not tell.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1e3)
}

/// A line of the table.
fn row(out: &mut impl Write, what: &str, found: &str, wanted: &str, right: bool) -> Outcome<()> {
    writeln!(
        out,
        "{what:<52}{found:>14}   {wanted:<14}{}",
        if right { "" } else { "MISSED" }
    )?;
    Ok(())
}

/// 100,000 segments through the line, with the house glossary.
fn whole_line(out: &mut impl Write) -> Outcome<()> {
    const SEGMENTS: usize = 100_000;
    let text = article(SEGMENTS);
    let glossary = Glossary::load(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("glossaries")])?;
    let pair = LangPair::default();
    let splitter = Splitter::new(&pair.source, &SplitOptions::default())?;
    let folder = tempfile::tempdir()?;
    let store = Store::open(&folder.path().join("memory.sqlite"))?;
    let with = Resources::new(pair, &splitter, &glossary, &store);
    let started = Instant::now();
    let begun = processor(started);
    let stages: Mutex<Vec<(&str, Duration, f64)>> = Mutex::default();
    let lap = |name| {
        let now = processor(started);
        if let Ok(mut stages) = stages.lock() {
            let last: Duration = stages.iter().map(|(_, time, _)| *time).sum();
            let memory = peak().unwrap_or(0.0);
            stages.push((name, now.saturating_sub(last + begun), memory));
        }
    };
    // Laps by the progress of the run: it begins where the memory was asked, and ends with the last
    // draft.
    let progress = |progress: Progress| match progress.done {
        0 => lap("read, split, find, recall"),
        done if done == progress.total => lap("fill, keep"),
        _ => {}
    };
    let stop = CancelToken::default();
    let sending = Sending {
        progress: &progress,
        ..Sending::new(&Instantly, None, &stop)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let input = DocumentInput::named(text.into_bytes(), "a.txt");
    let limits = SendLimits::default();
    let translated = pipeline::translate(input, &with, Some(&sending), &limits);
    let Translation {
        mut edition, stats, ..
    } = runtime.block_on(translated)?;
    assert_eq!(stats.texts, SEGMENTS, "every text is another");
    lap("enforce, check");
    let english = format::edition(&mut edition)?.concat();
    let mut file = BufWriter::new(std::fs::File::create(folder.path().join("a.nl-en.jsonl"))?);
    let jsonl = format::pair_format("jsonl")?;
    format::write_pairs_to(&mut file, jsonl, &edition.units, &[], &About::default())?;
    let written = file.into_inner()?.metadata()?.len();
    lap("edition, pairs");
    assert!(
        english.len() > SEGMENTS && written > SEGMENTS as u64,
        "something was written"
    );
    let stages = stages.into_inner()?;
    let total: Duration = stages.iter().map(|(_, time, _)| *time).sum();
    let speed = SEGMENTS as f64 / total.as_secs_f64();
    row(
        out,
        "line without network, 100,000 segments, one core",
        &format!("{speed:.0}/s"),
        "≥ 20,000/s",
        speed >= 20_000.0,
    )?;
    for (name, time, memory) in stages {
        writeln!(
            out,
            "  {name:<50}{:>11.2} µs   {memory:.0} MB until then",
            time.as_secs_f64() * 1e6 / SEGMENTS as f64
        )?;
    }
    if let Some(peak) = peak() {
        row(
            out,
            "  memory at its highest",
            &format!("{peak:.0} MB"),
            "< 150 MB",
            peak < 150.0,
        )?;
    }
    Ok(())
}

/// The binary, run to its end in a folder.
fn run(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Outcome<Duration> {
    let begun = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_overzet"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(variables.iter().copied())
        .output()?;
    let took = begun.elapsed();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(took)
}

/// The time of a client that does nothing but send: as many requests at once, each of so many texts,
/// over connections that stay open.
async fn ideal(address: &str, segments: usize, texts: usize, flying: usize) -> Outcome<Duration> {
    let text = article(segments);
    let sentences: Vec<&str> = text.split_inclusive(['.', ',']).map(str::trim).collect();
    let bodies: Vec<serde_json::Value> = sentences
        .chunks(sentences.len().div_ceil(segments.div_ceil(texts)))
        .map(|some| {
            let per_text = some.len().div_ceil(texts);
            let texts: Vec<String> = some.chunks(per_text).map(|part| part.join(" ")).collect();
            serde_json::json!({"text": texts, "source_lang": "NL", "target_lang": "EN-US"})
        })
        .collect();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let lane = || async {
        while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
            let request = client.post(format!("{address}/v2/translate")).json(body);
            let answer = request
                .header("Authorization", "DeepL-Auth-Key k")
                .send()
                .await?;
            answer.error_for_status()?.bytes().await?;
        }
        Ok::<(), reqwest::Error>(())
    };
    futures_util::future::try_join_all((0..flying).map(|_| lane())).await?;
    Ok(began.elapsed())
}

/// 10,000 segments through the mock, each answer after 50 ms. What batches and concurrency permit is
/// measured in the same run, by a client that does nothing but send.
fn through_the_mock(out: &mut impl Write) -> Outcome<()> {
    const SEGMENTS: usize = 10_000;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let latency = Duration::from_millis(50);
    for (engine, key, address, texts, flying) in [
        ("deepl", "DEEPL_AUTH_KEY", "DEEPL_SERVER_URL", 50, 8),
        (
            "libretranslate",
            "LIBRETRANSLATE_API_KEY",
            "LIBRETRANSLATE_URL",
            32,
            2,
        ),
    ] {
        let server = runtime.block_on(mock::start(mock::Options {
            latency,
            ..mock::Options::default()
        }))?;
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join(".git"))?;
        std::fs::write(folder.path().join("a.txt"), article(SEGMENTS))?;
        let base = server.address();
        let took = run(
            folder.path(),
            &[
                "translate",
                "a.txt",
                "-o",
                "a.en.txt",
                "--engine",
                engine,
                "-q",
            ],
            &[(key, "k"), (address, &base)],
        )?;
        let floor = latency * SEGMENTS.div_ceil(texts).div_ceil(flying) as u32;
        let ideal = if engine == "deepl" {
            let sent = runtime.block_on(ideal(&base, SEGMENTS, texts, flying))?;
            sent.max(floor)
        } else {
            floor
        };
        runtime.block_on(server.stop());
        let ratio = took.as_secs_f64() / ideal.as_secs_f64();
        row(
            out,
            &format!("10,000 segments through the mock, {engine}"),
            &format!("{:.2} s = {ratio:.2}", took.as_secs_f64()),
            &format!("≤ 1.15 of {:.2} s", ideal.as_secs_f64()),
            ratio <= 1.15,
        )?;
    }
    Ok(())
}

/// Start-up of the binary, and its size.
fn start(out: &mut impl Write) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join(".git"))?;
    std::fs::write(folder.path().join("a.txt"), "Het regent.\n")?;
    let settings = ("LIBRETRANSLATE_URL", "http://127.0.0.1:1");
    for (what, args, most) in [
        ("start-up, segment", &["segment", "a.txt"][..], 5.0),
        (
            "start-up, translate --dry-run",
            &["translate", "a.txt", "--dry-run"],
            15.0,
        ),
        ("start-up, check", &["check", "p.tsv"], 15.0),
    ] {
        std::fs::write(folder.path().join("p.tsv"), "Het regent.\tIt is raining.\n")?;
        let mut best = Duration::MAX;
        for _ in 0..40 {
            best = best.min(run(folder.path(), args, &[settings])?);
        }
        let milliseconds = best.as_secs_f64() * 1e3;
        row(
            out,
            what,
            &format!("{milliseconds:.1} ms"),
            &format!("≤ {most} ms"),
            milliseconds <= most,
        )?;
    }
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_overzet"));
    let size = std::fs::metadata(&binary)?.len() as f64 / 1e6;
    row(
        out,
        "binary",
        &format!("{size:.1} MB"),
        "≤ 20 MB",
        size <= 20.0,
    )?;
    Ok(())
}

fn main() -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    // First, so that the memory is its own.
    whole_line(&mut out)?;
    // `cargo bench --bench line -- line` is enough for who works on it.
    if std::env::args().any(|arg| arg == "line") {
        return Ok(());
    }
    through_the_mock(&mut out)?;
    start(&mut out)
}
