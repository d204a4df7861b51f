//! The checks: verified facts of every pair, each with a severity, and few false alarms.
//!
//! A check is one file and one row in [`CHECKS`]. A finding of severity error must be right 19
//! times in 20. Every check carries an example that fires and one that looks alike and does not:
//! both are tests, and both stand in `docs/checks.md`.

mod acronyms;
mod capitals;
mod characters;
mod codes;
mod confidence;
mod consistency;
mod contract;
mod countries;
mod coverage;
mod example;
mod literals;
mod markup;
mod names;
mod negation;
mod omission;
mod opposites;
mod order;
mod persons;
mod punctuation;
mod quantity;
mod quotes;
mod spacing;
mod spelling;
mod style;
mod surface_marks;
mod terms;
mod untranslated;
mod urls;
mod whitespace;

use crate::bitext::{Finding, FindingKey, FindingStatus, Origin, Role, State, Text, Unit};
pub use crate::language::text_view::{TextView, ViewWord, WordShape};
use crate::term;
pub use contract::{Check, CheckContext, CheckedPair};
pub use example::{Example, bad, good};
use std::collections::HashMap;

/// The checks.
pub static CHECKS: &[&dyn Check] = &[
    &untranslated::EmptyCheck,
    &untranslated::UntranslatedCheck,
    &untranslated::DutchCheck,
    &terms::TermsCheck,
    &quantity::QuantityCheck("numbers"),
    &quantity::QuantityCheck("dates"),
    &quantity::QuantityCheck("times"),
    &quantity::QuantityCheck("units"),
    &quantity::QuantityCheck("money"),
    &capitals::CapitalsCheck,
    &acronyms::AcronymsCheck,
    &names::NamesCheck,
    &order::OrderCheck,
    &countries::CountriesCheck,
    &quotes::QuotesCheck,
    &negation::NegationCheck,
    &opposites::OppositesCheck,
    &omission::OmissionCheck,
    &omission::AdditionCheck,
    &omission::LengthCheck,
    &surface_marks::DoubledCheck,
    &surface_marks::BracketsCheck,
    &punctuation::PunctuationCheck,
    &spacing::SpacingCheck,
    &whitespace::WhitespaceCheck,
    &surface_marks::EntitiesCheck,
    &characters::CharactersCheck,
    &codes::CodesCheck,
    &markup::MarkupCheck,
    &literals::PlaceholdersCheck,
    &literals::LiteralsCheck,
    &urls::UrlsCheck,
    &consistency::ConsistencyCheck,
    &confidence::ConfidenceCheck,
    &spelling::SpellingCheck,
    &style::HouseStyleCheck,
];

/// The checks of the table, then those of the caller.
fn every<'a>(with: &CheckContext<'a>) -> impl Iterator<Item = &'a dyn Check> {
    let table = CHECKS.iter().map(|check| *check as &'a dyn Check);
    table.chain(with.checks.iter().copied())
}

/// Checks one unit. An untranslated one has a single finding.
///
/// ```
/// use overzet::bitext::{LangPair, Unit};
/// use overzet::check::{CheckContext, unit};
/// use overzet::term::Glossary;
///
/// let (glossary, pair) = (Glossary::default(), LangPair::default());
/// let wrong = Unit::translated("Er zijn 1.300 mensen.", "There are 1.300 people.");
/// let findings = unit(&wrong, &CheckContext::new(&glossary, &pair));
/// assert_eq!(findings[0].check, "numbers");
/// ```
pub fn unit(unit: &Unit, with: &CheckContext<'_>) -> Vec<Finding> {
    let mut findings = all(unit, with);
    findings.retain(|finding| is_wanted(&finding.check, unit, with));
    findings
}

/// All findings about a unit, those of silenced checks too.
fn all(unit: &Unit, with: &CheckContext<'_>) -> Vec<Finding> {
    if is_exempt(unit) {
        return Vec::new();
    }
    // A unit without a partner has nothing to compare.
    if let Some(finding) = omission::alone(unit) {
        return vec![finding];
    }
    let pair = CheckedPair::new(unit, with);
    let mut findings = Vec::new();
    for check in every(with) {
        let own = check.run(&pair).into_iter();
        findings.extend(own.map(|finding| term::fitted(finding, &unit.target.plain)));
        // An empty target has no other finding.
        if check.name() == "empty" && !findings.is_empty() {
            break;
        }
    }
    findings.sort_by_key(|f| {
        (
            f.target.or(f.source).map_or(0, |s| s.start),
            std::cmp::Reverse(f.severity),
        )
    });
    findings
}

