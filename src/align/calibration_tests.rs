//! Fits the weights of confidence on the development sets and judges them on sets that they were
//! not fitted on.
//!
//! `OVERZET_DATA=… cargo test --release calibration -- --ignored --nocapture` prints a table. Each
//! of the four families of texts weighs the same, however large it is, so that the few hand-made
//! pairs of real editions count. Every family is tried with each kind of evidence that there is,
//! and once as if its languages were unknown.

use super::confidence::{self, Features};
use super::{AlignOptions, Lexicon, Segment, sentence};
use crate::bitext::{Lang, LangPair};
use serde::Deserialize;
use std::path::Path;

/// A family of texts: its sets, each with the translations that are given; `?` hides the languages.
const FAMILIES: [&[(&str, &str)]; 4] = [
    &[("newsroom", ""), ("newsroom", "?")],
    &[
        ("textberg", ""),
        ("textberg", "google"),
        ("textberg", "europarlfull"),
        ("textberg", "europarllight"),
    ],
    &[
        ("flores", ""),
        ("flores", "google"),
        ("flores", "bergamot-tiny"),
        ("flores", "?"),
    ],
    &[
        ("ntrex", ""),
        ("ntrex", "?"),
        ("ntrex_long", ""),
        ("ntrex_long", "?"),
    ],
];

#[derive(Deserialize)]
struct CalibrationItem {
    src: Vec<String>,
    tgt: Vec<String>,
    gold: Vec<(Vec<usize>, Vec<usize>)>,
    from: String,
    to: String,
    #[serde(default)]
    mt: std::collections::BTreeMap<String, Vec<String>>,
}

/// Every bead of a set: its signs, and whether it is right.
fn beads(folder: &Path, (set, with): (&str, &str)) -> Vec<(Features, bool)> {
    let text =
        std::fs::read_to_string(folder.join(format!("{set}.jsonl"))).expect("the set is there");
    let mut all = Vec::new();
    for line in text.lines() {
        let item: CalibrationItem = serde_json::from_str(line).expect("an item per line");
        let tags = if with == "?" {
            ("xx", "yy")
        } else {
            (item.from.as_str(), item.to.as_str())
        };
        let pair = LangPair {
            source: Lang::new(tags.0),
            target: Lang::new(tags.1),
        };
        let lexicon = Lexicon::built_in(&pair);
        let given = AlignOptions {
            translations: item.mt.get(with).map(Vec::as_slice),
            ..AlignOptions::new(&pair, &lexicon)
        };
        let listed = |texts: &'_ [String], tag: &str| -> Vec<bool> {
            texts
                .iter()
                .map(|text| super::is_furniture(text, tag))
                .collect()
        };
        let furniture = (listed(&item.src, tags.0), listed(&item.tgt, tags.1));
        let source = Segment::listed(&item.src, &furniture.0);
        let target = Segment::listed(&item.tgt, &furniture.1);
        let (alignment, signs) = sentence::align_with_features(&source, &target, &given);
        assert_eq!(alignment.beads.len(), signs.len(), "no sentence is empty");
        for (bead, signs) in alignment.beads.iter().zip(signs) {
            let shape = (bead.source.clone().collect(), bead.target.clone().collect());
            all.push((signs, item.gold.contains(&shape)));
        }
    }
    all
}

