//! Finds terms in Dutch: the longest form at every border of a word, from the left, with exact offsets.
//!
//! Every form begins with a word of its own, so one look-up per word of the text tells which lengths are worth comparing: half a million forms cost no
//! more than five, and nothing has to be compiled.

use super::context::{Before, Mention, in_force, mentions};
use super::forms::{self, Kind};
use super::glossary::{Case, Concept, Glossary, Policy, Status, When};
use crate::bitext::{Hit, Span, Unit};
use crate::language::countries;
use crate::language::folding::{Folded, first_word, is_word, last_word};
use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

/// What a form may mean.
#[derive(Debug, Clone, Copy)]
struct Reading {
    entry: u32,
    kind: Kind,
    /// The next reading of the same form.
    next: Option<u32>,
}

/// The forms of a glossary, ready for looking up.
#[derive(Debug, Default)]
pub struct Matcher {
    /// For the first word of any form, the lengths that such forms have, longest first.
    lengths: FxHashMap<Box<str>, Vec<u32>>,
    /// For every form its first reading.
    forms: FxHashMap<Box<str>, u32>,
    readings: Vec<Reading>,
    /// The countries that entries of persons name.
    persons: FxHashMap<u32, &'static str>,
    /// Whether any entry asks which country is in force.
    asks_country: bool,
}

/// A form found in a text, before the entry is chosen.
struct Found {
    /// In the folded text.
    span: Span,
    /// Its first reading.
    reading: u32,
}

/// Words before a hyphen that do not make another name of what follows: pro-Kremlin.
const PREFIXES: [&str; 14] = [
    "pro", "anti", "ex", "oud", "non", "niet", "post", "pre", "mede", "half", "semi", "pan",
    "trans", "inter",
];

