//! What is known of a language, as data: abbreviations by class, starters, initials, brands.
//!
//! The files in `data/segment/` are compiled in; a user's files have the same sections and are merged over them. The format is described in
//! `docs/segmentation.md`.

use super::Error;
use crate::bitext::Place;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a token before a full stop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The sentence goes on.
    Never,
    /// A number follows, or the sentence ends.
    BeforeNumber,
    /// May end a sentence.
    MaybeFinal,
    /// A month.
    Month,
    /// Initials of a name.
    Initial,
    /// An ordinary word.
    Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    schema: u32,
    lang: String,
    abbreviations: Abbreviations,
    initials: Initials,
    starts: Starts,
    marks: Marks,
    reporting: Reporting,
    remove: Remove,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Abbreviations {
    never: Vec<String>,
    before_number: Vec<String>,
    maybe_final: Vec<String>,
    months: Vec<String>,
    suffixes: Vec<String>,
    exact: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Initials {
    multi: Vec<String>,
    titled: Vec<String>,
    particles: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Starts {
    starters: Vec<String>,
    clitics: Vec<String>,
    brands: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Marks {
    names: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Reporting {
    verbs: Vec<String>,
}

/// Entries that a user's file takes away.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Remove {
    abbreviations: Vec<String>,
    starters: Vec<String>,
}

/// The tables of a language.
#[derive(Debug, Clone, Default)]
pub struct Language {
    /// Class of an abbreviation, folded, without its final full stop.
    classes: HashMap<Box<str>, Class>,
    /// Class where case decides.
    exact: HashMap<Box<str>, Class>,
    pub(super) suffixes: Vec<String>,
    pub(super) titled: HashSet<Box<str>>,
    pub(super) particles: HashSet<Box<str>>,
    starters: HashSet<Box<str>>,
    pub(super) clitics: Vec<String>,
    pub(super) brands: Vec<String>,
    pub(super) marks: Vec<String>,
    pub(super) verbs: HashSet<Box<str>>,
}

impl Language {
    /// The compiled-in tables of a language, if there are any.
    ///
    /// Errors: none for the files that are shipped; a test reads them all.
    pub fn built_in(lang: &str) -> Option<Result<Self, Error>> {
        let (name, text) = match lang {
            "nl" => ("nl.toml", include_str!("../../data/segment/nl.toml")),
            "en" => ("en.toml", include_str!("../../data/segment/en.toml")),
            _ => return None,
        };
        let mut language = Self::default();
        Some(language.merge(name, text).map(|()| language))
    }

    /// Adds a file's entries over those that are here.
    ///
    /// Errors: [`Error::Data`] with the place: no TOML, an unknown section, a trailing full stop, upper case outside `exact`, an unknown class.
    pub fn merge(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let error = |what: String, at: usize, len: usize| Error::Data {
            what,
            place: Box::new(Place::at(name, text, at, len)),
        };
        let file: File = toml::from_str(text).map_err(|e| {
            let span = e.span().unwrap_or_default();
            error(e.message().to_owned(), span.start, span.len())
        })?;
        if file.schema > 1 {
            return Err(error(
                format!("schema {} is newer than 1", file.schema),
                0,
                1,
            ));
        }
        let lists = [
            (&file.abbreviations.maybe_final, Class::MaybeFinal),
            (&file.abbreviations.before_number, Class::BeforeNumber),
            (&file.abbreviations.never, Class::Never),
            (&file.abbreviations.months, Class::Month),
        ];
        for (list, class) in lists {
            for entry in list {
                let quoted = format!("\"{entry}\"");
                let at = text.find(&quoted).unwrap_or(0);
                if entry.is_empty() {
                    return Err(error("an entry is empty".into(), at, 2));
                }
                if entry.chars().any(char::is_uppercase) {
                    let what = format!(
                        "`{entry}` has a capital: such entries stand in [abbreviations.exact]"
                    );
                    return Err(error(what, at, quoted.len()));
                }
                let key = entry.strip_suffix('.').unwrap_or(entry);
                self.classes.insert(key.into(), class);
            }
        }
        for (entry, class) in &file.abbreviations.exact {
            let class = match class.as_str() {
                "never" => Class::Never,
                "before_number" => Class::BeforeNumber,
                "maybe_final" => Class::MaybeFinal,
                "month" => Class::Month,
                "initial" => Class::Initial,
                "word" => Class::Word,
                other => {
                    let at = text.find(&format!("\"{entry}\"")).unwrap_or(0);
                    return Err(error(format!("`{other}` is no class"), at, entry.len() + 2));
                }
            };
            self.exact.insert(entry.as_str().into(), class);
        }
        for entry in &file.initials.multi {
            self.exact
                .entry(entry.as_str().into())
                .or_insert(Class::Initial);
        }
        let boxed =
            |list: &[String]| -> Vec<Box<str>> { list.iter().map(|e| e.as_str().into()).collect() };
        self.titled.extend(boxed(&file.initials.titled));
        self.particles.extend(boxed(&file.initials.particles));
        self.starters.extend(boxed(&file.starts.starters));
        self.verbs.extend(boxed(&file.reporting.verbs));
        self.suffixes.extend(file.abbreviations.suffixes);
        self.clitics.extend(file.starts.clitics);
        self.brands.extend(file.starts.brands);
        self.marks.extend(file.marks.names);
        for entry in &file.remove.abbreviations {
            self.classes.remove(entry.as_str());
            self.exact.remove(entry.as_str());
        }
        for entry in &file.remove.starters {
            self.starters.remove(entry.as_str());
        }
        Ok(())
    }

    /// The class of a token that stands before a full stop.
    pub fn class(&self, token: &str) -> Option<Class> {
        if let Some(class) = self.exact.get(token) {
            return Some(*class);
        }
        let folded = token.to_lowercase();
        // An acronym in capitals is no abbreviation that happens to have its letters.
        let capitals = token.chars().filter(|c| c.is_uppercase()).count();
        if capitals > 1 && !token.contains('.') {
            return None;
        }
        self.classes.get(folded.as_str()).copied()
    }

    /// Whether a capitalised word begins sentences.
    pub fn is_starter(&self, word: &str) -> bool {
        self.starters.contains(word.to_lowercase().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_are_sound() {
        for lang in ["nl", "en"] {
            let language = Language::built_in(lang).unwrap().unwrap();
            assert!(language.classes.len() > 150);
            assert!(language.starters.len() > 150);
        }
        assert!(Language::built_in("fr").is_none());
    }

    #[test]
    fn a_users_file_adds_and_removes_and_is_checked() {
        let mut nl = Language::built_in("nl").unwrap().unwrap();
        nl.merge("desk.toml", "schema = 1\n[abbreviations]\nnever = [\"redac\"]\n[remove]\nabbreviations = [\"dhr\"]\n")
            .unwrap();
        assert_eq!(nl.class("redac"), Some(Class::Never));
        assert_eq!(nl.class("dhr"), None);
        for text in [
            "[abbreviation]",
            "[abbreviations]\nnever = [\"Dr\"]",
            "[abbreviations.exact]\n\"X\" = \"often\"",
        ] {
            assert!(nl.merge("desk.toml", text).is_err(), "{text}");
        }
    }
}
