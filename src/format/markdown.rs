//! Markdown: pulldown-cmark says where the text stands, and translated ranges are spliced into the original bytes.
//!
//! A renderer would normalise (`*` to `-`, table rules, link forms); splicing leaves everything that is not text as it is.

use super::{Format, Found, roles};
use crate::bitext::{Block, Code, CodeKind, Notation, OffsetMap, Role, Span, Text};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// CommonMark with tables, strikethrough and footnotes.
pub struct Markdown;

/// A block that is being gathered.
struct Run {
    text: Text,
    map: OffsetMap,
    start: usize,
    /// Everything before is taken in.
    cursor: usize,
    /// Codes whose markup has begun and not ended: index in `text.codes`.
    pending: Vec<usize>,
    open: Vec<(u32, String)>,
    next_id: u32,
}

impl Run {
    fn new(start: usize) -> Self {
        Self {
            text: Text::default(),
            map: OffsetMap::default(),
            start,
            cursor: start,
            pending: Vec::new(),
            open: Vec::new(),
            next_id: 0,
        }
    }

    /// Gives the markup between the cursor and `start` to the codes that wait for it.
    fn settle(&mut self, source: &str, start: usize) {
        let start = start.max(self.cursor);
        for index in std::mem::take(&mut self.pending) {
            let code = &mut self.text.codes[index];
            source[self.cursor..start].clone_into(&mut code.data);
            self.cursor = start;
        }
    }

    fn plain(&mut self, source: &str, range: &Range<usize>, text: &str) {
        self.settle(source, range.start);
        // An escape's backslash lies before the event's range; it belongs to the character.
        let from = if source[self.cursor.min(range.start)..range.start].ends_with('\\') {
            range.start - 1
        } else {
            range.start
        };
        self.map.point(self.text.plain.len(), from);
        if range.start > from && text.len() > 1 {
            let first = text.chars().next().map_or(0, char::len_utf8);
            self.text.plain.push_str(&text[..first]);
            self.map.point(self.text.plain.len(), range.start + first);
            self.text.plain.push_str(&text[first..]);
        } else {
            self.text.plain.push_str(text);
        }
        self.cursor = range.end;
    }

    fn open(&mut self, source: &str, range: &Range<usize>, label: &str) {
        self.settle(source, range.start);
        self.cursor = self.cursor.max(range.start);
        self.next_id += 1;
        let id = self.next_id;
        self.open.push((id, label.to_owned()));
        self.pending.push(self.text.codes.len());
        self.push(CodeKind::Open, id, String::new(), label);
    }

    fn close(&mut self, source: &str, range: &Range<usize>) {
        let Some((id, label)) = self.open.pop() else {
            return;
        };
        // Markup without content, such as `[](address)`, all belongs to the opening code.
        if self.pending.is_empty() {
            let end = range.end.max(self.cursor);
            let data = source[self.cursor..end].to_owned();
            self.push(CodeKind::Close, id, data, &label);
            self.cursor = end;
        } else {
            self.settle(source, range.end);
            self.push(CodeKind::Close, id, String::new(), &label);
        }
    }

    fn empty(&mut self, source: &str, range: &Range<usize>, label: &str) {
        self.settle(source, range.start);
        self.next_id += 1;
        let id = self.next_id;
        let start = self.cursor.max(range.start).min(range.end);
        self.push(
            CodeKind::Empty,
            id,
            source[start..range.end].to_owned(),
            label,
        );
        self.cursor = range.end;
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
}

/// What the walk through a file carries.
struct Walk<'s> {
    source: &'s str,
    found: Vec<Found>,
    run: Option<Run>,
    roles: Vec<Role>,
    headline_seen: bool,
}

impl Walk<'_> {
    fn run(&mut self, start: usize) -> &mut Run {
        self.run.get_or_insert_with(|| Run::new(start))
    }

    fn flush(&mut self) {
        let Some(mut run) = self.run.take() else {
            return;
        };
        run.settle(self.source, run.cursor);
        if !run.text.plain.chars().any(char::is_alphanumeric) {
            return;
        }
        run.map.finish(run.text.plain.len(), run.cursor);
        let mut role = self.roles.last().copied().unwrap_or(Role::Paragraph);
        if role == Role::Headline && self.headline_seen {
            role = Role::Heading;
        }
        self.headline_seen |= role == Role::Headline;
        if role == Role::Paragraph {
            let index = self.found.len().max(usize::from(!self.headline_seen));
            role = roles::of_plain(&run.text.plain, index.max(1), true);
        }
        self.found.push(Found {
            span: Span::new(run.start, run.cursor),
            role,
            text: run.text,
            map: run.map,
            notation: Notation::default(),
            nested: Vec::new(),
        });
    }
}

