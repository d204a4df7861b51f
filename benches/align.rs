//! Speed and memory of the sentence aligner: an article of 60 sentences, and long documents made of shuffled tiles.
//!
//! hunalign, on two cores of an AMD Zen 5 server: below 1 ms for an article (18 ms with a dictionary), 21 s and 745 MB for 20,000 sentences,
//! about 9 minutes and 18 GB for 100,000 (extrapolated).

use overzet::align::{AlignOptions, Lexicon, Segment, sentences};
use overzet::bitext::LangPair;
use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

/// Words from which sentences are made: Dutch, English. The sentences mean nothing; their words are as rare and as common as in a text.
const WORDS: &[(&str, &str)] = &[
    ("gemeente", "municipality"),
    ("woning", "house"),
    ("rivier", "river"),
    ("minister", "minister"),
    ("boer", "farmer"),
    ("schip", "ship"),
    ("oorlog", "war"),
    ("verkiezing", "election"),
    ("rechter", "judge"),
    ("school", "school"),
    ("leraar", "teacher"),
    ("ziekenhuis", "hospital"),
    ("fabriek", "factory"),
    ("brug", "bridge"),
    ("trein", "train"),
    ("dorp", "village"),
    ("winter", "winter"),
    ("regen", "rain"),
    ("bos", "forest"),
    ("paard", "horse"),
    ("krant", "newspaper"),
    ("president", "president"),
    ("soldaat", "soldier"),
    ("grens", "border"),
    ("geld", "money"),
    ("bank", "bank"),
    ("schuld", "debt"),
    ("kind", "child"),
    ("moeder", "mother"),
    ("zoon", "son"),
    ("arts", "doctor"),
    ("medicijn", "medicine"),
    ("onderzoek", "research"),
    ("wet", "law"),
    ("partij", "party"),
    ("stem", "vote"),
    ("haven", "port"),
    ("vis", "fish"),
    ("zee", "sea"),
    ("dijk", "dike"),
    ("storm", "storm"),
    ("boom", "tree"),
    ("markt", "market"),
    ("prijs", "price"),
    ("vliegtuig", "plane"),
    ("auto", "car"),
    ("weg", "road"),
    ("fiets", "bicycle"),
    ("kerk", "church"),
    ("museum", "museum"),
];
const GLUE: &[(&str, &str)] = &[
    ("de", "the"),
    ("van", "of"),
    ("in", "in"),
    ("en", "and"),
    ("niet", "not"),
    ("met", "with"),
    ("voor", "for"),
    ("een", "a"),
];

/// Numbers without a pattern, the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// `count` sentences; two in a hundred have no English, two no Dutch.
fn document(count: usize) -> (Vec<String>, Vec<String>, usize) {
    let mut dice = Dice(5);
    let (mut source, mut target, mut pairs) = (Vec::new(), Vec::new(), 0);
    while source.len() < count {
        let (mut nl, mut en) = (String::new(), String::new());
        for _ in 0..6 + dice.roll(8) {
            let (a, b) = GLUE[dice.roll(GLUE.len())];
            // Few words are common and many are rare.
            let (c, d) = WORDS[dice.roll(WORDS.len()) * dice.roll(WORDS.len()) / WORDS.len()];
            nl.push_str(&format!("{a} {c} "));
            en.push_str(&format!("{b} {d} "));
        }
        if dice.roll(3) == 0 {
            let number = dice.roll(count);
            nl.push_str(&number.to_string());
            en.push_str(&number.to_string());
        }
        match dice.roll(50) {
            0 => source.push(nl),
            1 => target.push(en),
            _ => {
                source.push(nl);
                target.push(en);
                pairs += 1;
            }
        }
    }
    (source, target, pairs)
}

fn listed(texts: &[String]) -> Vec<Segment<'_>> {
    texts
        .iter()
        .map(|text| Segment {
            text,
            opens: false,
            furniture: false,
        })
        .collect()
}

/// The most memory that this process ever had, in MB; none where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace()
        .nth(1)?
        .parse::<u64>()
        .ok()
        .map(|kilobytes| kilobytes / 1024)
}

fn main() -> std::io::Result<()> {
    let pair = LangPair::default();
    let lexicon = Lexicon::built_in(&pair);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<28}{:>12}{:>12}{:>12}{:>14}",
        "align", "first time", "best", "peak MB", "pairs found"
    )?;
    let mut measure = |name: &str, rounds, (source, target, pairs): (Vec<_>, Vec<_>, usize)| {
        let (here, there) = (listed(&source), listed(&target));
        let given = AlignOptions {
            threads,
            ..AlignOptions::new(&pair, &lexicon)
        };
        let (mut first, mut best, mut found) = (None, f64::INFINITY, 0);
        for _ in 0..rounds {
            let begun = Instant::now();
            let alignment = black_box(sentences(&here, &there, &given));
            let time = begun.elapsed().as_secs_f64();
            first.get_or_insert(time);
            best = best.min(time);
            found = alignment
                .beads
                .iter()
                .filter(|b| b.source.len() == 1 && b.target.len() == 1)
                .count();
        }
        let shown = |time: f64| {
            if time < 1.0 {
                format!("{:.1} ms", time * 1e3)
            } else {
                format!("{time:.1} s")
            }
        };
        let first = shown(first.unwrap_or_default());
        let peak = peak().map_or_else(|| "–".into(), |mb| mb.to_string());
        let share = 100.0 * found as f64 / pairs as f64;
        writeln!(
            out,
            "{name:<28}{first:>12}{:>12}{peak:>12}{share:>13.1}%",
            shown(best)
        )
    };
    // The first time includes reading the lexicon.
    for (count, rounds) in [(60, 20), (1_000, 3), (20_000, 1), (100_000, 1)] {
        measure(&format!("{count} sentences"), rounds, document(count))?;
    }
    let equal = |line: &str| vec![line.to_owned(); 100_000];
    let lines = (
        equal("Ja, dat klopt."),
        equal("Yes, that is right."),
        100_000,
    );
    measure("100000 equal lines", 1, lines)
}
