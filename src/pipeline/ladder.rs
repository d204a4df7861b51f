//! The ladder of repair: what becomes of a text whose terms are still wrong when the engine's own glossary and the guarded rules have done theirs.
//!
//! Native glossary → the same text without it → guarded rules → an edit by a language model, in a narrow window → a second engine → a flag for a person.
//! Every rung works on a copy of the unit; a copy that is not better is thrown away. What the rungs were sent is kept like every draft, so that
//! a second run climbs to the same place and sends nothing.

use super::{Resources, Sending, scope};
use crate::bitext::{Edition, Origin, State, Text, Unit, Verdict};
use crate::engine::{
    self, BoxFuture, Draft, Engine, Error, Filled, Job, Limits, Request, Term, TermEdit,
};
use crate::term;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Engines of the upper rungs.
#[derive(Clone, Copy, Default)]
pub struct Rungs<'a> {
    /// A language model that changes single terms.
    pub editor: Option<&'a dyn Engine>,
    /// Another engine.
    pub second: Option<&'a dyn Engine>,
}

/// How the climb went.
#[derive(Debug, Clone, Default)]
pub struct Climbed {
    /// Units that a rung made better.
    pub mended: usize,
    /// Texts that wait, because nothing may be sent.
    pub waiting: usize,
    /// What was sent.
    pub filled: Filled,
}

/// One rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rung {
    Plain,
    Edit,
    Second,
}

