//! What stands in a paragraph, in order: stretches of text with their look, markup around and
//! between them, and marks without width.

use super::super::xml_splice::{XmlTokenKind, XmlTokens};
use super::looks::{self, DocxLooks};
use crate::bitext::Span;
use std::collections::HashSet;

/// Children of a paragraph without width: they keep their place between words and are never sent.
const ANCHORS: &[&str] = &[
    "w:bookmarkStart",
    "w:bookmarkEnd",
    "w:commentRangeStart",
    "w:commentRangeEnd",
    "w:permStart",
    "w:permEnd",
    "w:moveFromRangeStart",
    "w:moveFromRangeEnd",
    "w:moveToRangeStart",
    "w:moveToRangeEnd",
    "w:customXmlInsRangeStart",
    "w:customXmlInsRangeEnd",
    "w:customXmlDelRangeStart",
    "w:customXmlDelRangeEnd",
];

/// A thing in a paragraph.
#[derive(Debug, Clone)]
pub(super) struct DocxItem {
    pub kind: DocxItemKind,
    /// The bytes of the outermost whole elements that it stands for: a run, a tag.
    pub outer: Span,
    /// What stands before and behind its markup where that is a part of a run.
    pub run: RunEdges,
}

/// What makes a run of its own of a part of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct RunEdges {
    pub before: String,
    pub after: &'static str,
}

/// What a thing in a paragraph is.
#[derive(Debug, Clone)]
pub(super) enum DocxItemKind {
    /// Text of a look; the points are offsets in the text with offsets in the file.
    Text {
        span: Span,
        text: String,
        look: usize,
        points: Vec<(usize, usize)>,
        end: usize,
    },
    /// An element of a run.
    InRun {
        span: Span,
        look: usize,
        label: &'static str,
        token: usize,
    },
    /// Whole elements.
    Lone { span: Span, label: String },
    /// The beginning of a wrapper.
    Open {
        span: Span,
        pair: usize,
        label: &'static str,
        token: Option<usize>,
    },
    /// The end of a wrapper.
    Close { span: Span, pair: usize },
    /// The beginning of text that was inserted: no code, the text is read as if it always stood there.
    Accepted { pair: usize },
    /// Its end.
    AcceptedEnd { pair: usize },
    /// Markup without width, and whatever else stays in its place.
    Anchor { span: Span },
    /// A part of a field, of which fields are made when all items are known.
    Field { span: Span, part: FieldPart },
}

/// A part of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FieldPart {
    Begin,
    Instruction(String),
    Separate,
    End,
}

/// Reads the content of a paragraph.
#[derive(Debug)]
pub(super) struct DocxInline<'x, 's> {
    xml: &'x XmlTokens<'s>,
    /// Styles whose text is never translated.
    protected: &'x HashSet<String>,
    pub items: Vec<DocxItem>,
    pub looks: DocxLooks,
    pairs: usize,
    /// How many tracked changes there are.
    pub changes: usize,
    /// Hidden text.
    pub hidden: Vec<String>,
    /// How many fields begin here and do not end.
    pub open_fields: isize,
}

impl<'x, 's> DocxInline<'x, 's> {
    /// Reads the tokens of `level`, which stand side by side.
    pub(super) fn read(
        xml: &'x XmlTokens<'s>,
        level: impl Iterator<Item = usize>,
        protected: &'x HashSet<String>,
    ) -> Self {
        let mut inline = Self {
            xml,
            protected,
            items: Vec::new(),
            looks: DocxLooks::default(),
            pairs: 0,
            changes: 0,
            hidden: Vec::new(),
            open_fields: 0,
        };
        for index in level {
            inline.child(index);
        }
        inline.fields();
        inline
    }

