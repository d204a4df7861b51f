//! The review page of pairs written again, and an editor's work merged into the edition.
//!
//! What was corrected and approved on the page is judged anew, the article's files are written
//! again, and the pairs are kept in the translation memory.

use super::files::Outputs;
use super::ledger::Ledger;
use super::report::{self, Provenance};
use super::{Error, Host, Purpose, Setup, bundle, files, glossary, pairs};
use crate::bitext::{Document, Edition, Lang, LangPair, State, Unit};
use crate::check;
use crate::format;
use crate::memory::Store;
use crate::term::{self, Glossary};
use serde_json::Value;
use std::collections::HashMap;
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
/// edits that do not fit; those of the files and the memory. Nothing is written then.
pub fn run(request: &ReviewRequest, setup: &Setup, host: &dyn Host) -> Result<Reviewed, Error> {
    let pairs = if request.path.is_dir() {
        pairs_of(&request.path)?
    } else {
        request.path.clone()
    };
    let folder = pairs.parent().unwrap_or(Path::new("")).to_owned();
    // The demo keeps its memory beside its edition.
    let own = folder.join("memory.sqlite");
    let memory = if own.is_file() { own } else { setup.memory() };
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
        store: Store::open(&memory)?,
        folder,
        stem,
    };
    let mut units = pairs::read(&pairs, None, &run.pair)?.units;
    let mut changed = 0;
    for file in &request.edits {
        changed += run.merge(&mut units, file)?;
    }
    if request.edits.is_empty() {
        return run.page_alone(&units, &pairs);
    }
    run.bundle(units, changed, host)
}

/// The one file of pairs of a folder.
fn pairs_of(folder: &Path) -> Result<PathBuf, Error> {
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
        [first, ..] => Err(Error::SeveralArticles {
            folder,
            first: first.clone(),
        }),
    }
}

/// What a report says of its article's name.
fn name_of(report: Option<&Value>, pairs: &Path) -> String {
    report
        .and_then(|report| report["source"]["name"].as_str())
        .map_or_else(|| pairs.display().to_string(), str::to_owned)
}

