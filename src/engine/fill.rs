//! Fills units with drafts: each distinct text is sent once, in batches within all limits, with
//! order and count kept whatever comes back.
//!
//! A batch whose answer does not fit is bisected down to single texts; it is never mapped by
//! position and never filled with the source. A single text that fails becomes a finding of its
//! unit. Only a failure that makes every further request pointless ends the run, and what arrived
//! until then stays.
//!
//! An engine whose answer arrives bit by bit hands over each text when it is complete; that text is
//! kept at once. A request that falls silent is asked anew for the rest, in smaller requests.

use super::cancel::CancelToken;
use super::draft_checks::{is_in_place, is_plausible, is_shuffled};
use super::pace::{BatchSize, TokenPace};
use super::rate_limiter::RateLimiter;
use super::run_stats::{Progress, RunStats};
use super::transport::Transport;
use super::unit_draft::take_draft;
use super::{Draft, Engine, Error, Item, Request, StreamEvent, Term};
use crate::bitext::{Finding, LangPair, Span, State, Unit};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use thin_vec::ThinVec;

/// Keeps the units of an answer with the context that was sent along.
pub type Keep<'a> = dyn Fn(&[&Unit], &str) -> ControlFlow<String, Option<i64>> + Sync + 'a;

/// A run over the units of a document: the engine and everything that it needs beside the units.
pub struct BatchRun<'a> {
    /// The engine.
    pub engine: &'a dyn Engine,
    /// The network it uses; its counters steer the concurrency. None for engines without one, whose
    /// answers cannot be out of order.
    pub net: Option<&'a dyn Transport>,
    /// The language pair.
    pub pair: &'a LangPair,
    /// The terms of a unit, for engines that take them.
    pub terms: &'a (dyn Fn(&Unit) -> Vec<Term> + Sync),
    /// Whether a glossary that the engine keeps may be applied.
    pub own_glossary: bool,
    /// The key of a unit's request: units with the same key are one text, which is sent once.
    /// Without a memory, [`crate::bitext::Text::fingerprint`] of the source will do.
    pub key: &'a (dyn Fn(&Unit) -> [u8; 32] + Sync),
    /// Called with the units of an answer, one for each text, the moment it arrived; gives the time
    /// of that, in seconds since 1970-01-01 UTC, where it holds for all of them. When it breaks,
    /// nothing more is sent.
    pub keep: &'a Keep<'a>,
    /// Asked before every request.
    pub stop: &'a CancelToken,
    /// Called before the first request, after every answer and after every text of a streamed one.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Characters that may be sent at most, every attempt counted.
    pub max_characters: Option<u64>,
    /// Says of the sources and translations of a request whether they stand beside each other's;
    /// such an answer is asked for again.
    pub is_shuffled: Option<&'a ShuffleTest>,
}

/// See [`BatchRun::is_shuffled`].
pub type ShuffleTest = dyn Fn(&[(&str, &str)]) -> bool + Sync;

/// A text of the run, and the units that wait for it. What is sent is made of the first of them
/// when its turn comes.
pub(super) struct PendingText {
    pub(super) first: usize,
    others: ThinVec<usize>,
    /// How often it was sent alone without success.
    alone: u32,
    done: bool,
}

