//! Fills units with drafts: each distinct text is sent once, in batches within all limits, with order and count kept whatever comes back.
//!
//! A batch whose answer does not fit is bisected down to single texts; it is never mapped by position and never filled with the source. A
//! single text that fails becomes a finding of its unit. Only a failure that makes every further request pointless ends the run, and what
//! arrived until then stays.

use super::rate_limiter::RateLimiter;
use super::transport::Transport;
use super::{Draft, Engine, Error, Item, Request, Term};
use crate::bitext::{Finding, LangPair, Origin, Span, State, Text, Unit};
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
pub struct Progress {
    /// Texts that have their draft or their finding.
    pub done: usize,
    /// Texts of the run.
    pub total: usize,
}

/// Keeps the units of an answer with what went along as context.
pub type Keep<'a> = dyn Fn(&[&Unit], &str) -> ControlFlow<String, Option<i64>> + Sync + 'a;

/// What a run needs beside the units.
pub struct Job<'a> {
    /// The engine.
    pub engine: &'a dyn Engine,
    /// The network it uses; its counters steer the concurrency. None for engines without one, whose answers cannot be out of order.
    pub net: Option<&'a dyn Transport>,
    /// The language pair.
    pub pair: &'a LangPair,
    /// The terms of a unit, for engines that take them.
    pub terms: &'a (dyn Fn(&Unit) -> Vec<Term> + Sync),
    /// Called with the units of an answer, one for each text, the moment it arrived; gives when that was, in seconds since 1970-01-01 UTC, where
    /// it is settled for all of them. When it breaks, nothing more is sent.
    pub keep: &'a Keep<'a>,
    /// Asked before every request.
    pub stop: &'a CancelToken,
    /// Told after every answer.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Characters that may be sent at most, attempts counted in.
    pub max_characters: Option<u64>,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
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
    /// What ended the run early.
    pub fatal: Option<Error>,
}

/// A text of the run: the units that wait for it. What is sent is made of the first of them when its turn comes.
struct Work {
    first: usize,
    others: ThinVec<usize>,
    /// How often it was sent alone without success.
    alone: u32,
    done: bool,
}

