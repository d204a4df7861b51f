//! Names that were altered or lost.
//!
//! `Kolkman` → `Kolkmar` is altered; `Praag` → `Prague` and `Loekasjenko` → `Lukashenko` are the
//! English spellings.

use super::contract::{Check, CheckContext, CheckedPair};
use super::example::{Example, bad, good};
use super::persons;
use crate::bitext::{Finding, Span, State, Unit};
use crate::language::edit_distance::within;
use crate::language::exonyms::EXONYMS;
use crate::language::phrases::PhraseTable;
use crate::language::spelling::folded;
use crate::language::text_view::{TextView, WordShape};
use crate::language::{countries, word_knowledge};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Names.
pub struct NamesCheck;

/// A word that is a name by its capital: not one that any sentence may begin with.
fn is_name(side: &TextView<'_>, at: usize) -> bool {
    let word = &side.words[at];
    let raw = side.raw(at);
    let shaped =
        word.shape == WordShape::Letters && word.capital && !word.upper && raw.chars().count() >= 4;
    let inner = || raw.chars().skip(1).filter(|c| c.is_uppercase()).count();
    // At a start only what no dictionary knows is a name.
    let common = || {
        let lower = side.word(at);
        word_knowledge::is_dutch(lower)
            || word_knowledge::parts(lower).is_some()
            || ["'s", "’s"].iter().any(|end| {
                lower.ends_with(end) && word_knowledge::is_dutch(&lower[..lower.len() - end.len()])
            })
    };
    shaped && inner() <= 1 && !(word.opens && common())
}

/// A word without its possessive.
fn bare(word: &str) -> &str {
    ["'s", "’s", "'", "’"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word)
}

