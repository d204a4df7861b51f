//! Acronyms and alphanumeric names that were replaced by others, or left in Dutch.
//!
//! `VN` left standing, `MI6` → `MI5`, `A320` → `A330`; `Het OM eist` → `Prosecutors demand` is
//! right.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use crate::language::edit_distance::within;
use crate::language::text_view::{TextView, WordShape};
use crate::language::word_knowledge;
use std::sync::LazyLock;

/// Acronyms.
pub struct AcronymsCheck;

/// A row of the table.
struct AcronymRow {
    dutch: &'static str,
    english: Vec<&'static str>,
    /// Whether the Dutch form may stand in an English text.
    keeps: bool,
}

static TABLE: LazyLock<Vec<AcronymRow>> = LazyLock::new(|| {
    include_str!("../../data/language/acronyms.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(AcronymRow {
                dutch: cells.next()?,
                english: cells.next()?.split('|').collect(),
                keeps: cells.next()? == "keep",
            })
        })
        .collect()
});

/// An acronym or an alphanumeric name of a side.
#[derive(Debug, Clone)]
struct AcronymToken {
    span: Span,
    /// Capitals without dots and hyphens.
    bare: String,
    mixed: bool,
    /// Whether English has words for it, so that its absence says nothing.
    translated: bool,
}

/// The tokens of a side; none where the whole text is in capitals.
fn tokens(side: &TextView<'_>) -> Vec<AcronymToken> {
    let letters = side.text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = side.text.chars().filter(|c| c.is_uppercase()).count();
    if capitals * 2 > letters && letters > 12 {
        return Vec::new();
    }
    // Places in capitals before a dash are a dateline: `DEN HAAG –`.
    let dateline = side
        .text
        .find(" –")
        .or_else(|| side.text.find(" -"))
        .filter(|at| !side.text[..*at].contains(char::is_lowercase))
        .unwrap_or(0);
    let mut found: Vec<AcronymToken> = Vec::new();
    for (at, word) in side
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.span.start >= dateline)
    {
        let raw = side.raw(at);
        // `F-16`, `Covid-19`
        if word.shape == WordShape::Digits
            && at > 0
            && side.gap(at - 1) == "-"
            && side.words[at - 1].capital
            && side.words[at - 1].shape == WordShape::Letters
            && raw.bytes().all(|b| b.is_ascii_digit())
        {
            if found
                .last()
                .is_some_and(|token| token.span == side.words[at - 1].span)
            {
                found.pop();
            }
            let span = Span::new(side.words[at - 1].span.start, word.span.end);
            found.push(AcronymToken {
                span,
                bare: format!("{}{raw}", side.raw(at - 1).to_uppercase()),
                mixed: true,
                translated: false,
            });
            continue;
        }
        // Three words in capitals are shouted.
        let upper =
            |at: usize| side.words.get(at).is_some_and(|word| word.upper) && side.joined(at - 1);
        let run = |from: usize| (from..from + 3).all(|i| i > 0 && upper(i));
        if word.upper
            && (run(at + 1)
                || at >= 2 && upper(at) && upper(at - 1)
                || at > 0 && upper(at) && upper(at + 1))
        {
            continue;
        }
        // Both kinds begin with a capital.
        if !word.capital {
            continue;
        }
        let bare: String = raw.chars().filter(|c| c.is_alphanumeric()).collect();
        let mixed = word.shape == WordShape::Mixed
            && raw.starts_with(char::is_uppercase)
            && raw.chars().all(|c| c.is_ascii_alphanumeric());
        if mixed {
            found.push(AcronymToken {
                span: word.span,
                bare: bare.to_uppercase(),
                mixed,
                translated: false,
            });
        } else if is_acronym(raw, &bare) {
            found.push(AcronymToken {
                span: word.span,
                bare,
                mixed,
                translated: false,
            });
        }
    }
    found
}

/// Two to six capitals that are no Roman number and no word that somebody shouts.
fn is_acronym(raw: &str, bare: &str) -> bool {
    let plural = bare.strip_suffix('s').unwrap_or(bare);
    let count = bare.chars().count();
    if !plural.chars().all(char::is_uppercase)
        || plural.chars().count() < 2
        || !(2..=6).contains(&count)
        || raw.contains(['\'', '’'])
    {
        return false;
    }
    let roman = bare.chars().all(|c| "IVXLCDM".contains(c));
    let word = || {
        let lower = bare.to_lowercase();
        word_knowledge::is_dutch(&lower) || word_knowledge::is_english(&lower)
    };
    row(bare).is_some() || !(roman || count > 2 && word())
}

fn row(bare: &str) -> Option<&'static AcronymRow> {
    TABLE.iter().find(|row| row.dutch == bare)
}

