//! Named word lists of the checks, kept as data.
//!
//! `numbers.down: min,minus,below,…` is asked for by its name.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

static LISTS: LazyLock<FxHashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    include_str!("../../data/check/words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, entries)| (name, entries.split(',').collect()))
        .collect()
});

/// The entries of a list, in the order of the file. A name that is not there is a slip of the code: the list is empty, and a test says so.
pub(super) fn get(name: &str) -> &'static [&'static str] {
    LISTS.get(name).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_that_the_code_names_is_there() {
        let code = [
            include_str!("negation.rs"),
            include_str!("coverage.rs"),
            include_str!("quantity/compare.rs"),
        ]
        .concat();
        let named: Vec<&str> = code
            .split("lists::get(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(named.len() >= 10);
        assert!(named.iter().all(|name| !get(name).is_empty()), "{named:?}");
    }
}
