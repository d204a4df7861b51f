//! The coarse pass for long texts: links between rare words, the heaviest monotone chain of them,
//! and the corridor around it.
//!
//! Words that few sentences have say where a passage went, even when a third of one side is
//! missing, where a band around the diagonal fails. Time is O(k log k) for k links, memory linear
//! in the sentences. Gaps without links are looked at again with rarity counted inside the gap;
//! what stays large is crossed in a bounded band.

use super::beads::Region;
use super::evidence::SoftLexicon;
use super::text_evidence::TextEvidence;
use std::ops::Range;

/// Rectangles up to this many nodes are looked at wholly.
pub(crate) const WHOLE: usize = 300 * 300;
/// Gaps up to this many nodes are looked at wholly; larger ones are linked again.
const GAP: usize = 120 * 120;
/// How far the corridor reaches beside the chain, in sentences.
const BESIDE: usize = 10;
/// Half the width of the band through a gap that no word links, at most and at least.
const BAND: (usize, usize) = (20, 3);
/// Types that may be looked at in such a band; long sentences make it narrower.
const BUDGET: usize = 1_500_000_000;
/// Nodes of a region at most; a longer one is cut in the middle of its corridor.
const MOST: usize = 200_000;
/// Words that more sentences have are not rare.
const RARE: usize = 64;
/// Rare words of a sentence that are followed.
const FOLLOWED: usize = 6;
/// Links of a source sentence that are kept.
const KEPT: usize = 64;
/// Source sentences of a region, about.
const ROWS: usize = 240;

/// A sentence pair that rare words link.
#[derive(Debug, Clone, Copy, PartialEq)]
struct ChainLink {
    source: usize,
    target: usize,
    weight: f32,
}

/// Cuts a rectangle of the two texts into regions to be aligned one by one: a single whole one
/// where it is small.
pub(crate) fn regions(
    source: Range<usize>,
    target: Range<usize>,
    sides: (&TextEvidence, &TextEvidence),
    soft: &SoftLexicon,
) -> Vec<Region> {
    if (source.len() + 1) * (target.len() + 1) <= WHOLE {
        return vec![Region::full(source, target)];
    }
    let mut chain = Vec::new();
    link(source.clone(), target.clone(), sides, soft, 0, &mut chain);
    let mut regions = Vec::new();
    let mut from = (source.start, target.start);
    let mut first = 0;
    let mean = |side: &TextEvidence, range: &Range<usize>| {
        side.bags[range.clone()].iter().map(Vec::len).sum::<usize>() / range.len().max(1)
    };
    let cost = (mean(sides.0, &source) + mean(sides.1, &target) + 10) * source.len().max(1);
    let band = (BUDGET / cost / 2).clamp(BAND.1, BAND.0);
    for (at, cut) in cuts(&chain) {
        regions.extend(bounded(corridor(from, cut, &chain[first..at], band)));
        from = cut;
        first = at;
    }
    let last = corridor(from, (source.end, target.end), &chain[first..], band);
    regions.extend(bounded(last));
    regions
}

/// The region in pieces of bounded size, parted in the middle of the corridor.
fn bounded(region: Region) -> Vec<Region> {
    let mut pieces = Vec::new();
    let mut rest = region;
    loop {
        let mut nodes = 0;
        let end = rest.band.iter().position(|(low, high)| {
            nodes += high - low + 1;
            nodes > MOST
        });
        // A single row is never parted.
        let Some(row) = end.filter(|&row| row > 0 && row + 1 < rest.band.len()) else {
            pieces.push(rest);
            return pieces;
        };
        let (low, high) = rest.band[row];
        let node = (rest.source.start + row, low.midpoint(high));
        let mut head = rest.band[..=row].to_vec();
        for (low, high) in &mut head {
            (*low, *high) = ((*low).min(node.1), (*high).min(node.1));
        }
        head[row].1 = node.1;
        let mut tail = rest.band.split_off(row);
        for (low, high) in &mut tail {
            (*low, *high) = ((*low).max(node.1), (*high).max(node.1));
        }
        tail[0].0 = node.1;
        pieces.push(Region {
            source: rest.source.start..node.0,
            target: rest.target.start..node.1,
            band: head,
        });
        rest = Region {
            source: node.0..rest.source.end,
            target: node.1..rest.target.end,
            band: tail,
        };
    }
}

