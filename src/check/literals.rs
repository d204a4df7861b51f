//! Placeholders, and other literals that stay as they are: paths, options, code, numbers to call or
//! to pay to.
//!
//! `Beste {naam}` → `Dear {name}` shows `{name}` to the reader; `--uit` → `--out` does not run.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use crate::language::literals::LiteralKind;
use crate::language::text_view::TextView;

/// Placeholders that were lost or renamed.
pub struct PlaceholdersCheck;
/// Other literals that changed.
pub struct LiteralsCheck;

/// The literals of a side that `wanted` accepts, with the form in which they are compared.
fn forms(side: &TextView<'_>, wanted: fn(LiteralKind) -> bool) -> Vec<(Span, String)> {
    let own = side.literals.iter().filter(|l| wanted(l.kind));
    // An address is compared as an address.
    let apart = own.filter(|l| !side.addresses.iter().any(|span| span.overlaps(l.span)));
    apart
        .map(|l| (l.span, form(l.kind, l.span.of(side.text))))
        .collect()
}

/// A literal as it is compared: a telephone number by its last nine digits, which no prefix of a
/// country changes; an account without its blanks; a message of ICU by the name of its argument.
fn form(kind: LiteralKind, text: &str) -> String {
    match kind {
        LiteralKind::Telephone => {
            let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
            digits[digits.len().saturating_sub(9)..].iter().collect()
        }
        LiteralKind::Account => text.chars().filter(|c| !c.is_whitespace()).collect(),
        // `{aantal, plural, one {# dag} other {# dagen}}` has words of the language inside.
        LiteralKind::Placeholder if text[1..].contains('{') && text.contains(',') => {
            text.split(',').next().unwrap_or_default().to_owned()
        }
        _ => text.to_owned(),
    }
}

/// Compares two lists of literals: each that is not on the other side is a finding, beside the one
/// that came in its place.
fn compare(
    check: &'static str,
    pair: &CheckedPair<'_>,
    wanted: fn(LiteralKind) -> bool,
) -> Vec<Finding> {
    let source = forms(&pair.source, wanted);
    let mut new = forms(&pair.target, wanted);
    if source.is_empty() && new.is_empty() {
        return Vec::new();
    }
    let mut lost = Vec::new();
    for (span, form) in source {
        match new.iter().position(|(_, other)| *other == form) {
            Some(at) => {
                new.remove(at);
            }
            // Digits and paths may be parted in another way, inside of something longer.
            None if check == "literals" && pair.target.text.contains(&form) => {}
            None => lost.push(span),
        }
    }
    let mut new = new.into_iter();
    let mut findings: Vec<Finding> = lost
        .into_iter()
        .map(|span| {
            let text = span.of(pair.source.text);
            match new.next() {
                Some((other, _)) => {
                    let message = format!("“{text}” became “{}”", other.of(pair.target.text));
                    Finding::error(check, message)
                        .at_source(span)
                        .at_target(other)
                        .suggest(text)
                }
                None => {
                    let message = format!("“{text}” is not in the English");
                    Finding::error(check, message).at_source(span)
                }
            }
        })
        .collect();
    findings.extend(new.map(|(span, _)| {
        let message = format!("“{}” is not in the Dutch", span.of(pair.target.text));
        Finding::warning(check, message).at_target(span)
    }));
    findings
}

impl Check for PlaceholdersCheck {
    fn name(&self) -> &'static str {
        "placeholders"
    }

    fn summary(&self) -> &'static str {
        "a placeholder was lost, renamed or added"
    }

    fn reason(&self) -> &'static str {
        "A program puts a value where `{naam}`, `%1$s` or `${plaats}` stands, and finds it by its \
         name: the name is not a word to translate. Order is free."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("Beste {naam}, welkom.", "Dear {name}, welcome."),
                bad("%1$s wijst %2$s toe.", "%1$s assigns it."),
                good("Beste {naam}, welkom.", "Dear {naam}, welcome."),
                good("De rente is 5% vast.", "Interest is fixed at 5%."),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        compare(self.name(), pair, |kind| kind == LiteralKind::Placeholder)
    }
}

impl Check for LiteralsCheck {
    fn name(&self) -> &'static str {
        "literals"
    }

    fn summary(&self) -> &'static str {
        "a path, an option, code, a telephone number or an account changed"
    }

    fn reason(&self) -> &'static str {
        "A reader types, dials or pays what stands there. Telephone numbers are compared without \
         their prefix and their spaces, accounts without spaces; what stands in code is not \
         translated."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "Zet de regel in /etc/haven/sluis.conf.",
                    "Put the line into /etc/port/lock.conf.",
                ),
                bad("Geef --stil mee.", "Pass --quiet."),
                bad("Bel 020 – 555 01 23.", "Call 020-555-0132."),
                good("Bel 020 – 555 01 23.", "Call +31 20 555 0123."),
                good("Draai `haven --stil` eerst.", "Run `haven --stil` first."),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        compare(self.name(), pair, |kind| {
            matches!(
                kind,
                LiteralKind::Code
                    | LiteralKind::CommandOption
                    | LiteralKind::Path
                    | LiteralKind::Telephone
                    | LiteralKind::Account
            )
        })
    }
}
