//! Where the mock's words come from: a cassette, a small gloss, or the question itself.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The source of answers.
#[derive(Debug, Clone)]
pub enum Answers {
    /// Recorded pairs; a text that is not there is glossed if `true`, else an error.
    Cassette(HashMap<String, String>, bool),
    /// Word by word.
    Gloss,
    /// The text itself.
    Echo,
}

impl Answers {
    /// Reads a cassette: JSON Lines with `source` and `target`; other fields are passed over.
    ///
    /// Errors: a sentence that names the line.
    pub fn cassette(text: &str, gloss: bool) -> Result<Self, String> {
        let mut pairs = HashMap::new();
        for (index, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let value: serde_json::Value = serde_json::from_str(line)
                .map_err(|error| format!("line {}: {error}", index + 1))?;
            let (Some(source), Some(target)) = (value["source"].as_str(), value["target"].as_str())
            else {
                return Err(format!("line {}: no `source` and `target`", index + 1));
            };
            pairs.insert(key(source), target.to_owned());
        }
        Ok(Self::Cassette(pairs, gloss))
    }

    /// What the cassette has for a text.
    pub fn recorded(&self, text: &str) -> Option<String> {
        match self {
            Self::Cassette(pairs, _) => pairs.get(&key(text)).cloned(),
            _ => None,
        }
    }

    /// The plain texts, without tags and each once, that a cassette has no answer to.
    pub fn missing(&self, texts: &[String]) -> Vec<String> {
        let mut missing: Vec<String> = texts
            .iter()
            .filter(|text| self.answer(text).is_none())
            .map(|text| untagged(text).0)
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Adds recorded pairs to a cassette.
    pub fn learn(&mut self, pairs: impl IntoIterator<Item = (String, String)>) {
        if let Self::Cassette(known, _) = self {
            known.extend(
                pairs
                    .into_iter()
                    .map(|(source, target)| (key(&source), target)),
            );
        }
    }

    /// The answer to a text; none if a cassette lacks it.
    pub fn answer(&self, text: &str) -> Option<String> {
        match self {
            Self::Cassette(pairs, gloss) => {
                if let Some(found) = pairs.get(&key(text)) {
                    return Some(found.clone());
                }
                // Tags are not on the tape: the words are looked up without them, and the tags stand around the whole.
                let (plain, tags) = untagged(text);
                if let Some(found) = pairs.get(&key(&plain)).filter(|_| !tags.is_empty()) {
                    return Some(rewrap(found, &tags));
                }
                gloss.then(|| glossed(text))
            }
            Self::Gloss => Some(glossed(text)),
            Self::Echo => Some(text.to_owned()),
        }
    }
}

fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without tags and marks, entities resolved; and the tags.
fn untagged(text: &str) -> (String, Vec<String>) {
    let (mut plain, mut tags) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '⟦']) {
        let close = if rest[at..].starts_with('<') {
            '>'
        } else {
            '⟧'
        };
        let Some(end) = rest[at..].find(close) else {
            break;
        };
        plain.push_str(&rest[..at]);
        let end = at + end + close.len_utf8();
        tags.push(rest[at..end].to_owned());
        rest = &rest[end..];
    }
    plain.push_str(rest);
    (
        plain
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
        tags,
    )
}

/// Puts the tags around the words: those that open before, the rest behind.
fn rewrap(text: &str, tags: &[String]) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let marks = tags.iter().any(|t| t.starts_with('⟦'));
    let body = if marks { text.to_owned() } else { escaped };
    let (open, close): (Vec<&String>, Vec<&String>) = tags.iter().partition(|t| !t.contains('/'));
    format!(
        "{}{body}{}",
        open.into_iter().cloned().collect::<String>(),
        close.into_iter().cloned().collect::<String>()
    )
}