/// Whether a word is a part of a name that stands in the target in its English spelling: `Den
/// Bosch`, `’s-Hertogenbosch`.
fn is_translated(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> bool {
    let hits = SPELLINGS.find(source).into_iter();
    let mut spellings = hits
        .filter(|hit| (hit.at..hit.next).contains(&at))
        .peekable();
    spellings.peek().is_some() && {
        let plain = target.lower.replace('’', "'");
        spellings.any(|hit| plain.contains(hit.meaning.as_str()))
    }
}

/// The names of both languages, each with how the other may spell it.
static SPELLINGS: LazyLock<PhraseTable<String>> = LazyLock::new(|| {
    let pairs = EXONYMS
        .iter()
        .map(|(dutch, english)| (dutch.as_str(), english.clone()));
    let countries = countries::all().iter().flat_map(|country| {
        let english = country.english.to_lowercase();
        country
            .names
            .iter()
            .map(move |name| (*name, english.clone()))
    });
    PhraseTable::new(pairs.chain(countries))
});

/// Whether the target has the name, as it is, with a Dutch genitive less, or in its English
/// spelling.
fn kept(name: &str, target: &TextView<'_>) -> bool {
    let lower = name.to_lowercase();
    let lower = bare(&lower);
    let stem = lower.strip_suffix('s').unwrap_or(lower);
    let english = EXONYMS.get(lower).or_else(|| EXONYMS.get(stem));
    if english.is_some_and(|english| target.lower.contains(english.as_str())) {
        return true;
    }
    let stands = (0..target.len()).any(|at| {
        let word = bare(target.word(at));
        word == lower
            || word == stem
            || word.len() >= 4
                && (word.starts_with(lower) || stem.len() >= 5 && word.starts_with(stem))
    });
    // Folding is dear, and most names stand there as they are.
    stands || {
        let own = folded(lower);
        // `Prokofjev`, `Prokofiev`
        let plain = lower
            .contains('j')
            .then(|| folded(&lower.replace('j', "i")));
        (0..target.len()).any(|at| {
            let other = bare(target.word(at));
            own == folded(other) || plain.as_ref().is_some_and(|own| *own == folded(other))
        })
    }
}

/// A word of the target that resembles a name without being it.
fn resembling(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> Option<(usize, usize)> {
    let name = bare(source.raw(at));
    let lower = name.to_lowercase();
    let count = name.chars().count();
    let most = if count >= 6 { 2 } else { 1 };
    (0..target.len())
        .filter(|&j| {
            let word = &target.words[j];
            let raw = bare(target.raw(j));
            let text = raw.to_lowercase();
            let derived = |a: &str, b: &str| {
                b.starts_with(a.trim_end_matches(['a', 'e', 'o', 's'])) && b.len() > a.len()
            };
            // Peoples and adjectives have their own English: `Amerikaan`, `American`.
            let people = ["an", "ian", "ish", "ese", "ic", "ans", "i", "ch"]
                .iter()
                .any(|end| text.ends_with(end))
                && [
                    "an", "aan", "se", "s", "er", "iër", "ees", "isch", "ische", "aanse", "anen",
                ]
                .iter()
                .any(|end| lower.ends_with(end));
            word.shape == WordShape::Letters
                && word.capital
                && !word.upper
                && !(0..source.len()).any(|i| bare(source.word(i)) == text)
                && text != lower
                && text.chars().next() == lower.chars().next()
                && (!derived(&lower, &text) || shares_neighbour(source, at, target, j))
                && !people
                && !word_knowledge::is_english(&text)
        })
        .filter_map(|j| {
            let text = bare(target.raw(j)).to_lowercase();
            within(&lower, &text, most).map(|steps| (steps, j))
        })
        .min()
        .map(|(d, j)| (j, d))
}

/// Whether two words differ in their endings alone, down to the last letter.
fn ending_only(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    common >= 3
        && a.chars().next_back() != b.chars().next_back()
        && a.chars().count() - common <= 3
        && b.chars().count() - common <= 3
}

/// Whether a neighbour of the name stands beside the resembling word too: a first name, a surname.
fn shares_neighbour(source: &TextView<'_>, at: usize, target: &TextView<'_>, j: usize) -> bool {
    let beside = |side: &TextView<'_>, left: usize| {
        (side.gap(left) == " ").then(|| {
            (
                bare(side.word(left)).to_owned(),
                bare(side.word(left + 1)).to_owned(),
            )
        })
    };
    // A first name may be short.
    let named = |at: usize| {
        let word = &source.words[at];
        is_name(source, at) || word.capital && !word.opens && word.shape == WordShape::Letters
    };
    let before = at > 0
        && j > 0
        && named(at - 1)
        && beside(source, at - 1)
            .zip(beside(target, j - 1))
            .is_some_and(|(a, b)| a.0 == b.0);
    let after = at + 1 < source.len()
        && j + 1 < target.len()
        && named(at + 1)
        && beside(source, at)
            .zip(beside(target, j))
            .is_some_and(|(a, b)| a.1 == b.1);
    before || after
}

impl Check for NamesCheck {
    fn name(&self) -> &'static str {
        "names"
    }

    fn summary(&self) -> &'static str {
        "a name was altered or lost"
    }

    fn reason(&self) -> &'static str {
        "Where the English has almost the name and not the name, it was altered; so it was where \
         a surname has another first name or another `van der` before it. English spellings of \
         places and people, transliterations, peoples and adjectives are known; institutions are \
         translated and left to the glossary. A surname that is gone is a warning."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "Trainer Hendrik Kolkman stapt op.",
                    "Coach Hendrik Kolkmar is leaving.",
                ),
                bad(
                    "De brand in Zuiderhaven is geblust.",
                    "The fire in Zuidhaven has been put out.",
                ),
                bad(
                    "Advocaat Joris van der Weyde zweeg.",
                    "Lawyer Joris van de Weyde remained silent.",
                ),
                bad(
                    "Volgens Daan Wijnberg is het mis.",
                    "It is wrong, Sven Wijnberg says.",
                ),
                good(
                    "Trainer Hendrik Kolkman stapt op.",
                    "Coach Hendrik Kolkman is leaving.",
                ),
                good("De Europese Unie groeit.", "The European Union is growing."),
                good("Loekasjenko was in Praag.", "Lukashenko was in Prague."),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (&pair.source, &pair.target);
        if !pair.is_short() {
            return Vec::new();
        }
        let mut findings = persons::changed(pair);
        let mut done: Vec<&str> = Vec::new();
        for at in 0..source.len() {
            let name = bare(source.raw(at));
            if !is_name(source, at)
                || pair.is_term(source.words[at].span)
                || done.contains(&name)
                || kept(name, target) && !altered_spelling(source, at, target)
                || is_translated(source, at, target)
            {
                continue;
            }
            done.push(name);
            // A monarch or a pope has an English name: `Willem III`, `William III`.
            let next = source.raw(at + 1);
            if !next.is_empty() && next.chars().all(|c| "IVX".contains(c)) && source.joined(at) {
                continue;
            }
            let span = Span::new(
                source.words[at].span.start,
                source.words[at].span.start + name.len(),
            );
            if let Some((j, steps)) = resembling(source, at, target) {
                let other = bare(target.raw(j));
                let at_target = Span::new(
                    target.words[j].span.start,
                    target.words[j].span.start + other.len(),
                );
                let message = format!("“{name}” became “{other}”");
                let beside = shares_neighbour(source, at, target, j);
                // A first word that no list knows may be any word; endings differ between the
                // languages: Malediven, Maldives; Ligurië, Liguria.
                if !beside
                    && (source.words[at].opens
                        || ending_only(name, other)
                        || name.ends_with("se")
                        || name.ends_with("sche"))
                {
                    continue;
                }
                let sure = beside
                    || name.chars().count() >= 6
                        && steps <= 2
                        && !EXONYMS.contains_key(&name.to_lowercase());
                let finding = if sure {
                    Finding::error("names", message)
                } else {
                    Finding::warning("names", message)
                };
                findings.push(finding.at_source(span).at_target(at_target).suggest(name));
            } else if is_lost(source, at, target) {
                let message = format!("“{name}” is not in the English");
                findings.push(Finding::warning("names", message).at_source(span));
            }
        }
        findings
    }

    fn document(&self, units: &[Unit], _: &CheckContext<'_>) -> Vec<(usize, Finding)> {
        two_spellings(units)
    }
}

