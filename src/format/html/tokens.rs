//! The tokens of an HTML file with their places. `html5gum` finds tags, comments and declarations;
//! text is all between them.

use super::super::entities;
use crate::bitext::Span;
use html5gum::{DefaultEmitter, State, StringReader, Token, Tokenizer};
use std::collections::HashMap;

/// What stands at a place of the file. Together the tokens are the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HtmlToken {
    /// Characters and references.
    Text(Span),
    /// A start tag.
    Start(StartTag),
    /// An end tag: its name in lower case.
    End(String, Span),
    /// A comment, a declaration, a processing instruction.
    Comment(Span),
    /// A CDATA section of XML.
    Cdata(Span),
    /// Markup that the end of the file cuts off.
    Broken(Span),
}

impl HtmlToken {
    /// Where it stands.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Start(tag) => tag.span,
            Self::Text(span)
            | Self::End(_, span)
            | Self::Comment(span)
            | Self::Cdata(span)
            | Self::Broken(span) => *span,
        }
    }
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StartTag {
    /// Its name in lower case.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Whether it ends with `/>`.
    pub closes: bool,
    /// Its attributes in the order of the file; of two with one name the first counts.
    pub attributes: Vec<TagAttribute>,
}

impl StartTag {
    /// The value of an attribute, its references decoded; none where it is not there.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.iter().find(|a| a.name == name)?;
        Some(&attribute.value)
    }

    /// Whether a list attribute, such as `class`, names this token; ASCII case does not matter.
    pub(super) fn has_token(&self, name: &str, token: &str) -> bool {
        self.value(name).is_some_and(|value| {
            value
                .split_ascii_whitespace()
                .any(|own| own.eq_ignore_ascii_case(token))
        })
    }
}

/// An attribute of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TagAttribute {
    /// Its name in lower case.
    pub name: String,
    /// Its value, references decoded.
    pub value: String,
    /// Where the value stands, without its quotes.
    pub span: Span,
    /// The quotation mark around it, if any.
    pub quote: Option<u8>,
}

type Inner<'s> = Tokenizer<StringReader<'s>, DefaultEmitter<usize>>;

/// Cuts a file into tokens.
pub(super) struct HtmlTokens<'s> {
    source: &'s str,
    /// Whether the file is XML: CDATA sections are everywhere.
    xml: bool,
    inner: Inner<'s>,
    /// Where the text that `inner` reads begins in the file.
    base: usize,
    /// Everything before is given out.
    at: usize,
    /// A token that waits behind the text before it.
    waiting: Option<HtmlToken>,
    /// The state that the last start tag asks for, where its text knows no tags.
    raw: bool,
    /// For a name, where its last end tag begins.
    last_ends: HashMap<String, Option<usize>>,
    /// Where the last `]]>` stands.
    last_cdata_end: Option<usize>,
}

fn tokenizer(text: &str) -> Inner<'_> {
    Tokenizer::new_with_emitter(text, DefaultEmitter::new_with_span())
}

impl<'s> HtmlTokens<'s> {
    pub(super) fn new(source: &'s str, xml: bool) -> Self {
        Self {
            source,
            xml,
            inner: tokenizer(source),
            base: 0,
            at: 0,
            waiting: None,
            raw: false,
            last_ends: HashMap::new(),
            last_cdata_end: memchr::memmem::rfind(source.as_bytes(), b"]]>"),
        }
    }

    /// Says that the text behind the start tag that was given out last knows no tags but its own
    /// end tag.
    pub(super) fn enter(&mut self, state: State) {
        self.inner.set_state(state);
        self.raw = true;
    }

    /// Whether an end tag of this name stands further on.
    pub(super) fn closes_ahead(&mut self, name: &str) -> bool {
        let source = self.source.as_bytes();
        let at = self.at;
        let last = self.last_ends.entry(name.to_owned()).or_insert_with(|| {
            memchr::memmem::rfind_iter(source, "</").find(|&place| {
                let rest = &source[place + 2..];
                rest.len() > name.len()
                    && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                    && matches!(
                        rest[name.len()],
                        b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>'
                    )
            })
        });
        last.is_some_and(|last| last >= at)
    }

