//! Negations that were lost or added.

use super::{Check, Example, Pair, bad, good};
use crate::bitext::{Finding, Span, words};

/// Negation.
pub struct Negation;

/// Dutch words that negate a clause.
const DUTCH: &[&str] = &[
    "niet", "geen", "nooit", "niemand", "niets", "nergens", "niks", "noch", "evenmin", "nimmer",
];
/// Dutch words that carry a negation of some kind; a target negation beside one of them is no addition.
const DUTCH_WEAK: &[&str] = &[
    "zonder",
    "nauwelijks",
    "amper",
    "pas",
    "nee",
    "behalve",
    "slechts",
    "maar",
    "enkel",
    "alleen",
    "minder",
    "weinig",
    "tegen",
    "uitgesloten",
    "verbod",
    "gebrek",
    "mislukt",
    "mislukte",
    "faalt",
    "faalde",
    "ontbreekt",
    "ontbrak",
    "ontbreken",
    "laatste",
    "zelden",
    "hoewel",
    "tenzij",
    "of",
    "anders",
    "voordat",
    "wel",
    "toch",
    "al",
    "nog",
    "ver",
    "te",
    "zomin",
    "klaar",
    "leeg",
    "dood",
    "weg",
    "kwijt",
    "uit",
    "over",
    "vrij",
    "los",
    "stop",
    "stopt",
    "gestopt",
    "voorbij",
    "ooit",
];
/// Beginnings of Dutch words that say no.
const DUTCH_STEMS: &[&str] = &[
    "on",
    "weiger",
    "ontken",
    "verbied",
    "verbod",
    "voorkom",
    "vermijd",
    "afwij",
    "weerhoud",
    "misluk",
    "falen",
    "gewei",
    "mis",
    "belet",
    "verhinder",
    "werk",
    "vergeet",
    "verge",
    "tegen",
    "nood",
    "verlo",
    "verlie",
    "stop",
    "verwerp",
    "verworp",
    "wei",
    "anti",
    "niet-",
    "schrap",
    "afge",
    "bescherm",
];
/// English words that negate.
const ENGLISH: &[&str] = &[
    "not", "never", "nobody", "nothing", "nowhere", "cannot", "no", "none", "neither", "nor",
    "ain't",
];
/// English words that carry a negation of some kind.
const ENGLISH_WEAK: &[&str] = &[
    "without",
    "hardly",
    "barely",
    "scarcely",
    "rarely",
    "seldom",
    "until",
    "only",
    "few",
    "little",
    "less",
    "except",
    "rather",
    "instead",
    "impossible",
    "unable",
    "absent",
    "absence",
    "against",
    "yet",
    "free",
    "beyond",
    "than",
    "but",
    "too",
    "otherwise",
    "away",
    "last",
    "nonetheless",
    "minus",
    "zero",
    "far",
    "unless",
    "ever",
    "any",
    "anyone",
    "anything",
    "alone",
    "out",
    "void",
    "empty",
    "anyway",
    "different",
    "either",
    "stop",
    "stopped",
    "ended",
    "other",
    "still",
    "despite",
    "although",
    "though",
    "let",
    "opposed",
    "dead",
];
/// Beginnings of English words that say no.
const ENGLISH_STEMS: &[&str] = &[
    "un", "in", "im", "ir", "il", "dis", "non", "fail", "refus", "den", "lack", "reject",
    "prevent", "avoid", "missed", "missing", "ban", "prohibit", "exclud", "forb", "declin",
    "neglect", "ignor", "doubt", "mis", "loss", "lose", "lost", "abstain", "withhold", "withheld",
    "stop", "cease", "spare", "oppos", "kept", "anti", "resist", "restrain", "ineffect", "short",
    "ceas", "over", "under", "remain", "former", "unchang",
];

