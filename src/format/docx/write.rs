//! Writes the changed text of a paragraph: runs of its looks, with its markup between them.

use super::super::contract::RenderPlace;
use super::super::xml_splice::{XmlTokens, anchor_places, codes_by_number, push_escaped};
use super::inline::DocxInline;
use super::looks::in_language;
use super::plan::{self, DocxPlan, PlannedAnchor, PlannedCode};
use crate::bitext::{Block, CodeKind, OffsetMap, Span, Text};
use std::collections::HashSet;

/// Writes a text in the place of the runs that stand at `place`.
pub(super) fn paragraph(
    place: RenderPlace<'_>,
    block: &Block,
    text: &Text,
    out: &mut String,
) -> Option<OffsetMap> {
    let xml = XmlTokens::read(place.source, "").ok()?;
    let protected = protected_styles(block);
    let mut inline = DocxInline::read(&xml, xml.roots(), &protected);
    let plan = plan::plan(&mut inline)?;
    let mut writer = RunWriter {
        place,
        inline: &inline,
        plan: &plan,
        out: String::new(),
        pending: String::new(),
        points: Vec::new(),
        map: OffsetMap::default(),
        run: None,
        scopes: Vec::new(),
    };
    writer.text(block, text);
    let RunWriter {
        out: written, map, ..
    } = writer;
    out.push_str(&written);
    Some(map)
}

/// The styles of the runs that were read as codes of protected text.
fn protected_styles(block: &Block) -> HashSet<String> {
    let codes = block.text.codes.iter();
    codes
        .filter(|code| code.label == "protected")
        .filter_map(|code| {
            let at = code.data.find("<w:rStyle ")?;
            let tag = &code.data[at..];
            let tag = &tag[..=tag.find('>')?];
            let value = super::super::splice::attribute_value(tag, "w:val")?;
            super::super::xml::unescape(value.of(tag)).ok()
        })
        .collect()
}

/// A look or an element that is open.
#[derive(Debug)]
struct Scope {
    id: u32,
    look: usize,
    /// How the element is closed; none for a look.
    close: Option<String>,
}

struct RunWriter<'w, 'x, 's> {
    place: RenderPlace<'w>,
    inline: &'w DocxInline<'x, 's>,
    plan: &'w DocxPlan,
    out: String,
    /// Text that is not written yet.
    pending: String,
    /// Plain offsets with those in the pending text.
    points: Vec<(usize, usize)>,
    map: OffsetMap,
    /// The look of the run that is open.
    run: Option<usize>,
    scopes: Vec<Scope>,
}

