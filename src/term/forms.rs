//! Dutch forms, generated outward from the entry; unknown words are never stripped.
//!
//! Names that merely end in -s (Burns, Paris) outnumber glued genitives (Rudds) thirty to one, so
//! the way from the text back to the entry is closed.

use super::concept::{Article, Concept, Policy};
use crate::language::countries;
use crate::language::folding::Folded;
use crate::language::quantity::number_words::is_dutch_month;

/// Templates of closed compounds; own work.
const COMPOUNDS: &str = include_str!("../../data/language/compounds.tsv");

/// How a form came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FormKind {
    /// It stands in the glossary.
    Listed,
    /// With a capital, as at the start of a sentence.
    Capital,
    /// All in capitals.
    Upper,
    /// `regering Biden` for `regering-Biden`, and the reverse.
    Joined,
    /// A genitive, which English writes with 's.
    Genitive,
    /// An adjective or the people of a country.
    Derivation,
    /// A closed compound, by the row of its template.
    Compound(u8),
}

/// A Dutch form that is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TermForm {
    /// The folded form.
    pub text: String,
    /// How it came about.
    pub kind: FormKind,
}

/// A template: the Dutch ending, the English, its article, and whether it is for months.
struct FormTemplate {
    ending: &'static str,
    english: &'static str,
    article: Article,
    month: bool,
}

fn templates() -> impl Iterator<Item = FormTemplate> {
    COMPOUNDS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(FormTemplate {
                ending: cells.next()?,
                english: cells.next()?,
                article: match cells.next()? {
                    "none" => Article::None,
                    "the" => Article::The,
                    _ => Article::Keep,
                },
                month: cells.next()? == "month",
            })
        })
}

/// The forms of an entry: as listed, with a capital, in capitals, for names the genitives; for
/// countries under `family` their adjectives and people, for waters and lands the closed compounds.
///
/// `Kiev` → Kiev, Kievs, Kiev's, KIEV · `Burns` → Burns, Burns', Burns's, BURNS · `premier` →
/// premier, Premier, PREMIER
pub fn of(entry: &Concept) -> Vec<TermForm> {
    let mut forms = Vec::with_capacity(5 * (1 + entry.nl_forms.len()));
    let mut add = |text: String, kind: FormKind| forms.push(TermForm { text, kind });
    for listed in std::iter::once(&entry.nl).chain(&entry.nl_forms) {
        let base = Folded::new(listed, false).text;
        if base.is_empty() {
            continue;
        }
        if entry.is_name() && base.ends_with(char::is_alphanumeric) {
            genitives(&base, &mut add);
        }
        if base.starts_with(char::is_lowercase) {
            add(capitalised(&base), FormKind::Capital);
        }
        if base.chars().filter(|c| c.is_alphabetic()).count() > 2 {
            let upper = base.to_uppercase();
            if upper != base {
                add(upper, FormKind::Upper);
            }
        }
        if let Some(other) = joined(&base) {
            add(other, FormKind::Joined);
        }
        add(base, FormKind::Listed);
    }
    if entry.policy == Policy::Family
        && let Some(country) = countries::named(&entry.nl)
    {
        for word in country.adjectives.iter().chain(&country.people) {
            add(Folded::new(word, false).text, FormKind::Derivation);
        }
    }
    compounds(entry, &mut add);
    if !entry.vetoed.is_empty() {
        let vetoed: Vec<String> = entry
            .vetoed
            .iter()
            .map(|veto| Folded::new(veto, false).text)
            .collect();
        forms.retain(|form| form.kind == FormKind::Listed || !vetoed.contains(&form.text));
    }
    forms.sort_unstable();
    forms.dedup_by(|a, b| a.text == b.text);
    forms
}

/// Heads that Dutch writes before a name with a hyphen or, often enough, a space: regering-Biden.
const HEADS: [&str; 8] = [
    "regering",
    "kabinet",
    "zaak",
    "coalitie",
    "commissie",
    "wet",
    "affaire",
    "plan",
];

/// The other way of writing a head before a name.
fn joined(base: &str) -> Option<String> {
    HEADS.iter().find_map(|head| {
        let rest = base.strip_prefix(head)?;
        let (mark, other) = if rest.starts_with('-') {
            ('-', ' ')
        } else {
            (' ', '-')
        };
        let name = rest.strip_prefix(mark)?;
        let one = name.starts_with(char::is_uppercase) && !name.contains(' ');
        one.then(|| format!("{head}{other}{name}"))
    })
}

/// -s after most letters, 's after a vowel, an apostrophe after a hissing sound; the English 's
/// everywhere.
fn genitives(base: &str, add: &mut impl FnMut(String, FormKind)) {
    let lower = base.to_lowercase();
    let hisses = ["s", "x", "z", "sh", "ch"]
        .iter()
        .any(|end| lower.ends_with(end));
    if hisses {
        add(format!("{base}'"), FormKind::Genitive);
    } else if lower.ends_with(char::is_alphabetic)
        && !lower.ends_with(['a', 'i', 'o', 'u', 'y', 'á', 'í', 'ó', 'ú'])
        && !is_abbreviation(base)
    {
        let genitive = format!("{base}s");
        // `Fins` is Finnish, not a genitive; `Koeweits` is both.
        if countries::code(&genitive).is_none() || countries::named(base).is_some() {
            add(genitive, FormKind::Genitive);
        }
    }
    add(format!("{base}'s"), FormKind::Genitive);
}

