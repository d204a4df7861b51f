//! The fallback for terms: retries of a text whose terms are still wrong after the engine's own
//! glossary and the guarded rules.
//!
//! Native glossary → the same text without it → guarded rules → an edit by a language model, in a
//! narrow window → a second engine → a flag for a person. Every step works on a copy of the unit; a
//! copy that is not better is thrown away. The drafts of every step are cached like all drafts, so
//! that a second run ends in the same place and sends nothing.

use super::drafts::{DraftCache, digest, terms};
use super::resources::{FallbackEngines, Resources, Sending};
use crate::bitext::{Origin, State, Text, Unit, Verdict};
use crate::engine::{
    self, BatchRun, BoxFuture, Draft, Engine, Error, Limits, Request, RunStats, Term, TermEdit,
    Transport,
};
use crate::{check, term};
use std::collections::HashMap;

/// The figures of the fallback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FallbackStats {
    /// Units that a step made better.
    pub improved: usize,
    /// Texts that wait, because nothing may be sent.
    pub waiting: usize,
    /// What was sent, and the error that ended the fallback early; the flags stay then.
    pub run: RunStats,
}

/// What a step does with a text whose terms are wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Retry {
    /// The same engine, without its own glossary.
    WithoutTerms,
    /// An edit of one term.
    PostEdit,
    /// Another engine.
    SecondEngine,
}

/// A step of the term fallback: what is done, by which engine, over which network.
type Step<'a> = (Retry, &'a dyn Engine, Option<&'a dyn Transport>);

/// The steps of a run, in their order.
fn steps<'a>(sending: &Sending<'a>) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    if sending.engine.takes_terms() {
        steps.push((Retry::WithoutTerms, sending.engine, sending.net));
    }
    let FallbackEngines {
        post_editor,
        second,
    } = sending.fallback;
    // Each edit repairs one term.
    for (editor, net) in post_editor
        .into_iter()
        .filter(|(editor, _)| editor.post_edits())
    {
        steps.extend([(Retry::PostEdit, editor, net); EDITS]);
    }
    steps.extend(second.map(|(second, net)| (Retry::SecondEngine, second, net)));
    steps
}

/// Retries every unit whose terms are wrong. `most` are the characters that may be sent; without it
/// nothing is sent, and only cached drafts are used.
///
/// Errors: none of its own; [`RunStats::fatal`] says what ended it early, and the flags stay.
pub(super) async fn retry_terms(
    units: &mut [Unit],
    with: &Resources<'_>,
    sending: &Sending<'_>,
    most: Option<u64>,
) -> FallbackStats {
    let mut stats = FallbackStats::default();
    let guard = guard(with);
    for unit in units.iter_mut().filter(|unit| is_ours(unit)) {
        term::enforce(std::slice::from_mut(unit), with.glossary, &guard);
    }
    for step in steps(sending) {
        let open: Vec<usize> = (0..units.len())
            .filter(|&at| is_ours(&units[at]) && wrong(&units[at], with) > 0)
            .collect();
        if open.is_empty() || stats.run.fatal.is_some() || stats.run.stopped {
            break;
        }
        let mut tries: Vec<Unit> = open.iter().map(|&at| blank(&units[at])).collect();
        let before: Vec<&Unit> = open.iter().map(|&at| &units[at]).collect();
        translate(&mut tries, &before, step, with, sending, most, &mut stats).await;
        for (&at, mut new) in open.iter().zip(tries) {
            if new.state == State::Untranslated {
                continue;
            }
            let is_edit = step.0 == Retry::PostEdit;
            if is_edit && !accept(&units[at], &mut new, with) {
                continue;
            }
            term::enforce(std::slice::from_mut(&mut new), with.glossary, &guard);
            let old = &units[at];
            let is_better = if is_edit {
                guard(&new) <= guard(old)
            } else {
                rank(&new, with, &guard) < rank(old, with, &guard)
            };
            if is_better && wrong(&new, with) < wrong(old, with) {
                stats.improved += 1;
                units[at] = new;
            }
        }
    }
    stats
}

