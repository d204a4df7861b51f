//! Whether a sentence begins at a place: what decides about capitals.

use super::folding::last_word;
use super::word_lists;

/// Whether a sentence starts at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It does: the start of the text, behind `.!?`, behind an opening mark there.
    Yes,
    /// It may: behind a colon, an abbreviation, a dateline, inside an opening quotation. What stands there decides.
    Maybe,
    /// It does not.
    No,
}

const OPENING: [char; 11] = [
    ' ', '\t', '\n', '\r', '\u{a0}', '"', '“', '‘', '«', '(', '[',
];
const DASHES: [char; 5] = ['–', '—', '-', '•', '*'];

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
        let dateline = undashed.len() < 40 && !undashed.contains(char::is_lowercase);
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
        Some('"' | '”' | ')' | '’' | '\'')
            if bare
                .trim_end_matches(['"', '”', ')', '’', '\''])
                .ends_with(['.', '!', '?']) =>
        {
            Start::Yes
        }
        _ if left.ends_with(['"', '“', '‘', '«']) => Start::Maybe,
        _ => Start::No,
    }
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