impl PendingText {
    /// Its units, in document order.
    pub(super) fn units(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}

/// Sentences on each side that go along as context.
const NEIGHBOURS: usize = 2;
/// A text that fails alone is asked for this often.
const LONELY_TRIES: u32 = 2;
/// Requests one after the other that may break off without a single text.
const BARREN_REQUESTS: u32 = 4;
/// Texts that a service does not take alone, before it took any: the reason is not in a text.
const REJECTED_TEXTS: usize = 3;
/// The wait after an answer that broke off, in seconds, and its growth.
const BREAK_SECONDS: f64 = 1.0;
const BREAK_FACTOR: f64 = 1.6;
/// A request of an engine with an unknown pace that takes more than this part of the time that an
/// answer may be silent goes alone: one model serves all requests.
const QUICK_PART: u32 = 10;

/// Whether a unit waits for an engine.
pub(super) fn waits(unit: &Unit) -> bool {
    unit.state == State::Untranslated && unit.source.plain.chars().any(char::is_alphanumeric)
}

/// The item that is sent for a unit.
pub(super) fn item(id: usize, unit: &Unit, terms: Vec<Term>) -> Item {
    Item {
        id: id as u32,
        text: unit.source.on_one_line(),
        terms,
    }
}

/// Collects the distinct texts that wait, in document order.
pub(super) fn collect(units: &[Unit], key: &dyn Fn(&Unit) -> [u8; 32]) -> Vec<PendingText> {
    let mut texts: Vec<PendingText> = Vec::new();
    let mut known: HashMap<[u8; 32], usize> = HashMap::new();
    for (index, unit) in units.iter().enumerate().filter(|(_, unit)| waits(unit)) {
        match known.entry(key(unit)) {
            Entry::Occupied(at) => texts[*at.get()].others.push(index),
            Entry::Vacant(slot) => {
                slot.insert(texts.len());
                texts.push(PendingText {
                    first: index,
                    others: ThinVec::new(),
                    alone: 0,
                    done: false,
                });
            }
        }
    }
    texts
}

/// Cuts the texts into batches that fit all limits at once. A text that alone is too large travels
/// alone; the service decides.
pub(super) fn batches(
    engine: &dyn Engine,
    net: Option<&dyn Transport>,
    items: impl Iterator<Item = Item>,
) -> Vec<Vec<usize>> {
    let mut limits = engine.limits();
    if let Some(most) = net.and_then(Transport::max_texts) {
        limits.texts = limits.texts.min(most.max(1));
    }
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let (mut bytes, mut characters) = (0, 0);
    for (index, item) in items.enumerate() {
        let (size, count) = (engine.size(&item), item.text.plain.chars().count());
        let fits = batches.last().is_some_and(|batch| {
            batch.len() < limits.texts
                && bytes + size <= limits.bytes
                && characters + count <= limits.characters
        });
        match batches.last_mut() {
            Some(batch) if fits => batch.push(index),
            _ => {
                batches.push(vec![index]);
                (bytes, characters) = (0, 0);
            }
        }
        bytes += size;
        characters += count;
    }
    batches
}

/// The time on the clock of the run; always the same without one.
fn now(run: &BatchRun<'_>) -> Duration {
    run.net.map_or(Duration::ZERO, |net| net.clock().elapsed())
}

/// Fills every unit that waits. Units out are units in, in the same order, for any engine, batching
/// and fault.
pub async fn translate_units(units: &mut [Unit], run: &BatchRun<'_>) -> RunStats {
    let mut state = RunState {
        texts: collect(units, run.key),
        units,
        run,
        queue: VecDeque::new(),
        size: BatchSize::new(run.engine.starts_small()),
        pace: TokenPace::new(now(run)),
        barren: 0,
        rejected: 0,
        stats: RunStats::default(),
    };
    if state.texts.is_empty() {
        return state.stats;
    }
    let terms = state.all_terms();
    let prepared = if run.own_glossary {
        run.engine.prepare(run.pair, &terms).await
    } else {
        Ok(())
    };
    match prepared {
        Ok(()) => {
            let items = (0..state.texts.len()).map(|at| state.item(at));
            state.queue = batches(run.engine, run.net, items).into();
            send_all(&mut state).await;
        }
        Err(error) => state.stats.fatal = Some(error),
    }
    state.stats.notices = run.engine.take_notices();
    state.stats
}

/// Sends the batches until none is left or something ends the run.
async fn send_all(state: &mut RunState<'_>) {
    let run = state.run;
    let most = run
        .net
        .and_then(Transport::concurrency)
        .unwrap_or(usize::MAX)
        .min(run.engine.limits().concurrency)
        .max(1);
    let is_unknown = run.engine.starts_small();
    let mut allowed = if is_unknown { 1.0 } else { most as f64 };
    let mut flying = InFlight::new();
    let mut limiter = run
        .net
        .and_then(|net| Some((net, RateLimiter::new(net.characters_per_minute()?))));
    let mut arrived: VecDeque<Arrival> = VecDeque::new();
    // A service is sent the next request before an answer of it is worked on, unless the next
    // request depends on that answer: on the pace of a model, or on what a cap leaves.
    let ahead = usize::from(run.net.is_some() && !is_unknown && run.max_characters.is_none());
    let is_answer = |arrival: &&Arrival| matches!(arrival, Arrival::Answer(_));
    (run.progress)(state.progress());
    loop {
        while flying.len() < allowed as usize
            && flying.len() + arrived.iter().filter(is_answer).count() < allowed as usize + ahead
        {
            let Some((batch, characters)) = state.next_batch() else {
                break;
            };
            if let Some((net, limiter)) = &mut limiter {
                let wait = limiter.wait(characters, net.clock().now());
                if wait > 0 && !(flying.is_empty() && arrived.is_empty()) {
                    // What is in flight must not time out while nobody looks.
                    state.queue.push_front(batch);
                    break;
                }
                if wait > 0 {
                    net.clock().sleep(Duration::from_secs(wait)).await;
                }
                limiter.note(characters, net.clock().now());
            }
            state.stats.characters += characters;
            let (before, after) = state.context(&batch);
            let sent = Arc::new(SentBatch {
                items: batch.iter().map(|&at| state.item(at)).collect(),
                batch,
                before,
                after,
                characters,
                parts: Mutex::default(),
            });
            flying.push((Arc::clone(&sent), Box::pin(ask(run, sent))));
        }
        while let Poll::Ready(Some(arrival)) =
            poll_any(&mut flying, &mut Context::from_waker(Waker::noop()))
        {
            arrived.push_back(arrival);
        }
        let answer = match arrived.pop_front() {
            Some(Arrival::Parts(sent, parts)) => {
                state.apply_parts(&sent, parts);
                continue;
            }
            Some(Arrival::Answer(answer)) => answer,
            None => match poll_fn(|context| poll_next(&mut flying, run.stop, context)).await {
                Some(arrival) => {
                    arrived.push_back(arrival);
                    continue;
                }
                None => break,
            },
        };
        allowed = if answer.slowed {
            (allowed / 2.0).max(1.0)
        } else if is_unknown && answer.took * QUICK_PART > state.silence() {
            1.0
        } else {
            (allowed + 1.0 / allowed).min(most as f64)
        };
        if let Some(wait) = state.apply_answer(answer)
            && let Some(net) = run.net
        {
            net.clock().sleep(wait).await;
        }
        (run.progress)(state.progress());
    }
    state.stats.stopped = run.stop.is_set() && state.texts.iter().any(|text| !text.done);
}

/// A request in flight.
type Flight<'a> = (
    Arc<SentBatch>,
    Pin<Box<dyn Future<Output = RequestAnswer> + Send + 'a>>,
);

