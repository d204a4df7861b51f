//! Writes the changed text of a paragraph, its markup and its marks.

use super::super::contract::RenderPlace;
use super::super::splice::attribute_value;
use super::super::xml_splice::{
    XmlTokens, anchor_places, codes_by_number, push_escaped, same_codes,
};
use super::inline::{self, OdtText, SpanKnowledge};
use crate::bitext::{Block, Code, CodeKind, OffsetMap, Span, Text};

/// What the codes of a text say about the spans of its paragraph.
struct KnownCodes<'t>(&'t Text);

impl KnownCodes<'_> {
    /// The codes before the byte at `at`.
    fn here(&self, at: usize) -> impl Iterator<Item = &Code> {
        let first = self.0.codes.partition_point(|code| code.at < at);
        let codes = self.0.codes[first..].iter();
        codes.take_while(move |code| code.at == at)
    }
}

impl SpanKnowledge for KnownCodes<'_> {
    fn begins(&self, xml: &XmlTokens<'_>, token: usize, at: usize) -> bool {
        let tag = xml.span(token).of(xml.source());
        self.here(at)
            .any(|code| code.kind != CodeKind::Close && code.data == tag)
    }

    fn goes_on(&self, xml: &XmlTokens<'_>, _: usize, next: Option<usize>, at: usize) -> bool {
        next.is_some_and(|next| xml.name(next) == "text:span" && !self.begins(xml, next, at))
            && !self.here(at).any(|code| code.kind == CodeKind::Close)
    }
}

/// Writes a text in the place of the inline content that stands at `place`.
pub(super) fn paragraph(
    place: RenderPlace<'_>,
    block: &Block,
    text: &Text,
    out: &mut String,
) -> Option<OffsetMap> {
    let xml = XmlTokens::read(place.source, "").ok()?;
    let own = inline::read(&xml, xml.roots(), &KnownCodes(&block.text))?;
    let base = out.len();
    let mut writer = OdtWriter {
        place,
        own: &own,
        base,
        out,
        map: OffsetMap::default(),
        open: Vec::new(),
    };
    writer.text(block, text);
    let map = writer.map;
    Some(map)
}

/// An element that is open: its code and its end tag.
struct OdtOpenElement {
    id: u32,
    close: String,
}

struct OdtWriter<'w> {
    place: RenderPlace<'w>,
    own: &'w OdtText,
    base: usize,
    out: &'w mut String,
    map: OffsetMap,
    open: Vec<OdtOpenElement>,
}

impl OdtWriter<'_> {
    fn text(&mut self, block: &Block, text: &Text) {
        let own = self.own;
        let known = codes_by_number(&block.text);
        let is_same = same_codes(&own.text, text);
        // Halves of pairs that say nothing go where the codes are others.
        let kept = || {
            own.anchors
                .iter()
                .filter(|anchor| is_same || !anchor.is_noise)
        };
        let places = anchor_places(
            &own.text,
            kept().map(|anchor| (anchor.at, anchor.codes)),
            text,
        );
        let mut anchors = std::iter::zip(places, kept()).peekable();
        let mut next = 0;
        let (mut after_space, mut breaks) = (true, false);
        let chars = text.plain.char_indices().map(|(at, c)| (at, Some(c)));
        for (at, c) in chars.chain([(text.plain.len(), None)]) {
            loop {
                let code = text.codes.get(next).filter(|code| code.at <= at);
                if let Some((_, anchor)) = anchors
                    .next_if(|(place, _)| place.0 <= at && (code.is_none() || place.1 <= next))
                {
                    self.out.push_str(anchor.data.of(self.place.source));
                    continue;
                }
                let Some(code) = code else { break };
                next += 1;
                if let Some(&index) = known.get(&(code.id, code.kind)) {
                    self.code(index, code.id, code.kind, &code.data);
                    after_space &= code.kind != CodeKind::Empty;
                    breaks = code.is_break();
                }
            }
            let Some(c) = c else { break };
            if std::mem::take(&mut breaks)
                && c == ' '
                && at > 0
                && !text.plain[..at].ends_with(char::is_whitespace)
            {
                // The space that a break is for whoever reads words.
                continue;
            }
            self.map.point(at, self.out.len() - self.base);
            match c {
                ' ' if after_space => self.out.push_str("<text:s/>"),
                '\t' => self.out.push_str("<text:tab/>"),
                '\n' => self.out.push_str("<text:line-break/>"),
                c => push_escaped(c, None, self.out),
            }
            after_space = c == ' ';
        }
        for (_, anchor) in anchors {
            self.out.push_str(anchor.data.of(self.place.source));
        }
        while let Some(open) = self.open.pop() {
            self.out.push_str(&open.close);
        }
        self.map
            .finish(text.plain.len(), self.out.len() - self.base);
    }

    fn code(&mut self, index: usize, id: u32, kind: CodeKind, data: &str) {
        match kind {
            CodeKind::Empty => self.out.push_str(data),
            CodeKind::Open => {
                self.out.push_str(data);
                let codes = &self.own.text.codes;
                let mut behind = codes.iter().skip(index + 1);
                let close = behind.find(|code| code.id == id && code.kind == CodeKind::Close);
                self.open.push(OdtOpenElement {
                    id,
                    close: close.map_or(String::new(), |code| code.data.clone()),
                });
            }
            CodeKind::Close => {
                // Elements may not cross: those inside end with the one around them.
                if let Some(at) = self.open.iter().rposition(|open| open.id == id) {
                    for open in self.open.drain(at..).rev() {
                        self.out.push_str(&open.close);
                    }
                }
            }
        }
    }
}

/// Where elements name their language and country, for text of `lang`.
pub(super) fn languages(xml: &XmlTokens<'_>, lang: &crate::bitext::Lang) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in (0..xml.len()).filter(|&at| xml.is_element(at)) {
        let tag = xml.span(at);
        let value = |name| {
            attribute_value(tag.of(xml.source()), name).map(|own: Span| own.shifted(tag.start))
        };
        let Some(language) = value("fo:language") else {
            continue;
        };
        if !lang.is_base_of(language.of(xml.source())) {
            continue;
        }
        spans.push(language);
        let country = value("fo:country");
        let is_country = |span: &Span| {
            let country = span.of(xml.source());
            country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase())
        };
        spans.extend(country.filter(is_country));
    }
    spans.sort_unstable();
    spans
}
