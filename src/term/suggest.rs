//! Finds what a glossary lacks: names and terms that recur in pairs, with the English that the pairs give them, the most useful first.
//!
//! Dutch shows its names by capitals, its abbreviations by two of them, its compounds by hyphens; ordinary terms by recurring. The English is the run of words
//! that stands where the Dutch stands and nowhere else, or, for names, the one that is spelled alike once `oe` is read as `u` and `tsj` as `ch`. Where the units
//! carry word links, those vote instead.
//!
//! `Koersk` in 14 pairs → `Kursk` in 13 of them, `Koersk` in one: a name that differs, and an inconsistency.
//!
//! Source: association by the log-likelihood ratio (Dunning 1993) and the cosine of the two sets of units; similarity 2·matches ÷ total length.

use super::forms::{self, is_abbreviation};
use super::glossary::{Concept, Policy, Status};
use super::tokens::{Lists, Tokens, similarity};
use crate::bitext::{Span, Unit};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, HashSet};

/// What kind of thing a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A run of words with capitals.
    Name,
    /// Two capitals or more: NAVO, MI6.
    Acronym,
    /// Words joined by a hyphen.
    Compound,
    /// Ordinary words that recur together.
    Phrase,
}

impl Kind {
    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Acronym => "acronym",
            Self::Compound => "compound",
            Self::Phrase => "phrase",
        }
    }

    /// How much a candidate of this kind is worth, against a name.
    const fn worth(self) -> f64 {
        match self {
            Self::Name | Self::Compound => 1.0,
            Self::Acronym => 0.9,
            Self::Phrase => 0.3,
        }
    }
}

/// How much is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Times that a name has to occur; phrases one time more.
    pub least: usize,
    /// Candidates to be given, at most.
    pub most: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            least: 2,
            most: 200,
        }
    }
}

/// English that the pairs give a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// The words.
    pub text: String,
    /// In how many occurrences.
    pub count: usize,
}

/// Something that the glossary may lack.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The Dutch.
    pub nl: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// How often it occurs.
    pub count: usize,
    /// Its English, the most frequent first; empty where the pairs show none.
    pub english: Vec<Rendering>,
    /// How sure the English is, 0..=1.
    pub confidence: f64,
    /// Usefulness; only the order matters.
    pub score: f64,
    /// The units in which it occurs, by position.
    pub units: Vec<usize>,
}

impl Candidate {
    /// The entry that the candidate would be; none where the pairs show no English.
    pub fn entry(&self) -> Option<Concept> {
        let first = self.english.first()?;
        let others: Vec<&Rendering> = self.english.iter().skip(1).collect();
        let shown: Vec<String> = others
            .iter()
            .map(|other| format!("{} {}×", other.text, other.count))
            .collect();
        let mut note = format!("{}× in the pairs", self.count);
        if !shown.is_empty() {
            note.push_str(&format!("; also {}", shown.join(", ")));
        }
        let name = matches!(self.kind, Kind::Name | Kind::Acronym);
        Some(Concept {
            numbered: true,
            nl: self.nl.clone(),
            en: first.text.clone(),
            en_accept: if name {
                Vec::new()
            } else {
                others.iter().map(|other| other.text.clone()).collect()
            },
            policy: match self.kind {
                _ if first.text == self.nl => Policy::Keep,
                Kind::Name | Kind::Acronym => Policy::Exact,
                Kind::Compound | Kind::Phrase => Policy::Variant,
            },
            repair: true,
            pos: if name { "PROPN" } else { "" }.into(),
            status: Status::Proposed,
            note,
            ..Concept::default()
        })
    }
}

/// Where a candidate stands.
#[derive(Debug, Clone, Copy)]
struct Found {
    unit: usize,
    span: Span,
}

