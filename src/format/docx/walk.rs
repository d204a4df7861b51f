//! The walk through a part: paragraphs wherever they stand, and what pictures say.

use super::super::contract::{Found, Reading};
use super::super::roles;
use super::super::xml_splice::XmlTokens;
use super::inline::{DocxInline, is_placeholder};
use super::plan;
use super::styles::{DocxStyles, StyleRole};
use crate::bitext::{Lang, Notation, Notice, OffsetMap, Role, Span, Text};
use std::collections::BTreeMap;

/// What is left as it is, by kind: how often, and the first example.
#[derive(Debug, Default)]
pub(crate) struct KeptText(BTreeMap<&'static str, (usize, String)>);

impl KeptText {
    /// Counts something that stays.
    pub(crate) fn count(&mut self, kind: &'static str, example: &str) {
        let line = example.split_whitespace().collect::<Vec<_>>().join(" ");
        let own = self.0.entry(kind).or_insert_with(|| {
            let short: String = line.chars().take(40).collect();
            (0, short)
        });
        own.0 += 1;
    }

    /// A line for each kind.
    pub(crate) fn notices(self) -> Vec<Notice> {
        let notice = |(kind, (count, example)): (&str, (usize, String))| Notice {
            message: if example.is_empty() {
                format!("left as it is: {count} {kind}")
            } else {
                format!("left as it is: {count} {kind} (`{example}`)")
            },
            span: None,
        };
        self.0.into_iter().map(notice).collect()
    }
}

/// What kind of part is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DocxPart {
    Body,
    Notes,
    Furniture,
}

/// What paragraphs have from the elements around them.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    cell: bool,
    boxed: bool,
}

pub(super) struct DocxWalk<'w, 's> {
    xml: &'w XmlTokens<'s>,
    styles: &'w DocxStyles,
    /// Targets of relationships by their id.
    targets: &'w BTreeMap<String, String>,
    part: DocxPart,
    found: Vec<Found>,
    kept: &'w mut KeptText,
    changes: usize,
    headline_seen: bool,
    paragraphs: usize,
    /// How many computed fields began before this paragraph and have not ended.
    open_fields: isize,
}

/// Reads a part.
pub(super) fn read(
    xml: &XmlTokens<'_>,
    lang: &Lang,
    part: DocxPart,
    styles: &DocxStyles,
    targets: &BTreeMap<String, String>,
    kept: &mut KeptText,
) -> Reading {
    let has_title = part == DocxPart::Body && {
        let of = |at| xml.value(at, "w:val").and_then(|id| styles.role(&id));
        (0..xml.len())
            .filter(|&at| xml.name(at) == "w:pStyle")
            .any(|at| of(at) == Some(StyleRole::Is(Role::Headline)))
    };
    let mut walk = DocxWalk {
        xml,
        styles,
        targets,
        part,
        found: Vec::new(),
        kept,
        changes: 0,
        headline_seen: has_title || part != DocxPart::Body,
        paragraphs: 0,
        open_fields: 0,
    };
    for root in xml.roots() {
        walk.children(root, Around::default());
    }
    Reading {
        found: walk.found,
        languages: languages(xml, lang),
        notices: accepted_changes(walk.changes),
    }
}

/// The notice of a part with tracked changes.
pub(crate) fn accepted_changes(count: usize) -> Vec<Notice> {
    let message = format!("{count} tracked changes: the text was read as if they were accepted");
    let notice = Notice {
        message,
        span: None,
    };
    (count > 0).then_some(notice).into_iter().collect()
}

/// Where a part names the language of its text.
pub(super) fn languages(xml: &XmlTokens<'_>, lang: &Lang) -> Vec<Span> {
    (0..xml.len())
        .filter(|&at| matches!(xml.name(at), "w:lang" | "w:themeFontLang"))
        .filter_map(|at| xml.value_span(at, "w:val"))
        .filter(|span| lang.is_base_of(span.of(xml.source())))
        .collect()
}

impl DocxWalk<'_, '_> {
    fn children(&mut self, index: usize, around: Around) {
        let children: Vec<usize> = self.xml.children(index).collect();
        for child in children {
            self.element(child, around);
        }
    }

