//! Speed of the segmenter, next to the crates `sentencex` and `unicode-segmentation`, in the same run on the same text.
//!
//! Every figure is the best of several rounds. Threads do not help: the figure is that of one core.

mod paragraphs;

use overzet::bitext::Lang;
use overzet::segment::{SplitOptions, Splitter};
use paragraphs::PARAGRAPHS;
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};
use unicode_segmentation::UnicodeSegmentation;

fn article(bytes: usize, separator: &str) -> String {
    let mut text = String::with_capacity(bytes + 1000);
    for paragraph in PARAGRAPHS.iter().cycle() {
        if text.len() >= bytes {
            break;
        }
        text.push_str(paragraph);
        text.push_str(separator);
    }
    text
}

/// Megabytes per second of the best of several rounds.
fn speed(text: &str, mut work: impl FnMut(&str) -> usize) -> f64 {
    let mut best = Duration::MAX;
    let repeats = (2_000_000 / text.len()).max(1);
    for _ in 0..7 {
        let begun = Instant::now();
        for _ in 0..repeats {
            black_box(work(black_box(text)));
        }
        best = best.min(begun.elapsed());
    }
    (text.len() * repeats) as f64 / best.as_secs_f64() / 1e6
}

fn main() -> std::io::Result<()> {
    let begun = Instant::now();
    let splitter =
        Splitter::new(&Lang::new("nl"), &SplitOptions::default()).map_err(std::io::Error::other)?;
    let load = begun.elapsed();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "segment: tables of nl read in {:.2} ms",
        load.as_secs_f64() * 1e3
    )?;
    writeln!(
        out,
        "{:<34}{:>10}{:>12}{:>10}{:>8}{:>8}",
        "text, MB/s", "overzet", "sentencex", "UAX #29", "x sx", "x UAX"
    )?;
    for (name, bytes, separator) in [
        ("1 KB, paragraphs", 1_000, "\n\n"),
        ("2 KB, paragraphs", 2_000, "\n\n"),
        ("300 KB, paragraphs", 300_000, "\n\n"),
        ("8 MB, paragraphs", 8_000_000, "\n\n"),
        ("100 MB, paragraphs", 100_000_000, "\n\n"),
        ("300 KB, one paragraph", 300_000, " "),
        ("8 MB, one paragraph", 8_000_000, " "),
    ] {
        let text = article(bytes, separator);
        let own = speed(&text, |text| {
            let mut count = 0;
            splitter.each_segment(text, &mut |_| count += 1);
            count
        });
        // On one long paragraph sentencex takes minutes, and a list of every sentence of 100 MB tells nothing new.
        let sentencex = if bytes > 10_000_000 || (separator == " " && bytes > 1_000_000) {
            f64::NAN
        } else {
            speed(&text, |text| sentencex::segment("nl", text).len())
        };
        let unicode = speed(&text, |text| text.split_sentence_bounds().count());
        writeln!(
            out,
            "{name:<34}{own:>10.1}{sentencex:>12.1}{unicode:>10.1}{:>8.2}{:>8.2}",
            own / sentencex,
            own / unicode
        )?;
    }
    Ok(())
}
