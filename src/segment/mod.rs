//! Text into sentences, without losing a byte.
//!
//! [`Splitter::segments`] cuts running text, lines and paragraphs first; [`split`] cuts the blocks
//! of a document into units. Segments and the gaps between them, put together, are the text: no
//! string is rebuilt, there are only byte ranges. Rules are code that no language owns ([`RULES`]);
//! what a language knows is data in `data/segment/`. A translator's own rules come as SRX.
//!
//! `Drs. J. de Wit sprak om 10.30 uur. "Dat klopt", zei hij.` → `Drs. J. de Wit sprak om 10.30
//! uur.` · `"Dat klopt", zei hij.`

mod data;
mod decide;
mod error;
mod options;
mod rules;
mod scan;
pub mod srx;
mod word_lists;

pub use error::Error;
pub use options::{Newlines, QuotationPolicy, SplitOptions};
pub use rules::{RULES, Rule, RuleDoc};
pub use scan::CutCandidate;
pub use word_lists::word_lists;

use crate::bitext::{Document, Lang, Role, Span, State, Unit};
use crate::language::lines;
use crate::language::marks::{self, is_closer, is_gap, is_terminator};
use data::LanguageTables;

use std::sync::Arc;

/// What cuts a run of text.
#[derive(Debug, Clone)]
enum SplitMethod {
    /// The rules, with a language's tables.
    Rules(Arc<LanguageTables>),
    /// A translator's rules.
    Srx(Arc<srx::SrxRules>),
    /// UAX #29, for a language without data.
    Unicode,
}

/// Cuts the text of one language. Cheap to build and to clone: the tables are read once.
///
/// ```
/// use overzet::bitext::Lang;
/// use overzet::segment::{SplitOptions, Splitter};
///
/// let splitter = Splitter::new(&Lang::new("nl"), &SplitOptions::default())?;
/// let text = "Prof. dr. De Vries sprak om 10.30 uur. Daarna was het stil.";
/// let sentences: Vec<&str> = splitter.segments(text).iter().map(|s| s.of(text)).collect();
/// assert_eq!(
///     sentences,
///     ["Prof. dr. De Vries sprak om 10.30 uur.", "Daarna was het stil."]
/// );
/// # Ok::<(), overzet::segment::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Splitter {
    how: SplitMethod,
    newlines: Newlines,
    keep_quotes: bool,
    exceptions: Option<Arc<srx::SrxRules>>,
}

impl Splitter {
    /// Builds a splitter from the tables that are compiled in and the user's files.
    ///
    /// Errors: [`Error::Data`] for a user's file that is wrong.
    pub fn new(lang: &Lang, options: &SplitOptions) -> Result<Self, Error> {
        let tables = LanguageTables::of(&lang.base(), &options.data)?;
        Ok(Self {
            how: match (&options.srx, tables) {
                (Some(rules), _) => SplitMethod::Srx(Arc::clone(rules)),
                (None, Some(tables)) => SplitMethod::Rules(tables),
                (None, None) => SplitMethod::Unicode,
            },
            newlines: options.newlines,
            keep_quotes: options.quotes == QuotationPolicy::Keep,
            exceptions: options.srx_add.clone(),
        })
    }

    /// What a single line end means to it.
    pub const fn newlines(&self) -> Newlines {
        self.newlines
    }

    /// Cuts running text: lines and paragraphs, then sentences.
    ///
    /// Shape: the ranges ascend, do not overlap, lie on character boundaries, begin and end with a
    /// visible character, and leave only gaps: white space, zero-width characters, a list marker at
    /// the start of a line. Empty text has no segment. Time is linear in the length.
    pub fn segments(&self, text: &str) -> Vec<Span> {
        let mut out = Vec::new();
        self.each_segment(text, &mut |span| out.push(span));
        out
    }

    /// The same, one at a time.
    pub fn each_segment(&self, text: &str, each: &mut impl FnMut(Span)) {
        self.each_run(text, self.newlines, true, &mut |run| {
            let mut start = run.start;
            self.candidates(text, run, &mut |candidate| {
                if candidate.cut {
                    each(Span::new(start, candidate.at));
                    start = candidate.next;
                }
            });
            if start < run.end {
                each(Span::new(start, run.end));
            }
        });
    }

    /// Every place where a sentence might have ended inside a line or paragraph, with the rule that
    /// decided.
    pub fn explain(&self, text: &str) -> Vec<CutCandidate> {
        let mut all = Vec::new();
        self.each_run(text, self.newlines, true, &mut |run| {
            self.candidates(text, run, &mut |candidate| all.push(candidate));
        });
        all
    }

