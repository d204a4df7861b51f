//! Import of translation memories: time, and memory that does not grow with the file.
//!
//! The TMX is generated while it is read, 30 MB and 1 GB, or the megabytes that are named:
//! `cargo bench --bench exchange -- 30`. Wanted: less than 100 MB for any size.

use overzet::bitext::LangPair;
use overzet::format;
use overzet::memory::Store;
use std::io::{Read, Write};
use std::time::Instant;

/// A TMX file of about this many bytes that exists nowhere.
struct GeneratedTmx {
    left: usize,
    unit: usize,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl GeneratedTmx {
    fn new(bytes: usize) -> Self {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><tmx version=\"1.4\"><header creationtool=\"x\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" srclang=\"nl\" datatype=\"html\"/><body>";
        Self {
            left: bytes,
            unit: 0,
            ready: head.into(),
            at: 0,
            ended: false,
        }
    }
}

impl Read for GeneratedTmx {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.ready.len() && !self.ended {
            self.at = 0;
            let n = self.unit;
            self.unit += 1;
            self.ready = if self.left > 0 {
                format!(
                    "<tu tuid=\"{n}\"><prop type=\"x-klant\">krant</prop><tuv xml:lang=\"nl-NL\"><seg>Brug {n} over de rivier is vandaag weer dicht voor <bpt i=\"1\">&lt;b&gt;</bpt>groot onderhoud<ept i=\"1\">&lt;/b&gt;</ept>.</seg></tuv><tuv xml:lang=\"de-DE\"><seg>Brücke {n} ist heute gesperrt.</seg></tuv><tuv xml:lang=\"en-GB\"><seg>Bridge {n} over the river is closed again today for <bpt i=\"1\">&lt;b&gt;</bpt>major maintenance<ept i=\"1\">&lt;/b&gt;</ept>.</seg></tuv></tu>\n"
                )
                .into_bytes()
            } else {
                self.ended = true;
                b"</body></tmx>".to_vec()
            };
            self.left = self.left.saturating_sub(self.ready.len());
        }
        let length = buffer.len().min(self.ready.len() - self.at);
        buffer[..length].copy_from_slice(&self.ready[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// The most memory that the process has held, in MB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pair = LangPair::default();
    let asked: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if asked.is_empty() {
        vec![30, 1_000]
    } else {
        asked
    };
    for megabytes in sizes {
        let folder = tempfile::tempdir()?;
        let store = Store::open(&folder.path().join("memory.sqlite"))?;
        let start = Instant::now();
        let mut count = 0_usize;
        store.add_each_pair::<Box<dyn std::error::Error>>(&pair, "m.tmx", 0, |add| {
            let mut input = GeneratedTmx::new(megabytes * 1_000_000);
            let mut result = Ok(0);
            format::read_each_pair(&mut input, "m.tmx", None, &pair, &mut |row| {
                if result.is_ok() {
                    result = add(&row.unit);
                    count += 1;
                }
            })?;
            result?;
            Ok(())
        })?;
        let seconds = start.elapsed().as_secs_f64();
        let held = peak().map_or_else(|| "?".to_owned(), |peak| peak.to_string());
        writeln!(
            std::io::stdout(),
            "tmx import {megabytes:>5} MB  {count:>8} pairs  {seconds:6.1} s  {:5.1} MB/s  peak {held} MB",
            megabytes as f64 / seconds
        )?;
    }
    Ok(())
}
