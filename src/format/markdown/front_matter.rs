//! The fields before a page of Markdown: YAML between `---`, TOML between `+++`, JSON. Strings of a
//! list of keys are texts; all else stays.

use super::super::contract::Found;
use super::super::json_text::{json_end, json_strings, json_text};
use crate::bitext::{Notation, Notice, OffsetMap, Role, Span, Text};

/// Keys whose value readers see.
const SPOKEN: &[&str] = &[
    "title",
    "subtitle",
    "description",
    "summary",
    "lead",
    "intro",
    "excerpt",
    "caption",
    "alt",
    "linktitle",
    "headline",
    "abstract",
    "seo_title",
    "meta_description",
    "chapeau",
    "kicker",
];
/// Those of them that are also read inside another field: `images[].alt`, `seo.title`.
const SPOKEN_INSIDE: &[&str] = &["title", "description", "alt", "caption"];
/// Keys that name the language of the page.
const LANGUAGES: &[&str] = &["lang", "language", "locale"];

/// What stands before a page.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    /// Where it ends; 0 where there is none.
    pub end: usize,
    pub found: Vec<Found>,
    pub languages: Vec<Span>,
    /// Fields that readers see and that stay as they are.
    pub notices: Vec<Notice>,
}

/// Reads the front matter of a page.
///
/// `keys`: those whose values readers see, at any depth; empty for the usual ones.
pub(super) fn read(source: &str, keys: &[String]) -> FrontMatter {
    let mut matter = FrontMatter::default();
    for (fence, ends) in [("---", &["---", "..."][..]), ("+++", &["+++"])] {
        if let Some(span) = fenced(source, fence, ends) {
            matter.end = span.end;
            let mut reader = FieldReader {
                source,
                toml: fence == "+++",
                keys,
                matter: &mut matter,
            };
            reader.lines(Span::new(span.start, span.end));
            return matter;
        }
    }
    if source.starts_with('{')
        && let Some(end) = json_end(source)
        && source[end..].starts_with(['\n', '\r'])
    {
        matter.end = end;
        for string in json_strings(source, Span::new(0, end)) {
            if is_language(string.key) {
                matter.languages.push(string.span);
            } else if is_spoken(string.key, string.depth > 1, keys)
                && let Some(text) = value(source, string.span, Notation::Json, role(string.key))
            {
                matter.found.push(text);
            }
        }
    }
    matter
}

/// The lines between two fences, from the line behind the first to the end of the second.
fn fenced(source: &str, fence: &str, ends: &[&str]) -> Option<Span> {
    let mut at = 0;
    let mut start = None;
    for line in source.split_inclusive('\n') {
        let text = line.trim_end();
        at += line.len();
        match start {
            None if text == fence => start = Some(at),
            None => return None,
            Some(start) if ends.contains(&text) => return Some(Span::new(start, at)),
            Some(_) => {}
        }
    }
    None
}

fn is_spoken(key: &str, inside: bool, keys: &[String]) -> bool {
    if !keys.is_empty() {
        return keys.iter().any(|own| own.eq_ignore_ascii_case(key));
    }
    let key = key.to_ascii_lowercase();
    let list = if inside { SPOKEN_INSIDE } else { SPOKEN };
    list.contains(&key.as_str())
}

fn is_language(key: &str) -> bool {
    LANGUAGES.iter().any(|own| key.eq_ignore_ascii_case(own))
}

fn role(key: &str) -> Role {
    match key.to_ascii_lowercase().as_str() {
        "title" | "headline" => Role::Headline,
        "alt" | "caption" => Role::Caption,
        _ => Role::Meta,
    }
}

struct FieldReader<'s, 'm> {
    source: &'s str,
    keys: &'s [String],
    toml: bool,
    matter: &'m mut FrontMatter,
}

impl FieldReader<'_, '_> {
    fn lines(&mut self, span: Span) {
        let mut at = span.start;
        let mut inside = false;
        while at < span.end {
            let length = self.source[at..span.end]
                .find('\n')
                .map_or(span.end - at, |length| length + 1);
            let line = &self.source[at..at + length];
            let text = line.trim_end();
            if self.toml && text.trim_start().starts_with('[') {
                inside = true;
            }
            let next = at + length;
            at = match self.key(text) {
                Some((key, value)) => {
                    let inside = inside || text.starts_with([' ', '\t', '-']);
                    let place = Span::new(at + value, at + text.len());
                    self.field(key, inside, place, next, span.end)
                }
                None => next,
            };
        }
    }

