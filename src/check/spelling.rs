//! American and British spelling in one edition.
//!
//! `color` in one paragraph and `colour` in the next is a slip of the desk, whichever of the two is
//! the house's.

use super::contract::{Check, CheckContext, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span, State, Unit};
use crate::language::text_view::TextView;
use crate::term::SpellingStyle as Style;
use aho_corasick::AhoCorasick;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Spelling style.
pub struct SpellingCheck;

/// A row: the spelling of a stem, and the other one.
struct SpellingRow {
    style: Style,
    own: &'static str,
    other: &'static str,
    /// Whether any ending may follow.
    open: bool,
}

/// Rows by the first four bytes of their stem.
static TABLE: LazyLock<HashMap<&str, Vec<SpellingRow>>> = LazyLock::new(|| {
    let mut table: HashMap<&str, Vec<SpellingRow>> = HashMap::new();
    let rows = include_str!("../../data/language/spelling.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'));
    for (american, british) in rows.filter_map(|line| line.split_once('\t')) {
        let open = american.ends_with('*');
        let (american, british) = (
            american.trim_end_matches('*'),
            british.trim_end_matches('*'),
        );
        for (style, own, other) in [
            (Style::American, american, british),
            (Style::British, british, american),
        ] {
            let row = SpellingRow {
                style,
                own,
                other,
                open,
            };
            table
                .entry(own.get(..3).unwrap_or(own))
                .or_default()
                .push(row);
        }
    }
    table
});

/// All stems at once: a text without any has no style.
static STEMS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let mut stems: Vec<&str> = TABLE.values().flatten().map(|row| row.own).collect();
    stems.sort_unstable();
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(stems)
        .expect("a few hundred short stems")
});

/// The style of a word in lower case, and its other spelling.
fn style(word: &str) -> Option<(Style, String)> {
    let rows = TABLE.get(word.get(..3)?)?;
    rows.iter().find_map(|row| {
        let rest = word.strip_prefix(row.own)?;
        (rest.is_empty() || row.open).then(|| (row.style, format!("{}{rest}", row.other)))
    })
}

impl Check for SpellingCheck {
    fn name(&self) -> &'static str {
        "spelling-style"
    }

    fn summary(&self) -> &'static str {
        "American and British spelling are mixed in one edition, or are not those of the chosen \
         style"
    }

    fn reason(&self) -> &'static str {
        "Either is right, both together are not. The finding stands once, at the first word of \
         the rarer style, and names the others; where a style is chosen that says how it spells, \
         every other word is found. Names in capitals (Ministry of Defence, Lincoln Center) are \
         left alone."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De haven is dicht.", "The harbour is closed.").after(
                    "De kleur was nieuw, het theater ook.",
                    "The color was new, and so was the theater.",
                ),
                bad("De haven is dicht.", "The harbour is closed.")
                    .in_style("spelling = \"american\""),
                good("De haven is dicht.", "The harbour is closed.")
                    .after("De kleur was nieuw.", "The colour was new."),
                good(
                    "Het ministerie van Defensie zweeg.",
                    "The Ministry of Defence was silent.",
                )
                .after("De kleur was nieuw.", "The color was new."),
            ]
        }
    }

    fn run(&self, _: &CheckedPair<'_>) -> Vec<Finding> {
        Vec::new()
    }

    fn document(&self, units: &[Unit], with: &CheckContext<'_>) -> Vec<(usize, Finding)> {
        let mut found: Vec<(usize, Span, Style, String, String)> = Vec::new();
        for (index, unit) in units
            .iter()
            .enumerate()
            .filter(|(_, unit)| unit.state != State::Untranslated)
        {
            if !STEMS.is_match(&unit.target.plain) {
                continue;
            }
            let side = TextView::new(&unit.target.plain);
            for (at, word) in side.words.iter().enumerate() {
                // A capital within a sentence belongs to a name, whose spelling is its own.
                if word.capital && !word.opens {
                    continue;
                }
                if let Some((style, other)) = style(side.word(at)) {
                    found.push((index, word.span, style, side.word(at).to_owned(), other));
                }
            }
        }
        let named = |style| match style {
            Style::American => "American",
            Style::British => "British",
        };
        if let Some(house) = with.glossary.style().spelling {
            let wrong = found.into_iter().filter(|(_, _, own, ..)| *own != house);
            return wrong
                .map(|(index, span, own, word, other)| {
                    let (own, house) = (named(own), named(house));
                    let message = format!("“{word}” is {own}; the house style is {house}");
                    let finding = Finding::warning("spelling-style", message);
                    (index, finding.at_target(span).suggest(other))
                })
                .collect();
        }
        let count = |style: Style| found.iter().filter(|(_, _, own, ..)| *own == style).count();
        let (american, british) = (count(Style::American), count(Style::British));
        if american == 0 || british == 0 {
            return Vec::new();
        }
        let (rare, usual) = if british <= american {
            (Style::British, Style::American)
        } else {
            (Style::American, Style::British)
        };
        let (name, usual) = (named(rare), named(usual));
        let mut words: Vec<&str> = found
            .iter()
            .filter(|(_, _, style, ..)| *style == rare)
            .map(|(_, _, _, word, _)| word.as_str())
            .collect();
        words.sort_unstable();
        words.dedup();
        let shown = words.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let more = if words.len() > 6 {
            format!(" and {} more", words.len() - 6)
        } else {
            String::new()
        };
        let Some((index, span, _, _, other)) =
            found.iter().find(|(_, _, style, ..)| *style == rare)
        else {
            return Vec::new();
        };
        let message = format!(
            "{name} spelling ({shown}{more}) in a text that is {usual} elsewhere ({} to {} words)",
            american.min(british),
            american.max(british)
        );
        vec![(
            *index,
            Finding::warning("spelling-style", message)
                .at_target(*span)
                .suggest(other),
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(targets: &[&str]) -> Vec<(usize, Finding)> {
        let units: Vec<Unit> = targets
            .iter()
            .map(|target| Unit {
                source: "Tekst.".into(),
                target: (*target).into(),
                state: State::Translated,
                ..Unit::default()
            })
            .collect();
        let glossary = crate::term::Glossary::default();
        let pair = crate::bitext::LangPair::default();
        let with = CheckContext::new(&glossary, &pair);
        SpellingCheck.document(&units, &with)
    }

    #[test]
    fn the_rarer_style_is_named_once() {
        let mixed = found(&[
            "The color of the harbor.",
            "They organised a march.",
            "The theater was full.",
        ]);
        assert_eq!(mixed.len(), 1);
        assert_eq!(
            (mixed[0].0, mixed[0].1.suggestion.as_deref()),
            (1, Some("organized"))
        );
        assert!(found(&["The colour of the harbour.", "They organised a march."]).is_empty());
    }

    #[test]
    fn names_keep_their_spelling() {
        assert!(
            found(&[
                "The color was new.",
                "The Ministry of Defence and the Labour Party agreed."
            ])
            .is_empty()
        );
    }
}