    /// The bytes in which all spans count.
    pub(super) fn source(&self) -> &'s str {
        self.xml.source()
    }

    fn push(&mut self, kind: DocxItemKind, outer: Span) {
        self.items.push(DocxItem {
            kind,
            outer,
            run: RunEdges::default(),
        });
    }

    fn anchor(&mut self, index: usize) {
        let span = self.xml.whole(index);
        self.push(DocxItemKind::Anchor { span }, span);
    }

    fn lone(&mut self, index: usize, label: &str) {
        let span = self.xml.whole(index);
        let label = label.to_owned();
        self.push(DocxItemKind::Lone { span, label }, span);
    }

    fn child(&mut self, index: usize) {
        let xml = self.xml;
        if !xml.is_element(index) {
            if matches!(xml.kind(index), XmlTokenKind::Other) {
                self.anchor(index);
            }
            return;
        }
        match xml.name(index) {
            "w:pPr" | "w:proofErr" => {}
            "w:r" => self.run(index),
            "w:ins" | "w:moveTo" => self.accepted(index),
            "w:del" | "w:moveFrom" => {
                self.changes += 1;
                self.anchor(index);
            }
            "w:hyperlink" => self.wrapper(index, "a"),
            "w:smartTag" | "w:customXml" => self.wrapper(index, "tag"),
            "w:dir" | "w:bdo" => self.wrapper(index, "direction"),
            "w:sdt" => self.control(index),
            "w:fldSimple" => {
                let instruction = xml.value(index, "w:instr").unwrap_or_default();
                match field_kind(&instruction) {
                    FieldKind::Text => self.wrapper(index, "field"),
                    FieldKind::Computed(label) => self.lone(index, &label),
                }
            }
            "m:oMath" | "m:oMathPara" => self.lone(index, "formula"),
            name if ANCHORS.contains(&name) => self.anchor(index),
            _ => {
                let has_text = xml.descendants(index, "w:t").next().is_some();
                if has_text {
                    self.lone(index, "object");
                } else {
                    self.anchor(index);
                }
            }
        }
    }

    /// Text that was inserted while changes were tracked.
    fn accepted(&mut self, index: usize) {
        self.changes += 1;
        let whole = self.xml.whole(index);
        self.pairs += 1;
        let pair = self.pairs;
        let start = self.xml.span(index);
        self.push(DocxItemKind::Accepted { pair }, start);
        for child in self.xml.children(index) {
            self.child(child);
        }
        let end = Span::new(self.xml.inner(index).end.min(whole.end), whole.end);
        self.push(DocxItemKind::AcceptedEnd { pair }, end);
    }

    /// An element around text.
    fn wrapper(&mut self, index: usize, label: &'static str) {
        let xml = self.xml;
        let whole = xml.whole(index);
        if xml.kind(index) == XmlTokenKind::Empty {
            self.anchor(index);
            return;
        }
        let children: Vec<usize> = xml.children(index).collect();
        let properties = children
            .iter()
            .take_while(|&&child| !xml.is_element(child) || xml.name(child).ends_with("Pr"))
            .count();
        let end = children[..properties]
            .last()
            .map_or(xml.span(index).end, |&last| xml.whole(last).end);
        let open = Span::new(whole.start, end);
        let close = Span::new(xml.inner(index).end, whole.end);
        self.pair(open, close, label, Some(index), &children[properties..]);
    }

    fn pair(
        &mut self,
        open: Span,
        close: Span,
        label: &'static str,
        token: Option<usize>,
        children: &[usize],
    ) {
        self.pairs += 1;
        let pair = self.pairs;
        let kind = DocxItemKind::Open {
            span: open,
            pair,
            label,
            token,
        };
        self.push(kind, open);
        for &child in children {
            self.child(child);
        }
        self.push(DocxItemKind::Close { span: close, pair }, close);
    }

    /// A content control in a line: its text is text, unless it only invites to write some.
    fn control(&mut self, index: usize) {
        let xml = self.xml;
        if is_placeholder(xml, index) {
            self.lone(index, "placeholder");
            return;
        }
        let whole = xml.whole(index);
        let Some(content) = xml.child(index, "w:sdtContent") else {
            self.anchor(index);
            return;
        };
        if xml.kind(content) == XmlTokenKind::Empty {
            self.anchor(index);
            return;
        }
        let inner = xml.inner(content);
        let children: Vec<usize> = xml.children(content).collect();
        self.pair(
            Span::new(whole.start, inner.start),
            Span::new(inner.end, whole.end),
            "control",
            None,
            &children,
        );
    }

    fn run(&mut self, index: usize) {
        let xml = self.xml;
        let whole = xml.whole(index);
        let properties = xml.child(index, "w:rPr");
        if let Some(style) = properties.and_then(|at| xml.child(at, "w:rStyle"))
            && let Some(style) = xml.value(style, "w:val")
            && self.protected.contains(&style)
        {
            self.lone(index, "protected");
            return;
        }
        if properties.is_some_and(|at| looks::is_on(xml, at, "w:vanish")) {
            self.hidden.push(xml.text(index));
            self.anchor(index);
            return;
        }
        let look = self.looks.add(xml, properties);
        let before = format!("<w:r>{}", self.looks.raw(look));
        let content: Vec<usize> = xml
            .children(index)
            .filter(|&at| xml.is_element(at) && xml.name(at) != "w:rPr")
            .filter(|&at| xml.name(at) != "w:lastRenderedPageBreak")
            .collect();
        for at in content {
            let span = xml.whole(at);
            let mut push = |kind| {
                self.items.push(DocxItem {
                    kind,
                    outer: whole,
                    run: RunEdges {
                        before: before.clone(),
                        after: "</w:r>",
                    },
                });
            };
            let in_run = |label| DocxItemKind::InRun {
                span,
                look,
                label,
                token: at,
            };
            let character = |c: char| DocxItemKind::Text {
                span,
                text: c.to_string(),
                look,
                points: vec![(0, span.start)],
                end: span.end,
            };
            match xml.name(at) {
                "w:t" => push(written(xml, at, look)),
                "w:br" | "w:cr" => push(in_run("br")),
                "w:tab" | "w:ptab" => push(in_run("tab")),
                "w:noBreakHyphen" => push(character('\u{2011}')),
                "w:softHyphen" => push(character('\u{ad}')),
                "w:sym" => push(in_run("symbol")),
                "w:footnoteReference" => push(in_run("footnote")),
                "w:endnoteReference" => push(in_run("endnote")),
                "w:drawing" | "w:pict" => push(in_run("image")),
                "mc:AlternateContent" => push(in_run("shape")),
                "w:object" => push(in_run("object")),
                "w:ruby" => push(in_run("ruby")),
                "w:fldChar" => {
                    let part = match xml.value(at, "w:fldCharType").as_deref() {
                        Some("begin") => FieldPart::Begin,
                        Some("separate") => FieldPart::Separate,
                        _ => FieldPart::End,
                    };
                    push(DocxItemKind::Field { span, part });
                }
                "w:instrText" => {
                    let part = FieldPart::Instruction(xml.text(at));
                    push(DocxItemKind::Field { span, part });
                }
                // Marks of notes and comments, deleted text, and elements of other programs.
                _ => push(DocxItemKind::Anchor { span }),
            }
        }
    }

    /// Makes codes of the parts of fields. A field whose result is text is a pair around it, another
    /// one code; parts without the others stay in their places.
    fn fields(&mut self) {
        let mut open: Vec<OpenField> = Vec::new();
        let mut at = 0;
        while at < self.items.len() {
            let DocxItemKind::Field { part, .. } = &self.items[at].kind else {
                at += 1;
                continue;
            };
            match part.clone() {
                FieldPart::Begin => open.push(OpenField {
                    begin: at,
                    separate: None,
                    instruction: String::new(),
                }),
                FieldPart::Instruction(text) => {
                    if let Some(field) = open.last_mut() {
                        field.instruction.push_str(&text);
                    }
                }
                FieldPart::Separate => {
                    if let Some(field) = open.last_mut() {
                        field.separate = Some(at);
                    }
                }
                FieldPart::End => match open.pop() {
                    Some(field) => at = self.close_field(&field, at),
                    None => self.open_fields -= 1,
                },
            }
            at += 1;
        }
        for field in open {
            if matches!(field_kind(&field.instruction), FieldKind::Computed(_)) {
                // What follows is its result: a table of contents, mostly.
                self.open_fields += 1;
                for item in &mut self.items[field.begin..] {
                    item.freeze();
                }
            }
        }
        for item in &mut self.items {
            if let DocxItemKind::Field { span, .. } = item.kind {
                item.kind = DocxItemKind::Anchor { span };
            }
        }
    }

    /// Replaces the items of a whole field, whose end stands at `end`; gives the index of its last.
    fn close_field(&mut self, field: &OpenField, end: usize) -> usize {
        let outer = |from: usize, to: usize, items: &[DocxItem]| {
            Span::new(items[from].outer.start, items[to].outer.end)
        };
        match (field_kind(&field.instruction), field.separate) {
            (FieldKind::Text, Some(separate)) if self.is_balanced(separate + 1..end) => {
                self.pairs += 1;
                let pair = self.pairs;
                let (open, close) = (self.slice(field.begin, separate), self.slice(end, end));
                let (before, behind) = (
                    outer(field.begin, separate, &self.items),
                    outer(end, end, &self.items),
                );
                self.items[end] = DocxItem {
                    kind: DocxItemKind::Close {
                        span: close.0,
                        pair,
                    },
                    outer: behind,
                    run: close.1,
                };
                let kind = DocxItemKind::Open {
                    span: open.0,
                    pair,
                    label: "field",
                    token: None,
                };
                let item = DocxItem {
                    kind,
                    outer: before,
                    run: open.1,
                };
                let removed = separate - field.begin;
                self.items.splice(field.begin..=separate, [item]);
                end - removed
            }
            (kind, _) if self.is_balanced(field.begin..end + 1) => {
                let label = match kind {
                    FieldKind::Computed(label) => label,
                    FieldKind::Text => "field".to_owned(),
                };
                let (span, run) = self.slice(field.begin, end);
                let item = DocxItem {
                    kind: DocxItemKind::Lone { span, label },
                    outer: outer(field.begin, end, &self.items),
                    run,
                };
                self.items.splice(field.begin..=end, [item]);
                field.begin
            }
            _ => end,
        }
    }

    /// The bytes from one part of a field to another, and what makes whole runs of them.
    fn slice(&self, from: usize, to: usize) -> (Span, RunEdges) {
        let span = |index: usize| match self.items[index].kind {
            DocxItemKind::Field { span, .. } => span,
            _ => self.items[index].outer,
        };
        (
            Span::new(span(from).start, span(to).end),
            RunEdges {
                before: self.items[from].run.before.clone(),
                after: "</w:r>",
            },
        )
    }

    /// Whether every wrapper that begins among these items ends there.
    fn is_balanced(&self, range: std::ops::Range<usize>) -> bool {
        let mut open = Vec::new();
        self.items[range].iter().all(|item| match item.kind {
            DocxItemKind::Open { pair, .. } | DocxItemKind::Accepted { pair } => {
                open.push(pair);
                true
            }
            DocxItemKind::Close { pair, .. } | DocxItemKind::AcceptedEnd { pair } => {
                open.pop() == Some(pair)
            }
            _ => true,
        }) && open.is_empty()
    }
}

