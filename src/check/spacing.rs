//! Spaces too many and too few: at marks, and at codes and tags.
//!
//! `Bekijk een <a>korte video</a> van` → `Watch a<a>short video</a>of` joins words.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{CodeKind, Finding, Span, Text};
use crate::language::literals::LiteralKind;
use crate::language::text_view::{TextView, WordShape};
use crate::language::word_knowledge;

/// Spaces.
pub struct SpacingCheck;

impl Check for SpacingCheck {
    fn name(&self) -> &'static str {
        "spacing"
    }

    fn summary(&self) -> &'static str {
        "a space or a mark too many, or a space missing"
    }

    fn reason(&self) -> &'static str {
        "Two spaces, one before a comma, none behind it and a mark twice are slips that can be \
         mended at a click; what the source has in the same way is left alone. Words that run \
         together at a link or a tag are an error."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("Hij zweeg, zij sprak.", "He was silent ,she spoke."),
                bad("De kade, dus, is nat.", "The quay,then, is wet."),
                bad(
                    "De kade is nat. De sluis is open.",
                    "The quay is wet.The lock is open.",
                ),
                bad("De kade is nat.", "The quay is wet.."),
                bad(
                    "Een <a>korte video</a> van de stad.",
                    "A<a>short video</a> of the city.",
                ),
                bad("Klik op <b>Opslaan</b>.", "Click<b>Save</b>.").as_text(),
                good("Hij zweeg ... zij sprak.", "He was silent ... she spoke."),
                good(
                    "Meer op Booking.com, 10,5 meter.",
                    "More on Booking.com, 10.5 meters.",
                ),
                good(
                    "De H<sub>2</sub>O is schoon.",
                    "The H<sub>2</sub>O is clean.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let mut findings = at_spaces(pair.source.text, pair.target.text);
        findings.extend(missing_behind(pair));
        findings.extend(doubled_marks(pair));
        findings.extend(joined_words(pair));
        findings.extend(at_pairs_of_marks(pair.source.text, pair.target.text));
        findings.extend(at_codes(&pair.unit.source, &pair.unit.target));
        findings.extend(at_tags(pair));
        findings
    }
}

/// Two spaces, and spaces before a mark.
fn at_spaces(source: &str, target: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let bytes = target.as_bytes();
    for (at, _) in target.match_indices(' ') {
        let next = bytes.get(at + 1).copied();
        let after = bytes.get(at + 2).copied();
        if next == Some(b' ') && !source.contains("  ") {
            let finding = Finding::warning("spacing", "two spaces");
            findings.push(finding.at_target(Span::new(at, at + 2)).suggest(" "));
        } else if let Some(mark @ (b',' | b';' | b':' | b'!' | b'?' | b'.')) = next
            // `.NET`, ` ...`
            && (mark != b'.' || after.is_none_or(|after| after.is_ascii_whitespace()))
            && after != Some(b')')
            && !has_space_before(source, char::from(mark))
        {
            let mark = char::from(mark);
            let finding = Finding::warning("spacing", format!("a space before “{mark}”"));
            let span = Span::new(at, at + 2);
            findings.push(finding.at_target(span).suggest(mark.to_string()));
        }
    }
    findings
}

/// Words without the space between them: `alongthe`, `12kilometers`.
fn joined_words(pair: &CheckedPair<'_>) -> Vec<Finding> {
    let side = &pair.target;
    let mut findings = Vec::new();
    for at in 0..side.len() {
        let (word, raw) = (&side.words[at], side.raw(at));
        if pair.source.text.contains(raw) {
            continue;
        }
        let parts = match word.shape {
            WordShape::Mixed => {
                let digits = raw.trim_end_matches(|c: char| c.is_ascii_lowercase());
                let unit = &raw[digits.len()..];
                let is_number = digits
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b".,".contains(&b));
                (is_number && unit.len() >= 4 && word_knowledge::is_english(unit))
                    .then_some((digits, unit))
            }
            WordShape::Letters if !word.capital && !word_knowledge::is_english(raw) => {
                let ends = [
                    "the", "and", "of", "for", "with", "from", "that", "was", "were",
                ];
                ends.iter().find_map(|end| {
                    let first = raw.strip_suffix(end)?;
                    (first.len() >= 3 && word_knowledge::is_english(first)).then_some((first, *end))
                })
            }
            _ => None,
        };
        if let Some((first, second)) = parts {
            let message = format!("no space between “{first}” and “{second}”");
            findings.push(
                Finding::warning("spacing", message)
                    .at_target(word.span)
                    .suggest(format!("{first} {second}")),
            );
        }
    }
    findings
}

