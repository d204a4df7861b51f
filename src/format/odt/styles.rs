//! Styles: names of paragraphs' styles for their roles, and looks of stretches of text.

use super::super::docx::{StyleRole, style_role};
use super::super::xml_splice::XmlTokens;
use std::collections::HashMap;

/// How many styles a style may stand on.
const DEEPEST: usize = 32;

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct OdtStyles {
    /// By family and name.
    styles: HashMap<(String, String), OdtStyle>,
}

#[derive(Debug, Default)]
struct OdtStyle {
    display: String,
    parent: Option<String>,
    /// Properties of text that readers see.
    look: String,
}

impl OdtStyles {
    /// Adds the styles of a part.
    pub(super) fn add(&mut self, xml: &XmlTokens<'_>) {
        for at in (0..xml.len()).filter(|&at| xml.name(at) == "style:style") {
            let (Some(family), Some(name)) =
                (xml.value(at, "style:family"), xml.value(at, "style:name"))
            else {
                continue;
            };
            let display = xml.value(at, "style:display-name");
            let mut look = Vec::new();
            for child in xml
                .children(at)
                .filter(|&at| xml.name(at) == "style:text-properties")
            {
                let tag = xml.span(child).of(xml.source());
                look.extend(
                    attributes(tag)
                        .into_iter()
                        .filter(|own| !is_quiet(own))
                        .map(str::to_owned),
                );
            }
            look.sort_unstable();
            let style = OdtStyle {
                display: display
                    .unwrap_or_else(|| name.replace("_20_", " "))
                    .to_lowercase(),
                parent: xml.value(at, "style:parent-style-name"),
                look: look.join(" "),
            };
            self.styles.insert((family, name), style);
        }
    }

    fn get(&self, family: &str, name: &str) -> Option<&OdtStyle> {
        self.styles.get(&(family.to_owned(), name.to_owned()))
    }

    /// The role of paragraphs of a style.
    pub(super) fn role(&self, name: &str) -> Option<StyleRole> {
        let mut name = name.to_owned();
        for _ in 0..DEEPEST {
            let Some(style) = self.get("paragraph", &name) else {
                return style_role(&name.replace("_20_", " ").to_lowercase());
            };
            if let Some(role) = style_role(&style.display) {
                return Some(role);
            }
            name.clone_from(style.parent.as_ref()?);
        }
        None
    }

    /// What tells a stretch of text of a style from the text around it; empty for nothing.
    pub(super) fn look(&self, name: &str) -> String {
        match self.get("text", name) {
            Some(style) => match &style.parent {
                Some(parent) => format!("{parent} {}", style.look),
                None if style.look.is_empty() && !is_automatic(name) => name.to_owned(),
                None => style.look.clone(),
            },
            None => name.to_owned(),
        }
    }
}

/// Whether a program made up the name: `T12`.
fn is_automatic(name: &str) -> bool {
    name.strip_prefix('T').is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Properties that nobody sees in Latin text.
fn is_quiet(attribute: &str) -> bool {
    let name = attribute.split('=').next().unwrap_or_default().trim();
    name.starts_with("officeooo:")
        || name.starts_with("loext:")
        || name.ends_with("-asian")
        || name.ends_with("-complex")
        || matches!(name, "fo:language" | "fo:country")
}

/// The attributes of a tag with their values.
fn attributes(tag: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = tag.trim_end_matches(['>', '/']);
    while let Some(start) = rest.find(char::is_whitespace) {
        rest = rest[start..].trim_start();
        let Some(equals) = rest.find('=') else { break };
        let Some(quote) = rest[equals + 1..].trim_start().chars().next() else {
            break;
        };
        let from = equals + 1 + rest[equals + 1..].find(quote).unwrap_or_default();
        let Some(end) = rest[from + 1..].find(quote) else {
            break;
        };
        let end = from + 1 + end + 1;
        found.push(&rest[..end]);
        rest = &rest[end..];
    }
    found
}