    /// The key of a line, and where its value begins.
    fn key<'t>(&self, text: &'t str) -> Option<(&'t str, usize)> {
        let sign = if self.toml { '=' } else { ':' };
        let at = text.find(sign)?;
        let rest = &text[at + 1..];
        if !self.toml && !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        let key = text[..at]
            .trim()
            .trim_start_matches("- ")
            .trim()
            .trim_matches(['"', '\'']);
        let is_name = !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let value = text.len() - rest.trim_start().len();
        is_name.then_some((key, value))
    }

    /// Reads the value of a field, and says where the next line begins.
    fn field(&mut self, key: &str, inside: bool, value: Span, next: usize, end: usize) -> usize {
        let text = value.of(self.source);
        let language = is_language(key);
        if !language && !is_spoken(key, inside, self.keys) {
            return next;
        }
        let role = role(key);
        let block = !self.toml && text.starts_with(['>', '|']);
        if block {
            return self.block(text.starts_with('|'), role, next, end);
        }
        let is_read = match text.chars().next() {
            Some('[') => self.list(value, role, language),
            Some('"' | '\'') => self.quoted(value, role, language).is_some(),
            None if !self.toml => return self.items(role, language, next, end),
            Some('#') | None => true,
            Some(mark) if self.toml || "{&*!%@`".contains(mark) => {
                // Numbers and dates of TOML say nothing.
                self.toml || language
            }
            Some(_) => return self.unquoted(value, role, language, next, end),
        };
        if !is_read && !language {
            self.stays(key, value);
        }
        next
    }

    /// Says that the value of a field stays.
    fn stays(&mut self, key: &str, value: Span) {
        self.matter.notices.push(Notice {
            message: format!("front matter: the value of \"{key}\" stays as it is"),
            span: Some(value),
        });
    }

    /// A string between quotation marks on one line, and where it ends.
    fn quoted(&mut self, value: Span, role: Role, language: bool) -> Option<usize> {
        let text = value.of(self.source);
        let mark = text.chars().next()?;
        if self.toml && text.starts_with(&mark.to_string().repeat(3)) {
            return None;
        }
        let length = closing(&text[1..], mark, self.toml)?;
        let span = Span::new(value.start + 1, value.start + 1 + length);
        let notation = match (mark, self.toml) {
            ('"', _) => Notation::Json,
            (_, false) => Notation::YamlSingle,
            (_, true) => Notation::TomlLiteral,
        };
        self.add(span, notation, role, language);
        Some(span.end + 1)
    }

    /// A list on one line, `[een, "twee"]`; whether it was understood.
    fn list(&mut self, value: Span, role: Role, language: bool) -> bool {
        let before = self.matter.found.len();
        let mut at = value.start + 1;
        loop {
            let rest = &self.source[at..value.end];
            at = value.end - rest.trim_start().len();
            let rest = rest.trim_start();
            let length = match rest.chars().next() {
                Some(']') => return true,
                Some(',') => 1,
                Some('"' | '\'') => {
                    let Some(end) = self.quoted(Span::new(at, value.end), role, language) else {
                        break;
                    };
                    end - at
                }
                Some(c) if !self.toml && !"[{&*!%@`#".contains(c) => {
                    let Some(length) = rest.find([',', ']']) else {
                        break;
                    };
                    let length = rest[..length].trim_end().len();
                    self.add(
                        Span::new(at, at + length),
                        Notation::YamlFlow,
                        role,
                        language,
                    );
                    length
                }
                _ => break,
            };
            at += length;
        }
        self.matter.found.truncate(before);
        false
    }

    /// The items of a list, `- een`, a line each; says where the next line begins.
    fn items(&mut self, role: Role, language: bool, mut at: usize, end: usize) -> usize {
        while at < end {
            let length = self.source[at..end]
                .find('\n')
                .map_or(end - at, |length| length + 1);
            let line = self.source[at..at + length].trim_end();
            let text = line.trim_start();
            let Some(item) = text.strip_prefix("- ").map(str::trim_start) else {
                break;
            };
            if text == "---" || self.key(text).is_some() {
                break;
            }
            let value = Span::new(at + line.len() - item.len(), at + line.len());
            at += length;
            if item.starts_with(['"', '\'']) {
                self.quoted(value, role, language);
            } else if !item.starts_with(|c| "[{&*!%@`#|>".contains(c)) {
                at = self.unquoted(value, role, language, at, end);
            }
        }
        at
    }

    /// A string without quotation marks, with the lines behind it that are indented; says where the
    /// next line begins.
    fn unquoted(
        &mut self,
        value: Span,
        role: Role,
        language: bool,
        mut next: usize,
        end: usize,
    ) -> usize {
        let text = value.of(self.source);
        let length = text.find(" #").unwrap_or(text.len());
        let span = Span::new(value.start, value.start + text[..length].trim_end().len());
        let line = &self.source[..value.start];
        let line = &line[line.rfind('\n').map_or(0, |at| at + 1)..];
        let own = line.len() - line.trim_start().len();
        let mut lines = vec![span];
        while length == text.len() && next < end && !language {
            let length = self.source[next..end]
                .find('\n')
                .map_or(end - next, |length| length + 1);
            let line = self.source[next..next + length].trim_end();
            let indent = line.len() - line.trim_start().len();
            if indent <= own || line.contains(" #") || line.trim_start().starts_with("- ") {
                break;
            }
            lines.push(Span::new(next + indent, next + line.len()));
            next += length;
        }
        if lines.len() == 1 {
            self.add(span, Notation::YamlPlain, role, language);
        } else {
            self.folded(&mut lines, role, Notation::YamlPlain);
        }
        next
    }

    fn add(&mut self, span: Span, notation: Notation, role: Role, language: bool) {
        if language {
            if !span.is_empty() {
                self.matter.languages.push(span);
            }
        } else if let Some(text) = value(self.source, span, notation, role) {
            self.matter.found.push(text);
        }
    }

    /// A block scalar: its lines are those that are indented. Folded lines are one text, literal
    /// ones a text each.
    fn block(&mut self, literal: bool, role: Role, mut at: usize, end: usize) -> usize {
        let mut lines: Vec<Span> = Vec::new();
        while at < end {
            let length = self.source[at..end]
                .find('\n')
                .map_or(end - at, |length| length + 1);
            let line = &self.source[at..at + length];
            let text = line.trim();
            if !text.is_empty() && !line.starts_with([' ', '\t']) {
                break;
            }
            if text.is_empty() {
                self.folded(&mut lines, role, Notation::YamlBlock);
            } else {
                let start = at + line.len() - line.trim_start().len();
                lines.push(Span::new(start, start + text.len()));
                if literal {
                    self.folded(&mut lines, role, Notation::YamlBlock);
                }
            }
            at += length;
        }
        self.folded(&mut lines, role, Notation::YamlBlock);
        at
    }

    fn folded(&mut self, lines: &mut Vec<Span>, role: Role, notation: Notation) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
            return;
        };
        let mut found = Found {
            span: Span::new(first.start, last.end),
            role,
            notation,
            ..Found::default()
        };
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                found
                    .map
                    .point(found.text.plain.len(), lines[index - 1].end);
                found.text.plain.push(' ');
            }
            found.map.point(found.text.plain.len(), line.start);
            found.text.plain.push_str(line.of(self.source));
        }
        found.map.finish(found.text.plain.len(), last.end);
        lines.clear();
        if found.text.plain.chars().any(char::is_alphanumeric) {
            self.matter.found.push(found);
        }
    }
}

