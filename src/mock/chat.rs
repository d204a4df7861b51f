//! What language models have in common: the reading of a prompt and the writing of an answer.

use super::schema::{fill, fits};
use super::service::{Spoken, Utterance};
use serde_json::{Value, json};

/// How the texts stand in a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Layout {
    /// `{"segments":[{"id":1,"nl":"…"}]}`
    Segments(Vec<u64>),
    /// `[[1]] …`
    Lines(Vec<u64>),
    /// `{"edit":{"en":"…"}}`: an English text that is to be changed.
    Edit,
    /// Anything else: the last line is the text.
    Plain,
}

/// A prompt that was understood.
#[derive(Debug, Clone)]
pub struct Prompt {
    texts: Vec<String>,
    layout: Layout,
    /// The terms that the instructions list as `- source → target`.
    pub terms: Vec<(String, String)>,
    /// The tokens of the whole prompt.
    pub tokens: usize,
}

/// The form that an answer must have.
#[derive(Debug, Clone)]
pub enum AnswerForm {
    /// Any text.
    Free,
    /// A JSON object.
    Object,
    /// JSON that fits a schema.
    Schema(Value),
}

/// What a model said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub content: String,
    /// Why it ended: `stop`, `length` or `content_filter`.
    pub finish: &'static str,
    /// Why it refused, if it did.
    pub refusal: Option<String>,
}

impl Said {
    /// The tokens of the text: words, and pieces of long ones.
    pub fn tokens(&self) -> Vec<&str> {
        tokens(&self.content)
    }
}

/// Cuts a text into tokens: a word with the space before it, long words in pieces.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut list = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, c) in text.char_indices() {
        if length > 0 && (c.is_whitespace() || length >= 8) {
            list.push(&text[start..at]);
            (start, length) = (at, 0);
        }
        length += 1;
    }
    if start < text.len() {
        list.push(&text[start..]);
    }
    list
}

/// The text of a message: a text, or a list of parts of which those of text count.
pub fn message_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

impl Prompt {
    /// Reads a chat; none if it has no words of a user.
    pub fn read(messages: &[Value]) -> Option<Self> {
        let last = |roles: &[&str]| {
            let own = messages
                .iter()
                .rfind(|message| message["role"].as_str().is_some_and(|r| roles.contains(&r)));
            own.map(|message| message_text(&message["content"]))
                .unwrap_or_default()
        };
        let all: usize = messages
            .iter()
            .map(|message| tokens(&message_text(&message["content"])).len())
            .sum();
        Self::of(&last(&["system", "developer"]), &last(&["user"]), all)
    }

    /// Reads instructions and the words of a user; none if there are no such words.
    pub fn of(instructions: &str, user: &str, tokens: usize) -> Option<Self> {
        if user.trim().is_empty() {
            return None;
        }
        let terms = instructions
            .lines()
            .filter_map(|line| line.strip_prefix("- ")?.split_once(" → "))
            .map(|(source, target)| (source.to_owned(), target.to_owned()))
            .collect();
        let (texts, layout) = laid_out(user);
        Some(Self {
            texts,
            layout,
            terms,
            tokens,
        })
    }

    /// The texts to translate.
    pub fn utterances(&self) -> Vec<Utterance> {
        let of = |text: &String| Utterance {
            text: text.clone(),
            source: Some("nl".into()),
            target: "en".into(),
        };
        self.texts.iter().map(of).collect()
    }

    /// Whether an English text is to be changed.
    pub fn is_edit(&self) -> bool {
        self.layout == Layout::Edit
    }

    /// What a model says to it, after the faults, within a number of tokens.
    pub fn said(&self, spoken: &Spoken, form: &AnswerForm, most: Option<usize>) -> Said {
        if spoken.has("refusal") {
            let words = "I cannot help with that.".to_owned();
            return Said {
                content: words.clone(),
                finish: "stop",
                refusal: Some(words),
            };
        }
        if spoken.has("filtered") {
            return Said {
                content: String::new(),
                finish: "content_filter",
                refusal: None,
            };
        }
        let mut content = self.content(spoken, form);
        if spoken.has("fenced") {
            content = format!("```json\n{content}\n```");
        }
        if spoken.has("thinking") {
            content = format!("<think>The user wants {{\"translations\":[]}}.</think>\n{content}");
        }
        let mut said = Said {
            content,
            finish: "stop",
            refusal: None,
        };
        if let Some(first) = spoken.struck_text("endless") {
            let wanted = most.unwrap_or(2_048);
            let own = tokens(first).len().max(1);
            let end = said.content.find(first).unwrap_or(0) + first.len();
            said.content.truncate(end.min(said.content.len()));
            for _ in 0..=wanted / own {
                said.content.push(' ');
                said.content.push_str(first);
            }
            said.cut_to(wanted);
        }
        if spoken.has("cut-off") {
            said.cut_to(said.tokens().len() / 2);
        }
        if let Some(most) = most.filter(|most| said.tokens().len() > *most) {
            said.cut_to(most);
        }
        said
    }

