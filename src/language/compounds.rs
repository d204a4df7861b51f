//! Dutch compounds: the words they are made of.
//!
//! `jeugdvoetbaltoernooi` is `jeugd`, `voetbal`, `toernooi`; `regeringspartij` is `regering` and
//! `partij`, with an `s` between.

/// Shortest part of a compound, in letters.
const PART: usize = 3;
/// Shortest compound.
const COMPOUND: usize = 7;
/// What may stand between the words of a compound.
const LINKS: [&str; 6] = ["", "s", "en", "n", "e", "er"];
/// Longest compound, in bytes: a longer run of letters is no word, and each of its ends would be
/// looked up.
const LONGEST: usize = 120;
/// Shortest head that counts although what stands before it is unknown.
const HEAD: usize = 4;

/// The parts of a compound that are words themselves, last one first; none for a word that is no
/// compound.
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
    if word.len() > LONGEST || word.chars().count() < COMPOUND {
        return;
    }
    if let Some((first, head)) = halves(word, PART, is_listed) {
        found.extend([head, first]);
        return;
    }
    // The longest known head.
    let head = cuts(word, HEAD).find(|&cut| is_listed(&word[cut..]));
    if let Some(cut) = head.filter(|&cut| cut >= PART) {
        found.push(&word[cut..]);
        take(&word[..cut], is_listed, found);
    }
}

/// The two listed words that a compound is made of, without what links them: `regering` and
/// `partij`. Of several partings the most even one, which is the likeliest. Either word has `least`
/// letters at least.
pub(crate) fn halves<'w>(
    word: &'w str,
    least: usize,
    is_listed: &impl Fn(&str) -> bool,
) -> Option<(&'w str, &'w str)> {
    if word.len() > LONGEST {
        return None;
    }
    cuts(word, least)
        .filter(|&cut| is_listed(&word[cut..]))
        .filter_map(|cut| {
            let first = LINKS
                .into_iter()
                .filter_map(|link| word[..cut].strip_suffix(link))
                .find(|stem| stem.chars().count() >= least && is_listed(stem))?;
            Some((first, &word[cut..]))
        })
        // The first of equals: the longer head.
        .reduce(|best, next| {
            let evenness = |parts: (&str, &str)| parts.0.len().min(parts.1.len());
            if evenness(next) > evenness(best) {
                next
            } else {
                best
            }
        })
}

/// Where a word can be parted so that its end has `least` letters at least, from the left.
fn cuts(word: &str, least: usize) -> impl Iterator<Item = usize> + use<'_> {
    let letters = word.chars().count();
    word.char_indices()
        .map(|(at, _)| at)
        .skip(PART)
        .take((letters + 1).saturating_sub(PART + least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_letters_is_not_parted() {
        let asked = std::cell::Cell::new(0);
        let is_listed = |_: &str| {
            asked.set(asked.get() + 1);
            false
        };
        parts("regeringspartij", &is_listed);
        assert!(asked.replace(0) > 0);
        let run = "regering".repeat(50_000);
        assert_eq!(parts(&run, &is_listed), Vec::<&str>::new());
        assert_eq!(halves(&run, 3, &is_listed), None);
        assert_eq!(asked.get(), 0);
    }

    #[test]
    fn compounds_are_parted_evenly() {
        let words = [
            "jeugd",
            "voetbal",
            "bal",
            "toernooi",
            "regering",
            "partij",
            "haven",
            "arbeiders",
            "woning",
            "nood",
            "ring",
        ];
        let listed = |word: &str| words.contains(&word);
        assert_eq!(
            halves("regeringspartij", 3, &listed),
            Some(("regering", "partij"))
        );
        assert_eq!(
            halves("havenarbeiders", 3, &listed),
            Some(("haven", "arbeiders"))
        );
        assert_eq!(halves("woningnood", 4, &listed), Some(("woning", "nood")));
        assert_eq!(halves("voetbal", 4, &listed), None);
        assert_eq!(
            parts("jeugdvoetbaltoernooi", &listed),
            ["toernooi", "voetbal", "jeugd"]
        );
        assert_eq!(parts("haven", &listed), Vec::<&str>::new());
    }
}
