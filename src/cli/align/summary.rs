//! How an alignment went: doubts, what moved, and counts.

use crate::bitext::Unit;
use crate::pipeline::AlignedTexts;
use crate::workflow::{Host, NoticeLevel};

/// Notifies the host of doubts and counts.
pub fn report(aligned: &AlignedTexts, host: &dyn Host) {
    let AlignedTexts {
        units,
        alignment,
        source: here,
        target: there,
    } = aligned;
    for doubt in &alignment.input_warnings {
        host.notify(NoticeLevel::Warning, &doubt.to_string());
    }
    for crossing in &alignment.crossings {
        host.notify(
            NoticeLevel::Info,
            &format!(
                "moved: source {} looks like target {}: {}",
                numbered(&crossing.source),
                numbered(&crossing.target),
                start_of(&here[crossing.source.start].source.plain)
            ),
        );
    }
    let is_pair = |u: &&Unit| !u.source_segments.is_empty() && !u.target_segments.is_empty();
    let is_sure = |u: &&Unit| u.confidence.unwrap_or(0.0) >= 0.9;
    let has_text =
        |u: &&Unit| !(u.source.plain.trim().is_empty() && u.target.plain.trim().is_empty());
    let lone = |side: fn(&Unit) -> &[u32]| {
        let with_text = units.iter().filter(has_text);
        with_text.filter(|u| side(u).is_empty()).count()
    };
    let pairs = || units.iter().filter(is_pair);
    host.notify(NoticeLevel::Info, &format!(
        "{} and {} segments: {} pairs, {} of them sure (≥ 0.9); without a partner {} source and \
        {} target",
        here.len(),
        there.len(),
        pairs().count(),
        pairs().filter(is_sure).count(),
        lone(|u| &u.target_segments),
        lone(|u| &u.source_segments)
    ));
}

/// `3` or `3–5`, numbers of segments from 0, as in the pairs.
fn numbered(range: &std::ops::Range<usize>) -> String {
    if range.len() == 1 {
        range.start.to_string()
    } else {
        format!("{}–{}", range.start, range.end - 1)
    }
}

fn start_of(text: &str) -> String {
    const SHOWN: usize = 40;
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() {
        format!("{start}…")
    } else {
        start
    }
}
