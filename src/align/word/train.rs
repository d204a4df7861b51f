//! Learns the lexicon and the jumps from the pairs: IBM model 1, then the HMM, both directions in agreement.
//!
//! Sources: P. Brown et al. (1993); P. Liang, B. Taskar, D. Klein, "Alignment by agreement" (2006); variational Bayes as in D. Riley, D. Gildea (2012).

use super::corpus::{Corpus, Sentence, Table};
use super::hmm::{self, BUCKETS, Jumps, Posteriors};

/// p(right | left) and p(left | right) for one table.
struct Lexical {
    forward: Vec<f32>,
    backward: Vec<f32>,
}

impl Lexical {
    /// Expected counts with their priors as probabilities; `rights` is the number of right numbers.
    fn of(table: &Table, counts: &[f32], prior: &[f32], rights: usize, floor: f32, soft: bool) -> Self {
        let lefts = table.starts.len() - 1;
        let mut by_left = vec![0.0_f32; lefts];
        let mut by_right = vec![0.0_f32; rights];
        let mass = |at: usize| counts[at] + prior[at] + floor;
        for at in 0..table.len() {
            by_left[table.left[at] as usize] += mass(at);
            by_right[table.right[at] as usize] += mass(at);
        }
        if !soft {
            let p = |sums: &[f32], numbers: &[u32], at: usize| mass(at) / sums[numbers[at] as usize];
            return Self {
                forward: (0..table.len()).map(|at| p(&by_left, &table.left, at)).collect(),
                backward: (0..table.len()).map(|at| p(&by_right, &table.right, at)).collect(),
            };
        }
        let norm = |sums: Vec<f32>| -> Vec<f32> { sums.into_iter().map(|sum| (-digamma(sum)).exp()).collect() };
        let (by_left, by_right) = (norm(by_left), norm(by_right));
        let tops: Vec<f32> = (0..table.len()).map(|at| digamma(mass(at)).exp()).collect();
        Self {
            forward: (0..table.len()).map(|at| tops[at] * by_left[table.left[at] as usize]).collect(),
            backward: (0..table.len()).map(|at| tops[at] * by_right[table.right[at] as usize]).collect(),
        }
    }
}

/// ψ(x) for x > 0: recurrence up to 6, then the asymptotic series.
fn digamma(mut x: f32) -> f32 {
    let mut result = 0.0;
    while x < 6.0 {
        result -= 1.0 / x;
        x += 1.0;
    }
    let f = 1.0 / (x * x);
    result + x.ln() - 0.5 / x - f * (1.0 / 12.0 - f * (1.0 / 120.0 - f / 252.0))
}

/// What was learned.
pub(super) struct Model {
    full: Lexical,
    heads: Lexical,
    null_target: Vec<f32>,
    null_source: Vec<f32>,
    jumps: [Jumps; 2],
    credits: Vec<f32>,
}

/// Both directions' posteriors of a sentence.
pub(super) struct Reading {
    /// p(source word | target word), at `target * sources + source`.
    pub forward: Posteriors,
    /// p(target word | source word), at `source * targets + target`.
    pub backward: Posteriors,
    pub credits: Vec<f32>,
}

impl Model {
    pub fn learn(corpus: &Corpus, credits: &[f32]) -> Self {
        let kappa = par!("KAPPA", 5.0);
        let prior: Vec<f32> = credits.iter().map(|credit| kappa * credit * credit).collect();
        let mut head_prior = vec![0.0_f32; corpus.heads.len()];
        for at in 0..corpus.full.len() {
            let head = corpus.heads.find(corpus.source.prefix[corpus.full.left[at] as usize], corpus.target.prefix[corpus.full.right[at] as usize]).expect("has");
            head_prior[head as usize] = head_prior[head as usize].max(prior[at]);
        }
        let mut model = Self {
            full: Lexical::of(&corpus.full, &vec![0.0; corpus.full.len()], &prior, corpus.target.forms.len(), par!("FLOOR0", 0.1), false),
            heads: Lexical::of(&corpus.heads, &vec![0.0; corpus.heads.len()], &head_prior, corpus.target.prefixes, par!("FLOOR0", 0.1), false),
            null_target: uniform(&corpus.target.counts),
            null_source: uniform(&corpus.source.counts),
            jumps: Default::default(),
            credits: credits.to_vec(),
        };
        let ibm = par!("IBM", 1.0) as usize;
        let rounds = ibm + par!("HMM", 3.0) as usize;
        for round in 0..rounds {
            let mut full = vec![0.0_f32; corpus.full.len()];
            let mut heads = vec![0.0_f32; corpus.heads.len()];
            let mut null_target = vec![0.0_f32; corpus.target.forms.len()];
            let mut null_source = vec![0.0_f32; corpus.source.forms.len()];
            let mut jump_counts = [[0.0_f32; BUCKETS]; 2];
            for sentence in &corpus.sentences {
                let (sources, targets) = (sentence.source.len(), sentence.target.len());
                let reading = model.posteriors(corpus, sentence, round < ibm, Some(&mut jump_counts));
                for s in 0..sources {
                    for t in 0..targets {
                        let (f, b) = (reading.forward.cells[t * sources + s], reading.backward.cells[s * targets + t]);
                        let count = match par!("AGR", 1.0) as u32 { 0 => f * b, 1 => (f * b).sqrt(), 2 => 0.5 * (f + b), _ => f * b * (2.0 - f * b) };
                        if count > 1e-5 {
                            full[sentence.full[s * targets + t] as usize] += count;
                            heads[sentence.heads[s * targets + t] as usize] += count;
                        }
                    }
                }
                for (t, &word) in sentence.target.iter().enumerate() {
                    null_target[word as usize] += reading.forward.null[t];
                }
                for (s, &word) in sentence.source.iter().enumerate() {
                    null_source[word as usize] += reading.backward.null[s];
                }
            }
            let alpha = par!("ALPHA", 0.01);
            model.full = Lexical::of(&corpus.full, &full, &prior, corpus.target.forms.len(), alpha, true);
            model.heads = Lexical::of(&corpus.heads, &heads, &head_prior, corpus.target.prefixes, alpha, true);
            model.null_target = nulls(&null_target, &corpus.target.counts);
            model.null_source = nulls(&null_source, &corpus.source.counts);
            if round >= ibm {
                model.jumps = [Jumps::learned(&jump_counts[0]), Jumps::learned(&jump_counts[1])];
            }
        }
        model
    }

