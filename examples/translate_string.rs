//! Translates a string with the library: cut, find terms, ask an engine, enforce, check.
//!
//! `cargo run --example translate_string` uses an engine that answers from a table, so that it needs no key; any row of `ENGINES` fits in its place.

use overzet::bitext::{Lang, LangPair, Text};
use overzet::engine::{Draft, Engine, Error, Later, Limits, Request, Stop};
use overzet::memory::Store;
use overzet::pipeline::{self, Furniture, Resources, Sending};
use overzet::segment::{SplitOptions, Splitter};
use overzet::term::Glossary;
use std::io::Write;

/// Two sentences, as an engine would draft them.
struct Table;

impl Engine for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 50,
            bytes: 100_000,
            characters: 100_000,
            concurrency: 1,
        }
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> Later<'a, Vec<Draft>> {
        let drafts = request.items.iter().filter_map(|item| {
            let english = match item.text.plain.as_str() {
                "In Koersk is het stil." => "It is quiet in Koersk.",
                "Er zijn 1.300 inwoners vertrokken." => "1.300 residents have left.",
                _ => return None,
            };
            Some(Draft::new(item.id, Text::from(english)))
        });
        let drafts: Vec<Draft> = drafts.collect();
        Box::pin(async move { Ok::<_, Error>(drafts) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let splitter = Splitter::new(&Lang::new("nl"), &SplitOptions::default())?;
    let glossary = Glossary::parse("desk.tsv", "nl\ten\nKoersk\tKursk\n")?;
    let memory = Store::in_memory()?;
    let with = Resources {
        pair: LangPair::default(),
        splitter: &splitter,
        glossary: &glossary,
        memory: &memory,
        furniture: Furniture::Keep,
        silenced: &[],
    };
    let text = "In Koersk is het stil. Er zijn 1.300 inwoners vertrokken.";
    let mut edition = pipeline::prepare(text.as_bytes(), None, Some("plain"), &with)?;
    let sending = Sending {
        engine: &Table,
        net: None,
        stop: &Stop::default(),
        progress: &|_| {},
        max_characters: None,
        now: &|| 0,
    };
    pipeline::fill(&mut edition.units, &with, &sending).await;
    pipeline::finish(&mut edition, &with);
    let mut out = std::io::stdout().lock();
    for unit in &edition.units {
        writeln!(out, "{}\n{}", unit.source.plain, unit.target.plain)?;
        for finding in &unit.findings {
            writeln!(out, "  {}: {}", finding.check, finding.message)?;
        }
    }
    Ok(())
}