/// The name of an inline element.
fn label(tag: &Tag<'_>) -> Option<&'static str> {
    Some(match tag {
        Tag::Emphasis => "em",
        Tag::Strong => "strong",
        Tag::Strikethrough => "del",
        Tag::Link { .. } => "a",
        Tag::Image { .. } => "image",
        Tag::Superscript => "sup",
        Tag::Subscript => "sub",
        _ => return None,
    })
}

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown"]
    }

    fn find(&self, source: &str) -> Vec<Found> {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
            | Options::ENABLE_TASKLISTS;
        let mut walk = Walk {
            source,
            found: Vec::new(),
            run: None,
            roles: Vec::new(),
            headline_seen: false,
        };
        let mut opaque = 0_usize;
        for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => {
                    walk.flush();
                    opaque += 1;
                }
                Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                    opaque = opaque.saturating_sub(1);
                }
                _ if opaque > 0 => {}
                Event::Start(tag) => match label(&tag) {
                    Some(label) => walk.run(range.start).open(source, &range, label),
                    None => {
                        walk.flush();
                        let outer = walk.roles.last().copied().unwrap_or(Role::Paragraph);
                        walk.roles.push(match tag {
                            Tag::Heading {
                                level: HeadingLevel::H1,
                                ..
                            } => Role::Headline,
                            Tag::Heading { .. } => Role::Heading,
                            Tag::BlockQuote(_) => Role::Quote,
                            Tag::Item => Role::ListItem,
                            Tag::TableCell => Role::Cell,
                            _ => outer,
                        });
                    }
                },
                Event::End(
                    TagEnd::Emphasis
                    | TagEnd::Strong
                    | TagEnd::Strikethrough
                    | TagEnd::Link
                    | TagEnd::Image
                    | TagEnd::Superscript
                    | TagEnd::Subscript,
                ) => walk.run(range.start).close(source, &range),
                Event::End(_) => {
                    walk.flush();
                    walk.roles.pop();
                }
                Event::Text(text) => walk.run(range.start).plain(source, &range, &text),
                Event::SoftBreak => walk.run(range.start).plain(source, &range, " "),
                Event::Code(_) => walk.run(range.start).empty(source, &range, "code"),
                Event::HardBreak => walk.run(range.start).empty(source, &range, "br"),
                Event::InlineHtml(_) => walk.run(range.start).empty(source, &range, "html"),
                Event::FootnoteReference(_) => {
                    walk.run(range.start).empty(source, &range, "footnote");
                }
                Event::InlineMath(_) | Event::DisplayMath(_) => {
                    walk.run(range.start).empty(source, &range, "math");
                }
                Event::TaskListMarker(_) => {}
                Event::Html(_) | Event::Rule => walk.flush(),
            }
        }
        walk.flush();
        // Anything that the parser reports out of order would break the cover; such a block is left alone.
        let mut end = 0;
        walk.found.retain(|found| {
            let fits = found.span.start >= end;
            if fits {
                end = found.span.end;
            }
            fits
        });
        walk.found
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        let base = out.len();
        let mut map = OffsetMap::default();
        let mut codes = text.codes.iter().peekable();
        let mut line_start = true;
        let mut previous = ' ';
        let mut characters = text.plain.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            while let Some(code) = codes.next_if(|code| code.at <= at) {
                out.push_str(&code.data);
                line_start = line_start && code.data.is_empty();
            }
            map.point(at, out.len() - base);
            let next = characters.peek().map(|&(_, c)| c);
            if needs_escape(c, previous, next, line_start, block.role) {
                out.push('\\');
            }
            out.push(if c == '\n' || c == '\r' { ' ' } else { c });
            line_start = false;
            previous = c;
        }
        map.finish(text.plain.len(), out.len() - base);
        for code in codes {
            out.push_str(&code.data);
        }
        map
    }
}

/// Whether a character of new text would be read as markup.
fn needs_escape(c: char, previous: char, next: Option<char>, line_start: bool, role: Role) -> bool {
    let spaced = next.is_none_or(char::is_whitespace);
    match c {
        '\\' | '`' | '[' | ']' => true,
        '*' => !(previous.is_whitespace() && spaced),
        '_' => !(previous.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)),
        '<' => next.is_some_and(|n| n.is_ascii_alphabetic() || n == '/' || n == '!'),
        '&' => next.is_some_and(|n| n.is_ascii_alphabetic() || n == '#'),
        '|' => role == Role::Cell,
        '~' => next == Some('~') || previous == '~',
        '#' | '-' | '+' => line_start && (spaced || c == '#'),
        '>' => line_start,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Lang;

    fn edit(source: &str, change: impl Fn(&str) -> String) -> String {
        let document =
            super::super::read(source.as_bytes(), Some("a.md"), None, &Lang::new("nl")).unwrap();
        let texts: Vec<Text> = document
            .blocks
            .iter()
            .map(|block| Text {
                plain: change(&block.text.plain),
                codes: block.text.codes.clone(),
            })
            .collect();
        super::super::write(&document, &texts).unwrap().text
    }

    #[test]
    fn only_the_text_changes() {
        let source = "# Kop\n\nEen **vet** woord en `code` en [link](http://x \"t\").\n\n* punt\n  gaat door\n\n| a | b |\n|---|:-:|\n| c | d |\n\n```\nniet dit\n```\n";
        let upper = edit(source, str::to_uppercase);
        assert_eq!(
            upper,
            "# KOP\n\nEEN **VET** WOORD EN `code` EN [LINK](http://x \"t\").\n\n* PUNT GAAT DOOR\n\n| A | B |\n|---|:-:|\n| C | D |\n\n```\nniet dit\n```\n"
        );
    }

    #[test]
    fn nested_emphasis_keeps_its_marks() {
        assert_eq!(
            edit(
                "***alles*** en *deels **vet*** [![alt](i.png)](u)",
                str::to_uppercase
            ),
            "***ALLES*** EN *DEELS **VET*** [![ALT](i.png)](u)"
        );
    }

    #[test]
    fn new_text_is_not_read_as_markup() {
        let out = edit("Gewone zin hier.", |_| "a*b* [c] 1 * 2 <d> _e_".into());
        assert_eq!(out, "a\\*b\\* \\[c\\] 1 * 2 \\<d> \\_e\\_");
    }
}
