//! One unit changed by a person: a new text, an approval, a dismissal. The terms and words of the
//! new text are judged by the stations of the line.

use super::pairs;
use crate::bitext::{
    Finding, FindingKey, FindingStatus, LangPair, Origin, Span, State, Text, Unit,
};
use crate::check::{CheckContext, FindingCache, run_cached};
use crate::pipeline;
use crate::term::Glossary;
use std::collections::HashSet;

/// What edits are judged with.
#[derive(Clone, Copy)]
pub struct EditContext<'a> {
    /// The glossary in force.
    pub glossary: &'a Glossary,
    /// The languages.
    pub pair: &'a LangPair,
    /// Checks that are silenced.
    pub silenced: &'a [String],
}

/// What a person makes of a unit.
#[derive(Debug, Clone, Default)]
pub struct UnitEdit {
    /// The new English, if it changes.
    pub target: Option<Text>,
    /// The new state, if one is named.
    pub state: Option<State>,
}

/// The text of a unit with other words: inline codes stay with the words around them.
pub fn reworded(target: &Text, plain: &str) -> Text {
    let old = &target.plain;
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| {
        pairs
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum::<usize>()
    };
    let start = same(&mut std::iter::zip(old.chars(), plain.chars()));
    let end = same(&mut std::iter::zip(
        old[start..].chars().rev(),
        plain[start..].chars().rev(),
    ));
    let mut text = target.clone();
    let span = Span::new(start, old.len() - end);
    text.replace(span, &plain[start..plain.len() - end]);
    text
}

/// Gives a unit the text of a person: the machine's text becomes its draft.
pub fn set_text(unit: &mut Unit, target: Text) {
    let is_machine = matches!(unit.origin, Origin::Engine(_) | Origin::Memory(_));
    if unit.draft.is_none() && is_machine && !unit.target.is_empty() {
        unit.draft = Some(Box::new(unit.target.clone()));
    }
    unit.origin = Origin::Human;
    // Markup comes from the document alone.
    unit.target = target.with_markup_of(&unit.source);
    unit.links.clear();
    unit.doubts.clear();
    unit.state = if unit.target.is_empty() {
        State::Untranslated
    } else {
        State::NeedsReview
    };
}

/// The findings of a unit that nobody has decided on.
pub fn open_findings(unit: &Unit) -> impl Iterator<Item = &Finding> {
    let is_open = |finding: &&Finding| finding.status == FindingStatus::Open;
    unit.findings.iter().filter(is_open)
}

/// Changes a unit and judges it anew, with the units that the change concerns. An approval accepts
/// the findings that were open before, and no new one.
pub fn apply(
    units: &mut [Unit],
    index: usize,
    edit: UnitEdit,
    cache: &mut FindingCache,
    with: &EditContext<'_>,
) {
    let unit = &mut units[index];
    let shown: HashSet<FindingKey> = {
        let open: Vec<&Finding> = unit.findings.iter().collect();
        let keys = unit.finding_keys(&open).into_iter().zip(open);
        keys.filter(|(_, finding)| finding.status == FindingStatus::Open)
            .map(|(key, _)| key)
            .collect()
    };
    let is_new_text = edit.target.is_some();
    if let Some(target) = edit.target {
        set_text(unit, target);
    }
    let is_approval = edit.state == Some(State::Approved);
    if let Some(state) = edit.state {
        unit.state = state;
    }
    if is_new_text {
        retell(unit, with);
    }
    cache.forget(index);
    check_again(units, cache, with);
    let unit = &mut units[index];
    if is_approval {
        let keys = unit.finding_keys(&unit.findings.iter().collect::<Vec<_>>());
        for (finding, key) in unit.findings.iter_mut().zip(keys) {
            if finding.status == FindingStatus::Open && shown.contains(&key) {
                finding.status = FindingStatus::Accepted;
            }
        }
    }
}

/// Finds and judges the terms of a unit whose text is new, and links its words.
pub fn retell(unit: &mut Unit, with: &EditContext<'_>) {
    pairs::find_again(std::slice::from_mut(unit), with.glossary);
    pipeline::judge_edited(unit, with.glossary, with.pair);
}

/// Checks units of which the cache knows those that did not change.
pub fn check_again(units: &mut [Unit], cache: &mut FindingCache, with: &EditContext<'_>) {
    let checks = CheckContext::new(with.glossary, with.pair).silenced(with.silenced);
    run_cached(units, cache, &checks);
}

/// Sets the status of the findings that `is_meant` selects; says whether there are any.
pub fn set_status(
    unit: &mut Unit,
    status: FindingStatus,
    is_meant: impl Fn(&Unit, &Finding) -> bool,
) -> bool {
    let all: Vec<Finding> = unit
        .findings
        .iter()
        .chain(&unit.dismissed)
        .cloned()
        .collect();
    let mut is_any = false;
    let mut changed = Vec::with_capacity(all.len());
    for mut finding in all {
        if finding.status != status && is_meant(unit, &finding) {
            finding.status = status;
            is_any = true;
        }
        changed.push(finding);
    }
    let (dismissed, standing): (Vec<_>, Vec<_>) = changed
        .into_iter()
        .partition(|finding| finding.status == FindingStatus::Dismissed);
    (unit.findings, unit.dismissed) = (standing.into(), dismissed.into());
    is_any
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::{Code, CodeKind};

    #[test]
    fn codes_stay_with_the_words_around_them() {
        let mut old = Text::from("Read it all, now");
        for (at, kind) in [(8, CodeKind::Open), (11, CodeKind::Close)] {
            old.codes.push(Code::new(at, 1, kind, "<b>"));
        }
        let places = |plain: &str| {
            let text = reworded(&old, plain);
            assert_eq!(text.plain, plain);
            text.codes.iter().map(|c| c.at).collect::<Vec<_>>()
        };
        assert_eq!(places("Please read it all, now"), [15, 18]);
        assert_eq!(places("Read it all, later"), [8, 11]);
        assert_eq!(places("Read it all, now"), [8, 11]);
        assert_eq!(places(""), [0, 0]);
    }
}
