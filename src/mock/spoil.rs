//! Faults in the words of an answer: texts, their order and number, tags, and terms.

use super::faults::Fault;

/// Source and target of a term.
type MockTermPair = (String, String);

/// Lets a fault change the texts. Shape: `texts[i]` answers `sources[i]`.
pub fn spoil(fault: &Fault, texts: &mut Vec<String>, sources: &[String], terms: &[MockTermPair]) {
    match fault.name {
        "too-few" => {
            texts.pop();
        }
        "too-many" => texts.push("One more sentence that nobody asked for.".into()),
        "reordered" => texts.reverse(),
        "duplicated" if texts.len() > 1 => texts[1] = texts[0].clone(),
        "empty-text" => {
            if let Some(first) = texts.first_mut() {
                first.clear();
            }
        }
        "dutch" => {
            for (text, source) in texts.iter_mut().zip(sources) {
                text.clone_from(source);
            }
        }
        name if name.starts_with("terms-") => {
            for (index, text) in texts.iter_mut().enumerate() {
                let source = sources.get(index).map_or("", String::as_str);
                *text = spoil_terms(name, text, source, terms);
            }
        }
        name => {
            for text in texts {
                if let Some(changed) = spoil_text(name, text) {
                    *text = changed;
                }
            }
        }
    }
}

/// A text after a fault in its terms.
fn spoil_terms(name: &str, text: &str, source: &str, terms: &[MockTermPair]) -> String {
    let mut text = text.to_owned();
    for (rank, (term, target)) in terms.iter().enumerate() {
        text = match name {
            "terms-ignored" | "terms-leak" => text.replace(target, term),
            "terms-mangled" => text.replace(&format!(" {target}"), target),
            "terms-invented" => text.replace(target, &format!("TERM{rank}X")),
            "terms-halved" => match target.rsplit_once(' ') {
                Some((head, _)) => text.replace(target, head),
                None => text,
            },
            "terms-lower" => text.replace(target, &target.to_lowercase()),
            "terms-capitals" if source.contains(&term.to_uppercase()) => {
                text.replace(&target.to_uppercase(), &term.to_uppercase())
            }
            _ => text,
        };
    }
    text
}

/// A text after a fault that looks at nothing else; none if the fault leaves texts alone.
fn spoil_text(name: &str, text: &str) -> Option<String> {
    Some(match name {
        "escaped" => text
            .replace('&', "&amp;")
            .replace('\'', "&#39;")
            .replace('"', "&quot;"),
        "tags-lost" => without_tags(text).0,
        "tags-halved" => {
            let closes = |tag: &String| tag.starts_with("</") || tag.starts_with("⟦/");
            let tags = without_tags(text).1;
            let gone = tags.iter().filter(|tag| closes(tag));
            gone.fold(text.to_owned(), |text, tag| text.replacen(tag, "", 1))
        }
        "tags-moved" => {
            let (plain, tags) = without_tags(text);
            format!("{}{plain}", tags.concat())
        }
        "tags-doubled" => format!("{text}{}", without_tags(text).1.concat()),
        "tags-emptied" => {
            let (plain, tags) = without_tags(text);
            format!("{plain}{}", tags.concat())
        }
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "lower-start" => {
            let mut chars = text.chars();
            let first: String = chars
                .by_ref()
                .take(1)
                .flat_map(char::to_lowercase)
                .collect();
            first + chars.as_str()
        }
        "doubled" => match text.trim_end_matches('.').rsplit_once(", ") {
            Some((_, last)) => format!("{}, {last}.", text.trim_end_matches('.')),
            None => format!("{text} {text}"),
        },
        "article" => text.replacen("the ", "the the ", 1),
        "number" => {
            let at = text.find(|c: char| c.is_ascii_digit())?;
            let digit = text.as_bytes()[at];
            let other = if digit == b'9' { b'8' } else { digit + 1 };
            format!("{}{}{}", &text[..at], char::from(other), &text[at + 1..])
        }
        _ => return None,
    })
}

/// A text without its tags (`<…>`) and marks (`⟦…⟧`), and these.
fn without_tags(text: &str) -> (String, Vec<String>) {
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
    (plain, tags)
}
