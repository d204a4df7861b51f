//! News in XML: NITF 3, NewsML-G2, and WordPress's export (WXR). Each text is a part of its own, the bytes between its
//! tags; the rest of the file stays.
//!
//! Sources: IPTC, *NITF 3.6*; IPTC, *NewsML-G2 2.33*. A document type is kept and never read.

use super::contract::{ContainerFormat, Format, Found, FoundPart, ReadOptions, Reading};
use super::decode::{decode, encode};
use super::error::Error;
use super::splice::Splices;
use super::xml_splice::{XmlTokenKind, XmlTokens, broken, push_escaped};
use super::{html, plain};
use crate::bitext::{
    Block, Code, CodeKind, Encoding, Lang, Notation, Notice, OffsetMap, Role, Span, Text,
};

/// How far into a file its root is looked for, in bytes.
const ROOT_WITHIN: usize = 4_096;

/// A format of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewsFormat {
    /// News Industry Text Format.
    Nitf,
    /// NewsML-G2.
    NewsMl,
    /// The export of WordPress.
    Wxr,
}

/// How a piece of the file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NewsKind {
    /// Text with inline elements.
    Inline(Role),
    /// The value of an attribute.
    Attribute(Role),
    /// A page of XHTML.
    Xhtml,
    /// HTML in a section of characters; the role of all of it, where that is known.
    Html(Option<Role>),
    /// Characters of plain text.
    Plain,
    /// The name of the language.
    Language,
    /// A text that is written in a way that is not read.
    Left,
}

/// Bytes of the file that are a text or name the language.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NewsPiece {
    span: Span,
    kind: NewsKind,
}

/// The elements of NITF that hold text, with their roles.
const NITF_TEXTS: &[(&str, Role)] = &[
    ("title", Role::Headline),
    ("hl1", Role::Headline),
    ("hl2", Role::Heading),
    ("hl3", Role::Heading),
    ("hl4", Role::Heading),
    ("byline", Role::Byline),
    ("tagline", Role::Byline),
    ("dateline", Role::Dateline),
    ("p", Role::Paragraph),
    ("credit", Role::Caption),
    ("li", Role::ListItem),
    ("dt", Role::ListItem),
    ("dd", Role::ListItem),
    ("td", Role::Cell),
    ("th", Role::Cell),
    ("caption", Role::Caption),
    ("media-caption", Role::Caption),
    ("note", Role::Note),
];

/// The elements of NewsML-G2 that hold text, with their roles.
const NEWSML_TEXTS: &[(&str, Role)] = &[
    ("headline", Role::Headline),
    ("dateline", Role::Dateline),
    ("by", Role::Byline),
    ("description", Role::Meta),
];

impl Format for NewsFormat {
    fn name(&self) -> &'static str {
        match self {
            Self::Nitf => "nitf",
            Self::NewsMl => "newsml-g2",
            Self::Wxr => "wxr",
        }
    }

    fn extensions(&self) -> &'static [&'static str] {
        match self {
            Self::Nitf => &["xml", "nitf"],
            Self::NewsMl => &["xml"],
            Self::Wxr => &["xml", "wxr"],
        }
    }

    fn find(&self, _source: &str, _lang: &Lang) -> Reading {
        Reading::default()
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        render(block.notation, text, out)
    }

    fn container(&self) -> Option<&dyn ContainerFormat> {
        Some(self)
    }
}

impl ContainerFormat for NewsFormat {
    fn is_own(&self, bytes: &[u8]) -> bool {
        let Some(root) = root_of(bytes) else {
            return false;
        };
        match self {
            Self::Nitf => root == "nitf",
            Self::NewsMl => {
                ["newsItem", "newsMessage", "packageItem", "conceptItem"].contains(&&*root)
            }
            Self::Wxr => root == "rss" && head_of(bytes).contains("wordpress.org/export/"),
        }
    }

    fn open(
        &self,
        bytes: &[u8],
        lang: &Lang,
        options: &ReadOptions,
    ) -> Result<Vec<FoundPart>, Error> {
        if !self.is_own(bytes) {
            return Err(neither());
        }
        let pieces = match self {
            Self::Nitf => nitf,
            Self::NewsMl => newsml,
            Self::Wxr => wxr,
        };
        let mut parts = parts(bytes, lang, options, pieces)?;
        if *self == Self::NewsMl
            && let Some(first) = parts.first_mut()
        {
            let message =
                "`guid` and `version` stay; a translation is an item of its own".to_owned();
            first.reading.notices.push(Notice {
                message,
                span: None,
            });
        }
        Ok(parts)
    }

