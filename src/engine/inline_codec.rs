//! How inline codes travel: as tags in XML and HTML, as marks in plain text. No syntax is trusted
//! to survive.

use crate::bitext::{Code, CodeKind, Text};

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
    for code in &text.codes {
        push(&text.plain[at..code.at], syntax, &mut out);
        at = code.at;
        let name = name(code, text);
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

/// The name of a code that stands alone: `x2`; `xo3` and `xc3` are halves of a pair whose partner
/// is in another segment.
fn name(code: &Code, text: &Text) -> String {
    let paired = |kind: CodeKind| text.codes.iter().any(|c| c.id == code.id && c.kind == kind);
    match code.kind {
        CodeKind::Empty => format!("x{}", code.id),
        CodeKind::Open if paired(CodeKind::Close) && well_nested(text) => String::new(),
        CodeKind::Close if paired(CodeKind::Open) && well_nested(text) => String::new(),
        CodeKind::Open => format!("xo{}", code.id),
        CodeKind::Close => format!("xc{}", code.id),
    }
}

/// Whether every pair of the text closes in the order in which it opened.
fn well_nested(text: &Text) -> bool {
    let mut open = Vec::new();
    for code in &text.codes {
        let has = |kind: CodeKind| text.codes.iter().any(|c| c.id == code.id && c.kind == kind);
        match code.kind {
            CodeKind::Open if has(CodeKind::Close) => open.push(code.id),
            CodeKind::Close if has(CodeKind::Open) && open.pop() != Some(code.id) => return false,
            _ => {}
        }
    }
    true
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
        ("⟦", "⟧")
    } else {
        ("<", ">")
    };
    while let Some(at) = rest.find(start) {
        let Some(length) = rest[at..].find(end) else {
            break;
        };
        let tag = rest[at + start.len()..at + length].trim();
        if syntax != CodeSyntax::Marks && !is_ours(tag, &source.plain) {
            let behind = at + start.len();
            take(&rest[..behind], syntax, &mut text.plain);
            rest = &rest[behind..];
            continue;
        }
        take(&rest[..at], syntax, &mut text.plain);
        rest = &rest[at + length + end.len()..];
        let Some((id, kind)) = parse(tag, syntax, &mut open) else {
            continue;
        };
        if let Some(code) = source.codes.iter().find(|c| c.id == id && c.kind == kind) {
            text.codes.push(Code {
                at: text.plain.len(),
                ..code.clone()
            });
        }
    }
    take(rest, syntax, &mut text.plain);
    text
}

/// Whether a tag is one that [`write()`] made: by its name and, unless it closes, its id. Without an
/// id it counts as ours where the source text has no such tag as its own.
fn is_ours(tag: &str, source: &str) -> bool {
    let bare = tag.trim_start_matches('/').trim_start();
    let end = bare.find(|c: char| !c.is_ascii_alphanumeric());
    let (name, behind) = bare.split_at(end.unwrap_or(bare.len()));
    let is_name = ["g", "x", "span", "br"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(name));
    let has_id = behind
        .split_once("id")
        .is_some_and(|(_, value)| value.trim_start().starts_with('='));
    let in_source = || {
        source
            .to_ascii_lowercase()
            .contains(&format!("<{}", name.to_ascii_lowercase()))
    };
    is_name && (has_id || !in_source())
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
}
