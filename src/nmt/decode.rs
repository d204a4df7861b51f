//! The decoder loop: writes target pieces step by step, for a batch of sentences at once or for
//! several hypotheses of one sentence (beam search).
//!
//! No result depends on the rest of the batch: every row is computed by itself, in a fixed order of
//! operations.

use super::constraints::{
    ConstraintState, ConstraintTracker, REACHED_ATTENTION, StepChoice, StepContext, argmax,
};
use super::embedding::OutputLayer;
use super::float;
use super::kernel::KernelLevel;
use super::linear::grow_buffer;
use super::network::{DecoderState, EncodedBatch, NetworkBuffers, StepInput, StudentNetwork};
use super::vocab::{EOS, UNK};

/// A target sentence, complete or in progress.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hypothesis {
    /// Target ids, with EOS at the end if the model ended the sentence.
    pub tokens: Vec<u32>,
    /// Natural-log probability of every id over the candidates of its step.
    pub logprobs: Vec<f32>,
    /// Logit of the best candidate minus that of the second best, per step.
    pub margins: Vec<f32>,
    /// Attention weights, `[steps][source tokens]`; every row sums to 1.
    pub alignment: Vec<Vec<f32>>,
    /// The id that the model preferred at every step.
    pub best: Vec<u32>,
}

impl Hypothesis {
    fn truncate(&mut self, steps: usize) {
        self.tokens.truncate(steps);
        self.logprobs.truncate(steps);
        self.margins.truncate(steps);
        self.alignment.truncate(steps);
        self.best.truncate(steps);
    }

    fn push(
        &mut self,
        id: u32,
        summary: &LogitSummary,
        ids: &[u32],
        logits: &[f32],
        attention: &[f32],
    ) {
        self.tokens.push(id);
        self.logprobs.push(summary.logprob(ids, logits, id));
        self.margins.push(summary.margin);
        self.alignment.push(attention.to_vec());
        self.best.push(summary.best);
    }

    /// Mean log-probability of an id.
    pub fn score(&self) -> f32 {
        float::sum(&self.logprobs) / self.logprobs.len().max(1) as f32
    }
}

/// The figures of one row of logits that every step needs.
#[derive(Debug, Clone, Copy)]
struct LogitSummary {
    best: u32,
    margin: f32,
    /// ln Σ eˣ over the candidates.
    norm: f32,
}

impl LogitSummary {
    /// Sets the logit of the unknown piece to −∞, because it is never chosen, and measures the row.
    fn of(level: KernelLevel, ids: &[u32], logits: &mut [f32]) -> Self {
        if let Ok(index) = ids.binary_search(&UNK) {
            logits[index] = f32::NEG_INFINITY;
        }
        let logits = &*logits;
        let (index, second, sum) = level.run(
            #[inline(always)]
            || {
                let most = float::highest(logits);
                let index = logits.iter().position(|&v| v == most).unwrap_or(0);
                let (before, after) = logits.split_at(index);
                let second =
                    float::highest(before).max(float::highest(after.get(1..).unwrap_or(&[])));
                (index, second, float::sum_of_exp(logits, most))
            },
        );
        let most = logits[index];
        Self {
            best: ids[index],
            margin: most - second,
            norm: (f64::from(most) + float::ln(sum)) as f32,
        }
    }

    fn logprob(&self, ids: &[u32], logits: &[f32], id: u32) -> f32 {
        let logit = ids
            .binary_search(&id)
            .map_or(f32::NEG_INFINITY, |at| logits[at]);
        // Only a forced id can be masked; a finite number keeps the sums usable.
        (logit - self.norm).max(-1e4)
    }
}

/// A sentence of the batch during decoding.
#[derive(Debug)]
pub struct DecoderRow<'a> {
    /// Ids that the target must begin with.
    pub given: &'a [u32],
    /// Whether the target consists of the given ids only (forced decoding).
    pub only_given: bool,
    /// Most ids that may be written.
    pub limit: usize,
    /// Terms and bans, if the sentence has any.
    pub tracker: Option<ConstraintTracker<'a>>,
    /// The output layer over the candidates of the sentence.
    pub output: &'a OutputLayer,
    /// The target so far.
    pub hypothesis: Hypothesis,
    /// State and constraints before every step, for going back.
    saved: Vec<(Vec<f32>, ConstraintState)>,
}

impl<'a> DecoderRow<'a> {
    /// A sentence before its first step.
    pub fn new(output: &'a OutputLayer, given: &'a [u32], only_given: bool, limit: usize) -> Self {
        Self {
            given,
            only_given,
            limit,
            tracker: None,
            output,
            hypothesis: Hypothesis::default(),
            saved: Vec::new(),
        }
    }
}

