//! Places the inline codes of a source in a translation that was made without them, by the links
//! between the words.
//!
//! A pair surrounds the words that came from its words; a code that is alone comes before the word
//! that came from the word behind it: `Lees <b>alles</b> nu` with `alles`–`everything` gives `Read
//! <b>everything</b> now`. Every code occurs exactly once in the result, and nested pairs stay
//! nested.

use crate::bitext::{Code, CodeKind, Link, Span, Text, words};

/// A stretch of the source and the stretch of the target that came from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkedSpans {
    /// Bytes of the source.
    pub source: Span,
    /// Bytes of the target.
    pub target: Span,
    /// Confidence of the link, 0..=1.
    pub weight: f32,
}

/// A translation with its codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedTarget {
    /// The text.
    pub text: Text,
    /// Changes of the bare target: offset, and bytes inserted (positive) or removed (negative).
    changes: Vec<(usize, isize)>,
}

impl TaggedTarget {
    /// A range of the bare target in the text.
    pub fn moved(&self, span: Span) -> Span {
        let there = |at: usize| {
            let by = self
                .changes
                .iter()
                .filter(|(from, _)| *from <= at)
                .map(|(_, by)| by);
            at.saturating_add_signed(by.sum())
        };
        // A word's end moves with its start: nothing is inserted inside a word.
        let start = there(span.start);
        Span::new(start, start + span.len())
    }
}

/// A code, or a pair of codes with the nodes inside it.
#[derive(Debug)]
struct TagNode<'a> {
    /// The code at the start; `None` for a half whose partner is in another segment.
    open: Option<&'a Code>,
    /// The code at the end.
    close: Option<&'a Code>,
    source: Span,
    target: Span,
    children: Vec<Self>,
}

impl<'a> TagNode<'a> {
    fn new(open: Option<&'a Code>, source: Span) -> Self {
        Self {
            open,
            close: None,
            source,
            target: Span::default(),
            children: Vec::new(),
        }
    }

    fn is_point(&self) -> bool {
        self.open.is_some_and(|code| code.kind == CodeKind::Empty)
    }
}

/// Places the codes of `source` in `target`.
///
/// `links` may have any order; their ranges are on character boundaries.
pub fn place(source: &Text, target: &str, links: &[LinkedSpans]) -> TaggedTarget {
    if source.codes.is_empty() {
        return TaggedTarget {
            text: target.into(),
            changes: Vec::new(),
        };
    }
    let mut words: Vec<LinkedSpans> = links.to_vec();
    words.sort_by_key(|link| (link.target, link.source));
    let field = TagPlacer {
        source: &source.plain,
        target,
        words,
    };
    let mut root = tree(source);
    root.target = Span::new(0, target.len());
    field.place_tags(&mut root);
    let mut out = TagWriter {
        field: &field,
        placed: TaggedTarget {
            text: Text::default(),
            changes: Vec::new(),
        },
        from: 0,
    };
    out.children(&root);
    out.upto(target.len());
    out.placed
}

/// The codes of a text as a tree. Crossing pairs are taken apart: each of their codes is alone.
fn tree(source: &Text) -> TagNode<'_> {
    let whole = Span::new(0, source.plain.len());
    let paired = |code: &Code, kind: CodeKind| {
        source
            .codes
            .iter()
            .any(|c| c.id == code.id && c.kind == kind)
    };
    let mut stack = vec![TagNode::new(None, whole)];
    let mut crossed = false;
    for code in &source.codes {
        let depth = stack.len();
        let Some(top) = stack.last_mut() else { break };
        match code.kind {
            CodeKind::Empty => top
                .children
                .push(TagNode::new(Some(code), Span::new(code.at, code.at))),
            CodeKind::Open => stack.push(TagNode::new(Some(code), Span::new(code.at, whole.end))),
            CodeKind::Close if top.open.is_some_and(|open| open.id == code.id) => {
                let Some(mut node) = stack.pop() else { break };
                node.close = Some(code);
                node.source.end = code.at;
                if let Some(parent) = stack.last_mut() {
                    parent.children.push(node);
                }
            }
            // A pair that an earlier segment opened contains everything so far.
            CodeKind::Close if depth == 1 && !paired(code, CodeKind::Open) => {
                let mut node = TagNode::new(None, Span::new(0, code.at));
                node.close = Some(code);
                node.children = std::mem::take(&mut top.children);
                top.children.push(node);
            }
            CodeKind::Close => crossed = true,
        }
    }
    while stack.len() > 1 {
        // A pair that a later segment closes contains the rest; a partner in this segment was
        // passed over.
        if let Some(node) = stack.pop() {
            crossed |= node.open.is_some_and(|code| paired(code, CodeKind::Close));
            if let Some(parent) = stack.last_mut() {
                parent.children.push(node);
            }
        }
    }
    match stack.pop() {
        Some(root) if !crossed => root,
        _ => {
            let mut root = TagNode::new(None, whole);
            root.children = source
                .codes
                .iter()
                .map(|code| TagNode::new(Some(code), Span::new(code.at, code.at)))
                .collect();
            root
        }
    }
}

