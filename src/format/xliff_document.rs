//! XLIFF as a document: the segments that lack a translation are its texts, and the English is
//! written beside them. Segmentation, codes, notes and whatever people translated stay.
//!
//! Which segments these are, and which state a translation gets, stands in `docs/exchange.md`; the
//! readers and writers are those of the pairs.

use super::contract::{BilingualFormat, Filling, Format, Found, Reading};
use super::error::Error;
use super::pair_contract::LeftOut;
use super::splice::{Splices, with_attribute};
use super::xliff::{expect_root, is_second, is_unit};
use super::xliff1::{self, Xliff1Segment};
use super::xliff2::{self, Xliff2Segment};
use super::xml::{self, Element};
use crate::bitext::{
    Block, Lang, LangPair, Notation, Notice, OffsetMap, Origin, Span, State, Text, Unit,
};
use std::collections::BTreeSet;

/// Files of CAT tools: XLIFF 1.2 and 2, SDLXLIFF, MQXLIFF.
pub struct XliffDocument;

impl Format for XliffDocument {
    fn name(&self) -> &'static str {
        "xliff"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xlf", "xliff", "sdlxliff", "mqxliff", "mxliff", "txlf"]
    }

    fn find(&self, _source: &str, _lang: &Lang) -> Reading {
        Reading::default()
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        plain_xml(text, out)
    }

    fn bilingual(&self) -> Option<&dyn BilingualFormat> {
        Some(self)
    }
}

/// Writes plain text between two tags.
fn plain_xml(text: &Text, out: &mut String) -> OffsetMap {
    let written = xml::escape(&text.plain);
    out.push_str(&written);
    OffsetMap::linear(0, written.len())
}

impl BilingualFormat for XliffDocument {
    fn open(&self, source: &str, pair: &LangPair) -> Result<Reading, Error> {
        let mut reading = Reading::default();
        let (mut left, mut done) = (LeftOut::default(), 0);
        let root = xml::visit_text(source, "", is_unit, &mut |around, element| {
            let own = segments(&element, around, pair, &mut left);
            for segment in own.iter() {
                match segment.found(&element, source) {
                    Some(found) => reading.found.push(found),
                    None => done += 1,
                }
            }
        })?;
        expect_root(&root, "")?;
        reading.notices = left.notices(pair);
        if done > 0 {
            let (what, verb) = if done == 1 {
                ("segment", "stays")
            } else {
                ("segments", "stay")
            };
            let message = format!("{done} {what} {verb} as translated, locked or empty");
            reading.notices.push(Notice {
                message,
                span: None,
            });
        }
        Ok(reading)
    }

    fn fill(
        &self,
        source: &str,
        pair: &LangPair,
        fillings: &[Option<Filling>],
    ) -> Result<String, Error> {
        let mut splices = Splices::default();
        let mut fillings = fillings.iter();
        let mut named = BTreeSet::new();
        let mut left = LeftOut::default();
        xml::visit_text(source, "", is_unit, &mut |around, element| {
            let own = segments(&element, around, pair, &mut left);
            let new: Vec<Option<Unit>> = own
                .iter()
                .map(|segment| {
                    segment.found(&element, source)?;
                    Some(segment.filled(fillings.next()?.as_ref()?))
                })
                .collect();
            if new.iter().all(Option::is_none) {
                return;
            }
            own.write(source, &element, &new, &mut splices);
            let (name, attribute) = own.language();
            let place = around.iter().find(|own| own.name == name);
            if let Some(place) = place.filter(|own| own.attribute(attribute).is_none())
                && named.insert(place.offset)
            {
                let tag = Span::new(place.offset, place.inner.start);
                let with = with_attribute(tag.of(source), attribute, pair.target.tag());
                splices.replace(tag, with);
            }
        })?;
        Ok(splices.apply(source))
    }
}

/// The segments of a unit.
enum XliffSegments<'t> {
    First(Vec<Xliff1Segment<'t>>),
    Second(Vec<Xliff2Segment<'t>>),
}

/// One of them.
#[derive(Clone, Copy)]
enum XliffSegment<'s, 't> {
    First(&'s Xliff1Segment<'t>),
    Second(&'s Xliff2Segment<'t>),
}

fn segments<'t>(
    element: &'t Element,
    around: &[Element],
    pair: &LangPair,
    left: &mut LeftOut,
) -> XliffSegments<'t> {
    if is_second(around) {
        XliffSegments::Second(xliff2::segments(element, around, pair, left))
    } else {
        XliffSegments::First(xliff1::segments(element, around, pair, left))
    }
}

