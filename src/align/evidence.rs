//! What speaks for two sentences belonging together, as a soft lexicon between the words of the two
//! texts at hand.
//!
//! Every source word gets the target words that it may have become, each with a credit between 0
//! and 1; where several kinds of evidence agree, the highest credit counts. `Koersk` → `Kursk` 0.95
//! (same name), `huizen` → `houses` 1.0 (lexicon), `houses` when `house` stands there 0.85 (same
//! stem).

use super::lexicon::Lexicon;
use super::quantities;
use super::text_evidence::{HELPER, OWN, TextEvidence};
use super::tokens::TokenKind;
use crate::language::Language;
use crate::language::compounds::halves;
use crate::language::function_words::{is_function_word, may_open_clause};
use crate::language::lexicon::separable;
use crate::language::spelling;
use crate::language::stems::{english_stem, particles};
use std::collections::{HashMap, HashSet};

// Credits, as shares of that of a listed rendering. They were set by hand on the development sets of
// sentence alignment (`make quality`: flores, ntrex, newsroom, textberg). Anywhere within ±0.2 none
// of them moves the strict F1 of a set by more than 0.001; `STEM`, within ±0.1, moves newsroom, five
// pairs of articles, by 0.022.

/// The credit of a word that shares only its stem with a rendering.
const STEM: f32 = 0.85;
/// The credit of each word of a rendering that has several.
const PART: f32 = 0.7;
/// The same for a function word.
const FUNCTION_PART: f32 = 0.4;
/// The credit of what half of a compound becomes.
const HALF: f32 = 0.7;
/// The share of credit of a rendering whose source words stand apart: a separable verb and its
/// particle, the words of a phrase.
const APART: f32 = 0.8;
/// The credit of a number in another unit, and of that unit.
const CONVERTED: f32 = 0.5;

/// [`spelling::likeness`] from which two words count as cognates. From 0.52 to 0.72 it moves the
/// strict F1 of newsroom, and of textberg with a translation, by 0.006 at most; that of ntrex, and of
/// flores with a translation, not at all.
const COGNATE: f32 = 0.62;

/// Per source type the target types that it may have become, best first.
pub(crate) type SoftLexicon = Vec<Vec<(u32, f32)>>;

/// Collects the credits of one source type.
#[derive(Default)]
struct EvidenceScores(Vec<(u32, f32)>);

impl EvidenceScores {
    fn add(&mut self, target: u32, credit: f32) {
        match self.0.iter_mut().find(|(known, _)| *known == target) {
            Some((_, best)) => *best = best.max(credit),
            None => self.0.push((target, credit)),
        }
    }
}

/// What a language pair knows of its words.
pub(crate) struct KnownEvidence<'a> {
    /// Look-up of words.
    pub lexicon: &'a Lexicon,
    /// Language of the source.
    pub source: Language,
    /// Whether the source side has translations, beside which the words of the source are marked.
    pub translated: bool,
    /// Language of the target side.
    pub target: Language,
}

/// Target types by stem, where the target is English.
struct StemIndex<'a>(HashMap<&'a str, Vec<u32>>);

impl<'a> StemIndex<'a> {
    fn new(target: &'a TextEvidence, tongue: Language) -> Self {
        let mut stems: HashMap<&str, Vec<u32>> = HashMap::new();
        if tongue == Language::English {
            for (id, form) in target.forms.iter().enumerate() {
                stems.entry(english_stem(form)).or_default().push(id as u32);
            }
        }
        Self(stems)
    }

    fn of(&self, form: &str) -> &[u32] {
        self.0.get(english_stem(form)).map_or(&[], Vec::as_slice)
    }
}