/// Spaces on the inner side of brackets and quotation marks, and none on the outer side of a
/// bracket: `( with`, `" come on "`, `city(with`.
fn at_pairs_of_marks(source: &str, target: &str) -> Vec<Finding> {
    let wrong = places_at_pairs(target);
    if wrong.is_empty() || !places_at_pairs(source).is_empty() {
        return Vec::new();
    }
    let findings = wrong.into_iter().map(|(span, message)| {
        let text = span.of(target);
        let with = if text.contains(' ') {
            text.replace(' ', "")
        } else {
            text.replace('(', " (")
        };
        Finding::warning("spacing", message)
            .at_target(span)
            .suggest(with)
    });
    findings.collect()
}

fn places_at_pairs(text: &str) -> Vec<(Span, &'static str)> {
    let mut found = Vec::new();
    let mut quotes = 0;
    // With more marks than two it is open which of them open a quotation.
    let is_one = text.matches('"').count() == 2;
    let mut last = '\n';
    for (at, c) in text.char_indices() {
        let start = at - if at == 0 { 0 } else { last.len_utf8() };
        let span = Span::new(start, at + c.len_utf8());
        let is_open = is_one && quotes == 1;
        let is_behind = c == ' ' && (matches!(last, '(' | '“') || last == '"' && is_open);
        // `called the ”Indomitable”`: a wrong mark, but it opens.
        let opens = text[at + c.len_utf8()..].starts_with(char::is_alphanumeric);
        let closes = c == ')' || c == '”' && !opens || c == '"' && is_open;
        let is_before = last == ' ' && closes;
        if is_behind || is_before {
            found.push((span, "a space on the inner side"));
        } else if c == '(' && last.is_alphabetic() && is_aside(&text[at + 1..]) {
            found.push((span, "no space before “(”"));
        }
        quotes += usize::from(c == '"');
        last = c;
    }
    found
}

/// Whether a bracket holds words, not an ending or the argument of a function: `child(ren)`, `f(x)`.
fn is_aside(rest: &str) -> bool {
    let inside = rest.split(')').next().unwrap_or_default();
    inside.trim().contains(' ')
}

/// Whether the source, too, puts a space before this mark.
fn has_space_before(source: &str, mark: char) -> bool {
    source
        .match_indices(mark)
        .any(|(at, _)| source[..at].ends_with([' ', '\u{a0}']))
}

/// Whether a word is one of running text.
fn is_plain(side: &TextView<'_>, at: usize) -> bool {
    side.words
        .get(at)
        .is_some_and(|word| word.shape == WordShape::Letters)
}

/// A mark between two words without a space behind it: `quay,then`, `wet.The`.
fn missing_behind(pair: &CheckedPair<'_>) -> Vec<Finding> {
    let side = &pair.target;
    let mut findings = Vec::new();
    for at in 1..side.len() {
        let gap = side.gap(at - 1);
        let mark = match gap {
            "," | ";" => true,
            // `Price:12`, where the Dutch has a space.
            ":" => {
                side.word(at - 1).chars().count() > 2
                    && pair.source.text.contains(": ")
                    && side.words[at - 1].shape == WordShape::Letters
            }
            // A new sentence, not a name such as `Node.js` or an abbreviation.
            "." | "!" | "?" => {
                side.raw(at).chars().nth(1).is_some_and(char::is_lowercase)
                    && side.words[at].capital
                    && side.word(at - 1).chars().count() > 2
                    && side.raw(at - 1).ends_with(char::is_lowercase)
            }
            _ => false,
        };
        let span = Span::new(side.words[at - 1].span.start, side.words[at].span.end);
        let is_reference = side.text[..span.start].ends_with('&');
        if mark
            && !is_reference
            && is_plain(side, at - 1)
            && is_plain(side, at)
            && !pair.source.text.contains(span.of(side.text))
        {
            let (start, end) = (side.words[at - 1].span.end, side.words[at].span.start);
            let finding = Finding::warning("spacing", format!("no space behind “{gap}”"));
            let finding = finding.at_target(Span::new(start, end));
            findings.push(finding.suggest(format!("{gap} ")));
        }
    }
    findings
}