    fn close(&self, original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
        close(original, parts)
    }
}

fn neither() -> Error {
    Error::Refused {
        what: "this XML is neither NITF, NewsML-G2 nor an export of WordPress".into(),
        advice: "name the format with `--format`, or give an XLIFF file its own extension".into(),
    }
}

/// The start of a file, whatever its encoding: its root has ASCII letters only.
fn head_of(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(ROOT_WITHIN)];
    let is_wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if is_wide {
        return head
            .iter()
            .filter(|byte| byte.is_ascii() && **byte != 0)
            .map(|&b| b as char)
            .collect();
    }
    String::from_utf8_lossy(head).into_owned()
}

/// The name of the root, without its prefix.
fn root_of(bytes: &[u8]) -> Option<String> {
    let text = head_of(bytes);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        rest = rest.strip_prefix('<')?;
        let end = match rest.chars().next()? {
            '?' => rest.find("?>")? + 2,
            '!' if rest.starts_with("!--") => rest.find("-->")? + 3,
            '!' if rest[..rest.find('>')?].contains('[') => rest.find("]>")? + 2,
            '!' => rest.find('>')? + 1,
            _ => break,
        };
        rest = rest[end..].trim_start();
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    let name = &rest[..end];
    Some(name.rsplit(':').next().unwrap_or(name).to_owned())
}

/// The pieces of a file, each as a part.
fn parts(
    bytes: &[u8],
    lang: &Lang,
    options: &ReadOptions,
    pieces: fn(&XmlTokens<'_>, &Lang) -> Vec<NewsPiece>,
) -> Result<Vec<FoundPart>, Error> {
    let (source, _, mut notices) = decode(bytes)?;
    let xml = XmlTokens::read(&source, "")?;
    let mut parts: Vec<FoundPart> = Vec::new();
    let mut left = 0;
    for piece in pieces(&xml, lang) {
        let text = piece.span.of(&source);
        let reading = match piece.kind {
            NewsKind::Inline(role) => Reading {
                found: inline(text, role)?.into_iter().collect(),
                ..Reading::default()
            },
            NewsKind::Attribute(role) => Reading {
                found: attribute(&source, piece.span, role).into_iter().collect(),
                ..Reading::default()
            },
            NewsKind::Xhtml => as_html(html::find_xml(text, lang), None),
            NewsKind::Html(role) => as_html(html::Html.find(text, lang), role),
            NewsKind::Plain => {
                let mut reading = plain::Plain.find_with(text, lang, options);
                for found in &mut reading.found {
                    found.notation = Notation::Xml;
                }
                reading
            }
            NewsKind::Left => {
                left += 1;
                continue;
            }
            NewsKind::Language => Reading {
                languages: vec![Span::new(0, text.len())],
                ..Reading::default()
            },
        };
        if reading.found.is_empty() && reading.languages.is_empty() {
            continue;
        }
        parts.push(FoundPart {
            name: name(piece.span),
            source: text.to_owned(),
            encoding: Encoding::Utf8,
            reading,
        });
    }
    if left > 0 {
        let what = if left == 1 {
            "text stays"
        } else {
            "texts stay"
        };
        let message =
            format!("{left} {what} in Dutch: HTML as escaped characters, or in several sections");
        notices.push(Notice {
            message,
            span: None,
        });
    }
    if parts.is_empty() {
        parts.push(FoundPart::default());
    }
    if let Some(first) = parts.first_mut() {
        first.reading.notices.splice(0..0, notices);
    }
    Ok(parts)
}

/// The name of a part: the bytes that it covers.
fn name(span: Span) -> String {
    format!("{}-{}", span.start, span.end)
}

fn close(original: &[u8], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let (source, encoding, _) = decode(original)?;
    let mut splices = Splices::default();
    for (name, text) in parts {
        let span = name
            .split_once('-')
            .and_then(|(start, end)| Some(Span::new(start.parse().ok()?, end.parse().ok()?)));
        let span = span.filter(|span| span.fits(&source));
        let span = span.ok_or_else(|| broken("no such part", name, &source, 0))?;
        let mut text = String::from_utf8_lossy(text).into_owned();
        if source[..span.start].ends_with("<![CDATA[") {
            text = text.replace("]]>", "]]]]><![CDATA[>");
        }
        splices.replace(span, text);
    }
    Ok(encode(&splices.apply(&source), encoding, true).0)
}

/// The part of a name behind its prefix.
fn local<'s>(xml: &XmlTokens<'s>, index: usize) -> &'s str {
    let name = xml.name(index);
    name.rsplit(':').next().unwrap_or(name)
}