/// Builds the soft lexicon, and says per source of the lexicon how many source types it matched.
pub(crate) fn soft(
    source: &TextEvidence,
    target: &TextEvidence,
    known: &KnownEvidence<'_>,
) -> (SoftLexicon, Vec<usize>) {
    let words = TargetWords {
        target,
        stems: StemIndex::new(target, known.target),
        known,
    };
    let lookalikes = LookalikeIndex::new(target);
    let mut matched = vec![0; known.lexicon.sources().len()];
    let mut soft: Vec<EvidenceScores> = Vec::with_capacity(source.forms.len());
    for (id, form) in source.forms.iter().enumerate() {
        let kind = source.kinds[id];
        let (form, tongue) = match form.strip_prefix([HELPER, OWN]) {
            Some(own) => (own, known.source),
            None if known.translated => (form.as_str(), known.target),
            None => (form.as_str(), known.source),
        };
        let mut credits = EvidenceScores::default();
        if kind != TokenKind::Mark && kind != TokenKind::Number {
            words.listed(form, 1.0, &mut credits);
            if !credits.0.is_empty() {
                for (count, origin) in matched.iter_mut().zip(known.lexicon.sources()) {
                    *count += usize::from(origin.has(form));
                }
            }
        }
        if let Some(same) = target.id(form) {
            credits.add(same, identical(form, kind, tongue, known, &credits));
        } else if tongue == Language::English && known.target == Language::English {
            for &other in words.stems.of(form) {
                credits.add(other, STEM);
            }
        }
        if matches!(kind, TokenKind::Word | TokenKind::Name) {
            lookalikes.find(form, target, &mut credits);
            if tongue == Language::Dutch && credits.0.iter().all(|(_, c)| *c < 0.8) {
                words.compound(form, &mut credits);
            }
        }
        soft.push(credits);
    }
    if known.source == Language::Dutch && !known.translated && !known.lexicon.is_empty() {
        stranded(source, &words, &mut soft);
    }
    if known.lexicon.has_phrases() {
        phrases(source, &words, &mut soft);
    }
    for (number, other) in quantities::converted(source, target) {
        soft[number as usize].add(other, CONVERTED);
    }
    let soft = soft
        .into_iter()
        .map(|credits| {
            let mut list = credits.0;
            list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            list.truncate(24);
            list
        })
        .collect();
    (soft, matched)
}

/// The credit of two equal forms. Short words that a lexicon renders differently are false friends:
/// Dutch `of`, `had`, `die`.
fn identical(
    form: &str,
    kind: TokenKind,
    tongue: Language,
    known: &KnownEvidence<'_>,
    credits: &EvidenceScores,
) -> f32 {
    if kind == TokenKind::Number || kind == TokenKind::Mark || kind == TokenKind::Name {
        return 1.0;
    }
    let letters = form.chars().count();
    if known.lexicon.is_empty() || tongue == known.target {
        return if tongue == known.target || letters >= 4 {
            1.0
        } else {
            0.6
        };
    }
    if letters <= 5 && known.lexicon.has(form) {
        // It is listed, and not under itself.
        return if credits.0.is_empty() { 0.3 } else { 0.2 };
    }
    if letters >= 3 { 1.0 } else { 0.6 }
}

/// The target words, as renderings find them.
struct TargetWords<'a> {
    target: &'a TextEvidence,
    stems: StemIndex<'a>,
    known: &'a KnownEvidence<'a>,
}

impl TargetWords<'_> {
    /// Credits the target words of everything that the lexicon has for a form, each with a share of
    /// its credit.
    fn listed(&self, form: &str, share: f32, credits: &mut EvidenceScores) {
        for rendering in self.known.lexicon.get(form) {
            self.render(rendering.text, rendering.credit * share, credits);
        }
    }

    /// Credits the target words of a rendering.
    fn render(&self, text: &str, credit: f32, credits: &mut EvidenceScores) {
        let several = text.contains([' ', '-']);
        for word in text.split([' ', '-']).filter(|word| !word.is_empty()) {
            let is_function = is_function_word(word, self.known.target);
            let credit = match (several, is_function) {
                (false, _) => credit,
                (true, false) => credit * PART,
                (true, true) => credit * FUNCTION_PART,
            };
            if let Some(id) = self.target.id(word) {
                credits.add(id, credit);
            }
            if !is_function {
                for &id in self.stems.of(word) {
                    credits.add(id, credit * STEM);
                }
            }
        }
    }

    /// A compound whose parts are known: `havenarbeider` → `port`, `harbour`, `worker`.
    fn compound(&self, form: &str, credits: &mut EvidenceScores) {
        if let Some((left, right)) = halves(form, 3, &|word| self.known.lexicon.has(word)) {
            for part in [left, right] {
                self.listed(part, HALF, credits);
                if let Some(same) = self.target.id(part) {
                    credits.add(same, HALF);
                }
            }
        }
    }
}

/// Separable verbs whose particle stands at the end of the clause: `De gemeente wees het verzoek
/// gisteren af.`
fn stranded(source: &TextEvidence, words: &TargetWords<'_>, soft: &mut [EvidenceScores]) {
    let particles: Vec<u32> = particles()
        .iter()
        .filter_map(|word| source.id(word))
        .collect();
    let mut tried: HashSet<(u32, u32)> = HashSet::new();
    for order in &source.orders {
        for (at, id) in order.iter().enumerate() {
            let ends = order.get(at + 1).is_none_or(|next| {
                may_open_clause(&source.forms[*next as usize])
                    || source.kinds[*next as usize] == TokenKind::Mark
            });
            if !ends || !particles.contains(id) {
                continue;
            }
            for &verb in &order[at.saturating_sub(20)..at] {
                if source.kinds[verb as usize] != TokenKind::Word || !tried.insert((verb, *id)) {
                    continue;
                }
                let (finite, particle) =
                    (&source.forms[verb as usize], &source.forms[*id as usize]);
                for text in separable(finite, particle).into_iter().flatten() {
                    words.render(text, APART, &mut soft[verb as usize]);
                }
            }
        }
    }
}

