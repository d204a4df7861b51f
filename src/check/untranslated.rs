//! Nothing there, nothing translated, or Dutch words left in.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span, State};
use crate::language::text_view::{TextView, WordShape};
use crate::language::{word_knowledge, word_lists};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// No target where the source has words.
pub struct EmptyCheck;

/// The target is the source.
pub struct UntranslatedCheck;

/// Dutch words in the English.
pub struct DutchCheck;

/// Dutch-only words; true for those that prove it alone.
fn dutch() -> &'static FxHashMap<&'static str, bool> {
    static WORDS: OnceLock<FxHashMap<&'static str, bool>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut table = FxHashMap::default();
        for word in include_str!("../../data/language/dutch_only.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
        {
            match word.strip_prefix('!') {
                Some(proof) => table.insert(proof, true),
                None => table.insert(word, table.get(word).copied().unwrap_or(false)),
            };
        }
        table
    })
}

fn english(word: &str) -> bool {
    word_knowledge::is_english(word) || both().contains(word)
}

/// English words that the lexicon does not call so: those that both languages have, and loans.
fn both() -> &'static FxHashSet<&'static str> {
    static WORDS: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        include_str!("../../data/language/both.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .collect()
    })
}

/// Whether a word in lower case is Dutch and cannot be English.
fn is_foreign(word: &str) -> bool {
    if word.chars().count() < 3 || word_knowledge::is_english(word) || both().contains(word) {
        return false;
    }
    // A short word that no list calls English may be English all the same, unless it is spelled as
    // English never is.
    let has = |signs: &[&str]| signs.iter().any(|sign| word.contains(sign));
    let spelled = has(&["ui", "ij", "aa", "uu", "ieu", "eeu", "sch", "oei", "aai"]);
    // No English word has these, whether a list knows the Dutch one or not: `ijzel`, `sneeuw`.
    let only_dutch = has(&["eeuw", "ieuw", "oei", "aai", "ooi", "schr"])
        || word.match_indices("ij").any(|(at, _)| {
            let next = word[at + 2..].chars().next();
            next.is_none_or(|next| !"aeiou".contains(next))
        });
    if word.len() < 5 && !spelled && dutch().get(word) != Some(&true) {
        return false;
    }
    // A compound of two Dutch words is Dutch, and so is what only Dutch endings make.
    let ending = [
        "heid", "heden", "schap", "schappen", "lijk", "lijke", "teit", "beleid", "ische", "ingen",
        "aties", "achtig", "achtige", "zaam", "zame",
    ]
    .iter()
    .any(|end| word.ends_with(end) && word.len() > end.len() + 3);
    dutch().get(word) == Some(&true)
        || word_knowledge::is_dutch(word)
        || only_dutch
        || ending
        || word_knowledge::parts(word).is_some_and(|(head, tail)| !(english(head) && english(tail)))
}

/// Whether the two texts are one but for case and the white space around them.
fn is_same(pair: &CheckedPair<'_>) -> bool {
    fn small(text: &str) -> impl Iterator<Item = char> + '_ {
        text.trim().chars().flat_map(char::to_lowercase)
    }
    small(pair.source.text).eq(small(pair.target.text))
}

impl Check for EmptyCheck {
    fn name(&self) -> &'static str {
        "empty"
    }

    fn summary(&self) -> &'static str {
        "the target is empty or has no words"
    }

    fn reason(&self) -> &'static str {
        "A segment that vanished is the worst fault of all; it is an error wherever the source \
         has words."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad("De brug is weer open.", ""),
                bad("De brug is weer open.", "…"),
                good("…", "…"),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let has_words = |text: &str| text.chars().any(char::is_alphanumeric);
        if !has_words(pair.source.text)
            || has_words(pair.target.text)
            || pair.source.text.is_empty()
        {
            return Vec::new();
        }
        let message = if pair.unit.state == State::Untranslated {
            "not translated"
        } else {
            "the English is empty"
        };
        vec![Finding::error("empty", message).at_source(Span::new(0, pair.source.text.len()))]
    }
}

impl Check for UntranslatedCheck {
    fn name(&self) -> &'static str {
        "untranslated"
    }

    fn summary(&self) -> &'static str {
        "the target equals the source"
    }

    fn reason(&self) -> &'static str {
        "Texts that are made only of names, numbers and words that both languages share may be \
         equal; a Dutch-only word proves the rest."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De directeur zei dat hij dat niet wist.",
                    "De directeur zei dat hij dat niet wist.",
                ),
                good("Jan de Vries, Amsterdam", "Jan de Vries, Amsterdam"),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let side = &pair.source;
        let proof = || {
            (0..side.len()).any(|at| {
                let word = &side.words[at];
                (word.opens || !word.capital)
                    && word.shape == WordShape::Letters
                    && is_foreign(side.word(at))
            })
        };
        if is_same(pair) && proof() {
            let whole = Span::new(0, pair.target.text.len());
            return vec![
                Finding::error("untranslated", "the English is the Dutch").at_target(whole),
            ];
        }
        Vec::new()
    }
}

