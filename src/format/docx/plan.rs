//! The text of a paragraph with its codes, and how each of them is written again.

use super::inline::{DocxInline, DocxItem, DocxItemKind};
use crate::bitext::{Code, CodeKind, OffsetMap, Span, Text};
use std::collections::HashMap;

/// How a code of a paragraph is written.
#[derive(Debug, Clone)]
pub(super) enum PlannedCode {
    /// Another look from here on, or its end.
    Look(Option<usize>),
    /// The beginning of an element, with the look of the text inside.
    Open {
        before: String,
        data: Span,
        after: &'static str,
        look: usize,
    },
    /// The end of an element.
    Close {
        before: String,
        data: Span,
        after: &'static str,
    },
    /// An element of the run that is open.
    InRun { data: Span },
    /// Whole elements, or a part of a run with what makes a run of it.
    Lone {
        before: String,
        data: Span,
        after: &'static str,
    },
}

/// Markup without width, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct PlannedAnchor {
    /// Offset in the plain text.
    pub at: usize,
    /// How many codes stand before it.
    pub codes: usize,
    pub before: String,
    pub data: Span,
    pub after: &'static str,
}

/// A paragraph's text.
#[derive(Debug, Default)]
pub(super) struct DocxPlan {
    pub text: Text,
    pub map: OffsetMap,
    /// For each code of the text how it is written.
    pub codes: Vec<PlannedCode>,
    /// The tokens of codes that may hold text: code's index, token, bytes.
    pub holders: Vec<(usize, usize, Span)>,
    pub anchors: Vec<PlannedAnchor>,
    /// The look of most of the text.
    pub base: usize,
    /// The bytes that are written anew where the text changes.
    pub span: Span,
}

/// Makes the plan of a paragraph; none where nobody reads anything.
pub(super) fn plan(inline: &mut DocxInline<'_, '_>) -> Option<DocxPlan> {
    freeze_edges(&mut inline.items);
    let items = inside(&inline.items);
    let is_held = |item: &DocxItem| !matches!(item.kind, DocxItemKind::Anchor { .. });
    let mut first = items.iter().position(is_held)?;
    let mut last = items.iter().rposition(is_held)?;
    let span = Span::new(items[first].outer.start, items[last].outer.end);
    // Marks in the same runs.
    while first > 0 && items[first - 1].outer.start >= span.start {
        first -= 1;
    }
    while last + 1 < items.len() && items[last + 1].outer.end <= span.end {
        last += 1;
    }
    let items = &items[first..=last];
    let mut builder = PlanBuilder {
        inline,
        plan: DocxPlan {
            base: majority(items, true)
                .or_else(|| majority(items, false))
                .unwrap_or_default(),
            span,
            ..DocxPlan::default()
        },
        next_id: 0,
        wanted_space: false,
        end: span.end,
    };
    let base = builder.plan.base;
    builder.items(items, base);
    let mut plan = builder.plan;
    plan.map.finish(plan.text.plain.len(), builder.end);
    plan.text
        .plain
        .chars()
        .any(char::is_alphanumeric)
        .then_some(plan)
}

/// Whether an item is text or may hold some.
fn speaks(item: &DocxItem) -> bool {
    match &item.kind {
        DocxItemKind::Text { text, .. } => !text.trim().is_empty(),
        DocxItemKind::InRun { label, .. } => !matches!(*label, "br" | "tab"),
        DocxItemKind::Lone { .. } => true,
        _ => false,
    }
}

/// Breaks and blanks before the first word and behind the last one stay in their places.
fn freeze_edges(items: &mut [DocxItem]) {
    let first = items.iter().position(speaks).unwrap_or(items.len());
    let last = items.iter().rposition(speaks).map_or(first, |at| at + 1);
    for item in &mut items[..first] {
        item.freeze();
    }
    for item in &mut items[last.max(first)..] {
        item.freeze();
    }
}

