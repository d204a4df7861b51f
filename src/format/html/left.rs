//! What a page keeps in its own language, counted for the report: nothing stays in Dutch without a
//! word.

use super::stack::Kept;
use super::tokens::StartTag;
use crate::bitext::{Notice, Span};
use std::collections::BTreeMap;

/// How many characters of an example are shown.
const EXAMPLE: usize = 40;

/// Texts that stay as they are, by reason.
#[derive(Debug, Default)]
pub(super) struct Left {
    kinds: BTreeMap<&'static str, (usize, String)>,
    notices: Vec<Notice>,
}

impl Left {
    fn count(&mut self, kind: &'static str, text: &str) {
        let entry = self.kinds.entry(kind).or_insert_with(|| (0, example(text)));
        entry.0 += 1;
    }

    /// Counts a text that is kept inside the element `name`.
    pub(super) fn text(&mut self, kept: Kept, name: &str, text: &str) {
        let kind = match kept {
            Kept::Asked => "protected by `translate` or `notranslate`",
            Kept::Language => "marked as another language",
            Kept::Verbatim if matches!(name, "code" | "kbd" | "samp" | "var" | "tt") => return,
            Kept::Verbatim => "preformatted",
            Kept::Picture => return,
            Kept::Hidden if matches!(name, "rt" | "rtc") => "a reading of `ruby`",
            Kept::Hidden if name == "style" && quotes_words(text) => "in a style sheet",
            Kept::Hidden if matches!(name, "noembed" | "noframes") => "in `noembed` or `noframes`",
            Kept::Hidden => return,
        };
        self.count(kind, text);
    }

    /// Counts comments and sections that hold words.
    pub(super) fn markup(&mut self, source: &str, span: Span) {
        let text = span.of(source);
        let inner = text.trim_start_matches(['<', '!', '-', '?', '/', '[']);
        if text.starts_with("<!--") && text.chars().any(char::is_alphabetic) {
            if text.ends_with("->") || text.ends_with("-!>") {
                self.count("a comment", inner.trim_end_matches(['-', '>', '!']));
            } else {
                self.count("in a comment that is never closed", inner);
            }
        } else if text.starts_with("<![CDATA[") {
            self.count("a CDATA section", inner);
        }
    }

    /// Counts a tag that the end of the file cuts off.
    pub(super) fn broken(&mut self, source: &str, span: Span) {
        let text = span.of(source);
        if text.split_whitespace().count() > 1 {
            self.count("in a tag that is never closed", text);
        }
    }

    /// Counts attributes with words that are not read.
    pub(super) fn attributes(&mut self, tag: &StartTag) {
        if let Some(page) = tag.value("srcdoc").filter(|page| !page.trim().is_empty()) {
            self.count("in `srcdoc`", page);
        }
        let is = |rel: &str| tag.name == "link" && tag.has_token("rel", rel);
        if is("canonical") || (is("alternate") && tag.value("hreflang").is_some()) {
            self.count(
                "an address of this page",
                tag.value("href").unwrap_or_default(),
            );
        }
    }

    /// Notes that the page says it is in another language.
    pub(super) fn page_language(&mut self, lang: &str, span: Span) {
        self.notices.push(Notice {
            message: format!(
                "the page says that its language is `{lang}`; it was read all the same"
            ),
            span: Some(span),
        });
    }

    /// One line for all that stays.
    pub(super) fn notices(mut self) -> Vec<Notice> {
        if !self.kinds.is_empty() {
            let kinds: Vec<String> = self
                .kinds
                .iter()
                .map(|(kind, (count, example))| format!("{count} {kind} (`{example}`)"))
                .collect();
            self.notices.push(Notice {
                message: format!("left as it is: {}", kinds.join(", ")),
                span: None,
            });
        }
        self.notices
    }
}

/// The beginning of a text on one line.
fn example(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXAMPLE) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// Whether a style sheet writes words: `content: "Achtergrond"`.
fn quotes_words(text: &str) -> bool {
    text.match_indices("content").any(|(at, word)| {
        let rest = text[at + word.len()..].trim_start();
        let Some(rest) = rest.strip_prefix(':').map(str::trim_start) else {
            return false;
        };
        let Some(mark) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return false;
        };
        rest[1..]
            .split(mark)
            .next()
            .is_some_and(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 2)
    })
}
