//! The walk through the events of the parser.

use super::super::contract::{Found, Reading};
use super::super::entities::{self, Reference};
use super::super::html::fragment::{self, InlineTag};
use super::super::roles;
use super::front_matter;
use super::mask::{self, CoverKind, Covered};
use super::run::{MarkdownRun, escapes};
use crate::bitext::{Notation, OffsetMap, Role, Span, Text};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A link or an image whose end has not come.
struct OpenLink {
    label: &'static str,
    start: usize,
    shortcut: bool,
    titled: bool,
}

/// An element of HTML in a sentence whose content stays.
struct KeptElement {
    name: String,
    start: usize,
    depth: usize,
}

/// What the walk through a file carries.
struct MarkdownWalk<'s> {
    source: &'s str,
    lang: &'s str,
    covered: Covered,
    reading: Reading,
    run: Option<MarkdownRun>,
    roles: Vec<Role>,
    links: Vec<OpenLink>,
    kept: Option<KeptElement>,
    headline_seen: bool,
    /// HTML that is being gathered.
    html: Option<Span>,
    /// The address in the text that is read as one code, where the link is its address.
    verbatim: usize,
}

/// CommonMark with the extensions of GitHub and of static site generators.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_WIKILINKS);

/// Where the parser finds tables.
fn tables(text: &str) -> Vec<Range<usize>> {
    Parser::new_ext(text, OPTIONS)
        .into_offset_iter()
        .filter_map(|(event, range)| matches!(event, Event::Start(Tag::Table(_))).then_some(range))
        .collect()
}

/// Reads a page in the language with this primary subtag.
///
/// `keys`: those of front matter whose values readers see; empty for the usual ones.
pub(super) fn read(source: &str, lang: &str, keys: &[String]) -> Reading {
    let matter = front_matter::read(source, keys);
    let covered = mask::cover(source, matter.end, &tables);
    let text = covered.text.clone();
    let mut walk = MarkdownWalk {
        source,
        lang,
        covered,
        headline_seen: matter.found.iter().any(|text| text.role == Role::Headline),
        reading: Reading {
            found: matter.found,
            languages: matter
                .languages
                .into_iter()
                .filter(|place| is_language(place.of(source), lang))
                .collect(),
            notices: matter.notices,
        },
        run: None,
        roles: Vec::new(),
        links: Vec::new(),
        kept: None,
        html: None,
        verbatim: 0,
    };
    walk.headline_seen = false;
    let parser = Parser::new_ext(&text, OPTIONS).into_offset_iter();
    let titles: Vec<Span> = parser
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| definition.title.is_some())
        .map(|(_, definition)| Span::new(definition.span.start, definition.span.end))
        .collect();
    let untitled: Vec<usize> = parser
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| definition.title.is_none())
        .map(|(_, definition)| definition.span.end)
        .collect();
    let mut opaque = 0_usize;
    for (event, range) in parser {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => {
                walk.flush();
                opaque += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::MetadataBlock(_)) => {
                opaque = opaque.saturating_sub(1);
            }
            _ if opaque > 0 => {}
            event => walk.event(event, &range),
        }
    }
    walk.flush();
    for span in titles {
        if let Some(title) = title(source, span.start, span.end) {
            walk.reading.found.push(title);
        }
    }
    let mut reading = walk.reading;
    reading.found.sort_by_key(|text| text.span.start);
    for end in untitled {
        let next = reading.found.partition_point(|text| text.span.start < end);
        if let Some(text) = reading.found.get_mut(next)
            && text.notation == Notation::Text
            && is_one_line_end(&source[end..text.span.start])
        {
            text.notation = Notation::BehindDefinition;
        }
    }
    // What the parser reports out of order would break the cover; such a block is left alone.
    let mut end = 0;
    reading.found.retain(|found| {
        let fits = found.span.start >= end;
        if fits {
            end = found.span.end;
        }
        fits
    });
    reading
}

fn is_language(tag: &str, lang: &str) -> bool {
    tag.split(['-', '_'])
        .next()
        .is_some_and(|own| own.trim().eq_ignore_ascii_case(lang))
}