/// The most that the fallback can send for these units, which have their cached drafts: texts and
/// characters. Every unit with terms that has no draft yet, or wrong terms and a step that would
/// have to be sent, takes every step once.
pub(super) async fn at_most(
    units: &mut [Unit],
    with: &Resources<'_>,
    sending: &Sending<'_>,
) -> (usize, u64) {
    let steps = steps(sending).len();
    let waits = |unit: &Unit| unit.state == State::Untranslated && !unit.hits.is_empty();
    let cached = retry_terms(units, with, sending, None).await;
    let counts =
        |unit: &&Unit| waits(unit) || cached.waiting > 0 && is_ours(unit) && wrong(unit, with) > 0;
    let open = || units.iter().filter(counts);
    let characters = |unit: &Unit| unit.source.plain.chars().count();
    (
        steps * open().count(),
        (steps * open().map(characters).sum::<usize>()) as u64,
    )
}

/// Counts what the checks find in a unit beside its terms: a repair that adds a finding is undone.
pub(super) fn guard<'a>(with: &'a Resources<'a>) -> impl Fn(&Unit) -> usize + 'a {
    |unit| {
        let findings = check::unit(unit, &with.check_context());
        findings.iter().filter(|f| f.check != "terms").count()
    }
}

/// Edits of one unit, at most.
const EDITS: usize = 3;

/// Whether the target came from an engine and may be replaced.
fn is_ours(unit: &Unit) -> bool {
    matches!(unit.origin, Origin::Engine(_))
        && unit.state == State::Translated
        && !unit.hits.is_empty()
}

/// Terms of a unit that are missing or forbidden.
fn wrong(unit: &Unit, with: &Resources<'_>) -> usize {
    let counts = |hit: &&crate::bitext::Hit| {
        hit.verdict.is_some_and(Verdict::is_violation)
            && with
                .glossary
                .entry(hit.index)
                .is_some_and(|entry| entry.status == term::Status::Approved)
    };
    unit.hits.iter().filter(counts).count()
}

/// Lower is better: wrong terms, findings, distance of the lengths.
fn rank(
    unit: &Unit,
    with: &Resources<'_>,
    guard: &dyn Fn(&Unit) -> usize,
) -> (usize, usize, usize) {
    (
        wrong(unit, with),
        guard(unit),
        unit.target.plain.len().abs_diff(unit.source.plain.len()),
    )
}

/// The unit before it had a target.
fn blank(unit: &Unit) -> Unit {
    let mut new = unit.clone();
    new.target = Text::default();
    new.draft = None;
    new.state = State::Untranslated;
    new.origin = Origin::None;
    new.links.clear();
    new.notes.clear();
    new.findings.clear();
    for hit in &mut new.hits {
        (hit.target, hit.verdict, hit.repair, hit.before) = (None, None, None, None);
    }
    new
}

