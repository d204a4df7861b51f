//! Fills units with drafts: each distinct text is sent once, in batches within all limits, with
//! order and count kept whatever comes back.
//!
//! A batch whose answer does not fit is bisected down to single texts; it is never mapped by
//! position and never filled with the source. A single text that fails becomes a finding of its
//! unit. Only a failure that makes every further request pointless ends the run, and what arrived
//! until then stays.

use super::rate_limiter::RateLimiter;
use super::transport::Transport;
use super::{Draft, Engine, Error, Item, Request, Term};
use crate::bitext::{Finding, LangPair, Origin, Span, State, Text, Unit};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use thin_vec::ThinVec;

/// Tells a run to finish what is in flight and send nothing more.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks to stop.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Texts that have their draft or their finding.
    pub done: usize,
    /// Texts of the run.
    pub total: usize,
}

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
    /// The key of a unit's request: units with the same key are one text, which is sent once.
    /// Without a memory, [`Text::fingerprint`] of the source will do.
    pub key: &'a (dyn Fn(&Unit) -> [u8; 32] + Sync),
    /// Called with the units of an answer, one for each text, the moment it arrived; gives the time
    /// of that, in seconds since 1970-01-01 UTC, where it holds for all of them. When it breaks,
    /// nothing more is sent.
    pub keep: &'a Keep<'a>,
    /// Asked before every request.
    pub stop: &'a CancelToken,
    /// Called before the first request and after every answer.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Characters that may be sent at most, every attempt counted.
    pub max_characters: Option<u64>,
}

/// The figures of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunStats {
    /// Requests that were answered or failed for good.
    pub requests: u64,
    /// Characters sent, every attempt counted.
    pub characters: u64,
    /// Texts that got a draft.
    pub texts: usize,
    /// Texts that failed on their own; their units have a finding.
    pub failed: usize,
    /// Whether somebody asked to stop before all was done.
    pub stopped: bool,
    /// The error that ended the run early.
    pub fatal: Option<Error>,
}

impl RunStats {
    /// Adds the figures of a run that came after this one.
    pub fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.characters += other.characters;
        self.texts += other.texts;
        self.failed += other.failed;
        self.stopped |= other.stopped;
        self.fatal = self.fatal.take().or(other.fatal);
    }
}

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

/// Fills every unit that waits. Units out are units in, in the same order, for any engine, batching
/// and fault.
pub async fn translate_units(units: &mut [Unit], run: &BatchRun<'_>) -> RunStats {
    let mut state = RunState {
        texts: collect(units, run.key),
        units,
        run,
        queue: VecDeque::new(),
        stats: RunStats::default(),
    };
    if state.texts.is_empty() {
        return state.stats;
    }
    if let Err(error) = run.engine.prepare(run.pair, &state.all_terms()).await {
        state.stats.fatal = Some(error);
        return state.stats;
    }
    let items = (0..state.texts.len()).map(|at| state.item(at));
    state.queue = batches(run.engine, run.net, items).into();
    let most = run
        .net
        .and_then(Transport::concurrency)
        .unwrap_or(usize::MAX)
        .min(run.engine.limits().concurrency)
        .max(1);
    let mut allowed = most as f64;
    let mut flying = InFlight::new();
    let mut limiter = run
        .net
        .and_then(|net| Some((net, RateLimiter::new(net.characters_per_minute()?))));
    let mut arrived: VecDeque<RequestAnswer> = VecDeque::new();
    (run.progress)(state.progress());
    loop {
        while flying.len() + arrived.len() < allowed as usize {
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
            let items = batch.iter().map(|&at| state.item(at)).collect();
            flying.push(Box::pin(ask(run, items, batch, before, after, characters)));
        }
        // New requests set out before an answer is worked on: the network does not wait for that.
        while let Poll::Ready(Some(answer)) =
            poll_any(&mut flying, &mut Context::from_waker(Waker::noop()))
        {
            arrived.push_back(answer);
        }
        let next = match arrived.pop_front() {
            Some(answer) => Some(answer),
            None => poll_fn(|context| poll_any(&mut flying, context)).await,
        };
        let Some(answer) = next else {
            break;
        };
        allowed = if answer.slowed {
            (allowed / 2.0).max(1.0)
        } else {
            (allowed + 1.0 / allowed).min(most as f64)
        };
        state.apply_answer(answer);
        (run.progress)(state.progress());
    }
    state.stats.stopped = run.stop.is_set() && state.texts.iter().any(|text| !text.done);
    state.stats
}

/// The requests in flight, in the order in which they set out; as few as a service allows.
type InFlight<'a> = Vec<Pin<Box<dyn Future<Output = RequestAnswer> + Send + 'a>>>;

/// The first answer that is there; none if nothing is in flight.
fn poll_any(flying: &mut InFlight<'_>, context: &mut Context<'_>) -> Poll<Option<RequestAnswer>> {
    for at in 0..flying.len() {
        if let Poll::Ready(answer) = flying[at].as_mut().poll(context) {
            drop(flying.remove(at));
            return Poll::Ready(Some(answer));
        }
    }
    if flying.is_empty() {
        Poll::Ready(None)
    } else {
        Poll::Pending
    }
}

