//! How inline codes travel: as tags in XML and HTML, as marks in plain text. No syntax is trusted
//! to survive.

use super::Item;
use super::code_pairs::{crossing, pairs};
use crate::bitext::{Code, CodeKind, Text};
use std::collections::{HashMap, HashSet};

/// The notation of codes in a text on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSyntax {
    /// `<g id="1">…</g>` and `<x id="2"/>`; text is XML-escaped.
    Xml,
    /// `<span id="g1">…</span>` and `<br id="x2">`; text is HTML-escaped.
    Html,
    /// The same tags, but the service has resolved the entities of its answer already.
    UnescapedHtml,
    /// `⟦1⟧…⟦/1⟧` and `⟦2/⟧`; text is as it is.
    Marks,
}

/// Writes a text with its codes. A half of a pair whose partner is elsewhere travels as a code of
/// its own.
pub fn write(text: &Text, syntax: CodeSyntax) -> String {
    let mut out = String::with_capacity(text.plain.len() + 24 * text.codes.len());
    let mut at = 0;
    let is_nested = crossing(&text.codes).is_empty();
    let pairs = if is_nested {
        pairs(&text.codes)
    } else {
        HashSet::new()
    };
    for code in &text.codes {
        push(&text.plain[at..code.at], syntax, &mut out);
        at = code.at;
        let name = name(code, &pairs);
        let id = code.id;
        let kind = if name.starts_with('x') {
            CodeKind::Empty
        } else {
            code.kind
        };
        out.push_str(&match (syntax, kind) {
            (CodeSyntax::Xml, CodeKind::Open) => format!("<g id=\"{id}\">"),
            (CodeSyntax::Xml, CodeKind::Close) => "</g>".to_owned(),
            (CodeSyntax::Xml, CodeKind::Empty) => format!("<x id=\"{name}\"/>"),
            (CodeSyntax::Html | CodeSyntax::UnescapedHtml, CodeKind::Open) => {
                format!("<span id=\"g{id}\">")
            }
            (CodeSyntax::Html | CodeSyntax::UnescapedHtml, CodeKind::Close) => "</span>".to_owned(),
            (CodeSyntax::Html | CodeSyntax::UnescapedHtml, CodeKind::Empty) => {
                format!("<br id=\"{name}\">")
            }
            (CodeSyntax::Marks, CodeKind::Open) => format!("⟦{id}⟧"),
            (CodeSyntax::Marks, CodeKind::Close) => format!("⟦/{id}⟧"),
            (CodeSyntax::Marks, CodeKind::Empty) => format!("⟦{name}/⟧"),
        });
    }
    push(&text.plain[at..], syntax, &mut out);
    out
}

/// The texts of a request: in a syntax if one of them has codes, which comes first, else as they
/// are.
pub fn write_all(items: &[&Item], syntax: CodeSyntax) -> (bool, Vec<String>) {
    let is_coded = items.iter().any(|item| !item.text.codes.is_empty());
    let on_wire = |item: &&Item| {
        if is_coded {
            write(&item.text, syntax)
        } else {
            item.text.plain.clone()
        }
    };
    (is_coded, items.iter().map(on_wire).collect())
}

/// The name of a code that stands alone: `x2`; `xo3` and `xc3` are halves of a pair whose partner
/// is in another segment. A half of one of the `pairs` has none.
fn name(code: &Code, pairs: &HashSet<u32>) -> String {
    match code.kind {
        CodeKind::Empty => format!("x{}", code.id),
        CodeKind::Open | CodeKind::Close if pairs.contains(&code.id) => String::new(),
        CodeKind::Open => format!("xo{}", code.id),
        CodeKind::Close => format!("xc{}", code.id),
    }
}

