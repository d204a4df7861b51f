//! `overzet check`: what an editor should look at in pairs that exist already.

use super::failure::{Exit, Failure};
use super::{World, glossary, output, print, report};
use crate::bitext::{Finding, LangPair, Severity, Span, Unit};
use crate::check::{self, CHECKS};
use crate::format::Pairs;
use crate::term::{self, Glossary};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

/// Arguments of `check`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Pairs: .jsonl, .tsv, .csv, .tmx, .xlf, or a memory
    pub pairs: PathBuf,
    /// Glossary file or folder; may be given several times. Without one, and without one in the settings, only what the pairs record about terms is looked at
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// From which severity on the exit code is 1
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// What is printed
    #[arg(long, value_enum, default_value = "text")]
    pub format: Output,
    /// Format of the pairs, where the name does not tell
    #[arg(long)]
    pub pairs_format: Option<String>,
    /// Only these checks, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Not these checks, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Findings that need no second look: the output of an earlier run with --format jsonl
    #[arg(long)]
    pub baseline: Option<PathBuf>,
}

/// From which severity on the exit code is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Never
    Never,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people
    Text,
    /// One object per finding
    Jsonl,
    /// SARIF 2.1.0, for code review tools
    Sarif,
}

/// The exit code of findings.
pub fn exit(units: &[Unit], fail_on: FailOn) -> Exit {
    let reaches = |finding: &Finding| match fail_on {
        FailOn::Error => finding.severity == Severity::Error,
        FailOn::Warning => true,
        FailOn::Never => false,
    };
    if units.iter().flat_map(|u| &u.findings).any(reaches) {
        Exit::Findings
    } else {
        Exit::Done
    }
}

/// Names that are no checks, with the nearest that is.
fn known(names: &[String]) -> Result<(), Failure> {
    for name in names {
        if CHECKS.iter().all(|check| check.name() != name) {
            let all: Vec<&str> = CHECKS.iter().map(|c| c.name()).collect();
            let near = crate::config::keys::nearest(name, all.iter().copied());
            let hint =
                near.map_or_else(|| all.join(", "), |near| format!("did you mean `{near}`?"));
            return Err(Failure::usage(format!("`{name}` is no check")).hint(hint));
        }
    }
    Ok(())
}

/// Checks the pairs and prints the findings.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    known(&args.only)?;
    known(&args.skip)?;
    // The desk's own pairs are checked with the desk's glossary; a stranger's translation is not measured by a house style that nobody asked for.
    let named = !args.glossary.is_empty()
        || world.settings.names_glossary()
        || world.settings.text("style").is_some();
    let glossary = if named {
        glossary::load(&args.glossary, world)?
    } else {
        Glossary::default()
    };
    let mut pairs = glossary::pairs_of(&args.pairs, args.pairs_format.as_deref(), world)?;
    let mut silenced = world.settings.silenced();
    // What this run does not ask for is no judgement of a person.
    let is_asked = |name: &str| {
        let named = |list: &[String]| list.iter().any(|own| own == name);
        !named(&args.skip) && (args.only.is_empty() || named(&args.only))
    };
    let names = CHECKS.iter().map(|check| check.name());
    silenced.extend(names.filter(|name| !is_asked(name)).map(str::to_owned));
    let pair = LangPair::default();
    let with = check::CheckContext::new(&glossary, &pair).silenced(&silenced);
    if glossary.is_empty() {
        let recorded: usize = pairs.units.iter().map(|u| u.hits.len()).sum();
        world.say(&format!(
            "no glossary named: {recorded} terms that the pairs record are looked at (`--glossary PATH` judges all)"
        ));
    } else {
        term::find(&mut pairs.units, &glossary);
        term::judge(&mut pairs.units, &glossary);
    }
    for unit in &mut pairs.units {
        unit.findings.clear();
    }
    check::run(&mut pairs.units, &with);
    for unit in &mut pairs.units {
        unit.dismissed.retain(|finding| is_asked(&finding.check));
    }
    if let Some(path) = &args.baseline {
        dismiss(&mut pairs, &output::read(path)?);
    }
    let lines = &pairs.lines;
    match args.format {
        Output::Jsonl => print::stream(|out| {
            for (unit, line) in pairs.units.iter().zip(lines) {
                for finding in &unit.findings {
                    serde_json::to_writer(&mut *out, &object(unit, *line, finding))
                        .map_err(std::io::Error::from)?;
                    writeln!(out)?;
                }
            }
            Ok(())
        })?,
        Output::Sarif => {
            print::out(sarif(&pairs.units, lines, &args.pairs.display().to_string()).as_bytes())?;
        }
        Output::Text => print::out(text(&pairs.units, lines).as_bytes())?,
    }
    let judged = judged(&pairs.units);
    if args.format != Output::Text && !judged.is_empty() {
        world.say(judged.trim_end());
    }
    Ok(exit(&pairs.units, args.fail_on))
}

fn object(unit: &Unit, line: usize, finding: &Finding) -> Value {
    let mut object = json!({});
    if !unit.id.is_empty() {
        object["id"] = unit.id.as_str().into();
    }
    if line > 0 {
        object["line"] = line.into();
    }
    if let (Some(object), Ok(Value::Object(fields))) =
        (object.as_object_mut(), serde_json::to_value(finding))
    {
        object.extend(fields);
    }
    if !has_id(unit, line) {
        object["pair"] = content(unit).into();
    }
    object
}