/// The requests in flight, in the order in which they set out; as few as a service allows.
type InFlight<'a> = Vec<Flight<'a>>;

/// What arrived: the end of a request, or parts of one.
enum Arrival {
    Answer(RequestAnswer),
    Parts(Arc<SentBatch>, Vec<StreamEvent>),
}

/// What arrives next. Once a run shall stop, answers that arrive bit by bit are not waited for.
fn poll_next(
    flying: &mut InFlight<'_>,
    stop: &CancelToken,
    context: &mut Context<'_>,
) -> Poll<Option<Arrival>> {
    if stop.poll(context) {
        flying.retain(|(sent, _)| !sent.parts().is_streamed);
    }
    poll_any(flying, context)
}

/// What arrives first; none if nothing is in flight.
fn poll_any(flying: &mut InFlight<'_>, context: &mut Context<'_>) -> Poll<Option<Arrival>> {
    for at in 0..flying.len() {
        let answer = flying[at].1.as_mut().poll(context);
        let parts = flying[at].0.take_parts();
        match answer {
            Poll::Ready(mut answer) => {
                answer.parts = parts;
                drop(flying.remove(at));
                return Poll::Ready(Some(Arrival::Answer(answer)));
            }
            Poll::Pending if !parts.is_empty() => {
                return Poll::Ready(Some(Arrival::Parts(Arc::clone(&flying[at].0), parts)));
            }
            Poll::Pending => {}
        }
    }
    if flying.is_empty() {
        Poll::Ready(None)
    } else {
        Poll::Pending
    }
}

