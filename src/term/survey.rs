//! A glossary's work in texts: every occurrence in its context with its verdict, the engines'
//! renderings, and candidates that the glossary lacks.
//!
//! `staakt-het-vuren` 12×: cease-fire 9×, ceasefire 3× (all by one engine), in these sentences; its
//! form `staakt-het-vurens` never occurred.

use super::candidate_tokens::CandidateTokens;
use super::forms::{self, FormKind};
use super::suggest::{self, TermCandidate};
use super::{Concept, Glossary, Status, columns, find};
use crate::bitext::{Span, Unit, Verdict};
use crate::language::folding::Folded;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

/// Texts or pairs of one origin.
#[derive(Debug, Clone)]
pub struct SurveySource {
    /// What people call it: an engine or a file.
    pub name: String,
    /// Its units, found and judged; those of a document have no target.
    pub units: Vec<Unit>,
}

/// A text around a span: before, the span, after.
pub type Snippet = [String; 3];

/// A sentence of one origin in which a term occurs.
#[derive(Debug, Clone, Serialize)]
pub struct SurveyVersion {
    /// The origin.
    pub by: String,
    /// The English around its rendering; the whole sentence and nothing else where there is none.
    pub en: Snippet,
    /// Its verdict; empty without English.
    pub verdict: &'static str,
    /// What repaired it; empty if nothing did.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub repair: String,
}

/// An occurrence in the Dutch, with the rendering of every origin.
#[derive(Debug, Clone, Serialize)]
pub struct TermOccurrence {
    /// The Dutch around the term.
    pub nl: Snippet,
    /// The versions, in the order of the origins.
    pub versions: Vec<SurveyVersion>,
}

/// An English form that stands for a term.
#[derive(Debug, Clone, Serialize)]
pub struct EntryRendering {
    /// The words; empty for a miss.
    pub text: String,
    /// How they were judged.
    pub verdict: &'static str,
    /// How often.
    pub count: usize,
    /// By whom how often.
    pub by: Vec<(String, usize)>,
}

/// A Dutch form of an entry.
#[derive(Debug, Clone, Serialize)]
pub struct FormCount {
    /// The form.
    pub text: String,
    /// Why it is looked for: listed, genitive, compound, …
    pub kind: &'static str,
    /// How often it was found.
    pub count: usize,
    /// Whether it was vetoed.
    pub vetoed: bool,
}

/// An entry and its occurrences.
#[derive(Debug, Clone, Serialize)]
pub struct EntrySurvey {
    /// Its columns, in order.
    pub cells: Vec<(String, String)>,
    /// File and line.
    pub place: String,
    /// Its forms.
    pub forms: Vec<FormCount>,
    /// Inflections that occur in the texts and are not looked for: (form, times).
    pub further: Vec<(String, usize)>,
    /// What the English makes of it.
    pub renderings: Vec<EntryRendering>,
    /// Every occurrence.
    pub occurrences: Vec<TermOccurrence>,
    /// Problems that lint found: severity, message, fix.
    pub problems: Vec<[String; 3]>,
    /// How often a deprecated entry would still be found.
    pub still: usize,
}

impl EntrySurvey {
    /// A column of the entry.
    pub fn cell(&self, column: &str) -> &str {
        let own = self.cells.iter().find(|(name, _)| name == column);
        own.map_or("", |(_, value)| value)
    }

    /// How often it occurs, in all versions.
    pub fn count(&self) -> usize {
        self.renderings
            .iter()
            .map(|rendering| rendering.count)
            .sum()
    }

    /// How many occurrences violate it.
    pub fn violations(&self) -> usize {
        let wrong = |r: &&EntryRendering| ["miss", "forbidden"].contains(&r.verdict);
        self.renderings.iter().filter(wrong).map(|r| r.count).sum()
    }

    /// Whether its English differs from place to place, capitals aside.
    pub fn is_inconsistent(&self) -> bool {
        let mut texts: Vec<String> = self
            .renderings
            .iter()
            .filter(|rendering| !rendering.text.is_empty())
            .map(|rendering| rendering.text.to_lowercase())
            .collect();
        texts.sort();
        texts.dedup();
        texts.len() > 1
    }
}

