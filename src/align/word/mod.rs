//! Links words of a pair: which word became which.
//!
//! `De bijl is oud` and `The axe is old`: 0-0 1-1 2-2 3-3.

macro_rules! par {
    ($name:literal, $default:literal) => {{
        static VALUE: std::sync::OnceLock<f32> = std::sync::OnceLock::new();
        *VALUE.get_or_init(|| std::env::var(concat!("P_", $name)).ok().map_or($default, |v| v.parse().unwrap()))
    }};
}

mod compounds;
mod corpus;
mod dutch;
mod hmm;
mod knowledge;
mod symmetrise;
mod train;

pub use knowledge::Knowledge;

use crate::bitext::Link;

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
    (corpus.sentences.iter().zip(pairs))
        .map(|(sentence, pair)| {
            let reading = model.read(&corpus, sentence);
            let mut links = symmetrise::links(&reading, sentence.source.len(), sentence.target.len());
            if knowledge.is_dutch() {
                dutch::complete(&mut links, &reading.credits, pair, knowledge);
            }
            links
        })
        .collect()
}
