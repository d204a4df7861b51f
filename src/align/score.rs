//! How well a group of source sentences fits a group of target sentences.
//!
//! ```text
//! bead m:n    (coverage − τ)·u + λ·length − prior(m:n)        null bead    −p₀·u
//! ```
//! *Coverage* is the weighted share of all words, both sides together, that the other side accounts
//! for. It is clipped: two `the` are not covered by one `de`. *u* grows with the square root of
//! what a sentence weighs, so that long sentences count more, but not in proportion. *Length* is
//! −ln(1 + δ²/4), δ the difference in characters in standard deviations (Gale and Church 1993:
//! variance 6.8 per character).

use super::evidence::SoftLexicon;
use super::text_evidence::TextEvidence;
use super::vectors::Likeness;
use std::ops::Range;

/// The weights of the parts. One set per strength of evidence, found by random search over the
/// development sets: near the middle of the best sets, not a proven optimum. The cost of 2:2 alone
/// moves the German–French document by .03.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FeatureWeights {
    /// Coverage at which two sentences fit neither well nor badly.
    pub tau: f32,
    /// What an unpaired sentence of mean weight costs.
    pub null: f32,
    /// Exponent of a sentence's weight.
    pub gamma: f32,
    /// Weight of the lengths.
    pub lambda: f32,
    /// What 1:2 and 2:1 cost.
    pub one_two: f32,
    /// What every further sentence of 1:n costs.
    pub further: f32,
    /// What 2:2 costs.
    pub two_two: f32,
    /// What one side of a paragraph's start costs without the other.
    pub paragraph: f32,
    /// Scale of scores when they become probabilities.
    pub temperature: f32,
}

/// Weights where hardly anything but lengths speaks.
pub(crate) const WEAK: FeatureWeights = FeatureWeights {
    tau: 0.3,
    null: 0.37,
    gamma: 0.53,
    lambda: 0.32,
    one_two: 0.16,
    further: 0.07,
    two_two: 0.3,
    paragraph: 0.1,
    temperature: 0.035,
};

/// Weights where the words of a right pair are accounted for.
pub(crate) const STRONG: FeatureWeights = FeatureWeights {
    tau: 0.14,
    null: 0.06,
    gamma: 0.5,
    lambda: 0.12,
    one_two: 0.16,
    further: 0.2,
    two_two: 0.35,
    paragraph: 0.1,
    temperature: 0.06,
};

/// Weights between the two.
pub(crate) const MIDDLE: FeatureWeights = FeatureWeights {
    tau: 0.35,
    null: 0.43,
    gamma: 0.41,
    lambda: 0.24,
    one_two: 0.17,
    further: 0.11,
    two_two: 0.33,
    paragraph: 0.1,
    temperature: 0.035,
};

/// The three sets, each with the coverage of right pairs at which it holds alone.
pub(crate) const SETS: [(f32, FeatureWeights); 3] = [(0.2, WEAK), (0.43, MIDDLE), (0.65, STRONG)];

/// The two sets that a strength lies between, and how far it is on the way from the first to the
/// second, 0..=1.
fn between(sets: &[(f32, FeatureWeights); 3], strength: f32) -> (usize, usize, f32) {
    let low = usize::from(strength > sets[1].0);
    let share = (strength - sets[low].0) / (sets[low + 1].0 - sets[low].0);
    (low, low + 1, share.clamp(0.0, 1.0))
}

impl FeatureWeights {
    /// The weights for evidence under which a right pair has this coverage: those of the two
    /// nearest sets, mixed.
    pub fn of(strength: f32) -> Self {
        Self::mixed(&SETS, strength)
    }

