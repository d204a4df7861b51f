//! Speed and memory of the engine in the process, next to Bergamot and the crate fxtranslate, on random models of the real sizes.
//!
//! `benches/peers/install.sh FOLDER` installs the peers, and `OVERZET_PEERS=FOLDER` names them. Every figure comes from a process of its own and
//! counts CPU seconds, without loading: others on the machine disturb it little. In the random models no sentence ends by itself, so every
//! engine writes as many tokens as its limit allows, and the tokens per second can be compared.

mod paragraphs;
#[expect(dead_code, reason = "written for the tests")]
#[path = "../tests/support/toy_model.rs"]
mod toy_model;

use overzet::bitext::Lang;
use overzet::nmt::{KernelLevel, NmtModel, NmtOptions, NmtRequest};
use overzet::segment::{self, Splitter};
use serde::{Deserialize, Serialize};
use std::io::{Error, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use toy_model::{Sizes, Storage};

/// The sizes of the public models, with a shortlist as dense as theirs.
const MODELS: [(&str, Sizes); 2] = [("tiny", TINY), ("base-memory", BASE_MEMORY)];

const TINY: Sizes = Sizes {
    dim: 256,
    ffn: 1536,
    heads: 8,
    encoder: 6,
    decoder: 2,
    pieces: 32_000,
    end: -1000.0,
    candidates: [50, 19],
};

const BASE_MEMORY: Sizes = Sizes {
    dim: 384,
    decoder: 4,
    ..TINY
};

/// So often every measurement is repeated; the best counts.
const ROUNDS: usize = 3;

/// So often a model is loaded to measure it.
const LOADS: usize = 10;

/// What a measured process says.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Measured {
    tokens: usize,
    /// Seconds of all threads.
    cpu: f64,
    wall: f64,
    /// Highest resident memory, MiB.
    rss: f64,
    /// CPU seconds that loading took; peers do not say.
    #[serde(default)]
    load: f64,
}

impl Measured {
    fn speed(&self) -> f64 {
        self.tokens as f64 / self.cpu
    }
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, child, folder, mode, level, threads] = &arguments[..]
        && child == "child"
    {
        return measure(Path::new(folder), mode, level, threads.parse().unwrap_or(1));
    }
    let folder = tempfile::tempdir()?;
    let sentences = sentences()?;
    let mut out = std::io::stdout().lock();
    for (name, sizes) in MODELS {
        let model = folder.path().join(name);
        write(&model, sizes)?;
        let bytes = std::fs::metadata(model.join("model.bin"))?.len();
        writeln!(
            out,
            "nmt: {name} ({:.1} MB), {} sentences, shortlist, one thread; output tokens per CPU second",
            bytes as f64 / 1e6,
            sentences.lines().count()
        )?;
        table(&mut out, &model, &sentences)?;
    }
    Ok(())
}

/// Measures every engine on one model.
fn table(out: &mut impl Write, model: &Path, sentences: &str) -> Result<(), Error> {
    writeln!(
        out,
        "{:<26}{:>10}{:>12}{:>10}{:>10}",
        "", "batched", "one by one", "RSS MiB", "load ms"
    )?;
    let mut rows: Vec<(String, [Measured; 2])> = Vec::new();
    let own = std::env::current_exe()?;
    // The scalar level is the definition, and slow.
    let levels = KernelLevel::available();
    for level in levels.iter().skip(usize::from(levels.len() > 1)).rev() {
        let both = ["batched", "single"].map(|mode| {
            let mut command = Command::new(&own);
            command
                .arg("child")
                .arg(model)
                .args([mode, level.name(), "1"]);
            best(&mut command, sentences)
        });
        rows.push((format!("overzet, {}", level.name()), transpose(both)?));
    }
    for (name, variable) in [
        ("bergamot", None),
        ("bergamot", Some(("INTGEMM_CPUID", "AVX2"))),
        ("fxtranslate", None),
    ] {
        let Some(program) = peer(name) else {
            writeln!(
                out,
                "{name:<26}absent: run benches/peers/install.sh FOLDER and set OVERZET_PEERS=FOLDER"
            )?;
            continue;
        };
        let both = ["batched", "single"].map(|mode| {
            let mut command = Command::new(&program);
            command.arg(model).arg(mode).envs(variable);
            best(&mut command, sentences)
        });
        let label =
            variable.map_or_else(|| name.to_owned(), |(_, level)| format!("{name}, {level}"));
        match transpose(both) {
            Ok(both) => rows.push((label, both)),
            Err(error) => writeln!(out, "{label:<26}fails: {error}")?,
        }
    }
    for (label, [batched, single]) in &rows {
        writeln!(
            out,
            "{label:<26}{:>10.0}{:>12.0}{:>10.0}{:>10}",
            batched.speed(),
            single.speed(),
            batched.rss.max(single.rss),
            if batched.load > 0.0 {
                format!("{:.1}", batched.load * 1e3)
            } else {
                "–".to_owned()
            }
        )?;
    }
    let find = |label: &str| rows.iter().find(|(name, _)| name == label);
    for (ours, theirs) in [
        (rows[0].0.as_str(), "bergamot"),
        ("overzet, avx2", "bergamot, AVX2"),
        (rows[0].0.as_str(), "fxtranslate"),
    ] {
        if let (Some((_, a)), Some((_, b))) = (find(ours), find(theirs)) {
            writeln!(
                out,
                "{ours} / {theirs}: batched × {:.2}, one by one × {:.2}",
                a[0].speed() / b[0].speed(),
                a[1].speed() / b[1].speed()
            )?;
        }
    }
    let mut command = Command::new(&own);
    command
        .arg("child")
        .arg(model)
        .args(["batched", KernelLevel::best().name(), "2"]);
    let two = best(&mut command, sentences)?;
    writeln!(
        out,
        "two threads: {:.2} × the tokens per second of one, if two cores are free\n",
        rows[0].1[0].wall / two.wall
    )
}

