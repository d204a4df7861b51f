//! What earlier texts taught: how often which word became which, kept in a file between runs.
//!
//! One line per pair of forms, `huis⇥house⇥12.5`, most frequent first, behind a header line that
//! names the languages: `nl⇥en⇥count`. The file is bounded: [`LIMIT`] pairs, the rarest are
//! dropped. A count is worth half of one that is seen in the text at hand, and never more than ten,
//! so that an old habit can be unlearned.

use super::corpus::WordCorpus;
use crate::align::lexicon::Error;
use crate::bitext::{LangPair, Place};
use std::collections::BTreeMap;

/// Pairs of forms that are kept at most; some 5 MB.
pub const LIMIT: usize = 200_000;
/// What an earlier count is worth, and at most.
const WORTH: (f32, f32) = (0.5, 10.0);
/// Counts below this are chance.
const LEAST: f32 = 0.5;
/// Pairs that make up less of their source form's counts are noise.
const SHARE: f32 = 0.05;
/// Longest form that is kept, in bytes: a longer one is not a word.
const LONGEST: usize = 64;

/// Counts of earlier texts, by source form, then target form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Priors {
    counts: BTreeMap<String, BTreeMap<String, f32>>,
    /// How many pairs there are.
    len: usize,
}

impl Priors {
    /// How many pairs of forms are known.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads what [`Priors::write`] wrote. `name` is the file's, for messages.
    ///
    /// Errors: a header for other languages, a line that is not `source⇥target⇥count`, with its
    /// place.
    pub fn read(name: &str, text: &str, pair: &LangPair) -> Result<Self, Error> {
        let mut priors = Self::default();
        let mut at = 0;
        for (number, raw) in text.split_inclusive('\n').enumerate() {
            let line = raw.trim_end_matches(['\n', '\r']);
            let wrong = |what: String| Error {
                what,
                place: Box::new(Place::at(name, text, at, line.len())),
            };
            if number == 0 {
                let header = header(pair);
                if line != header {
                    let what = format!(
                        "not a file of priors for this pair of languages: the first line is \
                        {line:?}, {header:?} is wanted"
                    );
                    return Err(wrong(what));
                }
            } else if !line.is_empty() {
                let cells: Vec<&str> = line.split('\t').collect();
                let count = match cells[..] {
                    [_, _, count] => count
                        .parse()
                        .ok()
                        .filter(|count: &f32| count.is_finite() && *count >= 0.0),
                    _ => None,
                };
                let Some(count) = count else {
                    return Err(wrong(
                        "this line is not `source<TAB>target<TAB>count`".into(),
                    ));
                };
                priors.add(cells[0], cells[1], count);
            }
            at += raw.len();
        }
        priors.bound();
        Ok(priors)
    }

    /// The file's text: most frequent pairs first, then by form.
    pub fn write(&self, pair: &LangPair) -> String {
        let mut out = header(pair);
        out.push('\n');
        for (count, source, target) in self.ranked() {
            out.push_str(&format!("{source}\t{target}\t{count:.2}\n"));
        }
        out
    }

    /// Adds what a corpus taught: one expected count per entry of its table of forms.
    pub(super) fn learn(&mut self, corpus: &WordCorpus, counts: &[f32]) {
        for (s, source) in corpus.source.forms.iter().enumerate() {
            let row = corpus.full.row(s);
            let total: f32 = counts[row.clone()].iter().sum();
            for at in row {
                let target = &corpus.target.forms[corpus.full.right[at] as usize];
                let is_word = |form: &str| {
                    form.len() <= LONGEST
                        && form.chars().any(char::is_alphanumeric)
                        && !form.contains(char::is_control)
                };
                if counts[at] >= LEAST
                    && counts[at] >= SHARE * total
                    && is_word(source)
                    && is_word(target)
                {
                    self.add(source, target, counts[at]);
                }
            }
        }
        self.bound();
    }

    /// Counts that these priors are worth for each entry of a corpus's table of forms.
    pub(super) fn worth(&self, corpus: &WordCorpus) -> Vec<f32> {
        let mut worth = vec![0.0; corpus.full.len()];
        for (s, source) in corpus.source.forms.iter().enumerate() {
            if let Some(known) = self.counts.get(source) {
                for at in corpus.full.row(s) {
                    if let Some(count) =
                        known.get(&corpus.target.forms[corpus.full.right[at] as usize])
                    {
                        worth[at] = (WORTH.0 * count).min(WORTH.1);
                    }
                }
            }
        }
        worth
    }

    fn add(&mut self, source: &str, target: &str, count: f32) {
        let by_target = self.counts.entry(source.to_owned()).or_default();
        let before = by_target.len();
        *by_target.entry(target.to_owned()).or_default() += count;
        self.len += by_target.len() - before;
    }

    fn ranked(&self) -> Vec<(f32, &str, &str)> {
        let mut all: Vec<_> = (self.counts.iter())
            .flat_map(|(source, targets)| {
                targets
                    .iter()
                    .map(move |(target, &count)| (count, source.as_str(), target.as_str()))
            })
            .collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        all
    }

    /// Drops the rarest pairs beyond the limit.
    fn bound(&mut self) {
        if self.len <= LIMIT {
            return;
        }
        let kept: Vec<(f32, String, String)> = (self.ranked().into_iter().take(LIMIT))
            .map(|(count, source, target)| (count, source.to_owned(), target.to_owned()))
            .collect();
        *self = Self::default();
        for (count, source, target) in kept {
            self.add(&source, &target, count);
        }
    }
}

fn header(pair: &LangPair) -> String {
    format!("{}\t{}\tcount", pair.source.base(), pair.target.base())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priors_come_back_as_they_went_out_and_broken_lines_are_named() {
        let pair = LangPair::default();
        let text = "nl\ten\tcount\nhuis\thouse\t12.50\nbijl\taxe\t3.00\n";
        let priors = Priors::read("p.tsv", text, &pair).expect("it is right");
        assert_eq!(priors.len(), 2);
        assert_eq!(priors.write(&pair), text);
        for (broken, line) in [
            ("", 0),
            ("de\ten\tcount\n", 1),
            ("nl\ten\tcount\nhuis\thouse\n", 2),
            ("nl\ten\tcount\na\tb\tNaN\n", 2),
        ] {
            match Priors::read("p.tsv", broken, &pair) {
                Ok(priors) => assert!(line == 0 && priors.is_empty()),
                Err(error) => assert_eq!(error.place.line, line),
            }
        }
    }

    #[test]
    fn the_rarest_pairs_are_dropped_beyond_the_limit() {
        let mut priors = Priors::default();
        for n in 0..LIMIT + 10 {
            priors.add(&format!("w{n}"), "x", n as f32);
        }
        priors.bound();
        assert_eq!(priors.len(), LIMIT);
        assert!(!priors.counts.contains_key("w9") && priors.counts.contains_key("w10"));
    }
}
