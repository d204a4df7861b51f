//! Quotations that were lost, never closed, or no longer hold what they held.
//!
//! `‘…,’ zei ze. ‘…’` may be one in English; `“We won, the captain said.` never closes; marks
//! around one word are style.

use super::contract::{Check, CheckContext, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Severity, Span, State, Unit};
use crate::language::text_view::{TextView, WordShape};

/// Quotations.
pub struct QuotesCheck;

/// The quotations of a text, and whether one stays open.
pub(super) fn quotations(text: &str) -> (Vec<Span>, Option<usize>) {
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

impl Check for QuotesCheck {
    fn name(&self) -> &'static str {
        "quotes"
    }

    fn summary(&self) -> &'static str {
        "a quotation was lost, or opened and not closed"
    }

    fn reason(&self) -> &'static str {
        "What somebody said must stay inside its marks. Single or double marks and the place of \
         the comma are style; an interrupted quotation may become one; marks around a single word \
         may go."
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
                bad(
                    "Hij zei: “We missen 40 ton.” Dat is veel.",
                    "He said: “We are missing tons.” At 40, that is a lot.",
                ),
                bad("Het werd laat.", "It “got late."),
                bad("Dat is alles.” Hij zweeg.", "That is all. He was silent.").after(
                    "De voorzitter zei: “We wachten af.",
                    "The chairman said: “We will wait.",
                ),
                good("Dat is alles.” Hij zweeg.", "That is all.” He was silent.").after(
                    "De voorzitter zei: “We wachten af.",
                    "The chairman said: “We will wait.",
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

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        if !marked(pair.source.text) && !marked(pair.target.text) {
            return Vec::new();
        }
        let (source, source_open) = quotations(pair.source.text);
        let (target, target_open) = quotations(pair.target.text);
        if let (Some(at), None) = (target_open, source_open) {
            if source.is_empty() {
                return Vec::new();
            }
            let mark = pair.target.text[at..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
            return vec![
                Finding::error("quotes", "a quotation is opened and not closed")
                    .at_target(Span::new(at, at + mark)),
            ];
        }
        if source_open.is_some() {
            return Vec::new();
        }
        let opened =
            |spans: &[Span], text: &str| spans.iter().all(|span| span.of(text).starts_with(MARKS));
        if !source.is_empty()
            && opened(&source, pair.source.text)
            && !opened(&target, pair.target.text)
        {
            let span = target
                .iter()
                .find(|span| !span.of(pair.target.text).starts_with(MARKS))
                .copied()
                .unwrap_or_default();
            let mark = pair.target.text[..span.end]
                .chars()
                .next_back()
                .map_or(0, char::len_utf8);
            // At the start of a segment the mark may stand in the segment before.
            let finding = Finding::new(
                "quotes",
                if span.start == 0 && target.len() == 1 {
                    Severity::Warning
                } else {
                    Severity::Error
                },
                "a quotation is closed and was not opened",
            );
            return vec![finding.at_target(Span::new(span.end - mark, span.end))];
        }
        if source.len() > target.len() {
            let found = lost(pair, &source, &target);
            let found = found.or_else(|| slipped(pair, &source, &target));
            return found.into_iter().collect();
        }
        if source.len() == target.len() && !source.is_empty() && pair.is_short() {
            let found = moved(pair, &source, &target);
            let found = found.or_else(|| widened(pair, &source, &target));
            return found.into_iter().collect();
        }
        Vec::new()
    }

    /// A quotation may go on in the next unit. Where it ends there in the Dutch, or the Dutch has
    /// none, it has to end there in the English.
    fn document(&self, units: &[Unit], _: &CheckContext<'_>) -> Vec<(usize, Finding)> {
        let mut findings = Vec::new();
        for (index, unit) in units.iter().enumerate() {
            let (dutch, english) = (&unit.source.plain, &unit.target.plain);
            if unit.state == State::Untranslated || dutch.is_empty() || !marked(english) {
                continue;
            }
            let (spans, open) = quotations(dutch);
            // Marks that are apostrophes too prove nothing without a partner.
            let (_, Some(at)) = quotations(english) else {
                continue;
            };
            if !english[at..].starts_with(['“', '”', '„', '"', '«']) {
                continue;
            }
            let next = units.get(index + 1);
            let ends = |text: fn(&Unit) -> &str| {
                next.is_some_and(|next| {
                    let (spans, _) = quotations(text(next));
                    spans
                        .iter()
                        .any(|span| !span.of(text(next)).starts_with(MARKS))
                })
            };
            let lost = match open {
                Some(_) => ends(|unit| &unit.source.plain),
                // One that begins a unit may run on for many.
                None => spans.is_empty() && at > 0,
            };
            if lost && !ends(|unit| &unit.target.plain) {
                let mark = english[at..].chars().next().map_or(0, char::len_utf8);
                findings.push((
                    index,
                    Finding::error("quotes", "a quotation is opened and not closed")
                        .at_target(Span::new(at, at + mark)),
                ));
            }
        }
        findings
    }
}

/// Whether there may be a quotation: the leading bytes of all marks, of which most pairs have none.
pub(super) fn marked(text: &str) -> bool {
    text.bytes()
        .any(|b| matches!(b, b'"' | b'\'' | 0xc2 | 0xe2))
}

/// Marks that open or close a quotation.
const MARKS: &[char] = &['“', '”', '„', '"', '‘', '’', '\'', '‚', '«', '»'];