/// Links between words, from links between stretches.
pub fn word_links(source: &str, target: &str, spans: &[(Span, Span)]) -> Vec<Link> {
    let (from, to) = (words(source), words(target));
    let inside = |all: &[Span], span: Span| {
        let start = all.partition_point(|word| word.end <= span.start);
        let end = all.partition_point(|word| word.start < span.end);
        start as u32..end.max(start) as u32
    };
    let mut links: Vec<Link> = spans
        .iter()
        .flat_map(|&(source, target)| {
            let targets = inside(&to, target);
            inside(&from, source)
                .flat_map(move |source| targets.clone().map(move |target| Link { source, target }))
        })
        .collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// Source, target and their links, in the order of the target.
struct TagPlacer<'a> {
    source: &'a str,
    target: &'a str,
    words: Vec<LinkedSpans>,
}

fn is_word(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// A range without marks and white space at the given sides; unchanged if it has no words.
fn trimmed(text: &str, span: Span, left: bool, right: bool) -> Span {
    let inner = span.of(text);
    if !is_word(inner) {
        return span;
    }
    let mark = |c: char| !c.is_alphanumeric();
    let start = if left {
        inner.len() - inner.trim_start_matches(mark).len()
    } else {
        0
    };
    let end = if right {
        inner.trim_end_matches(mark).len()
    } else {
        inner.len()
    };
    Span::new(span.start + start, span.start + end)
}

impl TagPlacer<'_> {
    /// Gives the children of a node their places in the target.
    fn place_tags(&self, node: &mut TagNode<'_>) {
        let (source, target) = (node.source, node.target);
        let mut taken: Vec<Span> = Vec::new();
        for child in node
            .children
            .iter_mut()
            .filter(|child| !child.is_pointlike())
        {
            child.target = self.around(child.source, source, target, &taken);
            taken.push(child.target);
            self.place_tags(child);
        }
        for child in node
            .children
            .iter_mut()
            .filter(|child| child.is_pointlike())
        {
            let at = self.before(child.source.start, source, target);
            // Not inside a neighbour.
            let at = taken
                .iter()
                .find(|span| span.start < at && at < span.end)
                .map_or(at, |span| span.end);
            child.target = Span::new(at, at);
        }
        // Codes at the same place keep the order of the source: the sort is stable.
        node.children
            .sort_by_key(|child| (child.target.start, child.target.end));
    }

    /// The stretch of the target that came from a stretch of the source, inside `bounds` and
    /// outside `taken`.
    fn around(&self, own: Span, parent: Span, bounds: Span, taken: &[Span]) -> Span {
        let rest = [
            Span::new(parent.start, own.start),
            Span::new(own.end, parent.end),
        ];
        if taken.is_empty()
            && rest.iter().all(|part| !is_word(part.of(self.source)))
            && is_word(own.of(self.source))
        {
            let bare = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let inner = own.of(self.source);
            let left = !rest[0].is_empty() && bare(inner.chars().next());
            let right = !rest[1].is_empty() && bare(inner.chars().next_back());
            return trimmed(self.target, bounds, left, right);
        }
        let free =
            |span: Span| bounds.contains(span) && taken.iter().all(|other| !other.overlaps(span));
        // The run of words with the highest weight inside minus weight outside (Kadane's
        // algorithm).
        let mut best: Option<(f32, Span)> = None;
        let mut run: Option<(f32, Span)> = None;
        for word in &self.words {
            if !free(word.target) {
                run = None;
                continue;
            }
            let weight = if word.source.overlaps(own) {
                word.weight
            } else {
                -word.weight
            };
            run = match run {
                Some((sum, span)) if sum > 0.0 => Some((
                    sum + weight,
                    Span::new(span.start, word.target.end.max(span.end)),
                )),
                _ => Some((weight, word.target)),
            };
            if let Some((sum, _)) = run
                && sum > best.map_or(0.0, |(most, _)| most)
            {
                best = run;
            }
        }
        let found = best
            .map(|(_, span)| span)
            .or_else(|| self.beside(own, &free));
        match found {
            Some(span) => self.with_marks(span, own, bounds, taken),
            None => {
                let at = self.before(own.start, parent, bounds);
                let at = taken
                    .iter()
                    .find(|span| span.start < at && at < span.end)
                    .map_or(at, |span| span.end);
                Span::new(at, at)
            }
        }
    }

    /// For a stretch without links: a free word of the target at about the same relative place.
    fn beside(&self, own: Span, free: &dyn Fn(Span) -> bool) -> Option<Span> {
        if !is_word(own.of(self.source)) {
            return None;
        }
        let middle = (own.start + own.end) * self.target.len() / (2 * self.source.len().max(1));
        let words = self.words.iter().map(|word| word.target);
        words
            .filter(|&span| free(span) && is_word(span.of(self.target)))
            .min_by_key(|span| usize::midpoint(span.start, span.end).abs_diff(middle))
    }

    /// The same stretch with marks at its ends where the source has them, and without marks
    /// elsewhere.
    fn with_marks(&self, span: Span, own: Span, bounds: Span, taken: &[Span]) -> Span {
        let inner = own.of(self.source);
        let mark = |c: &char| !c.is_alphanumeric() && !c.is_whitespace();
        let (left, right) = (
            inner.chars().next().filter(mark),
            inner.chars().next_back().filter(mark),
        );
        let mut span = trimmed(self.target, span, left.is_none(), right.is_none());
        let free = |at: usize, length: usize| {
            taken
                .iter()
                .all(|other| !other.overlaps(Span::new(at, at + length)))
        };
        if left.is_some() {
            for c in self.target[bounds.start..span.start]
                .chars()
                .rev()
                .take_while(mark)
            {
                let at = span.start - c.len_utf8();
                if free(at, c.len_utf8()) {
                    span.start = at;
                }
            }
        }
        if right.is_some() {
            for c in self.target[span.end..bounds.end].chars().take_while(mark) {
                if free(span.end, c.len_utf8()) {
                    span.end += c.len_utf8();
                }
            }
        }
        span
    }

    /// The place in the target of a code at `at` in the source.
    fn before(&self, at: usize, parent: Span, bounds: Span) -> usize {
        let (left, right) = (&self.source[parent.start..at], &self.source[at..parent.end]);
        let inside = |place: usize| place.clamp(bounds.start, bounds.end);
        if !is_word(left) {
            return bounds.start;
        }
        if !is_word(right) {
            let marks = right.contains(|c: char| !c.is_whitespace());
            return trimmed(self.target, bounds, false, marks).end;
        }
        let spaced = |c: Option<char>| c.is_some_and(char::is_whitespace);
        let glued = !spaced(left.chars().next_back()) && spaced(right.chars().next());
        if glued {
            let near = self
                .words
                .iter()
                .filter(|w| w.source.end <= at)
                .map(|w| w.source.end)
                .max();
            let ends = self
                .words
                .iter()
                .filter(|w| Some(w.source.end) == near)
                .map(|w| w.target.end);
            if let Some(end) = ends.max() {
                return inside(end);
            }
        }
        let near = self
            .words
            .iter()
            .filter(|w| w.source.end > at)
            .map(|w| w.source)
            .min();
        let starts = self
            .words
            .iter()
            .filter(|w| Some(w.source) == near)
            .map(|w| w.target.start);
        inside(starts.min().unwrap_or(bounds.end))
    }
}