    fn element(&mut self, index: usize, around: Around) {
        let xml = self.xml;
        if !xml.is_element(index) {
            return;
        }
        match xml.name(index) {
            "w:p" => self.paragraph(index, around),
            "w:tc" => self.children(
                index,
                Around {
                    cell: true,
                    ..around
                },
            ),
            "w:tr" => {
                let is_deleted = xml
                    .child(index, "w:trPr")
                    .is_some_and(|at| xml.child(at, "w:del").is_some());
                if is_deleted {
                    self.changes += 1;
                } else {
                    self.children(index, around);
                }
            }
            "w:tblPr" => {
                for name in ["w:tblCaption", "w:tblDescription"] {
                    if let Some(at) = xml.child(index, name) {
                        let found = attribute(xml, at, "w:val", Role::Caption);
                        self.found.extend(found);
                    }
                }
            }
            "w:sdt" => {
                if is_placeholder(xml, index) {
                    return;
                }
                if let Some(content) = xml.child(index, "w:sdtContent") {
                    self.children(content, around);
                }
            }
            "w:footnote" | "w:endnote" => {
                let kind = xml.value(index, "w:type").unwrap_or_default();
                if matches!(kind.as_str(), "" | "normal") {
                    self.children(index, around);
                }
            }
            "w:altChunk" | "w:subDoc" => {
                let id = xml.value(index, "r:id").unwrap_or_default();
                let target = self.targets.get(&id).cloned().unwrap_or(id);
                self.kept.count("inserted file", &target);
            }
            "w:del" | "w:moveFrom" => self.changes += 1,
            "mc:AlternateContent" => {
                let found = self.alternatives(index);
                self.found.extend(found);
            }
            "w:sectPr" | "w:tcPr" | "w:trPr" | "w:tblGrid" => {}
            _ => self.children(index, around),
        }
    }

    fn paragraph(&mut self, index: usize, around: Around) {
        let xml = self.xml;
        let properties = xml.child(index, "w:pPr");
        let mut inline = DocxInline::read(xml, xml.children(index), &self.styles.protected);
        self.changes += inline.changes;
        for hidden in &inline.hidden {
            self.kept.count("hidden text", hidden);
        }
        let is_generated = self.open_fields > 0;
        self.open_fields = (self.open_fields + inline.open_fields).max(0);
        let plan = if is_generated {
            None
        } else {
            plan::plan(&mut inline)
        };
        let covered = plan.as_ref().map_or(Span::default(), |plan| plan.span);
        let mut inlays = Vec::new();
        let mut held = Vec::new();
        if let Some(plan) = &plan {
            for &(code, token, span) in &plan.holders {
                let nested = self.spoken(token);
                if !nested.is_empty() {
                    inlays.push((code, span, nested));
                }
                held.push(token);
            }
        }
        // What stands outside of the text stands for itself.
        let mut outside = Vec::new();
        let mut at = index + 1;
        while at < xml.end(index) {
            let is_picture = matches!(
                xml.name(at),
                "w:drawing" | "w:pict" | "w:object" | "mc:AlternateContent"
            );
            if held.contains(&at) && is_picture {
                at = xml.end(at);
            } else if is_picture && !covered.contains(xml.whole(at)) {
                outside.append(&mut self.spoken(at));
                at = xml.end(at);
            } else if xml.name(at) == "w:hyperlink" && !held.contains(&at) {
                outside.extend(attribute(xml, at, "w:tooltip", Role::Meta));
            } else if is_picture {
                at = xml.end(at);
            }
            at += 1;
        }
        if let Some(plan) = plan {
            let role = self.role(properties, around, &plan.text.plain);
            if role != StyleRole::Generated {
                let role = match role {
                    StyleRole::Is(role) => role,
                    _ => Role::Paragraph,
                };
                outside.push(Found {
                    span: plan.span,
                    role,
                    text: plan.text,
                    map: plan.map,
                    notation: Notation::Text,
                    inlays,
                    copies: Vec::new(),
                });
            }
        }
        outside.sort_by_key(|found| found.span);
        self.found.append(&mut outside);
    }

    fn role(&mut self, properties: Option<usize>, around: Around, text: &str) -> StyleRole {
        let xml = self.xml;
        let value = |name| xml.value(xml.child(properties?, name)?, "w:val");
        let style = value("w:pStyle").and_then(|id| self.styles.role(&id));
        let is_flow = self.part == DocxPart::Body && !around.cell && !around.boxed;
        let own = match style {
            Some(StyleRole::Heading1) if is_flow && !self.headline_seen => Some(Role::Headline),
            Some(StyleRole::Heading1) => Some(Role::Heading),
            Some(StyleRole::Subtitle) if roles::is_byline(text) => Some(Role::Byline),
            Some(StyleRole::Subtitle) => Some(Role::Paragraph),
            Some(StyleRole::Generated) => return StyleRole::Generated,
            Some(StyleRole::Is(role)) => Some(role),
            None => None,
        };
        self.headline_seen |= is_flow && own == Some(Role::Headline);
        let numbered = properties.is_some_and(|at| xml.child(at, "w:numPr").is_some());
        let role = match (own, self.part) {
            (Some(role), DocxPart::Body) if role != Role::ListItem => role,
            (Some(role), DocxPart::Notes) if role != Role::Paragraph => role,
            (_, DocxPart::Notes) => Role::Note,
            (_, DocxPart::Furniture) => Role::Furniture,
            _ if around.cell => Role::Cell,
            _ if numbered || own == Some(Role::ListItem) => Role::ListItem,
            _ if is_flow => {
                let role = roles::of_plain(text, self.paragraphs, self.headline_seen);
                self.headline_seen |= role == Role::Headline;
                role
            }
            _ => Role::Paragraph,
        };
        self.paragraphs += usize::from(is_flow);
        StyleRole::Is(role)
    }

