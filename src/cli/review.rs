//! `overzet review`: the page of pairs written again, and an editor's work merged into the edition.
//!
//! `overzet review edition/ --edits ~/Downloads/artikel.nl-en.jsonl` takes what was corrected and approved on the page, judges it anew, writes the
//! article's files again, and keeps the pairs in the translation memory.

use super::failure::{Exit, Failure};
use super::output::{self, Outputs};
use super::report::{self, Provenance};
use super::{World, bundle, glossary, print, tm};
use crate::bitext::{Document, Edition, Lang, LangPair, State, Unit};
use crate::check;
use crate::format;
use crate::memory::Store;
use crate::term::{self, Glossary};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Arguments of `review`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// A folder that `translate -o FOLDER/` wrote, or a file of pairs
    pub path: PathBuf,
    /// Pairs that were downloaded from the page; may be given several times
    #[arg(long, value_name = "FILE")]
    pub edits: Vec<PathBuf>,
    /// The Dutch article, where it is not beside the edition
    #[arg(long, value_name = "FILE")]
    pub source: Option<PathBuf>,
    /// Where the page goes
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Glossary file or folder; may be given several times
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Write over files that may have been edited
    #[arg(long)]
    pub force: bool,
}

/// What the page is made of.
struct Desk<'a> {
    args: &'a Args,
    world: &'a World,
    pair: LangPair,
    glossary: Glossary,
    store: Store,
}

/// Writes the page, and with edits the whole bundle.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    let tag = |key: &str| Lang::new(world.settings.text(key).unwrap_or_default());
    let pairs = if args.path.is_dir() {
        pairs_of(&args.path)?
    } else {
        args.path.clone()
    };
    let folder = pairs.parent().unwrap_or(Path::new("")).to_owned();
    // The demo keeps its memory beside its edition.
    let own = folder.join("memory.sqlite");
    let memory = if own.is_file() { own } else { world.memory() };
    let desk = Desk {
        args,
        world,
        pair: LangPair {
            source: tag("from"),
            target: tag("to"),
        },
        glossary: glossary::load(&args.glossary, world)?,
        store: Store::open(&memory)?,
    };
    let mut units = glossary::pairs(&pairs, None)?.units;
    let mut changed = 0;
    for file in &args.edits {
        changed += desk.merge(&mut units, file)?;
    }
    let stem = pairs.file_name().map_or_else(String::new, |name| {
        let name = name.to_string_lossy();
        name.strip_suffix(".nl-en.jsonl")
            .map_or_else(|| bundle::stem(&name), str::to_owned)
    });
    let page = args
        .output
        .clone()
        .unwrap_or_else(|| folder.join(format!("{stem}.review.html")));
    let told = bundle::report(&folder, &stem);
    let report: Option<Value> = std::fs::read(&told)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let outputs = Outputs::with_edits(&desk.store, args.force);
    if args.edits.is_empty() {
        let name = name_of(report.as_ref(), &pairs);
        let provenance = provenance(report.as_ref());
        let bytes = bundle::page(
            &units,
            &notices(report.as_ref()),
            &desk.pair,
            &provenance,
            &name,
        )?;
        outputs.write(&page, &bytes)?;
        print::out(format!("review     {}\n", page.display()).as_bytes())?;
        return Ok(Exit::Done);
    }
    let Some(report) = report else {
        return Err(Failure::input(format!(
            "{} is not there: only a folder that `translate -o FOLDER/` wrote can take edits",
            told.display()
        ))
        .hint("without --edits the page alone is written"));
    };
    let written = desk.bundle(units, &report, &folder, &stem, &page, &outputs)?;
    let learnt = desk.store.add_pairs(
        written.iter().filter(|unit| tm::is_by_person(unit)),
        &desk.pair,
        &format!("{stem}.nl-en.jsonl"),
        World::now(),
    )?;
    let approved = written
        .iter()
        .filter(|u| u.state == State::Approved)
        .count();
    world.say(&format!(
        "{changed} of {} pairs changed, {approved} approved; {learnt} kept in the memory",
        written.len()
    ));
    Ok(Exit::Done)
}

/// The one file of pairs of a folder.
fn pairs_of(folder: &Path) -> Result<PathBuf, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        Failure::input(format!("{} cannot be read", folder.display())).caused_by(&error)
    })?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".nl-en.jsonl"))
        .collect();
    found.sort();
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(
            Failure::input(format!("{} holds no pairs", folder.display()))
                .hint("`overzet translate ARTICLE -o FOLDER/` writes them"),
        ),
        [first, ..] => Err(Failure::usage(format!(
            "{} holds the pairs of several articles",
            folder.display()
        ))
        .hint(format!("name one: `overzet review {}`", first.display()))),
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
    let Some(told) = report.map(|report| &report["provenance"]) else {
        return Provenance {
            version: env!("CARGO_PKG_VERSION"),
            ..Provenance::default()
        };
    };
    let text = |name: &str| told[name].as_str().map(str::to_owned);
    Provenance {
        engine: text("engine"),
        options: text("options"),
        glossary: text("glossary").unwrap_or_default(),
        glossary_entries: told["glossary_entries"].as_u64().unwrap_or(0) as usize,
        version: env!("CARGO_PKG_VERSION"),
        first_draft: text("first_draft"),
        last_draft: text("last_draft"),
    }
}