/// The decoder for one batch.
#[derive(Debug)]
pub struct Decoder<'n> {
    /// The weights.
    pub network: &'n StudentNetwork,
    /// The kernels to use.
    pub level: KernelLevel,
    /// The encoded source sentences.
    pub encoded: &'n EncodedBatch,
}

impl Decoder<'_> {
    fn step(
        &self,
        rows: &[StepInput],
        state: &mut DecoderState,
        buffers: &mut NetworkBuffers,
        attention: &mut Vec<Vec<f32>>,
    ) -> Vec<f32> {
        let (level, encoded) = (self.level, self.encoded);
        (self.network).step(level, rows, encoded, state, buffers, attention)
    }

    /// Writes all sentences; row i translates sentence i. A finished row leaves the batch at once.
    pub fn run(&self, rows: &mut [DecoderRow<'_>], buffers: &mut NetworkBuffers) {
        let mut live: Vec<usize> = (0..rows.len())
            .filter(|&at| rows[at].limit > 0 && !(rows[at].only_given && rows[at].given.is_empty()))
            .collect();
        let mut state = DecoderState::new(self.network, live.len());
        let (mut attention, mut logits) = (Vec::new(), Vec::new());
        while !live.is_empty() {
            let inputs: Vec<StepInput> = live
                .iter()
                .map(|&at| step_input(at, &rows[at].hypothesis.tokens))
                .collect();
            for (index, &at) in live.iter().enumerate() {
                let row = &mut rows[at];
                if let Some(tracker) = &row.tracker {
                    row.saved.truncate(row.hypothesis.tokens.len());
                    row.saved.push((state.row(index), tracker.state.clone()));
                }
            }
            let x = self.step(&inputs, &mut state, buffers, &mut attention);
            let dim = self.network.shape.dim;
            let shared = live
                .iter()
                .all(|&at| std::ptr::eq(rows[at].output, rows[live[0]].output));
            if shared {
                let output = rows[live[0]].output;
                let all = grow_buffer(&mut logits, live.len() * output.ids.len());
                output.logits(self.level, &x, dim, &mut buffers.quantised, all);
            }
            let mut kept = Vec::with_capacity(live.len());
            for (index, &at) in live.iter().enumerate() {
                let row = &mut rows[at];
                let width = row.output.ids.len();
                let own = if shared {
                    &mut logits[index * width..(index + 1) * width]
                } else {
                    let x = &x[index * dim..(index + 1) * dim];
                    let own = grow_buffer(&mut logits, width);
                    row.output
                        .logits(self.level, x, dim, &mut buffers.quantised, own);
                    own
                };
                if self.advance(row, at, index, &mut state, own, &attention[index]) {
                    kept.push(index);
                }
            }
            if kept.len() < live.len() {
                state.select(&kept);
                live = kept.into_iter().map(|index| live[index]).collect();
            }
        }
    }

    /// Takes one step of a row; false when it has ended.
    fn advance(
        &self,
        row: &mut DecoderRow<'_>,
        sentence: usize,
        slot: usize,
        state: &mut DecoderState,
        logits: &mut [f32],
        attention: &[f32],
    ) -> bool {
        let ids = &row.output.ids;
        let step = row.hypothesis.tokens.len();
        let summary = LogitSummary::of(self.level, ids, logits);
        let id = match (row.given.get(step), &mut row.tracker) {
            (Some(&id), _) => id,
            (None, None) => summary.best,
            (None, Some(tracker)) => {
                let mut masked = logits.to_vec();
                let choice = tracker.choose(&mut StepContext {
                    tokens: &row.hypothesis.tokens,
                    alignment: &row.hypothesis.alignment,
                    attention,
                    ids,
                    logits: &mut masked,
                    pieces_left: row.limit - step,
                });
                let lookahead = Lookahead {
                    decoder: self,
                    output: row.output,
                    sentence,
                    tokens: &row.hypothesis.tokens,
                    summary: &summary,
                    logits,
                };
                match choice {
                    StepChoice::Take(id) => id,
                    StepChoice::Due(term) => {
                        let (form, _) = lookahead.best_form(tracker, term, &[], &state.row(slot));
                        tracker.begin(&row.hypothesis.tokens, term, form)
                    }
                    StepChoice::Reached(term, own) => {
                        match lookahead.decide(tracker, term, own, &state.row(slot)) {
                            LookaheadResult::Write(form) => {
                                tracker.begin(&row.hypothesis.tokens, term, form)
                            }
                            LookaheadResult::Wait { steps, led } => {
                                tracker.wait(term, step + steps, led);
                                own
                            }
                        }
                    }
                    StepChoice::Back(to) => return Self::back(row, to, slot, state),
                }
            }
        };
        row.hypothesis.push(id, &summary, ids, logits, attention);
        let done = if row.only_given {
            step + 1 == row.given.len()
        } else {
            id == EOS || step + 1 >= row.limit
        };
        if done
            && let Some(tracker) = &mut row.tracker
            && let Some(to) = tracker.end(&row.hypothesis.tokens)
        {
            return Self::back(row, to.max(row.given.len()), slot, state);
        }
        !done
    }

    /// Puts a row back to the beginning of step `to`; false if no state was saved for it.
    fn back(row: &mut DecoderRow<'_>, to: usize, slot: usize, state: &mut DecoderState) -> bool {
        let to = to.max(row.given.len());
        let (Some((saved, saved_constraints)), Some(tracker)) =
            (row.saved.get(to), &mut row.tracker)
        else {
            return false;
        };
        state.restore(slot, saved);
        tracker.state.clone_from(saved_constraints);
        row.hypothesis.truncate(to);
        true
    }

    /// Beam search for one sentence: finished hypotheses by mean log-probability, best first.
    pub fn beam(
        &self,
        sentence: usize,
        output: &OutputLayer,
        width: usize,
        limit: usize,
        buffers: &mut NetworkBuffers,
    ) -> Vec<Hypothesis> {
        let dim = self.network.shape.dim;
        let mut finished: Vec<Hypothesis> = Vec::new();
        let mut live = vec![(0.0_f32, Hypothesis::default())];
        let mut state = DecoderState::new(self.network, 1);
        let (mut attention, mut logits) = (Vec::new(), Vec::new());
        for _ in 0..limit {
            let inputs: Vec<StepInput> = live
                .iter()
                .map(|(_, w)| step_input(sentence, &w.tokens))
                .collect();
            let x = self.step(&inputs, &mut state, buffers, &mut attention);
            let count = output.ids.len();
            let logits = grow_buffer(&mut logits, live.len() * count);
            output.logits(self.level, &x, dim, &mut buffers.quantised, logits);
            let mut next: Vec<(f32, usize, usize)> = Vec::new();
            let mut summaries = Vec::with_capacity(live.len());
            for (index, logits) in logits.chunks_exact_mut(count).enumerate() {
                let summary = LogitSummary::of(self.level, &output.ids, logits);
                for at in highest(logits, width) {
                    next.push((
                        live[index].0 + (logits[at] - summary.norm).max(-1e4),
                        index,
                        at,
                    ));
                }
                summaries.push(summary);
            }
            next.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            next.truncate(width);
            let mut kept = Vec::new();
            let mut rows = Vec::new();
            for (sum, from, at) in next {
                let mut hypothesis = live[from].1.clone();
                let row = &logits[from * count..(from + 1) * count];
                let id = output.ids[at];
                hypothesis.push(id, &summaries[from], &output.ids, row, &attention[from]);
                if id == EOS || hypothesis.tokens.len() == limit {
                    finished.push(hypothesis);
                } else {
                    kept.push((sum, hypothesis));
                    rows.push(from);
                }
            }
            live = kept;
            if live.is_empty() || finished.len() >= width {
                break;
            }
            state.select(&rows);
        }
        finished.sort_by(|a, b| b.score().total_cmp(&a.score()));
        finished
    }
}

