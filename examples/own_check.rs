//! Plugs a check of one's own into the line, beside those of the table.

use overzet::Translator;
use overzet::bitext::Finding;
use overzet::check::{Check, CheckedPair, Example, bad, good};
use overzet::engine::Replay;
use std::error::Error;
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
            vec![Finding::warning(self.name(), "the Dutch does not shout")]
        } else {
            Vec::new()
        }
    }
}

/// Runs the example.
pub async fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let drafts = "Er kwamen 12 mensen.\t21 people came!";
    let translator = Translator::builder()
        .engine(Box::new(Replay::parse("drafts", drafts)?))
        .check(NoShouting)
        .build()?;
    let edition = translator.translate("Er kwamen 12 mensen.").await?;
    for finding in &edition.units[0].findings {
        let (severity, check) = (finding.severity.name(), &finding.check);
        writeln!(out, "{severity} {check}: {}", finding.message)?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout().lock()).await
}