/// A request that was sent.
struct SentBatch {
    batch: Vec<usize>,
    /// The texts of the batch, in its order.
    items: Vec<Item>,
    before: String,
    after: String,
    characters: u64,
    parts: Mutex<ArrivedParts>,
}

/// The parts of an answer that is being written.
#[derive(Default)]
struct ArrivedParts {
    waiting: Vec<StreamEvent>,
    is_streamed: bool,
    /// Drafts that arrived before their request's end, by the ids of their items.
    earlier: Vec<(u32, String)>,
}

impl SentBatch {
    fn parts(&self) -> std::sync::MutexGuard<'_, ArrivedParts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_parts(&self) -> Vec<StreamEvent> {
        std::mem::take(&mut self.parts().waiting)
    }

    /// What was sent along beside the texts.
    fn context(&self) -> String {
        format!("{}\u{1}{}", self.before, self.after)
    }
}

/// The end of a request.
struct RequestAnswer {
    sent: Arc<SentBatch>,
    result: Result<Vec<Draft>, Error>,
    /// Parts that arrived with the end.
    parts: Vec<StreamEvent>,
    repeats: u64,
    slowed: bool,
    took: Duration,
}

async fn ask(run: &BatchRun<'_>, sent: Arc<SentBatch>) -> RequestAnswer {
    let chosen: Vec<&Item> = sent.items.iter().collect();
    let request = Request {
        pair: run.pair,
        items: &chosen,
        before: &sent.before,
        after: &sent.after,
        own_glossary: run.own_glossary,
    };
    let count = || run.net.map_or((0, 0), |net| (net.attempts(), net.slowed()));
    let (attempts, slowed) = count();
    let began = now(run);
    let sink = |event: StreamEvent| {
        let mut parts = sent.parts();
        parts.is_streamed = true;
        parts.waiting.push(event);
    };
    let result = run.engine.translate_streamed(&request, &sink).await;
    let (attempts, slowed) = (count().0 - attempts, count().1 - slowed);
    drop(chosen);
    RequestAnswer {
        sent,
        result,
        parts: Vec::new(),
        // With several requests in flight this counts others' attempts too; a cap may then act
        // early, never late.
        repeats: attempts.saturating_sub(1).min(8),
        slowed: slowed > 0,
        took: now(run).saturating_sub(began),
    }
}

/// The run under way: texts, batches that still have to be sent, and figures.
struct RunState<'a> {
    units: &'a mut [Unit],
    run: &'a BatchRun<'a>,
    texts: Vec<PendingText>,
    queue: VecDeque<Vec<usize>>,
    size: BatchSize,
    pace: TokenPace,
    /// Requests one after the other that broke off without a text.
    barren: u32,
    /// Texts that the service did not take alone, before it took any.
    rejected: usize,
    stats: RunStats,
}