/// Finds candidates in units whose terms were found already (`term::find`): what the glossary covers is none.
///
/// Shape: at most `options.most`, the most useful first. Errors: none; units without a target give candidates without English.
pub fn suggest(units: &[Unit], options: &Options) -> Vec<Candidate> {
    let lists = Lists::get();
    let source: Vec<Tokens> = units.iter().map(|u| Tokens::new(&u.source.plain)).collect();
    let target: Vec<Tokens> = units.iter().map(|u| Tokens::new(&u.target.plain)).collect();
    let mut found = collect(units, &source, lists);
    absorb_genitives(&mut found);
    found.retain(|(_, kind), places| {
        places.len() >= options.least + usize::from(*kind == Kind::Phrase)
    });
    drop_parts(&mut found);
    let mut english = English::new(units, &target, lists);
    english.claim(&found);
    let mut candidates: Vec<Candidate> = found
        .into_iter()
        .map(|((nl, kind), places)| judge(nl, kind, &places, units, &english))
        .filter(is_worth_it)
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.nl.cmp(&b.nl)));
    candidates.truncate(options.most);
    candidates
}

/// A phrase without English is noise; a name without one is still a name.
fn is_worth_it(candidate: &Candidate) -> bool {
    let shown = !candidate.english.is_empty();
    match candidate.kind {
        Kind::Name | Kind::Acronym => shown || candidate.units.len() > 1,
        Kind::Compound => shown,
        Kind::Phrase => shown && candidate.confidence >= 0.7,
    }
}

type Places = BTreeMap<(String, Kind), Vec<Found>>;

/// Everything in the Dutch that may be a name or a term, with where it stands.
fn collect(units: &[Unit], source: &[Tokens], lists: &Lists) -> Places {
    let mut small: HashSet<String> = HashSet::new();
    let mut inside: HashSet<&str> = HashSet::new();
    for (unit, tokens) in units.iter().zip(source) {
        let text = &unit.source.plain;
        for (index, span) in tokens.spans.iter().enumerate() {
            let word = span.of(text);
            if word.starts_with(char::is_lowercase) {
                small.insert(word.to_owned());
            } else if !tokens.starts(text, index) {
                inside.insert(word);
            }
        }
    }
    let mut found = Places::new();
    for (at, (unit, tokens)) in units.iter().zip(source).enumerate() {
        let text = &unit.source.plain;
        if shouts(text) {
            continue;
        }
        let mut add = |span: Span, kind: Kind| {
            let covered = unit.hits.iter().any(|hit| hit.source.contains(span));
            if !covered {
                let key = (span.of(text).replace('\u{a0}', " "), kind);
                found.entry(key).or_default().push(Found { unit: at, span });
            }
        };
        let word = |index: usize| tokens.spans[index].of(text);
        let is_name = |index: usize| {
            let word = word(index);
            let first = tokens.starts(text, index);
            let low = word.to_lowercase();
            word.starts_with(char::is_uppercase)
                && (!first
                    || is_abbreviation(word)
                    || !(small.contains(&low) || lists.is("nl", &low)))
        };
        let mut index = 0;
        while index < tokens.spans.len() {
            let token = word(index);
            if is_name(index) {
                let mut last = index;
                while let Some(next) = tokens.run(text, last, lists, &is_name) {
                    last = next;
                }
                let mut first = index;
                // `Amerikaanse CIA` is an adjective and a name.
                while first < last && lists.is_adjective(word(first)) {
                    first += 1;
                }
                let span = Span::new(tokens.spans[first].start, tokens.spans[last].end);
                let alone = first == last;
                // A single word at the start of a sentence is a name only if it is one elsewhere.
                let sure = !alone
                    || !tokens.starts(text, first)
                    || is_abbreviation(token)
                    || inside.contains(word(first))
                    || owners(word(first)).any(|owner| inside.contains(owner));
                if sure && span.len() > 1 && !(alone && lists.is("nl", &token.to_lowercase())) {
                    let kind = if alone && is_abbreviation(span.of(text)) {
                        Kind::Acronym
                    } else if alone && compound(span.of(text)) {
                        Kind::Compound
                    } else {
                        Kind::Name
                    };
                    add(span, kind);
                }
                index = last + 1;
                continue;
            }
            if token.contains('-')
                && token.contains(|c: char| c.is_uppercase() || c.is_numeric())
                && token.starts_with(char::is_alphabetic)
            {
                add(tokens.spans[index], Kind::Compound);
            }
            index += 1;
        }
        for span in phrases(text, tokens, lists) {
            add(span, Kind::Phrase);
        }
    }
    found
}