fn transpose(both: [Result<Measured, Error>; 2]) -> Result<[Measured; 2], Error> {
    let [batched, single] = both;
    Ok([batched?, single?])
}

/// The executable of a peer.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark is no part of the library"
)]
fn peer(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("OVERZET_PEERS")?);
    Some(folder.join(name)).filter(|path| path.exists())
}

/// Runs a measuring process several times; the least CPU time, wall time and memory count.
fn best(command: &mut Command, sentences: &str) -> Result<Measured, Error> {
    let mut best: Option<Measured> = None;
    for _ in 0..ROUNDS {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(stdin) = &mut child.stdin {
            stdin.write_all(sentences.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        let now: Measured = serde_json::from_slice(&output.stdout)?;
        best = Some(best.map_or(now, |best| Measured {
            tokens: now.tokens,
            cpu: best.cpu.min(now.cpu),
            wall: best.wall.min(now.wall),
            rss: best.rss.min(now.rss),
            load: best.load.min(now.load),
        }));
    }
    best.ok_or_else(|| Error::other("nothing was measured"))
}

/// The measured process: sentences on stdin, what it took on stdout.
fn measure(folder: &Path, mode: &str, level: &str, threads: usize) -> Result<(), Error> {
    let text = std::io::read_to_string(std::io::stdin())?;
    let requests: Vec<NmtRequest> = text.lines().map(NmtRequest::new).collect();
    // Loaded several times: a tick of the clock is ten milliseconds.
    let begun = seconds()?;
    let mut translator = NmtModel::load(folder).map_err(Error::other)?;
    for _ in 1..LOADS {
        translator = NmtModel::load(folder).map_err(Error::other)?;
    }
    let load = (seconds()? - begun) / LOADS as f64;
    if let Some(level) = KernelLevel::available()
        .into_iter()
        .find(|l| l.name() == level)
    {
        translator = translator.at_level(level);
    }
    let options = NmtOptions {
        threads,
        batch_words: if mode == "batched" { 1024 } else { 1 },
        shortlist: true,
    };
    translator.translate(&requests[..2], &options);
    let (cpu, wall) = (seconds()?, Instant::now());
    let answers = translator.translate(&requests, &options);
    let measured = Measured {
        tokens: answers.iter().map(|answer| answer.tokens.len()).sum(),
        cpu: seconds()? - cpu,
        wall: wall.elapsed().as_secs_f64(),
        rss: peak()?,
        load,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&measured)?)
}

/// CPU seconds of this process, in ticks of a hundredth.
fn seconds() -> Result<f64, Error> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok());
    Ok((ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0)
}

/// Highest resident memory in MiB.
fn peak() -> Result<f64, Error> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    Ok(kib.unwrap_or(0.0) / 1024.0)
}

/// The sentences, one per line.
fn sentences() -> Result<String, Error> {
    let options = segment::SplitOptions::default();
    let splitter = Splitter::new(&Lang::new("nl"), &options).map_err(Error::other)?;
    let mut lines = String::new();
    for _ in 0..4 {
        for paragraph in paragraphs::PARAGRAPHS {
            splitter.each_segment(paragraph, &mut |span| {
                lines.push_str(span.of(paragraph));
                lines.push('\n');
            });
        }
    }
    Ok(lines)
}

/// Writes the files of a random model.
fn write(folder: &Path, sizes: Sizes) -> Result<(), Error> {
    std::fs::create_dir(folder)?;
    let model = toy_model::model(sizes, 1, Storage::Int8, "");
    std::fs::write(folder.join("model.bin"), model)?;
    std::fs::write(folder.join("vocab.spm"), toy_model::vocab(sizes))?;
    std::fs::write(folder.join("lex.bin"), toy_model::shortlist(sizes, 1))
}