/// Places of the chain where the texts can be parted without harm: in the middle of a run of pairs.
/// Gives the number of links before the cut and its node.
fn cuts(chain: &[ChainLink]) -> Vec<(usize, (usize, usize))> {
    let mut cuts = Vec::new();
    let mut start = chain.first().map_or(0, |link| link.source);
    let mut at = 2;
    while at + 2 < chain.len() {
        if chain[at].source < start + ROWS {
            at += 1;
            continue;
        }
        // The best run among the next links.
        let run = |middle: usize| {
            let links = &chain[middle - 2..=middle + 2];
            let straight = links.windows(2).all(|pair| {
                pair[1].source == pair[0].source + 1 && pair[1].target == pair[0].target + 1
            });
            straight.then(|| {
                links
                    .iter()
                    .map(|link| link.weight)
                    .fold(f32::INFINITY, f32::min)
            })
        };
        let last = (at + 80).min(chain.len() - 3);
        let best = (at..=last)
            .filter_map(|middle| run(middle).map(|weight| (middle, weight)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match best {
            Some((middle, _)) => {
                let link = chain[middle];
                cuts.push((middle + 1, (link.source + 1, link.target + 1)));
                start = link.source + 1;
                at = middle + 1;
            }
            None => at = last + 1,
        }
    }
    cuts
}

/// The nodes around a chain.
fn corridor(from: (usize, usize), to: (usize, usize), chain: &[ChainLink], band: usize) -> Region {
    let rows = to.0 - from.0 + 1;
    let mut low = vec![usize::MAX; rows];
    let mut high = vec![0; rows];
    let mut open = |row: usize, left: usize, right: usize| {
        let (left, right) = (left.clamp(from.1, to.1), right.clamp(from.1, to.1));
        low[row - from.0] = low[row - from.0].min(left);
        high[row - from.0] = high[row - from.0].max(right);
    };
    let mut before = from;
    let nodes = chain
        .iter()
        .map(|link| (link.source, link.target))
        .chain([to]);
    for node in nodes {
        let (height, width) = (node.0 - before.0, node.1 - before.1);
        if (height + 1) * (width + 1) <= GAP {
            for row in before.0.saturating_sub(BESIDE).max(from.0)..=(node.0 + BESIDE).min(to.0) {
                let inside = (before.0..=node.0).contains(&row);
                let beyond = if inside { BESIDE } else { BESIDE / 2 };
                open(row, before.1.saturating_sub(beyond), node.1 + beyond);
            }
        } else {
            for row in before.0..=node.0 {
                let middle = before.1 + (row - before.0) * width / height.max(1);
                open(row, middle.saturating_sub(band), middle + band);
            }
            // One side much longer than the other: each row reaches the next.
            if width > height {
                for row in before.0..=node.0 {
                    let next = before.1 + (row + 1 - before.0) * width / height.max(1);
                    open(row, next.min(node.1), next.min(node.1));
                }
            }
        }
        before = node;
    }
    low[0] = from.1;
    high[rows - 1] = to.1;
    // Both bounds ascend.
    for row in (0..rows - 1).rev() {
        low[row] = low[row].min(low[row + 1]);
    }
    for row in 1..rows {
        high[row] = high[row].max(high[row - 1]);
    }
    Region {
        source: from.0..to.0,
        target: from.1..to.1,
        band: low.into_iter().zip(high).collect(),
    }
}

/// Appends the chain of a rectangle, gaps linked again inside.
fn link(
    source: Range<usize>,
    target: Range<usize>,
    sides: (&TextEvidence, &TextEvidence),
    soft: &SoftLexicon,
    depth: usize,
    chain: &mut Vec<ChainLink>,
) {
    let best = heaviest(supported(links(&source, &target, sides, soft)), &target);
    let mut before = (source.start, target.start);
    let ends = best
        .iter()
        .map(|l| (l.source, l.target, Some(*l)))
        .chain([(source.end, target.end, None)]);
    for (i, j, found) in ends {
        let (height, width) = (i - before.0, j - before.1);
        let is_large = (height + 1) * (width + 1) > GAP && height > 8 && width > 8;
        if is_large && depth < 4 && (height < source.len() || width < target.len()) {
            link(before.0..i, before.1..j, sides, soft, depth + 1, chain);
        }
        chain.extend(found);
        before = (
            i + usize::from(found.is_some()),
            j + usize::from(found.is_some()),
        );
    }
}

/// Sentence pairs that share rare words, by source and then target sentence.
fn links(
    source: &Range<usize>,
    target: &Range<usize>,
    sides: (&TextEvidence, &TextEvidence),
    soft: &SoftLexicon,
) -> Vec<Vec<ChainLink>> {
    let (here, there) = sides;
    // Where each target type stands, as lists in one vector.
    let mut starts = vec![0_u32; there.forms.len() + 1];
    for bag in &there.bags[target.clone()] {
        for &(id, _) in bag {
            starts[id as usize + 1] += 1;
        }
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut places = vec![0_u32; starts[starts.len() - 1] as usize];
    let mut next = starts.clone();
    for j in target.clone() {
        for &(id, _) in &there.bags[j] {
            places[next[id as usize] as usize] = j as u32;
            next[id as usize] += 1;
        }
    }
    let standing =
        |id: u32| &places[starts[id as usize] as usize..starts[id as usize + 1] as usize];
    let mut counts = vec![0_u32; here.forms.len()];
    for bag in &here.bags[source.clone()] {
        for &(id, _) in bag {
            counts[id as usize] += 1;
        }
    }
    source
        .clone()
        .map(|i| {
            // The rarest words of the sentence first.
            let mut rare: Vec<(usize, u32, f32)> = Vec::new();
            for &(id, _) in &here.bags[i] {
                let often = counts[id as usize] as usize;
                if often > RARE {
                    continue;
                }
                for &(other, credit) in &soft[id as usize] {
                    let there = standing(other).len();
                    if credit >= 0.6 && (1..=RARE).contains(&there) {
                        rare.push((often * there, other, credit));
                    }
                }
            }
            rare.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
            rare.dedup_by_key(|entry| entry.1);
            rare.truncate(FOLLOWED);
            let mut votes: Vec<(u32, f32)> = Vec::new();
            for (often, other, credit) in rare {
                let weight = credit / (1.0 + (often as f32).sqrt().ln());
                votes.extend(standing(other).iter().map(|&j| (j, weight)));
            }
            votes.sort_by_key(|vote| vote.0);
            let mut found: Vec<ChainLink> = Vec::new();
            for (j, weight) in votes {
                match found.last_mut() {
                    Some(last) if last.target == j as usize => last.weight += weight,
                    _ => found.push(ChainLink {
                        source: i,
                        target: j as usize,
                        weight,
                    }),
                }
            }
            if found.len() > KEPT {
                found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.target.cmp(&b.target)));
                found.truncate(KEPT);
                found.sort_by_key(|link| link.target);
            }
            found
        })
        .collect()
}

/// Gives links the weight of those that go on where they stop; one that stands alone counts little.
fn supported(links: Vec<Vec<ChainLink>>) -> Vec<ChainLink> {
    let near = |row: usize, j: usize, ahead: bool| -> f32 {
        (1..=3_usize)
            .filter_map(|step| {
                let (row, middle) = if ahead {
                    (row + step, j + step)
                } else {
                    (row.checked_sub(step)?, j.checked_sub(step)?)
                };
                let list = links.get(row)?;
                let from = list.partition_point(|link| link.target + 2 < middle);
                list[from..]
                    .iter()
                    .take_while(|link| link.target <= middle + 2)
                    .map(|link| link.weight)
                    .max_by(f32::total_cmp)
            })
            .fold(0.0, |sum, weight| sum + weight)
    };
    let mut found = Vec::new();
    for (row, list) in links.iter().enumerate() {
        for link in list {
            let support = near(row, link.target, false) + near(row, link.target, true);
            let alone = if list.len() == 1 { 0.3 } else { 0.05 };
            let weight = link.weight * (alone + support.min(4.0));
            if weight > 0.1 {
                found.push(ChainLink { weight, ..*link });
            }
        }
    }
    found
}

/// The monotone chain with the largest sum of weights: both indexes ascend strictly. A Fenwick tree
/// over target sentences holds the best sums.
fn heaviest(links: Vec<ChainLink>, target: &Range<usize>) -> Vec<ChainLink> {
    const NONE: u32 = u32::MAX;
    let size = target.len() + 1;
    let mut tree: Vec<(f32, u32)> = vec![(0.0, NONE); size + 1];
    let mut previous = vec![NONE; links.len()];
    let mut sums = vec![0.0_f32; links.len()];
    let mut at = 0;
    while at < links.len() {
        let mut end = at;
        while end < links.len() && links[end].source == links[at].source {
            end += 1;
        }
        // All of one source sentence are looked up before any is entered.
        for number in at..end {
            let (mut best, mut node) = ((0.0, NONE), links[number].target - target.start);
            while node > 0 {
                if tree[node].0 > best.0 {
                    best = tree[node];
                }
                node &= node - 1;
            }
            previous[number] = best.1;
            sums[number] = best.0 + links[number].weight;
        }
        for number in at..end {
            let mut node = links[number].target - target.start + 1;
            while node <= size {
                if sums[number] > tree[node].0 {
                    tree[node] = (sums[number], number as u32);
                }
                node += node & node.wrapping_neg();
            }
        }
        at = end;
    }
    let mut last = None;
    for (number, sum) in sums.iter().enumerate() {
        if last.is_none_or(|(best, _)| *sum > best) {
            last = Some((*sum, number as u32));
        }
    }
    let mut chain = Vec::new();
    let mut number = last.map_or(NONE, |(_, number)| number);
    while number != NONE {
        chain.push(links[number as usize]);
        number = previous[number as usize];
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a corridor fit together, and each can be walked from its first node to its
    /// last.
    fn is_whole(pieces: &[Region], to: (usize, usize)) {
        let mut at = (0, 0);
        for piece in pieces {
            assert_eq!((piece.source.start, piece.target.start), at);
            assert_eq!(piece.band.len(), piece.source.len() + 1);
            assert_eq!(piece.band[0].0, piece.target.start);
            assert_eq!(piece.band[piece.source.len()].1, piece.target.end);
            for rows in piece.band.windows(2) {
                assert!(rows[0].0 <= rows[0].1 && rows[0].0 <= rows[1].0 && rows[0].1 <= rows[1].1);
                assert!(rows[1].0 <= rows[0].1 + 1, "each row reaches the next");
            }
            at = (piece.source.end, piece.target.end);
        }
        assert_eq!(at, to);
    }

    #[test]
    fn a_corridor_reaches_from_end_to_end_whatever_the_sides() {
        let shapes = [
            (30_000, 30_000),
            (50_000, 40),
            (40, 50_000),
            (2, 400_000),
            (9_000, 1),
            (20_000, 7_000),
        ];
        for to in shapes {
            is_whole(&bounded(corridor((0, 0), to, &[], 20)), to);
        }
        let chain: Vec<ChainLink> = (0..2_000)
            .map(|k| ChainLink {
                source: k * 3,
                target: k * 2 + 5,
                weight: 1.0,
            })
            .collect();
        let to = (9_000, 8_000);
        is_whole(&bounded(corridor((0, 0), to, &chain, 20)), to);
    }
}
