//! What the engine itself was unsure of: a term that it was made to write, a sentence that it could
//! not make sense of, a text that was too long.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::Finding;

/// The engine's doubts.
pub struct ConfidenceCheck;

impl Check for ConfidenceCheck {
    fn name(&self) -> &'static str {
        "confidence"
    }

    fn summary(&self) -> &'static str {
        "the engine was unsure"
    }

    fn reason(&self) -> &'static str {
        "Only an engine that shows its probabilities (`local`) has doubts. Words that it was merely unsure of are marked in the review page and are no \
         findings; a unit with a finding needs review."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De keper ligt scheef.", "The twill is at an angle.")
                    .doubted("it could make no sense of the sentence"),
                good("De keper ligt scheef.", "The rafter is at an angle.").doubted(""),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let doubts = pair
            .unit
            .doubts
            .iter()
            .filter(|doubt| !doubt.why.is_empty());
        doubts
            .map(|doubt| {
                let mut finding = Finding::warning("confidence", doubt.why.clone());
                (finding.source, finding.target) = (doubt.source, doubt.target);
                finding
            })
            .collect()
    }
}