    /// A place that `inner` names, in the file.
    fn place(&self, span: html5gum::Span<usize>) -> Span {
        let end = self.base + span.end;
        Span::new(
            (self.base + span.start).max(self.at),
            end.min(self.source.len()),
        )
    }

    /// The next token that is not text.
    fn markup(&mut self) -> Option<HtmlToken> {
        loop {
            let Ok(token) = self.inner.next()?;
            let token = match token {
                Token::StartTag(tag) => {
                    let span = self.place(tag.span);
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let mut attributes: Vec<TagAttribute> = tag
                        .attributes
                        .iter()
                        .map(|(name, value)| {
                            let name = String::from_utf8_lossy(name).into_owned();
                            self.attribute(name, self.base + value.span.start, span.end)
                        })
                        .collect();
                    attributes.sort_unstable_by_key(|attribute| attribute.span.start);
                    HtmlToken::Start(StartTag {
                        name,
                        span,
                        closes: tag.self_closing,
                        attributes,
                    })
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    HtmlToken::End(name, self.place(tag.span))
                }
                Token::Comment(comment) => HtmlToken::Comment(self.place(comment.span)),
                Token::Doctype(doctype) => HtmlToken::Comment(self.place(doctype.span)),
                Token::String(_) | Token::Error(_) => continue,
            };
            return Some(token);
        }
    }

    /// Reads an attribute whose name begins at `start`, in a tag that ends at `end`.
    fn attribute(&self, name: String, start: usize, end: usize) -> TagAttribute {
        let bytes = self.source.as_bytes();
        let skip = |mut at: usize| {
            while at < end && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            at
        };
        // A name may begin with `=`.
        let mut at = (start + 1).min(end);
        while at < end && !bytes[at].is_ascii_whitespace() && !b"=>/".contains(&bytes[at]) {
            at += 1;
        }
        let sign = skip(at);
        let mut quote = None;
        let mut span = Span::new(at, at);
        if bytes.get(sign) == Some(&b'=') && sign < end {
            let from = skip(sign + 1);
            quote = bytes
                .get(from)
                .copied()
                .filter(|b| matches!(b, b'"' | b'\''));
            span = match quote {
                Some(mark) => {
                    let rest = &bytes[from + 1..end.max(from + 1)];
                    let length = memchr::memchr(mark, rest).unwrap_or(rest.len());
                    Span::new(from + 1, from + 1 + length)
                }
                None => {
                    let length = bytes[from..end]
                        .iter()
                        .position(|b| b.is_ascii_whitespace() || *b == b'>')
                        .unwrap_or(end - from);
                    Span::new(from, from + length)
                }
            };
        }
        TagAttribute {
            name,
            value: entities::decoded(span.of(self.source), true, self.xml),
            span,
            quote,
        }
    }

    /// A CDATA section where the tokenizer saw a comment: it ends behind `]]>`, and the reading
    /// goes on there.
    fn cdata(&mut self, start: usize) -> Option<HtmlToken> {
        if !self.source[start..].starts_with("<![CDATA[")
            || self.last_cdata_end.is_none_or(|last| last < start)
        {
            return None;
        }
        let end = start + self.source[start..].find("]]>")? + 3;
        self.inner = tokenizer(&self.source[end..]);
        self.base = end;
        Some(HtmlToken::Cdata(Span::new(start, end)))
    }

    /// What is left when no markup follows: text, and perhaps a tag that the end of the file cuts
    /// off.
    fn rest(&mut self) -> Option<HtmlToken> {
        let rest = &self.source[self.at..];
        if rest.is_empty() {
            return None;
        }
        let cut = if self.raw {
            None
        } else {
            memchr::memchr_iter(b'<', rest.as_bytes())
                .find(|&at| opens_markup(&rest.as_bytes()[at..]))
        };
        let start = self.at;
        let end = self.source.len();
        self.at = end;
        match cut {
            Some(0) => Some(HtmlToken::Broken(Span::new(start, end))),
            Some(length) => {
                self.waiting = Some(HtmlToken::Broken(Span::new(start + length, end)));
                Some(HtmlToken::Text(Span::new(start, start + length)))
            }
            None => Some(HtmlToken::Text(Span::new(start, end))),
        }
    }
}

