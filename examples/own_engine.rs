//! Plugs in an engine of one's own: anything that implements `Engine` works in `translate_units`,
//! with batching, order and bisection for free.

use overzet::bitext::{LangPair, Text, Unit};
use overzet::engine::{
    BatchRun, BoxFuture, CancelToken, Draft, Engine, Item, Limits, Request, translate_units,
};
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
    let run = BatchRun {
        engine: &Loud,
        net: None,
        pair: &LangPair::default(),
        terms: &|_| Vec::new(),
        key: &|unit| unit.source.fingerprint(),
        keep: &|_, _| ControlFlow::Continue(None),
        stop: &CancelToken::default(),
        progress: &|_| {},
        max_characters: None,
    };
    let stats = translate_units(&mut units, &run).await;
    let mut out = std::io::stdout().lock();
    for unit in &units {
        writeln!(out, "{} -> {}", unit.source.plain, unit.target.plain)?;
    }
    writeln!(out, "{} texts in {} requests", stats.texts, stats.requests)
}
