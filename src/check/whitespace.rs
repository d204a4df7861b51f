//! White space that has a meaning: line breaks, tabs, and the space at either end.
//!
//! `Naam⇥Bedrag` → `Name Amount` is a row without columns.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};

/// White space.
pub struct WhitespaceCheck;

/// Number of line breaks inside of a text, if they are meant; none where its lines are wrapped
/// prose: a line in small letters follows one without a mark at its end.
fn line_breaks(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let wrapped = |two: &[&str]| {
        let small = two[1].starts_with(|c: char| c.is_lowercase() || ",;)”’".contains(c));
        small && two[0].ends_with(|c: char| c.is_alphanumeric() || ",-–".contains(c))
    };
    let breaks = lines.len().saturating_sub(1);
    (breaks > 0 && !lines.windows(2).any(wrapped)).then_some(breaks)
}

/// A name for the white space at an end: `a line break`, `a tab`, `a space`.
fn named(blank: &str) -> &'static str {
    if blank.contains('\n') {
        "a line break"
    } else if blank.contains('\t') {
        "a tab"
    } else {
        "a space"
    }
}

/// The white space before and behind a text.
fn outer(text: &str) -> (&str, &str) {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    (&text[..start], &text[end.max(start)..])
}

/// Whether a text ends as a sentence does.
fn is_ended(text: &str) -> bool {
    text.trim_end()
        .ends_with(['.', '!', '?', '…', '”', '’', '"', ')'])
}

/// Compares the white space at both ends: one that is gone, or a space too many.
fn ends(source: &str, target: &str) -> Vec<Finding> {
    let (own, theirs) = (outer(source), outer(target));
    let whole = target.len();
    let sides = [
        (own.0, theirs.0, "start", 0..theirs.0.len()),
        (own.1, theirs.1, "end", whole - theirs.1.len()..whole),
    ];
    let mut findings = Vec::new();
    for (before, after, place, range) in sides {
        let finding = match (before.is_empty(), after.is_empty()) {
            // Behind a sentence a space parts nothing.
            (false, true) if before == " " && place == "end" && is_ended(source) => continue,
            (false, true) => format!("{} at the {place} is missing", named(before)),
            // Nobody sees a single space at the end of a line.
            (true, false) if after == " " && place == "end" => continue,
            (true, false) => format!("{} at the {place} is not in the Dutch", named(after)),
            (false, false) if before.contains('\n') != after.contains('\n') => {
                format!("{} at the {place} became {}", named(before), named(after))
            }
            _ => continue,
        };
        let finding = Finding::warning("whitespace", finding);
        findings.push(if range.is_empty() {
            finding
        } else {
            let span = Span::new(range.start, range.end);
            finding.at_target(span).suggest(before)
        });
    }
    findings
}

impl Check for WhitespaceCheck {
    fn name(&self) -> &'static str {
        "whitespace"
    }

    fn summary(&self) -> &'static str {
        "a line break, a tab or the space at an end was lost or added"
    }

    fn reason(&self) -> &'static str {
        "Lines of an address, columns of a row and the space before a value that a program puts \
         there are a part of the text. Prose that is wrapped at the width of a page may be wrapped \
         in another way."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("Burgerzaken\nPostbus 40", "Civil Affairs P.O. Box 40"),
                bad("Naam\tBedrag", "Name Amount"),
                bad("Nog te betalen: ", "Still to pay:"),
                good("Naam\tBedrag", "Name\tAmount"),
                good(
                    "De brug over de gracht\nis weer open.",
                    "The bridge over the canal is open again.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.text, pair.target.text);
        let mut findings = ends(source, target);
        let inside = |text: &str, mark| text.trim().matches(mark).count();
        let (before, after) = (inside(source, '\t'), inside(target, '\t'));
        if before != after {
            let message = format!("{after} tabs, and {before} in the Dutch");
            findings.push(Finding::warning("whitespace", message));
        }
        if let Some(before) = line_breaks(source) {
            let after = inside(target, '\n');
            if before != after {
                let message = format!("{after} line breaks, and {before} in the Dutch");
                findings.push(Finding::warning("whitespace", message));
            }
        }
        findings
    }
}
