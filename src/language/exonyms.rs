//! Dutch spellings of places and people with their English ones.
//!
//! `Praag` → `Prague`, `Poetin` → `Putin`.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Dutch spellings with their English ones, in lower case: places and people.
pub(crate) static EXONYMS: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    let mut table = FxHashMap::default();
    let lower = |text: &str| text.trim().to_lowercase();
    for text in [
        include_str!("../../glossaries/places.tsv"),
        include_str!("../../glossaries/names.tsv"),
    ] {
        // Columns: id, nl, nl_forms, en.
        for cells in text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split('\t').collect::<Vec<_>>())
        {
            if let [_, nl, forms, en, ..] = cells.as_slice() {
                for form in std::iter::once(*nl)
                    .chain(forms.split('|'))
                    .filter(|form| !form.is_empty())
                {
                    table.insert(lower(form), lower(en));
                }
            }
        }
    }
    for line in include_str!("../../data/language/exonyms.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        if let Some((nl, en)) = line.split_once('\t') {
            table.insert(lower(nl), lower(en));
        }
    }
    table
});