/// What a word would be the genitive of.
fn owners(word: &str) -> impl Iterator<Item = &str> {
    ["'s", "’s", "'", "’", "s"]
        .into_iter()
        .filter_map(|ending| word.strip_suffix(ending))
}

/// A text in capitals shows no names by them.
fn shouts(text: &str) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for c in text.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    upper > lower
}

/// Whether a hyphen joins a name or an abbreviation with an ordinary word: CIA-directeur, and not Oost-Oekraïne.
fn compound(word: &str) -> bool {
    word.rsplit('-')
        .next()
        .is_some_and(|last| last.len() < word.len() && last.starts_with(char::is_lowercase))
}

/// How declined adjectives end, which are no terms by themselves.
const ADJECTIVES: [&str; 9] = [
    "ische", "lijke", "elijk", "eel", "ele", "iële", "aire", "euze", "bare",
];

/// Runs of one to four ordinary words that do not begin or end with a function word: `inlichtingendienst`, `minister van Defensie`.
fn phrases(text: &str, tokens: &Tokens, lists: &Lists) -> Vec<Span> {
    const LONG: usize = 9;
    let fits = |index: usize| {
        let word = tokens.spans[index].of(text);
        let low = word.to_lowercase();
        word.chars().count() > 3 && !low.contains(|c: char| c.is_numeric()) && !lists.is("nl", &low)
    };
    let mut found = Vec::new();
    for first in 0..tokens.spans.len() {
        let word = tokens.spans[first].of(text);
        if !fits(first) || word.starts_with(char::is_uppercase) {
            continue;
        }
        for last in first..tokens.spans.len().min(first + 4) {
            if last > first && !tokens.joined(text, last - 1) {
                break;
            }
            let span = Span::new(tokens.spans[first].start, tokens.spans[last].end);
            let alone = last == first;
            let long = !alone || span.of(text).chars().count() >= LONG;
            let adjective = alone && ADJECTIVES.iter().any(|end| word.ends_with(end));
            if fits(last) && long && !adjective {
                found.push(span);
            }
        }
    }
    found
}

/// `Kievs` belongs to `Kiev`, which is there more often: the way goes from the name outward, never by cutting an -s off.
fn absorb_genitives(found: &mut Places) {
    let names: Vec<(String, Kind)> = found
        .keys()
        .filter(|(_, kind)| *kind != Kind::Phrase)
        .cloned()
        .collect();
    for key in names {
        let Some(own) = found.get(&key).map(Vec::len) else {
            continue;
        };
        let entry = Concept {
            nl: key.0.clone(),
            pos: "PROPN".into(),
            ..Concept::default()
        };
        for form in forms::of(&entry) {
            for apostrophe in ["'", "’"] {
                let other = (form.text.replace('\'', apostrophe), key.1);
                if other.0 == key.0 || found.get(&other).is_none_or(|places| places.len() > own) {
                    continue;
                }
                if let Some(places) = found.remove(&other) {
                    found.entry(key.clone()).or_default().extend(places);
                }
            }
        }
    }
}

/// A phrase that hardly ever stands without a longer one is part of that one.
fn drop_parts(found: &mut Places) {
    let phrases: Vec<(String, usize)> = found
        .iter()
        .filter(|((_, kind), _)| *kind == Kind::Phrase)
        .map(|((text, _), places)| (text.clone(), places.len()))
        .collect();
    let mut inner: FxHashMap<&str, usize> = FxHashMap::default();
    for (text, count) in &phrases {
        let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let starts = std::iter::once(0).chain(spaces.iter().map(|at| at + 1));
        for start in starts {
            for &end in spaces.iter().chain(std::iter::once(&text.len())) {
                if end > start && end - start < text.len() {
                    let most = inner.entry(&text[start..end]).or_default();
                    *most = (*most).max(*count);
                }
            }
        }
    }
    found.retain(|(text, kind), places| {
        *kind != Kind::Phrase
            || inner
                .get(text.as_str())
                .is_none_or(|&longer| longer * 5 < places.len() * 4)
    });
}

