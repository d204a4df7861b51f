//! What a language model is told, and how its answer is read. The version is part of the memory's
//! keys.

use super::inline_codec::{self, CodeSyntax};
use super::{Draft, Error, Request, TermEdit};
use crate::bitext::Text;
use serde_json::{Value, json};

/// Version of the instructions.
pub const VERSION: &str = "1";

/// The rules, with the terms of this request only.
pub fn system(request: &Request<'_>) -> String {
    let mut text = format!(
        "You translate news copy from {} to {}. Rules:\n\
         - Translate every segment completely and faithfully; add nothing, leave nothing out, explain nothing.\n\
         - Keep numbers exact, in the notation of the target language.\n\
         - Keep marks such as ⟦1⟧ ⟦/1⟧ ⟦x2/⟧ exactly as they are, around the words that they belong to.\n\
         - Quotations stay quotations.\n\
         - Answer with JSON only: {{\"translations\":[{{\"id\":…,\"en\":\"…\"}}]}}, one object per segment, with its id.\n",
        language(request.pair.source.tag()),
        language(request.pair.target.tag()),
    );
    let mut terms: Vec<(&str, &str)> = request
        .items
        .iter()
        .flat_map(|item| &item.terms)
        .map(|term| (term.source.as_str(), term.target.as_str()))
        .collect();
    terms.sort_unstable();
    terms.dedup();
    if !terms.is_empty() {
        text.push_str(
            "Terms of the desk; apply them as written, inflect only where grammar requires:\n",
        );
        for (source, target) in terms {
            text.push_str(&format!("- {source} → {target}\n"));
        }
    }
    text
}

/// The rules of an edit, with its one term.
pub fn edit_system(change: &TermEdit<'_>) -> String {
    format!(
        "You change one term in an English translation of a Dutch sentence. Rules:\n\
         - Change only the words that render this term, and the article or the verb beside them where grammar asks for it.\n\
         - Every other word, number, mark such as ⟦1⟧ and punctuation stays exactly as it is.\n\
         - Answer with JSON only: {{\"en\":\"…\"}}, the whole sentence.\n\
         The term and the form that must stand in the translation:\n\
         - {} → {}\n",
        change.term, change.required
    )
}

/// The sentence and its translation.
pub fn edit_user(change: &TermEdit<'_>) -> String {
    json!({"edit": {"nl": change.source, "en": inline_codec::write(change.target, CodeSyntax::Marks)}})
        .to_string()
}

/// Reads the answer to an edit.
pub fn read_edit(content: &str, change: &TermEdit<'_>) -> Option<Text> {
    let content = content.rsplit("</think>").next().unwrap_or(content);
    let value = json_object(content)?;
    let text = value["en"].as_str()?;
    Some(inline_codec::read(text, change.target, CodeSyntax::Marks))
}

fn language(tag: &str) -> String {
    match tag.to_ascii_lowercase().as_str() {
        "nl" => "Dutch".into(),
        "en" | "en-us" => "American English".into(),
        "en-gb" => "British English".into(),
        other => other.to_owned(),
    }
}

/// The segments and their neighbours.
pub fn user(request: &Request<'_>) -> String {
    let segments: Vec<Value> = request
        .items
        .iter()
        .map(
            |item| json!({"id": item.id, "nl": inline_codec::write(&item.text, CodeSyntax::Marks)}),
        )
        .collect();
    json!({"segments": segments, "context_before": request.before, "context_after": request.after})
        .to_string()
}

/// The numbered lines of the ladder's third rung.
pub fn lines(request: &Request<'_>) -> String {
    let mut text = String::new();
    for item in request.items {
        text.push_str(&format!(
            "[[{}]] {}\n",
            item.id,
            inline_codec::write(&item.text, CodeSyntax::Marks)
        ));
    }
    text
}

/// The schema of the answer.
pub fn schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["translations"],
        "properties": {"translations": {"type": "array", "items": {
            "type": "object", "additionalProperties": false, "required": ["id", "en"],
            "properties": {"id": {"type": "integer"}, "en": {"type": "string"}}}}}
    })
}

/// Reads the content of an answer: JSON, fenced or not, behind a thought or not; else numbered
/// lines. Ids that were not asked for vanish.
///
/// Errors: [`Error::Mismatch`] if nothing can be read.
pub fn read(content: &str, request: &Request<'_>, rung: &str) -> Result<Vec<Draft>, Error> {
    let content = match content.rfind("</think>") {
        Some(at) => &content[at + "</think>".len()..],
        None => content,
    };
    let found = json_object(content)
        .and_then(|value| value["translations"].as_array().cloned())
        .map_or_else(
            || content.lines().filter_map(numbered).collect(),
            |list| list.iter().filter_map(segment).collect::<Vec<_>>(),
        );
    if found.is_empty() {
        return Err(Error::Mismatch {
            what: "the answer has no segments".into(),
        });
    }
    let draft = |(id, text): (u32, String)| draft(id, &text, request, rung);
    Ok(found.into_iter().filter_map(draft).collect())
}

/// The id and the text of a segment of an answer.
pub fn segment(entry: &Value) -> Option<(u32, String)> {
    let id = &entry["id"];
    let id = id.as_u64().or_else(|| id.as_str()?.parse().ok())?;
    Some((u32::try_from(id).ok()?, entry["en"].as_str()?.to_owned()))
}

/// The id and the text of a line such as `[[3]] Yes.`
pub fn numbered(line: &str) -> Option<(u32, String)> {
    let rest = line.trim().strip_prefix("[[")?;
    let (id, text) = rest.split_once("]]")?;
    Some((id.trim().parse().ok()?, text.trim().to_owned()))
}

/// The draft of a segment; none if nobody asked for it.
pub fn draft(id: u32, text: &str, request: &Request<'_>, rung: &str) -> Option<Draft> {
    let item = request.items.iter().find(|item| item.id == id)?;
    let mut draft = Draft::new(id, inline_codec::read(text, &item.text, CodeSyntax::Marks));
    draft.notes.push(format!("answer read as {rung}"));
    Some(draft)
}

/// The outermost object of a text.
fn json_object(text: &str) -> Option<Value> {
    let start = text.find('{')?;
    let end = text.rfind('}')?;
    serde_json::from_str(text.get(start..=end)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::LangPair;
    use crate::engine::Item;

    /// The memory keeps drafts under [`VERSION`]: other instructions need another version.
    #[test]
    fn other_instructions_have_another_version() {
        let pair = LangPair::default();
        let item = Item {
            id: 7,
            text: "MI6 waarschuwt.".into(),
            terms: Vec::new(),
        };
        let request = Request {
            pair: &pair,
            items: &[&item],
            before: "",
            after: "",
            own_glossary: true,
        };
        let edit = TermEdit {
            source: "In Koersk.",
            target: &"In Koersk.".into(),
            term: "Koersk",
            required: "Kursk",
        };
        let all = [
            system(&request),
            user(&request),
            edit_system(&edit),
            edit_user(&edit),
        ];
        let digest = blake3::hash(all.concat().as_bytes()).to_hex();
        assert_eq!((VERSION, &digest[..16]), ("1", "184f004acd86366c"));
    }
}
