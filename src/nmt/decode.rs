//! Writes the target pieces, step by step: for a whole batch of sentences at once, or several hypotheses of one sentence (beam).
//!
//! Nothing here depends on what else is in the batch: every row is computed by itself, in a fixed order of operations.

use super::embedding::Output;
use super::float;
use super::guard::{Choice, Guard, HALF, Sight, Track, argmax};
use super::kernel::Level;
use super::linear::room;
use super::network::{Buffers, Memory, Network, Row, State};
use super::vocab::{EOS, UNK};

/// What was written for a sentence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// Target ids, with EOS at the end if the model ended by itself.
    pub tokens: Vec<u32>,
    /// Natural-log probability of every token over the candidates.
    pub logprobs: Vec<f32>,
    /// Logit of the best candidate minus that of the second best.
    pub margins: Vec<f32>,
    /// For every token one number per source token; sums to 1.
    pub alignment: Vec<Vec<f32>>,
    /// What the model would have written.
    pub best: Vec<u32>,
}

impl Written {
    fn truncate(&mut self, steps: usize) {
        self.tokens.truncate(steps);
        self.logprobs.truncate(steps);
        self.margins.truncate(steps);
        self.alignment.truncate(steps);
        self.best.truncate(steps);
    }

    fn push(&mut self, id: u32, view: &View, ids: &[u32], logits: &[f32], attention: &[f32]) {
        self.tokens.push(id);
        self.logprobs.push(view.logprob(ids, logits, id));
        self.margins.push(view.margin);
        self.alignment.push(attention.to_vec());
        self.best.push(view.best);
    }

    /// Mean log-probability of a token.
    pub fn score(&self) -> f32 {
        float::sum(&self.logprobs) / self.logprobs.len().max(1) as f32
    }
}

/// A row of logits, measured.
#[derive(Debug, Clone, Copy)]
struct View {
    best: u32,
    margin: f32,
    /// ln Σ eˣ over the candidates.
    norm: f32,
}

impl View {
    /// Masks the unknown piece, which is never chosen, and measures the row.
    fn of(level: Level, ids: &[u32], logits: &mut [f32]) -> Self {
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
        // A masked piece can only be asked for by a caller who forces it; a finite number keeps sums usable.
        (logit - self.norm).max(-1e4)
    }
}

/// A sentence of the batch on its way.
#[derive(Debug)]
pub struct Lane<'a> {
    /// Ids to begin with.
    pub given: &'a [u32],
    /// Whether nothing else is to be written.
    pub only_given: bool,
    /// The most tokens that may be written.
    pub limit: usize,
    /// Terms and bans, where there are any.
    pub guard: Option<Guard<'a>>,
    /// The candidates.
    pub output: &'a Output,
    /// What was written.
    pub written: Written,
    /// State and track before every step, for going back.
    saved: Vec<(Vec<f32>, Track)>,
}

impl<'a> Lane<'a> {
    /// A sentence of which nothing is written.
    pub fn new(output: &'a Output, given: &'a [u32], only_given: bool, limit: usize) -> Self {
        Self {
            given,
            only_given,
            limit,
            guard: None,
            output,
            written: Written::default(),
            saved: Vec::new(),
        }
    }
}

/// The decoder over one batch.
#[derive(Debug)]
pub struct Decoder<'n> {
    /// The weights.
    pub network: &'n Network,
    /// Which kernels to use.
    pub level: Level,
    /// The encoded sentences.
    pub memory: &'n Memory,
}

