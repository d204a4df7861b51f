//! Subtitles: SRT and WebVTT. A sentence that runs over several cues is one text; the English is
//! cut into the same cues again. Times and settings stay as they are.

mod breaks;
mod cues;
#[cfg(test)]
mod tests;

use super::contract::{Format, Found, Reading, RenderPlace};
use crate::bitext::{Block, Code, CodeKind, Lang, Notation, Notice, OffsetMap, Role, Span, Text};
use breaks::{CueRoom, SPEED};
use cues::SubtitleCue;
pub use cues::SubtitleDialect;

/// The most cues of one text: without punctuation a file would be one sentence.
const MOST_CUES: usize = 8;
/// The longest pause inside a sentence, in milliseconds.
const LONGEST_PAUSE: u64 = 1_000;

impl Format for SubtitleDialect {
    fn name(&self) -> &'static str {
        match self {
            Self::Srt => "srt",
            Self::Vtt => "vtt",
        }
    }

    fn extensions(&self) -> &'static [&'static str] {
        match self {
            Self::Srt => &["srt"],
            Self::Vtt => &["vtt"],
        }
    }

    fn find(&self, source: &str, lang: &Lang) -> Reading {
        find(source, lang, *self)
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        SubtitleWriter::default().line(text, *self, out)
    }

    fn render_at(
        &self,
        place: RenderPlace<'_>,
        _: &Block,
        text: &Text,
        out: &mut String,
    ) -> OffsetMap {
        render(place.source, text, *self, out)
    }

    fn judge(&self, source: &str, written: &str) -> Option<Notice> {
        too_fast(source, written, *self)
    }
}

fn find(source: &str, lang: &Lang, dialect: SubtitleDialect) -> Reading {
    let cues = cues::read(source, dialect);
    let mut reading = Reading::default();
    let mut next = 0;
    while next < cues.len() {
        let own = &cues[next];
        if speakers(source, own) {
            for line in own.body_lines() {
                let text = line.of(source);
                let start =
                    line.start + text.len() - text.trim_start_matches(is_dash_or_space).len();
                let lines = [Span::new(start, line.end)];
                let found = found(source, &[&lines], Span::new(start, line.end), dialect);
                reading.found.extend(found);
            }
            next += 1;
            continue;
        }
        let mut end = next + 1;
        while end < cues.len()
            && end - next < MOST_CUES
            && goes_on(source, &cues[end - 1], &cues[end])
        {
            end += 1;
        }
        let group = &cues[next..end];
        next = end;
        let lines: Vec<Vec<Span>> = group.iter().map(|cue| cue.body_lines().collect()).collect();
        let parts: Vec<&[Span]> = lines.iter().map(|lines| &**lines).collect();
        let last = &group[group.len() - 1];
        let span = Span::new(group[0].begin, last.body.end);
        reading.found.extend(found(source, &parts, span, dialect));
    }
    if dialect == SubtitleDialect::Vtt {
        reading.languages.extend(header_language(source, lang));
    }
    for found in &reading.found {
        let codes = found.inlays.iter().map(|(_, span, _)| *span);
        for span in codes {
            reading.languages.extend(tag_language(source, span, lang));
        }
    }
    let fast = cues
        .iter()
        .filter(|cue| is_too_fast(source, cue, dialect))
        .count();
    if fast > 0 {
        reading.notices.push(Notice {
            message: format!(
                "{fast} cues of the file are read faster than {SPEED} characters a second; their times stay"
            ),
            span: None,
        });
    }
    reading
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‐')
}

fn is_dash_or_space(c: char) -> bool {
    is_dash(c) || c.is_whitespace()
}

/// Whether the lines of a cue are of several speakers: each begins with a dash.
fn speakers(source: &str, cue: &SubtitleCue) -> bool {
    cue.body_lines().next().is_some()
        && cue
            .body_lines()
            .all(|line| line.of(source).starts_with(is_dash))
}