impl Matcher {
    /// Takes the forms of all entries that are in force.
    pub fn new(entries: &[Concept]) -> Self {
        let mut matcher = Self {
            forms: FxHashMap::with_capacity_and_hasher(
                entries.len() * 4,
                rustc_hash::FxBuildHasher,
            ),
            ..Self::default()
        };
        for (index, entry) in entries.iter().enumerate() {
            if entry.status == Status::Deprecated {
                continue;
            }
            let index = index as u32;
            for form in forms::of(entry) {
                matcher.add(index, form.text, form.kind);
            }
            matcher.asks_country |= entry
                .when
                .iter()
                .any(|when| matches!(when, When::Country(_)));
            if let Some(code) = entry.country() {
                matcher.persons.insert(index, code);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for lengths in matcher.lengths.values_mut() {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            lengths.dedup();
        }
        matcher
    }

    fn add(&mut self, entry: u32, text: String, kind: Kind) {
        let head = head(&text);
        let length = text.len() as u32;
        match self.lengths.get_mut(head) {
            Some(lengths) => {
                if !lengths.contains(&length) {
                    lengths.push(length);
                }
            }
            None => {
                self.lengths.insert(head.into(), vec![length]);
            }
        }
        let next = self.forms.get(text.as_str()).copied();
        self.forms
            .insert(text.into_boxed_str(), self.readings.len() as u32);
        self.readings.push(Reading { entry, kind, next });
    }

    /// The longest forms within a range that do not overlap, from the left; the first one shorter than `below` bytes.
    fn find(&self, text: &str, within: Span, below: usize) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = within.start;
        while at < within.end {
            let head = head(&text[at..]);
            let fits =
                |length: usize| at + length <= within.end && (at > within.start || length < below);
            let longest = self.lengths.get(head).and_then(|lengths| {
                lengths.iter().find_map(|&length| {
                    let span = Span::new(at, at + length as usize);
                    let form = text.get(span.start..span.end)?;
                    let reading = *self.forms.get(form)?;
                    (fits(form.len()) && stands_alone(text, span))
                        .then_some(Found { span, reading })
                })
            });
            match longest {
                Some(own) => {
                    at = own.span.end;
                    found.push(own);
                }
                None => at += head.len(),
            }
        }
        found
    }

    /// The readings of a form.
    fn readings(&self, first: u32) -> impl Iterator<Item = Reading> {
        let mut next = Some(first);
        std::iter::from_fn(move || {
            let reading = *self.readings.get(next? as usize)?;
            next = reading.next;
            Some(reading)
        })
    }
}

/// The first word of a text, or its first character where that is no letter or digit.
fn head(text: &str) -> &str {
    let word = first_word(text);
    if word.is_empty() {
        &text[..text.chars().next().map_or(0, char::len_utf8)]
    } else {
        word
    }
}

/// Whether a form stands on word borders; a word and a hyphen on its left make another name of it (Oost-Oekraïne), a hyphen on its right a compound
/// (MI6-chef).
fn stands_alone(text: &str, span: Span) -> bool {
    if text[span.end..].starts_with(is_word) {
        return false;
    }
    let left = &text[..span.start];
    let Some(before) = left.strip_suffix('-') else {
        return !(left.ends_with(is_word) && text[span.start..].starts_with(is_word));
    };
    let word = last_word(before);
    word.is_empty()
        || PREFIXES.contains(&word.to_lowercase().as_str())
        || is_coordinated(before, word)
}

/// Whether the word shares its head with one before: `Noord- en Zuid-`.
fn is_coordinated(before: &str, word: &str) -> bool {
    let left = &before[..before.len() - word.len()];
    [" en ", " of "].iter().any(|and| {
        left.strip_suffix(and)
            .is_some_and(|left| left.ends_with('-'))
    })
}

/// Finds the terms of the glossary in every unit and fills its hits. Units are in document order: the country in force runs through them.
pub fn find(units: &mut [Unit], glossary: &Glossary) {
    let matcher = glossary.matcher();
    let mut before = Before::default();
    for unit in units {
        let folded = Folded::new(&unit.source.plain, false);
        let inherited = before.enter(unit);
        let mut countries = if matcher.asks_country {
            mentions(&unit.source.plain)
        } else {
            Vec::new()
        };
        let whole = Span::new(0, folded.text.len());
        let mut found = matcher.find(&folded.text, whole, usize::MAX);
        // Persons stand for their country, on either side of the term.
        for own in &found {
            let person = matcher
                .readings(own.reading)
                .find_map(|reading| matcher.persons.get(&reading.entry));
            if let Some(&code) = person {
                countries.push(Mention {
                    span: folded.origin(own.span),
                    code,
                });
            }
        }
        let mut hits = ThinVec::with_capacity(found.len());
        found.reverse();
        while let Some(own) = found.pop() {
            let span = folded.origin(own.span);
            let country = in_force(&unit.source.plain, span, &countries, inherited);
            let place = Where {
                unit,
                span,
                country,
                domain: glossary.domain(),
            };
            match place.choose(matcher.readings(own.reading), glossary.entries()) {
                Some(reading) => {
                    hits.push(hit(reading, glossary.entries(), &unit.source.plain, span));
                }
                // No condition of the longer entry holds, so it shields nothing.
                None => {
                    let shorter = matcher.find(&folded.text, own.span, own.span.len());
                    found.extend(shorter.into_iter().rev());
                }
            }
        }
        before.leave(&countries);
        hits.shrink_to_fit();
        unit.hits = hits;
    }
}

fn hit(reading: Reading, entries: &[Concept], source: &str, span: Span) -> Hit {
    let index = reading.entry as usize;
    let entry = &entries[index];
    Hit {
        term: entry.nl.clone(),
        required: required(entry, span.of(source), reading.kind),
        source: span,
        entry: entry.id.clone(),
        capitals: reading.kind == Kind::Upper,
        index,
        ..Hit::default()
    }
}

/// What the English has to be for this occurrence.
fn required(entry: &Concept, surface: &str, kind: Kind) -> String {
    // A kept name stays as the source writes it: `Clarke` for James Clarke.
    if entry.policy == Policy::Keep
        && kind == Kind::Listed
        && entry.nl_forms.iter().any(|listed| listed == surface)
    {
        return surface.to_owned();
    }
    let english = forms::english(entry, kind, surface);
    if entry.case == Case::FollowSource && kind == Kind::Upper {
        english.to_uppercase()
    } else {
        english
    }
}

/// Where a form was found, for the conditions of the entries that have it.
struct Where<'a> {
    unit: &'a Unit,
    span: Span,
    country: Option<&'static str>,
    domain: &'a str,
}

impl Where<'_> {
    /// The entry that is meant: one whose conditions hold beats one without, more conditions beat fewer, a listed form beats a generated one, the first
    /// row wins a tie.
    fn choose(
        &self,
        readings: impl Iterator<Item = Reading>,
        entries: &[Concept],
    ) -> Option<Reading> {
        readings
            .filter(|reading| {
                let entry = &entries[reading.entry as usize];
                entry.when.iter().all(|when| self.holds(when))
            })
            .max_by_key(|reading| {
                let conditions = entries[reading.entry as usize].when.len();
                (
                    conditions,
                    std::cmp::Reverse(reading.kind),
                    std::cmp::Reverse(reading.entry),
                )
            })
    }

    fn holds(&self, when: &When) -> bool {
        let source = &self.unit.source.plain;
        let is_near = |words: &[String], text: &str, from_end: bool| {
            let spans = crate::bitext::words(text);
            let skip = if from_end {
                spans.len().saturating_sub(3)
            } else {
                0
            };
            spans
                .iter()
                .skip(skip)
                .take(3)
                .any(|span| words.contains(&span.of(text).to_lowercase()))
        };
        match when {
            When::Country(codes) => self
                .country
                .is_some_and(|country| codes.iter().any(|code| code == country)),
            When::Left(words) => is_near(words, &source[..self.span.start], true),
            When::Right(words) => is_near(words, &source[self.span.end..], false),
            When::Role(role) => self.unit.role.name() == role,
            When::Domain(domain) => self.domain == domain,
        }
    }
}

