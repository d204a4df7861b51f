//! Entries looked up by id and by Dutch form, and the differences between two of them.

use super::concept::Concept;
use std::collections::HashMap;

/// A value of a column that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The column.
    pub column: String,
    /// The value in the glossary.
    pub before: String,
    /// The value in the file.
    pub after: String,
}

/// Entries by id, by Dutch form with its condition, and by Dutch form alone.
#[derive(Debug)]
pub struct ConceptIndex<'a> {
    entries: &'a [Concept],
    ids: HashMap<&'a str, usize>,
    rows: HashMap<(&'a str, &'a str), usize>,
    forms: HashMap<&'a str, usize>,
}

impl<'a> ConceptIndex<'a> {
    /// Takes the entries; the first of several that are alike stands.
    pub fn new(entries: &'a [Concept]) -> Self {
        let mut index = Self {
            entries,
            ids: HashMap::new(),
            rows: HashMap::new(),
            forms: HashMap::new(),
        };
        for (at, entry) in entries.iter().enumerate() {
            if !entry.numbered {
                index.ids.entry(&entry.id).or_insert(at);
            }
            let row = (entry.nl.as_str(), entry.when_text.as_str());
            index.rows.entry(row).or_insert(at);
            for form in std::iter::once(&entry.nl).chain(&entry.nl_forms) {
                index.forms.entry(form).or_insert(at);
            }
        }
        index
    }

    /// The entry that this one is: the same id, or the same Dutch under the same condition.
    pub fn find(&self, entry: &Concept) -> Option<usize> {
        let by_id = (!entry.numbered).then(|| self.ids.get(entry.id.as_str()));
        by_id
            .flatten()
            .or_else(|| {
                self.rows
                    .get(&(entry.nl.as_str(), entry.when_text.as_str()))
            })
            .copied()
            .filter(|&at| self.entries[at].nl == entry.nl || !entry.numbered)
    }

    /// The position of the first entry that has a Dutch form, its own or a further one.
    pub fn with_form(&self, form: &str) -> Option<usize> {
        self.forms.get(form).copied()
    }
}
