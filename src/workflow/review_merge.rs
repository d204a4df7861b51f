//! The work of people merged into the units of an article: a three-way merge of each unit, against
//! the text that the person started from.
//!
//! Two editors download the same page. One corrects `b6.s3`, the other touches `b19.s2` alone: both
//! stand. Had both changed `b6.s3`, nothing would be written, and the error would name the unit with
//! both texts.

use super::edit_conflict::EditConflict;
use super::pairs;
use super::review_match::match_units;
use crate::bitext::{Finding, FindingStatus, Origin, State, Text, Unit};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// An edit whose Dutch is not in the article any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftEdit {
    /// The file that it stands in.
    pub path: PathBuf,
    /// Id of the unit in that file.
    pub unit: String,
    /// Its Dutch.
    pub source: String,
    /// The editor's text.
    pub target: String,
}

/// The units of an article, and what was merged into them.
#[derive(Debug)]
pub struct EditMerge<'u> {
    /// The units.
    pub units: &'u mut [Unit],
    /// The texts that stood there before the first file.
    before: Vec<String>,
    /// Whether each unit was changed.
    pub changed: Vec<bool>,
    /// Units that two people changed.
    pub conflicts: Vec<EditConflict>,
    /// Edits that have no place.
    pub left: Vec<LeftEdit>,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EditDecision {
    /// It says nothing new.
    Nothing,
    /// It takes the place of the unit.
    Take,
    /// Its dismissals are added, and the approval if it has one.
    Add,
    /// It contradicts what another person did.
    Conflict,
}

/// A line of a file with edits, and what its file can say.
struct EditLine<'e> {
    unit: &'e Unit,
    /// Whether the file is one of another tool: it knows texts and states alone.
    is_exchange: bool,
}

impl<'u> EditMerge<'u> {
    /// Nothing is merged yet.
    pub fn new(units: &'u mut [Unit]) -> Self {
        Self {
            before: units.iter().map(|u| u.target.plain.clone()).collect(),
            changed: vec![false; units.len()],
            conflicts: Vec::new(),
            left: Vec::new(),
            units,
        }
    }

    /// Merges the lines of a file. Says whether any of them belongs to this article.
    pub fn add_file(&mut self, path: &Path, edits: Vec<Unit>, is_exchange: bool) -> bool {
        let mut places = match_units(&edits, self.units);
        if !edits.is_empty() && places.iter().all(Option::is_none) {
            return false;
        }
        leave_torn_joins(&edits, &mut places);
        let ids: HashMap<String, String> = edits
            .iter()
            .zip(&places)
            .filter_map(|(edit, place)| Some((edit.id.clone(), self.units[(*place)?].id.clone())))
            .collect();
        for (mut edit, place) in edits.into_iter().zip(places) {
            let line = EditLine {
                unit: &edit,
                is_exchange,
            };
            let Some(place) = place else {
                if line.is_touched() {
                    self.left.push(LeftEdit {
                        path: path.to_owned(),
                        unit: edit.id,
                        source: edit.source.plain,
                        target: edit.target.plain,
                    });
                }
                continue;
            };
            match line.decide(&self.units[place], &self.before[place]) {
                EditDecision::Nothing => {}
                EditDecision::Conflict => self.conflicts.push(EditConflict {
                    path: path.to_owned(),
                    unit: self.units[place].id.clone(),
                    source: edit.source.plain,
                    present: self.units[place].target.plain.clone(),
                    edited: edit.target.plain,
                }),
                EditDecision::Add => {
                    let was = self.units[place].base_digest();
                    add(&mut self.units[place], edit);
                    self.changed[place] |= self.units[place].base_digest() != was;
                }
                EditDecision::Take => {
                    let new_id = |id: &str| ids.get(id).cloned().unwrap_or_else(|| id.to_owned());
                    edit.joined = edit.joined.iter().map(|id| new_id(id)).collect();
                    edit.joined_to = edit.joined_to.map(|id| new_id(&id).into());
                    take(&mut self.units[place], edit, is_exchange);
                    self.changed[place] = true;
                }
            }
        }
        part_torn_joins(self.units);
        true
    }
}

