//! The loaded glossary: its entries, and the indexes derived from them once.

use super::concept::{Concept, Policy, Status};
use super::error::Error;
use super::lint::{self, GlossaryProblem};
use super::matcher::Matcher;
use super::needle::{self, Needle};
use super::style::{self, Style};
use super::{files, forms};
use crate::bitext::{Hit, Span, Unit};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A term of a unit, for an engine that takes a glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermPair {
    /// The Dutch as it stands in the unit.
    pub source: String,
    /// The English that is required.
    pub target: String,
    /// Every English form that satisfies the entry, the required one first; none for an entry that
    /// is only proposed.
    pub forms: Vec<String>,
    /// English forms that the entry forbids, the Dutch itself among them where it is another word.
    pub bans: Vec<String>,
    /// Where the Dutch stands, in bytes of the unit's source.
    pub span: Span,
    /// Whether the entry is a name, for which no article or inflection is in question.
    pub is_name: bool,
    /// The desk's note.
    pub note: String,
}

/// Residues, made searchable the first time that an entry is judged.
type LazyResidues = OnceLock<Box<[Needle]>>;

/// A loaded glossary.
///
/// ```
/// use overzet::bitext::{Unit, Verdict};
/// use overzet::term::{self, Glossary};
///
/// let glossary = Glossary::parse("desk.tsv", "nl\ten\nKoersk\tKursk\n")?;
/// let mut units = [Unit::translated("In Koersk is het stil.", "It is quiet in Koersk.")];
/// term::find(&mut units, &glossary);
/// term::enforce(&mut units, &glossary, &|_| 0);
/// assert_eq!(units[0].target.plain, "It is quiet in Kursk.");
/// assert_eq!(units[0].hits[0].verdict, Some(Verdict::Exact));
/// # Ok::<(), overzet::term::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Glossary {
    entries: Vec<Concept>,
    matcher: OnceLock<Matcher>,
    /// Of every entry that was judged, the Dutch that may not stand in the English.
    residues: OnceLock<Box<[LazyResidues]>>,
    domain: String,
    style: Style,
}

