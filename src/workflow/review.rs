//! The review page of pairs written again, and an editor's work merged into the edition.
//!
//! What was corrected and approved on the page is judged anew, the article's files are written
//! again, and the pairs are kept in the translation memory.

use super::assembly::{AssembledEdition, AssemblyContext, notices, provenance};
use super::files::Outputs;
use super::ledger::{Ledger, OutputState};
use super::review_merge::{EditMerge, LeftEdit};
use super::{
    Error, Host, NoticeLevel, Outcome, Purpose, Setup, bundle, files, glossary, pairs, segment,
};
use crate::bitext::{Document, FindingStatus, Lang, LangPair, Severity, State, Unit};
use crate::format;
use crate::memory::Store;
use crate::pipeline;
use crate::term::Glossary;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What is reviewed.
#[derive(Debug, Clone, Default)]
pub struct ReviewRequest {
    /// A folder that a translation was written to, or a file of pairs.
    pub path: PathBuf,
    /// Pairs that were downloaded from the page.
    pub edits: Vec<PathBuf>,
    /// The Dutch article, where it is not beside the edition.
    pub source: Option<PathBuf>,
    /// Where the page goes; without it, beside the pairs.
    pub page: Option<PathBuf>,
    /// Glossary files and folders; without any, those of the settings.
    pub glossary: Vec<PathBuf>,
    /// From which severity on findings of the merged texts count; none do if not given.
    pub fail_on: Option<Severity>,
    /// Whether files are written over that a person may have edited.
    pub force: bool,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The page.
    pub page: PathBuf,
    /// What came of the edits, where there are any.
    pub merged: Option<MergedEdits>,
}

/// What came of edits.
#[derive(Debug, Clone)]
pub struct MergedEdits {
    /// The edition.
    pub edition: PathBuf,
    /// Its pairs.
    pub pairs: PathBuf,
    /// Pairs that the edits change.
    pub changed: usize,
    /// Pairs of the article.
    pub total: usize,
    /// Pairs that are approved.
    pub approved: usize,
    /// Pairs that are new to the memory.
    pub learnt: usize,
    /// Every file that was written, the page left out.
    pub files: Vec<PathBuf>,
    /// Edits whose Dutch is not in the article any more.
    pub left: Vec<LeftEdit>,
    /// Whether something was left, or merged texts have findings that count.
    pub outcome: Outcome,
}

/// An article that is reviewed.
struct ReviewRun<'a> {
    request: &'a ReviewRequest,
    setup: &'a Setup,
    pair: LangPair,
    glossary: Glossary,
    store: Store,
    /// The folder of the pairs.
    folder: PathBuf,
    /// The start of the names of the article's files.
    stem: String,
}

/// Writes the page, and with edits the whole bundle.
///
/// Errors: [`Error::NoPairs`], [`Error::SeveralArticles`] for the folder; [`Error::NoReport`],
/// [`Error::OtherEdition`], [`Error::OtherText`], [`Error::NoArticle`], [`Error::OutOfPlace`] for
/// edits that do not fit; [`Error::Conflicts`] for units that two people changed; those of the files
/// and the memory. Nothing is written then.
pub fn run(request: &ReviewRequest, setup: &Setup, host: &dyn Host) -> Result<Reviewed, Error> {
    let pairs = if request.path.is_dir() {
        pairs_of(&request.path, &request.edits)?
    } else {
        request.path.clone()
    };
    let folder = pairs.parent().unwrap_or(Path::new("")).to_owned();
    let store = store_of(&pairs, &folder, setup)?;
    let stem = pairs.file_name().map_or_else(String::new, |name| {
        let name = name.to_string_lossy();
        name.strip_suffix(".nl-en.jsonl")
            .map_or_else(|| bundle::stem(&name), str::to_owned)
    });
    let run = ReviewRun {
        request,
        setup,
        pair: setup.pair(),
        glossary: glossary::load(&request.glossary, setup)?,
        store,
        folder,
        stem,
    };
    let mut units = pairs::read(&pairs, None, &run.pair)?.units;
    // What is written now is what the next edits are made of.
    for unit in &mut units {
        unit.base = None;
    }
    if request.edits.is_empty() {
        return run.page_alone(&units, &pairs);
    }
    let (changed, left) = run.merge(&mut units)?;
    run.bundle(units, &changed, left, host)
}

/// The memory that an article is kept in: that of the settings, but for the article of a demo, which
/// has one of its own beside it.
fn store_of(pairs: &Path, folder: &Path, setup: &Setup) -> Result<Store, Error> {
    let store = Store::open(&setup.memory())?;
    let demo = folder.join("memory.sqlite");
    if !demo.is_file() {
        return Ok(store);
    }
    let digest = blake3::hash(&files::read(pairs)?);
    let state = |store: &Store| Ledger::new(store).state(pairs, digest.as_bytes());
    let demo = Store::open(&demo)?;
    Ok(match (state(&store)?, state(&demo)?) {
        (OutputState::Ours | OutputState::Edited, OutputState::Unknown | OutputState::Edited)
        | (_, OutputState::Unknown) => store,
        _ => demo,
    })
}

