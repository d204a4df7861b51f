//! One set of links out of two directions.
//!
//! Both say `bijl`–`axe`: a sure link. Only one says `martelarenbijl`–`martyr`, next to the sure
//! `martelarenbijl`–`axe`: it is taken as well. Source: P. Koehn, F. J. Och, D. Marcu, "Statistical
//! phrase-based translation" (2003), grow-diag-final-and.

use super::train::DirectionPosteriors;

/// A word links to its best partner where that is at least this much as likely as NULL.
const NULL_SHARE: f32 = 0.3;

/// Links between so many source and target words, as a field of cells.
#[derive(Debug, Clone)]
pub(super) struct LinkGrid {
    cells: Vec<bool>,
    pub sources: usize,
    pub targets: usize,
    /// How many links each word has.
    rows: Vec<u32>,
    columns: Vec<u32>,
}

impl LinkGrid {
    /// A field without links.
    pub fn new(sources: usize, targets: usize) -> Self {
        Self {
            cells: vec![false; sources * targets],
            sources,
            targets,
            rows: vec![0; sources],
            columns: vec![0; targets],
        }
    }

    pub fn has(&self, source: usize, target: usize) -> bool {
        self.cells[source * self.targets + target]
    }

    pub fn add(&mut self, source: usize, target: usize) {
        let cell = &mut self.cells[source * self.targets + target];
        if !*cell {
            *cell = true;
            self.rows[source] += 1;
            self.columns[target] += 1;
        }
    }

    /// Takes all links of a source word away.
    pub fn clear(&mut self, source: usize) {
        for target in self.targets_of(source) {
            self.cells[source * self.targets + target] = false;
            self.columns[target] -= 1;
        }
        self.rows[source] = 0;
    }

    pub fn source_is_free(&self, source: usize) -> bool {
        self.rows[source] == 0
    }

    pub fn target_is_free(&self, target: usize) -> bool {
        self.columns[target] == 0
    }

    /// All links, ascending.
    pub fn links(&self) -> impl Iterator<Item = (usize, usize)> {
        (self.cells.iter().enumerate())
            .filter(|&(_, &is_link)| is_link)
            .map(|(at, _)| (at / self.targets, at % self.targets))
    }

    /// The target words of a source word, ascending.
    pub fn targets_of(&self, source: usize) -> Vec<usize> {
        (0..self.targets)
            .filter(|&target| self.has(source, target))
            .collect()
    }
}

/// All links and the sure ones, on which both directions agree.
pub(super) fn links(
    reading: &DirectionPosteriors,
    sources: usize,
    targets: usize,
) -> (LinkGrid, LinkGrid) {
    let forward = best(&reading.forward.cells, &reading.forward.null, sources);
    let backward = best(&reading.backward.cells, &reading.backward.null, targets);
    let one = |s: usize, t: usize| forward[t] == Some(s);
    let other = |s: usize, t: usize| backward[s] == Some(t);
    let mut grid = LinkGrid::new(sources, targets);
    for (t, &s) in forward.iter().enumerate() {
        if let Some(s) = s.filter(|&s| other(s, t)) {
            grid.add(s, t);
        }
    }
    let sure = grid.clone();
    // a link of one direction beside a link, where it gives a word its first
    loop {
        let before: Vec<(usize, usize)> = grid.links().collect();
        for &(s, t) in &before {
            for x in s.saturating_sub(1)..(s + 2).min(sources) {
                for y in t.saturating_sub(1)..(t + 2).min(targets) {
                    let gives_first = grid.source_is_free(x) || grid.target_is_free(y);
                    if gives_first && (one(x, y) || other(x, y)) {
                        grid.add(x, y);
                    }
                }
            }
        }
        if grid.links().count() == before.len() {
            break;
        }
    }
    // and anywhere, where it gives both words their first
    for (t, &s) in forward.iter().enumerate() {
        if let Some(s) = s.filter(|&s| grid.source_is_free(s) && grid.target_is_free(t)) {
            grid.add(s, t);
        }
    }
    for (s, &t) in backward.iter().enumerate() {
        if let Some(t) = t.filter(|&t| grid.source_is_free(s) && grid.target_is_free(t)) {
            grid.add(s, t);
        }
    }
    (grid, sure)
}

/// For each word its likeliest emitter, the first of equals; none where NULL is likelier by far.
fn best(cells: &[f32], null: &[f32], emitters: usize) -> Vec<Option<usize>> {
    (cells.chunks(emitters).zip(null))
        .map(|(row, &null)| {
            let (at, p) = (row.iter().enumerate()).fold((0, f32::MIN), |best, (at, &p)| {
                if p > best.1 { (at, p) } else { best }
            });
            (p > NULL_SHARE * null).then_some(at)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::hmm::Posteriors;
    use super::*;

    #[test]
    fn what_one_direction_says_is_taken_beside_a_sure_link() {
        // one compound, two words: both directions agree on the second
        let reading = DirectionPosteriors {
            forward: Posteriors {
                cells: vec![0.9, 0.9],
                null: vec![0.1, 0.1],
            },
            backward: Posteriors {
                cells: vec![0.2, 0.7],
                null: vec![0.1],
            },
        };
        let (all, sure) = links(&reading, 1, 2);
        assert_eq!(all.links().collect::<Vec<_>>(), [(0, 0), (0, 1)]);
        assert_eq!(sure.links().collect::<Vec<_>>(), [(0, 1)]);
    }

    #[test]
    fn a_word_that_null_explains_stays_without_link() {
        let reading = DirectionPosteriors {
            forward: Posteriors {
                cells: vec![0.05],
                null: vec![0.95],
            },
            backward: Posteriors {
                cells: vec![0.05],
                null: vec![0.95],
            },
        };
        let (all, _) = links(&reading, 1, 1);
        assert_eq!(all.links().count(), 0);
    }
}
