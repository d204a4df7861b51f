//! The entry of a glossary: a concept with its terms in both languages, its policy and its
//! conditions.

use crate::bitext::Place;
use crate::language::countries;

/// What satisfies an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Policy {
    /// The required form, a derivation, or a coordination.
    #[default]
    Exact,
    /// An accepted variant too.
    Variant,
    /// Derivations are as good as the form itself.
    Family,
    /// The source's form, or the required one, stands verbatim.
    Keep,
    /// The Dutch leaves no trace.
    Drop,
}

/// How the required form is capitalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Case {
    /// As written; a sentence may begin with a capital.
    #[default]
    Exact,
    /// Lower case, but for the start of a sentence.
    Lower,
    /// Capitals directly before a personal name.
    TitleBeforeName,
    /// All capitals where the source has all capitals.
    FollowSource,
}

/// Which article the required form takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Article {
    /// What stands there stays; a and an agree with the new word.
    #[default]
    Keep,
    /// None; one that stands there is deleted.
    None,
    /// `the`, where the replaced form had none.
    The,
}

/// How far an entry has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Status {
    /// In force.
    #[default]
    Approved,
    /// Judged as a warning, never repaired.
    Proposed,
    /// Not looked for.
    Deprecated,
}

/// A condition under which an entry is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// A country is in force: one of these codes.
    Country(Vec<String>),
    /// One of these words stands within three words to the left.
    Left(Vec<String>),
    /// One of these words stands within three words to the right.
    Right(Vec<String>),
    /// The block has this role.
    Role(String),
    /// The run's domain is this.
    Domain(String),
}

/// An entry of the glossary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concept {
    /// Stable name; the row's number where the file gives none.
    pub id: String,
    /// Whether the id is only the row's number.
    pub numbered: bool,
    /// The Dutch form as written.
    pub nl: String,
    /// Further Dutch forms.
    pub nl_forms: Vec<String>,
    /// Generated forms that are not meant.
    pub vetoed: Vec<String>,
    /// The required English form.
    pub en: String,
    /// Variants.
    pub en_accept: Vec<String>,
    /// Derivations.
    pub en_family: Vec<String>,
    /// Forms that never pass.
    pub forbidden: Vec<String>,
    /// What satisfies the entry.
    pub policy: Policy,
    /// Its capitals.
    pub case: Case,
    /// Its article.
    pub article: Article,
    /// When it is meant.
    pub when: Vec<Condition>,
    /// The same as written.
    pub when_text: String,
    /// Whether it may be repaired.
    pub repair: bool,
    /// Part of speech.
    pub pos: String,
    /// Subject field.
    pub domain: String,
    /// How far it has come.
    pub status: Status,
    /// For people.
    pub note: String,
    /// Columns that overzet does not know: (name, value), in file order.
    pub other: Vec<(String, String)>,
    /// Where it stands.
    pub place: Place,
}

impl Concept {
    /// Whether the entry is a name: by its capital, or by its part of speech.
    pub fn is_name(&self) -> bool {
        self.pos == "PROPN" || self.nl.chars().next().is_some_and(char::is_uppercase)
    }

    /// The country that the entry names: by its column `country`, or for a person by its note.
    pub fn country(&self) -> Option<&'static str> {
        let column = self.other.iter().find(|(name, _)| name == "country");
        if let Some((_, value)) = column {
            return countries::in_note(value);
        }
        (self.domain == "person")
            .then(|| countries::in_note(&self.note))
            .flatten()
    }
}
