//! Doubled words, brackets and character references.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span, words};
use crate::language::text_view::TextView;

/// A word twice.
pub struct DoubledCheck;
/// Brackets that do not pair.
pub struct BracketsCheck;
/// Character references in plain text.
pub struct EntitiesCheck;

impl Check for DoubledCheck {
    fn name(&self) -> &'static str {
        "doubled"
    }

    fn summary(&self) -> &'static str {
        "a word stands twice"
    }

    fn reason(&self) -> &'static str {
        "“The the” is a slip; “had had” and “that that” are English, and what the source doubles \
         may be doubled."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De sporthal blijft dicht.",
                    "The the sports hall remains closed.",
                ),
                good(
                    "Als hij dat had gehad, was hij gebleven.",
                    "If he had had that, he would have stayed.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let target = pair.target.text;
        let doubles = |text: &str| -> Vec<Span> {
            words(text)
                .windows(2)
                .filter(|two| {
                    let (left, right) = (
                        two[0].of(text).to_lowercase(),
                        two[1].of(text).to_lowercase(),
                    );
                    let joined = text[two[0].end..two[1].start].trim().is_empty();
                    let fine =
                        ["had", "that", "very", "ha", "no", "bora", "so"].contains(&left.as_str());
                    joined
                        && left == right
                        && !fine
                        && left.chars().all(char::is_alphabetic)
                        && !two[1].of(text).starts_with(char::is_uppercase)
                })
                .map(|two| Span::new(two[0].start, two[1].end))
                .collect()
        };
        if may_double(&pair.source) && !doubles(pair.source.text).is_empty() {
            return Vec::new();
        }
        if pair.is_short()
            && let Some(span) = repeated(&pair.target).filter(|_| repeated(&pair.source).is_none())
        {
            let shown: String = span.of(target).chars().take(40).collect();
            return vec![
                Finding::warning("doubled", format!("“{shown}” stands twice")).at_target(span),
            ];
        }
        if !may_double(&pair.target) {
            return Vec::new();
        }
        doubles(target)
            .into_iter()
            .map(|span| {
                let word = span
                    .of(target)
                    .split_whitespace()
                    .next()
                    .unwrap_or_default();
                Finding::warning("doubled", format!("“{}” stands twice", word.to_lowercase()))
                    .at_target(span)
                    .suggest(word)
            })
            .collect()
    }
}

/// Whether a word may stand twice in a row: false only where it is certain that none does. In plain
/// Latin text the words of UAX #29 that are letters alone are those of the side; finding the former
/// is what costs.
fn may_double(side: &TextView<'_>) -> bool {
    let plain = |c: char| matches!(c, '\0'..='\u{7f}' | '\u{a0}' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | '–' | '—' | '‘' | '’' | '“' | '”' | '„' | '…' | '€');
    let twice = |at: usize| side.word(at) == side.word(at + 1) && side.gap(at).trim().is_empty();
    !side.text.chars().all(plain) || (1..side.len()).any(|at| twice(at - 1))
}

/// Three words or more that follow on themselves: a clause twice.
fn repeated(side: &TextView<'_>) -> Option<Span> {
    (3..=side.len() / 2).rev().find_map(|count| {
        (0..=side.len() - 2 * count)
            .find(|&at| (at..at + count).all(|i| side.word(i) == side.word(i + count)))
            .map(|at| {
                let last = at + 2 * count - 1;
                Span::new(side.words[at + count].span.start, side.words[last].span.end)
            })
    })
}

/// How many brackets of a kind stay open or close nothing.
fn unpaired(text: &str, open: char, close: char) -> i32 {
    let mut depth = 0;
    for c in text.chars() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
        }
    }
    depth
}

impl Check for BracketsCheck {
    fn name(&self) -> &'static str {
        "brackets"
    }

    fn summary(&self) -> &'static str {
        "a bracket is not paired"
    }

    fn reason(&self) -> &'static str {
        "Brackets may become commas; but one that opens must close, unless the source leaves it \
         open too."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De verdachte (34) ontkent.", "The suspect (34 denies it."),
                good("De dader (28) bekende.", "The perpetrator, 28, confessed."),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !pair.target.text.contains(['(', ')', '[', ']', '{', '}']) {
            return findings;
        }
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            let (before, after) = (
                unpaired(pair.source.text, open, close),
                unpaired(pair.target.text, open, close),
            );
            if after != 0 && after != before {
                let mark = if after > 0 { open } else { close };
                let at = if after > 0 {
                    pair.target.text.find(mark)
                } else {
                    pair.target.text.rfind(mark)
                };
                let mut finding = Finding::warning("brackets", format!("“{mark}” has no partner"));
                if let Some(at) = at {
                    finding = finding.at_target(Span::new(at, at + 1));
                }
                findings.push(finding);
            }
        }
        findings
    }
}

impl Check for EntitiesCheck {
    fn name(&self) -> &'static str {
        "entities"
    }

    fn summary(&self) -> &'static str {
        "a character reference stands in plain text"
    }

    fn reason(&self) -> &'static str {
        "Services that assume HTML give `&#39;` for an apostrophe; what the source has too was \
         meant."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("Dat is de auto van Anna.", "That is Anna&#39;s car."),
                good("Jansen &amp; Zn", "Jansen &amp; Son"),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let target = pair.target.text;
        let mut findings = Vec::new();
        for (at, _) in target.match_indices('&') {
            let rest = &target[at + 1..];
            let Some(end) = rest.bytes().take(8).position(|b| b == b';') else {
                continue;
            };
            let name = &rest[..end];
            let named = ["amp", "lt", "gt", "quot", "apos", "nbsp"].contains(&name)
                || (name.starts_with('#') && name.len() > 1);
            let whole = Span::new(at, at + end + 2);
            if named && !pair.source.text.contains(whole.of(target)) {
                findings.push(
                    Finding::error(
                        "entities",
                        format!("“{}” is a character reference", whole.of(target)),
                    )
                    .at_target(whole),
                );
            }
        }
        findings
    }
}
