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

/// An engine that answers from recorded pairs; a text that is not among them gets no answer.
pub struct Replay {
    pairs: HashMap<String, String>,
    digest: String,
}

impl Replay {
    fn new(settings: &EngineSettings) -> Result<Self, Error> {
        let path = settings.require("OVERZET_REPLAY")?;
        let text = std::fs::read_to_string(path).map_err(|error| wrong(path, error))?;
        Self::parse(path, &text)
    }

    /// Pairs from lines `source<TAB>target` or `{"source","target"}`; `name` is for messages.
    ///
    /// Errors: [`Error::Configuration`] with the line that is neither.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let mut pairs = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let at = format!("line {}", index + 1);
            let pair = if line.starts_with('{') {
                let value: serde_json::Value = serde_json::from_str(line)
                    .map_err(|error| wrong(name, format!("{at}: {error}")))?;
                let field = |key: &str| value[key].as_str().map(str::to_owned);
                field("source").zip(field("target"))
            } else {
                let mut cells = line.split('\t').map(str::to_owned);
                cells.next().zip(cells.next())
            };
            let (source, target) =
                pair.ok_or_else(|| wrong(name, format!("{at} is not a pair")))?;
            pairs.insert(source, target);
        }
        Ok(Self {
            pairs,
            digest: blake3::hash(text.as_bytes()).to_hex()[..16].to_owned(),
        })
    }
}

/// A file of pairs that cannot be used.
fn wrong(name: &str, what: impl std::fmt::Display) -> Error {
    Error::Configuration {
        what: format!("{name}: {what}"),
        hint: "OVERZET_REPLAY names a file with `source<TAB>target` or {\"source\",\"target\"} per line".into(),
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
