//! XLIFF of both generations: one extension, and the version of the root tells which.

use super::error::Error;
use super::pair_contract::{About, LeftOut, PairFormat, PairRow};
use super::splice::{RewriteQueue, Splices};
use super::xml::{self, Element};
use super::{xliff1, xliff2};
use crate::bitext::{LangPair, Notice, Place, Unit};
use serde_json::{Map, Value};
use std::io;

/// XLIFF, written as 1.2 unless told otherwise.
pub struct Xliff;

/// Whether an element holds a unit of one of the generations.
pub(super) fn is_unit(name: &str) -> bool {
    matches!(name, "trans-unit" | "unit")
}

/// Whether a file is of the second generation.
pub(super) fn is_second(around: &[Element]) -> bool {
    around
        .first()
        .and_then(|root| root.attribute("version"))
        .is_some_and(|version| version.starts_with('2'))
}

/// Refuses a file of XML that is not XLIFF.
///
/// Errors: [`Error::Broken`].
pub(super) fn expect_root(root: &Element, name: &str) -> Result<(), Error> {
    if root.name == "xliff" {
        return Ok(());
    }
    Err(Error::Broken {
        what: format!("not an XLIFF file: its root is `{}`", root.name),
        place: Box::new(Place {
            file: name.to_owned(),
            line: 1,
            column: 1,
            width: 1,
            text: String::new(),
        }),
    })
}

impl PairFormat for Xliff {
    fn name(&self) -> &'static str {
        "xlf"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xliff", "sdlxliff", "mqxliff", "mxliff", "txlf"]
    }

    fn read_each(
        &self,
        input: &mut dyn io::Read,
        name: &str,
        pair: &LangPair,
        visit: &mut dyn FnMut(PairRow),
    ) -> Result<Vec<Notice>, Error> {
        let mut left = LeftOut::default();
        let root = xml::visit(input, name, is_unit, &mut |around, element| match (
            is_second(around),
            element.name.as_str(),
        ) {
            (true, "unit") => {
                for segment in xliff2::segments(&element, around, pair, &mut left) {
                    visit(segment.unit.into());
                }
            }
            (false, "trans-unit") => {
                for segment in xliff1::segments(&element, around, pair, &mut left) {
                    visit(segment.unit.into());
                }
            }
            _ => {}
        })?;
        expect_root(&root, name)?;
        Ok(left.notices(pair))
    }

    fn write(
        &self,
        to: &mut dyn io::Write,
        units: &[Unit],
        _: &[Map<String, Value>],
        about: &About,
    ) -> io::Result<()> {
        xliff1::write(to, units, about)
    }

    fn rewrite(
        &self,
        original: &str,
        name: &str,
        pair: &LangPair,
        units: &[Unit],
    ) -> Result<Option<String>, Error> {
        let mut splices = Splices::default();
        let mut left = LeftOut::default();
        let mut queue = RewriteQueue::new(units);
        xml::visit_text(original, name, is_unit, &mut |around, element| match (
            is_second(around),
            element.name.as_str(),
        ) {
            (true, "unit") => {
                for segment in xliff2::segments(&element, around, pair, &mut left) {
                    if let Some(new) = queue.next(&segment.unit)
                        && !segment.rewrite(original, &element, new, &mut splices)
                    {
                        queue.refuse();
                    }
                }
            }
            (false, "trans-unit") => {
                let own = xliff1::segments(&element, around, pair, &mut left);
                let new: Vec<_> = own.iter().map(|own| queue.next(&own.unit)).collect();
                if !xliff1::rewrite(original, &element, &own, &new, &mut splices) {
                    queue.refuse();
                }
            }
            _ => {}
        })?;
        Ok(queue.fits().then(|| splices.apply(original)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::{Span, State};

    #[test]
    fn states_and_texts_come_back() {
        let unit = |id: &str, target: &str, state| Unit {
            id: id.into(),
            source: "Één > twee".into(),
            target: target.into(),
            state,
            within: Span::new(0, 12),
            ..Unit::default()
        };
        let units = [
            unit("a", "One & two", State::Translated),
            unit("b", "", State::Untranslated),
            unit("c", "One", State::NeedsReview),
            unit("d", "One", State::Approved),
        ];
        for xliff2 in [false, true] {
            let about = About {
                source_lang: "nl".into(),
                target_lang: "en".into(),
                original: "artikel.txt".into(),
                xliff2,
                ..About::default()
            };
            let bytes = super::super::write_pairs("xlf", &units, &[], &about).unwrap();
            let back =
                super::super::read_pairs(&bytes, "p.xlf", None, &LangPair::default()).unwrap();
            for (before, after) in units.iter().zip(&back.units) {
                assert_eq!(before.id, after.id);
                assert_eq!(before.source, after.source);
                assert_eq!(before.target, after.target);
                assert_eq!(before.state, after.state, "{} {xliff2}", before.id);
            }
        }
    }
}
