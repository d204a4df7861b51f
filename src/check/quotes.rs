//! Quotations that were lost or never closed.

use super::{Check, Example, Pair, bad, good};
use crate::bitext::{Finding, Span};

/// Quotations.
pub struct Quotes;

/// The quotations of a text, and whether one stays open.
fn quotations(text: &str) -> (Vec<Span>, Option<usize>) {
    let mut spans = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut left: Option<char> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let right = chars.peek().map(|&(_, c)| c);
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let apostrophe = matches!(c, '\'' | '’')
            && (letter(left) && (letter(right) || open.is_none_or(|(_, q)| q != c))
                || (!letter(left) && is_clitic(&text[at + c.len_utf8()..])));
        if !apostrophe {
            match open {
                None => {
                    // A closing mark whose opening one stands elsewhere is a quotation too.
                    if matches!(c, '"' | '”')
                        && left.is_some_and(|l| !l.is_whitespace())
                        && !letter(right)
                    {
                        spans.push(Span::new(0, at + c.len_utf8()));
                        left = Some(c);
                        continue;
                    }
                    let closer = match c {
                        '“' | '„' | '”' if !letter(left) => Some('”'),
                        '‘' | '‚' => Some('’'),
                        '"' if !letter(left) => Some('"'),
                        '\'' if !letter(left) && letter(right) => Some('\''),
                        '«' => Some('»'),
                        _ => None,
                    };
                    if let Some(closer) = closer {
                        open = Some((at, closer));
                    }
                }
                Some((start, closer)) => {
                    let closes = c == closer
                        || (closer == '”' && matches!(c, '“' | '"'))
                        || (closer == '’' && c == '\'' && !letter(right));
                    if closes && !(c == '’' && letter(right)) {
                        spans.push(Span::new(start, at + c.len_utf8()));
                        open = None;
                    }
                }
            }
        }
        left = Some(c);
    }
    (spans, open.map(|(at, _)| at))
}

/// Whether what follows an apostrophe makes it no quotation mark: `'s avonds`, `'t`, `'90`.
fn is_clitic(rest: &str) -> bool {
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    ["s", "t", "n", "k", "m", "em", "til", "cause"].contains(&word.as_str())
        || (word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit()))
}

impl Check for Quotes {
    fn name(&self) -> &'static str {
        "quotes"
    }

    fn summary(&self) -> &'static str {
        "a quotation was lost, or opened and not closed"
    }

    fn reason(&self) -> &'static str {
        "What somebody said must stay inside its marks. Single or double marks and the place of the comma are style; an interrupted quotation may become one; marks around a single word may go."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De minister noemde het plan ‘volstrekt onhaalbaar’.",
                    "The minister called the plan completely unfeasible.",
                ),
                bad(
                    "“We hebben gewonnen”, riep de aanvoerder.",
                    "“We won, the captain shouted.",
                ),
                good(
                    "‘Wij gaan naar huis,’ zei hij.",
                    "“We're going home,” he said.",
                ),
                good(
                    "’s Avonds sloot hij z'n foto's weg.",
                    "In the evening he locked away the players' photos.",
                ),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, source_open) = quotations(pair.source.text);
        let (target, target_open) = quotations(pair.target.text);
        if let (Some(at), None) = (target_open, source_open) {
            if !source.is_empty() {
                let span = Span::new(
                    at,
                    at + pair.target.text[at..]
                        .chars()
                        .next()
                        .map_or(0, char::len_utf8),
                );
                return vec![
                    Finding::error("quotes", "a quotation is opened and not closed")
                        .at_target(span),
                ];
            }
            return Vec::new();
        }
        if source.len() <= target.len() || source_open.is_some() {
            return Vec::new();
        }
        let inside = |spans: &[Span], text: &str| -> usize {
            spans
                .iter()
                .map(|s| s.of(text).split_whitespace().count())
                .sum()
        };
        let (before, after) = (
            inside(&source, pair.source.text),
            inside(&target, pair.target.text),
        );
        let share =
            |part: usize, text: &str| part as f64 / text.split_whitespace().count().max(1) as f64;
        if share(after, pair.target.text) >= 0.65 * share(before, pair.source.text) {
            return Vec::new();
        }
        let lost = source.len() - target.len();
        let first = source[0];
        // Marks around one word or a title are a matter of style.
        let short = before <= 3 && share(before, pair.source.text) < 0.2
            || source
                .iter()
                .all(|s| s.of(pair.source.text).split_whitespace().count() < 2);
        let message = format!("{lost} of {} quotations lost their marks", source.len());
        let finding = if short {
            Finding::warning("quotes", message)
        } else {
            Finding::error("quotes", message)
        };
        vec![finding.at_source(first)]
    }
}
