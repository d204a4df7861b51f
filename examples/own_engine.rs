//! Plugs in an engine of one's own: anything that implements `Engine` works in `fill`, with batching, order and bisection for free.

use overzet::bitext::{LangPair, Text, Unit};
use overzet::engine::{BoxFuture, CancelToken, Draft, Engine, Item, Job, Limits, Request, fill};
use std::io::Write;
use std::ops::ControlFlow;

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
        let answer = |item: &&Item| Draft::new(item.id, Text::from(item.text.plain.to_uppercase()));
        let drafts: Vec<Draft> = request.items.iter().map(answer).collect();
        Box::pin(async move { Ok(drafts) })
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut units: Vec<Unit> = ["een zin", "nog een zin", "een zin", "de laatste"]
        .into_iter()
        .map(|text| Unit {
            source: text.into(),
            ..Unit::default()
        })
        .collect();
    let job = Job {
        engine: &Loud,
        net: None,
        pair: &LangPair::default(),
        terms: &|_| Vec::new(),
        keep: &|_, _| ControlFlow::Continue(None),
        stop: &CancelToken::default(),
        progress: &|_| {},
        max_characters: None,
    };
    let filled = fill(&mut units, &job).await;
    let mut out = std::io::stdout().lock();
    for unit in &units {
        writeln!(out, "{} -> {}", unit.source.plain, unit.target.plain)?;
    }
    writeln!(
        out,
        "{} texts in {} requests",
        filled.texts, filled.requests
    )
}
