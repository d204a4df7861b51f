//! Plugs in a check of one's own beside those of the table.

use overzet::bitext::{Finding, LangPair, State, Unit};
use overzet::check::{self, Check, CheckContext, CheckedPair, Example, bad, good};
use overzet::term::Glossary;
use std::io::Write;

/// The desk does not want exclamation marks.
struct NoShouting;

impl Check for NoShouting {
    fn name(&self) -> &'static str {
        "no-shouting"
    }

    fn summary(&self) -> &'static str {
        "the English has an exclamation mark"
    }

    fn reason(&self) -> &'static str {
        "House style."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De brug is open.", "The bridge is open!"),
                good("De brug is open!", "The bridge is open!"),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        if pair.target.text.contains('!') && !pair.source.text.contains('!') {
            vec![Finding::warning("no-shouting", "the Dutch does not shout")]
        } else {
            Vec::new()
        }
    }
}

fn main() -> std::io::Result<()> {
    let unit = Unit {
        source: "Er kwamen 12 mensen.".into(),
        target: "21 people came!".into(),
        state: State::Translated,
        ..Unit::default()
    };
    let with = CheckContext::new(&Glossary::default(), &LangPair::default());
    let mut findings = check::unit(&unit, &with);
    findings.extend(NoShouting.run(&CheckedPair::new(&unit, &with)));
    let mut out = std::io::stdout().lock();
    for finding in findings {
        writeln!(
            out,
            "{} {}: {}",
            finding.severity.name(),
            finding.check,
            finding.message
        )?;
    }
    Ok(())
}