/// Whether a name beside one that is kept was spelled in another way: `Marieke Dijkstra` → `Marieke
/// Dykstra`. For a name without its neighbour that would be a transliteration.
fn altered_spelling(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> bool {
    let lower = bare(source.word(at)).to_owned();
    let verbatim = (0..target.len()).any(|j| {
        let word = bare(target.word(j));
        word == lower || word == lower.strip_suffix('s').unwrap_or(&lower)
    });
    !verbatim
        && !persons::is_transliterated(&lower)
        && !lower.ends_with("ij")
        && !lower.ends_with(['i', 'y'])
        && lower.is_ascii()
        && !EXONYMS.contains_key(&lower)
        && resembling(source, at, target)
            .is_some_and(|(j, _)| shares_neighbour(source, at, target, j))
}

/// Whether a name of a person is gone: unknown to every list, and nothing in the target is like it.
fn is_lost(source: &TextView<'_>, at: usize, target: &TextView<'_>) -> bool {
    let lower = bare(source.word(at)).to_lowercase();
    let known = source.words[at].opens
        || word_knowledge::is_english(&lower)
        || EXONYMS.contains_key(&lower)
        || word_knowledge::is_dutch(&lower)
        || word_knowledge::parts(&lower).is_some()
        || word_knowledge::renderings(&lower).is_some();
    let adjective = [
        "se", "sche", "s", "er", "ers", "aan", "en", "iërs", "ee", "zee", "meer",
    ]
    .iter()
    .any(|end| lower.ends_with(end));
    // A first name may go where the surname stands.
    let surname = (at + 1..at + 4)
        .take_while(|&i| source.gap(i - 1) == " ")
        .find(|&i| source.words.get(i).is_some_and(|word| word.capital));
    let known = known || surname.is_some_and(|i| kept(source.raw(i), target));
    let compound = source.gap(at) == "-" || source.gap_before(at) == "-";
    // What the target says in capitals that the source does not know may be its English.
    let other = (0..target.len()).any(|j| {
        let word = &target.words[j];
        word.capital && !word.opens && word.shape == WordShape::Letters && {
            let text = bare(target.word(j));
            text.chars().next() == lower.chars().next()
                && !(0..source.len()).any(|i| bare(source.word(i)) == text)
        }
    });
    !known && !adjective && !compound && !other && lower.chars().count() >= 5 && source.len() <= 25
}

/// Folded forms of a document's words, each made once.
#[derive(Default)]
struct FoldedNames(FxHashMap<String, Vec<u8>>);

impl FoldedNames {
    fn of(&mut self, word: &str) -> &[u8] {
        if !self.0.contains_key(word) {
            self.0.insert(word.to_owned(), folded(word));
        }
        &self.0[word]
    }
}

/// The words with a capital, as far as letters and digits go, that are long enough for a name. At
/// the start of a unit only what no dictionary knows counts.
fn capitalised(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| !c.is_alphanumeric());
    let runs = runs.filter(|run| !run.is_empty()).enumerate();
    runs.filter(|(index, run)| {
        run.len() >= 4
            && run.starts_with(char::is_uppercase)
            && (*index > 0 || !word_knowledge::is_dutch(&run.to_lowercase()))
    })
    .map(|(_, run)| run)
}

