//! Words and what they may become: lexicons of any origin behind one look-up.
//!
//! Several sources stand beside each other, the built-in one among them; a look-up takes the best
//! credit that any of them gives. A Dutch form that no source has is tried without its ending, at
//! less credit.
//!
//! `huizen` → `houses` 1.0, `homes` 1.0 · `werkte` (not listed) → `work` 0.8, from `werken`

use crate::bitext::{LangPair, Place};
use crate::language::folding::single_spaced;
use crate::language::lexicon;
use crate::language::stems::{dutch_stems, joined};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Credit of a form that is found only without its ending.
const STRIPPED: f32 = 0.8;
/// Longest entry that counts as a term and not as a sentence, in words.
const TERM_WORDS: usize = 5;

/// A file of a lexicon or of priors that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Error {
    /// What is wrong.
    pub what: String,
    /// Where.
    pub place: Box<Place>,
}

/// What a word may become.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LexiconEntry<'a> {
    /// One word or several, lower case, parted by single spaces.
    pub text: &'a str,
    /// How far it counts, 0..=1.
    pub credit: f32,
}

/// Entries of one origin.
#[derive(Debug, Clone)]
pub struct LexiconSource {
    /// What the user calls it.
    pub name: String,
    /// How many pairs of source and target it has.
    pub entries: usize,
    words: LexiconWords,
}

#[derive(Debug, Clone)]
enum LexiconWords {
    /// Those of the project.
    BuiltIn,
    /// Read at run time.
    Read {
        by_source: HashMap<String, Vec<(String, f32)>>,
        /// Entries of several words, by their first.
        phrases: HashMap<String, Vec<String>>,
    },
}

/// Lexicons of several origins as one.
///
/// ```
/// use overzet::align::Lexicon;
/// use overzet::bitext::LangPair;
///
/// let lexicon = Lexicon::built_in(&LangPair::default());
/// assert!(lexicon.has("huis"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    sources: Vec<LexiconSource>,
    /// Whether Dutch endings are understood.
    dutch: bool,
}

impl Lexicon {
    /// A lexicon without sources, which knows of a pair's endings what can be known.
    pub fn empty(pair: &LangPair) -> Self {
        Self {
            sources: Vec::new(),
            dutch: pair.source.base() == "nl",
        }
    }

    /// What overzet itself carries for a pair: Dutch to English; nothing for others.
    pub fn built_in(pair: &LangPair) -> Self {
        let mut lexicon = Self::empty(pair);
        if lexicon.dutch && pair.target.base() == "en" {
            lexicon.sources.push(LexiconSource {
                name: "built-in".into(),
                entries: lexicon::ENTRIES,
                words: LexiconWords::BuiltIn,
            });
        }
        lexicon
    }

    /// Adds a source.
    pub fn add(&mut self, source: LexiconSource) {
        self.sources.push(source);
    }

    /// The sources, in the order in which they were added.
    pub fn sources(&self) -> &[LexiconSource] {
        &self.sources
    }

    /// Whether there is nothing to look up.
    pub fn is_empty(&self) -> bool {
        self.sources.iter().all(|source| source.entries == 0)
    }

    /// What a word, lower case, may become: the best credit of any source, then by text. A Dutch
    /// form that nobody lists is tried without its ending.
    pub fn get(&self, word: &str) -> Vec<LexiconEntry<'_>> {
        let mut found = self.exact(word, 1.0);
        if found.is_empty() && self.dutch {
            for stem in dutch_stems(word) {
                found.extend(self.exact(&stem, STRIPPED));
            }
        }
        found.sort_by(|a, b| a.text.cmp(b.text).then(b.credit.total_cmp(&a.credit)));
        found.dedup_by(|next, kept| next.text == kept.text);
        found
    }

    /// Whether a word is listed as it stands.
    pub fn has(&self, word: &str) -> bool {
        !self.exact(word, 1.0).is_empty()
    }

    fn exact(&self, word: &str, factor: f32) -> Vec<LexiconEntry<'_>> {
        let mut found = Vec::new();
        for source in &self.sources {
            source.get(word, factor, &mut found);
        }
        found
    }

    /// The entries of several words that begin with this one.
    pub fn phrases<'a>(&'a self, first: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let first = first.to_owned();
        self.sources
            .iter()
            .flat_map(move |source| match &source.words {
                LexiconWords::BuiltIn => &[][..],
                LexiconWords::Read { phrases, .. } => {
                    phrases.get(&first).map_or(&[][..], Vec::as_slice)
                }
            })
            .map(String::as_str)
    }

    /// Whether any source has entries of several words.
    pub fn has_phrases(&self) -> bool {
        self.sources.iter().any(|source| match &source.words {
            LexiconWords::BuiltIn => false,
            LexiconWords::Read { phrases, .. } => !phrases.is_empty(),
        })
    }
}