impl Decoder<'_> {
    /// Writes all sentences; lane i translates sentence i. Finished ones leave the batch at once.
    pub fn run(&self, lanes: &mut [Lane<'_>], buffers: &mut Buffers) {
        let mut live: Vec<usize> = (0..lanes.len())
            .filter(|&at| {
                lanes[at].limit > 0 && !(lanes[at].only_given && lanes[at].given.is_empty())
            })
            .collect();
        let mut state = State::new(self.network, live.len());
        let (mut attention, mut logits) = (Vec::new(), Vec::new());
        while !live.is_empty() {
            let rows: Vec<Row> = live
                .iter()
                .map(|&at| row(at, &lanes[at].written.tokens))
                .collect();
            for (index, &at) in live.iter().enumerate() {
                let lane = &mut lanes[at];
                if let Some(guard) = &lane.guard {
                    lane.saved.truncate(lane.written.tokens.len());
                    lane.saved.push((state.row(index), guard.track.clone()));
                }
            }
            let x = self.network.step(
                self.level,
                &rows,
                self.memory,
                &mut state,
                buffers,
                &mut attention,
            );
            let dim = self.network.shape.dim;
            let shared = live
                .iter()
                .all(|&at| std::ptr::eq(lanes[at].output, lanes[live[0]].output));
            if shared {
                let output = lanes[live[0]].output;
                let all = room(&mut logits, live.len() * output.ids.len());
                output.logits(self.level, &x, dim, buffers, all);
            }
            let mut kept = Vec::with_capacity(live.len());
            for (index, &at) in live.iter().enumerate() {
                let lane = &mut lanes[at];
                let width = lane.output.ids.len();
                let own = if shared {
                    &mut logits[index * width..(index + 1) * width]
                } else {
                    let x = &x[index * dim..(index + 1) * dim];
                    let own = room(&mut logits, width);
                    lane.output.logits(self.level, x, dim, buffers, own);
                    own
                };
                if self.advance(lane, at, index, &mut state, own, &attention[index]) {
                    kept.push(index);
                }
            }
            if kept.len() < live.len() {
                state.select(&kept);
                live = kept.into_iter().map(|index| live[index]).collect();
            }
        }
    }

    /// Takes one step of a lane; false when it has ended.
    fn advance(
        &self,
        lane: &mut Lane<'_>,
        sentence: usize,
        row: usize,
        state: &mut State,
        logits: &mut [f32],
        attention: &[f32],
    ) -> bool {
        let ids = &lane.output.ids;
        let step = lane.written.tokens.len();
        let view = View::of(self.level, ids, logits);
        let id = match (lane.given.get(step), &mut lane.guard) {
            (Some(&id), _) => id,
            (None, None) => view.best,
            (None, Some(guard)) => {
                let mut masked = logits.to_vec();
                let choice = guard.choose(&mut Sight {
                    tokens: &lane.written.tokens,
                    alignment: &lane.written.alignment,
                    attention,
                    ids,
                    logits: &mut masked,
                    room: lane.limit - step,
                });
                let ahead = Ahead {
                    decoder: self,
                    output: lane.output,
                    sentence,
                    tokens: &lane.written.tokens,
                    view: &view,
                    logits,
                };
                match choice {
                    Choice::Take(id) => id,
                    Choice::Due(term) => {
                        let (form, _) = ahead.best_form(guard, term, &[], &state.row(row));
                        guard.begin(&lane.written.tokens, term, form)
                    }
                    Choice::Reached(term, own) => {
                        match ahead.look(guard, term, own, &state.row(row)) {
                            Look::Write(form) => guard.begin(&lane.written.tokens, term, form),
                            Look::Wait { steps, led } => {
                                guard.wait(term, step + steps, led);
                                own
                            }
                        }
                    }
                    Choice::Back(to) => return Self::back(lane, to, row, state),
                }
            }
        };
        lane.written.push(id, &view, ids, logits, attention);
        let done = if lane.only_given {
            step + 1 == lane.given.len()
        } else {
            id == EOS || step + 1 >= lane.limit
        };
        if done
            && let Some(guard) = &mut lane.guard
            && let Some(to) = guard.end(&lane.written.tokens)
        {
            return Self::back(lane, to.max(lane.given.len()), row, state);
        }
        !done
    }

    /// Puts a lane back to the beginning of a step.
    fn back(lane: &mut Lane<'_>, to: usize, row: usize, state: &mut State) -> bool {
        let to = to.max(lane.given.len());
        let (Some((saved, track)), Some(guard)) = (lane.saved.get(to), &mut lane.guard) else {
            return false;
        };
        state.restore(row, saved);
        guard.track.clone_from(track);
        lane.written.truncate(to);
        true
    }

    /// The best hypotheses of a sentence by beam search, best first: highest mean log-probability.
    pub fn beam(
        &self,
        sentence: usize,
        output: &Output,
        width: usize,
        limit: usize,
        buffers: &mut Buffers,
    ) -> Vec<Written> {
        let dim = self.network.shape.dim;
        let mut finished: Vec<Written> = Vec::new();
        let mut live = vec![(0.0_f32, Written::default())];
        let mut state = State::new(self.network, 1);
        let (mut attention, mut logits) = (Vec::new(), Vec::new());
        for _ in 0..limit {
            let rows: Vec<Row> = live.iter().map(|(_, w)| row(sentence, &w.tokens)).collect();
            let x = self.network.step(
                self.level,
                &rows,
                self.memory,
                &mut state,
                buffers,
                &mut attention,
            );
            let count = output.ids.len();
            let logits = room(&mut logits, live.len() * count);
            output.logits(self.level, &x, dim, buffers, logits);
            let mut next: Vec<(f32, usize, usize)> = Vec::new();
            let mut views = Vec::with_capacity(live.len());
            for (index, logits) in logits.chunks_exact_mut(count).enumerate() {
                let view = View::of(self.level, &output.ids, logits);
                for at in highest(logits, width) {
                    next.push((
                        live[index].0 + (logits[at] - view.norm).max(-1e4),
                        index,
                        at,
                    ));
                }
                views.push(view);
            }
            next.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            next.truncate(width);
            let mut kept = Vec::new();
            let mut rows = Vec::new();
            for (sum, from, at) in next {
                let mut written = live[from].1.clone();
                let row = &logits[from * count..(from + 1) * count];
                let id = output.ids[at];
                written.push(id, &views[from], &output.ids, row, &attention[from]);
                if id == EOS || written.tokens.len() == limit {
                    finished.push(written);
                } else {
                    kept.push((sum, written));
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

/// What looking ahead says about a term.
enum Look {
    /// Write this form of it now.
    Write(usize),
    /// Leave the model alone for some steps; `led` if it writes a word that leads the form in.
    Wait { steps: usize, led: bool },
}

/// A step from which the decoder looks ahead; nothing of it is kept.
struct Ahead<'a> {
    decoder: &'a Decoder<'a>,
    output: &'a Output,
    sentence: usize,
    /// What was written before the step.
    tokens: &'a [u32],
    view: &'a View,
    logits: &'a [f32],
}

/// Words that lead a term in, such as articles, have at most so many letters.
const SHORT: usize = 3;
/// So many pieces more than a form has are looked ahead.
const FURTHER: usize = 3;

impl Ahead<'_> {
    /// What to do where the attention has reached a term and the model would write `own`.
    fn look(&self, guard: &Guard<'_>, term: usize, own: u32, state: &[f32]) -> Look {
        let longest = guard
            .forms(term)
            .iter()
            .map(|(_, pieces)| pieces.len())
            .max();
        let limit = longest.unwrap_or(0) + FURTHER;
        let free = self.free_run(guard, term, own, state, limit);
        let mut all = self.tokens.to_vec();
        all.extend(&free);
        if guard.is_written(term, &all) {
            return Look::Wait {
                steps: free.len(),
                led: false,
            };
        }
        let (form, now) = self.best_form(guard, term, &[], state);
        let word = free[1..]
            .iter()
            .position(|&id| guard.closes(id))
            .map(|at| at + 1);
        if let Some(word) = word.map(|end| &free[..end])
            && guard.may_be_led(term)
            && guard.letters(word) <= SHORT
        {
            let (_, later) = self.best_form(guard, term, word, state);
            if later > now {
                return Look::Wait {
                    steps: word.len(),
                    led: true,
                };
            }
        }
        Look::Write(form)
    }

    /// What the model would write by itself while its attention stays on a term, beginning with `own`.
    fn free_run(
        &self,
        guard: &Guard<'_>,
        term: usize,
        own: u32,
        state: &[f32],
        limit: usize,
    ) -> Vec<u32> {
        let mut pieces = vec![own];
        self.run(state, |view, _, attention| {
            if let Some(view) = view {
                let leaves = guard.closes(view.best) && guard.mass(term, attention) < HALF;
                if view.best == EOS || leaves || pieces.len() == limit {
                    return None;
                }
                pieces.push(view.best);
            }
            pieces.last().copied()
        });
        pieces
    }

    /// The form of a term that the model finds likeliest behind `before`: the sum of the log-probabilities of its pieces, in a short forced run.
    fn best_form(
        &self,
        guard: &Guard<'_>,
        term: usize,
        before: &[u32],
        state: &[f32],
    ) -> (usize, f32) {
        let scores: Vec<f32> = guard
            .forms(term)
            .iter()
            .enumerate()
            .map(|(index, (_, form))| {
                let begun = match before {
                    [] => guard.begun(self.tokens, term, index),
                    _ => 0,
                };
                let pieces: Vec<u32> = before.iter().chain(&form[begun..]).copied().collect();
                let mut logprobs =
                    vec![self.view.logprob(&self.output.ids, self.logits, pieces[0])];
                self.run(state, |view, logits, _| {
                    if let Some(view) = view {
                        let next = pieces[logprobs.len()];
                        logprobs.push(view.logprob(&self.output.ids, logits, next));
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

    /// Goes on from the step's state: `next` is asked for the first piece, and then, with what the model makes of it, for each one more.
    fn run(
        &self,
        state: &[f32],
        mut next: impl FnMut(Option<&View>, &[f32], &[f32]) -> Option<u32>,
    ) {
        let decoder = self.decoder;
        let mut own = State::new(decoder.network, 1);
        own.restore(0, state);
        let mut buffers = Buffers::default();
        let (mut attention, mut logits) = (Vec::new(), vec![0.0; self.output.ids.len()]);
        let mut position = self.tokens.len();
        let mut previous = next(None, &[], &[]);
        while previous.is_some() {
            position += 1;
            let row = Row {
                sentence: self.sentence,
                position,
                previous,
            };
            let (network, memory, level) = (decoder.network, decoder.memory, decoder.level);
            let x = network.step(
                level,
                &[row],
                memory,
                &mut own,
                &mut buffers,
                &mut attention,
            );
            let dim = network.shape.dim;
            self.output
                .logits(level, &x, dim, &mut buffers, &mut logits);
            let view = View::of(level, &self.output.ids, &mut logits);
            previous = next(Some(&view), &logits, &attention[0]);
        }
    }
}

fn row(sentence: usize, tokens: &[u32]) -> Row {
    Row {
        sentence,
        position: tokens.len(),
        previous: tokens.last().copied(),
    }
}

/// Indexes of the highest `count` numbers, highest first.
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
