//! Inline codes: which there are, what stands in them, and how they are nested.
//!
//! `Bestand %1$s is weg` → `File %2$s is gone`, where both are codes, names another file.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Code, CodeKind, Finding, Text};

/// Inline codes that differ.
pub struct CodesCheck;

impl Check for CodesCheck {
    fn name(&self) -> &'static str {
        "codes"
    }

    fn summary(&self) -> &'static str {
        "links, emphasis or other inline codes differ"
    }

    fn reason(&self) -> &'static str {
        "A lost link or an emphasis that never closes damages the page. Codes may change places; \
         each must be there once, hold what it holds in the source (a placeholder, an address) and \
         enclose words if it does so there, and a pair must open before it closes, inside of the \
         pair around it."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "Lees <a>het rapport</a> van de raad.",
                    "Read the council's report.",
                ),
                bad(
                    "Lees <a>het rapport</a> van de raad.",
                    "Read <a></a>the council's report.",
                ),
                bad(
                    "Lees <a href=\"/rapport\">het rapport</a>.",
                    "Read <a href=\"/report\">the report</a>.",
                ),
                bad(
                    "Lees <a>het rapport</a> van de raad.",
                    "Read the</a> council's <a>report.",
                ),
                good(
                    "Lees <a>het rapport</a> van <b>de raad</b>.",
                    "Read <b>the council's</b> <a>report</a>.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (&pair.unit.source, &pair.unit.target);
        if source.codes.is_empty() && target.codes.is_empty() {
            return Vec::new();
        }
        let (own, theirs) = (source.code_set(), target.code_set());
        if own == theirs {
            let mut findings = other_data(source, target);
            findings.extend(emptied(source, target));
            findings.extend(crossed(source, target));
            return findings;
        }
        let lost = own.iter().filter(|key| !theirs.contains(key));
        let mut lost: Vec<&str> = lost.map(|key| name(&source.codes, *key)).collect();
        lost.dedup();
        let message = if lost.is_empty() {
            "inline codes were doubled or added".to_owned()
        } else {
            format!("inline codes were lost: {}", lost.join(" "))
        };
        vec![Finding::error("codes", message)]
    }
}

/// How a code is shown: its markup, or its name.
fn shown(code: &Code) -> &str {
    if code.data.is_empty() {
        &code.label
    } else {
        &code.data
    }
}

fn name(codes: &[Code], key: (u32, CodeKind)) -> &str {
    let code = codes.iter().find(|code| (code.id, code.kind) == key);
    code.map_or("", shown)
}

/// Codes of one number that hold something else. Texts for readers inside of markup are translated
/// where they stand: attributes of that kind may differ.
fn other_data(source: &Text, target: &Text) -> Vec<Finding> {
    let mut findings = Vec::new();
    for code in &source.codes {
        let same = |other: &&Code| (other.id, other.kind) == (code.id, code.kind);
        let Some(other) = target.codes.iter().find(same) else {
            continue;
        };
        let (before, after) = (without_texts(&code.data), without_texts(&other.data));
        if before != after && !code.data.is_empty() && !other.data.is_empty() {
            let message = format!("{} became {}", code.data, other.data);
            findings.push(Finding::error("codes", message));
        }
    }
    findings
}

/// Markup without the values of attributes that hold texts for readers.
fn without_texts(data: &str) -> String {
    let mut left = String::new();
    let mut rest = data;
    let texts = [
        "alt",
        "title",
        "aria-label",
        "placeholder",
        "label",
        "lang",
        "hreflang",
    ];
    while let Some(at) = rest.find('=') {
        let (head, value) = rest.split_at(at + 1);
        left.push_str(head);
        let name = head[..at]
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '-'))
            .next();
        let mark = value.chars().next().filter(|c| ['"', '\''].contains(c));
        let end = mark
            .and_then(|mark| value[1..].find(mark))
            .map(|end| end + 2);
        rest = match end {
            Some(end) => {
                if !name.is_some_and(|name| texts.contains(&name.to_lowercase().as_str())) {
                    left.push_str(&value[..end]);
                }
                &value[end..]
            }
            None => value,
        };
    }
    left + rest
}

/// A pair of codes that encloses words in the source and nothing in the target.
fn emptied(source: &Text, target: &Text) -> Option<Finding> {
    let inside = |text: &Text, id: u32| {
        let place = |kind| {
            let code = text.codes.iter().find(|c| c.id == id && c.kind == kind);
            code.map(|code| code.at)
        };
        let (from, to) = (place(CodeKind::Open)?, place(CodeKind::Close)?);
        let words = text.plain.get(from..to)?;
        Some(words.contains(char::is_alphanumeric))
    };
    let opened = source.codes.iter().filter(|c| c.kind == CodeKind::Open);
    let is_emptied = |code: &&Code| {
        inside(source, code.id) == Some(true) && inside(target, code.id) == Some(false)
    };
    let code = opened.into_iter().find(is_emptied)?;
    Some(Finding::error(
        "codes",
        format!("{} encloses nothing", shown(code)),
    ))
}

/// The first code that closes before it opens, or outside of the pair that it opened in.
fn first_crossed(text: &Text) -> Option<&Code> {
    let mut open: Vec<u32> = Vec::new();
    let opens = |id: u32| {
        text.codes
            .iter()
            .any(|c| c.id == id && c.kind == CodeKind::Open)
    };
    for code in &text.codes {
        match code.kind {
            CodeKind::Open => open.push(code.id),
            // Half of a pair whose other half stands in another unit.
            CodeKind::Close if !opens(code.id) => {}
            CodeKind::Close if open.last() == Some(&code.id) => {
                open.pop();
            }
            CodeKind::Close if open.contains(&code.id) => {
                let closes = |id: &u32| {
                    text.codes
                        .iter()
                        .any(|c| c.id == *id && c.kind == CodeKind::Close)
                };
                let inner = open.iter().rev().take_while(|id| **id != code.id);
                if inner.into_iter().any(closes) {
                    return Some(code);
                }
                open.retain(|id| *id != code.id);
            }
            CodeKind::Close => return Some(code),
            CodeKind::Empty => {}
        }
    }
    None
}

/// Codes that are nested in the source and cross in the target.
fn crossed(source: &Text, target: &Text) -> Option<Finding> {
    let code = first_crossed(target)?;
    let nested = first_crossed(source).is_none();
    nested.then(|| {
        let message = format!("{} closes what is not open there", shown(code));
        Finding::error("codes", message)
    })
}
