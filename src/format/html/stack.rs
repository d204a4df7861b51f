//! The open elements, with what their content inherits. Every question takes constant time, however
//! deep a file is nested.

use super::elements;
use crate::bitext::Role;
use std::collections::HashMap;

/// Why a text stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kept {
    /// `translate="no"` or the class `notranslate`.
    Asked,
    /// Code, or text that a user wrote.
    Verbatim,
    /// Another language, by `lang`.
    Language,
    /// A picture or a formula.
    Picture,
    /// Never shown as text: scripts, styles, readings of `ruby`.
    Hidden,
}

/// What the content of an element has from it and from the elements around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inherited {
    /// The role of its text.
    pub role: Role,
    /// Whether its text stays, and why.
    pub kept: Option<Kept>,
    /// Whether it stands in an article.
    pub article: bool,
    /// Whether it is a part of the page and not of the article.
    pub furniture: bool,
    /// Whether it is an element of `svg` or `math`.
    pub foreign: bool,
    /// Whether line ends count.
    pub lines: bool,
    /// How many elements around it are judged by what they hold.
    pub judged: u8,
}

/// An open element.
#[derive(Debug)]
pub(super) struct OpenElement {
    /// Its name in lower case.
    pub name: String,
    /// What its content has from it.
    pub inherited: Inherited,
    /// Whether it parts the text.
    pub block: bool,
    /// Whether its text is JSON-LD.
    pub json: bool,
    /// How many texts were found before it.
    pub before: usize,
}

/// The elements that are open at a place of the file.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    elements: Vec<OpenElement>,
    places: HashMap<String, Vec<usize>>,
    scopes: Vec<usize>,
    blocks: Vec<usize>,
}

impl OpenElements {
    pub(super) fn len(&self) -> usize {
        self.elements.len()
    }

    /// What text has here.
    pub(super) fn inherited(&self) -> Inherited {
        self.elements.last().map_or(
            Inherited {
                role: Role::Paragraph,
                kept: None,
                article: false,
                furniture: false,
                foreign: false,
                lines: false,
                judged: 0,
            },
            |element| element.inherited,
        )
    }

    /// What the content of an open element has from it.
    pub(super) fn inherited_at(&self, at: usize) -> Inherited {
        self.elements[at].inherited
    }

    pub(super) fn push(&mut self, element: OpenElement) {
        let at = self.elements.len();
        if !element.inherited.foreign {
            if elements::is_scope(&element.name) {
                self.scopes.push(at);
            }
            if element.block {
                self.blocks.push(at);
            }
        }
        self.places
            .entry(element.name.clone())
            .or_default()
            .push(at);
        self.elements.push(element);
    }

    pub(super) fn pop(&mut self) -> Option<OpenElement> {
        let element = self.elements.pop()?;
        let at = self.elements.len();
        if let Some(places) = self.places.get_mut(&element.name) {
            places.pop();
        }
        for list in [&mut self.scopes, &mut self.blocks] {
            if list.last() == Some(&at) {
                list.pop();
            }
        }
        Some(element)
    }

    /// Where the innermost element of this name stands.
    fn last(&self, name: &str) -> Option<usize> {
        self.places.get(name)?.last().copied()
    }

    /// Where an element of one of these names stands that an implied end tag reaches; those of
    /// `hiding`, and scopes, are borders.
    pub(super) fn reachable(&self, names: &[&str], hiding: &[&str]) -> Option<usize> {
        let scope = self.scopes.last().copied().filter(|&at| {
            // Cells are borders for paragraphs, not for rows.
            !hiding.contains(&"table") && !names.contains(&self.elements[at].name.as_str())
        });
        let border = hiding
            .iter()
            .filter_map(|name| self.last(name))
            .chain(scope)
            .max();
        names
            .iter()
            .filter_map(|name| self.places.get(*name))
            .filter_map(|places| {
                let first = border.map_or(0, |border| places.partition_point(|&at| at <= border));
                places.get(first).copied()
            })
            .min()
    }

    /// Where the element stands that an end tag closes; none where it closes nothing.
    pub(super) fn closed_by(&self, name: &str) -> Option<usize> {
        let heading = |name: &str| matches!(name.as_bytes(), [b'h', b'1'..=b'6']);
        let at = if heading(name) {
            ["h1", "h2", "h3", "h4", "h5", "h6"]
                .iter()
                .filter_map(|name| self.last(name))
                .max()?
        } else {
            self.last(name)?
        };
        let element = &self.elements[at];
        let border = if element.inherited.foreign {
            None
        } else if element.block {
            let table = [
                "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption",
            ];
            if table.contains(&name) {
                self.last("table").filter(|_| name != "table")
            } else {
                self.scopes.last().copied()
            }
        } else if elements::is_scope(name) || elements::is_island(name) {
            None
        } else {
            self.blocks.last().copied()
        };
        (border.is_none_or(|border| at >= border)).then_some(at)
    }

    /// Where the outermost element of the innermost `svg` or `math` stands.
    pub(super) fn picture(&self) -> Option<usize> {
        self.last("svg").max(self.last("math"))
    }

    /// The name of the innermost element.
    pub(super) fn name(&self) -> &str {
        self.elements.last().map_or("", |element| &element.name)
    }

    /// Whether the innermost element holds JSON-LD.
    pub(super) fn speaks_json(&self) -> bool {
        self.elements.last().is_some_and(|element| element.json)
    }

    /// Whether the innermost element parts the text.
    pub(super) fn parts(&self) -> bool {
        self.elements.last().is_some_and(|element| element.block)
    }
}