/// A mark that stands twice, `..` or `,,`, but for an ellipsis.
fn doubled_marks(pair: &CheckedPair<'_>) -> Vec<Finding> {
    let (source, target) = (pair.source.text, pair.target.text);
    let mut findings = Vec::new();
    for mark in ["..", ",,", ";;", ",.", ".,"] {
        for (at, _) in target.match_indices(mark) {
            let longer = target[..at].ends_with('.') || target[at + 2..].starts_with('.');
            let literal =
                |l: &crate::language::literals::Literal| (l.span.start..l.span.end).contains(&at);
            // `etc.,` and `U.S.,` end in a point of their own.
            let own = mark == ".," && is_abbreviation(&target[..at]);
            if longer || own || source.contains(mark) || pair.target.literals.iter().any(literal) {
                continue;
            }
            let finding = Finding::warning("spacing", format!("“{mark}” is a mark too many"));
            let span = Span::new(at, at + mark.len());
            findings.push(finding.at_target(span).suggest(&mark[..1]));
        }
    }
    findings
}

/// Whether a text ends with a word that may be followed by a point: of at most five letters.
fn is_abbreviation(text: &str) -> bool {
    let word = text
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    word.chars().count() <= 5
}

/// Whether letters or digits meet at a place: no space parts what stands left and right of it.
fn meet(left: &str, right: &str) -> bool {
    left.ends_with(char::is_alphanumeric) && right.starts_with(char::is_alphanumeric)
}

/// Words that run together at an inline code that parts them in the source.
fn at_codes(source: &Text, target: &Text) -> Vec<Finding> {
    let joined = |text: &Text, at: usize| {
        text.plain
            .get(..at)
            .zip(text.plain.get(at..))
            .is_some_and(|(a, b)| meet(a, b))
    };
    let mut findings = Vec::new();
    for code in &target.codes {
        if !joined(target, code.at) {
            continue;
        }
        let key = |other: &&crate::bitext::Code| (other.id, other.kind) == (code.id, code.kind);
        if let Some(own) = source.codes.iter().find(key)
            && !joined(source, own.at)
        {
            let side = match code.kind {
                CodeKind::Open => "before",
                CodeKind::Close => "behind",
                CodeKind::Empty => "at",
            };
            let name = if code.data.is_empty() {
                &code.label
            } else {
                &code.data
            };
            let message = format!("words run together {side} {name}");
            let first = target.plain[..code.at].char_indices().next_back();
            let start = first.map_or(0, |(at, _)| at);
            let last = target.plain[code.at..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
            let finding = Finding::error("spacing", message);
            findings.push(finding.at_target(Span::new(start, code.at + last)));
        }
    }
    findings
}

/// Words that run together at a tag that stands as text.
fn at_tags(pair: &CheckedPair<'_>) -> Vec<Finding> {
    // Per tag: the text, and whether it touches a letter on its outer side.
    let touching = |side: &TextView<'_>| -> Vec<(Span, bool)> {
        let tags = side.literals.iter().filter(|l| l.kind == LiteralKind::Tag);
        tags.map(|tag| {
            let closes = tag.span.of(side.text).starts_with("</");
            let touches = if closes {
                side.text[tag.span.end..].starts_with(char::is_alphanumeric)
            } else {
                side.text[..tag.span.start].ends_with(char::is_alphanumeric)
            };
            (tag.span, touches)
        })
        .collect()
    };
    let theirs = touching(&pair.target);
    if theirs.iter().all(|(_, touches)| !touches) {
        return Vec::new();
    }
    let own = touching(&pair.source);
    let mut findings = Vec::new();
    for (span, _) in theirs.iter().filter(|(_, touches)| *touches) {
        let text = span.of(pair.target.text);
        let same = |(other, _): &&(Span, bool)| other.of(pair.source.text) == text;
        if own.iter().find(same).is_some_and(|(_, touches)| !touches) {
            let message = format!("words run together at {text}");
            findings.push(Finding::error("spacing", message).at_target(*span));
        }
    }
    findings
}
