//! What an element is in an article: roles, furniture, prose that keeps its lines.

use super::super::contract::Found;
use super::elements;
use super::stack::Inherited;
use super::tokens::StartTag;
use crate::bitext::{CodeKind, Role};

/// Classes that say what a text is, as Dutch newsrooms name them.
const CLASSES: &[(&str, Role)] = &[
    ("author", Role::Byline),
    ("auteur", Role::Byline),
    ("byline", Role::Byline),
    ("bijschrift", Role::Caption),
    ("caption", Role::Caption),
    ("dateline", Role::Dateline),
    ("footnote", Role::Note),
    ("lees-ook", Role::Furniture),
    ("leesook", Role::Furniture),
    ("voetnoot", Role::Note),
];

/// The role that an element gives to its text; none where it leaves it as it is.
pub(super) fn role(tag: &StartTag, outer: Inherited, headline_seen: bool) -> Option<Role> {
    let own = match tag.name.as_str() {
        "title" => Some(Role::Headline),
        "h1" if !headline_seen => Some(Role::Headline),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "legend" => Some(Role::Heading),
        "blockquote" => Some(Role::Quote),
        "li" | "dt" | "dd" | "option" => Some(Role::ListItem),
        "figcaption" | "caption" => Some(Role::Caption),
        "td" | "th" => Some(Role::Cell),
        _ => None,
    };
    if own.is_some() {
        return own;
    }
    let attribute = |name: &str, value: &str| tag.has_token(name, value);
    if attribute("role", "doc-footnote") || attribute("epub:type", "footnote") {
        return Some(Role::Note);
    }
    if !elements::is_block(&tag.name) {
        return None;
    }
    if attribute("rel", "author") || attribute("itemprop", "author") {
        return Some(Role::Byline);
    }
    CLASSES
        .iter()
        .find(|(class, _)| attribute("class", class))
        .map(|(_, role)| *role)
        .filter(|_| outer.role == Role::Paragraph)
}

/// Whether an element is a part of the page and not of the article, whatever it holds.
pub(super) fn is_furniture(tag: &StartTag, outer: Inherited) -> bool {
    match tag.name.as_str() {
        "nav" => true,
        "footer" => !outer.article,
        _ => tag.has_token("role", "navigation"),
    }
}

/// Whether what an element holds decides if it is a part of the page.
pub(super) fn is_judged(name: &str) -> bool {
    matches!(name, "aside" | "footer" | "menu")
}

/// Makes texts from `before` on furniture where nearly all of their letters stand in links.
pub(super) fn judge(found: &mut [Found], before: usize) {
    let Some(own) = found.get_mut(before..) else {
        return;
    };
    let (linked, all) = own
        .iter()
        .map(linked)
        .fold((0, 0), |sum, text| (sum.0 + text.0, sum.1 + text.1));
    if all > 0 && linked * 5 >= all * 4 {
        for text in own {
            text.role = Role::Furniture;
        }
    }
}

/// The letters of a text that stand in links, and all of its letters, in bytes. Headings do not
/// count.
fn linked(text: &Found) -> (usize, usize) {
    if text.role == Role::Heading {
        return (0, 0);
    }
    let mut depth = 0_usize;
    let mut from = 0;
    let mut linked = 0;
    for code in text.text.codes.iter().filter(|code| code.label == "a") {
        match code.kind {
            CodeKind::Open => {
                if depth == 0 {
                    from = code.at;
                }
                depth += 1;
            }
            CodeKind::Close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    linked += code.at - from;
                }
            }
            CodeKind::Empty => {}
        }
    }
    (linked, text.text.plain.len())
}

/// Whether an element can stand for itself beside others: a label, a button, a link of a menu.
pub(super) fn is_control(name: &str, furniture: bool) -> bool {
    matches!(name, "button" | "label") || (furniture && name == "a")
}

pub(super) fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// Whether a start tag ends the `svg` or `math` around it.
pub(super) fn leaves_picture(tag: &StartTag) -> bool {
    elements::breaks_out(&tag.name)
        || (tag.name == "font"
            && ["color", "face", "size"]
                .iter()
                .any(|name| tag.value(name).is_some()))
}

/// Whether a script holds JSON-LD.
pub(super) fn is_json_ld(tag: &StartTag) -> bool {
    tag.name == "script"
        && tag
            .value("type")
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"))
}

/// Whether a language tag names no language.
pub(super) fn is_undetermined(lang: &str) -> bool {
    lang.is_empty()
        || ["und", "mul", "zxx", "x"]
            .iter()
            .any(|own| lang.eq_ignore_ascii_case(own))
}

/// Whether text that keeps its lines is written for readers: sentences, and no columns, indents or
/// signs of a program.
pub(super) fn is_prose(text: &str) -> bool {
    let text = text.trim();
    let starts = text
        .trim_start_matches(['"', '\'', '“', '‘', '„', '(', '*'])
        .starts_with(char::is_uppercase);
    let ends = text
        .trim_end_matches(['"', '\'', '”', '’', ')'])
        .ends_with(['.', '!', '?', '…']);
    let columns = text.lines().any(|line| {
        let line = line.trim_end();
        line.contains("  ") || line.contains('\t')
    });
    let program = text.contains(['{', '}', '=', '\\', '|', '$']) || text.contains("//");
    starts && ends && !columns && !program && text.split_whitespace().count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_told_from_programs_and_tables() {
        assert!(is_prose("Beste lezer,\nde kade is nat.\n"));
        assert!(is_prose("“Kom je?” vroeg zij.\nHij zweeg."));
        for text in [
            "niet   aanraken",
            "De kade",
            "let x = 1;\nDe kade is nat.",
            "Naam\tPlaats is dit.",
            "ls -l. $HOME is.",
            "Van  hier tot daar is het ver.",
        ] {
            assert!(!is_prose(text), "{text}");
        }
    }
}
