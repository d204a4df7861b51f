//! What an edition must share with its source: everything but the words, and what is compared for it.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use overzet::bitext::{Document, Edition, Lang, Origin, State, Text};
use overzet::format;
use overzet::segment::{self, SplitOptions, Splitter};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};
use std::sync::{Arc, LazyLock};

/// Attributes that say something to readers.
const SPOKEN: &[&str] = &[
    "abbr",
    "alt",
    "aria-braillelabel",
    "aria-brailleroledescription",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "content",
    "label",
    "placeholder",
    "prompt",
    "srcdoc",
    "standby",
    "summary",
    "title",
    "value",
];

/// Elements without markup inside.
const RAW: &[&str] = &["<iframe", "<noscript", "<script", "<style"];

static SPLITTER: LazyLock<Splitter> =
    LazyLock::new(|| Splitter::new(&Lang::new("nl"), &SplitOptions::default()).unwrap());

/// Reads a document; none for bytes that are not text.
pub fn read(source: &[u8], name: &str) -> Option<Document> {
    format::read(source, Some(name), None, &Lang::new("nl")).ok()
}

/// The bytes of a document with targets that are made of its sources, by the way of every run: cut
/// into units, and put together again.
pub fn edition(document: Document, target: &dyn Fn(&Text) -> Text) -> Vec<u8> {
    let mut units = segment::split(&document, &SPLITTER);
    let engine = Origin::Engine(Arc::from("own"));
    for unit in &mut units {
        unit.target = target(&unit.source);
        unit.origin = engine.clone();
        unit.state = State::Translated;
    }
    let mut edition = Edition { document, units };
    let parts = format::edition(&mut edition).unwrap();
    for unit in &edition.units {
        let place = unit.target_span.unwrap();
        assert!(parts[0].get(place.start..place.end).is_some(), "{unit:?}");
    }
    format::encode(&edition.document, &parts).unwrap().0
}

/// A text with a mark before it and one behind it.
pub fn marked(text: &Text, before: &str, behind: &str) -> Text {
    let mut marked = text.clone();
    marked.plain = format!("{before}{}{behind}", text.plain);
    for code in &mut marked.codes {
        // Codes at the ends stay there.
        code.at += match code.at {
            0 => 0,
            at if at == text.plain.len() => before.len() + behind.len(),
            _ => before.len(),
        };
    }
    marked
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// A text without marks, white space and characters that are not seen.
fn bare(text: &str, marks: &[&str]) -> String {
    let mut text: String = text.chars().filter(|&c| !is_gap(c)).collect();
    for mark in marks {
        let mark: String = mark.split_whitespace().collect();
        text = text.replace(&mark, "");
    }
    text
}

/// The structure of a file with the words between, one item each.
pub fn structure(name: &str, source: &str, marks: &[&str]) -> Vec<String> {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "md" => markdown(source, marks),
        "html" | "xhtml" => html(source, marks),
        _ => plain(source, marks),
    }
}

/// Paragraphs, with the tabs and the line ends between them. A wrapped paragraph may become one line.
fn plain(source: &str, marks: &[&str]) -> Vec<String> {
    let ends = source
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}'], "\n");
    let mut items: Vec<String> = Vec::new();
    let mut blank = true;
    for line in ends.split(['\n', '\u{2029}']) {
        let is_blank = bare(line, &[]).is_empty();
        if is_blank || blank {
            items.push(String::new());
        }
        if let Some(last) = items.last_mut() {
            let line = line.trim_matches(is_gap).replace('\t', "→");
            last.push_str(&bare(&line, marks));
        }
        blank = is_blank;
    }
    items
}

