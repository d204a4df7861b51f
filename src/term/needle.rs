//! Forms and texts made searchable: case and apostrophes aside, on word borders.

use super::concept::Concept;
use super::forms::{self, FormKind, is_abbreviation};
use crate::bitext::Span;
use crate::language::folding::{Folded, is_whole, is_word};

/// A form made searchable.
#[derive(Debug)]
pub struct Needle {
    text: String,
    /// Whether its capitals count.
    cased: bool,
}

impl Needle {
    fn new(form: &str) -> Self {
        Self {
            text: Folded::new(form, true).text,
            cased: is_abbreviation(form) && form.chars().filter(|c| c.is_alphabetic()).count() <= 3,
        }
    }
}

/// The Dutch forms of an entry that are wrong in a target; the possessive is outside of every form.
pub fn residues(entry: &Concept) -> Box<[Needle]> {
    let is_residue = |form: &forms::TermForm| {
        matches!(
            form.kind,
            FormKind::Listed | FormKind::Genitive | FormKind::Derivation
        ) && !form.text.contains('\'')
    };
    forms::of(entry)
        .iter()
        .filter(|form| is_residue(form))
        .map(|form| Needle::new(&form.text))
        .collect()
}

/// A target made searchable.
pub struct Target<'t> {
    pub text: &'t str,
    folded: Folded,
}

impl<'t> Target<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            folded: Folded::new(text, true),
        }
    }

    /// Every place where a form stands as a whole word, case and apostrophes aside. A short
    /// abbreviation keeps its capitals: `US` is not `us`.
    pub fn places(&self, form: &str) -> Vec<Span> {
        self.find(&Needle::new(form))
    }

    pub fn find(&self, needle: &Needle) -> Vec<Span> {
        let Needle {
            text: needle,
            cased,
        } = needle;
        let mut places = Vec::new();
        if needle.is_empty() {
            return places;
        }
        let text = &self.folded.text;
        let mut from = 0;
        while let Some(found) = text[from..].find(needle.as_str()) {
            let span = Span::new(from + found, from + found + needle.len());
            if is_whole(text, span) || !needle.contains(is_word) {
                let place = self.folded.origin(span);
                if !(*cased && place.of(self.text).contains(char::is_lowercase)) {
                    places.push(place);
                }
            }
            from = span.start + needle.chars().next().map_or(1, char::len_utf8);
        }
        places
    }
}
