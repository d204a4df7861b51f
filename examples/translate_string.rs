//! Translates a string. The engine answers from a table; any row of `ENGINES` fits in its place.
#![allow(clippy::print_stdout, reason = "the answer of the example")]

use overzet::bitext::LangPair;
use overzet::engine::{CancelToken, Replay};
use overzet::memory::Store;
use overzet::pipeline::{self, DocumentInput, Resources, SendLimits, Sending};
use overzet::segment::{SplitOptions, Splitter};
use overzet::term::Glossary;

const TABLE: &str = "In Koersk is het stil.\tIt is quiet in Koersk.\nEr zijn 1.300 inwoners vertrokken.\t1.300 residents have left.\n";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (pair, memory, stop) = (
        LangPair::default(),
        Store::in_memory()?,
        CancelToken::default(),
    );
    let splitter = Splitter::new(&pair.source, &SplitOptions::default())?;
    let glossary = Glossary::parse("desk.tsv", "nl\ten\nKoersk\tKursk\n")?;
    let engine = Replay::parse("table", TABLE)?;
    let with = Resources::new(pair, &splitter, &glossary, &memory);
    let sending = Sending::new(&engine, None, &stop);
    let text = "In Koersk is het stil. Er zijn 1.300 inwoners vertrokken.";
    let input = DocumentInput::named(text.as_bytes(), "a.txt");
    let done = pipeline::translate(input, &with, Some(&sending), &SendLimits::default()).await?;
    for unit in done.edition.units {
        let findings: Vec<String> = unit.findings.into_iter().map(|f| f.message).collect();
        let (dutch, english) = (unit.source.plain, unit.target.plain);
        println!("{dutch}\n{english}\n  {findings:?}");
    }
    Ok(())
}