impl TagNode<'_> {
    /// Whether the node covers no stretch of the target.
    fn is_pointlike(&self) -> bool {
        self.is_point() || self.source.is_empty()
    }
}

/// Writes the target with its codes.
struct TagWriter<'a, 'f> {
    field: &'f TagPlacer<'a>,
    placed: TaggedTarget,
    /// Bytes of the target written so far.
    from: usize,
}

impl TagWriter<'_, '_> {
    fn upto(&mut self, at: usize) {
        if let Some(part) = self.field.target.get(self.from..at) {
            self.placed.text.plain.push_str(part);
            self.from = at;
        }
    }

    fn children(&mut self, node: &TagNode<'_>) {
        for child in &node.children {
            self.upto(child.target.start);
            match child.open {
                Some(code) if child.is_point() => self.point(code),
                Some(code) => self.code(code),
                None => {}
            }
            self.children(child);
            self.upto(child.target.end);
            if let Some(code) = child.close {
                self.code(code);
            }
        }
    }

    fn code(&mut self, code: &Code) {
        let at = self.placed.text.plain.len();
        self.placed.text.codes.push(Code { at, ..code.clone() });
    }

    /// A code with white space on both sides in the source has it in the target too, because a code
    /// span represents a word.
    fn point(&mut self, code: &Code) {
        let spaced = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let source = self.field.source;
        let is_free = spaced(source[..code.at].chars().next_back())
            && spaced(source[code.at..].chars().next());
        let at = self.from;
        if is_free && !spaced(self.placed.text.plain.chars().next_back()) {
            self.space(at);
        }
        self.code(code);
        if is_free && !spaced(self.field.target[at..].chars().next()) {
            self.space(at);
        }
    }

