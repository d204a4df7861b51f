//! Two glossaries compared, entry by entry: new, changed and contradicting ones.
//!
//! `Kiev` → `Kyiv` here and `Kiev` → `Kiev` there contradict each other; a note that was added is a
//! change. A column that the other file lacks is never compared: two columns from
//! DeepL do not erase a policy.

use super::columns;
use super::concept::{Concept, Policy};
use super::entry_index::{ConceptIndex, Difference};
use super::files::Contents;
use super::glossary::Glossary;
use std::collections::HashMap;

/// How an entry stands to the glossary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is equal to the glossary's.
    Same,
    /// The glossary has nothing for it.
    New,
    /// It is an entry of the glossary, with other values.
    Changed,
    /// It contradicts an entry of the glossary, or another one of its own file.
    Conflicting,
}

impl ChangeKind {
    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::New => "new",
            Self::Changed => "changed",
            Self::Conflicting => "conflicting",
        }
    }
}

/// An entry of a file against the glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryChange {
    /// How it stands.
    pub kind: ChangeKind,
    /// Its position in the file.
    pub incoming: usize,
    /// Position of the entry of the glossary that it is or contradicts.
    pub existing: Option<usize>,
    /// The values that differ.
    pub differences: Vec<Difference>,
    /// Why it contradicts; empty otherwise.
    pub reason: String,
}

impl EntryChange {
    /// Whether it can be made: a contradiction only if the file's word counts (`theirs`), and never
    /// one of the file with itself.
    pub fn is_taken(&self, theirs: bool) -> bool {
        match self.kind {
            ChangeKind::Same => false,
            ChangeKind::New | ChangeKind::Changed => true,
            ChangeKind::Conflicting => theirs && !self.differences.is_empty(),
        }
    }
}

impl Glossary {
    /// Compares a file with the glossary.
    ///
    /// Shape: one change per entry of the file, in file order. Errors: none.
    pub fn compare(&self, contents: &Contents) -> Vec<EntryChange> {
        let index = ConceptIndex::new(self.entries());
        let mut seen: HashMap<usize, usize> = HashMap::new();
        let mut fresh: HashMap<(&str, &str), usize> = HashMap::new();
        let mut changes: Vec<EntryChange> = Vec::new();
        for (incoming, entry) in contents.entries.iter().enumerate() {
            let mut change = self.against(&index, contents, incoming);
            // A file that contradicts itself decides nothing.
            let before = match change.existing {
                Some(existing) => seen.insert(existing, incoming),
                None => fresh.insert((&entry.nl, &entry.when_text), incoming),
            };
            if let Some(before) = before {
                let other = &contents.entries[before];
                if other.en != entry.en {
                    for (own, other) in [(&mut change, other), (&mut changes[before], entry)] {
                        own.kind = ChangeKind::Conflicting;
                        own.differences.clear();
                        own.reason =
                            format!("the same file has `{}` → `{}` too", other.nl, other.en);
                    }
                } else if change.kind == ChangeKind::New {
                    change.kind = ChangeKind::Same;
                }
            }
            changes.push(change);
        }
        changes
    }

    fn against(
        &self,
        index: &ConceptIndex<'_>,
        contents: &Contents,
        incoming: usize,
    ) -> EntryChange {
        let entry = &contents.entries[incoming];
        let mut change = EntryChange {
            kind: ChangeKind::New,
            incoming,
            existing: index.find(entry),
            differences: Vec::new(),
            reason: String::new(),
        };
        let Some(at) = change.existing else {
            // A further form of an entry, as files write it that know phrases only.
            if let Some(at) = index.with_form(&entry.nl) {
                let own = &self.entries()[at];
                let english = own.policy == Policy::Keep && entry.en == entry.nl;
                if entry.en == own.en || english {
                    change.kind = ChangeKind::Same;
                } else if own.when_text == entry.when_text {
                    change.kind = ChangeKind::Conflicting;
                    change.existing = Some(at);
                    change.reason = format!("it is a form of `{}` → `{}`", own.nl, own.en);
                }
            }
            return change;
        };
        let own = &self.entries()[at];
        let entry = &if contents.vetoes {
            entry.clone()
        } else {
            Concept {
                vetoed: own.vetoed.clone(),
                ..entry.clone()
            }
        };
        let speaks = contents.columns.iter().filter(|column| *column != "id");
        change.differences = speaks
            .map(|column| Difference {
                column: column.clone(),
                before: columns::get(own, column),
                after: columns::get(entry, column),
            })
            .filter(|difference| difference.before != difference.after)
            .collect();
        let by_id = !entry.numbered && entry.id == own.id;
        change.kind = if change.differences.is_empty() {
            ChangeKind::Same
        } else if by_id && entry.nl != own.nl && entry.en != own.en {
            change.reason = format!("the id `{}` is another entry here", own.id);
            ChangeKind::Conflicting
        } else if own.forbidden.contains(&entry.en) && entry.forbidden == own.forbidden {
            change.reason = format!("`{}` is forbidden here", entry.en);
            ChangeKind::Conflicting
        } else if !by_id && entry.en != own.en {
            change.reason = format!("`{}` is required here", own.en);
            ChangeKind::Conflicting
        } else {
            ChangeKind::Changed
        };
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::files;

    fn kinds(glossary: &str, file: &str, name: &str, kind: Option<&str>) -> Vec<ChangeKind> {
        let glossary = Glossary::parse("g.tsv", glossary).unwrap();
        let contents = files::read(file.as_bytes(), name, kind).unwrap();
        let changes = glossary.compare(&contents);
        changes.iter().map(|change| change.kind).collect()
    }

    const G: &str = "id\tnl\tnl_forms\ten\tpolicy\tforbidden\twhen\nA\tKiev\tKiëv\tKyiv\tkeep\tKiev\t\nB\tminister\t\tSecretary\t\t\tcountry=US\n";

    #[test]
    fn entries_are_new_changed_or_conflicting() {
        use ChangeKind::*;
        let file = "id,nl,en,when,note\nA,Kiev,Kyiv,,n\nB,minister,Secretary of State,country=US,\n,Minsk,Minsk,,\n,minister,minister,,\n";
        assert_eq!(kinds(G, file, "f.csv", None), [Changed, Changed, New, New]);
        let file = "id,nl,en\nA,Lviv,Lviv\n";
        assert_eq!(kinds(G, file, "f.csv", None), [Conflicting]);
    }

    #[test]
    fn two_columns_say_nothing_about_the_others() {
        use ChangeKind::*;
        let file =
            "Kiev\tKyiv\nKiëv\tKyiv\nKiëv\tKiyv\nKiev\tKiev\nBrest\tBrest\nBrest\tBrest-Litovsk\n";
        assert_eq!(
            kinds(G, file, "f.tsv", Some("deepl")),
            [
                Conflicting,
                Same,
                Conflicting,
                Conflicting,
                Conflicting,
                Conflicting
            ]
        );
    }
}