/// Weights of the signs and the constant, by Newton's method; the likelihood of every family counts
/// the same, and every set within it.
fn fitted(families: &[&Vec<Vec<(Features, bool)>>]) -> [f64; 5] {
    let mut weights = [0.0; 5];
    for _ in 0..30 {
        // The curvature, and in the last column the slope.
        let mut rows = [[0.0; 6]; 5];
        for (at, row) in rows.iter_mut().enumerate() {
            (row[at], row[5]) = (1e-4, -1e-4 * weights[at]);
        }
        for family in families {
            for set in *family {
                let share = 1.0 / (families.len() * family.len() * set.len()) as f64;
                for (signs, is_right) in set {
                    let x = [signs[0], signs[1], signs[2], signs[3], 1.0].map(f64::from);
                    let sum: f64 = x.iter().zip(&weights).map(|(x, w)| x * w).sum();
                    let p = 1.0 / (1.0 + (-sum).exp());
                    for (row, at) in rows.iter_mut().zip(x) {
                        for (cell, other) in row.iter_mut().zip(x) {
                            *cell += share * p * (1.0 - p) * at * other;
                        }
                        row[5] += share * (f64::from(u8::from(*is_right)) - p) * at;
                    }
                }
            }
        }
        // Gauss and Jordan; the matrix is positive definite.
        for i in 0..5 {
            let pivot = rows[i].map(|cell| cell / rows[i][i]);
            rows[i] = pivot;
            for row in rows
                .iter_mut()
                .enumerate()
                .filter(|(k, _)| *k != i)
                .map(|(_, row)| row)
            {
                let factor = row[i];
                for (cell, above) in row.iter_mut().zip(pivot) {
                    *cell -= factor * above;
                }
            }
        }
        for (weight, row) in weights.iter_mut().zip(rows) {
            *weight += row[5];
        }
    }
    weights
}

/// Calibration error over ten bins; precision of what has 0.9 and more, and its share.
fn judged(set: &[(Features, bool)], confidence: &dyn Fn(&Features) -> f32) -> (f32, f32, f32) {
    let mut bins = [0.0_f32; 10];
    let (mut high, mut right) = (0.0, 0.0);
    for (signs, is_right) in set {
        let (confidence, is) = (confidence(signs), f32::from(u8::from(*is_right)));
        bins[((confidence * 10.0) as usize).min(9)] += is - confidence;
        if confidence >= 0.9 {
            high += 1.0;
            right += is;
        }
    }
    let count = set.len() as f32;
    let error = bins.iter().map(|bin| bin.abs()).sum::<f32>() / count;
    (error, right / f32::max(high, 1.0), high / count)
}

#[test]
#[ignore = "needs OVERZET_DATA and a minute; prints what the weights are and what they are worth"]
#[expect(
    clippy::disallowed_methods,
    reason = "the evaluation data is found through the environment"
)]
fn calibration_of_confidence() {
    let Some(data) = std::env::var_os("OVERZET_DATA") else {
        return;
    };
    let folder = Path::new(&data).join("alignment/dev");
    let all: Vec<Vec<Vec<(Features, bool)>>> = FAMILIES
        .iter()
        .map(|family| family.iter().map(|&set| beads(&folder, set)).collect())
        .collect();
    println!(
        "weights, fitted on everything: {:.2?}",
        fitted(&all.iter().collect::<Vec<_>>())
    );
    println!(
        "{:<28}{:>24}{:>34}",
        "", "as shipped", "fitted without this family"
    );
    println!(
        "{:<28}{:>8}{:>8}{:>8}{:>18}{:>8}{:>8}",
        "set", "ECE", "P ≥ .9", "share", "ECE", "P ≥ .9", "share"
    );
    for (number, family) in FAMILIES.iter().enumerate() {
        let others: Vec<_> = (0..all.len())
            .filter(|&n| n != number)
            .map(|n| &all[n])
            .collect();
        let unseen = fitted(&others).map(|weight| weight as f32);
        let unseen = ([unseen[0], unseen[1], unseen[2], unseen[3]], unseen[4]);
        for ((set, with), beads) in family.iter().zip(&all[number]) {
            let a = judged(beads, &confidence::of);
            let b = judged(beads, &|signs| confidence::weighed(signs, &unseen));
            println!(
                "{:<28}{:>8.3}{:>8.3}{:>8.2}{:>18.3}{:>8.3}{:>8.2}",
                format!("{set} {with}"),
                a.0,
                a.1,
                a.2,
                b.0,
                b.1,
                b.2
            );
            assert!(a.0 <= 0.1 && a.1 >= 0.93, "{set} {with}");
        }
    }
}