    fn space(&mut self, at: usize) {
        self.placed.text.plain.push(' ');
        self.placed.changes.push((at, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text from Markdown-like marks: `[b … ]b` is a pair, `{x}` a code that is alone.
    fn coded(marked: &str) -> Text {
        let (mut text, mut rest, mut ids) = (Text::default(), marked, Vec::new());
        while let Some(c) = rest.chars().next() {
            let name = rest.chars().nth(1);
            let (kind, length) = match (c, name) {
                ('[', Some(_)) => (CodeKind::Open, 2),
                (']', Some(_)) => (CodeKind::Close, 2),
                ('{', Some(_)) => (CodeKind::Empty, 3),
                _ => {
                    text.plain.push(c);
                    rest = &rest[c.len_utf8()..];
                    continue;
                }
            };
            let name = name.unwrap();
            if !ids.contains(&name) {
                ids.push(name);
            }
            let id = 1 + ids.iter().position(|&other| other == name).unwrap() as u32;
            let data = rest[..length].to_owned();
            text.codes.push(Code {
                at: text.plain.len(),
                id,
                kind,
                data,
                label: "b".into(),
            });
            rest = &rest[length..];
        }
        text
    }

    fn marked(text: &Text) -> String {
        let (mut out, mut from) = (String::new(), 0);
        for code in &text.codes {
            out.push_str(&text.plain[from..code.at]);
            out.push_str(&code.data);
            from = code.at;
        }
        out + &text.plain[from..]
    }

    /// Words and marks of a text, as a decoder's pieces have them.
    fn tokens(text: &str) -> Vec<Span> {
        let mut tokens: Vec<Span> = Vec::new();
        let mut open = false;
        for (at, c) in text.char_indices() {
            let word = c.is_alphanumeric();
            match tokens.last_mut() {
                Some(last) if word && open => last.end = at + c.len_utf8(),
                _ if c.is_whitespace() => {}
                _ => tokens.push(Span::new(at, at + c.len_utf8())),
            }
            open = word;
        }
        tokens
    }

    /// Links by numbers of tokens.
    fn linked(source: &Text, target: &str, links: &[(usize, usize)]) -> Vec<LinkedSpans> {
        let (from, to) = (tokens(&source.plain), tokens(target));
        let link = |&(s, t): &(usize, usize)| LinkedSpans {
            source: from[s],
            target: to[t],
            weight: 1.0,
        };
        links.iter().map(link).collect()
    }

    #[track_caller]
    fn gives(source: &str, target: &str, links: &[(usize, usize)], wanted: &str) {
        let source = coded(source);
        let placed = place(&source, target, &linked(&source, target, links));
        assert_eq!(marked(&placed.text), wanted);
        assert_eq!(placed.text.code_set(), source.code_set());
    }

    const STRAIGHT: [(usize, usize); 6] = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)];

    #[test]
    fn a_pair_goes_around_the_words_that_came_from_its_words() {
        gives(
            "Lees [balles]b nu.",
            "Read everything now.",
            &STRAIGHT[..4],
            "Read [beverything]b now.",
        );
        // Words that change places take their codes along.
        gives(
            "Hij heeft [bhet huis]b [igekocht]i.",
            "He has bought the house.",
            &[(0, 0), (1, 1), (4, 2), (2, 3), (3, 4), (5, 5)],
            "He has [ibought]i [bthe house]b.",
        );
        // At the start and at the end, with the full stop inside or outside.
        gives(
            "[bHet regent.]b",
            "It rains.",
            &STRAIGHT[..3],
            "[bIt rains.]b",
        );
        gives(
            "[bHet regent]b.",
            "It rains.",
            &STRAIGHT[..3],
            "[bIt rains]b.",
        );
        gives(
            "“[bHet regent]b”",
            "“It rains”",
            &STRAIGHT[..4],
            "“[bIt rains]b”",
        );
        gives(
            "Nu [bregent het.]b",
            "Now it rains.",
            &[(0, 0), (2, 1), (1, 2), (3, 3)],
            "Now [bit rains.]b",
        );
    }

    #[test]
    fn what_was_nested_stays_nested() {
        gives(
            "Een [a[bgroot]b huis]a hier",
            "A big house here",
            &STRAIGHT[..4],
            "A [a[bbig]b house]a here",
        );
        gives(
            "Een [a[bgroot huis]b]a hier",
            "A big house here",
            &STRAIGHT[..4],
            "A [a[bbig house]b]a here",
        );
        // The inner word is outside the words of the outer pair: it is kept inside.
        gives(
            "[ahet [bgrote]b huis]a daar",
            "there the house big",
            &[(3, 0), (0, 1), (2, 2), (1, 3)],
            "there [athe house [bbig]b]a",
        );
    }

    #[test]
    fn a_far_stray_link_does_not_blow_up_a_pair() {
        gives(
            "Lees [balles]b van de man nu",
            "Read all of the man all",
            &[(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (1, 5)],
            "Read [ball]b of the man all",
        );
    }

    #[test]
    fn a_pair_from_which_nothing_came_still_holds_a_word() {
        gives(
            "Lees nu [bdit]b",
            "Read now",
            &[(0, 0), (1, 1)],
            "Read [bnow]b",
        );
    }

    #[test]
    fn halves_of_pairs_reach_to_the_end() {
        gives(
            "Een [bgroot huis.",
            "A big house.",
            &STRAIGHT[..4],
            "A [bbig house.",
        );
        gives(
            "Een groot]b huis.",
            "A big house.",
            &STRAIGHT[..4],
            "A big]b house.",
        );
    }

    #[test]
    fn a_code_that_stands_alone_goes_before_its_word() {
        gives(
            "Lees {x}alles nu",
            "Read everything now",
            &STRAIGHT[..3],
            "Read {x}everything now",
        );
        gives(
            "{x}Lees alles{y}.",
            "Read everything.",
            &STRAIGHT[..3],
            "{x}Read everything{y}.",
        );
        // Behind a word, as a footnote is.
        gives(
            "Het huis{x} staat daar.",
            "There stands the house.",
            &[(3, 0), (2, 1), (0, 2), (1, 3), (4, 4)],
            "There stands the house{x}.",
        );
    }

    #[test]
    fn a_code_between_spaces_keeps_its_spaces() {
        let source = coded("Gebruik {x} om te zien");
        let links = linked(&source, "Use to see", &[(0, 0), (2, 1), (3, 2)]);
        let placed = place(&source, "Use to see", &links);
        assert_eq!(marked(&placed.text), "Use {x} to see");
        assert_eq!(placed.moved(Span::new(4, 6)).of(&placed.text.plain), "to");
        assert_eq!(placed.moved(Span::new(0, 3)).of(&placed.text.plain), "Use");
    }

    #[test]
    fn pairs_that_cross_come_out_once_each() {
        gives(
            "Een [agroot [boud]a huis]b hier",
            "A big old house here",
            &STRAIGHT[..5],
            "A [abig [bold]a house]b here",
        );
    }

    #[test]
    fn links_between_stretches_become_links_between_words() {
        let spans = [
            (Span::new(0, 11), Span::new(0, 9)),
            (Span::new(9, 11), Span::new(10, 13)),
        ];
        let links = word_links("Noordzee-ei", "North Sea egg", &spans);
        let pairs: Vec<(u32, u32)> = links.iter().map(|l| (l.source, l.target)).collect();
        assert_eq!(pairs, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]);
    }

    /// A code without data.
    fn bare_code(at: usize, id: u32, kind: CodeKind) -> Code {
        Code {
            at,
            id,
            kind,
            data: String::new(),
            label: String::new(),
        }
    }

    /// Whether all pairs close in the reverse order of their opening.
    fn nests(text: &Text) -> bool {
        let mut open = Vec::new();
        text.codes.iter().all(|code| match code.kind {
            CodeKind::Open => {
                open.push(code.id);
                true
            }
            CodeKind::Close => open.pop() == Some(code.id),
            CodeKind::Empty => true,
        }) && open.is_empty()
    }

    proptest::proptest! {
        #[test]
        fn every_code_comes_out_once_and_nested(
            shape in proptest::collection::vec(0_u8..6, 1..24),
            target in "[a-c .,“]{0,30}",
            links in proptest::collection::vec((0_usize..12, 0_usize..12, 0.01_f32..1.0), 0..14),
        ) {
            let (mut text, mut open, mut next) = (Text::default(), Vec::new(), 0);
            for step in shape {
                let at = text.plain.len();
                let mut code = |id, kind| text.codes.push(bare_code(at, id, kind));
                match step {
                    0 => {
                        next += 1;
                        open.push(next);
                        code(next, CodeKind::Open);
                    }
                    1 => {
                        if let Some(id) = open.pop() {
                            code(id, CodeKind::Close);
                        }
                    }
                    2 => {
                        next += 1;
                        code(next, CodeKind::Empty);
                    }
                    3 => text.plain.push(' '),
                    4 => text.plain.push_str("de"),
                    _ => text.plain.push('.'),
                }
            }
            let end = text.plain.len();
            while let Some(id) = open.pop() {
                text.codes.push(bare_code(end, id, CodeKind::Close));
            }
            let (from, to) = (tokens(&text.plain), tokens(&target));
            let links: Vec<LinkedSpans> = links
                .iter()
                .filter_map(|&(s, t, weight)| {
                    let (source, target) = (*from.get(s)?, *to.get(t)?);
                    Some(LinkedSpans { source, target, weight })
                })
                .collect();
            let placed = place(&text, &target, &links);
            proptest::prop_assert_eq!(placed.text.code_set(), text.code_set());
            proptest::prop_assert!(nests(&placed.text), "{:?}", placed.text);
            proptest::prop_assert!(placed.text.codes.is_sorted_by_key(|code| code.at));
            let boundary = |code: &Code| placed.text.plain.is_char_boundary(code.at);
            proptest::prop_assert!(placed.text.codes.iter().all(boundary));
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(bare(&placed.text.plain), bare(&target));
        }
    }
}