/// Whether a sentence goes on from one cue to the next.
fn goes_on(source: &str, one: &SubtitleCue, next: &SubtitleCue) -> bool {
    let text = one.body.of(source);
    let visible = text.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»)]".contains(c));
    let visible = match visible.rfind('<') {
        Some(at) if visible.ends_with('>') => visible[..at].trim_end(),
        _ => visible,
    };
    !one.body.is_empty()
        && !next.body.is_empty()
        && !visible.ends_with(['.', '?', '!', '…', ':'])
        && !visible.ends_with(cues::is_music)
        && next.from >= one.to
        && next.from - one.to <= LONGEST_PAUSE
        && one.settings == next.settings
        && one.prefix(source) == next.prefix(source)
        && !speakers(source, next)
        && !next.body.of(source).starts_with(['.', '…'])
}

/// Where the header of a WebVTT file names its language.
fn header_language(source: &str, lang: &Lang) -> Option<Span> {
    let head = &source[..source.find("-->").unwrap_or(source.len())];
    let at = head
        .find("\nLanguage:")
        .or_else(|| head.find("\rLanguage:"))?;
    let start = at + "\nLanguage:".len();
    let rest = &head[start..];
    let start = start + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let length = source[start..].find(|c: char| c.is_whitespace())?;
    let span = Span::new(start, start + length);
    lang.is_base_of(span.of(source)).then_some(span)
}

/// Where a tag names its language: `<lang nl>`, `<i lang="nl">`.
fn tag_language(source: &str, tag: Span, lang: &Lang) -> Option<Span> {
    let text = tag.of(source);
    let span = if let Some(value) = text.strip_prefix("<lang ") {
        let start = tag.start + "<lang ".len();
        Span::new(start, start + value.trim_end_matches('>').len())
    } else {
        super::splice::attribute_value(text, "lang")?.shifted(tag.start)
    };
    lang.is_base_of(span.of(source)).then_some(span)
}

/// The text of the lines of cues; none where nobody reads anything.
fn found(source: &str, cues: &[&[Span]], span: Span, dialect: SubtitleDialect) -> Option<Found> {
    let mut builder = CueText {
        source,
        dialect,
        text: Text::default(),
        map: OffsetMap::default(),
        open: Vec::new(),
        inlays: Vec::new(),
        next_id: 0,
        end: span.end,
    };
    for lines in cues {
        for line in *lines {
            builder.line(*line);
        }
    }
    for (_, index) in &builder.open {
        builder.text.codes[*index].kind = CodeKind::Empty;
    }
    builder.map.finish(builder.text.plain.len(), builder.end);
    let says_something = builder.text.plain.chars().any(char::is_alphanumeric);
    says_something.then_some(Found {
        span,
        role: Role::Cue,
        text: builder.text,
        map: builder.map,
        notation: Notation::Text,
        inlays: builder.inlays,
        copies: Vec::new(),
    })
}

struct CueText<'s> {
    source: &'s str,
    dialect: SubtitleDialect,
    text: Text,
    map: OffsetMap,
    /// Names of open tags with the index of their code.
    open: Vec<(String, usize)>,
    inlays: Vec<(usize, Span, Vec<Found>)>,
    next_id: u32,
    end: usize,
}