/// Whether a form of the table stands in a side: an acronym with or without dots, or words.
fn stands(form: &str, side: &TextView<'_>, tokens: &[AcronymToken]) -> bool {
    if form.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()) || form.len() <= 4 {
        return tokens
            .iter()
            .any(|token| token.bare.trim_end_matches('s') == form)
            || side.text.contains(form);
    }
    side.lower.contains(&form.to_lowercase())
}

impl Check for AcronymsCheck {
    fn name(&self) -> &'static str {
        "acronyms"
    }

    fn summary(&self) -> &'static str {
        "an acronym was replaced by another, lost, or left in Dutch"
    }

    fn reason(&self) -> &'static str {
        "FBI for CIA and MI5 for MI6 are wrong however fluent the sentence; acronyms that English \
         writes differently (VN, NAVO) or spells out are known. One that is gone without being \
         spelled out is a warning."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De VN stuurt waarnemers.", "The VN is sending observers."),
                bad(
                    "Volgens MI6 klopt het niet.",
                    "According to MI5 it is wrong.",
                ),
                bad("De F-16 stortte neer.", "The F-15 crashed."),
                good(
                    "De VS en het VK zijn bondgenoten.",
                    "The U.S. and the U.K. are allies.",
                ),
                good("Het OM gaat in beroep.", "Prosecutors will appeal."),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (tokens(&pair.source), tokens(&pair.target));
        let mut findings = Vec::new();
        let lost = lost(pair, &source, &target, &mut findings);
        let new = added(pair, &source, &target);
        findings.extend(left_dutch(pair, &target));
        if lost.is_empty() {
            findings.extend(misspelled(pair, &new).or_else(|| swapped(pair, &source, &new)));
            return findings;
        }
        for (index, token) in lost.iter().enumerate() {
            let same_kind = |other: &&&AcronymToken| other.mixed == token.mixed;
            let other = if lost.len() == new.len() {
                new.get(index).copied()
            } else {
                new.iter()
                    .find(same_kind)
                    .copied()
                    .filter(|_| lost.len() == 1)
            };
            if let Some(other) = other.filter(|other| other.mixed == token.mixed) {
                findings.push(exchanged(pair, token, other));
            } else if new.is_empty()
                && !token.mixed
                && !token.translated
                && token.bare.len() >= 3
                && !spelled(&token.bare, &pair.target)
                && !replaced(token, pair)
            {
                let message = format!(
                    "“{}” is neither in the English nor spelled out there",
                    token.bare
                );
                findings.push(Finding::warning("acronyms", message).at_source(token.span));
            }
        }
        findings
    }
}

/// A Dutch abbreviation that English has no use for, in capitals where the Dutch writes it small:
/// `bbp` → `BBP`.
fn left_dutch(pair: &CheckedPair<'_>, target: &[AcronymToken]) -> Option<Finding> {
    target.iter().find_map(|token| {
        let row = row(&token.bare).filter(|row| !row.keeps)?;
        let small = row.dutch.to_lowercase();
        let at = (0..pair.source.len()).find(|&at| pair.source.raw(at) == small)?;
        let message = format!("“{}” is Dutch; English has {}", token.bare, row.english[0]);
        let finding = Finding::error("acronyms", message).at_target(token.span);
        let finding = finding.at_source(pair.source.words[at].span);
        Some(finding.suggest(row.english[0]))
    })
}

/// An abbreviation that is spelled out in the English and followed by another one: `het RIVM` → `the
/// public health institute RVIM`.
fn swapped(
    pair: &CheckedPair<'_>,
    source: &[AcronymToken],
    new: &[&AcronymToken],
) -> Option<Finding> {
    let other = new.iter().find(|other| {
        other.bare.len() >= 3 && !other.mixed && !spelled(&other.bare, &pair.target)
    })?;
    let gone = source.iter().find(|token| {
        !pair.is_term(token.span)
            && token.bare.len().abs_diff(other.bare.len()) <= 1
            && row(&token.bare).is_some_and(|row| row.keeps)
            && !pair.target.text.contains(&token.bare)
    })?;
    Some(exchanged(pair, gone, other))
}

/// An abbreviation of the English that is almost the one which the Dutch asks for: `btw` → `VTA`.
fn misspelled(pair: &CheckedPair<'_>, new: &[&AcronymToken]) -> Option<Finding> {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    new.iter()
        .filter(|token| token.bare.len() >= 3)
        .find_map(|token| {
            let near = |form: &&&str| {
                form.len() == token.bare.len()
                    && (sorted(form) == sorted(&token.bare)
                        || within(form, &token.bare, 1).is_some())
            };
            let (at, form) = TABLE.iter().find_map(|row| {
                let dutch = row.dutch.to_lowercase();
                let at = (0..pair.source.len()).find(|&at| pair.source.word(at) == dutch)?;
                let stands = |form: &&str| pair.target.lower.contains(&form.to_lowercase());
                let form = row
                    .english
                    .iter()
                    .filter(|_| !row.english.iter().any(stands))
                    .find(near)?;
                Some((at, *form))
            })?;
            let message = format!("“{}” is not {form}", token.span.of(pair.target.text));
            let finding = Finding::error("acronyms", message).at_target(token.span);
            Some(finding.at_source(pair.source.words[at].span).suggest(form))
        })
}

