//! A run of text between two borders, as it is gathered: pieces of text and codes, of which blocks
//! are made at its end.

use super::super::contract::Found;
use super::super::entities::{self, Reference};
use crate::bitext::{Code, CodeKind, OffsetMap, Role, Span, Text};
use crate::language::furniture::is_furniture;
use std::collections::{BTreeMap, HashMap};

/// A part of a run.
#[derive(Debug)]
pub(super) enum RunItem {
    /// Characters and references.
    Text(Span),
    /// Markup.
    Code(RunCode),
}

/// Markup inside a run.
#[derive(Debug)]
pub(super) struct RunCode {
    /// What it does; an opening code that is never closed stands alone.
    pub kind: CodeKind,
    /// The same for the two codes of a pair.
    pub pair: usize,
    /// Where it stands.
    pub span: Span,
    /// What a person calls it.
    pub label: String,
    /// What it says to readers.
    pub nested: Vec<Found>,
    /// Whether it opens or closes an element that can stand for itself: a label, a button.
    pub control: bool,
}

/// A run of text that is being gathered.
#[derive(Debug, Default)]
pub(super) struct TextRun {
    items: Vec<RunItem>,
    open: HashMap<String, Vec<usize>>,
    pairs: usize,
}

impl TextRun {
    /// Whether nothing was gathered.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn text(&mut self, span: Span) {
        self.items.push(RunItem::Text(span));
    }

    /// Adds markup that stands alone.
    pub(super) fn lone(&mut self, span: Span, label: &str, nested: Vec<Found>) {
        self.pairs += 1;
        self.items.push(RunItem::Code(RunCode {
            kind: CodeKind::Empty,
            pair: self.pairs,
            span,
            label: label.to_owned(),
            nested,
            control: false,
        }));
    }

    /// Adds an annotation; one beside another is one with it.
    pub(super) fn annotation(&mut self, span: Span, label: &str) {
        if let Some(RunItem::Code(code)) = self.items.last_mut()
            && code.span.end == span.start
            && matches!(code.label.as_str(), "rp" | "rt" | "rtc")
        {
            code.span.end = span.end;
            "rt".clone_into(&mut code.label);
            return;
        }
        self.lone(span, label, Vec::new());
    }

    pub(super) fn open(&mut self, span: Span, label: &str, nested: Vec<Found>, control: bool) {
        self.pairs += 1;
        self.open
            .entry(label.to_owned())
            .or_default()
            .push(self.pairs);
        self.items.push(RunItem::Code(RunCode {
            kind: CodeKind::Open,
            pair: self.pairs,
            span,
            label: label.to_owned(),
            nested,
            control,
        }));
    }

    /// Adds an end tag: it closes the innermost code of its name, or stands alone.
    pub(super) fn close(&mut self, span: Span, label: &str, control: bool) {
        let pair = self.open.get_mut(label).and_then(Vec::pop);
        let Some(pair) = pair else {
            self.lone(span, label, Vec::new());
            return;
        };
        self.items.push(RunItem::Code(RunCode {
            kind: CodeKind::Close,
            pair,
            span,
            label: label.to_owned(),
            nested: Vec::new(),
            control,
        }));
    }

    /// Ends the run and gives its blocks: mostly one, none where nobody reads anything. Controls
    /// and links side by side, with nothing between that reads, are a block each.
    pub(super) fn finish(
        &mut self,
        source: &str,
        role: Role,
        lines: bool,
        xml: bool,
        found: &mut Vec<Found>,
    ) {
        let items = std::mem::take(&mut self.items);
        self.open.clear();
        self.pairs = 0;
        if items.is_empty() {
            return;
        }
        for part in parts(source, items) {
            let builder = BlockBuilder {
                source,
                lines,
                xml,
                ..BlockBuilder::default()
            };
            block(builder, part, role, found);
        }
    }
}

/// Makes a block of items. Where none of them is text, what the codes say stands for itself.
fn block(mut builder: BlockBuilder<'_>, items: Vec<RunItem>, role: Role, found: &mut Vec<Found>) {
    let single = wrapper(builder.source, &items);
    for item in items {
        match item {
            RunItem::Text(span) => builder.text(span),
            RunItem::Code(code) => builder.code(code),
        }
    }
    let Some(mut block) = builder.finish(role) else {
        return;
    };
    if !says_something(&block.text.plain) {
        for (_, _, mut nested) in block.inlays {
            found.append(&mut nested);
        }
        return;
    }
    let furniture = matches!(block.role, Role::Paragraph | Role::ListItem)
        && is_furniture(&block.text.plain, "nl");
    if furniture || single.as_deref() == Some("button") {
        block.role = Role::Furniture;
    } else if block.role == Role::Paragraph && single.as_deref() == Some("time") {
        block.role = Role::Dateline;
    }
    found.push(block);
}

/// Whether a text has something to translate.
pub(super) fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The name of the one element that holds all items.
fn wrapper(source: &str, items: &[RunItem]) -> Option<String> {
    let mut items = items.iter().filter(|item| match item {
        RunItem::Text(span) => !span.of(source).trim().is_empty(),
        RunItem::Code(_) => true,
    });
    let (Some(RunItem::Code(first)), Some(RunItem::Code(last))) = (items.next(), items.next_back())
    else {
        return None;
    };
    (first.kind == CodeKind::Open && last.kind == CodeKind::Close && first.pair == last.pair)
        .then(|| first.label.clone())
}

