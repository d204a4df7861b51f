//! Links words: which word of a pair became which.
//!
//! The pairs at hand are the corpus to learn from (`train`); what is known beforehand (`knowledge`,
//! `priors`) makes a single article enough. Two directions are brought together (`symmetrise`), and
//! Dutch grammar adds what statistics miss (`dutch`).
//!
//! ```
//! use overzet::align::{Lexicon, word::{Aligner, LinkInput, WordKnowledge}};
//! use overzet::bitext::LangPair;
//!
//! let lexicon = Lexicon::built_in(&LangPair::default());
//! let mut aligner = Aligner::new(WordKnowledge::new(&lexicon, &LangPair::default()));
//! let found = aligner.align(&[LinkInput::of("De bijl is heel oud.", "The axe is very old.")]);
//! let links: Vec<_> = found[0].links.iter().map(|link| (link.source, link.target)).collect();
//! assert_eq!(links, [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]);
//! ```

mod corpus;
mod dutch;
mod hmm;
mod knowledge;
mod priors;
mod symmetrise;
#[cfg(test)]
mod tests;
mod train;
mod units;

pub use knowledge::WordKnowledge;
pub use priors::{LIMIT, Priors};
pub use units::{LinkScope, link, link_repaired};

use crate::bitext::{Link, words};
use corpus::{WordCorpus, WordForms};
use std::num::NonZero;
use train::LinkModel;

/// Longest side that is aligned as a whole, in words. Longer pairs are cut into as many stretches
/// as the longer side needs, each side in even parts: time and memory stay bounded, and who has
/// sentences of 10,000 words has no words to link.
const LONGEST: usize = 200;
/// How many cells, source words × target words, are learned from at a time: some 13,000 sentences,
/// 200 MB. What comes behind has learned from what came before.
const BLOCK: usize = 8_000_000;

/// A pair as words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkInput {
    /// The words of the source, as written.
    pub source: Vec<String>,
    /// The words of the target, as written.
    pub target: Vec<String>,
    /// Links that are known beforehand, such as those of glossary hits; those out of bounds are
    /// passed over.
    pub certain: Vec<Link>,
}

impl LinkInput {
    /// The words of two texts, those of [`words`].
    pub fn of(source: &str, target: &str) -> Self {
        let split = |text: &str| {
            words(text)
                .into_iter()
                .map(|span| span.of(text).to_owned())
                .collect()
        };
        Self {
            source: split(source),
            target: split(target),
            certain: Vec::new(),
        }
    }
}

/// The links of a pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkedPair {
    /// All links, ascending.
    pub links: Vec<Link>,
    /// Those of them that both directions agree on or that were known beforehand, ascending.
    pub sure: Vec<Link>,
}

/// Links words, and remembers what it learned.
#[derive(Debug)]
pub struct Aligner<'a> {
    knowledge: WordKnowledge<'a>,
    priors: Priors,
    threads: NonZero<usize>,
}

impl<'a> Aligner<'a> {
    /// One thread, nothing learned yet.
    pub fn new(knowledge: WordKnowledge<'a>) -> Self {
        Self {
            knowledge,
            priors: Priors::default(),
            threads: NonZero::<usize>::MIN,
        }
    }

    /// With what earlier texts taught.
    pub fn with_priors(mut self, priors: Priors) -> Self {
        self.priors = priors;
        self
    }

    /// On so many threads; their number changes the time and nothing else.
    pub fn on(mut self, threads: NonZero<usize>) -> Self {
        self.threads = threads;
        self
    }

    /// What this and earlier texts taught.
    pub fn priors(&self) -> &Priors {
        &self.priors
    }

    /// Links the words of every pair, in order; all pairs together are the corpus to learn from.
    pub fn align(&mut self, pairs: &[LinkInput]) -> Vec<LinkedPair> {
        let mut all = Vec::with_capacity(pairs.len());
        let mut rest = pairs;
        while !rest.is_empty() {
            let mut cells = 0;
            let fits = rest.iter().take_while(|pair| {
                let longest = pair.source.len().max(pair.target.len()).min(LONGEST);
                cells += longest * pair.source.len().max(pair.target.len());
                cells <= BLOCK
            });
            let (block, behind) = rest.split_at(fits.count().max(1));
            self.block(block, &mut all);
            rest = behind;
        }
        all
    }

    fn block(&mut self, pairs: &[LinkInput], all: &mut Vec<LinkedPair>) {
        let mut stretches = Vec::with_capacity(pairs.len());
        let mut origins = Vec::with_capacity(pairs.len());
        for (index, pair) in pairs.iter().enumerate() {
            for (mut forms, source, target) in stretched(pair) {
                let phrases = self.knowledge.phrases(&forms);
                forms.certain.extend(phrases);
                stretches.push(forms);
                origins.push((index, source, target));
            }
        }
        let corpus = WordCorpus::of(&stretches);
        let credits = self.knowledge.credits(&corpus);
        let model = LinkModel::learn(&corpus, &credits, &self.priors.worth(&corpus), self.threads);
        self.priors.learn(&corpus, &model.counts);
        let jobs: Vec<_> = corpus.sentences.iter().zip(&stretches).collect();
        let found = train::each(&jobs, self.threads, |(sentence, forms)| {
            let Some(reading) = model.read(&corpus, sentence) else {
                return LinkedPair::default();
            };
            let (mut grid, mut sure) =
                symmetrise::links(&reading, forms.source.len(), forms.target.len());
            if self.knowledge.is_dutch_to_english() {
                let credit = |s: usize, t: usize| {
                    credits[sentence.full[s * forms.target.len() + t] as usize]
                };
                dutch::complete(&mut grid, &sure, forms, &self.knowledge, &credit);
            }
            for &(s, t) in &forms.certain {
                grid.add(s, t);
                sure.add(s, t);
            }
            let link = |(s, t): (usize, usize)| Link {
                source: s as u32,
                target: t as u32,
            };
            LinkedPair {
                links: grid.links().map(link).collect(),
                sure: sure.links().map(link).collect(),
            }
        });
        let start = all.len();
        all.resize(start + pairs.len(), LinkedPair::default());
        for ((index, source, target), linked) in origins.into_iter().zip(found) {
            let moved = |link: Link| Link {
                source: link.source + source as u32,
                target: link.target + target as u32,
            };
            let whole = &mut all[start + index];
            whole.links.extend(linked.links.into_iter().map(moved));
            whole.sure.extend(linked.sure.into_iter().map(moved));
        }
    }
}

/// A pair in stretches that are short enough, each with where it begins on both sides.
fn stretched(pair: &LinkInput) -> impl Iterator<Item = (WordForms, usize, usize)> {
    let (sources, targets) = (pair.source.len(), pair.target.len());
    let count = sources.max(targets).div_ceil(LONGEST).max(1);
    (0..count).map(move |at| {
        let source = at * sources / count..(at + 1) * sources / count;
        let target = at * targets / count..(at + 1) * targets / count;
        let forms = |words: &[String]| words.iter().map(|word| corpus::normal(word)).collect();
        let certain = (pair.certain.iter())
            .map(|link| (link.source as usize, link.target as usize))
            .filter(|(s, t)| source.contains(s) && target.contains(t))
            .map(|(s, t)| (s - source.start, t - target.start))
            .collect();
        let stretch = WordForms {
            source: forms(&pair.source[source.clone()]),
            target: forms(&pair.target[target.clone()]),
            certain,
        };
        (stretch, source.start, target.start)
    })
}