/// The items inside the wrappers that hold all that is read.
fn inside(mut items: &[DocxItem]) -> &[DocxItem] {
    loop {
        let is_held = |item: &DocxItem| !matches!(item.kind, DocxItemKind::Anchor { .. });
        let (Some(first), Some(last)) = (
            items.iter().position(is_held),
            items.iter().rposition(is_held),
        ) else {
            return items;
        };
        let is_pair = match (&items[first].kind, &items[last].kind) {
            (DocxItemKind::Open { pair, .. }, DocxItemKind::Close { pair: end, .. })
            | (DocxItemKind::Accepted { pair }, DocxItemKind::AcceptedEnd { pair: end }) => {
                pair == end
            }
            _ => false,
        };
        if !is_pair {
            return items;
        }
        items = &items[first + 1..last];
    }
}

/// The look of most characters, of those outside of wrappers or of all; the first of equals.
fn majority(items: &[DocxItem], outside: bool) -> Option<usize> {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    let mut depth = 0_usize;
    for item in items {
        match &item.kind {
            DocxItemKind::Open { .. } => depth += 1,
            DocxItemKind::Close { .. } => depth = depth.saturating_sub(1),
            DocxItemKind::Text { text, look, .. } if depth == 0 || !outside => {
                let length = text.chars().count();
                match counts.iter_mut().find(|(own, _)| own == look) {
                    Some((_, count)) => *count += length,
                    None => counts.push((*look, length)),
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().map(|&(_, count)| count).max()?;
    counts
        .iter()
        .find(|&&(_, count)| count == most)
        .map(|&(look, _)| look)
}

/// What holds at a place of a paragraph.
#[derive(Debug, Default)]
struct PlanPlace {
    /// The stretch of another look that is open, with the number of its code.
    open: Option<(usize, u32)>,
    /// The wrappers that are open: their pair, code, and the look around them.
    wrappers: HashMap<usize, (u32, usize)>,
    /// The look of most of the text here.
    base: usize,
}

struct PlanBuilder<'i, 'x, 's> {
    inline: &'i DocxInline<'x, 's>,
    plan: DocxPlan,
    next_id: u32,
    /// Whether a break stands before what comes next.
    wanted_space: bool,
    end: usize,
}

impl PlanBuilder<'_, '_, '_> {
    /// Adds items that stand side by side, most of them in the look `base`.
    fn items(&mut self, items: &[DocxItem], base: usize) {
        let mut place = PlanPlace {
            base,
            ..PlanPlace::default()
        };
        for (index, item) in items.iter().enumerate() {
            let (before, after) = (&item.run.before, item.run.after);
            match &item.kind {
                DocxItemKind::Text {
                    text,
                    look,
                    points,
                    end,
                    ..
                } => {
                    self.enter_look(*look, &mut place);
                    self.text(text, points, *end);
                }
                DocxItemKind::InRun { .. } => self.in_run(item, &place),
                DocxItemKind::Lone { span, label } => {
                    let planned = PlannedCode::Lone {
                        before: before.clone(),
                        data: *span,
                        after,
                    };
                    let id = self.fresh();
                    self.raw_code(id, CodeKind::Empty, *span, label, planned);
                }
                DocxItemKind::Open { .. } => self.open_wrapper(&items[index..], &mut place),
                DocxItemKind::Close { span, pair } => {
                    self.close_look(&mut place.open);
                    if let Some((id, outer)) = place.wrappers.remove(pair) {
                        place.base = outer;
                        let planned = PlannedCode::Close {
                            before: before.clone(),
                            data: *span,
                            after,
                        };
                        self.raw_code(id, CodeKind::Close, *span, "", planned);
                    }
                }
                DocxItemKind::Accepted { .. } | DocxItemKind::AcceptedEnd { .. } => {}
                DocxItemKind::Anchor { span } | DocxItemKind::Field { span, .. } => {
                    self.plan.anchors.push(PlannedAnchor {
                        at: self.plan.text.plain.len(),
                        codes: self.plan.codes.len(),
                        before: before.clone(),
                        data: *span,
                        after,
                    });
                }
            }
        }
        self.close_look(&mut place.open);
    }

    /// Text of a look follows: where it is another one than before, a code says so.
    fn enter_look(&mut self, look: usize, place: &mut PlanPlace) {
        if place.open.is_some_and(|(own, _)| own == look) {
            return;
        }
        self.close_look(&mut place.open);
        if look == place.base {
            return;
        }
        let id = self.fresh();
        let data = self.inline.looks.raw(look).to_owned();
        let label = self.inline.looks.label(look);
        self.code(
            id,
            CodeKind::Open,
            data,
            label,
            PlannedCode::Look(Some(look)),
        );
        place.open = Some((look, id));
    }

    /// Adds an element of a run: to the run that is open, or in a run of its own look.
    fn in_run(&mut self, item: &DocxItem, place: &PlanPlace) {
        let DocxItemKind::InRun {
            span,
            look,
            label,
            token,
        } = &item.kind
        else {
            return;
        };
        let is_break = matches!(*label, "br" | "tab");
        let is_same = place.open.map_or(place.base, |(own, _)| own) == *look;
        let data = *span;
        let planned = if is_same || is_break {
            PlannedCode::InRun { data }
        } else {
            PlannedCode::Lone {
                before: item.run.before.clone(),
                data,
                after: item.run.after,
            }
        };
        let holder = (self.plan.codes.len(), *token, data);
        self.plan.holders.push(holder);
        let id = self.fresh();
        self.raw_code(id, CodeKind::Empty, data, label, planned);
        self.wanted_space |= is_break;
    }

    /// Adds the beginning of a wrapper, the first of these items; the look of most of its text is
    /// its own.
    fn open_wrapper(&mut self, items: &[DocxItem], place: &mut PlanPlace) {
        let DocxItemKind::Open {
            span,
            pair,
            label,
            token,
        } = &items[0].kind
        else {
            return;
        };
        self.close_look(&mut place.open);
        let is_end = |item: &DocxItem| matches!(item.kind, DocxItemKind::Close { pair: own, .. } if own == *pair);
        let end = items.iter().position(is_end).unwrap_or(items.len());
        let look = majority(&items[..end], false).unwrap_or(place.base);
        let id = self.fresh();
        if let Some(token) = token {
            let holder = (self.plan.codes.len(), *token, *span);
            self.plan.holders.push(holder);
        }
        let planned = PlannedCode::Open {
            before: items[0].run.before.clone(),
            data: *span,
            after: items[0].run.after,
            look,
        };
        self.raw_code(id, CodeKind::Open, *span, label, planned);
        place.wrappers.insert(*pair, (id, place.base));
        place.base = look;
    }

    fn text(&mut self, text: &str, points: &[(usize, usize)], end: usize) {
        if text.is_empty() {
            return;
        }
        let plain = &mut self.plan.text.plain;
        if std::mem::take(&mut self.wanted_space)
            && !plain.is_empty()
            && !plain.ends_with(char::is_whitespace)
            && !text.starts_with(char::is_whitespace)
        {
            let at = points.first().map_or(end, |point| point.1);
            self.plan.map.point(plain.len(), at.saturating_sub(1));
            plain.push(' ');
        }
        for &(offset, file) in points {
            self.plan.map.point(plain.len() + offset, file);
        }
        plain.push_str(text);
        self.end = end;
    }

    fn close_look(&mut self, open: &mut Option<(usize, u32)>) {
        if let Some((_, id)) = open.take() {
            self.code(
                id,
                CodeKind::Close,
                "</w:rPr>".to_owned(),
                "",
                PlannedCode::Look(None),
            );
        }
    }

    fn raw_code(&mut self, id: u32, kind: CodeKind, data: Span, label: &str, own: PlannedCode) {
        let data = data.of(self.inline.source()).to_owned();
        self.code(id, kind, data, label, own);
    }

    fn code(&mut self, id: u32, kind: CodeKind, data: String, label: &str, own: PlannedCode) {
        let label = match kind {
            CodeKind::Close => self
                .plan
                .text
                .codes
                .iter()
                .rev()
                .find(|code| code.id == id)
                .map_or(String::new(), |code| code.label.clone()),
            _ => label.to_owned(),
        };
        self.plan.text.codes.push(Code {
            at: self.plan.text.plain.len(),
            id,
            kind,
            data,
            label,
        });
        self.plan.codes.push(own);
    }

    fn fresh(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }
}