    /// What the model says of one sentence of its corpus.
    pub fn read(&self, corpus: &Corpus, sentence: &Sentence) -> Reading {
        self.posteriors(corpus, sentence, false, None)
    }

    fn posteriors(&self, corpus: &Corpus, sentence: &Sentence, is_ibm: bool, jump_counts: Option<&mut [[f32; BUCKETS]; 2]>) -> Reading {
        let (sources, targets) = (sentence.source.len(), sentence.target.len());
        let mix = par!("MIX", 0.6);
        let tension = if is_ibm { par!("TENS1", 4.0) } else { par!("TENS", 0.0) };
        let mut forward = vec![0.0_f32; sources * targets];
        let mut backward = vec![0.0_f32; sources * targets];
        for s in 0..sources {
            let s_share = corpus.source.share[sentence.source[s] as usize];
            for t in 0..targets {
                let (full, head) = (sentence.full[s * targets + t] as usize, sentence.heads[s * targets + t] as usize);
                let t_share = corpus.target.share[sentence.target[t] as usize];
                let off = ((s as f32 + 0.5) / sources as f32 - (t as f32 + 0.5) / targets as f32).abs();
                let near = (-tension * off).exp();
                forward[t * sources + s] = near * (mix * self.full.forward[full] + (1.0 - mix) * self.heads.forward[head] * t_share);
                backward[s * targets + t] = near * (mix * self.full.backward[full] + (1.0 - mix) * self.heads.backward[head] * s_share);
            }
        }
        let null_target: Vec<f32> = sentence.target.iter().map(|&t| self.null_target[t as usize]).collect();
        let null_source: Vec<f32> = sentence.source.iter().map(|&s| self.null_source[s as usize]).collect();
        let p_null = par!("PNULL", 0.05);
        let run = |emission: &[f32], null: &[f32], emitters: usize, jumps: &Jumps, counts: Option<&mut [f32; BUCKETS]>| {
            if is_ibm { independent(emission, null, emitters, p_null) } else { hmm::posteriors(emission, null, emitters, jumps, p_null, counts) }
        };
        let (one, two) = match jump_counts {
            Some([one, two]) => (Some(one), Some(two)),
            None => (None, None),
        };
        Reading {
            forward: run(&forward, &null_target, sources, &self.jumps[0], one),
            backward: run(&backward, &null_source, targets, &self.jumps[1], two),
            credits: sentence.full.iter().map(|&at| self.credits[at as usize]).collect(),
        }
    }
}

fn uniform(counts: &[u32]) -> Vec<f32> {
    nulls(&vec![0.0; counts.len()], counts)
}

/// p(word | NULL), smoothed by how often the word stands in the corpus.
fn nulls(null: &[f32], counts: &[u32]) -> Vec<f32> {
    let total: f32 = null.iter().sum();
    let all: u32 = counts.iter().sum();
    let weight = par!("NULLW", 50.0);
    null.iter().zip(counts).map(|(&n, &c)| (n + weight * c as f32 / all as f32) / (total + weight)).collect()
}

/// Each word by itself, as in IBM model 1.
fn independent(emission: &[f32], null: &[f32], emitters: usize, p_null: f32) -> Posteriors {
    let mut cells = emission.to_vec();
    let mut empty = Vec::with_capacity(null.len());
    let share = (1.0 - p_null) / emitters as f32;
    for (row, null) in cells.chunks_mut(emitters.max(1)).zip(null) {
        let nothing = null * p_null;
        let factor = 1.0 / (row.iter().sum::<f32>() * share + nothing).max(1e-30);
        for cell in row {
            *cell *= share * factor;
        }
        empty.push(nothing * factor);
    }
    Posteriors { cells, null: empty }
}
