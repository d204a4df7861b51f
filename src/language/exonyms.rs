//! Dutch spellings of places and people with their English ones.
//!
//! `Praag` → `Prague`, `Poetin` → `Putin`.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Glossaries whose rows of part of speech `PROPN` are names: places, people, countries.
const GLOSSARIES: [&str; 6] = [
    include_str!("../../glossaries/exonyms.tsv"),
    include_str!("../../glossaries/institutions.tsv"),
    include_str!("../../glossaries/names.tsv"),
    include_str!("../../glossaries/places.tsv"),
    include_str!("../../glossaries/security.tsv"),
    include_str!("../../glossaries/style-ap.tsv"),
];

/// Further pairs, `Dutch⇥English`.
const FURTHER: &str = include_str!("../../data/language/exonyms.tsv");

/// Dutch spellings with their English ones, in lower case: places and people.
pub(crate) static EXONYMS: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    let further = rows(FURTHER).filter_map(|cells| Some((*cells.first()?, *cells.get(1)?)));
    let named = GLOSSARIES.iter().flat_map(|text| names(text));
    named
        .chain(further)
        .map(|(dutch, english)| (dutch.trim().to_lowercase(), english.trim().to_lowercase()))
        .collect()
});

/// The cells of each line that is not a comment.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

/// The forms of the names in a glossary, each with its English; columns are found by their header.
fn names(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut rows = rows(text);
    let header = rows.next().unwrap_or_default();
    let column = |name: &str| header.iter().position(|cell| *cell == name);
    let (Some(dutch), Some(forms), Some(english), Some(class)) = (
        column("nl"),
        column("nl_forms"),
        column("en"),
        column("pos"),
    ) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for cells in rows.filter(|cells| cells.get(class) == Some(&"PROPN")) {
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let all = std::iter::once(cell(dutch)).chain(cell(forms).split('|'));
        found.extend(
            all.filter(|form| !form.is_empty())
                .map(|form| (form, cell(english))),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_glossary_is_read_by_the_names_of_its_columns() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("glossaries");
        let files = std::fs::read_dir(folder).unwrap();
        let tables = files
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "tsv"));
        assert_eq!(tables.count(), GLOSSARIES.len());
        for (dutch, english) in [("praag", "prague"), ("kiev", "kyiv"), ("bazel", "basel")] {
            assert_eq!(EXONYMS[dutch], english, "{dutch}");
        }
        let read: Vec<usize> = GLOSSARIES.iter().map(|text| names(text).len()).collect();
        assert!(
            read.iter().filter(|count| **count > 50).count() >= 3,
            "{read:?}"
        );
    }

    #[test]
    fn the_further_pairs_repeat_no_glossary() {
        let named: FxHashMap<&str, &str> = GLOSSARIES.iter().flat_map(|text| names(text)).collect();
        for cells in rows(FURTHER) {
            assert_ne!(named.get(cells[0]), cells.get(1), "{cells:?}");
        }
    }
}
