//! Tags and Markdown that stand as text, as tables of pairs from other tools have them.
//!
//! `De <b>kade</b> is nat.` → `The quay is wet.` loses a tag. Inline codes of a format are the
//! business of `codes`.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use crate::language::literals::LiteralKind;
use crate::language::text_view::TextView;

/// Markup as text.
pub struct MarkupCheck;

/// A tag as text.
struct TextTag<'t> {
    span: Span,
    name: &'t str,
    closes: bool,
    is_empty: bool,
}

/// The tags of a side.
fn tags<'t>(side: &TextView<'t>) -> Vec<TextTag<'t>> {
    let own = side.literals.iter().filter(|l| l.kind == LiteralKind::Tag);
    own.map(|literal| {
        let text = literal.span.of(side.text);
        let inner = text.trim_matches(['<', '>']);
        let name = inner.trim_start_matches('/');
        let end = name.find(|c: char| c.is_whitespace() || c == '/');
        TextTag {
            span: literal.span,
            name: &name[..end.unwrap_or(name.len())],
            closes: inner.starts_with('/'),
            is_empty: inner.ends_with('/'),
        }
    })
    .collect()
}

/// The values of the attributes that lead somewhere: `href`, `src`, `id`, `class`, `name`.
fn values<'t>(tag: &TextTag<'_>, text: &'t str) -> Vec<&'t str> {
    let mut found = Vec::new();
    for name in ["href=", "src=", "id=", "class=", "name="] {
        let own = tag.span.of(text);
        if let Some(at) = own.find(name) {
            let rest = &own[at + name.len()..];
            let end = match rest.chars().next() {
                Some(mark @ ('"' | '\'')) => rest[1..].find(mark).map(|end| end + 2),
                _ => rest.find([' ', '>']),
            };
            found.push(&rest[..end.unwrap_or(rest.len())]);
        }
    }
    found
}

/// Whether every tag is closed by its own, and inside of the one around it, as far as the tags of
/// the source are.
fn is_nested(tags: &[TextTag<'_>]) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags.iter().filter(|tag| !tag.is_empty) {
        if tag.closes {
            if open.pop() != Some(tag.name) {
                return false;
            }
        } else {
            open.push(tag.name);
        }
    }
    open.is_empty()
}

/// Takes from `theirs` what `own` has; what `own` has alone is the answer.
fn missing<'a, T, U>(
    own: &'a [T],
    theirs: &mut Vec<U>,
    same: impl Fn(&T, &U) -> bool,
) -> Vec<&'a T> {
    let mut lost = Vec::new();
    for one in own {
        match theirs.iter().position(|other| same(one, other)) {
            Some(at) => {
                theirs.remove(at);
            }
            None => lost.push(one),
        }
    }
    lost
}

/// Compares the tags: names and ends, then where they lead, then how they are nested.
fn compare_tags(pair: &CheckedPair<'_>) -> Vec<Finding> {
    let own = tags(&pair.source);
    let mut new = tags(&pair.target);
    if own.is_empty() && new.is_empty() {
        return Vec::new();
    }
    let nested = (is_nested(&own), is_nested(&new));
    let led = |side: &TextView<'_>| -> Vec<String> {
        let values = tags(side)
            .into_iter()
            .flat_map(|tag| values(&tag, side.text));
        values.map(str::to_owned).collect()
    };
    let lost = missing(&own, &mut new, |a, b| {
        (a.name, a.closes) == (b.name, b.closes)
    });
    let mut findings = Vec::new();
    for tag in &lost {
        let message = format!("“{}” is not in the English", tag.span.of(pair.source.text));
        findings.push(Finding::error("markup", message).at_source(tag.span));
    }
    for tag in &new {
        let message = format!("“{}” is not in the Dutch", tag.span.of(pair.target.text));
        findings.push(Finding::error("markup", message).at_target(tag.span));
    }
    if findings.is_empty() {
        let mut theirs = led(&pair.target);
        for value in missing(&led(&pair.source), &mut theirs, |a, b| a == b) {
            let message = format!("{value} changed inside of a tag");
            findings.push(Finding::error("markup", message));
        }
        if nested == (true, false) {
            let message = "tags are closed in the wrong order";
            findings.push(Finding::error("markup", message));
        }
    }
    findings
}

/// How often a mark stands in a text, outside of its literals.
fn count(side: &TextView<'_>, mark: &str) -> usize {
    let outside = |at: &usize| {
        !side
            .literals
            .iter()
            .any(|l| (l.span.start..l.span.end).contains(at))
    };
    side.text
        .match_indices(mark)
        .map(|(at, _)| at)
        .filter(outside)
        .count()
}

/// Compares the links and the emphasis of Markdown.
fn compare_markdown(pair: &CheckedPair<'_>) -> Vec<Finding> {
    let links = |side: &TextView<'_>| -> Vec<Span> {
        let own = side
            .literals
            .iter()
            .filter(|l| l.kind == LiteralKind::LinkTarget);
        own.map(|literal| literal.span).collect()
    };
    let (own, mut new) = (links(&pair.source), links(&pair.target));
    let same = |a: &Span, b: &Span| a.of(pair.source.text) == b.of(pair.target.text);
    let mut findings = Vec::new();
    let lost: Vec<Span> = missing(&own, &mut new, same).into_iter().copied().collect();
    let mut new = new.into_iter();
    for span in lost {
        let inner = span.of(pair.source.text).trim_start_matches(']');
        let message = format!("the link {inner} is not in the English as it stands");
        let finding = Finding::error("markup", message).at_source(span);
        findings.push(match new.next() {
            Some(other) => finding.at_target(other).suggest(span.of(pair.source.text)),
            None => finding,
        });
    }
    for mark in ["**", "__", "~~"] {
        let (before, after) = (count(&pair.source, mark), count(&pair.target, mark));
        if before != after && (before > 0 || after % 2 == 1) {
            let message = format!("“{mark}” stands {after} times, and {before} times in the Dutch");
            findings.push(Finding::warning("markup", message));
        }
    }
    findings
}

impl Check for MarkupCheck {
    fn name(&self) -> &'static str {
        "markup"
    }

    fn summary(&self) -> &'static str {
        "a tag or a link that stands as text was lost, changed or broken"
    }

    fn reason(&self) -> &'static str {
        "Pairs of other tools have their markup in the text. Names and number of tags are \
         compared, the addresses in them, and whether they close in order; texts in attributes may \
         be translated, and tags may change places."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De <b>kade</b> is nat.", "The quay is wet.").as_text(),
                bad("Lees [het verslag](a.md).", "Read [the report](report.md).").as_text(),
                good("De <b>kade</b> is nat.", "The <b>quay</b> is wet.").as_text(),
                good("Het is **nu** of nooit.", "It is now **or** never.").as_text(),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let mut findings = compare_tags(pair);
        if pair.source.text.contains(['*', '_', '[', '~'])
            || pair.target.text.contains(['*', '_', '~'])
        {
            findings.extend(compare_markdown(pair));
        }
        findings
    }
}
