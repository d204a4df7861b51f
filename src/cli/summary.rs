//! What `translate` says of a document when it is done: how it went, and why texts are missing.

use crate::bitext::{Origin, Severity, State, Verdict};
use crate::workflow::translate::WrittenDocument;
use std::collections::BTreeMap;

/// Why texts were not translated, each cause with the number of its segments.
pub(super) fn causes(document: &WrittenDocument) -> Vec<String> {
    let findings = document.edition.units.iter().flat_map(|u| &u.findings);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.filter(|finding| finding.check == "engine") {
        *counts.entry(&finding.message).or_default() += 1;
    }
    let line = |(cause, count): (&str, usize)| match count {
        1 => format!("1 segment {cause}"),
        _ => format!("{count} segments {cause}"),
    };
    counts.into_iter().map(line).collect()
}

/// How many units are untranslated, and why; the edition shows their Dutch in a mark.
pub(super) fn untranslated(document: &WrittenDocument, is_offline: bool) -> Option<String> {
    let units = &document.edition.units;
    let open: Vec<&str> = units
        .iter()
        .filter(|unit| unit.state == State::Untranslated)
        .map(|unit| unit.id.as_str())
        .collect();
    let (first, rest) = open.split_first()?;
    let cause = match &document.stats.fatal {
        Some(error) => error.to_string(),
        None if is_offline && document.sends => "offline".to_owned(),
        None if rest.is_empty() => format!("the engine gave no text for {first}"),
        None => format!(
            "the engine gave no text for {first} and {} more",
            rest.len()
        ),
    };
    Some(format!("{} untranslated: {cause}", open.len()))
}

/// How it went, in one line.
pub(super) fn summary(document: &WrittenDocument, name: &str) -> String {
    let name = if name == "-" { "stdin" } else { name };
    let units = &document.edition.units;
    let findings = || units.iter().flat_map(|u| &u.findings);
    let errors = findings().filter(|f| f.severity == Severity::Error).count();
    let warnings = findings().count() - errors;
    let hits = || units.iter().flat_map(|u| &u.hits);
    let repaired = hits().filter(|h| h.repair.is_some()).count();
    let wrong = hits()
        .filter(|h| h.verdict.is_some_and(Verdict::is_violation))
        .count();
    let reused = units
        .iter()
        .filter(|u| matches!(u.origin, Origin::Memory(_)))
        .count();
    let reused = if reused > 0 {
        format!(" {reused} from the memory;")
    } else {
        String::new()
    };
    let stats = &document.stats;
    let asked = if document.sends {
        let requests = counted(stats.requests, "request");
        format!("{} sent in {requests}", counted(stats.texts, "text"))
    } else {
        let texts = counted(stats.texts, "text");
        format!("{texts} translated here, nothing sent")
    };
    let blocks = counted(document.edition.document.blocks.len(), "block");
    let segments = counted(units.len(), "segment");
    let terms = counted(hits().count(), "term");
    let (errors, warnings) = (counted(errors, "error"), counted(warnings, "warning"));
    format!(
        "{name}: {blocks}, {segments};{reused} {asked}; {terms}, {repaired} repaired, {wrong} \
        wrong; {errors}, {warnings}"
    )
}

/// `1 block`, `2 blocks`.
pub(super) fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