/// Parts items where at least two controls stand side by side and no text outside of them says
/// something.
fn parts(source: &str, items: Vec<RunItem>) -> Vec<Vec<RunItem>> {
    let mut depth = 0_usize;
    let mut controls = 0;
    for item in &items {
        match item {
            RunItem::Text(span) if depth == 0 && says_something(span.of(source)) => {
                return vec![items];
            }
            RunItem::Code(code) if code.control && code.kind == CodeKind::Open => {
                controls += usize::from(depth == 0);
                depth += 1;
            }
            RunItem::Code(code) if code.control && code.kind == CodeKind::Close => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    if controls < 2
        && !items
            .iter()
            .any(|item| matches!(item, RunItem::Code(c) if c.label == "input"))
    {
        return vec![items];
    }
    let mut parts = vec![Vec::new()];
    let mut depth = 0_usize;
    for item in items {
        let mut ends = false;
        if let RunItem::Code(code) = &item
            && code.control
        {
            match code.kind {
                CodeKind::Open if depth == 0 => {
                    parts.push(Vec::new());
                    depth = 1;
                }
                CodeKind::Open => depth += 1,
                CodeKind::Close if depth > 0 => {
                    depth -= 1;
                    ends = depth == 0;
                }
                _ => {}
            }
        }
        if let Some(part) = parts.last_mut() {
            part.push(item);
        }
        if ends {
            parts.push(Vec::new());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A block that is being made of items.
#[derive(Default)]
struct BlockBuilder<'s> {
    source: &'s str,
    lines: bool,
    xml: bool,
    text: Text,
    map: OffsetMap,
    start: Option<usize>,
    end: usize,
    /// Whether a space stands before what comes next: its place.
    space: Option<usize>,
    /// The number of a pair, and where its opening code is until it is closed.
    ids: BTreeMap<usize, (u32, usize)>,
    next_id: u32,
    inlays: Vec<(usize, Span, Vec<Found>)>,
}

impl BlockBuilder<'_> {
    fn text(&mut self, span: Span) {
        let mut at = span.start;
        while at < span.end {
            let rest = &self.source[at..span.end];
            let c = rest.chars().next().unwrap_or(' ');
            if self.lines && matches!(c, '\n' | '\r') {
                at = self.line_end(at, span.end);
                continue;
            }
            if c.is_ascii_whitespace() {
                self.space.get_or_insert(at);
                at += 1;
                continue;
            }
            let reference = (c == '&')
                .then(|| entities::reference(rest, false, self.xml))
                .flatten();
            let (length, part) = match reference {
                Some(Reference::Text(length, text)) => (length, text),
                Some(Reference::Opaque(length)) => {
                    let span = Span::new(at, at + length);
                    self.empty(span, span.of(self.source));
                    at += length;
                    continue;
                }
                None => (c.len_utf8(), c.to_string()),
            };
            self.write_space();
            self.start.get_or_insert(at);
            self.map.point(self.text.plain.len(), at);
            self.text.plain.push_str(&part);
            at += length;
            self.end = at;
        }
    }

    /// A line end that counts, with the white space beside it, and where that ends. At the borders
    /// of the text it stays outside.
    fn line_end(&mut self, at: usize, end: usize) -> usize {
        let from = self.space.take().unwrap_or(at);
        let rest = &self.source[at..end];
        let to = at + rest.len() - rest.trim_ascii_start().len();
        if self.start.is_some() && to < end {
            self.empty(Span::new(from, to), "br");
        }
        to
    }

    /// Writes the space that was put off; at the beginning it stays outside.
    fn write_space(&mut self) {
        if let Some(at) = self.space.take()
            && self.start.is_some()
            && !(self.text.plain.ends_with(' ') && self.breaks())
        {
            self.map.point(self.text.plain.len(), at);
            self.text.plain.push(' ');
        }
    }

    fn empty(&mut self, span: Span, label: &str) {
        let id = self.fresh();
        self.put(CodeKind::Empty, id, span, label);
    }

    fn put(&mut self, kind: CodeKind, id: u32, span: Span, label: &str) {
        self.write_space();
        self.start.get_or_insert(span.start);
        self.end = span.end;
        self.text.codes.push(Code {
            at: self.text.plain.len(),
            id,
            kind,
            data: span.of(self.source).to_owned(),
            label: label.to_owned(),
        });
        if label == "br" && self.text.plain.chars().any(|c| !c.is_whitespace()) {
            // Whoever reads words reads a space there.
            self.space = Some(span.end);
        }
    }

    fn code(&mut self, code: RunCode) {
        let (kind, id) = match code.kind {
            CodeKind::Close => match self.ids.remove(&code.pair) {
                Some((id, _)) => (CodeKind::Close, id),
                None => (CodeKind::Empty, self.fresh()),
            },
            CodeKind::Open => {
                let id = self.fresh();
                self.ids.insert(code.pair, (id, self.text.codes.len()));
                (CodeKind::Open, id)
            }
            CodeKind::Empty => (CodeKind::Empty, self.fresh()),
        };
        // Markup may also name its language.
        if !code.nested.is_empty() || code.span.of(self.source).contains("lang") {
            self.inlays
                .push((self.text.codes.len(), code.span, code.nested));
        }
        self.put(kind, id, code.span, &code.label);
    }

    /// Whether a line break stands at the end of what was gathered.
    fn breaks(&self) -> bool {
        let end = self.text.plain.len();
        self.text
            .codes
            .iter()
            .rev()
            .take_while(|code| code.at == end)
            .any(|code| code.label == "br")
    }

    fn fresh(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    fn finish(mut self, role: Role) -> Option<Found> {
        for (_, index) in self.ids.values() {
            // Never closed here: it stands alone.
            self.text.codes[*index].kind = CodeKind::Empty;
        }
        let start = self.start?;
        self.map.finish(self.text.plain.len(), self.end);
        Some(Found {
            span: Span::new(start, self.end),
            role,
            text: self.text,
            map: self.map,
            inlays: self.inlays,
            ..Found::default()
        })
    }
}