/// A few hundred frequent words; everything else stays, so that the result reads like English from afar.
const WORDS: &[(&str, &str)] = &[
    ("de", "the"),
    ("het", "the"),
    ("een", "a"),
    ("en", "and"),
    ("of", "or"),
    ("maar", "but"),
    ("want", "because"),
    ("dat", "that"),
    ("die", "who"),
    ("dit", "this"),
    ("deze", "these"),
    ("in", "in"),
    ("op", "on"),
    ("aan", "at"),
    ("van", "of"),
    ("voor", "for"),
    ("met", "with"),
    ("bij", "near"),
    ("naar", "to"),
    ("uit", "from"),
    ("over", "about"),
    ("door", "by"),
    ("om", "at"),
    ("te", "to"),
    ("tot", "until"),
    ("na", "after"),
    ("tegen", "against"),
    ("tussen", "between"),
    ("onder", "under"),
    ("zonder", "without"),
    ("volgens", "according to"),
    ("tijdens", "during"),
    ("sinds", "since"),
    ("ik", "I"),
    ("jij", "you"),
    ("hij", "he"),
    ("zij", "she"),
    ("ze", "they"),
    ("wij", "we"),
    ("we", "we"),
    ("zijn", "are"),
    ("haar", "her"),
    ("hun", "their"),
    ("er", "there"),
    ("niet", "not"),
    ("geen", "no"),
    ("ook", "also"),
    ("nog", "still"),
    ("al", "already"),
    ("wel", "indeed"),
    ("nu", "now"),
    ("dan", "then"),
    ("toen", "then"),
    ("als", "if"),
    ("zo", "so"),
    ("meer", "more"),
    ("veel", "many"),
    ("alle", "all"),
    ("andere", "other"),
    ("nieuwe", "new"),
    ("grote", "big"),
    ("kleine", "small"),
    ("eerste", "first"),
    ("laatste", "last"),
    ("is", "is"),
    ("was", "was"),
    ("waren", "were"),
    ("heeft", "has"),
    ("had", "had"),
    ("hebben", "have"),
    ("wordt", "is"),
    ("worden", "are"),
    ("werd", "was"),
    ("werden", "were"),
    ("kan", "can"),
    ("kunnen", "can"),
    ("moet", "must"),
    ("moeten", "must"),
    ("zal", "will"),
    ("zullen", "will"),
    ("zou", "would"),
    ("zei", "said"),
    ("zegt", "says"),
    ("gaat", "goes"),
    ("komt", "comes"),
    ("kwam", "came"),
    ("ging", "went"),
    ("man", "man"),
    ("vrouw", "woman"),
    ("mensen", "people"),
    ("kind", "child"),
    ("kinderen", "children"),
    ("stad", "city"),
    ("land", "country"),
    ("wereld", "world"),
    ("jaar", "year"),
    ("dag", "day"),
    ("week", "week"),
    ("maand", "month"),
    ("uur", "o'clock"),
    ("regering", "government"),
    ("minister", "minister"),
    ("president", "president"),
    ("premier", "prime minister"),
    ("politie", "police"),
    ("leger", "army"),
    ("oorlog", "war"),
    ("vrede", "peace"),
    ("gemeente", "municipality"),
    ("burgemeester", "mayor"),
    ("rechter", "judge"),
    ("bedrijf", "company"),
    ("bedrijven", "companies"),
    ("school", "school"),
    ("huis", "house"),
    ("water", "water"),
    ("weg", "road"),
    ("trein", "train"),
    ("miljoen", "million"),
    ("miljard", "billion"),
    ("procent", "percent"),
    ("twee", "two"),
    ("drie", "three"),
    ("vier", "four"),
    ("vijf", "five"),
    ("maandag", "Monday"),
    ("dinsdag", "Tuesday"),
    ("woensdag", "Wednesday"),
    ("donderdag", "Thursday"),
    ("vrijdag", "Friday"),
    ("zaterdag", "Saturday"),
    ("zondag", "Sunday"),
    ("januari", "January"),
    ("februari", "February"),
    ("maart", "March"),
    ("april", "April"),
    ("mei", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augustus", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
    ("goed", "good"),
    ("slecht", "bad"),
    ("regent", "rains"),
    ("open", "open"),
    ("dicht", "closed"),
    ("altijd", "always"),
    ("nooit", "never"),
    ("gisteren", "yesterday"),
    ("vandaag", "today"),
    ("morgen", "tomorrow"),
    ("hier", "here"),
    ("daar", "there"),
    ("nederland", "Netherlands"),
    ("nederlandse", "Dutch"),
    ("amerikaanse", "American"),
    ("britse", "British"),
    ("russische", "Russian"),
    ("duitse", "German"),
    ("franse", "French"),
    ("europese", "European"),
];

/// Replaces the words that are known; tags, names and numbers stay.
fn glossed(text: &str) -> String {
    static TABLE: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| WORDS.iter().copied().collect());
    let mut out = String::with_capacity(text.len() + 16);
    let mut word = String::new();
    let mut inside_tag = false;
    let flush = |word: &mut String, out: &mut String| {
        if !word.is_empty() {
            let lower = word.to_lowercase();
            match TABLE.get(lower.as_str()) {
                Some(en) if word.starts_with(char::is_uppercase) => {
                    let mut chars = en.chars();
                    out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
                    out.push_str(chars.as_str());
                }
                Some(en) => out.push_str(en),
                None => out.push_str(word),
            }
            word.clear();
        }
    };
    for c in text.chars() {
        if inside_tag || !c.is_alphabetic() {
            flush(&mut word, &mut out);
            inside_tag = match c {
                '<' | '⟦' => true,
                '>' | '⟧' => false,
                _ => inside_tag,
            };
            out.push(c);
        } else {
            word.push(c);
        }
    }
    flush(&mut word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gloss_keeps_names_numbers_and_tags() {
        assert_eq!(
            Answers::Gloss
                .answer("De minister is in <g id=\"1\">Koersk</g> op 3 mei.")
                .unwrap(),
            "The minister is in <g id=\"1\">Koersk</g> on 3 May."
        );
    }

    #[test]
    fn a_cassette_answers_what_was_recorded() {
        let answers =
            Answers::cassette("{\"source\":\"Ja.\",\"target\":\"Yes.\"}\n", false).unwrap();
        assert_eq!(answers.answer(" Ja. ").as_deref(), Some("Yes."));
        assert_eq!(answers.answer("<b>Ja.</b>").as_deref(), Some("<b>Yes.</b>"));
        assert_eq!(answers.answer("Nee."), None);
        assert!(Answers::cassette("{}", false).is_err());
    }
}
