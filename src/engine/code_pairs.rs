//! Which inline codes of a text are the two halves of a pair, and which pairs cross.

use crate::bitext::{Code, CodeKind};
use std::collections::HashSet;

/// The pairs of a list of codes: the ids that open and close in it.
pub(super) fn pairs(codes: &[Code]) -> HashSet<u32> {
    let of = |kind: CodeKind| codes.iter().filter(move |code| code.kind == kind);
    let open: HashSet<u32> = of(CodeKind::Open).map(|code| code.id).collect();
    let closed = of(CodeKind::Close).map(|code| code.id);
    closed.filter(|id| open.contains(id)).collect()
}

/// The pairs that close while one within them is open. Without them the others are nested.
pub(super) fn crossing(codes: &[Code]) -> HashSet<u32> {
    let pairs = pairs(codes);
    let (mut open, mut crossing) = (Vec::new(), HashSet::new());
    for code in codes.iter().filter(|code| pairs.contains(&code.id)) {
        match code.kind {
            CodeKind::Open => open.push(code.id),
            CodeKind::Close => {
                while open.last().is_some_and(|id| crossing.contains(id)) {
                    open.pop();
                }
                if open.last() == Some(&code.id) {
                    open.pop();
                } else {
                    crossing.insert(code.id);
                }
            }
            CodeKind::Empty => {}
        }
    }
    crossing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_that_cross_are_those_that_close_too_early() {
        let list = |kinds: &[(u32, CodeKind)]| -> Vec<Code> {
            let each = kinds.iter().map(|(id, kind)| Code::new(0, *id, *kind, ""));
            each.collect()
        };
        use CodeKind::{Close, Open};
        for (codes, wanted) in [
            (&[(1, Open), (2, Open), (2, Close), (1, Close)][..], &[][..]),
            (&[(1, Open), (2, Open), (1, Close), (2, Close)], &[1]),
            (
                &[
                    (1, Open),
                    (2, Open),
                    (3, Open),
                    (1, Close),
                    (2, Close),
                    (3, Close),
                ],
                &[1, 2],
            ),
            // A half without its partner does not count.
            (&[(1, Open), (2, Open), (1, Close)], &[]),
        ] {
            let mut found: Vec<u32> = crossing(&list(codes)).into_iter().collect();
            found.sort_unstable();
            assert_eq!(found, wanted);
        }
    }
}
