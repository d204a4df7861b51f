//! Characters that no text has: text read in a wrong encoding, controls, marks that cannot be seen,
//! letters of another script that look like Latin ones.
//!
//! `cafÃ©` is `café` in UTF-8, read as Windows-1252.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};
use encoding_rs::WINDOWS_1252;
use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;

/// Characters.
pub struct CharactersCheck;

/// Whether a character has no place in a text of words: U+FFFD, and controls but for white space.
fn is_broken(c: char) -> bool {
    c == '\u{fffd}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Whether a character has no width, and no use between Latin letters.
fn is_invisible(c: char) -> bool {
    let marks = ['\u{ad}', '\u{2060}', '\u{feff}'];
    marks.contains(&c)
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a run of characters beyond ASCII is when its bytes in Windows-1252 are UTF-8; none where
/// they are not, or where that is not a letter, mark or sign of a European text.
fn misread(run: &str) -> Option<String> {
    let (bytes, _, unmappable) = WINDOWS_1252.encode(run);
    let text = std::str::from_utf8(&bytes).ok()?;
    let usual = |c: char| matches!(c, '\u{a0}'..='\u{17f}' | '\u{2010}'..='\u{203a}' | '€');
    (!unmappable && !text.is_empty() && text.chars().all(usual)).then(|| text.to_owned())
}

/// The runs of characters beyond ASCII, as bytes.
fn foreign_runs(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| !c.is_ascii())?;
        let length = text[start..].find(|c: char| c.is_ascii());
        at = length.map_or(text.len(), |length| start + length);
        Some(Span::new(start, at))
    })
}

/// Letters of another script among Latin ones, or instead of them, and the word in Latin letters.
fn look_alike(word: &str) -> Option<String> {
    let simple = |c: char| c <= '\u{24f}' || !c.is_alphabetic();
    if word.chars().all(simple) {
        return None;
    }
    let latin: String = skeleton(word).collect();
    let plain = latin.chars().all(|c| c.is_ascii_alphanumeric());
    (!word.is_single_script() || plain).then_some(latin)
}

impl Check for CharactersCheck {
    fn name(&self) -> &'static str {
        "characters"
    }

    fn summary(&self) -> &'static str {
        "characters were damaged, cannot be seen, or are of another script"
    }

    fn reason(&self) -> &'static str {
        "U+FFFD, control characters and UTF-8 read as Windows-1252 are damage. A zero-width \
         character or a soft hyphen in a word, or a Cyrillic letter that looks like a Latin one, \
         hides the word from every search. Look-alikes are those of Unicode (UTS #39)."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("Het café is dicht.", "The cafÃ© is closed."),
                bad("De brug is dicht.", "The br\u{fffd}dge is closed."),
                bad("De kade is nat.", "The qu\u{200b}ay is wet."),
                bad("De bank is dicht.", "The b\u{430}nk is closed."),
                good("Het café is dicht.", "The café is closed."),
                good(
                    "Het woord ‘мир’ betekent vrede.",
                    "The word “мир” means peace.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.text, pair.target.text);
        let ascii = |c: u8| c.is_ascii_graphic() || matches!(c, b' ' | b'\t' | b'\n' | b'\r');
        if target.bytes().all(ascii) {
            return Vec::new();
        }
        let mut findings = Vec::new();
        let mut kept = source.chars().filter(|c| is_invisible(*c)).count();
        for (at, c) in target
            .char_indices()
            .filter(|(_, c)| is_broken(*c) || is_invisible(*c))
        {
            let span = Span::new(at, at + c.len_utf8());
            let code = format!("U+{:04X}", u32::from(c));
            if is_broken(c) && !source.contains(c) {
                let message = format!("{code} stands for a character that was damaged");
                findings.push(Finding::error("characters", message).at_target(span));
            } else if is_invisible(c) {
                // An emoji is joined by one; the source has as many.
                let beside = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
                let inside = beside(target[..at].chars().next_back())
                    || beside(target[span.end..].chars().next());
                if kept > 0 || !inside {
                    kept = kept.saturating_sub(1);
                    continue;
                }
                let message = format!("{code} cannot be seen");
                findings.push(
                    Finding::warning("characters", message)
                        .at_target(span)
                        .suggest(""),
                );
            }
        }
        for span in foreign_runs(target) {
            let run = span.of(target);
            if let Some(text) = misread(run).filter(|_| !source.contains(run)) {
                let message = format!("“{run}” is “{text}” in a wrong encoding");
                findings.push(
                    Finding::error("characters", message)
                        .at_target(span)
                        .suggest(text),
                );
            }
        }
        for (at, word) in pair.target.words.iter().enumerate() {
            let raw = pair.target.raw(at);
            if raw.is_ascii() || source.contains(raw) {
                continue;
            }
            if let Some(latin) = look_alike(raw) {
                let message = format!("“{raw}” has letters of another script");
                let finding = Finding::error("characters", message).at_target(word.span);
                findings.push(finding.suggest(latin));
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_a_wrong_encoding_is_distinguished_from_text() {
        for (run, text) in [("Ã©", "é"), ("â€™", "’"), ("â‚¬", "€"), ("Ã«", "ë")]
        {
            assert_eq!(misread(run).as_deref(), Some(text), "{run}");
        }
        for run in ["é", "É”", "Ö’", "€", "“", "…”", "ï¿½", "中"] {
            assert_eq!(misread(run), None, "{run}");
        }
    }

    #[test]
    fn look_alikes_are_those_of_another_script() {
        assert_eq!(look_alike("b\u{430}nk").as_deref(), Some("bank"));
        assert_eq!(look_alike("\u{3bf}pen").as_deref(), Some("open"));
        for word in ["café", "Łódź", "мир", "naïve", "Ωmega"] {
            assert_eq!(look_alike(word).filter(|_| word != "Ωmega"), None, "{word}");
        }
    }
}
