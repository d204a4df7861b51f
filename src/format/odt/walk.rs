//! The walk through a part: paragraphs wherever they stand.

use super::super::contract::{Found, Reading};
use super::super::docx::StyleRole;
use super::super::docx::walk::{KeptText, accepted_changes, element_text};
use super::super::roles;
use super::super::xml_splice::XmlTokens;
use super::inline::{self, SpanKnowledge};
use super::styles::OdtStyles;
use super::write::languages;
use crate::bitext::{Lang, Notation, Role};

/// What paragraphs have from the elements around them.
#[derive(Debug, Clone, Copy, Default)]
struct OdtAround {
    role: Option<Role>,
    boxed: bool,
}

struct OdtWalk<'w, 's> {
    xml: &'w XmlTokens<'s>,
    styles: &'w OdtStyles,
    found: Vec<Found>,
    kept: &'w mut KeptText,
    changes: usize,
    headline_seen: bool,
    paragraphs: usize,
}

/// Reads a part.
pub(super) fn read(
    xml: &XmlTokens<'_>,
    lang: &Lang,
    styles: &OdtStyles,
    kept: &mut KeptText,
) -> Reading {
    let headline_seen = (0..xml.len())
        .filter(|&at| matches!(xml.name(at), "text:p" | "text:h"))
        .filter_map(|at| xml.value(at, "text:style-name"))
        .any(|name| styles.role(&name) == Some(StyleRole::Is(Role::Headline)));
    let mut walk = OdtWalk {
        xml,
        styles,
        found: Vec::new(),
        kept,
        changes: 0,
        headline_seen,
        paragraphs: 0,
    };
    for root in xml.roots() {
        walk.children(root, OdtAround::default());
    }
    Reading {
        found: walk.found,
        languages: languages(xml, lang),
        notices: accepted_changes(walk.changes),
    }
}

/// Spans by the looks of their styles.
struct KnownStyles<'s>(&'s OdtStyles);

impl KnownStyles<'_> {
    fn look(&self, xml: &XmlTokens<'_>, token: usize) -> String {
        let name = xml.value(token, "text:style-name");
        name.map_or(String::new(), |name| self.0.look(&name))
    }
}

impl SpanKnowledge for KnownStyles<'_> {
    fn begins(&self, xml: &XmlTokens<'_>, token: usize, _: usize) -> bool {
        xml.name(token) != "text:span" || !self.look(xml, token).is_empty()
    }

    fn goes_on(&self, xml: &XmlTokens<'_>, token: usize, next: Option<usize>, _: usize) -> bool {
        next.is_some_and(|next| {
            xml.name(token) == "text:span"
                && xml.name(next) == "text:span"
                && xml.is_element(next)
                && xml.end(next) > next
                && self.look(xml, token) == self.look(xml, next)
        })
    }
}

impl OdtWalk<'_, '_> {
    fn children(&mut self, index: usize, around: OdtAround) {
        let children: Vec<usize> = self.xml.children(index).collect();
        for child in children {
            self.element(child, around);
        }
    }

    fn element(&mut self, index: usize, around: OdtAround) {
        let xml = self.xml;
        if !xml.is_element(index) {
            return;
        }
        let within = |role| OdtAround {
            role: Some(role),
            ..around
        };
        match xml.name(index) {
            "text:p" | "text:h" => self.paragraph(index, around),
            "text:tracked-changes" => {
                let regions = xml.descendants(index, "text:changed-region");
                self.changes += regions.count();
            }
            "office:annotation" => self.kept.count("comments", &xml.text(index)),
            "text:table-of-content"
            | "text:illustration-index"
            | "text:alphabetical-index"
            | "text:user-index"
            | "text:bibliography" => {
                self.kept.count("generated index", &xml.text(index));
            }
            "text:list-item" | "text:list-header" => self.children(index, within(Role::ListItem)),
            "table:table-cell" | "table:covered-table-cell" => {
                self.children(index, within(Role::Cell));
            }
            "text:note-citation" => {}
            "text:note-body" => self.children(index, within(Role::Note)),
            "style:header" | "style:footer" | "style:header-left" | "style:footer-left"
            | "style:header-first" | "style:footer-first" => {
                self.children(index, within(Role::Furniture));
            }
            "svg:title" | "svg:desc" => {
                self.found.extend(element_text(xml, index, Role::Caption));
            }
            "draw:text-box" => self.children(
                index,
                OdtAround {
                    role: None,
                    boxed: true,
                },
            ),
            "draw:object" | "draw:object-ole" => {
                self.kept.count("embedded object", "");
                self.children(index, around);
            }
            _ => self.children(index, around),
        }
    }