    /// Weights between sets.
    pub fn mixed(sets: &[(f32, Self); 3], strength: f32) -> Self {
        let (low, high, share) = between(sets, strength);
        let (weak, strong) = (&sets[low].1, &sets[high].1);
        let mix = |part: fn(&Self) -> f32| part(weak) + share * (part(strong) - part(weak));
        Self {
            tau: mix(|w| w.tau),
            null: mix(|w| w.null),
            gamma: mix(|w| w.gamma),
            lambda: mix(|w| w.lambda),
            one_two: mix(|w| w.one_two),
            further: mix(|w| w.further),
            two_two: mix(|w| w.two_two),
            paragraph: mix(|w| w.paragraph),
            temperature: mix(|w| w.temperature),
        }
    }
}

/// What the scorer needs to know of a sentence beside its words.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextShape {
    /// Whether it is page furniture.
    pub furniture: Vec<bool>,
    /// Whether a paragraph begins with it; one entry more than sentences.
    pub opens: Vec<bool>,
    /// Whether nothing may reach across the boundary before it; one entry more than sentences.
    pub barrier: Vec<bool>,
}

/// What a pair of furniture and running text costs.
const MIXED: f32 = 0.3;

/// Sums up to a sentence, for differences.
#[derive(Debug, Default)]
struct PrefixSums {
    length: Vec<f64>,
    u: Vec<f64>,
    mass: Vec<f64>,
    furniture: Vec<u32>,
}

impl PrefixSums {
    fn new(side: &TextEvidence, shape: &TextShape, gamma: f32) -> Self {
        let count = side.masses.iter().filter(|m| **m > 0.0).count().max(1);
        let mean =
            (side.masses.iter().map(|m| f64::from(*m)).sum::<f64>() / count as f64).max(1e-6);
        let mut sums = Self {
            length: vec![0.0],
            u: vec![0.0],
            mass: vec![0.0],
            furniture: vec![0],
        };
        let (mut length, mut u, mut mass, mut furniture) = (0.0, 0.0, 0.0, 0);
        for i in 0..side.masses.len() {
            length += f64::from(side.lengths[i]);
            u += (f64::from(side.masses[i]) / mean)
                .max(0.02)
                .powf(f64::from(gamma));
            mass += f64::from(side.masses[i]);
            furniture += u32::from(shape.furniture[i]);
            sums.length.push(length);
            sums.u.push(u);
            sums.mass.push(mass);
            sums.furniture.push(furniture);
        }
        sums
    }
}

fn span_of(sums: &[f64], range: &Range<usize>) -> f32 {
    (sums[range.end] - sums[range.start]) as f32
}

/// Everything that stays the same while beads are scored.
pub(crate) struct Scorer<'a> {
    source: &'a TextEvidence,
    target: &'a TextEvidence,
    soft: &'a SoftLexicon,
    shapes: (&'a TextShape, &'a TextShape),
    sums: (PrefixSums, PrefixSums),
    /// Target characters per source character.
    ratio: f32,
    /// Vectors of the sentences, where somebody gave them.
    likeness: Option<&'a Likeness>,
    /// How much a paragraph's start says: little where every sentence has one.
    paragraphs: f32,
    /// The weights.
    pub weights: FeatureWeights,
}

/// Per thread: which types the beads at hand have, and how far they are covered.
pub(crate) struct CoverageScratch {
    stamp: u32,
    source: Vec<TypeSlot>,
    target: Vec<TypeSlot>,
    source_types: Vec<u32>,
    target_types: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct TypeSlot {
    stamp: u32,
    count: f32,
    offered: f32,
    best: f32,
}

impl<'a> Scorer<'a> {
    /// `ratio` is target characters per source character.
    pub fn new(
        source: &'a TextEvidence,
        target: &'a TextEvidence,
        soft: &'a SoftLexicon,
        shapes: (&'a TextShape, &'a TextShape),
        ratio: f32,
        likeness: Option<&'a Likeness>,
        weights: FeatureWeights,
    ) -> Self {
        let sums = (
            PrefixSums::new(source, shapes.0, weights.gamma),
            PrefixSums::new(target, shapes.1, weights.gamma),
        );
        Self {
            source,
            target,
            soft,
            shapes,
            sums,
            ratio,
            likeness,
            paragraphs: weights.paragraph * telling(shapes),
            weights,
        }
    }

