//! Inline codes of TMX and XLIFF: how they are read, numbered and written.
//!
//! Sources: LISA OSCAR, TMX 1.4b, *Content Markup*; OASIS, XLIFF 1.2, *Inline Elements*; XLIFF 2.1, *Inline Elements*.

use super::xml::{Child, Element, escape};
use crate::bitext::{Code, CodeKind, Text};
use std::collections::{HashMap, HashSet};

/// A format with inline elements of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InlineDialect {
    /// TMX 1.4b.
    Tmx,
    /// XLIFF 1.x.
    Xliff1,
    /// XLIFF 2.x.
    Xliff2,
}

/// What an inline element is in a [`Text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InlineRole {
    /// One code; what is inside is its markup.
    Code,
    /// Two codes; what is inside is text.
    Pair,
    /// No code: an annotation of the text inside.
    Mark,
}

impl InlineDialect {
    /// The role of an element of this name.
    pub(super) fn role(self, name: &str) -> InlineRole {
        match (self, name) {
            (Self::Tmx, "bpt" | "ept" | "ph" | "it" | "ut")
            | (Self::Xliff1, "x" | "bx" | "ex" | "bpt" | "ept" | "ph" | "it")
            | (Self::Xliff2, "ph" | "sc" | "ec" | "cp") => InlineRole::Code,
            (Self::Tmx, "hi") | (Self::Xliff1, "g") | (Self::Xliff2, "pc") => InlineRole::Pair,
            _ => InlineRole::Mark,
        }
    }
}

/// How a code is known in its segment and in the other language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct CodeKey {
    /// The same for the same code of the other language.
    primary: String,
    /// The same where the other language has no primary key for it.
    secondary: String,
    /// The number that the file gives it.
    number: Option<u32>,
}

/// A segment as it was read, before its codes have numbers.
#[derive(Debug, Default)]
pub(super) struct RawSegment {
    text: Text,
    keys: Vec<CodeKey>,
    /// The keys of opening codes by the attribute that closing ones name.
    opened: HashMap<String, CodeKey>,
    /// How often a markup without a number stood here.
    seen: HashMap<String, usize>,
}

impl RawSegment {
    /// Reads the content of an element; `data` gives markup that is kept elsewhere by its name.
    pub(super) fn read(
        element: &Element,
        dialect: InlineDialect,
        data: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let mut segment = Self::default();
        segment.add(element, dialect, data);
        segment
    }

    fn add(
        &mut self,
        element: &Element,
        dialect: InlineDialect,
        data: &dyn Fn(&str) -> Option<String>,
    ) {
        for child in &element.children {
            let inner = match child {
                Child::Text(part) => {
                    self.text.plain.push_str(part);
                    continue;
                }
                Child::Element(inner) => inner,
            };
            match dialect.role(&inner.name) {
                InlineRole::Mark => self.add(inner, dialect, data),
                InlineRole::Code => self.code(inner, dialect, kind(inner), data),
                InlineRole::Pair if inner.is_empty_tag => {
                    self.code(inner, dialect, CodeKind::Empty, data);
                }
                InlineRole::Pair => {
                    self.code(inner, dialect, CodeKind::Open, data);
                    self.add(inner, dialect, data);
                    self.code(inner, dialect, CodeKind::Close, data);
                }
            }
        }
    }

    fn code(
        &mut self,
        element: &Element,
        dialect: InlineDialect,
        kind: CodeKind,
        data: &dyn Fn(&str) -> Option<String>,
    ) {
        let data = match dialect {
            InlineDialect::Xliff2 => stored(element, kind, data),
            _ => Some(element.text())
                .filter(|text| dialect.role(&element.name) == InlineRole::Code && !text.is_empty()),
        };
        let data = data
            .or_else(|| element.attribute("equiv-text").map(str::to_owned))
            .unwrap_or_else(|| tag(element, kind));
        let key = match dialect {
            InlineDialect::Tmx => self.tmx_key(element, &data),
            InlineDialect::Xliff1 => xliff1_key(element),
            InlineDialect::Xliff2 => xliff2_key(element),
        };
        self.keys.push(key);
        self.text.codes.push(Code {
            at: self.text.plain.len(),
            id: 0,
            kind,
            label: if is_line_break(&data) {
                "br".to_owned()
            } else {
                label(element, dialect)
            },
            data,
        });
    }

    /// `x` relates the codes of the languages, `i` the two codes of a pair; a code without either
    /// is known by its markup or by its place.
    fn tmx_key(&mut self, element: &Element, data: &str) -> CodeKey {
        let external = element.attribute("x").map(|x| format!("x:{x}"));
        let number = |name| element.attribute(name).and_then(number);
        if let ("bpt" | "ept", Some(i)) = (element.name.as_str(), element.attribute("i")) {
            if element.name == "ept"
                && let Some(key) = self.opened.get(i)
            {
                return key.clone();
            }
            let own = format!("i:{i}");
            let key = CodeKey {
                primary: external.unwrap_or_else(|| own.clone()),
                secondary: own,
                number: number("i"),
            };
            self.opened.insert(i.to_owned(), key.clone());
            return key;
        }
        if element.name == "hi" {
            // Its two codes have the same place in the file.
            let own = format!("h:{}", element.offset);
            if let Some(key) = self.opened.get(&own) {
                return key.clone();
            }
            let key = self.placed(element, external, data, number("x"));
            self.opened.insert(own, key.clone());
            return key;
        }
        self.placed(element, external, data, number("x"))
    }

