//! Speed of the glossary: loading 100,000 concepts, and finding, judging and repairing terms with 10,000 of them.
//!
//! Names and sentences are made up by a small generator, so that every run measures the same. Every figure is the best of several rounds, on one core.

use overzet::bitext::Unit;
use overzet::term::{self, Glossary};
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

/// A name that nobody has: syllables chosen by the number.
fn name(mut number: usize) -> String {
    const ONSETS: [&str; 12] = [
        "b", "dr", "f", "gr", "k", "l", "m", "n", "p", "st", "tsj", "v",
    ];
    const RIMES: [&str; 10] = ["a", "oer", "ek", "im", "o", "ost", "ar", "ij", "en", "usk"];
    let mut text = String::new();
    for _ in 0..3 {
        text.push_str(ONSETS[number % ONSETS.len()]);
        number /= ONSETS.len();
        text.push_str(RIMES[number % RIMES.len()]);
        number /= RIMES.len();
    }
    text.push_str(&"x".repeat(number));
    text[..1].to_uppercase() + &text[1..]
}

/// A glossary file of this many names and nouns.
fn glossary(count: usize) -> String {
    let mut text = String::from("id\tnl\tnl_forms\ten\ten_accept\tforbidden\tpolicy\tcase\tpos\n");
    for number in 0..count {
        let name = name(number);
        match number % 10 {
            0..=6 => text.push_str(&format!(
                "N{number}\t{name}\t\t{name}ia\t\t{name}\texact\texact\tPROPN\n"
            )),
            7 | 8 => {
                let first = self::name(number + 1);
                text.push_str(&format!(
                    "N{number}\t{first} van {name}\t\t{first} of {name}\t\t\tkeep\texact\tPROPN\n"
                ));
            }
            _ => {
                let noun = name.to_lowercase();
                text.push_str(&format!(
                    "N{number}\t{noun}dienst\t{noun}diensten\t{noun} service\t{noun} agency\t\tvariant\tlower\tNOUN\n"
                ));
            }
        }
    }
    text
}

/// Pairs with a term in every other sentence; every fourth draft leaves it in Dutch.
fn units(count: usize) -> Vec<Unit> {
    (0..count)
        .map(|number| {
            let name = name(number * 10 % 10_000);
            let (source, target) = match number % 4 {
                0 => (
                    format!("De troepen trokken dinsdag door {name}'s buitenwijken, zei de gouverneur, die zich zorgen maakt over de bevolking."),
                    format!("The troops moved through {name}'s suburbs on Tuesday, said the governor, who is worried about the population."),
                ),
                1 => (
                    format!("In {name} kostte het herstel van de brug 1.300 euro per meter, blijkt uit stukken van de gemeente."),
                    format!("In {name}ia the repair of the bridge cost 1,300 euros per meter, documents of the municipality show."),
                ),
                _ => (
                    "Volgens haar kan de eerste paal in september de grond in, maar de oppositie vreest dat het verkeer vastloopt.".to_owned(),
                    "She says work can begin in September, but the opposition fears that traffic will come to a standstill.".to_owned(),
                ),
            };
            Unit::translated(source.as_str(), target.as_str())
        })
        .collect()
}

/// The best of several rounds.
fn best(mut work: impl FnMut()) -> Duration {
    (0..5)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let broken = |error: term::Error| std::io::Error::other(error);
    let large = glossary(100_000);
    let mut read = Glossary::default();
    let parse = best(|| {
        if let Ok(glossary) = Glossary::parse("g.tsv", black_box(&large)) {
            read = glossary;
        }
    });
    // The first look builds the matcher.
    let loaded = best(|| {
        let glossary = Glossary::parse("g.tsv", black_box(&large));
        let mut one = units(1);
        if let Ok(glossary) = &glossary {
            term::find(&mut one, glossary);
        }
        black_box(one);
    });
    writeln!(
        out,
        "load 100,000 concepts ({:.1} MB)  read {:.2} s, ready to match {:.2} s   (target < 1 s)",
        large.len() as f64 / 1e6,
        parse.as_secs_f64(),
        loaded.as_secs_f64()
    )?;
    let glossary = Glossary::parse("g.tsv", &self::glossary(10_000)).map_err(broken)?;
    let pairs = units(2_000);
    let mut work = pairs.clone();
    let bytes: usize = pairs.iter().map(|unit| unit.source.plain.len()).sum();
    let find = best(|| term::find(&mut work, &glossary));
    let hits: usize = work.iter().map(|unit| unit.hits.len()).sum();
    writeln!(
        out,
        "find, 10,000 concepts             {:.1} MB/s, {hits} hits in {} segments   (target ≥ 5 MB/s)",
        bytes as f64 / find.as_secs_f64() / 1e6,
        pairs.len()
    )?;
    let all = best(|| {
        work.clone_from(&pairs);
        term::find(&mut work, &glossary);
        term::enforce(&mut work, &glossary, &|_| 0);
    });
    let repaired = work.iter().flat_map(|unit| &unit.hits);
    let repaired = repaired.filter(|hit| hit.repair.is_some()).count();
    writeln!(
        out,
        "find, judge and repair            {:.4} ms a segment, {repaired} repairs   (target < 1 ms)",
        all.as_secs_f64() * 1e3 / pairs.len() as f64
    )?;
    let lint = best(|| drop(black_box(read.lint())));
    writeln!(
        out,
        "lint 100,000 concepts             {:.2} s",
        lint.as_secs_f64()
    )
}
