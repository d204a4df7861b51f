//! What both generations of XLIFF say of a unit, and how its direction is found.

use crate::bitext::{Lang, LangPair, Origin, Role, State, Unit, Verdict};
use std::collections::HashSet;
use thin_vec::ThinVec;

/// What the notes of a unit say: its role, its origin, how sure its alignment is, its terms and its findings. Translators see them, so links are left out.
pub(super) fn notes(unit: &Unit) -> Vec<(&'static str, String)> {
    let mut notes = vec![
        ("role", unit.role.name().to_owned()),
        ("origin", unit.origin.to_string()),
    ];
    if let Some(confidence) = unit.confidence {
        notes.push(("confidence", confidence.to_string()));
    }
    if unit.is_absent() || unit.moved.is_some() {
        notes.push(("state", unit.state.name().to_owned()));
    }
    if !unit.joined.is_empty() {
        notes.push(("joined", unit.joined.join(" ")));
    }
    for (name, id) in [("joined-to", &unit.joined_to), ("moved", &unit.moved)] {
        if let Some(id) = id {
            notes.push((name, id.to_string()));
        }
    }
    for hit in &unit.hits {
        let verdict = hit.verdict.map_or("not judged", Verdict::name);
        let repair = hit
            .repair
            .as_ref()
            .map_or_else(String::new, |rule| format!(", repaired by {rule}"));
        notes.push((
            "term",
            format!("{} → {}: {verdict}{repair}", hit.term, hit.required),
        ));
    }
    for finding in &unit.findings {
        notes.push((
            "finding",
            format!(
                "{} {}: {}",
                finding.severity.name(),
                finding.check,
                finding.message
            ),
        ));
    }
    notes
}

/// What the notes of a unit say when they come back.
#[derive(Debug, Default)]
pub(super) struct ReadNotes {
    /// The role.
    pub role: Role,
    /// The origin, where overzet wrote the file.
    pub origin: Option<Origin>,
    /// The confidence of the alignment.
    pub confidence: Option<f32>,
    /// The state of a unit whose target is empty on purpose.
    state: Option<State>,
    /// As [`Unit::joined`].
    joined: ThinVec<String>,
    /// As [`Unit::joined_to`].
    joined_to: Option<Box<str>>,
    /// As [`Unit::moved`].
    moved: Option<Box<str>>,
}

impl ReadNotes {
    /// Reads notes; `note` gives the text of one by its kind.
    pub(super) fn read(note: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            role: note("role")
                .and_then(|role| Role::ALL.into_iter().find(|r| r.name() == role))
                .unwrap_or_default(),
            origin: note("origin").and_then(|origin| origin.parse().ok()),
            confidence: note("confidence").and_then(|text| super::pair_contract::confidence(&text)),
            state: note("state").and_then(|state| serde_json::from_value(state.into()).ok()),
            joined: note("joined")
                .iter()
                .flat_map(|ids| ids.split_whitespace())
                .map(str::to_owned)
                .collect(),
            joined_to: note("joined-to").map(Into::into),
            moved: note("moved").map(Into::into),
        }
    }

    /// Gives a unit what its notes say of its neighbours. One that was left out or joined, and has
    /// a text by now, is a unit as any other.
    pub(super) fn relate(self, unit: &mut Unit) {
        (unit.joined, unit.moved) = (self.joined, self.moved);
        if unit.target.plain.trim().is_empty() {
            unit.joined_to = self.joined_to;
            unit.state = self.state.unwrap_or(unit.state);
        }
    }
}

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PairDirection {
    /// Its source is the source of the run.
    Forward,
    /// Its source is the target of the run.
    Reversed,
}

/// The direction of a unit in these languages; none where it is not a pair of the two. A language
/// that a file does not name is taken for the one that is missing.
pub(super) fn direction(
    pair: &LangPair,
    source: Option<&str>,
    target: Option<&str>,
) -> Option<PairDirection> {
    let is = |wanted: &Lang, own: Option<&str>| {
        own.is_none_or(|own| own.is_empty() || wanted.likeness(own).is_some())
    };
    if is(&pair.source, source) && is(&pair.target, target) {
        return Some(PairDirection::Forward);
    }
    (is(&pair.target, source) && is(&pair.source, target)).then_some(PairDirection::Reversed)
}

/// The nearest value of an attribute that elements inherit; the innermost element comes first.
pub(super) fn is_protected<'v>(mut translate: impl Iterator<Item = Option<&'v str>>) -> bool {
    translate.find_map(|value| value) == Some("no")
}

/// Gives every unit of a file an id of its own.
#[derive(Debug, Default)]
pub(super) struct UniqueIds(HashSet<String>);

impl UniqueIds {
    /// The id, or one like it where that was given before.
    pub(super) fn take(&mut self, id: &str, index: usize) -> String {
        let id = if id.is_empty() {
            format!("u{}", index + 1)
        } else {
            id.to_owned()
        };
        let mut own = id.clone();
        let mut count = 2;
        while !self.0.insert(own.clone()) {
            own = format!("{id}.{count}");
            count += 1;
        }
        own
    }
}

/// The namespace of the attribute of XLIFF 2 that is overzet's own. Tools keep attributes that they
/// do not know.
pub(super) const NAMESPACE: &str = "urn:overzet:xliff";

/// Name of the attribute of XLIFF 2 with the digest of the target as it was written.
pub(super) const BASE: &str = "overzet:base";

/// What stands before that digest in the attribute `extradata` of XLIFF 1.2, which has room for
/// data of the tool that wrote the file.
pub(super) const EXTRADATA_BASE: &str = "overzet:base:";
