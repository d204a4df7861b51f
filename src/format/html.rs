//! HTML: a tokenizer that only finds the spans of text; every other byte stays as it is.
//!
//! Broken HTML never fails: what is no tag is text. Block elements part the text, inline elements travel as codes.

use super::{Format, Found, entities};
use crate::bitext::{Block, Code, CodeKind, OffsetMap, Role, Span, Text};
use crate::language::furniture::is_page_line;

/// HTML.
pub struct Html;

/// Elements inside a run of text.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];
/// Elements without content.
const VOID: &[&str] = &[
    "br", "img", "wbr", "hr", "input", "meta", "link", "source", "col", "area", "embed",
];
/// Elements whose content is no text for readers.
const OPAQUE: &[&str] = &[
    "script", "style", "textarea", "noscript", "template", "svg", "math", "iframe", "object", "pre",
];
/// Inline elements whose content is not translated.
const VERBATIM: &[&str] = &["code", "kbd", "samp", "var", "tt"];

/// What stands at a place of the file.
enum Token<'s> {
    Text(Span),
    /// A tag: its name in lower case, whether it closes, its range.
    Tag(String, bool, Span, &'s str),
    /// Comment, doctype, processing instruction.
    Other(Span),
}

/// Cuts a file into tokens; together they are the file.
struct Tokens<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Iterator for Tokens<'s> {
    type Item = Token<'s>;

    fn next(&mut self) -> Option<Token<'s>> {
        let start = self.at;
        let rest = &self.source[start..];
        if rest.is_empty() {
            return None;
        }
        if let Some((end, token)) = markup(rest, start) {
            self.at = end;
            return Some(token);
        }
        // Text reaches to the next thing that is markup.
        let mut end = self.source.len();
        let mut from = start + 1;
        while let Some(found) = memchr::memchr(b'<', &self.source.as_bytes()[from..]) {
            let place = from + found;
            if opens_markup(&self.source.as_bytes()[place..]) {
                end = place;
                break;
            }
            from = place + 1;
        }
        self.at = end;
        Some(Token::Text(Span::new(start, end)))
    }
}

fn opens_markup(bytes: &[u8]) -> bool {
    matches!(bytes, [b'<', b'!' | b'?', ..])
        || matches!(bytes, [b'<', c, ..] if c.is_ascii_alphabetic())
        || matches!(bytes, [b'<', b'/', c, ..] if c.is_ascii_alphabetic())
}

/// The markup that `rest` begins with, and where it ends; unclosed markup reaches to the end of the file.
fn markup(rest: &str, start: usize) -> Option<(usize, Token<'_>)> {
    let bytes = rest.as_bytes();
    if !opens_markup(bytes) {
        return None;
    }
    let other = |length: usize| {
        let end = start + length;
        Some((end, Token::Other(Span::new(start, end))))
    };
    if let Some(inner) = rest.strip_prefix("<!--") {
        return other(inner.find("-->").map_or(rest.len(), |at| 4 + at + 3));
    }
    if bytes[1] == b'!' || bytes[1] == b'?' {
        return other(rest.find('>').map_or(rest.len(), |at| at + 1));
    }
    let close = bytes[1] == b'/';
    let from = 1 + usize::from(close);
    let length = bytes[from..]
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b':')))
        .unwrap_or(bytes.len() - from);
    let name = rest[from..from + length].to_ascii_lowercase();
    let mut quote = None;
    let mut end = rest.len();
    for (index, &byte) in bytes.iter().enumerate().skip(from + length) {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            // A quote counts only where a value begins.
            None if matches!(byte, b'"' | b'\'') && ends_with_equals(&bytes[..index]) => {
                quote = Some(byte);
            }
            None if byte == b'>' => {
                end = index + 1;
                break;
            }
            None => {}
        }
    }
    let span = Span::new(start, start + end);
    Some((span.end, Token::Tag(name, close, span, &rest[..end])))
}

fn ends_with_equals(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .rev()
        .find(|b| !b.is_ascii_whitespace())
        .is_some_and(|&b| b == b'=')
}

/// Whether a tag asks to be left alone: `translate="no"` or the class `notranslate`.
fn is_protected(tag: &str) -> bool {
    let folded = tag.to_ascii_lowercase();
    folded.contains("translate=\"no\"")
        || folded.contains("translate='no'")
        || folded.contains("notranslate")
}

