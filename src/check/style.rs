//! Dates and quotation marks against the house style, where one is chosen.
//!
//! `April 10, 2023` is American and `10 April 2023` British; which one an edition has is the desk's
//! choice, and without a choice there is nothing to say.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use super::quotes::quotations;
use crate::bitext::{Finding, Role, Span};
use crate::term::{DateOrder, QuotationStyle};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// The conventions of the house style.
pub struct HouseStyleCheck;

const MONTHS: &str = r"(?:Jan(?:\.|uary)|Feb(?:\.|ruary)|March|Mar\.|April|Apr\.|May|June|July|Aug(?:\.|ust)|Sept(?:\.|ember)|Oct(?:\.|ober)|Nov(?:\.|ember)|Dec(?:\.|ember))";

/// Dates in either order; `span` is a range, of which half a date says nothing.
static DATES: LazyLock<[(DateOrder, Regex); 2]> = LazyLock::new(|| {
    let of = |pattern: String| Regex::new(&pattern).expect("a pattern of our own");
    [
        (
            DateOrder::MonthDay,
            of(format!(
                r"\b(?<month>{MONTHS}) (?<day>[0-3]?\d)(?:st|nd|rd|th)?(?<span> ?(?:-|–|to|and) ?\d\d?)?\b(?:,? (?<year>\d{{4}})\b)?"
            )),
        ),
        (
            DateOrder::DayMonth,
            of(format!(
                r"\b(?<span>\d\d? ?(?:-|–|to|and) ?)?(?<day>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? (?<month>{MONTHS})(?:,? (?<year>\d{{4}})\b)?"
            )),
        ),
    ]
});

impl Check for HouseStyleCheck {
    fn name(&self) -> &'static str {
        "house-style"
    }

    fn summary(&self) -> &'static str {
        "a date or quotation marks are not as the chosen style has them"
    }

    fn reason(&self) -> &'static str {
        "Only where a style is chosen (`--style NAME`, `style` in the settings) and its file `style-NAME.toml` says how dates and quotations are written; \
         inner quotations and the shape of the marks are left alone. American and British words are the business of `spelling-style`."
    }

    fn examples(&self) -> &'static [Example] {
        const AP: &str = "dates = \"month-day\"\nquotes = \"double\"";
        const {
            &[
                bad(
                    "Het besluit viel op 10 april 2023.",
                    "The decision came on 10 April 2023.",
                )
                .in_style(AP),
                bad("‘We wachten af’, zei ze.", "‘We will wait,’ she said.").in_style(AP),
                good(
                    "Het besluit viel op 10 april 2023.",
                    "The decision came on 10 April 2023.",
                ),
                good(
                    "‘We wachten af’, zei ze op 10 april.",
                    "“We will wait,” she said on April 10.",
                )
                .in_style(AP),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let style = pair.with.glossary.style();
        let mut findings = Vec::new();
        if let Some(order) = style.dates {
            let wrong = DATES.iter().filter(|(own, _)| *own != order);
            for found in wrong.flat_map(|(_, dates)| dates.captures_iter(pair.target.text)) {
                findings.extend(date(&found, order));
            }
        }
        let is_head = matches!(pair.unit.role, Role::Headline | Role::Heading);
        let marks = style.headline_quotes.filter(|_| is_head).or(style.quotes);
        if let Some(marks) = marks {
            let (spans, _) = quotations(pair.target.text);
            findings.extend(
                spans
                    .iter()
                    .filter_map(|&span| quotation(pair.target.text, span, marks)),
            );
        }
        findings
    }
}

fn date(found: &Captures<'_>, order: DateOrder) -> Option<Finding> {
    let whole = found.get(0)?;
    let (day, month) = (&found["day"], &found["month"]);
    let (right, comma) = match order {
        DateOrder::MonthDay => (format!("{month} {day}"), ","),
        DateOrder::DayMonth => (format!("{day} {month}"), ""),
    };
    let year = found.name("year").map(|year| year.as_str());
    let right = year.map_or(right.clone(), |year| format!("{right}{comma} {year}"));
    let message = format!("the house style is “{right}”");
    let finding =
        Finding::warning("house-style", message).at_target(Span::new(whole.start(), whole.end()));
    Some(if found.name("span").is_some() {
        finding
    } else {
        finding.suggest(right)
    })
}

/// QuotationStyle of a quotation that are of the other kind.
fn quotation(text: &str, span: Span, marks: QuotationStyle) -> Option<Finding> {
    const DOUBLE: [char; 3] = ['“', '”', '"'];
    const SINGLE: [char; 3] = ['‘', '’', '\''];
    let (from, to, name) = match marks {
        QuotationStyle::Double => (SINGLE, DOUBLE, "double"),
        QuotationStyle::Single => (DOUBLE, SINGLE, "single"),
    };
    let own = span.of(text);
    let swapped = |c: char| from.iter().position(|mark| *mark == c).map(|at| to[at]);
    let mut inner = own.chars();
    let (open, close) = (swapped(inner.next()?)?, swapped(inner.next_back()?)?);
    let finding = Finding::warning(
        "house-style",
        format!("the house style has {name} quotation marks"),
    )
    .at_target(span);
    // A quotation inside would have to change too.
    let inside = inner.as_str();
    Some(if inside.contains(to) {
        finding
    } else {
        finding.suggest(format!("{open}{inside}{close}"))
    })
}
