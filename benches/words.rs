//! Speed of the word aligner: one unit, an article, and 5,358 pairs on one core and on two.
//!
//! Pairs are sentences of our own with their words drawn anew by a small generator, so that every run measures the same. The yardstick is
//! eflomal's: 5,358 pairs in 64 s, fast_align 10 s; overzet's target is 5 s.

use overzet::align::Lexicon;
use overzet::align::word::{Aligner, LinkInput, WordKnowledge};
use overzet::bitext::LangPair;
use std::hint::black_box;
use std::io::Write;
use std::num::NonZero;
use std::time::{Duration, Instant};

const WORDS: &[(&str, &str)] = &[
    ("de", "the"),
    ("burgemeester", "mayor"),
    ("opende", "opened"),
    ("nieuwe", "new"),
    ("brug", "bridge"),
    ("gisteren", "yesterday"),
    ("politie", "police"),
    ("kosten", "costs"),
    ("van", "of"),
    ("verbouwing", "renovation"),
    ("zijn", "are"),
    ("hoger", "higher"),
    ("en", "and"),
    ("minister", "minister"),
    ("volgens", "according"),
    ("school", "school"),
    ("kinderen", "children"),
    ("in", "in"),
];

/// Pairs of some 20 words, a fifth of which nobody knows.
fn pairs(count: usize) -> Vec<LinkInput> {
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    (0..count)
        .map(|_| {
            let (mut source, mut target) = (Vec::new(), Vec::new());
            for _ in 0..15 + next(12) {
                if next(5) == 0 {
                    let number = next(9000);
                    source.push(format!("bla{number}en"));
                    target.push(format!("wug{number}s"));
                } else {
                    let (dutch, english) = WORDS[next(WORDS.len())];
                    source.push(dutch.to_owned());
                    target.push(english.to_owned());
                }
            }
            LinkInput {
                source,
                target,
                certain: Vec::new(),
            }
        })
        .collect()
}

/// The shortest of several rounds.
fn best(rounds: usize, mut work: impl FnMut()) -> Duration {
    (0..rounds)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let pair = LangPair::default();
    let lexicon = Lexicon::built_in(&pair);
    for (name, count, threads) in [
        ("1 unit", 1, 1),
        ("an article of 30 units", 30, 1),
        ("5,358 pairs", 5358, 1),
        ("5,358 pairs, two cores", 5358, 2),
    ] {
        let pairs = pairs(count);
        let threads = NonZero::new(threads).unwrap_or(NonZero::<usize>::MIN);
        let time = best(if count > 100 { 3 } else { 50 }, || {
            let mut aligner = Aligner::new(WordKnowledge::new(&lexicon, &pair)).on(threads);
            black_box(aligner.align(&pairs));
        });
        writeln!(
            out,
            "words    {name:<24} {:>9.2} ms  {:>7.3} ms per pair",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() * 1e3 / count as f64
        )?;
    }
    Ok(())
}