/// Gives the copies the cached drafts of this step, and asks for the rest.
async fn translate(
    tries: &mut [Unit],
    before: &[&Unit],
    (retry, engine, net): Step<'_>,
    with: &Resources<'_>,
    sending: &Sending<'_>,
    most: Option<u64>,
    stats: &mut FallbackStats,
) {
    let editor = PostEditor::new(engine, before, with);
    let (engine, note): (&dyn Engine, &str) = match retry {
        Retry::WithoutTerms => (
            engine,
            "term fallback: the text without the engine's glossary",
        ),
        Retry::PostEdit => (&editor, "term fallback: a term edited"),
        Retry::SecondEngine => (engine, "term fallback: a second engine"),
    };
    let sent_along = |unit: &Unit| match retry {
        Retry::WithoutTerms => String::new(),
        Retry::PostEdit => editor.digest(unit),
        Retry::SecondEngine => digest(engine, with.glossary, unit),
    };
    let mut cache = DraftCache::new(engine, with, &sent_along);
    if retry == Retry::WithoutTerms {
        cache.scope.options.push_str(" terms=none");
    }
    if let Err(error) = cache.load(tries) {
        stats.run.fatal = Some(Error::NotKept {
            what: error.to_string(),
        });
        return;
    }
    let is_open = |unit: &&Unit| unit.state == State::Untranslated;
    let waiting = tries.iter().filter(is_open).count();
    match most.filter(|_| waiting > 0) {
        Some(most) => {
            let none = |_: &Unit| -> Vec<Term> { Vec::new() };
            let terms = |unit: &Unit| terms(with.glossary, unit);
            let run = BatchRun {
                engine,
                net,
                pair: &with.pair,
                terms: if retry == Retry::SecondEngine {
                    &terms
                } else {
                    &none
                },
                own_glossary: retry != Retry::WithoutTerms,
                key: &|unit| cache.key(unit),
                keep: &|units, context| cache.keep(units, context, (sending.now)()),
                stop: sending.stop,
                progress: &|_| {},
                max_characters: net.map(|_| most.saturating_sub(stats.run.characters)),
                is_shuffled: None,
            };
            let run = engine::translate_units(tries, &run).await;
            stats.run.add(run);
            if let Err(error) = cache.fill_provenance(tries) {
                stats.run.fatal = Some(error);
            }
        }
        None => stats.waiting += waiting,
    }
    let is_done = |unit: &&mut Unit| unit.state == State::Translated;
    for unit in tries.iter_mut().filter(is_done) {
        unit.notes.push(note.to_owned());
        unit.findings.clear();
    }
}

/// The first wrong term of a unit that may be repaired: the term, and the form that is required.
fn first_wrong_term(unit: &Unit, with: &Resources<'_>) -> Option<(String, String)> {
    let hit = unit.hits.iter().find(|hit| {
        hit.verdict.is_some_and(Verdict::is_violation)
            && with.glossary.entry(hit.index).is_some_and(|entry| {
                entry.repair
                    && entry.policy != term::Policy::Drop
                    && entry.status == term::Status::Approved
            })
    })?;
    let term = hit.source.of(&unit.source.plain).to_owned();
    Some((term, hit.required.clone()))
}

/// A target that is edited: the translation, the term and the form that is required.
struct PostEdit {
    target: Text,
    term: String,
    required: String,
}

/// A language model as an engine that answers a source with its edited target.
struct PostEditor<'a> {
    engine: &'a dyn Engine,
    /// By the fingerprint of the source as it is sent. Where two units have one source and
    /// different targets, the first one's is edited; what becomes of it is measured at each unit's
    /// own.
    edits: HashMap<[u8; 32], PostEdit>,
}

impl<'a> PostEditor<'a> {
    fn new(engine: &'a dyn Engine, units: &[&Unit], with: &Resources<'_>) -> Self {
        let mut edits = HashMap::new();
        for unit in units {
            if let Some((term, required)) = first_wrong_term(unit, with) {
                let edit = || PostEdit {
                    target: unit.target.clone(),
                    term,
                    required,
                };
                let key = unit.source.on_one_line().fingerprint();
                edits.entry(key).or_insert_with(edit);
            }
        }
        Self { engine, edits }
    }

    /// An edit depends on what is edited.
    fn digest(&self, unit: &Unit) -> String {
        let edit = self.edits.get(&unit.source.on_one_line().fingerprint());
        edit.map_or_else(String::new, |edit| {
            let PostEdit {
                target,
                term,
                required,
            } = edit;
            format!("{}\u{1}{term}\u{1}{required}", target.plain)
        })
    }
}