impl MarkdownWalk<'_> {
    fn run(&mut self, start: usize) -> &mut MarkdownRun {
        self.run.get_or_insert_with(|| MarkdownRun::new(start))
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        let span = Span::new(range.start, range.end);
        match event {
            Event::Html(_) => {
                match &mut self.html {
                    Some(html) if html.end == span.start => html.end = span.end,
                    _ => {
                        self.finish_html();
                        self.html = Some(span);
                    }
                }
                return;
            }
            Event::Start(Tag::HtmlBlock) => {
                self.flush();
                return;
            }
            Event::End(TagEnd::HtmlBlock) => {
                self.finish_html();
                return;
            }
            _ => {}
        }
        if self.verbatim > 0 {
            self.verbatim -= usize::from(matches!(event, Event::End(TagEnd::Link)));
            return;
        }
        if self.kept.is_some() && self.in_kept(&event, span) {
            return;
        }
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, span),
            Event::Text(text) => self.text(span, &text),
            Event::SoftBreak => {
                if self.covered.borders.binary_search(&span.start).is_ok() {
                    self.flush();
                } else if let Some(run) = &mut self.run {
                    run.plain(self.source, span, " ");
                }
            }
            Event::HardBreak => {
                let source = self.source;
                let run = self.run(span.start);
                run.empty(source, span, "br", Vec::new());
                run.space(span.end);
            }
            Event::Code(_) => self.lone(span, "code"),
            Event::InlineHtml(_) => self.tag(span),
            Event::FootnoteReference(_) => self.lone(span, "footnote"),
            Event::InlineMath(_) | Event::DisplayMath(_) => self.lone(span, "math"),
            Event::TaskListMarker(_) | Event::Html(_) => {}
            Event::Rule => self.flush(),
        }
    }

    fn lone(&mut self, span: Span, label: &str) {
        let source = self.source;
        self.run(span.start).empty(source, span, label, Vec::new());
    }

    /// Whether an event belongs to an element of HTML whose content stays; its end makes it a code.
    fn in_kept(&mut self, event: &Event<'_>, span: Span) -> bool {
        let Some(kept) = &mut self.kept else {
            return false;
        };
        match event {
            Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
                | TagEnd::Superscript
                | TagEnd::Subscript,
            ) => return true,
            Event::End(_) => {
                // The block ends before the element does.
                let (start, end) = (kept.start, span.end);
                let label = std::mem::take(&mut kept.name);
                self.kept = None;
                let end = self.source[start..end].trim_end().len() + start;
                self.lone(Span::new(start, end), &label);
                return false;
            }
            Event::InlineHtml(_) => {
                match fragment::inline_tag(self.source, span, self.lang) {
                    InlineTag::Open(name, ..) if name == kept.name => kept.depth += 1,
                    InlineTag::Close(name) if name == kept.name => kept.depth -= 1,
                    _ => {}
                }
                if kept.depth == 0 {
                    let whole = Span::new(kept.start, span.end);
                    let label = std::mem::take(&mut kept.name);
                    self.kept = None;
                    self.lone(whole, &label);
                }
            }
            _ => {}
        }
        true
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let source = self.source;
        if let Tag::Link {
            link_type, title, ..
        }
        | Tag::Image {
            link_type, title, ..
        } = tag
        {
            let is_image = matches!(tag, Tag::Image { .. });
            if matches!(link_type, LinkType::Autolink | LinkType::Email)
                || matches!(link_type, LinkType::WikiLink { has_pothole: false })
            {
                self.lone(Span::new(range.start, range.end), "a");
                self.verbatim = 1;
                return;
            }
            let label = if is_image { "image" } else { "a" };
            self.links.push(OpenLink {
                label,
                start: range.start + if is_image { 2 } else { 1 },
                shortcut: matches!(
                    link_type,
                    LinkType::Shortcut
                        | LinkType::ShortcutUnknown
                        | LinkType::Collapsed
                        | LinkType::CollapsedUnknown
                ),
                titled: *link_type == LinkType::Inline && !title.is_empty(),
            });
            self.run(range.start).open(source, range.start, label);
            return;
        }
        if let Some(label) = inline_label(tag) {
            self.run(range.start).open(source, range.start, label);
            return;
        }
        self.flush();
        let outer = self.roles.last().copied().unwrap_or(Role::Paragraph);
        self.roles.push(match tag {
            Tag::Heading {
                level: HeadingLevel::H1,
                ..
            } => Role::Headline,
            Tag::Heading { .. } => Role::Heading,
            Tag::BlockQuote(_) => Role::Quote,
            Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => Role::ListItem,
            Tag::TableCell => Role::Cell,
            Tag::FootnoteDefinition(_) => Role::Note,
            _ => outer,
        });
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        let source = self.source;
        let label = match tag {
            TagEnd::Emphasis => "em",
            TagEnd::Strong => "strong",
            TagEnd::Strikethrough => "del",
            TagEnd::Superscript => "sup",
            TagEnd::Subscript => "sub",
            TagEnd::Link | TagEnd::Image => {
                self.end_link(span);
                return;
            }
            _ => {
                self.flush();
                self.roles.pop();
                return;
            }
        };
        if let Some(run) = &mut self.run {
            run.close(source, span.end, label, None, None);
        }
    }

    fn end_link(&mut self, span: Span) {
        let source = self.source;
        let (Some(link), Some(run)) = (self.links.pop(), &mut self.run) else {
            return;
        };
        // `[text]` and `[text][]` are links because their text is a label: the label stands behind
        // the new text.
        let is_collapsed = link.shortcut && source[span.end..].starts_with("[]");
        let end = span.end + if is_collapsed { 2 } else { 0 };
        let raw = &source[link.start..end];
        let name = raw.strip_suffix("[]").unwrap_or(raw);
        let name = name.strip_suffix(']').filter(|_| link.shortcut);
        let text = (link.titled && run.cursor < span.end)
            .then(|| title(source, run.cursor, span.end - 1))
            .flatten();
        run.close(source, end, link.label, name, text);
    }

    /// Text; what is covered in it is a code or a border.
    fn text(&mut self, span: Span, text: &str) {
        let first = self
            .covered
            .covers
            .partition_point(|(cover, _)| cover.end <= span.start);
        let covers: Vec<(Span, CoverKind)> = self.covered.covers[first..]
            .iter()
            .take_while(|(cover, _)| cover.start < span.end)
            .copied()
            .collect();
        if covers.is_empty() {
            self.plain(span, text);
            return;
        }
        let mut at = span.start;
        for (cover, kind) in covers {
            let (start, end) = (cover.start.max(span.start), cover.end.min(span.end));
            self.piece(Span::new(at, start));
            match kind {
                CoverKind::Code => self.lone(Span::new(start, end), "code"),
                CoverKind::Border => self.flush(),
            }
            at = end;
        }
        self.piece(Span::new(at, span.end));
    }

    /// Text that stands in the file as it is.
    fn piece(&mut self, span: Span) {
        let text = span.of(self.source);
        let start = span.start
            + if self.run.is_none() {
                text.len() - text.trim_start().len()
            } else {
                0
            };
        if start < span.end {
            self.plain(Span::new(start, span.end), &self.source[start..span.end]);
        }
    }

    fn plain(&mut self, span: Span, text: &str) {
        let source = self.source;
        let start = if self.run.is_none() && escapes(source, 0, span.start, text) {
            span.start - 1
        } else {
            span.start
        };
        self.run(start).plain(source, span, text);
    }

    /// A tag of HTML in a sentence.
    fn tag(&mut self, span: Span) {
        let source = self.source;
        match fragment::inline_tag(source, span, self.lang) {
            InlineTag::Open(name, true, _) => {
                self.run(span.start);
                self.kept = Some(KeptElement {
                    name,
                    start: span.start,
                    depth: 1,
                });
            }
            InlineTag::Open(name, false, spoken) => {
                self.run(span.start).open_tag(source, span, &name, spoken);
            }
            InlineTag::Close(name) => self.run(span.start).close_tag(source, span, &name),
            InlineTag::Lone(name, spoken) => {
                let run = self.run(span.start);
                run.empty(source, span, &name, spoken);
                if name == "br" {
                    run.space(span.end);
                }
            }
            InlineTag::Other => self.lone(span, "comment"),
        }
    }

    fn finish_html(&mut self) {
        let Some(span) = self.html.take() else {
            return;
        };
        let line = self.source[span.start..span.end].find('\n');
        let line = line.map_or(span.end, |length| span.start + length);
        // A tag on a line of its own begins a block of HTML; with words behind it, it would begin a
        // paragraph.
        let tag = self.source[span.start..line].trim_end();
        let first = Span::new(span.start, span.start + tag.len());
        let is_tag = tag.ends_with('>') && tag.matches('<').count() == 1;
        let is_alone = is_tag
            && match fragment::inline_tag(self.source, first, self.lang) {
                InlineTag::Open(_, stays, _) => !stays,
                InlineTag::Close(_) | InlineTag::Lone(..) => true,
                InlineTag::Other => false,
            };
        let mut reading = fragment::read_part(self.source, span, self.lang);
        let runs_on = |found: &Found| found.span.start < line && found.span.end > line;
        if is_alone && reading.found.first().is_some_and(runs_on) {
            let tag = fragment::read_part(self.source, first, self.lang);
            self.add(tag);
            reading = fragment::read_part(self.source, Span::new(line, span.end), self.lang);
        }
        self.add(reading);
    }

    fn add(&mut self, mut reading: Reading) {
        self.reading.found.append(&mut reading.found);
        self.reading.languages.append(&mut reading.languages);
        self.reading.notices.append(&mut reading.notices);
    }

    fn flush(&mut self) {
        self.finish_html();
        self.links.clear();
        let Some(run) = self.run.take() else {
            return;
        };
        let silent = run.is_silent();
        let mut role = self.roles.last().copied().unwrap_or(Role::Paragraph);
        if role == Role::Headline && self.headline_seen {
            role = Role::Heading;
        }
        let mut found = run.finish(self.source, role);
        if silent {
            for (_, _, mut nested) in found.inlays {
                self.reading.found.append(&mut nested);
            }
            return;
        }
        self.headline_seen |= role == Role::Headline;
        if role == Role::Paragraph {
            let index = self
                .reading
                .found
                .len()
                .max(usize::from(!self.headline_seen));
            found.role = roles::of_plain(&found.text.plain, index.max(1), true);
        }
        self.reading.found.push(found);
    }
}

