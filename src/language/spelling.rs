//! Words that look alike in both languages: cognates, and names as each language writes them.
//!
//! `Koersk` and `Kursk` are the same name, `organisatie` and `organisation` cognates.

/// Spellings that differ by language only, longest first; both sides are folded with them.
const FOLDS: &[(&str, &str)] = &[
    ("tsj", "ch"),
    ("dzj", "j"),
    ("sch", "sh"),
    ("sj", "sh"),
    ("tch", "ch"),
    ("zh", "j"),
    ("oe", "u"),
    ("ou", "u"),
    ("ij", "y"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("kh", "ch"),
    ("qu", "kw"),
    ("aa", "a"),
    ("ee", "e"),
    ("oo", "o"),
    ("uu", "u"),
    ("ae", "e"),
    ("tie", "tion"),
    ("ss", "s"),
    ("ll", "l"),
    ("nn", "n"),
    ("tt", "t"),
    ("pp", "p"),
    ("mm", "m"),
    ("rr", "r"),
    ("ff", "f"),
];

/// A form with the spelling habits of its language taken away: no diacritics, `oe` as `u`, `c` as `k` before a dark vowel.
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
    let mut out = Vec::with_capacity(plain.len());
    let mut rest = plain.as_str();
    'outer: while !rest.is_empty() {
        let first = rest.as_bytes()[0];
        for (from, to) in FOLDS.iter().filter(|(from, _)| from.as_bytes()[0] == first) {
            if let Some(tail) = rest.strip_prefix(from) {
                out.extend_from_slice(to.as_bytes());
                rest = tail;
                continue 'outer;
            }
        }
        let Some(c) = rest.chars().next() else { break };
        let next = rest.as_bytes().get(1).copied().unwrap_or(b' ');
        match c {
            'c' if b"eiy".contains(&next) => out.push(b's'),
            'c' if next != b'h' => out.push(b'k'),
            'q' => out.push(b'k'),
            'z' => out.push(b's'),
            'w' => out.push(b'v'),
            'j' | 'y' => out.push(b'i'),
            'x' => out.extend_from_slice(b"ks"),
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// How alike two folded forms are, 0..=1: 0.7 × the longest common subsequence and 0.3 × the common prefix, as shares of the longer form.
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
/// Source: H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004). `a` has at most 63 bytes.
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

/// How alike two spellings of a name are, 0..=1: twice what they share over what they have, in order, once both are written as they sound.
pub(crate) fn sound_similarity(dutch: &str, english: &str) -> f64 {
    let (a, b) = (sound(dutch), sound(english));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * shared(&a, &b) as f64 / (a.len() + b.len()) as f64
}

/// Length of the longest common subsequence.
fn shared(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y {
                diagonal + 1
            } else {
                row[at].max(above)
            };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Dutch and English spellings of one sound, the longer first.
const SOUNDS: [(&str, &str); 20] = [
    ("tsj", "C"),
    ("sch", "S"),
    ("ch", "C"),
    ("sj", "S"),
    ("sh", "S"),
    ("zj", "Z"),
    ("zh", "Z"),
    ("kh", "C"),
    ("oe", "u"),
    ("ou", "u"),
    ("oo", "o"),
    ("ee", "e"),
    ("ie", "i"),
    ("ij", "i"),
    ("ae", "a"),
    ("aa", "a"),
    ("ks", "x"),
    ("j", "i"),
    ("y", "i"),
    ("c", "k"),
];

/// A name as it sounds: small letters without accents, marks and doubled letters.
fn sound(text: &str) -> Vec<char> {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = text
        .nfd()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let mut out: Vec<char> = Vec::new();
    let mut rest = plain.as_str();
    while let Some(first) = rest.chars().next() {
        let sound = SOUNDS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling));
        let (length, next) = match sound {
            Some((spelling, sound)) => (spelling.len(), sound.chars().next().unwrap_or(first)),
            None => (first.len_utf8(), first),
        };
        if out.last() != Some(&next) {
            out.push(next);
        }
        rest = &rest[length..];
    }
    out
}

/// A name as all transliterations of it would be written: `Loekasjenko` and `Lukashenko` fold to one form.
pub(crate) fn transliterated(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = name
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .filter(|c| c.is_alphabetic())
        .collect();
    let mut text = format!("{plain}$");
    for (from, to) in [
        ("ij$", "y$"),
        ("yy$", "y$"),
        ("iy$", "y$"),
        ("i$", "y$"),
        ("ej", "ey"),
        ("aj", "ay"),
        ("oj", "oy"),
        ("tsj", "ch"),
        ("tch", "ch"),
        ("sjtsj", "shch"),
        ("sj", "sh"),
        ("zj", "zh"),
        ("dzj", "j"),
        ("dj", "j"),
        ("kh", "ch"),
        ("oe", "u"),
        ("ou", "u"),
        ("ja", "ya"),
        ("je", "ye"),
        ("joe", "yu"),
        ("ju", "yu"),
        ("ye", "e"),
        ("ie", "i"),
        ("ks", "x"),
        ("ck", "k"),
        ("c", "k"),
        ("q", "k"),
        ("ph", "f"),
        ("w", "v"),
        ("z", "s"),
        ("ai", "ay"),
        ("ei", "ey"),
        ("eh", "e"),
        ("ah", "a"),
        ("th", "t"),
        ("gh", "g"),
        ("kk", "k"),
        ("ss", "s"),
        ("ll", "l"),
        ("nn", "n"),
        ("tt", "t"),
        ("mm", "m"),
        ("rr", "r"),
        ("pp", "p"),
        ("bb", "b"),
        ("dd", "d"),
        ("ff", "f"),
        ("aa", "a"),
        ("ee", "e"),
        ("oo", "u"),
        ("iy", "y"),
        ("y", "i"),
        ("j", "i"),
        ("ii", "i"),
    ] {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    text.trim_end_matches('$').to_owned()
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
            assert!(sound_similarity(dutch, english) >= 0.8, "{dutch} {english}");
        }
        assert!(sound_similarity("Koersk", "Moscow") < 0.6);
        assert!(sound_similarity("", "x") < 0.1);
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
            assert_eq!(transliterated(dutch), transliterated(english), "{dutch}");
        }
        assert_ne!(transliterated("kolkman"), transliterated("kolkmar"));
    }
}