/// Climbs with every unit whose terms are wrong. Without `sending` only what is kept is used. `engine` made the drafts.
///
/// Errors: none of its own; [`Filled::fatal`] says what ended it early, and the flags stay.
pub async fn climb(
    edition: &mut Edition,
    engine: &dyn Engine,
    rungs: Rungs<'_>,
    with: &Resources<'_>,
    sending: Option<&Sending<'_>>,
) -> Climbed {
    let mut climbed = Climbed::default();
    let guard = super::guard(with);
    let units = &mut edition.units;
    for unit in units.iter_mut().filter(|unit| is_ours(unit)) {
        term::enforce(std::slice::from_mut(unit), with.glossary, &guard);
    }
    let mut steps: Vec<(Rung, &dyn Engine)> = Vec::new();
    if engine.takes_terms() {
        steps.push((Rung::Plain, engine));
    }
    // Each edit mends one term.
    for editor in rungs
        .editor
        .into_iter()
        .filter(|editor| editor.post_edits())
    {
        steps.extend([(Rung::Edit, editor); EDITS]);
    }
    steps.extend(rungs.second.map(|second| (Rung::Second, second)));
    for (rung, engine) in steps {
        let open: Vec<usize> = (0..units.len())
            .filter(|&at| is_ours(&units[at]) && wrong(&units[at], with) > 0)
            .collect();
        if open.is_empty() || climbed.filled.fatal.is_some() || climbed.filled.stopped {
            break;
        }
        let mut tries: Vec<Unit> = open.iter().map(|&at| blank(&units[at])).collect();
        let before: Vec<&Unit> = open.iter().map(|&at| &units[at]).collect();
        fill(
            &mut tries,
            &before,
            rung,
            engine,
            with,
            sending,
            &mut climbed,
        )
        .await;
        for (&at, mut new) in open.iter().zip(tries) {
            if new.state == State::Untranslated {
                continue;
            }
            if rung == Rung::Edit && !accept(&units[at], &mut new, with) {
                continue;
            }
            term::enforce(std::slice::from_mut(&mut new), with.glossary, &guard);
            let findings = |unit: &Unit| guard(unit);
            let better = match rung {
                Rung::Edit => {
                    wrong(&new, with) < wrong(&units[at], with)
                        && findings(&new) <= findings(&units[at])
                }
                _ => {
                    rank(&new, with, &guard) < rank(&units[at], with, &guard)
                        && wrong(&new, with) < wrong(&units[at], with)
                }
            };
            if better {
                climbed.mended += 1;
                units[at] = new;
            }
        }
    }
    climbed
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

/// Gives the copies what is kept for this rung, and asks for the rest.
async fn fill(
    tries: &mut [Unit],
    before: &[&Unit],
    rung: Rung,
    engine: &dyn Engine,
    with: &Resources<'_>,
    sending: Option<&Sending<'_>>,
    climbed: &mut Climbed,
) {
    let editor = Editor {
        engine,
        changes: before
            .iter()
            .filter_map(|unit| Some((unit.source.plain.clone(), change(unit, with)?)))
            .collect(),
    };
    let (engine, note): (&dyn Engine, &str) = match rung {
        Rung::Plain => (engine, "ladder: the text without the engine's glossary"),
        Rung::Edit => (&editor, "ladder: a term edited"),
        Rung::Second => (engine, "ladder: a second engine"),
    };
    let mut scope = scope(engine, &with.pair);
    if rung == Rung::Plain {
        scope.options.push_str(" terms=none");
    }
    // An edit depends on what is edited.
    let digest = |unit: &Unit| match rung {
        Rung::Plain => String::new(),
        Rung::Edit => editor
            .changes
            .get(&unit.source.plain)
            .map_or_else(String::new, |(target, term)| {
                format!("{}\u{1}{}\u{1}{}", target.plain, term.0, term.1)
            }),
        Rung::Second => super::digest(engine, with.glossary, unit),
    };
    if let Err(error) = with.memory.recall(tries, &scope, &digest) {
        climbed.filled.fatal = Some(Error::NotKept {
            what: error.to_string(),
        });
        return;
    }
    let waiting = tries
        .iter()
        .filter(|unit| unit.state == State::Untranslated)
        .count();
    if let Some(sending) = sending.filter(|_| waiting > 0) {
        let keep = |units: &[&Unit], context: &str| {
            let now = (sending.now)();
            match with.memory.keep(&scope, units, &digest, context, now) {
                Ok(first) => ControlFlow::Continue(first.then_some(now)),
                Err(error) => ControlFlow::Break(error.to_string()),
            }
        };
        let none = |_: &Unit| -> Vec<Term> { Vec::new() };
        let terms = |unit: &Unit| super::terms(with.glossary, unit);
        let job = Job {
            engine,
            net: sending.net,
            pair: &with.pair,
            terms: if rung == Rung::Second { &terms } else { &none },
            keep: &keep,
            stop: sending.stop,
            progress: sending.progress,
            max_characters: sending
                .max_characters
                .map(|most| most.saturating_sub(climbed.filled.characters)),
        };
        let filled = engine::fill(tries, &job).await;
        climbed.filled.requests += filled.requests;
        climbed.filled.characters += filled.characters;
        climbed.filled.texts += filled.texts;
        climbed.filled.stopped |= filled.stopped;
        climbed.filled.fatal = filled.fatal;
        if let Err(error) = with.memory.stamp(tries, &scope, &digest) {
            climbed.filled.fatal = Some(Error::NotKept {
                what: error.to_string(),
            });
        }
    } else {
        climbed.waiting += waiting;
    }
    for unit in tries
        .iter_mut()
        .filter(|unit| unit.state == State::Translated)
    {
        unit.notes.push(note.to_owned());
        unit.findings.clear();
    }
}

/// The first wrong term of a unit, with what stands there.
fn change(unit: &Unit, with: &Resources<'_>) -> Option<(Text, (String, String))> {
    let hit = unit.hits.iter().find(|hit| {
        hit.verdict.is_some_and(Verdict::is_violation)
            && with.glossary.entry(hit.index).is_some_and(|entry| {
                entry.repair
                    && entry.policy != term::Policy::Drop
                    && entry.status == term::Status::Approved
            })
    })?;
    Some((
        unit.target.clone(),
        (
            hit.source.of(&unit.source.plain).to_owned(),
            hit.required.clone(),
        ),
    ))
}

/// A language model as an engine that answers a source with its edited target.
struct Editor<'a> {
    engine: &'a dyn Engine,
    /// By source text: the target, and the term with its required form.
    changes: BTreeMap<String, (Text, (String, String))>,
}

impl Engine for Editor<'_> {
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
                let Some((target, (term, required))) = self.changes.get(&item.text.plain) else {
                    continue;
                };
                let change = TermEdit {
                    source: &item.text.plain,
                    target,
                    term,
                    required,
                };
                if let Some(text) = self.engine.post_edit(&change).await? {
                    drafts.push(Draft::new(item.id, text));
                }
            }
            Ok(drafts)
        })
    }
}

/// Takes an edit only where everything outside a narrow window stayed, with the same numbers and the required form; and records it in its hit.
fn accept(old: &Unit, new: &mut Unit, with: &Resources<'_>) -> bool {
    let Some((_, (_, required))) = change(old, with) else {
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

/// What an edit changed, before and after, if it kept to its window: every word outside is the same, numbers are the same, and the required form is new.
pub fn window(before: &str, after: &str, required: &str) -> Option<(String, String)> {
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
    // Outside of the window they are the same anyway; a name such as MI6 is no number.
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
