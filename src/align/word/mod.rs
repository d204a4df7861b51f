//! Links words of a pair: which word became which.
//!
//! `De bijl is oud` and `The axe is old`: 0-0 1-1 2-2 3-3.

mod corpus;
mod hmm;
mod knowledge;
mod symmetrise;
mod train;

pub use knowledge::Knowledge;

use crate::bitext::Link;

pub(crate) fn par(name: &'static str, default: f32) -> f32 {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex};
    static ALL: LazyLock<Mutex<HashMap<&'static str, f32>>> = LazyLock::new(Mutex::default);
    *ALL.lock().unwrap().entry(name).or_insert_with(|| std::env::var(format!("P_{name}")).ok().map_or(default, |v| v.parse().unwrap()))
}

/// A pair as words.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// The words of the source.
    pub source: Vec<String>,
    /// The words of the target.
    pub target: Vec<String>,
    /// Links that are known beforehand, such as those of glossary hits.
    pub certain: Vec<Link>,
}

/// The links of a pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linked {
    /// All links, ascending.
    pub links: Vec<Link>,
    /// Those of them that both directions agree on.
    pub sure: Vec<Link>,
}

/// Links the words of every pair; all pairs together are the corpus to learn from.
pub fn align(pairs: &[Pair], knowledge: &Knowledge<'_>) -> Vec<Linked> {
    let corpus = corpus::Corpus::of(pairs);
    let credits = knowledge.credits(&corpus);
    let model = train::Model::learn(&corpus, &credits);
    corpus.sentences.iter().map(|sentence| symmetrise::links(&model.read(&corpus, sentence), sentence.source.len(), sentence.target.len())).collect()
}
