//! Measures the crate fxtranslate: sentences on stdin, one per line; tokens, CPU seconds and memory on stdout as one JSON object.
//!
//! Usage: `overzet-peer-fxtranslate MODEL_DIR batched|single [on|off]`, as measure_bergamot.py.

use fxtranslate::engine::Engine;
use fxtranslate::shortlist::Shortlist;
use std::io::BufRead;
use std::path::PathBuf;

/// Source words of a batch; Bergamot's default.
const WORDS: usize = 1024;

fn find(folder: &str, start: &str, end: &str) -> PathBuf {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(start) && name.ends_with(end)
        })
        .collect();
    paths.sort();
    paths.into_iter().next().expect("the folder has the file")
}

/// User and system time of this process in seconds; the clock ticks 100 times a second.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    (fields[11].parse::<f64>().unwrap_or(0.0) + fields[12].parse::<f64>().unwrap_or(0.0)) / 100.0
}

fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (folder, mode) = (&arguments[1], &arguments[2]);
    let vocab = find(folder, "vocab", ".spm");
    let mut engine = Engine::load_mmapped(find(folder, "model", ".bin"), &vocab, &vocab)
        .expect("the model loads");
    if arguments.get(3).map(String::as_str) != Some("off") {
        let lex = Shortlist::load(find(folder, "lex", ".bin")).expect("the shortlist loads");
        engine = engine.with_shortlist(lex);
    }
    let lines = std::io::stdin().lock().lines().map_while(Result::ok);
    let mut sentences: Vec<Vec<u32>> = lines
        .filter(|line| !line.trim().is_empty())
        .map(|line| engine.src_ids(&line))
        .collect();
    sentences.sort_by_key(|ids| std::cmp::Reverse(ids.len()));
    let mut batches: Vec<Vec<Vec<u32>>> = Vec::new();
    for ids in sentences {
        match batches.last_mut() {
            Some(batch) if mode == "batched" && (batch.len() + 1) * batch[0].len() <= WORDS => {
                batch.push(ids);
            }
            _ => batches.push(vec![ids]),
        }
    }
    let (begun, wall) = (cpu(), std::time::Instant::now());
    let mut tokens = 0;
    for batch in &batches {
        if mode == "batched" {
            tokens += engine.greedy_batch(batch).iter().map(Vec::len).sum::<usize>();
        } else {
            tokens += engine.greedy(&batch[0]).len();
        }
    }
    println!(
        "{{\"tokens\":{tokens},\"cpu\":{:.3},\"wall\":{:.3},\"rss\":{:.1}}}",
        cpu() - begun,
        wall.elapsed().as_secs_f64(),
        peak()
    );
}