impl<'t> XliffSegments<'t> {
    fn iter(&self) -> Box<dyn Iterator<Item = XliffSegment<'_, 't>> + '_> {
        match self {
            Self::First(own) => Box::new(own.iter().map(XliffSegment::First)),
            Self::Second(own) => Box::new(own.iter().map(XliffSegment::Second)),
        }
    }

    /// The element that names the language of the targets, and its attribute.
    fn language(&self) -> (&'static str, &'static str) {
        match self {
            Self::First(_) => ("file", "target-language"),
            Self::Second(_) => ("xliff", "trgLang"),
        }
    }

    fn write(&self, source: &str, element: &Element, new: &[Option<Unit>], splices: &mut Splices) {
        match self {
            Self::First(own) => {
                let new: Vec<Option<&Unit>> = new.iter().map(Option::as_ref).collect();
                xliff1::rewrite(source, element, own, &new, splices);
            }
            Self::Second(own) => {
                for (segment, new) in own.iter().zip(new) {
                    if let Some(new) = new {
                        segment.rewrite(source, element, new, splices);
                    }
                }
            }
        }
    }
}

impl<'s> XliffSegment<'s, '_> {
    fn unit(self) -> &'s Unit {
        match self {
            Self::First(own) => &own.unit,
            Self::Second(own) => &own.unit,
        }
    }

    /// The text, if it lacks a translation and may have one.
    fn found(self, element: &Element, source: &str) -> Option<Found> {
        let (is_open, span) = match self {
            Self::First(own) => (
                own.is_forward() && !own.is_locked(element),
                own.source_span(),
            ),
            Self::Second(own) => (own.is_forward(), own.source_span()),
        };
        let unit = self.unit();
        let has_text = unit.source.plain.chars().any(char::is_alphanumeric);
        if !is_open || !has_text || unit.state != State::Untranslated {
            return None;
        }
        let text = unit.source.clone();
        let mut map = OffsetMap::default();
        map.point(0, span.start);
        // The words between codes stand there as they are, but for references.
        let raw = span.of(source);
        let (mut at, mut plain) = (0, 0);
        let ends = text.codes.iter().map(|code| code.at);
        for end in ends.chain([text.plain.len()]) {
            let part = &text.plain[plain..end];
            if let Some(place) = raw[at..].find(part).filter(|_| !part.is_empty()) {
                map.point(plain, span.start + at + place);
                at += place + part.len();
            }
            plain = end;
        }
        map.finish(text.plain.len(), span.end);
        Some(Found {
            span,
            role: unit.role,
            text,
            map,
            notation: Notation::Xml,
            ..Found::default()
        })
    }

    /// The unit with a translation.
    fn filled(self, filling: &Filling) -> Unit {
        let unit = self.unit();
        Unit {
            target: filling.text.clone(),
            state: if filling.needs_review {
                State::NeedsReview
            } else {
                State::Translated
            },
            origin: if filling.by_machine {
                Origin::Engine("mt".into())
            } else {
                Origin::Memory(100)
            },
            ..unit.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: fn() -> LangPair = LangPair::default;

    /// The texts that a file lacks a translation of, and the file with each in capitals.
    fn shout(file: &str) -> (Vec<String>, String) {
        let reading = XliffDocument.open(file, &PAIR()).unwrap();
        let texts: Vec<String> = reading.found.iter().map(|f| f.text.plain.clone()).collect();
        let fillings: Vec<Option<Filling>> = reading
            .found
            .into_iter()
            .map(|found| {
                let mut text = found.text;
                text.plain.make_ascii_uppercase();
                Some(Filling {
                    text,
                    by_machine: true,
                    needs_review: false,
                })
            })
            .collect();
        let filled = XliffDocument.fill(file, &PAIR(), &fillings).unwrap();
        (texts, filled)
    }

    fn first(units: &str) -> String {
        format!(
            "<xliff version=\"1.2\"><file source-language=\"nl\" original=\"a\"><body>{units}\
             </body></file></xliff>"
        )
    }

    #[test]
    fn only_segments_that_lack_a_translation_are_texts() {
        for (unit, is_text) in [
            ("<source>Dag</source>", true),
            ("<source>Dag</source><target/>", true),
            (
                "<source>Dag</source><target state=\"new\">Dag</target>",
                true,
            ),
            (
                "<source>Dag</source><target state=\"needs-translation\">D</target>",
                false,
            ),
            ("<source>Dag</source><target>Day</target>", false),
            (
                "<source>Dag</source><target state=\"final\">Day</target>",
                false,
            ),
            ("<source>12</source>", true),
            ("<source>…</source>", false),
            ("<source/>", false),
        ] {
            let file = first(&format!("<trans-unit id=\"1\">{unit}</trans-unit>"));
            assert_eq!(shout(&file).0.len(), usize::from(is_text), "{unit}");
        }
        let locked = first(
            "<trans-unit id=\"1\" mq:status=\"NotStarted\" mq:locked=\"locked\">\
             <source>Dag</source><target/></trans-unit>",
        );
        assert!(shout(&locked).0.is_empty());
    }

    #[test]
    fn a_translation_stands_where_the_file_has_it() {
        let open = "<file source-language=\"nl\" original=\"a\"";
        let named = "<file source-language=\"nl\" original=\"a\" target-language=\"en\"";
        let state = "state=\"translated\" state-qualifier=\"mt-suggestion\"";
        for (from, to) in [
            (
                "<source>Dag &amp; <g id=\"1\">nacht</g></source>".to_owned(),
                format!(
                    "<source>Dag &amp; <g id=\"1\">nacht</g></source>\
                     <target {state}>DAG &amp; <g id=\"1\">NACHT</g></target>"
                ),
            ),
            (
                "<source>Dag</source>\n<target state=\"new\"/><note>x</note>".to_owned(),
                format!("<source>Dag</source>\n<target {state}>DAG</target><note>x</note>"),
            ),
            (
                "<source>Een. Twee.</source><seg-source><mrk mtype=\"seg\" mid=\"0\">Een.</mrk> \
                 <mrk mtype=\"seg\" mid=\"1\">Twee.</mrk></seg-source>"
                    .to_owned(),
                "<source>Een. Twee.</source><seg-source><mrk mtype=\"seg\" mid=\"0\">Een.</mrk> \
                 <mrk mtype=\"seg\" mid=\"1\">Twee.</mrk></seg-source><target>\
                 <mrk mtype=\"seg\" mid=\"0\">EEN.</mrk> <mrk mtype=\"seg\" mid=\"1\">TWEE.</mrk>\
                 </target>"
                    .to_owned(),
            ),
            (
                "<source>Een. Twee.</source><seg-source><mrk mtype=\"seg\" mid=\"0\">Een.</mrk> \
                 <mrk mtype=\"seg\" mid=\"1\">Twee.</mrk></seg-source><target><mrk mtype=\"seg\" \
                 mid=\"0\">One.</mrk></target>"
                    .to_owned(),
                "<source>Een. Twee.</source><seg-source><mrk mtype=\"seg\" mid=\"0\">Een.</mrk> \
                 <mrk mtype=\"seg\" mid=\"1\">Twee.</mrk></seg-source><target><mrk mtype=\"seg\" \
                 mid=\"0\">One.</mrk><mrk mtype=\"seg\" mid=\"1\">TWEE.</mrk></target>"
                    .to_owned(),
            ),
        ] {
            let unit =
                |content: &str| first(&format!("<trans-unit id=\"1\">{content}</trans-unit>"));
            let wanted = unit(&to).replace(open, named);
            assert_eq!(shout(&unit(&from)).1, wanted);
        }
    }

    #[test]
    fn the_second_generation_keeps_segments_ignorables_and_states() {
        let file = "<xliff version=\"2.1\" srcLang=\"nl\"><file id=\"f\"><unit id=\"1\"><segment \
                    state=\"initial\"><source>Een <ph id=\"1\"/>.</source></segment><ignorable>\
                    <source> </source></ignorable><segment state=\"final\"><source>Twee.</source>\
                    <target>Two.</target></segment></unit></file></xliff>";
        let (texts, filled) = shout(file);
        assert_eq!(texts, ["Een ."]);
        let wanted = file
            .replace("srcLang=\"nl\"", "srcLang=\"nl\" trgLang=\"en\"")
            .replace("\"initial\"", "\"translated\"")
            .replace(
                "<ph id=\"1\"/>.</source>",
                "<ph id=\"1\"/>.</source><target>EEN <ph id=\"1\"/>.</target>",
            );
        assert_eq!(filled, wanted);
    }

    #[test]
    fn a_file_in_other_languages_stays_and_is_named() {
        let file = first("<trans-unit id=\"1\"><source>Tag</source></trans-unit>")
            .replace("\"nl\"", "\"de\"");
        let reading = XliffDocument.open(&file, &PAIR()).unwrap();
        assert!(reading.found.is_empty());
        assert!(
            reading.notices[0]
                .message
                .contains("not a pair of nl and en")
        );
    }

    #[test]
    fn without_translations_every_byte_stays() {
        let file = first("<trans-unit id=\"1\"><source>Dag</source></trans-unit>");
        assert_eq!(XliffDocument.fill(&file, &PAIR(), &[None]).unwrap(), file);
    }
}