/// Furniture was kept or dropped before; a piece that alignment leaves alone is not a loss. A unit
/// that a person left out or joined with another has no target on purpose, and the other side of a
/// moved sentence stands elsewhere.
pub(crate) fn is_exempt(unit: &Unit) -> bool {
    if unit.is_absent() || unit.moved.is_some() {
        return true;
    }
    let is_settled =
        matches!(unit.origin, Origin::Copied | Origin::None) && unit.state != State::Untranslated;
    let is_lone = unit.confidence.is_some() && (unit.source.is_empty() || unit.target.is_empty());
    unit.role == Role::Furniture && (is_settled || is_lone)
}

fn is_wanted(name: &str, unit: &Unit, with: &CheckContext<'_>) -> bool {
    !with.silenced.iter().any(|s| s == name) && !unit.ok.iter().any(|s| s == name)
}

/// Units below which a thread is not worth its start.
const PART: usize = 64;

/// Has a long list of units worked on in parts, a thread each on all cores; for work that looks at
/// each unit alone.
pub(crate) fn parts<T: Send>(items: &mut [T], work: impl Fn(&mut [T]) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = items.len().div_ceil(cores);
    if part < PART || cores == 1 {
        return work(items);
    }
    let work = &work;
    std::thread::scope(|scope| {
        for part in items.chunks_mut(part) {
            scope.spawn(move || work(part));
        }
    });
}

/// Checks all units: replaces the findings of these checks and keeps those of other stages. The
/// findings of silenced checks and those that a person dismissed are put aside; those that a person
/// accepted with an approval stay so while the unit is approved.
///
/// The text of a joined unit is checked against the source of all its units.
pub fn run(units: &mut [Unit], with: &CheckContext<'_>) {
    run_cached(units, &mut FindingCache::default(), with);
}

/// What the checks say of each unit by itself, kept between two runs over one document: after an
/// edit only the changed unit is looked at again, and what concerns several units.
#[derive(Debug, Clone, Default)]
pub struct FindingCache(Vec<Option<Vec<Finding>>>);

impl FindingCache {
    /// Says that the unit at this place, or its hits or state, changed.
    pub fn forget(&mut self, index: usize) {
        if let Some(slot) = self.0.get_mut(index) {
            *slot = None;
        }
    }