impl Glossary {
    /// Loads files and folders (the `.tsv` and `.csv` files of a folder in the order of their
    /// names; subfolders are left out).
    ///
    /// Errors: [`Error::Unreadable`]; [`Error::Broken`] with the place and the fix.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Error> {
        Self::load_in_style(paths, None)
    }

    /// The same in a house style: of the tables `style-NAME.tsv` that lie in the folders or in
    /// their subfolder `profiles` only the chosen one counts, and its rows stand in place of other
    /// rows for the same Dutch. `none` means none of them, no style whatever lies in the folders
    /// themselves.
    ///
    /// `bbc` → `staakt-het-vuren` is a ceasefire, though the house's own table has cease-fire.
    ///
    /// Errors: those of [`Glossary::load`]; [`Error::NoStyle`] with the styles that there are.
    pub fn load_in_style(paths: &[PathBuf], style: Option<&str>) -> Result<Self, Error> {
        let (glossary, broken) = Self::gather(paths, style)?;
        match broken.into_iter().next() {
            Some(first) => Err(first),
            None => Ok(glossary),
        }
    }

    /// Whether the folders hold a table of this style; `none` is there always.
    pub fn has_style(paths: &[PathBuf], style: &str) -> bool {
        style::plan(paths, Some(style)).is_ok()
    }

    /// Loads every sound row, and lists all problems: broken rows, and those of
    /// [`Glossary::lint`].
    ///
    /// Errors: as [`Glossary::load_in_style`], but for broken rows.
    pub fn examine(
        paths: &[PathBuf],
        style: Option<&str>,
    ) -> Result<(Self, Vec<GlossaryProblem>), Error> {
        let (glossary, broken) = Self::gather(paths, style)?;
        let problems = lint::sorted(broken, glossary.lint());
        Ok((glossary, problems))
    }

    fn gather(paths: &[PathBuf], style: Option<&str>) -> Result<(Self, Vec<Error>), Error> {
        let mut entries = Vec::new();
        let mut broken = Vec::new();
        let mut read = |path: &Path| -> Result<Vec<Concept>, Error> {
            let bytes = std::fs::read(path).map_err(|error| Error::Unreadable {
                path: path.display().to_string(),
                reason: error.to_string(),
            })?;
            let name = path.display().to_string();
            let contents = files::format(&name, None)?.read(&bytes, &name)?;
            broken.extend(contents.broken);
            Ok(contents.entries)
        };
        let plan = style::plan(paths, style)?;
        for path in &plan.tables {
            entries.append(&mut read(path)?);
        }
        for path in &plan.profiles {
            let own = read(path)?;
            style::replace(&mut entries, own);
        }
        let glossary = Self::from(entries).in_style(Style::beside(&plan.profiles)?);
        Ok((glossary, broken))
    }

    /// Reads the text of a file; its extension is its format, TSV where it has none.
    ///
    /// Errors: those of [`files::read`].
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let kind = (!name.contains('.')).then_some("tsv");
        Ok(Self::from(
            files::read(text.as_bytes(), name, kind)?.entries,
        ))
    }

    /// The same glossary for a run in this subject field, which selects the entries with `when`
    /// `domain=…`.
    #[must_use]
    pub fn in_domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = domain.into();
        self
    }

    /// The same glossary in a house that writes like this.
    #[must_use]
    pub fn in_style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// The rules of the chosen house style beside its words; empty where none is chosen.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// The subject field of the run; empty if it has none.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The entries, in file order.
    pub fn entries(&self) -> &[Concept] {
        &self.entries
    }

    /// An entry by its position, as hits name it.
    pub fn entry(&self, index: usize) -> Option<&Concept> {
        self.entries.get(index)
    }

    /// Position of the entry that a hit names. A hit that was read back from a file knows its entry
    /// by id and Dutch form alone.
    pub fn position_of(&self, hit: &Hit) -> Option<usize> {
        let is_its = |entry: &Concept| entry.id == hit.entry && entry.nl == hit.term;
        if self.entry(hit.index).is_some_and(is_its) {
            return Some(hit.index);
        }
        self.entries.iter().position(is_its)
    }

    /// The entry that a hit names.
    pub fn entry_of(&self, hit: &Hit) -> Option<&Concept> {
        self.entry(self.position_of(hit)?)
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn matcher(&self) -> &Matcher {
        self.matcher.get_or_init(|| Matcher::new(&self.entries))
    }

    pub(super) fn residues(&self, index: usize) -> &[Needle] {
        let all = self
            .residues
            .get_or_init(|| self.entries.iter().map(|_| OnceLock::new()).collect());
        match (all.get(index), self.entries.get(index)) {
            (Some(own), Some(entry)) => own.get_or_init(|| needle::residues(entry)),
            _ => &[],
        }
    }

    /// Every Dutch form of an entry that is looked for.
    pub fn forms(&self, index: usize) -> Vec<String> {
        self.entries.get(index).map_or_else(Vec::new, |entry| {
            forms::of(entry).into_iter().map(|form| form.text).collect()
        })
    }

    /// Every problem of the glossary, with its place and the fix.
    pub fn lint(&self) -> Vec<GlossaryProblem> {
        lint::lint(&self.entries)
    }

    /// Hash of all columns that matter for results, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for entry in &self.entries {
            meaning(entry, &mut hasher);
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Hash of the entries that occur in a unit; empty if none does.
    pub fn digest_of(&self, unit: &Unit) -> String {
        if unit.hits.is_empty() {
            return String::new();
        }
        let mut hasher = blake3::Hasher::new();
        for hit in &unit.hits {
            if let Some(entry) = self.entry_of(hit) {
                meaning(entry, &mut hasher);
            }
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The terms of a unit, as an engine's own glossary takes them.
    pub fn pairs(&self, unit: &Unit) -> Vec<TermPair> {
        unit.hits
            .iter()
            .filter_map(|hit| {
                let entry = self.entry_of(hit)?;
                (entry.policy != Policy::Drop).then(|| TermPair {
                    source: hit.source.of(&unit.source.plain).to_owned(),
                    target: hit.required.clone(),
                    forms: passing(entry, &hit.required),
                    bans: failing(entry, hit.source.of(&unit.source.plain)),
                    span: hit.source,
                    is_name: entry.is_name(),
                    note: entry.note.clone(),
                })
            })
            .collect()
    }
}

impl From<Vec<Concept>> for Glossary {
    fn from(entries: Vec<Concept>) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }
}

/// The English forms that satisfy an entry, the required one first. Shared heads ("First and Second
/// World War") are left to the reader.
fn passing(entry: &Concept, required: &str) -> Vec<String> {
    let (variants, family): (&[String], &[String]) = match entry.policy {
        _ if entry.status != Status::Approved => return Vec::new(),
        Policy::Keep => (&entry.en_accept, &[]),
        Policy::Exact => (&[], &entry.en_family),
        Policy::Variant | Policy::Family | Policy::Drop => (&entry.en_accept, &entry.en_family),
    };
    let shared = |form: &&String| !form.contains(" and ") && !form.contains(" or ");
    let mut forms = vec![required.to_owned()];
    for form in variants.iter().chain(family.iter().filter(shared)) {
        if !forms.contains(form) {
            forms.push(form.clone());
        }
    }
    forms
}

/// The English forms that an entry forbids, and the Dutch as it stands in the source where no form
/// of the entry is spelt like it.
fn failing(entry: &Concept, surface: &str) -> Vec<String> {
    if entry.status != Status::Approved {
        return Vec::new();
    }
    let mut bans = entry.forbidden.clone();
    let english = std::iter::once(&entry.en)
        .chain(&entry.en_accept)
        .chain(&entry.en_family);
    let is_english = |text: &str| english.clone().any(|form| form.eq_ignore_ascii_case(text));
    if entry.policy != Policy::Keep && entry.is_name() {
        let dutch = [surface, &entry.nl];
        bans.extend(
            dutch
                .iter()
                .filter(|text| !is_english(text))
                .map(|t| (*t).to_owned()),
        );
    }
    bans
}

/// Feeds the columns of an entry that matter for results; notes and dates are left out.
fn meaning(entry: &Concept, hasher: &mut blake3::Hasher) {
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(&entry.nl);
    part(&entry.en);
    for list in [
        &entry.nl_forms,
        &entry.vetoed,
        &entry.en_accept,
        &entry.en_family,
        &entry.forbidden,
    ] {
        part(&list.join("|"));
    }
    part(&format!(
        "{:?} {:?} {:?} {:?} {} {}",
        entry.policy, entry.case, entry.article, entry.status, entry.repair, entry.when_text
    ));
}
