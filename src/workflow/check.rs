//! Pairs that exist already, checked: which checks are asked for, which findings were seen before,
//! and which of them matter.

use super::{Error, Host, NoticeLevel, Outcome, Setup, files, glossary, pairs};
use crate::bitext::{Finding, FindingStatus, Place, Severity, Unit};
use crate::check::{self, CHECKS};
use crate::format::{self, Pairs};
use crate::term::{self, Glossary};
use serde_json::Value;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What is checked, and by which checks.
#[derive(Debug, Clone, Default)]
pub struct CheckRequest {
    /// File of pairs, or a memory.
    pub pairs: PathBuf,
    /// Format of the pairs, where the name does not tell.
    pub format: Option<String>,
    /// Source language of the pairs, where it is not that of the settings.
    pub from: Option<String>,
    /// Target language of the pairs, where it is not that of the settings.
    pub to: Option<String>,
    /// Glossary files and folders. If none is given or configured, only the terms recorded in the
    /// pairs are checked.
    pub glossary: Vec<PathBuf>,
    /// Only these checks; empty for all.
    pub only: Vec<String>,
    /// Not these checks.
    pub skip: Vec<String>,
    /// Findings that need no second look, as JSON Lines.
    pub baseline: Option<PathBuf>,
}

impl CheckRequest {
    /// Whether this run asks for a check.
    fn asks_for(&self, name: &str) -> bool {
        let has = |list: &[String]| list.iter().any(|own| own == name);
        !has(&self.skip) && (self.only.is_empty() || has(&self.only))
    }
}

/// Checks pairs: what comes back has their findings.
///
/// Errors: [`Error::UnknownCheck`]; those of the files.
pub fn run(request: &CheckRequest, setup: &Setup, host: &dyn Host) -> Result<Pairs, Error> {
    for name in request.only.iter().chain(&request.skip) {
        if CHECKS.iter().all(|check| check.name() != name) {
            let name = name.clone();
            return Err(Error::UnknownCheck { name });
        }
    }
    // The desk's own pairs are checked with the desk's glossary; a stranger's translation is not
    // measured by a house style that nobody asked for.
    let named = !request.glossary.is_empty()
        || setup.settings.names_glossary()
        || setup.settings.text("style").is_some();
    let glossary = if named {
        glossary::load(&request.glossary, setup)?
    } else {
        Glossary::default()
    };
    let pair = setup.pair_with(request.from.as_deref(), request.to.as_deref());
    let mut pairs = pairs::read_or_recall(&request.pairs, request.format.as_deref(), &pair)?;
    pairs::tell(&pairs.notices, &request.pairs, host);
    let mut silenced = setup.settings.silenced();
    // A check that this run does not ask for was not dismissed by a person.
    let names = CHECKS.iter().map(|check| check.name());
    silenced.extend(
        names
            .filter(|name| !request.asks_for(name))
            .map(str::to_owned),
    );
    if glossary.is_empty() {
        let recorded: usize = pairs.units.iter().map(|u| u.hits.len()).sum();
        let line = format!(
            "no glossary given: checking the {recorded} terms recorded in the pairs (`--glossary \
            PATH` checks all)"
        );
        host.notify(NoticeLevel::Info, &line);
    } else {
        term::find(&mut pairs.units, &glossary);
        term::judge(&mut pairs.units, &glossary);
    }
    for unit in &mut pairs.units {
        unit.findings.clear();
    }
    let with = check::CheckContext::new(&glossary, &pair).silenced(&silenced);
    check::run(&mut pairs.units, &with);
    for unit in &mut pairs.units {
        unit.dismissed
            .retain(|finding| request.asks_for(&finding.check));
    }
    if let Some(path) = &request.baseline {
        dismiss(&mut pairs, &listed(path)?);
    }
    Ok(pairs)
}

/// Whether units have open findings of this severity or a graver one; no severity asks for none.
pub fn outcome<'u>(units: impl IntoIterator<Item = &'u Unit>, least: Option<Severity>) -> Outcome {
    let counts = |finding: &Finding| match least {
        _ if finding.status != FindingStatus::Open => false,
        Some(Severity::Error) => finding.severity == Severity::Error,
        Some(Severity::Warning) => true,
        None => false,
    };
    if units.into_iter().flat_map(|u| &u.findings).any(counts) {
        Outcome::Findings
    } else {
        Outcome::Done
    }
}

/// What tells a pair without an id of its own from others, wherever it stands: its texts, hashed.
/// None where it has an id: that of a table's row is its line.
pub fn content_key(unit: &Unit, line: usize) -> Option<String> {
    if !unit.id.is_empty() && unit.id != format!("l{line}") {
        return None;
    }
    let texts = format!("{}\0{}", unit.source.plain, unit.target.plain);
    Some(blake3::hash(texts.as_bytes()).to_hex()[..16].to_owned())
}

/// The findings of an earlier run: the pair, the check and the message of each.
///
/// Errors: [`Error::Unreadable`]; [`Error::Format`] for a line that is not a finding.
fn listed(path: &Path) -> Result<HashSet<[String; 3]>, Error> {
    let bytes = files::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut listed = HashSet::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let found: Value = serde_json::from_str(line).unwrap_or_default();
        let own = found.get("pair").unwrap_or(&found["id"]);
        let fields = [own, &found["check"], &found["message"]].map(Value::as_str);
        if let [Some(own), Some(check), Some(message)] = fields {
            listed.insert([own, check, message].map(str::to_owned));
        } else if !line.trim().is_empty() {
            let what = "this line is not a finding of `overzet check --format jsonl`".to_owned();
            let width = line.trim_end().chars().count();
            let place = Box::new(Place::at(&path.display().to_string(), &text, at, width));
            return Err(format::Error::Broken { what, place }.into());
        }
        at += line.len();
    }
    Ok(listed)
}

/// Dismisses findings that an earlier run listed: of the same unit or, without an id, of the same
/// texts.
fn dismiss(pairs: &mut Pairs, listed: &HashSet<[String; 3]>) {
    for (unit, &line) in pairs.units.iter_mut().zip(&pairs.lines) {
        let own = content_key(unit, line).unwrap_or_else(|| unit.id.clone());
        let (dismissed, standing) = std::mem::take(&mut unit.findings)
            .into_iter()
            .partition::<Vec<_>, _>(|f| {
                listed.contains(&[own.clone(), f.check.to_string(), f.message.clone()])
            });
        unit.findings = standing.into();
        unit.dismissed.extend(dismissed);
    }
}