/// The one file of pairs of a folder; of several, the one that the edits are named after.
fn pairs_of(folder: &Path, edits: &[PathBuf]) -> Result<PathBuf, Error> {
    let entries = std::fs::read_dir(folder).map_err(|source| Error::Unreadable {
        path: folder.to_owned(),
        purpose: Purpose::Document,
        source,
    })?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".nl-en.jsonl"))
        .collect();
    found.sort();
    let folder = folder.to_owned();
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Error::NoPairs { folder }),
        [first, ..] => {
            let mut named = edits
                .iter()
                .map(|path| download_stem(&files::base(path)).map(str::to_owned));
            let stem = named.next().flatten();
            let is_one = named.all(|other| other == stem);
            let own = stem.map(|stem| format!("{stem}.nl-en.jsonl"));
            let own = own
                .filter(|_| is_one)
                .and_then(|name| found.iter().find(|path| files::base(path) == name).cloned());
            own.ok_or_else(|| Error::SeveralArticles {
                folder,
                first: first.clone(),
            })
        }
    }
}

/// `artikel` of `artikel.nl-en.jsonl` and of `artikel.nl-en (1).jsonl`, as browsers name a second
/// download.
fn download_stem(name: &str) -> Option<&str> {
    let (stem, rest) = name.rsplit_once(".nl-en")?;
    let rest = rest.rsplit_once('.')?.0.trim();
    let is_number = |rest: &str| {
        let inner = rest
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        inner.is_some_and(|inner| inner.bytes().all(|b| b.is_ascii_digit()))
    };
    (rest.is_empty() || is_number(rest)).then_some(stem)
}

/// What a report says of its article's name.
fn name_of(report: Option<&Value>, pairs: &Path) -> String {
    report
        .and_then(|report| report["source"]["name"].as_str())
        .map_or_else(|| pairs.display().to_string(), str::to_owned)
}

