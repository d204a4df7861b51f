//! Finds candidates for a glossary: names and terms that recur in pairs, with the English that the
//! pairs give them, the most useful first.
//!
//! Dutch shows its names by capitals, its abbreviations by two of them, its compounds by hyphens;
//! ordinary terms by recurring. The English is the run of words that stands where the Dutch stands
//! and nowhere else, or, for names, the one that is spelled alike once `oe` is read as `u` and
//! `tsj` as `ch`. Where the units carry word links, those vote instead.
//!
//! `Koersk` in 14 pairs → `Kursk` in 13 of them, `Koersk` in one: a name that differs, and an
//! inconsistency.
//!
//! Source: association by the log-likelihood ratio (Dunning 1993) and the cosine of the two sets of
//! units; similarity 2·matches ÷ total length.

mod candidate;
mod collect;
mod english;

pub use candidate::{CandidateKind, CandidateRendering, SuggestOptions, TermCandidate};

use super::candidate_tokens::CandidateTokens;
use super::forms::is_abbreviation;
use crate::bitext::{Span, Unit};
use crate::language::Language;
use crate::language::function_words::is_common_word;
use candidate::{CandidatePlace, RENDERINGS};
use collect::{absorb_genitives, collect, drop_parts};
use english::{EnglishSide, by_company};
use std::collections::BTreeMap;

/// Finds candidates in units whose terms were found already (`term::find`): what the glossary
/// covers is none.
///
/// Shape: at most `options.most`, the most useful first. Errors: none; units without a target give
/// candidates without English.
pub fn suggest(units: &[Unit], options: &SuggestOptions) -> Vec<TermCandidate> {
    let source: Vec<CandidateTokens> = units
        .iter()
        .map(|u| CandidateTokens::new(&u.source.plain))
        .collect();
    let target: Vec<CandidateTokens> = units
        .iter()
        .map(|u| CandidateTokens::new(&u.target.plain))
        .collect();
    let mut found = collect(units, &source);
    absorb_genitives(&mut found);
    found.retain(|(_, kind), places| {
        places.len() >= options.least + usize::from(*kind == CandidateKind::Phrase)
    });
    drop_parts(&mut found);
    let mut english = EnglishSide::new(units, &target);
    english.claim(&found);
    let mut candidates: Vec<TermCandidate> = found
        .into_iter()
        .map(|((nl, kind), places)| judge(nl, kind, &places, units, &english))
        .filter(is_worth_it)
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.nl.cmp(&b.nl)));
    candidates.truncate(options.most);
    candidates
}

/// A phrase without English is noise; a name without one is still a name.
fn is_worth_it(candidate: &TermCandidate) -> bool {
    let shown = !candidate.english.is_empty();
    match candidate.kind {
        CandidateKind::Name | CandidateKind::Acronym => shown || candidate.units.len() > 1,
        CandidateKind::Compound => shown,
        CandidateKind::Phrase => shown && candidate.confidence >= 0.7,
    }
}

fn judge(
    nl: String,
    kind: CandidateKind,
    places: &[CandidatePlace],
    units: &[Unit],
    english: &EnglishSide<'_>,
) -> TermCandidate {
    let mut own: Vec<usize> = places.iter().map(|place| place.unit).collect();
    own.dedup();
    let (renderings, confidence) =
        linked(places, units).unwrap_or_else(|| by_company(&nl, kind, &own, english));
    let differs = renderings.first().is_none_or(|first| first.text != nl);
    let count = places.len();
    let doubt = 1.0 + 0.25 * renderings.len().saturating_sub(1) as f64;
    let sure = if renderings.is_empty() {
        0.2
    } else {
        confidence
    };
    TermCandidate {
        score: (1.0 + count as f64).ln()
            * kind.worth()
            * sure
            * doubt
            * if differs { 1.0 } else { 0.5 },
        nl,
        kind,
        count,
        english: renderings,
        confidence,
        units: own,
    }
}

/// The English by the word links of the units, where at least half of the places have them.
fn linked(places: &[CandidatePlace], units: &[Unit]) -> Option<(Vec<CandidateRendering>, f64)> {
    let mut votes: BTreeMap<String, usize> = BTreeMap::new();
    for place in places {
        if let Some(text) = by_links(&units[place.unit], place.span) {
            *votes.entry(text).or_default() += 1;
        }
    }
    let voted: usize = votes.values().sum();
    if voted == 0 || voted * 2 < places.len() {
        return None;
    }
    let mut renderings: Vec<CandidateRendering> = votes
        .into_iter()
        .map(|(text, count)| CandidateRendering { text, count })
        .collect();
    renderings.sort_by_key(|rendering| std::cmp::Reverse(rendering.count));
    renderings.truncate(RENDERINGS);
    let confidence = renderings[0].count as f64 / places.len() as f64;
    Some((renderings, confidence))
}

