//! A text of one-to-one sentences in which the words of a single pair say nothing.
//!
//! A short heading that was written anew shares no word with its original: `Dat liep anders` – `A
//! Bad Day`. Where every other sentence has its own partner, the two stand for each other.

use super::beads::ScoredBead;
use super::score::Scorer;

/// Pairs of one sentence each that a text has to have beside the gap.
const PAIRS: usize = 8;
/// Characters of a heading at most. A whole sentence has words enough to tell whether it is the
/// other one's translation.
const SHORT: f32 = 40.0;
/// The share of the probability that such a pair is given: a person is to look at it.
const EVEN: f32 = 0.5;

/// Joins the only two short segments without a partner of a text in which everything else is one to one,
/// where they stand side by side.
pub(crate) fn close(found: &mut Vec<ScoredBead>, scorer: &Scorer<'_>) {
    let is_single = |bead: &ScoredBead| (bead.source.len(), bead.target.len()) == (1, 1);
    let Some(at) = found.iter().position(|bead| !is_single(bead)) else {
        return;
    };
    let [a, b] = match found.get(at..at + 2) {
        Some([a, b]) if a.fixed.or(b.fixed).is_none() => [a, b],
        _ => return,
    };
    let (source, target) = (a.source.start..b.source.end, a.target.start..b.target.end);
    let joined = ScoredBead {
        posterior: EVEN,
        coverage: scorer.coverage(&mut scorer.scratch(), source.clone(), target.clone()),
        source,
        target,
        fixed: None,
    };
    let nulls = (a.source.is_empty() || a.target.is_empty())
        && (b.source.is_empty() || b.target.is_empty());
    if nulls
        && is_single(&joined)
        && found.len() >= PAIRS + 2
        && found[at + 2..].iter().all(is_single)
        && scorer.are_short(&joined.source, &joined.target, SHORT)
    {
        found.splice(at..at + 2, [joined]);
    }
}