impl CueText<'_> {
    fn line(&mut self, line: Span) {
        let plain = &mut self.text.plain;
        if !plain.is_empty() && !plain.ends_with(' ') {
            self.map.point(plain.len(), line.start.saturating_sub(1));
            plain.push(' ');
        }
        let mut at = line.start;
        while at < line.end {
            let rest = &self.source[at..line.end];
            if let Some((length, name, closes)) = cues::tag(rest, self.dialect) {
                self.code(Span::new(at, at + length), name, closes);
                at += length;
                continue;
            }
            let reference = (self.dialect == SubtitleDialect::Vtt)
                .then(|| super::entities::reference(rest, false, true))
                .flatten();
            let (length, text) = match reference {
                Some(super::entities::Reference::Text(length, text)) => (length, text),
                _ => {
                    let c = rest.chars().next().unwrap_or(' ');
                    (c.len_utf8(), c.to_string())
                }
            };
            self.map.point(self.text.plain.len(), at);
            self.text.plain.push_str(&text);
            at += length;
            self.end = at;
        }
    }

    fn code(&mut self, span: Span, name: &str, closes: bool) {
        let data = span.of(self.source);
        let partner = self.open.iter().rposition(|(own, _)| closes && own == name);
        let (id, kind) = match partner {
            Some(at) => {
                let (_, index) = self.open.remove(at);
                (self.text.codes[index].id, CodeKind::Close)
            }
            None => {
                self.next_id += 1;
                let is_pair = !closes && !name.is_empty() && data.starts_with('<');
                if is_pair {
                    self.open.push((name.to_owned(), self.text.codes.len()));
                }
                let kind = if is_pair {
                    CodeKind::Open
                } else {
                    CodeKind::Empty
                };
                (self.next_id, kind)
            }
        };
        if data.contains("lang") {
            self.inlays.push((self.text.codes.len(), span, Vec::new()));
        }
        let label = if name.is_empty() { "position" } else { name };
        self.text.codes.push(Code {
            at: self.text.plain.len(),
            id,
            kind,
            data: data.to_owned(),
            label: label.to_owned(),
        });
    }
}

/// Writes a text into the cues that stand at its place.
fn render(source: &str, text: &Text, dialect: SubtitleDialect, out: &mut String) -> OffsetMap {
    let cues = cues::read(source, dialect);
    let mut writer = SubtitleWriter::default();
    if cues.is_empty() {
        return writer.line(text, dialect, out);
    }
    let newline = if source.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    // Where the Dutch was cut, as shares of its text.
    let mut lengths = Vec::with_capacity(cues.len());
    let mut total = 0;
    for cue in &cues {
        total += cue
            .body_lines()
            .map(|line| visible(line.of(source), dialect) + 1)
            .sum::<usize>();
        lengths.push(total);
    }
    let rooms: Vec<CueRoom> = std::iter::zip(&cues, &lengths)
        .map(|(cue, &length)| CueRoom {
            seconds: cue.seconds(),
            share: length as f64 / total.max(1) as f64,
        })
        .collect();
    let ranges = breaks::cues(&text.plain, &rooms);
    let base = out.len();
    let mut at = 0;
    for (index, (cue, &(from, to))) in std::iter::zip(&cues, &ranges).enumerate() {
        out.push_str(&source[at..cue.body.start]);
        writer.between(out);
        let lines = cue.body_lines().count();
        let is_last = index + 1 == cues.len();
        let range = CueRange {
            from: if index == 0 { 0 } else { from },
            to: if is_last { text.plain.len() } else { to },
            is_last,
            breaks: breaks::lines(&text.plain[from..to], lines)
                .into_iter()
                .map(|offset| from + offset)
                .collect(),
        };
        writer.cue(text, &range, newline, dialect, base, out);
        at = cue.body.end;
    }
    out.push_str(&source[at..]);
    writer.map.finish(text.plain.len(), out.len() - base);
    writer.map
}

/// The characters of a line that are read.
fn visible(text: &str, dialect: SubtitleDialect) -> usize {
    let mut count = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if let Some((length, ..)) = cues::tag(rest, dialect) {
            at += length;
            continue;
        }
        let reference = (dialect == SubtitleDialect::Vtt)
            .then(|| super::entities::reference(rest, false, true))
            .flatten();
        at += match reference {
            Some(super::entities::Reference::Text(length, _)) => length,
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
        count += 1;
    }
    count
}

/// The part of a text that goes into a cue.
struct CueRange {
    from: usize,
    to: usize,
    is_last: bool,
    /// White space that becomes a line end.
    breaks: Vec<usize>,
}

/// Writes texts with their tags, which do not reach from one cue into the next.
#[derive(Default)]
struct SubtitleWriter {
    map: OffsetMap,
    /// The codes that are written.
    codes: usize,
    /// Tags that are open.
    open: Vec<(u32, String)>,
}

