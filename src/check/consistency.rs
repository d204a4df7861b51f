//! One Dutch sentence, several English ones.

use super::contract::{Check, CheckContext, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, State, Unit};
use std::collections::HashMap;

/// The same source in two renderings.
pub struct ConsistencyCheck;

impl Check for ConsistencyCheck {
    fn name(&self) -> &'static str {
        "consistency"
    }

    fn summary(&self) -> &'static str {
        "the same Dutch text is rendered in different ways"
    }

    fn reason(&self) -> &'static str {
        "Repeated headings, captions and sentences should read alike in one edition."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("Lees ook:", "See also:").after("Lees ook:", "Read more:"),
                good("Lees ook:", "Read more:").after("Lees ook:", "Read more:"),
                good("Lees verder:", "Read on:").after("Lees ook:", "Read more:"),
            ]
        }
    }

    fn run(&self, _: &CheckedPair<'_>) -> Vec<Finding> {
        Vec::new()
    }

    fn document(&self, units: &[Unit], _: &CheckContext<'_>) -> Vec<(usize, Finding)> {
        let mut first: HashMap<&str, &Unit> = HashMap::new();
        let mut findings = Vec::new();
        for (index, unit) in units.iter().enumerate() {
            // A missing side is not a translation that could differ from another one.
            let is_lone =
                unit.source.plain.trim().is_empty() || unit.target.plain.trim().is_empty();
            if unit.state == State::Untranslated || is_lone {
                continue;
            }
            let before = first.entry(unit.source.plain.trim()).or_insert(unit);
            if before.target.plain.trim() != unit.target.plain.trim() {
                let message = format!(
                    "in {} the same text reads “{}”",
                    before.id,
                    before.target.plain.trim()
                );
                findings.push((index, Finding::warning("consistency", message)));
            }
        }
        findings
    }
}
