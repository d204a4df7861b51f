//! Which characters end a sentence, close it, open the next, or are not seen at all.

pub(crate) use super::folding::is_apostrophe;

/// The longest token and the longest look ahead, in bytes: two words each way, so that the work per
/// candidate is constant.
pub(crate) const WINDOW: usize = 96;

/// Zero-width characters are transparent: `zin.\u{200b} Tweede` ends after the full stop.
pub(crate) const fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// White space and zero-width characters: the gap between segments.
pub(crate) fn is_gap(c: char) -> bool {
    c.is_whitespace() || is_zero_width(c)
}

/// `.` `!` `?` `…`
pub(crate) const fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

/// What closes behind a terminator. `“`, `‘` and `«` close in German style; where white space
/// follows they cannot open.
pub(crate) const fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '"'
            | '\''
            | '»'
            | '›'
            | '«'
            | '‹'
            | ')'
            | ']'
            | '}'
            | '“'
            | '‘'
            | '*'
            | '_'
    )
}

/// Quotation marks among the closers.
pub(crate) const fn is_quote(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '"' | '\'' | '»' | '›' | '“' | '‘' | '„' | '‚' | '«' | '‹' | '`'
    )
}

/// What stands before the first letter of a sentence: quotation marks, brackets, dashes.
pub(crate) const fn is_opener(c: char) -> bool {
    is_quote(c)
        || matches!(
            c,
            '(' | '[' | '{' | '–' | '—' | '-' | '•' | '*' | '_' | '¿' | '¡' | ','
        )
}

/// The text without the gap at its start.
pub(crate) fn skip_gap(text: &str) -> &str {
    text.trim_start_matches(is_gap)
}

/// The text without openers and the gaps between them: `,, Ik` → `Ik`, `(“De` → `De`. A single
/// comma opens nothing.
pub(crate) fn skip_openers(text: &str) -> &str {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == ','
            && !rest[1..].starts_with(',')
            && !text[..text.len() - rest.len()].ends_with(',')
        {
            break;
        }
        if !is_opener(c) && !is_gap(c) {
            break;
        }
        rest = &rest[c.len_utf8()..];
    }
    rest
}

/// The word that a text begins with: letters and digits, inner apostrophes and full stops between
/// letters excluded.
pub(crate) fn first_word(text: &str) -> &str {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || (at > 0 && is_apostrophe(c)) {
            end = at + c.len_utf8();
        } else {
            break;
        }
    }
    text[..end].trim_end_matches(is_apostrophe)
}

/// The last token before the end of a text, white space being the border: `zegt mr.` → `mr.`; at
/// most a window long.
pub(crate) fn last_token(text: &str) -> &str {
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        if is_gap(c) || text.len() - at > WINDOW {
            break;
        }
        start = at;
    }
    &text[start..]
}

/// The first bytes of a text, a window long at most, ending on a character boundary.
pub(crate) fn window(text: &str) -> &str {
    &text[..text.floor_char_boundary(WINDOW)]
}

/// Roman numerals: `II`, `XIV`.
pub(crate) fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() < 8 && word.bytes().all(|b| b"IVXLCDM".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openers_are_skipped_and_words_found() {
        assert_eq!(skip_openers(",, Ik ga"), "Ik ga");
        assert_eq!(skip_openers("(“De"), "De");
        assert_eq!(skip_openers(", dan"), ", dan");
        assert_eq!(first_word("Zo’n huis"), "Zo’n");
        assert_eq!(first_word("foto’s’ en"), "foto’s");
        assert_eq!(last_token("hier zegt\u{a0}mr"), "mr");
        assert_eq!(last_token(""), "");
    }
}
