//! Texts made comparable, with the way back to the original bytes.

use crate::bitext::Span;

/// A text in which spellings that mean the same are the same, and where every byte of it comes from.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The comparable text.
    pub text: String,
    /// For every byte of `text`, and one past its end, the byte of the original.
    origin: Vec<u32>,
}

impl Folded {
    /// Folds a text: apostrophes, hyphens, spaces and `ĳ` become plain, the diaeresis goes, what cannot be seen goes; letters become lower case
    /// if `lower`.
    pub fn new(original: &str, lower: bool) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len() + 1),
        };
        let mut after_vowel = false;
        for (at, c) in original.char_indices() {
            let start = folded.text.len();
            match c {
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => continue,
                // A diaeresis that stands apart, behind its letter.
                '\u{308}' if after_vowel => continue,
                _ => {}
            }
            match plain(c) {
                Some(replacement) => folded.push(replacement, lower),
                None => folded.push_char(c, lower),
            }
            after_vowel = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'A' | 'E' | 'I' | 'O' | 'U');
            let added = folded.text.len() - start;
            folded.origin.extend(std::iter::repeat_n(at as u32, added));
        }
        folded.origin.push(original.len() as u32);
        folded
    }

    fn push(&mut self, text: &str, lower: bool) {
        for c in text.chars() {
            self.push_char(c, lower);
        }
    }

    fn push_char(&mut self, c: char, lower: bool) {
        if lower {
            // One for one: `İ` would become two characters and is left as it is.
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(only), None) => self.text.push(only),
                _ => self.text.push(c),
            }
        } else {
            self.text.push(c);
        }
    }

    /// The range of the original that a range of the folded text stands for.
    pub fn origin(&self, span: Span) -> Span {
        let at = |index: usize| self.origin.get(index).copied().unwrap_or(0) as usize;
        Span::new(at(span.start), at(span.end))
    }
}

/// What a character is compared as.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '’' | '‘' | 'ʼ' | '´' | '`' | '′' => "'",
        '\u{2010}' | '\u{2011}' => "-",
        '\u{a0}' | '\u{202f}' | '\u{2009}' => " ",
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
    let left = text[..span.start].chars().next_back();
    let right = text[span.end..].chars().next();
    !left.is_some_and(is_word) && !right.is_some_and(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_and_lead_back() {
        let folded = Folded::new("Haïti’s ĳs\u{ad}", false);
        assert_eq!(folded.text, "Haiti's ijs");
        let at = folded.text.find("ijs").unwrap();
        assert_eq!(
            folded.origin(Span::new(at, at + 3)).of("Haïti’s ĳs\u{ad}"),
            "ĳs\u{ad}"
        );
        assert_eq!(Folded::new("İSTANBUL", true).text.chars().count(), 8);
    }
}