/// Whether a unit has an id of its own: that of a table's row is its line.
fn has_id(unit: &Unit, line: usize) -> bool {
    !unit.id.is_empty() && unit.id != format!("l{line}")
}

/// What tells a pair without an id from others, wherever it stands: its texts, hashed.
fn content(unit: &Unit) -> String {
    let texts = format!("{}\0{}", unit.source.plain, unit.target.plain);
    blake3::hash(texts.as_bytes()).to_hex()[..16].to_owned()
}

/// Dismisses findings that an earlier run listed: of the same unit or, without an id, of the same texts.
fn dismiss(pairs: &mut Pairs, baseline: &[u8]) {
    let text = String::from_utf8_lossy(baseline);
    let listed: HashSet<[String; 3]> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|found| {
            let own = found.get("pair").unwrap_or(&found["id"]);
            [own, &found["check"], &found["message"]]
                .map(|field| field.as_str().unwrap_or_default().to_owned())
        })
        .collect();
    for (unit, &line) in pairs.units.iter_mut().zip(&pairs.lines) {
        let own = if has_id(unit, line) {
            unit.id.clone()
        } else {
            content(unit)
        };
        let (dismissed, standing) = std::mem::take(&mut unit.findings)
            .into_iter()
            .partition::<Vec<_>, _>(|f| {
                listed.contains(&[own.clone(), f.check.to_string(), f.message.clone()])
            });
        unit.findings = standing.into();
        unit.dismissed.extend(dismissed);
    }
}

/// The findings for people: both lines of a pair, what is meant underlined, counts at the end.
fn text(units: &[Unit], lines: &[usize]) -> String {
    let mut out = String::new();
    let mut counts: BTreeMap<(Severity, String), usize> = BTreeMap::new();
    for (unit, line) in units
        .iter()
        .zip(lines)
        .filter(|(u, _)| !u.findings.is_empty())
    {
        let name = if unit.id.is_empty() {
            format!("line {line}")
        } else {
            unit.id.clone()
        };
        out.push_str(&format!("{name}\n"));
        for finding in &unit.findings {
            *counts
                .entry((finding.severity, finding.check.to_string()))
                .or_insert(0) += 1;
            out.push_str(&format!(
                "  {} {}: {}\n",
                finding.severity.name(),
                finding.check,
                finding.message
            ));
            for (label, side, span) in [
                ("nl", &unit.source.plain, finding.source),
                ("en", &unit.target.plain, finding.target),
            ] {
                if let Some(span) = span {
                    out.push_str(&marked(label, side, span));
                }
            }
            if let Some(suggestion) = &finding.suggestion {
                out.push_str(&format!("     try: {suggestion}\n"));
            }
        }
    }
    for ((severity, check), count) in counts.iter().rev() {
        out.push_str(&format!("{count:>6} {:<9} {check}\n", severity.name()));
    }
    out.push_str(&judged(units));
    if counts.is_empty() {
        out.push_str(&format!("{} pairs, nothing found\n", units.len()));
    }
    out
}

/// How often people accepted and dismissed what a check said, as lines of the summary.
fn judged(units: &[Unit]) -> String {
    let lines = |counts: BTreeMap<&str, usize>, how: &str| -> String {
        let line = |(check, count)| format!("{count:>6} {how:<9} {check}\n");
        counts.into_iter().map(line).collect()
    };
    lines(report::accepted(units), "accepted") + &lines(report::dismissed(units), "dismissed")
}

/// The part of a line around a span, with a caret under it, within 80 columns.
fn marked(label: &str, text: &str, span: Span) -> String {
    const SHOWN: usize = 68;
    let chars: Vec<char> = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let at = |byte: usize| text[..byte].chars().count();
    let (start, end) = (at(span.start), at(span.end));
    let from = start
        .saturating_sub(20)
        .min(chars.len().saturating_sub(SHOWN));
    let to = (from + SHOWN).min(chars.len());
    let shown: String = chars[from..to].iter().collect();
    let width = end.min(to).saturating_sub(start).max(1);
    format!(
        "  {label} | {shown}\n     | {}{}\n",
        " ".repeat(start - from),
        "^".repeat(width)
    )
}

/// SARIF 2.1.0 (OASIS 2020).
fn sarif(units: &[Unit], lines: &[usize], file: &str) -> String {
    let rules: Vec<Value> = CHECKS
        .iter()
        .map(|c| json!({"id": c.name(), "shortDescription": {"text": c.summary()}, "fullDescription": {"text": c.reason()}}))
        .collect();
    let mut results = Vec::new();
    for (index, (unit, line)) in units.iter().zip(lines).enumerate() {
        let standing = unit.findings.iter().map(|finding| (finding, json!([])));
        let dismissed = unit.dismissed.iter();
        let dismissed = dismissed.map(|finding| (finding, json!([{"kind": "external"}])));
        for (finding, suppressions) in standing.chain(dismissed) {
            let line = if *line > 0 { *line } else { index + 1 };
            results.push(json!({
                "ruleId": finding.check, "level": finding.severity.name(), "message": {"text": finding.message}, "suppressions": suppressions,
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": line}},
                               "logicalLocations": [{"name": unit.id}]}]}));
        }
    }
    let log = json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "overzet", "version": env!("CARGO_PKG_VERSION"), "rules": rules}}, "results": results}]});
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}