/// The stretch of English that the words of a Dutch stretch are linked to, if it is no longer than
/// such a stretch can be.
fn by_links(unit: &Unit, span: Span) -> Option<String> {
    let source = crate::bitext::words(&unit.source.plain);
    let target = crate::bitext::words(&unit.target.plain);
    let mut reached: Vec<usize> = unit
        .links
        .iter()
        .filter(|link| {
            source
                .get(link.source as usize)
                .is_some_and(|word| span.contains(*word))
        })
        .map(|link| link.target as usize)
        .filter(|&index| index < target.len())
        .collect();
    reached.sort_unstable();
    let is_edge = |index: &usize| {
        let word = target[*index].of(&unit.target.plain);
        // Small words belong to a name that has them in Dutch, too, and in capitals: Big Brother,
        // New Zealand.
        let own = || {
            span.of(&unit.source.plain)
                .split(' ')
                .any(|own| own == word)
        };
        let titled = || *index > 0 && word.starts_with(char::is_uppercase) && word != "The";
        !is_common_word(&word.to_lowercase(), Language::English)
            || is_abbreviation(word)
            || titled()
            || own()
    };
    let first = reached.iter().copied().find(is_edge)?;
    let last = reached.iter().rev().copied().find(is_edge)?;
    let own = source.iter().filter(|word| span.contains(**word)).count();
    let text = Span::new(target[first].start, target[last].end).of(&unit.target.plain);
    // The name without its genitive; a name does not extend over a mark.
    let bare = ["'s", "’s"].iter().find_map(|end| text.strip_suffix(end));
    (last + 1 - first <= own + 2 && !text.contains([',', ';', ':', '(', ')', '“', '”', '"']))
        .then(|| bare.unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Link;
    use crate::term::{self, Glossary};

    fn unit(source: &str, target: &str) -> Unit {
        Unit {
            source: source.into(),
            target: target.into(),
            ..Unit::default()
        }
    }

    fn pairs() -> Vec<Unit> {
        [
            (
                "De stad Voronesj ligt aan de Don.",
                "The city of Voronezh lies on the Don.",
            ),
            (
                "In Voronesj wachtte de inlichtingendienst af.",
                "The intelligence service was waiting in Voronezh.",
            ),
            (
                "Voronesjs burgemeester sprak met de inlichtingendienst.",
                "Voronezh's mayor spoke to the intelligence service.",
            ),
            ("De stad bij Voronesj.", "The city near Voronezh."),
            ("De WKA-chef zweeg.", "The WKA chief was silent."),
            (
                "Gisteren vertrok de WKA-chef.",
                "The WKA chief left yesterday.",
            ),
            (
                "Volgens de inlichtingendienst was het stil.",
                "According to the intelligence service it was quiet.",
            ),
            ("Anna Verweij belde met Piet.", "Anna Verweij called Piet."),
            ("Later sprak Anna Verweij.", "Anna Verweij spoke later."),
            ("Het regende.", "It rained."),
            ("Niemand kwam.", "Nobody came."),
        ]
        .into_iter()
        .map(|(source, target)| unit(source, target))
        .collect()
    }

    #[test]
    fn names_and_terms_that_recur_are_found_with_their_english() {
        let found = suggest(&pairs(), &SuggestOptions::default());
        let said: Vec<(&str, &str, usize)> = found
            .iter()
            .map(|c| {
                (
                    c.nl.as_str(),
                    c.english.first().map_or("", |e| &e.text),
                    c.count,
                )
            })
            .collect();
        for wanted in [
            ("Voronesj", "Voronezh", 4),
            ("WKA-chef", "WKA chief", 2),
            ("Anna Verweij", "Anna Verweij", 2),
            ("inlichtingendienst", "intelligence service", 3),
        ] {
            assert!(said.contains(&wanted), "{wanted:?} in {said:?}");
        }
        assert!(
            said.iter()
                .all(|(nl, ..)| !["De", "In", "Gisteren"].contains(nl))
        );
        assert_eq!(found[0].nl, "Voronesj");
        let entry = found
            .iter()
            .find(|c| c.nl == "Anna Verweij")
            .unwrap()
            .entry();
        assert_eq!(entry.unwrap().policy, crate::term::Policy::Keep);
    }

    #[test]
    fn what_the_glossary_has_is_no_candidate() {
        let glossary = Glossary::parse("g.tsv", "nl\ten\nVoronesj\tVoronezh\n").unwrap();
        let mut units = pairs();
        term::find(&mut units, &glossary);
        assert!(
            suggest(&units, &SuggestOptions::default())
                .iter()
                .all(|c| c.nl != "Voronesj")
        );
    }

    #[test]
    fn links_vote_where_there_are_any() {
        let mut units = vec![unit("Hij zag Zwolle weer.", "He saw Swolla again."); 3];
        for unit in &mut units {
            unit.links = thin_vec::thin_vec![Link {
                source: 2,
                target: 2,
            }];
        }
        let found = suggest(&units, &SuggestOptions::default());
        let said =
            |found: &[TermCandidate]| (found[0].english[0].text.clone(), found[0].english[0].count);
        assert_eq!(said(&found), ("Swolla".to_owned(), 3));
        // A small word in capitals belongs to the name, a genitive ending does not.
        let mut units = vec![unit("Hij zag Nieuw-Zwolle weer.", "He saw New Swolla's again."); 3];
        for unit in &mut units {
            let to = |target| Link { source: 2, target };
            unit.links = thin_vec::thin_vec![to(2), to(3)];
        }
        let found = suggest(&units, &SuggestOptions::default());
        assert_eq!(said(&found), ("New Swolla".to_owned(), 3));
    }
}
