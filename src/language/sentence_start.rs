//! Whether a sentence begins at a place: what decides about capitals.

use super::folding::last_word;
use super::word_lists;

/// Whether a sentence starts at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It does: the start of the text, behind `.!?`, behind an opening mark there.
    Yes,
    /// It may: behind a colon, an abbreviation, a dateline, inside an opening quotation. What
    /// stands there decides.
    Maybe,
    /// It does not.
    No,
}

const OPENING: [char; 11] = [
    ' ', '\t', '\n', '\r', '\u{a0}', '"', '“', '‘', '«', '(', '[',
];
const DASHES: [char; 5] = ['–', '—', '-', '•', '*'];
/// Marks that close behind the full stop of a sentence.
const CLOSING: [char; 5] = ['"', '”', ')', '’', '\''];

/// Bytes of the longest dateline: the name of a place, or of two.
const DATELINE: usize = 40;

/// Whether a sentence starts at `at`.
pub fn start(text: &str, at: usize) -> Start {
    let left = &text[..at];
    let bare = left.trim_end_matches(|c| OPENING.contains(&c) || c == '\'' || c == '’');
    let undashed = bare.trim_end_matches(|c| OPENING.contains(&c) || DASHES.contains(&c));
    if undashed.is_empty() {
        return Start::Yes;
    }
    if undashed.len() < bare.len() {
        // `LONDON – Missiles hit`: a dateline opens the text.
        let dateline = undashed.len() < DATELINE && !undashed.contains(char::is_lowercase);
        return if dateline { Start::Maybe } else { Start::No };
    }
    // A word that is joined on starts nothing.
    if bare.len() == left.len() {
        return Start::No;
    }
    match bare.chars().next_back() {
        Some('!' | '?' | '…') => Start::Yes,
        Some('.') => {
            let word = last_word(&bare[..bare.len() - 1]);
            let initial = word.chars().count() == 1 && !word.starts_with(|c: char| c.is_numeric());
            if initial || word_lists::is("abbreviation", word) {
                Start::Maybe
            } else {
                Start::Yes
            }
        }
        Some(':') => Start::Maybe,
        // Closing marks behind a full stop.
        Some(c)
            if CLOSING.contains(&c)
                && bare.trim_end_matches(CLOSING).ends_with(['.', '!', '?']) =>
        {
            Start::Yes
        }
        _ if left.ends_with(['"', '“', '‘', '«']) => Start::Maybe,
        _ => Start::No,
    }
}

/// Whether a sentence or a quotation may start behind this gap between two words, so that the
/// capital of the word behind it says nothing: the loosest test, for evidence from capitals.
pub(crate) fn may_start_behind(gap: &str) -> bool {
    gap.contains([
        '.', '!', '?', ':', ';', '…', '"', '“', '”', '„', '‘', '«', '•', '\n', '–', '—', '*',
    ]) || (gap.contains('\'') && gap.starts_with(' '))
}

/// Number of sentences in running text, 1 at least: a mark that ends one, and a capital or an
/// opening quotation mark behind a space. Short words with a point or a capital are abbreviations.
pub(crate) fn sentences(text: &str) -> usize {
    let mut count = 0;
    for (at, c) in text.char_indices() {
        let ends = matches!(c, '.' | '!' | '?');
        let rest = text[at + c.len_utf8()..].trim_start_matches(CLOSING);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_start_where_they_do() {
        for (text, wanted) in [
            ("", Start::Yes),
            ("“", Start::Yes),
            ("– ", Start::Yes),
            ("It ended. ", Start::Yes),
            ("“It ended.” ", Start::Yes),
            ("Really? ", Start::Yes),
            ("He said: ", Start::Maybe),
            ("He said, “", Start::Maybe),
            ("The U.S. ", Start::Maybe),
            ("Gov. ", Start::Maybe),
            ("LONDON – ", Start::Maybe),
            ("the ", Start::No),
            ("the “new” ", Start::No),
            ("war – ", Start::No),
            ("pro-", Start::No),
        ] {
            assert_eq!(start(text, text.len()), wanted, "{text}");
        }
    }
}