/// A run of English words in a unit.
#[derive(Debug, Clone, Copy)]
struct Gram {
    key: u64,
    span: Span,
    words: usize,
    /// Whether all its words have capitals, but for particles.
    name: bool,
}

/// The runs of English words of all units, and in how many units each stands.
struct English<'u> {
    units: &'u [Unit],
    grams: Vec<Vec<Gram>>,
    spread: FxHashMap<u64, usize>,
    translated: usize,
    /// For a run of words the candidate that is spelled like it, with how alike they are.
    claimed: FxHashMap<u64, f64>,
}

impl<'u> English<'u> {
    fn new(units: &'u [Unit], target: &[Tokens], lists: &Lists) -> Self {
        const LONGEST: usize = 5;
        let mut spread: FxHashMap<u64, usize> = FxHashMap::default();
        let mut all = Vec::with_capacity(units.len());
        for (unit, tokens) in units.iter().zip(target) {
            let text = &unit.target.plain;
            // A capital inside a sentence makes a name of a function word: New Zealand.
            let edge = |index: usize| {
                let word = tokens.spans[index].of(text);
                !lists.is("en", &word.to_lowercase())
                    || word.starts_with(char::is_uppercase) && !tokens.starts(text, index)
            };
            let mut grams: Vec<Gram> = Vec::new();
            for first in (0..tokens.spans.len()).filter(|&index| edge(index)) {
                for last in first..tokens.spans.len().min(first + LONGEST) {
                    if last > first && !tokens.joined(text, last - 1) {
                        break;
                    }
                    if !edge(last) {
                        continue;
                    }
                    let whole = Span::new(tokens.spans[first].start, tokens.spans[last].end);
                    let bare = whole.of(text);
                    let bare = bare
                        .strip_suffix("'s")
                        .or_else(|| bare.strip_suffix("’s"))
                        .unwrap_or(bare);
                    let span = Span::new(whole.start, whole.start + bare.len());
                    let (words, name) = (last + 1 - first, is_name(bare, lists));
                    let key = key(bare);
                    grams.push(Gram {
                        key,
                        span,
                        words,
                        name,
                    });
                }
            }
            grams.sort_by_key(|gram| (gram.key, gram.span.start));
            grams.dedup_by_key(|gram| gram.key);
            for gram in &grams {
                *spread.entry(gram.key).or_default() += 1;
            }
            all.push(grams);
        }
        Self {
            units,
            grams: all,
            spread,
            translated: units.iter().filter(|u| !u.target.plain.is_empty()).count(),
            claimed: FxHashMap::default(),
        }
    }

    /// Lets every name take the English that is spelled like it, so that its neighbours in the sentence do not.
    fn claim(&mut self, found: &Places) {
        for ((nl, kind), places) in found {
            if *kind == Kind::Phrase {
                continue;
            }
            for place in places {
                let text = &self.units[place.unit].target.plain;
                for gram in self.grams[place.unit].iter().filter(|gram| gram.name) {
                    let alike = similarity(nl, gram.span.of(text));
                    if alike >= ALIKE {
                        let best = self.claimed.entry(gram.key).or_default();
                        *best = best.max(alike);
                    }
                }
            }
        }
    }

