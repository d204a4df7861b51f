//! Styles by their names, which every language of Word keeps in English, and not by their ids.

use super::super::xml_splice::XmlTokens;
use crate::bitext::Role;
use std::collections::{HashMap, HashSet};

/// Names of character styles whose text is markup or must stay.
const PROTECTED: &[&str] = &["tw4wininternal", "do_not_translate", "notranslate"];

/// How many styles a style may stand on.
const DEEPEST: usize = 32;

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct DocxStyles {
    /// Name and parent by id.
    styles: HashMap<String, (String, Option<String>)>,
    /// Character styles whose text stays.
    pub protected: HashSet<String>,
}

impl DocxStyles {
    pub(super) fn read(xml: &XmlTokens<'_>) -> Self {
        let mut styles = Self::default();
        for at in (0..xml.len()).filter(|&at| xml.name(at) == "w:style") {
            let Some(id) = xml.value(at, "w:styleId") else {
                continue;
            };
            let value = |name| xml.value(xml.child(at, name)?, "w:val");
            let name = value("w:name").unwrap_or_default().to_lowercase();
            if PROTECTED.contains(&name.as_str()) {
                styles.protected.insert(id.clone());
            }
            styles.styles.insert(id, (name, value("w:basedOn")));
        }
        styles
    }

    /// The role of paragraphs of a style: by its own name or that of the nearest style below it
    /// which has one.
    pub(super) fn role(&self, id: &str) -> Option<StyleRole> {
        let mut id = id.to_owned();
        for _ in 0..DEEPEST {
            let Some((name, parent)) = self.styles.get(&id) else {
                return by_name(&id.to_lowercase());
            };
            if let Some(role) = by_name(name) {
                return Some(role);
            }
            id.clone_from(parent.as_ref()?);
        }
        None
    }
}

/// What the name of a style says about its paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StyleRole {
    /// This role.
    Is(Role),
    /// The first heading of the highest level: the headline of a document without a title.
    Heading1,
    /// A byline where it looks like one.
    Subtitle,
    /// No title, but a table of contents and the like, which programs make.
    Generated,
}

/// The role of a style's name in lower case: the built-in names of Word and LibreOffice, and those
/// that Dutch newsrooms give.
pub(crate) fn by_name(name: &str) -> Option<StyleRole> {
    let is = |role| Some(StyleRole::Is(role));
    match name {
        "title" | "titel" | "kop" | "krantenkop" | "hoofdkop" => is(Role::Headline),
        "heading 1" | "heading1" | "heading_20_1" | "kop 1" => Some(StyleRole::Heading1),
        "bovenkop" | "tussenkop" | "kader" | "kaderkop" => is(Role::Heading),
        "subtitle" | "ondertitel" => Some(StyleRole::Subtitle),
        "auteur" | "auteursregel" | "byline" => is(Role::Byline),
        "plaats" | "dateline" => is(Role::Dateline),
        "quote" | "intense quote" | "quotations" | "citaat" | "streamer" | "block text" => {
            is(Role::Quote)
        }
        "caption" | "bijschrift" | "fotobijschrift" | "bron" | "illustration" | "figure"
        | "drawing" | "table" => is(Role::Caption),
        "footnote text" | "endnote text" | "footnote" | "endnote" => is(Role::Note),
        "header" | "footer" | "koptekst" | "voettekst" => is(Role::Furniture),
        _ if name.starts_with("heading ") => is(Role::Heading),
        _ if name.starts_with("list ") => is(Role::ListItem),
        _ if name.starts_with("toc ") || name.starts_with("index ") => Some(StyleRole::Generated),
        _ => None,
    }
}
