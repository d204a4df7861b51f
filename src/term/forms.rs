//! Dutch forms, generated outward from the entry; unknown words are never stripped.
//!
//! Names that merely end in -s (Burns, Paris) outnumber glued genitives (Rudds) thirty to one, so the way from the text back to the entry is closed.

use super::fold::Folded;
use super::glossary::Concept;

/// A Dutch form that is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    /// The folded form.
    pub text: String,
    /// Whether it is a genitive, which English writes with 's.
    pub genitive: bool,
    /// Whether it is the entry in capitals.
    pub capitals: bool,
}

/// The forms of an entry: as listed, with a capital at the start of a sentence, in capitals, and for names the genitives.
///
/// `Kiev` → Kiev, Kievs, Kiev's, KIEV · `Burns` → Burns, Burns', Burns's, BURNS · `premier` → premier, Premier, PREMIER
pub fn of(entry: &Concept) -> Vec<Form> {
    let vetoed: Vec<String> = entry
        .vetoed
        .iter()
        .map(|v| Folded::new(v, false).text)
        .collect();
    let mut forms = Vec::new();
    for listed in std::iter::once(&entry.nl).chain(&entry.nl_forms) {
        let base = Folded::new(listed, false).text;
        let mut add = |text: String, genitive: bool, capitals: bool| {
            if !vetoed.contains(&text) {
                forms.push(Form {
                    text,
                    genitive,
                    capitals,
                });
            }
        };
        add(base.clone(), false, false);
        if entry.is_name() && base.chars().last().is_some_and(char::is_alphabetic) {
            let lower = base.to_lowercase();
            let sibilant = ["s", "x", "z", "sh", "ch"]
                .iter()
                .any(|end| lower.ends_with(end));
            if sibilant {
                add(format!("{base}'"), true, false);
            } else {
                add(format!("{base}s"), true, false);
            }
            add(format!("{base}'s"), true, false);
        }
        if base.chars().next().is_some_and(char::is_lowercase) {
            add(capitalised(&base), false, false);
        }
        let upper = base.to_uppercase();
        if base.chars().filter(|c| c.is_alphabetic()).count() > 2 {
            add(upper, false, true);
        }
    }
    forms.sort();
    forms.dedup_by(|a, b| a.text == b.text);
    forms
}

/// The text with a capital; IJ is one letter with two.
pub fn capitalised(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("ij") {
        return format!("IJ{rest}");
    }
    capital(text)
}

/// The text with its first character in upper case.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(nl: &str, vetoed: &[&str]) -> Vec<String> {
        let entry = Concept {
            nl: nl.into(),
            vetoed: vetoed.iter().map(|&v| v.to_owned()).collect(),
            ..Concept::default()
        };
        of(&entry).into_iter().map(|f| f.text).collect()
    }

    #[test]
    fn names_get_their_genitives_and_nouns_do_not() {
        assert_eq!(texts("Kiev", &[]), ["KIEV", "Kiev", "Kiev's", "Kievs"]);
        assert_eq!(texts("Burns", &[]), ["BURNS", "Burns", "Burns'", "Burns's"]);
        assert_eq!(texts("ijs", &[]), ["IJS", "IJs", "ijs"]);
        assert_eq!(texts("Kiev", &["Kievs"]), ["KIEV", "Kiev", "Kiev's"]);
    }
}