impl RunWriter<'_, '_, '_> {
    fn text(&mut self, block: &Block, text: &Text) {
        let known = codes_by_number(&block.text);
        let places = self.plan.anchors.iter().map(|own| (own.at, own.codes));
        let places = anchor_places(&self.plan.text, places, text);
        let mut anchors = std::iter::zip(places, &self.plan.anchors).peekable();
        let mut codes = text.codes.iter().enumerate().peekable();
        let mut breaks = false;
        let chars = text.plain.char_indices().map(|(at, c)| (at, Some(c)));
        for (at, c) in chars.chain([(text.plain.len(), None)]) {
            loop {
                let code = codes.peek().map(|&(index, code)| (code.at.min(at), index));
                match (anchors.peek(), code) {
                    (Some((place, _)), code)
                        if place.0 <= at && code.is_none_or(|(_, index)| place.1 <= index) =>
                    {
                        if let Some((_, anchor)) = anchors.next() {
                            self.anchor(anchor);
                        }
                    }
                    (_, Some((place, index))) if place == at && text.codes[index].at <= at => {
                        codes.next();
                        let code = &text.codes[index];
                        if let Some(&own) = known.get(&(code.id, code.kind)) {
                            let held = block.inlays.binary_search_by_key(&own, |inlay| inlay.code);
                            let held = held.is_ok();
                            self.code(own, code.id, code.kind, held.then_some(&code.data));
                        }
                        breaks = code.is_break();
                    }
                    _ => break,
                }
            }
            let Some(c) = c else { break };
            // The space that a break is for whoever reads words.
            let stands_for_break = std::mem::take(&mut breaks) && c == ' ';
            if stands_for_break && at > 0 && !text.plain[..at].ends_with(char::is_whitespace) {
                continue;
            }
            self.character(at, c);
        }
        self.flush();
        for (_, anchor) in anchors {
            self.anchor(anchor);
        }
        self.end_run();
        while let Some(scope) = self.scopes.pop() {
            self.out.push_str(&scope.close.unwrap_or_default());
        }
        self.map.finish(text.plain.len(), self.out.len());
    }

    fn character(&mut self, at: usize, c: char) {
        let element = match c {
            '\u{2011}' => "<w:noBreakHyphen/>",
            '\u{ad}' => "<w:softHyphen/>",
            '\n' => "<w:br/>",
            '\t' => "<w:tab/>",
            c => {
                self.points.push((at, self.pending.len()));
                push_escaped(c, None, &mut self.pending);
                return;
            }
        };
        self.flush();
        self.open_run();
        self.map.point(at, self.out.len());
        self.out.push_str(element);
    }

    /// Writes the text that is pending.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        self.open_run();
        let text = std::mem::take(&mut self.pending);
        let needs_spaces = text.starts_with(char::is_whitespace)
            || text.ends_with(char::is_whitespace)
            || text.contains("  ");
        self.out.push_str(if needs_spaces {
            "<w:t xml:space=\"preserve\">"
        } else {
            "<w:t>"
        });
        for (plain, offset) in self.points.drain(..) {
            self.map.point(plain, self.out.len() + offset);
        }
        self.out.push_str(&text);
        self.out.push_str("</w:t>");
    }

    fn look(&self) -> usize {
        self.scopes
            .last()
            .map_or(self.plan.base, |scope| scope.look)
    }

    fn open_run(&mut self) {
        let look = self.look();
        if self.run == Some(look) {
            return;
        }
        self.end_run();
        self.out.push_str("<w:r>");
        let raw = self.inline.looks.raw(look);
        self.out
            .push_str(&in_language(raw, self.place.lang, self.place.target));
        self.run = Some(look);
    }

    fn end_run(&mut self) {
        if self.run.take().is_some() {
            self.out.push_str("</w:r>");
        }
    }

    /// Bytes of the file with what makes whole runs of them.
    fn raw(&self, before: &str, data: Span, after: &str, held: Option<&String>) -> String {
        let english = |raw: &str| in_language(raw, self.place.lang, self.place.target);
        let data = match held {
            Some(data) => data.clone(),
            None => english(data.of(self.place.source)),
        };
        format!("{}{data}{after}", english(before))
    }

    fn anchor(&mut self, anchor: &PlannedAnchor) {
        self.flush();
        self.end_run();
        let raw = self.raw(&anchor.before, anchor.data, anchor.after, None);
        self.out.push_str(&raw);
    }

    fn code(&mut self, own: usize, id: u32, kind: CodeKind, held: Option<&String>) {
        let plan = self.plan;
        let Some(planned) = plan.codes.get(own) else {
            return;
        };
        self.flush();
        match planned {
            PlannedCode::Look(Some(look)) => self.scopes.push(Scope {
                id,
                look: *look,
                close: None,
            }),
            PlannedCode::Look(None) => self.close(id),
            PlannedCode::Open {
                before,
                data,
                after,
                look,
            } => {
                self.end_run();
                let raw = self.raw(before, *data, after, held);
                self.out.push_str(&raw);
                self.scopes.push(Scope {
                    id,
                    look: *look,
                    close: Some(self.closing(own, id, kind)),
                });
            }
            PlannedCode::Close { .. } => self.close(id),
            PlannedCode::InRun { data } => {
                self.open_run();
                let raw = self.raw("", *data, "", held);
                self.out.push_str(&raw);
            }
            PlannedCode::Lone {
                before,
                data,
                after,
            } => {
                self.end_run();
                let raw = self.raw(before, *data, after, held);
                self.out.push_str(&raw);
            }
        }
    }

    /// What closes the element that the code at `own` opens.
    fn closing(&self, own: usize, id: u32, kind: CodeKind) -> String {
        let codes = &self.plan.text.codes;
        let end = (own + 1..codes.len())
            .find(|&at| codes[at].id == id && codes[at].kind != kind)
            .map(|at| &self.plan.codes[at]);
        match end {
            Some(PlannedCode::Close {
                before,
                data,
                after,
            }) => self.raw(before, *data, after, None),
            _ => String::new(),
        }
    }

    /// Ends a look or an element. Elements inside that are still open end with it: elements may not
    /// cross.
    fn close(&mut self, id: u32) {
        let Some(at) = self.scopes.iter().rposition(|scope| scope.id == id) else {
            return;
        };
        if self.scopes[at].close.is_none() {
            self.scopes.remove(at);
            return;
        }
        self.end_run();
        let inner: Vec<Scope> = self.scopes.drain(at..).collect();
        for scope in inner.into_iter().rev() {
            self.out.push_str(&scope.close.unwrap_or_default());
        }
    }
}
