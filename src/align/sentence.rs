//! The procedure: evidence, a first look, learning from what is sure, a second look, and what the
//! result looks like.

use super::beads::{self, BeadKinds, KnownScores, Region, ScoredBead};
use super::confidence::{self, ConfidenceMode, Features};
use super::evidence::{self, KnownEvidence, SoftLexicon};
use super::score::{FeatureWeights, Scorer, TextShape};
use super::text_evidence::TextEvidence;
use super::vectors::Likeness;
use super::{AlignOptions, Alignment, Segment, chain, crossing, input_warning, learn, lone_gap};
use crate::bitext::Bead;
use crate::language::Language;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often the text teaches its own words.
const ROUNDS: usize = 2;
/// Probability from which a 1:1 bead teaches.
const SURE: f32 = 0.8;
/// Sure pairs from which a text teaches.
const PAIRS_ALONE: usize = 10;
/// The same where the words of right pairs are accounted for already.
const PAIRS_BESIDE_LEXICON: usize = 100;
/// Coverage of right pairs from which that is so.
const STRONG: f32 = 0.5;
/// Pairs that the usual coverage of a kind of evidence stands for, before anything was seen.
const PRIOR_PAIRS: f32 = 10.0;
/// Characters that speak for equal lengths before anything was seen.
const PRIOR_LENGTH: f32 = 5_000.0;

