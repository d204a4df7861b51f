//! Segmentation rules of translators' tools: SRX 2.0 and 1.0, read and written.
//!
//! A memory matches only if text is cut as it was when the memory was filled. OmegaT, memoQ,
//! Phrase, Okapi and LanguageTool keep their rules as SRX: at each position the first rule whose
//! `beforebreak` ends there and whose `afterbreak` begins there says whether to cut.
//!
//! `<rule break="no"><beforebreak>\bmr\.</beforebreak><afterbreak>\s</afterbreak></rule>` keeps
//! `mr. De Wit` together.

mod class;
mod export;
mod parse;
mod pattern;
mod read;

pub use export::export;
pub use read::SkippedRule;

use super::error::Error;
use crate::bitext::{Place, Span};
use pattern::{Automaton, MatchScratch};

/// A rule for one place between two characters.
#[derive(Debug, Clone)]
struct SrxRule {
    /// Whether to cut there.
    cuts: bool,
    before: Automaton,
    after: Automaton,
}

/// The rules of one language, compiled.
#[derive(Debug, Clone)]
pub struct SrxRules {
    ordered: Vec<SrxRule>,
    /// Which of them cut.
    cutting: Vec<usize>,
    /// What was passed over.
    pub passed: Vec<SkippedRule>,
}

impl SrxRules {
    /// Reads the rules that a file has for a language code, such as `nl`, `NL-BE` or LanguageTool's
    /// `nl_two`. Codes are compared without case.
    ///
    /// `lenient`: a pattern that cannot be used is passed over and noted, instead of being an
    /// error. Errors: [`Error::Data`] with the place: XML that is broken or declares entities, no
    /// SRX in it, a version that is not 1.0 or 2.0, a language that the file does not have (with
    /// those that it has), a pattern that cannot be used.
    pub fn read(name: &str, text: &str, code: &str, lenient: bool) -> Result<Self, Error> {
        let file = read::SrxFile::read(name, text)?;
        let error = |what: String, at: usize| Error::Data {
            what,
            place: Box::new(Place::at(name, text, at, 1)),
        };
        let mut passed = file.passed.clone();
        let mut rules = Vec::new();
        for written in file.rules_of(code, &error)? {
            match (
                compile(&written.before, false),
                compile(&written.after, true),
            ) {
                (Ok(before), Ok(after)) => rules.push(SrxRule {
                    cuts: written.cuts,
                    before,
                    after,
                }),
                (Err(what), _) | (_, Err(what)) if lenient => passed.push(SkippedRule {
                    what: what.0,
                    place: Place::at(name, text, what.1, 1),
                }),
                (Err((what, at)), _) | (_, Err((what, at))) => return Err(error(what, at)),
            }
        }
        let cutting = (0..rules.len())
            .filter(|&index| rules[index].cuts)
            .collect();
        Ok(Self {
            ordered: rules,
            cutting,
            passed,
        })
    }

    /// Hands out every position in a run of `text` at which the rules cut; white space stays where
    /// the standard puts it, in the segments.
    pub(super) fn breaks(&self, text: &str, run: Span, each: &mut impl FnMut(usize)) {
        let inner = run.of(text);
        let mut room = MatchScratch::default();
        for (at, _) in inner.char_indices().skip(1) {
            if self.cuts_at(inner, at, &mut room) {
                each(run.start + at);
            }
        }
    }

    /// The first rule that matches decides; so a cut needs a breaking rule, and no exception before
    /// it.
    fn cuts_at(&self, text: &str, at: usize, room: &mut MatchScratch) -> bool {
        let holds = |rule: &SrxRule, room: &mut MatchScratch| {
            rule.before.may_match(text, at)
                && rule.after.may_match(text, at)
                && rule.before.matches(text, at, room)
                && rule.after.matches(text, at, room)
        };
        let found = self
            .cutting
            .iter()
            .copied()
            .find(|&index| holds(&self.ordered[index], room));
        found.is_some_and(|index| {
            !self.ordered[..index]
                .iter()
                .any(|rule| !rule.cuts && holds(rule, room))
        })
    }

    /// Whether an exception stands at a position between `at` and `next`, the two sides of a gap,
    /// and no breaking rule before it.
    pub(super) fn forbids(&self, text: &str, run: Span, at: usize, next: usize) -> bool {
        let inner = run.of(text);
        let mut room = MatchScratch::default();
        let gap = &text[at..next];
        let ends = gap.char_indices().map(|(offset, _)| offset);
        ends.chain([gap.len()]).any(|offset| {
            let position = at + offset - run.start;
            let first = self.ordered.iter().find(|rule| {
                rule.before.matches(inner, position, &mut room)
                    && rule.after.matches(inner, position, &mut room)
            });
            first.is_some_and(|rule| !rule.cuts)
        })
    }
}

/// Compiles one side of a rule; an error carries its place in the file.
fn compile(side: &read::RulePattern, forward: bool) -> Result<Automaton, (String, usize)> {
    Automaton::new(&side.pattern, forward).map_err(|(what, _)| {
        let shown: String = side.pattern.chars().take(80).collect();
        (
            format!("the pattern `{shown}` cannot be used: {what}"),
            side.at,
        )
    })
}

#[cfg(test)]
mod tests;
