//! Named word lists of both languages, kept as data.
//!
//! `numbers.down: min,minus,below,…` is asked for by its name; `data/language/word_lists.txt` says
//! what each is for.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// Lines `name: entry,entry,…`.
const LISTS: &str = include_str!("../../data/language/word_lists.txt");

/// The entries of a list, in the order of the file and by themselves.
type NamedList = (Vec<&'static str>, FxHashSet<&'static str>);

static NAMED: LazyLock<FxHashMap<&str, NamedList>> = LazyLock::new(|| {
    LISTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, entries)| {
            let entries: Vec<&str> = entries.split(',').collect();
            (name, (entries.clone(), entries.into_iter().collect()))
        })
        .collect()
});

/// The entries of a list, in the order of the file. A name that is not there is a slip of the code:
/// the list is empty, and a test fails.
pub(crate) fn get(name: &str) -> &'static [&'static str] {
    NAMED.get(name).map_or(&[], |(entries, _)| entries)
}

/// Whether a word is in the list of this name, as written there.
pub(crate) fn is(list: &str, word: &str) -> bool {
    NAMED
        .get(list)
        .is_some_and(|(_, entries)| entries.contains(word))
}

/// Whether a word is in the list of this name, whatever its capitals.
pub(crate) fn is_any_case(list: &str, word: &str) -> bool {
    is(list, &word.to_lowercase())
}