/// Whether an element says that it is in another language.
fn is_foreign(xml: &XmlTokens<'_>, index: usize, lang: &Lang) -> bool {
    let tag = xml
        .value(index, "xml:lang")
        .or_else(|| xml.value(index, "lang"));
    tag.is_some_and(|tag| !tag.is_empty() && !lang.is_base_of(&tag))
}

fn nitf(xml: &XmlTokens<'_>, lang: &Lang) -> Vec<NewsPiece> {
    let mut pieces = Vec::new();
    nitf_within(xml, 0..xml.len(), lang, &mut pieces);
    pieces
}

/// The pieces of NITF among some tokens.
fn nitf_within(
    xml: &XmlTokens<'_>,
    tokens: std::ops::Range<usize>,
    lang: &Lang,
    pieces: &mut Vec<NewsPiece>,
) {
    let role_of = |name: &str| {
        let own = NITF_TEXTS.iter().find(|(own, _)| *own == name);
        own.map(|(_, role)| *role)
    };
    let mut abstracts = 0..0;
    let mut quotes = 0..0;
    let mut at = tokens.start;
    while at < tokens.end {
        let name = if xml.is_element(at) {
            local(xml, at)
        } else {
            ""
        };
        if !name.is_empty() && is_foreign(xml, at, lang) {
            at = xml.end(at) + 1;
            continue;
        }
        for attribute in ["xml:lang", "lang"] {
            language(xml, at, attribute, lang, pieces);
        }
        match name {
            "abstract" => abstracts = at..xml.end(at),
            "bq" => quotes = at..xml.end(at),
            _ => {}
        }
        if let Some(span) = xml.value_span(at, "alternate-text") {
            let kind = NewsKind::Attribute(Role::Caption);
            pieces.push(NewsPiece { span, kind });
        }
        let holds_texts =
            |at: usize| (at + 1..xml.end(at)).any(|inner| role_of(local(xml, inner)).is_some());
        if let Some(role) = role_of(name).filter(|_| !holds_texts(at)) {
            let role = match role {
                Role::Paragraph if abstracts.contains(&at) => Role::Meta,
                Role::Paragraph if quotes.contains(&at) => Role::Quote,
                role => role,
            };
            let kind = NewsKind::Inline(role);
            pieces.push(NewsPiece {
                span: xml.inner(at),
                kind,
            });
            at = xml.end(at) + 1;
            continue;
        }
        at += 1;
    }
}