    /// Whether a run of English words answers something else in its unit: the same word in the Dutch, a name that is spelled like it, or a term of the
    /// glossary.
    fn is_taken(&self, unit: usize, gram: &Gram, alike: f64) -> bool {
        let own = &self.units[unit];
        let text = gram.span.of(&own.target.plain);
        let by_name = self
            .claimed
            .get(&gram.key)
            .is_some_and(|&best| best > alike + 0.1);
        let by_term = || {
            own.hits
                .iter()
                .any(|hit| hit.required.eq_ignore_ascii_case(text))
        };
        let by_itself = || {
            gram.name
                && alike < ALIKE
                && own.source.plain.match_indices(text).any(|(at, _)| {
                    super::fold::is_whole(&own.source.plain, Span::new(at, at + text.len()))
                })
        };
        by_name || by_term() || by_itself()
    }
}

/// Whether all words have capitals, but for particles and figures inside.
fn is_name(text: &str, lists: &Lists) -> bool {
    text.starts_with(char::is_uppercase)
        && text.split(' ').all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
                || word != "and" && lists.is("particle", word)
        })
}

/// The same for the same words, whatever their capitals.
fn key(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    for c in text.chars().flat_map(char::to_lowercase) {
        hasher.write_u32(u32::from(if c == '’' { '\'' } else { c }));
    }
    hasher.finish()
}

/// Twice the logarithm of the likelihood ratio, for a table of two by two (Dunning 1993): `both` of `x` and `y` among `all`.
fn likelihood(both: usize, x: usize, y: usize, all: usize) -> f64 {
    let cell = |count: usize| {
        let count = count as f64;
        if count > 0.0 { count * count.ln() } else { 0.0 }
    };
    let (a, b, c) = (both, x.saturating_sub(both), y.saturating_sub(both));
    let d = (all + both).saturating_sub(x + y);
    let rows = cell(a + b) + cell(c + d);
    let columns = cell(a + c) + cell(b + d);
    2.0 * (cell(a) + cell(b) + cell(c) + cell(d) + cell(a + b + c + d) - rows - columns)
}

/// Similarity from which two spellings are one name.
const ALIKE: f64 = 0.62;

/// Critical value of the log-likelihood ratio at p = 0.001.
const SURE: f64 = 10.83;

/// Renderings of a candidate that are looked for.
const RENDERINGS: usize = 4;