impl LexiconSource {
    /// Looks a form up as it stands.
    fn get<'a>(&'a self, word: &str, factor: f32, found: &mut Vec<LexiconEntry<'a>>) {
        match &self.words {
            LexiconWords::BuiltIn => {
                let credit = factor;
                match lexicon::renderings(word) {
                    Some(line) => {
                        found.extend(line.split('|').map(|text| LexiconEntry { text, credit }));
                    }
                    None => found.extend(
                        joined(word)
                            .into_iter()
                            .flatten()
                            .map(|text| LexiconEntry { text, credit }),
                    ),
                }
            }
            LexiconWords::Read { by_source, .. } => {
                for (text, credit) in by_source.get(word).into_iter().flatten() {
                    found.push(LexiconEntry {
                        text,
                        credit: credit * factor,
                    });
                }
            }
        }
    }

    /// Whether the source lists a form itself or, in Dutch, without its ending.
    pub fn has(&self, word: &str) -> bool {
        let mut found = Vec::new();
        self.get(word, 1.0, &mut found);
        !found.is_empty()
    }

    /// Takes pairs of words or short phrases, in any case; what has more than five words on a side
    /// is passed over.
    pub fn from_pairs<'a>(
        name: impl Into<String>,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        credit: f32,
    ) -> Self {
        let mut by_source: HashMap<String, Vec<(String, f32)>> = HashMap::new();
        let mut phrases: HashMap<String, Vec<String>> = HashMap::new();
        let mut entries = 0;
        for (source, target) in pairs {
            let (source, target) = (single_spaced(source), single_spaced(target));
            let short = |text: &str| (1..=TERM_WORDS).contains(&text.split(' ').count());
            if source.is_empty() || target.is_empty() || !short(&source) || !short(&target) {
                continue;
            }
            entries += 1;
            let renderings = match by_source.entry(source) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    if let Some((first, _)) = entry.key().split_once(' ') {
                        phrases
                            .entry(first.to_owned())
                            .or_default()
                            .push(entry.key().clone());
                    }
                    entry.insert(Vec::new())
                }
            };
            if !renderings.iter().any(|(known, _)| *known == target) {
                renderings.push((target, credit));
            }
        }
        Self {
            name: name.into(),
            entries,
            words: LexiconWords::Read { by_source, phrases },
        }
    }

    /// Reads `source⇥target` per line; a header row that names languages is passed over, several
    /// targets may be parted by `|`.
    ///
    /// Errors: a line without a tab, with its place.
    pub fn from_tsv(name: &str, text: &str) -> Result<Self, Error> {
        let mut pairs = Vec::new();
        let mut at = 0;
        for (number, raw) in text.split_inclusive('\n').enumerate() {
            let line = raw
                .trim_end_matches(['\n', '\r'])
                .trim_start_matches('\u{feff}');
            if !line.trim().is_empty() && !line.starts_with('#') {
                let Some((source, rest)) = line.split_once('\t') else {
                    return Err(Error {
                        what: "this line has no tab: expected `source<TAB>target`".into(),
                        place: Box::new(Place::at(name, text, at, line.len())),
                    });
                };
                let targets = rest.split('\t').next().unwrap_or_default();
                let is_header = number == 0 && is_tag(source) && is_tag(targets);
                if !is_header {
                    pairs.extend(targets.split('|').map(|target| (source, target)));
                }
            }
            at += raw.len();
        }
        Ok(Self::from_pairs(name, pairs, 1.0))
    }

    /// Reads hunalign's dictionary format: `target @ source` per line.
    ///
    /// Errors: a line without ` @ `, with its place.
    pub fn from_hunalign(name: &str, text: &str) -> Result<Self, Error> {
        let mut pairs = Vec::new();
        let mut at = 0;
        for raw in text.split_inclusive('\n') {
            let line = raw.trim_end_matches(['\n', '\r']);
            if !line.trim().is_empty() {
                let Some((target, source)) = line.split_once(" @ ") else {
                    return Err(Error {
                        what: "this line has no ` @ `: expected `target @ source`".into(),
                        place: Box::new(Place::at(name, text, at, line.len())),
                    });
                };
                pairs.push((source, target));
            }
            at += raw.len();
        }
        Ok(Self::from_pairs(name, pairs, 1.0))
    }
}