/// Whether one line end at most and no word stands here.
fn is_one_line_end(between: &str) -> bool {
    let is_gap = |c: char| c.is_whitespace() || c == '>';
    between.chars().all(is_gap) && between.matches('\n').count() <= 1
}

/// The name of an inline element.
fn inline_label(tag: &Tag<'_>) -> Option<&'static str> {
    Some(match tag {
        Tag::Emphasis => "em",
        Tag::Strong => "strong",
        Tag::Strikethrough => "del",
        Tag::Superscript => "sup",
        Tag::Subscript => "sub",
        _ => return None,
    })
}

/// The title at the end of a link or of a definition: what stands between the last marks before
/// `end`.
fn title(source: &str, start: usize, end: usize) -> Option<Found> {
    let text = source[start..end].trim_end();
    let (mark, notation) = match text.chars().next_back()? {
        '"' => ('"', Notation::TitleDouble),
        '\'' => ('\'', Notation::TitleSingle),
        ')' => ('(', Notation::TitleParentheses),
        _ => return None,
    };
    let inner = &text[..text.len() - 1];
    let mut from = inner.len();
    loop {
        from = inner[..from].rfind(mark)?;
        // A mark behind white space opens the title; others are in it.
        if inner[..from].ends_with([' ', '\t', '\n']) {
            break;
        }
    }
    let span = Span::new(start + from + 1, start + inner.len());
    let raw = span.of(source);
    if raw.contains('\n')
        && raw
            .lines()
            .skip(1)
            .any(|line| line.trim_start().starts_with('>'))
    {
        // The marks of a quotation stand in it.
        return None;
    }
    let mut plain = String::with_capacity(raw.len());
    let mut map = OffsetMap::default();
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        map.point(plain.len(), span.start + at);
        let next = raw[at + c.len_utf8()..].chars().next();
        if c == '&'
            && let Some(Reference::Text(length, text)) =
                entities::reference(&raw[at..], false, false)
            && raw[..at + length].ends_with(';')
        {
            plain.push_str(&text);
            at += length;
        } else if c == '\\' && next.is_some_and(|next| next.is_ascii_punctuation()) {
            plain.extend(next);
            at += 2;
        } else {
            plain.push(if c == '\n' || c == '\r' { ' ' } else { c });
            at += c.len_utf8();
        }
    }
    map.finish(plain.len(), span.end);
    plain.chars().any(char::is_alphanumeric).then(|| Found {
        span,
        role: Role::Meta,
        text: Text::from(plain),
        map,
        notation,
        ..Found::default()
    })
}
