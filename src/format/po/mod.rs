//! PO and POT, the files of gettext: the Dutch `msgid`s are the texts, and the English is written
//! to the `msgstr`s that are empty or fuzzy. Every other byte stays.
//!
//! Source: GNU gettext manual, *The Format of PO Files*, *Plural forms*, *Filling in the Header*.

mod entries;
#[cfg(test)]
mod tests;

use super::contract::{BilingualFormat, Filling, Format, Found, Reading};
use super::error::Error;
use super::splice::Splices;
use crate::bitext::{
    Block, Code, CodeKind, Lang, LangPair, Notation, Notice, OffsetMap, Role, Span, Text,
};
use crate::language::Language;
use crate::language::function_words::is_function_word;
use crate::language::literals::{LiteralKind, literals};
use entries::{PoEntry, PoString};

/// The width of gettext's lines, in characters, the quotation marks included.
const WIDTH: usize = 79;

/// Catalogues of gettext.
pub struct Po;

impl Format for Po {
    fn name(&self) -> &'static str {
        "po"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["po", "pot"]
    }

    fn find(&self, _source: &str, _lang: &Lang) -> Reading {
        Reading::default()
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        let written = escaped(&raw(text));
        out.push_str(&written);
        OffsetMap::linear(0, written.len())
    }

    fn bilingual(&self) -> Option<&dyn BilingualFormat> {
        Some(self)
    }
}

impl BilingualFormat for Po {
    fn open(&self, source: &str, pair: &LangPair) -> Result<Reading, Error> {
        let entries = entries::read(source)?;
        let header = header(&entries);
        refuse_other_languages(&entries, &header, pair)?;
        let mut reading = Reading::default();
        let mut done = 0;
        for entry in entries.iter().filter(|entry| !entry.is_header()) {
            if !is_open(entry, source) {
                done += 1;
                continue;
            }
            refuse_plurals(entry, &header)?;
            reading.found.extend(strings(entry).map(found));
        }
        if done > 0 {
            let what = if done == 1 {
                "entry stays"
            } else {
                "entries stay"
            };
            let message = format!("{done} {what} as translated or without words");
            reading.notices.push(Notice {
                message,
                span: None,
            });
        }
        Ok(reading)
    }

    fn fill(
        &self,
        source: &str,
        pair: &LangPair,
        fillings: &[Option<Filling>],
    ) -> Result<String, Error> {
        let entries = entries::read(source)?;
        let wraps = entries.iter().any(|entry| {
            let own = strings(entry).chain(&entry.translations);
            own.into_iter().any(|string| string.is_wrapped)
        });
        let line_end = if source.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let mut splices = Splices::default();
        let mut fillings = fillings.iter();
        let open = entries
            .iter()
            .filter(|entry| !entry.is_header() && is_open(entry, source));
        for entry in open {
            let own: Vec<Option<&Filling>> = fillings
                .by_ref()
                .take(strings(entry).count())
                .map(Option::as_ref)
                .collect();
            // The forms of a plural go together.
            let Some(own) = own.into_iter().collect::<Option<Vec<&Filling>>>() else {
                continue;
            };
            let wraps = wraps && !entry.has_flag(source, "no-wrap");
            for ((string, filling), place) in strings(entry).zip(&own).zip(&entry.translations) {
                let text = with_edges(&string.value, &raw(&filling.text));
                let keyword = keyword_length(source, place.span.start);
                let lines = quoted(&text, keyword, wraps);
                splices.replace(place.span, lines.join(line_end));
            }
            let is_fuzzy = own.iter().any(|filling| filling.needs_review);
            set_fuzzy(entry, source, is_fuzzy, line_end, &mut splices);
        }
        name_language(&entries, source, pair, &mut splices);
        Ok(splices.apply(source))
    }
}

/// The texts of an entry: the one, or those of one thing and of several.
fn strings(entry: &PoEntry) -> impl Iterator<Item = &PoString> {
    std::iter::once(&entry.id).chain(&entry.plural)
}

/// Whether an entry has words and no translation that a person stands for.
fn is_open(entry: &PoEntry, source: &str) -> bool {
    let has_words = strings(entry).all(|own| own.value.chars().any(char::is_alphanumeric));
    let is_empty = entry.translations.iter().all(|own| own.value.is_empty());
    has_words
        && entry.translations.len() >= strings(entry).count()
        && (is_empty || entry.has_flag(source, "fuzzy"))
}

/// The fields of the header: names in lower case, and values.
fn header(entries: &[PoEntry]) -> Vec<(String, String)> {
    let header = entries.iter().find(|entry| entry.is_header());
    let text = header.and_then(|entry| entry.translations.first());
    text.map_or("", |text| &text.value)
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

fn field<'h>(header: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = header.iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value.as_str())
}