    /// Says that everything may have changed.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// As [`run`], where the units are those of the last call with this cache, but for the ones that
/// it was told to forget.
pub fn run_cached(units: &mut [Unit], cache: &mut FindingCache, with: &CheckContext<'_>) {
    let judged: Vec<_> = units.iter().map(Unit::judged_findings).collect();
    let alone = join_sources(units);
    cache.0.resize(units.len(), None);
    let mut open: Vec<(&Unit, &mut Option<Vec<Finding>>)> = std::iter::zip(&*units, &mut cache.0)
        .filter(|(_, slot)| slot.is_none())
        .collect();
    parts(&mut open, |open| {
        for (unit, slot) in open {
            **slot = Some(all(unit, with));
        }
    });
    for (unit, slot) in std::iter::zip(&mut *units, &cache.0) {
        let mut findings = slot.clone().unwrap_or_default();
        unit.findings
            .retain(|f| every(with).all(|check| check.name() != f.check));
        findings.extend(unit.findings.drain(..));
        unit.findings = findings.into();
    }
    for (index, source) in alone {
        part_sources(&mut units[index], source);
    }
    for check in every(with) {
        for (index, finding) in check.document(units, with) {
            if units[index].joined.is_empty() && !is_exempt(&units[index]) {
                let unit = &mut units[index];
                unit.findings
                    .push(term::fitted(finding, &unit.target.plain));
            }
        }
    }
    for (unit, judged) in units.iter_mut().zip(&judged) {
        sort_by_status(unit, judged, with);
    }
}

/// Puts aside what silenced checks say and what a person dismissed, and marks what was accepted.
fn sort_by_status(
    unit: &mut Unit,
    judged: &HashMap<FindingKey, FindingStatus>,
    with: &CheckContext<'_>,
) {
    let mut findings = std::mem::take(&mut unit.findings);
    unit.dismissed.clear();
    if !judged.is_empty() {
        let keys = unit.finding_keys(&findings.iter().collect::<Vec<_>>());
        for (finding, key) in findings.iter_mut().zip(keys) {
            finding.status = match judged.get(&key) {
                Some(FindingStatus::Dismissed) => FindingStatus::Dismissed,
                Some(FindingStatus::Accepted) if unit.state == State::Approved => {
                    FindingStatus::Accepted
                }
                _ => FindingStatus::Open,
            };
        }
    }
    let (standing, dismissed) = findings
        .into_iter()
        .partition::<Vec<_>, _>(|finding: &Finding| {
            finding.status != FindingStatus::Dismissed && is_wanted(&finding.check, unit, with)
        });
    (unit.findings, unit.dismissed) = (standing.into(), dismissed.into());
}

/// Gives units that are joined with others the sources of all, with their terms. Returns their own
/// sources by their places.
fn join_sources(units: &mut [Unit]) -> Vec<(usize, Text)> {
    let mut alone = Vec::new();
    for index in 0..units.len() {
        if units[index].joined.is_empty() {
            continue;
        }
        let own = units[index].source.clone();
        let (unit, rest) = units.split_at_mut(index + 1);
        let unit = &mut unit[index];
        for other in rest
            .iter()
            .take_while(|other| other.joined_to.as_deref() == Some(unit.id.as_str()))
        {
            unit.source.push(&Text::from(" "));
            let by = unit.source.plain.len();
            unit.source.push(&other.source);
            unit.hits.extend(other.hits.iter().cloned().map(|mut hit| {
                hit.source = hit.source.shifted(by);
                hit
            }));
        }
        alone.push((index, own));
    }
    alone
}

/// Gives a unit its own source back; what points beyond it keeps its place in the target alone.
fn part_sources(unit: &mut Unit, source: Text) {
    unit.source = source;
    let text = &unit.source.plain;
    unit.hits.retain(|hit| hit.source.fits(text));
    for finding in &mut unit.findings {
        finding.source = finding.source.filter(|span| span.fits(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::LangPair;
    use crate::term::Glossary;

    fn findings(source: &str, target: &str) -> Vec<Finding> {
        let (glossary, pair) = (Glossary::default(), LangPair::default());
        let own = Unit::translated(source, target);
        unit(&own, &CheckContext::new(&glossary, &pair))
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_check_panic(source in "[a-zA-Z0-9 .,:;%€$£‘’“”\"'()–-]{0,60}|\\PC{0,30}", target in "[a-zA-Z0-9 .,:;%€$£‘’“”\"'()–-]{0,60}|\\PC{0,30}") {
            for finding in findings(&source, &target) {
                if let Some(span) = finding.source {
                    proptest::prop_assert!(source.get(span.start..span.end).is_some());
                }
                if let Some(span) = finding.target {
                    proptest::prop_assert!(target.get(span.start..span.end).is_some());
                }
            }
        }

        #[test]
        fn a_changed_digit_is_always_found(a in 12_u32..998, b in 2_u32..9) {
            let changed = if a % 10 == 9 { a - 1 } else { a + 1 };
            let found = findings(&format!("Er kwamen {a} lopers en {b} fietsers."), &format!("There were {changed} runners and {b} cyclists."));
            let numbers = found.iter().filter(|f| f.check == "numbers").count();
            proptest::prop_assert_eq!(numbers, 1, "{:?}", found);
        }
    }

    #[test]
    fn a_cache_changes_nothing_but_the_time() {
        let (glossary, pair) = (Glossary::default(), LangPair::default());
        let with = CheckContext::new(&glossary, &pair);
        let unit = |id: &str, source: &str, target: &str| Unit {
            id: id.into(),
            ..Unit::translated(source, target)
        };
        let mut units = vec![
            unit("b1.s1", "Er zijn 1.300 mensen.", "There are 1,300 people."),
            unit("b1.s2", "Het is stil.", "It is quiet."),
            unit("b1.s3", "Het is stil.", "It is quiet."),
        ];
        let mut cache = FindingCache::default();
        run_cached(&mut units, &mut cache, &with);
        assert!(units.iter().all(|unit| unit.findings.is_empty()));
        units[1].target = "All is quiet, 7 times.".into();
        cache.forget(1);
        let mut whole = units.clone();
        run_cached(&mut units, &mut cache, &with);
        run(&mut whole, &with);
        assert_eq!(units, whole);
        // The neighbour with the same Dutch is concerned, too.
        assert!(units[2].findings.iter().any(|f| f.check == "consistency"));
        assert!(units[1].findings.iter().any(|f| f.check == "numbers"));
    }
}
