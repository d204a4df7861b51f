//! `overzet segment`: text into sentences, as text or as JSON Lines, one text or many.

use super::failure::{Exit, Failure};
use super::session::Session;
use super::{json_lines, print};
use crate::bitext::{Lang, Span};
use crate::format;
use crate::segment::{CutCandidate, Newlines, QuotationPolicy, SplitOptions, Splitter, srx};
use crate::workflow::segment::{export_srx, options, srx_rules};
use crate::workflow::{Error, Host, NoticeLevel, files};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `segment`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The text; `-` or nothing is stdin. With --export-srx: where the rules go
    pub file: Option<PathBuf>,
    /// Language of the text
    #[arg(long, default_value = "nl")]
    pub lang: String,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: SegmentFormat,
    /// Batch mode: JSON Lines `{"id","text"}` in, `{"id","segments"}` out
    #[arg(long)]
    pub batch: bool,
    /// Whether a single line end ends a segment
    #[arg(long, value_enum)]
    pub newlines: Option<NewlinesArg>,
    /// Whether quotations are cut into sentences
    #[arg(long, value_enum)]
    pub quotes: Option<QuotesArg>,
    /// Use the rules of this SRX file instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub srx: Option<PathBuf>,
    /// Apply the exceptions of this SRX file before the built-in rules
    #[arg(long, value_name = "FILE", conflicts_with = "srx")]
    pub srx_add: Option<PathBuf>,
    /// Language code in the SRX file, if it differs from --lang
    #[arg(long, value_name = "CODE")]
    pub srx_lang: Option<String>,
    /// Skip unsupported patterns of the SRX file and report them
    #[arg(long)]
    pub srx_lenient: bool,
    /// Write the built-in rules as SRX 2.0 and exit
    #[arg(long, conflicts_with_all = ["batch", "explain", "srx", "srx_add"])]
    pub export_srx: bool,
    /// Print every candidate boundary with the rule that decided
    #[arg(long, conflicts_with = "batch")]
    pub explain: bool,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SegmentFormat {
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

/// See [`QuotationPolicy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QuotesArg {
    /// Sentences inside a quotation are segments
    Split,
    /// A quotation is never cut
    Keep,
}

#[derive(Serialize)]
struct SegmentRow<'t> {
    start: usize,
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'t str>,
}

#[derive(Deserialize)]
struct SegmentItem {
    id: serde_json::Value,
    text: String,
}

#[derive(Serialize)]
struct SegmentAnswer<'t> {
    id: serde_json::Value,
    segments: Vec<SegmentRow<'t>>,
}

/// Cuts the text and prints its segments.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let mut options = options(&session.setup.settings)?;
    if let Some(newlines) = args.newlines {
        options.newlines = match newlines {
            NewlinesArg::Auto => Newlines::Auto,
            NewlinesArg::Hard => Newlines::Hard,
            NewlinesArg::Soft => Newlines::Soft,
        };
    }
    if let Some(quotes) = args.quotes {
        options.quotes = match quotes {
            QuotesArg::Split => QuotationPolicy::Split,
            QuotesArg::Keep => QuotationPolicy::Keep,
        };
    }
    let lang = Lang::new(&args.lang);
    if args.export_srx {
        return export(args, &lang, &options);
    }
    options.srx = rules(args, args.srx.as_deref(), session)?;
    options.srx_add = rules(args, args.srx_add.as_deref(), session)?;
    if options.srx.is_none() && !["nl", "en"].contains(&&*lang.base()) {
        let line = format!("no rules for `{lang}`: cut by the general rules of Unicode");
        session.notify(NoticeLevel::Warning, &line);
    }
    let splitter = Splitter::new(&lang, &options).map_err(Error::from)?;
    let path = args.file.clone().unwrap_or_else(|| PathBuf::from("-"));
    let name = path.display().to_string();
    let bytes = files::read(&path)?;
    // What no reader takes for text is refused as `translate` refuses it.
    format::decode(&bytes).map_err(Error::from)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!("{name} is not UTF-8: byte {at}"))
            .hint("convert it first, or give it to `overzet translate`, which reads Windows-1252")
    })?;
    if args.batch {
        batch(&splitter, &text, &name)
    } else if args.explain {
        explain(&splitter, &text)
    } else {
        segments(&splitter, &text, args.format)
    }
}