/// Refuses a catalogue whose texts are in the language of the edition: there is nothing to
/// translate, its translations go the other way.
fn refuse_other_languages(
    entries: &[PoEntry],
    header: &[(String, String)],
    pair: &LangPair,
) -> Result<(), Error> {
    let (source, target) = (&pair.source, &pair.target);
    let is = |wanted: &Lang, name: &str| {
        field(header, name).is_some_and(|tag| wanted.likeness(tag).is_some())
    };
    let is_other = if field(header, "x-source-language").is_some_and(|tag| !tag.is_empty()) {
        !is(source, "x-source-language")
    } else {
        is(source, "language") || reads_as_english(entries)
    };
    if is_other {
        return Err(Error::Refused {
            what: format!("the `msgid`s of this catalogue are not in {source}"),
            advice: format!(
                "overzet translates `msgid`s from {source} to {target}; a catalogue with \
                 translations into {source} is a memory: convert it with `po2tmx` for \
                 `overzet tm import`, or set the field X-Source-Language of its header"
            ),
        });
    }
    Ok(())
}

/// Whether more function words of English than of Dutch stand in the texts.
fn reads_as_english(entries: &[PoEntry]) -> bool {
    let (mut dutch, mut english) = (0, 0);
    for string in entries.iter().flat_map(strings) {
        for word in string.value.split(|c: char| !c.is_alphabetic()) {
            let word = word.to_lowercase();
            if word.is_empty() {
                continue;
            }
            let (is_dutch, is_english) = (
                is_function_word(&word, Language::Dutch),
                is_function_word(&word, Language::English),
            );
            // `in` and `over` are words of both.
            dutch += usize::from(is_dutch && !is_english);
            english += usize::from(is_english && !is_dutch);
        }
    }
    english > 2 * dutch && english > 1
}

/// English has two forms, and the catalogue must say so: with others, the forms that are written
/// would be used for the wrong numbers.
fn refuse_plurals(entry: &PoEntry, header: &[(String, String)]) -> Result<(), Error> {
    let forms = field(header, "plural-forms").unwrap_or_default();
    let count = forms.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        (name.trim() == "nplurals").then(|| value.trim().to_owned())
    });
    let is_template = count.as_deref().is_none_or(|count| count == "INTEGER");
    if entry.plural.is_none() || is_template || count.as_deref() == Some("2") {
        return Ok(());
    }
    Err(Error::Refused {
        what: format!("the header has other plural forms than English: `{forms}`"),
        advice: "write `Plural-Forms: nplurals=2; plural=(n != 1);` into the header".into(),
    })
}

/// A string as a text: placeholders and tags are codes, line ends at both ends stay outside.
fn found(string: &PoString) -> Found {
    let value = &string.value;
    let start = value.len() - value.trim_start_matches('\n').len();
    let end = value.trim_end_matches('\n').len().max(start);
    let mut text = Text::default();
    let mut map = OffsetMap::default();
    let mut open: Vec<(u32, &str)> = Vec::new();
    let mut id = 0;
    let mut literals = literals(value)
        .into_iter()
        .filter(|own| matches!(own.kind, LiteralKind::Placeholder | LiteralKind::Tag))
        .peekable();
    let mut at = start;
    while at < end {
        if let Some(literal) = literals.next_if(|own| own.span.start <= at) {
            if literal.span.start == at && literal.span.end <= end {
                let data = literal.span.of(value);
                let (number, kind) = numbered(literal.kind, data, &mut open, &mut id);
                push_code(&mut text, number, kind, data, "");
                at = literal.span.end;
            }
            continue;
        }
        let Some(c) = value[at..].chars().next() else {
            break;
        };
        if c == '\n' {
            id += 1;
            push_code(&mut text, id, CodeKind::Empty, "\n", "br");
            let is_apart = text.plain.ends_with(char::is_whitespace)
                || value[at + 1..end].starts_with(char::is_whitespace);
            if !is_apart {
                text.plain.push(' ');
            }
        } else {
            let index = string.places.partition_point(|&(plain, _)| plain < at);
            if let Some(&(_, place)) = string.places.get(index) {
                map.point(text.plain.len(), place);
            }
            text.plain.push(c);
        }
        at += c.len_utf8();
    }
    map.finish(text.plain.len(), string.span.end - 1);
    Found {
        span: string.span,
        role: Role::Paragraph,
        text,
        map,
        notation: Notation::Text,
        ..Found::default()
    }
}

fn push_code(text: &mut Text, id: u32, kind: CodeKind, data: &str, label: &str) {
    let mut code = Code::new(text.plain.len(), id, kind, data);
    label.clone_into(&mut code.label);
    text.codes.push(code);
}

/// The number and kind of a literal as a code: a closing tag has the number of its opening one.
fn numbered<'v>(
    kind: LiteralKind,
    data: &'v str,
    open: &mut Vec<(u32, &'v str)>,
    last: &mut u32,
) -> (u32, CodeKind) {
    let name = data.trim_matches(['<', '/', '>']);
    let name = name.split(char::is_whitespace).next().unwrap_or(name);
    if kind == LiteralKind::Tag && data.starts_with("</") {
        if let Some(index) = open.iter().rposition(|(_, own)| *own == name) {
            return (open.remove(index).0, CodeKind::Close);
        }
        *last += 1;
        return (*last, CodeKind::Empty);
    }
    *last += 1;
    let is_void = matches!(name, "br" | "hr" | "img" | "wbr" | "input");
    if kind == LiteralKind::Tag && !data.ends_with("/>") && !is_void {
        open.push((*last, name));
        return (*last, CodeKind::Open);
    }
    (*last, CodeKind::Empty)
}