impl Work {
    fn units(&self) -> impl Iterator<Item = usize> {
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

/// What makes two units one text: plain text, codes, and the terms that go along.
fn same_key(text: &Text, terms: &[Term]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(text.plain.as_bytes());
    for code in &text.codes {
        part(&(code.at as u64).to_le_bytes());
        part(&code.id.to_le_bytes());
        part(&[code.kind as u8]);
    }
    for term in terms {
        part(term.source.as_bytes());
        part(term.target.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// A line end inside a text would be cut or dropped by engines; it means a space.
pub(super) fn flat(text: &Text) -> Text {
    Text {
        plain: text.plain.replace(['\n', '\r'], " "),
        codes: text.codes.clone(),
    }
}

/// The terms that go along with a unit.
fn terms(unit: &Unit, job: &Job<'_>) -> Vec<Term> {
    if job.engine.takes_terms() {
        (job.terms)(unit)
    } else {
        Vec::new()
    }
}

/// What is sent for a text.
fn item(at: usize, units: &[Unit], works: &[Work], job: &Job<'_>) -> Item {
    let unit = &units[works[at].first];
    Item {
        id: at as u32,
        text: flat(&unit.source),
        terms: terms(unit, job),
    }
}

/// Collects the distinct texts that wait, with the terms of all of them.
fn collect(units: &[Unit], job: &Job<'_>) -> (Vec<Work>, Vec<Term>) {
    let mut works: Vec<Work> = Vec::new();
    let mut all = Vec::new();
    let mut known: HashMap<[u8; 32], usize> = HashMap::new();
    for (index, unit) in units.iter().enumerate().filter(|(_, unit)| waits(unit)) {
        let terms = terms(unit, job);
        let key = same_key(&unit.source, &terms);
        if let Some(&at) = known.get(&key) {
            works[at].others.push(index);
            continue;
        }
        known.insert(key, works.len());
        all.extend(terms);
        works.push(Work {
            first: index,
            others: ThinVec::new(),
            alone: 0,
            done: false,
        });
    }
    (works, all)
}

/// Cuts the texts into batches that fit all limits at once. A text that alone is too large travels alone; the service decides.
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

/// The sentences around a batch, in document order.
fn context(units: &[Unit], works: &[Work], batch: &[usize]) -> (String, String) {
    let places = || batch.iter().map(|&w| works[w].first);
    let (first, last) = (places().min().unwrap_or(0), places().max().unwrap_or(0));
    let join = |part: &[Unit]| {
        let texts: Vec<&str> = part.iter().map(|u| u.source.plain.trim()).collect();
        texts.join(" ").chars().take(1_000).collect()
    };
    (
        join(&units[first.saturating_sub(NEIGHBOURS)..first]),
        join(&units[(last + 1).min(units.len())..(last + 1 + NEIGHBOURS).min(units.len())]),
    )
}

/// Fills every unit that waits. Units out are units in, in the same order, for any engine, batching and fault.
pub async fn fill(units: &mut [Unit], job: &Job<'_>) -> Filled {
    let (mut works, terms) = collect(units, job);
    let mut filled = Filled::default();
    if works.is_empty() {
        return filled;
    }
    if let Err(error) = job.engine.prepare(job.pair, &terms).await {
        filled.fatal = Some(error);
        return filled;
    }
    drop(terms);
    let all = (0..works.len()).map(|at| item(at, units, &works, job));
    let mut queue: VecDeque<Vec<usize>> = batches(job.engine, job.net, all).into();
    let most = job
        .net
        .and_then(Transport::concurrency)
        .unwrap_or(usize::MAX)
        .min(job.engine.limits().concurrency)
        .max(1);
    let mut allowed = most as f64;
    let mut flying = InFlight::new();
    let mut limiter = job
        .net
        .and_then(|net| Some((net, RateLimiter::new(net.characters_per_minute()?))));
    let total = works.len();
    let mut arrived: VecDeque<Answered> = VecDeque::new();
    loop {
        while flying.len() + arrived.len() < allowed as usize
            && filled.fatal.is_none()
            && !job.stop.is_set()
        {
            let Some(batch) = queue.pop_front() else {
                break;
            };
            let characters: u64 = batch
                .iter()
                .map(|&w| units[works[w].first].source.plain.chars().count() as u64)
                .sum();
            if job
                .max_characters
                .is_some_and(|most| filled.characters + characters > most)
            {
                filled.fatal = Some(Error::Quota {
                    what: format!(
                        "the cap of {} characters would be passed: {} were sent",
                        job.max_characters.unwrap_or(0),
                        filled.characters
                    ),
                });
                break;
            }
            if let Some((net, limiter)) = &mut limiter {
                let wait = limiter.wait(characters, net.clock().now());
                if wait > 0 && !(flying.is_empty() && arrived.is_empty()) {
                    // What is in flight must not time out while nobody looks.
                    queue.push_front(batch);
                    break;
                }
                if wait > 0 {
                    net.clock().sleep(Duration::from_secs(wait)).await;
                }
                limiter.note(characters, net.clock().now());
            }
            filled.characters += characters;
            let (before, after) = context(units, &works, &batch);
            let items = batch
                .iter()
                .map(|&at| item(at, units, &works, job))
                .collect();
            flying.push(Box::pin(ask(job, items, batch, before, after, characters)));
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
        filled.requests += 1;
        // What was asked for again counts again: it may have been billed.
        filled.characters += answer.characters * answer.repeats;
        allowed = if answer.slowed {
            (allowed / 2.0).max(1.0)
        } else {
            (allowed + 1.0 / allowed).min(most as f64)
        };
        let context = format!("{}\u{1}{}", answer.before, answer.after);
        settle(
            units,
            &mut works,
            job,
            answer,
            &context,
            &mut queue,
            &mut filled,
        );
        let done = filled.texts + filled.failed;
        (job.progress)(Progress { done, total });
    }
    filled.stopped = job.stop.is_set() && works.iter().any(|w| !w.done);
    filled
}

/// The requests in flight, in the order in which they set out; as few as a service allows.
type InFlight<'a> = Vec<Pin<Box<dyn Future<Output = Answered> + Send + 'a>>>;

/// The first answer that is there; none if nothing is in flight.
fn poll_any(flying: &mut InFlight<'_>, context: &mut Context<'_>) -> Poll<Option<Answered>> {
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

/// An answer with what it was asked for.
struct Answered {
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
    job: &Job<'_>,
    items: Vec<Item>,
    batch: Vec<usize>,
    before: String,
    after: String,
    characters: u64,
) -> Answered {
    let chosen: Vec<&Item> = items.iter().collect();
    let request = Request {
        pair: job.pair,
        items: &chosen,
        before: &before,
        after: &after,
    };
    let count = || job.net.map_or((0, 0), |net| (net.attempts(), net.slowed()));
    let (attempts, slowed) = count();
    let result = job.engine.translate(&request).await;
    let (attempts, slowed) = (count().0 - attempts, count().1 - slowed);
    Answered {
        batch,
        items,
        result,
        before,
        after,
        characters,
        // With several requests in flight this counts others' attempts too; a cap may then act early, never late.
        repeats: attempts.saturating_sub(1).min(8),
        slowed: slowed > 0,
    }
}

/// Takes what an answer gives, and puts back into the queue what it owes.
fn settle(
    units: &mut [Unit],
    works: &mut [Work],
    job: &Job<'_>,
    answer: Answered,
    context: &str,
    queue: &mut VecDeque<Vec<usize>>,
    filled: &mut Filled,
) {
    let owed: Vec<usize> = match answer.result {
        Ok(drafts) => {
            let mut by_id: BTreeMap<u32, Vec<Draft>> = BTreeMap::new();
            for draft in drafts {
                by_id.entry(draft.id).or_default().push(draft);
            }
            // Only a service can mix up texts.
            let suspicious = job.net.is_some() && is_shuffled(&answer.items, &by_id);
            let name: Arc<str> = job.engine.name().into();
            let mut owed = Vec::new();
            let mut fresh = Vec::with_capacity(answer.batch.len());
            for (&at, item) in answer.batch.iter().zip(&answer.items) {
                let work = &mut works[at];
                // Missing, twice, or empty: not an answer.
                let draft = match by_id.remove(&item.id).as_deref() {
                    Some([only]) if !suspicious && is_plausible(item, only) => only.clone(),
                    _ => {
                        owed.push(at);
                        continue;
                    }
                };
                work.done = true;
                filled.texts += 1;
                for unit in work.units() {
                    take(&mut units[unit], &draft, &name);
                }
                fresh.push(at);
            }
            let kept: Vec<&Unit> = fresh.iter().map(|&at| &units[works[at].first]).collect();
            if !kept.is_empty() {
                match (job.keep)(&kept, context) {
                    ControlFlow::Continue(made) => {
                        for unit in fresh.iter().flat_map(|&at| works[at].units()) {
                            units[unit].made = made;
                        }
                    }
                    ControlFlow::Break(what) => filled.fatal = Some(Error::NotKept { what }),
                }
            }
            owed
        }
        Err(error) if error.is_fatal() => {
            filled.fatal.get_or_insert(error);
            return;
        }
        Err(error) => {
            if answer.batch.len() == 1 {
                fail(
                    units,
                    &mut works[answer.batch[0]],
                    &error.to_string(),
                    matches!(error, Error::Refused { .. } | Error::TooLarge { .. }),
                    queue,
                    answer.batch[0],
                    filled,
                );
                return;
            }
            answer.batch.clone()
        }
    };
    match owed.as_slice() {
        [] => {}
        [only] if answer.batch.len() == 1 => {
            let what = "the answer was empty, doubled or missing";
            fail(units, &mut works[*only], what, false, queue, *only, filled);
        }
        // A part is missing: ask again for that part alone. Everything is: halve.
        _ if owed.len() < answer.batch.len() => queue.push_front(owed),
        _ => {
            let (left, right) = owed.split_at(owed.len() / 2);
            queue.push_front(right.to_vec());
            queue.push_front(left.to_vec());
        }
    }
}

/// A text that fails alone is asked for once more, then becomes a finding.
fn fail(
    units: &mut [Unit],
    work: &mut Work,
    what: &str,
    for_good: bool,
    queue: &mut VecDeque<Vec<usize>>,
    at: usize,
    filled: &mut Filled,
) {
    work.alone += 1;
    if work.alone < LONELY_TRIES && !for_good {
        queue.push_front(vec![at]);
        return;
    }
    work.done = true;
    filled.failed += 1;
    for unit in work.units() {
        let whole = Span::new(0, units[unit].source.plain.len());
        units[unit]
            .findings
            .push(Finding::error("engine", format!("not translated: {what}")).at_source(whole));
    }
}

/// Gives a unit its draft.
fn take(unit: &mut Unit, draft: &Draft, engine: &Arc<str>) {
    unit.target.clone_from(&draft.text);
    unit.links = draft.links.as_slice().into();
    unit.doubts = draft.doubts.as_slice().into();
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

/// Puts codes back that an engine lost, where their place is certain: those before everything and those behind everything.
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

/// Whether a positional answer shows signs of being out of order: numbers and capitalised names of several texts stand in each other's drafts and not in
/// their own, or two different texts have one and the same draft.
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

/// Pieces of a text that a translation keeps as they are: numbers of two digits and more, and words with two capitals or a digit.
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