/// A run of text that is being gathered.
#[derive(Default)]
struct Run {
    /// Inline tags and text so far, with where they stand.
    text: Text,
    map: OffsetMap,
    start: Option<usize>,
    end: usize,
    next_id: u32,
    open: Vec<(String, u32, usize)>,
    /// Whether a space stands before what comes next: its place.
    space: Option<usize>,
}

impl Run {
    fn text(&mut self, source: &str, span: Span) {
        let mut at = span.start;
        while at < span.end {
            let rest = &source[at..span.end];
            let c = rest.chars().next().unwrap_or(' ');
            if c.is_ascii_whitespace() {
                self.space.get_or_insert(at);
                at += 1;
                continue;
            }
            let decoded = if c == '&' {
                entities::reference(rest)
            } else {
                None
            };
            let (length, part) = decoded.unwrap_or_else(|| (c.len_utf8(), c.to_string()));
            self.write_space();
            self.start.get_or_insert(at);
            self.map.point(self.text.plain.len(), at);
            self.text.plain.push_str(&part);
            at += length;
            self.end = at;
        }
    }

    /// Writes the space that was put off; at the beginning of a run it stays outside.
    fn write_space(&mut self) {
        if let Some(at) = self.space.take()
            && self.start.is_some()
        {
            self.map.point(self.text.plain.len(), at);
            self.text.plain.push(' ');
        }
    }

    fn code(&mut self, kind: CodeKind, id: u32, span: Span, data: &str, label: &str) {
        self.write_space();
        self.start.get_or_insert(span.start);
        self.end = span.end;
        self.text.codes.push(Code {
            at: self.text.plain.len(),
            id,
            kind,
            data: data.to_owned(),
            label: label.to_owned(),
        });
    }

    fn tag(&mut self, name: &str, close: bool, span: Span, data: &str) {
        if close && let Some(at) = self.open.iter().rposition(|(open, ..)| open == name) {
            let (_, id, _) = self.open.remove(at);
            self.code(CodeKind::Close, id, span, data, name);
            return;
        }
        self.next_id += 1;
        let id = self.next_id;
        if close || VOID.contains(&name) || data.ends_with("/>") {
            self.code(CodeKind::Empty, id, span, data, name);
            if name == "br" {
                self.space = None;
            }
        } else {
            let index = self.text.codes.len();
            self.code(CodeKind::Open, id, span, data, name);
            self.open.push((name.to_owned(), id, index));
        }
    }

    /// Ends the run; one without letters or digits is no text.
    fn finish(&mut self, source: &str, role: Role, found: &mut Vec<Found>) {
        let mut run = std::mem::take(self);
        for (_, _, index) in run.open {
            // Never closed inside the run: it stands alone.
            run.text.codes[index].kind = CodeKind::Empty;
        }
        let Some(start) = run.start else { return };
        if !run.text.plain.chars().any(char::is_alphanumeric) {
            return;
        }
        run.map.finish(run.text.plain.len(), run.end);
        let role =
            if matches!(role, Role::Paragraph | Role::ListItem) && is_page_line(&run.text.plain) {
                Role::Furniture
            } else {
                role
            };
        debug_assert!(source.is_char_boundary(start) && source.is_char_boundary(run.end));
        found.push(Found {
            span: Span::new(start, run.end),
            role,
            text: run.text,
            map: run.map,
        });
    }
}

