//! What is known of a language, as data: abbreviations by class, sentence starters, initials, names
//! with a mark.
//!
//! The files in `data/segment/` are compiled in and read once, when a language is first asked for.
//! A user's files have the same sections and are merged over them; `docs/segmentation.md` describes
//! them. A wrong entry is an error with file, line and column, because an abbreviation that is
//! silently ignored costs two bad translations wherever it stands.

use super::error::Error;
use crate::bitext::Place;
use crate::language::marks::is_apostrophe;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, LazyLock};
use toml::Spanned;

/// What a token before a full stop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum AbbreviationClass {
    /// The sentence continues: `o.a.`
    Never,
    /// A name follows, or a starter that is not a surname begins the next sentence: `dr.`, `prof.`
    Title,
    /// A number follows, or a starter begins the next sentence: `blz.`
    BeforeNumber,
    /// The same for a token that is also an ordinary word: `max.`, `no.`
    WordBeforeNumber,
    /// Ends a sentence where a starter follows: `N.V.`, `mln.`
    MaybeFinal,
    /// Ends a sentence where a capital follows: `enz.`, `v.Chr.`
    Final,
    /// A month.
    Month,
    /// Part of somebody's initials: `Th.`
    Initial,
    /// No abbreviation.
    Word,
}

impl AbbreviationClass {
    /// Every class with its name in the files.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Never, "never"),
        (Self::Title, "titles"),
        (Self::BeforeNumber, "before_number"),
        (Self::WordBeforeNumber, "word_before_number"),
        (Self::MaybeFinal, "maybe_final"),
        (Self::Final, "final"),
        (Self::Month, "months"),
        (Self::Initial, "initial"),
        (Self::Word, "word"),
    ];

    /// The name in the files.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether the files have a list of this class; those of the others stand under `exact` alone.
    fn has_list(self) -> bool {
        self < Self::Initial
    }
}

/// A list of words of a language, folded but for [`WordSet::Brands`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordSet {
    /// Words that begin sentences.
    Starters,
    /// Letters behind an apostrophe that are a word: `’s`.
    Clitics,
    /// Words that begin sentences in lower case.
    Brands,
    /// Words after which a capital is not an initial.
    Titled,
    /// Words that begin surnames.
    Particles,
    /// Verbs that report what was said.
    Verbs,
}

impl WordSet {
    /// Every list with its name in the files.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Starters, "starters"),
        (Self::Clitics, "clitics"),
        (Self::Brands, "brands"),
        (Self::Titled, "titled"),
        (Self::Particles, "particles"),
        (Self::Verbs, "verbs"),
    ];
}

type EntryList = Vec<Spanned<String>>;

