//! The mark at the end of a segment.
//!
//! `Wie wint?` → `Who will win.` asks no longer; a full stop that is gone joins two sentences of
//! the edition.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};

/// End punctuation.
pub struct PunctuationCheck;

/// What closes a segment behind its mark.
const CLOSERS: &[char] = &['”', '"', '’', '\'', ')', ']', '»', ' ', '\u{a0}'];

/// The last mark of a text: `.`, `?`, `!`, `…`, `:`, `;` or `,`; and where it stands.
fn mark(text: &str) -> Option<(char, usize)> {
    let bare = text.trim_end_matches(CLOSERS);
    let last = bare.chars().next_back()?;
    ".?!…:;,"
        .contains(last)
        .then(|| (last, bare.len() - last.len_utf8()))
}

impl Check for PunctuationCheck {
    fn name(&self) -> &'static str {
        "punctuation"
    }

    fn summary(&self) -> &'static str {
        "the mark at the end is missing, or asks where the source states"
    }

    fn reason(&self) -> &'static str {
        "A sentence keeps its end, a question stays one, and a colon announces what follows. Full \
         stop and exclamation mark, a colon for a full stop and the place of closing quotation \
         marks are style; headings have none on either side."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De raad stemt vanavond over het plan.",
                    "The council will vote on the plan tonight",
                ),
                bad("Wie wint de verkiezingen?", "Who will win the elections."),
                bad("De raad bestaat uit:", "The council consists of"),
                good("Brug weer open", "Bridge open again"),
                good("“We zijn blij”, zegt hij.", "“We are happy,” he says."),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.text, pair.target.text);
        let Some((wanted, _)) = mark(source).filter(|(mark, _)| ".?!…:".contains(*mark)) else {
            return Vec::new();
        };
        let found = mark(target);
        let message = match found {
            // The stop of `enz.` and of initials is not an end; very short texts are labels.
            None if wanted == '.' && pair.source.len() < 3 => return Vec::new(),
            // A quotation that follows may be announced by a comma.
            Some((':' | ',' | '…', _)) if wanted == ':' => return Vec::new(),
            Some((own, _)) if wanted == ':' => format!("“:” at the end became “{own}”"),
            None => format!("the “{wanted}” at the end is missing"),
            Some((',' | ';', _)) => "the sentence ends with a comma".to_owned(),
            Some((own, _)) if (wanted == '?') != (own == '?') && (own == '.' || wanted == '.') => {
                format!("“{wanted}” at the end became “{own}”")
            }
            _ => return Vec::new(),
        };
        let end = target.trim_end_matches(CLOSERS).len();
        let (span, text) = match found {
            Some((own, at)) => (Span::new(at, at + own.len_utf8()), wanted.to_string()),
            // The last letter is marked, since a span of nothing shows nothing.
            None => match target[..end].char_indices().next_back() {
                Some((at, last)) => (Span::new(at, end), format!("{last}{wanted}")),
                None => return Vec::new(),
            },
        };
        vec![
            Finding::warning("punctuation", message)
                .at_target(span)
                .suggest(text),
        ]
    }
}
