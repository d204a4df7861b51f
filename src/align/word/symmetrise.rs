//! One set of links out of two directions.

use super::train::Reading;
use super::Linked;
use crate::bitext::Link;

/// Grow-diag-final-and over both directions' best; `sure` is where they meet.
pub(super) fn links(reading: &Reading, sources: usize, targets: usize) -> Linked {
    let at = |s: usize, t: usize| s * targets + t;
    let mut forward = vec![false; sources * targets];
    let mut backward = vec![false; sources * targets];
    let f = |s: usize, t: usize| reading.forward.cells[t * sources + s];
    let b = |s: usize, t: usize| reading.backward.cells[s * targets + t];
    let nullf = par!("NULLF", 0.3);
    for t in 0..targets {
        let best = (0..sources).max_by(|&x, &y| f(x, t).total_cmp(&f(y, t)).then(y.cmp(&x)));
        if let Some(s) = best.filter(|&s| f(s, t) > nullf * reading.forward.null[t]) {
            forward[at(s, t)] = true;
        }
    }
    for s in 0..sources {
        let best = (0..targets).max_by(|&x, &y| b(s, x).total_cmp(&b(s, y)).then(y.cmp(&x)));
        if let Some(t) = best.filter(|&t| b(s, t) > nullf * reading.backward.null[s]) {
            backward[at(s, t)] = true;
        }
    }
    let mode = par!("SYM", 0.0);
    let mut chosen: Vec<bool>;
    let both: Vec<bool> = forward.iter().zip(&backward).map(|(a, b)| *a && *b).collect();
    if mode > 0.5 {
        chosen = (0..sources * targets).map(|k| { let (s, t) = (k / targets, k % targets); (f(s, t) * b(s, t)).sqrt() > par!("TH", 0.4) || f(s,t).max(b(s,t)) > par!("TH1", 2.0) }).collect();
    } else {
        chosen = both.clone();
        let mut row = vec![false; sources];
        let mut column = vec![false; targets];
        for s in 0..sources {
            for t in 0..targets {
                if chosen[at(s, t)] { row[s] = true; column[t] = true; }
            }
        }
        let mut added = true;
        while added {
            added = false;
            for s in 0..sources {
                for t in 0..targets {
                    if !chosen[at(s, t)] { continue; }
                    for ds in -1_isize..=1 {
                        for dt in -1_isize..=1 {
                            let (x, y) = (s as isize + ds, t as isize + dt);
                            if x < 0 || y < 0 || x >= sources as isize || y >= targets as isize { continue; }
                            let (x, y) = (x as usize, y as usize);
                            if (!row[x] || !column[y]) && (forward[at(x, y)] || backward[at(x, y)]) && !chosen[at(x, y)] {
                                chosen[at(x, y)] = true; row[x] = true; column[y] = true; added = true;
                            }
                        }
                    }
                }
            }
        }
        for set in [&forward, &backward] {
            for s in 0..sources {
                for t in 0..targets {
                    if set[at(s, t)] && !row[s] && !column[t] {
                        chosen[at(s, t)] = true; row[s] = true; column[t] = true;
                    }
                }
            }
        }
    }
    let list = |set: &[bool]| -> Vec<Link> {
        (0..sources * targets).filter(|&k| set[k]).map(|k| Link { source: (k / targets) as u32, target: (k % targets) as u32 }).collect()
    };
    let sure: Vec<bool> = (0..sources * targets).map(|k| both[k] && chosen[k] && { let (s, t) = (k / targets, k % targets); f(s, t) * b(s, t) > par!("SURE", 0.0) }).collect();
    Linked { links: list(&chosen), sure: list(&sure) }
}