/// Where a quoted string ends.
fn closing(text: &str, mark: char, toml: bool) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if mark == '"' => {
                characters.next();
            }
            '\'' if mark == '\'' && !toml && characters.peek().is_some_and(|(_, c)| *c == '\'') => {
                characters.next();
            }
            c if c == mark => return Some(at),
            _ => {}
        }
    }
    None
}

/// The text of a value; none where it says nothing or its escapes are not known.
fn value(source: &str, span: Span, notation: Notation, role: Role) -> Option<Found> {
    if notation == Notation::Json {
        let text = json_text(source, span)?;
        return text
            .text
            .plain
            .chars()
            .any(char::is_alphanumeric)
            .then_some(Found { role, ..text });
    }
    let raw = span.of(source);
    let mut plain = String::with_capacity(raw.len());
    let mut map = OffsetMap::default();
    let mut characters = raw.char_indices();
    while let Some((at, c)) = characters.next() {
        map.point(plain.len(), span.start + at);
        plain.push(c);
        if c == '\'' && notation == Notation::YamlSingle {
            characters.next();
        }
    }
    map.finish(plain.len(), span.end);
    plain.chars().any(char::is_alphanumeric).then(|| Found {
        span,
        role,
        text: Text::from(plain),
        map,
        notation,
        ..Found::default()
    })
}

/// Writes a text as the value of a field.
pub(super) fn render(notation: Notation, text: &Text, out: &mut String) -> OffsetMap {
    let base = out.len();
    let mut map = OffsetMap::default();
    let plain = &text.plain;
    let needs_quotes = match notation {
        Notation::YamlPlain => !is_plain_yaml(plain),
        Notation::YamlFlow => !is_plain_yaml(plain) || plain.contains([',', '[', ']', '{', '}']),
        _ => false,
    };
    if needs_quotes {
        out.push('"');
    }
    for (at, c) in plain.char_indices() {
        map.point(at, out.len() - base);
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '"' | '\\' if needs_quotes => {
                out.push('\\');
                out.push(c);
            }
            '\'' if notation == Notation::YamlSingle => out.push_str("''"),
            // A literal string of TOML knows no escape.
            '\'' if notation == Notation::TomlLiteral => out.push('’'),
            c => out.push(c),
        }
    }
    map.finish(plain.len(), out.len() - base);
    if needs_quotes {
        out.push('"');
    }
    map
}

/// Whether a text is a string in YAML without quotation marks.
fn is_plain_yaml(text: &str) -> bool {
    let word = text.trim();
    let odd_start = word.starts_with(|c: char| "!&*-?|>@%`\"'#,[]{}:=~".contains(c));
    let keyword = ["true", "false", "yes", "no", "null", "on", "off"]
        .iter()
        .any(|own| word.eq_ignore_ascii_case(own));
    !odd_start
        && !keyword
        && word == text
        && !word.contains(": ")
        && !word.contains(" #")
        && !word.ends_with(':')
        && !word.chars().any(char::is_control)
        && word.parse::<f64>().is_err()
}
