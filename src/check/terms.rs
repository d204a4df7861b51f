//! The glossary's verdict on each pair.

use super::contract::{Check, CheckContext, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Unit};
use crate::term;

/// Terms that are missing or forbidden, and house forms that are not kept.
pub struct TermsCheck;

impl Check for TermsCheck {
    fn name(&self) -> &'static str {
        "terms"
    }

    fn summary(&self) -> &'static str {
        "a glossary term is missing, forbidden, or not in its house form"
    }

    fn reason(&self) -> &'static str {
        "Every occurrence of every term is judged with its inflected Dutch forms and its English \
         derivations; only a miss or a forbidden form is an error."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De aanval op Koersk gaat door.",
                    "The attack on Koersk continues.",
                )
                .with_term("Koersk", "Kursk"),
                good(
                    "Koersks burgemeester wacht af.",
                    "Kursk's mayor is waiting.",
                )
                .with_term("Koersk", "Kursk"),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        if pair.with.glossary.is_empty() {
            term::recorded(pair.unit)
        } else {
            term::violations(pair.unit, pair.with.glossary)
        }
    }

    fn document(&self, units: &[Unit], with: &CheckContext<'_>) -> Vec<(usize, Finding)> {
        term::inconsistencies(units, with.glossary)
    }
}
