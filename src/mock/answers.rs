//! Where the mock's words come from: a cassette, a small gloss, or the question itself.

use super::gloss::glossed;
use super::languages;
use std::collections::HashMap;

/// Recorded pairs: by source language, target language and source text.
type Tape = HashMap<(String, String, String), String>;

/// The source of answers.
#[derive(Debug, Clone)]
pub enum Answers {
    /// Recorded pairs; a text that is not there is glossed if `true`, else an error.
    Cassette(Tape, bool),
    /// Word by word.
    Gloss,
    /// The text itself.
    Echo,
}

impl Answers {
    /// Reads a cassette: JSON Lines with `source` and `target`, and `source_lang` and `target_lang`
    /// where they are not Dutch and English; other fields are passed over.
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
            let code = |name: &str, default: &str| {
                let code = value[name].as_str().unwrap_or(default);
                bare(code)
            };
            let pair = (
                code("source_lang", "nl"),
                code("target_lang", "en"),
                key(source),
            );
            pairs.insert(pair, target.to_owned());
        }
        Ok(Self::Cassette(pairs, gloss))
    }

    /// What the cassette has for a text.
    pub fn recorded(&self, text: &str, pair: (&str, &str)) -> Option<String> {
        match self {
            Self::Cassette(pairs, _) => pairs
                .get(&(pair.0.to_owned(), pair.1.to_owned(), key(text)))
                .cloned(),
            _ => None,
        }
    }

    /// The language of a text and the confidence from 0 to 1: what a cassette has it under, else a
    /// guess.
    pub fn language(&self, text: &str) -> (String, f64) {
        if let Self::Cassette(pairs, _) = self {
            let wanted = key(text);
            let known = pairs.keys().filter(|(_, _, source)| *source == wanted);
            if let Some((code, _, _)) = known.min() {
                return (code.clone(), 1.0);
            }
        }
        let (code, confidence) = languages::detect(text);
        (code.to_owned(), confidence)
    }

    /// The plain texts, without tags and each once, that a cassette has no answer to.
    pub fn missing<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut missing: Vec<String> = texts
            .filter(|text| self.answer(text, ("nl", "en"), &[]).is_none())
            .map(|text| untagged(text).0)
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Adds recorded pairs, Dutch and English, to a cassette.
    pub fn learn(&mut self, pairs: impl IntoIterator<Item = (String, String)>) {
        if let Self::Cassette(known, _) = self {
            known.extend(pairs.into_iter().map(|(source, target)| {
                (("nl".to_owned(), "en".to_owned(), key(&source)), target)
            }));
        }
    }

    /// The answer to a text with terms applied; none if a cassette lacks it.
    pub fn answer(
        &self,
        text: &str,
        pair: (&str, &str),
        terms: &[(String, String)],
    ) -> Option<String> {
        let applied = |mut answer: String| {
            for (source, target) in terms.iter().filter(|(source, _)| !source.is_empty()) {
                if text.contains(source.as_str()) {
                    answer = answer.replace(source.as_str(), target);
                }
            }
            answer
        };
        match self {
            Self::Cassette(_, gloss) => {
                if let Some(found) = self.recorded(text, pair) {
                    return Some(applied(found));
                }
                // Tags are not on the tape: the words are looked up without them, and the tags
                // stand around the whole.
                let (plain, tags) = untagged(text);
                if let Some(found) = self.recorded(&plain, pair).filter(|_| !tags.is_empty()) {
                    return Some(applied(rewrap(&found, &tags)));
                }
                gloss.then(|| glossed(text, pair, terms))
            }
            Self::Gloss => Some(glossed(text, pair, terms)),
            Self::Echo => Some(applied(text.to_owned())),
        }
    }
}

/// A language code without its region, in lower case.
pub fn bare(code: &str) -> String {
    let code = code.to_ascii_lowercase();
    let end = code.find(['-', '_']).unwrap_or(code.len());
    code[..end].to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cassette_answers_what_was_recorded() {
        let tape = "{\"source\":\"Ja.\",\"target\":\"Yes.\"}\n{\"source\":\"Ja.\",\"target\":\"Oui.\",\"target_lang\":\"FR\"}\n";
        let answers = Answers::cassette(tape, false).unwrap();
        let answer = |text, target| answers.answer(text, ("nl", target), &[]);
        assert_eq!(answer(" Ja. ", "en").as_deref(), Some("Yes."));
        assert_eq!(answer("<b>Ja.</b>", "en").as_deref(), Some("<b>Yes.</b>"));
        assert_eq!(answer("Ja.", "fr").as_deref(), Some("Oui."));
        assert_eq!(answer("Nee.", "en"), None);
        assert_eq!(answers.language("Ja.").0, "nl");
        assert!(Answers::cassette("{}", false).is_err());
    }
}