fn newsml(xml: &XmlTokens<'_>, lang: &Lang) -> Vec<NewsPiece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < xml.len() {
        if !xml.is_element(at) {
            at += 1;
            continue;
        }
        let name = local(xml, at);
        if is_foreign(xml, at, lang) {
            at = xml.end(at) + 1;
            continue;
        }
        // A name that stands in several languages keeps them all.
        let is_named = name == "name";
        if !is_named {
            language(xml, at, "xml:lang", lang, &mut pieces);
        }
        if name == "language" {
            language(xml, at, "tag", lang, &mut pieces);
        }
        let text = NEWSML_TEXTS.iter().find(|(own, _)| *own == name);
        let kind = match name {
            _ if text.is_some() => text.map(|(_, role)| NewsKind::Inline(*role)),
            "inlineData" => Some(NewsKind::Plain),
            "inlineXML" => {
                let inner = at + 1..xml.end(at);
                match inner.clone().find(|&inner| xml.is_element(inner)) {
                    Some(root) if local(xml, root) == "html" => Some(NewsKind::Xhtml),
                    Some(root) if local(xml, root) == "nitf" => {
                        nitf_within(xml, inner, lang, &mut pieces);
                        at = xml.end(at) + 1;
                        continue;
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(kind) = kind {
            let span = xml.inner(at);
            pieces.push(NewsPiece { span, kind });
            at = xml.end(at) + 1;
            continue;
        }
        at += 1;
    }
    pieces
}

/// Keys of post metadata whose values are read by people: titles and descriptions for search engines.
const META_KEYS: &[&str] = &[
    "_yoast_wpseo_title",
    "_yoast_wpseo_metadesc",
    "_aioseo_title",
    "_aioseo_description",
    "rank_math_title",
    "rank_math_description",
    "_wp_attachment_image_alt",
];

fn wxr(xml: &XmlTokens<'_>, lang: &Lang) -> Vec<NewsPiece> {
    let mut pieces = Vec::new();
    let mut key = String::new();
    for at in (0..xml.len()).filter(|&at| xml.is_element(at)) {
        let role = match xml.name(at) {
            "language" if lang.is_base_of(xml.inner(at).of(xml.source())) => {
                let (span, kind) = (xml.inner(at), NewsKind::Language);
                pieces.push(NewsPiece { span, kind });
                continue;
            }
            "wp:meta_key" => {
                key = xml.text(at);
                continue;
            }
            "title" => Some(Role::Headline),
            "content:encoded" => None,
            "excerpt:encoded" | "description" | "wp:category_description" => Some(Role::Meta),
            "wp:tag_name" | "wp:cat_name" | "wp:term_name" => Some(Role::Meta),
            "wp:meta_value" if META_KEYS.contains(&&*key) => Some(Role::Meta),
            _ => continue,
        };
        let mut inner = xml.children(at);
        let (first, more) = (inner.next(), inner.next());
        let section = first.filter(|&first| xml.kind(first) == XmlTokenKind::CData);
        match section {
            Some(section) if more.is_none() => {
                let span = xml.span(section);
                let span = Span::new(span.start + "<![CDATA[".len(), span.end - "]]>".len());
                let kind = NewsKind::Html(role);
                pieces.push(NewsPiece { span, kind });
            }
            _ if xml.text(at).trim().is_empty() => {}
            _ => {
                let plain = role.filter(|_| section.is_none() && !xml.text(at).contains('<'));
                let kind = plain.map_or(NewsKind::Left, NewsKind::Inline);
                let span = xml.inner(at);
                pieces.push(NewsPiece { span, kind });
            }
        }
    }
    pieces
}

/// Notes an attribute that names the language of the file.
fn language(
    xml: &XmlTokens<'_>,
    at: usize,
    attribute: &str,
    lang: &Lang,
    pieces: &mut Vec<NewsPiece>,
) {
    if let Some(span) = xml.value_span(at, attribute)
        && lang.is_base_of(span.of(xml.source()))
    {
        let kind = NewsKind::Language;
        pieces.push(NewsPiece { span, kind });
    }
}

/// What was read as HTML inside a file of another format. A shortcode of WordPress that stands alone
/// is not a text.
fn as_html(mut reading: Reading, role: Option<Role>) -> Reading {
    reading
        .found
        .retain(|found| !is_shortcode(&found.text.plain));
    for found in &mut reading.found {
        if found.notation == Notation::Text {
            found.notation = Notation::Html;
        }
        found.role = role.unwrap_or(found.role);
    }
    reading
}

/// `[contact-form title="Mail"]`
fn is_shortcode(text: &str) -> bool {
    let inner = text
        .trim()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| {
        let name = inner.trim_start_matches('/').split([' ', '=']).next();
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_/".contains(c);
        !inner.contains(['[', ']']) && name.is_some_and(|name| name.chars().all(is_name))
    })
}

/// The value of an attribute as a text; offsets count from its start.
fn attribute(source: &str, span: Span, role: Role) -> Option<Found> {
    let raw = span.of(source);
    let plain = super::xml::unescape(raw).ok()?;
    if !plain.chars().any(char::is_alphabetic) {
        return None;
    }
    let is_single = source[..span.start].ends_with('\'');
    let mut map = OffsetMap::default();
    map.point(0, 0);
    map.finish(plain.len(), raw.len());
    Some(Found {
        span: Span::new(0, raw.len()),
        role,
        text: Text::from(plain),
        map,
        notation: if is_single {
            Notation::SingleQuoted
        } else {
            Notation::DoubleQuoted
        },
        ..Found::default()
    })
}

/// Text with inline elements, each a pair of codes; nothing where it has no words.
fn inline(raw: &str, role: Role) -> Result<Option<Found>, Error> {
    let xml = XmlTokens::read(raw, "")?;
    let mut text = Text::default();
    let mut map = OffsetMap::default();
    let mut open = Vec::new();
    let mut last = 0;
    for at in 0..xml.len() {
        let span = xml.span(at);
        let mut code = |kind: CodeKind, id: u32, name: &str| {
            let mut code = Code::new(text.plain.len(), id, kind, span.of(raw));
            name.clone_into(&mut code.label);
            text.codes.push(code);
        };
        match xml.kind(at) {
            XmlTokenKind::Start => {
                last += 1;
                open.push(last);
                code(CodeKind::Open, last, local(&xml, at));
            }
            XmlTokenKind::End => code(CodeKind::Close, open.pop().unwrap_or(last), ""),
            XmlTokenKind::Empty => {
                last += 1;
                code(CodeKind::Empty, last, local(&xml, at));
            }
            XmlTokenKind::Other => {
                last += 1;
                code(CodeKind::Empty, last, "comment");
            }
            XmlTokenKind::Text | XmlTokenKind::Reference | XmlTokenKind::CData => {
                let characters = xml.characters(at).unwrap_or_default();
                let start = xml.characters_start(at);
                for (offset, c) in characters.char_indices() {
                    map.point(text.plain.len(), start + offset);
                    text.plain.push(if c.is_whitespace() { ' ' } else { c });
                }
            }
        }
    }
    map.finish(text.plain.len(), raw.len());
    let is_text = text.plain.chars().any(char::is_alphanumeric);
    // White space at both ends stays outside.
    let start = text.plain.len() - text.plain.trim_start().len();
    let end = text.plain.trim_end().len();
    // A code at the border of the words keeps what is outside of it.
    let at_border = |code: &Code| code.at <= start || code.at >= end;
    if !is_text || text.codes.iter().any(at_border) {
        let span = Span::new(0, raw.len());
        let found = Found {
            span,
            role,
            text,
            map,
            notation: Notation::Xml,
            ..Found::default()
        };
        return Ok(is_text.then_some(found));
    }
    let (from, to) = (map.start(start), raw.trim_end().len());
    let mut pieces = text.cut(&[Span::new(start, end)]);
    let text = pieces.swap_remove(1);
    let mut inner = OffsetMap::default();
    for (plain, _) in text.plain.char_indices() {
        inner.point(plain, map.start(plain + start));
    }
    inner.finish(text.plain.len(), to);
    Ok(Some(Found {
        span: Span::new(from, to.max(from)),
        role,
        text,
        map: inner,
        notation: Notation::Xml,
        ..Found::default()
    }))
}

/// Writes a text with the markup of its codes.
fn render(notation: Notation, text: &Text, out: &mut String) -> OffsetMap {
    let quote = match notation {
        Notation::Html => return html::render(Notation::Text, text, false, out),
        Notation::DoubleQuoted => Some('"'),
        Notation::SingleQuoted => Some('\''),
        _ => None,
    };
    let base = out.len();
    let mut map = OffsetMap::default();
    let mut codes = text.codes.iter().peekable();
    for (at, c) in text.plain.char_indices() {
        while let Some(code) = codes.next_if(|code| code.at <= at) {
            out.push_str(&code.data);
        }
        map.point(at, out.len() - base);
        push_escaped(c, quote, out);
    }
    map.finish(text.plain.len(), out.len() - base);
    for code in codes {
        out.push_str(&code.data);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{encode as encode_document, read_with, write};

    /// The texts of a file with their roles, and the file with each in capitals, in English.
    fn shout(file: &str) -> Result<(Vec<(Role, String)>, String), Error> {
        let (lang, options) = (Lang::new("nl"), ReadOptions::default());
        let bytes = file.as_bytes();
        let mut document = read_with(bytes, Some("a.xml"), None, &lang, &[], &options)?;
        let texts: Vec<Text> = document
            .blocks
            .iter()
            .map(|block| block.text.clone())
            .collect();
        let same = write(&document, &texts)?;
        assert_eq!(encode_document(&document, &same.parts)?.0, bytes);
        document.target = Some(Lang::new("en"));
        let capitals: Vec<Text> = texts
            .iter()
            .map(|text| Text {
                plain: text.plain.to_uppercase(),
                ..text.clone()
            })
            .collect();
        let written = write(&document, &capitals)?;
        let written = encode_document(&document, &written.parts)?.0;
        let blocks = document.blocks.into_iter();
        let texts = blocks.map(|block| (block.role, block.text.plain)).collect();
        Ok((texts, String::from_utf8(written).unwrap()))
    }

    #[test]
    fn nitf_has_its_roles_and_keeps_its_data() {
        let file = "<?xml version=\"1.0\"?>\n<!DOCTYPE nitf SYSTEM \"nitf.dtd\">\n<nitf><head><title>Kop</title>\
                    <doc-id id-string=\"een twee\"/></head><body><hedline><hl1>De kop</hl1></hedline><byline>Door \
                    <person>Jo</person></byline><abstract><p>Kort.</p></abstract><block>\n<p> Een &amp; <em>twee</em>. \
                    </p><ul><li><p>drie</p></li></ul><p xml:lang=\"de\">vier</p></block></body></nitf>";
        let (texts, written) = shout(file).unwrap();
        let roles = [
            (Role::Headline, "Kop"),
            (Role::Headline, "De kop"),
            (Role::Byline, "Door Jo"),
            (Role::Meta, "Kort."),
            (Role::Paragraph, "Een & twee."),
            (Role::Paragraph, "drie"),
        ];
        assert_eq!(texts, roles.map(|(role, text)| (role, text.to_owned())));
        let mut wanted = file.to_owned();
        for (from, to) in [
            (">Kop<", ">KOP<"),
            (">De kop<", ">DE KOP<"),
            ("Door <person>Jo<", "DOOR <person>JO<"),
            (">Kort.<", ">KORT.<"),
            (" Een &amp; <em>twee</em>. ", " EEN &amp; <em>TWEE</em>. "),
            (">drie<", ">DRIE<"),
        ] {
            wanted = wanted.replace(from, to);
        }
        assert_eq!(written, wanted);
    }

    #[test]
    fn newsml_names_its_language_and_leaves_others() {
        let file = "<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" xml:lang=\"nl\"><contentMeta><language \
                    tag=\"nl-NL\"/><headline>De kop</headline><headline xml:lang=\"de\">Der Kopf</headline>\
                    <slugline>de-kop</slugline></contentMeta><contentSet><inlineXML><html \
                    xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Een <b>zin</b>.</p></body></html></inlineXML>\
                    </contentSet></newsItem>";
        let (texts, written) = shout(file).unwrap();
        assert_eq!(texts.len(), 2);
        let wanted = file
            .replace("xml:lang=\"nl\"", "xml:lang=\"en\"")
            .replace("tag=\"nl-NL\"", "tag=\"en\"")
            .replace("De kop", "DE KOP")
            .replace("Een <b>zin</b>.", "EEN <b>ZIN</b>.");
        assert_eq!(written, wanted);
    }

    #[test]
    fn an_export_of_wordpress_keeps_comments_and_shortcodes() {
        let file = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"c\"><channel>\
                    <language>nl</language><item><title>Een &amp; twee</title><content:encoded><![CDATA[<!-- \
                    wp:paragraph {\"a\":1} -->\n<p>Een <b>zin</b>.</p>\n[galerij ids=\"1\"]]]></content:encoded>\
                    <wp:post_name>een-zin</wp:post_name></item></channel></rss>";
        let wanted = file
            .replace(">nl<", ">en<")
            .replace("Een &amp; twee", "EEN &amp; TWEE")
            .replace("Een <b>zin</b>.", "EEN <b>ZIN</b>.");
        assert_eq!(shout(file).unwrap().1, wanted);
    }

    #[test]
    fn what_stays_in_dutch_is_counted() {
        let file = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><item><title>Een &lt;b&gt;</title></item></rss>";
        let (name, lang) = (Some("a.xml"), Lang::new("nl"));
        let document = crate::format::read(file.as_bytes(), name, None, &lang).unwrap();
        assert!(document.blocks.is_empty());
        assert!(
            document.notices[0]
                .message
                .starts_with("1 text stays in Dutch")
        );
    }

    #[test]
    fn a_file_in_utf16_is_known_by_its_root() {
        let text = "<?xml version=\"1.0\"?><nitf><p>Een zin.</p></nitf>";
        let mut bytes = b"\xff\xfe".to_vec();
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let (name, lang) = (Some("a.xml"), Lang::new("nl"));
        let document = crate::format::read(&bytes, name, None, &lang).unwrap();
        assert_eq!(document.blocks[0].text.plain, "Een zin.");
    }

    #[test]
    fn other_xml_and_broken_xml_are_refused() {
        assert!(matches!(shout("<feed/>"), Err(Error::Refused { .. })));
        let declared = "<!DOCTYPE nitf [<!ENTITY a \"b\">]><nitf><p>&a;</p></nitf>";
        assert!(matches!(shout(declared), Err(Error::Broken { .. })));
        let Err(Error::Broken { place, .. }) = shout("<nitf>\n<p>x</nitf>") else {
            panic!("read what is broken");
        };
        assert_eq!((place.line, place.file.as_str()), (2, "a.xml"));
    }
}