/// The role that an element gives to the text inside.
fn role_of(name: &str, headline_seen: bool) -> Option<Role> {
    Some(match name {
        "title" => Role::Headline,
        "h1" if !headline_seen => Role::Headline,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Heading,
        "blockquote" => Role::Quote,
        "li" | "dt" | "dd" => Role::ListItem,
        "figcaption" | "caption" => Role::Caption,
        "td" | "th" => Role::Cell,
        "nav" | "footer" | "aside" | "button" => Role::Furniture,
        _ => return None,
    })
}

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }

    fn find(&self, source: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut run = Run::default();
        let mut roles: Vec<(String, Role)> = Vec::new();
        let mut headline_seen = false;
        let mut tokens = Tokens { source, at: 0 };
        while let Some(token) = tokens.next() {
            let role = roles.last().map_or(Role::Paragraph, |(_, role)| *role);
            match token {
                Token::Text(span) => run.text(source, span),
                Token::Other(span) => {
                    // A comment inside a run travels with it.
                    if run.start.is_some() {
                        run.next_id += 1;
                        let id = run.next_id;
                        run.code(CodeKind::Empty, id, span, span.of(source), "comment");
                    }
                }
                Token::Tag(name, close, span, data) => {
                    let inline = INLINE.contains(&name.as_str());
                    let verbatim = VERBATIM.contains(&name.as_str()) || is_protected(data);
                    if !close
                        && !VOID.contains(&name.as_str())
                        && (OPAQUE.contains(&name.as_str()) || verbatim)
                    {
                        let end = past(source, span.end, &name);
                        tokens.at = end;
                        let whole = Span::new(span.start, end);
                        if inline {
                            run.next_id += 1;
                            let id = run.next_id;
                            run.code(CodeKind::Empty, id, whole, whole.of(source), &name);
                        } else {
                            run.finish(source, role, &mut found);
                        }
                    } else if inline {
                        run.tag(&name, close, span, data);
                    } else {
                        run.finish(source, role, &mut found);
                        if close {
                            if let Some(at) = roles.iter().rposition(|(open, _)| *open == name) {
                                roles.truncate(at);
                            }
                        } else if let Some(role) = role_of(&name, headline_seen) {
                            headline_seen |= name == "h1";
                            // A paragraph inside a quotation or an item stays what that is; depth is bounded by dropping the oldest.
                            if roles.len() >= 256 {
                                roles.remove(0);
                            }
                            roles.push((name, role));
                        }
                    }
                }
            }
        }
        let role = roles.last().map_or(Role::Paragraph, |(_, role)| *role);
        run.finish(source, role, &mut found);
        found
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        let base = out.len();
        let mut map = OffsetMap::default();
        let mut codes = text.codes.iter().peekable();
        for (at, c) in text.plain.char_indices() {
            while let Some(code) = codes.next_if(|code| code.at <= at) {
                out.push_str(&code.data);
            }
            map.point(at, out.len() - base);
            entities::escape(c.encode_utf8(&mut [0; 4]), out);
        }
        map.finish(text.plain.len(), out.len() - base);
        for code in codes {
            out.push_str(&code.data);
        }
        map
    }
}

/// Where the element that opened before `from` ends; nested ones of its name are counted. Unclosed ones reach to the end of the file only if they hide text.
fn past(source: &str, from: usize, name: &str) -> usize {
    let raw = matches!(name, "script" | "style" | "textarea");
    let mut depth = 1_usize;
    let mut at = from;
    while let Some(found) = memchr::memchr(b'<', &source.as_bytes()[at..]) {
        let start = at + found;
        let rest = &source[start..];
        let Some((end, token)) = markup(rest, start) else {
            at = start + 1;
            continue;
        };
        at = start + 1;
        if let Token::Tag(own, close, _, data) = token
            && own == name
        {
            if close {
                depth -= 1;
                if depth == 0 {
                    return end;
                }
            } else if !raw && !data.ends_with("/>") {
                depth += 1;
            }
            at = end;
        }
    }
    source.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_elements_become_codes_and_come_back() {
        let source = "<p>Lees  <b>alles</b> over &euro;5 <br>nu.</p>";
        let found = Html.find(source);
        assert_eq!(found[0].text.plain, "Lees alles over €5 nu.");
        let kinds: Vec<_> = found[0].text.codes.iter().map(|c| (c.at, c.kind)).collect();
        assert_eq!(
            kinds,
            [
                (5, CodeKind::Open),
                (10, CodeKind::Close),
                (21, CodeKind::Empty)
            ]
        );
        let mut out = String::new();
        let block = Block {
            number: 1,
            role: Role::Paragraph,
            text: found[0].text.clone(),
            map: found[0].map.clone(),
        };
        Html.render(&block, &found[0].text, &mut out);
        assert_eq!(out, "Lees <b>alles</b> over €5 <br>nu.");
    }

    #[test]
    fn scripts_and_protected_parts_are_no_text() {
        let source = "<script>var x = '<p>nee</p>';</script><p>Ja <code>let x</code></p><p translate=\"no\">Nee</p><pre>code</pre>";
        let found = Html.find(source);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text.plain, "Ja ");
    }

    #[test]
    fn roles_come_from_the_elements() {
        let source = "<h1>Kop</h1><h2>Tussenkop</h2><ul><li>Punt</li></ul><blockquote><p>Citaat</p></blockquote><figcaption>Bijschrift</figcaption><p>Lees ook: meer</p>";
        let roles: Vec<Role> = Html.find(source).iter().map(|f| f.role).collect();
        assert_eq!(
            roles,
            [
                Role::Headline,
                Role::Heading,
                Role::ListItem,
                Role::Quote,
                Role::Caption,
                Role::Furniture
            ]
        );
    }
}