impl RunState<'_> {
    /// The terms that go along with a text.
    fn terms(&self, at: usize) -> Vec<Term> {
        if self.run.engine.takes_terms() {
            (self.run.terms)(&self.units[self.texts[at].first])
        } else {
            Vec::new()
        }
    }

    /// The terms of all texts, for an engine that uploads them.
    fn all_terms(&self) -> Vec<Term> {
        (0..self.texts.len())
            .flat_map(|at| self.terms(at))
            .collect()
    }

    /// The item that is sent for a text.
    fn item(&self, at: usize) -> Item {
        item(at, &self.units[self.texts[at].first], self.terms(at))
    }

    fn progress(&self) -> Progress {
        let is_open = |text: &&PendingText| !text.done;
        let open = self.texts.iter().filter(is_open);
        let left = open.map(|text| self.characters(text.first)).sum();
        let (tokens_per_second, seconds_left) = self.pace.figures(now(self.run), left);
        Progress {
            done: self.stats.texts + self.stats.failed,
            total: self.texts.len(),
            tokens_per_second,
            seconds_left,
        }
    }

    /// Characters of a unit's source.
    fn characters(&self, unit: usize) -> u64 {
        self.units[unit].source.plain.chars().count() as u64
    }

    /// The next batch with its characters, as long as nothing ended the run and the cap allows it.
    fn next_batch(&mut self) -> Option<(Vec<usize>, u64)> {
        if self.stats.fatal.is_some() || self.run.stop.is_set() {
            return None;
        }
        let mut batch = self.queue.pop_front()?;
        if batch.len() > self.size.most() {
            let rest = batch.split_off(self.size.most());
            self.queue.push_front(rest);
        }
        let length = |&at: &usize| self.characters(self.texts[at].first);
        let characters = batch.iter().map(length).sum();
        if let Some(most) = self.run.max_characters
            && self.stats.characters + characters > most
        {
            let sent = self.stats.characters;
            self.stats.fatal = Some(Error::Quota {
                what: format!("the cap of {most} characters would be passed: {sent} were sent"),
            });
            return None;
        }
        Some((batch, characters))
    }

    /// The sentences around a batch, in document order.
    fn context(&self, batch: &[usize]) -> (String, String) {
        let places = || batch.iter().map(|&at| self.texts[at].first);
        let (first, last) = (places().min().unwrap_or(0), places().max().unwrap_or(0));
        let all = self.units.len();
        let join = |part: &[Unit]| {
            let texts: Vec<&str> = part.iter().map(|u| u.source.plain.trim()).collect();
            texts.join(" ").chars().take(1_000).collect()
        };
        (
            join(&self.units[first.saturating_sub(NEIGHBOURS)..first]),
            join(&self.units[(last + 1).min(all)..(last + 1 + NEIGHBOURS).min(all)]),
        )
    }

    /// How long an answer may be silent.
    fn silence(&self) -> Duration {
        self.run.net.map_or(Duration::MAX, Transport::timeout)
    }

    /// Keeps the texts of an answer that is still being written.
    fn apply_parts(&mut self, sent: &SentBatch, parts: Vec<StreamEvent>) {
        for part in parts {
            let draft = match part {
                StreamEvent::Draft(draft) => draft,
                StreamEvent::Token => {
                    self.pace.token();
                    continue;
                }
                StreamEvent::Begun => continue,
            };
            let place = sent.parts().earlier.len();
            let is_next = sent
                .items
                .get(place)
                .is_some_and(|item| item.id == draft.id);
            let is_sound = is_next && {
                let item = &sent.items[place];
                let earlier = &sent.parts().earlier;
                is_plausible(item, &draft) && is_in_place(item, &draft, &sent.items, earlier)
            };
            let text = (draft.id, draft.text.plain.clone());
            sent.parts().earlier.push(text);
            let at = sent.batch.get(place).copied();
            // What is in doubt waits for the end, where the whole answer is looked at.
            if let Some(at) = at.filter(|&at| is_sound && !self.texts[at].done) {
                self.accept(at, &draft);
                self.keep(&[at], &sent.context());
                (self.run.progress)(self.progress());
            }
        }
    }

    /// Gives the units of a batch its drafts, and puts texts without one back into the queue. The
    /// answer is the time to wait before the next request.
    fn apply_answer(&mut self, answer: RequestAnswer) -> Option<Duration> {
        let sent = answer.sent;
        self.apply_parts(&sent, answer.parts);
        self.stats.requests += 1;
        // A text that was asked for again counts again: it may have been billed.
        self.stats.characters += sent.characters * answer.repeats;
        let is_mixed_up = match &answer.result {
            Ok(drafts) => self.apply_drafts(&sent, drafts),
            Err(_) => false,
        };
        let is_open = |at: &usize| !self.texts[*at].done;
        let mut owed: Vec<usize> = sent.batch.iter().copied().filter(is_open).collect();
        let is_alone = sent.batch.len() == 1;
        self.barren = if owed.len() == sent.batch.len() {
            self.barren + 1
        } else {
            0
        };
        match answer.result {
            Ok(_) if is_alone && !owed.is_empty() => {
                self.fail(owed[0], "the answer was empty, doubled or missing", false);
                return None;
            }
            Ok(_) if owed.is_empty() => {
                let silence = self.silence();
                self.size.grow(sent.batch.len(), answer.took, silence);
                return None;
            }
            Ok(_) => {}
            Err(error) if error.is_fatal() => {
                self.stats.fatal.get_or_insert(error);
                return None;
            }
            Err(Error::Interrupted {
                engine,
                what,
                is_silence,
            }) => return self.interrupted(&sent, owed, (engine, what, is_silence)),
            // It costs the one text with which the model does not come to an end.
            Err(Error::Runaway { id, .. }) if owed.iter().any(|&at| at as u32 == id) => {
                owed.retain(|&at| at as u32 != id);
                if !owed.is_empty() {
                    self.queue.push_front(owed);
                }
                let what = "the model repeats itself and does not come to an end";
                self.fail(id as usize, what, false);
                return None;
            }
            Err(error @ Error::Rejected { .. }) if self.stats.texts == 0 && !owed.is_empty() => {
                self.apply_rejection(error, owed);
                return None;
            }
            Err(error) if is_alone && !owed.is_empty() => {
                use Error::{Refused, Rejected, TooLarge};
                let for_good = matches!(error, Refused { .. } | Rejected { .. } | TooLarge { .. });
                self.fail(owed[0], &error.to_string(), for_good);
                return None;
            }
            Err(_) => {}
        }
        if is_mixed_up {
            // Two texts alone may not say enough to be told apart.
            self.queue.extend(owed.into_iter().map(|at| vec![at]));
        } else {
            self.ask_again(owed, sent.batch.len());
        }
        None
    }

    /// A service that took no text so far does not take a request. If single texts are not taken
    /// either, the reason is not in the texts, and every further request would end the same way.
    fn apply_rejection(&mut self, error: Error, mut owed: Vec<usize>) {
        if let [only] = owed.as_slice() {
            self.rejected += 1;
            let only = *only;
            if self.rejected >= REJECTED_TEXTS {
                self.stats.fatal.get_or_insert(error);
            } else {
                self.fail(only, &error.to_string(), true);
            }
            return;
        }
        let is_tried = self.queue.front().is_some_and(|next| next.len() == 1);
        let singles = if is_tried { 0 } else { REJECTED_TEXTS };
        let rest = owed.split_off(singles.min(owed.len()));
        if !rest.is_empty() {
            let (left, right) = rest.split_at(rest.len() / 2);
            let halves = [left, right].into_iter().filter(|half| !half.is_empty());
            self.queue.extend(halves.map(<[usize]>::to_vec));
        }
        for at in owed.into_iter().rev() {
            self.queue.push_front(vec![at]);
        }
    }

    /// Asks again for the rest of a request that broke off, in smaller requests after silence.
    fn interrupted(
        &mut self,
        sent: &SentBatch,
        owed: Vec<usize>,
        (engine, what, is_silence): (&'static str, String, bool),
    ) -> Option<Duration> {
        if self.barren >= BARREN_REQUESTS {
            let what = format!("{what}, {} times in a row", self.barren);
            self.stats
                .fatal
                .get_or_insert(Error::Network { engine, what });
            return None;
        }
        if is_silence {
            self.size.shrink(sent.batch.len());
        }
        match owed.as_slice() {
            [] => {}
            [only] if sent.batch.len() == 1 => self.fail(*only, &what, false),
            _ => self.queue.push_front(owed),
        }
        let waits = !is_silence;
        let wait = BREAK_SECONDS * BREAK_FACTOR.powi(self.barren.min(64) as i32);
        waits.then(|| Duration::from_secs_f64(wait))
    }

    /// Puts texts back into the queue: where a part was missing, that part alone; where all of them
    /// are, in halves.
    fn ask_again(&mut self, owed: Vec<usize>, sent: usize) {
        if owed.is_empty() {
            return;
        }
        if owed.len() < sent {
            self.queue.push_front(owed);
            return;
        }
        let (left, right) = owed.split_at(owed.len() / 2);
        self.queue.push_front(right.to_vec());
        self.queue.push_front(left.to_vec());
    }

    /// Gives units the drafts that are answers, and keeps them; gives whether the answer is mixed
    /// up.
    fn apply_drafts(&mut self, sent: &SentBatch, drafts: &[Draft]) -> bool {
        let mut by_id: BTreeMap<u32, Vec<&Draft>> = BTreeMap::new();
        for draft in drafts {
            by_id.entry(draft.id).or_default().push(draft);
        }
        // Only a service can mix up texts.
        let is_mixed_up = |test: &ShuffleTest| {
            let pairs =
                sent.items
                    .iter()
                    .filter_map(|item| match by_id.get(&item.id)?.as_slice() {
                        [only] => Some((item.text.plain.as_str(), only.text.plain.as_str())),
                        _ => None,
                    });
            sent.items.len() > 1 && test(&pairs.collect::<Vec<_>>())
        };
        let suspicious = self.run.net.is_some()
            && (is_shuffled(&sent.items, &by_id) || self.run.is_shuffled.is_some_and(is_mixed_up));
        let mut fresh = Vec::with_capacity(sent.batch.len());
        for (&at, item) in sent.batch.iter().zip(&sent.items) {
            // Missing, twice, or empty: not an answer.
            match by_id.get(&item.id).map(Vec::as_slice) {
                Some([only]) if !suspicious && !self.texts[at].done && is_plausible(item, only) => {
                    self.accept(at, only);
                    fresh.push(at);
                }
                _ => {}
            }
        }
        self.keep(&fresh, &sent.context());
        suspicious
    }

    /// Gives the units of a text its draft.
    fn accept(&mut self, at: usize, draft: &Draft) {
        let characters = self.characters(self.texts[at].first);
        self.pace.through(characters);
        self.texts[at].done = true;
        self.stats.texts += 1;
        let name: Arc<str> = self.run.engine.name().into();
        for unit in self.texts[at].units() {
            take_draft(&mut self.units[unit], draft, &name);
        }
    }

    /// Keeps the drafts of texts.
    fn keep(&mut self, fresh: &[usize], context: &str) {
        let first = |&at: &usize| &self.units[self.texts[at].first];
        let kept: Vec<&Unit> = fresh.iter().map(first).collect();
        if kept.is_empty() {
            return;
        }
        match (self.run.keep)(&kept, context) {
            ControlFlow::Continue(made) => {
                for unit in fresh.iter().flat_map(|&at| self.texts[at].units()) {
                    self.units[unit].made = made;
                }
            }
            ControlFlow::Break(what) => self.stats.fatal = Some(Error::NotKept { what }),
        }
    }

    /// A text that fails alone is asked for once more, then becomes a finding.
    fn fail(&mut self, at: usize, what: &str, for_good: bool) {
        let text = &mut self.texts[at];
        text.alone += 1;
        if text.alone < LONELY_TRIES && !for_good {
            // Behind the others, which it shall not hold up.
            self.queue.push_back(vec![at]);
            return;
        }
        text.done = true;
        self.stats.failed += 1;
        for unit in text.units() {
            let unit = &mut self.units[unit];
            let whole = Span::new(0, unit.source.plain.len());
            unit.findings
                .push(Finding::error("engine", format!("not translated: {what}")).at_source(whole));
        }
    }
}
