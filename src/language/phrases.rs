//! Tables of words and phrases, found in a text from left to right, the longest phrase first.
//!
//! `Noord-Korea` is found whole, and `Korea` inside of it is not.

use super::text_view::TextView;
use rustc_hash::FxHashMap;

/// Phrases with what each means.
#[derive(Debug)]
pub(crate) struct PhraseTable<T> {
    /// By the first word, in lower case: the words behind it, and the meaning; longest first.
    by_first: FxHashMap<String, Vec<(Vec<String>, T)>>,
}

/// A phrase that stands in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PhraseHit<'a, T> {
    /// Index of its first word.
    pub at: usize,
    /// Index behind its last word.
    pub next: usize,
    pub meaning: &'a T,
}

impl<T> PhraseTable<T> {
    /// A table of phrases; their capitals do not count.
    pub(crate) fn new<'p>(phrases: impl Iterator<Item = (&'p str, T)>) -> Self {
        let mut by_first: FxHashMap<String, Vec<(Vec<String>, T)>> = FxHashMap::default();
        for (phrase, meaning) in phrases {
            let view = TextView::new(phrase);
            let mut words = (0..view.len()).map(|at| view.word(at).to_owned());
            if let Some(first) = words.next() {
                by_first
                    .entry(first)
                    .or_default()
                    .push((words.collect(), meaning));
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for list in by_first.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// The phrases of a text. They do not overlap; of several meanings of one phrase each is a hit.
    pub(crate) fn find<'a>(&'a self, view: &TextView<'_>) -> Vec<PhraseHit<'a, T>> {
        // `Chile's` is Chile.
        let bare = |at: usize| {
            let word = view.word(at);
            ["'s", "’s", "'", "’"]
                .iter()
                .find_map(|end| word.strip_suffix(end))
                .unwrap_or(word)
        };
        let is = |at: usize, word: &str| view.word(at) == word || bare(at) == word;
        let mut hits: Vec<PhraseHit<'a, T>> = Vec::new();
        let mut at = 0;
        while at < view.len() {
            let mut end = at + 1;
            let mut length = None;
            let own = self.by_first.get(view.word(at));
            let found = own.or_else(|| self.by_first.get(bare(at)));
            for (words, meaning) in found.into_iter().flatten() {
                let next = at + 1 + words.len();
                let fits = length.is_none_or(|length| length == words.len())
                    && (at + 1..next)
                        .zip(words)
                        .all(|(i, word)| is(i, word) && view.joined(i - 1));
                if fits {
                    length = Some(words.len());
                    end = next;
                    hits.push(PhraseHit { at, next, meaning });
                }
            }
            at = end;
        }
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let table =
            PhraseTable::new([("Korea", 1), ("Noord-Korea", 2), ("meer dan", 3)].into_iter());
        let view = TextView::new("In Noord-Korea en Korea wonen meer dan 70 miljoen mensen.");
        let found: Vec<(usize, usize, i32)> = table
            .find(&view)
            .iter()
            .map(|hit| (hit.at, hit.next, *hit.meaning))
            .collect();
        assert_eq!(found, [(1, 3, 2), (4, 5, 1), (6, 8, 3)]);
    }
}