/// Whether bytes that begin with `<` begin markup.
fn opens_markup(bytes: &[u8]) -> bool {
    matches!(bytes, [_, b'!' | b'?', ..])
        || matches!(bytes, [_, c, ..] if c.is_ascii_alphabetic())
        || matches!(bytes, [_, b'/', _, ..])
}

impl Iterator for HtmlTokens<'_> {
    type Item = HtmlToken;

    fn next(&mut self) -> Option<HtmlToken> {
        if let Some(token) = self.waiting.take() {
            self.at = self.at.max(token.span().end);
            return Some(token);
        }
        let Some(mut token) = self.markup() else {
            return self.rest();
        };
        self.raw = false;
        if let HtmlToken::Comment(span) = token
            && self.xml
            && let Some(section) = self.cdata(span.start)
        {
            token = section;
        }
        let span = token.span();
        if span.start > self.at {
            let text = Span::new(self.at, span.start);
            self.waiting = Some(token);
            self.at = span.start;
            return Some(HtmlToken::Text(text));
        }
        self.at = span.end;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(source: &str) -> Vec<(&'static str, &str)> {
        HtmlTokens::new(source, false)
            .map(|token| {
                let kind = match token {
                    HtmlToken::Text(_) => "text",
                    HtmlToken::Start(_) => "start",
                    HtmlToken::End(..) => "end",
                    HtmlToken::Comment(_) => "comment",
                    HtmlToken::Cdata(_) => "cdata",
                    HtmlToken::Broken(_) => "broken",
                };
                (kind, token.span().of(source))
            })
            .collect()
    }

    #[test]
    fn comments_end_where_the_standard_ends_them() {
        for comment in [
            "<!-->",
            "<!--->",
            "<!-- a --!>",
            "<!-- a -- b -->",
            "</#list>",
            "</ x>",
            "<?php a ?>",
            "<!a>",
        ] {
            let source = format!("a{comment}b < c");
            assert_eq!(
                spans(&source),
                [("text", "a"), ("comment", comment), ("text", "b < c")]
            );
        }
        assert_eq!(spans("a<b c"), [("text", "a"), ("broken", "<b c")]);
    }

    #[test]
    fn attributes_have_their_places() {
        let source = "<p a = x&amp;y b='c\"d' e =\"\" f g=h/ =i a=2>";
        let Some(HtmlToken::Start(tag)) = HtmlTokens::new(source, false).next() else {
            panic!("a tag");
        };
        let found: Vec<_> = tag
            .attributes
            .iter()
            .map(|a| {
                (
                    a.name.as_str(),
                    a.value.as_str(),
                    a.span.of(source),
                    a.quote,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("a", "x&y", "x&amp;y", None),
                ("b", "c\"d", "c\"d", Some(b'\'')),
                ("e", "", "", Some(b'"')),
                ("f", "", "", None),
                ("g", "h/", "h/", None),
                ("=i", "", "", None),
            ]
        );
    }

    proptest! {
        #[test]
        fn tokens_are_the_file(
            source in "(<|>|/|!|--|=|\"|'|[a-c]|é|\r\n|\r| |&amp|&#1;|<a|</a|<!--|-->|<!DOCTYPE|<\\?|\\]\\]>|<!\\[CDATA\\[){0,40}",
            xml in any::<bool>(),
        ) {
            let mut at = 0;
            let mut whole = String::new();
            for token in HtmlTokens::new(&source, xml) {
                let span = token.span();
                prop_assert_eq!(span.start, at, "{:?}", token);
                prop_assert!(!span.is_empty(), "{:?}", token);
                let text = span.of(&source);
                whole.push_str(text);
                at = span.end;
                if let HtmlToken::Start(tag) = &token {
                    prop_assert!(text.starts_with('<') && text.ends_with('>'), "{:?}", text);
                    for attribute in &tag.attributes {
                        prop_assert!(span.contains(attribute.span));
                        prop_assert!(source.get(attribute.span.start..attribute.span.end).is_some());
                    }
                }
                if let HtmlToken::End(..) | HtmlToken::Comment(_) = token {
                    prop_assert!(text.starts_with('<'), "{:?}", text);
                }
            }
            prop_assert_eq!(whole, source);
        }
    }
}
