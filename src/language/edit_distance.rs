//! How many characters differ: the edit distance, by columns of 64 characters at a time.
//!
//! `Het regent hard.` and `Het regende hard.` differ by two. Memory recall asks this of fifty
//! candidates a sentence, so that the quadratic table would take most of the time.

use std::collections::HashMap;

/// A text to which others are compared.
///
/// Source: H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances"
/// (2003), after G. Myers (1999).
#[derive(Debug)]
pub(crate) struct Pattern {
    length: usize,
    /// For every character of the pattern, its places as bits, one word per 64 characters.
    places: HashMap<char, Vec<u64>>,
    blocks: usize,
}

/// The vertical differences of a block of 64 rows: where the next cell is one more, and where it is
/// one less.
#[derive(Debug, Clone, Copy)]
struct Column {
    more: u64,
    less: u64,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        let length = text.chars().count();
        let blocks = length.div_ceil(64).max(1);
        let mut places: HashMap<char, Vec<u64>> = HashMap::new();
        for (at, c) in text.chars().enumerate() {
            places.entry(c).or_insert_with(|| vec![0; blocks])[at / 64] |= 1 << (at % 64);
        }
        Self {
            length,
            places,
            blocks,
        }
    }

    /// Characters that have to be put in, taken out or exchanged to make `text` of the pattern;
    /// none if that is more than `most`.
    ///
    /// Time is proportional to the length of `text` times the blocks of the pattern.
    pub(crate) fn distance(&self, text: &str, most: usize) -> Option<usize> {
        let count = text.chars().count();
        if self.length.abs_diff(count) > most {
            return None;
        }
        if self.length == 0 {
            return Some(count);
        }
        let mut columns = vec![
            Column {
                more: u64::MAX,
                less: 0
            };
            self.blocks
        ];
        let nowhere = vec![0; self.blocks];
        let last = 1_u64 << ((self.length - 1) % 64);
        let mut distance = self.length;
        for (seen, c) in text.chars().enumerate() {
            let places = self.places.get(&c).unwrap_or(&nowhere);
            // Row 0 grows by one with every character of the text.
            let (mut more_in, mut less_in) = (1, 0);
            for (block, column) in columns.iter_mut().enumerate() {
                let Column { more, less } = *column;
                let vertical = places[block] | less;
                let equal = places[block] | less_in;
                let horizontal = (((equal & more).wrapping_add(more)) ^ more) | equal;
                let mut up = less | !(horizontal | more);
                let mut down = more & horizontal;
                if block + 1 == self.blocks {
                    distance += usize::from(up & last != 0);
                    distance -= usize::from(down & last != 0);
                }
                let (more_out, less_out) = (up >> 63, down >> 63);
                up = (up << 1) | more_in;
                down = (down << 1) | less_in;
                *column = Column {
                    more: down | !(vertical | up),
                    less: up & vertical,
                };
                (more_in, less_in) = (more_out, less_out);
            }
            // Each character that is left can lower the distance by one.
            if distance > most + (count - seen - 1) {
                return None;
            }
        }
        (distance <= most).then_some(distance)
    }
}

/// How alike two texts of these lengths are at a distance, in per cent, rounded down: 1 − distance
/// ÷ length of the longer.
pub(crate) fn percent(distance: usize, length: usize, other: usize) -> u8 {
    let longest = length.max(other).max(1);
    (100 * (longest - distance.min(longest)) / longest) as u8
}

/// The Levenshtein distance in characters; none if it is more than `most`.
pub(crate) fn within(a: &str, b: &str, most: usize) -> Option<usize> {
    Pattern::new(a).distance(b, most)
}

/// Similarity of Ratcliff and Obershelp on small letters without accents, 0..=1: twice the
/// characters in common blocks, the longest block first, over the characters of both.
///
/// Of each text the first 64 characters count. Source: J. W. Ratcliff and D. Metzener, "Pattern
/// matching: the gestalt approach" (1988).
pub(crate) fn similarity(a: &str, b: &str) -> f64 {
    use unicode_normalization::UnicodeNormalization;
    let fold = |text: &str| -> Vec<char> {
        text.nfd()
            .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
            .flat_map(char::to_lowercase)
            .take(64)
            .collect()
    };
    let (a, b) = (fold(a), fold(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let mut open = vec![(0, a.len(), 0, b.len())];
    let mut matches = 0;
    while let Some((a0, a1, b0, b1)) = open.pop() {
        let (mut best, mut at) = (0, (0, 0));
        for i in a0..a1 {
            for j in b0..b1 {
                let length = a[i..a1]
                    .iter()
                    .zip(&b[j..b1])
                    .take_while(|(x, y)| x == y)
                    .count();
                if length > best {
                    best = length;
                    at = (i, j);
                }
            }
        }
        if best > 0 {
            matches += best;
            open.push((a0, at.0, b0, at.1));
            open.push((at.0 + best, a1, at.1 + best, b1));
        }
    }
    2.0 * matches as f64 / (a.len() + b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as every textbook has it.
    fn by_table(a: &str, b: &str) -> usize {
        let b: Vec<char> = b.chars().collect();
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.chars().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let next = (diagonal + usize::from(x != *y))
                    .min(row[j] + 1)
                    .min(row[j + 1] + 1);
                diagonal = row[j + 1];
                row[j + 1] = next;
            }
        }
        row[b.len()]
    }

    proptest::proptest! {
        #[test]
        fn bits_count_as_the_table_does(a in "[abé ]{0,200}", b in "[abé ]{0,200}", most in 0_usize..220) {
            let wanted = by_table(&a, &b);
            let pattern = Pattern::new(&a);
            proptest::prop_assert_eq!(pattern.distance(&b, usize::MAX / 2), Some(wanted));
            proptest::prop_assert_eq!(pattern.distance(&b, most), (wanted <= most).then_some(wanted));
        }
    }

    #[test]
    fn likeness_is_rounded_down() {
        assert_eq!(
            Pattern::new("Het regent hard.").distance("Het regende hard.", 9),
            Some(2)
        );
        assert_eq!(percent(2, 16, 17), 88);
        assert_eq!(percent(0, 0, 0), 100);
        assert_eq!(percent(1, 200, 200), 99);
    }

    #[test]
    fn likeness_is_that_of_ratcliff_and_obershelp() {
        assert!((similarity("Irkutk", "Irkutsk") - 12.0 / 13.0).abs() < 1e-9);
        assert!(similarity("", "x") < f64::EPSILON);
        assert!(similarity("Pokhara", "Kyiv") < 0.3);
    }

    #[test]
    fn a_bound_is_kept() {
        assert_eq!(within("kolkman", "kolkmar", 1), Some(1));
        assert_eq!(within("kolkman", "koolkmar", 1), None);
        assert_eq!(within("glosary", "glossary", 1), Some(1));
    }
}
