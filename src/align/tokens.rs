//! What of a sentence counts as evidence: words, numbers by value, and the few marks that
//! translations keep.
//!
//! Numbers come out the same in both notations, so that values meet: `1.300` and `1,300` are
//! `1300`, `2,5` and `2.5` are `2.5`, `16.00 uur` and `4 p.m.` are `16`, `38-jarige` and
//! `38-year-old` begin with `38`, `acht` and `eight` are `8`.

use crate::language::Language;
use crate::language::folding::single_spaced;
use crate::language::quantity::{clock, number_words, numeral};
use unicode_segmentation::UnicodeSegmentation;

/// A word, number or mark of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SentenceToken {
    /// Lower case; a number as its value.
    pub form: String,
    /// What it is.
    pub kind: TokenKind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A word in lower case, or at the start of its sentence.
    Word,
    /// A word with a capital that does not open the sentence.
    Name,
    /// A number, in digits.
    Number,
    /// A punctuation mark or a sign.
    Mark,
}

/// Marks that translations tend to keep, each with the form under which it counts.
const MARKS: &[(&str, &str)] = &[
    ("%", "%"),
    ("€", "€"),
    ("$", "$"),
    ("£", "£"),
    ("?", "?"),
    ("!", "!"),
    ("(", "("),
    ("…", "…"),
    ("“", "\""),
    ("„", "\""),
    ("\"", "\""),
    ("«", "\""),
    ("‘", "\""),
];

/// The tokens of a sentence, in order.
pub(crate) fn tokens(text: &str, tongue: Language) -> Vec<SentenceToken> {
    let mut found: Vec<SentenceToken> = Vec::with_capacity(text.len() / 5);
    let mut pieces = text.split_word_bounds().peekable();
    // Only the first word of a segment is not taken for a name. A capital behind a full stop inside
    // it stays: a name there is often the only sign of which sentences were merged.
    let mut opens = true;
    while let Some(piece) = pieces.next() {
        let Some(first) = piece.chars().next() else {
            continue;
        };
        if !piece.chars().any(char::is_alphanumeric) {
            if let Some((_, form)) = MARKS.iter().find(|(mark, _)| *mark == piece) {
                found.push(SentenceToken {
                    form: (*form).to_owned(),
                    kind: TokenKind::Mark,
                });
            }
            continue;
        }
        if first.is_ascii_digit() {
            let mut digits = piece.to_owned();
            // 4:30 is three pieces
            if pieces.peek() == Some(&":") {
                let mut ahead = pieces.clone();
                ahead.next();
                if let Some(minutes) = ahead.next()
                    && minutes.len() == 2
                    && minutes.bytes().all(|b| b.is_ascii_digit())
                {
                    digits = format!("{piece}.{minutes}");
                    pieces = ahead;
                }
            }
            opens = false;
            match numeral::canonical(&digits) {
                Some(value) => found.push(SentenceToken {
                    form: value,
                    kind: TokenKind::Number,
                }),
                None => push_word(&mut found, piece, false, tongue),
            }
            continue;
        }
        push_word(&mut found, piece, first.is_uppercase() && !opens, tongue);
        opens = false;
    }
    found
}

fn push_word(found: &mut Vec<SentenceToken>, piece: &str, is_name: bool, tongue: Language) {
    let mut form = single_spaced(piece);
    if tongue == Language::English
        && matches!(form.as_str(), "p.m" | "pm" | "a.m" | "am")
        && let Some(SentenceToken {
            form: hour,
            kind: TokenKind::Number,
        }) = found.last_mut()
        && let Some(value) = clock::on_the_clock(hour, form.starts_with('p'))
    {
        *hour = value;
        return;
    }
    // l'eau is two words; Delfzijl's and auto's carry an ending
    if let Some((before, after)) = form.split_once('\'') {
        if after == "s" || after.is_empty() {
            form.truncate(before.len());
        } else if before.chars().count() <= 2 && tongue == Language::Other {
            found.push(SentenceToken {
                form: before.to_owned(),
                kind: TokenKind::Word,
            });
            form = form.split_off(before.len() + 1);
        }
    }
    if !is_name && let Some((values, rest)) = number_words::spelled(&form, tongue) {
        for value in values {
            found.push(SentenceToken {
                form: value,
                kind: TokenKind::Number,
            });
        }
        if !rest.is_empty() {
            found.push(SentenceToken {
                form: rest.to_owned(),
                kind: TokenKind::Word,
            });
        }
        return;
    }
    if !form.is_empty() {
        found.push(SentenceToken {
            form,
            kind: if is_name {
                TokenKind::Name
            } else {
                TokenKind::Word
            },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str, tongue: Language) -> Vec<String> {
        tokens(text, tongue)
            .into_iter()
            .map(|token| token.form)
            .collect()
    }

    #[test]
    fn values_meet_across_notations() {
        for (dutch, english) in [
            ("1.300", "1,300"),
            ("2,5", "2.5"),
            ("16.00", "4 p.m."),
            ("16.30", "4:30 p.m."),
            ("06.00", "6 a.m."),
            ("acht", "eight"),
            ("vierentwintig", "24"),
            ("4,5", "4.50"),
        ] {
            assert_eq!(
                forms(dutch, Language::Dutch),
                forms(english, Language::English),
                "{dutch}"
            );
        }
        assert_eq!(forms("38-jarige", Language::Dutch), ["38", "jarige"]);
        assert_eq!(
            forms("vierentwintigjarige", Language::Dutch),
            ["24", "jarige"]
        );
    }
}