/// A candidate with the sentences in which it occurs.
#[derive(Debug, Clone, Serialize)]
pub struct TermProposal {
    /// The Dutch.
    pub nl: String,
    /// What kind of thing it is.
    pub kind: &'static str,
    /// How often it occurs.
    pub count: usize,
    /// Its English: (words, times).
    pub english: Vec<(String, usize)>,
    /// The entry that it would be: its columns.
    pub cells: Vec<(String, String)>,
    /// Sentences: the Dutch around it and the English around its rendering.
    pub examples: Vec<(Snippet, Snippet)>,
}

/// The whole picture.
#[derive(Debug, Clone, Serialize)]
pub struct Survey {
    /// The columns that the glossary's files know.
    pub columns: Vec<String>,
    /// The words that columns take.
    pub choices: Vec<(&'static str, Vec<&'static str>)>,
    /// The origins: (name, units).
    pub sources: Vec<(String, usize)>,
    /// The entries, in the order of the glossary.
    pub entries: Vec<EntrySurvey>,
    /// What the glossary may lack.
    pub candidates: Vec<TermProposal>,
}

impl Survey {
    /// Every occurrence as a row: id, Dutch, required English, verdict, the Dutch found, its
    /// rendering, by whom, and the two sentences.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for entry in &self.entries {
            for occurrence in &entry.occurrences {
                let mut add = |version: Option<&SurveyVersion>| {
                    let said =
                        |of: fn(&SurveyVersion) -> String| version.map(of).unwrap_or_default();
                    rows.push(vec![
                        entry.cell("id").to_owned(),
                        entry.cell("nl").to_owned(),
                        entry.cell("en").to_owned(),
                        said(|version| version.verdict.to_owned()),
                        occurrence.nl[1].clone(),
                        said(|version| version.en[1].clone()),
                        said(|version| version.by.clone()),
                        occurrence.nl.concat(),
                        said(|version| version.en.concat()),
                    ]);
                };
                if occurrence.versions.is_empty() {
                    add(None);
                }
                occurrence
                    .versions
                    .iter()
                    .for_each(|version| add(Some(version)));
            }
        }
        rows
    }
}

/// Sentences shown with a candidate.
const EXAMPLES: usize = 6;

/// Looks at the texts. Their units were found and judged with this glossary.
///
/// Shape: one entry per entry of the glossary, in its order. Errors: none.
pub fn survey(
    glossary: &Glossary,
    sources: &[SurveySource],
    options: &suggest::SuggestOptions,
) -> Survey {
    let words = frequencies(sources);
    let still = deprecated(glossary, sources);
    let mut entries: Vec<EntrySurvey> = glossary
        .entries()
        .iter()
        .enumerate()
        .map(|(index, entry)| EntrySurvey {
            cells: cells(entry),
            place: format!("{}:{}", entry.place.file, entry.place.line),
            forms: forms_of(entry),
            further: further(entry, &words),
            renderings: Vec::new(),
            occurrences: Vec::new(),
            problems: Vec::new(),
            still: still.get(&index).copied().unwrap_or_default(),
        })
        .collect();
    for problem in glossary.lint() {
        let of_place = glossary.entries().iter().position(|entry| {
            entry.place.file == problem.place.file && entry.place.line == problem.place.line
        });
        if let Some(entry) = of_place.and_then(|index| entries.get_mut(index)) {
            entry
                .problems
                .push([problem.severity.name().into(), problem.message, problem.fix]);
        }
    }
    let mut known: FxHashMap<(usize, &str, usize), usize> = FxHashMap::default();
    for source in sources {
        for unit in &source.units {
            for hit in &unit.hits {
                let Some(entry) = entries.get_mut(hit.index) else {
                    continue;
                };
                let text = &unit.source.plain;
                let verdict = hit.verdict.filter(|_| !unit.target.plain.is_empty());
                count(
                    entry,
                    hit.source.of(text),
                    source,
                    unit,
                    hit.target,
                    verdict,
                );
                let place = (hit.index, text.as_str(), hit.source.start);
                let at = *known.entry(place).or_insert_with(|| {
                    entry.occurrences.push(TermOccurrence {
                        nl: around(text, Some(hit.source)),
                        versions: Vec::new(),
                    });
                    entry.occurrences.len() - 1
                });
                if let Some(verdict) = verdict {
                    entry.occurrences[at].versions.push(SurveyVersion {
                        by: source.name.clone(),
                        en: around(&unit.target.plain, hit.target),
                        verdict: verdict.name(),
                        repair: hit.repair.clone().unwrap_or_default(),
                    });
                }
            }
        }
    }
    for entry in &mut entries {
        entry
            .renderings
            .sort_by(|a, b| (b.count, &a.text).cmp(&(a.count, &b.text)));
    }
    let all: Vec<Unit> = sources.iter().flat_map(|s| s.units.clone()).collect();
    let candidates = suggest::suggest(&all, options);
    Survey {
        columns: columns::used(glossary.entries()),
        choices: ["policy", "case", "article", "repair", "status"]
            .into_iter()
            .map(|column| (column, columns::choices(column)))
            .collect(),
        sources: sources
            .iter()
            .map(|source| (source.name.clone(), source.units.len()))
            .collect(),
        entries,
        candidates: candidates.iter().map(|c| proposal(c, &all)).collect(),
    }
}