    fn placed(
        &mut self,
        element: &Element,
        external: Option<String>,
        data: &str,
        number: Option<u32>,
    ) -> CodeKey {
        let mut count = |what: String| {
            let seen = self.seen.entry(what).or_insert(0);
            *seen += 1;
            *seen
        };
        let nth = count(format!("n:{}", element.name));
        let primary = external.unwrap_or_else(|| {
            let nth = count(format!("d:{data}"));
            format!("d:{data}#{nth}")
        });
        CodeKey {
            primary,
            secondary: format!("n:{}#{nth}", element.name),
            number,
        }
    }
}

/// Gives the codes of a pair their numbers: those of the file where every code has its own, else
/// in the order of the source. A code that both languages have gets the same number.
pub(super) fn unify(source: RawSegment, target: RawSegment) -> (Text, Text) {
    let mut slots: Vec<CodeKey> = Vec::new();
    let mut by_primary: HashMap<String, usize> = HashMap::new();
    let mut place = |key: &CodeKey, slots: &mut Vec<CodeKey>| {
        *by_primary.entry(key.primary.clone()).or_insert_with(|| {
            slots.push(key.clone());
            slots.len() - 1
        })
    };
    let of_source: Vec<usize> = source
        .keys
        .iter()
        .map(|key| place(key, &mut slots))
        .collect();
    let known = slots.len();
    let mut taken: HashSet<usize> = HashSet::new();
    for key in &target.keys {
        taken.extend(
            slots[..known]
                .iter()
                .position(|slot| slot.primary == key.primary),
        );
    }
    let mut by_secondary: HashMap<String, usize> = HashMap::new();
    let mut of_target = Vec::with_capacity(target.keys.len());
    for key in &target.keys {
        let is_known = slots[..known]
            .iter()
            .any(|slot| slot.primary == key.primary);
        let fits = |slot: &CodeKey| {
            !slot.secondary.is_empty()
                && slot.secondary == key.secondary
                && !(slot.primary.starts_with("x:") && key.primary.starts_with("x:"))
        };
        if !is_known && !by_secondary.contains_key(&key.primary) {
            let found = (0..known).find(|index| !taken.contains(index) && fits(&slots[*index]));
            if let Some(found) = found {
                taken.insert(found);
                by_secondary.insert(key.primary.clone(), found);
            }
        }
        of_target.push(match by_secondary.get(&key.primary) {
            Some(&slot) if !is_known => slot,
            _ => place(key, &mut slots),
        });
    }
    let own: HashSet<u32> = slots.iter().filter_map(|slot| slot.number).collect();
    let keeps_numbers = own.len() == slots.len();
    let number = |slot: usize| match slots[slot].number {
        Some(number) if keeps_numbers => number,
        _ => slot as u32 + 1,
    };
    let finish = |segment: RawSegment, of: Vec<usize>| {
        let mut text = segment.text;
        for (code, slot) in text.codes.iter_mut().zip(of) {
            code.id = number(slot);
        }
        add_break_spaces(&mut text);
        text
    };
    (finish(source, of_source), finish(target, of_target))
}

/// A number above 0.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|&number| number > 0)
}

fn kind(element: &Element) -> CodeKind {
    match element.name.as_str() {
        "bpt" | "bx" | "sc" => CodeKind::Open,
        "ept" | "ex" | "ec" => CodeKind::Close,
        "it" if matches!(element.attribute("pos"), Some("end" | "close")) => CodeKind::Close,
        "it" => CodeKind::Open,
        _ => CodeKind::Empty,
    }
}

fn xliff1_key(element: &Element) -> CodeKey {
    let id = element.attribute("id").unwrap_or_default();
    let (space, id) = match element.name.as_str() {
        "g" | "x" | "ph" => ("i", id),
        _ => ("p", element.attribute("rid").unwrap_or(id)),
    };
    CodeKey {
        primary: format!("{space}:{id}"),
        secondary: String::new(),
        number: number(id),
    }
}

fn xliff2_key(element: &Element) -> CodeKey {
    let own = element.attribute("startRef");
    if element.name == "cp" {
        let hex = element.attribute("hex").unwrap_or_default();
        return CodeKey {
            primary: format!("c:{hex}"),
            ..CodeKey::default()
        };
    }
    let id = own.or_else(|| element.attribute("id")).unwrap_or_default();
    CodeKey {
        primary: format!("i:{id}"),
        secondary: String::new(),
        number: number(id),
    }
}