impl Check for DutchCheck {
    fn name(&self) -> &'static str {
        "dutch"
    }

    fn summary(&self) -> &'static str {
        "Dutch words are left in the English"
    }

    fn reason(&self) -> &'static str {
        "A word that stands in the source, is Dutch and cannot be English proves it, compounds \
         included; so do two Dutch function words side by side. Names and quoted titles in the \
         same spelling are left alone."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De gemeente onderzoekt de zaak.",
                    "The gemeente is investigating the case.",
                ),
                bad("De woningnood is groot.", "The woningnood is severe."),
                good("Dat meldt de Volkskrant.", "De Volkskrant reports this."),
                good(
                    "Hij woont aan de Kerkstraat.",
                    "He lives on the Kerkstraat in Huis ter Heide.",
                ),
            ]
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        let (source, target) = (&pair.source, &pair.target);
        if is_same(pair) || !pair.is_short() {
            return Vec::new();
        }
        let marked = target.text.contains(['”', '"', '’', ')']);
        let mut findings: Vec<Finding> = Vec::new();
        let mut functions: Option<usize> = None;
        for at in 0..target.len() {
            let word = &target.words[at];
            let lower = target.word(at);
            // A capital makes a name of a word, unless the sentence begins there and the source has
            // the word in small letters.
            let small =
                !word.capital || word.opens && (0..source.len()).any(|i| source.raw(i) == lower);
            if word.shape != WordShape::Letters || !small || marked && quoted(pair, word.span) {
                functions = None;
                continue;
            }
            let left = stands(source, lower) || parted(source, lower);
            // A name without its capital is none of the language.
            let own = (0..source.len()).filter(|&i| source.word(i) == lower);
            let mut own = own.map(|i| &source.words[i]).peekable();
            let is_name = own.peek().is_some() && own.all(|word| word.capital && !word.opens);
            if left
                && !is_name
                && (is_foreign(lower) || is_lone_and(target, at))
                && !in_name(target, at)
            {
                let mut finding = Finding::error("dutch", format!("“{}” is Dutch", target.raw(at)))
                    .at_target(word.span);
                if let Some(english) = word_knowledge::first(lower) {
                    finding = finding.suggest(english);
                }
                findings.push(finding);
                functions = None;
                continue;
            }
            // Two Dutch function words side by side are no English, even where the source says it
            // in other words.
            let function = dutch().contains_key(lower)
                && !word_knowledge::is_english(lower)
                && !in_name(target, at);
            functions = match (function, functions) {
                (true, Some(first)) => {
                    let whole = Span::new(target.words[first].span.start, word.span.end);
                    findings.push(
                        Finding::error("dutch", format!("“{}” is Dutch", whole.of(target.text)))
                            .at_target(whole),
                    );
                    None
                }
                (true, None) => Some(at),
                (false, _) => None,
            };
        }
        findings
    }
}

/// Whether the word stands in the source as a word of its own: a leftover came from there.
fn stands(source: &TextView<'_>, lower: &str) -> bool {
    (0..source.len()).any(|at| source.word(at) == lower)
}

/// Whether the word is the head or the tail of a compound of the source.
fn parted(source: &TextView<'_>, lower: &str) -> bool {
    lower.len() >= 6
        && (0..source.len())
            .any(|at| source.word(at).len() > lower.len() && source.word(at).ends_with(lower))
}

/// Whether a word stands between capitals, as in `Huis ter Heide`, or belongs to a compound with a
/// capital.
fn in_name(target: &TextView<'_>, at: usize) -> bool {
    let capital = |at: usize| target.words.get(at).is_some_and(|word| word.capital);
    let joined = |at: usize| target.gap(at) == " ";
    let between = at > 0 && joined(at - 1) && joined(at) && capital(at - 1) && capital(at + 1);
    let after = at > 0
        && joined(at - 1)
        && capital(at - 1)
        && !target.words[at - 1].opens
        && target.word(at).len() <= 3;
    let run = at > 0
        && joined(at)
        && (["op", "aan", "in", "en", "voor"].contains(&target.word(at))
            || word_lists::is("particle", target.word(at)))
        && (capital(at + 1) || capital(at + 2));
    between || after || run
}

/// The Dutch `en` between two English words, not that of `en route`.
fn is_lone_and(target: &TextView<'_>, at: usize) -> bool {
    let english = |at: usize| {
        let word = target.words.get(at);
        word.is_some_and(|word| !word.capital) && word_knowledge::is_english(target.word(at))
    };
    target.word(at) == "en"
        && at > 0
        && english(at - 1)
        && english(at + 1)
        && !["route", "masse", "bloc", "suite", "garde", "passant"].contains(&target.word(at + 1))
}

/// Whether a word stands in a quotation that the source has in the same words: a slogan, a title.
fn quoted(pair: &CheckedPair<'_>, span: Span) -> bool {
    let text = pair.target.text;
    let before = text[..span.start].rfind(['“', '"', '‘', '„', '(']);
    let after = text[span.end..].find(['”', '"', '’', ')']);
    let (Some(from), Some(to)) = (before, after) else {
        return false;
    };
    let inside = text[from..span.end + to].trim_start_matches(['“', '"', '‘', '„', '(']);
    // American English has the point of the sentence before the mark.
    let inside = inside.trim_end_matches(['.', ',']);
    // A word that is spoken of stands in marks on both sides: `het woord ‘gezellig’`.
    let is_word = || {
        pair.source.text.match_indices(inside).any(|(at, _)| {
            let (left, right) = (
                &pair.source.text[..at],
                &pair.source.text[at + inside.len()..],
            );
            left.ends_with(['“', '"', '‘', '„', '”']) && right.starts_with(['”', '"', '’'])
        })
    };
    inside.contains(' ') && pair.source.text.contains(inside) || is_word()
}