    /// A fresh workplace.
    pub fn scratch(&self) -> CoverageScratch {
        CoverageScratch {
            stamp: 0,
            source: vec![TypeSlot::default(); self.source.forms.len()],
            target: vec![TypeSlot::default(); self.target.forms.len()],
            source_types: Vec::new(),
            target_types: Vec::new(),
        }
    }

    /// The weighted share of the words of both groups that the other group accounts for, 0..=1;
    /// vectors, where given, have their say.
    pub fn coverage(
        &self,
        scratch: &mut CoverageScratch,
        source: Range<usize>,
        target: Range<usize>,
    ) -> f32 {
        let words = self.words(scratch, source.clone(), target.clone());
        self.likeness
            .map_or(words, |likeness| likeness.mixed(words, source, target))
    }

    fn words(
        &self,
        scratch: &mut CoverageScratch,
        source: Range<usize>,
        target: Range<usize>,
    ) -> f32 {
        let mass = span_of(&self.sums.0.mass, &source) + span_of(&self.sums.1.mass, &target);
        if mass <= 0.0 {
            return 0.0;
        }
        scratch.stamp += 1;
        let stamp = scratch.stamp;
        fill(
            &mut scratch.target,
            &mut scratch.target_types,
            stamp,
            &self.target.bags[target],
        );
        fill(
            &mut scratch.source,
            &mut scratch.source_types,
            stamp,
            &self.source.bags[source],
        );
        let mut covered = 0.0;
        for &id in &scratch.source_types {
            let count = scratch.source[id as usize].count;
            let (mut offered, mut best) = (0.0_f32, 0.0_f32);
            for &(other, credit) in &self.soft[id as usize] {
                let slot = &mut scratch.target[other as usize];
                if slot.stamp == stamp {
                    offered += slot.count * credit;
                    best = best.max(credit);
                    slot.offered += count * credit;
                    slot.best = slot.best.max(credit);
                }
            }
            covered += self.source.weights[id as usize] * offered.min(count * best);
        }
        for &id in &scratch.target_types {
            let slot = scratch.target[id as usize];
            covered += self.target.weights[id as usize] * slot.offered.min(slot.count * slot.best);
        }
        covered / mass
    }

    /// Whether two sentences say enough to be compared: each has at least half the mean weight.
    pub fn weight_of(&self, source: usize, target: usize) -> bool {
        let u = |sums: &PrefixSums, i: usize| span_of(&sums.u, &(i..i + 1));
        u(&self.sums.0, source) > 0.5 && u(&self.sums.1, target) > 0.5
    }

    /// How well the lengths fit, at most 0.
    fn length(&self, source: &Range<usize>, target: &Range<usize>) -> f32 {
        let ls = span_of(&self.sums.0.length, source) * self.ratio;
        let lt = span_of(&self.sums.1.length, target);
        let mean = f32::midpoint(ls, lt).max(1.0);
        let delta2 = (lt - ls).powi(2) / (6.8 * mean);
        -(1.0 + delta2 / 4.0).ln()
    }

    /// How much two groups weigh, in sentences of mean weight.
    pub fn extent(&self, source: &Range<usize>, target: &Range<usize>) -> f32 {
        0.5 * (span_of(&self.sums.0.u, source) + span_of(&self.sums.1.u, target))
    }

    /// What a bead of this form costs before anything is looked at.
    fn prior(&self, m: usize, n: usize) -> f32 {
        let w = &self.weights;
        match (m.min(n), m.max(n)) {
            (1, 1) => 0.0,
            (1, more) => w.one_two + w.further * (more - 2) as f32,
            (less, more) => w.two_two + w.further * (less + more - 4) as f32,
        }
    }

