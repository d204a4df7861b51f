//! A block of Markdown that is being gathered: text, and the codes whose markup stands between its
//! parts.

use super::super::contract::Found;
use crate::bitext::{Code, CodeKind, OffsetMap, Role, Span, Text};

/// A pair whose end has not come.
struct OpenPair {
    id: u32,
    label: String,
    /// Its index in the text's codes.
    index: usize,
}

/// A block that is being gathered.
pub(super) struct MarkdownRun {
    pub text: Text,
    map: OffsetMap,
    pub start: usize,
    /// Everything before is taken in.
    pub cursor: usize,
    /// Codes whose markup has begun and not ended: index in `text.codes`.
    pending: Vec<usize>,
    open: Vec<OpenPair>,
    next_id: u32,
    inlays: Vec<(usize, Span, Vec<Found>)>,
}

impl MarkdownRun {
    pub(super) fn new(start: usize) -> Self {
        Self {
            text: Text::default(),
            map: OffsetMap::default(),
            start,
            cursor: start,
            pending: Vec::new(),
            open: Vec::new(),
            next_id: 0,
            inlays: Vec::new(),
        }
    }

    /// Gives the markup between the cursor and `start` to the codes that wait for it.
    pub(super) fn settle(&mut self, source: &str, start: usize) {
        let start = start.max(self.cursor);
        for index in std::mem::take(&mut self.pending) {
            let code = &mut self.text.codes[index];
            source[self.cursor..start].clone_into(&mut code.data);
            self.cursor = start;
        }
    }

    /// Adds text that stands at `span`.
    pub(super) fn plain(&mut self, source: &str, span: Span, text: &str) {
        let from = if escapes(source, self.cursor, span.start, text) {
            span.start - 1
        } else {
            span.start
        };
        self.settle(source, from);
        self.map.point(self.text.plain.len(), from);
        if span.start > from && text.len() > 1 {
            let first = text.chars().next().map_or(0, char::len_utf8);
            self.text.plain.push_str(&text[..first]);
            self.map.point(self.text.plain.len(), span.start + first);
            self.text.plain.push_str(&text[first..]);
        } else {
            self.text.plain.push_str(text);
        }
        self.cursor = span.end;
    }

    pub(super) fn open(&mut self, source: &str, start: usize, label: &str) {
        self.settle(source, start);
        self.cursor = self.cursor.max(start);
        let id = self.fresh();
        self.open.push(OpenPair {
            id,
            label: label.to_owned(),
            index: self.text.codes.len(),
        });
        self.pending.push(self.text.codes.len());
        self.push(CodeKind::Open, id, String::new(), label);
    }

    /// Ends the innermost pair of this name with the markup up to `end`. `reference` is the label
    /// that a link needs once its text is another; `title` is what the markup says to readers.
    pub(super) fn close(
        &mut self,
        source: &str,
        end: usize,
        label: &str,
        reference: Option<&str>,
        title: Option<Found>,
    ) {
        let Some(at) = self.open.iter().rposition(|pair| pair.label == label) else {
            // It began before a border: its end stands alone here.
            if end > self.cursor {
                self.empty(source, Span::new(self.cursor, end), label, Vec::new());
            }
            return;
        };
        let pair = self.open.remove(at);
        let end = end.max(self.cursor);
        // Markup without content, such as `[](address)`, all belongs to the opening code.
        if self.pending.is_empty() {
            let span = Span::new(self.cursor, end);
            let data = match reference {
                Some(name) => format!("][{name}]"),
                None => span.of(source).to_owned(),
            };
            if let Some(title) = title {
                self.inlays.push((self.text.codes.len(), span, vec![title]));
            }
            self.push(CodeKind::Close, pair.id, data, label);
            self.cursor = end;
        } else {
            self.settle(source, end);
            self.push(CodeKind::Close, pair.id, String::new(), label);
        }
    }

    /// Adds markup that stands alone.
    pub(super) fn empty(&mut self, source: &str, span: Span, label: &str, nested: Vec<Found>) {
        self.settle(source, span.start);
        let id = self.fresh();
        let start = self.cursor.max(span.start).min(span.end);
        if !nested.is_empty() {
            self.inlays
                .push((self.text.codes.len(), Span::new(start, span.end), nested));
        }
        self.push(
            CodeKind::Empty,
            id,
            source[start..span.end].to_owned(),
            label,
        );
        self.cursor = span.end;
    }

    /// Adds an opening tag of HTML, with what it says.
    pub(super) fn open_tag(&mut self, source: &str, span: Span, label: &str, nested: Vec<Found>) {
        self.empty(source, span, label, nested);
        if let Some(code) = self.text.codes.last_mut() {
            code.kind = CodeKind::Open;
            self.open.push(OpenPair {
                id: code.id,
                label: label.to_owned(),
                index: self.text.codes.len() - 1,
            });
        }
    }

    /// Adds a closing tag of HTML; one that closes nothing stands alone.
    pub(super) fn close_tag(&mut self, source: &str, span: Span, label: &str) {
        let pair = self.open.iter().rposition(|pair| pair.label == label);
        self.empty(source, span, label, Vec::new());
        if let Some(at) = pair
            && let Some(code) = self.text.codes.last_mut()
        {
            code.id = self.open.remove(at).id;
            code.kind = CodeKind::Close;
        }
    }

    /// Adds the space that a line end is for whoever reads words.
    pub(super) fn space(&mut self, at: usize) {
        if !self.text.plain.is_empty() && !self.text.plain.ends_with(' ') {
            self.map.point(self.text.plain.len(), at);
            self.text.plain.push(' ');
        }
    }

    fn fresh(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    fn push(&mut self, kind: CodeKind, id: u32, data: String, label: &str) {
        self.text.codes.push(Code {
            at: self.text.plain.len(),
            id,
            kind,
            data,
            label: label.to_owned(),
        });
    }

    /// Whether nothing but white space and codes was gathered.
    pub(super) fn is_silent(&self) -> bool {
        !self.text.plain.chars().any(char::is_alphanumeric)
    }

    /// What was gathered; pairs that were never closed stand alone.
    pub(super) fn finish(mut self, source: &str, role: Role) -> Found {
        let cursor = self.cursor;
        self.settle(source, cursor);
        for pair in &self.open {
            self.text.codes[pair.index].kind = CodeKind::Empty;
        }
        let last = self.text.codes.last().map_or(0, |code| code.at);
        while self.text.plain.len() > last && self.text.plain.ends_with(' ') {
            self.text.plain.pop();
            if source[self.start..self.cursor].ends_with(' ') {
                self.cursor -= 1;
            }
        }
        self.map.finish(self.text.plain.len(), self.cursor);
        Found {
            span: Span::new(self.start, self.cursor),
            role,
            text: self.text,
            map: self.map,
            inlays: self.inlays,
            ..Found::default()
        }
    }
}

/// Whether a backslash before `start` makes the text there plain.
pub(super) fn escapes(source: &str, from: usize, start: usize, text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_punctuation())
        && source[from.min(start)..start].ends_with('\\')
}