fn has(text: &str, list: &[&str], stems: &[&str]) -> Option<Span> {
    words(text).into_iter().find(|span| {
        let word = span.of(text).to_lowercase();
        let longer = |stem: &&&str| {
            let least = if stem.len() <= 3 { 3 } else { 0 };
            word.starts_with(**stem) && word.chars().count() >= stem.chars().count() + least
        };
        list.contains(&word.as_str())
            || stems.iter().any(|stem| longer(&stem))
            || word.ends_with("n't")
            || word.ends_with("n’t")
    })
}

/// A negation that stands for itself, with what makes it something else left out.
fn strict(text: &str, list: &[&str], neutral: &[&str]) -> Option<Span> {
    let lower = text.to_lowercase();
    words(text).into_iter().find(|span| {
        let word = span.of(text).to_lowercase();
        let negates = list.contains(&word.as_str())
            || ((word.ends_with("n't") || word.ends_with("n’t")) && list.contains(&"not"));
        let around = lower
            .get(span.start.saturating_sub(14)..)
            .or_else(|| lower.get(span.start..))
            .unwrap_or_default();
        negates
            && !neutral.iter().any(|phrase| {
                around
                    .get(..44.min(around.len()))
                    .unwrap_or(around)
                    .contains(phrase)
            })
    })
}

/// In words: a longer sentence has room to say no in another way.
const LONG: usize = 16;

/// An error in a short sentence, a warning in a long one.
fn weighed(message: String, source: &str) -> Finding {
    if source.split_whitespace().count() > LONG {
        Finding::warning("negation", message)
    } else {
        Finding::error("negation", message)
    }
}

impl Check for Negation {
    fn name(&self) -> &'static str {
        "negation"
    }

    fn summary(&self) -> &'static str {
        "a negation was lost or added"
    }

    fn reason(&self) -> &'static str {
        "Presence is compared, not number: English says no with failed, refused, without, until and un-. Where one side negates and the other has nothing of the kind, the sentence says the opposite."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "De politie heeft geen verdachten aangehouden.",
                    "Police have arrested suspects.",
                ),
                bad(
                    "De school gaat maandag open.",
                    "The school will not open on Monday.",
                ),
                good(
                    "Ze kwam pas om tien uur aan.",
                    "She did not arrive until 10 o'clock.",
                ),
                good(
                    "De raad slaagde er niet in een besluit te nemen.",
                    "The council failed to reach a decision.",
                ),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let (source, target) = (pair.source.text, pair.target.text);
        if source.split_whitespace().count() < 3 || target.split_whitespace().count() < 3 {
            return Vec::new();
        }
        let mut findings = Vec::new();
        let neutral = [
            "niet alleen",
            "niet enkel",
            "niet slechts",
            "niet zozeer",
            "al dan niet",
            "of niet",
            "niet meer dan",
            "niet minder",
            "niet langer",
            "nog niet",
            "niet voor niets",
            "niets dan",
            "niet zelden",
            "niets minder",
            "geen enkel",
            "geen twijfel",
            "niet te",
            "waarom niet",
            "niet?",
        ];
        if let Some(span) = strict(source, DUTCH, &neutral)
            && has(target, ENGLISH, &[]).is_none()
            && has(target, ENGLISH_WEAK, ENGLISH_STEMS).is_none()
            && !source.ends_with('?')
        {
            let message = format!(
                "“{}” has no counterpart: the negation is lost",
                span.of(source)
            );
            findings.push(weighed(message, source).at_source(span));
        }
        let neutral = [
            "not only",
            "no longer",
            "not just",
            "no doubt",
            "no. ",
            "not until",
            "no later",
            "no more",
            "no less",
            "whether or not",
            "no matter",
            "not least",
            "no fewer",
            "not unlike",
            "why not",
            "if not",
            "nothing but",
            "not merely",
        ];
        if let Some(span) = strict(target, ENGLISH, &neutral)
            && has(source, DUTCH, &[]).is_none()
            && has(source, DUTCH_WEAK, DUTCH_STEMS).is_none()
            && !target.ends_with('?')
        {
            let message = format!(
                "“{}” has no counterpart in the Dutch: a negation was added",
                span.of(target)
            );
            findings.push(weighed(message, source).at_target(span));
        }
        findings
    }
}
