//! The word lists of a language by name, for the page on segmentation.

use super::data::{AbbreviationClass, LanguageTables, WordSet};

/// Every word list of a language that is compiled in, by its name in `data/segment/`; empty for a
/// language without data. Entries are sorted, but for the suffixes, which keep the order of the
/// file.
pub fn word_lists(lang: &str) -> Vec<(&'static str, Vec<String>)> {
    let Ok(Some(tables)) = LanguageTables::of(lang, &[]) else {
        return Vec::new();
    };
    let (folded, exact) = (tables.folded(), tables.exact());
    let mut lists: Vec<(&str, Vec<String>)> = AbbreviationClass::ALL
        .iter()
        .map(|&(class, name)| {
            let rows = folded.iter().chain(&exact).filter(|row| row.1 == class);
            (name, rows.map(|row| row.0.to_owned()).collect())
        })
        .collect();
    let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
    lists.extend(WordSet::ALL.map(|(set, name)| (name, owned(tables.words(set)))));
    lists.push(("suffixes", owned(tables.suffixes())));
    lists.push(("names", tables.names()));
    lists
}
