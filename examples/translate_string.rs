//! Translates a string with the library; a table of drafts takes the place of an engine with a key.

use overzet::Translator;
use overzet::engine::Replay;
use overzet::term::Glossary;
use std::{error::Error, io::Write};

const DRAFTS: &str = "In Koersk is het stil.\tIt is quiet in Koersk.
Er zijn 1.300 inwoners vertrokken.\t1.300 residents have left.";

/// Runs the example.
pub async fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let translator = Translator::builder()
        .engine(Box::new(Replay::parse("drafts", DRAFTS)?))
        .glossary(Glossary::parse("desk.tsv", "nl\ten\nKoersk\tKursk\n")?)
        .build()?;
    let text = "In Koersk is het stil. Er zijn 1.300 inwoners vertrokken.";
    for unit in translator.translate(text).await?.units {
        writeln!(out, "{} → {}", unit.source.plain, unit.target.plain)?;
        for finding in unit.findings {
            writeln!(out, "  {}: {}", finding.check, finding.message)?;
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout().lock()).await
}