impl Concept {
    /// The country that the entry names: by its column `country`, or for a person by its note.
    pub fn country(&self) -> Option<&'static str> {
        let column = self.other.iter().find(|(name, _)| name == "country");
        if let Some((_, value)) = column {
            return countries::in_note(value);
        }
        (self.domain == "person")
            .then(|| countries::in_note(&self.note))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(glossary: &str, sources: &[&str]) -> Vec<(String, String)> {
        let glossary = Glossary::parse("g.tsv", glossary).unwrap();
        let mut units: Vec<Unit> = sources
            .iter()
            .map(|&source| Unit {
                source: source.into(),
                ..Unit::default()
            })
            .collect();
        find(&mut units, &glossary);
        let of = |unit: &Unit| -> Vec<(String, String)> {
            let text = &unit.source.plain;
            unit.hits
                .iter()
                .map(|hit| (hit.source.of(text).to_owned(), hit.required.clone()))
                .collect()
        };
        units.iter().flat_map(of).collect()
    }

    fn hits(source: &str) -> Vec<String> {
        const G: &str = "nl\ten\nKoersk\tKursk\nOekraïne\tUkraine\nEuropa\tEurope\nEuropa League\tEuropa League\nMI6\tMI6\npremier\tprime minister\nBurn\tBurn\nBurns\tBurns\nKremlin\tKremlin\nKorea\tKorea\n90%\t90%\n's-Gravenhage\tThe Hague\n";
        found(G, &[source])
            .into_iter()
            .map(|(form, _)| form)
            .collect()
    }

    #[test]
    fn forms_are_found_on_word_borders() {
        assert_eq!(
            hits("Koersks MI6-chef in Oekraine"),
            ["Koersks", "MI6", "Oekraine"]
        );
        assert_eq!(hits("Oost-Oekraïne, Koerskse"), Vec::<String>::new());
        assert_eq!(hits("pro-Kremlin-boodschappen"), ["Kremlin"]);
        assert_eq!(hits("de Europa\u{a0}League"), ["Europa\u{a0}League"]);
        assert_eq!(hits("de Europa\r\n League"), ["Europa\r\n League"]);
        assert_eq!(hits("Premier Burns’ plan"), ["Premier", "Burns’"]);
        assert_eq!(hits("Noord- en Zuid-Korea"), ["Korea"]);
        assert_eq!(hits("90% van ’s-Gravenhage"), ["90%", "’s-Gravenhage"]);
        assert_eq!(hits("LEGER TREKT KOERSK IN"), ["KOERSK"]);
    }

    #[test]
    fn conditions_choose_the_row() {
        let glossary = "nl\ten\twhen\tdomain\tnote\nminister\tForeign Secretary\tcountry=GB\t\t\nminister\tSecretary\tcountry=US\t\t\nminister\tminister\t\t\t\nBlinken\tBlinken\t\tperson\tU.S. Secretary of State\nbank\tshore\tleft=rivier\t\t\nbank\tbank\t\t\t\n";
        let meant = |sources: &[&str]| -> Vec<String> {
            found(glossary, sources)
                .into_iter()
                .map(|(_, required)| required)
                .collect()
        };
        assert_eq!(
            meant(&["De Britse minister en de Amerikaanse minister en de Noorse minister."]),
            ["Foreign Secretary", "Secretary", "minister"]
        );
        assert_eq!(meant(&["Hij is minister."]), ["minister"]);
        assert_eq!(
            meant(&["Londen zwijgt.", "Het regent.", "De minister ook."]),
            ["Foreign Secretary"]
        );
        assert_eq!(
            meant(&[
                "Londen zwijgt.",
                "Het regent.",
                "Nog steeds.",
                "De minister ook."
            ]),
            ["minister"]
        );
        assert_eq!(
            meant(&["Blinken sprak; de minister zweeg."]),
            ["Blinken", "Secretary"]
        );
        assert_eq!(
            meant(&["De rivier had een bank.", "De bank sloot."]),
            ["shore", "bank"]
        );
        // A longer entry that is not meant shields nothing.
        let glossary = "nl\ten\twhen\nminister van Defensie\tDefense Secretary\tcountry=US\nDefensie\tDefense\t\n";
        let forms = found(glossary, &["De minister van Defensie zweeg."]);
        assert_eq!(forms, [("Defensie".to_owned(), "Defense".to_owned())]);
    }
}
