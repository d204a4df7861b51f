//! Sentences and clauses that were dropped, and lengths that cannot be right.

use super::contract::{Check, CheckedPair};
use super::coverage::{self, Cover};
use super::example::{Example, bad, good};
use super::quotes::quotations;
use crate::bitext::{Finding, Role, Span, Unit};
use crate::language::sentence_start::sentences;
use crate::language::text_view::TextView;
use crate::language::{word_knowledge, word_lists};
use std::ops::Range;

/// A sentence or a clause with content is missing.
pub struct OmissionCheck;

/// A clause that the source does not have.
pub struct AdditionCheck;

/// The lengths do not fit.
pub struct LengthCheck;

/// Shorter texts vary freely; in characters without blanks.
const SHORTEST: usize = 40;

/// The logarithm of English length by Dutch length, in characters without blanks: −0.13 on average
/// in 1,960 human pairs of news and encyclopedia (FLORES dev, NTREX), with a deviation of 0.18
/// below 90 Dutch characters, 0.13 up to 180 and 0.11 above. `tests/lengths.py PAIRS` prints these
/// figures for a table of pairs, and how many pairs lie outside of each bound of this file.
const USUAL: f64 = -0.13;

/// Room on either side below [`SHORTEST`]: three times the length, or a quarter of it. The largest
/// distance of a human pair of 12 to 40 characters is 1.0 (78 pairs). Above, the room is 7 / √n,
/// which is 4.4 to 5.8 deviations.
const SHORT_ROOM: f64 = 1.25;

/// The one finding of a unit that alignment left without a partner; none for other units. Furniture
/// is left alone.
pub fn alone(unit: &Unit) -> Option<Finding> {
    let lone = (
        unit.source_segments.is_empty(),
        unit.target_segments.is_empty(),
    );
    if unit.role == Role::Furniture || unit.confidence.is_none() || lone.0 == lone.1 {
        return None;
    }
    // 0.999 is not a certainty.
    let sure = (unit.confidence? * 100.0 + 0.001).floor();
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

fn length(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

impl Check for OmissionCheck {
    fn name(&self) -> &'static str {
        "omission"
    }

    fn summary(&self) -> &'static str {
        "a sentence or a clause was dropped"
    }

    fn reason(&self) -> &'static str {
        "Fewer sentences are only evidence: joined ones are right. It takes a clause of which no \
         content word stands in the English, by the lexicon, and a length that is missing it."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De wethouder kwam aan. Zij bezocht de wijk. Daarna sprak zij met de bewoners.",
                    "The alderman arrived. She visited the area.",
                ),
                bad(
                    "De brandweer rukte met vijf wagens uit, maar kon niet voorkomen dat het dak \
                     van de fabriek instortte.",
                    "The fire brigade turned out with five engines.",
                ),
                good(
                    "Dat is zo. Maar er is meer.",
                    "That is true, but there is more.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.length(), pair.target.length());
        let ratio = target as f64 / source.max(1) as f64;
        if ratio > 0.9 {
            return Vec::new();
        }
        let fewer = || sentences(pair.target.text) < sentences(pair.source.text);
        let whole = Span::new(0, pair.source.text.len());
        let share = format!(
            "the English has {:.0} % of the Dutch text's length",
            ratio * 100.0
        );
        let is_missing = || ratio < 0.64 && source >= 40 && fewer() && !is_joined(pair, ratio);
        if (ratio < 0.46 && source >= 60) || is_missing() {
            return vec![
                Finding::error("omission", format!("{share}: something is missing"))
                    .at_source(whole),
            ];
        }
        if !pair.is_short() {
            return Vec::new();
        }
        // Of a list of names two or more are gone, and the length with them.
        let gone = lost_names(&pair.source, &pair.target);
        if ratio < 0.75
            && gone.len() >= 2
            && let (Some(&first), Some(&last)) = (gone.first(), gone.last())
        {
            let names: Vec<&str> = gone.iter().map(|&at| pair.source.raw(at)).collect();
            let words = &pair.source.words;
            let span = Span::new(words[first].span.start, words[last].span.end);
            let message = format!("{} are not in the English; {share}", names.join(", "));
            let finding = if gone.len() > 2 || ratio < 0.6 {
                Finding::error("omission", message)
            } else {
                Finding::warning("omission", message)
            };
            return vec![finding.at_source(span)];
        }
        let covers = coverage::of_source(&pair.source, &pair.target);
        let opening = [word_lists::get("clause.opening"), &["en"]].concat();
        let Some((clause, lost)) = dropped(&pair.source, &covers, &opening) else {
            return Vec::new();
        };
        let span = Span::new(
            pair.source.words[clause.start].span.start,
            pair.source.words[clause.end - 1].span.end,
        );
        let part = length(span.of(pair.source.text)) as f64 / source.max(1) as f64;
        // A whole quotation that stands there, too, was put in other words.
        let (own, theirs) = (
            quotations(pair.source.text).0,
            quotations(pair.target.text).0,
        );
        let is_whole = |quotation: &Span| {
            let words = quotation.of(pair.source.text);
            words.trim_matches(|c: char| !c.is_alphanumeric()) == span.of(pair.source.text)
        };
        if own.len() == theirs.len() && own.iter().any(is_whole) {
            return Vec::new();
        }
        // What is gone has to be missing in the length, too: free wording keeps it.
        if ratio > 1.12 - 0.8 * part || part < 0.15 {
            return Vec::new();
        }
        let message = format!(
            "“{}” has no counterpart; {share}",
            span.of(pair.source.text)
        );
        let sure = lost >= 2
            && (ratio < 0.66
                || ratio < 0.72 && lost >= 3
                || names_gone(&pair.source, &pair.target, clause.clone()))
            || lost >= 4 && ratio < 0.78
            || has_names(&pair.source, clause.clone())
                && names_gone(&pair.source, &pair.target, clause.clone());
        if !sure && (lost < 3 || ratio > 0.8) {
            return Vec::new();
        }
        let finding = if sure {
            Finding::error("omission", message)
        } else {
            Finding::warning("omission", message)
        };
        vec![finding.at_source(span)]
    }
}