/// An answer with the request that it belongs to.
struct RequestAnswer {
    batch: Vec<usize>,
    /// The texts of the batch, in its order.
    items: Vec<Item>,
    result: Result<Vec<Draft>, Error>,
    before: String,
    after: String,
    characters: u64,
    repeats: u64,
    slowed: bool,
}

async fn ask(
    run: &BatchRun<'_>,
    items: Vec<Item>,
    batch: Vec<usize>,
    before: String,
    after: String,
    characters: u64,
) -> RequestAnswer {
    let chosen: Vec<&Item> = items.iter().collect();
    let request = Request {
        pair: run.pair,
        items: &chosen,
        before: &before,
        after: &after,
    };
    let count = || run.net.map_or((0, 0), |net| (net.attempts(), net.slowed()));
    let (attempts, slowed) = count();
    let result = run.engine.translate(&request).await;
    let (attempts, slowed) = (count().0 - attempts, count().1 - slowed);
    RequestAnswer {
        batch,
        items,
        result,
        before,
        after,
        characters,
        // With several requests in flight this counts others' attempts too; a cap may then act
        // early, never late.
        repeats: attempts.saturating_sub(1).min(8),
        slowed: slowed > 0,
    }
}

/// The run under way: texts, batches that still have to be sent, and figures.
struct RunState<'a> {
    units: &'a mut [Unit],
    run: &'a BatchRun<'a>,
    texts: Vec<PendingText>,
    queue: VecDeque<Vec<usize>>,
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
        Progress {
            done: self.stats.texts + self.stats.failed,
            total: self.texts.len(),
        }
    }

    /// The next batch with its characters, as long as nothing ended the run and the cap allows it.
    fn next_batch(&mut self) -> Option<(Vec<usize>, u64)> {
        if self.stats.fatal.is_some() || self.run.stop.is_set() {
            return None;
        }
        let batch = self.queue.pop_front()?;
        let length = |&at: &usize| {
            self.units[self.texts[at].first]
                .source
                .plain
                .chars()
                .count()
        };
        let characters = batch.iter().map(length).sum::<usize>() as u64;
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

    /// Gives the units of a batch its drafts, and puts texts without one back into the queue.
    fn apply_answer(&mut self, answer: RequestAnswer) {
        self.stats.requests += 1;
        // A text that was asked for again counts again: it may have been billed.
        self.stats.characters += answer.characters * answer.repeats;
        let RequestAnswer {
            batch,
            items,
            result,
            before,
            after,
            ..
        } = answer;
        let owed: Vec<usize> = match result {
            Ok(drafts) => {
                self.apply_drafts(&batch, &items, drafts, &format!("{before}\u{1}{after}"))
            }
            Err(error) if error.is_fatal() => {
                self.stats.fatal.get_or_insert(error);
                return;
            }
            Err(error) if batch.len() == 1 => {
                let for_good = matches!(error, Error::Refused { .. } | Error::TooLarge { .. });
                self.fail(batch[0], &error.to_string(), for_good);
                return;
            }
            Err(_) => batch.clone(),
        };
        match owed.as_slice() {
            [] => {}
            [only] if batch.len() == 1 => {
                self.fail(*only, "the answer was empty, doubled or missing", false);
            }
            // A part is missing: ask again for that part alone. Everything is: halve.
            _ if owed.len() < batch.len() => self.queue.push_front(owed),
            _ => {
                let (left, right) = owed.split_at(owed.len() / 2);
                self.queue.push_front(right.to_vec());
                self.queue.push_front(left.to_vec());
            }
        }
    }

    /// Gives units the drafts that are answers, keeps them, and says which texts have none.
    fn apply_drafts(
        &mut self,
        batch: &[usize],
        items: &[Item],
        drafts: Vec<Draft>,
        context: &str,
    ) -> Vec<usize> {
        let mut by_id: BTreeMap<u32, Vec<Draft>> = BTreeMap::new();
        for draft in drafts {
            by_id.entry(draft.id).or_default().push(draft);
        }
        // Only a service can mix up texts.
        let suspicious = self.run.net.is_some() && is_shuffled(items, &by_id);
        let name: Arc<str> = self.run.engine.name().into();
        let mut owed = Vec::new();
        let mut fresh = Vec::with_capacity(batch.len());
        for (&at, item) in batch.iter().zip(items) {
            // Missing, twice, or empty: not an answer.
            match by_id.remove(&item.id).as_deref() {
                Some([only]) if !suspicious && is_plausible(item, only) => {
                    self.texts[at].done = true;
                    self.stats.texts += 1;
                    for unit in self.texts[at].units() {
                        take(&mut self.units[unit], only, &name);
                    }
                    fresh.push(at);
                }
                _ => owed.push(at),
            }
        }
        let first = |&at: &usize| &self.units[self.texts[at].first];
        let kept: Vec<&Unit> = fresh.iter().map(first).collect();
        if !kept.is_empty() {
            match (self.run.keep)(&kept, context) {
                ControlFlow::Continue(made) => {
                    for unit in fresh.iter().flat_map(|&at| self.texts[at].units()) {
                        self.units[unit].made = made;
                    }
                }
                ControlFlow::Break(what) => self.stats.fatal = Some(Error::NotKept { what }),
            }
        }
        owed
    }

    /// A text that fails alone is asked for once more, then becomes a finding.
    fn fail(&mut self, at: usize, what: &str, for_good: bool) {
        let text = &mut self.texts[at];
        text.alone += 1;
        if text.alone < LONELY_TRIES && !for_good {
            self.queue.push_front(vec![at]);
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

/// Gives a unit its draft, with the markup of the unit's own codes.
fn take(unit: &mut Unit, draft: &Draft, engine: &Arc<str>) {
    unit.target = draft.text.clone().with_markup_of(&unit.source);
    unit.links = draft.links.as_slice().into();
    unit.doubts = draft.doubts.as_slice().into();
    for doubt in &mut unit.doubts {
        doubt.source = doubt.source.filter(|span| span.fits(&unit.source.plain));
    }
    unit.alternatives = draft.alternatives.as_slice().into();
    // White space at the ends is the source's business.
    let plain = &unit.target.plain;
    let lead = Span::new(0, plain.len() - plain.trim_start().len());
    let tail = Span::new(plain.trim_end().len().max(lead.end), plain.len());
    for space in [tail, lead] {
        if !space.is_empty() {
            unit.rewrite(space, "");
        }
    }
    unit.state = State::Translated;
    unit.origin = Origin::Engine(Arc::clone(engine));
    unit.notes = draft.notes.as_slice().into();
    unit.score = draft.score;
    unit.billed = draft
        .billed
        .or_else(|| Some(unit.source.plain.chars().count() as u64));
    restore_codes(&mut unit.target, &unit.source);
    unit.draft = None;
}

/// Puts codes back that an engine lost, where their place is certain: those before everything and
/// those behind everything.
fn restore_codes(text: &mut Text, source: &Text) {
    if text.code_set() == source.code_set() {
        return;
    }
    let mut left = ThinVec::new();
    let mut right = ThinVec::new();
    for code in &source.codes {
        let there = text
            .codes
            .iter()
            .any(|c| c.id == code.id && c.kind == code.kind);
        if there {
            continue;
        }
        let mut code = code.clone();
        if code.at == 0 {
            left.push(code);
        } else if code.at == source.plain.len() {
            code.at = text.plain.len();
            right.push(code);
        }
    }
    left.append(&mut text.codes);
    left.append(&mut right);
    text.codes = left;
}

/// Whether a draft can be an answer to its item at all.
fn is_plausible(item: &Item, draft: &Draft) -> bool {
    let (source, target) = (
        item.text.plain.chars().count(),
        draft.text.plain.chars().count(),
    );
    let has_text = draft.text.plain.chars().any(char::is_alphanumeric);
    // Ten times longer is no translation; short texts may grow.
    has_text && target <= source * 10 + 200
}

/// Whether a positional answer shows signs of being out of order: numbers and capitalised names of
/// several texts stand in each other's drafts and not in their own, or two different texts have one
/// and the same draft.
fn is_shuffled(items: &[Item], drafts: &BTreeMap<u32, Vec<Draft>>) -> bool {
    let text = |item: &Item| match drafts.get(&item.id).map(Vec::as_slice) {
        Some([only]) => Some(only.text.plain.as_str()),
        _ => None,
    };
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut misplaced = 0;
    for item in items {
        let Some(own) = text(item) else { continue };
        let source = item.text.plain.as_str();
        if own.chars().count() > 24
            && let Some(other) = seen.get(own)
            && source.to_lowercase() != other.to_lowercase()
        {
            return true;
        }
        seen.insert(own, source);
        let anchors = anchors(source);
        if anchors.is_empty() || anchors.iter().any(|a| own.contains(a)) {
            continue;
        }
        // Nothing of its own stands there; does all of it stand in a neighbour's?
        let elsewhere = items.iter().any(|other| {
            other.id != item.id
                && text(other).is_some_and(|draft| anchors.iter().all(|a| draft.contains(a)))
        });
        misplaced += usize::from(elsewhere);
        if misplaced >= 2 {
            return true;
        }
    }
    misplaced == 1 && items.len() == 2
}

/// Pieces of a text that a translation keeps as they are: numbers of two digits and more, and words
/// with two capitals or a digit.
fn anchors(text: &str) -> Vec<&str> {
    crate::bitext::words(text)
        .into_iter()
        .map(|span| span.of(text))
        .filter(|word| {
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let plain_number = digits >= 2 && word.chars().all(|c| c.is_ascii_digit());
            let code = word.chars().filter(|c| c.is_uppercase()).count() >= 2 && digits > 0;
            plain_number || code
        })
        .collect()
}
