//! Texts made comparable, with the way back to the original bytes.
//!
//! `Haïti’s ĳs` and `Haiti's ijs` are the same term written by two keyboards; a hit must still
//! point at the bytes that stand in the file.

use crate::bitext::Span;

/// A text in which spellings that mean the same are the same, and where every byte of it comes
/// from.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The comparable text.
    pub text: String,
    /// For every byte of `text`, and one past its end, the byte of the original.
    origin: Vec<u32>,
    /// For every byte of `text`, where the original of its character ends.
    ends: Vec<u32>,
}

impl Folded {
    /// Folds a text: apostrophes, hyphens and `ĳ` become plain, a run of spaces one space, the
    /// diaeresis goes, what cannot be seen goes, letters and their accents are composed; letters
    /// become lower case if `lower`.
    pub fn new(original: &str, lower: bool) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len() + 1),
            ends: Vec::with_capacity(original.len()),
        };
        for (at, c) in original.char_indices() {
            let end = (at + c.len_utf8()) as u32;
            if c.is_ascii() && !c.is_ascii_whitespace() && c != '`' {
                let c = if lower { c.to_ascii_lowercase() } else { c };
                folded.text.push(c);
                folded.origin.push(at as u32);
                folded.ends.push(end);
                continue;
            }
            match c {
                // Soft hyphens, joiners and marks of direction belong to what stands before them.
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {
                    folded.lengthen(end);
                }
                '\u{300}'..='\u{36f}' => folded.accent(c, end),
                _ if c.is_whitespace() => {
                    if folded.text.ends_with(' ') {
                        folded.lengthen(end);
                    } else {
                        folded.push(' ', at, end);
                    }
                }
                _ => match plain(c) {
                    Some(text) => text
                        .chars()
                        .for_each(|c| folded.push_cased(c, lower, at, end)),
                    None => folded.push_cased(c, lower, at, end),
                },
            }
        }
        folded.origin.push(original.len() as u32);
        folded
    }

    fn push(&mut self, c: char, at: usize, end: u32) {
        self.text.push(c);
        self.origin.resize(self.text.len(), at as u32);
        self.ends.resize(self.text.len(), end);
    }

    fn push_cased(&mut self, c: char, lower: bool, at: usize, end: u32) {
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            // One for one: `İ` would become two characters and is left as it is.
            (Some(only), None) if lower => self.push(only, at, end),
            _ => self.push(c, at, end),
        }
    }

    /// The last character of the original is longer than thought.
    fn lengthen(&mut self, end: u32) {
        let last = self.text.chars().next_back().map_or(0, char::len_utf8);
        let len = self.ends.len();
        for own in &mut self.ends[len - last..] {
            *own = end;
        }
    }

    /// An accent that stands apart joins its letter; the diaeresis goes.
    fn accent(&mut self, accent: char, end: u32) {
        self.lengthen(end);
        let Some(letter) = self.text.chars().next_back() else {
            return;
        };
        if accent == '\u{308}' {
            return;
        }
        if let Some(whole) = unicode_normalization::char::compose(letter, accent) {
            let at = self.text.len() - letter.len_utf8();
            let from = self.origin.get(at).copied().unwrap_or_default() as usize;
            self.text.truncate(at);
            self.origin.truncate(at);
            self.ends.truncate(at);
            self.push(whole, from, end);
        }
    }

    /// The range of the original that a range of the folded text stands for.
    pub fn origin(&self, span: Span) -> Span {
        let start = self.origin.get(span.start).copied().unwrap_or(0);
        let end = match span.end.checked_sub(1) {
            Some(last) if span.end > span.start => self.ends.get(last).copied().unwrap_or(start),
            _ => start,
        };
        Span::new(start as usize, end as usize)
    }
}

/// Lower case, plain apostrophes, single spaces: a text as a list has it.
pub(crate) fn single_spaced(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let letters = word.chars().flat_map(char::to_lowercase);
        folded.extend(letters.map(|c| if is_apostrophe(c) { '\'' } else { c }));
    }
    folded
}

/// Whether a character is an apostrophe or a mark that keyboards put in its place.
pub(crate) const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '′')
}

/// What a character is compared as.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        _ if is_apostrophe(c) => "'",
        '\u{2010}' | '\u{2011}' => "-",
        'ĳ' => "ij",
        'Ĳ' => "IJ",
        'ë' => "e",
        'ï' => "i",
        'ö' => "o",
        'ü' => "u",
        'ä' => "a",
        'Ë' => "E",
        'Ï' => "I",
        'Ö' => "O",
        'Ü' => "U",
        'Ä' => "A",
        _ => return None,
    })
}

/// Whether a character is part of a word.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a range of the text begins and ends at the border of a word.
pub fn is_whole(text: &str, span: Span) -> bool {
    !text[..span.start].ends_with(is_word) && !text[span.end..].starts_with(is_word)
}

/// The word that ends at the end of this text: letters, digits, and the marks inside a word such as
/// `U.S`.
pub fn last_word(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .find(|&(_, c)| !is_word(c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    &text[start..]
}

/// The word at the start of this text.
pub fn first_word(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|&(_, c)| !is_word(c))
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_and_lead_back() {
        let original = "Haïti’s ĳs\u{ad} Cafe\u{301}  u\u{308}ber";
        let folded = Folded::new(original, false);
        assert_eq!(folded.text, "Haiti's ijs Café uber");
        let of = |part: &str| {
            let at = folded.text.find(part).unwrap();
            folded.origin(Span::new(at, at + part.len())).of(original)
        };
        assert_eq!(of("ijs"), "ĳs\u{ad}");
        assert_eq!(of("Café"), "Cafe\u{301}");
        assert_eq!(of("Haiti's"), "Haïti’s");
        assert_eq!(of("uber"), "u\u{308}ber");
    }

    #[test]
    fn a_capital_that_has_no_single_small_letter_stays() {
        assert_eq!(Folded::new("İSTANBUL", true).text, "İstanbul");
        let folded = Folded::new("\u{300}\u{ad}", true);
        assert!(folded.origin(Span::new(0, folded.text.len())).is_empty());
    }
}