/// Whether several sentences became one that has most of their words: the length goes with what was
/// said twice.
fn is_joined(pair: &CheckedPair<'_>, ratio: f64) -> bool {
    const SHORTEST: f64 = 0.55;
    if ratio < SHORTEST || !pair.is_short() {
        return false;
    }
    let covers = coverage::of_source(&pair.source, &pair.target);
    let count = |what: Cover| covers.iter().filter(|cover| **cover == what).count();
    let (found, lost) = (count(Cover::Found), count(Cover::Lost));
    found >= 3 && found >= 2 * lost
}

/// The longest clause of which next to nothing stands on the other side, with the number of its
/// lost words, where the rest does stand there.
fn dropped(
    side: &TextView<'_>,
    covers: &[Cover],
    opening: &[&str],
) -> Option<(Range<usize>, usize)> {
    let count =
        |range: Range<usize>, what: Cover| covers[range].iter().filter(|c| **c == what).count();
    let all = 0..side.len();
    let found = count(all.clone(), Cover::Found);
    let (clause, lost) = coverage::clauses(side, opening)
        .into_iter()
        .map(|clause| {
            let lost = count(clause.clone(), Cover::Lost);
            (clause, lost)
        })
        .filter(|(clause, lost)| {
            let own = count(clause.clone(), Cover::Found);
            (own == 0
                && (*lost >= 2
                    || *lost == 1 && clause.len() >= 3 && has_names(side, clause.clone())))
                || *lost >= 5 && own * 5 <= *lost
        })
        .max_by_key(|(_, lost)| *lost)?;
    let elsewhere = count(all, Cover::Lost) - lost;
    (found >= 1 && found * 2 >= elsewhere).then_some((clause, lost))
}

/// Capitalised words within the source that nothing in the target resembles, and that no list
/// knows.
fn lost_names(source: &TextView<'_>, target: &TextView<'_>) -> Vec<usize> {
    (0..source.len())
        .filter(|&at| {
            let word = &source.words[at];
            let lower = source.word(at);
            // A title in English, as the Dutch has it: `Global Citizen`.
            let known = word_knowledge::is_dutch(lower)
                || word_knowledge::is_english(lower)
                || word_knowledge::renderings(lower).is_some();
            let alike = |j: usize| {
                let other = target.word(j);
                other.get(..3).is_some_and(|start| lower.starts_with(start))
            };
            word.capital
                && !word.opens
                && !word.upper
                && lower.chars().count() >= 5
                && !known
                && !(0..target.len()).any(alike)
        })
        .collect()
}

