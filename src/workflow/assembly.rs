//! Units of an article and its document put together again: edition, pairs, page and report as
//! bytes. A merged review and the desk write through it, so that the same decisions give the same
//! files.

use super::report::{self, Provenance};
use super::{Error, bundle, files};
use crate::bitext::{Document, Edition, LangPair, Unit};
use crate::check;
use crate::format;
use crate::term::Glossary;
use serde_json::Value;
use std::path::Path;

/// What an article is put together with.
#[derive(Debug, Clone, Copy)]
pub struct AssemblyContext<'a> {
    /// The glossary in force.
    pub glossary: &'a Glossary,
    /// The languages.
    pub pair: &'a LangPair,
    /// Checks that are silenced.
    pub silenced: &'a [String],
    /// Whether `.xlf` pairs are XLIFF 2.1 instead of 1.2.
    pub xliff2: bool,
}

/// An article as it is now.
#[derive(Debug)]
pub struct AssembledEdition<'a> {
    /// Document and units, checked.
    pub edition: Edition,
    /// The bytes of the edition.
    pub bytes: Vec<u8>,
    with: AssemblyContext<'a>,
    provenance: Provenance,
    name: String,
    old: &'a Value,
}

impl<'a> AssembledEdition<'a> {
    /// Checks the units, whose terms are judged, and writes the edition. `path` is the article,
    /// `old` its report of before.
    ///
    /// Errors: [`Error::OutOfPlace`]; those of the format.
    pub fn new(
        document: Document,
        units: Vec<Unit>,
        path: &Path,
        old: &'a Value,
        with: &AssemblyContext<'a>,
    ) -> Result<Self, Error> {
        let mut edition = Edition { document, units };
        place(&mut edition, path)?;
        let checks = check::CheckContext::new(with.glossary, with.pair).silenced(with.silenced);
        check::run(&mut edition.units, &checks);
        let text = format::edition(&mut edition)?;
        let (bytes, _) = format::encode(&edition.document, &text)?;
        Ok(Self {
            edition,
            bytes,
            with: *with,
            provenance: Provenance {
                glossary: with.glossary.digest(),
                glossary_entries: with.glossary.entries().len(),
                ..provenance(Some(old))
            },
            name: path.display().to_string(),
            old,
        })
    }

    /// The pairs in the format that a name has.
    ///
    /// Errors: [`Error::Format`].
    pub fn pairs(&self, kind: &str) -> Result<Vec<u8>, Error> {
        let with = &self.with;
        let about = bundle::about(with.pair, &self.name, &self.provenance, with.xliff2);
        Ok(format::write_pairs(kind, &self.edition.units, &[], &about)?)
    }

    /// The review page.
    ///
    /// Errors: [`Error::Format`].
    pub fn page(&self) -> Result<Vec<u8>, Error> {
        let notices = notices(Some(self.old));
        let units = &self.edition.units;
        bundle::page(
            units,
            &notices,
            self.with.pair,
            &self.provenance,
            &self.name,
        )
    }

    /// The report of the edition as it is now. What was billed is known from the old one.
    pub fn report(&self) -> String {
        let name = files::base(Path::new(&self.name));
        let text = report::report(&self.edition, &name, &self.provenance);
        let Ok(mut report) = serde_json::from_str::<Value>(&text) else {
            return text;
        };
        report["characters"]["billed"] = self.old["characters"]["billed"].clone();
        let text = serde_json::to_string_pretty(&report).unwrap_or(text);
        format!("{text}\n")
    }
}

/// What the reader of the article said, by its report.
pub(super) fn notices(report: Option<&Value>) -> Vec<String> {
    report
        .and_then(|report| report["source"]["notices"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|notice| notice.as_str().map(str::to_owned))
        .collect()
}

/// Where an edition comes from, by its report.
pub(super) fn provenance(report: Option<&Value>) -> Provenance {
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
