//! Sentences and clauses that were dropped, and lengths that cannot be right.

use super::{Check, Example, Pair, bad, good};
use crate::bitext::{Finding, Role, Span, Unit};

/// A sentence or a clause with content is missing.
pub struct Omission;

/// The lengths do not fit.
pub struct Length;

/// Shorter texts vary freely; in characters.
const SHORTEST: usize = 60;

/// A sentence that has no partner in the other text.
pub struct Addition;

/// The one finding of a unit that alignment left without a partner; none for other units. Furniture is left alone.
pub fn alone(unit: &Unit) -> Option<Finding> {
    let lone = (
        unit.source_segments.is_empty(),
        unit.target_segments.is_empty(),
    );
    if unit.role == Role::Furniture || unit.confidence.is_none() || lone.0 == lone.1 {
        return None;
    }
    let sure = (unit.confidence? * 100.0).round();
    if lone.1 {
        let whole = Span::new(0, unit.source.plain.len());
        let message = format!("left out: no English belongs to it ({sure} % sure)");
        (!whole.is_empty()).then(|| Finding::warning("omission", message).at_source(whole))
    } else {
        let whole = Span::new(0, unit.target.plain.len());
        let message = format!("added: no Dutch belongs to it ({sure} % sure)");
        (!whole.is_empty()).then(|| Finding::warning("addition", message).at_target(whole))
    }
}

fn sentences(text: &str) -> usize {
    let mut count = 0;
    for (at, c) in text.char_indices() {
        let ends = matches!(c, '.' | '!' | '?');
        let rest = text[at + c.len_utf8()..].trim_start_matches(['”', '"', '’', '\'', ')']);
        let spaced = rest.starts_with(' ')
            && rest
                .trim_start()
                .chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || "“\"‘'".contains(c));
        let word = text[..at].rsplit(' ').next().unwrap_or_default();
        let abbreviation = word.chars().count() <= 4
            && (word.contains('.') || word.starts_with(char::is_uppercase));
        count += usize::from(ends && spaced && !abbreviation);
    }
    count + 1
}

fn length(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

impl Check for Omission {
    fn name(&self) -> &'static str {
        "omission"
    }

    fn summary(&self) -> &'static str {
        "a sentence or a clause was dropped"
    }

    fn reason(&self) -> &'static str {
        "Fewer sentences are only evidence: joined ones are right. It takes lost length too."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De wethouder kwam aan. Zij bezocht de wijk. Daarna sprak zij met de bewoners.",
                    "The alderman arrived. She visited the area.",
                ),
                good(
                    "Dat is zo. Maar er is meer.",
                    "That is true, but there is more.",
                ),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, target) = (length(pair.source()), length(pair.target()));
        let ratio = target as f64 / source.max(1) as f64;
        let fewer = sentences(pair.target()) < sentences(pair.source());
        let gone = (ratio < 0.46 && source >= SHORTEST) || (fewer && ratio < 0.64 && source >= 40);
        if !gone {
            return Vec::new();
        }
        let message = format!(
            "the English has {:.0} % of the Dutch text's length: something is missing",
            ratio * 100.0
        );
        vec![Finding::error("omission", message).at_source(Span::new(0, pair.source().len()))]
    }
}

impl Check for Addition {
    fn name(&self) -> &'static str {
        "addition"
    }

    fn summary(&self) -> &'static str {
        "the English says something that has no Dutch"
    }

    fn reason(&self) -> &'static str {
        "Only alignment can tell: a sentence of an existing edition that it left without a partner."
    }

    fn examples(&self) -> &'static [Example] {
        &[]
    }

    fn run(&self, _: &Pair<'_>) -> Vec<Finding> {
        Vec::new()
    }
}

impl Check for Length {
    fn name(&self) -> &'static str {
        "length"
    }

    fn summary(&self) -> &'static str {
        "the English is far longer or shorter than the Dutch"
    }

    fn reason(&self) -> &'static str {
        "Between half and twice the length everything occurs; what lies outside is worth a look. Texts below 60 characters vary freely."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De onderzoekers verwachten dat de resultaten in het voorjaar bekend worden gemaakt.",
                    "The researchers expect that the results will be made public in the spring, and they also expect that they will be made public in the spring, and then that they will be made public.",
                ),
                good("Ja.", "Yes, that is certainly so."),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, target) = (length(pair.source()), length(pair.target()));
        let ratio = target as f64 / source.max(1) as f64;
        if source >= SHORTEST && !(0.5..=2.0).contains(&ratio) {
            let message = format!(
                "the English has {:.0} % of the Dutch text's length",
                ratio * 100.0
            );
            return vec![Finding::warning("length", message)];
        }
        Vec::new()
    }
}
