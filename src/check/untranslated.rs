//! Nothing there, nothing translated, or Dutch words left in.

use super::{Check, Example, Pair, bad, good};
use crate::bitext::{Finding, Span, State, words};
use std::collections::HashMap;
use std::sync::OnceLock;

/// No target where the source has words.
pub struct Empty;

/// The target is the source.
pub struct Untranslated;

/// Dutch words in the English.
pub struct Dutch;

/// Dutch-only words; true for those that prove it alone.
fn dutch() -> &'static HashMap<&'static str, bool> {
    static WORDS: OnceLock<HashMap<&'static str, bool>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut table = HashMap::new();
        for word in include_str!("../../data/check/dutch.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
        {
            match word.strip_prefix('!') {
                Some(proof) => table.insert(proof, true),
                None => table.insert(word, table.get(word).copied().unwrap_or(false)),
            };
        }
        table
    })
}

/// Words that both languages share; they neither prove nor disprove.
const SHARED: &[&str] = &[
    "is",
    "was",
    "in",
    "had",
    "die",
    "van",
    "de",
    "het",
    "week",
    "water",
    "are",
    "to",
    "over",
    "door",
    "we",
    "me",
    "he",
    "she",
    "so",
    "of",
    "at",
    "on",
    "am",
    "as",
    "all",
    "an",
    "bent",
    "been",
    "begin",
    "waren",
    "dam",
    "hand",
    "land",
    "warm",
    "wind",
    "winter",
    "storm",
    "arm",
    "rode",
    "made",
    "brood",
    "slap",
    "trap",
    "men",
    "want",
    "war",
    "weer",
    "room",
    "toe",
    "tot",
    "pond",
    "mate",
    "rest",
    "hard",
    "best",
    "minister",
    "president",
    "camera",
    "club",
    "bar",
    "hotel",
    "ook",
    "al",
    "er",
    "wel",
    "no",
    "a",
    "i",
    "it",
];

impl Check for Empty {
    fn name(&self) -> &'static str {
        "empty"
    }

    fn summary(&self) -> &'static str {
        "the target is empty or has no words"
    }

    fn reason(&self) -> &'static str {
        "A segment that vanished is the worst fault of all; it is an error wherever the source has words."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De brug is weer open.", ""),
                bad("De brug is weer open.", "…"),
                good("…", "…"),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let has_words = |text: &str| text.chars().any(char::is_alphanumeric);
        if !has_words(pair.source.text)
            || has_words(pair.target.text)
            || pair.source.text.is_empty()
        {
            return Vec::new();
        }
        let message = if pair.unit.state == State::Untranslated {
            "not translated"
        } else {
            "the English is empty"
        };
        vec![Finding::error("empty", message).at_source(Span::new(0, pair.source.text.len()))]
    }
}

impl Check for Untranslated {
    fn name(&self) -> &'static str {
        "untranslated"
    }

    fn summary(&self) -> &'static str {
        "the target equals the source"
    }

    fn reason(&self) -> &'static str {
        "Texts that are made only of names, numbers and words that both languages share may be equal; a Dutch-only word proves the rest."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De directeur zei dat hij dat niet wist.",
                    "De directeur zei dat hij dat niet wist.",
                ),
                good("Jan de Vries, Amsterdam", "Jan de Vries, Amsterdam"),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let same = pair.source.text.trim().to_lowercase() == pair.target.text.trim().to_lowercase();
        let proof = words(pair.source.text).iter().any(|w| {
            let word = w.of(pair.source.text);
            let first = w.start == 0;
            (first || !word.starts_with(char::is_uppercase))
                && dutch().contains_key(word.to_lowercase().as_str())
                && !SHARED.contains(&word.to_lowercase().as_str())
        });
        if same && proof {
            let whole = Span::new(0, pair.target.text.len());
            return vec![
                Finding::error("untranslated", "the English is the Dutch").at_target(whole),
            ];
        }
        Vec::new()
    }
}

impl Check for Dutch {
    fn name(&self) -> &'static str {
        "dutch"
    }

    fn summary(&self) -> &'static str {
        "Dutch words are left in the English"
    }

    fn reason(&self) -> &'static str {
        "One word that cannot be English proves it, or two Dutch function words side by side; names that stand in the source in the same spelling are left alone."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De gemeente onderzoekt de zaak.",
                    "The gemeente is investigating the case.",
                ),
                good("Dat meldt de Volkskrant.", "De Volkskrant reports this."),
                good(
                    "Hij woont aan de Kerkstraat.",
                    "He lives on the Kerkstraat in Huis ter Heide.",
                ),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.text, pair.target.text);
        if source.trim().to_lowercase() == target.trim().to_lowercase() {
            return Vec::new();
        }
        let spans = words(target);
        let mut findings = Vec::new();
        let mut run: Option<(usize, usize)> = None;
        for (index, span) in spans.iter().enumerate() {
            let word = span.of(target);
            let lower = word.to_lowercase();
            let known = dutch().get(lower.as_str()).copied();
            let capital = word.starts_with(char::is_uppercase);
            let shared = SHARED.contains(&lower.as_str());
            if known == Some(true) && !capital && !shared && stands(source, &lower) {
                findings
                    .push(Finding::error("dutch", format!("“{word}” is Dutch")).at_target(*span));
                run = None;
                continue;
            }
            let function = known == Some(false) && !capital && !shared;
            run = match (function, run) {
                (true, Some((start, last))) if last + 1 == index => {
                    let whole = Span::new(spans[start].start, span.end);
                    findings.push(
                        Finding::error("dutch", format!("“{}” is Dutch", whole.of(target)))
                            .at_target(whole),
                    );
                    None
                }
                (true, _) => Some((index, index)),
                (false, _) => None,
            };
        }
        findings
    }
}

/// Whether the word stands in the source as a word of its own: a leftover came from there.
fn stands(source: &str, lower: &str) -> bool {
    words(source)
        .iter()
        .any(|w| w.of(source).to_lowercase() == lower)
}
