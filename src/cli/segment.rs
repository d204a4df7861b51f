//! `overzet segment`: text into sentences, as text or as JSON Lines, one text or many.

use super::failure::{Exit, Failure};
use super::{World, output, print};
use crate::bitext::{Lang, Place, Span};
use crate::config::Settings;
use crate::segment::{self, Newlines, Options, Quotes, Splitter};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Arguments of `segment`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The text; `-` or nothing is stdin
    pub file: Option<PathBuf>,
    /// Language of the text
    #[arg(long, default_value = "nl")]
    pub lang: String,
    /// What is printed
    #[arg(long, value_enum, default_value = "text")]
    pub format: Output,
    /// Many texts in one process: JSON Lines `{"id","text"}` in, `{"id","segments"}` out
    #[arg(long)]
    pub batch: bool,
    /// Whether a single line end ends a segment
    #[arg(long, value_enum)]
    pub newlines: Option<NewlinesArg>,
    /// Whether quotations are cut into sentences
    #[arg(long, value_enum)]
    pub quotes: Option<QuotesArg>,
    /// Print every place where a sentence might have ended, with the rule that decided
    #[arg(long, conflicts_with = "batch")]
    pub explain: bool,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// One segment per line
    Text,
    /// One object per segment: start, end, text
    Jsonl,
}

/// See [`Newlines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewlinesArg {
    /// Ends a segment unless the text is wrapped there
    Auto,
    /// Ends a segment
    Hard,
    /// White space
    Soft,
}

/// See [`Quotes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QuotesArg {
    /// Sentences inside a quotation are segments
    Split,
    /// A quotation is never cut
    Keep,
}

/// The segmenter's options as the settings have them.
///
/// Errors: a language data file that cannot be read.
pub fn options(settings: &Settings) -> Result<Options, Failure> {
    let mut data = Vec::new();
    for path in settings.list("segment.data") {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("{path} cannot be read")).caused_by(&error))?;
        data.push((path.clone(), text));
    }
    Ok(Options {
        newlines: match settings.text("segment.newlines") {
            Some("hard") => Newlines::Hard,
            Some("soft") => Newlines::Soft,
            _ => Newlines::Auto,
        },
        quotes: match settings.text("segment.quotes") {
            Some("keep") => Quotes::Keep,
            _ => Quotes::Split,
        },
        data,
    })
}

impl From<segment::Error> for Failure {
    fn from(error: segment::Error) -> Self {
        let segment::Error::Data { what, place } = error;
        Self::usage(what).at(*place, "")
    }
}

#[derive(Serialize)]
struct Segment<'t> {
    start: usize,
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'t str>,
}

#[derive(Deserialize)]
struct Question {
    id: serde_json::Value,
    text: String,
}

#[derive(Serialize)]
struct Answer<'t> {
    id: serde_json::Value,
    segments: Vec<Segment<'t>>,
}

/// Cuts the text and prints its segments.
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    let mut options = options(&world.settings)?;
    if let Some(newlines) = args.newlines {
        options.newlines = match newlines {
            NewlinesArg::Auto => Newlines::Auto,
            NewlinesArg::Hard => Newlines::Hard,
            NewlinesArg::Soft => Newlines::Soft,
        };
    }
    if let Some(quotes) = args.quotes {
        options.quotes = match quotes {
            QuotesArg::Split => Quotes::Split,
            QuotesArg::Keep => Quotes::Keep,
        };
    }
    let splitter = Splitter::new(&Lang::new(&args.lang), &options)?;
    let path = args.file.clone().unwrap_or_else(|| PathBuf::from("-"));
    let bytes = output::read(&path)?;
    let name = path.display().to_string();
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!("{name} is not UTF-8: byte {at}"))
            .hint("convert it first, or give it to `overzet translate`, which reads Windows-1252")
    })?;
    if args.batch {
        return batch(&splitter, &text, &name);
    }
    // A mark at the start is no text; offsets count it.
    let skip = text.len() - text.trim_start_matches('\u{feff}').len();
    let inner = &text[skip..];
    if args.explain {
        let mut lines = String::new();
        for candidate in splitter.explain(inner) {
            let at = candidate.at + skip;
            let verdict = if candidate.cut { "cut" } else { "   " };
            let left: String = tail(&text[..at], 30);
            let right: String = text[at..].chars().take(24).map(flat).collect();
            let _ = writeln!(
                lines,
                "{at:>8} {verdict} {:<24} {left}|{right}",
                candidate.rule
            );
        }
        print::out(lines.as_bytes())?;
        return Ok(Exit::Done);
    }
    print::stream(|out| {
        for span in splitter.segments(inner) {
            let span = span.shifted(skip);
            match args.format {
                Output::Text => {
                    let line: String = span.of(&text).chars().map(flat).collect();
                    writeln!(out, "{line}")?;
                }
                Output::Jsonl => {
                    serde_json::to_writer(&mut *out, &segment_of(span, Some(&text)))
                        .map_err(std::io::Error::from)?;
                    writeln!(out)?;
                }
            }
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

fn flat(c: char) -> char {
    if matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') {
        ' '
    } else {
        c
    }
}

/// The last characters of a text, in order.
fn tail(text: &str, count: usize) -> String {
    let start = text
        .char_indices()
        .rev()
        .nth(count.saturating_sub(1))
        .map_or(0, |(at, _)| at);
    text[start..].chars().map(flat).collect()
}

fn segment_of(span: Span, text: Option<&str>) -> Segment<'_> {
    Segment {
        start: span.start,
        end: span.end,
        text: text.map(|text| span.of(text)),
    }
}

fn batch(splitter: &Splitter, input: &str, name: &str) -> Result<Exit, Failure> {
    print::stream(|out| {
        let mut at = 0;
        for line in input.split_inclusive('\n') {
            if !line.trim().is_empty() {
                let question: Question = serde_json::from_str(line).map_err(|error| {
                    Failure::input("this line is no `{\"id\",\"text\"}`")
                        .at(Place::at(name, input, at, 1), error.to_string())
                })?;
                let answer = Answer {
                    id: question.id,
                    segments: splitter
                        .segments(&question.text)
                        .into_iter()
                        .map(|span| segment_of(span, None))
                        .collect(),
                };
                serde_json::to_writer(&mut *out, &answer).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
            at += line.len();
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}
