//! A check, the pair that it looks at, and the facts that it may use.

use super::example::Example;
use super::quantity::compare::compare;
use crate::bitext::{Finding, LangPair, Span, Unit};
use crate::language::text_view::TextView;
use crate::term::Glossary;
use std::cell::OnceCell;

/// The facts that a check may use beside the pair, and the checks that are wanted.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct CheckContext<'a> {
    /// The desk's terms.
    pub glossary: &'a Glossary,
    /// From which language to which.
    pub pair: &'a LangPair,
    /// Names of checks that are silenced.
    pub silenced: &'a [String],
    /// Checks of the caller, run after those of the table.
    pub checks: &'a [&'a dyn Check],
}

impl<'a> CheckContext<'a> {
    /// The checks of the table, none silenced.
    pub const fn new(glossary: &'a Glossary, pair: &'a LangPair) -> Self {
        Self {
            glossary,
            pair,
            silenced: &[],
            checks: &[],
        }
    }

    /// The same without the checks of these names.
    #[must_use]
    pub const fn silenced(self, silenced: &'a [String]) -> Self {
        Self { silenced, ..self }
    }

    /// The same with checks of the caller.
    #[must_use]
    pub const fn with_checks(self, checks: &'a [&'a dyn Check]) -> Self {
        Self { checks, ..self }
    }
}

/// A unit under examination. Values that several checks need are computed once.
pub struct CheckedPair<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// The facts beside it.
    pub with: &'a CheckContext<'a>,
    /// The source as a person reads it, cut into words.
    pub source: TextView<'a>,
    /// The target.
    pub target: TextView<'a>,
    quantities: OnceCell<Vec<Finding>>,
}

impl<'a> CheckedPair<'a> {
    /// Takes a unit.
    pub fn new(unit: &'a Unit, with: &'a CheckContext<'a>) -> Self {
        Self {
            unit,
            with,
            source: TextView::new(&unit.source.plain),
            target: TextView::new(&unit.target.plain),
            quantities: OnceCell::new(),
        }
    }

    /// Whether every word may be compared with every other one: a segment, not a whole document on
    /// one line.
    pub(super) fn is_short(&self) -> bool {
        const LONGEST: usize = 600;
        self.source.len() <= LONGEST && self.target.len() <= LONGEST
    }

    /// Whether the glossary answers for this part of the source: its own check speaks about it.
    pub(super) fn is_term(&self, span: Span) -> bool {
        self.unit.hits.iter().any(|hit| hit.source.overlaps(span))
    }

    /// The findings about numbers, dates, times, units and money, which are compared together.
    pub(super) fn quantities(&self) -> &[Finding] {
        self.quantities
            .get_or_init(|| compare(&self.source, &self.target))
    }
}

/// Something that is verified in every pair.
///
/// ```
/// use overzet::bitext::{Finding, LangPair, Unit};
/// use overzet::check::{Check, CheckContext, CheckedPair, Example, bad, good, unit};
/// use overzet::term::Glossary;
///
/// struct NoShouting;
///
/// impl Check for NoShouting {
///     fn name(&self) -> &'static str {
///         "no-shouting"
///     }
///     fn summary(&self) -> &'static str {
///         "the English has an exclamation mark"
///     }
///     fn reason(&self) -> &'static str {
///         "House style."
///     }
///     fn examples(&self) -> &'static [Example] {
///         const { &[bad("De brug is open.", "The bridge is open!"), good("Open!", "Open!")] }
///     }
///     fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
///         let shouts = pair.target.text.contains('!') && !pair.source.text.contains('!');
///         shouts.then(|| Finding::warning(self.name(), "the Dutch does not shout")).into_iter().collect()
///     }
/// }
///
/// let (glossary, pair) = (Glossary::default(), LangPair::default());
/// let with = CheckContext::new(&glossary, &pair).with_checks(&[&NoShouting]);
/// let findings = unit(&Unit::translated("De brug is open.", "The bridge is open!"), &with);
/// assert!(findings.iter().any(|finding| finding.check == "no-shouting"));
/// ```
pub trait Check: Sync {
    /// Its stable name.
    fn name(&self) -> &'static str;
    /// Its subject in one line.
    fn summary(&self) -> &'static str;
    /// Why it is worth reading, and which cases it leaves alone.
    fn reason(&self) -> &'static str;
    /// At least one example that fires and one that looks alike and does not.
    fn examples(&self) -> &'static [Example];
    /// Looks at one pair. Both sides have text.
    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding>;
    /// Looks at all units in order; findings with the index of their unit.
    fn document(&self, units: &[Unit], with: &CheckContext<'_>) -> Vec<(usize, Finding)> {
        let _ = (units, with);
        Vec::new()
    }
}