fn cells(entry: &Concept) -> Vec<(String, String)> {
    let mut names: Vec<String> = columns::COLUMNS.iter().map(|&name| name.into()).collect();
    for (name, _) in &entry.other {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
        .into_iter()
        .map(|name| {
            let value = columns::get(entry, &name);
            (name, value)
        })
        .collect()
}

/// A text cut around a span.
fn around(text: &str, span: Option<Span>) -> Snippet {
    let inside = |span: &Span| text.get(span.start..span.end).is_some();
    match span.filter(inside) {
        Some(span) => [
            text[..span.start].to_owned(),
            span.of(text).to_owned(),
            text[span.end..].to_owned(),
        ],
        None => [text.to_owned(), String::new(), String::new()],
    }
}

/// Counts an occurrence: its Dutch form, and its rendering.
fn count(
    entry: &mut EntrySurvey,
    surface: &str,
    source: &SurveySource,
    unit: &Unit,
    target: Option<Span>,
    verdict: Option<Verdict>,
) {
    let folded = Folded::new(surface, false).text;
    if let Some(form) = entry.forms.iter_mut().find(|form| form.text == folded) {
        form.count += 1;
    }
    let text = target.map_or("", |span| span.of(&unit.target.plain));
    let verdict = verdict.map_or("", Verdict::name);
    let mut known = entry.renderings.iter();
    let at = match known.position(|own| own.text == text && own.verdict == verdict) {
        Some(at) => at,
        None => {
            entry.renderings.push(EntryRendering {
                text: text.to_owned(),
                verdict,
                count: 0,
                by: Vec::new(),
            });
            entry.renderings.len() - 1
        }
    };
    let rendering = &mut entry.renderings[at];
    rendering.count += 1;
    match rendering
        .by
        .iter_mut()
        .find(|(name, _)| *name == source.name)
    {
        Some((_, times)) => *times += 1,
        None => rendering.by.push((source.name.clone(), 1)),
    }
}

fn forms_of(entry: &Concept) -> Vec<FormCount> {
    let open = Concept {
        vetoed: Vec::new(),
        ..entry.clone()
    };
    let vetoed: Vec<String> = entry
        .vetoed
        .iter()
        .map(|veto| Folded::new(veto, false).text)
        .collect();
    forms::of(&open)
        .into_iter()
        .map(|form| FormCount {
            kind: match form.kind {
                FormKind::Listed => "listed",
                FormKind::Capital => "at a start",
                FormKind::Upper => "in capitals",
                FormKind::Joined => "joined",
                FormKind::Genitive => "genitive",
                FormKind::Derivation => "people and adjective",
                FormKind::Compound(_) => "compound",
            },
            count: 0,
            vetoed: form.kind != FormKind::Listed && vetoed.contains(&form.text),
            text: form.text,
        })
        .collect()
}

/// How often every word stands in the Dutch, in small letters; a sentence that several origins have
/// counts once.
fn frequencies(sources: &[SurveySource]) -> FxHashMap<String, usize> {
    let mut seen: rustc_hash::FxHashSet<&str> = rustc_hash::FxHashSet::default();
    let mut words: FxHashMap<String, usize> = FxHashMap::default();
    for unit in sources.iter().flat_map(|source| &source.units) {
        let text = unit.source.plain.as_str();
        if seen.insert(text) {
            for span in CandidateTokens::new(text).spans {
                *words.entry(span.of(text).to_lowercase()).or_default() += 1;
            }
        }
    }
    words
}

/// Plurals, diminutives and declined forms of a common noun that occur in the texts and are not
/// looked for: for a person to decide, never for the matcher.
fn further(entry: &Concept, words: &FxHashMap<String, usize>) -> Vec<(String, usize)> {
    let noun = &entry.nl;
    if entry.is_name() || noun.contains(' ') || entry.status == Status::Deprecated {
        return Vec::new();
    }
    let known = |form: &str| {
        entry
            .nl_forms
            .iter()
            .any(|own| own.eq_ignore_ascii_case(form))
            || entry
                .vetoed
                .iter()
                .any(|own| own.eq_ignore_ascii_case(form))
    };
    let mut found: Vec<(String, usize)> = inflections(&noun.to_lowercase())
        .into_iter()
        .filter(|form| form != noun && !known(form))
        .filter_map(|form| words.get(&form).map(|&count| (form, count)))
        .collect();
    found.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    found
}

/// The plurals and diminutives that Dutch spelling allows: raket → raketten, brief → brieven, zaak
/// → zaken, premier → premiers, functionaris → functionarissen.
fn inflections(noun: &str) -> Vec<String> {
    let mut stems = vec![noun.to_owned()];
    let letters: Vec<char> = noun.chars().collect();
    if let [.., before, last] = letters[..] {
        let vowel = |c: char| "aeiou".contains(c);
        let bare: String = letters[..letters.len() - 1].iter().collect();
        if !vowel(last) {
            // A short vowel doubles what follows; a long one is written once; f and s soften.
            stems.push(format!("{noun}{last}"));
            let soft = match last {
                'f' => 'v',
                's' => 'z',
                other => other,
            };
            stems.push(format!("{bare}{soft}"));
            let twice = letters.len() > 2 && letters[letters.len() - 3] == before && vowel(before);
            if twice {
                let short: String = letters[..letters.len() - 2].iter().collect();
                stems.push(format!("{short}{soft}"));
            }
        }
    }
    let mut forms: Vec<String> = stems.iter().map(|stem| format!("{stem}en")).collect();
    for ending in [
        "s", "'s", "’s", "n", "ën", "je", "tje", "etje", "pje", "jes", "tjes", "etjes", "pjes",
    ] {
        forms.push(format!("{noun}{ending}"));
    }
    if let Some(stem) = noun.strip_suffix("heid") {
        forms.push(format!("{stem}heden"));
    }
    forms.sort();
    forms.dedup();
    forms
}

/// How often deprecated entries would still be found, by their position.
fn deprecated(glossary: &Glossary, sources: &[SurveySource]) -> FxHashMap<usize, usize> {
    let (places, old): (Vec<usize>, Vec<Concept>) = glossary
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.status == Status::Deprecated)
        .map(|(index, entry)| {
            let live = Concept {
                status: Status::Approved,
                ..entry.clone()
            };
            (index, live)
        })
        .unzip();
    let mut counts = FxHashMap::default();
    if old.is_empty() {
        return counts;
    }
    let old = Glossary::from(old);
    for source in sources {
        let mut units = source.units.clone();
        find(&mut units, &old);
        for hit in units.iter().flat_map(|unit| &unit.hits) {
            *counts.entry(places[hit.index]).or_default() += 1;
        }
    }
    counts
}