fn push(text: &str, syntax: CodeSyntax, out: &mut String) {
    if syntax == CodeSyntax::Marks {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

/// Reads an answer: the text, and the codes that came back, with the data of the source. A tag that
/// is not one of ours is text: a service may have resolved `&lt;minister&gt;`. Codes that the source
/// does not have are left out; the caller compares the sets.
pub fn read(answer: &str, source: &Text, syntax: CodeSyntax) -> Text {
    let mut text = Text::default();
    let mut open: Vec<u32> = Vec::new();
    let mut rest = answer;
    let (start, end) = if syntax == CodeSyntax::Marks {
        ('⟦', '⟧')
    } else {
        ('<', '>')
    };
    let mut own: HashMap<(u32, CodeKind), &Code> = HashMap::with_capacity(source.codes.len());
    for code in &source.codes {
        own.entry((code.id, code.kind)).or_insert(code);
    }
    let tags_of_source = OwnTags::of(&source.plain);
    while let Some(at) = rest.find(start) {
        let inside = &rest[at + start.len_utf8()..];
        let length = inside.find([start, end]);
        // No tag of ours has the beginning of another in it.
        let tag = length.and_then(|length| {
            let is_closed = inside[length..].starts_with(end);
            is_closed.then(|| inside[..length].trim())
        });
        let is_ours = |tag: &&str| syntax == CodeSyntax::Marks || tags_of_source.is_ours(tag);
        let (Some(tag), Some(length)) = (tag.filter(is_ours), length) else {
            let behind = at + start.len_utf8();
            take(&rest[..behind], syntax, &mut text.plain);
            rest = &rest[behind..];
            continue;
        };
        take(&rest[..at], syntax, &mut text.plain);
        rest = &inside[length + end.len_utf8()..];
        let Some(code) = parse(tag, syntax, &mut open).and_then(|code| own.get(&code)) else {
            continue;
        };
        text.codes.push(Code {
            at: text.plain.len(),
            ..(*code).clone()
        });
    }
    take(rest, syntax, &mut text.plain);
    text
}

/// Names of the tags that [`write()`] makes.
const TAGS: [&str; 4] = ["g", "x", "span", "br"];

/// Which of [`TAGS`] a source text has as its own.
struct OwnTags([bool; 4]);

impl OwnTags {
    fn of(source: &str) -> Self {
        let lower = source.to_ascii_lowercase();
        Self(TAGS.map(|name| lower.contains(&format!("<{name}"))))
    }

    /// Whether a tag is one that [`write()`] made: by its name and, unless it closes, its id.
    /// Without an id it counts as ours where the source text has no such tag as its own.
    fn is_ours(&self, tag: &str) -> bool {
        let bare = tag.trim_start_matches('/').trim_start();
        let end = bare.find(|c: char| !c.is_ascii_alphanumeric());
        let (name, behind) = bare.split_at(end.unwrap_or(bare.len()));
        let Some(place) = TAGS.iter().position(|own| own.eq_ignore_ascii_case(name)) else {
            return false;
        };
        let has_id = behind
            .split_once("id")
            .is_some_and(|(_, value)| value.trim_start().starts_with('='));
        has_id || !self.0[place]
    }
}

fn take(part: &str, syntax: CodeSyntax, plain: &mut String) {
    match syntax {
        CodeSyntax::Marks | CodeSyntax::UnescapedHtml => plain.push_str(part),
        CodeSyntax::Xml | CodeSyntax::Html => plain.push_str(&unescape(part)),
    }
}

/// Undoes the entities that an HTML or XML answer carries, once.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let decoded = tail
            .bytes()
            .take(10)
            .position(|b| b == b';')
            .and_then(|end| {
                let name = &tail[1..end];
                let c = match name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    "nbsp" => '\u{a0}',
                    _ => {
                        let digits = name.strip_prefix('#')?;
                        let value = match digits.strip_prefix(['x', 'X']) {
                            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                            None => digits.parse().ok()?,
                        };
                        char::from_u32(value).filter(|c| *c >= ' ')?
                    }
                };
                Some((c, end + 1))
            });
        match decoded {
            Some((c, length)) => {
                out.push(c);
                rest = &tail[length..];
            }
            None => {
                out.push('&');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What a tag stands for; engines change quotes, spaces and slashes.
fn parse(tag: &str, syntax: CodeSyntax, open: &mut Vec<u32>) -> Option<(u32, CodeKind)> {
    let number = |text: &str| -> Option<u32> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    if syntax == CodeSyntax::Marks {
        let id = number(tag)?;
        let kind = if let Some(name) = tag.strip_suffix('/') {
            lone(name.trim())
        } else if tag.starts_with('/') {
            CodeKind::Close
        } else {
            CodeKind::Open
        };
        return Some((id, kind));
    }
    if tag.starts_with('/') {
        return open.pop().map(|id| (id, CodeKind::Close));
    }
    let id = tag.split("id").nth(1)?;
    let id: &str = id
        .trim_start_matches([' ', '=', '"', '\''])
        .split(['"', '\'', ' ', '/'])
        .next()?;
    let value = number(id)?;
    let opens = (tag.starts_with('g') || tag.starts_with("span")) && !id.starts_with('x');
    if opens && !tag.ends_with('/') {
        open.push(value);
        Some((value, CodeKind::Open))
    } else {
        Some((value, lone(id)))
    }
}

/// The kind of a code that travelled alone.
fn lone(name: &str) -> CodeKind {
    if name.starts_with("xo") {
        CodeKind::Open
    } else if name.starts_with("xc") {
        CodeKind::Close
    } else {
        CodeKind::Empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use thin_vec::ThinVec;

    fn code(at: usize, id: u32, kind: CodeKind) -> Code {
        Code {
            at,
            id,
            kind,
            data: format!("<{id}>"),
            label: String::new(),
        }
    }

    #[test]
    fn codes_come_back_from_every_syntax() {
        let text = Text {
            plain: "Lees & <b> alles nu".into(),
            codes: thin_vec::thin_vec![
                code(0, 4, CodeKind::Close),
                code(5, 1, CodeKind::Open),
                code(6, 2, CodeKind::Empty),
                code(11, 1, CodeKind::Close),
                code(18, 3, CodeKind::Open),
            ],
        };
        for syntax in [CodeSyntax::Xml, CodeSyntax::Html, CodeSyntax::Marks] {
            let wire = write(&text, syntax);
            assert_eq!(read(&wire, &text, syntax), text, "{wire}");
        }
    }

    #[test]
    fn strange_tags_do_no_harm() {
        let source = Text {
            plain: "a b".into(),
            codes: thin_vec::thin_vec![code(0, 1, CodeKind::Open), code(1, 1, CodeKind::Close)],
        };
        let text = read(
            "<g id = '1' >x</g> <minister> <x id=\"9\"/> &lt;&bogus; < z </ b> > a",
            &source,
            CodeSyntax::Xml,
        );
        assert_eq!(text.plain, "x <minister>  <&bogus; < z </ b> > a");
        assert_eq!(text.codes.len(), 2);
        let text = read("<br> a <span>", &source, CodeSyntax::Html);
        assert_eq!(text.plain, " a ");
        let own = Text::from("Met <br> erin");
        assert_eq!(read("a <br> b", &own, CodeSyntax::Html).plain, "a <br> b");
        assert_eq!(read("⟦1⟧x", &source, CodeSyntax::Marks).codes.len(), 1);
    }

    /// The time for a text with so many codes, in the order of `codes`.
    fn lap(codes: ThinVec<Code>) -> std::time::Duration {
        let text = Text {
            plain: "a".repeat(codes.len() + 1),
            codes,
        };
        let began = std::time::Instant::now();
        let wire = write(&text, CodeSyntax::Xml);
        assert_eq!(read(&wire, &text, CodeSyntax::Xml), text);
        began.elapsed()
    }

    #[test]
    fn the_work_grows_with_the_codes_and_not_with_their_square() {
        // A quadratic reading of 40,000 codes takes minutes.
        let nested = |pairs: u32| {
            let opens = (0..pairs).map(|n| code(n as usize, n, CodeKind::Open));
            let closes = (0..pairs).rev().map(|n| {
                let at = 2 * pairs as usize - n as usize;
                code(at, n, CodeKind::Close)
            });
            opens.chain(closes).collect()
        };
        let crossed = |pairs: u32| {
            let opens = (0..pairs).map(|n| code(n as usize, n, CodeKind::Open));
            let closes = (0..pairs).map(|n| code((pairs + n) as usize, n, CodeKind::Close));
            opens.chain(closes).collect()
        };
        let most = std::time::Duration::from_secs(5);
        assert!(lap(nested(20_000)) < most);
        assert!(lap(crossed(20_000)) < most);
        // Beginnings of tags that never end.
        for answer in [
            "<".repeat(200_000),
            "<span id=".repeat(40_000),
            "⟦1".repeat(80_000),
        ] {
            for syntax in [CodeSyntax::Xml, CodeSyntax::Html, CodeSyntax::Marks] {
                let began = std::time::Instant::now();
                read(&format!("{answer}>⟧"), &Text::from("<br>"), syntax);
                assert!(began.elapsed() < most, "{}", &answer[..12]);
            }
        }
    }
}
