//! Finds the terms of a glossary in units, and chooses the entry that is meant by its conditions.

use super::capitals::may_be_word;
use super::concept::{Case, Concept, Condition, Policy};
use super::country_context::{CountryContext, CountryMention, in_force, mentions};
use super::forms::{self, FormKind};
use super::glossary::Glossary;
use super::matcher::FormReading;
use crate::bitext::{Hit, Span, Unit};
use crate::language::Language;
use crate::language::folding::Folded;
use thin_vec::ThinVec;

/// Finds the terms of the glossary in every unit and fills its hits. Units are in document order:
/// the country in force runs through them.
pub fn find(units: &mut [Unit], glossary: &Glossary) {
    let matcher = glossary.matcher();
    let mut before = CountryContext::default();
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
                countries.push(CountryMention {
                    span: folded.origin(own.span),
                    code,
                });
            }
        }
        let mut hits = ThinVec::with_capacity(found.len());
        found.reverse();
        while let Some(own) = found.pop() {
            let span = folded.origin(own.span);
            // `DE BRUG IS OPEN` is not about the Islamic State.
            if may_be_word(&unit.source.plain, span, Language::Dutch) {
                continue;
            }
            let country = in_force(&unit.source.plain, span, &countries, inherited);
            let place = MatchContext {
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

fn hit(reading: FormReading, entries: &[Concept], source: &str, span: Span) -> Hit {
    let index = reading.entry as usize;
    let entry = &entries[index];
    Hit {
        term: entry.nl.clone(),
        required: required(entry, span.of(source), reading.kind),
        source: span,
        entry: entry.id.clone(),
        capitals: reading.kind == FormKind::Upper,
        index,
        ..Hit::default()
    }
}

/// The required English of this occurrence.
fn required(entry: &Concept, surface: &str, kind: FormKind) -> String {
    // A kept name stays as the source writes it: `Clarke` for James Clarke.
    if entry.policy == Policy::Keep
        && kind == FormKind::Listed
        && entry.nl_forms.iter().any(|listed| listed == surface)
    {
        return surface.to_owned();
    }
    let english = forms::english(entry, kind, surface);
    if entry.case == Case::FollowSource && kind == FormKind::Upper {
        english.to_uppercase()
    } else {
        english
    }
}

/// Where a form was found, for the conditions of the entries that have it.
struct MatchContext<'a> {
    unit: &'a Unit,
    span: Span,
    country: Option<&'static str>,
    domain: &'a str,
}

impl MatchContext<'_> {
    /// The entry that is meant: one whose conditions hold beats one without, more conditions beat
    /// fewer, a listed form beats a generated one, the first row wins a tie.
    fn choose(
        &self,
        readings: impl Iterator<Item = FormReading>,
        entries: &[Concept],
    ) -> Option<FormReading> {
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

    fn holds(&self, when: &Condition) -> bool {
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
            Condition::Country(codes) => self
                .country
                .is_some_and(|country| codes.iter().any(|code| code == country)),
            Condition::Left(words) => is_near(words, &source[..self.span.start], true),
            Condition::Right(words) => is_near(words, &source[self.span.end..], false),
            Condition::Role(role) => self.unit.role.name() == role,
            Condition::Domain(domain) => self.domain == domain,
        }
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