/// The markup of an XLIFF 2 code: where the unit keeps it, or its equivalent text.
fn stored(
    element: &Element,
    kind: CodeKind,
    data: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let side = match kind {
        CodeKind::Open => "Start",
        CodeKind::Close => "End",
        CodeKind::Empty => "",
    };
    let names = [
        ("dataRef".to_owned(), "equiv".to_owned()),
        (format!("dataRef{side}"), format!("equiv{side}")),
    ];
    names.into_iter().find_map(|(reference, equivalent)| {
        element
            .attribute(&reference)
            .and_then(data)
            .or_else(|| element.attribute(&equivalent).map(str::to_owned))
            .filter(|data| !data.is_empty())
    })
}

/// A code that has no markup of its own is shown as its element.
fn tag(element: &Element, kind: CodeKind) -> String {
    let name = &element.name;
    let id = ["id", "hex", "i", "x"]
        .into_iter()
        .find_map(|id| {
            element
                .attribute(id)
                .map(|value| format!(" {id}=\"{value}\""))
        })
        .unwrap_or_default();
    match (kind, name.as_str()) {
        (CodeKind::Open, "g" | "pc" | "hi") => format!("<{name}{id}>"),
        (CodeKind::Close, "g" | "pc" | "hi") => format!("</{name}>"),
        // An empty `bpt` or `ph` is a code without markup.
        (_, "bpt" | "ept" | "it" | "ut") => String::new(),
        (_, "ph") if element.attribute("dataRef").is_none() && !element.is_empty_tag => {
            String::new()
        }
        _ => format!("<{name}{id}/>"),
    }
}

/// Whether the markup of a code is a line break of HTML, whatever the tool calls it.
fn is_line_break(data: &str) -> bool {
    let name = data
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    name.is_some_and(|name| name.trim_end_matches(['/', ' ']).eq_ignore_ascii_case("br"))
}

/// What a person calls a code: its type, without the `x-` that marks a name as a tool's own.
fn label(element: &Element, dialect: InlineDialect) -> String {
    if element.name == "cp" {
        return "cp".to_owned();
    }
    if dialect == InlineDialect::Xliff2 {
        return match element.attribute("subType") {
            Some("xlf:lb") => "br".to_owned(),
            Some(own) => own
                .rsplit_once(':')
                .map_or(own, |(_, name)| name)
                .to_owned(),
            None => element.attribute("type").unwrap_or_default().to_owned(),
        };
    }
    let own = element
        .attribute("type")
        .or_else(|| element.attribute("ctype"))
        .unwrap_or_default();
    match own.strip_prefix("x-").unwrap_or(own) {
        "lb" => "br".to_owned(),
        own => own.to_owned(),
    }
}

/// Puts a space behind every break that has none beside it; see [`Code::is_break`].
fn add_break_spaces(text: &mut Text) {
    for index in 0..text.codes.len() {
        let code = &text.codes[index];
        let (before, after) = text.plain.split_at(code.at);
        let is_wanted = code.is_break()
            && !before.trim_end().is_empty()
            && !after.trim_start().is_empty()
            && !before.ends_with(char::is_whitespace)
            && !after.starts_with(char::is_whitespace);
        if is_wanted {
            text.plain.insert(code.at, ' ');
            for code in &mut text.codes[index + 1..] {
                code.at += 1;
            }
        }
    }
}

/// Which codes of a text are halves of a pair that stands there whole: of every number the first
/// opening code and the first closing one behind it.
fn paired(text: &Text) -> Vec<bool> {
    let mut paired = vec![false; text.codes.len()];
    let mut opened: HashMap<u32, usize> = HashMap::new();
    let mut done: HashSet<u32> = HashSet::new();
    for (index, code) in text.codes.iter().enumerate() {
        match code.kind {
            CodeKind::Open => {
                opened.entry(code.id).or_insert(index);
            }
            CodeKind::Close => {
                if let Some(&open) = opened.get(&code.id)
                    && done.insert(code.id)
                {
                    paired[open] = true;
                    paired[index] = true;
                }
            }
            CodeKind::Empty => {}
        }
    }
    paired
}

/// Writes a text with its codes: plain parts escaped, every code by `write`, which is told whether
/// the code's partner is in the text too. The space that a break stands for is left out.
pub(super) fn inline(
    text: &Text,
    out: &mut String,
    mut write: impl FnMut(&Code, bool, &mut String),
) {
    let paired = paired(text);
    let mut at = 0;
    for (index, (code, is_paired)) in text.codes.iter().zip(paired).enumerate() {
        out.push_str(&escape(&text.plain[at..code.at]));
        at = code.at;
        write(code, is_paired, out);
        let has_break_space = code.is_break()
            && text.plain[at..].starts_with(' ')
            && !text.plain[..at].ends_with(char::is_whitespace)
            && text.codes.get(index + 1).is_none_or(|next| next.at > at);
        at += usize::from(has_break_space);
    }
    out.push_str(&escape(&text.plain[at..]));
}