impl DocxItem {
    /// Keeps what stands here as it is.
    pub(super) fn freeze(&mut self) {
        match self.kind {
            DocxItemKind::Text { span, .. } | DocxItemKind::InRun { span, .. } => {
                self.kind = DocxItemKind::Anchor { span };
            }
            _ => {}
        }
    }
}

/// A field whose end has not come.
struct OpenField {
    begin: usize,
    separate: Option<usize>,
    instruction: String,
}

/// What the result of a field is.
enum FieldKind {
    /// Text that a person wrote.
    Text,
    /// A value that the program computes; what a person calls it.
    Computed(String),
}

fn field_kind(instruction: &str) -> FieldKind {
    let name = instruction.split_whitespace().next().unwrap_or_default();
    match name.to_ascii_uppercase().as_str() {
        "HYPERLINK" | "REF" | "QUOTE" => FieldKind::Text,
        name => FieldKind::Computed(format!("field {name}").trim_end().to_owned()),
    }
}

/// Whether a content control shows an invitation to write and no text.
pub(super) fn is_placeholder(xml: &XmlTokens<'_>, index: usize) -> bool {
    xml.child(index, "w:sdtPr")
        .is_some_and(|at| looks::is_on(xml, at, "w:showingPlcHdr"))
}

/// The text of a `w:t`. White space at its ends counts where the file says so.
fn written(xml: &XmlTokens<'_>, index: usize, look: usize) -> DocxItemKind {
    let mut text = String::new();
    let mut points = Vec::new();
    let mut end = xml.inner(index).start;
    for at in xml.children(index) {
        let Some(characters) = xml.characters(at) else {
            continue;
        };
        points.push((text.len(), xml.characters_start(at)));
        end = xml.span(at).end;
        for c in characters.chars() {
            text.push(if matches!(c, '\n' | '\t') { ' ' } else { c });
        }
    }
    if xml.value(index, "xml:space").as_deref() != Some("preserve") {
        let start = text.len() - text.trim_start().len();
        text = text.trim().to_owned();
        for point in &mut points {
            let moved = start.saturating_sub(point.0);
            *point = (point.0.saturating_sub(start), point.1 + moved);
        }
        points.retain(|point| point.0 <= text.len());
        points.dedup_by_key(|point| point.0);
    }
    DocxItemKind::Text {
        span: xml.whole(index),
        text,
        look,
        points,
        end,
    }
}