impl SubtitleWriter {
    /// A text on one line.
    fn line(mut self, text: &Text, dialect: SubtitleDialect, out: &mut String) -> OffsetMap {
        let base = out.len();
        let range = CueRange {
            from: 0,
            to: text.plain.len(),
            is_last: true,
            breaks: Vec::new(),
        };
        self.cue(text, &range, "\n", dialect, base, out);
        self.map.finish(text.plain.len(), out.len() - base);
        self.map
    }

    /// Opens again what the end of the cue before has closed.
    fn between(&self, out: &mut String) {
        for (_, data) in &self.open {
            out.push_str(data);
        }
    }

    fn cue(
        &mut self,
        text: &Text,
        range: &CueRange,
        newline: &str,
        dialect: SubtitleDialect,
        base: usize,
        out: &mut String,
    ) {
        let mut previous = ' ';
        for (offset, c) in text.plain[range.from..range.to].char_indices() {
            let at = range.from + offset;
            self.codes(text, at, false, out);
            self.map.point(at, out.len() - base);
            if range.breaks.contains(&at) {
                out.push_str(newline);
            } else if c.is_whitespace() && c != '\u{a0}' {
                out.push(' ');
            } else {
                match (dialect, c) {
                    (SubtitleDialect::Vtt, '&') => out.push_str("&amp;"),
                    (SubtitleDialect::Vtt, '<') => out.push_str("&lt;"),
                    (SubtitleDialect::Vtt, '>') if previous == '-' => out.push_str("&gt;"),
                    (SubtitleDialect::Srt, '>') if previous == '-' => out.push('→'),
                    (_, c) => out.push(c),
                }
            }
            previous = c;
        }
        self.codes(text, range.to, !range.is_last, out);
        if !range.is_last {
            for (_, data) in self.open.iter().rev() {
                let name = data.trim_start_matches('<');
                let end = name.find(|c: char| !c.is_ascii_alphabetic());
                out.push_str(&format!("</{}>", &name[..end.unwrap_or(name.len())]));
            }
        }
    }

    /// Writes the codes up to a place of the text; at the end of a cue only those that close.
    fn codes(&mut self, text: &Text, at: usize, closing: bool, out: &mut String) {
        while let Some(code) = text.codes.get(self.codes) {
            let waits = closing && code.at == at && code.kind != CodeKind::Close;
            if code.at > at || waits {
                return;
            }
            self.codes += 1;
            out.push_str(&code.data);
            match code.kind {
                CodeKind::Open => self.open.push((code.id, code.data.clone())),
                CodeKind::Close => self.open.retain(|(id, _)| *id != code.id),
                CodeKind::Empty => {}
            }
        }
    }
}

/// Whether a cue has more characters than its time allows to read.
fn is_too_fast(source: &str, cue: &SubtitleCue, dialect: SubtitleDialect) -> bool {
    let lines = cue.body_lines();
    let characters: usize = lines
        .map(|line| visible(line.of(source), dialect) + 1)
        .sum();
    characters.saturating_sub(1) as f64 > SPEED * cue.seconds() && !cue.body.is_empty()
}

/// Says which cues of an edition are read too fast that were not before.
fn too_fast(source: &str, written: &str, dialect: SubtitleDialect) -> Option<Notice> {
    let before = cues::read(source, dialect);
    let after = cues::read(written, dialect);
    let mut fast = std::iter::zip(&before, &after)
        .filter(|(old, new)| {
            !is_too_fast(source, old, dialect) && is_too_fast(written, new, dialect)
        })
        .map(|(_, new)| new);
    let first = fast.next()?;
    let count = 1 + fast.count();
    let (minutes, seconds) = (first.from / 60_000, first.from / 1_000 % 60);
    Some(Notice {
        message: format!(
            "{count} cues of the edition are read faster than {SPEED} characters a second, the first at {minutes:02}:{seconds:02}: shorten them"
        ),
        span: None,
    })
}
