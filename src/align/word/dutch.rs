//! Links that Dutch grammar asks for and statistics miss.
//!
//! `jeugdvoetbaltoernooi` ↔ `youth football tournament`: the compound takes every word of it. `belde … op` ↔ `phoned`: the particle goes
//! with its verb. `om … te doen` ↔ `to do`. `van de film` ↔ `film's`.

use super::knowledge::Knowledge;
use super::{Linked, Pair};
use crate::bitext::Link;

const PARTICLES: &[&str] = &["aan","af","bij","binnen","dicht","door","in","mee","na","neer","om","onder","op","over","samen","terug","thuis","toe","tegen","uit","vast","voor","voort","weg","neer","plaats","deel"];

/// Adds them.
pub(super) fn complete(linked: &mut Linked, credits: &[f32], pair: &Pair, knowledge: &Knowledge<'_>) {
    let (sources, targets) = (pair.source.len(), pair.target.len());
    let source: Vec<String> = pair.source.iter().map(|w| super::corpus::normal(w)).collect();
    let target: Vec<String> = pair.target.iter().map(|w| super::corpus::normal(w)).collect();
    let mut of_source: Vec<Vec<usize>> = vec![Vec::new(); sources];
    let mut of_target: Vec<Vec<usize>> = vec![Vec::new(); targets];
    for link in &linked.links {
        of_source[link.source as usize].push(link.target as usize);
        of_target[link.target as usize].push(link.source as usize);
    }
    let mut added: Vec<(usize, usize)> = Vec::new();
    // compounds
    for s in 0..sources {
        let length = source[s].chars().count();
        if length < 7 || of_source[s].is_empty() || par!("COMP", 1.0) < 0.5 {
            continue;
        }
        let lonely = par!("LONELY", 1.0) > 0.5 && length >= par!("LONGW", 9.0) as usize && !knowledge.lexicon().has(&source[s])
            && (s.saturating_sub(2)..(s + 3).min(sources)).all(|o| !of_source[o].is_empty() || source[o].chars().count() < 4);
        let mut open = of_source[s].clone();
        while let Some(t) = open.pop() {
            for next in [t.wrapping_sub(1), t + 1] {
                if next >= targets || !of_target[next].is_empty() || added.contains(&(s, next)) || target[next].len() < 2 || !target[next].chars().all(char::is_alphanumeric) {
                    continue;
                }
                let credit = credits[s * targets + next];
                if credit >= par!("COMPC", 0.3) || (lonely && target[next].len() > 3 && next < t) {
                    added.push((s, next));
                    open.push(next);
                }
            }
        }
    }
    // particles
    for s in 0..sources {
        if par!("PART", 1.0) < 0.5 || !of_source[s].is_empty() || !PARTICLES.contains(&source[s].as_str()) {
            continue;
        }
        let mut best = None;
        for v in (0..sources).filter(|&v| v != s && s.abs_diff(v) <= 12) {
            if of_source[v].is_empty() || source[v].len() < 3 { continue; }
            // infinitive: uit te spreken
            let joined = format!("{}{}", source[s], source[v]);
            let is_verb = (v > s && v <= s + 2 && knowledge.lexicon().has(&joined))
                || (v < s && is_finite(&source[v], &source[s], knowledge));
            if is_verb && best.is_none_or(|b: usize| s.abs_diff(v) < s.abs_diff(b)) {
                best = Some(v);
            }
        }
        if let Some(v) = best {
            added.extend(of_source[v].iter().map(|&t| (s, t)));
        }
    }
    // om … te
    if par!("OMTE", 1.0) > 0.5 {
        for s in 0..sources {
            if source[s] == "te" && of_source[s].is_empty() && let Some(v) = of_source.get(s + 1).and_then(|l| l.first()).copied() {
                if v > 0 && target[v - 1] == "to" && of_target[v - 1].is_empty() {
                    added.push((s, v - 1));
                    of_target[v - 1].push(s);
                    of_source[s].push(v - 1);
                }
            }
        }
        for s in 0..sources {
            if source[s] == "om" && of_source[s].is_empty() {
                if let Some(te) = (s + 1..(s + 12).min(sources)).find(|&x| source[x] == "te") {
                    if let Some(&t) = of_source[te].iter().find(|&&t| target[t] == "to") { added.push((s, t)); }
                }
            }
        }
    }
    // van de film ↔ film's
    if par!("POSS", 1.0) > 0.5 {
        for s in 0..sources {
            for &t in &of_source[s] {
                if !(target[t].ends_with("'s") || target[t].ends_with("s'")) { continue; }
                let mut at = s;
                while at > 0 && s - at < 3 {
                    at -= 1;
                    if source[at] == "van" {
                        if of_source[at].is_empty() { added.push((at, t)); 
                        for x in at + 1..s { if of_source[x].is_empty() { added.push((x, t)); } } }
                        break;
                    }
                }
            }
        }
    }
    linked.links.extend(added.into_iter().map(|(s, t)| Link { source: s as u32, target: t as u32 }));
    linked.links.sort_unstable();
    linked.links.dedup();
}

fn is_finite(verb: &str, particle: &str, knowledge: &Knowledge<'_>) -> bool {
    if let Some(mut e) = crate::align::lexicon::separable(verb, particle) { return e.next().is_some(); }
    let lexicon = knowledge.lexicon();
    // the bare verb's stem: zegt → zeggen? try the forms that a listed participle or infinitive has
    let stem = verb.trim_end_matches("en").trim_end_matches(['t', 'e']).trim_end_matches('d').trim_end_matches('t');
    if stem.len() < 2 { return false; }
    [format!("{particle}{verb}"), format!("{particle}{stem}en"), format!("{particle}ge{stem}d"), format!("{particle}ge{stem}t"), format!("{particle}{stem}t")].iter().any(|w| lexicon.has(w))
}