/// A quotation that has words of the sentence around it, too: `"laf" en legde zes jaar op` → `"cowardly
/// and imposed six years."`
fn widened(pair: &CheckedPair<'_>, source: &[Span], target: &[Span]) -> Option<Finding> {
    let ([own], [other]) = (source, target) else {
        return None;
    };
    let words = |text: &str| text.split_whitespace().count().max(1) as f64;
    let share = |span: &Span, text: &str| words(span.of(text)) / words(text);
    let (before, after) = (share(own, pair.source.text), share(other, pair.target.text));
    // English may need more words, and a sentence has at least a verb outside of its quotation.
    let is_wider = after > 1.8 * before && after - before > 0.25;
    (is_wider && words(own.of(pair.source.text)) >= 1.0).then(|| {
        Finding::warning("quotes", "the quotation has more in it than the Dutch one")
            .at_source(*own)
            .at_target(*other)
    })
}

/// Quotations that lost their marks.
fn lost(pair: &CheckedPair<'_>, source: &[Span], target: &[Span]) -> Option<Finding> {
    let words = |spans: &[Span], text: &str| -> usize {
        spans
            .iter()
            .map(|s| s.of(text).split_whitespace().count())
            .sum()
    };
    let (before, after) = (
        words(source, pair.source.text),
        words(target, pair.target.text),
    );
    let share =
        |part: usize, text: &str| part as f64 / text.split_whitespace().count().max(1) as f64;
    // An interrupted quotation may have become one.
    if share(after, pair.target.text) >= 0.65 * share(before, pair.source.text) {
        return None;
    }
    let style = |span: &Span| {
        let inside = span.of(pair.source.text).trim_matches(MARKS);
        let title = inside.split_whitespace().all(|word| {
            word.chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
                || word.chars().count() <= 3
        });
        inside.split_whitespace().count() < 2 || (title && inside.split_whitespace().count() <= 6)
    };
    // Marks around one word or a title are a matter of style.
    let short = before <= 3 && share(before, pair.source.text) < 0.2 || source.iter().all(style);
    // Marks that say that a thing is only called so: English says it in words.
    let called = ["zogeheten ", "zogenoemde ", "zogenaamde "];
    let before_it = |span: &Span| &pair.source.lower[..span.start];
    let is_called = |span: &Span| called.iter().any(|word| before_it(span).ends_with(word));
    if target.is_empty() && source.iter().all(is_called) {
        return None;
    }
    // The name of a ship or a house: English has it without marks.
    let is_name = |span: &Span| {
        let inside = span.of(pair.source.text).trim_matches(MARKS);
        inside.split_whitespace().count() <= 3
            && inside.starts_with(char::is_uppercase)
            && pair.target.text.contains(inside)
    };
    if target.is_empty() && source.iter().all(|span| style(span) && is_name(span)) {
        return None;
    }
    let message = format!(
        "{} of {} quotations lost their marks",
        source.len() - target.len(),
        source.len()
    );
    let finding = if short {
        Finding::warning("quotes", message)
    } else {
        Finding::error("quotes", message)
    };
    let kept = |span: &Span| {
        let inside = span.of(pair.source.text).trim_matches(MARKS);
        target
            .iter()
            .any(|other| other.of(pair.target.text).contains(inside))
    };
    Some(
        finding.at_source(
            source
                .iter()
                .find(|span| !kept(span))
                .copied()
                .unwrap_or(source[0]),
        ),
    )
}

/// A number or a name that stood inside the marks and stands outside of them now; an attribution
/// that slipped in.
fn moved(pair: &CheckedPair<'_>, source: &[Span], target: &[Span]) -> Option<Finding> {
    let within =
        |spans: &[Span], span: Span| spans.iter().position(|quotation| quotation.contains(span));
    for (at, word) in pair.source.words.iter().enumerate() {
        let (raw, Some(rank)) = (pair.source.raw(at), within(source, word.span)) else {
            continue;
        };
        let solid = raw.chars().count() >= 2
            && (word.shape == WordShape::Digits || word.capital && !word.opens);
        if !solid {
            continue;
        }
        let places: Vec<Span> = (0..pair.target.len())
            .filter(|&j| pair.target.raw(j) == raw)
            .map(|j| pair.target.words[j].span)
            .collect();
        // What the source says outside of the marks too may stand anywhere.
        let outside = (0..pair.source.len()).any(|i| {
            pair.source.raw(i) == raw && within(source, pair.source.words[i].span).is_none()
        });
        if let Some(first) = places
            .first()
            .filter(|_| !outside && places.iter().all(|span| within(target, *span).is_none()))
        {
            let message = format!("“{raw}” stands outside of the quotation that it belongs to");
            return Some(
                Finding::error("quotes", message)
                    .at_source(source[rank])
                    .at_target(*first),
            );
        }
    }
    slipped(pair, source, target)
}

/// An attribution that slipped into the marks: `“It is over, says the chairman.”`
fn slipped(pair: &CheckedPair<'_>, source: &[Span], target: &[Span]) -> Option<Finding> {
    let within = |spans: &[Span], span: Span| spans.iter().any(|quoted| quoted.contains(span));
    const SAYS: [&str; 11] = [
        "zei",
        "zegt",
        "aldus",
        "vertelt",
        "vertelde",
        "said",
        "says",
        "told",
        "tells",
        "according",
        "adds",
    ];
    let inside = |side: &TextView<'_>, spans: &[Span]| {
        (0..side.len())
            .find(|&at| SAYS.contains(&side.word(at)) && within(spans, side.words[at].span))
    };
    let outside = |side: &TextView<'_>, spans: &[Span]| {
        (0..side.len())
            .any(|at| SAYS.contains(&side.word(at)) && !within(spans, side.words[at].span))
    };
    let at = inside(&pair.target, target)?;
    (inside(&pair.source, source).is_none()
        && outside(&pair.source, source)
        && !outside(&pair.target, target))
    .then(|| {
        Finding::warning("quotes", "the attribution stands inside the quotation")
            .at_target(pair.target.words[at].span)
    })
}
