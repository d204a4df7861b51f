//! Findings as they are printed: for people, as JSON Lines, as SARIF.

use super::json_lines;
use crate::bitext::{Finding, Severity, Span, Unit};
use crate::check::CHECKS;
use crate::workflow::check::content_key;
use crate::workflow::report;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// One object per finding.
///
/// Errors: those of writing.
pub fn jsonl(out: &mut dyn Write, units: &[Unit], lines: &[usize]) -> io::Result<()> {
    for (unit, line) in units.iter().zip(lines) {
        for finding in &unit.findings {
            json_lines::write(out, &object(unit, *line, finding))?;
        }
    }
    Ok(())
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
    if let Some(key) = content_key(unit, line) {
        object["pair"] = key.into();
    }
    object
}

/// The findings for people: both lines of a pair, what is meant underlined, counts at the end.
pub fn text(units: &[Unit], lines: &[usize]) -> String {
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
pub fn judged(units: &[Unit]) -> String {
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
pub fn sarif(units: &[Unit], lines: &[usize], file: &str) -> String {
    let rules: Vec<Value> = CHECKS
        .iter()
        .map(|check| {
            let (summary, reason) = (check.summary(), check.reason());
            json!({"id": check.name(), "shortDescription": {"text": summary},
                "fullDescription": {"text": reason}})
        })
        .collect();
    let mut results = Vec::new();
    for (index, (unit, line)) in units.iter().zip(lines).enumerate() {
        let standing = unit.findings.iter().map(|finding| (finding, json!([])));
        let dismissed = unit.dismissed.iter();
        let dismissed = dismissed.map(|finding| (finding, json!([{"kind": "external"}])));
        for (finding, suppressions) in standing.chain(dismissed) {
            let line = if *line > 0 { *line } else { index + 1 };
            results.push(json!({
                "ruleId": finding.check, "level": finding.severity.name(),
                "message": {"text": finding.message}, "suppressions": suppressions,
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": {"uri": file}, "region": {"startLine": line}},
                    "logicalLocations": [{"name": unit.id}]}]}));
        }
    }
    let driver = json!({"name": "overzet", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}]});
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}