/// Aligns two texts.
///
/// Shapes: the beads are in order and cover `0..source.len()` and `0..target.len()`; an empty
/// sentence is a null bead by itself with confidence 1. `translations`, where given, has one entry
/// per source sentence, and vectors one row per sentence: what does not fit is passed over, as are
/// anchors and fixed beads that contradict each other or lie outside. Errors: none. Two empty texts
/// give no beads; one empty text gives null beads. Time and memory: near-linear in the sentences.
///
/// ```
/// use overzet::align::{AlignOptions, Lexicon, Segment, sentences};
/// use overzet::bitext::LangPair;
///
/// let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
/// let dutch = texts(&["De minister sprak.", "Het dorp telt 1.300 huizen.", "Het regende."]);
/// let english = texts(&["The minister spoke.", "The village has 1,300 houses. It rained."]);
/// let source = Segment::listed(&dutch, &[false; 3]);
/// let target = Segment::listed(&english, &[false; 2]);
/// let (pair, lexicon) = (LangPair::default(), Lexicon::built_in(&LangPair::default()));
/// let alignment = sentences(&source, &target, &AlignOptions::new(&pair, &lexicon));
/// let beads = alignment.beads.iter();
/// let beads: Vec<_> = beads.map(|bead| (bead.source.clone(), bead.target.clone())).collect();
/// assert_eq!(beads, [(0..1, 0..1), (1..3, 1..2)]);
/// ```
pub fn sentences(
    source: &[Segment<'_>],
    target: &[Segment<'_>],
    given: &AlignOptions<'_>,
) -> Alignment {
    align_with_features(source, target, given).0
}

/// The same, with what the confidence of each bead rests on; sentences that say nothing are passed
/// over there.
pub(crate) fn align_with_features(
    source: &[Segment<'_>],
    target: &[Segment<'_>],
    given: &AlignOptions<'_>,
) -> (Alignment, Vec<Features>) {
    let (here, there) = (NonEmptySegments::new(source), NonEmptySegments::new(target));
    let tongues = (
        Language::of(&given.pair.source.base()),
        Language::of(&given.pair.target.base()),
    );
    let target_side = TextEvidence::new(there.texts(target), tongues.1);
    let translations = given.translations.filter(|list| list.len() == source.len());
    let source_side = match translations {
        Some(list) => {
            let texts = here.at.iter().map(|&i| (list[i].as_str(), source[i].text));
            TextEvidence::translated(texts, (tongues.1, tongues.0))
        }
        None => TextEvidence::new(here.texts(source), tongues.0),
    };
    let known = KnownEvidence {
        lexicon: given.lexicon,
        source: tongues.0,
        target: tongues.1,
        translated: translations.is_some(),
    };
    let (soft, matched) = evidence::soft(&source_side, &target_side, &known);
    // How much of the text has a translation, or a vector.
    let share = match translations {
        _ if given.vectors.is_some() => 1.0,
        Some(list) => {
            let there = here.at.iter().filter(|&&i| !list[i].trim().is_empty());
            there.count() as f32 / here.at.len().max(1) as f32
        }
        None => 0.0,
    };
    let alone = ConfidenceMode::of(&source_side, &soft, &matched).strength();
    let strength = share * ConfidenceMode::Translation.strength() + (1.0 - share) * alone;
    let vectors = given
        .vectors
        .filter(|vectors| vectors.fit(source.len(), target.len()));
    let likeness = vectors.map(|vectors| Likeness::new(&vectors, (&here.at, &there.at)));
    let job = SentenceAligner {
        likeness: likeness.as_ref(),
        sides: (&source_side, &target_side),
        shapes: (here.shape(source), there.shape(target)),
        kinds: BeadKinds::new(given.max_bead.clamp(2, 8), given.one_to_one),
        strength,
        rectangles: rectangles(&here, &there, given),
        threads: given.threads.max(1),
    };
    let (mut found, soft, ratio, strength) = job.iterate(&soft);
    let scorer = job.scorer(&soft, ratio, FeatureWeights::of(strength));
    lone_gap::close(&mut found, &scorer);
    let crossings = crossing::find(&mut found, &scorer, strength, (&here.at, &there.at));
    let signs = confidence::signs(&found, &scorer, strength);
    let input_warnings =
        input_warning::input_warnings(source, target, given.pair, &found, &source_side);
    let certainty = if input_warnings
        .iter()
        .any(input_warning::InputWarning::is_grave)
    {
        0.5
    } else {
        1.0
    };
    let live: Vec<Bead> = found
        .iter()
        .zip(&signs)
        .map(|(bead, signs)| Bead {
            source: bead.source.clone(),
            target: bead.target.clone(),
            confidence: match bead.fixed {
                Some(_) => 1.0,
                None => certainty * confidence::of(signs),
            },
        })
        .collect();
    let alignment = Alignment {
        crossings,
        beads: expand(
            live.into_iter()
                .zip(found.iter().map(|bead| bead.fixed))
                .collect(),
            given.fixed,
            (&here, &there),
        ),
        matched,
        input_warnings,
    };
    (alignment, signs)
}

/// The sentences that say something.
struct NonEmptySegments {
    /// Their numbers in the text.
    at: Vec<usize>,
    /// How many the text has, empty ones included.
    all: usize,
}

impl NonEmptySegments {
    fn new(segments: &[Segment<'_>]) -> Self {
        let at = (0..segments.len())
            .filter(|&i| !segments[i].text.trim().is_empty())
            .collect();
        Self {
            at,
            all: segments.len(),
        }
    }

    fn texts<'a>(&'a self, segments: &'a [Segment<'a>]) -> impl Iterator<Item = &'a str> {
        self.at.iter().map(|&i| segments[i].text)
    }

    /// The first live sentence that is not before sentence `number` of the text.
    fn node(&self, number: usize) -> usize {
        self.at.partition_point(|&i| i < number)
    }

    fn shape(&self, segments: &[Segment<'_>]) -> TextShape {
        let parted = |k: usize| k > 0 && k < self.at.len() && self.at[k] > self.at[k - 1] + 1;
        let count = self.at.len();
        TextShape {
            furniture: self.at.iter().map(|&i| segments[i].furniture).collect(),
            opens: (0..=count)
                .map(|k| parted(k) || (k < count && segments[self.at[k]].opens))
                .collect(),
            barrier: (0..=count).map(parted).collect(),
        }
    }
}

/// A rectangle of live sentences to align, or a bead that stands.
#[derive(Debug, Clone)]
struct Rectangle {
    source: Range<usize>,
    target: Range<usize>,
    /// Number of the fixed bead that it is.
    fixed: Option<usize>,
}

/// What anchors and fixed beads leave to be aligned, in order. What contradicts what came before is
/// passed over.
fn rectangles(
    here: &NonEmptySegments,
    there: &NonEmptySegments,
    given: &AlignOptions<'_>,
) -> Vec<Rectangle> {
    let mut cuts: Vec<Rectangle> = Vec::new();
    for (number, bead) in given.fixed.iter().enumerate() {
        cuts.push(Rectangle {
            source: here.node(bead.source.start)..here.node(bead.source.end),
            target: there.node(bead.target.start)..there.node(bead.target.end),
            fixed: Some(number),
        });
    }
    for &(i, j) in given.anchors {
        let (i, j) = (here.node(i), there.node(j));
        cuts.push(Rectangle {
            source: i..i,
            target: j..j,
            fixed: None,
        });
    }
    cuts.sort_by_key(|cut| {
        (
            cut.source.start,
            cut.target.start,
            cut.source.end,
            cut.target.end,
        )
    });
    let mut found = Vec::new();
    let mut before = (0, 0);
    let end = Rectangle {
        source: here.at.len()..here.at.len(),
        target: there.at.len()..there.at.len(),
        fixed: None,
    };
    for cut in cuts.into_iter().chain([end]) {
        if cut.source.start < before.0 || cut.target.start < before.1 {
            continue;
        }
        found.push(Rectangle {
            source: before.0..cut.source.start,
            target: before.1..cut.target.start,
            fixed: None,
        });
        before = (cut.source.end, cut.target.end);
        if cut.fixed.is_some() {
            found.push(cut);
        }
    }
    found
}

/// What stays the same over the rounds.
struct SentenceAligner<'a> {
    sides: (&'a TextEvidence, &'a TextEvidence),
    shapes: (TextShape, TextShape),
    kinds: BeadKinds,
    likeness: Option<&'a Likeness>,
    /// Coverage of a right pair, before anything was seen.
    strength: f32,
    rectangles: Vec<Rectangle>,
    threads: usize,
}

impl SentenceAligner<'_> {
    fn scorer<'s>(
        &'s self,
        soft: &'s SoftLexicon,
        ratio: f32,
        weights: FeatureWeights,
    ) -> Scorer<'s> {
        let shapes = (&self.shapes.0, &self.shapes.1);
        Scorer::new(
            self.sides.0,
            self.sides.1,
            soft,
            shapes,
            ratio,
            self.likeness,
            weights,
        )
    }

    /// Looks, learns, and looks again while that changes something.
    ///
    /// Gives the beads, the soft lexicon with what was learned, target characters per source
    /// character, and the strength of the evidence.
    fn iterate(&self, soft: &SoftLexicon) -> (Vec<ScoredBead>, SoftLexicon, f32, f32) {
        let (here, there) = self.sides;
        let mut ratio = ratio(here.lengths.iter().sum(), there.lengths.iter().sum());
        let mut current = soft.clone();
        let mut strength = self.strength;
        // What is covered depends on the words alone, not on the weights.
        let mut known = KnownScores::new();
        let mut found = self.decode(&current, ratio, FeatureWeights::of(strength), &mut known);
        for round in 0..ROUNDS {
            let sure: Vec<&ScoredBead> = found
                .iter()
                .filter(|b| b.source.len() == 1 && b.target.len() == 1 && b.posterior > SURE)
                .collect();
            let before = (ratio, FeatureWeights::of(strength));
            if round == 0 {
                let sum: f32 = sure.iter().map(|bead| bead.coverage).sum();
                strength = (sum + PRIOR_PAIRS * self.strength) / (sure.len() as f32 + PRIOR_PAIRS);
            }
            let lengths = |side: &TextEvidence, pick: fn(&ScoredBead) -> usize| {
                sure.iter()
                    .map(|bead| side.lengths[pick(bead)])
                    .sum::<f32>()
            };
            ratio = self::ratio(
                lengths(here, |b| b.source.start),
                lengths(there, |b| b.target.start),
            );
            let least = if strength >= STRONG {
                PAIRS_BESIDE_LEXICON
            } else {
                PAIRS_ALONE
            };
            if sure.len() >= least {
                let pairs: Vec<_> = sure
                    .iter()
                    .map(|b| (b.source.start, b.target.start))
                    .collect();
                current = evidence::merged(soft, &learn::learn(here, there, &pairs));
                known.clear();
            } else if before.1 == FeatureWeights::of(strength) && (ratio - before.0).abs() < 0.02 {
                break;
            }
            let next = self.decode(&current, ratio, FeatureWeights::of(strength), &mut known);
            let settled = next.len() == found.len()
                && next
                    .iter()
                    .zip(&found)
                    .all(|(a, b)| a.source == b.source && a.target == b.target);
            found = next;
            if settled {
                break;
            }
        }
        (found, current, ratio, strength)
    }

    fn decode(
        &self,
        soft: &SoftLexicon,
        ratio: f32,
        weights: FeatureWeights,
        known: &mut KnownScores,
    ) -> Vec<ScoredBead> {
        let scorer = self.scorer(soft, ratio, weights);
        let mut work: Vec<Result<Region, ScoredBead>> = Vec::new();
        for Rectangle {
            source,
            target,
            fixed,
        } in self.rectangles.iter().cloned()
        {
            if fixed.is_some() {
                work.push(Err(ScoredBead {
                    source,
                    target,
                    posterior: 1.0,
                    coverage: 1.0,
                    fixed,
                }));
            } else if !source.is_empty() || !target.is_empty() {
                work.extend(
                    chain::regions(source, target, self.sides, soft)
                        .into_iter()
                        .map(Ok),
                );
            }
        }
        // A long text would remember too much.
        if let [Ok(region)] = &work[..] {
            return beads::path(
                region,
                &scorer,
                &self.kinds,
                &mut scorer.scratch(),
                Some(known),
            );
        }
        in_parallel(
            &work,
            self.threads,
            || scorer.scratch(),
            |scratch, item| match item {
                Ok(region) => beads::path(region, &scorer, &self.kinds, scratch, None),
                Err(found) => vec![found.clone()],
            },
        )
        .concat()
    }
}