    /// The answer as the prompt's layout wants it, or else the schema.
    fn content(&self, spoken: &Spoken, form: &AnswerForm) -> String {
        let own = self.own_content(spoken);
        let value = serde_json::from_str::<Value>(&own).ok();
        let first = spoken.texts.first().map_or("", String::as_str);
        match form {
            AnswerForm::Free => own,
            AnswerForm::Object if value.as_ref().is_some_and(Value::is_object) => own,
            AnswerForm::Object => json!({"translation": first}).to_string(),
            AnswerForm::Schema(schema) => match value.filter(|value| fits(value, schema)) {
                Some(_) => own,
                // A layout of ours that a fault has spoilt need not fit.
                None if matches!(self.layout, Layout::Segments(_)) && is_ours(schema) => own,
                None => fill(schema, first).to_string(),
            },
        }
    }

    fn own_content(&self, spoken: &Spoken) -> String {
        let texts = &spoken.texts;
        let id = |ids: &[u64], index: usize| {
            let index = if index == 1 && spoken.has("ids-doubled") {
                0
            } else {
                index
            };
            ids.get(index).copied().unwrap_or(9_999)
        };
        match &self.layout {
            Layout::Edit => json!({"en": texts.first()}).to_string(),
            Layout::Plain => texts.first().cloned().unwrap_or_default(),
            Layout::Lines(ids) => {
                let line =
                    |(index, text): (usize, &String)| format!("[[{}]] {text}\n", id(ids, index));
                texts.iter().enumerate().map(line).collect()
            }
            Layout::Segments(ids) => {
                let of = |(index, text): (usize, &String)| {
                    if index == 0 && spoken.has("no-text") {
                        json!({"id": id(ids, index)})
                    } else {
                        json!({"id": id(ids, index), "en": text})
                    }
                };
                let list: Vec<Value> = texts.iter().enumerate().map(of).collect();
                json!({"translations": list}).to_string()
            }
        }
    }
}

impl Said {
    /// Keeps so many tokens.
    fn cut_to(&mut self, count: usize) {
        let kept: String = self.tokens().into_iter().take(count).collect();
        self.content = kept;
        self.finish = "length";
    }
}

/// Whether a schema is that of a list of translations with ids.
fn is_ours(schema: &Value) -> bool {
    schema["properties"]["translations"].is_object()
}

/// The texts of a user's words, and how they stand in them.
fn laid_out(user: &str) -> (Vec<String>, Layout) {
    if let Ok(value) = serde_json::from_str::<Value>(user) {
        if let Some(text) = value["edit"]["en"].as_str() {
            return (vec![text.to_owned()], Layout::Edit);
        }
        if let Some(segments) = value["segments"].as_array() {
            let texts = segments.iter().filter_map(|own| own["nl"].as_str());
            let ids = segments.iter().filter_map(|own| own["id"].as_u64());
            return (
                texts.map(str::to_owned).collect(),
                Layout::Segments(ids.collect()),
            );
        }
    }
    let lines: Vec<(u64, String)> = user
        .lines()
        .filter_map(|line| {
            let (id, text) = line.strip_prefix("[[")?.split_once("]] ")?;
            Some((id.parse().ok()?, text.to_owned()))
        })
        .collect();
    if lines.is_empty() {
        let last = user.lines().rfind(|line| !line.trim().is_empty());
        return (vec![last.unwrap_or_default().to_owned()], Layout::Plain);
    }
    let (ids, texts) = lines.into_iter().unzip();
    (texts, Layout::Lines(ids))
}

/// A vector for a text, of length 1: the same text always has the same.
pub fn embedding(text: &str, dimensions: usize) -> Vec<f32> {
    let mut bytes = vec![0; 4 * dimensions];
    blake3::Hasher::new()
        .update(text.as_bytes())
        .finalize_xof()
        .fill(&mut bytes);
    let numbers: Vec<f32> = bytes
        .chunks_exact(4)
        .map(|four| f32::from(i16::from_le_bytes([four[0], four[1]])) / 32_768.0)
        .collect();
    let length = numbers.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
    numbers.into_iter().map(|x| x / length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_read_in_every_layout() {
        let read = |user: &str| Prompt::of("- Koersk → Kursk", user, 0).unwrap();
        let prompt = read(r#"{"segments":[{"id":4,"nl":"Ja."},{"id":7,"nl":"Nee."}]}"#);
        assert_eq!(prompt.texts, ["Ja.", "Nee."]);
        assert_eq!(prompt.layout, Layout::Segments(vec![4, 7]));
        assert_eq!(prompt.terms, [("Koersk".to_owned(), "Kursk".to_owned())]);
        assert_eq!(read("[[3]] Ja.").layout, Layout::Lines(vec![3]));
        assert!(read(r#"{"edit":{"en":"Yes."}}"#).is_edit());
        assert_eq!(read("Translate:\nJa.\n").texts, ["Ja."]);
        assert!(Prompt::of("", " ", 0).is_none());
        let parts = json!([{"role": "user", "content": [{"type": "text", "text": "Ja."}]}]);
        assert_eq!(
            Prompt::read(parts.as_array().unwrap()).unwrap().texts,
            ["Ja."]
        );
    }

    #[test]
    fn tokens_make_the_text_again() {
        let text = "  Een heel langewoordenrij…\n en meer ";
        assert_eq!(tokens(text).concat(), text);
        assert!(tokens(text).len() > 6);
        assert!(tokens("").is_empty());
    }

    #[test]
    fn vectors_are_of_length_one_and_stay_the_same() {
        let vector = embedding("ja", 64);
        assert_eq!(vector, embedding("ja", 64));
        assert_ne!(vector, embedding("nee", 64));
        let length: f32 = vector.iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-3);
    }
}