/// Whether consecutive words of a side spell an acronym, small words skipped: `European Central
/// Bank` spells ECB.
fn spelled(bare: &str, side: &TextView<'_>) -> bool {
    let initials: Vec<(char, bool)> = (0..side.len())
        .map(|at| {
            let first = side.word(at).chars().next().unwrap_or(' ');
            (first.to_ascii_uppercase(), side.raw(at).len() <= 3)
        })
        .collect();
    let letters: Vec<char> = bare.chars().collect();
    (0..initials.len()).any(|start| {
        let mut at = start;
        letters.iter().all(|letter| {
            while initials
                .get(at)
                .is_some_and(|(first, small)| first != letter && *small && at > start)
            {
                at += 1;
            }
            let fits = initials.get(at).is_some_and(|(first, _)| first == letter);
            at += 1;
            fits
        })
    })
}

/// The abbreviations of the source that the target lacks; those that stay Dutch are findings.
fn lost(
    pair: &CheckedPair<'_>,
    source: &[AcronymToken],
    target: &[AcronymToken],
    findings: &mut Vec<Finding>,
) -> Vec<AcronymToken> {
    let mut lost: Vec<AcronymToken> = Vec::new();
    for token in source.iter().filter(|token| !pair.is_term(token.span)) {
        let row = row(&token.bare);
        let own = target
            .iter()
            .find(|other| other.bare.trim_end_matches('s') == token.bare.trim_end_matches('s'));
        if let Some(row) = row {
            let right = row
                .english
                .iter()
                .any(|form| stands(form, &pair.target, target));
            match own {
                Some(at) if !row.keeps => {
                    let message =
                        format!("“{}” is Dutch; English has {}", token.bare, row.english[0]);
                    let finding = Finding::error("acronyms", message)
                        .at_source(token.span)
                        .at_target(at.span);
                    findings.push(finding.suggest(row.english[0]));
                }
                _ if !right && own.is_none() => lost.push(AcronymToken {
                    translated: !row.english.contains(&token.bare.as_str()),
                    ..token.clone()
                }),
                _ => {}
            }
        } else if own.is_none() && !pair.target.text.to_uppercase().contains(&token.bare) {
            lost.push(token.clone());
        }
    }
    lost
}

/// The abbreviations of the target that nothing in the source explains.
fn added<'t>(
    pair: &CheckedPair<'_>,
    source: &[AcronymToken],
    target: &'t [AcronymToken],
) -> Vec<&'t AcronymToken> {
    let upper = pair.source.text.to_uppercase();
    target
        .iter()
        .filter(|token| {
            let known =
                source.iter().any(|other| other.bare == token.bare) || upper.contains(&token.bare);
            // The English of a Dutch word in the source is not an exchange.
            let of_table = TABLE.iter().any(|row| {
                row.english.contains(&token.bare.as_str())
                    && (pair.source.text.contains(row.dutch)
                        || row
                            .english
                            .iter()
                            .any(|form| form.len() > 4 && upper.contains(&form.to_uppercase()))
                        || row.dutch != token.bare
                            && pair.source.lower.contains(&row.dutch.to_lowercase()))
            });
            !known && !of_table && !spelled(&token.bare, &pair.source)
        })
        .collect()
}

/// One abbreviation became another.
fn exchanged(pair: &CheckedPair<'_>, token: &AcronymToken, other: &AcronymToken) -> Finding {
    let message = format!(
        "“{}” became “{}”",
        token.span.of(pair.source.text),
        other.span.of(pair.target.text)
    );
    // Longer ones that share most letters may be the same thing in two languages: PTSS and PTSD.
    let shared = token
        .bare
        .chars()
        .filter(|c| other.bare.contains(*c))
        .count();
    let sisters = !token.mixed && token.bare.len() >= 4 && shared * 4 >= token.bare.len() * 3;
    let finding = if sisters {
        Finding::warning("acronyms", message)
    } else {
        Finding::error("acronyms", message)
    };
    finding
        .at_source(token.span)
        .at_target(other.span)
        .suggest(token.span.of(pair.source.text))
}

/// Whether the target has another acronym or a name in capitals that the source lacks.
fn replaced(token: &AcronymToken, pair: &CheckedPair<'_>) -> bool {
    // A bracket that explains the acronym beside its full name may go: `de
    // Wereldgezondheidsorganisatie (WHO)`.
    pair.source.text[..token.span.start].ends_with('(')
        || pair
            .target
            .words
            .iter()
            .any(|word| word.upper && !pair.source.text.contains(word.span.of(pair.target.text)))
}
