//! The checks: verified facts of every pair, each with a severity, and few false alarms.
//!
//! A check is one file and one row in [`CHECKS`]. A finding of severity error must be right 19
//! times in 20. Every check carries an example that fires and one that looks alike and does not:
//! both are tests, and both stand in `docs/checks.md`.

mod acronyms;
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

use crate::bitext::{Finding, Origin, Role, State, Unit};
pub use crate::language::text_view::{TextView, ViewWord, WordShape};
use crate::term;
pub use contract::{Check, CheckContext, CheckedPair};
pub use example::{Example, bad, good};

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

/// Furniture was kept or dropped before; a piece that alignment leaves alone is not a loss.
pub(crate) fn is_exempt(unit: &Unit) -> bool {
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
pub(crate) fn parts(units: &mut [Unit], work: impl Fn(&mut [Unit]) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = units.len().div_ceil(cores);
    if part < PART || cores == 1 {
        return work(units);
    }
    let work = &work;
    std::thread::scope(|scope| {
        for part in units.chunks_mut(part) {
            scope.spawn(move || work(part));
        }
    });
}

/// Checks all units: replaces the findings of these checks and keeps those of other stages. The
/// findings of silenced checks are put aside as dismissed.
pub fn run(units: &mut [Unit], with: &CheckContext<'_>) {
    parts(units, |units| {
        for unit in units {
            let (mut findings, dismissed) = all(unit, with)
                .into_iter()
                .partition::<Vec<_>, _>(|finding| is_wanted(&finding.check, unit, with));
            unit.findings
                .retain(|f| every(with).all(|check| check.name() != f.check));
            findings.extend(unit.findings.drain(..));
            (unit.findings, unit.dismissed) = (findings.into(), dismissed.into());
        }
    });
    for check in every(with) {
        for (index, finding) in check.document(units, with) {
            let unit = &mut units[index];
            let finding = term::fitted(finding, &unit.target.plain);
            if is_wanted(check.name(), unit, with) {
                unit.findings.push(finding);
            } else {
                unit.dismissed.push(finding);
            }
        }
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
}
