//! Pairs that exist already: those of a file, of a memory, of a person.

use super::files;
use super::{Error, Host, NoticeLevel};
use crate::bitext::{LangPair, Notice, Origin, State, Unit};
use crate::format::{self, Pairs};
use crate::memory::Store;
use crate::term::{self, Glossary};
use std::io;
use std::path::Path;

/// Reads the pairs of two languages from a file; `kind` names its format where the name does not
/// tell.
///
/// Errors: [`Error::Unreadable`], [`Error::Format`].
pub fn read(path: &Path, kind: Option<&str>, pair: &LangPair) -> Result<Pairs, Error> {
    let bytes = files::read(path)?;
    let name = path.display().to_string();
    let kind = kind.or((name == "-").then_some("jsonl"));
    Ok(format::read_pairs(&bytes, &name, kind, pair)?)
}

/// Reads a file pair by pair, so that its size does not matter; gives what was left out.
///
/// Errors: as [`read`], and those of `visit`; reading ends with the first.
pub fn read_each(
    path: &Path,
    pair: &LangPair,
    visit: &mut dyn FnMut(Unit) -> Result<(), Error>,
) -> Result<Vec<Notice>, Error> {
    let name = path.display().to_string();
    let mut input: Box<dyn io::Read> = if name == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(files::open(path)?)
    };
    let kind = (name == "-").then_some("jsonl");
    let mut result = Ok(());
    let notices = format::read_each_pair(&mut input, &name, kind, pair, &mut |row| {
        if result.is_ok() {
            result = visit(row.unit);
        }
    })?;
    result.map(|()| notices)
}

/// Says what was left out of a file.
pub fn tell(notices: &[Notice], path: &Path, host: &dyn Host) {
    for notice in notices {
        let line = format!("{}: {}", path.display(), notice.message);
        host.notify(NoticeLevel::Warning, &line);
    }
}

/// Reads pairs: those of a file, or all of a memory.
///
/// Errors: those of [`read`]; [`Error::Memory`].
pub fn read_or_recall(path: &Path, kind: Option<&str>, pair: &LangPair) -> Result<Pairs, Error> {
    if !Store::is_at(path) {
        return read(path, kind, pair);
    }
    let units = of_memory(&Store::open(path)?, pair)?;
    Ok(Pairs {
        lines: vec![0; units.len()],
        extra: vec![serde_json::Map::new(); units.len()],
        units,
        notices: Vec::new(),
    })
}

/// The pairs of a memory as units, in the order of their source texts.
///
/// Errors: [`Error::Memory`].
pub fn of_memory(store: &Store, pair: &LangPair) -> Result<Vec<Unit>, Error> {
    let pairs = store.pairs(pair)?.into_iter().enumerate();
    Ok(pairs
        .map(|(at, pair)| Unit {
            id: format!("m{}", at + 1),
            source: pair.source,
            target: pair.target,
            state: State::Approved,
            origin: Origin::Human,
            ..Unit::default()
        })
        .collect())
}

/// Whether a pair is a person's: approved, written by one, or from a file that says nothing of
/// engines and not a copy of the source.
pub fn is_by_person(unit: &Unit) -> bool {
    match unit.state {
        State::Untranslated | State::Omitted => false,
        State::Approved => true,
        State::Translated | State::NeedsReview => match &unit.origin {
            Origin::Human => true,
            Origin::None => unit.state == State::Translated && !is_copy(unit),
            Origin::Engine(_) | Origin::Memory(_) | Origin::Copied => false,
        },
    }
}

/// Whether a pair of a file for other tools has another text than overzet wrote there: a person
/// changed it.
pub fn is_rewritten(unit: &Unit, path: &Path) -> bool {
    let digest = unit.text_digest();
    let is_other = unit.base.as_deref().is_some_and(|base| base != digest);
    is_other && unit.state != State::Untranslated && is_exchange(path)
}

/// Whether a file is one for other tools, which keep texts and states alone.
pub fn is_exchange(path: &Path) -> bool {
    let kind = path.display().to_string();
    format::pair_format(&kind).is_ok_and(|own| own.name() != "jsonl")
}

/// Whether the target is the source, and is something that could have been translated.
fn is_copy(unit: &Unit) -> bool {
    unit.source.plain == unit.target.plain && unit.source.plain.contains(char::is_alphabetic)
}

/// Judges the terms of units that were read from a file. Where the glossary finds the very terms
/// that were recorded, their verdicts stand.
pub fn judge_again(units: &mut [Unit], glossary: &Glossary) {
    if glossary.is_empty() {
        return;
    }
    let mut found = units.to_vec();
    term::find(&mut found, glossary);
    for (unit, found) in units.iter_mut().zip(found) {
        let is_known = unit.hits.len() == found.hits.len()
            && std::iter::zip(&unit.hits, &found.hits).all(|(old, new)| {
                old.source == new.source
                    && old.term == new.term
                    && old.required == new.required
                    && old.verdict.is_some()
            });
        if is_known {
            for (old, new) in unit.hits.iter_mut().zip(&found.hits) {
                (old.index, old.capitals) = (new.index, new.capitals);
            }
        } else {
            let one = std::slice::from_mut(unit);
            find_again(one, glossary);
            term::judge(one, glossary);
        }
    }
}

/// Finds the terms of units. What a former run recorded of a repair stays with its hit, so that
/// enforcing twice changes nothing.
pub fn find_again(units: &mut [Unit], glossary: &Glossary) {
    let recorded: Vec<_> = units.iter().map(|unit| unit.hits.clone()).collect();
    term::find(units, glossary);
    for (unit, old) in units.iter_mut().zip(recorded) {
        for hit in &mut unit.hits {
            if let Some(old) = old.iter().find(|old| old.source == hit.source) {
                hit.repair.clone_from(&old.repair);
                hit.before.clone_from(&old.before);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_person_saw_is_no_pair_of_the_memory() {
        let unit = |state, origin| Unit {
            state,
            origin,
            ..Unit::default()
        };
        for (state, origin, wanted) in [
            (State::Approved, Origin::Engine("deepl".into()), true),
            (State::Translated, Origin::Engine("deepl".into()), false),
            (State::NeedsReview, Origin::Human, true),
            (State::Translated, Origin::None, true),
            (State::NeedsReview, Origin::None, false),
            (State::Untranslated, Origin::Human, false),
            (State::Translated, Origin::Copied, false),
        ] {
            assert_eq!(
                is_by_person(&unit(state, origin.clone())),
                wanted,
                "{state:?} {origin}"
            );
        }
        let copy = Unit {
            source: "De bus is laat.".into(),
            target: "De bus is laat.".into(),
            ..unit(State::Translated, Origin::None)
        };
        assert!(!is_by_person(&copy));
        assert!(is_by_person(&Unit {
            state: State::Approved,
            ..copy
        }));
    }
}
