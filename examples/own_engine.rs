//! Plugs in an engine of one's own: whatever implements `Engine` gets batching, order, bisection, the
//! glossary, the memory and the checks for free.

use overzet::Translator;
use overzet::engine::{BoxFuture, Draft, Engine, Item, Limits, Request};
use overzet::pipeline::DocumentInput;
use std::error::Error;
use std::io::Write;

/// Turns Dutch into loud Dutch; three texts a request.
struct Loud;

impl Engine for Loud {
    fn name(&self) -> &'static str {
        "loud"
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 3,
            bytes: 10_000,
            characters: 10_000,
            concurrency: 2,
        }
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        let draft = |item: &&Item| Draft::new(item.id, item.text.plain.to_uppercase().into());
        let drafts: Vec<Draft> = request.items.iter().map(draft).collect();
        Box::pin(async move { Ok(drafts) })
    }
}

/// Runs the example.
pub async fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let translator = Translator::builder().engine(Box::new(Loud)).build()?;
    let text = "Een zin. Nog een zin. Een zin. En nog een. De laatste.";
    let done = translator
        .run(DocumentInput::named(text.as_bytes(), "zinnen.txt"))
        .await?;
    for unit in &done.edition.units {
        writeln!(out, "{} → {}", unit.source.plain, unit.target.plain)?;
    }
    let (texts, requests) = (done.stats.texts, done.stats.requests);
    writeln!(out, "{texts} texts in {requests} requests")?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout().lock()).await
}
