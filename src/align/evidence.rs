//! What speaks for two sentences belonging together, as a soft lexicon between the words of the two texts at hand.
//!
//! Every source word gets the target words that it may have become, each with a credit between 0 and 1; where several kinds of evidence agree,
//! the highest credit counts. `Koersk` → `Kursk` 0.95 (same name), `huizen` → `houses` 1.0 (lexicon), `houses` when `house` stands there 0.85 (same stem).

use super::lexicon::Lexicon;
use super::quantities;
use super::tokens::{Kind, Token, tokens};
use crate::language::Language;
use crate::language::compounds::halves;
use crate::language::function_words::{is_function_word, may_open_clause};
use crate::language::lexicon::separable;
use crate::language::spelling;
use crate::language::stems::{PARTICLES, english_stem};
use std::collections::{HashMap, HashSet};

/// The credit of a word that shares only its stem with a rendering.
const STEM: f32 = 0.85;
/// The credit of each word of a rendering that has several.
const PART: f32 = 0.7;
/// The credit of what half of a compound becomes.
const HALF: f32 = 0.7;
/// The credit of a number in another unit, and of that unit.
const CONVERTED: f32 = 0.5;
/// Likeness from which two words count as cognates.
const COGNATE: f32 = 0.62;

/// Begins the form of a source word that stands beside a translation.
const HELPER: char = '\u{2}';
/// Begins the form of a source word that stands for itself, among sentences that have translations.
const OWN: char = '\u{3}';

/// The form of a type without the mark of a source word.
pub(super) fn bare(form: &str) -> &str {
    form.strip_prefix([HELPER, OWN]).unwrap_or(form)
}

/// One text: its words as types, and what each sentence has of them.
#[derive(Debug, Default)]
pub(crate) struct Side {
    /// Per sentence its types with how often each occurs, ascending by type.
    pub bags: Vec<Vec<(u32, f32)>>,
    /// Per sentence its types in order.
    pub orders: Vec<Vec<u32>>,
    /// Per type its form.
    pub forms: Vec<String>,
    /// Per type what it is; a name if it ever is one.
    pub kinds: Vec<Kind>,
    /// Per type the number of sentences that have it.
    pub counts: Vec<u32>,
    /// Per type how much it weighs.
    pub weights: Vec<f32>,
    /// Per sentence the sum of its weights.
    pub masses: Vec<f32>,
    /// Per sentence its length in characters, white space aside.
    pub lengths: Vec<f32>,
    ids: HashMap<String, u32>,
}

impl Side {
    /// Reads the sentences.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>, tongue: Language) -> Self {
        let mut side = Self::default();
        for text in texts {
            let order: Vec<u32> = tokens(text, tongue)
                .into_iter()
                .map(|token| side.entered(token))
                .collect();
            side.push(order, text);
        }
        side.weigh(tongue, tongue);
        side
    }

    /// Reads translations of sentences, and beside each the sentence itself: its words may account for words of the other text, but nobody has to
    /// account for them. A sentence whose translation is empty stands for itself.
    pub fn translated<'a>(
        texts: impl Iterator<Item = (&'a str, &'a str)>,
        tongues: (Language, Language),
    ) -> Self {
        let mut side = Self::default();
        for (translation, text) in texts {
            let mut order: Vec<u32> = tokens(translation, tongues.0)
                .into_iter()
                .map(|token| side.entered(token))
                .collect();
            let is_own = translation.trim().is_empty();
            for mut token in tokens(text, tongues.1) {
                // Forms of the two languages must not meet.
                if matches!(token.kind, Kind::Word | Kind::Name) {
                    if !is_own && is_function_word(&token.form, tongues.1) {
                        continue;
                    }
                    token.form.insert(0, if is_own { OWN } else { HELPER });
                } else if !is_own {
                    continue;
                }
                order.push(side.entered(token));
            }
            side.push(order, if is_own { text } else { translation });
        }
        side.weigh(tongues.0, tongues.1);
        side
    }

    /// The type of a token, a new one if need be.
    fn entered(&mut self, token: Token) -> u32 {
        let next = self.forms.len() as u32;
        let id = match self.ids.get(&token.form) {
            Some(&id) => id,
            None => {
                self.ids.insert(token.form.clone(), next);
                self.forms.push(token.form);
                self.kinds.push(token.kind);
                self.counts.push(0);
                next
            }
        };
        if token.kind == Kind::Name {
            self.kinds[id as usize] = Kind::Name;
        }
        id
    }

    fn push(&mut self, order: Vec<u32>, text: &str) {
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let mut bag: Vec<(u32, f32)> = Vec::with_capacity(sorted.len());
        for same in sorted.chunk_by(|a, b| a == b) {
            self.counts[same[0] as usize] += 1;
            bag.push((same[0], same.len() as f32));
        }
        let length = text.chars().filter(|c| !c.is_whitespace()).count();
        self.lengths.push(length as f32);
        self.bags.push(bag);
        self.orders.push(order);
    }

    /// The type of a form.
    pub fn id(&self, form: &str) -> Option<u32> {
        self.ids.get(form).copied()
    }

    /// Weights by rarity: ln(1 + N/n) for a type that n of N sentences have. What is known as a function word weighs little in short texts too.
    ///
    /// `own` is the language of words that are marked as [`OWN`].
    fn weigh(&mut self, tongue: Language, own: Language) {
        let sentences = self.bags.iter().filter(|bag| !bag.is_empty()).count() as f32;
        self.weights = (0..self.forms.len())
            .map(|id| {
                let (form, kind) = (self.forms[id].as_str(), self.kinds[id]);
                let (form, tongue) = form
                    .strip_prefix(OWN)
                    .map_or((form, tongue), |form| (form, own));
                let rarity = (1.0 + sentences.max(12.0) / self.counts[id] as f32).ln();
                match kind {
                    _ if form.starts_with(HELPER) => 0.0,
                    Kind::Mark => (0.5 * rarity).min(1.5),
                    Kind::Number | Kind::Name => 1.2 * rarity,
                    Kind::Word if is_function_word(form, tongue) => (0.5 * rarity).min(0.6),
                    Kind::Word => rarity,
                }
            })
            .collect();
        self.masses = self
            .bags
            .iter()
            .map(|bag| {
                bag.iter()
                    .map(|&(id, n)| n * self.weights[id as usize])
                    .sum()
            })
            .collect();
    }
}