impl ReviewRun<'_> {
    /// Where the report of the article stands.
    fn report_path(&self) -> PathBuf {
        bundle::report(&self.folder, &self.stem)
    }

    /// The report of the article, if there is one.
    fn report(&self) -> Option<Value> {
        let bytes = std::fs::read(self.report_path()).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    fn outputs(&self) -> Outputs<'_> {
        Outputs::new(Some(Ledger::new(&self.store)), self.request.force)
    }

    /// Writes the page of pairs as they are.
    fn page_alone(&self, units: &[Unit], pairs: &Path) -> Result<Reviewed, Error> {
        let report = self.report();
        let report = report.as_ref();
        let beside = || self.folder.join(format!("{}.review.html", self.stem));
        let page = self.request.page.clone().unwrap_or_else(beside);
        let (name, notices) = (name_of(report, pairs), notices(report));
        let bytes = bundle::page(units, &notices, &self.pair, &provenance(report), &name)?;
        self.outputs().write(&page, &bytes)?;
        Ok(Reviewed { page, merged: None })
    }

    /// Takes over what people made of the units. Says which differ, and what has no place.
    ///
    /// Errors: [`Error::OtherEdition`] for pairs of another article; [`Error::Conflicts`].
    fn merge(&self, units: &mut [Unit]) -> Result<(Vec<bool>, Vec<LeftEdit>), Error> {
        let mut merge = EditMerge::new(units);
        for path in &self.request.edits {
            let edits = pairs::read(path, None, &self.pair)?.units;
            let first = edits.first().map(|edit| edit.id.clone());
            if !merge.add_file(path, edits, pairs::is_exchange(path)) {
                return Err(Error::OtherEdition {
                    path: path.clone(),
                    unit: first.unwrap_or_default(),
                });
            }
        }
        if !merge.conflicts.is_empty() {
            let conflicts = merge.conflicts;
            return Err(Error::Conflicts { conflicts });
        }
        let (changed, left) = (merge.changed, merge.left);
        for (unit, _) in units.iter_mut().zip(&changed).filter(|(_, c)| **c) {
            let one = std::slice::from_mut(unit);
            pairs::find_again(one, &self.glossary);
            pipeline::judge_edited(unit, &self.glossary, &self.pair);
        }
        Ok((changed, left))
    }

    /// Judges the article anew, writes its files again, and keeps the pairs of people.
    fn bundle(
        &self,
        mut units: Vec<Unit>,
        changed: &[bool],
        left: Vec<LeftEdit>,
        host: &dyn Host,
    ) -> Result<Reviewed, Error> {
        let Some(old) = &self.report() else {
            let path = self.report_path();
            return Err(Error::NoReport { path });
        };
        let (path, document) = self.source(old)?;
        let silenced = self.setup.settings.silenced();
        let with = AssemblyContext {
            glossary: &self.glossary,
            pair: &self.pair,
            silenced: &silenced,
            xliff2: false,
        };
        pairs::judge_again(&mut units, &self.glossary);
        let assembly = AssembledEdition::new(document, units, &path, old, &with)?;
        let report = self.report_path();
        let [jsonl, tmx, xlf, own_page] = bundle::pairs(&self.folder, &self.stem);
        let target = bundle::edition(&self.folder, &path);
        let page = self.request.page.clone().unwrap_or(own_page);
        let outputs = self.outputs();
        for path in [&target, &jsonl, &tmx, &xlf, &page, &report] {
            outputs.check(path)?;
        }
        let units = &assembly.edition.units;
        let merged = || {
            units
                .iter()
                .zip(changed)
                .filter(|(_, c)| **c)
                .map(|(u, _)| u)
        };
        // Learnt first: whatever happens to the files, the work is kept.
        let learnt = self.store.add_pairs(
            merged().filter(|unit| pairs::is_by_person(unit) && unit.joined.is_empty()),
            &self.pair,
            &format!("{}.nl-en.jsonl", self.stem),
            host.now(),
        )?;
        outputs.write(&target, &assembly.bytes)?;
        for path in [&jsonl, &tmx, &xlf] {
            let kind = path.display().to_string();
            let bytes = match self.edited(&kind, units)? {
                Some(bytes) => bytes,
                None => assembly.pairs(&kind)?,
            };
            outputs.write(path, &bytes)?;
        }
        outputs.write(&page, &assembly.page()?)?;
        outputs.write(&report, assembly.report().as_bytes())?;
        for unit in merged() {
            tell_findings(unit, host);
        }
        let outcome = super::check::outcome(merged(), self.request.fail_on);
        let approved = units.iter().filter(|u| u.state == State::Approved);
        Ok(Reviewed {
            page,
            merged: Some(MergedEdits {
                edition: target,
                files: vec![tmx, xlf, report],
                pairs: jsonl,
                changed: changed.iter().filter(|changed| **changed).count(),
                total: units.len(),
                approved: approved.count(),
                learnt,
                outcome: if left.is_empty() {
                    outcome
                } else {
                    Outcome::Findings
                },
                left,
            }),
        })
    }

    /// The pairs of this kind as the editor's tool wrote them, with what became of them since: what
    /// the tool keeps there for itself stays. None where no edits are of this kind.
    fn edited(&self, kind: &str, units: &[Unit]) -> Result<Option<Vec<u8>>, Error> {
        let wanted = format::pair_format(kind)?.name();
        for path in self.request.edits.iter().rev() {
            let name = path.display().to_string();
            if format::pair_format(&name).is_ok_and(|own| own.name() == wanted) {
                let original = files::read(path)?;
                let bytes = format::rewrite_pairs(&original, &name, kind, &self.pair, units)?;
                if bytes.is_some() {
                    return Ok(bytes);
                }
            }
        }
        Ok(None)
    }

    /// The Dutch article: named, or with the report's name and digest beside the edition, above it
    /// or here.
    fn source(&self, report: &Value) -> Result<(PathBuf, Document), Error> {
        let name = report["source"]["name"].as_str().unwrap_or_default();
        let places = match &self.request.source {
            Some(path) => vec![path.clone()],
            None => vec![
                self.folder.join(name),
                self.folder.join("..").join(name),
                PathBuf::from(name),
            ],
        };
        for path in &places {
            if !path.is_file() {
                continue;
            }
            let bytes = files::read(path)?;
            let kind = report["source"]["format"].as_str();
            let mut reading = segment::reading(&self.setup.settings);
            reading.target = Some(self.pair.target.clone());
            let mut document = format::read_with(
                &bytes,
                Some(&path.display().to_string()),
                kind,
                &Lang::new(self.pair.source.tag()),
                &[],
                &reading,
            )?;
            document.target = Some(self.pair.target.clone());
            let digest = document.digest();
            if report["source"]["digest"] == digest.as_str() {
                return Ok((path.clone(), document));
            }
            if self.request.source.is_some() {
                let path = path.clone();
                return Err(Error::OtherText { path });
            }
        }
        let name = name.to_owned();
        Err(Error::NoArticle { name })
    }
}

/// Says what the checks find in a merged text, a line for each finding.
fn tell_findings(unit: &Unit, host: &dyn Host) {
    let open = |finding: &&crate::bitext::Finding| finding.status == FindingStatus::Open;
    for finding in unit.findings.iter().filter(open) {
        let (severity, check) = (finding.severity.name(), &finding.check);
        let line = format!("{}: {severity} {check}: {}", unit.id, finding.message);
        host.notify(NoticeLevel::Info, &line);
    }
}