    /// The score of a null bead.
    pub fn null(&self, source: &Range<usize>, target: &Range<usize>) -> f32 {
        let u = span_of(&self.sums.0.u, source) + span_of(&self.sums.1.u, target);
        let furniture = self.furniture(source, target);
        -self.weights.null * u * if furniture > 0 { 0.4 } else { 1.0 }
            - self.paragraphs(source, target)
    }

    fn furniture(&self, source: &Range<usize>, target: &Range<usize>) -> u32 {
        let count = |sums: &PrefixSums, range: &Range<usize>| {
            sums.furniture[range.end] - sums.furniture[range.start]
        };
        count(&self.sums.0, source) + count(&self.sums.1, target)
    }

    fn paragraphs(&self, source: &Range<usize>, target: &Range<usize>) -> f32 {
        let inside = |opens: &[bool], range: &Range<usize>| {
            (range.start + 1..range.end).filter(|&i| opens[i]).count() as f32
        };
        let (s, t) = (&self.shapes.0.opens, &self.shapes.1.opens);
        let starts = !source.is_empty() && !target.is_empty() && s[source.start] != t[target.start];
        self.paragraphs
            * (f32::from(u8::from(starts)) + 2.0 * (inside(s, source) - inside(t, target)).abs())
    }

    /// Whether a group may be one side of a bead.
    fn holds(shape: &TextShape, range: &Range<usize>) -> bool {
        (range.start + 1..range.end).all(|i| !shape.barrier[i])
    }

    /// Whether two groups may be the two sides of a bead.
    pub fn may_join(&self, source: &Range<usize>, target: &Range<usize>) -> bool {
        !source.is_empty()
            && !target.is_empty()
            && Self::holds(self.shapes.0, source)
            && Self::holds(self.shapes.1, target)
    }

    /// Whether two groups may be joined, both or neither have furniture, and neither has more than
    /// `most` characters.
    pub fn are_short(&self, source: &Range<usize>, target: &Range<usize>, most: f32) -> bool {
        self.may_join(source, target)
            && self.furniture(source, target) != 1
            && span_of(&self.sums.0.length, source) <= most
            && span_of(&self.sums.1.length, target) <= most
    }

    /// The score of a bead with two sides, given the coverage of its two groups; none where it may
    /// not be.
    pub fn bead(&self, coverage: f32, source: &Range<usize>, target: &Range<usize>) -> Option<f32> {
        if !self.may_join(source, target) {
            return None;
        }
        // Furniture is not merged with anything, and pairs with what does not read as furniture
        // only if the words insist.
        let furniture = self.furniture(source, target);
        if furniture > 0 && source.len() + target.len() > 2 {
            return None;
        }
        let mixed = if furniture == 1 { MIXED } else { 0.0 };
        let fixed = self.weights.lambda * self.length(source, target)
            - self.prior(source.len(), target.len())
            - mixed
            - self.paragraphs(source, target);
        Some((coverage - self.weights.tau) * self.extent(source, target) + fixed)
    }
}

/// The share of sentences that open no paragraph, on the side where most do.
fn telling(shapes: (&TextShape, &TextShape)) -> f32 {
    let share = |shape: &TextShape| {
        let opens = shape.opens.iter().filter(|opens| **opens).count() as f32;
        1.0 - (opens + 1.0) / (shape.furniture.len() as f32 + 1.0)
    };
    share(shapes.0).min(share(shapes.1)).max(0.0)
}

fn fill(slots: &mut [TypeSlot], types: &mut Vec<u32>, stamp: u32, bags: &[Vec<(u32, f32)>]) {
    types.clear();
    for bag in bags {
        for &(id, count) in bag {
            let slot = &mut slots[id as usize];
            if slot.stamp == stamp {
                slot.count += count;
            } else {
                *slot = TypeSlot {
                    stamp,
                    count,
                    offered: 0.0,
                    best: 0.0,
                };
                types.push(id);
            }
        }
    }
}