impl Engine for PostEditor<'_> {
    fn name(&self) -> &str {
        self.engine.name()
    }

    fn options(&self) -> String {
        format!("{} edit={}", self.engine.options(), engine::EDIT_VERSION)
    }

    fn limits(&self) -> Limits {
        Limits {
            texts: 1,
            ..self.engine.limits()
        }
    }

    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(async move {
            let mut drafts = Vec::new();
            for item in request.items {
                let Some(edit) = self.edits.get(&item.text.fingerprint()) else {
                    continue;
                };
                let change = TermEdit {
                    source: &item.text.plain,
                    target: &edit.target,
                    term: &edit.term,
                    required: &edit.required,
                };
                if let Some(text) = self.engine.post_edit(&change).await? {
                    drafts.push(Draft::new(item.id, text));
                }
            }
            Ok(drafts)
        })
    }
}

/// Takes an edit only where everything outside a narrow window stayed, with the same numbers and
/// the required form; and records it in its hit.
fn accept(old: &Unit, new: &mut Unit, with: &Resources<'_>) -> bool {
    let Some((_, required)) = first_wrong_term(old, with) else {
        return false;
    };
    let Some((was, _)) = window(&old.target.plain, &new.target.plain, &required) else {
        return false;
    };
    // What was the engine's draft stays it: an edit is a repair.
    new.draft = (old.draft.clone()).or_else(|| Some(Box::new(old.target.clone())));
    new.origin = old.origin.clone();
    (new.score, new.made, new.billed) = (old.score, old.made, old.billed);
    let notes = std::mem::take(&mut new.notes);
    new.notes = old.notes.iter().cloned().chain(notes).collect();
    let edited = old
        .hits
        .iter()
        .position(|hit| hit.required == required && hit.verdict.is_some_and(Verdict::is_violation));
    for (at, (hit, before)) in new.hits.iter_mut().zip(&old.hits).enumerate() {
        (hit.repair, hit.before) = if Some(at) == edited {
            (Some("edit".into()), Some(was.clone()))
        } else {
            (before.repair.clone(), before.before.clone())
        };
    }
    true
}

/// Words around a term that an edit may touch, on each side.
const WINDOW: usize = 6;

/// What an edit changed, before and after, if it kept to its window: every word outside is the
/// same, numbers are the same, and the required form is new.
fn window(before: &str, after: &str, required: &str) -> Option<(String, String)> {
    let (a, b): (Vec<&str>, Vec<&str>) = (
        before.split_whitespace().collect(),
        after.split_whitespace().collect(),
    );
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - head;
    let tail = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(most)
        .take_while(|(x, y)| x == y)
        .count();
    let (old, new) = (
        a[head..a.len() - tail].join(" "),
        b[head..b.len() - tail].join(" "),
    );
    let length = required.split_whitespace().count();
    // The required form stands among the new words, with at most so many on each side.
    let place = new.find(required)?;
    let left = new[..place].split_whitespace().count();
    let right = new[place + required.len()..]
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count();
    let narrow = left <= WINDOW && right <= WINDOW && a.len() - head - tail <= WINDOW + length;
    // Outside of the window they are the same anyway; a name such as MI6 is not a number.
    let numbers = |text: &str| -> Vec<String> {
        let mut all: Vec<String> = text
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
            .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        all.sort();
        all
    };
    let kept = numbers(&old) == numbers(&new);
    (narrow && kept && a != b).then_some((old, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_keeps_to_its_window() {
        let before = "On Monday the ministers spoke for 3 hours about the fighting near the border, in the Koersky area, before they flew home late in the evening.";
        let right = before.replace("Koersky area", "Kursk region");
        assert_eq!(
            window(before, &right, "Kursk"),
            Some(("Koersky area,".into(), "Kursk region,".into()))
        );
        assert_eq!(window(before, &right.replace('3', "4"), "Kursk"), None);
        assert_eq!(
            window(before, &right.replace("On Monday", "Monday"), "Kursk"),
            None
        );
        assert_eq!(window(before, before, "Kursk"), None);
        assert_eq!(
            window(before, &before.replace("Koersky", "Koersk"), "Kursk"),
            None
        );
    }
}