/// Whether every letter is a capital, and there are at least two: U.S., NAVO, MI6.
pub fn is_abbreviation(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some()
        && text.chars().filter(|c| c.is_alphanumeric()).count() > 1
        && letters.all(char::is_uppercase)
}

fn compounds(entry: &Concept, add: &mut impl FnMut(String, FormKind)) {
    // augustusoffensief
    let month = is_dutch_month(&entry.nl);
    let place = ["place", "water", "land", "geo"]
        .iter()
        .any(|kind| entry.domain == *kind)
        && !entry.nl.contains(' ')
        && entry.is_name();
    if !month && !place {
        return;
    }
    let base = Folded::new(&entry.nl, false).text;
    // A name that is a compound already makes no other: Onegameer.
    if templates().any(|template| !template.month && base.ends_with(template.ending)) {
        return;
    }
    for (row, template) in templates().enumerate() {
        if template.month == month {
            add(
                format!("{base}{}", template.ending),
                FormKind::Compound(row as u8),
            );
        }
    }
}

/// The required English of a form: the entry's, or its derivation for this form.
pub fn english(entry: &Concept, kind: FormKind, surface: &str) -> String {
    match kind {
        FormKind::Compound(row) => templates().nth(usize::from(row)).map_or_else(
            || entry.en.clone(),
            |template| template.english.replace("{}", &entry.en),
        ),
        FormKind::Derivation => countries::named(&entry.nl).map_or_else(
            || entry.en.clone(),
            |country| {
                let folded = Folded::new(surface, false).text;
                let is = |words: &[&str]| {
                    words
                        .iter()
                        .any(|word| Folded::new(word, false).text == folded)
                };
                let english = if is(&country.adjectives) {
                    country.adjective
                } else {
                    country.english_people
                };
                english.to_owned()
            },
        ),
        _ => entry.en.clone(),
    }
}

/// The article of a form: the entry's, or its template's.
pub fn article(entry: &Concept, required: &str) -> Article {
    if required.to_lowercase() == entry.en.to_lowercase() {
        return entry.article;
    }
    templates()
        .find(|template| template.english.replace("{}", &entry.en) == required)
        .map_or(entry.article, |template| template.article)
}

/// The text with a capital; IJ is one letter with two.
pub fn capitalised(text: &str) -> String {
    match text.strip_prefix("ij") {
        Some(rest) => format!("IJ{rest}"),
        None => capital(text),
    }
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

    fn texts(entry: &Concept) -> Vec<String> {
        of(entry).into_iter().map(|form| form.text).collect()
    }

    fn entry(nl: &str) -> Concept {
        Concept {
            nl: nl.into(),
            ..Concept::default()
        }
    }

    #[test]
    fn names_get_their_genitives_and_nouns_do_not() {
        assert_eq!(texts(&entry("Kiev")), ["KIEV", "Kiev", "Kiev's", "Kievs"]);
        assert_eq!(
            texts(&entry("Burns")),
            ["BURNS", "Burns", "Burns'", "Burns's"]
        );
        assert_eq!(texts(&entry("Anna")), ["ANNA", "Anna", "Anna's"]);
        assert_eq!(texts(&entry("VS")), ["VS", "VS'", "VS's"]);
        assert_eq!(texts(&entry("MI6")), ["MI6", "MI6's"]);
        assert_eq!(texts(&entry("ijs")), ["IJS", "IJs", "ijs"]);
        assert!(texts(&entry("regering-Biden")).contains(&"regering Biden".to_owned()));
        assert!(texts(&entry("zaak Navalny")).contains(&"zaak-Navalny".to_owned()));
    }

    #[test]
    fn a_veto_takes_a_generated_form_away() {
        let vetoed = Concept {
            vetoed: vec!["Kievs".into(), "Kiev".into()],
            ..entry("Kiev")
        };
        assert_eq!(texts(&vetoed), ["KIEV", "Kiev", "Kiev's"]);
    }

    #[test]
    fn waters_make_compounds_and_families_their_people() {
        let onega = Concept {
            en: "Onega".into(),
            domain: "water".into(),
            ..entry("Onega")
        };
        let forms = of(&onega);
        let lake = forms.iter().find(|form| form.text == "Onegameer").unwrap();
        let whole = Concept {
            nl: "Onegameer".into(),
            ..onega.clone()
        };
        assert!(!texts(&whole).contains(&"Onegameereiland".to_owned()));
        let english = english(&onega, lake.kind, "Onegameer");
        assert_eq!(english, "Lake Onega");
        assert_eq!(article(&onega, &english), Article::None);
        let hungary = Concept {
            en: "Hungary".into(),
            policy: Policy::Family,
            ..entry("Hongarije")
        };
        assert!(texts(&hungary).contains(&"Hongaarse".to_owned()));
        assert_eq!(
            super::english(&hungary, FormKind::Derivation, "Hongaren"),
            "Hungarians"
        );
        assert!(!texts(&entry("Hongarije")).contains(&"Hongaarse".to_owned()));
    }
}