/// A file as it stands.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LanguageFile {
    schema: Option<Spanned<u32>>,
    lang: Option<Spanned<String>>,
    abbreviations: AbbreviationLists,
    initials: InitialLists,
    starts: StartLists,
    marks: NamesWithMarks,
    reporting: ReportingLists,
    /// Entries that a user's file takes away, by the name of their list.
    remove: BTreeMap<Spanned<String>, EntryList>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AbbreviationLists {
    never: EntryList,
    titles: EntryList,
    before_number: EntryList,
    word_before_number: EntryList,
    maybe_final: EntryList,
    r#final: EntryList,
    months: EntryList,
    suffixes: EntryList,
    exact: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct InitialLists {
    multi: EntryList,
    titled: EntryList,
    particles: EntryList,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StartLists {
    starters: EntryList,
    clitics: EntryList,
    brands: EntryList,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NamesWithMarks {
    names: EntryList,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ReportingLists {
    verbs: EntryList,
}

/// The tables of a language. All keys are folded to lower case with straight apostrophes, but for
/// `exact`, `brands` and `names`.
#[derive(Debug, Clone, Default)]
pub(super) struct LanguageTables {
    classes: HashMap<Box<str>, AbbreviationClass>,
    exact: HashMap<Box<str>, AbbreviationClass>,
    sets: [HashSet<Box<str>>; WordSet::ALL.len()],
    suffixes: Vec<Box<str>>,
    /// Names with a mark inside or at the end, cut behind the mark: (`Yahoo!`, ``), (`1.`, ` FC`).
    names: Vec<(Box<str>, Box<str>)>,
}

/// The files that are compiled in.
pub(super) const SHIPPED: [(&str, &str, &str); 2] = [
    ("nl", "nl.toml", include_str!("../../data/segment/nl.toml")),
    ("en", "en.toml", include_str!("../../data/segment/en.toml")),
];

static TABLES: [LazyLock<Result<Arc<LanguageTables>, Error>>; 2] =
    [LazyLock::new(|| shipped(0)), LazyLock::new(|| shipped(1))];

fn shipped(index: usize) -> Result<Arc<LanguageTables>, Error> {
    let (lang, name, text) = SHIPPED[index];
    let mut tables = LanguageTables::default();
    tables.merge(lang, name, text)?;
    Ok(Arc::new(tables))
}

impl LanguageTables {
    /// The tables of a language with the user's files over them; none where nobody has data for it.
    ///
    /// Errors: [`Error::Data`] for a user's file that is wrong.
    pub fn of(lang: &str, files: &[(String, String)]) -> Result<Option<Arc<Self>>, Error> {
        let mut found = match SHIPPED.iter().position(|row| row.0 == lang) {
            Some(index) => Some((*TABLES[index]).clone()?),
            None => None,
        };
        for (name, text) in files {
            let mut merged = found.as_deref().cloned().unwrap_or_default();
            if merged.merge(lang, name, text)? {
                found = Some(Arc::new(merged));
            }
        }
        Ok(found)
    }

    /// Merges a file's entries over those that are here; false where the file is for another
    /// language.
    ///
    /// Errors: [`Error::Data`] with the place: no TOML, an unknown section or key, a wrong schema,
    /// no language, and what [`EntryChecker`] finds.
    pub fn merge(&mut self, lang: &str, name: &str, text: &str) -> Result<bool, Error> {
        let checker = EntryChecker { name, text };
        let file: LanguageFile = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            checker.error(error.message().to_owned(), &span)
        })?;
        match &file.schema {
            Some(schema) if *schema.get_ref() == 1 => {}
            Some(schema) => {
                let what = format!(
                    "schema {} is not known; this version reads 1",
                    schema.get_ref()
                );
                return Err(checker.error(what, &schema.span()));
            }
            None => return Err(checker.error("`schema = 1` is missing".into(), &(0..0))),
        }
        let Some(of) = &file.lang else {
            return Err(checker.error("`lang` is missing, such as `lang = \"nl\"`".into(), &(0..0)));
        };
        checker.check(&file)?;
        if of.get_ref() != lang {
            return Ok(false);
        }
        self.take(&file);
        self.drop(&file, &checker)?;
        Ok(true)
    }

    fn take(&mut self, file: &LanguageFile) {
        for (list, class) in file.abbreviations.lists() {
            for entry in list {
                self.classes.insert(entry.get_ref().as_str().into(), class);
            }
        }
        for (entry, class) in &file.abbreviations.exact {
            if let Some(class) = class_named(class.get_ref()) {
                self.exact.insert(entry.get_ref().as_str().into(), class);
            }
        }
        for entry in &file.initials.multi {
            self.exact
                .insert(entry.get_ref().as_str().into(), AbbreviationClass::Initial);
        }
        let boxed = |list: &EntryList| -> Vec<Box<str>> {
            list.iter()
                .map(|entry| entry.get_ref().as_str().into())
                .collect()
        };
        for (set, _) in WordSet::ALL {
            self.sets[set as usize].extend(boxed(file.list(set)));
        }
        self.suffixes.extend(boxed(&file.abbreviations.suffixes));
        self.names.extend(
            file.marks
                .names
                .iter()
                .filter_map(|name| split_name(name.get_ref())),
        );
    }

    /// Takes entries away.
    ///
    /// Errors: a list that does not exist; an entry that is not there, or stands in another class: a
    /// removal that does nothing is a mistake.
    fn drop(&mut self, file: &LanguageFile, checker: &EntryChecker<'_>) -> Result<(), Error> {
        for (list, entries) in &file.remove {
            let name = list.get_ref().as_str();
            let class = class_named(name).filter(|class| class.has_list());
            let set = WordSet::ALL.iter().find(|row| row.1 == name);
            for entry in entries {
                let word = entry.get_ref().as_str();
                let is_gone = if let Some(class) = class {
                    if let Some(other) = self.classes.get(word).filter(|other| **other != class) {
                        let other = other.name();
                        let what = format!("`{word}` does not stand in `{name}`, but in `{other}`");
                        return Err(checker.error(what, &entry.span()));
                    }
                    self.classes.remove(word).is_some()
                } else if let Some((set, _)) = set {
                    self.sets[*set as usize].remove(word)
                } else {
                    match name {
                        "exact" | "multi" => self.exact.remove(word).is_some(),
                        "suffixes" => removed(&mut self.suffixes, |suffix| **suffix == *word),
                        "names" => {
                            let name = split_name(word);
                            removed(&mut self.names, |row| Some(row) == name.as_ref())
                        }
                        _ => false,
                    }
                };
                if !is_gone {
                    let what = format!("`{word}` cannot be removed: it is not there");
                    return Err(checker.error(what, &entry.span()));
                }
            }
        }
        Ok(())
    }

    /// Whether a word, folded, is in a list.
    fn has(&self, set: WordSet, word: &str) -> bool {
        self.sets[set as usize].contains(word)
    }

    /// The class of a token that stands before a full stop; `scratch` saves an allocation.
    pub fn class(
        &self,
        token: &str,
        shouted: bool,
        scratch: &mut String,
    ) -> Option<AbbreviationClass> {
        if let Some(class) = self.exact.get(token) {
            return Some(*class);
        }
        // A capital alone is an initial; an acronym in capitals (`de NS.`) is not an abbreviation that
        // happens to have its letters, unless the neighbours are in capitals too.
        let capitals = token.chars().filter(|c| c.is_uppercase()).count();
        let alone = capitals == 1 && token.chars().nth(1).is_none();
        if alone || (!shouted && capitals > 1 && !token.contains('.')) {
            return None;
        }
        self.classes.get(fold(token, scratch)).copied()
    }

    /// Whether this token, as it is written, is listed with its case.
    pub fn is_exact(&self, token: &str) -> bool {
        self.exact.contains_key(token)
    }

    /// Whether a capitalised word (`De`, `Daarna`) begins sentences. A word in capitals is a name:
    /// `IN`, `DE`.
    pub fn is_starter(&self, word: &str, scratch: &mut String) -> bool {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_uppercase)
            && !chars.next().is_some_and(char::is_uppercase)
            && self.has(WordSet::Starters, fold(word, scratch))
    }

    /// Whether a word, in whatever case, is listed as a starter.
    pub fn opens(&self, word: &str, scratch: &mut String) -> bool {
        self.has(WordSet::Starters, fold(word, scratch))
    }

    /// Whether a single capital after this word is not an initial: `vitamine C`.
    pub fn takes_letter(&self, word: &str, scratch: &mut String) -> bool {
        let folded = fold(word, scratch);
        // Compounds take letters as their last part does: `bloedgroep`, `ploegendienst`.
        self.has(WordSet::Titled, folded)
            || (folded.len() > 8
                && ["groep", "klasse", "afdeling", "divisie"]
                    .iter()
                    .any(|part| folded.ends_with(part) && self.has(WordSet::Titled, part)))
    }

    /// Whether a capitalised word begins surnames too: `De Wit`, `Van Dijk`.
    pub fn is_particle(&self, word: &str, scratch: &mut String) -> bool {
        self.has(WordSet::Particles, fold(word, scratch))
    }

    /// Whether a word reports what was said, after its subject: `Smith asked`.
    pub fn reports(&self, word: &str) -> bool {
        self.has(WordSet::Verbs, word)
    }

    /// Whether no verb of this language reports after its subject.
    pub fn has_no_reports(&self) -> bool {
        self.sets[WordSet::Verbs as usize].is_empty()
    }

    /// Whether a word starts sentences in lower case: `iPhone`, `eBay`, and in English `i` and
    /// `i'm`.
    pub fn is_brand(&self, word: &str) -> bool {
        let mut letters = word.chars();
        let pattern = matches!(letters.next(), Some('i' | 'e' | 'x'))
            && letters.next().is_some_and(char::is_uppercase);
        let stem = word.split(is_apostrophe).next().unwrap_or_default();
        pattern || self.has(WordSet::Brands, word) || self.has(WordSet::Brands, stem)
    }

    /// Whether an apostrophe and these letters are a word: `’s`, `’t`.
    pub fn is_clitic(&self, letters: &str, scratch: &mut String) -> bool {
        self.has(WordSet::Clitics, fold(letters, scratch))
    }

    /// Whether the token ends like an abbreviated street or firm: `Stationsstr`.
    pub fn has_suffix(&self, token: &str) -> bool {
        self.suffixes
            .iter()
            .any(|suffix| token.len() > suffix.len() && token.ends_with(&**suffix))
    }

    /// Whether a name that carries its mark ends here; `mark` is the byte behind the mark.
    pub fn is_name(&self, text: &str, mark: usize) -> bool {
        text.is_char_boundary(mark)
            && self.names.iter().any(|(head, tail)| {
                text[..mark].strip_suffix(&**head).is_some_and(|rest| {
                    !rest.ends_with(char::is_alphanumeric) && text[mark..].starts_with(&**tail)
                })
            })
    }

    /// The exact-case entries, sorted.
    pub fn exact(&self) -> Vec<(&str, AbbreviationClass)> {
        let mut all: Vec<(&str, AbbreviationClass)> =
            self.exact.iter().map(|(e, c)| (&**e, *c)).collect();
        all.sort_unstable();
        all
    }

    /// The entries compared without case, sorted.
    pub fn folded(&self) -> Vec<(&str, AbbreviationClass)> {
        let mut all: Vec<(&str, AbbreviationClass)> =
            self.classes.iter().map(|(e, c)| (&**e, *c)).collect();
        all.sort_unstable();
        all
    }

    /// The words of a list, sorted.
    pub fn words(&self, set: WordSet) -> Vec<&str> {
        let mut all: Vec<&str> = self.sets[set as usize].iter().map(|e| &**e).collect();
        all.sort_unstable();
        all
    }

    /// The suffixes, in the order of the file.
    pub fn suffixes(&self) -> Vec<&str> {
        self.suffixes.iter().map(|entry| &**entry).collect()
    }

    /// The names with a mark, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut all: Vec<String> = self.names.iter().map(|(a, b)| format!("{a}{b}")).collect();
        all.sort_unstable();
        all
    }
}