/// The rules of an SRX file for the language asked for; what is passed over is reported.
fn rules(
    args: &Args,
    path: Option<&Path>,
    session: &Session,
) -> Result<Option<Arc<srx::SrxRules>>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let code = args.srx_lang.as_deref().unwrap_or(&args.lang);
    let rules = srx_rules(path, code, args.srx_lenient)?;
    for passed in &rules.passed {
        session.say(&format!("note: {}: {}", passed.place, passed.what));
    }
    Ok(Some(Arc::new(rules)))
}

/// Writes the built-in rules to stdout, or to a file that does not exist yet.
fn export(args: &Args, lang: &Lang, options: &SplitOptions) -> Result<Exit, Failure> {
    let text = export_srx(lang, options)?;
    match &args.file {
        Some(path) if path != Path::new("-") => std::fs::File::create_new(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|source| Error::Unwritable {
                path: path.clone(),
                source,
            })?,
        _ => print::out(text.as_bytes())?,
    }
    Ok(Exit::Done)
}

fn segments(splitter: &Splitter, text: &str, format: SegmentFormat) -> Result<Exit, Failure> {
    print::stream(|out| {
        let mut result = Ok(());
        splitter.each_segment(text, &mut |span| {
            if result.is_ok() {
                result = match format {
                    SegmentFormat::Text => line(out, span.of(text)),
                    SegmentFormat::Jsonl => json_lines::write(out, &segment_of(span, Some(text))),
                };
            }
        });
        Ok(result?)
    })?;
    Ok(Exit::Done)
}

/// A segment on a line; a line end inside it is shown as a space.
fn line(out: &mut dyn Write, text: &str) -> io::Result<()> {
    if text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        let flat: String = text.replace("\r\n", " ").chars().map(flat).collect();
        out.write_all(flat.as_bytes())?;
    } else {
        out.write_all(text.as_bytes())?;
    }
    out.write_all(b"\n")
}

fn explain(splitter: &Splitter, text: &str) -> Result<Exit, Failure> {
    let candidates = splitter.explain(text);
    print::stream(|out| {
        for CutCandidate { at, cut, rule, .. } in candidates {
            let verdict = if cut { "cut" } else { "   " };
            let left = tail(&text[..at], 30);
            let right: String = text[at..].chars().take(24).map(flat).collect();
            writeln!(out, "{at:>8} {verdict} {:<22} {left}|{right}", rule.name())?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

fn flat(c: char) -> char {
    if matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') {
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

fn segment_of(span: Span, text: Option<&str>) -> SegmentRow<'_> {
    SegmentRow {
        start: span.start,
        end: span.end,
        text: text.map(|text| span.of(text)),
    }
}

fn batch(splitter: &Splitter, input: &str, name: &str) -> Result<Exit, Failure> {
    print::stream(|out| {
        for item in json_lines::objects(name, input, r#"{"id","text"}"#) {
            let (_, SegmentItem { id, text }) = item?;
            let segments = splitter.segments(&text).into_iter();
            let segments = segments.map(|span| segment_of(span, None)).collect();
            json_lines::write(out, &SegmentAnswer { id, segments })?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_inside_a_segment_is_shown_as_one_space() {
        let mut out = Vec::new();
        line(&mut out, "De boot\r\nwas\nweg.").expect("a vector takes everything");
        assert_eq!(out, b"De boot was weg.\n");
    }

    #[test]
    fn the_tail_of_a_text_is_counted_in_characters() {
        assert_eq!(tail("één\ntwee", 6), "n twee");
        assert_eq!(tail("kort", 30), "kort");
    }
}
