//! Dutch compounds: the words they are made of.
//!
//! `jeugdvoetbaltoernooi` is `jeugd`, `voetbal`, `toernooi`; `regeringspartij` is `regering` and `partij`, with an `s` between.

/// Shortest part of a compound, in letters.
const PART: usize = 3;
/// Shortest compound.
const COMPOUND: usize = 7;
/// Shortest head that counts although what stands before it is unknown.
const HEAD: usize = 4;

/// The parts of a compound that are words themselves, last one first; none for a word that is no compound.
pub(crate) fn parts<'w>(word: &'w str, is_listed: &impl Fn(&str) -> bool) -> Vec<&'w str> {
    let mut found = Vec::new();
    for piece in word.split('-').rev() {
        let before = found.len();
        take(piece, is_listed, &mut found);
        if found.len() == before && piece.len() < word.len() {
            found.push(piece);
        }
    }
    found
}

fn take<'w>(word: &'w str, is_listed: &impl Fn(&str) -> bool, found: &mut Vec<&'w str>) {
    if word.chars().count() < COMPOUND {
        return;
    }
    // the longest known head whose rest is known as well, else the longest known head
    let cuts = || {
        word.char_indices()
            .map(|(at, _)| at)
            .skip(PART)
            .filter(|&cut| word.len() - cut >= PART)
    };
    let is_known = |cut: usize| is_listed(&word[cut..]);
    if let Some((cut, first)) = cuts()
        .filter(|&cut| is_known(cut))
        .find_map(|cut| known(&word[..cut], is_listed).map(|first| (cut, first)))
    {
        found.push(&word[cut..]);
        found.push(first);
        return;
    }
    if let Some(cut) = cuts().find(|&cut| word.len() - cut >= HEAD && is_known(cut)) {
        found.push(&word[cut..]);
        take(&word[..cut], is_listed, found);
    }
}

/// A first part, without what links it to the next.
fn known<'w>(part: &'w str, is_listed: &impl Fn(&str) -> bool) -> Option<&'w str> {
    ["", "s", "en", "e", "er"]
        .into_iter()
        .filter_map(|link| part.strip_suffix(link))
        .find(|stem| stem.len() >= PART && is_listed(stem))
}