fn judge(
    nl: String,
    kind: Kind,
    places: &[Found],
    units: &[Unit],
    english: &English<'_>,
) -> Candidate {
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
    Candidate {
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
fn linked(places: &[Found], units: &[Unit]) -> Option<(Vec<Rendering>, f64)> {
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
    let mut renderings: Vec<Rendering> = votes
        .into_iter()
        .map(|(text, count)| Rendering { text, count })
        .collect();
    renderings.sort_by_key(|rendering| std::cmp::Reverse(rendering.count));
    renderings.truncate(RENDERINGS);
    let confidence = renderings[0].count as f64 / places.len() as f64;
    Some((renderings, confidence))
}

/// The stretch of English that the words of a Dutch stretch are linked to, if it is no longer than such a stretch can be.
fn by_links(unit: &Unit, span: Span) -> Option<String> {
    let source = crate::bitext::words(&unit.source.plain);
    let target = crate::bitext::words(&unit.target.plain);
    let lists = Lists::get();
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
        !lists.is("en", &word.to_lowercase()) || is_abbreviation(word)
    };
    let first = reached.iter().copied().find(is_edge)?;
    let last = reached.iter().rev().copied().find(is_edge)?;
    let own = source.iter().filter(|word| span.contains(**word)).count();
    (last + 1 - first <= own + 2).then(|| {
        Span::new(target[first].start, target[last].end)
            .of(&unit.target.plain)
            .to_owned()
    })
}

/// The English by the company that the Dutch keeps, and by its spelling.
fn by_company(nl: &str, kind: Kind, own: &[usize], english: &English<'_>) -> (Vec<Rendering>, f64) {
    let mut left: Vec<usize> = own.to_vec();
    let mut renderings: Vec<Rendering> = Vec::new();
    let mut confidence = 0.0;
    while !left.is_empty() && renderings.len() < RENDERINGS {
        let Some((best, sure)) = best(nl, kind, &left, renderings.is_empty(), english) else {
            break;
        };
        let has = |unit: &usize| english.grams[*unit].iter().find(|g| g.key == best);
        let mut spellings: BTreeMap<&str, usize> = BTreeMap::new();
        for (unit, gram) in left.iter().filter_map(|unit| Some((unit, has(unit)?))) {
            *spellings
                .entry(gram.span.of(&english.units[*unit].target.plain))
                .or_default() += 1;
        }
        let count: usize = spellings.values().sum();
        // Of several capitalisations the most frequent one; of equal ones the one with small letters.
        let text = spellings
            .into_iter()
            .max_by_key(|&(text, count)| (count, text))
            .map_or("", |(text, _)| text);
        if renderings.is_empty() {
            confidence = sure * count as f64 / own.len() as f64;
        }
        renderings.push(Rendering {
            text: text.to_owned(),
            count,
        });
        left.retain(|unit| has(unit).is_none());
    }
    (renderings, confidence)
}

/// The run of words that fits best in these units, with how sure it is.
fn best(
    nl: &str,
    kind: Kind,
    own: &[usize],
    first: bool,
    english: &English<'_>,
) -> Option<(u64, f64)> {
    let mut together: FxHashMap<u64, (usize, Gram, usize)> = FxHashMap::default();
    for &unit in own {
        for gram in &english.grams[unit] {
            together.entry(gram.key).or_insert((0, *gram, unit)).0 += 1;
        }
    }
    let parts = nl.split([' ', '-']).count();
    let name = kind != Kind::Phrase;
    let mut ranked: Vec<(f64, usize, u64, f64)> = together
        .into_iter()
        .filter_map(|(key, (both, gram, unit))| {
            let text = gram.span.of(&english.units[unit].target.plain);
            if gram.words > parts + 2 {
                return None;
            }
            let all = english.spread.get(&key).copied().unwrap_or(both);
            let company = both as f64 / ((own.len() * all) as f64).sqrt();
            let alike = if name { similarity(nl, text) } else { 0.0 };
            let strong = both > 1
                && likelihood(both, own.len(), all, english.translated) >= SURE
                && company >= 0.5;
            let shown = match kind {
                Kind::Name | Kind::Acronym => gram.name,
                Kind::Compound => true,
                Kind::Phrase => !gram.name || gram.words > 1,
            };
            if !shown
                || english.is_taken(unit, &gram, alike)
                || !(strong && (first || company >= 0.7) || alike >= ALIKE)
            {
                return None;
            }
            let sure = if name {
                (0.5 * company + 0.6 * alike).max(if strong { 0.9 * company } else { 0.0 })
            } else {
                company
            };
            Some((sure.min(1.0), gram.words, key, alike))
        })
        .collect();
    ranked.sort_by(|a, b| {
        let order = |x: f64| (x * 100.0).round() as i64;
        (order(b.0), order(b.3), b.1, b.2).cmp(&(order(a.0), order(a.3), a.1, a.2))
    });
    ranked.first().map(|&(sure, _, key, _)| (key, sure))
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
        let found = suggest(&pairs(), &Options::default());
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
        assert_eq!(entry.unwrap().policy, Policy::Keep);
    }

    #[test]
    fn what_the_glossary_has_is_no_candidate() {
        let glossary = Glossary::parse("g.tsv", "nl\ten\nVoronesj\tVoronezh\n").unwrap();
        let mut units = pairs();
        term::find(&mut units, &glossary);
        assert!(
            suggest(&units, &Options::default())
                .iter()
                .all(|c| c.nl != "Voronesj")
        );
    }

    #[test]
    fn links_vote_where_there_are_any() {
        let mut units = vec![unit("Hij zag Zwolle weer.", "He saw Swolla again."); 3];
        for unit in &mut units {
            unit.links = vec![Link {
                source: 2,
                target: 2,
            }];
        }
        let found = suggest(&units, &Options::default());
        assert_eq!(
            found[0].english,
            [Rendering {
                text: "Swolla".into(),
                count: 3
            }]
        );
    }
}