/// Lower case and straight apostrophes.
fn fold<'s>(word: &str, scratch: &'s mut String) -> &'s str {
    scratch.clear();
    for c in word.chars() {
        if c.is_ascii() {
            scratch.push(c.to_ascii_lowercase());
        } else if is_apostrophe(c) {
            scratch.push('\'');
        } else {
            scratch.extend(c.to_lowercase());
        }
    }
    scratch
}

fn class_named(name: &str) -> Option<AbbreviationClass> {
    AbbreviationClass::ALL
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(class, _)| *class)
}

/// A name cut behind its mark: `1. FC` → (`1.`, ` FC`).
fn split_name(name: &str) -> Option<(Box<str>, Box<str>)> {
    let mark = name.find(['!', '?', '.'])? + 1;
    let (head, tail) = name.split_at(mark);
    Some((head.into(), tail.into()))
}

impl AbbreviationLists {
    fn lists(&self) -> [(&EntryList, AbbreviationClass); 7] {
        [
            (&self.never, AbbreviationClass::Never),
            (&self.titles, AbbreviationClass::Title),
            (&self.before_number, AbbreviationClass::BeforeNumber),
            (
                &self.word_before_number,
                AbbreviationClass::WordBeforeNumber,
            ),
            (&self.maybe_final, AbbreviationClass::MaybeFinal),
            (&self.r#final, AbbreviationClass::Final),
            (&self.months, AbbreviationClass::Month),
        ]
    }
}

impl LanguageFile {
    fn list(&self, set: WordSet) -> &EntryList {
        match set {
            WordSet::Starters => &self.starts.starters,
            WordSet::Clitics => &self.starts.clitics,
            WordSet::Brands => &self.starts.brands,
            WordSet::Titled => &self.initials.titled,
            WordSet::Particles => &self.initials.particles,
            WordSet::Verbs => &self.reporting.verbs,
        }
    }
}

/// Whether a list had such entries; they are taken away.
fn removed<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> bool {
    let before = list.len();
    list.retain(|entry| !is_it(entry));
    list.len() < before
}

/// Finds what is wrong with the entries of a file.
struct EntryChecker<'f> {
    name: &'f str,
    text: &'f str,
}