/// Tags, comments and declarations of HTML, and the text between them.
pub fn html(source: &str, marks: &[&str]) -> Vec<String> {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut items: Vec<String> = Vec::new();
    let mut words = String::new();
    for token in Tokenizer::new_with_emitter(source, emitter) {
        let Ok(token) = token;
        let item = match token {
            Token::String(text) => {
                words.push_str(&string(&text));
                continue;
            }
            Token::StartTag(tag) => {
                let mut item = format!("<{}", string(&tag.name));
                for (name, value) in &tag.attributes {
                    let (name, value) = (string(name), string(value));
                    let value = if SPOKEN.contains(&name.as_str()) {
                        bare(&value, marks)
                    } else {
                        value
                    };
                    item.push_str(&format!(" {name}={value:?}"));
                }
                item
            }
            Token::EndTag(tag) => format!("</{}", string(&tag.name)),
            Token::Comment(text) => format!("!{}", string(&text)),
            Token::Doctype(own) => format!("{own:?}"),
            Token::Error(_) => continue,
        };
        words_of_page(&mut words, &mut items, marks);
        items.push(item);
    }
    words_of_page(&mut words, &mut items, marks);
    items
}

/// Adds the text between two tags; that of `noscript` is a page of its own, and an element of raw text
/// that is never closed does not swallow one.
fn words_of_page(words: &mut String, items: &mut Vec<String>, marks: &[&str]) {
    let words = std::mem::take(words);
    let inside = |names: &[&str]| {
        let last = items.last();
        last.is_some_and(|item| {
            names.iter().any(|name| item.starts_with(name)) && !item.contains("ld+json")
        })
    };
    let is_data = items.last().is_some_and(|item| item.contains("ld+json"));
    if inside(RAW) {
        items.extend(html(&words, marks));
    } else if inside(&["<textarea", "<title"]) {
        items.push(bare(&words.replace(['"', '\''], ""), marks));
    } else if is_data {
        items.push(bare(&words.replace('\\', ""), marks));
    } else {
        items.push(bare(&words, marks));
    }
}

/// The events of Markdown, and the text between them.
fn markdown(source: &str, marks: &[&str]) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        // The parser finds fields anywhere, and not only at the beginning.
        | match source.get(..3) {
            Some("---") => Options::ENABLE_YAML_STYLE_METADATA_BLOCKS,
            Some("+++") => Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS,
            _ => Options::empty(),
        };
    let mut items: Vec<String> = Vec::new();
    let mut words = String::new();
    let mut page = String::new();
    let end = |words: &mut String, page: &mut String, item: String, items: &mut Vec<String>| {
        if !words.is_empty() {
            items.push(bare(&std::mem::take(words), marks));
        }
        if !page.is_empty() {
            items.extend(html(&std::mem::take(page), marks));
        }
        items.push(item);
    };
    let mut fields = false;
    // The same title as nothing at all: titles are spoken.
    let silent = |title: CowStr<'_>| CowStr::from(bare(&title, marks));
    for event in Parser::new_ext(source, options) {
        fields = match &event {
            Event::Start(Tag::MetadataBlock(_)) => true,
            Event::End(TagEnd::MetadataBlock(_)) => false,
            _ => fields,
        };
        let event = match event {
            // A string of YAML may need quotation marks.
            Event::Text(text) if fields => {
                words.push_str(&text.replace(['"', '\\'], ""));
                continue;
            }
            Event::Text(text) => {
                if !page.is_empty() {
                    items.extend(html(&std::mem::take(&mut page), marks));
                }
                words.push_str(&text);
                continue;
            }
            Event::SoftBreak => {
                words.push(' ');
                continue;
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                if !words.is_empty() {
                    items.push(bare(&std::mem::take(&mut words), marks));
                }
                page.push_str(&text);
                continue;
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                // A collapsed reference needs its label once its text is another.
                let is_reference = !id.is_empty();
                let kind = if is_reference {
                    "reference".to_owned()
                } else {
                    format!("{link_type:?}")
                };
                format!("link {kind} {dest_url} {}", silent(title))
            }
            Event::Start(Tag::Image {
                dest_url, title, ..
            }) => format!("image {dest_url} {}", silent(title)),
            event => format!("{event:?}"),
        };
        end(&mut words, &mut page, event, &mut items);
    }
    end(&mut words, &mut page, "end".to_owned(), &mut items);
    items.retain(|item| !item.is_empty());
    items
}