    /// What an element says to readers: its alternative text, the text in its boxes, a tooltip.
    fn spoken(&mut self, index: usize) -> Vec<Found> {
        let xml = self.xml;
        if xml.name(index) == "w:hyperlink" {
            return attribute(xml, index, "w:tooltip", Role::Meta)
                .into_iter()
                .collect();
        }
        if xml.name(index) == "mc:AlternateContent" {
            return self.alternatives(index);
        }
        let mut found: Vec<Found> = Vec::new();
        let mut at = index;
        while at <= xml.end(index) {
            match xml.name(at) {
                "wp:docPr" | "pic:cNvPr" => {
                    push_or_copy(attribute(xml, at, "descr", Role::Caption), &mut found);
                }
                name if name.starts_with("v:") => {
                    push_or_copy(attribute(xml, at, "alt", Role::Caption), &mut found);
                }
                "w:txbxContent" => {
                    let outer = std::mem::take(&mut self.found);
                    let around = Around {
                        boxed: true,
                        cell: false,
                    };
                    self.children(at, around);
                    found.extend(std::mem::replace(&mut self.found, outer));
                    at = xml.end(at);
                }
                "mc:AlternateContent" if at != index => {
                    found.extend(self.alternatives(at));
                    at = xml.end(at);
                }
                "c:chart" => self.kept.count("chart", ""),
                "dgm:relIds" => self.kept.count("diagram", ""),
                _ => {}
            }
            at += 1;
        }
        found.sort_by_key(|found| found.span);
        found
    }

    /// The same content for new readers and for old ones: it is read once and written twice.
    fn alternatives(&mut self, index: usize) -> Vec<Found> {
        let xml = self.xml;
        let mut found: Vec<Found> = Vec::new();
        let branches: Vec<usize> = xml
            .children(index)
            .filter(|&at| matches!(xml.name(at), "mc:Choice" | "mc:Fallback"))
            .collect();
        for (position, at) in branches.into_iter().enumerate() {
            let mut own = Vec::new();
            let children: Vec<usize> = xml.children(at).collect();
            for child in children {
                own.append(&mut self.spoken(child));
            }
            if position == 0 {
                found = own;
                continue;
            }
            let mut used = vec![false; found.len()];
            for other in own {
                let twin = (0..used.len()).find(|&at| !used[at] && is_twin(&found[at], &other));
                match twin {
                    Some(at) => {
                        used[at] = true;
                        found[at].copies.push(other.span);
                        let copies = other.copies;
                        found[at].copies.extend(copies);
                    }
                    None => found.push(other),
                }
            }
        }
        found
    }
}

/// Whether two texts are one that stands twice.
fn is_twin(one: &Found, other: &Found) -> bool {
    one.text.plain == other.text.plain
        && one.notation == other.notation
        && one.text.code_set() == other.text.code_set()
        && one.inlays.is_empty()
        && other.inlays.is_empty()
}

/// Adds a text, or notes that one stands there again.
fn push_or_copy(own: Option<Found>, found: &mut Vec<Found>) {
    let Some(own) = own else { return };
    match found.iter_mut().find(|found| is_twin(found, &own)) {
        Some(twin) => twin.copies.push(own.span),
        None => found.push(own),
    }
}

/// The text of an attribute; none where nobody reads anything.
pub(crate) fn attribute(
    xml: &XmlTokens<'_>,
    index: usize,
    name: &str,
    role: Role,
) -> Option<Found> {
    let span = xml.value_span(index, name)?;
    let plain = xml.value(index, name)?;
    if !plain.chars().any(char::is_alphanumeric) {
        return None;
    }
    let quote = xml.source()[..span.start].chars().next_back();
    let mut map = OffsetMap::default();
    map.point(0, span.start);
    map.finish(plain.len(), span.end);
    Some(Found {
        span,
        role,
        text: Text::from(plain),
        map,
        notation: if quote == Some('\'') {
            Notation::SingleQuoted
        } else {
            Notation::DoubleQuoted
        },
        ..Found::default()
    })
}

/// The text of an element that holds nothing else; none where nobody reads anything.
pub(crate) fn element_text(xml: &XmlTokens<'_>, index: usize, role: Role) -> Option<Found> {
    let plain = xml.text(index);
    let is_plain = xml.children(index).all(|at| !xml.is_element(at));
    if !is_plain || !plain.chars().any(char::is_alphanumeric) {
        return None;
    }
    let span = xml.inner(index);
    let mut map = OffsetMap::default();
    let mut length = 0;
    for at in xml.children(index) {
        if let Some(characters) = xml.characters(at) {
            map.point(length, xml.characters_start(at));
            length += characters.len();
        }
    }
    map.finish(plain.len(), span.end);
    Some(Found {
        span,
        role,
        text: Text::from(plain),
        map,
        notation: Notation::Xml,
        ..Found::default()
    })
}
