//! The cues of SRT and WebVTT files: their times, and where their text stands.

use crate::bitext::Span;

/// Which of the two formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubtitleDialect {
    /// SubRip.
    Srt,
    /// WebVTT (W3C).
    Vtt,
}

/// A cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubtitleCue {
    /// Where the line with the times begins.
    pub begin: usize,
    /// When it is shown, in milliseconds.
    pub from: u64,
    /// When it is gone.
    pub to: u64,
    /// Position and alignment as they are written.
    pub settings: String,
    /// The visible parts of its lines; none is empty.
    pub lines: Vec<Span>,
    /// The text without the markup that stands around all of it.
    pub body: Span,
}

impl SubtitleCue {
    /// What stands before the text in its first line: a position, a voice, a pair around it all.
    pub(super) fn prefix<'s>(&self, source: &'s str) -> &'s str {
        self.lines
            .first()
            .map_or("", |line| &source[line.start..self.body.start])
    }

    /// The lines inside the body.
    pub(super) fn body_lines(&self) -> impl Iterator<Item = Span> {
        self.lines.iter().filter_map(|line| {
            let start = line.start.max(self.body.start);
            let end = line.end.min(self.body.end);
            (start < end).then(|| Span::new(start, end))
        })
    }

    /// How long it is shown, in seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.to.saturating_sub(self.from) as f64 / 1_000.0
    }
}

/// A line with its visible part.
#[derive(Debug, Clone, Copy)]
struct SubtitleLine {
    start: usize,
    text: Span,
}

/// The lines of a file; a line end is `\n`, `\r\n` or `\r`.
fn lines(source: &str) -> Vec<SubtitleLine> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let raw = &rest[..length];
        let start = at + raw.len() - raw.trim_start().len();
        lines.push(SubtitleLine {
            start: at,
            text: Span::new(start, start + raw.trim().len()),
        });
        at += length;
        at += if source[at..].starts_with("\r\n") {
            2
        } else {
            1
        };
    }
    lines
}

/// A time: `hh:mm:ss,mmm`, the hours may lack, the separator may be a dot.
fn time(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once([',', '.'])?;
    let mut seconds = 0_u64;
    let parts: Vec<&str> = whole.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for part in parts {
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    let digits: String = fraction.chars().take(3).collect();
    let scale = 10_u64.checked_pow(3_u32.checked_sub(digits.len() as u32)?)?;
    let milliseconds = digits.parse::<u64>().ok()?.checked_mul(scale)?;
    seconds.checked_mul(1_000)?.checked_add(milliseconds)
}

/// The times and settings of a line that has them.
fn timing(text: &str) -> Option<(u64, u64, String)> {
    let (from, rest) = text.split_once("-->")?;
    let rest = rest.trim();
    let (to, settings) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((time(from.trim())?, time(to)?, settings.trim().to_owned()))
}

/// The cues of a file in order.
pub(super) fn read(source: &str, dialect: SubtitleDialect) -> Vec<SubtitleCue> {
    let lines = lines(source);
    let times: Vec<(usize, (u64, u64, String))> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| Some((index, timing(line.text.of(source))?)))
        .collect();
    let mut cues = Vec::with_capacity(times.len());
    for (position, (index, (from, to, settings))) in times.iter().enumerate() {
        let next = times
            .get(position + 1)
            .map_or(lines.len(), |(next, _)| *next);
        let mut end = next;
        if next < lines.len() && next > index + 1 {
            // The number or name of the next cue.
            let before = lines[next - 1].text.of(source);
            let is_number = !before.is_empty() && before.bytes().all(|b| b.is_ascii_digit());
            if is_number || dialect == SubtitleDialect::Vtt {
                end = next - 1;
            }
        }
        let own = lines[index + 1..end.max(index + 1)].iter();
        let text: Vec<Span> = match dialect {
            // A blank line in the middle of a cue is a slip that occurs.
            SubtitleDialect::Srt => own
                .map(|line| line.text)
                .filter(|text| !text.is_empty())
                .collect(),
            SubtitleDialect::Vtt => own
                .map(|line| line.text)
                .take_while(|text| !text.is_empty())
                .collect(),
        };
        let body = body(source, &text, dialect);
        cues.push(SubtitleCue {
            begin: lines[*index].start,
            from: *from,
            to: *to,
            settings: settings.clone(),
            lines: text,
            body,
        });
    }
    cues
}

/// A tag, or a position in braces, at the start of a text: its length, name, and whether it closes.
pub(super) fn tag(text: &str, dialect: SubtitleDialect) -> Option<(usize, &str, bool)> {
    if dialect == SubtitleDialect::Srt && text.starts_with("{\\") {
        return Some((text.find('}')? + 1, "", false));
    }
    let inner = text.strip_prefix('<')?;
    let end = inner.find('>')?;
    let inner = &inner[..end];
    if inner.contains('<') {
        return None;
    }
    let (inner, closes) = match inner.strip_prefix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let name = inner
        .find(|c: char| !c.is_ascii_alphabetic())
        .map_or(inner, |end| &inner[..end]);
    let is_known = match dialect {
        SubtitleDialect::Srt => ["i", "b", "u", "s", "font"]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(name)),
        SubtitleDialect::Vtt => {
            !name.is_empty() || inner.starts_with(|c: char| c.is_ascii_digit()) || inner.is_empty()
        }
    };
    is_known.then_some((end + 2, name, closes))
}

/// What of the lines of a cue is text: without positions, voices, notes of music, and pairs that
/// stand around all of it.
fn body(source: &str, lines: &[Span], dialect: SubtitleDialect) -> Span {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return Span::default();
    };
    let mut body = Span::new(first.start, last.end);
    loop {
        let text = body.of(source);
        let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || is_music(c));
        if trimmed.len() < text.len() {
            body.start += text.len() - trimmed.len();
            continue;
        }
        let trimmed = text.trim_end_matches(|c: char| c.is_whitespace() || is_music(c));
        if trimmed.len() < text.len() {
            body.end = body.start + trimmed.len();
            continue;
        }
        let Some((length, name, false)) = tag(text, dialect) else {
            return body;
        };
        let is_lone = name.is_empty() && text.starts_with('{');
        let close = format!("</{name}>");
        let rest = &text[length..];
        if is_lone {
            body.start += length;
        } else if rest.ends_with(&close)
            && !rest[..rest.len() - close.len()].contains(&close)
            && !rest.contains(&format!("<{name}"))
        {
            body.start += length;
            body.end -= close.len();
        } else if name == "v" && !rest.contains("</v>") && !rest.contains("<v") {
            body.start += length;
        } else {
            return body;
        }
    }
}

/// A sign that music plays.
pub(super) fn is_music(c: char) -> bool {
    matches!(c, '♪' | '♫')
}