impl Desk<'_> {
    /// Takes over what an editor made of the units. Says how many differ.
    ///
    /// Errors: exit 3 for pairs of another article or of another state of it; nothing is taken over then.
    fn merge(&self, units: &mut [Unit], file: &Path) -> Result<usize, Failure> {
        let edits = glossary::pairs(file, None)?.units;
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
                return Err(Failure::input(format!(
                    "{}: {} is not in the edition with this Dutch",
                    file.display(),
                    edit.id
                ))
                .hint("these pairs belong to another article, or the article was translated anew since"));
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

    /// Writes the files of the article again.
    fn bundle(
        &self,
        units: Vec<Unit>,
        old: &Value,
        folder: &Path,
        stem: &str,
        page: &Path,
        outputs: &Outputs<'_>,
    ) -> Result<Vec<Unit>, Failure> {
        let (path, document) = self.source(old, folder)?;
        let mut edition = Edition { document, units };
        place(&mut edition, &path)?;
        let silenced = self.world.settings.silenced();
        let with = check::CheckContext::new(&self.glossary, &self.pair).silenced(&silenced);
        check::run(&mut edition.units, &with);
        let text = format::edition(&mut edition)?;
        let (bytes, _) = format::encode(&edition.document, &text);
        let provenance = Provenance {
            glossary: self.glossary.digest(),
            glossary_entries: self.glossary.entries().len(),
            ..provenance(Some(old))
        };
        let name = path.display().to_string();
        let told = bundle::report(folder, stem);
        let [jsonl, tmx, xlf, own_page] = bundle::pairs(folder, stem);
        let target = bundle::edition(folder, &path);
        let page = if self.args.output.is_some() {
            page
        } else {
            &own_page
        };
        for path in [&target, &jsonl, &tmx, &xlf, &told] {
            outputs.check(path)?;
        }
        outputs.write(&target, &bytes)?;
        let about = bundle::about(&self.pair, &name, &provenance, false);
        for path in [&jsonl, &tmx, &xlf] {
            let kind = path.display().to_string();
            outputs.write(
                path,
                &format::write_pairs(&kind, &edition.units, &[], &about)?,
            )?;
        }
        outputs.write(
            page,
            &bundle::page(
                &edition.units,
                &notices(Some(old)),
                &self.pair,
                &provenance,
                &name,
            )?,
        )?;
        outputs.write(&told, again(&edition, &name, &provenance, old).as_bytes())?;
        print::out(
            format!(
                "edition    {}\npairs      {}\nreview     {}\n",
                target.display(),
                jsonl.display(),
                page.display()
            )
            .as_bytes(),
        )?;
        Ok(edition.units)
    }

    /// The Dutch article: named, or with the report's name and digest beside the edition, above it or here.
    fn source(&self, report: &Value, folder: &Path) -> Result<(PathBuf, Document), Failure> {
        let name = report["source"]["name"].as_str().unwrap_or_default();
        let places = match &self.args.source {
            Some(path) => vec![path.clone()],
            None => vec![
                folder.join(name),
                folder.join("..").join(name),
                PathBuf::from(name),
            ],
        };
        for path in &places {
            if !path.is_file() {
                continue;
            }
            let bytes = output::read(path)?;
            let kind = report["source"]["format"].as_str();
            let document = format::read(
                &bytes,
                Some(&path.display().to_string()),
                kind,
                &Lang::new(self.pair.source.tag()),
            )?;
            let digest = blake3::hash(document.skeleton.source.as_bytes()).to_hex();
            if report["source"]["digest"] == digest.as_str() {
                return Ok((path.clone(), document));
            }
            if self.args.source.is_some() {
                return Err(Failure::input(format!(
                    "{} is not the text that the edition was made of",
                    path.display()
                ))
                .hint("translate it anew: approved pairs come from the memory"));
            }
        }
        Err(
            Failure::input(format!("the article `{name}` is not beside the edition"))
                .hint("`--source FILE` names it"),
        )
    }
}

/// Where the segments stand in their blocks; the pairs know only where they stand in the file.
///
/// Errors: exit 3 if a unit does not stand where its pair says.
fn place(edition: &mut Edition, path: &Path) -> Result<(), Failure> {
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
            return Err(Failure::input(format!(
                "{}: the Dutch of {} does not stand in its block",
                path.display(),
                unit.id
            ))
            .hint("translate it anew: approved pairs come from the memory"));
        };
        at = start + unit.source.plain.len();
        unit.within = crate::bitext::Span::new(start, at);
    }
    Ok(())
}

/// The report of the edition as it is now. What was billed is known from the old one.
fn again(edition: &Edition, name: &str, provenance: &Provenance, old: &Value) -> String {
    let text = report::report(edition, &bundle::base(name), provenance);
    let Ok(mut report) = serde_json::from_str::<Value>(&text) else {
        return text;
    };
    report["characters"]["billed"] = old["characters"]["billed"].clone();
    let text = serde_json::to_string_pretty(&report).unwrap_or(text);
    format!("{text}\n")
}