fn proposal(candidate: &TermCandidate, units: &[Unit]) -> TermProposal {
    let whole = |text: &str, part: &str| {
        let place = |(at, _): (usize, &str)| Span::new(at, at + part.len());
        let mut places = text.match_indices(part).map(place);
        if part.is_empty() {
            None
        } else {
            places.find(|&span| crate::language::folding::is_whole(text, span))
        }
    };
    let example = |&index: &usize| {
        let (source, target) = (&units[index].source.plain, &units[index].target.plain);
        let english = candidate
            .english
            .iter()
            .find_map(|rendering| whole(target, &rendering.text));
        let dutch = source
            .find(&candidate.nl)
            .map(|at| Span::new(at, at + candidate.nl.len()));
        (around(source, dutch), around(target, english))
    };
    // Several engines translate the same sentence; other sentences say more.
    let mut seen = FxHashSet::default();
    let (first, again) = candidate
        .units
        .iter()
        .partition::<Vec<usize>, _>(|&&index| seen.insert(&units[index].source.plain));
    let entry = candidate.entry().unwrap_or_else(|| Concept {
        nl: candidate.nl.clone(),
        repair: true,
        numbered: true,
        status: Status::Proposed,
        ..Concept::default()
    });
    TermProposal {
        nl: candidate.nl.clone(),
        kind: candidate.kind.name(),
        count: candidate.count,
        english: candidate
            .english
            .iter()
            .map(|rendering| (rendering.text.clone(), rendering.count))
            .collect(),
        cells: cells(&entry),
        examples: first
            .iter()
            .chain(&again)
            .take(EXAMPLES)
            .map(example)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::State;
    use crate::term;

    fn source(name: &str, pairs: &[(&str, &str)], glossary: &Glossary) -> SurveySource {
        let mut units: Vec<Unit> = pairs
            .iter()
            .map(|&(source, target)| Unit {
                source: source.into(),
                target: target.into(),
                state: State::Translated,
                ..Unit::default()
            })
            .collect();
        term::find(&mut units, glossary);
        term::judge(&mut units, glossary);
        SurveySource {
            name: name.into(),
            units,
        }
    }

    #[test]
    fn every_occurrence_stands_in_its_context_with_all_versions() {
        let text = "nl\tnl_forms\ten\ten_accept\tstatus\nKoersk\t!KOERSK\tKursk\t\t\nraket\t\tmissile\trocket\t\nbestand\t\ttruce\t\tdeprecated\nLviv\t\tLviv\t\t\nLviv\t\tLvov\t\t\n";
        let glossary = Glossary::parse("g.tsv", text).unwrap();
        let one = source(
            "one",
            &[
                ("In Koersk viel een raket.", "A missile fell in Kursk."),
                (
                    "Koersks raketten en een bestand.",
                    "Koersk's missiles and a truce.",
                ),
            ],
            &glossary,
        );
        let two = source(
            "two",
            &[("In Koersk viel een raket.", "A rocket fell in Koersk.")],
            &glossary,
        );
        let survey = survey(&glossary, &[one, two], &suggest::SuggestOptions::default());
        let koersk = &survey.entries[0];
        assert_eq!((koersk.count(), koersk.violations()), (3, 2));
        assert_eq!(koersk.occurrences.len(), 2);
        assert_eq!(
            koersk.occurrences[0].nl,
            ["In ", "Koersk", " viel een raket."]
        );
        let versions: Vec<(&str, &str)> = koersk.occurrences[0]
            .versions
            .iter()
            .map(|version| (version.by.as_str(), version.verdict))
            .collect();
        assert_eq!(versions, [("one", "exact"), ("two", "forbidden")]);
        let form = |text: &str| koersk.forms.iter().find(|form| form.text == text).unwrap();
        assert_eq!((form("Koersks").count, form("KOERSK").vetoed), (1, true));
        assert!(koersk.is_inconsistent());
        assert_eq!(survey.entries[1].further, [("raketten".to_owned(), 1)]);
        assert_eq!(survey.entries[2].still, 1);
        assert!(!survey.entries[4].problems.is_empty());
        assert_eq!(survey.entries[3].count(), 0);
    }

    #[test]
    fn dutch_inflects_as_it_is_spelled() {
        for (noun, form) in [
            ("raket", "raketten"),
            ("brief", "brieven"),
            ("zaak", "zaken"),
            ("premier", "premiers"),
            ("veiligheid", "veiligheden"),
            ("huis", "huizen"),
        ] {
            assert!(inflections(noun).contains(&form.to_owned()), "{form}");
        }
    }
}
