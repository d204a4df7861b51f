//! The work of people that stands in the files of an article, carried over when the article is
//! translated again: texts, approvals, dismissals, omissions and joins of units whose Dutch is the
//! same.

use super::review_match::match_units;
use super::review_merge::part_torn_joins;
use super::{bundle, pairs};
use crate::bitext::{LangPair, Origin, Unit};
use crate::format;
use std::collections::HashMap;
use std::path::Path;

/// The units of an article as they stand in its files; none where there are no files, or none that
/// can be read.
pub fn earlier_units(places: &bundle::OutputPlaces, name: &str, pair: &LangPair) -> Vec<Unit> {
    let is_jsonl = |path: &&std::path::PathBuf| {
        format::pair_format(&path.display().to_string()).is_ok_and(|own| own.name() == "jsonl")
    };
    let named = places.pairs.iter().find(is_jsonl).cloned();
    let beside = || {
        let folder = places.edition.as_ref()?.parent()?;
        let [jsonl, ..] = bundle::pairs(folder, &bundle::stem(name));
        Some(jsonl)
    };
    named
        .or_else(beside)
        .filter(|path| path != Path::new("-") && path.is_file())
        .and_then(|path| pairs::read(&path, None, pair).ok())
        .map_or_else(Vec::new, |pairs| pairs.units)
}

/// Gives the units of a new translation what people made of the earlier ones. Says which units have
/// another text or another state than before.
///
/// A text of a person stands, unless the memory has learnt a later one.
pub fn carry_over(units: &mut [Unit], earlier: Vec<Unit>) -> bool {
    let places = match_units(&earlier, units);
    let ids: HashMap<String, String> = earlier
        .iter()
        .zip(&places)
        .filter_map(|(old, place)| Some((old.id.clone(), units[(*place)?].id.clone())))
        .collect();
    let texts: Vec<(String, String)> = earlier
        .iter()
        .map(|old| (old.source.plain.clone(), old.target.plain.clone()))
        .collect();
    let mut is_changed = false;
    for (old, place) in earlier.into_iter().zip(places) {
        let Some(unit) = place.map(|place| &mut units[place]) else {
            continue;
        };
        let is_same_text = old.target.plain == unit.target.plain;
        let is_kept = pairs::is_by_person(&old) || old.is_absent() || !old.joined.is_empty();
        if is_kept {
            let pair = (unit.source.plain.clone(), unit.target.plain.clone());
            let is_later = unit.origin == Origin::Memory(100)
                && !old.is_absent()
                && !is_same_text
                && !texts.contains(&pair);
            if is_later {
                continue;
            }
            let new_id = |id: &str| ids.get(id).cloned().unwrap_or_else(|| id.to_owned());
            unit.joined = old.joined.iter().map(|id| new_id(id)).collect();
            unit.joined_to = old.joined_to.map(|id| new_id(&id).into());
            // What the machine says today is the draft, where it says anything.
            let is_machine = matches!(unit.origin, Origin::Engine(_)) && !unit.target.is_empty();
            if old.draft.is_some() || !is_machine {
                unit.draft = old.draft;
            } else if unit.draft.is_none() && !is_same_text {
                unit.draft = Some(Box::new(unit.target.clone()));
            }
            unit.target = old.target.with_markup_of(&unit.source);
            (unit.state, unit.origin) = (old.state, old.origin);
            (unit.links, unit.hits) = (old.links, old.hits);
            (unit.doubts, unit.notes) = (old.doubts, old.notes);
            unit.matches = old.matches;
            unit.alternatives = old.alternatives;
            unit.score = old.score;
        } else if !is_same_text || (old.dismissed.is_empty() && old.ok.is_empty()) {
            continue;
        }
        (unit.findings, unit.dismissed, unit.ok) = (old.findings, old.dismissed, old.ok);
        is_changed = true;
    }
    if is_changed {
        part_torn_joins(units);
    }
    is_changed
}