/// Words with a capital that stand several times and not in every target: only a name with one of
/// them can be spelled in two ways.
fn changed_words(units: &[Unit]) -> FxHashSet<&str> {
    let mut seen: FxHashMap<&str, (usize, bool)> = FxHashMap::default();
    for unit in units {
        for word in capitalised(&unit.source.plain) {
            let (count, is_changed) = seen.entry(word).or_default();
            *count += 1;
            *is_changed = *is_changed || !unit.target.plain.contains(word);
        }
    }
    seen.into_iter()
        .filter(|(_, (count, is_changed))| *count > 1 && *is_changed)
        .map(|(word, _)| word)
        .collect()
}

/// A name that one document spells in two ways: an error at the rarer one.
fn two_spellings(units: &[Unit]) -> Vec<(usize, Finding)> {
    let mut folds = FoldedNames::default();
    // name → spelling → places
    let mut table: BTreeMap<String, BTreeMap<String, Vec<(usize, Span)>>> = BTreeMap::new();
    let changed = changed_words(units);
    for (index, unit) in units.iter().enumerate() {
        let has_changed = || capitalised(&unit.source.plain).any(|word| changed.contains(word));
        if unit.state == State::Untranslated || unit.target.plain.is_empty() || !has_changed() {
            continue;
        }
        let source = TextView::new(&unit.source.plain);
        let names: Vec<usize> = (0..source.len())
            .filter(|&at| is_name(&source, at))
            .collect();
        if names.is_empty() {
            continue;
        }
        let target = TextView::new(&unit.target.plain);
        for at in names {
            let name = bare(source.raw(at)).to_owned();
            let own = folds.of(&name.to_lowercase()).to_owned();
            // Two spellings of a transliteration fold to one form.
            let found = (0..target.len()).find(|&j| {
                let word = bare(target.word(j));
                target.words[j].capital && word.chars().count() >= 5 && folds.of(word) == own
            });
            if let Some(j) = found {
                let word = bare(target.raw(j));
                let span = Span::new(
                    target.words[j].span.start,
                    target.words[j].span.start + word.len(),
                );
                table
                    .entry(name)
                    .or_default()
                    .entry(word.to_owned())
                    .or_default()
                    .push((index, span));
            }
        }
    }
    let mut findings = Vec::new();
    for (name, spellings) in table.iter().filter(|(_, spellings)| spellings.len() > 1) {
        let Some((usual, _)) = spellings.iter().max_by_key(|(_, places)| places.len()) else {
            continue;
        };
        for (other, places) in spellings
            .iter()
            .filter(|(other, _)| !other.eq_ignore_ascii_case(usual))
        {
            for (index, span) in places {
                let message = format!("“{name}” is “{other}” here and “{usual}” elsewhere");
                findings.push((
                    *index,
                    Finding::error("names", message)
                        .at_target(*span)
                        .suggest(usual),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_two_spellings_is_an_error_at_the_rarer_one() {
        let unit = |source: &str, target: &str| Unit {
            source: source.into(),
            target: target.into(),
            state: State::Translated,
            ..Unit::default()
        };
        let units = [
            unit("Wie is Loekasjenko?", "Who is Lukashenko?"),
            unit("Dat zei Loekasjenko.", "Lukashenko said so."),
            unit("Toen ging Loekasjenko.", "Then Lukasjenko left."),
        ];
        let found = two_spellings(&units);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].0, found[0].1.suggestion.as_deref()),
            (2, Some("Lukashenko"))
        );
    }
}