/// Per source type the target types that it may have become, best first.
pub(crate) type Soft = Vec<Vec<(u32, f32)>>;

/// Collects the credits of one source type.
#[derive(Default)]
struct Credits(Vec<(u32, f32)>);

impl Credits {
    fn add(&mut self, target: u32, credit: f32) {
        match self.0.iter_mut().find(|(known, _)| *known == target) {
            Some((_, best)) => *best = best.max(credit),
            None => self.0.push((target, credit)),
        }
    }
}

/// What a language pair knows of its words.
pub(crate) struct Knowledge<'a> {
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
struct Stems<'a>(HashMap<&'a str, Vec<u32>>);

impl<'a> Stems<'a> {
    fn new(target: &'a Side, tongue: Language) -> Self {
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
pub(crate) fn soft(source: &Side, target: &Side, known: &Knowledge<'_>) -> (Soft, Vec<usize>) {
    let stems = Stems::new(target, known.target);
    let lookalikes = Lookalikes::new(target);
    let mut matched = vec![0; known.lexicon.sources().len()];
    let mut soft: Vec<Credits> = Vec::with_capacity(source.forms.len());
    for (id, form) in source.forms.iter().enumerate() {
        let kind = source.kinds[id];
        let (form, tongue) = match form.strip_prefix([HELPER, OWN]) {
            Some(own) => (own, known.source),
            None if known.translated => (form.as_str(), known.target),
            None => (form.as_str(), known.source),
        };
        let mut credits = Credits::default();
        if kind != Kind::Mark && kind != Kind::Number {
            listed(form, target, &stems, known, &mut credits);
            if !credits.0.is_empty() {
                for (count, origin) in matched.iter_mut().zip(known.lexicon.sources()) {
                    *count += usize::from(origin.has(form));
                }
            }
        }
        if let Some(same) = target.id(form) {
            credits.add(same, identical(form, kind, tongue, known, &credits));
        } else if tongue == Language::English && known.target == Language::English {
            for &other in stems.of(form) {
                credits.add(other, STEM);
            }
        }
        if matches!(kind, Kind::Word | Kind::Name) {
            lookalikes.find(form, target, &mut credits);
            if tongue == Language::Dutch && credits.0.iter().all(|(_, c)| *c < 0.8) {
                compound(form, target, &stems, known, &mut credits);
            }
        }
        soft.push(credits);
    }
    if known.source == Language::Dutch && !known.translated && !known.lexicon.is_empty() {
        stranded(source, target, &stems, known, &mut soft);
    }
    if known.lexicon.has_phrases() {
        phrases(source, target, &stems, known, &mut soft);
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

/// The credit of two equal forms. Short words that a lexicon renders differently are false friends: Dutch `of`, `had`, `die`.
fn identical(
    form: &str,
    kind: Kind,
    tongue: Language,
    known: &Knowledge<'_>,
    credits: &Credits,
) -> f32 {
    if kind == Kind::Number || kind == Kind::Mark || kind == Kind::Name {
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

fn listed(
    form: &str,
    target: &Side,
    stems: &Stems<'_>,
    known: &Knowledge<'_>,
    credits: &mut Credits,
) {
    for rendering in known.lexicon.get(form) {
        render(
            rendering.text,
            rendering.credit,
            target,
            stems,
            known,
            credits,
        );
    }
}

/// Credits the target words of a rendering.
fn render(
    text: &str,
    credit: f32,
    target: &Side,
    stems: &Stems<'_>,
    known: &Knowledge<'_>,
    credits: &mut Credits,
) {
    let several = text.contains([' ', '-']);
    for word in text.split([' ', '-']).filter(|word| !word.is_empty()) {
        let is_function = is_function_word(word, known.target);
        let credit = match (several, is_function) {
            (false, _) => credit,
            (true, false) => credit * PART,
            (true, true) => credit * 0.4,
        };
        if let Some(id) = target.id(word) {
            credits.add(id, credit);
        }
        if !is_function {
            for &id in stems.of(word) {
                credits.add(id, credit * STEM);
            }
        }
    }
}

/// A compound whose parts are known: `havenarbeider` → `port`, `harbour`, `worker`.
fn compound(
    form: &str,
    target: &Side,
    stems: &Stems<'_>,
    known: &Knowledge<'_>,
    credits: &mut Credits,
) {
    if let Some((left, right)) = halves(form, 3, &|word| known.lexicon.has(word)) {
        for part in [left, right] {
            for rendering in known.lexicon.get(part) {
                render(
                    rendering.text,
                    rendering.credit * HALF,
                    target,
                    stems,
                    known,
                    credits,
                );
            }
            if let Some(same) = target.id(part) {
                credits.add(same, HALF);
            }
        }
    }
}

/// Separable verbs whose particle stands at the end of the clause: `De gemeente wees het verzoek gisteren af.`
fn stranded(
    source: &Side,
    target: &Side,
    stems: &Stems<'_>,
    known: &Knowledge<'_>,
    soft: &mut [Credits],
) {
    let particles: Vec<u32> = PARTICLES
        .iter()
        .filter_map(|word| source.id(word))
        .collect();
    let mut tried: HashSet<(u32, u32)> = HashSet::new();
    for order in &source.orders {
        for (at, id) in order.iter().enumerate() {
            let ends = order.get(at + 1).is_none_or(|next| {
                may_open_clause(&source.forms[*next as usize])
                    || source.kinds[*next as usize] == Kind::Mark
            });
            if !ends || !particles.contains(id) {
                continue;
            }
            for &verb in &order[at.saturating_sub(20)..at] {
                if source.kinds[verb as usize] != Kind::Word || !tried.insert((verb, *id)) {
                    continue;
                }
                let (finite, particle) =
                    (&source.forms[verb as usize], &source.forms[*id as usize]);
                for text in separable(finite, particle).into_iter().flatten() {
                    render(text, 0.8, target, stems, known, &mut soft[verb as usize]);
                }
            }
        }
    }
}

/// Entries of several words that stand in the source: each of their words may become what the entry becomes.
fn phrases(
    source: &Side,
    target: &Side,
    stems: &Stems<'_>,
    known: &Knowledge<'_>,
    soft: &mut [Credits],
) {
    for order in &source.orders {
        for (at, &id) in order.iter().enumerate() {
            for phrase in known.lexicon.phrases(&source.forms[id as usize]) {
                let words: Vec<&str> = phrase.split(' ').collect();
                let stands = order.get(at..at + words.len()).is_some_and(|here| {
                    here.iter()
                        .zip(&words)
                        .all(|(&id, word)| source.forms[id as usize] == *word)
                });
                if !stands {
                    continue;
                }
                for &part in &order[at..at + words.len()] {
                    if is_function_word(&source.forms[part as usize], known.source) {
                        continue;
                    }
                    for rendering in known.lexicon.get(phrase) {
                        render(
                            rendering.text,
                            rendering.credit * 0.8,
                            target,
                            stems,
                            known,
                            &mut soft[part as usize],
                        );
                    }
                }
            }
        }
    }
}

/// Target words by the first letter of their folded form.
struct Lookalikes {
    folded: Vec<Vec<u8>>,
    by_first: HashMap<u8, Vec<u32>>,
}

impl Lookalikes {
    fn new(target: &Side) -> Self {
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

    fn find(&self, form: &str, target: &Side, credits: &mut Credits) {
        if !is_comparable(form, Kind::Word) {
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
                let is_name = target.kinds[id as usize] == Kind::Name;
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
fn is_comparable(form: &str, kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::Name)
        && form.chars().count() >= 4
        && form.chars().all(char::is_alphabetic)
}

/// The credits of both, the higher where both have one.
pub(crate) fn merged(soft: &Soft, learned: &Soft) -> Soft {
    soft.iter()
        .zip(learned)
        .map(|(a, b)| {
            let mut credits = Credits(a.clone());
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
        lexicon.add(super::super::lexicon::Source::from_pairs(
            "t",
            [
                ("haven", "port"),
                ("arbeiders", "workers"),
                ("staken", "strike"),
            ],
            1.0,
        ));
        let source = Side::new(
            ["Havenarbeiders staken in Koersk"].into_iter(),
            Language::Dutch,
        );
        let target = Side::new(
            ["Port workers strike in Kursk"].into_iter(),
            Language::English,
        );
        let known = Knowledge {
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