impl EditLine<'_> {
    /// Whether a person changed anything, as far as the line itself shows.
    fn is_touched(&self) -> bool {
        let edit = self.unit;
        match &edit.base {
            Some(base) if self.is_exchange => {
                **base != edit.text_digest() || edit.state == State::Approved
            }
            Some(base) => **base != edit.base_digest(),
            None => pairs::is_by_person(edit) || is_judged(edit),
        }
    }

    /// Whether the text is another than the one that the line was made of.
    fn has_own_text(&self, now: &Unit, before: &str) -> bool {
        let edit = self.unit;
        if let Some(base) = edit.base.as_deref() {
            if self.is_exchange {
                return base != edit.text_digest();
            }
            let was_shown = [
                State::Translated,
                State::NeedsReview,
                State::Untranslated,
                State::Approved,
            ]
            .into_iter()
            .any(|state| edit.base_digest_in(state) == base);
            if was_shown {
                return false;
            }
        }
        let text = &edit.target.plain;
        let is_draft = now.draft.as_ref().is_some_and(|d| d.plain == *text);
        *text != now.target.plain && text != before && !is_draft
    }

    /// What becomes of the line; `before` is the text before all edits of the command.
    fn decide(&self, now: &Unit, before: &str) -> EditDecision {
        use EditDecision::{Add, Conflict, Nothing, Take};
        let edit = self.unit;
        let is_same_text = edit.target.plain == now.target.plain;
        let is_by_other = pairs::is_by_person(now) || now.is_absent() || !now.joined.is_empty();
        if self.is_exchange {
            if edit.target.plain.trim().is_empty() {
                return Nothing;
            }
            let starts_here = edit.base.as_deref() == Some(&*now.text_digest());
            let is_approval = edit.state == State::Approved && now.state != State::Approved;
            return match (self.has_own_text(now, before), is_same_text) {
                (_, true) if is_approval => Add,
                (_, true) => Nothing,
                (false, _) if !is_approval => Nothing,
                (true, _) if starts_here => Take,
                _ if is_by_other => Conflict,
                _ => Take,
            };
        }
        if let Some(base) = edit.base.as_deref() {
            if base == edit.base_digest() {
                return Nothing;
            }
            if base == now.base_digest() {
                return Take;
            }
        } else if !self.has_own_text(now, before)
            && edit.state != State::Approved
            && !is_judged(edit)
            && !is_same_text
        {
            return Nothing;
        } else if !is_by_other && !is_judged(now) {
            // Nobody was here before.
            let is_same = edit.base_digest() == now.base_digest();
            return if is_same { Nothing } else { Take };
        }
        let is_own = self.has_own_text(now, before) || pairs::is_by_person(edit);
        if is_same_text && edit.joined == now.joined && edit.joined_to == now.joined_to {
            return Add;
        }
        if !is_own && !edit.is_absent() && edit.joined.is_empty() {
            return Add;
        }
        if is_by_other { Conflict } else { Take }
    }
}

/// Whether a person decided something that is no text.
fn is_judged(unit: &Unit) -> bool {
    unit.is_absent() || !unit.joined.is_empty() || unit.has_dismissals()
}

/// Adds the dismissals of a line to a unit that another person has changed, and the approval of
/// the text that stands there.
fn add(unit: &mut Unit, edit: Unit) {
    if edit.state == State::Approved && edit.target.plain == unit.target.plain {
        accept(&mut unit.findings);
        unit.state = State::Approved;
    }
    let judged = edit.judged_findings();
    let keys = unit.finding_keys(&unit.findings.iter().collect::<Vec<_>>());
    let findings = std::mem::take(&mut unit.findings);
    for (mut finding, key) in findings.into_iter().zip(keys) {
        if judged.get(&key) == Some(&FindingStatus::Dismissed) {
            finding.status = FindingStatus::Dismissed;
            unit.dismissed.push(finding);
        } else {
            unit.findings.push(finding);
        }
    }
    for check in edit.ok {
        if !unit.ok.contains(&check) {
            unit.ok.push(check);
        }
    }
}