/// Target characters per source character, drawn towards 1 while little was seen.
fn ratio(source: f32, target: f32) -> f32 {
    ((target + PRIOR_LENGTH) / (source + PRIOR_LENGTH)).clamp(0.6, 1.7)
}

/// Does the work on several threads; the answers come in the order of the work.
pub fn in_parallel<T: Sync, R: Send, W>(
    work: &[T],
    threads: usize,
    workplace: impl Fn() -> W + Sync,
    act: impl Fn(&mut W, &T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(work.len());
    if threads <= 1 {
        let mut scratch = workplace();
        return work.iter().map(|item| act(&mut scratch, item)).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(work.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut scratch = workplace();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = work.get(number) else { break };
                    let answer = act(&mut scratch, item);
                    done.lock()
                        .expect("no thread panics while it holds the list")
                        .push((number, answer));
                }
            });
        }
    });
    let mut done = done
        .into_inner()
        .expect("no thread panics while it holds the list");
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, answer)| answer).collect()
}

/// The beads in the numbers of the texts, with the empty sentences between them as null beads and
/// the fixed beads as they were.
fn expand(
    live: Vec<(Bead, Option<usize>)>,
    fixed: &[Bead],
    (here, there): (&NonEmptySegments, &NonEmptySegments),
) -> Vec<Bead> {
    let mut beads = Vec::with_capacity(live.len());
    let mut at = (0, 0);
    let outer = |live: &NonEmptySegments, range: &Range<usize>| {
        if range.is_empty() {
            None
        } else {
            Some(live.at[range.start]..live.at[range.end - 1] + 1)
        }
    };
    let alone = |beads: &mut Vec<Bead>, at: &mut (usize, usize), to: (usize, usize)| {
        for i in at.0..to.0 {
            beads.push(Bead {
                source: i..i + 1,
                target: at.1..at.1,
                confidence: 1.0,
            });
        }
        at.0 = at.0.max(to.0);
        for j in at.1..to.1 {
            beads.push(Bead {
                source: at.0..at.0,
                target: j..j + 1,
                confidence: 1.0,
            });
        }
        at.1 = at.1.max(to.1);
    };
    for (bead, approved) in live {
        let source = outer(here, &bead.source);
        let target = outer(there, &bead.target);
        let (mut source, mut target) = (source.unwrap_or(at.0..at.0), target.unwrap_or(at.1..at.1));
        // A bead that a person approved may hold empty sentences at its ends.
        if let Some(known) = approved.map(|number| &fixed[number]) {
            (source, target) = (known.source.clone(), known.target.clone());
        }
        alone(&mut beads, &mut at, (source.start, target.start));
        let end = (source.end.max(at.0), target.end.max(at.1));
        beads.push(Bead {
            source: if source.is_empty() {
                at.0..at.0
            } else {
                source
            },
            target: if target.is_empty() {
                at.1..at.1
            } else {
                target
            },
            confidence: bead.confidence,
        });
        at = end;
    }
    alone(&mut beads, &mut at, (here.all, there.all));
    beads
}