fn notices(report: Option<&Value>) -> Vec<String> {
    report
        .and_then(|report| report["source"]["notices"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|notice| notice.as_str().map(str::to_owned))
        .collect()
}

fn provenance(report: Option<&Value>) -> Provenance {
    let Some(own) = report.map(|report| &report["provenance"]) else {
        return Provenance {
            version: env!("CARGO_PKG_VERSION"),
            ..Provenance::default()
        };
    };
    let text = |name: &str| own[name].as_str().map(str::to_owned);
    Provenance {
        engine: text("engine"),
        options: text("options"),
        glossary: text("glossary").unwrap_or_default(),
        glossary_entries: own["glossary_entries"].as_u64().unwrap_or(0) as usize,
        version: env!("CARGO_PKG_VERSION"),
        first_draft: text("first_draft"),
        last_draft: text("last_draft"),
    }
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
        Outputs::new(Some(Ledger::with_edits(&self.store)), self.request.force)
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

    /// Takes over what an editor made of the units. Says how many differ.
    ///
    /// Errors: [`Error::OtherEdition`] for pairs of another article or of another state of it;
    /// nothing is taken over then.
    fn merge(&self, units: &mut [Unit], file: &Path) -> Result<usize, Error> {
        let edits = pairs::read(file, None, &self.pair)?.units;
        let places: HashMap<String, usize> = units
            .iter()
            .enumerate()
            .map(|(at, unit)| (unit.id.clone(), at))
            .collect();
        for edit in &edits {
            let same = places
                .get(&edit.id)
                .is_some_and(|&at| units[at].source.plain == edit.source.plain);
            if !same {
                return Err(Error::OtherEdition {
                    path: file.to_owned(),
                    unit: edit.id.clone(),
                });
            }
        }
        let mut changed = 0;
        for edit in edits {
            let unit = &mut units[places[&edit.id]];
            let text = edit.target != unit.target;
            if !text && edit.state == unit.state && edit.ok == unit.ok {
                continue;
            }
            changed += 1;
            let Unit {
                target,
                state,
                origin,
                draft,
                links,
                ok,
                ..
            } = edit;
            *unit = Unit {
                target,
                state,
                origin,
                draft,
                links,
                ok,
                ..std::mem::take(unit)
            };
            if text {
                let one = std::slice::from_mut(unit);
                term::find(one, &self.glossary);
                term::judge(one, &self.glossary);
            }
        }
        Ok(changed)
    }

    /// Writes the files of the article again, and keeps the pairs of people.
    fn bundle(&self, units: Vec<Unit>, changed: usize, host: &dyn Host) -> Result<Reviewed, Error> {
        let Some(old) = &self.report() else {
            let path = self.report_path();
            return Err(Error::NoReport { path });
        };
        let (path, document) = self.source(old)?;
        let mut edition = Edition { document, units };
        place(&mut edition, &path)?;
        let silenced = self.setup.settings.silenced();
        let with = check::CheckContext::new(&self.glossary, &self.pair).silenced(&silenced);
        check::run(&mut edition.units, &with);
        let text = format::edition(&mut edition)?;
        let (bytes, _) = format::encode(&edition.document, &text)?;
        let provenance = Provenance {
            glossary: self.glossary.digest(),
            glossary_entries: self.glossary.entries().len(),
            ..provenance(Some(old))
        };
        let name = path.display().to_string();
        let report = self.report_path();
        let [jsonl, tmx, xlf, own_page] = bundle::pairs(&self.folder, &self.stem);
        let target = bundle::edition(&self.folder, &path);
        let page = self.request.page.clone().unwrap_or(own_page);
        let outputs = self.outputs();
        for path in [&target, &jsonl, &tmx, &xlf, &report] {
            outputs.check(path)?;
        }
        outputs.write(&target, &bytes)?;
        let about = bundle::about(&self.pair, &name, &provenance, false);
        let units = &edition.units;
        for path in [&jsonl, &tmx, &xlf] {
            let kind = path.display().to_string();
            let bytes = match self.edited(&kind, units)? {
                Some(bytes) => bytes,
                None => format::write_pairs(&kind, units, &[], &about)?,
            };
            outputs.write(path, &bytes)?;
        }
        let notices = notices(Some(old));
        let bytes = bundle::page(units, &notices, &self.pair, &provenance, &name)?;
        outputs.write(&page, &bytes)?;
        outputs.write(&report, again(&edition, &name, &provenance, old).as_bytes())?;
        let learnt = self.store.add_pairs(
            units.iter().filter(|unit| pairs::is_by_person(unit)),
            &self.pair,
            &format!("{}.nl-en.jsonl", self.stem),
            host.now(),
        )?;
        let approved = units.iter().filter(|u| u.state == State::Approved);
        Ok(Reviewed {
            page,
            merged: Some(MergedEdits {
                edition: target,
                pairs: jsonl,
                changed,
                total: units.len(),
                approved: approved.count(),
                learnt,
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
            let mut document = format::read(
                &bytes,
                Some(&path.display().to_string()),
                kind,
                &Lang::new(self.pair.source.tag()),
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

/// Where the segments stand in their blocks; the pairs know only where they stand in the file.
///
/// Errors: [`Error::OutOfPlace`] for a unit that does not stand where its pair says.
fn place(edition: &mut Edition, path: &Path) -> Result<(), Error> {
    let blocks = &edition.document.blocks;
    let mut at = 0;
    let mut block = 0;
    for unit in &mut edition.units {
        if unit.block != block {
            (block, at) = (unit.block, 0);
        }
        let found = (block as usize)
            .checked_sub(1)
            .and_then(|index| blocks.get(index))
            .and_then(|block| {
                let rest = block.text.plain.get(at..)?;
                Some(at + rest.find(&unit.source.plain)?)
            });
        let Some(start) = found else {
            return Err(Error::OutOfPlace {
                path: path.to_owned(),
                unit: unit.id.clone(),
            });
        };
        at = start + unit.source.plain.len();
        unit.within = crate::bitext::Span::new(start, at);
    }
    Ok(())
}

/// The report of the edition as it is now. What was billed is known from the old one.
fn again(edition: &Edition, name: &str, provenance: &Provenance, old: &Value) -> String {
    let text = report::report(edition, &files::base(Path::new(name)), provenance);
    let Ok(mut report) = serde_json::from_str::<Value>(&text) else {
        return text;
    };
    report["characters"]["billed"] = old["characters"]["billed"].clone();
    let text = serde_json::to_string_pretty(&report).unwrap_or(text);
    format!("{text}\n")
}
