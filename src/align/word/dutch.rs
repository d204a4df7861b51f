//! Links that Dutch grammar asks for and that statistics miss.
//!
//! `jeugdvoetbaltoernooi` ↔ `youth football tournament`: a compound takes the English words beside
//! its own that its parts become. `kondigde … aan` ↔ `announced`: a stranded particle goes with its
//! verb. `om het te doen` ↔ `to do it`: both words of the infinitive go with `to`. `van de film` ↔
//! `film's`: so do preposition and article with the possessive.

use super::corpus::WordForms;
use super::knowledge::WordKnowledge;
use super::symmetrise::LinkGrid;
use crate::language::function_words::may_open_clause;
use crate::language::lexicon;
use crate::language::word_lists;

/// Shortest compound, in letters; and shortest one that takes a neighbour which no lexicon
/// explains.
const COMPOUND: (usize, usize) = (7, 9);
/// Credit with which a neighbour belongs to a compound.
const CREDIT: f32 = 0.3;
/// How far a particle stands behind its verb, in words.
const CLAUSE: usize = 12;

/// Adds them, and takes the doubtful links of a particle away. `credit` gives what is known of a
/// source and a target word, 0..=1.
pub(super) fn complete(
    grid: &mut LinkGrid,
    sure: &LinkGrid,
    forms: &WordForms,
    knowledge: &WordKnowledge<'_>,
    credit: &dyn Fn(usize, usize) -> f32,
) {
    for s in 0..grid.sources {
        compound(grid, s, forms, knowledge, credit);
    }
    for s in 0..grid.sources {
        if sure.source_is_free(s) {
            particle(grid, s, &forms.source, knowledge);
        }
    }
    infinitives(grid, forms);
    for s in 0..grid.sources {
        possessive(grid, s, forms);
    }
}

fn compound(
    grid: &mut LinkGrid,
    s: usize,
    forms: &WordForms,
    knowledge: &WordKnowledge<'_>,
    credit: &dyn Fn(usize, usize) -> f32,
) {
    let word = &forms.source[s];
    let length = word.chars().count();
    if length < COMPOUND.0 {
        return;
    }
    // words of its own: no lexicon has it, and no other Dutch word nearby waits for a partner
    let near = s.saturating_sub(2)..(s + 3).min(grid.sources);
    let is_alone = length >= COMPOUND.1
        && !knowledge.lexicon.has(word)
        && near
            .into_iter()
            .all(|other| !grid.source_is_free(other) || forms.source[other].chars().count() < 4);
    let mut open = grid.targets_of(s);
    while let Some(t) = open.pop() {
        for next in [t.checked_sub(1), Some(t + 1)].into_iter().flatten() {
            let Some(other) = forms.target.get(next) else {
                continue;
            };
            if !grid.target_is_free(next)
                || other.len() < 2
                || !other.chars().all(char::is_alphanumeric)
            {
                continue;
            }
            let is_modifier = is_alone && next < t && other.len() > 3;
            if credit(s, next) >= CREDIT || is_modifier {
                grid.add(s, next);
                open.push(next);
            }
        }
    }
}

fn particle(grid: &mut LinkGrid, s: usize, words: &[String], knowledge: &WordKnowledge<'_>) {
    let particle = words[s].as_str();
    if !word_lists::is("particle.separable", particle) {
        return;
    }
    // uit te spreken
    let infinitive =
        (words.get(s + 1).is_some_and(|word| word == "te") && s + 2 < words.len()).then_some(s + 2);
    let ends_clause = words
        .get(s + 1)
        .is_none_or(|next| !next.contains(char::is_alphanumeric) || may_open_clause(next));
    let verb = infinitive
        .filter(|&verb| knowledge.lexicon.has(&format!("{particle}{}", words[verb])))
        .or_else(|| {
            (s.saturating_sub(CLAUSE)..s).rev().find(|&verb| {
                ends_clause
                    && !grid.source_is_free(verb)
                    && parts_from(&words[verb], particle, knowledge)
            })
        });
    if let Some(verb) = verb {
        grid.clear(s);
        for t in grid.targets_of(verb) {
            grid.add(s, t);
        }
    }
}

/// Whether a finite form and a particle make a verb that is known: `belde … op` is `opbellen`.
fn parts_from(finite: &str, particle: &str, knowledge: &WordKnowledge<'_>) -> bool {
    if finite.chars().count() < 3 {
        return false;
    }
    let is_known = |verb: &str| knowledge.lexicon.has(&format!("{particle}{verb}"));
    if lexicon::separable(finite, particle).is_some()
        || is_known(finite)
        || is_known(&format!("{finite}en"))
    {
        return true;
    }
    let Some(stem) = finite
        .strip_suffix("en")
        .or_else(|| finite.strip_suffix(['t', 'e']))
    else {
        return false;
    };
    let stem = stem.strip_suffix(['t', 'd']).unwrap_or(stem);
    stem.chars()
        .next_back()
        .is_some_and(|last| is_known(&format!("{stem}en")) || is_known(&format!("{stem}{last}en")))
}

fn infinitives(grid: &mut LinkGrid, forms: &WordForms) {
    let source = &forms.source;
    for (s, word) in source.iter().enumerate() {
        if word == "te" && grid.source_is_free(s) && s + 1 < grid.sources {
            let to = grid
                .targets_of(s + 1)
                .first()
                .and_then(|verb| verb.checked_sub(1));
            if let Some(to) = to.filter(|&to| forms.target[to] == "to" && grid.target_is_free(to)) {
                grid.add(s, to);
            }
        }
    }
    for (s, word) in source.iter().enumerate() {
        if word == "om" && grid.source_is_free(s) {
            let te = (s + 1..(s + CLAUSE).min(grid.sources)).find(|&at| source[at] == "te");
            let to = te.and_then(|te| {
                grid.targets_of(te)
                    .into_iter()
                    .find(|&t| forms.target[t] == "to")
            });
            if let Some(to) = to {
                grid.add(s, to);
            }
        }
    }
}

fn possessive(grid: &mut LinkGrid, s: usize, forms: &WordForms) {
    let Some(owner) = (grid.targets_of(s).into_iter())
        .find(|&t| forms.target[t].ends_with("'s") || forms.target[t].ends_with("s'"))
    else {
        return;
    };
    let Some(van) = (s.saturating_sub(3)..s)
        .rev()
        .find(|&at| forms.source[at] == "van")
    else {
        return;
    };
    for at in van..s {
        if grid.source_is_free(at) {
            grid.add(at, owner);
        }
    }
}