/// Gives a unit what a person made of it.
fn take(unit: &mut Unit, edit: Unit, is_exchange: bool) {
    let is_new_text = edit.target.plain != unit.target.plain;
    let is_approval =
        edit.state == State::Approved && (is_new_text || unit.state != State::Approved);
    let is_machine = matches!(unit.origin, Origin::Engine(_) | Origin::Memory(_));
    if is_new_text && unit.draft.is_none() && is_machine && !unit.target.is_empty() {
        unit.draft = Some(Box::new(unit.target.clone()));
    }
    if is_new_text || (!is_exchange && edit.origin == Origin::Human) {
        unit.origin = Origin::Human;
    }
    if is_new_text && is_exchange {
        unit.links.clear();
        unit.doubts.clear();
    }
    if !is_exchange {
        if is_new_text {
            unit.links = edit.links;
            unit.doubts = edit.doubts;
        }
        // A line of few fields shows no findings; those of the same text are known.
        if is_new_text || !edit.findings.is_empty() || !edit.dismissed.is_empty() {
            unit.findings = edit.findings;
        }
        unit.dismissed = edit.dismissed;
        unit.ok = edit.ok;
        unit.joined = edit.joined;
        unit.joined_to = edit.joined_to;
    } else if is_new_text {
        unit.findings.clear();
    }
    if is_new_text {
        // Markup comes from the document alone.
        unit.target = edit.target.with_markup_of(&unit.source);
    }
    unit.state = match edit.state {
        State::Untranslated if !unit.target.is_empty() => State::Translated,
        state => state,
    };
    if unit.is_absent() {
        unit.target = Text::default();
        unit.links.clear();
        unit.doubts.clear();
    }
    if is_approval {
        accept(&mut unit.findings);
    }
}

/// An approval accepts the findings that were shown.
fn accept(findings: &mut [Finding]) {
    for finding in findings {
        if finding.status == FindingStatus::Open {
            finding.status = FindingStatus::Accepted;
        }
    }
}

/// Edits that were joined stay together: where one of them has no place, or they do not follow one
/// another any more, none has.
fn leave_torn_joins(edits: &[Unit], places: &mut [Option<usize>]) {
    for first in 0..edits.len() {
        let count = edits[first].joined.len();
        if count == 0 {
            continue;
        }
        let group = first..(first + count + 1).min(edits.len());
        let start = places[first];
        let follows = group.clone().enumerate().all(|(offset, index)| {
            places[index].is_some() && places[index] == start.map(|start| start + offset)
        });
        if !follows || group.len() != count + 1 {
            places[group].fill(None);
        }
    }
}

/// Parts what is joined on one side only: a unit whose text should stand in another that does not
/// name it is untranslated.
pub fn part_torn_joins(units: &mut [Unit]) {
    let mut wanted: Vec<String> = Vec::new();
    let mut owner = String::new();
    for index in 0..units.len() {
        let joined_to = units[index].joined_to.as_deref();
        let is_wanted = wanted.first().is_some_and(|id| *id == units[index].id);
        if is_wanted && joined_to == Some(owner.as_str()) {
            wanted.remove(0);
            continue;
        }
        if joined_to.is_some() {
            units[index].joined_to = None;
            if units[index].target.is_empty() {
                units[index].state = State::Untranslated;
            }
        }
        let ids = units[index].joined.clone();
        let holds = ids.iter().enumerate().all(|(offset, id)| {
            units.get(index + 1 + offset).is_some_and(|other| {
                other.id == *id && other.joined_to.as_deref() == Some(units[index].id.as_str())
            })
        });
        if !holds {
            units[index].joined.clear();
        }
        wanted = units[index].joined.to_vec();
        owner.clone_from(&units[index].id);
    }
}