/// Entries of several words that stand in the source: each of their words may become what the entry
/// becomes.
fn phrases(source: &TextEvidence, words: &TargetWords<'_>, soft: &mut [EvidenceScores]) {
    for order in &source.orders {
        for (at, &id) in order.iter().enumerate() {
            for phrase in words.known.lexicon.phrases(&source.forms[id as usize]) {
                let parts: Vec<&str> = phrase.split(' ').collect();
                let stands = order.get(at..at + parts.len()).is_some_and(|here| {
                    here.iter()
                        .zip(&parts)
                        .all(|(&id, word)| source.forms[id as usize] == *word)
                });
                if !stands {
                    continue;
                }
                for &part in &order[at..at + parts.len()] {
                    if is_function_word(&source.forms[part as usize], words.known.source) {
                        continue;
                    }
                    words.listed(phrase, APART, &mut soft[part as usize]);
                }
            }
        }
    }
}

/// Target words by the first letter of their folded form.
struct LookalikeIndex {
    folded: Vec<Vec<u8>>,
    by_first: HashMap<u8, Vec<u32>>,
}

impl LookalikeIndex {
    fn new(target: &TextEvidence) -> Self {
        let folded: Vec<Vec<u8>> = target
            .forms
            .iter()
            .zip(&target.kinds)
            .map(|(form, kind)| {
                if is_comparable(form, *kind) {
                    spelling::folded(form)
                } else {
                    Vec::new()
                }
            })
            .collect();
        let mut by_first: HashMap<u8, Vec<u32>> = HashMap::new();
        for (id, form) in folded.iter().enumerate() {
            if let Some(&first) = form.first() {
                by_first.entry(first).or_default().push(id as u32);
            }
        }
        Self { folded, by_first }
    }

    fn find(&self, form: &str, target: &TextEvidence, credits: &mut EvidenceScores) {
        if !is_comparable(form, TokenKind::Word) {
            return;
        }
        let folded = spelling::folded(form);
        let Some(first) = folded.first() else { return };
        for &id in self.by_first.get(first).into_iter().flatten() {
            let other = &self.folded[id as usize];
            let (short, long) = (folded.len().min(other.len()), folded.len().max(other.len()));
            if short * 10 < long * 6 {
                continue;
            }
            let likeness = spelling::likeness(&folded, other);
            if likeness >= COGNATE {
                let is_name = target.kinds[id as usize] == TokenKind::Name;
                let credit = (likeness - 0.4) / 0.6;
                credits.add(
                    id,
                    if is_name {
                        credit.max(likeness)
                    } else {
                        credit
                    }
                    .min(0.95),
                );
            }
        }
    }
}

/// Words of four letters and more.
fn is_comparable(form: &str, kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word | TokenKind::Name)
        && form.chars().count() >= 4
        && form.chars().all(char::is_alphabetic)
}

/// The credits of both, the higher where both have one.
pub(crate) fn merged(soft: &SoftLexicon, learned: &SoftLexicon) -> SoftLexicon {
    soft.iter()
        .zip(learned)
        .map(|(a, b)| {
            let mut credits = EvidenceScores(a.clone());
            for &(id, credit) in b {
                credits.add(id, credit);
            }
            credits.0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::LangPair;

    #[test]
    fn a_word_is_credited_with_what_it_may_have_become() {
        let mut lexicon = Lexicon::empty(&LangPair::default());
        lexicon.add(super::super::lexicon::LexiconSource::from_pairs(
            "t",
            [
                ("haven", "port"),
                ("arbeiders", "workers"),
                ("staken", "strike"),
            ],
            1.0,
        ));
        let source = TextEvidence::new(
            ["Havenarbeiders staken in Koersk"].into_iter(),
            Language::Dutch,
        );
        let target = TextEvidence::new(
            ["Port workers strike in Kursk"].into_iter(),
            Language::English,
        );
        let known = KnownEvidence {
            lexicon: &lexicon,
            source: Language::Dutch,
            target: Language::English,
            translated: false,
        };
        let (soft, matched) = soft(&source, &target, &known);
        let credit = |s: &str, t: &str| {
            let id = target.id(t).expect("it stands there");
            soft[source.id(s).expect("it stands there") as usize]
                .iter()
                .find(|(k, _)| *k == id)
                .map_or(0.0, |(_, c)| *c)
        };
        assert!(credit("havenarbeiders", "port") > 0.6);
        assert!(credit("havenarbeiders", "workers") > 0.6);
        assert!((credit("staken", "strike") - 1.0).abs() < 1e-6);
        assert!(credit("koersk", "kursk") > 0.8);
        assert_eq!(matched, [1]);
    }
}