    /// Cuts the text of one block, in which line ends are white space unless the policy says that
    /// they are hard.
    ///
    /// A headline, a byline, a dateline, a heading, a cell and furniture are one segment, unless
    /// they end like a sentence and hold several. Shape: as [`Splitter::segments`].
    pub fn block(&self, text: &str, role: Role) -> Vec<Span> {
        let newlines = match self.newlines {
            Newlines::Hard => Newlines::Hard,
            Newlines::Auto | Newlines::Soft => Newlines::Soft,
        };
        let whole = match role {
            Role::Byline | Role::Dateline => true,
            Role::Headline | Role::Heading | Role::Cell | Role::Furniture => !text
                .trim_end_matches(|c| is_gap(c) || is_closer(c))
                .ends_with(is_terminator),
            Role::Paragraph
            | Role::Quote
            | Role::ListItem
            | Role::Caption
            | Role::Note
            | Role::Cue
            | Role::Meta => false,
        };
        let mut out = Vec::new();
        self.each_run(text, newlines, false, &mut |run| {
            let mut start = run.start;
            if !whole {
                self.candidates(text, run, &mut |candidate| {
                    if candidate.cut {
                        out.push(Span::new(start, candidate.at));
                        start = candidate.next;
                    }
                });
            }
            if start < run.end {
                out.push(Span::new(start, run.end));
            }
        });
        out
    }

    /// Hands out what is cut on its own. SRX rules decide about line ends themselves.
    fn each_run(&self, text: &str, newlines: Newlines, markers: bool, each: &mut impl FnMut(Span)) {
        if matches!(self.how, SplitMethod::Srx(_)) && newlines != Newlines::Hard {
            let whole = lines::trimmed(text, Span::new(0, text.len()));
            if !whole.is_empty() {
                each(whole);
            }
        } else {
            lines::runs(text, newlines, markers, &mut |run| each(run.span));
        }
    }

    fn candidates(&self, text: &str, run: Span, each: &mut impl FnMut(CutCandidate)) {
        match &self.how {
            SplitMethod::Rules(tables) => match &self.exceptions {
                None => scan::scan(text, run, tables, self.keep_quotes, each),
                Some(rules) => {
                    scan::scan(text, run, tables, self.keep_quotes, &mut |mut candidate| {
                        if candidate.cut && rules.forbids(text, run, candidate.at, candidate.next) {
                            candidate.cut = false;
                            candidate.rule = Rule::Exception;
                        }
                        each(candidate);
                    });
                }
            },
            SplitMethod::Srx(rules) => {
                let mut cutter = PositionCutter::new(text, run, Rule::Srx);
                rules.breaks(text, run, &mut |at| cutter.cut(at, each));
            }
            SplitMethod::Unicode => {
                use unicode_segmentation::UnicodeSegmentation;
                let mut cutter = PositionCutter::new(text, run, Rule::Unicode);
                for (at, _) in run.of(text).split_sentence_bound_indices().skip(1) {
                    cutter.cut(run.start + at, each);
                }
            }
        }
    }
}

/// Turns positions that somebody else found into candidates, the gap around them left out.
struct PositionCutter<'t> {
    text: &'t str,
    run: Span,
    rule: Rule,
    /// Where the present segment begins.
    start: usize,
}

impl<'t> PositionCutter<'t> {
    const fn new(text: &'t str, run: Span, rule: Rule) -> Self {
        Self {
            text,
            run,
            rule,
            start: run.start,
        }
    }

    fn cut(&mut self, at: usize, each: &mut impl FnMut(CutCandidate)) {
        if at <= self.start {
            return;
        }
        let before = self.text[self.start..at].trim_end_matches(is_gap);
        let after = marks::skip_gap(&self.text[at..self.run.end]);
        if !before.is_empty() && !after.is_empty() {
            let next = self.run.end - after.len();
            each(CutCandidate {
                at: self.start + before.len(),
                next,
                cut: true,
                rule: self.rule,
            });
            self.start = next;
        }
    }
}

/// Cuts the blocks of a document into units: `b4.s1` is the first segment of block 4.
pub fn split(document: &Document, splitter: &Splitter) -> Vec<Unit> {
    let mut units = Vec::new();
    for block in &document.blocks {
        let segments = splitter.block(&block.text.plain, block.role);
        // Gap, segment, gap, …
        let pieces = block.text.cut(&segments).into_iter().skip(1).step_by(2);
        for ((index, &within), source) in segments.iter().enumerate().zip(pieces) {
            units.push(Unit {
                id: format!("b{}.s{}", block.number, index + 1),
                block: block.number,
                role: block.role,
                source,
                within,
                source_span: Some(block.map.span(within)),
                state: State::Untranslated,
                ..Unit::default()
            });
        }
    }
    units
}

#[cfg(test)]
mod tests;