    fn paragraph(&mut self, index: usize, around: OdtAround) {
        let xml = self.xml;
        for at in xml.descendants(index, "office:annotation") {
            self.kept.count("comments", &xml.text(at));
        }
        let text = inline::read(xml, xml.children(index), &KnownStyles(self.styles));
        let outer = std::mem::take(&mut self.found);
        let mut inlays = Vec::new();
        let mut held = Vec::new();
        if let Some(text) = &text {
            for &(code, token, span) in &text.holders {
                held.push(token);
                if xml.name(token) == "text:a" {
                    continue;
                }
                self.inside(token, around);
                let nested = std::mem::take(&mut self.found);
                if !nested.is_empty() {
                    inlays.push((code, span, nested));
                }
            }
        }
        // Notes and frames outside of the text stand for themselves.
        let mut at = index + 1;
        while at < xml.end(index) {
            let name = xml.name(at);
            if name == "office:annotation" {
                at = xml.end(at);
            } else if xml.is_element(at) && (name == "text:note" || name.starts_with("draw:")) {
                if !held.contains(&at) {
                    self.inside(at, around);
                }
                at = xml.end(at);
            }
            at += 1;
        }
        if let Some(text) = text
            && let Some(role) = self.role(index, around, &text.text.plain)
        {
            self.found.push(Found {
                span: text.span,
                role,
                text: text.text,
                map: text.map,
                notation: Notation::Text,
                inlays,
                copies: Vec::new(),
            });
        }
        self.found.sort_by_key(|found| found.span);
        let own = std::mem::replace(&mut self.found, outer);
        self.found.extend(own);
    }

    /// The texts inside a note or a frame.
    fn inside(&mut self, index: usize, around: OdtAround) {
        self.children(
            index,
            OdtAround {
                boxed: true,
                ..around
            },
        );
    }

    fn role(&mut self, index: usize, around: OdtAround, text: &str) -> Option<Role> {
        let xml = self.xml;
        let style = xml.value(index, "text:style-name");
        let style = style.and_then(|name| self.styles.role(&name));
        let is_flow = !around.boxed && around.role.is_none();
        let is_first_level = xml.value(index, "text:outline-level").as_deref() == Some("1");
        let own = match style {
            Some(StyleRole::Generated) => return None,
            Some(StyleRole::Heading1) if is_flow && !self.headline_seen => Some(Role::Headline),
            Some(StyleRole::Heading1) => Some(Role::Heading),
            Some(StyleRole::Subtitle) if roles::is_byline(text) => Some(Role::Byline),
            Some(StyleRole::Subtitle) => Some(Role::Paragraph),
            Some(StyleRole::Is(role)) => Some(role),
            None if xml.name(index) == "text:h"
                && is_first_level
                && is_flow
                && !self.headline_seen =>
            {
                Some(Role::Headline)
            }
            None if xml.name(index) == "text:h" => Some(Role::Heading),
            None => None,
        };
        self.headline_seen |= is_flow && own == Some(Role::Headline);
        let role = match (around.role, own) {
            (Some(outer @ (Role::Furniture | Role::Note)), _) => outer,
            (Some(outer), None | Some(Role::Paragraph)) => outer,
            (_, Some(role)) => role,
            (None, None) if is_flow => {
                let role = roles::of_plain(text, self.paragraphs, self.headline_seen);
                self.headline_seen |= role == Role::Headline;
                role
            }
            (None, None) => Role::Paragraph,
        };
        self.paragraphs += usize::from(is_flow);
        Some(role)
    }
}