/// A language tag of two or three letters, as a header has it.
fn is_tag(text: &str) -> bool {
    let text = text.trim();
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::lexicon::separable;
    use crate::language::stems::particles;

    #[test]
    fn the_built_in_lexicon_gives_every_rendering_full_credit() {
        let lexicon = Lexicon::built_in(&LangPair::default());
        for (word, renderings) in lexicon::lines() {
            let found = lexicon.get(word);
            for text in renderings.split('|') {
                assert!(
                    found.iter().any(|r| r.text == text && r.credit == 1.0),
                    "{word}"
                );
            }
        }
        assert!(lexicon.get("xyzzyx").is_empty());
    }

    #[test]
    fn separable_verbs_are_found_apart_and_in_one_word() {
        let mut before = "";
        for line in lexicon::SEPARABLE.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 4, "{line}");
            assert!(before < cells[0], "{before} < {}", cells[0]);
            assert!(
                particles().contains(&cells[1]) && cells[0].starts_with(cells[1]),
                "{line}"
            );
            before = cells[0];
        }
        for (finite, particle, english) in [
            ("kondigde", "aan", "announce"),
            ("zegt", "af", "cancel"),
            ("greep", "in", "intervene"),
        ] {
            let mut found = separable(finite, particle).expect("it is listed");
            assert!(found.any(|text| text == english), "{finite} {particle}");
        }
        assert!(separable("loopt", "zonder").is_none());
        for word in ["wegmoffelde", "opgehoest", "dichttimmeren", "volgooide"] {
            let lexicon = Lexicon::built_in(&LangPair::default());
            assert_eq!(lexicon.get(word).is_empty(), word == "opgehoest", "{word}");
        }
    }

    #[test]
    fn endings_are_stripped_at_less_credit() {
        let mut lexicon = Lexicon::empty(&LangPair::default());
        lexicon.add(LexiconSource::from_pairs(
            "test",
            [
                ("werken", "work"),
                ("groot", "large"),
                ("in beslag nemen", "seize"),
            ],
            1.0,
        ));
        assert_eq!(
            lexicon.get("werken"),
            [LexiconEntry {
                text: "work",
                credit: 1.0
            }]
        );
        assert_eq!(
            lexicon.get("werkte"),
            [LexiconEntry {
                text: "work",
                credit: STRIPPED
            }]
        );
        assert_eq!(
            lexicon.get("grote"),
            [LexiconEntry {
                text: "large",
                credit: STRIPPED
            }]
        );
        assert_eq!(
            lexicon.phrases("in").collect::<Vec<_>>(),
            ["in beslag nemen"]
        );
    }

    #[test]
    fn files_are_read_and_broken_lines_are_named() {
        let source =
            LexiconSource::from_tsv("l.tsv", "nl\ten\nhuis\thouse|home\r\n").expect("it is right");
        assert_eq!(source.entries, 2);
        let error =
            LexiconSource::from_tsv("l.tsv", "huis\thouse\nboom tree\n").expect_err("no tab");
        assert_eq!(error.place.line, 2);
        let source = LexiconSource::from_hunalign("l.dic", "house @ huis\n").expect("it is right");
        assert!(source.has("huis"));
        assert!(LexiconSource::from_hunalign("l.dic", "huis\n").is_err());
    }
}