impl EntryChecker<'_> {
    fn error(&self, what: String, span: &std::ops::Range<usize>) -> Error {
        let place = Place::at(self.name, self.text, span.start, span.len());
        Error::Data {
            what,
            place: Box::new(place),
        }
    }

    /// Errors: an empty entry, a trailing full stop, upper case outside `exact` and names, an entry
    /// twice or in two classes, an unknown class.
    fn check(&self, file: &LanguageFile) -> Result<(), Error> {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for (list, class) in file.abbreviations.lists() {
            for entry in list {
                self.lower(entry)?;
                self.once(&mut seen, entry, class.name())?;
            }
        }
        seen.clear();
        for (entry, class) in &file.abbreviations.exact {
            self.entry(entry)?;
            self.once(&mut seen, entry, class.get_ref())?;
            if class_named(class.get_ref()).is_none() {
                let names: Vec<&str> = AbbreviationClass::ALL.iter().map(|row| row.1).collect();
                let what = format!(
                    "unknown class `{}`; available: {}",
                    class.get_ref(),
                    names.join(", ")
                );
                return Err(self.error(what, &class.span()));
            }
        }
        for entry in &file.initials.multi {
            self.entry(entry)?;
            self.once(&mut seen, entry, "multi")?;
        }
        for list in [
            &file.abbreviations.suffixes,
            &file.initials.titled,
            &file.initials.particles,
            &file.starts.starters,
            &file.starts.clitics,
            &file.reporting.verbs,
        ] {
            seen.clear();
            for entry in list {
                self.lower(entry)?;
                self.once(&mut seen, entry, "this list")?;
            }
        }
        for list in file.remove.keys() {
            let name = list.get_ref().as_str();
            let is_list = class_named(name).is_some_and(AbbreviationClass::has_list)
                || WordSet::ALL.iter().any(|row| row.1 == name)
                || ["exact", "multi", "suffixes", "names"].contains(&name);
            if !is_list {
                return Err(self.error(format!("unknown list `{name}`"), &list.span()));
            }
        }
        for name in &file.marks.names {
            if split_name(name.get_ref()).is_none() {
                let what = format!(
                    "`{}` has no mark; names here end in `!` or `?`, or hold a `.`",
                    name.get_ref()
                );
                return Err(self.error(what, &name.span()));
            }
        }
        Ok(())
    }

    fn entry(&self, entry: &Spanned<String>) -> Result<(), Error> {
        let text = entry.get_ref();
        if text.trim().is_empty() {
            return Err(self.error("an entry is empty".into(), &entry.span()));
        }
        if let Some(bare) = text.strip_suffix('.') {
            let what = format!("`{text}` ends in a full stop; write `{bare}`");
            return Err(self.error(what, &entry.span()));
        }
        Ok(())
    }

    fn lower(&self, entry: &Spanned<String>) -> Result<(), Error> {
        self.entry(entry)?;
        let text = entry.get_ref();
        if text.chars().any(char::is_uppercase) {
            let what = format!(
                "`{text}` has a capital; where case decides, write it under [abbreviations.exact]"
            );
            return Err(self.error(what, &entry.span()));
        }
        Ok(())
    }

    fn once<'e>(
        &self,
        seen: &mut HashMap<&'e str, &'e str>,
        entry: &'e Spanned<String>,
        class: &'e str,
    ) -> Result<(), Error> {
        match seen.insert(entry.get_ref(), class) {
            None => Ok(()),
            Some(other) if other == class => Err(self.error(
                format!("`{}` stands here twice", entry.get_ref()),
                &entry.span(),
            )),
            Some(other) => Err(self.error(
                format!("`{}` stands in `{other}` and in `{class}`", entry.get_ref()),
                &entry.span(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(tables: &LanguageTables, token: &str) -> Option<AbbreviationClass> {
        tables.class(token, false, &mut String::new())
    }

    #[test]
    fn the_shipped_tables_are_sound() {
        for (lang, _, _) in SHIPPED {
            let tables = LanguageTables::of(lang, &[]).unwrap().unwrap();
            assert!(tables.folded().len() > 150, "{lang}");
            assert!(tables.words(WordSet::Starters).len() > 150, "{lang}");
        }
        assert!(LanguageTables::of("fr", &[]).unwrap().is_none());
    }

    #[test]
    fn a_users_file_adds_moves_and_removes() {
        let text = "schema = 1\nlang = \"nl\"\n[abbreviations]\nnever = [\"redac\", \"enz\"]\n[remove]\ntitles = [\"dhr\"]\nstarters = [\"daarna\"]\n";
        let files = [("desk.toml".to_owned(), text.to_owned())];
        let tables = LanguageTables::of("nl", &files).unwrap().unwrap();
        assert_eq!(class(&tables, "redac"), Some(AbbreviationClass::Never));
        assert_eq!(class(&tables, "enz"), Some(AbbreviationClass::Never));
        assert_eq!(class(&tables, "dhr"), None);
        assert!(!tables.is_starter("Daarna", &mut String::new()));
        let english = LanguageTables::of("en", &files).unwrap().unwrap();
        assert_eq!(class(&english, "redac"), None);
        let new = LanguageTables::of("xx", &[("x".into(), text.replace("\"nl\"", "\"xx\""))]);
        assert!(new.is_err(), "what is to be removed is not there");
        let add = "schema = 1\nlang = \"xx\"\n[abbreviations]\nnever = [\"dr\"]\n";
        assert!(
            LanguageTables::of("xx", &[("x".into(), add.into())])
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn a_wrong_file_is_named_with_line_and_column() {
        for (text, line, column, what) in [
            (
                "schema = 1\nlang = \"nl\"\n[abbreviation]",
                3,
                2,
                "unknown field",
            ),
            ("schema = 2\nlang = \"nl\"", 1, 10, "schema 2"),
            ("lang = \"nl\"", 1, 1, "`schema = 1` is missing"),
            ("schema = 1", 1, 1, "`lang` is missing"),
            (
                "schema = 1\nlang = \"nl\"\n[abbreviations]\nnever = [\"a.b\", \"Dr\"]",
                4,
                17,
                "has a capital",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[abbreviations]\nnever = [\"dr.\"]",
                4,
                10,
                "write `dr`",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[abbreviations]\nnever = [\"\"]",
                4,
                10,
                "empty",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[abbreviations]\nnever = [\"x\"]\nmonths = [\"x\"]",
                5,
                11,
                "`x` stands in `never` and in `months`",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[abbreviations.exact]\n\"X\" = \"often\"",
                4,
                7,
                "unknown class `often`",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[abbreviations]\nnever = [\"x\"]\n[remove]\ntitles = [\"x\"]",
                6,
                11,
                "`x` does not stand in `titles`, but in `never`",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[remove]\nverbs = [\"x\"]",
                4,
                10,
                "it is not there",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[remove]\nverb = []",
                4,
                1,
                "unknown list `verb`",
            ),
            (
                "schema = 1\nlang = \"nl\"\n[marks]\nnames = [\"Yahoo\"]",
                4,
                10,
                "no mark",
            ),
        ] {
            let error = LanguageTables::default()
                .merge("nl", "desk.toml", text)
                .unwrap_err();
            let Error::Data { what: said, place } = &error;
            assert!(said.contains(what), "{said}");
            assert_eq!((place.line, place.column), (line, column), "{text}");
        }
    }

    #[test]
    fn an_acronym_in_capitals_is_no_abbreviation() {
        let tables = LanguageTables::of("nl", &[]).unwrap().unwrap();
        assert_eq!(class(&tables, "Dr"), Some(AbbreviationClass::Title));
        assert_eq!(class(&tables, "DR"), None);
        assert_eq!(
            tables.class("DR", true, &mut String::new()),
            Some(AbbreviationClass::Title)
        );
        assert_eq!(class(&tables, "N.V"), Some(AbbreviationClass::MaybeFinal));
    }
}