fn has_names(side: &TextView<'_>, clause: Range<usize>) -> bool {
    clause
        .into_iter()
        .filter(|&at| side.words[at].capital && !side.words[at].opens)
        .count()
        >= 2
}

/// Whether the capitalised words of a clause stand nowhere on the other side.
fn names_gone(source: &TextView<'_>, target: &TextView<'_>, clause: Range<usize>) -> bool {
    let mut names = clause
        .into_iter()
        .filter(|&at| source.words[at].capital && !source.words[at].opens)
        .peekable();
    names.peek().is_some()
        && names.all(|at| {
            !(0..target.len()).any(|j| {
                target
                    .word(j)
                    .starts_with(source.word(at).trim_end_matches('s'))
            })
        })
}

impl Check for AdditionCheck {
    fn name(&self) -> &'static str {
        "addition"
    }

    fn summary(&self) -> &'static str {
        "the English says something that the Dutch does not"
    }

    fn reason(&self) -> &'static str {
        "The mirror image of `omission`: a clause of which no content word comes from the source, \
         in a text that is too long by about that much."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De brug is dicht.",
                    "The bridge is closed, and the alderman expects the repairs to take several \
                     months.",
                ),
                good("Ja.", "Yes, that is certainly so."),
                good(
                    "De brug is dicht, meldt de gemeente.",
                    "The bridge is closed, according to the municipality.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.length(), pair.target.length());
        let ratio = target as f64 / source.max(1) as f64;
        if ratio < 1.35 || target < SHORTEST || pair.source.len() < 3 || !pair.is_short() {
            return Vec::new();
        }
        let covers = coverage::of_target(&pair.source, &pair.target);
        let opening = ["but", "while", "because", "although", "after", "and"];
        let Some((clause, lost)) = dropped(&pair.target, &covers, &opening) else {
            return Vec::new();
        };
        let span = Span::new(
            pair.target.words[clause.start].span.start,
            pair.target.words[clause.end - 1].span.end,
        );
        let part = length(span.of(pair.target.text)) as f64 / target.max(1) as f64;
        // A text of which nothing stands in the other is put in other words.
        if lost < 3 || part < 0.25 || clause.len() == pair.target.len() {
            return Vec::new();
        }
        let message = format!("“{}” has nothing in the Dutch", span.of(pair.target.text));
        vec![Finding::warning("addition", message).at_target(span)]
    }
}

impl Check for LengthCheck {
    fn name(&self) -> &'static str {
        "length"
    }

    fn summary(&self) -> &'static str {
        "the English is far longer or shorter than the Dutch"
    }

    fn reason(&self) -> &'static str {
        "Between two fifths and twice the length everything occurs, and less the longer the text \
         is; the rest is worth a look. Texts of 12 to 40 characters may have from a quarter to \
         three times the length, shorter ones up to eight times."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De onderzoekers verwachten dat de resultaten in het voorjaar bekend worden \
                     gemaakt.",
                    "The researchers expect that the results will be made public in the spring, \
                     and they also expect that they will be made public in the spring, and then \
                     that they will be made public.",
                ),
                bad(
                    "Foto: Jan Tuinstra",
                    "Photo: Jan Tuinstra, who lives in the north and has shown his work in many \
                     museums.",
                ),
                good("Ja.", "Yes, that is certainly so."),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.length(), pair.target.length());
        let ratio = target as f64 / source.max(1) as f64;
        let room = match source {
            0..3 => return Vec::new(),
            3..12 if ratio < 8.0 || target < 60 => return Vec::new(),
            3..12 => 0.0,
            12..SHORTEST => SHORT_ROOM,
            _ => (7.0 / (source as f64).sqrt()).clamp(0.55, 1.05),
        };
        if (ratio.ln() - USUAL).abs() > room {
            let message = format!(
                "the English has {:.0} % of the Dutch text's length",
                ratio * 100.0
            );
            return vec![Finding::warning("length", message)];
        }
        Vec::new()
    }
}
