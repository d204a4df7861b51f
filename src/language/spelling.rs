//! Words that look alike in both languages: cognates, and names as each language writes them.
//!
//! `Koersk` and `Kursk` are the same name, `organisatie` and `organisation` cognates.

/// Dutch, English and transliterated spellings of one sound with what both become; of those that
/// begin alike the longer first.
const FOLDS: &[(&str, &str)] = &[
    ("aa", "a"),
    ("ae", "e"),
    ("ah", "a"),
    ("ck", "k"),
    ("dzj", "j"),
    ("dj", "j"),
    ("ee", "e"),
    ("eh", "e"),
    ("gh", "g"),
    ("ie", "i"),
    ("ij", "i"),
    ("je", "e"),
    ("kh", "ch"),
    ("ks", "x"),
    ("oe", "u"),
    ("ou", "u"),
    ("oo", "o"),
    ("ph", "f"),
    ("qu", "kv"),
    ("sjtsj", "shch"),
    ("sch", "sh"),
    ("sj", "sh"),
    ("tsj", "ch"),
    ("tch", "ch"),
    ("tie", "tion"),
    ("th", "t"),
    ("ye", "e"),
    ("zh", "j"),
    ("zj", "j"),
];

/// A form in lower case as all spellings of it would be written: no diacritics, `oe` as `u`, `c` as
/// `k` before a dark vowel, no doubled letters.
pub(crate) fn folded(form: &str) -> Vec<u8> {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = if form.is_ascii() {
        form.to_owned()
    } else {
        form.nfd()
            .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
            .collect::<String>()
            .replace('ß', "ss")
            .replace('ø', "o")
    };
    let mut out: Vec<u8> = Vec::with_capacity(plain.len());
    // A letter that is doubled, or that two spellings leave side by side, counts once.
    let mut put = |letter: u8| {
        if out.last() != Some(&letter) || !letter.is_ascii_alphabetic() {
            out.push(letter);
        }
    };
    let mut rest = plain.as_str();
    while let Some(c) = rest.chars().next() {
        let first = rest.as_bytes()[0];
        let fold = FOLDS
            .iter()
            .find(|(from, _)| from.as_bytes()[0] == first && rest.starts_with(from));
        if let Some((from, to)) = fold {
            to.bytes().for_each(&mut put);
            rest = &rest[from.len()..];
            continue;
        }
        let next = rest.as_bytes().get(1).copied().unwrap_or(b' ');
        match c {
            'c' if b"eiy".contains(&next) => put(b's'),
            'c' if next != b'h' => put(b'k'),
            'q' => put(b'k'),
            'z' => put(b's'),
            'w' => put(b'v'),
            'j' | 'y' => put(b'i'),
            _ => c.encode_utf8(&mut [0; 4]).bytes().for_each(&mut put),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// How alike two folded forms are, 0..=1: 0.7 × the longest common subsequence and 0.3 × the common
/// prefix, as shares of the longer form.
///
/// Forms beyond 63 bytes count as different. The weights were taken over, not tuned here.
pub(crate) fn likeness(a: &[u8], b: &[u8]) -> f32 {
    let longest = a.len().max(b.len());
    if longest > 63 || longest == 0 {
        return 0.0;
    }
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let common = common_subsequence(a, b);
    (0.7 * common as f32 + 0.3 * prefix as f32) / longest as f32
}

/// Length of the longest common subsequence, bit-parallel.
///
/// Source: H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004). `a` has at most 63
/// bytes.
fn common_subsequence(a: &[u8], b: &[u8]) -> u32 {
    let mut row = u64::MAX;
    for &letter in b {
        let mut places = 0_u64;
        for (at, &other) in a.iter().enumerate() {
            places |= u64::from(other == letter) << at;
        }
        let both = row & places;
        row = row.wrapping_add(both) | (row & !places);
    }
    let mask = (1_u64 << a.len()) - 1;
    (!row & mask).count_ones()
}

/// How alike two spellings of a name are, 0..=1: twice the letters that both have in order over the
/// letters of both, once both are folded. Of each the first 63 folded letters count.
pub(crate) fn similarity(dutch: &str, english: &str) -> f64 {
    let letters = |text: &str| {
        let lower: String = text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let mut letters = folded(&lower);
        letters.truncate(63);
        letters
    };
    let (a, b) = (letters(dutch), letters(english));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * f64::from(common_subsequence(&a, &b)) / (a.len() + b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> f32 {
        likeness(&folded(a), &folded(b))
    }

    #[test]
    fn names_meet_across_spellings() {
        for (dutch, english) in [
            ("koersk", "kursk"),
            ("tsjetsjenië", "chechenia"),
            ("oekraïne", "ukraine"),
            ("sjanghai", "shanghai"),
            ("poetin", "putin"),
        ] {
            assert!(
                alike(dutch, english) > 0.8,
                "{dutch} {english} {}",
                alike(dutch, english)
            );
        }
        assert!(alike("organisatie", "organisation") > 0.8);
        assert!(alike("fiets", "table") < 0.4);
        assert_eq!(common_subsequence(b"abcde", b"xaxcxe"), 3);
    }

    #[test]
    fn names_that_sound_alike_are_alike() {
        for (dutch, english) in [
            ("Koersk", "Kursk"),
            ("Poetin", "Putin"),
            ("Tsjernobyl", "Chernobyl"),
            ("Irkoetsk", "Irkutsk"),
            ("Zelenskyj", "Zelenskyy"),
        ] {
            assert!(similarity(dutch, english) >= 0.8, "{dutch} {english}");
        }
        assert!(similarity("Koersk", "Moscow") < 0.6);
        assert!(similarity("", "x") < 0.1);
    }

    #[test]
    fn transliterations_fold_to_one_form() {
        for (dutch, english) in [
            ("loekasjenko", "lukashenko"),
            ("zelensky", "zelenskyy"),
            ("tsjechov", "chekhov"),
            ("sergej", "sergey"),
            ("andrij", "andriy"),
        ] {
            assert_eq!(folded(dutch), folded(english), "{dutch}");
        }
        assert_ne!(folded("kolkman"), folded("kolkmar"));
    }
}