/// A text with the markup of its codes; the space that a line end stands for is left out.
fn raw(text: &Text) -> String {
    let mut out = String::new();
    let mut at = 0;
    for code in &text.codes {
        out.push_str(&text.plain[at..code.at]);
        at = code.at;
        out.push_str(&code.data);
        if code.data == "\n" && text.plain[at..].starts_with(' ') {
            at += 1;
        }
    }
    out.push_str(&text.plain[at..]);
    out
}

/// The translation with the line ends of its source at both ends.
fn with_edges(source: &str, text: &str) -> String {
    let inner = source.trim_start_matches('\n');
    let before = source.len() - inner.len();
    let after = inner.len() - inner.trim_end_matches('\n').len();
    let text = text.trim_matches('\n');
    "\n".repeat(before) + text + &"\n".repeat(after)
}

/// A text with the escapes of a string.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c => out.push(c),
        }
    }
    out
}

/// How many characters stand before a string on its line.
fn keyword_length(source: &str, at: usize) -> usize {
    let line = source[..at].rfind('\n').map_or(0, |end| end + 1);
    source[line..at].chars().count()
}

/// The lines of a string as gettext writes them: one if it fits, else an empty one and then the
/// text, cut behind line ends and, where the file `wraps`, between words.
fn quoted(text: &str, keyword: usize, wraps: bool) -> Vec<String> {
    let whole = escaped(text);
    let has_lines = text.trim_end_matches('\n').contains('\n');
    let fits = keyword + whole.chars().count() + 2 <= WIDTH;
    if !has_lines && (fits || !wraps) {
        return vec![format!("\"{whole}\"")];
    }
    let mut lines = vec!["\"\"".to_owned()];
    for part in text.split_inclusive('\n') {
        let mut line = String::new();
        for word in part.split_inclusive(' ') {
            let word = escaped(word);
            if wraps && !line.is_empty() && line.chars().count() + word.chars().count() + 2 > WIDTH
            {
                lines.push(format!("\"{line}\""));
                line.clear();
            }
            line.push_str(&word);
        }
        lines.push(format!("\"{line}\""));
    }
    lines
}

/// Sets or takes away the flag `fuzzy`, which says that a person must look; what the entry said
/// before goes with it.
fn set_fuzzy(entry: &PoEntry, source: &str, is_fuzzy: bool, line_end: &str, splices: &mut Splices) {
    for &line in &entry.previous {
        splices.replace(line, String::new());
    }
    if entry.has_flag(source, "fuzzy") == is_fuzzy {
        return;
    }
    let mut flags: Vec<&str> = entry
        .flags(source)
        .filter(|flag| *flag != "fuzzy")
        .collect();
    if is_fuzzy {
        flags.insert(0, "fuzzy");
    }
    let line = format!("#, {}", flags.join(", "));
    match entry.flags {
        Some(span) if flags.is_empty() => {
            let end = source[span.end..]
                .find('\n')
                .map_or(source.len(), |at| span.end + at + 1);
            splices.replace(Span::new(span.start, end), String::new());
        }
        Some(span) => splices.replace(span, line),
        None => {
            let start = entry
                .previous
                .first()
                .map_or(entry.start, |line| line.start);
            splices.replace(Span::new(start, start), line + line_end);
        }
    }
}

/// Writes the language of the translations into the header where it stands empty, and the plural
/// forms of English where a template leaves them open.
fn name_language(entries: &[PoEntry], source: &str, pair: &LangPair, splices: &mut Splices) {
    let header = entries.iter().find(|entry| entry.is_header());
    let Some(text) = header.and_then(|entry| entry.translations.first()) else {
        return;
    };
    let mut replace = |name: &str, is_open: &dyn Fn(&str) -> bool, with: String| {
        for (start, line) in lines(&text.value) {
            let Some((own, value)) = line.split_once(':') else {
                continue;
            };
            if !own.eq_ignore_ascii_case(name) || !is_open(value.trim()) {
                continue;
            }
            let place = |plain: usize| {
                let index = text.places.partition_point(|&(own, _)| own < plain);
                text.places.get(index).map(|&(_, place)| place)
            };
            let (Some(from), Some(to)) = (place(start + own.len() + 1), place(start + line.len()))
            else {
                continue;
            };
            // The value is on one line of the file.
            if !source[from..to].contains('\n') {
                splices.replace(Span::new(from, to), format!(" {with}"));
            }
        }
    };
    let tag = pair.target.tag().replace('-', "_");
    replace("language", &str::is_empty, tag);
    let forms = "nplurals=2; plural=(n != 1);".to_owned();
    replace("plural-forms", &|value| value.contains("INTEGER"), forms);
}

/// The lines of a text with their offsets.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches('\n'))
    })
}
