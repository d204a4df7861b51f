//! Answers from a file of recorded pairs: drafts of a real engine, without the engine.

use super::{
    BoxFuture, Build, Draft, Engine, EngineKey, EngineSettings, Entry, Error, Limits, Request,
};
use std::collections::HashMap;

const NAME: &str = "replay";

/// The row of recorded pairs.
pub static ENTRY: Entry = Entry {
    name: NAME,
    summary: "recorded pairs from a file (JSON Lines or TSV); sends nothing",
    keys: &[EngineKey {
        name: "OVERZET_REPLAY",
        help: "file of recorded pairs, for the engine `replay`",
        secret: false,
    }],
    sends_text_out: false,
    carries_codes: false,
    own_glossary: false,
    price: None,
    build: Build::Alone(|settings| Ok(Box::new(Replay::new(settings)?))),
};

struct Replay {
    pairs: HashMap<String, String>,
    digest: String,
}

impl Replay {
    fn new(settings: &EngineSettings) -> Result<Self, Error> {
        let path = settings.require("OVERZET_REPLAY")?;
        let wrong = |what: String| {
            Error::Configuration {
            what: format!("{path}: {what}"),
            hint: "OVERZET_REPLAY names a file with `source<TAB>target` or {\"source\",\"target\"} per line".into(),
        }
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let mut pairs = HashMap::new();
        for (index, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let pair = if line.starts_with('{') {
                let value: serde_json::Value = serde_json::from_str(line)
                    .map_err(|error| wrong(format!("line {}: {error}", index + 1)))?;
                value["source"]
                    .as_str()
                    .zip(value["target"].as_str())
                    .map(|(s, t)| (s.to_owned(), t.to_owned()))
            } else {
                line.split_once('\t').map(|(s, t)| {
                    (
                        s.to_owned(),
                        t.split('\t').next().unwrap_or_default().to_owned(),
                    )
                })
            };
            let (source, target) =
                pair.ok_or_else(|| wrong(format!("line {} is no pair", index + 1)))?;
            pairs.insert(source, target);
        }
        Ok(Self {
            pairs,
            digest: blake3::hash(text.as_bytes()).to_hex()[..16].to_owned(),
        })
    }
}

impl Engine for Replay {
    fn name(&self) -> &str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 1000,
            bytes: usize::MAX,
            characters: usize::MAX,
            concurrency: 1,
        }
    }

    fn options(&self) -> String {
        self.digest.clone()
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        let drafts = request
            .items
            .iter()
            .filter_map(|item| {
                let target = self
                    .pairs
                    .get(&item.text.plain)
                    .or_else(|| self.pairs.get(item.text.plain.trim()))?;
                let mut draft = Draft::new(item.id, target.as_str().into());
                draft.billed = Some(0);
                Some(draft)
            })
            .collect();
        Box::pin(async move { Ok(drafts) })
    }
}
