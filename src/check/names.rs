//! Names that were altered.

use super::{Check, Example, Pair, bad, good};
use crate::bitext::{Finding, Span, words};

/// Names.
pub struct Names;

impl Check for Names {
    fn name(&self) -> &'static str {
        "names"
    }

    fn summary(&self) -> &'static str {
        "a name was altered"
    }

    fn reason(&self) -> &'static str {
        "Where one part of a name stands in the English and the part beside it almost does, the name was changed. Places and institutions have English forms and are left to the glossary."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "Trainer Hendrik Kolkman stapt op.",
                    "Coach Hendrik Kolkmar is leaving.",
                ),
                good(
                    "Trainer Hendrik Kolkman stapt op.",
                    "Coach Hendrik Kolkman is leaving.",
                ),
                good("De Europese Unie groeit.", "The European Union is growing."),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, target) = (words(pair.source.text), words(pair.target.text));
        let mut findings = Vec::new();
        for two in source.windows(2) {
            let (left, right) = (two[0].of(pair.source.text), two[1].of(pair.source.text));
            let joined = pair.source.text[two[0].end..two[1].start].trim().is_empty();
            if !joined
                || !is_name(left)
                || !is_name(right)
                || (has(&target, pair, right) && has(&target, pair, left))
            {
                continue;
            }
            findings.extend(altered(pair, &target, two[0], two[1], false));
            findings.extend(altered(pair, &target, two[1], two[0], true));
        }
        findings
    }
}

/// Whether the target has a word, a possessive aside.
fn has(target: &[Span], pair: &Pair<'_>, word: &str) -> bool {
    target.iter().any(|span| {
        let own = span.of(pair.target.text);
        own == word || own.strip_suffix("'s").or_else(|| own.strip_suffix("’s")) == Some(word)
    })
}

fn is_name(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        && word.chars().count() >= 3
        && word
            .chars()
            .skip(1)
            .all(|c| c.is_lowercase() || "'’-".contains(c))
}

/// Whether `kept` stands in the target beside something that resembles `changed`.
fn altered(
    pair: &Pair<'_>,
    target: &[Span],
    kept: Span,
    changed: Span,
    before: bool,
) -> Option<Finding> {
    let (kept, name) = (kept.of(pair.source.text), changed.of(pair.source.text));
    if has(target, pair, name) || name.chars().count() < 5 {
        return None;
    }
    let at = target.iter().position(|w| w.of(pair.target.text) == kept)?;
    let beside = target.get(if before { at.checked_sub(1)? } else { at + 1 })?;
    let other = beside.of(pair.target.text);
    let bare = other.trim_end_matches("'s").trim_end_matches("’s");
    let adjective = ["an", "ish", "ese", "ic", "ch"]
        .iter()
        .any(|end| bare.ends_with(end) && name.ends_with(['e', 'h', 's']));
    let resembles = is_name(bare)
        && !adjective
        && distance(bare, name) <= 2
        && skeleton(bare) != skeleton(name)
        && !bare.starts_with(name)
        && !name.starts_with(bare)
        && bare.chars().next() == name.chars().next();
    resembles.then(|| {
        Finding::error("names", format!("“{name}” became “{bare}”"))
            .at_source(changed)
            .at_target(Span::new(beside.start, beside.start + bare.len()))
            .suggest(name)
    })
}

/// The consonants of a name, doubled ones once, without a final s: spellings of one name share them.
fn skeleton(name: &str) -> String {
    let mut letters: Vec<char> = name
        .to_lowercase()
        .chars()
        .filter(|c| !"aeiouyh'’-".contains(*c))
        .collect();
    letters.dedup();
    letters
        .into_iter()
        .collect::<String>()
        .trim_end_matches('s')
        .to_owned()
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (above + 1)
                .min(row[j] + 1)
                .min(diagonal + usize::from(x != y));
            diagonal = above;
        }
    }
    row[b.len()]
}
