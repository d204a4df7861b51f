//! Words without their endings, and the parts of separable verbs.
//!
//! `werkte` → `werken`, `studies` → `studi`, `opgebeld` → `called up`.

use super::lexicon::separable;
use super::word_lists;
use std::borrow::Cow;

/// An English form without its inflection, rough but the same for all forms of most words:
/// `studies`, `studied` → `studi`; `running` → `run`.
pub(crate) fn english_stem(form: &str) -> &str {
    if !form.is_ascii() || form.len() < 4 {
        return form;
    }
    let cut =
        |ending: &str, least: usize| form.strip_suffix(ending).filter(|stem| stem.len() >= least);
    let stem = cut("ations", 4)
        .or_else(|| cut("ation", 4))
        .or_else(|| cut("ingly", 4))
        .or_else(|| cut("ings", 3))
        .or_else(|| cut("ing", 3))
        .or_else(|| cut("ies", 2).map(|stem| &form[..=stem.len()]))
        .or_else(|| cut("ied", 2).map(|stem| &form[..=stem.len()]))
        .or_else(|| cut("edly", 4))
        .or_else(|| cut("ed", 3))
        .or_else(|| cut("ers", 3))
        .or_else(|| cut("er", 3))
        .or_else(|| cut("est", 4))
        .or_else(|| cut("ly", 4))
        .or_else(|| {
            if form.ends_with("ss") {
                None
            } else {
                cut("es", 3).or_else(|| cut("s", 3))
            }
        })
        .or_else(|| cut("e", 3))
        .unwrap_or(form);
    let bytes = stem.as_bytes();
    // running → run, but not telling → tel
    if let [.., before, last] = bytes
        && before == last
        && !b"lsaeiou".contains(last)
        && stem.len() > 3
    {
        return &stem[..stem.len() - 1];
    }
    if stem.len() > 3 {
        stem.strip_suffix('e').unwrap_or(stem)
    } else {
        stem
    }
}

/// What an English form may be a form of, an ending taken off or its `e` put back: `closing` →
/// `clos`, `close`. Rarer endings than those of [`english_stem`] count as well.
pub(crate) fn english_bases(word: &str) -> impl Iterator<Item = Cow<'_, str>> {
    const ENDINGS: [&str; 13] = [
        "s", "es", "ed", "d", "ing", "ly", "er", "r", "est", "'s", "’s", "ness", "al",
    ];
    let cut = |ending: &'static str| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() >= 3)?;
        let with_e = match ending.as_bytes()[0] {
            b'e' => Some(Cow::Borrowed(&word[..=stem.len()])),
            b'i' => Some(Cow::Owned(format!("{stem}e"))),
            _ => None,
        };
        Some(std::iter::once(Cow::Borrowed(stem)).chain(with_e))
    };
    ENDINGS.into_iter().filter_map(cut).flatten()
}

/// A Dutch form without its ending, in the ways in which it may be listed: `werkte` → `werk`,
/// `werken`; `grote` → `groot`.
pub(crate) fn dutch_stems(word: &str) -> Vec<String> {
    let mut stems: Vec<String> = Vec::new();
    let mut add = |stem: String| {
        if stem.chars().count() >= 3 && !stems.contains(&stem) {
            stems.push(stem);
        }
    };
    for ending in [
        "'s", "'tje", "tjes", "tje", "jes", "je", "sten", "ste", "den", "ten", "de", "te", "ers",
        "er", "en", "e", "s", "t", "d",
    ] {
        let Some(stem) = word.strip_suffix(ending) else {
            continue;
        };
        add(stem.to_owned());
        // grote → groot, bomen → boom; mannen → man
        let letters: Vec<char> = stem.chars().collect();
        if let [.., before, vowel, last] = letters[..]
            && ending.starts_with('e')
        {
            let is_vowel = |c: char| "aeou".contains(c);
            if is_vowel(vowel) && !is_vowel(before) && !is_vowel(last) {
                let mut long: String = letters[..letters.len() - 1].iter().collect();
                long.push(vowel);
                long.push(match last {
                    'v' => 'f',
                    'z' => 's',
                    other => other,
                });
                add(long);
            }
            if vowel == last {
                add(letters[..letters.len() - 1].iter().collect());
            }
        }
        if matches!(ending, "te" | "de" | "ten" | "den" | "t" | "d" | "e" | "s") {
            add(format!("{stem}en"));
        }
    }
    if let Some(rest) = word.strip_prefix("ge")
        && let Some(stem) = rest.strip_suffix(['t', 'd'])
    {
        add(format!("{stem}en"));
    }
    stems
}

/// The same verb in one word: `opbelt`, `opbellen`, `opgebeld`.
pub(crate) fn joined(word: &str) -> Option<impl Iterator<Item = &'static str> + use<>> {
    let first = *word.as_bytes().first()?;
    // Most words begin with none of them, and the first byte tells.
    let mut fitting = particles().iter().filter(|p| p.as_bytes()[0] == first);
    fitting.find_map(|particle| {
        let rest = word.strip_prefix(particle)?;
        // A participle is known by the form that it shares its stem with.
        let participle = rest
            .strip_prefix("ge")
            .map(|stem| stem.trim_end_matches(['d', 't']));
        separable(rest, particle).or_else(|| {
            let stem = participle.filter(|stem| stem.len() >= 2)?;
            separable(stem, particle).or_else(|| separable(&format!("{stem}t"), particle))
        })
    })
}

/// Particles that separable verbs begin with, longer ones first.
pub(crate) fn particles() -> &'static [&'static str] {
    word_lists::get("particle.separable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_share_a_stem() {
        for group in [
            &["walk", "walks", "walked", "walking", "walker"][..],
            &["study", "studies", "studied"],
            &["make", "makes", "making"],
            &["run", "running", "runs"],
            &["large", "larger", "largest"],
        ] {
            for form in group {
                assert_eq!(
                    english_stem(form).trim_end_matches(['y', 'i']),
                    english_stem(group[0]).trim_end_matches(['y', 'i']),
                    "{form}"
                );
            }
        }
    }
}