/// The result of looking ahead at a term.
enum LookaheadResult {
    /// Write this form now.
    Write(usize),
    /// Leave the next `steps` steps to the model; `led` if they are a lead-in word.
    Wait { steps: usize, led: bool },
}

/// A step from which the decoder looks ahead; the steps taken here are thrown away.
struct Lookahead<'a> {
    decoder: &'a Decoder<'a>,
    output: &'a OutputLayer,
    sentence: usize,
    /// The ids before the step.
    tokens: &'a [u32],
    summary: &'a LogitSummary,
    logits: &'a [f32],
}

/// Most characters of a lead-in word, such as an article.
const LEAD_IN_CHARACTERS: usize = 3;
/// Pieces that are looked ahead beyond the longest form.
const LOOKAHEAD_EXTRA_PIECES: usize = 3;

impl Lookahead<'_> {
    /// Decides about a term that the attention has reached, where the model would write `own`.
    fn decide(
        &self,
        tracker: &ConstraintTracker<'_>,
        term: usize,
        own: u32,
        state: &[f32],
    ) -> LookaheadResult {
        let longest = tracker
            .forms(term)
            .iter()
            .map(|(_, pieces)| pieces.len())
            .max();
        let limit = longest.unwrap_or(0) + LOOKAHEAD_EXTRA_PIECES;
        let free = self.free_run(tracker, term, own, state, limit);
        let mut all = self.tokens.to_vec();
        all.extend(&free);
        if tracker.is_written(term, &all) {
            return LookaheadResult::Wait {
                steps: free.len(),
                led: false,
            };
        }
        let (form, now) = self.best_form(tracker, term, &[], state);
        let word = free[1..]
            .iter()
            .position(|&id| tracker.closes(id))
            .map(|at| at + 1);
        if let Some(word) = word.map(|end| &free[..end])
            && tracker.may_be_led(term)
            && tracker.letters(word) <= LEAD_IN_CHARACTERS
        {
            let (_, later) = self.best_form(tracker, term, word, state);
            if later > now {
                return LookaheadResult::Wait {
                    steps: word.len(),
                    led: true,
                };
            }
        }
        LookaheadResult::Write(form)
    }

    /// The pieces that the model would write by itself, `own` first, while its attention stays on
    /// the term.
    fn free_run(
        &self,
        tracker: &ConstraintTracker<'_>,
        term: usize,
        own: u32,
        state: &[f32],
        limit: usize,
    ) -> Vec<u32> {
        let mut pieces = vec![own];
        self.run(state, |summary, _, attention| {
            if let Some(summary) = summary {
                let leaves = tracker.closes(summary.best)
                    && tracker.mass(term, attention) < REACHED_ATTENTION;
                if summary.best == EOS || leaves || pieces.len() == limit {
                    return None;
                }
                pieces.push(summary.best);
            }
            pieces.last().copied()
        });
        pieces
    }

    /// The form with the highest sum of log-probabilities after `before` (a short forced run), and
    /// this sum.
    fn best_form(
        &self,
        tracker: &ConstraintTracker<'_>,
        term: usize,
        before: &[u32],
        state: &[f32],
    ) -> (usize, f32) {
        let scores: Vec<f32> = tracker
            .forms(term)
            .iter()
            .enumerate()
            .map(|(index, (_, form))| {
                let begun = match before {
                    [] => tracker.begun(self.tokens, term, index),
                    _ => 0,
                };
                let pieces: Vec<u32> = before.iter().chain(&form[begun..]).copied().collect();
                let mut logprobs =
                    vec![
                        self.summary
                            .logprob(&self.output.ids, self.logits, pieces[0]),
                    ];
                self.run(state, |summary, logits, _| {
                    if let Some(summary) = summary {
                        let next = pieces[logprobs.len()];
                        logprobs.push(summary.logprob(&self.output.ids, logits, next));
                    }
                    let done = logprobs.len() == pieces.len();
                    (!done).then(|| pieces[logprobs.len() - 1])
                });
                float::sum(&logprobs[before.len()..])
            })
            .collect();
        let best = argmax(&scores);
        (best, scores[best])
    }

    /// Continues from a saved state. `next` gets the model's view of every step (nothing before the
    /// first) and returns the id to write, or `None` to stop.
    fn run(
        &self,
        state: &[f32],
        mut next: impl FnMut(Option<&LogitSummary>, &[f32], &[f32]) -> Option<u32>,
    ) {
        let decoder = self.decoder;
        let mut own = DecoderState::new(decoder.network, 1);
        own.restore(0, state);
        let mut buffers = NetworkBuffers::default();
        let (mut attention, mut logits) = (Vec::new(), vec![0.0; self.output.ids.len()]);
        let mut position = self.tokens.len();
        let mut previous = next(None, &[], &[]);
        while previous.is_some() {
            position += 1;
            let row = StepInput {
                sentence: self.sentence,
                position,
                previous,
            };
            let x = decoder.step(&[row], &mut own, &mut buffers, &mut attention);
            let (dim, level) = (decoder.network.shape.dim, decoder.level);
            self.output
                .logits(level, &x, dim, &mut buffers.quantised, &mut logits);
            let summary = LogitSummary::of(level, &self.output.ids, &mut logits);
            previous = next(Some(&summary), &logits, &attention[0]);
        }
    }
}

fn step_input(sentence: usize, tokens: &[u32]) -> StepInput {
    StepInput {
        sentence,
        position: tokens.len(),
        previous: tokens.last().copied(),
    }
}

/// Indexes of the `count` highest numbers, highest first.
fn highest(row: &[f32], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..row.len()).collect();
    let count = count.min(order.len());
    let by = |&a: &usize, &b: &usize| row[b].total_cmp(&row[a]).then(a.cmp(&b));
    if count > 0 && count < order.len() {
        order.select_nth_unstable_by(count - 1, by);
    }
    order.truncate(count);
    order.sort_by(by);
    order
}
