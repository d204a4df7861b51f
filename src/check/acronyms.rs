//! Acronyms that were replaced by others, or left in Dutch.

use super::{Check, Example, Pair, bad, good};
use crate::bitext::{Finding, Span, words};

/// Acronyms.
pub struct Acronyms;

/// Dutch acronyms whose English is another, with what may stand there.
const TABLE: &[(&str, &[&str])] = &[
    ("VS", &["US", "U.S", "USA", "U.S.A"]),
    ("VK", &["UK", "U.K"]),
    ("VN", &["UN", "U.N"]),
    ("NAVO", &["NATO"]),
    ("BBP", &["GDP"]),
    ("BTW", &["VAT"]),
    ("OESO", &["OECD"]),
    ("WHO", &["WHO"]),
    ("IAEA", &["IAEA"]),
    ("EHRM", &["ECHR"]),
    ("ECB", &["ECB"]),
    ("DNB", &["DNB"]),
    ("EVRM", &["ECHR"]),
    ("IMF", &["IMF"]),
    ("OVSE", &["OSCE"]),
    ("WTO", &["WTO"]),
    ("GGD", &["GGD"]),
    ("ZZP", &[]),
    ("OV", &[]),
    ("CAO", &[]),
    ("WOZ", &[]),
    ("MKB", &["SME", "SMEs"]),
    ("OM", &[]),
    ("KVK", &[]),
    ("AOW", &["AOW"]),
];

/// Words in capitals that are no acronyms.
fn is_acronym(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let roman = word.chars().all(|c| "IVXLCDM".contains(c));
    (2..=6).contains(&word.chars().count()) && letters >= 2 && capitals == letters && !roman
}

fn acronyms(text: &str) -> Vec<(Span, &str)> {
    let shouting = text.chars().filter(|c| c.is_uppercase()).count() * 2
        > text.chars().filter(|c| c.is_alphabetic()).count();
    if shouting && text.chars().count() > 12 {
        return Vec::new();
    }
    // Places in capitals before a dash are a dateline: `DEN HAAG –`.
    let dateline = text
        .find([' ', '\u{a0}'])
        .and_then(|_| text.find(" –"))
        .filter(|at| !text[..*at].contains(char::is_lowercase))
        .unwrap_or(0);
    words(text)
        .into_iter()
        .filter(|span| span.start >= dateline)
        .map(|span| (span, span.of(text)))
        .filter(|(span, word)| is_acronym(word) && !text[span.end..].starts_with(" –"))
        .collect()
}

impl Check for Acronyms {
    fn name(&self) -> &'static str {
        "acronyms"
    }

    fn summary(&self) -> &'static str {
        "an acronym was replaced by another, or left in Dutch"
    }

    fn reason(&self) -> &'static str {
        "FBI for CIA and MI5 for MI6 are wrong however fluent the sentence; acronyms that English writes differently (VN, NAVO) or spells out are known."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De VN stuurt waarnemers.", "The VN is sending observers."),
                bad(
                    "Volgens MI6 klopt het niet.",
                    "According to MI5 it is wrong.",
                ),
                good(
                    "De VS en het VK zijn bondgenoten.",
                    "The U.S. and the U.K. are allies.",
                ),
                good("Het OM gaat in beroep.", "Prosecutors will appeal."),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, target) = (acronyms(pair.source.text), acronyms(pair.target.text));
        let mut findings = Vec::new();
        let mut lost = Vec::new();
        for (span, word) in &source {
            let row = TABLE.iter().find(|(nl, _)| nl == word);
            if let Some((_, english)) = row {
                if !english.contains(word)
                    && !english.is_empty()
                    && let Some((at, _)) = target.iter().find(|(_, other)| other == word)
                {
                    let finding = Finding::error(
                        "acronyms",
                        format!("“{word}” is Dutch; English writes {}", english[0]),
                    );
                    findings.push(finding.at_source(*span).at_target(*at).suggest(english[0]));
                }
                continue;
            }
            if !pair.target.text.contains(word) && !dotted(pair.target.text, word) {
                lost.push((*span, *word));
            }
        }
        let new: Vec<_> = target
            .iter()
            .filter(|(_, word)| {
                let in_source = pair
                    .source
                    .text
                    .to_uppercase()
                    .contains(&word.to_uppercase());
                let of_table = TABLE.iter().any(|(nl, english)| {
                    english.contains(word) && pair.source.text.to_uppercase().contains(nl)
                });
                // Unknown acronyms that abbreviate what the source spells out are no exchange.
                !in_source && !of_table
            })
            .collect();
        if let ([(from, old)], [(at, other)]) = (lost.as_slice(), new.as_slice()) {
            let message = format!("“{old}” became “{other}”");
            findings.push(
                Finding::error("acronyms", message)
                    .at_source(*from)
                    .at_target(*at),
            );
        }
        findings
    }
}

/// Whether the target has the acronym with full stops: `F.B.I.`
fn dotted(target: &str, word: &str) -> bool {
    let spelled: Vec<String> = word.chars().map(|c| c.to_string()).collect();
    target.contains(&spelled.join("."))
}
